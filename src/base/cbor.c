/* SPDX-License-Identifier: Apache-2.0
 *
 * See cbor.h.
 *
 * DESIGN.  Every read goes through take(), which reads one head, checks it against the profile and
 * against the container it stands in (is an item due, is it a map key and then an ascending uint),
 * and counts it off.  A container pushes a level; a level whose items are all read closes itself
 * in settle().  So cbor_skip and the typed reads cannot disagree about what is well formed.
 */
#include "base/cbor.h"

#include "base/check.h"
#include "base/switch_off.h"

enum major {
    MAJOR_UINT = 0,
    MAJOR_NINT = 1,
    MAJOR_BSTR = 2,
    MAJOR_TSTR = 3,
    MAJOR_ARRAY = 4,
    MAJOR_MAP = 5,
    MAJOR_TAG = 6,
    MAJOR_SIMPLE = 7,
};

enum {
    SIMPLE_FALSE = 20,
    SIMPLE_TRUE = 21,
    SIMPLE_NULL = 22,
};

#define TAG_SIGN1 18u

struct head {
    unsigned major;
    uint64_t value;
    size_t size; /* bytes of the head itself */
};

void cbor_init(struct cbor *c, struct bytes in)
{
    *c = (struct cbor){.in = in};
    c->level[0].left = 1;
}

void cbor_refuse(struct cbor *c, const char *reason)
{
    if (c->fault == NULL) {
        c->fault = reason;
        c->fault_at = c->at;
    }
}

/* The head at the reading point; NULL, or the fault. */
static const char *head_at(const struct cbor *c, struct head *out)
{
    size_t left = c->in.n - c->at;
    if (left == 0) {
        return "it is cut short";
    }
    const uint8_t *p = c->in.p + c->at;
    unsigned info = p[0] & 31;
    *out = (struct head){.major = p[0] >> 5, .value = info, .size = 1};
    if (out->major == MAJOR_SIMPLE) {
        bool known = info == SIMPLE_FALSE || info == SIMPLE_TRUE || info == SIMPLE_NULL;
        return known ? NULL : "floats and simple values other than false, true, null are not used";
    }
    if (info < 24) {
        return NULL;
    }
    if (info == 31) {
        return "indefinite lengths are not used";
    }
    if (info > 27) {
        return "a head is of no known form";
    }
    size_t n = (size_t)1 << (info - 24);
    if (left - 1 < n) {
        return "it is cut short";
    }
    uint64_t v = 0;
    for (size_t i = 1; i <= n; i++) {
        v = v << 8 | p[i];
    }
    /* The least value that needs n bytes. */
    uint64_t least = n == 1 ? 24 : UINT64_C(1) << (4 * n);
    if (CHECK_ON(CANONICAL) && v < least) {
        return "a head is longer than it needs to be";
    }
    out->value = v;
    out->size = 1 + n;
    return NULL;
}

/* Closes the containers whose last item was read. */
static void settle(struct cbor *c)
{
    while (c->depth > 0 && c->level[c->depth].left == 0) {
        c->depth--;
    }
}

/* Whether the next item of the open container is a map key. */
static bool key_is_due(const struct cbor *c)
{
    return c->level[c->depth].is_map && c->level[c->depth].left % 2 == 0;
}

/* Reads the next head, which must be of this major type, and counts the item off. */
static bool take(struct cbor *c, unsigned major, const char *wanted, struct head *out)
{
    if (c->fault != NULL) {
        return false;
    }
    struct head h;
    const char *fault = head_at(c, &h);
    if (fault == NULL && c->level[c->depth].left == 0) {
        fault = "there are bytes behind its end";
    }
    if (fault == NULL && h.major != major) {
        fault = wanted;
    }
    if (fault == NULL && key_is_due(c)) {
        if (major != MAJOR_UINT) {
            fault = "a map key is not an unsigned number";
        } else if (c->level[c->depth].has_key && h.value <= c->level[c->depth].last_key) {
            fault = "map keys are not in ascending order";
        } else {
            c->level[c->depth].has_key = true;
            c->level[c->depth].last_key = h.value;
        }
    }
    if (fault == NULL && major == MAJOR_NINT && h.value > INT64_MAX) {
        fault = "a negative number is below what 64 bits hold";
    }
    if (fault != NULL) {
        cbor_refuse(c, fault);
        return false;
    }
    *out = h;
    c->at += h.size;
    c->level[c->depth].left--;
    return true;
}

