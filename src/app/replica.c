/* SPDX-License-Identifier: Apache-2.0 */
#include "app/replica.h"

#include <stdio.h>

#include "app/join.h"
#include "app/private.h"
#include "base/fixed.h"
#include "crypto/init.h"
#include "os/file.h"
#include "os/folder.h"
#include "record/limits.h"
#include "record/token.h"
#include "table/gate.h"

#define MEMORY_BYTES ((size_t)4 << 30)
#define FOLDING_BYTES ((size_t)1 << 30)
#define SCRATCH_BYTES ((size_t)1 << 30)
#define LOCK_WAIT_MS 10000u

bool replica_path(const char *dir, const char *name, char out[static FILE_PATH_MAX],
                  struct err *err)
{
    int n = snprintf(out, FILE_PATH_MAX, "%s/%s", dir, name);
    return (n > 0 && (unsigned)n < FILE_PATH_MAX) ||
           err_set(err, ERR_LIMIT, "the path of the folder is too long");
}

/* ---- making one ---- */

/* The notebook's key, sealed to the seat's own identity: whoever opens the seat's keys opens it. */
static bool make_notebook(struct store *s, struct keys *keys, const struct chance *chance,
                          struct arena *mem, uint8_t key[static 32], struct err *err)
{
    struct age_chance *c = ARENA_NEW(mem, struct age_chance, 1);
    struct buf sealed;
    buf_init(&sealed, 4096);
    if (c == NULL) {
        return err_memory(err, "the private notebook");
    }
    const uint8_t *to = keys_public(keys)->pk[KEYSET_SEAL];
    bool ok = chance_fill(chance, c, sizeof(*c), err) && chance_fill(chance, key, 32, err);
    c->shown = false; /* the fill above reached it too */
    ok = ok && age_seal(bytes_of(key, 32), to, 1, 1, c, &sealed, err) &&
         store_meta_put(s, "notebook", buf_bytes(&sealed), err);
    bytes_wipe(c, sizeof(*c));
    buf_free(&sealed);
    return ok;
}

/* What names people, and where they meet. */
static bool put_private(struct store *s, const struct replica_setup *setup,
                        const uint8_t notebook[static 32], const struct chance *chance,
                        struct err *err)
{
    return private_put(s, notebook, chance, "host", bytes_str(setup->host), err) &&
           private_put(s, notebook, chance, "role", text_bytes(setup->role), err) &&
           private_put(s, notebook, chance, "who", setup->who, err) &&
           private_put(s, notebook, chance, "name", text_bytes(setup->name), err);
}

static bool make_guard(const char *dir, const char *name, enum guard_purpose purpose,
                       enum key_type type, enum keyset_key which, struct keys *keys,
                       struct err *err)
{
    const struct keyset_public *k = keys_public(keys);
    if (!k->has[which]) {
        return true;
    }
    char path[FILE_PATH_MAX];
    struct pubkey pk;
    memcpy(pk.b, k->pk[which], 32);
    struct kid kid = kid_of(type, &pk);
    struct guard g = GUARD_CLOSED;
    bool ok = replica_path(dir, name, path, err) && guard_create(path, purpose, &kid, &g, err);
    guard_close(&g);
    return ok;
}

static bool put_u32(struct store *s, const char *name, uint32_t v, struct err *err)
{
    char text[12];
    int n = snprintf(text, sizeof(text), "%u", v);
    return store_meta_put(s, name, bytes_of(text, (size_t)n), err);
}

