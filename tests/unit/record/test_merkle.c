/* SPDX-License-Identifier: Apache-2.0
 *
 * The naive tree below is RFC 9162 section 2.1 as it is written: MTH, PATH and PROOF by recursion.
 * Linked with --wrap=malloc (lib/malloc_fault.h).
 */
#include "record/merkle.h"

#include <dirent.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/hex.h"
#include "lib/malloc_fault.h"
#include "lib/prop.h"
#include "lib/shared.h"
#include "lib/test.h"

#define SMALL 130u

static struct leaf_hash leaf_no(uint64_t i)
{
    return leaf_hash_of(bytes_of(&i, sizeof(i)));
}

/* ---- the naive tree ---- */

static uint64_t split(uint64_t n)
{
    uint64_t k = 1;
    while (2 * k < n) {
        k *= 2;
    }
    return k;
}

static struct root_hash naive_root(uint64_t from, uint64_t n)
{
    struct root_hash r;
    if (n == 1) {
        struct leaf_hash leaf = leaf_no(from);
        memcpy(r.b, leaf.b, sizeof(r.b));
        return r;
    }
    uint64_t k = split(n);
    struct root_hash left = naive_root(from, k), right = naive_root(from + k, n - k);
    return node_hash_of(&left, &right);
}

static void naive_path(uint64_t m, uint64_t from, uint64_t n, struct merkle_path *out)
{
    if (n == 1) {
        return;
    }
    uint64_t k = split(n);
    if (m < k) {
        naive_path(m, from, k, out);
        out->hash[out->count++] = naive_root(from + k, n - k);
    } else {
        naive_path(m - k, from + k, n - k, out);
        out->hash[out->count++] = naive_root(from, k);
    }
}

static void naive_proof(uint64_t m, uint64_t from, uint64_t n, bool known, struct merkle_path *out)
{
    if (m == n) {
        if (!known) {
            out->hash[out->count++] = naive_root(from, n);
        }
        return;
    }
    uint64_t k = split(n);
    if (m <= k) {
        naive_proof(m, from, k, known, out);
        out->hash[out->count++] = naive_root(from + k, n - k);
    } else {
        naive_proof(m - k, from + k, n - k, false, out);
        out->hash[out->count++] = naive_root(from, k);
    }
}

static bool path_eq(const struct merkle_path *a, const struct merkle_path *b)
{
    return a->count == b->count && memcmp(a->hash, b->hash, a->count * sizeof(a->hash[0])) == 0;
}

static void grow(struct merkle *m, uint64_t size)
{
    struct err err = {0};
    while (m->size < size) {
        struct leaf_hash leaf = leaf_no(m->size);
        assert_true(merkle_append(m, &leaf, &err));
    }
}

/* ---- tests ---- */

static void test_every_small_size(void **state)
{
    (void)state;
    struct merkle m;
    struct err err = {0};
    struct merkle_range range = {0};
    struct root_hash roots[SMALL + 1];
    merkle_init(&m);
    assert_true(ID_EQ(merkle_root_at(&m, 0), empty_root()));
    assert_true(ID_EQ(merkle_range_root(&range), empty_root()));
    grow(&m, SMALL);
    struct node_source src = merkle_source(&m);
    for (uint64_t n = 1; n <= SMALL; n++) {
        struct leaf_hash leaf = leaf_no(n - 1);
        merkle_range_append(&range, &leaf);
        roots[n] = naive_root(0, n);
        struct root_hash got;
        assert_true(ID_EQ(merkle_root_at(&m, n), roots[n]));
        assert_true(ID_EQ(merkle_range_root(&range), roots[n]));
        assert_true(merkle_root(&src, n, &got, &err));
        assert_true(ID_EQ(got, roots[n]));
        assert_true(ID_EQ(merkle_leaf(&m, n - 1), leaf));
    }
    for (uint64_t n = 1; n <= SMALL; n++) {
        for (uint64_t i = 0; i < n; i++) {
            struct merkle_path got, want = {0};
            struct leaf_hash leaf = leaf_no(i);
            assert_true(merkle_inclusion(&src, i, n, &got, &err));
            if (n % 13 == 0 || n < 20) {
                naive_path(i, 0, n, &want);
                assert_true(path_eq(&got, &want));
            }
            assert_true(merkle_inclusion_check(&leaf, i, n, got.hash, got.count, &roots[n]));
        }
        for (uint64_t old = 1; old <= n; old++) {
            struct merkle_path got, want = {0};
            assert_true(merkle_consistency(&src, old, n, &got, &err));
            if (n % 13 == 0 || n < 20) {
                naive_proof(old, 0, n, true, &want);
                assert_true(path_eq(&got, &want));
            }
            assert_true(
                merkle_consistency_check(old, &roots[old], n, &roots[n], got.hash, got.count));
        }
    }
    assert_int_equal(err.code, ERR_NONE);
    merkle_free(&m);
}

