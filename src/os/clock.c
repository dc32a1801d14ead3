/* SPDX-License-Identifier: Apache-2.0 */
#include "os/clock.h"

#include <time.h>

#include "base/check.h"

struct clock clock_real(void)
{
    return (struct clock){0};
}

struct clock clock_simulated(uint64_t now)
{
    return (struct clock){.simulated = true, .now = now};
}

struct clock clock_ahead(int64_t seconds)
{
    return (struct clock){.ahead = seconds};
}

static struct timespec read_clock(clockid_t which)
{
    struct timespec t;
    CHECK(clock_gettime(which, &t) == 0); /* both clocks exist on every Linux */
    CHECK(t.tv_sec >= 0);
    return t;
}

uint64_t clock_now(const struct clock *clock)
{
    if (clock->simulated) {
        return clock->now;
    }
    int64_t now = 0;
    bool over = __builtin_add_overflow((int64_t)read_clock(CLOCK_REALTIME).tv_sec, clock->ahead,
                                       &now);
    return over || now < 0 ? 0
                           : (uint64_t)now; /* before 1970, or beyond all dates: neither is one */
}

void clock_set(struct clock *clock, uint64_t now)
{
    if (clock->simulated) {
        clock->now = now;
    }
}

void clock_advance(struct clock *clock, uint64_t seconds)
{
    if (clock->simulated) {
        clock->now += seconds;
    }
}

uint64_t clock_monotonic_us(void)
{
    struct timespec t = read_clock(CLOCK_MONOTONIC);
    return (uint64_t)t.tv_sec * 1000000u + (uint64_t)t.tv_nsec / 1000u;
}

void clock_pause_ms(unsigned ms)
{
    struct timespec t = {.tv_sec = (time_t)(ms / 1000u), .tv_nsec = (long)(ms % 1000u) * 1000000};
    (void)nanosleep(&t, NULL); /* ended early by a signal: the caller looks again */
}
