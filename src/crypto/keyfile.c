/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/keyfile.h"

#include <sodium.h>

#include "base/cbor.h"
#include "crypto/aead.h"

#define ALGORITHM "argon2id13"
#define SALT_BYTES 16u
#define NONCE_BYTES AEAD_XCHACHA_NONCE_BYTES

_Static_assert(SALT_BYTES == crypto_pwhash_SALTBYTES, "libsodium's salt");
_Static_assert(NONCE_BYTES == crypto_aead_xchacha20poly1305_ietf_NPUBBYTES, "libsodium's nonce");
_Static_assert(KEYFILE_M_KIB_MIN * 1024u >= crypto_pwhash_argon2id_MEMLIMIT_MIN, "its least");

struct parts {
    struct bytes header; /* as it stands in the file: the additional data */
    struct keyfile_cost cost;
    struct bytes salt, nonce, public_part, sealed;
};

static bool cost_ok(const struct keyfile_cost *cost)
{
    return cost->t >= 1 && cost->t <= KEYFILE_T_MAX && cost->m_kib >= KEYFILE_M_KIB_MIN &&
           cost->m_kib <= KEYFILE_M_KIB_MAX;
}

static bool parse_header(struct parts *p, struct err *err)
{
    struct cbor in;
    cbor_init(&in, p->header);
    cbor_map_n(&in, 7);
    cbor_expect_key(&in, 1);
    if (cbor_uint(&in) != 1 && cbor_ok(&in)) {
        cbor_refuse(&in, "it has a version that this program does not know");
    }
    cbor_expect_key(&in, 2);
    if (!bytes_eq(cbor_tstr(&in), bytes_str(ALGORITHM)) && cbor_ok(&in)) {
        cbor_refuse(&in, "its key derivation is not argon2id13");
    }
    cbor_expect_key(&in, 3);
    uint64_t t = cbor_uint(&in);
    cbor_expect_key(&in, 4);
    uint64_t m = cbor_uint(&in);
    cbor_expect_key(&in, 5);
    p->salt = cbor_bstr_n(&in, SALT_BYTES);
    cbor_expect_key(&in, 6);
    p->nonce = cbor_bstr_n(&in, NONCE_BYTES);
    cbor_expect_key(&in, 7);
    p->public_part = cbor_bstr(&in);
    if (!cbor_done(&in, "key file", err)) {
        return false;
    }
    if (t > KEYFILE_T_MAX || m > KEYFILE_M_KIB_MAX) {
        return err_set(err, ERR_LIMIT, "the key file asks for more work than any of ours does");
    }
    p->cost = (struct keyfile_cost){.t = (uint32_t)t, .m_kib = (uint32_t)m};
    if (!cost_ok(&p->cost) || p->public_part.n > KEYFILE_PART_MAX) {
        return err_set(err, ERR_LIMIT, "a number in the key file is outside its limits");
    }
    return true;
}

static bool parse(struct bytes file, struct parts *out, struct err *err)
{
    if (file.n > KEYFILE_BYTES_MAX) {
        return err_set(err, ERR_LIMIT, "a key file is above %u bytes", KEYFILE_BYTES_MAX);
    }
    struct cbor in;
    struct parts p = {0};
    cbor_init(&in, file);
    cbor_array_n(&in, 2);
    p.header = cbor_bstr(&in);
    p.sealed = cbor_bstr(&in);
    if (!cbor_done(&in, "key file", err) || !parse_header(&p, err)) {
        return false;
    }
    if (p.sealed.n < AEAD_TAG_BYTES || p.sealed.n > KEYFILE_PART_MAX + AEAD_TAG_BYTES) {
        return err_set(err, ERR_FORMAT, "the secret part of the key file has a wrong length");
    }
    *out = p;
    return true;
}

static bool derive(struct bytes passphrase, const struct keyfile_cost *cost, const uint8_t *salt,
                   uint8_t out[static AEAD_KEY_BYTES], struct err *err)
{
    if (passphrase.n == 0 || passphrase.n > KEYFILE_PASSPHRASE_MAX) {
        return err_set(err, ERR_KEY, "a passphrase has 1 to %u bytes", KEYFILE_PASSPHRASE_MAX) ||
               err_mend(err, "choose one that you can remember: six words at random are good");
    }
    if (crypto_pwhash(out, AEAD_KEY_BYTES, (const char *)passphrase.p, passphrase.n, salt, cost->t,
                      (size_t)cost->m_kib * 1024, crypto_pwhash_ALG_ARGON2ID13) != 0) {
        return err_memory(err, "the key derivation") ||
               err_mend(err, "it needs %u MiB for a moment: end other programs and try again",
                        cost->m_kib / 1024 + 1);
    }
    return true;
}

