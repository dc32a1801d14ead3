/* SPDX-License-Identifier: Apache-2.0
 *
 * A host that lies in each way it can: nothing of it is taken in, what it signed is kept.  Copies
 * of a seat that were put back: they sign nothing that was signed before.
 */
#include "app/sync.h"

#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "app/view.h"
#include "lib/app_sim.h"
#include "lib/test.h"
#include "os/file.h"

struct place {
    struct app_sim sim;
    struct signer *host;
    struct err err;
};

static void must(bool ok, struct place *p)
{
    if (!ok) {
        fail_msg("%s (%s; %s)", p->err.what, p->err.where, p->err.mend);
    }
}

static bool propose(struct replica *r, struct err *err)
{
    struct named_choice choices[3];
    struct payload p = app_sim_proposal(choices, 1);
    return act_file(r, ACT_CHECKED, &p, NULL, err);
}

static void file_by(struct place *p, enum app_who who)
{
    struct replica r;
    app_sim_enter(&p->sim, who, &r);
    must(propose(&r, &p->err), p);
    replica_close(&r);
}

static uint64_t proposals(const struct replica *r)
{
    return fold_state(r->fold)->proposal_count;
}

/* ---- what a replica holds ---- */

struct held {
    uint64_t size;
    uint64_t door;
    uint64_t waiting;
    uint64_t evidence;
    struct digest state;
    struct digest note;
};

static bool count(void *ctx, uint64_t index, struct bytes envelope, struct bytes blob,
                  struct err *err)
{
    (void)index;
    (void)envelope;
    (void)blob;
    (void)err;
    ++*(uint64_t *)ctx;
    return true;
}

static struct held held_by(struct place *p, struct replica *r)
{
    struct held h = {.door = door_size(r->door), .state = app_sim_digest(r)};
    struct bytes note = {0};
    must(store_size(r->store, &h.size, &p->err) &&
             store_note(r->store, &r->scratch.mem, &note, &p->err) &&
             store_outbox_each(r->store, count, &h.waiting, &p->err) &&
             store_evidence_each(r->store, count, &h.evidence, &p->err),
         p);
    h.note = digest_plain(note);
    arena_wipe(&r->scratch.mem);
    return h;
}

static void same(const struct held *a, const struct held *b)
{
    assert_int_equal(a->size, b->size);
    assert_int_equal(a->door, b->door);
    assert_int_equal(a->waiting, b->waiting);
    assert_true(ID_EQ(a->state, b->state));
    assert_true(ID_EQ(a->note, b->note));
}

/* ---- a host that lies ---- */

enum lie {
    LIE_NONE,
    LIE_NOTE,      /* the note that is set, instead of its own */
    LIE_SWAPPED,   /* the first two acts in the other order */
    LIE_TWICE,     /* the first act twice */
    LIE_DROPPED,   /* without the first act */
    LIE_CUT,       /* the last act is cut short */
    LIE_JUNK,      /* no act at all */
    LIE_NOTHING,   /* no acts */
    LIE_BLOB,      /* a content with one bit changed */
    LIE_BLOB_GONE, /* no content */
    LIE_EXTRA,     /* behind its acts one that is set */
    LIE_REFUSES,   /* says of every act that it does not verify */
    LIE_FULL,      /* its disk is full */
};

struct liar {
    struct host_link inner;
    enum lie lie;
    struct buf note;
    struct bytes extra;
};

static bool lie_checkpoint(void *ctx, struct buf *out, struct err *err)
{
    struct liar *l = ctx;
    if (l->note.n > 0) {
        buf_add(out, buf_bytes(&l->note));
        return true;
    }
    return l->inner.checkpoint(l->inner.ctx, out, err);
}

static void put_length(struct buf *out, size_t n)
{
    buf_add_u8(out, (uint8_t)(n >> 8));
    buf_add_u8(out, (uint8_t)(n & 255));
}

static void put_entry(struct buf *out, struct bytes e)
{
    put_length(out, e.n);
    buf_add(out, e);
}

