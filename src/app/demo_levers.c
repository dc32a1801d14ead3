/* SPDX-License-Identifier: Apache-2.0
 *
 * The story of the lever and of the third party: steps 13 and 14, and what is done of the lever in
 * steps 20 and 22.
 */
#include "app/demo_priv.h"
#include "app/desk_priv.h"
#include "app/lake_charter.h"
#include "table/notice.h"

#define DAY UINT64_C(86400)

/* ---- the charter of the mirror: its lever waits for the other party's deed ---- */

static const char *const swaps[][2] = {{"touches: kestria", "touches: velland"},
                                       {"kestria-guns", "velland-prisoners"}};

static bool begins(const char *s, const char *with)
{
    return strncmp(s, with, strlen(with)) == 0;
}

const char *levers_charter(struct stage *st)
{
    const char *from = strstr(lake_charter, "\nlevers:");
    if (!st->plan->mirror || from == NULL) {
        return lake_charter;
    }
    struct buf b;
    buf_init(&b, 1u << 16);
    buf_add(&b, bytes_of(lake_charter, (size_t)(from - lake_charter)));
    while (*from != '\0') {
        size_t k = 0;
        while (k < COUNT_OF(swaps) && !begins(from, swaps[k][0])) {
            k++;
        }
        if (k < COUNT_OF(swaps)) {
            buf_add_str(&b, swaps[k][1]);
            from += strlen(swaps[k][0]);
        } else {
            buf_add(&b, bytes_of(from, 1));
            from++;
        }
    }
    const char *out = arena_printf(&st->words.mem, "%s", buf_str(&b));
    buf_free(&b);
    return out == NULL ? lake_charter : out;
}

/* ---- the lever ---- */

static struct payload lever(enum lever_move move, uint64_t review, const struct text *why)
{
    return (struct payload){.kind = KIND_LEVER,
                            .room = text_str("plenary"),
                            .lever = text_str("freight-cap"),
                            .move = move,
                            .has_when = review > 0,
                            .when = review,
                            .text_count = why == NULL ? 0 : 1,
                            .texts = (struct text *)(uintptr_t)why};
}

static void show_levers(struct stage *st, enum who who, const char *title)
{
    struct view v = stage_view(st, who);
    struct buf b;
    buf_init(&b, 65536);
    buf_printf(&b, "%s\n", title);
    view_levers(&v, &b);
    st->plan->say(st->plan->ctx, DEMO_SCREEN, st->step, buf_str(&b));
    buf_free(&b);
}

bool levers_13(struct stage *st, struct err *err)
{
    stage_step(st, 13, 5, 9, 0, "plenary, papers", "Okoye wants to show strength");
    struct text why = text_str("We hope for peace.");
    const struct payload apply = lever(LEVER_APPLY, 0, NULL);
    struct payload hold = lever(LEVER_HOLD, st->day0 + 10 * DAY, &why);
    hold.has_follows = true;
    hold.follows = st->d1;
    struct refusal order = {0};
    if (desk_lever_order(fold_private(stage_replica(st, OKOYE)->fold), &apply, &order)) {
        return err_set(err, ERR_STATE, "step 13: D1 does not speak of the lever");
    }
    stage_say(st, DEMO_TELL, "Okoye wants to apply freight-cap. His desk warns: %s", order.what);
    if (!stage_stopped(st, OKOYE, &apply, err) || !stage_act(st, OKOYE, &hold, NULL, NULL, err) ||
        !stage_round(st, err)) {
        return false;
    }
    show_levers(st, FIRST_PRINCIPAL,
                "All at the plenary see: it exists, it is held, why, until when");
    return true;
}

bool levers_ready(struct stage *st, struct err *err)
{
    struct payload ready = lever(LEVER_READY, 0, NULL);
    ready.has_follows = true;
    ready.follows = st->d2;
    stage_say(st, DEMO_TELL,
              "Its condition has occurred, and the Union was heard: it may be readied.");
    if (!stage_act(st, OKOYE, &ready, NULL, NULL, err) || !stage_round(st, err)) {
        return false;
    }
    show_levers(st, FIRST_PRINCIPAL, "Readied, not applied: only its holder's own act would");
    return true;
}

bool levers_hold_again(struct stage *st, struct err *err)
{
    struct text why = text_str("The deed is done, late; nothing is owed.");
    const struct payload hold = lever(LEVER_HOLD, st->day0 + 20 * DAY, &why);
    return stage_act(st, OKOYE, &hold, NULL, NULL, err) && stage_round(st, err);
}

/* ---- the question to the third party ---- */

bool levers_notice(struct stage *st, uint64_t index, bool with_words, struct err *err)
{
    struct replica *r = stage_replica(st, BRANDT);
    struct merkle_path none = {0};
    struct payload p = {.kind = KIND_NOTICE, .room = text_str("plenary")};
    struct act a;
    struct opened_act act;
    return replica_act(r, index, &st->words.mem, &a, &act, err) &&
           notice_make(&act.content, index, a.raw, &none,
                       with_words ? NOTICE_SHOW_TEXT : NOTICE_KEEP_TEXT, &st->words.mem, &p.shown,
                       err) &&
           stage_act(st, BRANDT, &p, NULL, NULL, err);
}

static bool show_tasks(struct stage *st, struct err *err)
{
    struct view v = stage_view(st, WEISS);
    struct buf b;
    buf_init(&b, 65536);
    buf_printf(&b, "What Commissioner Weiss sees: one question, and nothing else\n");
    bool ok = view_tasks(&v, &b, err);
    st->plan->say(st->plan->ctx, DEMO_SCREEN, st->step, buf_str(&b));
    buf_free(&b);
    return ok;
}

static bool show_consultations(struct stage *st, struct err *err)
{
    struct view v = stage_view(st, FIRST_PRINCIPAL);
    struct buf b;
    buf_init(&b, 65536);
    buf_printf(&b, "What the parties know of it: asked, answered, and not what\n");
    bool ok = view_consultations(&v, &b, err);
    st->plan->say(st->plan->ctx, DEMO_SCREEN, st->step, buf_str(&b));
    buf_free(&b);
    return ok;
}

bool levers_14(struct stage *st, struct err *err)
{
    uint64_t asked = 0, answered = 0;
    struct leaf_hash question;
    stage_step(st, 14, 5, 11, 0, "consult/union", "one question to the Union");
    struct text words = text_str("If the deed is verified done, will you suspend your sanctions?");
    struct text opinion = text_str(
        "After verification, not before; and ask us again in phase two.");
    const struct payload ask = {.kind = KIND_ASK,
                                .room = text_str("consult/union"),
                                .text_count = 1,
                                .texts = &words,
                                .lever = text_str("freight-cap")};
    if (!stage_act(st, BRANDT, &ask, &question, &asked, err) || !stage_round(st, err) ||
        !show_tasks(st, err)) {
        return false;
    }
    const struct payload reply = {.kind = KIND_OPINION,
                                  .room = text_str("consult/union"),
                                  .has_answers = true,
                                  .answers = question,
                                  .text_count = 1,
                                  .texts = &opinion,
                                  .mark = MARK_KEEP};
    return stage_act(st, WEISS, &reply, NULL, &answered, err) && stage_round(st, err) &&
           levers_notice(st, asked, false, err) && levers_notice(st, answered, false, err) &&
           stage_round(st, err) && show_consultations(st, err) && stage_readers(st, answered, err);
}
