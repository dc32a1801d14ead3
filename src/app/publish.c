/* SPDX-License-Identifier: Apache-2.0 */
#include "app/publish.h"

#include "app/check.h"
#include "base/sort.h"
#include "record/cosign.h"
#include "record/excerpt.h"
#include "record/policy.h"

#define EXCERPT_BYTES_MAX ((size_t)512 << 20)
#define BOUNDS_MAX 65536u
#define SIZES_MAX 1024u
#define SIZES_OF_ONE 4u /* of one witness: its newest, and so the likeliest to be shared */

/* ---- consent ---- */

static bool carries_keys(uint32_t kind)
{
    return kind == (uint32_t)KIND_EPOCH || kind == (uint32_t)KIND_GRANT ||
           kind == (uint32_t)KIND_VOID;
}

static bool opened_here(struct replica *r, uint64_t index, struct act *act, struct opened_act *o,
                        struct err *err)
{
    unsigned long long shown = index;
    if (index >= door_size(r->door)) {
        return err_set(err, ERR_USE, "there is no act %llu: the record has %llu", shown,
                       (unsigned long long)door_size(r->door));
    }
    if (!replica_act(r, index, &r->scratch.mem, act, o, err)) {
        return false;
    }
    if (act->control != CONTROL_SEALED) {
        return err_set(err, ERR_USE, "act %llu is readable to all as it is: a %s act", shown,
                       control_word(act->control)) ||
               err_mend(err, "leave it out; what proves the others is put in by itself");
    }
    if (!o->open) {
        return err_set(err, ERR_KEY, "act %llu is sealed, and not for this seat", shown) ||
               err_mend(err, "ask somebody who sits in its room to publish it");
    }
    return o->how.matches ||
           err_set(err, ERR_RULE, "act %llu is not what its envelope says", shown);
}

bool publish_allowed(struct replica *r, uint64_t index, struct err *err)
{
    const struct table_state *s = fold_state(r->fold);
    struct act act;
    struct opened_act o;
    struct room room;
    unsigned long long shown = index;
    if (!opened_here(r, index, &act, &o, err)) {
        return false;
    }
    if (carries_keys(o.content.header.kind)) {
        return err_set(err, ERR_RULE, "act %llu carries keys: whoever has it reads more than it",
                       shown) ||
               err_mend(err, "publish the acts that you mean themselves");
    }
    if (!s->has_charter) {
        return err_set(err, ERR_STATE, "without the charter this seat cannot tell who sits where");
    }
    if (!room_parse(&s->charter, o.content.header.room, &room)) {
        return err_set(err, ERR_RULE, "act %llu was filed in no room of this table", shown);
    }
    struct leaf_hash leaf = door_leaf(r->door, index);
    const struct consent_state *c = state_consent(s, &leaf);
    for (uint32_t side = 0; side < s->charter.side_count; side++) {
        if (!s->charter.sides[side].present || !room_has_side(&s->charter, room, side) ||
            (c != NULL && (c->sides >> side & 1) != 0)) {
            continue;
        }
        struct text name = state_side_name(s, side);
        return err_set(err, ERR_RULE, "%.*s has not agreed to publish act %llu", TEXT_ARG(name),
                       shown) ||
               err_at(err, "%.*s, where every delegation must agree",
                      TEXT_ARG(o.content.header.room)) ||
               err_mend(err, "ask %.*s: entente consent %llu", TEXT_ARG(name), shown);
    }
    return true;
}

/* ---- under which checkpoint ---- */

struct under {
    uint64_t size;
    uint32_t groups; /* bits: whose lines there are for this very size */
    bool all;        /* of all groups that are not out */
    bool times;      /* everything shown is final, and its hour known, by the acts below */
};

/* Which groups have countersigned this very size? */
static void look_at_lines(const struct replica *r, struct under *u)
{
    const struct witness_log *log = door_witness(r->door);
    const struct keyring *ring = door_keyring(r->door);
    u->groups = 0;
    u->all = false;
    bool missing = false;
    for (uint32_t side = 0; side < SIDES_MAX; side++) {
        const struct ring_naming *g = keyring_naming(ring, side, u->size);
        uint32_t have = 0;
        for (uint32_t i = 0; g != NULL && i < g->count; i++) {
            struct countersigned c;
            have += witness_first_above(log, g->witnesses[i], u->size - 1, INDEX_NEVER, &c) &&
                    c.size == u->size;
        }
        if (g != NULL && have >= g->needed) {
            u->groups |= UINT32_C(1) << side;
            u->all = true;
        } else if (g != NULL && !witness_out(log, side, u->size)) {
            missing = true;
        }
    }
    u->all = u->all && !missing;
}