bool replica_create(const struct replica_setup *setup, struct keys *keys,
                    const struct chance *chance, struct err *err)
{
    char path[FILE_PATH_MAX];
    struct region mem = {0};
    struct store *s = NULL;
    uint8_t notebook[32] = {0};
    bool ok = region_init(&mem, REGION_SECRET, (size_t)1 << 20, err) &&
              folder_make(setup->dir, err) && replica_path(setup->dir, "replica", path, err) &&
              store_create(path, STORE_REPLICA, &s, err) && store_begin(s, err) &&
              store_meta_put(s, "table", ID_BYTES(setup->table), err) &&
              put_u32(s, "side", setup->side, err) && put_u32(s, "post", setup->post, err) &&
              store_meta_put(s, "founding", setup->founding, err) &&
              make_notebook(s, keys, chance, &mem.mem, notebook, err) &&
              put_private(s, setup, notebook, chance, err) && store_commit(s, err);
    bytes_wipe(notebook, sizeof(notebook));
    store_close(s);
    region_free(&mem);
    return ok &&
           make_guard(setup->dir, "guard.seat", GUARD_AUTHOR, KEY_SEAT, KEYSET_SEAT, keys, err) &&
           make_guard(setup->dir, "guard.root", GUARD_AUTHOR, KEY_ROOT, KEYSET_ROOT, keys, err) &&
           make_guard(setup->dir, "guard.witness", GUARD_WITNESS, KEY_WITNESS, KEYSET_WITNESS, keys,
                      err);
}

/* ---- loading ---- */

bool replica_value(struct replica *r, const char *name, struct arena *mem, struct bytes *out,
                   struct err *err)
{
    return store_meta_get(r->store, name, mem, out, err);
}

bool replica_private(struct replica *r, const char *name, struct arena *mem, struct bytes *out,
                     struct err *err)
{
    *out = (struct bytes){0};
    return r->keys == NULL || private_get(r->store, r->openings.notebook, name, mem, out, err);
}

static bool get_u32(struct replica *r, const char *name, uint32_t *out, struct err *err)
{
    struct bytes v = {0};
    uint64_t n;
    if (!replica_value(r, name, &r->memory.mem, &v, err)) {
        return false;
    }
    if (!u64_parse((struct text){.p = (const char *)v.p, .n = v.n}, &n) || n > UINT32_MAX) {
        return err_set(err, ERR_FORMAT, "the replica in %s is damaged: no %s", r->dir, name);
    }
    *out = (uint32_t)n;
    return true;
}

static bool open_notebook(struct replica *r, uint8_t out[static 32], struct err *err)
{
    struct bytes sealed = {0};
    struct arena *mem = &r->scratch.mem;
    if (!replica_value(r, "notebook", mem, &sealed, err)) {
        return false;
    }
    struct age_header *h = ARENA_NEW(mem, struct age_header, 1);
    uint8_t file_key[AGE_FILE_KEY_BYTES];
    struct buf plain;
    buf_init(&plain, 64);
    bool ok = (h != NULL || err_memory(err, "the private notebook")) &&
              age_header_parse(sealed, h, err) && keys_unwrap(r->keys, h, file_key, err) &&
              age_open_payload(h, file_key, &plain, err) &&
              (plain.n == 32 || err_set(err, ERR_FORMAT, "the private notebook's key is damaged"));
    if (ok) {
        memcpy(out, plain.p, 32);
    }
    buf_free(&plain);
    bytes_wipe(file_key, sizeof(file_key));
    arena_wipe(mem);
    return ok;
}

struct loading {
    struct replica *r;
    struct fold *fold; /* to step */
    uint64_t without;  /* an act to pass over */
    bool learn;
};

static bool load_act(void *ctx, const struct verified_act *va, struct err *err)
{
    struct loading *l = ctx;
    struct replica *r = l->r;
    struct opened_act act = {0};
    struct arena *mem = &r->scratch.mem; /* what is learnt stays in r->memory */
    size_t mark = arena_mark(mem);
    bool ok = true;
    if (va->act.control == CONTROL_SEALED && r->keys != NULL && va->index != l->without) {
        ok = opening_recall(&r->openings, va->index, mem, &act, err);
    }
    act.how.content = &act.content;
    ok = ok && fold_step(l->fold, va, act.open ? &act.how : NULL, err) &&
         (!l->learn || opening_learn(&r->openings, l->fold, va, &act, mem, err));
    arena_rewind(mem, mark);
    return ok;
}

