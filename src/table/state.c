/* SPDX-License-Identifier: Apache-2.0 */
#include "table/state.h"

#include "base/cbor.h"

/* ---- lookups ---- */

struct mandate_state *state_mandate(const struct table_state *s, uint32_t side,
                                    const struct digest *id)
{
    for (uint32_t i = 0; i < s->mandate_count; i++) {
        if (s->mandates[i].side == side && ID_EQ(s->mandates[i].id, *id)) {
            return &s->mandates[i];
        }
    }
    return NULL;
}

bool state_revoked(const struct table_state *s, uint32_t side, const struct digest *id)
{
    for (uint32_t i = 0; i < s->revoked_count; i++) {
        if (s->revoked[i].side == side && ID_EQ(s->revoked[i].id, *id)) {
            return true;
        }
    }
    return false;
}

struct leaf_list state_proposals(const struct table_state *s)
{
    return LEAF_LIST(s->proposals, s->proposal_count, struct proposal_state, leaf);
}

struct leaf_list state_incidents(const struct table_state *s)
{
    return LEAF_LIST(s->incidents, s->incident_count, struct incident_state, leaf);
}

struct leaf_list state_evidence(const struct table_state *s)
{
    return (struct leaf_list){s->evidence, s->evidence_count, sizeof(s->evidence[0]), 0};
}

struct leaf_list state_confirms(const struct table_state *s)
{
    return LEAF_LIST(s->confirms, s->confirm_count, struct confirm_state, about);
}

struct leaf_list state_consents(const struct table_state *s)
{
    return LEAF_LIST(s->consents, s->consent_count, struct consent_state, act);
}

struct leaf_list state_monitors_acts(const struct table_state *s)
{
    return (struct leaf_list){s->monitors_acts, s->monitors_act_count, sizeof(s->monitors_acts[0]),
                              0};
}

struct proposal_state *state_proposal(const struct table_state *s, const struct leaf_hash *leaf)
{
    uint32_t i = leaf_index_find(&s->by_proposal, state_proposals(s), leaf);
    return i == LEAF_NONE ? NULL : &s->proposals[i];
}

struct incident_state *state_incident(const struct table_state *s, const struct leaf_hash *leaf)
{
    uint32_t i = leaf_index_find(&s->by_incident, state_incidents(s), leaf);
    return i == LEAF_NONE ? NULL : &s->incidents[i];
}

const struct confirm_state *state_confirm(const struct table_state *s,
                                          const struct leaf_hash *about)
{
    uint32_t i = leaf_index_find(&s->by_confirm, state_confirms(s), about);
    return i == LEAF_NONE ? NULL : &s->confirms[i];
}

const struct consent_state *state_consent(const struct table_state *s, const struct leaf_hash *act)
{
    uint32_t i = leaf_index_find(&s->by_consent, state_consents(s), act);
    return i == LEAF_NONE ? NULL : &s->consents[i];
}

bool state_citable(const struct table_state *s, const struct leaf_hash *act)
{
    return leaf_index_find(&s->by_evidence, state_evidence(s), act) != LEAF_NONE;
}

bool state_of_monitors(const struct table_state *s, const struct leaf_hash *act)
{
    return leaf_index_find(&s->by_monitors_act, state_monitors_acts(s), act) != LEAF_NONE;
}

struct open_point *state_open_point(const struct table_state *s, const struct leaf_hash *answer,
                                    struct text label)
{
    for (uint32_t i = 0; i < s->point_count; i++) {
        if (ID_EQ(s->points[i].answer, *answer) && text_eq(s->points[i].label, label)) {
            return &s->points[i];
        }
    }
    return NULL;
}

bool state_hour_counts(const struct table_state *s, const struct witness_log *log, uint32_t deed,
                       uint64_t index)
{
    const struct deed_state *d = &s->deeds[deed];
    if (d->after == CHARTER_NONE) {
        return true;
    }
    const struct deed_state *first = &s->deeds[d->after];
    if (!first->promised || first->done_since == INDEX_NEVER) {
        return false;
    }
    struct moment t = witness_t(log, first->done_since, index);
    return t.known && t.seconds <= d->due;
}

