/* SPDX-License-Identifier: Apache-2.0
 *
 * See door.h.  An act is looked at whole before anything is written; then the tree grows first,
 * because it alone can be cut back, and the one other step that may want memory comes second.  So
 * a refusal, and a lack of memory, leave the door as it was.
 */
#include "record/door.h"

#include "base/check.h"
#include "base/switch_off.h"
#include "crypto/age.h"
#include "record/cosign.h"
#include "record/padding.h"
#include "record/rules_priv.h"
#include "record/succession_priv.h"

/* How many acts of a batch are worked on before they are admitted: enough to keep many threads
 * busy, few enough that new keys are soon known to the units. */
#define SLICE 512u

/* A chain as it stands in one term; in a later term it stands at its beginning. */
struct link {
    uint32_t term;
    struct chain chain;
};

struct door {
    struct keyring *ring;
    struct witness_log *log;
    struct merkle *tree;
    struct successions successions;
    bool has_expected;
    struct table_id expected;
    struct link root_link[SIDES_MAX];
    struct link seat_link[SEATS_MAX];
    /* The root last cited: acts that follow each other often cite one tree. */
    uint64_t cited_size;
    struct root_hash cited_root;
    /* Of the act admitted last, and of the one that is looked at. */
    struct control control;
    struct control candidate;
    /* The convener's root while leaf 0 is only asked about. */
    struct kid first_kid;
    struct pubkey first_pk;
};

bool door_new(struct arena *mem, const struct table_id *expected, struct door **out,
              struct err *err)
{
    struct door *d = ARENA_NEW(mem, struct door, 1);
    struct merkle *tree = ARENA_NEW(mem, struct merkle, 1);
    if (d == NULL || tree == NULL) {
        return err_memory(err, "the door of a table");
    }
    if (!keyring_new(mem, &d->ring, err) || !witness_log_new(mem, d->ring, &d->log, err)) {
        return false;
    }
    merkle_init(tree);
    d->tree = tree;
    d->cited_root = empty_root();
    if (expected != NULL) {
        d->has_expected = true;
        d->expected = *expected;
    }
    *out = d;
    return true;
}

void door_free(struct door *d)
{
    if (d != NULL) {
        merkle_free(d->tree);
        witness_log_free(d->log);
        keyring_free(d->ring);
    }
}

/* ---- what the door knows ---- */

uint64_t door_size(const struct door *d)
{
    return d->tree->size;
}

uint32_t door_term(const struct door *d)
{
    uint32_t terms = keyring_terms(d->ring);
    return terms == 0 ? 0 : terms - 1;
}

uint32_t door_succession_sides(const struct door *d, uint64_t w)
{
    return keyring_found(d->ring) == NULL ? 0 : succession_sides(d->ring, d->log, w);
}

uint32_t door_succession_missing(const struct door *d)
{
    return succession_missing(&d->successions, d->ring, d->log);
}

struct root_hash door_root(const struct door *d, uint64_t size)
{
    CHECK(size <= d->tree->size);
    return merkle_root_at(d->tree, size);
}

struct leaf_hash door_leaf(const struct door *d, uint64_t index)
{
    CHECK(index < d->tree->size);
    return merkle_leaf(d->tree, index);
}

const struct keyring *door_keyring(const struct door *d)
{
    return d->ring;
}

const struct witness_log *door_witness(const struct door *d)
{
    return d->log;
}

struct node_source door_nodes(const struct door *d)
{
    return merkle_source(d->tree);
}

size_t door_memory(const struct door *d)
{
    return merkle_memory(d->tree) + witness_memory(d->log) + keyring_memory(d->ring);
}

static struct link *link_of(struct door *d, const struct ring_author *a)
{
    return a->type == KEY_ROOT ? &d->root_link[a->side] : &d->seat_link[a->seat];
}

static struct chain chain_in(const struct door *d, const struct ring_author *a, uint32_t term)
{
    const struct link *l = a->type == KEY_ROOT ? &d->root_link[a->side] : &d->seat_link[a->seat];
    return l->term == term ? l->chain : (struct chain){0};
}

