/* SPDX-License-Identifier: Apache-2.0
 *
 *     sim --seed N --steps M --runs K --world small|pair|wide|all --hostile host|member|both|left|disk|none [--story]
 *
 * sim --scene NAME|all plays set pieces (sim/scene.h).
 *
 * In a build with -Dmutants=true, --off CHECK (base/switch_off.h) plays without that check; it may be
 * said more than once.
 *
 * Plays K runs of M steps from seed N on; or up to N choices of a hostile host in each of some small
 * scenes.  A failing run is shrunk, told, and ends the program.
 */
#include <stdio.h>
#include <stdlib.h>

#include "base/fixed.h"
#include "crypto/init.h"
#include "os/file.h"
#include "os/clock.h"
#include "sim/disk.h"
#include "sim/invariant.h"
#include "sim/light_main.h"
#include "sim/off.h"
#include "sim/scene.h"
#include "sim/search.h"
#include "sim/shrink.h"

#define SHRINK_TRIES 300u

struct wish {
    uint64_t seed, steps, runs;
    uint64_t search;   /* choices a scene; 0: none */
    const char *scene; /* one set piece, or "all"; NULL: none */
    const char *world;
    enum hostility hostility;
    bool story;
    const char *logs;   /* a folder; NULL: none are written */
    const char *proofs; /* likewise */
    struct off off;
};

static bool number(const char *text, uint64_t *out)
{
    return u64_parse(text_str(text), out);
}

