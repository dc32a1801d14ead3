/* SPDX-License-Identifier: Apache-2.0 */
#include "table/tension.h"

/* 2^(32 - 2^-k), k = 1 to 32, to the nearest. */
static const uint64_t roots[32] = {
    UINT64_C(3037000500), UINT64_C(3611622603), UINT64_C(3938502376), UINT64_C(4112874773),
    UINT64_C(4202935003), UINT64_C(4248701965), UINT64_C(4271771996), UINT64_C(4283353945),
    UINT64_C(4289156690), UINT64_C(4292061010), UINT64_C(4293513907), UINT64_C(4294240540),
    UINT64_C(4294603903), UINT64_C(4294785595), UINT64_C(4294876445), UINT64_C(4294921870),
    UINT64_C(4294944583), UINT64_C(4294955939), UINT64_C(4294961618), UINT64_C(4294964457),
    UINT64_C(4294965876), UINT64_C(4294966586), UINT64_C(4294966941), UINT64_C(4294967119),
    UINT64_C(4294967207), UINT64_C(4294967252), UINT64_C(4294967274), UINT64_C(4294967285),
    UINT64_C(4294967290), UINT64_C(4294967293), UINT64_C(4294967295), UINT64_C(4294967295),
};

uint64_t tension_decay(uint64_t age, uint64_t half_life)
{
    uint64_t halvings = age / half_life;
    if (halvings > 33) {
        return 0;
    }
    /* The rest is below the half-life, which is below 2^32: the shift fits. */
    uint64_t fraction = ((age % half_life) << 32) / half_life;
    uint64_t v = TENSION_ONE;
    for (unsigned k = 0; k < 32; k++) {
        if ((fraction >> (31 - k)) & 1) {
            v = (v * roots[k] + (TENSION_ONE >> 1)) >> 32; /* at most 2^32 * (2^32 - 1) + 2^31 */
        }
    }
    return halvings == 0 ? v : (v + (UINT64_C(1) << (halvings - 1))) >> halvings;
}

uint64_t incident_hour(const struct incident_state *n, const struct witness_log *log,
                       uint64_t index)
{
    struct moment t = witness_t(log, n->index, index);
    return t.known && t.seconds < n->found_when ? t.seconds : n->found_when;
}

uint64_t tension_at(const struct table_state *s, const struct witness_log *log, uint64_t index,
                    uint64_t when)
{
    /* 4,096 incidents of weight 1,000 at most: below 2^54, and 1,000 times that fits. */
    uint64_t sum = 0;
    for (uint32_t i = 0; i < s->incident_count; i++) {
        const struct incident_state *n = &s->incidents[i];
        uint64_t hour = incident_hour(n, log, index);
        if (n->verdict == VERDICT_VERIFIED && hour <= when) {
            uint64_t weight = n->severity == SEVERITY_SERIOUS ? s->charter.weight_serious
                                                              : s->charter.weight_minor;
            sum += weight * tension_decay(when - hour, s->charter.half_life_seconds);
        }
    }
    return (sum * 1000 + (TENSION_ONE >> 1)) >> 32;
}