struct chain door_chain(const struct door *d, const struct ring_author *author)
{
    return chain_in(d, author, succession_term(&d->successions, d->ring, CONTROL_SEALED));
}

/* ---- one act ---- */

/* What was worked out about the bytes of an act, by whom and when is all the same. */
struct finding {
    bool guessed; /* whose key it probably is, looked up before the units run */
    struct pubkey guess;
    bool decoded;
    struct act act;
    struct leaf_hash leaf;
    bool has_digest;
    struct digest blob;
    bool signed_by_known; /* the envelope, by this key */
    struct pubkey signed_by;
    bool has_note;      /* of a countersign act, host and witness are guessed */
    bool countersigned; /* the note in the blob, by these two */
    struct pubkey host, witness;
    bool seal_is_good; /* as this table's founding asks */
};

enum purpose { TO_ASK, TO_ADMIT };

/* One act on its way in. */
struct entry {
    struct door *d;
    enum door_trust trust;
    uint64_t index;
    struct bytes blob;
    struct finding *found;
    const struct act *act;   /* = &found->act */
    struct control *control; /* NULL when sealed */
    struct ring_author author;
    bool has_author;
};

static bool check_table(const struct entry *e, struct err *err)
{
    const struct table_id *table = keyring_table(e->d->ring);
    if (table == NULL && e->act->control != CONTROL_FOUND) {
        return err_set(err, ERR_VERIFY, "the first act founds the table; this one does not");
    }
    if (CHECK_ON(FOUND_FIRST) && table != NULL && e->act->control == CONTROL_FOUND) {
        return err_set(err, ERR_VERIFY, "only the first act founds a table");
    }
    if (CHECK_ON(TABLE) && table != NULL && !ID_EQ(*table, e->act->table)) {
        return err_set(err, ERR_VERIFY, "it was signed for another table");
    }
    return true;
}

static bool check_blob(struct entry *e, struct err *err)
{
    const struct act *a = e->act;
    if (e->trust == DOOR_STORED && a->control == CONTROL_SEALED && e->blob.n == 0) {
        return true; /* left out */
    }
    if (CHECK_ON(BLOB_LENGTH) && e->blob.n != a->blob_length) {
        return err_set(err, ERR_VERIFY, "its blob has %zu bytes, the envelope says %llu", e->blob.n,
                       (unsigned long long)a->blob_length);
    }
    const struct found *f = keyring_found(e->d->ring);
    if (CHECK_ON(BLOB_LIMIT) && a->control == CONTROL_SEALED && f != NULL &&
        a->blob_length > f->blob_limit_bytes) {
        return err_set(err, ERR_LIMIT, "its blob has %llu bytes, the table's limit is %u",
                       (unsigned long long)a->blob_length, f->blob_limit_bytes);
    }
    if (e->trust == DOOR_STORED) {
        return true;
    }
    if (!e->found->has_digest) {
        e->found->blob = digest_plain(e->blob);
        e->found->has_digest = true;
    }
    if (CHECK_ON(BLOB_DIGEST) && !ID_EQ(e->found->blob, a->blob)) {
        return err_set(err, ERR_VERIFY, "its blob is not the one whose digest the envelope names");
    }
    return true;
}

/* Leaf 0 names its author itself. */
static bool author_of_first(struct entry *e, struct err *err)
{
    const struct found *f = &e->control->as.found;
    struct table_id table = table_id_of(e->blob);
    if (CHECK_ON(FOUND_TABLE) && !ID_EQ(table, e->act->table)) {
        return err_set(err, ERR_VERIFY, "the founding makes another table than the envelope names");
    }
    if (CHECK_ON(FOUND_EXPECTED) && e->d->has_expected && !ID_EQ(table, e->d->expected)) {
        return err_set(err, ERR_VERIFY, "it founds table %.*s, not the expected %.*s", ID_SHOWN,
                       id_hex(table.b).s, ID_SHOWN, id_hex(e->d->expected.b).s);
    }
    e->d->first_pk = f->root;
    e->d->first_kid = kid_of(KEY_ROOT, &f->root);
    e->author = (struct ring_author){.type = KEY_ROOT,
                                     .side = f->convener_side,
                                     .seat = SEAT_NONE,
                                     .kid = &e->d->first_kid,
                                     .pk = &e->d->first_pk};
    e->has_author = true;
    return true;
}

