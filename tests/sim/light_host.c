/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/light.h"

#include "base/check.h"

#define DAY UINT64_C(86400)

static const char *name_of(const struct light *l, uint32_t machine)
{
    return l->machines[machine].cast->name;
}

static bool host_is_honest(const struct light *l)
{
    return (l->vices & ((uint32_t)VICE_HOLD | VICE_FORK | VICE_FREEZE)) == 0;
}

/* ---- noting ---- */

bool light_note(struct light *l, uint32_t branch, uint32_t card, bool *out_noted)
{
    struct branch *b = &l->branches[branch];
    struct light_before before;
    uint16_t id = (uint16_t)card;
    uint32_t count = b->v.count;
    *out_noted = false;
    if (count + 1 >= LIGHT_LOG) {
        return true;
    }
    light_look(l, branch, card, &before);
    err_clear(&l->err);
    if (!light_view_take(l, &b->v, &id, 1)) {
        l->figures.refused++;
        return b->v.count == count || story_fail(&l->story, "plays", "%s", l->err.what);
    }
    *out_noted = true;
    l->figures.notes++;
    story_add(&l->story, " -> act %u%s", count, branch > 0 ? " of another tree" : "");
    return light_check_act(l, branch, card, &before);
}

static bool is_noted(const struct view *v, uint32_t card)
{
    for (uint32_t i = v->count; i > 0; i--) {
        if (v->log[i - 1] == card) {
            return true;
        }
    }
    return false;
}

/* ---- posting ---- */

static void outbox_drop(struct machine *m, uint32_t count)
{
    for (uint32_t i = count; i < m->outbox_count; i++) {
        m->outbox[i - count] = m->outbox[i];
    }
    m->outbox_count -= count;
}

static bool is_held(const struct light *l, uint32_t card)
{
    for (uint32_t i = 0; i < l->held_count; i++) {
        if (l->held[i].card == card) {
            return true;
        }
    }
    return false;
}

enum fate { FATE_NOTED, FATE_SILENT, FATE_REFUSED };

/* What the host makes of it, and what it says. */
static enum fate fate_of(struct light *l, uint32_t machine, uint32_t card)
{
    struct machine *m = &l->machines[machine];
    bool hold = (l->vices & (uint32_t)VICE_HOLD) != 0 && !l->resting && m->branch < LIGHT_FORKS;
    if ((l->vices & (uint32_t)VICE_GONE) != 0 && l->moves[0].used && m->branch < LIGHT_FORKS) {
        story_add(&l->story, " [the host is gone]");
        return FATE_SILENT;
    }
    if ((l->vices & (uint32_t)VICE_ROUGH) != 0 && !l->resting && prop_one_in(&l->rnd, 15)) {
        story_add(&l->story, " [lost on its way]");
        return FATE_SILENT;
    }
    if (!hold || !prop_one_in(&l->rnd, 4)) {
        return FATE_NOTED;
    }
    bool refuses = prop_one_in(&l->rnd, 3);
    if (l->held_count < LIGHT_HELD && !is_held(l, card) && !prop_one_in(&l->rnd, 4)) {
        l->held[l->held_count++] = (struct light_held){
            .card = (uint16_t)card, .branch = (uint8_t)m->branch, .refused = refuses};
        story_add(&l->story, " [HOST holds it%s]", refuses ? " and says that it refuses" : "");
    } else {
        story_add(&l->story, " [HOST loses it%s]", refuses ? " and says that it refuses" : "");
    }
    return refuses ? FATE_REFUSED : FATE_SILENT;
}

