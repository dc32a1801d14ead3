/* SPDX-License-Identifier: Apache-2.0
 *
 * Where one is in the charter is a place: which question, and of which party, phase, issue or deed.
 * Places that were passed are kept, so that going back is taking the last of them off.
 */
#include "app/questions_priv.h"

#include <string.h>

#define NAME_BYTES 128u
#define LINE_BYTES 512u
#define ID_BYTES_MAX 32u

struct questions *questions_new(struct arena *mem)
{
    struct questions *q = ARENA_NEW(mem, struct questions, 1);
    if (q != NULL) {
        q->mem = mem;
    }
    return q;
}

/* ---- words ---- */

/* The same in the questions' memory, with a NUL behind it. */
static struct text keep(const struct questions *q, struct text t)
{
    const char *s = arena_printf(q->mem, "%.*s", TEXT_ARG(t));
    return text_str(s == NULL ? "" : s);
}

/* "South Bank" becomes south-bank; what is no letter of a to z or digit is left out. */
static struct text id_of(const struct questions *q, struct text name)
{
    char id[ID_BYTES_MAX + 1] = {0};
    size_t n = 0;
    for (size_t i = 0; i < name.n && n < ID_BYTES_MAX; i++) {
        char c = name.p[i];
        if (c >= 'A' && c <= 'Z') {
            c = (char)(c + ('a' - 'A')); /* within ASCII */
        }
        bool letter = c >= 'a' && c <= 'z';
        if (letter || (n > 0 && c >= '0' && c <= '9')) {
            id[n++] = c;
        } else if ((c == ' ' || c == '-') && n > 0 && id[n - 1] != '-') {
            id[n++] = '-';
        }
    }
    while (n > 0 && id[n - 1] == '-') {
        n--;
    }
    return keep(q, (struct text){.p = id, .n = n});
}

static bool good_words(struct text t, uint32_t most, const char *what, const char *example,
                       struct err *err)
{
    if (t.n == 0) {
        return err_set(err, ERR_USE, "%s is needed", what) ||
               err_mend(err, "for example: %s", example);
    }
    if (memchr(t.p, '\t', t.n) != NULL || memchr(t.p, '\n', t.n) != NULL) {
        return err_set(err, ERR_USE, "%s has a tab in it", what) ||
               err_mend(err, "write blanks instead");
    }
    return t.n <= most ||
           err_set(err, ERR_USE, "%s has %zu bytes, and at most %u are allowed", what, t.n, most) ||
           err_mend(err, "say it shorter");
}

static bool id_taken(struct text id, const struct named *list, uint32_t count, uint32_t but)
{
    for (uint32_t i = 0; i < count; i++) {
        if (i != but && text_eq(list[i].id, id)) {
            return true;
        }
    }
    return false;
}

/* A name and the id that follows from it. */
static bool take_name(const struct questions *q, struct text t, const struct named *list,
                      uint32_t count, uint32_t at, struct named *out, struct err *err)
{
    struct text id = id_of(q, t);
    if (!good_words(t, NAME_BYTES, "a name", "North", err)) {
        return false;
    }
    if (!text_is_id(id) || text_is(id, "all")) {
        return err_set(err, ERR_USE, "%s cannot be made into an id",
                       text_quote(q->mem, text_bytes(t), 40)) ||
               err_mend(err, "begin with a letter of a to z; the name can be changed in the file");
    }
    if (id_taken(id, list, count, at)) {
        return err_set(err, ERR_USE, "there is one called %.*s already", TEXT_ARG(id)) ||
               err_mend(err, "give it another name");
    }
    out->name = keep(q, t);
    out->id = id;
    return true;
}

/* ---- sides by place: 0 the mediation, the parties, the monitor ---- */

static bool side_there(const struct questions *q, uint32_t at)
{
    return at == 0 ? !q->no_mediation : at <= q->party_count || !q->no_monitor;
}

static const char *sides_listed(const struct questions *q, bool parties_alone)
{
    const char *list = "";
    for (uint32_t i = parties_alone ? 1 : 0; i <= q->party_count + (parties_alone ? 0u : 1u); i++) {
        if (side_there(q, i) && list != NULL) {
            list = arena_printf(q->mem, "%s%s%s", list, list[0] == 0 ? "" : ", ",
                                question_shown(question_side(q, i)->id));
        }
    }
    return list == NULL ? "" : list;
}

