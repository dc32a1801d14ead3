/* SPDX-License-Identifier: Apache-2.0
 *
 * The answers as a charter's file.
 */
#include "app/questions_priv.h"

const struct question_gate question_gates[QUESTION_GATES] = {
    {"package", GATE_PACKAGE, "agreed: package"},
    {"text", GATE_TEXT, "adopted: text"},
    {"settled", GATE_SETTLED, "settled-within: all"},
    {"ratified", GATE_RATIFIED, "ratified: all"},
    {"deeds", GATE_DEEDS, "verified: "},
    {"quiet", GATE_QUIET, "quiet: 72h"},
};

/* Words in quotes, as YAML reads them back. */
static void put_words(struct buf *out, struct text t)
{
    buf_add_u8(out, '"');
    for (size_t i = 0; i < t.n; i++) {
        if (t.p[i] == '"' || t.p[i] == '\\') {
            buf_add_u8(out, '\\');
        }
        buf_add_u8(out, (uint8_t)t.p[i]);
    }
    buf_add_u8(out, '"');
}

static void put_side(struct buf *out, const char *lead, const struct named *n)
{
    buf_printf(out, "%s{id: %s, name: ", lead, question_shown(n->id));
    put_words(out, n->name);
    if (n->head.n > 0) {
        buf_printf(out, ", principal: ");
        put_words(out, n->head);
        buf_printf(out, ", seats: [envoy]");
    }
    buf_printf(out, "}\n");
}

static void put_gate(const struct questions *q, struct buf *out, uint32_t gate)
{
    for (size_t i = 0; i < QUESTION_GATES; i++) {
        if ((gate & (uint32_t)question_gates[i].part) == 0) {
            continue;
        }
        buf_printf(out, "      - %s", question_gates[i].yaml);
        for (uint32_t k = 0; question_gates[i].part == GATE_DEEDS && k < q->deed_count; k++) {
            buf_printf(out, "%s%s%s", k == 0 ? "[" : ", ", question_shown(q->deeds[k].id),
                       k + 1 == q->deed_count ? "]" : "");
        }
        buf_printf(out, "%s\n",
                   question_gates[i].part == GATE_QUIET ? "\n      - no-report-waiting" : "");
    }
}

static void put_lists(const struct questions *q, struct buf *out)
{
    buf_printf(
        out, "\n# What could be agreed. An option with a comma in it stands in quotes.\nissues:\n");
    for (uint32_t i = 0; i < q->issue_count; i++) {
        struct text rest = q->issues[i].options, one;
        const char *by = "";
        buf_printf(out, "  - {id: %s, phase: %s, options: [", question_shown(q->issues[i].id),
                   question_shown(q->phases[q->issues[i].phase].id));
        while (question_option(&rest, &one)) {
            if (one.n > 0) {
                buf_printf(out, "%s", by);
                put_words(out, one);
                by = ", ";
            }
        }
        buf_printf(out, "]}\n");
    }
    if (q->deed_count > 0) {
        buf_printf(out, "\n# What is done, and who says whether it is.\ndeeds:\n");
    }
    for (uint32_t i = 0; i < q->deed_count; i++) {
        const struct named *d = &q->deeds[i];
        buf_printf(out, "  - {id: %s, by: %s", question_shown(d->id),
                   question_shown(question_side(q, d->by)->id));
        if (d->verifier != UINT32_MAX) {
            buf_printf(out, ", verifier: %s", question_shown(question_side(q, d->verifier)->id));
        }
        buf_printf(out, "}\n");
    }
}

void questions_yaml(const struct questions *q, struct buf *out)
{
    buf_printf(out,
               "# A charter. What can stand in it: entente table new --template ceasefire --out "
               "FILE\n# After each change: entente table check FILE\n\ntable: ");
    put_words(out, q->table);
    buf_printf(out, "\ngoal: ");
    put_words(out, q->goal);
    buf_printf(out, "\n");
    if (!q->no_mediation) {
        put_side(out, "mediation: ", &q->mediation);
    }
    buf_printf(out, "parties:\n");
    for (uint32_t i = 0; i < q->party_count; i++) {
        put_side(out, "  - ", &q->parties[i]);
    }
    if (!q->no_monitor) {
        buf_printf(out, "monitors:\n");
        put_side(out, "  - ", &q->monitor);
    }
    buf_printf(out,
               "\n# The next phase opens with the gate of the one before, and is a title until "
               "then.\nphases:\n");
    for (uint32_t i = 0; i < q->phase_count; i++) {
        buf_printf(out, "  - id: %s\n", question_shown(q->phases[i].id));
        if (q->phases[i].gate != 0) {
            buf_printf(out, "    gate:\n");
            put_gate(q, out, q->phases[i].gate);
        }
    }
    put_lists(q, out);
}
