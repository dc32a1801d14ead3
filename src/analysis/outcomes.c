/* SPDX-License-Identifier: Apache-2.0 */
#include "analysis/outcomes.h"

#include "base/check.h"
#include "base/sort.h"

enum {
    INNER_MOST = 1024,    /* combinations of the inner issues: their tables stay in the cache */
    ASIDE_ROWS = 1 << 14, /* packages put aside before they are filtered */
    STEPS = 4096,         /* of the quick look */
    QUICK_ROWS = 24,
    ROWS_LEAST = 256,
    THIN_BITS = 20,
    STOP_BLOCKS = 64 /* blocks between two looks at the budget */
};

bool outcomes_countable(const struct problem *p, uint64_t *out)
{
    struct big size;
    uint64_t count;
    problem_size(p, &size);
    if (!big_u64(&size, &count) || count > INT64_MAX) {
        return false;
    }
    *out = count;
    return true;
}

/* ---- the odometer ---- */

struct odometer {
    const struct problem *p;
    uint32_t inner_from; /* the first inner issue */
    size_t inner;        /* combinations of the inner issues */
    size_t *stride;      /* [issue] of an inner one */
    uint32_t *digits;    /* [issue] of the outer ones; 0 of the inner ones */
    uint64_t number;     /* of the block's first package */
    uint64_t total;
    int64_t *table[PROBLEM_PARTIES_MAX]; /* [inner] */
    int64_t *u[PROBLEM_PARTIES_MAX];     /* [inner]: the present block */
    uint16_t *refused; /* [inner]: a bit for each red line crossed; NULL without such boxes */
    uint16_t *zero;    /* [inner]: a bit for each party whose worth is 0 */
    bool plain;        /* the block is table + outer worth, nothing else */
};

static bool is_inner(const struct odometer *o, const struct problem_box *b)
{
    return b->range_count > 0 && b->ranges[0].issue >= o->inner_from;
}

static bool outer_holds(const struct odometer *o, const struct problem_box *b)
{
    for (uint32_t r = 0; r < b->range_count && b->ranges[r].issue < o->inner_from; r++) {
        uint32_t d = o->digits[b->ranges[r].issue];
        if (d < b->ranges[r].low || d > b->ranges[r].high) {
            return false;
        }
    }
    return true;
}

static void mark_run(struct odometer *o, const struct problem_box *b, int64_t *const *u,
                     size_t from, size_t count)
{
    switch (b->kind) {
    case PROBLEM_BOX_ADDS:
        for (size_t i = from; i < from + count; i++) {
            u[b->party][i] += b->worth;
        }
        break;
    case PROBLEM_BOX_ZERO:
        for (size_t i = from; i < from + count; i++) {
            o->zero[i] |= (uint16_t)(1u << b->party);
        }
        break;
    case PROBLEM_BOX_FORBIDS:
        for (size_t i = from; i < from + count; i++) {
            unsigned who = b->party == PROBLEM_NOBODY ? UINT16_MAX : 1u << b->party;
            o->refused[i] = (uint16_t)(o->refused[i] | who); /* parties fit sixteen bits */
        }
        break;
    }
}

/* All runs of inner combinations that lie in the box, from issue on, r the next range. */
static void mark_box(struct odometer *o, const struct problem_box *b, int64_t *const *u, uint32_t r,
                     uint32_t issue, size_t from)
{
    const struct problem *p = o->p;
    if (r == b->range_count) {
        /* The rest is free: one run. */
        mark_run(o, b, u, from, issue < p->issues ? o->stride[issue] * p->options[issue] : 1);
        return;
    }
    if (b->ranges[r].issue > issue) {
        for (uint32_t d = 0; d < p->options[issue]; d++) {
            mark_box(o, b, u, r, issue + 1, from + d * o->stride[issue]);
        }
        return;
    }
    size_t stride = o->stride[issue];
    if (r + 1 == b->range_count) {
        mark_run(o, b, u, from + b->ranges[r].low * stride,
                 (b->ranges[r].high - b->ranges[r].low + 1) * stride);
        return;
    }
    for (uint32_t d = b->ranges[r].low; d <= b->ranges[r].high; d++) {
        mark_box(o, b, u, r + 1, issue + 1, from + d * stride);
    }
}

