/* SPDX-License-Identifier: Apache-2.0
 *
 * The text of a phase: its articles, what stands in brackets and who supports it, what changed.
 */
#include "app/view_priv.h"
#include "base/civil.h"
#include "base/hex.h"
#include "formats/snt_text.h"

/* ---- its words, from the acts that this seat has opened ---- */

struct walk {
    struct snt_history *h;
    bool short_of_memory;
};

static bool of_text(uint32_t kind)
{
    return kind == (uint32_t)KIND_DRAFT || kind == (uint32_t)KIND_BRACKET ||
           kind == (uint32_t)KIND_CLEAN;
}

static bool see(void *ctx, const struct view *v, uint64_t index, const struct act *a,
                const struct ring_author *author, const struct opened_act *act)
{
    struct walk *w = ctx;
    struct payload p;
    struct err ignored = {0};
    (void)a;
    (void)author;
    if (!of_text(act->content.header.kind) || fold_void(v->r->fold, index) != NULL ||
        !payload_from(&act->content, v->mem, &p, &ignored)) {
        return true;
    }
    struct leaf_hash leaf = door_leaf(v->r->door, index);
    w->short_of_memory = !snt_history_take(w->h, &leaf, &p);
    return !w->short_of_memory;
}

bool view_text_history(const struct view *v, uint32_t phase, struct snt_history *out,
                       struct err *err)
{
    struct walk w = {.h = out};
    struct view walked = *v;
    walked.mem = &v->r->scratch
                      .mem; /* given back after each act; the words stay in the view's own */
    snt_history_init(out, view_state(v), phase, v->mem);
    return view_each_opened(&walked, see, &w, err) &&
           (!w.short_of_memory || err_memory(err, "the words of the text"));
}

const struct text_version *view_version(const struct view *v, uint32_t phase, uint32_t number)
{
    const struct texts_state *t = &view_state(v)->texts;
    if (number == 0) {
        return snt_newest(t, phase);
    }
    for (uint32_t i = 0; i < t->version_count; i++) {
        if (t->versions[i].phase == phase && t->versions[i].number == number) {
            return &t->versions[i];
        }
    }
    return NULL;
}

/* The words of a version; err where this seat has not all of them. */
static bool words_of(const struct view *v, uint32_t phase, uint32_t number, struct snt_history *h,
                     const struct text_version **out, struct err *err)
{
    *out = view_version(v, phase, number);
    if (*out == NULL) {
        struct text id = view_state(v)->charter.phases[phase].id;
        return number == 0 ? err_set(err, ERR_USE, "phase %.*s has no text yet", TEXT_ARG(id)) ||
                                 err_mend(err, "whoever has the pen drafts one: entente draft FILE")
                           : err_set(err, ERR_USE, "the text of phase %.*s has no version %u",
                                     TEXT_ARG(id), number) ||
                                 err_mend(err, "see the newest: entente text show");
    }
    return view_text_history(v, phase, h, err) &&
           ((*out)->number <= h->count ||
            err_set(err, ERR_STATE, "this seat cannot read all of the text") ||
            err_mend(err, "synchronise: entente sync"));
}

/* ---- standing ---- */

const char *view_sides(const struct view *v, uint32_t mask)
{
    const struct table_state *s = view_state(v);
    const char *list = "";
    for (uint32_t g = 0; g < charter_groups(&s->charter); g++) {
        if ((mask & (1u << g)) != 0) {
            const char *more = arena_printf(v->mem, "%s%s%.*s", list, list[0] != 0 ? ", " : "",
                                            TEXT_ARG(state_side_name(s, g)));
            list = more == NULL ? list : more;
        }
    }
    return list;
}

/* Of all groups that have adopted it. */
static uint32_t adopters(const struct view *v, const struct text_version *t)
{
    const struct table_state *s = view_state(v);
    const struct proposal_state *p = state_proposal(s, &t->leaf);
    uint32_t mask = 0;
    for (uint32_t g = 1; p != NULL && p->withdrawn_at == INDEX_NEVER && g <= s->charter.party_count;
         g++) {
        mask |= answer_accepts(&p->answers[g]) ? 1u << g : 0;
    }
    return mask;
}

