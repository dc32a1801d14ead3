/* SPDX-License-Identifier: Apache-2.0
 *
 * See merkle.h.  A chunk keeps its nodes in the order in which they become whole (each leaf, then
 * the parents that it completes), so that it grows with its leaves: after k leaves it holds
 * 2k - popcount(k) nodes, 2,047 when full.  What lies behind a cut is stale, and is written over
 * from its start before anything reads it.
 */
#include "record/merkle.h"

#include "base/check.h"

#define CHUNK_LEVELS 10u
#define CHUNK_LEAVES (UINT64_C(1) << CHUNK_LEVELS)
#define CHUNK_NODES (2 * CHUNK_LEAVES - 1)
#define NODE_BYTES sizeof(struct root_hash)

_Static_assert(sizeof(struct root_hash) == 32, "nodes lie in a chunk without gaps");

static unsigned ones(uint64_t v)
{
    return (unsigned)__builtin_popcountll(v);
}

/* ---- proofs: making ---- */

/* The root of leaves [begin, size), begin < size, begin a multiple of a power of two not below
 * size - begin: the peaks of the stretch, folded from the right. */
static bool range_root(const struct node_source *src, uint64_t begin, uint64_t size,
                       struct root_hash *out, struct err *err)
{
    uint64_t n = size - begin;
    uint64_t end = size;
    struct root_hash acc = {0};
    bool first = true;
    for (unsigned level = 0; level < 64 && n >> level != 0; level++) {
        if ((n >> level & 1) == 0) {
            continue;
        }
        end -= UINT64_C(1) << level;
        struct root_hash peak;
        if (!src->get(src->ctx, level, end >> level, &peak, err)) {
            return false;
        }
        acc = first ? peak : node_hash_of(&peak, &acc);
        first = false;
    }
    *out = acc;
    return true;
}

static bool path_add(const struct node_source *src, uint64_t begin, uint64_t end,
                     struct merkle_path *path, struct err *err)
{
    CHECK(path->count < MERKLE_CONSISTENCY_MAX);
    if (!range_root(src, begin, end, &path->hash[path->count], err)) {
        return false;
    }
    path->count++;
    return true;
}

/* The siblings from node (level, index), which is whole, up to the root of the tree of this size.
 * Below the fork, where the way to the node leaves the right edge, each sibling is there, the last
 * one perhaps cut short; above it, siblings are on the left only. */
static bool path_up(const struct node_source *src, unsigned level, uint64_t index, uint64_t size,
                    struct merkle_path *path, struct err *err)
{
    uint64_t last = (size - 1) >> level;
    for (; index != last; level++, index >>= 1, last >>= 1) {
        uint64_t sibling = index ^ 1;
        uint64_t begin = sibling << level;
        uint64_t end = sibling == last ? size : (sibling + 1) << level;
        if (!path_add(src, begin, end, path, err)) {
            return false;
        }
    }
    for (; index != 0; level++, index >>= 1) {
        if ((index & 1) != 0 && !path_add(src, (index - 1) << level, index << level, path, err)) {
            return false;
        }
    }
    return true;
}

static bool size_fits(uint64_t size, struct err *err)
{
    return (size > 0 && size <= LEAVES_MAX) ||
           err_set(err, ERR_LIMIT, "there is no proof in a tree of %llu leaves",
                   (unsigned long long)size);
}

bool merkle_inclusion(const struct node_source *src, uint64_t index, uint64_t size,
                      struct merkle_path *out, struct err *err)
{
    if (!size_fits(size, err)) {
        return false;
    }
    if (index >= size) {
        return err_set(err, ERR_STATE, "act %llu is not in a tree of %llu",
                       (unsigned long long)index, (unsigned long long)size);
    }
    struct merkle_path path = {0};
    if (!path_up(src, 0, index, size, &path, err)) {
        return false;
    }
    *out = path;
    return true;
}

bool merkle_consistency(const struct node_source *src, uint64_t old, uint64_t size,
                        struct merkle_path *out, struct err *err)
{
    if (!size_fits(size, err)) {
        return false;
    }
    if (old == 0 || old > size) {
        return err_set(err, ERR_STATE, "a tree of %llu does not continue one of %llu",
                       (unsigned long long)size, (unsigned long long)old);
    }
    struct merkle_path path = {0};
    if (old < size) {
        /* The largest whole node that ends where the old tree does; where it is the whole old
         * tree, its root is known and left out. */
        unsigned level = (unsigned)__builtin_ctzll(old);
        uint64_t index = (old >> level) - 1;
        if (index != 0 && !path_add(src, index << level, old, &path, err)) {
            return false;
        }
        if (!path_up(src, level, index, size, &path, err)) {
            return false;
        }
    }
    *out = path;
    return true;
}

bool merkle_root(const struct node_source *src, uint64_t size, struct root_hash *out,
                 struct err *err)
{
    if (size == 0) {
        *out = empty_root();
        return true;
    }
    return size_fits(size, err) && range_root(src, 0, size, out, err);
}

