/* SPDX-License-Identifier: Apache-2.0 */
#include "record/checkpoint.h"

#include "base/check.h"
#include "base/fixed.h"
#include "base/hex.h"
#include "base/reader.h"
#include "crypto/sign.h"
#include "record/signer_priv.h"

#define ORIGIN_PREFIX "entente/"
#define BODY_MAX 256u

void origin_name(const struct table_id *table, uint32_t term, char *out)
{
    struct buf b;
    buf_over(&b, out, ORIGIN_MAX);
    buf_printf(&b, ORIGIN_PREFIX "%s/%u", id_hex(table->b).s, term);
    CHECK(buf_ok(&b)); /* with its NUL */
}

void witness_name(const struct table_id *table, uint64_t number, char *out)
{
    struct buf b;
    buf_over(&b, out, ORIGIN_MAX);
    buf_printf(&b, ORIGIN_PREFIX "%s/w/%llu", id_hex(table->b).s, (unsigned long long)number);
    CHECK(buf_ok(&b)); /* 95 and a NUL at most */
}

void checkpoint_body(const struct checkpoint *cp, struct buf *out)
{
    char origin[ORIGIN_MAX];
    origin_name(&cp->table, cp->term, origin);
    buf_printf(out, "%s\n%llu\n", origin, (unsigned long long)cp->size);
    base64_encode(ID_BYTES(cp->root), BASE64_PADDED, out);
    buf_add_u8(out, '\n');
}

static bool decimal(struct bytes line, uint64_t max, uint64_t *out)
{
    struct text t = {.p = (const char *)line.p, .n = line.n}; /* only digits pass below */
    uint64_t v;
    if (!u64_parse(t, &v) || v > max) {
        return false;
    }
    *out = v;
    return true;
}

static bool origin_parse(struct bytes line, struct table_id *table, uint32_t *term)
{
    size_t prefix = strlen(ORIGIN_PREFIX);
    size_t head = prefix + 2 * sizeof(table->b);
    struct table_id id;
    uint64_t number;
    if (line.n <= head || line.p[head] != '/' ||
        !bytes_eq(bytes_slice(line, 0, prefix), bytes_str(ORIGIN_PREFIX)) ||
        !hex_decode(bytes_slice(line, prefix, 2 * sizeof(id.b)), id.b, sizeof(id.b)) ||
        !decimal(bytes_slice(line, head + 1, line.n), UINT32_MAX, &number)) {
        return false;
    }
    *table = id;
    *term = (uint32_t)number;
    return true;
}

bool checkpoint_parse(struct bytes body, struct checkpoint *out, struct err *err)
{
    struct reader r;
    struct checkpoint cp;
    reader_init(&r, body);
    struct bytes origin = read_line(&r);
    struct bytes size = read_line(&r);
    struct bytes root = read_line(&r);
    uint8_t room[sizeof(cp.root.b) + 8];
    struct buf hash;
    buf_over(&hash, room, sizeof(room));
    if (!reader_done(&r)) {
        return err_set(err, ERR_FORMAT, "a checkpoint has three lines, no more and no less");
    }
    if (!origin_parse(origin, &cp.table, &cp.term)) {
        return err_set(err, ERR_FORMAT, "the origin of a checkpoint is no table's");
    }
    if (!decimal(size, LEAVES_MAX, &cp.size)) {
        return err_set(err, ERR_FORMAT, "the size of a checkpoint is no number of acts");
    }
    if (!base64_decode(root, BASE64_PADDED, &hash) || hash.n != sizeof(cp.root.b)) {
        return err_set(err, ERR_FORMAT, "the root of a checkpoint is no hash");
    }
    memcpy(cp.root.b, hash.p, sizeof(cp.root.b));
    *out = cp;
    return true;
}

bool checkpoint_sign(const struct checkpoint *cp, const struct signer *host, struct buf *out,
                     struct err *err)
{
    CHECK(signer_type(host) == KEY_HOST);
    uint8_t room[BODY_MAX];
    struct buf body;
    buf_over(&body, room, sizeof(room));
    checkpoint_body(cp, &body);
    CHECK(buf_ok(&body));
    struct signature sig;
    if (!signer_sign(host, buf_bytes(&body), &sig, err)) {
        return false;
    }
    char origin[ORIGIN_MAX];
    uint8_t key_id[4];
    struct pubkey pk = signer_pk(host);
    origin_name(&cp->table, cp->term, origin);
    note_key_id(bytes_str(origin), NOTE_ED25519, &pk, key_id);
    buf_add(out, buf_bytes(&body));
    buf_add_u8(out, '\n');
    note_line_put(bytes_str(origin), key_id, ID_BYTES(sig), out);
    return buf_done(out, "a checkpoint", err);
}

bool checkpoint_host_line(const struct note *note, const struct checkpoint *cp,
                          const struct pubkey *host)
{
    char origin[ORIGIN_MAX];
    uint8_t key_id[4];
    origin_name(&cp->table, cp->term, origin);
    note_key_id(bytes_str(origin), NOTE_ED25519, host, key_id);
    for (uint32_t i = 0; i < note->count; i++) {
        const struct note_line *line = &note->line[i];
        uint8_t sig[NOTE_SIGNATURE_MAX];
        size_t n;
        bool named = bytes_eq(line->name, bytes_str(origin)) &&
                     memcmp(line->key_id, key_id, sizeof(key_id)) == 0;
        if (named) {
            if (!note_line_signature(line, sig, &n) || n != SIGN_BYTES ||
                !sign_verify(host->b, note->body, sig)) {
                return false;
            }
        } else if (i == 0) {
            return false;
        }
    }
    return note->count > 0;
}

bool checkpoint_check(struct bytes note, const struct pubkey *host, struct checkpoint *out,
                      struct err *err)
{
    struct note n;
    struct checkpoint cp;
    if (!note_decode(note, &n, err) || !checkpoint_parse(n.body, &cp, err)) {
        return false;
    }
    if (!checkpoint_host_line(&n, &cp, host)) {
        return err_set(err, ERR_VERIFY, "the checkpoint of size %llu is not signed by the host",
                       (unsigned long long)cp.size);
    }
    *out = cp;
    return true;
}
