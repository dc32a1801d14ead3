/* SPDX-License-Identifier: Apache-2.0
 *
 * check, compare, log, bundle out, bundle in, publish, policy, proof: the record, for its seats and
 * for outsiders.
 */
#include "app/record.h"
#include "base/fixed.h"
#include "cli/ask.h"
#include "cli/command_list.h"
#include "cli/sit.h"

static struct record_ask ask_record(struct cli *cli, const struct keys_ask *keys)
{
    const char *dir = ".";
    struct err untold = {0}; /* where nobody's folder is known, the record asks for this one */
    if (!sit_folder(cli, &dir, &untold)) {
        dir = ".";
    }
    return (struct record_ask){.dir = dir,
                               .keys = keys,
                               .clock = &cli->clock,
                               .mem = cli->mem,
                               .json = out_is_json(cli->out) ? &cli->out->json : NULL,
                               .out = &cli->out->answer};
}

static bool act_number(const char *word, uint64_t *out, struct err *err)
{
    return u64_parse(text_str(word), out) ||
           err_set(err, ERR_USE, "an act has a number, as entente log shows it");
}

static bool run_check(struct cli *cli, struct err *err)
{
    struct record_ask ask = ask_record(cli, NULL);
    const char *path = opt_word(cli->opts, 0);
    return record_check(&ask, path == NULL ? "." : path, err);
}

const struct command cmd_check = {
    .name = "check",
    .group = COMMAND_RECORD,
    .help = "is this record or excerpt authentic?",
    .more = "PATH is an excerpt (*.entente), a bundle, a fraud proof, or a seat's folder; without "
            "it, the folder you stand in. Needs no key. Everything is checked again from its "
            "bytes; exit status 4, and the act's number, where something does not hold.",
    .example = "entente check agreement.entente",
    .spec = {.words = "[PATH]", .words_min = 0, .words_max = 1},
    .run = run_check,
};

static bool run_compare(struct cli *cli, struct err *err)
{
    struct record_ask ask = ask_record(cli, NULL);
    return record_compare(&ask, opt_word(cli->opts, 0), opt_value(cli->opts, "out"), err);
}

static const struct opt compare_options[] = {
    {"out", OPT_VALUE, "FILE", "write the proof, where nothing is yet, if somebody lied"},
    SIT_DIR,
};

const struct command cmd_compare = {
    .name = "compare",
    .group = COMMAND_RECORD,
    .help = "does another side hold the same record, and if not, who lied?",
    .more = "BUNDLE is the other side's record (entente bundle out); without it, what your host "
            "was caught at before is told. Where the two cannot both be true, the host that signed "
            "both and every witness that countersigned both are named, and the proof is a file "
            "that anybody can check.",
    .example = "entente compare kestria.bundle --out fraud-proof",
    .spec = {.options = compare_options,
             .option_count = COUNT_OF(compare_options),
             .words = "[BUNDLE]",
             .words_min = 0,
             .words_max = 1},
    .run = run_compare,
};

static bool run_log(struct cli *cli, struct err *err)
{
    struct keys_ask keys = ask_of(cli);
    struct record_ask ask = ask_record(cli, &keys);
    uint64_t from, to;
    return opt_u64(cli->opts, "from", 0, 0, UINT64_MAX, &from, err) &&
           opt_u64(cli->opts, "to", UINT64_MAX, 0, UINT64_MAX, &to, err) &&
           record_log(&ask, from, to, err);
}

static const struct opt log_options[] = {
    {"from", OPT_VALUE, "N", "begin with this act"},
    {"to", OPT_VALUE, "N", "end before this act"},
    SIT_DIR,
    ASK_OPTION,
};

const struct command cmd_log = {
    .name = "log",
    .group = COMMAND_RECORD,
    .help = "the acts of the record, one a line",
    .example = "entente log --from 40",
    .spec = {.options = log_options, .option_count = COUNT_OF(log_options)},
    .run = run_log,
};

static bool run_bundle_out(struct cli *cli, struct err *err)
{
    struct record_ask ask = ask_record(cli, NULL);
    return record_bundle_out(&ask, opt_word(cli->opts, 0), err);
}

static const struct opt bundle_out_options[] = {
    SIT_DIR,
};