static const char *silence_words(const struct view *v, const struct silence_state *silence)
{
    const struct table_state *s = view_state(v);
    uint64_t due = 0, size = door_size(v->r->door);
    switch (snt_silence(s, door_witness(v->r->door), silence, size, size, &due)) {
    case SILENCE_NONE:
        return silence->broken_by == CHARTER_NONE
                   ? NULL
                   : arena_printf(v->mem, "silence was broken by %.*s",
                                  TEXT_ARG(state_side_name(s, silence->broken_by)));
    case SILENCE_UNSEEN:
        return arena_printf(v->mem, "silence was asked for; it begins once it was seen by %s",
                            view_sides(v, snt_parties(s) & ~silence->seen));
    case SILENCE_RUNS:
        return due == 0 ? "silence runs; its beginning is not countersigned yet"
                        : arena_printf(v->mem, "silence runs until %s", view_when(v, due));
    case SILENCE_OVER:
        return "silence is over: entente clean";
    }
    return NULL;
}

void view_text_cover(const struct view *v, const struct text_version *t, struct snt_cover *out)
{
    const struct table_state *s = view_state(v);
    struct moment at = witness_t(door_witness(v->r->door), t->index, door_size(v->r->door));
    char *date = ARENA_NEW(v->mem, char, CIVIL_TEXT_MAX);
    char *digest = ARENA_NEW(v->mem, char, 65);
    if (date != NULL) {
        civil_format(at.known ? at.seconds : v->now, date);
    }
    if (digest != NULL) {
        hex_encode(ID_BYTES(t->digest), digest);
    }
    *out = (struct snt_cover){.table = s->charter.table,
                              .phase = s->charter.phases[t->phase].id,
                              .version = t->number,
                              .digest = digest == NULL ? "" : digest,
                              .date = date == NULL ? "" : date,
                              .author = s->charter.sides[t->side].id,
                              .author_name = state_side_name(s, t->side),
                              .adopted = snt_newest(&s->texts, t->phase) == t &&
                                         snt_adopted(s, t->phase)};
}

/* ---- redlines ---- */

static void put_marked(const struct diff *d, bool colour, struct buf *out)
{
    static const char *const open[] = {"", "[-", "{+"};
    static const char *const close[] = {"", "-]", "+}"};
    static const char *const paint[] = {"", "\033[31m", "\033[32m"};
    for (uint32_t i = 0; i < d->count; i++) {
        enum diff_kind k = d->parts[i].kind;
        bool painted = colour && k != DIFF_SAME;
        buf_add_str(out, painted ? paint[k] : "");
        buf_add_str(out, open[k]);
        buf_add(out, text_bytes(d->parts[i].words));
        buf_add_str(out, close[k]);
        buf_add_str(out, painted ? "\033[0m" : "");
    }
}

/* Lines of a text of others stand behind four blanks. */
static void put_indented(struct buf *out, const struct buf *words)
{
    struct bytes v = buf_bytes(words);
    view_put_words(out, "    ", (struct text){.p = (const char *)v.p, .n = v.n});
}

static bool changed(const struct snt_change *c)
{
    return c->old == NULL || c->new == NULL || c->title.count > 1 || c->text.count > 1 ||
           (c->text.count == 1 && c->text.parts[0].kind != DIFF_SAME) ||
           (c->title.count == 1 && c->title.parts[0].kind != DIFF_SAME);
}

struct compared {
    const struct text_version *from, *to;
    struct snt_change *changes;
    uint32_t count;
    bool coarse;
};

static bool compare(const struct view *v, uint32_t phase, uint32_t from, uint32_t to,
                    struct compared *out, struct err *err)
{
    struct snt_history h;
    if (!words_of(v, phase, to, &h, &out->to, err)) {
        return false;
    }
    if (from == 0 && out->to->number == 1) {
        return err_set(err, ERR_USE, "the text has one version; there is nothing to compare") ||
               err_mend(err, "read it: entente text show");
    }
    out->from = view_version(v, phase, from == 0 ? out->to->number - 1 : from);
    if (out->from == NULL || out->from->number > h.count) {
        return err_set(err, ERR_USE, "the text has no version %u", from) ||
               err_mend(err, "see the newest: entente text show");
    }
    if (!snt_changes(&h.versions[out->from->number - 1], &h.versions[out->to->number - 1],
                     DIFF_STEPS_MAX, v->mem, &out->changes, &out->count)) {
        return err_memory(err, "what changed");
    }
    out->coarse = false;
    for (uint32_t i = 0; i < out->count; i++) {
        out->coarse = out->coarse || out->changes[i].text.coarse;
    }
    return true;
}

