/* SPDX-License-Identifier: Apache-2.0 */
#include "record/content.h"

#include <stdlib.h>

#include "base/cbor.h"
#include "lib/again.h"
#include "lib/prop.h"
#include "lib/test.h"

#define ROOM (1u << 18)
#define BIG (1u << 20)

static uint8_t salts[(ITEMS_MAX + 2) * SALT_BYTES];

static struct content_header good_header(void)
{
    return (struct content_header){.n = 7, .kind = 14, .room = text_str("plenary"), .term = 2};
}

static struct content_item text_item(struct buf *room, uint32_t type, size_t n)
{
    size_t from = room->n;
    char *s = malloc(n + 1);
    assert_non_null(s);
    memset(s, 'x', n);
    cbor_put_tstr(room, (struct text){.p = s, .n = n});
    free(s);
    return (struct content_item){.type = type, .value = bytes_of(NULL, room->n - from)};
}

/* count items of one text each, values in room (which outlives them). */
static void make_items(struct buf *room, struct content_item *items, size_t count)
{
    buf_init(room, ROOM);
    for (size_t i = 0; i < count; i++) {
        items[i] = text_item(room, (uint32_t)i, i % 40);
    }
    size_t at = 0;
    for (size_t i = 0; i < count; i++) {
        items[i].value.p = room->p + at;
        at += items[i].value.n;
    }
}

static void encode(const struct content_header *h, size_t count, struct buf *out)
{
    struct content_item items[ITEMS_MAX];
    struct buf room;
    struct err err;
    struct prop p;
    prop_init_seed(&p, count);
    prop_fill(&p, salts, sizeof(salts));
    make_items(&room, items, count);
    buf_init(out, ROOM);
    assert_true(
        content_encode(h, items, count, bytes_of(salts, (count + 1) * SALT_BYTES), out, &err));
    buf_free(&room);
}

static void test_written_again(void **state)
{
    (void)state;
    static const size_t counts[] = {0, 1, 3, 22, 23, 24, 254, 255, ITEMS_MAX};
    for (size_t i = 0; i < COUNT_OF(counts); i++) {
        struct content_header h = good_header();
        struct arena mem = test_arena(ROOM);
        struct content c;
        struct buf out;
        struct err err;
        h.has_answers = i % 2;
        h.answers.b[3] = (uint8_t)i * h.has_answers;
        h.has_state = i % 3 == 1;
        h.state_size = h.has_state ? LEAVES_MAX : 0;
        encode(&h, counts[i], &out);
        assert_true(content_decode(buf_bytes(&out), &mem, &c, &err));
        assert_int_equal(c.count, counts[i]);
        assert_true(text_eq(c.header.room, h.room));
        assert_true(c.header.n == h.n && c.header.term == h.term && c.header.kind == h.kind);
        assert_true(c.header.has_answers == h.has_answers && c.header.has_state == h.has_state);
        assert_true(ID_EQ(c.header.answers, h.answers) && c.header.state_size == h.state_size);
        struct content_header alone;
        assert_true(content_header_decode(c.entries[0], &alone, &err));
        assert_true(ID_EQ(alone.author, c.header.author) && alone.n == h.n);
        size_t sum = out.p[0] == 0x98 ? 2 : out.p[0] == 0x99 ? 3 : 1;
        for (uint32_t p = 0; p <= c.count; p++) {
            assert_true(c.entries[p].p == out.p + sum);
            sum += c.entries[p].n;
        }
        assert_int_equal(sum, out.n);
        if (counts[i] < 30) {
            again_holds(content_again, 0, buf_bytes(&out));
        }
        buf_free(&out);
        test_arena_free(&mem);
    }
}

