/* SPDX-License-Identifier: Apache-2.0
 *
 * Sections in brackets are those of docs/RULES.md.
 */
#include "table/rules_v1.h"

#include "base/civil.h"
#include "table/gate.h"

/* Texts of others in a refusal are names from the charter and labels: short, one line. */
#define T(t) TEXT_ARG(t)

static struct text side_name(const struct judged_act *a, uint32_t side)
{
    return state_side_name(a->state, side);
}

static struct text author_name(const struct judged_act *a)
{
    return state_seat_name(a->state, a->ring, a->seat, a->mem);
}

static struct text principal_name(const struct judged_act *a, uint32_t side)
{
    return state_principal_name(a->state, a->ring, side, a->index, a->mem);
}

static enum side_role role_of(const struct judged_act *a)
{
    return a->state->charter.sides[a->side].role;
}

static bool is_party(const struct judged_act *a)
{
    return role_of(a) == ROLE_PARTY;
}

/* ---- rooms and the charter [3.2, 3.4] ---- */

static const char *kind_place(uint32_t rooms)
{
    if (rooms == (uint32_t)ROOM_PLENARY) {
        return "in the plenary";
    }
    if (rooms == ROOMS_SHARED) {
        return "in the plenary or the monitors' room";
    }
    if (rooms == (uint32_t)ROOM_HOME) {
        return "at home";
    }
    return "in a shuttle room or at home";
}

static bool judge_room(const struct judged_act *a, struct refusal *out)
{
    const struct ring_seat *seat = keyring_seat(a->ring, a->seat);
    char name[ROOM_NAME_MAX];
    room_name(&a->state->charter, a->room, name);
    if (!room_has_seat(&a->state->charter, a->room, seat)) {
        return refuse(out, REFUSED_MEMBER, "%.*s does not sit in %s.", T(author_name(a)), name) ||
               refuse_mend(out, "Write in a room where you sit: entente rooms.");
    }
    uint32_t rooms = kind_rooms(a->p->kind);
    if ((rooms & (uint32_t)a->room.kind) == 0) {
        return refuse(out, REFUSED_ROOM, "An act of kind \"%s\" counts %s only, not in %s.",
                      kind_word(a->p->kind), kind_place(rooms), name) ||
               refuse_mend(out, "File it %s.", kind_place(rooms));
    }
    return true;
}

/* What counts before the charter is in force: what brings it into force, and whatever is said at
 * home and in shuttles. */
static bool judge_provisional(const struct judged_act *a, struct refusal *out)
{
    bool founding = a->p->kind == KIND_CHARTER || a->p->kind == KIND_SIGN_CHARTER ||
                    a->p->kind == KIND_EPOCH || a->p->kind == KIND_GRANT ||
                    a->p->kind == KIND_CANNOT_OPEN || a->p->kind == KIND_VOID ||
                    a->p->kind == KIND_INTRODUCE;
    if (founding || !room_shared(a->room)) {
        return true;
    }
    const struct table_state *s = a->state;
    if (!state_in_force(s)) {
        return refuse(out, REFUSED_PROVISIONAL,
                      "The table is provisional: not every side has signed the charter.") ||
               refuse_mend(out, "Wait until every principal has signed (entente sign charter); "
                                "homes and shuttles work already.");
    }
    if (keyring_side(a->ring, a->side)->admitted_at > s->roster_at) {
        return refuse(out, REFUSED_PROVISIONAL,
                      "%.*s joined after the charter was signed, and not every principal has "
                      "signed again.",
                      T(side_name(a, a->side))) ||
               refuse_mend(out, "Every principal signs the charter once more.");
    }
    return true;
}

/* ---- authority [4.3] ---- */

static bool mandate_covers(const struct mandate_state *m, const struct package *package)
{
    if (m->all_issues || package == NULL) {
        return true;
    }
    for (uint32_t i = 0; i < package->count; i++) {
        uint32_t issue = package->choices[i].issue;
        if ((m->issues[issue / 8] & (1u << (issue % 8))) == 0) {
            return false;
        }
    }
    return true;
}

static bool mandate_in_time(const struct judged_act *a, const struct mandate_state *m)
{
    /* Surely expired by what stands below the act, whatever its author says to have seen: times never
     * fall, so t of the act will be later still. */
    return !witness_surely_passed(a->log, a->index, m->expires + 1, a->index);
}

bool rules_v1_authority(const struct judged_act *a, uint32_t need, const struct package *package,
                        struct findings *found)
{
    found->not_before = 0;
    found->expires = TIME_UNKNOWN;
    enum side_role role = role_of(a);
    if (keyring_seat(a->ring, a->seat)->keys.post == 0 || role == ROLE_MONITOR ||
        role == ROLE_CONSULTED) {
        return true;
    }
    bool any = false;
    for (uint32_t i = 0; i < a->state->mandate_count; i++) {
        const struct mandate_state *m = &a->state->mandates[i];
        if (m->seat != a->seat || (m->powers & need) != need || m->revoked_at != INDEX_NEVER ||
            !mandate_covers(m, package) || !mandate_in_time(a, m)) {
            continue;
        }
        if (!any || m->expires > found->expires) {
            found->not_before = m->not_before;
            found->expires = m->expires; /* the longest of several */
        }
        any = true;
    }
    return any;
}

/* The mandate of the author that is nearest to what was asked, for the words of the refusal. */
static const struct mandate_state *mandate_of(const struct judged_act *a)
{
    const struct mandate_state *found = NULL;
    for (uint32_t i = 0; i < a->state->mandate_count; i++) {
        const struct mandate_state *m = &a->state->mandates[i];
        if (m->seat == a->seat && m->revoked_at == INDEX_NEVER) {
            found = m;
        }
    }
    return found;
}

