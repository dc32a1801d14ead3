/* SPDX-License-Identifier: Apache-2.0
 *
 * The text of a phase, from its first draft to its ratification (docs/RULES.md section 13): every
 * refusal at the desk and on the record in the same words, and lawful acts beside it that are not.
 */
#include "lib/table_sim.h"
#include "lib/test.h"
#include "table/gate.h"

#define DAY UINT64_C(86400)

static struct table_sim sim;
static struct digest digests[TSIM_ACTS + 1]; /* by size, as they came */

/* The first phase has a text and no issue. */
static void text_charter(struct arena *mem, struct charter *c)
{
    c->issues[0].phase = 1;
    c->phases[0].condition_count = 2;
    c->phases[0].conditions = ARENA_NEW(mem, struct condition, 2);
    c->phases[0].conditions[0].kind = CONDITION_ADOPTED;
    c->phases[0].conditions[1].kind = CONDITION_RATIFIED;
}

static int open_begun(void **state)
{
    sim.phase_seconds = 0;
    sim.change = text_charter;
    tsim_open(&sim, 131);
    tsim_begin(&sim, 365);
    *state = &sim;
    return 0;
}

/* A phase with issues whose gate waits for a text, too. */
static void both_charter(struct arena *mem, struct charter *c)
{
    text_charter(mem, c);
    c->issues[0].phase = 0;
}

static int open_both(void **state)
{
    sim.phase_seconds = 0;
    sim.change = both_charter;
    tsim_open(&sim, 132);
    tsim_begin(&sim, 365);
    *state = &sim;
    return 0;
}

static int close_sim(void **state)
{
    (void)state;
    sim.seen = 0;
    tsim_close(&sim);
    return 0;
}

static void no(uint32_t side, uint32_t seat, struct payload p, enum refusal_code code,
               const char *what, const char *mend)
{
    struct refusal r;
    enum refusal_code got = tsim_judge(&sim, fold_state(sim.fold), side, seat, p, &r);
    if (got != code || strncmp(r.what, what, strlen(what)) != 0 ||
        strncmp(r.mend, mend, strlen(mend)) != 0) {
        fail_msg("refusal %u: \"%s\" mend \"%s\"\nwanted %u: \"%s\" mend \"%s\"", got, r.what,
                 r.mend, code, what, mend);
    }
    assert_int_equal(tsim_try(&sim, side, seat, p), code);
}

/* Files it; its index. */
static uint64_t yes(uint32_t side, uint32_t seat, struct payload p)
{
    struct refusal r;
    if (tsim_judge(&sim, fold_state(sim.fold), side, seat, p, &r) != REFUSED_NOT) {
        fail_msg("refused %u: %s", r.code, r.what);
    }
    uint64_t index = tsim_file(&sim, side, seat, p);
    assert_null(fold_void(sim.fold, index));
    return index;
}

static const struct table_state *now(void)
{
    return fold_state(sim.fold);
}

static const struct snt_state *text(void)
{
    return &now()->texts.of_phase[0];
}

static struct text *words(const char *s)
{
    struct text *t = ARENA_NEW(&sim.rec.mem, struct text, 1);
    *t = text_str(s);
    return t;
}

/* Articles "id", title, text; NULL, NULL: as before. */
static struct payload draft(const char *const rows[][3], uint32_t count)
{
    struct article_item *items = ARENA_NEW(&sim.rec.mem, struct article_item, count);
    for (uint32_t i = 0; i < count; i++) {
        items[i].id = text_str(rows[i][0]);
        items[i].title = rows[i][1] == NULL ? (struct text){0} : text_str(rows[i][1]);
        items[i].text = rows[i][2] == NULL ? (struct text){0} : text_str(rows[i][2]);
    }
    struct payload p = {
        .kind = KIND_DRAFT, .phase = text_str("first"), .article_count = count, .articles = items};
    const struct text_version *v = snt_newest(&now()->texts, 0);
    if (v != NULL) {
        p.refs = ARENA_NEW(&sim.rec.mem, struct leaf_hash, 1);
        p.refs[0] = v->leaf;
        p.ref_count = 1;
    }
    return p;
}

static const char *const first_rows[][3] = {
    {"fire", "End of fire", "All fire ends on Monday at dawn."},
    {"guns", "Guns", "Guns go back ten kilometres."},
    {"watch", "Watch", "The watch counts them."},
};

static uint64_t first_draft(void)
{
    return yes(0, 1, draft(first_rows, 3));
}

static struct payload about(enum act_kind kind, uint64_t index)
{
    return (struct payload){.kind = kind, TSIM_ABOUT(&sim, index)};
}

