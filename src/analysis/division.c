/* SPDX-License-Identifier: Apache-2.0 */
#include "analysis/division.h"

#include "base/check.h"

enum { STOP_EVERY = 1 << 12 };

static int64_t points(const struct division *d, uint32_t good, uint32_t party)
{
    return d->points[(size_t)good * d->parties + party];
}

static int64_t total(const struct division *d, uint32_t party)
{
    int64_t sum = 0; /* at most 1000 * 10^9 */
    for (uint32_t g = 0; g < d->goods; g++) {
        sum += points(d, g, party);
    }
    return sum;
}

bool division_check(const struct division *d, struct err *err)
{
    if (d->parties < 1 || d->parties > PROBLEM_PARTIES_MAX || d->goods < 1 ||
        d->goods > DIVISION_GOODS_MAX) {
        return err_set(err, ERR_LIMIT, "%u parties and %u goods; at most %u and %u, at least one",
                       d->parties, d->goods, PROBLEM_PARTIES_MAX, DIVISION_GOODS_MAX);
    }
    for (uint32_t k = 0; k < d->parties; k++) {
        for (uint32_t g = 0; g < d->goods; g++) {
            if (points(d, g, k) < 0 || points(d, g, k) > DIVISION_POINTS_MAX) {
                return err_set(err, ERR_LIMIT, "points of good %u are below 0 or above 10^9",
                               g + 1);
            }
        }
        if (total(d, k) == 0) {
            return err_set(err, ERR_FORMAT, "party %u gives no points to anything", k + 1) ||
                   err_mend(err, "let each party spread, say, 100 points over the goods");
        }
    }
    return true;
}

/* ---- Adjusted Winner ---- */

static bool reduce(wide_signed n, wide_signed d, struct fraction *out, struct err *err)
{
    wide_signed a = n;
    wide_signed b = d;
    while (b != 0) {
        wide_signed rest = a % b;
        a = b;
        b = rest;
    }
    n /= a == 0 ? 1 : a;
    d /= a == 0 ? 1 : a;
    if (n > INT64_MAX || d > INT64_MAX) {
        return err_set(err, ERR_LIMIT, "the points have too many digits to divide exactly") ||
               err_mend(err, "use points below a million");
    }
    *out = (struct fraction){(int64_t)n, (int64_t)d};
    return true;
}

bool division_adjusted_winner(const struct division *d, struct arena *mem,
                              struct adjusted_winner *out, struct err *err)
{
    const int64_t all[2] = {total(d, 0), total(d, 1)};
    struct adjusted_winner w = {.split = DIVISION_NONE, .keeps = {1, 1}};
    int64_t has[2] = {0, 0};
    CHECK(d->parties == 2);
    w.owner = ARENA_NEW(mem, uint32_t, d->goods);
    bool *moved = ARENA_NEW(mem, bool, d->goods);
    if (mem->failed) {
        return err_memory(err, "the division");
    }
    for (uint32_t g = 0; g < d->goods; g++) {
        /* Larger share of all points; equal ones go to the first. */
        bool second = (wide_signed)points(d, g, 1) * all[0] > (wide_signed)points(d, g, 0) * all[1];
        w.owner[g] = second ? 1 : 0;
        has[w.owner[g]] += points(d, g, w.owner[g]);
    }
    w.first[0] = has[0];
    w.first[1] = has[1];
    wide_signed ahead = (wide_signed)has[0] * all[1] - (wide_signed)has[1] * all[0];
    uint32_t rich = ahead >= 0 ? 0 : 1;
    uint32_t poor = 1 - rich;
    ahead = ahead < 0 ? -ahead : ahead;
    wide_signed end_n = 0;
    wide_signed end_d = 1;
    bool even = ahead == 0;
    while (!even) {
        uint32_t best = DIVISION_NONE;
        for (uint32_t g = 0; g < d->goods; g++) {
            /* The smallest points(rich) / points(poor) first; what the poor do not want is last.
             * What neither wants stays where it is. */
            if (w.owner[g] == rich && !moved[g] && points(d, g, rich) + points(d, g, poor) > 0 &&
                (best == DIVISION_NONE ||
                 (wide_signed)points(d, g, rich) * points(d, best, poor) <
                     (wide_signed)points(d, best, rich) * points(d, g, poor))) {
                best = g;
            }
        }
        CHECK(best != DIVISION_NONE); /* the rich have something, and giving all makes them poor */
        wide_signed swing = (wide_signed)points(d, best, rich) * all[poor] +
                            (wide_signed)points(d, best, poor) * all[rich];
        moved[best] = true;
        if (swing > ahead) {
            w.split = best;
            if (!reduce(swing - ahead, swing, &w.keeps, err)) {
                return false;
            }
            /* The poor get ahead / swing of it. */
            end_n = (wide_signed)has[poor] * swing + (wide_signed)points(d, best, poor) * ahead;
            end_d = (wide_signed)all[poor] * swing;
            break;
        }
        ahead -= swing;
        w.owner[best] = poor;
        has[rich] -= points(d, best, rich);
        has[poor] += points(d, best, poor);
        even = ahead == 0;
    }
    if (even) {
        end_n = has[0];
        end_d = all[0];
    }
    if (!reduce(end_n, end_d, &w.each, err)) {
        return false;
    }
    *out = w;
    return true;
}