static bool check_author(struct entry *e, struct err *err)
{
    if (e->act->control == CONTROL_FOUND) {
        return author_of_first(e, err);
    }
    if (!keyring_author(e->d->ring, e->index, &e->act->kid, &e->author, err)) {
        return false;
    }
    e->has_author = true;
    return rules_author(e->act, &e->author, err);
}

static bool check_chain(const struct entry *e, struct err *err)
{
    const struct act *a = e->act;
    const struct successions *s = &e->d->successions;
    if (CHECK_ON(SUCC_ALONE) && s->under_way && a->control != CONTROL_SUCCESSION) {
        return err_set(err, ERR_VERIFY,
                       "the host is being succeeded: %u roots have to post that first",
                       door_succession_missing(e->d));
    }
    uint32_t term = succession_term(s, e->d->ring, a->control);
    if (CHECK_ON(TERM) && a->term != term) {
        return err_set(err, ERR_VERIFY, "it is of term %u, the log is in term %u here", a->term,
                       term);
    }
    struct chain c = chain_in(e->d, &e->author, term);
    if (CHECK_ON(N) && a->n != c.n) {
        return err_set(err, ERR_VERIFY, "it is act %llu of its author, who stands at %llu",
                       (unsigned long long)a->n, (unsigned long long)c.n);
    }
    if (CHECK_ON(PREV) && !ID_EQ(a->prev, c.prev)) {
        return err_set(err, ERR_VERIFY, "it does not follow its author's last act in this log");
    }
    if (CHECK_ON(SEEN_FALLS) && a->seen_size < c.seen_size) {
        return err_set(err, ERR_VERIFY,
                       "it cites size %llu, its author's last act size %llu: that never falls",
                       (unsigned long long)a->seen_size, (unsigned long long)c.seen_size);
    }
    if (CHECK_ON(SEEN_ABOVE) && a->seen_size > e->index) {
        return err_set(err, ERR_VERIFY, "it cites size %llu, above its own index",
                       (unsigned long long)a->seen_size);
    }
    return true;
}

static bool check_signature(struct entry *e, struct err *err)
{
    if (!CHECK_ON(SIGNATURE) || e->trust == DOOR_STORED ||
        (e->found->signed_by_known && ID_EQ(e->found->signed_by, *e->author.pk))) {
        return true;
    }
    return act_signed_by(e->act, e->author.pk) ||
           err_set(err, ERR_VERIFY, "its signature is not its author's");
}

static bool check_seen_root(struct entry *e, struct err *err)
{
    if (e->trust == DOOR_STORED) {
        return true;
    }
    struct door *d = e->d;
    if (d->cited_size != e->act->seen_size) {
        d->cited_root = merkle_root_at(d->tree, e->act->seen_size);
        d->cited_size = e->act->seen_size;
    }
    if (CHECK_ON(SEEN_ROOT) && !ID_EQ(d->cited_root, e->act->seen_root)) {
        return err_set(err, ERR_VERIFY, "the root that it cites is not this log's at size %llu",
                       (unsigned long long)e->act->seen_size);
    }
    return true;
}

/* FORMAT 6, kind 4. */
static bool check_countersign(struct entry *e, struct err *err)
{
    const struct countersign *c = &e->control->as.countersign;
    const struct keyring *ring = e->d->ring;
    if (!rules_countersign(ring, e->d->log, e->index, &e->author, e->act, c, err)) {
        return false;
    }
    const struct ring_seat *seat = keyring_seat(ring, e->author.seat);
    const struct pubkey *host = &keyring_term(ring, c->term)->host;
    const struct finding *f = e->found;
    if (e->trust == DOOR_STORED ||
        (f->countersigned && ID_EQ(f->host, *host) && ID_EQ(f->witness, seat->keys.witness))) {
        return true;
    }
    return countersign_check(e->blob, host, &seat->keys.witness, err);
}

