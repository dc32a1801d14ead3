/* SPDX-License-Identifier: Apache-2.0
 *
 * What acts on the text of a phase change (docs/RULES.md section 13).
 */
#include "table/fold_priv.h"

static const struct silence_state no_silence = {
    .asked_at = INDEX_NEVER, .from = INDEX_NEVER, .broken_by = CHARTER_NONE};

bool fold_begin_texts(struct fold *f)
{
    struct texts_state *t = &f->state.texts;
    uint32_t phases = f->state.charter.phase_count;
    t->of_phase = ARENA_NEW(f->mem, struct snt_state, phases);
    if (t->of_phase == NULL) {
        return false;
    }
    for (uint32_t i = 0; i < phases; i++) {
        t->of_phase[i].version = CHARTER_NONE;
        t->of_phase[i].silence = no_silence;
    }
    return true;
}

/* ---- silence ---- */

static void end_silence(struct texts_state *t, struct silence_state *s, uint32_t broken_by)
{
    if (s->asked_at != INDEX_NEVER && s->from == INDEX_NEVER) {
        t->silences--;
    }
    *s = no_silence;
    s->broken_by = broken_by;
}

static void see(struct fold *f, struct silence_state *s, const struct judged_act *a)
{
    if (s->asked_at == INDEX_NEVER || s->from != INDEX_NEVER || a->seen_size <= s->asked_at) {
        return;
    }
    s->seen |= 1u << a->side;
    if (s->seen == snt_parties(&f->state)) {
        s->from = a->index;
        f->state.texts.silences--;
    }
}

/* An act of a party that counts in a room which all read shows that it has seen what was asked before
 * it; acts about keys are the program's, and a statement leaves no trace. */
void fold_texts_seen(struct fold *f, const struct judged_act *a)
{
    struct texts_state *t = &f->state.texts;
    if (t->silences == 0 || !room_shared(a->room) ||
        f->state.charter.sides[a->side].role != ROLE_PARTY) {
        return;
    }
    for (uint32_t i = 0; i < f->state.charter.phase_count; i++) {
        see(f, &t->of_phase[i].silence, a);
    }
    for (uint32_t i = 0; i < t->bracket_count; i++) {
        see(f, &t->brackets[i].silence, a);
    }
}

static void apply_silence(struct fold *f, const struct judged_act *a, const struct findings *found)
{
    struct texts_state *t = &f->state.texts;
    struct silence_state *s = found->text.bracket != NULL ? &found->text.bracket->silence
                                                          : &t->of_phase[found->phase].silence;
    bool party = f->state.charter.sides[a->side].role == ROLE_PARTY;
    *s = no_silence;
    s->asked_at = a->index;
    s->seen = party ? 1u << a->side : 0;
    t->silences++;
    /* Where the pen is a party's own and there is no other: never, for a table has two at least. */
}

/* ---- versions ---- */

static void end_bracket(struct texts_state *t, struct bracket_state *b, enum bracket_end end,
                        uint64_t index)
{
    b->end = end;
    b->ended_at = index;
    end_silence(t, &b->silence, CHARTER_NONE);
}

/* Brackets at words that are there no more. */
static void overtake(struct fold *f, uint32_t phase, uint64_t index)
{
    struct texts_state *t = &f->state.texts;
    const struct snt_state *now = &t->of_phase[phase];
    for (uint32_t i = 0; i < t->bracket_count; i++) {
        struct bracket_state *b = &t->brackets[i];
        if (b->phase != phase || b->end != BRACKET_OPEN) {
            continue;
        }
        uint32_t place = snt_article(now, &b->article);
        bool gone = b->is_new ? place != UINT32_MAX
                              : place == UINT32_MAX || now->articles[place].since == index;
        if (gone) {
            end_bracket(t, b, BRACKET_OVERTAKEN, index);
        }
    }
}

/* Brackets beside one that was taken in move with the words; those that it cut into are overtaken. */
static void move_brackets(struct fold *f, const struct bracket_state *taken, uint64_t index)
{
    struct texts_state *t = &f->state.texts;
    for (uint32_t i = 0; i < t->bracket_count; i++) {
        struct bracket_state *b = &t->brackets[i];
        if (b == taken || b->phase != taken->phase || b->end != BRACKET_OPEN ||
            !article_id_eq(&b->article, &taken->article)) {
            continue;
        }
        if (taken->is_new || b->is_new || (b->from < taken->to && taken->from < b->to) ||
            (b->from == taken->from && b->to == taken->to)) {
            end_bracket(t, b, BRACKET_OVERTAKEN, index);
        } else if (b->from >= taken->to) {
            b->from = b->from - (taken->to - taken->from) + taken->length;
            b->to = b->to - (taken->to - taken->from) + taken->length;
        }
    }
}

