/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/prosecute.h"

#include "os/file.h"
#include "record/cosign.h"
#include "record/fraud.h"
#include "record/proof.h"
#include "sim/invariant.h"

/* Two honest replicas, and the first index at which they differ. */
struct pair {
    struct world *w;
    struct seat_sim *a, *b;
    struct bytes note_a, note_b;
    struct checkpoint cp_a, cp_b;
    uint64_t split;     /* INDEX_NEVER: one goes on from the other */
    bool host_guilty;   /* these notes convict it */
    uint32_t witnesses; /* bits: sides of which one is convicted of having signed both */
    struct arena *mem;
};

#define PROOFS_KEPT 400u /* files of one program */

/* For the independent checker: what was tried, and what came of it. */
static void keep_proof(struct world *w, struct bytes raw, bool ok)
{
    char name[FILE_PATH_MAX];
    struct buf b;
    struct err untold = {0}; /* the test counts the files */
    if (w->proofs == NULL || w->proof_count >= PROOFS_KEPT) {
        return;
    }
    buf_over(&b, name, sizeof(name));
    buf_printf(&b, "%s/%s-%04u.%s", w->proofs, w->shape->name, w->proof_count++,
               ok ? "convicts" : "acquits");
    bool kept = file_create(buf_str(&b), FILE_PLAIN, raw, &untold);
    (void)kept;
}

/* Written, read again and checked, as a stranger would. */
static bool convicts(struct pair *p, const struct fraud *f)
{
    struct buf raw;
    struct fraud again;
    struct err untold = {0}; /* it convicts, or it does not */
    buf_init(&raw, FRAUD_BYTES_MAX);
    fraud_encode(f, &raw);
    bool ok = buf_done(&raw, "a fraud proof", &untold) &&
              fraud_decode(buf_bytes(&raw), &again, &untold) && fraud_check(&again, &untold);
    keep_proof(p->w, buf_bytes(&raw), ok);
    buf_free(&raw);
    invariants_count(p->w->inv)->proofs += ok;
    return ok;
}

static bool note_of(struct pair *p, struct seat_sim *s, struct bytes *out, struct checkpoint *cp)
{
    struct note note;
    return store_note(s->r.store, p->mem, out, &p->w->err) && out->n > 0 &&
           note_decode(*out, &note, &p->w->err) && checkpoint_parse(note.body, cp, &p->w->err);
}

static uint64_t first_difference(const struct pair *p)
{
    uint64_t a = door_size(p->a->r.door), b = door_size(p->b->r.door);
    uint64_t least = a < b ? a : b;
    for (uint64_t i = 0; i < least; i++) {
        struct leaf_hash x = door_leaf(p->a->r.door, i), y = door_leaf(p->b->r.door, i);
        if (!ID_EQ(x, y)) {
            return i;
        }
    }
    return INDEX_NEVER;
}

/* The leaves at the split, in trees of these sizes; false where one ends before it. */
static bool show_split(struct pair *p, uint64_t size_a, uint64_t size_b, struct fraud_leaves *out)
{
    struct node_source na = door_nodes(p->a->r.door), nb = door_nodes(p->b->r.door);
    struct err untold = {0};
    if (p->split >= size_a || p->split >= size_b) {
        return false;
    }
    *out = (struct fraud_leaves){.index = p->split,
                                 .leaf_a = door_leaf(p->a->r.door, p->split),
                                 .leaf_b = door_leaf(p->b->r.door, p->split)};
    return merkle_inclusion(&na, p->split, size_a, &out->path_a, &untold) &&
           merkle_inclusion(&nb, p->split, size_b, &out->path_b, &untold);
}

static bool accuse_host(struct pair *p)
{
    struct fraud f = {.kind = FRAUD_FORK,
                      .table = p->w->table,
                      .accused = p->w->host_pk,
                      .a = p->note_a,
                      .b = p->note_b};
    f.has_leaves = p->cp_a.size != p->cp_b.size &&
                   show_split(p, p->cp_a.size, p->cp_b.size, &f.leaves);
    return convicts(p, &f);
}

/* ---- authors and witnesses ---- */

struct seen_act {
    struct act act;
    struct bytes raw, blob;
    uint64_t index;
};