static bool flush(struct light *l, uint32_t machine)
{
    struct machine *m = &l->machines[machine];
    while (m->outbox_count > 0 && !m->cut) {
        uint32_t card = m->outbox[0];
        bool noted = is_noted(&l->branches[m->branch].v, card);
        enum fate fate = noted ? FATE_NOTED : fate_of(l, machine, card);
        if (fate == FATE_SILENT) {
            return true;
        }
        if (fate == FATE_NOTED && !noted && !light_note(l, m->branch, card, &noted)) {
            return false;
        }
        if (!noted) {
            story_add(&l->story, " -> %s", l->err.what[0] != '\0' ? l->err.what : "refused");
            m->outbox_count = 0; /* what follows it follows nothing */
            return true;
        }
        if ((l->vices & (uint32_t)VICE_ROUGH) != 0 && !l->resting && prop_one_in(&l->rnd, 25)) {
            story_add(&l->story, " [the answer is lost]");
            return true;
        }
        outbox_drop(m, 1);
    }
    return true;
}

bool light_post(struct light *l, uint32_t machine, uint32_t card)
{
    struct machine *m = &l->machines[machine];
    CHECK(m->outbox_count < LIGHT_OUTBOX);
    m->outbox[m->outbox_count++] = (uint16_t)card;
    return flush(l, machine);
}

/* ---- synchronising ---- */

/* What the host shows is taken in; false: an invariant. */
static bool take(struct light *l, uint32_t machine)
{
    struct machine *m = &l->machines[machine];
    const struct branch *b = &l->branches[m->branch];
    uint64_t head = b->v.count < m->shown ? b->v.count : m->shown;
    if (m->cut || m->lied_to) {
        return true;
    }
    if (head < m->v.count || memcmp(m->v.log, b->v.log, m->v.count * sizeof(m->v.log[0])) != 0) {
        bool old = head < m->v.count;
        story_add(&l->story, " [is shown %s]", old ? "an old record" : "another record");
        m->lied_to = !old;
        return !host_is_honest(l) || story_fail(&l->story, "honest_host_is_believed",
                                                "%s: the host lies", name_of(l, machine));
    }
    uint32_t n = (uint32_t)(head - m->v.count);
    if (n == 0) {
        return true;
    }
    if (!light_view_take(l, &m->v, b->v.log + m->v.count, n)) {
        return story_fail(&l->story, "honest_host_is_believed", "%s: %s", name_of(l, machine),
                          l->err.what);
    }
    return light_check_machine(l, machine);
}

/* What is in the record needs no posting; what another act has taken the place of neither. */
static void tidy(struct light *l, struct machine *m)
{
    while (m->outbox_count > 0 && is_noted(&m->v, m->outbox[0])) {
        outbox_drop(m, 1);
    }
    if (m->outbox_count > 0) {
        const struct card *c = &l->cards[m->outbox[0]];
        struct ring_author author;
        struct err untold;
        uint64_t size = door_size(m->v.door);
        if (!keyring_author(door_keyring(m->v.door), size, &c->act.kid, &author, &untold) ||
            door_chain(m->v.door, &author).n > c->act.n) {
            m->outbox_count = 0;
        }
    }
}

static uint32_t witness_of(const struct machine *m)
{
    const struct keyring *ring = door_keyring(m->v.door);
    uint64_t size = door_size(m->v.door);
    uint32_t seat = keyring_find_seat(ring, &m->kid);
    if (seat == SEAT_NONE || !ring_seat_active(keyring_seat(ring, seat), size)) {
        return WITNESS_NONE;
    }
    uint32_t w = keyring_seat(ring, seat)->witness;
    const struct ring_naming *n = keyring_naming(ring, m->side, size);
    for (uint32_t i = 0; n != NULL && i < n->count; i++) {
        if (n->witnesses[i] == w) {
            return w;
        }
    }
    return WITNESS_NONE;
}

/* As the program has it: something new that is no countersign act, a day, a verdict that waits. */
static bool is_due(struct light *l, const struct machine *m, bool any,
                   const struct countersigned *last, uint64_t now)
{
    const struct table_state *s = light_state(&m->v);
    for (uint64_t i = any ? last->size : 0; i < m->v.count; i++) {
        if (l->cards[m->v.log[i]].act.control != CONTROL_COUNTERSIGN) {
            return true;
        }
    }
    for (uint32_t i = 0; i < s->proposal_count; i++) {
        const struct proposal_state *p = &s->proposals[i];
        if ((p->agreed_at != INDEX_NEVER && p->agreed_at > last->size) ||
            (p->bound_at != INDEX_NEVER && p->bound_at > last->size)) {
            return true;
        }
    }
    /* An hour that something waits for may have passed. */
    return now >= last->time + DAY ||
           (!l->resting && now > last->time + 3600 && prop_one_in(&l->rnd, 4));
}

