/* SPDX-License-Identifier: Apache-2.0
 *
 * The words that are put together from the acts are those that the state knows by digest and length,
 * after each of many drafts, brackets and cleanings by chance.
 */
#include "table/snt_words.h"

#include "lib/prop.h"
#include "lib/table_sim.h"
#include "lib/test.h"

#define STEPS 220u

static struct table_sim sim;

static void text_charter(struct arena *mem, struct charter *c)
{
    (void)mem;
    c->issues[0].phase = 1; /* the first phase has a text alone */
}

static int open_sim(void **state)
{
    sim.phase_seconds = 0;
    sim.change = text_charter;
    tsim_open(&sim, 171);
    tsim_begin(&sim, 365);
    *state = &sim;
    return 0;
}

static int close_sim(void **state)
{
    (void)state;
    tsim_close(&sim);
    return 0;
}

static const struct table_state *now(void)
{
    return fold_state(sim.fold);
}

static struct text some_words(struct prop *r, uint32_t most)
{
    static const char *const stems[] = {"guns ", "go ", "Spa\xc3\x9f ", "\xe6\x9d\xb1\xe4\xba\xac ",
                                        "back ", "\n",  "ten "};
    struct buf b;
    buf_init(&b, 4096);
    for (uint32_t n = (uint32_t)prop_below(r, most + 1); n > 0; n--) {
        buf_add_str(&b, stems[prop_below(r, COUNT_OF(stems))]);
    }
    struct bytes v = arena_copy(&sim.rec.mem, buf_bytes(&b));
    buf_free(&b);
    return (struct text){.p = v.n == 0 ? "" : (const char *)v.p, .n = v.n};
}

/* All words so far, in mem. */
static struct snt_history history(struct arena *mem)
{
    struct snt_history h;
    snt_history_init(&h, now(), 0, mem);
    for (uint64_t i = 0; i < fold_size(sim.fold); i++) {
        struct payload p;
        struct err err = {0};
        struct leaf_hash leaf = door_leaf(sim.rec.door, i);
        if (sim.opened[i] == NULL || fold_void(sim.fold, i) != NULL ||
            !payload_from(sim.opened[i]->content, mem, &p, &err)) {
            continue;
        }
        assert_true(snt_history_take(&h, &leaf, &p));
    }
    return h;
}

static struct text id_of(uint32_t i)
{
    return text_str(arena_printf(&sim.rec.mem, "id-%u", i));
}

static void draft(struct prop *r)
{
    const struct text_version *v = snt_newest(&now()->texts, 0);
    const struct snt_state *t = &now()->texts.of_phase[0];
    struct article_item *items = ARENA_NEW(&sim.rec.mem, struct article_item, 8);
    struct payload p = {.kind = KIND_DRAFT, .phase = text_str("first"), .articles = items};
    for (uint32_t i = 0; i < 8; i++) {
        struct article_id id = article_id_of(id_of(i));
        bool there = snt_article(t, &id) != UINT32_MAX;
        if (prop_one_in(r, 4) && p.article_count > 0) {
            continue; /* left out */
        }
        struct article_item *a = &items[p.article_count++];
        *a = (struct article_item){.id = id_of(i)};
        if (!there || prop_one_in(r, 2)) {
            a->title = text_str("T");
            a->text = some_words(r, 12);
        }
    }
    if (v != NULL) {
        p.refs = ARENA_NEW(&sim.rec.mem, struct leaf_hash, 1);
        p.refs[0] = v->leaf;
        p.ref_count = 1;
    }
    (void)tsim_file(&sim, 0, 1, p);
}