bool deed_dispute_waits(const struct table_state *s, const struct witness_log *log, uint32_t deed,
                        uint64_t seen_size, uint64_t index)
{
    const struct deed_state *d = &s->deeds[deed];
    if (!d->disputed || d->decided) {
        return false;
    }
    struct moment t = witness_t(log, d->dispute_index, index);
    return !t.known || !witness_surely_passed(log, seen_size, t.seconds + DISPUTE_SECONDS, index);
}

/* ---- words ---- */

struct text state_side_name(const struct table_state *s, uint32_t side)
{
    if (!s->has_charter || side >= s->charter.side_count || !s->charter.sides[side].present) {
        return text_str("an unknown side");
    }
    return s->charter.sides[side].name;
}

static struct text words(const char *s)
{
    return s == NULL ? text_str("?") : (struct text){.p = s, .n = strlen(s)};
}

static struct text post_title(const struct table_state *s, const struct ring_seat *seat)
{
    const struct charter_side *side = &s->charter.sides[seat->side];
    return seat->keys.post < side->seat_count ? side->seats[seat->keys.post] : text_str("seat");
}

struct text state_seat_name(const struct table_state *s, const struct keyring *ring, uint32_t seat,
                            struct arena *mem)
{
    if (seat == SEAT_NONE) {
        return text_str("a root key");
    }
    if (text_present(s->names[seat])) {
        return s->names[seat];
    }
    const struct ring_seat *r = keyring_seat(ring, seat);
    if (!s->has_charter || r->side >= s->charter.side_count) {
        return text_str("a seat");
    }
    return words(arena_printf(mem, "the %.*s of %.*s", TEXT_ARG(post_title(s, r)),
                              TEXT_ARG(state_side_name(s, r->side))));
}

struct text state_principal_name(const struct table_state *s, const struct keyring *ring,
                                 uint32_t side, uint64_t at, struct arena *mem)
{
    uint32_t seats = keyring_seats(ring, at);
    for (uint32_t i = 0; i < seats; i++) {
        const struct ring_seat *r = keyring_seat(ring, i);
        if (r->side == side && r->keys.post == 0 && ring_seat_active(r, at)) {
            struct text title = post_title(s, r);
            if (text_present(s->names[i])) {
                return words(
                    arena_printf(mem, "%.*s %.*s", TEXT_ARG(title), TEXT_ARG(s->names[i])));
            }
            return words(arena_printf(mem, "the %.*s of %.*s", TEXT_ARG(title),
                                      TEXT_ARG(state_side_name(s, side))));
        }
    }
    return words(arena_printf(mem, "the principal of %.*s", TEXT_ARG(state_side_name(s, side))));
}

struct text state_open_labels(const struct table_state *s, uint32_t proposal, uint32_t side,
                              struct arena *mem, uint32_t *out_count)
{
    char list[512];
    struct buf b;
    buf_over(&b, list, sizeof(list));
    uint32_t n = 0;
    for (uint32_t i = 0; i < s->point_count; i++) {
        const struct open_point *p = &s->points[i];
        if (p->proposal != proposal || p->closed_at != INDEX_NEVER ||
            (side != CHARTER_NONE && p->side != side)) {
            continue;
        }
        if (buf_bytes(&b).n + p->label.n + 8 < sizeof(list)) {
            buf_printf(&b, "%s%.*s", n > 0 ? ", " : "", TEXT_ARG(p->label));
        }
        n++;
    }
    *out_count = n;
    struct bytes v = arena_copy(mem, buf_bytes(&b));
    return (struct text){.p = v.p == NULL ? "" : (const char *)v.p, .n = v.n};
}

/* ---- digest ---- */

static void put_bytes32(struct buf *b, const uint8_t v[static 32])
{
    cbor_put_bstr(b, bytes_of(v, 32));
}

/* Indexes are names of acts here: INDEX_NEVER is null. */
static void put_index(struct buf *b, uint64_t index)
{
    if (index == INDEX_NEVER) {
        cbor_put_null(b);
    } else {
        cbor_put_uint(b, index);
    }
}

static void put_place(struct buf *b, uint32_t place)
{
    if (place == CHARTER_NONE) {
        cbor_put_null(b);
    } else {
        cbor_put_uint(b, place);
    }
}

