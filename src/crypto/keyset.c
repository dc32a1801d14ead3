/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/keyset.h"

#include <stdlib.h>

#include "base/cbor.h"
#include "base/check.h"
#include "crypto/age.h"
#include "crypto/dh.h"
#include "crypto/hash.h"
#include "crypto/secret.h"
#include "crypto/sign.h"

#define SECRETS_BYTES (KEYSET_KEYS * KEYSET_SECRET_BYTES)

struct keyset {
    struct keyset_public public_part;
    struct secret *secrets; /* the four behind one another, zeros where absent */
};

const char *keyset_key_word(enum keyset_key key)
{
    switch (key) {
    case KEYSET_ROOT:
        return "root";
    case KEYSET_SEAT:
        return "seat";
    case KEYSET_SEAL:
        return "seal";
    case KEYSET_WITNESS:
        return "witness";
    }
    return "?";
}

static void public_of(enum keyset_key key, const uint8_t secret[static 32], uint8_t out[static 32])
{
    if (key == KEYSET_SEAL) {
        dh_public(secret, out);
        return;
    }
    uint8_t sk[SIGN_SK_BYTES];
    sign_keypair(secret, out, sk);
    bytes_wipe(sk, sizeof(sk));
}

static bool label_ok(struct text label)
{
    return label.n <= KEYSET_LABEL_MAX && memchr(text_bytes(label).p, '\n', label.n) == NULL &&
           memchr(text_bytes(label).p, '\t', label.n) == NULL;
}

/* From checked public fields and the four secrets; looks at what must always hold. */
static bool make(const struct keyset_public *p, const uint8_t secrets[static SECRETS_BYTES],
                 struct keyset **out, struct err *err)
{
    for (unsigned i = 0; i < KEYSET_KEYS; i++) {
        const uint8_t *secret = secrets + (size_t)i * KEYSET_SECRET_BYTES;
        uint8_t pk[32];
        if (!p->has[i]) {
            continue;
        }
        public_of((enum keyset_key)i, secret, pk);
        if (memcmp(pk, p->pk[i], sizeof(pk)) != 0) {
            return err_set(err, ERR_FORMAT,
                           "the key file's public keys are not those of its secrets");
        }
        for (unsigned k = 0; k < i; k++) {
            if (p->has[k] && hash_equal(secret, secrets + (size_t)k * KEYSET_SECRET_BYTES,
                                        KEYSET_SECRET_BYTES)) {
                return err_set(err, ERR_FORMAT, "two keys of the key file are the same");
            }
        }
    }
    struct keyset *k = calloc(1, sizeof(*k));
    if (k == NULL) {
        return err_memory(err, "keys");
    }
    k->public_part = *p;
    if (!secret_new(bytes_of(secrets, SECRETS_BYTES), &k->secrets, err)) {
        free(k);
        return false;
    }
    *out = k;
    return true;
}

bool keyset_new(const uint8_t random[static KEYSET_KEYS * KEYSET_SECRET_BYTES], unsigned which,
                struct text label, struct keyset **out, struct err *err)
{
    CHECK(which != 0 && which <= KEYSET_ALL);
    struct text checked;
    if (label.n > 0 && (!text_from(text_bytes(label), &checked, err))) {
        return err_at(err, "the label");
    }
    if (label.n > 0 && !label_ok(label)) {
        return err_set(err, ERR_LIMIT, "a label is one line of at most %u bytes", KEYSET_LABEL_MAX);
    }
    struct keyset_public p = {0};
    uint8_t secrets[SECRETS_BYTES] = {0};
    if (label.n > 0) {
        memcpy(p.label, label.p, label.n);
    }
    for (unsigned i = 0; i < KEYSET_KEYS; i++) {
        size_t at = (size_t)i * KEYSET_SECRET_BYTES;
        if ((which & KEYSET_BIT(i)) != 0) {
            memcpy(secrets + at, random + at, KEYSET_SECRET_BYTES);
            public_of((enum keyset_key)i, secrets + at, p.pk[i]);
            p.has[i] = true;
        }
    }
    bool good = make(&p, secrets, out, err);
    bytes_wipe(secrets, sizeof(secrets));
    return good;
}

