/* SPDX-License-Identifier: Apache-2.0 */
#include "os/watch.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/inotify.h>
#include <unistd.h>

#include "os/system_priv.h"

bool watch_open(struct watch *out, struct err *err)
{
    int fd = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
    if (fd < 0) {
        return system_error(err, errno, "folders cannot be watched");
    }
    *out = (struct watch){.fd = fd};
    return true;
}

void watch_close(struct watch *w)
{
    if (w->fd >= 0) {
        system_close(w->fd);
    }
    *w = WATCH_CLOSED;
}

bool watch_folder(const struct watch *w, const char *folder, int *out_number, struct err *err)
{
    /* Only what was written: opening and closing of databases is not news. */
    int number = inotify_add_watch(w->fd, folder, IN_MODIFY | IN_MOVED_TO | IN_ONLYDIR);
    if (number < 0) {
        return (errno == ENOENT || errno == ENOTDIR
                    ? err_set(err, ERR_STATE, "there is no folder %.200s", folder)
                    : system_error(err, errno, "the folder cannot be watched")) ||
               err_at(err, "%.200s", folder);
    }
    *out_number = number;
    return true;
}

void watch_forget(const struct watch *w, int number)
{
    (void)inotify_rm_watch(w->fd, number); /* where it is gone already, that is that */
}

void watch_wait(const struct watch *w, int other, int timeout_ms)
{
    /* poll passes over what is closed (-1). */
    struct pollfd fds[2] = {{.fd = w->fd, .events = POLLIN}, {.fd = other, .events = POLLIN}};
    (void)poll(fds, 2, timeout_ms); /* a signal ends it early, and that is fine */
}

void watch_take(const struct watch *w, const char *prefix, void (*changed)(void *ctx, int number),
                void *ctx)
{
    char room[4096];
    ssize_t n;
    size_t wanted = strlen(prefix);
    while ((n = read(w->fd, room, sizeof(room))) > 0) {
        size_t at = 0, have = (size_t)n;
        struct inotify_event e;
        while (have - at >= sizeof(e)) {
            memcpy(&e, room + at, sizeof(e)); /* it need not be aligned */
            const char *name = room + at + sizeof(e);
            if (e.len > have - at - sizeof(e)) {
                break; /* the kernel gives whole events only */
            }
            if ((e.mask & IN_Q_OVERFLOW) != 0) {
                changed(ctx, WATCH_ALL);
            } else if (e.len > wanted && strncmp(name, prefix, wanted) == 0) {
                changed(ctx, e.wd);
            }
            at += sizeof(e) + e.len;
        }
    }
}
