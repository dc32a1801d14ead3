/* SPDX-License-Identifier: Apache-2.0
 *
 * The analysis in words, as JSON and as CSV.
 */
#include "app/analyse_priv.h"
#include "app/prose.h"
#include "base/check.h"

#include <stdio.h>

/* Of a value between the lines' ends, on a page: beyond those of the issue. */
enum { MORE_DECIMALS = 2 };

static const struct rule_words words_of[BARGAIN_RULES] = {
    {"nash", "fair-gain package", "Nash", "the largest product of what each gains over no deal",
     'F'},
    {"kalai_smorodinsky", "equal-share-of-hopes", "Kalai-Smorodinsky",
     "each gets the same share of the most it may hope for, as far as that goes", 'H'},
    {"egalitarian", "best-for-the-worst-off", "egalitarian",
     "the smallest gain is as large as it can be", 'W'},
    {"utilitarian", "most-value", "utilitarian", "the largest sum of gains", 'V'},
};

const struct rule_words *rule_words(enum bargain_rule rule)
{
    return &words_of[rule];
}

void worth_format(int64_t units, int64_t one, unsigned decimals, char out[static WORTH_TEXT_MAX])
{
    bool minus = units < 0;
    wide n = minus ? (wide)(-(wide_signed)units) : (wide)units;
    wide scale = 1;
    char digits[WORTH_TEXT_MAX];
    for (unsigned i = 0; i < decimals; i++) {
        scale *= 10;
    }
    /* units are below 2^62 and 10^12 below 2^40: no overflow. */
    uint64_t unit = (uint64_t)one; /* at least 1 */
    wide v = (n * scale * 2 + unit) / ((wide)unit * 2);
    uint64_t whole = (uint64_t)(v / scale);
    uint64_t part = (uint64_t)(v % scale);
    int used = decimals == 0
                   ? snprintf(digits, sizeof(digits), "%llu", (unsigned long long)whole)
                   : snprintf(digits, sizeof(digits), "%llu.%0*llu", (unsigned long long)whole,
                              (int)decimals, (unsigned long long)part);
    size_t end = used > 0 ? (size_t)used : 0;
    while (decimals > 0 && end > 0 && digits[end - 1] == '0') {
        end--;
    }
    if (decimals > 0 && end > 0 && digits[end - 1] == '.') {
        end--;
    }
    digits[end] = '\0';
    bool nothing = strcmp(digits, "0") == 0;
    (void)snprintf(out, WORTH_TEXT_MAX, "%s%.40s", minus && !nothing ? "-" : "", digits);
}

void worth_json(struct json *j, int64_t units, int64_t one)
{
    wide_signed v = (wide_signed)units * INT64_C(1000000000000) * 2;
    wide_signed half = v < 0 ? -(wide_signed)one : (wide_signed)one;
    v = (v + half) / (2 * (wide_signed)one);
    if (v <= INT64_MAX && v >= -INT64_MAX) {
        json_put_fixed(j, (int64_t)v, 12);
    } else {
        json_put_fixed(j, (int64_t)(v / INT64_C(1000000000000)), 0);
    }
}

struct text option_words(const struct analysed *a, uint32_t issue, uint32_t option,
                         struct arena *mem)
{
    return domain_value_words(&a->scenario.domain.issues[issue],
                              convert_value(&a->c, issue, option), mem);
}

void point_package(const struct analysed *a, size_t point, uint32_t *out)
{
    if (a->how == ANALYSED_BOUND) {
        memcpy(out, a->bound[a->frontier.number[point]].package,
               a->c.problem.issues * sizeof(*out));
    } else if (a->how == ANALYSED_LINES) {
        lines_options(a, point, out);
    } else {
        frontier_package(&a->frontier, point, out);
    }
}

uint32_t point_rules(const struct analysed *a, size_t point)
{
    uint32_t rules = 0;
    for (uint32_t r = 0; r < BARGAIN_RULES; r++) {
        for (size_t i = 0; i < a->rule[r].count; i++) {
            rules |= a->rule[r].point[i] == point ? UINT32_C(1) << r : 0;
        }
    }
    return rules;
}

static struct text value_of(struct small_text *s, const struct analysed *a, uint32_t issue,
                            uint32_t option)
{
    memset(s->room, 0, sizeof(s->room));
    arena_init(&s->mem, s->room, sizeof(s->room));
    return option_words(a, issue, option, &s->mem);
}

