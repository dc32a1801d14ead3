/* SPDX-License-Identifier: Apache-2.0 */
#include "app/act.h"

#include "app/office.h"
#include "app/sign.h"
#include "base/switch_off.h"
#include "crypto/dh.h"
#include "record/room_key.h"
#include "record/roster.h"
#include "table/limits.h"

/* ---- the desk ---- */

bool act_refused(const struct refusal *r, struct err *err)
{
    (void)err_set(err, ERR_RULE, "%s", r->what);
    (void)err_at(err,
                 "stopped at your desk: nothing was sent, nobody has learned anything "
                 "(rule %s)",
                 refusal_rule(r->code));
    return r->mend[0] == '\0' ? false : err_mend(err, "%s", r->mend);
}

bool act_counts(const struct replica *r, uint64_t index, struct err *err)
{
    const struct void_note *v = fold_void(r->fold, index);
    if (v == NULL) {
        return true;
    }
    (void)err_set(err, ERR_RULE, "%.*s", TEXT_ARG(v->what));
    (void)err_at(err, "void on the record: act %llu (rule %s)", (unsigned long long)index,
                 refusal_rule((enum refusal_code)v->code));
    return err_mend(err, "%.*s", TEXT_ARG(v->mend));
}

/* The limits of our newest mandate that has any; NULL without. */
static bool my_limits(struct replica *r, struct limits *out, bool *has)
{
    const struct table_state *s = fold_state(r->fold);
    const struct private_state *m = fold_private(r->fold);
    struct err ignored = {0};
    *has = false;
    for (uint32_t i = s->mandate_count; i > 0; i--) {
        const struct mandate_state *d = &s->mandates[i - 1];
        if (d->seat != r->seat || d->revoked_at != INDEX_NEVER || !d->has_commit) {
            continue;
        }
        for (uint32_t k = 0; k < m->instruction_count; k++) {
            if (ID_EQ(m->instructions[k].digest, d->commit)) {
                *has = true;
                return limits_decode(m->instructions[k].limits, &r->scratch.mem, out, &ignored);
            }
        }
        return true;
    }
    return true;
}

static bool look_at_limits(struct replica *r, const struct payload *p, struct refusal *out)
{
    const struct table_state *s = fold_state(r->fold);
    struct package package = {0};
    struct limits limits;
    bool has = false;
    bool accepts = p->kind == KIND_ANSWER &&
                   (p->answer == ANSWER_ACCEPT || p->answer == ANSWER_AD_REFERENDUM);
    if (accepts) {
        const struct proposal_state *g = state_proposal(s, &p->answers);
        package = g != NULL ? g->package : package;
    } else if (p->kind == KIND_PROPOSE) {
        package.choices = ARENA_NEW(&r->scratch.mem, struct choice, p->choice_count);
        for (uint32_t i = 0; package.choices != NULL && i < p->choice_count; i++) {
            uint32_t issue = issue_find(s->charter.issues, s->charter.issue_count,
                                        p->choices[i].issue);
            if (issue != UINT32_MAX) {
                package.choices[package.count++] = (struct choice){issue, p->choices[i].option};
            }
        }
    }
    if (package.count == 0) {
        return true;
    }
    if (!my_limits(r, &limits, &has)) {
        return refuse(out, REFUSED_LIMITS, "Your private instructions cannot be read.") ||
               refuse_mend(out, "Ask your principal to file them again.");
    }
    return !has || limits_allow(&limits, &s->charter, &package,
                                state_principal_name(s, door_keyring(r->door), r->side,
                                                     door_size(r->door), &r->scratch.mem),
                                out);
}

bool act_look(struct replica *r, const struct payload *p, struct refusal *out)
{
    if (!r->reads_charter) {
        return true; /* a monitor's or consulted side's seat: its rooms judge */
    }
    return fold_would_accept(r->fold, r->seat, p, &r->scratch.mem, out) &&
           look_at_limits(r, p, out);
}

/* ---- keys of rooms ---- */

static void header_of(const struct replica *r, enum act_kind kind, struct text room, uint32_t epoch,
                      struct content_header *out)
{
    *out = (struct content_header){
        .claimed_time = clock_now(r->clock), .kind = (uint32_t)kind, .room = room, .epoch = epoch};
}

/* Posts the key of a room's present membership to those who sit in it.  Another's may be noted before
 * it, or the members change once more: what counts is for the fold to say. */