static struct payload bracket(uint64_t version, const char *article, const char *title,
                              const char *alternative)
{
    struct payload p = about(KIND_BRACKET, version);
    p.articles = ARENA_NEW(&sim.rec.mem, struct article_item, 1);
    p.articles[0].id = text_str(article);
    p.articles[0].title = title == NULL ? (struct text){0} : text_str(title);
    p.articles[0].text = text_str(alternative);
    p.article_count = 1;
    return p;
}

static struct payload passage(uint64_t version, const char *article, uint32_t from, uint32_t to,
                              const char *alternative)
{
    struct payload p = bracket(version, article, NULL, alternative);
    p.has_range = true;
    p.from = from;
    p.to = to;
    return p;
}

static struct payload standing(enum act_kind kind, uint64_t index, const char *reason)
{
    struct payload p = about(kind, index);
    p.text_count = reason == NULL ? 0 : 1;
    p.texts = reason == NULL ? NULL : words(reason);
    return p;
}

static struct payload on_article(enum act_kind kind, uint64_t version, const char *article,
                                 const char *reason)
{
    struct payload p = standing(kind, version, reason);
    p.article_ids = words(article);
    p.article_id_count = 1;
    return p;
}

static struct payload clean(uint64_t index, enum cleaning outcome)
{
    struct payload p = about(KIND_CLEAN, index);
    p.outcome = outcome;
    return p;
}

static struct payload adopt(uint64_t version)
{
    struct payload p = about(KIND_ADOPT, version);
    const struct text_version *v = snt_newest(&now()->texts, 0);
    p.has_digest = true;
    p.digest = v->digest;
    return p;
}

static struct payload ratify(uint32_t side, uint64_t version, const char *hour)
{
    struct payload p = about(KIND_RATIFY, version);
    p.object = tsim_ratify(&sim, side, version, hour);
    return p;
}

/* ---- the pen, and what a draft follows [13.1, 13.2] ---- */

static void test_drafts(void **state)
{
    (void)state;
    no(1, 1, draft(first_rows, 3), REFUSED_PEN, "The pen is m's.",
       "Put other words in brackets: entente bracket, or ask m.");
    struct payload p = draft(first_rows, 3);
    p.phase = text_str("third");
    no(0, 1, p, REFUSED_UNKNOWN, "The charter has no phase third.", "Name a phase");
    p.phase = text_str("second");
    no(0, 1, p, REFUSED_PHASE, "Phase second is closed: 2 conditions of gate first", "Prepare it");
    p = draft(first_rows, 3);
    struct leaf_hash unknown = {{7}};
    p.refs = &unknown;
    p.ref_count = 1;
    no(0, 1, p, REFUSED_VERSION, "Phase first has no text yet for this to follow.", "See the");
    static const char *const kept[][3] = {{"fire", NULL, NULL}};
    no(0, 1, draft(kept, 1), REFUSED_UNKNOWN, "The text has no article fire to keep.", "Give its");
    static const char *const bare[][3] = {{"fire", NULL, "Words."}};
    no(0, 1, draft(bare, 1), REFUSED_FORM, "Article fire has words and no title.", "Give it a");
    static const char *const twice[][3] = {
        {"fire", "A", "a"}, {"guns", "B", "b"}, {"fire", "C", "c"}};
    no(0, 1, draft(twice, 3), REFUSED_FORM, "Two articles are both called fire.", "Give one");
    struct payload stale = draft(first_rows, 3);
    uint64_t g = first_draft();
    assert_int_equal(text()->article_count, 3);
    assert_int_equal(text()->bytes, 32 + 28 + 22);
    no(0, 1, stale, REFUSED_VERSION,
       "The text has moved on: version 1 is the newest, and this does",
       "Look at what changed, then draft upon it: entente text diff.");
    no(0, 1, draft(first_rows, 3), REFUSED_DONE, "It is version 1 word for word.", "Change some");
    /* What it keeps word for word, written out or not, is the same wording. */
    yes(1, 1, on_article(KIND_SUPPORT, g, "guns", NULL));
    yes(1, 1, on_article(KIND_SUPPORT, g, "watch", NULL));
    static const char *const second[][3] = {
        {"guns", "Guns", "Guns go back ten kilometres."},
        {"fire", "End of fire", "All fire ends on Tuesday at dawn."},
        {"watch", NULL, NULL},
    };
    uint64_t v2 = yes(0, 1, draft(second, 3));
    assert_int_equal(text()->articles[0].supports, 2);
    assert_int_equal(text()->articles[0].since, g);
    assert_int_equal(text()->articles[1].since, v2);
    assert_int_equal(text()->articles[2].supports, 2);
    assert_int_equal(snt_newest(&now()->texts, 0)->number, 2);
    /* Too much of it. */
    size_t n = ITEM_TEXT_MAX;
    char *much = ARENA_NEW(&sim.rec.mem, char, 20 * n);
    memset(much, 'a', n);
    struct article_item *items = ARENA_NEW(&sim.rec.mem, struct article_item, 17);
    for (uint32_t i = 0; i < 17; i++) {
        items[i] = (struct article_item){.id = text_str(arena_printf(&sim.rec.mem, "a-%u", i)),
                                         .title = text_str("T"),
                                         .text = {.p = much, .n = n}};
    }
    p = draft(second, 3);
    p.articles = items;
    p.article_count = 17;
    no(0, 1, p, REFUSED_LIMIT, "A text has at most 1048576 bytes.", "File annexes as documents");
    p.article_count = 16;
    (void)yes(0, 1, p);
}

