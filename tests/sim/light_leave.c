/* SPDX-License-Identifier: Apache-2.0
 *
 * The table leaves its host in the middle of a deal (FORMAT 11): one principal after the other signs
 * the move, in any order; where their records differ the later ones take the record of who began, or
 * begin another move.  The old host is gone, or goes on with whoever has not followed.
 */
#include "sim/light_draft.h"

static const char *name_of(const struct light *l, uint32_t machine)
{
    return l->machines[machine].cast->name;
}

static uint32_t bit(uint32_t side)
{
    return UINT32_C(1) << side;
}

static bool has_left(const struct machine *m)
{
    return m->branch >= LIGHT_FORKS;
}

uint32_t light_home(const struct light *l)
{
    for (uint32_t i = 0; i < LIGHT_MOVES; i++) {
        if (l->moves[i].complete) {
            return l->moves[i].branch;
        }
    }
    return 0;
}

static uint32_t first_difference(const struct view *a, const struct view *b)
{
    uint32_t i = 0;
    while (i < a->count && i < b->count && a->log[i] == b->log[i]) {
        i++;
    }
    return i;
}

/* ---- what a side's root may sign ---- */

/* No less than what its own side has countersigned of this record; to begin with: than anybody has. */
static uint64_t reach_of(const struct machine *m, uint64_t *out_all)
{
    const struct keyring *ring = door_keyring(m->v.door);
    uint64_t own = m->floor;
    *out_all = own;
    for (uint32_t w = 0; w < keyring_witnesses(ring, m->v.count); w++) {
        struct countersigned last = {0};
        if (!witness_last(door_witness(m->v.door), w, m->v.count, &last)) {
            continue;
        }
        bool ours = keyring_seat(ring, keyring_witness(ring, w)->seat)->side == m->side;
        *out_all = last.size > *out_all ? last.size : *out_all;
        own = ours && last.size > own ? last.size : own;
    }
    /* Its guard: the host may have hidden what it signed last. */
    if (m->witnessed_size > own && m->witnessed_size <= m->v.count) {
        struct root_hash there = door_root(m->v.door, m->witnessed_size);
        own = ID_EQ(there, m->witnessed_root) ? m->witnessed_size : own;
    }
    *out_all = own > *out_all ? own : *out_all;
    return own;
}

static void remember_lost(struct light *l, struct machine *m, uint32_t machine, uint32_t from)
{
    for (uint32_t i = from; i < m->v.count + m->outbox_count; i++) {
        uint16_t card = i < m->v.count ? m->v.log[i] : m->outbox[i - m->v.count];
        const struct card *c = &l->cards[card];
        m->numb = m->numb || (c->by == machine && !c->root);
        if (c->by == machine && c->content != NULL && !c->by_identity &&
            m->lost_count < COUNT_OF(m->lost)) {
            m->lost[m->lost_count++] = card;
        }
    }
    m->outbox_count = 0;
}

/* The first `size` acts of that tree, in the place of what it holds. */
static bool take_instead(struct light *l, uint32_t machine, uint32_t branch, uint32_t size)
{
    struct machine *m = &l->machines[machine];
    const struct branch *b = &l->branches[branch];
    uint32_t from = first_difference(&m->v, &b->v);
    from = from > size ? size : from;
    if (from < m->v.count && m->witnessed_size > from) {
        m->gave_up = true; /* of what it has countersigned */
    }
    remember_lost(l, m, machine, from);
    light_view_close(&m->v);
    light_view_open(l, &m->v, machine);
    if (!light_view_take(l, &m->v, b->v.log, size)) {
        return story_fail(&l->story, "the_table_can_leave", "%s cannot take the record: %s",
                          name_of(l, machine), l->err.what);
    }
    m->lied_to = false;
    m->cut = false;
    m->shown = UINT64_MAX;
    m->final = b->final[size];
    return true;
}

/* ---- signing ---- */

