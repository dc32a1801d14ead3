/* SPDX-License-Identifier: Apache-2.0 */
#include "os/program.h"

#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include "os/file.h"
#include "os/system_priv.h"

extern char **environ;

/* Standard output: nowhere, or a pipe's end. */
static bool prepare(posix_spawn_file_actions_t *actions, posix_spawnattr_t *attributes, int output)
{
    int to = output >= 0 ? posix_spawn_file_actions_adddup2(actions, output, STDOUT_FILENO)
                         : posix_spawn_file_actions_addopen(actions, STDOUT_FILENO, "/dev/null",
                                                            O_WRONLY, 0);
    return to == 0 &&
           posix_spawn_file_actions_addopen(actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0) == 0 &&
           posix_spawn_file_actions_addopen(actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0) ==
               0 &&
           posix_spawnattr_setflags(attributes, POSIX_SPAWN_SETSID) == 0;
}

static bool start(const char *const *argv, int output, pid_t *pid, struct err *err)
{
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    if (posix_spawn_file_actions_init(&actions) != 0) {
        return err_memory(err, "a program");
    }
    if (posix_spawnattr_init(&attributes) != 0) {
        (void)posix_spawn_file_actions_destroy(&actions); /* cannot fail */
        return err_memory(err, "a program");
    }
    int number = ENOMEM;
    if (prepare(&actions, &attributes, output)) {
        /* posix_spawnp does not change the words. */
        union {
            const char *const *in;
            char *const *out;
        } words = {.in = argv};
        number = posix_spawnp(pid, argv[0], &actions, &attributes, words.out, environ);
    }
    (void)posix_spawnattr_destroy(&attributes);       /* cannot fail */
    (void)posix_spawn_file_actions_destroy(&actions); /* cannot fail */
    if (number == ENOENT) {
        return err_set(err, ERR_STATE, "there is no program %s", argv[0]);
    }
    return number == 0 || system_error(err, number, "%s cannot be started", argv[0]);
}

bool program_start(const char *const *argv, struct err *err)
{
    pid_t pid;
    return start(argv, -1, &pid, err);
}

bool program_read(const char *const *argv, struct buf *out, struct err *err)
{
    int ends[2], status = 0;
    pid_t pid = 0;
    if (pipe2(ends, O_CLOEXEC) != 0) {
        return system_error(err, errno, "%s cannot be started", argv[0]);
    }
    bool ok = start(argv, ends[1], &pid, err);
    (void)close(ends[1]); /* of our own making: nothing is lost */
    ok = ok && file_read_all(ends[0], argv[0], out, err);
    (void)close(ends[0]); /* one that still writes is ended by it */
    while (pid > 0 && waitpid(pid, &status, 0) < 0 && errno == EINTR) {
    }
    if (ok && (!WIFEXITED(status) || WEXITSTATUS(status) != 0)) {
        return err_set(err, ERR_FORMAT, "%s could not do it", argv[0]);
    }
    return ok;
}
