/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/collude.h"

#include "sim/behave.h"
#include "sim/hostile_host.h"
#include "sim/hostile_member.h"

#define CHEATS_ONE_IN 6u

bool colluders_begin(struct world *w)
{
    bool all = prop_one_in(&w->rnd, 2);
    w->colludes = true;
    w->cheats = true;
    story_tell(&w->story, "with the host are:");
    for (uint32_t i = 0; i < w->count; i++) {
        struct seat_sim *s = &w->seats[i];
        bool in = s->joined && (all ? s->cast->post == 0 && replica_has_charter(&s->r)
                                    : prop_one_in(&w->rnd, 3));
        s->honest = !in;
        if (in) {
            story_add(&w->story, " %s", s->cast->name);
        }
    }
    return liar_new(w);
}

bool colluders_split(struct world *w)
{
    uint32_t count = w->count;
    for (uint32_t i = 0; i < count; i++) {
        if (w->seats[i].honest || !w->seats[i].open) {
            continue;
        }
        liar_places(w, i, false);
        uint32_t clone = member_clone(w, i);
        if (clone == WORLD_SEAT_NONE) {
            return true; /* no more machines: that one stands on one branch */
        }
        liar_places(w, clone, true);
        story_tell(&w->story, "%s has a machine on each branch", w->seats[i].cast->name);
    }
    return true;
}

bool colluder_acts(struct world *w, uint32_t seat)
{
    if (prop_one_in(&w->rnd, CHEATS_ONE_IN)) {
        return member_misbehaves(w, seat);
    }
    enum outcome o = prop_one_in(&w->rnd, 2) ? behave_sync(w, seat) : behave(w, seat);
    (void)o; /* whatever came of it is their own affair */
    return true;
}

void colluders_sync(struct world *w)
{
    for (uint32_t i = 0; i < w->count; i++) {
        struct seat_sim *s = &w->seats[i];
        if (!s->honest && s->open && !s->gone && !s->r.spoiled) {
            enum outcome o = behave_sync(w, i);
            (void)o;
        }
    }
}
