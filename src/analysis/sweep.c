/* SPDX-License-Identifier: Apache-2.0 */
#include "analysis/sweep.h"

bool sweep_init(struct sweep *s, const struct problem *p, struct arena *mem, bool *out_applies,
                struct err *err)
{
    size_t ranges = 0;
    uint32_t most = 1;
    *out_applies = p->table == NULL;
    for (uint32_t b = 0; b < p->box_count; b++) {
        *out_applies = *out_applies && p->boxes[b].kind == PROBLEM_BOX_ADDS;
        ranges += p->boxes[b].range_count;
    }
    for (uint32_t i = 0; i < p->issues; i++) {
        most = p->options[i] > most ? p->options[i] : most;
    }
    if (!*out_applies) {
        return true;
    }
    *s = (struct sweep){.p = p};
    s->from = ARENA_NEW(mem, size_t, (size_t)p->issues + 2);
    s->box = ARENA_NEW(mem, uint32_t, ranges);
    s->rows = ARENA_NEW(mem, int64_t, (size_t)most * p->parties);
    if (mem->failed) {
        return err_memory(err, "the search");
    }
    /* Counted two places ahead, summed, and then each put in moves its own mark up to the next. */
    for (uint32_t b = 0; b < p->box_count; b++) {
        for (uint32_t r = 0; r < p->boxes[b].range_count; r++) {
            s->from[p->boxes[b].ranges[r].issue + 2]++;
        }
    }
    for (uint32_t i = 1; i < p->issues + 2; i++) {
        s->from[i] += s->from[i - 1];
    }
    for (uint32_t b = 0; b < p->box_count; b++) {
        for (uint32_t r = 0; r < p->boxes[b].range_count; r++) {
            s->box[s->from[p->boxes[b].ranges[r].issue + 1]++] = b;
        }
    }
    return true;
}

void sweep_worth(const struct sweep *s, const uint32_t *package, int64_t *out)
{
    const struct problem *p = s->p;
    memset(out, 0, p->parties * sizeof(*out));
    for (uint32_t i = 0; i < p->issues; i++) {
        const int64_t *w = problem_worth(p, i, package[i]);
        for (uint32_t k = 0; k < p->parties; k++) {
            out[k] += w[k];
        }
    }
    for (uint32_t b = 0; b < p->box_count; b++) {
        if (problem_box_holds(&p->boxes[b], package)) {
            out[p->boxes[b].party] += p->boxes[b].worth;
        }
    }
}

/* Is the package within all ranges but that of the issue?  *out is that one. */
static bool holds_beside(const struct problem_box *b, const uint32_t *package, uint32_t issue,
                         const struct problem_range **out)
{
    for (uint32_t r = 0; r < b->range_count; r++) {
        const struct problem_range *g = &b->ranges[r];
        if (g->issue == issue) {
            *out = g;
        } else if (package[g->issue] < g->low || package[g->issue] > g->high) {
            return false;
        }
    }
    return true;
}

const int64_t *sweep_issue(struct sweep *s, const uint32_t *package, const int64_t *now,
                           uint32_t issue)
{
    const struct problem *p = s->p;
    const uint32_t parties = p->parties;
    int64_t rest[PROBLEM_PARTIES_MAX];
    memcpy(s->rows, p->worth[issue], (size_t)p->options[issue] * parties * sizeof(*s->rows));
    for (size_t n = s->from[issue]; n < s->from[issue + 1]; n++) {
        const struct problem_box *b = &p->boxes[s->box[n]];
        const struct problem_range *own = NULL;
        if (holds_beside(b, package, issue, &own) && own != NULL) {
            for (uint32_t o = own->low; o <= own->high; o++) {
                s->rows[(size_t)o * parties + b->party] += b->worth;
            }
        }
    }
    for (uint32_t k = 0; k < parties; k++) {
        rest[k] = now[k] - s->rows[(size_t)package[issue] * parties + k];
    }
    for (uint32_t o = 0; o < p->options[issue]; o++) {
        for (uint32_t k = 0; k < parties; k++) {
            s->rows[(size_t)o * parties + k] += rest[k];
        }
    }
    return s->rows;
}
