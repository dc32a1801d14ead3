/* SPDX-License-Identifier: Apache-2.0 */
#include "lib/shared.h"

#include <stdio.h>
#include <stdlib.h>

#include "lib/test.h"

/* Set by tests/meson.build; a test started by hand from the root needs no setting. */
static const char *project_root(void)
{
    const char *root = getenv("ENTENTE_ROOT");
    return root != NULL ? root : ".";
}

void project_path(const char *rel, char out[static SHARED_PATH_MAX])
{
    int n = snprintf(out, SHARED_PATH_MAX, "%s/%s", project_root(), rel);
    assert_true(n > 0 && n < SHARED_PATH_MAX);
}

bool shared_path(const char *rel, char out[static SHARED_PATH_MAX])
{
    const char *shared = getenv("ENTENTE_SHARED");
    char path[SHARED_PATH_MAX];
    int n = shared != NULL ? snprintf(path, sizeof(path), "%s/%s", shared, rel)
                           : snprintf(path, sizeof(path), "%s/../shared/%s", project_root(), rel);
    assert_true(n > 0 && n < SHARED_PATH_MAX);
    FILE *f = fopen(path, "rb");
    if (f == NULL) {
        return false;
    }
    (void)fclose(f);
    memcpy(out, path, sizeof(path));
    return true;
}

struct bytes read_whole(const char *path)
{
    FILE *f = fopen(path, "rb");
    if (f == NULL) {
        return (struct bytes){0};
    }
    size_t n = 0, cap = 1u << 16;
    uint8_t *p = malloc(cap);
    assert_non_null(p);
    for (;;) {
        size_t got = fread(p + n, 1, cap - n, f);
        n += got;
        if (got == 0) {
            break;
        }
        if (n == cap) {
            cap *= 2;
            p = realloc(p, cap);
            assert_non_null(p);
        }
    }
    (void)fclose(f);
    return bytes_of(p, n);
}

struct bytes shared_read_or_skip(const char *rel)
{
    char path[SHARED_PATH_MAX];
    if (!shared_path(rel, path)) {
        (void)printf("# skipped: no shared data (%s)\n", rel);
        (void)fprintf(stderr, "skipped: no shared data (%s)\n", rel);
        skip();
    }
    struct bytes v = read_whole(path);
    assert_non_null(v.p);
    return v;
}
