/* SPDX-License-Identifier: Apache-2.0
 *
 * The story at home: steps 10 and 12, and the second decision of step 20.  Nobody else sees a word.
 */
#include "app/demo_priv.h"
#include "app/sign.h"
#include "app/view_priv.h"

#define DAY UINT64_C(86400)
#define DECISION_ROOM (1u << 14)

static void show(struct stage *st, struct buf *b)
{
    st->plan->say(st->plan->ctx, DEMO_SCREEN, st->step, buf_str(b));
    buf_free(b);
}

/* ---- 10: the envoy is back, the team convenes ---- */

static bool debrief(struct stage *st, uint64_t *index, struct err *err)
{
    struct text first = text_str(stage_side_id(st, FIRST_ENVOY));
    struct text second = text_str(stage_side_id(st, SECOND_ENVOY));
    struct debrief_line lines[] = {
        {HEARD_SAID, text_str("Patrols of both would make the far bank easier for us"), MARK_CARRY,
         first},
        {HEARD_SAID, text_str("Our President asks about the prisoners every morning"), MARK_HINT,
         second},
        {.heard = HEARD_READ,
         .text = text_str("The survey's map of the crossings, of last autumn")},
        {.heard = HEARD_GUESS, .text = text_str("Neither wants to be the one who answers first")}};
    const struct payload p = {.kind = KIND_DEBRIEF,
                              .room = text_str("home/meridia"),
                              .line_count = COUNT_OF(lines),
                              .lines = lines};
    return stage_act(st, BRANDT, &p, NULL, index, err);
}

static bool convene(struct stage *st, struct err *err)
{
    static const enum who who[2] = {OKOYE, BRANDT};
    struct kid present[2];
    struct leaf_hash leaf;
    struct text minute = text_str(
        "Saturday. Both answers lie side by side; what is missing is a text "
        "that meets R1");
    const struct keyring *ring = door_keyring(stage_replica(st, BRANDT)->door);
    for (int i = 0; i < 2; i++) {
        present[i] = keyring_seat(ring, stage_seat(st, who[i]))->kid;
    }
    if (memcmp(present[0].b, present[1].b, 32) > 0) {
        struct kid k = present[0];
        present[0] = present[1];
        present[1] = k;
    }
    const struct payload meet = {.kind = KIND_MEET,
                                 .room = text_str("home/meridia"),
                                 .text_count = 1,
                                 .texts = &minute,
                                 .present_count = 2,
                                 .present = present};
    if (!stage_act(st, BRANDT, &meet, &leaf, NULL, err)) {
        return false;
    }
    const struct payload confirm = {.kind = KIND_CONFIRM,
                                    .room = text_str("home/meridia"),
                                    .has_answers = true,
                                    .answers = leaf};
    return stage_act(st, OKOYE, &confirm, NULL, NULL, err);
}

bool home_10(struct stage *st, struct err *err)
{
    uint64_t index;
    stage_step(st, 10, 4, 18, 0, "home/meridia", "the envoy is back, the team convenes");
    if (!debrief(st, &index, err) || !convene(st, err) || !stage_readers(st, index, err)) {
        return false;
    }
    struct view v = stage_view(st, BRANDT);
    const struct charter *c = &fold_state(v.r->fold)->charter;
    struct buf b;
    buf_init(&b, 65536);
    buf_printf(&b, "The sheet that Brandt takes along to %s\n", stage_side(st, FIRST_ENVOY));
    view_carry(&v, charter_find_side(c, text_str(stage_side_id(st, FIRST_ENVOY))), &b);
    show(st, &b);
    stage_say(st, DEMO_NOTE,
              "Left out here, for a later version to play: how fast each side moves "
              "(tempo).");
    return true;
}

/* ---- 12: the memo, and the President decides ---- */

static bool memo(struct stage *st, const char *situation, struct memo_way *ways, uint32_t count,
                 uint32_t recommend, const char *because, struct leaf_hash *out, struct err *err)
{
    struct text texts[2] = {text_str(situation), text_str(because)};
    const struct payload p = {.kind = KIND_MEMO,
                              .room = text_str("home/meridia"),
                              .text_count = 2,
                              .texts = texts,
                              .way_count = count,
                              .ways = ways,
                              .has_recommend = true,
                              .recommend = recommend};
    return stage_act(st, OKOYE, &p, out, NULL, err);
}

static bool show_memo(struct stage *st, struct err *err)
{
    struct view v = stage_view(st, RHEE);
    if (!sync_take(v.r, err)) {
        return false;
    }
    const struct private_state *m = fold_private(v.r->fold);
    if (m->memo_count == 0) {
        return err_set(err, ERR_STATE, "step %u: the President does not read the memo", st->step);
    }
    struct buf b;
    buf_init(&b, 65536);
    buf_add_str(&b, "The memo, as President Rhee reads it: one page\n");
    bool ok = view_memo(&v, &m->memos[m->memo_count - 1], &b, err);
    show(st, &b);
    return ok;
}

