/* SPDX-License-Identifier: Apache-2.0
 *
 * What is lawful and yet probably not meant (docs/RULES.md section 2.4).  Each warning is one
 * sentence; the same sentence for each side.
 */
#include "table/charter.h"

/* Where sentences go; how many there are; words left out of the arena count as no sentence. */
struct warnings {
    const struct charter *c;
    struct arena *mem;
    struct text *out;
    size_t max;
    size_t count;
};

static bool room(const struct warnings *w)
{
    return w->count < w->max;
}

static void put(struct warnings *w, const char *sentence)
{
    if (sentence != NULL && room(w)) {
        w->out[w->count++] = text_str(sentence);
    }
}

/* Only asked of a sentence that is to be kept: the arguments of the others are never printed. */
#define WARN(w, ...)                                                                               \
    do {                                                                                           \
        if (room(w)) {                                                                             \
            put((w), arena_printf((w)->mem, __VA_ARGS__));                                         \
        }                                                                                          \
    } while (0)

static bool gate_has(const struct charter_phase *p, enum condition_kind kind)
{
    for (uint32_t i = 0; i < p->condition_count; i++) {
        if (p->conditions[i].kind == kind) {
            return true;
        }
    }
    return false;
}

static uint32_t issues_of(const struct charter *c, uint32_t phase)
{
    uint32_t n = 0;
    for (uint32_t i = 0; i < c->issue_count; i++) {
        n += c->issues[i].phase == phase ? 1 : 0;
    }
    return n;
}

static bool has_stake(const struct charter_side *s, uint32_t phase)
{
    for (uint32_t i = 0; i < s->phase_count; i++) {
        if (s->phases[i] == phase) {
            return true;
        }
    }
    return false;
}

/* In a consultation sit the mediation and who is consulted: without the one nobody asks, and nobody
 * shows the table what was said. */
static void warn_nobody_asks(struct warnings *w, uint32_t phase, const struct condition *k)
{
    const struct charter *c = w->c;
    if (!c->sides[0].present && c->sides[k->side].role == ROLE_CONSULTED) {
        WARN(w,
             "Gate %.*s can never open: it waits for %.*s, and without a mediation nobody asks it "
             "or "
             "shows what it says.",
             TEXT_ARG(c->phases[phase].id), TEXT_ARG(c->sides[k->side].id));
    }
}

static void warn_condition(struct warnings *w, uint32_t phase, const struct condition *k)
{
    const struct charter *c = w->c;
    struct text gate = c->phases[phase].id;
    switch (k->kind) {
    case CONDITION_AGREED:
        /* A later phase may get its issues when it opens; the first one is open already. */
        if (phase == 0 && issues_of(c, phase) == 0) {
            WARN(w, "Gate %.*s can never open: it waits for a package, and the phase has no issue.",
                 TEXT_ARG(gate));
        }
        return;
    case CONDITION_VERIFIED:
        if (c->deeds[k->deed].verifier == CHARTER_NONE) {
            WARN(w,
                 "Gate %.*s waits for %.*s, which nobody is named to verify: the other side would "
                 "have to confirm it.",
                 TEXT_ARG(gate), TEXT_ARG(c->deeds[k->deed].id));
        }
        return;
    case CONDITION_QUIET:
        if (!gate_has(&c->phases[phase], CONDITION_RATIFIED)) {
            WARN(w,
                 "Gate %.*s can never open: quiet counts from the ratification of the gate's "
                 "package, and the gate asks for none.",
                 TEXT_ARG(gate));
        }
        if (c->monitor_count == 0) {
            WARN(w,
                 "Gate %.*s waits for quiet, and there is no monitor: no incident would ever be "
                 "verified, so quiet would be counted whatever happens.",
                 TEXT_ARG(gate));
        }
        return;
    case CONDITION_RATIFIED:
        if (!gate_has(&c->phases[phase], CONDITION_AGREED) &&
            !gate_has(&c->phases[phase], CONDITION_ADOPTED)) {
            WARN(w,
                 "Gate %.*s asks for ratification, and for nothing that would be ratified "
                 "(agreed: package, or adopted: text).",
                 TEXT_ARG(gate));
        }
        return;
    case CONDITION_CONSULTED:
        warn_nobody_asks(w, phase, k);
        if (!has_stake(&c->sides[k->side], phase)) {
            WARN(w,
                 "Gate %.*s waits for %.*s to be consulted, which is not consulted in that phase "
                 "(its \"in\" leaves the phase out).",
                 TEXT_ARG(gate), TEXT_ARG(c->sides[k->side].id));
        }
        return;
    case CONDITION_UNDERTAKEN:
        warn_nobody_asks(w, phase, k);
        return;
    case CONDITION_NO_REPORT_WAITING:
    case CONDITION_SETTLED_WITHIN:
    case CONDITION_ADOPTED:
        return;
    }
}

