/* SPDX-License-Identifier: Apache-2.0
 *
 * Sealing and opening; the header's parser is age_header.c.
 */
#include "crypto/age.h"

#include <sodium.h>

#include "base/hex.h"
#include "crypto/aead.h"
#include "crypto/bech32.h"
#include "crypto/dh.h"
#include "crypto/hash.h"
#include "crypto/kdf.h"

#define SEALED_CHUNK (AGE_CHUNK + AEAD_TAG_BYTES)

_Static_assert(AGE_FILE_KEY_BYTES + AEAD_TAG_BYTES == 32, "a stanza's body");

/* The key that wraps the file key in the stanza of this share to this recipient. */
static void wrap_key(const uint8_t shared[static 32], const uint8_t share[static 32],
                     const uint8_t recipient[static 32], uint8_t out[static 32])
{
    uint8_t salt[64];
    memcpy(salt, share, 32);
    memcpy(salt + 32, recipient, 32);
    kdf_hkdf(bytes_of(shared, 32), bytes_of(salt, sizeof(salt)),
             bytes_str("age-encryption.org/v1/X25519"), out, 32);
}

static void header_mac(struct bytes signed_part, const uint8_t file_key[static AGE_FILE_KEY_BYTES],
                       uint8_t out[static HASH_BYTES])
{
    uint8_t key[32];
    kdf_hkdf(bytes_of(file_key, AGE_FILE_KEY_BYTES), (struct bytes){0}, bytes_str("header"), key,
             sizeof(key));
    hash_hmac(bytes_of(key, sizeof(key)), &signed_part, 1, out);
    bytes_wipe(key, sizeof(key));
}

static void payload_key(const uint8_t file_key[static AGE_FILE_KEY_BYTES],
                        const uint8_t salt[static AGE_NONCE_BYTES], uint8_t out[static 32])
{
    kdf_hkdf(bytes_of(file_key, AGE_FILE_KEY_BYTES), bytes_of(salt, AGE_NONCE_BYTES),
             bytes_str("payload"), out, 32);
}

/* 11 bytes of counter, then whether it is the last chunk. */
static void chunk_nonce(uint64_t counter, bool last, uint8_t out[static AEAD_CHACHA_NONCE_BYTES])
{
    memset(out, 0, AEAD_CHACHA_NONCE_BYTES);
    for (unsigned i = 0; i < 8; i++) {
        out[10 - i] = (uint8_t)(counter >> (8 * i));
    }
    out[11] = last ? 1 : 0;
}

/* Takes off again what was added behind `keep`. */
static void cut_back(struct buf *out, size_t keep)
{
    if (out->n > keep) {
        bytes_wipe(out->p + keep, out->n - keep);
        out->n = keep;
    }
}

bool age_plain_size(uint64_t payload_bytes, uint64_t *out)
{
    if (payload_bytes < AGE_NONCE_BYTES + AEAD_TAG_BYTES) {
        return false;
    }
    uint64_t n = payload_bytes - AGE_NONCE_BYTES;
    uint64_t chunks = n / SEALED_CHUNK + (n % SEALED_CHUNK != 0);
    uint64_t last = n - (chunks - 1) * SEALED_CHUNK;
    /* Only the single chunk of an empty plaintext is empty. */
    if (last < AEAD_TAG_BYTES || (last == AEAD_TAG_BYTES && chunks > 1)) {
        return false;
    }
    *out = n - chunks * AEAD_TAG_BYTES;
    return true;
}

bool age_mac_holds(const struct age_header *h, const uint8_t file_key[static AGE_FILE_KEY_BYTES])
{
    uint8_t mac[HASH_BYTES];
    header_mac(h->signed_part, file_key, mac);
    return hash_equal(mac, h->mac, sizeof(mac));
}

static bool stanza_open(const uint8_t share[static AGE_KEY_BYTES], const uint8_t body[static 32],
                        const uint8_t secret[static AGE_KEY_BYTES],
                        const uint8_t recipient[static AGE_KEY_BYTES],
                        uint8_t out_file_key[static AGE_FILE_KEY_BYTES])
{
    uint8_t shared[32], key[32], file_key[AGE_FILE_KEY_BYTES];
    const uint8_t nonce[AEAD_CHACHA_NONCE_BYTES] = {0};
    if (!dh_shared(secret, share, shared)) {
        return false;
    }
    wrap_key(shared, share, recipient, key);
    bool good = aead_open(AEAD_CHACHA, key, nonce, (struct bytes){0}, bytes_of(body, 32), file_key);
    if (good) {
        memcpy(out_file_key, file_key, sizeof(file_key));
    }
    bytes_wipe(shared, sizeof(shared));
    bytes_wipe(key, sizeof(key));
    bytes_wipe(file_key, sizeof(file_key));
    return good;
}

