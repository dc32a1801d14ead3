/* SPDX-License-Identifier: Apache-2.0 */
#include "analysis/lines.h"

#include "base/check.h"
#include "base/sort.h"

enum {
    CANDIDATES_MAX = 1 << 17, /* of one step */
    PIECES_MAX = 1 << 13,     /* that each is compared with each */
    STOP_EVERY = 16,          /* of those, between two looks at the budget */
    END_A = 0,
    END_B = 1,
    BOTH = 2
};

static const struct ratio at_start = {.n = 0, .d = 1};
static const struct ratio at_end = {.n = 1, .d = 1};

/* ---- pieces ---- */

static bool is_point(const struct line_piece *p)
{
    return p->a[0] == p->b[0];
}

/* The upper right edges of what the sum of two pieces fills: one, or two where both move. */
static size_t add_pieces(const struct line_piece *x, uint32_t x_index, const struct line_piece *y,
                         struct line_piece *out)
{
    const int64_t *xe[2] = {x->a, x->b};
    const int64_t *ye[2] = {y->a, y->b};
    uint32_t way[2][2][2]; /* [edge][its end][x, y] */
    size_t edges = 1;
    if (is_point(x) || is_point(y)) {
        for (uint32_t e = 0; e < 2; e++) {
            way[0][e][0] = e;
            way[0][e][1] = e;
        }
    } else {
        /* First the flatter one moves: the edge bends outward. */
        wide_signed fall_x = (wide_signed)(x->a[1] - x->b[1]) * (y->b[0] - y->a[0]);
        wide_signed fall_y = (wide_signed)(y->a[1] - y->b[1]) * (x->b[0] - x->a[0]);
        uint32_t first = fall_x <= fall_y ? 0 : 1;
        uint32_t second = 1 - first;
        way[0][0][first] = END_A;
        way[0][0][second] = END_A;
        way[0][1][first] = END_B;
        way[0][1][second] = END_A;
        way[1][0][first] = END_B;
        way[1][0][second] = END_A;
        way[1][1][first] = END_B;
        way[1][1][second] = END_B;
        edges = 2;
    }
    for (size_t i = 0; i < edges; i++) {
        struct line_piece *o = &out[i];
        for (uint32_t k = 0; k < 2; k++) {
            o->a[k] = xe[way[i][0][0]][k] + ye[way[i][0][1]][k];
            o->b[k] = xe[way[i][1][0]][k] + ye[way[i][1][1]][k];
        }
        o->before = x_index;
        o->before_end = way[i][0][0] == way[i][1][0] ? way[i][0][0] : BOTH;
        o->option[0] = y->option[way[i][0][1]];
        o->option[1] = y->option[way[i][1][1]];
    }
    return edges;
}

static struct line_piece piece_between(const struct problem *p, uint32_t issue, uint32_t from,
                                       uint32_t to)
{
    const int64_t *u = problem_worth(p, issue, from);
    const int64_t *v = problem_worth(p, issue, to);
    uint32_t a = from;
    uint32_t b = to;
    if (row_covers(u, v, 2)) {
        b = from; /* all the way, this end is as good or better for both */
    } else if (row_covers(v, u, 2)) {
        a = to;
    } else if (u[0] > v[0]) {
        a = to;
        b = from;
    }
    struct line_piece made = {.option = {a, b}};
    memcpy(made.a, problem_worth(p, issue, a), sizeof(made.a));
    memcpy(made.b, problem_worth(p, issue, b), sizeof(made.b));
    return made;
}

static size_t issue_pieces(const struct problem *p, uint32_t issue, bool joined,
                           struct line_piece *out)
{
    uint32_t options = p->options[issue];
    if (!joined || options == 1) {
        for (uint32_t o = 0; o < options; o++) {
            out[o] = piece_between(p, issue, o, o);
        }
        return options;
    }
    for (uint32_t o = 0; o + 1 < options; o++) {
        out[o] = piece_between(p, issue, o, o + 1);
    }
    return options - 1;
}