/* A passage of whole characters. */
static void bracket(struct prop *r, const struct snt_words *w)
{
    struct article_item *a = ARENA_NEW(&sim.rec.mem, struct article_item, 1);
    struct payload p = {.kind = KIND_BRACKET,
                        .has_answers = true,
                        .answers = snt_newest(&now()->texts, 0)->leaf,
                        .article_count = 1,
                        .articles = a};
    const struct snt_article *at = &w->articles[prop_below(r, w->count)];
    a->text = some_words(r, 3);
    if (prop_one_in(r, 4)) {
        a->id = id_of(8 + (uint32_t)prop_below(r, 6));
        a->title = text_str("New");
        p.after = prop_one_in(r, 2) ? at->id : (struct text){0};
    } else {
        size_t from, to;
        a->id = at->id;
        snt_passage(at->text, (uint32_t)prop_below(r, at->text.n + 1),
                    (uint32_t)prop_below(r, at->text.n + 1), &from, &to);
        p.has_range = true;
        p.from = (uint32_t)from;
        p.to = (uint32_t)to;
    }
    (void)tsim_file(&sim, 1 + (uint32_t)prop_below(r, 2), 1, p);
}

/* One of the last is supported by both, or not, and cleaned, if that may be. */
static void on_bracket(struct prop *r, bool supported)
{
    const struct texts_state *t = &now()->texts;
    if (t->bracket_count == 0) {
        return;
    }
    uint32_t i = t->bracket_count - 1 -
                 (uint32_t)prop_below(r, t->bracket_count < 4 ? t->bracket_count : 4);
    struct payload p = {.has_answers = true,
                        .answers = t->brackets[i].leaf,
                        .outcome = prop_one_in(r, 5) ? CLEAN_DROP : CLEAN_TAKE};
    p.kind = KIND_SUPPORT;
    for (uint32_t side = 1; supported && side < 3; side++) {
        (void)tsim_file(&sim, side, 1, p);
    }
    p.kind = KIND_CLEAN;
    (void)tsim_file(&sim, 1, 1, p);
}

/* The newest words are what the state says of them. */
static void same(const struct snt_history *h)
{
    const struct text_version *v = snt_newest(&now()->texts, 0);
    const struct snt_state *t = &now()->texts.of_phase[0];
    assert_int_equal(h->count, v->number);
    const struct snt_words *w = &h->versions[v->number - 1];
    assert_int_equal(w->count, t->article_count);
    uint32_t bytes = 0;
    for (uint32_t i = 0; i < w->count; i++) {
        const struct article_state *a = &t->articles[i];
        assert_true(text_eq(w->articles[i].id, article_id_text(&a->id)));
        assert_true(utf8_valid(text_bytes(w->articles[i].text)));
        assert_int_equal(w->articles[i].text.n, a->length);
        bytes += a->length;
        /* Into others a bracket was taken: their digest is of how they came about. */
        if (sim.opened[a->since]->content->header.kind == (uint32_t)KIND_DRAFT) {
            struct digest d = wording_digest(w->articles[i].title, w->articles[i].text);
            assert_true(ID_EQ(d, a->wording));
        }
    }
    assert_int_equal(bytes, t->bytes);
}

static void test_words(void **state)
{
    (void)state;
    struct prop r;
    uint32_t taken = 0;
    prop_init(&r, "words of a text");
    draft(&r);
    for (unsigned i = 0; i < STEPS && fold_size(sim.fold) + 4 < TSIM_ACTS; i++) {
        struct arena mem = test_arena(4u << 20);
        struct snt_history h = history(&mem);
        same(&h);
        switch (prop_below(&r, 12)) {
        case 0:
            draft(&r);
            break;
        case 1:
            on_bracket(&r, false);
            break;
        case 2:
        case 3:
        case 4:
        case 5:
            on_bracket(&r, true);
            break;
        default:
            bracket(&r, &h.versions[h.count - 1]);
        }
        test_arena_free(&mem);
    }
    for (uint32_t i = 0; i < now()->texts.bracket_count; i++) {
        taken += now()->texts.brackets[i].end == BRACKET_TAKEN ? 1 : 0;
    }
    assert_true(taken > 10 && now()->texts.version_count > taken);
}

