/* SPDX-License-Identifier: Apache-2.0
 *
 * See file.h.  A replacement is: O_EXCL temporary beside the file, write, fsync, rename, fsync of
 * the folder.  A creation is the same with a rename that refuses a name that is taken; so a new
 * file, too, is there whole or not at all.
 */
#include "os/file.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/check.h"
#include "base/num.h"
#include "os/file_test.h"
#include "os/system_priv.h"

#define READ_STEP 65536u

/* The one exception from "no mutable globals": a test plants it (file_test.h); NULL otherwise. */
static struct file_faults *planted;

void file_faults_set(struct file_faults *faults)
{
    planted = faults;
}

/* True when this step is to fail; errno says how. */
static bool fault_now(enum file_step step)
{
    struct file_faults *f = planted;
    if (f == NULL || (f->steps & (unsigned)step) == 0) {
        return false;
    }
    f->seen++;
    if (f->fault_in == 0 || f->seen < f->fault_in || (f->seen > f->fault_in && !f->stays)) {
        return false;
    }
    if (f->with_errno == 0) {
        (void)kill(getpid(), SIGKILL);
    }
    errno = f->with_errno;
    return true;
}

/* ---- the calls, taken up again after a signal ---- */

static int open_again(const char *path, int flags, mode_t mode)
{
    int fd;
    do {
        fd = open(path, flags | O_CLOEXEC, mode);
    } while (fd < 0 && errno == EINTR);
    return fd;
}

static bool write_again(int fd, struct bytes v)
{
    while (v.n > 0) {
        ssize_t n = write(fd, v.p, v.n);
        if (n < 0 && errno == EINTR) {
            continue;
        }
        if (n < 0) {
            return false;
        }
        v = bytes_slice(v, (size_t)n, v.n);
    }
    return true;
}

/* A write that a test may break: half of it is then on the disk. */
static bool write_counted(int fd, struct bytes v)
{
    if (planted != NULL && (planted->steps & FILE_STEP_WRITE) != 0 &&
        planted->seen + 1 == planted->fault_in) {
        (void)write_again(fd, bytes_slice(v, 0, v.n / 2)); /* the fault comes either way */
    }
    return !fault_now(FILE_STEP_WRITE) && write_again(fd, v);
}

static bool sync_counted(int fd)
{
    if (fault_now(FILE_STEP_SYNC)) {
        return false;
    }
    int rc;
    do {
        rc = fsync(fd);
    } while (rc != 0 && errno == EINTR);
    return rc == 0;
}

/* Copies the folder part of a path: "a/b" -> "a", "b" -> ".", "/b" -> "/". */
static bool folder_of(const char *path, char out[static FILE_PATH_MAX], struct err *err)
{
    size_t n = strlen(path);
    if (n >= FILE_PATH_MAX) {
        return system_error(err, ENAMETOOLONG, "%.200s... cannot be used", path);
    }
    while (n > 0 && path[n - 1] != '/') {
        n--;
    }
    if (n == 0) {
        memcpy(out, ".", 2);
        return true;
    }
    while (n > 1 && path[n - 1] == '/') {
        n--;
    }
    memcpy(out, path, n);
    out[n] = 0;
    return true;
}

static bool sync_folder_of(const char *path, struct err *err)
{
    char folder[FILE_PATH_MAX];
    if (!folder_of(path, folder, err)) {
        return false;
    }
    int fd = open_again(folder, O_RDONLY | O_DIRECTORY, 0);
    if (fd < 0) {
        return system_error(err, errno, "the folder %s cannot be opened", folder);
    }
    bool ok = sync_counted(fd);
    int number = errno;
    system_close(fd);
    return ok || system_error(err, number, "the folder %s cannot be flushed", folder);
}

/* ---- reading ---- */

