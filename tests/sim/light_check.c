/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/light.h"

#include "record/cosign.h"
#include "table/gate.h"

#define BOUND_MAX 32u
#define SAMPLES 2u

static const char *name_of(const struct light *l, uint32_t machine)
{
    return l->machines[machine].cast->name;
}

bool light_side_honest(const struct light *l, uint32_t side)
{
    for (uint32_t i = 0; i < l->machine_count; i++) {
        if (l->machines[i].side == side && !l->machines[i].honest) {
            return false;
        }
    }
    return true;
}

/* ---- gates ---- */

/* Each condition read off the state below the act, without the code of gates. */
static bool evidence(const struct light *l, const struct view *v, uint32_t phase, uint64_t seen)
{
    const struct table_state *s = light_state(v);
    const struct charter_phase *p = &l->charter.phases[phase];
    bool holds = phase_open(s, phase);
    uint64_t bound = INDEX_NEVER;
    bool agreed = false;
    for (uint32_t k = 0; k < s->proposal_count; k++) {
        const struct proposal_state *n = &s->proposals[k];
        agreed = agreed ||
                 (n->phase == phase && (n->agreed_at != INDEX_NEVER || n->bound_at != INDEX_NEVER));
        if (n->phase == phase && n->bound_at != INDEX_NEVER) {
            bound = n->bound_time;
        }
    }
    for (uint32_t i = 0; i < p->condition_count && holds; i++) {
        const struct condition *c = &p->conditions[i];
        struct moment b = witness_b(door_witness(v->door), seen, v->count);
        switch (c->kind) {
        case CONDITION_AGREED:
            holds = agreed;
            break;
        case CONDITION_RATIFIED:
            holds = bound != INDEX_NEVER;
            break;
        case CONDITION_VERIFIED:
            holds = s->deeds[c->deed].verified == FINDING_DONE;
            break;
        case CONDITION_QUIET:
            holds = bound != INDEX_NEVER && b.known && b.seconds >= bound + c->seconds;
            break;
        case CONDITION_NO_REPORT_WAITING:
        case CONDITION_SETTLED_WITHIN:
        case CONDITION_CONSULTED:
        case CONDITION_UNDERTAKEN:
        case CONDITION_ADOPTED:
            break;
        }
    }
    return holds;
}

static uint64_t open_gates(const struct table_state *s)
{
    uint64_t bits = 0;
    for (uint32_t i = 0; s->has_charter && i < s->charter.phase_count; i++) {
        bits |= s->gate_opened_at[i] != INDEX_NEVER ? UINT64_C(1) << i : 0;
    }
    return bits;
}

void light_look(struct light *l, uint32_t branch, uint32_t card, struct light_before *out)
{
    const struct card *c = &l->cards[card];
    const struct view *v = &l->branches[branch].v;
    const struct table_state *s = light_state(v);
    *out = (struct light_before){.gates = open_gates(s), .phase = CHARTER_NONE};
    if (c->content == NULL || c->content->header.kind != (uint32_t)KIND_GATE || !s->has_charter) {
        return;
    }
    for (uint32_t i = 0; i < s->charter.phase_count; i++) {
        if ((out->gates >> i & 1u) == 0) {
            out->phase = i; /* one gate at most can open: the first that is closed */
            out->gate_holds = evidence(l, v, i, c->act.seen_size);
            return;
        }
    }
}

static bool gate_has_its_evidence(struct light *l, const struct view *v,
                                  const struct light_before *before)
{
    uint64_t now = open_gates(light_state(v));
    if (now == before->gates) {
        return true;
    }
    l->figures.gates++;
    return (before->phase != CHARTER_NONE &&
            now == (before->gates | UINT64_C(1) << before->phase) && before->gate_holds) ||
           story_fail(&l->story, "gate_has_its_evidence",
                      "a gate opened at act %u without what it waits for", v->count - 1);
}

/* ---- final ---- */

static bool final_never_falls(struct light *l, struct branch *b)
{
    uint32_t size = b->v.count;
    b->final[size] = witness_final(door_witness(b->v.door), size);
    return (b->final[size] >= b->final[size - 1] && b->final[size] <= size) ||
           story_fail(&l->story, "final_never_falls", "final(%u) is %llu, and was %llu before",
                      size, (unsigned long long)b->final[size],
                      (unsigned long long)b->final[size - 1]);
}

