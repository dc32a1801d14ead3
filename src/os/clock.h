/* SPDX-License-Identifier: Apache-2.0
 *
 * The only clock.  It is passed as a value: the machine's, or one that the caller sets, for tests
 * and the demo.
 */
#ifndef ENTENTE_OS_CLOCK_H
#define ENTENTE_OS_CLOCK_H

#include "base/bytes.h"

struct clock {
    bool simulated;
    uint64_t now;  /* of a simulated clock: seconds since 1970 */
    int64_t ahead; /* of a real one: what is added to the machine's */
};

struct clock clock_real(void);
struct clock clock_simulated(uint64_t now);
/* Runs as the machine's does, so many seconds ahead of it, or behind. */
struct clock clock_ahead(int64_t seconds);

/* Seconds since 1970-01-01T00:00:00Z. */
uint64_t clock_now(const struct clock *clock);

/* Of a simulated clock alone; a real one is left alone. */
void clock_set(struct clock *clock, uint64_t now);
void clock_advance(struct clock *clock, uint64_t seconds);

/* Microseconds from some point, never falling: for measuring. */
uint64_t clock_monotonic_us(void);

/* Waits; a signal ends it early. */
void clock_pause_ms(unsigned ms);

#endif
