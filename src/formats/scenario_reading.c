/* SPDX-License-Identifier: Apache-2.0 */
#include "formats/scenario_priv.h"

#include <stdarg.h>
#include <stdio.h>

void reading_note(struct scenario_reading *r, const char *fmt, ...)
{
    char line[512];
    va_list args;
    if (r->note_count == SCENARIO_NOTES_MAX) {
        return;
    }
    va_start(args, fmt);
    vsnprintf(line, sizeof(line), fmt, args);
    va_end(args);
    size_t n = strlen(line);
    while (n > 0 && !utf8_valid(bytes_of(line, n))) {
        n--; /* cut within a letter */
    }
    struct bytes v = arena_copy(r->mem, bytes_of(line, n));
    if (!r->mem->failed) {
        r->notes[r->note_count++] = (struct text){.p = (const char *)v.p, .n = v.n};
    }
}

bool reading_no_memory(const struct scenario_reading *r)
{
    return err_memory(r->err, r->name);
}

const char *reading_quote(const struct scenario_reading *r, struct text t)
{
    return text_quote(r->mem, text_bytes(t), 60);
}

struct text reading_stem(const struct scenario_reading *r, const char *path)
{
    size_t start = 0, end = 0;
    for (size_t i = 0; path[i] != 0; i++) {
        if (path[i] == '/') {
            start = i + 1;
            end = 0;
        } else if (path[i] == '.' && i > start) {
            end = i;
        }
    }
    struct bytes v = bytes_of(path + start, (end > start ? end : strlen(path)) - start);
    struct text t;
    struct err err = {0};
    v.n = v.n > DOMAIN_NAME_BYTES_MAX ? DOMAIN_NAME_BYTES_MAX : v.n;
    v = arena_copy(r->mem, v);
    return v.n > 0 && text_from(v, &t, &err)
               ? t
               : text_str(text_quote(r->mem, v, DOMAIN_NAME_BYTES_MAX / 4));
}

bool reading_parties(struct scenario_reading *r, enum source_kind kind)
{
    uint32_t n = 0;
    for (size_t i = 0; i < r->source_count; i++) {
        n += r->sources[i].kind == kind;
    }
    if (n > SCENARIO_PARTIES_MAX) {
        return err_set(r->err, ERR_LIMIT, "there are %u parties; at most %u are allowed", n,
                       SCENARIO_PARTIES_MAX);
    }
    r->s.parties = ARENA_NEW(r->mem, struct scenario_party, n);
    return r->s.parties != NULL || reading_no_memory(r);
}

const struct source *reading_next(const struct scenario_reading *r, enum source_kind kind,
                                  size_t *at)
{
    while (*at < r->source_count) {
        const struct source *src = &r->sources[(*at)++];
        if (src->kind == kind) {
            return src;
        }
    }
    return NULL;
}

struct yaml_reading reading_of(const struct scenario_reading *r, const struct source *src)
{
    return (struct yaml_reading){.name = src->file->name, .mem = r->mem, .err = r->err};
}

bool reading_number(const struct yaml_reading *y, const struct yaml_node *node, const char *what,
                    struct decimal *out)
{
    struct text t;
    if (!yaml_words(y, node, what, &t)) {
        return false;
    }
    if (!decimal_parse(t, out)) {
        return yaml_refuse(y, node, "%s is no number for %s", text_quote(y->mem, text_bytes(t), 40),
                           what) ||
               err_mend(y->err, "write digits with a point, if any: 12.5");
    }
    return true;
}

bool reading_place(const struct domain_issue *issue, uint32_t guess, struct text words,
                   uint32_t *out)
{
    int64_t v;
    if (issue->kind == DOMAIN_DISCRETE && guess < issue->value_count &&
        text_eq(issue->options[guess], words)) {
        *out = guess;
        return true;
    }
    if (!domain_value_parse(issue, words, &v)) {
        return false;
    }
    *out = (uint32_t)v; /* a place: below value_count */
    return true;
}

