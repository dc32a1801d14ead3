/* SPDX-License-Identifier: Apache-2.0 */
#include "app/sync.h"

#include "app/accuse.h"
#include "app/envelope.h"
#include "app/succeed.h"
#include "base/switch_off.h"
#include "record/cosign.h"
#include "table/gate.h"

#define DAY_SECONDS 86400u

/* Fewer acts than this are checked sooner than threads wake up. */
#define THREADS_FROM 32u

/* Blobs of one batch are held in memory together: no more than this, but for the last. */
#define FETCH_BYTES ((size_t)64 << 20)

/* ---- taking in ---- */

/* What the newest act of an author says it took for final (FORMAT 10, header field 10). */
struct claim {
    bool given;
    uint64_t index;
    uint64_t size;
    struct digest digest;
};

struct taking {
    struct replica *r;
    bool ours_failed; /* what went wrong is our own: the disk, memory */
    struct claim claims[SEATS_MAX];
};

static void note_claim(struct taking *t, const struct verified_act *va,
                       const struct opened_act *act)
{
    const struct content_header *h = &act->content.header;
    if (act->open && act->how.matches && h->has_state && va->author.seat < SEATS_MAX &&
        va->author.seat != t->r->seat) {
        t->claims[va->author.seat] = (struct claim){
            .given = true, .index = va->index, .size = h->state_size, .digest = h->state_digest};
    }
}

/* An act that the door has just let in: stored, opened once, folded; then what it teaches is learnt:
 * a key only where the fold has found it good. */
static bool take_act(void *ctx, const struct verified_act *va, struct err *err)
{
    struct taking *t = ctx;
    struct replica *r = t->r;
    struct opened_act act = {0};
    struct arena *mem = &r->scratch.mem; /* what is learnt stays in r->memory */
    size_t mark = arena_mark(mem);
    bool ok = store_append(r->store, va, 1, (struct bytes){0}, err);
    if (ok && va->act.control == CONTROL_SEALED && r->keys != NULL) {
        ok = opening_try(&r->openings, door_keyring(r->door), va, va->blob, mem, &act, err) &&
             (!act.open || opening_keep(&r->openings, va->index, &act, err));
    }
    act.how.content = &act.content;
    ok = ok && fold_step(r->fold, va, act.open ? &act.how : NULL, err) &&
         opening_learn(&r->openings, r->fold, va, &act, mem, err) &&
         opening_use_grants(&r->openings, r->door, va, &act, mem, err);
    if (ok) {
        note_claim(t, va, &act);
    }
    arena_rewind(mem, mark);
    t->ours_failed = !ok;
    return ok;
}

/* Bytes of the host that are not what they should be: it does not verify, whatever the form of it
 * is.  Always false. */
static bool host_lied(struct err *err)
{
    if (err->code == ERR_FORMAT || err->code == ERR_LIMIT || err->code == ERR_RULE) {
        err->code = ERR_VERIFY;
    }
    return err_mend(
        err, "nothing of it was taken in; synchronise again, and if it stays so, ask another "
             "side for its record (entente bundle out) and lay it beside yours: entente "
             "compare");
}

static bool fetch_blob(struct replica *r, const struct act *a, uint64_t index, struct buf *blob,
                       struct err *err)
{
    buf_clear(blob);
    if (r->link.blob(r->link.ctx, &a->blob, blob, err) &&
        buf_done(blob, "the content of an act", err)) {
        return true;
    }
    if (err->code == ERR_STATE) {
        err->code = ERR_HOST; /* it noted the act and does not have what it says */
    }
    return err_at(err, "the content of act %llu", (unsigned long long)index);
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
    size_t held = 0;
    bool ok = r->link.entries(r->link.ctx, from, want, &bundle, &got, err) &&
              (buf_done(&bundle, "acts of the host", err) || host_lied(err));
    struct bytes rest = arena_copy(mem, buf_bytes(&bundle));
    *count = 0;
    while (ok && rest.n > 0 && *count < want && held < FETCH_BYTES) {
        struct door_item *item = &items[*count];
        struct act a;
        if (!tile_entry_next(&rest, &item->envelope)) {
            ok = err_set(err, ERR_VERIFY, "the host sent acts that are cut short") ||
                 host_lied(err);
            break;
        }
        ok = (act_decode(item->envelope, &a, err) || host_lied(err)) &&
             fetch_blob(r, &a, from + *count, &blob, err);
        item->blob = ok ? arena_copy(mem, buf_bytes(&blob)) : (struct bytes){0};
        ok = ok && (!mem->failed || err_memory(err, "acts of the host"));
        held += item->blob.n;
        *count += 1;
    }
    ok = ok && (*count > 0 || err_set(err, ERR_HOST, "the host sent no acts that it says it has"));
    buf_free(&bundle);
    buf_free(&blob);
    return ok;
}

