/* SPDX-License-Identifier: Apache-2.0
 *
 * Deeds: promise, report, verify, lapse, incident, assess; gate open, park, consent.
 */
#include "cli/command_list.h"
#include "cli/sit.h"

/* ---- promise ---- */

static bool run_promise(struct cli *cli, struct err *err)
{
    struct sitting s;
    struct desk_promise p = {.deed = sit_word(cli, 0),
                             .what = sit_value(cli, "what"),
                             .how = sit_value(cli, "how"),
                             .by = sit_value(cli, "by"),
                             .after = sit_value(cli, "after")};
    if (!sit_needs(cli, "what", err) || !sit_needs(cli, "by", err)) {
        return false;
    }
    bool ok = sit_down(cli, "promise", &s, err) && desk_promise(s.desk, &p, &s.say, err);
    sit_up(&s);
    return ok;
}

static const struct opt promise_options[] = {
    {"what", OPT_VALUE, "TEXT", "what will be done"},
    {"how", OPT_VALUE, "TEXT", "how it will be seen to be done"},
    {"by", OPT_VALUE, "WHEN", "until when: \"2026-03-09 18:00\" (UTC), or a span from now: 48h"},
    {"after", OPT_VALUE, "DEED", "a deed that must be verified first"},
    SIT_ANYWAY,
    SIT_YES,
    SIT_OPTIONS,
};

const struct command cmd_promise = {
    .name = "promise",
    .group = COMMAND_ACTS,
    .help = "promise a deed of the charter, by an hour, to be verified by others",
    .example = "entente promise kestria-guns --what \"six batteries 10 km back\" --by 48h",
    .spec = {.options = promise_options,
             .option_count = COUNT_OF(promise_options),
             .words = "DEED",
             .words_min = 1,
             .words_max = 1},
    .run = run_promise,
};

/* ---- report, verify, lapse ---- */

static bool run_report(struct cli *cli, struct err *err)
{
    struct sitting s;
    struct desk_list evidence;
    if (!sit_list(cli, "evidence", &evidence, err)) {
        return false;
    }
    bool ok = sit_down(cli, "report", &s, err) &&
              desk_report(s.desk, sit_word(cli, 0), sit_word(cli, 1), evidence,
                          sit_value(cli, "text"), &s.say, err);
    sit_up(&s);
    return ok;
}

static const struct opt report_options[] = {
    {"evidence", OPT_LIST, "FILE", "its name, size and digest go along, not the file; repeatable"},
    {"text", OPT_VALUE, "TEXT", "a word about it"},
    SIT_ANYWAY,
    SIT_OPTIONS,
};

const struct command cmd_report = {
    .name = "report",
    .group = COMMAND_ACTS,
    .help = "report a deed of your side: done, partly, not-done",
    .more = "A report is what your side says. It counts when the verifier has found the same.",
    .example = "entente report kestria-guns done --evidence photos.zip",
    .spec = {.options = report_options,
             .option_count = COUNT_OF(report_options),
             .words = "DEED done|partly|not-done",
             .words_min = 2,
             .words_max = 2},
    .run = run_report,
};

static bool run_verify(struct cli *cli, struct err *err)
{
    struct sitting s;
    bool ok = sit_down(cli, "verify", &s, err) &&
              desk_verify(s.desk, sit_word(cli, 0), sit_word(cli, 1), opt_has(cli->opts, "dispute"),
                          sit_value(cli, "text"), &s.say, err);
    sit_up(&s);
    return ok;
}

static const struct opt verify_options[] = {
    {"dispute", OPT_FLAG, NULL, "as the charter's arbiter: decides the dispute about it"},
    {"text", OPT_VALUE, "TEXT", "a word about it"},
    SIT_OPTIONS,
};

const struct command cmd_verify = {
    .name = "verify",
    .group = COMMAND_ACTS,
    .help = "say what you found of a deed: done, partly, not-done",
    .more = "For the deed's verifier: no side verifies itself. (Records are checked: entente "
            "check.)",
    .example = "entente verify kestria-guns done --text \"seen on site\"",
    .spec = {.options = verify_options,
             .option_count = COUNT_OF(verify_options),
             .words = "DEED done|partly|not-done",
             .words_min = 2,
             .words_max = 2},
    .run = run_verify,
};

static bool run_lapse(struct cli *cli, struct err *err)
{
    struct sitting s;
    bool ok = sit_down(cli, "lapse", &s, err) && desk_lapse(s.desk, sit_word(cli, 0), &s.say, err);
    sit_up(&s);
    return ok;
}

static const struct opt plain_options[] = {SIT_OPTIONS};

const struct command cmd_lapse = {
    .name = "lapse",
    .group = COMMAND_ACTS,
    .advanced = true,
    .help = "note that a promise's hour has surely passed",
    .example = "entente lapse kestria-guns",
    .spec = {.options = plain_options,
             .option_count = COUNT_OF(plain_options),
             .words = "DEED",
             .words_min = 1,
             .words_max = 1},
    .run = run_lapse,
};

/* ---- incident, assess ---- */

