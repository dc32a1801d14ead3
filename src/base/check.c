/* SPDX-License-Identifier: Apache-2.0 */
#include "base/check.h"

#include <stdio.h>
#include <stdlib.h>

_Noreturn void check_failed(const char *what, const char *file, int line)
{
    (void)fprintf(stderr,
                  "entente: an error in the program itself: %s does not hold (%s:%d)\n"
                  "  mend:  nothing was lost; please report this line\n",
                  what, file, line);
    abort();
}
