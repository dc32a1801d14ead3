/* SPDX-License-Identifier: Apache-2.0 */
#include "table/snt_words.h"

#include "table/fold_priv.h"

void snt_history_init(struct snt_history *h, const struct table_state *state, uint32_t phase,
                      struct arena *mem)
{
    *h = (struct snt_history){.state = state, .phase = phase, .mem = mem};
}

static struct text keep(struct arena *mem, struct text t)
{
    if (!text_present(t)) {
        return t;
    }
    struct bytes v = arena_copy(mem, bytes_of(t.p, t.n));
    return (struct text){.p = v.p == NULL ? "" : (const char *)v.p, .n = v.n};
}

static struct snt_article keep_article(struct arena *mem, const struct article_item *a)
{
    return (struct snt_article){keep(mem, a->id), keep(mem, a->title), keep(mem, a->text)};
}

const struct snt_article *snt_words_find(const struct snt_words *w, struct text id)
{
    for (uint32_t i = 0; i < w->count; i++) {
        if (text_eq(w->articles[i].id, id)) {
            return &w->articles[i];
        }
    }
    return NULL;
}

const struct snt_alternative *snt_alternative_of(const struct snt_history *h,
                                                 const struct leaf_hash *leaf)
{
    for (uint32_t i = 0; i < h->bracket_count; i++) {
        if (ID_EQ(h->brackets[i].leaf, *leaf)) {
            return &h->brackets[i];
        }
    }
    return NULL;
}

static bool inside(struct text t, size_t at)
{
    return at < t.n && ((uint8_t)t.p[at] & 0xC0u) == 0x80u;
}

void snt_passage(struct text t, uint32_t from, uint32_t to, size_t *out_from, size_t *out_to)
{
    size_t a = from < t.n ? from : t.n;
    size_t b = to < t.n ? to : t.n;
    b = b < a ? a : b;
    while (a > 0 && inside(t, a)) {
        a--;
    }
    while (inside(t, b)) {
        b++;
    }
    *out_from = a;
    *out_to = b;
}

struct text snt_replaced(struct text t, uint32_t from, uint32_t to, struct text words,
                         struct arena *mem)
{
    size_t a, b;
    snt_passage(t, from, to, &a, &b);
    size_t n = t.n - (b - a) + words.n;
    char *p = ARENA_NEW(mem, char, n + 1);
    if (p == NULL) {
        return (struct text){0};
    }
    memcpy(p, t.p, a);
    if (words.n > 0) {
        memcpy(p + a, words.p, words.n);
    }
    memcpy(p + a + words.n, t.p + b, t.n - b);
    return (struct text){.p = p, .n = n};
}

static bool new_version(struct snt_history *h, uint32_t most, struct snt_words **out)
{
    if (!fold_grow(h->mem, &h->versions, h->count, sizeof(h->versions[0]))) {
        return false;
    }
    struct snt_words *w = &h->versions[h->count];
    *w = (struct snt_words){.articles = ARENA_NEW(h->mem, struct snt_article, most)};
    *out = w;
    if (w->articles == NULL) {
        return false;
    }
    h->count++;
    return true;
}

static bool take_draft(struct snt_history *h, const struct payload *p)
{
    struct snt_words *w;
    if (!new_version(h, p->article_count, &w)) {
        return false;
    }
    for (uint32_t i = 0; i < p->article_count; i++) {
        const struct article_item *a = &p->articles[i];
        const struct snt_article *was = h->count < 2
                                            ? NULL
                                            : snt_words_find(&h->versions[h->count - 2], a->id);
        w->articles[w->count++] = !text_present(a->text) && was != NULL ? *was
                                                                        : keep_article(h->mem, a);
    }
    return !h->mem->failed;
}

static bool take_bracket(struct snt_history *h, const struct leaf_hash *leaf,
                         const struct payload *p)
{
    if (!fold_grow(h->mem, &h->brackets, h->bracket_count, sizeof(h->brackets[0]))) {
        return false;
    }
    h->brackets[h->bracket_count++] = (struct snt_alternative){
        .leaf = *leaf,
        .words = keep_article(h->mem, &p->articles[0]),
        .after = keep(h->mem, p->after),
        .reason = p->text_count > 0 ? keep(h->mem, p->texts[0]) : (struct text){0}};
    return !h->mem->failed;
}

/* The same as the rules make of it by lengths (rules_v1_text.c). */
static bool take_clean(struct snt_history *h, const struct bracket_state *b)
{
    const struct snt_alternative *n = snt_alternative_of(h, &b->leaf);
    struct snt_words *w;
    if (n == NULL || h->count == 0) {
        return true;
    }
    uint32_t count = h->versions[h->count - 1].count;
    if (!new_version(h, count + 1, &w)) {
        return false;
    }
    const struct snt_words *was = &h->versions[h->count - 2];
    bool after = b->is_new && text_present(n->after) && snt_words_find(was, n->after) != NULL;
    for (uint32_t i = 0; i < count; i++) {
        struct snt_article *to = &w->articles[w->count++];
        *to = was->articles[i];
        if (!b->is_new && text_eq(to->id, n->words.id)) {
            to->text = snt_replaced(to->text, b->from, b->to, n->words.text, h->mem);
        } else if (b->is_new && (after ? text_eq(to->id, n->after) : i + 1 == count)) {
            w->articles[w->count++] = n->words;
        }
    }
    return !h->mem->failed;
}

bool snt_history_take(struct snt_history *h, const struct leaf_hash *leaf, const struct payload *p)
{
    const struct texts_state *t = &h->state->texts;
    if (p->kind == KIND_BRACKET) {
        const struct bracket_state *b = snt_bracket(t, leaf);
        return b == NULL || b->phase != h->phase || take_bracket(h, leaf, p);
    }
    const struct text_version *v = snt_version(t, leaf);
    if (v == NULL || v->phase != h->phase) {
        return true;
    }
    if (p->kind == KIND_DRAFT) {
        return take_draft(h, p);
    }
    const struct bracket_state *b = snt_bracket(t, &p->answers);
    return b == NULL || take_clean(h, b);
}