static bool refuse_authority(const struct judged_act *a, const char *deed, struct refusal *out)
{
    const struct mandate_state *m = mandate_of(a);
    struct text name = author_name(a);
    struct text principal = principal_name(a, a->side);
    if (m == NULL) {
        return refuse(out, REFUSED_AUTHORITY, "%.*s has no mandate at this table.", T(name)) ||
               refuse_mend(out, "%.*s signs one: entente mandate.", T(principal));
    }
    char day[CIVIL_TEXT_MAX];
    civil_format(m->not_before, day);
    day[10] = '\0'; /* the date alone */
    if (!mandate_in_time(a, m)) {
        return refuse(out, REFUSED_AUTHORITY, "%.*s's mandate of %s has expired.", T(name), day) ||
               refuse_mend(out, "%.*s signs a new one: entente mandate.", T(principal));
    }
    return refuse(out, REFUSED_AUTHORITY, "%.*s may not %s (mandate of %s).", T(name), deed, day) ||
           refuse_mend(out, "%.*s does it, or signs a wider mandate.", T(principal));
}

/* Acts that may be cited as evidence have a ceiling of their own. */
static bool judge_citable(const struct judged_act *a, struct refusal *out)
{
    return !room_shared(a->room) || a->state->evidence_count < EVIDENCE_ACTS_MAX ||
           refuse(out, REFUSED_LIMIT, "The table has %u reports and documents and takes no more.",
                  EVIDENCE_ACTS_MAX);
}

static bool judge_authority(const struct judged_act *a, const struct package *package,
                            struct findings *f, struct refusal *out)
{
    uint32_t need = kind_power(a->p->kind);
    if (need == 0 || !room_shared(a->room)) {
        return true; /* homes and shuttles are free */
    }
    if (!rules_v1_authority(a, need, package, f)) {
        char what[64];
        struct buf b;
        buf_over(&b, what, sizeof(what));
        buf_printf(&b, "%s%s", kind_word(a->p->kind),
                   package != NULL ? " on these issues" : " here");
        return refuse_authority(a, buf_str(&b), out);
    }
    return true;
}

/* ---- charter, signatures, mandates [4] ---- */

static bool judge_object(const struct judged_act *a, struct refusal *out)
{
    if (a->object == NULL) {
        return refuse(out, REFUSED_OBJECT, "The signed paper in this act does not verify.") ||
               refuse_mend(out, "The principal signs it again: entente sign.");
    }
    if (a->object->side != a->side) {
        return refuse(out, REFUSED_OBJECT, "The signed paper is %.*s's, not %.*s's.",
                      T(side_name(a, a->object->side)), T(side_name(a, a->side))) ||
               refuse_mend(out, "A seat of the side that signed it posts it.");
    }
    return true;
}

static bool judge_sign_charter(const struct judged_act *a, struct refusal *out)
{
    if (!judge_object(a, out)) {
        return false;
    }
    struct digest roster;
    struct err err = {0};
    if (!keyring_roster_digest(a->ring, a->seen_size, &roster, &err)) {
        return refuse(out, REFUSED_LIMIT, "%s", err.what);
    }
    struct digest want = charter_signature_digest(&a->state->charter_leaf, &roster);
    if (!ID_EQ(want, a->object->object.digest)) {
        return refuse(
                   out, REFUSED_OBJECT,
                   "What was signed is not this charter with the sides that had joined by then.") ||
               refuse_mend(out, "Synchronise, look at who has joined, and sign again.");
    }
    return true;
}

static bool judge_mandate(const struct judged_act *a, struct refusal *out)
{
    if (!judge_object(a, out)) {
        return false;
    }
    const struct object *o = &a->object->object;
    uint32_t seat = keyring_find_seat(a->ring, &o->delegate);
    if (seat == SEAT_NONE || keyring_seat(a->ring, seat)->side != a->side ||
        keyring_seat(a->ring, seat)->admitted_at >= a->index) {
        return refuse(out, REFUSED_OBJECT, "The mandate is for somebody who is no seat of %.*s.",
                      T(side_name(a, a->side))) ||
               refuse_mend(out, "Admit the seat first: entente seat admit.");
    }
    for (uint32_t i = 0; i < o->issue_count; i++) {
        if (issue_find(a->state->charter.issues, a->state->charter.issue_count, o->issues[i]) ==
            UINT32_MAX) {
            return refuse(out, REFUSED_UNKNOWN,
                          "The mandate names the issue %.*s, which the charter has not.",
                          T(o->issues[i])) ||
                   refuse_mend(out, "The principal signs one that names issues of the charter.");
        }
    }
    if (a->state->mandate_count >= MANDATES_MAX) {
        return refuse(out, REFUSED_LIMIT, "The table has %u mandates and takes no more.",
                      MANDATES_MAX);
    }
    for (uint32_t i = 0; i < a->state->mandate_count; i++) {
        if (ID_EQ(a->state->mandates[i].id, a->object->id)) {
            return refuse(out, REFUSED_DONE, "This mandate has been posted already.");
        }
    }
    for (uint32_t i = 0; i < a->state->revoked_count; i++) {
        if (ID_EQ(a->state->revoked[i], a->object->id)) {
            return refuse(out, REFUSED_OBJECT, "This mandate has been revoked.") ||
                   refuse_mend(out, "The principal signs a new one.");
        }
    }
    return true;
}

static bool judge_introduce(const struct judged_act *a, struct refusal *out)
{
    uint32_t seat = keyring_find_seat(a->ring, &a->p->seat);
    if (seat == SEAT_NONE || keyring_seat(a->ring, seat)->side != a->side ||
        keyring_seat(a->ring, seat)->admitted_at >= a->index) {
        return refuse(out, REFUSED_UNKNOWN, "Only seats of one's own side can be introduced.");
    }
    return true;
}

/* ---- phases [5] ---- */

/* The phase whose papers-only rule holds now, or CHARTER_NONE. */
static uint32_t papers_only(const struct table_state *s)
{
    for (uint32_t i = 0; i < s->charter.phase_count; i++) {
        if (phase_open(s, i) && s->gate_opened_at[i] == INDEX_NEVER) {
            return s->charter.phases[i].papers_only ? i : CHARTER_NONE;
        }
    }
    return CHARTER_NONE;
}

