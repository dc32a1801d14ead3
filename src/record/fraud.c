/* SPDX-License-Identifier: Apache-2.0 */
#include "record/fraud.h"

#include "base/cbor.h"
#include "base/switch_off.h"
#include "record/cosign.h"

#define FRAUD_VERSION 1u
#define FRAUD_KIND_LAST 4u

const char *fraud_word(enum fraud_kind kind)
{
    switch (kind) {
#define FRAUD_CASE(name, number, word)                                                             \
    case name:                                                                                     \
        return word;
        FRAUD_LIST(FRAUD_CASE)
#undef FRAUD_CASE
    }
    return "unknown";
}

/* ---- bytes ---- */

static void take_path(struct cbor *in, struct merkle_path *out)
{
    out->count = (uint32_t)cbor_array(in, MERKLE_PATH_MAX);
    for (uint32_t i = 0; i < out->count; i++) {
        cbor_bstr_into(in, out->hash[i].b, sizeof(out->hash[i].b));
    }
}

static void take_leaves(struct cbor *in, struct fraud_leaves *out)
{
    cbor_array_n(in, 5);
    out->index = cbor_uint(in);
    if (out->index >= LEAVES_MAX) {
        cbor_refuse(in, "an index is above what a log holds");
    }
    cbor_bstr_into(in, out->leaf_a.b, sizeof(out->leaf_a.b));
    take_path(in, &out->path_a);
    cbor_bstr_into(in, out->leaf_b.b, sizeof(out->leaf_b.b));
    take_path(in, &out->path_b);
}

/* A statement is a note or an envelope; the longer of the two bounds it. */
static struct bytes take_statement(struct cbor *in, uint64_t key)
{
    cbor_expect_key(in, key);
    struct bytes v = cbor_bstr(in);
    if (v.n > NOTE_BYTES_MAX) {
        cbor_refuse(in, "a statement is longer than any may be");
    }
    return v;
}

static void take_proofs(struct cbor *in, struct fraud *f)
{
    cbor_array_n(in, 2);
    f->proof_a = cbor_bstr(in);
    f->proof_b = cbor_bstr(in);
    if (f->proof_a.n > PROOF_BYTES_MAX || f->proof_b.n > PROOF_BYTES_MAX) {
        cbor_refuse(in, "a proof is longer than any may be");
    }
}

bool fraud_decode(struct bytes raw, struct fraud *out, struct err *err)
{
    struct fraud f = {0};
    struct cbor in;
    if (raw.n > FRAUD_BYTES_MAX) {
        return err_set(err, ERR_LIMIT, "the fraud proof has %zu bytes, limit %u", raw.n,
                       FRAUD_BYTES_MAX);
    }
    cbor_init(&in, raw);
    cbor_map_n(&in, 8);
    cbor_expect_key(&in, 1);
    if (cbor_uint(&in) != FRAUD_VERSION) {
        cbor_refuse(&in, "it is not of version 1");
    }
    cbor_expect_key(&in, 2);
    uint64_t kind = cbor_uint(&in);
    if (kind < FRAUD_FORK || kind > FRAUD_KIND_LAST) {
        cbor_refuse(&in, "it proves nothing that is known");
        kind = FRAUD_FORK;
    }
    f.kind = (enum fraud_kind)kind;
    cbor_expect_key(&in, 3);
    cbor_bstr_into(&in, f.table.b, sizeof(f.table.b));
    cbor_expect_key(&in, 4);
    cbor_bstr_into(&in, f.accused.b, sizeof(f.accused.b));
    cbor_expect_key(&in, 5);
    if (f.kind == FRAUD_SEEN || f.kind == FRAUD_DOUBLE) {
        cbor_bstr_into(&in, f.host.b, sizeof(f.host.b));
    } else if (!cbor_take_null(&in)) {
        cbor_refuse(&in, "only proofs of kinds seen and double name a host");
    }
    f.a = take_statement(&in, 6);
    f.b = take_statement(&in, 7);
    cbor_expect_key(&in, 8);
    if (f.kind == FRAUD_DOUBLE) {
        take_proofs(&in, &f);
    } else {
        f.has_leaves = !cbor_take_null(&in);
    }
    if (f.has_leaves) {
        if (f.kind != FRAUD_FORK && f.kind != FRAUD_WITNESS) {
            cbor_refuse(&in, "its kind shows no leaves");
        }
        take_leaves(&in, &f.leaves);
    }
    if (!cbor_done(&in, "fraud proof", err)) {
        return false;
    }
    *out = f;
    return true;
}

static void put_path(const struct merkle_path *path, struct buf *out)
{
    cbor_put_array(out, path->count);
    for (uint32_t i = 0; i < path->count; i++) {
        cbor_put_bstr(out, ID_BYTES(path->hash[i]));
    }
}

