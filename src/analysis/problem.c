/* SPDX-License-Identifier: Apache-2.0 */
#include "analysis/problem.h"

#include "base/num.h"

static uint64_t magnitude(int64_t v)
{
    return v < 0 ? 0 - (uint64_t)v : (uint64_t)v;
}

/* Adds up what a party can reach at most on either side of 0. */
static bool reach_add(uint64_t *reach, int64_t worth)
{
    return u64_add(*reach, magnitude(worth), reach) && *reach < (uint64_t)PROBLEM_WORTH_MAX;
}

static bool check_reach(const struct problem *p, uint32_t party, struct err *err)
{
    uint64_t reach = 0;
    bool fits = true;
    for (uint32_t i = 0; i < p->issues && fits; i++) {
        uint64_t most = 0;
        for (uint32_t o = 0; o < p->options[i]; o++) {
            uint64_t m = magnitude(problem_worth(p, i, o)[party]);
            most = m > most ? m : most;
        }
        fits = u64_add(reach, most, &reach) && reach < (uint64_t)PROBLEM_WORTH_MAX;
    }
    for (uint32_t b = 0; b < p->box_count && fits; b++) {
        const struct problem_box *box = &p->boxes[b];
        fits = box->kind != PROBLEM_BOX_ADDS || box->party != party ||
               reach_add(&reach, box->worth);
    }
    if (fits && p->reserve[party] != PROBLEM_NONE) {
        fits = magnitude(p->reserve[party]) < (uint64_t)PROBLEM_WORTH_MAX;
    }
    return fits ||
           err_set(err, ERR_LIMIT, "the worths of party %u add up to more than 2^62 units",
                   party + 1) ||
           err_mend(err, "give them fewer digits");
}

static bool check_box(const struct problem *p, uint32_t at, struct err *err)
{
    const struct problem_box *b = &p->boxes[at];
    if (b->party >= p->parties && (b->party != PROBLEM_NOBODY || b->kind != PROBLEM_BOX_FORBIDS)) {
        return err_set(err, ERR_FORMAT, "box %u belongs to party %u, and there are %u", at + 1,
                       b->party + 1, p->parties);
    }
    for (uint32_t r = 0; r < b->range_count; r++) {
        const struct problem_range *g = &b->ranges[r];
        if (g->issue >= p->issues || (r > 0 && g->issue <= b->ranges[r - 1].issue)) {
            return err_set(err, ERR_FORMAT, "box %u names issue %u out of order", at + 1,
                           g->issue + 1);
        }
        if (g->low > g->high || g->high >= p->options[g->issue]) {
            return err_set(err, ERR_FORMAT, "box %u has options %u to %u of issue %u, which has %u",
                           at + 1, g->low + 1, g->high + 1, g->issue + 1, p->options[g->issue]);
        }
    }
    return true;
}

static bool check_tables(const struct problem *p, struct err *err)
{
    struct big size;
    uint64_t count;
    problem_size(p, &size);
    if (!big_u64(&size, &count) || count > PROBLEM_TABLE_MAX) {
        return err_set(err, ERR_LIMIT, "a table of worths for more than %u packages",
                       PROBLEM_TABLE_MAX);
    }
    for (uint32_t k = 0; k < p->parties; k++) {
        for (uint64_t n = 0; p->table[k] != NULL && n < count; n++) {
            if (magnitude(p->table[k][n]) >= (uint64_t)PROBLEM_WORTH_MAX) {
                return err_set(err, ERR_LIMIT, "the table of party %u has a worth above 2^62 units",
                               k + 1);
            }
        }
    }
    return true;
}

bool problem_check(const struct problem *p, struct err *err)
{
    if (p->parties < 1 || p->parties > PROBLEM_PARTIES_MAX) {
        return err_set(err, ERR_LIMIT, "%u parties; the analysis takes 1 to %u", p->parties,
                       PROBLEM_PARTIES_MAX);
    }
    if (p->issues < 1 || p->issues > PROBLEM_ISSUES_MAX) {
        return err_set(err, ERR_LIMIT, "%u issues; the analysis takes 1 to %u", p->issues,
                       PROBLEM_ISSUES_MAX);
    }
    if (p->box_count > PROBLEM_BOXES_MAX) {
        return err_set(err, ERR_LIMIT, "%u combined terms; the analysis takes %u", p->box_count,
                       PROBLEM_BOXES_MAX);
    }
    for (uint32_t i = 0; i < p->issues; i++) {
        if (p->options[i] < 1 || p->options[i] > PROBLEM_OPTIONS_MAX) {
            return err_set(err, ERR_LIMIT, "issue %u has %u options; the analysis takes 1 to %u",
                           i + 1, p->options[i], PROBLEM_OPTIONS_MAX);
        }
    }
    for (uint32_t b = 0; b < p->box_count; b++) {
        if (!check_box(p, b, err)) {
            return false;
        }
    }
    if (p->table != NULL && !check_tables(p, err)) {
        return false;
    }
    for (uint32_t k = 0; k < p->parties; k++) {
        if (p->unit[k] < 1) {
            return err_set(err, ERR_FORMAT, "the unit of party %u is not positive", k + 1);
        }
        if (!check_reach(p, k, err)) {
            return false;
        }
    }
    return true;
}

void problem_size(const struct problem *p, struct big *out)
{
    big_set(out, 1);
    for (uint32_t i = 0; i < p->issues; i++) {
        big_mul(out, p->options[i]);
    }
}

bool problem_box_holds(const struct problem_box *b, const uint32_t *package)
{
    for (uint32_t r = 0; r < b->range_count; r++) {
        uint32_t o = package[b->ranges[r].issue];
        if (o < b->ranges[r].low || o > b->ranges[r].high) {
            return false;
        }
    }
    return true;
}

