/* SPDX-License-Identifier: Apache-2.0
 *
 * What a replica keeps beside the record: newest note, named values, sealed bytes, the outbox,
 * evidence.
 */
#include "record/act.h"
#include "store/store_priv.h"

/* One value by a name that is already bound; {NULL, 0} when there is none. */
static bool value_get(struct store *s, sqlite3_stmt *st, struct arena *mem, struct bytes *out,
                      struct err *err)
{
    bool row = false;
    if (!sql_step(s, st, "reading a value", &row, err)) {
        return false;
    }
    struct bytes v = {0};
    if (row) {
        v = arena_copy(mem, sql_bytes(st, 0));
    }
    sql_end(st);
    if (row && v.p == NULL) {
        return err_memory(err, "a value");
    }
    *out = v;
    return true;
}

bool store_note(struct store *s, struct arena *mem, struct bytes *out, struct err *err)
{
    sqlite3_stmt *st = NULL;
    if (!store_is_replica(s, err) || !sql_use(s, SQL_NOTE, &st, err)) {
        return false;
    }
    return value_get(s, st, mem, out, err);
}

static bool size_ok(struct bytes key, struct bytes value, size_t max, struct err *err)
{
    if (key.n == 0 || key.n > STORE_KEY_MAX) {
        return err_set(err, ERR_LIMIT, "a name of %zu bytes; 1 to %u are allowed", key.n,
                       STORE_KEY_MAX);
    }
    return value.n <= max ||
           err_set(err, ERR_LIMIT, "a value of %zu bytes; at most %zu are kept", value.n, max);
}

/* Runs a statement as a write of its own. */
static bool run_write(struct store *s, sqlite3_stmt *st, const char *doing, struct err *err)
{
    if (!write_begin(s, err)) {
        sql_end(st);
        return false;
    }
    return write_end(s, sql_run(s, st, doing, err), err);
}

bool store_meta_put(struct store *s, const char *key, struct bytes value, struct err *err)
{
    sqlite3_stmt *st = NULL;
    if (!store_is_replica(s, err) || !size_ok(bytes_str(key), value, STORE_META_MAX, err) ||
        !sql_use(s, value.n == 0 ? SQL_META_DROP : SQL_META_PUT, &st, err)) {
        return false;
    }
    sql_put_text(st, 1, key);
    if (value.n > 0) {
        sql_put_bytes(st, 2, value);
    }
    return run_write(s, st, "writing a value", err);
}

bool store_meta_get(struct store *s, const char *key, struct arena *mem, struct bytes *out,
                    struct err *err)
{
    sqlite3_stmt *st = NULL;
    if (!store_is_replica(s, err) || !sql_use(s, SQL_META, &st, err)) {
        return false;
    }
    sql_put_text(st, 1, key);
    return value_get(s, st, mem, out, err);
}

/* ---- sealed ---- */

bool store_sealed_put(struct store *s, struct bytes key, struct bytes value, struct err *err)
{
    sqlite3_stmt *st = NULL;
    if (!store_is_replica(s, err) || !size_ok(key, value, STORE_SEALED_MAX, err) ||
        !sql_use(s, value.n == 0 ? SQL_SEALED_DROP : SQL_SEALED_PUT, &st, err)) {
        return false;
    }
    sql_put_bytes(st, 1, key);
    if (value.n > 0) {
        sql_put_bytes(st, 2, value);
    }
    return run_write(s, st, "writing to the notebook", err);
}

bool store_sealed_get(struct store *s, struct bytes key, struct arena *mem, struct bytes *out,
                      struct err *err)
{
    sqlite3_stmt *st = NULL;
    if (!store_is_replica(s, err) || !sql_use(s, SQL_SEALED, &st, err)) {
        return false;
    }
    sql_put_bytes(st, 1, key);
    return value_get(s, st, mem, out, err);
}

bool store_sealed_each(struct store *s, struct bytes prefix, store_sealed_visit *visit, void *ctx,
                       struct err *err)
{
    sqlite3_stmt *st = NULL;
    if (!store_is_replica(s, err) ||
        !sql_make(s, "SELECT name, value FROM sealed WHERE name >= ?1 ORDER BY name", &st, err)) {
        return false;
    }
    sql_put_bytes(st, 1, prefix);
    bool ok = true, row = true;
    while (ok) {
        ok = sql_step(s, st, "reading the notebook", &row, err);
        if (!ok || !row) {
            break;
        }
        struct bytes name = sql_bytes(st, 0);
        if (!bytes_eq(bytes_slice(name, 0, prefix.n), prefix)) {
            break;
        }
        ok = visit(ctx, name, sql_bytes(st, 1), err);
    }
    (void)sqlite3_finalize(st); /* repeats what the step has told */
    return ok;
}

/* The first name behind all that begin with prefix; 0 bytes: there is none. */
static struct bytes prefix_end(struct bytes prefix, uint8_t out[static STORE_KEY_MAX])
{
    size_t n = prefix.n;
    if (n > 0) {
        memcpy(out, prefix.p, n);
    }
    while (n > 0 && out[n - 1] == 0xff) {
        n--;
    }
    if (n > 0) {
        out[n - 1]++;
    }
    return bytes_of(out, n);
}