static void put_text(struct buf *b, struct text t)
{
    if (!text_present(t)) {
        cbor_put_null(b);
    } else {
        cbor_put_tstr(b, t);
    }
}

static void put_charter(struct buf *b, const struct table_state *s)
{
    cbor_put_array(b, 4);
    put_bytes32(b, s->charter_leaf.b);
    put_index(b, s->in_force_at);
    put_index(b, s->roster_at);
    uint32_t groups = charter_groups(&s->charter);
    cbor_put_array(b, groups);
    for (uint32_t i = 0; i < groups; i++) {
        if (s->signatures[i].given) {
            put_bytes32(b, s->signatures[i].roster.b);
        } else {
            cbor_put_null(b);
        }
    }
}

static void put_names(struct buf *b, const struct table_state *s)
{
    uint32_t n = 0;
    for (uint32_t i = 0; i < SEATS_MAX; i++) {
        n += text_present(s->names[i]) ? 1 : 0;
    }
    cbor_put_map(b, n);
    for (uint32_t i = 0; i < SEATS_MAX; i++) {
        if (text_present(s->names[i])) {
            cbor_put_uint(b, i);
            cbor_put_tstr(b, s->names[i]);
        }
    }
}

static void put_mandates(struct buf *b, const struct table_state *s)
{
    cbor_put_array(b, s->mandate_count);
    for (uint32_t i = 0; i < s->mandate_count; i++) {
        const struct mandate_state *m = &s->mandates[i];
        cbor_put_array(b, 3);
        put_bytes32(b, m->id.b);
        put_index(b, m->index);
        put_index(b, m->revoked_at);
    }
    cbor_put_array(b, s->revoked_count + s->spent_count);
    for (uint32_t i = 0; i < s->revoked_count; i++) {
        cbor_put_array(b, 2);
        cbor_put_uint(b, s->revoked[i].side);
        put_bytes32(b, s->revoked[i].id.b);
    }
    for (uint32_t i = 0; i < s->spent_count; i++) {
        put_bytes32(b, s->spent[i].b);
    }
}

static void put_proposals(struct buf *b, const struct table_state *s)
{
    uint32_t groups = charter_groups(&s->charter);
    cbor_put_array(b, s->proposal_count);
    for (uint32_t i = 0; i < s->proposal_count; i++) {
        const struct proposal_state *p = &s->proposals[i];
        cbor_put_array(b, 8);
        put_bytes32(b, p->leaf.b);
        put_index(b, p->withdrawn_at);
        cbor_put_uint(b, p->crossed);
        put_index(b, p->agreed_at);
        put_index(b, p->bound_at);
        cbor_put_bool(b, p->contested);
        cbor_put_array(b, groups);
        for (uint32_t g = 0; g < groups; g++) {
            if (p->answers[g].kind == 0) {
                cbor_put_null(b);
            } else {
                put_bytes32(b, p->answers[g].leaf.b);
            }
        }
        cbor_put_array(b, groups);
        for (uint32_t g = 0; g < groups; g++) {
            if (!p->ratified[g].given) {
                cbor_put_null(b);
            } else {
                put_bytes32(b, p->ratified[g].leaf.b);
            }
        }
    }
    cbor_put_array(b, s->point_count);
    for (uint32_t i = 0; i < s->point_count; i++) {
        const struct open_point *p = &s->points[i];
        cbor_put_array(b, 3);
        put_bytes32(b, p->answer.b);
        put_text(b, p->label);
        put_index(b, p->closed_at);
    }
}