static bool countersign(struct light *l, uint32_t machine, bool *out_did)
{
    struct machine *m = &l->machines[machine];
    struct light_author who = {machine, false};
    struct countersigned last = {0};
    uint64_t now = clock_now(&m->clock.clock);
    uint32_t w = witness_of(m);
    *out_did = false;
    if (m->numb || (m->cast->post == 0 && m->signed_term > door_term(m->v.door))) {
        return true; /* its root has signed the move: nothing more is countersigned there */
    }
    if (w == WITNESS_NONE || m->outbox_count > 0 || l->card_count + 64 > LIGHT_CARDS) {
        return true;
    }
    bool any = witness_last(door_witness(m->v.door), w, m->v.count, &last);
    if ((any && now < last.time) || now < m->witnessed_time || !is_due(l, m, any, &last, now)) {
        return true;
    }
    m->witnessed_time = now;
    m->witnessed_size = door_size(m->v.door);
    m->witnessed_root = door_root(m->v.door, m->witnessed_size);
    *out_did = true;
    struct bytes blob = light_countersign_blob(l, machine, door_size(m->v.door), now);
    struct act a = light_fields(l, who, CONTROL_COUNTERSIGN, blob);
    story_add(&l->story, ", countersigns %llu", (unsigned long long)door_size(m->v.door));
    return light_post(l, machine, light_card(l, who, &a, blob));
}

bool light_sync(struct light *l, uint32_t machine)
{
    struct machine *m = &l->machines[machine];
    bool did = false;
    if (m->cut || m->lied_to) {
        story_add(&l->story, ", cannot reach the host");
        return true;
    }
    if (!take(l, machine)) {
        return false;
    }
    tidy(l, m);
    if (m->outbox_count > 0 && (!flush(l, machine) || !take(l, machine))) {
        return false;
    }
    tidy(l, m);
    return (!m->honest && !m->dutiful) ||
           (countersign(l, machine, &did) && (!did || take(l, machine)));
}

/* ---- a hostile host ---- */

static bool release(struct light *l, uint32_t at, uint32_t branch)
{
    struct light_held h = l->held[at];
    bool noted = false;
    l->held[at] = l->held[--l->held_count];
    if (is_noted(&l->branches[branch].v, h.card)) {
        return true;
    }
    story_tell(&l->story, "HOST notes what it held of %s", name_of(l, l->cards[h.card].by));
    if (h.refused) {
        story_add(&l->story, " and had said to refuse");
        l->figures.late++;
    }
    return light_note(l, branch, h.card, &noted);
}

static uint32_t branch_count(const struct light *l)
{
    uint32_t n = 0;
    while (n < LIGHT_FORKS && l->branches[n].used) {
        n++;
    }
    return n;
}

static bool fork_tree(struct light *l)
{
    uint32_t n = branch_count(l);
    const struct branch *from = &l->branches[prop_below(&l->rnd, n)];
    uint32_t back = (uint32_t)prop_below(&l->rnd, 12);
    if (n == LIGHT_FORKS || from->v.count <= l->base_count + back) {
        return true;
    }
    uint32_t size = from->v.count - back;
    l->figures.forks++;
    story_tell(&l->story, "HOST begins another tree from the first %u acts", size);
    return light_branch_from(l, n, (uint32_t)(from - l->branches), size);
}

