/* SPDX-License-Identifier: Apache-2.0 */
#include "table/state.h"

struct question_state *state_question(const struct table_state *s, const struct leaf_hash *leaf)
{
    for (uint32_t i = s->question_count; i > 0; i--) {
        if (ID_EQ(s->questions[i - 1].leaf, *leaf)) {
            return &s->questions[i - 1];
        }
    }
    return NULL;
}

const struct undertaking_state *state_undertaking(const struct table_state *s,
                                                  const struct leaf_hash *leaf)
{
    for (uint32_t i = s->undertaking_count; i > 0; i--) {
        if (ID_EQ(s->undertakings[i - 1].leaf, *leaf)) {
            return &s->undertakings[i - 1];
        }
    }
    return NULL;
}

const struct settled_state *state_settled(const struct table_state *s, uint32_t phase,
                                          uint32_t side)
{
    for (uint32_t i = 0; i < s->settled_count; i++) {
        if (s->settled[i].phase == phase && s->settled[i].side == side) {
            return &s->settled[i];
        }
    }
    return NULL;
}

bool state_undertaken(const struct table_state *s, uint32_t phase, uint32_t side)
{
    for (uint32_t i = 0; i < s->undertaking_count; i++) {
        if (s->undertakings[i].side == side && s->undertakings[i].about.phase == phase) {
            return true;
        }
    }
    return false;
}

/* Whoever is asked has at least the time that the charter gives for silence, whatever hour the
 * question names. */
struct moment question_lapses(const struct table_state *s, const struct witness_log *log,
                              const struct question_state *q, uint64_t index)
{
    struct moment t = witness_t(log, q->index, index);
    if (!q->has_when || !t.known) {
        return (struct moment){0};
    }
    uint64_t least = t.seconds + s->charter.silence_seconds;
    return (struct moment){.known = true, .seconds = q->when > least ? q->when : least};
}

enum consulted question_standing(const struct table_state *s, const struct witness_log *log,
                                 const struct question_state *q, uint64_t seen_size, uint64_t index)
{
    if (q->answered) {
        return CONSULTED_HEARD;
    }
    struct moment end = question_lapses(s, log, q, index);
    return end.known && witness_surely_passed(log, seen_size, end.seconds + 1, index)
               ? CONSULTED_LAPSED
               : CONSULTED_WAITS;
}

enum consulted consulted_on(const struct table_state *s, const struct witness_log *log,
                            uint32_t side, struct subject about, uint64_t seen_size, uint64_t index)
{
    enum consulted best = CONSULTED_NOT;
    for (uint32_t i = 0; i < s->question_count; i++) {
        const struct question_state *q = &s->questions[i];
        bool same = about.lever != CHARTER_NONE ? q->about.lever == about.lever
                                                : q->about.phase == about.phase;
        if (q->side == side && same) {
            enum consulted k = question_standing(s, log, q, seen_size, index);
            best = k > best ? k : best;
        }
    }
    return best;
}
