/* SPDX-License-Identifier: Apache-2.0
 *
 * The gate says whether a condition holds (table/gate); here is what it takes to make it so.  What
 * is told follows from the state alone, so that every seat is told the same.
 */
#include "app/view_why.h"

#include "app/view_priv.h"

#define WHY_ITEMS_MAX 96u

/* One thing that is there, or is missing. */
struct item {
    bool there;
    bool yours; /* this seat's side can supply it */
    const char *what;
    const char *who;     /* can supply it; "" of what is there */
    const char *command; /* that does it; "" where only time does */
};

struct why {
    const struct view *v;
    uint32_t phase;
    uint32_t count;
    struct item items[WHY_ITEMS_MAX];
};

static const struct table_state *state_of(const struct why *w)
{
    return view_state(w->v);
}

static struct text name_of(const struct why *w, uint32_t side)
{
    return state_side_name(state_of(w), side);
}

static struct text phase_id(const struct why *w)
{
    return state_of(w)->charter.phases[w->phase].id;
}

static void put(struct why *w, struct item i)
{
    if (w->count < WHY_ITEMS_MAX && i.what != NULL && i.who != NULL && i.command != NULL) {
        w->items[w->count++] = i;
    }
}

static void there(struct why *w, const char *what)
{
    put(w, (struct item){.there = true, .what = what, .who = "", .command = ""});
}

/* "Kestria" supplies it. */
static void from_side(struct why *w, uint32_t side, const char *what, const char *command)
{
    put(w, (struct item){.what = what,
                         .who = arena_printf(w->v->mem, "%.*s", TEXT_ARG(name_of(w, side))),
                         .command = command,
                         .yours = side == w->v->r->side});
}

/* "President Voss of Kestria" does, or a seat that he gives the power to. */
static void from_principal(struct why *w, uint32_t side, const char *what, const char *command)
{
    const struct view *v = w->v;
    struct text who = state_principal_name(state_of(w), door_keyring(v->r->door), side,
                                           door_size(v->r->door), v->mem);
    put(w, (struct item){.what = what,
                         .who = arena_printf(v->mem, "%.*s of %.*s", TEXT_ARG(who),
                                             TEXT_ARG(name_of(w, side))),
                         .command = command,
                         .yours = side == v->r->side});
}

static void from_anyone(struct why *w, const char *who, const char *what, const char *command)
{
    put(w, (struct item){.what = what, .who = who, .command = command});
}

static void from_time(struct why *w, const char *what)
{
    put(w, (struct item){.what = what, .who = "time alone", .command = ""});
}

/* What is noted, and not every side has countersigned yet. */
static void from_receipt(struct why *w)
{
    from_anyone(w, "every side", "the countersignature of each side that has not sent its own",
                "entente sync");
}

/* ---- the package ---- */

/* The proposal of the phase that is furthest: the one that binds, else the one that most parties
 * accept, the newer of two alike. */
static const struct proposal_state *furthest(const struct why *w)
{
    const struct table_state *s = state_of(w);
    const struct proposal_state *best = NULL;
    uint32_t most = 0;
    for (uint32_t i = 0; i < s->proposal_count; i++) {
        const struct proposal_state *p = &s->proposals[i];
        uint32_t accepting = 0;
        if (p->phase != w->phase || p->withdrawn_at != INDEX_NEVER) {
            continue;
        }
        if (p->bound_at != INDEX_NEVER) {
            return p;
        }
        for (uint32_t g = 1; g <= s->charter.party_count; g++) {
            accepting += answer_accepts(&p->answers[g]) ? 1 : 0;
        }
        if (best == NULL || accepting >= most) {
            best = p;
            most = accepting;
        }
    }
    return best;
}

