/* SPDX-License-Identifier: Apache-2.0 */
#include "app/succeed.h"

#include "app/succeed_priv.h"
#include "base/fixed.h"
#include "record/tile.h"
#include "record/token.h"

#define FLOOR_NAME "floor" /* in decimal: nothing below it is ever given up */
#define BATCH_BYTES ((size_t)64 << 20)

/* ---- what stays ---- */

static bool floor_of(struct replica *r, uint64_t *out, struct err *err)
{
    struct bytes v = {0};
    uint64_t kept = 0;
    if (!replica_value(r, FLOOR_NAME, &r->memory.mem, &v, err)) {
        return false;
    }
    if (v.n > 0 && !u64_parse((struct text){.p = (const char *)v.p, .n = v.n}, &kept)) {
        return err_set(err, ERR_FORMAT, "the replica in %s is damaged: no floor", r->dir);
    }
    uint64_t final = witness_final(door_witness(r->door), door_size(r->door));
    *out = final > kept ? final : kept;
    return true;
}

static bool floor_put(struct replica *r, uint64_t floor, struct err *err)
{
    char text[24];
    struct buf b;
    buf_over(&b, text, sizeof(text));
    buf_printf(&b, "%llu", (unsigned long long)floor);
    return store_meta_put(r->store, FLOOR_NAME, buf_bytes(&b), err);
}

/* What this side's witnesses have countersigned of this record, as far as the record and this machine
 * know (a host may hide it from the others): no w may lie below it.  What anybody's have: the w to
 * begin with. */
static bool reach_of(struct replica *r, uint64_t *out, uint64_t *out_all, struct err *err)
{
    const struct keyring *ring = door_keyring(r->door);
    uint64_t size = door_size(r->door);
    if (!floor_of(r, out, err)) {
        return false;
    }
    *out_all = *out;
    for (uint32_t w = 0; w < keyring_witnesses(ring, size); w++) {
        struct countersigned last = {0};
        bool ours = keyring_seat(ring, keyring_witness(ring, w)->seat)->side == r->side;
        if (witness_last(door_witness(r->door), w, size, &last)) {
            *out_all = last.size > *out_all ? last.size : *out_all;
            *out = ours && last.size > *out ? last.size : *out;
        }
    }
    const struct signer *witness = keys_signer(r->keys, KEY_WITNESS);
    char path[FILE_PATH_MAX];
    struct guard g = GUARD_CLOSED;
    struct guard_state state = {0};
    if (witness == NULL) {
        return true;
    }
    struct kid kid = signer_kid(witness);
    bool ok = replica_path(r->dir, "guard.witness", path, err) &&
              guard_open(path, GUARD_WITNESS, &kid, &g, err) && guard_read(&g, &state, err);
    guard_close(&g);
    if (ok && state.number > *out && state.number <= size) {
        struct root_hash there = door_root(r->door, state.number);
        *out = ID_EQ(there, state.root) ? state.number : *out;
    }
    *out_all = *out > *out_all ? *out : *out_all;
    return ok;
}

bool succeed_signed(struct replica *r, bool *out, struct err *err)
{
    const struct signer *root = r->keys == NULL ? NULL : keys_signer(r->keys, KEY_ROOT);
    char path[FILE_PATH_MAX];
    struct guard g = GUARD_CLOSED;
    struct guard_state state = {0};
    *out = false;
    if (root == NULL) {
        return true;
    }
    struct kid kid = signer_kid(root);
    bool ok = replica_path(r->dir, "guard.root", path, err) &&
              guard_open(path, GUARD_AUTHOR, &kid, &g, err) && guard_read(&g, &state, err);
    guard_close(&g);
    *out = ok && state.term > door_term(r->door);
    return ok;
}

/* ---- the new host ---- */