struct text point_value(struct small_text *s, const struct analysed *a, size_t point,
                        uint32_t issue, uint32_t option, unsigned more)
{
    if (a->how != ANALYSED_LINES) {
        return value_of(s, a, issue, option);
    }
    memset(s->room, 0, sizeof(s->room));
    arena_init(&s->mem, s->room, sizeof(s->room));
    return lines_value(a, point, issue, more, &s->mem);
}

/* ---- JSON ---- */

static void json_worths(struct json *j, const struct analysed *a, const int64_t *u)
{
    json_put_array(j);
    for (uint32_t k = 0; k < a->c.problem.parties; k++) {
        worth_json(j, u[k], a->c.problem.unit[k]);
    }
    json_put_end(j);
}

/* Of a point of the frontier; or, with SIZE_MAX, any package. */
static void json_package(struct json *j, const struct analysed *a, size_t point,
                         const uint32_t *package)
{
    struct small_text s;
    struct buf key;
    buf_init(&key, 4096);
    json_put_object(j);
    for (uint32_t i = 0; i < a->c.problem.issues; i++) {
        buf_clear(&key);
        buf_add(&key, text_bytes(a->scenario.domain.issues[i].name));
        json_put_key(j, buf_str(&key));
        json_put_text(j, point == SIZE_MAX
                             ? value_of(&s, a, i, package[i])
                             : point_value(&s, a, point, i, package[i], DOMAIN_DECIMALS_MAX));
    }
    json_put_end(j);
    buf_free(&key);
}

static void json_point(struct json *j, const struct analysed *a, size_t point)
{
    uint32_t package[PROBLEM_ISSUES_MAX];
    point_package(a, point, package);
    json_put_object(j);
    json_put_key(j, "u");
    json_worths(j, a, a->frontier.u + point * a->c.problem.parties);
    json_put_key(j, "package");
    json_package(j, a, point, package);
    if (a->how != ANALYSED_LINES) {
        json_put_key(j, "ties");
        json_put_u64(j, a->frontier.ties[point]);
    } else if (a->lines->limit[point]) {
        json_put_key(j, "limit");
        json_put_bool(j, true);
    }
    json_put_end(j);
}

static void json_double(struct json *j, double v)
{
    /* Shares and promises: 12 decimals are more than they are known to. */
    json_put_fixed(j, v > 9e6 || v < -9e6 ? 0 : (int64_t)(v * 1e12 + (v < 0 ? -0.5 : 0.5)), 12);
}

static void json_zone(struct json *j, const struct analysed *a)
{
    struct small_text s;
    memset(s.room, 0, sizeof(s.room));
    arena_init(&s.mem, s.room, sizeof(s.room));
    json_put_object(j);
    json_put_key(j, "exists");
    if (a->zone_known) {
        json_put_bool(j, a->zone_exists);
    } else {
        json_put_null(j);
    }
    const char *low = big_text(&a->zone.low, &s.mem);
    const char *high = big_text(&a->zone.high, &s.mem);
    if (domain_has_real(&a->scenario.domain)) {
        if (a->zone_known && !a->zone_exists) {
            json_put_key(j, "count");
            json_put_str(j, "0");
        } else {
            json_put_key(j, "interval");
            json_put_array(j);
            json_put_str(j, a->zone_exists ? "1" : "0");
            json_put_str(j, "infinite");
            json_put_end(j);
        }
    } else if (low != NULL && high != NULL && big_cmp(&a->zone.low, &a->zone.high) == 0) {
        json_put_key(j, "count");
        json_put_str(j, low);
    } else {
        json_put_key(j, "interval");
        json_put_array(j);
        json_put_str(j, low != NULL ? low : "0");
        json_put_str(j, high != NULL ? high : "?");
        json_put_end(j);
    }
    json_put_end(j);
}

/* What the mix of a rule comes to on average, for a party, as it sees utilities. */
static double many_average(const struct analysed *a, enum bargain_rule rule, uint32_t party)
{
    const struct mix *m = &a->many[rule];
    double sum = 0;
    for (size_t i = 0; i < m->count; i++) {
        sum += m->chance[i] * (double)a->frontier.u[m->point[i] * a->c.problem.parties + party];
    }
    return sum / (double)a->c.problem.unit[party];
}

