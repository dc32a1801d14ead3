/* SPDX-License-Identifier: Apache-2.0 */
#include "base/diff.h"

#include "base/check.h"

#define DIFF_BYTES_MAX (16u << 20)

/* One text in tokens: token i is p[at[i], at[i + 1]); equal tokens have one id, in both texts. */
struct tokens {
    struct text text;
    uint32_t count;
    uint32_t *at;
    uint32_t *id;
    bool *changed;
};

enum sort { SORT_WORD, SORT_BLANK, SORT_OTHER };

static enum sort sort_of(char c)
{
    uint8_t u = (uint8_t)c;
    if (u >= 0x80 || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')) {
        return SORT_WORD;
    }
    return c == ' ' || c == '\n' || c == '\t' ? SORT_BLANK : SORT_OTHER;
}

static size_t token_end(struct text t, size_t from)
{
    enum sort s = sort_of(t.p[from]);
    size_t to = from + 1;
    while (s != SORT_OTHER && to < t.n && sort_of(t.p[to]) == s) {
        to++;
    }
    return to;
}

static bool cut(struct text t, struct arena *mem, struct tokens *out)
{
    uint32_t n = 0;
    for (size_t i = 0; i < t.n; i = token_end(t, i)) {
        n++;
    }
    *out = (struct tokens){.text = t,
                           .count = n,
                           .at = ARENA_NEW(mem, uint32_t, (size_t)n + 1),
                           .id = ARENA_NEW(mem, uint32_t, (size_t)n + 1),
                           .changed = ARENA_NEW(mem, bool, (size_t)n + 1)};
    if (mem->failed) {
        return false;
    }
    uint32_t k = 0;
    for (size_t i = 0; i < t.n; i = token_end(t, i)) {
        out->at[k++] = (uint32_t)i;
    }
    out->at[n] = (uint32_t)t.n;
    return true;
}

/* ---- ids ---- */

static struct bytes token(const struct tokens *t, uint32_t i)
{
    return bytes_of(t->text.p + t->at[i], t->at[i + 1] - t->at[i]);
}

/* FNV-1a: where tokens collide they are compared. */
static uint32_t hash_of(struct bytes v)
{
    uint32_t h = 2166136261u;
    for (size_t i = 0; i < v.n; i++) {
        h = (h ^ v.p[i]) * 16777619u;
    }
    return h;
}

/* A token that stood first: of which text, and where. */
struct slot {
    bool used;
    bool second;
    uint32_t place;
};

struct table {
    struct tokens *of[2];
    struct slot *slots;
    uint32_t mask;
    uint32_t ids;
};

static void name_token(struct table *t, bool second, uint32_t i)
{
    struct tokens *in = t->of[second ? 1 : 0];
    struct bytes v = token(in, i);
    uint32_t h = hash_of(v) & t->mask;
    for (;; h = (h + 1) & t->mask) { /* half of the slots are free: it ends */
        struct slot *s = &t->slots[h];
        if (!s->used) {
            *s = (struct slot){true, second, i};
            in->id[i] = t->ids++;
            return;
        }
        const struct tokens *other = t->of[s->second ? 1 : 0];
        if (bytes_eq(token(other, s->place), v)) {
            in->id[i] = other->id[s->place];
            return;
        }
    }
}

static bool name_tokens(struct tokens *a, struct tokens *b, struct arena *mem)
{
    uint32_t size = 16;
    while (size < 2 * ((uint64_t)a->count + b->count)) {
        size *= 2; /* at most 2^26: texts have at most 2^24 bytes */
    }
    struct table t = {.of = {a, b}, .slots = ARENA_NEW(mem, struct slot, size), .mask = size - 1};
    if (t.slots == NULL) {
        return false;
    }
    for (uint32_t i = 0; i < a->count; i++) {
        name_token(&t, false, i);
    }
    for (uint32_t i = 0; i < b->count; i++) {
        name_token(&t, true, i);
    }
    return true;
}

/* ---- the fewest changes ---- */

/* A part of both texts that is still to be compared. */
struct box {
    uint32_t a, a_end, b, b_end;
};

