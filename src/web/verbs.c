/* SPDX-License-Identifier: Apache-2.0 */
#include "web/verbs.h"

#include "base/check.h"

struct doing {
    struct desk *d;
    const struct yaml_node *body;
    struct arena *mem;
    const struct desk_say *say;
    struct err *err;
};

struct text verbs_word(const struct yaml_node *body, const char *name)
{
    const struct yaml_node *n = body == NULL ? NULL : yaml_get(body, name);
    return n != NULL && n->kind == YAML_WORDS ? n->text : (struct text){0};
}

static struct text word(const struct doing *w, const char *name)
{
    return verbs_word(w->body, name);
}

/* Members that are words and may be left out are empty then. */
static struct text or_empty(const struct doing *w, const char *name)
{
    struct text t = word(w, name);
    return t.p == NULL ? text_str("") : t;
}

/* The other way round: members that are empty are left out. */
static struct text unless_empty(const struct doing *w, const char *name)
{
    struct text t = word(w, name);
    return t.n == 0 ? (struct text){0} : t;
}

static bool is_yes(const struct doing *w, const char *name)
{
    return text_is(word(w, name), "yes");
}

static bool list(const struct doing *w, const char *name, struct desk_list *out)
{
    const struct yaml_node *n = yaml_get(w->body, name);
    *out = (struct desk_list){0};
    if (n == NULL) {
        return true;
    }
    if (n->kind != YAML_LIST) {
        return err_set(w->err, ERR_USE, "\"%s\" is a list of words", name);
    }
    struct text *items = ARENA_NEW(w->mem, struct text, n->count);
    uint32_t count = 0;
    if (items == NULL && n->count > 0) {
        return err_memory(w->err, "the request");
    }
    for (const struct yaml_node *i = n->first; i != NULL; i = i->next) {
        if (i->kind != YAML_WORDS) {
            return err_set(w->err, ERR_USE, "\"%s\" is a list of words", name);
        }
        items[count++] = i->text;
    }
    *out = (struct desk_list){items, count};
    return true;
}

/* ---- words ---- */

static bool do_say(const struct doing *w)
{
    return desk_say_words(w->d, word(w, "room"), word(w, "words"), w->say, w->err);
}

static bool do_meet(const struct doing *w)
{
    struct desk_list with;
    return list(w, "with", &with) &&
           desk_meet(w->d, word(w, "room"), with, (struct desk_list){NULL, 0}, word(w, "words"),
                     w->say, w->err);
}

static bool do_confirm(const struct doing *w)
{
    return desk_confirm(w->d, word(w, "act"), w->say, w->err);
}

static bool do_position(const struct doing *w)
{
    const struct desk_position p = {.issue = word(w, "issue"),
                                    .words = word(w, "words"),
                                    .level = word(w, "level"),
                                    .mark = word(w, "mark"),
                                    .room = word(w, "room")};
    return desk_position(w->d, &p, w->say, w->err);
}

static bool do_statement(const struct doing *w)
{
    return desk_statement(w->d, word(w, "room"), word(w, "by"), word(w, "source"), word(w, "words"),
                          w->say, w->err);
}

/* ---- proposals ---- */

static bool do_propose(const struct doing *w)
{
    struct desk_proposal p = {.words = or_empty(w, "words"), .meets = or_empty(w, "meets")};
    return list(w, "choices", &p.choices) && desk_propose(w->d, &p, w->say, w->err);
}

static bool do_withdraw(const struct doing *w)
{
    return desk_withdraw(w->d, word(w, "proposal"), text_str(""), w->say, w->err);
}

static bool do_answer(const struct doing *w)
{
    static const struct {
        const char *word;
        enum desk_answer kind;
    } kinds[] = {{"accept", DESK_ACCEPT},
                 {"ad-referendum", DESK_AD_REFERENDUM},
                 {"concept", DESK_CONCEPT},
                 {"reject", DESK_REJECT},
                 {"counter", DESK_COUNTER}};
    struct desk_reply r = {.proposal = word(w, "proposal"), .words = or_empty(w, "words")};
    for (size_t i = 0; i < COUNT_OF(kinds); i++) {
        if (text_is(word(w, "answer"), kinds[i].word)) {
            r.kind = kinds[i].kind;
            return list(w, "reserve", &r.reserve) && desk_answer(w->d, &r, w->say, w->err);
        }
    }
    return err_set(w->err, ERR_USE,
                   "an answer is accept, ad-referendum, concept, reject or "
                   "counter");
}