static bool find_side(const struct questions *q, struct text t, bool parties_alone, uint32_t *out,
                      struct err *err)
{
    for (uint32_t i = parties_alone ? 1 : 0; i <= q->party_count + (parties_alone ? 0u : 1u); i++) {
        if (side_there(q, i) &&
            (text_eq(question_side(q, i)->id, t) || text_eq(question_side(q, i)->name, t))) {
            *out = i;
            return true;
        }
    }
    return err_set(err, ERR_USE, "there is no side %s", text_quote(q->mem, text_bytes(t), 40)) ||
           err_mend(err, "one of: %s", sides_listed(q, parties_alone));
}

/* ---- asking ---- */

static const char *or_shown(const struct questions *q, const char *line, struct text before,
                            const char *otherwise)
{
    const char *in = before.n > 0 ? question_shown(before) : otherwise;
    return in == NULL ? arena_printf(q->mem, "%s: ", line)
                      : arena_printf(q->mem, "%s [%s]: ", line, in);
}

static const char *gate_default(const struct questions *q, uint32_t at)
{
    const struct named *p = &q->phases[at];
    const char *list = "";
    if (!p->gate_said) {
        return at + 1 < q->phase_count ? "package, ratified" : "none";
    }
    for (size_t i = 0; i < QUESTION_GATES; i++) {
        if ((p->gate & (uint32_t)question_gates[i].part) != 0 && list != NULL) {
            list = arena_printf(q->mem, "%s%s%s", list, list[0] == 0 ? "" : ", ",
                                question_gates[i].word);
        }
    }
    return list == NULL || list[0] == 0 ? "none" : list;
}

const char *questions_ask(struct questions *q)
{
    uint32_t at = q->now.at;
    const char *line;
    switch (q->now.q) {
    case ASK_TABLE:
        return or_shown(q, "What is the table called? (for example: Harbour talks)", q->table,
                        NULL);
    case ASK_GOAL:
        return or_shown(q, "Its goal, in one line (for example: Reopen the harbour for both)",
                        q->goal, NULL);
    case ASK_MEDIATION:
        return or_shown(q, "Who mediates? A name, or none", q->mediation.name,
                        q->no_mediation ? "none" : "The Mediation");
    case ASK_MEDIATION_HEAD:
        line = arena_printf(q->mem, "The title of who decides for %s",
                            question_shown(q->mediation.name));
        return or_shown(q, line == NULL ? "?" : line, q->mediation.head, "Head of mission");
    case ASK_PARTY:
        line = at < 2 ? arena_printf(q->mem, "Party %u, its name (for example: %s)", at + 1,
                                     at == 0 ? "North" : "South")
                      : arena_printf(q->mem, "Party %u, its name, or none", at + 1);
        return or_shown(q, line == NULL ? "?" : line, q->parties[at].name, at < 2 ? NULL : "none");
    case ASK_PARTY_HEAD:
        line = arena_printf(q->mem, "The title of who decides for %s",
                            question_shown(q->parties[at].name));
        return or_shown(q, line == NULL ? "?" : line, q->parties[at].head, "President");
    case ASK_MONITOR:
        return or_shown(q, "Who looks whether promises are kept? A name, or none", q->monitor.name,
                        "none");
    case ASK_PHASE:
        line = at == 0 ? "The first phase, in a word (for example: ceasefire)"
                       : arena_printf(q->mem, "Phase %u, which opens after %s, or none", at + 1,
                                      question_shown(q->phases[at - 1].name));
        return or_shown(q, line == NULL ? "?" : line, q->phases[at].name, at == 0 ? NULL : "none");
    case ASK_GATE:
        line = arena_printf(q->mem,
                            "%s: what must hold for its gate to open? Of package, text, settled, "
                            "ratified, deeds, quiet%s",
                            question_shown(q->phases[at].name),
                            at + 1 < q->phase_count ? "" : ", or none");
        return or_shown(q, line == NULL ? "?" : line, (struct text){0}, gate_default(q, at));
    case ASK_ISSUE:
        line = at == 0 ? "The first issue, in a word (for example: line)"
                       : arena_printf(q->mem, "Issue %u, or none", at + 1);
        return or_shown(q, line == NULL ? "?" : line, q->issues[at].name, at == 0 ? NULL : "none");
    case ASK_ISSUE_PHASE:
        line = arena_printf(q->mem, "%s belongs to which phase?",
                            question_shown(q->issues[at].name));
        return or_shown(q, line == NULL ? "?" : line, q->phases[q->issues[at].phase].id, NULL);
    case ASK_OPTIONS:
        line = arena_printf(q->mem,
                            "What could be agreed about %s? Two options or more, with ; between "
                            "(for example: present line; 5 km back)",
                            question_shown(q->issues[at].name));
        return or_shown(q, line == NULL ? "?" : line, q->issues[at].options, NULL);
    case ASK_DEED:
        line = arena_printf(q->mem,
                            "Deed %u that somebody is to do, in a word (for example: "
                            "north-guns), or none",
                            at + 1);
        return or_shown(q, line == NULL ? "?" : line, q->deeds[at].name, "none");
    case ASK_DEED_BY:
        line = arena_printf(q->mem, "Who does %s? Of %s", question_shown(q->deeds[at].name),
                            sides_listed(q, false));
        return or_shown(q, line == NULL ? "?" : line, question_side(q, q->deeds[at].by)->id, NULL);
    case ASK_DEED_VERIFIER:
        line = arena_printf(q->mem,
                            "Who says whether %s is done? Of %s; or none: then the other side",
                            question_shown(q->deeds[at].name), sides_listed(q, false));
        return or_shown(q, line == NULL ? "?" : line,
                        q->deeds[at].verifier == UINT32_MAX
                            ? (struct text){0}
                            : question_side(q, q->deeds[at].verifier)->id,
                        "none");
    case ASK_NOTHING:
        break;
    }
    return NULL;
}