static void mark(struct odometer *o, const struct problem_box *b, int64_t *const *u)
{
    uint32_t r = 0;
    while (r < b->range_count && b->ranges[r].issue < o->inner_from) {
        r++;
    }
    mark_box(o, b, u, r, o->inner_from, 0);
}

static void fill_table(struct odometer *o)
{
    const struct problem *p = o->p;
    for (uint32_t k = 0; k < p->parties; k++) {
        size_t done = 1;
        o->table[k][0] = 0;
        /* The last issue first: each one before it repeats what there is, so many times. */
        for (uint32_t i = p->issues; i > o->inner_from; i--) {
            for (uint32_t d = p->options[i - 1]; d > 0; d--) {
                int64_t w = problem_worth(p, i - 1, d - 1)[k];
                for (size_t at = 0; at < done; at++) {
                    o->table[k][(d - 1) * done + at] = o->table[k][at] + w;
                }
            }
            done *= p->options[i - 1];
        }
    }
    for (uint32_t b = 0; b < p->box_count; b++) {
        if (p->boxes[b].kind == PROBLEM_BOX_ADDS && is_inner(o, &p->boxes[b])) {
            mark(o, &p->boxes[b], o->table);
        }
    }
}

static bool odometer_init(struct odometer *o, const struct problem *p, struct arena *mem,
                          struct err *err)
{
    *o = (struct odometer){.p = p, .inner = 1};
    if (!outcomes_countable(p, &o->total)) {
        return err_set(err, ERR_LIMIT, "there are too many packages to look at each");
    }
    o->stride = ARENA_NEW(mem, size_t, p->issues);
    o->digits = ARENA_NEW(mem, uint32_t, p->issues);
    if (mem->failed) {
        return err_memory(err, "the packages");
    }
    o->inner_from = p->issues;
    while (o->inner_from > 0 &&
           (o->inner_from == p->issues || o->inner * p->options[o->inner_from - 1] <= INNER_MOST)) {
        o->inner_from--;
        o->stride[o->inner_from] = o->inner;
        o->inner *= p->options[o->inner_from];
    }
    for (uint32_t k = 0; k < p->parties; k++) {
        o->table[k] = ARENA_NEW(mem, int64_t, o->inner);
        o->u[k] = ARENA_NEW(mem, int64_t, o->inner);
    }
    o->plain = p->cap == NULL && p->table == NULL;
    for (uint32_t b = 0; b < p->box_count; b++) {
        if (p->boxes[b].kind == PROBLEM_BOX_FORBIDS && o->refused == NULL) {
            o->refused = ARENA_NEW(mem, uint16_t, o->inner);
        }
        if (p->boxes[b].kind == PROBLEM_BOX_ZERO && o->zero == NULL) {
            o->zero = ARENA_NEW(mem, uint16_t, o->inner);
        }
        o->plain = o->plain && p->boxes[b].kind == PROBLEM_BOX_ADDS && is_inner(o, &p->boxes[b]);
    }
    if (mem->failed) {
        return err_memory(err, "the packages");
    }
    fill_table(o);
    return true;
}

/* Caps, tables, zeros of the present block. */
static void adjust(struct odometer *o)
{
    const struct problem *p = o->p;
    for (uint32_t k = 0; k < p->parties; k++) {
        int64_t *u = o->u[k];
        const bool tabled = p->table != NULL && p->table[k] != NULL;
        if (tabled) {
            memcpy(u, p->table[k] + o->number, o->inner * sizeof(*u));
        }
        for (size_t i = 0; p->cap != NULL && !tabled && i < o->inner; i++) {
            u[i] = u[i] < p->cap[k] ? u[i] : p->cap[k];
        }
        for (size_t i = 0; o->zero != NULL && i < o->inner; i++) {
            u[i] = (o->zero[i] >> k & 1) != 0 ? 0 : u[i];
        }
    }
}