/* ---- time ---- */

/* As long as the same groups count, with the same witnesses: by others an hour is another. */
static bool never_both_in_time_and_late(struct light *l, struct branch *b)
{
    const struct witness_log *log = door_witness(b->v.door);
    uint32_t size = b->v.count;
    for (uint32_t k = 0; k < SAMPLES; k++) {
        uint64_t i = l->base_joined / 2 + prop_below(&l->rnd, size - l->base_joined / 2);
        uint64_t least = i < b->times_from ? b->times_from : i + 1;
        uint64_t at = prop_one_in(&l->rnd, 2) ? size
                                              : least + prop_below(&l->rnd, size - least + 1);
        struct light_span *span = &b->span[i];
        struct moment t = witness_t(log, i, at);
        struct moment s = witness_b(log, l->cards[b->v.log[i]].act.seen_size, at);
        if (t.known && (!span->has_t || t.seconds < span->t)) {
            span->has_t = true;
            span->t = t.seconds;
        }
        if (s.known && (!span->has_b || s.seconds > span->b)) {
            span->has_b = true;
            span->b = s.seconds;
        }
        if (span->has_t && span->has_b && span->b > span->t) {
            return story_fail(&l->story, "never_both_in_time_and_late",
                              "act %llu is in time for %llu, and its author had surely seen %llu",
                              (unsigned long long)i, (unsigned long long)span->t,
                              (unsigned long long)span->b);
        }
    }
    return true;
}

static bool nothing_lapses_early(struct light *l, const struct view *v)
{
    const struct table_state *s = light_state(v);
    uint32_t groups = charter_groups(&l->charter);
    uint32_t liars = 0;
    for (uint32_t side = 0; side < groups; side++) {
        liars += !light_side_honest(l, side);
    }
    if (!s->has_charter || groups < 3 || liars > 1) {
        return true; /* a majority that lies together can let things lapse; one of two is that */
    }
    for (uint32_t i = 0; i < s->charter.deed_count; i++) {
        const struct deed_state *d = &s->deeds[i];
        if (d->lapsed && d->due > l->now + CLOCK_JUMP_SECONDS + 60) {
            return story_fail(&l->story, "nothing_lapses_early", "deed %u, due at %llu, has lapsed",
                              i, (unsigned long long)d->due);
        }
    }
    return true;
}

/* ---- who is bound ---- */

static bool did(const struct light *l, enum deed_done what, uint32_t side,
                const struct leaf_hash *leaf)
{
    for (uint32_t i = 0; i < l->done_count; i++) {
        if (l->done[i].what == what && l->done[i].side == side &&
            ID_EQ(l->done[i].proposal, *leaf)) {
            return true;
        }
    }
    return false;
}

static bool by_word(struct light *l, const struct proposal_state *p, uint32_t side)
{
    const struct answer_state *a = &p->answers[side];
    bool ratified = p->ratified[side].given;
    bool alone = a->kind == ANSWER_ACCEPT;
    if (!answer_accepts(a) || !did(l, DONE_ACCEPT, side, &p->leaf) ||
        (!alone && (!ratified || !did(l, DONE_RATIFY, side, &p->leaf)))) {
        return story_fail(&l->story, "bound_by_own_word",
                          "P%u binds side %u, which has not said so", p->number, side);
    }
    return (a->index < p->bound_at && (alone || p->ratified[side].index < p->bound_at)) ||
           story_fail(&l->story, "bound_by_own_word", "P%u is bound before side %u said so",
                      p->number, side);
}

/* Is it a word of an honest seat that takes P back: its own withdrawal, or an answer in the place of
 * an acceptance? */
static bool takes_back(const struct light *l, const struct card *c, const struct proposal_state *p)
{
    if (c->content == NULL || !l->machines[c->by].honest || !c->content->header.has_answers ||
        !ID_EQ(c->content->header.answers, p->leaf)) {
        return false;
    }
    uint32_t side = l->machines[c->by].side;
    uint32_t kind = c->content->header.kind;
    return (kind == (uint32_t)KIND_WITHDRAW && side == p->side) ||
           (kind == (uint32_t)KIND_ANSWER && c->answer != ANSWER_ACCEPT &&
            c->answer != ANSWER_AD_REFERENDUM && l->machines[c->by].cast->post == 0);
}