/* "line, access" that a package leaves out; "" where it has all; p NULL: all issues. */
static const char *left_out(const struct why *w, const struct proposal_state *p)
{
    const struct charter *c = &state_of(w)->charter;
    const char *list = "";
    for (uint32_t i = 0; i < c->issue_count && list != NULL; i++) {
        if (c->issues[i].phase == w->phase &&
            (p == NULL || package_option(&p->package, i) == UINT32_MAX)) {
            list = arena_printf(w->v->mem, "%s%s%.*s", list, list[0] == 0 ? "" : ", ",
                                TEXT_ARG(c->issues[i].id));
        }
    }
    return list == NULL ? "?" : list;
}

static bool wants_text(const struct charter_phase *p)
{
    for (uint32_t i = 0; i < p->condition_count; i++) {
        if (p->conditions[i].kind == CONDITION_ADOPTED) {
            return true;
        }
    }
    return false;
}

/* "entente propose line=OPTION access=OPTION" */
static const char *propose_command(const struct why *w)
{
    const struct charter *c = &state_of(w)->charter;
    const char *line = "entente propose";
    for (uint32_t i = 0; i < c->issue_count && line != NULL; i++) {
        if (c->issues[i].phase == w->phase) {
            line = arena_printf(w->v->mem, "%s %.*s=OPTION", line, TEXT_ARG(c->issues[i].id));
        }
    }
    if (line != NULL && wants_text(&c->phases[w->phase])) {
        line = arena_printf(w->v->mem, "%s --with-text", line);
    }
    return line;
}

static void ask_for_package(struct why *w, const char *what)
{
    from_anyone(w, "the mediation or a party, by a seat with power to propose", what,
                propose_command(w));
}

/* Reservations of that side, each of which it alone closes. */
static void of_points(struct why *w, const struct proposal_state *p, uint32_t g)
{
    const struct table_state *s = state_of(w);
    for (uint32_t i = 0; i < s->point_count; i++) {
        const struct open_point *o = &s->points[i];
        if (&s->proposals[o->proposal] == p && o->side == g && o->closed_at == INDEX_NEVER) {
            from_side(w, g,
                      arena_printf(w->v->mem,
                                   "its reservation %.*s closed, as withdrawn or met: %.*s",
                                   TEXT_ARG(o->label), TEXT_ARG(o->text)),
                      arena_printf(w->v->mem, "entente close %.*s", TEXT_ARG(o->label)));
        }
    }
}

static void of_answer(struct why *w, const struct proposal_state *p, uint32_t g)
{
    const struct answer_state *a = &p->answers[g];
    struct arena *mem = w->v->mem;
    const char *accept = p->is_text ? "entente adopt"
                                    : arena_printf(mem, "entente answer P%u --accept ad-referendum",
                                                   p->number);
    switch (a->kind) {
    case ANSWER_ACCEPT:
        there(w,
              arena_printf(mem, "%.*s accepts P%u for good", TEXT_ARG(name_of(w, g)), p->number));
        return;
    case ANSWER_AD_REFERENDUM:
        there(w, arena_printf(mem, "%.*s accepts P%u ad referendum", TEXT_ARG(name_of(w, g)),
                              p->number));
        return;
    case ANSWER_CONCEPT:
        there(w, arena_printf(mem, "%.*s agrees with P%u in concept, which is not accepting",
                              TEXT_ARG(name_of(w, g)), p->number));
        of_points(w, p, g);
        from_side(w, g, arena_printf(mem, "its acceptance of P%u, or of a later one", p->number),
                  accept);
        return;
    case ANSWER_REJECT:
        from_side(w, g,
                  arena_printf(mem,
                               "another answer: it has rejected P%u, or a package that it can "
                               "accept",
                               p->number),
                  accept);
        return;
    case ANSWER_COUNTER:
        from_side(w, g,
                  arena_printf(mem,
                               "another answer: it has countered P%u, or an agreement on the "
                               "counter",
                               p->number),
                  accept);
        return;
    }
    from_side(w, g, arena_printf(mem, "its answer to P%u", p->number), accept);
}

