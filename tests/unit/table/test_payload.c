/* SPDX-License-Identifier: Apache-2.0
 *
 * The kinds and their items stand here a second time, from the words of FORMAT 10; values are made
 * as CBOR, by chance, and must come out of the typed payload byte for byte.
 */
#include "table/payload.h"

#include "base/cbor.h"
#include "lib/prop.h"
#include "lib/test.h"

#define ROOM (4u << 20)

enum names { NO, MUST, MAY }; /* header 8 */

struct spec {
    uint32_t kind;
    enum names names;
    struct {
        uint32_t type, least, most;
    } items[6];
};

/* least and most of "?" are 0 and 1, of "*" 0 and the ceiling of FORMAT 3. */
static const struct spec specs[] = {
    {1, NO, {{25, 1, 1}, {26, 1, 1}}},
    {2, NO, {{6, 1, 1}}},
    {3, NO, {{22, 1, 1}}},
    {4, NO, {{23, 0, 200}, {24, 0, 200}}},
    {5, MUST, {{1, 0, 1}}},
    {6, MUST, {{27, 1, 1}}},
    {7, NO, {{2, 1, 1}, {28, 1, 1}}},
    {8, NO, {{1, 0, 1}, {26, 1, 1}, {34, 1, 1}}},
    {10, NO, {{1, 0, 1}, {6, 1, 1}}},
    {11, NO, {{6, 1, 1}}},
    {12, NO, {{1, 1, 64}, {11, 0, 1}, {29, 1, 1}, {70, 0, 64}}},
    {13, MUST, {{0, 0, 0}}},
    {14, NO, {{1, 1, 1}}},
    {15, NO, {{2, 1, 1}, {18, 1, 1}, {19, 1, 1}}},
    {16, NO, {{1, 1, 1}, {9, 1, 1}, {10, 1, 1}, {11, 0, 1}}},
    {17, NO, {{1, 1, 1}, {15, 1, 1}, {16, 1, 1}, {17, 1, 1}}},
    {18, NO, {{76, 0, 128}, {77, 0, 128}}},
    {20, NO, {{1, 0, 1}, {3, 1, 1}, {7, 0, 1}, {8, 0, 64}, {43, 0, 1}, {74, 0, 1}}},
    {21, MUST, {{74, 0, 1}}},
    {22, MUST, {{1, 0, 1}, {4, 1, 1}, {5, 0, 32}, {74, 0, 1}}},
    {23, MUST, {{7, 0, 1}, {13, 1, 1}}},
    {24, MUST, {{6, 1, 1}}},
    {30, NO, {{1, 1, 2}, {11, 1, 1}, {14, 1, 1}, {30, 0, 1}}},
    {31, NO, {{1, 0, 1}, {14, 1, 1}, {31, 1, 1}, {32, 0, 16}}},
    {32, MAY, {{1, 0, 1}, {14, 1, 1}, {31, 1, 1}}},
    {33, MUST, {{1, 1, 1}, {14, 1, 1}}},
    {34, NO, {{14, 1, 1}}},
    {35, NO, {{1, 1, 1}, {7, 0, 64}, {9, 0, 1}, {11, 1, 1}, {32, 0, 16}}},
    {36, MUST, {{1, 0, 1}, {9, 0, 1}, {11, 0, 1}, {33, 1, 1}, {54, 0, 1}}},
    {40, NO, {{7, 0, 64}, {21, 1, 1}}},
    {41, NO, {{1, 1, 1}, {21, 1, 1}}},
    {42, NO, {{1, 0, 1}, {7, 0, 1}, {11, 0, 1}}},
    {43, NO, {{1, 0, 1}}},
    {44, NO, {{1, 0, 1}}},
    {45, NO, {{1, 0, 1}}},
    {46, NO, {{1, 0, 1}}},
    {48, NO, {{1, 0, 1}, {11, 0, 1}, {21, 1, 1}, {60, 1, 1}}},
    {50, NO, {{7, 1, 64}}},
    {51, NO, {{7, 1, 64}}},
    {63, NO, {{1, 1, 1}, {11, 0, 1}, {14, 0, 1}, {21, 0, 1}, {50, 0, 1}}},
    {64, MUST, {{1, 1, 1}, {17, 0, 1}}},
    {65, MAY, {{1, 1, 1}, {11, 1, 1}, {14, 0, 1}, {21, 0, 1}, {50, 0, 1}}},
    {66, NO, {{21, 1, 1}, {74, 0, 1}}},
    {67, NO, {{1, 0, 1}, {11, 0, 1}, {50, 1, 1}, {51, 1, 1}, {74, 0, 1}}},
    {68, NO, {{53, 1, 1}}},
    {70, NO, {{1, 0, 1}, {7, 0, 1}, {21, 1, 1}, {40, 1, 128}}},
    {71, MUST, {{1, 0, 1}, {30, 0, 1}, {40, 1, 1}, {41, 0, 1}}},
    {72, MUST, {{1, 0, 1}, {44, 0, 128}}},
    {73, MUST, {{1, 0, 1}, {44, 0, 128}}},
    {74, MUST, {{1, 0, 1}, {42, 1, 1}}},
    {75, MUST, {{45, 1, 1}}},
    {76, MUST, {{1, 0, 1}}},
    {60, NO, {{7, 0, 64}, {70, 1, 64}}},
    {61, NO, {{1, 1, 2}, {7, 0, 64}, {71, 1, 16}, {72, 0, 1}}},
    {62, MAY, {{1, 1, 1}, {6, 1, 1}, {11, 0, 1}, {13, 1, 1}, {73, 0, 16}}},
};

