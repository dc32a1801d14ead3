/* SPDX-License-Identifier: Apache-2.0 */
#include "app/sync.h"

#include "app/envelope.h"
#include "record/cosign.h"
#include "table/gate.h"

#define DAY_SECONDS 86400u

/* Fewer acts than this are checked sooner than threads wake up. */
#define THREADS_FROM 32u

/* ---- taking in ---- */

struct taking {
    struct replica *r;
};

/* An act that the door has just let in: stored, opened once, folded. */
static bool take_act(void *ctx, const struct verified_act *va, struct err *err)
{
    struct replica *r = ((struct taking *)ctx)->r;
    struct opened_act act = {0};
    struct arena *mem = &r->scratch.mem; /* what is learnt stays in r->memory */
    size_t mark = arena_mark(mem);
    bool ok = store_append(r->store, va, 1, (struct bytes){0}, err);
    if (ok && va->act.control == CONTROL_SEALED && r->keys != NULL) {
        ok = opening_try(&r->openings, va, va->blob, mem, &act, err) &&
             (!act.open || (opening_keep(&r->openings, va->index, &act, err) &&
                            opening_learn(&r->openings, va, &act, mem, err)));
    }
    act.how.content = &act.content;
    ok = ok && fold_step(r->fold, va, act.open ? &act.how : NULL, err);
    arena_rewind(mem, mark);
    return ok;
}

/* Fetches one batch of envelopes and the blobs that we lack. */
static bool fetch(struct replica *r, uint64_t to, struct door_item *items, size_t *count,
                  struct err *err)
{
    struct arena *mem = &r->scratch.mem;
    uint64_t from = door_size(r->door);
    uint64_t want = to - from < HOST_ENTRIES_MAX ? to - from : HOST_ENTRIES_MAX;
    struct buf bundle, blob;
    buf_init(&bundle, (size_t)HOST_ENTRIES_MAX * (ENVELOPE_MAX + 2));
    buf_init(&blob, BLOB_LIMIT_MOST);
    uint64_t got = 0;
    bool ok = r->link.entries(r->link.ctx, from, want, &bundle, &got, err);
    struct bytes rest = arena_copy(mem, buf_bytes(&bundle));
    *count = 0;
    while (ok && rest.n > 0 && *count < want) {
        struct door_item *item = &items[*count];
        struct act a;
        if (!tile_entry_next(&rest, &item->envelope)) {
            ok = err_set(err, ERR_VERIFY, "the host sent acts that are cut short");
            break;
        }
        buf_clear(&blob);
        ok = act_decode(item->envelope, &a, err) &&
             (r->link.blob(r->link.ctx, &a.blob, &blob, err) ||
              err_at(err, "the content of act %llu", (unsigned long long)(from + *count)));
        item->blob = ok ? arena_copy(mem, buf_bytes(&blob)) : (struct bytes){0};
        ok = ok && (!mem->failed || err_memory(err, "acts of the host"));
        *count += 1;
    }
    ok = ok && (*count > 0 || err_set(err, ERR_HOST, "the host sent no acts that it says it has"));
    buf_free(&bundle);
    buf_free(&blob);
    return ok;
}

/* Takes in acts up to the checkpoint, then asks whether the tree is the one it signs. */
static bool take_up_to(struct replica *r, struct bytes note, uint64_t size, struct err *err)
{
    struct door_workers w = {.run = pool_run, .ctx = r->pool};
    struct taking t = {r};
    struct checkpoint cp;
    while (door_size(r->door) < size) {
        size_t mark = arena_mark(&r->scratch.mem);
        struct door_item *items = ARENA_NEW(&r->scratch.mem, struct door_item, HOST_ENTRIES_MAX);
        size_t count = 0;
        if (items == NULL) {
            return err_memory(err, "acts of the host");
        }
        if (!fetch(r, size, items, &count, err) ||
            !door_admit_all(r->door, DOOR_CHECK, items, count, count < THREADS_FROM ? NULL : &w,
                            &r->scratch.mem, take_act, &t, err)) {
            return false;
        }
        arena_rewind(&r->scratch.mem, mark);
    }
    return door_checkpoint(r->door, note, &cp, err) && store_append(r->store, NULL, 0, note, err);
}

