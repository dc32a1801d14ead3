/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/light_main.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/fixed.h"
#include "base/reader.h"
#include "base/sort.h"
#include "os/clock.h"
#include "os/file.h"
#include "sim/light.h"
#include "sim/off.h"

#define JOBS_MAX 64u
#define SLICE_LEAST 20u
#define SLICE_MAX 1000u /* seeds of one job between two writings of the state, at most */
#define DIGESTS_MAX 4000000u
#define SHRINK_TRIES 400u
#define STATE_VERSION 2u
#define STATE_MAGIC "entlight"
#define STEPS 240u /* 200 acts, by and by */

struct wish {
    uint64_t first, last, steps, jobs;
    const char *world;
    const char *scene; /* one set piece, or "all"; NULL: none */
    const char *state; /* NULL: none is kept */
    bool story;
    struct off off;
    const char *logs; /* a folder; NULL: none are written */
};

/* What the seeds up to `next` came to. */
struct tally {
    uint64_t next;
    struct light_figures figures;
    size_t count; /* of digests, each once, ascending, by their first 8 bytes */
    uint64_t *digests;
    struct arena sorting;
};

/* From a job to its starter. */
struct slice {
    bool ok;
    struct light_figures figures;
    uint32_t count;
    uint64_t digests[SLICE_MAX];
};

struct tables {
    struct light *of[3]; /* by shape */
    uint32_t count;
};

static bool number(const char *text, uint64_t *out)
{
    return u64_parse(text_str(text), out);
}

/* "A..B" */
static bool range(const char *text, struct wish *w)
{
    const char *dots = strstr(text, "..");
    char first[32];
    if (dots == NULL || (size_t)(dots - text) >= sizeof(first)) {
        return false;
    }
    memcpy(first, text, (size_t)(dots - text));
    first[dots - text] = '\0';
    return number(first, &w->first) && number(dots + 2, &w->last) && w->first <= w->last;
}

static bool read_wish(int argc, char **argv, struct wish *out)
{
    *out = (struct wish){.first = 1, .last = 100, .steps = STEPS, .jobs = 1, .world = "all"};
    for (int i = 1; i < argc; i++) {
        const char *v = i + 1 < argc ? argv[i + 1] : "";
        bool ok = true;
        if (strcmp(argv[i], "--story") == 0) {
            out->story = true;
            continue;
        }
        if (strcmp(argv[i], "--seeds") == 0) {
            ok = range(v, out);
        } else if (strcmp(argv[i], "--steps") == 0) {
            ok = number(v, &out->steps) && out->steps <= LIGHT_STEPS_MAX;
        } else if (strcmp(argv[i], "--jobs") == 0) {
            ok = number(v, &out->jobs) && out->jobs >= 1 && out->jobs <= JOBS_MAX;
        } else if (strcmp(argv[i], "--scene") == 0) {
            out->scene = v;
        } else if (strcmp(argv[i], "--state") == 0) {
            out->state = v;
        } else if (strcmp(argv[i], "--off") == 0) {
            ok = off_add(&out->off, v);
        } else if (strcmp(argv[i], "--logs") == 0) {
            out->logs = v;
        } else if (strcmp(argv[i], "--world") == 0) {
            out->world = v;
            ok = strcmp(v, "all") == 0 || shape_find(v) != NULL;
        } else {
            ok = false;
        }
        if (!ok) {
            return false;
        }
        i++;
    }
    return true;
}

/* ---- playing ---- */

static bool tables_open(struct tables *t, const char *world)
{
    t->count = 0;
    for (uint32_t i = 0; i < shape_count && t->count < COUNT_OF(t->of); i++) {
        if (strcmp(world, "all") != 0 && strcmp(world, shapes[i].name) != 0) {
            continue;
        }
        if (!light_open(&t->of[t->count], &shapes[i])) {
            (void)printf("%s: the table cannot be founded: %s (%s)\n", shapes[i].name,
                         t->of[t->count]->err.what, t->of[t->count]->err.where);
            return false;
        }
        t->count++;
    }
    return true;
}

static void tables_close(struct tables *t)
{
    for (uint32_t i = 0; i < t->count; i++) {
        light_close(t->of[i]);
    }
}

