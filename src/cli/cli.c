/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/cli.h"

#include "cli/command.h"
#include "os/region.h"
#include "os/stop.h"

/* Addresses that a command may use; pages come as they are touched. */
#define COMMAND_MEMORY ((size_t)4 << 30)

/* --json before it is known whether the rest makes sense: an error has to know how to speak. */
static enum out_mode mode_of(size_t argc, char *const *argv)
{
    for (size_t i = 0; i < argc; i++) {
        if (strcmp(argv[i], "--") == 0) {
            break;
        }
        if (strcmp(argv[i], "--json") == 0) {
            return OUT_JSON;
        }
    }
    return OUT_WORDS;
}

static bool run(size_t argc, char *const *argv, struct arena *mem, struct out *out, struct err *err)
{
    const struct command *command;
    size_t words;
    struct opts opts;
    if (!command_find(command_table(), argc, argv, &command, &words, err) ||
        !opt_parse(&command->spec, argc - words, argv + words, mem, &opts, err)) {
        return false;
    }
    if (opt_has(&opts, "help")) {
        command_describe(command, out);
        return true;
    }
    struct cli cli = {.mem = mem, .out = out, .opts = &opts, .clock = clock_real()};
    return command->run(&cli, err);
}

int cli_main(int argc, char **argv)
{
    static char help_word[] = "help", version_word[] = "version";
    size_t count = argc > 1 ? (size_t)argc - 1 : 0;
    char **words = argv + (argc > 0 ? 1 : 0);
    const enum out_mode mode = mode_of(count, words);
    while (count > 0 && strcmp(words[0], "--json") == 0) { /* it may stand in front */
        words++;
        count--;
    }
    /* Habits of other programs. */
    char *alone[] = {help_word};
    if (count == 0) {
        words = alone;
        count = 1;
    } else if (strcmp(words[0], "--help") == 0 || strcmp(words[0], "-h") == 0) {
        words[0] = help_word;
    } else if (strcmp(words[0], "--version") == 0) {
        words[0] = version_word;
    }
    struct out out;
    struct err err = {0};
    struct region region = {0};
    out_init(&out, mode);
    bool ok = stop_core_dumps(&err) && stop_on_signals(&err) &&
              region_init(&region, REGION_SECRET, COMMAND_MEMORY, &err) &&
              run(count, words, &region.mem, &out, &err) && out_finish(&out, &err);
    if (!ok) {
        out_error(&out, &err);
    }
    region_free(&region);
    out_free(&out);
    return ok ? 0 : err_exit_status(err.code);
}
