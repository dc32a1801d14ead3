/* SPDX-License-Identifier: Apache-2.0 */
#include "record/signer.h"

#include <stdlib.h>

#include "crypto/secret.h"
#include "crypto/sign.h"
#include "record/signer_priv.h"

struct signer {
    enum key_type type;
    struct pubkey pk;
    struct kid kid;
    struct secret *secret; /* NULL: remote */
    signer_ask *ask;
    void *ctx;
};

static struct signer *signer_alloc(enum key_type type, const struct pubkey *pk)
{
    struct signer *s = calloc(1, sizeof(*s));
    if (s != NULL) {
        s->type = type;
        s->pk = *pk;
        s->kid = kid_of(type, pk);
    }
    return s;
}

bool signer_new(enum key_type type, const uint8_t seed[static 32], struct signer **out,
                struct err *err)
{
    struct pubkey pk;
    uint8_t sk[SIGN_SK_BYTES];
    struct secret *secret = NULL;
    struct signer *s = NULL;
    bool ok = false;
    sign_keypair(seed, pk.b, sk);
    if (!secret_new(bytes_of(sk, sizeof(sk)), &secret, err)) {
        goto done;
    }
    s = signer_alloc(type, &pk);
    if (s == NULL) {
        (void)err_memory(err, "a signing key"); /* always false; ok already says so */
        goto done;
    }
    s->secret = secret;
    secret = NULL;
    *out = s;
    ok = true;
done:
    secret_free(secret);
    bytes_wipe(sk, sizeof(sk));
    return ok;
}

void signer_free(struct signer *s)
{
    if (s != NULL) {
        secret_free(s->secret);
        free(s);
    }
}

bool signer_new_remote(enum key_type type, const struct pubkey *pk, signer_ask *ask, void *ctx,
                       struct signer **out, struct err *err)
{
    struct signer *s = signer_alloc(type, pk);
    if (s == NULL) {
        return err_memory(err, "a signing key");
    }
    s->ask = ask;
    s->ctx = ctx;
    *out = s;
    return true;
}

bool signer_sign(const struct signer *s, struct bytes message, struct signature *out,
                 struct err *err)
{
    if (s->secret != NULL) {
        struct bytes sk = secret_open(s->secret);
        sign_make(sk.p, message, out->b);
        secret_close(s->secret);
        return true;
    }
    struct signature sig;
    if (!s->ask(s->ctx, s->type, &s->pk, message, &sig, err)) {
        return false;
    }
    if (!sign_verify(s->pk.b, message, sig.b)) {
        return err_set(err, ERR_KEY, "the agent answered with a signature that does not hold");
    }
    *out = sig;
    return true;
}

enum key_type signer_type(const struct signer *s)
{
    return s->type;
}

struct pubkey signer_pk(const struct signer *s)
{
    return s->pk;
}

struct kid signer_kid(const struct signer *s)
{
    return s->kid;
}
