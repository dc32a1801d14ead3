/* SPDX-License-Identifier: Apache-2.0 */
#include "lib/json.h"

#include <stdlib.h>

#include "base/hex.h"
#include "lib/shared.h"
#include "lib/test.h"

json_t *json_shared_or_skip(const char *rel)
{
    struct bytes text = shared_read_or_skip(rel);
    json_error_t error;
    json_t *v = json_loadb((const char *)text.p, text.n, JSON_REJECT_DUPLICATES, &error);
    free((void *)(uintptr_t)text.p); /* it gave it to us; the view is const */
    assert_non_null(v);
    return v;
}

const char *json_word(const json_t *object, const char *key)
{
    const char *s = json_string_value(json_object_get(object, key));
    assert_non_null(s);
    return s;
}

size_t json_number(const json_t *object, const char *key)
{
    const json_t *v = json_object_get(object, key);
    assert_true(json_is_integer(v) && json_integer_value(v) >= 0);
    return (size_t)json_integer_value(v);
}

struct bytes json_hex(const json_t *object, const char *key, uint8_t *out, size_t cap)
{
    struct bytes text = bytes_str(json_word(object, key));
    assert_true(text.n / 2 <= cap);
    assert_true(hex_decode(text, out, text.n / 2));
    return bytes_of(out, text.n / 2);
}

void json_each_test(const json_t *file, void (*run)(const json_t *group, const json_t *test))
{
    size_t i, k;
    const json_t *group, *test;
    json_array_foreach(json_object_get(file, "testGroups"), i, group)
    {
        json_array_foreach(json_object_get(group, "tests"), k, test)
        {
            run(group, test);
        }
    }
}
