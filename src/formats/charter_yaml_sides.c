/* SPDX-License-Identifier: Apache-2.0
 *
 * Who is named in a charter's file, and how its other parts name them.
 */
#include "formats/charter_yaml_priv.h"

#include "base/fixed.h"

bool making_no_memory(const struct making *m)
{
    return err_memory(m->r.err, "the charter");
}

bool making_go_on(struct making *m)
{
    if (m->faults == NULL || m->r.err->code == ERR_MEMORY ||
        m->faults->count == CHARTER_FAULTS_MAX) {
        return false;
    }
    m->faults->items[m->faults->count++] = *m->r.err;
    err_clear(m->r.err);
    return true;
}

struct text making_id_anyway(const struct yaml_node *node, struct text id)
{
    const struct yaml_node *of = id.n > 0 ? NULL : yaml_get(node, "id");
    return of != NULL && of->kind == YAML_WORDS ? of->text : id;
}

/* Lists of a map that may be left out. */
static uint32_t count_of(const struct yaml_node *list)
{
    return list == NULL ? 0 : list->count;
}

bool making_one_or_more(const struct making *m, const struct yaml_node *node, const char *what,
                        uint32_t max, const struct yaml_node **out, uint32_t *out_count)
{
    if (node->kind == YAML_LIST) {
        if (!yaml_list(&m->r, node, what, max)) {
            return false;
        }
        if (node->count == 0) {
            return yaml_refuse(&m->r, node, "%s is an empty list", what) ||
                   err_mend(m->r.err, "name at least one, or leave it out");
        }
        *out = node->first;
        *out_count = node->count;
        return true;
    }
    *out = node;
    *out_count = 1;
    return true;
}

bool making_only_one(const struct making *m, const struct yaml_node *node, uint32_t found,
                     const char *what, struct text id)
{
    return found == CHARTER_NONE ||
           yaml_refuse(&m->r, node, "two %s have the id %.*s", what, TEXT_ARG(id)) ||
           err_mend(m->r.err, "give one of them another id");
}

/* References */

bool making_side_of(const struct making *m, const struct yaml_node *node, const char *kind,
                    uint32_t low, uint32_t high, uint32_t *out)
{
    struct text known[CHARTER_SIDES_MAX];
    uint32_t number[CHARTER_SIDES_MAX];
    uint32_t n = 0, at;
    for (uint32_t i = low; i < high; i++) {
        if (m->c.sides[i].present) {
            known[n] = m->c.sides[i].id;
            number[n++] = i;
        }
    }
    if (!yaml_choice(&m->r, node, kind, known, n, &at)) {
        return false;
    }
    *out = number[at];
    return true;
}

bool making_side(const struct making *m, const struct yaml_node *node, uint32_t *out)
{
    return making_side_of(m, node, "side", 0, m->c.side_count, out);
}

bool making_consulted(const struct making *m, const struct yaml_node *node, uint32_t *out)
{
    return making_side_of(m, node, "consulted side", 1 + m->c.party_count + m->c.monitor_count,
                          m->c.side_count, out);
}

bool making_phase(const struct making *m, const struct yaml_node *node, uint32_t *out)
{
    struct text known[CHARTER_PHASES_MAX];
    for (uint32_t i = 0; i < m->c.phase_count; i++) {
        known[i] = m->c.phases[i].id;
    }
    return yaml_choice(&m->r, node, "phase", known, m->c.phase_count, out);
}

bool making_deed(const struct making *m, const struct yaml_node *node, uint32_t *out)
{
    struct text known[CHARTER_DEEDS_MAX];
    for (uint32_t i = 0; i < m->c.deed_count; i++) {
        known[i] = m->c.deeds[i].id;
    }
    return yaml_choice(&m->r, node, "deed", known, m->c.deed_count, out);
}