static bool read_wish(int argc, char **argv, struct wish *out)
{
    *out = (struct wish){.seed = 1, .steps = 120, .runs = 10, .world = "small"};
    for (int i = 1; i < argc; i++) {
        const char *v = i + 1 < argc ? argv[i + 1] : "";
        bool ok = true;
        if (strcmp(argv[i], "--story") == 0) {
            out->story = true;
            continue;
        }
        if (strcmp(argv[i], "--seed") == 0) {
            ok = number(v, &out->seed);
        } else if (strcmp(argv[i], "--steps") == 0) {
            ok = number(v, &out->steps) && out->steps <= RUN_STEPS_MAX;
        } else if (strcmp(argv[i], "--logs") == 0) {
            out->logs = v;
        } else if (strcmp(argv[i], "--proofs") == 0) {
            out->proofs = v;
        } else if (strcmp(argv[i], "--off") == 0) {
            ok = off_add(&out->off, v);
        } else if (strcmp(argv[i], "--search") == 0) {
            ok = number(v, &out->search);
        } else if (strcmp(argv[i], "--scene") == 0) {
            out->scene = v;
        } else if (strcmp(argv[i], "--runs") == 0) {
            ok = number(v, &out->runs);
        } else if (strcmp(argv[i], "--hostile") == 0) {
            out->hostility = strcmp(v, "host") == 0     ? HOSTILE_HOST
                             : strcmp(v, "member") == 0 ? HOSTILE_MEMBER
                             : strcmp(v, "both") == 0   ? HOSTILE_BOTH
                             : strcmp(v, "left") == 0   ? HOSTILE_LEFT
                             : strcmp(v, "disk") == 0   ? HOSTILE_DISK
                                                        : HOSTILE_NONE;
            ok = out->hostility != HOSTILE_NONE || strcmp(v, "none") == 0;
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

static void told(struct world *w)
{
    (void)printf("%s\n", buf_str(&w->story.lines));
}

static bool search(const struct wish *wish)
{
    uint64_t played = 0;
    uint64_t began = clock_monotonic_us();
    struct world *w = calloc(1, sizeof(*w));
    if (w == NULL || !world_open(w, shape_find(SEARCH_SHAPE))) {
        (void)printf("the table cannot be founded\n");
        return false;
    }
    if (!off_begin(&wish->off)) {
        return false;
    }
    bool ok = search_scenes(w, wish->search, &played);
    if (!ok) {
        (void)printf("%s does not hold: %s\n", w->story.failure, w->story.detail);
        told(w);
    }
    (void)printf("search: %llu choices of a hostile host in %llu ms\n", (unsigned long long)played,
                 (unsigned long long)((clock_monotonic_us() - began) / 1000));
    world_close(w);
    free(w);
    return ok;
}

/* Set pieces by name. */
static bool play_scenes(const struct wish *wish)
{
    uint32_t played = 0;
    bool ok = true;
    for (uint32_t i = 0; ok && i < set_piece_count; i++) {
        const struct set_piece *p = &set_pieces[i];
        if (strcmp(wish->scene, "all") != 0 && strcmp(wish->scene, p->name) != 0) {
            continue;
        }
        struct world *w = calloc(1, sizeof(*w));
        off_end(); /* the founding is played with all of them */
        ok = w != NULL && world_open(w, shape_find(p->shape)) && off_begin(&wish->off);
        if (!ok) {
            (void)printf("%s: the table cannot be founded\n", p->name);
        } else {
            ok = set_piece_play(w, p);
            played++;
        }
        if (w != NULL && !ok) {
            (void)printf("%s, seed 1: %s does not hold: %s\n", p->name, w->story.failure,
                         w->story.detail);
        }
        if (w != NULL && (wish->story || !ok)) {
            told(w);
        }
        if (w != NULL) {
            world_close(w);
        }
        free(w);
    }
    (void)printf("%u scenes\n", played);
    return ok && played > 0;
}

static bool play_all(const struct wish *wish, const struct shape *shape)
{
    static bool left_out[RUN_STEPS_MAX];
    struct world *w = calloc(1, sizeof(*w));
    off_end();
    if (w == NULL || !world_open(w, shape)) {
        (void)printf("%s: the table cannot be founded: %s (%s)\n", shape->name,
                     w == NULL ? "no memory" : w->err.what, w == NULL ? "" : w->err.where);
        return false;
    }
    bool ok = off_begin(&wish->off);
    w->proofs = wish->proofs;
    uint64_t began = clock_monotonic_us();
    for (uint64_t i = 0; ok && i < wish->runs; i++) {
        struct run_plan plan = {.seed = wish->seed + i,
                                .steps = (uint32_t)wish->steps,
                                .hostility = wish->hostility,
                                .logs = wish->logs,
                                .silent = !wish->story};
        memset(left_out, 0, sizeof(left_out));
        ok = run_play(w, &plan);
        if (!ok) {
            (void)printf("%s, seed %llu: %s does not hold: %s\n", shape->name,
                         (unsigned long long)plan.seed, w->story.failure, w->story.detail);
            (void)printf("the fewest steps: %u\n",
                         shrink(w, &plan, left_out, wish->off.count > 0 ? 0 : SHRINK_TRIES));
        }
        if (wish->story || !ok) {
            told(w);
        }
    }
    uint64_t took = clock_monotonic_us() - began;
    const struct figures *f = invariants_figures(w->inv);
    (void)printf(
        "%s: %llu runs, %llu steps, %llu acts, %llu states in %llu ms (%llu steps/s); "
        "agreed %llu, bound %llu, gates %llu, crossed %llu, contested %llu, lapsed %llu, "
        "removed %llu, void %llu, forks %llu, proofs %llu, two finals %llu\n",
        shape->name, (unsigned long long)wish->runs, (unsigned long long)f->steps,
        (unsigned long long)f->acts, (unsigned long long)f->states,
        (unsigned long long)(took / 1000), (unsigned long long)(f->steps * 1000000 / (took + 1)),
        (unsigned long long)f->agreed, (unsigned long long)f->bound, (unsigned long long)f->gates,
        (unsigned long long)f->crossed, (unsigned long long)f->contested,
        (unsigned long long)f->lapsed, (unsigned long long)f->removed, (unsigned long long)f->voids,
        (unsigned long long)f->forks, (unsigned long long)f->proofs,
        (unsigned long long)f->two_finals);
    world_close(w);
    free(w);
    return ok;
}

int main(int argc, char **argv)
{
    struct wish wish;
    struct err err = {0};
    if (argc > 1 && strcmp(argv[1], "--light") == 0) {
        return light_main(argc - 1, argv + 1);
    }
    if (!read_wish(argc, argv, &wish)) {
        (void)fprintf(stderr, "sim --seed N --steps M --runs K --world small|pair|wide|all "
                              "--hostile host|member|both|left|disk|none "
                              "[--story]\n");
        return 2;
    }
    if (prop_rounds(1) > 1) {
        struct prop fresh; /* ENTENTE_LONG: more, from a seed of the day, which is told */
        prop_init(&fresh, "sim");
        wish.seed = fresh.seed % 1000000000;
        wish.runs = prop_rounds((size_t)wish.runs);
        wish.search = prop_rounds((size_t)wish.search);
    }
    /* Folders in memory: nothing here is to outlive the program. */
    if (file_kind("/dev/shm") == FILE_FOLDER) {
        (void)setenv("TMPDIR", "/dev/shm", 0); /* where it cannot be set, /tmp does */
    }
    if (!crypto_init(&err)) {
        (void)fprintf(stderr, "%s\n", err.what);
        return 1;
    }
    if (wish.hostility == HOSTILE_DISK) {
        disk_begin();
    }
    if (wish.scene != NULL) {
        return play_scenes(&wish) ? 0 : 1;
    }
    if (wish.search > 0) {
        return search(&wish) ? 0 : 1;
    }
    bool ok = true;
    for (uint32_t i = 0; i < shape_count; i++) {
        if (strcmp(wish.world, "all") == 0 || strcmp(wish.world, shapes[i].name) == 0) {
            ok = play_all(&wish, &shapes[i]) && ok;
        }
    }
    return ok ? 0 : 1;
}
