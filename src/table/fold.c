/* SPDX-License-Identifier: Apache-2.0
 *
 * DESIGN.  A step reads the act, lets the rules judge it, and applies what they let pass.  Verdicts
 * that wait for countersign acts (is an acceptance in time, countersigned, uncrossed?) are looked
 * at again after every control act of that kind and after every confirmation: `settle`.  Arrays
 * grow in the arena by doubling; their ceilings are the rules'.  Texts that stay are copied.
 */
#include "table/fold.h"

#include "base/check.h"
#include "table/gate.h"
#include "table/rules_v1.h"

struct fold {
    struct arena *mem;
    const struct keyring *ring;
    const struct witness_log *log;
    uint64_t size;
    struct table_state state;
    struct beside beside;
    struct private_state mine;
};

bool fold_new(struct arena *mem, const struct keyring *ring, const struct witness_log *log,
              struct fold **out, struct err *err)
{
    struct fold *f = ARENA_NEW(mem, struct fold, 1);
    if (f == NULL) {
        return err_memory(err, "the state of the table");
    }
    f->mem = mem;
    f->ring = ring;
    f->log = log;
    f->state.in_force_at = INDEX_NEVER;
    f->state.roster_at = INDEX_NEVER;
    f->state.names = ARENA_NEW(mem, struct text, SEATS_MAX);
    if (f->state.names == NULL) {
        return err_memory(err, "the state of the table");
    }
    *out = f;
    return true;
}

uint64_t fold_size(const struct fold *f)
{
    return f->size;
}

const struct table_state *fold_state(const struct fold *f)
{
    return &f->state;
}

const struct beside *fold_beside(const struct fold *f)
{
    return &f->beside;
}

const struct private_state *fold_private(const struct fold *f)
{
    return &f->mine;
}

const struct void_note *fold_void(const struct fold *f, uint64_t index)
{
    for (uint32_t i = f->beside.void_count; i > 0; i--) {
        if (f->beside.voids[i - 1].index == index) {
            return &f->beside.voids[i - 1];
        }
    }
    return NULL;
}

/* ---- memory ---- */

/* Room for one more in an array that doubles at 8, 16, 32...; false with mem->failed set. */
static bool grow(struct arena *mem, void **items, uint32_t count, size_t size)
{
    if (count != 0 && (count < 8 || (count & (count - 1)) != 0)) {
        return true;
    }
    uint32_t cap = count == 0 ? 8 : 2 * count;
    void *p = arena_take(mem, size, 16, cap);
    if (p == NULL) {
        return false;
    }
    if (count > 0) {
        memcpy(p, *items, size * count);
    }
    *items = p;
    return true;
}

/* GROW(f, proposals, proposal_count) makes room in f->state. */
#define GROW(f, array, count)                                                                      \
    grow((f)->mem, (void **)&(f)->state.array, (f)->state.count, sizeof((f)->state.array[0]))

static struct text keep(struct fold *f, struct text t)
{
    if (!text_present(t)) {
        return t;
    }
    size_t n = t.n;
    if (n > KEPT_TEXT_MAX) {
        n = KEPT_TEXT_MAX;
        while (n > 0 && ((uint8_t)t.p[n] & 0xC0u) == 0x80u) {
            n--; /* not within a character */
        }
    }
    struct bytes v = arena_copy(f->mem, bytes_of(t.p, n));
    return (struct text){.p = v.p == NULL ? "" : (const char *)v.p, .n = v.n};
}

/* ---- epochs: what key a room has ---- */

const struct epoch_state *fold_epoch(const struct fold *f, struct room room, uint64_t size)
{
    const struct epoch_state *found = NULL;
    for (uint32_t i = 0; i < f->mine.epoch_count; i++) {
        const struct epoch_state *e = &f->mine.epochs[i];
        if (room_eq(e->room, room) && e->index < size) {
            found = e;
        }
    }
    return found;
}

static uint32_t newest_number(const struct fold *f, struct room room)
{
    uint32_t n = 0;
    for (uint32_t i = 0; i < f->mine.epoch_count; i++) {
        const struct epoch_state *e = &f->mine.epochs[i];
        if (room_eq(e->room, room) && e->number > n) {
            n = e->number;
        }
    }
    return n;
}

static bool members_are(const struct fold *f, struct room room, uint64_t at,
                        const struct kid *members, uint32_t count)
{
    uint32_t seats[SEATS_MAX];
    uint32_t n = room_members(&f->state.charter, f->ring, room, at, seats);
    if (n != count) {
        return false;
    }
    for (uint32_t i = 0; i < n; i++) {
        if (!ID_EQ(keyring_seat(f->ring, seats[i])->kid, members[i])) {
            return false;
        }
    }
    return true;
}

bool fold_epoch_stale(const struct fold *f, const struct epoch_state *e)
{
    return !members_are(f, e->room, f->size, e->members, e->member_count);
}

/* Who may give a room a key [3.3]: a seat that may grant, of a side that negotiates (plenary,
 * monitors), of the home's own side, or of any side in the room. */
