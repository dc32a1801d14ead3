/* SPDX-License-Identifier: Apache-2.0
 *
 * Whose desk it is: keys that are held for several desks, and who sits there.
 */
#include "app/desk_priv.h"

#include "app/join.h"
#include "app/sync.h"
#include "crypto/init.h"

#define KEYS_MEMORY ((size_t)1 << 20)

/* ---- keys ---- */

bool desk_keys_open(const char *dir, const struct keys_ask *ask, struct desk_keys **out,
                    struct err *err)
{
    struct region mem = {0};
    char path[FILE_PATH_MAX];
    if (!crypto_init(err) || !desk_must_be_one(dir, err) ||
        !replica_path(dir, "seat.key", path, err) ||
        !region_init(&mem, REGION_SECRET, KEYS_MEMORY, err)) {
        return false;
    }
    struct desk_keys *k = ARENA_NEW(&mem.mem, struct desk_keys, 1);
    if (k == NULL) {
        region_free(&mem);
        return err_memory(err, "keys");
    }
    if (!keys_open(path, ask, &mem.mem, &k->keys, err)) {
        region_free(&mem);
        return false;
    }
    k->mem = mem;
    *out = k;
    return true;
}

void desk_keys_free(struct desk_keys *k)
{
    if (k != NULL) {
        desk_end(k->rests);
        keys_free(k->keys);
        struct region mem = k->mem; /* the keys lie in it */
        region_free(&mem);
    }
}

static bool ask_nobody(void *ctx, const char *prompt, struct buf *out, struct err *err)
{
    (void)ctx;
    (void)prompt;
    (void)out;
    return err_set(err, ERR_KEY, "the keys are locked");
}

bool desk_unlocked(const char *dir)
{
    const struct keys_ask nobody = {.passphrase = ask_nobody};
    struct desk_keys *k = NULL;
    struct err untold = {0};
    bool open = desk_keys_open(dir, &nobody, &k, &untold);
    desk_keys_free(k);
    return open;
}

/* ---- what is here ---- */

bool desk_take_in(struct desk *d, struct err *err)
{
    return sync_take(&d->replica, err);
}

uint64_t desk_acts(const struct desk *d)
{
    return door_size(d->replica.door);
}

uint64_t desk_final(const struct desk *d)
{
    return witness_final(door_witness(d->replica.door), door_size(d->replica.door));
}

/* ---- who sits here ---- */

static const char *role_word(enum side_role role)
{
    switch (role) {
    case ROLE_MEDIATION:
        return "mediation";
    case ROLE_PARTY:
        return "party";
    case ROLE_MONITOR:
        return "monitor";
    case ROLE_CONSULTED:
        return "consulted";
    }
    return "";
}

struct self {
    struct text table, goal, side, id, title, name;
    const char *role;
    bool charter;
};

static bool find_self(struct desk *d, struct self *out, struct err *err)
{
    struct replica *r = &d->replica;
    const struct table_state *s = desk_state(d);
    struct self me = {.table = text_str(""),
                      .goal = text_str(""),
                      .title = text_str(""),
                      .name = text_str(""),
                      .role = "",
                      .charter = replica_has_charter(r)};
    if (!join_who(r, r->side, &d->mem.mem, &me.id, &me.side, err)) {
        return false;
    }
    const struct charter *c = me.charter ? &s->charter : &r->sides;
    if (r->side < c->side_count) {
        me.role = role_word(c->sides[r->side].role);
    }
    if (me.charter) {
        me.table = s->charter.table;
        me.goal = s->charter.goal;
        me.side = c->sides[r->side].name;
        if (r->post < c->sides[r->side].seat_count) {
            me.title = c->sides[r->side].seats[r->post];
        }
    }
    if (r->seat != SEAT_NONE && text_present(s->names[r->seat])) {
        me.name = s->names[r->seat];
    }
    *out = me;
    return true;
}

static void put_self(const struct desk *d, const struct view *v, const struct self *me,
                     struct json *j)
{
    const struct replica *r = &d->replica;
    json_put_key(j, "id");
    json_put_hex(j, ID_BYTES(r->table));
    json_put_key(j, "table");
    json_put_text(j, me->table);
    json_put_key(j, "goal");
    json_put_text(j, me->goal);
    json_put_key(j, "side");
    json_put_text(j, me->side);
    json_put_key(j, "side_id");
    json_put_text(j, me->id);
    json_put_key(j, "role");
    json_put_str(j, me->role);
    json_put_key(j, "post");
    json_put_u64(j, r->post);
    json_put_key(j, "title");
    json_put_text(j, me->title);
    json_put_key(j, "name");
    json_put_text(j, me->name);
    json_put_key(j, "admitted");
    json_put_bool(j, r->seat != SEAT_NONE);
    json_put_key(j, "charter");
    json_put_bool(j, me->charter);
    json_put_key(j, "pen");
    json_put_bool(j, me->charter && charter_has_pen(&desk_state(d)->charter, r->side));
    json_put_key(j, "rehearsal");
    json_put_bool(j, r->rehearsal);
    json_put_key(j, "now");
    json_put_u64(j, v->now);
}

bool desk_self(struct desk *d, const struct desk_say *say, struct err *err)
{
    struct self me;
    struct view v = desk_view(d);
    if (!find_self(d, &me, err)) {
        return false;
    }
    if (say->json != NULL) {
        put_self(d, &v, &me, say->json);
        return true;
    }
    buf_printf(say->words, "%.*s%s%.*s of %.*s", TEXT_ARG(me.title), me.title.n > 0 ? " " : "",
               TEXT_ARG(me.name), TEXT_ARG(me.side));
    if (me.table.n > 0) {
        buf_printf(say->words, " at %.*s", TEXT_ARG(me.table));
    }
    buf_printf(say->words, "\n");
    return true;
}
