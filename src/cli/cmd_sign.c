/* SPDX-License-Identifier: Apache-2.0
 *
 * What principals sign: ratify, sign charter, mandate, revoke; request ..., and sign on a machine
 * without a seat.
 */
#include "cli/command_list.h"
#include "cli/sit.h"
#include "os/file.h"

#define PAPER_MAX ((size_t)1 << 20)

#define SIGNED_OPTION                                                                              \
    {                                                                                              \
        "signed", OPT_VALUE, "FILE", "what the principal has signed elsewhere"                     \
    }

/* ---- ratify, sign charter ---- */

static bool run_ratify(struct cli *cli, struct err *err)
{
    struct sitting s;
    struct bytes paper;
    if (!sit_signed(cli, &paper, err)) {
        return false;
    }
    bool ok = sit_down(cli, "ratify", &s, err) &&
              desk_ratify(s.desk, sit_word(cli, 0), paper, &s.say, err);
    sit_up(&s);
    return ok;
}

static const struct opt sign_here_options[] = {SIGNED_OPTION, SIT_YES, SIT_OPTIONS};

const struct command cmd_ratify = {
    .name = "ratify",
    .group = COMMAND_ACTS,
    .advanced = true,
    .help = "the principal's binding word on a proposal",
    .more = "Names this very version. It binds your side once every party has ratified. Where the "
            "principal's key is elsewhere: entente request ratify.",
    .example = "entente ratify P3",
    .spec = {.options = sign_here_options,
             .option_count = COUNT_OF(sign_here_options),
             .words = "P1",
             .words_min = 1,
             .words_max = 1},
    .run = run_ratify,
};

static bool run_sign_charter(struct cli *cli, struct err *err)
{
    struct sitting s;
    struct bytes paper;
    if (!sit_signed(cli, &paper, err)) {
        return false;
    }
    bool ok = sit_down(cli, "sign", &s, err) && desk_sign_charter(s.desk, paper, &s.say, err);
    sit_up(&s);
    return ok;
}

const struct command cmd_sign_charter = {
    .name = "sign charter",
    .group = COMMAND_PEOPLE,
    .help = "sign the charter for your side, as its principal",
    .more = "Look first at who has joined: entente seat list. Whoever joins later needs every "
            "principal to sign once more.",
    .example = "entente sign charter",
    .spec = {.options = sign_here_options, .option_count = COUNT_OF(sign_here_options)},
    .run = run_sign_charter,
};

/* ---- mandate, revoke ---- */

#define MANDATE_OPTIONS                                                                            \
    {"powers", OPT_VALUE, "LIST",                                                                  \
     "of speak, propose, accept-ad-referendum, accept-binding, sound, disclose"},                  \
        {"issues", OPT_VALUE, "LIST", "over which issues; without it, all"},                       \
    {                                                                                              \
        "for", OPT_VALUE, "SPAN", "how long, as 21d"                                               \
    }

static bool read_mandate(struct cli *cli, struct desk_mandate *m, struct err *err)
{
    *m = (struct desk_mandate){.seat = sit_word(cli, 0),
                               .powers = sit_value(cli, "powers"),
                               .issues = sit_value(cli, "issues"),
                               .span = sit_value(cli, "for")};
    if (m->seat.p == NULL) {
        return err_set(err, ERR_USE, "say for whom: entente mandate SEAT");
    }
    return sit_needs(cli, "powers", err) && sit_needs(cli, "for", err) &&
           sit_list(cli, "limit", &m->limits, err);
}

static bool run_mandate(struct cli *cli, struct err *err)
{
    struct sitting s;
    struct bytes paper;
    struct desk_mandate m;
    if (!sit_signed(cli, &paper, err) || (paper.n == 0 && !read_mandate(cli, &m, err))) {
        return false;
    }
    bool ok = sit_down(cli, "mandate", &s, err) &&
              (paper.n > 0 ? desk_mandate_signed(s.desk, paper, &s.say, err)
                           : desk_mandate(s.desk, &m, &s.say, err));
    sit_up(&s);
    return ok;
}

static const struct opt mandate_options[] = {
    MANDATE_OPTIONS,
    {"limit", OPT_LIST, "ISSUE=OPTION|OPTION",
     "which options he may take; private; may be repeated"},
    SIGNED_OPTION,
    SIT_YES,
    SIT_OPTIONS,
};

const struct command cmd_mandate = {
    .name = "mandate",
    .group = COMMAND_PEOPLE,
    .advanced = true,
    .help = "what a seat of your side may do, signed by its principal",
    .more = "Powers, issues and expiry are open to the plenary; limits are sealed, read at home, "
            "and enforced at that seat's own desk.",
    .example = "entente mandate Ilin --powers speak,propose,accept-ad-referendum --for 21d",
    .spec = {.options = mandate_options,
             .option_count = COUNT_OF(mandate_options),
             .words = "[SEAT]",
             .words_max = 1},
    .run = run_mandate,
};

static bool run_revoke(struct cli *cli, struct err *err)
{
    struct sitting s;
    bool ok = sit_down(cli, "revoke", &s, err) &&
              desk_revoke(s.desk, sit_word(cli, 0), &s.say, err);
    sit_up(&s);
    return ok;
}

static const struct opt revoke_options[] = {SIT_YES, SIT_OPTIONS};