/* Nobody decides about a deed or a finding of his own. */
static void warn_arbiter(struct warnings *w)
{
    const struct charter *c = w->c;
    for (uint32_t i = 0; c->arbiter != CHARTER_NONE && i < c->deed_count; i++) {
        if (c->deeds[i].by == c->arbiter || c->deeds[i].verifier == c->arbiter) {
            WARN(w, "A dispute about %.*s would not be decided: the arbiter %s it.",
                 TEXT_ARG(c->deeds[i].id), c->deeds[i].by == c->arbiter ? "promises" : "verifies");
        }
    }
}

static void warn_phases(struct warnings *w)
{
    for (uint32_t i = 0; i < w->c->phase_count; i++) {
        const struct charter_phase *p = &w->c->phases[i];
        for (uint32_t k = 0; k < p->condition_count; k++) {
            warn_condition(w, i, &p->conditions[k]);
        }
        if (p->deadline_seconds > 0 && p->wish_seconds > p->deadline_seconds) {
            WARN(w, "Phase %.*s is wished for later than its deadline.", TEXT_ARG(p->id));
        }
    }
}

/* True where part stands in id between hyphens or ends. */
static bool id_has_part(struct text id, struct text part)
{
    for (size_t at = 0; at + part.n <= id.n; at++) {
        bool starts = at == 0 || id.p[at - 1] == '-';
        bool ends = at + part.n == id.n || id.p[at + part.n] == '-';
        if (starts && ends && memcmp(id.p + at, part.p, part.n) == 0) {
            return true;
        }
    }
    return false;
}

/* An issue of the security of this party: "security-kestria", "kestria-security". */
static bool security_is_issue(const struct charter *c, uint32_t party)
{
    for (uint32_t i = 0; i < c->issue_count; i++) {
        if (id_has_part(c->issues[i].id, text_str("security")) &&
            id_has_part(c->issues[i].id, c->sides[party].id)) {
            return true;
        }
    }
    return false;
}

/* Each side has a right to its own security: where one's is an issue, so should be the other's. */
static void warn_security(struct warnings *w)
{
    uint32_t first = CHARTER_NONE;
    for (uint32_t i = 1; i <= w->c->party_count && first == CHARTER_NONE; i++) {
        first = security_is_issue(w->c, i) ? i : CHARTER_NONE;
    }
    for (uint32_t i = 1; i <= w->c->party_count && first != CHARTER_NONE; i++) {
        if (!security_is_issue(w->c, i)) {
            WARN(w, "The security of %.*s is an issue, and the security of %.*s is not.",
                 TEXT_ARG(w->c->sides[first].name), TEXT_ARG(w->c->sides[i].name));
        }
    }
}

static void warn_groups(struct warnings *w)
{
    uint32_t groups = w->c->party_count + (w->c->sides[0].present ? 1 : 0);
    if (groups == 2) {
        WARN(w, "Only two sides countersign: no time is established without both, and after the "
                "grace one alone may go on without the other.");
    }
}

size_t charter_warnings(const struct charter *c, struct arena *mem, struct text *out, size_t max)
{
    struct warnings w = {.c = c, .mem = mem, .out = out, .max = max};
    warn_groups(&w);
    warn_phases(&w);
    warn_arbiter(&w);
    warn_security(&w);
    return w.count;
}
