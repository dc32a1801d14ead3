/* SPDX-License-Identifier: Apache-2.0
 *
 * Step 24: phase two, told in a few lines.  Its charter has no issues: its text is its package.
 */
#include "app/demo_priv.h"
#include "app/view_priv.h"
#include "table/snt.h"

#define DAY UINT64_C(86400)
#define SECURITY 1u /* place of the phase */

static struct payload plain(enum act_kind kind)
{
    return (struct payload){.kind = kind, .room = text_str("plenary")};
}

/* ---- what each settles, and whom they ask ---- */

static bool agenda(struct stage *st, struct err *err)
{
    struct text words = text_str(
        "The agenda: guarantees. The security of Kestria, beside the security "
        "of Velland; each has a right to its own.");
    struct payload p = plain(KIND_SAY);
    p.text_count = 1;
    p.texts = &words;
    return stage_act(st, BRANDT, &p, NULL, NULL, err);
}

static bool mandate(struct stage *st, enum who principal, enum who envoy, struct err *err)
{
    struct replica *r = stage_replica(st, principal);
    const struct mandate_request m = {.seat = stage_seat(st, envoy),
                                      .powers = POWER_SPEAK | POWER_PROPOSE |
                                                POWER_ACCEPT_AD_REFERENDUM,
                                      .seconds = 21 * DAY};
    if (!sync_take(r, err) || !act_mandate(r, &m, NULL, err)) {
        return err_at(err, "the new mandate of %s", stage_name(st, envoy));
    }
    stage_say(st, DEMO_TELL, "%s signs a new mandate for %s.", stage_name(st, principal),
              stage_name(st, envoy));
    return true;
}

static bool settled(struct stage *st, enum who who, struct err *err)
{
    struct payload p = plain(KIND_SETTLED);
    p.phase = text_str("security");
    return stage_act(st, who, &p, NULL, NULL, err);
}

static bool consult(struct stage *st, struct err *err)
{
    struct text question = text_str("Both have settled within what they need. What will you do?");
    struct text opinion = text_str("Go on with both at once, or with neither.");
    struct text bound = text_str("We lift our sanctions within a week of gate two.");
    struct leaf_hash asked;
    uint64_t at[3];
    struct payload p = {.room = text_str("consult/union"), .text_count = 1};
    p.kind = KIND_ASK;
    p.texts = &question;
    p.phase = text_str("security");
    if (!stage_act(st, BRANDT, &p, &asked, &at[0], err) || !stage_round(st, err)) {
        return false;
    }
    p = (struct payload){.kind = KIND_OPINION,
                         .room = text_str("consult/union"),
                         .text_count = 1,
                         .texts = &opinion,
                         .mark = MARK_CARRY,
                         .has_answers = true,
                         .answers = asked};
    if (!stage_act(st, WEISS, &p, NULL, &at[1], err)) {
        return false;
    }
    p = (struct payload){.kind = KIND_UNDERTAKE,
                         .room = text_str("consult/union"),
                         .text_count = 1,
                         .texts = &bound,
                         .has_when = true,
                         .when = st->day0 + 40 * DAY,
                         .phase = text_str("security"),
                         .has_answers = true,
                         .answers = asked};
    return stage_act(st, WEISS, &p, NULL, &at[2], err) && stage_round(st, err) &&
           levers_notice(st, at[0], true, err) && levers_notice(st, at[1], true, err) &&
           levers_notice(st, at[2], true, err) && stage_round(st, err);
}

/* ---- the text ---- */

static bool newest(struct stage *st, struct leaf_hash *leaf, struct digest *digest, struct err *err)
{
    struct replica *r = stage_replica(st, RHEE);
    if (!sync_take(r, err)) {
        return false;
    }
    const struct text_version *t = snt_newest(&fold_state(r->fold)->texts, SECURITY);
    if (t == NULL) {
        return err_set(err, ERR_STATE, "step %u: there is no text", st->step);
    }
    *leaf = t->leaf;
    *digest = t->digest;
    return true;
}

static bool draft(struct stage *st, struct err *err)
{
    struct article_item articles[] = {
        {text_str("kestria"), text_str("The security of Kestria"),
         text_str("Nobody's guns stand within twenty kilometres of the lake's east bank.")},
        {text_str("velland"), text_str("The security of Velland"),
         text_str("Nobody's guns stand within twenty kilometres of the lake's west bank.")},
        {text_str("monitors"), text_str("Who looks"),
         text_str("The Group looks at both banks, announced a day before.")}};
    struct payload p = plain(KIND_DRAFT);
    p.phase = text_str("security");
    p.article_count = COUNT_OF(articles);
    p.articles = articles;
    return stage_act(st, BRANDT, &p, NULL, NULL, err) && stage_round(st, err);
}