/* ---- whole goods ---- */

struct share_search {
    const struct division *d;
    enum division_rule rule;
    const struct budget *budget;
    uint32_t *order; /* goods, those that matter most first */
    int64_t *rest;   /* [place * parties + party]: points of the goods from there on */
    int64_t all[PROBLEM_PARTIES_MAX];
    int64_t has[PROBLEM_PARTIES_MAX];
    uint32_t *owner;
    uint32_t *best_owner;
    int64_t best[PROBLEM_PARTIES_MAX];
    bool found;
    bool spent;
    uint64_t work;
};

static uint32_t merit_nash(const struct share_search *s, const int64_t *has, struct big *out)
{
    uint32_t served = 0;
    big_set(out, 1);
    for (uint32_t k = 0; k < s->d->parties; k++) {
        if (has[k] > 0) {
            served++;
            big_mul(out, (uint64_t)has[k]);
        }
    }
    return served;
}

/* Places of the parties in ascending order of share. */
static void by_share(const struct share_search *s, const int64_t *has, uint32_t *out)
{
    for (uint32_t k = 0; k < s->d->parties; k++) {
        uint32_t at = k;
        while (at > 0 && (wide_signed)has[out[at - 1]] * s->all[k] >
                             (wide_signed)has[k] * s->all[out[at - 1]]) {
            out[at] = out[at - 1];
            at--;
        }
        out[at] = k;
    }
}

/* Is a better than b by the rule? */
static bool better(const struct share_search *s, const int64_t *a, const int64_t *b)
{
    if (s->rule == DIVISION_NASH) {
        struct big x;
        struct big y;
        uint32_t served_a = merit_nash(s, a, &x);
        uint32_t served_b = merit_nash(s, b, &y);
        return served_a != served_b ? served_a > served_b : big_cmp(&x, &y) > 0;
    }
    uint32_t order_a[PROBLEM_PARTIES_MAX];
    uint32_t order_b[PROBLEM_PARTIES_MAX];
    by_share(s, a, order_a);
    by_share(s, b, order_b);
    for (uint32_t i = 0; i < s->d->parties; i++) {
        wide_signed x = (wide_signed)a[order_a[i]] * s->all[order_b[i]];
        wide_signed y = (wide_signed)b[order_b[i]] * s->all[order_a[i]];
        if (x != y) {
            return x > y;
        }
    }
    return false;
}