static bool better(const struct under *a, const struct under *b)
{
    int x = __builtin_popcount(a->groups), y = __builtin_popcount(b->groups);
    if (a->times != b->times) {
        return a->times;
    }
    if (a->all != b->all) {
        return a->all;
    }
    if (x != y) {
        return x > y;
    }
    return a->size > b->size;
}

static bool times_known(const struct replica *r, const struct act *acts, const uint64_t *indexes,
                        size_t count, uint64_t size)
{
    const struct witness_log *log = door_witness(r->door);
    uint64_t final = witness_final(log, size);
    for (size_t i = 0; i < count; i++) {
        if (indexes[i] >= final || !witness_t(log, indexes[i], size).known ||
            (witness_b(log, acts[i].seen_size, INDEX_NEVER).known &&
             !witness_b(log, acts[i].seen_size, size).known)) {
            return false;
        }
    }
    return true;
}

/* Sizes above `last` for which a host's line is held: the newest checkpoint's, and those that were
 * countersigned. */
static size_t sizes_above(const struct replica *r, uint64_t newest, uint64_t last, uint64_t *out)
{
    const struct witness_log *log = door_witness(r->door);
    size_t n = 0;
    out[n++] = newest;
    for (uint32_t w = 0; w < keyring_witnesses(door_keyring(r->door), INDEX_NEVER); w++) {
        size_t have = witness_count(log, w, INDEX_NEVER);
        for (size_t i = 0; i < SIZES_OF_ONE && i < have && n < SIZES_MAX; i++) {
            uint64_t size = witness_get(log, w, have - 1 - i).size;
            if (size > last) {
                out[n++] = size;
            }
        }
    }
    return n;
}

static bool choose(struct replica *r, uint64_t newest, const struct act *acts,
                   const uint64_t *indexes, size_t count, struct under *out, struct err *err)
{
    uint64_t *sizes = ARENA_NEW(&r->scratch.mem, uint64_t, SIZES_MAX);
    if (sizes == NULL) {
        return err_memory(err, "an excerpt");
    }
    size_t n = sizes_above(r, newest, indexes[count - 1], sizes);
    struct under best = {.size = 0};
    for (size_t i = 0; i < n; i++) {
        struct under u = {.size = sizes[i],
                          .times = times_known(r, acts, indexes, count, sizes[i])};
        look_at_lines(r, &u);
        if (best.size == 0 || better(&u, &best)) {
            best = u;
        }
    }
    *out = best;
    return true;
}

/* The blob of an act of ours. */
static bool blob_of(struct replica *r, uint64_t index, struct bytes *out, struct err *err)
{
    struct bytes raw;
    struct act a;
    return store_read_leaf(r->store, index, &r->scratch.mem, &raw, err) &&
           act_decode(raw, &a, err) &&
           store_read_blob(r->store, &a.blob, &r->scratch.mem, out, err);
}

/* Body and host line of the newest checkpoint, or of a countersign act of that size. */
static bool base_note(struct replica *r, struct bytes newest, uint64_t newest_size, uint64_t size,
                      struct bytes *out, struct err *err)
{
    const struct witness_log *log = door_witness(r->door);
    if (size == newest_size) {
        *out = newest;
        return true;
    }
    for (uint32_t w = 0; w < keyring_witnesses(door_keyring(r->door), INDEX_NEVER); w++) {
        struct countersigned c;
        if (witness_first_above(log, w, size - 1, INDEX_NEVER, &c) && c.size == size) {
            return blob_of(r, c.index, out, err);
        }
    }
    return err_set(err, ERR_STATE, "no checkpoint of size %llu is held", (unsigned long long)size);
}