/* Three parties and more. */
static void json_many(struct json *j, const struct analysed *a)
{
    json_put_key(j, "lotteries");
    json_put_object(j);
    for (uint32_t r = 0; r < BARGAIN_RULES; r++) {
        const struct mix *m = &a->many[r];
        json_put_key(j, words_of[r].key);
        json_put_object(j);
        json_put_key(j, "packages");
        json_put_array(j);
        for (size_t i = 0; i < m->count; i++) {
            json_put_object(j);
            json_put_key(j, "chance");
            json_double(j, m->chance[i]);
            json_put_key(j, "point");
            json_point(j, a, m->point[i]);
            json_put_end(j);
        }
        json_put_end(j);
        json_put_key(j, "u");
        json_put_array(j);
        for (uint32_t k = 0; k < a->c.problem.parties; k++) {
            json_double(j, many_average(a, (enum bargain_rule)r, k));
        }
        json_put_end(j);
        json_put_key(j, "value");
        json_double(j, m->value);
        json_put_key(j, "at_most");
        json_double(j, m->at_most);
        json_put_end(j);
    }
    json_put_end(j);
}

static void json_mixes(struct json *j, const struct analysed *a)
{
    if (!a->any_mix) {
        return;
    }
    if (a->c.problem.parties > 2) {
        json_many(j, a);
        return;
    }
    json_put_key(j, "lotteries");
    json_put_object(j);
    for (uint32_t r = 0; r < BARGAIN_RULES; r++) {
        const struct bargain_mix *m = &a->mix[r];
        json_put_key(j, words_of[r].key);
        json_put_object(j);
        json_put_key(j, "first");
        json_point(j, a, m->first);
        json_put_key(j, "second");
        json_point(j, a, m->second);
        json_put_key(j, "share_of_second");
        json_double(j, m->share);
        json_put_key(j, "u");
        json_put_array(j);
        for (uint32_t k = 0; k < 2; k++) {
            double one = (double)a->c.problem.unit[k];
            double x = (double)a->frontier.u[m->first * 2 + k] / one;
            double y = (double)a->frontier.u[m->second * 2 + k] / one;
            json_double(j, x + m->share * (y - x));
        }
        json_put_end(j);
        json_put_end(j);
    }
    json_put_end(j);
}

static void json_blocks(struct json *j, const struct analysed *a)
{
    json_put_key(j, "blocking");
    json_put_array(j);
    for (size_t i = 0; i < a->blocks.count; i++) {
        json_put_array(j);
        for (uint32_t k = 0; k < a->c.problem.parties; k++) {
            if ((a->blocks.set[i] >> k & 1) != 0) {
                json_put_text(j, a->scenario.parties[k].name);
            }
        }
        json_put_end(j);
    }
    json_put_end(j);
    if (!a->has_concessions) {
        return;
    }
    json_put_key(j, "least_concession");
    json_put_array(j);
    for (uint32_t k = 0; k < a->c.problem.parties; k++) {
        if (a->concession[k] == INT64_MAX) {
            json_put_null(j);
        } else {
            worth_json(j, a->concession[k], a->c.problem.unit[k]);
        }
    }
    json_put_end(j);
}

static void json_improvements(struct json *j, const struct analysed *a)
{
    if (a->from == NULL) {
        return;
    }
    json_put_key(j, "from");
    json_put_object(j);
    json_put_key(j, "u");
    json_worths(j, a, a->from_worth);
    json_put_key(j, "best");
    json_put_bool(j, a->better.best);
    json_put_key(j, "searched_changes");
    json_put_u64(j, a->better.searched);
    json_put_key(j, "improvements");
    json_put_array(j);
    for (size_t i = 0; i < a->better.count; i++) {
        json_put_object(j);
        json_put_key(j, "changes");
        json_put_u64(j, a->better.all[i].changes);
        json_put_key(j, "u");
        json_worths(j, a, a->better.all[i].worth);
        json_put_key(j, "package");
        json_package(j, a, SIZE_MAX, a->better.all[i].package);
        json_put_end(j);
    }
    if (a->lines != NULL && a->lines->better_changes > 0) {
        uint32_t package[PROBLEM_ISSUES_MAX];
        point_package(a, a->frontier.count, package);
        json_put_object(j);
        json_put_key(j, "changes");
        json_put_u64(j, a->lines->better_changes);
        json_put_key(j, "u");
        json_worths(j, a, a->lines->better);
        json_put_key(j, "package");
        json_package(j, a, a->frontier.count, package);
        json_put_end(j);
    }
    json_put_end(j);
    json_put_end(j);
}

