/* SPDX-License-Identifier: Apache-2.0
 *
 * The frontier drawn: in characters for a terminal, and as SVG.
 */
#include "app/analyse_priv.h"
#include "base/markup.h"

enum {
    ROWS = 16,
    COLUMNS_MOST = 64,
    COLUMNS_LEAST = 16,
    SVG_SIZE = 480,
    SVG_EDGE = 60,
    SVG_LINE = 18 /* of the legend */
};

/* In a drawing's legend, and the ring's colour. */
static const struct {
    const char *words;
    const char *colour;
} legend_of[BARGAIN_RULES] = {
    [BARGAIN_NASH] = {"fair gain", "#060"},
    [BARGAIN_KS] = {"equal share of hopes", "#c50"},
    [BARGAIN_EGALITARIAN] = {"best for the worst off", "#808"},
    [BARGAIN_UTILITARIAN] = {"most value", "#000"},
};

struct view {
    uint32_t x; /* parties */
    uint32_t y;
    double low[2];
    double high[2];
};

static double worth_at(const struct analysed *a, const int64_t *row, uint32_t party)
{
    return (double)row[party] / (double)a->c.problem.unit[party];
}

static void include(struct view *v, const struct analysed *a, const int64_t *row, bool first)
{
    const uint32_t party[2] = {v->x, v->y};
    for (unsigned i = 0; i < 2; i++) {
        double w = worth_at(a, row, party[i]);
        v->low[i] = first || w < v->low[i] ? w : v->low[i];
        v->high[i] = first || w > v->high[i] ? w : v->high[i];
    }
}

static struct view view_of(const struct analysed *a, uint32_t x, uint32_t y)
{
    struct view v = {.x = x, .y = y};
    include(&v, a, a->disagreement, true);
    for (size_t r = 0; r < a->frontier.count; r++) {
        include(&v, a, a->frontier.u + r * a->c.problem.parties, false);
    }
    for (unsigned i = 0; i < 2; i++) {
        if (v.high[i] <= v.low[i]) {
            v.high[i] = v.low[i] + 1;
        }
    }
    return v;
}

/* Where between 0 and last. */
static unsigned place(const struct view *v, unsigned axis, double w, unsigned last)
{
    double f = (w - v->low[axis]) / (v->high[axis] - v->low[axis]) * last + 0.5;
    return f <= 0 ? 0 : (f >= last ? last : (unsigned)f);
}

/* What each letter stands for; where one hides another, for both. */
static void plot_legend(const struct analysed *a, char cell[ROWS][COLUMNS_MOST],
                        const struct view *v, unsigned columns, struct buf *out)
{
    char shown[BARGAIN_RULES] = {0}; /* where the rule's first point lies */
    for (uint32_t r = 0; r < BARGAIN_RULES; r++) {
        if (a->rule[r].count > 0) {
            const int64_t *row = a->frontier.u + a->rule[r].point[0] * 2;
            shown[r] = cell[place(v, 1, worth_at(a, row, 1), ROWS - 1)]
                           [place(v, 0, worth_at(a, row, 0), columns - 1)];
        }
    }
    buf_add_str(out, "  ");
    for (uint32_t r = 0; r < BARGAIN_RULES; r++) {
        bool named = false;
        for (uint32_t i = 0; i < BARGAIN_RULES; i++) {
            if (shown[i] == rule_words((enum bargain_rule)r)->letter) {
                if (named) {
                    buf_add_str(out, " and ");
                } else {
                    buf_printf(out, "%c ", shown[i]);
                }
                buf_add_str(out, legend_of[i].words);
                named = true;
            }
        }
        buf_add_str(out, named ? ", " : "");
    }
    buf_add_str(out, "+ no deal\n");
}