static bool lie_entries(void *ctx, uint64_t from, uint64_t want, struct buf *out, uint64_t *n,
                        struct err *err)
{
    struct liar *l = ctx;
    struct buf b;
    struct bytes e[HOST_ENTRIES_MAX];
    size_t k = 0;
    buf_init(&b, (size_t)HOST_ENTRIES_MAX * (ENVELOPE_MAX + 2));
    bool ok = l->inner.entries(l->inner.ctx, from, want, &b, n, err);
    struct bytes rest = buf_bytes(&b);
    while (ok && rest.n > 0) {
        assert_true(tile_entry_next(&rest, &e[k++]));
    }
    size_t first = l->lie == LIE_DROPPED ? 1 : 0;
    if (k >= 2 && l->lie == LIE_SWAPPED) {
        struct bytes t = e[0];
        e[0] = e[1];
        e[1] = t;
    }
    if (k > 0 && l->lie == LIE_TWICE) {
        put_entry(out, e[0]);
    }
    for (size_t i = first; i < k && l->lie != LIE_NOTHING; i++) {
        if (l->lie == LIE_JUNK) {
            put_entry(out, bytes_str("no act"));
        } else if (l->lie == LIE_CUT && i == k - 1) {
            put_length(out, e[i].n);
            buf_add(out, bytes_slice(e[i], 0, e[i].n - 1));
        } else {
            put_entry(out, e[i]);
        }
    }
    if (l->lie == LIE_EXTRA) {
        put_entry(out, l->extra);
    }
    buf_free(&b);
    return ok;
}

static bool lie_blob(void *ctx, const struct digest *sha, struct buf *out, struct err *err)
{
    struct liar *l = ctx;
    size_t at = out->n;
    if (l->lie == LIE_BLOB_GONE) {
        return err_set(err, ERR_STATE, "there is no such content");
    }
    struct digest words = digest_plain(bytes_str("extra"));
    if (l->lie == LIE_EXTRA && ID_EQ(words, *sha)) {
        buf_add_str(out, "extra");
        return true;
    }
    bool ok = l->inner.blob(l->inner.ctx, sha, out, err);
    if (ok && l->lie == LIE_BLOB) {
        out->p[at + 7] ^= 1;
    }
    return ok;
}

static bool lie_post(void *ctx, const struct door_item *items, size_t n, uint64_t *index,
                     size_t *noted, struct buf *note, struct err *err)
{
    struct liar *l = ctx;
    if (l->lie == LIE_REFUSES) {
        return err_set(err, ERR_VERIFY, "it cites a root that I do not know");
    }
    if (l->lie == LIE_FULL) {
        return err_set(err, ERR_IO, "the disk is full");
    }
    return l->inner.post(l->inner.ctx, items, n, index, noted, note, err);
}

static void lie_close(void *ctx)
{
    struct liar *l = ctx;
    host_link_close(&l->inner);
    buf_free(&l->note);
}

static void deceive(struct place *p, struct replica *r, struct liar *l, enum lie lie)
{
    *l = (struct liar){.lie = lie};
    must(replica_link(r, &p->err), p);
    buf_init(&l->note, NOTE_BYTES_MAX);
    l->inner = r->link;
    r->link = (struct host_link){.checkpoint = lie_checkpoint,
                                 .entries = lie_entries,
                                 .blob = lie_blob,
                                 .post = lie_post,
                                 .close = lie_close,
                                 .ctx = l};
}

/* Refused, and all is as before; then the truth is told again and goes through. */
static void refused(struct place *p, struct replica *r, struct liar *l, enum err_code code,
                    bool evidence)
{
    struct held before = held_by(p, r);
    struct err err = {0};
    assert_false(sync_take(r, &err));
    if (err.code != code) {
        fail_msg("%s: \"%s\"", err_word(err.code), err.what);
    }
    struct held after = held_by(p, r);
    same(&before, &after);
    assert_int_equal(after.evidence > before.evidence, evidence);
    l->lie = LIE_NONE;
    buf_clear(&l->note);
    must(sync_take(r, &p->err), p);
}

static void test_bytes(void **state)
{
    static const struct {
        enum lie lie;
        enum err_code code;
        bool evidence;
    } lies[] = {
        {LIE_SWAPPED, ERR_VERIFY, true}, {LIE_TWICE, ERR_VERIFY, true},
        {LIE_DROPPED, ERR_VERIFY, true}, {LIE_CUT, ERR_VERIFY, true},
        {LIE_JUNK, ERR_VERIFY, true},    {LIE_NOTHING, ERR_HOST, false},
        {LIE_BLOB, ERR_VERIFY, true},    {LIE_BLOB_GONE, ERR_HOST, false},
    };
    struct place *p = *state;
    for (size_t i = 0; i < COUNT_OF(lies); i++) {
        struct replica r;
        struct liar l;
        file_by(p, APP_FIRST);
        file_by(p, APP_FIRST);
        app_sim_enter(&p->sim, APP_SECOND, &r);
        deceive(p, &r, &l, lies[i].lie);
        refused(p, &r, &l, lies[i].code, lies[i].evidence);
        replica_close(&r);
        app_sim_back(&p->sim);
    }
}