/* By the end that the first party likes, descending; then whatever tells two pieces apart. */
static int piece_cmp(const void *x, const void *y, void *ctx)
{
    const struct line_piece *p = x;
    const struct line_piece *q = y;
    (void)ctx;
    int order = row_cmp(p->b, q->b, 2);
    return order != 0 ? order : row_cmp(p->a, q->a, 2);
}

static int pair_cmp(const void *x, const void *y, void *ctx)
{
    (void)ctx;
    return row_cmp(x, y, 2);
}

/* ---- what is left ---- */

/* How an end of a beaten stretch is: */
enum reach {
    REACH_TOUCHES, /* not beaten there: both pieces meet, and it is this one's point */
    REACH_SHARED,  /* the same, and the other piece has it */
    REACH_BEATEN
};

struct stretch {
    struct ratio from;
    struct ratio to;
    enum reach from_reach;
    enum reach to_reach;
};

/* Does t hold a point that is at least as good as the point s?  *out_same: only the very same. */
static bool point_covered(const struct line_piece *s, const struct line_piece *t, bool *out_same)
{
    wide_signed height = (wide_signed)(t->a[1] - t->b[1]) * (s->a[0] - t->a[0]) +
                         (wide_signed)(t->b[0] - t->a[0]) * (s->a[1] - t->a[1]);
    *out_same = is_point(t) ? row_cmp(s->a, t->a, 2) == 0 : height == 0;
    return is_point(t) || height <= 0;
}

/* Does the line from s->a to s->b go through the point t, which lies between its ends' worths? */
static bool goes_through(const struct line_piece *s, const struct line_piece *t)
{
    return (wide_signed)(t->a[0] - s->a[0]) * (s->a[1] - s->b[1]) ==
           (wide_signed)(s->a[1] - t->a[1]) * (s->b[0] - s->a[0]);
}

/* Of a stretch: only as far as s is not beyond t's line, height + far * slope <= 0.  False: nowhere.
 */
static bool limit_by_line(const struct line_piece *s, const struct line_piece *t, enum reach shared,
                          struct stretch *r, bool *out_along)
{
    const wide_signed tx = t->b[0] - t->a[0];
    const wide_signed ty = t->a[1] - t->b[1];
    const wide_signed height = ty * (s->a[0] - t->a[0]) + tx * (s->a[1] - t->a[1]);
    const wide_signed slope = ty * (s->b[0] - s->a[0]) - tx * (s->a[1] - s->b[1]);
    *out_along = slope == 0 && height == 0;
    if (slope == 0) {
        return height <= 0;
    }
    if (slope > 0) {
        if (height > 0) {
            return false;
        }
        if (-height <= slope) {
            struct ratio meets = ratio_make(-height, slope);
            if (ratio_cmp(meets, r->to) <= 0) {
                r->to = meets;
                r->to_reach = shared;
            }
        }
        return true;
    }
    if (height > -slope) {
        return false;
    }
    if (height >= 0) {
        struct ratio meets = ratio_make(height, -slope);
        if (ratio_cmp(meets, r->from) >= 0) {
            r->from = meets;
            r->from_reach = shared;
        }
    }
    return true;
}

