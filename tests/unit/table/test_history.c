/* SPDX-License-Identifier: Apache-2.0
 *
 * Properties of the fold over random histories: most of their acts are lawful, some are not, some
 * authors had not seen what others did.
 *
 * The state of a prefix is a function of the prefix.  The same history with the two parties'
 * parts exchanged gives the mirrored state, and the same words with the names exchanged: no rule
 * prefers a side.  Looking at those proposals alone that an act can have changed comes to the same
 * as looking at all of them.
 */
#include <stdio.h>

#include "lib/table_sim.h"
#include "lib/test.h"
#include "table/fold_priv.h"

#define MOVES 110u
#define HOUR UINT64_C(3600)

enum what {
    PROPOSE,
    ANSWER,
    WITHDRAW,
    RATIFY,
    CONFIRM,
    COUNTERSIGN,
    PROMISE,
    REPORT,
    VERIFY,
    LAPSE,
    INCIDENT,
    ASSESS,
    GATE,
    PARK,
    SAY,
    STATEMENT,
    CLOSE,
    CONSENT,
    PUBLISHED,
    MANDATE,
    PROCEED,
    NAME
};

/* How often each is drawn. */
static const uint8_t weights[] = {
    [PROPOSE] = 6,      [ANSWER] = 26, [WITHDRAW] = 3, [RATIFY] = 12,   [CONFIRM] = 8,
    [COUNTERSIGN] = 26, [PROMISE] = 3, [REPORT] = 4,   [VERIFY] = 5,    [LAPSE] = 3,
    [INCIDENT] = 4,     [ASSESS] = 4,  [GATE] = 3,     [PARK] = 1,      [SAY] = 2,
    [STATEMENT] = 1,    [CLOSE] = 2,   [CONSENT] = 5,  [PUBLISHED] = 2, [MANDATE] = 3,
    [PROCEED] = 1,      [NAME] = 1};

struct move {
    enum what what;
    uint32_t side;
    uint32_t seat;
    uint32_t a, b;   /* what is chosen among what there is */
    uint32_t hours;  /* that go by before it */
    uint32_t unseen; /* the author has not seen so many of the last acts */
};

struct play {
    struct table_sim *t;
    bool mirrored;
    uint64_t acts[MOVES]; /* index of each move's act */
    enum what whats[MOVES];
    uint32_t count;
    uint64_t last[5][2]; /* index behind the last act of each seat */
    bool named[3][2];    /* witnesses that were named */
};

static struct table_sim here, there;
static struct play one, two;

static enum what draw(struct prop *rnd)
{
    uint64_t all = 0;
    for (size_t i = 0; i < COUNT_OF(weights); i++) {
        all += weights[i];
    }
    uint64_t at = prop_below(rnd, all);
    size_t i = 0;
    while (at >= weights[i]) {
        at -= weights[i++];
    }
    return (enum what)i;
}

static struct move random_move(struct prop *rnd)
{
    struct move m = {.what = draw(rnd),
                     .side = (uint32_t)prop_below(rnd, prop_one_in(rnd, 5) ? 4 : 3),
                     .seat = (uint32_t)prop_below(rnd, 2),
                     .a = (uint32_t)prop_below(rnd, 1u << 20),
                     .b = (uint32_t)prop_below(rnd, 1u << 20)};
    m.hours = prop_one_in(rnd, 5) ? (uint32_t)prop_below(rnd, 12) : 0;
    m.unseen = prop_one_in(rnd, 4) ? (uint32_t)prop_below(rnd, 6) : 0;
    if (m.side == 0 && (m.what == ANSWER || m.what == RATIFY || m.what == PROMISE)) {
        m.side = 1 + m.a % 2;
    }
    if (m.what == VERIFY || m.what == ASSESS) {
        m.side = prop_one_in(rnd, 4) ? m.side : 3;
    }
    return m;
}

/* The side whose part this one plays. */
static uint32_t part(const struct play *p, uint32_t side)
{
    return p->mirrored && (side == 1 || side == 2) ? 3 - side : side;
}

