/* SPDX-License-Identifier: Apache-2.0
 *
 * Writes JSON (RFC 8259) into a buffer, compactly, in the order of the calls.  Integers are written
 * with all their digits: readers that keep numbers as doubles lose those above 2^53, so counters
 * that large belong in strings.  Calls that do not make a JSON text (a key in an array, an end too
 * many) are our own bugs: CHECK.
 *
 *     struct json j;
 *     json_init(&j, &buf);
 *     json_put_object(&j);
 *     json_put_key(&j, "v");
 *     json_put_u64(&j, 1);
 *     json_put_end(&j);
 *     json_done(&j);
 */
#ifndef ENTENTE_BASE_JSON_OUT_H
#define ENTENTE_BASE_JSON_OUT_H

#include "base/buf.h"
#include "base/err.h"
#include "base/fixed.h"

#define JSON_DEPTH_MAX 64u

struct json {
    struct buf *out;  /* borrowed; its ceiling holds, and its failure sticks */
    unsigned depth;   /* objects and arrays open */
    uint64_t objects; /* bit d: the one at depth d + 1 is an object */
    uint64_t filled;  /* bit d: it has a member already */
    bool keyed;       /* a key was written, its value comes */
    bool whole;       /* a value at the top was written */
};

void json_init(struct json *j, struct buf *out);

void json_put_object(struct json *j);
void json_put_array(struct json *j);
void json_put_end(struct json *j); /* of the innermost object or array */

/* A key of ours: ASCII.  Within an object, before each value. */
void json_put_key(struct json *j, const char *key);

void json_put_text(struct json *j, struct text t);
void json_put_str(struct json *j, const char *s); /* UTF-8 of ours */
void json_put_hex(struct json *j, struct bytes v);
void json_put_u64(struct json *j, uint64_t v);
void json_put_i64(struct json *j, int64_t v);
void json_put_bool(struct json *j, bool v);
void json_put_null(struct json *j);

/* A decimal number (base/fixed.h): units / 10^scale, written exactly. */
void json_put_fixed(struct json *j, int64_t units, unsigned scale);

/* Member "error" of what is open: code, what, where, mend (docs/schema/failed.json). */
void json_put_err(struct json *j, const struct err *err);

/* CHECKs that the text is whole. */
void json_done(const struct json *j);

#endif
