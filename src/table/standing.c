/* SPDX-License-Identifier: Apache-2.0
 *
 * Sections in brackets are those of docs/RULES.md.
 */
#include "table/standing.h"

#include "table/state.h"

uint32_t standing_at_table(const struct table_state *s)
{
    uint32_t n = 0;
    for (uint32_t g = 1; g <= s->charter.party_count; g++) {
        n += standing_left(&s->standing, g) ? 0 : 1;
    }
    return n;
}

/* A suspension has ended by itself: at its hour, or, for cause, a week after its act [16.6]. */
static bool lapsed(const struct table_standing *st, const struct witness_log *log,
                   uint64_t seen_size, uint64_t index)
{
    if (st->suspended_by == CHARTER_NONE) {
        return st->suspended_until != TIME_UNKNOWN &&
               witness_surely_passed(log, seen_size, st->suspended_until, index);
    }
    struct moment t = witness_t(log, st->suspended_at, index);
    return t.known && witness_surely_passed(log, seen_size, t.seconds + SUSPENSION_SECONDS, index);
}

bool standing_suspended(const struct table_state *s, const struct witness_log *log,
                        uint64_t seen_size, uint64_t index)
{
    const struct table_standing *st = &s->standing;
    return st->suspended_at != INDEX_NEVER && !lapsed(st, log, seen_size, index);
}

struct deadline standing_deadline(const struct table_state *s, const struct witness_log *log,
                                  uint32_t phase, uint64_t at)
{
    const struct phase_dates *d = &s->dates[phase];
    uint64_t span = s->charter.phases[phase].deadline_seconds;
    if (d->moved) {
        return (struct deadline){
            .none = d->deadline == TIME_UNKNOWN, .known = true, .seconds = d->deadline};
    }
    if (span == 0 || !phase_open(s, phase)) {
        return (struct deadline){.none = true};
    }
    struct moment opened = witness_t(log, s->phase_opened_at[phase], at);
    return (struct deadline){.known = opened.known, .seconds = opened.seconds + span};
}