/* A fold that knows the sides of the table, as this seat was told of them. */
static bool new_fold(struct replica *r, const struct keyring *ring, const struct witness_log *log,
                     struct fold **out, struct err *err)
{
    if (!fold_new(&r->folding.mem, ring, log, out, err)) {
        return false;
    }
    fold_tell_sides(*out, &r->sides, r->reads_charter);
    return true;
}

/* Walks the stored record with a door of its own, in scratch. */
static bool walk(struct replica *r, uint64_t size, struct loading *l, struct err *err)
{
    struct door *door = NULL;
    bool ok = door_new(&r->scratch.mem, &r->table, &door, err) &&
              new_fold(r, door_keyring(door), door_witness(door), &l->fold, err) &&
              store_load_door(r->store, door, DOOR_STORED, size, STORE_BLOBS_CONTROL, NULL,
                              load_act, l, err);
    if (door != NULL) {
        door_free(door); /* the state that is left asks it nothing more */
    }
    return ok;
}

bool replica_digest_without(struct replica *r, uint64_t size, uint64_t without, struct digest *out,
                            struct err *err)
{
    size_t mark = arena_mark(&r->folding.mem);
    struct loading l = {.r = r, .without = without};
    bool ok = walk(r, size, &l, err) && state_digest(fold_state(l.fold), out, err);
    arena_rewind(&r->folding.mem, mark);
    arena_wipe(&r->scratch.mem);
    return ok;
}

bool replica_at(struct replica *r, uint64_t size, replica_visit *visit, void *ctx, struct err *err)
{
    size_t mark = arena_mark(&r->folding.mem);
    struct loading l = {.r = r, .without = INDEX_NEVER};
    bool ok = walk(r, size, &l, err) && visit(ctx, fold_state(l.fold), err);
    arena_rewind(&r->folding.mem, mark);
    arena_wipe(&r->scratch.mem);
    return ok;
}

bool replica_gate_at(struct replica *r, uint64_t size, uint32_t phase, struct gate_answer *out,
                     struct err *err)
{
    size_t mark = arena_mark(&r->folding.mem);
    struct loading l = {.r = r, .without = INDEX_NEVER};
    bool ok = walk(r, size, &l, err);
    if (ok) {
        const struct table_state *s = fold_state(l.fold);
        /* Of a prefix: our own door knows its times as well. */
        const struct gate_view v = {s, door_witness(r->door), size, size};
        *out = (struct gate_answer){0};
        if (s->has_charter && state_in_force(s)) {
            gate_evaluate(&v, phase, &r->folding.mem, out);
        }
    }
    arena_rewind(&r->folding.mem, mark);
    arena_wipe(&r->scratch.mem);
    return ok;
}

bool replica_final_digest(struct replica *r, uint64_t *out_size, struct digest *out,
                          struct err *err)
{
    uint64_t final = witness_final(door_witness(r->door), door_size(r->door));
    if (!replica_digest_without(r, final, INDEX_NEVER, out, err)) {
        return false;
    }
    *out_size = final;
    return true;
}

static bool load(struct replica *r, struct err *err)
{
    struct loading l = {.r = r, .without = INDEX_NEVER, .learn = true};
    if (!door_new(&r->memory.mem, &r->table, &r->door, err) ||
        !new_fold(r, door_keyring(r->door), door_witness(r->door), &r->fold, err)) {
        return false;
    }
    l.fold = r->fold;
    struct bytes waiting = {0};
    bool ok = store_load_door(r->store, r->door, DOOR_STORED, INDEX_NEVER, STORE_BLOBS_CONTROL,
                              NULL, load_act, &l, err) &&
              replica_value(r, REPLICA_REOPEN, &r->memory.mem, &waiting, err);
    /* Learning it all again is no news; what a crash has left to be opened is. */
    r->openings.news = waiting.n > 0;
    return ok;
}

static bool load_alarm(struct replica *r, struct err *err)
{
    struct bytes v = {0};
    r->alarm_first = INDEX_NEVER;
    return replica_value(r, REPLICA_ALARM, &r->memory.mem, &v, err) &&
           (v.n == 0 ||
            u64_parse((struct text){.p = (const char *)v.p, .n = v.n}, &r->alarm_first) ||
            err_set(err, ERR_FORMAT, "the replica in %s is damaged: no alarm", r->dir));
}