static bool sign(struct light *l, uint32_t machine, struct light_move *move)
{
    struct machine *m = &l->machines[machine];
    struct light_author root = {machine, true};
    struct branch *b = &l->branches[move->branch];
    const struct succession s = {
        .size = move->size, .root = door_root(b->v.door, move->size), .host = move->host};
    struct buf raw;
    bool noted = false;
    buf_init(&raw, CONTROL_BLOB_MAX);
    succession_encode(&s, &raw);
    struct bytes blob = light_keep(l, &raw);
    const struct act a = {.kid = m->root16,
                          .table = l->table,
                          .term = move->term,
                          .seen_size = move->size,
                          .seen_root = s.root,
                          .blob = digest_plain(blob),
                          .blob_length = blob.n,
                          .commit = digest_plain(blob),
                          .control = CONTROL_SUCCESSION};
    story_tell(&l->story, "%s signs the move at act %llu", name_of(l, machine),
               (unsigned long long)move->size);
    if (!light_note(l, move->branch, light_card(l, root, &a, blob), &noted)) {
        return false;
    }
    if (!noted) {
        story_add(&l->story, " -> %s", l->err.what);
        return true;
    }
    m->signed_term = move->term;
    move->sides |= bit(m->side);
    move->complete = door_succession_missing(b->v.door) == 0;
    l->figures.moves += move->complete;
    if (move->complete) {
        story_add(&l->story, ": it is complete");
    }
    return true;
}

static bool begin(struct light *l, uint32_t machine)
{
    struct machine *m = &l->machines[machine];
    uint64_t w;
    uint32_t at = 0, from = 0;
    (void)reach_of(m, &w);
    while (at < LIGHT_MOVES && l->moves[at].used) {
        at++;
    }
    uint32_t n = LIGHT_FORKS + at;
    /* Some are kept for the end, when people show each other what they hold. */
    if (at == LIGHT_MOVES || (!l->resting && at >= LIGHT_MOVES / 2) || w < l->base_size) {
        return true;
    }
    /* The tree that it took its record from. */
    while (from < n &&
           (!l->branches[from].used || first_difference(&m->v, &l->branches[from].v) < w)) {
        from++;
    }
    if (from == n) {
        return story_fail(&l->story, "plays", "%s holds acts of two trees", name_of(l, machine));
    }
    story_tell(&l->story, "%s begins to move the table", name_of(l, machine));
    if (!light_branch_from(l, n, from, (uint32_t)w)) {
        return false;
    }
    struct light_move *move = &l->moves[at];
    *move = (struct light_move){
        .used = true, .branch = n, .size = w, .term = door_term(l->branches[n].v.door) + 1};
    move->host = signer_pk(l->next_hosts[at]);
    return sign(l, machine, move);
}

/* The others' record has to hold what this side has countersigned, and nothing that is final goes. */
static bool joins(struct light *l, uint32_t machine, struct light_move *move, bool *out)
{
    struct machine *m = &l->machines[machine];
    const struct branch *b = &l->branches[move->branch];
    uint64_t all;
    uint32_t same = first_difference(&m->v, &b->v);
    *out = false;
    if (same < move->size && same < m->floor) {
        story_tell(&l->story, "%s does not sign: what is final is not in it", name_of(l, machine));
        return true;
    }
    if (same < move->size && !take_instead(l, machine, move->branch, (uint32_t)move->size)) {
        return false;
    }
    *out = reach_of(m, &all) <= move->size;
    return !*out || sign(l, machine, move);
}

/* ---- following ---- */

/* Whose witness is his principal's own machine, and has to be asked: what it signs, its root knows. */
static bool knows_what_it_signed(const struct light *l, uint32_t side)
{
    for (uint32_t i = 0; i < l->machine_count; i++) {
        const struct machine *m = &l->machines[i];
        if (m->side == side && m->cast->post == 0 && m->gave_up) {
            return false;
        }
    }
    return light_side_honest(l, side) && (l->other_witness & bit(side)) == 0;
}

