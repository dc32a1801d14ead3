/* SPDX-License-Identifier: Apache-2.0
 *
 * The analysis, in four parts: beside plain C on problems small enough for it (bench/plain.c); on
 * large ones, in processes of their own so that memory is theirs alone; package by package; and
 * what branch and bound proves in a given time.  Times are the processor's, but for the program's.
 *
 *     bench_frontier [--bound SECONDS] [--curves]
 *
 * --bound: the last part alone, so long for each search (1).  --curves: nothing but lines for
 * tools/plot_curves.py.  Other words belong to other measurements, and are passed over.
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "analysis/bargain.h"
#include "analysis/bound.h"
#include "analysis/outcomes.h"
#include "analysis/zone.h"
#include "base/fixed.h"
#include "base/sort.h"
#include "lib/problems.h"
#include "lib/scratch.h"
#include "lib/test.h"
#include "os/clock.h"
#include "os/region.h"
#include "plain.h"

#define MILLION 1000000u
#define COUNT_WORK 4194304u
#define SEEDS 10u

/* The processor's time of this process, which other work on the machine changes least. */
static double cpu_us(void)
{
    return (double)clock() * (1e6 / (double)CLOCKS_PER_SEC);
}

static void must(bool ok, const struct err *err)
{
    if (!ok) {
        (void)fprintf(stderr, "bench_frontier: %s\n", err->what);
        exit(1);
    }
}

/* The same plan and seed give the same problem. */
static struct problem *make(const struct problem_plan *plan, uint64_t seed, struct arena *mem)
{
    struct prop prop;
    prop_init_seed(&prop, seed);
    return problem_make(plan, &prop, mem);
}

/* ---- beside plain C ---- */

struct answer {
    uint64_t points;
    double nash;
    double us;
    long kib;
};

/* Frontier, zone, four solutions: what `entente analyse` does after reading. */
static struct answer whole(const struct problem *p, struct arena *mem)
{
    struct err err = {0};
    struct frontier f;
    struct zone_count zone;
    struct bargain best;
    int64_t d[PROBLEM_PARTIES_MAX];
    int64_t ideal[PROBLEM_PARTIES_MAX];
    struct answer a = {0};
    static const struct budget count_work = {.work = COUNT_WORK};
    bargain_disagreement(p, d);
    must(frontier_merge(p, FRONTIER_ALL, &no_limit, mem, &f, &err), &err);
    must(zone_count(p, &count_work, mem, &zone, &err), &err);
    a.points = f.count;
    if (!bargain_reach(&f, d, ideal)) {
        return a;
    }
    for (uint32_t r = 0; r < BARGAIN_RULES; r++) {
        must(bargain_solve(&f, d, ideal, (enum bargain_rule)r, mem, &best, &err), &err);
        if (r == BARGAIN_NASH) {
            a.nash = 1;
            for (uint32_t k = 0; k < p->parties; k++) {
                a.nash *= (double)(f.u[best.point[0] * p->parties + k] - d[k]);
            }
        }
    }
    return a;
}

static struct answer ours(const struct problem_plan *plan, uint64_t seed)
{
    enum { ROUNDS = 20 };
    struct err err = {0};
    struct region r;
    struct region problem;
    struct answer best = {.us = 1e300};
    must(region_init(&r, REGION_PLAIN, (size_t)256 << 20, &err) &&
             region_init(&problem, REGION_PLAIN, (size_t)64 << 20, &err),
         &err);
    const struct problem *p = make(plan, seed, &problem.mem);
    for (unsigned i = 0; i < ROUNDS; i++) {
        double start = cpu_us();
        struct answer a = whole(p, &r.mem);
        a.us = cpu_us() - start;
        best = a.us < best.us ? a : best;
        region_clear(&r);
    }
    region_free(&problem);
    region_free(&r);
    return best;
}