static bool judge_say(const struct judged_act *a, struct refusal *out)
{
    if (a->room.kind != ROOM_PLENARY) {
        return true;
    }
    uint32_t phase = papers_only(a->state);
    if (phase == CHARTER_NONE) {
        return true;
    }
    struct text gate = a->state->charter.phases[phase].id;
    (void)refuse(out, REFUSED_PAPERS_ONLY,
                 "The table is not sitting yet: until gate %.*s opens, the plenary takes papers "
                 "only (proposals, answers, deeds).",
                 T(gate));
    if (is_party(a)) {
        return refuse_mend(out, "Tell the mediation in shuttle/%.*s. Opens when gate %.*s opens.",
                           T(a->state->charter.sides[a->side].id), T(gate));
    }
    return refuse_mend(out, "Use the shuttle rooms. Opens when gate %.*s opens.", T(gate));
}

static bool refuse_closed(const struct judged_act *a, uint32_t phase, struct refusal *out)
{
    const struct charter *c = &a->state->charter;
    const struct gate_view v = {a->state, a->log, a->seen_size, a->index};
    struct gate_answer g;
    uint32_t before = phase == 0 ? 0 : phase - 1;
    gate_evaluate(&v, before, a->mem, &g);
    uint32_t missing = g.count - g.met;
    return refuse(out, REFUSED_PHASE,
                  "Phase %.*s is closed: %u condition%s of gate %.*s %s not met.",
                  T(c->phases[phase].id), missing, missing == 1 ? "" : "s", T(c->phases[before].id),
                  missing == 1 ? "is" : "are") ||
           refuse_mend(out, "Prepare it in home/%.*s; the title alone may be parked: entente park.",
                       T(c->sides[a->side].id));
}

/* b(i) > D: surely late. */
static bool judge_deadline(const struct judged_act *a, uint32_t phase, struct refusal *out)
{
    const struct charter_phase *p = &a->state->charter.phases[phase];
    if (p->deadline_seconds == 0) {
        return true;
    }
    struct moment opened = witness_t(a->log, a->state->phase_opened_at[phase], a->index);
    if (!opened.known ||
        !witness_surely_passed(a->log, a->seen_size, opened.seconds + p->deadline_seconds + 1,
                               a->index)) {
        return true;
    }
    char when[CIVIL_TEXT_MAX];
    civil_format(opened.seconds + p->deadline_seconds, when);
    return refuse(out, REFUSED_DEADLINE, "The deadline of phase %.*s was %s, and it has passed.",
                  T(p->id), when) ||
           refuse_mend(out, "The mediation proposes: extend, suspend or conclude.");
}

/* ---- proposals and answers [6] ---- */

static bool find_choice(const struct judged_act *a, const struct named_choice *n,
                        struct choice *out_choice, struct refusal *out)
{
    const struct charter *c = &a->state->charter;
    uint32_t issue = issue_find(c->issues, c->issue_count, n->issue);
    if (issue == UINT32_MAX) {
        for (uint32_t i = 0; i < c->phase_count; i++) {
            if (!phase_open(a->state, i)) {
                return refuse_closed(a, i, out);
            }
        }
        return refuse(out, REFUSED_UNKNOWN, "The charter has no issue %.*s.", T(n->issue)) ||
               refuse_mend(out, "Name an issue of the charter: entente issues.");
    }
    if (!phase_open(a->state, c->issues[issue].phase)) {
        return refuse_closed(a, c->issues[issue].phase, out);
    }
    if (n->option >= c->issues[issue].option_count) {
        return refuse(out, REFUSED_UNKNOWN, "Issue %.*s has no option number %u.", T(n->issue),
                      n->option + 1) ||
               refuse_mend(out, "Name one of its options: entente issues.");
    }
    *out_choice = (struct choice){issue, n->option};
    return true;
}

static bool resolve_package(const struct judged_act *a, struct findings *f, struct refusal *out)
{
    const struct payload *p = a->p;
    f->package.choices = ARENA_NEW(a->mem, struct choice, p->choice_count);
    if (f->package.choices == NULL) {
        return refuse(out, REFUSED_LIMIT, "The package is too large.");
    }
    for (uint32_t i = 0; i < p->choice_count; i++) {
        struct choice c;
        if (!find_choice(a, &p->choices[i], &c, out)) {
            return false;
        }
        if (i > 0 && c.issue <= f->package.choices[i - 1].issue) {
            return refuse(out, REFUSED_FORM,
                          "The issues of a package stand once each, in the charter's order.");
        }
        uint32_t phase = a->state->charter.issues[c.issue].phase;
        if (i > 0 && phase != f->phase) {
            return refuse(out, REFUSED_FORM,
                          "A package is about one phase; this one is about two.") ||
                   refuse_mend(out, "File one proposal for each phase.");
        }
        f->phase = phase;
        f->package.choices[f->package.count++] = c;
    }
    return true;
}

/* The package of a phase that binds already, or NULL. */
static const struct proposal_state *bound_in(const struct table_state *s, uint32_t phase)
{
    for (uint32_t i = 0; i < s->proposal_count; i++) {
        if (s->proposals[i].phase == phase && s->proposals[i].bound_at != INDEX_NEVER) {
            return &s->proposals[i];
        }
    }
    return NULL;
}

static bool refuse_bound(const struct judged_act *a, const struct proposal_state *p,
                         struct refusal *out)
{
    return refuse(out, REFUSED_DONE, "P%u is agreed and ratified; it stands.", p->number) ||
           refuse_mend(out,
                       "A change needs the consent of all parties in a later phase (phase %.*s is "
                       "settled).",
                       T(a->state->charter.phases[p->phase].id));
}

