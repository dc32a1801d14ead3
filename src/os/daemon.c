/* SPDX-License-Identifier: Apache-2.0 */
#include "os/daemon.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "os/system_priv.h"

#define KEPT 3 /* where the kept descriptor goes, right above the standard three */

/* Only calls that are safe between fork and the first own work. */
static bool cut_loose(int keep)
{
    if (setsid() < 0 || chdir("/") != 0) {
        return false;
    }
    int null = open("/dev/null", O_RDWR);
    if (null < 0) {
        return false;
    }
    for (int fd = 0; fd < 3; fd++) {
        if (null != fd && dup2(null, fd) < 0) {
            return false;
        }
    }
    if (keep >= 0) {
        if (keep != KEPT && dup3(keep, KEPT, O_CLOEXEC) < 0) {
            return false;
        }
        return close_range(KEPT + 1, ~0u, 0) == 0;
    }
    return close_range(KEPT, ~0u, 0) == 0;
}

bool daemon_split(struct socket *keep, enum daemon_side *out, struct err *err)
{
    pid_t middle = fork();
    if (middle < 0) {
        return system_error(err, errno, "a process in the background cannot be started");
    }
    if (middle > 0) {
        /* The one in the middle ends at once, so that the child is nobody's to wait for. */
        int status;
        while (waitpid(middle, &status, 0) < 0) {
            if (errno != EINTR) {
                return system_error(err, errno, "the process in the background is lost");
            }
        }
        if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) {
            return err_set(err, ERR_IO, "a process in the background cannot be started");
        }
        *out = DAEMON_PARENT;
        return true;
    }
    bool ok = cut_loose(keep == NULL ? -1 : keep->fd);
    pid_t child = ok ? fork() : -1;
    if (child != 0) {
        _exit(child > 0 ? 0 : 1);
    }
    if (keep != NULL) {
        keep->fd = KEPT;
    }
    *out = DAEMON_CHILD;
    return true;
}
