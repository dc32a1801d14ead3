/* SPDX-License-Identifier: Apache-2.0 */
#include "formats/yaml_fields.h"

#include <stdarg.h>
#include <stdio.h>

#include "base/check.h"
#include "base/civil.h"
#include "base/fixed.h"

#define WORD_MAX 40u /* longer words are compared by their beginnings */

#undef yaml_refuse /* the function behind the macro */
bool yaml_refuse(const struct yaml_reading *r, const struct yaml_node *node, const char *fmt, ...)
{
    char what[sizeof(r->err->what)];
    va_list args;
    va_start(args, fmt);
    int n = vsnprintf(what, sizeof(what), fmt, args);
    va_end(args);
    (void)err_set(r->err, ERR_FORMAT, "%s", n < 0 ? "?" : what);
    return yaml_at(node, r->name, r->err);
}

static const char *quote(const struct yaml_reading *r, struct text t)
{
    return text_quote(r->mem, text_bytes(t), 40);
}

size_t yaml_distance(struct text a, struct text b)
{
    size_t an = a.n < WORD_MAX ? a.n : WORD_MAX;
    size_t bn = b.n < WORD_MAX ? b.n : WORD_MAX;
    /* Optimal string alignment: three rows of the table are enough. */
    size_t rows[3][WORD_MAX + 1];
    for (size_t j = 0; j <= bn; j++) {
        rows[0][j] = j;
    }
    for (size_t i = 1; i <= an; i++) {
        size_t *row = rows[i % 3];
        const size_t *up = rows[(i + 2) % 3];
        const size_t *up2 = rows[(i + 1) % 3];
        row[0] = i;
        for (size_t j = 1; j <= bn; j++) {
            size_t best = up[j - 1] + (a.p[i - 1] != b.p[j - 1] ? 1 : 0);
            best = up[j] + 1 < best ? up[j] + 1 : best;
            best = row[j - 1] + 1 < best ? row[j - 1] + 1 : best;
            if (i > 1 && j > 1 && a.p[i - 1] == b.p[j - 2] && a.p[i - 2] == b.p[j - 1] &&
                up2[j - 2] + 1 < best) {
                best = up2[j - 2] + 1;
            }
            row[j] = best;
        }
    }
    return rows[an % 3][bn];
}

/* The known word that was probably meant; n where none is near. */
static size_t nearest(struct text word, const struct text *known, size_t n)
{
    size_t at = n, best = 3;
    for (size_t i = 0; i < n; i++) {
        size_t d = yaml_distance(word, known[i]);
        /* Two slips in a word of four letters make another word. */
        if (d < best && d * 2 < known[i].n) {
            best = d;
            at = i;
        }
    }
    return at;
}

/* "did you mean X?", or all there are, as far as they fit. */
static bool mend_choice(const struct yaml_reading *r, struct text word, const char *kind,
                        const struct text *known, size_t n)
{
    size_t near = nearest(word, known, n);
    if (near < n) {
        return err_mend(r->err, "did you mean \"%.*s\"?", TEXT_ARG(known[near]));
    }
    char list[sizeof(r->err->mend)] = "";
    size_t at = 0;
    for (size_t i = 0; i < n; i++) {
        size_t need = known[i].n + (i > 0 ? 2 : 0);
        if (at + need + 80 > sizeof(list)) {
            memcpy(list + at, ", ...", 6);
            break;
        }
        if (i > 0) {
            memcpy(list + at, ", ", 2);
            at += 2;
        }
        memcpy(list + at, known[i].p, known[i].n);
        at += known[i].n;
        list[at] = 0;
    }
    return n == 0 ? err_mend(r->err, "the charter has no %s; add it, or leave this out", kind)
                  : err_mend(r->err, "write one of these: %s", list);
}

static bool unknown_key(const struct yaml_reading *r, const struct yaml_node *key, const char *what,
                        const struct yaml_field *table, size_t n)
{
    struct text known[YAML_FIELDS_MAX];
    for (size_t i = 0; i < n; i++) {
        known[i] = text_str(table[i].key);
    }
    (void)yaml_refuse(r, key, "there is no key %s in %s", quote(r, key->text), what);
    return mend_choice(r, key->text, "key", known, n);
}