/* Has that side confirmed something since? */
static bool confirmed_since(const struct light *l, const struct view *v, uint32_t side, uint32_t at)
{
    for (uint32_t i = at + 1; i < v->count; i++) {
        const struct card *c = &l->cards[v->log[i]];
        if (c->content != NULL && c->content->header.kind == (uint32_t)KIND_CONFIRM &&
            l->machines[c->by].side == side) {
            return true;
        }
    }
    return false;
}

/* Who takes back what he has not seen completed takes it back in time, whichever act the host notes
 * first: it binds only by his word of later. */
static bool host_gains_nothing(struct light *l, const struct view *v,
                               const struct proposal_state *p)
{
    uint64_t last = 0; /* the act that completed it */
    for (uint32_t side = 1; side <= l->charter.party_count; side++) {
        const struct answer_state *a = &p->answers[side];
        uint64_t index = a->kind == ANSWER_ACCEPT ? a->index : p->ratified[side].index;
        last = index > last ? index : last;
    }
    for (uint32_t i = (uint32_t)p->index + 1; i < v->count; i++) {
        const struct card *c = &l->cards[v->log[i]];
        const struct void_note *n;
        if (!takes_back(l, c, p)) {
            continue;
        }
        uint32_t side = l->machines[c->by].side;
        bool withdrawal = c->content->header.kind == (uint32_t)KIND_WITHDRAW;
        n = fold_void(v->fold, i);
        if ((n != NULL && n->code != (uint32_t)REFUSED_DONE) ||
            witness_saw(door_witness(v->door), side, c->act.seen_size, i) > last) {
            continue;
        }
        if (withdrawal ? !confirmed_since(l, v, side, i)
                       : p->answers[side].index < i && !confirmed_since(l, v, side, i)) {
            return story_fail(
                &l->story, "host_gains_nothing",
                "P%u binds, though %s took it back by act %u and had not seen act %llu", p->number,
                name_of(l, c->by), i, (unsigned long long)last);
        }
    }
    return true;
}

static bool bound_well(struct light *l, const struct table_state *s, uint32_t at)
{
    const struct proposal_state *p = &s->proposals[at];
    uint32_t issues = 0;
    for (uint32_t side = 1; side <= s->charter.party_count; side++) {
        if (light_side_honest(l, side) && !by_word(l, p, side)) {
            return false;
        }
    }
    for (uint32_t i = 0; i < s->proposal_count; i++) {
        if (i != at && s->proposals[i].bound_at != INDEX_NEVER &&
            s->proposals[i].phase == p->phase) {
            return story_fail(&l->story, "bound_by_own_word", "phase %u is bound twice", p->phase);
        }
    }
    for (uint32_t i = 0; i < s->charter.issue_count; i++) {
        issues += s->charter.issues[i].phase == p->phase;
    }
    if (p->package.count != issues) {
        return story_fail(&l->story, "bound_by_own_word", "P%u binds and leaves out an issue",
                          p->number);
    }
    return p->withdrawn_at == INDEX_NEVER || p->withdrawn_at >= p->bound_at ||
           story_fail(&l->story, "bound_by_own_word", "P%u binds and is withdrawn", p->number);
}

static bool confirmed_by(const struct table_state *s, const struct leaf_hash *leaf, uint32_t sides,
                         uint32_t principals)
{
    const struct confirm_state *c = state_confirm(s, leaf);
    return c != NULL && (c->sides & sides) == sides && (c->principals & principals) == principals;
}

/* An act that binds, once more from the words of RULES 6 and FORMAT 9: what it crossed is settled,
 * every group that is not out has countersigned it, and it is in time or confirmed. */
