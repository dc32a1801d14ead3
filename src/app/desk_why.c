/* SPDX-License-Identifier: Apache-2.0
 *
 * Why a gate is closed.
 */
#include "app/desk_priv.h"

#include "app/view_why.h"

/* "ceasefire", or its number from 1 as the journey counts them. */
static bool find_gate(struct desk *d, struct text gate, uint32_t *out, struct err *err)
{
    const struct charter *c = &desk_state(d)->charter;
    uint64_t number = 0;
    *out = charter_find_phase(c, gate);
    if (*out == CHARTER_NONE && u64_parse(gate, &number) && number >= 1 &&
        number <= c->phase_count) {
        *out = (uint32_t)number - 1;
    }
    if (*out != CHARTER_NONE) {
        return true;
    }
    const char *list = "";
    for (uint32_t i = 0; i < c->phase_count && list != NULL; i++) {
        list = arena_printf(&d->mem.mem, "%s%s%.*s", list, i == 0 ? "" : ", ",
                            TEXT_ARG(c->phases[i].id));
    }
    return err_set(err, ERR_USE, "the charter has no gate %.*s", TEXT_ARG(gate)) ||
           err_mend(err, "a gate is named as its phase: %s",
                    list == NULL ? "entente journey" : list);
}

bool desk_why(struct desk *d, struct text gate, const struct desk_say *say, struct err *err)
{
    struct view v = desk_view(d);
    uint32_t phase;
    if (!desk_has_charter(d, err) || !find_gate(d, gate, &phase, err)) {
        return false;
    }
    if (say->json != NULL) {
        view_why_json(&v, phase, say->json);
    } else {
        view_why(&v, phase, say->words);
    }
    return true;
}