static struct answer theirs(const struct problem_plan *plan, uint64_t seed)
{
    struct err err = {0};
    struct region r;
    struct region problem;
    int64_t d[PROBLEM_PARTIES_MAX];
    struct plain_answer plain;
    must(region_init(&r, REGION_PLAIN, (size_t)2 << 30, &err) &&
             region_init(&problem, REGION_PLAIN, (size_t)64 << 20, &err),
         &err);
    const struct problem *p = make(plan, seed, &problem.mem);
    bargain_disagreement(p, d);
    uint64_t start = clock_monotonic_us();
    must(plain_analyse(p, d, &r.mem, &plain, &err), &err);
    struct answer a = {
        .points = plain.points, .nash = plain.nash, .us = (double)(clock_monotonic_us() - start)};
    region_free(&problem);
    region_free(&r);
    return a;
}

static void beside_plain(void)
{
    static const struct {
        const char *what;
        struct problem_plan plan;
        double quoted_s; /* NegMAS 0.15.7 on a problem of this shape, quoted: not measured here */
    } rows[] = {
        {"2 parties, 15,625 packages (6 x 5)",
         {.parties = 2, .issues = 6, .options = 5, .worth_max = MILLION, .reserves = true},
         1.45},
        {"2 parties, 10^6 packages (6 x 10)",
         {.parties = 2, .issues = 6, .options = 10, .worth_max = MILLION, .reserves = true},
         66},
        {"3 parties, 390,625 packages (8 x 5)",
         {.parties = 3, .issues = 8, .options = 5, .worth_max = MILLION, .reserves = true},
         40},
        {"2 parties, 390,625 packages (8 x 5)",
         {.parties = 2, .issues = 8, .options = 5, .worth_max = MILLION, .reserves = true},
         0.026},
        {"2 parties, 10^7 packages (7 x 10)",
         {.parties = 2, .issues = 7, .options = 10, .worth_max = MILLION, .reserves = true},
         0.140},
    };
    (void)printf("frontier, zone and four solutions\n%-40s %8s %12s %12s %8s %12s %10s\n", "",
                 "points", "plain C, us", "here, us", "ratio", "NegMAS*, us", "ratio*");
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct answer a = ours(&rows[i].plan, i + 1);
        struct answer b = theirs(&rows[i].plan, i + 1);
        assert_int_equal(a.points, b.points);
        assert_true(a.nash >= b.nash * (1 - 1e-9) && a.nash <= b.nash * (1 + 1e-9));
        (void)printf("%-40s %8llu %12.0f %12.0f %8.0f %12.0f %10.0f\n", rows[i].what,
                     (unsigned long long)a.points, b.us, a.us, b.us / a.us, rows[i].quoted_s * 1e6,
                     rows[i].quoted_s * 1e6 / a.us);
        (void)fflush(stdout);
    }
    (void)printf("* quoted for 0.15.7 on 2 cores and a problem of this shape, not measured here; "
                 "the last two\n  rows are its exact two-party additive sampler, the frontier "
                 "alone\n\n");
}

/* ---- the program itself, its start included ---- */

static void write_scenario(const char *path)
{
    const struct problem_plan plan = {.parties = 2, .issues = 6, .options = 5, .worth_max = 100};
    struct arena mem = test_arena(1u << 20);
    const struct problem *p = make(&plan, 1, &mem);
    FILE *f = fopen(path, "w");
    assert_non_null(f);
    (void)fprintf(f, "scenario: bench\nissues:\n");
    for (uint32_t i = 0; i < p->issues; i++) {
        (void)fprintf(f, "  issue%u: [a, b, c, d, e]\n", i);
    }
    (void)fprintf(f, "parties:\n");
    for (uint32_t k = 0; k < p->parties; k++) {
        (void)fprintf(f, "  party%u:\n    no-deal: 100\n    worth:\n", k);
        for (uint32_t i = 0; i < p->issues; i++) {
            (void)fprintf(f, "      issue%u: {", i);
            for (uint32_t o = 0; o < p->options[i]; o++) {
                (void)fprintf(f, "%s%c: %lld", o == 0 ? "" : ", ", 'a' + (int)o,
                              (long long)problem_worth(p, i, o)[k]);
            }
            (void)fprintf(f, "}\n");
        }
    }
    assert_int_equal(fclose(f), 0);
    test_arena_free(&mem);
}

