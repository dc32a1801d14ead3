/* SPDX-License-Identifier: Apache-2.0
 *
 * The text of a phase: reading it, drafting, brackets, support, adoption.
 */
#include "app/desk_priv.h"
#include "base/hex.h"
#include "formats/snt_text.h"

/* ---- names ---- */

bool desk_find_phase(struct desk *d, struct text id, uint32_t *out, struct err *err)
{
    const struct table_state *s = desk_state(d);
    if (!desk_has_charter(d, err)) {
        return false;
    }
    if (text_present(id)) {
        *out = charter_find_phase(&s->charter, id);
        return *out != CHARTER_NONE ||
               err_set(err, ERR_USE, "the charter has no phase %.*s", TEXT_ARG(id)) ||
               err_mend(err, "name a phase of the charter: entente journey");
    }
    *out = 0;
    for (uint32_t i = 0; i < s->charter.phase_count; i++) {
        *out = phase_open(s, i) && s->gate_opened_at[i] == INDEX_NEVER ? i : *out;
    }
    return true;
}

/* "v3", "3"; {NULL, 0}: 0. */
static bool read_version(struct text name, uint32_t *out, struct err *err)
{
    uint64_t n = 0;
    struct text digits = name;
    *out = 0;
    if (!text_present(name)) {
        return true;
    }
    if (digits.n > 1 && (digits.p[0] == 'v' || digits.p[0] == 'V')) {
        digits = (struct text){.p = digits.p + 1, .n = digits.n - 1};
    }
    if (!u64_parse(digits, &n) || n == 0 || n > UINT32_MAX) {
        return err_set(err, ERR_USE, "\"%.*s\" is no version of a text", TEXT_ARG(name)) ||
               err_mend(err, "name one by its number, as 2: entente text show");
    }
    *out = (uint32_t)n;
    return true;
}

static bool find_version(struct desk *d, uint32_t phase, struct text name,
                         const struct text_version **out, struct err *err)
{
    struct view v = desk_view(d);
    uint32_t number;
    if (!read_version(name, &number, err)) {
        return false;
    }
    *out = view_version(&v, phase, number);
    if (*out != NULL) {
        return true;
    }
    struct text id = desk_state(d)->charter.phases[phase].id;
    return number == 0 ? err_set(err, ERR_USE, "phase %.*s has no text yet", TEXT_ARG(id)) ||
                             err_mend(err, "whoever has the pen drafts one: entente draft FILE")
                       : err_set(err, ERR_USE, "the text of phase %.*s has no version %u",
                                 TEXT_ARG(id), number) ||
                             err_mend(err, "see the newest: entente text show");
}

/* "B2", else a version of that phase's text. */
static bool find_about(struct desk *d, struct text name, struct text phase, struct leaf_hash *out,
                       const struct bracket_state **bracket, struct err *err)
{
    const struct texts_state *t = &desk_state(d)->texts;
    const struct text_version *v;
    uint32_t place;
    uint64_t n = 0;
    *bracket = NULL;
    if (!desk_has_charter(d, err)) {
        return false;
    }
    if (name.n > 1 && (name.p[0] == 'B' || name.p[0] == 'b')) {
        if (!u64_parse((struct text){.p = name.p + 1, .n = name.n - 1}, &n) || n == 0 ||
            n > t->bracket_count) {
            return err_set(err, ERR_USE, "there is no bracket %.*s", TEXT_ARG(name)) ||
                   err_mend(err, "name one as B1, B2, ...: entente text show");
        }
        *bracket = &t->brackets[n - 1];
        *out = (*bracket)->leaf;
        return true;
    }
    if (!desk_find_phase(d, phase, &place, err) || !find_version(d, place, name, &v, err)) {
        return false;
    }
    *out = v->leaf;
    return true;
}

bool desk_made_by_clean(struct desk *d, const struct proposal_state *p)
{
    const struct texts_state *t = &desk_state(d)->texts;
    for (uint32_t i = 0; i < t->bracket_count; i++) {
        if (t->brackets[i].end == BRACKET_TAKEN && t->brackets[i].ended_at == p->index) {
            return true;
        }
    }
    return false;
}

