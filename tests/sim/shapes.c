/* SPDX-License-Identifier: Apache-2.0
 *
 * The tables that are played.
 */
#include "sim/world.h"

/* Two parties, a mediation and a monitor; a deadline, deeds and quiet at the first gate. */
static const char
    small_yaml[] = "table: Small\n"
                   "goal: To be played.\n"
                   "mediation: {id: meridia, name: Meridia, principal: President}\n"
                   "parties:\n"
                   "  - {id: kestria, name: Kestria, principal: President, seats: [envoy]}\n"
                   "  - {id: velland, name: Velland, principal: President, seats: [envoy]}\n"
                   "monitors:\n"
                   "  - {id: group, name: Group}\n"
                   "procedure: {grace: 24h}\n"
                   "phases:\n"
                   "  - id: first\n"
                   "    deadline: 6d\n"
                   "    gate:\n"
                   "      - agreed: package\n"
                   "      - ratified: all\n"
                   "      - verified: [guns]\n"
                   "      - quiet: 12h\n"
                   "      - no-report-waiting\n"
                   "  - id: second\n"
                   "issues:\n"
                   "  - {id: line, phase: first, options: [here, back, far]}\n"
                   "  - {id: access, phase: first, options: [both, one]}\n"
                   "  - {id: trade, phase: second, options: [free, taxed]}\n"
                   "deeds:\n"
                   "  - {id: guns, by: kestria, verifier: group}\n"
                   "  - {id: talks, by: velland}\n";

/* Two parties alone: two groups. */
static const char
    pair_yaml[] = "table: Pair\n"
                  "goal: To be played.\n"
                  "parties:\n"
                  "  - {id: kestria, name: Kestria, principal: President, seats: [envoy]}\n"
                  "  - {id: velland, name: Velland, principal: President}\n"
                  "procedure: {grace: 24h}\n"
                  "phases:\n"
                  "  - id: first\n"
                  "    deadline: 3d\n"
                  "    gate:\n"
                  "      - ratified: all\n"
                  "  - id: second\n"
                  "issues:\n"
                  "  - {id: line, phase: first, options: [here, back]}\n"
                  "  - {id: trade, phase: second, options: [free, taxed]}\n"
                  "deeds:\n"
                  "  - {id: guns, by: kestria}\n";

/* Three parties and a mediation of two. */
static const char wide_yaml
    [] = "table: Wide\n"
         "goal: To be played.\n"
         "mediation: {id: meridia, name: Meridia, principal: President, seats: [minister]}\n"
         "parties:\n"
         "  - {id: kestria, name: Kestria, principal: President, seats: [envoy]}\n"
         "  - {id: velland, name: Velland, principal: President, seats: [envoy]}\n"
         "  - {id: orland, name: Orland, principal: President}\n"
         "monitors:\n"
         "  - {id: group, name: Group}\n"
         "procedure: {grace: 12h}\n"
         "phases:\n"
         "  - id: first\n"
         "    gate:\n"
         "      - agreed: package\n"
         "      - ratified: all\n"
         "      - no-report-waiting\n"
         "  - id: second\n"
         "    deadline: 4d\n"
         "issues:\n"
         "  - {id: line, phase: first, options: [here, back, far]}\n"
         "  - {id: trade, phase: second, options: [free, taxed]}\n"
         "deeds:\n"
         "  - {id: guns, by: orland, verifier: group}\n";

const struct shape shapes[] = {
    {"small",
     small_yaml,
     true,
     6,
     {{"Rhee", "meridia", 0, false},
      {"Voss", "kestria", 0, false},
      {"Maro", "velland", 0, false},
      {"Diaz", "group", 0, false},
      {"Ilin", "kestria", 1, true},
      {"Tarn", "velland", 1, true}}},
    {"pair",
     pair_yaml,
     false,
     3,
     {{"Voss", "kestria", 0, false}, {"Maro", "velland", 0, false}, {"Ilin", "kestria", 1, true}}},
    {"wide",
     wide_yaml,
     true,
     8,
     {{"Rhee", "meridia", 0, false},
      {"Voss", "kestria", 0, false},
      {"Maro", "velland", 0, false},
      {"Oram", "orland", 0, false},
      {"Diaz", "group", 0, false},
      {"Ilin", "kestria", 1, false},
      {"Sato", "meridia", 1, true},
      {"Tarn", "velland", 1, true}}},
};

const uint32_t shape_count = COUNT_OF(shapes);

const struct shape *shape_find(const char *name)
{
    for (uint32_t i = 0; i < shape_count; i++) {
        if (strcmp(shapes[i].name, name) == 0) {
            return &shapes[i];
        }
    }
    return NULL;
}
