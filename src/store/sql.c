/* SPDX-License-Identifier: Apache-2.0
 *
 * Statements, and result codes as failures told to a person.
 */
#include "base/check.h"
#include "store/store_priv.h"

#define SQL_TEXT(name, text) text,
static const char *const sql_text[SQL_COUNT] = {SQL_LIST(SQL_TEXT)};
#undef SQL_TEXT

bool store_failed(struct store *s, int rc, const char *doing, struct err *err)
{
    switch (rc & 0xff) {
    case SQLITE_FULL:
        return err_set(err, ERR_IO, "the disk is full (%s, %s)", doing, s->path) ||
               err_mend(err, "make room and try again: nothing of this was kept by halves");
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
    case SQLITE_FORMAT:
        return err_set(err, ERR_FORMAT, "%s is damaged, or no record of entente (%s)", s->path,
                       doing) ||
               err_mend(err, "keep the file aside and synchronise into a new one, or import a "
                             "bundle");
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return err_set(err, ERR_STATE, "%s is in use by another program (%s)", s->path, doing) ||
               err_mend(err, "try again when it has ended");
    case SQLITE_NOMEM:
        return err_memory(err, doing);
    case SQLITE_PERM:
    case SQLITE_READONLY:
    case SQLITE_CANTOPEN:
    case SQLITE_AUTH:
        return err_set(err, ERR_IO, "%s may not be opened or written (%s)", s->path, doing) ||
               err_mend(err, "look at the owner and the rights of the file and its folder");
    case SQLITE_TOOBIG:
        return err_set(err, ERR_LIMIT, "a value is too large for %s (%s)", s->path, doing);
    default:
        return err_set(err, ERR_IO, "the disk failed: %s (%s, %s)", sqlite3_errstr(rc), doing,
                       s->path) ||
               err_mend(err, "look at the disk, then try again: nothing of this was kept by "
                             "halves");
    }
}

bool sql_make(struct store *s, const char *text, sqlite3_stmt **out, struct err *err)
{
    sqlite3_stmt *st = NULL;
    int rc = sqlite3_prepare_v3(s->db, text, -1, 0, &st, NULL);
    if (rc != SQLITE_OK) {
        return store_failed(s, rc, "reading its tables", err);
    }
    *out = st;
    return true;
}

bool sql_use(struct store *s, enum sql which, sqlite3_stmt **out, struct err *err)
{
    if (s->ready[which] == NULL) {
        int rc = sqlite3_prepare_v3(s->db, sql_text[which], -1, SQLITE_PREPARE_PERSISTENT,
                                    &s->ready[which], NULL);
        if (rc != SQLITE_OK) {
            return store_failed(s, rc, "reading its tables", err);
        }
    }
    sql_end(s->ready[which]);
    *out = s->ready[which];
    return true;
}

void sql_put_bytes(sqlite3_stmt *st, int place, struct bytes v)
{
    /* No bytes are a blob of length 0, not NULL. */
    if (v.n == 0) {
        (void)sqlite3_bind_zeroblob(st, place, 0); /* the step reports it */
    } else {
        (void)sqlite3_bind_blob64(st, place, v.p, v.n, SQLITE_STATIC); /* likewise */
    }
}

void sql_put_text(sqlite3_stmt *st, int place, const char *s)
{
    (void)sqlite3_bind_text(st, place, s, -1, SQLITE_STATIC); /* the step reports it */
}

void sql_put_uint(sqlite3_stmt *st, int place, uint64_t v)
{
    CHECK(v <= INT64_MAX);
    (void)sqlite3_bind_int64(st, place, (sqlite3_int64)v); /* the step reports it */
}

struct bytes sql_bytes(sqlite3_stmt *st, int column)
{
    const void *p = sqlite3_column_blob(st, column);
    int n = sqlite3_column_bytes(st, column);
    return p == NULL || n <= 0 ? (struct bytes){0} : bytes_of(p, (size_t)n);
}

bool sql_step(struct store *s, sqlite3_stmt *st, const char *doing, bool *out_row, struct err *err)
{
    int rc = sqlite3_step(st);
    if (rc == SQLITE_ROW || rc == SQLITE_DONE) {
        *out_row = rc == SQLITE_ROW;
        return true;
    }
    return store_failed(s, sqlite3_extended_errcode(s->db), doing, err);
}

void sql_end(sqlite3_stmt *st)
{
    if (st != NULL) {
        (void)sqlite3_reset(st); /* repeats the failure that the step has told */
        (void)sqlite3_clear_bindings(st);
    }
}

bool sql_run(struct store *s, sqlite3_stmt *st, const char *doing, struct err *err)
{
    bool row = false;
    bool ok = sql_step(s, st, doing, &row, err);
    sql_end(st);
    return ok;
}