/* One of the acts of that kind so far; the newest ones more often.  False where there is none. */
static bool earlier(const struct play *p, enum what what, uint32_t choice, uint64_t *out)
{
    uint64_t found[4];
    uint32_t n = 0;
    for (uint32_t i = p->count; i > 0 && n < COUNT_OF(found); i--) {
        if (p->whats[i - 1] == what) {
            found[n++] = p->acts[i - 1];
        }
    }
    if (n > 0) {
        *out = found[choice % n];
    }
    return n > 0;
}

static struct text deed_of(const struct play *p, uint32_t which)
{
    return text_str(part(p, 1 + which % 2) == 1 ? "north-guns" : "south-guns");
}

static struct text side_of(const struct play *p, uint32_t which)
{
    static const char *const ids[] = {"m", "north", "south", "watch"};
    return text_str(ids[part(p, which % 4)]);
}

static struct text words = {.p = "in so many words", .n = 16};

static bool about_offer(struct play *p, const struct move *m, struct payload *out)
{
    static struct named_choice line;
    static struct reservation r;
    static char label[16], paper[16];
    struct table_sim *t = p->t;
    uint64_t g = 0;
    bool any = m->what == PROPOSE || earlier(p, PROPOSE, m->a, &g);
    line = (struct named_choice){text_str("line"), m->a % 2};
    if (!any) {
        return false;
    }
    if (m->what == PROPOSE) {
        *out = (struct payload){.kind = KIND_PROPOSE, .choice_count = 1, .choices = &line};
        return true;
    }
    if (m->what == WITHDRAW) {
        *out = (struct payload){.kind = KIND_WITHDRAW, TSIM_ABOUT(t, g)};
        return true;
    }
    if (m->what == RATIFY) {
        (void)snprintf(paper, sizeof(paper), "%u", p->count);
        *out = (struct payload){.kind = KIND_RATIFY,
                                TSIM_ABOUT(t, g),
                                .object = tsim_ratify(t, part(p, m->side), g, paper)};
        return true;
    }
    static const enum answer_kind kinds[] = {
        ANSWER_AD_REFERENDUM, ANSWER_AD_REFERENDUM, ANSWER_ACCEPT, ANSWER_ACCEPT,
        ANSWER_ACCEPT,        ANSWER_CONCEPT,       ANSWER_REJECT, ANSWER_COUNTER};
    *out = tsim_answer(t, g, kinds[m->b % COUNT_OF(kinds)]);
    if (out->answer == ANSWER_CONCEPT) {
        (void)snprintf(label, sizeof(label), "R%u", m->b % 4);
        r = (struct reservation){text_str(label), false, {NULL, 0}, words};
        out->reservation_count = 1;
        out->reservations = &r;
    } else if (out->answer == ANSWER_REJECT) {
        out->text_count = 1;
        out->texts = &words;
    }
    return true;
}

static bool about_deed(struct play *p, const struct move *m, struct payload *out)
{
    static const enum act_kind kinds[] = {
        [PROMISE] = KIND_PROMISE, [REPORT] = KIND_REPORT,     [VERIFY] = KIND_VERIFY,
        [LAPSE] = KIND_LAPSE,     [INCIDENT] = KIND_INCIDENT, [ASSESS] = KIND_ASSESS};
    static struct leaf_hash cited;
    uint64_t g = 0;
    *out = (struct payload){.kind = kinds[m->what], .room = text_str("monitors")};
    if (m->what == ASSESS) {
        out->has_answers = earlier(p, INCIDENT, m->a, &g);
        out->answers = door_leaf(p->t->rec.door, g);
        out->verdict = m->b % 3 == 0 ? VERDICT_NOT_VERIFIED : VERDICT_VERIFIED;
        return out->has_answers;
    }
    if (m->what == INCIDENT) {
        out->has_when = true;
        out->when = p->t->rec.now - m->a % 9 * HOUR;
        out->side = side_of(p, m->b);
        if (earlier(p, m->b % 2 == 0 ? REPORT : STATEMENT, m->a, &g)) {
            cited = door_leaf(p->t->rec.door, g);
            out->ref_count = 1;
            out->refs = &cited;
        }
    } else {
        out->deed = deed_of(p, m->a);
        out->finding = (enum finding)(m->what == PROMISE || m->what == LAPSE ? 0 : 1 + m->b % 3);
    }
    if (m->what == PROMISE || m->what == INCIDENT) {
        out->text_count = 1;
        out->texts = &words;
    }
    if (m->what == PROMISE) {
        out->has_when = true;
        out->when = p->t->rec.now + m->b % 60 * HOUR;
        out->after = m->b % 3 == 0 ? deed_of(p, m->a + 1) : (struct text){NULL, 0};
    }
    return true;
}

