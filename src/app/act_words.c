/* SPDX-License-Identifier: Apache-2.0 */
#include "app/act_words.h"

#include "app/view_priv.h"
#include "base/civil.h"

#define FURTHER_LINE "\n        | "
#define STRANGER_CHARACTERS 2000u

struct saying {
    const struct view *v;          /* NULL: to a stranger */
    const struct charter *charter; /* of the seat's table, or that a stranger has; or NULL */
    struct arena *mem;
    struct buf *out;
};

/* ---- foreign words ---- */

static void put_lines(struct buf *out, struct text t)
{
    struct bytes rest = text_bytes(t);
    for (const uint8_t *end; rest.n > 0 && (end = memchr(rest.p, '\n', rest.n)) != NULL;) {
        size_t n = (size_t)(end - rest.p);
        buf_add(out, bytes_slice(rest, 0, n));
        rest = bytes_slice(rest, n + 1, rest.n);
        if (rest.n > 0) {
            buf_add_str(out, FURTHER_LINE);
        }
    }
    buf_add(out, rest);
}

static void put_foreign(const struct saying *s, const char *before, struct text t)
{
    buf_add_str(s->out, before);
    if (s->v == NULL) {
        buf_add_str(s->out, text_quote(s->mem, text_bytes(t), STRANGER_CHARACTERS));
    } else {
        put_lines(s->out, t);
    }
}

/* Where the act has them at all. */
static void put_text(const struct saying *s, const char *before, const struct payload *p,
                     uint32_t which)
{
    if (which < p->text_count && p->texts[which].n > 0) {
        put_foreign(s, before, p->texts[which]);
    }
}

static void put_evidence(const struct saying *s, const struct payload *p)
{
    for (uint32_t i = 0; i < p->evidence_count; i++) {
        put_foreign(s, i == 0 ? ", with " : ", ", p->evidence[i].name);
    }
}

static void put_count(const struct saying *s, const char *before, uint32_t n)
{
    buf_printf(s->out, "%s%u act%s", before, n, n == 1 ? "" : "s");
}

/* ---- names ---- */

static const struct table_state *known(const struct saying *s)
{
    return s->v != NULL && view_state(s->v)->has_charter ? view_state(s->v) : NULL;
}

/* A side as the charter names it; its id where that is not readable or has no such side. */
static struct text named_side(const struct saying *s, struct text id)
{
    uint32_t side = s->charter != NULL ? charter_find_side(s->charter, id) : CHARTER_NONE;
    return side == CHARTER_NONE ? id : s->charter->sides[side].name;
}

/* "P2", or "a proposal" where it is not (or no longer) one that we know. */
static const char *proposal_label(const struct saying *s, const struct leaf_hash *leaf)
{
    const struct table_state *t = known(s);
    const struct proposal_state *p = t != NULL ? state_proposal(t, leaf) : NULL;
    const char *label = p == NULL ? "a proposal" : arena_printf(s->mem, "P%u", p->number);
    return label == NULL ? "?" : label;
}

static const char *hour(const struct saying *s, uint64_t seconds)
{
    if (s->v != NULL) {
        return view_when(s->v, seconds);
    }
    char when[CIVIL_TEXT_MAX];
    civil_format(seconds, when);
    const char *words = arena_printf(s->mem, "%s UTC", when);
    return words == NULL ? "?" : words;
}

/* "line: present line", or "line: option 2" where the charter does not say */
static void put_choice(const struct saying *s, struct text id, uint32_t option)
{
    const struct issue *issue = NULL;
    if (s->charter != NULL) {
        uint32_t k = issue_find(s->charter->issues, s->charter->issue_count, id);
        issue = k == UINT32_MAX ? NULL : &s->charter->issues[k];
    }
    buf_printf(s->out, "%.*s: ", TEXT_ARG(id));
    if (issue != NULL && option < issue->option_count) {
        buf_printf(s->out, "%.*s", TEXT_ARG(issue->options[option]));
    } else {
        buf_printf(s->out, "option %u", option + 1);
    }
}

static void put_package(const struct saying *s, const struct payload *p)
{
    for (uint32_t i = 0; i < p->choice_count; i++) {
        const struct named_choice *c = &p->choices[i];
        buf_add_str(s->out, i > 0 ? "; " : "");
        put_choice(s, c->issue, c->option);
    }
}

