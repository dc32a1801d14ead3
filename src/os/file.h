/* SPDX-License-Identifier: Apache-2.0
 *
 * Files: whole, small, and safe against a crash.  Every descriptor is closed on exec; an
 * interrupted call is taken up again.  What a function reports as done is on the disk.
 *
 * Failures are ERR_IO with the system's reason and a mend, ERR_LIMIT above a ceiling, ERR_STATE
 * where a file is there that must not be, or is missing that must be.
 */
#ifndef ENTENTE_OS_FILE_H
#define ENTENTE_OS_FILE_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"

/* Who may read a new file: its owner alone, or whom the user's umask lets. */
enum file_mode { FILE_SECRET, FILE_PLAIN };

/* The longest path that is taken, with its NUL. */
#define FILE_PATH_MAX 4096u

/* The whole file, at most max bytes, in mem.  ERR_STATE when there is none. */
MUST_CHECK bool file_read(const char *path, size_t max, struct arena *mem, struct bytes *out,
                          struct err *err);

/* The same added to a buffer, whose ceiling holds. */
MUST_CHECK bool file_read_into(const char *path, struct buf *out, struct err *err);

/* All that an open descriptor still gives (standard input, say); `name` is for messages. */
MUST_CHECK bool file_read_all(int fd, const char *name, struct buf *out, struct err *err);

/* All of v to an open descriptor (standard output, say). */
MUST_CHECK bool file_write_all(int fd, const char *name, struct bytes v, struct err *err);

/* The file has the new content or the old one, never a part, whenever the machine stops: a
 * temporary file in the same folder, flushed, renamed over it, the folder flushed. */
MUST_CHECK bool file_replace(const char *path, enum file_mode mode, struct bytes content,
                             struct err *err);

/* A file that was not there before, with this content, whole or not at all: ERR_STATE when the
 * name is taken, by anything. */
MUST_CHECK bool file_create(const char *path, enum file_mode mode, struct bytes content,
                            struct err *err);

enum file_kind { FILE_NOTHING, FILE_REGULAR, FILE_FOLDER, FILE_OTHER };

/* What the name leads to; links are followed.  FILE_NOTHING too where one may not look. */
enum file_kind file_kind(const char *path);

static inline bool file_exists(const char *path)
{
    return file_kind(path) != FILE_NOTHING;
}

/* The file is gone, also after a crash.  No error where there was none. */
MUST_CHECK bool file_remove(const char *path, struct err *err);

/* ---- files too large to be held ---- */

/* A new file written piece by piece; it has its name, whole, when file_out_finish returns true.
 * Until then, and when it is dropped, there is nothing under that name. */
struct file_out {
    int fd; /* -1 when closed; {0} is not closed */
    char path[FILE_PATH_MAX];
    char temporary[FILE_PATH_MAX];
};

#define FILE_OUT_CLOSED ((struct file_out){.fd = -1})

/* ERR_STATE when the name is taken, here and at the end. */
MUST_CHECK bool file_out_open(const char *path, enum file_mode mode, struct file_out *out,
                              struct err *err);
MUST_CHECK bool file_out_put(struct file_out *out, struct bytes v, struct err *err);
MUST_CHECK bool file_out_finish(struct file_out *out, struct err *err);
void file_out_drop(struct file_out *out); /* of what is finished or dropped is fine */

/* A file read at any place. */
struct file_in {
    int fd;        /* -1 when closed; {0} is not closed */
    uint64_t size; /* when it was opened */
};

#define FILE_IN_CLOSED ((struct file_in){.fd = -1})

MUST_CHECK bool file_in_open(const char *path, struct file_in *out, struct err *err);

/* Exactly n bytes; ERR_FORMAT where the file ends before. */
MUST_CHECK bool file_in_read(const struct file_in *in, uint64_t offset, void *out, size_t n,
                             struct err *err);
void file_in_close(struct file_in *in); /* closing twice is fine */

/* ---- a small file of fixed size, written in place ----
 *
 * For guards that are flushed often: no rename, so a crash may tear a write; the caller keeps two
 * slots with check sums (PROTOCOL 8). */

struct file_fixed {
    int fd; /* -1 when closed; {0} is not closed */
    size_t size;
};

#define FILE_FIXED_CLOSED ((struct file_fixed){.fd = -1})

/* A new file of `size` zeros, its blocks allocated, flushed, only for its owner. */
MUST_CHECK bool file_fixed_create(const char *path, size_t size, struct err *err);

/* ERR_STATE when there is none or it has another size. */
MUST_CHECK bool file_fixed_open(const char *path, size_t size, struct file_fixed *out,
                                struct err *err);

/* offset + n is within the size. */
MUST_CHECK bool file_fixed_read(const struct file_fixed *f, size_t offset, void *out, size_t n,
                                struct err *err);

/* Written and flushed when it returns true. */
MUST_CHECK bool file_fixed_write(const struct file_fixed *f, size_t offset, struct bytes v,
                                 struct err *err);

void file_fixed_close(struct file_fixed *f); /* closing twice is fine */

#endif
