/* SPDX-License-Identifier: Apache-2.0 */
#include "app/record.h"

#include "app/accuse.h"
#include "app/bundle.h"
#include "app/check.h"
#include "app/log.h"
#include "app/publish.h"
#include "crypto/init.h"

#define KEYS_BYTES ((size_t)8 << 20)
#define LOG_BYTES ((size_t)256 << 20)

/* Without keys the record is looked at, and nothing sealed is opened. */
enum keys_use { WITH_KEYS, RECORD_ONLY };

struct seat {
    struct replica replica;
    struct region keys_memory;
    struct keys *keys;
};

static bool seat_keys(const struct record_ask *ask, struct seat *s, struct err *err)
{
    char path[FILE_PATH_MAX];
    if (!replica_path(ask->dir, "replica", path, err)) {
        return false;
    }
    if (!file_exists(path)) { /* before a passphrase is asked for in vain */
        return err_set(err, ERR_STATE, "there is no table in the folder %s", ask->dir) ||
               err_mend(err, "name a seat's folder with --dir");
    }
    return region_init(&s->keys_memory, REGION_SECRET, KEYS_BYTES, err) &&
           replica_path(ask->dir, "seat.key", path, err) &&
           keys_open(path, ask->keys, &s->keys_memory.mem, &s->keys, err);
}

/* To be closed on failure too. */
static bool seat_open(const struct record_ask *ask, enum keys_use use, const char *who,
                      struct seat **out, struct err *err)
{
    struct chance chance = chance_real();
    struct seat *s = ARENA_NEW(ask->mem, struct seat, 1);
    if (s == NULL) {
        return err_memory(err, "a seat");
    }
    s->replica.lock = LOCK_NONE;
    *out = s;
    return crypto_init(err) && (use == RECORD_ONLY || seat_keys(ask, s, err)) &&
           replica_open(ask->dir, s->keys, ask->clock, &chance, who, &s->replica, err);
}

static void seat_close(struct seat *s)
{
    if (s == NULL) {
        return;
    }
    replica_close(&s->replica);
    keys_free(s->keys);
    region_free(&s->keys_memory);
}

static void put_key_u64(struct json *j, const char *key, uint64_t v)
{
    json_put_key(j, key);
    json_put_u64(j, v);
}

static void put_file(struct json *j, const char *path)
{
    json_put_key(j, "file");
    json_put_str(j, path);
}

/* ---- the questions ---- */

/* Whose key a fraud proof is about, where the folder holds its table. */
static struct accused whose(const struct record_ask *ask, const struct fraud *f)
{
    struct accused whom = {.as = ACCUSED_UNKNOWN};
    struct err untold = {0}; /* the proof holds all the same */
    struct seat *s = NULL;
    char path[FILE_PATH_MAX];
    if (replica_path(ask->dir, "replica", path, &untold) && file_exists(path) &&
        seat_open(ask, RECORD_ONLY, "check", &s, &untold) && ID_EQ(s->replica.table, f->table)) {
        whom = accuse_whose(door_keyring(s->replica.door), fraud_guilty(f));
    }
    seat_close(s);
    return whom;
}

bool record_check(const struct record_ask *ask, const char *path, struct err *err)
{
    struct check_result found;
    if (!check_path(path, ask->mem, &found, err)) {
        return false;
    }
    if (found.kind == CHECK_FRAUD) {
        found.whom = whose(ask, &found.fraud);
    }
    if (ask->json != NULL) {
        check_json(&found, ask->json);
    } else {
        check_words(&found, ask->out);
    }
    return true;
}

static bool put_line(void *ctx, const struct log_line *line, struct err *err)
{
    const struct record_ask *ask = ctx;
    struct buf *out = ask->json == NULL ? ask->out : ask->json->out;
    if (ask->json != NULL) {
        log_json(line, ask->json);
    } else {
        log_words(line, out);
    }
    return buf_done(out, "the answer", err) || err_mend(err, "ask for a part: --from N --to N");
}

bool record_log(const struct record_ask *ask, uint64_t from, uint64_t to, struct err *err)
{
    struct record_ask to_visit = *ask;
    struct seat *s = NULL;
    struct region memory = {0};
    bool ok = seat_open(ask, WITH_KEYS, "log", &s, err) &&
              region_init(&memory, REGION_SECRET, LOG_BYTES, err);
    if (ok && ask->json != NULL) {
        json_put_key(ask->json, "acts");
        json_put_array(ask->json);
    }
    if (ok) {
        struct view v = view_of(&s->replica);
        v.mem = &memory.mem;
        ok = log_each(&v, from, to, put_line, &to_visit, err);
    }
    if (ok && ask->json != NULL) {
        json_put_end(ask->json);
    }
    region_free(&memory);
    seat_close(s);
    return ok;
}

static void put_bundle(const struct record_ask *ask, const struct bundle_facts *f, const char *path)
{
    if (ask->json == NULL) {
        buf_printf(ask->out,
                   "%s: %llu acts, the first %llu of them countersigned by every side\nroot %s\n",
                   path, (unsigned long long)f->size, (unsigned long long)f->final,
                   id_hex(f->root.b).s);
        return;
    }
    put_file(ask->json, path);
    put_key_u64(ask->json, "size", f->size);
    put_key_u64(ask->json, "final", f->final);
    put_key_u64(ask->json, "taken", f->taken);
    json_put_key(ask->json, "root");
    json_put_hex(ask->json, ID_BYTES(f->root));
}