static void of_contested(struct why *w, const struct proposal_state *p)
{
    if (p->contested) {
        from_anyone(w, "every party",
                    "a confirmation: it is not sure that an acceptance came in time",
                    arena_printf(w->v->mem, "entente confirm ACT (entente proposals shows P%u)",
                                 p->number));
    }
    if (p->crossed != 0) {
        from_anyone(w, "both sides",
                    arena_printf(w->v->mem,
                                 "a confirmation: an acceptance of P%u and its withdrawal crossed",
                                 p->number),
                    "entente confirm ACT");
    }
}

static void of_agreed(struct why *w)
{
    const struct charter *c = &state_of(w)->charter;
    const struct proposal_state *p = furthest(w);
    struct arena *mem = w->v->mem;
    if (p == NULL) {
        ask_for_package(
            w, arena_printf(mem, "a package with an option for each of: %s", left_out(w, NULL)));
        return;
    }
    there(w, arena_printf(mem, "P%u of %.*s: %.*s", p->number, TEXT_ARG(name_of(w, p->side)),
                          TEXT_ARG(view_package(w->v, p))));
    const char *missing = left_out(w, p);
    if (missing[0] != 0 && !p->is_text) {
        ask_for_package(w, arena_printf(mem, "a package that does not leave out %s", missing));
    }
    bool all = true;
    for (uint32_t g = 1; g <= c->party_count; g++) {
        all = all && answer_accepts(&p->answers[g]);
        if (answer_accepts(&p->answers[g]) || p->agreed_at == INDEX_NEVER) {
            of_answer(w, p, g);
        }
    }
    of_contested(w, p);
    if (all && p->agreed_at == INDEX_NEVER && !p->contested && p->crossed == 0) {
        from_receipt(w);
    }
}

static void of_ratified(struct why *w)
{
    const struct table_state *s = state_of(w);
    const struct proposal_state *p = furthest(w);
    struct arena *mem = w->v->mem;
    if (p == NULL || p->agreed_at == INDEX_NEVER) {
        from_anyone(w, "the parties",
                    wants_text(&s->charter.phases[w->phase])
                        ? "a text that all parties have adopted: only then is there something to "
                          "ratify"
                        : "a package that is agreed: only then is there something to ratify",
                    "entente proposals");
        return;
    }
    if (wants_text(&s->charter.phases[w->phase]) && !p->has_version) {
        ask_for_package(w, arena_printf(mem,
                                        "a package that takes the adopted text with it: P%u "
                                        "does not",
                                        p->number));
    }
    uint32_t missing = 0;
    for (uint32_t g = 1; g <= s->charter.party_count; g++) {
        if (p->ratified[g].given) {
            there(w,
                  arena_printf(mem, "%.*s has ratified P%u", TEXT_ARG(name_of(w, g)), p->number));
        } else if (p->answers[g].kind == ANSWER_ACCEPT) {
            there(w, arena_printf(mem, "%.*s accepts P%u for good, and needs no ratification",
                                  TEXT_ARG(name_of(w, g)), p->number));
        } else if (!answer_accepts(&p->answers[g])) {
            missing++;
            of_answer(w, p, g);
        } else {
            missing++;
            from_principal(w, g, arena_printf(mem, "the ratification of P%u", p->number),
                           arena_printf(mem, "entente ratify P%u", p->number));
        }
    }
    of_contested(w, p);
    if (missing == 0 && p->bound_at == INDEX_NEVER && !p->contested && p->crossed == 0) {
        from_receipt(w);
    }
}

/* ---- deeds, incidents, quiet ---- */

/* Who looks at a deed: its verifier, or without one the other parties. */
static void from_verifier(struct why *w, uint32_t deed, const char *what)
{
    const struct charter_deed *c = &state_of(w)->charter.deeds[deed];
    const char *command = arena_printf(w->v->mem, "entente verify %.*s done|partly|not-done",
                                       TEXT_ARG(c->id));
    if (c->verifier != CHARTER_NONE) {
        from_side(w, c->verifier, what, command);
    } else {
        from_anyone(w, "another party: the charter names no verifier", what, command);
    }
}

