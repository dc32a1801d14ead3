/* SPDX-License-Identifier: Apache-2.0
 *
 * A score sheet, as a spreadsheet saves it (RFC 4180; comma, semicolon or tab):
 *
 *     issue,option,Ana,Ben
 *     wage,3 %,10,25
 *     ,4 %,20,10
 *     no deal,,15,20
 *
 * Points are added.  An issue left empty is the one above.  "no deal" is each party's floor; left
 * out, or left empty, any package is better.  "out of" (say 100) divides a party's points; "discount"
 * too has no option.
 */
#include "formats/scenario_priv.h"

#define COLUMNS_MAX (SCENARIO_PARTIES_MAX + 2u)
#define ROWS_MAX 65536u

struct sheet {
    struct scenario_reading *r;
    const struct source *src;
    struct bytes in;
    size_t at;
    uint8_t separator;
    uint32_t line;   /* of the next row */
    uint32_t row_at; /* line of the row in cells */
    struct text cells[COLUMNS_MAX];
    uint32_t count;
};

static bool refuse(const struct sheet *s, const char *what, const char *mend)
{
    (void)err_set(s->r->err, ERR_FORMAT, "%s", what);
    (void)err_mend(s->r->err, "%s", mend);
    return err_at(s->r->err, "%s, line %u", s->src->file->name, s->row_at);
}

static struct text trimmed(struct text t)
{
    while (t.n > 0 && (t.p[0] == ' ' || t.p[0] == '\t')) {
        t.p++;
        t.n--;
    }
    while (t.n > 0 && (t.p[t.n - 1] == ' ' || t.p[t.n - 1] == '\t')) {
        t.n--;
    }
    return t;
}

/* A cell in quotes; doubled quotes stand for one.  s->at is behind the first. */
static bool read_quoted(struct sheet *s, struct text *out)
{
    char *to = NULL;
    size_t n = 0, start = s->at;
    while (s->at < s->in.n &&
           !(s->in.p[s->at] == '"' && !(s->at + 1 < s->in.n && s->in.p[s->at + 1] == '"'))) {
        s->line += s->in.p[s->at] == '\n';
        s->at += s->in.p[s->at] == '"' ? 2 : 1;
    }
    if (s->at >= s->in.n) {
        return refuse(s, "a quote has no end", "close it with \"");
    }
    to = ARENA_NEW(s->r->mem, char, s->at - start);
    if (to == NULL) {
        return reading_no_memory(s->r);
    }
    for (size_t i = start; i < s->at; i++) {
        to[n++] = (char)s->in.p[i];
        i += s->in.p[i] == '"';
    }
    s->at++;
    *out = (struct text){.p = to, .n = n};
    return true;
}

static bool at_row_end(const struct sheet *s)
{
    return s->at >= s->in.n || s->in.p[s->at] == '\n' || s->in.p[s->at] == '\r';
}

static bool read_cell(struct sheet *s, struct text *out)
{
    if (s->in.p != NULL && s->at < s->in.n && s->in.p[s->at] == '"') {
        s->at++;
        return read_quoted(s, out);
    }
    size_t start = s->at;
    while (!at_row_end(s) && s->in.p[s->at] != s->separator) {
        s->at++;
    }
    *out = trimmed((struct text){.p = (const char *)s->in.p + start, .n = s->at - start});
    return true;
}

/* The next row that is not empty; count 0 at the end. */
static bool next_row(struct sheet *s)
{
    do {
        s->count = 0;
        s->row_at = s->line;
        bool filled = false;
        while (s->at < s->in.n) {
            struct text cell, checked;
            struct err inner = {0};
            if (s->count == COLUMNS_MAX) {
                return refuse(s, "there are too many columns", "give one column to each party");
            }
            if (!read_cell(s, &cell)) {
                return false;
            }
            if (!text_from(text_bytes(cell), &checked, &inner)) {
                return refuse(s, "a cell is no UTF-8 text", "save the sheet as CSV in UTF-8");
            }
            filled = filled || cell.n > 0;
            s->cells[s->count++] = cell;
            if (at_row_end(s)) {
                break;
            }
            if (s->in.p[s->at] != s->separator) {
                return refuse(s, "something follows a closing quote", "double the quotes inside");
            }
            s->at++;
            if (at_row_end(s)) { /* the last cell is empty */
                if (s->count < COLUMNS_MAX) {
                    s->cells[s->count++] = (struct text){.p = ""};
                }
                break;
            }
        }
        s->at += s->at < s->in.n && s->in.p[s->at] == '\r';
        if (s->at < s->in.n && s->in.p[s->at] == '\n') {
            s->at++;
            s->line++;
        }
        if (filled) {
            return true;
        }
    } while (s->at < s->in.n);
    s->count = 0;
    return true;
}

