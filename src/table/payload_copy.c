/* SPDX-License-Identifier: Apache-2.0 */
#include "table/payload.h"

static struct text text_copy(struct arena *mem, struct text t)
{
    if (!text_present(t)) {
        return t;
    }
    struct bytes v = arena_copy(mem, bytes_of(t.p, t.n));
    return (struct text){.p = v.p == NULL ? "" : (const char *)v.p, .n = v.n};
}

/* Items of an array as they are.  An empty one that is there stays there: its item is written, too. */
static void *array_copy(struct arena *mem, const void *items, uint32_t count, size_t size)
{
    void *p = items == NULL ? NULL : arena_take(mem, size, 16, count == 0 ? 1 : count);
    if (p != NULL && count > 0) {
        memcpy(p, items, size * count);
    }
    return p;
}

/* That array of p into out; NULL where it is absent, or memory is short. */
#define COPY(array, count) out->array = array_copy(mem, p->array, p->count, sizeof(p->array[0]))

static void shown_copy(const struct shown_item *s, struct arena *mem, struct shown_item *out)
{
    out->envelope = arena_copy(mem, s->envelope);
    out->path = array_copy(mem, s->path, s->path_count, sizeof(s->path[0]));
    out->shown = array_copy(mem, s->shown, s->shown_count, sizeof(s->shown[0]));
    for (uint32_t i = 0; out->shown != NULL && i < s->shown_count; i++) {
        out->shown[i].raw = arena_copy(mem, s->shown[i].raw);
        out->shown[i].path = array_copy(mem, s->shown[i].path, s->shown[i].path_count,
                                        sizeof(s->shown[i].path[0]));
    }
}

bool payload_copy(const struct payload *p, struct arena *mem, struct payload *out)
{
    *out = *p;
    struct text *const words[] = {&out->room,
                                  &out->name,
                                  &out->side,
                                  &out->source,
                                  &out->label,
                                  &out->deed,
                                  &out->issue,
                                  &out->media,
                                  &out->phase,
                                  &out->after,
                                  &out->lever,
                                  &out->epoch_item.room,
                                  &out->epoch_item.reason};
    for (size_t i = 0; i < COUNT_OF(words); i++) {
        *words[i] = text_copy(mem, *words[i]);
    }
    struct bytes *const raw[] = {&out->object, &out->content, &out->charter, &out->limits};
    for (size_t i = 0; i < COUNT_OF(raw); i++) {
        *raw[i] = raw[i]->n == 0 ? *raw[i] : arena_copy(mem, *raw[i]);
    }
    COPY(texts, text_count);
    COPY(choices, choice_count);
    COPY(reservations, reservation_count);
    COPY(meets, meets_count);
    COPY(evidence, evidence_count);
    COPY(grant_epochs, grant_epoch_count);
    COPY(refs, ref_count);
    COPY(present, present_count);
    COPY(grant_acts, grant_act_count);
    COPY(articles, article_count);
    COPY(article_ids, article_id_count);
    for (uint32_t i = 0; out->articles != NULL && i < p->article_count; i++) {
        struct article_item *a = &out->articles[i];
        a->id = text_copy(mem, a->id);
        a->title = text_copy(mem, a->title);
        a->text = text_copy(mem, a->text);
    }
    for (uint32_t i = 0; out->article_ids != NULL && i < p->article_id_count; i++) {
        out->article_ids[i] = text_copy(mem, p->article_ids[i]);
    }
    COPY(lines, line_count);
    COPY(ways, way_count);
    COPY(orders, order_count);
    COPY(interests, interest_count);
    COPY(prefers, prefer_count);
    for (uint32_t i = 0; out->interests != NULL && i < p->interest_count; i++) {
        out->interests[i].issue = text_copy(mem, p->interests[i].issue);
    }
    for (uint32_t i = 0; out->prefers != NULL && i < p->prefer_count; i++) {
        out->prefers[i].more = text_copy(mem, p->prefers[i].more);
        out->prefers[i].less = text_copy(mem, p->prefers[i].less);
    }
    for (uint32_t i = 0; out->texts != NULL && i < p->text_count; i++) {
        out->texts[i] = text_copy(mem, p->texts[i]);
    }
    for (uint32_t i = 0; out->choices != NULL && i < p->choice_count; i++) {
        out->choices[i].issue = text_copy(mem, p->choices[i].issue);
    }
    for (uint32_t i = 0; out->reservations != NULL && i < p->reservation_count; i++) {
        struct reservation *r = &out->reservations[i];
        r->label = text_copy(mem, r->label);
        r->issue = text_copy(mem, r->issue);
        r->text = text_copy(mem, r->text);
    }
    for (uint32_t i = 0; out->meets != NULL && i < p->meets_count; i++) {
        out->meets[i].label = text_copy(mem, p->meets[i].label);
    }
    for (uint32_t i = 0; out->evidence != NULL && i < p->evidence_count; i++) {
        out->evidence[i].name = text_copy(mem, p->evidence[i].name);
        out->evidence[i].media = text_copy(mem, p->evidence[i].media);
    }
    for (uint32_t i = 0; out->grant_epochs != NULL && i < p->grant_epoch_count; i++) {
        out->grant_epochs[i].room = text_copy(mem, p->grant_epochs[i].room);
    }
    for (uint32_t i = 0; out->lines != NULL && i < p->line_count; i++) {
        out->lines[i].text = text_copy(mem, p->lines[i].text);
        out->lines[i].side = text_copy(mem, p->lines[i].side);
    }
    for (uint32_t i = 0; out->ways != NULL && i < p->way_count; i++) {
        out->ways[i].subject = text_copy(mem, p->ways[i].subject);
        out->ways[i].leads = text_copy(mem, p->ways[i].leads);
    }
    for (uint32_t i = 0; out->orders != NULL && i < p->order_count; i++) {
        out->orders[i].subject = text_copy(mem, p->orders[i].subject);
    }
    out->epoch_item.members = array_copy(mem, p->epoch_item.members, p->epoch_item.member_count,
                                         sizeof(p->epoch_item.members[0]));
    shown_copy(&p->shown, mem, &out->shown);
    return !mem->failed;
}