/* ---- values by chance ---- */

static void put_words(struct prop *r, struct buf *b, bool line)
{
    static const char *const stems[] = {"a", "Spa\xc3\x9f", "one bank + patrols",
                                        "\xe6\x9d\xb1\xe4\xba\xac", "null"};
    char out[80];
    struct buf t;
    buf_over(&t, out, sizeof(out));
    if (line || !prop_one_in(r, 5)) {
        buf_printf(&t, "%s%s%u", stems[prop_below(r, COUNT_OF(stems))], line ? " " : "\n\t",
                   (unsigned)prop_below(r, 1000));
    }
    cbor_put_tstr(b, text_str(buf_str(&t)));
}

static void put_id(struct prop *r, struct buf *b)
{
    char out[40];
    struct buf t;
    buf_over(&t, out, sizeof(out));
    buf_printf(&t, "side-%u", (unsigned)prop_below(r, 1000));
    cbor_put_tstr(b, text_str(buf_str(&t)));
}

static void put_random(struct prop *r, struct buf *b, size_t n)
{
    uint8_t v[64];
    prop_fill(r, v, n);
    cbor_put_bstr(b, bytes_of(v, n));
}

static void put_kids(struct prop *r, struct buf *b)
{
    uint32_t n = (uint32_t)prop_below(r, 5);
    cbor_put_array(b, n);
    for (uint32_t i = 0; i < n; i++) {
        uint8_t kid[32];
        prop_fill(r, kid, sizeof(kid));
        kid[0] = (uint8_t)(40 * i); /* ascending */
        cbor_put_bstr(b, bytes_of(kid, sizeof(kid)));
    }
}

static void put_epoch(struct prop *r, struct buf *b)
{
    cbor_put_map(b, 7);
    cbor_put_uint(b, 1);
    put_words(r, b, true);
    cbor_put_uint(b, 2);
    cbor_put_uint(b, prop_between(r, 1, EPOCHS_MAX));
    cbor_put_uint(b, 3);
    cbor_put_uint(b, prop_between(r, 0, EPOCHS_MAX));
    cbor_put_uint(b, 4);
    put_kids(r, b);
    cbor_put_uint(b, 5);
    put_words(r, b, false);
    cbor_put_uint(b, 6);
    put_random(r, b, 32);
    cbor_put_uint(b, 7);
    put_random(r, b, 32);
}

