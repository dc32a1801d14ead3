/* SPDX-License-Identifier: Apache-2.0
 *
 * The file: its tables, how it is opened, transactions.
 */
#include "store/store.h"

#include <stdlib.h>

#include "base/check.h"
#include "store/store_priv.h"

#define SCHEMA_VERSION 1
#define BUSY_MS 10000
#define VALUE_MAX (96 << 20) /* a blob of BLOB_LIMIT_MOST and some */

/* Hosts have those of the record alone: a file that has no place for more keeps no more. */
struct table {
    const char *name;
    const char *sql;
    bool replica_only;
};

static const struct table schema[] = {
    {"leaf",
     "CREATE TABLE leaf (idx INTEGER PRIMARY KEY, control INTEGER NOT NULL,"
     " blob INTEGER NOT NULL, envelope BLOB NOT NULL) STRICT",
     false},
    {"blob",
     "CREATE TABLE blob (id INTEGER PRIMARY KEY, sha BLOB NOT NULL UNIQUE,"
     " bytes BLOB NOT NULL) STRICT",
     false},
    {"note", "CREATE TABLE note (id INTEGER PRIMARY KEY, bytes BLOB NOT NULL) STRICT", true},
    {"meta", "CREATE TABLE meta (name TEXT PRIMARY KEY, value BLOB NOT NULL) STRICT", true},
    {"outbox",
     "CREATE TABLE outbox (id INTEGER PRIMARY KEY, author BLOB NOT NULL, term INTEGER NOT NULL,"
     " n INTEGER NOT NULL, envelope BLOB NOT NULL, blob BLOB NOT NULL,"
     " UNIQUE (author, term, n)) STRICT",
     true},
    {"sealed", "CREATE TABLE sealed (name BLOB PRIMARY KEY, value BLOB NOT NULL) STRICT", true},
    {"evidence",
     "CREATE TABLE evidence (id INTEGER PRIMARY KEY, sha BLOB NOT NULL UNIQUE,"
     " bytes BLOB NOT NULL) STRICT",
     true},
};

/* "entR" and "entH". */
static int application_id(enum store_kind kind)
{
    return kind == STORE_REPLICA ? 0x656e7452 : 0x656e7448;
}

static const char *kind_word(enum store_kind kind)
{
    return kind == STORE_REPLICA ? "a replica" : "a host's record";
}

static bool not_ours(const struct store *s, const char *why, struct err *err)
{
    return err_set(err, ERR_FORMAT, "%s is not %s: it %s", s->path, kind_word(s->kind), why) ||
           err_mend(err, "it was altered, or is another program's: put back a copy that is good");
}

static bool exec(struct store *s, const char *text, const char *doing, struct err *err)
{
    int rc = sqlite3_exec(s->db, text, NULL, NULL, NULL);
    return rc == SQLITE_OK || store_failed(s, sqlite3_extended_errcode(s->db), doing, err);
}

static bool pragma_get(struct store *s, const char *text, int *out, struct err *err)
{
    sqlite3_stmt *st = NULL;
    bool row = false;
    if (!sql_make(s, text, &st, err)) {
        return false;
    }
    bool ok = sql_step(s, st, "opening it", &row, err);
    if (ok) {
        *out = row ? sqlite3_column_int(st, 0) : 0;
    }
    (void)sqlite3_finalize(st); /* repeats what the step has told */
    return ok;
}

static const struct table *schema_find(enum store_kind kind, struct bytes name)
{
    for (size_t i = 0; i < COUNT_OF(schema); i++) {
        if (bytes_eq(name, bytes_str(schema[i].name)) &&
            (kind == STORE_REPLICA || !schema[i].replica_only)) {
            return &schema[i];
        }
    }
    return NULL;
}

static int schema_count(enum store_kind kind)
{
    int n = 0;
    for (size_t i = 0; i < COUNT_OF(schema); i++) {
        n += kind == STORE_REPLICA || !schema[i].replica_only;
    }
    return n;
}

/* The tables are ours to the letter, and nothing (a trigger, a view) is beside them. */
static bool schema_check(struct store *s, struct err *err)
{
    sqlite3_stmt *st = NULL;
    if (!sql_make(s,
                  "SELECT name, sql FROM sqlite_schema WHERE name NOT LIKE 'sqlite\\_%'"
                  " ESCAPE '\\'",
                  &st, err)) {
        return false;
    }
    bool ok = false, row = false;
    int found = 0;
    for (;;) {
        if (!sql_step(s, st, "opening it", &row, err)) {
            goto done;
        }
        if (!row) {
            break;
        }
        const struct table *t = schema_find(s->kind, sql_bytes(st, 0));
        if (t == NULL || !bytes_eq(sql_bytes(st, 1), bytes_str(t->sql))) {
            (void)not_ours(s, "has tables that entente does not have", err); /* always false */
            goto done;
        }
        found++;
    }
    ok = found == schema_count(s->kind) || not_ours(s, "lacks some of its tables", err);
done:
    (void)sqlite3_finalize(st); /* repeats what the step has told */
    return ok;
}

