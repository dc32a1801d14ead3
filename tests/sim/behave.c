/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/behave.h"

#include <stdio.h>

#include "record/roster.h"
#include "table/gate.h"

#define DAY UINT64_C(86400)
#define CHOICES 8u

/* One act being written: views borrow it. */
struct draft {
    struct world *w;
    struct seat_sim *s;
    struct replica *r;
    const struct table_state *state; /* what the person looks at: his own, or a neighbour's */
    struct payload p;
    struct named_choice choices[CHOICES];
    struct text texts[2];
    struct reservation reserved[1];
    struct leaf_hash refs[2];
    char words[CHOICES][ID_MAX_BYTES + 1];
};

static struct prop *rnd(struct draft *d)
{
    return &d->w->rnd;
}

/* A copy that outlives the fold's memory. */
static struct text keep(struct draft *d, uint32_t at, struct text t)
{
    size_t n = t.n < ID_MAX_BYTES ? t.n : ID_MAX_BYTES;
    memcpy(d->words[at], t.p, n);
    return (struct text){.p = d->words[at], .n = n};
}

static struct text shared_room(const struct draft *d)
{
    return text_str(d->w->shape->monitors ? "monitors" : "plenary");
}

static enum outcome outcome_of(struct draft *d, bool ok)
{
    struct world *w = d->w;
    if (ok) {
        return OUTCOME_DONE;
    }
    story_add(&w->story, " -> %s", w->err.what);
    return w->err.code == ERR_RULE ? OUTCOME_REFUSED : OUTCOME_FAILED;
}

static enum outcome file(struct draft *d, const char *what)
{
    uint64_t index = 0;
    struct payload p = d->p;
    story_add(&d->w->story, "%s", what);
    bool ok = act_file(d->r, ACT_CHECKED, &p, &index, &d->w->err);
    if (ok) {
        story_add(&d->w->story, " -> act %llu", (unsigned long long)index);
    }
    return outcome_of(d, ok);
}

static bool is_principal(const struct draft *d)
{
    return d->s->cast->post == 0;
}

static bool is_party(const struct draft *d)
{
    return d->state != NULL && d->r->side >= 1 && d->r->side <= d->state->charter.party_count;
}

static bool has_charter(const struct draft *d)
{
    return replica_has_charter(d->r);
}

/* ---- offers ---- */

static enum outcome propose(struct draft *d)
{
    const struct charter *c = &d->state->charter;
    uint32_t phase = (uint32_t)prop_below(rnd(d), c->phase_count);
    if (!has_charter(d) || (!phase_open(d->state, phase) && !prop_one_in(rnd(d), 10))) {
        return OUTCOME_NOTHING;
    }
    for (uint32_t i = 0; i < d->state->proposal_count; i++) {
        const struct proposal_state *p = &d->state->proposals[i];
        bool stands = p->phase == phase && p->withdrawn_at == INDEX_NEVER;
        if (stands && (p->bound_at != INDEX_NEVER || !prop_one_in(rnd(d), 4))) {
            return OUTCOME_NOTHING; /* there is something to answer */
        }
    }
    for (uint32_t i = 0; i < c->issue_count && d->p.choice_count < CHOICES; i++) {
        if (c->issues[i].phase == phase) {
            uint32_t k = d->p.choice_count++;
            d->choices[k] = (struct named_choice){
                keep(d, k, c->issues[i].id),
                (uint32_t)prop_below(rnd(d), c->issues[i].option_count)};
        }
    }
    if (d->p.choice_count > 1 && prop_one_in(rnd(d), 8)) {
        d->p.choice_count--; /* leaves out an issue: it never binds */
    }
    d->p.choices = d->choices;
    d->p.kind = KIND_PROPOSE;
    return d->p.choice_count == 0 ? OUTCOME_NOTHING : file(d, "proposes a package");
}

