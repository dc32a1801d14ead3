/* SPDX-License-Identifier: Apache-2.0
 *
 * The state's canonical encoding and digest (docs/RULES.md section 11), its lookups and its words.
 */
#include "table/state.h"

#include "base/cbor.h"
#include "lib/consult_sim.h"
#include "lib/test.h"

static struct table_sim sim;

static int open_sim(void **state)
{
    sim.phase_seconds = 0;
    sim.change = NULL;
    tsim_open(&sim, 51);
    tsim_begin(&sim, 90);
    *state = &sim;
    return 0;
}

static int close_sim(void **state)
{
    (void)state;
    tsim_close(&sim);
    return 0;
}

static struct digest digest_of(const struct table_state *s)
{
    struct digest d;
    struct err err = {0};
    assert_true(state_digest(s, &d, &err));
    return d;
}

/* ---- the encoding, written a second time from the table of RULES 11 ---- */

static void hash(struct buf *b, const uint8_t *h)
{
    cbor_put_bstr(b, bytes_of(h, 32));
}

static void ix(struct buf *b, bool there, uint64_t index)
{
    if (there && index != INDEX_NEVER) {
        cbor_put_uint(b, index);
    } else {
        cbor_put_null(b);
    }
}

static void maybe(struct buf *b, bool there, const uint8_t *h)
{
    if (there) {
        hash(b, h);
    } else {
        cbor_put_null(b);
    }
}

static void entries_1_to_4(struct buf *b, const struct table_state *s)
{
    cbor_put_array(b, 4); /* 1 */
    hash(b, s->charter_leaf.b);
    ix(b, true, s->in_force_at);
    ix(b, true, s->roster_at);
    cbor_put_array(b, 3);
    for (unsigned g = 0; g < 3; g++) {
        maybe(b, s->signatures[g].given, s->signatures[g].roster.b);
    }
    unsigned named = 0; /* 2 */
    for (unsigned i = 0; i < SEATS_MAX; i++) {
        named += s->names[i].p != NULL;
    }
    cbor_put_map(b, named);
    for (unsigned i = 0; i < SEATS_MAX; i++) {
        if (s->names[i].p != NULL) {
            cbor_put_uint(b, i);
            cbor_put_tstr(b, s->names[i]);
        }
    }
    cbor_put_array(b, s->mandate_count); /* 3 */
    for (unsigned i = 0; i < s->mandate_count; i++) {
        cbor_put_array(b, 3);
        hash(b, s->mandates[i].id.b);
        ix(b, true, s->mandates[i].index);
        ix(b, true, s->mandates[i].revoked_at);
    }
    cbor_put_array(b, s->revoked_count + s->spent_count); /* 4 */
    for (unsigned i = 0; i < s->revoked_count; i++) {
        cbor_put_array(b, 2);
        cbor_put_uint(b, s->revoked[i].side);
        hash(b, s->revoked[i].id.b);
    }
    for (unsigned i = 0; i < s->spent_count; i++) {
        hash(b, s->spent[i].b);
    }
}

