/* SPDX-License-Identifier: Apache-2.0
 *
 * Compared with a week ago: what has moved, and what is still to go.
 */
#include "app/view_priv.h"

#define DAY UINT64_C(86400)

/* What is compared: counts that only grow, but for incidents, where more is worse. */
struct standing {
    uint32_t gates;
    uint32_t bound;
    uint32_t promised;
    uint32_t verified;
    uint32_t proposals;
    uint32_t incidents; /* verified ones */
};

static bool take_standing(void *ctx, const struct table_state *s, struct err *err)
{
    struct standing *out = ctx;
    (void)err;
    *out = (struct standing){.proposals = s->proposal_count};
    for (uint32_t i = 0; s->has_charter && i < s->charter.phase_count; i++) {
        out->gates += s->gate_opened_at[i] != INDEX_NEVER ? 1 : 0;
    }
    for (uint32_t i = 0; i < s->proposal_count; i++) {
        out->bound += s->proposals[i].bound_at != INDEX_NEVER ? 1 : 0;
    }
    for (uint32_t i = 0; s->has_charter && i < s->charter.deed_count; i++) {
        out->promised += s->deeds[i].promised ? 1 : 0;
        out->verified += s->deeds[i].verified == FINDING_DONE ? 1 : 0;
    }
    for (uint32_t i = 0; i < s->incident_count; i++) {
        out->incidents += s->incidents[i].verdict == VERDICT_VERIFIED ? 1 : 0;
    }
    return true;
}

/* How many acts the table surely had by then. */
static uint64_t size_by(const struct view *v, uint64_t moment)
{
    const struct witness_log *log = door_witness(v->r->door);
    uint64_t size = door_size(v->r->door);
    for (uint64_t i = size; i > 0; i--) {
        struct moment t = witness_t(log, i - 1, size);
        if (t.known && t.seconds <= moment) {
            return i;
        }
    }
    return 0;
}

static void put_item(struct buf *out, uint32_t *count, const char *words)
{
    buf_printf(out, "%s%s", (*count)++ > 0 ? "; " : "", words == NULL ? "?" : words);
}

static void put_moved(const struct view *v, const struct standing *then, const struct standing *now,
                      struct buf *out)
{
    const struct table_state *s = view_state(v);
    uint32_t n = 0;
    for (uint32_t i = then->gates; i < now->gates && i < s->charter.phase_count; i++) {
        put_item(out, &n,
                 arena_printf(v->mem, "phase %.*s done", TEXT_ARG(s->charter.phases[i].id)));
    }
    if (now->bound > then->bound) {
        put_item(out, &n, "a package agreed and ratified");
    }
    if (now->proposals > then->proposals) {
        uint32_t more = now->proposals - then->proposals;
        put_item(out, &n, arena_printf(v->mem, "%u new proposal%s", more, more == 1 ? "" : "s"));
    }
    if (now->verified > then->verified) {
        put_item(out, &n,
                 arena_printf(v->mem, "%u of %u promises verified", now->verified, now->promised));
    }
    if (now->incidents > then->incidents) {
        uint32_t more = now->incidents - then->incidents;
        put_item(out, &n,
                 arena_printf(v->mem, "%u verified incident%s", more, more == 1 ? "" : "s"));
    }
    for (uint32_t i = 0; i < s->charter.phase_count; i++) {
        const struct gate_view asked = {s, door_witness(v->r->door), door_size(v->r->door),
                                        door_size(v->r->door)};
        struct moment quiet = gate_quiet_since(&asked, i);
        if (s->charter.monitor_count > 0 && quiet.known && v->now >= quiet.seconds + 3600) {
            put_item(out, &n,
                     arena_printf(v->mem, "quiet for %llu hours",
                                  (unsigned long long)((v->now - quiet.seconds) / 3600)));
        }
    }
    buf_printf(out, "%s.\n", n == 0 ? "nothing has moved" : "");
}

static void put_still(const struct view *v, struct buf *out)
{
    const struct table_state *s = view_state(v);
    uint32_t n = 0;
    for (uint32_t i = 0; i < s->charter.phase_count; i++) {
        if (s->gate_opened_at[i] != INDEX_NEVER || s->charter.phases[i].condition_count == 0) {
            continue;
        }
        bool whole = s->phase_opened_at[i] == INDEX_NEVER ||
                     (s->proposal_count == 0 || s->proposals[s->proposal_count - 1].phase < i);
        buf_printf(out, "%s%s of phase %.*s",
                   n++ > 0 ? "; " : "  Still to go: ", whole ? "all" : "the rest",
                   TEXT_ARG(s->charter.phases[i].id));
    }
    buf_printf(out, "%s", n > 0 ? ".\n" : "");
}

bool view_since(const struct view *v, uint32_t days, struct buf *out, struct err *err)
{
    const struct table_state *s = view_state(v);
    struct standing then = {0}, now = {0};
    uint64_t back = days * DAY;
    uint64_t moment = v->now > back ? v->now - back : 0;
    if (!s->has_charter) {
        buf_printf(out, "This seat does not read the charter.\n");
        return true;
    }
    if (!take_standing(&now, s, err) ||
        !replica_at(v->r, size_by(v, moment), take_standing, &then, err)) {
        return false;
    }
    /* An open gate is a step that nothing takes back; less than that, and an incident weighs. */
    bool better = now.gates > then.gates ||
                  ((now.bound > then.bound || now.verified > then.verified) &&
                   now.incidents == then.incidents);
    if (days == 7 && better) {
        buf_printf(out, "  Better than a week ago: ");
    } else {
        buf_printf(out, "  Since %s: ", view_when(v, moment));
    }
    put_moved(v, &then, &now, out);
    put_still(v, out);
    return true;
}
