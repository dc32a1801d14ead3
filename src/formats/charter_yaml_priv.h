/* SPDX-License-Identifier: Apache-2.0
 *
 * A charter in the making: what charter_yaml.c and its sides share.  All that can fail fails through
 * r.err, with the place in the file.
 */
#ifndef ENTENTE_FORMATS_CHARTER_YAML_PRIV_H
#define ENTENTE_FORMATS_CHARTER_YAML_PRIV_H

#include "formats/charter_yaml.h"
#include "formats/yaml_fields.h"
#include "table/charter.h"

struct making {
    struct yaml_reading r;
    struct charter c;
    const struct yaml_node *root;
    const struct yaml_node *table, *goal, *procedure, *quiet;
    const struct yaml_node *sides[CHARTER_SIDES_MAX];
    const struct yaml_node *in[CHARTER_SIDES_MAX]; /* the phases of who is consulted */
    const struct yaml_node *phases[CHARTER_PHASES_MAX];
    const struct yaml_node *gates[CHARTER_PHASES_MAX];
    const struct yaml_node *conditions[CHARTER_PHASES_MAX][CHARTER_CONDITIONS_MAX];
    const struct yaml_node *issues[TERMS_ISSUES_MAX];
    const struct yaml_node *deeds[CHARTER_DEEDS_MAX];
    const struct yaml_node *levers[CHARTER_LEVERS_MAX];
    struct charter_faults *faults; /* NULL: the first ends it */
};

/* After a fault: keeps it and goes on with what is next, where all are wanted.  False: it ends here. */
MUST_CHECK bool making_go_on(struct making *m);

/* The id of an item that cannot be read otherwise, so that what names it is not faulted, too. */
struct text making_id_anyway(const struct yaml_node *node, struct text id);

/* Always false. */
bool making_no_memory(const struct making *m);

/* One word, or a list of them that is not empty: the first node, and how many. */
MUST_CHECK bool making_one_or_more(const struct making *m, const struct yaml_node *node,
                                   const char *what, uint32_t max, const struct yaml_node **out,
                                   uint32_t *out_count);

/* found is CHARTER_NONE; else a double, named where it stands, before a reference misses the id
 * that was meant. */
MUST_CHECK bool making_only_one(const struct making *m, const struct yaml_node *node,
                                uint32_t found, const char *what, struct text id);

/* Places by id; of sides: among low .. high - 1, all, or those consulted. */
MUST_CHECK bool making_side_of(const struct making *m, const struct yaml_node *node,
                               const char *kind, uint32_t low, uint32_t high, uint32_t *out);
MUST_CHECK bool making_side(const struct making *m, const struct yaml_node *node, uint32_t *out);
MUST_CHECK bool making_consulted(const struct making *m, const struct yaml_node *node,
                                 uint32_t *out);
MUST_CHECK bool making_phase(const struct making *m, const struct yaml_node *node, uint32_t *out);
MUST_CHECK bool making_deed(const struct making *m, const struct yaml_node *node, uint32_t *out);

/* Ascending places of those that a list names; doubles are refused. */
MUST_CHECK bool
making_places(const struct making *m, const struct yaml_node *list, const char *what,
              bool (*ref)(const struct making *m, const struct yaml_node *n, uint32_t *out),
              uint32_t **out, uint32_t *out_count);

/* Sides are read in the order of their numbers; the mediation's place is there already. */
MUST_CHECK bool making_read_side(struct making *m, const struct yaml_node *node,
                                 enum side_role role, const char *what);
MUST_CHECK bool making_read_sides(struct making *m, const struct yaml_node *list, const char *key,
                                  enum side_role role, const char *what, uint32_t *out_count);

/* After the phases: where a consulted side's "in" is left out, it has a stake in each. */
MUST_CHECK bool making_read_stakes(struct making *m);
MUST_CHECK bool making_read_successors(struct making *m, const struct yaml_node *map);

#endif