bool file_read_all(int fd, const char *name, struct buf *out, struct err *err)
{
    uint8_t piece[READ_STEP];
    size_t before = out->n;
    bool ok = false;
    for (;;) {
        ssize_t n = read(fd, piece, sizeof(piece));
        if (n < 0 && errno == EINTR) {
            continue;
        }
        if (n < 0) {
            (void)system_error(err, errno, "%s cannot be read", name);
            break;
        }
        buf_add(out, bytes_of(piece, (size_t)n));
        if (n == 0 || !buf_ok(out)) {
            ok = buf_done(out, name, err);
            break;
        }
    }
    bytes_wipe(piece, sizeof(piece)); /* it may have been a key file */
    if (!ok) {
        out->n = before;
    }
    return ok;
}

static bool open_to_read(const char *path, int *out, struct err *err)
{
    int fd = open_again(path, O_RDONLY, 0);
    if (fd < 0) {
        int number = errno;
        (void)system_error(err, number, "%s cannot be opened", path);
        if (number == ENOENT || number == ENOTDIR) {
            err->code = ERR_STATE;
        }
        return false;
    }
    *out = fd;
    return true;
}

bool file_read_into(const char *path, struct buf *out, struct err *err)
{
    int fd;
    if (!open_to_read(path, &fd, err)) {
        return false;
    }
    bool ok = file_read_all(fd, path, out, err);
    system_close(fd);
    return ok;
}

bool file_read(const char *path, size_t max, struct arena *mem, struct bytes *out, struct err *err)
{
    struct buf b;
    buf_init(&b, max);
    bool ok = file_read_into(path, &b, err);
    if (ok) {
        struct bytes copy = arena_copy(mem, buf_bytes(&b));
        ok = copy.p != NULL || err_memory(err, path);
        if (ok) {
            *out = copy;
        }
    }
    buf_free(&b);
    return ok;
}

bool file_write_all(int fd, const char *name, struct bytes v, struct err *err)
{
    return write_again(fd, v) || system_error(err, errno, "%s cannot be written", name);
}

/* ---- whole files ---- */

/* The name of a temporary file beside path that no other process uses. */
static bool temporary_of(const char *path, char out[static FILE_PATH_MAX], struct err *err)
{
    int n = snprintf(out, FILE_PATH_MAX, "%s.%ld.new", path, (long)getpid());
    if (n < 0 || (size_t)n >= FILE_PATH_MAX) {
        return system_error(err, ENAMETOOLONG, "%.200s... cannot be written", path);
    }
    return true;
}

static bool fill_and_sync(int fd, const char *path, struct bytes content, struct err *err)
{
    if (!write_counted(fd, content)) {
        return system_error(err, errno, "%s cannot be written", path);
    }
    return sync_counted(fd) || system_error(err, errno, "%s cannot be flushed", path);
}

/* A flushed temporary file with the content; on failure there is none. */
static bool write_temporary(const char *path, const char *temporary, enum file_mode mode,
                            struct bytes content, struct err *err)
{
    (void)unlink(temporary); /* left by a process of the same number that was killed */
    int fd = fault_now(FILE_STEP_CREATE) ? -1
                                         : open_again(temporary, O_WRONLY | O_CREAT | O_EXCL,
                                                      mode == FILE_SECRET ? 0600 : 0666);
    if (fd < 0) {
        return system_error(err, errno, "%s cannot be written", path);
    }
    bool ok = fill_and_sync(fd, path, content, err);
    if (close(fd) != 0 && errno != EINTR && ok) {
        ok = system_error(err, errno, "%s cannot be written", path);
    }
    if (!ok) {
        (void)unlink(temporary); /* the failure above is what counts */
    }
    return ok;
}

bool file_replace(const char *path, enum file_mode mode, struct bytes content, struct err *err)
{
    char temporary[FILE_PATH_MAX];
    if (!temporary_of(path, temporary, err) ||
        !write_temporary(path, temporary, mode, content, err)) {
        return false;
    }
    if (fault_now(FILE_STEP_NAME) || rename(temporary, path) != 0) {
        (void)system_error(err, errno, "%s cannot be replaced", path);
        (void)unlink(temporary); /* the failure above is what counts */
        return false;
    }
    return sync_folder_of(path, err);
}

