/* SPDX-License-Identifier: Apache-2.0 */
#include "record/proof.h"

#include "base/fixed.h"
#include "base/hex.h"
#include "base/reader.h"

#define FIRST_LINE "c2sp.org/tlog-proof@v1"
#define INDEX_WORD "index "

static bool index_parse(struct bytes line, uint64_t *out)
{
    size_t word = strlen(INDEX_WORD);
    struct bytes digits = bytes_slice(line, word, line.n);
    struct text t = {.p = (const char *)digits.p, .n = digits.n}; /* only digits pass */
    uint64_t v;
    if (!bytes_eq(bytes_slice(line, 0, word), bytes_str(INDEX_WORD)) || !u64_parse(t, &v) ||
        v >= LEAVES_MAX) {
        return false;
    }
    *out = v;
    return true;
}

static bool hash_parse(struct bytes line, struct root_hash *out)
{
    uint8_t room[sizeof(out->b) + 8];
    struct buf b;
    buf_over(&b, room, sizeof(room));
    if (!base64_decode(line, BASE64_PADDED, &b) || b.n != sizeof(out->b)) {
        return false;
    }
    memcpy(out->b, b.p, sizeof(out->b));
    return true;
}

bool proof_decode(struct bytes raw, struct proof *out, struct err *err)
{
    if (raw.n > PROOF_BYTES_MAX) {
        return err_set(err, ERR_LIMIT, "a proof has %zu bytes, at most %u", raw.n, PROOF_BYTES_MAX);
    }
    struct reader r;
    struct proof p = {0};
    reader_init(&r, raw);
    if (!bytes_eq(read_line(&r), bytes_str(FIRST_LINE))) {
        return err_set(err, ERR_FORMAT, "a proof does not begin with " FIRST_LINE);
    }
    if (!index_parse(read_line(&r), &p.index)) {
        return err_set(err, ERR_FORMAT, "a proof has no index on its second line");
    }
    for (;;) {
        struct bytes line = read_line(&r);
        if (r.short_read) {
            return err_set(err, ERR_FORMAT, "a proof has no empty line before its checkpoint");
        }
        if (line.n == 0) {
            break;
        }
        if (p.path.count == MERKLE_PATH_MAX) {
            return err_set(err, ERR_LIMIT, "a proof has more than %u hashes", MERKLE_PATH_MAX);
        }
        if (!hash_parse(line, &p.path.hash[p.path.count])) {
            return err_set(err, ERR_FORMAT, "hash %u of a proof is not 32 bytes in base64",
                           p.path.count + 1);
        }
        p.path.count++;
    }
    p.note = read_bytes(&r, reader_left(&r));
    *out = p;
    return true;
}

bool proof_consistency_decode(struct bytes raw, struct merkle_path *out, struct err *err)
{
    struct reader r;
    struct merkle_path path = {.count = 0};
    reader_init(&r, raw);
    while (reader_left(&r) > 0) {
        struct bytes line = read_line(&r);
        if (path.count == MERKLE_CONSISTENCY_MAX) {
            return err_set(err, ERR_LIMIT, "a consistency proof has more than %u hashes",
                           MERKLE_CONSISTENCY_MAX);
        }
        if (r.short_read || !hash_parse(line, &path.hash[path.count])) {
            return err_set(err, ERR_FORMAT,
                           "hash %u of a consistency proof is not a line of 32 bytes in base64",
                           path.count + 1);
        }
        path.count++;
    }
    *out = path;
    return true;
}

static void put_hashes(const struct merkle_path *path, struct buf *out)
{
    for (uint32_t i = 0; i < path->count; i++) {
        base64_encode(ID_BYTES(path->hash[i]), BASE64_PADDED, out);
        buf_add_u8(out, '\n');
    }
}

void proof_consistency_put(const struct merkle_path *path, struct buf *out)
{
    put_hashes(path, out);
}

void proof_put(uint64_t index, const struct merkle_path *path, struct bytes note, struct buf *out)
{
    buf_printf(out, FIRST_LINE "\n" INDEX_WORD "%llu\n", (unsigned long long)index);
    put_hashes(path, out);
    buf_add_u8(out, '\n');
    buf_add(out, note);
}

bool proof_make(const struct node_source *src, uint64_t index, struct bytes note, struct buf *out,
                struct err *err)
{
    struct note n;
    struct checkpoint cp;
    struct merkle_path path;
    if (!note_decode(note, &n, err) || !checkpoint_parse(n.body, &cp, err) ||
        !merkle_inclusion(src, index, cp.size, &path, err)) {
        return false;
    }
    proof_put(index, &path, note, out);
    return buf_done(out, "a proof", err);
}

bool proof_check(const struct proof *p, const struct leaf_hash *leaf, const struct pubkey *host,
                 struct checkpoint *out_cp, struct err *err)
{
    struct checkpoint cp;
    if (!checkpoint_check(p->note, host, &cp, err)) {
        return false;
    }
    if (!merkle_inclusion_check(leaf, p->index, cp.size, p->path.hash, p->path.count, &cp.root)) {
        return err_set(err, ERR_VERIFY, "act %llu is not in the tree of size %llu",
                       (unsigned long long)p->index, (unsigned long long)cp.size);
    }
    *out_cp = cp;
    return true;
}
