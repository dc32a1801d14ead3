/* SPDX-License-Identifier: Apache-2.0
 *
 * Dates without locale or zone: seconds since 1970-01-01T00:00:00Z, proleptic Gregorian, UTC.
 * The day arithmetic is Howard Hinnant's "chrono-compatible low-level date algorithms".
 */
#ifndef ENTENTE_BASE_CIVIL_H
#define ENTENTE_BASE_CIVIL_H

#include "base/text.h"

/* 9999-12-31T23:59:59Z: no time in a record is above it. */
#define CIVIL_MAX UINT64_C(253402300799)

struct civil {
    unsigned year, month, day, hour, minute, second;
};

struct civil civil_from_unix(uint64_t seconds);
uint64_t civil_to_unix(struct civil c);

/* "2026-03-09 18:00" (UTC); out holds at least CIVIL_TEXT_MAX. */
#define CIVIL_TEXT_MAX 24
void civil_format(uint64_t seconds, char out[static CIVIL_TEXT_MAX]);

/* "2026-03-09", "2026-03-09 18:00", "2026-03-09T18:00Z", with or without seconds. */
MUST_CHECK bool civil_parse(struct text t, uint64_t *out, struct err *err);

/* "90s", "15m", "48h", "14d", "3w": to seconds. */
MUST_CHECK bool duration_parse(struct text t, uint64_t *out, struct err *err);

/* The largest exact unit: 172800 -> "2d"; 90000 -> "25h". */
void duration_format(uint64_t seconds, char out[static CIVIL_TEXT_MAX]);

#endif
