/* SPDX-License-Identifier: Apache-2.0 */
#include "analysis/bound.h"

#include "analysis/relax.h"
#include "analysis/sweep.h"
#include "base/check.h"

enum {
    STOP_EVERY = 1 << 14,
    CLIMB_ROUNDS = 8,
    SHAKES_MOST = 12,
    CLIMB_EVERY = 8,   /* parts, where climbing is cheap */
    CLIMB_RARELY = 64, /* and where it is not */
    CLIMBS = 32        /* from each of the first parts; then now and then */
};

/* Room for rounding in what is compared as doubles. */
#define EASE 1e-12

struct part {
    double promise;
    uint32_t *low; /* high follows */
};

struct search {
    const struct problem *p;
    const int64_t *d;
    const int64_t *hope;
    enum bargain_rule rule;
    const struct budget *budget;
    uint64_t chance; /* of shake; never 0 */
    uint64_t effort; /* boxes and options weighed since the last look at the budget, about */
    bool stopped;
    struct part *heap; /* the largest promise first */
    size_t count;
    size_t cap;
    uint32_t *room;   /* of all parts */
    uint32_t **spare; /* given back */
    size_t spare_count;
    size_t room_used;
    uint32_t *package;
    bool sweeps;
    struct sweep sweep;
    bool relaxes;
    struct relax relax;
    double share[PROBLEM_PARTIES_MAX]; /* what a gain / unit counts in the weighted sum */
    double dropped;                    /* the largest promise of parts that found no room */
    struct bound_result best;
};

/* What the rule gives for gains; below 0 where a party falls short. */
static double value_of(const struct search *s, const int64_t *worth)
{
    double product = 1;
    double sum = 0;
    double least = 1e300;
    for (uint32_t k = 0; k < s->p->parties; k++) {
        double unit = (double)s->p->unit[k];
        double gain = ((double)worth[k] - (double)s->d[k]) / unit;
        if (worth[k] < s->d[k]) {
            return -1;
        }
        product *= gain;
        sum += gain;
        if (s->rule == BARGAIN_KS) {
            if (s->hope[k] > 0) {
                double share = gain * unit / (double)s->hope[k];
                least = share < least ? share : least;
            }
        } else {
            least = gain < least ? gain : least;
        }
    }
    switch (s->rule) {
    case BARGAIN_NASH:
        return product;
    case BARGAIN_UTILITARIAN:
        return sum;
    case BARGAIN_KS:
    case BARGAIN_EGALITARIAN:
        break;
    }
    return least < 1e300 ? least : 0;
}

/* Weights for which the weighted sum says most about the rule.  Of a product those that make the
 * factors of a good package equal; of a smallest one the mean, which is no less. */
static void set_shares(struct search *s, const int64_t *worth)
{
    const struct problem *p = s->p;
    uint32_t hopeful = 0;
    for (uint32_t k = 0; k < p->parties; k++) {
        hopeful += s->rule != BARGAIN_KS || s->hope[k] > 0;
    }
    for (uint32_t k = 0; k < p->parties; k++) {
        double unit = (double)p->unit[k];
        double gain = ((double)worth[k] - (double)s->d[k]) / unit;
        switch (s->rule) {
        case BARGAIN_NASH:
            s->share[k] = gain > 0 ? 1 / gain : 0;
            break;
        case BARGAIN_KS:
            s->share[k] = s->hope[k] > 0 ? unit / (double)s->hope[k] / hopeful : 0;
            break;
        case BARGAIN_EGALITARIAN:
            s->share[k] = 1.0 / hopeful;
            break;
        case BARGAIN_UTILITARIAN:
            s->share[k] = 1;
            break;
        }
    }
}

static void try_package(struct search *s, const uint32_t *package)
{
    int64_t worth[PROBLEM_PARTIES_MAX];
    if (!problem_eval(s->p, package, worth)) {
        return;
    }
    double v = value_of(s, worth);
    if (v < 0 || (s->best.found && v <= s->best.value)) {
        return;
    }
    s->best.found = true;
    s->best.value = v;
    memcpy(s->best.package, package, s->p->issues * sizeof(*package));
    memcpy(s->best.worth, worth, s->p->parties * sizeof(*worth));
    set_shares(s, worth);
}

/* How good, and where somebody falls short, how far: for climbing. */
static double height_of(const struct search *s, const int64_t *worth)
{
    double below = 0;
    for (uint32_t k = 0; k < s->p->parties; k++) {
        if (worth[k] < s->d[k]) {
            below += ((double)worth[k] - (double)s->d[k]) / (double)s->p->unit[k];
        }
    }
    return below < 0 ? below : value_of(s, worth);
}

