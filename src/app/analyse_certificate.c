/* SPDX-License-Identifier: Apache-2.0
 *
 * The proof that a frontier is what it says, for a checker that shares no code with entente
 * (tools/check_certificate.py).  It has the problem as it was solved, in whole units; the points
 * with a package each; the solutions; and of a merge the list of every step.  The checker sees that
 * each list is reached from the one before it, and that whatever is reached and not in the list is
 * beaten by a row named here, or cannot reach somebody's reserve: by induction no package is missing.
 * Lines have their own (analyse_certificate_lines.c).
 */
#include "analysis/filter.h"
#include "app/analyse_priv.h"
#include "base/check.h"

void certificate_row(struct json *j, const int64_t *u, uint32_t n)
{
    json_put_array(j);
    for (uint32_t k = 0; k < n; k++) {
        json_put_i64(j, u[k]);
    }
    json_put_end(j);
}

void certificate_problem(struct json *j, const struct analysed *a, const struct problem *p)
{
    json_put_key(j, "unit");
    certificate_row(j, p->unit, p->parties);
    json_put_key(j, "reserve");
    json_put_array(j);
    for (uint32_t k = 0; k < p->parties; k++) {
        if (p->reserve[k] == PROBLEM_NONE) {
            json_put_null(j);
        } else {
            json_put_i64(j, p->reserve[k]);
        }
    }
    json_put_end(j);
    json_put_key(j, "disagreement");
    certificate_row(j, a->disagreement, p->parties);
    json_put_key(j, "ideal");
    certificate_row(j, a->ideal, p->parties);
    json_put_key(j, "worth");
    json_put_array(j);
    for (uint32_t i = 0; i < p->issues; i++) {
        json_put_array(j);
        for (uint32_t o = 0; o < p->options[i]; o++) {
            certificate_row(j, problem_worth(p, i, o), p->parties);
        }
        json_put_end(j);
    }
    json_put_end(j);
}

static void put_boxes(struct json *j, const struct problem *p)
{
    static const char *const kinds[] = {"adds", "zero", "forbids"};
    json_put_key(j, "boxes");
    json_put_array(j);
    for (uint32_t b = 0; b < p->box_count; b++) {
        const struct problem_box *box = &p->boxes[b];
        json_put_object(j);
        json_put_key(j, "kind");
        json_put_str(j, kinds[box->kind]);
        json_put_key(j, "party");
        json_put_i64(j, box->party == PROBLEM_NOBODY ? -1 : (int64_t)box->party);
        json_put_key(j, "worth");
        json_put_i64(j, box->worth);
        json_put_key(j, "ranges");
        json_put_array(j);
        for (uint32_t r = 0; r < box->range_count; r++) {
            const int64_t range[3] = {box->ranges[r].issue, box->ranges[r].low,
                                      box->ranges[r].high};
            certificate_row(j, range, 3);
        }
        json_put_end(j);
        json_put_end(j);
    }
    json_put_end(j);
    json_put_key(j, "cap");
    json_put_array(j);
    for (uint32_t k = 0; k < p->parties; k++) {
        if (p->cap == NULL || p->cap[k] == INT64_MAX) {
            json_put_null(j);
        } else {
            json_put_i64(j, p->cap[k]);
        }
    }
    json_put_end(j);
    json_put_key(j, "table");
    json_put_array(j);
    for (uint32_t k = 0; k < p->parties; k++) {
        if (p->table == NULL || p->table[k] == NULL) {
            json_put_null(j);
            continue;
        }
        struct big size;
        uint64_t count = 0;
        problem_size(p, &size);
        CHECK(big_u64(&size, &count));
        json_put_array(j);
        for (uint64_t n = 0; n < count; n++) {
            json_put_i64(j, p->table[k][n]);
        }
        json_put_end(j);
    }
    json_put_end(j);
}

