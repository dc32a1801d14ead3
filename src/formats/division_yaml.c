/* SPDX-License-Identifier: Apache-2.0 */
#include "formats/division_yaml.h"

#include "formats/yaml_fields.h"
#include "prefs/decimal.h"

/* A key and a value for each good of each party, and what stands around them. */
#define NODES_MAX (2 * DIVISION_YAML_GOODS_MAX * (DIVISION_YAML_PARTIES_MAX + 1) + 256)

struct making {
    struct yaml_reading y;
    struct division_file f;
    struct text *parties;
    struct text *goods;
    unsigned *decimals;
    int64_t *units;
    struct text *notes;
    bool has_total;
    struct decimal total;
};

static bool no_memory(const struct making *m)
{
    return err_memory(m->y.err, "a division");
}

static const char *quote(const struct making *m, struct text t)
{
    return text_quote(m->y.mem, text_bytes(t), 40);
}

static bool read_number(const struct making *m, const struct yaml_node *node, const char *what,
                        struct decimal *out)
{
    struct text t;
    if (!yaml_words(&m->y, node, what, &t)) {
        return false;
    }
    if (!decimal_parse(t, out) || out->rounded) {
        return yaml_refuse(&m->y, node, "%s is no number for %s", quote(m, t), what) ||
               err_mend(m->y.err, "write digits with a point, if any: 12.5");
    }
    return true;
}

static uint32_t find(const struct text *list, uint32_t n, struct text t)
{
    uint32_t i = 0;
    while (i < n && !text_eq(list[i], t)) {
        i++;
    }
    return i;
}

static bool read_goods(struct making *m, const struct yaml_node *list)
{
    if (!yaml_list(&m->y, list, "goods", DIVISION_YAML_GOODS_MAX)) {
        return false;
    }
    if (list->count == 0) {
        return yaml_refuse(&m->y, list, "there are no goods") ||
               err_mend(m->y.err, "name what is to be divided: goods: [house, boat]");
    }
    m->goods = ARENA_NEW(m->y.mem, struct text, list->count);
    if (m->goods == NULL) {
        return no_memory(m);
    }
    for (const struct yaml_node *n = list->first; n != NULL; n = n->next) {
        struct text t;
        if (!yaml_words(&m->y, n, "a good", &t)) {
            return false;
        }
        if (find(m->goods, m->f.good_count, t) < m->f.good_count) {
            return yaml_refuse(&m->y, n, "the good %s stands twice", quote(m, t)) ||
                   err_mend(m->y.err, "keep one of the two, or tell them apart: second boat");
        }
        m->goods[m->f.good_count++] = t;
    }
    return true;
}

static bool good_of(const struct making *m, const struct yaml_node *key, uint32_t *out)
{
    uint32_t at = find(m->goods, m->f.good_count, key->text);
    if (at < m->f.good_count) {
        *out = at;
        return true;
    }
    if (m->f.good_count > YAML_CANDIDATES_MAX) {
        return yaml_refuse(&m->y, key, "%s is none of the goods", quote(m, key->text)) ||
               err_mend(m->y.err, "write it as the list of goods does");
    }
    return yaml_choice(&m->y, key, "item of goods", m->goods, m->f.good_count, out);
}

static void note_unseen(struct making *m, const bool *seen, struct text party)
{
    for (uint32_t g = 0; g < m->f.good_count; g++) {
        if (seen[g] || m->f.note_count == DIVISION_YAML_NOTES_MAX) {
            continue;
        }
        const char *words = arena_printf(m->y.mem, "%.*s gives no points to %.*s: it counts 0",
                                         TEXT_ARG(party), TEXT_ARG(m->goods[g]));
        if (words != NULL) { /* else the reading ends with no memory */
            m->notes[m->f.note_count++] = text_str(words);
        }
    }
}

/* The points as whole units of the finest decimals that the party uses. */
static bool to_units(struct making *m, const struct yaml_node *map, const struct decimal *points,
                     uint32_t party)
{
    unsigned finest = 0;
    int64_t sum = 0;
    for (uint32_t g = 0; g < m->f.good_count; g++) {
        unsigned d = points[g].exponent < 0 ? (unsigned)-points[g].exponent : 0;
        finest = d > finest ? d : finest;
    }
    if (finest > DIVISION_YAML_DECIMALS_MAX) {
        return yaml_refuse(&m->y, map, "points have more than %u decimals",
                           DIVISION_YAML_DECIMALS_MAX) ||
               err_mend(m->y.err, "round them");
    }
    for (uint32_t g = 0; g < m->f.good_count; g++) {
        int64_t v;
        bool exact;
        if (!decimal_fixed(points[g], finest, &v, &exact) || v > DIVISION_YAML_UNITS_MAX) {
            (void)err_set(m->y.err, ERR_LIMIT, "points are too large, or have too many digits");
            return yaml_at(map, m->y.name, m->y.err) ||
                   err_mend(m->y.err, "let each party spread, say, 100 points over the goods");
        }
        m->units[(size_t)g * m->f.party_count + party] = v;
        sum += v;
    }
    m->decimals[party] = finest;
    return sum > 0 ||
           yaml_refuse(&m->y, map, "%s gives no points to anything", quote(m, m->parties[party])) ||
           err_mend(m->y.err, "let each party spread, say, 100 points over the goods");
}

