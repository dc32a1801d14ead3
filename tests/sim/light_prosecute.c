/* SPDX-License-Identifier: Apache-2.0
 *
 * The first cross-read: records of honest machines that contradict each other are laid side by side.
 * What hosts and witnesses said on either tree is signed now, with their real keys: nobody at a light
 * table looked at a signature before.
 */
#include "sim/light.h"

#include "record/cosign.h"
#include "record/fraud.h"

/* Two machines, and the first act in which their records differ. */
struct cross {
    struct light *l;
    const struct machine *a, *b;
    uint32_t split;
    uint32_t convicted; /* bits: sides of which a witness is */
};

static const struct signer *host_of(const struct light *l, uint32_t branch)
{
    return branch < LIGHT_FORKS ? l->rec.host : l->next_hosts[branch - LIGHT_FORKS];
}

static void note_of(const struct cross *c, const struct machine *m, uint64_t size, struct buf *out)
{
    const struct light *l = c->l;
    struct err untold;
    uint32_t term = keyring_term_of_size(door_keyring(m->v.door), size);
    const struct checkpoint cp = {
        .table = l->table, .term = term, .size = size, .root = door_root(m->v.door, size)};
    /* A tree that has not left its first host is signed by that one. */
    bool ok = checkpoint_sign(&cp, term == 0 ? l->rec.host : host_of(l, m->branch), out, &untold);
    (void)ok; /* what cannot be signed convicts nobody, and that is found */
}

static bool show_split(const struct cross *c, uint64_t size_a, uint64_t size_b,
                       struct fraud_leaves *out)
{
    struct node_source a = door_nodes(c->a->v.door), b = door_nodes(c->b->v.door);
    struct err untold;
    *out = (struct fraud_leaves){.index = c->split,
                                 .leaf_a = door_leaf(c->a->v.door, c->split),
                                 .leaf_b = door_leaf(c->b->v.door, c->split)};
    return merkle_inclusion(&a, c->split, size_a, &out->path_a, &untold) &&
           merkle_inclusion(&b, c->split, size_b, &out->path_b, &untold);
}

/* Written, read again and checked, as a stranger would. */
static bool convicts(const struct cross *c, const struct fraud *f)
{
    struct buf raw;
    struct fraud again;
    struct err untold;
    buf_init(&raw, FRAUD_BYTES_MAX);
    fraud_encode(f, &raw);
    bool ok = buf_done(&raw, "a fraud proof", &untold) &&
              fraud_decode(buf_bytes(&raw), &again, &untold) && fraud_check(&again, &untold);
    buf_free(&raw);
    c->l->figures.proofs += ok;
    return ok;
}

/* Of one term: then one host has signed both. */
static bool fork_is_proved(struct cross *c)
{
    uint64_t na = c->a->v.count, nb = c->b->v.count;
    uint32_t ta = keyring_term_of_size(door_keyring(c->a->v.door), na);
    uint32_t tb = keyring_term_of_size(door_keyring(c->b->v.door), nb);
    struct buf a, b;
    if (ta != 0 || tb != 0) {
        return true; /* one of them has left: that is no lie */
    }
    buf_init(&a, NOTE_BYTES_MAX);
    buf_init(&b, NOTE_BYTES_MAX);
    note_of(c, c->a, na, &a);
    note_of(c, c->b, nb, &b);
    struct fraud f = {.kind = FRAUD_FORK,
                      .table = c->l->table,
                      .accused = signer_pk(c->l->rec.host),
                      .a = buf_bytes(&a),
                      .b = buf_bytes(&b)};
    f.has_leaves = na != nb && show_split(c, na, nb, &f.leaves);
    bool ok = convicts(c, &f);
    buf_free(&a);
    buf_free(&b);
    return ok || story_fail(&c->l->story, "fork_is_proved",
                            "%s and %s hold two records from act %u on, and no proof names the "
                            "host",
                            c->a->cast->name, c->b->cast->name, c->split);
}

/* What this witness countersigned last above the split; false: nothing. */
static bool last_above(const struct cross *c, const struct machine *holder, uint32_t witness,
                       struct countersigned *out)
{
    return witness < keyring_witnesses(door_keyring(holder->v.door), holder->v.count) &&
           witness_last(door_witness(holder->v.door), witness, holder->v.count, out) &&
           out->size > c->split;
}

static bool line_of(const struct cross *c, const struct machine *holder, uint32_t witness,
                    const struct signer *key, const struct countersigned *what, struct buf *out)
{
    struct buf note;
    struct err untold;
    buf_init(&note, NOTE_BYTES_MAX);
    note_of(c, holder, what->size, &note);
    bool ok = countersign_make(buf_bytes(&note), &c->l->table, witness, what->time, key, out,
                               &untold);
    buf_free(&note);
    return ok;
}

