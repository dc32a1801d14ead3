/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/light.h"

#include "os/file.h"
#include "os/region.h"
#include "sim/log_out.h"

#define DAY UINT64_C(86400)
#define ROUNDS_MAX 12
#define CARDS_LEFT 256u /* enough for the end of a run */

/* What goes wrong in this run. */
static uint32_t vices_of(struct prop *rnd)
{
    uint32_t v = prop_one_in(rnd, 3) ? 0 : (uint32_t)VICE_ROUGH;
    if (prop_one_in(rnd, 3)) {
        v |= (uint32_t)VICE_HOLD;
    }
    if (prop_one_in(rnd, 6)) {
        v |= (uint32_t)VICE_FORK | (prop_one_in(rnd, 2) ? (uint32_t)VICE_HOLD : 0);
    }
    if (prop_one_in(rnd, 8)) {
        v |= (uint32_t)VICE_FREEZE;
    }
    if (prop_one_in(rnd, 2)) {
        v |= (uint32_t)VICE_MEMBER;
    }
    return v;
}

/* By chance of its own: runs in which nobody leaves are what they would be without. */
static uint32_t leaves(uint64_t seed)
{
    struct prop rnd;
    prop_init_seed(&rnd, seed * UINT64_C(0x9e3779b97f4a7c15) ^ UINT64_C(0x6c6561766573));
    uint32_t v = prop_one_in(&rnd, 6) ? (uint32_t)VICE_LEAVE : 0;
    return v != 0 && prop_one_in(&rnd, 3) ? v | (uint32_t)VICE_GONE : v;
}

static void set_clocks(struct light *l)
{
    l->story.now = l->now;
    for (uint32_t i = 0; i < l->machine_count; i++) {
        sim_clock_set(&l->machines[i].clock, l->now);
    }
}

void light_wait(struct light *l, uint64_t seconds)
{
    l->now += seconds;
    set_clocks(l);
}

static void wait_a_while(struct light *l)
{
    static const uint64_t paces[] = {120, 900, 5400};
    uint64_t most = paces[l->seed % COUNT_OF(paces)];
    if (prop_one_in(&l->rnd, 40)) {
        most = 2 * DAY;
    } else if (prop_one_in(&l->rnd, 8)) {
        most *= 8;
    }
    light_wait(l, 1 + prop_below(&l->rnd, most));
}

/* The founding as everybody holds it. */
static bool begin(struct light *l, const struct light_plan *plan)
{
    prop_init_seed(&l->rnd, plan->seed * 2 + 1);
    arena_rewind(&l->cards_mem, l->cards_mark);
    l->seed = plan->seed;
    l->card_count = l->base_count;
    l->now = l->began + 60;
    l->vices = plan->scene != NULL ? 0 : vices_of(&l->rnd);
    if (plan->scene == NULL) {
        l->vices |= leaves(plan->seed);
    }
    memset(l->moves, 0, sizeof(l->moves));
    l->other_witness = 0;
    l->resting = false;
    l->held_count = 0;
    l->done_count = 0;
    l->object_count = 0;
    l->papers_made = 0;
    /* A fourth of the tables have not signed their charter yet. */
    uint32_t size = plan->scene == NULL && prop_one_in(&l->rnd, 4) ? l->base_joined
                                                                   : l->base_signed;
    l->base_size = size;
    uint16_t cards[LIGHT_LOG];
    for (uint32_t i = 0; i < size; i++) {
        cards[i] = (uint16_t)i;
    }
    for (uint32_t i = 0; i < LIGHT_BRANCHES; i++) {
        l->branches[i].used = false;
        memset(l->branches[i].outs, 0, sizeof(l->branches[i].outs));
    }
    struct branch *b = &l->branches[0];
    light_view_open(l, &b->v, LIGHT_READER_ALL);
    b->used = true;
    b->bound_seen = 0;
    b->times_from = size;
    memset(b->span, 0, sizeof(b->span));
    bool ok = light_view_take(l, &b->v, cards, size) &&
              state_digest(light_state(&b->v), &b->digest[size], &l->err);
    b->final[size] = witness_final(door_witness(b->v.door), size);
    uint32_t cheat = (uint32_t)prop_below(&l->rnd, l->machine_count);
    for (uint32_t i = 0; ok && i < l->machine_count; i++) {
        struct machine *m = &l->machines[i];
        struct view v = m->v;
        *m = (struct machine){.cast = m->cast,
                              .side = m->side,
                              .kid = m->kid,
                              .kid16 = m->kid16,
                              .root16 = m->root16,
                              .honest = (l->vices & (uint32_t)VICE_MEMBER) == 0 || i != cheat,
                              .shown = UINT64_MAX};
        m->v = v;
        sim_clock_begin(&m->clock, &l->rnd);
        if (plan->scene != NULL) {
            m->clock.off = 0;
        }
        if (!m->cast->late) {
            m->joined = true;
            m->open = true;
            light_view_open(l, &m->v, i);
            ok = light_view_take(l, &m->v, cards, size);
            m->final = b->final[size];
            m->floor = m->final;
        }
    }
    set_clocks(l);
    return ok || story_fail(&l->story, "plays", "the founding: %s", l->err.what);
}