bool store_sealed_drop(struct store *s, struct bytes prefix, struct err *err)
{
    sqlite3_stmt *st = NULL;
    uint8_t room[STORE_KEY_MAX];
    if (prefix.n > STORE_KEY_MAX) {
        return err_set(err, ERR_LIMIT, "a name of %zu bytes", prefix.n);
    }
    if (!store_is_replica(s, err) || !sql_use(s, SQL_SEALED_DROP_ALL, &st, err)) {
        return false;
    }
    struct bytes end = prefix_end(prefix, room);
    sql_put_bytes(st, 1, prefix);
    if (end.n > 0) {
        sql_put_bytes(st, 2, end);
    }
    return run_write(s, st, "writing to the notebook", err);
}

/* ---- outbox ---- */

static bool outbox_use(struct store *s, enum sql which, const struct kid16 *author, uint32_t term,
                       uint64_t n, sqlite3_stmt **out, struct err *err)
{
    sqlite3_stmt *st = NULL;
    if (n > INT64_MAX) {
        return err_set(err, ERR_LIMIT, "an act's n is above 2^63");
    }
    if (!store_is_replica(s, err) || !sql_use(s, which, &st, err)) {
        return false;
    }
    sql_put_bytes(st, 1, ID_BYTES(*author));
    sql_put_uint(st, 2, term);
    sql_put_uint(st, 3, n);
    *out = st;
    return true;
}

static bool outbox_add(struct store *s, const struct act *act, struct bytes blob, struct err *err)
{
    sqlite3_stmt *st = NULL;
    bool row = false, same = false;
    if (!outbox_use(s, SQL_OUTBOX, &act->kid, act->term, act->n, &st, err) ||
        !sql_step(s, st, "reading the outbox", &row, err)) {
        return false;
    }
    if (row) {
        same = bytes_eq(sql_bytes(st, 0), act->raw);
    }
    sql_end(st);
    if (row) {
        return same ||
               err_set(err, ERR_STATE,
                       "another act with the number %llu of this author "
                       "was signed here and waits to be sent",
                       (unsigned long long)act->n) ||
               err_mend(err, "send it first: synchronise");
    }
    if (!outbox_use(s, SQL_OUTBOX_ADD, &act->kid, act->term, act->n, &st, err)) {
        return false;
    }
    sql_put_bytes(st, 4, act->raw);
    sql_put_bytes(st, 5, blob);
    return sql_run(s, st, "writing to the outbox", err);
}

bool store_outbox_put(struct store *s, struct bytes envelope, struct bytes blob, struct err *err)
{
    struct act act;
    if (!store_is_replica(s, err) || !act_decode(envelope, &act, err)) {
        return false;
    }
    struct digest sha = digest_plain(blob);
    if (!ID_EQ(sha, act.blob)) {
        return err_set(err, ERR_VERIFY, "an act for the outbox names another blob");
    }
    if (!write_begin(s, err)) {
        return false;
    }
    return write_end(s, outbox_add(s, &act, blob, err), err);
}

/* Visits rows of (bytes, bytes), counted from 0. */
static bool each_row(struct store *s, const char *sql, store_visit *visit, void *ctx,
                     struct err *err)
{
    sqlite3_stmt *st = NULL;
    if (!store_is_replica(s, err) || !sql_make(s, sql, &st, err)) {
        return false;
    }
    bool ok = true, row = true;
    for (uint64_t i = 0; ok; i++) {
        ok = sql_step(s, st, "reading", &row, err);
        if (!ok || !row) {
            break;
        }
        ok = visit(ctx, i, sql_bytes(st, 0), sql_bytes(st, 1), err);
    }
    (void)sqlite3_finalize(st); /* repeats what the step has told */
    return ok;
}

bool store_outbox_each(struct store *s, store_visit *visit, void *ctx, struct err *err)
{
    return each_row(s, "SELECT envelope, blob FROM outbox ORDER BY id", visit, ctx, err);
}

bool store_outbox_drop(struct store *s, const struct kid16 *author, uint32_t term, uint64_t n,
                       struct err *err)
{
    sqlite3_stmt *st = NULL;
    return outbox_use(s, SQL_OUTBOX_DROP, author, term, n, &st, err) &&
           run_write(s, st, "writing to the outbox", err);
}

/* ---- evidence ---- */

bool store_evidence_put(struct store *s, struct bytes evidence, struct err *err)
{
    sqlite3_stmt *st = NULL;
    if (evidence.n > STORE_EVIDENCE_MAX) {
        return err_set(err, ERR_LIMIT, "evidence of %zu bytes; at most %u are kept", evidence.n,
                       STORE_EVIDENCE_MAX);
    }
    if (!store_is_replica(s, err) || !sql_use(s, SQL_EVIDENCE_ADD, &st, err)) {
        return false;
    }
    struct digest sha = digest_plain(evidence);
    sql_put_bytes(st, 1, ID_BYTES(sha));
    sql_put_bytes(st, 2, evidence);
    return run_write(s, st, "keeping evidence", err);
}

bool store_evidence_each(struct store *s, store_visit *visit, void *ctx, struct err *err)
{
    return each_row(s, "SELECT bytes, NULL FROM evidence ORDER BY id", visit, ctx, err);
}
