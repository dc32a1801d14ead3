/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/light_draft.h"

#include <stdio.h>

#include "record/roster.h"

void light_pair(struct light *l, uint32_t kind, uint32_t refusal)
{
    if (kind < LIGHT_KINDS && refusal < 32) {
        l->figures.pairs[kind] |= 1u << refusal;
    }
}

void light_did(struct light *l, enum deed_done what, uint32_t side, const struct leaf_hash *p)
{
    if (l->done_count < WORLD_DONE_MAX) {
        l->done[l->done_count++] = (struct done){.what = what, .side = side, .proposal = *p};
    }
}

static uint32_t own_seat(const struct draft *d)
{
    return keyring_find_seat(door_keyring(d->m->v.door), &d->m->kid);
}

static bool has_charter(const struct draft *d)
{
    return light_state(&d->m->v)->has_charter;
}

static bool is_party(const struct draft *d)
{
    return d->m->side >= 1 && d->m->side <= d->l->charter.party_count;
}

bool draft_is_principal(const struct draft *d)
{
    return d->m->cast->post == 0;
}

bool draft_control(struct draft *d, bool root, enum control_kind kind, struct buf *blob)
{
    struct light *l = d->l;
    struct light_author who = {d->machine, root};
    struct bytes kept = light_keep(l, blob);
    struct act a = light_fields(l, who, kind, kept);
    return light_post(l, d->machine, light_card(l, who, &a, kept));
}

/* The key that an honest program seals to; false: it waits for one, or gives one. */
static bool key_of(struct draft *d, struct room room, uint32_t *out, bool *out_ok)
{
    struct light *l = d->l;
    const struct keyring *ring = door_keyring(d->m->v.door);
    const struct epoch_state *e = fold_epoch(d->m->v.fold, room, d->m->v.count);
    uint32_t card;
    *out_ok = true;
    if (e == NULL || fold_epoch_stale(d->m->v.fold, e)) {
        if (light_epoch(l, d->machine, room, &card)) {
            story_add(&l->story, " (gives the room a key)");
            *out_ok = light_post(l, d->machine, card);
            return false;
        }
        if (e == NULL) {
            return false;
        }
    }
    *out = d->m->v.log[e->index];
    for (uint32_t i = 0; i < l->machine_count; i++) {
        uint32_t seat = (l->cards[*out].sealed_to >> i & 1u) != 0
                            ? keyring_find_seat(ring, &l->machines[i].kid)
                            : SEAT_NONE;
        if (seat != SEAT_NONE && keyring_seat(ring, seat)->revoked_at != INDEX_NEVER) {
            story_add(&l->story, " (somebody who has left has its key: waits for another)");
            return false;
        }
    }
    d->p.epoch = e->number;
    return true;
}

bool draft_file(struct draft *d, const char *what)
{
    struct light *l = d->l;
    struct room room;
    uint32_t seat = own_seat(d);
    struct light_seal seal = {0};
    struct refusal r = {0};
    bool ok = true;
    story_add(&l->story, "%s", what);
    d->p.claimed_time = clock_now(&d->m->clock.clock);
    if (seat == SEAT_NONE || !room_parse(&l->charter, d->p.room, &room) ||
        !room_has_seat(&l->charter, room, keyring_seat(door_keyring(d->m->v.door), seat)) ||
        !key_of(d, room, &seal.key_card, &ok)) {
        return ok;
    }
    if (has_charter(d)) {
        bool yes = fold_would_accept(d->m->v.fold, seat, &d->p, &l->scratch, &r);
        arena_wipe(&l->scratch);
        light_pair(l, (uint32_t)d->p.kind, r.code);
        if (!yes) {
            story_add(&l->story, " -> %s", r.what);
            return true;
        }
    }
    if (d->accepts) {
        light_did(l, DONE_ACCEPT, d->m->side, &d->p.answers);
    } else if (d->p.kind == KIND_RATIFY) {
        struct leaf_hash leaf = d->refs[0];
        light_did(l, DONE_RATIFY, d->m->side, &leaf);
    }
    uint32_t card = light_sealed(l, d->machine, &d->p, seal, false, &ok);
    return ok ? light_post(l, d->machine, card)
              : story_fail(&l->story, "plays", "%s: %s", what, l->err.what);
}

/* ---- offers; true in *out: something was done ---- */

