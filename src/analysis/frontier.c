/* SPDX-License-Identifier: Apache-2.0 */
#include "analysis/frontier.h"

#include "base/check.h"
#include "base/num.h"
#include "base/sort.h"

enum {
    STOP_EVERY = 1 << 13, /* merged rows between two looks at the budget */
    ROW_HEADS = 16,       /* up to so many lists are compared in a row, more in a heap */
    STOP_LOOKS = 1 << 18, /* or so many comparisons of the filter */
    HURRY_ROWS = 1 << 11, /* a list's length once the budget is spent, two parties */
    HURRY_MANY = 1 << 8,  /* and more: a row is compared with many */
    ROWS_LEAST = 64,      /* the least memory that is worth starting with */
    THIN_BITS = 24        /* the first slack tried: the range / 2^24 */
};

/* The options of an issue that matter. */
struct step {
    uint32_t issue;
    uint32_t groups;
    const int64_t *worth; /* [group * parties + party] */
    const uint64_t *ties;
};

struct head {
    const struct step *step;
    uint32_t group;
    size_t at;   /* the next row of the list */
    size_t hint; /* what beat the last row (struct filter) */
    int64_t a;   /* the sum there, of the first party and of the second */
    int64_t b;
};

struct merge {
    const struct problem *p;
    const struct budget *budget;
    uint32_t parties;
    struct filter filter[2];
    struct filter *now;
    struct filter *next;
    struct head *heads;
    int64_t need[PROBLEM_PARTIES_MAX]; /* sums below are of no use; the least int64 for none */
    int64_t slack[PROBLEM_PARTIES_MAX];
    bool hurry;
    struct frontier out;
};

size_t frontier_find(const int64_t *u, size_t count, uint32_t parties, const int64_t *sum)
{
    size_t low = 0;
    size_t high = count;
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        int c = row_cmp(u + mid * parties, sum, parties);
        if (c == 0) {
            return mid;
        }
        if (c < 0) {
            low = mid + 1;
        } else {
            high = mid;
        }
    }
    return SIZE_MAX;
}

/* ---- the options that matter ---- */

static void sift(uint32_t *heap, uint32_t count, uint32_t at, const int64_t *worth,
                 uint32_t parties)
{
    for (;;) {
        uint32_t child = 2 * at + 1;
        if (child >= count) {
            return;
        }
        if (child + 1 < count && row_cmp(worth + (size_t)heap[child + 1] * parties,
                                         worth + (size_t)heap[child] * parties, parties) > 0) {
            child++;
        }
        if (row_cmp(worth + (size_t)heap[child] * parties, worth + (size_t)heap[at] * parties,
                    parties) <= 0) {
            return;
        }
        uint32_t t = heap[at];
        heap[at] = heap[child];
        heap[child] = t;
        at = child;
    }
}

/* Heap sort: no memory, and equal options are all one here. */
static void sort_options(uint32_t *order, uint32_t count, const int64_t *worth, uint32_t parties)
{
    for (uint32_t i = 0; i < count; i++) {
        order[i] = i;
    }
    for (uint32_t i = count / 2; i > 0; i--) {
        sift(order, count, i - 1, worth, parties);
    }
    for (uint32_t n = count; n > 1; n--) {
        uint32_t t = order[0];
        order[0] = order[n - 1];
        order[n - 1] = t;
        sift(order, n - 1, 0, worth, parties);
    }
}

uint32_t frontier_groups(const struct problem *p, uint32_t issue, struct filter *f,
                         uint32_t *scratch, int64_t *out_worth, uint64_t *out_ties)
{
    uint32_t count = p->options[issue];
    const int64_t *worth = p->worth[issue];
    sort_options(scratch, count, worth, p->parties);
    filter_reset(f, NULL);
    for (uint32_t i = 0; i < count; i++) {
        enum filter_verdict v = filter_add(f, worth + (size_t)scratch[i] * p->parties, 1,
                                           scratch[i]);
        CHECK(v != FILTER_FULL);
    }
    memcpy(out_worth, f->u, f->count * p->parties * sizeof(*out_worth));
    memcpy(out_ties, f->ties, f->count * sizeof(*out_ties));
    return (uint32_t)f->count; /* at most the options, which are few */
}

