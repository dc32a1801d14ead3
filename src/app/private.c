/* SPDX-License-Identifier: Apache-2.0 */
#include "app/private.h"

#include "crypto/aead.h"

#define NAME_PREFIX "private/" /* opened acts have other names: app/opening.c */

/* The name in the store, which is also what the seal is bound to. */
static struct bytes full_name(const char *name, char room[static STORE_KEY_MAX])
{
    struct buf b;
    buf_over(&b, room, STORE_KEY_MAX);
    buf_printf(&b, NAME_PREFIX "%s", name);
    return bytes_str(buf_str(&b));
}

bool private_put(struct store *s, const uint8_t notebook[static 32], const struct chance *chance,
                 const char *name, struct bytes value, struct err *err)
{
    char room[STORE_KEY_MAX];
    struct bytes key = full_name(name, room);
    uint8_t nonce[AEAD_XCHACHA_NONCE_BYTES];
    struct buf sealed;
    if (value.n == 0) {
        return store_sealed_put(s, key, value, err);
    }
    buf_init(&sealed, STORE_SEALED_MAX);
    bool ok = chance_fill(chance, nonce, sizeof(nonce), err);
    if (ok) {
        buf_add(&sealed, bytes_of(nonce, sizeof(nonce)));
        buf_add_fill(&sealed, 0, value.n + AEAD_TAG_BYTES);
        ok = buf_done(&sealed, name, err);
    }
    if (ok) {
        aead_seal(AEAD_XCHACHA, notebook, nonce, key, value, sealed.p + sizeof(nonce));
        ok = store_sealed_put(s, key, buf_bytes(&sealed), err);
    }
    buf_free(&sealed);
    return ok;
}

bool private_get(struct store *s, const uint8_t notebook[static 32], const char *name,
                 struct arena *mem, struct bytes *out, struct err *err)
{
    char room[STORE_KEY_MAX];
    struct bytes key = full_name(name, room), v = {0};
    if (!store_sealed_get(s, key, mem, &v, err)) {
        return false;
    }
    if (v.n == 0) {
        *out = v;
        return true;
    }
    if (v.n < AEAD_XCHACHA_NONCE_BYTES + AEAD_TAG_BYTES) {
        return err_set(err, ERR_VERIFY, "the private notebook is damaged: %s", name);
    }
    struct bytes sealed = bytes_slice(v, AEAD_XCHACHA_NONCE_BYTES, v.n);
    size_t n = sealed.n - AEAD_TAG_BYTES;
    uint8_t *plain = ARENA_NEW(mem, uint8_t, n);
    if (plain == NULL) {
        return err_memory(err, "the private notebook");
    }
    if (!aead_open(AEAD_XCHACHA, notebook, v.p, key, sealed, plain)) {
        return err_set(err, ERR_VERIFY, "the private notebook was altered: %s", name);
    }
    *out = bytes_of(plain, n);
    return true;
}
