/* SPDX-License-Identifier: Apache-2.0
 *
 * What this seat had written and the new host's record lacks: kept, told, filed again.
 */
#include <stdio.h>

#include "app/act.h"
#include "app/act_words.h"
#include "app/private.h"
#include "app/succeed_priv.h"
#include "record/limits.h"

/* private/lost/<old term, 10 digits>-<old index, 20 digits>, in the order in which they were. */
#define LOST_PREFIX "private/lost/"
#define LOST_MAX 4096u
#define LOST_NAME_MAX 64u

/* The value: control kind, type of the author's key, whether it was tried already, and the blob of a
 * control act or the content of a sealed one. */
enum { AT_CONTROL, AT_AUTHOR, AT_TRIED, AT_BYTES };

struct lost {
    char name[LOST_NAME_MAX]; /* behind "private/" */
    enum control_kind control;
    enum key_type author;
    bool tried;
    struct bytes bytes;
};

static bool put_lost(struct replica *r, const struct lost *l, struct err *err)
{
    struct buf b;
    buf_init(&b, STORE_SEALED_MAX / 2);
    buf_add_u8(&b, (uint8_t)l->control);
    buf_add_u8(&b, (uint8_t)l->author);
    buf_add_u8(&b, l->tried);
    buf_add(&b, l->bytes);
    bool ok = buf_done(&b, "an act of this seat", err) &&
              private_put(r->store, r->openings.notebook, &r->chance, l->name, buf_bytes(&b), err);
    buf_free(&b);
    return ok;
}

/* ---- keeping ---- */

static bool of_key(const struct replica *r, enum key_type type, const struct kid16 *kid)
{
    const struct signer *s = r->keys == NULL ? NULL : keys_signer(r->keys, type);
    if (s == NULL) {
        return false;
    }
    struct kid own = signer_kid(s);
    struct kid16 shortened = kid_short(&own);
    return ID_EQ(shortened, *kid);
}

/* Keys of rooms are given anew where they are wanted; countersignatures are of that record alone. */
static bool is_kept(const struct act *a, const struct opened_act *act)
{
    if (a->control != CONTROL_SEALED) {
        return a->control == CONTROL_KEYS || a->control == CONTROL_WITNESSES;
    }
    uint32_t kind = act->content.header.kind;
    return act->open && act->how.matches && kind != (uint32_t)KIND_EPOCH &&
           kind != (uint32_t)KIND_GRANT && kind != (uint32_t)KIND_CANNOT_OPEN &&
           kind != (uint32_t)KIND_VOID && kind != (uint32_t)KIND_CHARTER;
}

static bool keep_one(struct replica *r, const struct act *a, uint64_t index,
                     const struct opened_act *act, struct bytes blob, struct err *err)
{
    bool root = of_key(r, KEY_ROOT, &a->kid);
    if ((!root && !of_key(r, KEY_SEAT, &a->kid)) || !is_kept(a, act)) {
        return true;
    }
    struct lost l = {.control = a->control, .author = root ? KEY_ROOT : KEY_SEAT};
    (void)snprintf(l.name, sizeof(l.name), "lost/%010u-%020llu", a->term,
                   (unsigned long long)index);
    l.bytes = a->control == CONTROL_SEALED ? opening_content(act) : blob;
    return put_lost(r, &l, err);
}

static bool keep_noted(struct replica *r, uint64_t index, struct err *err)
{
    struct arena *mem = &r->scratch.mem;
    struct act a;
    struct opened_act act;
    struct bytes blob = {0};
    bool ok = replica_act(r, index, mem, &a, &act, err) &&
              (a.control == CONTROL_SEALED ||
               store_read_blob(r->store, &a.blob, mem, &blob, err)) &&
              keep_one(r, &a, index, &act, blob, err);
    arena_wipe(mem);
    return ok;
}

/* The first of the outbox; it is let go once it is kept. */
struct first {
    bool found;
    struct buf envelope, blob;
};

static bool pick(void *ctx, uint64_t index, struct bytes envelope, struct bytes blob,
                 struct err *err)
{
    struct first *f = ctx;
    if (index > 0) {
        return true;
    }
    f->found = true;
    buf_add(&f->envelope, envelope);
    buf_add(&f->blob, blob);
    return buf_done(&f->envelope, "an act that waits", err) &&
           buf_done(&f->blob, "an act that waits", err);
}

static bool keep_waiting(struct replica *r, const struct first *f, uint64_t index, struct err *err)
{
    struct arena *mem = &r->scratch.mem;
    struct opened_act act = {0};
    struct verified_act va = {.index = door_size(r->door), .blob = buf_bytes(&f->blob)};
    const struct keyring *ring = door_keyring(r->door);
    bool ok = act_decode(buf_bytes(&f->envelope), &va.act, err);
    if (ok && va.act.control == CONTROL_SEALED) {
        ok = keyring_author(ring, va.index, &va.act.kid, &va.author, err) &&
             opening_try(&r->openings, ring, &va, va.blob, mem, &act, err);
    }
    ok = ok && keep_one(r, &va.act, index, &act, va.blob, err) &&
         store_outbox_drop(r->store, &va.act.kid, va.act.term, va.act.n, err);
    arena_wipe(mem);
    return ok;
}