static bool make_steps(struct merge *m, struct arena *mem, struct step **out, struct err *err)
{
    const struct problem *p = m->p;
    struct filter f;
    uint32_t most = 1;
    for (uint32_t i = 0; i < p->issues; i++) {
        most = p->options[i] > most ? p->options[i] : most;
    }
    struct step *steps = ARENA_NEW(mem, struct step, p->issues);
    uint32_t *scratch = ARENA_NEW(mem, uint32_t, most);
    int64_t *worth = ARENA_NEW(mem, int64_t, (size_t)most * p->parties);
    uint64_t *ties = ARENA_NEW(mem, uint64_t, most);
    if (mem->failed || !filter_init(&f, p->parties, most, mem, err)) {
        return err_memory(err, "the options that matter");
    }
    for (uint32_t i = 0; i < p->issues; i++) {
        uint32_t groups = frontier_groups(p, i, &f, scratch, worth, ties);
        int64_t *kept = ARENA_NEW(mem, int64_t, (size_t)groups * p->parties);
        uint64_t *kept_ties = ARENA_NEW(mem, uint64_t, groups);
        if (mem->failed) {
            return err_memory(err, "the options that matter");
        }
        memcpy(kept, worth, (size_t)groups * p->parties * sizeof(*kept));
        memcpy(kept_ties, ties, groups * sizeof(*kept_ties));
        steps[i] = (struct step){.issue = i, .groups = groups, .worth = kept, .ties = kept_ties};
    }
    *out = steps;
    return true;
}

static int step_cmp(const void *a, const void *b, void *ctx)
{
    const struct step *x = a;
    const struct step *y = b;
    (void)ctx;
    return (x->groups > y->groups) - (x->groups < y->groups);
}

/* ---- merging ---- */

static void head_sum(const struct merge *m, const struct head *h, int64_t *out)
{
    const int64_t *row = m->now->u + h->at * m->parties;
    const int64_t *worth = h->step->worth + (size_t)h->group * m->parties;
    for (uint32_t k = 0; k < m->parties; k++) {
        out[k] = row[k] + worth[k];
    }
}

static int head_cmp(const struct merge *m, const struct head *x, const struct head *y)
{
    if (x->a != y->a) {
        return x->a > y->a ? -1 : 1;
    }
    if (x->b != y->b) {
        return x->b > y->b ? -1 : 1;
    }
    const int64_t *row_x = m->now->u + x->at * m->parties;
    const int64_t *row_y = m->now->u + y->at * m->parties;
    const int64_t *worth_x = x->step->worth + (size_t)x->group * m->parties;
    const int64_t *worth_y = y->step->worth + (size_t)y->group * m->parties;
    for (uint32_t k = 2; k < m->parties; k++) {
        int64_t sum_x = row_x[k] + worth_x[k];
        int64_t sum_y = row_y[k] + worth_y[k];
        if (sum_x != sum_y) {
            return sum_x > sum_y ? -1 : 1;
        }
    }
    return 0;
}

/* Few heads: the best one is swapped to the front.  The loops have no branch to guess wrong: the
 * largest first sum, then a bit for each head that has it. */
static void heads_front(const struct merge *m, uint32_t count)
{
    struct head *heads = m->heads;
    int64_t most = heads[0].a;
    uint32_t with = 0;
    for (uint32_t i = 1; i < count; i++) {
        most = heads[i].a > most ? heads[i].a : most;
    }
    for (uint32_t i = 0; i < count; i++) {
        with |= (uint32_t)(heads[i].a == most) << i;
    }
    uint32_t best = (uint32_t)__builtin_ctz(with);
    for (with &= with - 1; with != 0; with &= with - 1) {
        uint32_t i = (uint32_t)__builtin_ctz(with);
        best = head_cmp(m, &heads[i], &heads[best]) < 0 ? i : best;
    }
    if (best != 0) {
        struct head t = heads[0];
        heads[0] = heads[best];
        heads[best] = t;
    }
}

/* The first head has moved on, or another was put in its place: the best one comes to the front. */
static void heads_order(const struct merge *m, uint32_t count)
{
    if (count <= ROW_HEADS) {
        if (count > 1) {
            heads_front(m, count);
        }
        return;
    }
    struct head moved = m->heads[0];
    uint32_t at = 0;
    for (;;) {
        uint32_t child = 2 * at + 1;
        if (child >= count) {
            break;
        }
        if (child + 1 < count && head_cmp(m, &m->heads[child + 1], &m->heads[child]) < 0) {
            child++;
        }
        if (head_cmp(m, &moved, &m->heads[child]) <= 0) {
            break;
        }
        m->heads[at] = m->heads[child];
        at = child;
    }
    m->heads[at] = moved;
}

static void head_load(const struct merge *m, struct head *h)
{
    const int64_t *row = m->now->u + h->at * m->parties;
    const int64_t *worth = h->step->worth + (size_t)h->group * m->parties;
    h->a = row[0] + worth[0];
    h->b = m->parties > 1 ? row[1] + worth[1] : 0;
}

