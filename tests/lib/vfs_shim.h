/* SPDX-License-Identifier: Apache-2.0
 *
 * Stands between SQLite and the disk: counts the steps that change a file, and makes the n-th one
 * fail, or ends the process there, as kill -9 or as a power cut would.
 */
#ifndef ENTENTE_TESTS_VFS_SHIM_H
#define ENTENTE_TESTS_VFS_SHIM_H

#include "base/bytes.h"

enum vfs_step {
    VFS_WRITE = 1 << 0, /* one that fails or kills has written half of it */
    VFS_SYNC = 1 << 1,
    VFS_TRUNCATE = 1 << 2,
    VFS_DELETE = 1 << 3,
    VFS_ANY = VFS_WRITE | VFS_SYNC | VFS_TRUNCATE | VFS_DELETE
};

enum vfs_fault {
    VFS_FAIL, /* with `code` */
    VFS_KILL, /* what was written before is kept */
    VFS_CUT   /* what was not flushed is lost: the file is as it was at its last sync */
};

struct vfs_faults {
    unsigned steps;    /* which are counted */
    uint64_t fault_in; /* 1 = the next one counted; 0 = never */
    enum vfs_fault how;
    int code;      /* SQLITE_FULL, SQLITE_IOERR_FSYNC, ... */
    bool stays;    /* all counted steps after it fail too */
    uint64_t seen; /* counted so far */
};

/* Makes the shim the one that every connection opened from now on uses. */
void vfs_shim_install(void);

/* Borrowed until replaced; NULL turns it off. */
void vfs_faults_set(struct vfs_faults *faults);

#endif