/* No proof of one place, size or root passes for another. */
static void test_nothing_else_passes(void **state)
{
    (void)state;
    struct merkle m;
    struct err err = {0};
    merkle_init(&m);
    grow(&m, 40);
    struct node_source src = merkle_source(&m);
    for (uint64_t n = 1; n <= 40; n += 3) {
        struct root_hash root = merkle_root_at(&m, n);
        for (uint64_t i = 0; i < n; i++) {
            struct merkle_path p;
            struct leaf_hash leaf = leaf_no(i);
            assert_true(merkle_inclusion(&src, i, n, &p, &err));
            for (uint64_t j = 0; j < n + 3; j++) {
                bool ok = merkle_inclusion_check(&leaf, j, n, p.hash, p.count, &root);
                assert_int_equal(ok, j == i);
            }
            for (size_t k = 0; k < p.count; k++) {
                p.hash[k].b[7] ^= 1;
                assert_false(merkle_inclusion_check(&leaf, i, n, p.hash, p.count, &root));
                p.hash[k].b[7] ^= 1;
            }
            assert_false(p.count > 0 &&
                         merkle_inclusion_check(&leaf, i, n, p.hash, p.count - 1, &root));
            assert_false(merkle_inclusion_check(&leaf, i, n, p.hash, p.count + 1, &root));
        }
        for (uint64_t old = 1; old < n; old++) {
            struct merkle_path p;
            struct root_hash old_root = merkle_root_at(&m, old);
            assert_true(merkle_consistency(&src, old, n, &p, &err));
            for (size_t k = 0; k < p.count; k++) {
                p.hash[k].b[30] ^= 0x10;
                assert_false(merkle_consistency_check(old, &old_root, n, &root, p.hash, p.count));
                p.hash[k].b[30] ^= 0x10;
            }
            assert_false(merkle_consistency_check(old, &old_root, n, &root, p.hash, p.count - 1));
            assert_false(merkle_consistency_check(old, &root, n, &root, p.hash, p.count));
            assert_false(merkle_consistency_check(old, &old_root, n, &old_root, p.hash, p.count));
            assert_false(merkle_consistency_check(n, &root, old, &old_root, p.hash, p.count));
            assert_false(merkle_consistency_check(0, &old_root, n, &root, p.hash, p.count));
        }
    }
    merkle_free(&m);
}

static void test_refusals(void **state)
{
    (void)state;
    struct merkle m;
    struct merkle_path p;
    struct root_hash node;
    merkle_init(&m);
    grow(&m, 5);
    struct node_source src = merkle_source(&m);
    static const struct {
        uint64_t first, size;
        bool consistency;
        enum err_code code;
    } bad[] = {
        {0, 0, false, ERR_LIMIT},          {5, 5, false, ERR_STATE},
        {0, 6, false, ERR_STATE},          {0, LEAVES_MAX + 1, false, ERR_LIMIT},
        {0, LEAVES_MAX, false, ERR_STATE}, {0, 5, true, ERR_STATE},
        {6, 5, true, ERR_STATE},           {0, 0, true, ERR_LIMIT},
        {5, 6, true, ERR_STATE},           {1, UINT64_MAX, true, ERR_LIMIT},
    };
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        struct err err = {0};
        assert_false(bad[i].consistency
                         ? merkle_consistency(&src, bad[i].first, bad[i].size, &p, &err)
                         : merkle_inclusion(&src, bad[i].first, bad[i].size, &p, &err));
        assert_int_equal(err.code, bad[i].code);
    }
    struct err err = {0};
    assert_false(src.get(src.ctx, 0, 5, &node, &err));
    assert_false(src.get(src.ctx, 2, 1, &node, &err));
    assert_false(src.get(src.ctx, 41, 0, &node, &err));
    assert_false(src.get(src.ctx, 400, 0, &node, &err));
    assert_true(src.get(src.ctx, 2, 0, &node, &err));
    assert_true(ID_EQ(node, merkle_root_at(&m, 4)));
    merkle_free(&m);
    merkle_free(&m);
}