bool succeed_keep(struct replica *r, uint64_t from, struct err *err)
{
    uint64_t size = door_size(r->door);
    bool ok = true, more = true;
    for (uint64_t i = from; ok && r->keys != NULL && i < size; i++) {
        ok = keep_noted(r, i, err);
    }
    for (uint64_t i = size; ok && r->keys != NULL && more; i++) {
        struct first f = {.found = false};
        buf_init(&f.envelope, ENVELOPE_MAX);
        buf_init(&f.blob, BLOB_LIMIT_MOST);
        ok = store_outbox_each(r->store, pick, &f, err) &&
             (!f.found || keep_waiting(r, &f, i, err));
        more = f.found;
        buf_free(&f.envelope);
        buf_free(&f.blob);
    }
    return ok;
}

/* ---- what is kept ---- */

struct names {
    uint64_t below; /* acts of terms before this one */
    uint32_t count;
    char (*all)[LOST_NAME_MAX];
};

static bool note_name(void *ctx, struct bytes key, struct bytes value, struct err *err)
{
    struct names *n = ctx;
    size_t skip = strlen("private/"), at = strlen(LOST_PREFIX);
    uint64_t term = 0;
    (void)value;
    for (size_t i = at; i < key.n && key.p[i] >= '0' && key.p[i] <= '9'; i++) {
        term = term * 10 + (uint64_t)(key.p[i] - '0');
    }
    if (term >= n->below) {
        return true; /* its host is still the table's */
    }
    if (n->count == LOST_MAX || key.n - skip >= LOST_NAME_MAX) {
        return err_set(err, ERR_LIMIT, "more acts wait to be filed again than can be told");
    }
    memcpy(n->all[n->count], key.p + skip, key.n - skip);
    n->all[n->count++][key.n - skip] = '\0';
    return true;
}

static bool list(struct replica *r, struct names *out, struct err *err)
{
    out->count = 0;
    out->below = door_term(r->door);
    out->all = arena_take(&r->scratch.mem, sizeof(*out->all), 1, LOST_MAX);
    return (out->all != NULL || err_memory(err, "acts to be filed again")) &&
           store_sealed_each(r->store, bytes_str(LOST_PREFIX), note_name, out, err);
}

static bool load(struct replica *r, const char *name, struct arena *mem, struct lost *out,
                 struct err *err)
{
    struct bytes v = {0};
    if (!private_get(r->store, r->openings.notebook, name, mem, &v, err)) {
        return false;
    }
    if (v.n <= AT_BYTES || v.p[AT_CONTROL] > CONTROL_SUCCESSION) {
        return err_set(err, ERR_VERIFY, "the private notebook is damaged: %s", name);
    }
    *out = (struct lost){.control = (enum control_kind)v.p[AT_CONTROL],
                         .author = (enum key_type)v.p[AT_AUTHOR],
                         .tried = v.p[AT_TRIED] != 0,
                         .bytes = bytes_slice(v, AT_BYTES, v.n)};
    memcpy(out->name, name, strlen(name) + 1);
    return true;
}

bool succeed_waiting(struct replica *r, uint32_t *out, struct err *err)
{
    struct names n;
    size_t mark = arena_mark(&r->scratch.mem);
    bool ok = list(r, &n, err);
    arena_rewind(&r->scratch.mem, mark);
    if (ok) {
        *out = n.count;
    }
    return ok;
}

bool succeed_tell(struct replica *r, struct arena *mem, struct buf *out, struct err *err)
{
    struct names n;
    struct view v = view_of(r);
    v.mem = mem;
    bool ok = list(r, &n, err);
    for (uint32_t i = 0; ok && i < n.count; i++) {
        struct lost l;
        struct content c;
        struct payload p;
        size_t mark = arena_mark(mem);
        ok = load(r, n.all[i], mem, &l, err);
        if (ok && l.control != CONTROL_SEALED) {
            buf_printf(out, "  %s\n", control_word(l.control));
        } else if (ok) {
            ok = content_decode(l.bytes, mem, &c, err) && payload_from(&c, mem, &p, err);
            if (ok) {
                buf_printf(out, "  %s, in %.*s: ", kind_word(p.kind), TEXT_ARG(p.room));
                act_words(&v, NULL, mem, &p, out);
                buf_add_u8(out, '\n');
            }
        }
        arena_rewind(mem, mark);
    }
    arena_wipe(&r->scratch.mem);
    return ok;
}

/* ---- filing again ---- */

/* The same items in the same room and kind: a salt of its own makes no other act. */
static bool says_the_same(const struct content *a, const struct content *b)
{
    if (a->header.kind != b->header.kind || a->count != b->count ||
        !bytes_eq(text_bytes(a->header.room), text_bytes(b->header.room))) {
        return false;
    }
    for (uint32_t i = 0; i < a->count; i++) {
        if (a->items[i].type != b->items[i].type ||
            !bytes_eq(a->items[i].value, b->items[i].value)) {
            return false;
        }
    }
    return true;
}