static bool may_rekey(const struct fold *f, struct room room, uint32_t seat)
{
    const struct ring_seat *s = keyring_seat(f->ring, seat);
    if ((s->keys.flags & (uint32_t)SEAT_MAY_GRANT) == 0 ||
        !room_has_side(&f->state.charter, room, s->side)) {
        return false;
    }
    return !room_shared(room) || s->side < charter_groups(&f->state.charter);
}

/* Its seal has a good stanza for every member: an epoch that only some can open is good for nobody,
 * and whoever opens it sees that. */
static bool sealed_to_all(const struct fold *f, const struct opened *o, struct room room,
                          uint64_t at)
{
    uint32_t seats[SEATS_MAX];
    uint32_t n = room_members(&f->state.charter, f->ring, room, at, seats);
    for (uint32_t i = 0; i < n; i++) {
        if ((o->sealed_to[seats[i] / 8] & (1u << (seats[i] % 8))) == 0) {
            return false;
        }
    }
    return true;
}

/* The good epoch below index whose key this is; NULL where no room that we know has it. */
static const struct epoch_state *epoch_of_key(const struct fold *f, const uint8_t key[static 32],
                                              uint64_t index)
{
    for (uint32_t i = f->mine.epoch_count; i > 0; i--) {
        const struct epoch_state *e = &f->mine.epochs[i - 1];
        if (e->index < index && memcmp(e->public_key, key, sizeof(e->public_key)) == 0) {
            return e;
        }
    }
    return NULL;
}

static bool apply_epoch(struct fold *f, const struct verified_act *va, const struct opened *o,
                        const struct payload *p, struct room room)
{
    const struct epoch_item *e = &p->epoch_item;
    struct room named;
    bool good = o->by_identity && o->epoch_key_holds &&
                room_parse(&f->state.charter, e->room, &named) && room_eq(named, room) &&
                may_rekey(f, room, va->author.seat) && e->number == newest_number(f, room) + 1 &&
                e->previous == e->number - 1 &&
                members_are(f, room, va->index, e->members, e->member_count) &&
                sealed_to_all(f, o, room, va->index);
    if (!good) {
        return true; /* passed over: whoever needs a key posts a good one */
    }
    if (!grow(f->mem, (void **)&f->mine.epochs, f->mine.epoch_count, sizeof(f->mine.epochs[0]))) {
        return false;
    }
    struct epoch_state *s = &f->mine.epochs[f->mine.epoch_count];
    *s = (struct epoch_state){.room = room,
                              .number = e->number,
                              .index = va->index,
                              .leaf = va->leaf,
                              .member_count = e->member_count};
    s->members = ARENA_NEW(f->mem, struct kid, e->member_count);
    if (s->members == NULL) {
        return false;
    }
    if (e->member_count > 0) {
        memcpy(s->members, e->members, e->member_count * sizeof(s->members[0]));
    }
    memcpy(s->public_key, e->public_key, sizeof(s->public_key));
    f->mine.epoch_count++;
    return true;
}

/* ---- void acts ---- */

/* Counted only where every party and the mediation can see that it is void: in a shared room. */
static bool note_void(struct fold *f, uint64_t index, bool shared, const struct refusal *r)
{
    if (!grow(f->mem, (void **)&f->beside.voids, f->beside.void_count,
              sizeof(f->beside.voids[0]))) {
        return false;
    }
    const char *what = arena_str(f->mem, bytes_str(r->what));
    const char *mend = arena_str(f->mem, bytes_str(r->mend));
    if (what == NULL || mend == NULL) {
        return false;
    }
    f->beside.voids[f->beside.void_count++] = (struct void_note){
        .index = index, .code = (uint32_t)r->code, .what = text_str(what), .mend = text_str(mend)};
    if (!shared) {
        return true;
    }
    uint8_t at[12];
    for (unsigned i = 0; i < 8; i++) {
        at[i] = (uint8_t)(index >> (56 - 8 * i));
    }
    for (unsigned i = 0; i < 4; i++) {
        at[8 + i] = (uint8_t)((uint32_t)r->code >> (24 - 8 * i));
    }
    uint8_t joined[32 + sizeof(at)];
    memcpy(joined, f->state.voids.b, 32);
    memcpy(joined + 32, at, sizeof(at));
    f->state.voids = digest_plain(bytes_of(joined, sizeof(joined)));
    f->state.void_count++;
    return true;
}

/* ---- the charter ---- */

static bool apply_charter(struct fold *f, const struct verified_act *va, const struct payload *p)
{
    const struct found *found = keyring_found(f->ring);
    struct table_state *s = &f->state;
    struct err ignored = {0};
    struct bytes raw = arena_copy(f->mem, p->charter);
    struct digest d = charter_digest(p->salt, p->charter);
    struct charter c;
    if (found == NULL || va->author.side != found->convener_side || !ID_EQ(d, found->charter) ||
        f->mem->failed || !charter_decode(raw, f->mem, &c, &ignored) ||
        charter_groups(&c) != found->groups || c.grace_seconds != found->grace_seconds) {
        return !f->mem->failed; /* not the charter that was founded: passed over */
    }
    s->charter = c;
    s->charter_leaf = va->leaf;
    s->charter_index = va->index;
    s->signatures = ARENA_NEW(f->mem, struct charter_signature, charter_groups(&c));
    s->deeds = ARENA_NEW(f->mem, struct deed_state, c.deed_count);
    s->phase_opened_at = ARENA_NEW(f->mem, uint64_t, c.phase_count);
    s->gate_opened_at = ARENA_NEW(f->mem, uint64_t, c.phase_count);
    if (f->mem->failed) {
        return false;
    }
    for (uint32_t i = 0; i < c.phase_count; i++) {
        s->phase_opened_at[i] = INDEX_NEVER;
        s->gate_opened_at[i] = INDEX_NEVER;
    }
    s->has_charter = true;
    return true;
}

