/* SPDX-License-Identifier: Apache-2.0
 *
 * Goods to be divided, as people write them (docs/SCENARIOS.md, "Dividing goods"):
 *
 *     division: The Brandt estate
 *     out-of: 100
 *     goods: [house, boat, piano]
 *     parties:
 *       Anna: {house: 50, boat: 30, piano: 20}
 *       Bo: {house: 60, boat: 40}
 *
 * A good that a party leaves out is worth nothing to it, with a note.
 */
#ifndef ENTENTE_FORMATS_DIVISION_YAML_H
#define ENTENTE_FORMATS_DIVISION_YAML_H

#include "base/text.h"

#define DIVISION_YAML_MAX 4194304u /* bytes of the file */
#define DIVISION_YAML_GOODS_MAX 1000u
#define DIVISION_YAML_PARTIES_MAX 16u
#define DIVISION_YAML_DECIMALS_MAX 6u
#define DIVISION_YAML_UNITS_MAX INT64_C(1000000000) /* points in units of the party's decimals */
#define DIVISION_YAML_NOTES_MAX 64u

struct division_file {
    struct text name; /* empty where the file gives none */
    uint32_t party_count;
    uint32_t good_count;
    const struct text *parties;
    const struct text *goods;
    const unsigned *decimals; /* [party] */
    const int64_t *units;     /* [good * party_count + party], 0 or more: points * 10^decimals */
    uint32_t note_count;
    const struct text *notes;
};

/* name is shown in errors.  Two parties or more, a good or more; each party gives some points, and
 * where the file says out of how many, exactly those.  All lives in mem.  Failures say file, line
 * and mend. */
MUST_CHECK bool division_from_yaml(struct bytes yaml, const char *name, struct arena *mem,
                                   struct division_file *out, struct err *err);

#endif