static bool do_close(const struct doing *w)
{
    return desk_close_point(w->d, word(w, "label"), word(w, "met_by"), w->say, w->err);
}

/* ---- what principals sign ---- */

static bool do_ratify(const struct doing *w)
{
    return desk_ratify(w->d, word(w, "proposal"), (struct bytes){0}, w->say, w->err);
}

static bool do_sign_charter(const struct doing *w)
{
    return desk_sign_charter(w->d, (struct bytes){0}, w->say, w->err);
}

static bool do_mandate(const struct doing *w)
{
    struct desk_mandate m = {.seat = word(w, "seat"),
                             .powers = word(w, "powers"),
                             .issues = or_empty(w, "issues"),
                             .span = word(w, "span")};
    return list(w, "limits", &m.limits) && desk_mandate(w->d, &m, w->say, w->err);
}

static bool do_revoke(const struct doing *w)
{
    return desk_revoke(w->d, word(w, "mandate"), w->say, w->err);
}

/* ---- deeds ---- */

static bool do_promise(const struct doing *w)
{
    const struct desk_promise p = {.deed = word(w, "deed"),
                                   .what = word(w, "what"),
                                   .how = or_empty(w, "how"),
                                   .by = word(w, "by"),
                                   .after = or_empty(w, "after")};
    return desk_promise(w->d, &p, w->say, w->err);
}

static bool do_report(const struct doing *w)
{
    return desk_report(w->d, word(w, "deed"), word(w, "finding"), (struct desk_list){0},
                       or_empty(w, "words"), w->say, w->err);
}

static bool do_verify(const struct doing *w)
{
    return desk_verify(w->d, word(w, "deed"), word(w, "finding"), is_yes(w, "dispute"),
                       or_empty(w, "words"), w->say, w->err);
}

static bool do_lapse(const struct doing *w)
{
    return desk_lapse(w->d, word(w, "deed"), w->say, w->err);
}

static bool do_incident(const struct doing *w)
{
    struct desk_incident i = {
        .words = word(w, "words"), .when = word(w, "when"), .by = or_empty(w, "by")};
    return list(w, "cited", &i.cited) && desk_incident(w->d, &i, w->say, w->err);
}

static bool do_assess(const struct doing *w)
{
    return desk_assess(w->d, word(w, "incident"), word(w, "verdict"), or_empty(w, "by"),
                       or_empty(w, "when"), is_yes(w, "serious"), or_empty(w, "words"), w->say,
                       w->err);
}

static bool do_dispute(const struct doing *w)
{
    return desk_dispute(w->d, word(w, "deed"), word(w, "words"), w->say, w->err);
}

/* ---- the text of a phase ---- */

static bool do_draft(const struct doing *w)
{
    const struct desk_draft n = {.markdown = text_bytes(word(w, "markdown")),
                                 .name = "the draft",
                                 .phase = unless_empty(w, "phase"),
                                 .words = or_empty(w, "words"),
                                 .keep = is_yes(w, "keep")};
    return desk_draft(w->d, &n, w->say, w->err);
}

static bool do_bracket(const struct doing *w)
{
    const struct desk_bracket n = {.article = word(w, "article"),
                                   .phase = unless_empty(w, "phase"),
                                   .words = word(w, "words"),
                                   .quote = unless_empty(w, "quote"),
                                   .title = unless_empty(w, "title"),
                                   .after = unless_empty(w, "after"),
                                   .reason = or_empty(w, "reason")};
    return desk_bracket(w->d, &n, w->say, w->err);
}

static bool stand(const struct doing *w, enum desk_stand how)
{
    struct desk_list articles;
    return list(w, "articles", &articles) &&
           desk_stand(w->d, how, unless_empty(w, "about"), articles, unless_empty(w, "phase"),
                      or_empty(w, "reason"), w->say, w->err);
}

static bool do_support(const struct doing *w)
{
    return stand(w, DESK_SUPPORT);
}

static bool do_object(const struct doing *w)
{
    return stand(w, DESK_OBJECT);
}

static bool do_clean(const struct doing *w)
{
    return desk_clean(w->d, word(w, "about"), is_yes(w, "drop"), unless_empty(w, "phase"), w->say,
                      w->err);
}

