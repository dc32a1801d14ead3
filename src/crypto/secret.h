/* SPDX-License-Identifier: Apache-2.0
 *
 * Long-lived secrets in guarded memory (sodium_malloc): guard pages around it, locked, no access
 * while idle.  Few of them: each costs several pages.  Short-lived ones live on the stack and are
 * wiped (bytes_wipe).
 */
#ifndef ENTENTE_CRYPTO_SECRET_H
#define ENTENTE_CRYPTO_SECRET_H

#include "base/err.h"

struct secret;

/* A copy of v; the caller wipes its own.  Owned by the caller; secret_free(NULL) is fine. */
MUST_CHECK bool secret_new(struct bytes v, struct secret **out, struct err *err);
void secret_free(struct secret *s);

/* Readable until secret_close; one opening at a time, on one thread. */
struct bytes secret_open(struct secret *s);
void secret_close(struct secret *s);

/* False where memory cannot be locked here (RLIMIT_MEMLOCK): the caller warns once. */
bool secret_can_lock(void);

#endif
