/* SPDX-License-Identifier: Apache-2.0
 *
 * Shared within the layer: the open file and its statements.  SQLite's calls stay in this layer.
 */
#ifndef ENTENTE_STORE_STORE_PRIV_H
#define ENTENTE_STORE_STORE_PRIV_H

#include <sqlite3.h>

#include "os/file.h"
#include "store/store.h"

/* Statements that are kept ready.  Those that run while others may (visits) are made anew. */
#define SQL_LIST(X)                                                                                \
    X(SQL_SIZE, "SELECT max(idx) FROM leaf")                                                       \
    X(SQL_LEAF_ADD, "INSERT INTO leaf (idx, control, blob, envelope) VALUES (?1, ?2, ?3, ?4)")     \
    X(SQL_LEAF, "SELECT envelope FROM leaf WHERE idx = ?1")                                        \
    X(SQL_ACT, "SELECT l.envelope, b.bytes FROM leaf l LEFT JOIN blob b ON b.id = l.blob"          \
               " WHERE l.idx = ?1")                                                                \
    X(SQL_BLOB_ADD, "INSERT INTO blob (sha, bytes) VALUES (?1, ?2)")                               \
    X(SQL_BLOB_ID, "SELECT id FROM blob WHERE sha = ?1")                                           \
    X(SQL_BLOB, "SELECT bytes FROM blob WHERE sha = ?1")                                           \
    X(SQL_BYTES, "SELECT coalesce((SELECT sum(length(envelope)) FROM leaf), 0)"                    \
                 " + coalesce((SELECT sum(length(bytes)) FROM blob), 0)")                          \
    X(SQL_LEAF_CUT, "DELETE FROM leaf WHERE idx >= ?1")                                            \
    X(SQL_BLOB_CUT, "DELETE FROM blob WHERE id NOT IN (SELECT blob FROM leaf)")                    \
    X(SQL_NOTE_CUT, "DELETE FROM note")                                                            \
    X(SQL_NOTE_PUT, "INSERT OR REPLACE INTO note (id, bytes) VALUES (1, ?1)")                      \
    X(SQL_NOTE, "SELECT bytes FROM note WHERE id = 1")                                             \
    X(SQL_META_PUT, "INSERT OR REPLACE INTO meta (name, value) VALUES (?1, ?2)")                   \
    X(SQL_META_DROP, "DELETE FROM meta WHERE name = ?1")                                           \
    X(SQL_META, "SELECT value FROM meta WHERE name = ?1")                                          \
    X(SQL_SEALED_PUT, "INSERT OR REPLACE INTO sealed (name, value) VALUES (?1, ?2)")               \
    X(SQL_SEALED_DROP, "DELETE FROM sealed WHERE name = ?1")                                       \
    X(SQL_SEALED_DROP_ALL, "DELETE FROM sealed WHERE name >= ?1 AND (?2 IS NULL OR name < ?2)")    \
    X(SQL_SEALED, "SELECT value FROM sealed WHERE name = ?1")                                      \
    X(SQL_OUTBOX_ADD, "INSERT INTO outbox (author, term, n, envelope, blob)"                       \
                      " VALUES (?1, ?2, ?3, ?4, ?5)")                                              \
    X(SQL_OUTBOX, "SELECT envelope FROM outbox WHERE author = ?1 AND term = ?2 AND n = ?3")        \
    X(SQL_OUTBOX_DROP, "DELETE FROM outbox WHERE author = ?1 AND term = ?2 AND n = ?3")            \
    X(SQL_EVIDENCE_ADD, "INSERT OR IGNORE INTO evidence (sha, bytes) VALUES (?1, ?2)")

#define SQL_ENUM(name, text) name,
enum sql { SQL_LIST(SQL_ENUM) };
#undef SQL_ENUM
#define SQL_ONE(name, text) +1
enum { SQL_COUNT = 0 SQL_LIST(SQL_ONE) };
#undef SQL_ONE

struct store {
    sqlite3 *db;
    enum store_kind kind;
    enum store_mode mode;
    bool open_transaction; /* of the caller's: store_begin */
    bool broken;           /* and a write in it failed: it was undone */
    sqlite3_stmt *ready[SQL_COUNT];
    int others; /* as opened: a number that changes with what other connections write */
    int own;    /* rows that this one has changed by then */
    char path[FILE_PATH_MAX];
};

/* What a result code means to a person; `doing` is a phrase like "noting acts".  Always false. */
bool store_failed(struct store *s, int rc, const char *doing, struct err *err);

/* A statement of the list, reset, nothing bound. */
MUST_CHECK bool sql_use(struct store *s, enum sql which, sqlite3_stmt **out, struct err *err);
/* One made for this use; the caller finalizes. */
MUST_CHECK bool sql_make(struct store *s, const char *text, sqlite3_stmt **out, struct err *err);

/* Bound bytes are borrowed until sql_end.  Binding fails only for want of memory: the step that
 * follows reports it. */
void sql_put_bytes(sqlite3_stmt *st, int place, struct bytes v);
void sql_put_text(sqlite3_stmt *st, int place, const char *s);
void sql_put_uint(sqlite3_stmt *st, int place, uint64_t v); /* v <= INT64_MAX */

/* A view that lasts until the next step or end; {NULL, 0} for NULL. */
struct bytes sql_bytes(sqlite3_stmt *st, int column);

/* True with *out_row saying whether a row is there. */
MUST_CHECK bool sql_step(struct store *s, sqlite3_stmt *st, const char *doing, bool *out_row,
                         struct err *err);
void sql_end(sqlite3_stmt *st); /* lets go of what it holds; reusable */

/* Runs a statement that gives no row, and ends it. */
MUST_CHECK bool sql_run(struct store *s, sqlite3_stmt *st, const char *doing, struct err *err);

/* Around many reads: one lock for all of them, and one state of the file; *out_mine is for read_end.
 * Nothing is begun where the caller has a transaction. */
MUST_CHECK bool read_begin(struct store *s, bool *out_mine, struct err *err);
void read_end(struct store *s, bool mine);

/* Around every write: begins unless the caller did; ends it by ok.  write_end returns true iff ok
 * and all of it is on the disk. */
MUST_CHECK bool write_begin(struct store *s, struct err *err);
MUST_CHECK bool write_end(struct store *s, bool ok, struct err *err);

/* ERR_STATE in a host's file, which has no such table. */
MUST_CHECK bool store_is_replica(const struct store *s, struct err *err);

#endif
