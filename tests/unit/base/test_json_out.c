/* SPDX-License-Identifier: Apache-2.0 */
#include "lib/test.h"

#include <jansson.h>

#include "base/json_out.h"

static void assert_json(struct buf *b, const char *want)
{
    assert_true(buf_ok(b));
    assert_string_equal(buf_str(b), want);
    json_error_t error;
    json_t *read = json_loadb(buf_str(b), b->n, JSON_DECODE_ANY | JSON_REJECT_DUPLICATES, &error);
    assert_non_null(read); /* another's reader takes it */
    json_decref(read);
}

static void test_nested(void **state)
{
    (void)state;
    struct buf b;
    struct json j;
    buf_init(&b, 1000);
    json_init(&j, &b);
    json_put_object(&j);
    json_put_key(&j, "v");
    json_put_u64(&j, 1);
    json_put_key(&j, "list");
    json_put_array(&j);
    json_put_bool(&j, true);
    json_put_bool(&j, false);
    json_put_null(&j);
    json_put_object(&j);
    json_put_end(&j);
    json_put_array(&j);
    json_put_end(&j);
    json_put_array(&j);
    json_put_str(&j, "a");
    json_put_end(&j);
    json_put_end(&j);
    json_put_key(&j, "last");
    json_put_str(&j, "");
    json_put_end(&j);
    json_done(&j);
    assert_json(&b, "{\"v\":1,\"list\":[true,false,null,{},[],[\"a\"]],\"last\":\"\"}");
    buf_free(&b);
}

static void test_numbers(void **state)
{
    (void)state;
    struct buf b;
    struct json j;
    buf_init(&b, 1000);
    json_init(&j, &b);
    json_put_array(&j);
    json_put_u64(&j, 9007199254740993);
    json_put_i64(&j, INT64_MIN);
    json_put_i64(&j, INT64_MAX);
    json_put_fixed(&j, -12345, 2);
    json_put_fixed(&j, 5, 0);
    json_put_end(&j);
    json_done(&j);
    assert_json(&b, "[9007199254740993,-9223372036854775808,9223372036854775807,-123.45,5]");
    buf_clear(&b);
    json_init(&j, &b);
    json_put_u64(&j, UINT64_MAX);
    json_done(&j);
    assert_string_equal(buf_str(&b), "18446744073709551615");
    buf_free(&b);
}

static void test_strings(void **state)
{
    (void)state;
    struct buf b;
    struct json j;
    buf_init(&b, 1000);
    json_init(&j, &b);
    json_put_array(&j);
    json_put_text(&j, (struct text){.p = "a\"b\\c\nd\te\x01\x1f\x7f/\xc3\xa9", .n = 15});
    json_put_text(&j, (struct text){.p = "\0x", .n = 2});
    json_put_text(&j, (struct text){0});
    json_put_hex(&j, bytes_of("\x00\xab\xff", 3));
    json_put_end(&j);
    assert_string_equal(buf_str(&b), "[\"a\\\"b\\\\c\\nd\\te\\u0001\\u001f\\u007f/\xc3\xa9\","
                                     "\"\\u0000x\",\"\",\"00abff\"]");
    buf_free(&b);
}

/* What comes out reads back as what went in, for every byte that text may hold. */
static void test_reads_back(void **state)
{
    (void)state;
    char all[128];
    for (size_t i = 0; i < sizeof(all); i++) {
        all[i] = (char)(i == 0 ? 'x' : i);
    }
    struct buf b;
    struct json j;
    buf_init(&b, 2000);
    json_init(&j, &b);
    json_put_object(&j);
    json_put_key(&j, "a \"key\"");
    json_put_text(&j, (struct text){.p = all, .n = sizeof(all)});
    json_put_end(&j);
    json_done(&j);
    json_t *read = json_loadb(buf_str(&b), b.n, 0, NULL);
    assert_non_null(read);
    const json_t *got = json_object_get(read, "a \"key\"");
    assert_int_equal(json_string_length(got), sizeof(all));
    assert_memory_equal(json_string_value(got), all, sizeof(all));
    json_decref(read);
    buf_free(&b);
}

static void test_ceiling_sticks(void **state)
{
    (void)state;
    struct buf b;
    struct json j;
    struct err err;
    buf_init(&b, 10);
    json_init(&j, &b);
    json_put_str(&j, "longer than that");
    json_done(&j);
    assert_false(buf_done(&b, "the answer", &err));
    assert_int_equal(err.code, ERR_LIMIT);
    buf_free(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_nested),         cmocka_unit_test(test_numbers),
        cmocka_unit_test(test_strings),        cmocka_unit_test(test_reads_back),
        cmocka_unit_test(test_ceiling_sticks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