/* Acts that were passed over may open with keys that came later. */
static bool reopen(struct replica *r, struct err *err)
{
    struct arena *mem = &r->scratch.mem;
    uint64_t size = door_size(r->door);
    bool ok = true;
    while (ok && r->openings.news) {
        r->openings.news = false;
        for (uint64_t i = 0; ok && i < size; i++) {
            struct verified_act va = {.index = i, .leaf = door_leaf(r->door, i)};
            struct opened_act act;
            struct bytes blob;
            ok = replica_act(r, i, mem, &va.act, &act, err);
            if (ok && va.act.control == CONTROL_SEALED && !act.open) {
                ok = keyring_author(door_keyring(r->door), i, &va.act.kid, &va.author, err) &&
                     store_read_blob(r->store, &va.act.blob, mem, &blob, err) &&
                     opening_try(&r->openings, &va, blob, mem, &act, err) &&
                     (!act.open || (opening_keep(&r->openings, i, &act, err) &&
                                    opening_learn(&r->openings, &va, &act, mem, err)));
            }
            arena_wipe(mem);
        }
    }
    return ok && replica_refold(r, err);
}

/* Beside a failure that is told already: one more, of the disk, has nothing to add. */
static void keep_evidence(struct replica *r, struct bytes note)
{
    struct err untold = {0};
    bool kept = store_evidence_put(r->store, note, &untold);
    (void)kept;
}

bool sync_take(struct replica *r, struct err *err)
{
    struct buf note;
    struct note parts;
    struct checkpoint cp = {0};
    buf_init(&note, NOTE_BYTES_MAX);
    bool ok = replica_link(r, err) && r->link.checkpoint(r->link.ctx, &note, err) &&
              note_decode(buf_bytes(&note), &parts, err) && checkpoint_parse(parts.body, &cp, err);
    if (ok && cp.size < door_size(r->door)) {
        keep_evidence(r, buf_bytes(&note));
        ok = err_set(err, ERR_VERIFY,
                     "the host now shows %llu acts, where it had shown %llu: it has gone back",
                     (unsigned long long)cp.size, (unsigned long long)door_size(r->door)) ||
             err_mend(err, "trust no act that it notes from now on; tell the other sides, and "
                           "compare checkpoints with them");
    }
    if (ok && (cp.size > door_size(r->door) || door_size(r->door) == 0)) {
        ok = store_begin(r->store, err) && take_up_to(r, buf_bytes(&note), cp.size, err) &&
             store_commit(r->store, err);
        arena_wipe(&r->scratch.mem);
        if (!ok) {
            store_rollback(r->store);
            if (err->code == ERR_VERIFY) {
                keep_evidence(r, buf_bytes(&note));
            }
        }
        if (ok && r->openings.news) {
            ok = store_begin(r->store, err) && reopen(r, err) && store_commit(r->store, err);
        }
    } else if (ok) {
        ok = door_checkpoint(r->door, buf_bytes(&note), &cp, err) &&
             store_append(r->store, NULL, 0, buf_bytes(&note), err);
    }
    buf_free(&note);
    replica_find_self(r);
    return ok;
}

bool sync_founding(struct replica *r, struct bytes envelope, struct bytes founding, struct err *err)
{
    struct verified_act va;
    struct taking t = {r};
    bool ok = store_begin(r->store, err) &&
              door_admit(r->door, DOOR_CHECK, envelope, founding, &va, err) &&
              take_act(&t, &va, err) && store_commit(r->store, err);
    if (!ok) {
        store_rollback(r->store);
    }
    return ok;
}

/* ---- what waits ---- */

struct waiting {
    struct replica *r;
    struct door_item *items;
    size_t count;
    size_t max;
};

static bool collect(void *ctx, uint64_t index, struct bytes envelope, struct bytes blob,
                    struct err *err)
{
    struct waiting *w = ctx;
    (void)index;
    if (w->count >= w->max) {
        return true; /* the rest next time */
    }
    struct door_item *item = &w->items[w->count++];
    item->envelope = arena_copy(&w->r->scratch.mem, envelope);
    item->blob = arena_copy(&w->r->scratch.mem, blob);
    return !w->r->scratch.mem.failed || err_memory(err, "acts that wait");
}