bool yaml_fields(const struct yaml_reading *r, const struct yaml_node *map, const char *what,
                 const struct yaml_field *table, size_t n, const struct yaml_node **out)
{
    CHECK(n <= YAML_FIELDS_MAX);
    for (size_t i = 0; i < n; i++) {
        out[i] = NULL;
    }
    if (map->kind != YAML_MAP) {
        return yaml_refuse(r, map, "%s is not written as key: value", what) ||
               err_mend(r->err, "%s has these keys: %s, ...", what, table[0].key);
    }
    for (const struct yaml_node *key = map->first; key != NULL; key = key->next->next) {
        size_t at = 0;
        while (at < n && !text_is(key->text, table[at].key)) {
            at++;
        }
        if (at == n) {
            return unknown_key(r, key, what, table, n);
        }
        if (out[at] != NULL) {
            return yaml_refuse(r, key, "the key %s stands twice in %s", table[at].key, what) ||
                   err_mend(r->err, "keep one of the two");
        }
        out[at] = key->next;
    }
    for (size_t i = 0; i < n; i++) {
        if (table[i].need == YAML_REQUIRED && out[i] == NULL) {
            return yaml_refuse(r, map, "%s has no %s", what, table[i].key) ||
                   err_mend(r->err, "add %s: ...", table[i].key);
        }
    }
    return true;
}

bool yaml_list(const struct yaml_reading *r, const struct yaml_node *node, const char *what,
               uint32_t max)
{
    if (node->kind != YAML_LIST) {
        return yaml_refuse(r, node, "%s is not a list", what) ||
               err_mend(r->err, "write [one, two], or each on a line of its own behind a dash");
    }
    if (node->count > max) {
        (void)err_set(r->err, ERR_LIMIT, "there are %u items in %s; at most %u are allowed",
                      node->count, what, max);
        return yaml_at(node, r->name, r->err);
    }
    return true;
}

bool yaml_words(const struct yaml_reading *r, const struct yaml_node *node, const char *what,
                struct text *out)
{
    if (node->kind != YAML_WORDS) {
        return yaml_refuse(r, node, "%s is a %s where words are meant", what,
                           node->kind == YAML_LIST ? "list" : "map") ||
               err_mend(r->err, "write plain words; put words with : # [ ] { } or , in quotes");
    }
    if (node->text.n == 0) {
        return yaml_refuse(r, node, "%s is empty", what) ||
               err_mend(r->err, "write its value behind the colon, or leave the key out");
    }
    *out = node->text;
    return true;
}

bool yaml_id(const struct yaml_reading *r, const struct yaml_node *node, const char *what,
             struct text *out)
{
    struct text t;
    if (!yaml_words(r, node, what, &t)) {
        return false;
    }
    if (!text_is_id(t)) {
        return yaml_refuse(r, node, "%s is no id for %s", quote(r, t), what) ||
               err_mend(r->err, "an id is a small letter, then small letters, digits and hyphens, "
                                "32 at most: kestria-guns");
    }
    *out = t;
    return true;
}

bool yaml_span(const struct yaml_reading *r, const struct yaml_node *node, const char *what,
               uint64_t *out_seconds)
{
    struct text t;
    uint64_t v;
    if (!yaml_words(r, node, what, &t)) {
        return false;
    }
    if (!duration_parse(t, &v, r->err)) {
        if (r->err->code == ERR_LIMIT) {
            return yaml_at(node, r->name, r->err);
        }
        return yaml_refuse(r, node, "%s is no span of time for %s", quote(r, t), what) ||
               err_mend(r->err, "write a number and s, m, h, d or w: 48h, 4d");
    }
    if (v == 0) {
        return yaml_refuse(r, node, "%s is no time at all", what) ||
               err_mend(r->err, "leave the key out where there is none");
    }
    *out_seconds = v;
    return true;
}

bool yaml_number(const struct yaml_reading *r, const struct yaml_node *node, const char *what,
                 uint32_t *out)
{
    struct text t;
    uint64_t v;
    if (!yaml_words(r, node, what, &t)) {
        return false;
    }
    if (!u64_parse(t, &v) || v > UINT32_MAX) {
        return yaml_refuse(r, node, "%s is no whole number for %s", quote(r, t), what) ||
               err_mend(r->err, "write digits only: 5");
    }
    *out = (uint32_t)v;
    return true;
}

bool yaml_choice(const struct yaml_reading *r, const struct yaml_node *node, const char *kind,
                 const struct text *known, size_t n, uint32_t *out)
{
    CHECK(n <= YAML_CANDIDATES_MAX);
    struct text t;
    if (!yaml_words(r, node, kind, &t)) {
        return false;
    }
    for (size_t i = 0; i < n; i++) {
        if (text_eq(known[i], t)) {
            *out = (uint32_t)i; /* n is small */
            return true;
        }
    }
    (void)yaml_refuse(r, node, "%s is no %s", quote(r, t), kind);
    return mend_choice(r, t, kind, known, n);
}
