/* SPDX-License-Identifier: Apache-2.0
 *
 * First the tree (formats/yaml_tree), then the parts in the order in which they refer to each
 * other: sides and phases by id, deeds, gates, the rest.  What makes a charter a charter is
 * charter_check's to say; the node of each part is kept, so that its faults have a line too.
 */
#include "formats/charter_yaml.h"

#include "formats/charter_yaml_priv.h"

#define DAY UINT64_C(86400)

/* Phases */

static bool read_phase(struct making *m, const struct yaml_node *node, uint32_t at)
{
    enum { ID, PLENARY, WISH, DEADLINE, GATE, FIELDS };
    static const struct yaml_field table[FIELDS] = {{"id", YAML_REQUIRED},
                                                    {"plenary", YAML_OPTIONAL},
                                                    {"wish", YAML_OPTIONAL},
                                                    {"deadline", YAML_OPTIONAL},
                                                    {"gate", YAML_OPTIONAL}};
    const struct yaml_node *f[FIELDS];
    struct charter_phase *p = &m->c.phases[at];
    m->phases[at] = node;
    if (!yaml_fields(&m->r, node, "a phase", table, FIELDS, f) ||
        !yaml_id(&m->r, f[ID], "a phase", &p->id) ||
        !making_only_one(m, node, charter_find_phase(&m->c, p->id), "phases", p->id)) {
        return false;
    }
    if (f[PLENARY] != NULL) {
        const struct text ways[] = {text_str("open"), text_str("papers-only")};
        uint32_t way;
        if (!yaml_choice(&m->r, f[PLENARY], "value of plenary", ways, COUNT_OF(ways), &way)) {
            return false;
        }
        p->papers_only = way == 1;
    }
    m->gates[at] = f[GATE];
    return (f[WISH] == NULL || yaml_span(&m->r, f[WISH], "wish", &p->wish_seconds)) &&
           (f[DEADLINE] == NULL || yaml_span(&m->r, f[DEADLINE], "deadline", &p->deadline_seconds));
}

static bool read_phases(struct making *m, const struct yaml_node *list)
{
    if (!yaml_list(&m->r, list, "phases", CHARTER_PHASES_MAX)) {
        return false;
    }
    m->c.phases = ARENA_NEW(m->r.mem, struct charter_phase, list->count);
    if (m->c.phases == NULL) {
        return making_no_memory(m);
    }
    for (const struct yaml_node *n = list->first; n != NULL; n = n->next) {
        bool good = read_phase(m, n, m->c.phase_count);
        struct charter_phase *p = &m->c.phases[m->c.phase_count];
        p->id = making_id_anyway(n, p->id);
        m->c.phase_count++; /* it keeps its place though it is faulty, for those who name it */
        if (!good && !making_go_on(m)) {
            return false;
        }
    }
    return true;
}

/* Gates: each item of the list gives one condition or more. */

static bool add_condition(struct making *m, uint32_t phase, const struct yaml_node *node,
                          struct condition k)
{
    struct charter_phase *p = &m->c.phases[phase];
    if (p->condition_count == CHARTER_CONDITIONS_MAX) {
        (void)err_set(m->r.err, ERR_LIMIT, "a gate has more than %u conditions",
                      CHARTER_CONDITIONS_MAX);
        return yaml_at(node, m->r.name, m->r.err);
    }
    m->conditions[phase][p->condition_count] = node;
    p->conditions[p->condition_count++] = k;
    return true;
}

enum gate_key {
    GATE_AGREED,
    GATE_RATIFIED,
    GATE_VERIFIED,
    GATE_QUIET,
    GATE_SETTLED_WITHIN,
    GATE_CONSULTED,
    GATE_UNDERTAKEN,
    GATE_ADOPTED,
    GATE_KEYS,
};