static bool propose(struct draft *d, bool *out)
{
    const struct charter *c = &d->l->charter;
    uint32_t phase = (uint32_t)below(d, c->phase_count);
    if (!has_charter(d) || (!phase_open(d->s, phase) && !one_in(d, 12))) {
        return true;
    }
    for (uint32_t i = 0; i < d->s->proposal_count; i++) {
        const struct proposal_state *p = &d->s->proposals[i];
        if (p->phase == phase && p->withdrawn_at == INDEX_NEVER && !one_in(d, 5)) {
            return true;
        }
    }
    for (uint32_t i = 0; i < c->issue_count && d->p.choice_count < CHOICES; i++) {
        if (c->issues[i].phase == phase) {
            d->choices[d->p.choice_count++] = (struct named_choice){
                keep(d, c->issues[i].id), (uint32_t)below(d, c->issues[i].option_count)};
        }
    }
    if (d->p.choice_count > 1 && one_in(d, 10)) {
        d->p.choice_count--;
    }
    if (d->s->point_count > 0 && one_in(d, 2)) {
        const struct open_point *o = &d->s->points[below(d, d->s->point_count)];
        d->meets[0] = (struct meets){o->answer, keep(d, o->label)};
        d->p.meets = d->meets;
        d->p.meets_count = 1;
    }
    if (d->s->proposal_count > 0 && one_in(d, 3)) {
        d->refs[0] = d->s->proposals[d->s->proposal_count - 1].leaf;
        d->p.refs = d->refs;
        d->p.ref_count = 1;
    }
    d->p.choices = d->choices;
    d->p.kind = KIND_PROPOSE;
    *out = d->p.choice_count > 0;
    return !*out || draft_file(d, "proposes a package");
}

static const struct proposal_state *standing(struct draft *d)
{
    for (uint32_t i = d->s->proposal_count; i > 0; i--) {
        const struct proposal_state *p = &d->s->proposals[i - 1];
        if ((p->withdrawn_at == INDEX_NEVER || one_in(d, 6)) && p->bound_at == INDEX_NEVER &&
            !one_in(d, 5)) {
            return p;
        }
    }
    return NULL;
}

static void answer_with(struct draft *d, const struct proposal_state *p, enum answer_kind kind)
{
    static const char *const labels[] = {"R1", "R2", "R3"};
    d->p.kind = KIND_ANSWER;
    d->p.answer = kind;
    d->p.has_answers = true;
    d->p.answers = p->leaf;
    d->texts[0] = text_str("a reason");
    d->p.texts = d->texts;
    d->p.text_count = kind == ANSWER_REJECT ? 1 : 0;
    if (kind == ANSWER_CONCEPT) {
        d->reserved[0] = (struct reservation){.label = text_str(labels[below(d, 3)]),
                                              .text = text_str("not yet")};
        d->p.reservations = d->reserved;
        d->p.reservation_count = 1;
    }
    d->accepts = kind == ANSWER_ACCEPT || kind == ANSWER_AD_REFERENDUM;
}

static bool answer(struct draft *d, bool *out)
{
    static const char *const said[] = {
        "", "accepts", "accepts ad referendum", "agrees in concept to", "rejects", "counters"};
    const struct proposal_state *p = standing(d);
    char what[64];
    if (!has_charter(d) || !is_party(d) || p == NULL ||
        (answer_accepts(&p->answers[d->m->side]) && !one_in(d, 8))) {
        return true;
    }
    uint64_t draw = below(d, 12);
    enum answer_kind kind = draw < 5    ? ANSWER_ACCEPT
                            : draw < 9  ? ANSWER_AD_REFERENDUM
                            : draw < 10 ? ANSWER_CONCEPT
                            : draw < 11 ? ANSWER_REJECT
                                        : ANSWER_COUNTER;
    if (!draft_is_principal(d) && kind == ANSWER_ACCEPT && !one_in(d, 3)) {
        kind = ANSWER_AD_REFERENDUM;
    }
    answer_with(d, p, kind);
    (void)snprintf(what, sizeof(what), "%s P%u", said[kind], p->number);
    *out = true;
    return draft_file(d, what);
}