static bool binds_rightly(struct light *l, const struct branch *b, const struct proposal_state *p,
                          uint32_t side, bool ratification)
{
    const struct table_state *s = light_state(&b->v);
    const struct witness_log *log = door_witness(b->v.door);
    const struct answer_state *a = &p->answers[side];
    uint64_t index = ratification ? p->ratified[side].index : a->index;
    const struct leaf_hash *leaf = ratification ? &p->ratified[side].leaf : &a->leaf;
    uint32_t parties = (2u << l->charter.party_count) - 2;
    uint64_t opened = s->phase_opened_at[p->phase];
    uint64_t span = l->charter.phases[p->phase].deadline_seconds;
    struct moment t = witness_t(log, index, b->v.count), from = witness_t(log, opened, b->v.count);
    const char *lacks = NULL;
    uint64_t final = b->final[b->v.count];
    for (uint32_t g = 0; g < charter_groups(&l->charter); g++) {
        const struct ring_naming *n = keyring_naming(door_keyring(b->v.door), g, final);
        uint32_t have = 0;
        for (uint32_t i = 0; n != NULL && i < n->count; i++) {
            struct countersigned c;
            have += witness_last(log, n->witnesses[i], b->v.count, &c) && c.size >= final;
        }
        if (index >= final || (n != NULL && have < n->needed && !witness_out(log, g, final))) {
            lacks = "a countersignature";
        }
    }
    if (span > 0 && (!from.known || !t.known || t.seconds > from.seconds + span) &&
        !confirmed_by(s, leaf, parties, 0)) {
        lacks = "its time";
    }
    if (!ratification && a->expires != TIME_UNKNOWN && t.known &&
        (t.seconds < a->not_before || (t.seconds > a->expires && !p->ratified[side].given &&
                                       !confirmed_by(s, leaf, 0, 1u << side)))) {
        lacks = "a mandate";
    }
    if ((p->crossed & 1u << side) != 0) {
        lacks = "a confirmation";
    }
    return lacks == NULL ||
           story_fail(&l->story, "binds_rightly", "P%u binds side %u by act %llu, which lacks %s",
                      p->number, side, (unsigned long long)index, lacks);
}

static bool all_bind_rightly(struct light *l, const struct branch *b,
                             const struct proposal_state *p)
{
    for (uint32_t side = 1; side <= l->charter.party_count; side++) {
        if (!binds_rightly(l, b, p, side, false) ||
            (p->answers[side].kind != ANSWER_ACCEPT && !binds_rightly(l, b, p, side, true))) {
            return false;
        }
    }
    return true;
}

/* What was bound stays so, from the same place. */
static bool bound_by_own_word(struct light *l, struct branch *b)
{
    const struct table_state *s = light_state(&b->v);
    for (uint32_t i = 0; i < s->proposal_count && i < BOUND_MAX; i++) {
        bool known = (b->bound_seen & 1u << i) != 0;
        if (known && s->proposals[i].bound_at != b->bound_at[i]) {
            return story_fail(&l->story, "final_never_changes", "P%u was bound and is so no more",
                              s->proposals[i].number);
        }
        if (known || s->proposals[i].bound_at == INDEX_NEVER) {
            continue;
        }
        b->bound_seen |= 1u << i;
        b->bound_at[i] = s->proposals[i].bound_at;
        l->figures.bound++;
        if (!bound_well(l, s, i) || !all_bind_rightly(l, b, &s->proposals[i]) ||
            !host_gains_nothing(l, &b->v, &s->proposals[i])) {
            return false;
        }
    }
    return true;
}

/* ---- who was removed ---- */

/* An honest seat seals nothing to a key that somebody has of whose removal it had seen. */
static bool removed_reads_nothing(struct light *l, const struct view *v, const struct card *c)
{
    const struct keyring *ring = door_keyring(v->door);
    uint64_t readers = c->by_identity ? c->sealed_to : l->cards[c->key_card].sealed_to;
    if (c->content == NULL || !l->machines[c->by].honest) {
        return true;
    }
    for (uint32_t i = 0; i < l->machine_count; i++) {
        uint32_t seat = (readers >> i & 1u) != 0 ? keyring_find_seat(ring, &l->machines[i].kid)
                                                 : SEAT_NONE;
        if (seat != SEAT_NONE && keyring_seat(ring, seat)->revoked_at < c->act.seen_size) {
            return story_fail(&l->story, "removed_reads_nothing",
                              "%s, removed by act %llu, reads act %u of %s", name_of(l, i),
                              (unsigned long long)keyring_seat(ring, seat)->revoked_at,
                              v->count - 1, name_of(l, c->by));
        }
    }
    return true;
}

/* ---- who is left out ---- */

