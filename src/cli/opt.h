/* SPDX-License-Identifier: Apache-2.0
 *
 * The words of a command line: --name, --name value, --name=value, positional words, and -- after
 * which all is positional.  The value of an option begins with two dashes only in the form
 * --name=value: else a forgotten value would swallow the next option.  A command says which options it knows; a mistake is named (ERR_USE),
 * with the nearest known name as its mend.
 *
 * Words are checked to be UTF-8 text without control characters; they are borrowed from argv.
 */
#ifndef ENTENTE_CLI_OPT_H
#define ENTENTE_CLI_OPT_H

#include "base/text.h"

enum opt_kind {
    OPT_FLAG,  /* --yes */
    OPT_VALUE, /* --table NAME, once */
    OPT_LIST   /* --note TEXT, as often as you like */
};

struct opt {
    const char *name; /* without the dashes */
    enum opt_kind kind;
    const char *value; /* what the help calls its value; NULL for a flag */
    const char *help;
};

/* What a command takes. */
struct opt_spec {
    const struct opt *options;
    size_t option_count;
    const char *words; /* the positional ones, for the help: "FILE [NAME]" */
    size_t words_min;
    size_t words_max;
};

#define OPT_GIVEN_MAX 256u

struct opt_given {
    const struct opt *opt;
    const char *value; /* NULL for a flag */
};

struct opts {
    const struct opt_given *given;
    size_t given_count;
    const char *const *words;
    size_t word_count;
};

/* argv[0 .. argc) are the words behind the command's name. */
MUST_CHECK bool opt_parse(const struct opt_spec *spec, size_t argc, char *const *argv,
                          struct arena *mem, struct opts *out, struct err *err);

bool opt_has(const struct opts *o, const char *name);

/* The value, or NULL when it was not given. */
const char *opt_value(const struct opts *o, const char *name);

/* The i-th value of an OPT_LIST, or NULL. */
const char *opt_list(const struct opts *o, const char *name, size_t i);

/* The i-th positional word, or NULL. */
const char *opt_word(const struct opts *o, size_t i);

/* A whole number of an option, within [least, most]; `otherwise` when it was not given. */
MUST_CHECK bool opt_u64(const struct opts *o, const char *name, uint64_t otherwise, uint64_t least,
                        uint64_t most, uint64_t *out, struct err *err);

#endif