uint64_t problem_number(const struct problem *p, const uint32_t *package)
{
    uint64_t n = 0;
    for (uint32_t i = 0; i < p->issues; i++) {
        n = n * p->options[i] + package[i];
    }
    return n;
}

void problem_package(const struct problem *p, uint64_t number, uint32_t *out)
{
    for (uint32_t i = p->issues; i > 0; i--) {
        out[i - 1] = (uint32_t)(number % p->options[i - 1]); /* options are 32 bits */
        number /= p->options[i - 1];
    }
}

/* The worth, and as bits of *out_red whose red lines are crossed. */
static void weigh(const struct problem *p, const uint32_t *package, int64_t *out, uint32_t *out_red)
{
    uint32_t zero = 0;
    uint32_t red = 0;
    memset(out, 0, p->parties * sizeof(*out));
    for (uint32_t i = 0; i < p->issues; i++) {
        const int64_t *w = problem_worth(p, i, package[i]);
        for (uint32_t k = 0; k < p->parties; k++) {
            out[k] += w[k];
        }
    }
    for (uint32_t b = 0; b < p->box_count; b++) {
        const struct problem_box *box = &p->boxes[b];
        if (!problem_box_holds(box, package)) {
            continue;
        }
        switch (box->kind) {
        case PROBLEM_BOX_ADDS:
            out[box->party] += box->worth;
            break;
        case PROBLEM_BOX_ZERO:
            zero |= UINT32_C(1) << box->party;
            break;
        case PROBLEM_BOX_FORBIDS:
            red |= box->party == PROBLEM_NOBODY ? UINT32_MAX : UINT32_C(1) << box->party;
            break;
        }
    }
    for (uint32_t k = 0; k < p->parties; k++) {
        if (p->cap != NULL && out[k] > p->cap[k]) {
            out[k] = p->cap[k];
        }
        if (p->table != NULL && p->table[k] != NULL) {
            out[k] = p->table[k][problem_number(p, package)];
        }
        if ((zero >> k & 1) != 0) {
            out[k] = 0;
        }
    }
    *out_red = red;
}

bool problem_eval(const struct problem *p, const uint32_t *package, int64_t *out)
{
    uint32_t red;
    weigh(p, package, out, &red);
    return red == 0;
}

uint32_t problem_refusals(const struct problem *p, const uint32_t *package)
{
    int64_t u[PROBLEM_PARTIES_MAX];
    uint32_t red;
    weigh(p, package, u, &red);
    red &= (UINT32_C(1) << p->parties) - 1;
    for (uint32_t k = 0; k < p->parties; k++) {
        red |= u[k] < p->reserve[k] ? UINT32_C(1) << k : 0;
    }
    return red;
}

/* Does the box meet, and does it hold, all packages between low and high? */
static void box_against(const struct problem_box *b, const uint32_t *low, const uint32_t *high,
                        bool *out_meets, bool *out_holds)
{
    *out_meets = true;
    *out_holds = true;
    for (uint32_t r = 0; r < b->range_count; r++) {
        const struct problem_range *g = &b->ranges[r];
        if (g->high < low[g->issue] || g->low > high[g->issue]) {
            *out_meets = false;
            *out_holds = false;
            return;
        }
        *out_holds = *out_holds && g->low <= low[g->issue] && g->high >= high[g->issue];
    }
}

static void table_bounds(const struct problem *p, uint32_t party, int64_t *out_least,
                         int64_t *out_most)
{
    struct big size;
    uint64_t count = 0;
    problem_size(p, &size);
    (void)big_u64(&size, &count); /* problem_check: a table is small */
    *out_least = *out_most = p->table[party][0];
    for (uint64_t n = 1; n < count; n++) {
        int64_t v = p->table[party][n];
        *out_least = v < *out_least ? v : *out_least;
        *out_most = v > *out_most ? v : *out_most;
    }
}

void problem_bounds(const struct problem *p, uint32_t party, const uint32_t *low,
                    const uint32_t *high, int64_t *out_least, int64_t *out_most)
{
    int64_t least = 0;
    int64_t most = 0;
    bool zero_some = false;
    bool zero_all = false;
    /* A table is the worth itself: nothing is added to it, and no cap cuts it. */
    const bool tabled = p->table != NULL && p->table[party] != NULL;
    if (tabled) {
        table_bounds(p, party, &least, &most);
    }
    for (uint32_t i = 0; i < p->issues && !tabled; i++) {
        int64_t below = problem_worth(p, i, low[i])[party];
        int64_t above = below;
        for (uint32_t o = low[i] + 1; o <= high[i]; o++) {
            int64_t w = problem_worth(p, i, o)[party];
            below = w < below ? w : below;
            above = w > above ? w : above;
        }
        least += below;
        most += above;
    }
    for (uint32_t b = 0; b < p->box_count; b++) {
        const struct problem_box *box = &p->boxes[b];
        bool meets;
        bool holds;
        if (box->party != party || box->kind == PROBLEM_BOX_FORBIDS) {
            continue;
        }
        box_against(box, low, high, &meets, &holds);
        if (box->kind == PROBLEM_BOX_ZERO) {
            zero_some = zero_some || meets;
            zero_all = zero_all || holds;
        } else if (meets && !tabled) {
            least += holds || box->worth < 0 ? box->worth : 0;
            most += holds || box->worth > 0 ? box->worth : 0;
        }
    }
    if (p->cap != NULL && !tabled) {
        least = least < p->cap[party] ? least : p->cap[party];
        most = most < p->cap[party] ? most : p->cap[party];
    }
    if (zero_some) {
        least = least < 0 && !zero_all ? least : 0;
        most = most > 0 && !zero_all ? most : 0;
    }
    *out_least = least;
    *out_most = most;
}