/* The worths of the block at o->number. */
static void odometer_fill(struct odometer *o)
{
    const struct problem *p = o->p;
    for (uint32_t k = 0; k < p->parties; k++) {
        int64_t outer = 0;
        const int64_t *table = o->table[k];
        int64_t *u = o->u[k];
        for (uint32_t i = 0; i < o->inner_from; i++) {
            outer += problem_worth(p, i, o->digits[i])[k];
        }
        for (size_t i = 0; i < o->inner; i++) {
            u[i] = table[i] + outer;
        }
    }
    if (o->plain) {
        return;
    }
    if (o->refused != NULL) {
        memset(o->refused, 0, o->inner * sizeof(*o->refused));
    }
    if (o->zero != NULL) {
        memset(o->zero, 0, o->inner * sizeof(*o->zero));
    }
    for (uint32_t b = 0; b < p->box_count; b++) {
        const struct problem_box *box = &p->boxes[b];
        bool in_table = box->kind == PROBLEM_BOX_ADDS && is_inner(o, box);
        if (!in_table && outer_holds(o, box)) {
            mark(o, box, o->u);
        }
    }
    adjust(o);
}

/* On to the next block; false after the last. */
static bool odometer_turn(struct odometer *o)
{
    o->number += o->inner;
    for (uint32_t i = o->inner_from; i > 0; i--) {
        if (++o->digits[i - 1] < o->p->options[i - 1]) {
            return true;
        }
        o->digits[i - 1] = 0;
    }
    return false;
}

/* ---- the frontier so far ---- */

struct scan {
    struct odometer o;
    enum frontier_scope scope;
    struct filter filter[2];
    struct filter *best; /* the frontier so far */
    struct filter *next;
    int64_t *aside; /* rows {worths, ties, number} */
    size_t aside_count;
    size_t width; /* fields of such a row */
    bool first;   /* nothing is known yet */
    /* Two parties: any package whose first worth is in step s is beaten when its second is below. */
    int64_t low;
    unsigned shift;
    int64_t step[STEPS];
    const int64_t *quick[QUICK_ROWS]; /* more parties: rows of the frontier */
    size_t quick_count;
    int64_t least[PROBLEM_PARTIES_MAX];
    int64_t most[PROBLEM_PARTIES_MAX];
    bool thinned;
    int64_t slack[PROBLEM_PARTIES_MAX];
    int64_t epsilon[PROBLEM_PARTIES_MAX];
};

static bool scan_init(struct scan *s, enum frontier_scope scope, struct arena *mem, struct err *err)
{
    const struct problem *p = s->o.p;
    uint32_t *low = ARENA_NEW(mem, uint32_t, p->issues);
    uint32_t *high = ARENA_NEW(mem, uint32_t, p->issues);
    s->scope = scope;
    s->width = p->parties + 2;
    if (mem->failed) {
        return err_memory(err, "the frontier");
    }
    for (uint32_t i = 0; i < p->issues; i++) {
        high[i] = p->options[i] - 1;
    }
    for (uint32_t k = 0; k < p->parties; k++) {
        problem_bounds(p, k, low, high, &s->least[k], &s->most[k]);
    }
    s->low = s->least[0];
    while (((s->most[0] - s->low) >> s->shift) >= STEPS) {
        s->shift++;
    }
    for (size_t i = 0; i < STEPS; i++) {
        s->step[i] = INT64_MIN;
    }
    /* What is put aside is sorted together with the frontier: twice, for the sort's scratch. */
    size_t row = 2 * filter_row_bytes(p->parties) + 2 * s->width * sizeof(int64_t);
    size_t room = mem->cap - mem->used;
    size_t fixed = 2 * ASIDE_ROWS * s->width * sizeof(int64_t) + 4096;
    if (room < fixed + ROWS_LEAST * row) {
        return err_set(err, ERR_MEMORY, "the memory budget is too small for this problem") ||
               err_mend(err, "raise --budget-memory");
    }
    size_t rows = (room - fixed) / (row + 16);
    rows = rows < s->o.total ? rows : (size_t)s->o.total;
    s->aside = ARENA_NEW(mem, int64_t, (rows + ASIDE_ROWS) * s->width);
    if (s->aside == NULL) {
        return err_memory(err, "the frontier");
    }
    s->best = &s->filter[0];
    s->next = &s->filter[1];
    return filter_init(s->best, p->parties, rows, mem, err) &&
           filter_init(s->next, p->parties, rows, mem, err);
}