static bool check_rules(struct entry *e, struct err *err)
{
    struct door *d = e->d;
    switch (e->act->control) {
    case CONTROL_SEALED:
        return e->trust == DOOR_STORED || e->found->seal_is_good ||
               door_sealed_blob(keyring_found(d->ring), e->blob, err);
    case CONTROL_FOUND:
    case CONTROL_KEYS:
    case CONTROL_WITNESSES:
        return keyring_allows(d->ring, e->index, e->act, e->control,
                              e->trust == DOOR_STORED ? TRUST_STORED : TRUST_NOTHING, err);
    case CONTROL_COUNTERSIGN:
        return check_countersign(e, err);
    case CONTROL_PROCEED:
        return true; /* noted always */
    case CONTROL_SUCCESSION:
        return succession_allows(&d->successions, d->ring, d->log, e->index, &e->author, e->act,
                                 &e->control->as.succession, err);
    }
    return err_set(err, ERR_FORMAT, "its control kind is not known");
}

static bool check(struct entry *e, struct err *err)
{
    const struct act *a = e->act;
    return check_table(e, err) && check_blob(e, err) &&
           (a->control == CONTROL_SEALED || control_decode(a->control, e->blob, e->control, err)) &&
           check_author(e, err) && check_chain(e, err) && check_signature(e, err) &&
           check_seen_root(e, err) && check_rules(e, err);
}

/* The second step: what the act means to keys, times and terms.  All or nothing. */
static bool take_control(struct entry *e, bool *out_valid, struct err *err)
{
    struct door *d = e->d;
    switch (e->act->control) {
    case CONTROL_SEALED:
        return true;
    case CONTROL_FOUND:
    case CONTROL_KEYS:
    case CONTROL_WITNESSES:
        /* Its slips were verified by check_rules. */
        return keyring_apply(d->ring, e->index, e->act, e->blob, e->control, TRUST_STORED, err);
    case CONTROL_COUNTERSIGN:
        return witness_countersign(d->log, e->index, keyring_seat(d->ring, e->author.seat)->witness,
                                   e->control->as.countersign.size, e->control->as.countersign.time,
                                   err);
    case CONTROL_PROCEED:
        return witness_proceed(d->log, e->index, e->author.side, e->control->as.without, out_valid,
                               err);
    case CONTROL_SUCCESSION:
        return succession_take(&d->successions, d->ring, d->log, e->author.side,
                               &e->control->as.succession, err);
    }
    return false;
}

static bool take(struct entry *e, bool *out_valid, struct err *err)
{
    struct door *d = e->d;
    if (!merkle_append(d->tree, &e->found->leaf, err)) {
        return false;
    }
    if (!take_control(e, out_valid, err)) {
        merkle_truncate(d->tree, e->index);
        return false;
    }
    if (e->act->control == CONTROL_FOUND &&
        !keyring_author(d->ring, e->index, &e->act->kid, &e->author, err)) {
        CHECK(false); /* its root writes from index 0 on */
    }
    *link_of(d, &e->author) = (struct link){
        .term = e->act->term,
        .chain = {.n = e->act->n + 1, .prev = e->found->leaf, .seen_size = e->act->seen_size}};
    if (e->act->control == CONTROL_KEYS && e->control->verb == KEYS_NEW_ROOT) {
        /* The new root's chain begins; the old one has ended, whoever wrote this. */
        d->root_link[e->control->as.new_root.slip.side] = (struct link){0};
    }
    return true;
}