struct moving {
    struct replica *r;
    struct succession_plan plan;
    struct host *host; /* NULL: there is none, or it does not have the table */
    uint64_t size;     /* acts that it has */
    struct pubkey pk;
    struct buf token;
    struct host_pass pass;
    uint64_t reach;  /* the least w for this side */
    uint32_t posted; /* bits: sides whose succession is there */
    bool begun;      /* and the new term's own acts */
};

/* What this replica would sign for this w. */
static void plan_at(struct moving *m, uint64_t w)
{
    m->plan = (struct succession_plan){.size = w,
                                       .root = door_root(m->r->door, w),
                                       .behind = door_size(m->r->door) - w,
                                       .term = keyring_term_of_size(door_keyring(m->r->door), w) +
                                               1};
}

static bool read_item(struct replica *r, uint64_t index, struct arena *mem, struct door_item *out,
                      struct err *err)
{
    struct act a;
    return store_read_leaf(r->store, index, mem, &out->envelope, err) &&
           act_decode(out->envelope, &a, err) &&
           store_read_blob(r->store, &a.blob, mem, &out->blob, err);
}

static bool is_old_host(const struct moving *m, const struct pubkey *pk)
{
    const struct keyring *ring = door_keyring(m->r->door);
    for (uint32_t t = 0; t < keyring_terms(ring); t++) {
        if (ID_EQ(keyring_term(ring, t)->host, *pk) && keyring_term(ring, t)->from < m->plan.size) {
            return true;
        }
    }
    return false;
}

static bool make_token(struct moving *m, struct err *err)
{
    const struct signer *seat = keys_signer(m->r->keys, KEY_SEAT);
    if (seat == NULL) {
        return err_set(err, ERR_KEY, "this key file has no seat's key");
    }
    uint64_t now = clock_now(m->r->clock);
    bool ok = token_sign(&m->r->table, &m->pk, now + TOKEN_SECONDS_MAX / 2, seat, &m->token, err) &&
              buf_done(&m->token, "a read token", err);
    m->pass = (struct host_pass){.token = buf_bytes(&m->token), .now = now};
    return ok;
}

/* The host of the folder, where it has the table already; else m->host is NULL. */
static bool find_there(struct moving *m, const char *dir, struct err *err)
{
    struct err none = {0};
    if (!host_key_read(dir, &m->pk, &none)) {
        if (none.code != ERR_STATE) {
            *err = none;
        }
        return none.code == ERR_STATE;
    }
    if (is_old_host(m, &m->pk)) {
        return err_set(err, ERR_STATE, "that is the host that the table had already") ||
               err_mend(err, "where its folder was moved: entente sync --host DIR; to leave it, "
                             "name an empty folder");
    }
    if (!host_open(dir, &m->r->table, &m->host, &none)) {
        if (none.code != ERR_HOST) {
            *err = none;
        }
        return none.code == ERR_HOST;
    }
    return host_size(m->host, &m->size, err) && make_token(m, err);
}

/* Makes it. */
static bool make_there(struct moving *m, const char *dir, struct err *err)
{
    struct replica *r = m->r;
    struct table_id table;
    struct door_item first;
    bool ok = host_key(dir, &r->chance, &m->pk, err) &&
              read_item(r, 0, &r->scratch.mem, &first, err) &&
              host_found(dir, HOST_ADOPT, first.envelope, first.blob, &table, err) &&
              host_open(dir, &r->table, &m->host, err) && host_size(m->host, &m->size, err) &&
              make_token(m, err);
    arena_wipe(&r->scratch.mem);
    return ok;
}

