/* SPDX-License-Identifier: Apache-2.0
 *
 * Keeps the rows that no other row beats.  A row is one worth for each party; it is beaten by a row
 * that is at least as good for all and better for one.
 *
 * DESIGN.  Rows come in descending order (by the first party, then the second, and so on), so
 * whatever beats a row came before it, and a row once kept stays.  Two parties: a row is kept when
 * its second worth is above the best so far.  Three: a staircase of (second, third) worths, sorted,
 * searched by bisection.  More: blocks of kept rows with each block's best worth per party, so most
 * blocks are passed over by one look; the block that beat the last row is asked first.
 *
 * With a slack, a row is dropped already when some kept row is at most that much worse for each
 * party; what is kept then comes within the slack of every row that was given.
 */
#ifndef ENTENTE_ANALYSIS_FILTER_H
#define ENTENTE_ANALYSIS_FILTER_H

#include "analysis/problem.h"

enum filter_verdict { FILTER_KEPT, FILTER_TIE, FILTER_BEATEN, FILTER_FULL };

struct filter_block;

struct filter {
    uint32_t parties;
    size_t cap;
    size_t count;
    int64_t *u;           /* [row * parties + party], descending */
    uint64_t *ties;       /* [row]: how many packages; UINT64_MAX: that many or more */
    uint64_t *tag;        /* [row]: what the caller gave with the first of them */
    size_t at;            /* the row that the last FILTER_KEPT or FILTER_TIE is */
    const int64_t *slack; /* [party], or NULL */
    size_t stair_count;
    int64_t *stair; /* {second, third}, ascending by second, descending by third */
    struct filter_block *blocks;
    size_t block_count;
    uint64_t looks; /* rows and blocks compared so far, about: a measure of time */
    size_t hint; /* what beat the last row: a step or a block; callers may keep one for each list */
};

/* Bytes of the arena that a row takes at most. */
size_t filter_row_bytes(uint32_t parties);

/* Takes all its memory from mem: cap rows at most.  ERR_MEMORY. */
MUST_CHECK bool filter_init(struct filter *f, uint32_t parties, size_t cap, struct arena *mem,
                            struct err *err);

/* Empty again, with this slack (borrowed) or none. */
void filter_reset(struct filter *f, const int64_t *slack);

/* row is not above the one before it.  FULL: it would have to be kept and there is no room. */
enum filter_verdict filter_add(struct filter *f, const int64_t *row, uint64_t ties, uint64_t tag);

/* A row known not to be beaten, in its place of the order, without a look at the others.  False:
 * there is no room. */
MUST_CHECK bool filter_append(struct filter *f, const int64_t *row, uint64_t ties, uint64_t tag);

/* More than three parties: is a row at least as good as this one for all? */
bool filter_covers(struct filter *f, const int64_t *row);

/* Negative, 0, positive: a comes before, with, after b in descending order. */
static inline int row_cmp(const int64_t *a, const int64_t *b, uint32_t parties)
{
    for (uint32_t k = 0; k < parties; k++) {
        if (a[k] != b[k]) {
            return a[k] > b[k] ? -1 : 1;
        }
    }
    return 0;
}

/* Is a at least as good as b for all? */
static inline bool row_covers(const int64_t *a, const int64_t *b, uint32_t parties)
{
    for (uint32_t k = 0; k < parties; k++) {
        if (a[k] < b[k]) {
            return false;
        }
    }
    return true;
}

static inline uint64_t ties_add(uint64_t a, uint64_t b)
{
    return b > UINT64_MAX - a ? UINT64_MAX : a + b;
}

static inline uint64_t ties_mul(uint64_t a, uint64_t b)
{
    uint64_t r;
    return __builtin_mul_overflow(a, b, &r) ? UINT64_MAX : r;
}

#endif
