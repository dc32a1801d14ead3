/* SPDX-License-Identifier: Apache-2.0
 *
 * Goods to be divided, from their file to a page, JSON and CSV: Adjusted Winner where there are two
 * parties, and for whole goods the largest product of shares and the best for the worst off.
 */
#ifndef ENTENTE_APP_DIVIDE_H
#define ENTENTE_APP_DIVIDE_H

#include "base/json_out.h"

#define DIVIDE_SECONDS_DEFAULT 10u

struct divide_plan {
    uint64_t seconds;                              /* for both rules of whole goods together */
    void (*progress)(void *ctx, const char *what); /* long work; NULL: none */
    void *ctx;
};

struct divided;

/* The answer owns all that it holds.  Failures say file, line and mend. */
MUST_CHECK bool divide(const char *path, const struct divide_plan *plan, struct divided **out,
                       struct err *err);
void divided_free(struct divided *d); /* NULL is fine */

/* A page for people. */
void divided_words(const struct divided *d, unsigned width, struct buf *out);

/* Members of an object that is open (docs/schema/divide.json), without "v". */
void divided_json(const struct divided *d, struct json *j);

/* A line for each good: its points, who gets what part of it by each rule. */
void divided_csv(const struct divided *d, struct buf *out);

#endif
