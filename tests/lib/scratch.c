/* SPDX-License-Identifier: Apache-2.0 */
#include "lib/scratch.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/check.h"

struct scratch scratch_new(void)
{
    struct scratch s;
    const char *base = getenv("TMPDIR");
    int n = snprintf(s.path, sizeof(s.path), "%s/entente-test-XXXXXX",
                     base == NULL || base[0] == 0 ? "/tmp" : base);
    CHECK(n > 0 && (size_t)n < sizeof(s.path));
    CHECK(mkdtemp(s.path) != NULL);
    return s;
}

static void remove_tree(const char *path)
{
    DIR *dir = opendir(path);
    CHECK(dir != NULL);
    const struct dirent *entry;
    while ((entry = readdir(dir)) != NULL) {
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0) {
            continue;
        }
        char inner[SCRATCH_PATH_MAX];
        struct stat st;
        int n = snprintf(inner, sizeof(inner), "%s/%s", path, entry->d_name);
        CHECK(n > 0 && (size_t)n < sizeof(inner));
        CHECK(lstat(inner, &st) == 0);
        if (S_ISDIR(st.st_mode)) {
            remove_tree(inner);
        } else {
            CHECK(unlink(inner) == 0);
        }
    }
    CHECK(closedir(dir) == 0);
    CHECK(rmdir(path) == 0);
}

void scratch_free(struct scratch *s)
{
    remove_tree(s->path);
    s->path[0] = 0;
}

void scratch_path(const struct scratch *s, const char *name, char out[static SCRATCH_PATH_MAX])
{
    int n = snprintf(out, SCRATCH_PATH_MAX, "%s/%s", s->path, name);
    CHECK(n > 0 && (size_t)n < SCRATCH_PATH_MAX);
}