static bool post_epoch(struct replica *r, struct room room, struct text name, uint32_t previous,
                       struct err *err)
{
    struct arena *mem = &r->scratch.mem;
    const struct keyring *ring = door_keyring(r->door);
    const struct charter *c = fold_sides(r->fold);
    uint64_t size = door_size(r->door);
    uint32_t seats[SEATS_MAX];
    uint32_t n = room_members(c, ring, room, size, seats);
    uint8_t *to = ARENA_NEW(mem, uint8_t, 32 * (size_t)n);
    struct kid *members = ARENA_NEW(mem, struct kid, n);
    if (mem->failed) {
        return err_memory(err, "a room's key");
    }
    for (uint32_t i = 0; i < n; i++) {
        memcpy(to + 32 * (size_t)i, keyring_seat(ring, seats[i])->keys.seal.b, 32);
        members[i] = keyring_seat(ring, seats[i])->kid;
    }
    struct payload p = {
        .kind = KIND_EPOCH,
        .epoch_item = {.room = name,
                       .number = room_membership(c, ring, room, size),
                       .previous = previous,
                       .member_count = n,
                       .members = members,
                       .reason = text_str(previous == 0 ? "first key" : "members changed")}};
    struct content_item *items;
    size_t count;
    uint64_t index;
    struct content_header h;
    struct envelope_seal seal = {.identity_count = n, .identities = to};
    uint8_t key[ROOM_KEY_BYTES];
    bool ok = chance_fill(&r->chance, p.epoch_item.secret, 32, err);
    room_key_of(p.epoch_item.secret, &r->table, name, p.epoch_item.number, key);
    dh_public(key, p.epoch_item.public_key);
    header_of(r, KIND_EPOCH, name, 0, &h);
    ok = ok && payload_items(&p, mem, &items, &count, err) &&
         envelope_post_sealed(r, &h, items, count, &seal, &index, err);
    bytes_wipe(key, sizeof(key));
    bytes_wipe(p.epoch_item.secret, 32);
    return ok;
}

/* Does somebody hold the epoch's key who sits there no more? */
static bool somebody_left(const struct replica *r, const struct epoch_state *e)
{
    const struct keyring *ring = door_keyring(r->door);
    uint64_t size = door_size(r->door);
    uint32_t seats = keyring_seats(ring, size);
    for (uint32_t i = 0; i < seats; i++) {
        const struct ring_seat *s = keyring_seat(ring, i);
        if (room_has_seat(fold_sides(r->fold), e->room, s) && ring_seat_active(s, e->index) &&
            !ring_seat_active(s, size)) {
            return true;
        }
    }
    return false;
}

/* Members may come and go while a key for them is on its way. */
#define REKEY_TRIES 4u

/* The key under which an act in this room is sealed now; makes one when members have changed. */
static bool room_key(struct replica *r, struct text name, const struct room_key **out,
                     uint32_t *out_number, struct err *err)
{
    struct room room;
    const struct charter *c = fold_sides(r->fold);
    if (!room_parse(c, name, &room)) {
        return err_set(err, ERR_USE, "there is no room %.*s", TEXT_ARG(name));
    }
    if (!room_has_seat(c, room, keyring_seat(door_keyring(r->door), r->seat))) {
        return err_set(err, ERR_USE, "this seat does not sit in %.*s", TEXT_ARG(name)) ||
               err_mend(err, "write in a room where you sit: entente rooms");
    }
    bool may = fold_may_rekey(r->fold, room, r->seat);
    const struct epoch_state *e = fold_epoch(r->fold, room, door_size(r->door));
    for (unsigned i = 0; may && i < REKEY_TRIES && (e == NULL || fold_epoch_stale(r->fold, e));
         i++) {
        if (!post_epoch(r, room, name, e == NULL ? 0 : e->number, err)) {
            return false;
        }
        e = fold_epoch(r->fold, room, door_size(r->door));
    }
    *out = e == NULL ? NULL : opening_key(&r->openings, e->public_key);
    if (*out == NULL) {
        return err_set(err, ERR_STATE, "the room %.*s has no key that this seat could use",
                       TEXT_ARG(name)) ||
               err_mend(err, "ask a principal or envoy in the room to write in it first, then "
                             "synchronise");
    }
    if (CHECK_ON(SEAL_LEFT) && fold_epoch_stale(r->fold, e) && somebody_left(r, e)) {
        return err_set(err, ERR_STATE, "somebody who has left the room %.*s still holds its key",
                       TEXT_ARG(name)) ||
               err_mend(err, "ask a principal or envoy in the room to write in it first, then "
                             "synchronise: that gives it a new key");
    }
    *out_number = e->number;
    return true;
}

