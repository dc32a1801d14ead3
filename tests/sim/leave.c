/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/leave.h"

#include <stdio.h>
#include <stdlib.h>

#include "app/bundle.h"
#include "app/succeed.h"
#include "app/sync.h"
#include "sim/behave.h"
#include "sim/invariant.h"

#define TRIES_MAX 8u /* moves that are begun in one run */

struct leaving {
    uint32_t tries;    /* moves begun so far; the last one counts */
    uint32_t beginner; /* who began it */
    bool complete;
    char dir[SCRATCH_PATH_MAX];
    bool signed_[WORLD_SEATS];
    bool moved[WORLD_SEATS];
};

bool leave_new(struct world *w)
{
    struct leaving *l = calloc(1, sizeof(*l));
    if (l == NULL) {
        return story_fail(&w->story, "begins", "no memory");
    }
    w->leaving = l;
    return true;
}

void leave_free(struct world *w)
{
    free(w->leaving);
    w->leaving = NULL;
}

bool leave_begun(const struct world *w)
{
    return w->leaving != NULL && w->leaving->tries > 0;
}

static bool takes_part(struct world *w, uint32_t seat)
{
    const struct seat_sim *s = &w->seats[seat];
    return s->joined && s->open && s->honest && !s->gone && !s->r.spoiled &&
           !invariant_is_removed(w, seat);
}

static bool is_root(struct world *w, uint32_t seat)
{
    const struct seat_sim *s = &w->seats[seat];
    return takes_part(w, seat) && s->cast->post == 0 && !s->of_run &&
           keys_signer(s->keys, KEY_ROOT) != NULL && replica_has_charter(&s->r);
}

static void begin(struct world *w, uint32_t seat)
{
    struct leaving *l = w->leaving;
    char name[32];
    (void)snprintf(name, sizeof(name), "live/next%u", l->tries++);
    scratch_path(&w->folder, name, l->dir);
    memset(l->signed_, 0, sizeof(l->signed_));
    l->beginner = seat;
    story_tell(&w->story, "%s begins to move the table", w->seats[seat].cast->name);
}

/* What the one who began holds, in place of one's own where they differ. */
static bool take_bundle(struct world *w, uint32_t seat)
{
    struct leaving *l = w->leaving;
    struct bundle_facts facts;
    struct err why = {0};
    char name[32], path[SCRATCH_PATH_MAX];
    static uint64_t count;
    (void)snprintf(name, sizeof(name), "live/b%llu", (unsigned long long)count++);
    scratch_path(&w->folder, name, path);
    bool ok = bundle_out(&w->seats[l->beginner].r, path, &facts, &why) &&
              bundle_in(&w->seats[seat].r, path, BUNDLE_INSTEAD, &facts, &why);
    story_add(&w->story,
              ok ? " [takes the other record: gives up %llu]" : " [takes none of it%.0llu]",
              (unsigned long long)w->seats[seat].r.given_up);
    if (ok) {
        invariants_forget(w->inv, seat);
    }
    return ok;
}

static bool sign(struct world *w, uint32_t seat)
{
    struct leaving *l = w->leaving;
    struct seat_sim *s = &w->seats[seat];
    struct succeed_report report = {.complete = false};
    enum succeed_how how = l->tries > 1 ? SUCCEED_INSTEAD : SUCCEED_FIRST;
    story_tell(&w->story, "%s signs the move", s->cast->name);
    bool ok = succeed_move(&s->r, l->dir, how, &report, &w->err);
    if (!ok && seat != l->beginner && take_bundle(w, seat)) {
        ok = succeed_move(&s->r, l->dir, how, &report, &w->err);
    }
    if (!ok) {
        story_add(&w->story, " -> %s", w->err.what);
        return false;
    }
    story_add(&w->story, " at act %llu", (unsigned long long)report.plan.size);
    l->signed_[seat] = true;
    l->complete = report.complete;
    if (report.complete) {
        story_add(&w->story, ": it is complete");
    }
    return true;
}

/* ---- following ---- */