/* ---- acts of any kind about anything ---- */

static struct leaf_hash some_leaf(struct prop *r)
{
    const struct texts_state *t = &now()->texts;
    if (t->bracket_count > 0 && prop_one_in(r, 2)) {
        return t->brackets[prop_below(r, t->bracket_count)].leaf;
    }
    if (t->version_count > 0 && !prop_one_in(r, 8)) {
        uint32_t old = prop_one_in(r, 3) ? (uint32_t)prop_below(r, t->version_count) : 0;
        return t->versions[t->version_count - 1 - old].leaf;
    }
    return door_leaf(sim.rec.door, prop_below(r, fold_size(sim.fold)));
}

static struct payload wild(struct prop *r)
{
    static const enum act_kind kinds[] = {KIND_DRAFT,    KIND_BRACKET, KIND_BRACKET, KIND_SUPPORT,
                                          KIND_SUPPORT,  KIND_OBJECT,  KIND_ADOPT,   KIND_CLEAN,
                                          KIND_CLEAN,    KIND_SILENCE, KIND_RATIFY,  KIND_ANSWER,
                                          KIND_WITHDRAW, KIND_CONFIRM};
    struct payload p = {.kind = kinds[prop_below(r, COUNT_OF(kinds))], .answers = some_leaf(r)};
    if ((p.kind == KIND_RATIFY || p.kind == KIND_ADOPT) && !prop_one_in(r, 8)) {
        p.kind = prop_one_in(r, 2) ? KIND_BRACKET : KIND_ANSWER; /* what all adopt ends it */
    }
    const struct text_version *v = snt_version(&now()->texts, &p.answers);
    p.texts = ARENA_NEW(&sim.rec.mem, struct text, 1);
    p.texts[0] = some_words(r, 2);
    p.has_answers = p.kind != KIND_DRAFT;
    p.text_count = p.kind == KIND_OBJECT || (p.kind == KIND_ANSWER) ? 1 : 0;
    p.articles = ARENA_NEW(&sim.rec.mem, struct article_item, 3);
    uint32_t most = p.kind == KIND_DRAFT ? 3 : p.kind == KIND_BRACKET ? 1 : 0;
    for (; p.article_count < most; p.article_count++) {
        struct article_item *a = &p.articles[p.article_count];
        bool drafted = p.kind == KIND_DRAFT;
        a->id = id_of(drafted && !prop_one_in(r, 8) ? p.article_count : (uint32_t)prop_below(r, 5));
        if (!drafted || !prop_one_in(r, 3)) {
            a->text = some_words(r, 3);
            a->title = prop_one_in(r, 6) != drafted ? text_str("T") : (struct text){0};
        }
    }
    p.phase = p.kind == KIND_DRAFT ? text_str(prop_one_in(r, 20) ? "second" : "first")
                                   : (struct text){0};
    const struct text_version *newest = snt_newest(&now()->texts, 0);
    p.refs = ARENA_NEW(&sim.rec.mem, struct leaf_hash, 1);
    p.refs[0] = newest == NULL || prop_one_in(r, 6) ? p.answers : newest->leaf;
    p.ref_count = p.kind == KIND_DRAFT && newest != NULL ? 1 : 0;
    p.has_range = p.kind == KIND_BRACKET && prop_one_in(r, 2);
    p.from = (uint32_t)prop_below(r, 12);
    p.to = p.from + (uint32_t)prop_below(r, 12);
    p.has_digest = p.kind == KIND_ADOPT;
    p.digest = v != NULL && !prop_one_in(r, 8) ? v->digest : (struct digest){{1}};
    p.outcome = p.kind == KIND_CLEAN ? (prop_one_in(r, 4) ? CLEAN_DROP : CLEAN_TAKE)
                                     : (enum cleaning)0;
    p.answer = p.kind == KIND_ANSWER ? (enum answer_kind)prop_between(r, 1, 5)
                                     : (enum answer_kind)0;
    p.object = p.kind == KIND_RATIFY && v != NULL
                   ? tsim_ratify(&sim, 1 + (uint32_t)prop_below(r, 2), v->index, "a")
                   : bytes_str("no paper");
    return p;
}