/* The newest checkpoint, and a chance to change it before the host's key signs it. */
static struct checkpoint head(struct place *p, struct replica *r)
{
    struct checkpoint cp = {0};
    struct pubkey pk = signer_pk(p->host);
    struct bytes note;
    must(store_note(r->store, &r->scratch.mem, &note, &p->err) &&
             checkpoint_check(note, &pk, &cp, &p->err),
         p);
    return cp;
}

static void says(struct place *p, struct liar *l, const struct checkpoint *cp,
                 const struct signer *by)
{
    buf_clear(&l->note);
    must(checkpoint_sign(cp, by, &l->note, &p->err), p);
}

static void test_heads(void **state)
{
    struct place *p = *state;
    static const uint8_t seed[32] = {'n', 'o'};
    struct signer *other;
    struct replica r;
    struct liar l;
    must(signer_new(KEY_HOST, seed, &other, &p->err), p);
    app_sim_enter(&p->sim, APP_SECOND, &r);
    must(sync_take(&r, &p->err), p);
    deceive(p, &r, &l, LIE_NOTE);
    struct checkpoint cp = head(p, &r);

    cp.root.b[3] ^= 1; /* another tree of the same size */
    says(p, &l, &cp, p->host);
    refused(p, &r, &l, ERR_VERIFY, true);

    cp = head(p, &r); /* gone back */
    cp.size -= 2;
    cp.root = door_root(r.door, cp.size);
    says(p, &l, &cp, p->host);
    refused(p, &r, &l, ERR_VERIFY, true);

    cp.root.b[3] ^= 1; /* gone back, to another tree */
    says(p, &l, &cp, p->host);
    refused(p, &r, &l, ERR_VERIFY, true);

    cp = head(p, &r); /* nobody's word is no evidence */
    cp.root.b[3] ^= 1;
    says(p, &l, &cp, other);
    refused(p, &r, &l, ERR_VERIFY, false);

    cp = head(p, &r); /* a term that has not begun */
    cp.term = 1;
    says(p, &l, &cp, p->host);
    refused(p, &r, &l, ERR_VERIFY, false);

    cp = head(p, &r); /* another table's */
    cp.table.b[0] ^= 1;
    says(p, &l, &cp, p->host);
    refused(p, &r, &l, ERR_VERIFY, false);

    buf_clear(&l.note);
    buf_add_str(&l.note, "no note");
    refused(p, &r, &l, ERR_VERIFY, false);

    file_by(p, APP_FIRST); /* more acts, and another tree than they make */
    cp = head(p, &r);
    cp.size += 1;
    says(p, &l, &cp, p->host);
    refused(p, &r, &l, ERR_VERIFY, true);
    replica_close(&r);
    signer_free(other);
}

/* Behind the record an act of a seat that its side has revoked. */
static void test_revoked(void **state)
{
    struct place *p = *state;
    struct replica r;
    struct liar l;
    struct buf blob, envelope;
    const struct signer *seat = keys_signer(p->sim.people[APP_MONITOR].keys, KEY_SEAT);
    struct kid kid = signer_kid(seat);
    buf_init(&blob, CONTROL_BLOB_MAX);
    buf_init(&envelope, ENVELOPE_MAX);
    keys_encode_revoke(&kid, &blob);
    app_sim_enter(&p->sim, APP_MONITOR, &r);
    must(sync_take(&r, &p->err), p);
    /* Noted; and from then on the host shows this seat nothing more. */
    must(envelope_post_control(&r, KEY_ROOT, CONTROL_KEYS, buf_bytes(&blob), &p->err), p);
    replica_close(&r);
    file_by(p, APP_FIRST);

    app_sim_enter(&p->sim, APP_FIRST, &r);
    must(sync_take(&r, &p->err), p);
    struct checkpoint cp = head(p, &r);
    struct ring_author author;
    struct kid16 shortened = kid_short(&kid);
    assert_false(keyring_author(door_keyring(r.door), cp.size, &shortened, &author, &p->err));
    struct act a = {.table = p->sim.table,
                    .n = 0,
                    .seen_size = cp.size,
                    .seen_root = cp.root,
                    .blob = digest_plain(bytes_str("extra")),
                    .blob_length = 5};
    must(act_sign(&a, seat, &envelope, &p->err), p);
    replica_close(&r);

    app_sim_enter(&p->sim, APP_SECOND, &r);
    deceive(p, &r, &l, LIE_EXTRA);
    l.extra = buf_bytes(&envelope);
    cp.size += 1;
    says(p, &l, &cp, p->host);
    refused(p, &r, &l, ERR_VERIFY, true);
    replica_close(&r);
    buf_free(&blob);
    buf_free(&envelope);
}

