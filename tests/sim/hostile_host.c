/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/hostile_host.h"

#include <stdlib.h>

#include "lib/app_sim.h"
#include "sim/collude.h"

#define NOTES_KEPT 32u
#define PLANS_MAX 8u

enum trick {
    TRICK_FORK,
    TRICK_MOVE, /* a seat sees the other branch from now on */
    TRICK_KEEP, /* a copy of the folder, to go back to */
    TRICK_BACK,
    TRICK_FREEZE,
    TRICK_STALE, /* an old checkpoint, once */
    TRICK_CENSOR,
    TRICK_BEND, /* bytes of the next answer */
    TRICK_RELEASE,
    TRICK_COUNT
};

struct hostile_host {
    uint32_t tricks; /* those of this run: bits */
    bool rests;
    bool forked, kept;
    struct host *other; /* the second branch */
    char other_dir[SCRATCH_PATH_MAX], old_dir[SCRATCH_PATH_MAX];
    bool on_other[WORLD_SEATS];
    bool frozen[WORLD_SEATS], stale[WORLD_SEATS], bend[WORLD_SEATS];
    uint32_t censored;
    struct buf frozen_note[WORLD_SEATS];
    struct buf last_note[WORLD_SEATS]; /* what each saw last */
    uint32_t plan_count, plan_next;
    uint32_t plans[PLANS_MAX];
    uint32_t held; /* moves until what is held is let go */
    uint32_t note_count;
    struct buf notes[NOTES_KEPT]; /* as signed */
};

bool liar_new(struct world *w)
{
    struct hostile_host *l = calloc(1, sizeof(*l));
    if (l == NULL) {
        return story_fail(&w->story, "begins", "no memory for a hostile host");
    }
    /* Two or three tricks a run: each is to be seen alone, too. */
    l->tricks = 1u << TRICK_RELEASE;
    for (int i = 0; i < 3; i++) {
        l->tricks |= 1u << prop_below(&w->rnd, TRICK_COUNT);
    }
    if (w->colludes) {
        l->tricks |= 1u << TRICK_FORK; /* moving a seat would show it both */
        l->tricks &= ~(1u << TRICK_MOVE) & ~(1u << TRICK_BACK);
    } else if ((l->tricks & (1u << TRICK_FORK)) != 0) {
        l->tricks |= 1u << TRICK_MOVE;
    }
    l->tricks |= (l->tricks & (1u << TRICK_BACK)) != 0 ? 1u << TRICK_KEEP : 0;
    l->censored = WORLD_SEAT_NONE;
    scratch_path(&w->folder, "live/other", l->other_dir);
    scratch_path(&w->folder, "live/old", l->old_dir);
    for (uint32_t i = 0; i < NOTES_KEPT; i++) {
        buf_init(&l->notes[i], NOTE_BYTES_MAX);
    }
    for (uint32_t i = 0; i < WORLD_SEATS; i++) {
        buf_init(&l->frozen_note[i], NOTE_BYTES_MAX);
        buf_init(&l->last_note[i], NOTE_BYTES_MAX);
    }
    w->net.rough = false; /* all mishaps are its own */
    w->liar = l;
    return true;
}

void liar_free(struct world *w)
{
    struct hostile_host *l = w->liar;
    if (l == NULL) {
        return;
    }
    host_close(l->other);
    for (uint32_t i = 0; i < NOTES_KEPT; i++) {
        buf_free(&l->notes[i]);
    }
    for (uint32_t i = 0; i < WORLD_SEATS; i++) {
        buf_free(&l->frozen_note[i]);
        buf_free(&l->last_note[i]);
    }
    free(l);
    w->liar = NULL;
}

void liar_rests(struct world *w)
{
    struct hostile_host *l = w->liar;
    l->rests = true;
    l->censored = WORLD_SEAT_NONE;
    memset(l->frozen, 0, sizeof(l->frozen));
    memset(l->stale, 0, sizeof(l->stale));
    memset(l->bend, 0, sizeof(l->bend));
}

void liar_shows(struct world *w, uint32_t seat, bool old)
{
    struct hostile_host *l = w->liar;
    buf_clear(&l->frozen_note[seat]);
    l->frozen[seat] = old && l->last_note[seat].n > 0;
    if (l->frozen[seat]) {
        buf_add(&l->frozen_note[seat], buf_bytes(&l->last_note[seat]));
        story_tell(&w->story, "HOST shows %s nothing new", w->seats[seat].cast->name);
    }
}

void liar_plans(struct world *w, uint32_t fate)
{
    struct hostile_host *l = w->liar;
    if (l->plan_count < PLANS_MAX) {
        l->plans[l->plan_count++] = fate;
    }
}