/* Without a mediation every party has the pen. */
static void test_no_mediation(void **state)
{
    (void)state;
    struct table_state s = *now();
    struct charter_side *sides = ARENA_NEW(&sim.rec.mem, struct charter_side, s.charter.side_count);
    memcpy(sides, s.charter.sides, s.charter.side_count * sizeof(sides[0]));
    sides[0].present = false;
    s.charter.sides = sides;
    struct refusal r;
    assert_int_equal(tsim_judge(&sim, &s, 1, 1, draft(first_rows, 3), &r), REFUSED_NOT);
    assert_int_equal(tsim_judge(&sim, &s, 2, 1, draft(first_rows, 3), &r), REFUSED_NOT);
}

/* ---- brackets [13.3] ---- */

static void test_brackets(void **state)
{
    (void)state;
    uint64_t g = first_draft();
    no(1, 1, bracket(g, "fish", NULL, "No."), REFUSED_UNKNOWN, "The text has no article fish.",
       "See its articles: entente text show.");
    no(1, 1, bracket(g, "guns", "Guns", "No."), REFUSED_FORM, "The text has an article guns",
       "Give the new one");
    no(1, 1, passage(g, "guns", 3, 29, "x"), REFUSED_FORM, "Article guns has no such passage.",
       "Quote a passage");
    struct payload p = bracket(g, "guns", NULL, "No.");
    p.after = text_str("fire");
    no(1, 1, p, REFUSED_FORM, "Only a new article stands after another.", "Give the new");
    p = passage(g, "fish", 0, 1, "No.");
    p.articles[0].title = text_str("Fish");
    no(1, 1, p, REFUSED_FORM, "A new article has no passage", "");
    p = bracket(g, "guns", NULL, "x");
    p.articles[0].text = (struct text){0};
    no(1, 1, p, REFUSED_FORM, "A bracket has words.", "To strike a passage");
    p = bracket(g, "fish", "Fish", "Fish are free.");
    p.after = text_str("boats");
    no(1, 1, p, REFUSED_UNKNOWN, "The text has no article boats.", "See its");
    /* "ten" of "Guns go back ten kilometres." */
    uint64_t five = yes(1, 1, passage(g, "guns", 13, 16, "five"));
    no(2, 1, passage(g, "guns", 13, 16, "five"), REFUSED_DONE, "B1 says the same.",
       "Support it: entente support B1.");
    uint64_t none = yes(2, 1, passage(g, "guns", 13, 16, ""));
    no(1, 1, bracket(five, "guns", NULL, "x"), REFUSED_FORM, "A bracket is about a version",
       "Brackets do not stand in brackets");
    assert_int_equal(now()->texts.brackets[0].supports, 2);
    assert_int_equal(now()->texts.brackets[1].supports, 4);
    uint64_t mediation = yes(0, 1, passage(g, "guns", 13, 16, "seven"));
    assert_int_equal(now()->texts.brackets[2].supports, 0); /* it offers, and supports nothing */
    /* Other words at the article overtake them; at another they stand. */
    static const char *const other[][3] = {
        {"fire", "End of fire", "All fire ends."}, {"guns", NULL, NULL}, {"watch", NULL, NULL}};
    uint64_t v2 = yes(0, 1, draft(other, 3));
    assert_int_equal(now()->texts.brackets[0].end, BRACKET_OPEN);
    no(1, 1, bracket(g, "fire", NULL, "x"), REFUSED_VERSION,
       "Article fire has other words than in version 1.",
       "Look at what changed: entente text diff 1 2.");
    (void)yes(2, 1, standing(KIND_SUPPORT, five, NULL));
    static const char *const changed[][3] = {
        {"fire", NULL, NULL}, {"guns", "Guns", "Guns go home."}, {"watch", NULL, NULL}};
    (void)yes(0, 1, draft(changed, 3));
    for (unsigned i = 0; i < 3; i++) {
        assert_int_equal(now()->texts.brackets[i].end, BRACKET_OVERTAKEN);
    }
    no(2, 1, standing(KIND_SUPPORT, none, NULL), REFUSED_DONE,
       "B2 is not open any more: the words around it have changed.", "See what is open");
    no(0, 1, clean(mediation, CLEAN_DROP), REFUSED_DONE, "B3 is not open any more", "See");
    struct leaf_hash unknown = {{9}};
    p = bracket(v2, "watch", NULL, "x");
    p.answers = unknown;
    no(1, 1, p, REFUSED_UNKNOWN, "The text that it names is not at this table.", "Synchronise");
}

