/* SPDX-License-Identifier: Apache-2.0
 *
 * What disputes, consultations and levers change [RULES 7.5, 14, 15].
 */
#include "table/fold_priv.h"
#include "table/notice.h"

/* Room for one more in an array of f->state. */
#define GROW(f, array, count)                                                                      \
    fold_grow((f)->mem, &(f)->state.array, (f)->state.count, sizeof((f)->state.array[0]))

static bool apply_dispute(struct fold *f, const struct judged_act *a, const struct findings *found,
                          const struct leaf_hash *leaf)
{
    struct deed_state *d = &f->state.deeds[found->deed];
    d->disputed = true;
    d->dispute = *leaf;
    d->dispute_index = a->index;
    d->disputed_by = a->side;
    d->dispute_text = fold_keep(f, a->p->texts[0]);
    return !f->mem->failed;
}

static bool apply_settled(struct fold *f, const struct judged_act *a, const struct findings *found)
{
    struct table_state *s = &f->state;
    if (!GROW(f, settled, settled_count)) {
        return false;
    }
    s->settled[s->settled_count++] = (struct settled_state){
        .phase = found->phase, .side = a->side, .index = a->index};
    return true;
}

static bool apply_question(struct fold *f, const struct judged_act *a, const struct findings *found)
{
    struct table_state *s = &f->state;
    const struct shown_act *n = found->shown;
    if (!GROW(f, questions, question_count)) {
        return false;
    }
    s->questions[s->question_count++] = (struct question_state){
        .leaf = n->leaf,
        .index = n->index,
        .shown_at = a->index,
        .side = n->room.side,
        .about = found->about,
        .has_when = n->p.has_when,
        .when = n->p.when,
        .text = n->has_text ? fold_keep(f, n->p.texts[0]) : (struct text){0},
    };
    fold_use(f, CEILING_QUESTIONS, a->side);
    return !f->mem->failed;
}

static bool apply_opinion(struct fold *f, const struct judged_act *a, const struct findings *found)
{
    struct question_state *q = found->question;
    const struct shown_act *n = found->shown;
    q->answered = true;
    q->opinion = n->leaf;
    q->opinion_index = n->index;
    q->answer_shown_at = a->index;
    q->opinion_text = n->has_text ? fold_keep(f, n->p.texts[0]) : (struct text){0};
    return !f->mem->failed;
}

static bool apply_undertaking(struct fold *f, const struct judged_act *a,
                              const struct findings *found)
{
    struct table_state *s = &f->state;
    const struct shown_act *n = found->shown;
    if (!GROW(f, undertakings, undertaking_count)) {
        return false;
    }
    s->undertakings[s->undertaking_count++] = (struct undertaking_state){
        .leaf = n->leaf,
        .index = n->index,
        .shown_at = a->index,
        .side = n->side,
        .about = found->about,
        .when = n->p.when,
        .text = fold_keep(f, n->p.texts[0]),
    };
    fold_use(f, CEILING_UNDERTAKINGS, a->side);
    return !f->mem->failed;
}

static bool apply_lever(struct fold *f, const struct payload *p, uint32_t lever, uint64_t index,
                        uint64_t shown_at, const struct leaf_hash *leaf)
{
    f->state.levers[lever] = (struct lever_state){
        .move = p->move,
        .leaf = *leaf,
        .index = index,
        .shown_at = shown_at,
        .review = p->has_when ? p->when : 0,
        .why = p->text_count > 0 ? fold_keep(f, p->texts[0]) : (struct text){0},
        .has_follows = p->has_follows,
        .follows = p->follows,
    };
    return !f->mem->failed;
}

static bool apply_notice(struct fold *f, const struct judged_act *a, const struct findings *found)
{
    const struct shown_act *n = found->shown;
    if (n->p.kind == KIND_ASK) {
        return apply_question(f, a, found);
    }
    if (n->p.kind == KIND_OPINION) {
        return apply_opinion(f, a, found);
    }
    if (n->p.kind == KIND_LEVER) {
        return apply_lever(f, &n->p, found->lever, n->index, a->index, &n->leaf);
    }
    return apply_undertaking(f, a, found);
}

/* What is said in the room of a consultation, or at home, changes nothing that all know. */
bool fold_apply_consult(struct fold *f, const struct judged_act *a, const struct findings *found,
                        const struct leaf_hash *leaf)
{
    if (a->p->kind == KIND_DISPUTE) {
        return apply_dispute(f, a, found, leaf);
    }
    if (a->p->kind == KIND_SETTLED) {
        return apply_settled(f, a, found);
    }
    if (a->p->kind == KIND_NOTICE) {
        return apply_notice(f, a, found);
    }
    return a->p->kind != KIND_LEVER || a->room.kind != ROOM_PLENARY ||
           apply_lever(f, a->p, found->lever, a->index, a->index, leaf);
}
