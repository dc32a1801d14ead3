/* SPDX-License-Identifier: Apache-2.0
 *
 * By chance: putting the parts together gives both texts, the fewest tokens change (a table of all
 * lengths says how few), the way back is as short, and no pair of texts takes more than its steps.
 */
#include "base/diff.h"

#include "base/buf.h"
#include "lib/prop.h"
#include "lib/test.h"

#define ROOM (8u << 20)
#define WORDS_MAX 40u

static struct diff diffed(struct text a, struct text b, uint64_t steps, struct arena *mem)
{
    struct diff d;
    assert_true(diff_words(a, b, steps, mem, &d));
    return d;
}

/* The texts that the parts make, and the form of the parts. */
static void holds(struct text a, struct text b, const struct diff *d)
{
    struct buf old, new;
    buf_init(&old, ROOM);
    buf_init(&new, ROOM);
    for (uint32_t i = 0; i < d->count; i++) {
        const struct diff_part *p = &d->parts[i];
        assert_true(p->words.n > 0);
        assert_true(i == 0 || d->parts[i - 1].kind != p->kind);
        assert_true(i == 0 || p->kind != DIFF_OLD || d->parts[i - 1].kind == DIFF_SAME);
        if (p->kind != DIFF_NEW) {
            buf_add(&old, text_bytes(p->words));
        }
        if (p->kind != DIFF_OLD) {
            buf_add(&new, text_bytes(p->words));
        }
    }
    assert_true(bytes_eq(buf_bytes(&old), text_bytes(a)));
    assert_true(bytes_eq(buf_bytes(&new), text_bytes(b)));
    buf_free(&old);
    buf_free(&new);
}

/* ---- a second way to count, over words of one letter ---- */

static struct text letters(struct prop *r, unsigned kinds, char *room, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++) {
        room[2 * i] = (char)('a' + prop_below(r, kinds));
        room[2 * i + 1] = '.'; /* no blanks: none is joined to a change */
    }
    return (struct text){.p = room, .n = 2 * (size_t)n};
}

/* Longest common subsequence, by the table of all prefixes. */
static uint32_t common(struct text a, struct text b)
{
    uint32_t best[2 * WORDS_MAX + 1] = {0};
    for (size_t i = 0; i < a.n; i++) {
        uint32_t corner = 0;
        for (size_t k = 0; k < b.n; k++) {
            uint32_t above = best[k + 1];
            best[k + 1] = a.p[i] == b.p[k] ? corner + 1 : above > best[k] ? above : best[k];
            corner = above;
        }
    }
    return best[b.n];
}

static size_t changed(const struct diff *d)
{
    size_t n = 0;
    for (uint32_t i = 0; i < d->count; i++) {
        n += d->parts[i].kind == DIFF_SAME ? 0 : d->parts[i].words.n; /* tokens of one byte */
    }
    return n;
}

static void test_fewest(void **state)
{
    (void)state;
    struct prop r;
    prop_init(&r, "diff: fewest");
    for (size_t i = 0; i < prop_rounds(400); i++) {
        char x[2 * WORDS_MAX], y[2 * WORDS_MAX];
        unsigned kinds = 1 + (unsigned)prop_below(&r, 6);
        struct arena mem = test_arena(1u << 20);
        struct text a = letters(&r, kinds, x, (uint32_t)prop_below(&r, WORDS_MAX + 1));
        struct text b = letters(&r, kinds, y, (uint32_t)prop_below(&r, WORDS_MAX + 1));
        struct diff d = diffed(a, b, DIFF_STEPS_MAX, &mem);
        struct diff back = diffed(b, a, DIFF_STEPS_MAX, &mem);
        assert_false(d.coarse);
        holds(a, b, &d);
        holds(b, a, &back);
        assert_int_equal(changed(&d), a.n + b.n - 2 * common(a, b));
        assert_int_equal(changed(&d), changed(&back)); /* the way back is as short */
        test_arena_free(&mem);
    }
}

/* Sentences: one made of another by some changes. */
static struct text sentence(struct prop *r, struct buf *b)
{
    static const char *const stems[] = {"guns",       "go",           "back",  "ten",
                                        "kilometres", "the",          "watch", "both",
                                        "Spaß",       "\xe6\x9d\xb1", "bank"};
    uint32_t n = (uint32_t)prop_below(r, 60);
    for (uint32_t i = 0; i < n; i++) {
        buf_printf(b, "%s%s", stems[prop_below(r, COUNT_OF(stems))],
                   prop_one_in(r, 8)    ? ", "
                   : prop_one_in(r, 12) ? ".\n\n"
                                        : " ");
    }
    return text_str(buf_str(b));
}