static bool try_witness(struct cross *c, const struct machine *w)
{
    struct light *l = c->l;
    const struct keyring *ra = door_keyring(c->a->v.door), *rb = door_keyring(c->b->v.door);
    uint32_t sa = keyring_find_seat(ra, &w->kid), sb = keyring_find_seat(rb, &w->kid);
    struct countersigned x, y;
    if (sa == SEAT_NONE || sb == SEAT_NONE) {
        return true;
    }
    uint32_t wa = keyring_seat(ra, sa)->witness, wb = keyring_seat(rb, sb)->witness;
    if (wa != wb || !last_above(c, c->a, wa, &x) || !last_above(c, c->b, wb, &y)) {
        return true;
    }
    const struct signer *key = l->rec.sides[w->side].seats[w->cast->post].witness;
    struct buf a, b;
    buf_init(&a, COUNTERSIGN_BLOB_MAX);
    buf_init(&b, COUNTERSIGN_BLOB_MAX);
    struct fraud f = {.kind = FRAUD_WITNESS, .table = l->table, .accused = signer_pk(key)};
    bool ok = line_of(c, c->a, wa, key, &x, &a) && line_of(c, c->b, wb, key, &y, &b);
    f.a = buf_bytes(&a);
    f.b = buf_bytes(&b);
    f.has_leaves = x.size != y.size && show_split(c, x.size, y.size, &f.leaves);
    bool guilty = ok && convicts(c, &f);
    buf_free(&a);
    buf_free(&b);
    c->convicted |= guilty ? UINT32_C(1) << w->side : 0;
    return !guilty || !w->honest ||
           story_fail(&l->story, "honest_is_never_framed", "a proof convicts %s, who is honest",
                      w->cast->name);
}

/* The same witnesses on both sides of the split: a group that named others said so in one tree. */
static bool same_witnesses(const struct cross *c, uint32_t side)
{
    const struct ring_naming *x = keyring_naming(door_keyring(c->a->v.door), side, c->a->final);
    const struct ring_naming *y = keyring_naming(door_keyring(c->b->v.door), side, c->b->final);
    if (x == NULL || y == NULL || x->count != y->count) {
        return false;
    }
    for (uint32_t i = 0; i < x->count; i++) {
        if (x->witnesses[i] != y->witnesses[i]) {
            return false;
        }
    }
    return true;
}

static bool collusion_is_proved(struct cross *c)
{
    if (c->a->final <= c->split || c->b->final <= c->split) {
        return true;
    }
    c->l->figures.two_finals++;
    uint32_t ta = keyring_term_of_size(door_keyring(c->a->v.door), c->a->final);
    uint32_t tb = keyring_term_of_size(door_keyring(c->b->v.door), c->b->final);
    for (uint32_t side = 0; side < charter_groups(&c->l->charter); side++) {
        bool covers = same_witnesses(c, side) &&
                      !witness_out(door_witness(c->a->v.door), side, c->a->final) &&
                      !witness_out(door_witness(c->b->v.door), side, c->b->final);
        if (covers && ta == tb && (c->convicted >> side & 1u) == 0) {
            return story_fail(&c->l->story, "collusion_is_proved",
                              "%s and %s hold two final records from act %u on, and no witness of "
                              "side %u is convicted",
                              c->a->cast->name, c->b->cast->name, c->split, side);
        }
    }
    return true;
}

static bool lay_side_by_side(struct light *l, const struct machine *a, const struct machine *b,
                             bool *out_differ)
{
    struct cross c = {.l = l, .a = a, .b = b};
    while (c.split < a->v.count && c.split < b->v.count && a->v.log[c.split] == b->v.log[c.split]) {
        c.split++;
    }
    *out_differ = c.split < a->v.count && c.split < b->v.count;
    if (!*out_differ) {
        return true;
    }
    for (uint32_t i = 0; i < l->machine_count; i++) {
        if (l->machines[i].joined && !try_witness(&c, &l->machines[i])) {
            return false;
        }
    }
    return fork_is_proved(&c) && collusion_is_proved(&c);
}

/* Of each pair of trees the first two machines that hold them. */
bool light_prosecute(struct light *l)
{
    bool looked[LIGHT_BRANCHES][LIGHT_BRANCHES] = {{false}};
    for (uint32_t i = 0; i < l->machine_count; i++) {
        for (uint32_t k = i + 1; k < l->machine_count; k++) {
            const struct machine *a = &l->machines[i], *b = &l->machines[k];
            bool differ = false;
            if (!a->open || !b->open || !a->honest || !b->honest || looked[a->branch][b->branch]) {
                continue;
            }
            if (!lay_side_by_side(l, a, b, &differ)) {
                return false;
            }
            looked[a->branch][b->branch] = looked[b->branch][a->branch] = differ;
        }
    }
    return true;
}