static void entries_5_to_8(struct buf *b, const struct table_state *s)
{
    cbor_put_array(b, s->proposal_count); /* 5 */
    for (unsigned i = 0; i < s->proposal_count; i++) {
        const struct proposal_state *p = &s->proposals[i];
        cbor_put_array(b, 8);
        hash(b, p->leaf.b);
        ix(b, true, p->withdrawn_at);
        cbor_put_uint(b, p->crossed);
        ix(b, true, p->agreed_at);
        ix(b, true, p->bound_at);
        cbor_put_bool(b, p->contested);
        cbor_put_array(b, 3);
        for (unsigned g = 0; g < 3; g++) {
            maybe(b, p->answers[g].kind != 0, p->answers[g].leaf.b);
        }
        cbor_put_array(b, 3);
        for (unsigned g = 0; g < 3; g++) {
            maybe(b, p->ratified[g].given, p->ratified[g].leaf.b);
        }
    }
    cbor_put_array(b, s->point_count); /* 6 */
    for (unsigned i = 0; i < s->point_count; i++) {
        cbor_put_array(b, 3);
        hash(b, s->points[i].answer.b);
        cbor_put_tstr(b, s->points[i].label);
        ix(b, true, s->points[i].closed_at);
    }
    cbor_put_array(b, s->charter.deed_count); /* 7 */
    for (unsigned i = 0; i < s->charter.deed_count; i++) {
        const struct deed_state *d = &s->deeds[i];
        if (!d->promised) {
            cbor_put_null(b);
            continue;
        }
        cbor_put_array(b, 6);
        hash(b, d->promise.b);
        cbor_put_uint(b, d->says);
        cbor_put_uint(b, d->verified);
        ix(b, d->verified != 0, d->verified_index);
        cbor_put_bool(b, d->verified_late);
        ix(b, d->lapsed, d->lapsed_index);
    }
    cbor_put_array(b, s->incident_count); /* 8 */
    for (unsigned i = 0; i < s->incident_count; i++) {
        const struct incident_state *n = &s->incidents[i];
        cbor_put_array(b, 5);
        hash(b, n->leaf.b);
        cbor_put_uint(b, n->verdict);
        ix(b, n->found_by != CHARTER_NONE, n->found_by);
        cbor_put_uint(b, n->found_when);
        cbor_put_uint(b, n->severity);
    }
}

static void entries_9_to_15(struct buf *b, const struct table_state *s)
{
    cbor_put_array(b, s->evidence_count); /* 9 */
    for (unsigned i = 0; i < s->evidence_count; i++) {
        hash(b, s->evidence[i].b);
    }
    cbor_put_array(b, s->confirm_count); /* 10 */
    for (unsigned i = 0; i < s->confirm_count; i++) {
        cbor_put_array(b, 3);
        hash(b, s->confirms[i].about.b);
        cbor_put_uint(b, s->confirms[i].sides);
        cbor_put_uint(b, s->confirms[i].principals);
    }
    cbor_put_array(b, s->consent_count); /* 11 */
    for (unsigned i = 0; i < s->consent_count; i++) {
        cbor_put_array(b, 2);
        hash(b, s->consents[i].act.b);
        cbor_put_uint(b, s->consents[i].sides);
    }
    cbor_put_array(b, s->parked_count); /* 12 */
    for (unsigned i = 0; i < s->parked_count; i++) {
        cbor_put_array(b, 3);
        cbor_put_uint(b, s->parked[i].phase);
        cbor_put_uint(b, s->parked[i].side);
        cbor_put_tstr(b, s->parked[i].text);
    }
    cbor_put_array(b, s->charter.phase_count); /* 13 */
    for (unsigned i = 0; i < s->charter.phase_count; i++) {
        cbor_put_array(b, 2);
        ix(b, true, s->phase_opened_at[i]);
        ix(b, true, s->gate_opened_at[i]);
    }
    cbor_put_uint(b, s->void_count); /* 14, 15 */
    hash(b, s->voids.b);
}

static void about(struct buf *b, struct subject a)
{
    const uint32_t places[] = {a.phase, a.deed, a.lever};
    for (size_t i = 0; i < COUNT_OF(places); i++) {
        ix(b, places[i] != CHARTER_NONE, places[i]);
    }
}

