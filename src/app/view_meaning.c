/* SPDX-License-Identifier: Apache-2.0 */
#include "app/view_meaning.h"

#include "base/civil.h"

#define SENTENCES_MAX 640u /* more than all phases with all their conditions */

struct sentence {
    bool within; /* an item of the one before */
    const char *words;
};

struct meaning {
    const struct charter *c;
    struct arena *mem;
    uint32_t count;
    struct sentence *sentences;
};

static void tell(struct meaning *m, const char *words)
{
    if (words != NULL && m->count < SENTENCES_MAX) {
        m->sentences[m->count++] = (struct sentence){.words = words};
    }
}

static void tell_within(struct meaning *m, const char *words)
{
    if (words != NULL && m->count < SENTENCES_MAX) {
        m->sentences[m->count++] = (struct sentence){.within = true, .words = words};
    }
}

static const char *span(const struct meaning *m, uint64_t seconds)
{
    char text[CIVIL_TEXT_MAX];
    duration_format(seconds, text);
    const char *s = arena_printf(m->mem, "%s", text);
    return s == NULL ? "?" : s;
}

/* "A, B and C": one more of `count` names. */
static const char *and_one(const struct meaning *m, const char *list, uint32_t at, uint32_t count,
                           const char *name)
{
    const char *by = at == 0 ? "" : at + 1 == count ? " and " : ", ";
    const char *s = arena_printf(m->mem, "%s%s%s", list, by, name);
    return s == NULL ? "?" : s;
}

static const char *names_of(const struct meaning *m, enum side_role from, enum side_role to,
                            bool titles)
{
    uint32_t count = 0, at = 0;
    const char *list = "";
    for (uint32_t i = 0; i < m->c->side_count; i++) {
        const struct charter_side *s = &m->c->sides[i];
        count += s->present && s->role >= from && s->role <= to ? 1 : 0;
    }
    for (uint32_t i = 0; i < m->c->side_count; i++) {
        const struct charter_side *s = &m->c->sides[i];
        if (s->present && s->role >= from && s->role <= to) {
            const char *name = titles ? arena_printf(m->mem, "the %.*s of %.*s",
                                                     TEXT_ARG(s->seats[0]), TEXT_ARG(s->name))
                                      : arena_printf(m->mem, "%.*s", TEXT_ARG(s->name));
            list = and_one(m, list, at++, count, name == NULL ? "?" : name);
        }
    }
    return list;
}

static void of_signatures(struct meaning *m)
{
    tell(m, arena_printf(m->mem,
                         "The charter is in force once it is signed by %s. Until then only homes, "
                         "shuttles and consultations work.",
                         names_of(m, ROLE_MEDIATION, ROLE_PARTY, true)));
    const char *others = names_of(m, ROLE_MONITOR, ROLE_CONSULTED, false);
    if (others[0] != 0) {
        tell(m, arena_printf(m->mem, "These sign nothing, and are asked: %s.", others));
    }
}

static const char *of_condition(const struct meaning *m, uint32_t phase, const struct condition *k)
{
    const struct charter *c = m->c;
    struct text words = condition_words(c, k, m->mem);
    const struct charter_deed *d = k->kind == CONDITION_VERIFIED ? &c->deeds[k->deed] : NULL;
    const struct text name = c->sides[k->side].name; /* the mediation's where none is named */
    switch (k->kind) {
    case CONDITION_AGREED: {
        uint32_t issues = 0;
        for (uint32_t i = 0; i < c->issue_count; i++) {
            issues += c->issues[i].phase == phase ? 1 : 0;
        }
        return arena_printf(m->mem, "%.*s: with an option for each of its %u issue%s",
                            TEXT_ARG(words), issues, issues == 1 ? "" : "s");
    }
    case CONDITION_RATIFIED:
        return arena_printf(m->mem, "%.*s: each principal by his own signature", TEXT_ARG(words));
    case CONDITION_VERIFIED:
        return arena_printf(m->mem, "%.*s: %.*s does it, %.*s says whether it is done",
                            TEXT_ARG(words), TEXT_ARG(c->sides[d->by].name),
                            TEXT_ARG(d->verifier == CHARTER_NONE ? text_str("another party")
                                                                 : c->sides[d->verifier].name));
    case CONDITION_QUIET:
        return arena_printf(m->mem,
                            "%.*s: counted from the ratification, and anew from each "
                            "incident that is verified",
                            TEXT_ARG(words));
    case CONDITION_NO_REPORT_WAITING:
        return arena_printf(m->mem, "%.*s: for 48 hours at most", TEXT_ARG(words));
    case CONDITION_SETTLED_WITHIN:
        return arena_printf(m->mem, "%.*s: its principal says so, and not how", TEXT_ARG(words));
    case CONDITION_CONSULTED:
        return arena_printf(m->mem,
                            "%.*s: asked, and heard or out of time; what it thinks binds "
                            "nobody",
                            TEXT_ARG(words));
    case CONDITION_UNDERTAKEN:
        return arena_printf(m->mem, "%.*s: %.*s binds itself", TEXT_ARG(words), TEXT_ARG(name));
    case CONDITION_ADOPTED:
        return arena_printf(m->mem, "%.*s: by every party, the same version, no bracket open",
                            TEXT_ARG(words));
    }
    return NULL;
}

