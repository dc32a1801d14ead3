/* SPDX-License-Identifier: Apache-2.0
 *
 * A text as a file: what is written as Markdown is read again as it was, headings are articles, and
 * no word of others is markup where it is shown.
 */
#include "formats/snt_text.h"

#include <libxml/parser.h>

#include "lib/prop.h"
#include "lib/test.h"

#define ROOM (4u << 20)

static const struct snt_cover cover = {.table = {.p = "Lake & <border>", .n = 15},
                                       .phase = {.p = "security", .n = 8},
                                       .version = 3,
                                       .digest = "00ff",
                                       .date = "2031-03-06 18:00",
                                       .author = {.p = "meridia", .n = 7},
                                       .author_name = {.p = "Meridia \"M\"", .n = 11}};

static bool read(struct arena *mem, const char *file, struct snt_words *out, struct err *err)
{
    return snt_from_markdown(bytes_str(file), "a.md", mem, out, err);
}

/* "id|title|text;" of each article. */
static void reads(const char *file, const char *want)
{
    struct arena mem = test_arena(ROOM);
    struct snt_words w;
    struct err err = {0};
    struct buf b;
    buf_init(&b, 1u << 16);
    if (!read(&mem, file, &w, &err)) {
        fail_msg("%s", err.what);
    }
    for (uint32_t i = 0; i < w.count; i++) {
        buf_printf(&b, "%.*s|%.*s|%.*s;", TEXT_ARG(w.articles[i].id), TEXT_ARG(w.articles[i].title),
                   TEXT_ARG(w.articles[i].text));
    }
    assert_string_equal(buf_str(&b), want);
    buf_free(&b);
    test_arena_free(&mem);
}

static void test_headings(void **state)
{
    (void)state;
    reads("just words\n", "text|Text|just words;");
    reads("# A\nx\n# B\ny\n", "a|A|x;b|B|y;");
    reads("# The whole\n## A\nx\n## B\ny\n", "a|A|x;b|B|y;");
    reads("# The whole\nfirst\n## A\nx\n", "preamble|Preamble|first;a|A|x;");
    reads("before\n\n## A\nx\n\n### deeper\ny\n## B\n",
          "preamble|Preamble|before;a|A|x\n\n### deeper\ny;b|B|;");
    reads("## Return of the *prisoners* {#back}\r\nx\r\n", "back|Return of the *prisoners*|x;");
    reads("## Guns ##\nx\n## Guns\ny\n", "guns|Guns|x;guns-2|Guns|y;");
    reads("## 2. \xe6\x9d\xb1\nx\n", "article|2. \xe6\x9d\xb1|x;");
    reads("\xef\xbb\xbf## A\n```\n## no heading\n```\n", "a|A|```\n## no heading\n```;");
    reads("## A\n\\## a line\n\\\\ and one\n", "a|A|## a line\n\\ and one;");
    reads("##no heading\n", "text|Text|##no heading;");
}

static void refuses(const char *file, enum err_code code, const char *what)
{
    struct arena mem = test_arena(ROOM);
    struct snt_words w;
    struct err err = {0};
    assert_false(read(&mem, file, &w, &err));
    assert_int_equal(err.code, code);
    if (strstr(err.what, what) == NULL || err.mend[0] == '\0') {
        fail_msg("\"%s\" mend \"%s\", not \"%s\"", err.what, err.mend, what);
    }
    test_arena_free(&mem);
}

static void test_refused(void **state)
{
    (void)state;
    refuses("", ERR_FORMAT, "is empty");
    refuses(" \n\n", ERR_FORMAT, "is empty");
    refuses("## \nx\n## B\n", ERR_FORMAT, "has no title");
    refuses("## A {#Big}\n", ERR_FORMAT, "no id of an article");
    refuses("## A\n\x07\n", ERR_FORMAT, "");
    refuses("## A\n\xff\n", ERR_FORMAT, "");
    struct buf many;
    buf_init(&many, 1u << 20);
    for (unsigned i = 0; i <= ARTICLES_MAX; i++) {
        buf_printf(&many, "# A%u\n", i);
    }
    refuses(buf_str(&many), ERR_LIMIT, "more than 128 articles");
    buf_wipe(&many);
    buf_add_str(&many, "# A\n");
    for (unsigned i = 0; i <= ITEM_TEXT_MAX; i++) {
        buf_add_u8(&many, 'a');
    }
    refuses(buf_str(&many), ERR_LIMIT, "an article has at most 65536 bytes");
    buf_free(&many);
}

/* ---- by chance ---- */

static struct text words(struct prop *r, struct arena *mem, bool line)
{
    static const char *const stems[] = {"Guns",  " go",         "# x",   "\n## y", "\\",   "<b>&",
                                        "\n\\#", "Spa\xc3\x9f", "\n```", "{#id}",  "\n\n", "\"q'"};
    struct buf b;
    buf_init(&b, 4096);
    uint32_t n = (uint32_t)prop_below(r, 12);
    buf_add_str(&b, "w");
    for (uint32_t i = 0; i < n; i++) {
        const char *s = stems[prop_below(r, COUNT_OF(stems))];
        if (!line || strpbrk(s, "\n#{") == NULL) {
            buf_add_str(&b, s);
        }
    }
    buf_add_str(&b, "w"); /* a text neither begins nor ends with blanks */
    struct bytes v = arena_copy(mem, buf_bytes(&b));
    buf_free(&b);
    return (struct text){.p = (const char *)v.p, .n = v.n};
}