static bool each_deed(struct making *m, uint32_t phase, const struct yaml_node *value)
{
    const struct yaml_node *n;
    uint32_t count;
    if (!making_one_or_more(m, value, "verified", CHARTER_CONDITIONS_MAX, &n, &count)) {
        return false;
    }
    for (uint32_t i = 0; i < count; i++, n = n->next) {
        struct condition k = {.kind = CONDITION_VERIFIED};
        if (!making_deed(m, n, &k.deed) || !add_condition(m, phase, n, k)) {
            return false;
        }
    }
    return true;
}

static bool each_side(struct making *m, uint32_t phase, const struct yaml_node *value,
                      const char *what, enum condition_kind kind,
                      bool (*ref)(const struct making *m, const struct yaml_node *n, uint32_t *out))
{
    const struct yaml_node *n;
    uint32_t count;
    if (!making_one_or_more(m, value, what, CHARTER_SIDES_MAX, &n, &count)) {
        return false;
    }
    for (uint32_t i = 0; i < count; i++, n = n->next) {
        struct condition k = {.kind = kind};
        if (!ref(m, n, &k.side) || !add_condition(m, phase, n, k)) {
            return false;
        }
    }
    return true;
}

static bool party_ref(const struct making *m, const struct yaml_node *node, uint32_t *out)
{
    return making_side_of(m, node, "party", 1, 1 + m->c.party_count, out);
}

static bool settled_within(struct making *m, uint32_t phase, const struct yaml_node *value)
{
    if (value->kind != YAML_WORDS || !text_is(value->text, "all")) {
        return each_side(m, phase, value, "settled-within", CONDITION_SETTLED_WITHIN, party_ref);
    }
    for (uint32_t i = 1; i <= m->c.party_count; i++) {
        struct condition k = {.kind = CONDITION_SETTLED_WITHIN, .side = i};
        if (!add_condition(m, phase, value, k)) {
            return false;
        }
    }
    return true;
}

/* A condition whose key takes one word only. */
static bool fixed(struct making *m, uint32_t phase, const struct yaml_node *value, const char *what,
                  const char *word, enum condition_kind kind)
{
    const struct text known = text_str(word);
    uint32_t at;
    return yaml_choice(&m->r, value, what, &known, 1, &at) &&
           add_condition(m, phase, value, (struct condition){.kind = kind});
}

static bool quiet(struct making *m, uint32_t phase, const struct yaml_node *value)
{
    struct condition k = {.kind = CONDITION_QUIET};
    return yaml_span(&m->r, value, "quiet", &k.seconds) && add_condition(m, phase, value, k);
}

static bool keyed_condition(struct making *m, uint32_t phase, enum gate_key key,
                            const struct yaml_node *value)
{
    switch (key) {
    case GATE_AGREED:
        return fixed(m, phase, value, "value of agreed", "package", CONDITION_AGREED);
    case GATE_RATIFIED:
        return fixed(m, phase, value, "value of ratified", "all", CONDITION_RATIFIED);
    case GATE_VERIFIED:
        return each_deed(m, phase, value);
    case GATE_QUIET:
        return quiet(m, phase, value);
    case GATE_SETTLED_WITHIN:
        return settled_within(m, phase, value);
    case GATE_CONSULTED:
        return each_side(m, phase, value, "consulted", CONDITION_CONSULTED, making_consulted);
    case GATE_UNDERTAKEN:
        return each_side(m, phase, value, "undertaken", CONDITION_UNDERTAKEN, making_side);
    case GATE_ADOPTED:
        return fixed(m, phase, value, "value of adopted", "text", CONDITION_ADOPTED);
    case GATE_KEYS:
        break;
    }
    return true;
}

