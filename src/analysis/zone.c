/* SPDX-License-Identifier: Apache-2.0 */
#include "analysis/zone.h"

#include "base/check.h"

enum { STOP_EVERY = 1 << 10 };

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
    count_additive(c, 0, sum, budget->work);
    big_copy(&out->low, &c->out.low);
    big_copy(&out->high, &c->out.high);
    return true;
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
