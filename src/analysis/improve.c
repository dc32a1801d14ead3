/* SPDX-License-Identifier: Apache-2.0 */
#include "analysis/improve.h"

enum { STOP_EVERY = 1 << 12, KEPT_MAX = 512 };

struct hunt {
    const struct problem *p;
    const struct budget *budget;
    uint32_t changes; /* exactly so many */
    uint64_t work;
    bool spent;
    bool additive;
    int64_t start[PROBLEM_PARTIES_MAX];
    int64_t *gain; /* [issue * parties + party]: the most that one change from here on can add */
    uint32_t *package;
    struct improvement kept[KEPT_MAX];
    size_t count;
};

static bool beats(const int64_t *a, const int64_t *b, uint32_t parties)
{
    return row_covers(a, b, parties) && row_cmp(a, b, parties) != 0;
}

/* Another one with no more changes that is at least as good makes this one needless. */
static void keep(struct hunt *h, const int64_t *worth)
{
    uint32_t parties = h->p->parties;
    size_t left = 0;
    for (size_t i = 0; i < h->count; i++) {
        if (row_covers(h->kept[i].worth, worth, parties)) {
            return;
        }
    }
    for (size_t i = 0; i < h->count; i++) {
        struct improvement k = h->kept[i];
        if (k.changes < h->changes || !beats(worth, k.worth, parties)) {
            struct improvement gone = h->kept[left];
            h->kept[left++] = k;
            h->kept[i] = gone; /* its memory is used again */
        }
    }
    h->count = left;
    if (h->count < KEPT_MAX) {
        struct improvement *k = &h->kept[h->count++];
        k->changes = h->changes;
        memcpy(k->package, h->package, h->p->issues * sizeof(*h->package));
        memcpy(k->worth, worth, parties * sizeof(*worth));
    }
}

static void look(struct hunt *h)
{
    int64_t worth[PROBLEM_PARTIES_MAX];
    if (problem_eval(h->p, h->package, worth) && beats(worth, h->start, h->p->parties)) {
        keep(h, worth);
    }
}

/* Changes of the issues from `issue` on; `left` of them; `sum` is what the changes so far add. */
static void change(struct hunt *h, uint32_t issue, uint32_t left, const int64_t *sum)
{
    const struct problem *p = h->p;
    if (left == 0) {
        look(h);
        return;
    }
    for (uint32_t i = issue; i + left <= p->issues && !h->spent; i++) {
        uint32_t was = h->package[i];
        bool hope = true;
        for (uint32_t k = 0; k < p->parties && h->additive; k++) {
            hope = hope && sum[k] + (wide_signed)left * h->gain[(size_t)i * p->parties + k] >= 0;
        }
        if (!hope) {
            break; /* what one change can add falls from issue to issue */
        }
        const int64_t *old = problem_worth(p, i, was);
        for (uint32_t o = 0; o < p->options[i] && !h->spent; o++) {
            int64_t next[PROBLEM_PARTIES_MAX];
            const int64_t *w = problem_worth(p, i, o);
            if (o == was) {
                continue;
            }
            for (uint32_t k = 0; k < p->parties; k++) {
                next[k] = sum[k] + w[k] - old[k];
            }
            h->work++;
            h->spent = h->work >= h->budget->work ||
                       (h->work % STOP_EVERY == 0 && budget_stop(h->budget));
            h->package[i] = o;
            change(h, i + 1, left - 1, next);
        }
        h->package[i] = was;
    }
}

static bool prepare(struct hunt *h, const uint32_t *from, struct arena *mem, struct err *err)
{
    const struct problem *p = h->p;
    h->gain = ARENA_NEW(mem, int64_t, ((size_t)p->issues + 1) * p->parties);
    h->package = ARENA_NEW(mem, uint32_t, p->issues);
    for (size_t i = 0; i < KEPT_MAX; i++) {
        h->kept[i].package = ARENA_NEW(mem, uint32_t, p->issues);
        h->kept[i].worth = ARENA_NEW(mem, int64_t, p->parties);
    }
    if (mem->failed) {
        return err_memory(err, "the improvements");
    }
    memcpy(h->package, from, p->issues * sizeof(*from));
    (void)problem_eval(p, from, h->start); /* one may start from what is forbidden */
    for (uint32_t k = 0; k < p->parties; k++) {
        h->gain[(size_t)p->issues * p->parties + k] = INT64_MIN / 2;
    }
    for (uint32_t i = p->issues; i > 0; i--) {
        const int64_t *old = problem_worth(p, i - 1, from[i - 1]);
        for (uint32_t k = 0; k < p->parties; k++) {
            int64_t most = h->gain[(size_t)i * p->parties + k];
            for (uint32_t o = 0; o < p->options[i - 1]; o++) {
                int64_t w = problem_worth(p, i - 1, o)[k] - old[k];
                most = o != from[i - 1] && w > most ? w : most;
            }
            h->gain[(size_t)(i - 1) * p->parties + k] = most;
        }
    }
    return true;
}

bool improve(const struct problem *p, const uint32_t *from, size_t max, const struct budget *budget,
             struct arena *mem, struct improvements *out, struct err *err)
{
    struct hunt *h = ARENA_NEW(mem, struct hunt, 1);
    int64_t nothing[PROBLEM_PARTIES_MAX] = {0};
    uint32_t searched = 0;
    if (h == NULL) {
        return err_memory(err, "the improvements");
    }
    h->p = p;
    h->budget = budget;
    h->additive = problem_additive(p);
    if (!prepare(h, from, mem, err)) {
        return false;
    }
    for (h->changes = 1; h->changes <= p->issues && h->count < max; h->changes++) {
        change(h, 0, h->changes, nothing);
        if (h->spent) {
            break;
        }
        searched = h->changes;
    }
    struct improvement *all = ARENA_NEW(mem, struct improvement, h->count);
    if (all == NULL) {
        return err_memory(err, "the improvements");
    }
    memcpy(all, h->kept, h->count * sizeof(*all));
    /* By changes; within them in the order in which they were found. */
    for (size_t i = 1; i < h->count; i++) {
        struct improvement moved = all[i];
        size_t at = i;
        while (at > 0 && all[at - 1].changes > moved.changes) {
            all[at] = all[at - 1];
            at--;
        }
        all[at] = moved;
    }
    *out = (struct improvements){.count = h->count < max ? h->count : max,
                                 .all = all,
                                 .searched = searched,
                                 .best = h->count == 0 && searched == p->issues};
    return true;
}