/* ---- answering ---- */

static bool is_none(struct text t)
{
    return t.n == 0 || text_is(t, "none");
}

static void go(struct questions *q, enum question next, uint32_t at)
{
    q->now = (struct place){next, at};
}

static bool take_gate(struct questions *q, uint32_t at, struct text t, struct err *err)
{
    struct named *p = &q->phases[at];
    uint32_t gate = 0;
    bool last = at + 1 == q->phase_count;
    struct text rest = t.n == 0 ? text_str(gate_default(q, at)) : t;
    while (rest.n > 0 && !text_is(rest, "none")) {
        size_t n = 0;
        while (n < rest.n && rest.p[n] != ',' && rest.p[n] != ' ') {
            n++;
        }
        struct text word = {.p = rest.p, .n = n};
        bool known = n == 0;
        for (size_t i = 0; i < QUESTION_GATES; i++) {
            if (text_is(word, question_gates[i].word)) {
                gate |= (uint32_t)question_gates[i].part;
                known = true;
            }
        }
        if (!known) {
            return err_set(err, ERR_USE, "a gate cannot wait for %s",
                           text_quote(q->mem, text_bytes(word), 40)) ||
                   err_mend(err,
                            "package, text, settled, ratified, deeds, quiet, with commas between");
        }
        rest.p += n < rest.n ? n + 1 : n;
        rest.n -= n < rest.n ? n + 1 : n;
    }
    if (gate == 0 && !last) {
        return err_set(err, ERR_USE, "without a gate the next phase could never begin") ||
               err_mend(err, "for example: package, ratified");
    }
    if ((gate & GATE_RATIFIED) != 0 && (gate & (GATE_PACKAGE | GATE_TEXT)) == 0) {
        return err_set(err, ERR_USE, "there is nothing to ratify: neither a package nor a text") ||
               err_mend(err, "package, ratified");
    }
    if ((gate & GATE_QUIET) != 0 && (gate & GATE_RATIFIED) == 0) {
        return err_set(err, ERR_USE, "quiet counts from a ratification, and none is asked for") ||
               err_mend(err, "package, ratified, quiet");
    }
    if ((gate & GATE_QUIET) != 0 && q->no_monitor) {
        return err_set(err, ERR_USE, "quiet needs a monitor who looks at incidents") ||
               err_mend(err, "leave quiet out, or go back with < and name one");
    }
    p->gate = gate;
    p->gate_said = true;
    return true;
}