/* Takes in acts up to the checkpoint, then asks whether the tree is the one it signs. */
static bool take_up_to(struct replica *r, struct taking *t, struct bytes note, uint64_t size,
                       struct err *err)
{
    struct door_workers w = {.run = pool_run, .ctx = r->pool};
    struct checkpoint cp;
    while (door_size(r->door) < size) {
        size_t mark = arena_mark(&r->scratch.mem);
        struct door_item *items = ARENA_NEW(&r->scratch.mem, struct door_item, HOST_ENTRIES_MAX);
        size_t count = 0;
        if (items == NULL) {
            return err_memory(err, "acts of the host");
        }
        if (!fetch(r, size, items, &count, err)) {
            return false;
        }
        if (!door_admit_all(r->door, DOOR_CHECK, items, count, count < THREADS_FROM ? NULL : &w,
                            &r->scratch.mem, take_act, t, err)) {
            return t->ours_failed ? false : host_lied(err);
        }
        arena_rewind(&r->scratch.mem, mark);
    }
    if (!door_checkpoint(r->door, note, &cp, err)) {
        return host_lied(err);
    }
    return store_append(r->store, NULL, 0, note, err) &&
           (!r->openings.news || store_meta_put(r->store, REPLICA_REOPEN, bytes_str("1"), err));
}

/* Opens what was closed and is under a key that we have learnt since. */
static bool open_closed(struct replica *r, bool *out_any, struct err *err)
{
    struct arena *mem = &r->scratch.mem;
    struct openings *o = &r->openings;
    const struct keyring *ring = door_keyring(r->door);
    uint64_t size = door_size(r->door);
    bool ok = true;
    *out_any = false;
    for (uint64_t i = 0; ok && i < size; i++) {
        struct verified_act va = {.index = i, .leaf = door_leaf(r->door, i)};
        struct opened_act act;
        struct bytes blob;
        ok = replica_act(r, i, mem, &va.act, &act, err);
        if (ok && va.act.control == CONTROL_SEALED && !act.open && !ID_IS_ZERO(va.act.tag)) {
            ok = keyring_author(ring, i, &va.act.kid, &va.author, err);
            if (ok && opening_knows(o, &va)) {
                ok = store_read_blob(r->store, &va.act.blob, mem, &blob, err) &&
                     opening_try(o, ring, &va, blob, mem, &act, err) &&
                     (!act.open || opening_keep(o, i, &act, err)) &&
                     opening_use_grants(o, r->door, &va, &act, mem, err);
                *out_any = *out_any || act.open;
            }
        }
        arena_wipe(mem);
    }
    return ok;
}

/* An older act has opened: the fold made anew may find other epochs good, their keys open other
 * acts, and so on, until a fold has read all that there is to read. */
static bool reopen(struct replica *r, struct err *err)
{
    bool more = true;
    bool ok = true;
    while (ok && more) {
        r->openings.news = false;
        ok = replica_refold(r, err) && open_closed(r, &more, err);
        more = more || r->openings.news;
    }
    return ok && store_meta_put(r->store, REPLICA_REOPEN, (struct bytes){0}, err);
}

/* Undoes what a transaction and the handle have taken in. */
static bool undo(struct replica *r)
{
    struct err untold = {0}; /* beside a failure that is told already */
    store_rollback(r->store);
    arena_wipe(&r->scratch.mem);
    bool back = replica_reload(r, &untold);
    (void)back; /* else the handle says so when it is used again */
    return false;
}

static bool reopen_waiting(struct replica *r, struct err *err)
{
    if (!r->openings.news) {
        return true;
    }
    return (store_begin(r->store, err) && reopen(r, err) && store_commit(r->store, err)) || undo(r);
}

/* ---- what contradicts ---- */

