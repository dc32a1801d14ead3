/* SPDX-License-Identifier: Apache-2.0 */
#include "formats/bidding_yaml.h"

#include "base/fixed.h"
#include "formats/yaml_fields.h"
#include "prefs/decimal.h"

struct making {
    struct yaml_reading y;
    struct bidding_file f;
};

/* The words are not repeated in the error: they may be a sealed number with a slip of the pen. */
static bool read_amount(const struct making *m, const struct yaml_node *node, const char *what,
                        int64_t *out)
{
    struct text t;
    struct decimal d;
    int64_t v;
    bool exact;
    if (!yaml_words(&m->y, node, what, &t)) {
        return false;
    }
    if (!decimal_parse(t, &d) || d.units < 0) {
        return yaml_refuse(&m->y, node, "%s is no amount of 0 or more", what) ||
               err_mend(m->y.err, "write digits with a point, if any, and no blank: 12500.50");
    }
    if (!decimal_fixed(d, BIDDING_YAML_DECIMALS, &v, &exact) || v > BIDDING_YAML_UNITS_MAX) {
        (void)err_set(m->y.err, ERR_LIMIT, "%s is above 10^13", what);
        return yaml_at(node, m->y.name, m->y.err) || err_mend(m->y.err, "count in thousands");
    }
    if (!exact || d.rounded) {
        return yaml_refuse(&m->y, node, "%s has more than %u decimals", what,
                           BIDDING_YAML_DECIMALS) ||
               err_mend(m->y.err, "round it");
    }
    *out = v;
    return true;
}

/* "30 %", "30%", "30" */
static bool read_percent(struct making *m, const struct yaml_node *node)
{
    struct text t;
    uint64_t v;
    if (!yaml_words(&m->y, node, "within", &t)) {
        return false;
    }
    if (t.p[t.n - 1] == '%') {
        t.n--;
        while (t.n > 0 && t.p[t.n - 1] == ' ') {
            t.n--;
        }
    }
    if (!u64_parse(t, &v) || v > 100) {
        return yaml_refuse(&m->y, node, "within is no whole percentage of the demand") ||
               err_mend(m->y.err,
                        "write 30 %%, or 0 %% where only an offer that reaches the demand "
                        "shall settle");
    }
    m->f.within_percent = (uint32_t)v;
    return true;
}

static bool read_rules(struct making *m, const struct yaml_node *crossed,
                       const struct yaml_node *amount)
{
    const struct text known[] = {text_str("demand"), text_str("midpoint")};
    uint32_t at;
    if (!yaml_choice(&m->y, crossed, "rule for an offer that reaches the demand", known,
                     COUNT_OF(known), &at)) {
        return false;
    }
    m->f.at_demand = at == 0;
    m->f.within_amount = -1;
    return amount == NULL || read_amount(m, amount, "or-within", &m->f.within_amount);
}

static bool read_side(struct making *m, const struct yaml_node *node, const char *what,
                      const char *item, struct text *out_by, const int64_t **out_rounds,
                      uint32_t *out_count)
{
    enum { BY, ROUNDS, FIELDS };
    static const struct yaml_field table[FIELDS] = {{"by", YAML_REQUIRED},
                                                    {"rounds", YAML_REQUIRED}};
    const struct yaml_node *f[FIELDS];
    uint32_t n = 0;
    if (!yaml_fields(&m->y, node, what, table, FIELDS, f) ||
        !yaml_words(&m->y, f[BY], "by", out_by) ||
        !yaml_list(&m->y, f[ROUNDS], "rounds", BIDDING_YAML_ROUNDS_MAX)) {
        return false;
    }
    if (f[ROUNDS]->count == 0) {
        return yaml_refuse(&m->y, f[ROUNDS], "%s has no rounds", what) ||
               err_mend(m->y.err, "write its numbers in their order: rounds: [900, 800]");
    }
    int64_t *rounds = ARENA_NEW(m->y.mem, int64_t, f[ROUNDS]->count);
    if (rounds == NULL) {
        return err_memory(m->y.err, "the bids");
    }
    for (const struct yaml_node *k = f[ROUNDS]->first; k != NULL; k = k->next) {
        if (!read_amount(m, k, item, &rounds[n++])) {
            return false;
        }
    }
    *out_rounds = rounds;
    *out_count = n;
    return true;
}

bool bidding_from_yaml(struct bytes yaml, const char *name, struct arena *mem,
                       struct bidding_file *out, struct err *err)
{
    enum { BIDDING, UNIT, WITHIN, OR_WITHIN, CROSSED, DEMAND, OFFER, FIELDS };
    static const struct yaml_field table[FIELDS] = {
        {"bidding", YAML_OPTIONAL},   {"unit", YAML_OPTIONAL},    {"within", YAML_REQUIRED},
        {"or-within", YAML_OPTIONAL}, {"crossed", YAML_REQUIRED}, {"demand", YAML_REQUIRED},
        {"offer", YAML_REQUIRED}};
    const struct yaml_node *f[FIELDS];
    struct yaml_node *root;
    struct making m = {.y = {.name = name, .mem = mem, .err = err}};
    uint32_t offers;
    if (yaml.n > BIDDING_YAML_MAX) {
        return err_set(err, ERR_LIMIT, "the file is larger than %u bytes", BIDDING_YAML_MAX) ||
               err_at(err, "%s", name);
    }
    if (!yaml_tree_read(yaml, name, mem, &root, err) ||
        !yaml_fields(&m.y, root, "a bidding", table, FIELDS, f) ||
        (f[BIDDING] != NULL && !yaml_words(&m.y, f[BIDDING], "bidding", &m.f.name)) ||
        (f[UNIT] != NULL && !yaml_words(&m.y, f[UNIT], "unit", &m.f.unit)) ||
        !read_percent(&m, f[WITHIN]) || !read_rules(&m, f[CROSSED], f[OR_WITHIN]) ||
        !read_side(&m, f[DEMAND], "demand", "a demand", &m.f.demander, &m.f.demands, &m.f.count) ||
        !read_side(&m, f[OFFER], "offer", "an offer", &m.f.offerer, &m.f.offers, &offers)) {
        return false;
    }
    if (offers != m.f.count) {
        return yaml_refuse(&m.y, f[OFFER], "there are %u demands and %u offers", m.f.count,
                           offers) ||
               err_mend(err, "each side gives a number for each round");
    }
    *out = m.f;
    return true;
}