static bool withdraw(struct draft *d, bool *out)
{
    char what[48];
    for (uint32_t i = d->s->proposal_count; has_charter(d) && i > 0; i--) {
        const struct proposal_state *p = &d->s->proposals[i - 1];
        if (p->side == d->m->side && (p->withdrawn_at == INDEX_NEVER || one_in(d, 8))) {
            (void)snprintf(what, sizeof(what), "withdraws P%u", p->number);
            d->p.kind = KIND_WITHDRAW;
            d->p.has_answers = true;
            d->p.answers = p->leaf;
            *out = true;
            return draft_file(d, what);
        }
    }
    return true;
}

struct bytes draft_ratification(struct draft *d, uint32_t side, const struct leaf_hash *leaf)
{
    char hour[32];
    (void)snprintf(hour, sizeof(hour), "paper %u", ++d->l->papers_made);
    struct object o = {.kind = OBJECT_RATIFY, .has_text = true, .text = text_str(hour)};
    memcpy(o.digest.b, leaf->b, sizeof(leaf->b));
    return light_paper(d->l, side, o);
}

static bool ratify(struct draft *d, bool *out)
{
    char what[48];
    if (!has_charter(d) || !is_party(d) || !draft_is_principal(d)) {
        return true;
    }
    for (uint32_t i = d->s->proposal_count; i > 0; i--) {
        const struct proposal_state *p = &d->s->proposals[i - 1];
        bool early = one_in(d, 16);
        if (!early && (p->bound_at != INDEX_NEVER || p->ratified[d->m->side].given ||
                       !answer_accepts(&p->answers[d->m->side]))) {
            continue;
        }
        (void)snprintf(what, sizeof(what), "ratifies P%u", p->number);
        d->refs[0] = p->leaf;
        d->p.kind = KIND_RATIFY;
        d->p.has_answers = true;
        d->p.answers = p->leaf;
        d->p.object = draft_ratification(d, d->m->side, &d->refs[0]);
        *out = true;
        return draft_file(d, what);
    }
    return true;
}

static bool confirm(struct draft *d, bool *out)
{
    for (uint32_t i = d->s->proposal_count; has_charter(d) && i > 0; i--) {
        const struct proposal_state *p = &d->s->proposals[i - 1];
        if (p->bound_at != INDEX_NEVER || (p->crossed == 0 && !p->contested && !one_in(d, 20))) {
            continue;
        }
        uint32_t side = 1 + (uint32_t)below(d, d->s->charter.party_count);
        bool ratified = p->ratified[side].given && one_in(d, 2);
        if (!ratified && p->answers[side].kind == 0) {
            continue;
        }
        d->p.kind = KIND_CONFIRM;
        d->p.has_answers = true;
        d->p.answers = ratified ? p->ratified[side].leaf : p->answers[side].leaf;
        *out = true;
        return draft_file(d, ratified ? "confirms a ratification" : "confirms an answer");
    }
    return true;
}

static bool close_point(struct draft *d, bool *out)
{
    for (uint32_t i = 0; has_charter(d) && i < d->s->point_count; i++) {
        const struct open_point *o = &d->s->points[i];
        if ((o->closed_at == INDEX_NEVER && o->side == d->m->side) || one_in(d, 20)) {
            d->p.kind = KIND_CLOSE;
            d->p.has_answers = true;
            d->p.answers = o->answer;
            d->p.label = keep(d, o->label);
            if (one_in(d, 2)) {
                d->refs[0] = d->s->proposals[below(d, d->s->proposal_count)].leaf;
                d->p.refs = d->refs;
                d->p.ref_count = 1;
            }
            *out = true;
            return draft_file(d, "closes a point");
        }
    }
    return true;
}

/* ---- papers ---- */

static bool sign_charter(struct draft *d, bool *out)
{
    const struct view *v = &d->m->v;
    struct object o = {.kind = OBJECT_SIGN_CHARTER};
    struct digest roster;
    struct err untold;
    if (!has_charter(d) || !draft_is_principal(d) || d->m->side >= charter_groups(&d->l->charter) ||
        !roster_digest_at(door_keyring(v->door), v->count, &roster, &untold)) {
        return true;
    }
    const struct charter_signature *mine = &d->s->signatures[d->m->side];
    if (mine->given && ID_EQ(mine->roster, roster) && !one_in(d, 30)) {
        return true;
    }
    o.digest = charter_signature_digest(&light_state(v)->charter_leaf, &roster);
    d->p.kind = KIND_SIGN_CHARTER;
    d->p.object = light_paper(d->l, d->m->side, o);
    *out = true;
    return draft_file(d, "signs the charter");
}

