/* SPDX-License-Identifier: Apache-2.0 */
#include "analysis/outcomes.h"

#include "analysis/rest.h"
#include "base/check.h"
#include "base/sort.h"

enum {
    INNER_MOST = 1024,    /* combinations of the inner issues: their tables stay in the cache */
    RUN = 32,             /* of them looked at as one, by the best worth of each party in it */
    ASIDE_ROWS = 1 << 14, /* packages put aside before they are filtered, at most */
    ASIDE_LEAST = 1 << 9,
    STEPS = 4096, /* of the quick look */
    QUICK_ROWS = 24,
    ROWS_LEAST = 256,
    THIN_BITS = 20,
    STOP_LOOKS = 1 << 20, /* at rows and blocks, the same */
    STOP_WORK = 1 << 20   /* between two looks at the budget: worths, and boxes for each, about */
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
    bool filled;       /* u is that of the present block */
    int64_t outer[PROBLEM_PARTIES_MAX];
    /* [run] the most and the least in each run; of a plain problem of the table, else of u */
    size_t runs;
    int64_t *top[PROBLEM_PARTIES_MAX];
    int64_t *bottom[PROBLEM_PARTIES_MAX];
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

/* The most and the least of each run of v. */
static void sum_up_runs(struct odometer *o, uint32_t party, const int64_t *v)
{
    for (size_t r = 0; r < o->runs; r++) {
        size_t end = (r + 1) * RUN < o->inner ? (r + 1) * RUN : o->inner;
        int64_t most = v[r * RUN];
        int64_t least = most;
        for (size_t i = r * RUN + 1; i < end; i++) {
            most = v[i] > most ? v[i] : most;
            least = v[i] < least ? v[i] : least;
        }
        o->top[party][r] = most;
        o->bottom[party][r] = least;
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
    o->runs = (o->inner + RUN - 1) / RUN;
    for (uint32_t k = 0; k < p->parties; k++) {
        o->table[k] = ARENA_NEW(mem, int64_t, o->inner);
        o->u[k] = ARENA_NEW(mem, int64_t, o->inner);
        o->top[k] = ARENA_NEW(mem, int64_t, o->runs);
        o->bottom[k] = ARENA_NEW(mem, int64_t, o->runs);
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
    for (uint32_t k = 0; k < p->parties; k++) {
        sum_up_runs(o, k, o->table[k]);
    }
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

static void set_outer(struct odometer *o)
{
    const struct problem *p = o->p;
    for (uint32_t k = 0; k < p->parties; k++) {
        o->outer[k] = 0;
    }
    for (uint32_t i = 0; i < o->inner_from; i++) {
        const int64_t *w = problem_worth(p, i, o->digits[i]);
        for (uint32_t k = 0; k < p->parties; k++) {
            o->outer[k] += w[k];
        }
    }
}

/* The worths of the block at o->number, whose outer worths are set. */
static void fill_block(struct odometer *o)
{
    const struct problem *p = o->p;
    o->filled = true;
    for (uint32_t k = 0; k < p->parties; k++) {
        const int64_t outer = o->outer[k];
        const int64_t *table = o->table[k];
        int64_t *u = o->u[k];
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

static void odometer_fill(struct odometer *o)
{
    set_outer(o);
    fill_block(o);
}

/* For a look at whole runs: of a plain problem the worths themselves are not needed yet. */
static void odometer_begin(struct odometer *o)
{
    set_outer(o);
    o->filled = false;
    if (o->plain) {
        return;
    }
    fill_block(o);
    for (uint32_t k = 0; k < o->p->parties; k++) {
        sum_up_runs(o, k, o->u[k]);
        o->outer[k] = 0; /* it is in there */
    }
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
    /* More than three parties, and room enough: of next the rows that best does not have. */
    struct filter fresh;
    bool has_fresh;
    bool all_new;   /* nothing was kept before, or it has to be thinned with all others */
    int64_t *aside; /* rows {worths, ties, number} */
    size_t aside_count;
    size_t width; /* fields of such a row */
    /* Two parties: any package whose first worth is in step s is beaten when its second is below. */
    int64_t low;
    unsigned shift;
    int64_t step[STEPS];
    const int64_t *quick[QUICK_ROWS]; /* else: rows of the frontier */
    size_t quick_count;
    size_t quick_hint; /* the one that beat the last package */
    size_t aside_most; /* so many are put aside before they are filtered */
    int64_t least[PROBLEM_PARTIES_MAX];
    int64_t most[PROBLEM_PARTIES_MAX];
    bool thinned;
    bool dropped;     /* the budget ended while rows were filtered: those put aside are lost */
    uint64_t settled; /* packages below this number are in the frontier so far, or beaten */
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
    size_t fresh = ASIDE_ROWS * filter_row_bytes(p->parties);
    s->has_fresh = p->parties > 3 && room / 8 > fresh;
    fixed += s->has_fresh ? fresh : 0;
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
           filter_init(s->next, p->parties, rows, mem, err) &&
           (!s->has_fresh || filter_init(&s->fresh, p->parties, ASIDE_ROWS, mem, err));
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
    s->quick_hint = 0;
    s->quick_count = s->best->count < QUICK_ROWS ? s->best->count : QUICK_ROWS;
    for (size_t i = 0; i < s->quick_count; i++) {
        s->quick[i] = s->best->u + i * s->best->count / s->quick_count * parties;
    }
}

enum sifted { SIFTED, SIFT_FULL, SIFT_STOPPED };

/* Into next, but for what is beaten.  Rows that were kept before go only where another truly beats
 * them, so that slacks do not add up; and of many parties they are held against new ones alone. */
static enum filter_verdict sift_row(struct scan *s, const int64_t *row, bool kept_before)
{
    uint32_t parties = s->o.p->parties;
    uint64_t ties = (uint64_t)row[parties];
    uint64_t tag = (uint64_t)row[parties + 1];
    s->next->slack = s->thinned && !kept_before ? s->slack : NULL;
    if (!s->has_fresh || s->all_new) {
        return filter_add(s->next, row, ties, tag);
    }
    if (!kept_before) {
        enum filter_verdict v = filter_add(s->next, row, ties, tag);
        /* As many as were put aside at most: there is room. */
        CHECK(v != FILTER_KEPT || filter_append(&s->fresh, row, ties, tag));
        return v;
    }
    if (filter_covers(&s->fresh, row)) {
        return FILTER_BEATEN;
    }
    return filter_append(s->next, row, ties, tag) ? FILTER_KEPT : FILTER_FULL;
}

/* Filters the sorted rows of aside into next; `old`: above the number of all rows kept before. */
static enum sifted sift_rows(struct scan *s, size_t rows, size_t old, const struct budget *budget)
{
    uint32_t parties = s->o.p->parties;
    uint64_t asked = 0;
    filter_reset(s->next, NULL);
    filter_reset(&s->fresh, NULL);
    s->all_new = old == 0;
    for (size_t r = 0; r < rows; r++) {
        const int64_t *row = s->aside + r * s->width;
        if (sift_row(s, row, (uint64_t)row[parties + 1] < old) == FILTER_FULL) {
            return SIFT_FULL;
        }
        uint64_t looks = s->next->looks + s->fresh.looks;
        if (looks - asked >= STOP_LOOKS) {
            asked = looks;
            if (budget_stop(budget)) {
                return SIFT_STOPPED;
            }
        }
    }
    return SIFTED;
}

/* The frontier so far and what was put aside become the new frontier so far. */
static bool settle(struct scan *s, const struct budget *budget, struct arena *mem, struct err *err)
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
    enum sifted sifted;
    while ((sifted = sift_rows(s, rows, (size_t)old, budget)) == SIFT_FULL) {
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
    if (sifted == SIFT_STOPPED) {
        s->dropped = true; /* the frontier so far stays */
        return true;
    }
    struct filter *t = s->best;
    s->best = s->next;
    s->next = t;
    s->best->slack = NULL;
    s->settled = s->o.number;
    /* Filtering goes over the whole frontier so far: the larger it is, the more is put aside. */
    size_t most = 2 * s->best->count;
    s->aside_most = most < ASIDE_LEAST ? ASIDE_LEAST : (most < ASIDE_ROWS ? most : ASIDE_ROWS);
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

/* Does a row of the quick look beat this combination of worths?  Equal is not beaten. */
static bool row_beats(const int64_t *row, const int64_t *u, uint32_t parties)
{
    int64_t better = 0;
    for (uint32_t k = 0; k < parties; k++) {
        if (row[k] < u[k]) {
            return false;
        }
        better |= row[k] - u[k];
    }
    return better != 0;
}

static bool quick_beats(struct scan *s, const int64_t *u)
{
    uint32_t parties = s->o.p->parties;
    if (parties == 2) {
        /* The step's number is below STEPS by the shift; what lies below the lowest is of that. */
        uint64_t above = u[0] > s->low ? (uint64_t)(u[0] - s->low) : 0;
        return u[1] < s->step[above >> s->shift];
    }
    if (s->quick_hint < s->quick_count && row_beats(s->quick[s->quick_hint], u, parties)) {
        return true;
    }
    for (size_t q = 0; q < s->quick_count; q++) {
        if (row_beats(s->quick[q], u, parties)) {
            s->quick_hint = q;
            return true;
        }
    }
    return false;
}

static bool is_good(const struct problem *p, const int64_t *u)
{
    for (uint32_t k = 0; k < p->parties; k++) {
        if (u[k] < p->reserve[k]) {
            return false;
        }
    }
    return true;
}

/* Package by package. */
static void scan_run(struct scan *s, size_t from, size_t end, bool beaten, uint64_t *acceptable)
{
    struct odometer *o = &s->o;
    const uint32_t parties = o->p->parties;
    int64_t u[PROBLEM_PARTIES_MAX];
    if (!o->filled) {
        fill_block(o);
    }
    for (size_t i = from; i < end; i++) {
        for (uint32_t k = 0; k < parties; k++) {
            u[k] = o->u[k][i];
        }
        bool allowed = o->refused == NULL || o->refused[i] == 0;
        bool good = allowed && is_good(o->p, u);
        *acceptable += good;
        if ((s->scope == FRONTIER_ALL ? allowed : good) && !beaten && !quick_beats(s, u)) {
            put_aside(s, i);
        }
    }
}

/* The present block, from run *run on, until enough is put aside or the block ends.  What the runs
 * have at most and at least settles most of them as a whole. */
static void scan_block(struct scan *s, size_t *run, uint64_t *acceptable)
{
    struct odometer *o = &s->o;
    const struct problem *p = o->p;
    for (; *run < o->runs && s->aside_count + RUN <= s->aside_most; (*run)++) {
        int64_t top[PROBLEM_PARTIES_MAX];
        bool none = false;
        bool all = o->refused == NULL;
        for (uint32_t k = 0; k < p->parties; k++) {
            top[k] = o->top[k][*run] + o->outer[k];
            none = none || top[k] < p->reserve[k];
            all = all && o->bottom[k][*run] + o->outer[k] >= p->reserve[k];
        }
        size_t from = *run * RUN;
        size_t end = from + RUN < o->inner ? from + RUN : o->inner;
        bool beaten = (none && s->scope != FRONTIER_ALL) || quick_beats(s, top);
        if (!beaten || !(none || all)) {
            scan_run(s, from, end, beaten, acceptable);
        } else if (all) {
            *acceptable += end - from;
        }
    }
}

/* Blocks between two looks at the budget. */
static uint32_t stop_blocks(const struct odometer *o)
{
    size_t block = o->inner * (o->p->parties + o->p->box_count / 8);
    return block < STOP_WORK ? (uint32_t)(STOP_WORK / block) : 1;
}

static bool spent(const struct budget *budget, const struct odometer *o, uint32_t *until)
{
    if (o->number >= budget->work) {
        return true;
    }
    if (--*until > 0) {
        return false;
    }
    *until = stop_blocks(o);
    return budget_stop(budget);
}

static void note_most(const struct odometer *o, int64_t *most)
{
    for (uint32_t k = 0; k < o->p->parties; k++) {
        int64_t m = most[k];
        for (size_t r = 0; r < o->runs; r++) {
            int64_t top = o->top[k][r] + o->outer[k];
            m = top > m ? top : m;
        }
        most[k] = m;
    }
}

static bool scan_all(struct scan *s, const struct budget *budget, struct arena *mem,
                     struct outcomes *counts, struct err *err)
{
    uint32_t until = 1;
    bool more = true;
    s->aside_most = ASIDE_LEAST;
    while (more && !s->dropped && !spent(budget, &s->o, &until)) {
        odometer_begin(&s->o);
        for (size_t run = 0; run < s->o.runs;) {
            scan_block(s, &run, &counts->acceptable);
            if (run < s->o.runs && !settle(s, budget, mem, err)) {
                return false;
            }
        }
        counts->seen += s->o.inner;
        note_most(&s->o, counts->most);
        more = odometer_turn(&s->o);
    }
    return settle(s, budget, mem, err);
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
    struct outcomes counts = {.total = s->o.total, .bounded = true};
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
                            .exact = counts.seen == counts.total && !s->thinned && !s->dropped};
    memcpy(made.epsilon, s->epsilon, sizeof(made.epsilon));
    if (counts.seen < counts.total || s->dropped) {
        counts.bounded = rest_gap(&made, s->settled, made.epsilon);
    }
    *out_frontier = made;
    *out = counts;
    return true;
}

bool outcomes_consent(const struct problem *p, const struct budget *budget, struct arena *mem,
                      bool *out_sets, struct outcomes *out, struct err *err)
{
    struct odometer o;
    uint32_t until = 1;
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
    uint32_t until = 1;
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