void analysed_plot(const struct analysed *a, enum analyse_letters letters, unsigned width,
                   struct buf *out)
{
    char cell[ROWS][COLUMNS_MOST];
    struct view v = view_of(a, 0, 1);
    unsigned columns = width > 12 + COLUMNS_MOST    ? COLUMNS_MOST
                       : width > 12 + COLUMNS_LEAST ? width - 12
                                                    : COLUMNS_LEAST;
    memset(cell, ' ', sizeof(cell));
    for (size_t r = 0; r < a->frontier.count; r++) {
        const int64_t *row = a->frontier.u + r * 2;
        cell[place(&v, 1, worth_at(a, row, 1), ROWS - 1)]
            [place(&v, 0, worth_at(a, row, 0), columns - 1)] = '.';
    }
    for (size_t i = 0; a->lines != NULL && i < a->lines->segment_count; i++) {
        const int64_t *from = a->frontier.u + a->lines->segments[i].first * 2;
        const int64_t *to = a->frontier.u + a->lines->segments[i].last * 2;
        for (unsigned n = 0; n <= COLUMNS_MOST; n++) {
            double t = (double)n / COLUMNS_MOST;
            double x = worth_at(a, from, 0) * (1 - t) + worth_at(a, to, 0) * t;
            double y = worth_at(a, from, 1) * (1 - t) + worth_at(a, to, 1) * t;
            cell[place(&v, 1, y, ROWS - 1)][place(&v, 0, x, columns - 1)] = '.';
        }
    }
    cell[place(&v, 1, worth_at(a, a->disagreement, 1), ROWS - 1)]
        [place(&v, 0, worth_at(a, a->disagreement, 0), columns - 1)] = '+';
    for (uint32_t r = BARGAIN_RULES; r > 0; r--) {
        for (size_t i = 0; i < a->rule[r - 1].count; i++) {
            const int64_t *row = a->frontier.u + a->rule[r - 1].point[i] * 2;
            cell[place(&v, 1, worth_at(a, row, 1), ROWS - 1)][place(
                &v, 0, worth_at(a, row, 0), columns - 1)] = rule_words((enum bargain_rule)(r - 1))
                                                                ->letter;
        }
    }
    buf_printf(out, "\n  %.*s\n", TEXT_ARG(a->scenario.parties[1].name));
    for (unsigned line = ROWS; line > 0; line--) {
        const char *bar = letters == ANALYSE_UNICODE ? "│" : "|";
        if (line == ROWS || line == 1) {
            buf_printf(out, "%8.3g %s", line == 1 ? v.low[1] : v.high[1], bar);
        } else {
            buf_printf(out, "         %s", bar);
        }
        unsigned end = columns;
        while (end > 0 && cell[line - 1][end - 1] == ' ') {
            end--;
        }
        for (unsigned i = 0; i < end; i++) {
            char c = cell[line - 1][i];
            if (letters == ANALYSE_UNICODE && c == '.') {
                buf_add_str(out, "•");
            } else {
                buf_add_u8(out, (uint8_t)c);
            }
        }
        buf_add_u8(out, '\n');
    }
    buf_printf(out, "         %s", letters == ANALYSE_UNICODE ? "└" : "+");
    for (unsigned i = 0; i < columns; i++) {
        buf_add_str(out, letters == ANALYSE_UNICODE ? "─" : "-");
    }
    buf_printf(out, "\n          %-8.3g%*.3g  %.*s\n", v.low[0], (int)columns - 8, v.high[0],
               TEXT_ARG(a->scenario.parties[0].name));
    plot_legend(a, cell, &v, columns, out);
}

/* ---- SVG ---- */

static void svg_point(const struct view *v, const struct analysed *a, const int64_t *row,
                      double *out_x, double *out_y)
{
    double inner = SVG_SIZE - 2 * SVG_EDGE;
    *out_x = SVG_EDGE + (worth_at(a, row, v->x) - v->low[0]) / (v->high[0] - v->low[0]) * inner;
    *out_y = SVG_SIZE - SVG_EDGE -
             (worth_at(a, row, v->y) - v->low[1]) / (v->high[1] - v->low[1]) * inner;
}

static void svg_axes(const struct view *v, const struct analysed *a, struct buf *b)
{
    buf_printf(b,
               "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" "
               "font-family=\"sans-serif\" font-size=\"12\">\n"
               "<rect width=\"100%%\" height=\"100%%\" fill=\"#fff\"/>\n"
               "<path d=\"M%d %dV%dH%d\" fill=\"none\" stroke=\"#333\"/>\n",
               SVG_SIZE, SVG_SIZE + (int)BARGAIN_RULES * SVG_LINE, SVG_EDGE, SVG_EDGE,
               SVG_SIZE - SVG_EDGE, SVG_SIZE - SVG_EDGE);
    buf_printf(b, "<text x=\"%d\" y=\"%d\">%.4g</text>\n", SVG_EDGE, SVG_SIZE - SVG_EDGE + 16,
               v->low[0]);
    buf_printf(b, "<text x=\"%d\" y=\"%d\" text-anchor=\"end\">%.4g</text>\n", SVG_SIZE - SVG_EDGE,
               SVG_SIZE - SVG_EDGE + 16, v->high[0]);
    buf_printf(b, "<text x=\"%d\" y=\"%d\" text-anchor=\"end\">%.4g</text>\n", SVG_EDGE - 6,
               SVG_SIZE - SVG_EDGE, v->low[1]);
    buf_printf(b, "<text x=\"%d\" y=\"%d\" text-anchor=\"end\">%.4g</text>\n", SVG_EDGE - 6,
               SVG_EDGE + 4, v->high[1]);
    buf_printf(b, "<text x=\"%d\" y=\"%d\" text-anchor=\"middle\">", SVG_SIZE / 2,
               SVG_SIZE - SVG_EDGE + 36);
    markup_text(b, a->scenario.parties[v->x].name);
    buf_printf(b, "</text>\n<text x=\"%d\" y=\"%d\">", SVG_EDGE - 40, SVG_EDGE - 16);
    markup_text(b, a->scenario.parties[v->y].name);
    buf_add_str(b, "</text>\n");
}