static bool read_condition(struct making *m, uint32_t phase, const struct yaml_node *item)
{
    static const struct yaml_field table[GATE_KEYS] = {
        {"agreed", YAML_OPTIONAL},         {"ratified", YAML_OPTIONAL},
        {"verified", YAML_OPTIONAL},       {"quiet", YAML_OPTIONAL},
        {"settled-within", YAML_OPTIONAL}, {"consulted", YAML_OPTIONAL},
        {"undertaken", YAML_OPTIONAL},     {"adopted", YAML_OPTIONAL}};
    if (item->kind == YAML_WORDS) {
        const struct text known[] = {text_str("no-report-waiting")};
        uint32_t at;
        return yaml_choice(&m->r, item, "condition of one word", known, COUNT_OF(known), &at) &&
               add_condition(m, phase, item,
                             (struct condition){.kind = CONDITION_NO_REPORT_WAITING});
    }
    const struct yaml_node *f[GATE_KEYS];
    if (!yaml_fields(&m->r, item, "a gate", table, GATE_KEYS, f)) {
        return false;
    }
    if (item->count != 1) {
        return yaml_refuse(&m->r, item, "one item of a gate holds %u conditions", item->count) ||
               err_mend(m->r.err, "give each condition its own item: [agreed: package, ratified: "
                                  "all], or its own line behind a dash");
    }
    for (uint32_t i = 0; i < GATE_KEYS; i++) {
        if (f[i] != NULL) {
            return keyed_condition(m, phase, (enum gate_key)i, f[i]);
        }
    }
    return true;
}

static bool read_gates(struct making *m)
{
    for (uint32_t i = 0; i < m->c.phase_count; i++) {
        if (m->gates[i] == NULL) {
            continue;
        }
        struct condition *v = ARENA_NEW(m->r.mem, struct condition, CHARTER_CONDITIONS_MAX);
        if (v == NULL) {
            return making_no_memory(m);
        }
        m->c.phases[i].conditions = v;
        if (!yaml_list(&m->r, m->gates[i], "gate", CHARTER_CONDITIONS_MAX)) {
            return false;
        }
        for (const struct yaml_node *n = m->gates[i]->first; n != NULL; n = n->next) {
            if (!read_condition(m, i, n) && !making_go_on(m)) {
                return false;
            }
        }
    }
    return true;
}

/* Issues, deeds, levers */

static bool read_options(const struct making *m, const struct yaml_node *list, struct issue *issue)
{
    if (!yaml_list(&m->r, list, "options", TERMS_OPTIONS_MAX)) {
        return false;
    }
    issue->options = ARENA_NEW(m->r.mem, struct text, list->count);
    if (issue->options == NULL) {
        return making_no_memory(m);
    }
    for (const struct yaml_node *n = list->first; n != NULL; n = n->next) {
        if (!yaml_words(&m->r, n, "an option", &issue->options[issue->option_count])) {
            return false;
        }
        issue->option_count++;
    }
    return true;
}

static bool read_issue(struct making *m, const struct yaml_node *node, struct issue *issue)
{
    enum { ID, PHASE, OWNER, OPTIONS, FIELDS };
    static const struct yaml_field table[FIELDS] = {{"id", YAML_REQUIRED},
                                                    {"phase", YAML_REQUIRED},
                                                    {"owner", YAML_OPTIONAL},
                                                    {"options", YAML_REQUIRED}};
    const struct yaml_node *f[FIELDS];
    issue->owner = CHARTER_NONE;
    return yaml_fields(&m->r, node, "an issue", table, FIELDS, f) &&
           yaml_id(&m->r, f[ID], "an issue", &issue->id) &&
           making_phase(m, f[PHASE], &issue->phase) &&
           (f[OWNER] == NULL || making_side(m, f[OWNER], &issue->owner)) &&
           read_options(m, f[OPTIONS], issue);
}

static bool read_issues(struct making *m, const struct yaml_node *list)
{
    if (list == NULL) {
        return true;
    }
    if (!yaml_list(&m->r, list, "issues", TERMS_ISSUES_MAX)) {
        return false;
    }
    m->c.issues = ARENA_NEW(m->r.mem, struct issue, list->count);
    if (m->c.issues == NULL) {
        return making_no_memory(m);
    }
    for (const struct yaml_node *n = list->first; n != NULL; n = n->next) {
        uint32_t at = m->c.issue_count++;
        m->issues[at] = n;
        if (!read_issue(m, n, &m->c.issues[at]) && !making_go_on(m)) {
            return false;
        }
    }
    return true;
}