static void entries_16_to_20(struct buf *b, const struct table_state *s)
{
    cbor_put_array(b, s->question_count); /* 16 */
    for (uint32_t i = 0; i < s->question_count; i++) {
        cbor_put_array(b, 6);
        hash(b, s->questions[i].leaf.b);
        cbor_put_uint(b, s->questions[i].side);
        about(b, s->questions[i].about);
        if (s->questions[i].answered) {
            hash(b, s->questions[i].opinion.b);
        } else {
            cbor_put_null(b);
        }
    }
    cbor_put_array(b, s->undertaking_count); /* 17 */
    for (uint32_t i = 0; i < s->undertaking_count; i++) {
        cbor_put_array(b, 5);
        hash(b, s->undertakings[i].leaf.b);
        cbor_put_uint(b, s->undertakings[i].side);
        about(b, s->undertakings[i].about);
    }
    cbor_put_array(b, s->settled_count); /* 18 */
    for (uint32_t i = 0; i < s->settled_count; i++) {
        cbor_put_array(b, 3);
        cbor_put_uint(b, s->settled[i].phase);
        cbor_put_uint(b, s->settled[i].side);
        cbor_put_uint(b, s->settled[i].index);
    }
    cbor_put_array(b, s->charter.lever_count); /* 19 */
    for (uint32_t i = 0; i < s->charter.lever_count; i++) {
        const struct lever_state *l = &s->levers[i];
        if (l->move == 0) {
            cbor_put_null(b);
        } else {
            cbor_put_array(b, 3);
            hash(b, l->leaf.b);
            cbor_put_uint(b, l->move);
            cbor_put_uint(b, l->review);
        }
    }
    cbor_put_array(b, s->charter.deed_count); /* 20 */
    for (uint32_t i = 0; i < s->charter.deed_count; i++) {
        const struct deed_state *d = &s->deeds[i];
        if (!d->disputed) {
            cbor_put_null(b);
        } else {
            cbor_put_array(b, 2);
            hash(b, d->dispute.b);
            ix(b, d->decided, d->decided_index);
        }
    }
}

static void motions(struct buf *b, const struct motion *m)
{
    cbor_put_array(b, 3);
    for (unsigned g = 0; g < 3; g++) {
        if (!m[g].given) {
            cbor_put_null(b);
            continue;
        }
        cbor_put_array(b, 2);
        cbor_put_uint(b, m[g].index);
        ix(b, m[g].when != TIME_UNKNOWN, m[g].when);
    }
}

static void entries_21_and_22(struct buf *b, const struct table_state *s)
{
    const struct table_standing *st = &s->standing;
    cbor_put_array(b, 6); /* 21 */
    cbor_put_array(b, 3);
    for (unsigned g = 0; g < 3; g++) {
        ix(b, true, st->left_at[g]);
    }
    motions(b, st->suspend);
    motions(b, st->conclude);
    if (st->suspended_at == INDEX_NEVER) {
        cbor_put_null(b);
    } else {
        cbor_put_array(b, 3);
        cbor_put_uint(b, st->suspended_at);
        ix(b, st->suspended_by != CHARTER_NONE, st->suspended_by);
        ix(b, st->suspended_until != TIME_UNKNOWN, st->suspended_until);
    }
    cbor_put_array(b, st->cause_count);
    for (unsigned i = 0; i < st->cause_count; i++) {
        hash(b, st->causes[i].b);
    }
    ix(b, true, st->concluded_at);
    cbor_put_array(b, s->charter.phase_count); /* 22 */
    for (unsigned i = 0; i < s->charter.phase_count; i++) {
        const struct phase_dates *d = &s->dates[i];
        cbor_put_array(b, 4);
        if (d->moved) {
            cbor_put_array(b, 2);
            cbor_put_uint(b, d->moved_at);
            ix(b, d->deadline != TIME_UNKNOWN, d->deadline);
        } else {
            cbor_put_null(b);
        }
        motions(b, d->asked);
        const struct date_note *const notes[] = {d->wishes, d->reviews};
        for (unsigned k = 0; k < 2; k++) {
            cbor_put_array(b, 3);
            for (unsigned g = 0; g < 3; g++) {
                cbor_put_uint(b, notes[k][g].when);
            }
        }
    }
}

static void silence(struct buf *b, const struct silence_state *s)
{
    cbor_put_array(b, 3);
    ix(b, true, s->asked_at);
    cbor_put_uint(b, s->seen);
    ix(b, true, s->from);
}