enum cbor_type cbor_peek(const struct cbor *c)
{
    if (c->fault != NULL || c->level[c->depth].left == 0 || c->at >= c->in.n) {
        return CBOR_NOTHING;
    }
    uint8_t first = c->in.p[c->at];
    switch ((enum major)(first >> 5)) {
    case MAJOR_UINT:
        return CBOR_UINT;
    case MAJOR_NINT:
        return CBOR_NINT;
    case MAJOR_BSTR:
        return CBOR_BSTR;
    case MAJOR_TSTR:
        return CBOR_TSTR;
    case MAJOR_ARRAY:
        return CBOR_ARRAY;
    case MAJOR_MAP:
        return CBOR_MAP;
    case MAJOR_TAG:
        return CBOR_TAG;
    case MAJOR_SIMPLE:
        switch (first & 31) {
        case SIMPLE_FALSE:
            return CBOR_FALSE;
        case SIMPLE_TRUE:
            return CBOR_TRUE;
        case SIMPLE_NULL:
            return CBOR_NULL;
        }
        break;
    }
    return CBOR_NOTHING;
}

uint64_t cbor_uint(struct cbor *c)
{
    struct head h;
    if (!take(c, MAJOR_UINT, "an unsigned number was expected", &h)) {
        return 0;
    }
    settle(c);
    return h.value;
}

int64_t cbor_int(struct cbor *c)
{
    struct head h;
    if (cbor_peek(c) == CBOR_NINT) {
        if (!take(c, MAJOR_NINT, "a number was expected", &h)) {
            return 0;
        }
        settle(c);
        return -1 - (int64_t)h.value; /* take() saw that it fits */
    }
    size_t start = c->at;
    if (!take(c, MAJOR_UINT, "a number was expected", &h)) {
        return 0;
    }
    if (h.value > INT64_MAX) {
        c->at = start;
        cbor_refuse(c, "a number is above what 63 bits hold");
        return 0;
    }
    settle(c);
    return (int64_t)h.value;
}

static struct bytes take_string(struct cbor *c, unsigned major, const char *wanted)
{
    struct head h;
    if (!take(c, major, wanted, &h)) {
        return (struct bytes){0};
    }
    if (h.value > c->in.n - c->at) {
        cbor_refuse(c, "it is cut short");
        return (struct bytes){0};
    }
    struct bytes v = bytes_slice(c->in, c->at, (size_t)h.value);
    if (major == MAJOR_TSTR && !utf8_valid(v)) {
        cbor_refuse(c, "a text is not valid UTF-8");
        return (struct bytes){0};
    }
    c->at += v.n;
    settle(c);
    return v;
}

struct bytes cbor_bstr(struct cbor *c)
{
    return take_string(c, MAJOR_BSTR, "a byte string was expected");
}

struct bytes cbor_bstr_n(struct cbor *c, size_t n)
{
    size_t start = c->at;
    struct bytes v = cbor_bstr(c);
    if (c->fault == NULL && v.n != n) {
        c->at = start;
        cbor_refuse(c, "a byte string is not of the length it should have");
    }
    return c->fault == NULL ? v : (struct bytes){0};
}

void cbor_bstr_into(struct cbor *c, uint8_t *out, size_t n)
{
    struct bytes v = cbor_bstr_n(c, n);
    if (n == 0) {
        return;
    }
    if (v.n == n) {
        memcpy(out, v.p, n);
    } else {
        memset(out, 0, n);
    }
}

struct bytes cbor_tstr(struct cbor *c)
{
    return take_string(c, MAJOR_TSTR, "a text was expected");
}

