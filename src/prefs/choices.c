/* SPDX-License-Identifier: Apache-2.0 */
#include "prefs/choices.h"

#include "base/check.h"

void choices_init(struct choices *c, uint32_t count)
{
    CHECK(count <= CHOICES_ISSUES_MAX);
    *c = (struct choices){.count = count};
    for (uint32_t i = 0; i < count; i++) {
        c->same[i] = 1u << i;
    }
}

static bool has(uint32_t set, uint32_t i)
{
    return (set & 1u << i) != 0;
}

/* What follows from what is known; false where it goes round in a circle. */
static bool close_up(struct choices *c)
{
    bool grew = true;
    while (grew) {
        grew = false;
        for (uint32_t i = 0; i < c->count; i++) {
            uint32_t more = c->more[i], same = c->same[i];
            for (uint32_t j = 0; j < c->count; j++) {
                if (has(same, j)) {
                    same |= c->same[j];
                    more |= c->more[j];
                }
                if (has(more, j)) {
                    more |= c->more[j] | c->same[j];
                }
            }
            grew = grew || more != c->more[i] || same != c->same[i];
            c->more[i] = more;
            c->same[i] = same;
            if (has(more, i) || (more & same) != 0) {
                return false;
            }
        }
    }
    return true;
}

bool choices_say(struct choices *c, uint32_t a, uint32_t b, bool same)
{
    struct choices next = *c;
    CHECK(a < c->count && b < c->count);
    if (a == b) {
        return same;
    }
    if (same) {
        next.same[a] |= 1u << b;
        next.same[b] |= 1u << a;
    } else {
        next.more[a] |= 1u << b;
    }
    if (!close_up(&next)) {
        return false;
    }
    *c = next;
    return true;
}

bool choices_open(const struct choices *c, uint32_t a, uint32_t b)
{
    return !has(c->more[a], b) && !has(c->more[b], a) && !has(c->same[a], b);
}

/* ---- counting orders ---- */

struct counting {
    const struct choices *c;
    uint32_t before[CHOICES_ISSUES_MAX]; /* the issues that come before each */
    uint64_t *ways_in;                   /* of a set: orders of its issues, as the first ones */
    uint64_t *ways_out;                  /* of a set: orders of the rest behind it */
    uint64_t place[CHOICES_ISSUES_MAX][CHOICES_ISSUES_MAX]; /* issue, place */
    uint64_t pair[CHOICES_ISSUES_MAX][CHOICES_ISSUES_MAX];  /* the first before the second */
};

static uint32_t size_of(uint32_t set)
{
    uint32_t n = 0;
    for (; set != 0; set &= set - 1) {
        n++;
    }
    return n;
}

/* May i come right behind the issues of the set? */
static bool may_follow(const struct counting *k, uint32_t set, uint32_t i)
{
    return !has(set, i) && (k->before[i] & ~set) == 0;
}

static void count_ways(struct counting *k)
{
    uint32_t n = k->c->count, sets = 1u << n;
    k->ways_in[0] = 1;
    for (uint32_t s = 0; s < sets; s++) {
        for (uint32_t i = 0; i < n && k->ways_in[s] > 0; i++) {
            if (may_follow(k, s, i)) {
                k->ways_in[s | 1u << i] += k->ways_in[s];
            }
        }
    }
    k->ways_out[sets - 1] = 1;
    for (uint32_t s = sets - 1; s-- > 0;) {
        for (uint32_t i = 0; i < n && k->ways_in[s] > 0; i++) {
            if (may_follow(k, s, i)) {
                k->ways_out[s] += k->ways_out[s | 1u << i];
            }
        }
    }
}

static void count_places(struct counting *k)
{
    uint32_t n = k->c->count, sets = 1u << n;
    for (uint32_t s = 0; s < sets; s++) {
        for (uint32_t i = 0; i < n && k->ways_in[s] > 0; i++) {
            if (!may_follow(k, s, i)) {
                continue;
            }
            uint64_t orders = k->ways_in[s] * k->ways_out[s | 1u << i];
            k->place[i][size_of(s)] += orders;
            for (uint32_t j = 0; j < n; j++) {
                k->pair[i][j] += j != i && !has(s, j) ? orders : 0;
            }
        }
    }
}

/* ---- weights ---- */

