/* SPDX-License-Identifier: Apache-2.0
 *
 * What rooms that not all read tell this seat.  Nothing here is in the state or its digest.
 */
#include "table/fold_priv.h"

/* Room for one more in f->mine. */
#define GROW_MINE(f, array, count)                                                                 \
    fold_grow((f)->mem, &(f)->mine.array, (f)->mine.count, sizeof((f)->mine.array[0]))

static bool take_position(struct fold *f, const struct judged_act *a)
{
    struct private_state *m = &f->mine;
    if (m->position_count == HOME_NOTES_MAX) {
        return true;
    }
    if (!GROW_MINE(f, positions, position_count)) {
        return false;
    }
    m->positions[m->position_count++] = (struct position_note){
        .index = a->index,
        .room = a->room,
        .side = a->side,
        .level = a->p->level,
        .mark = a->p->mark,
        .issue = fold_keep(f, a->p->issue),
        .text = fold_keep(f, a->p->texts[0]),
    };
    return !f->mem->failed;
}

static uint32_t whose_words(const struct fold *f, const struct judged_act *a,
                            const struct debrief_line *l)
{
    const struct charter *c = &f->state.charter;
    if (!text_present(l->side)) {
        return a->room.kind == ROOM_SHUTTLE ? a->room.side : CHARTER_NONE;
    }
    for (uint32_t i = 0; i < c->side_count; i++) {
        if (c->sides[i].present && text_eq(c->sides[i].id, l->side)) {
            return i;
        }
    }
    return CHARTER_NONE;
}

/* The lines that bear a mark. */
static bool take_lines(struct fold *f, const struct judged_act *a)
{
    struct private_state *m = &f->mine;
    for (uint32_t i = 0; i < a->p->line_count && m->carry_count < HOME_NOTES_MAX; i++) {
        const struct debrief_line *l = &a->p->lines[i];
        if (l->mark == 0) {
            continue;
        }
        if (!GROW_MINE(f, carries, carry_count)) {
            return false;
        }
        m->carries[m->carry_count++] = (struct carry_note){
            .index = a->index,
            .room = a->room,
            .side = whose_words(f, a, l),
            .heard = l->heard,
            .mark = l->mark,
            .text = fold_keep(f, l->text),
        };
    }
    return !f->mem->failed;
}

static bool take_interest(struct fold *f, const struct judged_act *a, const struct interest_item *i)
{
    struct private_state *m = &f->mine;
    const struct charter *c = &f->state.charter;
    const struct interest_note n = {.index = a->index,
                                    .issue = issue_find(c->issues, c->issue_count, i->issue),
                                    .option = i->option,
                                    .interest = i->interest};
    for (uint32_t k = 0; k < m->interest_count; k++) {
        if (m->interests[k].issue == n.issue && m->interests[k].option == n.option) {
            m->interests[k] = n;
            return true;
        }
    }
    if (m->interest_count == HOME_NOTES_MAX) {
        return true;
    }
    if (!GROW_MINE(f, interests, interest_count)) {
        return false;
    }
    m->interests[m->interest_count++] = n;
    return true;
}

/* A newer word on two issues goes to the end: what was said last is believed first. */
static bool take_prefer(struct fold *f, const struct judged_act *a, const struct prefer_item *i)
{
    struct private_state *m = &f->mine;
    const struct charter *c = &f->state.charter;
    const struct prefer_note n = {.index = a->index,
                                  .more = issue_find(c->issues, c->issue_count, i->more),
                                  .less = issue_find(c->issues, c->issue_count, i->less),
                                  .preference = i->preference};
    uint32_t kept = 0;
    for (uint32_t k = 0; k < m->prefer_count; k++) {
        const struct prefer_note *o = &m->prefers[k];
        bool same = (o->more == n.more && o->less == n.less) ||
                    (o->more == n.less && o->less == n.more);
        if (!same) {
            m->prefers[kept++] = *o;
        }
    }
    m->prefer_count = kept;
    if (m->prefer_count == HOME_NOTES_MAX) {
        return true;
    }
    if (!GROW_MINE(f, prefers, prefer_count)) {
        return false;
    }
    m->prefers[m->prefer_count++] = n;
    return true;
}

static bool take_interests(struct fold *f, const struct judged_act *a)
{
    for (uint32_t i = 0; i < a->p->interest_count; i++) {
        if (!take_interest(f, a, &a->p->interests[i])) {
            return false;
        }
    }
    for (uint32_t i = 0; i < a->p->prefer_count; i++) {
        if (!take_prefer(f, a, &a->p->prefers[i])) {
            return false;
        }
    }
    return true;
}

static bool take_minute(struct fold *f, const struct verified_act *va, const struct judged_act *a)
{
    struct private_state *m = &f->mine;
    if (m->minute_count == HOME_NOTES_MAX) {
        return true;
    }
    struct kid *present = ARENA_NEW(f->mem, struct kid, a->p->present_count);
    if (present == NULL || !GROW_MINE(f, minutes, minute_count)) {
        return false;
    }
    if (a->p->present_count > 0) {
        memcpy(present, a->p->present, a->p->present_count * sizeof(present[0]));
    }
    m->minutes[m->minute_count++] = (struct minute_note){
        .leaf = va->leaf,
        .index = a->index,
        .room = a->room,
        .seat = a->seat,
        .present_count = a->p->present_count,
        .present = present,
        .text = fold_keep(f, a->p->texts[0]),
    };
    return !f->mem->failed;
}

