/* SPDX-License-Identifier: Apache-2.0 */
#include "terms/issue.h"

uint32_t issue_find(const struct issue *issues, uint32_t count, struct text id)
{
    for (uint32_t i = 0; i < count; i++) {
        if (text_eq(issues[i].id, id)) {
            return i;
        }
    }
    return UINT32_MAX;
}

uint32_t issue_option(const struct issue *issue, struct text option)
{
    for (uint32_t i = 0; i < issue->option_count; i++) {
        if (text_eq(issue->options[i], option)) {
            return i;
        }
    }
    return UINT32_MAX;
}