static void add(struct light_figures *to, const struct light_figures *f)
{
    to->runs += f->runs;
    to->steps += f->steps;
    to->acts += f->acts;
    to->notes += f->notes;
    to->bound += f->bound;
    to->agreed += f->agreed;
    to->gates += f->gates;
    to->crossed += f->crossed;
    to->contested += f->contested;
    to->lapsed += f->lapsed;
    to->outs += f->outs;
    to->voids += f->voids;
    to->forks += f->forks;
    to->refused += f->refused;
    to->late += f->late;
    to->revoked += f->revoked;
    to->moves += f->moves;
    to->followed += f->followed;
    to->refiled += f->refiled;
    to->proofs += f->proofs;
    to->two_finals += f->two_finals;
    for (uint32_t i = 0; i < LIGHT_KINDS; i++) {
        to->pairs[i] |= f->pairs[i];
    }
}

static void tell_failure(struct light *l, const struct light_plan *plan, uint32_t tries)
{
    static bool left_out[LIGHT_STEPS_MAX];
    (void)printf("%s, seed %llu: %s does not hold: %s\n", l->shape->name,
                 (unsigned long long)plan->seed, l->story.failure, l->story.detail);
    struct light_plan p = *plan;
    (void)printf("the fewest steps: %u\n", light_shrink(l, &p, left_out, tries));
    (void)printf("%s\n", buf_str(&l->story.lines));
}

static void play(struct tables *t, const struct wish *w, uint64_t first, uint64_t last,
                 struct slice *out)
{
    *out = (struct slice){.ok = true};
    for (uint32_t i = 0; i < t->count; i++) {
        t->of[i]->figures = (struct light_figures){0};
    }
    for (uint64_t seed = first; out->ok && seed <= last; seed++) {
        struct light *l = t->of[seed % t->count];
        struct light_plan plan = {
            .seed = seed, .steps = (uint32_t)w->steps, .silent = !w->story, .logs = w->logs};
        struct digest d;
        out->ok = light_play(l, &plan, &d);
        if (!out->ok) {
            tell_failure(l, &plan, w->off.count > 0 ? 0 : SHRINK_TRIES);
        } else if (w->story) {
            (void)printf("%s\n", buf_str(&l->story.lines));
        }
        struct reader r;
        reader_init(&r, ID_BYTES(d));
        out->digests[out->count++] = read_be64(&r);
    }
    for (uint32_t i = 0; i < t->count; i++) {
        add(&out->figures, &t->of[i]->figures);
    }
}

/* ---- the state file ---- */

static int by_value(const void *a, const void *b, void *ctx)
{
    uint64_t x, y;
    (void)ctx;
    memcpy(&x, a, sizeof(x));
    memcpy(&y, b, sizeof(y));
    return x < y ? -1 : x > y;
}

/* Ascending, each once. */
static bool tidy(struct tally *t)
{
    size_t kept = 0;
    if (!sort_stable(t->digests, t->count, sizeof(t->digests[0]), by_value, NULL, &t->sorting)) {
        return false;
    }
    for (size_t i = 0; i < t->count; i++) {
        if (kept == 0 || t->digests[kept - 1] != t->digests[i]) {
            t->digests[kept++] = t->digests[i];
        }
    }
    t->count = kept;
    return true;
}

/* All numbers of the figures in their order. */
static uint64_t *figure(struct light_figures *f, size_t i)
{
    uint64_t *all[] = {&f->runs,      &f->steps, &f->acts,     &f->notes,     &f->bound,
                       &f->agreed,    &f->gates, &f->crossed,  &f->contested, &f->lapsed,
                       &f->outs,      &f->voids, &f->forks,    &f->refused,   &f->late,
                       &f->revoked,   &f->moves, &f->followed, &f->refiled,   &f->proofs,
                       &f->two_finals};
    return i < COUNT_OF(all) ? all[i] : NULL;
}

static bool state_write(const struct wish *w, struct tally *t, struct err *err)
{
    struct buf b;
    buf_init(&b, (size_t)DIGESTS_MAX * 8 + 4096);
    buf_add_str(&b, STATE_MAGIC);
    buf_add_be64(&b, STATE_VERSION);
    buf_add_be64(&b, w->first);
    buf_add_be64(&b, w->steps);
    buf_add_be64(&b, t->next);
    for (size_t i = 0; figure(&t->figures, i) != NULL; i++) {
        buf_add_be64(&b, *figure(&t->figures, i));
    }
    for (uint32_t i = 0; i < LIGHT_KINDS; i++) {
        buf_add_be32(&b, t->figures.pairs[i]);
    }
    buf_add_be64(&b, t->count);
    for (size_t i = 0; i < t->count; i++) {
        buf_add_be64(&b, t->digests[i]);
    }
    bool ok = buf_done(&b, "the state of the simulator", err) &&
              file_replace(w->state, FILE_PLAIN, buf_bytes(&b), err);
    buf_free(&b);
    return ok;
}