bool age_stanza_open(const uint8_t share[static AGE_KEY_BYTES], const uint8_t body[static 32],
                     const uint8_t secret[static AGE_KEY_BYTES],
                     uint8_t out_file_key[static AGE_FILE_KEY_BYTES])
{
    uint8_t recipient[32];
    dh_public(secret, recipient);
    return stanza_open(share, body, secret, recipient, out_file_key);
}

bool age_unwrap(const struct age_header *h, const uint8_t secret[static AGE_KEY_BYTES],
                uint8_t out_file_key[static AGE_FILE_KEY_BYTES], struct err *err)
{
    uint8_t recipient[32];
    dh_public(secret, recipient);
    return age_unwrap_pair(h, secret, recipient, out_file_key, err);
}

bool age_unwrap_pair(const struct age_header *h, const uint8_t secret[static AGE_KEY_BYTES],
                     const uint8_t public_key[static AGE_KEY_BYTES],
                     uint8_t out_file_key[static AGE_FILE_KEY_BYTES], struct err *err)
{
    uint8_t file_key[AGE_FILE_KEY_BYTES];
    bool for_us = false, good = false;
    for (uint32_t i = 0; i < h->count && !good; i++) {
        const struct age_stanza *s = &h->stanza[i];
        if (s->x25519 && stanza_open(s->share, s->body, secret, public_key, file_key)) {
            for_us = true;
            good = age_mac_holds(h, file_key);
        }
    }
    if (good) {
        memcpy(out_file_key, file_key, sizeof(file_key));
    }
    bytes_wipe(file_key, sizeof(file_key));
    if (good) {
        return true;
    }
    return for_us ? err_set(err, ERR_VERIFY, "the header of a sealed file has been altered")
                  : err_set(err, ERR_KEY, "this was not sealed to the key at hand");
}

static bool open_chunks(struct bytes in, const uint8_t key[static 32], uint8_t *out)
{
    uint8_t nonce[AEAD_CHACHA_NONCE_BYTES];
    for (uint64_t i = 0; in.n > 0; i++) {
        struct bytes chunk = bytes_slice(in, 0, SEALED_CHUNK);
        in = bytes_slice(in, chunk.n, in.n);
        chunk_nonce(i, in.n == 0, nonce);
        if (!aead_open(AEAD_CHACHA, key, nonce, (struct bytes){0}, chunk, out)) {
            return false;
        }
        out += chunk.n - AEAD_TAG_BYTES;
    }
    return true;
}

bool age_open_payload(const struct age_header *h, const uint8_t file_key[static AGE_FILE_KEY_BYTES],
                      struct buf *out, struct err *err)
{
    uint64_t plain = 0;
    if (!age_plain_size(h->payload.n, &plain)) {
        return err_set(err, ERR_FORMAT, "a sealed file is cut off or has bytes too many");
    }
    size_t before = out->n;
    buf_add_fill(out, 0, (size_t)plain); /* below the payload's length, which is a size_t */
    if (!buf_done(out, "the content of a sealed file", err)) {
        return false;
    }
    uint8_t key[32];
    /* An empty plaintext still has a tag; it needs no room, but some address. */
    uint8_t nothing[1];
    payload_key(file_key, h->payload.p, key);
    bool good = open_chunks(bytes_slice(h->payload, AGE_NONCE_BYTES, h->payload.n), key,
                            plain > 0 ? out->p + before : nothing);
    bytes_wipe(key, sizeof(key));
    if (!good) {
        cut_back(out, before);
        return err_set(err, ERR_VERIFY, "the content of a sealed file has been altered or cut");
    }
    return true;
}

bool age_open(struct bytes blob, const uint8_t secret[static AGE_KEY_BYTES], struct buf *out,
              struct err *err)
{
    struct age_header h;
    uint8_t file_key[AGE_FILE_KEY_BYTES];
    if (!age_header_parse(blob, &h, err) || !age_unwrap(&h, secret, file_key, err)) {
        return false;
    }
    bool good = age_open_payload(&h, file_key, out, err);
    bytes_wipe(file_key, sizeof(file_key));
    return good;
}

/* A permutation of 0..n-1, n <= 256, drawn from the seed.  A draw of 64 bits modulo at most 256
 * is uneven by 2^-56. */
static void shuffle(const uint8_t seed[static 32], uint32_t n, uint16_t order[static 256])
{
    uint8_t draw[256][8];
    randombytes_buf_deterministic(draw, sizeof(draw), seed);
    for (uint32_t i = 0; i < n; i++) {
        order[i] = (uint16_t)i;
    }
    for (uint32_t i = n; i > 1; i--) {
        uint64_t x = 0;
        for (unsigned k = 0; k < 8; k++) {
            x = x << 8 | draw[i - 1][k];
        }
        uint16_t t = order[i - 1];
        order[i - 1] = order[x % i];
        order[x % i] = t;
    }
    bytes_wipe(draw, sizeof(draw));
}