void liar_lets_go(struct world *w)
{
    struct hostile_host *l = w->liar;
    if (l->held > 0 && --l->held == 0) {
        while (w->net.late_count > 0) {
            net_deliver_one(w);
        }
    }
}

static struct host *branch(struct world *w, uint32_t seat)
{
    struct hostile_host *l = w->liar;
    return l->forked && l->on_other[seat] ? l->other : w->host;
}

bool liar_failure_fits(struct world *w, uint32_t seat)
{
    switch (w->err.code) {
    case ERR_HOST:
    case ERR_RULE:
    case ERR_VERIFY:
    case ERR_STATE:
    case ERR_USE:
        return true;
    case ERR_NONE:
    case ERR_FORMAT:
    case ERR_LIMIT:
    case ERR_MEMORY:
    case ERR_IO:
    case ERR_KEY:
        break;
    }
    return story_fail(&w->story, "host_cannot_break_a_machine", "%s: %s (%s)",
                      w->seats[seat].cast->name, w->err.what, w->err.where);
}

/* ---- what it does ---- */

bool liar_forks(struct world *w)
{
    struct hostile_host *l = w->liar;
    app_sim_copy(w->host_dir, l->other_dir);
    if (!host_open(l->other_dir, &w->table, &l->other, &w->err)) {
        return story_fail(&w->story, "begins", "the fork: %s", w->err.what);
    }
    l->forked = true;
    story_tell(&w->story, "HOST forks the table");
    return true;
}

static bool fork_table(struct world *w)
{
    struct hostile_host *l = w->liar;
    if (l->forked || !liar_forks(w)) {
        return l->forked;
    }
    story_add(&w->story, "; on the other branch:");
    for (uint32_t i = 0; i < w->count; i++) {
        l->on_other[i] = prop_one_in(&w->rnd, 2);
        if (l->on_other[i]) {
            story_add(&w->story, " %s", w->seats[i].cast->name);
        }
    }
    return !w->colludes || colluders_split(w);
}

void liar_places(struct world *w, uint32_t seat, bool other)
{
    w->liar->on_other[seat] = other;
}

static bool go_back(struct world *w)
{
    struct hostile_host *l = w->liar;
    if (!l->kept) {
        return true;
    }
    story_tell(&w->story, "HOST goes back to an old copy");
    host_close(w->host);
    w->host = NULL;
    app_sim_copy(l->old_dir, w->host_dir);
    return host_open(w->host_dir, &w->table, &w->host, &w->err) ||
           story_fail(&w->story, "begins", "the old copy: %s", w->err.what);
}

static void release(struct world *w)
{
    struct hostile_host *l = w->liar;
    struct net *n = &w->net;
    if (n->late_count == 0) {
        return;
    }
    /* Any of them, at any time, to either branch. */
    struct host *own = w->host;
    if (l->forked && prop_one_in(&w->rnd, 2)) {
        w->host = l->other;
    }
    net_deliver_one(w);
    w->host = own;
}

bool liar_step(struct world *w)
{
    struct hostile_host *l = w->liar;
    uint32_t seat = (uint32_t)prop_below(&w->rnd, w->count);
    const char *name = w->seats[seat].cast->name;
    uint32_t t = (uint32_t)prop_below(&w->rnd, TRICK_COUNT);
    for (uint32_t i = 0; (l->tricks & (1u << t)) == 0 && i < TRICK_COUNT; i++) {
        t = (t + 1) % TRICK_COUNT;
    }
    switch ((enum trick)t) {
    case TRICK_FORK:
        return fork_table(w);
    case TRICK_MOVE:
        if (l->forked && prop_one_in(&w->rnd, 4)) {
            l->on_other[seat] = !l->on_other[seat];
            story_tell(&w->story, "HOST moves %s to the other branch", name);
        }
        return true;
    case TRICK_KEEP:
        if (prop_one_in(&w->rnd, 2)) {
            app_sim_copy(w->host_dir, l->old_dir);
            l->kept = true;
            story_tell(&w->story, "HOST keeps a copy");
        }
        return true;
    case TRICK_BACK:
        return prop_one_in(&w->rnd, 4) ? go_back(w) : true;
    case TRICK_FREEZE:
        l->frozen[seat] = !l->frozen[seat];
        buf_clear(&l->frozen_note[seat]);
        story_tell(&w->story, "HOST %s %s", l->frozen[seat] ? "freezes" : "unfreezes", name);
        return true;
    case TRICK_STALE:
        l->stale[seat] = true;
        story_tell(&w->story, "HOST will show %s an old checkpoint", name);
        return true;
    case TRICK_CENSOR:
        l->censored = l->censored == seat ? WORLD_SEAT_NONE : seat;
        story_tell(&w->story, "HOST %s %s",
                   l->censored == seat ? "keeps out" : "takes acts again of", name);
        return true;
    case TRICK_BEND:
        l->bend[seat] = true;
        story_tell(&w->story, "HOST will bend its next answer to %s", name);
        return true;
    case TRICK_RELEASE:
        release(w);
        return true;
    case TRICK_COUNT:
        break;
    }
    return true;
}