/* Two histories for two seats: the second to look finds that they do not fit. */
static void test_forked(void **state)
{
    struct place *p = *state;
    char before[SCRATCH_PATH_MAX];
    app_sim_path(&p->sim, "before", before);
    for (int more = 0; more < 2; more++) {
        struct replica r;
        struct err err = {0};
        app_sim_copy(p->sim.host, before);
        file_by(p, APP_FIRST);
        app_sim_copy(before, p->sim.host);
        app_sim_stir(&p->sim, 77);
        file_by(p, APP_SECOND);
        for (int i = 0; i < more; i++) {
            file_by(p, APP_SECOND);
        }
        app_sim_enter(&p->sim, APP_FIRST, &r);
        struct held was = held_by(p, &r);
        assert_false(sync_take(&r, &err));
        assert_int_equal(err.code, ERR_VERIFY);
        struct held is = held_by(p, &r);
        same(&was, &is);
        assert_int_equal(is.evidence, 3); /* both of its checkpoints, and the proof made of them */
        replica_close(&r);
        app_sim_back(&p->sim);
    }
}

/* It takes an act and goes on showing what it showed: the act waits, and is noted once. */
static void test_frozen(void **state)
{
    struct place *p = *state;
    struct replica r;
    struct liar l;
    struct err err = {0};
    app_sim_enter(&p->sim, APP_FIRST, &r);
    must(sync_take(&r, &p->err), p);
    deceive(p, &r, &l, LIE_NOTE);
    struct checkpoint cp = head(p, &r);
    says(p, &l, &cp, p->host);
    uint64_t before = proposals(&r);
    assert_false(propose(&r, &err));
    assert_int_equal(err.code, ERR_HOST);
    assert_true(err.mend[0] != 0);
    struct held h = held_by(p, &r);
    assert_int_equal(h.waiting, 1);
    assert_int_equal(h.evidence, 2);
    err = (struct err){0};
    assert_false(propose(&r, &err)); /* nor is a second one begun */
    assert_int_equal(err.code, ERR_HOST);
    h = held_by(p, &r);
    assert_int_equal(h.waiting, 1);
    buf_clear(&l.note);
    struct sync_report report;
    must(sync_replica(&r, &report, &p->err), p);
    h = held_by(p, &r);
    assert_int_equal(h.waiting, 0);
    assert_int_equal(proposals(&r), before + 1);
    replica_close(&r);
}

/* ---- refusals ---- */

static void test_refused_act(void **state)
{
    struct place *p = *state;
    struct replica r;
    struct liar l;
    struct err err = {0};
    app_sim_enter(&p->sim, APP_FIRST, &r);
    must(sync_take(&r, &p->err), p);
    uint64_t before = proposals(&r);
    deceive(p, &r, &l, LIE_REFUSES);
    assert_false(propose(&r, &err));
    assert_int_equal(err.code, ERR_VERIFY);
    assert_non_null(strstr(err.mend, "file it again"));
    assert_int_equal(held_by(p, &r).waiting, 0);
    assert_false(propose(&r, &err)); /* again, with other bytes */
    assert_int_equal(err.code, ERR_VERIFY);
    l.lie = LIE_NONE;
    must(propose(&r, &p->err), p);
    assert_int_equal(proposals(&r), before + 1);

    /* Its disk is no refusal: the same bytes go out later, once. */
    l.lie = LIE_FULL;
    assert_false(propose(&r, &err));
    assert_int_equal(err.code, ERR_IO);
    assert_non_null(strstr(err.mend, "next"));
    assert_int_equal(held_by(p, &r).waiting, 1);
    l.lie = LIE_NONE;
    must(propose(&r, &p->err), p);
    assert_int_equal(proposals(&r), before + 3);
    replica_close(&r);
}

