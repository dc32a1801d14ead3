/* SPDX-License-Identifier: Apache-2.0
 *
 * analyse: frontier, fair packages and the zone of agreement of scenario files.
 */
#include "app/analyse.h"
#include "base/fixed.h"
#include "app/scenario_use.h"
#include "cli/command_list.h"
#include "os/file.h"
#include "os/stop.h"
#include "os/tty.h"

enum { PATHS_MAX = 1024, TOP_MAX = 1000000, SECONDS_MAX = 86400 };

struct runs {
    struct cli *cli;
    struct analyse_plan plan;
    uint32_t svg_x;
    uint32_t svg_y;
    bool first;
    const char *name; /* of the scenario at work, where there are several */
};

static void progress(void *ctx, const char *what)
{
    const struct runs *r = ctx;
    out_note("%s%sstill %s; Ctrl-C ends it early", r->name == NULL ? "" : r->name,
             r->name == NULL ? "" : ": ", what);
}

static bool write_file(const char *path, const struct buf *content, struct err *err)
{
    return file_replace(path, FILE_SECRET, buf_bytes(content), err);
}

/* --svg and --certificate of one scenario. */
static bool write_files(struct runs *r, const struct analysed *a, struct err *err)
{
    const char *svg = opt_value(r->cli->opts, "svg");
    const char *certificate = opt_value(r->cli->opts, "certificate");
    struct buf b;
    bool good = true;
    buf_init(&b, OUT_MAX);
    if (svg != NULL) {
        good = analysed_svg(a, r->svg_x, r->svg_y, &b, err) && write_file(svg, &b, err);
    }
    buf_clear(&b);
    if (good && certificate != NULL) {
        good = analysed_certificate(a, &b, err) && write_file(certificate, &b, err);
    }
    buf_free(&b);
    return good;
}

/* A line for each scenario: the object that is open ends, and another begins. */
static void next_object(struct out *out)
{
    json_put_end(&out->json);
    json_done(&out->json);
    buf_add_u8(&out->answer, '\n');
    json_init(&out->json, &out->answer);
    json_put_object(&out->json);
    json_put_key(&out->json, "v");
    json_put_u64(&out->json, 1);
}

static bool run_one(struct runs *r, const char *const *paths, size_t count, struct err *err)
{
    struct out *out = r->cli->out;
    struct analysed *a;
    if (!stop_check(err) || !analyse(paths, count, &r->plan, &a, err)) {
        return false;
    }
    if (out_is_json(out)) {
        if (!r->first) {
            next_object(out);
        }
        analysed_json(a, &out->json);
    } else if (opt_has(r->cli->opts, "csv")) {
        buf_add_str(&out->answer, r->first ? "" : "\n");
        analysed_csv(a, &out->answer);
    } else {
        bool plain = opt_has(r->cli->opts, "ascii");
        out_printf(out, "%s", r->first ? "" : "\n");
        analysed_words(a, plain ? ANALYSE_ASCII : ANALYSE_UNICODE, out->width, &out->answer);
    }
    r->first = false;
    bool good = write_files(r, a, err);
    analysed_free(a);
    return good;
}

/* One of several scenarios failed: words at once, in JSON a line in the place of its answer. */
static void tell_failure(struct runs *r, const struct err *why)
{
    struct out *out = r->cli->out;
    out_error_note(why);
    if (out_is_json(out)) {
        if (!r->first) {
            next_object(out);
        }
        json_put_key(&out->json, "name");
        json_put_str(&out->json, r->name);
        json_put_err(&out->json, why);
        r->first = false;
    }
}

/* What failed is told and left behind; once all others are answered, that is the end. */
static bool run_several(struct runs *r, const struct scenario_group *groups, size_t count,
                        struct err *err)
{
    size_t failed = 0;
    enum err_code code = ERR_FORMAT;
    for (size_t i = 0; i < count; i++) {
        struct err why = {0};
        if (i > 0 && stop_asked()) {
            out_note("stopped: %zu of %zu scenarios are answered", i - failed, count);
            break;
        }
        r->name = groups[i].paths[0];
        if (!run_one(r, groups[i].paths, groups[i].count, &why)) {
            code = failed == 0 ? why.code : code;
            failed++;
            tell_failure(r, &why);
        }
    }
    if (failed == 0) {
        return true;
    }
    return out_finish(r->cli->out, err) &&
           (err_set(err, code, "%zu of %zu scenarios could not be analysed", failed, count) ||
            err_mend(err, "see above; the others are answered"));
}