/* Several chunks and two tiers, cut back and grown again with other leaves in between. */
static void test_big_cut_and_regrown(void **state)
{
    (void)state;
    struct prop rnd;
    prop_init(&rnd, "merkle");
    struct merkle m;
    struct err err = {0};
    merkle_init(&m);
    const uint64_t top = 5000;
    struct root_hash *roots = calloc(top + 1, sizeof(*roots));
    assert_non_null(roots);
    struct merkle_range range = {0};
    for (uint64_t n = 0; n < top; n++) {
        struct leaf_hash leaf = leaf_no(n);
        merkle_range_append(&range, &leaf);
        roots[n + 1] = merkle_range_root(&range);
    }
    for (size_t round = 0; round < prop_rounds(30); round++) {
        grow(&m, prop_between(&rnd, m.size, top));
        for (int i = 0; i < 20 && m.size > 0; i++) {
            uint64_t n = prop_between(&rnd, 1, m.size);
            assert_true(ID_EQ(merkle_root_at(&m, n), roots[n]));
            struct node_source src = merkle_source(&m);
            struct merkle_path p;
            uint64_t index = prop_below(&rnd, n);
            struct leaf_hash leaf = leaf_no(index);
            assert_true(merkle_inclusion(&src, index, n, &p, &err));
            assert_true(merkle_inclusion_check(&leaf, index, n, p.hash, p.count, &roots[n]));
            uint64_t old = prop_between(&rnd, 1, n);
            assert_true(merkle_consistency(&src, old, n, &p, &err));
            assert_true(merkle_consistency_check(old, &roots[old], n, &roots[n], p.hash, p.count));
        }
        /* A batch that is then rolled back leaves nothing behind. */
        uint64_t keep = prop_between(&rnd, 0, m.size);
        merkle_truncate(&m, keep);
        for (uint64_t i = prop_below(&rnd, 1500); i > 0; i--) {
            struct leaf_hash other = leaf_no(i + (UINT64_C(1) << 50));
            assert_true(merkle_append(&m, &other, &err));
        }
        merkle_truncate(&m, keep);
    }
    grow(&m, top);
    assert_true(ID_EQ(merkle_root_at(&m, top), roots[top]));
    /* 64 bytes a leaf, and what the growing of two or three chunks leaves unused. */
    assert_true(merkle_memory(&m) >= 64 * top - 64 * 10);
    assert_true(merkle_memory(&m) < 64 * top + 4 * 65536);
    free(roots);
    merkle_free(&m);
}

/* Whichever allocation fails, the append that met it says so, and the next one goes on as if it
 * had not been. */
static void test_no_memory(void **state)
{
    (void)state;
    const uint64_t top = 2100; /* three chunks, two of them full: the second tier too */
    struct merkle_range range = {0};
    for (uint64_t n = 0; n < top; n++) {
        struct leaf_hash leaf = leaf_no(n);
        merkle_range_append(&range, &leaf);
    }
    struct root_hash want = merkle_range_root(&range);
    unsigned nth = 1;
    for (bool fired = true; fired; nth++) {
        struct merkle m;
        unsigned failures = 0;
        merkle_init(&m);
        malloc_fails_in(nth);
        while (m.size < top) {
            struct err err = {0};
            struct leaf_hash leaf = leaf_no(m.size);
            if (!merkle_append(&m, &leaf, &err)) {
                assert_int_equal(err.code, ERR_MEMORY);
                failures++;
            }
        }
        fired = malloc_failed();
        assert_int_equal(failures, fired);
        assert_true(ID_EQ(merkle_root_at(&m, top), want));
        merkle_free(&m);
    }
    assert_true(nth > 20);
}

/* Nodes of levels that no test can fill: a tree whose every leaf is the same, so that a node
 * depends on its level alone. */
static bool even_get(void *ctx, unsigned level, uint64_t index, struct root_hash *out,
                     struct err *err)
{
    (void)index;
    (void)err;
    const struct root_hash *levels = ctx;
    *out = levels[level];
    return true;
}

static void test_huge(void **state)
{
    (void)state;
    struct prop rnd;
    prop_init(&rnd, "merkle huge");
    struct root_hash levels[MERKLE_LEVELS];
    struct leaf_hash leaf = leaf_no(7);
    memcpy(levels[0].b, leaf.b, sizeof(leaf.b));
    for (unsigned l = 1; l < MERKLE_LEVELS; l++) {
        levels[l] = node_hash_of(&levels[l - 1], &levels[l - 1]);
    }
    struct node_source src = {.get = even_get, .ctx = levels};
    struct err err = {0};
    for (size_t i = 0; i < prop_rounds(300); i++) {
        uint64_t n = i == 0 ? LEAVES_MAX : prop_edgy(&rnd) % LEAVES_MAX + 1;
        uint64_t old = prop_edgy(&rnd) % n + 1;
        uint64_t index = prop_below(&rnd, n);
        struct root_hash root, old_root;
        struct merkle_path p;
        assert_true(merkle_root(&src, n, &root, &err));
        assert_true(merkle_root(&src, old, &old_root, &err));
        assert_true(merkle_inclusion(&src, index, n, &p, &err));
        assert_true(p.count <= MERKLE_PATH_MAX);
        assert_true(merkle_inclusion_check(&leaf, index, n, p.hash, p.count, &root));
        assert_true(merkle_consistency(&src, old, n, &p, &err));
        assert_true(merkle_consistency_check(old, &old_root, n, &root, p.hash, p.count));
    }
    struct merkle m;
    merkle_init(&m);
    m.size = LEAVES_MAX;
    assert_false(merkle_append(&m, &leaf, &err));
    assert_int_equal(err.code, ERR_LIMIT);
    m.size = 0;
    merkle_free(&m);
}