/* Acts [size there, w), in batches. */
static bool bring(struct moving *m, struct err *err)
{
    struct replica *r = m->r;
    uint64_t from = m->size;
    struct arena *mem = &r->scratch.mem;
    struct buf note;
    bool ok = true;
    buf_init(&note, NOTE_BYTES_MAX);
    while (ok && from < m->plan.size) {
        struct door_item *items = ARENA_NEW(mem, struct door_item, HOST_ENTRIES_MAX);
        uint64_t *indexes = ARENA_NEW(mem, uint64_t, HOST_ENTRIES_MAX);
        size_t count = 0, noted = 0, held = 0;
        ok = !mem->failed || err_memory(err, "the record");
        while (ok && count < HOST_ENTRIES_MAX && held < BATCH_BYTES &&
               from + count < m->plan.size) {
            ok = read_item(r, from + count, mem, &items[count], err);
            held += ok ? items[count].blob.n : 0;
            count++;
        }
        buf_clear(&note);
        ok = ok && host_post_all(m->host, items, count, NULL, indexes, &noted, &note, err);
        from += noted;
        arena_wipe(mem);
    }
    buf_free(&note);
    return ok;
}

static bool another_record(struct err *err)
{
    return err_set(err, ERR_STATE, "that host holds another record of this table than you") ||
           err_mend(err, "ask whoever began it for the whole record (entente bundle out) and lay "
                         "it beside yours: entente compare");
}

#define EXCHANGE                                                                                   \
    "exchange records (entente bundle out, entente bundle in), then let whoever holds the most "   \
    "that "                                                                                        \
    "every side has countersigned begin, at an empty folder"

/* One act of the succession that is there; the first of them says where the new term begins. */
static bool look_at_succession(struct moving *m, uint64_t index, const struct act *a,
                               struct err *err)
{
    struct control c;
    struct ring_author author;
    struct buf blob;
    const struct succession *s = &c.as.succession;
    buf_init(&blob, CONTROL_BLOB_MAX);
    bool ok = host_blob(m->host, &m->pass, &a->blob, &blob, err) &&
              buf_done(&blob, "a succession", err) &&
              control_decode(CONTROL_SUCCESSION, buf_bytes(&blob), &c, err) &&
              keyring_author(door_keyring(m->r->door),
                             index < door_size(m->r->door) ? index : door_size(m->r->door), &a->kid,
                             &author, err);
    if (ok && m->posted == 0 && (index < m->reach || index > door_size(m->r->door))) {
        ok = err_set(err, ERR_STATE,
                     "the move that has begun there goes on from act %llu; your side, or every "
                     "side, has countersigned the first %llu of the %llu that you hold",
                     (unsigned long long)index, (unsigned long long)m->reach,
                     (unsigned long long)door_size(m->r->door)) ||
             err_mend(err, EXCHANGE);
    } else if (ok && m->posted == 0) {
        plan_at(m, index);
    }
    if (ok && (s->size != m->plan.size || !ID_EQ(s->root, m->plan.root))) {
        ok = another_record(err);
    } else if (ok && !ID_EQ(s->host, m->pk)) {
        ok = err_set(err, ERR_STATE, "the move that has begun there goes to another host");
    } else if (ok) {
        m->posted |= UINT32_C(1) << author.side;
    }
    buf_free(&blob);
    return ok || err_at(err, "act %llu of the new host", (unsigned long long)index);
}

static bool look_at_act(struct moving *m, uint64_t index, struct bytes envelope, struct err *err)
{
    struct act a;
    struct leaf_hash there = leaf_hash_of(envelope);
    bool ours = false;
    if (index < door_size(m->r->door)) {
        struct leaf_hash here = door_leaf(m->r->door, index);
        ours = ID_EQ(here, there);
    }
    if (!act_decode(envelope, &a, err)) {
        return false;
    }
    if (m->posted != 0 && a.control != CONTROL_SUCCESSION) {
        m->begun = true;
        return true;
    }
    if (a.control == CONTROL_SUCCESSION && (!ours || m->posted != 0)) {
        return look_at_succession(m, index, &a, err);
    }
    if (index >= door_size(m->r->door)) {
        return err_set(err, ERR_STATE, "that host goes on with act %llu; you hold the first %llu",
                       (unsigned long long)index, (unsigned long long)door_size(m->r->door)) ||
               err_mend(err, EXCHANGE);
    }
    return ours || another_record(err);
}

