/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/opt.h"

#include "base/fixed.h"
#include "cli/near.h"

/* Every command knows these. */
static const struct opt common[] = {
    {"json", OPT_FLAG, NULL, "the answer as one JSON object"},
    {"help", OPT_FLAG, NULL, "what this command does"},
};

struct parse {
    const struct opt_spec *spec;
    struct arena *mem;
    struct opt_given *given;
    size_t given_count;
    const char **words;
    size_t word_count;
    struct err *err;
};

static const struct opt *known_as(const struct opt_spec *spec, struct text name)
{
    for (size_t i = 0; i < spec->option_count; i++) {
        if (text_is(name, spec->options[i].name)) {
            return &spec->options[i];
        }
    }
    for (size_t i = 0; i < COUNT_OF(common); i++) {
        if (text_is(name, common[i].name)) {
            return &common[i];
        }
    }
    return NULL;
}

static bool unknown(struct parse *p, struct text name)
{
    const char *asked = arena_str(p->mem, text_bytes(name));
    if (asked == NULL) {
        return err_memory(p->err, "the command line");
    }
    (void)err_set(p->err, ERR_USE, "there is no option --%s here", asked);
    const char *best = NULL;
    unsigned best_distance = NEAR_FAR;
    for (size_t i = 0; i < p->spec->option_count + COUNT_OF(common); i++) {
        const char *other = i < p->spec->option_count ? p->spec->options[i].name
                                                      : common[i - p->spec->option_count].name;
        if (near_enough(asked, other) && near_distance(asked, other) < best_distance) {
            best = other;
            best_distance = near_distance(asked, other);
        }
    }
    return best == NULL ? err_mend(p->err, "add --help to see its options")
                        : err_mend(p->err, "did you mean --%s?", best);
}

/* One option; *next is the word behind it, taken (and set to NULL) when it is the value. */
static bool take_option(struct parse *p, const char *word, const char **next)
{
    struct text name = text_str(word + 2);
    const char *equals = strchr(word + 2, '=');
    const char *value = NULL;
    if (equals != NULL) {
        name.n = (size_t)(equals - (word + 2)); /* within the word */
        value = equals + 1;
    }
    const struct opt *opt = known_as(p->spec, name);
    if (opt == NULL) {
        return unknown(p, name);
    }
    if (opt->kind == OPT_FLAG && value != NULL) {
        return err_set(p->err, ERR_USE, "--%s takes no value", opt->name);
    }
    if (opt->kind != OPT_FLAG && value == NULL) {
        if (*next == NULL) {
            return err_set(p->err, ERR_USE, "--%s wants a value", opt->name) ||
                   err_mend(p->err, "write --%s %s", opt->name, opt->value);
        }
        if (strncmp(*next, "--", 2) == 0 || strcmp(*next, "-h") == 0) {
            return err_set(p->err, ERR_USE, "--%s wants a value, and \"%s\" is an option",
                           opt->name, *next) ||
                   err_mend(p->err,
                            "write --%s %s; a value that begins with dashes is written --%s=VALUE",
                            opt->name, opt->value, opt->name);
        }
        value = *next;
        *next = NULL;
    }
    for (size_t i = 0; i < p->given_count && opt->kind != OPT_LIST; i++) {
        if (p->given[i].opt == opt) {
            return err_set(p->err, ERR_USE, "--%s is given twice", opt->name);
        }
    }
    if (p->given_count == OPT_GIVEN_MAX) {
        return err_set(p->err, ERR_LIMIT, "there are more than %u options", OPT_GIVEN_MAX);
    }
    p->given[p->given_count++] = (struct opt_given){.opt = opt, .value = value};
    return true;
}