/* The first head's list is at its end, or goes on at h->at. */
static uint32_t heads_next(const struct merge *m, uint32_t heads)
{
    struct head *h = &m->heads[0];
    if (h->at < m->now->count) {
        head_load(m, h);
    } else {
        *h = m->heads[--heads];
    }
    heads_order(m, heads);
    return heads;
}

/* All lists start at their first row; the groups descend, so the heads are a heap as they stand. */
static uint32_t heads_start(const struct merge *m, const struct step *s)
{
    uint32_t count = m->now->count > 0 ? s->groups : 0;
    for (uint32_t g = 0; g < count; g++) {
        m->heads[g] = (struct head){.step = s, .group = g};
        head_load(m, &m->heads[g]);
    }
    return count;
}

/* Of two parties: the first row from h->at on whose second sum is above best; second sums ascend.
 * Steps that double, then halves. */
static size_t leap(const struct merge *m, const struct head *h, int64_t best)
{
    const int64_t *u = m->now->u;
    size_t count = m->now->count;
    int64_t above = best - h->step->worth[(size_t)h->group * 2 + 1];
    size_t low = h->at; /* not above */
    size_t step = 1;
    while (low + step < count && u[(low + step) * 2 + 1] <= above) {
        low += step;
        step *= 2;
    }
    size_t high = low + step < count ? low + step : count;
    low++;
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        if (u[mid * 2 + 1] <= above) {
            low = mid + 1;
        } else {
            high = mid;
        }
    }
    return low;
}

enum merged { MERGED, MERGE_FULL, MERGE_STOPPED };

static bool told_to_stop(struct merge *m)
{
    if (!m->hurry && budget_stop(m->budget)) {
        m->hurry = true;
        return true;
    }
    return false;
}

/* Two parties.  A list whose head is not above the best second sum so far leaps. */
static enum merged merge_two(struct merge *m, const struct step *s)
{
    struct filter *out = m->next;
    uint32_t heads = heads_start(m, s);
    int64_t best = m->need[1] == INT64_MIN ? INT64_MIN : m->need[1] - 1;
    size_t count = 0;
    uint32_t until = STOP_EVERY;
    while (heads > 0) {
        struct head *h = &m->heads[0];
        if (h->a < m->need[0]) {
            break; /* every other one is lower still */
        }
        if (h->b > best) {
            if (count == out->cap) {
                return MERGE_FULL;
            }
            out->u[count * 2] = h->a;
            out->u[count * 2 + 1] = h->b;
            out->ties[count++] = ties_mul(m->now->ties[h->at], s->ties[h->group]);
            best = h->b;
            h->at++;
        } else if (count > 0 && h->b == best && h->a == out->u[count * 2 - 2]) {
            out->ties[count - 1] = ties_add(out->ties[count - 1],
                                            ties_mul(m->now->ties[h->at], s->ties[h->group]));
            h->at++;
        } else {
            h->at = leap(m, h, best);
        }
        heads = heads_next(m, heads);
        if (--until == 0) {
            until = STOP_EVERY;
            if (told_to_stop(m)) {
                return MERGE_STOPPED;
            }
        }
    }
    out->count = count;
    return MERGED;
}

static enum merged merge_many(struct merge *m, const struct step *s)
{
    uint32_t heads = heads_start(m, s);
    int64_t sum[PROBLEM_PARTIES_MAX];
    uint32_t until = STOP_EVERY;
    uint64_t looks = STOP_LOOKS;
    filter_reset(m->next, NULL);
    while (heads > 0) {
        struct head *h = &m->heads[0];
        head_sum(m, h, sum);
        if (row_covers(sum, m->need, m->parties)) {
            m->next->hint = h->hint; /* what beat this list's last row may well beat the next */
            if (filter_add(m->next, sum, ties_mul(m->now->ties[h->at], s->ties[h->group]), 0) ==
                FILTER_FULL) {
                return MERGE_FULL;
            }
            h->hint = m->next->hint;
        }
        h->at++;
        heads = heads_next(m, heads);
        if (--until == 0 || m->next->looks > looks) {
            until = STOP_EVERY;
            looks = m->next->looks + STOP_LOOKS;
            if (told_to_stop(m)) {
                return MERGE_STOPPED;
            }
        }
    }
    return MERGED;
}

static void turn(struct merge *m)
{
    struct filter *t = m->now;
    m->now = m->next;
    m->next = t;
}