bool act_rekey(struct replica *r, struct room room, struct err *err)
{
    char name[ROOM_NAME_MAX];
    const struct epoch_state *e = fold_epoch(r->fold, room, door_size(r->door));
    if (e == NULL || !fold_epoch_stale(r->fold, e) || !fold_may_rekey(r->fold, room, r->seat)) {
        return true;
    }
    room_name(fold_sides(r->fold), room, name);
    bool ok = post_epoch(r, room, text_str(name), e->number, err);
    arena_wipe(&r->scratch.mem);
    return ok;
}

/* ---- filing ---- */

static bool binds(enum act_kind kind)
{
    return kind == KIND_PROPOSE || kind == KIND_ANSWER || kind == KIND_WITHDRAW ||
           kind == KIND_RATIFY || kind == KIND_CONFIRM;
}

/* Where what a notice shows stands in the tree that the notice will cite: this one. */
static bool find_path(struct replica *r, struct shown_item *s, struct err *err)
{
    struct merkle_path path;
    struct node_source nodes = door_nodes(r->door);
    if (!merkle_inclusion(&nodes, s->index, door_size(r->door), &path, err)) {
        return false;
    }
    s->path = ARENA_NEW(&r->scratch.mem, struct root_hash, path.count);
    if (s->path == NULL) {
        return err_memory(err, "a notice");
    }
    memcpy(s->path, path.hash, path.count * sizeof(path.hash[0]));
    s->path_count = path.count;
    return true;
}

static bool file(struct replica *r, const struct payload *p, uint64_t *out_index, struct err *err)
{
    const struct room_key *key = NULL;
    struct content_item *items;
    struct content_header h;
    size_t count;
    uint32_t number = 0;
    if (!room_key(r, p->room, &key, &number, err)) {
        return false;
    }
    /* The key's place in memory may move as later acts come in; what is sealed needs a copy. */
    struct room_key now = *key;
    header_of(r, p->kind, p->room, number, &h);
    h.has_answers = p->has_answers;
    h.answers = p->answers;
    bool ok = true;
    if (binds(p->kind) && replica_has_charter(r)) {
        /* What its author took for agreed and final: a wrong build is found before it matters. */
        ok = replica_final_digest(r, &h.state_size, &h.state_digest, err);
        h.has_state = ok;
    }
    struct envelope_seal seal = {.key = &now};
    struct payload shown = *p;
    ok = ok && (p->kind != KIND_NOTICE || find_path(r, &shown.shown, err)) &&
         payload_items(&shown, &r->scratch.mem, &items, &count, err) &&
         envelope_post_sealed(r, &h, items, count, &seal, out_index, err);
    bytes_wipe(&now, sizeof(now));
    return ok;
}

/* A document, and room for the rest. */
#define PAYLOAD_COPY_BYTES ((size_t)BLOB_LIMIT_MOST + (1u << 20))

bool act_file(struct replica *r, enum act_desk desk, const struct payload *p, uint64_t *out_index,
              struct err *err)
{
    uint64_t index = 0;
    struct refusal refusal = {0};
    if (r->seat == SEAT_NONE) {
        return err_set(err, ERR_STATE, "this seat is not admitted yet") ||
               err_mend(err, "give your slip to whoever invited you, then synchronise");
    }
    /* What it names may be words of the state (an issue's id, a label), and what comes in now may have
     * the fold made anew. */
    struct region own = {0};
    struct payload copy;
    bool ok = region_init(&own, REGION_SECRET, PAYLOAD_COPY_BYTES, err) &&
              (payload_copy(p, &own.mem, &copy) || err_memory(err, "an act")) &&
              sync_settle(r, err);
    bool may = !ok || desk != ACT_CHECKED || act_look(r, &copy, &refusal);
    ok = ok && may && file(r, &copy, &index, err);
    arena_wipe(&r->scratch.mem);
    region_free(&own);
    if (!may) {
        return act_refused(&refusal, err);
    }
    if (ok && out_index != NULL) {
        *out_index = index;
    }
    return ok && (desk == ACT_UNCHECKED || act_counts(r, index, err));
}

/* ---- a principal's word ---- */

bool act_sign_object(struct replica *r, const struct object *o, struct arena *mem,
                     struct bytes *out, struct err *err)
{
    const struct signer *root = keys_signer(r->keys, KEY_ROOT);
    struct buf b;
    if (root == NULL) {
        return err_set(err, ERR_KEY, "only the principal can sign this, and his key is not here") ||
               err_mend(err, "the principal does it on his own machine");
    }
    buf_init(&b, ENVELOPE_MAX);
    bool ok = object_sign(o, root, &b, err);
    *out = ok ? arena_copy(mem, buf_bytes(&b)) : (struct bytes){0};
    buf_free(&b);
    return ok && (!mem->failed || err_memory(err, "a signed paper"));
}

