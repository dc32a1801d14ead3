/* SPDX-License-Identifier: Apache-2.0 */
#include "analysis/division.h"

#include "base/check.h"

enum { STOP_EVERY = 1 << 12, FIRST_ROUNDS = 20 };

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
    w.moves = ARENA_NEW(mem, uint32_t, d->goods);
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
    w.rich = rich;
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
        w.moves[w.move_count++] = best;
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
    /* Any weights prove something, for what is left can give no more than each good to who weighs
     * it most: sum of weight * points <= weighed so far + most[place].  These were found by trying.*/
    uint64_t weight[PROBLEM_PARTIES_MAX];
    uint64_t *most;   /* [place] */
    uint64_t whole;   /* sum of weight * all points of a party */
    struct big scale; /* NASH: parties^parties * the product of the weights */
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

/* ---- what cannot be had: duals of the division into parts of any size ---- */

enum { TRIES = 400 };
#define WEIGHT_ONE 0x1p50 /* weight * all points of a party, at most: sums stay below 2^54 */

/* How good a bound lambda gives, smaller is better: of the smallest share, or of the mean of shares
 * over the mean of lambdas, both of which a product of shares obeys. */
static double try_weights(const struct share_search *s, const double *lambda, double *share)
{
    const struct division *d = s->d;
    double sum = 0;
    double all = 0;
    double product = 1;
    for (uint32_t k = 0; k < d->parties; k++) {
        share[k] = 0;
        all += lambda[k];
        product *= lambda[k];
    }
    for (uint32_t g = 0; g < d->goods; g++) {
        uint32_t best = 0;
        double most = -1;
        for (uint32_t k = 0; k < d->parties; k++) {
            double v = lambda[k] * (double)points(d, g, k) / (double)s->all[k];
            if (v > most) {
                most = v;
                best = k;
            }
        }
        share[best] += (double)points(d, g, best) / (double)s->all[best];
        sum += most;
    }
    if (s->rule == DIVISION_LEXIMIN) {
        return sum / all;
    }
    double power = 1;
    for (uint32_t k = 0; k < d->parties; k++) {
        power *= sum / d->parties;
    }
    return power / product;
}

/* Whoever got little weighs more the next time. */
static void find_weights(struct share_search *s)
{
    uint32_t n = s->d->parties;
    double lambda[PROBLEM_PARTIES_MAX];
    double kept[PROBLEM_PARTIES_MAX] = {0};
    double share[PROBLEM_PARTIES_MAX];
    double best = 0;
    for (uint32_t k = 0; k < n; k++) {
        lambda[k] = 1;
    }
    for (unsigned i = 0; i < TRIES; i++) {
        double bound = try_weights(s, lambda, share);
        double mean = 0;
        double top = 0;
        if (i == 0 || bound < best) {
            best = bound;
            memcpy(kept, lambda, sizeof(kept));
        }
        for (uint32_t k = 0; k < n; k++) {
            /* At the best product lambda * share is the same for all. */
            share[k] *= s->rule == DIVISION_NASH ? lambda[k] : 1;
            mean += share[k] / n;
        }
        for (uint32_t k = 0; k < n; k++) {
            lambda[k] *= 1 - (share[k] - mean) / (mean * (2 + i / 8.0) + 1);
            lambda[k] = lambda[k] < 1e-6 ? 1e-6 : lambda[k];
            top = lambda[k] > top ? lambda[k] : top;
        }
        for (uint32_t k = 0; k < n; k++) {
            lambda[k] /= top;
        }
    }
    for (uint32_t k = 0; k < n; k++) {
        s->weight[k] = (uint64_t)(kept[k] * WEIGHT_ONE / (double)s->all[k]) + 1;
    }
}

static void weigh(struct share_search *s)
{
    const struct division *d = s->d;
    find_weights(s);
    big_set(&s->scale, 1);
    for (uint32_t k = 0; k < d->parties; k++) {
        s->whole += s->weight[k] * (uint64_t)s->all[k];
        big_mul(&s->scale, s->weight[k]);
        big_mul(&s->scale, d->parties);
    }
    for (uint32_t i = d->goods; i > 0; i--) {
        uint64_t most = 0;
        for (uint32_t k = 0; k < d->parties; k++) {
            uint64_t v = s->weight[k] * (uint64_t)points(d, s->order[i - 1], k);
            most = v > most ? v : most;
        }
        s->most[i - 1] = s->most[i] + most;
    }
}

/* Of all divisions, also into parts: the largest smallest share, or the largest product of shares. */
static double whole_bound(const struct share_search *s)
{
    double can = (double)s->most[0] * (1 + 0x1p-40); /* rounding is far below this */
    double product = 1;
    if (s->rule == DIVISION_LEXIMIN) {
        return can / (double)s->whole;
    }
    for (uint32_t k = 0; k < s->d->parties; k++) {
        product *= can / s->d->parties / ((double)s->weight[k] * (double)s->all[k]);
    }
    return product;
}

static double value_of(const struct share_search *s, const int64_t *has)
{
    double value = 1;
    for (uint32_t k = 0; k < s->d->parties; k++) {
        double share = (double)has[k] / (double)s->all[k];
        value = s->rule == DIVISION_NASH ? value * share : share < value ? share : value;
    }
    return value;
}

/* Can each party still reach the smallest share that was found?  A good fills at most the whole of
 * what somebody lacks, so the fillings must add up to the parties that lack something.  The sums are
 * off by less than 1e-12; a doubt leaves the part in. */