static void json_bounds(struct json *j, const struct analysed *a)
{
    if (a->how != ANALYSED_BOUND) {
        return;
    }
    json_put_key(j, "bounds");
    json_put_object(j);
    for (uint32_t r = 0; r < BARGAIN_RULES; r++) {
        json_put_key(j, words_of[r].key);
        json_put_object(j);
        json_put_key(j, "value");
        json_double(j, a->bound[r].found ? a->bound[r].value : 0);
        json_put_key(j, "at_most");
        json_double(j, a->bound[r].promise);
        json_put_key(j, "exact");
        json_put_bool(j, a->bound[r].exact);
        json_put_key(j, "parts");
        json_put_u64(j, a->bound[r].parts);
        json_put_end(j);
    }
    json_put_end(j);
}

/* Places in "frontier", from 0: between them all points of the line are on it. */
static void json_segments(struct json *j, const struct analysed *a)
{
    if (a->how != ANALYSED_LINES) {
        return;
    }
    json_put_key(j, "segments");
    json_put_array(j);
    for (size_t i = 0; i < a->lines->segment_count; i++) {
        json_put_array(j);
        json_put_u64(j, a->lines->segments[i].first);
        json_put_u64(j, a->lines->segments[i].last);
        json_put_end(j);
    }
    json_put_end(j);
}

static void json_gap(struct json *j, const struct analysed *a)
{
    uint32_t worst = 0;
    json_put_key(j, "gap");
    if (a->how == ANALYSED_BOUND || (a->how == ANALYSED_SCAN && !a->bounded)) {
        json_put_null(j); /* the searches have theirs; nothing found has none */
        return;
    }
    for (uint32_t k = 1; k < a->c.problem.parties; k++) {
        if ((wide_signed)a->gap[k] * a->c.problem.unit[worst] >
            (wide_signed)a->gap[worst] * a->c.problem.unit[k]) {
            worst = k;
        }
    }
    worth_json(j, a->gap[worst], a->c.problem.unit[worst]);
}

void analysed_json(const struct analysed *a, struct json *j)
{
    const struct problem *p = &a->c.problem;
    struct small_text s;
    memset(s.room, 0, sizeof(s.room));
    arena_init(&s.mem, s.room, sizeof(s.room));
    const char *packages = big_text(&a->packages, &s.mem);
    json_put_key(j, "name");
    json_put_text(j, a->scenario.name);
    json_put_key(j, "parties");
    json_put_array(j);
    for (uint32_t k = 0; k < p->parties; k++) {
        json_put_text(j, a->scenario.parties[k].name);
    }
    json_put_end(j);
    json_put_key(j, "issues");
    json_put_array(j);
    for (uint32_t i = 0; i < p->issues; i++) {
        json_put_text(j, a->scenario.domain.issues[i].name);
    }
    json_put_end(j);
    json_put_key(j, "packages");
    json_put_str(j, domain_has_real(&a->scenario.domain) ? "infinite"
                    : packages != NULL                   ? packages
                                                         : "?");
    json_put_key(j, "exact");
    json_put_bool(j, a->exact);
    json_gap(j, a);
    json_put_key(j, "method");
    json_put_str(j, a->how == ANALYSED_MERGE   ? "merge"
                    : a->how == ANALYSED_LINES ? "lines"
                    : a->how == ANALYSED_SCAN  ? "every package"
                                               : "branch and bound");
    json_put_key(j, "disagreement");
    json_worths(j, a, a->disagreement);
    json_put_key(j, "ideal");
    json_worths(j, a, a->ideal);
    json_put_key(j, "zone");
    json_zone(j, a);
    json_put_key(j, "frontier");
    json_put_array(j);
    for (size_t i = 0; i < a->frontier.count; i++) {
        json_point(j, a, i);
    }
    json_put_end(j);
    json_segments(j, a);
    for (uint32_t r = 0; r < BARGAIN_RULES; r++) {
        json_put_key(j, words_of[r].key);
        json_put_array(j);
        for (size_t i = 0; i < a->rule[r].count; i++) {
            json_point(j, a, a->rule[r].point[i]);
        }
        json_put_end(j);
    }
    json_mixes(j, a);
    json_bounds(j, a);
    json_blocks(j, a);
    json_improvements(j, a);
    json_put_key(j, "notes");
    json_put_array(j);
    for (uint32_t i = 0; i < a->scenario.note_count; i++) {
        json_put_text(j, a->scenario.notes[i]);
    }
    json_put_end(j);
    json_put_key(j, "seconds");
    json_put_fixed(j, (int64_t)a->took_us, 6); /* far below 2^63 */
}