/* ---- support, objection [13.4] ---- */

static void test_standing(void **state)
{
    (void)state;
    uint64_t g = first_draft();
    no(0, 1, standing(KIND_SUPPORT, g, NULL), REFUSED_OWNER, "Only parties support words",
       "A party");
    no(1, 1, standing(KIND_OBJECT, g, NULL), REFUSED_REASON, "An objection needs a reason.",
       "Say why: --reason TEXT.");
    no(1, 1, standing(KIND_OBJECT, g, " \n\t "), REFUSED_REASON, "An objection needs a reason.",
       "");
    (void)yes(1, 1, standing(KIND_SUPPORT, g, NULL));
    (void)yes(2, 1, on_article(KIND_OBJECT, g, "guns", "They stay."));
    assert_int_equal(text()->articles[1].supports, 2);
    assert_int_equal(text()->articles[1].objects, 4);
    assert_int_equal(text()->articles[0].objects, 0);
    (void)yes(2, 1, on_article(KIND_SUPPORT, g, "guns", "We were heard."));
    assert_int_equal(text()->articles[1].supports, 6);
    assert_int_equal(text()->articles[1].objects, 0);
    no(1, 1, on_article(KIND_SUPPORT, g, "fish", NULL), REFUSED_UNKNOWN, "The text has no article",
       "");
    uint64_t b = yes(1, 1, passage(g, "guns", 13, 16, "five"));
    no(2, 1, on_article(KIND_SUPPORT, b, "guns", NULL), REFUSED_FORM, "B1 is one whole",
       "Name the");
    (void)yes(2, 1, standing(KIND_OBJECT, b, "Too near."));
    assert_int_equal(now()->texts.brackets[0].objects, 4);
    static const char *const other[][3] = {
        {"fire", "End of fire", "All fire ends."}, {"guns", NULL, NULL}, {"watch", NULL, NULL}};
    uint64_t v2 = yes(0, 1, draft(other, 3));
    no(1, 1, standing(KIND_SUPPORT, g, NULL), REFUSED_VERSION,
       "Version 1 is not the newest: version 2 is, and nothing carries over.",
       "Look at what changed: entente text diff 1 2.");
    no(1, 1, on_article(KIND_SUPPORT, g, "fire", NULL), REFUSED_VERSION,
       "Article fire has other words than in version 1.", "Look");
    (void)yes(1, 1, on_article(KIND_OBJECT, g, "watch", "Who pays?")); /* unchanged since */
    assert_int_equal(text()->articles[0].supports, 0);
    assert_int_equal(text()->articles[1].supports, 6);
    assert_int_equal(text()->articles[2].objects, 2);
    (void)yes(1, 1, standing(KIND_SUPPORT, v2, NULL));
    assert_int_equal(text()->articles[2].objects, 0);
}

/* ---- cleaning [13.5] ---- */