/* What is there is the beginning of ours; then a succession, perhaps. */
static bool look_there(struct moving *m, struct err *err)
{
    struct buf bundle;
    bool ok = true;
    buf_init(&bundle, (size_t)HOST_ENTRIES_MAX * (ENVELOPE_MAX + 2));
    for (uint64_t at = 0; ok && at < m->size && !m->begun;) {
        uint64_t got = 0;
        buf_clear(&bundle);
        ok = host_entries(m->host, &m->pass, at, HOST_ENTRIES_MAX, &bundle, &got, err) &&
             buf_done(&bundle, "acts of the new host", err);
        struct bytes rest = buf_bytes(&bundle), envelope;
        for (uint64_t i = 0; ok && i < got && tile_entry_next(&rest, &envelope); i++, at++) {
            ok = look_at_act(m, at, envelope, err);
        }
        ok = ok && (got > 0 || err_set(err, ERR_HOST, "the new host shows no acts"));
    }
    buf_free(&bundle);
    return ok;
}

/* The plan: that of the succession which is there, or as far as anybody has countersigned. */
static bool look(struct moving *m, const char *dir, struct err *err)
{
    uint64_t w;
    if (!reach_of(m->r, &m->reach, &w, err)) {
        return false;
    }
    if (w == 0) {
        return err_set(err, ERR_STATE,
                       "no part of the record has been countersigned by every side: there is "
                       "nothing that a new host could go on from") ||
               err_mend(err, "found the table anew");
    }
    plan_at(m, w);
    if (!find_there(m, dir, err)) {
        return false;
    }
    struct err why = {0};
    if (m->host == NULL || look_there(m, &why)) {
        return true;
    }
    /* Of a copy that was cut short a host may not know this seat yet, and shows it nothing; its door
     * takes nothing there that does not follow. */
    if (m->size < w && why.code == ERR_VERIFY && m->posted == 0) {
        return true;
    }
    *err = why;
    return false;
}

/* Brings what is missing, and looks again: what is there is compared in full before anything is
 * signed. */
static bool come_there(struct moving *m, const char *dir, struct err *err)
{
    if (m->host == NULL && !make_there(m, dir, err)) {
        return false;
    }
    if (m->size >= m->plan.size) {
        return m->posted != 0 || m->size == m->plan.size ||
               err_set(err, ERR_STATE,
                       "that host has %llu acts; your side, or every side, has countersigned the "
                       "first %llu",
                       (unsigned long long)m->size, (unsigned long long)m->plan.size) ||
               err_mend(err, EXCHANGE);
    }
    if (m->posted != 0) {
        return true; /* at a w below what this side would have begun with */
    }
    return bring(m, err) && host_size(m->host, &m->size, err) && look_there(m, err);
}

/* ---- the succession ---- */

static bool sign_succession(struct moving *m, const struct signer *root, struct buf *envelope,
                            struct buf *blob, struct act *out, struct err *err)
{
    struct succession s = {.size = m->plan.size, .root = m->plan.root, .host = m->pk};
    succession_encode(&s, blob);
    struct act a = {.table = m->r->table,
                    .seen_size = m->plan.size,
                    .seen_root = m->plan.root,
                    .blob = digest_plain(buf_bytes(blob)),
                    .blob_length = blob->n,
                    .term = m->plan.term,
                    .control = CONTROL_SUCCESSION};
    a.commit = a.blob;
    *out = a;
    return buf_done(blob, "a succession", err) && act_sign(&a, root, envelope, err);
}

