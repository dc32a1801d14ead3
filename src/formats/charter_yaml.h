/* SPDX-License-Identifier: Apache-2.0
 *
 * A charter as people write it: YAML, read through libyaml's events.  Unknown keys, doubles,
 * anchors, tags and several documents are refused with line, column and mend ("did you mean").
 */
#ifndef ENTENTE_FORMATS_CHARTER_YAML_H
#define ENTENTE_FORMATS_CHARTER_YAML_H

#include "table/charter.h"

#define CHARTER_YAML_MAX 262144u

/* name is shown in errors ("lake.yaml, line 7").  The charter and its texts live in mem. */
MUST_CHECK bool charter_from_yaml(struct bytes yaml, const char *name, struct arena *mem,
                                  struct charter *out, struct err *err);

/* The same, and on failure not only the first fault (which is err's, too) but all that can be told at
 * once: one of each item that cannot be read, each with its place; or, where all can be read, one of
 * each part that a charter cannot have so. */
#define CHARTER_FAULTS_MAX 64u
struct charter_faults {
    uint32_t count;
    struct err items[CHARTER_FAULTS_MAX];
};
MUST_CHECK bool charter_from_yaml_all(struct bytes yaml, const char *name, struct arena *mem,
                                      struct charter *out, struct charter_faults *faults,
                                      struct err *err);

#endif
