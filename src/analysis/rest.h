/* SPDX-License-Identifier: Apache-2.0
 *
 * What may be missing from a frontier when only the first packages, by their numbers, were looked
 * at: what the others can be worth at most, held against the points that are known.
 *
 * DESIGN.  The packages from a number on are few parts: those that begin as that number's package
 * does, and have a later option of the next issue.  A part's best worths, party by party
 * (problem_bounds), are at most some amount above one of the points; no package of it is better than
 * that point by more.
 */
#ifndef ENTENTE_ANALYSIS_REST_H
#define ENTENTE_ANALYSIS_REST_H

#include "analysis/frontier.h"

/* Raises epsilon[party] so that every package from number `from` on loses to some point of f but
 * for that much; those that f's scope leaves out do not count.  False, and epsilon left alone, where
 * there are such packages and f has no point. */
bool rest_gap(const struct frontier *f, uint64_t from, int64_t *epsilon);

#endif