static void put_meets(const struct saying *s, const struct payload *p)
{
    for (uint32_t i = 0; i < p->meets_count; i++) {
        put_foreign(s, i == 0 ? ", and means to meet " : ", ", p->meets[i].label);
    }
}

/* Its own side sees which decision; the others see that there is one. */
static void put_follows(const struct saying *s, const struct payload *p)
{
    if (!p->has_follows) {
        return;
    }
    const struct decision_note *d = known(s) == NULL ? NULL
                                                     : decision_of_seal(fold_private(s->v->r->fold),
                                                                        &p->follows);
    if (d == NULL) {
        buf_add_str(s->out, ", following a decision of its principal");
    } else {
        buf_printf(s->out, ", following %.*s", TEXT_ARG(d->label));
    }
}

static void put_reservations(const struct saying *s, const struct payload *p)
{
    for (uint32_t i = 0; i < p->reservation_count; i++) {
        const struct reservation *r = &p->reservations[i];
        put_foreign(s, i > 0 ? "; " : " ", r->label);
        if (r->has_issue) {
            buf_printf(s->out, " (%.*s)", TEXT_ARG(r->issue));
        }
        put_foreign(s, ": ", r->text);
    }
}

/* ---- what it says ---- */

const char *act_finding_word(enum finding f)
{
    switch (f) {
    case FINDING_DONE:
        return "done";
    case FINDING_PARTLY:
        return "partly done";
    case FINDING_NOT_DONE:
        return "not done";
    }
    return "?";
}

static const char *mark_word(enum mark m)
{
    switch (m) {
    case MARK_KEEP:
        return "keep to yourselves";
    case MARK_HINT:
        return "may be hinted at";
    case MARK_CARRY:
        return "carry it over";
    }
    return "?";
}

static const char *level_word(enum level l)
{
    switch (l) {
    case LEVEL_MUST:
        return "must have";
    case LEVEL_WANT:
        return "would like";
    case LEVEL_NICE:
        return "would not mind";
    }
    return "?";
}

static void put_answer(const struct saying *s, const struct payload *p)
{
    const char *label = proposal_label(s, &p->answers);
    switch (p->answer) {
    case ANSWER_ACCEPT:
        buf_printf(s->out, "accepts %s, and means it to bind", label);
        break;
    case ANSWER_AD_REFERENDUM:
        buf_printf(s->out, "accepts %s ad referendum", label);
        break;
    case ANSWER_CONCEPT:
        buf_printf(s->out, "agrees with %s in concept, and reserves", label);
        put_reservations(s, p);
        break;
    case ANSWER_REJECT:
        buf_printf(s->out, "rejects %s", label);
        break;
    case ANSWER_COUNTER:
        buf_printf(s->out, "counters %s", label);
        break;
    }
    put_follows(s, p);
    put_text(s, ": ", p, 0);
}

static void put_deed(const struct saying *s, const char *verb, const struct payload *p)
{
    buf_printf(s->out, "%s %.*s %s", verb, TEXT_ARG(p->deed), act_finding_word(p->finding));
    put_evidence(s, p);
    put_text(s, ": ", p, 0);
}

static void put_promise(const struct saying *s, const struct payload *p)
{
    buf_printf(s->out, "promises %.*s by %s", TEXT_ARG(p->deed), hour(s, p->when));
    if (text_present(p->after)) {
        buf_printf(s->out, ", after %.*s", TEXT_ARG(p->after));
    }
    put_text(s, ": ", p, 0);
    put_text(s, "; to be verified: ", p, 1);
}

static void put_incident(const struct saying *s, const struct payload *p)
{
    buf_printf(s->out, "reports an incident of %s", hour(s, p->when));
    if (text_present(p->side)) {
        buf_printf(s->out, ", by %.*s", TEXT_ARG(named_side(s, p->side)));
    }
    put_text(s, ": ", p, 0);
    if (p->ref_count > 0) {
        put_count(s, ", citing ", p->ref_count);
    }
    put_evidence(s, p);
}