static void allot(struct share_search *s, uint32_t place)
{
    const struct division *d = s->d;
    int64_t hope[PROBLEM_PARTIES_MAX];
    if (place == d->goods) {
        if (!s->found || better(s, s->has, s->best)) {
            s->found = true;
            memcpy(s->best, s->has, sizeof(s->best));
            memcpy(s->best_owner, s->owner, d->goods * sizeof(*s->owner));
        }
        return;
    }
    s->work++;
    s->spent = s->spent || s->work >= s->budget->work ||
               (s->work % STOP_EVERY == 0 && budget_stop(s->budget));
    if (s->spent && s->found) {
        return;
    }
    /* Not even if each party got all that is left. */
    for (uint32_t k = 0; k < d->parties; k++) {
        hope[k] = s->has[k] + s->rest[(size_t)place * d->parties + k];
    }
    if (s->found && !better(s, hope, s->best)) {
        return;
    }
    uint32_t good = s->order[place];
    bool tried[PROBLEM_PARTIES_MAX] = {false};
    for (uint32_t n = 0; n < d->parties; n++) {
        /* The one with the least share first, so that the first division is a good one. */
        uint32_t next = DIVISION_NONE;
        for (uint32_t k = 0; k < d->parties; k++) {
            if (!tried[k] && (next == DIVISION_NONE || (wide_signed)s->has[k] * s->all[next] <
                                                           (wide_signed)s->has[next] * s->all[k])) {
                next = k;
            }
        }
        tried[next] = true;
        s->owner[good] = next;
        s->has[next] += points(d, good, next);
        allot(s, place + 1);
        s->has[next] -= points(d, good, next);
    }
}

bool division_solve(const struct division *d, enum division_rule rule, const struct budget *budget,
                    struct arena *mem, struct allocation *out, struct err *err)
{
    struct share_search s = {.d = d, .rule = rule, .budget = budget};
    s.order = ARENA_NEW(mem, uint32_t, d->goods);
    s.rest = ARENA_NEW(mem, int64_t, ((size_t)d->goods + 1) * d->parties);
    s.owner = ARENA_NEW(mem, uint32_t, d->goods);
    s.best_owner = ARENA_NEW(mem, uint32_t, d->goods);
    int64_t *has = ARENA_NEW(mem, int64_t, d->parties);
    if (mem->failed) {
        return err_memory(err, "the division");
    }
    for (uint32_t k = 0; k < d->parties; k++) {
        s.all[k] = total(d, k);
    }
    for (uint32_t g = 0; g < d->goods; g++) {
        uint32_t at = g;
        int64_t most = 0;
        for (uint32_t k = 0; k < d->parties; k++) {
            most = points(d, g, k) > most ? points(d, g, k) : most;
        }
        for (; at > 0; at--) {
            int64_t before = 0;
            for (uint32_t k = 0; k < d->parties; k++) {
                int64_t v = points(d, s.order[at - 1], k);
                before = v > before ? v : before;
            }
            if (before >= most) {
                break;
            }
            s.order[at] = s.order[at - 1];
        }
        s.order[at] = g;
    }
    for (uint32_t i = d->goods; i > 0; i--) {
        for (uint32_t k = 0; k < d->parties; k++) {
            s.rest[(size_t)(i - 1) * d->parties + k] = s.rest[(size_t)i * d->parties + k] +
                                                       points(d, s.order[i - 1], k);
        }
    }
    allot(&s, 0);
    memcpy(has, s.best, d->parties * sizeof(*has));
    *out = (struct allocation){.owner = s.best_owner, .has = has, .exact = !s.spent};
    return true;
}

enum division_envy division_envies(const struct division *d, const uint32_t *owner, uint32_t i,
                                   uint32_t j)
{
    int64_t mine = 0;
    int64_t theirs = 0;
    int64_t best = 0;
    for (uint32_t g = 0; g < d->goods; g++) {
        int64_t v = points(d, g, i);
        if (owner[g] == i) {
            mine += v;
        } else if (owner[g] == j) {
            theirs += v;
            best = v > best ? v : best;
        }
    }
    if (mine >= theirs) {
        return DIVISION_CONTENT;
    }
    return mine >= theirs - best ? DIVISION_ENVY_BUT_ONE : DIVISION_ENVY;
}