static double height(const struct search *s, const uint32_t *package)
{
    int64_t worth[PROBLEM_PARTIES_MAX];
    return problem_eval(s->p, package, worth) ? height_of(s, worth) : -1e300;
}

/* The same of worths before caps. */
static double height_capped(const struct search *s, const int64_t *worth)
{
    int64_t capped[PROBLEM_PARTIES_MAX];
    if (s->p->cap == NULL) {
        return height_of(s, worth);
    }
    for (uint32_t k = 0; k < s->p->parties; k++) {
        capped[k] = worth[k] < s->p->cap[k] ? worth[k] : s->p->cap[k];
    }
    return height_of(s, capped);
}

/* Looks at the budget once in a while. */
static bool stopped(struct search *s, uint64_t effort)
{
    s->effort += effort;
    if (!s->stopped && s->effort >= STOP_EVERY) {
        s->effort = 0;
        s->stopped = budget_stop(s->budget);
    }
    return s->stopped;
}

/* Where nothing but sums counts: an issue's options all at once. */
static void climb_sums(struct search *s, uint32_t *package)
{
    const struct problem *p = s->p;
    int64_t now[PROBLEM_PARTIES_MAX];
    bool better = true;
    sweep_worth(&s->sweep, package, now);
    double high = height_capped(s, now);
    for (unsigned round = 0; round < CLIMB_ROUNDS && better; round++) {
        better = false;
        for (uint32_t i = 0; i < p->issues && !stopped(s, p->options[i] + 64); i++) {
            const int64_t *rows = sweep_issue(&s->sweep, package, now, i);
            uint32_t keep = package[i];
            for (uint32_t o = 0; o < p->options[i]; o++) {
                double then = height_capped(s, rows + (size_t)o * p->parties);
                if (then > high) {
                    high = then;
                    keep = o;
                }
            }
            better = better || keep != package[i];
            package[i] = keep;
            memcpy(now, rows + (size_t)keep * p->parties, p->parties * sizeof(*now));
        }
    }
    try_package(s, package);
}

static void climb(struct search *s, uint32_t *package)
{
    const struct problem *p = s->p;
    if (s->sweeps) {
        climb_sums(s, package);
        return;
    }
    double now = height(s, package);
    bool better = true;
    for (unsigned round = 0; round < CLIMB_ROUNDS && better; round++) {
        better = false;
        for (uint32_t i = 0; i < p->issues && !stopped(s, 64 * (p->issues + p->box_count)); i++) {
            uint32_t keep = package[i];
            uint32_t step = p->options[i] / 64 + 1; /* wide ranges by strides */
            for (uint32_t o = 0; o < p->options[i]; o += step) {
                package[i] = o;
                double then = height(s, package);
                if (then > now) {
                    now = then;
                    keep = o;
                    better = true;
                }
            }
            package[i] = keep;
        }
    }
    try_package(s, package);
}

/* What the weighted sum says of the rule over the part: no package gives more. */
static double relaxed(struct search *s, const uint32_t *low, const uint32_t *high)
{
    const struct problem *p = s->p;
    double weight[PROBLEM_PARTIES_MAX];
    double none = 0;
    double shares = 1;
    for (uint32_t k = 0; k < p->parties; k++) {
        weight[k] = s->share[k] / (double)p->unit[k];
        none += weight[k] * (double)s->d[k];
        shares *= s->share[k];
    }
    double sum = relax_most(&s->relax, weight, low, high);
    double size = (sum < 0 ? -sum : sum) + (none < 0 ? -none : none);
    double gain = sum - none + size * EASE;
    if (gain < 0) {
        return -1; /* somebody falls short, whichever package */
    }
    if (s->rule != BARGAIN_NASH) {
        return gain;
    }
    if (shares <= 0) {
        return 1e300;
    }
    /* The product of shared gains is at most that of their mean. */
    double product = 1 / shares;
    for (uint32_t k = 0; k < p->parties; k++) {
        product *= gain / p->parties;
    }
    return product * (1 + EASE);
}

/* An upper bound of the rule over the part; below 0: no package of it will do. */
static double promise_of(struct search *s, const uint32_t *low, const uint32_t *high)
{
    const struct problem *p = s->p;
    int64_t most[PROBLEM_PARTIES_MAX];
    for (uint32_t k = 0; k < p->parties; k++) {
        int64_t least;
        problem_bounds(p, k, low, high, &least, &most[k]);
    }
    for (uint32_t b = 0; b < p->box_count; b++) {
        const struct problem_box *box = &p->boxes[b];
        bool holds = box->kind == PROBLEM_BOX_FORBIDS;
        for (uint32_t r = 0; r < box->range_count && holds; r++) {
            uint32_t i = box->ranges[r].issue;
            holds = box->ranges[r].low <= low[i] && box->ranges[r].high >= high[i];
        }
        if (holds) {
            return -1;
        }
    }
    double apart = value_of(s, most);
    if (!s->relaxes || apart < 0) {
        return apart;
    }
    double together = relaxed(s, low, high);
    return together < apart ? together : apart;
}

