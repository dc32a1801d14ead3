/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/command.h"

#include "cli/command_list.h"
#include "cli/near.h"

#define COLUMN_HELP 22u

struct command_table command_table(void)
{
#define COMMAND_ADDRESS(name) &cmd_##name,
    static const struct command *const all[] = {COMMAND_LIST(COMMAND_ADDRESS)};
#undef COMMAND_ADDRESS
    return (struct command_table){.all = all, .count = COUNT_OF(all)};
}

/* How many of the words, two at most, are the whole of this name; 0 = they are not. */
static size_t words_of(const char *name, size_t argc, char *const *argv)
{
    const char *blank = strchr(name, ' ');
    if (argc >= 1 && strcmp(argv[0], name) == 0) {
        return 1; /* a name of two words may stand between quotes */
    }
    if (blank == NULL) {
        return 0;
    }
    size_t first = (size_t)(blank - name);
    bool same = argc >= 2 && strlen(argv[0]) == first && strncmp(argv[0], name, first) == 0 &&
                strcmp(argv[1], blank + 1) == 0;
    return same ? 2 : 0;
}

/* Does a two-word name begin with this word? */
static bool begins_with(const char *name, const char *word)
{
    size_t n = strlen(word);
    return strncmp(name, word, n) == 0 && name[n] == ' ';
}

/* "table" alone, or with an unknown second word: names those that there are. */
static bool missing_second(struct command_table table, size_t argc, char *const *argv,
                           struct err *err)
{
    const char *word = argv[0];
    struct text second;
    char text[200];
    struct buf names;
    buf_over(&names, text, sizeof(text));
    for (size_t i = 0; i < table.count; i++) {
        if (begins_with(table.all[i]->name, word)) {
            buf_printf(&names, "%s%s", names.n > 0 ? ", " : "", table.all[i]->name);
        }
    }
    if (names.n == 0) {
        return true;
    }
    if (argc > 1 && argv[1][0] != '-' && text_from(bytes_str(argv[1]), &second, err)) {
        (void)err_set(err, ERR_USE, "there is no command \"%s %.64s\"", word, argv[1]);
    } else {
        (void)err_set(err, ERR_USE, "\"%s\" wants a second word", word);
    }
    return err_mend(err, "choose of: %s", buf_str(&names));
}

bool command_find(struct command_table table, size_t argc, char *const *argv,
                  const struct command **out, size_t *words, struct err *err)
{
    const struct command *found = NULL;
    size_t taken = 0;
    for (size_t i = 0; i < table.count; i++) {
        size_t n = words_of(table.all[i]->name, argc, argv);
        if (n > taken) {
            found = table.all[i];
            taken = n;
        }
    }
    if (found != NULL) {
        *out = found;
        *words = taken;
        return true;
    }
    struct text shown;
    if (argc == 0) {
        return err_set(err, ERR_USE, "a command is missing") || err_mend(err, "entente help");
    }
    if (!text_from(bytes_str(argv[0]), &shown, err)) {
        err->code = ERR_USE;
        return false;
    }
    if (!missing_second(table, argc, argv, err)) {
        return false;
    }
    (void)err_set(err, ERR_USE, "there is no command \"%.64s\"", argv[0]);
    for (size_t i = 0; i < table.count; i++) {
        if (near_enough(argv[0], table.all[i]->name)) {
            return err_mend(err, "did you mean \"%s\"? entente help lists all", table.all[i]->name);
        }
    }
    return err_mend(err, "entente help lists all");
}

const char *command_group_title(enum command_group group)
{
#define COMMAND_TITLE(name, title)                                                                 \
    case name:                                                                                     \
        return title;
    switch (group) {
        COMMAND_GROUPS(COMMAND_TITLE)
    }
#undef COMMAND_TITLE
    return "";
}

static void describe_json(const struct command *command, struct json *j)
{
    json_put_key(j, "name");
    json_put_str(j, command->name);
    json_put_key(j, "help");
    json_put_str(j, command->help);
    json_put_key(j, "more");
    json_put_str(j, command->more == NULL ? "" : command->more);
    json_put_key(j, "words");
    json_put_str(j, command->spec.words == NULL ? "" : command->spec.words);
    json_put_key(j, "example");
    json_put_str(j, command->example);
    json_put_key(j, "options");
    json_put_array(j);
    for (size_t i = 0; i < command->spec.option_count; i++) {
        const struct opt *opt = &command->spec.options[i];
        json_put_object(j);
        json_put_key(j, "name");
        json_put_str(j, opt->name);
        json_put_key(j, "value");
        json_put_str(j, opt->value == NULL ? "" : opt->value);
        json_put_key(j, "help");
        json_put_str(j, opt->help);
        json_put_end(j);
    }
    json_put_end(j);
}

void command_describe(const struct command *command, struct out *out)
{
    if (out_is_json(out)) {
        describe_json(command, &out->json);
        return;
    }
    const struct opt_spec *spec = &command->spec;
    out_styled(out, OUT_BOLD, "entente ");
    out_styled(out, OUT_BOLD, command->name);
    out_printf(out, "%s%s%s\n\n", spec->words == NULL ? "" : " ",
               spec->words == NULL ? "" : spec->words, spec->option_count > 0 ? " [options]" : "");
    out_wrapped(out, 0, command->help);
    if (command->more != NULL) {
        out_printf(out, "\n");
        out_wrapped(out, 0, command->more);
    }
    out_printf(out, "\nAs: %s\n\n", command->example);
    for (size_t i = 0; i < spec->option_count; i++) {
        const struct opt *opt = &spec->options[i];
        const char *value = opt->value == NULL ? "" : opt->value;
        out_printf(out, "  --%s%s%s", opt->name, value[0] == 0 ? "" : " ", value);
        /* Two blanks behind what is too long for its column, none more. */
        if (strlen(opt->name) + strlen(value) + 7 > COLUMN_HELP) {
            out_printf(out, "\n");
        }
        out_wrapped(out, COLUMN_HELP, opt->help);
    }
    out_printf(out, "  --json");
    out_wrapped(out, COLUMN_HELP, "the answer as one JSON object");
}