/* ---- reading ---- */

bool desk_text_show(struct desk *d, struct text phase, struct text version,
                    const struct desk_say *say, struct err *err)
{
    struct view v = desk_view(d);
    uint32_t place, number;
    return desk_find_phase(d, phase, &place, err) && read_version(version, &number, err) &&
           (say->json != NULL ? view_text_json(&v, place, number, say->json, err)
                              : view_text(&v, place, number, say->words, err));
}

bool desk_text_diff(struct desk *d, struct text phase, struct text from, struct text to,
                    bool colour, const struct desk_say *say, struct err *err)
{
    struct view v = desk_view(d);
    uint32_t place, a, b;
    return desk_find_phase(d, phase, &place, err) && read_version(from, &a, err) &&
           read_version(to, &b, err) &&
           (say->json != NULL ? view_text_diff_json(&v, place, a, b, say->json, err)
                              : view_text_diff(&v, place, a, b, colour, say->words, err));
}

static bool put_redline(const struct view *v, const struct snt_history *h,
                        const struct text_version *from, const struct text_version *to,
                        struct buf *out, struct err *err)
{
    struct snt_change *changes;
    struct snt_cover old, new;
    uint32_t count;
    if (!snt_changes(&h->versions[from->number - 1], &h->versions[to->number - 1], DIFF_STEPS_MAX,
                     v->mem, &changes, &count)) {
        return err_memory(err, "what changed");
    }
    view_text_cover(v, from, &old);
    view_text_cover(v, to, &new);
    snt_changes_html(changes, count, &old, &new, out);
    return true;
}

bool desk_text_export(struct desk *d, struct text phase, struct text version, struct text from,
                      enum desk_text_format format, struct buf *out, const struct desk_say *say,
                      struct err *err)
{
    struct view v = desk_view(d);
    const struct text_version *t, *since = NULL;
    struct snt_history h;
    struct snt_cover c;
    uint32_t place;
    if (!desk_find_phase(d, phase, &place, err) || !find_version(d, place, version, &t, err) ||
        !view_text_history(&v, place, &h, err)) {
        return false;
    }
    if (t->number > h.count) {
        return err_set(err, ERR_STATE, "this seat cannot read all of the text") ||
               err_mend(err, "synchronise: entente sync");
    }
    view_text_cover(&v, t, &c);
    switch (format) {
    case DESK_MARKDOWN:
        snt_to_markdown(&h.versions[t->number - 1], &c, out);
        break;
    case DESK_HTML:
        snt_to_html(&h.versions[t->number - 1], &c, out);
        break;
    case DESK_AKN:
        snt_to_akn(&h.versions[t->number - 1], &c, out);
        break;
    case DESK_REDLINE:
        if (!find_version(d, place, from, &since, err) ||
            !put_redline(&v, &h, since, t, out, err)) {
            return false;
        }
        break;
    }
    if (say->json != NULL) {
        json_put_key(say->json, "version");
        json_put_u64(say->json, t->number);
        json_put_key(say->json, "digest");
        json_put_str(say->json, c.digest);
        json_put_key(say->json, "adopted");
        json_put_bool(say->json, c.adopted);
    }
    return true;
}

/* ---- drafting ---- */

/* The file's articles; with keep, those that it leaves out stay in their places and new ones come
 * behind.  All with their words: so a principal elsewhere can read a draft from its act alone, and the
 * rules see by themselves what is the same. */