/* What t beats of s; `earlier`: t has what both share.  False: nothing. */
static bool beaten_stretch(const struct line_piece *s, const struct line_piece *t, bool earlier,
                           struct stretch *out)
{
    const enum reach shared = earlier ? REACH_SHARED : REACH_TOUCHES;
    struct stretch r = {at_start, at_end, REACH_BEATEN, REACH_BEATEN};
    bool along = false;
    bool same;
    if (t->b[0] < s->a[0] || t->a[1] < s->b[1]) {
        return false;
    }
    if (is_point(s)) {
        *out = r;
        return point_covered(s, t, &same) && (!same || earlier);
    }
    /* Not to the right of t, not above t. */
    if (t->b[0] < s->b[0]) {
        r.to = ratio_make(t->b[0] - s->a[0], s->b[0] - s->a[0]);
    }
    if (t->a[1] < s->a[1]) {
        r.from = ratio_make(s->a[1] - t->a[1], s->a[1] - s->b[1]);
    }
    if (!is_point(t) && !limit_by_line(s, t, shared, &r, &along)) {
        return false;
    }
    int order = ratio_cmp(r.from, r.to);
    if (order > 0) {
        return false;
    }
    if (order == 0) {
        same = is_point(t) ? goes_through(s, t)
                           : along || r.from_reach != REACH_BEATEN || r.to_reach != REACH_BEATEN;
        r.from_reach = r.to_reach = same ? shared : REACH_BEATEN;
        along = false;
    } else if (along) {
        r.from_reach = r.to_reach = shared;
    }
    *out = r;
    return (order != 0 && !along) || r.from_reach != REACH_TOUCHES;
}

static int stretch_cmp(const void *x, const void *y, void *ctx)
{
    const struct stretch *s = x;
    const struct stretch *t = y;
    (void)ctx;
    int order = ratio_cmp(s->from, t->from);
    return order != 0 ? order : (int)t->from_reach - (int)s->from_reach;
}

struct weave {
    const struct budget *budget;
    struct arena *mem;
    struct line_piece *candidates; /* of the step at hand, CANDIDATES_MAX */
    struct stretch *stretches;     /* room for one of each other piece */
};

/* What the others leave of piece i, in order; out may be NULL, to count.  Pieces are in the order of
 * piece_cmp.  False: no memory. */
static bool leave(struct weave *w, const struct line_layer *l, size_t i, struct line_run *out,
                  size_t *out_count)
{
    const struct line_piece *s = &l->piece[i];
    size_t count = 0;
    size_t runs = 0;
    for (size_t j = 0; j < l->count && l->piece[j].b[0] >= s->a[0]; j++) {
        if (j != i && beaten_stretch(s, &l->piece[j], j < i, &w->stretches[count])) {
            count++;
        }
    }
    if (!sort_stable(w->stretches, count, sizeof(*w->stretches), stretch_cmp, NULL, w->mem)) {
        return false;
    }
    /* All before is settled; TOUCHES: the point itself is not. */
    struct ratio done = at_start;
    enum reach done_reach = REACH_TOUCHES;
    for (size_t j = 0; j <= count; j++) {
        static const struct stretch last = {{1, 1}, {1, 1}, REACH_TOUCHES, REACH_TOUCHES};
        const struct stretch *b = j < count ? &w->stretches[j] : &last;
        int order = ratio_cmp(b->from, done);
        if (order > 0 ||
            (order == 0 && done_reach == REACH_TOUCHES && b->from_reach == REACH_TOUCHES)) {
            if (out != NULL) {
                out[runs] = (struct line_run){.from = {.piece = i, .at = done},
                                              .to = {.piece = i, .at = b->from},
                                              .from_open = done_reach == REACH_BEATEN,
                                              .to_open = b->from_reach == REACH_BEATEN};
            }
            runs++;
        }
        order = ratio_cmp(b->to, done);
        if (order > 0 || (order == 0 && b->to_reach > done_reach)) {
            done = b->to;
            done_reach = b->to_reach;
        }
    }
    *out_count = runs;
    return true;
}

/* Drops pieces whose best corner is beaten by an end of some piece, and all but one of equal ones:
 * what is left is in the order of piece_cmp. */