static bool apply_sign_charter(struct fold *f, const struct verified_act *va)
{
    struct table_state *s = &f->state;
    struct err ignored = {0};
    struct digest made, now;
    if (!keyring_roster_digest(f->ring, va->act.seen_size, &made, &ignored) ||
        !keyring_roster_digest(f->ring, va->index, &now, &ignored)) {
        return false;
    }
    s->signatures[va->author.side] = (struct charter_signature){
        .given = true, .roster = made, .index = va->index};
    uint32_t groups = charter_groups(&s->charter);
    for (uint32_t g = 0; g < groups; g++) {
        if (s->charter.sides[g].present &&
            (!s->signatures[g].given || !ID_EQ(s->signatures[g].roster, now))) {
            return true; /* somebody has not signed, or signed before another joined */
        }
    }
    s->roster_at = va->index;
    if (s->in_force_at == INDEX_NEVER) {
        s->in_force_at = va->index;
        s->phase_opened_at[0] = va->index;
    }
    return true;
}

/* ---- mandates ---- */

static bool apply_mandate(struct fold *f, const struct verified_act *va,
                          const struct verified_object *vo)
{
    struct table_state *s = &f->state;
    if (!GROW(f, mandates, mandate_count)) {
        return false;
    }
    const struct object *o = &vo->object;
    struct mandate_state m = {.id = vo->id,
                              .side = vo->side,
                              .seat = keyring_find_seat(f->ring, &o->delegate),
                              .powers = o->powers,
                              .all_issues = o->all_issues,
                              .not_before = o->not_before,
                              .expires = o->expires,
                              .index = va->index,
                              .revoked_at = INDEX_NEVER,
                              .has_commit = o->has_commit,
                              .commit = o->commit};
    for (uint32_t i = 0; i < o->issue_count; i++) {
        uint32_t issue = issue_find(s->charter.issues, s->charter.issue_count, o->issues[i]);
        m.issues[issue / 8] |= (uint8_t)(1u << (issue % 8));
    }
    s->mandates[s->mandate_count++] = m;
    return true;
}

static bool apply_revoke(struct fold *f, const struct verified_act *va,
                         const struct verified_object *vo)
{
    struct table_state *s = &f->state;
    for (uint32_t i = 0; i < s->mandate_count; i++) {
        struct mandate_state *m = &s->mandates[i];
        if (m->side == vo->side && ID_EQ(m->id, vo->object.digest) &&
            m->revoked_at == INDEX_NEVER) {
            m->revoked_at = va->index;
        }
    }
    /* It holds for every later posting of the same paper. */
    for (uint32_t i = 0; i < s->revoked_count; i++) {
        if (ID_EQ(s->revoked[i], vo->object.digest)) {
            return true;
        }
    }
    if (!GROW(f, revoked, revoked_count)) {
        return false;
    }
    s->revoked[s->revoked_count++] = vo->object.digest;
    return true;
}

/* Of a principal's own seat alone: nobody instructs himself. */
static bool apply_instruct(struct fold *f, const struct judged_act *a)
{
    struct private_state *m = &f->mine;
    if (keyring_seat(f->ring, a->seat)->keys.post != 0) {
        return true;
    }
    if (!grow(f->mem, (void **)&m->instructions, m->instruction_count,
              sizeof(m->instructions[0]))) {
        return false;
    }
    m->instructions[m->instruction_count++] = (struct instruction){
        .index = a->index,
        .side = a->side,
        .digest = limits_digest(a->p->salt, a->p->limits),
        .limits = arena_copy(f->mem, a->p->limits),
        .text = a->p->text_count > 0 ? keep(f, a->p->texts[0]) : (struct text){0},
    };
    return !f->mem->failed;
}

/* ---- proposals ---- */

static bool apply_propose(struct fold *f, const struct judged_act *a, const struct findings *found,
                          const struct leaf_hash *leaf)
{
    struct table_state *s = &f->state;
    const struct payload *p = a->p;
    if (!GROW(f, proposals, proposal_count)) {
        return false;
    }
    uint32_t groups = charter_groups(&s->charter);
    struct proposal_state n = {.leaf = *leaf,
                               .index = a->index,
                               .number = s->proposal_count + 1,
                               .side = a->side,
                               .seat = a->seat,
                               .phase = found->phase,
                               .package = {.count = found->package.count},
                               .text = p->text_count > 0 ? keep(f, p->texts[0]) : (struct text){0},
                               .has_follows = p->ref_count > 0,
                               .meets_count = p->meets_count,
                               .withdrawn_at = INDEX_NEVER,
                               .agreed_at = INDEX_NEVER,
                               .bound_at = INDEX_NEVER};
    n.package.choices = ARENA_NEW(f->mem, struct choice, n.package.count);
    n.meets = ARENA_NEW(f->mem, struct meets, n.meets_count);
    n.answers = ARENA_NEW(f->mem, struct answer_state, groups);
    n.ratified = ARENA_NEW(f->mem, struct ratification, groups);
    if (f->mem->failed) {
        return false;
    }
    if (p->ref_count > 0) {
        n.follows = p->refs[0];
    }
    for (uint32_t i = 0; i < n.package.count; i++) {
        n.package.choices[i] = found->package.choices[i];
    }
    for (uint32_t i = 0; i < n.meets_count; i++) {
        n.meets[i] = (struct meets){p->meets[i].answer, keep(f, p->meets[i].label)};
    }
    s->proposals[s->proposal_count++] = n;
    return !f->mem->failed;
}

