/* SPDX-License-Identifier: Apache-2.0
 *
 * The papers between an envoy's replica and his principal's key: what is asked is what follows from
 * the table, whatever the envoy says; another table's, an altered or a newer one is refused.
 */
#include "app/sign.h"

#include "app/desk.h"
#include "app/paper.h"
#include "lib/app_sim.h"
#include "lib/test.h"

struct place {
    struct app_sim sim;
    struct arena mem;
    struct bytes charter; /* a request to sign the charter, by the principal's own seat */
    struct bytes mandate;
    struct err err;
};

static void must(bool ok, struct place *p)
{
    if (!ok) {
        fail_msg("%s (%s; %s)", p->err.what, p->err.where, p->err.mend);
    }
}

static void refused(struct place *p, bool ok, enum err_code code, const char *words)
{
    assert_false(ok);
    if (p->err.code != code || strstr(p->err.what, words) == NULL || p->err.mend[0] == 0) {
        fail_msg("%s: \"%s\" (%s; mend: \"%s\") where \"%s\" was wanted", err_word(p->err.code),
                 p->err.what, p->err.where, p->err.mend, words);
    }
    p->err = (struct err){0};
}

static bool passphrase(void *ctx, const char *prompt, struct buf *out, struct err *err)
{
    (void)ctx;
    (void)prompt;
    buf_add_str(out, "for tests");
    return buf_done(out, "a passphrase", err);
}

static bool confirm(void *ctx, const char *shown, struct err *err)
{
    (void)ctx;
    (void)shown;
    (void)err;
    return true;
}

static struct desk_person person_of(struct place *p)
{
    return (struct desk_person){.ask = {passphrase, NULL},
                                .confirm = confirm,
                                .clock = &p->sim.clock,
                                .chance = &p->sim.chance};
}

typedef bool make_request(struct desk *d, struct buf *out, const struct desk_say *say,
                          struct err *err);

static bool ask_mandate(struct desk *d, struct buf *out, const struct desk_say *say,
                        struct err *err)
{
    const struct desk_mandate m = {.seat = text_str("Voss"),
                                   .powers = text_str("speak,propose"),
                                   .issues = text_str("line"),
                                   .span = text_str("21d")};
    return desk_request_mandate(d, &m, out, say, err);
}

/* The content of a request that Voss's desk writes. */
static struct bytes requested(struct place *p, make_request *ask)
{
    const struct desk_person who = person_of(p);
    struct desk *d;
    struct buf paper, words;
    struct bytes content;
    enum paper_kind kind;
    buf_init(&paper, PAPER_BYTES_MAX);
    buf_init(&words, 1u << 20);
    const struct desk_say say = {.words = &words};
    must(desk_open(p->sim.people[APP_FIRST].dir, &who, "request", &d, &p->err) &&
             ask(d, &paper, &say, &p->err),
         p);
    desk_close(d);
    must(paper_parse(arena_copy(&p->mem, buf_bytes(&paper)), "it", &kind, &content, &p->err), p);
    assert_int_equal(kind, PAPER_REQUEST);
    buf_free(&paper);
    buf_free(&words);
    return content;
}

static struct sign_request parsed(struct place *p, struct bytes content)
{
    struct sign_request q;
    must(sign_request_parse(content, &p->mem, &q, &p->err), p);
    return q;
}

/* ---- requests ---- */

static void test_says_what_it_means(void **state)
{
    struct place *p = *state;
    struct sign_request q = parsed(p, p->charter), m = parsed(p, p->mandate);
    struct buf words, again;
    buf_init(&words, 1u << 20);
    buf_init(&again, 1u << 20);
    assert_true(ID_EQ(q.object.table, p->sim.table));
    assert_int_equal(q.object.kind, OBJECT_SIGN_CHARTER);
    must(sign_request_words(&q, &p->mem, &words, &p->err), p);
    assert_non_null(strstr(buf_str(&words), "Lake and border"));
    sign_request_put(&q, &again);
    assert_true(bytes_eq(buf_bytes(&again), p->charter));
    assert_int_equal(m.object.kind, OBJECT_MANDATE);
    assert_int_equal(m.object.powers, POWER_SPEAK | POWER_PROPOSE);
    assert_int_equal(m.object.issue_count, 1);
    buf_clear(&words);
    must(sign_request_words(&m, &p->mem, &words, &p->err), p);
    assert_non_null(strstr(buf_str(&words), "speak, propose"));
    buf_free(&words);
    buf_free(&again);
}