bool making_places(const struct making *m, const struct yaml_node *list, const char *what,
                   bool (*ref)(const struct making *m, const struct yaml_node *n, uint32_t *out),
                   uint32_t **out, uint32_t *out_count)
{
    const struct yaml_node *node;
    uint32_t count;
    if (!making_one_or_more(m, list, what, CHARTER_SIDES_MAX, &node, &count)) {
        return false;
    }
    uint32_t *v = ARENA_NEW(m->r.mem, uint32_t, count);
    if (v == NULL) {
        return making_no_memory(m);
    }
    for (uint32_t i = 0; i < count; i++, node = node->next) {
        uint32_t place, at = i;
        if (!ref(m, node, &place)) {
            return false;
        }
        while (at > 0 && v[at - 1] >= place) {
            if (v[at - 1] == place) {
                return yaml_refuse(&m->r, node, "%s names %.*s twice", what,
                                   TEXT_ARG(node->text)) ||
                       err_mend(m->r.err, "keep one of the two");
            }
            v[at] = v[at - 1];
            at--;
        }
        v[at] = place;
    }
    *out = v;
    *out_count = count;
    return true;
}

/* Sides */

enum side_field { SIDE_ID, SIDE_NAME, SIDE_SEATS, SIDE_PRINCIPAL, SIDE_FIELDS };

/* The posts: the principal's, then the seats; or, without a principal, the seats alone. */
static bool read_seats(const struct making *m, const struct yaml_node *principal,
                       const struct yaml_node *seats, const char *fallback, struct charter_side *s)
{
    if (seats != NULL && !yaml_list(&m->r, seats, "seats", CHARTER_SEATS_MAX)) {
        return false;
    }
    uint32_t lead = fallback != NULL || count_of(seats) == 0 ? 1 : 0;
    s->seat_count = lead + count_of(seats);
    s->seats = ARENA_NEW(m->r.mem, struct text, s->seat_count);
    if (s->seats == NULL) {
        return making_no_memory(m);
    }
    if (lead == 1) {
        s->seats[0] = text_str(fallback != NULL ? fallback : "seat");
    }
    if (principal != NULL && !yaml_words(&m->r, principal, "principal", &s->seats[0])) {
        return false;
    }
    const struct yaml_node *node = seats == NULL ? NULL : seats->first;
    for (uint32_t i = lead; node != NULL; i++, node = node->next) {
        if (!yaml_words(&m->r, node, "the title of a seat", &s->seats[i])) {
            return false;
        }
    }
    return true;
}

/* table's fields are those of enum side_field; the last two are principal or in. */
bool making_read_side(struct making *m, const struct yaml_node *node, enum side_role role,
                      const char *what)
{
    static const struct yaml_field negotiates[SIDE_FIELDS] = {{"id", YAML_REQUIRED},
                                                              {"name", YAML_REQUIRED},
                                                              {"seats", YAML_OPTIONAL},
                                                              {"principal", YAML_OPTIONAL}};
    static const struct yaml_field consulted[SIDE_FIELDS] = {{"id", YAML_REQUIRED},
                                                             {"name", YAML_REQUIRED},
                                                             {"seats", YAML_OPTIONAL},
                                                             {"in", YAML_OPTIONAL}};
    bool has_principal = role == ROLE_MEDIATION || role == ROLE_PARTY;
    const struct yaml_node *f[SIDE_FIELDS] = {NULL};
    uint32_t at = role == ROLE_MEDIATION ? 0 : m->c.side_count;
    struct charter_side *s = &m->c.sides[at];
    bool good = yaml_fields(&m->r, node, what, has_principal ? negotiates : consulted,
                            role == ROLE_MONITOR ? SIDE_FIELDS - 1 : SIDE_FIELDS, f) &&
                yaml_id(&m->r, f[SIDE_ID], what, &s->id) &&
                making_only_one(m, node, charter_find_side(&m->c, s->id), "sides", s->id) &&
                yaml_words(&m->r, f[SIDE_NAME], "name", &s->name) &&
                read_seats(m, has_principal ? f[SIDE_PRINCIPAL] : NULL, f[SIDE_SEATS],
                           has_principal ? "principal" : NULL, s);
    /* It keeps its place though it is faulty: what names it, or stands behind it, is not. */
    s->id = making_id_anyway(node, s->id);
    s->present = true;
    s->role = role;
    m->sides[at] = node;
    m->in[at] = role == ROLE_CONSULTED ? f[SIDE_PRINCIPAL] : NULL;
    m->c.side_count += role == ROLE_MEDIATION ? 0 : 1;
    return good;
}