static void put_package(struct prop *r, struct buf *b)
{
    uint32_t n = 1 + (uint32_t)prop_below(r, 4);
    cbor_put_array(b, n);
    for (uint32_t i = 0; i < n; i++) {
        cbor_put_array(b, 2);
        put_id(r, b);
        cbor_put_uint(b, prop_below(r, TERMS_OPTIONS_MAX));
    }
}

static void put_path(struct prop *r, struct buf *b)
{
    uint32_t n = (uint32_t)prop_below(r, 41);
    cbor_put_array(b, n);
    for (uint32_t i = 0; i < n; i++) {
        put_random(r, b, 32);
    }
}

static void put_shown(struct prop *r, struct buf *b)
{
    uint32_t n = (uint32_t)prop_between(r, 1, 8);
    cbor_put_array(b, 5);
    cbor_put_uint(b, prop_edgy(r));
    put_random(r, b, 60);
    put_path(r, b);
    cbor_put_uint(b, prop_between(r, 1, 257));
    cbor_put_array(b, n);
    for (uint32_t i = 0; i < n; i++) {
        cbor_put_array(b, 3);
        cbor_put_uint(b, i == 0 ? 0 : 2 * i - prop_below(r, 2)); /* ascending */
        put_random(r, b, (size_t)prop_below(r, 60));
        put_path(r, b);
    }
}

/* As it stands; with words; with a title, too. */
static void put_article(struct prop *r, struct buf *b)
{
    unsigned what = (unsigned)prop_below(r, 3);
    cbor_put_array(b, 3);
    put_id(r, b);
    if (what == 2) {
        put_words(r, b, true);
    } else {
        cbor_put_null(b);
    }
    if (what > 0) {
        put_words(r, b, false);
    } else {
        cbor_put_null(b);
    }
}

static void put_value(struct prop *r, struct buf *b, uint32_t type)
{
    uint64_t from;
    switch (type) {
    case 1:
    case 10:
        put_words(r, b, false);
        return;
    case 2:
    case 13:
    case 18:
        put_words(r, b, true);
        return;
    case 3:
        put_package(r, b);
        return;
    case 4:
        cbor_put_uint(b, prop_between(r, 1, 5));
        return;
    case 5:
        cbor_put_array(b, 3);
        put_words(r, b, true);
        if (prop_one_in(r, 2)) {
            cbor_put_null(b);
        } else {
            put_id(r, b);
        }
        put_words(r, b, false);
        return;
    case 6:
    case 19:
    case 25:
    case 34:
        put_random(r, b, (size_t)prop_below(r, 60));
        return;
    case 7:
    case 26:
    case 28:
    case 42:
    case 43:
        put_random(r, b, 32);
        return;
    case 8:
        cbor_put_array(b, 2);
        put_random(r, b, 32);
        put_words(r, b, true);
        return;
    case 9:
    case 14:
    case 15:
    case 21:
    case 30:
    case 50:
    case 44:
        put_id(r, b);
        return;
    case 11:
        cbor_put_uint(b, prop_below(r, SECONDS_MAX + 1));
        return;
    case 16:
    case 17:
    case 31:
        cbor_put_uint(b, prop_between(r, 1, 3));
        return;
    case 22:
        put_epoch(r, b);
        return;
    case 23:
        cbor_put_array(b, 3);
        put_words(r, b, true);
        cbor_put_uint(b, prop_between(r, 1, EPOCHS_MAX));
        put_random(r, b, 32);
        return;
    case 24:
        cbor_put_array(b, 2);
        put_random(r, b, 32);
        put_random(r, b, 16);
        return;
    case 27:
        put_random(r, b, 16);
        return;
    case 29:
        put_kids(r, b);
        return;
    case 32:
        cbor_put_array(b, 4);
        put_words(r, b, true);
        put_words(r, b, true);
        cbor_put_uint(b, prop_edgy(r));
        put_random(r, b, 32);
        return;
    case 33:
    case 54:
        cbor_put_uint(b, prop_between(r, 1, 2));
        return;
    case 51:
        cbor_put_uint(b, prop_between(r, 1, 4));
        return;
    case 60:
        cbor_put_uint(b, prop_between(r, 1, 3));
        return;
    case 53:
        put_shown(r, b);
        return;
    case 45:
        cbor_put_uint(b, prop_between(r, 1, 2));
        return;
    case 40:
        put_article(r, b);
        return;
    case 41:
        from = prop_below(r, 1u << 20);
        cbor_put_array(b, 2);
        cbor_put_uint(b, from);
        cbor_put_uint(b, prop_between(r, from, 1u << 20));
        return;
    case 70:
        from = prop_below(r, 3); /* no mark, a mark, a mark and a side */
        cbor_put_array(b, from == 0 ? 2 : 4);
        cbor_put_uint(b, prop_between(r, 1, 3));
        put_words(r, b, true);
        if (from > 0) {
            cbor_put_uint(b, prop_between(r, 1, 3));
        }
        if (from == 1) {
            cbor_put_null(b);
        } else if (from == 2) {
            put_id(r, b);
        }
        return;
    case 71:
        cbor_put_array(b, 4);
        cbor_put_uint(b, prop_between(r, 1, 6));
        put_words(r, b, true);
        put_words(r, b, false);
        cbor_put_uint(b, prop_between(r, 1, 3));
        return;
    case 72:
        cbor_put_uint(b, prop_below(r, 16));
        return;
    case 73:
        cbor_put_array(b, 2);
        cbor_put_uint(b, prop_between(r, 1, 9));
        if (prop_one_in(r, 2)) {
            put_words(r, b, true);
        } else {
            cbor_put_tstr(b, text_str(""));
        }
        return;
    case 74:
        put_random(r, b, 32);
        return;
    case 76:
        cbor_put_array(b, 3);
        put_id(r, b);
        cbor_put_uint(b, prop_below(r, 256));
        cbor_put_uint(b, prop_below(r, 5));
        return;
    case 77:
        cbor_put_array(b, 3);
        put_id(r, b);
        put_id(r, b);
        cbor_put_uint(b, prop_below(r, 3));
        return;
    default:
        fail_msg("no value of type %u", type);
    }
}

