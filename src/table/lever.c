/* SPDX-License-Identifier: Apache-2.0 */
#include "table/state.h"

bool deed_failed(const struct table_state *s, const struct witness_log *log, uint32_t deed,
                 uint64_t seen_size, uint64_t index)
{
    const struct deed_state *d = &s->deeds[deed];
    return d->promised && d->lapsed && d->verified != FINDING_DONE &&
           !deed_dispute_waits(s, log, deed, seen_size, index);
}

struct lever_standing lever_standing(const struct table_state *s, const struct witness_log *log,
                                     uint32_t lever, uint64_t seen_size, uint64_t index)
{
    const struct charter_lever *c = &s->charter.levers[lever];
    struct lever_standing out = {.first_waited = CHARTER_NONE};
    out.occurred = c->permitted_when_failed == CHARTER_NONE ||
                   deed_failed(s, log, c->permitted_when_failed, seen_size, index);
    for (uint32_t i = 0; i < c->ask_count; i++) {
        const struct subject about = {CHARTER_NONE, CHARTER_NONE, lever};
        enum consulted k = consulted_on(s, log, c->ask[i], about, seen_size, index);
        if (k == CONSULTED_HEARD || k == CONSULTED_LAPSED) {
            continue;
        }
        if (out.unheard++ == 0) {
            out.first_waited = c->ask[i];
            out.asked = k == CONSULTED_WAITS;
        }
    }
    return out;
}

const char *lever_move_word(enum lever_move m)
{
    switch (m) {
    case LEVER_HOLD:
        return "held";
    case LEVER_READY:
        return "ready";
    case LEVER_APPLY:
        return "applied";
    case LEVER_RELEASE:
        return "released";
    }
    return "in reserve";
}