struct search {
    struct tokens *a, *b;
    int64_t *ahead; /* furthest old token on diagonal k, from the front */
    int64_t *back;  /* the same from the end, in distances from it */
    uint64_t steps; /* that are left */
};

static bool same(const struct search *s, uint32_t i, uint32_t k)
{
    return s->a->id[i] == s->b->id[k];
}

/* The diagonals k = x - y that lie within an n by m box when d changes are made. */
static int64_t first_diagonal(int64_t d, int64_t m)
{
    return d <= m ? -d : -(2 * m - d);
}

static int64_t last_diagonal(int64_t d, int64_t n)
{
    return d <= n ? d : 2 * n - d;
}

/* One more change on diagonal k, then as far as the texts agree.  v: of this direction. */
static int64_t furthest(const struct search *s, const struct box *x, bool forward, int64_t d,
                        int64_t k, const int64_t *v)
{
    int64_t n = x->a_end - x->a, m = x->b_end - x->b;
    int64_t i = k == -d || (k != d && v[k - 1] < v[k + 1]) ? v[k + 1] : v[k - 1] + 1;
    int64_t j = i - k;
    while (i < n && j < m &&
           (forward ? same(s, x->a + (uint32_t)i, x->b + (uint32_t)j)
                    : same(s, x->a_end - 1 - (uint32_t)i, x->b_end - 1 - (uint32_t)j))) {
        i++;
        j++;
    }
    return i;
}

/* Where a shortest way through the box is half done, in old and new tokens from its corner.  False:
 * the steps are used up. */
static bool middle(struct search *s, const struct box *x, uint32_t *out_a, uint32_t *out_b)
{
    int64_t n = x->a_end - x->a, m = x->b_end - x->b, delta = n - m;
    bool odd = (delta & 1) != 0;
    int64_t *f = s->ahead, *r = s->back; /* both may be indexed from -(m + 1) to n + 1 */
    f[1] = 0;
    r[1] = 0;
    for (int64_t d = 0; d <= (n + m + 1) / 2; d++) {
        for (int64_t k = first_diagonal(d, m); k <= last_diagonal(d, n); k += 2) {
            if (s->steps-- == 0) {
                s->steps = 0;
                return false;
            }
            int64_t i = furthest(s, x, true, d, k, f);
            f[k] = i;
            int64_t c = delta - k; /* the same diagonal, counted from the end */
            if (odd && c >= first_diagonal(d - 1, m) && c <= last_diagonal(d - 1, n) && d > 0 &&
                f[k] + r[c] >= n) {
                *out_a = (uint32_t)i;
                *out_b = (uint32_t)(i - k);
                return true;
            }
        }
        for (int64_t k = first_diagonal(d, m); k <= last_diagonal(d, n); k += 2) {
            if (s->steps-- == 0) {
                s->steps = 0;
                return false;
            }
            int64_t i = furthest(s, x, false, d, k, r);
            r[k] = i;
            int64_t c = delta - k;
            if (!odd && c >= first_diagonal(d, m) && c <= last_diagonal(d, n) && f[c] + r[k] >= n) {
                *out_a = (uint32_t)(n - i);
                *out_b = (uint32_t)(m - (i - k));
                return true;
            }
        }
    }
    CHECK(false); /* two ways meet after half of n + m changes at the latest */
    return false;
}

static void change(struct tokens *t, uint32_t from, uint32_t to)
{
    for (uint32_t i = from; i < to; i++) {
        t->changed[i] = true;
    }
}

/* Ends agree: they are no part of the question. */
static void trim(const struct search *s, struct box *x)
{
    while (x->a < x->a_end && x->b < x->b_end && same(s, x->a, x->b)) {
        x->a++;
        x->b++;
    }
    while (x->a < x->a_end && x->b < x->b_end && same(s, x->a_end - 1, x->b_end - 1)) {
        x->a_end--;
        x->b_end--;
    }
}

/* Each split halves the changes of a box, so there are never more open boxes than this. */
#define BOXES_MAX 64u

