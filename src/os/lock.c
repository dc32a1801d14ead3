/* SPDX-License-Identifier: Apache-2.0 */
#include "os/lock.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/text.h"
#include "os/clock.h"
#include "os/stop.h"
#include "os/system_priv.h"

#define WHO_MAX 64u /* what the file says of its holder */
#define WAIT_STEP_MS 10u

/* Who has it, in words of the file that every holder writes; "another program" when it says
 * nothing that can be shown. */
static void read_holder(int fd, char out[static WHO_MAX])
{
    char raw[WHO_MAX];
    struct err ignored;
    struct text t;
    ssize_t n = pread(fd, raw, sizeof(raw) - 1, 0);
    size_t len = n > 0 ? (size_t)n : 0;
    while (len > 0 && raw[len - 1] == '\n') {
        len--;
    }
    if (len > 0 && memchr(raw, '\n', len) == NULL && text_from(bytes_of(raw, len), &t, &ignored)) {
        memcpy(out, t.p, t.n);
        out[t.n] = 0;
    } else {
        (void)snprintf(out, WHO_MAX, "another program"); /* fits */
    }
}

/* In place and of one length, and only where another held it last: to cut the file and write it anew
 * made every flush that follows wait for the file system's own books (0.3 ms an act noted). */
static void write_holder(int fd, const char *who)
{
    char line[WHO_MAX], there[WHO_MAX - 1];
    memset(line, '\n', sizeof(line));
    int n = snprintf(line, sizeof(line), "%.40s (process %ld)", who, (long)getpid());
    if (n < 0) {
        return;
    }
    if ((size_t)n < sizeof(line)) {
        line[n] = '\n';
    }
    if (pread(fd, there, sizeof(there), 0) != (ssize_t)sizeof(there) ||
        memcmp(there, line, sizeof(there)) != 0) {
        (void)!pwrite(fd, line, sizeof(there), 0); /* it only helps others' messages */
    }
}

/* The folder may be one that others write to: what stands there under this name must not lead to
 * some other file, which would be emptied. */
static bool is_lock(int fd)
{
    struct stat st;
    return fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && st.st_nlink == 1 && st.st_size < WHO_MAX;
}

bool lock_take(const char *path, const char *who, unsigned wait_ms, struct lock *out,
               struct err *err)
{
    int fd;
    do {
        fd = open(path, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
    } while (fd < 0 && errno == EINTR);
    if (fd < 0 && errno != ELOOP) {
        return system_error(err, errno, "the lock %s cannot be opened", path);
    }
    if (fd < 0 || !is_lock(fd)) {
        system_close(fd);
        return err_set(err, ERR_STATE, "%s is no lock of entente, and stays as it is", path) ||
               err_mend(err, "see who has put it there, and move it away");
    }
    for (unsigned waited = 0;; waited += WAIT_STEP_MS) {
        struct flock whole = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
        if (fcntl(fd, F_OFD_SETLK, &whole) == 0) {
            write_holder(fd, who);
            *out = (struct lock){.fd = fd};
            return true;
        }
        int number = errno;
        if (number == EINTR) {
            continue;
        }
        if (number != EAGAIN && number != EACCES) {
            system_close(fd);
            return system_error(err, number, "the lock %s cannot be taken", path);
        }
        if (waited >= wait_ms) {
            char holder[WHO_MAX];
            read_holder(fd, holder);
            system_close(fd);
            return err_set(err, ERR_STATE, "%s is at work in this folder", holder) ||
                   err_at(err, "%s", path) || err_mend(err, "wait until it is done, or end it");
        }
        clock_pause_ms(WAIT_STEP_MS);
        if (!stop_check(err)) {
            system_close(fd);
            return false;
        }
    }
}

void lock_drop(struct lock *lock)
{
    system_close(lock->fd); /* the lock ends with its description */
    *lock = LOCK_NONE;
}
