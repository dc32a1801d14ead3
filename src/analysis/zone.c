/* SPDX-License-Identifier: Apache-2.0 */
#include "analysis/zone.h"

#include "analysis/tally.h"
#include "base/check.h"
#include "base/sort.h"

enum { STOP_EVERY = 1 << 10, HALF_MOST = 1 << 18, QUICK_PARTS = 1 << 10 };

struct count {
    const struct problem *p;
    const struct budget *budget;
    uint32_t *order;   /* issues, those that matter most first */
    int64_t *low;      /* [place * parties + party]: least and most that the issues from there on */
    int64_t *high;     /* can add */
    struct big *sizes; /* [place]: packages of the issues from there on */
    uint32_t until;
    bool stopped;
    struct zone_count out;
};

static int64_t reserve_of(const struct problem *p, uint32_t k)
{
    return p->reserve[k];
}

/* All packages that begin like this one; `parts` of work may be spent on them. */
static void count_additive(struct count *c, uint32_t place, const int64_t *sum, uint64_t parts)
{
    const struct problem *p = c->p;
    bool all = true;
    for (uint32_t k = 0; k < p->parties; k++) {
        int64_t need = reserve_of(p, k);
        if (need == PROBLEM_NONE) {
            continue;
        }
        if (sum[k] + c->high[(size_t)place * p->parties + k] < need) {
            return;
        }
        all = all && sum[k] + c->low[(size_t)place * p->parties + k] >= need;
    }
    if (all) {
        big_add(&c->out.low, &c->sizes[place]);
        big_add(&c->out.high, &c->sizes[place]);
        return;
    }
    if (--c->until == 0) {
        c->until = STOP_EVERY;
        c->stopped = c->stopped || budget_stop(c->budget);
    }
    uint32_t issue = c->order[place];
    uint32_t options = p->options[issue];
    if (c->stopped || parts < options) {
        big_add(&c->out.high, &c->sizes[place]);
        return;
    }
    for (uint32_t o = 0; o < options; o++) {
        int64_t next[PROBLEM_PARTIES_MAX];
        const int64_t *w = problem_worth(p, issue, o);
        for (uint32_t k = 0; k < p->parties; k++) {
            next[k] = sum[k] + w[k];
        }
        count_additive(c, place + 1, next, parts / options);
    }
}

static int64_t spread(const struct problem *p, uint32_t issue)
{
    int64_t most = 0;
    for (uint32_t k = 0; k < p->parties; k++) {
        int64_t low = problem_worth(p, issue, 0)[k];
        int64_t high = low;
        for (uint32_t o = 1; o < p->options[issue]; o++) {
            int64_t w = problem_worth(p, issue, o)[k];
            low = w < low ? w : low;
            high = w > high ? w : high;
        }
        /* In 2^-20ths of the utility's unit: parties differ in theirs. */
        int64_t share = (int64_t)((wide_signed)(high - low) * 1048576 / p->unit[k] > INT64_MAX
                                      ? INT64_MAX
                                      : (wide_signed)(high - low) * 1048576 / p->unit[k]);
        most = share > most ? share : most;
    }
    return most;
}

static bool count_prepare(struct count *c, struct arena *mem, struct err *err)
{
    const struct problem *p = c->p;
    size_t rows = (size_t)p->issues + 1;
    c->order = ARENA_NEW(mem, uint32_t, p->issues);
    c->low = ARENA_NEW(mem, int64_t, rows * p->parties);
    c->high = ARENA_NEW(mem, int64_t, rows * p->parties);
    c->sizes = ARENA_NEW(mem, struct big, rows);
    int64_t *spreads = ARENA_NEW(mem, int64_t, p->issues);
    if (mem->failed) {
        return err_memory(err, "counting the zone");
    }
    for (uint32_t i = 0; i < p->issues; i++) {
        uint32_t at = i;
        int64_t s = spread(p, i);
        while (at > 0 && spreads[at - 1] < s) {
            spreads[at] = spreads[at - 1];
            c->order[at] = c->order[at - 1];
            at--;
        }
        spreads[at] = s;
        c->order[at] = i;
    }
    big_set(&c->sizes[p->issues], 1);
    for (uint32_t i = p->issues; i > 0; i--) {
        uint32_t issue = c->order[i - 1];
        big_copy(&c->sizes[i - 1], &c->sizes[i]);
        big_mul(&c->sizes[i - 1], p->options[issue]);
        for (uint32_t k = 0; k < p->parties; k++) {
            int64_t low = problem_worth(p, issue, 0)[k];
            int64_t high = low;
            for (uint32_t o = 1; o < p->options[issue]; o++) {
                int64_t w = problem_worth(p, issue, o)[k];
                low = w < low ? w : low;
                high = w > high ? w : high;
            }
            size_t at = (size_t)(i - 1) * p->parties + k;
            c->low[at] = c->low[at + p->parties] + low;
            c->high[at] = c->high[at + p->parties] + high;
        }
    }
    return true;
}