static bool apply_reservations(struct fold *f, const struct judged_act *a, uint32_t proposal,
                               const struct leaf_hash *leaf)
{
    struct table_state *s = &f->state;
    for (uint32_t i = 0; i < a->p->reservation_count; i++) {
        const struct reservation *r = &a->p->reservations[i];
        if (!GROW(f, points, point_count)) {
            return false;
        }
        s->points[s->point_count++] = (struct open_point){
            .label = keep(f, r->label),
            .proposal = proposal,
            .answer = *leaf,
            .side = a->side,
            .issue = r->has_issue ? issue_find(s->charter.issues, s->charter.issue_count, r->issue)
                                  : CHARTER_NONE,
            .text = keep(f, r->text),
            .closed_at = INDEX_NEVER,
        };
    }
    return !f->mem->failed;
}

static bool apply_answer(struct fold *f, const struct judged_act *a, const struct findings *found,
                         const struct leaf_hash *leaf)
{
    struct proposal_state *p = found->proposal;
    struct answer_state n = {.kind = a->p->answer,
                             .leaf = *leaf,
                             .index = a->index,
                             .seen_size = a->seen_size,
                             .seat = a->seat,
                             .not_before = found->not_before,
                             .expires = found->expires,
                             .reserved = a->p->reservation_count,
                             .text = a->p->text_count > 0 ? keep(f, a->p->texts[0])
                                                          : (struct text){0}};
    p->answers[a->side] = n;
    /* Noted after a withdrawal that it had not seen, which had not seen it either [6.2]. */
    if (answer_accepts(&n) && p->withdrawn_at != INDEX_NEVER) {
        p->crossed |= 1u << a->side;
    }
    /* A new answer replaces one's ratification of the old. */
    p->ratified[a->side] = (struct ratification){0};
    return apply_reservations(f, a, (uint32_t)(p - f->state.proposals), leaf);
}

static void apply_withdraw(struct fold *f, const struct judged_act *a, const struct findings *found,
                           const struct leaf_hash *leaf)
{
    struct proposal_state *p = found->proposal;
    p->withdrawn_at = a->index;
    p->withdraw_leaf = *leaf;
    p->withdraw_seen = a->seen_size;
    uint64_t saw = witness_saw(f->log, a->side, a->seen_size, a->index);
    uint32_t groups = charter_groups(&f->state.charter);
    for (uint32_t g = 0; g < groups; g++) {
        if (answer_accepts(&p->answers[g]) && saw <= p->answers[g].index) {
            p->crossed |= 1u << g;
        }
    }
}

static void apply_close(const struct judged_act *a, const struct findings *found)
{
    found->point->closed_at = a->index;
    found->point->has_met_by = a->p->ref_count > 0;
    if (a->p->ref_count > 0) {
        found->point->met_by = a->p->refs[0];
    }
}

static bool apply_ratify(struct fold *f, const struct judged_act *a, const struct findings *found,
                         const struct leaf_hash *leaf)
{
    struct table_state *s = &f->state;
    if (!GROW(f, spent, spent_count)) {
        return false;
    }
    s->spent[s->spent_count++] = a->object->id;
    found->proposal->ratified[a->side] = (struct ratification){
        .given = true, .leaf = *leaf, .index = a->index, .seen_size = a->seen_size};
    return true;
}

/* ---- deeds, incidents, the rest ---- */

static bool cite(struct fold *f, const struct leaf_hash *leaf)
{
    struct table_state *s = &f->state;
    if (!GROW(f, evidence, evidence_count)) {
        return false;
    }
    s->evidence[s->evidence_count++] = *leaf;
    return true;
}

static bool apply_promise(struct fold *f, const struct judged_act *a, const struct findings *found,
                          const struct leaf_hash *leaf)
{
    f->state.deeds[found->deed] = (struct deed_state){
        .promised = true,
        .promise = *leaf,
        .promise_index = a->index,
        .promise_seat = a->seat,
        .what = keep(f, a->p->texts[0]),
        .how = a->p->text_count > 1 ? keep(f, a->p->texts[1]) : (struct text){0},
        .due = a->p->when,
        .after = text_present(a->p->after) ? charter_find_deed(&f->state.charter, a->p->after)
                                           : CHARTER_NONE,
    };
    return !f->mem->failed;
}