/* ---- copies put back ---- */

static void copy_of(struct place *p, const char *name, char out[static SCRATCH_PATH_MAX])
{
    app_sim_path(&p->sim, name, out);
    app_sim_copy(p->sim.people[APP_FIRST].dir, out);
}

/* Puts the guards as they are now into the copy, which then replaces the folder. */
static void put_back(struct place *p, const char *copy, bool guards_too)
{
    static const char *const names[] = {"guard.seat", "guard.root", "guard.witness"};
    const char *dir = p->sim.people[APP_FIRST].dir;
    for (size_t i = 0; i < COUNT_OF(names) && !guards_too; i++) {
        char from[FILE_PATH_MAX], to[FILE_PATH_MAX];
        struct bytes v;
        struct arena mem = test_arena(65536);
        must(replica_path(dir, names[i], from, &p->err) &&
                 replica_path(copy, names[i], to, &p->err) &&
                 file_read(from, 65536, &mem, &v, &p->err) &&
                 file_replace(to, FILE_SECRET, v, &p->err),
             p);
        test_arena_free(&mem);
    }
    app_sim_copy(copy, dir);
}

static void test_restored(void **state)
{
    struct place *p = *state;
    for (int guards_too = 0; guards_too < 2; guards_too++) {
        char copy[SCRATCH_PATH_MAX];
        struct replica r;
        struct err err = {0};
        struct naming n = {.needed = 1, .count = 1};
        struct buf b;
        copy_of(p, "copy", copy);
        file_by(p, APP_FIRST);
        file_by(p, APP_FIRST);
        put_back(p, copy, guards_too != 0);
        app_sim_stir(&p->sim, 99);
        app_sim_enter(&p->sim, APP_FIRST, &r);
        uint64_t before = proposals(&r);
        uint64_t size = door_size(r.door);
        /* Before it has synchronised it signs nothing, and says so. */
        n.witnesses[0] = keyring_seat(door_keyring(r.door), r.seat)->keys.witness;
        buf_init(&b, CONTROL_BLOB_MAX);
        naming_encode(&n, &b);
        assert_false(envelope_post_control(&r, KEY_ROOT, CONTROL_WITNESSES, buf_bytes(&b), &err));
        assert_int_equal(err.code, ERR_STATE);
        assert_non_null(strstr(err.mend, "synchronise"));
        assert_int_equal(door_size(r.door), size);
        buf_free(&b);
        /* Then it goes on from the log's n. */
        must(propose(&r, &p->err), p);
        assert_int_equal(proposals(&r), before + 3);
        replica_close(&r);
        app_sim_back(&p->sim);
    }
}

/* What was signed is nowhere to be seen: the copy cannot know it, and does not sign its number. */
static void test_restored_alone(void **state)
{
    struct place *p = *state;
    char copy[SCRATCH_PATH_MAX], host[SCRATCH_PATH_MAX];
    struct replica r;
    struct err err = {0};
    copy_of(p, "copy", copy);
    app_sim_path(&p->sim, "before", host);
    app_sim_copy(p->sim.host, host);
    file_by(p, APP_FIRST);
    app_sim_copy(host, p->sim.host);
    put_back(p, copy, false);
    app_sim_stir(&p->sim, 98);
    app_sim_enter(&p->sim, APP_FIRST, &r);
    struct held before = held_by(p, &r);
    for (int i = 0; i < 2; i++) {
        assert_false(propose(&r, &err));
        assert_int_equal(err.code, ERR_STATE);
        assert_non_null(strstr(err.what, "restored copy"));
        assert_non_null(strstr(err.mend, "newest copy"));
    }
    struct held after = held_by(p, &r);
    same(&before, &after);
    replica_close(&r);
}

static void test_two_processes(void **state)
{
    struct place *p = *state;
    struct replica r;
    int ready[2];
    char byte = 0;
    assert_int_equal(pipe(ready), 0);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        struct err err = {0};
        bool ok = replica_open(p->sim.people[APP_FIRST].dir, p->sim.people[APP_FIRST].keys,
                               &p->sim.clock, &p->sim.chance, "first", &r, &err);
        ok = write(ready[1], "x", 1) == 1 && ok;
        clock_pause_ms(150);
        ok = ok && propose(&r, &err);
        replica_close(&r);
        _exit(ok ? 0 : 1);
    }
    assert_int_equal(read(ready[0], &byte, 1), 1);
    app_sim_stir(&p->sim, 97);
    app_sim_enter(&p->sim, APP_FIRST, &r); /* waits for the other */
    uint64_t before = proposals(&r);
    must(propose(&r, &p->err), p);
    assert_int_equal(proposals(&r), before + 1);
    replica_close(&r);
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    assert_int_equal(close(ready[0]), 0);
    assert_int_equal(close(ready[1]), 0);
}