static void test_match_and_paths(void **state)
{
    (void)state;
    static const size_t counts[] = {0, 1, 2, 6, 7, 8, 20};
    for (size_t i = 0; i < COUNT_OF(counts); i++) {
        struct content_header h = good_header();
        struct arena mem = test_arena(ROOM);
        struct content c;
        struct buf out;
        struct err err = {0};
        h.author.b[0] = 9;
        encode(&h, counts[i], &out);
        assert_true(content_decode(buf_bytes(&out), &mem, &c, &err));
        struct act act = {.n = 7, .term = 2, .commit = content_commit(&c)}, other;
        assert_true(content_match(&c, &act, &h.author, &err));
        other = act;
        other.n = 8;
        assert_false(content_match(&c, &other, &h.author, &err));
        assert_int_equal(err.code, ERR_VERIFY);
        other = act;
        other.term = 1;
        assert_false(content_match(&c, &other, &h.author, &err));
        other = act;
        other.table.b[0] = 1;
        assert_false(content_match(&c, &other, &h.author, &err));
        other = act;
        other.commit.b[31] ^= 1;
        assert_false(content_match(&c, &other, &h.author, &err));
        struct kid stranger = {{8}};
        assert_false(content_match(&c, &act, &stranger, &err));

        uint32_t entries = c.count + 1;
        for (uint32_t p = 0; p < entries; p++) {
            struct merkle_path path;
            assert_true(content_path(&c, p, &path, &err));
            struct bytes e = c.entries[p];
            assert_true(content_path_check(&h, p, entries, e, &path, &act.commit));
            assert_false(
                content_path_check(&h, p, entries, bytes_slice(e, 0, e.n - 1), &path, &act.commit));
            assert_false(content_path_check(&h, p + 1, entries, e, &path, &act.commit));
            assert_false(content_path_check(&h, p, p, e, &path, &act.commit));
            struct content_header wrong = h;
            wrong.n++;
            assert_false(content_path_check(&wrong, p, entries, e, &path, &act.commit));
        }
        struct merkle_path path = {.count = MERKLE_CONSISTENCY_MAX};
        assert_false(content_path(&c, entries, &path, &err));
        assert_false(content_path_check(&h, 0, entries, c.entries[0], &path, &act.commit));
        assert_false(content_path_check(&h, 0, ITEMS_MAX + 2, c.entries[0], &path, &act.commit));
        buf_free(&out);
        test_arena_free(&mem);
    }
}

static void bad_header(struct content_header h, const char *why)
{
    struct buf out;
    struct err err = {0};
    buf_init(&out, ROOM);
    assert_false(content_encode(&h, NULL, 0, bytes_of(salts, SALT_BYTES), &out, &err));
    if (strstr(err.what, why) == NULL) {
        fail_msg("wanted %s, got %s", why, err.what);
    }
    /* The bytes are those of the header all the same, and a reader says no too. */
    struct content c;
    struct arena mem = test_arena(ROOM);
    assert_false(content_decode(buf_bytes(&out), &mem, &c, &err));
    test_arena_free(&mem);
    buf_free(&out);
}

static void test_headers(void **state)
{
    (void)state;
    static const char *const rooms[] = {
        "plenary", "principals",      "monitors",
        "home/a",  "shuttle/north-2", "consult/x2345678901234567890123456789012"};
    static const char *const none[] = {"",
                                       "plenary ",
                                       "Plenary",
                                       "home",
                                       "home/",
                                       "home/A",
                                       "home/a/b",
                                       "shuttle/-a",
                                       "other/a",
                                       "home/1a",
                                       "home/a23456789012345678901234567890123"};
    struct content_header h;
    struct err err;
    for (size_t i = 0; i < COUNT_OF(rooms); i++) {
        struct buf out;
        h = good_header();
        h.room = text_str(rooms[i]);
        buf_init(&out, ROOM);
        assert_true(content_encode(&h, NULL, 0, bytes_of(salts, SALT_BYTES), &out, &err));
        buf_free(&out);
    }
    for (size_t i = 0; i < COUNT_OF(none); i++) {
        h = good_header();
        h.room = text_str(none[i]);
        bad_header(h, "room");
    }
    h = good_header();
    h.n = LEAVES_MAX;
    bad_header(h, "n is above");
    h = good_header();
    h.claimed_time = SECONDS_MAX + 1;
    bad_header(h, "9999");
    h = good_header();
    h.epoch = EPOCHS_MAX + 1;
    bad_header(h, "epoch");
    h = good_header();
    h.has_state = true;
    h.state_size = LEAVES_MAX + 1;
    bad_header(h, "state");
}