static bool take_options(struct questions *q, struct named *issue, struct text t, struct err *err)
{
    struct text rest = t, one, seen[QUESTIONS_MANY];
    uint32_t count = 0;
    while (question_option(&rest, &one)) {
        if (count == QUESTIONS_MANY || one.n > 256) {
            return err_set(err, ERR_USE,
                           "that is more than %u options, or one of more than 256 bytes",
                           QUESTIONS_MANY) ||
                   err_mend(err, "say it shorter; further options are added in the file");
        }
        for (uint32_t i = 0; i < count; i++) {
            if (text_eq(seen[i], one)) {
                return err_set(err, ERR_USE, "%s stands there twice",
                               text_quote(q->mem, text_bytes(one), 40)) ||
                       err_mend(err, "say it once");
            }
        }
        if (one.n > 0) {
            seen[count++] = one;
        }
    }
    if (count < 2) {
        return err_set(err, ERR_USE, "one option is nothing to agree on") ||
               err_mend(err, "two or more, with ; between: present line; 5 km back");
    }
    if (memchr(t.p, '\t', t.n) != NULL) {
        return err_set(err, ERR_USE, "there is a tab in it") ||
               err_mend(err, "write blanks instead");
    }
    issue->options = keep(q, t);
    return true;
}

static bool wants_deeds(const struct questions *q)
{
    for (uint32_t i = 0; i < q->phase_count; i++) {
        if ((q->phases[i].gate & GATE_DEEDS) != 0) {
            return true;
        }
    }
    return false;
}

static bool end_deeds(struct questions *q, struct err *err)
{
    if (q->now.at == 0 && wants_deeds(q)) {
        return err_set(err, ERR_USE, "a gate waits for deeds, and there is none") ||
               err_mend(err, "name one, or go back with < and leave deeds out of the gate");
    }
    q->deed_count = q->now.at;
    go(q, ASK_NOTHING, 0);
    return true;
}

static bool answer_mediation(struct questions *q, struct text t, struct err *err)
{
    q->no_mediation = text_is(t, "none") || (t.n == 0 && q->no_mediation);
    if (q->no_mediation) {
        q->mediation = (struct named){0};
        go(q, ASK_PARTY, 0);
        return true;
    }
    t = t.n > 0 ? t : q->mediation.name.n > 0 ? q->mediation.name : text_str("The Mediation");
    if (!take_name(q, t, q->parties, q->party_count, UINT32_MAX, &q->mediation, err)) {
        return false;
    }
    go(q, ASK_MEDIATION_HEAD, 0);
    return true;
}

static bool answer_mediation_head(struct questions *q, struct text t, struct err *err)
{
    struct text head = t.n > 0 ? t : text_str("Head of mission");
    head = t.n == 0 && q->mediation.head.n > 0 ? q->mediation.head : head;
    if (!good_words(head, NAME_BYTES, "a title", "Head of mission", err)) {
        return false;
    }
    q->mediation.head = keep(q, head);
    go(q, ASK_PARTY, 0);
    return true;
}

static bool answer_party(struct questions *q, struct text t, struct err *err)
{
    uint32_t at = q->now.at;
    if (at >= 2 && (text_is(t, "none") || (t.n == 0 && q->parties[at].name.n == 0))) {
        q->party_count = at;
        go(q, ASK_MONITOR, 0);
        return true;
    }
    t = t.n > 0 ? t : q->parties[at].name;
    if (!take_name(q, t, q->parties, at, at, &q->parties[at], err)) {
        return false;
    }
    if (!q->no_mediation && text_eq(q->parties[at].id, q->mediation.id)) {
        return err_set(err, ERR_USE, "the mediation is called so") ||
               err_mend(err, "give the party another name");
    }
    q->party_count = q->party_count > at ? q->party_count : at + 1;
    go(q, ASK_PARTY_HEAD, at);
    return true;
}

