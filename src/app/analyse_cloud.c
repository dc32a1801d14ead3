/* SPDX-License-Identifier: Apache-2.0
 *
 * Packages as dots behind a plot: all of them where they are few, else an even sample that is the same
 * every time.  Nothing rests on them.
 */
#include "app/analyse_priv.h"

/* splitmix64: good enough to strew dots, and the same everywhere. */
static uint64_t next_number(uint64_t *state)
{
    uint64_t z = *state += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

/* How many packages there are, or more than `most`. */
static uint64_t count_up_to(const struct problem *p, uint64_t most)
{
    uint64_t count = 1;
    for (uint32_t i = 0; i < p->issues && count <= most; i++) {
        count *= p->options[i]; /* both fit 32 bits: most does, and an issue has 65536 at most */
    }
    return count;
}

void analysed_cloud(const struct analysed *a, uint32_t most, struct json *j)
{
    const struct problem *p = &a->c.problem;
    uint32_t package[PROBLEM_ISSUES_MAX];
    int64_t u[PROBLEM_PARTIES_MAX];
    uint64_t count = a->how == ANALYSED_LINES ? 0 : count_up_to(p, most), seed = 1;
    bool sample = count > most;
    json_put_key(j, "cloud");
    json_put_array(j);
    for (uint64_t n = 0; n < (sample ? most : count); n++) {
        uint64_t rest = n;
        for (uint32_t i = 0; i < p->issues; i++) {
            uint64_t pick = sample ? next_number(&seed) : rest;
            package[i] = (uint32_t)(pick % p->options[i]);
            rest = sample ? rest : rest / p->options[i];
        }
        if (problem_eval(p, package, u)) {
            json_put_array(j);
            for (uint32_t k = 0; k < p->parties; k++) {
                worth_json(j, u[k], p->unit[k]);
            }
            json_put_end(j);
        }
    }
    json_put_end(j);
}