static void entry_23(struct buf *b, const struct table_state *s)
{
    const struct texts_state *t = &s->texts;
    cbor_put_array(b, 3);
    cbor_put_array(b, s->charter.phase_count);
    for (unsigned i = 0; i < s->charter.phase_count; i++) {
        const struct snt_state *n = &t->of_phase[i];
        cbor_put_array(b, 3);
        ix(b, n->version != CHARTER_NONE, n->version);
        cbor_put_array(b, n->article_count);
        for (unsigned k = 0; k < n->article_count; k++) {
            cbor_put_array(b, 5);
            cbor_put_tstr(b, (struct text){n->articles[k].id.p, n->articles[k].id.n});
            hash(b, n->articles[k].wording.b);
            ix(b, true, n->articles[k].since);
            cbor_put_uint(b, n->articles[k].supports);
            cbor_put_uint(b, n->articles[k].objects);
        }
        silence(b, &n->silence);
    }
    cbor_put_array(b, t->version_count);
    for (unsigned i = 0; i < t->version_count; i++) {
        cbor_put_array(b, 3);
        hash(b, t->versions[i].leaf.b);
        cbor_put_uint(b, t->versions[i].phase);
        hash(b, t->versions[i].digest.b);
    }
    cbor_put_array(b, t->bracket_count);
    for (unsigned i = 0; i < t->bracket_count; i++) {
        const struct bracket_state *k = &t->brackets[i];
        cbor_put_array(b, 8);
        hash(b, k->leaf.b);
        cbor_put_uint(b, k->end);
        ix(b, true, k->ended_at);
        cbor_put_uint(b, k->from);
        cbor_put_uint(b, k->to);
        cbor_put_uint(b, k->supports);
        cbor_put_uint(b, k->objects);
        silence(b, &k->silence);
    }
}

static struct digest by_the_rules(const struct table_state *s)
{
    struct buf b;
    buf_init(&b, 1u << 20);
    cbor_put_array(&b, 24);
    entries_1_to_4(&b, s);
    entries_5_to_8(&b, s);
    entries_9_to_15(&b, s);
    entries_16_to_20(&b, s);
    entries_21_and_22(&b, s);
    entry_23(&b, s);
    cbor_put_array(&b, s->proposal_count); /* 24 */
    for (unsigned i = 0; i < s->proposal_count; i++) {
        cbor_put_uint(&b, s->proposals[i].bound_sides);
    }
    assert_true(buf_ok(&b));
    struct bytes v = buf_bytes(&b);
    struct digest d = digest_tagged("entente/v1/state", &v, 1);
    buf_free(&b);
    return d;
}

/* ---- a state with something in every entry ---- */

static struct text words = {.p = "in so many words", .n = 16};

static struct payload with_words(enum act_kind kind, const char *room)
{
    return (struct payload){.kind = kind, .room = text_str(room), .text_count = 1, .texts = &words};
}

static void consultations(struct table_sim *t)
{
    uint64_t q = csim_file(t, 0, 1, csim_ask(t, "second", NULL, "cap", 72));
    uint64_t o = csim_file(t, 4, 0, csim_opinion(t, q, false));
    uint64_t u = csim_file(t, 4, 0, csim_undertake(t, "first"));
    (void)tsim_file(t, 0, 1, csim_notice(t, q, true));
    (void)tsim_file(t, 0, 1, csim_notice(t, o, true));
    (void)tsim_file(t, 0, 1, csim_notice(t, u, false));
    (void)tsim_file(t, 1, 0, (struct payload){.kind = KIND_SETTLED, .phase = text_str("first")});
    (void)tsim_file(t, 0, 0,
                    (struct payload){.kind = KIND_LEVER,
                                     .lever = text_str("cap"),
                                     .move = LEVER_HOLD,
                                     .has_when = true,
                                     .when = t->rec.now + 86400});
    struct payload p = with_words(KIND_DISPUTE, "monitors");
    p.deed = text_str("north-guns");
    p.has_answers = true;
    p.answers = fold_state(t->fold)->deeds[0].verification;
    (void)tsim_file(t, 1, 1, p);
}

/* A deadline that moved, one that is asked for, a wish, a review. */
static void dates(struct table_sim *t)
{
    struct payload d = {.kind = KIND_DATE,
                        .date = DATE_DEADLINE,
                        .phase = text_str("first"),
                        .has_when = true,
                        .when = t->rec.now + 86400};
    (void)tsim_file(t, 1, 0, d);
    (void)tsim_file(t, 2, 0, d);
    tsim_countersign(t);
    d.when += 60;
    (void)tsim_file(t, 2, 0, d);
    d.date = DATE_WISH;
    (void)tsim_file(t, 0, 1, d);
    d.date = DATE_REVIEW;
    (void)tsim_file(t, 1, 1, d);
}