/* One that still stands, mostly the newest. */
static const struct proposal_state *standing(struct draft *d)
{
    const struct table_state *s = d->state;
    for (uint32_t i = s->proposal_count; i > 0; i--) {
        const struct proposal_state *p = &s->proposals[i - 1];
        if (p->withdrawn_at == INDEX_NEVER && p->bound_at == INDEX_NEVER &&
            !prop_one_in(rnd(d), 6)) {
            return p;
        }
    }
    return NULL;
}

static enum outcome answer(struct draft *d)
{
    const struct proposal_state *p = standing(d);
    struct world *w = d->w;
    char what[64];
    if (!has_charter(d) || !is_party(d) || p == NULL) {
        return OUTCOME_NOTHING;
    }
    const struct answer_state *before = &p->answers[d->r->side];
    if (answer_accepts(before) && !prop_one_in(rnd(d), 12)) {
        return OUTCOME_NOTHING;
    }
    uint64_t draw = prop_below(rnd(d), 12);
    d->p.kind = KIND_ANSWER;
    d->p.answer = draw < 5    ? ANSWER_ACCEPT
                  : draw < 9  ? ANSWER_AD_REFERENDUM
                  : draw < 10 ? ANSWER_CONCEPT
                  : draw < 11 ? ANSWER_REJECT
                              : ANSWER_COUNTER;
    if (!is_principal(d) && d->p.answer == ANSWER_ACCEPT && !prop_one_in(rnd(d), 4)) {
        d->p.answer = ANSWER_AD_REFERENDUM;
    }
    d->p.has_answers = true;
    d->p.answers = p->leaf;
    d->texts[0] = text_str("a reason");
    d->p.texts = d->texts;
    d->p.text_count = d->p.answer == ANSWER_REJECT ? 1 : 0;
    if (d->p.answer == ANSWER_CONCEPT) {
        static const char *const labels[] = {"R1", "R2", "R3"};
        d->reserved[0] = (struct reservation){.label = text_str(labels[prop_below(rnd(d), 3)]),
                                              .text = text_str("not yet")};
        d->p.reservations = d->reserved;
        d->p.reservation_count = 1;
    }
    static const char *const said[] = {
        "", "accepts", "accepts ad referendum", "agrees in concept to", "rejects", "counters"};
    (void)snprintf(what, sizeof(what), "%s P%u", said[d->p.answer], p->number);
    struct leaf_hash leaf = p->leaf;
    bool accepts = d->p.answer == ANSWER_ACCEPT || d->p.answer == ANSWER_AD_REFERENDUM;
    if (accepts) {
        /* Signed is done, also where the post is lost for a while. */
        world_did(w, DONE_ACCEPT, d->r->side, &leaf);
    }
    return file(d, what);
}

static enum outcome withdraw(struct draft *d)
{
    char what[48];
    const struct table_state *s = d->state;
    for (uint32_t i = s->proposal_count; has_charter(d) && i > 0; i--) {
        const struct proposal_state *p = &s->proposals[i - 1];
        if (p->side == d->r->side && p->withdrawn_at == INDEX_NEVER) {
            (void)snprintf(what, sizeof(what), "withdraws P%u", p->number);
            d->p.kind = KIND_WITHDRAW;
            d->p.has_answers = true;
            d->p.answers = p->leaf;
            return file(d, what);
        }
    }
    return OUTCOME_NOTHING;
}

static enum outcome ratify(struct draft *d)
{
    const struct table_state *s = d->state;
    struct world *w = d->w;
    if (!has_charter(d) || !is_party(d) || !is_principal(d)) {
        return OUTCOME_NOTHING;
    }
    for (uint32_t i = s->proposal_count; i > 0; i--) {
        const struct proposal_state *p = &s->proposals[i - 1];
        if (p->bound_at != INDEX_NEVER || p->ratified[d->r->side].given ||
            !answer_accepts(&p->answers[d->r->side])) {
            continue;
        }
        struct leaf_hash leaf = p->leaf;
        uint64_t index = 0;
        story_add(&w->story, "ratifies P%u", p->number);
        world_did(w, DONE_RATIFY, d->r->side, &leaf);
        bool ok = act_ratify(d->r, p, &index, &w->err);
        if (ok) {
            story_add(&w->story, " -> act %llu", (unsigned long long)index);
        }
        return outcome_of(d, ok);
    }
    return OUTCOME_NOTHING;
}

