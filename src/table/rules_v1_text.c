/* SPDX-License-Identifier: Apache-2.0
 *
 * The text of a phase [13]: who may draft, what stands in brackets, who supports it, and when it is
 * adopted.  Judged by ids, digests and lengths alone; the words are not read.
 */
#include "table/rules_v1_priv.h"

#include "base/civil.h"

static const struct snt_state *text_of(const struct judged_act *a, uint32_t phase)
{
    return &a->state->texts.of_phase[phase];
}

/* What every act on the text of a phase meets: the phase is not settled, its text not adopted. */
static bool judge_open(const struct judged_act *a, uint32_t phase, struct refusal *out)
{
    const struct proposal_state *bound = v1_bound_in(a->state, phase);
    if (bound != NULL) {
        return v1_refuse_bound(a, bound, out);
    }
    if (snt_all_adopted(a->state, phase)) {
        return refuse(out, REFUSED_DONE, "Version %u of the text is adopted; it stands.",
                      snt_newest(&a->state->texts, phase)->number) ||
               refuse_mend(out,
                           "Principals ratify it; a party that wants it changed takes its "
                           "adoption back: entente answer P%u --reject.",
                           snt_proposal(a->state, phase)->number);
    }
    return v1_judge_deadline(a, phase, out);
}

/* ---- the pen [13.1] ---- */

static bool judge_pen(const struct judged_act *a, const char *instead, struct refusal *out)
{
    const struct charter_side *mediation = &a->state->charter.sides[0];
    if (charter_has_pen(&a->state->charter, a->side)) {
        return true;
    }
    return refuse(out, REFUSED_PEN, "The pen is %.*s's.", T(mediation->name)) ||
           refuse_mend(out, "%s, or ask %.*s.", instead, T(mediation->name));
}

static bool find_phase(const struct judged_act *a, struct findings *f, struct refusal *out)
{
    f->phase = charter_find_phase(&a->state->charter, a->p->phase);
    if (f->phase == CHARTER_NONE) {
        return refuse(out, REFUSED_UNKNOWN, "The charter has no phase %.*s.", T(a->p->phase)) ||
               refuse_mend(out, "Name a phase of the charter: entente journey.");
    }
    return phase_open(a->state, f->phase) || v1_refuse_closed(a, f->phase, out);
}

static bool judge_follows(const struct judged_act *a, uint32_t phase, struct refusal *out)
{
    const struct text_version *newest = snt_newest(&a->state->texts, phase);
    if (newest == NULL) {
        return a->p->ref_count == 0 ||
               refuse(out, REFUSED_VERSION, "Phase %.*s has no text yet for this to follow.",
                      T(a->state->charter.phases[phase].id)) ||
               refuse_mend(out, "See the text: entente text show.");
    }
    if (a->p->ref_count > 0 && ID_EQ(a->p->refs[0], newest->leaf)) {
        return true;
    }
    return refuse(out, REFUSED_VERSION,
                  "The text has moved on: version %u is the newest, and this does not follow it.",
                  newest->number) ||
           refuse_mend(out, "Look at what changed, then draft upon it: entente text diff.");
}

/* One article of a draft: as it stands, or with words of its own. */
static bool draft_article(const struct judged_act *a, const struct snt_state *was,
                          const struct article_item *n, struct article_state *out_article,
                          struct refusal *out)
{
    struct article_id id = article_id_of(n->id);
    uint32_t place = snt_article(was, &id);
    if (!text_present(n->text)) {
        if (place == UINT32_MAX) {
            return refuse(out, REFUSED_UNKNOWN, "The text has no article %.*s to keep.",
                          T(n->id)) ||
                   refuse_mend(out, "Give its words, or leave it out.");
        }
        *out_article = was->articles[place];
        return true;
    }
    if (!text_present(n->title)) {
        return refuse(out, REFUSED_FORM, "Article %.*s has words and no title.", T(n->id)) ||
               refuse_mend(out, "Give it a title.");
    }
    struct digest wording = wording_digest(n->title, n->text);
    if (place != UINT32_MAX && ID_EQ(was->articles[place].wording, wording)) {
        *out_article = was->articles[place]; /* the same words: what was said of them stands */
        return true;
    }
    *out_article = (struct article_state){
        .id = id, .wording = wording, .length = (uint32_t)n->text.n, .since = a->index};
    return true;
}

