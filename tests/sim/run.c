/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/run.h"

#include "sim/behave.h"
#include "sim/collude.h"
#include "sim/disk.h"
#include "sim/hostile_host.h"
#include "sim/hostile_member.h"
#include "sim/invariant.h"
#include "sim/leave.h"
#include "sim/log_out.h"
#include "sim/prosecute.h"

#define DAY UINT64_C(86400)
#define ROUNDS_MAX 12 /* of synchronising at the end of a run */

/* How time goes by: in some runs by minutes, in others by hours; now and then days. */
static void wait_a_while(struct world *w)
{
    static const uint64_t paces[] = {120, 900, 5400};
    uint64_t most = paces[w->seed % COUNT_OF(paces)];
    if (prop_one_in(&w->rnd, 40)) {
        most = 2 * DAY;
    } else if (prop_one_in(&w->rnd, 8)) {
        most *= 8;
    }
    world_wait(w, 1 + prop_below(&w->rnd, most));
}

static uint32_t somebody(struct world *w)
{
    for (int tries = 0; tries < 64; tries++) {
        uint32_t i = (uint32_t)prop_below(&w->rnd, w->count);
        /* Monitors have less to say than others; who cheats does it often. */
        const struct seat_sim *s = &w->seats[i];
        if (s->open && !s->gone && (replica_has_charter(&s->r) || prop_one_in(&w->rnd, 3)) &&
            (!s->honest || !w->cheats || !prop_one_in(&w->rnd, 4))) {
            return i;
        }
    }
    return 0;
}

static bool restart(struct world *w, uint32_t seat)
{
    world_stop(w, seat);
    w->seats[seat].port.stopped = false;
    w->seats[seat].port.stop_in = 0;
    return world_start(w, seat) ||
           story_fail(&w->story, "starts_again", "%s: %s", w->seats[seat].cast->name, w->err.what);
}

/* Does what came of it belong to a world whose host is honest? */
static bool judge(struct world *w, uint32_t seat, enum outcome o)
{
    if (w->seats[seat].port.stopped && !restart(w, seat)) {
        return false;
    }
    if (o != OUTCOME_FAILED || !w->seats[seat].honest) {
        return true;
    }
    return w->liar != NULL ? liar_failure_fits(w, seat) : invariant_failure_is_honest(w, seat);
}

static bool act_or_sync(struct world *w, uint32_t seat)
{
    if (!w->seats[seat].honest && w->colludes) {
        return colluder_acts(w, seat);
    }
    if (!w->seats[seat].honest) {
        return member_misbehaves(w, seat);
    }
    enum outcome o = prop_one_in(&w->rnd, 3) ? behave_sync(w, seat) : behave(w, seat);
    return judge(w, seat, o);
}

/* A backup is made, or put back. */
static bool restore(struct world *w, uint32_t seat)
{
    struct seat_sim *s = &w->seats[seat];
    bool keep = !s->backup || prop_one_in(&w->rnd, 2);
    story_tell(&w->story, "%s %s", s->cast->name, keep ? "makes a backup" : "puts back the backup");
    if (keep ? world_keep_backup(w, seat) : world_put_back(w, seat)) {
        if (!keep) {
            invariants_forget(w->inv, seat);
        }
        return true;
    }
    return story_fail(&w->story, "starts_again", "%s: %s", s->cast->name, w->err.what);
}

static bool trouble(struct world *w)
{
    uint32_t seat = somebody(w);
    struct seat_sim *s = &w->seats[seat];
    switch (prop_below(&w->rnd, leave_begun(w) ? 5 : 7)) {
    case 5:
    case 6:
        return restore(w, seat);
    case 0:
        story_tell(&w->story, "the clock of %s %s", s->cast->name,
                   sim_clock_fault(&s->clock, &w->rnd));
        world_clocks(w);
        return true;
    case 1:
        for (uint32_t i = 0; i < w->count && !s->port.cut; i++) {
            seat = w->seats[i].port.cut ? i : seat; /* one at a time, mostly */
        }
        s = &w->seats[seat];
        s->port.cut = !s->port.cut;
        story_tell(&w->story, "%s is %s", s->cast->name,
                   s->port.cut ? "cut off" : "connected again");
        return true;
    case 2:
        story_tell(&w->story, "%s starts the machine again", s->cast->name);
        return restart(w, seat);
    default:
        s->port.stop_in = 1 + (uint32_t)prop_below(&w->rnd, 8);
        return act_or_sync(w, seat);
    }
}

