/* SPDX-License-Identifier: Apache-2.0
 *
 * The keyring as a C2SP tlog-policy file, so that other people's tools check our proofs:
 *
 *     log <vkey of the host>
 *     witness w<n> <vkey>
 *     group s<side> all|<k> w<n>...
 *     group table all s<side>...
 *     quorum table
 *
 * It is printed from control acts, never believed from a file: a checker prints it again and
 * compares.
 */
#ifndef ENTENTE_RECORD_POLICY_H
#define ENTENTE_RECORD_POLICY_H

#include "record/witness.h"

/* As of `at`, for the term then in force; groups that are out at `at` are left out of the table's
 * group, and a comment line says so.  No group: quorum none. */
MUST_CHECK bool policy_put(const struct keyring *ring, const struct witness_log *log, uint64_t at,
                           struct buf *out, struct err *err);

#endif