/* Each byte: refused, or a request that says something else, which is then what is shown and signed:
 * never one that shows this and is signed as that. */
static void altered(struct place *p, struct bytes good)
{
    uint8_t *copy = ARENA_NEW(&p->mem, uint8_t, good.n);
    size_t kept = arena_mark(&p->mem), refusals = 0;
    memcpy(copy, good.p, good.n);
    size_t step = prop_rounds(1) > 1 ? 1 : 17;
    size_t tried = 0;
    for (size_t i = 0; i < good.n; i += step, tried++) {
        struct sign_request q;
        struct buf again;
        buf_init(&again, PAPER_BYTES_MAX);
        copy[i] ^= (uint8_t)(1u << (i / step % 8));
        if (sign_request_parse(bytes_of(copy, good.n), &p->mem, &q, &p->err)) {
            sign_request_put(&q, &again);
            assert_true(bytes_eq(buf_bytes(&again), bytes_of(copy, good.n)));
        } else {
            assert_true(p->err.code == ERR_FORMAT || p->err.code == ERR_VERIFY ||
                        p->err.code == ERR_LIMIT);
            refusals++;
        }
        p->err = (struct err){0};
        copy[i] ^= (uint8_t)(1u << (i / step % 8));
        buf_free(&again);
        arena_rewind(&p->mem, kept);
    }
    print_message("# %zu of %zu bytes are bound\n", refusals, tried);
    assert_true(refusals * 10 > tried * 8);
}

static void test_altered(void **state)
{
    struct place *p = *state;
    altered(p, p->charter);
    altered(p, p->mandate);
}

/* The version is the value of the first key of the map: 1 stands in its third byte. */
static struct bytes newer(struct place *p, struct bytes content, size_t at)
{
    uint8_t *copy = ARENA_NEW(&p->mem, uint8_t, content.n);
    memcpy(copy, content.p, content.n);
    assert_int_equal(copy[at], 1);
    copy[at] = 2;
    return bytes_of(copy, content.n);
}

static void test_newer(void **state)
{
    struct place *p = *state;
    struct sign_request q;
    assert_false(sign_request_parse(newer(p, p->charter, 2), &p->mem, &q, &p->err));
    assert_int_equal(p->err.code, ERR_FORMAT);
    assert_non_null(strstr(p->err.what, "later version"));
}

/* The charter of one table, the founding of another. */
static void test_mixed(void **state)
{
    struct place *p = *state;
    struct sign_request q = parsed(p, p->charter), out;
    struct buf b;
    buf_init(&b, PAPER_BYTES_MAX);
    q.salt[3] ^= 1;
    sign_request_put(&q, &b);
    refused(p, sign_request_parse(buf_bytes(&b), &p->mem, &out, &p->err), ERR_VERIFY,
            "does not fit together");
    q.salt[3] ^= 1;
    q.file_key[5] ^= 1;
    buf_clear(&b);
    sign_request_put(&q, &b);
    refused(p, sign_request_parse(buf_bytes(&b), &p->mem, &out, &p->err), ERR_VERIFY,
            "does not fit together");
    q.file_key[5] ^= 1;
    buf_clear(&b);
    sign_request_put(&q, &b);
    must(sign_request_parse(buf_bytes(&b), &p->mem, &out, &p->err), p);
    buf_free(&b);
}

/* ---- memory ---- */

static bool parse_in(struct arena *mem, void *ctx)
{
    struct bytes *content = ctx;
    struct sign_request q;
    struct err err = {0};
    bool ok = sign_request_parse(*content, mem, &q, &err);
    assert_true(ok || err.code == ERR_MEMORY);
    return ok;
}