bool record_bundle_out(const struct record_ask *ask, const char *path, struct err *err)
{
    struct seat *s = NULL;
    struct bundle_facts f;
    bool ok = seat_open(ask, RECORD_ONLY, "bundle out", &s, err) &&
              bundle_out(&s->replica, path, &f, err);
    if (ok) {
        put_bundle(ask, &f, path);
    }
    seat_close(s);
    return ok;
}

bool record_bundle_in(const struct record_ask *ask, const char *path, bool instead, struct err *err)
{
    struct seat *s = NULL;
    struct bundle_facts f;
    bool ok = seat_open(ask, WITH_KEYS, "bundle in", &s, err) &&
              bundle_in(&s->replica, path, instead ? BUNDLE_INSTEAD : BUNDLE_MORE, &f, err);
    if (ok) {
        put_bundle(ask, &f, path);
    }
    if (ok && ask->json == NULL) {
        buf_printf(ask->out, "taken in: %llu\n", (unsigned long long)f.taken);
        if (s->replica.given_up > 0) {
            buf_printf(
                ask->out,
                "given up: %llu; yours of them are kept: entente refile, once the table goes "
                "on at a new host\n",
                (unsigned long long)s->replica.given_up);
        }
    }
    seat_close(s);
    return ok;
}

bool record_compare(const struct record_ask *ask, const char *bundle, const char *path,
                    struct err *err)
{
    struct seat *s = NULL;
    struct accuse_result *found = ARENA_NEW(ask->mem, struct accuse_result, 1);
    bool ok = (found != NULL || err_memory(err, "two records")) &&
              seat_open(ask, RECORD_ONLY, "compare", &s, err) &&
              (bundle == NULL ? accuse_kept(&s->replica, ask->mem, found, err)
                              : accuse_compare(&s->replica, bundle, ask->mem, found, err)) &&
              (path == NULL || accuse_write(found, path, err));
    if (ok && ask->json != NULL) {
        accuse_json(found, path, ask->json);
    } else if (ok) {
        accuse_words(found, path, ask->out);
    }
    seat_close(s);
    return ok;
}

/* A stranger reads names of sides and options in the charter, and nowhere else. */
static void put_names_missing(const struct record_ask *ask, const struct table_state *s,
                              const uint64_t *acts, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (acts[i] == s->charter_index) {
            return;
        }
    }
    buf_printf(ask->out,
               "Sides and options have numbers in it. Their names stand in the charter: with it, "
               "once every side consents, --act %llu.\n",
               (unsigned long long)s->charter_index);
}

bool record_publish(const struct record_ask *ask, const uint64_t *acts, size_t count,
                    const char *path, struct err *err)
{
    struct seat *s = NULL;
    struct published p;
    bool ok = seat_open(ask, WITH_KEYS, "publish", &s, err) &&
              publish_excerpt(&s->replica, acts, count, path, &p, err);
    if (ok && ask->json != NULL) {
        put_file(ask->json, path);
        put_key_u64(ask->json, "shown", p.shown);
        put_key_u64(ask->json, "acts", p.acts);
        put_key_u64(ask->json, "size", p.size);
        put_key_u64(ask->json, "bytes", p.bytes);
    } else if (ok) {
        buf_printf(ask->out,
                   "%s shows %u act%s of a record of %llu, and %u more that prove them.\n"
                   "Anybody can check it: entente check %s\n",
                   path, p.shown, p.shown == 1 ? "" : "s", (unsigned long long)p.size,
                   p.acts - p.shown, path);
        put_names_missing(ask, fold_state(s->replica.fold), acts, count);
    }
    seat_close(s);
    return ok;
}

static void put_text(const struct record_ask *ask, const char *key, struct buf *b)
{
    if (ask->json != NULL) {
        json_put_key(ask->json, key);
        json_put_str(ask->json, buf_str(b));
    } else {
        buf_add(ask->out, buf_bytes(b));
    }
}

bool record_policy(const struct record_ask *ask, struct err *err)
{
    struct seat *s = NULL;
    struct buf b;
    buf_init(&b, NOTE_BYTES_MAX);
    bool ok = seat_open(ask, RECORD_ONLY, "policy", &s, err) &&
              publish_policy(&s->replica, &b, err);
    if (ok) {
        put_text(ask, "policy", &b);
    }
    buf_free(&b);
    seat_close(s);
    return ok;
}

bool record_proof(const struct record_ask *ask, uint64_t act, struct err *err)
{
    struct seat *s = NULL;
    struct buf b;
    buf_init(&b, PROOF_BYTES_MAX);
    bool ok = seat_open(ask, RECORD_ONLY, "proof", &s, err) &&
              publish_proof(&s->replica, act, &b, err);
    if (ok) {
        put_text(ask, "proof", &b);
    }
    buf_free(&b);
    seat_close(s);
    return ok;
}