/* Has a host of this table signed it?  What nobody has signed is no evidence of anything. */
static bool is_signed(const struct replica *r, struct bytes raw)
{
    struct note note;
    struct checkpoint cp;
    struct err untold = {0};
    const struct keyring *ring = door_keyring(r->door);
    return keyring_found(ring) != NULL && note_decode(raw, &note, &untold) &&
           checkpoint_parse(note.body, &cp, &untold) && ID_EQ(cp.table, r->table) &&
           cp.term < keyring_terms(ring) &&
           checkpoint_host_line(&note, &cp, &keyring_term(ring, cp.term)->host);
}

/* Both of them: what the host shows now, and what it had shown.  Beside a failure that is told
 * already: one more, of the disk, has nothing to add. */
static void keep_evidence(struct replica *r, struct bytes note)
{
    struct err untold = {0};
    struct bytes before = {0};
    if (is_signed(r, note)) {
        bool kept = store_note(r->store, &r->scratch.mem, &before, &untold) &&
                    (before.n == 0 || store_evidence_put(r->store, before, &untold)) &&
                    store_evidence_put(r->store, note, &untold);
        (void)kept;
        accuse_host(r, note);
        arena_wipe(&r->scratch.mem);
    }
}

void sync_promise(struct replica *r, struct bytes note)
{
    buf_clear(&r->promise);
    buf_add(&r->promise, note);
}

bool sync_hidden(struct replica *r, struct err *err)
{
    keep_evidence(r, buf_bytes(&r->promise));
    return err_set(err, ERR_HOST, "the host took the act and does not show it") ||
           err_mend(err, "the act is kept; synchronise later, and if the host still hides it, tell "
                         "the other sides: it may be holding acts back");
}

/* No more acts than we hold: the same tree, or an older one, or another. */
static bool take_head(struct replica *r, struct bytes note, struct err *err)
{
    struct checkpoint cp;
    struct bytes before = {0};
    uint64_t size = door_size(r->door);
    if (!door_checkpoint(r->door, note, &cp, err)) {
        keep_evidence(r, note);
        return host_lied(err);
    }
    if (CHECK_ON(HEAD_BACK) && cp.size < size) {
        keep_evidence(r, note);
        return err_set(err, ERR_VERIFY,
                       "the host now shows %llu acts, where it had shown %llu: it has gone back",
                       (unsigned long long)cp.size, (unsigned long long)size) ||
               err_mend(err, "trust no act that it notes from now on; tell the other sides, and "
                             "lay your records side by side: entente compare");
    }
    bool ok = store_note(r->store, &r->scratch.mem, &before, err);
    bool same = ok && bytes_eq(before, note);
    arena_wipe(&r->scratch.mem);
    return ok && (same || store_append(r->store, NULL, 0, note, err));
}

static bool take_more(struct replica *r, struct taking *t, struct bytes note, uint64_t size,
                      struct err *err)
{
    if (!store_begin(r->store, err)) {
        return false;
    }
    bool ok = take_up_to(r, t, note, size, err) && store_commit(r->store, err);
    arena_wipe(&r->scratch.mem);
    if (!ok) {
        (void)undo(r); /* false, as we are about to say */
        if (err->code == ERR_VERIFY) {
            keep_evidence(r, note);
        }
    }
    return ok;
}

/* What others took for final, beside what it is here (FORMAT 10): a wrong build is found before it
 * matters.  Never a refusal: the record stands. */
static bool look_at_claims(struct replica *r, const struct taking *t, struct err *err)
{
    uint64_t final = witness_final(door_witness(r->door), door_size(r->door));
    uint64_t known = INDEX_NEVER; /* the size whose digest is ours */
    struct digest ours;
    for (uint32_t i = 0; i < SEATS_MAX && replica_has_charter(r); i++) {
        const struct claim *c = &t->claims[i];
        if (!c->given || c->size > final) {
            continue;
        }
        if (c->size != known && !replica_digest_without(r, c->size, INDEX_NEVER, &ours, err)) {
            return false;
        }
        known = c->size;
        if (ID_EQ(ours, c->digest)) {
            continue;
        }
        r->alarms++;
        if (r->alarm_first == INDEX_NEVER) {
            char text[24];
            struct buf b;
            buf_over(&b, text, sizeof(text));
            buf_printf(&b, "%llu", (unsigned long long)c->index);
            if (!store_meta_put(r->store, REPLICA_ALARM, buf_bytes(&b), err)) {
                return false;
            }
            r->alarm_first = c->index;
        }
    }
    return true;
}

