/* SPDX-License-Identifier: Apache-2.0
 *
 * The simulator's many machines read the same bytes one after the other.  Linked in place of what
 * checks a signature, hashes an envelope, takes one apart or takes a countersign act apart: what was
 * found once about the very same bytes is said again.  The bytes are compared whole (of a signature
 * their SHA-256), so that no answer is another than the function's own.
 */
#include <string.h>

#include "crypto/sign.h"
#include "record/act.h"
#include "record/cosign.h"

#define PLACES 4096u
#define BYTES_MAX 1024u /* of what is longer nothing is remembered */

bool __real_sign_verify(const uint8_t *pk, struct bytes message, const uint8_t *sig);
bool __wrap_sign_verify(const uint8_t *pk, struct bytes message, const uint8_t *sig);
struct leaf_hash __real_leaf_hash_of(struct bytes envelope);
struct leaf_hash __wrap_leaf_hash_of(struct bytes envelope);
bool __real_act_decode(struct bytes raw, struct act *out, struct err *err);
bool __wrap_act_decode(struct bytes raw, struct act *out, struct err *err);
bool __real_countersign_parse(struct bytes blob, struct countersign *out, struct err *err);
bool __wrap_countersign_parse(struct bytes blob, struct countersign *out, struct err *err);

static struct {
    struct digest of;
    bool known, verdict;
} verdicts[PLACES];

bool __wrap_sign_verify(const uint8_t *pk, struct bytes message, const uint8_t *sig)
{
    const struct bytes parts[] = {bytes_of(pk, SIGN_PK_BYTES), bytes_of(sig, SIGN_BYTES), message};
    struct digest of = digest_tagged("sim/verdict", parts, COUNT_OF(parts));
    uint32_t at = ((uint32_t)of.b[0] << 8 | of.b[1]) % PLACES;
    if (!verdicts[at].known || !ID_EQ(verdicts[at].of, of)) {
        verdicts[at].of = of;
        verdicts[at].verdict = __real_sign_verify(pk, message, sig);
        verdicts[at].known = true;
    }
    return verdicts[at].verdict;
}

/* Bytes that stand at one place in memory, as they were when they were looked at. */
struct seen {
    const uint8_t *p;
    size_t n;
    uint8_t copy[BYTES_MAX];
};

static uint32_t place_of(struct bytes v)
{
    return (uint32_t)(((uintptr_t)v.p >> 4) * 2654435761u >> 7) % PLACES;
}

static bool is_seen(const struct seen *s, struct bytes v)
{
    return s->p == v.p && s->n == v.n && v.n > 0 && v.n <= BYTES_MAX &&
           memcmp(s->copy, v.p, v.n) == 0;
}

/* False: it is too long to be remembered. */
static bool see(struct seen *s, struct bytes v)
{
    if (v.n > 0 && v.n <= BYTES_MAX) {
        s->p = v.p;
        s->n = v.n;
        memcpy(s->copy, v.p, v.n);
        return true;
    }
    return false;
}

static struct {
    struct seen seen;
    struct leaf_hash leaf;
} leaves[PLACES];

struct leaf_hash __wrap_leaf_hash_of(struct bytes envelope)
{
    uint32_t at = place_of(envelope);
    if (is_seen(&leaves[at].seen, envelope)) {
        return leaves[at].leaf;
    }
    struct leaf_hash leaf = __real_leaf_hash_of(envelope);
    if (see(&leaves[at].seen, envelope)) {
        leaves[at].leaf = leaf;
    }
    return leaf;
}

static struct {
    struct seen seen;
    struct act act; /* its views are into those very bytes */
} acts[PLACES];

bool __wrap_act_decode(struct bytes raw, struct act *out, struct err *err)
{
    uint32_t at = place_of(raw);
    if (is_seen(&acts[at].seen, raw)) {
        *out = acts[at].act;
        return true;
    }
    if (!__real_act_decode(raw, out, err)) {
        return false;
    }
    if (see(&acts[at].seen, raw)) {
        acts[at].act = *out;
    }
    return true;
}

static struct {
    struct seen seen;
    struct countersign c;
} countersigns[PLACES];

bool __wrap_countersign_parse(struct bytes blob, struct countersign *out, struct err *err)
{
    uint32_t at = place_of(blob);
    if (is_seen(&countersigns[at].seen, blob)) {
        *out = countersigns[at].c;
        return true;
    }
    if (!__real_countersign_parse(blob, out, err)) {
        return false;
    }
    if (see(&countersigns[at].seen, blob)) {
        countersigns[at].c = *out;
    }
    return true;
}