/* Two countersign acts of one machine of that side among the acts from..to-1, a grace apart. */
static bool went_on(const struct light *l, const struct view *v, uint32_t side, uint32_t from,
                    uint32_t to)
{
    for (uint32_t i = from; i < to; i++) {
        const struct card *a = &l->cards[v->log[i]];
        struct countersign first, last;
        struct err err;
        if (a->act.control != CONTROL_COUNTERSIGN || l->machines[a->by].side != side ||
            !countersign_parse(a->blob, &first, &err)) {
            continue;
        }
        for (uint32_t k = i + 1; k < to; k++) {
            const struct card *b = &l->cards[v->log[k]];
            if (b->act.control == CONTROL_COUNTERSIGN && b->by == a->by &&
                countersign_parse(b->blob, &last, &err) &&
                last.time >= first.time + l->charter.grace_seconds) {
                return true;
            }
        }
    }
    return false;
}

/* Left out is only who was silent while the others, a grace long, were not; and only until it
 * countersigns again: counted over the acts, without the code of times. */
static bool nobody_is_left_out_early(struct light *l, const struct branch *b, const struct card *c,
                                     uint32_t side)
{
    const struct keyring *ring = door_keyring(b->v.door);
    uint32_t at = b->v.count - 1, from = at, groups = 0, others = 0;
    uint32_t by = l->machines[c->by].side;
    if (!witness_out(door_witness(b->v.door), side, b->v.count)) {
        return true;
    }
    if (c->act.control == CONTROL_COUNTERSIGN && by == side) {
        return story_fail(&l->story, "nobody_is_left_out_early",
                          "side %u countersigns by act %u and is left out all the same", side, at);
    }
    if (b->outs[side]) {
        return true; /* looked at when it went out */
    }
    while (from > 0 && (l->cards[b->v.log[from - 1]].act.control != CONTROL_COUNTERSIGN ||
                        l->machines[l->cards[b->v.log[from - 1]].by].side != side)) {
        from--;
    }
    for (uint32_t g = 0; g < charter_groups(&l->charter); g++) {
        bool is_group = keyring_naming(ring, g, at) != NULL;
        groups += is_group;
        others += is_group && g != side && went_on(l, &b->v, g, from, at);
    }
    return (c->act.control == CONTROL_PROCEED && by != side &&
            keyring_naming(ring, by, at) != NULL && keyring_naming(ring, side, at) != NULL &&
            others >= (groups == 2 ? 1u : 2u)) ||
           story_fail(&l->story, "nobody_is_left_out_early",
                      "side %u is left out by act %u of side "
                      "%u, and %u others went on for a grace",
                      side, at, by, others);
}

/* ---- after each act ---- */

static void count_act(struct light *l, struct branch *b, const struct card *c)
{
    bool others = c->act.control == CONTROL_WITNESSES;
    for (uint32_t side = 0; side < charter_groups(&l->charter); side++) {
        bool out = witness_out(door_witness(b->v.door), side, b->v.count);
        l->figures.outs += out && !b->outs[side];
        others = others || out != b->outs[side];
        b->outs[side] = out;
    }
    if (others) {
        memset(b->span, 0, sizeof(b->span));
        b->times_from = b->v.count;
    }
    if (c->content != NULL) {
        const struct void_note *n = fold_void(b->v.fold, b->v.count - 1);
        light_pair(l, c->content->header.kind, n == NULL ? 0 : n->code);
    }
}

/* What somebody forged on purpose counts for nobody: neither a paper nor a key of a room. */
static bool forged_counts_nowhere(struct light *l, const struct view *v, const struct card *c)
{
    uint64_t index = v->count - 1u;
    if (!c->forged ||
        (fold_void(v->fold, index) != NULL && fold_epoch_at(v->fold, index) == NULL)) {
        return true;
    }
    if (c->content->header.kind == (uint32_t)KIND_EPOCH && fold_epoch_at(v->fold, index) == NULL) {
        return true; /* one that is not good is passed over */
    }
    return story_fail(&l->story, "forged_counts_nowhere", "act %llu, which %s forged, counts",
                      (unsigned long long)index, name_of(l, c->by));
}