/* The host's line, then those of all witnesses who countersigned this size. */
static bool make_note(struct replica *r, struct bytes newest, uint64_t newest_size, uint64_t size,
                      struct buf *out, struct err *err)
{
    const struct witness_log *log = door_witness(r->door);
    struct note *n = ARENA_NEW(&r->scratch.mem, struct note, 1);
    struct bytes base, blob;
    if (n == NULL) {
        return err_memory(err, "a checkpoint");
    }
    if (!base_note(r, newest, newest_size, size, &base, err) || !note_decode(base, n, err)) {
        return false;
    }
    buf_add(out, n->body);
    buf_add_u8(out, '\n');
    buf_add(out, n->line[0].line);
    buf_add_u8(out, '\n');
    for (uint32_t w = 0; w < keyring_witnesses(door_keyring(r->door), size); w++) {
        struct countersigned c;
        if (!witness_first_above(log, w, size - 1, INDEX_NEVER, &c) || c.size != size) {
            continue;
        }
        if (!blob_of(r, c.index, &blob, err) || !note_decode(blob, n, err)) {
            return false;
        }
        buf_add(out, n->line[n->count - 1].line);
        buf_add_u8(out, '\n');
    }
    return buf_done(out, "a checkpoint", err);
}

static bool newest_note(struct replica *r, struct bytes *out, uint64_t *out_size, struct err *err)
{
    struct checkpoint cp;
    struct bytes note = {0};
    if (!store_note(r->store, &r->scratch.mem, &note, err)) {
        return false;
    }
    if (note.n == 0) {
        return err_set(err, ERR_STATE, "the host has not signed anything that is held here") ||
               err_mend(err, "synchronise first: entente sync");
    }
    if (!door_checkpoint(r->door, note, &cp, err)) {
        return false;
    }
    *out = note;
    *out_size = cp.size;
    return true;
}

/* ---- the excerpt ---- */

struct job {
    struct replica *r;
    size_t count; /* shown */
    uint64_t *indexes;
    struct act *acts;
    uint8_t (*keys)[16];
    struct under under;
    struct buf note;
    size_t bound_count;
    uint64_t *bounds; /* countersign acts, ascending */
    struct excerpt_act *out;
    size_t out_count;
    size_t out_max;
};

static int by_number(const void *a, const void *b, void *ctx)
{
    const uint64_t *x = a, *y = b;
    (void)ctx;
    return (*x > *y) - (*x < *y);
}

static bool sort_numbers(uint64_t *v, size_t *count, struct arena *mem, struct err *err)
{
    size_t n = 0;
    if (!sort_stable(v, *count, sizeof(v[0]), by_number, NULL, mem)) {
        return err_memory(err, "an excerpt");
    }
    for (size_t i = 0; i < *count; i++) {
        if (n == 0 || v[n - 1] != v[i]) {
            v[n++] = v[i];
        }
    }
    *count = n;
    return true;
}

static bool gather_shown(struct job *j, const uint64_t *indexes, size_t count, struct err *err)
{
    struct arena *mem = &j->r->scratch.mem;
    j->count = count;
    j->indexes = ARENA_NEW(mem, uint64_t, count);
    j->acts = ARENA_NEW(mem, struct act, count);
    j->keys = arena_take(mem, sizeof(j->keys[0]), 1, count);
    if (j->indexes == NULL || j->acts == NULL || j->keys == NULL) {
        return err_memory(err, "an excerpt");
    }
    memcpy(j->indexes, indexes, count * sizeof(indexes[0]));
    if (!sort_numbers(j->indexes, &j->count, mem, err)) {
        return false;
    }
    for (size_t i = 0; i < j->count; i++) {
        struct opened_act o;
        if (!publish_allowed(j->r, j->indexes[i], err) ||
            !opened_here(j->r, j->indexes[i], &j->acts[i], &o, err)) {
            return false;
        }
        memcpy(j->keys[i], o.file_key, sizeof(j->keys[i]));
    }
    return true;
}