/* Is it in the record?  Its author's chain has then gone beyond its n. */
static bool is_noted(const struct replica *r, const struct act *a)
{
    struct ring_author author;
    struct err ignored = {0};
    uint64_t size = door_size(r->door);
    return a->term < door_term(r->door) ||
           (keyring_author(door_keyring(r->door), size, &a->kid, &author, &ignored) &&
            door_chain(r->door, &author).n > a->n);
}

#define OUTBOX_BATCH 256u

bool sync_outbox(struct replica *r, uint64_t *out_posted, struct err *err)
{
    struct arena *mem = &r->scratch.mem;
    struct waiting w = {.r = r, .max = OUTBOX_BATCH};
    w.items = ARENA_NEW(mem, struct door_item, OUTBOX_BATCH);
    if (w.items == NULL) {
        return err_memory(err, "acts that wait");
    }
    bool ok = store_outbox_each(r->store, collect, &w, err);
    for (size_t i = 0; ok && i < w.count; i++) {
        struct act a;
        struct buf note;
        uint64_t index = 0;
        size_t noted = 0;
        buf_init(&note, NOTE_BYTES_MAX);
        ok = act_decode(w.items[i].envelope, &a, err);
        if (ok && !is_noted(r, &a)) {
            ok = replica_link(r, err) &&
                 r->link.post(r->link.ctx, &w.items[i], 1, &index, &noted, &note, err);
            *out_posted += ok ? 1 : 0;
        }
        buf_free(&note);
        ok = ok && store_outbox_drop(r->store, &a.kid, a.term, a.n, err);
    }
    arena_wipe(mem);
    return ok;
}

/* ---- countersigning ---- */

struct looking {
    bool found;
};

static bool look(void *ctx, uint64_t index, struct bytes envelope, struct bytes blob,
                 struct err *err)
{
    struct act a;
    (void)index;
    (void)blob;
    if (!act_decode(envelope, &a, err)) {
        return false;
    }
    if (a.control != CONTROL_COUNTERSIGN) {
        ((struct looking *)ctx)->found = true;
    }
    return true;
}

static bool between(uint64_t after, uint64_t moment, uint64_t now)
{
    return moment > after && moment <= now;
}

/* Has a moment passed, since we last said what time it is, that something at the table waits for? */
static bool moment_passed(const struct replica *r, uint64_t last, uint64_t now)
{
    const struct table_state *s = fold_state(r->fold);
    const struct witness_log *log = door_witness(r->door);
    uint64_t size = door_size(r->door);
    if (now >= last + DAY_SECONDS) {
        return true;
    }
    if (!s->has_charter || !state_in_force(s)) {
        return false;
    }
    for (uint32_t i = 0; i < s->charter.deed_count; i++) {
        if (s->deeds[i].promised && between(last, s->deeds[i].due + 1, now)) {
            return true;
        }
    }
    for (uint32_t i = 0; i < s->mandate_count; i++) {
        if (between(last, s->mandates[i].expires + 1, now)) {
            return true;
        }
    }
    for (uint32_t i = 0; i < s->charter.phase_count; i++) {
        const struct charter_phase *p = &s->charter.phases[i];
        struct moment quiet = gate_quiet_since(s, i);
        for (uint32_t k = 0; k < p->condition_count && quiet.known; k++) {
            if (p->conditions[k].kind == CONDITION_QUIET &&
                between(last, quiet.seconds + p->conditions[k].seconds, now)) {
                return true;
            }
        }
        if (p->deadline_seconds > 0 && phase_open(s, i)) {
            struct moment t = witness_t(log, s->phase_opened_at[i], size);
            if (t.known && between(last, t.seconds + p->deadline_seconds + 1, now)) {
                return true;
            }
        }
    }
    return false;
}

