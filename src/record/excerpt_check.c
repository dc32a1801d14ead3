/* SPDX-License-Identifier: Apache-2.0
 *
 * What an excerpt proves.  Keys, groups, hosts and times are rebuilt from the control acts in it,
 * in log order, by the same rules as at the door.  What needs the whole log (the chains of seats)
 * is asked as far as the acts shown go; the chains of roots are there whole.
 */
#include "record/cosign.h"
#include "record/door.h"
#include "record/excerpt.h"
#include "record/policy.h"
#include "record/rules_priv.h"
#include "record/succession_priv.h"

/* Where an author stands behind the act of his that was shown last, in its term. */
struct stand {
    uint32_t term;
    uint64_t n;
    struct leaf_hash prev;
    uint64_t seen_size;
};

struct check {
    struct excerpt *e;
    struct bytes note; /* all proofs carry this one */
    struct checkpoint cp;
    struct successions successions;
    struct stand roots[SIDES_MAX];
    struct stand seats[SEATS_MAX];
    struct control control;
    uint64_t last; /* index of the act before */
};

static bool check_place(struct check *c, const struct excerpt_act *a, const struct act *act,
                        const struct leaf_hash *leaf, struct err *err)
{
    struct proof proof;
    if (!proof_decode(a->proof, &proof, err)) {
        return false;
    }
    if (proof.index != a->index) {
        return err_set(err, ERR_VERIFY, "its proof is that of act %llu",
                       (unsigned long long)proof.index);
    }
    if (!bytes_eq(proof.note, c->note)) {
        return err_set(err, ERR_VERIFY, "its proof carries another checkpoint than the first one");
    }
    if (!merkle_inclusion_check(leaf, a->index, c->cp.size, proof.path.hash, proof.path.count,
                                &c->cp.root)) {
        return err_set(err, ERR_VERIFY, "it is not in the tree of size %llu",
                       (unsigned long long)c->cp.size);
    }
    if (!ID_EQ(act->table, c->cp.table)) {
        return err_set(err, ERR_VERIFY, "it was signed for another table");
    }
    if (act->seen_size > a->index) {
        return err_set(err, ERR_VERIFY, "it cites size %llu, above its own index",
                       (unsigned long long)act->seen_size);
    }
    return true;
}

/* The tree that it cites is the beginning of this one.  An act out of a fork, or into one, says
 * nothing about the time or the end of what stands here. */
static bool check_seen(const struct check *c, const struct excerpt_act *a, const struct act *act,
                       struct err *err)
{
    struct merkle_path path;
    struct root_hash empty = empty_root();
    if (act->seen_size == 0) {
        if (a->consistency.n > 0) {
            return err_set(err, ERR_FORMAT, "it cites no tree, and has a consistency proof");
        }
        return ID_EQ(act->seen_root, empty) ||
               err_set(err, ERR_VERIFY, "the root that it cites is not that of the empty tree");
    }
    if (a->consistency.n == 0) {
        return err_set(err, ERR_FORMAT, "it cites size %llu, and has no consistency proof",
                       (unsigned long long)act->seen_size);
    }
    if (!proof_consistency_decode(a->consistency, &path, err)) {
        return false;
    }
    return merkle_consistency_check(act->seen_size, &act->seen_root, c->cp.size, &c->cp.root,
                                    path.hash, path.count) ||
           err_set(err, ERR_VERIFY,
                   "the tree of size %llu that it cites is not one that this record goes on from",
                   (unsigned long long)act->seen_size);
}

static bool check_blob(const struct check *c, const struct excerpt_act *a, const struct act *act,
                       struct err *err)
{
    const struct found *f = keyring_found(c->e->ring);
    bool sealed = act->control == CONTROL_SEALED;
    struct digest digest = digest_plain(a->blob);
    if (a->blob.n != act->blob_length || !ID_EQ(digest, act->blob)) {
        return err_set(err, ERR_VERIFY, "its blob is not the one that the envelope names");
    }
    if (sealed != a->has_key) {
        return err_set(err, ERR_FORMAT,
                       sealed ? "it is sealed, and the excerpt has no key to it"
                              : "it is readable, and the excerpt has a key to it");
    }
    if (!sealed) {
        return true;
    }
    if (f == NULL) {
        return err_set(err, ERR_VERIFY, "the first act founds the table; this one does not");
    }
    if (act->blob_length > f->blob_limit_bytes) {
        return err_set(err, ERR_LIMIT, "its blob has %llu bytes, the table's limit is %u",
                       (unsigned long long)act->blob_length, f->blob_limit_bytes);
    }
    return door_sealed_blob(f, a->blob, err);
}