static void shown_ephemeral(const uint8_t file_key[static AGE_FILE_KEY_BYTES],
                            const uint8_t recipient[static 32], uint8_t out[static 32])
{
    static const char tag[] = "entente/v1/stanza";
    uint8_t info[sizeof(tag) - 1 + 32];
    memcpy(info, tag, sizeof(tag) - 1);
    memcpy(info + sizeof(tag) - 1, recipient, 32);
    kdf_hkdf(bytes_of(file_key, AGE_FILE_KEY_BYTES), (struct bytes){0},
             bytes_of(info, sizeof(info)), out, 32);
}

/* Share and body of a stanza; false where the recipient has a low order. */
static bool make_stanza(const uint8_t recipient[static 32], const uint8_t ephemeral[static 32],
                        const uint8_t file_key[static AGE_FILE_KEY_BYTES], uint8_t share[static 32],
                        uint8_t body[static 32])
{
    uint8_t shared[32], key[32];
    const uint8_t nonce[AEAD_CHACHA_NONCE_BYTES] = {0};
    dh_public(ephemeral, share);
    if (!dh_shared(ephemeral, recipient, shared)) {
        return false;
    }
    wrap_key(shared, share, recipient, key);
    aead_seal(AEAD_CHACHA, key, nonce, (struct bytes){0}, bytes_of(file_key, AGE_FILE_KEY_BYTES),
              body);
    bytes_wipe(shared, sizeof(shared));
    bytes_wipe(key, sizeof(key));
    return true;
}

static bool put_stanza(const uint8_t recipient[static 32], const uint8_t ephemeral[static 32],
                       const uint8_t file_key[static AGE_FILE_KEY_BYTES], struct buf *out,
                       struct err *err)
{
    uint8_t share[32], body[32];
    if (!make_stanza(recipient, ephemeral, file_key, share, body)) {
        return err_set(err, ERR_FORMAT,
                       "a key to seal to has a low order: nothing would be secret");
    }
    buf_add_str(out, "-> X25519 ");
    base64_encode(bytes_of(share, sizeof(share)), BASE64_BARE, out);
    buf_add_str(out, "\n");
    base64_encode(bytes_of(body, sizeof(body)), BASE64_BARE, out);
    buf_add_str(out, "\n");
    return true;
}

bool age_sealed_to(const struct age_header *h, const uint8_t file_key[static AGE_FILE_KEY_BYTES],
                   const uint8_t recipient[static AGE_KEY_BYTES])
{
    uint8_t ephemeral[32], share[32], body[32];
    shown_ephemeral(file_key, recipient, ephemeral);
    bool found = false;
    bool made = make_stanza(recipient, ephemeral, file_key, share, body);
    for (uint32_t i = 0; made && i < h->count; i++) {
        const struct age_stanza *s = &h->stanza[i];
        found = found || (s->x25519 && hash_equal(s->share, share, sizeof(share)) &&
                          hash_equal(s->body, body, sizeof(body)));
    }
    bytes_wipe(ephemeral, sizeof(ephemeral));
    return found;
}

static bool put_header(const uint8_t *recipients, size_t count, uint32_t total,
                       const struct age_chance *chance, struct buf *out, struct err *err)
{
    size_t start = out->n;
    uint16_t order[AGE_STANZAS_MAX];
    if (count > 1) {
        shuffle(chance->shuffle_seed, total, order);
    } else {
        /* One stanza looks like another: its place tells nobody anything, and who reads it tries
         * them in order. */
        for (uint32_t i = 0; i < total; i++) {
            order[i] = (uint16_t)i;
        }
    }
    buf_add_str(out, "age-encryption.org/v1\n");
    for (uint32_t i = 0; i < total; i++) {
        uint8_t stranger[32], ephemeral[32];
        const uint8_t *recipient = stranger;
        memcpy(ephemeral, chance->ephemeral[i], sizeof(ephemeral));
        if (order[i] < count) {
            recipient = recipients + (size_t)order[i] * AGE_KEY_BYTES;
            if (chance->shown) {
                shown_ephemeral(chance->file_key, recipient, ephemeral);
            }
        } else {
            dh_public(chance->dummy[order[i]], stranger);
        }
        bool put = put_stanza(recipient, ephemeral, chance->file_key, out, err);
        bytes_wipe(ephemeral, sizeof(ephemeral));
        if (!put) {
            return false;
        }
    }
    buf_add_str(out, "---");
    if (!buf_done(out, "a sealed file", err)) {
        return false;
    }
    uint8_t mac[HASH_BYTES];
    header_mac(bytes_of(out->p + start, out->n - start), chance->file_key, mac);
    buf_add_str(out, " ");
    base64_encode(bytes_of(mac, sizeof(mac)), BASE64_BARE, out);
    buf_add_str(out, "\n");
    return true;
}

