/* SPDX-License-Identifier: Apache-2.0 */
#include "fold/write_priv.h"

#include "table/notice.h"

/* ---- consultations ---- */

static struct text consult(struct writing *w)
{
    (void)w;
    return text_str("consult/club");
}

static void subject(struct writing *w)
{
    if (w->aims || one_in(w, 2)) {
        w->p.phase = w->c->phases[w->c->phase_count - 1].id;
    } else {
        w->p.phase = phase_id(w);
    }
    if (!w->aims && one_in(w, 2)) {
        w->p.deed = w->c->deeds[below(w, w->c->deed_count)].id;
    }
    if (one_in(w, 2)) {
        w->p.lever = w->c->levers[0].id;
    }
}

static bool write_ask(struct writing *w)
{
    w->p.room = consult(w);
    w->side = rightly(w) ? 0 : w->side;
    put_words(w, 1);
    subject(w);
    w->p.has_when = one_in(w, 2);
    w->p.when = now(w) + below(w, DAY);
    return true;
}

static bool write_opinion(struct writing *w)
{
    w->p.room = consult(w);
    w->side = rightly(w) ? 4 : w->side;
    struct leaf_hash leaf = w->g->consult_last[0] > 0 && rightly(w)
                                ? leaf_at(w, w->g->consult_last[0])
                                : any_leaf(w);
    about(w, &leaf);
    put_words(w, 1);
    w->p.mark = (enum mark)below(w, 4);
    return true;
}

static bool write_undertake(struct writing *w)
{
    w->p.room = consult(w);
    w->side = rightly(w) ? 4 : w->side;
    subject(w);
    put_words(w, 1);
    w->p.has_when = true;
    w->p.when = now(w) + 3 * DAY;
    return true;
}

static bool write_settled(struct writing *w)
{
    by_party(w);
    w->p.phase = phase_id(w);
    if (one_in(w, 3)) {
        w->p.has_follows = true;
        prop_fill(w->rnd, w->p.follows.b, sizeof(w->p.follows.b));
    }
    return true;
}

static bool write_lever(struct writing *w)
{
    w->p.lever = rightly(w) ? w->c->levers[0].id : text_str("nothing");
    w->side = rightly(w) ? w->c->levers[0].holder : w->side;
    w->seat = rightly(w) ? 0 : w->seat;
    w->p.move = (enum lever_move)(1 + below(w, 4));
    if (w->p.move == LEVER_HOLD || one_in(w, 8)) {
        w->p.has_when = true;
        w->p.when = now(w) + below(w, 4 * DAY);
    }
    w->p.room = one_in(w, 6) ? home_of(w) : text_str("plenary");
    maybe_words(w);
    return true;
}

/* Shows an act of the consultation; of one that is none the proof holds as well. */
static bool write_notice(struct writing *w)
{
    struct play *g = w->g;
    const struct record_sim *rec = &g->t.rec;
    struct merkle_path path;
    struct err untold = {0};
    struct node_source nodes = door_nodes(rec->door);
    uint64_t index = g->consult_last[below(w, 3)];
    if (index == 0 || !rightly(w)) {
        index = below(w, door_size(rec->door));
    }
    const struct opened *o = g->t.opened[index];
    w->side = rightly(w) ? 0 : w->side;
    return o != NULL && o->content != NULL &&
           merkle_inclusion(&nodes, index, door_size(rec->door), &path, &untold) &&
           notice_make(o->content, index, rec->items[index].envelope, &path,
                       one_in(w, 3) ? NOTICE_KEEP_TEXT : NOTICE_SHOW_TEXT, w->mem, &w->p.shown,
                       &untold);
}

/* ---- texts ---- */

static const char *const article_ids[] = {"guns", "fish", "banks", "roads"};

static bool write_draft(struct writing *w)
{
    const struct text_version *newest = snt_newest(&w->s->texts, phase_open_now(w));
    w->side = rightly(w) ? 0 : w->side;
    w->p.phase = phase_id(w);
    if (newest != NULL && rightly(w)) {
        w->p.refs = ARENA_NEW(w->mem, struct leaf_hash, 1);
        w->p.refs[0] = newest->leaf;
        w->p.ref_count = 1;
    }
    w->p.articles = ARENA_NEW(w->mem, struct article_item, COUNT_OF(article_ids));
    uint32_t n = 1 + below(w, COUNT_OF(article_ids));
    for (uint32_t i = 0; i < n; i++) {
        struct article_item *a = &w->p.articles[w->p.article_count++];
        *a = (struct article_item){.id = text_str(article_ids[i])};
        if (newest == NULL || !one_in(w, 3)) {
            a->title = text_str("Of this");
            a->text = words(w, "Guns go back so many km:");
        }
    }
    maybe_words(w);
    return true;
}