static void put_assessment(const struct saying *s, const struct payload *p)
{
    buf_printf(s->out, "assesses an incident: %s",
               p->verdict == VERDICT_VERIFIED ? "verified" : "not verified");
    if (text_present(p->side)) {
        buf_printf(s->out, ", by %.*s", TEXT_ARG(named_side(s, p->side)));
    }
    if (p->has_when) {
        buf_printf(s->out, ", of %s", hour(s, p->when));
    }
    put_text(s, ": ", p, 0);
}

/* "; heard, velland: ... [carry it over]" */
static void put_told(const struct saying *s, const struct payload *p, const char *first)
{
    for (uint32_t i = 0; i < p->line_count; i++) {
        const struct debrief_line *l = &p->lines[i];
        buf_printf(s->out, "%s%s", i == 0 ? first : "; ", heard_word(l->heard));
        if (text_present(l->side)) {
            buf_printf(s->out, ", %.*s", TEXT_ARG(named_side(s, l->side)));
        }
        put_foreign(s, ": ", l->text);
        if (l->mark != 0) {
            buf_printf(s->out, " [%s]", mark_word(l->mark));
        }
    }
}

static void put_debrief(const struct saying *s, const struct payload *p)
{
    buf_add_str(s->out, "reports home");
    put_told(s, p, ", ");
}

static void put_interests(const struct saying *s, const struct payload *p)
{
    buf_add_str(s->out, "notes what matters to its side: ");
    for (uint32_t i = 0; i < p->interest_count; i++) {
        const struct interest_item *n = &p->interests[i];
        buf_add_str(s->out, i > 0 ? "; " : "");
        put_choice(s, n->issue, n->option);
        buf_printf(s->out, ", %s", interest_word(n->interest));
    }
    for (uint32_t i = 0; i < p->prefer_count; i++) {
        const struct prefer_item *f = &p->prefers[i];
        buf_printf(s->out, "%s%.*s %s %.*s", i + p->interest_count > 0 ? "; " : "",
                   TEXT_ARG(f->more),
                   f->preference == PREFER_MORE   ? "before"
                   : f->preference == PREFER_SAME ? "as much as"
                                                  : "no longer compared with",
                   TEXT_ARG(f->less));
    }
}

static void put_memo(const struct saying *s, const struct payload *p)
{
    buf_add_str(s->out, "files a memo");
    put_text(s, ": ", p, 0);
    for (uint32_t i = 0; i < p->way_count; i++) {
        buf_printf(s->out, "%s%s", i == 0 ? "; options: " : ", ", way_word(p->ways[i].way));
        if (p->ways[i].subject.n > 0) {
            put_foreign(s, " ", p->ways[i].subject);
        }
    }
    if (p->has_recommend) {
        buf_printf(s->out, "; it recommends number %u", p->recommend + 1);
    }
}

static void put_decision(const struct saying *s, const struct payload *p)
{
    put_foreign(s, "files the principal's decision ", p->label);
    put_text(s, ": ", p, 0);
    for (uint32_t i = 0; i < p->order_count; i++) {
        buf_printf(s->out, "%s%s", i == 0 ? "; orders: " : ", ", order_word(p->orders[i].kind));
        if (p->orders[i].subject.n > 0) {
            put_foreign(s, " ", p->orders[i].subject);
        }
    }
    if (p->has_when) {
        buf_printf(s->out, "; to be looked at again by %s", hour(s, p->when));
    }
}

static void put_meeting(const struct saying *s, const struct payload *p)
{
    buf_add_str(s->out, "notes a meeting");
    if (p->has_when) {
        buf_printf(s->out, " of %s", hour(s, p->when));
    }
    for (uint32_t i = 0; i < p->text_count; i++) {
        put_text(s, i == 0 ? ": " : "; ", p, i);
    }
    put_told(s, p, "; ");
}

static void put_asked(const struct saying *s, const char *verb, const struct payload *p)
{
    const struct text about[] = {p->phase, p->deed, p->lever};
    static const char *const what[] = {"phase", "deed", "lever"};
    buf_add_str(s->out, verb);
    for (size_t i = 0; i < COUNT_OF(about); i++) {
        if (text_present(about[i])) {
            buf_printf(s->out, ", about %s %.*s", what[i], TEXT_ARG(about[i]));
        }
    }
    if (p->has_when) {
        buf_printf(s->out, ", by %s", hour(s, p->when));
    }
    put_text(s, ": ", p, 0);
}