bool light_branch_from(struct light *l, uint32_t to, uint32_t of, uint32_t size)
{
    struct branch *b = &l->branches[to];
    const struct branch *from = &l->branches[of];
    light_view_open(l, &b->v, LIGHT_READER_ALL);
    b->used = true;
    if (!light_view_take(l, &b->v, from->v.log, size)) {
        return story_fail(&l->story, "plays", "a branch: %s", l->err.what);
    }
    memcpy(b->digest, from->digest, sizeof(b->digest));
    memcpy(b->final, from->final, sizeof(b->final));
    memset(b->span, 0, sizeof(b->span));
    b->bound_seen = 0;
    b->times_from = size;
    memset(b->outs, 0, sizeof(b->outs));
    for (uint32_t i = 0; i < charter_groups(&l->charter); i++) {
        b->outs[i] = witness_out(door_witness(b->v.door), i, size);
    }
    const struct table_state *s = light_state(&b->v);
    for (uint32_t i = 0; i < s->proposal_count && i < 32; i++) {
        if (s->proposals[i].bound_at != INDEX_NEVER) {
            b->bound_seen |= 1u << i;
            b->bound_at[i] = s->proposals[i].bound_at;
        }
    }
    return true;
}

static bool fits(const struct light *l, const struct machine *m, uint32_t branch)
{
    const struct view *v = &l->branches[branch].v;
    return m->v.count <= v->count &&
           memcmp(m->v.log, v->log, m->v.count * sizeof(m->v.log[0])) == 0;
}

bool light_host_step(struct light *l)
{
    uint32_t who = (uint32_t)prop_below(&l->rnd, l->machine_count);
    struct machine *m = &l->machines[who];
    uint32_t branches = branch_count(l);
    switch (prop_below(&l->rnd, 8)) {
    case 0:
        for (uint32_t i = 0; i < l->machine_count && !prop_one_in(&l->rnd, 8); i++) {
            m = l->machines[i].shown != UINT64_MAX ? &l->machines[i] : m; /* not for ever, mostly */
        }
        if ((l->vices & (uint32_t)VICE_FREEZE) != 0 && m->open && m->branch < LIGHT_FORKS) {
            m->shown = m->shown != UINT64_MAX
                           ? UINT64_MAX
                           : m->v.count + prop_below(&l->rnd, 4) - prop_one_in(&l->rnd, 8);
            story_tell(&l->story, "HOST shows %s %s", m->cast->name,
                       m->shown == UINT64_MAX ? "all again" : "no more");
            return true;
        }
        break;
    case 1:
        if ((l->vices & (uint32_t)VICE_FORK) != 0) {
            return fork_tree(l);
        }
        break;
    case 2:
    case 3: {
        uint32_t to = (uint32_t)prop_below(&l->rnd, branches);
        /* Mostly so that it does not notice. */
        if (branches > 1 && m->open && m->branch < LIGHT_FORKS &&
            (fits(l, m, to) || prop_one_in(&l->rnd, 30))) {
            m->branch = to;
            story_tell(&l->story, "HOST shows %s tree %u", m->cast->name, to);
            return true;
        }
        break;
    }
    default:
        break;
    }
    if (l->held_count == 0) {
        return true;
    }
    uint32_t at = (uint32_t)prop_below(&l->rnd, l->held_count);
    if (prop_one_in(&l->rnd, 12)) {
        l->held[at] = l->held[--l->held_count];
        story_tell(&l->story, "HOST loses what it held");
        return true;
    }
    return release(l, at,
                   branches > 1 && prop_one_in(&l->rnd, 4) ? (uint32_t)prop_below(&l->rnd, branches)
                                                           : l->held[at].branch);
}

/* It notes what it holds, hides nothing more; trees stay apart. */
bool light_host_rests(struct light *l)
{
    l->resting = true;
    while (l->held_count > 0) {
        if (!release(l, 0, l->held[0].branch)) {
            return false;
        }
    }
    for (uint32_t i = 0; i < l->machine_count; i++) {
        l->machines[i].shown = UINT64_MAX;
        l->machines[i].cut = false;
        l->machines[i].clock.off = 0;
        sim_clock_set(&l->machines[i].clock, l->now);
    }
    return true;
}