static bool drop_corners(struct weave *w, struct line_layer *l)
{
    size_t mark = arena_mark(w->mem);
    int64_t *ends = ARENA_NEW(w->mem, int64_t, l->count * 4);
    if (ends == NULL ||
        !sort_stable(l->piece, l->count, sizeof(*l->piece), piece_cmp, NULL, w->mem)) {
        return false;
    }
    for (size_t i = 0; i < l->count; i++) {
        memcpy(ends + i * 4, l->piece[i].a, sizeof(l->piece[i].a));
        memcpy(ends + i * 4 + 2, l->piece[i].b, sizeof(l->piece[i].b));
    }
    if (!sort_stable(ends, l->count * 2, 2 * sizeof(*ends), pair_cmp, NULL, w->mem)) {
        return false;
    }
    size_t stairs = 0;
    for (size_t i = 0; i < l->count * 2; i++) {
        if (stairs == 0 || ends[i * 2 + 1] > ends[stairs * 2 - 1]) {
            memmove(ends + stairs++ * 2, ends + i * 2, 2 * sizeof(*ends));
        }
    }
    size_t kept = 0;
    for (size_t i = 0; i < l->count; i++) {
        const struct line_piece *p = &l->piece[i];
        size_t low = 0; /* stairs that reach as far to the right */
        size_t high = stairs;
        while (low < high) {
            size_t mid = low + (high - low) / 2;
            if (ends[mid * 2] >= p->b[0]) {
                low = mid + 1;
            } else {
                high = mid;
            }
        }
        const int64_t *stair = low == 0 ? NULL : ends + (low - 1) * 2;
        bool beaten = stair != NULL && stair[1] >= p->a[1] &&
                      (!is_point(p) || stair[1] > p->a[1] || stair[0] > p->a[0]);
        if (!beaten && (kept == 0 || piece_cmp(&l->piece[kept - 1], p, NULL) != 0)) {
            l->piece[kept++] = *p;
        }
    }
    l->count = kept;
    arena_rewind(w->mem, mark);
    return true;
}

/* Drops pieces of which nothing is left.  False: too many, or the memory or the budget ended. */
static bool drop_beaten(struct weave *w, struct line_layer *l)
{
    bool points = true;
    size_t kept = 0;
    for (size_t i = 0; i < l->count; i++) {
        points = points && is_point(&l->piece[i]);
    }
    if (points) {
        return true; /* their corners said all */
    }
    size_t mark = arena_mark(w->mem);
    bool *left = ARENA_NEW(w->mem, bool, l->count);
    w->stretches = ARENA_NEW(w->mem, struct stretch, l->count);
    if (w->mem->failed || l->count > PIECES_MAX) {
        return false;
    }
    for (size_t i = 0; i < l->count; i++) {
        size_t runs;
        if (!leave(w, l, i, NULL, &runs) || (i % STOP_EVERY == 0 && budget_stop(w->budget))) {
            return false;
        }
        left[i] = runs > 0;
    }
    for (size_t i = 0; i < l->count; i++) {
        if (left[i]) {
            l->piece[kept++] = l->piece[i];
        }
    }
    l->count = kept;
    arena_rewind(w->mem, mark);
    return true;
}

/* ---- merging ---- */

struct turn {
    uint32_t issue;
    uint32_t weight;
};

static int turn_cmp(const void *x, const void *y, void *ctx)
{
    const struct turn *p = x;
    const struct turn *q = y;
    (void)ctx;
    return (p->weight > q->weight) - (p->weight < q->weight);
}

/* Issues without lines first, the shorter ones before the longer ones. */
static bool make_order(const struct problem *p, const bool *joined, struct arena *mem,
                       uint32_t *out)
{
    struct turn turns[PROBLEM_ISSUES_MAX];
    for (uint32_t i = 0; i < p->issues; i++) {
        turns[i] = (struct turn){i, p->options[i] + (joined[i] ? 2 * PROBLEM_OPTIONS_MAX : 0)};
    }
    if (!sort_stable(turns, p->issues, sizeof(turns[0]), turn_cmp, NULL, mem)) {
        return false;
    }
    for (uint32_t i = 0; i < p->issues; i++) {
        out[i] = turns[i].issue;
    }
    return true;
}