static void heap_push(struct search *s, struct part part)
{
    size_t at = s->count++;
    while (at > 0 && s->heap[(at - 1) / 2].promise < part.promise) {
        s->heap[at] = s->heap[(at - 1) / 2];
        at = (at - 1) / 2;
    }
    s->heap[at] = part;
}

static struct part heap_pop(struct search *s)
{
    struct part top = s->heap[0];
    struct part last = s->heap[--s->count];
    size_t at = 0;
    for (;;) {
        size_t child = 2 * at + 1;
        if (child >= s->count) {
            break;
        }
        if (child + 1 < s->count && s->heap[child + 1].promise > s->heap[child].promise) {
            child++;
        }
        if (last.promise >= s->heap[child].promise) {
            break;
        }
        s->heap[at] = s->heap[child];
        at = child;
    }
    s->heap[at] = last;
    return top;
}

static uint32_t *take_room(struct search *s)
{
    if (s->spare_count > 0) {
        return s->spare[--s->spare_count];
    }
    if (s->room_used == s->cap) {
        return NULL;
    }
    return s->room + 2 * (size_t)s->p->issues * s->room_used++;
}

static bool still_worth(const struct search *s, double promise)
{
    return promise >= 0 && (!s->best.found || promise > s->best.value * (1 + EASE) + EASE);
}

static void add_part(struct search *s, const uint32_t *low, const uint32_t *high)
{
    double promise = promise_of(s, low, high);
    uint32_t n = s->p->issues;
    if (!still_worth(s, promise)) {
        return;
    }
    uint32_t *room = take_room(s);
    if (room == NULL) {
        s->dropped = promise > s->dropped ? promise : s->dropped;
        return;
    }
    memcpy(room, low, n * sizeof(*low));
    memcpy(room + n, high, n * sizeof(*high));
    heap_push(s, (struct part){.promise = promise, .low = room});
}

/* Where to split: the end of a box that matters most and cuts the part, else the widest spread of
 * worths.  The left side ends at *out_at.  False: the part is one package, or all alike. */
static bool split_at(const struct search *s, const uint32_t *low, const uint32_t *high,
                     uint32_t *out_issue, uint32_t *out_at)
{
    const struct problem *p = s->p;
    double most = -1;
    for (uint32_t b = 0; b < p->box_count; b++) {
        const struct problem_box *box = &p->boxes[b];
        bool meets = true;
        for (uint32_t r = 0; r < box->range_count && meets; r++) {
            uint32_t i = box->ranges[r].issue;
            meets = box->ranges[r].low <= high[i] && box->ranges[r].high >= low[i];
        }
        if (!meets) {
            continue;
        }
        double size = box->kind == PROBLEM_BOX_ADDS
                          ? (double)box->worth / (double)p->unit[box->party]
                          : 1;
        size = size < 0 ? -size : size;
        for (uint32_t r = 0; r < box->range_count; r++) {
            const struct problem_range *g = &box->ranges[r];
            if (size > most && g->low > low[g->issue]) {
                most = size;
                *out_issue = g->issue;
                *out_at = g->low - 1;
            } else if (size > most && g->high < high[g->issue]) {
                most = size;
                *out_issue = g->issue;
                *out_at = g->high;
            }
        }
    }
    if (most >= 0) {
        return true;
    }
    for (uint32_t i = 0; i < p->issues; i++) {
        for (uint32_t k = 0; k < p->parties && low[i] < high[i]; k++) {
            int64_t least = INT64_MAX;
            int64_t top = INT64_MIN;
            for (uint32_t o = low[i]; o <= high[i]; o++) {
                int64_t w = problem_worth(p, i, o)[k];
                least = w < least ? w : least;
                top = w > top ? w : top;
            }
            double spread = ((double)top - (double)least) / (double)p->unit[k];
            if (spread > most) {
                most = spread;
                *out_issue = i;
                *out_at = low[i] + (high[i] - low[i]) / 2;
            }
        }
    }
    return most > 0 || (p->table != NULL && most >= 0);
}

/* Climbs again from the best package so far, a few issues of it changed: by a generator with a seed
 * of its own, so that the same search does the same. */