/* A version, or a bracket; the newest most often. */
static bool of_text(struct writing *w, bool bracket_too, bool *out_bracket)
{
    const struct texts_state *t = &w->s->texts;
    *out_bracket = false;
    if (t->version_count == 0) {
        return false;
    }
    if (bracket_too && t->bracket_count > 0 && one_in(w, 2)) {
        uint32_t i = rightly(w) ? t->bracket_count - 1 : below(w, t->bracket_count);
        about(w, &t->brackets[i].leaf);
        *out_bracket = true;
        return true;
    }
    uint32_t i = rightly(w) ? t->version_count - 1 : below(w, t->version_count);
    about(w, &t->versions[i].leaf);
    return true;
}

static bool write_bracket(struct writing *w)
{
    bool ignored;
    if (!of_text(w, false, &ignored)) {
        return false;
    }
    w->side = rightly(w) ? below(w, charter_groups(w->c)) : w->side;
    w->p.articles = ARENA_NEW(w->mem, struct article_item, 1);
    w->p.article_count = 1;
    w->p.articles[0].id = text_str(article_ids[below(w, 4)]);
    w->p.articles[0].text = words(w, "other words");
    if (one_in(w, 3)) {
        w->p.articles[0].title = text_str("New");
        w->p.articles[0].id = text_str(one_in(w, 2) ? "ports" : "mines");
        if (one_in(w, 2)) {
            w->p.after = text_str(article_ids[below(w, 4)]);
        }
    } else if (one_in(w, 2)) {
        w->p.has_range = true;
        w->p.from = below(w, 12);
        w->p.to = w->p.from + below(w, 8);
    }
    return true;
}

static bool write_support(struct writing *w)
{
    bool bracket;
    if (!of_text(w, true, &bracket)) {
        return false;
    }
    by_party(w);
    if (w->p.kind == KIND_OBJECT && rightly(w)) {
        put_words(w, 1);
    }
    if (!bracket && one_in(w, 2)) {
        w->p.article_ids = ARENA_NEW(w->mem, struct text, 1);
        w->p.article_ids[0] = text_str(article_ids[below(w, 2)]);
        w->p.article_id_count = 1;
    }
    return true;
}

static bool write_adopt(struct writing *w)
{
    bool ignored;
    if (!of_text(w, false, &ignored)) {
        return false;
    }
    by_party(w);
    const struct text_version *v = snt_version(&w->s->texts, &w->p.answers);
    w->p.has_digest = true;
    w->p.digest = v->digest;
    return true;
}

static bool write_clean(struct writing *w)
{
    bool bracket;
    if (!of_text(w, true, &bracket)) {
        return false;
    }
    w->side = rightly(w) ? below(w, charter_groups(w->c)) : w->side;
    w->p.outcome = one_in(w, 3) ? CLEAN_DROP : CLEAN_TAKE;
    return true;
}

static bool write_silence(struct writing *w)
{
    bool bracket;
    w->side = rightly(w) ? 0 : w->side;
    return of_text(w, true, &bracket);
}

/* ---- all of them ---- */

bool write_wording(struct writing *w)
{
    if (w->p.kind == KIND_ASK) {
        return write_ask(w);
    }
    if (w->p.kind == KIND_OPINION) {
        return write_opinion(w);
    }
    if (w->p.kind == KIND_UNDERTAKE) {
        return write_undertake(w);
    }
    if (w->p.kind == KIND_SETTLED) {
        return write_settled(w);
    }
    if (w->p.kind == KIND_LEVER) {
        return write_lever(w);
    }
    if (w->p.kind == KIND_NOTICE) {
        return write_notice(w);
    }
    if (w->p.kind == KIND_DRAFT) {
        return write_draft(w);
    }
    if (w->p.kind == KIND_BRACKET) {
        return write_bracket(w);
    }
    if (w->p.kind == KIND_SUPPORT || w->p.kind == KIND_OBJECT) {
        return write_support(w);
    }
    if (w->p.kind == KIND_ADOPT) {
        return write_adopt(w);
    }
    if (w->p.kind == KIND_CLEAN) {
        return write_clean(w);
    }
    if (w->p.kind == KIND_SILENCE) {
        return write_silence(w);
    }
    return false;
}
