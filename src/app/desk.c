/* SPDX-License-Identifier: Apache-2.0 */
#include "app/desk_priv.h"

#include "app/log.h"
#include "app/view_priv.h"
#include "crypto/init.h"
#include "os/file.h"

/* Evidence is read to take its digest: the largest file, and room for the rest. */
#define DESK_MEMORY ((size_t)1 << 30)

bool desk_is_one(const char *dir)
{
    char path[FILE_PATH_MAX];
    struct err untold = {0};
    return replica_path(dir, "replica", path, &untold) && file_exists(path);
}

bool desk_must_be_one(const char *dir, struct err *err)
{
    return desk_is_one(dir) || err_set(err, ERR_STATE, "there is no table in the folder %s", dir) ||
           err_mend(err, "name another with --dir, found one with \"entente table new\", or join "
                         "one with \"entente seat join\"");
}

/* The desk that was left, where nothing has been written since: what it has read need not be read
 * again. */
static struct desk *come_back(const char *dir, const struct desk_person *who, const char *verb)
{
    struct desk *d = who->keys == NULL ? NULL : who->keys->rests;
    if (d == NULL) {
        return NULL;
    }
    who->keys->rests = NULL;
    if (strcmp(d->replica.dir, dir) != 0 ||
        !replica_wake(&d->replica, who->clock, who->chance, verb)) {
        desk_end(d);
        return NULL;
    }
    d->who = *who;
    d->who.clock = d->replica.clock;
    return d;
}

bool desk_open(const char *dir, const struct desk_person *who, const char *verb, struct desk **out,
               struct err *err)
{
    struct region mem = {0};
    char path[FILE_PATH_MAX];
    if (!crypto_init(err) || !desk_must_be_one(dir, err) ||
        !replica_path(dir, "seat.key", path, err)) {
        return false;
    }
    struct desk *d = come_back(dir, who, verb);
    if (d != NULL) {
        *out = d;
        return true;
    }
    if (!region_init(&mem, REGION_SECRET, DESK_MEMORY, err)) {
        return false;
    }
    d = ARENA_NEW(&mem.mem, struct desk, 1);
    if (d == NULL) {
        region_free(&mem);
        return err_memory(err, "the desk");
    }
    d->mem = mem;
    d->who = *who;
    d->replica = (struct replica){.lock = LOCK_NONE};
    d->keys = who->keys == NULL ? NULL : who->keys->keys;
    if ((d->keys == NULL && !keys_open(path, &who->ask, &d->mem.mem, &d->keys, err)) ||
        !replica_open(dir, d->keys, who->clock, who->chance, verb, &d->replica, err)) {
        desk_close(d);
        return false;
    }
    d->who.clock = d->replica.clock; /* a rehearsal has its own */
    d->begun = arena_mark(&d->mem.mem);
    *out = d;
    return true;
}

void desk_close(struct desk *d)
{
    /* Of keys that are kept the newest desk is kept, too. */
    if (d != NULL && d->who.keys != NULL && d->begun > 0 && replica_rest(&d->replica)) {
        desk_end(d->who.keys->rests);
        arena_rewind(&d->mem.mem, d->begun);
        d->who.keys->rests = d;
        return;
    }
    desk_end(d);
}

void desk_end(struct desk *d)
{
    if (d != NULL) {
        replica_close(&d->replica);
        if (d->who.keys == NULL) {
            keys_free(d->keys);
        }
        struct region mem = d->mem; /* the desk lies in it */
        region_free(&mem);
    }
}

const char *desk_rehearsal(struct desk *d)
{
    struct view v = desk_view(d);
    return d->replica.rehearsal ? view_when(&v, v.now) : NULL;
}

bool desk_move_host(struct desk *d, const char *host, struct err *err)
{
    return replica_move_host(&d->replica, host, err);
}

struct view desk_view(struct desk *d)
{
    struct view v = view_of(&d->replica);
    v.mem = &d->mem.mem;
    return v;
}

const struct table_state *desk_state(const struct desk *d)
{
    return fold_state(d->replica.fold);
}

