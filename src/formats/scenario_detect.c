/* SPDX-License-Identifier: Apache-2.0
 *
 * What each file is, by what stands in it; its name only says which files are looked at.
 */
#include "formats/scenario_priv.h"

#include "formats/json_tree.h"

static bool ends_with(const char *name, const char *end)
{
    size_t n = strlen(name), m = strlen(end);
    return n >= m && memcmp(name + n - m, end, m) == 0;
}

/* {"type": "LinearUtilityFunction"}, perhaps with the module in front. */
static bool is_utility_function(const struct yaml_node *root)
{
    static const char *const keys[] = {"type", "$type", "__python_class__"};
    for (size_t i = 0; i < COUNT_OF(keys); i++) {
        const struct yaml_node *n = yaml_get(root, keys[i]);
        if (n != NULL && n->kind == YAML_WORDS && n->text.n >= 15 &&
            memcmp(n->text.p + n->text.n - 15, "UtilityFunction", 15) == 0) {
            return true;
        }
    }
    return false;
}

static enum source_kind kind_of_tree(const struct yaml_node *root, bool json)
{
    static const struct {
        const char *a, *b; /* keys, the second may be NULL */
        bool json, yaml;
        enum source_kind kind;
    } rows[] = {
        {"LinearAdditiveUtilitySpace", NULL, true, false, SOURCE_GENIUSWEB_PROFILE},
        {"issuesValues", NULL, true, false, SOURCE_GENIUSWEB_DOMAIN},
        {"issueWeights", "issues", true, false, SOURCE_NEGOLOG_PROFILE},
        {"scenario", NULL, false, true, SOURCE_YAML},
        {"issues", "parties", false, true, SOURCE_YAML},
        {"issues", NULL, true, true, SOURCE_NEGMAS_DOMAIN},
        {"reserved_value", NULL, true, true, SOURCE_NEGMAS_PROFILE},
        {"weights", "values", true, true, SOURCE_NEGMAS_PROFILE},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        if ((json ? rows[i].json : rows[i].yaml) && yaml_get(root, rows[i].a) != NULL &&
            (rows[i].b == NULL || yaml_get(root, rows[i].b) != NULL)) {
            return rows[i].kind;
        }
    }
    if (is_utility_function(root)) {
        return SOURCE_NEGMAS_PROFILE; /* of a kind that its reader may refuse by name */
    }
    const struct yaml_node *first = root->first;
    if (json && root->kind == YAML_MAP && first != NULL && first->text.n > 12 &&
        memcmp(first->text.p + first->text.n - 12, "UtilitySpace", 12) == 0) {
        return SOURCE_GENIUSWEB_PROFILE; /* of a kind that its reader will refuse by name */
    }
    return SOURCE_NONE;
}