static void end(struct light *l)
{
    for (uint32_t i = 0; i < LIGHT_BRANCHES; i++) {
        if (l->branches[i].used) {
            light_view_close(&l->branches[i].v);
        }
    }
    for (uint32_t i = 0; i < l->machine_count; i++) {
        if (l->machines[i].open) {
            light_view_close(&l->machines[i].v);
        }
    }
}

static uint32_t somebody(struct light *l)
{
    for (int tries = 0; tries < 64; tries++) {
        uint32_t i = (uint32_t)prop_below(&l->rnd, l->machine_count);
        const struct machine *m = &l->machines[i];
        /* Parties have most to say. */
        bool speaks = (m->side >= 1 && m->side <= l->charter.party_count) ||
                      prop_one_in(&l->rnd, 3);
        if (m->open && !m->lied_to && speaks) {
            return i;
        }
    }
    return 0;
}

static bool step(struct light *l, bool late)
{
    wait_a_while(l);
    if (late && (l->vices & (uint32_t)VICE_LEAVE) != 0 && prop_one_in(&l->rnd, 5)) {
        return light_leave_step(l);
    }
    if ((l->vices & ~((uint32_t)VICE_MEMBER | VICE_ROUGH | VICE_LEAVE | VICE_GONE)) != 0 &&
        prop_one_in(&l->rnd, 5)) {
        return light_host_step(l);
    }
    uint32_t who = somebody(l);
    struct machine *m = &l->machines[who];
    if (prop_one_in(&l->rnd, 40)) {
        story_tell(&l->story, "the clock of %s %s", m->cast->name,
                   sim_clock_fault(&m->clock, &l->rnd));
        set_clocks(l);
        return true;
    }
    if ((l->vices & (uint32_t)VICE_ROUGH) != 0 && (m->cut || prop_one_in(&l->rnd, 60))) {
        m->cut = !m->cut;
        story_tell(&l->story, "%s is %s", m->cast->name, m->cut ? "cut off" : "connected again");
        return true;
    }
    return m->honest ? light_behave(l, who) : light_misbehave(l, who);
}

/* Nothing is lost any more; until a whole round brings nothing new. */
static bool finish(struct light *l)
{
    l->now += DAY / 2; /* beyond every clock that ran ahead */
    if (!light_host_rests(l) ||
        ((l->vices & (uint32_t)VICE_LEAVE) != 0 && !light_leave_finish(l))) {
        return false;
    }
    uint32_t before = 0, after = 1;
    for (int pass = 0; before != after; pass++) {
        before = after;
        after = 0;
        for (uint32_t i = 0; i < l->machine_count; i++) {
            struct machine *m = &l->machines[i];
            if (m->open && m->honest && !m->lied_to) {
                story_tell(&l->story, "%s synchronises", m->cast->name);
                if (!light_sync(l, i)) {
                    return false;
                }
                after += m->v.count;
            }
        }
        if (pass == ROUNDS_MAX) {
            return story_fail(&l->story, "ends_well", "everybody goes on countersigning");
        }
        l->now += 10;
        set_clocks(l);
    }
    return light_check_end(l) && light_prosecute(l);
}

/* ---- the record for the model ---- */

static bool card_act(void *ctx, uint64_t index, struct act *out, const struct content **out_content,
                     struct err *err)
{
    const struct light *l = ctx;
    const struct card *c = &l->cards[l->branches[light_home(l)].v.log[index]];
    (void)err;
    *out = c->act;
    *out_content = c->matches ? c->content : NULL;
    return true;
}

static bool card_blob(void *ctx, uint64_t index, const struct act *a, struct bytes *out,
                      struct err *err)
{
    const struct light *l = ctx;
    (void)a;
    (void)err;
    *out = l->cards[l->branches[light_home(l)].v.log[index]].blob;
    return true;
}