bool desk_has_charter(const struct desk *d, struct err *err)
{
    return replica_has_charter(&d->replica) ||
           err_set(err, ERR_STATE, "this seat does not read the charter") ||
           err_mend(err, "synchronise: entente sync; monitors and consulted sides see their tasks "
                         "alone: entente moves");
}

/* ---- the host ---- */

bool desk_take(struct desk *d, struct err *err)
{
    struct replica *r = &d->replica;
    return sync_take(r, err) && (r->seat == SEAT_NONE || act_settle_in(r, err));
}

/* waiting: acts that are not countersigned by every side yet. */
static void tell_sync(const struct sync_report *s, bool in, uint64_t waiting,
                      const struct desk_say *say)
{
    if (say->json != NULL) {
        struct json *j = say->json;
        json_put_key(j, "before");
        json_put_u64(j, s->before);
        json_put_key(j, "acts");
        json_put_u64(j, s->after);
        json_put_key(j, "posted");
        json_put_u64(j, s->posted);
        json_put_key(j, "countersigned");
        json_put_u64(j, s->final);
        json_put_key(j, "waiting");
        json_put_u64(j, waiting);
        json_put_key(j, "did_countersign");
        json_put_bool(j, s->countersigned);
        json_put_key(j, "admitted");
        json_put_bool(j, in);
        return;
    }
    buf_printf(say->words, "%llu acts, %llu of them new", (unsigned long long)s->after,
               (unsigned long long)(s->after - s->before));
    if (s->posted > 0) {
        buf_printf(say->words, "; %llu that waited were posted", (unsigned long long)s->posted);
    }
    buf_printf(say->words, "%s.\n", s->countersigned ? "; countersigned for your side" : "");
    if (waiting == 0) {
        buf_printf(say->words, "Every side has countersigned all that was said and done.\n");
    } else {
        buf_printf(say->words, "The first %llu are countersigned by every side.\n",
                   (unsigned long long)s->final);
    }
    if (!in) {
        buf_printf(say->words, "This seat is not admitted yet: give your slip to whoever invited "
                               "you.\n");
    }
}

bool desk_sync(struct desk *d, const struct desk_say *say, struct err *err)
{
    struct replica *r = &d->replica;
    struct sync_report all = {0};
    if (!sync_replica(r, &all, err)) {
        return false;
    }
    if (r->seat != SEAT_NONE) {
        /* Its first time in, a seat has things to say; they wait for a countersignature too. */
        uint64_t size = door_size(r->door);
        struct sync_report again = {0};
        if (!act_settle_in(r, err) ||
            (door_size(r->door) > size && !sync_replica(r, &again, err))) {
            return false;
        }
        if (again.after > 0) {
            all.after = again.after;
            all.final = again.final;
            all.posted += again.posted;
            all.countersigned = all.countersigned || again.countersigned;
        }
    }
    struct view v = desk_view(d);
    tell_sync(&all, r->seat != SEAT_NONE, view_waiting(&v), say);
    if (!desk_moved(d, say, err)) {
        return false;
    }
    v = desk_view(d); /* what is on the record again may have made the state anew */
    if (say->json != NULL) {
        view_missing_json(&v, say->json);
    } else {
        view_missing(&v, say->words);
    }
    return true;
}

/* ---- filing ---- */