static void of_dispute(struct why *w, uint32_t deed)
{
    const struct table_state *s = state_of(w);
    const struct deed_state *d = &s->deeds[deed];
    struct arena *mem = w->v->mem;
    struct moment from = witness_t(door_witness(w->v->r->door), d->dispute_index,
                                   door_size(w->v->r->door));
    there(w,
          arena_printf(mem, "%.*s disputes what was found", TEXT_ARG(name_of(w, d->disputed_by))));
    const char *until = from.known ? view_when(w->v, from.seconds + DISPUTE_SECONDS)
                                   : "48 hours have passed";
    if (s->charter.arbiter != CHARTER_NONE) {
        from_side(
            w, s->charter.arbiter,
            arena_printf(mem, "a decision; without one what was found stands after %s", until),
            arena_printf(mem, "entente verify %.*s done|partly|not-done --dispute",
                         TEXT_ARG(s->charter.deeds[deed].id)));
    } else {
        from_time(w, arena_printf(mem, "what was found stands after %s", until));
    }
}

static void of_deed(struct why *w, uint32_t deed)
{
    const struct table_state *s = state_of(w);
    const struct deed_state *d = &s->deeds[deed];
    const struct charter_deed *c = &s->charter.deeds[deed];
    struct arena *mem = w->v->mem;
    uint64_t size = door_size(w->v->r->door);
    if (!d->promised) {
        from_side(
            w, c->by, "the promise, with what and by when",
            arena_printf(mem, "entente promise %.*s --what \"...\" --by 48h", TEXT_ARG(c->id)));
        from_verifier(w, deed, "then the finding: done");
        return;
    }
    there(w, arena_printf(mem, "promised by %.*s: %.*s, by %s", TEXT_ARG(name_of(w, c->by)),
                          TEXT_ARG(d->what), view_when(w->v, d->due)));
    if (d->says != 0) {
        there(w,
              arena_printf(mem, "%.*s says: %s; saying is not doing", TEXT_ARG(name_of(w, c->by)),
                           d->says == FINDING_DONE     ? "done"
                           : d->says == FINDING_PARTLY ? "partly done"
                                                       : "not done"));
    }
    if (d->after != CHARTER_NONE && s->deeds[d->after].done_since == INDEX_NEVER) {
        there(w, arena_printf(mem, "it is owed only after %.*s is verified done",
                              TEXT_ARG(s->charter.deeds[d->after].id)));
    }
    if (deed_dispute_waits(s, door_witness(w->v->r->door), deed, size, size)) {
        of_dispute(w, deed);
        return;
    }
    if (d->verified == FINDING_DONE) {
        there(w, arena_printf(mem, "found done by %.*s%s", TEXT_ARG(name_of(w, d->verified_by)),
                              d->verified_late ? ", late" : ""));
        return;
    }
    if (d->verified != 0) {
        there(w, arena_printf(mem, "found %s by %.*s",
                              d->verified == FINDING_PARTLY ? "partly done, which is not done"
                                                            : "not done",
                              TEXT_ARG(name_of(w, d->verified_by))));
    }
    if (d->says != FINDING_DONE || (d->verified != 0 && d->waits_from == INDEX_NEVER)) {
        from_side(w, c->by, "the deed itself, and its report of it",
                  arena_printf(mem, "entente report %.*s done", TEXT_ARG(c->id)));
    }
    from_verifier(w, deed,
                  d->verified != 0 ? "another look, which finds it done"
                                   : "a look at it, which finds it done");
}

