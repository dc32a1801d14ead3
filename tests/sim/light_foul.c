/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/light_draft.h"

static struct leaf_hash some_leaf(struct draft *d)
{
    const struct light *l = d->l;
    struct leaf_hash none = {{1}};
    if (d->s->proposal_count > 0 && !one_in(d, 3)) {
        const struct proposal_state *p = &d->s->proposals[below(d, d->s->proposal_count)];
        uint32_t side = (uint32_t)below(d, charter_groups(&d->l->charter));
        switch (below(d, 4)) {
        case 0:
            return p->answers[side].leaf;
        case 1:
            return p->ratified[side].leaf;
        default:
            return p->leaf;
        }
    }
    return one_in(d, 10) ? none : l->cards[below(d, l->card_count)].leaf;
}

static struct text some_id(struct draft *d)
{
    const struct charter *c = &d->l->charter;
    switch (below(d, 6)) {
    case 0:
        return keep(d, c->sides[1 + below(d, c->side_count - 1)].id);
    case 1:
        return keep(d, c->phases[below(d, c->phase_count)].id);
    case 2:
        return c->deed_count > 0 ? keep(d, c->deeds[below(d, c->deed_count)].id)
                                 : text_str("nothing");
    case 3:
        return keep(d, c->issues[below(d, c->issue_count)].id);
    case 4:
        return text_str("R1");
    default:
        return text_str("nothing");
    }
}

/* Fields drawn wildly from what is there; most kinds take some of them. */
static void wild(struct draft *d)
{
    static const enum act_kind kinds[] = {
        KIND_PROPOSE,   KIND_WITHDRAW, KIND_ANSWER,         KIND_CLOSE,        KIND_RATIFY,
        KIND_CONFIRM,   KIND_PROMISE,  KIND_REPORT,         KIND_VERIFY,       KIND_LAPSE,
        KIND_INCIDENT,  KIND_ASSESS,   KIND_GATE,           KIND_PARK,         KIND_CONSENT,
        KIND_PUBLISHED, KIND_SAY,      KIND_DOCUMENT,       KIND_STATEMENT,    KIND_POSITION,
        KIND_INTRODUCE, KIND_MANDATE,  KIND_REVOKE_MANDATE, KIND_SIGN_CHARTER, KIND_CHARTER,
        KIND_MEET,      KIND_INSTRUCT, KIND_VOID,           KIND_CANNOT_OPEN};
    const struct light *l = d->l;
    const struct charter *c = &l->charter;
    struct payload *p = &d->p;
    static const uint8_t none[] = {0x80};
    p->kind = kinds[below(d, COUNT_OF(kinds))];
    if (one_in(d, 2)) {
        p->kind = kinds[below(d, 6)];
    }
    p->claimed_time = one_in(d, 4) ? prop_edgy(rnd(d)) % SECONDS_MAX : l->now;
    /* What stands there must be there for the form, whatever it is. */
    d->texts[0] = text_str("words");
    d->texts[1] = text_str("more words");
    p->texts = d->texts;
    p->text_count = 1 + (uint32_t)one_in(d, 8);
    p->name = text_str("a name");
    p->media = text_str("text/plain");
    p->content = bytes_str("words");
    p->source = text_str("a source");
    p->label = one_in(d, 2) ? text_str("R1") : some_id(d);
    p->has_answers = p->kind != KIND_PROPOSE || one_in(d, 8);
    p->answers = some_leaf(d);
    p->deed = one_in(d, 8) || c->deed_count == 0 ? some_id(d)
                                                 : keep(d, c->deeds[below(d, c->deed_count)].id);
    p->phase = one_in(d, 8) ? some_id(d) : keep(d, c->phases[below(d, c->phase_count)].id);
    p->side = one_in(d, 8) ? some_id(d) : keep(d, c->sides[1 + below(d, c->side_count - 1)].id);
    p->issue = one_in(d, 8) ? some_id(d) : keep(d, c->issues[below(d, c->issue_count)].id);
    if (one_in(d, 3)) {
        p->after = some_id(d);
    }
    for (uint32_t n = 1 + (uint32_t)below(d, 3); p->choice_count < n;) {
        const struct issue *i = &c->issues[below(d, c->issue_count)];
        d->choices[p->choice_count++] = (struct named_choice){
            one_in(d, 8) ? some_id(d) : keep(d, i->id),
            (uint32_t)below(d, i->option_count + one_in(d, 8))};
    }
    p->choices = d->choices;
    p->answer = (enum answer_kind)prop_between(rnd(d), 1, 5 + one_in(d, 20));
    if (p->answer == ANSWER_CONCEPT || one_in(d, 8)) {
        d->reserved[0] = (struct reservation){.label = one_in(d, 2) ? text_str("R1") : some_id(d),
                                              .has_issue = one_in(d, 2),
                                              .issue = some_id(d),
                                              .text = text_str("not yet")};
        p->reservations = d->reserved;
        p->reservation_count = 1;
    }
    p->object = l->object_count > 0 ? l->objects[below(d, l->object_count)] : bytes_str("paper");
    d->refs[0] = some_leaf(d);
    p->refs = d->refs;
    p->ref_count = p->kind == KIND_CONSENT || p->kind == KIND_PUBLISHED || one_in(d, 3) ? 1 : 0;
    d->meets[0] = (struct meets){some_leaf(d), text_str("R1")};
    p->meets = d->meets;
    p->meets_count = one_in(d, 6);
    p->has_when = true;
    p->when = one_in(d, 4) ? prop_edgy(rnd(d)) % SECONDS_MAX : l->now + below(d, 3 * DAY);
    p->level = LEVEL_WANT;
    p->mark = MARK_HINT;
    p->finding = (enum finding)prop_between(rnd(d), 1, 3 + one_in(d, 20));
    p->verdict = (enum verdict)prop_between(rnd(d), 1, 2 + one_in(d, 20));
    p->has_salt = true;
    p->has_file_key = true;
    p->has_seat = true;
    p->seat = l->machines[below(d, l->machine_count)].kid;
    d->kids[0] = d->m->kid;
    p->present = d->kids;
    p->present_count = 1;
    p->charter = bytes_of(none, sizeof(none));
    p->limits = bytes_of(none, sizeof(none));
}

