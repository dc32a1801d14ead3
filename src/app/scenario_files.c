/* SPDX-License-Identifier: Apache-2.0 */
#include "app/scenario_files.h"

#include "os/file.h"
#include "os/folder.h"

struct gather {
    struct arena *mem;
    struct scenario_file *files;
    size_t count;
};

static bool add_file(struct gather *g, const char *path, struct err *err)
{
    if (g->count == SCENARIO_FILES_MAX) {
        return err_set(err, ERR_LIMIT, "a scenario of more than %u files", SCENARIO_FILES_MAX) ||
               err_mend(err, "name the files that belong together");
    }
    struct scenario_file *f = &g->files[g->count];
    if (!file_read(path, SCENARIO_FILE_MAX, g->mem, &f->bytes, err)) {
        return false;
    }
    f->name = path;
    g->count++;
    return true;
}

static bool add_folder(struct gather *g, const char *path, struct err *err)
{
    struct folder_list list;
    if (!folder_list(path, g->mem, &list, err)) {
        return false;
    }
    for (size_t i = 0; i < list.count; i++) {
        const char *name = arena_printf(g->mem, "%s/%s", path, list.names[i]);
        if (name == NULL) {
            return err_memory(err, "the folder");
        }
        if (list.names[i][0] != '.' && file_kind(name) == FILE_REGULAR && !add_file(g, name, err)) {
            return false;
        }
    }
    return true;
}

/* "Grocery" of "a/b/Grocery/" and of "a/b/Grocery.yaml". */
static const char *stem(const char *path, struct arena *mem)
{
    size_t end = strlen(path);
    while (end > 1 && path[end - 1] == '/') {
        end--;
    }
    size_t from = end;
    while (from > 0 && path[from - 1] != '/') {
        from--;
    }
    for (size_t dot = end; dot > from + 1; dot--) {
        if (path[dot - 1] == '.') {
            end = file_kind(path) == FILE_FOLDER ? end : dot - 1;
            break;
        }
    }
    return arena_str(mem, bytes_of(path + from, end - from));
}

bool scenario_files_read(const char *const *paths, size_t count, struct arena *mem,
                         struct scenario *out, struct err *err)
{
    struct gather g = {.mem = mem};
    g.files = ARENA_NEW(mem, struct scenario_file, SCENARIO_FILES_MAX);
    const char *name = stem(paths[0], mem);
    if (g.files == NULL || name == NULL) {
        return err_memory(err, "the scenario");
    }
    for (size_t i = 0; i < count; i++) {
        bool folder = file_kind(paths[i]) == FILE_FOLDER;
        if (!(folder ? add_folder(&g, paths[i], err) : add_file(&g, paths[i], err))) {
            return false;
        }
    }
    return scenario_read(g.files, g.count, name, mem, out, err);
}