static bool draft_articles(struct desk *d, bool keep, const struct snt_words *file,
                           const struct snt_words *was, struct payload *p, struct err *err)
{
    static const struct snt_words nothing = {0, NULL};
    was = was == NULL || !keep ? &nothing : was;
    p->articles = ARENA_NEW(&d->mem.mem, struct article_item, file->count + was->count);
    if (p->articles == NULL) {
        return err_memory(err, "a draft");
    }
    for (uint32_t i = 0; i < was->count; i++) {
        const struct snt_article *new = snt_words_find(file, was->articles[i].id);
        const struct snt_article *a = new == NULL ? &was->articles[i] : new;
        p->articles[p->article_count++] = (struct article_item){a->id, a->title, a->text};
    }
    for (uint32_t i = 0; i < file->count; i++) {
        const struct snt_article *a = &file->articles[i];
        if (snt_words_find(was, a->id) == NULL) {
            p->articles[p->article_count++] = (struct article_item){a->id, a->title, a->text};
        }
    }
    if (p->article_count > ARTICLES_MAX) {
        return err_set(err, ERR_LIMIT, "the text would have %u articles, at most %u",
                       p->article_count, ARTICLES_MAX) ||
               err_mend(err, "join some of them");
    }
    return true;
}

bool desk_draft(struct desk *d, const struct desk_draft *n, const struct desk_say *say,
                struct err *err)
{
    struct view v = desk_view(d);
    struct snt_words file;
    struct snt_history h = {0};
    struct text words = n->words;
    struct payload p = {.kind = KIND_DRAFT,
                        .room = text_str("plenary"),
                        .text_count = words.n > 0 ? 1 : 0,
                        .texts = &words};
    uint32_t phase;
    if (!snt_from_markdown(n->markdown, n->name, &d->mem.mem, &file, err) || !desk_take(d, err) ||
        !desk_find_phase(d, n->phase, &phase, err)) {
        return false;
    }
    p.phase = desk_state(d)->charter.phases[phase].id;
    const struct text_version *newest = snt_newest(&desk_state(d)->texts, phase);
    const struct snt_words *was = NULL;
    struct leaf_hash follows;
    if (newest != NULL) {
        if (!view_text_history(&v, phase, &h, err)) {
            return false;
        }
        was = h.count >= newest->number ? &h.versions[newest->number - 1] : NULL;
        follows = newest->leaf;
        p.refs = &follows;
        p.ref_count = 1;
    }
    return draft_articles(d, n->keep, &file, was, &p, err) &&
           desk_file(d, &p, NULL, "entente text diff, to see what changed", say, err);
}

/* ---- brackets ---- */

/* Where the quoted words stand: once, no more and no less. */
static bool find_quote(const struct snt_article *a, struct text quote, struct payload *p,
                       struct err *err)
{
    uint32_t found = 0;
    for (size_t i = 0; quote.n > 0 && i + quote.n <= a->text.n; i++) {
        if (memcmp(a->text.p + i, quote.p, quote.n) == 0) {
            p->from = (uint32_t)i;
            p->to = (uint32_t)(i + quote.n);
            found++;
        }
    }
    p->has_range = found == 1;
    if (found == 1) {
        return true;
    }
    return err_set(err, ERR_USE, "article %.*s has those words %s", TEXT_ARG(a->id),
                   found == 0 ? "nowhere" : "more than once") ||
           err_mend(err, found == 0 ? "quote them as they stand: entente text show"
                                    : "quote some more words around them");
}

bool desk_bracket(struct desk *d, const struct desk_bracket *n, const struct desk_say *say,
                  struct err *err)
{
    struct view v = desk_view(d);
    const struct text_version *newest;
    struct snt_history h;
    struct text reason = n->reason;
    struct article_item article = {.id = n->article, .title = n->title, .text = n->words};
    struct payload p = {.kind = KIND_BRACKET,
                        .room = text_str("plenary"),
                        .has_answers = true,
                        .text_count = reason.n > 0 ? 1 : 0,
                        .texts = &reason,
                        .after = n->after,
                        .article_count = 1,
                        .articles = &article};
    uint32_t phase;
    if (!text_is_id(n->article)) {
        return err_set(err, ERR_USE, "\"%.*s\" is no id of an article", TEXT_ARG(n->article)) ||
               err_mend(err, "name an article by its id: entente text show");
    }
    if (!desk_take(d, err) || !desk_find_phase(d, n->phase, &phase, err) ||
        !find_version(d, phase, (struct text){0}, &newest, err) ||
        !view_text_history(&v, phase, &h, err)) {
        return false;
    }
    p.answers = newest->leaf;
    if (text_present(n->quote)) {
        const struct snt_article *a = h.count < newest->number
                                          ? NULL
                                          : snt_words_find(&h.versions[newest->number - 1],
                                                           n->article);
        if (a == NULL) {
            return err_set(err, ERR_USE, "the text has no article %.*s", TEXT_ARG(n->article)) ||
                   err_mend(err, "see its articles: entente text show");
        }
        if (!find_quote(a, n->quote, &p, err)) {
            return false;
        }
    }
    return desk_file(d, &p, NULL, "entente text show; others support it: entente support", say,
                     err);
}