/* The version that stood before is nothing any more that could be adopted. */
static void leave_version(struct fold *f, const struct judged_act *a, uint32_t phase,
                          const struct leaf_hash *leaf)
{
    struct proposal_state *p = snt_proposal(&f->state, phase);
    if (p != NULL && p->withdrawn_at == INDEX_NEVER) {
        p->withdrawn_at = a->index;
        p->withdraw_leaf = *leaf;
        p->withdraw_seen = a->seen_size;
    }
}

static bool put_version(struct fold *f, const struct judged_act *a, const struct findings *found,
                        const struct leaf_hash *leaf)
{
    struct texts_state *t = &f->state.texts;
    struct snt_state *n = &t->of_phase[found->phase];
    leave_version(f, a, found->phase, leaf);
    if (n->articles == NULL) {
        n->articles = ARENA_NEW(f->mem, struct article_state, ARTICLES_MAX);
    }
    if (n->articles == NULL ||
        !fold_grow(f->mem, &t->versions, t->version_count, sizeof(t->versions[0]))) {
        return false;
    }
    const struct text_version *was = snt_newest(t, found->phase);
    t->versions[t->version_count] = (struct text_version){.leaf = *leaf,
                                                          .index = a->index,
                                                          .number = was == NULL ? 1
                                                                                : was->number + 1,
                                                          .phase = found->phase,
                                                          .side = a->side,
                                                          .seat = a->seat,
                                                          .digest = found->text.digest};
    n->version = t->version_count++;
    n->article_count = found->text.article_count;
    n->bytes = found->text.bytes;
    for (uint32_t i = 0; i < n->article_count; i++) {
        n->articles[i] = found->text.articles[i];
    }
    end_silence(t, &n->silence, CHARTER_NONE); /* it was about other words */
    f->state.used[CEILING_VERSIONS][a->side]++;
    return true;
}

static bool apply_draft(struct fold *f, const struct judged_act *a, const struct findings *found,
                        const struct leaf_hash *leaf)
{
    if (!put_version(f, a, found, leaf)) {
        return false;
    }
    overtake(f, found->phase, a->index);
    return true;
}

static bool apply_bracket(struct fold *f, const struct judged_act *a, const struct findings *found,
                          const struct leaf_hash *leaf)
{
    struct texts_state *t = &f->state.texts;
    if (!fold_grow(f->mem, &t->brackets, t->bracket_count, sizeof(t->brackets[0]))) {
        return false;
    }
    bool party = f->state.charter.sides[a->side].role == ROLE_PARTY;
    struct bracket_state *b = &t->brackets[t->bracket_count++];
    *b = *found->text.bracket;
    b->leaf = *leaf;
    b->index = a->index;
    b->number = t->bracket_count;
    b->side = a->side;
    b->seat = a->seat;
    b->after = text_present(a->p->after) ? article_id_of(a->p->after) : (struct article_id){0};
    b->supports = party ? 1u << a->side : 0;
    b->end = BRACKET_OPEN;
    b->ended_at = INDEX_NEVER;
    b->silence = no_silence;
    f->state.used[CEILING_BRACKETS][a->side]++;
    return true;
}

/* ---- support ---- */

static void stand(uint32_t *yes, uint32_t *no, uint32_t side)
{
    *yes |= 1u << side;
    *no &= ~(1u << side);
}