/* A verdict stands in the state by countersign acts that nobody has countersigned yet. */
static bool verdict_waits(const struct replica *r, uint64_t size)
{
    const struct table_state *s = fold_state(r->fold);
    for (uint32_t i = 0; i < s->proposal_count; i++) {
        const struct proposal_state *p = &s->proposals[i];
        if ((p->agreed_at != INDEX_NEVER && p->agreed_at > size) ||
            (p->bound_at != INDEX_NEVER && p->bound_at > size)) {
            return true;
        }
    }
    return false;
}

/* This seat's number as a witness in force, or WITNESS_NONE. */
static uint32_t my_witness(const struct replica *r)
{
    const struct keyring *ring = door_keyring(r->door);
    uint64_t size = door_size(r->door);
    if (r->seat == SEAT_NONE || !ring_seat_active(keyring_seat(ring, r->seat), size)) {
        return WITNESS_NONE;
    }
    uint32_t w = keyring_seat(ring, r->seat)->witness;
    const struct ring_naming *n = keyring_naming(ring, r->side, size);
    for (uint32_t i = 0; n != NULL && i < n->count; i++) {
        if (n->witnesses[i] == w) {
            return w;
        }
    }
    return WITNESS_NONE;
}

/* Persists what is about to be signed, signs, posts. */
static bool countersign(struct replica *r, uint32_t witness, uint64_t now, struct err *err)
{
    struct guard g = GUARD_CLOSED;
    struct guard_state state;
    struct buf blob;
    struct bytes note = {0};
    char path[FILE_PATH_MAX];
    uint64_t size = door_size(r->door);
    const struct signer *signer = keys_signer(r->keys, KEY_WITNESS);
    buf_init(&blob, COUNTERSIGN_BLOB_MAX);
    if (signer == NULL) {
        return err_set(err, ERR_KEY, "this key file has no witness key");
    }
    struct kid kid = signer_kid(signer);
    bool ok = replica_path(r->dir, "guard.witness", path, err) &&
              guard_open(path, GUARD_WITNESS, &kid, &g, err) && guard_read(&g, &state, err);
    struct guard_state next = {
        .term = door_term(r->door), .number = size, .time = now, .root = door_root(r->door, size)};
    ok = ok && guard_advance(&g, &state, &next, err) &&
         store_note(r->store, &r->scratch.mem, &note, err) &&
         countersign_make(note, &r->table, witness, now, signer, &blob, err) &&
         envelope_post_control(r, KEY_SEAT, CONTROL_COUNTERSIGN, buf_bytes(&blob), err);
    guard_close(&g);
    buf_free(&blob);
    return ok;
}

bool sync_countersign(struct replica *r, bool *out_did, struct err *err)
{
    *out_did = false;
    uint32_t w = my_witness(r);
    if (w == WITNESS_NONE) {
        return true;
    }
    uint64_t size = door_size(r->door);
    uint64_t now = clock_now(r->clock);
    struct countersigned last = {0};
    bool any = witness_last(door_witness(r->door), w, size, &last);
    if (any && now < last.time) {
        return err_set(err, ERR_STATE,
                       "this machine's clock is behind what it countersigned last") ||
               err_mend(err, "set the clock right; times never go back in a record");
    }
    struct looking l = {0};
    if (!store_each(r->store, any ? last.size : 0, size, STORE_BLOBS_NONE, look, &l, err)) {
        return false;
    }
    bool due = l.found ||
               (any && (moment_passed(r, last.time, now) || verdict_waits(r, last.size)));
    if (!due) {
        return true;
    }
    *out_did = true;
    return countersign(r, w, now, err);
}

bool sync_replica(struct replica *r, struct sync_report *out, struct err *err)
{
    struct sync_report report = {.before = door_size(r->door)};
    if (!sync_take(r, err) || !sync_outbox(r, &report.posted, err)) {
        return false;
    }
    if (report.posted > 0 && !sync_take(r, err)) {
        return false;
    }
    if (!sync_countersign(r, &report.countersigned, err)) {
        return false;
    }
    report.after = door_size(r->door);
    report.final = witness_final(door_witness(r->door), report.after);
    *out = report;
    return true;
}