static bool judge_propose(const struct judged_act *a, struct findings *f, struct refusal *out)
{
    if (!resolve_package(a, f, out) || !judge_authority(a, &f->package, f, out) ||
        !judge_deadline(a, f->phase, out)) {
        return false;
    }
    const struct proposal_state *bound = bound_in(a->state, f->phase);
    if (bound != NULL) {
        return refuse_bound(a, bound, out);
    }
    for (uint32_t i = 0; i < a->p->meets_count; i++) {
        const struct meets *m = &a->p->meets[i];
        if (state_open_point(a->state, &m->answer, m->label) == NULL) {
            return refuse(out, REFUSED_UNKNOWN, "There is no open point %.*s.", T(m->label)) ||
                   refuse_mend(out, "Name an open point: entente proposals.");
        }
    }
    if (a->state->proposal_count >= PROPOSALS_MAX) {
        return refuse(out, REFUSED_LIMIT, "The table has %u proposals and takes no more.",
                      PROPOSALS_MAX);
    }
    return true;
}

static bool find_proposal(const struct judged_act *a, struct findings *f, struct refusal *out)
{
    f->proposal = state_proposal(a->state, &a->p->answers);
    if (f->proposal == NULL) {
        return refuse(out, REFUSED_UNKNOWN, "The proposal that it names is not at this table.") ||
               refuse_mend(out, "Synchronise, then name one of: entente proposals.");
    }
    f->phase = f->proposal->phase;
    return true;
}

static bool judge_standing(const struct judged_act *a, const struct findings *f,
                           struct refusal *out)
{
    const struct proposal_state *p = f->proposal;
    if (p->bound_at != INDEX_NEVER) {
        return refuse_bound(a, p, out);
    }
    /* Whoever had not seen the withdrawal crosses it; that is settled in the fold [6.2]. */
    if (p->withdrawn_at != INDEX_NEVER &&
        witness_saw(a->log, a->side, a->seen_size, a->index) > p->withdrawn_at) {
        return refuse(out, REFUSED_WITHDRAWN, "P%u was withdrawn by %.*s.", p->number,
                      T(side_name(a, p->side))) ||
               refuse_mend(out, "Answer another proposal, or file one.");
    }
    return true;
}

static bool judge_acceptance(const struct judged_act *a, struct findings *f, struct refusal *out)
{
    uint32_t need = a->p->answer == ANSWER_ACCEPT ? POWER_ACCEPT_BINDING
                                                  : POWER_ACCEPT_AD_REFERENDUM;
    const struct package *package = &f->proposal->package;
    if (rules_v1_authority(a, need, package, f)) {
        return judge_deadline(a, f->phase, out);
    }
    struct findings lesser;
    if (need == POWER_ACCEPT_BINDING &&
        rules_v1_authority(a, POWER_ACCEPT_AD_REFERENDUM, package, &lesser)) {
        char day[CIVIL_TEXT_MAX];
        const struct mandate_state *m = mandate_of(a);
        civil_format(m == NULL ? 0 : m->not_before, day);
        day[10] = '\0';
        return refuse(out, REFUSED_AUTHORITY, "%.*s may accept ad referendum only (mandate of %s).",
                      T(author_name(a)), day) ||
               refuse_mend(out, "Accept ad referendum, or %.*s accepts.",
                           T(principal_name(a, a->side)));
    }
    return refuse_authority(a, "accept this", out);
}

/* Labels of reservations are unique among what is open, and within the answer. */
static bool judge_reservations(const struct judged_act *a, struct refusal *out)
{
    const struct payload *p = a->p;
    const struct table_state *s = a->state;
    for (uint32_t i = 0; i < p->reservation_count; i++) {
        const struct reservation *r = &p->reservations[i];
        for (uint32_t k = 0; k < i; k++) {
            if (text_eq(p->reservations[k].label, r->label)) {
                return refuse(out, REFUSED_LABEL, "Two reservations are both called %.*s.",
                              T(r->label));
            }
        }
        for (uint32_t k = 0; k < s->point_count; k++) {
            if (s->points[k].closed_at == INDEX_NEVER && text_eq(s->points[k].label, r->label)) {
                return refuse(out, REFUSED_LABEL, "An open point is called %.*s already.",
                              T(r->label)) ||
                       refuse_mend(out, "Give the reservation another label.");
            }
        }
        if (r->has_issue &&
            issue_find(s->charter.issues, s->charter.issue_count, r->issue) == UINT32_MAX) {
            return refuse(out, REFUSED_UNKNOWN, "The charter has no issue %.*s.", T(r->issue)) ||
                   refuse_mend(out, "Name an issue of the charter: entente issues.");
        }
    }
    if (s->point_count + p->reservation_count > OPEN_POINTS_MAX) {
        return refuse(out, REFUSED_LIMIT, "The table has too many open points.");
    }
    return true;
}

/* What a principal has said himself only he changes. */
static bool judge_replacing(const struct judged_act *a, const struct findings *f,
                            struct refusal *out)
{
    const struct proposal_state *p = f->proposal;
    const struct answer_state *old = &p->answers[a->side];
    bool his = p->ratified[a->side].given ||
               (old->kind != 0 && keyring_seat(a->ring, old->seat)->keys.post == 0);
    if (!his || keyring_seat(a->ring, a->seat)->keys.post == 0) {
        return true;
    }
    return refuse(out, REFUSED_OWNER, "%.*s has answered P%u himself; only he changes that.",
                  T(principal_name(a, a->side)), p->number) ||
           refuse_mend(out, "Ask %.*s.", T(principal_name(a, a->side)));
}

static bool judge_answer(const struct judged_act *a, struct findings *f, struct refusal *out)
{
    if (!find_proposal(a, f, out)) {
        return false;
    }
    if (!is_party(a)) {
        return refuse(out, REFUSED_OWNER, "Only parties answer a proposal.") ||
               refuse_mend(out, "A party answers; the mediation files a new proposal.");
    }
    if (!judge_standing(a, f, out) || !judge_replacing(a, f, out)) {
        return false;
    }
    const struct payload *p = a->p;
    switch (p->answer) {
    case ANSWER_ACCEPT:
    case ANSWER_AD_REFERENDUM:
        if (p->reservation_count > 0) {
            return refuse(out, REFUSED_FORM, "An acceptance has no reservations.") ||
                   refuse_mend(out, "Agree in concept, or accept without them.");
        }
        return judge_acceptance(a, f, out);
    case ANSWER_CONCEPT:
        if (p->reservation_count == 0) {
            return refuse(out, REFUSED_FORM,
                          "Agreeing in concept names what is still open; nothing is named.") ||
                   refuse_mend(out, "Add --reserve LABEL ISSUE TEXT, or accept.");
        }
        return judge_authority(a, NULL, f, out) && judge_reservations(a, out);
    case ANSWER_REJECT:
        if (p->text_count == 0) {
            return refuse(out, REFUSED_FORM, "A rejection needs a reason.") ||
                   refuse_mend(out, "Say why: --reason TEXT.");
        }
        return judge_authority(a, NULL, f, out);
    case ANSWER_COUNTER:
        if (!rules_v1_authority(a, POWER_PROPOSE, NULL, f)) {
            return refuse_authority(a, "counter", out);
        }
        return true;
    }
    return refuse(out, REFUSED_FORM, "The answer is of no known kind.");
}