/* The next layer; its pieces are in the arena.  False: as in lines_frontier. */
static bool merge_issue(struct weave *w, const struct problem *p, const struct line_layer *now,
                        uint32_t issue, bool joined, struct line_layer *out)
{
    struct line_layer step = {0};
    struct line_layer made = {.piece = w->candidates};
    step.piece = ARENA_NEW(w->mem, struct line_piece, p->options[issue]);
    if (step.piece == NULL) {
        return false;
    }
    step.count = issue_pieces(p, issue, joined, step.piece);
    if (step.count > CANDIDATES_MAX / 2 / now->count) {
        return false;
    }
    for (size_t i = 0; i < now->count; i++) {
        for (size_t j = 0; j < step.count; j++) {
            made.count += add_pieces(&now->piece[i], (uint32_t)i, &step.piece[j],
                                     made.piece + made.count); /* i is below CANDIDATES_MAX */
        }
    }
    if (!drop_corners(w, &made) || !drop_beaten(w, &made)) {
        return false;
    }
    out->piece = ARENA_NEW(w->mem, struct line_piece, made.count);
    if (out->piece == NULL) {
        return false;
    }
    memcpy(out->piece, made.piece, made.count * sizeof(*made.piece));
    out->count = made.count;
    return true;
}

void line_gain(const struct line_piece *s, struct ratio at, uint32_t party, int64_t base,
               struct big *out)
{
    struct big part;
    int64_t start = s->a[party] - base;
    int64_t way = s->b[party] - s->a[party];
    /* Of the two terms one may be negative: it is taken from the other. */
    big_set_wide(out, at.d);
    big_mul(out, start < 0 ? 0 - (uint64_t)start : (uint64_t)start);
    big_set_wide(&part, at.n);
    big_mul(&part, way < 0 ? 0 - (uint64_t)way : (uint64_t)way);
    if (start >= 0 && way >= 0) {
        big_add(out, &part);
    } else if (start >= 0) {
        big_sub(out, &part);
    } else {
        big_sub(&part, out);
        big_copy(out, &part);
    }
}

static int first_worth_cmp(const struct line_piece *p, struct ratio x, const struct line_piece *q,
                           struct ratio y)
{
    struct big u;
    struct big v;
    struct big u_below;
    struct big v_below;
    int64_t base = p->a[0] < q->a[0] ? p->a[0] : q->a[0];
    line_gain(p, x, 0, base, &u);
    line_gain(q, y, 0, base, &v);
    big_set_wide(&u_below, x.d);
    big_set_wide(&v_below, y.d);
    return ratio_big_cmp(&u, &u_below, &v, &v_below);
}

int lines_point_cmp(const struct lines *l, const struct line_point *x, const struct line_point *y)
{
    return first_worth_cmp(line_piece_at(l, x), x->at, line_piece_at(l, y), y->at);
}

static int run_cmp(const void *x, const void *y, void *ctx)
{
    const struct line_run *p = x;
    const struct line_run *q = y;
    int order = lines_point_cmp(ctx, &p->from, &q->from);
    return order != 0 ? order : lines_point_cmp(ctx, &p->to, &q->to);
}

/* The runs of the last layer, in the order of the frontier.  False: the memory or the budget ended.
 */
static bool find_runs(struct weave *w, const struct line_layer *last, struct lines *out)
{
    size_t cap = 0;
    size_t runs;
    w->stretches = ARENA_NEW(w->mem, struct stretch, last->count);
    if (w->mem->failed) {
        return false;
    }
    for (size_t i = 0; i < last->count; i++) {
        if (!leave(w, last, i, NULL, &runs) || (i % STOP_EVERY == 0 && budget_stop(w->budget))) {
            return false;
        }
        cap += runs;
    }
    out->runs = ARENA_NEW(w->mem, struct line_run, cap);
    if (out->runs == NULL) {
        return false;
    }
    for (size_t i = 0; i < last->count; i++) {
        if (!leave(w, last, i, out->runs + out->count, &runs) ||
            (i % STOP_EVERY == 0 && budget_stop(w->budget))) {
            return false;
        }
        out->count += runs;
    }
    return sort_stable(out->runs, out->count, sizeof(*out->runs), run_cmp, out, w->mem);
}

