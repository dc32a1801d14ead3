/* SPDX-License-Identifier: Apache-2.0
 *
 * Optimal string alignment distance, three rows of the usual table.
 */
#include "cli/near.h"

#define NAME_MAX_BYTES 32u

static unsigned least(unsigned a, unsigned b)
{
    return a < b ? a : b;
}

unsigned near_distance(const char *a, const char *b)
{
    size_t an = strlen(a), bn = strlen(b);
    if (an > NAME_MAX_BYTES || bn > NAME_MAX_BYTES) {
        return NEAR_FAR;
    }
    unsigned rows[3][NAME_MAX_BYTES + 1];
    for (size_t k = 0; k <= bn; k++) {
        rows[0][k] = (unsigned)k; /* at most 32 */
    }
    for (size_t i = 1; i <= an; i++) {
        unsigned *now = rows[i % 3];
        const unsigned *before = rows[(i + 2) % 3];
        const unsigned *twice = rows[(i + 1) % 3];
        now[0] = (unsigned)i; /* at most 32 */
        for (size_t k = 1; k <= bn; k++) {
            unsigned change = before[k - 1] + (a[i - 1] == b[k - 1] ? 0 : 1);
            now[k] = least(change, least(before[k], now[k - 1]) + 1);
            if (i > 1 && k > 1 && a[i - 1] == b[k - 2] && a[i - 2] == b[k - 1]) {
                now[k] = least(now[k], twice[k - 2] + 1);
            }
        }
    }
    return rows[an % 3][bn];
}

bool near_enough(const char *a, const char *b)
{
    unsigned d = near_distance(a, b);
    return d <= 2 && d * 3 <= strlen(b);
}