bool making_read_sides(struct making *m, const struct yaml_node *list, const char *key,
                       enum side_role role, const char *what, uint32_t *out_count)
{
    uint32_t before = m->c.side_count;
    *out_count = 0;
    if (list == NULL) {
        return true;
    }
    if (!yaml_list(&m->r, list, key, CHARTER_SIDES_MAX)) {
        return false;
    }
    for (const struct yaml_node *n = list->first; n != NULL; n = n->next) {
        if (m->c.side_count == CHARTER_SIDES_MAX) {
            (void)err_set(m->r.err, ERR_LIMIT, "there are more than %u sides",
                          CHARTER_SIDES_MAX - 1);
            return yaml_at(n, m->r.name, m->r.err);
        }
        bool good = making_read_side(m, n, role, what);
        *out_count = m->c.side_count - before;
        if (!good && !making_go_on(m)) {
            return false;
        }
    }
    return true;
}

bool making_read_stakes(struct making *m)
{
    for (uint32_t i = 1 + m->c.party_count + m->c.monitor_count; i < m->c.side_count; i++) {
        struct charter_side *s = &m->c.sides[i];
        if (m->in[i] != NULL) {
            if (!making_places(m, m->in[i], "in", making_phase, &s->phases, &s->phase_count)) {
                return false;
            }
            continue;
        }
        s->phases = ARENA_NEW(m->r.mem, uint32_t, m->c.phase_count);
        if (s->phases == NULL) {
            return making_no_memory(m);
        }
        for (uint32_t k = 0; k < m->c.phase_count; k++) {
            s->phases[k] = k;
        }
        s->phase_count = m->c.phase_count;
    }
    return true;
}

/* "2 of 3" */
static bool read_quorum(const struct making *m, const struct yaml_node *node,
                        struct charter_side *s)
{
    struct text t;
    if (!yaml_words(&m->r, node, "the number of successors", &t)) {
        return false;
    }
    size_t word = 0;
    while (word + 4 < t.n && memcmp(t.p + word, " of ", 4) != 0) {
        word++;
    }
    uint64_t needed, count;
    if (word + 4 >= t.n || !u64_parse((struct text){.p = t.p, .n = word}, &needed) ||
        !u64_parse((struct text){.p = t.p + word + 4, .n = t.n - word - 4}, &count) ||
        needed == 0 || needed > count || count >= CHARTER_NONE) {
        return yaml_refuse(&m->r, node, "%s is no number of successors",
                           text_quote(m->r.mem, text_bytes(t), 40)) ||
               err_mend(m->r.err, "say how many of how many keys replace a lost one: 2 of 3");
    }
    s->successors_needed = (uint32_t)needed; /* both are below CHARTER_NONE */
    s->successor_count = (uint32_t)count;
    return true;
}

bool making_read_successors(struct making *m, const struct yaml_node *map)
{
    if (map == NULL) {
        return true;
    }
    if (map->kind != YAML_MAP) {
        return yaml_refuse(&m->r, map, "successors are not written as side: number") ||
               err_mend(m->r.err, "write successors: {kestria: 2 of 3}");
    }
    for (const struct yaml_node *key = map->first; key != NULL; key = key->next->next) {
        uint32_t side;
        if (!making_side(m, key, &side)) {
            return false;
        }
        if (m->c.sides[side].successor_count > 0) {
            return yaml_refuse(&m->r, key, "successors names %.*s twice", TEXT_ARG(key->text)) ||
                   err_mend(m->r.err, "keep one of the two");
        }
        if (!read_quorum(m, key->next, &m->c.sides[side])) {
            return false;
        }
    }
    return true;
}