bool desk_stand(struct desk *d, enum desk_stand stand, struct text about, struct desk_list articles,
                struct text phase, struct text reason, const struct desk_say *say, struct err *err)
{
    const struct bracket_state *b;
    struct payload p = {.kind = stand == DESK_OBJECT ? KIND_OBJECT : KIND_SUPPORT,
                        .room = text_str("plenary"),
                        .has_answers = true,
                        .text_count = reason.n > 0 ? 1 : 0,
                        .texts = &reason};
    if (!desk_take(d, err) || !find_about(d, about, phase, &p.answers, &b, err)) {
        return false;
    }
    if (articles.count > ARTICLES_MAX) {
        return err_set(err, ERR_LIMIT, "a text has at most %u articles", ARTICLES_MAX);
    }
    p.article_ids = ARENA_NEW(&d->mem.mem, struct text, articles.count);
    if (p.article_ids == NULL) {
        return err_memory(err, "articles");
    }
    for (uint32_t i = 0; i < articles.count; i++) {
        if (!text_is_id(articles.items[i])) {
            return err_set(err, ERR_USE, "\"%.*s\" is no id of an article",
                           TEXT_ARG(articles.items[i])) ||
                   err_mend(err, "name articles by their ids: entente text show");
        }
        p.article_ids[p.article_id_count++] = articles.items[i];
    }
    return desk_file(d, &p, NULL, "entente text show", say, err);
}

bool desk_clean(struct desk *d, struct text about, bool drop, struct text phase,
                const struct desk_say *say, struct err *err)
{
    const struct bracket_state *b;
    struct payload p = {.kind = KIND_CLEAN,
                        .room = text_str("plenary"),
                        .has_answers = true,
                        .outcome = drop ? CLEAN_DROP : CLEAN_TAKE};
    return desk_take(d, err) && find_about(d, about, phase, &p.answers, &b, err) &&
           desk_file(d, &p, NULL, "entente text show; entente adopt, once no bracket is open", say,
                     err);
}

bool desk_silence(struct desk *d, struct text about, struct text phase, struct text words,
                  const struct desk_say *say, struct err *err)
{
    const struct bracket_state *b;
    struct payload p = {.kind = KIND_SILENCE,
                        .room = text_str("plenary"),
                        .has_answers = true,
                        .text_count = words.n > 0 ? 1 : 0,
                        .texts = &words};
    return desk_take(d, err) && find_about(d, about, phase, &p.answers, &b, err) &&
           desk_file(d, &p, NULL, "entente text show, for who has seen it and how long it runs",
                     say, err);
}

bool desk_adopt(struct desk *d, struct text version, struct text phase, const struct desk_say *say,
                struct err *err)
{
    struct view v = desk_view(d);
    const struct text_version *t;
    uint32_t place;
    struct payload p = {
        .kind = KIND_ADOPT, .room = text_str("plenary"), .has_answers = true, .has_digest = true};
    if (!desk_take(d, err) || !desk_find_phase(d, phase, &place, err) ||
        !find_version(d, place, version, &t, err)) {
        return false;
    }
    p.answers = t->leaf;
    p.digest = t->digest;
    struct buf shown;
    buf_init(&shown, 8u << 20);
    buf_add_str(&shown, "You adopt this text for your side, word for word, subject to your "
                        "principal's ratification:\n");
    bool ok = view_text(&v, place, t->number, &shown, err) &&
              desk_file(d, &p, buf_str(&shown),
                        "your principal ratifies once every party has adopted it: entente ratify",
                        say, err);
    buf_free(&shown);
    return ok;
}