bool light_check_act(struct light *l, uint32_t branch, uint32_t card,
                     const struct light_before *before)
{
    struct branch *b = &l->branches[branch];
    const struct card *c = &l->cards[card];
    const struct table_state *s = light_state(&b->v);
    for (uint32_t side = 0; side < charter_groups(&l->charter); side++) {
        if (!nobody_is_left_out_early(l, b, c, side)) {
            return false;
        }
    }
    count_act(l, b, c);
    b->digest[b->v.count] = (struct digest){{0}};
    if (s->has_charter && !state_digest(s, &b->digest[b->v.count], &l->err)) {
        return story_fail(&l->story, "prefix_decides", "%s", l->err.what);
    }
    return final_never_falls(l, b) && gate_has_its_evidence(l, &b->v, before) &&
           bound_by_own_word(l, b) && removed_reads_nothing(l, &b->v, c) &&
           forged_counts_nowhere(l, &b->v, c) && nothing_lapses_early(l, &b->v) &&
           (b->v.count <= l->base_joined || never_both_in_time_and_late(l, b));
}

/* ---- across machines ---- */

/* Not who was removed: it lacks the keys of what came after. */
static bool reads_charter(const struct light *l, const struct machine *m)
{
    const struct keyring *ring = door_keyring(m->v.door);
    uint32_t seat = keyring_find_seat(ring, &m->kid);
    return m->side <= l->charter.party_count && light_state(&m->v)->has_charter &&
           seat != SEAT_NONE && ring_seat_active(keyring_seat(ring, seat), m->v.count);
}

/* Has a group that is not left out there countersigned what the machine holds as final? */
static bool covers_itself(const struct machine *m, uint32_t side)
{
    return keyring_naming(door_keyring(m->v.door), side, m->floor) != NULL &&
           !witness_out(door_witness(m->v.door), side, m->floor);
}

/* No two hold two records as final, where an honest group that is out in neither covers both. */
static bool final_is_one(struct light *l, uint32_t machine)
{
    const struct machine *a = &l->machines[machine];
    for (uint32_t i = 0; i < l->machine_count; i++) {
        const struct machine *b = &l->machines[i];
        uint64_t f = a->floor < b->floor ? a->floor : b->floor;
        if (!b->open || !b->honest || i == machine ||
            memcmp(a->v.log, b->v.log, f * sizeof(a->v.log[0])) == 0) {
            continue;
        }
        for (uint32_t side = 0; side < charter_groups(&l->charter); side++) {
            bool covers = light_side_honest(l, side) && covers_itself(a, side) &&
                          covers_itself(b, side);
            if (covers) {
                return story_fail(&l->story, "final_is_one",
                                  "%s and %s hold two records as final, and no witness of side %u "
                                  "signed both",
                                  name_of(l, machine), name_of(l, i), side);
            }
        }
    }
    return true;
}

bool light_check_machine(struct light *l, uint32_t machine)
{
    struct machine *m = &l->machines[machine];
    const struct branch *b = &l->branches[m->branch];
    uint32_t size = m->v.count;
    uint64_t final = witness_final(door_witness(m->v.door), size);
    struct digest d;
    if (final != b->final[size] || final < m->final) {
        return story_fail(&l->story, final < m->final ? "final_never_falls" : "prefix_decides",
                          "%s: final(%u) is %llu, and elsewhere %llu", name_of(l, machine), size,
                          (unsigned long long) final, (unsigned long long)b->final[size]);
    }
    m->final = final;
    m->floor = final > m->floor ? final : m->floor;
    if (reads_charter(l, m)) {
        if (!state_digest(light_state(&m->v), &d, &l->err)) {
            return story_fail(&l->story, "prefix_decides", "%s", l->err.what);
        }
        if (!ID_EQ(d, b->digest[size])) {
            return story_fail(&l->story, "prefix_decides",
                              "the first %u acts are another state for %s", size,
                              name_of(l, machine));
        }
    }
    return final_is_one(l, machine);
}

/* ---- at the end ---- */

/* All at once, and a shorter part of it. */
static bool fold_again(struct light *l, uint32_t machine)
{
    const struct machine *m = &l->machines[machine];
    uint32_t sizes[2] = {m->v.count, 0};
    /* A newcomer was given keys upon his admission: a part below it he could never fold. */
    sizes[1] = m->cast->late
                   ? sizes[0]
                   : l->base_size + (uint32_t)prop_below(&l->rnd, m->v.count - l->base_size + 1);
    for (size_t i = 0; i < COUNT_OF(sizes); i++) {
        struct digest d;
        light_view_open(l, &l->again, machine);
        /* The record of keys and times is whole; the fold stops before. */
        bool ok = light_view_take(l, &l->again, m->v.log, sizes[i]) &&
                  state_digest(light_state(&l->again), &d, &l->err);
        bool same = ok && ID_EQ(d, l->branches[m->branch].digest[sizes[i]]);
        light_view_close(&l->again);
        if (!same) {
            return story_fail(&l->story, "prefix_decides",
                              "the first %u acts are another state for %s, folded again%s%s",
                              sizes[i], name_of(l, machine), ok ? "" : ": ", ok ? "" : l->err.what);
        }
    }
    return true;
}

