/* SPDX-License-Identifier: Apache-2.0
 *
 * Scenarios from and to the files that people have: GENIUS, GeniusWeb, NegMAS, NegoLog, CSV score
 * sheets, and entente's own YAML (docs/SCENARIOS.md).  The files come as bytes; app reads them.
 */
#ifndef ENTENTE_FORMATS_SCENARIO_H
#define ENTENTE_FORMATS_SCENARIO_H

#include "base/buf.h"
#include "prefs/scenario.h"

#define SCENARIO_FILE_MAX 33554432u /* bytes of one file */
#define SCENARIO_FILES_MAX 128u

struct scenario_file {
    const char *name; /* as errors show it; its last part names a party where nothing else does */
    struct bytes bytes;
};

/* Recognises the format and reads all files together, parties in the order of their files: one
 * domain and a file for each party, or all in one file.  Files that are no part of a scenario (a pareto.xml of points, a
 * specs.json) are left aside.  name: of the folder or file, for a scenario that has none itself.
 * The scenario has passed scenario_check; all lives in mem.  Failures say file, line and mend. */
MUST_CHECK bool scenario_read(const struct scenario_file *files, size_t count, const char *name,
                              struct arena *mem, struct scenario *out, struct err *err);

/* What a file is by itself: nothing of a scenario; a whole one; issues alone, so that its profiles
 * stand in files beside it; or one party's preferences. */
enum scenario_part { SCENARIO_PART_NONE, SCENARIO_WHOLE, SCENARIO_DOMAIN, SCENARIO_PROFILE };

MUST_CHECK bool scenario_part(const struct scenario_file *file, struct arena *mem,
                              enum scenario_part *out, struct err *err);

/* What scenario_write makes: one file, or a domain and a file for each party. */
struct scenario_out {
    struct text name; /* "ceasefire.xml"; no folder */
    struct buf bytes;
};

/* At most party_count + 2 files into out (the caller's, zeroed, SCENARIO_FILES_MAX of them), names in
 * mem.  ERR_RULE where the format cannot say what the scenario says: what, and which format can.
 * On failure too the caller frees each buf. */
MUST_CHECK bool scenario_write(const struct scenario *s, enum scenario_format format,
                               struct arena *mem, struct scenario_out *out, size_t *out_count,
                               struct err *err);

#endif
