/* SPDX-License-Identifier: Apache-2.0 */
#include "formats/snt_text.h"

static bool compare(struct snt_change *c, uint64_t steps, struct arena *mem)
{
    static const struct snt_article nothing = {
        {.p = "", .n = 0}, {.p = "", .n = 0}, {.p = "", .n = 0}};
    const struct snt_article *old = c->old == NULL ? &nothing : c->old;
    const struct snt_article *new = c->new == NULL ? &nothing : c->new;
    return diff_words(old->title, new->title, steps, mem, &c->title) &&
           diff_words(old->text, new->text, steps, mem, &c->text);
}

bool snt_changes(const struct snt_words *old, const struct snt_words *new, uint64_t steps,
                 struct arena *mem, struct snt_change **out, uint32_t *out_count)
{
    struct snt_change *list = ARENA_NEW(mem, struct snt_change, old->count + new->count);
    uint32_t n = 0, next = 0;
    if (list == NULL) {
        return false;
    }
    for (uint32_t i = 0; i < new->count; i++) {
        const struct snt_article *was = snt_words_find(old, new->articles[i].id);
        /* Before an article that stayed: those before it that went. */
        for (uint32_t place = was == NULL ? 0 : (uint32_t)(was - old->articles); next < place;
             next++) {
            if (snt_words_find(new, old->articles[next].id) == NULL) {
                list[n++] = (struct snt_change){.old = &old->articles[next]};
            }
        }
        list[n++] = (struct snt_change){.old = was, .new = &new->articles[i]};
    }
    for (; next < old->count; next++) {
        if (snt_words_find(new, old->articles[next].id) == NULL) {
            list[n++] = (struct snt_change){.old = &old->articles[next]};
        }
    }
    for (uint32_t i = 0; i < n; i++) {
        if (!compare(&list[i], steps, mem)) {
            return false;
        }
    }
    *out = list;
    *out_count = n;
    return true;
}