static bool what_is_final_comes_along(struct light *l, uint32_t machine,
                                      const struct light_move *move)
{
    const struct machine *m = &l->machines[machine];
    for (uint32_t side = 0; side < charter_groups(&l->charter); side++) {
        if ((move->sides & bit(side)) != 0 && knows_what_it_signed(l, side) &&
            keyring_naming(door_keyring(m->v.door), side, m->floor) != NULL &&
            !witness_out(door_witness(m->v.door), side, m->floor)) {
            return story_fail(&l->story, "what_is_final_comes_along",
                              "%s knew %llu acts to be final, which side %u has countersigned, and "
                              "its root moved the table without them",
                              name_of(l, machine), (unsigned long long)m->floor, side);
        }
    }
    return true;
}

/* Filed again through the desk: a new act, or a reason why not. */
static bool refile(struct light *l, uint32_t machine)
{
    struct machine *m = &l->machines[machine];
    uint32_t count = m->lost_count, done = 0;
    m->lost_count = 0;
    for (uint32_t i = 0; i < count && m->honest && draft_is_seated(l, machine); i++) {
        struct draft d;
        struct err untold;
        uint32_t made = l->card_count;
        draft_begin(l, machine, &d);
        if (m->outbox_count + 3 >= LIGHT_OUTBOX || l->card_count + 64 > LIGHT_CARDS ||
            !payload_from(l->cards[m->lost[i]].content, &l->cards_mem, &d.p, &untold)) {
            continue;
        }
        if (d.p.has_answers) {
            d.refs[0] = d.p.answers;
            d.accepts = d.p.kind == KIND_ANSWER &&
                        (d.p.answer == ANSWER_ACCEPT || d.p.answer == ANSWER_AD_REFERENDUM);
        }
        story_tell(&l->story, "%s files again: ", name_of(l, machine));
        if (!draft_file(&d, kind_word(d.p.kind)) || !light_sync(l, machine)) {
            return false;
        }
        done += l->card_count > made;
    }
    l->figures.refiled += done;
    return true;
}

static bool follow(struct light *l, uint32_t machine, const struct light_move *move)
{
    struct machine *m = &l->machines[machine];
    const struct branch *b = &l->branches[move->branch];
    uint32_t same = first_difference(&m->v, &b->v);
    if (same < m->floor) {
        story_tell(&l->story, "%s does not follow: what is final is not in it",
                   name_of(l, machine));
        m->stays = true;
        return what_is_final_comes_along(l, machine, move);
    }
    story_tell(&l->story, "%s follows to the new host", name_of(l, machine));
    l->figures.followed++;
    if (!take_instead(l, machine, move->branch, b->v.count)) {
        return false;
    }
    m->branch = move->branch;
    m->numb = false;
    /* Who was admitted by an act that did not come along is admitted again, or not at all. */
    if (keyring_find_seat(door_keyring(m->v.door), &m->kid) == SEAT_NONE) {
        light_view_close(&m->v);
        m->open = m->joined = false;
        m->lost_count = 0;
        return true;
    }
    return light_check_machine(l, machine) && refile(l, machine);
}

/* ---- steps ---- */

static bool one(struct light *l, uint32_t machine)
{
    struct machine *m = &l->machines[machine];
    if (!m->open || m->stays || has_left(m) || l->card_count + 128 > LIGHT_CARDS) {
        return true;
    }
    for (uint32_t i = 0; i < LIGHT_MOVES; i++) {
        if (l->moves[i].complete) {
            return follow(l, machine, &l->moves[i]);
        }
    }
    const struct keyring *ring = door_keyring(m->v.door);
    bool root = m->cast->post == 0 && m->side < charter_groups(&l->charter) &&
                keyring_find_seat(ring, &m->kid) != SEAT_NONE &&
                keyring_naming(ring, m->side, m->v.count) != NULL;
    if (!root) {
        return true;
    }
    /* Where a newer one was begun all agree that those before it are off. */
    uint32_t newest = 0;
    while (newest + 1 < LIGHT_MOVES && l->moves[newest + 1].used) {
        newest++;
    }
    struct light_move *move = &l->moves[newest];
    bool did = false;
    if (move->used && (move->sides & bit(m->side)) != 0) {
        return true;
    }
    if (move->used && !joins(l, machine, move, &did)) {
        return false;
    }
    if (did) {
        return !move->complete || follow(l, machine, move);
    }
    return begin(l, machine);
}