static struct content_item item(struct prop *r, struct arena *mem, uint32_t type)
{
    struct buf b;
    buf_init(&b, 1u << 16);
    put_value(r, &b, type);
    struct content_item it = {type, arena_copy(mem, buf_bytes(&b))};
    assert_true(buf_ok(&b) && !mem->failed && cbor_valid(it.value));
    buf_free(&b);
    return it;
}

static struct content_header header(struct prop *r, const struct spec *s)
{
    struct content_header h = {.n = 3,
                               .claimed_time = prop_below(r, SECONDS_MAX),
                               .kind = s->kind,
                               .room = text_str("shuttle/north"),
                               .epoch = (uint32_t)prop_below(r, 9)};
    h.has_answers = s->names == MUST || (s->names == MAY && prop_one_in(r, 2));
    if (h.has_answers) {
        prop_fill(r, h.answers.b, sizeof(h.answers.b));
    }
    return h;
}

/* A lawful content of the kind; few of each item but now and then as many as may be. */
static struct content lawful(struct prop *r, struct arena *mem, const struct spec *s)
{
    struct content c = {.header = header(r, s),
                        .items = ARENA_NEW(mem, struct content_item, ITEMS_MAX)};
    bool full = prop_one_in(r, 8);
    for (size_t i = 0; i < COUNT_OF(s->items) && s->items[i].type != 0; i++) {
        uint32_t most = s->items[i].most;
        most = s->kind == 4 && most > 100 ? 100 : most; /* two lists share 256 places */
        most = full || most <= 3 ? most : 3;
        uint32_t n = full ? most : (uint32_t)prop_between(r, s->items[i].least, most);
        for (uint32_t k = 0; k < n; k++) {
            c.items[c.count++] = item(r, mem, s->items[i].type);
        }
    }
    return c;
}

