/* SPDX-License-Identifier: Apache-2.0
 *
 * The text of a phase: text show, diff, import, export; draft, bracket, support, object, clean,
 * silence, adopt.
 */
#include "cli/command_list.h"
#include "cli/sit.h"
#include "os/file.h"
#include "os/program.h"

#define PHASE_OPTION                                                                               \
    {                                                                                              \
        "phase", OPT_VALUE, "ID", "of which phase; without it, the one that is open"               \
    }

/* ---- text show, text diff ---- */

static bool run_text_show(struct cli *cli, struct err *err)
{
    struct sitting s;
    bool ok = sit_down(cli, "look", &s, err) &&
              desk_text_show(s.desk, sit_value(cli, "phase"), sit_word(cli, 0), &s.say, err);
    sit_up(&s);
    return ok;
}

static const struct opt text_show_options[] = {PHASE_OPTION, SIT_OPTIONS};

const struct command cmd_text_show = {
    .name = "text show",
    .group = COMMAND_STANDS,
    .advanced = true,
    .help = "the text of a phase: articles, brackets, who supports what",
    .more = "What stands in brackets is not agreed: [-gone-] {+new+} as its side would have it.",
    .example = "entente text show",
    .spec = {.options = text_show_options,
             .option_count = COUNT_OF(text_show_options),
             .words = "[VERSION]",
             .words_max = 1},
    .run = run_text_show,
};

static bool run_text_diff(struct cli *cli, struct err *err)
{
    struct sitting s;
    bool ok = sit_down(cli, "look", &s, err) &&
              desk_text_diff(s.desk, sit_value(cli, "phase"), sit_word(cli, 0), sit_word(cli, 1),
                             cli->out->colour, &s.say, err);
    sit_up(&s);
    return ok;
}

static const struct opt text_diff_options[] = {PHASE_OPTION, SIT_OPTIONS};

const struct command cmd_text_diff = {
    .name = "text diff",
    .group = COMMAND_STANDS,
    .advanced = true,
    .help = "what changed between two versions of the text, word by word",
    .more = "Without versions: the newest and the one before; with one: from that to the newest.",
    .example = "entente text diff 1 3",
    .spec = {.options = text_diff_options,
             .option_count = COUNT_OF(text_diff_options),
             .words = "[FROM] [TO]",
             .words_max = 2},
    .run = run_text_diff,
};

/* ---- draft, text import ---- */

static bool file_draft(struct cli *cli, struct bytes markdown, struct err *err)
{
    struct sitting s;
    struct desk_draft n = {.markdown = markdown,
                           .name = opt_word(cli->opts, 0),
                           .phase = sit_value(cli, "phase"),
                           .words = sit_value(cli, "note"),
                           .keep = opt_has(cli->opts, "keep")};
    bool ok = sit_down(cli, "draft", &s, err) && desk_draft(s.desk, &n, &s.say, err);
    sit_up(&s);
    return ok;
}

static bool run_draft(struct cli *cli, struct err *err)
{
    struct bytes markdown;
    return file_read(opt_word(cli->opts, 0), DESK_TEXT_FILE_MAX, cli->mem, &markdown, err) &&
           file_draft(cli, markdown, err);
}

static bool ends_in(const char *file, const char *end)
{
    size_t n = strlen(file), k = strlen(end);
    return n > k && strcmp(file + n - k, end) == 0;
}

/* A word processor's file through pandoc, where that is on the machine: no shell, and nothing that a
 * file names is opened. */