/* What is crossed or contested, and can be settled by confirming. */
static enum outcome confirm(struct draft *d)
{
    const struct table_state *s = d->state;
    for (uint32_t i = s->proposal_count; has_charter(d) && i > 0; i--) {
        const struct proposal_state *p = &s->proposals[i - 1];
        if (p->bound_at != INDEX_NEVER || (p->crossed == 0 && !p->contested)) {
            continue;
        }
        uint32_t side = 1 + (uint32_t)prop_below(rnd(d), s->charter.party_count);
        bool ratified = p->ratified[side].given && prop_one_in(rnd(d), 2);
        if (!ratified && p->answers[side].kind == 0) {
            continue;
        }
        d->p.kind = KIND_CONFIRM;
        d->p.has_answers = true;
        d->p.answers = ratified ? p->ratified[side].leaf : p->answers[side].leaf;
        return file(d, ratified ? "confirms a ratification" : "confirms an answer");
    }
    return OUTCOME_NOTHING;
}

static enum outcome close_point(struct draft *d)
{
    const struct table_state *s = d->state;
    for (uint32_t i = 0; has_charter(d) && i < s->point_count; i++) {
        const struct open_point *o = &s->points[i];
        if (o->closed_at == INDEX_NEVER && o->side == d->r->side) {
            d->p.kind = KIND_CLOSE;
            d->p.has_answers = true;
            d->p.answers = o->answer;
            d->p.label = keep(d, 0, o->label);
            return file(d, "closes a point");
        }
    }
    return OUTCOME_NOTHING;
}

/* ---- papers ---- */

static enum outcome sign_charter(struct draft *d)
{
    struct digest roster;
    const struct table_state *s = d->state;
    struct world *w = d->w;
    struct err untold = {0};
    if (!has_charter(d) || !is_principal(d) || d->r->side >= charter_groups(&s->charter) ||
        !roster_digest_at(door_keyring(d->r->door), door_size(d->r->door), &roster, &untold)) {
        return OUTCOME_NOTHING;
    }
    const struct charter_signature *mine = &s->signatures[d->r->side];
    if (mine->given && ID_EQ(mine->roster, roster)) {
        return OUTCOME_NOTHING;
    }
    story_add(&w->story, "signs the charter");
    return outcome_of(d, act_sign_charter(d->r, NULL, &w->err));
}

static enum outcome mandate(struct draft *d)
{
    const struct keyring *ring = door_keyring(d->r->door);
    uint64_t size = door_size(d->r->door);
    struct world *w = d->w;
    static const uint64_t spans[] = {3600, 6 * 3600, DAY, 3 * DAY, 10 * DAY};
    if (!has_charter(d) || !is_principal(d)) {
        return OUTCOME_NOTHING;
    }
    for (uint32_t i = 0; i < keyring_seats(ring, size); i++) {
        const struct ring_seat *seat = keyring_seat(ring, i);
        if (seat->side != d->r->side || i == d->r->seat || !ring_seat_active(seat, size)) {
            continue;
        }
        struct mandate_request m = {.seat = i,
                                    .powers = prop_one_in(rnd(d), 3) ? 63u : 63u & ~8u,
                                    .seconds = spans[prop_below(rnd(d), COUNT_OF(spans))]};
        story_add(&w->story, "gives a mandate of %llu hours",
                  (unsigned long long)(m.seconds / 3600));
        return outcome_of(d, act_mandate(d->r, &m, NULL, &w->err));
    }
    return OUTCOME_NOTHING;
}

