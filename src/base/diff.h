/* SPDX-License-Identifier: Apache-2.0
 *
 * What changed between two texts, word by word.
 *
 * DESIGN.  Both texts are cut into tokens: runs of letters, digits and all that is not ASCII; runs of
 * blanks; single other characters.  Over the tokens runs the linear-space variant of E. W. Myers,
 * "An O(ND) Difference Algorithm and Its Variations", Algorithmica 1 (1986), 251-266: time O((N+M)D)
 * and memory O(N+M) for D changed tokens.  It finds the fewest changed tokens.  Texts that have
 * nothing in common would take their square, so steps are counted: once the budget is used up, what
 * is not compared yet counts as changed, and `coarse` says so.  Then the answer is not the shortest,
 * and still right: putting the parts together gives both texts (below).
 *
 * Always: the words of the SAME and OLD parts in order are the old text, those of the SAME and NEW
 * parts the new one.  No two neighbours are of one kind, an OLD part stands before the NEW one of the
 * same change, and blanks alone do not part two changes.
 */
#ifndef ENTENTE_BASE_DIFF_H
#define ENTENTE_BASE_DIFF_H

#include "base/arena.h"
#include "base/text.h"

/* Some hundredths of a second; 1 MiB of text with some thousand changed words stays below it. */
#define DIFF_STEPS_MAX UINT64_C(20000000)

enum diff_kind { DIFF_SAME, DIFF_OLD, DIFF_NEW };

struct diff_part {
    enum diff_kind kind;
    struct text words; /* of the old text; of a NEW part of the new one */
};

struct diff {
    uint32_t count;
    struct diff_part *parts;
    bool coarse;
};

/* Texts of at most 16 MiB each.  Parts are in mem and borrow both texts.  False: memory. */
MUST_CHECK bool diff_words(struct text old, struct text new, uint64_t steps, struct arena *mem,
                           struct diff *out);

#endif