/* ---- words ---- */

static void add_text(struct buf *b, struct text t, size_t columns)
{
    buf_add(b, text_bytes(t));
    for (size_t w = text_width(t); w < columns; w++) {
        buf_add_u8(b, ' ');
    }
}

static void add_worth(struct buf *b, const struct analysed *a, uint32_t k, int64_t units)
{
    char text[WORTH_TEXT_MAX];
    worth_format(units, a->c.problem.unit[k], 4, text);
    buf_add_str(b, text);
}

static void add_worths(struct buf *b, const struct analysed *a, const int64_t *u)
{
    for (uint32_t k = 0; k < a->c.problem.parties; k++) {
        buf_add_str(b, k == 0 ? "" : ", ");
        add_text(b, a->scenario.parties[k].name, 0);
        buf_add_u8(b, ' ');
        add_worth(b, a, k, u[k]);
    }
    buf_add_u8(b, '\n');
}

/* A package over as many lines as it needs, each piece whole. */
static void add_package(struct buf *b, const struct analysed *a, size_t point,
                        const uint32_t *package, unsigned width)
{
    size_t at = 0;
    for (uint32_t i = 0; i < a->c.problem.issues; i++) {
        struct small_text s;
        struct text name = a->scenario.domain.issues[i].name;
        struct text value = point_value(&s, a, point, i, package[i], MORE_DECIMALS);
        size_t need = text_width(name) + text_width(value) + 4;
        if (at == 0 || at + need > width) {
            buf_add_str(b, at == 0 ? "      " : "\n      ");
            at = 6;
        } else {
            buf_add_u8(b, ' ');
        }
        add_text(b, name, 0);
        buf_add_str(b, ": ");
        add_text(b, value, 0);
        buf_add_str(b, i + 1 < a->c.problem.issues ? ";" : "");
        at += need;
    }
    buf_add_u8(b, '\n');
}

static void say_size(const struct analysed *a, struct buf *b)
{
    struct small_text s;
    memset(s.room, 0, sizeof(s.room));
    arena_init(&s.mem, s.room, sizeof(s.room));
    const char *packages = big_text(&a->packages, &s.mem);
    add_text(b, a->scenario.name, 0);
    buf_printf(b, ": %u %s, %u %s, ", a->c.problem.parties,
               a->c.problem.parties == 1 ? "party" : "parties", a->c.problem.issues,
               a->c.problem.issues == 1 ? "issue" : "issues");
    if (domain_has_real(&a->scenario.domain)) {
        buf_add_str(b, "with values that may lie anywhere in a range.\n");
    } else if (packages != NULL && strlen(packages) <= 15) {
        buf_printf(b, "%s packages.\n", packages);
    } else {
        buf_printf(b, "about %.1e packages.\n", big_double(&a->packages));
    }
}

static void say_zone(const struct analysed *a, struct buf *b)
{
    struct small_text s;
    memset(s.room, 0, sizeof(s.room));
    arena_init(&s.mem, s.room, sizeof(s.room));
    const char *low = big_text(&a->zone.low, &s.mem);
    const char *high = big_text(&a->zone.high, &s.mem);
    if (!a->zone_known) {
        buf_add_str(b, "Whether a deal is possible was not settled within the budget.\n");
    } else if (!a->zone_exists) {
        buf_add_str(b, "No deal is possible: no package is at least as good as no deal for all.\n");
    } else if (domain_has_real(&a->scenario.domain)) {
        buf_add_str(b, "A deal is possible: there are packages at least as good as no deal for all."
                       "\n");
    } else if (big_cmp(&a->zone.low, &a->zone.high) == 0 && low != NULL && strlen(low) <= 15) {
        buf_printf(b, "A deal is possible: %s %s at least as good as no deal for all.\n", low,
                   strcmp(low, "1") == 0 ? "package is" : "packages are");
    } else if (low != NULL && high != NULL && strlen(high) <= 15) {
        buf_printf(b,
                   "A deal is possible: between %s and %s packages are at least as good as no "
                   "deal for all.\n",
                   low, high);
    } else {
        buf_printf(b,
                   "A deal is possible: between %.2e and %.2e packages are at least as good as "
                   "no deal for all.\n",
                   big_double(&a->zone.low), big_double(&a->zone.high));
    }
    buf_add_str(b, "No deal is worth: ");
    add_worths(b, a, a->disagreement);
}