static bool judge_withdraw(const struct judged_act *a, struct findings *f, struct refusal *out)
{
    if (!find_proposal(a, f, out)) {
        return false;
    }
    const struct proposal_state *p = f->proposal;
    if (p->side != a->side) {
        return refuse(out, REFUSED_OWNER, "P%u is %.*s's; only they withdraw it.", p->number,
                      T(side_name(a, p->side))) ||
               refuse_mend(out, "Reject it, or ask them.");
    }
    if (p->bound_at != INDEX_NEVER) {
        return refuse_bound(a, p, out);
    }
    if (p->withdrawn_at != INDEX_NEVER) {
        return refuse(out, REFUSED_DONE, "P%u is withdrawn already.", p->number);
    }
    return judge_authority(a, &p->package, f, out);
}

static bool judge_close(const struct judged_act *a, struct findings *f, struct refusal *out)
{
    f->point = state_open_point(a->state, &a->p->answers, a->p->label);
    if (f->point == NULL) {
        return refuse(out, REFUSED_UNKNOWN, "There is no open point %.*s.", T(a->p->label)) ||
               refuse_mend(out, "Name an open point: entente proposals.");
    }
    if (f->point->side != a->side) {
        struct text owner = side_name(a, f->point->side);
        return refuse(out, REFUSED_OWNER, "Only %.*s can close its own reservation %.*s.", T(owner),
                      T(a->p->label)) ||
               refuse_mend(out, "Ask %.*s what would meet it.", T(owner));
    }
    if (f->point->closed_at != INDEX_NEVER) {
        return refuse(out, REFUSED_DONE, "%.*s is closed already.", T(a->p->label));
    }
    if (a->p->ref_count > 0 && state_proposal(a->state, &a->p->refs[0]) == NULL) {
        return refuse(out, REFUSED_UNKNOWN, "The version that meets it is not at this table.");
    }
    return judge_authority(a, NULL, f, out);
}

/* Why a proposal is not agreed at the table, party by party [6.4]. */
static bool judge_agreed(const struct judged_act *a, const struct proposal_state *p,
                         struct refusal *out)
{
    const struct charter *c = &a->state->charter;
    uint32_t place = (uint32_t)(p - a->state->proposals);
    for (uint32_t g = 1; g <= c->party_count; g++) {
        const struct answer_state *answer = &p->answers[g];
        if (answer_accepts(answer)) {
            continue;
        }
        struct text who = side_name(a, g);
        if (answer->kind == ANSWER_CONCEPT) {
            uint32_t n = 0;
            struct text open = state_open_labels(a->state, place, g, a->mem, &n);
            if (n > 0) {
                return refuse(out, REFUSED_NOT_AGREED,
                              "P%u is not agreed at the table: agreeing in concept is not "
                              "accepting. Open: %.*s; only %.*s can close %s.",
                              p->number, T(open), T(who), n == 1 ? "it" : "them") ||
                       refuse_mend(out,
                                   "A new version that meets %s, or ask in the shuttle what "
                                   "would.",
                                   n == 1 ? "it" : "them");
            }
            return refuse(out, REFUSED_NOT_AGREED,
                          "P%u is not agreed at the table: %.*s agreed in concept, which is not "
                          "accepting.",
                          p->number, T(who)) ||
                   refuse_mend(out, "%.*s accepts it first.", T(who));
        }
        return refuse(out, REFUSED_NOT_AGREED, "P%u is not agreed at the table: %.*s %s.",
                      p->number, T(who),
                      answer->kind == ANSWER_REJECT    ? "has rejected it"
                      : answer->kind == ANSWER_COUNTER ? "has countered it"
                                                       : "has not answered") ||
               refuse_mend(out, "Wait for %.*s, or file a version that it can accept.", T(who));
    }
    return true;
}

static bool judge_ratify(const struct judged_act *a, struct findings *f, struct refusal *out)
{
    if (!find_proposal(a, f, out)) {
        return false;
    }
    if (!is_party(a)) {
        return refuse(out, REFUSED_OWNER, "Only parties ratify.") ||
               refuse_mend(out, "Each party's principal signs: entente ratify.");
    }
    if (!judge_standing(a, f, out) || !judge_agreed(a, f->proposal, out)) {
        return false;
    }
    if (f->proposal->ratified[a->side].given) {
        return refuse(out, REFUSED_DONE, "%.*s has ratified P%u already.", T(side_name(a, a->side)),
                      f->proposal->number);
    }
    if (!judge_object(a, out)) {
        return false;
    }
    if (memcmp(a->object->object.digest.b, f->proposal->leaf.b, 32) != 0) {
        return refuse(out, REFUSED_OBJECT, "What was signed is not P%u.", f->proposal->number) ||
               refuse_mend(out, "The principal signs this very version: entente ratify P%u.",
                           f->proposal->number);
    }
    for (uint32_t i = 0; i < a->state->spent_count; i++) {
        if (ID_EQ(a->state->spent[i], a->object->id)) {
            return refuse(out, REFUSED_DONE, "This very paper has counted once already.") ||
                   refuse_mend(out, "The principal signs anew: entente ratify P%u.",
                               f->proposal->number);
        }
    }
    if (a->state->spent_count >= SPENT_MAX) {
        return refuse(out, REFUSED_LIMIT, "The table has %u ratifications and takes no more.",
                      SPENT_MAX);
    }
    return judge_deadline(a, f->phase, out);
}