static bool enter(struct door *d, enum door_trust trust, enum purpose purpose,
                  struct bytes envelope, struct bytes blob, struct finding *found,
                  struct verified_act *out, struct err *err)
{
    struct entry e = {.d = d,
                      .trust = trust,
                      .index = d->tree->size,
                      .blob = blob,
                      .found = found,
                      .act = &found->act};
    if (e.index >= LEAVES_MAX) {
        return err_set(err, ERR_LIMIT, "the log is full");
    }
    if (!found->decoded) {
        if (!act_decode(envelope, &found->act, err)) {
            return err_at(err, "act %llu", (unsigned long long)e.index);
        }
        found->leaf = leaf_hash_of(envelope);
        found->decoded = true;
    }
    e.control = found->act.control == CONTROL_SEALED ? NULL : &d->candidate;
    bool valid = false;
    bool ok = check(&e, err);
    if (ok && purpose == TO_ADMIT) {
        ok = take(&e, &valid, err);
    } else if (ok && e.act->control == CONTROL_PROCEED) {
        valid = witness_would_proceed(d->log, e.index, e.author.side, e.control->as.without);
    }
    if (!ok && e.has_author) {
        return err_at(err, "act %llu, of side %u", (unsigned long long)e.index, e.author.side);
    }
    if (!ok) {
        return err_at(err, "act %llu", (unsigned long long)e.index);
    }
    if (e.control != NULL && purpose == TO_ADMIT) {
        d->control = d->candidate;
        e.control = &d->control;
    }
    *out = (struct verified_act){.index = e.index,
                                 .leaf = found->leaf,
                                 .act = found->act,
                                 .author = e.author,
                                 .control = e.control,
                                 .proceed_valid = valid,
                                 .blob = blob};
    return true;
}

bool door_admit(struct door *d, enum door_trust trust, struct bytes envelope, struct bytes blob,
                struct verified_act *out, struct err *err)
{
    struct finding found = {.decoded = false};
    return enter(d, trust, TO_ADMIT, envelope, blob, &found, out, err);
}

bool door_would_admit(struct door *d, struct bytes envelope, struct bytes blob,
                      struct verified_act *out, struct err *err)
{
    struct finding found = {.decoded = false};
    return enter(d, DOOR_CHECK, TO_ASK, envelope, blob, &found, out, err);
}

/* ---- batches ---- */

struct slice {
    const struct door *d;
    enum door_trust trust;
    const struct door_item *items;
    size_t count;
    struct finding *found;
    const struct found *founding; /* NULL while leaf 0 is not in */
    uint64_t first;               /* index of items[0] */
};

/* Before the units run, on one thread: what the keyring now thinks whose keys these are.  A wrong
 * guess costs time and nothing else.  The units then read nothing that admission writes. */
static void prepare(const struct slice *s, size_t count)
{
    const struct keyring *ring = s->d->ring;
    for (size_t i = 0; i < count; i++) {
        struct finding *f = &s->found[i];
        struct ring_author author;
        struct err err; /* what is wrong is said when the act is entered */
        f->decoded = act_decode(s->items[i].envelope, &f->act, &err);
        if (!f->decoded || s->trust == DOOR_STORED || keyring_found(ring) == NULL ||
            !keyring_author(ring, s->first + i, &f->act.kid, &author, &err)) {
            continue;
        }
        f->guessed = true;
        f->guess = *author.pk;
        if (f->act.control == CONTROL_COUNTERSIGN && author.type == KEY_SEAT) {
            f->has_note = true;
            f->host = keyring_term(ring, door_term(s->d))->host;
            f->witness = keyring_seat(ring, author.seat)->keys.witness;
        }
    }
}

static void work_on(void *arg, size_t i)
{
    const struct slice *s = arg;
    struct finding *f = &s->found[i];
    struct bytes blob = s->items[i].blob;
    struct err err;
    if (!f->decoded) {
        return;
    }
    f->leaf = leaf_hash_of(s->items[i].envelope);
    if (s->trust == DOOR_STORED || blob.n != f->act.blob_length) {
        return; /* the latter is refused in any case: no work for it */
    }
    f->blob = digest_plain(blob);
    f->has_digest = true;
    if (f->guessed && act_signed_by(&f->act, &f->guess)) {
        f->signed_by_known = true;
        f->signed_by = f->guess;
    }
    f->countersigned = f->has_note && countersign_check(blob, &f->host, &f->witness, &err);
    if (f->act.control == CONTROL_SEALED && s->founding != NULL) {
        f->seal_is_good = door_sealed_blob(s->founding, blob, &err);
    }
}

static bool admit_slice(struct door *d, struct slice *s, size_t count, door_sink *sink,
                        void *sink_ctx, struct err *err)
{
    for (size_t i = 0; i < count; i++) {
        struct verified_act va;
        if (!enter(d, s->trust, TO_ADMIT, s->items[i].envelope, s->items[i].blob, &s->found[i], &va,
                   err)) {
            return false;
        }
        if (sink != NULL && !sink(sink_ctx, &va, err)) {
            return false;
        }
    }
    return true;
}