static uint64_t common_multiple(uint32_t n)
{
    uint64_t out = 1;
    for (uint64_t i = 2; i <= n; i++) {
        uint64_t a = out, b = i;
        while (b != 0) {
            uint64_t r = a % b;
            a = b;
            b = r;
        }
        out *= i / a;
    }
    return out;
}

/* up / down in points: down is at most 14! * 14 * 360360 (4.4e17), so ten of it fit. */
static uint32_t points_of(uint64_t up, uint64_t down, uint64_t *rest)
{
    uint32_t points = 0;
    for (uint32_t whole = CHOICES_WHOLE; whole > 1; whole /= 10) {
        up *= 10;
        points = points * 10 + (uint32_t)(up / down);
        up %= down;
    }
    *rest = up;
    return points;
}

static void share_points(const struct counting *k, uint64_t orders, struct choices_weights *out)
{
    uint32_t n = k->c->count, given = 0;
    uint64_t multiple = common_multiple(n), rest[CHOICES_ISSUES_MAX] = {0};
    uint64_t centroid[CHOICES_ISSUES_MAX + 1] = {0}; /* times n * multiple */
    for (uint32_t r = n; r-- > 0;) {
        centroid[r] = centroid[r + 1] + multiple / (r + 1);
    }
    for (uint32_t i = 0; i < n; i++) {
        uint64_t up = 0;
        for (uint32_t r = 0; r < n; r++) {
            up += k->place[i][r] * centroid[r];
        }
        bool all = n == 1; /* 1 / 1 has no digit behind the point */
        out->weight[i] = all ? CHOICES_WHOLE : points_of(up, orders * n * multiple, &rest[i]);
        given += out->weight[i];
    }
    for (; given < CHOICES_WHOLE; given++) {
        uint32_t most = 0;
        for (uint32_t i = 1; i < n; i++) {
            most = rest[i] > rest[most] ? i : most;
        }
        out->weight[most]++;
        rest[most] = 0;
    }
}

/* Issues that weigh the same stand in any order among themselves: each such order is the same one. */
static uint64_t without_twins(const struct choices *c, uint64_t orders)
{
    for (uint32_t i = 0; i < c->count; i++) {
        /* The k-th of its kind divides by k. */
        orders /= size_of(c->same[i] & ((2u << i) - 1));
    }
    return orders;
}

static uint64_t less_likely(const struct choices_question *q)
{
    return q->a_first < q->rest ? q->a_first : q->rest;
}

static void keep_question(struct choices_weights *out, struct choices_question q)
{
    uint32_t at = out->question_count;
    while (at > 0 && less_likely(&out->questions[at - 1]) < less_likely(&q)) {
        at--;
    }
    if (at == CHOICES_QUESTIONS) {
        return;
    }
    uint32_t last = out->question_count < CHOICES_QUESTIONS ? out->question_count
                                                            : CHOICES_QUESTIONS - 1;
    for (uint32_t i = last; i > at; i--) {
        out->questions[i] = out->questions[i - 1];
    }
    out->questions[at] = q;
    out->question_count = last + 1;
}

bool choices_weigh(const struct choices *c, struct arena *mem, struct choices_weights *out,
                   struct err *err)
{
    struct choices_weights w = {0};
    struct counting *k = ARENA_NEW(mem, struct counting, 1);
    if (c->count == 0) {
        *out = w;
        return true;
    }
    if (k == NULL) {
        return err_memory(err, "weights");
    }
    k->c = c;
    k->ways_in = ARENA_NEW(mem, uint64_t, (size_t)1 << c->count);
    k->ways_out = ARENA_NEW(mem, uint64_t, (size_t)1 << c->count);
    if (mem->failed) {
        return err_memory(err, "weights");
    }
    for (uint32_t i = 0; i < c->count; i++) {
        for (uint32_t j = 0; j < c->count; j++) {
            k->before[j] |= has(c->more[i], j) ? 1u << i : 0;
        }
    }
    count_ways(k);
    count_places(k);
    uint64_t orders = k->ways_out[0];
    share_points(k, orders, &w);
    w.orders = without_twins(c, orders);
    for (uint32_t i = 0; i < c->count; i++) {
        w.first[i] = 1 + size_of(k->before[i]);
        w.last[i] = c->count - size_of(c->more[i]);
        for (uint32_t j = i + 1; j < c->count; j++) {
            if (choices_open(c, i, j)) {
                keep_question(&w, (struct choices_question){i, j, k->pair[i][j], k->pair[j][i]});
            }
        }
    }
    *out = w;
    return true;
}