static void test_cleaning(void **state)
{
    (void)state;
    uint64_t g = first_draft();
    uint64_t five = yes(1, 1, passage(g, "guns", 13, 16, "five"));
    uint64_t six = yes(2, 1, passage(g, "guns", 13, 16, "six"));
    uint64_t miles = yes(2, 1, passage(g, "guns", 17, 27, "miles"));
    uint64_t over = yes(2, 1, passage(g, "guns", 8, 14, "far"));
    uint64_t at_head = yes(2, 1, passage(g, "guns", 0, 4, "All guns"));
    no(0, 1, clean(five, CLEAN_TAKE), REFUSED_BRACKETS,
       "B1 cannot be taken into the text: not every party supports it. Missing: south.",
       "They support it (entente support B1), or the pen asks for silence.");
    no(2, 1, clean(five, CLEAN_DROP), REFUSED_BRACKETS, "B1 stands; it is supported by north.",
       "Whoever supports it");
    no(0, 1, clean(g, CLEAN_DROP), REFUSED_FORM, "A version is not dropped", "Draft another");
    (void)yes(2, 1, standing(KIND_SUPPORT, five, NULL));
    no(1, 1, clean(five, CLEAN_DROP), REFUSED_BRACKETS,
       "B1 stands; it is supported by north, south.", "");
    struct digest was = text()->articles[1].wording;
    uint64_t v2 = yes(1, 1, clean(five, CLEAN_TAKE));
    assert_int_equal(snt_newest(&now()->texts, 0)->number, 2);
    assert_int_equal(text()->articles[1].length, 29);
    assert_int_equal(text()->articles[1].since, v2);
    struct digest put = words_digest(text_str("five"));
    struct digest edited = wording_edited(&was, 13, 16, &put);
    assert_true(ID_EQ(text()->articles[1].wording, edited));
    const struct bracket_state *b = now()->texts.brackets;
    assert_int_equal(b[0].end, BRACKET_TAKEN);
    assert_int_equal(b[1].end, BRACKET_OVERTAKEN); /* the same passage */
    assert_true(b[2].end == BRACKET_OPEN && b[2].from == 18 && b[2].to == 28);
    assert_int_equal(b[3].end, BRACKET_OVERTAKEN); /* it cuts into it */
    assert_true(b[4].end == BRACKET_OPEN && b[4].from == 0 && b[4].to == 4);
    (void)six;
    (void)over;
    no(2, 1, clean(five, CLEAN_TAKE), REFUSED_DONE, "B1 is not open any more: it was taken", "");
    /* Its own side drops it, alone with it; then others object. */
    (void)yes(2, 1, clean(miles, CLEAN_DROP));
    assert_int_equal(b[2].end, BRACKET_DROPPED);
    (void)yes(1, 1, standing(KIND_OBJECT, at_head, "No."));
    (void)yes(2, 1, standing(KIND_OBJECT, at_head, "We think better of it."));
    (void)yes(0, 1, clean(at_head, CLEAN_DROP)); /* every party objects */
    /* A new article, after one and at the end. */
    struct payload p = bracket(v2, "fish", "Fish", "Fish are free.");
    p.after = text_str("fire");
    uint64_t fish = yes(1, 1, p);
    uint64_t boats = yes(1, 1, bracket(v2, "boats", "Boats", "Boats are not."));
    uint64_t rival = yes(2, 1, bracket(v2, "fish", "Fish", "Fish belong to the lake."));
    (void)rival;
    (void)yes(2, 1, standing(KIND_SUPPORT, fish, NULL));
    (void)yes(2, 1, standing(KIND_SUPPORT, boats, NULL));
    (void)yes(0, 1, clean(fish, CLEAN_TAKE));
    (void)yes(0, 1, clean(boats, CLEAN_TAKE));
    assert_int_equal(text()->article_count, 5);
    assert_true(text_is(article_id_text(&text()->articles[1].id), "fish"));
    assert_true(text_is(article_id_text(&text()->articles[4].id), "boats"));
    struct digest whole = wording_digest(text_str("Fish"), text_str("Fish are free."));
    assert_true(ID_EQ(text()->articles[1].wording, whole));
    b = now()->texts.brackets;
    assert_int_equal(b[7].end, BRACKET_OVERTAKEN);
}

/* ---- adoption [13.6] ---- */

