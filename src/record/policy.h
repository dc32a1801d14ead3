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

/* In a whole log a group that is out is left out of the table's group.  In an excerpt it stays: the
 * act by which it came back may be missing, and nobody is to be left out by leaving that out. */
enum policy_of { POLICY_OF_LOG, POLICY_OF_EXCERPT };

/* As of `at`, for the term then in force; a comment line names each group that is out at `at`.  No
 * group: quorum none. */
MUST_CHECK bool policy_put(const struct keyring *ring, const struct witness_log *log, uint64_t at,
                           enum policy_of what, struct buf *out, struct err *err);

#endif
