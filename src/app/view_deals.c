/* SPDX-License-Identifier: Apache-2.0
 *
 * Proposals and answers, deeds and incidents, and what this seat may do or owes.
 */
#include "app/view_priv.h"
#include "base/civil.h"
#include "table/decide.h"
#include "table/rules_v1.h"

static struct text side_name(const struct view *v, uint32_t side)
{
    return state_side_name(view_state(v), side);
}

static struct text principal(const struct view *v, uint32_t side)
{
    return state_principal_name(view_state(v), door_keyring(v->r->door), side,
                                door_size(v->r->door), v->mem);
}

/* ---- proposals ---- */

/* "Kestria, Velland" */
static const char *sides_words(const struct view *v, uint32_t sides)
{
    char list[512];
    struct buf b;
    buf_over(&b, list, sizeof(list));
    for (uint32_t g = 0; g < charter_groups(&view_state(v)->charter); g++) {
        if ((sides & (1u << g)) != 0 && b.n + side_name(v, g).n + 4 < sizeof(list)) {
            buf_printf(&b, "%s%.*s", b.n > 0 ? ", " : "", TEXT_ARG(side_name(v, g)));
        }
    }
    const char *words = arena_printf(v->mem, "%s", b.n == 0 ? "nobody" : buf_str(&b));
    return words == NULL ? "?" : words;
}

static const char *proposal_standing(const struct view *v, const struct proposal_state *p)
{
    if (p->bound_at != INDEX_NEVER && p->bound_sides == decide_parties(&view_state(v)->charter)) {
        return "agreed and ratified";
    }
    if (p->bound_at != INDEX_NEVER) {
        const char *words = arena_printf(v->mem, "agreed; it binds %s, and the others may join it",
                                         sides_words(v, p->bound_sides));
        return words == NULL ? "?" : words;
    }
    if (p->crossed != 0) {
        return "crossed: an acceptance or ratification and the withdrawal had not seen each other";
    }
    if (p->withdrawn_at != INDEX_NEVER) {
        return "withdrawn";
    }
    if (p->contested) {
        return "contested: waits for confirmation";
    }
    if (p->complete) {
        return "accepted for good by all; waits for countersignatures";
    }
    return p->agreed_at != INDEX_NEVER ? "agreed at the table" : "not agreed";
}

void view_answers(const struct view *v, const struct proposal_state *p, struct buf *out)
{
    const struct table_state *s = view_state(v);
    uint32_t place = (uint32_t)(p - s->proposals);
    for (uint32_t g = 1; g <= s->charter.party_count; g++) {
        const struct answer_state *a = &p->answers[g];
        uint32_t open = 0;
        struct text labels = state_open_labels(s, place, g, v->mem, &open);
        buf_printf(out, "%s%.*s: ", g > 1 ? " " : "", TEXT_ARG(side_name(v, g)));
        if (p->ratified[g].given) {
            buf_printf(out, "ratified.");
            continue;
        }
        switch (a->kind) {
        case ANSWER_ACCEPT:
            buf_printf(out, "yes, and it binds.");
            break;
        case ANSWER_AD_REFERENDUM:
            buf_printf(out, "yes, if %.*s ratifies.", TEXT_ARG(principal(v, g)));
            break;
        case ANSWER_CONCEPT:
            buf_printf(out, "agrees in concept; %u open point%s%s%.*s.", open, open == 1 ? "" : "s",
                       open > 0 ? ": " : "", TEXT_ARG(labels));
            break;
        case ANSWER_REJECT:
            buf_printf(out, "no: %.*s", TEXT_ARG(a->text));
            break;
        case ANSWER_COUNTER:
            buf_printf(out, "countered it.");
            break;
        default:
            buf_printf(out, "has not answered.");
            break;
        }
    }
}

/* The proposal that it follows; NULL where it names none that is here. */
static const struct proposal_state *follows(const struct table_state *s,
                                            const struct proposal_state *p)
{
    return p->has_follows ? state_proposal(s, &p->follows) : NULL;
}

/* Its side has answered that one so. */
static bool counters(const struct proposal_state *p, const struct proposal_state *before)
{
    return before->answers[p->side].kind == ANSWER_COUNTER;
}