static bool refuse_bytes(struct refusal *out)
{
    return refuse(out, REFUSED_LIMIT, "A text has at most %u bytes.", SNT_BYTES_MAX) ||
           refuse_mend(out, "File annexes as documents: entente document.");
}

static bool draft_articles(const struct judged_act *a, struct findings *f, struct refusal *out)
{
    const struct snt_state *was = text_of(a, f->phase);
    struct text_findings *t = &f->text;
    t->articles = ARENA_NEW(a->mem, struct article_state, a->p->article_count);
    if (t->articles == NULL) {
        return refuse(out, REFUSED_LIMIT, "The text is too large.");
    }
    for (uint32_t i = 0; i < a->p->article_count; i++) {
        struct article_state *n = &t->articles[i];
        if (!draft_article(a, was, &a->p->articles[i], n, out)) {
            return false;
        }
        const struct snt_state before = {.article_count = i, .articles = t->articles};
        if (snt_article(&before, &n->id) != UINT32_MAX) {
            return refuse(out, REFUSED_FORM, "Two articles are both called %.*s.",
                          T(a->p->articles[i].id)) ||
                   refuse_mend(out, "Give one of them another id.");
        }
        t->bytes += n->length;
        if (t->bytes > SNT_BYTES_MAX) {
            return refuse_bytes(out);
        }
    }
    t->article_count = a->p->article_count;
    t->digest = version_digest(a->state->charter.phases[f->phase].id, t->articles,
                               t->article_count);
    const struct text_version *newest = snt_newest(&a->state->texts, f->phase);
    if (newest != NULL && ID_EQ(newest->digest, t->digest)) {
        return refuse(out, REFUSED_DONE, "It is version %u word for word.", newest->number) ||
               refuse_mend(out, "Change something, or leave it: entente text show.");
    }
    return true;
}

bool v1_judge_draft(const struct judged_act *a, struct findings *f, struct refusal *out)
{
    return judge_pen(a, "Put other words in brackets: entente bracket", out) &&
           find_phase(a, f, out) && v1_judge_authority(a, NULL, f, out) &&
           judge_open(a, f->phase, out) && judge_follows(a, f->phase, out) &&
           draft_articles(a, f, out) && v1_judge_ceiling(a, CEILING_VERSIONS, 1, out);
}

/* ---- what an act is about [13.2] ---- */

static bool refuse_no_version(struct refusal *out)
{
    return refuse(out, REFUSED_UNKNOWN, "The text that it names is not at this table.") ||
           refuse_mend(out, "Synchronise, then look: entente text show.");
}

/* A version or a bracket. */
static bool find_about(const struct judged_act *a, struct findings *f, struct refusal *out)
{
    const struct texts_state *t = &a->state->texts;
    f->text.article = UINT32_MAX;
    f->text.version = snt_version(t, &a->p->answers);
    f->text.bracket = f->text.version == NULL ? snt_bracket(t, &a->p->answers) : NULL;
    if (f->text.version == NULL && f->text.bracket == NULL) {
        return refuse_no_version(out);
    }
    f->phase = f->text.version != NULL ? f->text.version->phase : f->text.bracket->phase;
    return true;
}

static bool judge_newest(const struct judged_act *a, const struct text_version *v,
                         struct refusal *out)
{
    const struct text_version *newest = snt_newest(&a->state->texts, v->phase);
    if (v == newest) {
        return true;
    }
    return refuse(out, REFUSED_VERSION,
                  "Version %u is not the newest: version %u is, and nothing carries over.",
                  v->number, newest->number) ||
           refuse_mend(out, "Look at what changed: entente text diff %u %u.", v->number,
                       newest->number);
}

/* An article of the newest version which has the words that it had in this one. */
static bool find_article(const struct judged_act *a, const struct text_version *v, struct text id,
                         uint32_t *place, struct refusal *out)
{
    const struct snt_state *t = text_of(a, v->phase);
    struct article_id name = article_id_of(id);
    *place = snt_article(t, &name);
    if (*place == UINT32_MAX) {
        return refuse(out, REFUSED_UNKNOWN, "The text has no article %.*s.", T(id)) ||
               refuse_mend(out, "See its articles: entente text show.");
    }
    if (t->articles[*place].since > v->index) {
        return refuse(out, REFUSED_VERSION, "Article %.*s has other words than in version %u.",
                      T(id), v->number) ||
               refuse_mend(out, "Look at what changed: entente text diff %u %u.", v->number,
                           snt_newest(&a->state->texts, v->phase)->number);
    }
    return true;
}