static void of_phase(struct meaning *m, uint32_t i)
{
    const struct charter *c = m->c;
    const struct charter_phase *p = &c->phases[i];
    if (i == 0) {
        tell(m, arena_printf(m->mem, "Phase %.*s opens when the charter is in force.",
                             TEXT_ARG(p->id)));
    } else {
        tell(m, arena_printf(m->mem,
                             "Phase %.*s opens with the gate of %.*s. Until then it is a title: "
                             "nothing of it is proposed at the table.",
                             TEXT_ARG(p->id), TEXT_ARG(c->phases[i - 1].id)));
    }
    if (p->papers_only) {
        tell(m, arena_printf(m->mem,
                             "Until the gate of %.*s opens the plenary takes papers, and no "
                             "speeches.",
                             TEXT_ARG(p->id)));
    }
    if (p->wish_seconds > 0) {
        tell(m, arena_printf(m->mem, "An answer is wished for within %s; a wish binds nobody.",
                             span(m, p->wish_seconds)));
    }
    if (p->deadline_seconds > 0) {
        tell(m, arena_printf(m->mem,
                             "What is accepted later than %s after it has opened is void; only all "
                             "parties together move that deadline.",
                             span(m, p->deadline_seconds)));
    }
    if (p->condition_count == 0) {
        tell(m, arena_printf(m->mem, "%.*s has no gate: it ends with what is agreed in it.",
                             TEXT_ARG(p->id)));
        return;
    }
    tell(m, arena_printf(m->mem,
                         "The gate of %.*s opens, and stays open, when a seat says so and all of "
                         "this holds:",
                         TEXT_ARG(p->id)));
    for (uint32_t k = 0; k < p->condition_count; k++) {
        tell_within(m, of_condition(m, i, &p->conditions[k]));
    }
}

static void of_procedure(struct meaning *m)
{
    const struct charter *c = m->c;
    const char *how = c->decision == DECISION_UNANIMITY ? "every party accepts it"
                      : c->decision == DECISION_CONSENSUS
                          ? "two parties at least accept it and no other objects in time"
                          : arena_printf(m->mem, "%u of the %u parties accept it",
                                         c->decision_needed, c->party_count);
    tell(m,
         arena_printf(m->mem,
                      "A package is agreed when %s. It binds whoever has accepted it for good or "
                      "has ratified it, and nobody else.",
                      how == NULL ? "?" : how));
    tell(m, arena_printf(m->mem,
                         "Words of the text are agreed by silence when nobody objects for %s; what "
                         "binds is never agreed by silence.",
                         span(m, c->silence_seconds)));
    tell(m, arena_printf(m->mem,
                         "A side that countersigns nothing for %s can be gone on without; that is "
                         "no consent of its own.",
                         span(m, c->grace_seconds)));
    tell(m, c->publication == PUBLICATION_NEVER
                ? "Nothing is ever published."
                : "What is agreed is published when every delegation consents.");
    if (c->arbiter != CHARTER_NONE) {
        tell(m, arena_printf(m->mem, "A dispute about a deed is decided by %.*s.",
                             TEXT_ARG(c->sides[c->arbiter].name)));
    }
}

static bool find(const struct charter *c, struct arena *mem, struct meaning *out)
{
    *out = (struct meaning){
        .c = c, .mem = mem, .sentences = ARENA_NEW(mem, struct sentence, SENTENCES_MAX)};
    if (out->sentences == NULL) {
        return false;
    }
    of_signatures(out);
    for (uint32_t i = 0; i < c->phase_count; i++) {
        of_phase(out, i);
    }
    of_procedure(out);
    return true;
}

void view_meaning(const struct charter *c, struct arena *mem, struct buf *out)
{
    struct meaning m;
    if (!find(c, mem, &m)) {
        return;
    }
    buf_printf(out, "What it means\n");
    for (uint32_t i = 0; i < m.count; i++) {
        buf_printf(out, "  %s%s\n", m.sentences[i].within ? "- " : "", m.sentences[i].words);
    }
}

void view_meaning_json(const struct charter *c, struct arena *mem, struct json *j)
{
    struct meaning m;
    bool found = find(c, mem, &m);
    json_put_key(j, "meaning");
    json_put_array(j);
    for (uint32_t i = 0; found && i < m.count; i++) {
        json_put_str(j, m.sentences[i].words);
    }
    json_put_end(j);
}