static bool version_check(struct store *s, struct err *err)
{
    int id = 0, version = 0;
    if (!pragma_get(s, "PRAGMA application_id", &id, err) ||
        !pragma_get(s, "PRAGMA user_version", &version, err)) {
        return false;
    }
    if (id != application_id(s->kind)) {
        return not_ours(s, "is marked as something else", err);
    }
    if (version != SCHEMA_VERSION) {
        return err_set(err, ERR_FORMAT, "%s has version %d of its tables; this program knows %d",
                       s->path, version, SCHEMA_VERSION) ||
               err_mend(err, "use a newer entente");
    }
    return schema_check(s, err);
}

/* Opens the file and sets what holds for every connection. */
static bool connect(const char *path, enum store_kind kind, enum store_mode mode,
                    struct store **out, struct err *err)
{
    size_t n = strlen(path);
    if (n >= FILE_PATH_MAX) {
        return err_set(err, ERR_LIMIT, "a path has %zu bytes", n);
    }
    struct store *s = calloc(1, sizeof(*s));
    if (s == NULL) {
        return err_memory(err, "a store");
    }
    memcpy(s->path, path, n + 1);
    s->kind = kind;
    s->mode = mode;
    int flags = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE |
                (mode == STORE_READ ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE);
    int rc = sqlite3_open_v2(path, &s->db, flags, NULL);
    if (rc != SQLITE_OK) {
        (void)store_failed(s, rc, "opening it", err); /* always false */
        store_close(s);
        return false;
    }
    (void)sqlite3_busy_timeout(s->db, BUSY_MS); /* cannot fail on an open connection */
    (void)sqlite3_limit(s->db, SQLITE_LIMIT_LENGTH, VALUE_MAX);
    (void)sqlite3_limit(s->db, SQLITE_LIMIT_ATTACHED, 0);
    if (sqlite3_db_config(s->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL) != SQLITE_OK ||
        sqlite3_db_config(s->db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL) != SQLITE_OK ||
        sqlite3_db_config(s->db, SQLITE_DBCONFIG_DQS_DML, 0, NULL) != SQLITE_OK ||
        sqlite3_db_config(s->db, SQLITE_DBCONFIG_DQS_DDL, 0, NULL) != SQLITE_OK) {
        (void)err_set(err, ERR_IO, "this machine's SQLite is too old"); /* always false */
        store_close(s);
        return false;
    }
    if (!exec(s,
              "PRAGMA cache_size = -8192; PRAGMA temp_store = MEMORY;"
              " PRAGMA cell_size_check = ON; PRAGMA mmap_size = 0",
              "opening it", err)) {
        store_close(s);
        return false;
    }
    *out = s;
    return true;
}

/* WAL, each commit flushed. */
static bool journal_set(struct store *s, struct err *err)
{
    sqlite3_stmt *st = NULL;
    bool row = false;
    if (!sql_make(s, "PRAGMA journal_mode = WAL", &st, err)) {
        return false;
    }
    bool ok = sql_step(s, st, "opening it", &row, err);
    bool wal = ok && row && bytes_eq(sql_bytes(st, 0), bytes_str("wal"));
    (void)sqlite3_finalize(st); /* repeats what the step has told */
    if (!ok) {
        return false;
    }
    if (!wal) {
        return err_set(err, ERR_IO, "%s is on a disk that cannot share memory between programs",
                       s->path) ||
               err_mend(err, "keep it on a local disk");
    }
    return exec(s, "PRAGMA synchronous = FULL", "opening it", err);
}

static bool schema_make(struct store *s, struct err *err)
{
    int tables = 0, id = 0;
    /* Nothing but what a crash of an earlier creation can have left. */
    if (!pragma_get(s, "SELECT count(*) FROM sqlite_schema", &tables, err) ||
        !pragma_get(s, "PRAGMA application_id", &id, err)) {
        return false;
    }
    if (tables != 0 || id != 0) {
        return err_set(err, ERR_STATE, "%s is there already", s->path);
    }
    if (!journal_set(s, err) || !exec(s, "BEGIN IMMEDIATE", "making it", err)) {
        return false;
    }
    char text[64];
    struct buf b;
    bool ok = true;
    for (size_t i = 0; ok && i < COUNT_OF(schema); i++) {
        if (s->kind == STORE_REPLICA || !schema[i].replica_only) {
            ok = exec(s, schema[i].sql, "making it", err);
        }
    }
    if (ok) {
        buf_over(&b, text, sizeof(text));
        buf_printf(&b, "PRAGMA application_id = %d", application_id(s->kind));
        ok = exec(s, buf_str(&b), "making it", err);
    }
    if (ok) {
        buf_over(&b, text, sizeof(text));
        buf_printf(&b, "PRAGMA user_version = %d", SCHEMA_VERSION);
        ok = exec(s, buf_str(&b), "making it", err);
    }
    return ok && exec(s, "COMMIT", "making it", err);
}