static void same_items(const struct content *c, const struct payload *p, struct arena *mem)
{
    struct content_item *again;
    size_t n;
    struct err err = {0};
    if (!payload_items(p, mem, &again, &n, &err)) {
        fail_msg("kind %u: %s", c->header.kind, err.what);
    }
    assert_int_equal(n, c->count);
    for (size_t i = 0; i < n; i++) {
        assert_int_equal(again[i].type, c->items[i].type);
        assert_true(bytes_eq(again[i].value, c->items[i].value));
    }
}

static void test_round_trip(void **state)
{
    (void)state;
    struct prop r;
    static const uint8_t salts[(ITEMS_MAX + 1) * SALT_BYTES] = {7};
    prop_init(&r, "payload");
    for (size_t i = 0; i < prop_rounds(12) * COUNT_OF(specs); i++) {
        const struct spec *s = &specs[i % COUNT_OF(specs)];
        struct arena mem = test_arena(ROOM);
        struct content c = lawful(&r, &mem, s), back;
        struct payload p;
        struct err err = {0};
        struct buf out;
        buf_init(&out, 1u << 20);
        assert_true(content_encode(&c.header, c.items, c.count,
                                   bytes_of(salts, (c.count + 1) * SALT_BYTES), &out, &err));
        assert_true(content_decode(buf_bytes(&out), &mem, &back, &err));
        if (!payload_from(&back, &mem, &p, &err)) {
            fail_msg("kind %u: %s", s->kind, err.what);
        }
        assert_true((uint32_t)p.kind == s->kind && text_is(p.room, "shuttle/north"));
        assert_true(p.epoch == c.header.epoch && p.claimed_time == c.header.claimed_time);
        assert_true(p.has_answers == c.header.has_answers);
        assert_true(ID_EQ(p.answers, c.header.answers));
        same_items(&c, &p, &mem);
        buf_free(&out);
        test_arena_free(&mem);
    }
}

/* A copy says the same when what it was made from is gone. */
static void test_copy(void **state)
{
    (void)state;
    struct prop r;
    prop_init(&r, "payload copies");
    for (size_t i = 0; i < 4 * COUNT_OF(specs); i++) {
        const struct spec *s = &specs[i % COUNT_OF(specs)];
        struct arena mem = test_arena(ROOM), own = test_arena(ROOM), gone = test_arena(ROOM);
        struct content c = lawful(&r, &mem, s);
        struct payload p, copy;
        struct content_item *items, *again;
        size_t n, m;
        struct err err = {0};
        /* Into memory of its own, to be wiped. */
        for (uint32_t k = 0; k < c.count; k++) {
            c.items[k].value = arena_copy(&gone, c.items[k].value);
        }
        c.header.room = text_str("shuttle/north");
        assert_true(payload_from(&c, &gone, &p, &err));
        assert_true(payload_items(&p, &mem, &items, &n, &err));
        for (size_t k = 0; k < n; k++) {
            items[k].value = arena_copy(&mem, items[k].value); /* some borrow of p */
        }
        assert_true(payload_copy(&p, &own, &copy));
        arena_wipe(&gone);
        memset(gone.p, 0xa5, gone.cap);
        if (!payload_items(&copy, &own, &again, &m, &err)) {
            fail_msg("kind %u: %s", s->kind, err.what);
        }
        assert_int_equal(n, m);
        for (size_t k = 0; k < n; k++) {
            assert_int_equal(again[k].type, items[k].type);
            if (!bytes_eq(again[k].value, items[k].value)) {
                fail_msg("kind %u: an item of type %u is another", s->kind, items[k].type);
            }
        }
        assert_true(text_is(copy.room, "shuttle/north"));
        test_arena_free(&mem);
        test_arena_free(&own);
        test_arena_free(&gone);
    }
}

/* ---- refused ---- */

static void refused(const struct content *c, const char *why)
{
    struct arena mem = test_arena(ROOM);
    struct payload p;
    struct err err = {0};
    if (payload_from(c, &mem, &p, &err)) {
        fail_msg("kind %u taken in, though: %s", c->header.kind, why);
    }
    assert_int_equal(err.code, ERR_FORMAT);
    if (strstr(err.what, why) == NULL) {
        fail_msg("it says \"%s\", not \"%s\"", err.what, why);
    }
    test_arena_free(&mem);
}