static void put_header(struct bytes public_part, const struct keyfile_cost *cost,
                       const struct keyfile_chance *chance, struct buf *out)
{
    cbor_put_map(out, 7);
    cbor_put_uint(out, 1);
    cbor_put_uint(out, 1);
    cbor_put_uint(out, 2);
    cbor_put_tstr(out, text_str(ALGORITHM));
    cbor_put_uint(out, 3);
    cbor_put_uint(out, cost->t);
    cbor_put_uint(out, 4);
    cbor_put_uint(out, cost->m_kib);
    cbor_put_uint(out, 5);
    cbor_put_bstr(out, bytes_of(chance->salt, sizeof(chance->salt)));
    cbor_put_uint(out, 6);
    cbor_put_bstr(out, bytes_of(chance->nonce, sizeof(chance->nonce)));
    cbor_put_uint(out, 7);
    cbor_put_bstr(out, public_part);
}

bool keyfile_seal(struct bytes public_part, struct bytes secret_part, struct bytes passphrase,
                  const struct keyfile_cost *cost, const struct keyfile_chance *chance,
                  struct buf *out, struct err *err)
{
    if (!cost_ok(cost)) {
        return err_set(err, ERR_LIMIT, "a key file takes 1 to %u passes and %u to %u KiB",
                       KEYFILE_T_MAX, KEYFILE_M_KIB_MIN, KEYFILE_M_KIB_MAX);
    }
    if (public_part.n > KEYFILE_PART_MAX || secret_part.n > KEYFILE_PART_MAX) {
        return err_set(err, ERR_LIMIT, "a part of a key file is above %u bytes", KEYFILE_PART_MAX);
    }
    uint8_t key[AEAD_KEY_BYTES];
    if (!derive(passphrase, cost, chance->salt, key, err)) {
        return false;
    }
    struct buf header, sealed;
    buf_init(&header, KEYFILE_BYTES_MAX);
    buf_init(&sealed, KEYFILE_PART_MAX + AEAD_TAG_BYTES);
    put_header(public_part, cost, chance, &header);
    buf_add_fill(&sealed, 0, secret_part.n + AEAD_TAG_BYTES);
    bool good = buf_done(&header, "a key file", err) && buf_done(&sealed, "a key file", err);
    if (good) {
        size_t before = out->n;
        aead_seal(AEAD_XCHACHA, key, chance->nonce, buf_bytes(&header), secret_part, sealed.p);
        cbor_put_array(out, 2);
        cbor_put_bstr(out, buf_bytes(&header));
        cbor_put_bstr(out, buf_bytes(&sealed));
        good = buf_done(out, "a key file", err);
        out->n = good ? out->n : before;
    }
    bytes_wipe(key, sizeof(key));
    buf_free(&header);
    buf_free(&sealed);
    return good;
}

bool keyfile_public(struct bytes file, struct bytes *out, struct keyfile_cost *out_cost,
                    struct err *err)
{
    struct parts p;
    if (!parse(file, &p, err)) {
        return false;
    }
    *out = p.public_part;
    *out_cost = p.cost;
    return true;
}

bool keyfile_open(struct bytes file, struct bytes passphrase, struct bytes *out_public,
                  struct buf *out_secret, struct err *err)
{
    struct parts p;
    uint8_t key[AEAD_KEY_BYTES];
    if (!parse(file, &p, err) || !derive(passphrase, &p.cost, p.salt.p, key, err)) {
        return false;
    }
    struct buf plain;
    buf_init(&plain, p.sealed.n);
    buf_add_fill(&plain, 0, p.sealed.n); /* the tag's length more than it takes: never empty */
    bool good = buf_done(&plain, "a key file", err);
    if (good && !aead_open(AEAD_XCHACHA, key, p.nonce.p, p.header, p.sealed, plain.p)) {
        good = err_set(err, ERR_KEY, "the passphrase does not open this key file") ||
               err_mend(err, "type it again; if you are sure of it the file was altered: "
                             "take your copy of it");
    }
    bytes_wipe(key, sizeof(key));
    if (good) {
        size_t before = out_secret->n;
        buf_add(out_secret, bytes_of(plain.p, p.sealed.n - AEAD_TAG_BYTES));
        good = buf_done(out_secret, "the secret part of a key file", err);
        out_secret->n = good ? out_secret->n : before;
    }
    buf_free(&plain);
    if (good) {
        *out_public = p.public_part;
    }
    return good;
}
