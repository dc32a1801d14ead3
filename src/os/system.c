/* SPDX-License-Identifier: Apache-2.0 */
#include "os/system_priv.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <unistd.h>

#undef system_error /* the function behind the macro */

static const struct {
    int number;
    const char *reason;
    const char *mend;
} reasons[] = {
    {ENOSPC, "the disk is full", "free some space on that disk, then do it again"},
    {EDQUOT, "your quota of that disk is used up", "free some space of yours, then do it again"},
    {EACCES, "permission is denied", "check who owns the file and its folder, and their modes"},
    {EPERM, "the system does not permit it", "check who owns the file and its folder"},
    {EROFS, "the disk is read-only", "mount it writable, or choose another folder"},
    {ENOENT, "there is no such file or folder", "check the name; is the folder there?"},
    {ENOTDIR, "a part of the path is not a folder", "check the path"},
    {EISDIR, "it is a folder", "name a file"},
    {EMFILE, "this process has too many files open", "raise the limit (ulimit -n)"},
    {ENFILE, "the system has too many files open", "close some programs, then do it again"},
    {ENAMETOOLONG, "the name is too long", "choose a shorter one"},
    {ELOOP, "too many links lead round and round", "check the links on the path"},
    {EIO, "the disk does not work properly", "check the disk; keep a copy of the folder elsewhere"},
    {ENOMEM, "there is not enough memory", "close some programs, then do it again"},
    {EFBIG, "the file would be too large", "raise the limit (ulimit -f)"},
};

bool system_error(struct err *err, int number, const char *fmt, ...)
{
    char what[sizeof(err->what)];
    va_list args;
    va_start(args, fmt);
    int n = vsnprintf(what, sizeof(what), fmt, args);
    va_end(args);
    if (n < 0) {
        what[0] = 0;
    }
    for (size_t i = 0; i < COUNT_OF(reasons); i++) {
        if (reasons[i].number == number) {
            return err_set(err, ERR_IO, "%s: %s", what, reasons[i].reason) ||
                   err_mend(err, "%s", reasons[i].mend);
        }
    }
    char text[96];
    return err_set(err, ERR_IO, "%s: %s", what, strerror_r(number, text, sizeof(text)));
}

void system_close(int fd)
{
    if (fd >= 0) {
        (void)close(fd); /* nothing to be done about it; EINTR too has closed it on Linux */
    }
}