void keyset_free(struct keyset *k)
{
    if (k != NULL) {
        secret_free(k->secrets);
        free(k);
    }
}

const struct keyset_public *keyset_public(const struct keyset *k)
{
    return &k->public_part;
}

bool keyset_set_table(struct keyset *k, const uint8_t table[static 32], struct err *err)
{
    struct keyset_public *p = &k->public_part;
    if (p->has_table && memcmp(p->table, table, sizeof(p->table)) != 0) {
        return err_set(err, ERR_STATE, "this key file belongs to another table") ||
               err_mend(err, "each table has keys of its own: make a new key file");
    }
    memcpy(p->table, table, sizeof(p->table));
    p->has_table = true;
    return true;
}

bool keyset_secret(struct keyset *k, enum keyset_key which, uint8_t out[static KEYSET_SECRET_BYTES],
                   struct err *err)
{
    if (!k->public_part.has[which]) {
        return err_set(err, ERR_KEY, "this key file has no %s key", keyset_key_word(which));
    }
    struct bytes all = secret_open(k->secrets);
    memcpy(out, all.p + (size_t)which * KEYSET_SECRET_BYTES, KEYSET_SECRET_BYTES);
    secret_close(k->secrets);
    return true;
}

bool keyset_relock(struct keyset *k, struct err *err)
{
    struct secret *fresh = NULL;
    struct bytes all = secret_open(k->secrets);
    bool good = secret_new(all, &fresh, err);
    secret_close(k->secrets);
    if (good) {
        secret_free(k->secrets);
        k->secrets = fresh;
    }
    return good;
}

bool keyset_stanza_open(struct keyset *k, const uint8_t share[static 32],
                        const uint8_t body[static 32], uint8_t out_file_key[static 16])
{
    if (!k->public_part.has[KEYSET_SEAL]) {
        return false;
    }
    struct bytes all = secret_open(k->secrets);
    bool good = age_stanza_open(share, body, all.p + KEYSET_SEAL * KEYSET_SECRET_BYTES,
                                out_file_key);
    secret_close(k->secrets);
    return good;
}

static void put_or_null(struct buf *out, unsigned key, bool has, const uint8_t v[static 32])
{
    cbor_put_uint(out, key);
    if (has) {
        cbor_put_bstr(out, bytes_of(v, 32));
    } else {
        cbor_put_null(out);
    }
}

static bool take_or_null(struct cbor *in, unsigned key, uint8_t out[static 32])
{
    cbor_expect_key(in, key);
    if (cbor_take_null(in)) {
        return false;
    }
    cbor_bstr_into(in, out, 32);
    return true;
}

static void expect_version(struct cbor *in)
{
    cbor_expect_key(in, 1);
    if (cbor_uint(in) != 1 && cbor_ok(in)) {
        cbor_refuse(in, "it has a version that this program does not know");
    }
}

void keyset_public_encode(const struct keyset_public *p, struct buf *out)
{
    cbor_put_map(out, 7);
    cbor_put_uint(out, 1);
    cbor_put_uint(out, 1);
    put_or_null(out, 2, p->has_table, p->table);
    cbor_put_uint(out, 3);
    cbor_put_tstr(out, text_str(p->label));
    for (unsigned i = 0; i < KEYSET_KEYS; i++) {
        put_or_null(out, 4 + i, p->has[i], p->pk[i]);
    }
}