bool light_leave_step(struct light *l)
{
    return one(l, (uint32_t)prop_below(&l->rnd, l->machine_count));
}

bool light_leave_finish(struct light *l)
{
    bool fair = true;
    for (int pass = 0; pass < 6; pass++) {
        /* Who holds most that was countersigned goes first: the others join. */
        uint32_t first = 0;
        uint64_t most = 0, all;
        for (uint32_t i = 0; i < l->machine_count; i++) {
            const struct machine *m = &l->machines[i];
            uint64_t reach = m->open && m->cast->post == 0 ? reach_of(m, &all) : 0;
            first = reach > most ? i : first;
            most = reach > most ? reach : most;
        }
        for (uint32_t i = 0; i < l->machine_count; i++) {
            if (!one(l, (first + i) % l->machine_count)) {
                return false;
            }
        }
    }
    for (uint32_t i = 0; i < l->machine_count; i++) {
        fair = fair && l->machines[i].honest;
    }
    /* Where all hold parts of one record and are honest, nothing keeps them. */
    if (!fair || (l->vices & (uint32_t)VICE_FORK) != 0 || l->other_witness != 0) {
        return true;
    }
    for (uint32_t i = 0; i < l->machine_count; i++) {
        const struct machine *m = &l->machines[i];
        if (m->open && !has_left(m)) {
            return story_fail(&l->story, "the_table_can_leave", "%s is not at the new host",
                              name_of(l, i));
        }
    }
    return true;
}

/* ---- a set piece ---- */

static bool hostile_root(const struct light *l, uint32_t machine)
{
    const struct machine *m = &l->machines[machine];
    return m->open && !m->honest && m->cast->post == 0;
}

/* Its roots countersign that tree, and whoever is shown it takes it for final. */
static bool countersigned_by_all(struct light *l, const struct light_move *move, uint32_t shown)
{
    for (int pass = 0; pass < 2; pass++) {
        for (uint32_t i = 0; i < l->machine_count; i++) {
            struct machine *m = &l->machines[i];
            if (!hostile_root(l, i)) {
                continue;
            }
            m->dutiful = true;
            m->branch = move->branch;
            m->numb = false;
            story_tell(&l->story, "%s is at the host of tree %u", name_of(l, i), move->branch);
            if (!take_instead(l, i, move->branch, l->branches[move->branch].v.count) ||
                !light_sync(l, i)) {
                return false;
            }
        }
        light_wait(l, 60);
    }
    return light_sync(l, shown);
}

/* The principals of all sides move the table to two hosts, and countersign both. */
bool light_two_moves(struct light *l, uint32_t one_witness, uint32_t other_witness)
{
    uint32_t root = WORLD_SEAT_NONE;
    for (uint32_t i = 0; i < l->machine_count; i++) {
        struct machine *m = &l->machines[i];
        m->honest = m->cast->post != 0 || m->side >= charter_groups(&l->charter);
        root = !m->honest && root == WORLD_SEAT_NONE ? i : root;
    }
    for (uint32_t at = 0; at < 2; at++) {
        if (!begin(l, root)) {
            return false;
        }
        for (uint32_t i = 0; i < l->machine_count; i++) {
            if (hostile_root(l, i) && i != root && !sign(l, i, &l->moves[at])) {
                return false;
            }
        }
        if (!l->moves[at].complete) {
            return story_fail(&l->story, "plays", "the move is not complete: %s", l->err.what);
        }
    }
    uint64_t before = l->figures.two_finals;
    return follow(l, one_witness, &l->moves[0]) && follow(l, other_witness, &l->moves[1]) &&
           countersigned_by_all(l, &l->moves[0], one_witness) &&
           countersigned_by_all(l, &l->moves[1], other_witness) && light_prosecute(l) &&
           (l->figures.two_finals > before ||
            story_fail(&l->story, "plays", "the two records are not both final"));
}