/* ---- two halves ---- */

/* Worths to the two parties that have a reserve; of one alone the second is 0 and needs 0. */
struct pair {
    int64_t x;
    int64_t y;
};

static int x_cmp(const void *a, const void *b, void *ctx)
{
    const struct pair *p = a;
    const struct pair *q = b;
    (void)ctx;
    return (p->x > q->x) - (p->x < q->x);
}

static int y_cmp(const void *a, const void *b, void *ctx)
{
    const int64_t *p = a;
    const int64_t *q = b;
    (void)ctx;
    return (*p > *q) - (*p < *q);
}

struct halves {
    uint32_t party[2]; /* who has a reserve */
    uint32_t parties;
    int64_t need[2];
    size_t count[2];
    struct pair *half[2];
};

/* Each issue goes to the half that is smaller so far.  False: too large. */
static bool split(const struct problem *p, struct halves *h, uint8_t *side)
{
    size_t count[2] = {1, 1};
    for (uint32_t i = 0; i < p->issues; i++) {
        unsigned to = count[0] <= count[1] ? 0 : 1;
        if (p->options[i] > HALF_MOST / count[to]) {
            return false;
        }
        count[to] *= p->options[i];
        side[i] = (uint8_t)to;
    }
    memcpy(h->count, count, sizeof(count));
    return true;
}

static void list_half(const struct problem *p, struct halves *h, unsigned to, const uint8_t *side)
{
    struct pair *half = h->half[to];
    size_t done = 1;
    half[0] = (struct pair){0};
    for (uint32_t i = 0; i < p->issues; i++) {
        /* The last option first: what is there serves all of them. */
        for (uint32_t o = side[i] == to ? p->options[i] : 0; o > 0; o--) {
            const int64_t *w = problem_worth(p, i, o - 1);
            int64_t x = w[h->party[0]];
            int64_t y = h->parties == 2 ? w[h->party[1]] : 0;
            for (size_t at = 0; at < done; at++) {
                half[(o - 1) * done + at] = (struct pair){half[at].x + x, half[at].y + y};
            }
        }
        done *= side[i] == to ? p->options[i] : 1;
    }
}

/* As the first worths of one half rise, more and more of the other half will do for the first party;
 * of those a tree of counts by the second worth knows how many do for the second. */
static bool match(struct halves *h, struct arena *mem, uint64_t *out)
{
    size_t n = h->count[1];
    int64_t *heights = ARENA_NEW(mem, int64_t, n);
    uint32_t *tree = ARENA_NEW(mem, uint32_t, n + 1);
    uint64_t total = 0;
    size_t left = n; /* of the second half: those from here on are in the tree */
    if (mem->failed) {
        return false;
    }
    for (size_t i = 0; i < n; i++) {
        heights[i] = h->half[1][i].y;
    }
    if (!sort_stable(heights, n, sizeof(*heights), y_cmp, NULL, mem) ||
        !sort_stable(h->half[0], h->count[0], sizeof(struct pair), x_cmp, NULL, mem) ||
        !sort_stable(h->half[1], n, sizeof(struct pair), x_cmp, NULL, mem)) {
        return false;
    }
    for (size_t i = 0; i < h->count[0]; i++) {
        const struct pair *p = &h->half[0][i];
        while (left > 0 && h->half[1][left - 1].x + p->x >= h->need[0]) {
            int64_t y = h->half[1][--left].y;
            size_t low = 0;
            for (size_t step = n; step > 0;) {
                size_t part = (step + 1) / 2;
                low += heights[low + part - 1] < y ? part : 0;
                step -= part;
            }
            for (size_t at = low + 1; at <= n; at += at & (0 - at)) {
                tree[at]++;
            }
        }
        /* How many heights are too low, and how many of those are in the tree. */
        size_t low = 0;
        for (size_t step = n; step > 0;) {
            size_t part = (step + 1) / 2;
            low += heights[low + part - 1] + p->y < h->need[1] ? part : 0;
            step -= part;
        }
        uint64_t under = 0;
        for (size_t at = low; at > 0; at &= at - 1) {
            under += tree[at];
        }
        total += (n - left) - under;
    }
    *out = total;
    return true;
}

