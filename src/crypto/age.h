/* SPDX-License-Identifier: Apache-2.0
 *
 * age v1 files (C2SP age) with X25519 stanzas: what every sealed blob is, so that the `age`
 * command opens it.
 *
 *     age-encryption.org/v1 LF
 *     -> X25519 <share> LF  <file key wrapped, base64> LF      (one or more stanzas)
 *     --- <HMAC of all above, base64> LF
 *     nonce(16)  chunk(64 KiB + 16)... last chunk              ChaCha20-Poly1305 STREAM
 *
 * All randomness comes in as an argument.  Parsing is strict: what is accepted is what an encoder
 * would have written.
 */
#ifndef ENTENTE_CRYPTO_AGE_H
#define ENTENTE_CRYPTO_AGE_H

#include "base/buf.h"

#define AGE_STANZAS_MAX 256u
#define AGE_FILE_KEY_BYTES 16u
#define AGE_KEY_BYTES 32u /* X25519 secret or public */
#define AGE_HEADER_BYTES_MAX 65536u
#define AGE_NONCE_BYTES 16u
#define AGE_CHUNK 65536u

struct age_stanza {
    bool x25519;                  /* else another type: ours to pass over, never to open */
    struct bytes type;            /* views into the blob */
    uint8_t share[AGE_KEY_BYTES]; /* the ephemeral public key; x25519 only */
    uint8_t body[32];             /* the wrapped file key; x25519 only */
};

struct age_header {
    uint32_t count;
    struct age_stanza stanza[AGE_STANZAS_MAX];
    struct bytes signed_part; /* what the MAC covers: to and with the "---" */
    uint8_t mac[32];
    struct bytes payload; /* the whole nonce, and the chunks */
};

/* Parses the header; of the payload only the nonce must be there.  Borrows blob.  The struct has
 * about 30 KiB: keep it in an arena. */
MUST_CHECK bool age_header_parse(struct bytes blob, struct age_header *out, struct err *err);

/* The length of the plaintext that a payload of this length (nonce counted in) would have; false
 * where no plaintext has it. */
MUST_CHECK bool age_plain_size(uint64_t payload_bytes, uint64_t *out);

/* The file key out of one X25519 stanza; false where it is not for `secret`.  Whether the header
 * is the one that was sealed is for the caller to ask (age_mac_holds). */
MUST_CHECK bool age_stanza_open(const uint8_t share[static AGE_KEY_BYTES],
                                const uint8_t body[static 32],
                                const uint8_t secret[static AGE_KEY_BYTES],
                                uint8_t out_file_key[static AGE_FILE_KEY_BYTES]);

/* The file key from the first stanza that `secret` opens and under which the header's MAC holds.
 * ERR_KEY: no stanza is for this key.  ERR_VERIFY: the MAC is wrong. */
MUST_CHECK bool age_unwrap(const struct age_header *h, const uint8_t secret[static AGE_KEY_BYTES],
                           uint8_t out_file_key[static AGE_FILE_KEY_BYTES], struct err *err);
/* The same for one who has the public half at hand: it need not be computed. */
MUST_CHECK bool age_unwrap_pair(const struct age_header *h,
                                const uint8_t secret[static AGE_KEY_BYTES],
                                const uint8_t public_key[static AGE_KEY_BYTES],
                                uint8_t out_file_key[static AGE_FILE_KEY_BYTES], struct err *err);

/* Only the MAC, for a file key that was disclosed. */
MUST_CHECK bool age_mac_holds(const struct age_header *h,
                              const uint8_t file_key[static AGE_FILE_KEY_BYTES]);

/* Appends the plaintext to out; on failure out holds nothing more than before. */
MUST_CHECK bool age_open_payload(const struct age_header *h,
                                 const uint8_t file_key[static AGE_FILE_KEY_BYTES], struct buf *out,
                                 struct err *err);

/* age_header_parse, age_unwrap and age_open_payload in one. */
MUST_CHECK bool age_open(struct bytes blob, const uint8_t secret[static AGE_KEY_BYTES],
                         struct buf *out, struct err *err);

/* Randomness of one sealing, all fresh: the file key, the payload nonce, an ephemeral secret for
 * each stanza, the secret of each dummy recipient, and what the shuffle draws from. */
struct age_chance {
    uint8_t file_key[AGE_FILE_KEY_BYTES];
    uint8_t nonce[AGE_NONCE_BYTES];
    uint8_t shuffle_seed[32];
    uint8_t ephemeral[AGE_STANZAS_MAX][32];
    uint8_t dummy[AGE_STANZAS_MAX][32];
    /* Not drawn: who fills the whole with randomness sets it after that.  Whoever opens the file
     * can see to whom it was sealed (age_sealed_to). */
    bool shown;
};

/* Seals plain to the recipients (count X25519 public keys, one behind the other) and to as many
 * dummies as fill the count up to a multiple of `multiple` (1: none), shuffled where there are
 * several recipients; one alone comes first.  count:
 * 1..AGE_STANZAS_MAX; no key of low order. */
MUST_CHECK bool age_seal(struct bytes plain, const uint8_t *recipients, size_t count,
                         uint32_t multiple, const struct age_chance *chance, struct buf *out,
                         struct err *err);

/* Of a file sealed with `shown`: is there a good stanza to this recipient?  For those who hold the
 * file key.  Its ephemeral secret follows from file key and recipient: HKDF-SHA-256(file key, no
 * salt, "entente/v1/stanza" || recipient).  So nobody can seal a file to some and tell all that it
 * is sealed to everybody; to others it looks like any age file. */
MUST_CHECK bool age_sealed_to(const struct age_header *h,
                              const uint8_t file_key[static AGE_FILE_KEY_BYTES],
                              const uint8_t recipient[static AGE_KEY_BYTES]);

/* Text forms (Bech32): "age1..." and "AGE-SECRET-KEY-1...".  out holds AGE_TEXT_MAX. */
#define AGE_TEXT_MAX 80u
void age_recipient_text(const uint8_t pk[static AGE_KEY_BYTES], char out[static AGE_TEXT_MAX]);
void age_identity_text(const uint8_t secret[static AGE_KEY_BYTES], char out[static AGE_TEXT_MAX]);
MUST_CHECK bool age_recipient_parse(struct bytes text, uint8_t out[static AGE_KEY_BYTES]);
MUST_CHECK bool age_identity_parse(struct bytes text, uint8_t out[static AGE_KEY_BYTES]);

#endif