static enum outcome revoke_mandate(struct draft *d)
{
    const struct table_state *s = d->state;
    struct world *w = d->w;
    for (uint32_t i = s->mandate_count; has_charter(d) && is_principal(d) && i > 0; i--) {
        const struct mandate_state *m = &s->mandates[i - 1];
        if (m->side == d->r->side && m->revoked_at == INDEX_NEVER) {
            struct digest id = m->id;
            story_add(&w->story, "revokes a mandate");
            return outcome_of(d, act_revoke(d->r, &id, NULL, &w->err));
        }
    }
    return OUTCOME_NOTHING;
}

/* ---- deeds ---- */

static bool some_deed(struct draft *d, uint32_t *out)
{
    const struct charter *c = &d->state->charter;
    if (c->deed_count == 0) {
        return false;
    }
    *out = (uint32_t)prop_below(rnd(d), c->deed_count);
    d->p.deed = keep(d, 0, c->deeds[*out].id);
    d->p.room = shared_room(d);
    return true;
}

static enum outcome promise(struct draft *d)
{
    uint32_t k;
    if (!has_charter(d) || !some_deed(d, &k) || d->state->deeds[k].promised ||
        d->state->charter.deeds[k].by != d->r->side) {
        return OUTCOME_NOTHING;
    }
    d->texts[0] = text_str("what is promised");
    d->p.texts = d->texts;
    d->p.text_count = 1;
    d->p.has_when = true;
    d->p.when = d->w->now + prop_between(rnd(d), 3600, 3 * DAY);
    d->p.kind = KIND_PROMISE;
    return file(d, "promises a deed");
}

static enum outcome report(struct draft *d)
{
    uint32_t k;
    if (!has_charter(d) || !some_deed(d, &k) || !d->state->deeds[k].promised ||
        d->state->charter.deeds[k].by != d->r->side) {
        return OUTCOME_NOTHING;
    }
    d->p.finding = (enum finding)prop_between(rnd(d), 1, 3);
    d->p.kind = KIND_REPORT;
    return file(d, "reports a deed");
}

static enum outcome verify(struct draft *d)
{
    uint32_t k;
    if (!some_deed(d, &k) || !d->state->deeds[k].promised) {
        return OUTCOME_NOTHING;
    }
    const struct charter_deed *c = &d->state->charter.deeds[k];
    if (c->verifier != CHARTER_NONE ? c->verifier != d->r->side : c->by == d->r->side) {
        return OUTCOME_NOTHING;
    }
    d->p.finding = prop_one_in(rnd(d), 4) ? FINDING_NOT_DONE : FINDING_DONE;
    d->p.has_answers = d->state->deeds[k].says != 0;
    d->p.answers = d->state->deeds[k].report;
    d->p.kind = KIND_VERIFY;
    return file(d, d->p.finding == FINDING_DONE ? "verifies a deed: done"
                                                : "verifies a deed: not done");
}

static enum outcome lapse(struct draft *d)
{
    uint32_t k;
    if (!has_charter(d) || !some_deed(d, &k) || !d->state->deeds[k].promised ||
        d->state->deeds[k].due > d->w->now + DAY) {
        return OUTCOME_NOTHING;
    }
    d->p.kind = KIND_LAPSE;
    return file(d, "notes that a promise lapsed");
}

static enum outcome incident(struct draft *d)
{
    d->texts[0] = text_str("shots were heard");
    d->p.texts = d->texts;
    d->p.text_count = 1;
    d->p.room = shared_room(d);
    d->p.has_when = true;
    d->p.when = d->w->now - prop_below(rnd(d), DAY);
    d->p.kind = KIND_INCIDENT;
    return file(d, "reports an incident");
}