/* Leaf 0: its author is whom it names. */
static bool take_found(struct check *c, const struct excerpt_act *a, const struct act *act,
                       struct ring_author *out, struct err *err)
{
    const struct found *f = &c->control.as.found;
    struct table_id table = table_id_of(a->blob);
    if (!ID_EQ(table, act->table)) {
        return err_set(err, ERR_VERIFY, "the founding makes another table than the envelope names");
    }
    if (!act_signed_by(act, &f->root)) {
        return err_set(err, ERR_VERIFY, "its signature is not its author's");
    }
    return keyring_apply(c->e->ring, a->index, act, a->blob, &c->control, TRUST_NOTHING, err) &&
           keyring_author(c->e->ring, a->index, &act->kid, out, err);
}

static bool check_term(const struct check *c, const struct excerpt_act *a, const struct act *act,
                       struct err *err)
{
    if (c->successions.under_way &&
        (act->control != CONTROL_SUCCESSION || a->index != c->last + 1)) {
        return err_set(err, ERR_VERIFY, "the acts of a succession do not stand together");
    }
    uint32_t term = succession_term(&c->successions, c->e->ring, act->control);
    return act->term == term ||
           err_set(err, ERR_VERIFY, "it is of term %u, the log is in term %u here", act->term,
                   term);
}

static struct stand *stand_of(struct check *c, const struct ring_author *author)
{
    return author->type == KEY_ROOT ? &c->roots[author->side] : &c->seats[author->seat];
}

/* Of a seat some acts may not be shown; of a root all are. */
static bool check_chain(struct check *c, const struct ring_author *author, const struct act *act,
                        struct err *err)
{
    const struct stand *had = stand_of(c, author);
    struct stand s = had->term == act->term ? *had : (struct stand){.term = act->term};
    bool next = act->n == s.n && ID_EQ(act->prev, s.prev);
    if (!next && author->type == KEY_ROOT) {
        return err_set(err, ERR_VERIFY,
                       "an act of side %u's root before this one was left out or changed",
                       author->side);
    }
    if (!next && act->n <= s.n) {
        return err_set(err, ERR_VERIFY, "it does not follow its author's earlier acts");
    }
    if (act->seen_size < s.seen_size) {
        return err_set(err, ERR_VERIFY,
                       "it cites size %llu, an earlier act of its author size %llu: that never "
                       "falls",
                       (unsigned long long)act->seen_size, (unsigned long long)s.seen_size);
    }
    return true;
}

static bool take_control(struct check *c, const struct excerpt_act *a, const struct act *act,
                         const struct ring_author *author, struct err *err)
{
    struct excerpt *e = c->e;
    const struct control *k = &c->control;
    switch (act->control) {
    case CONTROL_SEALED:
        return true;
    case CONTROL_FOUND:
    case CONTROL_KEYS:
    case CONTROL_WITNESSES:
        return keyring_apply(e->ring, a->index, act, a->blob, k, TRUST_NOTHING, err);
    case CONTROL_COUNTERSIGN: {
        const struct countersign *cs = &k->as.countersign;
        if (!rules_countersign(e->ring, e->log, a->index, author, act, cs, err)) {
            return false;
        }
        const struct ring_seat *seat = keyring_seat(e->ring, author->seat);
        return countersign_check(a->blob, &keyring_term(e->ring, cs->term)->host,
                                 &seat->keys.witness, err) &&
               witness_countersign(e->log, a->index, seat->witness, cs->size, cs->time, err);
    }
    case CONTROL_PROCEED: {
        bool valid;
        return witness_proceed(e->log, a->index, author->side, k->as.without, &valid, err);
    }
    case CONTROL_SUCCESSION:
        return succession_allows(&c->successions, e->ring, e->log, a->index, author, act,
                                 &k->as.succession, err) &&
               succession_take(&c->successions, e->ring, e->log, author->side, &k->as.succession,
                               err);
    }
    return err_set(err, ERR_FORMAT, "its control kind is not known");
}

static bool take_act(struct check *c, const struct excerpt_act *a, struct excerpt_finding *out,
                     struct err *err)
{
    struct act act;
    struct ring_author author;
    if (!act_decode(a->envelope, &act, err)) {
        return false;
    }
    struct leaf_hash leaf = leaf_hash_of(a->envelope);
    if (!check_place(c, a, &act, &leaf, err) || !check_seen(c, a, &act, err) ||
        !check_blob(c, a, &act, err) ||
        (act.control != CONTROL_SEALED &&
         !control_decode(act.control, a->blob, &c->control, err))) {
        return false;
    }
    if (a->index == 0 && act.control == CONTROL_FOUND) {
        if (!check_term(c, a, &act, err) || !take_found(c, a, &act, &author, err) ||
            !check_chain(c, &author, &act, err)) {
            return false;
        }
    } else {
        if (!keyring_author(c->e->ring, a->index, &act.kid, &author, err) ||
            !rules_author(&act, &author, err) || !check_term(c, a, &act, err) ||
            !check_chain(c, &author, &act, err)) {
            return false;
        }
        if (!act_signed_by(&act, author.pk)) {
            return err_set(err, ERR_VERIFY, "its signature is not its author's");
        }
        if (!take_control(c, a, &act, &author, err)) {
            return false;
        }
    }
    *stand_of(c, &author) = (struct stand){
        .term = act.term, .n = act.n + 1, .prev = leaf, .seen_size = act.seen_size};
    if (act.control == CONTROL_KEYS && c->control.verb == KEYS_NEW_ROOT) {
        c->roots[c->control.as.new_root.slip.side] = (struct stand){0}; /* its chain begins */
    }
    c->last = a->index;
    *out = (struct excerpt_finding){.index = a->index,
                                    .leaf = leaf,
                                    .act = act,
                                    .author = author,
                                    .blob = a->blob,
                                    .source = a};
    return true;
}

