/* SPDX-License-Identifier: Apache-2.0
 *
 * The header's parser.  It reads lines off the blob; the base64 of each line stands for itself,
 * since a full line of 64 characters is 48 whole bytes.
 */
#include "base/hex.h"
#include "base/reader.h"
#include "base/switch_off.h"
#include "crypto/age.h"
#include "crypto/dh.h"

#define VERSION_LINE "age-encryption.org/v1"
#define LINE_CHARS 64u
#define LINE_BYTES 48u
#define MAC_CHARS 43u
#define ARGS_MAX 64u

struct parse {
    struct reader in; /* over no more than the header may be long */
    struct bytes blob;
    struct err *err;
};

static bool refuse(const struct parse *p, const char *why)
{
    return err_set(p->err, ERR_FORMAT, "this is not a sealed file that can be read: %s", why) ||
           err_at(p->err, "age header, byte %zu", p->in.at);
}

static bool next_line(struct parse *p, struct bytes *out)
{
    *out = read_line(&p->in);
    if (!p->in.short_read) {
        return true;
    }
    if (p->blob.n > AGE_HEADER_BYTES_MAX) {
        return err_set(p->err, ERR_LIMIT, "the header of a sealed file is above %u bytes",
                       AGE_HEADER_BYTES_MAX);
    }
    return refuse(p, "the header is cut off");
}

/* Bare base64 of at most LINE_CHARS characters; the bytes of it go to out. */
static bool decode_line(struct bytes text, uint8_t out[static LINE_BYTES], size_t *out_n)
{
    uint8_t room[LINE_BYTES + 1]; /* buf_over keeps one byte */
    struct buf b;
    buf_over(&b, room, sizeof(room));
    bool good = base64_decode(text, BASE64_BARE, &b) && buf_ok(&b);
    if (good) {
        *out_n = b.n;
        if (b.n > 0) {
            memcpy(out, b.p, b.n);
        }
    }
    return good;
}

static bool bytes_are(struct bytes v, const char *s)
{
    return bytes_eq(v, bytes_str(s));
}

/* Splits at single spaces into arguments of visible ASCII; only the first two are of interest. */
static bool split_args(struct bytes line, struct bytes out[static 2], size_t *out_count)
{
    size_t count = 0, from = 0;
    for (size_t i = 0; i <= line.n; i++) {
        if (i < line.n && line.p[i] != ' ') {
            if (line.p[i] < 0x21 || line.p[i] > 0x7e) {
                return false;
            }
            continue;
        }
        if (i == from || count == ARGS_MAX) {
            return false;
        }
        if (count < 2) {
            out[count] = bytes_of(line.p + from, i - from);
        }
        count++;
        from = i + 1;
    }
    *out_count = count;
    return true;
}

/* The body's lines; its first 32 bytes into out, its length into out_n. */
static bool parse_body(struct parse *p, uint8_t out[static 32], size_t *out_n)
{
    size_t n = 0;
    for (;;) {
        struct bytes line;
        if (!next_line(p, &line)) {
            return false;
        }
        uint8_t piece[LINE_BYTES];
        size_t got = 0;
        if (line.n > LINE_CHARS) {
            return refuse(p, "a line of a stanza is too long");
        }
        if (!decode_line(line, piece, &got)) {
            return refuse(p, "a stanza is not base64 as it should be");
        }
        if (n == 0) {
            memcpy(out, piece, got < 32 ? got : 32);
        }
        n += got;
        if (line.n < LINE_CHARS) {
            *out_n = n;
            return true;
        }
    }
}

static bool parse_stanza(struct parse *p, struct bytes line, struct age_stanza *out)
{
    struct bytes arg[2] = {0};
    size_t args = 0;
    if (!split_args(bytes_slice(line, 3, line.n), arg, &args)) {
        return refuse(p, "the first line of a stanza is not as it should be");
    }
    size_t body = 0;
    *out = (struct age_stanza){.type = arg[0], .x25519 = bytes_are(arg[0], "X25519")};
    if (!parse_body(p, out->body, &body)) {
        return false;
    }
    if (!out->x25519) {
        memset(out->body, 0, sizeof(out->body));
        return true;
    }
    uint8_t share[LINE_BYTES];
    size_t n = 0;
    if (args != 2 || arg[1].n != MAC_CHARS || !decode_line(arg[1], share, &n) ||
        n != AGE_KEY_BYTES) {
        return refuse(p, "an X25519 stanza does not have one share of 32 bytes");
    }
    if (body != sizeof(out->body)) {
        return refuse(p, "the body of an X25519 stanza is not 32 bytes long");
    }
    if (CHECK_ON(SEAL_SHARE) && dh_low_order(share)) {
        return refuse(p, "the share of an X25519 stanza has a low order");
    }
    memcpy(out->share, share, AGE_KEY_BYTES);
    return true;
}

bool age_header_parse(struct bytes blob, struct age_header *out, struct err *err)
{
    struct parse p = {.blob = blob, .err = err};
    reader_init(&p.in, bytes_slice(blob, 0, AGE_HEADER_BYTES_MAX));
    struct bytes line;
    if (!next_line(&p, &line)) {
        return false;
    }
    if (!bytes_are(line, VERSION_LINE)) {
        return refuse(&p, "it does not start as an age file of version 1");
    }
    uint32_t count = 0;
    for (;;) {
        size_t start = p.in.at;
        if (!next_line(&p, &line)) {
            return false;
        }
        struct bytes mark = bytes_slice(line, 0, 3);
        if (bytes_are(mark, "-> ")) {
            if (count == AGE_STANZAS_MAX) {
                return err_set(err, ERR_LIMIT, "a sealed file has more than %u stanzas",
                               AGE_STANZAS_MAX);
            }
            if (!parse_stanza(&p, line, &out->stanza[count])) {
                return false;
            }
            count++;
            continue;
        }
        uint8_t mac[LINE_BYTES];
        size_t n = 0;
        if (!bytes_are(mark, "---")) {
            return refuse(&p, "a line is neither a stanza's nor the last");
        }
        if (count == 0) {
            return refuse(&p, "it has no stanza");
        }
        if (line.n != 4 + MAC_CHARS || line.p[3] != ' ' ||
            !decode_line(bytes_slice(line, 4, MAC_CHARS), mac, &n) || n != sizeof(out->mac)) {
            return refuse(&p, "the header's last line is not as it should be");
        }
        if (blob.n - p.in.at < AGE_NONCE_BYTES) {
            return refuse(&p, "the nonce behind the header is cut off");
        }
        out->count = count;
        memcpy(out->mac, mac, sizeof(out->mac));
        out->signed_part = bytes_slice(blob, 0, start + 3);
        out->payload = bytes_slice(blob, p.in.at, blob.n);
        return true;
    }
}
