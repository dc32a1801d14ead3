/* SPDX-License-Identifier: Apache-2.0
 *
 * For tests, preloaded: the world's clock runs ahead by the seconds that ENTENTE_TEST_AHEAD says, so
 * that a negotiation of weeks is played in seconds by the program that people use.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdlib.h>
#include <time.h>

int clock_gettime(clockid_t which, struct timespec *out);

int clock_gettime(clockid_t which, struct timespec *out)
{
    typedef int real_clock(clockid_t which, struct timespec * out);
    void *found = dlsym(RTLD_NEXT, "clock_gettime");
    real_clock *real;
    const char *ahead = getenv("ENTENTE_TEST_AHEAD");
    __builtin_memcpy(&real, &found, sizeof(real));
    int result = real(which, out);
    for (time_t n = 0; result == 0 && which == CLOCK_REALTIME && ahead != NULL;) {
        if (*ahead >= '0' && *ahead <= '9') {
            n = n * 10 + (*ahead++ - '0');
        } else {
            out->tv_sec += n;
            break;
        }
    }
    return result;
}