bool keyset_public_decode(struct bytes part, struct keyset_public *out, struct err *err)
{
    struct keyset_public p = {0};
    struct cbor in;
    cbor_init(&in, part);
    cbor_map_n(&in, 7);
    expect_version(&in);
    p.has_table = take_or_null(&in, 2, p.table);
    cbor_expect_key(&in, 3);
    struct bytes label = cbor_tstr(&in);
    bool any = false;
    for (unsigned i = 0; i < KEYSET_KEYS; i++) {
        p.has[i] = take_or_null(&in, 4 + i, p.pk[i]);
        any = any || p.has[i];
    }
    if (!cbor_done(&in, "public part of a key file", err)) {
        return false;
    }
    struct text shown = text_str("");
    if (label.n > 0 && !text_from(label, &shown, err)) {
        return err_at(err, "the label of a key file");
    }
    if ((label.n > 0 && !label_ok(shown)) || !any) {
        return err_set(err, ERR_FORMAT,
                       "the public part of a key file has a wrong label or no key");
    }
    if (shown.n > 0) {
        memcpy(p.label, shown.p, shown.n);
    }
    *out = p;
    return true;
}

void keyset_secret_encode(struct keyset *k, struct buf *out)
{
    struct bytes all = secret_open(k->secrets);
    cbor_put_map(out, 1 + KEYSET_KEYS);
    cbor_put_uint(out, 1);
    cbor_put_uint(out, 1);
    for (unsigned i = 0; i < KEYSET_KEYS; i++) {
        put_or_null(out, 2 + i, k->public_part.has[i], all.p + (size_t)i * KEYSET_SECRET_BYTES);
    }
    secret_close(k->secrets);
}

bool keyset_decode(struct bytes public_part, struct bytes secret_part, struct keyset **out,
                   struct err *err)
{
    struct keyset_public p;
    if (!keyset_public_decode(public_part, &p, err)) {
        return false;
    }
    uint8_t secrets[SECRETS_BYTES] = {0};
    struct cbor in;
    cbor_init(&in, secret_part);
    cbor_map_n(&in, 1 + KEYSET_KEYS);
    expect_version(&in);
    bool same = true;
    for (unsigned i = 0; i < KEYSET_KEYS; i++) {
        bool has = take_or_null(&in, 2 + i, secrets + (size_t)i * KEYSET_SECRET_BYTES);
        same = same && has == p.has[i];
    }
    bool good = cbor_done(&in, "secret part of a key file", err);
    if (good && !same) {
        good = err_set(err, ERR_FORMAT, "the two parts of the key file do not have the same keys");
    }
    good = good && make(&p, secrets, out, err);
    bytes_wipe(secrets, sizeof(secrets));
    return good;
}

bool keyset_seal(struct keyset *k, struct bytes passphrase, const struct keyfile_cost *cost,
                 const struct keyfile_chance *chance, struct buf *out, struct err *err)
{
    struct buf public_part, secret_part;
    buf_init(&public_part, KEYFILE_PART_MAX);
    buf_init(&secret_part, KEYFILE_PART_MAX);
    keyset_public_encode(&k->public_part, &public_part);
    keyset_secret_encode(k, &secret_part);
    bool good = buf_done(&public_part, "a key file", err) &&
                buf_done(&secret_part, "a key file", err) &&
                keyfile_seal(buf_bytes(&public_part), buf_bytes(&secret_part), passphrase, cost,
                             chance, out, err);
    buf_free(&public_part);
    buf_free(&secret_part);
    return good;
}

bool keyset_open(struct bytes file, struct bytes passphrase, struct keyset **out, struct err *err)
{
    struct buf secret_part;
    struct bytes public_part;
    buf_init(&secret_part, KEYFILE_PART_MAX);
    bool good = keyfile_open(file, passphrase, &public_part, &secret_part, err) &&
                keyset_decode(public_part, buf_bytes(&secret_part), out, err);
    buf_free(&secret_part);
    return good;
}

bool keyset_file_public(struct bytes file, struct keyset_public *out, struct keyfile_cost *out_cost,
                        struct err *err)
{
    struct bytes part;
    struct keyfile_cost cost;
    struct keyset_public p;
    if (!keyfile_public(file, &part, &cost, err) || !keyset_public_decode(part, &p, err)) {
        return false;
    }
    *out = p;
    *out_cost = cost;
    return true;
}