static enum outcome assess(struct draft *d)
{
    const struct table_state *s = d->state;
    for (uint32_t i = 0; i < s->incident_count; i++) {
        const struct incident_state *in = &s->incidents[i];
        if (in->verdict != 0 && !prop_one_in(rnd(d), 8)) {
            continue;
        }
        d->p.room = shared_room(d);
        d->p.has_answers = true;
        d->p.answers = in->leaf;
        d->p.verdict = prop_one_in(rnd(d), 2) ? VERDICT_VERIFIED : VERDICT_NOT_VERIFIED;
        d->p.kind = KIND_ASSESS;
        return file(d, d->p.verdict == VERDICT_VERIFIED ? "assesses an incident: verified"
                                                        : "assesses an incident: not verified");
    }
    return OUTCOME_NOTHING;
}

static enum outcome gate(struct draft *d)
{
    const struct table_state *s = d->state;
    for (uint32_t i = 0; has_charter(d) && i + 1 < s->charter.phase_count; i++) {
        bool tried = prop_one_in(rnd(d), 12);
        for (uint32_t k = 0; k < s->proposal_count; k++) {
            tried = tried ||
                    (s->proposals[k].phase == i && s->proposals[k].bound_at != INDEX_NEVER);
        }
        if (tried && phase_open(s, i) && s->gate_opened_at[i] == INDEX_NEVER) {
            d->p.phase = keep(d, 0, s->charter.phases[i].id);
            d->p.kind = KIND_GATE;
            return file(d, "opens a gate");
        }
    }
    return OUTCOME_NOTHING;
}

/* ---- words ---- */

static enum outcome say(struct draft *d)
{
    static const char *const rooms[] = {"plenary",      "monitors",        "home/kestria",
                                        "home/velland", "shuttle/kestria", "shuttle/velland",
                                        "home/meridia"};
    uint64_t k = prop_below(rnd(d), COUNT_OF(rooms));
    char what[48];
    if (k == 1 && !d->w->shape->monitors) {
        return OUTCOME_NOTHING;
    }
    if (k > 1 && strstr(rooms[k], d->s->cast->side) == NULL && !prop_one_in(rnd(d), 10)) {
        return OUTCOME_NOTHING; /* not a room of his, mostly */
    }
    d->texts[0] = text_str("words");
    d->p.texts = d->texts;
    d->p.text_count = 1;
    d->p.room = text_str(rooms[k]);
    d->p.kind = KIND_SAY;
    (void)snprintf(what, sizeof(what), "speaks in %s", rooms[k]);
    return file(d, what);
}

static enum outcome statement(struct draft *d)
{
    d->texts[0] = text_str("they said");
    d->p.texts = d->texts;
    d->p.text_count = 1;
    d->p.side = keep(d, 0, d->state->charter.sides[d->state->charter.party_count].id);
    d->p.source = text_str("a newspaper");
    d->p.kind = KIND_STATEMENT;
    return has_charter(d) ? file(d, "notes a statement") : OUTCOME_NOTHING;
}

static enum outcome park(struct draft *d)
{
    const struct table_state *s = d->state;
    for (uint32_t i = 0; has_charter(d) && i < s->charter.phase_count; i++) {
        if (!phase_open(s, i)) {
            d->texts[0] = text_str("for later");
            d->p.texts = d->texts;
            d->p.text_count = 1;
            d->p.phase = keep(d, 0, s->charter.phases[i].id);
            d->p.kind = KIND_PARK;
            return file(d, "parks a title");
        }
    }
    return OUTCOME_NOTHING;
}

static enum outcome consent(struct draft *d)
{
    const struct table_state *s = d->state;
    bool bound = prop_one_in(rnd(d), 12);
    for (uint32_t i = 0; i < s->proposal_count; i++) {
        bound = bound || s->proposals[i].bound_at != INDEX_NEVER;
    }
    if (!has_charter(d) || s->proposal_count == 0 || !bound) {
        return OUTCOME_NOTHING;
    }
    d->refs[0] = s->proposals[0].leaf;
    d->p.refs = d->refs;
    d->p.ref_count = 1;
    d->p.kind = KIND_CONSENT;
    return file(d, "consents to publish");
}