/* Of another range or length: it begins anew. */
static bool state_read(const struct wish *w, struct tally *t, struct err *err)
{
    struct buf b;
    struct reader r;
    if (!file_exists(w->state)) {
        return true;
    }
    buf_init(&b, (size_t)DIGESTS_MAX * 8 + 4096);
    if (!file_read_into(w->state, &b, err)) {
        buf_free(&b);
        return false;
    }
    reader_init(&r, buf_bytes(&b));
    struct bytes magic = read_bytes(&r, strlen(STATE_MAGIC));
    bool ours = bytes_eq(magic, bytes_str(STATE_MAGIC)) && read_be64(&r) == STATE_VERSION &&
                read_be64(&r) == w->first && read_be64(&r) == w->steps;
    if (!ours) {
        buf_free(&b);
        return err_set(err, ERR_STATE, "%s is of other seeds or steps", w->state);
    }
    t->next = read_be64(&r);
    for (size_t i = 0; figure(&t->figures, i) != NULL; i++) {
        *figure(&t->figures, i) = read_be64(&r);
    }
    for (uint32_t i = 0; i < LIGHT_KINDS; i++) {
        t->figures.pairs[i] = read_be32(&r);
    }
    uint64_t count = read_be64(&r);
    for (t->count = 0; t->count < count && t->count < DIGESTS_MAX; t->count++) {
        t->digests[t->count] = read_be64(&r);
    }
    bool whole = reader_done(&r);
    buf_free(&b);
    return whole || err_set(err, ERR_FORMAT, "%s is no state of the simulator", w->state);
}

/* ---- jobs ---- */

static bool write_all(int fd, const void *p, size_t n)
{
    struct err err;
    return file_write_all(fd, "a pipe", bytes_of(p, n), &err);
}

static bool read_all(int fd, void *p, size_t n)
{
    uint8_t *to = p;
    while (n > 0) {
        ssize_t got = read(fd, to, n);
        if (got <= 0) {
            return false;
        }
        to += got;
        n -= (size_t)got;
    }
    return true;
}

/* Seeds t->next.. in `jobs` processes, a slice each; false: something does not hold. */
static bool round_of_jobs(struct tables *tables, const struct wish *w, struct tally *t)
{
    static struct slice slice;
    int from[JOBS_MAX];
    pid_t pids[JOBS_MAX];
    uint64_t left = w->last - t->next + 1;
    uint64_t each = (left + w->jobs - 1) / w->jobs;
    bool ok = true;
    uint32_t jobs = 0;
    /* Small ones first: who stops early loses little. */
    uint64_t most = SLICE_LEAST + (t->next - w->first) / 10;
    most = most > SLICE_MAX ? SLICE_MAX : most;
    each = each > most ? most : each;
    (void)fflush(stdout);
    for (; jobs < w->jobs && t->next <= w->last; jobs++) {
        uint64_t first = t->next;
        uint64_t last = first + each - 1 < w->last ? first + each - 1 : w->last;
        int ends[2];
        if (w->jobs > 1 && pipe(ends) != 0) {
            return false;
        }
        t->next = last + 1;
        if (w->jobs == 1) {
            play(tables, w, first, last, &slice);
            from[0] = -1;
            jobs++;
            break;
        }
        pids[jobs] = fork();
        if (pids[jobs] == 0) {
            (void)close(ends[0]);
            play(tables, w, first, last, &slice);
            bool sent = write_all(ends[1], &slice, sizeof(slice));
            exit(sent ? 0 : 1);
        }
        (void)close(ends[1]);
        from[jobs] = ends[0];
    }
    for (uint32_t i = 0; i < jobs; i++) {
        if (from[i] >= 0) {
            int status = 0;
            bool got = pids[i] > 0 && read_all(from[i], &slice, sizeof(slice));
            (void)close(from[i]);
            got = got && waitpid(pids[i], &status, 0) == pids[i] && status == 0;
            if (!got) {
                (void)printf("a job has died (seeds up to %llu)\n",
                             (unsigned long long)t->next - 1);
                slice = (struct slice){.ok = false};
            }
        }
        ok = ok && slice.ok;
        add(&t->figures, &slice.figures);
        for (uint32_t k = 0; k < slice.count && t->count < DIGESTS_MAX; k++) {
            t->digests[t->count++] = slice.digests[k];
        }
    }
    return ok;
}

static uint32_t pairs_of(const struct light_figures *f, bool refused)
{
    uint32_t n = 0;
    for (uint32_t i = 0; i < LIGHT_KINDS; i++) {
        n += (uint32_t)__builtin_popcount(refused ? f->pairs[i] & ~1u : f->pairs[i] & 1u);
    }
    return n;
}

