/* SPDX-License-Identifier: Apache-2.0
 *
 * What acts of coming and going, and dates, change.  Sections in brackets are those of docs/RULES.md.
 */
#include "table/fold_priv.h"

#include "table/decide.h"

bool fold_standing_new(struct fold *f, const struct charter *c)
{
    struct table_state *s = &f->state;
    uint32_t groups = charter_groups(c);
    struct table_standing *st = &s->standing;
    *st = (struct table_standing){.left_at = ARENA_NEW(f->mem, uint64_t, groups),
                                  .suspend = ARENA_NEW(f->mem, struct motion, groups),
                                  .conclude = ARENA_NEW(f->mem, struct motion, groups),
                                  .suspended_at = INDEX_NEVER,
                                  .suspended_by = CHARTER_NONE,
                                  .suspended_until = TIME_UNKNOWN,
                                  .concluded_at = INDEX_NEVER};
    s->dates = ARENA_NEW(f->mem, struct phase_dates, c->phase_count);
    for (uint32_t i = 0; !f->mem->failed && i < c->phase_count; i++) {
        s->dates[i] = (struct phase_dates){.moved_at = INDEX_NEVER,
                                           .asked_by = CHARTER_NONE,
                                           .asked = ARENA_NEW(f->mem, struct motion, groups),
                                           .wishes = ARENA_NEW(f->mem, struct date_note, groups),
                                           .reviews = ARENA_NEW(f->mem, struct date_note, groups)};
    }
    for (uint32_t g = 0; !f->mem->failed && g < groups; g++) {
        st->left_at[g] = INDEX_NEVER;
    }
    return !f->mem->failed;
}

/* Have all parties at the table asked for the same?  What, through out. */
static bool all_asked(const struct fold *f, const struct motion *asked, uint64_t below,
                      uint64_t *out_when)
{
    const struct table_state *s = &f->state;
    uint32_t n = 0;
    for (uint32_t g = 1; g <= s->charter.party_count; g++) {
        if (standing_left(&s->standing, g)) {
            continue;
        }
        if (!asked[g].given || asked[g].index >= below || (n > 0 && asked[g].when != *out_when)) {
            return false;
        }
        *out_when = asked[g].when;
        n++;
    }
    return n > 0;
}

static void clear(struct fold *f, struct motion *asked)
{
    memset(asked, 0, charter_groups(&f->state.charter) * sizeof(asked[0]));
}

static void end_suspension(struct table_standing *st)
{
    st->suspended_at = INDEX_NEVER;
    st->suspended_by = CHARTER_NONE;
    st->suspended_until = TIME_UNKNOWN;
}

/* What takes effect at once when all have asked: with whatever act it was that made them all. */
static void settle_motions(struct fold *f, uint64_t index)
{
    struct table_standing *st = &f->state.standing;
    uint64_t when = TIME_UNKNOWN;
    if (st->concluded_at == INDEX_NEVER && all_asked(f, st->conclude, INDEX_NEVER, &when)) {
        st->concluded_at = index;
    }
    if (all_asked(f, st->suspend, INDEX_NEVER, &when)) {
        st->suspended_at = index;
        st->suspended_by = CHARTER_NONE;
        st->suspended_until = when;
        clear(f, st->suspend);
    }
}

/* What of its own is not complete it takes back: its acceptances, whatever it asked for [16.5]. */
static void apply_leave(struct fold *f, const struct judged_act *a)
{
    struct table_state *s = &f->state;
    struct table_standing *st = &s->standing;
    uint64_t saw = witness_saw(f->log, a->side, a->seen_size, a->index);
    st->left_at[a->side] = a->index;
    st->suspend[a->side] = (struct motion){0};
    st->conclude[a->side] = (struct motion){0};
    for (uint32_t i = 0; i < s->charter.phase_count; i++) {
        s->dates[i].asked[a->side] = (struct motion){0};
    }
    if (st->suspended_by == a->side) {
        end_suspension(st);
    }
    for (uint32_t i = 0; i < s->proposal_count; i++) {
        struct proposal_state *p = &s->proposals[i];
        uint32_t bit = 1u << a->side;
        bool kept = p->complete && (decide_binding(&s->charter, p) & bit) != 0 &&
                    saw > decide_completed_at(&s->charter, p);
        if ((p->bound_sides & bit) == 0 && !kept) {
            fold_take_back(p, a->side);
        }
    }
}