/* ---- who sits here ---- */

static enum outcome admit(struct draft *d)
{
    struct world *w = d->w;
    for (uint32_t i = 0; has_charter(d) && is_principal(d) && i < w->count; i++) {
        struct seat_sim *o = &w->seats[i];
        if (o->joined || o->gone || strcmp(o->cast->side, d->s->cast->side) != 0) {
            continue;
        }
        story_add(&w->story, "admits %s", o->cast->name);
        bool ok = world_join(w, i, (uint32_t)(d->s - w->seats));
        if (!o->joined && w->disks) {
            o->gone = true; /* its folder is half made: people take another machine */
        }
        if (o->joined && !ok) {
            o->gone = o->r.seat == SEAT_NONE; /* the slip is lost: it never comes */
        }
        return outcome_of(d, ok);
    }
    return OUTCOME_NOTHING;
}

static enum outcome settle_in(struct draft *d)
{
    const struct keyring *ring = door_keyring(d->r->door);
    if (keyring_naming(ring, d->r->side, door_size(d->r->door)) != NULL &&
        (!has_charter(d) || text_present(fold_state(d->r->fold)->names[d->r->seat]))) {
        return OUTCOME_NOTHING;
    }
    story_add(&d->w->story, "settles in");
    return outcome_of(d, act_settle_in(d->r, &d->w->err));
}

static enum outcome revoke_seat(struct draft *d)
{
    const struct keyring *ring;
    uint64_t size;
    struct world *w = d->w;
    if (!has_charter(d) || !is_principal(d)) {
        return OUTCOME_NOTHING;
    }
    story_add(&w->story, "looks who sits here; ");
    if (!sync_settle(d->r, &w->err)) {
        return outcome_of(d, false);
    }
    ring = door_keyring(d->r->door);
    size = door_size(d->r->door);
    for (uint32_t i = 0; i < keyring_seats(ring, size); i++) {
        const struct ring_seat *seat = keyring_seat(ring, i);
        if (seat->side != d->r->side || seat->keys.post == 0 || !ring_seat_active(seat, size)) {
            continue;
        }
        struct buf blob;
        struct kid kid = seat->kid;
        story_add(&w->story, "removes a seat");
        buf_init(&blob, CONTROL_BLOB_MAX);
        keys_encode_revoke(&kid, &blob);
        bool ok = envelope_post_control(d->r, KEY_ROOT, CONTROL_KEYS, buf_bytes(&blob), &w->err);
        buf_free(&blob);
        return outcome_of(d, ok);
    }
    return OUTCOME_NOTHING;
}

/* Names one or two witnesses of its side. */
static enum outcome name_witnesses(struct draft *d)
{
    const struct keyring *ring = door_keyring(d->r->door);
    uint64_t size = door_size(d->r->door);
    struct naming n = {.needed = 1};
    struct world *w = d->w;
    if (!has_charter(d) || !is_principal(d) || d->r->side >= keyring_found(ring)->groups) {
        return OUTCOME_NOTHING;
    }
    for (uint32_t i = 0; i < keyring_seats(ring, size) && n.count < 2; i++) {
        const struct ring_seat *seat = keyring_seat(ring, i);
        if (seat->side == d->r->side && ring_seat_active(seat, size)) {
            n.witnesses[n.count++] = seat->keys.witness;
        }
    }
    if (n.count < 2) {
        return OUTCOME_NOTHING;
    }
    n.needed = n.count;
    struct buf blob;
    story_add(&w->story, "names %u of %u witnesses", n.needed, n.count);
    buf_init(&blob, CONTROL_BLOB_MAX);
    naming_encode(&n, &blob);
    bool ok = sync_settle(d->r, &w->err) &&
              envelope_post_control(d->r, KEY_ROOT, CONTROL_WITNESSES, buf_bytes(&blob), &w->err);
    buf_free(&blob);
    return outcome_of(d, ok);
}

