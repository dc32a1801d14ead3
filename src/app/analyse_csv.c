/* SPDX-License-Identifier: Apache-2.0
 *
 * The frontier as a table.
 */
#include "app/analyse_priv.h"
#include "base/markup.h"

void analysed_csv(const struct analysed *a, struct buf *out)
{
    uint32_t package[PROBLEM_ISSUES_MAX];
    const struct problem *p = &a->c.problem;
    for (uint32_t k = 0; k < p->parties; k++) {
        markup_csv(out, a->scenario.parties[k].name);
        buf_add_u8(out, ',');
    }
    buf_add_str(out, "packages,solutions");
    for (uint32_t i = 0; i < p->issues; i++) {
        buf_add_u8(out, ',');
        markup_csv(out, a->scenario.domain.issues[i].name);
    }
    buf_add_u8(out, '\n');
    for (size_t r = 0; r < a->frontier.count; r++) {
        uint32_t rules = point_rules(a, r);
        bool first = true;
        for (uint32_t k = 0; k < p->parties; k++) {
            char text[WORTH_TEXT_MAX];
            worth_format(a->frontier.u[r * p->parties + k], p->unit[k], 12, text);
            buf_printf(out, "%s,", text);
        }
        buf_printf(out, "%llu,", (unsigned long long)a->frontier.ties[r]);
        for (uint32_t n = 0; n < BARGAIN_RULES; n++) {
            if ((rules >> n & 1) != 0) {
                buf_printf(out, "%s%s", first ? "" : " ", rule_words((enum bargain_rule)n)->key);
                first = false;
            }
        }
        point_package(a, r, package);
        for (uint32_t i = 0; i < p->issues; i++) {
            struct small_text s;
            buf_add_u8(out, ',');
            markup_csv(out, point_value(&s, a, r, i, package[i], DOMAIN_DECIMALS_MAX));
        }
        buf_add_u8(out, '\n');
    }
}
