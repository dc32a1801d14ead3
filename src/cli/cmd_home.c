/* SPDX-License-Identifier: Apache-2.0
 *
 * At home: debrief, memo new, memo show, memo print, decide, request decide, decisions.
 */
#include "cli/command_list.h"
#include "cli/sit.h"
#include "os/file.h"

#define PAGE_MAX ((size_t)4 << 20)
#define PAPER_MAX ((size_t)2 << 20)
#define RECOMMEND_MOST 16u

/* ---- debrief ---- */

static bool add_line(struct cli *cli, const char *how, const char *words, struct text *items,
                     uint32_t *count, struct err *err)
{
    const char *line = arena_printf(cli->mem, "%s: %s", how, words);
    if (line == NULL) {
        return err_memory(err, "a debrief");
    }
    items[(*count)++] = text_str(line);
    return true;
}

/* The lines of a file, each as it stands there. */
static bool lines_of(struct text all, struct text *items, uint32_t *count, struct err *err)
{
    while (all.n > 0) {
        const char *end = memchr(all.p, '\n', all.n);
        size_t n = end == NULL ? all.n : (size_t)(end - all.p);
        if (n > 0 && *count == 2 * OPT_GIVEN_MAX) {
            return err_set(err, ERR_LIMIT, "the file has more lines than a debrief may have");
        }
        if (n > 0) {
            items[(*count)++] = (struct text){.p = all.p, .n = n};
        }
        size_t past = end == NULL ? n : n + 1;
        all = (struct text){.p = all.p + past, .n = all.n - past};
    }
    return true;
}

static bool run_debrief(struct cli *cli, struct err *err)
{
    static const char *const hows[] = {"heard", "read", "guess"};
    struct sitting s;
    struct desk_list about;
    struct text file, *items = ARENA_NEW(cli->mem, struct text, 2 * OPT_GIVEN_MAX);
    uint32_t n = 0;
    if (items == NULL) {
        return err_memory(err, "a debrief");
    }
    for (size_t h = 0; h < COUNT_OF(hows); h++) {
        const char *words;
        for (size_t i = 0; i < OPT_GIVEN_MAX && (words = opt_list(cli->opts, hows[h], i)) != NULL;
             i++) {
            if (!add_line(cli, hows[h], words, items, &n, err)) {
                return false;
            }
        }
    }
    if (opt_has(cli->opts, "file") &&
        (!sit_text(cli, 0, &file, err) || !lines_of(file, items, &n, err))) {
        return false;
    }
    bool ok = sit_list(cli, "cite", &about, err) && sit_down(cli, "debrief", &s, err);
    if (!ok) {
        return false;
    }
    ok = desk_debrief(s.desk, (struct desk_list){items, n}, about, &s.say, err);
    sit_up(&s);
    return ok;
}

#define CITE_OPTION                                                                                \
    {                                                                                              \
        "cite", OPT_LIST, "ACT", "an act that it rests on; may be repeated"                        \
    }

static const struct opt debrief_options[] = {
    {"heard", OPT_LIST, "TEXT", "what somebody told you; may be repeated"},
    {"read", OPT_LIST, "TEXT", "what you have read; may be repeated"},
    {"guess", OPT_LIST, "TEXT", "what you think yourself; may be repeated"},
    {"file", OPT_VALUE, "FILE", "lines that begin with heard:, read: or guess:"},
    CITE_OPTION,
    SIT_OPTIONS,
};

const struct command cmd_debrief = {
    .name = "debrief",
    .group = COMMAND_ACTS,
    .advanced = true,
    .help = "an envoy's report to home: heard, read, or guessed",
    .more = "Each line says how you know it, so that nobody at home takes a guess for a fact. Your "
            "own delegation alone reads it. A line may say whose words it has and who may hear "
            "them: [velland, carry], [velland, hint], [velland, keep]. See: entente carry",
    .example = "entente debrief --heard \"They would take one bank.\" --guess \"Not before "
               "Monday.\"",
    .spec = {.options = debrief_options, .option_count = COUNT_OF(debrief_options)},
    .run = run_debrief,
};

/* ---- memo ---- */

