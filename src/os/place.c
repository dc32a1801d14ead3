/* SPDX-License-Identifier: Apache-2.0 */
#include "os/place.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "os/file.h"
#include "os/folder.h"
#include "os/system_priv.h"

const char *place_env(const char *name)
{
    const char *v = getenv(name);
    return v == NULL || v[0] == 0 ? NULL : v;
}

const char *place_join(struct arena *mem, const char *folder, const char *name)
{
    size_t n = strlen(folder);
    return arena_printf(mem, "%s%s%s", folder, n > 0 && folder[n - 1] == '/' ? "" : "/", name);
}

/* XDG: a path that is not absolute counts as unset. */
static const char *absolute_env(const char *name)
{
    const char *v = place_env(name);
    return v != NULL && v[0] == '/' ? v : NULL;
}

static bool found(const char *path, const char **out, struct err *err)
{
    if (path == NULL) {
        return err_memory(err, "a path");
    }
    *out = path;
    return true;
}

bool place_data(struct arena *mem, const char **out, struct err *err)
{
    const char *own = place_env("ENTENTE_HOME");
    if (own != NULL) {
        return found(arena_str(mem, bytes_str(own)), out, err);
    }
    const char *data = absolute_env("XDG_DATA_HOME");
    if (data != NULL) {
        return found(place_join(mem, data, "entente"), out, err);
    }
    const char *home = absolute_env("HOME");
    if (home == NULL) {
        return err_set(err, ERR_USE, "this user has no home folder") ||
               err_mend(err, "set HOME, or ENTENTE_HOME to the folder for entente's data");
    }
    return found(place_join(mem, home, ".local/share/entente"), out, err);
}

bool place_runtime(struct arena *mem, const char **out, struct err *err)
{
    const char *path;
    const char *runtime = absolute_env("XDG_RUNTIME_DIR");
    if (runtime != NULL) {
        path = place_join(mem, runtime, "entente");
    } else {
        if (!place_data(mem, &path, err)) {
            return false;
        }
        path = place_join(mem, path, "run");
    }
    if (!found(path, &path, err) || !folder_make(path, err)) {
        return false;
    }
    struct stat st;
    if (stat(path, &st) != 0) {
        return system_error(err, errno, "the folder %s cannot be looked at", path);
    }
    if (st.st_uid != geteuid() || (st.st_mode & 077) != 0) {
        return err_set(err, ERR_STATE, "others may enter the folder %s", path) ||
               err_mend(err, "make it yours alone: chmod 700");
    }
    *out = path;
    return true;
}

bool place_absolute(struct arena *mem, const char *path, const char **out, struct err *err)
{
    char here[FILE_PATH_MAX];
    if (path[0] == '/') {
        return found(arena_str(mem, bytes_str(path)), out, err);
    }
    if (getcwd(here, sizeof(here)) == NULL) {
        return system_error(err, errno, "this folder has no path");
    }
    return found(place_join(mem, here, path), out, err);
}
