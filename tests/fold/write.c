/* SPDX-License-Identifier: Apache-2.0
 *
 * Each kind as somebody would file it, about things that are there: most often by who may, about what
 * is open.  Whether it counts is for the rules.
 */
#include "fold/write_priv.h"

#include "record/roster.h"

struct bytes play_paper(struct play *g, uint32_t side, struct object o)
{
    struct bytes paper = tsim_sign(&g->t, side, o);
    g->papers[g->paper_count % PLAY_PAPERS] = paper;
    g->paper_count++;
    return paper;
}

/* ---- charter and papers ---- */

static bool write_charter(struct writing *w)
{
    const struct content *c = NULL;
    for (uint64_t i = 0; i < w->g->unsigned_base && c == NULL; i++) {
        const struct opened *o = w->g->founding_opened[i];
        c = o != NULL && o->content->header.kind == (uint32_t)KIND_CHARTER ? o->content : NULL;
    }
    struct err untold = {0};
    return c != NULL && payload_from(c, w->mem, &w->p, &untold);
}

static bool write_sign_charter(struct writing *w)
{
    struct digest roster;
    struct err untold = {0};
    const struct record_sim *rec = &w->g->t.rec;
    struct object o = {.kind = OBJECT_SIGN_CHARTER};
    if (!roster_digest_at(door_keyring(rec->door), door_size(rec->door), &roster, &untold)) {
        return false;
    }
    o.digest = charter_signature_digest(&w->s->charter_leaf, &roster);
    w->p.object = play_paper(w->g, w->side, o);
    return true;
}

static bool write_introduce(struct writing *w)
{
    uint32_t seat = rightly(w) ? w->seat : below(w, 3);
    w->p.seat = signer_kid(w->g->t.rec.sides[w->side].seats[seat].sign);
    w->p.has_seat = true;
    w->p.name = words(w, "Ilin");
    return true;
}

static bool write_instruct(struct writing *w)
{
    static const uint8_t none[] = {0x80};
    w->p.room = text_str(w->side == 1 ? "home/north" : "home/south");
    w->side = rightly(w) ? (w->side == 1 ? 1 : 2) : w->side;
    w->p.limits = bytes_of(none, sizeof(none));
    w->p.has_salt = true;
    maybe_words(w);
    return true;
}

static bool write_mandate(struct writing *w)
{
    struct object o = {.kind = OBJECT_MANDATE};
    o.delegate = signer_kid(w->g->t.rec.sides[w->side].seats[1 + below(w, 2)].sign);
    o.powers = one_in(w, 3) ? 1 + below(w, POWERS_ALL) : POWERS_ALL;
    o.all_issues = one_in(w, 2);
    o.not_before = now(w) - DAY + below(w, 2 * DAY);
    o.expires = now(w) + DAY + below(w, 12 * DAY);
    struct text issue = one_in(w, 8) ? text_str("nothing") : w->c->issues[0].id;
    if (!o.all_issues) {
        o.issue_count = 1;
        o.issues = &issue;
    }
    w->p.object = play_paper(w->g, w->side, o);
    maybe_words(w);
    return true;
}

static bool write_revoke_mandate(struct writing *w)
{
    struct object o = {.kind = OBJECT_REVOKE};
    if (w->s->mandate_count > 0 && rightly(w)) {
        const struct mandate_state *m = &w->s->mandates[below(w, w->s->mandate_count)];
        o.digest = m->id;
        w->side = rightly(w) ? m->side : w->side;
    } else {
        o.digest = object_id(some_paper(w));
    }
    w->p.object = play_paper(w->g, w->side, o);
    return true;
}

static bool write_ratify(struct writing *w)
{
    const struct proposal_state *p = a_proposal(w);
    if (p == NULL) {
        return false;
    }
    by_party(w);
    struct object o = {.kind = OBJECT_RATIFY, .has_text = true};
    char *hour = arena_printf(w->mem, "paper %u", w->g->papers_made++);
    o.text = text_str(hour == NULL ? "paper" : hour);
    memcpy(o.digest.b, p->leaf.b, sizeof(p->leaf.b));
    about(w, &p->leaf);
    w->p.object = rightly(w) ? play_paper(w->g, w->side, o) : some_paper(w);
    return true;
}

/* A key of plenary or monitors: only where the members have changed is it good. */
static bool write_epoch(struct writing *w)
{
    const struct record_sim *rec = &w->g->t.rec;
    const struct keyring *ring = door_keyring(rec->door);
    struct room room = {one_in(w, 2) ? ROOM_PLENARY : ROOM_MONITORS, 0};
    uint32_t seats[SEATS_MAX];
    uint64_t at = door_size(rec->door);
    uint32_t n = room_members(w->c, ring, room, at, seats);
    uint32_t number = room_membership(w->c, ring, room, at);
    struct kid *members = ARENA_NEW(w->mem, struct kid, SEATS_MAX);
    if (n == 0 || number == 0) {
        return false;
    }
    for (uint32_t i = 0; i < n; i++) {
        members[i] = keyring_seat(ring, seats[i])->kid;
    }
    w->side = rightly(w) ? below(w, charter_groups(w->c)) : w->side;
    w->seat = rightly(w) ? 0 : w->seat;
    w->p.room = text_str(room.kind == ROOM_PLENARY ? "plenary" : "monitors");
    w->p.epoch_item = (struct epoch_item){.room = w->p.room,
                                          .number = number,
                                          .previous = number - 1,
                                          .member_count = n,
                                          .members = members,
                                          .reason = text_str("members changed")};
    w->p.epoch_item.public_key[0] = 0x20 + (uint8_t)(room.kind == ROOM_PLENARY);
    w->p.epoch_item.public_key[1] = (uint8_t)number;
    w->p.epoch_item.public_key[2] = (uint8_t)at;
    return true;
}