static void wild_paper(struct draft *d)
{
    struct leaf_hash leaf = some_leaf(d);
    struct object o = {.kind = OBJECT_SIGN_CHARTER};
    if (d->p.kind == KIND_RATIFY) {
        d->p.answers = leaf;
        d->p.object = draft_ratification(d, d->m->side, &leaf);
        return;
    }
    if (d->p.kind == KIND_MANDATE) {
        o = (struct object){.kind = OBJECT_MANDATE,
                            .delegate = d->l->machines[below(d, d->l->machine_count)].kid,
                            .powers = 1 + (uint32_t)below(d, POWERS_ALL),
                            .all_issues = true,
                            .not_before = d->l->now - DAY + below(d, 2 * DAY),
                            .expires = d->l->now + DAY + below(d, 5 * DAY)};
    } else if (d->p.kind == KIND_REVOKE_MANDATE) {
        o.kind = OBJECT_REVOKE;
        if (d->s->mandate_count > 0) {
            o.digest = d->s->mandates[below(d, d->s->mandate_count)].id;
        } else if (d->l->object_count > 0) {
            o.digest = object_id(d->l->objects[below(d, d->l->object_count)]);
        }
    } else {
        memcpy(o.digest.b, leaf.b, sizeof(leaf.b));
    }
    d->p.object = light_paper(d->l, d->m->side, o);
}

static bool wild_act(struct light *l, uint32_t machine)
{
    static const char *const rooms[] = {"plenary",      "monitors",        "home/kestria",
                                        "home/velland", "shuttle/kestria", "principals",
                                        "nowhere"};
    struct draft d;
    struct light_seal seal = {0};
    struct room room = {ROOM_PLENARY, 0};
    bool ok = false;
    draft_begin(l, machine, &d);
    if (!d.s->has_charter) {
        return true;
    }
    wild(&d);
    if (one_in(&d, 2)) {
        wild_paper(&d);
    }
    if (one_in(&d, 3)) {
        d.p.room = text_str(rooms[below(&d, COUNT_OF(rooms))]);
    } else if (l->shape->monitors && d.p.kind >= KIND_PROMISE && d.p.kind <= KIND_ASSESS) {
        d.p.room = text_str("monitors");
    }
    if (!room_parse(&l->charter, d.p.room, &room)) {
        room = (struct room){ROOM_PLENARY, 0}; /* its key will do */
    }
    const struct epoch_state *e = fold_epoch(d.m->v.fold, room, d.m->v.count);
    if (e != NULL) {
        seal.key_card = d.m->v.log[e->index];
        d.p.epoch = e->number;
    }
    if (e == NULL || one_in(&d, 20)) {
        seal.by_identity = true;
        seal.sealed_to = one_in(&d, 2) ? light_members(l, &d.m->v, room) : prop_u64(&l->rnd);
        d.p.epoch = (uint32_t)one_in(&d, 3);
    } else if (one_in(&d, 16)) {
        d.p.epoch += 1;
    } else if (one_in(&d, 16) && d.m->v.count > 0) {
        uint32_t card = d.m->v.log[below(&d, d.m->v.count)]; /* an old key, or another room's */
        const struct card *c = &l->cards[card];
        if (c->content != NULL && c->content->header.kind == (uint32_t)KIND_EPOCH &&
            d.m->v.keys[card]) {
            seal.key_card = card;
        }
    }
    story_add(&l->story, "files a wild %s", kind_word(d.p.kind));
    uint32_t card = light_sealed(l, machine, &d.p, seal, one_in(&d, 12), &ok);
    if (!ok) {
        story_add(&l->story, " -> %s", l->err.what);
        return true;
    }
    if (one_in(&d, 30)) {
        l->cards[card].matches = false;
    }
    return light_post(l, machine, card);
}

