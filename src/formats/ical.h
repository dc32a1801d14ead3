/* SPDX-License-Identifier: Apache-2.0
 *
 * A calendar file (iCalendar, RFC 5545) of dates: an event each, at its hour in UTC, without length.
 * Who imports a newer file over an older one moves what has the same uid.
 */
#ifndef ENTENTE_FORMATS_ICAL_H
#define ENTENTE_FORMATS_ICAL_H

#include "base/buf.h"
#include "base/text.h"

#define ICAL_SECONDS_MAX UINT64_C(253402300799) /* the year 9999 */

struct ical_event {
    const char *uid; /* printable ASCII */
    uint64_t when;   /* seconds since 1970 */
    const char *category;
    struct text summary; /* one line */
    struct text about;   /* further words; may be empty */
};

/* Appends the file to out, lines folded and ended as the RFC wants them.  name: of the calendar;
 * made: when it was, which stands in each event.  ERR_LIMIT for an hour that no calendar has. */
MUST_CHECK bool ical_write(struct text name, uint64_t made, const struct ical_event *events,
                           uint32_t count, struct buf *out, struct err *err);

#endif
