/* SPDX-License-Identifier: Apache-2.0 */
#include "record/control.h"

#include "lib/again.h"
#include "lib/prop.h"
#include "lib/test.h"

static struct found good_found(void)
{
    return (struct found){.rules_version = 1,
                          .stanza_multiple = 4,
                          .blob_limit_bytes = BLOB_LIMIT_DEFAULT,
                          .grace_seconds = 3600,
                          .groups = 3,
                          .convener_side = 1};
}

static struct naming good_naming(uint32_t needed, uint32_t count)
{
    struct naming n = {.needed = needed, .count = count};
    for (uint32_t i = 0; i < count && i < GROUP_WITNESSES_MAX; i++) {
        n.witnesses[i].b[0] = (uint8_t)(i + 1);
    }
    return n;
}

static void holds(enum control_kind kind, struct buf *blob)
{
    again_holds(control_again, (uint32_t)kind, buf_bytes(blob));
    buf_free(blob);
}

static void refused(enum control_kind kind, struct buf *blob, const char *why)
{
    struct control c = {.kind = CONTROL_FOUND};
    struct err err = {0};
    assert_false(control_decode(kind, buf_bytes(blob), &c, &err));
    if (strstr(err.what, why) == NULL) {
        fail_msg("wanted %s, got %s", why, err.what);
    }
    assert_int_equal(c.kind, CONTROL_FOUND);
    buf_free(blob);
}

static void test_written_again(void **state)
{
    (void)state;
    struct prop p;
    struct buf b;
    prop_init(&p, "controls");
    for (size_t i = 0, rounds = prop_rounds(4); i < rounds; i++) {
        struct found f = good_found();
        prop_fill(&p, f.host.b, sizeof(f.host.b));
        prop_fill(&p, f.nonce, sizeof(f.nonce));
        f.stanza_multiple = (uint32_t)prop_between(&p, 1, STANZA_MULTIPLE_MAX);
        f.blob_limit_bytes = (uint32_t)prop_between(&p, BLOB_LIMIT_LEAST, BLOB_LIMIT_MOST);
        f.grace_seconds = (uint32_t)prop_between(&p, GRACE_LEAST, GRACE_MOST);
        f.groups = (uint32_t)prop_between(&p, 2, GROUPS_MAX);
        f.convener_side = (uint32_t)prop_below(&p, f.groups);
        buf_init(&b, CONTROL_BLOB_MAX);
        found_encode(&f, &b);
        holds(CONTROL_FOUND, &b);

        struct kid kid;
        prop_fill(&p, kid.b, sizeof(kid.b));
        buf_init(&b, CONTROL_BLOB_MAX);
        keys_encode_revoke(&kid, &b);
        holds(CONTROL_KEYS, &b);

        uint32_t count = (uint32_t)prop_between(&p, 1, GROUP_WITNESSES_MAX);
        struct naming n = good_naming((uint32_t)prop_between(&p, count / 2 + 1, count), count);
        buf_init(&b, CONTROL_BLOB_MAX);
        naming_encode(&n, &b);
        holds(CONTROL_WITNESSES, &b);

        buf_init(&b, CONTROL_BLOB_MAX);
        proceed_encode((uint32_t)prop_edgy(&p), &b);
        holds(CONTROL_PROCEED, &b);

        struct succession s = {.size = prop_between(&p, 1, LEAVES_MAX)};
        prop_fill(&p, s.root.b, sizeof(s.root.b));
        buf_init(&b, CONTROL_BLOB_MAX);
        succession_encode(&s, &b);
        holds(CONTROL_SUCCESSION, &b);
    }
}

static void bad_found(struct found f, const char *why)
{
    struct buf b;
    buf_init(&b, CONTROL_BLOB_MAX);
    found_encode(&f, &b);
    refused(CONTROL_FOUND, &b, why);
}