void fraud_encode(const struct fraud *f, struct buf *out)
{
    cbor_put_map(out, 8);
    cbor_put_uint(out, 1);
    cbor_put_uint(out, FRAUD_VERSION);
    cbor_put_uint(out, 2);
    cbor_put_uint(out, (uint64_t)f->kind);
    cbor_put_uint(out, 3);
    cbor_put_bstr(out, ID_BYTES(f->table));
    cbor_put_uint(out, 4);
    cbor_put_bstr(out, ID_BYTES(f->accused));
    cbor_put_uint(out, 5);
    if (f->kind == FRAUD_SEEN || f->kind == FRAUD_DOUBLE) {
        cbor_put_bstr(out, ID_BYTES(f->host));
    } else {
        cbor_put_null(out);
    }
    cbor_put_uint(out, 6);
    cbor_put_bstr(out, f->a);
    cbor_put_uint(out, 7);
    cbor_put_bstr(out, f->b);
    cbor_put_uint(out, 8);
    if (f->kind == FRAUD_DOUBLE) {
        cbor_put_array(out, 2);
        cbor_put_bstr(out, f->proof_a);
        cbor_put_bstr(out, f->proof_b);
        return;
    }
    if (!f->has_leaves) {
        cbor_put_null(out);
        return;
    }
    cbor_put_array(out, 5);
    cbor_put_uint(out, f->leaves.index);
    cbor_put_bstr(out, ID_BYTES(f->leaves.leaf_a));
    put_path(&f->leaves.path_a, out);
    cbor_put_bstr(out, ID_BYTES(f->leaves.leaf_b));
    put_path(&f->leaves.path_b, out);
}

/* ---- checks ---- */

static bool acquit(struct err *err, const char *why)
{
    return err_set(err, ERR_VERIFY, "the fraud proof convicts nobody: %s", why);
}

/* A note's checkpoint, of the table of the proof. */
static bool statement(const struct fraud *f, struct bytes raw, struct note *note,
                      struct checkpoint *cp, struct err *err)
{
    if (!note_decode(raw, note, err) || !checkpoint_parse(note->body, cp, err)) {
        return err_at(err, "fraud proof");
    }
    return !CHECK_ON(FRAUD_TABLE) || ID_EQ(cp->table, f->table) ||
           acquit(err, "a checkpoint is of another table");
}

static bool leaf_shown(const struct leaf_hash *leaf, uint64_t index, const struct checkpoint *cp,
                       const struct merkle_path *path)
{
    return path->count <= MERKLE_PATH_MAX &&
           merkle_inclusion_check(leaf, index, cp->size, path->hash, path->count, &cp->root);
}

/* Trees of one term that cannot both be: another root at one size, or, where leaves are shown,
 * another leaf at one index. */
static bool trees_exclude(const struct fraud *f, const struct checkpoint *a,
                          const struct checkpoint *b, struct err *err)
{
    if (CHECK_ON(FRAUD_SIZES) && a->term != b->term) {
        return acquit(err, "the checkpoints are of two terms");
    }
    if (a->size == b->size) {
        return !CHECK_ON(FRAUD_TREES) || !ID_EQ(a->root, b->root) ||
               acquit(err, "both checkpoints are of one tree");
    }
    if (!f->has_leaves) {
        return acquit(err, "the checkpoints are of two sizes, and no leaves are shown");
    }
    const struct fraud_leaves *l = &f->leaves;
    if (CHECK_ON(FRAUD_LEAVES) && ID_EQ(l->leaf_a, l->leaf_b)) {
        return acquit(err, "the leaves shown are the same");
    }
    return !CHECK_ON(FRAUD_SHOWN) ||
           (leaf_shown(&l->leaf_a, l->index, a, &l->path_a) &&
            leaf_shown(&l->leaf_b, l->index, b, &l->path_b)) ||
           acquit(err, "a leaf shown is not in the tree of its checkpoint");
}

static bool check_fork(const struct fraud *f, struct err *err)
{
    struct note note;
    struct checkpoint a, b;
    if (!statement(f, f->a, &note, &a, err)) {
        return false;
    }
    if (CHECK_ON(FORK_HOST) && !checkpoint_host_line(&note, &a, &f->accused)) {
        return acquit(err, "the first checkpoint is not signed by the host");
    }
    if (!statement(f, f->b, &note, &b, err)) {
        return false;
    }
    if (CHECK_ON(FORK_HOST) && !checkpoint_host_line(&note, &b, &f->accused)) {
        return acquit(err, "the second checkpoint is not signed by the host");
    }
    return trees_exclude(f, &a, &b, err);
}

/* The time of the first line that is the accused witness's, under any of its table's names. */
static bool witness_line(const struct fraud *f, const struct note *note, uint64_t *out_time)
{
    char zero[ORIGIN_MAX];
    witness_name(&f->table, 0, zero);
    struct bytes head = bytes_of(zero, strlen(zero) - 1); /* without the number */
    for (uint32_t i = 0; i < note->count; i++) {
        const struct note_line *line = &note->line[i];
        if (bytes_eq(bytes_slice(line->name, 0, head.n), head) &&
            cosign_line_check(line, note->body, line->name, &f->accused, out_time)) {
            return true;
        }
    }
    return false;
}