/* Who beats the sum: the row of the next list that covers it.  -1: it cannot reach a reserve. */
static int64_t beater(const struct frontier_layer *next, const int64_t *sum, uint32_t parties,
                      size_t *hint)
{
    if (*hint < next->count && row_covers(next->u + *hint * parties, sum, parties)) {
        return (int64_t)*hint;
    }
    for (size_t r = 0; r < next->count && next->u[r * parties] >= sum[0]; r++) {
        if (row_covers(next->u + r * parties, sum, parties)) {
            *hint = r;
            return (int64_t)r;
        }
    }
    return -1;
}

/* [row of the list before, option, row of this list that is it or beats it (or -1)], all of them. */
static void put_step(struct json *j, const struct analysed *a, uint32_t step)
{
    const struct problem *p = &a->c.problem;
    const struct frontier *f = &a->frontier;
    const struct frontier_layer *before = &f->layers[step];
    const struct frontier_layer *next = &f->layers[step + 1];
    uint32_t issue = f->order[step];
    size_t hint = 0;
    json_put_object(j);
    json_put_key(j, "issue");
    json_put_u64(j, issue);
    json_put_key(j, "rows");
    json_put_array(j);
    for (size_t r = 0; r < next->count; r++) {
        certificate_row(j, next->u + r * p->parties, p->parties);
    }
    json_put_end(j);
    json_put_key(j, "by");
    json_put_array(j);
    for (size_t r = 0; r < before->count; r++) {
        for (uint32_t o = 0; o < p->options[issue]; o++) {
            int64_t sum[PROBLEM_PARTIES_MAX];
            for (uint32_t k = 0; k < p->parties; k++) {
                sum[k] = before->u[r * p->parties + k] + problem_worth(p, issue, o)[k];
            }
            json_put_i64(j, beater(next, sum, p->parties, &hint));
        }
    }
    json_put_end(j);
    json_put_end(j);
}

static void put_points(struct json *j, const struct analysed *a)
{
    const struct problem *p = &a->c.problem;
    uint32_t package[PROBLEM_ISSUES_MAX];
    json_put_key(j, "points");
    json_put_array(j);
    for (size_t r = 0; r < a->frontier.count; r++) {
        frontier_package(&a->frontier, r, package);
        json_put_object(j);
        json_put_key(j, "u");
        certificate_row(j, a->frontier.u + r * p->parties, p->parties);
        json_put_key(j, "package");
        json_put_array(j);
        for (uint32_t i = 0; i < p->issues; i++) {
            json_put_u64(j, package[i]);
        }
        json_put_end(j);
        json_put_end(j);
    }
    json_put_end(j);
    for (uint32_t r = 0; r < BARGAIN_RULES; r++) {
        json_put_key(j, rule_words((enum bargain_rule)r)->key);
        json_put_array(j);
        for (size_t i = 0; i < a->rule[r].count; i++) {
            json_put_u64(j, a->rule[r].point[i]);
        }
        json_put_end(j);
    }
}

bool analysed_certificate(const struct analysed *a, struct buf *out, struct err *err)
{
    struct json j;
    if (a->how == ANALYSED_LINES) {
        return lines_certificate(a, out, err);
    }
    if (a->how == ANALYSED_BOUND || !a->frontier.exact) {
        return err_set(err, ERR_RULE, "there is a certificate for an exact frontier alone") ||
               err_mend(err, "raise --budget-time or --budget-memory");
    }
    json_init(&j, out);
    json_put_object(&j);
    json_put_key(&j, "v");
    json_put_u64(&j, 1);
    json_put_key(&j, "what");
    json_put_str(&j, "entente certificate");
    json_put_key(&j, "scope");
    json_put_str(&j, a->frontier.scope == FRONTIER_ALL ? "all" : "above reserve");
    certificate_problem(&j, a, &a->c.problem);
    put_boxes(&j, &a->c.problem);
    put_points(&j, a);
    json_put_key(&j, "steps");
    json_put_array(&j);
    for (uint32_t i = 0; a->how == ANALYSED_MERGE && i < a->c.problem.issues; i++) {
        put_step(&j, a, i);
    }
    json_put_end(&j);
    json_put_end(&j);
    json_done(&j);
    return buf_done(out, "the certificate", err) ||
           err_mend(err, "the certificate of a frontier this large does not fit");
}