static void program(const char *self)
{
    enum { ROUNDS = 20 };
    char binary[SCRATCH_PATH_MAX];
    char path[SCRATCH_PATH_MAX];
    const char *slash = strrchr(self, '/');
    struct scratch folder = scratch_new();
    double best = 1e300;
    (void)snprintf(binary, sizeof(binary), "%.*s/../src/entente",
                   slash == NULL ? 1 : (int)(slash - self), slash == NULL ? "." : self);
    scratch_path(&folder, "scenario.yaml", path);
    write_scenario(path);
    for (unsigned i = 0; i < ROUNDS; i++) {
        int status;
        uint64_t start = clock_monotonic_us();
        (void)fflush(stdout);
        pid_t child = fork();
        assert_true(child >= 0);
        if (child == 0) {
            if (freopen("/dev/null", "w", stdout) != NULL) {
                (void)execl(binary, binary, "analyse", "--json", path, (char *)NULL);
            }
            _exit(1);
        }
        assert_int_equal(waitpid(child, &status, 0), child);
        if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) {
            (void)printf("%s did not run\n\n", binary);
            scratch_free(&folder);
            return;
        }
        double us = (double)(clock_monotonic_us() - start);
        best = us < best ? us : best;
    }
    (void)printf("%-40s %8s %12s %12.0f %8s %12.0f %10.0f\n\n",
                 "the program, its start included (6 x 5)", "", "", best, "", 1.45e6,
                 1.45e6 / best);
    scratch_free(&folder);
}

/* ---- large ones ---- */

/* In a process of its own: the time, and the memory at most. */
static struct answer apart(const struct problem_plan *plan, uint64_t seed)
{
    int ends[2];
    int status;
    struct answer a = {0};
    assert_int_equal(pipe(ends), 0);
    (void)fflush(stdout);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        enum { ROUNDS = 3 };
        struct err err = {0};
        struct region r;
        struct region problem;
        struct rusage use;
        a.us = 1e300;
        must(region_init(&r, REGION_PLAIN, (size_t)1 << 30, &err) &&
                 region_init(&problem, REGION_PLAIN, (size_t)64 << 20, &err),
             &err);
        const struct problem *p = make(plan, seed, &problem.mem);
        for (unsigned i = 0; i < ROUNDS; i++) {
            struct frontier f;
            double start = cpu_us();
            must(frontier_merge(p, FRONTIER_ALL, &no_limit, &r.mem, &f, &err), &err);
            double us = cpu_us() - start;
            a.us = us < a.us ? us : a.us;
            a.points = f.count;
            assert_true(f.exact);
            region_clear(&r);
        }
        assert_int_equal(getrusage(RUSAGE_SELF, &use), 0);
        a.kib = use.ru_maxrss;
        _exit(write(ends[1], &a, sizeof(a)) == (ssize_t)sizeof(a) ? 0 : 1);
    }
    assert_int_equal(close(ends[1]), 0);
    assert_int_equal(read(ends[0], &a, sizeof(a)), (ssize_t)sizeof(a));
    assert_int_equal(close(ends[0]), 0);
    assert_int_equal(waitpid(child, &status, 0), child);
    return a;
}

static int us_cmp(const void *a, const void *b, void *ctx)
{
    const double *x = a;
    const double *y = b;
    (void)ctx;
    return (*x > *y) - (*x < *y);
}

static void large(void)
{
    static const struct {
        const char *what;
        struct problem_plan plan;
        const char *goal;
    } rows[] = {
        {"2 parties, 100 x 10 (10^100 packages)",
         {.parties = 2, .issues = 100, .options = 10, .worth_max = MILLION},
         "10 ms, 200 MB"},
        {"3 parties, 20 x 5 (10^14)",
         {.parties = 3, .issues = 20, .options = 5, .worth_max = MILLION},
         "10 ms"},
        {"4 parties, 12 x 3 (531,441)",
         {.parties = 4, .issues = 12, .options = 3, .worth_max = MILLION},
         "none"},
        {"6 parties, 8 x 4 (65,536)",
         {.parties = 6, .issues = 8, .options = 4, .worth_max = MILLION},
         "none"},
    };
    struct arena mem = test_arena(4096);
    (void)printf("the exact frontier of large problems, worths to 10^6, %u seeds, one core\n"
                 "%-40s %8s %10s %10s %10s  %s\n",
                 SEEDS, "", "points", "median ms", "worst ms", "MB at most", "goal");
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        double us[SEEDS];
        uint64_t points = 0;
        long kib = 0;
        for (unsigned s = 0; s < SEEDS; s++) {
            struct answer a = apart(&rows[i].plan, s + 1);
            us[s] = a.us;
            points += a.points;
            kib = a.kib > kib ? a.kib : kib;
        }
        assert_true(sort_stable(us, SEEDS, sizeof(us[0]), us_cmp, NULL, &mem));
        (void)printf("%-40s %8llu %10.2f %10.2f %10.1f  %s\n", rows[i].what,
                     (unsigned long long)(points / SEEDS), us[SEEDS / 2] / 1e3, us[SEEDS - 1] / 1e3,
                     (double)kib / 1024, rows[i].goal);
        (void)fflush(stdout);
    }
    (void)printf("\n");
    test_arena_free(&mem);
}