void view_proposals(const struct view *v, struct buf *out)
{
    const struct table_state *s = view_state(v);
    if (s->proposal_count == 0) {
        buf_printf(out, "No proposal has been filed yet.\n");
    }
    for (uint32_t i = 0; i < s->proposal_count; i++) {
        const struct proposal_state *p = &s->proposals[i];
        buf_printf(out, "P%u, by %.*s: %s%s\n", p->number, TEXT_ARG(view_seat(v, p->seat)),
                   proposal_standing(v, p),
                   p->index >= view_final(v) ? " (not yet countersigned)" : "");
        buf_printf(out, "  %.*s\n", TEXT_ARG(view_package(v, p)));
        const struct proposal_state *before = follows(s, p);
        if (before != NULL) {
            buf_printf(out, "  %s P%u\n", counters(p, before) ? "counters" : "follows",
                       before->number);
        }
        if (text_present(p->text)) {
            buf_printf(out, "  %.*s\n", TEXT_ARG(p->text));
        }
        buf_printf(out, "  ");
        view_answers(v, p, out);
        buf_printf(out, "\n");
        for (uint32_t k = 0; k < s->point_count; k++) {
            const struct open_point *o = &s->points[k];
            if (o->proposal == i) {
                buf_printf(out, "    %.*s (%.*s): %.*s, %s\n", TEXT_ARG(o->label),
                           TEXT_ARG(side_name(v, o->side)), TEXT_ARG(o->text),
                           o->closed_at == INDEX_NEVER ? "open" : "closed");
            }
        }
    }
}

static void json_kv(struct json *j, const char *key, struct text t)
{
    json_put_key(j, key);
    json_put_text(j, t);
}

static const char *answer_word(enum answer_kind k)
{
    switch (k) {
    case ANSWER_ACCEPT:
        return "accept";
    case ANSWER_AD_REFERENDUM:
        return "ad-referendum";
    case ANSWER_CONCEPT:
        return "concept";
    case ANSWER_REJECT:
        return "reject";
    case ANSWER_COUNTER:
        return "counter";
    }
    return "none";
}

static void json_proposal(const struct view *v, uint32_t i, struct json *j)
{
    const struct table_state *s = view_state(v);
    const struct proposal_state *p = &s->proposals[i];
    json_put_object(j);
    json_put_key(j, "number");
    json_put_u64(j, p->number);
    json_put_key(j, "act");
    json_put_u64(j, p->index);
    json_kv(j, "by", view_seat(v, p->seat));
    json_put_key(j, "standing");
    json_put_str(j, proposal_standing(v, p));
    json_put_key(j, "package");
    json_put_object(j);
    for (uint32_t k = 0; k < p->package.count; k++) {
        const struct issue *n = &s->charter.issues[p->package.choices[k].issue];
        const char *id = arena_printf(v->mem, "%.*s", TEXT_ARG(n->id));
        json_put_key(j, id == NULL ? "?" : id);
        json_put_text(j, n->options[p->package.choices[k].option]);
    }
    json_put_end(j);
    const struct text_version *text = p->has_version ? snt_version(&s->texts, &p->version) : NULL;
    json_put_key(j, "text_version"); /* 0: none goes with it */
    json_put_u64(j, text == NULL ? 0 : text->number);
    const struct proposal_state *before = follows(s, p);
    json_put_key(j, "follows"); /* 0: none */
    json_put_u64(j, before == NULL ? 0 : before->number);
    json_put_key(j, "counters");
    json_put_bool(j, before != NULL && counters(p, before));
    json_put_key(j, "answers");
    json_put_array(j);
    for (uint32_t g = 1; g <= s->charter.party_count; g++) {
        json_put_object(j);
        json_kv(j, "side", side_name(v, g));
        json_put_key(j, "answer");
        json_put_str(j, answer_word(p->answers[g].kind));
        json_put_key(j, "ratified");
        json_put_bool(j, p->ratified[g].given);
        json_put_end(j);
    }
    json_put_end(j);
    json_put_key(j, "open_points");
    json_put_array(j);
    for (uint32_t k = 0; k < s->point_count; k++) {
        const struct open_point *o = &s->points[k];
        if (o->proposal != i) {
            continue;
        }
        json_put_object(j);
        json_kv(j, "label", o->label);
        json_kv(j, "owner", side_name(v, o->side));
        json_kv(j, "text", o->text);
        json_put_key(j, "open");
        json_put_bool(j, o->closed_at == INDEX_NEVER);
        json_put_end(j);
    }
    json_put_end(j);
    json_put_end(j);
}