static char first_letter(struct bytes v)
{
    size_t i = v.n >= 3 && memcmp(v.p, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;
    while (i < v.n && (v.p[i] == ' ' || (v.p[i] >= '\t' && v.p[i] <= '\r'))) {
        i++;
    }
    return i < v.n ? (char)v.p[i] : 0;
}

static bool look(const struct scenario_file *file, struct arena *mem, struct source *out,
                 struct err *err)
{
    char letter = first_letter(file->bytes);
    struct yaml_node *root;
    *out = (struct source){.file = file};
    if (file->bytes.n > SCENARIO_FILE_MAX) {
        return err_set(err, ERR_LIMIT, "the file is larger than %u bytes", SCENARIO_FILE_MAX) ||
               err_at(err, "%s", file->name);
    }
    if (ends_with(file->name, ".csv") || ends_with(file->name, ".tsv")) {
        out->kind = SOURCE_CSV;
        return true;
    }
    if (ends_with(file->name, ".xml") || letter == '<' || (uint8_t)letter >= 0xfe) {
        return genius_open(file, mem, &out->xml, &out->kind, err);
    }
    bool yaml = ends_with(file->name, ".yml") || ends_with(file->name, ".yaml");
    out->json = ends_with(file->name, ".json") || (letter == '{' && !yaml);
    if (!out->json && !yaml) {
        return true;
    }
    if (!(out->json ? json_tree_read(file->bytes, file->name, SCENARIO_NODES_MAX, mem, &root, err)
                    : yaml_tree_read_within(file->bytes, file->name, SCENARIO_NODES_MAX, mem, &root,
                                            err))) {
        return false;
    }
    out->root = root;
    out->kind = kind_of_tree(root, out->json);
    return true;
}

static const struct {
    enum source_kind kind;
    enum scenario_format format;
    bool (*read)(struct scenario_reading *r);
} readers[] = {
    {SOURCE_GENIUS_DOMAIN, SCENARIO_GENIUS, genius_read},
    {SOURCE_GENIUS_PROFILE, SCENARIO_GENIUS, genius_read},
    {SOURCE_GENIUSWEB_DOMAIN, SCENARIO_GENIUSWEB, geniusweb_read},
    {SOURCE_GENIUSWEB_PROFILE, SCENARIO_GENIUSWEB, geniusweb_read},
    {SOURCE_NEGMAS_DOMAIN, SCENARIO_NEGMAS_YAML, negmas_read},
    {SOURCE_NEGMAS_PROFILE, SCENARIO_NEGMAS_YAML, negmas_read},
    {SOURCE_NEGOLOG_PROFILE, SCENARIO_NEGOLOG, negolog_read},
    {SOURCE_CSV, SCENARIO_CSV, score_csv_read},
    {SOURCE_YAML, SCENARIO_YAML, scenario_yaml_read},
};

static size_t reader_of(enum source_kind kind)
{
    size_t i = 0;
    while (i + 1 < COUNT_OF(readers) && readers[i].kind != kind) {
        i++;
    }
    return i;
}

static bool choose(struct scenario_reading *r, size_t *out)
{
    if (r->source_count == 0) {
        return err_set(r->err, ERR_FORMAT, "there is no scenario in %s", r->name) ||
               err_mend(r->err, "give a folder or files of GENIUS, GeniusWeb, NegMAS, NegoLog, "
                                "a CSV score sheet, or entente's own YAML");
    }
    size_t first = reader_of(r->sources[0].kind);
    for (size_t i = 1; i < r->source_count; i++) {
        size_t other = reader_of(r->sources[i].kind);
        if (readers[other].format != readers[first].format) {
            return err_set(r->err, ERR_FORMAT, "the files are of two formats: %s and %s",
                           scenario_format_words(readers[first].format),
                           scenario_format_words(readers[other].format)) ||
                   err_mend(r->err, "name the files of one: %s is one of the second",
                            r->sources[i].file->name);
        }
    }
    if (r->source_count > 1 &&
        (readers[first].format == SCENARIO_CSV || readers[first].format == SCENARIO_YAML)) {
        return err_set(r->err, ERR_FORMAT, "there are two scenarios: %s and %s",
                       r->sources[0].file->name, r->sources[1].file->name) ||
               err_mend(r->err, "name one of the two");
    }
    *out = first;
    return true;
}

/* Two files of one name in two folders, say. */
static bool part_names(struct scenario_reading *r)
{
    for (uint32_t i = 0; i < r->s.party_count; i++) {
        for (uint32_t k = 0; k < i; k++) {
            if (!text_eq(r->s.parties[i].name, r->s.parties[k].name)) {
                continue;
            }
            const char *name = arena_printf(r->mem, "%.*s (%u)", TEXT_ARG(r->s.parties[i].name),
                                            i + 1);
            if (name == NULL) {
                return reading_no_memory(r);
            }
            r->s.parties[i].name = text_str(name);
        }
    }
    return true;
}

static bool read_all(struct scenario_reading *r, const struct scenario_file *files, size_t count)
{
    size_t reader;
    for (size_t i = 0; i < count; i++) {
        struct source *src = &r->sources[r->source_count];
        if (!look(&files[i], r->mem, src, r->err)) {
            return false;
        }
        r->source_count += src->kind != SOURCE_NONE;
        if (src->kind == SOURCE_NONE && !ends_with(files[i].name, "specs.json")) {
            reading_note(r, "%s is no part of a scenario and is left aside", files[i].name);
        }
    }
    if (!choose(r, &reader) || !readers[reader].read(r) || !part_names(r)) {
        return false;
    }
    if (r->s.name.n == 0) {
        r->s.name = reading_stem(r, r->name);
    }
    r->s.notes = ARENA_NEW(r->mem, struct text, r->note_count);
    if (r->mem->failed) {
        return reading_no_memory(r);
    }
    memcpy(r->s.notes, r->notes, r->note_count * sizeof(*r->notes));
    r->s.note_count = r->note_count;
    return scenario_check(&r->s, r->err) || err_at(r->err, "%s", r->name);
}

bool scenario_read(const struct scenario_file *files, size_t count, const char *name,
                   struct arena *mem, struct scenario *out, struct err *err)
{
    if (count > SCENARIO_FILES_MAX) {
        return err_set(err, ERR_LIMIT, "there are more than %u files", SCENARIO_FILES_MAX) ||
               err_mend(err, "give the files of one scenario");
    }
    struct scenario_reading *r = ARENA_NEW(mem, struct scenario_reading, 1);
    struct source *sources = ARENA_NEW(mem, struct source, count);
    if (r == NULL || sources == NULL) {
        return err_memory(err, name);
    }
    *r = (struct scenario_reading){.name = name, .mem = mem, .err = err, .sources = sources};
    bool ok = read_all(r, files, count);
    for (size_t i = 0; i < count; i++) {
        genius_close(sources[i].xml);
    }
    if (ok) {
        *out = r->s;
    }
    return ok;
}

static enum scenario_part part_of(enum source_kind kind)
{
    switch (kind) {
    case SOURCE_NONE:
        return SCENARIO_PART_NONE;
    case SOURCE_CSV:
    case SOURCE_YAML:
        return SCENARIO_WHOLE;
    case SOURCE_GENIUS_DOMAIN:
    case SOURCE_GENIUSWEB_DOMAIN:
    case SOURCE_NEGMAS_DOMAIN:
        return SCENARIO_DOMAIN;
    case SOURCE_GENIUS_PROFILE:
    case SOURCE_GENIUSWEB_PROFILE:
    case SOURCE_NEGMAS_PROFILE:
    case SOURCE_NEGOLOG_PROFILE:
        return SCENARIO_PROFILE;
    }
    return SCENARIO_PART_NONE;
}

bool scenario_part(const struct scenario_file *file, struct arena *mem, enum scenario_part *out,
                   struct err *err)
{
    struct source src = {0};
    if (!look(file, mem, &src, err)) {
        return false;
    }
    *out = part_of(src.kind);
    genius_close(src.xml);
    return true;
}