static bool mandate(struct draft *d, bool *out)
{
    static const uint64_t spans[] = {3600, 6 * 3600, DAY, 3 * DAY, 10 * DAY};
    const struct keyring *ring = door_keyring(d->m->v.door);
    uint32_t n = keyring_seats(ring, d->m->v.count);
    for (uint32_t i = 0; has_charter(d) && draft_is_principal(d) && i < n; i++) {
        const struct ring_seat *seat = keyring_seat(ring, i);
        if (seat->side != d->m->side || seat->keys.post == 0) {
            continue;
        }
        uint64_t now = clock_now(&d->m->clock.clock);
        uint64_t from = one_in(d, 6) ? now + 7200 : now - 60;
        struct object o = {.kind = OBJECT_MANDATE,
                           .delegate = seat->kid,
                           .powers = one_in(d, 3) ? POWERS_ALL
                                                  : POWERS_ALL & ~(uint32_t)POWER_ACCEPT_BINDING,
                           .all_issues = true,
                           .not_before = from,
                           .expires = from + spans[below(d, COUNT_OF(spans))]};
        struct text issue = d->l->charter.issues[0].id;
        if (one_in(d, 8)) {
            o.all_issues = false;
            o.issue_count = 1;
            o.issues = &issue;
        }
        d->p.kind = KIND_MANDATE;
        d->p.object = light_paper(d->l, d->m->side, o);
        *out = true;
        return draft_file(d, "gives a mandate");
    }
    return true;
}

static bool revoke_mandate(struct draft *d, bool *out)
{
    for (uint32_t i = d->s->mandate_count; has_charter(d) && draft_is_principal(d) && i > 0; i--) {
        const struct mandate_state *m = &d->s->mandates[i - 1];
        if (m->side == d->m->side && m->revoked_at == INDEX_NEVER) {
            struct object o = {.kind = OBJECT_REVOKE, .digest = m->id};
            d->p.kind = KIND_REVOKE_MANDATE;
            d->p.object = light_paper(d->l, d->m->side, o);
            *out = true;
            return draft_file(d, "revokes a mandate");
        }
    }
    return true;
}

/* ---- deeds ---- */

static bool some_deed(struct draft *d, uint32_t *out)
{
    const struct charter *c = &d->l->charter;
    if (c->deed_count == 0 || !d->s->has_charter) {
        return false;
    }
    *out = (uint32_t)below(d, c->deed_count);
    d->p.deed = keep(d, c->deeds[*out].id);
    d->p.room = text_str(d->l->shape->monitors ? "monitors" : "plenary");
    return true;
}

static bool promise(struct draft *d, bool *out)
{
    uint32_t k;
    if (!has_charter(d) || !some_deed(d, &k) ||
        (d->l->charter.deeds[k].by != d->m->side && !one_in(d, 12)) ||
        (d->s->deeds[k].promised && !one_in(d, 12))) {
        return true;
    }
    d->texts[0] = text_str("what is promised");
    d->p.texts = d->texts;
    d->p.text_count = 1;
    d->p.has_when = true;
    d->p.when = d->l->now + prop_between(rnd(d), 3600, 3 * DAY);
    if (one_in(d, 3)) {
        d->p.after = keep(d, d->l->charter.deeds[below(d, d->l->charter.deed_count)].id);
    }
    d->p.kind = KIND_PROMISE;
    *out = true;
    return draft_file(d, "promises a deed");
}

static bool report(struct draft *d, bool *out)
{
    uint32_t k;
    if (!some_deed(d, &k) || (!d->s->deeds[k].promised && !one_in(d, 8)) ||
        (d->l->charter.deeds[k].by != d->m->side && !one_in(d, 12))) {
        return true;
    }
    d->p.finding = (enum finding)prop_between(rnd(d), 1, 3);
    d->p.kind = KIND_REPORT;
    *out = true;
    return draft_file(d, "reports a deed");
}

static bool verify(struct draft *d, bool *out)
{
    uint32_t k;
    if (!some_deed(d, &k) || (!d->s->deeds[k].promised && !one_in(d, 8))) {
        return true;
    }
    const struct charter_deed *c = &d->l->charter.deeds[k];
    bool mine = c->verifier != CHARTER_NONE ? c->verifier == d->m->side : c->by != d->m->side;
    if (!mine && !one_in(d, 10)) {
        return true;
    }
    d->p.finding = one_in(d, 4) ? (enum finding)prop_between(rnd(d), 2, 3) : FINDING_DONE;
    d->p.has_answers = d->s->deeds[k].says != 0;
    d->p.answers = d->s->deeds[k].report;
    d->p.kind = KIND_VERIFY;
    *out = true;
    return draft_file(d, d->p.finding == FINDING_DONE ? "verifies a deed: done"
                                                      : "verifies a deed: not done");
}