static bool about_rest(struct play *p, const struct move *m, struct payload *out)
{
    static struct leaf_hash refs[1];
    struct table_sim *t = p->t;
    uint64_t g = 0;
    switch ((unsigned)m->what) {
    case CONFIRM:
        if (!earlier(p, m->b % 3 == 0 ? RATIFY : ANSWER, m->a, &g)) {
            return false;
        }
        *out = (struct payload){.kind = KIND_CONFIRM, TSIM_ABOUT(t, g)};
        return true;
    case CLOSE:
        if (!earlier(p, ANSWER, m->a, &g)) {
            return false;
        }
        *out = (struct payload){.kind = KIND_CLOSE, TSIM_ABOUT(t, g), .label = text_str("R1")};
        return true;
    case GATE:
        *out = (struct payload){.kind = KIND_GATE, .phase = text_str("first")};
        return true;
    case PARK:
        *out = (struct payload){
            .kind = KIND_PARK, .text_count = 1, .texts = &words, .phase = text_str("second")};
        return true;
    case STATEMENT:
        *out = (struct payload){.kind = KIND_STATEMENT,
                                .text_count = 1,
                                .texts = &words,
                                .side = side_of(p, m->b),
                                .source = text_str("press")};
        return true;
    case CONSENT:
    case PUBLISHED:
        if (!earlier(p, m->b % 2 == 0 ? PROMISE : PROPOSE, 0, &g)) {
            return false;
        }
        refs[0] = door_leaf(t->rec.door, g);
        *out = (struct payload){.kind = m->what == CONSENT ? KIND_CONSENT : KIND_PUBLISHED,
                                .ref_count = 1,
                                .refs = refs};
        if (m->what == CONSENT && m->side == 3) {
            out->room = text_str("monitors");
        }
        return true;
    case MANDATE:
        *out = (struct payload){.kind = KIND_MANDATE,
                                .object = tsim_mandate(t, part(p, m->side), 1,
                                                       1 + m->b % POWERS_ALL, t->rec.now - HOUR,
                                                       t->rec.now + (1 + m->a % 90) * HOUR)};
        return true;
    default:
        *out = (struct payload){.kind = KIND_SAY, .text_count = 1, .texts = &words};
        return true;
    }
}

/* Clocks differ: by role, so that the mirror's do alike. */
static void countersign(struct play *p, uint32_t side, uint32_t who)
{
    static const uint32_t ahead[] = {0, 9, 3};
    struct record_sim *rec = &p->t->rec;
    uint32_t as = part(p, side);
    uint64_t now = rec->now;
    rec->now += ahead[side] * HOUR;
    p->last[as][who] = 1 + sim_countersign(rec, as, who);
    rec->now = now;
}

static void control(struct play *p, const struct move *m)
{
    static const uint32_t seats[3][2] = {{0}, {1}, {0, 1}};
    struct record_sim *rec = &p->t->rec;
    uint32_t side = m->side % 3, as = part(p, side), who = m->b % 2;
    if (m->what == COUNTERSIGN && m->a % 3 == 0) {
        for (uint32_t i = 0; i < 3; i++) {
            countersign(p, i, p->named[part(p, i)][0] ? 0 : 1);
        }
    } else if (m->what == COUNTERSIGN) {
        countersign(p, side, p->named[as][who] ? who : 1 - who);
    } else if (m->what == PROCEED) {
        p->last[as][0] = 1 + sim_proceed(rec, as, 0, part(p, (side + 1 + m->a % 2) % 3));
    } else {
        uint32_t n = m->a % 3 == 2 ? 2 : 1;
        sim_name(rec, as, n, seats[m->a % 3], n);
        for (uint32_t i = 0; i < n; i++) {
            p->named[as][seats[m->a % 3][i]] = true;
        }
    }
}

