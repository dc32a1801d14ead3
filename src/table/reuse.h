/* SPDX-License-Identifier: Apache-2.0
 *
 * Do words that somebody is about to say repeat words that are to be kept (docs/RULES.md 18.5)?
 *
 * Words are runs of letters, digits and bytes above ASCII; ASCII letters are compared without their
 * case, all else as it is; what stands between words does not count.  Kept words are repeated where
 * REUSE_RUN of them in a row are said, in one text and in their order (all of them, where they are
 * fewer), and at least two of these have four bytes or more, or one has a digit in it: "5 km back".
 * It is a reminder for a tired person and no fence: other words for the same thing pass.  A language
 * that sets no blanks is compared sentence by sentence.
 */
#ifndef ENTENTE_TABLE_REUSE_H
#define ENTENTE_TABLE_REUSE_H

#include "base/text.h"

#define REUSE_RUN 3u

struct reuse {
    struct text *words; /* of all texts; an empty one between two texts */
    uint32_t *order;    /* places of words, sorted by the words that stand there */
    uint32_t count;
};

/* Of what is about to be said; borrows the texts.  False: memory. */
MUST_CHECK bool reuse_of(const struct text *said, uint32_t count, struct arena *mem,
                         struct reuse *out);

/* The first words of kept that are repeated, as they stand in kept. */
bool reuse_find(const struct reuse *r, struct text kept, struct text *out);

#endif