bool store_create(const char *path, enum store_kind kind, struct store **out, struct err *err)
{
    if (!file_exists(path) && !file_create(path, FILE_SECRET, (struct bytes){0}, err)) {
        return false;
    }
    struct store *s = NULL;
    if (!connect(path, kind, STORE_WRITE, &s, err)) {
        return false;
    }
    if (!schema_make(s, err)) {
        store_close(s);
        return false;
    }
    *out = s;
    return true;
}

bool store_open(const char *path, enum store_kind kind, enum store_mode mode, struct store **out,
                struct err *err)
{
    if (!file_exists(path)) {
        return err_set(err, ERR_STATE, "there is no %s", path);
    }
    struct store *s = NULL;
    if (!connect(path, kind, mode, &s, err)) {
        return false;
    }
    if (!version_check(s, err) || (mode == STORE_WRITE && !journal_set(s, err)) ||
        !pragma_get(s, "PRAGMA data_version", &s->others, err)) {
        store_close(s);
        return false;
    }
    s->own = sqlite3_total_changes(s->db);
    *out = s;
    return true;
}

bool store_is_as_opened(struct store *s)
{
    int others = 0, moved = 1;
    struct err untold = {0}; /* then it is opened anew, which tells it */
    return pragma_get(s, "PRAGMA data_version", &others, &untold) && others == s->others &&
           sqlite3_total_changes(s->db) == s->own &&
           sqlite3_file_control(s->db, "main", SQLITE_FCNTL_HAS_MOVED, &moved) == SQLITE_OK &&
           moved == 0;
}

void store_close(struct store *s)
{
    if (s == NULL) {
        return;
    }
    for (size_t i = 0; i < COUNT_OF(s->ready); i++) {
        (void)sqlite3_finalize(s->ready[i]); /* repeats what its last step has told */
    }
    int rc = sqlite3_close(s->db); /* undoes what is open */
    CHECK(rc == SQLITE_OK);        /* BUSY: a statement of ours was forgotten */
    free(s);
}

static void undo(struct store *s)
{
    /* Some failures have ended the transaction already. */
    if (sqlite3_get_autocommit(s->db) == 0) {
        (void)sqlite3_exec(s->db, "ROLLBACK", NULL, NULL, NULL); /* nothing is left to tell */
    }
}

bool store_begin(struct store *s, struct err *err)
{
    CHECK(!s->open_transaction);
    if (!exec(s, "BEGIN IMMEDIATE", "beginning to write", err)) {
        return false;
    }
    s->open_transaction = true;
    s->broken = false;
    return true;
}

bool store_commit(struct store *s, struct err *err)
{
    CHECK(s->open_transaction);
    s->open_transaction = false;
    if (s->broken) {
        return err_set(err, ERR_STATE, "what was to be written to %s was undone before", s->path);
    }
    if (!exec(s, "COMMIT", "writing", err)) {
        undo(s);
        return false;
    }
    return true;
}

void store_rollback(struct store *s)
{
    s->open_transaction = false;
    undo(s);
}

bool read_begin(struct store *s, bool *out_mine, struct err *err)
{
    *out_mine = sqlite3_get_autocommit(s->db) != 0;
    return !*out_mine || exec(s, "BEGIN", "beginning to read", err);
}

void read_end(struct store *s, bool mine)
{
    if (mine) {
        undo(s); /* nothing was written */
    }
}

bool write_begin(struct store *s, struct err *err)
{
    if (s->open_transaction) {
        return !s->broken || err_set(err, ERR_STATE, "an earlier write to %s failed", s->path);
    }
    return exec(s, "BEGIN IMMEDIATE", "beginning to write", err);
}

bool write_end(struct store *s, bool ok, struct err *err)
{
    if (s->open_transaction) {
        if (!ok) {
            s->broken = true;
            undo(s);
        }
        return ok;
    }
    if (ok && exec(s, "COMMIT", "writing", err)) {
        return true;
    }
    undo(s);
    return false;
}

bool store_is_replica(const struct store *s, struct err *err)
{
    return s->kind == STORE_REPLICA ||
           err_set(err, ERR_STATE, "%s is a host's record: it keeps acts alone", s->path);
}