void view_proposals_json(const struct view *v, struct json *j)
{
    json_put_key(j, "proposals");
    json_put_array(j);
    for (uint32_t i = 0; i < view_state(v)->proposal_count; i++) {
        json_proposal(v, i, j);
    }
    json_put_end(j);
}

/* ---- ledger ---- */

static const char *finding_word(enum finding f)
{
    switch (f) {
    case FINDING_DONE:
        return "done";
    case FINDING_PARTLY:
        return "partly";
    case FINDING_NOT_DONE:
        return "not done";
    }
    return "–";
}

/* The furthest phase that is open: its quiet is what counts. */
static uint32_t present_phase(const struct table_state *s)
{
    uint32_t phase = 0;
    for (uint32_t i = 0; i < s->charter.phase_count; i++) {
        phase = phase_open(s, i) && s->gate_opened_at[i] == INDEX_NEVER ? i : phase;
    }
    return phase;
}

static void put_quiet(const struct view *v, struct buf *out)
{
    const struct table_state *s = view_state(v);
    uint32_t phase = present_phase(s);
    const struct charter_phase *p = &s->charter.phases[phase];
    uint64_t period = 0;
    for (uint32_t k = 0; k < p->condition_count; k++) {
        if (p->conditions[k].kind == CONDITION_QUIET) {
            period = p->conditions[k].seconds;
        }
    }
    const struct gate_view asked = {s, door_witness(v->r->door), door_size(v->r->door),
                                    door_size(v->r->door)};
    struct moment since = gate_quiet_since(&asked, phase);
    if (period == 0) {
        return;
    }
    if (!since.known) {
        buf_printf(out, "Quiet hours: 0 of %llu (they count from the ratification).\n",
                   (unsigned long long)(period / 3600));
        return;
    }
    uint64_t hours = v->now > since.seconds ? (v->now - since.seconds) / 3600 : 0;
    buf_printf(out, "Quiet hours: %llu of %llu, since %s.\n", (unsigned long long)hours,
               (unsigned long long)(period / 3600), view_when(v, since.seconds));
}

static uint32_t waiting(const struct view *v)
{
    const struct gate_view g = {view_state(v), door_witness(v->r->door), door_size(v->r->door),
                                door_size(v->r->door)};
    return gate_reports_waiting(&g);
}

/* Of a deed that waits for another. */
static const char *owed_words(const struct view *v, uint32_t deed)
{
    const struct table_state *s = view_state(v);
    const struct deed_state *first = &s->deeds[s->deeds[deed].after];
    if (!first->promised || first->done_since == INDEX_NEVER) {
        return ": not owed yet";
    }
    return state_hour_counts(s, door_witness(v->r->door), deed, door_size(v->r->door))
               ? ": owed now"
               : ": owed now, and its hour does not count";
}

static const char *dispute_word(const struct view *v, uint32_t deed)
{
    const struct table_state *s = view_state(v);
    uint64_t size = door_size(v->r->door);
    if (!s->deeds[deed].disputed) {
        return "";
    }
    return s->deeds[deed].decided                                              ? "decided"
           : deed_dispute_waits(s, door_witness(v->r->door), deed, size, size) ? "waits"
                                                                               : "not decided";
}

static void put_dispute(const struct view *v, uint32_t deed, struct buf *out)
{
    const struct table_state *s = view_state(v);
    const struct deed_state *d = &s->deeds[deed];
    if (!d->disputed) {
        return;
    }
    buf_printf(out, "    disputed by %.*s: %.*s · ", TEXT_ARG(side_name(v, d->disputed_by)),
               TEXT_ARG(d->dispute_text));
    if (d->decided) {
        buf_printf(out, "decided by %.*s\n", TEXT_ARG(side_name(v, s->charter.arbiter)));
    } else {
        buf_printf(out, "%s\n",
                   strcmp(dispute_word(v, deed), "waits") == 0
                       ? "it waits, 48 hours at most"
                       : "not decided; what was found stands");
    }
}