static void test_found_ranges(void **state)
{
    (void)state;
    struct found f;
    f = good_found();
    f.rules_version = 2;
    bad_found(f, "version");
    f = good_found();
    f.stanza_multiple = 0;
    bad_found(f, "stanza");
    f = good_found();
    f.stanza_multiple = STANZA_MULTIPLE_MAX + 1;
    bad_found(f, "stanza");
    f = good_found();
    f.blob_limit_bytes = BLOB_LIMIT_LEAST - 1;
    bad_found(f, "blob limit");
    f = good_found();
    f.blob_limit_bytes = BLOB_LIMIT_MOST + 1;
    bad_found(f, "blob limit");
    f = good_found();
    f.grace_seconds = GRACE_LEAST - 1;
    bad_found(f, "grace");
    f = good_found();
    f.grace_seconds = GRACE_MOST + 1;
    bad_found(f, "grace");
    f = good_found();
    f.groups = 1;
    bad_found(f, "groups");
    f = good_found();
    f.groups = GROUPS_MAX + 1;
    bad_found(f, "groups");
    f = good_found();
    f.convener_side = f.groups;
    bad_found(f, "convener");
}

static void bad_naming(struct naming n, const char *why)
{
    struct buf b;
    buf_init(&b, CONTROL_BLOB_MAX);
    naming_encode(&n, &b);
    refused(CONTROL_WITNESSES, &b, why);
}

static void test_namings(void **state)
{
    (void)state;
    bad_naming(good_naming(0, 1), "needs no witness");
    bad_naming(good_naming(1, 0), "more witnesses than");
    bad_naming(good_naming(3, 2), "more witnesses than");
    bad_naming(good_naming(1, 2), "more than half");
    bad_naming(good_naming(4, 8), "more than half");
    struct naming n = good_naming(2, 3);
    n.witnesses[2] = n.witnesses[0];
    bad_naming(n, "twice");
    /* Nine. */
    struct buf b;
    struct naming eight = good_naming(8, 8);
    buf_init(&b, CONTROL_BLOB_MAX);
    naming_encode(&eight, &b);
    b.p[6] = 0x89; /* a3 01 01 02 08 03 <array> */
    buf_add_str(&b, "\x58\x20");
    buf_add_fill(&b, 9, 32);
    refused(CONTROL_WITNESSES, &b, "ceiling");
}

static void test_others(void **state)
{
    (void)state;
    struct control c;
    struct err err = {0};
    struct buf b;
    assert_false(control_decode(CONTROL_SEALED, (struct bytes){0}, &c, &err));
    assert_int_equal(err.code, ERR_FORMAT);
    static const uint8_t zeros[CONTROL_BLOB_MAX + 1];
    assert_false(control_decode(CONTROL_KEYS, bytes_of(zeros, sizeof(zeros)), &c, &err));
    assert_int_equal(err.code, ERR_LIMIT);
    assert_false(
        control_decode(CONTROL_COUNTERSIGN, bytes_of(zeros, COUNTERSIGN_BLOB_MAX + 1), &c, &err));
    assert_int_equal(err.code, ERR_LIMIT);

    struct succession s = {.size = 0};
    buf_init(&b, CONTROL_BLOB_MAX);
    succession_encode(&s, &b);
    refused(CONTROL_SUCCESSION, &b, "size");
    s.size = LEAVES_MAX + 1;
    buf_init(&b, CONTROL_BLOB_MAX);
    succession_encode(&s, &b);
    refused(CONTROL_SUCCESSION, &b, "size");

    struct kid kid = {{1}};
    buf_init(&b, CONTROL_BLOB_MAX);
    keys_encode_revoke(&kid, &b);
    b.p[4] = 5; /* a3 01 01 02 <verb> */
    refused(CONTROL_KEYS, &b, "none of what is known");
    buf_init(&b, CONTROL_BLOB_MAX);
    keys_encode_revoke(&kid, &b);
    b.p[2] = 2;
    refused(CONTROL_KEYS, &b, "version 1");
    buf_init(&b, CONTROL_BLOB_MAX);
    keys_encode_side(bytes_str("\x40"), &b);
    refused(CONTROL_KEYS, &b, "slip");
    buf_init(&b, CONTROL_BLOB_MAX);
    keys_encode_seat(bytes_str("\x40"), &b);
    refused(CONTROL_KEYS, &b, "seat slip");
    buf_init(&b, CONTROL_BLOB_MAX);
    proceed_encode(3, &b);
    refused(CONTROL_COUNTERSIGN, &b, ""); /* no note at all */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_written_again),
        cmocka_unit_test(test_found_ranges),
        cmocka_unit_test(test_namings),
        cmocka_unit_test(test_others),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