static bool judge_bracket_open(const struct bracket_state *b, struct refusal *out)
{
    if (b->end == BRACKET_OPEN) {
        return true;
    }
    return refuse(out, REFUSED_DONE, "B%u is not open any more: %s.", b->number,
                  b->end == BRACKET_TAKEN     ? "it was taken into the text"
                  : b->end == BRACKET_DROPPED ? "it was dropped"
                                              : "the words around it have changed") ||
           refuse_mend(out, "See what is open: entente text show.");
}

/* ---- brackets [13.3] ---- */

/* Where in the text it would stand. */
static bool place_bracket(const struct judged_act *a, struct findings *f, struct bracket_state *b,
                          struct refusal *out)
{
    const struct payload *p = a->p;
    const struct article_item *n = &p->articles[0];
    const struct snt_state *t = text_of(a, f->phase);
    b->article = article_id_of(n->id);
    b->is_new = text_present(n->title);
    if (!b->is_new) {
        if (text_present(p->after)) {
            return refuse(out, REFUSED_FORM, "Only a new article stands after another.") ||
                   refuse_mend(out, "Give the new article a title.");
        }
        if (!find_article(a, f->text.version, n->id, &f->text.article, out)) {
            return false;
        }
        uint32_t length = t->articles[f->text.article].length;
        b->from = p->has_range ? p->from : 0;
        b->to = p->has_range ? p->to : length;
        return b->to <= length ||
               refuse(out, REFUSED_FORM, "Article %.*s has no such passage.", T(n->id)) ||
               refuse_mend(out, "Quote a passage of the newest version: entente text show.");
    }
    if (snt_article(t, &b->article) != UINT32_MAX) {
        return refuse(out, REFUSED_FORM, "The text has an article %.*s already.", T(n->id)) ||
               refuse_mend(out, "Give the new one another id, or no title.");
    }
    if (p->has_range) {
        return refuse(out, REFUSED_FORM, "A new article has no passage to take the place of.");
    }
    return !text_present(p->after) ||
           find_article(a, f->text.version, p->after, &f->text.article, out);
}

static bool judge_same(const struct judged_act *a, const struct bracket_state *n,
                       struct refusal *out)
{
    for (uint32_t i = 0; i < a->state->texts.bracket_count; i++) {
        const struct bracket_state *b = &a->state->texts.brackets[i];
        if (b->end == BRACKET_OPEN && b->phase == n->phase && b->is_new == n->is_new &&
            article_id_eq(&b->article, &n->article) && b->from == n->from && b->to == n->to &&
            ID_EQ(b->words, n->words)) {
            return refuse(out, REFUSED_DONE, "B%u says the same.", b->number) ||
                   refuse_mend(out, "Support it: entente support B%u.", b->number);
        }
    }
    return true;
}

bool v1_judge_bracket(const struct judged_act *a, struct findings *f, struct refusal *out)
{
    if (!find_about(a, f, out)) {
        return false;
    }
    if (f->text.version == NULL) {
        return refuse(out, REFUSED_FORM, "A bracket is about a version of the text.") ||
               refuse_mend(out, "Brackets do not stand in brackets: write another alternative.");
    }
    if (!text_present(a->p->articles[0].text)) {
        return refuse(out, REFUSED_FORM, "A bracket has words.") ||
               refuse_mend(out, "To strike a passage, put empty words in its place.");
    }
    struct bracket_state *b = ARENA_NEW(a->mem, struct bracket_state, 1);
    if (b == NULL) {
        return refuse(out, REFUSED_LIMIT, "The text is too large.");
    }
    b->phase = f->phase;
    if (!v1_judge_authority(a, NULL, f, out) || !judge_open(a, f->phase, out) ||
        !place_bracket(a, f, b, out)) {
        return false;
    }
    const struct article_item *n = &a->p->articles[0];
    b->words = b->is_new ? wording_digest(n->title, n->text) : words_digest(n->text);
    b->length = (uint32_t)n->text.n;
    f->text.bracket = b;
    return judge_same(a, b, out) && v1_judge_ceiling(a, CEILING_BRACKETS, 1, out);
}

