/* SPDX-License-Identifier: Apache-2.0
 *
 * All of the public scenarios load, with the counts that their list has; written and read again they
 * are the same: in entente's own YAML always, in their own format where it can say what they say.
 */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>

#include "lib/test.h"

#include "formats/scenario.h"
#include "lib/shared.h"

#include <jansson.h>

#define MEM_BYTES (160u << 20)

static int by_name(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

struct folder {
    struct scenario_file files[SCENARIO_FILES_MAX];
    size_t count;
    char *names[SCENARIO_FILES_MAX];
};

static void open_folder(const char *path, struct folder *out)
{
    DIR *dir = opendir(path);
    assert_non_null(dir);
    *out = (struct folder){0};
    for (struct dirent *e = readdir(dir); e != NULL; e = readdir(dir)) {
        if (e->d_name[0] != '.') {
            char full[SHARED_PATH_MAX * 3];
            snprintf(full, sizeof(full), "%s/%s", path, e->d_name);
            out->names[out->count] = malloc(strlen(full) + 1);
            assert_non_null(out->names[out->count]);
            memcpy(out->names[out->count++], full, strlen(full) + 1);
        }
    }
    closedir(dir);
    qsort(out->names, out->count, sizeof(*out->names), by_name);
    for (size_t i = 0; i < out->count; i++) {
        out->files[i] = (struct scenario_file){.name = out->names[i],
                                               .bytes = read_whole(out->names[i])};
    }
}

static void close_folder(struct folder *f)
{
    for (size_t i = 0; i < f->count; i++) {
        free(f->names[i]);
        union {
            const uint8_t *read;
            void *owned;
        } p = {.read = f->files[i].bytes.p};
        free(p.owned);
    }
}

/* Written and read: false with ERR_RULE where the format cannot say it. */
static bool again(const struct scenario *s, enum scenario_format format, struct arena *mem,
                  struct scenario *out)
{
    struct scenario_out *files = ARENA_NEW(mem, struct scenario_out, SCENARIO_FILES_MAX);
    struct scenario_file in[SCENARIO_FILES_MAX];
    struct err err = {0};
    size_t n = 0;
    bool written = scenario_write(s, format, mem, files, &n, &err);
    if (!written) {
        assert_int_equal(err.code, ERR_RULE);
    }
    for (size_t i = 0; i < n; i++) {
        const char *name = arena_printf(mem, "%.*s", TEXT_ARG(files[i].name));
        in[i] = (struct scenario_file){.name = name, .bytes = buf_bytes(&files[i].bytes)};
    }
    const char *name = arena_printf(mem, "%.*s", TEXT_ARG(s->name));
    if (written && !scenario_read(in, n, name, mem, out, &err)) {
        fail_msg("%s, written as %s: %s (%s)", name, scenario_format_word(format), err.what,
                 err.where);
    }
    for (size_t i = 0; i < SCENARIO_FILES_MAX; i++) {
        buf_free(&files[i].bytes);
    }
    return written;
}

/* Utilities of both, over some packages, within what rounding allows. */
static void same_worth(const struct scenario *a, const struct scenario *b)
{
    int64_t values[DOMAIN_ISSUES_MAX];
    assert_true(domain_eq(&a->domain, &b->domain));
    assert_int_equal(a->party_count, b->party_count);
    for (uint32_t step = 0; step < 50; step++) {
        for (uint32_t i = 0; i < a->domain.issue_count; i++) {
            int64_t low = domain_first(&a->domain.issues[i]);
            int64_t span = domain_last(&a->domain.issues[i]) - low + 1;
            values[i] = low + (int64_t)((step * 2654435761u + i * 40503u) % (uint64_t)span);
        }
        for (uint32_t p = 0; p < a->party_count; p++) {
            const struct utility *u = &a->parties[p].utility, *v = &b->parties[p].utility;
            double x = utility_double(u, utility_units(u, &a->domain, values));
            double y = utility_double(v, utility_units(v, &b->domain, values));
            if (x - y > 1e-12 || y - x > 1e-12) {
                fail_msg("party %u, package %u: %.17g, then %.17g", p, step, x, y);
            }
        }
    }
}

static const char *const *formats_named(void)
{
    static const char *const names[] = {"genius-xml", "geniusweb-json", "negmas-yaml",
                                        "negolog-json"};
    return names;
}

/* The least and the most that a party may get, as the list has them. */
static void check_ranges(const struct scenario *s, json_t *ranges)
{
    for (uint32_t p = 0; json_is_array(ranges) && p < s->party_count; p++) {
        const struct utility *u = &s->parties[p].utility;
        json_t *range = json_array_get(ranges, p);
        int64_t least = 0, most = 0;
        if (!utility_is_additive(u)) {
            continue;
        }
        for (uint32_t i = 0; i < s->domain.issue_count; i++) {
            int64_t a, b;
            utility_part_range(&u->parts[i], &s->domain.issues[i], &a, &b);
            least += a;
            most += b;
        }
        double low = utility_double(u, least) - json_number_value(json_array_get(range, 0));
        double high = utility_double(u, most) - json_number_value(json_array_get(range, 1));
        assert_true(low < 1e-9 && low > -1e-9 && high < 1e-9 && high > -1e-9);
    }
}

static void one_scenario(json_t *row, const char *root, struct arena *mem, unsigned *exact)
{
    const char *name = json_string_value(json_object_get(row, "name"));
    char path[SHARED_PATH_MAX * 2];
    struct folder f;
    struct scenario s, t;
    struct err err = {0};
    uint64_t packages;
    snprintf(path, sizeof(path), "%s/%s", root, name);
    print_message("%s\n", name);
    open_folder(path, &f);
    if (!scenario_read(f.files, f.count, name, mem, &s, &err)) {
        fail_msg("%s: %s (%s)", name, err.what, err.where);
    }
    const char *format = json_string_value(json_object_get(row, "format"));
    static const enum scenario_format meant[] = {SCENARIO_GENIUS, SCENARIO_GENIUSWEB,
                                                 SCENARIO_NEGMAS_YAML, SCENARIO_NEGOLOG};
    for (size_t i = 0; i < COUNT_OF(meant); i++) {
        if (strcmp(format, formats_named()[i]) == 0) {
            assert_int_equal(s.format, meant[i]);
        }
    }
    *exact += scenario_exact(&s);
    if (getenv("ENTENTE_VERBOSE") != NULL && !scenario_exact(&s)) {
        print_message("  rounded\n");
    }
    if (getenv("ENTENTE_VERBOSE") != NULL) {
        for (uint32_t i = 0; i < s.note_count; i++) {
            print_message("  %.*s\n", TEXT_ARG(s.notes[i]));
        }
    }
    json_t *parties = json_object_get(row, "n_parties");
    if (json_is_integer(parties)) {
        assert_int_equal(s.party_count, json_integer_value(parties));
        /* The list takes the number that a file claims, which counts the root in some. */
        assert_in_range(json_integer_value(json_object_get(row, "n_issues")), s.domain.issue_count,
                        s.domain.issue_count + 1);
        assert_true(domain_count(&s.domain, &packages));
        assert_true((double)packages == json_number_value(json_object_get(row, "outcomes")));
    }
    check_ranges(&s, json_object_get(row, "ranges"));
    json_t *reserved = json_object_get(row, "reserved");
    for (uint32_t i = 0; json_is_array(reserved) && i < s.party_count; i++) {
        const struct utility *u = &s.parties[i].utility;
        json_t *r = json_array_get(reserved, i);
        assert_int_equal(u->has_reservation, json_is_number(r));
        if (json_is_number(r)) {
            double gap = utility_double(u, u->reservation) - json_number_value(r);
            assert_true(gap < 1e-9 && gap > -1e-9);
        }
    }
    assert_true(again(&s, SCENARIO_YAML, mem, &t));
    assert_true(scenario_eq(&s, &t));
    if (again(&s, s.format, mem, &t)) {
        same_worth(&s, &t);
    } else {
        print_message("%s: its own format cannot say it\n", name);
    }
    close_folder(&f);
}

static void test_all(void **state)
{
    (void)state;
    char path[SHARED_PATH_MAX], root[SHARED_PATH_MAX];
    if (!shared_path("scenarios/expected.json", path) || !shared_path("scenarios", root)) {
        print_message("skipped: no scenarios\n");
        skip();
    }
    json_error_t e;
    json_t *doc = json_load_file(path, 0, &e);
    assert_non_null(doc);
    json_t *rows = json_object_get(doc, "scenarios"), *row;
    size_t at;
    unsigned exact = 0;
    struct arena mem = test_arena(MEM_BYTES);
    json_array_foreach(rows, at, row)
    {
        one_scenario(row, root, &mem, &exact);
        arena_wipe(&mem);
    }
    print_message("%zu scenarios, %u of them exact\n", json_array_size(rows), exact);
    assert_true(json_array_size(rows) >= 54);
    json_decref(doc);
    test_arena_free(&mem);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_all)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
