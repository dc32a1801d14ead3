/* SPDX-License-Identifier: Apache-2.0
 *
 * An act that is right but for one thing: who, where, when, about what, how much.
 */
#include "fold/play.h"

#include <stdio.h>

static uint32_t below(struct writing *w, uint64_t n)
{
    return (uint32_t)prop_below(w->rnd, n == 0 ? 1 : n);
}

static struct text some_id(struct writing *w)
{
    const struct charter *c = w->c;
    switch (below(w, 8)) {
    case 0:
        return c->sides[1 + below(w, c->side_count - 1)].id;
    case 1:
        return c->phases[below(w, c->phase_count)].id;
    case 2:
        return c->deeds[below(w, c->deed_count)].id;
    case 3:
        return c->issues[below(w, c->issue_count)].id;
    case 4:
        return c->levers[below(w, c->lever_count)].id;
    case 5:
        return text_str("R1");
    case 6:
        return text_str("all");
    default:
        return text_str("nothing");
    }
}

static void bend_room(struct writing *w)
{
    struct room rooms[ROOMS_MAX];
    char name[ROOM_NAME_MAX];
    uint32_t n = room_list(w->c, rooms);
    room_name(w->c, rooms[below(w, n)], name);
    char *kept = arena_printf(w->mem, "%s", below(w, 12) == 0 ? "home/nobody" : name);
    w->p.room = text_str(kept == NULL ? "plenary" : kept);
}

static void bend_about(struct writing *w)
{
    struct leaf_hash none = {{1}};
    uint64_t size = door_size(w->g->t.rec.door);
    w->p.answers = below(w, 8) == 0 ? none : door_leaf(w->g->t.rec.door, below(w, size));
    if (w->s->proposal_count > 0 && below(w, 2) == 0) {
        w->p.answers = w->s->proposals[below(w, w->s->proposal_count)].leaf;
    }
    if (w->p.ref_count > 0) {
        w->p.refs[below(w, w->p.ref_count)] = w->p.answers;
    }
}

static void bend_name(struct writing *w)
{
    struct text *const names[] = {&w->p.deed,  &w->p.phase, &w->p.issue, &w->p.side,
                                  &w->p.lever, &w->p.label, &w->p.after};
    for (uint32_t tries = 0; tries < 20; tries++) {
        struct text *t = names[below(w, COUNT_OF(names))];
        if (text_present(*t)) {
            *t = some_id(w);
            return;
        }
    }
    if (w->p.choice_count > 0) {
        w->p.choices[0].issue = some_id(w);
        w->p.choices[0].option = below(w, 4);
    }
    if (w->p.article_count > 0) {
        w->p.articles[below(w, w->p.article_count)].id = some_id(w);
    }
    if (w->p.article_id_count > 0) {
        w->p.article_ids[0] = some_id(w);
    }
}

static void bend_time(struct writing *w)
{
    uint64_t now = w->g->t.rec.now;
    switch (below(w, 4)) {
    case 0:
        w->p.when = prop_edgy(w->rnd) % (SECONDS_MAX + 1);
        break;
    case 1:
        w->p.when = now - below(w, 30 * DAY);
        break;
    case 2:
        w->p.when = now;
        break;
    default:
        w->p.when = now + below(w, 400 * DAY);
    }
    w->p.claimed_time = below(w, 2) == 0 ? w->p.when : now;
}

/* It says to have seen less than there is. */
static void bend_seen(struct writing *w)
{
    const struct record_sim *rec = &w->g->t.rec;
    struct kid kid = signer_kid(rec->sides[w->side].seats[w->seat].sign);
    struct kid16 kid16 = kid_short(&kid);
    struct ring_author author;
    struct err untold = {0};
    uint64_t size = door_size(rec->door);
    if (!keyring_author(door_keyring(rec->door), size, &kid16, &author, &untold)) {
        return;
    }
    struct chain c = door_chain(rec->door, &author);
    if (c.seen_size < size) {
        w->seen = c.seen_size + below(w, size - c.seen_size);
    }
}

static void bend_amount(struct writing *w)
{
    struct payload *p = &w->p;
    p->answer = p->answer == 0 ? 0 : (enum answer_kind)(1 + below(w, 5));
    p->finding = p->finding == 0 ? 0 : (enum finding)(1 + below(w, 3));
    p->move = p->move == 0 ? 0 : (enum lever_move)(1 + below(w, 4));
    p->outcome = p->outcome == 0 ? 0 : (enum cleaning)(1 + below(w, 2));
    p->from = p->has_range ? below(w, 100) : 0;
    p->to = p->from + below(w, 100);
    p->recommend = below(w, 20);
    if (p->has_digest) {
        p->digest.b[below(w, 32)] ^= 1;
    }
    if (p->choice_count > 0) {
        p->choices[0].option = below(w, 5);
    }
    if (p->text_count > 0) {
        size_t n = below(w, 3) == 0 ? ITEM_TEXT_MAX : below(w, 3000);
        char *many = ARENA_NEW(w->mem, char, n + 1);
        memset(many, 'w', n);
        p->texts[0] = (struct text){.p = many, .n = n};
    }
}

/* What a notice shows, altered on the way. */
static void bend_shown(struct writing *w)
{
    struct shown_item *s = &w->p.shown;
    switch (below(w, 5)) {
    case 0:
        s->index += 1 + below(w, 3);
        return;
    case 1:
        s->path_count = s->path_count > 0 ? s->path_count - 1 : 0;
        return;
    case 2:
        if (s->path_count > 0) {
            s->path[below(w, s->path_count)].b[0] ^= 1;
        }
        return;
    case 3:
        s->shown_count = s->shown_count > 1 ? s->shown_count - 1 : s->shown_count;
        return;
    default: {
        struct bytes e = arena_copy(w->mem, s->envelope);
        if (e.n > 0) {
            w->mem->p[(size_t)(e.p - w->mem->p) + below(w, e.n)] ^= 1;
            s->envelope = e;
        }
    }
    }
}

void bend(struct writing *w)
{
    if (w->p.kind == KIND_NOTICE && below(w, 2) == 0) {
        bend_shown(w);
        return;
    }
    switch (below(w, 12)) {
    case 0:
        w->side = below(w, w->c->side_count);
        return;
    case 1:
        w->seat = below(w, 3);
        return;
    case 2:
        bend_room(w);
        return;
    case 3:
        bend_about(w);
        return;
    case 4:
    case 5:
        bend_name(w);
        return;
    case 6:
        bend_time(w);
        return;
    case 7:
        bend_seen(w);
        return;
    case 8:
        w->old_key = true;
        return;
    case 9:
        w->to_persons = below(w, 2) == 0;
        w->wrong_header = !w->to_persons;
        return;
    case 10:
        if (w->p.object.n > 0) {
            uint32_t have = w->g->paper_count < PLAY_PAPERS ? w->g->paper_count : PLAY_PAPERS;
            w->p.object = have > 0 ? w->g->papers[below(w, have)] : bytes_str("no paper");
            return;
        }
        bend_amount(w);
        return;
    default:
        bend_amount(w);
    }
}