void view_ledger(const struct view *v, struct buf *out)
{
    const struct table_state *s = view_state(v);
    for (uint32_t i = 0; s->has_charter && i < s->charter.deed_count; i++) {
        const struct deed_state *d = &s->deeds[i];
        const struct charter_deed *c = &s->charter.deeds[i];
        buf_printf(out, "%.*s · %.*s · ", TEXT_ARG(side_name(v, c->by)), TEXT_ARG(c->id));
        if (!d->promised) {
            buf_printf(out, "not promised yet\n");
            continue;
        }
        buf_printf(out, "says: %s · verified: %s%s%s\n", finding_word(d->says),
                   finding_word(d->verified), d->verified_late ? " (late)" : "",
                   d->lapsed && d->verified != FINDING_DONE ? " · its hour has passed" : "");
        buf_printf(out, "    %.*s, by %s", TEXT_ARG(d->what), view_when(v, d->due));
        if (d->after != CHARTER_NONE) {
            buf_printf(out, ", after %.*s%s", TEXT_ARG(s->charter.deeds[d->after].id),
                       owed_words(v, i));
        }
        buf_printf(out, "\n");
        put_dispute(v, i, out);
    }
    for (uint32_t i = 0; i < s->incident_count; i++) {
        const struct incident_state *n = &s->incidents[i];
        buf_printf(out, "Incident I%u, %s, reported by %.*s: %.*s · ", n->number,
                   view_when(v, n->when), TEXT_ARG(side_name(v, n->side)), TEXT_ARG(n->text));
        if (n->verdict == 0) {
            buf_printf(out, "not yet assessed\n");
        } else if (n->verdict == VERDICT_VERIFIED) {
            buf_printf(
                out, "verified%s%.*s\n", n->found_by == CHARTER_NONE ? "" : ", by ",
                TEXT_ARG(n->found_by == CHARTER_NONE ? text_str("") : side_name(v, n->found_by)));
        } else {
            buf_printf(out, "not verified\n");
        }
    }
    if (s->has_charter) {
        put_quiet(v, out);
        buf_printf(out, "Reports waiting to be assessed: %u.\n", waiting(v));
    }
}

void view_ledger_json(const struct view *v, struct json *j)
{
    const struct table_state *s = view_state(v);
    json_put_key(j, "deeds");
    json_put_array(j);
    for (uint32_t i = 0; s->has_charter && i < s->charter.deed_count; i++) {
        const struct deed_state *d = &s->deeds[i];
        json_put_object(j);
        json_kv(j, "id", s->charter.deeds[i].id);
        json_kv(j, "side", side_name(v, s->charter.deeds[i].by));
        json_put_key(j, "promised");
        json_put_bool(j, d->promised);
        json_put_key(j, "says");
        json_put_str(j, d->says == 0 ? "" : finding_word(d->says));
        json_put_key(j, "verified");
        json_put_str(j, d->verified == 0 ? "" : finding_word(d->verified));
        json_put_key(j, "late");
        json_put_bool(j, d->verified_late);
        json_put_key(j, "dispute");
        json_put_str(j, d->promised ? dispute_word(v, i) : "");
        json_put_key(j, "lapsed");
        json_put_bool(j, d->lapsed);
        json_put_key(j, "due");
        json_put_u64(j, d->due);
        json_kv(j, "after",
                d->promised && d->after != CHARTER_NONE ? s->charter.deeds[d->after].id
                                                        : text_str(""));
        json_put_end(j);
    }
    json_put_end(j);
    json_put_key(j, "incidents");
    json_put_array(j);
    for (uint32_t i = 0; i < s->incident_count; i++) {
        const struct incident_state *n = &s->incidents[i];
        json_put_object(j);
        json_put_key(j, "number");
        json_put_u64(j, n->number);
        json_put_key(j, "when");
        json_put_u64(j, n->when);
        json_kv(j, "reported_by", side_name(v, n->side));
        json_kv(j, "text", n->text);
        json_put_key(j, "verdict");
        json_put_str(j, n->verdict == 0                  ? "waiting"
                        : n->verdict == VERDICT_VERIFIED ? "verified"
                                                         : "not verified");
        json_put_end(j);
    }
    json_put_end(j);
    json_put_key(j, "waiting");
    json_put_u64(j, s->has_charter ? waiting(v) : 0);
}

