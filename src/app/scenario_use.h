/* SPDX-License-Identifier: Apache-2.0
 *
 * Scenarios on disk: found, read, written.  What they mean is prefs', how they are written formats'.
 */
#ifndef ENTENTE_APP_SCENARIO_USE_H
#define ENTENTE_APP_SCENARIO_USE_H

#include "base/arena.h"
#include "base/text.h"

struct scenario;

/* One folder; or one file, which holds a whole scenario, or the domain of one whose profiles stand
 * beside it; or the files of one scenario, parties in their order.  Of a folder those files count
 * whose names end in .xml .json .yaml .yml .csv .tsv, by name.  Everything lives in mem. */
MUST_CHECK bool scenario_load(const char *const *paths, size_t count, struct arena *mem,
                              struct scenario *out, struct err *err);

/* The paths of one scenario, as scenario_load takes them. */
struct scenario_group {
    const char *const *paths;
    size_t count;
};

/* Folders and files of several scenarios, in their order: a folder is one, and so is a file that
 * holds a whole one.  Other files are one scenario together; but where several of them are issues
 * alone, those of a folder are, and where no profile is named, each is one with the profiles that
 * stand beside it.
 * A file that cannot be read is a scenario of its own, which scenario_load refuses, unless there are
 * parts of scenarios: it may be one of those, and is an error here. */
MUST_CHECK bool scenario_groups(const char *const *paths, size_t count, struct arena *mem,
                                struct scenario_group **out, size_t *out_count, struct err *err);

/* What a conversion did, for people. */
struct scenario_converted {
    struct text name;
    const char *from, *to; /* "GENIUS XML" */
    uint32_t parties, issues;
    struct text packages; /* "15625", "infinite" */
    bool exact;
    uint32_t note_count;
    const struct text *notes;
    size_t file_count;
    const char **files; /* written, with their folder */
};

/* Reads as scenario_load does and writes: one file of that name, or, for formats of several files, a
 * folder of that name, made where there is none.  to: a word such as "genius", or NULL where the
 * ending of `path` tells (.yaml, .csv).  Nothing that is there is written over. */
MUST_CHECK bool scenario_convert(const char *const *paths, size_t count, const char *path,
                                 const char *to, struct arena *mem, struct scenario_converted *out,
                                 struct err *err);

#endif