static bool lapse(struct draft *d, bool *out)
{
    uint32_t k;
    if (!has_charter(d) || !some_deed(d, &k) || !d->s->deeds[k].promised ||
        (d->s->deeds[k].due > d->l->now + DAY / 4 && !one_in(d, 6))) {
        return true;
    }
    d->p.kind = KIND_LAPSE;
    *out = true;
    return draft_file(d, "notes that a promise lapsed");
}

static bool incident(struct draft *d, bool *out)
{
    d->texts[0] = text_str("shots were heard");
    d->p.texts = d->texts;
    d->p.text_count = 1;
    d->p.room = text_str(d->l->shape->monitors ? "monitors" : "plenary");
    d->p.has_when = true;
    d->p.when = d->l->now - below(d, DAY);
    if (one_in(d, 2)) {
        d->p.side = keep(d, d->l->charter.sides[1 + below(d, d->l->charter.party_count)].id);
    }
    if (d->s->evidence_count > 0 && one_in(d, 2)) {
        d->refs[0] = d->s->evidence[below(d, d->s->evidence_count)];
        d->p.refs = d->refs;
        d->p.ref_count = 1;
    }
    d->p.kind = KIND_INCIDENT;
    *out = true;
    return draft_file(d, "reports an incident");
}

static bool assess(struct draft *d, bool *out)
{
    for (uint32_t i = 0; i < d->s->incident_count; i++) {
        const struct incident_state *n = &d->s->incidents[i];
        if (n->verdict != 0 && !one_in(d, 8)) {
            continue;
        }
        d->p.room = text_str(d->l->shape->monitors ? "monitors" : "plenary");
        d->p.has_answers = true;
        d->p.answers = n->leaf;
        d->p.verdict = one_in(d, 2) ? VERDICT_VERIFIED : VERDICT_NOT_VERIFIED;
        d->p.kind = KIND_ASSESS;
        *out = true;
        return draft_file(d, d->p.verdict == VERDICT_VERIFIED
                                 ? "assesses an incident: verified"
                                 : "assesses an incident: not verified");
    }
    return true;
}

static bool gate(struct draft *d, bool *out)
{
    for (uint32_t i = 0; has_charter(d) && i + 1 < d->s->charter.phase_count; i++) {
        bool tried = one_in(d, 12);
        for (uint32_t k = 0; k < d->s->proposal_count; k++) {
            tried = tried ||
                    (d->s->proposals[k].phase == i && d->s->proposals[k].bound_at != INDEX_NEVER);
        }
        if (tried && (phase_open(d->s, i) || one_in(d, 4)) &&
            (d->s->gate_opened_at[i] == INDEX_NEVER || one_in(d, 8))) {
            d->p.phase = keep(d, d->s->charter.phases[i].id);
            d->p.kind = KIND_GATE;
            *out = true;
            return draft_file(d, "opens a gate");
        }
    }
    return true;
}

/* ---- words ---- */

static bool say(struct draft *d, bool *out)
{
    static const char *const rooms[] = {"plenary",      "monitors",        "home/kestria",
                                        "home/velland", "shuttle/kestria", "shuttle/velland"};
    uint64_t k = below(d, COUNT_OF(rooms));
    char what[48];
    d->texts[0] = text_str("words");
    d->p.texts = d->texts;
    d->p.text_count = 1;
    d->p.room = text_str(rooms[k]);
    d->p.kind = KIND_SAY;
    if (one_in(d, 4)) {
        d->p.kind = KIND_DOCUMENT;
        d->p.text_count = 0;
        d->p.name = text_str("a paper");
        d->p.media = text_str("text/plain");
        d->p.content = bytes_str("words");
    } else if (k == 0 && one_in(d, 4) && d->s->has_charter) {
        d->p.kind = KIND_STATEMENT;
        d->p.side = keep(d, d->l->charter.sides[1].id);
        d->p.source = text_str("a newspaper");
    } else if (k == 0 && one_in(d, 4)) {
        d->p.kind = KIND_INTRODUCE;
        d->p.text_count = 0;
        d->p.name = text_str(d->m->cast->name);
        d->p.has_seat = true;
        d->p.seat = d->m->kid;
    }
    (void)snprintf(what, sizeof(what), "speaks in %s", rooms[k]);
    *out = true;
    return draft_file(d, what);
}

