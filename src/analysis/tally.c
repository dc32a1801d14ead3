/* SPDX-License-Identifier: Apache-2.0 */
#include "analysis/tally.h"

#include "base/check.h"

enum {
    WORK = 1 << 26, /* additions for each party, about */
    BINS_MOST = 1 << 16,
    BINS_LEAST = 1 << 8,
    FINE_BITS = 40 /* of a party's range, in the sum of all */
};

/* Above all rounding: each share is a sum of products in which at most 2^24 options and 2^16 bins
 * take part, each of them 2^-52 off. */
static const double widen = 1 + 1e-8;
static const double tiny = 1e-300; /* what underflows */

struct tally {
    const struct problem *p;
    const struct budget *budget;
    int64_t bins;     /* about */
    int64_t *worth;   /* [option] of the issue at hand, 0 and more */
    double *share[2]; /* [bin] of all packages of the issues so far, and with one more */
};

/* Worths above the issue's least: of one party, or of all together in shares of their ranges. */
#define TOGETHER UINT32_MAX

struct ranges {
    int64_t least[PROBLEM_PARTIES_MAX]; /* of all issues */
    int64_t span[PROBLEM_PARTIES_MAX];
};

static int64_t least_of(const struct problem *p, uint32_t issue, uint32_t party)
{
    int64_t least = problem_worth(p, issue, 0)[party];
    for (uint32_t o = 1; o < p->options[issue]; o++) {
        int64_t w = problem_worth(p, issue, o)[party];
        least = w < least ? w : least;
    }
    return least;
}

static int64_t fine(int64_t part, int64_t span)
{
    return span == 0 ? 0 : (int64_t)(((wide)(uint64_t)part << FINE_BITS) / (uint64_t)span);
}

/* Fills t->worth; the most of it. */
static int64_t weigh(struct tally *t, const struct ranges *r, uint32_t issue, uint32_t party)
{
    const struct problem *p = t->p;
    int64_t most = 0;
    memset(t->worth, 0, p->options[issue] * sizeof(*t->worth));
    for (uint32_t k = 0; k < p->parties; k++) {
        if (party != TOGETHER ? k != party : p->reserve[k] == PROBLEM_NONE) {
            continue;
        }
        int64_t least = least_of(p, issue, k);
        for (uint32_t o = 0; o < p->options[issue]; o++) {
            int64_t above = problem_worth(p, issue, o)[k] - least;
            t->worth[o] += party == TOGETHER ? fine(above, r->span[k]) : above;
        }
    }
    for (uint32_t o = 0; o < p->options[issue]; o++) {
        most = t->worth[o] > most ? t->worth[o] : most;
    }
    return most;
}

/* Shares of all packages, never too small: that reach `need` perhaps (the sums of bins being up to
 * `short` too low by themselves), and that perhaps do not.  False: the budget ended. */
static bool share_of(struct tally *t, const struct ranges *r, uint32_t party, int64_t span,
                     int64_t need, int64_t lost, double *out_reach, double *out_miss)
{
    const struct problem *p = t->p;
    const int64_t width = span / t->bins + 1;
    size_t count = 1;
    int64_t rest = lost;
    double *now = t->share[0];
    double *next = t->share[1];
    now[0] = 1;
    for (uint32_t i = 0; i < p->issues; i++) {
        size_t more = (size_t)(weigh(t, r, i, party) / width);
        int64_t most_rest = 0;
        const double each = 1.0 / p->options[i];
        memset(next, 0, (count + more) * sizeof(*next));
        for (uint32_t o = 0; o < p->options[i]; o++) {
            double *to = next + t->worth[o] / width;
            most_rest = t->worth[o] % width > most_rest ? t->worth[o] % width : most_rest;
            for (size_t b = 0; b < count; b++) {
                to[b] += now[b] * each;
            }
        }
        double *swap = now;
        now = next;
        next = swap;
        count += more;
        rest += most_rest;
        if (budget_stop(t->budget)) {
            return false;
        }
    }
    double reach = 0;
    double miss = 0;
    for (size_t b = 0; b < count; b++) {
        int64_t sum = (int64_t)b * width; /* at most the span */
        reach += sum + rest >= need ? now[b] : 0;
        miss += sum < need ? now[b] : 0;
    }
    *out_reach = reach * widen + tiny;
    *out_miss = miss * widen + tiny;
    return true;
}