bool view_text_diff(const struct view *v, uint32_t phase, uint32_t from, uint32_t to, bool colour,
                    struct buf *out, struct err *err)
{
    struct compared c;
    if (!compare(v, phase, from, to, &c, err)) {
        return false;
    }
    uint32_t same = 0;
    buf_printf(out, "Text of phase %.*s, from version %u to version %u. [-gone-] {+new+}\n",
               TEXT_ARG(view_state(v)->charter.phases[phase].id), c.from->number, c.to->number);
    for (uint32_t i = 0; i < c.count; i++) {
        const struct snt_change *n = &c.changes[i];
        struct buf words;
        if (!changed(n)) {
            same++;
            continue;
        }
        buf_init(&words, 8u << 20);
        buf_printf(out, "\n%.*s", TEXT_ARG(n->new != NULL ? n->new->id : n->old->id));
        buf_add_str(out, n->old == NULL ? " (new)" : n->new == NULL ? " (gone)" : "");
        buf_add_str(out, "\n  ");
        put_marked(&n->title, colour, out);
        buf_add_u8(out, '\n');
        put_marked(&n->text, colour, &words);
        put_indented(out, &words);
        buf_free(&words);
    }
    if (same > 0) {
        buf_printf(out, "\n%u article%s as before.\n", same, same == 1 ? " is" : "s are");
    }
    if (c.coarse) {
        buf_add_str(out, "So much has changed that whole passages are shown as gone and new.\n");
    }
    return true;
}

static void json_diff(struct json *j, const char *key, const struct diff *d)
{
    static const char *const kinds[] = {"same", "gone", "new"};
    json_put_key(j, key);
    json_put_array(j);
    for (uint32_t i = 0; i < d->count; i++) {
        json_put_object(j);
        json_put_key(j, "kind");
        json_put_str(j, kinds[d->parts[i].kind]);
        json_put_key(j, "words");
        json_put_text(j, d->parts[i].words);
        json_put_end(j);
    }
    json_put_end(j);
}

static void json_kv(struct json *j, const char *key, struct text t)
{
    json_put_key(j, key);
    json_put_text(j, t);
}

bool view_text_diff_json(const struct view *v, uint32_t phase, uint32_t from, uint32_t to,
                         struct json *j, struct err *err)
{
    struct compared c;
    if (!compare(v, phase, from, to, &c, err)) {
        return false;
    }
    json_kv(j, "phase", view_state(v)->charter.phases[phase].id);
    json_put_key(j, "from");
    json_put_u64(j, c.from->number);
    json_put_key(j, "to");
    json_put_u64(j, c.to->number);
    json_put_key(j, "coarse");
    json_put_bool(j, c.coarse);
    json_put_key(j, "articles");
    json_put_array(j);
    for (uint32_t i = 0; i < c.count; i++) {
        const struct snt_change *n = &c.changes[i];
        json_put_object(j);
        json_kv(j, "id", n->new != NULL ? n->new->id : n->old->id);
        json_put_key(j, "change");
        json_put_str(j, n->old == NULL   ? "new"
                        : n->new == NULL ? "gone"
                        : changed(n)     ? "changed"
                                         : "same");
        json_diff(j, "title", &n->title);
        json_diff(j, "text", &n->text);
        json_put_end(j);
    }
    json_put_end(j);
    return true;
}

/* ---- the text itself ---- */

static void put_sides(const struct view *v, const char *what, uint32_t mask, struct buf *out)
{
    if (mask != 0) {
        buf_printf(out, "; %s %s", what, view_sides(v, mask));
    }
}