static bool apply_verify(struct fold *f, const struct judged_act *a, const struct findings *found,
                         const struct leaf_hash *leaf)
{
    struct deed_state *d = &f->state.deeds[found->deed];
    d->verified = a->p->finding;
    d->verification = *leaf;
    d->verified_index = a->index;
    d->verified_late = d->verified == FINDING_DONE &&
                       witness_surely_passed(f->log, a->seen_size, d->due + 1, a->index);
    return cite(f, leaf);
}

static bool apply_incident(struct fold *f, const struct judged_act *a, const struct findings *found,
                           const struct leaf_hash *leaf)
{
    struct table_state *s = &f->state;
    if (!GROW(f, incidents, incident_count)) {
        return false;
    }
    s->incidents[s->incident_count] = (struct incident_state){
        .leaf = *leaf,
        .index = a->index,
        .number = s->incident_count + 1,
        .side = a->side,
        .by = found->side,
        .when = a->p->when,
        .text = keep(f, a->p->texts[0]),
        .found_by = CHARTER_NONE,
    };
    s->incident_count++;
    return !f->mem->failed && cite(f, leaf);
}

static void apply_assess(const struct judged_act *a, const struct findings *found)
{
    struct incident_state *n = found->incident;
    n->verdict = a->p->verdict;
    n->found_by = found->side != CHARTER_NONE ? found->side : n->by;
    n->found_when = a->p->has_when ? a->p->when : n->when;
    n->assessed_index = a->index;
}

static bool apply_confirm(struct fold *f, const struct judged_act *a)
{
    struct table_state *s = &f->state;
    if (!room_shared(a->room) || a->side >= charter_groups(&s->charter)) {
        return true;
    }
    struct confirm_state *c = NULL;
    for (uint32_t i = 0; i < s->confirm_count; i++) {
        if (ID_EQ(s->confirms[i].about, a->p->answers)) {
            c = &s->confirms[i];
        }
    }
    if (c == NULL) {
        if (!GROW(f, confirms, confirm_count)) {
            return false;
        }
        c = &s->confirms[s->confirm_count++];
        *c = (struct confirm_state){.about = a->p->answers};
    }
    c->sides |= 1u << a->side;
    if (keyring_seat(f->ring, a->seat)->keys.post == 0) {
        c->principals |= 1u << a->side;
    }
    return true;
}

static bool apply_consent(struct fold *f, const struct judged_act *a)
{
    struct table_state *s = &f->state;
    for (uint32_t i = 0; i < a->p->ref_count; i++) {
        struct consent_state *c = NULL;
        for (uint32_t k = 0; k < s->consent_count; k++) {
            if (ID_EQ(s->consents[k].act, a->p->refs[i])) {
                c = &s->consents[k];
            }
        }
        if (c == NULL) {
            if (!GROW(f, consents, consent_count)) {
                return false;
            }
            c = &s->consents[s->consent_count++];
            *c = (struct consent_state){.act = a->p->refs[i]};
        }
        c->sides |= 1u << a->side;
    }
    return true;
}

static void apply_gate(struct fold *f, const struct judged_act *a, const struct findings *found)
{
    struct table_state *s = &f->state;
    s->gate_opened_at[found->phase] = a->index;
    if (found->phase + 1 < s->charter.phase_count) {
        s->phase_opened_at[found->phase + 1] = a->index;
    }
}

static bool apply_park(struct fold *f, const struct judged_act *a, const struct findings *found)
{
    struct table_state *s = &f->state;
    if (!GROW(f, parked, parked_count)) {
        return false;
    }
    s->parked[s->parked_count++] = (struct parked_title){found->phase, a->side,
                                                         keep(f, a->p->texts[0])};
    return !f->mem->failed;
}

static bool apply_statement(struct fold *f, const struct judged_act *a,
                            const struct findings *found, const struct leaf_hash *leaf)
{
    struct beside *b = &f->beside;
    if (!room_shared(a->room) || b->statement_count >= STATEMENTS_MAX) {
        return true;
    }
    if (!grow(f->mem, (void **)&b->statements, b->statement_count, sizeof(b->statements[0]))) {
        return false;
    }
    b->statements[b->statement_count] = (struct statement_note){
        .leaf = *leaf,
        .index = a->index,
        .number = b->statement_count + 1,
        .logged_by = a->side,
        .side = found->side,
        .text = keep(f, a->p->texts[0]),
        .source = keep(f, a->p->source),
    };
    b->statement_count++;
    return !f->mem->failed;
}