bool replica_reload(struct replica *r, struct err *err)
{
    door_free(r->door);
    r->door = NULL;
    region_clear(&r->folding);
    openings_forget(&r->openings);
    if (!load(r, err)) {
        r->spoiled = true;
        return false;
    }
    replica_find_self(r);
    return true;
}

/* Which seat of the keyring holds our signing key. */
void replica_find_self(struct replica *r)
{
    r->seat = SEAT_NONE;
    if (r->keys == NULL || !keys_public(r->keys)->has[KEYSET_SEAT]) {
        return;
    }
    struct pubkey pk;
    memcpy(pk.b, keys_public(r->keys)->pk[KEYSET_SEAT], 32);
    struct kid kid = kid_of(KEY_SEAT, &pk);
    r->seat = keyring_find_seat(door_keyring(r->door), &kid);
}

bool replica_refold(struct replica *r, struct err *err)
{
    struct loading l = {.r = r, .without = INDEX_NEVER, .learn = true};
    region_clear(&r->folding);
    openings_forget(&r->openings);
    bool ok = new_fold(r, door_keyring(r->door), door_witness(r->door), &r->fold, err);
    l.fold = r->fold;
    /* A door of its own gives the acts again; the fold asks our door, which holds them all. */
    struct door *door = NULL;
    ok = ok && door_new(&r->scratch.mem, &r->table, &door, err) &&
         store_load_door(r->store, door, DOOR_STORED, INDEX_NEVER, STORE_BLOBS_CONTROL, NULL,
                         load_act, &l, err);
    if (door != NULL) {
        door_free(door);
    }
    arena_wipe(&r->scratch.mem);
    replica_find_self(r);
    return ok;
}

/* ---- a clock that is not the world's ---- */

#define CLOCK_NAME "clock" /* "SECONDS-AHEAD DAY0" of a rehearsal */

bool replica_rehearse(struct replica *r, int64_t ahead, uint64_t day0, struct err *err)
{
    char text[48];
    int n = snprintf(text, sizeof(text), "%lld %llu", (long long)ahead, (unsigned long long)day0);
    return private_put(r->store, r->openings.notebook, &r->chance, CLOCK_NAME,
                       bytes_of(text, (size_t)n), err);
}

/* A clock that the caller sets himself stands; that of the world gives way.  It is sealed: whoever
 * could set a seat's clock could have it sign hours at which no later one of its own follows. */
static bool read_clock(struct replica *r, struct err *err)
{
    struct bytes v = {0};
    int64_t ahead = 0;
    if (!replica_private(r, CLOCK_NAME, &r->memory.mem, &v, err)) {
        return false;
    }
    if (v.n == 0 || r->clock->simulated) {
        return true;
    }
    const char *s = (const char *)v.p;
    const uint8_t *blank = memchr(v.p, ' ', v.n);
    size_t n = blank == NULL ? v.n : (size_t)(blank - v.p);
    if (!i64_parse((struct text){.p = s, .n = n}, &ahead) || n == v.n ||
        !u64_parse((struct text){.p = s + n + 1, .n = v.n - n - 1}, &r->day0)) {
        return err_set(err, ERR_FORMAT, "the replica in %s is damaged: no clock", r->dir);
    }
    r->own_clock = clock_ahead(ahead);
    r->clock = &r->own_clock;
    r->rehearsal = true;
    return true;
}