static void of_quiet(struct why *w, uint64_t period)
{
    const struct view *v = w->v;
    struct arena *mem = v->mem;
    uint64_t size = door_size(v->r->door);
    const struct gate_view asked = {state_of(w), door_witness(v->r->door), size, size};
    struct moment since = gate_quiet_since(&asked, w->phase);
    if (!since.known) {
        from_anyone(w, "the principals of all parties",
                    "the ratification from which the quiet hours count", "entente ratify P1");
        return;
    }
    there(w, arena_printf(mem, "quiet since %s", view_when(v, since.seconds)));
    uint64_t due = since.seconds + period;
    if (!witness_surely_passed(door_witness(v->r->door), size, due, size)) {
        from_time(w, arena_printf(mem, "no verified incident until %s; one begins the hours anew",
                                  view_when(v, due)));
        from_anyone(w, "every side",
                    "after that hour, an act of anybody, and each side's countersignature of it",
                    "entente sync");
    }
}

static void of_reports(struct why *w)
{
    const struct table_state *s = state_of(w);
    struct arena *mem = w->v->mem;
    uint64_t size = door_size(w->v->r->door);
    const struct gate_view asked = {s, door_witness(w->v->r->door), size, size};
    if (gate_reports_waiting(&asked) == 0) {
        return;
    }
    for (uint32_t i = 0; i < s->incident_count; i++) {
        const struct incident_state *n = &s->incidents[i];
        const char *what = arena_printf(mem, "what was found of the incident I%u", n->number);
        /* A monitor knows it by its act: it may not read what came before. */
        const char *command = arena_printf(mem, "entente assess %llu verified|not-verified",
                                           (unsigned long long)n->index);
        if (n->verdict != 0) {
            continue;
        }
        if (s->charter.monitor_count == 0 && n->by != CHARTER_NONE) {
            from_side(w, n->by, what, command);
        } else if (s->charter.monitor_count == 1) {
            from_side(w, 1 + s->charter.party_count, what, command);
        } else {
            from_anyone(w, "a monitor that neither reported it nor is named by it", what, command);
        }
    }
    for (uint32_t i = 0; i < s->charter.deed_count; i++) {
        if (s->deeds[i].promised && s->deeds[i].waits_from != INDEX_NEVER) {
            from_verifier(w, i,
                          arena_printf(mem, "a look at %.*s, which is reported",
                                       TEXT_ARG(s->charter.deeds[i].id)));
        }
    }
    from_time(w, "what is not looked at within 48 hours of its report holds the gate no more");
}

/* ---- third parties, within, the text ---- */

static void from_mediation(struct why *w, const char *what, const char *command)
{
    if (state_of(w)->charter.sides[0].present) {
        from_side(w, 0, what, command);
    } else {
        from_anyone(w, "whoever sits in that consultation", what, command);
    }
}

static void of_consulted(struct why *w, uint32_t side)
{
    const struct table_state *s = state_of(w);
    const struct subject about = {w->phase, CHARTER_NONE, CHARTER_NONE};
    struct arena *mem = w->v->mem;
    uint64_t size = door_size(w->v->r->door);
    enum consulted k = consulted_on(s, door_witness(w->v->r->door), side, about, size, size);
    switch (k) {
    case CONSULTED_HEARD:
        there(w, arena_printf(mem, "%.*s was asked and has answered", TEXT_ARG(name_of(w, side))));
        return;
    case CONSULTED_LAPSED:
        there(w, arena_printf(mem, "%.*s was asked, and the question lapsed",
                              TEXT_ARG(name_of(w, side))));
        return;
    case CONSULTED_WAITS:
        there(w, arena_printf(mem, "%.*s was asked", TEXT_ARG(name_of(w, side))));
        break;
    case CONSULTED_NOT:
        from_mediation(w, "a question about this phase",
                       arena_printf(mem, "entente ask %.*s \"...\" --phase %.*s --by 3d",
                                    TEXT_ARG(s->charter.sides[side].id), TEXT_ARG(phase_id(w))));
        break;
    }
    from_side(w, side, "its opinion, or that its time passes", "entente opinion \"...\"");
    from_mediation(w, "a notice that shows the table the question and the opinion",
                   "entente notice ACT");
}