static bool read_deed(struct making *m, const struct yaml_node *node, struct charter_deed *d)
{
    enum { ID, BY, VERIFIER, FIELDS };
    static const struct yaml_field table[FIELDS] = {
        {"id", YAML_REQUIRED}, {"by", YAML_REQUIRED}, {"verifier", YAML_OPTIONAL}};
    const struct yaml_node *f[FIELDS];
    d->verifier = CHARTER_NONE;
    return yaml_fields(&m->r, node, "a deed", table, FIELDS, f) &&
           yaml_id(&m->r, f[ID], "a deed", &d->id) &&
           making_only_one(m, node, charter_find_deed(&m->c, d->id), "deeds", d->id) &&
           making_side(m, f[BY], &d->by) &&
           (f[VERIFIER] == NULL || making_side(m, f[VERIFIER], &d->verifier));
}

static bool read_deeds(struct making *m, const struct yaml_node *list)
{
    if (list == NULL) {
        return true;
    }
    if (!yaml_list(&m->r, list, "deeds", CHARTER_DEEDS_MAX)) {
        return false;
    }
    m->c.deeds = ARENA_NEW(m->r.mem, struct charter_deed, list->count);
    if (m->c.deeds == NULL) {
        return making_no_memory(m);
    }
    for (const struct yaml_node *n = list->first; n != NULL; n = n->next) {
        m->deeds[m->c.deed_count] = n;
        struct charter_deed *d = &m->c.deeds[m->c.deed_count];
        bool good = read_deed(m, n, d);
        d->id = making_id_anyway(n, d->id);
        m->c.deed_count++;
        if (!good && !making_go_on(m)) {
            return false;
        }
    }
    return true;
}

static bool read_permission(const struct making *m, const struct yaml_node *node,
                            struct charter_lever *l)
{
    static const struct yaml_field table[1] = {{"failed", YAML_REQUIRED}};
    const struct yaml_node *f[1];
    return yaml_fields(&m->r, node, "permitted-when", table, 1, f) &&
           making_deed(m, f[0], &l->permitted_when_failed);
}

static bool read_lever(struct making *m, const struct yaml_node *node, struct charter_lever *l)
{
    enum { ID, HOLDER, TOUCHES, WHEN, ASK, FIELDS };
    static const struct yaml_field table[FIELDS] = {{"id", YAML_REQUIRED},
                                                    {"holder", YAML_REQUIRED},
                                                    {"touches", YAML_OPTIONAL},
                                                    {"permitted-when", YAML_OPTIONAL},
                                                    {"ask", YAML_OPTIONAL}};
    const struct yaml_node *f[FIELDS];
    l->touches = CHARTER_NONE;
    l->permitted_when_failed = CHARTER_NONE;
    return yaml_fields(&m->r, node, "a lever", table, FIELDS, f) &&
           yaml_id(&m->r, f[ID], "a lever", &l->id) && making_side(m, f[HOLDER], &l->holder) &&
           (f[TOUCHES] == NULL || making_side(m, f[TOUCHES], &l->touches)) &&
           (f[WHEN] == NULL || read_permission(m, f[WHEN], l)) &&
           (f[ASK] == NULL ||
            making_places(m, f[ASK], "ask", making_consulted, &l->ask, &l->ask_count));
}

static bool read_levers(struct making *m, const struct yaml_node *list)
{
    if (list == NULL) {
        return true;
    }
    if (!yaml_list(&m->r, list, "levers", CHARTER_LEVERS_MAX)) {
        return false;
    }
    m->c.levers = ARENA_NEW(m->r.mem, struct charter_lever, list->count);
    if (m->c.levers == NULL) {
        return making_no_memory(m);
    }
    for (const struct yaml_node *n = list->first; n != NULL; n = n->next) {
        uint32_t at = m->c.lever_count++;
        m->levers[at] = n;
        if (!read_lever(m, n, &m->c.levers[at]) && !making_go_on(m)) {
            return false;
        }
    }
    return true;
}

