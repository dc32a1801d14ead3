/* SPDX-License-Identifier: Apache-2.0
 *
 * The proof that a frontier of lines is what it says (analysis/lines.h), for a checker that shares no
 * code with entente (tools/check_certificate.py).  It has the problem in whole units, options of an
 * issue with a range being its knots; the pieces that each step kept; and the frontier as stretches
 * of the last step's pieces, with packages of both ends, which differ in one issue.  The checker
 * sees that of every sum of two pieces each point is beaten or held by a piece of the next list, and
 * each point of the last list by the frontier; by induction no package is missing, sampled or not.
 */
#include "app/analyse_priv.h"
#include "base/check.h"

/* Beyond what JSON readers hold as a number: in digits. */
static void put_wide(struct json *j, wide v)
{
    struct small_text s;
    struct big b;
    memset(s.room, 0, sizeof(s.room));
    arena_init(&s.mem, s.room, sizeof(s.room));
    big_set_wide(&b, v);
    const char *digits = big_text(&b, &s.mem);
    CHECK(digits != NULL); /* forty of them at most */
    json_put_str(j, digits);
}

static void put_ratio(struct json *j, const char *key, struct ratio r)
{
    json_put_key(j, key);
    json_put_array(j);
    put_wide(j, r.n);
    put_wide(j, r.d);
    json_put_end(j);
}

static void put_steps(struct json *j, const struct lines *l)
{
    json_put_key(j, "steps");
    json_put_array(j);
    for (uint32_t i = 0; i < l->problem->issues; i++) {
        const struct line_layer *next = &l->layers[i + 1];
        json_put_object(j);
        json_put_key(j, "issue");
        json_put_u64(j, l->order[i]);
        json_put_key(j, "pieces");
        json_put_array(j);
        for (size_t r = 0; r < next->count; r++) {
            const struct line_piece *s = &next->piece[r];
            const int64_t ends[4] = {s->a[0], s->a[1], s->b[0], s->b[1]};
            certificate_row(j, ends, 4);
        }
        json_put_end(j);
        json_put_end(j);
    }
    json_put_end(j);
}

static void put_package(struct json *j, const char *key, const uint32_t *package, uint32_t issues)
{
    json_put_key(j, key);
    json_put_array(j);
    for (uint32_t i = 0; i < issues; i++) {
        json_put_u64(j, package[i]);
    }
    json_put_end(j);
}

static void put_runs(struct json *j, const struct lines *l)
{
    json_put_key(j, "runs");
    json_put_array(j);
    for (size_t i = 0; i < l->count; i++) {
        const struct line_run *r = &l->runs[i];
        uint32_t a[PROBLEM_ISSUES_MAX];
        uint32_t b[PROBLEM_ISSUES_MAX];
        (void)lines_package(l, &r->from, a, b);
        json_put_object(j);
        json_put_key(j, "piece");
        json_put_u64(j, r->from.piece);
        put_ratio(j, "from", r->from.at);
        put_ratio(j, "to", r->to.at);
        json_put_key(j, "from_open");
        json_put_bool(j, r->from_open);
        json_put_key(j, "to_open");
        json_put_bool(j, r->to_open);
        put_package(j, "package_a", a, l->problem->issues);
        put_package(j, "package_b", b, l->problem->issues);
        json_put_end(j);
    }
    json_put_end(j);
}

static void put_solutions(struct json *j, const struct analysed *a)
{
    for (uint32_t r = 0; r < BARGAIN_RULES; r++) {
        json_put_key(j, rule_words((enum bargain_rule)r)->key);
        json_put_array(j);
        for (size_t i = 0; i < a->rule[r].count; i++) {
            const struct line_point *at = &a->lines->at[a->rule[r].point[i]];
            json_put_object(j);
            json_put_key(j, "piece");
            json_put_u64(j, at->piece);
            put_ratio(j, "at", at->at);
            json_put_end(j);
        }
        json_put_end(j);
    }
}

bool lines_certificate(const struct analysed *a, struct buf *out, struct err *err)
{
    const struct lines *l = &a->lines->all;
    struct json j;
    json_init(&j, out);
    json_put_object(&j);
    json_put_key(&j, "v");
    json_put_u64(&j, 1);
    json_put_key(&j, "what");
    json_put_str(&j, "entente certificate of lines");
    certificate_problem(&j, a, l->problem);
    json_put_key(&j, "joined");
    json_put_array(&j);
    for (uint32_t i = 0; i < l->problem->issues; i++) {
        json_put_bool(&j, a->scenario.domain.issues[i].kind == DOMAIN_REAL);
    }
    json_put_end(&j);
    put_steps(&j, l);
    put_runs(&j, l);
    put_solutions(&j, a);
    json_put_end(&j);
    json_done(&j);
    return buf_done(out, "the certificate", err) ||
           err_mend(err, "the certificate of a frontier this large does not fit");
}