static bool is_control(const struct move *m)
{
    return m->what == COUNTERSIGN || m->what == PROCEED || m->what == NAME;
}

static bool payload_of(struct play *p, const struct move *m, struct payload *out)
{
    if (m->what <= RATIFY) {
        return about_offer(p, m, out);
    }
    return m->what >= PROMISE && m->what <= ASSESS ? about_deed(p, m, out) : about_rest(p, m, out);
}

static void do_move(struct play *p, const struct move *m)
{
    struct payload out;
    struct table_sim *t = p->t;
    if (is_control(m)) {
        t->rec.now += m->hours * HOUR;
        control(p, m);
        tsim_take(t);
        return;
    }
    if (!payload_of(p, m, &out)) {
        return;
    }
    t->rec.now += m->hours * HOUR;
    uint32_t as = part(p, m->side);
    uint64_t least = p->last[as][m->seat], size = t->rec.count;
    uint64_t seen = size > m->unseen ? size - m->unseen : 0;
    t->seen = seen < least ? least : seen;
    uint64_t index = tsim_file(t, as, m->seat, out);
    t->seen = 0;
    p->last[as][m->seat] = index + 1;
    p->acts[p->count] = index;
    p->whats[p->count++] = m->what;
}

/* A few are drawn until one is lawful, as its author's desk sees it; now and then it need not be. */
static struct move next_move(struct prop *rnd, struct play *p)
{
    struct arena mem = test_arena(1u << 20);
    bool any = prop_one_in(rnd, 6), done = false;
    struct move m = {.what = SAY};
    for (unsigned i = 0; i < 12 && !done; i++) {
        struct payload out;
        struct refusal why;
        m = random_move(rnd);
        done = is_control(&m);
        if (!done && payload_of(p, &m, &out)) {
            struct kid kid = signer_kid(p->t->rec.sides[part(p, m.side)].seats[m.seat].sign);
            out.room = out.room.p == NULL ? text_str("plenary") : out.room;
            arena_wipe(&mem);
            done = any || fold_would_accept(p->t->fold,
                                            keyring_find_seat(door_keyring(p->t->rec.door), &kid),
                                            &out, &mem, &why);
        }
    }
    test_arena_free(&mem);
    return m;
}

/* Both deeds alike, both verified by the monitor. */
static void alike(struct arena *mem, struct charter *c)
{
    (void)mem;
    c->deeds[1].verifier = 3;
    c->sides[1].successors_needed = 0;
    c->sides[1].successor_count = 0;
}

/* The gate asks for the other's deed. */
static void alike_mirrored(struct arena *mem, struct charter *c)
{
    alike(mem, c);
    c->phases[0].conditions[2].deed = 1;
}

static void open_play(struct play *p, struct table_sim *t, uint64_t seed, bool mirrored)
{
    *p = (struct play){.t = t, .mirrored = mirrored};
    t->phase_seconds = seed % 2 == 0 ? 0 : 60 * 3600;
    t->change = mirrored ? alike_mirrored : alike;
    tsim_open(t, seed);
    tsim_begin(t, 5);
    for (uint32_t side = 0; side < 5; side++) {
        p->last[side][0] = t->rec.count;
        p->last[side][1] = t->rec.count;
    }
    for (uint32_t side = 0; side < 3; side++) {
        p->named[side][0] = true;
    }
}

/* ---- the prefix, and what is looked at ---- */

