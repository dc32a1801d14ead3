/* SPDX-License-Identifier: Apache-2.0
 *
 * Public vectors that are JSON.
 */
#ifndef ENTENTE_TESTS_JSON_H
#define ENTENTE_TESTS_JSON_H

#include <jansson.h>

#include "base/bytes.h"

/* A file of the shared data; skips the running test where it is not there.  json_decref it. */
json_t *json_shared_or_skip(const char *rel);

/* Fields of an object; the test fails where they are missing or of another type. */
const char *json_word(const json_t *object, const char *key);
size_t json_number(const json_t *object, const char *key);

/* A field of hex digits, decoded into out. */
struct bytes json_hex(const json_t *object, const char *key, uint8_t *out, size_t cap);

/* How Wycheproof's files are made: each test of each group, in order. */
void json_each_test(const json_t *file, void (*run)(const json_t *group, const json_t *test));

#endif