/* Gives the temporary file its name unless that is taken (EEXIST). */
static bool rename_to_free(const char *temporary, const char *path)
{
    if (fault_now(FILE_STEP_NAME)) {
        return false;
    }
    if (renameat2(AT_FDCWD, temporary, AT_FDCWD, path, RENAME_NOREPLACE) == 0) {
        return true;
    }
    /* A file system that does not know this rename (EINVAL) knows links, or neither. */
    return errno == EINVAL && link(temporary, path) == 0;
}

static bool name_taken(const char *path, struct err *err)
{
    return err_set(err, ERR_STATE, "%s is there already", path) ||
           err_mend(err, "choose another name, or move that one away");
}

bool file_create(const char *path, enum file_mode mode, struct bytes content, struct err *err)
{
    char temporary[FILE_PATH_MAX];
    if (!temporary_of(path, temporary, err) ||
        !write_temporary(path, temporary, mode, content, err)) {
        return false;
    }
    bool ok = rename_to_free(temporary, path);
    int number = errno;
    (void)unlink(temporary); /* after a link or a failure it still has this name */
    if (!ok) {
        (void)system_error(err, number, "%s cannot be made", path);
        if (number == EEXIST) {
            return name_taken(path, err);
        }
        return false;
    }
    return sync_folder_of(path, err);
}

enum file_kind file_kind(const char *path)
{
    struct stat st;
    int rc;
    do {
        rc = stat(path, &st);
    } while (rc != 0 && errno == EINTR);
    if (rc != 0) {
        return FILE_NOTHING;
    }
    return S_ISREG(st.st_mode) ? FILE_REGULAR : S_ISDIR(st.st_mode) ? FILE_FOLDER : FILE_OTHER;
}

bool file_remove(const char *path, struct err *err)
{
    if (fault_now(FILE_STEP_NAME) || unlink(path) != 0) {
        return errno == ENOENT || system_error(err, errno, "%s cannot be removed", path);
    }
    return sync_folder_of(path, err);
}

/* ---- files too large to be held ---- */

bool file_out_open(const char *path, enum file_mode mode, struct file_out *out, struct err *err)
{
    struct file_out o = FILE_OUT_CLOSED;
    if (!temporary_of(path, o.temporary, err)) {
        return false;
    }
    memcpy(o.path, path, strlen(path) + 1); /* shorter than the temporary name */
    if (file_exists(path)) {
        return name_taken(path, err);
    }
    (void)unlink(o.temporary); /* left by a process of the same number that was killed */
    o.fd = fault_now(FILE_STEP_CREATE) ? -1
                                       : open_again(o.temporary, O_WRONLY | O_CREAT | O_EXCL,
                                                    mode == FILE_SECRET ? 0600 : 0666);
    if (o.fd < 0) {
        return system_error(err, errno, "%s cannot be written", path);
    }
    *out = o;
    return true;
}

bool file_out_put(struct file_out *out, struct bytes v, struct err *err)
{
    return write_counted(out->fd, v) || system_error(err, errno, "%s cannot be written", out->path);
}

void file_out_drop(struct file_out *out)
{
    if (out->fd >= 0) {
        system_close(out->fd);
        (void)unlink(out->temporary); /* what stays would be a file that nobody asked for */
    }
    out->fd = -1;
}

bool file_out_finish(struct file_out *out, struct err *err)
{
    bool ok = sync_counted(out->fd) || system_error(err, errno, "%s cannot be flushed", out->path);
    if (ok && !rename_to_free(out->temporary, out->path)) {
        int number = errno;
        ok = number == EEXIST ? name_taken(out->path, err)
                              : system_error(err, number, "%s cannot be made", out->path);
    }
    file_out_drop(out); /* after a link it still has the other name */
    return ok && sync_folder_of(out->path, err);
}

bool file_in_open(const char *path, struct file_in *out, struct err *err)
{
    int fd;
    struct stat st;
    if (!open_to_read(path, &fd, err)) {
        return false;
    }
    if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode) || st.st_size < 0) {
        system_close(fd);
        return err_set(err, ERR_FORMAT, "%s is no plain file", path);
    }
    *out = (struct file_in){.fd = fd, .size = (uint64_t)st.st_size};
    return true;
}