bool desk_tell(struct desk *d, uint64_t index, const char *next, const struct desk_say *say,
               struct err *err)
{
    struct view v = desk_view(d);
    struct replica *r = &d->replica;
    struct act a;
    struct opened_act act;
    struct ring_author author;
    struct buf words;
    if (!replica_act(r, index, v.mem, &a, &act, err) ||
        !keyring_author(door_keyring(r->door), index, &a.kid, &author, err)) {
        return false;
    }
    bool final = index < witness_final(door_witness(r->door), door_size(r->door));
    buf_init(&words, 1u << 20);
    view_act_words(&v, &author, &act, &words);
    if (say->json != NULL) {
        struct json *j = say->json;
        json_put_key(j, "act");
        json_put_u64(j, index);
        json_put_key(j, "id");
        struct leaf_hash leaf = door_leaf(r->door, index);
        json_put_hex(j, ID_BYTES(leaf));
        json_put_key(j, "room");
        json_put_text(j, act.content.header.room);
        json_put_key(j, "words");
        json_put_str(j, buf_str(&words));
        json_put_key(j, "countersigned");
        json_put_bool(j, final);
        json_put_key(j, "next");
        json_put_str(j, next);
    } else {
        buf_printf(say->words, "Noted as act %llu in %.*s, %s: %s\n", (unsigned long long)index,
                   TEXT_ARG(act.content.header.room),
                   final ? "countersigned by every side" : "not yet countersigned by every side",
                   buf_str(&words));
        buf_printf(say->words, "Next: %s\n", next);
    }
    buf_free(&words);
    return true;
}

bool desk_file(struct desk *d, const struct payload *p, const char *shown, const char *next,
               const struct desk_say *say, struct err *err)
{
    struct replica *r = &d->replica;
    struct refusal refusal = {0};
    uint64_t index = 0;
    if (r->seat != SEAT_NONE && !desk_guard_words(d, p, err)) {
        return false;
    }
    if (shown != NULL && r->seat != SEAT_NONE) {
        /* Nobody is asked to confirm what the desk would stop. */
        bool fine = act_look(r, p, &refusal);
        arena_wipe(&r->scratch.mem);
        if (!fine) {
            return act_refused(&refusal, err);
        }
        if (!d->who.confirm(d->who.ctx, shown, err)) {
            return false;
        }
    }
    return act_file(r, ACT_CHECKED, p, &index, err) && desk_tell(d, index, next, say, err);
}

/* ---- looking ---- */

bool desk_journey(struct desk *d, const struct desk_say *say, struct err *err)
{
    struct view v = desk_view(d);
    (void)err;
    if (say->json != NULL) {
        view_journey_json(&v, say->json);
    } else {
        view_journey(&v, say->words);
    }
    return true;
}

bool desk_charter(struct desk *d, const struct desk_say *say, struct err *err)
{
    if (!desk_has_charter(d, err)) {
        return false;
    }
    const struct charter *c = &desk_state(d)->charter;
    bool in_force = state_in_force(desk_state(d));
    struct id_hex id = id_hex(d->replica.table.b);
    if (say->json != NULL) {
        json_put_key(say->json, "id");
        json_put_str(say->json, id.s);
        json_put_key(say->json, "in_force");
        json_put_bool(say->json, in_force);
        view_charter_json(c, &d->mem.mem, say->json);
        return true;
    }
    view_charter(c, &d->mem.mem, say->words);
    buf_printf(say->words, "Table %s; the charter is %s.\n", id.s,
               in_force ? "in force" : "not in force yet");
    return true;
}

bool desk_moves(struct desk *d, const struct desk_say *say, struct err *err)
{
    struct view v = desk_view(d);
    bool charter = replica_has_charter(&d->replica);
    if (!charter && d->replica.seat == SEAT_NONE) {
        return err_set(err, ERR_STATE, "this seat is not admitted yet") ||
               err_mend(err, "give your slip to whoever invited you, then: entente sync");
    }
    if (!charter) {
        return say->json != NULL ? view_tasks_json(&v, say->json, err)
                                 : view_tasks(&v, say->words, err);
    }
    if (say->json != NULL) {
        view_moves_json(&v, say->json);
    } else {
        view_moves(&v, say->words);
    }
    return true;
}

bool desk_proposals(struct desk *d, const struct desk_say *say, struct err *err)
{
    struct view v = desk_view(d);
    if (!desk_has_charter(d, err)) {
        return false;
    }
    if (say->json != NULL) {
        view_proposals_json(&v, say->json);
    } else {
        view_proposals(&v, say->words);
    }
    return true;
}