static bool run_text_import(struct cli *cli, struct err *err)
{
    const char *file = opt_word(cli->opts, 0);
    const char *from = ends_in(file, ".docx") ? "docx" : ends_in(file, ".odt") ? "odt" : NULL;
    struct buf out;
    if (from == NULL) {
        return run_draft(cli, err);
    }
    /* A name that begins with - is no option. */
    const char *path = file[0] == '/' ? file : arena_printf(cli->mem, "./%s", file);
    const char *const argv[] = {"pandoc",     "--sandbox", "--from",   from, "--to",
                                "commonmark", "--wrap",    "preserve", path, NULL};
    if (path == NULL) {
        return err_memory(err, "a file's name");
    }
    buf_init(&out, DESK_TEXT_FILE_MAX);
    bool ok = file_kind(path) == FILE_REGULAR ||
              err_set(err, ERR_STATE, "there is no file %s", file);
    if (ok && !program_read(argv, &out, err)) {
        ok = err->code == ERR_STATE
                 ? err_mend(err, "install pandoc, or save the file as Markdown or plain text: "
                                 "entente draft FILE")
                 : err_at(err, "%s", file) ||
                       err_mend(err, "save it anew as .docx, or as Markdown");
    }
    ok = ok && file_draft(cli, buf_bytes(&out), err);
    buf_free(&out);
    return ok;
}

static const struct opt draft_options[] = {
    {"keep", OPT_FLAG, NULL, "articles that the file leaves out stay as they are"},
    {"note", OPT_VALUE, "TEXT", "words that go with it"},
    PHASE_OPTION,
    SIT_ANYWAY,
    SIT_OPTIONS,
};

const struct command cmd_draft = {
    .name = "draft",
    .group = COMMAND_ACTS,
    .advanced = true,
    .help = "put a new version of the text on the table, if you have the pen",
    .more = "The file is Markdown: each heading is an article, the words below it are its words. "
            "An article keeps its id where its title stays, or with {#id} behind the title.",
    .example = "entente draft text.md --note \"as discussed on Monday\"",
    .spec = {.options = draft_options,
             .option_count = COUNT_OF(draft_options),
             .words = "FILE",
             .words_min = 1,
             .words_max = 1},
    .run = run_draft,
};

const struct command cmd_text_import = {
    .name = "text import",
    .group = COMMAND_ACTS,
    .advanced = true,
    .help = "draft the text from a word processor's file, or from Markdown",
    .more = "A .docx or .odt file is read through pandoc, which must be on this machine. Its "
            "headings are the articles; changes that it tracks count as accepted.",
    .example = "entente text import treaty.docx",
    .spec = {.options = draft_options,
             .option_count = COUNT_OF(draft_options),
             .words = "FILE",
             .words_min = 1,
             .words_max = 1},
    .run = run_text_import,
};

/* ---- text export ---- */

static bool read_format(const struct cli *cli, enum desk_text_format *out, struct err *err)
{
    static const struct {
        const char *word;
        enum desk_text_format format;
    } rows[] = {
        {"md", DESK_MARKDOWN}, {"html", DESK_HTML}, {"akn", DESK_AKN}, {"redline", DESK_REDLINE}};
    const char *word = opt_value(cli->opts, "as");
    *out = DESK_MARKDOWN;
    for (size_t i = 0; word != NULL && i < COUNT_OF(rows); i++) {
        if (strcmp(word, rows[i].word) == 0) {
            *out = rows[i].format;
            word = NULL;
        }
    }
    return word == NULL || err_set(err, ERR_USE, "there is no format \"%s\"", word) ||
           err_mend(err, "--as md, html, akn (Akoma Ntoso) or redline");
}

static bool run_text_export(struct cli *cli, struct err *err)
{
    struct sitting s;
    struct buf out;
    enum desk_text_format format;
    const char *file = opt_word(cli->opts, 0);
    if (!read_format(cli, &format, err)) {
        return false;
    }
    if (format == DESK_REDLINE && !sit_needs(cli, "since", err)) {
        return false;
    }
    buf_init(&out, OUT_MAX);
    bool ok = sit_down(cli, "look", &s, err) &&
              desk_text_export(s.desk, sit_value(cli, "phase"), sit_value(cli, "version"),
                               sit_value(cli, "since"), format, &out, &s.say, err) &&
              buf_done(&out, "the file", err) && sit_write(cli, file, buf_bytes(&out), err);
    sit_up(&s);
    buf_free(&out);
    return ok;
}