static bool run_memo_new(struct cli *cli, struct err *err)
{
    struct sitting s;
    uint64_t recommend;
    struct desk_memo m = {.because = sit_value(cli, "because")};
    if (!opt_u64(cli->opts, "recommend", 0, 1, RECOMMEND_MOST, &recommend, err) ||
        !sit_list(cli, "option", &m.options, err) || !sit_list(cli, "cite", &m.about, err) ||
        !sit_text(cli, 0, &m.situation, err)) {
        return false;
    }
    m.recommend = (uint32_t)recommend;
    bool ok = sit_down(cli, "memo", &s, err) && desk_memo(s.desk, &m, &s.say, err);
    sit_up(&s);
    return ok;
}

static const struct opt memo_options[] = {
    {"option", OPT_LIST, "OPTION | LEADS TO | HOW SURE",
     "OPTION is accept, counter, wait, consult, lever or leave, and what it is about; HOW SURE is "
     "sure, likely or open; may be repeated"},
    {"recommend", OPT_VALUE, "N", "which option, counted from 1"},
    {"because", OPT_VALUE, "TEXT", "why that one"},
    CITE_OPTION,
    {"file", OPT_VALUE, "FILE", "where things stand, from a file"},
    SIT_OPTIONS,
};

const struct command cmd_memo_new = {
    .name = "memo new",
    .group = COMMAND_ACTS,
    .advanced = true,
    .help = "options for your principal, on one page, at home",
    .more = "TEXT says where things stand. Each option says what it likely leads to, for whom, and "
            "how sure that is. Your own delegation alone reads it.",
    .example = "entente memo new \"P1 is met in part.\" --option \"counter P2 | both points close "
               "| "
               "likely\" --option \"wait | nothing moves | open\" --recommend 1",
    .spec = {.options = memo_options,
             .option_count = COUNT_OF(memo_options),
             .words = "[TEXT]",
             .words_max = 1},
    .run = run_memo_new,
};

static bool run_memo_show(struct cli *cli, struct err *err)
{
    struct sitting s;
    bool ok = sit_down(cli, "memo", &s, err) &&
              desk_memo_show(s.desk, sit_word(cli, 0), NULL, &s.say, err);
    sit_up(&s);
    return ok;
}

static const struct opt plain_options[] = {SIT_OPTIONS};

const struct command cmd_memo_show = {
    .name = "memo show",
    .group = COMMAND_ACTS,
    .advanced = true,
    .help = "the newest memo at home, or that of an act, and what was decided on it",
    .example = "entente memo show",
    .spec = {.options = plain_options,
             .option_count = COUNT_OF(plain_options),
             .words = "[ACT]",
             .words_max = 1},
    .run = run_memo_show,
};

static bool run_memo_print(struct cli *cli, struct err *err)
{
    struct sitting s;
    struct buf page;
    const char *file = opt_value(cli->opts, "html");
    buf_init(&page, PAGE_MAX);
    bool ok = sit_down(cli, "memo", &s, err) &&
              desk_memo_show(s.desk, sit_word(cli, 0), file == NULL ? NULL : &page, &s.say, err) &&
              (file == NULL || sit_write(cli, file, buf_bytes(&page), err));
    sit_up(&s);
    buf_free(&page);
    return ok;
}

static const struct opt print_options[] = {
    {"html", OPT_VALUE, "FILE", "as a page for a browser, without scripts, where nothing is yet"},
    SIT_OPTIONS,
};

const struct command cmd_memo_print = {
    .name = "memo print",
    .group = COMMAND_ACTS,
    .advanced = true,
    .help = "the same as one page to print",
    .more = "It is in clear: carry it like the memo itself.",
    .example = "entente memo print --html memo.html",
    .spec = {.options = print_options,
             .option_count = COUNT_OF(print_options),
             .words = "[ACT]",
             .words_max = 1},
    .run = run_memo_print,
};

/* ---- decide ---- */

static bool read_decision(struct cli *cli, struct desk_decision *n, struct err *err)
{
    *n = (struct desk_decision){.memo = sit_value(cli, "memo"), .review = sit_value(cli, "review")};
    return sit_list(cli, "order", &n->orders, err) && sit_text(cli, 0, &n->words, err);
}