/* ---- support, objection [13.4] ---- */

static bool judge_articles(const struct judged_act *a, const struct findings *f,
                           struct refusal *out)
{
    if (f->text.bracket != NULL) {
        return a->p->article_id_count == 0 ||
               refuse(out, REFUSED_FORM, "B%u is one whole; it has no articles.",
                      f->text.bracket->number) ||
               refuse_mend(out, "Name the bracket alone.");
    }
    for (uint32_t i = 0; i < a->p->article_id_count; i++) {
        uint32_t place;
        if (!find_article(a, f->text.version, a->p->article_ids[i], &place, out)) {
            return false;
        }
    }
    return a->p->article_id_count > 0 || judge_newest(a, f->text.version, out);
}

static bool has_reason(const struct payload *p)
{
    for (size_t i = 0; p->text_count > 0 && i < p->texts[0].n; i++) {
        char c = p->texts[0].p[i];
        if (c != ' ' && c != '\n' && c != '\t') {
            return true;
        }
    }
    return false;
}

bool v1_judge_support(const struct judged_act *a, struct findings *f, struct refusal *out)
{
    if (!find_about(a, f, out)) {
        return false;
    }
    if (!v1_is_party(a)) {
        return refuse(out, REFUSED_OWNER, "Only parties support words or object to them.") ||
               refuse_mend(out, "A party does; the mediation drafts.");
    }
    if (a->p->kind == KIND_OBJECT && !has_reason(a->p)) {
        return refuse(out, REFUSED_REASON, "An objection needs a reason.") ||
               refuse_mend(out, "Say why: --reason TEXT.");
    }
    return v1_judge_authority(a, NULL, f, out) && judge_open(a, f->phase, out) &&
           (f->text.bracket == NULL || judge_bracket_open(f->text.bracket, out)) &&
           judge_articles(a, f, out);
}

/* ---- cleaning [13.5] ---- */

/* "Kestria, Velland": the first sides of mask. */
static struct text side_list(const struct judged_act *a, uint32_t mask)
{
    char list[256];
    struct buf b;
    buf_over(&b, list, sizeof(list));
    bool any = false;
    for (uint32_t g = 0; g < charter_groups(&a->state->charter); g++) {
        struct text name = v1_side_name(a, g);
        if ((mask & (1u << g)) != 0 && buf_bytes(&b).n + name.n + 4 < sizeof(list)) {
            buf_printf(&b, "%s%.*s", any ? ", " : "", T(name));
            any = true;
        }
    }
    struct bytes v = arena_copy(a->mem, buf_bytes(&b));
    return (struct text){.p = v.p == NULL ? "" : (const char *)v.p, .n = v.n};
}

/* Nothing of it was asked, or it is not over; told apart.  what: "B2", "version 3". */
static bool refuse_silence(const struct judged_act *a, const struct silence_state *silence,
                           const char *what, struct refusal *out)
{
    uint64_t due = 0;
    char when[CIVIL_TEXT_MAX];
    enum silence_stage stage = snt_silence(a->state, a->log, silence, a->seen_size, a->index, &due);
    if (stage == SILENCE_UNSEEN) {
        struct text who = side_list(a, snt_parties(a->state) & ~silence->seen);
        return refuse(out, REFUSED_SILENCE,
                      "Silence on %s does not run yet: nothing that has seen it was filed by %.*s.",
                      what, T(who)) ||
               refuse_mend(out, "Ask %.*s to support it, or to object.", T(who));
    }
    civil_format(due, when);
    return refuse(out, REFUSED_SILENCE, "Silence on %s has not surely passed%s%s.", what,
                  due > 0 ? ": it lasts until " : "", due > 0 ? when : "") ||
           refuse_mend(out, "Wait; a reasoned objection until then breaks it.");
}

static bool judge_taken(const struct judged_act *a, const struct bracket_state *b,
                        struct refusal *out)
{
    uint32_t missing = snt_parties(a->state) & ~b->supports;
    uint64_t due = 0;
    if (missing == 0) {
        return true;
    }
    enum silence_stage stage = snt_silence(a->state, a->log, &b->silence, a->seen_size, a->index,
                                           &due);
    if (stage == SILENCE_OVER) {
        return true;
    }
    if (stage != SILENCE_NONE) {
        const char *what = arena_printf(a->mem, "B%u", b->number);
        return refuse_silence(a, &b->silence, what == NULL ? "it" : what, out);
    }
    struct text who = side_list(a, missing);
    return refuse(out, REFUSED_BRACKETS,
                  "B%u cannot be taken into the text: not every party supports it. Missing: %.*s.",
                  b->number, T(who)) ||
           refuse_mend(out, "They support it (entente support B%u), or the pen asks for silence.",
                       b->number);
}