static bool answer_party_head(struct questions *q, struct text t, struct err *err)
{
    uint32_t at = q->now.at;
    struct text head = t.n > 0 ? t : text_str("President");
    head = t.n == 0 && q->parties[at].head.n > 0 ? q->parties[at].head : head;
    if (!good_words(head, NAME_BYTES, "a title", "President", err)) {
        return false;
    }
    q->parties[at].head = keep(q, head);
    if (at + 1 == QUESTIONS_MANY) {
        q->party_count = QUESTIONS_MANY;
        go(q, ASK_MONITOR, 0);
    } else {
        go(q, ASK_PARTY, at + 1);
    }
    return true;
}

static bool answer_monitor(struct questions *q, struct text t, struct err *err)
{
    q->no_monitor = text_is(t, "none") || (t.n == 0 && q->monitor.name.n == 0);
    t = t.n > 0 ? t : q->monitor.name;
    if (!q->no_monitor) {
        if (!take_name(q, t, q->parties, q->party_count, UINT32_MAX, &q->monitor, err)) {
            return false;
        }
        if (!q->no_mediation && text_eq(q->monitor.id, q->mediation.id)) {
            return err_set(err, ERR_USE, "the mediation is called so") ||
                   err_mend(err, "give the monitor another name, or none");
        }
    }
    go(q, ASK_PHASE, 0);
    return true;
}

static bool answer_phases(struct questions *q, struct text t, struct err *err)
{
    uint32_t at = q->now.at;
    if (q->now.q == ASK_GATE) {
        if (!take_gate(q, at, t, err)) {
            return false;
        }
        go(q, at + 1 < q->phase_count ? ASK_GATE : ASK_ISSUE, at + 1 < q->phase_count ? at + 1 : 0);
        return true;
    }
    if (at >= 1 && (text_is(t, "none") || (t.n == 0 && q->phases[at].name.n == 0))) {
        q->phase_count = at;
        go(q, ASK_GATE, 0);
        return true;
    }
    t = t.n > 0 ? t : q->phases[at].name;
    if (!take_name(q, t, q->phases, at, at, &q->phases[at], err)) {
        return false;
    }
    q->phase_count = at + 1;
    go(q, at + 1 == QUESTIONS_MANY ? ASK_GATE : ASK_PHASE, at + 1 == QUESTIONS_MANY ? 0 : at + 1);
    return true;
}

static bool answer_issues(struct questions *q, struct text t, struct err *err)
{
    uint32_t at = q->now.at;
    struct named *issue = &q->issues[at];
    if (q->now.q == ASK_ISSUE) {
        if (at >= 1 && (text_is(t, "none") || (t.n == 0 && issue->name.n == 0))) {
            q->issue_count = at;
            go(q, ASK_DEED, 0);
            return true;
        }
        t = t.n > 0 ? t : issue->name;
        if (!take_name(q, t, q->issues, at, at, issue, err)) {
            return false;
        }
        issue->phase = issue->phase < q->phase_count ? issue->phase : 0;
        go(q, q->phase_count > 1 ? ASK_ISSUE_PHASE : ASK_OPTIONS, at);
        return true;
    }
    if (q->now.q == ASK_ISSUE_PHASE) {
        for (uint32_t i = 0; t.n > 0 && i < q->phase_count; i++) {
            if (text_eq(q->phases[i].id, t) || text_eq(q->phases[i].name, t)) {
                issue->phase = i;
                t = (struct text){0};
            }
        }
        if (t.n > 0) {
            return err_set(err, ERR_USE, "there is no phase %s",
                           text_quote(q->mem, text_bytes(t), 40)) ||
                   err_mend(err, "the first is %s", question_shown(q->phases[0].id));
        }
        go(q, ASK_OPTIONS, at);
        return true;
    }
    if (!take_options(q, issue, t.n > 0 ? t : issue->options, err)) {
        return false;
    }
    bool full = at + 1 == QUESTIONS_MANY;
    q->issue_count = at + 1;
    go(q, full ? ASK_DEED : ASK_ISSUE, full ? 0 : at + 1);
    return true;
}