static bool put_bracket(const struct view *v, const struct snt_history *h,
                        const struct snt_words *w, const struct bracket_state *b, struct buf *out)
{
    const struct snt_alternative *a = snt_alternative_of(h, &b->leaf);
    const struct snt_article *at = snt_words_find(w, article_id_text(&b->article));
    struct diff d;
    struct buf words;
    if (a == NULL || (at == NULL && !b->is_new)) {
        return true;
    }
    buf_printf(out, "  [B%u] by %.*s", b->number,
               TEXT_ARG(state_side_name(view_state(v), b->side)));
    put_sides(v, "supported by", b->supports, out);
    put_sides(v, "objected to by", b->objects, out);
    const char *silence = silence_words(v, &b->silence);
    if (silence != NULL) {
        buf_printf(out, "; %s", silence);
    }
    buf_add_u8(out, '\n');
    buf_init(&words, 1u << 20);
    if (b->is_new) {
        buf_printf(&words, "{+%.*s+}\n{+", TEXT_ARG(a->words.title));
        buf_add(&words, text_bytes(a->words.text));
        buf_add_str(&words, "+}");
    } else {
        struct text changed_text = snt_replaced(at->text, b->from, b->to, a->words.text, v->mem);
        if (!text_present(changed_text) ||
            !diff_words(at->text, changed_text, DIFF_STEPS_MAX, v->mem, &d)) {
            buf_free(&words);
            return false;
        }
        put_marked(&d, false, &words);
    }
    put_indented(out, &words);
    buf_free(&words);
    if (text_present(a->reason)) {
        view_put_words(out, "    because: ", a->reason);
    }
    return true;
}

static bool put_brackets(const struct view *v, const struct snt_history *h,
                         const struct snt_words *w, uint32_t phase, const struct text *article,
                         struct buf *out)
{
    const struct texts_state *t = &view_state(v)->texts;
    for (uint32_t i = 0; i < t->bracket_count; i++) {
        const struct bracket_state *b = &t->brackets[i];
        bool here = article == NULL ? b->is_new
                                    : !b->is_new && text_eq(article_id_text(&b->article), *article);
        if (b->phase == phase && b->end == BRACKET_OPEN && here && !put_bracket(v, h, w, b, out)) {
            return false;
        }
    }
    return true;
}

bool view_text(const struct view *v, uint32_t phase, uint32_t version, struct buf *out,
               struct err *err)
{
    const struct table_state *s = view_state(v);
    const struct text_version *t;
    struct snt_history h;
    if (!words_of(v, phase, version, &h, &t, err)) {
        return false;
    }
    const struct snt_words *w = &h.versions[t->number - 1];
    const struct snt_state *now = &s->texts.of_phase[phase];
    bool newest = t == snt_newest(&s->texts, phase);
    buf_printf(out, "Text of phase %.*s, version %u, by %.*s%s%s\n",
               TEXT_ARG(s->charter.phases[phase].id), t->number, TEXT_ARG(view_seat(v, t->seat)),
               newest ? "" : " (not the newest)",
               t->index >= view_final(v) ? " (not yet countersigned)" : "");
    uint32_t by = adopters(v, t);
    if (newest && snt_adopted(s, phase)) {
        buf_add_str(out, "Adopted by every party.\n");
    } else if (by != 0) {
        buf_printf(out, "Adopted by %s; not yet by %s.\n", view_sides(v, by),
                   by == snt_parties(s) ? "all, for it is not countersigned"
                                        : view_sides(v, snt_parties(s) & ~by));
    }
    const char *silence = newest ? silence_words(v, &now->silence) : NULL;
    if (silence != NULL) {
        buf_printf(out, "On its wording, %s.\n", silence);
    }
    for (uint32_t i = 0; i < w->count; i++) {
        const struct snt_article *a = &w->articles[i];
        buf_printf(out, "\n%u. %.*s (%.*s)", i + 1, TEXT_ARG(a->title), TEXT_ARG(a->id));
        if (newest && i < now->article_count) {
            put_sides(v, "supported by", now->articles[i].supports, out);
            put_sides(v, "objected to by", now->articles[i].objects, out);
        }
        buf_add_u8(out, '\n');
        view_put_words(out, "    ", a->text);
        if (newest && !put_brackets(v, &h, w, phase, &a->id, out)) {
            return err_memory(err, "the text");
        }
    }
    if (newest) {
        buf_add_u8(out, '\n');
        if (!put_brackets(v, &h, w, phase, NULL, out)) {
            return err_memory(err, "the text");
        }
    }
    return true;
}