static bool judge_dropped(const struct judged_act *a, const struct bracket_state *b,
                          struct refusal *out)
{
    uint32_t parties = snt_parties(a->state);
    uint32_t others = b->supports & ~(1u << a->side);
    if ((a->side == b->side && others == 0) || b->supports == 0 ||
        (b->objects & parties) == parties) {
        return true;
    }
    return refuse(out, REFUSED_BRACKETS, "B%u stands; it is supported by %.*s.", b->number,
                  T(side_list(a, b->supports))) ||
           refuse_mend(out, "Whoever supports it objects to it instead, or its own side drops it.");
}

/* The articles that the text has once a bracket is in it. */
static bool take_in(const struct judged_act *a, struct findings *f, struct refusal *out)
{
    const struct bracket_state *b = f->text.bracket;
    const struct snt_state *t = text_of(a, f->phase);
    struct text_findings *n = &f->text;
    uint32_t count = t->article_count + (b->is_new ? 1u : 0u);
    if (count > ARTICLES_MAX) {
        return refuse(out, REFUSED_LIMIT, "A text has at most %u articles.", ARTICLES_MAX) ||
               refuse_mend(out, "The pen joins two of them.");
    }
    n->articles = ARENA_NEW(a->mem, struct article_state, count);
    if (n->articles == NULL) {
        return refuse(out, REFUSED_LIMIT, "The text is too large.");
    }
    uint32_t after = b->is_new ? snt_article(t, &b->after) : UINT32_MAX;
    after = after == UINT32_MAX && t->article_count > 0 ? t->article_count - 1 : after;
    const struct article_state made = {
        .id = b->article, .wording = b->words, .length = b->length, .since = a->index};
    for (uint32_t i = 0; i < t->article_count; i++) {
        struct article_state *to = &n->articles[n->article_count++];
        *to = t->articles[i];
        if (!b->is_new && article_id_eq(&to->id, &b->article)) {
            *to = made;
            to->wording = wording_edited(&t->articles[i].wording, b->from, b->to, &b->words);
            to->length = t->articles[i].length - (b->to - b->from) + b->length;
        } else if (b->is_new && i == after) {
            n->articles[n->article_count++] = made;
        }
    }
    for (uint32_t i = 0; i < n->article_count; i++) {
        n->bytes += n->articles[i].length;
    }
    n->digest = version_digest(a->state->charter.phases[f->phase].id, n->articles,
                               n->article_count);
    return n->bytes <= SNT_BYTES_MAX || refuse_bytes(out);
}

/* The wording of a version, agreed by silence. */
static bool judge_silent_version(const struct judged_act *a, const struct findings *f,
                                 struct refusal *out)
{
    const struct text_version *v = f->text.version;
    const struct silence_state *silence = &text_of(a, f->phase)->silence;
    uint64_t due = 0;
    if (!judge_newest(a, v, out)) {
        return false;
    }
    enum silence_stage stage = snt_silence(a->state, a->log, silence, a->seen_size, a->index, &due);
    if (stage == SILENCE_OVER) {
        return true;
    }
    const char *what = arena_printf(a->mem, "version %u", v->number);
    if (stage != SILENCE_NONE) {
        return refuse_silence(a, silence, what == NULL ? "it" : what, out);
    }
    return refuse(out, REFUSED_SILENCE, "No silence on version %u runs.", v->number) ||
           refuse_mend(out, "The pen asks for it (entente silence), or the parties support it.");
}