/* ---- moves ---- */

#define MOVES_MAX 64u

struct moves {
    const char *owed[MOVES_MAX]; /* this seat, and nobody else, can do it */
    uint32_t owed_count;
    const char *may[MOVES_MAX];
    uint32_t may_count;
};

static void owe(struct moves *m, const char *s)
{
    if (s != NULL && m->owed_count < MOVES_MAX) {
        m->owed[m->owed_count++] = s;
    }
}

static void may(struct moves *m, const char *s)
{
    if (s != NULL && m->may_count < MOVES_MAX) {
        m->may[m->may_count++] = s;
    }
}

bool view_has_power(const struct view *v, uint32_t power)
{
    struct findings found;
    const struct judged_act a = {.state = view_state(v),
                                 .ring = door_keyring(v->r->door),
                                 .log = door_witness(v->r->door),
                                 .index = door_size(v->r->door),
                                 .seen_size = door_size(v->r->door),
                                 .side = v->r->side,
                                 .seat = v->r->seat};
    return rules_v1_authority(&a, power, NULL, &found);
}

static void moves_on_proposal(const struct view *v, const struct proposal_state *p, struct moves *m)
{
    const struct table_state *s = view_state(v);
    bool party = v->r->side >= 1 && v->r->side <= s->charter.party_count;
    bool root = keyring_seat(door_keyring(v->r->door), v->r->seat)->keys.post == 0;
    bool bound = p->bound_at != INDEX_NEVER && !decide_may_join(&s->charter, p, v->r->side);
    if (bound || p->withdrawn_at != INDEX_NEVER || !party) {
        return;
    }
    const struct answer_state *a = &p->answers[v->r->side];
    if (a->kind == 0 && !p->is_text && view_has_power(v, POWER_SPEAK)) {
        const char *how = view_has_power(v, POWER_ACCEPT_BINDING) ? "binding (or ad-referendum)"
                                                                  : "ad-referendum";
        owe(m, arena_printf(v->mem,
                            "answer P%u: entente answer P%u --accept %s, --concept or --reject",
                            p->number, p->number, how));
    }
    bool for_good = a->kind == ANSWER_ACCEPT; /* it needs no ratification */
    bool agreed = decide_reached(&s->charter, p, decide_accepting(&s->charter, p));
    if (root && !for_good && agreed && answer_accepts(a) && !p->ratified[v->r->side].given) {
        owe(m,
            arena_printf(v->mem, "ratify P%u, or not: entente ratify P%u", p->number, p->number));
    }
}

static void moves_on_points(const struct view *v, struct moves *m)
{
    const struct table_state *s = view_state(v);
    for (uint32_t i = 0; i < s->point_count; i++) {
        const struct open_point *o = &s->points[i];
        if (o->closed_at == INDEX_NEVER && o->side == v->r->side &&
            view_has_power(v, POWER_SPEAK)) {
            may(m, arena_printf(v->mem,
                                "close your reservation %.*s, if something meets it: "
                                "entente close %.*s",
                                TEXT_ARG(o->label), TEXT_ARG(o->label)));
        }
    }
}

static void moves_on_deeds(const struct view *v, struct moves *m)
{
    const struct table_state *s = view_state(v);
    for (uint32_t i = 0; i < s->charter.deed_count; i++) {
        const struct deed_state *d = &s->deeds[i];
        struct text id = s->charter.deeds[i].id;
        if (s->charter.deeds[i].by != v->r->side) {
            continue;
        }
        if (!d->promised) {
            may(m, arena_printf(v->mem, "promise %.*s: entente promise %.*s", TEXT_ARG(id),
                                TEXT_ARG(id)));
        } else if (d->says != FINDING_DONE) {
            owe(m, arena_printf(v->mem, "report on %.*s by %s: entente report %.*s", TEXT_ARG(id),
                                view_when(v, d->due), TEXT_ARG(id)));
        }
    }
}