/* ---- proofs: checking ---- */

/* RFC 9162 section 2.1.3.2; names as there. */
bool merkle_inclusion_check(const struct leaf_hash *leaf, uint64_t index, uint64_t size,
                            const struct root_hash *path, size_t count,
                            const struct root_hash *root)
{
    if (index >= size) {
        return false;
    }
    uint64_t fn = index, sn = size - 1;
    struct root_hash r;
    memcpy(r.b, leaf->b, sizeof(r.b));
    for (size_t i = 0; i < count; i++) {
        if (sn == 0) {
            return false;
        }
        if ((fn & 1) != 0 || fn == sn) {
            r = node_hash_of(&path[i], &r);
            while ((fn & 1) == 0 && fn != 0) {
                fn >>= 1;
                sn >>= 1;
            }
        } else {
            r = node_hash_of(&r, &path[i]);
        }
        fn >>= 1;
        sn >>= 1;
    }
    return sn == 0 && ID_EQ(r, *root);
}

/* RFC 9162 section 2.1.4.2; names as there. */
bool merkle_consistency_check(uint64_t old, const struct root_hash *old_root, uint64_t size,
                              const struct root_hash *root, const struct root_hash *path,
                              size_t count)
{
    if (old == 0 || old > size) {
        return false;
    }
    if (old == size) {
        return count == 0 && ID_EQ(*old_root, *root);
    }
    bool whole = (old & (old - 1)) == 0; /* then the proof leaves out the old root */
    if (count == 0) {
        return false;
    }
    uint64_t fn = old - 1, sn = size - 1;
    while ((fn & 1) != 0) {
        fn >>= 1;
        sn >>= 1;
    }
    struct root_hash fr = whole ? *old_root : path[0];
    struct root_hash sr = fr;
    for (size_t i = whole ? 0 : 1; i < count; i++) {
        if (sn == 0) {
            return false;
        }
        if ((fn & 1) != 0 || fn == sn) {
            fr = node_hash_of(&path[i], &fr);
            sr = node_hash_of(&path[i], &sr);
            while ((fn & 1) == 0 && fn != 0) {
                fn >>= 1;
                sn >>= 1;
            }
        } else {
            sr = node_hash_of(&sr, &path[i]);
        }
        fn >>= 1;
        sn >>= 1;
    }
    return sn == 0 && ID_EQ(fr, *old_root) && ID_EQ(sr, *root);
}

/* ---- a compact range ---- */

void merkle_range_append(struct merkle_range *r, const struct leaf_hash *leaf)
{
    CHECK(r->size < LEAVES_MAX);
    struct root_hash node;
    memcpy(node.b, leaf->b, sizeof(node.b));
    unsigned level = 0;
    for (; (r->size >> level & 1) != 0; level++) {
        node = node_hash_of(&r->peak[level], &node);
    }
    r->peak[level] = node;
    r->size++;
}

struct root_hash merkle_range_root(const struct merkle_range *r)
{
    if (r->size == 0) {
        return empty_root();
    }
    unsigned level = (unsigned)__builtin_ctzll(r->size);
    struct root_hash acc = r->peak[level];
    for (level++; r->size >> level != 0; level++) {
        if ((r->size >> level & 1) != 0) {
            acc = node_hash_of(&r->peak[level], &acc);
        }
    }
    return acc;
}

/* ---- the tree in memory ---- */

void merkle_init(struct merkle *m)
{
    *m = (struct merkle){0};
    for (unsigned t = 0; t < MERKLE_TIERS; t++) {
        buf_init(&m->tier[t], SIZE_MAX);
    }
}

static size_t chunk_count(const struct merkle *m, unsigned t)
{
    return m->tier[t].n / sizeof(struct buf);
}

/* The memory of a buf is malloc's, and whole structs are all that is put in. */
static struct buf *chunk_at(const struct merkle *m, unsigned t, uint64_t c)
{
    CHECK(c < chunk_count(m, t));
    void *p = m->tier[t].p;
    return (struct buf *)p + c;
}

void merkle_free(struct merkle *m)
{
    for (unsigned t = 0; t < MERKLE_TIERS; t++) {
        for (size_t c = 0; c < chunk_count(m, t); c++) {
            buf_free(chunk_at(m, t, c));
        }
        buf_free(&m->tier[t]);
    }
    *m = (struct merkle){0};
}

/* Adds to b, or leaves it as it was and usable. */
static bool add_or_not(struct buf *b, struct bytes v)
{
    buf_add(b, v);
    if (buf_ok(b)) {
        return true;
    }
    b->failed = false;
    b->no_memory = false;
    return false;
}

/* The chunk c of tier t, which may be the one behind the last; NULL without memory. */
static struct buf *chunk_for(struct merkle *m, unsigned t, uint64_t c)
{
    if (c == chunk_count(m, t)) {
        struct buf fresh;
        buf_init(&fresh, CHUNK_NODES * NODE_BYTES);
        if (!add_or_not(&m->tier[t], bytes_of(&fresh, sizeof(fresh)))) {
            return NULL;
        }
    }
    return chunk_at(m, t, c);
}