static bool step(struct world *w)
{
    wait_a_while(w);
    if (w->net.late_count > 0 && prop_one_in(&w->rnd, 3)) {
        net_deliver_one(w);
    }
    if (w->liar != NULL && prop_one_in(&w->rnd, 5)) {
        return liar_step(w);
    }
    if (prop_one_in(&w->rnd, w->net.rough ? 12 : 60)) {
        return trouble(w);
    }
    uint32_t seat = somebody(w);
    return w->disks && prop_one_in(&w->rnd, 3) ? disk_step(w, seat) : act_or_sync(w, seat);
}

/* Everybody is connected, clocks are right, nothing is lost any more. */
static bool finish(struct world *w)
{
    w->net.rough = false;
    if (w->liar != NULL) {
        liar_rests(w);
    }
    world_wait(w, DAY / 2); /* beyond every clock that ran ahead */
    for (uint32_t i = 0; i < w->count; i++) {
        w->seats[i].port.cut = false;
        w->seats[i].port.stop_in = 0;
        w->seats[i].clock.off = 0;
    }
    world_clocks(w);
    while (w->net.late_count > 0) {
        net_deliver_one(w);
    }
    if (!leave_finish(w)) {
        return false;
    }
    /* Until a whole round brings nothing new: countersigning comes to an end. */
    uint64_t before = 0, after = 1;
    for (int pass = 0; before != after; pass++) {
        before = after;
        after = 0;
        if (w->colludes && pass < ROUNDS_MAX / 2) {
            colluders_sync(w);
        }
        for (uint32_t i = 0; i < w->count; i++) {
            if (w->seats[i].open && w->seats[i].honest && !w->seats[i].gone) {
                if (!judge(w, i, behave_sync(w, i)) || !invariants_check(w)) {
                    return false;
                }
                after += door_size(w->seats[i].r.door);
            }
        }
        if (pass == ROUNDS_MAX) {
            return story_fail(&w->story, "ends_well", "everybody goes on countersigning");
        }
        world_wait(w, 10);
    }
    return (w->liar != NULL && w->leaving == NULL) || invariant_ends_well(w);
}

static bool play(struct world *w, const struct run_plan *plan)
{
    for (uint32_t k = 1; k <= plan->steps; k++) {
        if (plan->left_out != NULL && plan->left_out[k - 1]) {
            continue;
        }
        world_stir(w, k);
        w->story.step = k;
        if (!step(w) || !leave_step(w, k, plan->steps) || !invariants_check(w)) {
            return false;
        }
        invariants_count(w->inv)->steps++;
    }
    world_stir(w, plan->steps + 1);
    w->story.step = plan->steps + 1;
    return finish(w) && prosecute(w);
}

/* As the newest honest replica has it. */
static bool write_log(struct world *w, const struct run_plan *plan)
{
    struct replica *r = world_newest(w);
    char name[FILE_PATH_MAX];
    struct buf b;
    buf_over(&b, name, sizeof(name));
    buf_printf(&b, "%s/%s-%llu.jsonl", plan->logs, w->shape->name, (unsigned long long)plan->seed);
    return r == NULL || log_write(w, r, buf_str(&b)) ||
           story_fail(&w->story, "begins", "the log: %s", w->err.what);
}

/* What this run is like. */
static bool set_the_stage(struct world *w, const struct run_plan *plan)
{
    w->disks = plan->hostility == HOSTILE_DISK;
    switch (plan->hostility) {
    case HOSTILE_HOST:
        return liar_new(w);
    case HOSTILE_LEFT:
        return liar_new(w) && leave_new(w);
    case HOSTILE_BOTH:
        return colluders_begin(w);
    case HOSTILE_MEMBER:
        return members_begin(w);
    case HOSTILE_NONE:
    case HOSTILE_DISK:
        break;
    }
    return true;
}

bool run_play(struct world *w, const struct run_plan *plan)
{
    story_begin(&w->story, plan->silent);
    bool ok = (world_begin(w, plan->seed) ||
               story_fail(&w->story, "begins", "%s (%s)", w->err.what, w->err.where)) &&
              set_the_stage(w, plan) && play(w, plan) && (plan->logs == NULL || write_log(w, plan));
    liar_free(w);
    leave_free(w);
    world_end(w);
    return ok;
}