static void test_prefix(void **state)
{
    static struct digest live[TSIM_ACTS];
    struct prop rnd;
    struct err err = {0};
    struct arena mem = test_arena((size_t)64 << 20);
    (void)state;
    prop_init(&rnd, "histories, prefix by prefix");
    for (size_t round = 0; round < prop_rounds(2); round++) {
        open_play(&one, &here, prop_u64(&rnd), false);
        uint64_t begun = here.rec.count;
        for (uint32_t i = 0; i < MOVES; i++) {
            struct move m = next_move(&rnd, &one);
            do_move(&one, &m);
            live[here.rec.count] = tsim_digest(&here);
            fold_settle_all(here.fold);
            struct digest all = tsim_digest(&here);
            if (!ID_EQ(all, live[here.rec.count])) {
                fail_msg("after act %zu: looking at all proposals changes one", here.rec.count - 1);
            }
        }
        for (unsigned i = 0; i < 8; i++) {
            uint64_t size = prop_between(&rnd, begun + 1, here.rec.count);
            struct fold *f;
            struct digest d;
            arena_wipe(&mem);
            assert_true(tsim_refold(&here, size, INDEX_NEVER, &mem, &f, &err));
            assert_true(state_digest(fold_state(f), &d, &err));
            if (!ID_IS_ZERO(live[size]) && !ID_EQ(d, live[size])) {
                fail_msg("the state after %llu acts depends on later ones",
                         (unsigned long long)size);
            }
        }
        memset(live, 0, sizeof(live));
        tsim_close(&here);
    }
    test_arena_free(&mem);
}

/* ---- the mirror ---- */

static uint32_t swap_side(uint32_t side)
{
    return side == 1 || side == 2 ? 3 - side : side;
}

static uint32_t swap_bits(uint32_t bits)
{
    return (bits & ~6u) | (bits & 2u) << 1 | (bits & 4u) >> 1;
}

static uint64_t index_of(const struct table_sim *t, const struct leaf_hash *leaf)
{
    for (uint64_t i = 0; i < t->rec.count; i++) {
        struct leaf_hash l = door_leaf(t->rec.door, i);
        if (ID_EQ(l, *leaf)) {
            return i;
        }
    }
    return INDEX_NEVER;
}

static void same_proposal(const struct proposal_state *a, const struct proposal_state *b)
{
    assert_int_equal(a->index, b->index);
    assert_int_equal(a->side, swap_side(b->side));
    assert_int_equal(a->withdrawn_at, b->withdrawn_at);
    assert_int_equal(a->crossed, swap_bits(b->crossed));
    assert_int_equal(a->agreed_at, b->agreed_at);
    assert_int_equal(a->bound_at, b->bound_at);
    assert_int_equal(a->bound_time, b->bound_time);
    assert_int_equal(a->contested, b->contested);
    assert_int_equal(a->complete, b->complete);
    for (uint32_t g = 0; g < 3; g++) {
        const struct answer_state *x = &a->answers[g], *y = &b->answers[swap_side(g)];
        assert_int_equal(x->kind, y->kind);
        assert_int_equal(x->index, y->index);
        assert_int_equal(x->expires, y->expires);
        assert_int_equal(a->ratified[g].given, b->ratified[swap_side(g)].given);
        assert_int_equal(a->ratified[g].index, b->ratified[swap_side(g)].index);
    }
}

static void same_deeds(const struct table_state *a, const struct table_state *b)
{
    for (uint32_t i = 0; i < 2; i++) {
        const struct deed_state *x = &a->deeds[i], *y = &b->deeds[1 - i];
        assert_int_equal(x->promised, y->promised);
        assert_int_equal(x->promise_index, y->promise_index);
        assert_int_equal(x->due, y->due);
        assert_int_equal(x->after,
                         x->promised && y->after != CHARTER_NONE ? 1 - y->after : y->after);
        assert_int_equal(x->says, y->says);
        assert_int_equal(x->waits_from, y->waits_from);
        assert_int_equal(x->verified, y->verified);
        assert_int_equal(x->verified_late, y->verified_late);
        assert_int_equal(x->lapsed, y->lapsed);
    }
    assert_int_equal(a->incident_count, b->incident_count);
    for (uint32_t i = 0; i < a->incident_count; i++) {
        const struct incident_state *x = &a->incidents[i], *y = &b->incidents[i];
        assert_int_equal(x->index, y->index);
        assert_int_equal(x->side, swap_side(y->side));
        assert_int_equal(x->by, swap_side(y->by));
        assert_int_equal(x->verdict, y->verdict);
        assert_int_equal(x->found_by, swap_side(y->found_by));
        assert_int_equal(x->found_when, y->found_when);
    }
}