bool desk_ledger(struct desk *d, const struct desk_say *say, struct err *err)
{
    struct view v = desk_view(d);
    if (!desk_has_charter(d, err)) {
        return false;
    }
    if (say->json != NULL) {
        view_ledger_json(&v, say->json);
    } else {
        view_ledger(&v, say->words);
    }
    return true;
}

bool desk_rooms(struct desk *d, const struct desk_say *say, struct err *err)
{
    struct view v = desk_view(d);
    (void)err;
    if (say->json != NULL) {
        view_rooms_json(&v, say->json);
    } else {
        view_rooms(&v, say->words);
    }
    return true;
}

bool desk_issues(struct desk *d, const struct desk_say *say, struct err *err)
{
    struct view v = desk_view(d);
    if (!desk_has_charter(d, err)) {
        return false;
    }
    if (say->json != NULL) {
        view_issues_json(&v, say->json);
    } else {
        view_issues(&v, say->words);
    }
    return true;
}

bool desk_seats(struct desk *d, const struct desk_say *say, struct err *err)
{
    struct view v = desk_view(d);
    (void)err;
    if (say->json != NULL) {
        view_seats_json(&v, say->json);
    } else {
        view_seats(&v, say->words);
    }
    return true;
}

bool desk_mandates(struct desk *d, const struct desk_say *say, struct err *err)
{
    struct view v = desk_view(d);
    if (!desk_has_charter(d, err)) {
        return false;
    }
    if (say->json != NULL) {
        view_mandates_json(&v, say->json);
    } else {
        view_mandates(&v, say->words);
    }
    return true;
}

bool desk_since(struct desk *d, uint32_t days, const struct desk_say *say, struct err *err)
{
    struct view v = desk_view(d);
    if (!desk_has_charter(d, err)) {
        return false;
    }
    if (say->json == NULL) {
        return view_since(&v, days, say->words, err);
    }
    struct buf words;
    buf_init(&words, 1u << 20);
    bool ok = view_since(&v, days, &words, err);
    if (ok) {
        json_put_key(say->json, "days");
        json_put_u64(say->json, days);
        json_put_key(say->json, "words");
        json_put_str(say->json, buf_str(&words));
    }
    buf_free(&words);
    return ok;
}

bool desk_noted(struct desk *d, uint64_t from, const struct desk_say *say, struct err *err)
{
    struct view v = desk_view(d);
    return say->json != NULL ? view_noted_json(&v, from, say->json, err)
                             : view_noted(&v, from, say->words, err);
}

static bool put_log_line(void *ctx, const struct log_line *line, struct err *err)
{
    const struct desk_say *say = ctx;
    (void)err;
    if (say->json != NULL) {
        log_json(line, say->json);
    } else {
        log_words(line, say->words);
    }
    return true;
}

bool desk_record(struct desk *d, uint64_t from, uint64_t count, const struct desk_say *say,
                 struct err *err)
{
    struct view v = desk_view(d);
    struct desk_say to = *say;
    uint64_t end = count > UINT64_MAX - from ? UINT64_MAX : from + count;
    if (say->json != NULL) {
        json_put_key(say->json, "size");
        json_put_u64(say->json, desk_acts(d));
        json_put_key(say->json, "countersigned");
        json_put_u64(say->json, desk_final(d));
        json_put_key(say->json, "acts");
        json_put_array(say->json);
    }
    bool ok = log_each(&v, from, end, put_log_line, &to, err);
    if (say->json != NULL) {
        json_put_end(say->json);
    }
    return ok;
}

bool desk_room(struct desk *d, struct text room, uint32_t last, const struct desk_say *say,
               struct err *err)
{
    struct view v = desk_view(d);
    struct room found;
    if (replica_has_charter(&d->replica) && !room_parse(&desk_state(d)->charter, room, &found)) {
        return err_set(err, ERR_USE, "there is no room %.*s", TEXT_ARG(room)) ||
               err_mend(err, "see the rooms where you sit: entente rooms");
    }
    return say->json != NULL ? view_room_json(&v, room, last, say->json, err)
                             : view_room(&v, room, last, say->words, err);
}