static void shake(struct search *s)
{
    const struct problem *p = s->p;
    memcpy(s->package, s->best.package, p->issues * sizeof(*s->package));
    unsigned changes = 2 + (unsigned)(s->best.parts / CLIMB_EVERY % p->issues);
    changes = changes < SHAKES_MOST ? changes : SHAKES_MOST;
    for (unsigned n = 0; n < changes; n++) {
        s->chance ^= s->chance << 13;
        s->chance ^= s->chance >> 7;
        s->chance ^= s->chance << 17;
        uint32_t issue = (uint32_t)(s->chance >> 32) % p->issues;
        s->package[issue] = (uint32_t)s->chance % p->options[issue];
    }
    climb(s, s->package);
}

static void explore(struct search *s, const struct part *part)
{
    uint32_t n = s->p->issues;
    uint32_t *low = part->low;
    uint32_t *high = part->low + n;
    uint32_t issue = 0;
    uint32_t at = 0;
    uint64_t every = s->sweeps ? CLIMB_EVERY : CLIMB_RARELY;
    if (s->best.parts >= CLIMBS && s->best.found && s->best.parts % every == every / 2) {
        shake(s);
    } else if (s->best.parts < CLIMBS || s->best.parts % every == 0) {
        for (uint32_t i = 0; i < n; i++) {
            s->package[i] = low[i] + (high[i] - low[i]) / 2;
        }
        climb(s, s->package);
    } else {
        try_package(s, low);
    }
    if (!split_at(s, low, high, &issue, &at)) {
        return; /* all alike, and one was tried */
    }
    uint32_t was_low = low[issue];
    uint32_t was_high = high[issue];
    high[issue] = at;
    add_part(s, low, high);
    high[issue] = was_high;
    low[issue] = at + 1;
    add_part(s, low, high);
    low[issue] = was_low;
}

bool bound_best(const struct problem *p, const int64_t *d, const int64_t *hope,
                enum bargain_rule rule, const struct budget *budget, struct arena *mem,
                struct bound_result *out, struct err *err)
{
    struct search *s = ARENA_NEW(mem, struct search, 1);
    if (s == NULL) {
        return err_memory(err, "the search");
    }
    *s = (struct search){
        .p = p, .d = d, .hope = hope, .rule = rule, .budget = budget, .chance = 1, .dropped = -1};
    s->package = ARENA_NEW(mem, uint32_t, p->issues);
    uint32_t *ends = ARENA_NEW(mem, uint32_t, 2 * (size_t)p->issues);
    if (!relax_init(&s->relax, p, mem, &s->relaxes, err) ||
        !sweep_init(&s->sweep, p, mem, &s->sweeps, err)) {
        return false;
    }
    size_t each = sizeof(struct part) + sizeof(uint32_t *) + 2 * p->issues * sizeof(uint32_t);
    s->cap = (mem->cap - mem->used) / each;
    s->cap = s->cap > 64 ? s->cap - 64 : 0; /* alignment */
    s->heap = ARENA_NEW(mem, struct part, s->cap);
    s->spare = ARENA_NEW(mem, uint32_t *, s->cap);
    s->room = ARENA_NEW(mem, uint32_t, 2 * (size_t)p->issues * s->cap);
    if (mem->failed || s->cap < 64) {
        return err_memory(err, "the search");
    }
    for (uint32_t i = 0; i < p->issues; i++) {
        ends[p->issues + i] = p->options[i] - 1;
    }
    /* Until a package is found, the weights are those of what each could have at most. */
    int64_t most[PROBLEM_PARTIES_MAX];
    for (uint32_t k = 0; k < p->parties; k++) {
        int64_t least;
        problem_bounds(p, k, ends, ends + p->issues, &least, &most[k]);
    }
    set_shares(s, most);
    add_part(s, ends, ends + p->issues);
    bool spent = false;
    while (s->count > 0 && still_worth(s, s->heap[0].promise) && !spent) {
        struct part part = heap_pop(s);
        s->best.parts++;
        explore(s, &part);
        s->spare[s->spare_count++] = part.low;
        spent = s->best.parts >= budget->work || stopped(s, p->issues + 4 * (uint64_t)p->box_count);
    }
    double left = s->count > 0 ? s->heap[0].promise : -1;
    left = s->dropped > left ? s->dropped : left;
    s->best.exact = s->best.found && !still_worth(s, left);
    s->best.none = !s->best.found && left < 0;
    s->best.promise = s->best.exact || left < s->best.value ? s->best.value : left;
    *out = s->best;
    return true;
}