static bool open_parts(struct replica *r, const char *who, struct err *err)
{
    char path[FILE_PATH_MAX];
    if (!replica_path(r->dir, "replica", path, err)) {
        return false;
    }
    if (!file_exists(path)) {
        return err_set(err, ERR_STATE, "there is no table in the folder %s", r->dir) ||
               err_mend(err, "name another with --dir, found one with \"entente table new\", or "
                             "join one with \"entente seat join\"");
    }
    struct bytes v = {0};
    if (!replica_path(r->dir, "lock", path, err) ||
        !lock_take(path, who, LOCK_WAIT_MS, &r->lock, err) ||
        !region_init(&r->memory, REGION_SECRET, MEMORY_BYTES, err) ||
        !region_init(&r->folding, REGION_SECRET, FOLDING_BYTES, err) ||
        !region_init(&r->scratch, REGION_SECRET, SCRATCH_BYTES, err) ||
        !pool_new(&r->memory.mem, 0, &r->pool, err) ||
        !replica_path(r->dir, "replica", path, err) ||
        !store_open(path, STORE_REPLICA, STORE_WRITE, &r->store, err) ||
        !replica_value(r, "table", &r->memory.mem, &v, err)) {
        return false;
    }
    if (v.n != sizeof(r->table.b)) {
        return err_set(err, ERR_FORMAT, "the replica in %s is damaged: no table", r->dir);
    }
    memcpy(r->table.b, v.p, v.n);
    return get_u32(r, "side", &r->side, err) && get_u32(r, "post", &r->post, err);
}

/* What the invitation told: whose seat this is, which sides there are, where the host is.  Nothing
 * where there are no keys. */
static bool read_invitation(struct replica *r, struct err *err)
{
    struct bytes role = {0}, host = {0};
    if (!replica_private(r, "role", &r->memory.mem, &role, err) ||
        !replica_private(r, "host", &r->memory.mem, &host, err) ||
        !join_sides(r, &r->memory.mem, &r->sides, err)) {
        return false;
    }
    if (host.n >= sizeof(r->host)) {
        return err_set(err, ERR_FORMAT, "the replica in %s is damaged: no host", r->dir);
    }
    if (host.n > 0) {
        memcpy(r->host, host.p, host.n);
    }
    r->reads_charter = !bytes_eq(role, bytes_str("monitor")) &&
                       !bytes_eq(role, bytes_str("consulted"));
    return true;
}

static bool start_openings(struct replica *r, const uint8_t notebook[static 32], struct err *err)
{
    struct openings_plan plan = {.store = r->store,
                                 .keys = r->keys,
                                 .chance = r->chance,
                                 .notebook = notebook,
                                 .side = r->side};
    return openings_init(&r->openings, &r->memory.mem, &plan, err);
}

bool replica_open(const char *dir, struct keys *keys, struct clock *clock,
                  const struct chance *chance, const char *who, struct replica *out,
                  struct err *err)
{
    struct replica *r = out;
    *r = (struct replica){.clock = clock, .chance = *chance, .keys = keys, .lock = LOCK_NONE};
    if (strlen(dir) >= sizeof(r->dir)) {
        return err_set(err, ERR_LIMIT, "the path of the folder is too long");
    }
    memcpy(r->dir, dir, strlen(dir) + 1);
    uint8_t notebook[32] = {0};
    buf_init(&r->promise, NOTE_BYTES_MAX);
    bool ok = crypto_init(err) && open_parts(r, who, err) &&
              (keys == NULL || open_notebook(r, notebook, err)) &&
              start_openings(r, notebook, err) && read_clock(r, err) && read_invitation(r, err) &&
              load_alarm(r, err) && load(r, err);
    bytes_wipe(notebook, sizeof(notebook));
    if (!ok) {
        (void)err_at(err, "folder %s", dir);
        replica_close(r);
        return false;
    }
    replica_find_self(r);
    r->opened_size = door_size(r->door);
    return true;
}

bool replica_rest(struct replica *r)
{
    /* Only what has been looked at alone: whatever else was done, it is opened anew. */
    if (r->store == NULL || r->spoiled || r->rehearsal || door_size(r->door) != r->opened_size ||
        fold_size(r->fold) != r->opened_size || r->memory.mem.used > MEMORY_BYTES / 64 ||
        !store_is_as_opened(r->store)) {
        return false;
    }
    host_link_close(&r->link);
    r->link = (struct host_link){0};
    buf_clear(&r->promise);
    arena_wipe(&r->scratch.mem);
    r->synced = false;
    r->moved = false;
    r->given_up = 0;
    r->alarms = 0;
    lock_drop(&r->lock);
    return true;
}