static void say_blocks(const struct analysed *a, struct buf *b)
{
    for (size_t i = 0; i < a->blocks.count && i < a->plan.top; i++) {
        bool first = true;
        bool one = (a->blocks.set[i] & (a->blocks.set[i] - 1)) == 0;
        buf_add_str(b, i == 0 ? "Who blocks:\n  " : "  ");
        for (uint32_t k = 0; k < a->c.problem.parties; k++) {
            if ((a->blocks.set[i] >> k & 1) != 0) {
                buf_add_str(b, first ? "" : " and ");
                add_text(b, a->scenario.parties[k].name, 0);
                first = false;
            }
        }
        buf_add_str(b, one ? ": no package meets this limit\n"
                           : ": their limits exclude each other\n");
    }
    for (uint32_t k = 0; a->has_concessions && k < a->c.problem.parties; k++) {
        if (a->concession[k] != INT64_MAX && a->concession[k] != 0) {
            buf_add_str(b, "It would be enough that ");
            add_text(b, a->scenario.parties[k].name, 0);
            buf_add_str(b, " took ");
            add_worth(b, a, k, a->concession[k]);
            buf_add_str(b, " less than its limit, all others staying as they are.\n");
        }
    }
}

static void say_many(const struct analysed *a, enum bargain_rule rule, unsigned width,
                     struct buf *b)
{
    const struct mix *m = &a->many[rule];
    struct buf words;
    if (m->count < 2) {
        buf_add_str(b, "  A lottery would not do better by this rule.\n");
        return;
    }
    buf_init(&words, 1u << 16);
    buf_add_str(&words, "With a lottery, on average: ");
    for (uint32_t k = 0; k < a->c.problem.parties; k++) {
        buf_add_str(&words, k == 0 ? "" : ", ");
        add_text(&words, a->scenario.parties[k].name, 0);
        buf_printf(&words, " %.4g", many_average(a, rule, k));
    }
    prose_flush(b, width, 2, &words);
    buf_free(&words);
    for (size_t i = 0; i < m->count; i++) {
        uint32_t package[PROBLEM_ISSUES_MAX];
        buf_printf(b, "    with a chance of %.2f%%: ", m->chance[i] * 100);
        add_worths(b, a, a->frontier.u + m->point[i] * a->c.problem.parties);
        point_package(a, m->point[i], package);
        add_package(b, a, m->point[i], package, width);
    }
    if (m->at_most > m->value * (1 + 1e-6)) {
        buf_printf(b, "    cut short: it gives %.6g; proven: no mix gives more than %.6g\n",
                   m->value, m->at_most);
    }
}

/* The chances of two packages, and what they come to on average. */
static void say_mix(const struct analysed *a, enum bargain_rule rule, unsigned width, struct buf *b)
{
    const struct bargain_mix *m = &a->mix[rule];
    uint32_t package[PROBLEM_ISSUES_MAX];
    struct buf words;
    if (!a->any_mix) {
        return;
    }
    if (a->c.problem.parties > 2) {
        say_many(a, rule, width, b);
        return;
    }
    if (m->first == m->second || m->share <= 0 || m->share >= 1) {
        buf_add_str(b, "  A lottery would not do better by this rule.\n");
        return;
    }
    buf_init(&words, 1u << 16);
    buf_add_str(&words, "With a lottery, on average: ");
    for (uint32_t k = 0; k < 2; k++) {
        double one = (double)a->c.problem.unit[k];
        double x = (double)a->frontier.u[m->first * 2 + k] / one;
        double y = (double)a->frontier.u[m->second * 2 + k] / one;
        buf_add_str(&words, k == 0 ? "" : ", ");
        add_text(&words, a->scenario.parties[k].name, 0);
        buf_printf(&words, " %.4g", x + m->share * (y - x));
    }
    prose_flush(b, width, 2, &words);
    buf_free(&words);
    for (uint32_t i = 0; i < 2; i++) {
        size_t point = i == 0 ? m->first : m->second;
        buf_printf(b, "    with a chance of %.2f%%: ", (i == 0 ? 1 - m->share : m->share) * 100);
        add_worths(b, a, a->frontier.u + point * 2);
        point_package(a, point, package);
        add_package(b, a, point, package, width);
    }
}