static bool write_grant(struct writing *w)
{
    w->p.grant_acts = ARENA_NEW(w->mem, struct grant_act, 1);
    w->p.grant_act_count = 1;
    w->p.grant_acts[0].leaf = any_leaf(w);
    return true;
}

static bool write_cannot_open(struct writing *w)
{
    struct leaf_hash leaf = any_leaf(w);
    about(w, &leaf);
    return true;
}

static bool write_void(struct writing *w)
{
    struct leaf_hash leaf = any_leaf(w);
    about(w, &leaf);
    w->p.has_file_key = true;
    return true;
}

/* ---- words ---- */

static struct text own_room(struct writing *w)
{
    if (one_in(w, 2) || w->side > w->c->party_count) {
        return home_of(w);
    }
    uint32_t with = w->side == 0 ? party(w) : w->side;
    char *s = arena_printf(w->mem, "shuttle/%.*s", TEXT_ARG(w->c->sides[with].id));
    return text_str(s == NULL ? "plenary" : s);
}

static bool write_meet(struct writing *w)
{
    w->p.room = own_room(w);
    put_words(w, 1 + below(w, 3));
    w->p.present_count = 1 + below(w, 2);
    w->p.present = ARENA_NEW(w->mem, struct kid, 2);
    w->p.present[0] = signer_kid(w->g->t.rec.sides[0].seats[0].sign);
    w->p.present[1] = signer_kid(w->g->t.rec.sides[1].seats[1].sign);
    if (memcmp(w->p.present[0].b, w->p.present[1].b, sizeof(w->p.present[0].b)) > 0) {
        struct kid first = w->p.present[1];
        w->p.present[1] = w->p.present[0];
        w->p.present[0] = first;
    }
    return true;
}

static bool write_confirm(struct writing *w)
{
    const struct proposal_state *p = a_proposal(w);
    if (p == NULL || one_in(w, 8)) {
        struct leaf_hash leaf = any_leaf(w);
        w->p.room = one_in(w, 2) ? own_room(w) : text_str("plenary");
        about(w, &leaf);
        return true;
    }
    uint32_t g = below(w, charter_groups(w->c));
    about(w, p->ratified[g].given && one_in(w, 2) ? &p->ratified[g].leaf : &p->answers[g].leaf);
    return true;
}

static bool write_say(struct writing *w)
{
    w->p.room = one_in(w, 2) ? text_str("plenary") : own_room(w);
    put_words(w, 1);
    return true;
}

static bool write_document(struct writing *w)
{
    w->p.room = one_in(w, 4) ? own_room(w) : shared_room(w);
    w->p.name = words(w, "map");
    w->p.media = text_str("text/plain");
    w->p.content = bytes_str("a map");
    return true;
}

static bool write_statement(struct writing *w)
{
    w->p.room = shared_room(w);
    put_words(w, 1);
    w->p.side = w->c->sides[party(w)].id;
    w->p.source = text_str("the wireless");
    return true;
}

static bool write_position(struct writing *w)
{
    w->p.room = own_room(w);
    put_words(w, 1);
    w->p.issue = one_in(w, 4) ? text_str("nothing") : w->c->issues[0].id;
    w->p.level = (enum level)(1 + below(w, 3));
    w->p.mark = (enum mark)(1 + below(w, 3));
    return true;
}

/* ---- home ---- */

static bool write_debrief(struct writing *w)
{
    w->p.room = home_of(w);
    w->p.line_count = 1 + below(w, 3);
    w->p.lines = ARENA_NEW(w->mem, struct debrief_line, 3);
    for (uint32_t i = 0; i < w->p.line_count; i++) {
        w->p.lines[i].heard = (enum heard)(1 + below(w, 3));
        w->p.lines[i].text = words(w, "heard");
        w->p.lines[i].mark = (enum mark)below(w, 4);
        if (w->p.lines[i].mark != 0 && one_in(w, 2)) {
            w->p.lines[i].side = w->c->sides[party(w)].id;
        }
    }
    return true;
}