static bool gather_bounds(struct job *j, struct err *err)
{
    struct arena *mem = &j->r->scratch.mem;
    const struct witness_log *log = door_witness(j->r->door);
    uint64_t *one = ARENA_NEW(mem, uint64_t, BOUNDS_MAX);
    size_t room = BOUNDS_MAX;
    j->bounds = ARENA_NEW(mem, uint64_t, room);
    if (one == NULL || j->bounds == NULL) {
        return err_memory(err, "an excerpt");
    }
    for (size_t i = 0; i < j->count; i++) {
        size_t n = witness_bounds(log, j->indexes[i], j->acts[i].seen_size, j->under.size, one,
                                  BOUNDS_MAX);
        if (n >= room - j->bound_count) {
            return err_set(err, ERR_LIMIT, "too many countersign acts would go into the excerpt") ||
                   err_mend(err, "publish fewer acts at a time");
        }
        memcpy(j->bounds + j->bound_count, one, n * sizeof(one[0]));
        j->bound_count += n;
        if (!sort_numbers(j->bounds, &j->bound_count, mem, err)) {
            return false;
        }
    }
    return true;
}

static bool among(const uint64_t *v, size_t n, uint64_t x, size_t *out)
{
    size_t low = 0, high = n;
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        if (v[mid] < x) {
            low = mid + 1;
        } else {
            high = mid;
        }
    }
    *out = low;
    return low < n && v[low] == x;
}

static bool keep(struct buf *b, struct arena *mem, struct bytes *out, struct err *err)
{
    bool ok = buf_done(b, "a proof", err);
    if (ok) {
        *out = arena_copy(mem, buf_bytes(b));
        ok = !mem->failed || err_memory(err, "an excerpt");
    }
    buf_free(b);
    return ok;
}

static bool prove(struct job *j, const struct act *a, struct excerpt_act *e, struct err *err)
{
    struct arena *mem = &j->r->scratch.mem;
    struct node_source nodes = door_nodes(j->r->door);
    struct merkle_path path;
    struct buf b;
    if (!merkle_inclusion(&nodes, e->index, j->under.size, &path, err)) {
        return false;
    }
    buf_init(&b, PROOF_BYTES_MAX);
    proof_put(e->index, &path, buf_bytes(&j->note), &b);
    if (!keep(&b, mem, &e->proof, err)) {
        return false;
    }
    if (a->seen_size == 0) {
        return true;
    }
    if (!merkle_consistency(&nodes, a->seen_size, j->under.size, &path, err)) {
        return false;
    }
    buf_init(&b, PROOF_BYTES_MAX);
    proof_consistency_put(&path, &b);
    return keep(&b, mem, &e->consistency, err);
}

/* Is it one of those that go in? */
static bool visit(void *ctx, uint64_t index, struct bytes envelope, struct bytes blob,
                  struct err *err)
{
    struct job *j = ctx;
    struct arena *mem = &j->r->scratch.mem;
    struct act a;
    size_t place = 0;
    (void)blob;
    if (!act_decode(envelope, &a, err)) {
        return false;
    }
    bool sealed = a.control == CONTROL_SEALED;
    if ((sealed && !among(j->indexes, j->count, index, &place)) ||
        (a.control == CONTROL_COUNTERSIGN && !among(j->bounds, j->bound_count, index, &place))) {
        return true;
    }
    if (j->out_count == j->out_max) {
        return err_set(err, ERR_LIMIT, "an excerpt holds at most %zu acts", j->out_max);
    }
    struct excerpt_act *e = &j->out[j->out_count++];
    *e = (struct excerpt_act){.index = index, .has_key = sealed};
    e->envelope = arena_copy(mem, envelope);
    if (sealed) {
        memcpy(e->file_key, j->keys[place], sizeof(e->file_key));
    }
    return prove(j, &a, e, err);
}

static bool gather_acts(struct job *j, struct err *err)
{
    struct arena *mem = &j->r->scratch.mem;
    j->out_max = j->under.size < EXCERPT_ACTS_MAX ? (size_t)j->under.size : EXCERPT_ACTS_MAX;
    j->out = ARENA_NEW(mem, struct excerpt_act, j->out_max);
    if (j->out == NULL) {
        return err_memory(err, "an excerpt");
    }
    if (!store_each(j->r->store, 0, j->under.size, STORE_BLOBS_NONE, visit, j, err)) {
        return false;
    }
    for (size_t i = 0; i < j->out_count; i++) {
        struct act a;
        if (!act_decode(j->out[i].envelope, &a, err) ||
            !store_read_blob(j->r->store, &a.blob, mem, &j->out[i].blob, err)) {
            return false;
        }
    }
    return true;
}

