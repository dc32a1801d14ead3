/* SPDX-License-Identifier: Apache-2.0
 *
 * The outlook: a scenario is analysed here, and nothing of it is filed, kept or sent.  The engine reads
 * files, so what the browser sends lies in a folder of this user alone as long as that takes.
 */
#include "web/api_priv.h"

#include <stdio.h>

#include "app/analyse.h"
#include "base/hex.h"
#include "os/file.h"
#include "os/folder.h"
#include "os/place.h"
#include "web/verbs.h"

#define FILES_MAX 16u
#define NAME_LETTERS_MAX 128u
#define MILLISECONDS 3000 /* other pages of this program wait as long */
#define DOTS_MAX 5000u
#define TAG_BYTES 8u

struct files {
    const char *folder;
    const char *paths[FILES_MAX];
    size_t count;
};

/* A plain name of a file: no folder, no dot in front. */
static bool name_fits(struct text name)
{
    return name.n > 0 && name.n <= NAME_LETTERS_MAX && name.p[0] != '.' &&
           memchr(name.p, '/', name.n) == NULL;
}

static bool make_folder(struct call *c, struct files *out, struct err *err)
{
    uint8_t raw[TAG_BYTES];
    char tag[2 * TAG_BYTES + 1];
    const char *runtime;
    if (!place_runtime(&c->mem.mem, &runtime, err) ||
        !chance_fill(c->api->chance, raw, sizeof(raw), err)) {
        return false;
    }
    hex_encode(bytes_of(raw, sizeof(raw)), tag);
    out->folder = arena_printf(&c->mem.mem, "%s/outlook-%s", runtime, tag);
    return out->folder == NULL ? err_memory(err, "a path") : folder_make(out->folder, err);
}

/* "names": ["domain.xml", ...] and "files": what is in each. */
static bool put_files(struct call *c, struct files *out, struct err *err)
{
    const struct yaml_node *names = c->body == NULL ? NULL : yaml_get(c->body, "names");
    const struct yaml_node *texts = c->body == NULL ? NULL : yaml_get(c->body, "files");
    if (names == NULL || texts == NULL || names->kind != YAML_LIST || texts->kind != YAML_LIST ||
        names->count == 0 || names->count != texts->count) {
        return err_set(err, ERR_USE, "there is no scenario") ||
               err_mend(err, "choose its file, or its files");
    }
    if (names->count > FILES_MAX) {
        return err_set(err, ERR_LIMIT, "a scenario has at most %u files here", FILES_MAX) ||
               err_mend(err, "with more of them: entente analyse FOLDER");
    }
    const struct yaml_node *t = texts->first;
    for (const struct yaml_node *n = names->first; n != NULL; n = n->next, t = t->next) {
        if (n->kind != YAML_WORDS || t->kind != YAML_WORDS || !name_fits(n->text)) {
            return err_set(err, ERR_USE, "a file has no plain name");
        }
        const char *path = arena_printf(&c->mem.mem, "%s/%.*s", out->folder, TEXT_ARG(n->text));
        if (path == NULL) {
            return err_memory(err, "a path");
        }
        if (!file_create(path, FILE_SECRET, text_bytes(t->text), err)) {
            return false;
        }
        out->paths[out->count++] = path;
    }
    return true;
}

static void drop_files(const struct files *f)
{
    struct err untold = {0};
    bool gone = true;
    for (size_t i = 0; i < f->count; i++) {
        gone = file_remove(f->paths[i], &untold) && gone;
    }
    gone = f->folder != NULL && folder_remove(f->folder, &untold) && gone;
    (void)gone; /* they lie where nobody else reads, and not for long */
}

bool outlook_analyse(struct call *c, struct err *err)
{
    struct files f = {.count = 0};
    struct analysed *a = NULL;
    struct text from = verbs_word(c->body, "from");
    struct analyse_plan plan = {.all = text_is(verbs_word(c->body, "all"), "yes"),
                                .top = ANALYSE_TOP_DEFAULT,
                                .milliseconds = MILLISECONDS,
                                .megabytes = ANALYSE_MEGABYTES_DEFAULT};
    if (from.n > 0 && (plan.from = arena_str(&c->mem.mem, text_bytes(from))) == NULL) {
        return err_memory(err, "a package");
    }
    bool ok = make_folder(c, &f, err) && put_files(c, &f, err) &&
              analyse(f.paths, f.count, &plan, &a, err);
    drop_files(&f);
    if (ok) {
        analysed_json(a, &c->json);
        analysed_cloud(a, DOTS_MAX, &c->json);
    }
    analysed_free(a);
    return ok;
}
