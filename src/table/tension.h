/* SPDX-License-Identifier: Apache-2.0
 *
 * The tension index: each verified incident weighs as the charter says of its severity, and half of
 * it is gone after each half-life.  Shown, and read by no rule: what a gate waits for is quiet.
 *
 *     tension(T) = sum over verified incidents with hour <= T of weight * 2^(-(T - hour) / half-life)
 *
 * DESIGN.  Whole numbers alone, the same on every machine.  2^-x of one incident is a fraction of
 * 2^32: the fraction of the half-life is cut to 32 binary digits and multiplied out of a table of
 * 2^(-2^-k), rounded to nearest at each step.  Cutting (relative error below 2^-32), 32 constants and
 * 32 products (2^-33 each) and the shift make less than 2^-26 in all, so the sum is off by less than
 * (sum of the weights) * 2^-26, and half a thousandth by the last rounding.
 */
#ifndef ENTENTE_TABLE_TENSION_H
#define ENTENTE_TABLE_TENSION_H

#include "table/state.h"

#define TENSION_ONE (UINT64_C(1) << 32)

/* 2^(-age / half_life) of TENSION_ONE; half_life from 1 to CHARTER_SPAN_MAX. */
uint64_t tension_decay(uint64_t age, uint64_t half_life);

/* In thousandths, at that hour, by what the state knows of at index. */
uint64_t tension_at(const struct table_state *s, const struct witness_log *log, uint64_t index,
                    uint64_t when);

/* The hour of an incident, as found, and no later than the table had the report of it. */
uint64_t incident_hour(const struct incident_state *n, const struct witness_log *log,
                       uint64_t index);

#endif