/* ---- calls ---- */

static void bend(struct world *w, uint32_t seat, struct buf *out, size_t from)
{
    struct hostile_host *l = w->liar;
    if (l->bend[seat] && out->n > from) {
        out->p[from + prop_below(&w->rnd, out->n - from)] ^= (uint8_t)(1u
                                                                       << prop_below(&w->rnd, 8));
        l->bend[seat] = false;
        story_add(&w->story, " [answer bent]");
    }
}

bool liar_checkpoint(struct world *w, uint32_t seat, const struct host_pass *pass, struct buf *out,
                     struct err *err)
{
    struct hostile_host *l = w->liar;
    size_t from = out->n;
    if (l->frozen[seat] && l->frozen_note[seat].n > 0) {
        buf_add(out, buf_bytes(&l->frozen_note[seat]));
        return true;
    }
    if (l->stale[seat] && l->note_count > 0) {
        uint32_t most = l->note_count < NOTES_KEPT ? l->note_count : NOTES_KEPT;
        buf_add(out, buf_bytes(&l->notes[prop_below(&w->rnd, most)]));
        l->stale[seat] = false;
        story_add(&w->story, " [old checkpoint]");
        return true;
    }
    if (!host_checkpoint(branch(w, seat), pass, out, err)) {
        return false;
    }
    struct bytes note = bytes_of(out->p + from, out->n - from);
    struct buf *kept = &l->notes[l->note_count++ % NOTES_KEPT];
    buf_clear(kept);
    buf_add(kept, note);
    buf_clear(&l->last_note[seat]);
    buf_add(&l->last_note[seat], note);
    if (l->frozen[seat]) {
        buf_add(&l->frozen_note[seat], note);
    }
    bend(w, seat, out, from);
    return true;
}

bool liar_entries(struct world *w, uint32_t seat, const struct host_pass *pass, uint64_t from,
                  uint64_t count, struct buf *out, uint64_t *out_count, struct err *err)
{
    size_t at = out->n;
    bool ok = host_entries(branch(w, seat), pass, from, count, out, out_count, err);
    if (ok && prop_one_in(&w->rnd, 2)) {
        bend(w, seat, out, at);
    }
    return ok;
}

bool liar_blob(struct world *w, uint32_t seat, const struct host_pass *pass,
               const struct digest *sha, struct buf *out, struct err *err)
{
    size_t at = out->n;
    bool ok = host_blob(branch(w, seat), pass, sha, out, err);
    if (ok) {
        bend(w, seat, out, at);
    }
    return ok;
}

static bool lie(struct world *w, const char *how, struct err *err)
{
    story_add(&w->story, " [HOST %s]", how);
    return err_set(err, ERR_HOST, "the host cannot be reached (%s)", how);
}

bool liar_post(struct world *w, uint32_t seat, const struct door_item *items, size_t count,
               uint64_t *out_index, size_t *out_noted, struct buf *out_note, struct err *err)
{
    struct hostile_host *l = w->liar;
    uint64_t draw = l->rests ? 99 : prop_below(&w->rnd, 24);
    *out_noted = 0;
    if (l->plan_next < l->plan_count && count == 1) {
        uint32_t fate = l->plans[l->plan_next++];
        if (fate == 3) {
            return lie(w, "loses it", err);
        }
        if (fate != 0) {
            net_keep(w, seat, items);
            l->held = fate == 1 ? 2 : 4;
            return lie(w, "holds it", err);
        }
    }
    if (l->censored == seat) {
        return lie(w, "keeps it out", err);
    }
    if (count == 1 && draw < 3) {
        net_keep(w, seat, items);
        return lie(w, "holds it", err);
    }
    if (draw == 3) {
        return lie(w, "drops it", err);
    }
    if (count == 1 && draw == 4) {
        net_keep(w, seat, items);
        story_add(&w->story, " [HOST says it refuses, and keeps it]");
        return err_set(err, ERR_RULE, "the act does not follow the one before it");
    }
    if (count == 1 && draw == 5 && l->note_count > 0) {
        net_keep(w, seat, items);
        story_add(&w->story, " [HOST promises and hides it]");
        buf_add(out_note, buf_bytes(&l->notes[(l->note_count - 1) % NOTES_KEPT]));
        *out_index = 0;
        *out_noted = 1;
        return true;
    }
    return host_post_all(branch(w, seat), items, count, NULL, out_index, out_noted, out_note, err);
}