static void of_undertaken(struct why *w, uint32_t side)
{
    struct arena *mem = w->v->mem;
    if (state_undertaken(state_of(w), w->phase, side)) {
        there(w, arena_printf(mem, "%.*s has undertaken its part", TEXT_ARG(name_of(w, side))));
        return;
    }
    from_side(w, side, "its undertaking, which binds it",
              arena_printf(mem, "entente undertake \"...\" --by 30d --phase %.*s",
                           TEXT_ARG(phase_id(w))));
    from_mediation(w, "a notice that shows it to the table", "entente notice ACT");
}

static void of_settled(struct why *w, uint32_t side)
{
    struct arena *mem = w->v->mem;
    if (state_settled(state_of(w), w->phase, side) != NULL) {
        there(w, arena_printf(mem, "%.*s has settled it", TEXT_ARG(name_of(w, side))));
        return;
    }
    from_principal(w, side, "its word that it has settled this phase at home; how stays there",
                   arena_printf(mem, "entente settled %.*s", TEXT_ARG(phase_id(w))));
}

static void from_pen(struct why *w, const char *what, const char *command)
{
    if (state_of(w)->charter.sides[0].present) {
        from_side(w, 0, what, command);
    } else {
        from_anyone(w, "a party, by a seat with power to propose", what, command);
    }
}

static void of_text(struct why *w)
{
    const struct table_state *s = state_of(w);
    const struct text_version *t = snt_newest(&s->texts, w->phase);
    struct arena *mem = w->v->mem;
    uint32_t open = 0;
    if (t == NULL) {
        from_pen(w, "a first draft of the text",
                 arena_printf(mem, "entente draft text.md --phase %.*s", TEXT_ARG(phase_id(w))));
        return;
    }
    there(w, arena_printf(mem, "version %u of the text", t->number));
    struct text brackets = snt_open_brackets(&s->texts, w->phase, mem, &open);
    if (open > 0) {
        from_anyone(w, "the parties",
                    arena_printf(mem,
                                 "agreement on the brackets %.*s: supported by all, or silence "
                                 "kept on them",
                                 TEXT_ARG(brackets)),
                    "entente support B1 (entente text show lists them)");
        from_pen(w, "then each bracket taken in, or dropped", "entente clean B1");
        return;
    }
    const struct proposal_state *p = snt_proposal(s, w->phase);
    uint32_t missing = 0;
    for (uint32_t g = 1; g <= s->charter.party_count; g++) {
        if (p != NULL && p->withdrawn_at == INDEX_NEVER && answer_accepts(&p->answers[g])) {
            there(w, arena_printf(mem, "%.*s has adopted it", TEXT_ARG(name_of(w, g))));
        } else {
            missing++;
            from_side(w, g, arena_printf(mem, "its adoption of version %u", t->number),
                      arena_printf(mem, "entente adopt %u", t->number));
        }
    }
    if (missing == 0 && !snt_adopted(s, w->phase)) {
        from_receipt(w);
    }
}

static void explain(struct why *w, const struct condition *k)
{
    switch (k->kind) {
    case CONDITION_AGREED:
        of_agreed(w);
        return;
    case CONDITION_RATIFIED:
        of_ratified(w);
        return;
    case CONDITION_VERIFIED:
        of_deed(w, k->deed);
        return;
    case CONDITION_QUIET:
        of_quiet(w, k->seconds);
        return;
    case CONDITION_NO_REPORT_WAITING:
        of_reports(w);
        return;
    case CONDITION_SETTLED_WITHIN:
        of_settled(w, k->side);
        return;
    case CONDITION_CONSULTED:
        of_consulted(w, k->side);
        return;
    case CONDITION_UNDERTAKEN:
        of_undertaken(w, k->side);
        return;
    case CONDITION_ADOPTED:
        of_text(w);
        return;
    }
}

/* ---- before any condition ---- */

static void of_signatures(struct why *w)
{
    const struct table_state *s = state_of(w);
    for (uint32_t g = 0; g < charter_groups(&s->charter); g++) {
        if (!s->charter.sides[g].present) {
            continue;
        }
        if (s->signatures[g].given) {
            there(w,
                  arena_printf(w->v->mem, "%.*s has signed the charter", TEXT_ARG(name_of(w, g))));
        } else {
            from_principal(w, g, "the signature under the charter", "entente sign charter");
        }
    }
}