/* How many nodes a chunk holds after k leaves: where the next leaf goes. */
static size_t nodes_after(uint64_t k)
{
    return (size_t)(2 * k - ones(k)); /* k <= 1024 */
}

/* Where node (level, index) of a chunk is: with the last leaf below it, as its level-th parent. */
static size_t node_place(unsigned level, uint64_t index)
{
    uint64_t last = ((index + 1) << level) - 1;
    return nodes_after(last) + level;
}

static bool node_put(struct buf *chunk, size_t place, const struct root_hash *node)
{
    size_t at = place * NODE_BYTES;
    CHECK(at <= chunk->n);
    if (at < chunk->n) {
        memcpy(chunk->p + at, node->b, NODE_BYTES);
        return true;
    }
    return add_or_not(chunk, ID_BYTES(*node));
}

static struct root_hash node_at(const struct buf *chunk, size_t place)
{
    struct root_hash node;
    CHECK(place * NODE_BYTES < chunk->n);
    memcpy(node.b, chunk->p + place * NODE_BYTES, NODE_BYTES);
    return node;
}

bool merkle_append(struct merkle *m, const struct leaf_hash *leaf, struct err *err)
{
    if (m->size >= LEAVES_MAX) {
        return err_set(err, ERR_LIMIT, "the log is full: it has %llu acts",
                       (unsigned long long)m->size);
    }
    struct root_hash node;
    memcpy(node.b, leaf->b, sizeof(node.b));
    uint64_t index = m->size;
    for (unsigned t = 0;; t++) {
        uint64_t c = index >> CHUNK_LEVELS;
        uint64_t k = index & (CHUNK_LEAVES - 1);
        struct buf *chunk = chunk_for(m, t, c);
        if (chunk == NULL) {
            return err_memory(err, "the tree of the log");
        }
        size_t place = nodes_after(k);
        for (unsigned level = 0;; level++) {
            /* A failure half-way is harmless: the next append writes the same places again. */
            if (!node_put(chunk, place + level, &node)) {
                return err_memory(err, "the tree of the log");
            }
            if ((k >> level & 1) == 0) {
                break;
            }
            struct root_hash left = node_at(chunk, node_place(level, (k >> level) - 1));
            node = node_hash_of(&left, &node);
        }
        if (k != CHUNK_LEAVES - 1) {
            break;
        }
        index = c;
    }
    m->size++;
    return true;
}

void merkle_truncate(struct merkle *m, uint64_t size)
{
    CHECK(size <= m->size);
    m->size = size;
}

/* index < m->size >> level: the node is whole. */
static struct root_hash tree_node(const struct merkle *m, unsigned level, uint64_t index)
{
    unsigned t = level / CHUNK_LEVELS;
    unsigned low = level % CHUNK_LEVELS;
    unsigned up = CHUNK_LEVELS - low;
    const struct buf *chunk = chunk_at(m, t, index >> up);
    return node_at(chunk, node_place(low, index & ((UINT64_C(1) << up) - 1)));
}

struct leaf_hash merkle_leaf(const struct merkle *m, uint64_t index)
{
    CHECK(index < m->size);
    struct root_hash node = tree_node(m, 0, index);
    struct leaf_hash leaf;
    memcpy(leaf.b, node.b, sizeof(leaf.b));
    return leaf;
}

static bool tree_get(void *ctx, unsigned level, uint64_t index, struct root_hash *out,
                     struct err *err)
{
    const struct merkle *m = ctx;
    if (level >= MERKLE_LEVELS || index >= m->size >> level) {
        return err_set(err, ERR_STATE, "a tree of %llu acts has no node %llu on level %u",
                       (unsigned long long)m->size, (unsigned long long)index, level);
    }
    *out = tree_node(m, level, index);
    return true;
}

struct node_source merkle_source(struct merkle *m)
{
    return (struct node_source){.get = tree_get, .ctx = m};
}

struct root_hash merkle_root_at(const struct merkle *m, uint64_t size)
{
    CHECK(size <= m->size);
    struct root_hash acc = {0};
    bool first = true;
    for (unsigned level = 0; size >> level != 0; level++) {
        if ((size >> level & 1) != 0) {
            struct root_hash peak = tree_node(m, level, (size >> level) - 1);
            acc = first ? peak : node_hash_of(&peak, &acc);
            first = false;
        }
    }
    return first ? empty_root() : acc;
}

size_t merkle_memory(const struct merkle *m)
{
    size_t total = 0;
    for (unsigned t = 0; t < MERKLE_TIERS; t++) {
        total += m->tier[t].cap;
        for (size_t c = 0; c < chunk_count(m, t); c++) {
            total += chunk_at(m, t, c)->cap;
        }
    }
    return total;
}