static void test_sentences(void **state)
{
    (void)state;
    struct prop r;
    prop_init(&r, "diff: sentences");
    for (size_t i = 0; i < prop_rounds(300); i++) {
        struct arena mem = test_arena(1u << 20);
        struct buf x, y;
        buf_init(&x, 1u << 16);
        buf_init(&y, 1u << 16);
        struct text a = sentence(&r, &x);
        struct text b = sentence(&r, &y);
        uint64_t steps = prop_one_in(&r, 3) ? prop_below(&r, 50) : DIFF_STEPS_MAX;
        struct diff d = diffed(a, b, steps, &mem);
        holds(a, b, &d);
        struct diff self = diffed(a, a, 0, &mem); /* what agrees takes no step */
        assert_false(self.coarse);
        assert_int_equal(self.count, a.n == 0 ? 0 : 1);
        buf_free(&x);
        buf_free(&y);
        test_arena_free(&mem);
    }
}

static void test_words(void **state)
{
    (void)state;
    struct arena mem = test_arena(1u << 20);
    static const struct {
        const char *old, *new, *want;
    } rows[] = {
        {"Guns go back ten kilometres.", "Guns go back five kilometres.",
         " Guns go back |-ten|+five|  kilometres."},
        {"on one bank.", "on both shores.", " on |-one bank|+both shores| ."},
        {"", "New.", "+New."},
        {"Old.", "", "-Old."},
        {"Spa\xc3\x9f!", "Spa\xc3\x9f?", " Spa\xc3\x9f|-!|+?"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct diff d = diffed(text_str(rows[i].old), text_str(rows[i].new), 1000, &mem);
        struct buf b;
        buf_init(&b, 4096);
        for (uint32_t k = 0; k < d.count; k++) {
            buf_printf(&b, "%s%c%.*s", k == 0 ? "" : "|", " -+"[d.parts[k].kind],
                       TEXT_ARG(d.parts[k].words));
        }
        assert_string_equal(buf_str(&b), rows[i].want);
        buf_free(&b);
    }
    test_arena_free(&mem);
}

/* Two texts of a hundred thousand words that have nothing in common: their square is not walked. */
static void test_bounded(void **state)
{
    (void)state;
    struct arena mem = test_arena(64u << 20);
    struct buf x, y;
    buf_init(&x, 2u << 20);
    buf_init(&y, 2u << 20);
    for (unsigned i = 0; i < 100000; i++) {
        buf_printf(&x, "a%u ", i);
        buf_printf(&y, "b%u,", i);
    }
    struct text a = text_str(buf_str(&x)), b = text_str(buf_str(&y));
    struct diff d = diffed(a, b, 1000000, &mem);
    assert_true(d.coarse);
    struct buf old, new;
    buf_init(&old, 2u << 20);
    buf_init(&new, 2u << 20);
    for (uint32_t i = 0; i < d.count; i++) {
        if (d.parts[i].kind != DIFF_NEW) {
            buf_add(&old, text_bytes(d.parts[i].words));
        }
        if (d.parts[i].kind != DIFF_OLD) {
            buf_add(&new, text_bytes(d.parts[i].words));
        }
    }
    assert_true(bytes_eq(buf_bytes(&old), text_bytes(a)));
    assert_true(bytes_eq(buf_bytes(&new), text_bytes(b)));
    buf_free(&old);
    buf_free(&new);
    buf_free(&x);
    buf_free(&y);
    test_arena_free(&mem);
}

/* Short of memory it says so. */
static void test_memory(void **state)
{
    (void)state;
    struct text a = text_str("one bank, and joint patrols"), b = text_str("both banks");
    bool done = false;
    for (size_t n = 0; !done && n < 8192; n += 64) {
        struct arena mem = test_arena(n + 16);
        struct diff d;
        done = diff_words(a, b, 1000, &mem, &d);
        test_arena_free(&mem);
    }
    assert_true(done);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_fewest), cmocka_unit_test(test_sentences),
        cmocka_unit_test(test_words),  cmocka_unit_test(test_bounded),
        cmocka_unit_test(test_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