/* What stands in the way whatever the conditions say; false: look at them. */
static void of_table(struct why *w)
{
    const struct table_state *s = state_of(w);
    const struct view *v = w->v;
    uint64_t size = door_size(v->r->door);
    if (!state_in_force(s)) {
        of_signatures(w);
        return;
    }
    if (s->standing.concluded_at != INDEX_NEVER) {
        there(w, "the table is concluded: no gate opens any more");
        return;
    }
    for (uint32_t i = 0; i < w->phase; i++) {
        if (!phase_open(s, i + 1)) {
            struct text id = s->charter.phases[i].id;
            from_anyone(w, "as entente journey --why tells of it",
                        arena_printf(v->mem, "the gate before it, %.*s", TEXT_ARG(id)),
                        arena_printf(v->mem, "entente journey --why %.*s", TEXT_ARG(id)));
            break;
        }
    }
    if (standing_at_table(s) < 2) {
        from_anyone(w, "the principal of who has left", "two parties at the table",
                    "entente return");
    } else if (standing_suspended(s, door_witness(v->r->door), size, size)) {
        from_anyone(w, "a party that is for it", "agreeing again: it is suspended",
                    "entente resume");
    }
}

/* ---- what is told ---- */

struct answers {
    bool live; /* the gate can be asked: its phase is open, the gate is not */
    struct gate_answer g;
};

static void ask_gate(const struct view *v, uint32_t phase, struct answers *out)
{
    const struct table_state *s = view_state(v);
    uint64_t size = door_size(v->r->door);
    const struct gate_view asked = {s, door_witness(v->r->door), size, size};
    *out = (struct answers){.live = state_in_force(s) && phase_open(s, phase) &&
                                    s->gate_opened_at[phase] == INDEX_NEVER};
    out->g.count = s->charter.phases[phase].condition_count;
    if (out->live) {
        gate_evaluate(&asked, phase, v->mem, &out->g);
    }
}

static struct text condition_told(const struct view *v, uint32_t phase, const struct answers *a,
                                  uint32_t k)
{
    const struct charter *c = &view_state(v)->charter;
    return a->live ? a->g.words[k] : condition_words(c, &c->phases[phase].conditions[k], v->mem);
}

static const char *standing_words(const struct view *v, uint32_t phase, const struct answers *a)
{
    const struct table_state *s = view_state(v);
    const char *words;
    if (s->gate_opened_at[phase] != INDEX_NEVER) {
        words = arena_printf(v->mem, "open, since act %llu; opened stays open",
                             (unsigned long long)s->gate_opened_at[phase]);
    } else if (a->g.count == 0) {
        words = "none: the last phase ends with what it agrees";
    } else if (!state_in_force(s)) {
        words = "closed: the charter is not in force yet";
    } else if (!phase_open(s, phase)) {
        words = "closed: its phase is a title only";
    } else {
        words = arena_printf(v->mem, "closed: %u of %u conditions hold", a->g.met, a->g.count);
    }
    return words == NULL ? "?" : words;
}

static bool can_open(const struct view *v, uint32_t phase, const struct answers *a)
{
    struct why w = {.v = v, .phase = phase};
    of_table(&w);
    return a->live && a->g.count > 0 && a->g.met == a->g.count && w.count == 0;
}

static void put_items(const struct why *w, struct buf *out)
{
    for (uint32_t i = 0; i < w->count; i++) {
        const struct item *n = &w->items[i];
        if (n->there) {
            buf_printf(out, "      there:   %s\n", n->what);
            continue;
        }
        buf_printf(out, "      missing: %s\n        from %s%s", n->what, n->who,
                   n->yours ? " (your side)" : "");
        buf_printf(out, "%s%s\n", n->command[0] == 0 ? "" : ": ", n->command);
    }
}