/* ---- package by package ---- */

static void scan(void)
{
    static const struct {
        const char *what;
        struct problem_plan plan;
    } rows[] = {
        {"2 parties, additive (8 x 10)",
         {.parties = 2, .issues = 8, .options = 10, .worth_max = MILLION}},
        {"3 parties, additive (8 x 9)",
         {.parties = 3, .issues = 8, .options = 9, .worth_max = MILLION}},
        {"2 parties, 20 boxes (7 x 10)",
         {.parties = 2, .issues = 7, .options = 10, .worth_max = MILLION, .boxes = 20}},
        {"4 parties, 20 boxes (7 x 8)",
         {.parties = 4, .issues = 7, .options = 8, .worth_max = MILLION, .boxes = 20}},
    };
    (void)printf("every package looked at, one core (goal: 300 M/s for two additive parties)\n"
                 "%-40s %8s %10s %10s\n",
                 "", "points", "packages", "M/s");
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct err err = {0};
        struct region r;
        struct arena mem = test_arena(1u << 20);
        struct frontier f;
        struct outcomes seen;
        must(region_init(&r, REGION_PLAIN, (size_t)512 << 20, &err), &err);
        const struct problem *p = make(&rows[i].plan, i + 1, &mem);
        double start = cpu_us();
        must(outcomes_frontier(p, FRONTIER_ALL, &no_limit, &r.mem, &f, &seen, &err), &err);
        double us = cpu_us() - start;
        (void)printf("%-40s %8zu %10llu %10.0f\n", rows[i].what, f.count,
                     (unsigned long long)seen.seen, (double)seen.seen / us);
        (void)fflush(stdout);
        test_arena_free(&mem);
        region_free(&r);
    }
    (void)printf("\n");
}

/* ---- branch and bound ---- */

/* As the hyper-rectangle scenarios of the competitions: no worth of single options; boxes over a
 * few issues, each party its own. */
static const struct problem *rectangles(uint32_t issues, uint32_t boxes, struct arena *mem)
{
    enum { OPTIONS = 10, PARTIES = 2 };
    struct prop prop;
    struct problem *p = ARENA_NEW(mem, struct problem, 1);
    uint32_t *options = ARENA_NEW(mem, uint32_t, issues);
    const int64_t **worth = ARENA_NEW(mem, const int64_t *, issues);
    const int64_t *zeros = ARENA_NEW(mem, int64_t, OPTIONS * PARTIES);
    struct problem_box *box = ARENA_NEW(mem, struct problem_box, (size_t)PARTIES * boxes);
    static const int64_t unit[PARTIES] = {1000, 1000};
    static const int64_t reserve[PARTIES] = {0, 0};
    prop_init_seed(&prop, issues);
    assert_false(mem->failed);
    for (uint32_t i = 0; i < issues; i++) {
        options[i] = OPTIONS;
        worth[i] = zeros;
    }
    for (uint32_t b = 0; b < PARTIES * boxes; b++) {
        struct problem_range *range = ARENA_NEW(mem, struct problem_range, issues);
        assert_non_null(range);
        uint32_t wanted = (uint32_t)prop_between(&prop, 2, 4);
        uint32_t left = wanted;
        box[b] = (struct problem_box){.kind = PROBLEM_BOX_ADDS,
                                      .party = b % PARTIES,
                                      .worth = (int64_t)prop_between(&prop, 1, 100),
                                      .ranges = range};
        for (uint32_t i = 0; i < issues && left > 0; i++) {
            if (prop_below(&prop, issues - i) < left) {
                uint32_t low = (uint32_t)prop_below(&prop, 7);
                range[box[b].range_count++] = (struct problem_range){
                    .issue = i, .low = low, .high = low + (uint32_t)prop_between(&prop, 1, 3)};
                left--;
            }
        }
    }
    *p = (struct problem){.parties = PARTIES,
                          .issues = issues,
                          .options = options,
                          .worth = worth,
                          .box_count = PARTIES * boxes,
                          .boxes = box,
                          .unit = unit,
                          .reserve = reserve};
    return p;
}