/* ---- deeds and incidents [7] ---- */

static bool find_deed(const struct judged_act *a, struct findings *f, struct refusal *out)
{
    f->deed = charter_find_deed(&a->state->charter, a->p->deed);
    if (f->deed == CHARTER_NONE) {
        return refuse(out, REFUSED_UNKNOWN, "The charter has no deed %.*s.", T(a->p->deed)) ||
               refuse_mend(out, "Name a deed of the charter: entente ledger.");
    }
    return true;
}

static bool judge_doer(const struct judged_act *a, const struct findings *f, const char *verb,
                       struct refusal *out)
{
    uint32_t by = a->state->charter.deeds[f->deed].by;
    if (by != a->side) {
        return refuse(out, REFUSED_OWNER, "%.*s is %.*s's to %s, not %.*s's.", T(a->p->deed),
                      T(side_name(a, by)), verb, T(side_name(a, a->side))) ||
               refuse_mend(out, "Ask %.*s.", T(side_name(a, by)));
    }
    return true;
}

static bool judge_promised(const struct judged_act *a, const struct findings *f,
                           struct refusal *out)
{
    if (!a->state->deeds[f->deed].promised) {
        struct text by = side_name(a, a->state->charter.deeds[f->deed].by);
        return refuse(out, REFUSED_UNKNOWN, "%.*s has not been promised yet.", T(a->p->deed)) ||
               refuse_mend(out, "%.*s promises it first: entente promise.", T(by));
    }
    return true;
}

static bool judge_promise(const struct judged_act *a, struct findings *f, struct refusal *out)
{
    if (!find_deed(a, f, out) || !judge_doer(a, f, "promise", out)) {
        return false;
    }
    if (a->state->deeds[f->deed].promised) {
        return refuse(out, REFUSED_DONE, "%.*s has been promised already.", T(a->p->deed));
    }
    if (text_present(a->p->after) &&
        charter_find_deed(&a->state->charter, a->p->after) == CHARTER_NONE) {
        return refuse(out, REFUSED_UNKNOWN, "The charter has no deed %.*s.", T(a->p->after));
    }
    return judge_authority(a, NULL, f, out);
}

static bool judge_report(const struct judged_act *a, struct findings *f, struct refusal *out)
{
    return find_deed(a, f, out) && judge_doer(a, f, "report", out) && judge_promised(a, f, out) &&
           judge_authority(a, NULL, f, out);
}

static bool judge_verify(const struct judged_act *a, struct findings *f, struct refusal *out)
{
    if (!find_deed(a, f, out)) {
        return false;
    }
    const struct charter_deed *d = &a->state->charter.deeds[f->deed];
    bool none = d->verifier == CHARTER_NONE;
    struct text verifier = none ? text_str("the other parties") : side_name(a, d->verifier);
    if (d->by == a->side) {
        return refuse(out, REFUSED_SELF, "No side verifies itself. Verifier: %.*s.", T(verifier)) ||
               refuse_mend(out, "Wait for, or ask for, their visit.");
    }
    if (none ? !is_party(a) : d->verifier != a->side) {
        return refuse(out, REFUSED_VERIFIER, "%.*s is verified by %.*s, not by %.*s.",
                      T(a->p->deed), T(verifier), T(side_name(a, a->side))) ||
               refuse_mend(out, "Ask %.*s.", T(verifier));
    }
    return judge_promised(a, f, out) && judge_authority(a, NULL, f, out);
}

static bool judge_lapse(const struct judged_act *a, struct findings *f, struct refusal *out)
{
    if (!find_deed(a, f, out) || !judge_promised(a, f, out)) {
        return false;
    }
    const struct deed_state *d = &a->state->deeds[f->deed];
    if (d->verified == FINDING_DONE || d->lapsed) {
        return refuse(out, REFUSED_DONE, "%.*s is %s already.", T(a->p->deed),
                      d->lapsed ? "lapsed" : "verified done");
    }
    if (!witness_surely_passed(a->log, a->seen_size, d->due, a->index)) {
        char when[CIVIL_TEXT_MAX];
        civil_format(d->due, when);
        return refuse(out, REFUSED_NOT_DUE, "%.*s is due by %s, which has not surely passed.",
                      T(a->p->deed), when) ||
               refuse_mend(out, "Wait until more than half of the sides have countersigned after "
                                "that hour.");
    }
    return judge_authority(a, NULL, f, out);
}

static bool may_be_cited(const struct judged_act *a, const struct leaf_hash *leaf)
{
    for (uint32_t i = 0; i < a->state->evidence_count; i++) {
        if (ID_EQ(a->state->evidence[i], *leaf)) {
            return true;
        }
    }
    return false;
}

static bool find_named_side(const struct judged_act *a, struct findings *f, struct refusal *out)
{
    f->side = CHARTER_NONE;
    if (!text_present(a->p->side)) {
        return true;
    }
    f->side = charter_find_side(&a->state->charter, a->p->side);
    if (f->side == CHARTER_NONE) {
        return refuse(out, REFUSED_UNKNOWN, "There is no side %.*s at this table.",
                      T(a->p->side)) ||
               refuse_mend(out, "Name a side of the charter.");
    }
    return true;
}

static bool judge_incident(const struct judged_act *a, struct findings *f, struct refusal *out)
{
    if (!find_named_side(a, f, out)) {
        return false;
    }
    for (uint32_t i = 0; i < a->p->ref_count; i++) {
        if (may_be_cited(a, &a->p->refs[i])) {
            continue;
        }
        /* The verdict is the same whether or not a statement of that name was logged; only the
         * words are kinder where one was. */
        for (uint32_t k = 0; k < a->beside->statement_count; k++) {
            const struct statement_note *n = &a->beside->statements[k];
            if (ID_EQ(n->leaf, a->p->refs[i])) {
                return refuse(out, REFUSED_EVIDENCE,
                              "Words outside the table are evidence of nothing here.") ||
                       refuse_mend(out, "Cite a deed a monitor can check, or ask %.*s to file it.",
                                   T(side_name(a, n->side)));
            }
        }
        return refuse(out, REFUSED_EVIDENCE, "What it cites is no evidence at this table.") ||
               refuse_mend(out, "Cite a report, a verification, a document or an incident.");
    }
    if (a->state->incident_count >= INCIDENTS_MAX) {
        return refuse(out, REFUSED_LIMIT, "The table has %u incidents and takes no more.",
                      INCIDENTS_MAX);
    }
    return judge_authority(a, NULL, f, out);
}