void view_why(const struct view *v, uint32_t phase, struct buf *out)
{
    const struct charter_phase *p = &view_state(v)->charter.phases[phase];
    struct answers a;
    struct why first = {.v = v, .phase = phase};
    ask_gate(v, phase, &a);
    buf_printf(out, "Gate of %.*s: %s.\n", TEXT_ARG(p->id), standing_words(v, phase, &a));
    if (view_state(v)->gate_opened_at[phase] != INDEX_NEVER || a.g.count == 0) {
        return;
    }
    of_table(&first);
    if (first.count > 0) {
        buf_printf(out, "\n  Before any of its conditions\n");
        put_items(&first, out);
    }
    for (uint32_t k = 0; k < p->condition_count; k++) {
        struct why w = {.v = v, .phase = phase};
        struct text words = condition_told(v, phase, &a, k);
        buf_printf(out, "\n  [%c] %.*s\n", a.live && a.g.holds[k] ? 'x' : ' ', TEXT_ARG(words));
        if (a.live) {
            explain(&w, &p->conditions[k]);
        }
        put_items(&w, out);
    }
    if (can_open(v, phase, &a)) {
        buf_printf(out,
                   "\n  All of it is there. Any seat with power to speak opens it: entente gate "
                   "open %.*s\n",
                   TEXT_ARG(p->id));
    }
}

static void json_text(struct json *j, const char *key, struct text t)
{
    json_put_key(j, key);
    json_put_text(j, t);
}

static void json_str(struct json *j, const char *key, const char *s)
{
    json_put_key(j, key);
    json_put_str(j, s);
}

static void json_items(struct json *j, const struct why *w)
{
    json_put_key(j, "there");
    json_put_array(j);
    for (uint32_t i = 0; i < w->count; i++) {
        if (w->items[i].there) {
            json_put_str(j, w->items[i].what);
        }
    }
    json_put_end(j);
    json_put_key(j, "missing");
    json_put_array(j);
    for (uint32_t i = 0; i < w->count; i++) {
        const struct item *n = &w->items[i];
        if (!n->there) {
            json_put_object(j);
            json_str(j, "what", n->what);
            json_str(j, "who", n->who);
            json_str(j, "command", n->command);
            json_put_key(j, "yours");
            json_put_bool(j, n->yours);
            json_put_end(j);
        }
    }
    json_put_end(j);
}

void view_why_json(const struct view *v, uint32_t phase, struct json *j)
{
    const struct table_state *s = view_state(v);
    const struct charter_phase *p = &s->charter.phases[phase];
    bool open = s->gate_opened_at[phase] != INDEX_NEVER;
    struct answers a;
    struct why first = {.v = v, .phase = phase};
    ask_gate(v, phase, &a);
    json_text(j, "phase", p->id);
    json_put_key(j, "open");
    json_put_bool(j, open);
    json_put_key(j, "can_open");
    json_put_bool(j, can_open(v, phase, &a));
    json_str(j, "standing", standing_words(v, phase, &a));
    json_put_key(j, "met");
    json_put_u64(j, open ? a.g.count : a.g.met);
    json_put_key(j, "count");
    json_put_u64(j, a.g.count);
    if (!open && a.g.count > 0) {
        of_table(&first);
    }
    json_put_key(j, "first");
    json_put_object(j);
    json_items(j, &first);
    json_put_end(j);
    json_put_key(j, "conditions");
    json_put_array(j);
    for (uint32_t k = 0; k < p->condition_count; k++) {
        struct why w = {.v = v, .phase = phase};
        json_put_object(j);
        json_put_key(j, "holds");
        json_put_bool(j, open || (a.live && a.g.holds[k]));
        json_text(j, "words", condition_told(v, phase, &a, k));
        if (a.live) {
            explain(&w, &p->conditions[k]);
        }
        json_items(j, &w);
        json_put_end(j);
    }
    json_put_end(j);
}
