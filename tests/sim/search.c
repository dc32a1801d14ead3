/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/search.h"

#include "sim/behave.h"
#include "sim/hostile_host.h"
#include "sim/invariant.h"
#include "sim/prosecute.h"

#define HOUR UINT64_C(3600)
#define LINES_MAX 20u
#define VOSS 0u
#define MARO 1u
#define ILIN 2u

enum move {
    MOVE_END,
    MOVE_PROPOSE,
    MOVE_ACCEPT,
    MOVE_REFERENDUM,
    MOVE_REJECT,
    MOVE_WITHDRAW,
    MOVE_RATIFY,
    MOVE_PROMISE, /* due in two hours */
    MOVE_VERIFY,
    MOVE_LAPSE,
    MOVE_ADMIT,   /* Ilin */
    MOVE_MANDATE, /* likewise, with power to bind */
    MOVE_SYNC,
    MOVE_ROUND, /* everybody synchronises */
    MOVE_WAIT   /* so many hours */
};

struct line {
    enum move move;
    uint32_t seat;
    bool chosen; /* the host may hide here what is new, and choose what becomes of the act */
    uint32_t hours;
};

enum gain {
    GAIN_BOUND, /* P1 binds although the last chosen line was signed */
    GAIN_LATE,  /* a deed verified in time is late */
};

struct scene {
    const char *name;
    enum gain gain;
    uint32_t chosen; /* lines */
    struct line lines[LINES_MAX];
};

static const struct scene scenes[] = {
    {"an acceptance and a withdrawal that cross",
     GAIN_BOUND,
     2,
     {{MOVE_PROPOSE, MARO, false, 0},
      {MOVE_ACCEPT, MARO, false, 0},
      {MOVE_ROUND, 0, false, 0},
      {MOVE_ACCEPT, VOSS, true, 0},
      {MOVE_WITHDRAW, MARO, true, 0},
      {MOVE_SYNC, VOSS, false, 0},
      {MOVE_SYNC, MARO, false, 0},
      {MOVE_ROUND, 0, false, 0},
      {MOVE_WAIT, 0, false, 30},
      {MOVE_ROUND, 0, false, 0},
      {MOVE_ROUND, 0, false, 0}}},
    {"an acceptance signed after the deadline",
     GAIN_BOUND,
     1,
     {{MOVE_PROPOSE, MARO, false, 0},
      {MOVE_ACCEPT, MARO, false, 0},
      {MOVE_ROUND, 0, false, 0},
      {MOVE_WAIT, 0, false, 74},
      {MOVE_ACCEPT, VOSS, true, 0},
      {MOVE_SYNC, MARO, false, 0},
      {MOVE_SYNC, VOSS, false, 0},
      {MOVE_ROUND, 0, false, 0},
      {MOVE_ROUND, 0, false, 0}}},
    {"an envoy accepts, his principal rejects",
     GAIN_BOUND,
     2,
     {{MOVE_ADMIT, VOSS, false, 0},
      {MOVE_MANDATE, VOSS, false, 0},
      {MOVE_PROPOSE, MARO, false, 0},
      {MOVE_ACCEPT, MARO, false, 0},
      {MOVE_ROUND, 0, false, 0},
      {MOVE_ACCEPT, ILIN, true, 0},
      {MOVE_REJECT, VOSS, true, 0},
      {MOVE_SYNC, MARO, false, 0},
      {MOVE_SYNC, VOSS, false, 0},
      {MOVE_ROUND, 0, false, 0},
      {MOVE_ROUND, 0, false, 0}}},
    {"a ratification and a withdrawal that cross",
     GAIN_BOUND,
     2,
     {{MOVE_PROPOSE, MARO, false, 0},
      {MOVE_ACCEPT, MARO, false, 0},
      {MOVE_REFERENDUM, VOSS, false, 0},
      {MOVE_ROUND, 0, false, 0},
      {MOVE_RATIFY, VOSS, true, 0},
      {MOVE_WITHDRAW, MARO, true, 0},
      {MOVE_SYNC, VOSS, false, 0},
      {MOVE_SYNC, MARO, false, 0},
      {MOVE_ROUND, 0, false, 0},
      {MOVE_ROUND, 0, false, 0}}},
    {"an answer is taken back before it binds",
     GAIN_BOUND,
     2,
     {{MOVE_PROPOSE, MARO, false, 0},
      {MOVE_ROUND, 0, false, 0},
      {MOVE_ACCEPT, VOSS, false, 0},
      {MOVE_ACCEPT, MARO, true, 0},
      {MOVE_REJECT, VOSS, true, 0},
      {MOVE_SYNC, MARO, false, 0},
      {MOVE_SYNC, VOSS, false, 0},
      {MOVE_ROUND, 0, false, 0},
      {MOVE_ROUND, 0, false, 0}}},
    {"a deed verified in time",
     GAIN_LATE,
     2,
     {{MOVE_PROMISE, VOSS, false, 0},
      {MOVE_ROUND, 0, false, 0},
      {MOVE_WAIT, 0, false, 1},
      {MOVE_VERIFY, MARO, true, 0},
      {MOVE_WAIT, 0, false, 2},
      {MOVE_ROUND, 0, false, 0},
      {MOVE_LAPSE, VOSS, true, 0},
      {MOVE_ROUND, 0, false, 0},
      {MOVE_WAIT, 0, false, 9},
      {MOVE_ROUND, 0, false, 0}}},
};

