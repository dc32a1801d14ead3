/* SPDX-License-Identifier: Apache-2.0 */
#include "os/folder.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/sort.h"
#include "os/file.h"
#include "os/system_priv.h"

/* A folder is flushed through its own descriptor. */
static bool sync_folder(const char *path, struct err *err)
{
    int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0) {
        return system_error(err, errno, "the folder %s cannot be opened", path);
    }
    bool ok = fsync(fd) == 0;
    int number = errno;
    system_close(fd);
    return ok || system_error(err, number, "the folder %s cannot be flushed", path);
}

/* Makes one folder whose parent is there, and flushes the parent; fine when it is there. */
static bool make_one(char *path, size_t name_at, struct err *err)
{
    if (mkdir(path, 0700) != 0) {
        int number = errno;
        if (file_kind(path) == FILE_FOLDER) {
            return true;
        }
        return system_error(err, number, "the folder %s cannot be made", path);
    }
    if (name_at == 0) {
        return sync_folder(".", err);
    }
    char kept = path[name_at];
    path[name_at] = 0; /* "a/b" with name_at 2 -> "a/" */
    bool ok = sync_folder(path, err);
    path[name_at] = kept;
    return ok;
}

bool folder_make(const char *path, struct err *err)
{
    char part[FILE_PATH_MAX];
    size_t n = strlen(path);
    while (n > 1 && path[n - 1] == '/') {
        n--;
    }
    if (n == 0 || n >= sizeof(part)) {
        return system_error(err, n == 0 ? ENOENT : ENAMETOOLONG, "the folder %.200s cannot be made",
                            path);
    }
    memcpy(part, path, n);
    part[n] = 0;
    if (file_kind(part) == FILE_FOLDER) {
        return true;
    }
    size_t name_at = 0;
    for (size_t i = 1; i <= n; i++) {
        if (part[i] == '/' || part[i] == 0) {
            char kept = part[i];
            part[i] = 0;
            bool ok = make_one(part, name_at, err);
            part[i] = kept;
            if (!ok) {
                return false;
            }
            name_at = i + 1;
        }
    }
    return true;
}

static int by_name(const void *a, const void *b, void *ctx)
{
    (void)ctx; /* names are compared by their bytes alone */
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Names as a chain first: how many there are is known at the end. */
struct link {
    const char *name;
    struct link *next;
};

static bool read_names(DIR *dir, const char *path, struct arena *mem, struct link **first,
                       size_t *count, struct err *err)
{
    for (;;) {
        errno = 0;
        const struct dirent *entry = readdir(dir);
        if (entry == NULL) {
            return errno == 0 || system_error(err, errno, "the folder %s cannot be read", path);
        }
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0) {
            continue;
        }
        if (*count == FOLDER_NAMES_MAX) {
            return err_set(err, ERR_LIMIT, "the folder %s has more than %u names", path,
                           FOLDER_NAMES_MAX);
        }
        struct link *link = ARENA_NEW(mem, struct link, 1);
        const char *name = arena_str(mem, bytes_str(entry->d_name));
        if (link == NULL || name == NULL) {
            return err_memory(err, "a list of files");
        }
        *link = (struct link){.name = name, .next = *first};
        *first = link;
        *count += 1;
    }
}

bool folder_list(const char *path, struct arena *mem, struct folder_list *out, struct err *err)
{
    DIR *dir = opendir(path); /* glibc opens it with O_CLOEXEC */
    if (dir == NULL) {
        int number = errno;
        (void)system_error(err, number, "the folder %s cannot be opened", path);
        if (number == ENOENT || number == ENOTDIR) {
            err->code = ERR_STATE;
        }
        return false;
    }
    struct link *first = NULL;
    size_t count = 0;
    bool ok = read_names(dir, path, mem, &first, &count, err);
    (void)closedir(dir); /* it was only read */
    if (!ok) {
        return false;
    }
    const char **names = ARENA_NEW(mem, const char *, count);
    if (names == NULL) {
        return err_memory(err, "a list of files");
    }
    for (size_t i = 0; first != NULL; first = first->next) {
        names[i++] = first->name;
    }
    if (!sort_stable(names, count, sizeof(*names), by_name, NULL, mem)) {
        return err_memory(err, "a list of files");
    }
    *out = (struct folder_list){.names = names, .count = count};
    return true;
}

bool folder_remove(const char *path, struct err *err)
{
    if (rmdir(path) == 0 || errno == ENOENT) {
        return true;
    }
    if (errno == ENOTEMPTY || errno == EEXIST) {
        return err_set(err, ERR_STATE, "the folder %s is not empty", path);
    }
    return system_error(err, errno, "the folder %s cannot be removed", path);
}