bool cbor_bool(struct cbor *c)
{
    size_t start = c->at;
    struct head h;
    if (!take(c, MAJOR_SIMPLE, "true or false was expected", &h)) {
        return false;
    }
    if (h.value == SIMPLE_NULL) {
        c->at = start;
        cbor_refuse(c, "true or false was expected");
        return false;
    }
    settle(c);
    return h.value == SIMPLE_TRUE;
}

bool cbor_take_null(struct cbor *c)
{
    struct head h;
    if (cbor_peek(c) != CBOR_NULL || !take(c, MAJOR_SIMPLE, "null was expected", &h)) {
        return false;
    }
    settle(c);
    return true;
}

/* Opens a container of at least least and at most most entries. */
static size_t open_container(struct cbor *c, unsigned major, size_t least, size_t most)
{
    size_t start = c->at;
    struct head h;
    bool is_map = major == MAJOR_MAP;
    if (!take(c, major, is_map ? "a map was expected" : "an array was expected", &h)) {
        return 0;
    }
    const char *fault = NULL;
    if (h.value > most) {
        fault = least == most ? "a list is not of the length it should have"
                              : "a list is longer than its ceiling";
    } else if (h.value < least) {
        fault = "a list is not of the length it should have";
    } else if (h.value > (c->in.n - c->at) / (is_map ? 2 : 1)) {
        fault = "it is cut short"; /* each item takes a byte at least */
    } else if (c->depth == CBOR_DEPTH_MAX) {
        fault = "containers are nested too deep";
    }
    if (fault != NULL) {
        c->at = start;
        cbor_refuse(c, fault);
        return 0;
    }
    c->depth++;
    c->level[c->depth].left = is_map ? 2 * h.value : h.value;
    c->level[c->depth].is_map = is_map;
    c->level[c->depth].has_key = false;
    c->level[c->depth].last_key = 0;
    settle(c);
    return (size_t)h.value;
}

size_t cbor_array(struct cbor *c, size_t max)
{
    return open_container(c, MAJOR_ARRAY, 0, max);
}

void cbor_array_n(struct cbor *c, size_t n)
{
    (void)open_container(c, MAJOR_ARRAY, n, n);
}

size_t cbor_map(struct cbor *c, size_t max)
{
    return open_container(c, MAJOR_MAP, 0, max);
}

void cbor_map_n(struct cbor *c, size_t n)
{
    (void)open_container(c, MAJOR_MAP, n, n);
}

uint64_t cbor_key(struct cbor *c)
{
    if (c->fault == NULL && !key_is_due(c)) {
        cbor_refuse(c, "a map key was expected");
    }
    return cbor_uint(c);
}

void cbor_expect_key(struct cbor *c, uint64_t key)
{
    size_t start = c->at;
    uint64_t got = cbor_key(c);
    if (c->fault == NULL && got != key) {
        c->at = start;
        cbor_refuse(c, "a map has another key than the one that should be next");
    }
}

void cbor_tag18(struct cbor *c)
{
    if (c->fault == NULL && c->at != 0) {
        cbor_refuse(c, "a tag stands where none may");
    }
    struct head h;
    if (!take(c, MAJOR_TAG, "the tag 18 was expected", &h)) {
        return;
    }
    c->level[0].left = 1; /* the tag is no item of its own */
    if (h.value != TAG_SIGN1) {
        c->at = 0;
        cbor_refuse(c, "tags other than 18 are not used");
    }
}

/* One item, or the head of a container. */
static void skip_one(struct cbor *c)
{
    switch (cbor_peek(c)) {
    case CBOR_UINT:
        (void)cbor_uint(c);
        return;
    case CBOR_NINT:
        (void)cbor_int(c);
        return;
    case CBOR_BSTR:
        (void)cbor_bstr(c);
        return;
    case CBOR_TSTR:
        (void)cbor_tstr(c);
        return;
    case CBOR_ARRAY:
        (void)cbor_array(c, SIZE_MAX);
        return;
    case CBOR_MAP:
        (void)cbor_map(c, SIZE_MAX);
        return;
    case CBOR_TAG:
        cbor_tag18(c);
        return;
    case CBOR_FALSE:
    case CBOR_TRUE:
        (void)cbor_bool(c);
        return;
    case CBOR_NULL:
        (void)cbor_take_null(c);
        return;
    case CBOR_NOTHING:
        break;
    }
    /* The end, or a head outside the profile: take() knows which. */
    struct head h;
    (void)take(c, MAJOR_SIMPLE, "it is cut short", &h);
    cbor_refuse(c, "it is cut short");
}