bool lines_frontier(const struct problem *p, const bool *joined, const struct budget *budget,
                    struct arena *mem, struct lines *out)
{
    struct weave w = {.budget = budget, .mem = mem};
    struct lines made = {.problem = p};
    CHECK(p->parties == 2 && problem_additive(p));
    w.candidates = ARENA_NEW(mem, struct line_piece, CANDIDATES_MAX);
    made.order = ARENA_NEW(mem, uint32_t, p->issues);
    made.layers = ARENA_NEW(mem, struct line_layer, (size_t)p->issues + 1);
    struct line_piece *nothing = ARENA_NEW(mem, struct line_piece, 1);
    if (mem->failed || !make_order(p, joined, mem, made.order)) {
        return false;
    }
    made.layers[0] = (struct line_layer){.count = 1, .piece = nothing};
    for (uint32_t i = 0; i < p->issues; i++) {
        uint32_t issue = made.order[i];
        if (budget_stop(budget) ||
            !merge_issue(&w, p, &made.layers[i], issue, joined[issue], &made.layers[i + 1])) {
            return false;
        }
    }
    if (!find_runs(&w, &made.layers[p->issues], &made)) {
        return false;
    }
    *out = made;
    return true;
}

/* Where on the piece the party's worth is v, which lies between those of the ends. */
static struct ratio where(const struct line_piece *s, uint32_t party, int64_t v)
{
    int64_t way = s->b[party] - s->a[party];
    return way > 0 ? ratio_make(v - s->a[party], way) : ratio_make(s->a[party] - v, -way);
}

bool lines_clip(const struct lines *l, const int64_t *d, struct arena *mem, struct lines *out,
                struct err *err)
{
    struct lines made = *l;
    made.runs = ARENA_NEW(mem, struct line_run, l->count);
    made.count = 0;
    if (made.runs == NULL) {
        return err_memory(err, "the lines");
    }
    for (size_t i = 0; i < l->count; i++) {
        struct line_run r = l->runs[i];
        const struct line_piece *s = line_piece_at(l, &r.from);
        if (s->b[0] < d[0] || s->a[1] < d[1]) {
            continue;
        }
        if (s->a[0] < d[0]) {
            struct ratio from = where(s, 0, d[0]);
            int order = ratio_cmp(from, r.from.at);
            r.from_open = order > 0 ? false : r.from_open;
            r.from.at = order > 0 ? from : r.from.at;
        }
        if (s->b[1] < d[1]) {
            struct ratio to = where(s, 1, d[1]);
            int order = ratio_cmp(to, r.to.at);
            r.to_open = order < 0 ? false : r.to_open;
            r.to.at = order < 0 ? to : r.to.at;
        }
        int order = ratio_cmp(r.from.at, r.to.at);
        if (order < 0 || (order == 0 && !r.from_open && !r.to_open)) {
            made.runs[made.count++] = r;
        }
    }
    *out = made;
    return true;
}

int64_t lines_worth(const struct lines *l, const struct line_point *at, uint32_t party)
{
    const struct line_piece *s = line_piece_at(l, at);
    int64_t way = s->b[party] - s->a[party];
    return way >= 0 ? s->a[party] + ratio_of(at->at, way) : s->a[party] - ratio_of(at->at, -way);
}

uint32_t lines_package(const struct lines *l, const struct line_point *at, uint32_t *out_a,
                       uint32_t *out_b)
{
    uint32_t *out[2] = {out_a, out_b};
    uint32_t moves = UINT32_MAX;
    for (uint32_t side = 0; side < 2; side++) {
        size_t piece = at->piece;
        uint32_t end = side;
        for (uint32_t i = l->problem->issues; i > 0; i--) {
            const struct line_piece *s = &l->layers[i].piece[piece];
            out[side][l->order[i - 1]] = s->option[end];
            end = s->before_end == BOTH ? end : s->before_end;
            piece = s->before;
        }
    }
    for (uint32_t i = 0; i < l->problem->issues; i++) {
        moves = out_a[i] != out_b[i] ? i : moves;
    }
    return moves;
}