/* One succession a term: the guard is at it before it leaves. */
static bool pass_guard(struct moving *m, const struct signer *root, const struct leaf_hash *leaf,
                       enum succeed_how how, struct err *err)
{
    char path[FILE_PATH_MAX];
    struct guard g = GUARD_CLOSED;
    struct guard_state state;
    struct kid kid = signer_kid(root);
    struct guard_state next = {.term = m->plan.term, .number = 1};
    memcpy(next.root.b, leaf->b, sizeof(next.root.b));
    bool ok = replica_path(m->r->dir, "guard.root", path, err) &&
              guard_open(path, GUARD_AUTHOR, &kid, &g, err) && guard_read(&g, &state, err);
    bool other = ok && state.term == next.term && state.number == 1 &&
                 memcmp(state.root.b, next.root.b, sizeof(next.root.b)) != 0;
    if (ok && (state.term > next.term || (state.term == next.term && state.number > 1))) {
        ok = err_set(err, ERR_STATE, "your side has written at another new host already") ||
             err_mend(err, "synchronise there: entente sync --host DIR");
    } else if (other && how != SUCCEED_INSTEAD) {
        ok = err_set(err, ERR_STATE, "your side has signed a move of this table to another host") ||
             err_mend(err, "only if all sides agree that that one is off: entente table move DIR "
                           "--instead");
    } else if (ok) {
        ok = other ? guard_replace(&g, &state, &next, err) : guard_advance(&g, &state, &next, err);
    }
    guard_close(&g);
    return ok;
}

static bool post_succession(struct moving *m, enum succeed_how how, struct err *err)
{
    const struct signer *root = keys_signer(m->r->keys, KEY_ROOT);
    struct buf envelope, blob, note;
    struct act a;
    uint64_t index = 0;
    size_t noted = 0;
    buf_init(&envelope, ENVELOPE_MAX);
    buf_init(&blob, CONTROL_BLOB_MAX);
    buf_init(&note, NOTE_BYTES_MAX);
    bool ok = sign_succession(m, root, &envelope, &blob, &a, err);
    struct leaf_hash leaf = leaf_hash_of(buf_bytes(&envelope));
    struct door_item item = {buf_bytes(&envelope), buf_bytes(&blob)};
    ok = ok && pass_guard(m, root, &leaf, how, err) &&
         host_post_all(m->host, &item, 1, NULL, &index, &noted, &note, err);
    if (ok) {
        m->posted |= UINT32_C(1) << m->r->side;
    }
    buf_free(&envelope);
    buf_free(&blob);
    buf_free(&note);
    return ok;
}

static bool may_move(const struct moving *m, struct err *err)
{
    uint32_t sides = door_succession_sides(m->r->door, m->plan.size);
    if (keys_signer(m->r->keys, KEY_ROOT) == NULL) {
        return err_set(err, ERR_KEY,
                       "only a principal can move the table, and his key is not "
                       "here") ||
               err_mend(err, "he does it at his own seat: entente table move DIR");
    }
    if ((sides >> m->r->side & 1) == 0) {
        return err_set(err, ERR_STATE,
                       "your side takes no part in a move of the table: it does "
                       "not countersign, or the record goes on without it") ||
               err_mend(err, "the others move it; then: entente sync --host DIR");
    }
    return true;
}

bool succeed_plan(struct replica *r, const char *dir, struct succession_plan *out, struct err *err)
{
    struct moving m = {.r = r};
    buf_init(&m.token, TOKEN_BYTES_MAX);
    bool ok = look(&m, dir, err) && may_move(&m, err);
    if (ok) {
        *out = m.plan;
    }
    host_close(m.host);
    buf_free(&m.token);
    return ok || err_at(err, "new host %s", dir);
}

bool succeed_move(struct replica *r, const char *dir, enum succeed_how how,
                  struct succeed_report *out, struct err *err)
{
    struct moving m = {.r = r};
    buf_init(&m.token, TOKEN_BYTES_MAX);
    bool ok = look(&m, dir, err) && may_move(&m, err) && come_there(&m, dir, err);
    if (ok && !m.begun && (m.posted >> r->side & 1) == 0) {
        ok = post_succession(&m, how, err);
    }
    if (ok) {
        uint32_t missing = door_succession_sides(r->door, m.plan.size) & ~m.posted;
        *out = (struct succeed_report){
            .plan = m.plan, .complete = m.begun || missing == 0, .missing = m.begun ? 0 : missing};
        ok = !out->complete || replica_move_host(r, dir, err);
    }
    host_close(m.host);
    buf_free(&m.token);
    return ok || err_at(err, "new host %s", dir);
}