static void json_sides(const struct view *v, const char *key, uint32_t mask, struct json *j)
{
    const struct table_state *s = view_state(v);
    json_put_key(j, key);
    json_put_array(j);
    for (uint32_t g = 0; g < charter_groups(&s->charter); g++) {
        if ((mask & (1u << g)) != 0) {
            json_put_text(j, state_side_name(s, g));
        }
    }
    json_put_end(j);
}

static void json_silence(const struct view *v, const struct silence_state *silence, struct json *j)
{
    static const char *const stages[] = {"none", "not begun", "runs", "over"};
    const struct table_state *s = view_state(v);
    uint64_t due = 0, size = door_size(v->r->door);
    enum silence_stage stage = snt_silence(s, door_witness(v->r->door), silence, size, size, &due);
    json_put_key(j, "silence");
    json_put_object(j);
    json_put_key(j, "stage");
    json_put_str(j, stages[stage]);
    json_put_key(j, "until");
    json_put_u64(j, due);
    json_sides(v, "not_seen_by", stage == SILENCE_UNSEEN ? snt_parties(s) & ~silence->seen : 0, j);
    json_put_end(j);
}

static void json_bracket(const struct view *v, const struct snt_history *h,
                         const struct bracket_state *b, struct json *j)
{
    const struct snt_alternative *a = snt_alternative_of(h, &b->leaf);
    json_put_object(j);
    json_put_key(j, "number");
    json_put_u64(j, b->number);
    json_put_key(j, "act");
    json_put_u64(j, b->index);
    json_kv(j, "by", state_side_name(view_state(v), b->side));
    json_kv(j, "article", article_id_text(&b->article));
    json_put_key(j, "new_article");
    json_put_bool(j, b->is_new);
    json_put_key(j, "from");
    json_put_u64(j, b->from);
    json_put_key(j, "to");
    json_put_u64(j, b->to);
    json_kv(j, "title", a == NULL || !text_present(a->words.title) ? text_str("") : a->words.title);
    json_kv(j, "words", a == NULL ? text_str("") : a->words.text);
    json_kv(j, "reason", a == NULL || !text_present(a->reason) ? text_str("") : a->reason);
    json_sides(v, "supported_by", b->supports, j);
    json_sides(v, "objected_to_by", b->objects, j);
    json_silence(v, &b->silence, j);
    json_put_end(j);
}

static void json_articles(const struct view *v, const struct snt_words *w,
                          const struct snt_state *now, struct json *j)
{
    json_put_key(j, "articles");
    json_put_array(j);
    for (uint32_t i = 0; i < w->count; i++) {
        const struct article_state *a = now != NULL && i < now->article_count ? &now->articles[i]
                                                                              : NULL;
        json_put_object(j);
        json_kv(j, "id", w->articles[i].id);
        json_kv(j, "title", w->articles[i].title);
        json_kv(j, "text", w->articles[i].text);
        json_sides(v, "supported_by", a == NULL ? 0 : a->supports, j);
        json_sides(v, "objected_to_by", a == NULL ? 0 : a->objects, j);
        json_put_end(j);
    }
    json_put_end(j);
}

bool view_text_json(const struct view *v, uint32_t phase, uint32_t version, struct json *j,
                    struct err *err)
{
    const struct table_state *s = view_state(v);
    const struct text_version *t;
    struct snt_history h;
    struct snt_cover c;
    if (!words_of(v, phase, version, &h, &t, err)) {
        return false;
    }
    bool newest = t == snt_newest(&s->texts, phase);
    view_text_cover(v, t, &c);
    json_kv(j, "phase", s->charter.phases[phase].id);
    json_put_key(j, "version");
    json_put_u64(j, t->number);
    json_put_key(j, "newest");
    json_put_bool(j, newest);
    json_put_key(j, "act");
    json_put_u64(j, t->index);
    json_kv(j, "by", view_seat(v, t->seat));
    json_put_key(j, "digest");
    json_put_str(j, c.digest);
    json_put_key(j, "adopted");
    json_put_bool(j, c.adopted);
    json_sides(v, "adopted_by", adopters(v, t), j);
    json_silence(v,
                 newest ? &s->texts.of_phase[phase].silence
                        : &(struct silence_state){.asked_at = INDEX_NEVER},
                 j);
    json_articles(v, &h.versions[t->number - 1], newest ? &s->texts.of_phase[phase] : NULL, j);
    json_put_key(j, "brackets");
    json_put_array(j);
    for (uint32_t i = 0; newest && i < s->texts.bracket_count; i++) {
        const struct bracket_state *b = &s->texts.brackets[i];
        if (b->phase == phase && b->end == BRACKET_OPEN) {
            json_bracket(v, &h, b, j);
        }
    }
    json_put_end(j);
    return true;
}