/* Motions, a suspension for cause, a side that has left. */
static void comings_and_goings(struct table_sim *t)
{
    struct leaf_hash incident = fold_state(t->fold)->incidents[0].leaf;
    (void)tsim_file(t, 0, 0, (struct payload){.kind = KIND_CONCLUDE});
    (void)tsim_file(
        t, 0, 1,
        (struct payload){.kind = KIND_SUSPEND, .has_when = true, .when = t->rec.now + 600});
    (void)tsim_file(t, 1, 1,
                    (struct payload){.kind = KIND_SUSPEND, .ref_count = 1, .refs = &incident});
    (void)tsim_file(t, 2, 0, (struct payload){.kind = KIND_LEAVE});
}

static void everything(struct table_sim *t)
{
    uint64_t now = t->rec.now;
    struct payload p = {.kind = KIND_INTRODUCE, .name = text_str("Ilin"), .has_seat = true};
    p.seat = signer_kid(t->rec.sides[1].seats[1].sign);
    (void)tsim_file(t, 1, 1, p);
    struct bytes paper = tsim_mandate(t, 1, 1, POWER_SPEAK, now, now + 86400);
    struct bytes other = tsim_mandate(t, 1, 1, POWER_SPEAK, now, now + 2 * 86400);
    struct object o = {.kind = OBJECT_REVOKE, .digest = object_id(paper)};
    (void)tsim_file(t, 1, 0, (struct payload){.kind = KIND_MANDATE, .object = paper});
    (void)tsim_file(t, 1, 0,
                    (struct payload){.kind = KIND_REVOKE_MANDATE, .object = tsim_sign(t, 1, o)});
    o.digest = object_id(other);
    (void)tsim_file(t, 1, 0,
                    (struct payload){.kind = KIND_REVOKE_MANDATE, .object = tsim_sign(t, 1, o)});
    p = with_words(KIND_PARK, "plenary");
    p.phase = text_str("second");
    (void)tsim_file(t, 1, 1, p);
    p = with_words(KIND_PROMISE, "monitors");
    p.deed = text_str("north-guns");
    p.has_when = true;
    p.when = now + 86400;
    (void)tsim_file(t, 1, 1, p);
    (void)tsim_file(t, 3, 0,
                    (struct payload){.kind = KIND_VERIFY,
                                     .room = text_str("monitors"),
                                     .deed = text_str("north-guns"),
                                     .finding = FINDING_PARTLY});
    p = with_words(KIND_INCIDENT, "monitors");
    p.has_when = true;
    p.when = now;
    p.side = text_str("south");
    uint64_t i = tsim_file(t, 1, 1, p);
    (void)tsim_file(t, 3, 0,
                    (struct payload){.kind = KIND_ASSESS,
                                     .room = text_str("monitors"),
                                     TSIM_ABOUT(t, i),
                                     .verdict = VERDICT_VERIFIED});
    dates(t);
    uint64_t g = tsim_file(t, 2, 1, tsim_propose());
    struct reservation r[2] = {{text_str("R1"), true, text_str("line"), words},
                               {text_str("R2"), false, {NULL, 0}, words}};
    p = tsim_answer(t, g, ANSWER_CONCEPT);
    p.reservation_count = 2;
    p.reservations = r;
    uint64_t a = tsim_file(t, 1, 1, p);
    (void)tsim_file(
        t, 1, 1, (struct payload){.kind = KIND_CLOSE, TSIM_ABOUT(t, a), .label = text_str("R2")});
    (void)tsim_file(t, 1, 1, with_words(KIND_SAY, "plenary")); /* void */
    struct article_item article = {text_str("guns"), text_str("Guns"), text_str("They go.")};
    p = (struct payload){.kind = KIND_DRAFT, .phase = text_str("first"), .article_count = 1};
    p.articles = &article;
    uint64_t v = tsim_file(t, 0, 1, p);
    article.title = (struct text){0};
    p = (struct payload){.kind = KIND_BRACKET, TSIM_ABOUT(t, v), .article_count = 1};
    p.articles = &article;
    p.has_range = true;
    p.from = 5;
    p.to = 7;
    (void)tsim_file(t, 1, 1, p);
    (void)tsim_file(t, 2, 1, (struct payload){.kind = KIND_SUPPORT, TSIM_ABOUT(t, v)});
    (void)tsim_file(t, 0, 1, (struct payload){.kind = KIND_SILENCE, TSIM_ABOUT(t, v)});
    (void)tsim_file(t, 2, 1, (struct payload){.kind = KIND_WITHDRAW, TSIM_ABOUT(t, g)});
    g = tsim_file(t, 0, 1, tsim_propose());
    (void)tsim_file(t, 1, 1, tsim_answer(t, g, ANSWER_AD_REFERENDUM));
    a = tsim_file(t, 2, 0, tsim_answer(t, g, ANSWER_ACCEPT));
    (void)tsim_file(t, 2, 0, (struct payload){.kind = KIND_CONFIRM, TSIM_ABOUT(t, a)});
    (void)tsim_file(t, 1, 0,
                    (struct payload){.kind = KIND_RATIFY,
                                     TSIM_ABOUT(t, g),
                                     .object = tsim_ratify(t, 1, g, "a")});
    tsim_countersign(t);
    tsim_countersign(t);
    consultations(t);
    comings_and_goings(t);
    struct leaf_hash ref = door_leaf(t->rec.door, g);
    (void)tsim_file(t, 1, 0, (struct payload){.kind = KIND_CONSENT, .ref_count = 1, .refs = &ref});
}