/* Is it that very record?  Who holds a part of another tree countersigns nothing of this one. */
static bool holds(const struct view *v, const struct view *record)
{
    return v->count == record->count &&
           memcmp(v->log, record->log, v->count * sizeof(v->log[0])) == 0;
}

static bool witnesses_are_missing(const struct light *l, const struct view *v, uint32_t side)
{
    const struct keyring *ring = door_keyring(v->door);
    const struct ring_naming *n = keyring_naming(ring, side, v->count);
    uint32_t able = 0;
    for (uint32_t i = 0; n != NULL && i < n->count; i++) {
        const struct ring_seat *s = keyring_seat(ring,
                                                 keyring_witness(ring, n->witnesses[i])->seat);
        uint32_t who = light_find(l, &s->kid);
        able += who != WORLD_SEAT_NONE && l->machines[who].open && l->machines[who].honest &&
                !l->machines[who].lied_to && !l->machines[who].numb &&
                l->machines[who].signed_term <= door_term(l->machines[who].v.door) &&
                holds(&l->machines[who].v, v) && ring_seat_active(s, v->count);
    }
    return n != NULL && able < n->needed;
}

/* All hold one record, and it is final, or a side is missing whose witness is. */
static bool ends_well(struct light *l)
{
    const struct branch *b = &l->branches[light_home(l)];
    for (uint32_t i = 0; i < l->machine_count; i++) {
        const struct machine *m = &l->machines[i];
        const struct view *shown = &l->branches[m->branch].v;
        if (m->open && m->honest && !m->lied_to && m->v.count < shown->count) {
            return story_fail(&l->story, "ends_well", "%s holds %u acts of %u", m->cast->name,
                              m->v.count, shown->count);
        }
    }
    uint32_t last = b->v.count;
    while (last > 0 && l->cards[b->v.log[last - 1]].act.control == CONTROL_COUNTERSIGN) {
        last--;
    }
    uint64_t final = b->final[b->v.count];
    for (uint32_t side = 0; final < last && side < charter_groups(&l->charter); side++) {
        if (!witness_covers(door_witness(b->v.door), side, last, b->v.count) &&
            keyring_naming(door_keyring(b->v.door), side, b->v.count) != NULL &&
            !witnesses_are_missing(l, &b->v, side)) {
            return story_fail(&l->story, "ends_well",
                              "act %u of %u is not final (final: %llu), and nobody of side %u is "
                              "missing",
                              last - 1, b->v.count, (unsigned long long) final, side);
        }
    }
    return true;
}

bool light_check_end(struct light *l)
{
    uint32_t who = (uint32_t)prop_below(&l->rnd, l->machine_count);
    for (uint32_t i = 0; i < l->machine_count; i++) {
        uint32_t k = (who + i) % l->machine_count;
        const struct machine *m = &l->machines[k];
        const struct view *shown = &l->branches[m->branch].v;
        if (m->open && m->honest && reads_charter(l, m) && m->v.count >= l->base_size &&
            m->v.count <= shown->count &&
            memcmp(m->v.log, shown->log, m->v.count * sizeof(m->v.log[0])) == 0) {
            if (!fold_again(l, k)) {
                return false;
            }
            break;
        }
    }
    const struct table_state *s = light_state(&l->branches[light_home(l)].v);
    for (uint32_t i = 0; i < s->proposal_count; i++) {
        l->figures.agreed += s->proposals[i].agreed_at != INDEX_NEVER;
        l->figures.crossed += s->proposals[i].crossed != 0;
        l->figures.contested += s->proposals[i].contested;
    }
    for (uint32_t i = 0; s->has_charter && i < s->charter.deed_count; i++) {
        l->figures.lapsed += s->deeds[i].lapsed;
    }
    l->figures.voids += s->void_count;
    return ends_well(l);
}
