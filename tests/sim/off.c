/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/off.h"

#include <stdio.h>

#include "base/switch_off.h"

bool off_add(struct off *off, const char *name)
{
    if (off->count == OFF_MAX) {
        return false;
    }
    off->names[off->count++] = name;
    return true;
}

static bool one(const char *name)
{
#ifdef ENTENTE_MUTANTS
    return switch_off(name);
#else
    return name == NULL;
#endif
}

bool off_begin(const struct off *off)
{
    for (uint32_t i = 0; i < off->count; i++) {
        if (!one(off->names[i])) {
            (void)fprintf(stderr,
                          "%s cannot be switched off: it is no check, or the build is without\n",
                          off->names[i]);
            return false;
        }
    }
    return true;
}

void off_end(void)
{
    (void)one(NULL);
}