/* The President signs it; his own seat files it. */
static bool decide(struct stage *st, const char *label, const char *words,
                   const struct leaf_hash *on, uint64_t review, struct order *orders,
                   uint32_t order_count, struct digest *out_seal, struct err *err)
{
    struct text text = text_str(words);
    struct payload p = {.kind = KIND_DECIDE,
                        .room = text_str("home/meridia"),
                        .label = text_str(label),
                        .text_count = 1,
                        .texts = &text,
                        .has_answers = true,
                        .answers = *on,
                        .has_when = review > 0,
                        .when = review,
                        .order_count = order_count,
                        .orders = orders};
    struct replica *r = stage_replica(st, RHEE);
    char hour[SIGN_HOUR_MAX];
    struct buf b;
    sign_hour(clock_now(&st->clock), hour);
    buf_init(&b, DECISION_ROOM);
    decision_put(&p, &b);
    const struct object o = {.kind = OBJECT_DECIDE,
                             .table = r->table,
                             .digest = decision_digest(buf_bytes(&b)),
                             .has_text = true,
                             .text = text_str(hour)};
    bool ok = buf_done(&b, "the decision", err) &&
              act_sign_object(r, &o, &st->words.mem, &p.object, err) &&
              stage_act(st, RHEE, &p, NULL, NULL, err);
    buf_free(&b);
    if (ok) {
        *out_seal = object_id(p.object);
    }
    return ok;
}

bool home_12(struct stage *st, struct err *err)
{
    struct text p1 = text_str("P1"), p2 = text_str("P2"), none = text_str("");
    struct memo_way ways[] = {
        {WAY_ACCEPT, p1,
         text_str("P1 with its two reservations: one side reads it as agreed, the "
                  "other does not."),
         SURE_LIKELY},
        {WAY_COUNTER, p2, text_str("A text that meets R1 and R2; both envoys could take it home."),
         SURE_LIKELY},
        {WAY_WAIT, none, text_str("Nothing moves before their own deadlines do."), SURE_OPEN},
        {WAY_CONSULT, text_str("union"),
         text_str("It says what it would need to lift its own "
                  "sanctions."),
         SURE_SURE},
        {WAY_LEVER, text_str("freight-cap"), text_str("They leave the table."), SURE_LIKELY},
        {WAY_LEAVE, none, text_str("The shooting goes on."), SURE_LIKELY}};
    struct order orders[] = {{ORDER_COUNTER, p2},
                             {ORDER_CONSULT, text_str("union")},
                             {ORDER_HOLD, text_str("freight-cap")}};
    struct leaf_hash on;
    stage_step(st, 12, 5, 8, 0, "home/meridia", "the memo, and the President decides");
    if (!memo(st, "One yes, subject to a President; one yes in concept with two open points", ways,
              COUNT_OF(ways), 1, "It meets both points, and costs neither side what it asked for.",
              &on, err) ||
        !show_memo(st, err) ||
        !decide(st, "D1",
                "Counter with P2. Ask the Union. Hold the freight cap; look again on day "
                "10",
                &on, st->day0 + 10 * DAY, orders, COUNT_OF(orders), &st->d1, err) ||
        !stage_round(st, err)) {
        return false;
    }
    stage_say(st, DEMO_TELL, "Others see nothing; later acts carry its seal alone: %.*s.", ID_SHOWN,
              id_hex(st->d1.b).s);
    struct view v = stage_view(st, RHEE);
    struct buf b;
    buf_init(&b, 65536);
    buf_add_str(&b, "Journey, day 5, as Rhee sees it\n");
    view_journey(&v, &b);
    show(st, &b);
    return true;
}

/* ---- 20: the review of D1 falls due ---- */

bool home_20(struct stage *st, struct err *err)
{
    struct memo_way ways[] = {{WAY_WAIT, text_str(""),
                               text_str("The rest of the deed comes late, or not at all."),
                               SURE_OPEN},
                              {WAY_LEVER, text_str("freight-cap"),
                               text_str("Readied, it is seen and not felt; applied, it "
                                        "ends the talks."),
                               SURE_LIKELY}};
    struct order orders[] = {{ORDER_READY, text_str("freight-cap")}};
    struct leaf_hash on;
    clock_set(&st->clock, st->day0 + 10 * DAY + 600);
    struct view v = stage_view(st, RHEE);
    if (!sync_take(v.r, err)) {
        return false;
    }
    const char *due = view_home_owed(&v, 0);
    stage_say(st, DEMO_TELL, "2031-03-13 00:10 (day 10), home/meridia. Rhee's desk: %s.",
              due == NULL ? "nothing is due" : due);
    return memo(st, "One deed is done; the other is partly done, and its hour has passed", ways,
                COUNT_OF(ways), 1, "It shows that it exists; more would be felt by everybody.", &on,
                err) &&
           decide(st, "D2", "Ready, do not apply", &on, st->day0 + 20 * DAY, orders,
                  COUNT_OF(orders), &st->d2, err);
}
