/* SPDX-License-Identifier: Apache-2.0 */
#include "app/private.h"

#include "lib/chance.h"
#include "lib/scratch.h"
#include "lib/test.h"
#include "os/file.h"

struct place {
    struct scratch folder;
    char file[SCRATCH_PATH_MAX];
    struct prop rnd;
    struct chance chance;
    struct arena mem;
    struct store *store;
    struct err err;
};

static const uint8_t key[32] = {1}, other[32] = {2};

static int setup(void **state)
{
    static struct place p;
    p = (struct place){.folder = scratch_new()};
    scratch_path(&p.folder, "replica", p.file);
    prop_init_seed(&p.rnd, 7);
    p.chance = chance_seeded(&p.rnd);
    p.mem = test_arena(1u << 20);
    assert_true(store_create(p.file, STORE_REPLICA, &p.store, &p.err));
    *state = &p;
    return 0;
}

static int teardown(void **state)
{
    struct place *p = *state;
    store_close(p->store);
    test_arena_free(&p->mem);
    scratch_free(&p->folder);
    return 0;
}

static void put(struct place *p, const char *name, const char *value)
{
    assert_true(private_put(p->store, key, &p->chance, name, bytes_str(value), &p->err));
}

static void test_put_and_get(void **state)
{
    struct place *p = *state;
    struct bytes v = bytes_str("untouched");
    assert_true(private_get(p->store, key, "host", &p->mem, &v, &p->err));
    assert_int_equal(v.n, 0);
    put(p, "host", "/srv/talks");
    put(p, "who", "Kestria");
    assert_true(private_get(p->store, key, "host", &p->mem, &v, &p->err));
    assert_true(bytes_eq(v, bytes_str("/srv/talks")));
    put(p, "host", "/mnt/elsewhere");
    assert_true(private_get(p->store, key, "host", &p->mem, &v, &p->err));
    assert_true(bytes_eq(v, bytes_str("/mnt/elsewhere")));
    put(p, "host", "");
    assert_true(private_get(p->store, key, "host", &p->mem, &v, &p->err));
    assert_int_equal(v.n, 0);
    assert_true(private_get(p->store, key, "who", &p->mem, &v, &p->err));
    assert_true(bytes_eq(v, bytes_str("Kestria")));
}

static void refused(struct place *p, const uint8_t with[static 32], const char *name)
{
    struct bytes v = {0};
    assert_false(private_get(p->store, with, name, &p->mem, &v, &p->err));
    assert_int_equal(p->err.code, ERR_VERIFY);
    assert_int_equal(v.n, 0);
}

static void put_raw(struct place *p, const char *name, struct bytes raw)
{
    assert_true(store_sealed_put(p->store, bytes_str(name), raw, &p->err));
}

/* Another key, another name, a byte changed, an end cut off: nothing is told. */
static void test_altered(void **state)
{
    struct place *p = *state;
    struct bytes raw = {0};
    put(p, "who", "Kestria");
    refused(p, other, "who");
    assert_true(store_sealed_get(p->store, bytes_str("private/who"), &p->mem, &raw, &p->err));
    put_raw(p, "private/name", raw);
    refused(p, key, "name");
    for (size_t i = 0; i < raw.n; i++) {
        uint8_t bad[128];
        assert_true(raw.n <= sizeof(bad));
        memcpy(bad, raw.p, raw.n);
        bad[i] ^= 1;
        put_raw(p, "private/who", bytes_of(bad, raw.n));
        refused(p, key, "who");
        if (i > 0) {
            put_raw(p, "private/who", bytes_slice(raw, 0, i));
            refused(p, key, "who");
        }
    }
}

/* The file does not have the words. */
static void test_on_the_disk(void **state)
{
    struct place *p = *state;
    struct bytes raw;
    put(p, "who", "Kestria and Velland");
    store_close(p->store);
    p->store = NULL;
    assert_true(file_read(p->file, 1u << 19, &p->mem, &raw, &p->err));
    for (size_t i = 0; i + 7 <= raw.n; i++) {
        assert_memory_not_equal(raw.p + i, "Kestria", 7);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_put_and_get, setup, teardown),
        cmocka_unit_test_setup_teardown(test_altered, setup, teardown),
        cmocka_unit_test_setup_teardown(test_on_the_disk, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