static bool run_decide(struct cli *cli, struct err *err)
{
    struct sitting s;
    struct bytes paper;
    struct desk_decision n;
    if (!sit_signed(cli, &paper, err) || (paper.n == 0 && !read_decision(cli, &n, err))) {
        return false;
    }
    bool ok = sit_down(cli, "decide", &s, err) &&
              (paper.n > 0 ? desk_decide_signed(s.desk, paper, &s.say, err)
                           : desk_decide(s.desk, &n, &s.say, err));
    sit_up(&s);
    return ok;
}

#define DECIDE_OPTIONS                                                                             \
    {"memo", OPT_VALUE, "ACT", "the memo that it rests on, or none; without it the newest"},       \
        {"order", OPT_LIST, "ORDER",                                                               \
         "accept, counter, wait, consult, hold, ready, apply, release or leave, and what; may be " \
         "repeated"},                                                                              \
        {"review", OPT_VALUE, "WHEN", "when it is looked at again: a date, or a span"},            \
    {                                                                                              \
        "file", OPT_VALUE, "FILE", "the words, from a file"                                        \
    }

static const struct opt decide_options[] = {
    DECIDE_OPTIONS,
    {"signed", OPT_VALUE, "FILE", "what the principal has signed elsewhere"},
    SIT_YES,
    SIT_OPTIONS,
};

const struct command cmd_decide = {
    .name = "decide",
    .group = COMMAND_ACTS,
    .help = "the principal's decision, at home, by name D1 and on",
    .more = "Signed with the principal's key, read by your own delegation alone. What follows from "
            "it names it by its seal (--follows D1): the others see that there is a decision, and "
            "not what it says. Where the principal's key is elsewhere: entente request decide.",
    .example = "entente decide \"Counter with P2. Hold the freight cap.\" --order \"counter P2\" "
               "--order \"hold freight-cap\" --review 5d",
    .spec = {.options = decide_options,
             .option_count = COUNT_OF(decide_options),
             .words = "[TEXT]",
             .words_max = 1},
    .run = run_decide,
};

static bool run_request_decide(struct cli *cli, struct err *err)
{
    struct sitting s;
    struct desk_decision n;
    struct buf paper;
    if (!sit_needs(cli, "out", err) || !read_decision(cli, &n, err)) {
        return false;
    }
    buf_init(&paper, PAPER_MAX);
    bool ok = sit_down(cli, "request", &s, err) &&
              desk_request_decide(s.desk, &n, &paper, &s.say, err) &&
              sit_write(cli, opt_value(cli->opts, "out"), buf_bytes(&paper), err);
    sit_up(&s);
    buf_free(&paper);
    return ok;
}

static const struct opt request_options[] = {
    DECIDE_OPTIONS,
    {"out", OPT_VALUE, "FILE", "write it there, where nothing is yet"},
    SIT_OPTIONS,
};

const struct command cmd_request_decide = {
    .name = "request decide",
    .group = COMMAND_PEOPLE,
    .advanced = true,
    .help = "a file for your principal to sign: a decision on a memo",
    .more = "It holds the memo in clear: carry it like the memo itself. It is posted with: entente "
            "decide --signed FILE",
    .example = "entente request decide \"Counter with P2.\" --order \"counter P2\" --out "
               "d1.request",
    .spec = {.options = request_options,
             .option_count = COUNT_OF(request_options),
             .words = "[TEXT]",
             .words_max = 1},
    .run = run_request_decide,
};

static bool run_decisions(struct cli *cli, struct err *err)
{
    struct sitting s;
    bool ok = sit_down(cli, "look", &s, err) && desk_decisions(s.desk, &s.say, err);
    sit_up(&s);
    return ok;
}

const struct command cmd_decisions = {
    .name = "decisions",
    .group = COMMAND_STANDS,
    .advanced = true,
    .help = "what your principal has decided, and when it is looked at again",
    .example = "entente decisions",
    .spec = {.options = plain_options, .option_count = COUNT_OF(plain_options)},
    .run = run_decisions,
};