static void test_encoding(void **state)
{
    struct table_sim *t = *state;
    const struct table_state *s = fold_state(t->fold);
    struct digest a = digest_of(s), b = by_the_rules(s);
    assert_true(ID_EQ(a, b));
    everything(t);
    /* Something stands in each entry: else its order would not be seen. */
    assert_true(s->mandate_count > 3 && s->revoked_count == 1 && s->spent_count == 1);
    assert_true(s->proposal_count == 2 && s->point_count == 2 && s->incident_count == 1);
    assert_true(s->evidence_count > 1 && s->confirm_count == 1 && s->consent_count == 1);
    assert_true(s->parked_count == 1 && s->void_count == 1 && s->deeds[0].promised);
    assert_true(s->proposals[1].bound_at != INDEX_NEVER);
    assert_true(s->question_count == 1 && s->questions[0].answered && s->undertaking_count == 1);
    assert_true(s->settled_count == 1 && s->levers[0].move == LEVER_HOLD && s->deeds[0].disputed);
    const struct table_standing *st = &s->standing;
    assert_true(standing_left(st, 2) && st->suspended_by == 1 && st->cause_count == 1);
    assert_true(st->suspend[0].given && st->conclude[0].given);
    assert_true(s->dates[0].moved && s->dates[0].asked[2].given == false);
    assert_true(s->dates[0].wishes[0].when != 0 && s->dates[0].reviews[1].when != 0);
    assert_true(s->texts.version_count == 1 && s->texts.bracket_count == 1);
    assert_int_equal(s->texts.of_phase[0].articles[0].supports, 4);
    assert_true(s->texts.of_phase[0].silence.from != INDEX_NEVER);
    a = digest_of(s);
    b = by_the_rules(s);
    assert_true(ID_EQ(a, b));
}

/* Before the charter it is an array of null. */
static void test_empty(void **state)
{
    (void)state;
    static const uint8_t empty[] = {0x81, 0xf6};
    struct table_state s = {.in_force_at = INDEX_NEVER};
    struct bytes v = bytes_of(empty, sizeof(empty));
    struct digest want = digest_tagged("entente/v1/state", &v, 1), got = digest_of(&s);
    assert_true(ID_EQ(want, got));
}

