/* SPDX-License-Identifier: Apache-2.0
 *
 * The sample negotiation: nine people of five sides stop the fighting on a lake border.  They are
 * real seats with keys of their own, each with a folder and a replica, and they meet through a real
 * host; only the clock is set by hand, and said to be.  Steps whose code does not exist yet are
 * left out and named.
 *
 * demo_stage.c has the cast and what one can do with it; demo_story.c the story, step by step.
 */
#ifndef ENTENTE_APP_DEMO_H
#define ENTENTE_APP_DEMO_H

#include "base/buf.h"
#include "os/entropy.h"
#include "os/file.h"

/* Of all its key files: they guard nothing. */
#define DEMO_PASSPHRASE "lake and border"

enum demo_line {
    DEMO_STEP,    /* heading: number, day, room, title */
    DEMO_TELL,    /* what happened */
    DEMO_STOPPED, /* stopped at a desk: nothing was sent */
    DEMO_VOID,    /* void on the record */
    DEMO_SCREEN,  /* a screen as somebody sees it, several lines */
    DEMO_NOTE,    /* about the demo itself */
};

/* Steps first to last that this version cannot play, and what they are about: "10 (debrief, tempo), 11
 * (soundings)"; nothing where it plays them all.  Added to out. */
void demo_left_out(unsigned first, unsigned last, struct buf *out);

struct demo_plan {
    const char *dir; /* a new folder */
    bool mirror;     /* the parties change roles */
    const struct chance *chance;
    void (*say)(void *ctx, enum demo_line kind, unsigned step, const char *text);
    void *ctx;
};

/* What a test looks at when it is over. */
struct demo_result {
    uint64_t acts;
    uint64_t final;
    unsigned desk_refusals;
    unsigned void_acts;
    bool digests_equal;          /* at every point where the story compares them */
    bool statement_inert;        /* the same digest with step 8's act left out */
    bool gate_early;             /* some shorter prefix would have opened the gate: must be false */
    bool leaks;                  /* somebody could open what was not for him: must be false */
    char excerpt[FILE_PATH_MAX]; /* the published file, or "" */
};

MUST_CHECK bool demo_play(const struct demo_plan *plan, struct demo_result *out, struct err *err);

#endif