/* ---- what a proposal is ---- */

struct text view_package(const struct view *v, const struct proposal_state *p)
{
    const struct table_state *s = view_state(v);
    struct text package = package_words(&p->package, s->charter.issues, v->mem);
    const struct text_version *t = p->has_version ? snt_version(&s->texts, &p->version) : NULL;
    if (t == NULL) {
        return package;
    }
    const char *words = p->is_text
                            ? arena_printf(v->mem,
                                           "version %u of the text of phase %.*s, word for word",
                                           t->number, TEXT_ARG(s->charter.phases[t->phase].id))
                            : arena_printf(v->mem, "%.*s; with version %u of the text",
                                           TEXT_ARG(package), t->number);
    return words == NULL ? package : text_str(words);
}

/* ---- what is owed on it ---- */

static void owe(struct view_text_moves *m, const char *words)
{
    if (words != NULL && m->owed_count < VIEW_TEXT_MOVES_MAX) {
        m->owed[m->owed_count++] = words;
    }
}

static void may(struct view_text_moves *m, const char *words)
{
    if (words != NULL && m->may_count < VIEW_TEXT_MOVES_MAX) {
        m->may[m->may_count++] = words;
    }
}

static void moves_on_bracket(const struct view *v, const struct bracket_state *b,
                             struct view_text_moves *m)
{
    const struct table_state *s = view_state(v);
    uint32_t parties = snt_parties(s), me = 1u << v->r->side;
    uint64_t due = 0, size = door_size(v->r->door);
    bool over = snt_silence(s, door_witness(v->r->door), &b->silence, size, size, &due) ==
                SILENCE_OVER;
    if ((parties & me) != 0 && ((b->supports | b->objects) & me) == 0 &&
        view_has_power(v, POWER_SPEAK)) {
        owe(m, arena_printf(v->mem,
                            "say what you think of B%u: entente support B%u, or entente object "
                            "B%u --reason WHY",
                            b->number, b->number, b->number));
    }
    if (((b->supports & parties) == parties || over) && view_has_power(v, POWER_PROPOSE)) {
        may(m, arena_printf(v->mem, "take B%u into the text: entente clean B%u", b->number,
                            b->number));
    }
}

static void moves_on_version(const struct view *v, uint32_t phase, struct view_text_moves *m)
{
    const struct table_state *s = view_state(v);
    const struct text_version *t = snt_newest(&s->texts, phase);
    uint32_t me = 1u << v->r->side, open = 0;
    (void)snt_open_brackets(&s->texts, phase, v->mem, &open);
    bool adopts = view_has_power(v, POWER_ACCEPT_AD_REFERENDUM) ||
                  view_has_power(v, POWER_ACCEPT_BINDING);
    if (open > 0 || (snt_parties(s) & me) == 0 || (adopters(v, t) & me) != 0 || !adopts) {
        return;
    }
    owe(m, arena_printf(v->mem,
                        "adopt version %u of the text of phase %.*s, or put other words in "
                        "brackets: entente text show, entente adopt",
                        t->number, TEXT_ARG(s->charter.phases[phase].id)));
}

void view_text_moves(const struct view *v, struct view_text_moves *out)
{
    const struct table_state *s = view_state(v);
    for (uint32_t phase = 0; phase < s->charter.phase_count; phase++) {
        if (snt_newest(&s->texts, phase) == NULL || s->gate_opened_at[phase] != INDEX_NEVER ||
            view_bound(s, phase) != NULL) {
            continue;
        }
        for (uint32_t i = 0; i < s->texts.bracket_count; i++) {
            if (s->texts.brackets[i].phase == phase && s->texts.brackets[i].end == BRACKET_OPEN) {
                moves_on_bracket(v, &s->texts.brackets[i], out);
            }
        }
        moves_on_version(v, phase, out);
    }
}
