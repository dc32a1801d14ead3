/* SPDX-License-Identifier: Apache-2.0 */
#include "app/scenario_use.h"

#include "formats/scenario.h"
#include "os/file.h"
#include "os/folder.h"

static bool ends_with(const char *name, const char *end)
{
    size_t n = strlen(name), m = strlen(end);
    return n >= m && memcmp(name + n - m, end, m) == 0;
}

static bool may_be_scenario(const char *name)
{
    static const char *const ends[] = {".xml", ".json", ".yaml", ".yml", ".csv", ".tsv"};
    for (size_t i = 0; i < COUNT_OF(ends); i++) {
        if (name[0] != '.' && ends_with(name, ends[i])) {
            return true;
        }
    }
    return false;
}

struct files {
    struct scenario_file list[SCENARIO_FILES_MAX];
    size_t count;
};

static bool add_file(const char *path, struct arena *mem, struct files *out, struct err *err)
{
    struct scenario_file f = {.name = path};
    if (out->count == SCENARIO_FILES_MAX) {
        return err_set(err, ERR_LIMIT, "there are more than %u files of a scenario",
                       SCENARIO_FILES_MAX) ||
               err_mend(err, "name the files, or move them to a folder of their own");
    }
    if (!file_read(path, SCENARIO_FILE_MAX, mem, &f.bytes, err)) {
        return false;
    }
    out->list[out->count++] = f;
    return true;
}

/* but: a file that is there already, or NULL.  Another file of issues belongs to another scenario
 * then. */
static bool add_folder(const char *path, const char *but, struct arena *mem, struct files *out,
                       struct err *err)
{
    struct folder_list names;
    if (!folder_list(path, mem, &names, err)) {
        return false;
    }
    for (size_t i = 0; i < names.count; i++) {
        const char *full = arena_printf(mem, "%s%s%s", path, ends_with(path, "/") ? "" : "/",
                                        names.names[i]);
        enum scenario_part part = SCENARIO_PROFILE;
        if (full == NULL) {
            return err_memory(err, path);
        }
        if (!may_be_scenario(names.names[i]) || (but != NULL && strcmp(full, but) == 0) ||
            file_kind(full) != FILE_REGULAR) {
            continue;
        }
        if (!add_file(full, mem, out, err)) {
            return false;
        }
        if (but != NULL && !scenario_part(&out->list[out->count - 1], mem, &part, err)) {
            return false;
        }
        out->count -= part != SCENARIO_PROFILE;
    }
    return true;
}

/* "a/b.xml" stands in "a", "b.xml" in ".". */
static const char *folder_of(const char *path, struct arena *mem)
{
    size_t n = strlen(path);
    while (n > 0 && path[n - 1] != '/') {
        n--;
    }
    return n == 0 ? "." : n == 1 ? "/" : arena_str(mem, bytes_of(path, n - 1));
}

static bool add_one(const char *path, struct arena *mem, struct files *out, struct err *err)
{
    enum scenario_part part;
    if (file_kind(path) == FILE_FOLDER) {
        return add_folder(path, NULL, mem, out, err);
    }
    if (!add_file(path, mem, out, err) || !scenario_part(&out->list[0], mem, &part, err)) {
        return false;
    }
    if (part != SCENARIO_DOMAIN) {
        return true;
    }
    const char *folder = folder_of(path, mem);
    const char *same = path;
    if (folder == NULL) {
        return err_memory(err, path);
    }
    if (strcmp(folder, ".") == 0 && path[0] != '.') {
        same = arena_printf(mem, "./%s", path); /* as add_folder would call it */
    }
    return same == NULL ? err_memory(err, path) : add_folder(folder, same, mem, out, err);
}

/* The name that a scenario has where its files give it none: of the folder, or of the file. */
static const char *name_of(const char *path, struct arena *mem)
{
    size_t n = strlen(path);
    while (n > 1 && path[n - 1] == '/') {
        n--;
    }
    return arena_str(mem, bytes_of(path, n));
}

bool scenario_load(const char *const *paths, size_t count, struct arena *mem, struct scenario *out,
                   struct err *err)
{
    struct files *files = ARENA_NEW(mem, struct files, 1);
    const char *name = count == 0 ? NULL : name_of(paths[0], mem);
    if (count == 0) {
        return err_set(err, ERR_USE, "no scenario was named") ||
               err_mend(err, "name a folder, or the files of one scenario");
    }
    if (files == NULL || name == NULL) {
        return err_memory(err, "a scenario");
    }
    if (count == 1) {
        return add_one(paths[0], mem, files, err) &&
               scenario_read(files->list, files->count, name, mem, out, err);
    }
    for (size_t i = 0; i < count; i++) {
        if (file_kind(paths[i]) == FILE_FOLDER) {
            return err_set(err, ERR_USE, "%s is a folder, beside other files", paths[i]) ||
                   err_mend(err, "name one folder, or files alone");
        }
        if (!add_file(paths[i], mem, files, err)) {
            return false;
        }
    }
    return scenario_read(files->list, files->count, name, mem, out, err);
}

/* ---- which files belong together ---- */

struct sorting {
    const char *const *paths;
    enum scenario_part *parts; /* SCENARIO_WHOLE for folders too */
    const char **folders;
    bool *taken;
    size_t count;
};

/* A file that cannot be read, or is no scenario, stands for itself, and its reader will say why;
 * but beside parts of a scenario it may be one of them, and nothing can be told. */