static bool judge_assess(const struct judged_act *a, struct findings *f, struct refusal *out)
{
    f->incident = state_incident(a->state, &a->p->answers);
    if (f->incident == NULL) {
        return refuse(out, REFUSED_UNKNOWN, "The incident that it names is not at this table.") ||
               refuse_mend(out, "Synchronise, then name one of: entente ledger.");
    }
    if (!find_named_side(a, f, out)) {
        return false;
    }
    bool monitored = a->state->charter.monitor_count > 0;
    if (f->incident->side == a->side || (monitored && f->incident->by == a->side)) {
        return refuse(out, REFUSED_SELF,
                      "No side assesses a report of its own, or about itself.") ||
               refuse_mend(out, "A monitor that it does not concern assesses it.");
    }
    /* Without monitors the side that a report names may own to it, and no more than that. */
    bool fit = monitored ? role_of(a) == ROLE_MONITOR
                         : f->incident->by == a->side && a->p->verdict == VERDICT_VERIFIED;
    if (!fit) {
        return refuse(out, REFUSED_VERIFIER, "Incidents are assessed by %s, not by %.*s.",
                      a->state->charter.monitor_count > 0 ? "the monitors"
                                                          : "the side that they name",
                      T(side_name(a, a->side))) ||
               refuse_mend(out, "Ask them.");
    }
    return judge_authority(a, NULL, f, out);
}

/* ---- gates, parking, publication [8, 9] ---- */

static bool find_phase(const struct judged_act *a, struct findings *f, struct refusal *out)
{
    f->phase = charter_find_phase(&a->state->charter, a->p->phase);
    if (f->phase == CHARTER_NONE) {
        return refuse(out, REFUSED_UNKNOWN, "The charter has no phase %.*s.", T(a->p->phase)) ||
               refuse_mend(out, "Name a phase of the charter: entente journey.");
    }
    return true;
}

static bool refuse_gate(const struct judged_act *a, const struct gate_view *v, uint32_t phase,
                        const struct gate_answer *g, struct refusal *out)
{
    char list[320];
    struct buf b;
    buf_over(&b, list, sizeof(list));
    uint32_t shown = 0;
    for (uint32_t i = 0; i < g->count; i++) {
        if (!g->holds[i] && buf_bytes(&b).n + g->words[i].n + 4 < sizeof(list)) {
            buf_printf(&b, "%s%.*s", shown > 0 ? "; " : "", T(g->words[i]));
            shown++;
        }
    }
    return refuse(out, REFUSED_GATE, "Gate %.*s stays closed: %u of %u hold. Missing: %s.",
                  T(a->state->charter.phases[phase].id), g->met, g->count, buf_str(&b)) ||
           refuse_mend(out, "%s",
                       g->count - g->met == 1 && gate_quiet_since(v, phase).known
                           ? "Nobody owes anything but patience; try again when the hours are full."
                           : "See what is missing and who can supply it: entente journey.");
}

static bool judge_gate(const struct judged_act *a, struct findings *f, struct refusal *out)
{
    if (!find_phase(a, f, out)) {
        return false;
    }
    if (a->state->gate_opened_at[f->phase] != INDEX_NEVER) {
        return refuse(out, REFUSED_DONE, "Gate %.*s is open already.", T(a->p->phase));
    }
    if (!phase_open(a->state, f->phase)) {
        return refuse_closed(a, f->phase, out);
    }
    if (a->state->charter.phases[f->phase].condition_count == 0) {
        return refuse(out, REFUSED_UNKNOWN, "Phase %.*s has no gate.", T(a->p->phase));
    }
    const struct gate_view v = {a->state, a->log, a->seen_size, a->index};
    struct gate_answer g;
    gate_evaluate(&v, f->phase, a->mem, &g);
    if (g.met < g.count) {
        return refuse_gate(a, &v, f->phase, &g, out);
    }
    return judge_authority(a, NULL, f, out);
}

static bool judge_park(const struct judged_act *a, struct findings *f, struct refusal *out)
{
    if (!find_phase(a, f, out)) {
        return false;
    }
    if (phase_open(a->state, f->phase)) {
        return refuse(out, REFUSED_PHASE, "Phase %.*s is open; nothing needs parking.",
                      T(a->p->phase)) ||
               refuse_mend(out, "Propose it.");
    }
    if (a->p->texts[0].n > NAME_MAX_BYTES || memchr(a->p->texts[0].p, '\n', a->p->texts[0].n)) {
        return refuse(out, REFUSED_FORM, "Only a title may be parked: one line, at most %u bytes.",
                      NAME_MAX_BYTES) ||
               refuse_mend(out, "Keep the figures at home.");
    }
    if (a->state->parked_count >= PARKED_MAX) {
        return refuse(out, REFUSED_LIMIT, "The table has %u parked titles and takes no more.",
                      PARKED_MAX);
    }
    return judge_authority(a, NULL, f, out);
}

static bool judge_consent(const struct judged_act *a, struct findings *f, struct refusal *out)
{
    bool any_bound = false;
    for (uint32_t i = 0; i < a->state->charter.phase_count; i++) {
        any_bound = any_bound || bound_in(a->state, i) != NULL;
    }
    if (a->state->charter.publication == PUBLICATION_NEVER) {
        return refuse(out, REFUSED_PUBLICATION, "The charter says that nothing is published.");
    }
    if (!any_bound) {
        return refuse(out, REFUSED_PUBLICATION,
                      "Nothing is agreed yet; the charter publishes on agreement only.") ||
               refuse_mend(out, "Wait until a package is ratified.");
    }
    if (a->state->consent_count + a->p->ref_count > CONSENTS_MAX) {
        return refuse(out, REFUSED_LIMIT, "The table has too many consents to publish.");
    }
    return judge_authority(a, NULL, f, out);
}