/* Procedure and quiet: what is left out has the value that most tables want. */

static bool one_word(const struct making *m, const struct yaml_node *node, const char *what,
                     const char *word)
{
    const struct text known = text_str(word);
    uint32_t at;
    return node == NULL || yaml_choice(&m->r, node, what, &known, 1, &at);
}

/* unanimity, consensus, or {qualified: 2, veto: [kestria]} */
static bool read_decision(struct making *m, const struct yaml_node *node)
{
    enum { QUALIFIED, VETO, FIELDS };
    static const struct yaml_field table[FIELDS] = {{"qualified", YAML_REQUIRED},
                                                    {"veto", YAML_OPTIONAL}};
    const struct text words[] = {text_str("unanimity"), text_str("consensus")};
    const struct yaml_node *f[FIELDS];
    struct charter *c = &m->c;
    uint32_t at = 0, count = 0, *sides = NULL;
    if (node->kind != YAML_MAP) {
        if (!yaml_choice(&m->r, node, "value of decision", words, COUNT_OF(words), &at)) {
            return false;
        }
        c->decision = at == 0 ? DECISION_UNANIMITY : DECISION_CONSENSUS;
        return true;
    }
    c->decision = DECISION_QUALIFIED;
    if (!yaml_fields(&m->r, node, "decision", table, FIELDS, f) ||
        !yaml_number(&m->r, f[QUALIFIED], "qualified", &c->decision_needed) ||
        (f[VETO] != NULL && !making_places(m, f[VETO], "veto", making_side, &sides, &count))) {
        return false;
    }
    for (uint32_t i = 0; i < count; i++) {
        c->veto |= 1u << sides[i]; /* below the sides of a charter */
    }
    return true;
}

static bool read_procedure(struct making *m, const struct yaml_node *node)
{
    enum { DECISION, UNTIL_ALL, SILENCE, GRACE, PUBLICATION, PEN, ARBITER, FIELDS };
    static const struct yaml_field table[FIELDS] = {
        {"decision", YAML_OPTIONAL},    {"nothing-agreed-until-all", YAML_OPTIONAL},
        {"silence", YAML_OPTIONAL},     {"grace", YAML_OPTIONAL},
        {"publication", YAML_OPTIONAL}, {"pen", YAML_OPTIONAL},
        {"arbiter", YAML_OPTIONAL}};
    const struct yaml_node *f[FIELDS];
    struct charter *c = &m->c;
    c->decision = DECISION_UNANIMITY;
    c->publication = PUBLICATION_ON_AGREEMENT;
    c->silence_seconds = 2 * DAY;
    c->grace_seconds = DAY;
    c->arbiter = CHARTER_NONE;
    m->procedure = node;
    if (node == NULL) {
        return true;
    }
    uint64_t grace = DAY;
    if (!yaml_fields(&m->r, node, "procedure", table, FIELDS, f) ||
        (f[DECISION] != NULL && !read_decision(m, f[DECISION])) ||
        !one_word(m, f[UNTIL_ALL], "value of nothing-agreed-until-all", "phase") ||
        !one_word(m, f[PEN], "value of pen", "mediation") ||
        (f[SILENCE] != NULL && !yaml_span(&m->r, f[SILENCE], "silence", &c->silence_seconds)) ||
        (f[GRACE] != NULL && !yaml_span(&m->r, f[GRACE], "grace", &grace))) {
        return false;
    }
    if (f[PEN] != NULL && !c->sides[0].present) {
        return yaml_refuse(&m->r, f[PEN], "the pen is given to a mediation, and there is none") ||
               err_mend(m->r.err, "leave pen out: then any party drafts");
    }
    if (f[ARBITER] != NULL && !making_side(m, f[ARBITER], &c->arbiter)) {
        return false;
    }
    /* Above the ceiling of charter_check in any case. */
    c->grace_seconds = grace > UINT32_MAX ? UINT32_MAX : (uint32_t)grace;
    if (f[PUBLICATION] != NULL) {
        const struct text ways[] = {text_str("on-agreement"), text_str("never")};
        uint32_t way;
        if (!yaml_choice(&m->r, f[PUBLICATION], "value of publication", ways, COUNT_OF(ways),
                         &way)) {
            return false;
        }
        c->publication = way == 0 ? PUBLICATION_ON_AGREEMENT : PUBLICATION_NEVER;
    }
    return true;
}