static void moves_on_the_rest(const struct view *v, struct moves *m)
{
    struct more_moves more;
    view_more_moves(v, &more);
    for (uint32_t i = 0; i < more.owed_count; i++) {
        owe(m, more.owed[i]);
    }
    for (uint32_t i = 0; i < more.may_count; i++) {
        may(m, more.may[i]);
    }
}

static void moves_on_text(const struct view *v, struct moves *m)
{
    struct view_text_moves t = {0};
    view_text_moves(v, &t);
    for (uint32_t i = 0; i < t.owed_count; i++) {
        owe(m, t.owed[i]);
    }
    for (uint32_t i = 0; i < t.may_count; i++) {
        may(m, t.may[i]);
    }
}

static void find_moves(const struct view *v, struct moves *m)
{
    const struct table_state *s = view_state(v);
    if (!s->has_charter || v->r->seat == SEAT_NONE) {
        return;
    }
    bool root = keyring_seat(door_keyring(v->r->door), v->r->seat)->keys.post == 0;
    const char *home;
    for (uint32_t i = 0; i < MOVES_MAX && (home = view_home_owed(v, i)) != NULL; i++) {
        owe(m, home);
    }
    if (!state_in_force(s)) {
        if (root && v->r->side < charter_groups(&s->charter) && !s->signatures[v->r->side].given) {
            owe(m, "sign the charter: entente sign charter");
        }
        return;
    }
    const char *needs[16];
    bool only;
    uint32_t count = view_standing_needs(v, needs, COUNT_OF(needs), &only);
    for (uint32_t i = 0; i < count; i++) {
        owe(m, needs[i]);
    }
    if (only) {
        moves_on_deeds(v, m);
        return;
    }
    for (uint32_t i = 0; i < s->proposal_count; i++) {
        moves_on_proposal(v, &s->proposals[i], m);
    }
    moves_on_points(v, m);
    moves_on_deeds(v, m);
    moves_on_the_rest(v, m);
    moves_on_text(v, m);
    uint32_t phase = present_phase(s);
    const struct gate_view asked = {s, door_witness(v->r->door), door_size(v->r->door),
                                    door_size(v->r->door)};
    struct gate_answer g;
    gate_evaluate(&asked, phase, v->mem, &g);
    if (g.count > 0 && g.met == g.count && s->gate_opened_at[phase] == INDEX_NEVER &&
        view_has_power(v, POWER_SPEAK)) {
        may(m, arena_printf(v->mem, "open gate %.*s: entente gate open %.*s",
                            TEXT_ARG(s->charter.phases[phase].id),
                            TEXT_ARG(s->charter.phases[phase].id)));
    }
    if (view_has_power(v, POWER_PROPOSE) && view_bound(s, phase) == NULL) {
        may(m, "propose a package: entente propose ISSUE=OPTION ...");
    }
}

void view_moves(const struct view *v, struct buf *out)
{
    struct moves m = {0};
    find_moves(v, &m);
    if (m.owed_count == 0) {
        buf_printf(out, "  Nothing waits for you.\n");
    }
    for (uint32_t i = 0; i < m.owed_count; i++) {
        buf_printf(out, "  Needs you: %s\n", m.owed[i]);
    }
    for (uint32_t i = 0; i < m.may_count; i++) {
        buf_printf(out, "  You may: %s\n", m.may[i]);
    }
}

void view_moves_json(const struct view *v, struct json *j)
{
    struct moves m = {0};
    find_moves(v, &m);
    json_put_key(j, "needs_you");
    json_put_array(j);
    for (uint32_t i = 0; i < m.owed_count; i++) {
        json_put_str(j, m.owed[i]);
    }
    json_put_end(j);
    json_put_key(j, "you_may");
    json_put_array(j);
    for (uint32_t i = 0; i < m.may_count; i++) {
        json_put_str(j, m.may[i]);
    }
    json_put_end(j);
}