static bool look_at_all(struct sorting *s, struct arena *mem, size_t *out_domains,
                        size_t *out_profiles, struct err *err)
{
    struct err why = {0};
    for (size_t i = 0; i < s->count; i++) {
        struct scenario_file f = {.name = s->paths[i]};
        s->folders[i] = folder_of(s->paths[i], mem);
        if (s->folders[i] == NULL) {
            return err_memory(err, "the names");
        }
        s->parts[i] = SCENARIO_WHOLE;
        if (file_kind(s->paths[i]) == FILE_FOLDER) {
            continue;
        }
        size_t mark = arena_mark(mem);
        if (!file_read(f.name, SCENARIO_FILE_MAX, mem, &f.bytes, &why) ||
            !scenario_part(&f, mem, &s->parts[i], &why)) {
            s->parts[i] = SCENARIO_WHOLE;
        }
        arena_rewind(mem, mark);
        *out_domains += s->parts[i] == SCENARIO_DOMAIN;
        *out_profiles += s->parts[i] == SCENARIO_PROFILE;
    }
    if (why.what[0] != '\0' && *out_domains + *out_profiles > 0) {
        *err = why;
        return false;
    }
    return true;
}

static bool together(const struct sorting *s, size_t a, size_t b, bool by_folder)
{
    return s->parts[a] != SCENARIO_WHOLE && s->parts[b] != SCENARIO_WHOLE &&
           (!by_folder || strcmp(s->folders[a], s->folders[b]) == 0);
}

bool scenario_groups(const char *const *paths, size_t count, struct arena *mem,
                     struct scenario_group **out, size_t *out_count, struct err *err)
{
    struct sorting s = {.paths = paths, .count = count};
    size_t domains = 0;
    size_t profiles = 0;
    size_t n = 0;
    struct scenario_group *groups = ARENA_NEW(mem, struct scenario_group, count);
    s.parts = ARENA_NEW(mem, enum scenario_part, count);
    s.folders = ARENA_NEW(mem, const char *, count);
    s.taken = ARENA_NEW(mem, bool, count);
    if (mem->failed) {
        return err_memory(err, "the names");
    }
    if (!look_at_all(&s, mem, &domains, &profiles, err)) {
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        if (s.taken[i]) {
            continue;
        }
        struct scenario_group *g = &groups[n++];
        const char **list = ARENA_NEW(mem, const char *, count - i);
        if (list == NULL) {
            return err_memory(err, "the names");
        }
        list[g->count++] = paths[i];
        for (size_t k = i + 1; k < count; k++) {
            /* Issues alone are a scenario each when no profile is named; with several of them, what
             * stands in a folder belongs together. */
            if (!s.taken[k] && profiles > 0 && together(&s, i, k, domains > 1)) {
                s.taken[k] = true;
                list[g->count++] = paths[k];
            }
        }
        g->paths = list;
    }
    *out = groups;
    *out_count = n;
    return true;
}

/* ---- written ---- */

static bool format_of(const char *path, const char *to, enum scenario_format *out, struct err *err)
{
    if (to != NULL) {
        return scenario_format_parse(text_str(to), out) ||
               err_set(err, ERR_USE, "there is no format %s", to) ||
               err_mend(err, "write one of these: yaml, genius, geniusweb, negmas-yaml, "
                             "negmas-json, negolog, csv");
    }
    if (ends_with(path, ".yaml") || ends_with(path, ".csv")) {
        *out = ends_with(path, ".csv") ? SCENARIO_CSV : SCENARIO_YAML;
        return true;
    }
    return err_set(err, ERR_USE, "the name %s does not tell the format", path) ||
           err_mend(err, "add --to yaml, genius, geniusweb, negmas-yaml, negmas-json, negolog or "
                         "csv");
}

static bool write_files(const char *path, enum scenario_format format, struct arena *mem,
                        const struct scenario_out *files, size_t count,
                        struct scenario_converted *out, struct err *err)
{
    bool single = format == SCENARIO_YAML || format == SCENARIO_CSV;
    out->files = ARENA_NEW(mem, const char *, count);
    if (out->files == NULL) {
        return err_memory(err, path);
    }
    if (!single && !folder_make(path, err)) {
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        const char *full = single ? arena_str(mem, bytes_str(path))
                                  : arena_printf(mem, "%s/%.*s", path, TEXT_ARG(files[i].name));
        if (full == NULL) {
            return err_memory(err, path);
        }
        if (!file_create(full, FILE_PLAIN, buf_bytes(&files[i].bytes), err)) {
            return false;
        }
        out->files[out->file_count++] = full;
    }
    return true;
}

bool scenario_convert(const char *const *paths, size_t count, const char *path, const char *to,
                      struct arena *mem, struct scenario_converted *out, struct err *err)
{
    struct scenario s;
    struct scenario_converted made = {0};
    enum scenario_format format;
    size_t n = 0;
    if (!format_of(path, to, &format, err) || !scenario_load(paths, count, mem, &s, err)) {
        return false;
    }
    struct scenario_out *files = ARENA_NEW(mem, struct scenario_out, SCENARIO_FILES_MAX);
    if (files == NULL) {
        return err_memory(err, path);
    }
    bool good = scenario_write(&s, format, mem, files, &n, err) &&
                write_files(path, format, mem, files, n, &made, err);
    for (size_t i = 0; i < SCENARIO_FILES_MAX; i++) {
        buf_free(&files[i].bytes);
    }
    if (!good) {
        return false;
    }
    made.name = s.name;
    made.from = scenario_format_words(s.format);
    made.to = scenario_format_words(format);
    made.parties = s.party_count;
    made.issues = s.domain.issue_count;
    made.packages = domain_count_words(&s.domain, mem);
    made.exact = scenario_exact(&s);
    made.note_count = s.note_count;
    made.notes = s.notes;
    *out = made;
    return true;
}