bool reading_values(struct scenario_reading *r, const struct yaml_reading *y,
                    const struct yaml_node *map, const struct domain_issue *issue,
                    struct decimal *values, bool *seen)
{
    if (map->kind != YAML_MAP) {
        return yaml_refuse(y, map, "the values of the issue %s are not written as value: number",
                           reading_quote(r, issue->name)) ||
               err_mend(y->err, "write a number for each value of the issue");
    }
    uint32_t guess = 0;
    for (const struct yaml_node *k = map->first; k != NULL; k = k->next->next, guess++) {
        uint32_t at;
        if (!reading_place(issue, guess, k->text, &at)) {
            reading_note(r, "%s, line %u: %s is no value of the issue %s and is left aside",
                         y->name, k->line, reading_quote(r, k->text),
                         reading_quote(r, issue->name));
            continue;
        }
        if (seen[at]) {
            return yaml_refuse(y, k, "the value %s of the issue %s stands twice",
                               reading_quote(r, k->text), reading_quote(r, issue->name)) ||
                   err_mend(y->err, "keep one of the two");
        }
        seen[at] = true;
        if (!reading_number(y, k->next, "the worth of a value", &values[at])) {
            return false;
        }
    }
    return true;
}

void reading_note_unseen(struct scenario_reading *r, const char *file,
                         const struct domain_issue *issue, const bool *seen)
{
    uint32_t first = 0, missing = 0;
    for (uint32_t i = issue->value_count; i-- > 0;) {
        if (!seen[i]) {
            first = i;
            missing++;
        }
    }
    if (missing == 0) {
        return;
    }
    const char *value = reading_quote(r, domain_value_words(issue, first, r->mem));
    if (missing == 1) {
        reading_note(r, "%s: the value %s of the issue %s has no worth and counts as 0", file,
                     value, reading_quote(r, issue->name));
    } else {
        reading_note(r, "%s: %u values of the issue %s, from %s on, have no worth and count as 0",
                     file, missing, reading_quote(r, issue->name), value);
    }
}

bool reading_integer_range(struct domain_issue *issue, struct decimal low, struct decimal high,
                           struct err *err)
{
    bool whole_low, whole_high;
    int64_t a, b;
    if (!decimal_fixed(low, 0, &a, &whole_low) || !decimal_fixed(high, 0, &b, &whole_high) ||
        !whole_low || !whole_high || a < -DOMAIN_REAL_MAX || b > DOMAIN_REAL_MAX) {
        return err_set(err, ERR_FORMAT,
                       "the bounds of a whole-number issue are no whole "
                       "numbers, or too large") ||
               err_mend(err, "write whole numbers, or make the issue real");
    }
    if (a > b) {
        return err_set(err, ERR_FORMAT, "a range ends below its start") ||
               err_mend(err, "write the lower bound first");
    }
    if (b - a >= DOMAIN_VALUES_MAX) { /* both bounded above */
        return err_set(err, ERR_LIMIT, "a range holds more than %u whole numbers",
                       DOMAIN_VALUES_MAX) ||
               err_mend(err, "use a larger unit, or make the issue real");
    }
    issue->kind = DOMAIN_INTEGER;
    issue->low = a;
    issue->high = b;
    issue->value_count = (uint32_t)(b - a) + 1;
    return true;
}

unsigned reading_decimals(struct decimal low, struct decimal high)
{
    for (unsigned n = DOMAIN_DECIMALS_MAX; n > 0; n--) {
        int64_t a, b;
        bool exact;
        if (decimal_fixed(low, n, &a, &exact) && decimal_fixed(high, n, &b, &exact)) {
            return n;
        }
    }
    return 0;
}

bool reading_real_range(struct domain_issue *issue, struct decimal low, struct decimal high,
                        unsigned decimals, struct err *err)
{
    bool exact;
    int64_t a, b;
    if (!decimal_fixed(low, decimals, &a, &exact) || !decimal_fixed(high, decimals, &b, &exact)) {
        return err_set(err, ERR_LIMIT, "the bounds of a range are too large") ||
               err_mend(err, "use a larger unit");
    }
    if (a > b) {
        return err_set(err, ERR_FORMAT, "a range ends below its start") ||
               err_mend(err, "write the lower bound first");
    }
    issue->kind = DOMAIN_REAL;
    issue->low = a;
    issue->high = b;
    issue->decimals = decimals;
    return true;
}