static void apply_support(struct fold *f, const struct judged_act *a, const struct findings *found)
{
    struct texts_state *t = &f->state.texts;
    struct snt_state *text = &t->of_phase[found->phase];
    struct bracket_state *b = found->text.bracket;
    bool objects = a->p->kind == KIND_OBJECT;
    if (b != NULL) {
        stand(objects ? &b->objects : &b->supports, objects ? &b->supports : &b->objects, a->side);
        if (objects && b->silence.asked_at != INDEX_NEVER) {
            end_silence(t, &b->silence, a->side);
        }
        return;
    }
    for (uint32_t i = 0; i < text->article_count; i++) {
        struct article_state *n = &text->articles[i];
        bool named = a->p->article_id_count == 0;
        for (uint32_t k = 0; !named && k < a->p->article_id_count; k++) {
            named = text_eq(article_id_text(&n->id), a->p->article_ids[k]);
        }
        if (named) {
            stand(objects ? &n->objects : &n->supports, objects ? &n->supports : &n->objects,
                  a->side);
        }
    }
    if (objects && text->silence.asked_at != INDEX_NEVER) {
        end_silence(t, &text->silence, a->side);
    }
}

/* ---- cleaning ---- */

static bool apply_clean(struct fold *f, const struct judged_act *a, const struct findings *found,
                        const struct leaf_hash *leaf)
{
    struct texts_state *t = &f->state.texts;
    struct bracket_state *b = found->text.bracket;
    if (b == NULL) { /* its wording, by silence */
        struct snt_state *text = &t->of_phase[found->phase];
        for (uint32_t i = 0; i < text->article_count; i++) {
            text->articles[i].supports = snt_parties(&f->state);
        }
        end_silence(t, &text->silence, CHARTER_NONE);
        return true;
    }
    if (a->p->outcome == CLEAN_DROP) {
        end_bracket(t, b, BRACKET_DROPPED, a->index);
        return true;
    }
    if (!put_version(f, a, found, leaf)) {
        return false;
    }
    end_bracket(t, b, BRACKET_TAKEN, a->index);
    move_brackets(f, b, a->index);
    return true;
}

/* ---- adoption: a proposal that stands for the text, and the side's acceptance of it ---- */

static bool apply_adopt(struct fold *f, const struct judged_act *a, const struct findings *found,
                        const struct leaf_hash *leaf)
{
    struct table_state *s = &f->state;
    struct proposal_state *p = found->proposal;
    uint32_t groups = charter_groups(&s->charter);
    if (p == NULL) {
        if (!fold_grow(f->mem, &s->proposals, s->proposal_count, sizeof(s->proposals[0]))) {
            return false;
        }
        const struct text_version *v = found->text.version;
        p = &s->proposals[s->proposal_count];
        *p = (struct proposal_state){.leaf = v->leaf,
                                     .index = v->index,
                                     .number = s->proposal_count + 1,
                                     .side = v->side,
                                     .seat = v->seat,
                                     .phase = v->phase,
                                     .answers = ARENA_NEW(f->mem, struct answer_state, groups),
                                     .ratified = ARENA_NEW(f->mem, struct ratification, groups),
                                     .withdrawn_at = INDEX_NEVER,
                                     .agreed_at = INDEX_NEVER,
                                     .bound_at = INDEX_NEVER,
                                     .is_text = true,
                                     .has_version = true,
                                     .version = v->leaf};
        if (f->mem->failed) {
            return false;
        }
        s->proposal_count++;
        s->used[CEILING_PROPOSALS][a->side]++;
        if (!leaf_index_add(&s->by_proposal, state_proposals(s), f->mem)) {
            return false;
        }
    }
    p->newest = a->index;
    p->answers[a->side] = (struct answer_state){.kind = ANSWER_AD_REFERENDUM,
                                                .leaf = *leaf,
                                                .index = a->index,
                                                .seen_size = a->seen_size,
                                                .seat = a->seat,
                                                .not_before = found->not_before,
                                                .expires = found->expires};
    p->ratified[a->side] = (struct ratification){0};
    if (p->withdrawn_at != INDEX_NEVER) {
        p->crossed |= 1u << a->side; /* it had not seen the withdrawal [6.2] */
    }
    return true;
}

bool fold_apply_text(struct fold *f, const struct judged_act *a, const struct findings *found,
                     const struct leaf_hash *leaf)
{
    switch ((uint32_t)a->p->kind) {
    case KIND_DRAFT:
        return apply_draft(f, a, found, leaf);
    case KIND_BRACKET:
        return apply_bracket(f, a, found, leaf);
    case KIND_ADOPT:
        return apply_adopt(f, a, found, leaf);
    case KIND_CLEAN:
        return apply_clean(f, a, found, leaf);
    case KIND_SILENCE:
        apply_silence(f, a, found);
        return true;
    default: /* support, object */
        apply_support(f, a, found);
        return true;
    }
}