static bool check_witness(const struct fraud *f, struct err *err)
{
    struct note note;
    struct checkpoint a, b;
    uint64_t time_a, time_b;
    if (!statement(f, f->a, &note, &a, err)) {
        return false;
    }
    if (!witness_line(f, &note, &time_a)) {
        return acquit(err, "the first checkpoint has no line of the witness");
    }
    if (!statement(f, f->b, &note, &b, err)) {
        return false;
    }
    if (!witness_line(f, &note, &time_b)) {
        return acquit(err, "the second checkpoint has no line of the witness");
    }
    /* A witness's times never fall as its sizes rise. */
    bool falls = !CHECK_ON(TIMES_FALL) || (a.size < b.size && time_a > time_b) ||
                 (a.size > b.size && time_a < time_b);
    return ((!CHECK_ON(WITNESS_TERM) || a.term == b.term) && falls) ||
           trees_exclude(f, &a, &b, err);
}

/* An envelope signed by the accused, of the table of the proof. */
static bool envelope(const struct fraud *f, struct bytes raw, struct act *out, struct err *err)
{
    if (!act_decode(raw, out, err)) {
        return err_at(err, "fraud proof");
    }
    if (CHECK_ON(FRAUD_TABLE) && !ID_EQ(out->table, f->table)) {
        return acquit(err, "an envelope is of another table");
    }
    return !CHECK_ON(FRAUD_SIGNED) || act_signed_by(out, &f->accused) ||
           acquit(err, "an envelope is not signed by the accused");
}

/* The host has noted it, in a tree of its own term. */
static bool is_noted(const struct fraud *f, struct bytes proof, struct bytes raw,
                     const struct act *act, struct err *err)
{
    struct proof p;
    struct checkpoint cp;
    struct leaf_hash leaf = leaf_hash_of(raw);
    struct err no = {0};
    if (!CHECK_ON(DOUBLE_NOTED)) {
        return true;
    }
    if (!proof_decode(proof, &p, &no) || !proof_check(&p, &leaf, &f->host, &cp, &no)) {
        return acquit(err, "the host is not shown to have noted both envelopes");
    }
    return !CHECK_ON(DOUBLE_TERM) || (ID_EQ(cp.table, f->table) && cp.term == act->term) ||
           acquit(err, "an envelope is shown in another table or term");
}

static bool check_double(const struct fraud *f, struct err *err)
{
    struct act a, b;
    if (!envelope(f, f->a, &a, err) || !envelope(f, f->b, &b, err)) {
        return false;
    }
    if (CHECK_ON(DOUBLE_CHAIN) && !ID_EQ(a.kid, b.kid)) {
        return acquit(err, "the envelopes are of two chains");
    }
    if (CHECK_ON(DOUBLE_PLACE) && (a.term != b.term || a.n != b.n)) {
        return acquit(err, "the envelopes stand at two places of the chain");
    }
    if (CHECK_ON(DOUBLE_DIFFER) && bytes_eq(a.payload, b.payload)) {
        return acquit(err, "both envelopes say the same");
    }
    return is_noted(f, f->proof_a, f->a, &a, err) && is_noted(f, f->proof_b, f->b, &b, err);
}

static bool check_seen(const struct fraud *f, struct err *err)
{
    struct note note;
    struct checkpoint cp;
    struct act act;
    if (!statement(f, f->a, &note, &cp, err)) {
        return false;
    }
    if (CHECK_ON(SEEN_HOST) && !checkpoint_host_line(&note, &cp, &f->host)) {
        return acquit(err, "the checkpoint is not signed by the host");
    }
    if (!envelope(f, f->b, &act, err)) {
        return false;
    }
    if (CHECK_ON(SEEN_SIZE) && (act.term != cp.term || act.seen_size != cp.size)) {
        return acquit(err, "the envelope cites a tree of another size or term");
    }
    return !CHECK_ON(SEEN_OTHER) || !ID_EQ(act.seen_root, cp.root) ||
           acquit(err, "the envelope cites the host's own tree");
}

const struct pubkey *fraud_guilty(const struct fraud *f)
{
    struct proof p, q;
    struct note note;
    struct checkpoint a, b;
    struct err no = {0};
    if (f->kind != FRAUD_DOUBLE || !proof_decode(f->proof_a, &p, &no) ||
        !proof_decode(f->proof_b, &q, &no) || !statement(f, p.note, &note, &a, &no) ||
        !statement(f, q.note, &note, &b, &no)) {
        return &f->accused;
    }
    bool roots = a.size == b.size && !ID_EQ(a.root, b.root);
    bool leaves = p.index == q.index; /* two envelopes are two leaves */
    return CHECK_ON(DOUBLE_GUILTY) && a.term == b.term && (roots || leaves) ? &f->host
                                                                            : &f->accused;
}

bool fraud_check(const struct fraud *f, struct err *err)
{
    switch (f->kind) {
    case FRAUD_FORK:
        return check_fork(f, err);
    case FRAUD_DOUBLE:
        return check_double(f, err);
    case FRAUD_SEEN:
        return check_seen(f, err);
    case FRAUD_WITNESS:
        return check_witness(f, err);
    }
    return err_set(err, ERR_FORMAT, "the fraud proof is of no known kind");
}