/* y0 + (y1 - y0) * x / width, as fine as it fits. */
static struct decimal between(struct decimal y0, struct decimal y1, int64_t x, int64_t width)
{
    struct decimal rise, out = y0;
    if (!decimal_add(y1, decimal_neg(y0), &rise) || !decimal_mul(rise, decimal_of(x, 0), &rise)) {
        out.rounded = true; /* numbers this large fail later on */
        return out;
    }
    for (unsigned decimals = 15;; decimals--) {
        int64_t units;
        bool exact;
        if (decimal_over(rise, decimal_of(width, 0), decimals, &units, &exact) &&
            units <= DECIMAL_UNITS_MAX && units >= -DECIMAL_UNITS_MAX) {
            if (!decimal_add(y0, decimal_of(units, -(int)decimals), &out)) {
                out = y0;
            }
            out.rounded = out.rounded || !exact;
            return out;
        }
        if (decimals == 0) {
            out.rounded = true;
            return out;
        }
    }
}

static struct decimal level(const struct draft_knot *p, uint32_t count, int64_t at)
{
    uint32_t i = 1;
    if (at <= p[0].at || count == 1) {
        return p[0].value;
    }
    while (i + 1 < count && p[i].at < at) {
        i++;
    }
    if (at >= p[i].at) {
        return p[i].value;
    }
    return between(p[i - 1].value, p[i].value, at - p[i - 1].at, p[i].at - p[i - 1].at);
}

bool reading_knots(const struct domain_issue *issue, const struct draft_knot *points,
                   uint32_t count, struct draft_part *part, struct arena *mem, struct err *err)
{
    struct draft_knot *k = ARENA_NEW(mem, struct draft_knot, (size_t)count + 2);
    uint32_t n = 0;
    if (k == NULL) {
        return err_memory(err, "points");
    }
    k[n++] = (struct draft_knot){.at = issue->low, .value = level(points, count, issue->low)};
    for (uint32_t i = 0; i < count; i++) {
        if (points[i].at > k[n - 1].at && points[i].at < issue->high) {
            k[n++] = points[i];
        }
    }
    if (issue->low < issue->high) {
        k[n++] = (struct draft_knot){.at = issue->high, .value = level(points, count, issue->high)};
    }
    part->knots = k;
    part->knot_count = n;
    return true;
}

/* Twice the room, the old content copied; NULL where there is no memory. */
static void *grow(void *old, uint32_t count, uint32_t *room, size_t size, struct arena *mem)
{
    uint32_t wanted = *room == 0 ? 16 : *room * 2; /* room stays below 2 * DOMAIN_BOXES_MAX */
    uint8_t *p = arena_take(mem, size, 8, wanted);
    if (p != NULL) {
        if (count > 0) {
            memcpy(p, old, count * size);
        }
        *room = wanted;
    }
    return p;
}

bool box_list_add(struct box_list *list, struct domain_box box, struct arena *mem, struct err *err)
{
    if (list->count == DOMAIN_BOXES_MAX) {
        return err_set(err, ERR_LIMIT, "there are more than %u combinations", DOMAIN_BOXES_MAX);
    }
    if (list->count == list->room) {
        void *p = grow(list->boxes, list->count, &list->room, sizeof(*list->boxes), mem);
        if (p == NULL) {
            return err_memory(err, "combinations");
        }
        list->boxes = p;
    }
    list->boxes[list->count++] = box;
    return true;
}

bool term_list_add(struct term_list *list, struct draft_term term, struct arena *mem,
                   struct err *err)
{
    if (list->count == DOMAIN_BOXES_MAX) {
        return err_set(err, ERR_LIMIT, "there are more than %u terms", DOMAIN_BOXES_MAX);
    }
    if (list->count == list->room) {
        void *p = grow(list->terms, list->count, &list->room, sizeof(*list->terms), mem);
        if (p == NULL) {
            return err_memory(err, "terms");
        }
        list->terms = p;
    }
    list->terms[list->count++] = term;
    return true;
}
