/* SPDX-License-Identifier: Apache-2.0
 *
 * What is on the table: issues, each with a short list of options, and packages that take one
 * option of each of some issues.  All public; what an option is worth to anybody is not here.
 */
#ifndef ENTENTE_TERMS_ISSUE_H
#define ENTENTE_TERMS_ISSUE_H

#include "base/text.h"

#define TERMS_ISSUES_MAX 256u
#define TERMS_OPTIONS_MAX 256u
#define TERMS_OPTION_BYTES_MAX 256u

struct issue {
    struct text id; /* text_is_id */
    uint32_t phase; /* its place in the charter's list of phases */
    uint32_t owner; /* side that must always accept, or UINT32_MAX */
    uint32_t option_count;
    struct text *options; /* at least one; no two alike */
};

/* The place of an issue, or of an option of it; UINT32_MAX where there is none of that name. */
uint32_t issue_find(const struct issue *issues, uint32_t count, struct text id);
uint32_t issue_option(const struct issue *issue, struct text option);

#endif