static void test_counts(void **state)
{
    (void)state;
    struct prop r;
    prop_init_seed(&r, 3);
    for (size_t i = 0; i < COUNT_OF(specs); i++) {
        const struct spec *s = &specs[i];
        struct arena mem = test_arena(ROOM);
        for (size_t k = 0; k < COUNT_OF(s->items) && s->items[k].type != 0; k++) {
            /* One too few, one too many, of each item in turn. */
            for (int more = 0; more < 2; more++) {
                struct content c = {.header = header(&r, s),
                                    .items = ARENA_NEW(&mem, struct content_item, 2 * ITEMS_MAX)};
                for (size_t j = 0; j < COUNT_OF(s->items) && s->items[j].type != 0; j++) {
                    uint32_t n = s->items[j].least;
                    if (j == k) {
                        n = more ? s->items[j].most + 1 : n == 0 ? UINT32_MAX : n - 1;
                    }
                    if (n == UINT32_MAX) {
                        goto next;
                    }
                    for (uint32_t m = 0; m < n; m++) {
                        c.items[c.count++] = item(&r, &mem, s->items[j].type);
                    }
                }
                refused(&c, "items of type");
            next:;
            }
        }
        /* An item that no kind has at this place; one of a kind's neighbours. */
        struct content c = lawful(&r, &mem, s);
        c.items[c.count++] = (struct content_item){35, bytes_of("\x00", 1)};
        refused(&c, "may not have");
        c.items[c.count - 1].type = 12;
        refused(&c, "may not have");
        /* Header 8. */
        c = lawful(&r, &mem, s);
        if (s->names != MAY) {
            c.header.has_answers = !c.header.has_answers;
            refused(&c, s->names == MUST ? "must name" : "may not name");
        }
        test_arena_free(&mem);
    }
}

static void test_order_and_kinds(void **state)
{
    (void)state;
    struct prop r;
    struct arena mem = test_arena(ROOM);
    prop_init_seed(&r, 4);
    struct content_item items[] = {item(&r, &mem, 2), item(&r, &mem, 18), item(&r, &mem, 19)};
    struct content c = {
        .header = {.kind = 15, .room = text_str("plenary")}, .count = 3, .items = items};
    struct content_item first = items[0];
    items[0] = items[1];
    items[1] = first;
    refused(&c, "ascending");
    for (uint32_t kind = 0; kind < 300; kind++) {
        bool known = false;
        for (size_t i = 0; i < COUNT_OF(specs); i++) {
            known = known || specs[i].kind == kind;
        }
        if (!known) {
            c = (struct content){.header = {.kind = kind}};
            refused(&c, "knows no act of kind");
        }
    }
    c = (struct content){.header = {.kind = UINT32_MAX}};
    refused(&c, "knows no act of kind");
    test_arena_free(&mem);
}

struct bad {
    uint32_t type;
    const char *v;
    size_t n;
    const char *why;
};
#define BAD(type, literal, why)                                                                    \
    {                                                                                              \
        type, literal, sizeof(literal) - 1, why                                                    \
    }
#define Z16 "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"