bool v1_judge_clean(const struct judged_act *a, struct findings *f, struct refusal *out)
{
    if (!find_about(a, f, out) || !v1_judge_authority(a, NULL, f, out) ||
        !judge_open(a, f->phase, out)) {
        return false;
    }
    const struct bracket_state *b = f->text.bracket;
    if (b == NULL) {
        return (a->p->outcome == CLEAN_TAKE ||
                refuse(out, REFUSED_FORM, "A version is not dropped; a newer one follows it.") ||
                refuse_mend(out, "Draft another: entente draft.")) &&
               judge_silent_version(a, f, out);
    }
    if (!judge_bracket_open(b, out)) {
        return false;
    }
    if (a->p->outcome == CLEAN_DROP) {
        return judge_dropped(a, b, out);
    }
    return judge_taken(a, b, out) && take_in(a, f, out) &&
           v1_judge_ceiling(a, CEILING_VERSIONS, 1, out);
}

/* ---- adoption [13.6] ---- */

static bool judge_adopting(const struct judged_act *a, struct findings *f, struct refusal *out)
{
    if (rules_v1_authority(a, POWER_ACCEPT_AD_REFERENDUM, NULL, f) ||
        rules_v1_authority(a, POWER_ACCEPT_BINDING, NULL, f)) {
        return true;
    }
    return v1_refuse_authority(a, "adopt a text", out);
}

bool v1_judge_adopt(const struct judged_act *a, struct findings *f, struct refusal *out)
{
    if (!find_about(a, f, out)) {
        return false;
    }
    const struct text_version *v = f->text.version;
    if (v == NULL) {
        return refuse(out, REFUSED_FORM, "Only a whole version is adopted.") ||
               refuse_mend(out, "A bracket is supported: entente support.");
    }
    if (!v1_is_party(a)) {
        return refuse(out, REFUSED_OWNER, "Only parties adopt a text.") ||
               refuse_mend(out, "A party adopts; the mediation drafts.");
    }
    if (!judge_newest(a, v, out)) {
        return false;
    }
    if (!ID_EQ(v->digest, a->p->digest)) {
        return refuse(out, REFUSED_VERSION, "What it names is not version %u word for word.",
                      v->number) ||
               refuse_mend(out, "Synchronise, read it again, adopt it: entente adopt.");
    }
    uint32_t open = 0;
    struct text brackets = snt_open_brackets(&a->state->texts, f->phase, a->mem, &open);
    if (open > 0) {
        return refuse(out, REFUSED_BRACKETS, "Version %u still has brackets: %.*s.", v->number,
                      T(brackets)) ||
               refuse_mend(out, "Take each in or drop it first: entente clean.");
    }
    f->proposal = snt_proposal(a->state, f->phase);
    if (f->proposal != NULL && answer_accepts(&f->proposal->answers[a->side]) &&
        f->proposal->withdrawn_at == INDEX_NEVER) {
        return refuse(out, REFUSED_DONE, "%.*s has adopted version %u already.",
                      T(v1_side_name(a, a->side)), v->number);
    }
    if (f->proposal != NULL && (!v1_judge_stands(a, f, out) || !v1_judge_replacing(a, f, out))) {
        return false;
    }
    return judge_open(a, f->phase, out) && judge_adopting(a, f, out) &&
           (f->proposal != NULL || v1_judge_ceiling(a, CEILING_PROPOSALS, 1, out));
}

/* ---- silence [13.7] ---- */

bool v1_judge_silence(const struct judged_act *a, struct findings *f, struct refusal *out)
{
    if (!find_about(a, f, out) ||
        !judge_pen(a, "Support the words, or object with a reason", out) ||
        !v1_judge_authority(a, NULL, f, out) || !judge_open(a, f->phase, out)) {
        return false;
    }
    const struct bracket_state *b = f->text.bracket;
    const struct snt_state *t = text_of(a, f->phase);
    uint32_t objects = b != NULL ? b->objects : 0;
    if (b != NULL ? !judge_bracket_open(b, out) : !judge_newest(a, f->text.version, out)) {
        return false;
    }
    for (uint32_t i = 0; b == NULL && i < t->article_count; i++) {
        objects |= t->articles[i].objects;
    }
    if (objects != 0) {
        struct text who = side_list(a, objects);
        return refuse(out, REFUSED_SILENCE,
                      "There is a reasoned objection, by %.*s; silence is no answer.", T(who)) ||
               refuse_mend(out, "Meet the objection with other words, or ask %.*s to support.",
                           T(who));
    }
    if ((b != NULL ? &b->silence : &t->silence)->asked_at != INDEX_NEVER) {
        return refuse(out, REFUSED_SILENCE, "Silence was asked for already.") ||
               refuse_mend(out, "See how long it runs: entente text show.");
    }
    return true;
}
