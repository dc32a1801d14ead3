/* SPDX-License-Identifier: Apache-2.0 */
#include "record/object.h"

#include "lib/again.h"
#include "lib/record_sim.h"
#include "lib/test.h"

#define ROOM (1u << 18)

static const enum object_kind kinds[] = {OBJECT_MANDATE, OBJECT_SIGN_CHARTER, OBJECT_REVOKE,
                                         OBJECT_RATIFY, OBJECT_DECIDE};

static int open_sim(void **state)
{
    static struct record_sim sim;
    sim_open(&sim, 11, 3, 1);
    sim_found(&sim);
    sim_join(&sim, 0, 1);
    sim_join(&sim, 1, 1); /* index 2; side 2 has not joined */
    *state = &sim;
    return 0;
}

static int close_sim(void **state)
{
    sim_close(*state);
    return 0;
}

static struct object good(const struct record_sim *sim, enum object_kind kind)
{
    static struct text issues[] = {{"price", 5}, {"term-of-lease", 13}};
    struct object o = {.kind = kind, .table = sim->table};
    o.delegate.b[0] = 1;
    o.powers = POWERS_ALL;
    o.issue_count = 2;
    o.issues = issues;
    o.not_before = 1000;
    o.expires = SECONDS_MAX;
    o.digest.b[5] = 5;
    o.has_text = kind != OBJECT_REVOKE;
    o.text = text_str("so be it\nand no more");
    return o;
}

static void sign(const struct object *o, const struct signer *root, struct buf *out)
{
    struct err err = {0};
    buf_init(out, ROOM);
    if (!object_sign(o, root, out, &err)) {
        fail_msg("%s", err.what);
    }
}

static void test_signed_then_checked(void **state)
{
    struct record_sim *sim = *state;
    const struct keyring *ring = door_keyring(sim->door);
    for (size_t i = 0; i < COUNT_OF(kinds); i++) {
        struct object o = good(sim, kinds[i]);
        struct verified_object v;
        struct arena mem = test_arena(ROOM);
        struct buf out;
        struct err err = {0};
        sign(&o, sim->sides[1].root, &out);
        again_holds(object_again, (uint32_t)kinds[i], buf_bytes(&out));
        assert_true(object_check(kinds[i], buf_bytes(&out), ring, 3, &mem, &v, &err));
        struct kid root = signer_kid(sim->sides[1].root);
        struct digest id = object_id(buf_bytes(&out));
        assert_int_equal(v.side, 1);
        assert_true(ID_EQ(v.id, id) && ID_EQ(v.object.principal, root));
        if (kinds[i] == OBJECT_MANDATE) {
            assert_true(v.object.powers == POWERS_ALL && v.object.issue_count == 2);
            assert_true(text_is(v.object.issues[1], "term-of-lease"));
            assert_true(!v.object.has_commit && v.object.expires == SECONDS_MAX);
        } else {
            assert_true(ID_EQ(v.object.digest, o.digest) && v.object.has_text == o.has_text);
            assert_true(!o.has_text || text_eq(v.object.text, o.text));
        }
        /* A word of one kind is none of another. */
        for (size_t k = 0; k < COUNT_OF(kinds); k++) {
            assert_true(k == i ||
                        !object_check(kinds[k], buf_bytes(&out), ring, 3, &mem, &v, &err));
        }
        /* Not before its root is admitted, and not with a flipped signature. */
        assert_false(object_check(kinds[i], buf_bytes(&out), ring, 2, &mem, &v, &err));
        assert_int_equal(err.code, ERR_VERIFY);
        assert_non_null(strstr(err.what, "no root"));
        out.p[out.n - 1] ^= 1;
        assert_false(object_check(kinds[i], buf_bytes(&out), ring, 3, &mem, &v, &err));
        assert_non_null(strstr(err.what, "signature"));
        buf_free(&out);
        test_arena_free(&mem);
    }
}