bool file_in_read(const struct file_in *in, uint64_t offset, void *out, size_t n, struct err *err)
{
    uint8_t *to = out;
    if (offset > in->size || n > in->size - offset) {
        return err_set(err, ERR_FORMAT, "the file is cut short");
    }
    for (size_t at = 0; at < n;) {
        ssize_t got = pread(in->fd, to + at, n - at, (off_t)(offset + at)); /* within its size */
        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got < 0) {
            return system_error(err, errno, "the file cannot be read");
        }
        if (got == 0) {
            return err_set(err, ERR_FORMAT, "the file was cut short while it was read");
        }
        at += (size_t)got;
    }
    return true;
}

void file_in_close(struct file_in *in)
{
    system_close(in->fd);
    in->fd = -1;
}

/* ---- fixed files ---- */

bool file_fixed_create(const char *path, size_t size, struct err *err)
{
    CHECK(size > 0 && size <= 65536); /* a guard, not a heap */
    /* Zeros that are written, not a hole: a later write in place then needs no new block. */
    static const uint8_t zeros[65536];
    return file_create(path, FILE_SECRET, bytes_of(zeros, size), err);
}

bool file_fixed_open(const char *path, size_t size, struct file_fixed *out, struct err *err)
{
    int fd = open_again(path, O_RDWR, 0);
    struct stat st;
    if (fd < 0 || fstat(fd, &st) != 0) {
        int number = errno;
        system_close(fd);
        (void)system_error(err, number, "%s cannot be opened", path);
        if (number == ENOENT || number == ENOTDIR) {
            err->code = ERR_STATE;
        }
        return false;
    }
    if (!S_ISREG(st.st_mode) || st.st_size < 0 || (uintmax_t)st.st_size != size) {
        system_close(fd);
        return err_set(err, ERR_STATE, "%s is not a file of %zu bytes", path, size);
    }
    *out = (struct file_fixed){.fd = fd, .size = size};
    return true;
}

static bool within(const struct file_fixed *f, size_t offset, size_t n)
{
    size_t end;
    return f->fd >= 0 && size_add(offset, n, &end) && end <= f->size;
}

bool file_fixed_read(const struct file_fixed *f, size_t offset, void *out, size_t n,
                     struct err *err)
{
    CHECK(within(f, offset, n));
    uint8_t *to = out;
    for (size_t at = 0; at < n;) {
        ssize_t got = pread(f->fd, to + at, n - at, (off_t)(offset + at)); /* within 64 KiB */
        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got < 0) {
            return system_error(err, errno, "a guard file cannot be read");
        }
        if (got == 0) {
            return err_set(err, ERR_STATE, "a guard file was cut short while it was open");
        }
        at += (size_t)got;
    }
    return true;
}

static bool pwrite_again(int fd, size_t offset, struct bytes v)
{
    while (v.n > 0) {
        ssize_t n = pwrite(fd, v.p, v.n, (off_t)offset); /* within 64 KiB */
        if (n < 0 && errno == EINTR) {
            continue;
        }
        if (n < 0) {
            return false;
        }
        offset += (size_t)n;
        v = bytes_slice(v, (size_t)n, v.n);
    }
    return true;
}

bool file_fixed_write(const struct file_fixed *f, size_t offset, struct bytes v, struct err *err)
{
    CHECK(within(f, offset, v.n));
    if (planted != NULL && (planted->steps & FILE_STEP_WRITE) != 0 &&
        planted->seen + 1 == planted->fault_in) {
        (void)pwrite_again(f->fd, offset, bytes_slice(v, 0, v.n / 2)); /* a torn write */
    }
    if (fault_now(FILE_STEP_WRITE) || !pwrite_again(f->fd, offset, v)) {
        return system_error(err, errno, "a guard file cannot be written");
    }
    int rc = fault_now(FILE_STEP_SYNC) ? -1 : 0;
    if (rc == 0) {
        do {
            rc = fdatasync(f->fd);
        } while (rc != 0 && errno == EINTR);
    }
    return rc == 0 || system_error(err, errno, "a guard file cannot be flushed");
}

void file_fixed_close(struct file_fixed *f)
{
    system_close(f->fd);
    *f = FILE_FIXED_CLOSED;
}