static void tell(const struct tally *t, uint64_t us)
{
    const struct light_figures *f = &t->figures;
    (void)printf(
        "light: %llu seeds, %llu steps, %llu acts in %llu ms; %zu final states; %u kinds counted, "
        "%u pairs of kind and refusal; bound %llu, gates %llu, crossed %llu, contested %llu, "
        "lapsed %llu, out %llu, void %llu, forks %llu, refused at the door %llu, noted though "
        "refused %llu, removed %llu, moves %llu, followed %llu, filed again %llu, proofs %llu, "
        "two finals %llu\n",
        (unsigned long long)f->runs, (unsigned long long)f->steps, (unsigned long long)f->acts,
        (unsigned long long)(us / 1000), t->count, pairs_of(f, false), pairs_of(f, true),
        (unsigned long long)f->bound, (unsigned long long)f->gates, (unsigned long long)f->crossed,
        (unsigned long long)f->contested, (unsigned long long)f->lapsed,
        (unsigned long long)f->outs, (unsigned long long)f->voids, (unsigned long long)f->forks,
        (unsigned long long)f->refused, (unsigned long long)f->late, (unsigned long long)f->revoked,
        (unsigned long long)f->moves, (unsigned long long)f->followed,
        (unsigned long long)f->refiled, (unsigned long long)f->proofs,
        (unsigned long long)f->two_finals);
    (void)fflush(stdout);
}

static bool play_all(struct tables *tables, const struct wish *w, struct tally *t)
{
    uint64_t began = clock_monotonic_us();
    bool ok = true;
    while (ok && t->next <= w->last) {
        ok = round_of_jobs(tables, w, t) && tidy(t);
        if (ok && w->state != NULL) {
            struct err err;
            if (!state_write(w, t, &err)) {
                (void)printf("%s\n", err.what);
                return false;
            }
            tell(t, clock_monotonic_us() - began);
        }
    }
    if (w->state == NULL || !ok) {
        tell(t, clock_monotonic_us() - began);
    }
    return ok;
}

/* Set pieces by name. */
static bool play_scenes(struct tables *t, const struct wish *w)
{
    uint32_t played = 0;
    for (uint32_t i = 0; i < light_scene_count; i++) {
        const struct light_scene *s = &light_scenes[i];
        if (strcmp(w->scene, "all") != 0 && strcmp(w->scene, s->name) != 0) {
            continue;
        }
        for (uint32_t k = 0; k < t->count; k++) {
            struct light *l = t->of[k];
            const struct light_plan plan = {.scene = s, .seed = 1, .logs = w->logs};
            if (strcmp(l->shape->name, s->shape) != 0) {
                continue;
            }
            bool ok = light_play(l, &plan, NULL);
            if (!ok) {
                (void)printf("%s, seed 1: %s does not hold: %s\n", s->name, l->story.failure,
                             l->story.detail);
            }
            if (!ok || w->story) {
                (void)printf("%s\n", buf_str(&l->story.lines));
            }
            if (!ok) {
                return false;
            }
            played++;
        }
    }
    (void)printf("%u light scenes\n", played);
    return played > 0;
}

int light_main(int argc, char **argv)
{
    struct wish w;
    struct tables tables;
    struct tally t = {0};
    struct err err;
    if (!read_wish(argc, argv, &w)) {
        (void)fprintf(stderr, "sim --light [--seeds A..B] [--steps M] [--jobs J] [--state FILE] "
                              "[--world small|pair|wide|all] [--scene NAME|all] [--off CHECK] "
                              "[--story]\n");
        return 2;
    }
    t.next = w.first;
    t.digests = calloc(DIGESTS_MAX, sizeof(t.digests[0]));
    void *room = calloc(DIGESTS_MAX, sizeof(t.digests[0]));
    bool ok = t.digests != NULL && room != NULL;
    if (ok) {
        arena_init(&t.sorting, room, (size_t)DIGESTS_MAX * sizeof(t.digests[0]));
    }
    if (ok && w.state != NULL && !state_read(&w, &t, &err)) {
        (void)printf("%s\n", err.what);
        ok = false;
    }
    ok = ok && tables_open(&tables, w.world);
    ok = ok && off_begin(&w.off); /* the founding is played with all of them */
    if (ok) {
        ok = w.scene != NULL ? play_scenes(&tables, &w) : play_all(&tables, &w, &t);
        tables_close(&tables);
    }
    free(t.digests);
    free(room);
    return ok ? 0 : 1;
}