/* False only where memory is short. */
static bool apply(struct fold *f, const struct verified_act *va, const struct opened *o,
                  const struct judged_act *a, const struct findings *found)
{
    struct table_state *s = &f->state;
    bool shared = room_shared(a->room);
    switch (a->p->kind) {
    case KIND_CHARTER:
    case KIND_GRANT:
    case KIND_CANNOT_OPEN: /* says what its author found; whoever opens an epoch act sees it alike */
    case KIND_VOID:
    case KIND_MEET:
    case KIND_SAY:
    case KIND_POSITION:
    case KIND_PUBLISHED:
        return true;
    case KIND_EPOCH:
        return apply_epoch(f, va, o, a->p, a->room);
    case KIND_INSTRUCT:
        return apply_instruct(f, a);
    case KIND_SIGN_CHARTER:
        return apply_sign_charter(f, va);
    case KIND_INTRODUCE:
        s->names[keyring_find_seat(f->ring, &a->p->seat)] = keep(f, a->p->name);
        return !f->mem->failed;
    case KIND_MANDATE:
        return apply_mandate(f, va, a->object);
    case KIND_REVOKE_MANDATE:
        return apply_revoke(f, va, a->object);
    case KIND_CONFIRM:
        return apply_confirm(f, a);
    case KIND_DOCUMENT:
        return !shared || cite(f, &va->leaf);
    case KIND_STATEMENT:
        return apply_statement(f, a, found, &va->leaf);
    case KIND_PROPOSE:
        return apply_propose(f, a, found, &va->leaf);
    case KIND_WITHDRAW:
        apply_withdraw(f, a, found, &va->leaf);
        return true;
    case KIND_ANSWER:
        return apply_answer(f, a, found, &va->leaf);
    case KIND_CLOSE:
        apply_close(a, found);
        return true;
    case KIND_RATIFY:
        return apply_ratify(f, a, found, &va->leaf);
    case KIND_PROMISE:
        return apply_promise(f, a, found, &va->leaf);
    case KIND_REPORT:
        s->deeds[found->deed].says = a->p->finding;
        s->deeds[found->deed].report = va->leaf;
        s->deeds[found->deed].report_index = a->index;
        return cite(f, &va->leaf);
    case KIND_VERIFY:
        return apply_verify(f, a, found, &va->leaf);
    case KIND_LAPSE:
        s->deeds[found->deed].lapsed = true;
        s->deeds[found->deed].lapsed_index = a->index;
        return true;
    case KIND_INCIDENT:
        return apply_incident(f, a, found, &va->leaf);
    case KIND_ASSESS:
        apply_assess(a, found);
        return cite(f, &va->leaf);
    case KIND_GATE:
        apply_gate(f, a, found);
        return true;
    case KIND_PARK:
        return apply_park(f, a, found);
    case KIND_CONSENT:
        return apply_consent(f, a);
    }
    return true;
}

/* ---- settling ---- */

enum settled { SETTLED_YES, SETTLED_WAITS, SETTLED_CONTESTED, SETTLED_NO };

static enum settled worse(enum settled a, enum settled b)
{
    return a > b ? a : b;
}

/* One deadline against one act; `enough` tells whether the confirmations that a contested act
 * needs are there. */
static enum settled timed(const struct fold *f, uint64_t index, uint64_t seen, uint64_t deadline,
                          bool enough)
{
    switch (witness_timing(f->log, index, seen, deadline, f->size)) {
    case TIMING_IN_TIME:
        return SETTLED_YES;
    case TIMING_LATE:
        return SETTLED_NO;
    case TIMING_PENDING:
        return SETTLED_WAITS;
    case TIMING_CONTESTED:
        return enough ? SETTLED_YES : SETTLED_CONTESTED;
    }
    return SETTLED_WAITS;
}

static uint32_t parties_mask(const struct fold *f)
{
    uint32_t mask = 0;
    for (uint32_t g = 1; g <= f->state.charter.party_count; g++) {
        mask |= 1u << g;
    }
    return mask;
}

/* Countersigned by all, and in time for the phase [5.3]. */
static enum settled act_settled(const struct fold *f, uint64_t final, uint32_t phase,
                                const struct leaf_hash *leaf, uint64_t index, uint64_t seen)
{
    if (index >= final) {
        return SETTLED_WAITS;
    }
    const struct charter_phase *p = &f->state.charter.phases[phase];
    if (p->deadline_seconds == 0) {
        return SETTLED_YES;
    }
    struct moment opened = witness_t(f->log, f->state.phase_opened_at[phase], f->size);
    if (!opened.known) {
        return SETTLED_WAITS;
    }
    const struct confirm_state *c = state_confirm(&f->state, leaf);
    uint32_t all = parties_mask(f);
    return timed(f, index, seen, opened.seconds + p->deadline_seconds,
                 c != NULL && (c->sides & all) == all);
}

static enum settled acceptance_settled(const struct fold *f, uint64_t final,
                                       const struct proposal_state *p, uint32_t g)
{
    const struct answer_state *a = &p->answers[g];
    if (!answer_accepts(a) || (p->crossed & (1u << g)) != 0) {
        return SETTLED_NO;
    }
    enum settled s = act_settled(f, final, p->phase, &a->leaf, a->index, a->seen_size);
    if (a->expires != TIME_UNKNOWN) {
        struct moment t = witness_t(f->log, a->index, f->size);
        if (t.known && t.seconds < a->not_before) {
            return SETTLED_NO; /* it was not a mandate yet */
        }
        const struct confirm_state *c = state_confirm(&f->state, &a->leaf);
        s = worse(s, timed(f, a->index, a->seen_size, a->expires,
                           c != NULL && (c->principals & (1u << g)) != 0));
    }
    return s;
}

/* One binding acceptance, or one ad referendum with the principal's ratification. */
static enum settled party_bound(const struct fold *f, uint64_t final,
                                const struct proposal_state *p, uint32_t g)
{
    enum settled s = acceptance_settled(f, final, p, g);
    const struct ratification *r = &p->ratified[g];
    if (r->given) {
        return worse(s, act_settled(f, final, p->phase, &r->leaf, r->index, r->seen_size));
    }
    return p->answers[g].kind == ANSWER_ACCEPT ? s : worse(s, SETTLED_NO);
}