static void say_rules(const struct analysed *a, unsigned width, struct buf *b)
{
    uint32_t package[PROBLEM_ISSUES_MAX];
    struct buf head;
    buf_init(&head, 1024);
    for (uint32_t r = 0; r < BARGAIN_RULES; r++) {
        const struct bargain *s = &a->rule[r];
        if (s->count == 0) {
            continue;
        }
        buf_add_u8(b, '\n');
        buf_printf(&head, "%s (%s): %s", words_of[r].plain, words_of[r].name, words_of[r].why);
        prose_flush(b, width, 0, &head);
        if (a->how == ANALYSED_BOUND && !a->bound[r].exact) {
            buf_printf(b, "  the best found gives %.6g; proven: no package gives more than %.6g\n",
                       a->bound[r].value, a->bound[r].promise);
        }
        for (size_t i = 0; i < s->count && i < a->plan.top; i++) {
            buf_add_str(b, "  ");
            add_worths(b, a, a->frontier.u + s->point[i] * a->c.problem.parties);
            point_package(a, s->point[i], package);
            add_package(b, a, s->point[i], package, width);
            if (a->frontier.ties[s->point[i]] > 1) {
                buf_printf(b, "      (and %llu more that are worth the same to all)\n",
                           (unsigned long long)(a->frontier.ties[s->point[i]] - 1));
            }
        }
        if (s->count > a->plan.top) {
            buf_printf(b, "  and %zu more that tie\n", s->count - a->plan.top);
        }
        say_mix(a, (enum bargain_rule)r, width, b);
    }
    buf_free(&head);
    if (a->plan.lotteries && !a->any_mix && a->rule[0].count > 0) {
        buf_add_str(b, "\nNo lotteries: they need a frontier, and only packages are known.\n");
    }
}

void worths_row(struct buf *b, const struct analysed *a, size_t point)
{
    for (uint32_t k = 0; k < a->c.problem.parties; k++) {
        char text[WORTH_TEXT_MAX];
        worth_format(a->frontier.u[point * a->c.problem.parties + k], a->c.problem.unit[k], 4,
                     text);
        buf_printf(b, "%9s", text);
    }
}

static void say_frontier(const struct analysed *a, struct buf *b)
{
    size_t count = a->frontier.count;
    size_t shown = count < a->plan.top ? count : a->plan.top;
    if (a->how == ANALYSED_BOUND) {
        buf_add_str(b, "\nThere are too many packages to look at each; the rest is not known.\n");
        return;
    }
    if (count == 0) {
        return;
    }
    if (a->how == ANALYSED_LINES) {
        lines_words(a, b);
        return;
    }
    buf_printf(b, "\nThe frontier: %zu %s beats%s%s\n", count,
               count == 1 ? "combination of worths that no package"
                          : "combinations of worths that no package",
               a->plan.all ? "" : ", of those that all prefer to no deal",
               shown < count ? "; some of them" : "");
    buf_add_str(b, "  (its number; worth to ");
    for (uint32_t k = 0; k < a->c.problem.parties; k++) {
        buf_add_str(b, k == 0 ? "" : ", ");
        add_text(b, a->scenario.parties[k].name, 0);
    }
    buf_add_str(b, "; the named package that it is):\n");
    for (size_t i = 0; i < shown; i++) {
        size_t point = shown == 1 ? 0 : i * (count - 1) / (shown - 1);
        uint32_t rules = point_rules(a, point);
        buf_printf(b, "  %4zu  ", point + 1);
        worths_row(b, a, point);
        for (uint32_t r = 0; r < BARGAIN_RULES; r++) {
            if ((rules >> r & 1) != 0) {
                buf_printf(b, "  %s", words_of[r].plain);
            }
        }
        buf_add_u8(b, '\n');
    }
}

