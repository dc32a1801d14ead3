/* SPDX-License-Identifier: Apache-2.0
 *
 * Plays the sample negotiation to its published record, for tests from outside (cli/check.py).
 *
 *     lake_excerpt FOLDER BUNDLE EXCERPT
 */
#include "lib/test.h"

#include "app/bundle.h"
#include "app/publish.h"
#include "app/sync.h"
#include "lib/chance.h"
#include "lib/lake.h"

static void must(bool ok, const struct err *err)
{
    if (!ok) {
        fail_msg("%s (%s)", err->what, err->where);
    }
}

int main(int argc, char **argv)
{
    if (argc != 4) {
        return 2;
    }
    struct prop rnd;
    struct clock clock;
    struct lake_seat s;
    struct err err = {0};
    struct sync_report report;
    struct bundle_facts facts;
    struct published done;
    prop_init_seed(&rnd, 6);
    struct chance chance = chance_seeded(&rnd);
    lake_play(argv[1], &chance, &clock);
    lake_open(argv[1], "meridia-rhee", &clock, &chance, &s);
    uint64_t acts[3] = {lake_find(&s, KIND_PROPOSE, "plenary", 0),
                        lake_find(&s, KIND_VERIFY, "monitors", 0),
                        lake_find(&s, KIND_RATIFY, "plenary", 0)};
    lake_close(&s);
    static const char *const who[] = {"meridia-rhee", "kestria-voss", "velland-maro", "group-diaz"};
    for (size_t i = 0; i < COUNT_OF(who); i++) {
        lake_open(argv[1], who[i], &clock, &chance, &s);
        lake_consent(&s, i == 3 ? "monitors" : "plenary", acts, 3);
        lake_close(&s);
    }
    lake_open(argv[1], "meridia-rhee", &clock, &chance, &s);
    must(sync_replica(&s.replica, &report, &err) && sync_take(&s.replica, &err) &&
             bundle_out(&s.replica, argv[2], &facts, &err) &&
             publish_excerpt(&s.replica, acts, 3, argv[3], &done, &err),
         &err);
    lake_close(&s);
    return 0;
}