/* Whoever was there and sits in that room; nobody else's word makes a minute more than a note. */
static void take_confirm(struct fold *f, const struct judged_act *a)
{
    const struct kid *kid = &keyring_seat(f->ring, a->seat)->kid;
    for (uint32_t i = 0; i < f->mine.minute_count; i++) {
        struct minute_note *m = &f->mine.minutes[i];
        for (uint32_t k = 0; ID_EQ(m->leaf, a->p->answers) && k < m->present_count; k++) {
            if (room_eq(m->room, a->room) && ID_EQ(m->present[k], *kid)) {
                m->confirmed |= UINT64_C(1) << k;
            }
        }
    }
}

static bool take_memo(struct fold *f, const struct verified_act *va, const struct judged_act *a)
{
    struct private_state *m = &f->mine;
    if (m->memo_count == HOME_NOTES_MAX) {
        return true;
    }
    if (!GROW_MINE(f, memos, memo_count)) {
        return false;
    }
    m->memos[m->memo_count++] = (struct memo_note){
        .leaf = va->leaf, .index = a->index, .claimed_time = a->p->claimed_time};
    return true;
}

static bool take_decision(struct fold *f, const struct verified_act *va, const struct judged_act *a)
{
    struct private_state *m = &f->mine;
    const struct payload *p = a->p;
    if (m->decision_count == HOME_NOTES_MAX || decision_of_seal(m, &a->object->id) != NULL) {
        return true; /* the same paper says nothing new */
    }
    struct order *orders = ARENA_NEW(f->mem, struct order, p->order_count);
    if (orders == NULL || !GROW_MINE(f, decisions, decision_count)) {
        return false;
    }
    for (uint32_t i = 0; i < p->order_count; i++) {
        orders[i] = (struct order){p->orders[i].kind, fold_keep(f, p->orders[i].subject)};
    }
    m->decisions[m->decision_count++] = (struct decision_note){
        .seal = a->object->id,
        .leaf = va->leaf,
        .index = a->index,
        .claimed_time = p->claimed_time,
        .side = a->side,
        .label = fold_keep(f, p->label),
        .text = fold_keep(f, p->texts[0]),
        .has_memo = p->has_answers,
        .memo = p->answers,
        .has_review = p->has_when,
        .review = p->when,
        .order_count = p->order_count,
        .orders = orders,
    };
    return !f->mem->failed;
}

bool fold_take_home(struct fold *f, const struct verified_act *va, const struct judged_act *a)
{
    if (a->p->kind == KIND_POSITION) {
        return take_position(f, a);
    }
    if (a->p->kind == KIND_MEET) {
        return take_minute(f, va, a) && take_lines(f, a);
    }
    if (a->p->kind == KIND_DEBRIEF) {
        return take_lines(f, a);
    }
    if (a->p->kind == KIND_INTERESTS) {
        return take_interests(f, a);
    }
    if (a->p->kind == KIND_MEMO) {
        return take_memo(f, va, a);
    }
    if (a->p->kind == KIND_DECIDE) {
        return take_decision(f, va, a);
    }
    take_confirm(f, a);
    return true;
}

/* ---- asked of it ---- */

const struct decision_note *decision_of_seal(const struct private_state *m,
                                             const struct digest *seal)
{
    for (uint32_t i = 0; i < m->decision_count; i++) {
        if (ID_EQ(m->decisions[i].seal, *seal)) {
            return &m->decisions[i];
        }
    }
    return NULL;
}

const struct decision_note *decision_of_label(const struct private_state *m, struct text label)
{
    for (uint32_t i = m->decision_count; i > 0; i--) {
        if (text_eq(m->decisions[i - 1].label, label)) {
            return &m->decisions[i - 1];
        }
    }
    return NULL;
}

const struct order *decision_order(const struct private_state *m, const enum order_kind *any,
                                   size_t count, struct text subject,
                                   const struct decision_note **out)
{
    for (uint32_t i = m->decision_count; i > 0; i--) {
        const struct decision_note *d = &m->decisions[i - 1];
        for (uint32_t k = 0; k < d->order_count; k++) {
            for (size_t w = 0; w < count; w++) {
                if (d->orders[k].kind == any[w] && text_eq(d->orders[k].subject, subject)) {
                    *out = d;
                    return &d->orders[k];
                }
            }
        }
    }
    return NULL;
}

const struct decision_note *decision_due(const struct private_state *m, uint64_t now)
{
    for (uint32_t i = m->decision_count; i > 0; i--) {
        const struct decision_note *d = &m->decisions[i - 1];
        bool since = false;
        for (uint32_t k = i; k < m->decision_count; k++) {
            since = since || m->decisions[k].claimed_time >= d->review;
        }
        if (d->has_review && d->review <= now && !since) {
            return d;
        }
    }
    return NULL;
}

const struct minute_note *minute_of(const struct private_state *m, const struct leaf_hash *leaf)
{
    for (uint32_t i = 0; i < m->minute_count; i++) {
        if (ID_EQ(m->minutes[i].leaf, *leaf)) {
            return &m->minutes[i];
        }
    }
    return NULL;
}

bool minute_confirmed(const struct minute_note *m, const struct kid *author)
{
    for (uint32_t i = 0; i < m->present_count; i++) {
        if ((m->confirmed & UINT64_C(1) << i) == 0 && !ID_EQ(m->present[i], *author)) {
            return false;
        }
    }
    return true;
}