static void put_deeds(struct buf *b, const struct table_state *s)
{
    cbor_put_array(b, s->charter.deed_count);
    for (uint32_t i = 0; i < s->charter.deed_count; i++) {
        const struct deed_state *d = &s->deeds[i];
        if (!d->promised) {
            cbor_put_null(b);
            continue;
        }
        cbor_put_array(b, 6);
        put_bytes32(b, d->promise.b);
        cbor_put_uint(b, d->says);
        cbor_put_uint(b, d->verified);
        put_index(b, d->verified == 0 ? INDEX_NEVER : d->verified_index);
        cbor_put_bool(b, d->verified_late);
        put_index(b, d->lapsed ? d->lapsed_index : INDEX_NEVER);
    }
    cbor_put_array(b, s->incident_count);
    for (uint32_t i = 0; i < s->incident_count; i++) {
        const struct incident_state *n = &s->incidents[i];
        cbor_put_array(b, 5);
        put_bytes32(b, n->leaf.b);
        cbor_put_uint(b, n->verdict);
        put_place(b, n->found_by);
        cbor_put_uint(b, n->found_when);
        cbor_put_uint(b, n->severity);
    }
}

static void put_rest(struct buf *b, const struct table_state *s)
{
    cbor_put_array(b, s->evidence_count);
    for (uint32_t i = 0; i < s->evidence_count; i++) {
        put_bytes32(b, s->evidence[i].b);
    }
    cbor_put_array(b, s->confirm_count);
    for (uint32_t i = 0; i < s->confirm_count; i++) {
        cbor_put_array(b, 3);
        put_bytes32(b, s->confirms[i].about.b);
        cbor_put_uint(b, s->confirms[i].sides);
        cbor_put_uint(b, s->confirms[i].principals);
    }
    cbor_put_array(b, s->consent_count);
    for (uint32_t i = 0; i < s->consent_count; i++) {
        cbor_put_array(b, 2);
        put_bytes32(b, s->consents[i].act.b);
        cbor_put_uint(b, s->consents[i].sides);
    }
    cbor_put_array(b, s->parked_count);
    for (uint32_t i = 0; i < s->parked_count; i++) {
        cbor_put_array(b, 3);
        cbor_put_uint(b, s->parked[i].phase);
        cbor_put_uint(b, s->parked[i].side);
        cbor_put_tstr(b, s->parked[i].text);
    }
    cbor_put_array(b, s->charter.phase_count);
    for (uint32_t i = 0; i < s->charter.phase_count; i++) {
        cbor_put_array(b, 2);
        put_index(b, s->phase_opened_at[i]);
        put_index(b, s->gate_opened_at[i]);
    }
    cbor_put_uint(b, s->void_count);
    put_bytes32(b, s->voids.b);
}

static void put_subject(struct buf *b, const struct subject *a)
{
    put_place(b, a->phase);
    put_place(b, a->deed);
    put_place(b, a->lever);
}

/* Questions, undertakings, what is settled within, levers, disputes. */
static void put_consult(struct buf *b, const struct table_state *s)
{
    cbor_put_array(b, s->question_count);
    for (uint32_t i = 0; i < s->question_count; i++) {
        const struct question_state *q = &s->questions[i];
        cbor_put_array(b, 6);
        put_bytes32(b, q->leaf.b);
        cbor_put_uint(b, q->side);
        put_subject(b, &q->about);
        if (q->answered) {
            put_bytes32(b, q->opinion.b);
        } else {
            cbor_put_null(b);
        }
    }
    cbor_put_array(b, s->undertaking_count);
    for (uint32_t i = 0; i < s->undertaking_count; i++) {
        cbor_put_array(b, 5);
        put_bytes32(b, s->undertakings[i].leaf.b);
        cbor_put_uint(b, s->undertakings[i].side);
        put_subject(b, &s->undertakings[i].about);
    }
    cbor_put_array(b, s->settled_count);
    for (uint32_t i = 0; i < s->settled_count; i++) {
        cbor_put_array(b, 3);
        cbor_put_uint(b, s->settled[i].phase);
        cbor_put_uint(b, s->settled[i].side);
        put_index(b, s->settled[i].index);
    }
    cbor_put_array(b, s->charter.lever_count);
    for (uint32_t i = 0; i < s->charter.lever_count; i++) {
        const struct lever_state *l = &s->levers[i];
        if (l->move == 0) {
            cbor_put_null(b);
            continue;
        }
        cbor_put_array(b, 3);
        put_bytes32(b, l->leaf.b);
        cbor_put_uint(b, l->move);
        cbor_put_uint(b, l->review);
    }
    cbor_put_array(b, s->charter.deed_count);
    for (uint32_t i = 0; i < s->charter.deed_count; i++) {
        const struct deed_state *d = &s->deeds[i];
        if (!d->disputed) {
            cbor_put_null(b);
            continue;
        }
        cbor_put_array(b, 2);
        put_bytes32(b, d->dispute.b);
        put_index(b, d->decided ? d->decided_index : INDEX_NEVER);
    }
}

