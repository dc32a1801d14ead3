/* SPDX-License-Identifier: Apache-2.0 */
#include "table/ceiling.h"

static const struct {
    uint32_t most;
    const char *words;
} rows[] = {
#define CEILING_ROW(name, most, words) [name] = {most, words},
    CEILING_LIST(CEILING_ROW)
#undef CEILING_ROW
};

uint32_t ceiling_share(const struct charter *c, enum ceiling k)
{
    uint32_t sides = 0;
    for (uint32_t i = 0; i < c->side_count; i++) {
        sides += c->sides[i].present && c->sides[i].role != ROLE_CONSULTED ? 1 : 0;
    }
    return rows[k].most / (sides == 0 ? 1 : sides);
}

const char *ceiling_words(enum ceiling k)
{
    return rows[k].words;
}