/* Values out of range, each in an otherwise lawful act of the first kind that has the item. */
static const struct bad bads[] = {
    BAD(1, "\x61\x07", "cannot be shown"),
    BAD(1, "\x63\xe2\x80\xae", "cannot be shown"),
    BAD(1, "\x41\x61", "an item"),
    BAD(1, "\x61\x61\x00", "an item"),
    BAD(2, "\x60", "empty"),
    BAD(2, "\x63\x61\x0a\x62", "several lines"),
    BAD(3, "\x80", "empty"),
    BAD(3, "\x81\x82\x61\x41\x00", "identifier"),
    BAD(3, "\x81\x82\x61\x61\x19\x01\x00", "outside its range"),
    BAD(3, "\x81\x81\x61\x61", "an item"),
    BAD(4, "\x00", "outside its range"),
    BAD(4, "\x06", "outside its range"),
    BAD(5, "\x83\x60\xf6\x60", "empty"),
    BAD(5, "\x83\x61\x61\x61\x41\x60", "identifier"),
    BAD(6, "\x61\x61", "an item"),
    BAD(7, "\x50" Z16, "an item"),
    BAD(8, "\x82\x58\x20" Z16 Z16 "\x60", "empty"),
    BAD(9, "\x61\x31", "identifier"),
    BAD(11, "\x1b\x00\x00\x00\x3a\xff\xf4\x41\x80", "9999"),
    BAD(13, "\x60", "empty"),
    BAD(14, "\x60", "identifier"),
    BAD(15, "\x62\x61\x5f", "identifier"),
    BAD(16, "\x04", "outside its range"),
    BAD(17, "\x00", "outside its range"),
    BAD(18, "\x60", "empty"),
    BAD(19, "\xf6", "an item"),
    BAD(21, "\x62\x61\x20", "identifier"),
    BAD(22, "\xa0", "an item"),
    BAD(23, "\x83\x61\x61\x00\x58\x20" Z16 Z16, "outside its range"),
    BAD(24, "\x82\x58\x20" Z16 Z16 "\x40", "an item"),
    BAD(26, "\x50" Z16, "an item"),
    BAD(27, "\x40", "an item"),
    BAD(28, "\x40", "an item"),
    BAD(29, "\x82\x58\x20" Z16 Z16 "\x58\x20" Z16 Z16, "ascending order"),
    BAD(30, "\x60", "identifier"),
    BAD(31, "\x04", "outside its range"),
    BAD(32, "\x84\x60\x61\x61\x00\x58\x20" Z16 Z16, "empty"),
    BAD(33, "\x03", "outside its range"),
    BAD(60, "\x00", "outside its range"),
    BAD(60, "\x04", "outside its range"),
    BAD(70, "\x82\x04\x61\x61", "outside its range"),
    BAD(70, "\x82\x01\x60", "a line is empty"),
    BAD(71, "\x84\x07\x60\x60\x01", "outside its range"),
    BAD(71, "\x84\x01\x60\x60\x04", "outside its range"),
    BAD(71, "\x84\x01\x61\x0a\x60\x01", "several lines"),
    BAD(72, "\x10", "outside its range"),
    BAD(73, "\x82\x00\x60", "outside its range"),
    BAD(73, "\x82\x0a\x60", "outside its range"),
    BAD(74, "\x40", "an item"),
};

static void test_values(void **state)
{
    (void)state;
    struct prop r;
    prop_init_seed(&r, 5);
    for (size_t i = 0; i < COUNT_OF(bads); i++) {
        const struct spec *s = NULL;
        for (size_t k = 0; k < COUNT_OF(specs) && s == NULL; k++) {
            for (size_t j = 0; j < COUNT_OF(specs[k].items); j++) {
                s = specs[k].items[j].type == bads[i].type ? &specs[k] : s;
            }
        }
        assert_non_null(s);
        struct arena mem = test_arena(ROOM);
        struct content c = {.header = header(&r, s),
                            .items = ARENA_NEW(&mem, struct content_item, 16)};
        for (size_t j = 0; j < COUNT_OF(s->items) && s->items[j].type != 0; j++) {
            if (s->items[j].type == bads[i].type) {
                c.items[c.count++] = (struct content_item){bads[i].type,
                                                           bytes_of(bads[i].v, bads[i].n)};
            } else if (s->items[j].least > 0) {
                c.items[c.count++] = item(&r, &mem, s->items[j].type);
            }
        }
        refused(&c, bads[i].why);
        test_arena_free(&mem);
    }
}