static void put_hour(struct buf *b, uint64_t seconds)
{
    if (seconds == TIME_UNKNOWN) {
        cbor_put_null(b);
    } else {
        cbor_put_uint(b, seconds);
    }
}

static void put_motions(struct buf *b, const struct motion *m, uint32_t groups)
{
    cbor_put_array(b, groups);
    for (uint32_t g = 0; g < groups; g++) {
        if (!m[g].given) {
            cbor_put_null(b);
            continue;
        }
        cbor_put_array(b, 2);
        put_index(b, m[g].index);
        put_hour(b, m[g].when);
    }
}

static void put_standing(struct buf *b, const struct table_state *s)
{
    const struct table_standing *st = &s->standing;
    uint32_t groups = charter_groups(&s->charter);
    cbor_put_array(b, 6);
    cbor_put_array(b, groups);
    for (uint32_t g = 0; g < groups; g++) {
        put_index(b, st->left_at[g]);
    }
    put_motions(b, st->suspend, groups);
    put_motions(b, st->conclude, groups);
    if (st->suspended_at == INDEX_NEVER) {
        cbor_put_null(b);
    } else {
        cbor_put_array(b, 3);
        put_index(b, st->suspended_at);
        put_place(b, st->suspended_by);
        put_hour(b, st->suspended_until);
    }
    cbor_put_array(b, st->cause_count);
    for (uint32_t i = 0; i < st->cause_count; i++) {
        put_bytes32(b, st->causes[i].b);
    }
    put_index(b, st->concluded_at);
}

static void put_notes(struct buf *b, const struct date_note *n, uint32_t groups)
{
    cbor_put_array(b, groups);
    for (uint32_t g = 0; g < groups; g++) {
        cbor_put_uint(b, n[g].when);
    }
}

static void put_dates(struct buf *b, const struct table_state *s)
{
    uint32_t groups = charter_groups(&s->charter);
    cbor_put_array(b, s->charter.phase_count);
    for (uint32_t i = 0; i < s->charter.phase_count; i++) {
        const struct phase_dates *d = &s->dates[i];
        cbor_put_array(b, 4);
        if (d->moved) {
            cbor_put_array(b, 2);
            put_index(b, d->moved_at);
            put_hour(b, d->deadline);
        } else {
            cbor_put_null(b);
        }
        put_motions(b, d->asked, groups);
        put_notes(b, d->wishes, groups);
        put_notes(b, d->reviews, groups);
    }
}

/* Whom each proposal binds. */
static void put_bound(struct buf *b, const struct table_state *s)
{
    cbor_put_array(b, s->proposal_count);
    for (uint32_t i = 0; i < s->proposal_count; i++) {
        cbor_put_uint(b, s->proposals[i].bound_sides);
    }
}

bool state_digest(const struct table_state *s, struct digest *out, struct err *err)
{
    struct buf b;
    buf_init(&b, STATE_BYTES_MAX);
    cbor_put_array(&b, s->has_charter ? 24 : 1);
    if (!s->has_charter) {
        cbor_put_null(&b);
    } else {
        put_charter(&b, s);   /* 1 */
        put_names(&b, s);     /* 1 */
        put_mandates(&b, s);  /* 2 */
        put_proposals(&b, s); /* 2 */
        put_deeds(&b, s);     /* 2 */
        put_rest(&b, s);      /* 7 */
        put_consult(&b, s);   /* 5 */
        put_standing(&b, s);  /* 1 */
        put_dates(&b, s);     /* 1 */
        snt_put(&b, s);       /* 1 */
        put_bound(&b, s);     /* 1 */
    }
    bool ok = buf_done(&b, "the state of the table", err);
    if (ok) {
        struct bytes v = buf_bytes(&b);
        *out = digest_tagged("entente/v1/state", &v, 1);
    }
    buf_free(&b);
    return ok;
}