static const struct opt text_export_options[] = {
    {"as", OPT_VALUE, "md|html|akn|redline",
     "Markdown (so without it), HTML, Akoma Ntoso XML, or "
     "what changed as HTML"},
    {"version", OPT_VALUE, "N", "without it, the newest"},
    {"since", OPT_VALUE, "N", "of a redline: the older version"},
    PHASE_OPTION,
    SIT_OPTIONS,
};

const struct command cmd_text_export = {
    .name = "text export",
    .group = COMMAND_ACTS,
    .advanced = true,
    .help = "write the text as a file: Markdown, HTML, Akoma Ntoso, or a redline",
    .more = "The Markdown can be changed and drafted again: entente draft.",
    .example = "entente text export text.md",
    .spec = {.options = text_export_options,
             .option_count = COUNT_OF(text_export_options),
             .words = "FILE",
             .words_min = 1,
             .words_max = 1},
    .run = run_text_export,
};

/* ---- bracket ---- */

static bool run_bracket(struct cli *cli, struct err *err)
{
    struct sitting s;
    struct desk_bracket n = {.article = sit_word(cli, 0),
                             .phase = sit_value(cli, "phase"),
                             .quote = sit_value(cli, "for"),
                             .title = sit_value(cli, "title"),
                             .after = sit_value(cli, "after"),
                             .reason = sit_value(cli, "reason")};
    if (opt_has(cli->opts, "strike")) {
        n.words = text_str("");
        if (sit_word(cli, 1).p != NULL) {
            return err_set(err, ERR_USE, "--strike puts no words in their place");
        }
    } else if (!sit_text(cli, 1, &n.words, err)) {
        return false;
    }
    bool ok = sit_down(cli, "bracket", &s, err) && desk_bracket(s.desk, &n, &s.say, err);
    sit_up(&s);
    return ok;
}

static const struct opt bracket_options[] = {
    {"for", OPT_VALUE, "WORDS",
     "in place of these words, which the article has once; without it, "
     "of all of it"},
    {"strike", OPT_FLAG, NULL, "those words go, and nothing takes their place"},
    {"title", OPT_VALUE, "TITLE", "of a new article"},
    {"after", OPT_VALUE, "ID", "the new article stands behind this one; without it, at the end"},
    {"reason", OPT_VALUE, "TEXT", "why"},
    {"file", OPT_VALUE, "FILE", "the words; - is standard input"},
    PHASE_OPTION,
    SIT_ANYWAY,
    SIT_OPTIONS,
};

const struct command cmd_bracket = {
    .name = "bracket",
    .group = COMMAND_ACTS,
    .advanced = true,
    .help = "put other words for an article into brackets",
    .more = "They stand beside the text, with who supports them, until all agree or the text "
            "moves on.",
    .example = "entente bracket guns \"five\" --for \"ten\"",
    .spec = {.options = bracket_options,
             .option_count = COUNT_OF(bracket_options),
             .words = "ARTICLE [WORDS]",
             .words_min = 1,
             .words_max = 2},
    .run = run_bracket,
};

/* ---- support, object ---- */

static bool stand(struct cli *cli, enum desk_stand how, struct err *err)
{
    struct sitting s;
    struct desk_list articles;
    if (!sit_list(cli, "article", &articles, err)) {
        return false;
    }
    bool ok = sit_down(cli, "stand", &s, err) &&
              desk_stand(s.desk, how, sit_word(cli, 0), articles, sit_value(cli, "phase"),
                         sit_value(cli, "reason"), &s.say, err);
    sit_up(&s);
    return ok;
}

static bool run_support(struct cli *cli, struct err *err)
{
    return stand(cli, DESK_SUPPORT, err);
}

static bool run_object(struct cli *cli, struct err *err)
{
    return sit_needs(cli, "reason", err) && stand(cli, DESK_OBJECT, err);
}

static const struct opt stand_options[] = {
    {"article", OPT_LIST, "ID", "this article alone; may be repeated"},
    {"reason", OPT_VALUE, "TEXT", "why"},
    PHASE_OPTION,
    SIT_ANYWAY,
    SIT_OPTIONS,
};