static bool read_quiet(struct making *m, const struct yaml_node *node)
{
    enum { WEIGHTS, HALF_LIFE, FIELDS };
    static const struct yaml_field table[FIELDS] = {{"weights", YAML_OPTIONAL},
                                                    {"half-life", YAML_OPTIONAL}};
    static const struct yaml_field weights[2] = {{"minor", YAML_REQUIRED},
                                                 {"serious", YAML_REQUIRED}};
    const struct yaml_node *f[FIELDS], *w[2];
    struct charter *c = &m->c;
    c->weight_minor = 1;
    c->weight_serious = 5;
    c->half_life_seconds = 2 * DAY;
    m->quiet = node;
    return node == NULL ||
           (yaml_fields(&m->r, node, "quiet", table, FIELDS, f) &&
            (f[HALF_LIFE] == NULL ||
             yaml_span(&m->r, f[HALF_LIFE], "half-life", &c->half_life_seconds)) &&
            (f[WEIGHTS] == NULL || (yaml_fields(&m->r, f[WEIGHTS], "weights", weights, 2, w) &&
                                    yaml_number(&m->r, w[0], "minor", &c->weight_minor) &&
                                    yaml_number(&m->r, w[1], "serious", &c->weight_serious))));
}

/* The whole */

static bool read_titles(struct making *m, const struct yaml_node *table,
                        const struct yaml_node *goal)
{
    m->table = table;
    m->goal = goal;
    return yaml_words(&m->r, table, "table", &m->c.table) &&
           yaml_words(&m->r, goal, "goal", &m->c.goal);
}

static bool read_charter(struct making *m)
{
    enum {
        TABLE,
        GOAL,
        MEDIATION,
        PARTIES,
        MONITORS,
        CONSULTED,
        PROCEDURE,
        PHASES,
        ISSUES,
        DEEDS,
        LEVERS,
        QUIET,
        SUCCESSORS,
        FIELDS
    };
    static const struct yaml_field table[FIELDS] = {
        {"table", YAML_REQUIRED},     {"goal", YAML_REQUIRED},     {"mediation", YAML_OPTIONAL},
        {"parties", YAML_REQUIRED},   {"monitors", YAML_OPTIONAL}, {"consulted", YAML_OPTIONAL},
        {"procedure", YAML_OPTIONAL}, {"phases", YAML_REQUIRED},   {"issues", YAML_OPTIONAL},
        {"deeds", YAML_OPTIONAL},     {"levers", YAML_OPTIONAL},   {"quiet", YAML_OPTIONAL},
        {"successors", YAML_OPTIONAL}};
    const struct yaml_node *f[FIELDS];
    uint32_t consulted;
    m->c.side_count = 1;
    if (!yaml_fields(&m->r, m->root, "a charter", table, FIELDS, f)) {
        return false;
    }
    return (read_titles(m, f[TABLE], f[GOAL]) || making_go_on(m)) &&
           (f[MEDIATION] == NULL ||
            making_read_side(m, f[MEDIATION], ROLE_MEDIATION, "the mediation") ||
            making_go_on(m)) &&
           (making_read_sides(m, f[PARTIES], "parties", ROLE_PARTY, "a party", &m->c.party_count) ||
            making_go_on(m)) &&
           (making_read_sides(m, f[MONITORS], "monitors", ROLE_MONITOR, "a monitor",
                              &m->c.monitor_count) ||
            making_go_on(m)) &&
           (making_read_sides(m, f[CONSULTED], "consulted", ROLE_CONSULTED, "a consulted side",
                              &consulted) ||
            making_go_on(m)) &&
           (making_read_successors(m, f[SUCCESSORS]) || making_go_on(m)) &&
           (read_procedure(m, f[PROCEDURE]) || making_go_on(m)) &&
           (read_phases(m, f[PHASES]) || making_go_on(m)) &&
           (making_read_stakes(m) || making_go_on(m)) &&
           (read_deeds(m, f[DEEDS]) || making_go_on(m)) && (read_gates(m) || making_go_on(m)) &&
           (read_issues(m, f[ISSUES]) || making_go_on(m)) &&
           (read_levers(m, f[LEVERS]) || making_go_on(m)) &&
           (read_quiet(m, f[QUIET]) || making_go_on(m)) &&
           (m->faults == NULL || m->faults->count == 0);
}

