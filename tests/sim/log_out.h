/* SPDX-License-Identifier: Apache-2.0
 *
 * A replica's record as JSON lines, for the model beside the code (tests/model): first the charter,
 * then each act as its reader has it, last the state that the fold has come to.
 *
 * Left to the code, and told as given: signatures, seals, rooms, forms, ceilings.  An act that the
 * fold found void for one of these is told with the number of the refusal; what nobody but some can
 * read is told as "other".
 */
#ifndef ENTENTE_TESTS_SIM_LOG_OUT_H
#define ENTENTE_TESTS_SIM_LOG_OUT_H

#include "sim/world.h"

/* A record that somebody holds.  content: NULL where he cannot read the act; it stays until the next
 * call.  blob: of control acts alone. */
struct log_source {
    const struct door *door;
    const struct fold *fold;
    struct arena *mem; /* wiped after each act */
    bool (*act)(void *ctx, uint64_t index, struct act *out, const struct content **out_content,
                struct err *err);
    bool (*blob)(void *ctx, uint64_t index, const struct act *a, struct bytes *out,
                 struct err *err);
    void *ctx;
};
MUST_CHECK bool log_write_from(const struct log_source *from, const char *path, struct err *err);

/* The same of a replica.  False: it could not be written (w->err). */
bool log_write(struct world *w, struct replica *r, const char *path);

#endif
