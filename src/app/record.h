/* SPDX-License-Identifier: Apache-2.0
 *
 * What a person asks of the record, each as one call that answers in words or, where `json` is not
 * NULL, as members of the object that is open there.  The makers of the answers are check, log,
 * bundle and publish; here a seat's folder is opened for them.
 */
#ifndef ENTENTE_APP_RECORD_H
#define ENTENTE_APP_RECORD_H

#include "app/ask.h"
#include "base/arena.h"
#include "base/json_out.h"
#include "os/clock.h"

struct record_ask {
    const char *dir; /* a seat's folder */
    const struct keys_ask *keys;
    struct clock *clock;
    struct arena *mem;
    struct json *json; /* or NULL */
    struct buf *out;   /* for words */
};

/* A replica's folder, a bundle, an excerpt or a fraud proof: is it authentic?  No key is asked for.
 * ERR_VERIFY where not, and which act.  dir is looked at for a fraud proof alone: where it holds the
 * table, the answer says whose key it is. */
MUST_CHECK bool record_check(const struct record_ask *ask, const char *path, struct err *err);

/* One line for each act of [from, to). */
MUST_CHECK bool record_log(const struct record_ask *ask, uint64_t from, uint64_t to,
                           struct err *err);

/* To a new file; from one. */
MUST_CHECK bool record_bundle_out(const struct record_ask *ask, const char *path, struct err *err);
/* instead: what it has takes the place of what is held (app/bundle.h). */
MUST_CHECK bool record_bundle_in(const struct record_ask *ask, const char *path, bool instead,
                                 struct err *err);

/* A bundle of another side beside the record held here; bundle NULL: the proofs kept.  What convicts
 * somebody goes to new files at path; path NULL: it is told alone. */
MUST_CHECK bool record_compare(const struct record_ask *ask, const char *bundle, const char *path,
                               struct err *err);

/* An excerpt of these acts, to a new file.  ERR_RULE, and who has not agreed. */
MUST_CHECK bool record_publish(const struct record_ask *ask, const uint64_t *acts, size_t count,
                               const char *path, struct err *err);

/* For other people's tools: the tlog-policy, the tlog-proof of an act. */
MUST_CHECK bool record_policy(const struct record_ask *ask, struct err *err);
MUST_CHECK bool record_proof(const struct record_ask *ask, uint64_t act, struct err *err);

#endif
