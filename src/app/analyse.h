/* SPDX-License-Identifier: Apache-2.0
 *
 * The analysis of a scenario, from its files to a page, JSON, CSV, a drawing and a certificate.
 * Whatever rests on less than all packages says so: `exact`, the gap, intervals.
 */
#ifndef ENTENTE_APP_ANALYSE_H
#define ENTENTE_APP_ANALYSE_H

#include "base/json_out.h"

#define ANALYSE_TOP_DEFAULT 10u
#define ANALYSE_MILLISECONDS_DEFAULT 10000
#define ANALYSE_MEGABYTES_DEFAULT 1024u
#define ANALYSE_MEGABYTES_MAX 8192u

struct analyse_plan {
    bool all;         /* the whole frontier, also what is worse than no deal for somebody */
    bool lotteries;   /* also mixes of packages */
    uint32_t top;     /* how many points and ties a page shows */
    const char *from; /* "issue=option, issue=option, ...", or NULL */
    uint64_t milliseconds;
    uint64_t megabytes;
    void (*progress)(void *ctx, const char *what); /* long work; NULL: none */
    void *ctx;
};

struct analysed;

/* paths: one folder, or the files of one scenario.  The answer owns all that it holds. */
MUST_CHECK bool analyse(const char *const *paths, size_t count, const struct analyse_plan *plan,
                        struct analysed **out, struct err *err);
void analysed_free(struct analysed *a); /* NULL is fine */

enum analyse_letters { ANALYSE_UNICODE, ANALYSE_ASCII };

/* A page for people. */
void analysed_words(const struct analysed *a, enum analyse_letters letters, unsigned width,
                    struct buf *out);

/* Members of an object that is open (docs/schema/analyse.json), without "v". */
void analysed_json(const struct analysed *a, struct json *j);

/* Another member "cloud": the worths of all packages where they are at most so many, else of an even
 * sample, for a plot; empty where values lie anywhere in a range. */
void analysed_cloud(const struct analysed *a, uint32_t most, struct json *j);

/* A line for each point of the frontier: worths, which solutions it is, the package. */
void analysed_csv(const struct analysed *a, struct buf *out);

/* The frontier of two parties of the scenario, by their places. */
MUST_CHECK bool analysed_svg(const struct analysed *a, uint32_t x, uint32_t y, struct buf *out,
                             struct err *err);

/* What tools/check_certificate.py checks; JSON. */
MUST_CHECK bool analysed_certificate(const struct analysed *a, struct buf *out, struct err *err);

#endif