/* What follows from the rest is not in it: a replica may keep more, or less. */
static void test_not_covered(void **state)
{
    struct table_sim *t = *state;
    everything(t);
    struct digest before = digest_of(fold_state(t->fold));
    struct table_state s = *fold_state(t->fold);
    struct proposal_state p[2];
    memcpy(p, s.proposals, sizeof(p));
    s.proposals = p;
    p[0].complete = !p[0].complete;
    s.monitors_act_count = 0;
    memset(s.used, 7, sizeof(s.used));
    struct digest after = digest_of(&s);
    assert_true(ID_EQ(before, after));
    p[0].crossed ^= 2;
    after = digest_of(&s);
    assert_false(ID_EQ(before, after));
}

/* ---- lookups and words ---- */

static void test_lookups(void **state)
{
    struct table_sim *t = *state;
    const struct table_state *s = fold_state(t->fold);
    everything(t);
    struct leaf_hash none = {{9}};
    struct digest no = {{9}};
    for (unsigned i = 0; i < s->proposal_count; i++) {
        assert_ptr_equal(state_proposal(s, &s->proposals[i].leaf), &s->proposals[i]);
    }
    assert_null(state_proposal(s, &none));
    assert_ptr_equal(state_incident(s, &s->incidents[0].leaf), &s->incidents[0]);
    assert_null(state_incident(s, &none));
    assert_ptr_equal(state_confirm(s, &s->confirms[0].about), &s->confirms[0]);
    assert_null(state_confirm(s, &none));
    assert_ptr_equal(state_consent(s, &s->consents[0].act), &s->consents[0]);
    assert_null(state_consent(s, &none));
    assert_ptr_equal(state_mandate(s, 1, &s->mandates[1].id), &s->mandates[1]);
    assert_null(state_mandate(s, 2, &s->mandates[1].id)); /* another side's */
    assert_null(state_mandate(s, 1, &no));
    assert_true(state_revoked(s, 1, &s->revoked[0].id));
    assert_false(state_revoked(s, 2, &s->revoked[0].id));
    assert_ptr_equal(state_open_point(s, &s->points[1].answer, text_str("R2")), &s->points[1]);
    assert_null(state_open_point(s, &s->points[1].answer, text_str("R3")));
    assert_true(state_of_monitors(s, &s->incidents[0].leaf));
    assert_false(state_of_monitors(s, &s->proposals[0].leaf));
}

static void is(struct text got, const char *want)
{
    if (!text_is(got, want)) {
        fail_msg("\"%.*s\", not \"%s\"", TEXT_ARG(got), want);
    }
}

static void test_words(void **state)
{
    struct table_sim *t = *state;
    const struct table_state *s = fold_state(t->fold);
    const struct keyring *ring = door_keyring(t->rec.door);
    struct arena mem = test_arena(1u << 16);
    uint32_t n;
    everything(t);
    struct kid ilin = signer_kid(t->rec.sides[1].seats[1].sign);
    struct kid envoy = signer_kid(t->rec.sides[2].seats[1].sign);
    is(state_side_name(s, 2), "south");
    is(state_side_name(s, 99), "an unknown side");
    is(state_seat_name(s, ring, keyring_find_seat(ring, &ilin), &mem), "Ilin");
    is(state_seat_name(s, ring, keyring_find_seat(ring, &envoy), &mem), "the envoy of south");
    is(state_seat_name(s, ring, SEAT_NONE, &mem), "a root key");
    is(state_principal_name(s, ring, 1, t->rec.count, &mem), "the President of north");
    is(state_principal_name(s, ring, 1, 1, &mem), "the principal of north"); /* nobody yet */
    is(state_open_labels(s, 0, CHARTER_NONE, &mem, &n), "R1");
    assert_int_equal(n, 1);
    is(state_open_labels(s, 0, 2, &mem, &n), "");
    assert_int_equal(n, 0);
    test_arena_free(&mem);
}

int main(void)
{
#define STORY(f) cmocka_unit_test_setup_teardown(f, open_sim, close_sim)
    const struct CMUnitTest tests[] = {
        STORY(test_encoding), STORY(test_not_covered),      STORY(test_lookups),
        STORY(test_words),    cmocka_unit_test(test_empty),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