void fold_take_back(struct proposal_state *p, uint32_t side)
{
    if (answer_accepts(&p->answers[side])) {
        p->answers[side] = (struct answer_state){0};
        p->ratified[side] = (struct ratification){0};
        p->crossed &= ~(1u << side);
    }
}

static bool apply_suspend(struct fold *f, const struct judged_act *a)
{
    struct table_standing *st = &f->state.standing;
    if (a->p->ref_count == 0) {
        st->suspend[a->side] = (struct motion){
            .given = true, .index = a->index, .when = a->p->has_when ? a->p->when : TIME_UNKNOWN};
        return true;
    }
    if (!fold_grow(f->mem, &st->causes, st->cause_count, sizeof(st->causes[0]))) {
        return false;
    }
    st->causes[st->cause_count++] = a->p->refs[0];
    st->suspended_at = a->index;
    st->suspended_by = a->side;
    st->suspended_until = TIME_UNKNOWN;
    return true;
}

static void apply_resume(struct fold *f, const struct judged_act *a)
{
    struct table_standing *st = &f->state.standing;
    st->suspend[a->side] = (struct motion){0};
    st->conclude[a->side] = (struct motion){0};
    bool party = f->state.charter.sides[a->side].role == ROLE_PARTY;
    if (st->suspended_at != INDEX_NEVER &&
        (st->suspended_by == CHARTER_NONE ? party : st->suspended_by == a->side)) {
        end_suspension(st);
    }
}

static void apply_date(struct fold *f, const struct judged_act *a, const struct findings *found)
{
    struct phase_dates *d = &f->state.dates[found->phase];
    uint32_t asked = 0;
    if (a->p->date != DATE_DEADLINE) {
        struct date_note *n = a->p->date == DATE_WISH ? &d->wishes[a->side] : &d->reviews[a->side];
        *n = (struct date_note){.when = a->p->has_when ? a->p->when : 0,
                                .index = a->index,
                                .text = a->p->text_count > 0 ? fold_keep(f, a->p->texts[0])
                                                             : (struct text){0}};
        return;
    }
    for (uint32_t g = 0; g < charter_groups(&f->state.charter); g++) {
        asked += d->asked[g].given ? 1 : 0;
    }
    d->asked_by = asked == 0 ? a->side : d->asked_by;
    d->asked[a->side] = (struct motion){
        .given = true, .index = a->index, .when = a->p->has_when ? a->p->when : TIME_UNKNOWN};
}

bool fold_apply_parties(struct fold *f, const struct judged_act *a, const struct findings *found)
{
    struct table_standing *st = &f->state.standing;
    enum act_kind k = a->p->kind;
    if (k == KIND_LEAVE) {
        apply_leave(f, a);
    } else if (k == KIND_RETURN) {
        st->left_at[a->side] = INDEX_NEVER;
    } else if (k == KIND_SUSPEND) {
        if (!apply_suspend(f, a)) {
            return false;
        }
    } else if (k == KIND_RESUME) {
        apply_resume(f, a);
    } else if (k == KIND_CONCLUDE) {
        st->conclude[a->side] = (struct motion){
            .given = true, .index = a->index, .when = TIME_UNKNOWN};
    } else {
        apply_date(f, a, found);
    }
    settle_motions(f, a->index);
    return !f->mem->failed;
}

bool fold_settle_dates(struct fold *f, uint64_t final)
{
    bool any = false;
    for (uint32_t i = 0; i < f->state.charter.phase_count; i++) {
        struct phase_dates *d = &f->state.dates[i];
        uint64_t when = TIME_UNKNOWN;
        if (all_asked(f, d->asked, final, &when)) {
            d->moved = true;
            d->deadline = when;
            d->moved_at = f->size;
            clear(f, d->asked);
            any = true;
        }
    }
    return any;
}
