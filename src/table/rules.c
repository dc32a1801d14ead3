/* SPDX-License-Identifier: Apache-2.0 */
#include "table/rules.h"

static const struct rules sets[] = {
    {1, rules_v1_judge},
};

const struct rules *rules_find(uint32_t version)
{
    for (size_t i = 0; i < COUNT_OF(sets); i++) {
        if (sets[i].version == version) {
            return &sets[i];
        }
    }
    return NULL;
}