static bool write_interests(struct writing *w)
{
    const struct issue *issue = &w->c->issues[below(w, w->c->issue_count)];
    w->p.room = home_of(w);
    w->p.interest_count = below(w, 3);
    w->p.interests = ARENA_NEW(w->mem, struct interest_item, 3);
    for (uint32_t i = 0; i < w->p.interest_count; i++) {
        w->p.interests[i].issue = one_in(w, 8) ? text_str("nothing") : issue->id;
        w->p.interests[i].option = below(w, issue->option_count + (one_in(w, 8) ? 1 : 0));
        w->p.interests[i].interest = (enum interest)below(w, 5);
    }
    w->p.prefer_count = below(w, 2);
    w->p.prefers = ARENA_NEW(w->mem, struct prefer_item, 1);
    w->p.prefers[0].more = issue->id;
    w->p.prefers[0].less = w->c->issues[below(w, w->c->issue_count)].id;
    w->p.prefers[0].preference = (enum preference)below(w, 3);
    return true;
}

static bool write_memo(struct writing *w)
{
    w->p.room = home_of(w);
    put_words(w, 1 + below(w, 2));
    w->p.way_count = 1 + below(w, 4);
    w->p.ways = ARENA_NEW(w->mem, struct memo_way, 4);
    for (uint32_t i = 0; i < w->p.way_count; i++) {
        w->p.ways[i].way = (enum way_kind)(1 + below(w, 6));
        w->p.ways[i].subject = text_str("P1");
        w->p.ways[i].leads = words(w, "leads to");
        w->p.ways[i].sure = (enum sure)(1 + below(w, 3));
    }
    w->p.has_recommend = one_in(w, 2);
    w->p.recommend = below(w, w->p.way_count + 1);
    return true;
}

static bool write_decide(struct writing *w)
{
    struct object o = {.kind = OBJECT_DECIDE};
    struct buf b;
    char *label = arena_printf(w->mem, "D%u", 1 + below(w, 9));
    w->p.room = home_of(w);
    put_words(w, 1);
    w->p.label = text_str(label == NULL ? "D1" : label);
    w->p.has_when = one_in(w, 2);
    w->p.when = now(w) + DAY;
    w->p.order_count = below(w, 3);
    w->p.orders = ARENA_NEW(w->mem, struct order, 3);
    for (uint32_t i = 0; i < w->p.order_count; i++) {
        w->p.orders[i] = (struct order){(enum order_kind)(1 + below(w, 9)), text_str("P1")};
    }
    buf_init(&b, DECISION_BYTES_MAX);
    decision_put(&w->p, &b);
    o.digest = decision_digest(buf_bytes(&b));
    buf_free(&b);
    w->p.object = rightly(w) ? play_paper(w->g, w->side, o) : some_paper(w);
    return true;
}

/* ---- all of them ---- */

bool write_kind(struct writing *w, enum act_kind kind)
{
    w->p = (struct payload){.kind = kind};
    switch (kind) {
    case KIND_CHARTER:
        return write_charter(w);
    case KIND_SIGN_CHARTER:
        return write_sign_charter(w);
    case KIND_EPOCH:
        return write_epoch(w);
    case KIND_GRANT:
        return write_grant(w);
    case KIND_CANNOT_OPEN:
        return write_cannot_open(w);
    case KIND_VOID:
        return write_void(w);
    case KIND_INTRODUCE:
        return write_introduce(w);
    case KIND_INSTRUCT:
        return write_instruct(w);
    case KIND_MANDATE:
        return write_mandate(w);
    case KIND_REVOKE_MANDATE:
        return write_revoke_mandate(w);
    case KIND_MEET:
        return write_meet(w);
    case KIND_CONFIRM:
        return write_confirm(w);
    case KIND_SAY:
        return write_say(w);
    case KIND_DOCUMENT:
        return write_document(w);
    case KIND_STATEMENT:
        return write_statement(w);
    case KIND_POSITION:
        return write_position(w);
    case KIND_RATIFY:
        return write_ratify(w);
    case KIND_DEBRIEF:
        return write_debrief(w);
    case KIND_INTERESTS:
        return write_interests(w);
    case KIND_MEMO:
        return write_memo(w);
    case KIND_DECIDE:
        return write_decide(w);
    case KIND_PROPOSE:
    case KIND_WITHDRAW:
    case KIND_ANSWER:
    case KIND_CLOSE:
    case KIND_PROMISE:
    case KIND_REPORT:
    case KIND_VERIFY:
    case KIND_DISPUTE:
    case KIND_LAPSE:
    case KIND_INCIDENT:
    case KIND_ASSESS:
    case KIND_GATE:
    case KIND_PARK:
    case KIND_SUSPEND:
    case KIND_RESUME:
    case KIND_LEAVE:
    case KIND_RETURN:
    case KIND_CONCLUDE:
    case KIND_DATE:
    case KIND_CONSENT:
    case KIND_PUBLISHED:
        return write_offer(w);
    case KIND_ASK:
    case KIND_OPINION:
    case KIND_UNDERTAKE:
    case KIND_SETTLED:
    case KIND_LEVER:
    case KIND_NOTICE:
    case KIND_DRAFT:
    case KIND_BRACKET:
    case KIND_SUPPORT:
    case KIND_OBJECT:
    case KIND_ADOPT:
    case KIND_CLEAN:
    case KIND_SILENCE:
        return write_wording(w);
    }
    return false;
}