/* The hour of the act that completed it: the latest t of what binds each party. */
static uint64_t completion_time(const struct fold *f, const struct proposal_state *p)
{
    uint64_t last = 0;
    for (uint32_t g = 1; g <= f->state.charter.party_count; g++) {
        uint64_t index = p->ratified[g].given ? p->ratified[g].index : p->answers[g].index;
        struct moment t = witness_t(f->log, index, f->size);
        if (t.known && t.seconds > last) {
            last = t.seconds;
        }
    }
    return last;
}

static void settle_proposal(struct fold *f, uint64_t final, struct proposal_state *p)
{
    enum settled agreed = SETTLED_YES;
    enum settled bound = SETTLED_YES;
    for (uint32_t g = 1; g <= f->state.charter.party_count; g++) {
        agreed = worse(agreed, acceptance_settled(f, final, p, g));
        bound = worse(bound, party_bound(f, final, p, g));
    }
    bool standing = p->withdrawn_at == INDEX_NEVER;
    p->contested = standing && (agreed == SETTLED_CONTESTED || bound == SETTLED_CONTESTED);
    if (!standing || agreed != SETTLED_YES) {
        p->agreed_at = INDEX_NEVER; /* an acceptance was replaced before it bound */
        return;
    }
    if (p->agreed_at == INDEX_NEVER) {
        p->agreed_at = f->size;
    }
    if (bound == SETTLED_YES) {
        p->bound_at = f->size;
        p->bound_time = completion_time(f, p);
    }
}

/* A crossing is over when both sides have confirmed the acceptance.  When the last is, the withdrawal
 * is undone: for those who confirmed.  Whoever had accepted before, and was properly withdrawn from,
 * is asked anew [6.2]. */
static void settle_crossing(struct fold *f, struct proposal_state *p)
{
    uint32_t groups = charter_groups(&f->state.charter);
    uint32_t confirmed = 0;
    for (uint32_t g = 0; g < groups; g++) {
        uint32_t bit = 1u << g;
        const struct confirm_state *c = state_confirm(&f->state, &p->answers[g].leaf);
        uint32_t both = bit | (1u << p->side);
        if ((p->crossed & bit) != 0 && c != NULL && (c->sides & both) == both) {
            confirmed |= bit;
        }
    }
    if (confirmed != p->crossed) {
        return;
    }
    for (uint32_t g = 0; g < groups; g++) {
        if ((confirmed & (1u << g)) == 0 && p->answers[g].index < p->withdrawn_at) {
            p->answers[g] = (struct answer_state){0};
            p->ratified[g] = (struct ratification){0};
        }
    }
    p->crossed = 0;
    p->withdrawn_at = INDEX_NEVER;
}

static void settle(struct fold *f)
{
    if (!f->state.has_charter || !state_in_force(&f->state)) {
        return;
    }
    uint64_t final = witness_final(f->log, f->size);
    for (uint32_t i = 0; i < f->state.proposal_count; i++) {
        struct proposal_state *p = &f->state.proposals[i];
        if (p->bound_at != INDEX_NEVER) {
            continue;
        }
        if (p->crossed != 0) {
            settle_crossing(f, p);
        }
        settle_proposal(f, final, p);
    }
}

/* ---- a step ---- */

static enum object_kind object_of(enum act_kind kind, bool *has)
{
    *has = true;
    if (kind == KIND_SIGN_CHARTER) {
        return OBJECT_SIGN_CHARTER;
    }
    if (kind == KIND_MANDATE) {
        return OBJECT_MANDATE;
    }
    if (kind == KIND_REVOKE_MANDATE) {
        return OBJECT_REVOKE;
    }
    *has = kind == KIND_RATIFY;
    return OBJECT_RATIFY;
}

/* Judges p as that seat's at that place. */
static bool judge(const struct fold *f, struct judged_act *a, struct findings *found,
                  struct verified_object *vo, struct refusal *out)
{
    bool has;
    enum object_kind kind = object_of(a->p->kind, &has);
    struct err ignored = {0};
    if (has && object_check(kind, a->p->object, f->ring, a->index, a->mem, vo, &ignored)) {
        a->object = vo;
    }
    return rules_v1_judge(a, found, out);
}

/* The room of the header, and whether act, seal and header agree about it [3.3]. */
static bool place(const struct fold *f, const struct verified_act *va, const struct opened *o,
                  const struct epoch_state *sealed, const struct payload *p, struct room *room,
                  struct refusal *out)
{
    if (!room_parse(&f->state.charter, p->room, room)) {
        return refuse(out, REFUSED_ROOM, "The charter has no such room.");
    }
    if (o->by_identity) {
        bool of_keys = p->kind == KIND_EPOCH || p->kind == KIND_GRANT ||
                       p->kind == KIND_CANNOT_OPEN || p->kind == KIND_VOID ||
                       p->kind == KIND_CHARTER;
        if (p->epoch != 0 || (!of_keys && room_shared(*room))) {
            return refuse(out, REFUSED_EPOCH, "It is not sealed to its room's key.");
        }
        return true;
    }
    if (!room_eq(sealed->room, *room) || sealed->number != p->epoch) {
        return refuse(out, REFUSED_FORM, "Its seal and its header name different rooms.");
    }
    const struct epoch_state *e = fold_epoch(f, *room, va->act.seen_size);
    if (e == NULL || memcmp(e->public_key, o->key, sizeof(o->key)) != 0) {
        return refuse(out, REFUSED_EPOCH, "It is not sealed to the newest key of its room.") ||
               refuse_mend(out, "Synchronise and file it again.");
    }
    return true;
}