static bool read_act(struct pair *p, struct seat_sim *s, uint64_t index, struct seen_act *out)
{
    *out = (struct seen_act){.index = index};
    bool ok = store_read_leaf(s->r.store, index, p->mem, &out->raw, &p->w->err) &&
              act_decode(out->raw, &out->act, &p->w->err);
    if (ok && out->act.control == CONTROL_COUNTERSIGN) {
        ok = store_read_blob(s->r.store, &out->act.blob, p->mem, &out->blob, &p->w->err);
    }
    return ok;
}

static bool key_of(struct pair *p, struct seat_sim *s, const struct seen_act *x,
                   struct ring_author *out)
{
    return keyring_author(door_keyring(s->r.door), x->index, &x->act.kid, out, &p->w->err);
}

/* Is the owner of this seat key, or of this side's root, honest? */
static bool honest_author(const struct world *w, const struct ring_author *author)
{
    for (uint32_t i = 0; i < w->count; i++) {
        const struct seat_sim *s = &w->seats[i];
        if (s->keys == NULL || s->honest) {
            continue;
        }
        struct kid own = signer_kid(keys_signer(s->keys, KEY_SEAT));
        if (ID_EQ(own, *author->kid) ||
            (author->type == KEY_ROOT && s->open && s->r.side == author->side)) {
            return false;
        }
    }
    return true;
}

static bool blame(struct pair *p, const struct fraud *f, const struct ring_author *author)
{
    if (!convicts(p, f) || !honest_author(p->w, author) || p->host_guilty) {
        return true;
    }
    return story_fail(&p->w->story, "honest_is_never_framed",
                      "a proof of kind %s convicts an honest author of side %u, and nothing the "
                      "host",
                      fraud_word(f->kind), author->side);
}

static bool try_double(struct pair *p, const struct seen_act *x, const struct seen_act *y)
{
    struct node_source na = door_nodes(p->a->r.door), nb = door_nodes(p->b->r.door);
    struct ring_author author;
    struct buf pa, pb;
    struct err untold = {0};
    if (!ID_EQ(x->act.kid, y->act.kid) || x->act.term != y->act.term || x->act.n != y->act.n ||
        !key_of(p, p->a, x, &author) || x->index >= p->cp_a.size || y->index >= p->cp_b.size) {
        return true;
    }
    buf_init(&pa, PROOF_BYTES_MAX);
    buf_init(&pb, PROOF_BYTES_MAX);
    bool ok = true;
    if (proof_make(&na, x->index, p->note_a, &pa, &untold) &&
        proof_make(&nb, y->index, p->note_b, &pb, &untold)) {
        struct fraud f = {.kind = FRAUD_DOUBLE,
                          .table = p->w->table,
                          .accused = *author.pk,
                          .host = p->w->host_pk,
                          .a = x->raw,
                          .b = y->raw,
                          .proof_a = buf_bytes(&pa),
                          .proof_b = buf_bytes(&pb)};
        ok = blame(p, &f, &author);
    }
    buf_free(&pa);
    buf_free(&pb);
    return ok;
}

static bool try_seen(struct pair *p, struct bytes note, struct seat_sim *s,
                     const struct seen_act *x)
{
    struct ring_author author;
    if (!key_of(p, s, x, &author)) {
        return true;
    }
    struct fraud f = {.kind = FRAUD_SEEN,
                      .table = p->w->table,
                      .accused = *author.pk,
                      .host = p->w->host_pk,
                      .a = note,
                      .b = x->raw};
    return blame(p, &f, &author);
}

static bool try_witness(struct pair *p, const struct seen_act *x, const struct seen_act *y)
{
    struct countersign cx, cy;
    struct ring_author author;
    if (x->act.control != CONTROL_COUNTERSIGN || y->act.control != CONTROL_COUNTERSIGN ||
        !ID_EQ(x->act.kid, y->act.kid) || !key_of(p, p->a, x, &author) ||
        author.seat == SEAT_NONE || !countersign_parse(x->blob, &cx, &p->w->err) ||
        !countersign_parse(y->blob, &cy, &p->w->err)) {
        return true;
    }
    struct fraud f = {
        .kind = FRAUD_WITNESS,
        .table = p->w->table,
        .accused = keyring_seat(door_keyring(p->a->r.door), author.seat)->keys.witness,
        .a = x->blob,
        .b = y->blob};
    f.has_leaves = cx.size != cy.size && show_split(p, cx.size, cy.size, &f.leaves);
    if (!convicts(p, &f)) {
        return true;
    }
    p->witnesses |= UINT32_C(1) << author.side;
    if (!honest_author(p->w, &author)) {
        return true;
    }
    return story_fail(&p->w->story, "honest_is_never_framed",
                      "a proof convicts an honest witness of side %u", author.side);
}