static void say_improvements(const struct analysed *a, unsigned width, struct buf *b)
{
    if (a->from == NULL) {
        return;
    }
    struct buf words;
    buf_init(&words, 1u << 20);
    buf_add_str(b, "\nFrom the package on the table: ");
    add_worths(b, a, a->from_worth);
    if (a->better.best) {
        buf_add_str(b, "  nobody can gain without another losing\n");
    } else if (a->better.count == 0) {
        bool all = a->better.searched == a->c.problem.issues;
        if (all) {
            buf_add_str(b, "  no improvement among the values of a list");
        } else {
            buf_printf(b, "  no improvement with up to %u changes", a->better.searched);
        }
        buf_add_str(b, a->how == ANALYSED_LINES ? "\n"
                       : a->listed && all       ? "; nothing is proven of those between them\n"
                                                : "; more were not looked at\n");
    }
    for (size_t i = 0; i < a->better.count; i++) {
        const struct improvement *m = &a->better.all[i];
        buf_printf(b, "  %u %s, nobody loses: ", m->changes,
                   m->changes == 1 ? "change" : "changes");
        add_worths(b, a, m->worth);
        for (uint32_t k = 0; k < a->c.problem.issues; k++) {
            if (m->package[k] != a->from[k]) {
                struct small_text s;
                buf_add_str(&words, words.n == 0 ? "" : "; ");
                add_text(&words, a->scenario.domain.issues[k].name, 0);
                buf_add_str(&words, ": ");
                add_text(&words, value_of(&s, a, k, a->from[k]), 0);
                buf_add_str(&words, " -> ");
                add_text(&words, value_of(&s, a, k, m->package[k]), 0);
            }
        }
        prose_flush(b, width, 6, &words);
    }
    if (a->lines != NULL && a->lines->better_changes > 0) {
        uint32_t package[PROBLEM_ISSUES_MAX];
        buf_printf(b,
                   "  %u %s, nobody loses, and the product of what both gain is the largest:\n    ",
                   a->lines->better_changes, a->lines->better_changes == 1 ? "change" : "changes");
        add_worths(b, a, a->lines->better);
        point_package(a, a->frontier.count, package);
        add_package(b, a, a->frontier.count, package, width);
    }
    buf_free(&words);
}

static void say_trust(const struct analysed *a, struct buf *b)
{
    buf_add_u8(b, '\n');
    if (a->how == ANALYSED_LINES) {
        buf_add_str(b, "Exact: every value within a range was taken into account, not only those "
                       "shown.\n");
    } else if (a->exact) {
        buf_add_str(b, "Exact: every package was taken into account, nothing is rounded.\n");
    } else if (a->how == ANALYSED_MERGE || (a->how == ANALYSED_SCAN && a->bounded)) {
        buf_add_str(b, a->how == ANALYSED_SCAN && !a->frontier.exact
                           ? "Not exact: the budget ended before every package was looked at. One "
                             "may be better than what is shown by at most "
                           : "Not exact: a package may be better than what is shown by at most ");
        add_worths(b, a, a->gap);
    } else if (a->how == ANALYSED_SCAN) {
        buf_add_str(b, "Not exact: the budget ended before every package was looked at.\n");
    } else {
        bool all = true;
        for (uint32_t r = 0; r < BARGAIN_RULES; r++) {
            all = all && a->bound[r].exact;
        }
        buf_add_str(b, all ? "These packages are proven to be the best of all by their rules; of "
                             "the frontier only they are known.\n"
                           : "Not exact: found by search, with the proven bounds above.\n");
    }
    for (uint32_t k = 0; k < a->c.problem.parties; k++) {
        if (a->c.slack[k] != 0) {
            buf_add_str(b, "The worths of ");
            add_text(b, a->scenario.parties[k].name, 0);
            buf_add_str(b, " have so many digits that they were rounded (below 1e-9).\n");
        }
    }
    for (uint32_t i = 0; i < a->scenario.note_count && i < a->plan.top; i++) {
        buf_add_str(b, "Note: ");
        add_text(b, a->scenario.notes[i], 0);
        buf_add_u8(b, '\n');
    }
    buf_printf(b, "It took %.3f seconds.\n", (double)a->took_us / 1e6);
}

void analysed_words(const struct analysed *a, enum analyse_letters letters, unsigned width,
                    struct buf *out)
{
    say_size(a, out);
    say_zone(a, out);
    say_blocks(a, out);
    say_rules(a, width, out);
    say_frontier(a, out);
    if (a->c.problem.parties == 2 && a->frontier.count > 0) {
        analysed_plot(a, letters, width, out);
    }
    say_improvements(a, width, out);
    say_trust(a, out);
}