/* One item of this value, into a content. */
static bool value_fits(struct bytes value, struct err *err)
{
    struct content_header h = good_header();
    struct content_item item = {.type = UINT32_MAX, .value = value};
    struct buf out;
    buf_init(&out, BIG);
    bool ok = content_encode(&h, &item, 1, bytes_of(salts, 2 * SALT_BYTES), &out, err);
    buf_free(&out);
    return ok;
}

static void test_values(void **state)
{
    (void)state;
    struct err err = {0};
    struct buf v;
    /* Two containers are around a value: six more are its own. */
    assert_true(value_fits(bytes_str("\x81\x81\x81\x81\x81\x80"), &err));
    assert_false(value_fits(bytes_str("\x81\x81\x81\x81\x81\x81\x80"), &err));
    assert_false(value_fits(bytes_str(""), &err));
    assert_false(value_fits(bytes_str("\x01\x02"), &err));
    assert_false(value_fits(bytes_str("\xd2\x01"), &err));
    assert_true(value_fits(bytes_str("\xa2\x01\x80\x02\x61\x61"), &err));
    buf_init(&v, BIG);
    (void)text_item(&v, 1, ITEM_TEXT_MAX);
    assert_true(value_fits(buf_bytes(&v), &err));
    buf_clear(&v);
    buf_add_str(&v, "\x81\xa1\x05"); /* however deep it lies */
    (void)text_item(&v, 1, ITEM_TEXT_MAX + 1);
    assert_false(value_fits(buf_bytes(&v), &err));
    assert_non_null(strstr(err.what, "64 KiB"));
    buf_free(&v);
}

static void test_ceilings(void **state)
{
    (void)state;
    struct content_header h = good_header();
    struct content_item items[ITEMS_MAX + 1];
    struct buf room, out;
    struct err err = {0};
    struct content c;
    struct arena mem = test_arena(ROOM);
    make_items(&room, items, ITEMS_MAX + 1);
    buf_init(&out, ROOM);
    assert_false(content_encode(&h, items, ITEMS_MAX + 1,
                                bytes_of(salts, (ITEMS_MAX + 2) * SALT_BYTES), &out, &err));
    assert_int_equal(err.code, ERR_LIMIT);
    assert_false(content_encode(&h, items, 2, bytes_of(salts, 2 * SALT_BYTES), &out, &err));
    assert_int_equal(err.code, ERR_FORMAT);
    assert_false(content_decode(bytes_str("\x80"), &mem, &c, &err));
    assert_non_null(strstr(err.what, "no header"));
    /* 258 entries: refused by their number, before anything is taken for them. */
    buf_add_str(&out, "\x99\x01\x02");
    buf_add_fill(&out, 0x80, 600);
    size_t used = mem.used;
    assert_false(content_decode(buf_bytes(&out), &mem, &c, &err));
    assert_non_null(strstr(err.what, "ceiling"));
    assert_true(mem.used - used < 256);
    buf_free(&out);
    buf_free(&room);
    test_arena_free(&mem);
}

static bool decode_run(struct arena *mem, void *ctx)
{
    const struct buf *raw = ctx;
    struct content c;
    struct err err = {0};
    bool ok = content_decode(buf_bytes(raw), mem, &c, &err);
    assert_true(ok || err.code == ERR_MEMORY);
    return ok;
}

static void test_memory(void **state)
{
    (void)state;
    struct content_header h = good_header();
    struct buf out;
    encode(&h, 5, &out);
    assert_int_equal(test_faults(decode_run, &out, ROOM), 2);
    buf_free(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_written_again), cmocka_unit_test(test_match_and_paths),
        cmocka_unit_test(test_headers),       cmocka_unit_test(test_values),
        cmocka_unit_test(test_ceilings),      cmocka_unit_test(test_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