/* Everybody who sits in the plenary has consented to each act named. */
static bool judge_published(const struct judged_act *a, struct findings *f, struct refusal *out)
{
    uint32_t groups = charter_groups(&a->state->charter);
    for (uint32_t i = 0; i < a->p->ref_count; i++) {
        const struct consent_state *c = state_consent(a->state, &a->p->refs[i]);
        for (uint32_t g = 0; g < groups; g++) {
            if (a->state->charter.sides[g].present && (c == NULL || (c->sides & (1u << g)) == 0)) {
                return refuse(out, REFUSED_PUBLICATION,
                              "%.*s has not consented to publish every one of these acts.",
                              T(side_name(a, g))) ||
                       refuse_mend(out, "Ask %.*s: entente consent.", T(side_name(a, g)));
            }
        }
    }
    return judge_authority(a, NULL, f, out);
}

/* An answer or a ratification that stands: what a confirmation can be about. */
static bool is_answer(const struct table_state *s, const struct leaf_hash *leaf)
{
    for (uint32_t i = 0; i < s->proposal_count; i++) {
        for (uint32_t g = 0; g < charter_groups(&s->charter); g++) {
            const struct proposal_state *p = &s->proposals[i];
            if ((p->answers[g].kind != 0 && ID_EQ(p->answers[g].leaf, *leaf)) ||
                (p->ratified[g].given && ID_EQ(p->ratified[g].leaf, *leaf))) {
                return true;
            }
        }
    }
    return false;
}

static bool judge_confirm(const struct judged_act *a, struct findings *f, struct refusal *out)
{
    if (!room_shared(a->room)) {
        return true; /* of a minute */
    }
    if (!is_answer(a->state, &a->p->answers)) {
        return refuse(out, REFUSED_UNKNOWN, "There is nothing of that name to confirm.") ||
               refuse_mend(out, "Name an answer or a ratification that waits: entente proposals.");
    }
    if (a->state->confirm_count >= CONFIRMS_MAX) {
        return refuse(out, REFUSED_LIMIT, "The table has too many confirmations.");
    }
    return judge_authority(a, NULL, f, out);
}

static bool judge_statement(const struct judged_act *a, struct findings *f, struct refusal *out)
{
    return find_named_side(a, f, out) && judge_authority(a, NULL, f, out);
}

static bool judge_position(const struct judged_act *a, struct refusal *out)
{
    const struct charter *c = &a->state->charter;
    if (issue_find(c->issues, c->issue_count, a->p->issue) == UINT32_MAX &&
        a->room.kind != ROOM_HOME) {
        return refuse(out, REFUSED_UNKNOWN, "The charter has no issue %.*s.", T(a->p->issue)) ||
               refuse_mend(out, "Name an issue of the charter: entente issues.");
    }
    return true;
}

bool rules_v1_judge(const struct judged_act *a, struct findings *found, struct refusal *out)
{
    *found = (struct findings){
        .expires = TIME_UNKNOWN, .deed = CHARTER_NONE, .side = CHARTER_NONE, .phase = CHARTER_NONE};
    if (!judge_room(a, out) || !judge_provisional(a, out)) {
        return false;
    }
    switch (a->p->kind) {
    case KIND_CHARTER:
        return refuse(out, REFUSED_CHARTER, "The table has its charter already.");
    case KIND_EPOCH:
    case KIND_GRANT:
    case KIND_CANNOT_OPEN:
    case KIND_VOID:
        return true; /* of keys, not of the table: the fold judges them */
    case KIND_SIGN_CHARTER:
        return judge_sign_charter(a, out);
    case KIND_INTRODUCE:
        return judge_introduce(a, out);
    case KIND_INSTRUCT:
    case KIND_MEET:
        return true;
    case KIND_MANDATE:
        return judge_mandate(a, out);
    case KIND_REVOKE_MANDATE:
        return judge_object(a, out) &&
               (a->state->revoked_count < MANDATES_MAX ||
                refuse(out, REFUSED_LIMIT, "The table has %u revocations and takes no more.",
                       MANDATES_MAX));
    case KIND_CONFIRM:
        return judge_confirm(a, found, out);
    case KIND_SAY:
        return judge_say(a, out) && judge_authority(a, NULL, found, out);
    case KIND_DOCUMENT:
        return judge_citable(a, out) && judge_authority(a, NULL, found, out);
    case KIND_STATEMENT:
        return judge_statement(a, found, out);
    case KIND_POSITION:
        return judge_position(a, out);
    case KIND_PROPOSE:
        return judge_propose(a, found, out);
    case KIND_WITHDRAW:
        return judge_withdraw(a, found, out);
    case KIND_ANSWER:
        return judge_answer(a, found, out);
    case KIND_CLOSE:
        return judge_close(a, found, out);
    case KIND_RATIFY:
        return judge_ratify(a, found, out);
    case KIND_PROMISE:
        return judge_promise(a, found, out);
    case KIND_REPORT:
        return judge_citable(a, out) && judge_report(a, found, out);
    case KIND_VERIFY:
        return judge_citable(a, out) && judge_verify(a, found, out);
    case KIND_LAPSE:
        return judge_lapse(a, found, out);
    case KIND_INCIDENT:
        return judge_citable(a, out) && judge_incident(a, found, out);
    case KIND_ASSESS:
        return judge_citable(a, out) && judge_assess(a, found, out);
    case KIND_GATE:
        return judge_gate(a, found, out);
    case KIND_PARK:
        return judge_park(a, found, out);
    case KIND_CONSENT:
        return judge_consent(a, found, out);
    case KIND_PUBLISHED:
        return judge_published(a, found, out);
    }
    return refuse(out, REFUSED_FORM, "The act is of no known kind.");
}