/* Where the file speaks of the part that charter_check refused. */
static const struct yaml_node *node_of(const struct making *m, const struct charter_place *place)
{
    switch (place->part) {
    case PART_WHOLE:
        return m->root;
    case PART_TABLE:
        return m->table;
    case PART_GOAL:
        return m->goal;
    case PART_SIDE:
        return m->sides[place->index];
    case PART_PROCEDURE:
        return m->procedure;
    case PART_PHASE:
        return place->condition != CHARTER_NONE ? m->conditions[place->index][place->condition]
                                                : m->phases[place->index];
    case PART_ISSUE:
        return m->issues[place->index];
    case PART_DEED:
        return m->deeds[place->index];
    case PART_LEVER:
        return m->levers[place->index];
    case PART_QUIET:
        return m->quiet;
    }
    return NULL;
}

static bool check(struct making *m)
{
    struct charter_place place, last;
    const struct charter_place *after = NULL;
    while (!charter_check_next(&m->c, after, &place, m->r.err)) {
        const struct yaml_node *node = node_of(m, &place);
        (void)yaml_at(node != NULL ? node : m->root, m->r.name, m->r.err);
        if (place.part == PART_WHOLE || !making_go_on(m)) {
            return false;
        }
        last = place;
        after = &last;
    }
    return m->faults == NULL || m->faults->count == 0;
}

static bool from_yaml(struct bytes yaml, const char *name, struct arena *mem, struct charter *out,
                      struct charter_faults *faults, struct err *err)
{
    if (yaml.n > CHARTER_YAML_MAX) {
        return err_set(err, ERR_LIMIT, "the file has %zu bytes; a charter has at most %u", yaml.n,
                       CHARTER_YAML_MAX) ||
               err_at(err, "%s", name);
    }
    struct yaml_node *root;
    if (!yaml_tree_read(yaml, name, mem, &root, err)) {
        return false;
    }
    struct making *m = ARENA_NEW(mem, struct making, 1);
    struct charter_side *sides = ARENA_NEW(mem, struct charter_side, CHARTER_SIDES_MAX);
    if (m == NULL || sides == NULL) {
        return err_memory(err, "the charter");
    }
    m->r = (struct yaml_reading){.name = name, .mem = mem, .err = err};
    m->root = root;
    m->c.sides = sides;
    m->faults = faults;
    if (!read_charter(m) || !check(m)) {
        return false;
    }
    *out = m->c;
    return true;
}

bool charter_from_yaml(struct bytes yaml, const char *name, struct arena *mem, struct charter *out,
                       struct err *err)
{
    return from_yaml(yaml, name, mem, out, NULL, err);
}

bool charter_from_yaml_all(struct bytes yaml, const char *name, struct arena *mem,
                           struct charter *out, struct charter_faults *faults, struct err *err)
{
    faults->count = 0;
    if (from_yaml(yaml, name, mem, out, faults, err)) {
        return true;
    }
    if (err->code != ERR_NONE && faults->count < CHARTER_FAULTS_MAX) {
        faults->items[faults->count++] = *err; /* it ended there */
    }
    *err = faults->items[0];
    return false;
}