/* Garbage keys: to some, with members left out, of a wrong number, with a wrong secret. */
static bool wild_epoch(struct light *l, uint32_t machine)
{
    if (prop_one_in(&l->rnd, 2)) {
        return light_bend_key(l, machine);
    }
    struct room room = {
        prop_one_in(&l->rnd, 3) && l->shape->monitors ? ROOM_MONITORS : ROOM_PLENARY, 0};
    uint32_t card;
    if (!light_epoch(l, machine, room, &card)) {
        return true;
    }
    struct card *c = &l->cards[card];
    story_add(&l->story, "gives a room a false key");
    if (prop_one_in(&l->rnd, 2)) {
        c->sealed_to &= prop_u64(&l->rnd) | UINT64_C(1) << machine;
    } else if (prop_one_in(&l->rnd, 2)) {
        c->epoch_key_holds = false;
        c->forged = true;
    } else if (prop_one_in(&l->rnd, 2)) {
        c->matches = false;
        c->forged = true;
    }
    return light_post(l, machine, card);
}

/* A countersignature with a false time, of an old tree, of nothing. */
static bool wild_countersign(struct light *l, uint32_t machine)
{
    struct machine *m = &l->machines[machine];
    struct light_author who = {machine, false};
    uint64_t size = m->v.count;
    uint64_t time = l->now;
    if (keyring_find_seat(door_keyring(m->v.door), &m->kid) == SEAT_NONE) {
        return true;
    }
    switch (prop_below(&l->rnd, 4)) {
    case 0:
        time = l->now + prop_below(&l->rnd, 20 * DAY);
        break;
    case 1:
        time = l->now - prop_below(&l->rnd, 5 * DAY);
        break;
    case 2:
        m->pretends = prop_below(&l->rnd, 12);
        break;
    default:
        size -= prop_below(&l->rnd, 3);
        break;
    }
    struct act probe = light_fields(l, who, CONTROL_COUNTERSIGN, bytes_str("x"));
    size = m->pretends > 0 ? probe.seen_size : size;
    struct bytes blob = light_countersign_blob(l, machine, size, time);
    struct act a = light_fields(l, who, CONTROL_COUNTERSIGN, blob);
    m->pretends = 0;
    story_add(&l->story, "countersigns %llu at a false hour", (unsigned long long)size);
    return light_post(l, machine, light_card(l, who, &a, blob));
}

/* A control act that may not be: of a root or a seat that has no say in it. */
static bool wild_control(struct light *l, uint32_t machine)
{
    struct draft d;
    struct buf blob;
    draft_begin(l, machine, &d);
    const struct keyring *ring = door_keyring(d.m->v.door);
    uint32_t seats = keyring_seats(ring, d.m->v.count);
    buf_init(&blob, CONTROL_BLOB_MAX);
    if (one_in(&d, 3) && seats > 0) {
        keys_encode_revoke(&keyring_seat(ring, (uint32_t)below(&d, seats))->kid, &blob);
        story_add(&l->story, "removes somebody");
        return draft_control(&d, draft_is_principal(&d) && !one_in(&d, 4), CONTROL_KEYS, &blob);
    }
    if (one_in(&d, 2) && seats > 0 && draft_is_principal(&d)) {
        struct naming n = {.needed = 1 + (uint32_t)below(&d, 2),
                           .count = 1 + (uint32_t)below(&d, 2)};
        for (uint32_t i = 0; i < n.count; i++) {
            n.witnesses[i] = keyring_seat(ring, (uint32_t)below(&d, seats))->keys.witness;
        }
        naming_encode(&n, &blob);
        story_add(&l->story, "names whom it likes");
        return draft_control(&d, true, CONTROL_WITNESSES, &blob);
    }
    proceed_encode((uint32_t)below(&d, one_in(&d, 8) ? 99 : 6), &blob);
    story_add(&l->story, "proceeds without somebody");
    return draft_control(&d, false, CONTROL_PROCEED, &blob);
}

bool light_misbehave(struct light *l, uint32_t machine)
{
    struct machine *m = &l->machines[machine];
    story_tell(&l->story, "CHEAT %s ", m->cast->name);
    if (!light_sync(l, machine)) {
        return false;
    }
    if (m->outbox_count + 2 >= LIGHT_OUTBOX || !draft_is_seated(l, machine) || l->resting) {
        return true;
    }
    if (prop_one_in(&l->rnd, 4)) {
        m->pretends = prop_below(&l->rnd, 15); /* as if it had not seen the last acts */
    }
    bool ok;
    switch (prop_below(&l->rnd, 13)) {
    case 12:
        m->pretends = 0;
        ok = light_bend_paper(l, machine);
        break;
    case 0:
        ok = wild_countersign(l, machine);
        break;
    case 1:
        ok = wild_epoch(l, machine);
        break;
    case 2:
        ok = wild_control(l, machine);
        break;
    case 3:
    case 4:
    case 5: {
        bool done = false;
        ok = draft_try(l, machine, &done);
        break;
    }
    case 6:
        m->pretends = 0;
        m->dutiful = true; /* it is not to be put out */
        ok = light_sync(l, machine);
        m->dutiful = false;
        break;
    default:
        ok = wild_act(l, machine);
        break;
    }
    m->pretends = 0;
    return ok;
}