/* False: it is not for this problem, or too large. */
static bool count_halves(const struct problem *p, struct arena *mem, struct zone_count *out)
{
    uint8_t side[PROBLEM_ISSUES_MAX];
    struct halves h = {0};
    uint64_t count = 0;
    for (uint32_t k = 0; k < p->parties; k++) {
        if (p->reserve[k] != PROBLEM_NONE) {
            if (h.parties == 2) {
                return false;
            }
            h.need[h.parties] = p->reserve[k];
            h.party[h.parties++] = k;
        }
    }
    if (h.parties == 0 || !split(p, &h, side)) {
        return false;
    }
    struct arena before = *mem;
    for (unsigned to = 0; to < 2; to++) {
        h.half[to] = ARENA_NEW(mem, struct pair, h.count[to]);
    }
    bool fits = !mem->failed;
    if (fits) {
        list_half(p, &h, 0, side);
        list_half(p, &h, 1, side);
        fits = match(&h, mem, &count);
    }
    arena_rewind(mem, before.used);
    mem->failed = before.failed;
    big_set(&out->low, count);
    big_set(&out->high, count);
    return fits;
}

bool zone_count(const struct problem *p, const struct budget *budget, struct arena *mem,
                struct zone_count *out, struct err *err)
{
    struct count *c = ARENA_NEW(mem, struct count, 1);
    int64_t sum[PROBLEM_PARTIES_MAX] = {0};
    if (c == NULL) {
        return err_memory(err, "counting the zone");
    }
    c->p = p;
    c->budget = budget;
    c->until = STOP_EVERY;
    if (!problem_additive(p)) {
        /* Nothing is settled early: all that is known is that it is one of these. */
        big_set(&out->low, 0);
        problem_size(p, &out->high);
        return true;
    }
    if (!count_prepare(c, mem, err)) {
        return false;
    }
    /* A few parts may settle all; then the halves; then as many parts as there may be. */
    uint64_t few = budget->work < QUICK_PARTS ? budget->work : QUICK_PARTS;
    count_additive(c, 0, sum, few);
    if (big_cmp(&c->out.low, &c->out.high) != 0) {
        if (count_halves(p, mem, out)) {
            return true;
        }
        big_set(&c->out.low, 0);
        big_set(&c->out.high, 0);
        count_additive(c, 0, sum, budget->work);
    }
    big_copy(&out->low, &c->out.low);
    big_copy(&out->high, &c->out.high);
    return big_cmp(&out->low, &out->high) == 0 || tally_bounds(p, budget, mem, out, err);
}

/* ---- who blocks ---- */

bool zone_blocking(bool *consent, uint32_t parties, struct arena *mem, struct zone_blocks *out,
                   struct err *err)
{
    uint32_t all = UINT32_C(1) << parties;
    size_t count = 0;
    /* Who would sign with others would sign with fewer. */
    for (uint32_t k = 0; k < parties; k++) {
        for (uint32_t s = 0; s < all; s++) {
            if ((s >> k & 1) != 0 && consent[s]) {
                consent[s & ~(UINT32_C(1) << k)] = true;
            }
        }
    }
    uint32_t *sets = ARENA_NEW(mem, uint32_t, all);
    if (sets == NULL) {
        return err_memory(err, "who blocks");
    }
    for (uint32_t size = 1; size <= parties; size++) {
        for (uint32_t s = 1; s < all; s++) {
            bool smallest = !consent[s] && (uint32_t)__builtin_popcount(s) == size;
            for (uint32_t k = 0; k < parties && smallest; k++) {
                uint32_t without = s & ~(UINT32_C(1) << k);
                smallest = without == s || without == 0 || consent[without];
            }
            if (smallest) {
                sets[count++] = s;
            }
        }
    }
    *out = (struct zone_blocks){.count = count, .set = sets};
    return true;
}

void zone_consent(const struct frontier *f, bool *consent)
{
    const struct problem *p = f->problem;
    memset(consent, 0, ((size_t)1 << p->parties) * sizeof(*consent));
    for (size_t r = 0; r < f->count; r++) {
        uint32_t set = 0;
        for (uint32_t k = 0; k < p->parties; k++) {
            set |= f->u[r * p->parties + k] >= p->reserve[k] ? UINT32_C(1) << k : 0;
        }
        consent[set] = true;
    }
}

void zone_concessions(const struct frontier *f, int64_t *out)
{
    const struct problem *p = f->problem;
    for (uint32_t k = 0; k < p->parties; k++) {
        out[k] = INT64_MAX;
    }
    for (size_t r = 0; r < f->count; r++) {
        const int64_t *row = f->u + r * p->parties;
        uint32_t below = 0;
        uint32_t who = 0;
        for (uint32_t k = 0; k < p->parties; k++) {
            if (row[k] < p->reserve[k]) {
                below++;
                who = k;
            }
        }
        if (below == 0) {
            memset(out, 0, p->parties * sizeof(*out));
            return;
        }
        if (below == 1) {
            int64_t short_by = p->reserve[who] - row[who];
            out[who] = short_by < out[who] ? short_by : out[who];
        }
    }
}