static bool run_incident(struct cli *cli, struct err *err)
{
    struct sitting s;
    struct desk_incident i = {.when = sit_value(cli, "when"), .by = sit_value(cli, "by")};
    if (!sit_needs(cli, "when", err) || !sit_list(cli, "evidence-act", &i.cited, err) ||
        !sit_list(cli, "evidence", &i.evidence, err) || !sit_text(cli, 0, &i.words, err)) {
        return false;
    }
    bool ok = sit_down(cli, "incident", &s, err) && desk_incident(s.desk, &i, &s.say, err);
    sit_up(&s);
    return ok;
}

static const struct opt incident_options[] = {
    {"when", OPT_VALUE, "WHEN",
     "when it happened: \"2026-03-09 06:00\" (UTC), or how long ago: 2h"},
    {"by", OPT_VALUE, "SIDE", "from which side, as you see it"},
    {"evidence-act", OPT_LIST, "ACT", "a report, verification, document or incident; repeatable"},
    {"evidence", OPT_LIST, "FILE", "its name, size and digest go along, not the file; repeatable"},
    {"file", OPT_VALUE, "FILE", "the words, from a file"},
    SIT_ANYWAY,
    SIT_OPTIONS,
};

const struct command cmd_incident = {
    .name = "incident",
    .group = COMMAND_ACTS,
    .advanced = true,
    .help = "report that something happened",
    .more = "It changes nothing but the reports that wait, until a monitor has assessed it.",
    .example = "entente incident \"Fire from the other bank\" --when 2h --by velland",
    .spec = {.options = incident_options,
             .option_count = COUNT_OF(incident_options),
             .words = "[TEXT]",
             .words_max = 1},
    .run = run_incident,
};

static bool run_assess(struct cli *cli, struct err *err)
{
    struct sitting s;
    bool ok = sit_down(cli, "assess", &s, err) &&
              desk_assess(s.desk, sit_word(cli, 0), sit_word(cli, 1), sit_value(cli, "by"),
                          sit_value(cli, "when"), opt_has(cli->opts, "serious"),
                          sit_value(cli, "text"), &s.say, err);
    sit_up(&s);
    return ok;
}

static const struct opt assess_options[] = {
    {"serious", OPT_FLAG, NULL, "it weighs as serious in the tension; else as minor"},
    {"by", OPT_VALUE, "SIDE", "from which side, as you found"},
    {"when", OPT_VALUE, "WHEN", "when it happened, as you found; else as it was reported"},
    {"text", OPT_VALUE, "TEXT", "a word about it"},
    SIT_OPTIONS,
};

const struct command cmd_assess = {
    .name = "assess",
    .group = COMMAND_ACTS,
    .advanced = true,
    .help = "a monitor's finding on an incident: verified, not-verified",
    .more = "Name it as I1, or by its act's number: entente moves shows what waits for you.",
    .example = "entente assess I1 verified --by velland",
    .spec = {.options = assess_options,
             .option_count = COUNT_OF(assess_options),
             .words = "I1|ACT verified|not-verified",
             .words_min = 2,
             .words_max = 2},
    .run = run_assess,
};

/* ---- gate open, park, consent ---- */

static bool run_gate_open(struct cli *cli, struct err *err)
{
    struct sitting s;
    bool ok = sit_down(cli, "gate", &s, err) &&
              desk_open_gate(s.desk, sit_word(cli, 0), &s.say, err);
    sit_up(&s);
    return ok;
}

static const struct opt binding_options[] = {SIT_YES, SIT_OPTIONS};

const struct command cmd_gate_open = {
    .name = "gate open",
    .group = COMMAND_ACTS,
    .advanced = true,
    .help = "open a phase's gate, once all its conditions hold",
    .more = "Anyone at the plenary may; every replica judges it alike. What is open stays open.",
    .example = "entente gate open ceasefire",
    .spec = {.options = binding_options,
             .option_count = COUNT_OF(binding_options),
             .words = "PHASE",
             .words_min = 1,
             .words_max = 1},
    .run = run_gate_open,
};

static bool run_park(struct cli *cli, struct err *err)
{
    struct sitting s;
    bool ok = sit_down(cli, "park", &s, err) &&
              desk_park(s.desk, sit_word(cli, 0), sit_word(cli, 1), &s.say, err);
    sit_up(&s);
    return ok;
}

const struct command cmd_park = {
    .name = "park",
    .group = COMMAND_ACTS,
    .advanced = true,
    .help = "park a title, and no more, for a phase that is still closed",
    .example = "entente park security guarantees",
    .spec = {.options = plain_options,
             .option_count = COUNT_OF(plain_options),
             .words = "PHASE TITLE",
             .words_min = 2,
             .words_max = 2},
    .run = run_park,
};

static bool run_consent(struct cli *cli, struct err *err)
{
    struct sitting s;
    struct desk_list acts;
    if (!sit_words(cli, 0, &acts, err)) {
        return false;
    }
    bool ok = sit_down(cli, "consent", &s, err) && desk_consent(s.desk, acts, &s.say, err);
    sit_up(&s);
    return ok;
}

const struct command cmd_consent = {
    .name = "consent",
    .group = COMMAND_ACTS,
    .advanced = true,
    .help = "your side's consent to publish these acts",
    .example = "entente consent 85 91",
    .spec = {.options = binding_options,
             .option_count = COUNT_OF(binding_options),
             .words = "ACT...",
             .words_min = 1,
             .words_max = 64},
    .run = run_consent,
};