/* The separator that the first line has most of. */
static uint8_t separator_of(struct bytes in)
{
    static const uint8_t candidates[] = {',', ';', '\t'};
    uint8_t best = ',';
    size_t most = 0;
    for (size_t i = 0; i < COUNT_OF(candidates); i++) {
        size_t n = 0;
        for (size_t k = 0; k < in.n && in.p[k] != '\n'; k++) {
            n += in.p[k] == candidates[i];
        }
        if (n > most) {
            most = n;
            best = candidates[i];
        }
    }
    return best;
}

/* A decimal; where the separator is no comma, a decimal comma will do. */
static bool read_points(const struct sheet *s, struct text t, struct decimal *out)
{
    char copy[DECIMAL_TEXT_MAX];
    if (s->separator != ',' && t.n < sizeof(copy)) {
        memcpy(copy, t.n == 0 ? "" : t.p, t.n);
        for (size_t i = 0; i < t.n; i++) {
            copy[i] = copy[i] == ',' ? '.' : copy[i];
        }
        t.p = copy;
    }
    if (!decimal_parse(t, out)) {
        return refuse(s, "a cell is no number", "write digits with a point, if any: 12.5");
    }
    return true;
}

struct score {
    uint32_t issue;
    struct text option;
    struct decimal points[SCENARIO_PARTIES_MAX];
};

struct reading {
    struct sheet s;
    struct draft *drafts;
    struct ratio scales[SCENARIO_PARTIES_MAX];
    struct score **scores; /* ROWS_MAX */
    uint32_t score_count;
    struct domain_issue *issues;
    uint32_t issue_count;
};

static bool read_head(struct reading *d)
{
    struct sheet *s = &d->s;
    struct scenario *sc = &s->r->s;
    if (!next_row(s)) {
        return false;
    }
    if (s->count < 3 || !text_is(s->cells[0], "issue") || !text_is(s->cells[1], "option")) {
        return refuse(s, "the first row is not issue, option and the parties' names",
                      "begin with: issue,option,Ana,Ben");
    }
    sc->party_count = s->count - 2;
    sc->parties = ARENA_NEW(s->r->mem, struct scenario_party, sc->party_count);
    d->drafts = ARENA_NEW(s->r->mem, struct draft, sc->party_count);
    d->scores = ARENA_NEW(s->r->mem, struct score *, ROWS_MAX);
    d->issues = ARENA_NEW(s->r->mem, struct domain_issue, DOMAIN_ISSUES_MAX);
    if (s->r->mem->failed) {
        return reading_no_memory(s->r);
    }
    for (uint32_t i = 0; i < sc->party_count; i++) {
        if (s->cells[i + 2].n == 0) {
            return refuse(s, "a party has no name", "name each column");
        }
        sc->parties[i].name = s->cells[i + 2];
    }
    return true;
}

/* "no deal", "out of", "discount": *found false where the row is none of them. */
static bool read_special(struct reading *d, bool *found)
{
    struct sheet *s = &d->s;
    bool floor = text_is(s->cells[0], "no deal"), scale = text_is(s->cells[0], "out of");
    bool discount = text_is(s->cells[0], "discount");
    *found = s->cells[1].n == 0 && (floor || scale || discount);
    for (uint32_t i = 0; *found && i + 2 < s->count; i++) {
        struct decimal v;
        if (s->cells[i + 2].n == 0) {
            continue;
        }
        if (!read_points(s, s->cells[i + 2], &v)) {
            return false;
        }
        if (floor) {
            d->drafts[i].has_reservation = true;
            d->drafts[i].reservation = v;
        } else if (discount) {
            d->drafts[i].has_discount = true;
            d->drafts[i].discount = v;
        } else if (v.units <= 0 || d->scales[i].down_count > 0) {
            return refuse(s, "\"out of\" stands twice, or is not above 0", "write 100, say");
        } else {
            ratio_over(&d->scales[i], v);
        }
    }
    return true;
}