static void test_adopting(void **state)
{
    (void)state;
    uint64_t g = first_draft();
    uint64_t five = yes(1, 1, passage(g, "guns", 13, 16, "five"));
    no(1, 1, adopt(g), REFUSED_BRACKETS, "Version 1 still has brackets: B1.",
       "Take each in or drop it first: entente clean.");
    no(1, 1, ratify(1, g, "1"), REFUSED_UNKNOWN, "The proposal that it names is not", "");
    (void)yes(2, 1, standing(KIND_SUPPORT, five, NULL));
    uint64_t v2 = yes(0, 1, clean(five, CLEAN_TAKE));
    no(1, 1, adopt(g), REFUSED_VERSION, "Version 1 is not the newest", "Look at what changed");
    no(1, 1, adopt(five), REFUSED_FORM, "Only a whole version is adopted.", "A bracket is supp");
    struct payload p = adopt(v2);
    p.digest.b[0] ^= 1;
    no(1, 1, p, REFUSED_VERSION, "What it names is not version 2 word for word.", "Synchronise");
    no(0, 1, adopt(v2), REFUSED_OWNER, "Only parties adopt a text.", "A party adopts");
    (void)yes(1, 1, adopt(v2));
    no(1, 1, adopt(v2), REFUSED_DONE, "north has adopted version 2 already.", "");
    assert_false(snt_all_adopted(now(), 0));
    /* A newer version: nothing carries over. */
    static const char *const third[][3] = {
        {"fire", "End of fire", "All fire ends."}, {"guns", NULL, NULL}, {"watch", NULL, NULL}};
    uint64_t v3 = yes(0, 1, draft(third, 3));
    no(2, 1, adopt(v2), REFUSED_VERSION, "Version 2 is not the newest", "");
    no(1, 1, tsim_answer(&sim, v2, ANSWER_AD_REFERENDUM), REFUSED_WITHDRAWN,
       "P1 is version 2 of the text; version 3 took its place.", "Adopt the newest");
    (void)yes(1, 1, adopt(v3));
    no(2, 1, tsim_answer(&sim, v3, ANSWER_AD_REFERENDUM), REFUSED_VERSION,
       "P2 is a text; it is adopted, word for word.", "entente adopt");
    no(2, 1, ratify(2, v3, "1"), REFUSED_NOT_AGREED, "P2 is not agreed at the table: south has",
       "Wait for south");
    (void)yes(2, 1, adopt(v3));
    assert_true(snt_all_adopted(now(), 0));
    assert_false(snt_adopted(now(), 0)); /* not countersigned */
    tsim_countersign(&sim);
    assert_true(snt_adopted(now(), 0));
    no(0, 1, draft(third, 2), REFUSED_DONE, "Version 3 of the text is adopted; it stands.",
       "Principals ratify it");
    no(1, 1, bracket(v3, "guns", NULL, "x"), REFUSED_DONE, "Version 3 of the text is adopted", "");
    no(1, 1, standing(KIND_OBJECT, v3, "no"), REFUSED_DONE, "Version 3 of the text is adopted", "");
    /* Taken back: work goes on, and all adopt anew. */
    p = tsim_answer(&sim, v3, ANSWER_REJECT);
    p.text_count = 1;
    p.texts = words("Parliament says no.");
    (void)yes(1, 1, p);
    assert_false(snt_adopted(now(), 0));
    (void)yes(1, 1, adopt(v3));
    tsim_countersign(&sim);
    assert_true(snt_adopted(now(), 0));
    /* Ratified by both: the gate opens. */
    struct payload gate = {.kind = KIND_GATE, .phase = text_str("first")};
    no(1, 1, gate, REFUSED_GATE, "Gate first stays closed: 1 of 2 hold.", "");
    (void)yes(1, 1, ratify(1, v3, "1"));
    (void)yes(2, 1, ratify(2, v3, "1"));
    tsim_countersign(&sim);
    assert_true(now()->proposals[1].bound_at != INDEX_NEVER);
    no(0, 1, draft(third, 2), REFUSED_DONE, "P2 is agreed and ratified; it stands.", "");
    (void)yes(1, 1, gate);
    assert_true(phase_open(now(), 1));
}

/* A phase with issues and a text: its package binds with the text alone. */
static void test_package_with_text(void **state)
{
    (void)state;
    uint64_t g = first_draft();
    struct payload p = tsim_propose();
    p.has_version = true;
    p.version = door_leaf(sim.rec.door, g);
    no(0, 1, p, REFUSED_VERSION, "Version 1 of the text is not adopted.", "The parties adopt it");
    struct payload unknown = p;
    unknown.version.b[0] ^= 1;
    no(0, 1, unknown, REFUSED_UNKNOWN, "Phase first has no such version of its text.", "See the");
    (void)yes(1, 1, adopt(g));
    (void)yes(2, 1, adopt(g));
    tsim_countersign(&sim);
    for (unsigned with = 0; with < 2; with++) {
        uint64_t package = yes(0, 1, with == 1 ? p : tsim_propose());
        for (uint32_t side = 1; side < 3; side++) {
            (void)yes(side, 1, tsim_answer(&sim, package, ANSWER_AD_REFERENDUM));
        }
        for (uint32_t side = 1; side < 3; side++) {
            (void)yes(side, 1, ratify(side, package, "1"));
        }
        tsim_countersign(&sim);
        const struct proposal_state *s = state_proposal(now(), &(struct leaf_hash){.b = {0}});
        assert_null(s);
        struct leaf_hash leaf = door_leaf(sim.rec.door, package);
        assert_int_equal(state_proposal(now(), &leaf)->bound_at != INDEX_NEVER, with == 1);
    }
    /* The text alone leaves the issue open: it never binds. */
    struct leaf_hash leaf = door_leaf(sim.rec.door, g);
    assert_true(state_proposal(now(), &leaf)->bound_at == INDEX_NEVER);
}

/* Crossing: who had not seen the newer version adopts nothing; the old one is gone for all alike. */
static void test_crossing(void **state)
{
    (void)state;
    uint64_t g = first_draft();
    struct payload late = adopt(g);
    (void)yes(1, 1, adopt(g));
    static const char *const next[][3] = {{"fire", "End of fire", "All fire ends."}};
    sim.seen = g + 1;
    uint64_t v2 = tsim_file(&sim, 0, 1, draft(next, 1));
    assert_null(fold_void(sim.fold, v2));
    uint64_t crossed = tsim_file(&sim, 2, 1, late);
    const struct void_note *v = fold_void(sim.fold, crossed);
    assert_non_null(v);
    assert_int_equal(v->code, REFUSED_VERSION);
    sim.seen = 0;
    assert_false(snt_all_adopted(now(), 0));
}

