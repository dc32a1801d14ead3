/* SPDX-License-Identifier: Apache-2.0 */
#include "base/json_out.h"

#include <inttypes.h>

#include "base/check.h"
#include "base/hex.h"

void json_init(struct json *j, struct buf *out)
{
    *j = (struct json){.out = out};
}

/* Bit of the innermost open object or array. */
static uint64_t top(const struct json *j)
{
    return UINT64_C(1) << (j->depth - 1);
}

/* A comma where one is due, and the check that a value may come here. */
static void before_value(struct json *j)
{
    if (j->depth == 0) {
        CHECK(!j->whole);
        j->whole = true;
        return;
    }
    if ((j->objects & top(j)) != 0) {
        CHECK(j->keyed);
        j->keyed = false;
        return;
    }
    if ((j->filled & top(j)) != 0) {
        buf_add_u8(j->out, ',');
    }
    j->filled |= top(j);
}

static void open_one(struct json *j, char c, bool object)
{
    before_value(j);
    CHECK(j->depth < JSON_DEPTH_MAX);
    buf_add_u8(j->out, (uint8_t)c);
    j->depth++;
    j->objects = object ? j->objects | top(j) : j->objects & ~top(j);
    j->filled &= ~top(j);
}

void json_put_object(struct json *j)
{
    open_one(j, '{', true);
}

void json_put_array(struct json *j)
{
    open_one(j, '[', false);
}

void json_put_end(struct json *j)
{
    CHECK(j->depth > 0 && !j->keyed);
    buf_add_u8(j->out, (j->objects & top(j)) != 0 ? '}' : ']');
    j->depth--;
}

/* In quotes, with the escapes that RFC 8259 section 7 asks for. */
static void quoted(struct json *j, struct text t)
{
    buf_add_u8(j->out, '"');
    size_t plain = 0; /* where the run that needs no escape began */
    for (size_t i = 0; i <= t.n; i++) {
        unsigned char c = i < t.n ? (unsigned char)t.p[i] : 0;
        if (i < t.n && c >= 0x20 && c != '"' && c != '\\' && c != 0x7f) {
            continue;
        }
        buf_add(j->out, bytes_slice(text_bytes(t), plain, i - plain));
        plain = i + 1;
        if (i == t.n) {
            break;
        }
        switch (c) {
        case '"':
            buf_add_str(j->out, "\\\"");
            break;
        case '\\':
            buf_add_str(j->out, "\\\\");
            break;
        case '\n':
            buf_add_str(j->out, "\\n");
            break;
        case '\t':
            buf_add_str(j->out, "\\t");
            break;
        default:
            buf_printf(j->out, "\\u%04x", (unsigned)c);
            break;
        }
    }
    buf_add_u8(j->out, '"');
}

void json_put_key(struct json *j, const char *key)
{
    CHECK(j->depth > 0 && (j->objects & top(j)) != 0 && !j->keyed);
    if ((j->filled & top(j)) != 0) {
        buf_add_u8(j->out, ',');
    }
    j->filled |= top(j);
    quoted(j, text_str(key));
    buf_add_u8(j->out, ':');
    j->keyed = true;
}

void json_put_text(struct json *j, struct text t)
{
    before_value(j);
    quoted(j, t);
}

void json_put_str(struct json *j, const char *s)
{
    json_put_text(j, text_str(s));
}

void json_put_hex(struct json *j, struct bytes v)
{
    before_value(j);
    buf_add_u8(j->out, '"');
    for (size_t i = 0; i < v.n; i++) {
        char two[3];
        hex_encode(bytes_slice(v, i, 1), two);
        buf_add_str(j->out, two);
    }
    buf_add_u8(j->out, '"');
}

void json_put_u64(struct json *j, uint64_t v)
{
    before_value(j);
    buf_printf(j->out, "%" PRIu64, v);
}

void json_put_i64(struct json *j, int64_t v)
{
    before_value(j);
    buf_printf(j->out, "%" PRId64, v);
}

void json_put_bool(struct json *j, bool v)
{
    before_value(j);
    buf_add_str(j->out, v ? "true" : "false");
}

void json_put_null(struct json *j)
{
    before_value(j);
    buf_add_str(j->out, "null");
}

void json_put_fixed(struct json *j, int64_t units, unsigned scale)
{
    char text[FIXED_TEXT_MAX];
    before_value(j);
    fixed_format(units, scale, text);
    buf_add_str(j->out, text);
}

void json_put_err(struct json *j, const struct err *err)
{
    json_put_key(j, "error");
    json_put_object(j);
    json_put_key(j, "code");
    json_put_str(j, err_word(err->code));
    json_put_key(j, "what");
    json_put_str(j, err->what);
    json_put_key(j, "where");
    json_put_str(j, err->where);
    json_put_key(j, "mend");
    json_put_str(j, err->mend);
    json_put_end(j);
}

void json_done(const struct json *j)
{
    CHECK(j->depth == 0 && j->whole);
}