static enum outcome proceed(struct draft *d)
{
    struct world *w = d->w;
    const struct keyring *ring = door_keyring(d->r->door);
    uint32_t groups = keyring_found(ring)->groups;
    uint32_t side = (uint32_t)prop_below(rnd(d), groups);
    uint64_t size = door_size(d->r->door);
    if (side == d->r->side || d->r->side >= groups) {
        return OUTCOME_NOTHING;
    }
    /* Mostly where it would count: a side that is silent. */
    if (!witness_would_proceed(door_witness(d->r->door), size, d->r->side, side) &&
        !prop_one_in(rnd(d), 6)) {
        return OUTCOME_NOTHING;
    }
    struct buf blob;
    story_add(&w->story, "proceeds without side %u", side);
    buf_init(&blob, CONTROL_BLOB_MAX);
    proceed_encode(side, &blob);
    bool ok = sync_settle(d->r, &w->err) &&
              envelope_post_control(d->r, KEY_SEAT, CONTROL_PROCEED, buf_bytes(&blob), &w->err);
    buf_free(&blob);
    return outcome_of(d, ok);
}

static const struct {
    uint32_t weight;
    enum outcome (*does)(struct draft *d);
} habits[] = {
    {8, propose},     {24, answer},      {4, withdraw},    {10, ratify},        {8, confirm},
    {3, close_point}, {6, sign_charter}, {5, mandate},     {1, revoke_mandate}, {4, promise},
    {3, report},      {5, verify},       {2, lapse},       {2, incident},       {4, assess},
    {5, gate},        {6, say},          {1, statement},   {1, park},           {2, consent},
    {4, admit},       {2, settle_in},    {1, revoke_seat}, {1, name_witnesses}, {3, proceed},
};

static enum outcome try_one(struct world *w, uint32_t seat)
{
    struct draft d = {.w = w, .s = &w->seats[seat], .r = &w->seats[seat].r};
    struct replica *looked_at = replica_has_charter(d.r) ? d.r : world_newest(w);
    uint32_t total = 0;
    for (size_t i = 0; i < COUNT_OF(habits); i++) {
        total += habits[i].weight;
    }
    if (looked_at == NULL) {
        return OUTCOME_NOTHING;
    }
    d.state = fold_state(looked_at->fold);
    d.p.room = text_str("plenary");
    uint64_t draw = prop_below(&w->rnd, total);
    for (size_t i = 0; i < COUNT_OF(habits); i++) {
        if (draw < habits[i].weight) {
            return habits[i].does(&d);
        }
        draw -= habits[i].weight;
    }
    return OUTCOME_NOTHING;
}

enum outcome behave(struct world *w, uint32_t seat)
{
    enum outcome o = OUTCOME_NOTHING;
    if (w->seats[seat].r.seat == SEAT_NONE) {
        return behave_sync(w, seat);
    }
    story_tell(&w->story, "%s ", w->seats[seat].cast->name);
    for (int i = 0; i < 6 && o == OUTCOME_NOTHING; i++) {
        o = try_one(w, seat);
    }
    if (o == OUTCOME_NOTHING) {
        story_add(&w->story, "has nothing to do");
    }
    return o;
}

enum outcome behave_sync(struct world *w, uint32_t seat)
{
    struct sync_report report = {0};
    story_tell(&w->story, "%s synchronises", w->seats[seat].cast->name);
    if (!sync_replica(&w->seats[seat].r, &report, &w->err)) {
        story_add(&w->story, " -> %s", w->err.what);
        return w->err.code == ERR_RULE ? OUTCOME_REFUSED : OUTCOME_FAILED;
    }
    story_add(&w->story, ": %llu acts, final %llu%s", (unsigned long long)report.after,
              (unsigned long long)report.final, report.countersigned ? ", countersigns" : "");
    return OUTCOME_DONE;
}