/* What an outsider would say of it. */
static bool look_again(const struct job *j, struct bytes raw, struct err *err)
{
    struct region memory = {0};
    struct check_result found;
    bool ok = region_init(&memory, REGION_SECRET, (size_t)256 << 20, err) &&
              check_excerpt(raw, &memory.mem, &found, err) &&
              (found.shown == j->count ||
               err_set(err, ERR_VERIFY, "the excerpt would show other acts than it was made of"));
    region_free(&memory);
    return ok;
}

static bool make(struct job *j, const uint64_t *indexes, size_t count, struct buf *out,
                 struct err *err)
{
    struct bytes newest;
    uint64_t size;
    struct buf policy;
    if (!gather_shown(j, indexes, count, err) || !newest_note(j->r, &newest, &size, err)) {
        return false;
    }
    if (j->indexes[j->count - 1] >= size) {
        return err_set(err, ERR_STATE, "the host has not signed act %llu yet",
                       (unsigned long long)j->indexes[j->count - 1]) ||
               err_mend(err, "synchronise first: entente sync");
    }
    if (!choose(j->r, size, j->acts, j->indexes, j->count, &j->under, err) ||
        !make_note(j->r, newest, size, j->under.size, &j->note, err) || !gather_bounds(j, err) ||
        !gather_acts(j, err)) {
        return false;
    }
    buf_init(&policy, NOTE_BYTES_MAX);
    bool ok = policy_put(door_keyring(j->r->door), door_witness(j->r->door), j->under.size,
                         POLICY_OF_EXCERPT, &policy, err) &&
              excerpt_encode(buf_bytes(&policy), j->out, j->out_count, out, err) &&
              look_again(j, buf_bytes(out), err);
    buf_free(&policy);
    return ok;
}

bool publish_excerpt(struct replica *r, const uint64_t *indexes, size_t count, const char *path,
                     struct published *out, struct err *err)
{
    if (count == 0) {
        return err_set(err, ERR_USE, "say which acts are to be published: --act N");
    }
    if (count > PUBLISH_ACTS_MAX) {
        return err_set(err, ERR_LIMIT, "%zu acts at once, limit %u", count, PUBLISH_ACTS_MAX);
    }
    struct job j = {.r = r};
    struct buf raw;
    buf_init(&j.note, NOTE_BYTES_MAX);
    buf_init(&raw, EXCERPT_BYTES_MAX);
    bool ok = make(&j, indexes, count, &raw, err) &&
              file_create(path, FILE_PLAIN, buf_bytes(&raw), err);
    if (ok) {
        *out = (struct published){.size = j.under.size,
                                  .shown = (uint32_t)j.count,    /* at most PUBLISH_ACTS_MAX */
                                  .acts = (uint32_t)j.out_count, /* at most EXCERPT_ACTS_MAX */
                                  .signed_by = j.under.groups,
                                  .bytes = raw.n};
    }
    buf_free(&raw);
    buf_free(&j.note);
    arena_wipe(&r->scratch.mem);
    return ok;
}

/* ---- for other people's tools ---- */

bool publish_policy(struct replica *r, struct buf *out, struct err *err)
{
    return policy_put(door_keyring(r->door), door_witness(r->door), door_size(r->door),
                      POLICY_OF_LOG, out, err);
}

bool publish_proof(struct replica *r, uint64_t index, struct buf *out, struct err *err)
{
    struct bytes newest;
    uint64_t size;
    struct under u;
    struct buf note;
    struct act none = {.seen_size = 0};
    struct node_source nodes = door_nodes(r->door);
    if (!newest_note(r, &newest, &size, err)) {
        return false;
    }
    if (index >= size) {
        return err_set(err, ERR_USE, "the newest checkpoint is of %llu acts: none of them is %llu",
                       (unsigned long long)size, (unsigned long long)index);
    }
    buf_init(&note, NOTE_BYTES_MAX);
    bool ok = choose(r, size, &none, &index, 1, &u, err) &&
              make_note(r, newest, size, u.size, &note, err) &&
              proof_make(&nodes, index, buf_bytes(&note), out, err);
    buf_free(&note);
    arena_wipe(&r->scratch.mem);
    return ok;
}
