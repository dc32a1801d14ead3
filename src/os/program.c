/* SPDX-License-Identifier: Apache-2.0 */
#include "os/program.h"

#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <unistd.h>

#include "os/system_priv.h"

extern char **environ;

static bool prepare(posix_spawn_file_actions_t *actions, posix_spawnattr_t *attributes)
{
    return posix_spawn_file_actions_addopen(actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0) == 0 &&
           posix_spawn_file_actions_addopen(actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0) ==
               0 &&
           posix_spawn_file_actions_addopen(actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0) ==
               0 &&
           posix_spawnattr_setflags(attributes, POSIX_SPAWN_SETSID) == 0;
}

bool program_start(const char *const *argv, struct err *err)
{
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    pid_t pid;
    if (posix_spawn_file_actions_init(&actions) != 0) {
        return err_memory(err, "a program");
    }
    if (posix_spawnattr_init(&attributes) != 0) {
        (void)posix_spawn_file_actions_destroy(&actions); /* cannot fail */
        return err_memory(err, "a program");
    }
    int number = ENOMEM;
    if (prepare(&actions, &attributes)) {
        /* posix_spawnp does not change the words. */
        union {
            const char *const *in;
            char *const *out;
        } words = {.in = argv};
        number = posix_spawnp(&pid, argv[0], &actions, &attributes, words.out, environ);
    }
    (void)posix_spawnattr_destroy(&attributes);       /* cannot fail */
    (void)posix_spawn_file_actions_destroy(&actions); /* cannot fail */
    if (number == ENOENT) {
        return err_set(err, ERR_STATE, "there is no program %s", argv[0]);
    }
    return number == 0 || system_error(err, number, "%s cannot be started", argv[0]);
}