static bool do_adopt(const struct doing *w)
{
    return desk_adopt(w->d, unless_empty(w, "version"), unless_empty(w, "phase"), w->say, w->err);
}

static bool do_silence(const struct doing *w)
{
    return desk_silence(w->d, unless_empty(w, "about"), unless_empty(w, "phase"),
                        or_empty(w, "words"), w->say, w->err);
}

/* ---- consultations, levers ---- */

static struct desk_question question(const struct doing *w)
{
    return (struct desk_question){.side = word(w, "side"),
                                  .words = word(w, "words"),
                                  .by = or_empty(w, "by"),
                                  .phase = unless_empty(w, "phase"),
                                  .deed = unless_empty(w, "deed"),
                                  .lever = unless_empty(w, "lever")};
}

static bool do_ask(const struct doing *w)
{
    const struct desk_question q = question(w);
    return desk_ask(w->d, &q, w->say, w->err);
}

static bool do_opinion(const struct doing *w)
{
    return desk_opinion(w->d, unless_empty(w, "on"),
                        text_str(is_yes(w, "carry") ? "carry" : "keep"), word(w, "words"), w->say,
                        w->err);
}

static bool do_undertake(const struct doing *w)
{
    const struct desk_question u = question(w);
    return desk_undertake(w->d, &u, unless_empty(w, "on"), w->say, w->err);
}

static bool do_settled(const struct doing *w)
{
    return desk_settled(w->d, word(w, "phase"), unless_empty(w, "follows"), w->say, w->err);
}

static bool do_notice(const struct doing *w)
{
    return desk_notice(w->d, word(w, "act"), is_yes(w, "with_words"), w->say, w->err);
}

static bool do_lever(const struct doing *w)
{
    const struct desk_lever_move m = {.move = word(w, "move"),
                                      .lever = word(w, "lever"),
                                      .review = or_empty(w, "review"),
                                      .why = or_empty(w, "why"),
                                      .follows = unless_empty(w, "follows")};
    return desk_lever(w->d, &m, w->say, w->err);
}

/* ---- who is at the table, dates ---- */

static bool do_leave(const struct doing *w)
{
    return desk_leave(w->d, or_empty(w, "reason"), w->say, w->err);
}

static bool do_return(const struct doing *w)
{
    return desk_return(w->d, or_empty(w, "reason"), w->say, w->err);
}

static bool do_suspend(const struct doing *w)
{
    return desk_suspend(w->d, or_empty(w, "cause"), or_empty(w, "until"), or_empty(w, "reason"),
                        w->say, w->err);
}

static bool do_resume(const struct doing *w)
{
    return desk_resume(w->d, or_empty(w, "reason"), w->say, w->err);
}

static bool do_conclude(const struct doing *w)
{
    return desk_conclude(w->d, or_empty(w, "reason"), w->say, w->err);
}

static bool do_date(const struct doing *w)
{
    return desk_date(w->d, word(w, "kind"), word(w, "phase"), word(w, "when"),
                     or_empty(w, "reason"), w->say, w->err);
}

/* ---- phases, publication ---- */

static bool do_gate(const struct doing *w)
{
    return desk_open_gate(w->d, word(w, "phase"), w->say, w->err);
}

static bool do_park(const struct doing *w)
{
    return desk_park(w->d, word(w, "phase"), word(w, "title"), w->say, w->err);
}

static bool do_consent(const struct doing *w)
{
    struct desk_list acts;
    return list(w, "acts", &acts) && desk_consent(w->d, acts, w->say, w->err);
}

/* ---- at home ---- */

static bool do_debrief(const struct doing *w)
{
    struct desk_list lines, about;
    return list(w, "lines", &lines) && list(w, "about", &about) &&
           desk_debrief(w->d, lines, about, w->say, w->err);
}

static bool do_memo(const struct doing *w)
{
    struct desk_memo m = {.situation = word(w, "situation"), .because = or_empty(w, "because")};
    struct text recommend = or_empty(w, "recommend");
    uint64_t n = 0;
    if (recommend.n > 0 && (!u64_parse(recommend, &n) || n > UINT32_MAX)) {
        return err_set(w->err, ERR_USE, "what is recommended is an option's number, from 1");
    }
    m.recommend = (uint32_t)n;
    return list(w, "options", &m.options) && list(w, "about", &m.about) &&
           desk_memo(w->d, &m, w->say, w->err);
}