static struct snt_words any_text(struct prop *r, struct arena *mem)
{
    struct snt_words w = {.articles = ARENA_NEW(mem, struct snt_article, 8)};
    uint32_t n = 1 + (uint32_t)prop_below(r, 8);
    for (uint32_t i = 0; i < n; i++) {
        w.articles[w.count++] = (struct snt_article){text_str(arena_printf(mem, "id-%u", i)),
                                                     words(r, mem, true), words(r, mem, false)};
    }
    return w;
}

static bool fenced(const struct snt_words *w)
{
    for (uint32_t i = 0; i < w->count; i++) {
        for (size_t k = 0; k + 3 <= w->articles[i].text.n; k++) {
            if (memcmp(w->articles[i].text.p + k, "```", 3) == 0) {
                return true;
            }
        }
    }
    return false;
}

static void test_again(void **state)
{
    (void)state;
    struct prop r;
    prop_init(&r, "text: markdown");
    for (size_t i = 0; i < prop_rounds(200); i++) {
        struct arena mem = test_arena(ROOM);
        struct snt_words w = any_text(&r, &mem), back;
        struct err err = {0};
        struct buf out;
        buf_init(&out, 1u << 20);
        snt_to_markdown(&w, &cover, &out);
        assert_true(snt_from_markdown(buf_bytes(&out), "again.md", &mem, &back, &err) ||
                    fenced(&w));
        /* An article that leaves a fence open takes what follows with it, as it would for any reader
         * of Markdown. */
        if (!fenced(&w)) {
            assert_int_equal(back.count, w.count);
            for (uint32_t k = 0; k < w.count; k++) {
                assert_true(text_eq(back.articles[k].id, w.articles[k].id));
                assert_true(text_eq(back.articles[k].title, w.articles[k].title));
                assert_true(text_eq(back.articles[k].text, w.articles[k].text));
            }
        }
        buf_free(&out);
        test_arena_free(&mem);
    }
}

/* Tags of HTML that are ours, and no other; of both pages. */
static void no_markup(const char *page)
{
    static const char *const ours[] = {"!DOCTYPE html", "html",    "/html",    "head",  "/head",
                                       "meta",          "title",   "/title",   "style", "/style",
                                       "body",          "/body",   "h1",       "/h1",   "h2",
                                       "/h2",           "p",       "/p",       "br",    "code",
                                       "/code",         "section", "/section", "ins",   "/ins",
                                       "del",           "/del"};
    for (const char *s = page; (s = strchr(s, '<')) != NULL;) {
        s++;
        size_t n = strcspn(s, " >");
        bool known = strncmp(s, "!DOCTYPE html>", 14) == 0;
        for (size_t i = 0; !known && i < COUNT_OF(ours); i++) {
            known = strlen(ours[i]) == n && memcmp(s, ours[i], n) == 0;
        }
        if (!known) {
            fail_msg("<%.20s", s);
        }
    }
}

static void test_pages(void **state)
{
    (void)state;
    struct prop r;
    prop_init(&r, "text: pages");
    for (size_t i = 0; i < prop_rounds(100); i++) {
        struct arena mem = test_arena(ROOM);
        struct snt_words old = any_text(&r, &mem), new = any_text(&r, &mem);
        struct snt_change *changes;
        uint32_t count;
        struct buf out;
        buf_init(&out, 1u << 20);
        snt_to_html(&new, &cover, &out);
        no_markup(buf_str(&out));
        buf_wipe(&out);
        assert_true(snt_changes(&old, &new, DIFF_STEPS_MAX, &mem, &changes, &count));
        assert_int_equal(count, old.count > new.count ? old.count : new.count); /* the same ids */
        snt_changes_html(changes, count, &cover, &cover, &out);
        no_markup(buf_str(&out));
        buf_wipe(&out);
        /* Whatever the words are, it is well-formed XML, and has all of them. */
        snt_to_akn(&new, &cover, &out);
        struct bytes v = buf_bytes(&out);
        xmlDoc *doc = xmlReadMemory((const char *)v.p, (int)v.n, "akn", NULL,
                                    XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING);
        assert_non_null(doc);
        xmlFreeDoc(doc);
        buf_free(&out);
        test_arena_free(&mem);
    }
    xmlCleanupParser();
}

/* Articles that went stand where they stood. */
static void test_changes(void **state)
{
    (void)state;
    struct arena mem = test_arena(ROOM);
    struct snt_words old, new;
    struct err err = {0};
    struct snt_change *c;
    uint32_t n;
    assert_true(read(&mem, "# A\na\n# B\nb\n# C\nc\n", &old, &err));
    assert_true(read(&mem, "# A\na\n# C\nc d\n# E\ne\n", &new, &err));
    assert_true(snt_changes(&old, &new, DIFF_STEPS_MAX, &mem, &c, &n));
    assert_int_equal(n, 4);
    static const char *const ids[] = {"a", "b", "c", "e"};
    for (uint32_t i = 0; i < n; i++) {
        assert_true(text_is((c[i].new != NULL ? c[i].new : c[i].old)->id, ids[i]));
    }
    assert_true(c[1].new == NULL &&c[3].old == NULL);
    assert_true(c[0].text.count == 1 && c[0].text.parts[0].kind == DIFF_SAME);
    assert_true(c[2].text.count == 2 && c[2].text.parts[1].kind == DIFF_NEW);
    test_arena_free(&mem);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_headings), cmocka_unit_test(test_refused),
        cmocka_unit_test(test_again),    cmocka_unit_test(test_pages),
        cmocka_unit_test(test_changes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