/* A checkpoint of another host than the record here knows: the table has moved there, as the acts
 * will show, or nothing of it is taken. */
static bool take_moved(struct replica *r, struct taking *t, struct bytes note,
                       const struct checkpoint *cp, struct err *err)
{
    if (!store_begin(r->store, err)) {
        return false;
    }
    bool ok = succeed_cut(r, cp, err) && take_up_to(r, t, note, cp->size, err) &&
              store_commit(r->store, err);
    arena_wipe(&r->scratch.mem);
    if (!ok) {
        r->moved = false;
    }
    return ok || undo(r);
}

static bool take(struct replica *r, struct taking *t, struct bytes note, struct err *err)
{
    struct note parts;
    struct checkpoint cp;
    if (!note_decode(note, &parts, err) || !checkpoint_parse(parts.body, &cp, err)) {
        return host_lied(err);
    }
    if (!ID_EQ(cp.table, r->table)) {
        return err_set(err, ERR_VERIFY, "the host shows a checkpoint of another table") ||
               host_lied(err);
    }
    if (succeed_due(r, &parts, &cp)) {
        return take_moved(r, t, note, &cp, err);
    }
    if (cp.size > door_size(r->door) || door_size(r->door) == 0) {
        return take_more(r, t, note, cp.size, err);
    }
    return take_head(r, note, err);
}

/* The host shows a record to nobody whom it does not find in it. */
static bool ask_note(struct replica *r, struct buf *note, struct err *err)
{
    if (r->link.checkpoint(r->link.ctx, note, err)) {
        return true;
    }
    if (err->code == ERR_VERIFY && succeed_elsewhere(r)) {
        *err = (struct err){0};
        return err_set(err, ERR_STATE,
                       "the new host does not know this seat: it was admitted behind what came "
                       "along") ||
               err_mend(err, "once its principal has synchronised there, which admits it again, "
                             "synchronise again");
    }
    if (r->seat != SEAT_NONE || err->code != ERR_VERIFY) {
        return false;
    }
    *err = (struct err){0};
    return err_set(err, ERR_STATE, "this seat has not been admitted to the table yet") ||
           err_mend(err, "give your slip to whoever invited you; once it is admitted, synchronise "
                         "again");
}

bool sync_take(struct replica *r, struct err *err)
{
    struct buf note;
    struct taking t = {.r = r};
    if (r->spoiled) {
        return err_set(err, ERR_STATE, "what this program holds is no longer what is stored") ||
               err_mend(err, "end it and start again");
    }
    buf_init(&note, NOTE_BYTES_MAX);
    bool ok = replica_link(r, err) && ask_note(r, &note, err) &&
              take(r, &t, buf_bytes(&note), err) && reopen_waiting(r, err);
    buf_free(&note);
    if (!r->spoiled) {
        replica_find_self(r);
    }
    r->synced = r->synced || ok;
    return ok && look_at_claims(r, &t, err);
}

bool sync_instead(struct replica *r, struct bytes note, struct err *err)
{
    struct note parts;
    struct checkpoint cp;
    struct taking t = {.r = r};
    if (!note_decode(note, &parts, err) || !checkpoint_parse(parts.body, &cp, err)) {
        return host_lied(err);
    }
    keep_evidence(r, note); /* while both records are at hand */
    bool ok = take_moved(r, &t, note, &cp, err) && reopen_waiting(r, err);
    r->synced = false; /* this host is not the one that we go on with */
    return ok;
}

bool sync_founding(struct replica *r, struct bytes envelope, struct bytes founding, struct err *err)
{
    struct verified_act va;
    struct taking t = {.r = r};
    bool ok = store_begin(r->store, err) &&
              door_admit(r->door, DOOR_CHECK, envelope, founding, &va, err) &&
              take_act(&t, &va, err) && store_commit(r->store, err);
    r->synced = r->synced || ok; /* nobody else can have gone on with a table just made */
    return ok || undo(r);
}

/* ---- what waits ---- */

/* One act of the outbox, out of the scratch: what is done with it may wipe that. */
struct waiting {
    uint64_t skip;
    bool found;
    struct buf envelope;
    struct buf blob;
};