static void put_lever(const struct saying *s, const struct payload *p)
{
    static const char *const verbs[] = {"?", "holds", "readies", "applies", "releases"};
    buf_printf(s->out, "%s the lever %.*s", verbs[p->move], TEXT_ARG(p->lever));
    if (p->has_when) {
        buf_printf(s->out, p->move == LEVER_HOLD ? ", to be looked at again by %s" : ", %s",
                   hour(s, p->when));
    }
    put_follows(s, p);
    put_text(s, ": ", p, 0);
}

/* Of what it shows, the header alone is read here: the ledger of consultations has the rest. */
static void put_notice(const struct saying *s, const struct payload *p)
{
    struct content_header h;
    struct err ignored = {0};
    if (p->shown.shown_count == 0 || !content_header_decode(p->shown.shown[0].raw, &h, &ignored) ||
        !kind_known(h.kind)) {
        buf_add_str(s->out, "shows something that cannot be read");
        return;
    }
    const char *word = h.kind == (uint32_t)KIND_ASK         ? "a question, asked"
                       : h.kind == (uint32_t)KIND_OPINION   ? "that a question was answered"
                       : h.kind == (uint32_t)KIND_UNDERTAKE ? "an undertaking given"
                                                            : "a move of a lever made";
    buf_printf(s->out, "shows, with its proof, %s in ", word);
    put_foreign(s, "", h.room);
    buf_printf(s->out, " (act %llu)", (unsigned long long)p->shown.index);
}

static void put_suspension(const struct saying *s, const struct payload *p)
{
    buf_add_str(s->out, p->ref_count > 0
                            ? "suspends agreeing, for a week at most, because of what another did"
                            : "is for suspending agreeing");
    if (p->has_when) {
        buf_printf(s->out, " until %s", hour(s, p->when));
    }
    put_text(s, ": ", p, 0);
}

/* "version 3 of the text", "B2": by what a seat's table calls it; to a stranger in general. */
static const char *text_label(const struct saying *s, const struct leaf_hash *leaf)
{
    const struct table_state *t = s->v == NULL ? NULL : view_state(s->v);
    const char *words = NULL;
    if (t != NULL && t->has_charter) {
        const struct text_version *v = snt_version(&t->texts, leaf);
        const struct bracket_state *b = snt_bracket(&t->texts, leaf);
        words = v != NULL   ? arena_printf(s->mem, "version %u of the text", v->number)
                : b != NULL ? arena_printf(s->mem, "B%u", b->number)
                            : NULL;
    }
    return words == NULL ? "the text, or a part of it" : words;
}

/* What it changes, and how many articles it keeps as they are. */
static void put_draft(const struct saying *s, const struct payload *p)
{
    uint32_t kept = 0;
    buf_printf(s->out, "drafts the text of phase %.*s", TEXT_ARG(p->phase));
    put_text(s, ": ", p, 0);
    for (uint32_t i = 0; i < p->article_count; i++) {
        const struct article_item *a = &p->articles[i];
        if (!text_present(a->text)) {
            kept++;
            continue;
        }
        buf_printf(s->out, "; article %.*s", TEXT_ARG(a->id));
        put_foreign(s, ", ", a->title);
        put_foreign(s, ": ", a->text);
    }
    if (kept > 0) {
        buf_printf(s->out, "; %u article%s as before", kept, kept == 1 ? "" : "s");
    }
}

static void put_bracket(const struct saying *s, const struct payload *p)
{
    static const struct article_item none = {{NULL, 0}, {NULL, 0}, {NULL, 0}};
    const struct article_item *a = p->article_count == 0 ? &none : &p->articles[0];
    buf_printf(s->out, "puts in brackets, %s %.*s",
               text_present(a->title) ? "as new article" : "at article", TEXT_ARG(a->id));
    if (text_present(a->title)) {
        put_foreign(s, ", ", a->title);
    }
    if (a->text.n == 0) {
        buf_add_str(s->out, ": nothing (the passage goes)");
    } else {
        put_foreign(s, ": ", a->text);
    }
    put_text(s, "; because: ", p, 0);
}