/* ---- moves ---- */

static const struct table_state *look(struct world *w, uint32_t seat)
{
    return fold_state(w->seats[seat].r.fold);
}

static bool file(struct world *w, uint32_t seat, const struct payload *p)
{
    return act_file(&w->seats[seat].r, ACT_CHECKED, p, NULL, &w->err);
}

static bool file_about(struct world *w, uint32_t seat, enum act_kind kind, enum answer_kind answer)
{
    struct text reason = text_str("not this");
    struct payload p = {.kind = kind,
                        .room = text_str("plenary"),
                        .has_answers = true,
                        .answer = answer,
                        .texts = &reason,
                        .text_count = answer == ANSWER_REJECT ? 1 : 0};
    if (look(w, seat)->proposal_count == 0) {
        return err_set(&w->err, ERR_RULE, "there is no proposal");
    }
    p.answers = look(w, seat)->proposals[0].leaf;
    if (answer == ANSWER_ACCEPT || answer == ANSWER_AD_REFERENDUM) {
        world_did(w, DONE_ACCEPT, w->seats[seat].r.side, &p.answers);
    }
    return file(w, seat, &p);
}

static bool deed(struct world *w, uint32_t seat, enum act_kind kind)
{
    struct text what = text_str("guns go");
    struct payload p = {.kind = kind,
                        .room = text_str("plenary"),
                        .deed = text_str("guns"),
                        .texts = &what,
                        .text_count = kind == KIND_PROMISE ? 1 : 0,
                        .has_when = kind == KIND_PROMISE,
                        .when = w->now + 2 * HOUR,
                        .finding = FINDING_DONE};
    return file(w, seat, &p);
}

static bool play_move(struct world *w, const struct line *l)
{
    struct replica *r = &w->seats[l->seat].r;
    static const char *const words[] = {"",
                                        "proposes P1",
                                        "accepts P1",
                                        "accepts P1 ad referendum",
                                        "rejects P1",
                                        "withdraws P1",
                                        "ratifies P1",
                                        "promises a deed",
                                        "verifies the deed",
                                        "notes a lapse",
                                        "admits Ilin",
                                        "mandates Ilin",
                                        "synchronises"};
    if (l->move <= MOVE_SYNC) {
        story_tell(&w->story, "%s %s", w->seats[l->seat].cast->name, words[l->move]);
    }
    switch (l->move) {
    case MOVE_PROPOSE: {
        struct named_choice line = {text_str("line"), 0};
        struct payload p = {
            .kind = KIND_PROPOSE, .room = text_str("plenary"), .choice_count = 1, .choices = &line};
        return file(w, l->seat, &p);
    }
    case MOVE_ACCEPT:
        return file_about(w, l->seat, KIND_ANSWER, ANSWER_ACCEPT);
    case MOVE_REFERENDUM:
        return file_about(w, l->seat, KIND_ANSWER, ANSWER_AD_REFERENDUM);
    case MOVE_REJECT:
        return file_about(w, l->seat, KIND_ANSWER, ANSWER_REJECT);
    case MOVE_WITHDRAW:
        return file_about(w, l->seat, KIND_WITHDRAW, 0);
    case MOVE_RATIFY:
        world_did(w, DONE_RATIFY, r->side, &look(w, l->seat)->proposals[0].leaf);
        return act_ratify(r, &look(w, l->seat)->proposals[0], NULL, &w->err);
    case MOVE_PROMISE:
        return deed(w, l->seat, KIND_PROMISE);
    case MOVE_VERIFY:
        return deed(w, l->seat, KIND_VERIFY);
    case MOVE_LAPSE:
        return deed(w, l->seat, KIND_LAPSE);
    case MOVE_ADMIT:
        return world_join(w, ILIN, l->seat) && act_settle_in(&w->seats[ILIN].r, &w->err);
    case MOVE_MANDATE: {
        struct mandate_request m = {
            .seat = w->seats[ILIN].r.seat, .powers = 63, .seconds = 240 * HOUR};
        return act_mandate(r, &m, NULL, &w->err);
    }
    case MOVE_SYNC: {
        struct sync_report report = {0};
        return sync_replica(r, &report, &w->err);
    }
    case MOVE_ROUND:
        for (uint32_t i = 0; i < w->count; i++) {
            if (w->seats[i].open) {
                (void)behave_sync(w, i); /* a seat that is kept out says so */
            }
        }
        return true;
    case MOVE_WAIT:
        world_wait(w, l->hours * HOUR);
        return true;
    case MOVE_END:
        break;
    }
    return true;
}