const struct command cmd_bundle_out = {
    .name = "bundle out",
    .group = COMMAND_RECORD,
    .help = "the whole record in one file",
    .more = "What is sealed stays sealed in it. The same record gives the same bytes, whoever "
            "writes it.",
    .example = "entente bundle out lake.bundle",
    .spec = {.options = bundle_out_options,
             .option_count = COUNT_OF(bundle_out_options),
             .words = "FILE",
             .words_min = 1,
             .words_max = 1},
    .run = run_bundle_out,
};

static bool run_bundle_in(struct cli *cli, struct err *err)
{
    struct keys_ask keys = ask_of(cli);
    struct record_ask ask = ask_record(cli, &keys);
    return record_bundle_in(&ask, opt_word(cli->opts, 0), opt_has(cli->opts, "instead"), err);
}

static const struct opt bundle_in_options[] = {
    {"instead", OPT_FLAG, NULL, "in place of what you hold, where a lying host has signed both"},
    SIT_DIR,
    ASK_OPTION,
};

const struct command cmd_bundle_in = {
    .name = "bundle in",
    .group = COMMAND_RECORD,
    .help = "take in what a bundle has and this seat lacks",
    .more = "Every act is checked as if it came from the host. With --instead, your own record "
            "gives way where the two contradict each other, but for what every side had "
            "countersigned: the sides agree which one to go on from, at a new host (table move).",
    .example = "entente bundle in lake.bundle",
    .spec = {.options = bundle_in_options,
             .option_count = COUNT_OF(bundle_in_options),
             .words = "FILE",
             .words_min = 1,
             .words_max = 1},
    .run = run_bundle_in,
};

static bool run_publish(struct cli *cli, struct err *err)
{
    struct keys_ask keys = ask_of(cli);
    struct record_ask ask = ask_record(cli, &keys);
    const char *path = opt_value(cli->opts, "out");
    uint64_t *acts = ARENA_NEW(cli->mem, uint64_t, OPT_GIVEN_MAX);
    size_t count = 0;
    if (acts == NULL) {
        return err_memory(err, "the acts");
    }
    for (const char *word; (word = opt_list(cli->opts, "act", count)) != NULL; count++) {
        if (!act_number(word, &acts[count], err)) { /* at most OPT_GIVEN_MAX were given */
            return false;
        }
    }
    if (path == NULL || count == 0) {
        return err_set(err, ERR_USE,
                       path == NULL ? "say where to: --out FILE"
                                    : "say which acts: --act N, once for each");
    }
    return record_publish(&ask, acts, count, path, err);
}

static const struct opt publish_options[] = {
    {"act", OPT_LIST, "N", "an act to show, by its number; once for each"},
    {"out", OPT_VALUE, "FILE", "the excerpt, where nothing is yet (*.entente)"},
    SIT_DIR,
    ASK_OPTION,
};

const struct command cmd_publish = {
    .name = "publish",
    .group = COMMAND_RECORD,
    .help = "write acts for outsiders, with what proves them",
    .more = "Every delegation that sits in the room of an act must have agreed to publish that "
            "act. Whoever gets the file can read these acts, and no others.",
    .example = "entente publish --act 85 --act 91 --out agreement.entente",
    .spec = {.options = publish_options, .option_count = COUNT_OF(publish_options)},
    .run = run_publish,
};

static bool run_policy(struct cli *cli, struct err *err)
{
    struct record_ask ask = ask_record(cli, NULL);
    return record_policy(&ask, err);
}

static const struct opt policy_options[] = {
    SIT_DIR,
};

const struct command cmd_policy = {
    .name = "policy",
    .group = COMMAND_RECORD,
    .advanced = true,
    .help = "whose signatures make the record final, as a tlog-policy",
    .example = "entente policy",
    .spec = {.options = policy_options, .option_count = COUNT_OF(policy_options)},
    .run = run_policy,
};

static bool run_proof(struct cli *cli, struct err *err)
{
    struct record_ask ask = ask_record(cli, NULL);
    uint64_t act;
    return act_number(opt_word(cli->opts, 0), &act, err) && record_proof(&ask, act, err);
}

static const struct opt proof_options[] = {
    SIT_DIR,
};

const struct command cmd_proof = {
    .name = "proof",
    .group = COMMAND_RECORD,
    .advanced = true,
    .help = "that an act stands in the record, as a tlog-proof",
    .example = "entente proof 85",
    .spec = {.options = proof_options,
             .option_count = COUNT_OF(proof_options),
             .words = "N",
             .words_min = 1,
             .words_max = 1},
    .run = run_proof,
};