static void svg_ring(double x, double y, uint32_t rule, struct buf *b)
{
    buf_printf(b, "<circle cx=\"%.2f\" cy=\"%.2f\" r=\"%u\" fill=\"none\" stroke=\"%s\"/>\n", x, y,
               5 + 2 * rule, legend_of[rule].colour);
}

/* Under the drawing, where no point is: each ring, whose it is, and what it is worth to the two. */
static void svg_legend(const struct view *v, const struct analysed *a, struct buf *b)
{
    double y = SVG_SIZE;
    for (uint32_t r = 0; r < BARGAIN_RULES; r++) {
        const struct bargain *s = &a->rule[r];
        if (s->count == 0) {
            continue;
        }
        const int64_t *row = a->frontier.u + s->point[0] * a->c.problem.parties;
        svg_ring(SVG_EDGE, y - 4, r, b);
        buf_printf(b, "<text x=\"%d\" y=\"%.0f\">%s: %.4g, %.4g", SVG_EDGE + 18, y,
                   legend_of[r].words, worth_at(a, row, v->x), worth_at(a, row, v->y));
        if (s->count > 1) {
            buf_printf(b, " and %zu more that %s", s->count - 1, s->count == 2 ? "ties" : "tie");
        }
        buf_add_str(b, "</text>\n");
        y += SVG_LINE;
    }
}

bool analysed_svg(const struct analysed *a, uint32_t x, uint32_t y, struct buf *out,
                  struct err *err)
{
    double px;
    double py;
    uint32_t parties = a->c.problem.parties;
    if (x >= parties || y >= parties || x == y) {
        return err_set(err, ERR_USE, "the drawing needs two parties of the scenario's %u",
                       parties) ||
               err_mend(err, "--svg-parties 1,2 names them by their places");
    }
    struct view v = view_of(a, x, y);
    svg_axes(&v, a, out);
    for (size_t i = 0; a->lines != NULL && i < a->lines->segment_count; i++) {
        double qx;
        double qy;
        svg_point(&v, a, a->frontier.u + a->lines->segments[i].first * parties, &px, &py);
        svg_point(&v, a, a->frontier.u + a->lines->segments[i].last * parties, &qx, &qy);
        buf_printf(out, "<path d=\"M%.2f %.2fL%.2f %.2f\" stroke=\"#36c\" stroke-width=\"2\"/>\n",
                   px, py, qx, qy);
    }
    for (size_t r = 0; a->lines == NULL && r < a->frontier.count; r++) {
        svg_point(&v, a, a->frontier.u + r * parties, &px, &py);
        buf_printf(out, "<circle cx=\"%.2f\" cy=\"%.2f\" r=\"2.5\" fill=\"#36c\"/>\n", px, py);
    }
    svg_point(&v, a, a->disagreement, &px, &py);
    buf_printf(out,
               "<path d=\"M%.2f %.2fh10m-5 -5v10\" stroke=\"#a00\"/><text x=\"%.2f\" "
               "y=\"%.2f\" fill=\"#a00\">no deal</text>\n",
               px - 5, py, px + 8, py - 6);
    for (uint32_t r = 0; r < BARGAIN_RULES; r++) {
        for (size_t i = 0; i < a->rule[r].count; i++) {
            svg_point(&v, a, a->frontier.u + a->rule[r].point[i] * parties, &px, &py);
            svg_ring(px, py, r, out);
        }
    }
    svg_legend(&v, a, out);
    buf_add_str(out, "</svg>\n");
    return buf_done(out, "the drawing", err);
}