/* A text of the ceiling is taken in, one byte more is not; a name likewise. */
static void test_ceilings(void **state)
{
    (void)state;
    static const struct {
        uint32_t kind, type;
        size_t most;
    } cases[] = {{14, 1, ITEM_TEXT_MAX}, {16, 10, ITEM_TEXT_MAX}, {15, 2, NAME_MAX_BYTES}};
    struct prop r;
    prop_init_seed(&r, 6);
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        for (size_t more = 0; more < 2; more++) {
            struct arena mem = test_arena(ROOM);
            struct payload p;
            struct err err = {0};
            struct buf b;
            buf_init(&b, 1u << 18);
            char *words = ARENA_NEW(&mem, char, cases[i].most + 1);
            memset(words, 'x', cases[i].most + 1);
            cbor_put_tstr(&b, (struct text){words, cases[i].most + more});
            const struct spec *s = specs;
            while (s->kind != cases[i].kind) {
                s++;
            }
            struct content c = {.header = header(&r, s),
                                .items = ARENA_NEW(&mem, struct content_item, 6)};
            for (size_t j = 0; j < COUNT_OF(s->items) && s->items[j].type != 0; j++) {
                c.items[c.count++] = s->items[j].type == cases[i].type
                                         ? (struct content_item){cases[i].type, buf_bytes(&b)}
                                         : item(&r, &mem, s->items[j].type);
            }
            assert_int_equal(payload_from(&c, &mem, &p, &err), more == 0);
            assert_true(more == 0 || strstr(err.what, "longer than it may be") != NULL);
            buf_free(&b);
            test_arena_free(&mem);
        }
    }
}

/* What a payload lacks, or has too much of, is not written. */
static void test_not_written(void **state)
{
    (void)state;
    struct arena mem = test_arena(ROOM);
    struct content_item *items;
    size_t n;
    struct text texts[2] = {text_str("a"), text_str("b")};
    static struct leaf_hash refs[REFS_MAX + 1];
    static struct grant_epoch epochs[GRANTS_MAX];
    static struct grant_act acts[GRANTS_MAX];
    const struct payload none[] = {
        {.kind = KIND_SAY},
        {.kind = KIND_SAY, .text_count = 2, .texts = texts},
        {.kind = KIND_CONSENT},
        {.kind = KIND_CONSENT, .ref_count = REFS_MAX + 1, .refs = refs},
        {.kind = KIND_MEET, .text_count = 1, .texts = texts},
        {.kind = KIND_REPORT, .deed = text_str("guns")},
    };
    for (size_t i = 0; i < COUNT_OF(none); i++) {
        struct err err = {0};
        assert_false(payload_items(&none[i], &mem, &items, &n, &err));
        assert_int_equal(err.code, ERR_USE);
        assert_non_null(strstr(err.what, kind_word(none[i].kind)));
    }
    struct err err = {0};
    struct payload p = {.kind = KIND_GRANT,
                        .grant_epoch_count = GRANTS_MAX,
                        .grant_epochs = epochs,
                        .grant_act_count = GRANTS_MAX,
                        .grant_acts = acts};
    assert_false(payload_items(&p, &mem, &items, &n, &err));
    assert_int_equal(err.code, ERR_LIMIT);
    test_arena_free(&mem);
}

static bool there_and_back(struct arena *mem, void *ctx)
{
    const struct content *c = ctx;
    struct payload p;
    struct content_item *items;
    size_t n;
    struct err err = {0};
    if (!payload_from(c, mem, &p, &err) || !payload_items(&p, mem, &items, &n, &err)) {
        assert_int_equal(err.code, ERR_MEMORY);
        return false;
    }
    return true;
}

static void test_memory(void **state)
{
    (void)state;
    struct prop r;
    struct arena mem = test_arena(ROOM);
    prop_init_seed(&r, 8);
    for (size_t i = 0; i < COUNT_OF(specs); i++) {
        struct content c = lawful(&r, &mem, &specs[i]);
        assert_true(test_faults(there_and_back, &c, 1u << 18) > 0);
    }
    test_arena_free(&mem);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_round_trip),  cmocka_unit_test(test_copy),
        cmocka_unit_test(test_counts),      cmocka_unit_test(test_order_and_kinds),
        cmocka_unit_test(test_values),      cmocka_unit_test(test_ceilings),
        cmocka_unit_test(test_not_written), cmocka_unit_test(test_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