static bool check_total(const struct making *m, const struct yaml_node *map,
                        const struct decimal *points, struct text party)
{
    struct decimal sum = {0};
    char has[DECIMAL_TEXT_MAX];
    char wants[DECIMAL_TEXT_MAX];
    for (uint32_t g = 0; g < m->f.good_count; g++) {
        if (!decimal_add(sum, points[g], &sum)) {
            (void)err_set(m->y.err, ERR_LIMIT, "points are too large");
            return yaml_at(map, m->y.name, m->y.err);
        }
    }
    if (!m->has_total || decimal_cmp(sum, m->total) == 0) {
        return true;
    }
    decimal_format(sum, has);
    decimal_format(m->total, wants);
    return yaml_refuse(&m->y, map, "the points of %s add up to %s, not to %s", quote(m, party), has,
                       wants) ||
           err_mend(m->y.err, "change them, or leave out-of away: only shares count");
}

static bool read_party(struct making *m, const struct yaml_node *key, uint32_t party)
{
    const struct yaml_node *map = key->next;
    struct decimal *points = ARENA_NEW(m->y.mem, struct decimal, m->f.good_count);
    bool *seen = ARENA_NEW(m->y.mem, bool, m->f.good_count);
    if (m->y.mem->failed) {
        return no_memory(m);
    }
    if (map->kind != YAML_MAP) {
        return yaml_refuse(&m->y, map, "the points of %s are not written as good: points",
                           quote(m, key->text)) ||
               err_mend(m->y.err, "write {house: 60, boat: 40}");
    }
    for (const struct yaml_node *k = map->first; k != NULL; k = k->next->next) {
        uint32_t g;
        if (!good_of(m, k, &g)) {
            return false;
        }
        if (seen[g]) {
            return yaml_refuse(&m->y, k, "the good %s stands twice", quote(m, k->text)) ||
                   err_mend(m->y.err, "keep one of the two");
        }
        seen[g] = true;
        if (!read_number(m, k->next, "points", &points[g])) {
            return false;
        }
        if (points[g].units < 0) {
            return yaml_refuse(&m->y, k->next, "points are below 0") ||
                   err_mend(m->y.err, "write 0 for what the party does not want");
        }
    }
    note_unseen(m, seen, key->text);
    return check_total(m, map, points, key->text) && to_units(m, map, points, party);
}

static bool read_parties(struct making *m, const struct yaml_node *map)
{
    uint32_t n = 0;
    if (map->kind != YAML_MAP || map->count < 2 || map->count > DIVISION_YAML_PARTIES_MAX) {
        return yaml_refuse(&m->y, map, "parties are not two to %u, each as name: {good: points}",
                           DIVISION_YAML_PARTIES_MAX) ||
               err_mend(m->y.err, "write  Anna: {house: 60, boat: 40}  for each party");
    }
    m->f.party_count = map->count;
    m->parties = ARENA_NEW(m->y.mem, struct text, map->count);
    m->decimals = ARENA_NEW(m->y.mem, unsigned, map->count);
    m->units = ARENA_NEW(m->y.mem, int64_t, (size_t)m->f.good_count * map->count);
    m->notes = ARENA_NEW(m->y.mem, struct text, DIVISION_YAML_NOTES_MAX);
    if (m->y.mem->failed) {
        return no_memory(m);
    }
    for (const struct yaml_node *k = map->first; k != NULL; k = k->next->next) {
        if (k->text.n == 0) {
            return yaml_refuse(&m->y, k, "a party has no name") ||
                   err_mend(m->y.err, "write its name before the colon");
        }
        if (find(m->parties, n, k->text) < n) {
            return yaml_refuse(&m->y, k, "the party %s stands twice", quote(m, k->text)) ||
                   err_mend(m->y.err, "keep one of the two");
        }
        m->parties[n] = k->text;
        if (!read_party(m, k, n)) {
            return false;
        }
        n++;
    }
    return true;
}

bool division_from_yaml(struct bytes yaml, const char *name, struct arena *mem,
                        struct division_file *out, struct err *err)
{
    enum { DIVISION, OUT_OF, GOODS, PARTIES, FIELDS };
    static const struct yaml_field table[FIELDS] = {{"division", YAML_OPTIONAL},
                                                    {"out-of", YAML_OPTIONAL},
                                                    {"goods", YAML_REQUIRED},
                                                    {"parties", YAML_REQUIRED}};
    const struct yaml_node *f[FIELDS];
    struct yaml_node *root;
    struct making m = {.y = {.name = name, .mem = mem, .err = err}};
    if (yaml.n > DIVISION_YAML_MAX) {
        return err_set(err, ERR_LIMIT, "the file is larger than %u bytes", DIVISION_YAML_MAX) ||
               err_at(err, "%s", name);
    }
    if (!yaml_tree_read_within(yaml, name, NODES_MAX, mem, &root, err) ||
        !yaml_fields(&m.y, root, "a division", table, FIELDS, f) ||
        (f[DIVISION] != NULL && !yaml_words(&m.y, f[DIVISION], "division", &m.f.name))) {
        return false;
    }
    m.has_total = f[OUT_OF] != NULL;
    if (m.has_total && !read_number(&m, f[OUT_OF], "out-of", &m.total)) {
        return false;
    }
    if (!read_goods(&m, f[GOODS]) || !read_parties(&m, f[PARTIES])) {
        return false;
    }
    if (mem->failed) {
        return no_memory(&m);
    }
    m.f.parties = m.parties;
    m.f.goods = m.goods;
    m.f.decimals = m.decimals;
    m.f.units = m.units;
    m.f.notes = m.notes;
    *out = m.f;
    return true;
}