static void test_not_this_table(void **state)
{
    struct record_sim *sim = *state;
    struct object o = good(sim, OBJECT_RATIFY);
    struct verified_object v;
    struct arena mem = test_arena(ROOM);
    struct buf out;
    struct err err = {0};
    sign(&o, sim->sides[2].root, &out);
    assert_false(object_check(o.kind, buf_bytes(&out), door_keyring(sim->door), 3, &mem, &v, &err));
    assert_non_null(strstr(err.what, "no root"));
    buf_free(&out);
    o.table.b[0] ^= 1;
    sign(&o, sim->sides[1].root, &out);
    assert_false(object_check(o.kind, buf_bytes(&out), door_keyring(sim->door), 3, &mem, &v, &err));
    assert_non_null(strstr(err.what, "another table"));
    buf_free(&out);
    test_arena_free(&mem);
}

static void unsigned_object(const struct object *o, const struct signer *s, const char *why)
{
    struct buf out;
    struct err err = {0};
    buf_init(&out, ROOM);
    assert_false(object_sign(o, s, &out, &err));
    if (strstr(err.what, why) == NULL) {
        fail_msg("wanted %s, got %s", why, err.what);
    }
    assert_int_equal(out.n, 0);
    buf_free(&out);
}

static void test_refused(void **state)
{
    struct record_sim *sim = *state;
    const struct signer *root = sim->sides[1].root;
    struct object o = good(sim, OBJECT_MANDATE);
    unsigned_object(&o, sim->sides[1].seats[0].sign, "root's key");
    o.powers = POWERS_ALL + 1;
    unsigned_object(&o, root, "powers");
    o = good(sim, OBJECT_MANDATE);
    o.not_before = SECONDS_MAX + 1;
    unsigned_object(&o, root, "9999");
    o = good(sim, OBJECT_MANDATE);
    o.expires = SECONDS_MAX + 1;
    unsigned_object(&o, root, "9999");
    struct text bad = text_str("Price");
    o = good(sim, OBJECT_MANDATE);
    o.issues = &bad;
    o.issue_count = 1;
    unsigned_object(&o, root, "identifier");
    static struct text many[ISSUES_MAX + 1];
    for (size_t i = 0; i < COUNT_OF(many); i++) {
        many[i] = text_str("a");
    }
    o.issues = many;
    o.issue_count = ISSUES_MAX + 1;
    unsigned_object(&o, root, "ceiling");
    o = good(sim, OBJECT_DECIDE);
    o.text = text_str("\x1b[2J");
    unsigned_object(&o, root, "");
    static char text[ITEM_TEXT_MAX + 1];
    memset(text, 'y', sizeof(text));
    o.text = (struct text){.p = text, .n = sizeof(text)};
    unsigned_object(&o, root, "64 KiB");
    o.text.n--; /* the longest there may be */
    struct buf out;
    struct err err;
    struct verified_object v;
    struct arena mem = test_arena(ROOM);
    sign(&o, root, &out);
    assert_true(object_check(o.kind, buf_bytes(&out), door_keyring(sim->door), 3, &mem, &v, &err));
    buf_free(&out);
    static const uint8_t zeros[70000];
    assert_false(
        object_decode(OBJECT_REVOKE, bytes_of(zeros, sizeof(zeros)), &mem, &v.object, &err));
    assert_int_equal(err.code, ERR_LIMIT);
    test_arena_free(&mem);
}

static bool decode_run(struct arena *mem, void *ctx)
{
    const struct buf *raw = ctx;
    struct object o;
    struct err err = {0};
    bool ok = object_decode(OBJECT_MANDATE, buf_bytes(raw), mem, &o, &err);
    assert_true(ok || err.code == ERR_MEMORY);
    return ok;
}

static void test_memory(void **state)
{
    struct record_sim *sim = *state;
    struct object o = good(sim, OBJECT_MANDATE);
    struct buf out;
    sign(&o, sim->sides[1].root, &out);
    assert_int_equal(test_faults(decode_run, &out, ROOM), 1);
    buf_free(&out);
    o.all_issues = true;
    o.has_commit = true;
    sign(&o, sim->sides[1].root, &out);
    again_holds(object_again, OBJECT_MANDATE, buf_bytes(&out));
    assert_int_equal(test_faults(decode_run, &out, ROOM), 0);
    buf_free(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_signed_then_checked),
        cmocka_unit_test(test_not_this_table),
        cmocka_unit_test(test_refused),
        cmocka_unit_test(test_memory),
    };
    return cmocka_run_group_tests(tests, open_sim, close_sim);
}