static bool park(struct draft *d, bool *out)
{
    for (uint32_t i = 0; has_charter(d) && i < d->s->charter.phase_count; i++) {
        if (!phase_open(d->s, i) || one_in(d, 8)) {
            d->texts[0] = text_str("for later");
            d->p.texts = d->texts;
            d->p.text_count = 1;
            d->p.phase = keep(d, d->s->charter.phases[i].id);
            d->p.kind = KIND_PARK;
            *out = true;
            return draft_file(d, "parks a title");
        }
    }
    return true;
}

static bool consent(struct draft *d, bool *out)
{
    if (!has_charter(d) || d->s->proposal_count == 0) {
        return true;
    }
    bool publish = one_in(d, 4);
    d->refs[0] = d->s->proposals[0].leaf;
    if (one_in(d, 3)) {
        d->refs[0] = door_leaf(d->m->v.door, below(d, d->m->v.count));
    }
    d->p.refs = d->refs;
    d->p.ref_count = 1;
    d->p.kind = publish ? KIND_PUBLISHED : KIND_CONSENT;
    *out = true;
    return draft_file(d, publish ? "notes that something was published" : "consents to publish");
}

/* ---- who sits here ---- */

static bool admit(struct draft *d, bool *out)
{
    struct light *l = d->l;
    for (uint32_t i = 0; has_charter(d) && draft_is_principal(d) && i < l->machine_count; i++) {
        const struct machine *o = &l->machines[i];
        if (!o->joined && o->side == d->m->side) {
            story_add(&l->story, "admits %s", o->cast->name);
            *out = true;
            return light_admit(l, i, d->machine);
        }
    }
    return true;
}

static bool revoke_seat(struct draft *d, bool *out)
{
    const struct keyring *ring = door_keyring(d->m->v.door);
    uint32_t n = keyring_seats(ring, d->m->v.count);
    for (uint32_t i = 0; draft_is_principal(d) && i < n; i++) {
        const struct ring_seat *seat = keyring_seat(ring, i);
        struct buf blob;
        if (seat->side != d->m->side || seat->keys.post == 0 ||
            !ring_seat_active(seat, d->m->v.count)) {
            continue;
        }
        buf_init(&blob, CONTROL_BLOB_MAX);
        keys_encode_revoke(&seat->kid, &blob);
        story_add(&d->l->story, "removes a seat");
        d->l->figures.revoked++;
        *out = true;
        return draft_control(d, true, CONTROL_KEYS, &blob);
    }
    return true;
}

static bool name_witnesses(struct draft *d, bool *out)
{
    const struct keyring *ring = door_keyring(d->m->v.door);
    struct naming n = {.needed = 1};
    struct buf blob;
    uint32_t seats = keyring_seats(ring, d->m->v.count);
    if (!draft_is_principal(d) || d->m->side >= charter_groups(&d->l->charter)) {
        return true;
    }
    for (uint32_t i = 0; i < seats && n.count < 2; i++) {
        const struct ring_seat *seat = keyring_seat(ring, i);
        if (seat->side == d->m->side && ring_seat_active(seat, d->m->v.count)) {
            n.witnesses[n.count++] = seat->keys.witness;
        }
    }
    const struct ring_naming *now = keyring_naming(ring, d->m->side, d->m->v.count);
    if (n.count == 0 || (now != NULL && now->count == n.count && !one_in(d, 3))) {
        return true;
    }
    if (n.count == 2 && one_in(d, 4)) {
        n.count = 1;
        n.witnesses[0] = n.witnesses[one_in(d, 2)];
    }
    n.needed = n.count;
    uint32_t own = own_seat(d); /* the principal's own machine */
    if (own == SEAT_NONE ||
        (n.count == 1 && memcmp(&n.witnesses[0], &keyring_seat(ring, own)->keys.witness,
                                sizeof(n.witnesses[0])) != 0)) {
        d->l->other_witness |= UINT32_C(1) << d->m->side;
    }
    buf_init(&blob, CONTROL_BLOB_MAX);
    naming_encode(&n, &blob);
    story_add(&d->l->story, "names %u of %u witnesses", n.needed, n.count);
    *out = true;
    return draft_control(d, true, CONTROL_WITNESSES, &blob);
}