/* The units of one slice; where there is no sink, one unit more admits the slice before it and
 * prepares the one after it, so that no thread waits for that.  (A sink may use what other units of
 * the caller use.)  The slice after is then prepared from a keyring that lacks the present one: what
 * is guessed wrong for that costs time and nothing else. */
struct stretch {
    struct door *d;
    struct slice *slice;
    struct slice *before; /* NULL: none waits */
    struct slice *after;  /* NULL: there is none */
    bool apart;           /* the unit more is there */
    bool ok;
    struct err *err;
};

static void stretch_unit(void *arg, size_t i)
{
    struct stretch *t = arg;
    if (!t->apart) {
        work_on(t->slice, i);
        return;
    }
    if (i > 0) {
        work_on(t->slice, i - 1);
        return;
    }
    t->ok = t->before == NULL || admit_slice(t->d, t->before, t->before->count, NULL, NULL, t->err);
    if (t->after != NULL) {
        prepare(t->after, t->after->count);
    }
}

static bool run_all(const struct door_workers *workers, struct stretch *t)
{
    size_t units = t->slice->count + (t->apart ? 1 : 0);
    t->ok = true;
    if (workers != NULL && workers->run != NULL) {
        workers->run(workers->ctx, units, stretch_unit, t);
        return t->ok;
    }
    for (size_t i = 0; i < units; i++) {
        stretch_unit(t, i);
    }
    return t->ok;
}

/* Slice number k of a batch, in one of the rooms that take turns. */
static struct slice slice_of(struct door *d, enum door_trust trust, const struct door_item *items,
                             size_t count, uint64_t first, size_t k, struct finding *room)
{
    size_t at = k * SLICE;
    struct slice s = {.d = d,
                      .trust = trust,
                      .items = items + at,
                      .count = count - at < SLICE ? count - at : SLICE,
                      .found = room,
                      .first = first + at};
    memset(room, 0, s.count * sizeof(*room));
    return s;
}

/* Slices at work at once: one admitted, one worked on, one prepared. */
#define ROOMS 3u

bool door_admit_all(struct door *d, enum door_trust trust, const struct door_item *items,
                    size_t count, const struct door_workers *workers, struct arena *mem,
                    door_sink *sink, void *sink_ctx, struct err *err)
{
    if (count > DOOR_BATCH_MAX) {
        return err_set(err, ERR_LIMIT, "a batch of %zu acts, limit %u", count, DOOR_BATCH_MAX);
    }
    if (count == 0) {
        return true;
    }
    bool apart = sink == NULL && workers != NULL && workers->run != NULL;
    size_t mark = arena_mark(mem);
    size_t slices = (count + SLICE - 1) / SLICE;
    size_t width = count < SLICE ? count : SLICE;
    uint64_t first = d->tree->size;
    struct slice s[ROOMS];
    struct finding *room[ROOMS] = {NULL};
    for (size_t i = 0; i < ROOMS; i++) {
        room[i] = apart || i == 0 ? ARENA_NEW(mem, struct finding, width) : room[0];
        if (room[i] == NULL) {
            return err_memory(err, "a batch of acts");
        }
    }
    bool ok = true;
    for (size_t k = 0; ok && k < slices; k++) {
        struct slice *now = &s[k % ROOMS];
        struct slice *after = &s[(k + 1) % ROOMS];
        bool more = apart && k + 1 < slices;
        if (k == 0 || !apart) {
            *now = slice_of(d, trust, items, count, first, k, room[k % ROOMS]);
            prepare(now, now->count);
        }
        if (more) {
            *after = slice_of(d, trust, items, count, first, k + 1, room[(k + 1) % ROOMS]);
        }
        now->founding = keyring_found(d->ring);
        struct stretch t = {.d = d,
                            .slice = now,
                            .before = apart && k > 0 ? &s[(k - 1) % ROOMS] : NULL,
                            .after = more ? after : NULL,
                            .apart = apart && (k > 0 || more),
                            .err = err};
        ok = run_all(workers, &t);
        if (ok && !apart) {
            ok = admit_slice(d, now, now->count, sink, sink_ctx, err);
        }
    }
    if (ok && apart) {
        struct slice *last = &s[(slices - 1) % ROOMS];
        ok = admit_slice(d, last, last->count, NULL, NULL, err);
    }
    arena_rewind(mem, mark);
    return ok;
}

