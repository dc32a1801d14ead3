/* SPDX-License-Identifier: Apache-2.0
 *
 * Rules of docs/FORMAT.md sections 5 and 6 that need no log around the act: asked by the door and
 * by the checker of an excerpt alike.
 */
#ifndef ENTENTE_RECORD_RULES_PRIV_H
#define ENTENTE_RECORD_RULES_PRIV_H

#include "record/note.h"
#include "record/witness.h"

/* Roots sign kinds 1, 2, 3 and 6, seats all others. */
MUST_CHECK bool rules_author(const struct act *act, const struct ring_author *author,
                             struct err *err);

/* Kind 4, all but the two signatures in the note. */
MUST_CHECK bool rules_countersign(const struct keyring *ring, const struct witness_log *log,
                                  uint64_t index, const struct ring_author *author,
                                  const struct act *act, const struct countersign *c,
                                  struct err *err);

/* The lines below the host's: one that bears a witness's name and key id and is not its own makes
 * the note invalid (FORMAT 7).  Tells, by number, who has signed. */
MUST_CHECK bool rules_note_lines(const struct keyring *ring, const struct note *note,
                                 bool out_signed[static SEATS_MAX], struct err *err);

#endif