static bool read_score(struct reading *d)
{
    struct sheet *s = &d->s;
    if (s->cells[0].n > 0) {
        bool same = false;
        for (uint32_t i = 0; i < d->issue_count; i++) {
            same = text_eq(d->issues[i].name, s->cells[0]);
            if (same && i + 1 < d->issue_count) {
                return refuse(s, "an issue is taken up again after another",
                              "keep the rows of an issue together");
            }
        }
        if (!same) {
            if (d->issue_count == DOMAIN_ISSUES_MAX) {
                return refuse(s, "there are more than 256 issues", "leave some away");
            }
            d->issues[d->issue_count++] = (struct domain_issue){.name = s->cells[0],
                                                                .kind = DOMAIN_DISCRETE};
        }
    }
    if (d->issue_count == 0 || s->cells[1].n == 0) {
        return refuse(s, "a row has no issue or no option",
                      "write issue, option and the points of each party");
    }
    if (d->score_count == ROWS_MAX) {
        return refuse(s, "there are more than 65536 rows", "make the options coarser");
    }
    struct score *score = ARENA_NEW(s->r->mem, struct score, 1);
    if (score == NULL) {
        return reading_no_memory(s->r);
    }
    score->issue = d->issue_count - 1;
    score->option = s->cells[1];
    d->issues[score->issue].value_count++;
    for (uint32_t i = 0; i < s->r->s.party_count; i++) {
        if (i + 2 < s->count && s->cells[i + 2].n > 0 &&
            !read_points(s, s->cells[i + 2], &score->points[i])) {
            return false;
        }
    }
    d->scores[d->score_count++] = score;
    return true;
}

static bool read_rows(struct reading *d)
{
    struct sheet *s = &d->s;
    for (;;) {
        bool special;
        if (!next_row(s)) {
            return false;
        }
        if (s->count == 0) {
            return true;
        }
        if (s->count < 2 || s->count > s->r->s.party_count + 2) {
            return refuse(s, "a row has not as many cells as the first", "fill the missing cells");
        }
        if (!read_special(d, &special) || (!special && !read_score(d))) {
            return false;
        }
    }
}

static bool set_domain(struct reading *d)
{
    struct scenario_reading *r = d->s.r;
    r->s.domain = (struct domain){.issue_count = d->issue_count, .issues = d->issues};
    for (uint32_t i = 0; i < d->issue_count; i++) {
        d->issues[i].options = ARENA_NEW(r->mem, struct text, d->issues[i].value_count);
        if (d->issues[i].options == NULL) {
            return reading_no_memory(r);
        }
        d->issues[i].value_count = 0;
    }
    for (uint32_t i = 0; i < d->score_count; i++) {
        struct domain_issue *issue = &d->issues[d->scores[i]->issue];
        issue->options[issue->value_count++] = d->scores[i]->option;
    }
    return domain_check(&r->s.domain, r->err) || err_at(r->err, "%s", d->s.src->file->name);
}

static bool set_party(struct reading *d, uint32_t party)
{
    struct scenario_reading *r = d->s.r;
    struct draft *dr = &d->drafts[party], made;
    uint32_t at[DOMAIN_ISSUES_MAX] = {0};
    if (!draft_init(&made, &r->s.domain, r->mem, r->err)) {
        return false;
    }
    dr->parts = made.parts;
    dr->reservation_weight = d->scales[party];
    for (uint32_t i = 0; i < d->issue_count; i++) {
        dr->parts[i].weight = d->scales[party];
    }
    for (uint32_t i = 0; i < d->score_count; i++) {
        uint32_t issue = d->scores[i]->issue;
        dr->parts[issue].values[at[issue]++] = d->scores[i]->points[party];
    }
    return draft_build(dr, &r->s.domain, r->mem, &r->s.parties[party].utility, r->err) ||
           err_at(r->err, "%s", d->s.src->file->name);
}

bool score_csv_read(struct scenario_reading *r)
{
    struct reading *d = ARENA_NEW(r->mem, struct reading, 1);
    if (d == NULL) {
        return reading_no_memory(r);
    }
    const struct source *src = &r->sources[0];
    struct bytes in = src->file->bytes;
    if (in.n >= 3 && memcmp(in.p, "\xef\xbb\xbf", 3) == 0) {
        in = bytes_slice(in, 3, in.n);
    }
    in = arena_copy(r->mem, in); /* the cells are views of it */
    if (r->mem->failed) {
        return reading_no_memory(r);
    }
    d->s = (struct sheet){
        .r = r, .src = src, .in = in, .separator = separator_of(in), .line = 1, .row_at = 1};
    r->s.format = SCENARIO_CSV;
    r->s.name = reading_stem(r, src->file->name);
    if (!read_head(d) || !read_rows(d) || !set_domain(d)) {
        return false;
    }
    for (uint32_t i = 0; i < r->s.party_count; i++) {
        if (!set_party(d, i)) {
            return false;
        }
    }
    return true;
}