struct bytes cbor_skip(struct cbor *c)
{
    size_t start = c->at;
    /* The item is over once as many items are left, at its own depth, as before it less one;
     * the level may even be gone by then.  A tag leaves the count as it was. */
    unsigned depth = c->depth;
    uint64_t left = c->level[depth].left;
    do {
        skip_one(c);
    } while (c->fault == NULL &&
             (c->depth > depth || (c->depth == depth && c->level[depth].left == left)));
    return c->fault == NULL ? bytes_slice(c->in, start, c->at - start) : (struct bytes){0};
}

bool cbor_done(const struct cbor *c, const char *what, struct err *err)
{
    const char *fault = c->fault;
    size_t at = fault != NULL ? c->fault_at : c->at;
    if (fault == NULL && (c->depth > 0 || c->level[0].left > 0)) {
        fault = c->at < c->in.n ? "it holds more than is read of it" : "it is cut short";
    }
    if (fault == NULL && c->at < c->in.n) {
        fault = "there are bytes behind its end";
    }
    return fault == NULL || err_set(err, ERR_FORMAT, "%s: %s (byte %zu)", what, fault, at);
}

bool cbor_valid(struct bytes v)
{
    struct cbor c;
    cbor_init(&c, v);
    (void)cbor_skip(&c);
    return c.fault == NULL && c.at == v.n;
}

static void put_head(struct buf *b, unsigned major, uint64_t v)
{
    unsigned n = v < 24 ? 0 : v <= UINT8_MAX ? 1 : v <= UINT16_MAX ? 2 : v <= UINT32_MAX ? 4 : 8;
    unsigned info = n == 0 ? (unsigned)v : n == 1 ? 24 : n == 2 ? 25 : n == 4 ? 26 : 27;
    uint8_t out[9] = {(uint8_t)(major << 5 | info)};
    for (unsigned i = 0; i < n; i++) {
        out[1 + i] = (uint8_t)(v >> (8 * (n - 1 - i)));
    }
    buf_add(b, bytes_of(out, 1 + n));
}

void cbor_put_uint(struct buf *b, uint64_t v)
{
    put_head(b, MAJOR_UINT, v);
}

void cbor_put_int(struct buf *b, int64_t v)
{
    if (v < 0) {
        put_head(b, MAJOR_NINT, (uint64_t)(-1 - v));
    } else {
        put_head(b, MAJOR_UINT, (uint64_t)v);
    }
}

void cbor_put_bstr(struct buf *b, struct bytes v)
{
    put_head(b, MAJOR_BSTR, v.n);
    buf_add(b, v);
}

void cbor_put_tstr(struct buf *b, struct text t)
{
    put_head(b, MAJOR_TSTR, t.n);
    buf_add(b, text_bytes(t));
}

void cbor_put_array(struct buf *b, size_t n)
{
    put_head(b, MAJOR_ARRAY, n);
}

void cbor_put_map(struct buf *b, size_t n)
{
    put_head(b, MAJOR_MAP, n);
}

void cbor_put_bool(struct buf *b, bool v)
{
    put_head(b, MAJOR_SIMPLE, v ? SIMPLE_TRUE : SIMPLE_FALSE);
}

void cbor_put_null(struct buf *b)
{
    put_head(b, MAJOR_SIMPLE, SIMPLE_NULL);
}

void cbor_put_tag18(struct buf *b)
{
    put_head(b, MAJOR_TAG, TAG_SIGN1);
}