static void same_states(const struct table_state *a, const struct table_state *b)
{
    assert_int_equal(a->in_force_at, b->in_force_at);
    assert_int_equal(a->proposal_count, b->proposal_count);
    for (uint32_t i = 0; i < a->proposal_count; i++) {
        same_proposal(&a->proposals[i], &b->proposals[i]);
    }
    assert_int_equal(a->point_count, b->point_count);
    for (uint32_t i = 0; i < a->point_count; i++) {
        assert_int_equal(a->points[i].side, swap_side(b->points[i].side));
        assert_int_equal(a->points[i].closed_at, b->points[i].closed_at);
    }
    same_deeds(a, b);
    assert_int_equal(a->confirm_count, b->confirm_count);
    for (uint32_t i = 0; i < a->confirm_count; i++) {
        assert_int_equal(index_of(&here, &a->confirms[i].about),
                         index_of(&there, &b->confirms[i].about));
        assert_int_equal(a->confirms[i].sides, swap_bits(b->confirms[i].sides));
        assert_int_equal(a->confirms[i].principals, swap_bits(b->confirms[i].principals));
    }
    assert_int_equal(a->consent_count, b->consent_count);
    for (uint32_t i = 0; i < a->consent_count; i++) {
        assert_int_equal(a->consents[i].sides, swap_bits(b->consents[i].sides));
    }
    assert_int_equal(a->evidence_count, b->evidence_count);
    assert_int_equal(a->parked_count, b->parked_count);
    assert_int_equal(a->mandate_count, b->mandate_count);
    for (uint32_t i = 0; i < 2; i++) {
        assert_int_equal(a->phase_opened_at[i], b->phase_opened_at[i]);
        assert_int_equal(a->gate_opened_at[i], b->gate_opened_at[i]);
    }
    for (uint32_t k = 0; k < CEILINGS; k++) {
        for (uint32_t side = 0; side < 4; side++) {
            assert_int_equal(a->used[k][side], b->used[k][swap_side(side)]);
        }
    }
    assert_int_equal(a->void_count, b->void_count);
}

/* north becomes south, and the other way round. */
static void exchanged(struct text t, char out[static 1024])
{
    assert_true(t.n < 1024);
    memcpy(out, t.p, t.n);
    out[t.n] = '\0';
    for (size_t i = 0; i + 5 <= t.n; i++) {
        if (memcmp(out + i, "north", 5) == 0) {
            memcpy(out + i, "south", 5);
        } else if (memcmp(out + i, "south", 5) == 0) {
            memcpy(out + i, "north", 5);
        }
    }
}

static unsigned same_voids(void)
{
    unsigned n = 0;
    for (uint64_t i = 0; i < here.rec.count; i++) {
        char want[1024], got[1024];
        const struct void_note *a = fold_void(here.fold, i), *b = fold_void(there.fold, i);
        assert_int_equal(a == NULL, b == NULL);
        if (a == NULL) {
            continue;
        }
        assert_int_equal(a->code, b->code);
        exchanged(b->what, want);
        memcpy(got, a->what.p, a->what.n);
        got[a->what.n] = '\0';
        assert_string_equal(got, want);
        exchanged(b->mend, want);
        memcpy(got, a->mend.p, a->mend.n);
        got[a->mend.n] = '\0';
        assert_string_equal(got, want);
        n++;
    }
    return n;
}

static void test_mirror(void **state)
{
    struct prop rnd;
    (void)state;
    prop_init(&rnd, "histories and their mirrors");
    for (size_t round = 0; round < prop_rounds(2); round++) {
        uint64_t seed = prop_u64(&rnd);
        open_play(&one, &here, seed, false);
        open_play(&two, &there, seed, true);
        for (uint32_t i = 0; i < MOVES; i++) {
            struct move m = next_move(&rnd, &one);
            do_move(&one, &m);
            do_move(&two, &m);
            assert_int_equal(here.rec.count, there.rec.count);
        }
        same_states(fold_state(here.fold), fold_state(there.fold));
        unsigned voids = same_voids();
        print_message("# %u proposals, %u void of %u acts\n", fold_state(here.fold)->proposal_count,
                      voids, one.count);
        assert_true(voids < one.count); /* most are lawful: not a story of refusals */
        tsim_close(&here);
        tsim_close(&there);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_prefix),
        cmocka_unit_test(test_mirror),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