const struct command cmd_revoke = {
    .name = "revoke",
    .group = COMMAND_PEOPLE,
    .advanced = true,
    .help = "end a mandate of your side",
    .example = "entente revoke M2",
    .spec = {.options = revoke_options,
             .option_count = COUNT_OF(revoke_options),
             .words = "M1",
             .words_min = 1,
             .words_max = 1},
    .run = run_revoke,
};

/* ---- requests ---- */

enum asked { ASKED_RATIFY, ASKED_CHARTER, ASKED_MANDATE };

static bool request(struct cli *cli, enum asked what, struct err *err)
{
    struct sitting s;
    struct desk_mandate m = {0};
    struct buf paper;
    const char *file = opt_value(cli->opts, "out");
    if (!sit_needs(cli, "out", err) || (what == ASKED_MANDATE && !read_mandate(cli, &m, err))) {
        return false;
    }
    buf_init(&paper, PAPER_MAX);
    bool ok = sit_down(cli, "request", &s, err);
    switch (what) {
    case ASKED_RATIFY:
        ok = ok && desk_request_ratify(s.desk, sit_word(cli, 0), &paper, &s.say, err);
        break;
    case ASKED_CHARTER:
        ok = ok && desk_request_charter(s.desk, &paper, &s.say, err);
        break;
    case ASKED_MANDATE:
        ok = ok && desk_request_mandate(s.desk, &m, &paper, &s.say, err);
        break;
    }
    ok = ok && sit_write(cli, file, buf_bytes(&paper), err);
    sit_up(&s);
    buf_free(&paper);
    return ok;
}

#define OUT_OPTION                                                                                 \
    {                                                                                              \
        "out", OPT_VALUE, "FILE", "write it there, where nothing is yet"                           \
    }

static const struct opt request_options[] = {OUT_OPTION, SIT_OPTIONS};

static bool run_request_ratify(struct cli *cli, struct err *err)
{
    return request(cli, ASKED_RATIFY, err);
}

const struct command cmd_request_ratify = {
    .name = "request ratify",
    .group = COMMAND_PEOPLE,
    .advanced = true,
    .help = "a file for your principal to sign: the ratification of a proposal",
    .more = "The principal signs it on any machine with his key (entente sign), the file goes back "
            "by hand, and you post it: entente ratify P1 --signed FILE. It holds the proposal in "
            "clear: carry it like the proposal itself.",
    .example = "entente request ratify P3 --out p3.request",
    .spec = {.options = request_options,
             .option_count = COUNT_OF(request_options),
             .words = "P1",
             .words_min = 1,
             .words_max = 1},
    .run = run_request_ratify,
};

static bool run_request_charter(struct cli *cli, struct err *err)
{
    return request(cli, ASKED_CHARTER, err);
}

const struct command cmd_request_charter = {
    .name = "request charter",
    .group = COMMAND_PEOPLE,
    .advanced = true,
    .help = "a file for your principal to sign: the charter",
    .more = "It is posted with: entente sign charter --signed FILE",
    .example = "entente request charter --out charter.request",
    .spec = {.options = request_options, .option_count = COUNT_OF(request_options)},
    .run = run_request_charter,
};

static bool run_request_mandate(struct cli *cli, struct err *err)
{
    return request(cli, ASKED_MANDATE, err);
}

static const struct opt request_mandate_options[] = {MANDATE_OPTIONS, OUT_OPTION, SIT_OPTIONS};

const struct command cmd_request_mandate = {
    .name = "request mandate",
    .group = COMMAND_PEOPLE,
    .advanced = true,
    .help = "a file for your principal to sign: a mandate",
    .more = "It is posted with: entente mandate --signed FILE. Private limits need the principal's "
            "own seat.",
    .example = "entente request mandate Ilin --powers speak --for 21d --out mandate.request",
    .spec = {.options = request_mandate_options,
             .option_count = COUNT_OF(request_mandate_options),
             .words = "SEAT",
             .words_min = 1,
             .words_max = 1},
    .run = run_request_mandate,
};

/* ---- sign ---- */

static bool run_sign(struct cli *cli, struct err *err)
{
    struct chance chance = chance_real();
    struct desk_person who = sit_person(cli, &chance);
    struct desk_say say = sit_say(cli);
    struct bytes paper;
    struct buf signed_paper;
    const char *file = opt_word(cli->opts, 0);
    if (!sit_needs(cli, "key", err) || !sit_needs(cli, "out", err) ||
        !sit_read(cli, file, &paper, err)) {
        return false;
    }
    buf_init(&signed_paper, PAPER_MAX);
    bool ok = desk_sign(paper, file, opt_value(cli->opts, "key"), &who, &signed_paper, &say, err) &&
              sit_write(cli, opt_value(cli->opts, "out"), buf_bytes(&signed_paper), err);
    buf_free(&signed_paper);
    return ok;
}

static const struct opt sign_options[] = {
    {"key", OPT_VALUE, "KEYFILE", "the principal's key file"},
    OUT_OPTION,
    SIT_YES,
    ASK_OPTION,
    SIT_NO_INPUT,
};

const struct command cmd_sign = {
    .name = "sign",
    .group = COMMAND_PEOPLE,
    .help = "a principal's one signature, on any machine with the key",
    .more = "Shows what the file asks for in full, as it follows from what is signed and not from "
            "what the sender says; asks; signs; writes a file to hand back. No seat and no host is "
            "needed.",
    .example = "entente sign p3.request --key voss.key --out p3.signed",
    .spec = {.options = sign_options,
             .option_count = COUNT_OF(sign_options),
             .words = "FILE",
             .words_min = 1,
             .words_max = 1},
    .run = run_sign,
};