static bool compare(struct search *s)
{
    struct box open[BOXES_MAX];
    uint32_t count = 1;
    bool whole = true;
    open[0] = (struct box){0, s->a->count, 0, s->b->count};
    while (count > 0) {
        struct box x = open[--count];
        uint32_t i = 0, k = 0;
        trim(s, &x);
        if (x.a == x.a_end || x.b == x.b_end) {
            change(s->a, x.a, x.a_end);
            change(s->b, x.b, x.b_end);
            continue;
        }
        bool halved = count + 2 <= BOXES_MAX && middle(s, &x, &i, &k);
        bool corner = halved && ((i == 0 && k == 0) || (i >= x.a_end - x.a && k >= x.b_end - x.b));
        if (!halved || corner || i > x.a_end - x.a || k > x.b_end - x.b) {
            whole = false;
            change(s->a, x.a, x.a_end);
            change(s->b, x.b, x.b_end);
            continue;
        }
        open[count++] = (struct box){x.a + i, x.a_end, x.b + k, x.b_end};
        open[count++] = (struct box){x.a, x.a + i, x.b, x.b + k};
    }
    return whole;
}

/* ---- parts ---- */

static bool blank(const struct tokens *t, uint32_t i)
{
    return sort_of(t->text.p[t->at[i]]) == SORT_BLANK;
}

/* Blanks between two changes belong to both: "[-one bank-]{+both shores+}". */
static void join_changes(struct tokens *a, struct tokens *b)
{
    uint32_t i = 0, k = 0;
    bool behind = false; /* a change stands before */
    while (i < a->count || k < b->count) {
        if ((i < a->count && a->changed[i]) || (k < b->count && b->changed[k])) {
            i += i < a->count && a->changed[i] ? 1u : 0u;
            k += k < b->count && b->changed[k] ? 1u : 0u;
            behind = true;
            continue;
        }
        bool ahead = (i + 1 < a->count && a->changed[i + 1]) ||
                     (k + 1 < b->count && b->changed[k + 1]);
        if (behind && ahead && blank(a, i)) {
            a->changed[i] = true;
            b->changed[k] = true;
            continue;
        }
        behind = false;
        i++;
        k++;
    }
}

static void put_part(struct diff *d, enum diff_kind kind, const struct tokens *t, uint32_t from,
                     uint32_t to)
{
    if (to > from) {
        d->parts[d->count++] = (struct diff_part){
            kind, {.p = t->text.p + t->at[from], .n = t->at[to] - t->at[from]}};
    }
}

static void put_parts(const struct tokens *a, const struct tokens *b, struct diff *d)
{
    uint32_t i = 0, k = 0;
    while (i < a->count || k < b->count) {
        uint32_t from = i, to = k;
        while (i < a->count && k < b->count && !a->changed[i] && !b->changed[k]) {
            i++;
            k++;
        }
        put_part(d, DIFF_SAME, a, from, i);
        from = i;
        to = k;
        while (i < a->count && a->changed[i]) {
            i++;
        }
        while (k < b->count && b->changed[k]) {
            k++;
        }
        put_part(d, DIFF_OLD, a, from, i);
        put_part(d, DIFF_NEW, b, to, k);
    }
}

bool diff_words(struct text old, struct text new, uint64_t steps, struct arena *mem,
                struct diff *out)
{
    struct tokens a, b;
    CHECK(old.n <= DIFF_BYTES_MAX && new.n <= DIFF_BYTES_MAX);
    if (!cut(old, mem, &a) || !cut(new, mem, &b) || !name_tokens(&a, &b, mem)) {
        return false;
    }
    size_t diagonals = (size_t)a.count + b.count + 3;
    struct search s = {.a = &a, .b = &b, .steps = steps};
    int64_t *rooms = ARENA_NEW(mem, int64_t, 2 * diagonals);
    if (rooms == NULL) {
        return false;
    }
    s.ahead = rooms + b.count + 1;
    s.back = rooms + diagonals + b.count + 1;
    *out = (struct diff){.coarse = !compare(&s)};
    join_changes(&a, &b);
    out->parts = ARENA_NEW(mem, struct diff_part, (size_t)a.count + b.count + 1);
    if (out->parts == NULL) {
        return false;
    }
    put_parts(&a, &b, out);
    return true;
}