static bool do_decide(const struct doing *w)
{
    struct desk_decision n = {.words = word(w, "words"),
                              .memo = unless_empty(w, "memo"),
                              .review = or_empty(w, "review")};
    return list(w, "orders", &n.orders) && desk_decide(w->d, &n, w->say, w->err);
}

/* name, function, members that must be there */
#define VERBS(X)                                                                                   \
    X("say", do_say, "room words")                                                                 \
    X("meet", do_meet, "room words")                                                               \
    X("confirm", do_confirm, "act")                                                                \
    X("position", do_position, "issue words level mark")                                           \
    X("statement", do_statement, "room by source words")                                           \
    X("propose", do_propose, "")                                                                   \
    X("withdraw", do_withdraw, "proposal")                                                         \
    X("answer", do_answer, "proposal answer")                                                      \
    X("close", do_close, "label")                                                                  \
    X("ratify", do_ratify, "proposal")                                                             \
    X("sign-charter", do_sign_charter, "")                                                         \
    X("mandate", do_mandate, "seat powers span")                                                   \
    X("revoke", do_revoke, "mandate")                                                              \
    X("promise", do_promise, "deed what by")                                                       \
    X("report", do_report, "deed finding")                                                         \
    X("verify", do_verify, "deed finding")                                                         \
    X("lapse", do_lapse, "deed")                                                                   \
    X("incident", do_incident, "words when")                                                       \
    X("assess", do_assess, "incident verdict")                                                     \
    X("dispute", do_dispute, "deed words")                                                         \
    X("draft", do_draft, "markdown")                                                               \
    X("bracket", do_bracket, "article words")                                                      \
    X("support", do_support, "")                                                                   \
    X("object", do_object, "reason")                                                               \
    X("clean", do_clean, "about")                                                                  \
    X("adopt", do_adopt, "")                                                                       \
    X("silence", do_silence, "")                                                                   \
    X("ask", do_ask, "side words")                                                                 \
    X("opinion", do_opinion, "words")                                                              \
    X("undertake", do_undertake, "words by")                                                       \
    X("settled", do_settled, "phase")                                                              \
    X("notice", do_notice, "act")                                                                  \
    X("lever", do_lever, "move lever")                                                             \
    X("leave", do_leave, "")                                                                       \
    X("return", do_return, "")                                                                     \
    X("suspend", do_suspend, "")                                                                   \
    X("resume", do_resume, "")                                                                     \
    X("conclude", do_conclude, "")                                                                 \
    X("date", do_date, "kind phase when")                                                          \
    X("gate", do_gate, "phase")                                                                    \
    X("park", do_park, "phase title")                                                              \
    X("consent", do_consent, "")                                                                   \
    X("debrief", do_debrief, "")                                                                   \
    X("memo", do_memo, "situation")                                                                \
    X("decide", do_decide, "words")

static const struct {
    const char *name;
    bool (*run)(const struct doing *w);
    const char *needs;
} verbs[] = {
#define VERB_ROW(name, run, needs) {name, run, needs},
    VERBS(VERB_ROW)
#undef VERB_ROW
};

static size_t find(const struct yaml_node *body)
{
    struct text name = verbs_word(body, "do");
    size_t i = 0;
    while (i < COUNT_OF(verbs) && !text_is(name, verbs[i].name)) {
        i++;
    }
    return i;
}

bool verbs_known(const struct yaml_node *body, struct err *err)
{
    size_t i = find(body);
    if (i == COUNT_OF(verbs)) {
        return err_set(err, ERR_USE, "the request does not say what to do");
    }
    for (const char *at = verbs[i].needs; *at != 0;) {
        char name[32];
        size_t n = strcspn(at, " ");
        CHECK(n < sizeof(name));
        memcpy(name, at, n);
        name[n] = 0;
        if (verbs_word(body, name).n == 0) {
            return err_set(err, ERR_USE, "%s is missing", name) ||
                   err_mend(err, "fill it in, then send again");
        }
        at += n + strspn(at + n, " ");
    }
    return true;
}

bool verbs_do(struct desk *d, const struct yaml_node *body, struct arena *mem,
              const struct desk_say *say, struct err *err)
{
    size_t i = find(body);
    const struct doing w = {.d = d, .body = body, .mem = mem, .say = say, .err = err};
    return i < COUNT_OF(verbs) ? verbs[i].run(&w)
                               : err_set(err, ERR_USE, "the request does not say what to do");
}