struct row_order {
    uint32_t parties;
};

static int row_order_cmp(const void *a, const void *b, void *ctx)
{
    const struct row_order *order = ctx;
    return row_cmp(a, b, order->parties);
}

/* The quick looks, from the frontier so far. */
static void sharpen(struct scan *s)
{
    uint32_t parties = s->o.p->parties;
    if (parties == 2) {
        /* Rows descend by first worth, so the second ascends: the last row at or above the upper
         * end of a step has the best second worth there. */
        size_t r = 0;
        int64_t best = INT64_MIN;
        for (size_t i = STEPS; i > 0; i--) {
            int64_t end = s->low + ((int64_t)i << s->shift);
            while (r < s->best->count && s->best->u[r * 2] >= end) {
                best = s->best->u[r * 2 + 1];
                r++;
            }
            s->step[i - 1] = best;
        }
        return;
    }
    s->quick_count = s->best->count < QUICK_ROWS ? s->best->count : QUICK_ROWS;
    for (size_t i = 0; i < s->quick_count; i++) {
        s->quick[i] = s->best->u + i * s->best->count / s->quick_count * parties;
    }
}

/* Sorts all rows of aside and filters them into next; false when there is no room. */
static bool sift_rows(struct scan *s, size_t rows, size_t old)
{
    uint32_t parties = s->o.p->parties;
    filter_reset(s->next, NULL);
    for (size_t r = 0; r < rows; r++) {
        const int64_t *row = s->aside + r * s->width;
        /* Rows that were kept before go only where another truly beats them, so that slacks do
         * not add up. */
        bool kept_before = (uint64_t)row[parties + 1] < old;
        s->next->slack = s->thinned && !kept_before ? s->slack : NULL;
        if (filter_add(s->next, row, (uint64_t)row[parties], (uint64_t)row[parties + 1]) ==
            FILTER_FULL) {
            return false;
        }
    }
    return true;
}

/* The frontier so far and what was put aside become the new frontier so far. */
static bool settle(struct scan *s, struct arena *mem, struct err *err)
{
    uint32_t parties = s->o.p->parties;
    struct row_order order = {.parties = parties};
    size_t rows = s->aside_count;
    /* Rows of before get room behind; numbers tell them apart, and the lowest number comes first
     * among equal rows, for the sort is stable and they are put in front. */
    memmove(s->aside + s->best->count * s->width, s->aside, rows * s->width * sizeof(*s->aside));
    for (size_t r = 0; r < s->best->count; r++) {
        int64_t *row = s->aside + r * s->width;
        memcpy(row, s->best->u + r * parties, parties * sizeof(*row));
        row[parties] = (int64_t)s->best->ties[r]; /* below 2^63: packages are countable */
        row[parties + 1] = (int64_t)s->best->tag[r];
    }
    uint64_t old = 0;
    for (size_t r = 0; r < s->best->count; r++) {
        old = s->best->tag[r] + 1 > old ? s->best->tag[r] + 1 : old;
    }
    rows += s->best->count;
    s->aside_count = 0;
    if (!sort_stable(s->aside, rows, s->width * sizeof(*s->aside), row_order_cmp, &order, mem)) {
        return err_memory(err, "the frontier");
    }
    while (!sift_rows(s, rows, (size_t)old)) {
        s->thinned = true;
        old = 0; /* thinning takes from all */
        for (uint32_t k = 0; k < parties; k++) {
            int64_t first = ((s->most[k] - s->least[k]) >> THIN_BITS) + 1;
            s->slack[k] = s->slack[k] == 0 ? first : 2 * s->slack[k];
        }
        for (uint32_t k = 0; k < parties; k++) {
            s->epsilon[k] += s->slack[k];
        }
    }
    struct filter *t = s->best;
    s->best = s->next;
    s->next = t;
    s->best->slack = NULL;
    sharpen(s);
    return true;
}