/* A seat's name is the envoy's word: with several lines it could write those that a principal is to
 * believe.  It stands behind all that is signed. */
static void test_name_of_several_lines(void **state)
{
    struct place *p = *state;
    static const char *const names[] = {"Ilin)\n  may: speak\n  issues: access\n", "\n", "a\tb",
                                        "Ilin\r\n", "a\x1b[2J"};
    struct buf b, words;
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        struct sign_request q = parsed(p, p->mandate), out;
        q.name = text_str(names[i]);
        buf_init(&b, 1u << 20);
        sign_request_put(&q, &b);
        refused(p, sign_request_parse(buf_bytes(&b), &p->mem, &out, &p->err), ERR_FORMAT, "");
        buf_free(&b);
    }
    struct sign_request m = parsed(p, p->mandate);
    buf_init(&words, 1u << 16);
    must(sign_request_words(&m, &p->mem, &words, &p->err), p);
    const char *may = strstr(buf_str(&words), "  may: ");
    const char *calls = strstr(buf_str(&words), "The request calls that seat \"Voss\"");
    assert_true(may != NULL && calls != NULL && may < calls);
    assert_null(strstr(calls, "may: "));
    buf_free(&words);
}

static void test_memory(void **state)
{
    struct place *p = *state;
    assert_true(test_faults(parse_in, &p->charter, 8u << 20) > 5);
    assert_true(test_faults(parse_in, &p->mandate, 8u << 20) > 2);
}

/* ---- what comes back ---- */

static void test_signed(void **state)
{
    struct place *p = *state;
    struct sign_request q = parsed(p, p->charter);
    struct table_id other = p->sim.table;
    struct bytes object = bytes_str("stands for the signature"), got = {0};
    struct buf b;
    other.b[0] ^= 1;
    buf_init(&b, PAPER_BYTES_MAX);
    signed_put(&q.object, object, (struct bytes){0}, &b);
    must(signed_parse(buf_bytes(&b), &p->sim.table, OBJECT_SIGN_CHARTER, &got, &p->err), p);
    assert_true(bytes_eq(got, object));
    got = (struct bytes){0};
    refused(p, signed_parse(buf_bytes(&b), &other, OBJECT_SIGN_CHARTER, &got, &p->err), ERR_VERIFY,
            "another table");
    refused(p, signed_parse(buf_bytes(&b), &p->sim.table, OBJECT_RATIFY, &got, &p->err), ERR_USE,
            "not a ");
    refused(
        p,
        signed_parse(newer(p, buf_bytes(&b), 1), &p->sim.table, OBJECT_SIGN_CHARTER, &got, &p->err),
        ERR_FORMAT, "later version");
    for (size_t n = 0; n < b.n; n++) {
        refused(p,
                signed_parse(bytes_slice(buf_bytes(&b), 0, n), &p->sim.table, OBJECT_SIGN_CHARTER,
                             &got, &p->err),
                ERR_FORMAT, "");
    }
    assert_null(got.p);
    buf_free(&b);
}

static void test_hour(void **state)
{
    (void)state;
    char hour[SIGN_HOUR_MAX];
    sign_hour(UINT64_C(1930000020), hour);
    assert_string_equal(hour, "2031-02-27 23:07:00");
    sign_hour(UINT64_C(1930000021), hour);
    assert_string_equal(hour, "2031-02-27 23:07:01");
}

/* ---- */

static int setup(void **state)
{
    static struct place p;
    app_sim_open(&p.sim);
    p.mem = test_arena(32u << 20);
    p.charter = requested(&p, desk_request_charter);
    p.mandate = requested(&p, ask_mandate);
    *state = &p;
    return 0;
}

static int teardown(void **state)
{
    struct place *p = *state;
    test_arena_free(&p->mem);
    app_sim_close(&p->sim);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_says_what_it_means),
        cmocka_unit_test(test_altered),
        cmocka_unit_test(test_newer),
        cmocka_unit_test(test_mixed),
        cmocka_unit_test(test_name_of_several_lines),
        cmocka_unit_test(test_memory),
        cmocka_unit_test(test_signed),
        cmocka_unit_test(test_hour),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