/* ---- silence [13.7] ---- */

static void test_silence(void **state)
{
    (void)state;
    uint64_t g = first_draft();
    uint64_t five = yes(1, 1, passage(g, "guns", 13, 16, "five"));
    no(1, 1, about(KIND_SILENCE, five), REFUSED_PEN, "The pen is m's.", "Support the words, or");
    no(0, 1, clean(g, CLEAN_TAKE), REFUSED_SILENCE, "No silence on version 1 runs.", "The pen");
    uint64_t asked = yes(0, 1, about(KIND_SILENCE, five));
    no(0, 1, about(KIND_SILENCE, five), REFUSED_SILENCE, "Silence was asked for already.", "See");
    tsim_countersign(&sim);
    sim.rec.now += 10 * DAY;
    tsim_countersign(&sim);
    /* However long: it does not run until every party has shown that it has seen it. */
    no(0, 1, clean(five, CLEAN_TAKE), REFUSED_SILENCE,
       "Silence on B1 does not run yet: nothing that has seen it was filed by north, south.",
       "Ask north, south to support it, or to object.");
    struct payload park = {
        .kind = KIND_PARK, .phase = text_str("second"), .text_count = 1, .texts = words("a title")};
    (void)yes(1, 1, park);
    sim.seen = asked; /* one who had not seen it shows nothing */
    (void)tsim_file(&sim, 2, 1, park);
    sim.seen = 0;
    no(0, 1, clean(five, CLEAN_TAKE), REFUSED_SILENCE,
       "Silence on B1 does not run yet: nothing that has seen it was filed by south.", "Ask south");
    struct payload said = {.kind = KIND_STATEMENT,
                           .text_count = 1,
                           .texts = words("hm"),
                           .side = text_str("south"),
                           .source = text_str("a paper")};
    (void)yes(2, 1, said); /* leaves no trace, not here either */
    assert_true(now()->texts.brackets[0].silence.from == INDEX_NEVER);
    uint64_t from = yes(2, 1, park);
    assert_int_equal(now()->texts.brackets[0].silence.from, from);
    no(0, 1, clean(five, CLEAN_TAKE), REFUSED_SILENCE, "Silence on B1 has not surely passed.", "");
    tsim_countersign(&sim);
    no(0, 1, clean(five, CLEAN_TAKE), REFUSED_SILENCE,
       "Silence on B1 has not surely passed: it lasts until ", "Wait; a reasoned");
    sim.rec.now += 2 * DAY - 600;
    tsim_countersign(&sim);
    no(0, 1, clean(five, CLEAN_TAKE), REFUSED_SILENCE, "Silence on B1 has not surely", "Wait");
    sim.rec.now += 1200;
    tsim_countersign(&sim);
    uint64_t v2 = yes(0, 1, clean(five, CLEAN_TAKE));
    assert_int_equal(snt_newest(&now()->texts, 0)->index, v2);
    assert_int_equal(now()->texts.silences, 0);

    /* On a version's wording; an objection breaks it. */
    (void)yes(0, 1, about(KIND_SILENCE, v2));
    (void)yes(1, 1, park);
    (void)yes(2, 1, on_article(KIND_OBJECT, v2, "guns", "Five is too near."));
    assert_int_equal(text()->silence.broken_by, 2);
    assert_true(text()->silence.asked_at == INDEX_NEVER);
    no(0, 1, about(KIND_SILENCE, v2), REFUSED_SILENCE,
       "There is a reasoned objection, by south; silence is no answer.", "Meet the objection");
    (void)yes(2, 1, on_article(KIND_SUPPORT, v2, "guns", NULL));
    (void)yes(0, 1, about(KIND_SILENCE, v2));
    (void)yes(1, 1, park);
    (void)yes(2, 1, park);
    tsim_countersign(&sim);
    sim.rec.now += 2 * DAY;
    tsim_countersign(&sim);
    (void)yes(0, 1, clean(v2, CLEAN_TAKE));
    for (unsigned i = 0; i < text()->article_count; i++) {
        assert_int_equal(text()->articles[i].supports, 6);
    }
    assert_false(snt_all_adopted(now(), 0)); /* wording only: nobody adopts by silence */
    /* Other words end a silence that runs. */
    (void)yes(0, 1, about(KIND_SILENCE, v2));
    static const char *const next[][3] = {{"fire", "End of fire", "All fire ends."}};
    (void)yes(0, 1, draft(next, 1));
    assert_true(text()->silence.asked_at == INDEX_NEVER);
    assert_int_equal(now()->texts.silences, 0);
    no(0, 1, about(KIND_SILENCE, v2), REFUSED_VERSION, "Version 2 is not the newest", "");
}