/* Was it filed again before something stopped us? */
static bool is_there(struct replica *r, const struct lost *l, const struct content *c, bool *out,
                     struct err *err)
{
    struct arena *mem = &r->scratch.mem;
    const struct keyring *ring = door_keyring(r->door);
    uint64_t size = door_size(r->door), from = keyring_term(ring, door_term(r->door))->from;
    struct digest sha = digest_plain(l->bytes);
    bool ok = true;
    *out = false;
    for (uint64_t i = from; ok && !*out && i < size; i++) {
        size_t mark = arena_mark(mem);
        struct act a;
        struct opened_act act;
        ok = replica_act(r, i, mem, &a, &act, err);
        if (ok && of_key(r, l->author, &a.kid) && a.control == l->control) {
            *out = l->control != CONTROL_SEALED ? ID_EQ(a.blob, sha)
                                                : act.open && says_the_same(&act.content, c);
        }
        arena_rewind(mem, mark);
    }
    return ok;
}

static bool forget(struct replica *r, const struct lost *l, struct err *err)
{
    return private_put(r->store, r->openings.notebook, &r->chance, l->name, (struct bytes){0}, err);
}

/* Whether it is the act that cannot be filed now, or the machine or the host that fails. */
static bool is_refusal(enum err_code code)
{
    return code != ERR_HOST && code != ERR_IO && code != ERR_MEMORY;
}

/* An act of the record; seats that it admits again are given what they need to read the table. */
static bool refile_control(struct replica *r, const struct lost *l, struct err *err)
{
    uint32_t seats[SIDE_SEATS_MAX], count = 0;
    uint32_t before = keyring_seats(door_keyring(r->door), door_size(r->door));
    if (!envelope_post_control(r, l->author, l->control, l->bytes, err)) {
        return false;
    }
    const struct keyring *ring = door_keyring(r->door);
    uint32_t after = keyring_seats(ring, door_size(r->door));
    for (uint32_t i = before; i < after && count < SIDE_SEATS_MAX; i++) {
        if (keyring_seat(ring, i)->side < keyring_found(ring)->groups) {
            seats[count++] = i;
        }
    }
    return act_share(r, seats, count, err);
}

static bool refile_one(struct replica *r, struct lost *l, struct arena *mem, struct refiled *out,
                       struct err *err)
{
    struct content c = {.count = 0};
    struct payload p;
    struct err why = {0};
    bool there = false;
    bool ok = l->control != CONTROL_SEALED ||
              (content_decode(l->bytes, mem, &c, err) && payload_from(&c, mem, &p, err));
    if (ok && l->tried) {
        ok = is_there(r, l, &c, &there, err);
    }
    if (ok && there) {
        out->again++;
        return forget(r, l, err);
    }
    l->tried = true;
    if (!ok || !put_lost(r, l, err)) {
        return false;
    }
    if (l->control != CONTROL_SEALED ? refile_control(r, l, &why)
                                     : act_file(r, ACT_CHECKED, &p, NULL, &why)) {
        out->again++;
        return forget(r, l, err);
    }
    if (!is_refusal(why.code)) {
        *err = why;
        return false;
    }
    if (out->left++ == 0) {
        out->why = why;
    }
    return true;
}

bool succeed_refile(struct replica *r, enum refile_what what, struct refiled *out, struct err *err)
{
    struct names n;
    struct region memory = {0};
    *out = (struct refiled){.again = 0};
    if (r->keys == NULL || !region_init(&memory, REGION_SECRET, (size_t)512 << 20, err)) {
        return r->keys == NULL;
    }
    bool ok = list(r, &n, err);
    /* The scratch is wiped by each act that is filed. */
    char(*names)[LOST_NAME_MAX] = ok ? arena_take(&memory.mem, sizeof(*names), 1, LOST_MAX) : NULL;
    ok = ok && (names != NULL || err_memory(err, "acts to be filed again"));
    if (ok) {
        memcpy(names, n.all, sizeof(*names) * n.count);
    }
    arena_wipe(&r->scratch.mem);
    /* What waits from before goes out first: it may be one of these. */
    ok = ok && (n.count == 0 || sync_settle(r, err));
    for (uint32_t i = 0; ok && i < n.count; i++) {
        struct lost l;
        size_t mark = arena_mark(&memory.mem);
        ok = load(r, names[i], &memory.mem, &l, err) &&
             ((what == REFILE_RECORD && l.control == CONTROL_SEALED) ||
              refile_one(r, &l, &memory.mem, out, err));
        arena_rewind(&memory.mem, mark);
    }
    region_free(&memory);
    return ok;
}

bool succeed_drop(struct replica *r, struct err *err)
{
    return store_sealed_drop(r->store, bytes_str(LOST_PREFIX), err);
}