static bool proceed(struct draft *d, bool *out)
{
    uint32_t groups = charter_groups(&d->l->charter);
    uint32_t side = (uint32_t)below(d, groups);
    struct buf blob;
    if (side == d->m->side || d->m->side >= groups ||
        (!witness_would_proceed(door_witness(d->m->v.door), d->m->v.count, d->m->side, side) &&
         !one_in(d, 8))) {
        return true;
    }
    buf_init(&blob, CONTROL_BLOB_MAX);
    proceed_encode(side, &blob);
    story_add(&d->l->story, "proceeds without side %u", side);
    *out = true;
    return draft_control(d, false, CONTROL_PROCEED, &blob);
}

static const struct {
    uint32_t weight;
    bool (*does)(struct draft *d, bool *out);
} habits[] = {
    {8, propose},        {26, answer},  {4, withdraw},
    {10, ratify},        {8, confirm},  {3, close_point},
    {6, sign_charter},   {5, mandate},  {1, revoke_mandate},
    {4, promise},        {3, report},   {5, verify},
    {2, lapse},          {1, incident}, {4, assess},
    {6, gate},           {4, say},      {1, park},
    {3, consent},        {4, admit},    {1, revoke_seat},
    {2, name_witnesses}, {4, proceed},
};

void draft_begin(struct light *l, uint32_t machine, struct draft *d)
{
    struct machine *m = &l->machines[machine];
    *d = (struct draft){.l = l, .m = m, .machine = machine};
    d->s = light_state(light_state(&m->v)->has_charter ? &m->v : &l->branches[m->branch].v);
    d->p.room = text_str("plenary");
}

bool draft_try(struct light *l, uint32_t machine, bool *out)
{
    struct draft d;
    uint32_t total = 0;
    for (size_t i = 0; i < COUNT_OF(habits); i++) {
        total += habits[i].weight;
    }
    draft_begin(l, machine, &d);
    uint64_t draw = prop_below(&l->rnd, total);
    for (size_t i = 0; i < COUNT_OF(habits); i++) {
        if (draw < habits[i].weight) {
            return habits[i].does(&d, out);
        }
        draw -= habits[i].weight;
    }
    return true;
}

bool draft_is_seated(const struct light *l, uint32_t machine)
{
    const struct machine *m = &l->machines[machine];
    const struct keyring *ring = door_keyring(m->v.door);
    uint32_t seat = keyring_find_seat(ring, &m->kid);
    return seat != SEAT_NONE && ring_seat_active(keyring_seat(ring, seat), m->v.count);
}

bool light_behave(struct light *l, uint32_t machine)
{
    struct machine *m = &l->machines[machine];
    story_tell(&l->story, "%s ", m->cast->name);
    /* What waits goes out first; nothing is signed upon it. */
    if (m->outbox_count > 0 || m->cut || m->numb || !draft_is_seated(l, machine) ||
        prop_one_in(&l->rnd, 6)) {
        story_add(&l->story, "synchronises");
        return light_sync(l, machine);
    }
    if (!prop_one_in(&l->rnd, 6) && !light_sync(l, machine)) {
        return false; /* most look before they write */
    }
    uint32_t made = l->card_count;
    /* What the desk stops is no act yet: people think of something else. */
    for (int i = 0; i < 12 && made == l->card_count && draft_is_seated(l, machine); i++) {
        bool done = false;
        if (!draft_try(l, machine, &done)) {
            return false;
        }
    }
    return made == l->card_count || prop_one_in(&l->rnd, 3) || light_sync(l, machine);
}

bool light_admit(struct light *l, uint32_t newcomer, uint32_t by)
{
    struct machine *m = &l->machines[newcomer];
    struct light_author root = {by, true};
    struct bytes blob = l->slips[newcomer];
    struct act a = light_fields(l, root, CONTROL_KEYS, blob);
    m->joined = true;
    m->open = true;
    m->final = m->floor = 0; /* a new folder, also where it had been admitted before */
    m->branch = l->machines[by].branch;
    light_view_open(l, &m->v, newcomer);
    sim_clock_begin(&m->clock, &l->rnd);
    sim_clock_set(&m->clock, l->now);
    return light_post(l, by, light_card(l, root, &a, blob));
}