static bool answer_deeds(struct questions *q, struct text t, struct err *err)
{
    uint32_t at = q->now.at, by = 0;
    struct named *deed = &q->deeds[at];
    if (q->now.q == ASK_DEED) {
        if (text_is(t, "none") || (t.n == 0 && deed->name.n == 0)) {
            return end_deeds(q, err);
        }
        bool fresh = deed->name.n == 0;
        if (!take_name(q, t.n > 0 ? t : deed->name, q->deeds, at, at, deed, err)) {
            return false;
        }
        deed->by = fresh ? 1 : deed->by;
        deed->verifier = !fresh ? deed->verifier : q->no_monitor ? UINT32_MAX : q->party_count + 1;
        go(q, ASK_DEED_BY, at);
        return true;
    }
    if (q->now.q == ASK_DEED_BY) {
        if (t.n > 0 && !find_side(q, t, false, &by, err)) {
            return false;
        }
        deed->by = t.n > 0 ? by : deed->by;
        if (!side_there(q, deed->by)) { /* since then somebody was taken away */
            return err_set(err, ERR_USE, "who does it?") ||
                   err_mend(err, "one of: %s", sides_listed(q, false));
        }
        go(q, ASK_DEED_VERIFIER, at);
        return true;
    }
    if (t.n > 0 && !is_none(t) && !find_side(q, t, false, &by, err)) {
        return false;
    }
    uint32_t verifier = t.n == 0 ? deed->verifier : is_none(t) ? UINT32_MAX : by;
    if (verifier != UINT32_MAX && !side_there(q, verifier)) {
        return err_set(err, ERR_USE, "who says so?") ||
               err_mend(err, "one of: %s; or none", sides_listed(q, false));
    }
    if (verifier == deed->by) {
        return err_set(err, ERR_USE, "no side verifies itself") ||
               err_mend(err, "name another side, or none");
    }
    deed->verifier = verifier;
    q->deed_count = at + 1;
    go(q, at + 1 == QUESTIONS_MANY ? ASK_NOTHING : ASK_DEED, at + 1 == QUESTIONS_MANY ? 0 : at + 1);
    return true;
}

static bool answer_one(struct questions *q, struct text t, struct err *err)
{
    switch (q->now.q) {
    case ASK_TABLE:
        t = t.n > 0 ? t : q->table;
        if (!good_words(t, NAME_BYTES, "the name of the table", "Harbour talks", err)) {
            return false;
        }
        q->table = keep(q, t);
        go(q, ASK_GOAL, 0);
        return true;
    case ASK_GOAL:
        t = t.n > 0 ? t : q->goal;
        if (!good_words(t, LINE_BYTES, "the goal", "Reopen the harbour for both", err)) {
            return false;
        }
        q->goal = keep(q, t);
        go(q, ASK_MEDIATION, 0);
        return true;
    case ASK_MEDIATION:
        return answer_mediation(q, t, err);
    case ASK_MEDIATION_HEAD:
        return answer_mediation_head(q, t, err);
    case ASK_PARTY:
        return answer_party(q, t, err);
    case ASK_PARTY_HEAD:
        return answer_party_head(q, t, err);
    case ASK_MONITOR:
        return answer_monitor(q, t, err);
    case ASK_PHASE:
    case ASK_GATE:
        return answer_phases(q, t, err);
    case ASK_ISSUE:
    case ASK_ISSUE_PHASE:
    case ASK_OPTIONS:
        return answer_issues(q, t, err);
    case ASK_DEED:
    case ASK_DEED_BY:
    case ASK_DEED_VERIFIER:
        return answer_deeds(q, t, err);
    case ASK_NOTHING:
        break;
    }
    return true;
}

bool questions_answer(struct questions *q, struct text answer, struct err *err)
{
    const struct questions was = *q; /* what is refused leaves nothing behind */
    if (!answer_one(q, question_trim(answer), err)) {
        *q = was;
        return false;
    }
    if (q->passed_count < PASSED_MAX) {
        q->passed[q->passed_count++] = was.now;
    }
    return true;
}

bool questions_back(struct questions *q)
{
    if (q->passed_count == 0) {
        return false;
    }
    q->now = q->passed[--q->passed_count];
    return true;
}

struct text questions_convener(const struct questions *q)
{
    return q->no_mediation ? q->parties[0].id : q->mediation.id;
}

struct text questions_title(const struct questions *q)
{
    return q->no_mediation ? q->parties[0].head : q->mediation.head;
}