/* Into the next list, with a slack of the range / 2^bits.  False: that leaves more than target. */
static bool thin_by(struct merge *m, const int64_t *low, const int64_t *high, int bits,
                    size_t target)
{
    for (uint32_t k = 0; k < m->parties; k++) {
        m->slack[k] = ((high[k] - low[k]) >> bits) + (bits > 0 ? 1 : 0);
    }
    filter_reset(m->next, m->slack);
    for (size_t r = 0; r < m->now->count; r++) {
        if (filter_add(m->next, m->now->u + r * m->parties, m->now->ties[r], 0) == FILTER_FULL ||
            m->next->count > target) {
            return false;
        }
    }
    return true;
}

static size_t hurry_rows(const struct merge *m)
{
    return m->parties <= 2 ? HURRY_ROWS : HURRY_MANY;
}

/* Thins the present list to at most `target` rows, which is at least 1, by the smallest slack of
 * halves of the range that does it. */
static void thin(struct merge *m, size_t target)
{
    int64_t low[PROBLEM_PARTIES_MAX];
    int64_t high[PROBLEM_PARTIES_MAX];
    int tried = -1;
    if (m->now->count <= target) {
        return;
    }
    for (uint32_t k = 0; k < m->parties; k++) {
        low[k] = high[k] = m->now->u[k];
    }
    for (size_t r = 1; r < m->now->count; r++) {
        for (uint32_t k = 0; k < m->parties; k++) {
            int64_t v = m->now->u[r * m->parties + k];
            low[k] = v < low[k] ? v : low[k];
            high[k] = v > high[k] ? v : high[k];
        }
    }
    /* With no bits one row covers all; of more bits the most that fit, by halving. */
    int fit = 0;
    for (int end = THIN_BITS + 1; end - fit > 1;) {
        int mid = fit + (end - fit) / 2;
        if (thin_by(m, low, high, mid, target)) {
            fit = mid;
        } else {
            end = mid;
        }
        tried = mid;
    }
    if (tried != fit) {
        bool fits = thin_by(m, low, high, fit, target);
        CHECK(fits);
    }
    for (uint32_t k = 0; k < m->parties; k++) {
        m->out.epsilon[k] += m->slack[k];
    }
    m->out.exact = false;
    turn(m);
}

static bool keep_layer(struct merge *m, struct frontier_layer *layer, size_t layers_left,
                       struct arena *mem, struct err *err)
{
    size_t row = m->parties * sizeof(int64_t);
    size_t room = (mem->cap - mem->used) / layers_left / row;
    thin(m, room > 1 ? room - 1 : 1);
    if (m->hurry) {
        thin(m, hurry_rows(m));
    }
    m->out.widest = m->now->count > m->out.widest ? m->now->count : m->out.widest;
    int64_t *u = ARENA_NEW(mem, int64_t, m->now->count * m->parties);
    if (u == NULL) {
        return err_memory(err, "the frontier");
    }
    memcpy(u, m->now->u, m->now->count * row);
    *layer = (struct frontier_layer){.count = m->now->count, .u = u};
    return true;
}

/* What the sums of a step must reach, given what later steps can add. */
static void set_needs(struct merge *m, const struct step *steps, uint32_t done)
{
    for (uint32_t k = 0; k < m->parties; k++) {
        if (m->out.scope == FRONTIER_ALL || m->p->reserve[k] == PROBLEM_NONE) {
            m->need[k] = INT64_MIN;
            continue;
        }
        int64_t rest = 0;
        for (uint32_t i = done + 1; i < m->p->issues; i++) {
            int64_t most = steps[i].worth[k];
            for (uint32_t g = 1; g < steps[i].groups; g++) {
                int64_t w = steps[i].worth[(size_t)g * m->parties + k];
                most = w > most ? w : most;
            }
            rest += most;
        }
        m->need[k] = m->p->reserve[k] - rest;
    }
}

static bool merge_steps(struct merge *m, const struct step *steps, struct frontier_layer *layers,
                        struct arena *mem, struct err *err)
{
    uint32_t issues = m->p->issues;
    memset(m->now->u, 0, m->parties * sizeof(int64_t));
    m->now->ties[0] = 1;
    m->now->count = 1;
    if (!keep_layer(m, &layers[0], issues + 1, mem, err)) {
        return false;
    }
    for (uint32_t i = 0; i < issues; i++) {
        set_needs(m, steps, i);
        (void)told_to_stop(m); /* keep_layer thins from then on */
        enum merged done;
        do {
            done = m->parties == 2 ? merge_two(m, &steps[i]) : merge_many(m, &steps[i]);
            if (done == MERGE_FULL) {
                thin(m, m->now->count / 2 > 1 ? m->now->count / 2 : 1);
            } else if (done == MERGE_STOPPED) {
                thin(m, hurry_rows(m));
            }
        } while (done != MERGED);
        turn(m);
        if (!keep_layer(m, &layers[i + 1], issues - i, mem, err)) {
            return false;
        }
    }
    return true;
}