static bool put_payload(struct bytes plain, const struct age_chance *chance, struct buf *out,
                        struct err *err)
{
    uint64_t chunks = plain.n / AGE_CHUNK + (plain.n % AGE_CHUNK != 0);
    chunks = chunks == 0 ? 1 : chunks;
    buf_add(out, bytes_of(chance->nonce, sizeof(chance->nonce)));
    size_t at = out->n;
    buf_add_fill(out, 0, plain.n + (size_t)chunks * AEAD_TAG_BYTES);
    if (!buf_done(out, "a sealed file", err)) {
        return false;
    }
    uint8_t key[32], nonce[AEAD_CHACHA_NONCE_BYTES];
    payload_key(chance->file_key, chance->nonce, key);
    for (uint64_t i = 0; i < chunks; i++) {
        struct bytes piece = bytes_slice(plain, (size_t)i * AGE_CHUNK, AGE_CHUNK);
        chunk_nonce(i, i + 1 == chunks, nonce);
        aead_seal(AEAD_CHACHA, key, nonce, (struct bytes){0}, piece, out->p + at);
        at += piece.n + AEAD_TAG_BYTES;
    }
    bytes_wipe(key, sizeof(key));
    return true;
}

bool age_seal(struct bytes plain, const uint8_t *recipients, size_t count, uint32_t multiple,
              const struct age_chance *chance, struct buf *out, struct err *err)
{
    if (count == 0 || multiple == 0 || count > AGE_STANZAS_MAX || multiple > AGE_STANZAS_MAX) {
        return err_set(err, ERR_LIMIT, "a sealing has 1 to %u recipients", AGE_STANZAS_MAX);
    }
    uint32_t total = ((uint32_t)count + multiple - 1) / multiple * multiple;
    if (total > AGE_STANZAS_MAX) {
        return err_set(err, ERR_LIMIT,
                       "%zu recipients, filled up to a multiple of %u, are above %u", count,
                       multiple, AGE_STANZAS_MAX);
    }
    size_t before = out->n;
    bool good = put_header(recipients, count, total, chance, out, err) &&
                put_payload(plain, chance, out, err);
    if (!good) {
        cut_back(out, before);
    }
    return good;
}

#define RECIPIENT_PREFIX "age"
#define IDENTITY_PREFIX "age-secret-key-" /* written in capitals */

_Static_assert(sizeof(IDENTITY_PREFIX) + 59 <= AGE_TEXT_MAX, "the longer of the two texts");

void age_recipient_text(const uint8_t pk[static AGE_KEY_BYTES], char out[static AGE_TEXT_MAX])
{
    bech32_encode(RECIPIENT_PREFIX, pk, out);
}

void age_identity_text(const uint8_t secret[static AGE_KEY_BYTES], char out[static AGE_TEXT_MAX])
{
    bech32_encode(IDENTITY_PREFIX, secret, out);
    for (char *c = out; *c != 0; c++) {
        /* No branch on the character: it is a secret's. */
        uint32_t v = (uint8_t)*c;
        uint32_t small = ((uint32_t)('a' - 1) - v) & (v - (uint32_t)('z' + 1));
        *c = (char)(v ^ (small >> 31 & 1u) << 5);
    }
}

bool age_recipient_parse(struct bytes text, uint8_t out[static AGE_KEY_BYTES])
{
    return bech32_decode(RECIPIENT_PREFIX, text, out);
}

bool age_identity_parse(struct bytes text, uint8_t out[static AGE_KEY_BYTES])
{
    uint8_t small[AGE_TEXT_MAX];
    if (text.n >= sizeof(small)) {
        return false;
    }
    uint32_t was_small = 0;
    for (size_t i = 0; i < text.n; i++) {
        uint32_t v = text.p[i];
        uint32_t capital = ((uint32_t)('A' - 1) - v) & (v - (uint32_t)('Z' + 1));
        was_small |= ((uint32_t)('a' - 1) - v) & (v - (uint32_t)('z' + 1));
        small[i] = (uint8_t)(v ^ (capital >> 31 & 1u) << 5);
    }
    bool good = was_small >> 31 == 0 &&
                bech32_decode(IDENTITY_PREFIX, bytes_of(small, text.n), out);
    bytes_wipe(small, sizeof(small));
    return good;
}