/* ---- the checkpoint ---- */

/* Do the lines of the note satisfy every group that is not out? */
static bool check_lines(const struct check *c, const struct note *note, bool *out_all,
                        struct err *err)
{
    bool is_signed[SEATS_MAX];
    uint32_t groups = 0, satisfied = 0;
    if (!rules_note_lines(c->e->ring, note, is_signed, err)) {
        return false;
    }
    for (uint32_t side = 0; side < SIDES_MAX; side++) {
        const struct ring_naming *g = keyring_naming(c->e->ring, side, c->cp.size);
        if (g == NULL || witness_out(c->e->log, side, c->cp.size)) {
            continue;
        }
        uint32_t have = 0;
        for (uint32_t i = 0; i < g->count; i++) {
            have += is_signed[g->witnesses[i]];
        }
        groups++;
        satisfied += have >= g->needed;
    }
    *out_all = groups > 0 && satisfied == groups;
    return true;
}

static bool check_policy(const struct check *c, struct bytes policy, struct err *err)
{
    struct buf b;
    buf_init(&b, policy.n + 65536);
    bool ok = policy_put(c->e->ring, c->e->log, c->cp.size, POLICY_OF_EXCERPT, &b, err);
    if (ok && !bytes_eq(buf_bytes(&b), policy)) {
        ok = err_set(err, ERR_VERIFY,
                     "the policy of the excerpt is not the one that its control acts yield");
    }
    buf_free(&b);
    return ok;
}

static bool check_all(struct check *c, const struct note *note, struct bytes policy,
                      const struct excerpt_act *acts, struct err *err)
{
    struct excerpt *e = c->e;
    for (size_t i = 0; i < e->count; i++) {
        if (!take_act(c, &acts[i], &e->acts[i], err)) {
            return err_at(err, "excerpt, act %llu", (unsigned long long)acts[i].index);
        }
    }
    if (c->successions.under_way) {
        return err_set(err, ERR_VERIFY, "the excerpt ends within a succession of the host");
    }
    uint32_t term = keyring_term_of_size(e->ring, c->cp.size);
    if (c->cp.term != term) {
        return err_set(err, ERR_VERIFY, "the checkpoint is of term %u, its size of term %u",
                       c->cp.term, term);
    }
    if (!checkpoint_host_line(note, &c->cp, &keyring_term(e->ring, term)->host)) {
        return err_set(err, ERR_VERIFY, "the checkpoint of the excerpt is not signed by its host");
    }
    bool countersigned;
    if (!check_lines(c, note, &countersigned, err) || !check_policy(c, policy, err)) {
        return false;
    }
    e->final = countersigned ? e->size : witness_final(e->log, e->size);
    for (size_t i = 0; i < e->count; i++) {
        struct excerpt_finding *f = &e->acts[i];
        f->not_before = witness_b(e->log, f->act.seen_size, e->size);
        f->not_after = witness_t(e->log, f->index, e->size);
        f->final = f->index < e->final;
    }
    return true;
}

bool excerpt_check(struct bytes raw, struct arena *mem, struct excerpt *out, struct err *err)
{
    struct bytes policy;
    struct excerpt_act *acts;
    struct proof first;
    struct note *note = ARENA_NEW(mem, struct note, 1);
    struct check *c = ARENA_NEW(mem, struct check, 1);
    struct excerpt e = {.count = 0};
    if (note == NULL || c == NULL) {
        return err_memory(err, "an excerpt");
    }
    if (!excerpt_decode(raw, mem, &policy, &acts, &e.count, err) ||
        !proof_decode(acts[0].proof, &first, err) || !note_decode(first.note, note, err) ||
        !checkpoint_parse(note->body, &c->cp, err)) {
        return false;
    }
    e.acts = ARENA_NEW(mem, struct excerpt_finding, e.count);
    if (e.acts == NULL) {
        return err_memory(err, "an excerpt");
    }
    if (!keyring_new(mem, &e.ring, err) || !witness_log_new(mem, e.ring, &e.log, err)) {
        return false;
    }
    e.table = c->cp.table;
    e.size = c->cp.size;
    e.root = c->cp.root;
    c->note = first.note;
    c->e = &e;
    if (!check_all(c, note, policy, acts, err)) {
        excerpt_free(&e);
        return false;
    }
    *out = e;
    return true;
}

void excerpt_free(struct excerpt *e)
{
    witness_log_free(e->log);
    keyring_free(e->ring);
    *e = (struct excerpt){.count = 0};
}