bool frontier_merge(const struct problem *p, enum frontier_scope scope, const struct budget *budget,
                    struct arena *mem, struct frontier *out, struct err *err)
{
    struct merge m = {.p = p, .budget = budget, .parties = p->parties};
    struct step *steps = NULL;
    uint32_t most = 1;
    CHECK(problem_additive(p));
    m.out = (struct frontier){.problem = p, .scope = scope, .exact = true};
    if (!make_steps(&m, mem, &steps, err)) {
        return false;
    }
    if (!sort_stable(steps, p->issues, sizeof(*steps), step_cmp, NULL, mem)) {
        return err_memory(err, "the order of the issues");
    }
    uint32_t *order = ARENA_NEW(mem, uint32_t, p->issues);
    struct frontier_layer *layers = ARENA_NEW(mem, struct frontier_layer, (size_t)p->issues + 1);
    for (uint32_t i = 0; i < p->issues; i++) {
        most = steps[i].groups > most ? steps[i].groups : most;
    }
    m.heads = ARENA_NEW(mem, struct head, most);
    if (mem->failed) {
        return err_memory(err, "the frontier");
    }
    for (uint32_t i = 0; i < p->issues; i++) {
        order[i] = steps[i].issue;
    }
    /* A third of the memory for each of the two lists, the rest for the layers; pages that are not
     * written to cost nothing. */
    size_t rows = (mem->cap - mem->used) / 3 / (filter_row_bytes(p->parties) + 8);
    if (rows < ROWS_LEAST || rows < most) {
        return err_set(err, ERR_MEMORY, "the memory budget is too small for this problem") ||
               err_mend(err, "raise --budget-memory");
    }
    m.now = &m.filter[0];
    m.next = &m.filter[1];
    if (!filter_init(m.now, p->parties, rows, mem, err) ||
        !filter_init(m.next, p->parties, rows, mem, err)) {
        return false;
    }
    if (!merge_steps(&m, steps, layers, mem, err)) {
        return false;
    }
    m.out.count = m.now->count;
    m.out.u = layers[p->issues].u;
    m.out.ties = m.now->ties;
    m.out.order = order;
    m.out.layers = layers;
    *out = m.out;
    return true;
}

/* ---- back to packages ---- */

struct walk {
    const struct frontier *f;
    size_t max;
    size_t found;
    uint32_t *out;
    uint32_t *package;
};

/* All ways to reach `sum` with the first `depth` issues, which is some row of that layer. */
static void walk_back(struct walk *w, uint32_t depth, const int64_t *sum)
{
    const struct problem *p = w->f->problem;
    if (depth == 0) {
        memcpy(w->out + w->found * p->issues, w->package, p->issues * sizeof(*w->out));
        w->found++;
        return;
    }
    const struct frontier_layer *before = &w->f->layers[depth - 1];
    uint32_t issue = w->f->order[depth - 1];
    int64_t rest[PROBLEM_PARTIES_MAX];
    for (uint32_t o = 0; o < p->options[issue] && w->found < w->max; o++) {
        const int64_t *worth = problem_worth(p, issue, o);
        for (uint32_t k = 0; k < p->parties; k++) {
            rest[k] = sum[k] - worth[k];
        }
        if (frontier_find(before->u, before->count, p->parties, rest) != SIZE_MAX) {
            w->package[issue] = o;
            walk_back(w, depth - 1, rest);
        }
    }
}

size_t frontier_packages(const struct frontier *f, size_t point, size_t max, uint32_t *out)
{
    CHECK(point < f->count);
    if (max == 0) {
        return 0;
    }
    if (f->layers == NULL) {
        problem_package(f->problem, f->number[point], out);
        return 1;
    }
    uint32_t package[PROBLEM_ISSUES_MAX] = {0};
    struct walk w = {.f = f, .max = max, .out = out, .package = package};
    walk_back(&w, f->problem->issues, f->u + point * f->problem->parties);
    CHECK(w.found > 0);
    return w.found;
}

void frontier_package(const struct frontier *f, size_t point, uint32_t *out)
{
    size_t n = frontier_packages(f, point, 1, out);
    CHECK(n == 1);
}