static void put_aside(struct scan *s, size_t i)
{
    uint32_t parties = s->o.p->parties;
    int64_t *row = s->aside + s->aside_count++ * s->width;
    for (uint32_t k = 0; k < parties; k++) {
        row[k] = s->o.u[k][i];
    }
    row[parties] = 1;
    row[parties + 1] = (int64_t)(s->o.number + i); /* countable */
}

static bool wanted(const struct scan *s, size_t i)
{
    const struct odometer *o = &s->o;
    if (o->refused != NULL && o->refused[i] != 0) {
        return false;
    }
    for (uint32_t k = 0; k < o->p->parties; k++) {
        if (o->u[k][i] < o->p->reserve[k]) {
            return false;
        }
    }
    return true;
}

/* Does a row of the quick look beat this package?  Equal is not beaten. */
static bool quick_beats(const struct scan *s, size_t i)
{
    uint32_t parties = s->o.p->parties;
    for (size_t q = 0; q < s->quick_count; q++) {
        bool covers = true;
        bool better = false;
        for (uint32_t k = 0; k < parties && covers; k++) {
            int64_t v = s->o.u[k][i];
            covers = s->quick[q][k] >= v;
            better = better || s->quick[q][k] > v;
        }
        if (covers && better) {
            return true;
        }
    }
    return false;
}

/* The present block, from package i on, until aside is full or the block ends; where it stopped. */
static size_t scan_two(struct scan *s, size_t i, uint64_t *acceptable)
{
    const struct odometer *o = &s->o;
    const int64_t *a = o->u[0];
    const int64_t *b = o->u[1];
    const int64_t reserve_a = o->p->reserve[0];
    const int64_t reserve_b = o->p->reserve[1];
    const bool all = s->scope == FRONTIER_ALL;
    uint64_t count = 0;
    for (; i < o->inner && s->aside_count < ASIDE_ROWS; i++) {
        bool good = (a[i] >= reserve_a) & (b[i] >= reserve_b);
        count += good;
        if (!all && !good) {
            continue;
        }
        /* The step's number is below STEPS by the shift; what lies below the lowest is of that. */
        uint64_t above = a[i] > s->low ? (uint64_t)(a[i] - s->low) : 0;
        if (b[i] >= s->step[above >> s->shift]) {
            put_aside(s, i);
        }
    }
    *acceptable += count;
    return i;
}

static size_t scan_many(struct scan *s, size_t i, uint64_t *acceptable)
{
    const struct odometer *o = &s->o;
    for (; i < o->inner && s->aside_count < ASIDE_ROWS; i++) {
        bool good = wanted(s, i);
        *acceptable += good;
        if (s->scope == FRONTIER_ALL) {
            good = o->refused == NULL || o->refused[i] == 0;
        }
        if (good && !quick_beats(s, i)) {
            put_aside(s, i);
        }
    }
    return i;
}

static bool spent(const struct budget *budget, const struct odometer *o, uint32_t *until)
{
    if (o->number >= budget->work) {
        return true;
    }
    if (--*until > 0) {
        return false;
    }
    *until = STOP_BLOCKS;
    return budget_stop(budget);
}

static void note_most(const struct odometer *o, int64_t *most)
{
    for (uint32_t k = 0; k < o->p->parties; k++) {
        const int64_t *u = o->u[k];
        int64_t m = most[k];
        for (size_t i = 0; i < o->inner; i++) {
            m = u[i] > m ? u[i] : m;
        }
        most[k] = m;
    }
}