static bool file_object(struct replica *r, enum act_kind kind, const struct object *o,
                        const struct leaf_hash *answers, uint64_t *out_index, struct err *err)
{
    /* In the memory of the handle: filing wipes the scratch. */
    struct arena *mem = &r->memory.mem;
    struct payload p = {.kind = kind, .room = text_str("plenary"), .has_answers = answers != NULL};
    if (answers != NULL) {
        p.answers = *answers;
    }
    return act_sign_object(r, o, mem, &p.object, err) &&
           act_file(r, ACT_CHECKED, &p, out_index, err);
}

bool act_sign_charter(struct replica *r, uint64_t *out_index, struct err *err)
{
    struct object o = {.kind = OBJECT_SIGN_CHARTER, .table = r->table};
    struct digest roster;
    if (!sync_settle(r, err)) {
        return false;
    }
    if (!replica_has_charter(r)) {
        return err_set(err, ERR_STATE, "this seat cannot read the charter yet") ||
               err_mend(err, "synchronise; the convener shares it when your side is admitted");
    }
    if (!roster_digest_at(door_keyring(r->door), door_size(r->door), &roster, err)) {
        return false;
    }
    o.digest = charter_signature_digest(&fold_state(r->fold)->charter_leaf, &roster);
    return file_object(r, KIND_SIGN_CHARTER, &o, NULL, out_index, err);
}

bool act_mandate(struct replica *r, const struct mandate_request *m, uint64_t *out_index,
                 struct err *err)
{
    uint64_t now = clock_now(r->clock);
    /* Ids of the charter, perhaps: the fold that they are in may be made anew by the first of two acts. */
    struct text *issues = ARENA_NEW(&r->memory.mem, struct text, m->issue_count);
    for (uint32_t i = 0; issues != NULL && i < m->issue_count; i++) {
        struct bytes id = arena_copy(&r->memory.mem, bytes_of(m->issues[i].p, m->issues[i].n));
        issues[i] = (struct text){.p = (const char *)id.p, .n = id.n};
    }
    if (r->memory.mem.failed) {
        return err_memory(err, "a mandate");
    }
    struct object o = {.kind = OBJECT_MANDATE,
                       .table = r->table,
                       .delegate = keyring_seat(door_keyring(r->door), m->seat)->kid,
                       .powers = m->powers,
                       .all_issues = m->issue_count == 0,
                       .issue_count = m->issue_count,
                       .issues = issues,
                       .not_before = now - now % 86400, /* the day: clocks differ a little */
                       .expires = now + m->seconds};
    if (m->limits != NULL) {
        char home[ROOM_NAME_MAX];
        struct buf b;
        buf_init(&b, CONTROL_BLOB_MAX);
        limits_encode(m->limits, &b);
        struct payload p = {.kind = KIND_INSTRUCT,
                            .limits = arena_copy(&r->memory.mem, buf_bytes(&b)),
                            .has_salt = true};
        bool ok = buf_done(&b, "private limits", err) &&
                  chance_fill(&r->chance, p.salt, sizeof(p.salt), err);
        buf_free(&b);
        room_name(&fold_state(r->fold)->charter, (struct room){ROOM_HOME, r->side}, home);
        p.room = text_str(home);
        o.has_commit = true;
        o.commit = limits_digest(p.salt, p.limits);
        if (!ok || !act_file(r, ACT_CHECKED, &p, NULL, err)) {
            return false;
        }
    }
    return file_object(r, KIND_MANDATE, &o, NULL, out_index, err);
}

bool act_revoke(struct replica *r, const struct digest *mandate, uint64_t *out_index,
                struct err *err)
{
    struct object o = {.kind = OBJECT_REVOKE, .table = r->table, .digest = *mandate};
    return file_object(r, KIND_REVOKE_MANDATE, &o, NULL, out_index, err);
}

bool act_ratify(struct replica *r, const struct proposal_state *p, uint64_t *out_index,
                struct err *err)
{
    char when[SIGN_HOUR_MAX];
    sign_hour(clock_now(r->clock), when);
    struct object o = {
        .kind = OBJECT_RATIFY, .table = r->table, .has_text = true, .text = text_str(when)};
    memcpy(o.digest.b, p->leaf.b, sizeof(o.digest.b));
    struct leaf_hash leaf = p->leaf;
    return file_object(r, KIND_RATIFY, &o, &leaf, out_index, err);
}