/* total * share, rounded up. */
static void part_of(const struct big *total, double share, struct big *out)
{
    struct big one;
    uint32_t down = 0;
    while (share < 4503599627370496.0) { /* 2^52: exact */
        share *= 2;
        down++;
    }
    big_copy(out, total);
    big_mul(out, (uint64_t)share);
    for (; down > 0; down -= down < 32 ? down : 32) {
        (void)big_div(out, UINT64_C(1) << (down < 32 ? down : 32));
    }
    big_set(&one, 1);
    big_add(out, &one);
}

static void measure(const struct problem *p, struct ranges *out)
{
    uint32_t low[PROBLEM_ISSUES_MAX] = {0};
    uint32_t high[PROBLEM_ISSUES_MAX];
    for (uint32_t i = 0; i < p->issues; i++) {
        high[i] = p->options[i] - 1;
    }
    for (uint32_t k = 0; k < p->parties; k++) {
        int64_t most;
        problem_bounds(p, k, low, high, &out->least[k], &most);
        out->span[k] = most - out->least[k]; /* problem_check: it fits */
    }
}

static bool tally_init(struct tally *t, const struct problem *p, const struct budget *budget,
                       struct arena *mem, struct err *err)
{
    uint64_t options = 0;
    uint32_t most = 0;
    for (uint32_t i = 0; i < p->issues; i++) {
        options += p->options[i];
        most = p->options[i] > most ? p->options[i] : most;
    }
    int64_t bins = (int64_t)(WORK / options);
    bins = bins < BINS_MOST ? bins : BINS_MOST;
    *t = (struct tally){.p = p, .budget = budget, .bins = bins > BINS_LEAST ? bins : BINS_LEAST};
    /* Each issue's most, in bins rounded down: no more than the span's. */
    size_t room = (size_t)t->bins + 2;
    t->worth = ARENA_NEW(mem, int64_t, most);
    t->share[0] = ARENA_NEW(mem, double, room);
    t->share[1] = ARENA_NEW(mem, double, room);
    return !mem->failed || err_memory(err, "counting the zone");
}

bool tally_bounds(const struct problem *p, const struct budget *budget, struct arena *mem,
                  struct zone_count *out, struct err *err)
{
    struct tally t;
    struct ranges r;
    struct big total;
    struct big part;
    double refused = 0;
    double reached = 1;
    int64_t need = 0;
    int64_t span = 0;
    int64_t lost = 0;
    uint32_t asked = 0;
    CHECK(problem_additive(p));
    if (!tally_init(&t, p, budget, mem, err)) {
        return false;
    }
    measure(p, &r);
    for (uint32_t k = 0; k < p->parties; k++) {
        double reach;
        double miss;
        if (p->reserve[k] == PROBLEM_NONE || p->reserve[k] <= r.least[k]) {
            continue; /* signs everything */
        }
        int64_t over = p->reserve[k] - r.least[k];
        if (over > r.span[k]) {
            return true; /* signs nothing, which others see */
        }
        if (!share_of(&t, &r, k, r.span[k], over, 0, &reach, &miss)) {
            return true;
        }
        refused += miss;
        reached = reach < reached ? reach : reached;
        need += fine(over, r.span[k]);
        asked++;
    }
    for (uint32_t k = 0; k < p->parties; k++) {
        bool counts = p->reserve[k] != PROBLEM_NONE;
        span += counts ? INT64_C(1) << FINE_BITS : 0;
        lost += counts ? (int64_t)p->issues : 0; /* each part was rounded down */
    }
    if (asked > 1) {
        double reach;
        double miss;
        if (!share_of(&t, &r, TOGETHER, span, need, lost, &reach, &miss)) {
            return true;
        }
        reached = reach < reached ? reach : reached;
    }
    problem_size(p, &total);
    if (reached < 1) {
        part_of(&total, reached, &part);
        if (big_cmp(&part, &out->high) < 0) {
            big_copy(&out->high, &part);
        }
    }
    if (refused < 1) {
        part_of(&total, refused + tiny, &part);
        if (big_cmp(&part, &total) < 0) {
            big_sub(&total, &part);
            if (big_cmp(&total, &out->low) > 0) {
                big_copy(&out->low, &total);
            }
        }
    }
    return true;
}