static bool time_over(void *ctx)
{
    const double *end = ctx;
    return cpu_us() >= *end;
}

static void bound(uint64_t seconds)
{
    static const uint32_t issues[] = {10, 20, 30, 40};
    (void)printf("branch and bound, 2 parties, issues of 10 options, 5 boxes a party and issue; "
                 "fair gain,\n%llu s each\n%-20s %10s %10s %8s %10s %8s\n",
                 (unsigned long long)seconds, "", "found", "at most", "gap", "parts", "s");
    for (size_t i = 0; i < COUNT_OF(issues); i++) {
        struct err err = {0};
        struct region r;
        struct arena mem = test_arena(1u << 22);
        struct bound_result best;
        must(region_init(&r, REGION_PLAIN, (size_t)1 << 30, &err), &err);
        const struct problem *p = rectangles(issues[i], 5 * issues[i], &mem);
        must(problem_check(p, &err), &err);
        int64_t d[PROBLEM_PARTIES_MAX];
        bargain_disagreement(p, d);
        double start = cpu_us();
        double end = start + (double)seconds * MILLION;
        struct budget budget = {.work = UINT64_MAX, .stop = time_over, .ctx = &end};
        must(bound_best(p, d, NULL, BARGAIN_NASH, &budget, &r.mem, &best, &err), &err);
        (void)printf("10^%-17u %10.4f %10.4f %7.1f%% %10llu %8.2f\n", issues[i], best.value,
                     best.promise, (best.promise / best.value - 1) * 100,
                     (unsigned long long)best.parts, (cpu_us() - start) / MILLION);
        (void)fflush(stdout);
        test_arena_free(&mem);
        region_free(&r);
    }
}

/* ---- curves ---- */

static void curves(void)
{
    static const struct {
        uint32_t parties;
        uint32_t options;
        uint32_t issues[6]; /* 0: no more */
    } rows[] = {
        {2, 5, {10, 20, 50, 100, 200, 250}},
        {2, 10, {10, 20, 50, 100, 200, 250}},
        {2, 100, {10, 20, 50, 100, 200, 250}},
        {3, 3, {5, 10, 15, 20, 30, 40}},
        {3, 5, {5, 10, 15, 20, 25, 30}},
        {4, 3, {4, 6, 8, 10, 12, 14}},
        {6, 3, {4, 5, 6, 7, 8, 9}},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        for (size_t n = 0; n < COUNT_OF(rows[i].issues) && rows[i].issues[n] > 0; n++) {
            const struct problem_plan plan = {.parties = rows[i].parties,
                                              .issues = rows[i].issues[n],
                                              .options = rows[i].options,
                                              .worth_max = MILLION};
            struct answer a = apart(&plan, 1);
            (void)printf("%u %u %u %llu %.3f %.1f\n", plan.parties, plan.options, plan.issues,
                         (unsigned long long)a.points, a.us / 1e3, (double)a.kib / 1024);
            (void)fflush(stdout);
        }
    }
}

int main(int argc, char **argv)
{
    uint64_t seconds = 1;
    bool only_bound = false;
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--curves") == 0) {
            curves();
            return 0;
        }
        only_bound = only_bound || strcmp(argv[i], "--bound") == 0;
        if (strcmp(argv[i], "--bound") == 0 &&
            (++i == argc || !u64_parse(text_str(argv[i]), &seconds))) {
            (void)fprintf(stderr, "use: bench_frontier [--bound SECONDS] [--curves]\n");
            return 2;
        }
    }
    if (!only_bound) {
        beside_plain();
        program(argv[0]);
        large();
        scan();
    }
    bound(seconds);
    return 0;
}