static bool scan_all(struct scan *s, const struct budget *budget, struct arena *mem,
                     struct outcomes *counts, struct err *err)
{
    uint32_t until = STOP_BLOCKS;
    bool two = s->o.p->parties == 2 && s->o.refused == NULL;
    bool more = true;
    while (more && !spent(budget, &s->o, &until)) {
        odometer_fill(&s->o);
        for (size_t i = 0; i < s->o.inner;) {
            i = two ? scan_two(s, i, &counts->acceptable) : scan_many(s, i, &counts->acceptable);
            if (s->aside_count == ASIDE_ROWS && !settle(s, mem, err)) {
                return false;
            }
        }
        counts->seen += s->o.inner;
        note_most(&s->o, counts->most);
        if (s->best->count == 0 && s->aside_count > 0 && !settle(s, mem, err)) {
            return false; /* something to compare with, early */
        }
        more = odometer_turn(&s->o);
    }
    return settle(s, mem, err);
}

bool outcomes_frontier(const struct problem *p, enum frontier_scope scope,
                       const struct budget *budget, struct arena *mem,
                       struct frontier *out_frontier, struct outcomes *out, struct err *err)
{
    struct scan *s = ARENA_NEW(mem, struct scan, 1);
    if (s == NULL) {
        return err_memory(err, "the frontier");
    }
    if (!odometer_init(&s->o, p, mem, err) || !scan_init(s, scope, mem, err)) {
        return false;
    }
    struct outcomes counts = {.total = s->o.total};
    for (uint32_t k = 0; k < p->parties; k++) {
        counts.most[k] = INT64_MIN;
    }
    if (!scan_all(s, budget, mem, &counts, err)) {
        return false;
    }
    struct frontier made = {.problem = p,
                            .scope = scope,
                            .count = s->best->count,
                            .u = s->best->u,
                            .ties = s->best->ties,
                            .number = s->best->tag,
                            .widest = s->best->count,
                            .exact = counts.seen == counts.total && !s->thinned};
    memcpy(made.epsilon, s->epsilon, sizeof(made.epsilon));
    *out_frontier = made;
    *out = counts;
    return true;
}

bool outcomes_consent(const struct problem *p, const struct budget *budget, struct arena *mem,
                      bool *out_sets, struct outcomes *out, struct err *err)
{
    struct odometer o;
    uint32_t until = STOP_BLOCKS;
    uint32_t everybody = (UINT32_C(1) << p->parties) - 1;
    struct outcomes counts = {0};
    bool more = true;
    if (!odometer_init(&o, p, mem, err)) {
        return false;
    }
    counts.total = o.total;
    memset(out_sets, 0, ((size_t)1 << p->parties) * sizeof(*out_sets));
    while (more && !spent(budget, &o, &until)) {
        odometer_fill(&o);
        for (size_t i = 0; i < o.inner; i++) {
            uint32_t set = everybody;
            for (uint32_t k = 0; k < p->parties; k++) {
                set &= ~(o.u[k][i] < p->reserve[k] ? UINT32_C(1) << k : 0);
            }
            if (o.refused != NULL) {
                set &= ~(uint32_t)o.refused[i];
            }
            out_sets[set] = true;
            counts.acceptable += set == everybody;
        }
        counts.seen += o.inner;
        more = odometer_turn(&o);
    }
    *out = counts;
    return true;
}

bool outcomes_find(const struct problem *p, const int64_t *worth, size_t max,
                   const struct budget *budget, struct arena *mem, uint64_t *out_numbers,
                   size_t *out_count, struct err *err)
{
    struct odometer o;
    uint32_t until = STOP_BLOCKS;
    size_t found = 0;
    bool more = true;
    if (!odometer_init(&o, p, mem, err)) {
        return false;
    }
    while (more && found < max && !spent(budget, &o, &until)) {
        odometer_fill(&o);
        for (size_t i = 0; i < o.inner && found < max; i++) {
            bool equal = o.refused == NULL || o.refused[i] == 0;
            for (uint32_t k = 0; k < p->parties && equal; k++) {
                equal = o.u[k][i] == worth[k];
            }
            if (equal) {
                out_numbers[found++] = o.number + i;
            }
        }
        more = odometer_turn(&o);
    }
    *out_count = found;
    return true;
}