bool replica_wake(struct replica *r, struct clock *clock, const struct chance *chance,
                  const char *who)
{
    char path[FILE_PATH_MAX];
    struct err untold = {0}; /* then it is opened anew, which tells it */
    r->clock = clock;
    r->chance = *chance;
    return replica_path(r->dir, "lock", path, &untold) &&
           lock_take(path, who, LOCK_WAIT_MS, &r->lock, &untold) && store_is_as_opened(r->store);
}

void replica_close(struct replica *r)
{
    host_link_close(&r->link);
    buf_free(&r->promise);
    pool_free(r->pool);
    if (r->door != NULL) {
        door_free(r->door);
    }
    store_close(r->store);
    region_free(&r->scratch);
    region_free(&r->folding);
    region_free(&r->memory);
    lock_drop(&r->lock);
    *r = (struct replica){.lock = LOCK_NONE};
}

/* ---- the host ---- */

static bool make_token(void *ctx, uint64_t now, struct buf *out, struct err *err)
{
    struct replica *r = ctx;
    const struct keyring *ring = door_keyring(r->door);
    const struct signer *seat = keys_signer(r->keys, KEY_SEAT);
    struct pubkey host;
    if (seat == NULL) {
        return err_set(err, ERR_KEY, "this key file has no seat's key, so the host cannot be read");
    }
    struct err untold = {0};
    if (host_key_read(r->host, &host, &untold)) {
        /* Whoever it is: a token is good at one host alone, and what that shows is checked. */
    } else if (keyring_found(ring) != NULL) {
        host = keyring_term(ring, door_term(r->door))->host;
    } else {
        /* Before the first act is here: the host that the founding names. */
        struct bytes f = {0};
        struct control c;
        if (!replica_value(r, "founding", &r->memory.mem, &f, err) ||
            !control_decode(CONTROL_FOUND, f, &c, err)) {
            return false;
        }
        host = c.as.found.host;
    }
    return token_sign(&r->table, &host, now + TOKEN_SECONDS_MAX / 2, seat, out, err);
}

bool replica_link(struct replica *r, struct err *err)
{
    if (r->link.post != NULL) {
        return true;
    }
    if (file_kind(r->host) != FILE_FOLDER) {
        return err_set(err, ERR_HOST, "the host is not where it was: there is no folder %.300s",
                       r->host) ||
               err_mend(err, "is its disk or share there? Where the host has moved: entente sync "
                             "--host DIR");
    }
    return host_link_dir(r->host, &r->table, r->clock, make_token, r, &r->link, err) ||
           (err->code == ERR_HOST ? err_at(err, "host %.200s", r->host) ||
                                        err_mend(err, "where the host has moved: entente sync "
                                                      "--host DIR")
                                  : false);
}

bool replica_move_host(struct replica *r, const char *host, struct err *err)
{
    if (strlen(host) >= sizeof(r->host)) {
        return err_set(err, ERR_LIMIT, "the path of the host is too long");
    }
    if (!private_put(r->store, r->openings.notebook, &r->chance, "host", bytes_str(host), err)) {
        return false;
    }
    host_link_close(&r->link);
    r->link = (struct host_link){0};
    memcpy(r->host, host, strlen(host) + 1);
    return true;
}

bool replica_missing(const struct replica *r, struct missing_epoch *out)
{
    return r->seat != SEAT_NONE && replica_has_charter(r) &&
           fold_missing_epoch(r->fold, keyring_seat(door_keyring(r->door), r->seat)->admitted_at,
                              out);
}

bool replica_act(struct replica *r, uint64_t index, struct arena *mem, struct act *out_act,
                 struct opened_act *out, struct err *err)
{
    struct bytes raw;
    *out = (struct opened_act){0};
    if (!store_read_leaf(r->store, index, mem, &raw, err) || !act_decode(raw, out_act, err)) {
        return false;
    }
    bool ok = out_act->control != CONTROL_SEALED || r->keys == NULL ||
              opening_recall(&r->openings, index, mem, out, err);
    out->how.content = &out->content;
    return ok;
}