/* ---- following ---- */

bool succeed_due(const struct replica *r, const struct note *note, const struct checkpoint *cp)
{
    const struct keyring *ring = door_keyring(r->door);
    return door_size(r->door) > 0 && cp->term > 0 &&
           (cp->term > door_term(r->door) ||
            !checkpoint_host_line(note, cp, &keyring_term(ring, cp->term)->host));
}

bool succeed_elsewhere(const struct replica *r)
{
    struct pubkey there;
    struct err untold = {0};
    const struct keyring *ring = door_keyring(r->door);
    return door_size(r->door) > 0 && host_key_read(r->host, &there, &untold) &&
           !ID_EQ(keyring_term(ring, door_term(r->door))->host, there);
}

/* The first act that differs; where none does, the size of the shorter. */
static bool find_parting(struct replica *r, uint64_t size, uint64_t *out, struct err *err)
{
    struct buf bundle;
    bool ok = true, same = true;
    uint64_t at = 0, end = door_size(r->door) < size ? door_size(r->door) : size;
    buf_init(&bundle, (size_t)HOST_ENTRIES_MAX * (ENVELOPE_MAX + 2));
    while (ok && same && at < end) {
        uint64_t got = 0, before = at;
        uint64_t want = end - at < HOST_ENTRIES_MAX ? end - at : HOST_ENTRIES_MAX;
        buf_clear(&bundle);
        ok = r->link.entries(r->link.ctx, at, want, &bundle, &got, err) &&
             buf_done(&bundle, "acts of the host", err);
        struct bytes rest = buf_bytes(&bundle), envelope;
        while (ok && same && at < end && rest.n > 0 && tile_entry_next(&rest, &envelope)) {
            struct leaf_hash there = leaf_hash_of(envelope), ours = door_leaf(r->door, at);
            same = ID_EQ(there, ours);
            at += same;
        }
        ok = ok && (!same || at > before ||
                    err_set(err, ERR_HOST, "the host sent no acts that it says it has"));
    }
    buf_free(&bundle);
    *out = at;
    return ok;
}

bool succeed_cut(struct replica *r, const struct checkpoint *cp, struct err *err)
{
    struct arena *mem = &r->scratch.mem;
    uint64_t at = 0, floor = 0, size = door_size(r->door);
    struct bytes note = {0};
    if (!find_parting(r, cp->size, &at, err) || !floor_of(r, &floor, err)) {
        return false;
    }
    if (at < floor) {
        return err_set(err, ERR_VERIFY,
                       "the record of that host leaves out act %llu, which every side had "
                       "countersigned (the first %llu)",
                       (unsigned long long)at, (unsigned long long)floor) ||
               err_mend(err, "follow nobody there; tell the other sides, and compare your records "
                             "with theirs: entente compare");
    }
    bool ok = succeed_keep(r, at, err) && floor_put(r, floor, err);
    if (ok && at < size) {
        ok = store_note(r->store, mem, &note, err) &&
             (note.n == 0 || store_evidence_put(r->store, note, err)) &&
             opening_forget_from(&r->openings, at, size, err) && store_cut(r->store, at, err);
        if (ok && r->alarm_first != INDEX_NEVER && r->alarm_first >= at) {
            ok = store_meta_put(r->store, REPLICA_ALARM, (struct bytes){0}, err);
            r->alarm_first = INDEX_NEVER;
        }
        arena_wipe(mem);
        ok = ok && replica_reload(r, err);
    }
    if (ok) {
        r->moved = true;
        r->given_up = size - at;
    }
    return ok;
}
