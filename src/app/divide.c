/* SPDX-License-Identifier: Apache-2.0 */
#include "app/divide_priv.h"

#include "base/check.h"
#include "os/clock.h"
#include "os/file.h"
#include "os/stop.h"

enum { MEM_BYTES = 256 << 20, PROGRESS_US = 2000000 };

struct watch {
    const struct divide_plan *plan;
    uint64_t end_us;
    uint64_t told_us;
    const char *what;
};

static bool time_over(void *ctx)
{
    struct watch *w = ctx;
    uint64_t now = clock_monotonic_us();
    if (w->plan->progress != NULL && now >= w->told_us + PROGRESS_US) {
        w->told_us = now;
        w->plan->progress(w->plan->ctx, w->what);
    }
    return now >= w->end_us || stop_asked();
}

static bool solve(struct divided *d, const struct divide_plan *plan, struct err *err)
{
    static const char *const what[DIVIDED_RULES] = {"looking for the largest product of shares",
                                                    "looking for the best for the worst off"};
    uint64_t start = clock_monotonic_us();
    struct watch w = {.plan = plan, .told_us = start};
    if (!division_check(&d->division, err)) {
        return false;
    }
    d->has_winner = d->division.parties == 2;
    if (d->has_winner && !division_adjusted_winner(&d->division, &d->region.mem, &d->winner, err)) {
        return false;
    }
    for (uint32_t r = 0; r < DIVIDED_RULES; r++) {
        struct budget budget = {.work = UINT64_MAX, .stop = time_over, .ctx = &w};
        w.what = what[r];
        w.end_us = start + plan->seconds * 1000000 / DIVIDED_RULES * (r + 1);
        if (!division_solve(&d->division, (enum division_rule)r, &budget, &d->region.mem,
                            &d->whole[r], err)) {
            return false;
        }
    }
    d->took_us = clock_monotonic_us() - start;
    return true;
}

bool divide(const char *path, const struct divide_plan *plan, struct divided **out, struct err *err)
{
    struct region region;
    struct bytes yaml;
    if (!region_init(&region, REGION_PLAIN, MEM_BYTES, err)) {
        return false;
    }
    struct divided *d = ARENA_NEW(&region.mem, struct divided, 1);
    CHECK(d != NULL);   /* the first of many */
    d->region = region; /* it lives in its own region */
    if (!file_read(path, DIVISION_YAML_MAX, &d->region.mem, &yaml, err) ||
        !division_from_yaml(yaml, path, &d->region.mem, &d->file, err)) {
        divided_free(d);
        return false;
    }
    d->division = (struct division){
        .parties = d->file.party_count, .goods = d->file.good_count, .points = d->file.units};
    if (!solve(d, plan, err)) {
        divided_free(d);
        return err_at(err, "%s", path);
    }
    *out = d;
    return true;
}

void divided_free(struct divided *d)
{
    if (d != NULL) {
        struct region region = d->region;
        region_free(&region);
    }
}

wide divided_total(const struct divided *d, uint32_t party)
{
    wide sum = 0;
    for (uint32_t g = 0; g < d->division.goods; g++) {
        sum += (uint64_t)d->division.points[(size_t)g * d->division.parties + party];
    }
    return sum;
}

struct part divided_part(const struct divided *d, enum divided_by by, uint32_t good, uint32_t party)
{
    static const struct part none = {0, 1};
    static const struct part all = {1, 1};
    if (by != DIVIDED_WINNER) {
        return d->whole[by].owner[good] == party ? all : none;
    }
    bool owns = d->winner.owner[good] == party;
    if (good != d->winner.split) {
        return owns ? all : none;
    }
    struct fraction keeps = d->winner.keeps;
    return owns ? (struct part){keeps.n, keeps.d} : (struct part){keeps.d - keeps.n, keeps.d};
}

/* Of one's own points, the share that a part has in one's own eyes. */
struct part divided_sees(const struct divided *d, enum divided_by by, uint32_t who, uint32_t whose)
{
    if (by == DIVIDED_WINNER) { /* both have the same; all is given */
        struct fraction each = d->winner.each;
        return who == whose ? (struct part){each.n, each.d}
                            : (struct part){each.d - each.n, each.d};
    }
    int64_t sum = 0;
    for (uint32_t g = 0; g < d->division.goods; g++) {
        sum += d->whole[by].owner[g] == whose
                   ? d->division.points[(size_t)g * d->division.parties + who]
                   : 0;
    }
    return (struct part){sum, (int64_t)divided_total(d, who)}; /* at most 10^12 */
}
