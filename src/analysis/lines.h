/* SPDX-License-Identifier: Apache-2.0
 *
 * The exact frontier of two parties where issues may have any value of a range: points and straight
 * lines, nothing sampled.
 *
 * DESIGN.  A real issue is given as options (its knots): between two neighbours both worths are
 * linear, so it is a chain of straight pieces.  The sum of two pieces is a parallelogram, and of
 * that only the two upper right edges can be on a frontier: on each, one of the two issues moves and
 * the other stands at a knot.  So issues are merged one by one as in analysis/frontier.h, and every
 * piece of every list has ends that are sums of whole worths, and one issue that moves at most.
 * Pieces of which no part is left over by the others are dropped; others stay whole, so that no
 * crossing is ever added to anything: where pieces cross is computed at the end, as a fraction.
 *
 * BEATEN PARTS.  What one piece beats of another lies within three straight limits, so it is one
 * stretch of it, from fraction to fraction.  The stretches of all others, put together, leave what
 * is on the frontier.  A point that is beaten itself though all between it and the next are not is
 * an open end.
 */
#ifndef ENTENTE_ANALYSIS_LINES_H
#define ENTENTE_ANALYSIS_LINES_H

#include "analysis/budget.h"
#include "analysis/filter.h"
#include "analysis/ratio.h"

/* A straight piece from a, which the second party likes best, to b; a point where they are equal. */
struct line_piece {
    int64_t a[2];
    int64_t b[2];
    /* Where it comes from, for lines_package. */
    uint32_t before;
    uint32_t before_end;
    uint32_t option[2]; /* of the issue that was merged, at a and at b */
};

struct line_point {
    size_t piece; /* of the last layer */
    struct ratio at;
};

/* On the frontier: all points from `from` to `to`; the ends may be one point. */
struct line_run {
    struct line_point from; /* the end that the second party likes best */
    struct line_point to;
    bool from_open; /* this end itself is beaten; all others are on the frontier */
    bool to_open;
};

struct line_layer {
    size_t count;
    struct line_piece *piece;
};

struct lines {
    const struct problem *problem;
    size_t count;
    struct line_run *runs; /* in the order of the frontier, the first party's best last */
    uint32_t *order;       /* the issues as they were merged */
    struct line_layer *layers;
};

/* Two parties, additive, checked; joined[issue]: its options are knots.  False, and *out left alone,
 * where there are too many pieces, or the memory or the budget ended. */
MUST_CHECK bool lines_frontier(const struct problem *p, const bool *joined,
                               const struct budget *budget, struct arena *mem, struct lines *out);

/* The parts of the runs with at least d for both; in the arena.  ERR_MEMORY. */
MUST_CHECK bool lines_clip(const struct lines *l, const int64_t *d, struct arena *mem,
                           struct lines *out, struct err *err);

static inline const struct line_piece *line_piece_at(const struct lines *l,
                                                     const struct line_point *at)
{
    return &l->layers[l->problem->issues].piece[at->piece];
}

/* (worth there - base) * at.d, which is not below 0. */
void line_gain(const struct line_piece *s, struct ratio at, uint32_t party, int64_t base,
               struct big *out);

/* By the first party's worth; points of one frontier are equal where this is 0. */
int lines_point_cmp(const struct lines *l, const struct line_point *x, const struct line_point *y);

/* The worth there, to the nearest unit. */
int64_t lines_worth(const struct lines *l, const struct line_point *at, uint32_t party);

/* Options at the piece's ends: they differ for one issue at most, which is returned (else
 * UINT32_MAX).  A package of the point has its value so far between the two. */
uint32_t lines_package(const struct lines *l, const struct line_point *at, uint32_t *out_a,
                       uint32_t *out_b);

#endif