const struct command cmd_support = {
    .name = "support",
    .group = COMMAND_ACTS,
    .advanced = true,
    .help = "support a bracket, an article or a version of the text",
    .more = "It binds nobody. What is supported by every party can be cleaned. Support does not "
            "carry over to other words.",
    .example = "entente support B2",
    .spec = {.options = stand_options,
             .option_count = COUNT_OF(stand_options),
             .words = "[B1|VERSION]",
             .words_max = 1},
    .run = run_support,
};

const struct command cmd_object = {
    .name = "object",
    .group = COMMAND_ACTS,
    .advanced = true,
    .help = "object to a bracket, an article or a version of the text, with a reason",
    .more = "An objection without a reason is none. It breaks silence that was asked for.",
    .example = "entente object B2 --reason \"too near the road\"",
    .spec = {.options = stand_options,
             .option_count = COUNT_OF(stand_options),
             .words = "[B1|VERSION]",
             .words_max = 1},
    .run = run_object,
};

/* ---- clean, silence, adopt ---- */

static bool run_clean(struct cli *cli, struct err *err)
{
    struct sitting s;
    bool ok = sit_down(cli, "clean", &s, err) &&
              desk_clean(s.desk, sit_word(cli, 0), opt_has(cli->opts, "drop"),
                         sit_value(cli, "phase"), &s.say, err);
    sit_up(&s);
    return ok;
}

static const struct opt clean_options[] = {
    {"drop", OPT_FLAG, NULL, "the bracket goes, and the text stays as it is"},
    PHASE_OPTION,
    SIT_OPTIONS,
};

const struct command cmd_clean = {
    .name = "clean",
    .group = COMMAND_ACTS,
    .advanced = true,
    .help = "take a bracket into the text, or drop it, where all agree",
    .more = "Every party supports it, or silence on it is over. That makes a new version. Of a "
            "version: its wording is agreed, where silence on it is over.",
    .example = "entente clean B2",
    .spec = {.options = clean_options,
             .option_count = COUNT_OF(clean_options),
             .words = "B1|VERSION",
             .words_min = 1,
             .words_max = 1},
    .run = run_clean,
};

static bool run_silence(struct cli *cli, struct err *err)
{
    struct sitting s;
    bool ok = sit_down(cli, "silence", &s, err) &&
              desk_silence(s.desk, sit_word(cli, 0), sit_value(cli, "phase"),
                           sit_value(cli, "note"), &s.say, err);
    sit_up(&s);
    return ok;
}

static const struct opt silence_options[] = {
    {"note", OPT_VALUE, "TEXT", "words that go with it"},
    PHASE_OPTION,
    SIT_OPTIONS,
};

const struct command cmd_silence = {
    .name = "silence",
    .group = COMMAND_ACTS,
    .advanced = true,
    .help = "ask for silence on a bracket, or on the text's wording, if you have the pen",
    .more = "It runs for the charter's span once every party has filed something that has seen "
            "it. A reasoned objection breaks it. Wording alone is agreed so, never what binds.",
    .example = "entente silence B2",
    .spec = {.options = silence_options,
             .option_count = COUNT_OF(silence_options),
             .words = "B1|VERSION",
             .words_min = 1,
             .words_max = 1},
    .run = run_silence,
};

static bool run_adopt(struct cli *cli, struct err *err)
{
    struct sitting s;
    bool ok = sit_down(cli, "adopt", &s, err) &&
              desk_adopt(s.desk, sit_word(cli, 0), sit_value(cli, "phase"), &s.say, err);
    sit_up(&s);
    return ok;
}

static const struct opt adopt_options[] = {PHASE_OPTION, SIT_YES, SIT_OPTIONS};

const struct command cmd_adopt = {
    .name = "adopt",
    .group = COMMAND_ACTS,
    .advanced = true,
    .help = "adopt the newest version of the text for your side, word for word",
    .more = "No bracket may be open. Once every party has adopted it nobody changes it, and "
            "principals ratify it.",
    .example = "entente adopt 3",
    .spec = {.options = adopt_options,
             .option_count = COUNT_OF(adopt_options),
             .words = "[VERSION]",
             .words_max = 1},
    .run = run_adopt,
};
