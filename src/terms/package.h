/* SPDX-License-Identifier: Apache-2.0
 *
 * A package: one option for each of some issues, ascending by the issue's place.
 */
#ifndef ENTENTE_TERMS_PACKAGE_H
#define ENTENTE_TERMS_PACKAGE_H

#include "terms/issue.h"

struct choice {
    uint32_t issue;
    uint32_t option;
};

struct package {
    uint32_t count;
    struct choice *choices;
};

/* Not empty, ascending, without doubles, every issue and option known.  ERR_FORMAT names what is
 * not. */
MUST_CHECK bool package_check(const struct package *p, const struct issue *issues, uint32_t count,
                              struct err *err);

/* "line: present line; access: one bank".  p has been checked.  In the arena; empty when it is
 * full. */
struct text package_words(const struct package *p, const struct issue *issues, struct arena *mem);

/* The option for an issue, or UINT32_MAX where the package is silent about it. */
uint32_t package_option(const struct package *p, uint32_t issue);

#endif
