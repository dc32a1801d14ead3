/* SPDX-License-Identifier: Apache-2.0 */
#include "table/charter.h"

#include "base/civil.h"

uint32_t charter_find_side(const struct charter *c, struct text id)
{
    for (uint32_t i = 0; i < c->side_count; i++) {
        if (c->sides[i].present && text_eq(c->sides[i].id, id)) {
            return i;
        }
    }
    return CHARTER_NONE;
}

uint32_t charter_find_phase(const struct charter *c, struct text id)
{
    for (uint32_t i = 0; i < c->phase_count; i++) {
        if (text_eq(c->phases[i].id, id)) {
            return i;
        }
    }
    return CHARTER_NONE;
}

uint32_t charter_find_deed(const struct charter *c, struct text id)
{
    for (uint32_t i = 0; i < c->deed_count; i++) {
        if (text_eq(c->deeds[i].id, id)) {
            return i;
        }
    }
    return CHARTER_NONE;
}

uint32_t charter_find_lever(const struct charter *c, struct text id)
{
    for (uint32_t i = 0; i < c->lever_count; i++) {
        if (text_eq(c->levers[i].id, id)) {
            return i;
        }
    }
    return CHARTER_NONE;
}

/* Quiet is told in hours, however many days they make: people count them one by one. */
static const char *quiet_words(uint64_t seconds, struct arena *mem)
{
    if (seconds % 3600 == 0) {
        return arena_printf(mem, "no incident for %llu hours",
                            (unsigned long long)(seconds / 3600));
    }
    char span[CIVIL_TEXT_MAX];
    duration_format(seconds, span);
    return arena_printf(mem, "no incident for %s", span);
}

static const char *words_of(const struct charter *c, const struct condition *k, struct arena *mem)
{
    switch (k->kind) {
    case CONDITION_AGREED:
        return "a package is agreed at the table";
    case CONDITION_RATIFIED:
        return "all parties have ratified";
    case CONDITION_VERIFIED:
        return arena_printf(mem, "%.*s is verified done", TEXT_ARG(c->deeds[k->deed].id));
    case CONDITION_QUIET:
        return quiet_words(k->seconds, mem);
    case CONDITION_NO_REPORT_WAITING:
        return "no report waits to be assessed";
    case CONDITION_SETTLED_WITHIN:
        return arena_printf(mem, "settled within %.*s", TEXT_ARG(c->sides[k->side].name));
    case CONDITION_CONSULTED:
        return arena_printf(mem, "%.*s has been consulted", TEXT_ARG(c->sides[k->side].name));
    case CONDITION_UNDERTAKEN:
        return arena_printf(mem, "%.*s has undertaken its part", TEXT_ARG(c->sides[k->side].name));
    case CONDITION_ADOPTED:
        return "the text is adopted";
    }
    return NULL;
}

struct text condition_words(const struct charter *c, const struct condition *k, struct arena *mem)
{
    const char *s = words_of(c, k, mem);
    return text_str(s == NULL ? "?" : s);
}