/* ---- what others take for final ---- */

static void test_alarm(void **state)
{
    struct place *p = *state;
    struct replica r;
    struct sync_report report;
    app_sim_round(&p->sim);
    file_by(p, APP_FIRST); /* an honest one alarms nobody */
    app_sim_enter(&p->sim, APP_SECOND, &r);
    must(sync_replica(&r, &report, &p->err), p);
    assert_int_equal(report.alarms, 0);
    assert_int_equal(report.first_alarm, INDEX_NEVER);
    replica_close(&r);

    app_sim_enter(&p->sim, APP_FIRST, &r);
    struct named_choice choices[3];
    struct payload say = app_sim_proposal(choices, 2);
    struct content_item *items;
    size_t n;
    uint64_t index;
    must(sync_take(&r, &p->err), p);
    const struct epoch_state *e = fold_epoch(r.fold, (struct room){.kind = ROOM_PLENARY},
                                             door_size(r.door));
    assert_non_null(e);
    const struct room_key *key = opening_key(&r.openings, e->public_key);
    assert_non_null(key);
    struct room_key now = *key;
    struct content_header h = {.claimed_time = clock_now(&p->sim.clock),
                               .kind = KIND_PROPOSE,
                               .room = text_str("plenary"),
                               .epoch = e->number,
                               .has_state = true};
    must(replica_final_digest(&r, &h.state_size, &h.state_digest, &p->err), p);
    h.state_digest.b[9] ^= 1;
    struct envelope_seal to = {.key = &now};
    must(payload_items(&say, &r.scratch.mem, &items, &n, &p->err) &&
             envelope_post_sealed(&r, &h, items, n, &to, &index, &p->err),
         p);
    replica_close(&r);

    for (int i = 0; i < 2; i++) { /* told once as new, remembered for ever */
        app_sim_enter(&p->sim, APP_SECOND, &r);
        must(sync_replica(&r, &report, &p->err), p);
        assert_int_equal(report.alarms, i == 0 ? 1 : 0);
        assert_int_equal(report.first_alarm, index);
        must(act_counts(&r, index, &p->err), p); /* it stands all the same */
        struct view v = view_of(&r);
        struct buf b;
        buf_init(&b, 65536);
        view_journey(&v, &b);
        assert_non_null(strstr(buf_str(&b), "ALARM"));
        buf_free(&b);
        replica_close(&r);
    }
}

/* ---- */

static int group_setup(void **state)
{
    static struct place p;
    char path[FILE_PATH_MAX];
    struct bytes seed;
    struct arena mem = test_arena(4096);
    app_sim_open(&p.sim);
    file_by(&p, APP_FIRST);
    must(replica_path(p.sim.host, "host.key", path, &p.err) &&
             file_read(path, 4096, &mem, &seed, &p.err) &&
             signer_new(KEY_HOST, seed.p, &p.host, &p.err),
         &p);
    test_arena_free(&mem);
    app_sim_keep(&p.sim);
    *state = &p;
    return 0;
}

static int group_teardown(void **state)
{
    struct place *p = *state;
    signer_free(p->host);
    app_sim_close(&p->sim);
    return 0;
}

static int back(void **state)
{
    struct place *p = *state;
    app_sim_back(&p->sim);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(test_bytes, back),
        cmocka_unit_test_setup(test_heads, back),
        cmocka_unit_test_setup(test_revoked, back),
        cmocka_unit_test_setup(test_forked, back),
        cmocka_unit_test_setup(test_frozen, back),
        cmocka_unit_test_setup(test_refused_act, back),
        cmocka_unit_test_setup(test_restored, back),
        cmocka_unit_test_setup(test_restored_alone, back),
        cmocka_unit_test_setup(test_two_processes, back),
        cmocka_unit_test_setup(test_alarm, back),
    };
    return cmocka_run_group_tests(tests, group_setup, group_teardown);
}
