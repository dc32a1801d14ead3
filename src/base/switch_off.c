/* SPDX-License-Identifier: Apache-2.0
 *
 * Only in a build with -Dmutants=true, which is none for use: the one place of the code with a
 * variable that lasts.
 */
#include "base/switch_off.h"

#include <string.h>

static bool off[SWITCH_COUNT];

#define SWITCH_WORD(name, section, words) #name,
static const char *const names[] = {SWITCH_LIST(SWITCH_WORD)};
#undef SWITCH_WORD

bool switch_off(const char *name)
{
    if (name == NULL) {
        memset(off, 0, sizeof(off));
        return true;
    }
    for (unsigned i = 0; i < SWITCH_COUNT; i++) {
        if (strcmp(names[i], name) == 0) {
            off[i] = true;
            return true;
        }
    }
    return false;
}

bool switch_is_on(enum switch_id id)
{
    return !off[id];
}