/* As the host's first tree has it, read by whoever reads all. */
static bool write_log(struct light *l, const struct light_plan *plan)
{
    char name[FILE_PATH_MAX];
    struct buf b;
    struct region scratch;
    if (!region_init(&scratch, REGION_PLAIN, (size_t)1 << 20, &l->err)) {
        return false;
    }
    const struct log_source from = {.door = l->branches[light_home(l)].v.door,
                                    .fold = l->branches[light_home(l)].v.fold,
                                    .mem = &scratch.mem,
                                    .act = card_act,
                                    .blob = card_blob,
                                    .ctx = l};
    buf_over(&b, name, sizeof(name));
    buf_printf(&b, "%s/%s-%llu.jsonl", plan->logs, l->shape->name, (unsigned long long)plan->seed);
    bool ok = log_write_from(&from, buf_str(&b), &l->err) ||
              story_fail(&l->story, "begins", "the log: %s", l->err.what);
    region_free(&scratch);
    return ok;
}

bool light_play(struct light *l, const struct light_plan *plan, struct digest *out)
{
    story_begin(&l->story, plan->silent);
    bool ok = begin(l, plan);
    uint32_t noted = l->branches[0].v.count;
    ok = ok && (plan->scene == NULL || plan->scene->play(l));
    for (uint32_t k = 1; ok && plan->scene == NULL && k <= plan->steps; k++) {
        bool room = l->card_count + CARDS_LEFT < LIGHT_CARDS &&
                    l->branches[light_home(l)].v.count + CARDS_LEFT < LIGHT_LOG &&
                    l->branches[0].v.count + CARDS_LEFT < LIGHT_LOG;
        if (!room || (plan->left_out != NULL && plan->left_out[k - 1])) {
            continue;
        }
        /* Chance of this step alone: another step left out changes nothing in it. */
        prop_init_seed(&l->rnd, plan->seed * UINT64_C(0x9e3779b97f4a7c15) + k);
        l->story.step = k;
        ok = step(l, k > plan->steps / 2);
        l->figures.steps++;
    }
    prop_init_seed(&l->rnd, plan->seed * UINT64_C(0x9e3779b97f4a7c15));
    l->story.step = plan->steps + 1;
    ok = ok && finish(l);
    ok = ok && (plan->logs == NULL || write_log(l, plan));
    l->figures.runs++;
    const struct branch *home = &l->branches[light_home(l)];
    l->figures.acts += home->v.count > noted ? home->v.count - noted : 0;
    if (out != NULL) {
        *out = home->digest[home->v.count];
    }
    end(l);
    return ok;
}

static bool fails_alike(struct light *l, const struct light_plan *plan, const bool *left_out,
                        const char *name)
{
    struct light_plan p = *plan;
    p.left_out = left_out;
    p.silent = true;
    return !light_play(l, &p, NULL) && strcmp(l->story.failure, name) == 0;
}

uint32_t light_shrink(struct light *l, const struct light_plan *plan, bool *left_out,
                      uint32_t tries)
{
    char name[sizeof(l->story.failure)];
    bool trial[LIGHT_STEPS_MAX];
    uint32_t kept = 0;
    memcpy(name, l->story.failure, sizeof(name));
    for (uint32_t i = 0; i < plan->steps; i++) {
        left_out[i] = i >= l->story.step; /* nothing behind the failing step is needed */
    }
    for (uint32_t chunk = plan->steps; chunk > 0 && tries > 0;) {
        bool fewer = false;
        for (uint32_t at = 0; at < plan->steps && tries > 0; at += chunk) {
            bool any = false;
            memcpy(trial, left_out, plan->steps * sizeof(*trial));
            for (uint32_t i = at; i < plan->steps && i < at + chunk; i++) {
                any = any || !trial[i];
                trial[i] = true;
            }
            if (any && tries-- > 0 && fails_alike(l, plan, trial, name)) {
                memcpy(left_out, trial, plan->steps * sizeof(*trial));
                fewer = true;
            }
        }
        chunk = chunk == 1 && fewer ? 1 : chunk / 2;
    }
    struct light_plan p = *plan;
    p.left_out = left_out;
    p.silent = false;
    bool holds = light_play(l, &p, NULL); /* for its story */
    (void)holds;
    for (uint32_t i = 0; i < plan->steps; i++) {
        kept += !left_out[i];
    }
    return kept;
}