/* Desk and record say the same of each (tsim_try), whatever it is; and however much of the record is
 * folded anew, the state is that of then. */
static void test_wild(void **state)
{
    (void)state;
    struct prop r;
    static struct digest then[TSIM_ACTS + 1];
    uint32_t counted = 0, refused = 0;
    prop_init(&r, "wild acts on a text");
    draft(&r);
    uint64_t from = fold_size(sim.fold);
    uint64_t saw[3][2] = {{from, from}, {from, from}, {from, from}};
    while (fold_size(sim.fold) + 8 < TSIM_ACTS) {
        uint64_t size = fold_size(sim.fold);
        uint32_t side = (uint32_t)prop_below(&r, 3), seat = (uint32_t)prop_below(&r, 2);
        uint64_t less = size - prop_below(&r, 6);
        less = less < saw[side][seat] ? saw[side][seat] : less; /* what one has seen never falls */
        sim.seen = prop_one_in(&r, 4) ? less : 0;
        saw[side][seat] = sim.seen == 0 ? size : sim.seen;
        if (prop_one_in(&r, 20)) {
            sim.seen = 0;
            sim.rec.now += 86400;
            tsim_countersign(&sim);
            for (uint32_t i = 0; i < 3; i++) {
                saw[i][0] = saw[i][1] = fold_size(sim.fold);
            }
        } else if (sim.seen != 0) {
            (void)tsim_file(&sim, side, seat, wild(&r));
        } else if (tsim_try(&sim, side, seat, wild(&r)) == REFUSED_NOT) {
            counted++;
        } else {
            refused++;
        }
        then[fold_size(sim.fold)] = tsim_digest(&sim);
    }
    sim.seen = 0;
    assert_true(counted > 10 && refused > 60);
    assert_true(now()->texts.version_count > 1 && now()->texts.bracket_count > 1);
    for (uint64_t size = from + 1; size <= fold_size(sim.fold); size += 1 + prop_below(&r, 40)) {
        struct arena mem = test_arena(8u << 20);
        struct fold *f;
        struct err err = {0};
        struct digest d;
        assert_true(tsim_refold(&sim, size, UINT64_MAX, &mem, &f, &err));
        assert_true(state_digest(fold_state(f), &d, &err));
        static const struct digest none;
        assert_true(ID_EQ(then[size], none) || ID_EQ(d, then[size])); /* not noted between two */
        test_arena_free(&mem);
    }
}

/* A range within characters is read as the characters that it touches. */
static void test_passage(void **state)
{
    (void)state;
    struct arena mem = test_arena(4096);
    struct text t = text_str("Spa\xc3\x9f!");
    static const struct {
        uint32_t from, to;
        size_t a, b;
        const char *with_x;
    } rows[] = {{0, 3, 0, 3, "x\xc3\x9f!"},     {4, 5, 3, 5, "Spax!"},
                {3, 4, 3, 5, "Spax!"},          {6, 6, 6, 6, "Spa\xc3\x9f!x"},
                {9, 99, 6, 6, "Spa\xc3\x9f!x"}, {0, 6, 0, 6, "x"}};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        size_t a, b;
        snt_passage(t, rows[i].from, rows[i].to, &a, &b);
        assert_int_equal(a, rows[i].a);
        assert_int_equal(b, rows[i].b);
        assert_true(text_is(snt_replaced(t, rows[i].from, rows[i].to, text_str("x"), &mem),
                            rows[i].with_x));
    }
    test_arena_free(&mem);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_words, open_sim, close_sim),
        cmocka_unit_test_setup_teardown(test_wild, open_sim, close_sim),
        cmocka_unit_test(test_passage),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