static void put_standing(const struct saying *s, const char *verb, const struct payload *p)
{
    buf_printf(s->out, "%s %s", verb, text_label(s, &p->answers));
    for (uint32_t i = 0; i < p->article_id_count; i++) {
        buf_printf(s->out, "%s%.*s", i == 0 ? ", article " : ", ", TEXT_ARG(p->article_ids[i]));
    }
    put_text(s, ": ", p, 0);
}

static void put_date(const struct saying *s, const struct payload *p)
{
    static const char *const set[] = {
        "names a date of phase %.*s: ", "wishes an end of phase %.*s by ",
        "will look at phase %.*s again on ", "is for a deadline of phase %.*s at "};
    static const char *const none[] = {
        "names no date of phase %.*s", "has no wish for phase %.*s any more",
        "has no review of phase %.*s any more", "is for no deadline of phase %.*s"};
    const char *words = (p->has_when ? set : none)[p->date];
    const char *at = strstr(words, "%.*s");
    buf_add(s->out, bytes_of(words, (size_t)(at - words)));
    buf_printf(s->out, "%.*s%s%s", TEXT_ARG(p->phase), at + 4, p->has_when ? hour(s, p->when) : "");
    put_text(s, ": ", p, 0);
}

void act_words(const struct view *v, const struct charter *charter, struct arena *mem,
               const struct payload *p, struct buf *out)
{
    const struct table_state *t = v == NULL ? NULL : view_state(v);
    struct saying to = {.v = v,
                        .charter = t == NULL        ? charter
                                   : t->has_charter ? &t->charter
                                                    : NULL,
                        .mem = mem,
                        .out = out};
    const struct saying *s = &to;
    switch (p->kind) {
    case KIND_CHARTER:
        buf_add_str(out, "files the charter");
        break;
    case KIND_SIGN_CHARTER:
        buf_add_str(out, "signs the charter");
        break;
    case KIND_EPOCH:
        buf_printf(out, "gives %.*s a fresh key", TEXT_ARG(p->epoch_item.room));
        put_foreign(s, " (", p->epoch_item.reason);
        buf_add_str(out, ")");
        break;
    case KIND_GRANT:
        buf_add_str(out, "shares the charter with a new seat");
        break;
    case KIND_CANNOT_OPEN:
        buf_add_str(out, "could not open the room's newest key");
        put_text(s, ": ", p, 0);
        break;
    case KIND_VOID:
        buf_add_str(out, "shows an act that is not what it says");
        break;
    case KIND_INTRODUCE:
        put_foreign(s, "is introduced as ", p->name);
        break;
    case KIND_INSTRUCT:
        buf_add_str(out, "files private instructions");
        put_text(s, ": ", p, 0);
        break;
    case KIND_MANDATE:
        buf_add_str(out, "files a mandate");
        put_text(s, ": ", p, 0);
        break;
    case KIND_REVOKE_MANDATE:
        buf_add_str(out, "revokes a mandate");
        break;
    case KIND_MEET:
        put_meeting(s, p);
        break;
    case KIND_CONFIRM:
        buf_add_str(out, "confirms");
        break;
    case KIND_SAY:
        buf_add_str(out, "says");
        put_text(s, ": ", p, 0);
        break;
    case KIND_DOCUMENT:
        put_foreign(s, "files a document: ", p->name);
        buf_printf(out, " (%zu bytes)", p->content.n);
        break;
    case KIND_STATEMENT:
        buf_printf(out, "notes, without effect, what %.*s said in public: ",
                   TEXT_ARG(named_side(s, p->side)));
        put_text(s, v == NULL ? "" : "\"", p, 0);
        put_foreign(s, v == NULL ? " (" : "\" (", p->source);
        buf_add_str(out, ")");
        break;
    case KIND_POSITION:
        buf_printf(out, "on %.*s, %s", TEXT_ARG(p->issue), level_word(p->level));
        put_text(s, ": ", p, 0);
        buf_printf(out, " [%s]", mark_word(p->mark));
        break;
    case KIND_PROPOSE:
        buf_add_str(out, "proposes ");
        put_package(s, p);
        if (p->has_version) {
            buf_printf(out, ", with %s", text_label(s, &p->version));
        }
        put_meets(s, p);
        put_follows(s, p);
        put_text(s, ": ", p, 0);
        break;
    case KIND_WITHDRAW:
        buf_printf(out, "withdraws %s", proposal_label(s, &p->answers));
        put_follows(s, p);
        break;
    case KIND_ANSWER:
        put_answer(s, p);
        break;
    case KIND_CLOSE:
        put_foreign(s, "closes reservation ", p->label);
        break;
    case KIND_RATIFY:
        buf_printf(out, "ratifies %s", proposal_label(s, &p->answers));
        break;
    case KIND_PROMISE:
        put_promise(s, p);
        break;
    case KIND_REPORT:
        put_deed(s, "reports", p);
        break;
    case KIND_VERIFY:
        put_deed(s, "finds", p);
        break;
    case KIND_LAPSE:
        buf_printf(out, "notes that the hour of %.*s has passed", TEXT_ARG(p->deed));
        break;
    case KIND_INCIDENT:
        put_incident(s, p);
        break;
    case KIND_ASSESS:
        put_assessment(s, p);
        break;
    case KIND_GATE:
        buf_printf(out, "opens gate %.*s", TEXT_ARG(p->phase));
        break;
    case KIND_SUSPEND:
        put_suspension(s, p);
        break;
    case KIND_RESUME:
        buf_add_str(out, "resumes: its word for suspending or concluding is taken back");
        put_text(s, ": ", p, 0);
        break;
    case KIND_LEAVE:
        buf_add_str(out, "leaves the table; what it owes stays owed");
        put_text(s, ": ", p, 0);
        break;
    case KIND_RETURN:
        buf_add_str(out, "returns to the table");
        put_text(s, ": ", p, 0);
        break;
    case KIND_CONCLUDE:
        buf_add_str(out, "is for concluding the table");
        put_text(s, ": ", p, 0);
        break;
    case KIND_DATE:
        put_date(s, p);
        break;
    case KIND_PARK:
        buf_printf(out, "parks for phase %.*s", TEXT_ARG(p->phase));
        put_text(s, ": ", p, 0);
        break;
    case KIND_CONSENT:
        put_count(s, "consents to publish ", p->ref_count);
        break;
    case KIND_PUBLISHED:
        put_count(s, "published ", p->ref_count);
        break;
    case KIND_DISPUTE:
        buf_printf(out, "disputes what was found of %.*s", TEXT_ARG(p->deed));
        put_text(s, ": ", p, 0);
        break;
    case KIND_ASK:
        put_asked(s, "asks", p);
        break;
    case KIND_OPINION:
        buf_add_str(out, "gives an opinion, which binds nobody");
        put_text(s, ": ", p, 0);
        buf_printf(out, " [%s]", mark_word(p->mark == 0 ? MARK_KEEP : p->mark));
        break;
    case KIND_UNDERTAKE:
        put_asked(s, "undertakes, and is bound by it", p);
        break;
    case KIND_SETTLED:
        buf_printf(out, "has settled %.*s within its side", TEXT_ARG(p->phase));
        put_follows(s, p);
        break;
    case KIND_LEVER:
        put_lever(s, p);
        break;
    case KIND_NOTICE:
        put_notice(s, p);
        break;
    case KIND_DRAFT:
        put_draft(s, p);
        break;
    case KIND_BRACKET:
        put_bracket(s, p);
        break;
    case KIND_SUPPORT:
        put_standing(s, "supports", p);
        break;
    case KIND_OBJECT:
        put_standing(s, "objects to", p);
        break;
    case KIND_ADOPT:
        put_standing(s, "adopts", p);
        break;
    case KIND_CLEAN:
        put_standing(s, p->outcome == CLEAN_TAKE ? "takes into the text" : "drops", p);
        break;
    case KIND_SILENCE:
        put_standing(s, "asks for silence on", p);
        break;
    case KIND_DEBRIEF:
        put_debrief(s, p);
        break;
    case KIND_INTERESTS:
        put_interests(s, p);
        break;
    case KIND_MEMO:
        put_memo(s, p);
        break;
    case KIND_DECIDE:
        put_decision(s, p);
        break;
    }
}