static bool take_words(struct parse *p, size_t argc, char *const *argv)
{
    bool only_words = false;
    for (size_t i = 0; i < argc; i++) {
        struct text ignored;
        if (!text_from(bytes_str(argv[i]), &ignored, p->err)) {
            p->err->code = ERR_USE;
            return err_at(p->err, "word %zu of the command line", i + 1);
        }
        if (!only_words && strcmp(argv[i], "--") == 0) {
            only_words = true;
        } else if (!only_words && strcmp(argv[i], "-h") == 0) { /* a habit of other programs */
            const char *nothing = NULL;
            if (!take_option(p, "--help", &nothing)) {
                return false;
            }
        } else if (!only_words && strncmp(argv[i], "--", 2) == 0) {
            const char *next = i + 1 < argc ? argv[i + 1] : NULL;
            bool had_next = next != NULL;
            if (next != NULL && !text_from(bytes_str(next), &ignored, p->err)) {
                p->err->code = ERR_USE;
                return err_at(p->err, "word %zu of the command line", i + 2);
            }
            if (!take_option(p, argv[i], &next)) {
                return false;
            }
            i += had_next && next == NULL ? 1 : 0;
        } else if (!only_words && argv[i][0] == '-' && argv[i][1] != 0 &&
                   !(argv[i][1] >= '0' && argv[i][1] <= '9')) {
            return err_set(p->err, ERR_USE, "options are written with two dashes: \"%s\"",
                           argv[i]) ||
                   err_mend(p->err, "write -- before a word that begins with a dash");
        } else {
            p->words[p->word_count++] = argv[i];
        }
    }
    return true;
}

bool opt_parse(const struct opt_spec *spec, size_t argc, char *const *argv, struct arena *mem,
               struct opts *out, struct err *err)
{
    struct parse p = {
        .spec = spec,
        .mem = mem,
        .given = ARENA_NEW(mem, struct opt_given, OPT_GIVEN_MAX),
        .words = ARENA_NEW(mem, const char *, argc),
        .err = err,
    };
    if (p.given == NULL || p.words == NULL) {
        return err_memory(err, "the command line");
    }
    if (!take_words(&p, argc, argv)) {
        return false;
    }
    struct opts got = {.given = p.given,
                       .given_count = p.given_count,
                       .words = p.words,
                       .word_count = p.word_count};
    if (!opt_has(&got, "help")) { /* who asks for help need not know what is missing */
        if (got.word_count > spec->words_max) {
            return err_set(err, ERR_USE, "\"%s\" is a word too many", p.words[spec->words_max]) ||
                   err_mend(err, spec->words_max == 0
                                     ? "it takes options alone, no words; --help shows them"
                                     : "put several words that belong together between quotes; "
                                       "--help shows what belongs here");
        }
        if (got.word_count < spec->words_min) {
            return err_set(err, ERR_USE, "this command wants %s", spec->words) ||
                   err_mend(err, "add --help to see how it is used");
        }
    }
    *out = got;
    return true;
}

bool opt_has(const struct opts *o, const char *name)
{
    for (size_t i = 0; i < o->given_count; i++) {
        if (strcmp(o->given[i].opt->name, name) == 0) {
            return true;
        }
    }
    return false;
}

const char *opt_list(const struct opts *o, const char *name, size_t i)
{
    for (size_t k = 0; k < o->given_count; k++) {
        if (strcmp(o->given[k].opt->name, name) == 0) {
            if (i == 0) {
                return o->given[k].value;
            }
            i--;
        }
    }
    return NULL;
}

const char *opt_value(const struct opts *o, const char *name)
{
    return opt_list(o, name, 0);
}

const char *opt_word(const struct opts *o, size_t i)
{
    return i < o->word_count ? o->words[i] : NULL;
}

bool opt_u64(const struct opts *o, const char *name, uint64_t otherwise, uint64_t least,
             uint64_t most, uint64_t *out, struct err *err)
{
    const char *value = opt_value(o, name);
    uint64_t v = otherwise;
    if (value != NULL && (!u64_parse(text_str(value), &v) || v < least || v > most)) {
        return err_set(err, ERR_USE, "--%s wants a number from %llu to %llu, not \"%s\"", name,
                       (unsigned long long)least, (unsigned long long)most, value);
    }
    *out = v;
    return true;
}
