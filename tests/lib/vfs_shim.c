/* SPDX-License-Identifier: Apache-2.0 */
#include "lib/vfs_shim.h"

#include <signal.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/check.h"

struct shim_file {
    sqlite3_file base;
    sqlite3_file *real; /* behind this struct */
};

/* What an unflushed write or truncation replaced. */
struct undo {
    struct undo *older;
    sqlite3_file *real;
    sqlite3_int64 offset;
    sqlite3_int64 size;
    int n;
    uint8_t bytes[];
};

static sqlite3_vfs shim;
static sqlite3_vfs *real_vfs;
static struct vfs_faults *faults_now;
static struct undo *undo_newest;

void vfs_faults_set(struct vfs_faults *faults)
{
    faults_now = faults;
}

static sqlite3_file *real_of(sqlite3_file *f)
{
    return ((struct shim_file *)f)->real;
}

/* ---- what a power cut takes back ---- */

static void undo_note(sqlite3_file *real, sqlite3_int64 offset, sqlite3_int64 n)
{
    sqlite3_int64 size = 0;
    CHECK(real->pMethods->xFileSize(real, &size) == SQLITE_OK);
    sqlite3_int64 keep = offset >= size ? 0 : size - offset < n ? size - offset : n;
    struct undo *u = malloc(sizeof(*u) + (size_t)keep);
    CHECK(u != NULL);
    *u = (struct undo){
        .older = undo_newest, .real = real, .offset = offset, .size = size, .n = (int)keep};
    if (keep > 0) {
        CHECK(real->pMethods->xRead(real, u->bytes, u->n, offset) == SQLITE_OK);
    }
    undo_newest = u;
}

static void undo_drop(sqlite3_file *real)
{
    struct undo **at = &undo_newest;
    while (*at != NULL) {
        struct undo *u = *at;
        if (u->real == real) {
            *at = u->older;
            free(u);
        } else {
            at = &u->older;
        }
    }
}

static void undo_all(void)
{
    for (struct undo *u = undo_newest; u != NULL; u = u->older) {
        if (u->n > 0) {
            CHECK(u->real->pMethods->xWrite(u->real, u->bytes, u->n, u->offset) == SQLITE_OK);
        }
        CHECK(u->real->pMethods->xTruncate(u->real, u->size) == SQLITE_OK);
    }
}

/* True when this step is to fail; does not return when the process is to end. */
static bool fault_here(enum vfs_step step, sqlite3_file *real, const void *data, int n,
                       sqlite3_int64 offset)
{
    struct vfs_faults *f = faults_now;
    if (f == NULL || (f->steps & (unsigned)step) == 0) {
        return false;
    }
    f->seen++;
    bool now = f->fault_in != 0 && (f->seen == f->fault_in || (f->stays && f->seen > f->fault_in));
    if (!now) {
        return false;
    }
    if (step == VFS_WRITE && n > 1) {
        (void)real->pMethods->xWrite(real, data, n / 2, offset); /* a torn one; may fail too */
    }
    if (f->how == VFS_CUT) {
        undo_all();
    }
    if (f->how != VFS_FAIL) {
        (void)kill(getpid(), SIGKILL); /* ends here */
    }
    return true;
}

static bool cutting(void)
{
    return faults_now != NULL && faults_now->how == VFS_CUT;
}

/* ---- a file ---- */

static int shim_close(sqlite3_file *f)
{
    undo_drop(real_of(f));
    return real_of(f)->pMethods->xClose(real_of(f));
}

static int shim_read(sqlite3_file *f, void *p, int n, sqlite3_int64 at)
{
    return real_of(f)->pMethods->xRead(real_of(f), p, n, at);
}

static int shim_write(sqlite3_file *f, const void *p, int n, sqlite3_int64 at)
{
    if (cutting()) {
        undo_note(real_of(f), at, n);
    }
    if (fault_here(VFS_WRITE, real_of(f), p, n, at)) {
        return faults_now->code;
    }
    return real_of(f)->pMethods->xWrite(real_of(f), p, n, at);
}

static int shim_truncate(sqlite3_file *f, sqlite3_int64 size)
{
    if (cutting()) {
        undo_note(real_of(f), size, INT32_MAX);
    }
    if (fault_here(VFS_TRUNCATE, real_of(f), NULL, 0, size)) {
        return faults_now->code;
    }
    return real_of(f)->pMethods->xTruncate(real_of(f), size);
}