static bool refile(struct world *w, uint32_t seat)
{
    struct seat_sim *s = &w->seats[seat];
    struct refiled first, second;
    uint32_t waiting = 0, left = 0;
    if (!succeed_waiting(&s->r, &waiting, &w->err) ||
        !succeed_refile(&s->r, REFILE_ALL, &first, &w->err) ||
        !succeed_refile(&s->r, REFILE_ALL, &second, &w->err) ||
        !succeed_waiting(&s->r, &left, &w->err)) {
        return story_fail(&w->story, "lost_is_filed_once", "%s: %s (%s)", s->cast->name,
                          w->err.what, w->err.where);
    }
    story_add(&w->story, ", files %u of %u again", first.again, waiting);
    /* A first one may have been what a second one waited for. */
    if (first.again + second.again + left != waiting || second.left != left) {
        return story_fail(&w->story, "lost_is_filed_once",
                          "%s: of %u acts %u and %u were filed again, and %u are left",
                          s->cast->name, waiting, first.again, second.again, left);
    }
    return true;
}

static bool follow(struct world *w, uint32_t seat)
{
    struct leaving *l = w->leaving;
    struct seat_sim *s = &w->seats[seat];
    struct sync_report report;
    uint64_t floor = witness_final(door_witness(s->r.door), door_size(s->r.door));
    struct root_hash was = door_root(s->r.door, floor);
    story_tell(&w->story, "%s follows to the new host", s->cast->name);
    s->elsewhere = true;
    if (!replica_move_host(&s->r, l->dir, &w->err) || !sync_replica(&s->r, &report, &w->err)) {
        /* Without the charter nobody knows who it is, or the clock is wrong: it comes later. */
        story_add(&w->story, " -> %s", w->err.what);
        return w->err.code == ERR_STATE || w->err.code == ERR_KEY ||
               story_fail(&w->story, "the_table_can_leave", "%s: %s (%s)", s->cast->name,
                          w->err.what, w->err.where);
    }
    struct root_hash is = was;
    if (door_size(s->r.door) >= floor) {
        is = door_root(s->r.door, floor);
    }
    if (door_size(s->r.door) < floor || !ID_EQ(is, was)) {
        return story_fail(&w->story, "what_is_final_comes_along",
                          "%s knew %llu acts to be final, and the new record has others",
                          s->cast->name, (unsigned long long)floor);
    }
    story_add(&w->story, ": gives up %llu", (unsigned long long)s->r.given_up);
    l->moved[seat] = true;
    invariants_forget(w->inv, seat);
    return refile(w, seat);
}

/* ---- steps ---- */

static bool one(struct world *w, uint32_t seat)
{
    struct leaving *l = w->leaving;
    if (l->complete) {
        return !takes_part(w, seat) || l->moved[seat] || follow(w, seat);
    }
    if (!is_root(w, seat) || l->signed_[seat]) {
        return true;
    }
    if (l->tries == 0) {
        begin(w, seat);
    }
    if (!sign(w, seat) && l->tries < TRIES_MAX) {
        begin(w, seat); /* that one is off: it goes on from what this side holds */
        bool ok = sign(w, seat);
        (void)ok;
    }
    return !l->complete || follow(w, seat); /* its replica goes there by itself */
}

bool leave_step(struct world *w, uint32_t step, uint32_t steps)
{
    if (w->leaving == NULL || step < steps / 2 || !prop_one_in(&w->rnd, 3)) {
        return true;
    }
    return one(w, (uint32_t)prop_below(&w->rnd, w->count));
}

bool leave_finish(struct world *w)
{
    struct leaving *l = w->leaving;
    if (l == NULL) {
        return true;
    }
    for (int pass = 0; pass < 12; pass++) {
        bool all = l->complete;
        for (uint32_t i = 0; i < w->count; i++) {
            if (!one(w, i) || !invariants_check(w)) {
                return false;
            }
            all = all && (!takes_part(w, i) || l->moved[i]);
        }
        if (all) {
            return true;
        }
        world_wait(w, 30);
    }
    return story_fail(&w->story, "the_table_can_leave", "%s: %s (%s)",
                      l->complete ? "somebody does not come along" : "the move does not come about",
                      w->err.what, w->err.mend);
}