/* ---- while agreeing is suspended [16.6] ---- */

static void test_suspended(void **state)
{
    (void)state;
    uint64_t g = first_draft();
    uint64_t five = yes(1, 1, passage(g, "guns", 13, 16, "five"));
    (void)yes(2, 1, standing(KIND_SUPPORT, five, NULL));
    (void)yes(1, 1, (struct payload){.kind = KIND_SUSPEND});
    (void)yes(2, 1, (struct payload){.kind = KIND_SUSPEND});
    tsim_countersign(&sim);
    no(0, 1, clean(five, CLEAN_TAKE), REFUSED_SUSPENDED, "Agreeing is suspended", "");
    (void)yes(2, 1, standing(KIND_OBJECT, five, "Not now.")); /* words go on */
    (void)yes(2, 1, standing(KIND_SUPPORT, five, NULL));
    (void)yes(1, 1, (struct payload){.kind = KIND_RESUME});
    (void)yes(0, 1, clean(five, CLEAN_TAKE));
    (void)yes(1, 1, (struct payload){.kind = KIND_SUSPEND});
    (void)yes(2, 1, (struct payload){.kind = KIND_SUSPEND});
    tsim_countersign(&sim);
    no(1, 1, adopt(snt_newest(&now()->texts, 0)->index), REFUSED_SUSPENDED, "Agreeing is", "");
}

/* ---- shares ---- */

static void test_shares(void **state)
{
    (void)state;
    uint64_t g = first_draft();
    struct table_state s = *now();
    struct refusal r;
    static const char *const next[][3] = {{"fire", "End of fire", "All fire ends."}};
    s.used[CEILING_VERSIONS][0] = 256;
    assert_int_equal(tsim_judge(&sim, &s, 0, 0, draft(next, 1), &r), REFUSED_LIMIT);
    assert_non_null(strstr(r.what, "m has 256 versions of a text"));
    s.used[CEILING_BRACKETS][1] = 256;
    assert_int_equal(tsim_judge(&sim, &s, 1, 0, bracket(g, "guns", NULL, "x"), &r), REFUSED_LIMIT);
    assert_non_null(strstr(r.what, "north has 256 brackets"));
    assert_int_equal(tsim_judge(&sim, &s, 2, 0, bracket(g, "guns", NULL, "x"), &r), REFUSED_NOT);
    s.used[CEILING_PROPOSALS][1] = 256;
    assert_int_equal(tsim_judge(&sim, &s, 1, 0, adopt(g), &r), REFUSED_LIMIT);
    assert_int_equal(tsim_judge(&sim, &s, 2, 0, adopt(g), &r), REFUSED_NOT);
}

/* ---- however the record came ---- */

static void note_digests(void)
{
    digests[fold_size(sim.fold)] = tsim_digest(&sim);
}

static void test_prefixes(void **state)
{
    (void)state;
    uint64_t from = fold_size(sim.fold);
    uint64_t g = first_draft();
    note_digests();
    uint64_t five = yes(1, 1, passage(g, "guns", 13, 16, "five"));
    note_digests();
    (void)yes(0, 1, about(KIND_SILENCE, five));
    note_digests();
    (void)yes(2, 1, standing(KIND_SUPPORT, five, NULL));
    note_digests();
    uint64_t v2 = yes(0, 1, clean(five, CLEAN_TAKE));
    note_digests();
    (void)yes(1, 1, adopt(v2));
    note_digests();
    (void)yes(2, 1, adopt(v2));
    note_digests();
    for (uint64_t size = from + 1; size <= fold_size(sim.fold); size++) {
        struct arena mem = test_arena(8u << 20);
        struct fold *f;
        struct err err = {0};
        struct digest d;
        assert_true(tsim_refold(&sim, size, UINT64_MAX, &mem, &f, &err));
        assert_true(state_digest(fold_state(f), &d, &err));
        assert_true(ID_EQ(d, digests[size]));
        assert_true(size == from + 1 || !ID_EQ(d, digests[size - 1])); /* each leaves a trace */
        test_arena_free(&mem);
    }
}

int main(void)
{
#define STORY(f) cmocka_unit_test_setup_teardown(f, open_begun, close_sim)
    const struct CMUnitTest tests[] = {
        STORY(test_drafts),
        STORY(test_no_mediation),
        STORY(test_brackets),
        STORY(test_standing),
        STORY(test_cleaning),
        STORY(test_adopting),
        cmocka_unit_test_setup_teardown(test_package_with_text, open_both, close_sim),
        STORY(test_crossing),
        STORY(test_silence),
        STORY(test_suspended),
        STORY(test_shares),
        STORY(test_prefixes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