/* ---- one choice ---- */

#define FATES 4u /* of one act: liar_fate */

/* How many acts of its seat have been signed: its guard says so, whatever became of them. */
static uint64_t signed_acts(struct world *w, uint32_t seat)
{
    struct seat_sim *s = &w->seats[seat];
    struct kid kid = signer_kid(keys_signer(s->keys, KEY_SEAT));
    struct guard g = GUARD_CLOSED;
    struct guard_state state = {0};
    char path[FILE_PATH_MAX];
    bool ok = replica_path(s->dir, "guard.seat", path, &w->err) &&
              guard_open(path, GUARD_AUTHOR, &kid, &g, &w->err) && guard_read(&g, &state, &w->err);
    guard_close(&g);
    return ok ? state.number : 0;
}

static bool gained(struct world *w, const struct scene *s, bool last_signed, bool first_signed)
{
    for (uint32_t i = 0; i < w->count; i++) {
        if (!w->seats[i].open || !replica_has_charter(&w->seats[i].r)) {
            continue;
        }
        const struct table_state *t = look(w, i);
        if (s->gain == GAIN_BOUND && last_signed && t->proposal_count > 0 &&
            t->proposals[0].bound_at != INDEX_NEVER) {
            return true;
        }
        if (s->gain == GAIN_LATE && first_signed && t->deeds[0].verified_late) {
            return true;
        }
    }
    return false;
}

static uint64_t choices_of(const struct scene *s)
{
    uint64_t n = 1;
    for (uint32_t i = 0; i < s->chosen; i++) {
        n *= 2 * FATES; /* blind or not; fate of its act */
    }
    /* And of the two posts behind each: mostly countersign acts. */
    return n * FATES * FATES;
}

static bool play_scene(struct world *w, const struct scene *s, uint64_t choice)
{
    bool signed_now = false, first = false;
    uint32_t seen = 0;
    if (!world_begin(w, 1) || !liar_new(w)) {
        return story_fail(&w->story, "begins", "%s", w->err.what);
    }
    for (uint32_t i = 0; i < w->count; i++) {
        w->seats[i].clock.off = 0;
    }
    liar_rests(w);
    for (uint32_t i = 0; i < LINES_MAX && s->lines[i].move != MOVE_END; i++) {
        const struct line *l = &s->lines[i];
        world_stir(w, i + 1);
        world_wait(w, 60);
        w->story.step = i + 1;
        uint64_t before = 0;
        if (l->chosen) {
            bool blind = choice % 2 == 1;
            choice /= 2;
            seen++;
            liar_shows(w, l->seat, blind);
            liar_plans(w, (uint32_t)(choice % FATES));
            choice /= FATES;
            before = signed_acts(w, l->seat);
        }
        err_clear(&w->err);
        if (!play_move(w, l)) {
            story_add(&w->story, " -> %s", w->err.what);
        }
        if (l->chosen) {
            signed_now = signed_acts(w, l->seat) > before;
            first = seen == 1 ? signed_now : first;
            liar_shows(w, l->seat, false);
            if (seen == s->chosen) {
                liar_plans(w, (uint32_t)(choice % FATES));
                liar_plans(w, (uint32_t)(choice / FATES % FATES));
            }
        }
        liar_lets_go(w);
        if (!invariants_check(w)) {
            return false;
        }
        if (seen == s->chosen && gained(w, s, signed_now, first)) {
            return story_fail(&w->story, "host_gains_nothing", "%s", s->name);
        }
    }
    return prosecute(w);
}

bool search_scenes(struct world *w, uint64_t most, uint64_t *out_played)
{
    *out_played = 0;
    for (size_t i = 0; i < COUNT_OF(scenes); i++) {
        uint64_t all = choices_of(&scenes[i]);
        uint64_t step = all <= most ? 1 : all / most;
        for (uint64_t c = 0; c < all; c += step) {
            story_begin(&w->story, false);
            bool ok = play_scene(w, &scenes[i], c);
            liar_free(w);
            world_end(w);
            *out_played += 1;
            if (!ok) {
                return false;
            }
        }
    }
    return true;
}