/* "1,2" */
static bool read_parties(struct runs *r, struct err *err)
{
    const char *v = opt_value(r->cli->opts, "svg-parties");
    uint64_t x = 1;
    uint64_t y = 2;
    if (v != NULL) {
        size_t comma = strcspn(v, ",");
        struct text left = {.p = v, .n = comma};
        struct text right = text_str(v[comma] == ',' ? v + comma + 1 : "");
        if (!u64_parse(left, &x) || !u64_parse(right, &y) || x < 1 || y < 1 || x > 64 || y > 64) {
            return err_set(err, ERR_USE, "--svg-parties wants two places, as 1,3");
        }
    }
    r->svg_x = (uint32_t)x - 1;
    r->svg_y = (uint32_t)y - 1;
    return true;
}

/* --budget-time: "10", "0.25" */
static bool read_seconds(struct runs *r, struct err *err)
{
    const char *v = opt_value(r->cli->opts, "budget-time");
    int64_t ms = ANALYSE_MILLISECONDS_DEFAULT;
    if (v != NULL) {
        struct err why = {0};
        if (!fixed_parse(text_str(v), 3, &ms, &why) || ms < 1 || ms > SECONDS_MAX * 1000) {
            return err_set(err, ERR_USE, "--budget-time wants 0.001 to %d seconds, not \"%s\"",
                           SECONDS_MAX, v);
        }
    }
    r->plan.milliseconds = (uint64_t)ms;
    return true;
}

static bool read_plan(struct runs *r, struct err *err)
{
    const struct opts *o = r->cli->opts;
    uint64_t top;
    if (!opt_u64(o, "top", ANALYSE_TOP_DEFAULT, 1, TOP_MAX, &top, err) || !read_seconds(r, err) ||
        !opt_u64(o, "budget-memory", ANALYSE_MEGABYTES_DEFAULT, 1, ANALYSE_MEGABYTES_MAX,
                 &r->plan.megabytes, err) ||
        !read_parties(r, err)) {
        return false;
    }
    r->plan.top = (uint32_t)top;
    r->plan.all = opt_has(o, "all");
    r->plan.lotteries = opt_has(o, "lotteries");
    r->plan.from = opt_value(o, "from");
    r->plan.progress = progress;
    if (opt_has(o, "csv") && out_is_json(r->cli->out)) {
        return err_set(err, ERR_USE, "--csv and --json are two answers; choose one");
    }
    return true;
}

static bool run_analyse(struct cli *cli, struct err *err)
{
    struct runs r = {.cli = cli, .first = true};
    struct scenario_group *groups;
    size_t count;
    const struct opts *o = cli->opts;
    if (!read_plan(&r, err) ||
        !scenario_groups(o->words, o->word_count, cli->mem, &groups, &count, err)) {
        return false;
    }
    if (count > 1 && (opt_has(o, "svg") || opt_has(o, "certificate") || opt_has(o, "from"))) {
        return err_set(err, ERR_USE, "--svg, --certificate and --from are for one scenario") ||
               err_mend(err, "call it once for each");
    }
    r.plan.ctx = &r;
    return count > 1 ? run_several(&r, groups, count, err)
                     : run_one(&r, groups[0].paths, groups[0].count, err);
}

static const struct opt options[] = {
    {"all", OPT_FLAG, NULL, "the whole frontier, also what is worse than no deal for somebody"},
    {"top", OPT_VALUE, "N", "how many points and ties the page shows (10)"},
    {"from", OPT_VALUE, "PACKAGE",
     "\"issue=option, issue=option\": what would hurt nobody and help somebody"},
    {"lotteries", OPT_FLAG, NULL, "also mixes of packages by chance"},
    {"csv", OPT_FLAG, NULL, "the frontier as a table"},
    {"svg", OPT_VALUE, "FILE", "a drawing of the frontier"},
    {"svg-parties", OPT_VALUE, "X,Y", "the two parties of the drawing (1,2)"},
    {"certificate", OPT_VALUE, "FILE", "the proof, for tools/check_certificate.py"},
    {"ascii", OPT_FLAG, NULL, "the plot in plain letters"},
    {"budget-time", OPT_VALUE, "SECONDS", "for each scenario (10); also 0.25"},
    {"budget-memory", OPT_VALUE, "MB", "for the frontier (1024)"},
};

const struct command cmd_analyse = {
    .name = "analyse",
    .group = COMMAND_ANALYSE,
    .help = "what agreements are possible, and which are fair",
    .more = "SCENARIO is a folder, or the files of one scenario: GENIUS XML, GeniusWeb, NegMAS, "
            "NegoLog, a CSV score sheet, or entente's own YAML. Several scenarios give an answer "
            "each, and one that fails does not keep the others. Nothing leaves this machine.\n"
            "The answer is exact unless it says otherwise; when the budget ends, it says what is "
            "proven so far.",
    .example = "entente analyse examples/scenarios/ceasefire.yaml",
    .spec = {.options = options,
             .option_count = COUNT_OF(options),
             .words = "SCENARIO...",
             .words_min = 1,
             .words_max = PATHS_MAX},
    .run = run_analyse,
};
