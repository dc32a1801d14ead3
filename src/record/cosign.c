/* SPDX-License-Identifier: Apache-2.0 */
#include "record/cosign.h"

#include "base/check.h"
#include "base/fixed.h"
#include "base/reader.h"
#include "base/switch_off.h"
#include "crypto/sign.h"
#include "record/signer_priv.h"

#define STAMPED_BYTES (8u + SIGN_BYTES) /* timestamped_signature */
#define HEADER_MAX 64u

/* "cosignature/v1\ntime <decimal>\n" || body. */
static void message_put(struct bytes body, uint64_t time, struct buf *out)
{
    buf_init(out, NOTE_BYTES_MAX + HEADER_MAX);
    buf_printf(out, "cosignature/v1\ntime %llu\n", (unsigned long long)time);
    buf_add(out, body);
}

bool cosign_put(struct bytes body, struct bytes name, uint64_t time, const struct signer *witness,
                struct buf *out, struct err *err)
{
    CHECK(signer_type(witness) == KEY_WITNESS);
    if (time > SECONDS_MAX) {
        return err_set(err, ERR_LIMIT, "the time of a countersignature is behind the year 9999");
    }
    struct buf message;
    struct signature sig;
    message_put(body, time, &message);
    bool ok = buf_done(&message, "a checkpoint", err) &&
              signer_sign(witness, buf_bytes(&message), &sig, err);
    buf_free(&message);
    if (!ok) {
        return false;
    }
    uint8_t room[STAMPED_BYTES + 1], key_id[4];
    struct buf stamped;
    struct pubkey pk = signer_pk(witness);
    buf_over(&stamped, room, sizeof(room));
    buf_add_be64(&stamped, time);
    buf_add(&stamped, ID_BYTES(sig));
    note_key_id(name, NOTE_COSIGNATURE, &pk, key_id);
    note_line_put(name, key_id, buf_bytes(&stamped), out);
    return buf_done(out, "a countersignature", err);
}

/* Time and signature of a cosignature line; no more than its form is checked. */
static bool stamped_of(const struct note_line *line, uint64_t *time, uint8_t sig[static SIGN_BYTES])
{
    uint8_t all[NOTE_SIGNATURE_MAX];
    size_t n;
    if (!note_line_signature(line, all, &n) || n != STAMPED_BYTES) {
        return false;
    }
    struct reader r;
    reader_init(&r, bytes_of(all, n));
    uint64_t t = read_be64(&r);
    if (t > SECONDS_MAX) {
        return false;
    }
    memcpy(sig, all + 8, SIGN_BYTES);
    *time = t;
    return true;
}

bool cosign_line_check(const struct note_line *line, struct bytes body, struct bytes name,
                       const struct pubkey *pk, uint64_t *out_time)
{
    uint8_t key_id[4], sig[SIGN_BYTES];
    uint64_t time;
    note_key_id(name, NOTE_COSIGNATURE, pk, key_id);
    if (!bytes_eq(line->name, name) || memcmp(line->key_id, key_id, sizeof(key_id)) != 0 ||
        !stamped_of(line, &time, sig)) {
        return false;
    }
    struct buf message;
    message_put(body, time, &message);
    bool ok = buf_ok(&message) && sign_verify(pk->b, buf_bytes(&message), sig);
    buf_free(&message);
    if (ok) {
        *out_time = time;
    }
    return ok;
}

bool countersign_make(struct bytes host_note, const struct table_id *table, uint64_t witness_number,
                      uint64_t time, const struct signer *witness, struct buf *out, struct err *err)
{
    struct note note;
    struct checkpoint cp;
    char origin[ORIGIN_MAX], name[ORIGIN_MAX];
    if (!note_decode(host_note, &note, err) || !checkpoint_parse(note.body, &cp, err)) {
        return false;
    }
    origin_name(table, cp.term, origin);
    if (!ID_EQ(cp.table, *table) || !bytes_eq(note.line[0].name, bytes_str(origin))) {
        return err_set(err, ERR_VERIFY, "the checkpoint is not one of this table's host");
    }
    witness_name(table, witness_number, name);
    buf_add(out, note.body);
    buf_add_u8(out, '\n');
    buf_add(out, note.line[0].line);
    buf_add_u8(out, '\n');
    return cosign_put(note.body, bytes_str(name), time, witness, out, err);
}

/* The number behind "entente/<table>/w/", when name is of that table. */
static bool witness_number(struct bytes name, const struct table_id *table, uint64_t *out)
{
    char zero[ORIGIN_MAX];
    witness_name(table, 0, zero);
    size_t head = strlen(zero) - 1;
    struct bytes digits = bytes_slice(name, head, name.n);
    struct text t = {.p = (const char *)digits.p, .n = digits.n}; /* only digits pass */
    return bytes_eq(bytes_slice(name, 0, head), bytes_of(zero, head)) && u64_parse(t, out);
}

static bool parse(struct bytes blob, struct note *note, struct checkpoint *cp,
                  struct countersign *out, struct err *err)
{
    if (blob.n > COUNTERSIGN_BLOB_MAX) {
        return err_set(err, ERR_LIMIT, "a countersign act has %zu bytes, at most %u", blob.n,
                       COUNTERSIGN_BLOB_MAX);
    }
    if (!note_decode(blob, note, err) || !checkpoint_parse(note->body, cp, err)) {
        return false;
    }
    char origin[ORIGIN_MAX];
    uint8_t sig[NOTE_SIGNATURE_MAX];
    size_t n;
    origin_name(&cp->table, cp->term, origin);
    struct countersign c = {
        .table = cp->table, .size = cp->size, .root = cp->root, .term = cp->term};
    if (note->count != 2) {
        return err_set(err, ERR_FORMAT, "a countersign act has %u signatures instead of two",
                       note->count);
    }
    if (!bytes_eq(note->line[0].name, bytes_str(origin)) ||
        !note_line_signature(&note->line[0], sig, &n) || n != SIGN_BYTES) {
        return err_set(err, ERR_FORMAT, "the first line of a countersign act is not the host's");
    }
    if (!witness_number(note->line[1].name, &cp->table, &c.witness_number) ||
        !stamped_of(&note->line[1], &c.time, sig)) {
        return err_set(err, ERR_FORMAT,
                       "the second line of a countersign act is no witness's of this table");
    }
    *out = c;
    return true;
}

bool countersign_parse(struct bytes blob, struct countersign *out, struct err *err)
{
    struct note note;
    struct checkpoint cp;
    return parse(blob, &note, &cp, out, err);
}

bool countersign_check(struct bytes blob, const struct pubkey *host, const struct pubkey *witness,
                       struct err *err)
{
    struct note note;
    struct checkpoint cp;
    struct countersign c;
    if (!parse(blob, &note, &cp, &c, err)) {
        return false;
    }
    if (CHECK_ON(CS_HOST) && !checkpoint_host_line(&note, &cp, host)) {
        return err_set(err, ERR_VERIFY, "the host's signature in a countersign act does not hold");
    }
    uint64_t time;
    if (CHECK_ON(CS_WITNESS) &&
        !cosign_line_check(&note.line[1], note.body, note.line[1].name, witness, &time)) {
        return err_set(err, ERR_VERIFY,
                       "the witness's signature in a countersign act does not hold");
    }
    return true;
}