/* Every act of one behind the split against every act of the other. */
static bool try_all(struct pair *p)
{
    uint64_t end_a = door_size(p->a->r.door), end_b = door_size(p->b->r.door);
    for (uint64_t i = p->split; i < end_a; i++) {
        size_t mark = arena_mark(p->mem);
        struct seen_act x, y;
        if (!read_act(p, p->a, i, &x) || !try_seen(p, p->note_b, p->a, &x)) {
            return false;
        }
        for (uint64_t k = p->split; k < end_b; k++) {
            size_t inner = arena_mark(p->mem);
            if (!read_act(p, p->b, k, &y) || !try_double(p, &x, &y) || !try_witness(p, &x, &y) ||
                (i == p->split && !try_seen(p, p->note_a, p->b, &y))) {
                return false;
            }
            arena_rewind(p->mem, inner);
        }
        arena_rewind(p->mem, mark);
    }
    return true;
}

/* Two records that are final and exclude each other: in every group one has signed both, and is
 * convicted of it by these two records alone. */
static bool collusion_is_proved(struct pair *p)
{
    const struct door *a = p->a->r.door, *b = p->b->r.door;
    uint64_t fa = witness_final(door_witness(a), door_size(a));
    uint64_t fb = witness_final(door_witness(b), door_size(b));
    if (fa <= p->split || fb <= p->split) {
        return true;
    }
    invariants_count(p->w->inv)->two_finals++;
    for (uint32_t i = 0; i < SIDES_MAX; i++) {
        bool counts = keyring_naming(door_keyring(a), i, p->split) != NULL &&
                      !witness_out(door_witness(a), i, fa) && !witness_out(door_witness(b), i, fb);
        if (counts && (p->witnesses >> i & 1) == 0) {
            return story_fail(
                &p->w->story, "collusion_is_proved",
                "%s and %s hold two final records from act %llu on, and no witness of "
                "side %u is convicted",
                p->a->cast->name, p->b->cast->name, (unsigned long long)p->split, i);
        }
    }
    return true;
}

/* One of them has left for a new host, the other has not: no lie of anybody. */
static bool has_left(const struct pair *p)
{
    /* Checkpoints of two terms exclude nothing; what the one had of the old term it kept as evidence. */
    return keyring_terms(door_keyring(p->a->r.door)) != keyring_terms(door_keyring(p->b->r.door));
}

static bool lay_side_by_side(struct world *w, uint32_t i, uint32_t k)
{
    struct pair p = {
        .w = w, .a = &w->seats[i], .b = &w->seats[k], .mem = &w->seats[i].r.scratch.mem};
    p.split = first_difference(&p);
    if (p.split == INDEX_NEVER || has_left(&p) || !note_of(&p, p.a, &p.note_a, &p.cp_a) ||
        !note_of(&p, p.b, &p.note_b, &p.cp_b)) {
        arena_wipe(p.mem);
        return true;
    }
    invariants_count(w->inv)->forks++;
    p.host_guilty = accuse_host(&p);
    bool ok = (p.host_guilty ||
               story_fail(&w->story, "fork_is_proved",
                          "%s and %s hold two records from act %llu on, and no proof names the "
                          "host",
                          p.a->cast->name, p.b->cast->name, (unsigned long long)p.split)) &&
              try_all(&p) && collusion_is_proved(&p);
    arena_wipe(p.mem);
    return ok;
}

bool prosecute(struct world *w)
{
    for (uint32_t i = 0; i < w->count; i++) {
        for (uint32_t k = i + 1; k < w->count; k++) {
            if (w->seats[i].open && w->seats[k].open && w->seats[i].honest && w->seats[k].honest &&
                !lay_side_by_side(w, i, k)) {
                return false;
            }
        }
    }
    return true;
}