/* ---- settling in ---- */

static bool introduce(struct replica *r, struct err *err)
{
    struct bytes name = {0};
    const struct table_state *s = fold_state(r->fold);
    if (r->seat == SEAT_NONE || !s->has_charter || text_present(s->names[r->seat]) ||
        r->side >= charter_groups(&s->charter)) {
        return true;
    }
    if (!replica_private(r, "name", &r->memory.mem, &name, err)) {
        return false;
    }
    if (name.n == 0) {
        return true;
    }
    struct payload p = {.kind = KIND_INTRODUCE,
                        .room = text_str("plenary"),
                        .name = {.p = (const char *)name.p, .n = name.n},
                        .has_seat = true,
                        .seat = keyring_seat(door_keyring(r->door), r->seat)->kid};
    return act_file(r, ACT_CHECKED, &p, NULL, err);
}

bool act_settle_in(struct replica *r, struct err *err)
{
    return sync_settle(r, err) && office_name_witness(r, err) && introduce(r, err);
}

/* One grant: file keys of acts, sealed to these seats. */
static bool grant(struct replica *r, const uint8_t *to, uint32_t count, struct grant_act *acts,
                  uint32_t n, struct err *err)
{
    const struct payload p = {.kind = KIND_GRANT, .grant_act_count = n, .grant_acts = acts};
    struct content_item *items;
    struct content_header h;
    size_t item_count;
    uint64_t index;
    struct envelope_seal seal = {.identity_count = count, .identities = to};
    header_of(r, KIND_GRANT, text_str("plenary"), 0, &h);
    return payload_items(&p, &r->scratch.mem, &items, &item_count, err) &&
           envelope_post_sealed(r, &h, items, item_count, &seal, &index, err);
}

static bool file_key_of(struct replica *r, uint64_t index, struct grant_act *out, struct err *err)
{
    struct act a;
    struct opened_act act;
    if (!replica_act(r, index, &r->scratch.mem, &a, &act, err)) {
        return false;
    }
    out->leaf = door_leaf(r->door, index);
    memcpy(out->file_key, act.file_key, sizeof(out->file_key));
    return act.open ||
           err_set(err, ERR_STATE, "act %llu cannot be shared: this seat does not read it",
                   (unsigned long long)index);
}

/* Where the acts are that new seats need: the charter, then every key that the shared rooms have had.
 * With these in hand a seat folds the same state as everybody.  In mem. */
static bool list_shared(struct replica *r, struct arena *mem, uint64_t **out, uint32_t *out_n,
                        struct err *err)
{
    const struct private_state *m = fold_private(r->fold);
    uint64_t *list = ARENA_NEW(mem, uint64_t, (size_t)m->epoch_count + 1);
    uint32_t n = 0;
    if (list == NULL) {
        return err_memory(err, "what new seats need");
    }
    list[n++] = fold_state(r->fold)->charter_index;
    for (uint32_t i = 0; i < m->epoch_count; i++) {
        if (room_shared(m->epochs[i].room)) {
            list[n++] = m->epochs[i].index;
        }
    }
    *out = list;
    *out_n = n;
    return true;
}

bool act_share(struct replica *r, const uint32_t *seats, uint32_t count, struct err *err)
{
    uint8_t to[SIDE_SEATS_MAX][32];
    struct grant_act page[GRANTS_MAX];
    uint64_t *list = NULL;
    uint32_t n = 0;
    if (!replica_has_charter(r) || count == 0 || count > SIDE_SEATS_MAX) {
        return true;
    }
    for (uint32_t i = 0; i < count; i++) {
        memcpy(to[i], keyring_seat(door_keyring(r->door), seats[i])->keys.seal.b, 32);
    }
    /* Filing takes in what others have posted and may fold anew: the list is of its own. */
    bool ok = list_shared(r, &r->memory.mem, &list, &n, err);
    for (uint32_t from = 0; ok && from < n; from += GRANTS_MAX) {
        uint32_t part = n - from < GRANTS_MAX ? n - from : GRANTS_MAX;
        for (uint32_t i = 0; ok && i < part; i++) {
            ok = file_key_of(r, list[from + i], &page[i], err);
        }
        ok = ok && grant(r, to[0], count, page, part, err);
        arena_wipe(&r->scratch.mem);
    }
    bytes_wipe(page, sizeof(page));
    arena_wipe(&r->scratch.mem);
    return ok;
}
