/* SPDX-License-Identifier: Apache-2.0
 *
 * What happened in a run, as lines that a person can read: when, who, what, with what result.
 */
#ifndef ENTENTE_TESTS_SIM_STORY_H
#define ENTENTE_TESTS_SIM_STORY_H

#include "base/buf.h"

struct story {
    struct buf lines;
    uint64_t now;      /* of the next line */
    uint32_t step;     /* likewise */
    bool silent;       /* nothing is kept: most runs go well */
    char failure[128]; /* the invariant that does not hold; "": none */
    char detail[640];  /* how */
};

void story_init(struct story *s);
void story_free(struct story *s);

/* Forgets all. */
void story_begin(struct story *s, bool silent);

/* One line, begun with the step and the hour. */
void story_tell(struct story *s, const char *fmt, ...) PRINTF_LIKE(2, 3);

/* Goes on with the newest line. */
void story_add(struct story *s, const char *fmt, ...) PRINTF_LIKE(2, 3);

/* An invariant does not hold; the first one stays.  Always false. */
bool story_fail(struct story *s, const char *invariant, const char *fmt, ...) PRINTF_LIKE(3, 4);

static inline bool story_failed(const struct story *s)
{
    return s->failure[0] != '\0';
}

#endif