static int shim_sync(sqlite3_file *f, int flags)
{
    if (fault_here(VFS_SYNC, real_of(f), NULL, 0, 0)) {
        return faults_now->code;
    }
    /* Not passed on: this machine goes on running, and a flush takes its time. */
    (void)flags;
    undo_drop(real_of(f));
    return SQLITE_OK;
}

static int shim_file_size(sqlite3_file *f, sqlite3_int64 *out)
{
    return real_of(f)->pMethods->xFileSize(real_of(f), out);
}

static int shim_lock(sqlite3_file *f, int level)
{
    return real_of(f)->pMethods->xLock(real_of(f), level);
}

static int shim_unlock(sqlite3_file *f, int level)
{
    return real_of(f)->pMethods->xUnlock(real_of(f), level);
}

static int shim_reserved(sqlite3_file *f, int *out)
{
    return real_of(f)->pMethods->xCheckReservedLock(real_of(f), out);
}

static int shim_control(sqlite3_file *f, int op, void *arg)
{
    return real_of(f)->pMethods->xFileControl(real_of(f), op, arg);
}

static int shim_sector(sqlite3_file *f)
{
    return real_of(f)->pMethods->xSectorSize(real_of(f));
}

static int shim_device(sqlite3_file *f)
{
    return real_of(f)->pMethods->xDeviceCharacteristics(real_of(f));
}

static int shim_shm_map(sqlite3_file *f, int page, int size, int extend, void volatile **out)
{
    return real_of(f)->pMethods->xShmMap(real_of(f), page, size, extend, out);
}

static int shim_shm_lock(sqlite3_file *f, int offset, int n, int flags)
{
    return real_of(f)->pMethods->xShmLock(real_of(f), offset, n, flags);
}

static void shim_shm_barrier(sqlite3_file *f)
{
    real_of(f)->pMethods->xShmBarrier(real_of(f));
}

static int shim_shm_unmap(sqlite3_file *f, int remove)
{
    return real_of(f)->pMethods->xShmUnmap(real_of(f), remove);
}

static const sqlite3_io_methods shim_methods = {
    .iVersion = 2,
    .xClose = shim_close,
    .xRead = shim_read,
    .xWrite = shim_write,
    .xTruncate = shim_truncate,
    .xSync = shim_sync,
    .xFileSize = shim_file_size,
    .xLock = shim_lock,
    .xUnlock = shim_unlock,
    .xCheckReservedLock = shim_reserved,
    .xFileControl = shim_control,
    .xSectorSize = shim_sector,
    .xDeviceCharacteristics = shim_device,
    .xShmMap = shim_shm_map,
    .xShmLock = shim_shm_lock,
    .xShmBarrier = shim_shm_barrier,
    .xShmUnmap = shim_shm_unmap,
};

/* ---- the file system ---- */

static int shim_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *f, int flags, int *out_flags)
{
    (void)vfs;
    struct shim_file *s = (struct shim_file *)f;
    s->base.pMethods = NULL;
    s->real = (sqlite3_file *)(void *)(s + 1);
    int rc = real_vfs->xOpen(real_vfs, name, s->real, flags, out_flags);
    if (s->real->pMethods != NULL) {
        s->base.pMethods = &shim_methods;
    }
    return rc;
}

static int shim_delete(sqlite3_vfs *vfs, const char *name, int sync_dir)
{
    (void)vfs;
    if (fault_here(VFS_DELETE, NULL, NULL, 0, 0)) {
        return faults_now->code;
    }
    return real_vfs->xDelete(real_vfs, name, sync_dir);
}

void vfs_shim_install(void)
{
    if (real_vfs != NULL) {
        return;
    }
    real_vfs = sqlite3_vfs_find(NULL);
    CHECK(real_vfs != NULL);
    shim = *real_vfs; /* what is not replaced works on names and times alone */
    shim.pNext = NULL;
    shim.zName = "shim";
    shim.szOsFile = (int)sizeof(struct shim_file) + real_vfs->szOsFile;
    shim.xOpen = shim_open;
    shim.xDelete = shim_delete;
    CHECK(sqlite3_vfs_register(&shim, /* default */ 1) == SQLITE_OK);
}
