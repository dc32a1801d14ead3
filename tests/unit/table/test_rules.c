/* SPDX-License-Identifier: Apache-2.0
 *
 * A later version of the rules beside version 1: a toy, linked in for this test alone.  Which of the two
 * judges a table stands in its founding.
 */
#include "table/rules.h"

#include "lib/table_sim.h"
#include "lib/test.h"

bool __real_control_decode(enum control_kind kind, struct bytes blob, struct control *out,
                           struct err *err);
bool __wrap_control_decode(enum control_kind kind, struct bytes blob, struct control *out,
                           struct err *err);
const struct rules *__real_rules_find(uint32_t version);
const struct rules *__wrap_rules_find(uint32_t version);

/* Under version 2 no title is parked; all else is as under version 1. */
static bool toy_judge(const struct judged_act *a, struct findings *found, struct refusal *out)
{
    if (a->p->kind == KIND_PARK) {
        return refuse(out, REFUSED_PHASE, "Under rules version 2 nothing is parked.");
    }
    return rules_v1_judge(a, found, out);
}

const struct rules *__wrap_rules_find(uint32_t version)
{
    static const struct rules toy = {2, toy_judge};
    return version == 2 ? &toy : __real_rules_find(version);
}

/* The founding of version 2 is read as one of version 1 and given its own number. */
bool __wrap_control_decode(enum control_kind kind, struct bytes blob, struct control *out,
                           struct err *err)
{
    static const uint8_t version_2[] = {0xab, 0x01, 0x01, 0x02, 0x02};
    uint8_t copy[CONTROL_BLOB_MAX];
    if (kind != CONTROL_FOUND || blob.n < sizeof(version_2) || blob.n > sizeof(copy) ||
        memcmp(blob.p, version_2, sizeof(version_2)) != 0) {
        return __real_control_decode(kind, blob, out, err);
    }
    memcpy(copy, blob.p, blob.n);
    copy[sizeof(version_2) - 1] = 1;
    if (!__real_control_decode(kind, bytes_of(copy, blob.n), out, err)) {
        return false;
    }
    out->as.found.rules_version = 2;
    return true;
}

static struct payload park(void)
{
    static struct text title = {.p = "fishing", .n = 7};
    return (struct payload){
        .kind = KIND_PARK, .text_count = 1, .texts = &title, .phase = text_str("second")};
}

static struct payload say(void)
{
    static struct text words = {.p = "good morning", .n = 12};
    return (struct payload){.kind = KIND_STATEMENT,
                            .text_count = 1,
                            .texts = &words,
                            .side = text_str("south"),
                            .source = text_str("a paper")};
}

/* The same acts at a table of that version; the number of titles, and what the second act came to. */
static struct digest played(uint32_t version, uint32_t *out_parked, enum refusal_code *out_code)
{
    static struct table_sim sim;
    sim = (struct table_sim){.rules_version = version};
    tsim_open(&sim, 17);
    tsim_begin(&sim, 30);
    assert_int_equal(keyring_found(door_keyring(sim.rec.door))->rules_version, version);
    uint64_t title = tsim_file(&sim, 1, 0, park());
    uint64_t words = tsim_file(&sim, 2, 0, say());
    uint64_t offer = tsim_file(&sim, 1, 0, tsim_propose());
    const struct void_note *v = fold_void(sim.fold, title);
    assert_null(fold_void(sim.fold, words));
    assert_null(fold_void(sim.fold, offer)); /* what version 2 does not change */
    *out_code = v == NULL ? REFUSED_NOT : v->code;
    *out_parked = fold_state(sim.fold)->parked_count;
    /* Read again, the record comes to the same. */
    struct arena mem = test_arena((size_t)16 << 20);
    struct fold *f = NULL;
    struct err err = {0};
    struct digest again, now = tsim_digest(&sim);
    assert_true(tsim_refold(&sim, sim.rec.count, INDEX_NEVER, &mem, &f, &err));
    assert_true(state_digest(fold_state(f), &again, &err));
    assert_memory_equal(again.b, now.b, sizeof(now.b));
    test_arena_free(&mem);
    tsim_close(&sim);
    return now;
}

static void test_founding_chooses(void **state)
{
    enum refusal_code code;
    uint32_t parked;
    (void)state;
    struct digest before = played(1, &parked, &code);
    assert_int_equal(code, REFUSED_NOT);
    assert_int_equal(parked, 1);
    (void)played(2, &parked, &code);
    assert_int_equal(code, REFUSED_PHASE);
    assert_int_equal(parked, 0);
    /* A table of version 1 that is read after it is what it was. */
    struct digest after = played(1, &parked, &code);
    assert_memory_equal(before.b, after.b, sizeof(after.b));
    assert_int_equal(parked, 1);
}

static void test_known_sets(void **state)
{
    (void)state;
    assert_ptr_equal(__real_rules_find(1)->judge, rules_v1_judge);
    assert_null(__real_rules_find(0));
    assert_null(__real_rules_find(2)); /* a program without the toy */
}

/* Without the toy's reading a founding of version 2 is refused, and says why. */
static void test_unknown_is_refused(void **state)
{
    struct record_sim rec;
    struct buf b;
    struct control c;
    struct err err = {0};
    (void)state;
    sim_open(&rec, 3, 2, 1);
    rec.found.rules_version = 2;
    buf_init(&b, CONTROL_BLOB_MAX);
    found_encode(&rec.found, &b);
    assert_false(__real_control_decode(CONTROL_FOUND, buf_bytes(&b), &c, &err));
    assert_non_null(strstr(err.what, "version that is not known"));
    buf_free(&b);
    sim_close(&rec);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_founding_chooses),
        cmocka_unit_test(test_known_sets),
        cmocka_unit_test(test_unknown_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