/* ---- checkpoints and seals ---- */

/* The host of the term for which a checkpoint of this size speaks; NULL where it is of another
 * term than it says. */
static const struct pubkey *host_of(const struct door *d, const struct checkpoint *cp)
{
    const struct successions *s = &d->successions;
    uint32_t terms = keyring_terms(d->ring);
    if (s->under_way && cp->size > s->what.size) {
        return cp->term == terms ? &s->what.host : NULL;
    }
    return cp->term < terms && keyring_term_of_size(d->ring, cp->size) == cp->term
               ? &keyring_term(d->ring, cp->term)->host
               : NULL;
}

bool door_checkpoint(const struct door *d, struct bytes note, struct checkpoint *out,
                     struct err *err)
{
    struct note lines;
    struct checkpoint cp;
    if (!note_decode(note, &lines, err) || !checkpoint_parse(lines.body, &cp, err)) {
        return false;
    }
    const struct table_id *table = keyring_table(d->ring);
    if (table == NULL) {
        return err_set(err, ERR_STATE, "no act of this table has been admitted yet");
    }
    if (CHECK_ON(NOTE_TABLE) && !ID_EQ(cp.table, *table)) {
        return err_set(err, ERR_VERIFY, "the checkpoint is another table's");
    }
    const struct pubkey *host = host_of(d, &cp);
    if (host == NULL && cp.size > d->tree->size) {
        return err_set(err, ERR_STATE, "the checkpoint is of size %llu and of a term not yet known",
                       (unsigned long long)cp.size);
    }
    if (host == NULL) {
        return err_set(err, ERR_VERIFY, "size %llu is not of term %u", (unsigned long long)cp.size,
                       cp.term);
    }
    if (CHECK_ON(NOTE_HOST) && !checkpoint_host_line(&lines, &cp, host)) {
        return err_set(err, ERR_VERIFY, "the checkpoint is not signed by the host of term %u",
                       cp.term);
    }
    if (cp.size > d->tree->size) {
        return err_set(err, ERR_STATE, "the checkpoint is of size %llu, known are %llu acts",
                       (unsigned long long)cp.size, (unsigned long long)d->tree->size);
    }
    bool is_signed[SEATS_MAX];
    if (!rules_note_lines(d->ring, &lines, is_signed, err)) {
        return false;
    }
    struct root_hash root = merkle_root_at(d->tree, cp.size);
    if (CHECK_ON(NOTE_ROOT) && !ID_EQ(root, cp.root)) {
        return err_set(err, ERR_VERIFY,
                       "the host has signed another tree of size %llu than the one it delivered",
                       (unsigned long long)cp.size);
    }
    *out = cp;
    return true;
}

bool door_sealed_blob(const struct found *found, struct bytes blob, struct err *err)
{
    struct age_header h;
    uint64_t plain;
    /* It refuses a share of low order too. */
    if (!age_header_parse(blob, &h, err)) {
        return !CHECK_ON(SEAL_FORM);
    }
    if (CHECK_ON(SEAL_COUNT) && (h.count == 0 || h.count % found->stanza_multiple != 0)) {
        return err_set(err, ERR_VERIFY, "its seal has %u stanzas, not a multiple of %u", h.count,
                       found->stanza_multiple);
    }
    for (uint32_t i = 0; i < h.count; i++) {
        if (CHECK_ON(SEAL_TYPE) && !h.stanza[i].x25519) {
            return err_set(err, ERR_VERIFY, "stanza %u of its seal is not of type X25519", i + 1);
        }
    }
    if (CHECK_ON(SEAL_PADDING) &&
        (!age_plain_size(h.payload.n, &plain) || !padding_is_bucket(plain))) {
        return err_set(err, ERR_VERIFY, "its sealed content is not padded to a bucket");
    }
    return true;
}