/* One bracket: put, supported, cleaned. */
static bool bracket(struct stage *st, struct err *err)
{
    struct article_item words = {.id = text_str("monitors"),
                                 .text = text_str("The Group looks at both banks, at any hour.")};
    struct leaf_hash leaf, bracket_leaf;
    struct digest digest;
    if (!newest(st, &leaf, &digest, err)) {
        return false;
    }
    struct payload p = plain(KIND_BRACKET);
    p.has_answers = true;
    p.answers = leaf;
    p.article_count = 1;
    p.articles = &words;
    if (!stage_act(st, FIRST_ENVOY, &p, &bracket_leaf, NULL, err)) {
        return false;
    }
    p = plain(KIND_SUPPORT);
    p.has_answers = true;
    p.answers = bracket_leaf;
    if (!stage_act(st, SECOND_ENVOY, &p, NULL, NULL, err)) {
        return false;
    }
    p = plain(KIND_CLEAN);
    p.has_answers = true;
    p.answers = bracket_leaf;
    p.outcome = CLEAN_TAKE;
    return stage_act(st, BRANDT, &p, NULL, NULL, err) && stage_round(st, err);
}

static bool adopt(struct stage *st, struct err *err)
{
    struct payload p = plain(KIND_ADOPT);
    p.has_answers = true;
    p.has_digest = true;
    return newest(st, &p.answers, &p.digest, err) &&
           stage_act(st, FIRST_ENVOY, &p, NULL, NULL, err) &&
           stage_act(st, SECOND_ENVOY, &p, NULL, NULL, err) && stage_round(st, err);
}

static bool ratify(struct stage *st, enum who who, struct err *err)
{
    struct replica *r = stage_replica(st, who);
    if (!sync_take(r, err)) {
        return false;
    }
    const struct proposal_state *p = snt_proposal(fold_state(r->fold), SECURITY);
    if (p == NULL || !act_ratify(r, p, NULL, err)) {
        return p != NULL
                   ? err_at(err, "%s ratifies the text", stage_name(st, who))
                   : err_set(err, ERR_STATE, "step %u: nobody has adopted the text", st->step);
    }
    stage_say(st, DEMO_TELL, "%s ratifies the text.", stage_name(st, who));
    clock_advance(&st->clock, 3600);
    return true;
}

bool second_24(struct stage *st, struct err *err)
{
    stage_step(st, 24, 14, 9, 0, "all rooms", "phase two, told in a few lines");
    if (!agenda(st, err) || !mandate(st, FIRST_PRINCIPAL, FIRST_ENVOY, err) ||
        !mandate(st, SECOND_PRINCIPAL, SECOND_ENVOY, err) || !settled(st, SECOND_PRINCIPAL, err) ||
        !settled(st, FIRST_PRINCIPAL, err) || !stage_round(st, err)) {
        return false;
    }
    stage_say(st, DEMO_NOTE,
              "Left out here, for a later version to play: the fair packages that "
              "the mediation works out at home.");
    clock_set(&st->clock, st->day0 + 16 * DAY + 9 * 3600);
    if (!consult(st, err)) {
        return false;
    }
    clock_set(&st->clock, st->day0 + 17 * DAY + 9 * 3600);
    if (!draft(st, err) || !bracket(st, err) || !adopt(st, err)) {
        return false;
    }
    clock_set(&st->clock, st->day0 + 19 * DAY + 9 * 3600);
    struct payload gate = plain(KIND_GATE);
    gate.phase = text_str("security");
    if (!ratify(st, FIRST_PRINCIPAL, err) || !ratify(st, SECOND_PRINCIPAL, err) ||
        !stage_round(st, err) || !stage_act(st, FIRST_ENVOY, &gate, NULL, NULL, err) ||
        !stage_digests(st, err)) {
        return false;
    }
    struct view v = stage_view(st, RHEE);
    struct buf b;
    buf_init(&b, 65536);
    buf_add_str(&b, "Journey, day 19, as Rhee sees it\n");
    view_journey(&v, &b);
    st->plan->say(st->plan->ctx, DEMO_SCREEN, st->step, buf_str(&b));
    buf_free(&b);
    return true;
}