static bool pick(void *ctx, uint64_t index, struct bytes envelope, struct bytes blob,
                 struct err *err)
{
    struct waiting *w = ctx;
    if (w->found || index < w->skip) {
        return true;
    }
    w->found = true;
    buf_add(&w->envelope, envelope);
    buf_add(&w->blob, blob);
    return buf_done(&w->envelope, "an act that waits", err) &&
           buf_done(&w->blob, "an act that waits", err);
}

static bool drop(struct replica *r, const struct act *a, struct err *err)
{
    return store_outbox_drop(r->store, &a->kid, a->term, a->n, err);
}

/* One act that waits: sent, or found noted and dropped; *out_stays: it is still in the outbox. */
static bool settle_one(struct replica *r, struct waiting *w, bool sent, bool *out_stays,
                       uint64_t *out_posted, struct err *err)
{
    struct act a;
    const struct door_item item = {buf_bytes(&w->envelope), buf_bytes(&w->blob)};
    *out_stays = false;
    if (!act_decode(item.envelope, &a, err)) {
        return false;
    }
    switch (envelope_place(r, &a)) {
    case ENVELOPE_NOTED:
        return drop(r, &a, err);
    case ENVELOPE_OVERTAKEN:
        return drop(r, &a, err) &&
               (err_set(err, ERR_STATE,
                        "an act that waited to be sent cannot be noted any more: the record has "
                        "gone on without it") ||
                err_mend(err, "look where the table stands; file it again if it is still wanted"));
    case ENVELOPE_WAITS:
        break;
    }
    if (sent) {
        return sync_hidden(r, err);
    }
    *out_stays = true;
    *out_posted += 1;
    return envelope_deliver(r, &item, err);
}

static bool walk_outbox(struct replica *r, bool sent, uint64_t *out_posted, struct err *err)
{
    bool ok = true;
    bool more = true;
    for (uint64_t at = 0; ok && more;) {
        struct waiting w = {.skip = at};
        bool stays = false;
        buf_init(&w.envelope, ENVELOPE_MAX);
        buf_init(&w.blob, BLOB_LIMIT_MOST);
        ok = store_outbox_each(r->store, pick, &w, err) &&
             (!w.found || settle_one(r, &w, sent, &stays, out_posted, err));
        more = w.found;
        at += stays ? 1 : 0;
        buf_free(&w.envelope);
        buf_free(&w.blob);
    }
    return ok;
}

bool sync_outbox(struct replica *r, uint64_t *out_posted, struct err *err)
{
    uint64_t posted = 0;
    if (!walk_outbox(r, false, &posted, err)) {
        return false;
    }
    *out_posted += posted;
    return posted == 0 || (sync_take(r, err) && walk_outbox(r, true, &posted, err));
}

bool sync_settle(struct replica *r, struct err *err)
{
    uint64_t posted = 0;
    return sync_take(r, err) && sync_outbox(r, &posted, err);
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
        const struct gate_view asked = {s, log, size, size};
        struct moment quiet = gate_quiet_since(&asked, i);
        for (uint32_t k = 0; k < p->condition_count && quiet.known; k++) {
            if (p->conditions[k].kind == CONDITION_QUIET &&
                between(last, quiet.seconds + p->conditions[k].seconds, now)) {
                return true;
            }
        }
        struct deadline d = standing_deadline(s, log, i, size);
        if (!d.none && d.known && between(last, d.seconds + 1, now)) {
            return true;
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
    ok = ok && (!CHECK_ON(WITNESS_GUARD) || guard_advance(&g, &state, &next, err)) &&
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
    bool leaving = false;
    if (w == WITNESS_NONE) {
        return true;
    }
    if (!succeed_signed(r, &leaving, err) || leaving) {
        return leaving;
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
    uint64_t alarms = r->alarms;
    r->moved = false;
    r->given_up = 0;
    if (!sync_take(r, err) || !sync_outbox(r, &report.posted, err) ||
        !sync_countersign(r, &report.countersigned, err)) {
        return false;
    }
    report.before -= r->given_up;
    report.alarms = r->alarms - alarms;
    report.first_alarm = r->alarm_first;
    report.after = door_size(r->door);
    report.final = witness_final(door_witness(r->door), report.after);
    *out = report;
    return true;
}