static bool reachable(const struct share_search *s, uint32_t place, double smallest)
{
    const struct division *d = s->d;
    double lacks[PROBLEM_PARTIES_MAX];
    double filled = 1e-9;
    uint32_t needy = 0;
    for (uint32_t k = 0; k < d->parties; k++) {
        double need = smallest * (double)s->all[k] - (double)s->has[k];
        lacks[k] = need > 1e-9 * (double)s->all[k] ? need : 0;
        needy += lacks[k] > 0;
    }
    for (uint32_t i = place; i < d->goods && filled < needy; i++) {
        double most = 0;
        for (uint32_t k = 0; k < d->parties; k++) {
            double v = (double)points(d, s->order[i], k);
            if (lacks[k] > 0 && v > most * lacks[k]) {
                most = v < lacks[k] ? v / lacks[k] : 1;
            }
        }
        filled += most;
    }
    return filled >= needy;
}

/* False: whatever becomes of the goods from this place on, it is worse than the best found. */
static bool promising(const struct share_search *s, uint32_t place)
{
    const struct division *d = s->d;
    uint64_t can = s->most[place];
    for (uint32_t k = 0; k < d->parties; k++) {
        can += s->weight[k] * (uint64_t)s->has[k];
    }
    if (s->rule == DIVISION_LEXIMIN) {
        uint32_t order[PROBLEM_PARTIES_MAX] = {0};
        by_share(s, s->best, order);
        /* smallest share of any division <= can / whole */
        double smallest = (double)s->best[order[0]] / (double)s->all[order[0]];
        return (wide)can * (uint64_t)s->all[order[0]] >=
                   (wide)(uint64_t)s->best[order[0]] * s->whole &&
               reachable(s, place, smallest);
    }
    struct big power;
    struct big found;
    big_set(&power, 1);
    big_copy(&found, &s->scale);
    for (uint32_t k = 0; k < d->parties; k++) {
        if (s->best[k] == 0) {
            return true; /* it may yet serve more */
        }
        big_mul(&power, can);
        big_mul(&found, (uint64_t)s->best[k]);
    }
    return big_cmp(&power, &found) > 0;
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
    if (s->found && (!promising(s, place) || !better(s, hope, s->best))) {
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

/* A first division to beat: each good to whom it weighs most, then whatever single good given to
 * another, or two goods exchanged, makes it better. */

static void give(struct share_search *s, uint32_t good, uint32_t to)
{
    s->has[s->owner[good]] -= points(s->d, good, s->owner[good]);
    s->has[to] += points(s->d, good, to);
    s->owner[good] = to;
}

static bool keep_if_better(struct share_search *s)
{
    if (!better(s, s->has, s->best)) {
        return false;
    }
    memcpy(s->best, s->has, sizeof(s->best));
    return true;
}

static bool improve_once(struct share_search *s)
{
    const struct division *d = s->d;
    bool any = false;
    for (uint32_t g = 0; g < d->goods; g++) {
        for (uint32_t k = 0; k < d->parties; k++) {
            uint32_t before = s->owner[g];
            give(s, g, k);
            if (keep_if_better(s)) {
                any = true;
            } else {
                give(s, g, before);
            }
        }
        for (uint32_t h = 0; h < g && !budget_stop(s->budget); h++) {
            uint32_t mine = s->owner[g];
            uint32_t theirs = s->owner[h];
            if (mine == theirs) {
                continue;
            }
            give(s, g, theirs);
            give(s, h, mine);
            if (keep_if_better(s)) {
                any = true;
            } else {
                give(s, g, mine);
                give(s, h, theirs);
            }
        }
    }
    return any;
}

static void find_first(struct share_search *s)
{
    const struct division *d = s->d;
    for (uint32_t g = 0; g < d->goods; g++) {
        uint32_t best = 0;
        for (uint32_t k = 1; k < d->parties; k++) {
            if (s->weight[k] * (uint64_t)points(d, g, k) >
                s->weight[best] * (uint64_t)points(d, g, best)) {
                best = k;
            }
        }
        s->owner[g] = best;
        s->has[best] += points(d, g, best);
    }
    memcpy(s->best, s->has, sizeof(s->best));
    s->found = true;
    for (unsigned i = 0; i < FIRST_ROUNDS && improve_once(s) && !budget_stop(s->budget); i++) {
    }
    memcpy(s->best_owner, s->owner, d->goods * sizeof(*s->owner));
    memset(s->has, 0, sizeof(s->has));
}

bool division_solve(const struct division *d, enum division_rule rule, const struct budget *budget,
                    struct arena *mem, struct allocation *out, struct err *err)
{
    struct share_search s = {.d = d, .rule = rule, .budget = budget};
    s.order = ARENA_NEW(mem, uint32_t, d->goods);
    s.rest = ARENA_NEW(mem, int64_t, ((size_t)d->goods + 1) * d->parties);
    s.most = ARENA_NEW(mem, uint64_t, (size_t)d->goods + 1);
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
    weigh(&s);
    find_first(&s);
    allot(&s, 0);
    memcpy(has, s.best, d->parties * sizeof(*has));
    *out = (struct allocation){
        .owner = s.best_owner, .has = has, .exact = !s.spent, .work = s.work};
    out->value = value_of(&s, has);
    double bound = whole_bound(&s);
    out->at_most = out->exact || bound < out->value ? out->value : bound;
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