/* The sealed act itself; r.code tells a refusal.  False only where memory is short. */
static bool read_act(struct fold *f, const struct verified_act *va, const struct opened *o,
                     struct arena *scratch, struct refusal *r, bool *out_shared, struct err *err)
{
    struct payload p;
    struct err form = {0};
    struct room room = {ROOM_HOME, 0};
    *out_shared = false;
    const struct epoch_state *sealed = NULL;
    if (!o->by_identity && f->state.has_charter) {
        sealed = o->has_key ? epoch_of_key(f, o->key, va->index) : NULL;
        if (sealed == NULL) {
            return true; /* readable perhaps, but under no key that a room had by then */
        }
        *out_shared = room_shared(sealed->room);
    }
    if (!o->matches) {
        (void)refuse(r, REFUSED_FORM, "Its content is not what its envelope says.");
        return true;
    }
    if (!payload_from(o->content, scratch, &p, &form)) {
        (void)refuse(r, REFUSED_FORM, "Its content is not of the form of its kind: %s", form.what);
        return form.code != ERR_MEMORY || err_memory(err, "an act");
    }
    if (!f->state.has_charter) {
        return p.kind != KIND_CHARTER || apply_charter(f, va, &p) ||
               err_memory(err, "the state of the table");
    }
    if (!place(f, va, o, sealed, &p, &room, r)) {
        return true;
    }
    struct judged_act a = {.state = &f->state,
                           .beside = &f->beside,
                           .ring = f->ring,
                           .log = f->log,
                           .index = va->index,
                           .seen_size = va->act.seen_size,
                           .side = va->author.side,
                           .seat = va->author.seat,
                           .room = room,
                           .p = &p,
                           .mem = scratch};
    struct findings found;
    struct verified_object vo;
    if (!judge(f, &a, &found, &vo, r)) {
        return true;
    }
    return apply(f, va, o, &a, &found) || err_memory(err, "the state of the table");
}

/* Words and lists of one act, dropped when it has been read. */
#define SCRATCH_BYTES (512u * 1024u)

bool fold_step(struct fold *f, const struct verified_act *va, const struct opened *o,
               struct err *err)
{
    CHECK(va->index == f->size);
    if (va->act.control != CONTROL_SEALED || o == NULL) {
        f->size++;
        if (va->act.control == CONTROL_COUNTERSIGN || va->act.control == CONTROL_PROCEED) {
            settle(f);
        }
        return true;
    }
    /* The scratch is cut from the far end of the arena's free part: what the act leaves behind
     * grows from this end. */
    if (f->mem->cap - f->mem->used < 2 * (size_t)SCRATCH_BYTES) {
        return err_memory(err, "the state of the table");
    }
    struct arena scratch;
    size_t from = (f->mem->cap - SCRATCH_BYTES) & ~(size_t)15;
    arena_init(&scratch, f->mem->p + from, f->mem->cap - from);
    size_t cap = f->mem->cap;
    f->mem->cap = from;
    struct refusal r = {0};
    bool shared = false;
    uint32_t confirms = f->state.confirm_count;
    bool ok = read_act(f, va, o, &scratch, &r, &shared, err);
    if (ok && r.code != REFUSED_NOT && !note_void(f, va->index, shared, &r)) {
        ok = err_memory(err, "the list of void acts");
    }
    bool confirmed = o->content != NULL && o->content->header.kind == (uint32_t)KIND_CONFIRM;
    arena_wipe(&scratch);
    f->mem->cap = cap;
    if (!ok) {
        return false;
    }
    f->size++;
    if (confirmed || f->state.confirm_count != confirms) {
        settle(f);
    }
    return true;
}

bool fold_would_accept(const struct fold *f, uint32_t seat, const struct payload *p,
                       struct arena *mem, struct refusal *out)
{
    struct room room;
    if (!f->state.has_charter) {
        return refuse(out, REFUSED_PROVISIONAL, "This seat cannot read the charter yet.") ||
               refuse_mend(out, "Synchronise; the convener shares it when your side is admitted.");
    }
    if (!room_parse(&f->state.charter, p->room, &room)) {
        return refuse(out, REFUSED_ROOM, "There is no room of that name.") ||
               refuse_mend(out, "See the rooms where you sit: entente rooms.");
    }
    struct judged_act a = {.state = &f->state,
                           .beside = &f->beside,
                           .ring = f->ring,
                           .log = f->log,
                           .index = f->size,
                           .seen_size = f->size,
                           .side = keyring_seat(f->ring, seat)->side,
                           .seat = seat,
                           .room = room,
                           .p = p,
                           .mem = mem};
    struct findings found;
    struct verified_object vo;
    return judge(f, &a, &found, &vo, out);
}