/* ---- vectors of transparency-dev/merkle ---- */

struct tally {
    unsigned good, bad;
};

/* False where it is not 32 bytes. */
static bool hash_of(const json_t *v, uint8_t out[static 32])
{
    struct buf b;
    buf_init(&b, 4096);
    if (json_is_string(v)) {
        assert_true(base64_decode(bytes_str(json_string_value(v)), BASE64_PADDED, &b));
    }
    bool ok = b.n == 32;
    if (ok) {
        memcpy(out, b.p, 32);
    }
    buf_free(&b);
    return ok;
}

/* jansson's integers end at 2^63 - 1; one index is 2^64 - 1, so they are read as reals. */
static uint64_t uint_of(const json_t *v)
{
    double d = json_number_value(v);
    return d < 18446744073709551616.0 ? (uint64_t)d : UINT64_MAX;
}

static void vector(const char *path, bool consistency, struct tally *tally)
{
    json_t *v = json_load_file(path, JSON_DECODE_INT_AS_REAL, NULL);
    assert_non_null(v);
    const json_t *proof = json_object_get(v, "proof");
    struct root_hash p[64], a, b;
    bool got = json_array_size(proof) <= COUNT_OF(p);
    for (size_t i = 0; got && i < json_array_size(proof); i++) {
        got = hash_of(json_array_get(proof, i), p[i].b);
    }
    size_t count = json_array_size(proof);
    bool want = !json_is_true(json_object_get(v, "wantErr"));
    if (consistency) {
        uint64_t old = uint_of(json_object_get(v, "size1"));
        uint64_t size = uint_of(json_object_get(v, "size2"));
        bool hashes = hash_of(json_object_get(v, "root1"), a.b) &&
                      hash_of(json_object_get(v, "root2"), b.b);
        want = want && hashes; /* one good case has "roots" of 12 bytes */
        got = got && hashes && merkle_consistency_check(old, &a, size, &b, p, count);
    } else {
        struct leaf_hash leaf;
        got = got && hash_of(json_object_get(v, "root"), a.b) &&
              hash_of(json_object_get(v, "leafHash"), leaf.b) &&
              merkle_inclusion_check(&leaf, uint_of(json_object_get(v, "leafIdx")),
                                     uint_of(json_object_get(v, "treeSize")), p, count, &a);
    }
    if (got != want) {
        fail_msg("%s: want %d", path, want);
    }
    tally->good += want;
    tally->bad += !want;
    json_decref(v);
}

static void walk(const char *path, bool consistency, struct tally *tally)
{
    DIR *dir = opendir(path);
    if (dir == NULL) {
        vector(path, consistency, tally);
        return;
    }
    for (const struct dirent *e = readdir(dir); e != NULL; e = readdir(dir)) {
        if (e->d_name[0] != '.') {
            char sub[SHARED_PATH_MAX];
            assert_true((size_t)snprintf(sub, sizeof(sub), "%s/%s", path, e->d_name) < sizeof(sub));
            walk(sub, consistency, tally);
        }
    }
    (void)closedir(dir);
}

static void test_vectors(void **state)
{
    (void)state;
    char path[SHARED_PATH_MAX];
    if (!shared_path("vectors/merkle/testdata/inclusion", path)) {
        (void)printf("# skipped: no shared data\n");
        skip();
    }
    struct tally tally = {0};
    walk(path, false, &tally);
    assert_int_equal(tally.good + tally.bad, 98);
    assert_true(tally.good >= 6);
    assert_true(shared_path("vectors/merkle/testdata/consistency", path));
    tally = (struct tally){0};
    walk(path, true, &tally);
    assert_int_equal(tally.good + tally.bad, 98);
    assert_true(tally.good >= 5);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_small_size), cmocka_unit_test(test_nothing_else_passes),
        cmocka_unit_test(test_refusals),         cmocka_unit_test(test_big_cut_and_regrown),
        cmocka_unit_test(test_no_memory),        cmocka_unit_test(test_huge),
        cmocka_unit_test(test_vectors),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
