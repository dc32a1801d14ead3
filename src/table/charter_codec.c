/* SPDX-License-Identifier: Apache-2.0
 *
 * The canonical CBOR of a charter: the maps of docs/RULES.md section 2.2.  Sides, phases, issues
 * and deeds are named by their places.
 */
#include "base/cbor.h"
#include "record/limits.h"
#include "table/charter.h"

#define CHARTER_V 1u
#define SCOPE_PHASE 1u   /* nothing is agreed until all of the phase is */
#define PEN_MEDIATION 1u /* the mediation drafts; where there is none, any party */

/* Encoding */

static void put_texts(struct buf *out, const struct text *t, uint32_t count)
{
    cbor_put_array(out, count);
    for (uint32_t i = 0; i < count; i++) {
        cbor_put_tstr(out, t[i]);
    }
}

static void put_places(struct buf *out, const uint32_t *v, uint32_t count)
{
    cbor_put_array(out, count);
    for (uint32_t i = 0; i < count; i++) {
        cbor_put_uint(out, v[i]);
    }
}

static void put_place(struct buf *out, uint64_t key, uint32_t v)
{
    cbor_put_uint(out, key);
    if (v == CHARTER_NONE) {
        cbor_put_null(out);
    } else {
        cbor_put_uint(out, v);
    }
}

static void put_number(struct buf *out, uint64_t key, uint64_t v)
{
    cbor_put_uint(out, key);
    cbor_put_uint(out, v);
}

static void put_words(struct buf *out, uint64_t key, struct text t)
{
    cbor_put_uint(out, key);
    cbor_put_tstr(out, t);
}

static void put_side(struct buf *out, const struct charter_side *s)
{
    if (!s->present) {
        cbor_put_null(out);
        return;
    }
    cbor_put_map(out, 5);
    put_words(out, 1, s->id);
    put_words(out, 2, s->name);
    cbor_put_uint(out, 3);
    put_texts(out, s->seats, s->seat_count);
    cbor_put_uint(out, 4);
    put_places(out, s->phases, s->phase_count);
    cbor_put_uint(out, 5);
    if (s->successor_count == 0) {
        cbor_put_null(out);
    } else {
        cbor_put_array(out, 2);
        cbor_put_uint(out, s->successors_needed);
        cbor_put_uint(out, s->successor_count);
    }
}

static void put_sides(struct buf *out, uint64_t key, const struct charter *c, uint32_t from,
                      uint32_t count)
{
    cbor_put_uint(out, key);
    cbor_put_array(out, count);
    for (uint32_t i = 0; i < count; i++) {
        put_side(out, &c->sides[from + i]);
    }
}

static void put_condition(struct buf *out, const struct condition *k)
{
    cbor_put_array(out, 2);
    cbor_put_uint(out, k->kind);
    switch (k->kind) {
    case CONDITION_VERIFIED:
        cbor_put_uint(out, k->deed);
        return;
    case CONDITION_QUIET:
        cbor_put_uint(out, k->seconds);
        return;
    case CONDITION_SETTLED_WITHIN:
    case CONDITION_CONSULTED:
    case CONDITION_UNDERTAKEN:
        cbor_put_uint(out, k->side);
        return;
    case CONDITION_AGREED:
    case CONDITION_RATIFIED:
    case CONDITION_NO_REPORT_WAITING:
    case CONDITION_ADOPTED:
        cbor_put_null(out);
        return;
    }
}

static void put_phase(struct buf *out, const struct charter_phase *p)
{
    cbor_put_map(out, 5);
    put_words(out, 1, p->id);
    cbor_put_uint(out, 2);
    cbor_put_bool(out, p->papers_only);
    put_number(out, 3, p->wish_seconds);
    put_number(out, 4, p->deadline_seconds);
    cbor_put_uint(out, 5);
    cbor_put_array(out, p->condition_count);
    for (uint32_t i = 0; i < p->condition_count; i++) {
        put_condition(out, &p->conditions[i]);
    }
}

static void put_issue(struct buf *out, const struct issue *issue)
{
    cbor_put_map(out, 4);
    put_words(out, 1, issue->id);
    put_number(out, 2, issue->phase);
    put_place(out, 3, issue->owner);
    cbor_put_uint(out, 4);
    put_texts(out, issue->options, issue->option_count);
}

static void put_deed(struct buf *out, const struct charter_deed *d)
{
    cbor_put_map(out, 3);
    put_words(out, 1, d->id);
    put_number(out, 2, d->by);
    put_place(out, 3, d->verifier);
}

static void put_lever(struct buf *out, const struct charter_lever *l)
{
    cbor_put_map(out, 5);
    put_words(out, 1, l->id);
    put_number(out, 2, l->holder);
    put_place(out, 3, l->touches);
    put_place(out, 4, l->permitted_when_failed);
    cbor_put_uint(out, 5);
    put_places(out, l->ask, l->ask_count);
}

static void put_decision(struct buf *out, const struct charter *c)
{
    if (c->decision != DECISION_QUALIFIED) {
        cbor_put_uint(out, (uint64_t)c->decision);
        return;
    }
    cbor_put_array(out, 3);
    cbor_put_uint(out, (uint64_t)c->decision);
    cbor_put_uint(out, c->decision_needed);
    cbor_put_array(out, (size_t)__builtin_popcount(c->veto));
    for (uint32_t g = 0; g < 32; g++) {
        if ((c->veto & (1u << g)) != 0) {
            cbor_put_uint(out, g);
        }
    }
}

static void put_charter(struct buf *out, const struct charter *c)
{
    cbor_put_map(out, c->earlier.size > 0 ? 14 : 13);
    put_number(out, 1, CHARTER_V);
    put_words(out, 2, c->table);
    put_words(out, 3, c->goal);
    cbor_put_uint(out, 4);
    put_side(out, &c->sides[0]);
    uint32_t behind = 1 + c->party_count;
    put_sides(out, 5, c, 1, c->party_count);
    put_sides(out, 6, c, behind, c->monitor_count);
    behind += c->monitor_count;
    put_sides(out, 7, c, behind, c->side_count - behind);
    cbor_put_uint(out, 8);
    cbor_put_map(out, 7);
    cbor_put_uint(out, 1);
    put_decision(out, c);
    put_number(out, 2, SCOPE_PHASE);
    put_number(out, 3, c->silence_seconds);
    put_number(out, 4, c->grace_seconds);
    put_number(out, 5, c->publication);
    put_number(out, 6, PEN_MEDIATION);
    put_place(out, 7, c->arbiter);
    cbor_put_uint(out, 9);
    cbor_put_array(out, c->phase_count);
    for (uint32_t i = 0; i < c->phase_count; i++) {
        put_phase(out, &c->phases[i]);
    }
    cbor_put_uint(out, 10);
    cbor_put_array(out, c->issue_count);
    for (uint32_t i = 0; i < c->issue_count; i++) {
        put_issue(out, &c->issues[i]);
    }
    cbor_put_uint(out, 11);
    cbor_put_array(out, c->deed_count);
    for (uint32_t i = 0; i < c->deed_count; i++) {
        put_deed(out, &c->deeds[i]);
    }
    cbor_put_uint(out, 12);
    cbor_put_array(out, c->lever_count);
    for (uint32_t i = 0; i < c->lever_count; i++) {
        put_lever(out, &c->levers[i]);
    }
    cbor_put_uint(out, 13);
    cbor_put_map(out, 3);
    put_number(out, 1, c->weight_minor);
    put_number(out, 2, c->weight_serious);
    put_number(out, 3, c->half_life_seconds);
    if (c->earlier.size > 0) {
        cbor_put_uint(out, 15);
        cbor_put_array(out, 3);
        cbor_put_bstr(out, ID_BYTES(c->earlier.table));
        cbor_put_uint(out, c->earlier.size);
        cbor_put_bstr(out, ID_BYTES(c->earlier.root));
    }
}

static bool too_large(struct err *err)
{
    return err_set(err, ERR_LIMIT, "the charter has more than %u bytes in the record",
                   CHARTER_CBOR_MAX) ||
           err_mend(err, "shorten names and options, or leave issues for the phase they belong to");
}

bool charter_encode(const struct charter *c, struct buf *out, struct err *err)
{
    if (!charter_check(c, err)) {
        return false;
    }
    /* Measured apart first: what is refused leaves out as it was. */
    struct buf own;
    buf_init(&own, CHARTER_CBOR_MAX);
    put_charter(&own, c);
    bool ok = buf_ok(&own);
    if (!ok) {
        ok = own.no_memory ? err_memory(err, "the charter") : too_large(err);
    } else {
        buf_add(out, buf_bytes(&own));
        ok = buf_done(out, "the charter", err);
    }
    buf_free(&own);
    return ok;
}

/* Decoding: straight down; a list is made once its count is known to be within its ceiling. */

struct take {
    struct cbor in;
    struct arena *mem;
};

static struct text take_words(struct cbor *in)
{
    struct bytes v = cbor_tstr(in);
    return (struct text){.p = (const char *)v.p, .n = v.n}; /* charter_check proves it a text */
}

static uint32_t take_u32(struct cbor *in)
{
    uint64_t v = cbor_uint(in);
    if (v >= CHARTER_NONE) {
        cbor_refuse(in, "a number is too large");
        return 0;
    }
    return (uint32_t)v;
}

static uint32_t take_place(struct cbor *in)
{
    return cbor_take_null(in) ? CHARTER_NONE : take_u32(in);
}

/* A list of count things, or a fault.  Nothing is taken from the arena after a fault. */
#define TAKE_NEW(t, type, count) (cbor_ok(&(t)->in) ? ARENA_NEW((t)->mem, type, (count)) : NULL)

static struct text *take_texts(struct take *t, uint32_t max, uint32_t *out_count)
{
    uint32_t count = (uint32_t)cbor_array(&t->in, max); /* at most max */
    struct text *v = TAKE_NEW(t, struct text, count);
    for (uint32_t i = 0; v != NULL && i < count; i++) {
        v[i] = take_words(&t->in);
    }
    *out_count = v == NULL ? 0 : count;
    return v;
}

static uint32_t *take_places(struct take *t, uint32_t max, uint32_t *out_count)
{
    uint32_t count = (uint32_t)cbor_array(&t->in, max); /* at most max */
    uint32_t *v = TAKE_NEW(t, uint32_t, count);
    for (uint32_t i = 0; v != NULL && i < count; i++) {
        v[i] = take_u32(&t->in);
    }
    *out_count = v == NULL ? 0 : count;
    return v;
}

static void take_side(struct take *t, struct charter_side *s)
{
    struct cbor *in = &t->in;
    s->present = true;
    cbor_map_n(in, 5);
    cbor_expect_key(in, 1);
    s->id = take_words(in);
    cbor_expect_key(in, 2);
    s->name = take_words(in);
    cbor_expect_key(in, 3);
    s->seats = take_texts(t, CHARTER_SEATS_MAX, &s->seat_count);
    cbor_expect_key(in, 4);
    s->phases = take_places(t, CHARTER_PHASES_MAX, &s->phase_count);
    cbor_expect_key(in, 5);
    if (!cbor_take_null(in)) {
        cbor_array_n(in, 2);
        s->successors_needed = take_u32(in);
        s->successor_count = take_u32(in);
        if (s->successor_count == 0) {
            cbor_refuse(in, "no successors are written as null");
        }
    }
}

/* Appends the sides of one role behind those that are there. */
static uint32_t take_sides(struct take *t, uint64_t key, enum side_role role, struct charter *c)
{
    cbor_expect_key(&t->in, key);
    uint32_t count = (uint32_t)cbor_array(&t->in, CHARTER_SIDES_MAX - c->side_count);
    for (uint32_t i = 0; i < count && cbor_ok(&t->in) && !t->mem->failed; i++) {
        struct charter_side *s = &c->sides[c->side_count++];
        s->role = role;
        take_side(t, s);
    }
    return count;
}

static void take_condition(struct cbor *in, struct condition *k)
{
    cbor_array_n(in, 2);
    uint32_t kind = take_u32(in);
    if (kind < CONDITION_AGREED || kind > CONDITION_ADOPTED) {
        cbor_refuse(in, "a condition of a gate is of no known kind");
        return;
    }
    k->kind = (enum condition_kind)kind;
    switch (k->kind) {
    case CONDITION_VERIFIED:
        k->deed = take_u32(in);
        return;
    case CONDITION_QUIET:
        k->seconds = cbor_uint(in);
        return;
    case CONDITION_SETTLED_WITHIN:
    case CONDITION_CONSULTED:
    case CONDITION_UNDERTAKEN:
        k->side = take_u32(in);
        return;
    case CONDITION_AGREED:
    case CONDITION_RATIFIED:
    case CONDITION_NO_REPORT_WAITING:
    case CONDITION_ADOPTED:
        if (!cbor_take_null(in)) {
            cbor_refuse(in, "a condition that has no value has one");
        }
        return;
    }
}

static void take_phase(struct take *t, struct charter_phase *p)
{
    struct cbor *in = &t->in;
    cbor_map_n(in, 5);
    cbor_expect_key(in, 1);
    p->id = take_words(in);
    cbor_expect_key(in, 2);
    p->papers_only = cbor_bool(in);
    cbor_expect_key(in, 3);
    p->wish_seconds = cbor_uint(in);
    cbor_expect_key(in, 4);
    p->deadline_seconds = cbor_uint(in);
    cbor_expect_key(in, 5);
    uint32_t count = (uint32_t)cbor_array(in, CHARTER_CONDITIONS_MAX);
    p->conditions = TAKE_NEW(t, struct condition, count);
    for (uint32_t i = 0; p->conditions != NULL && i < count; i++) {
        p->condition_count = i + 1;
        take_condition(in, &p->conditions[i]);
    }
}

static void take_issue(struct take *t, struct issue *issue)
{
    struct cbor *in = &t->in;
    cbor_map_n(in, 4);
    cbor_expect_key(in, 1);
    issue->id = take_words(in);
    cbor_expect_key(in, 2);
    issue->phase = take_u32(in);
    cbor_expect_key(in, 3);
    issue->owner = take_place(in);
    cbor_expect_key(in, 4);
    issue->options = take_texts(t, TERMS_OPTIONS_MAX, &issue->option_count);
}

static void take_deed(struct cbor *in, struct charter_deed *d)
{
    cbor_map_n(in, 3);
    cbor_expect_key(in, 1);
    d->id = take_words(in);
    cbor_expect_key(in, 2);
    d->by = take_u32(in);
    cbor_expect_key(in, 3);
    d->verifier = take_place(in);
}

static void take_lever(struct take *t, struct charter_lever *l)
{
    struct cbor *in = &t->in;
    cbor_map_n(in, 5);
    cbor_expect_key(in, 1);
    l->id = take_words(in);
    cbor_expect_key(in, 2);
    l->holder = take_u32(in);
    cbor_expect_key(in, 3);
    l->touches = take_place(in);
    cbor_expect_key(in, 4);
    l->permitted_when_failed = take_place(in);
    cbor_expect_key(in, 5);
    l->ask = take_places(t, CHARTER_SIDES_MAX, &l->ask_count);
}

/* A field that version 1 of the rules knows one value of. */
static void take_fixed(struct cbor *in, uint64_t key, uint64_t v, const char *reason)
{
    cbor_expect_key(in, key);
    if (cbor_uint(in) != v) {
        cbor_refuse(in, reason);
    }
}

static void take_qualified(struct cbor *in, struct charter *c)
{
    cbor_array_n(in, 3);
    if (cbor_uint(in) != DECISION_QUALIFIED) {
        cbor_refuse(in, "the decision rule is unknown");
    }
    c->decision = DECISION_QUALIFIED;
    c->decision_needed = take_u32(in);
    uint64_t least = 0;
    for (size_t i = 0, n = cbor_array(in, CHARTER_SIDES_MAX); i < n && cbor_ok(in); i++) {
        uint64_t side = cbor_uint(in);
        if (side < least || side >= CHARTER_SIDES_MAX) {
            cbor_refuse(in, "those with a veto are not ascending");
            return;
        }
        c->veto |= 1u << side;
        least = side + 1;
    }
}

static void take_decision(struct cbor *in, struct charter *c)
{
    cbor_expect_key(in, 1);
    if (cbor_peek(in) == CBOR_ARRAY) {
        take_qualified(in, c);
        return;
    }
    uint64_t rule = cbor_uint(in);
    if (rule != DECISION_UNANIMITY && rule != DECISION_CONSENSUS) {
        cbor_refuse(in, "the decision rule is unknown");
    }
    c->decision = rule == DECISION_CONSENSUS ? DECISION_CONSENSUS : DECISION_UNANIMITY;
}

static void take_procedure(struct cbor *in, struct charter *c)
{
    cbor_expect_key(in, 8);
    cbor_map_n(in, 7);
    take_decision(in, c);
    take_fixed(in, 2, SCOPE_PHASE, "the scope of nothing-agreed-until-all is unknown");
    cbor_expect_key(in, 3);
    c->silence_seconds = cbor_uint(in);
    cbor_expect_key(in, 4);
    c->grace_seconds = take_u32(in);
    cbor_expect_key(in, 5);
    uint64_t publication = cbor_uint(in);
    if (publication != PUBLICATION_ON_AGREEMENT && publication != PUBLICATION_NEVER) {
        cbor_refuse(in, "the publication rule is unknown");
    }
    c->publication = publication == PUBLICATION_NEVER ? PUBLICATION_NEVER
                                                      : PUBLICATION_ON_AGREEMENT;
    take_fixed(in, 6, PEN_MEDIATION, "the holder of the pen is unknown");
    cbor_expect_key(in, 7);
    c->arbiter = take_place(in);
}

static void take_space(struct take *t, struct charter *c)
{
    struct cbor *in = &t->in;
    cbor_expect_key(in, 9);
    c->phase_count = (uint32_t)cbor_array(in, CHARTER_PHASES_MAX);
    c->phases = TAKE_NEW(t, struct charter_phase, c->phase_count);
    for (uint32_t i = 0; c->phases != NULL && i < c->phase_count; i++) {
        take_phase(t, &c->phases[i]);
    }
    cbor_expect_key(in, 10);
    c->issue_count = (uint32_t)cbor_array(in, TERMS_ISSUES_MAX);
    c->issues = TAKE_NEW(t, struct issue, c->issue_count);
    for (uint32_t i = 0; c->issues != NULL && i < c->issue_count; i++) {
        take_issue(t, &c->issues[i]);
    }
    cbor_expect_key(in, 11);
    c->deed_count = (uint32_t)cbor_array(in, CHARTER_DEEDS_MAX);
    c->deeds = TAKE_NEW(t, struct charter_deed, c->deed_count);
    for (uint32_t i = 0; c->deeds != NULL && i < c->deed_count; i++) {
        take_deed(in, &c->deeds[i]);
    }
    cbor_expect_key(in, 12);
    c->lever_count = (uint32_t)cbor_array(in, CHARTER_LEVERS_MAX);
    c->levers = TAKE_NEW(t, struct charter_lever, c->lever_count);
    for (uint32_t i = 0; c->levers != NULL && i < c->lever_count; i++) {
        take_lever(t, &c->levers[i]);
    }
}

static void take_earlier(struct cbor *in, struct charter_earlier *e)
{
    cbor_expect_key(in, 15);
    cbor_array_n(in, 3);
    cbor_bstr_into(in, e->table.b, sizeof(e->table.b));
    e->size = cbor_uint(in);
    cbor_bstr_into(in, e->root.b, sizeof(e->root.b));
    if (cbor_ok(in) && e->size == 0) {
        cbor_refuse(in, "the earlier table has no acts");
    }
}

static void take_charter(struct take *t, struct charter *c)
{
    struct cbor *in = &t->in;
    size_t keys = cbor_map(in, 14);
    if (cbor_ok(in) && keys < 13) {
        cbor_refuse(in, "the charter has too few parts");
    }
    take_fixed(in, 1, CHARTER_V, "the version of the charter is unknown");
    cbor_expect_key(in, 2);
    c->table = take_words(in);
    cbor_expect_key(in, 3);
    c->goal = take_words(in);
    cbor_expect_key(in, 4);
    c->side_count = 1;
    c->sides[0].role = ROLE_MEDIATION;
    if (!cbor_take_null(in)) {
        take_side(t, &c->sides[0]);
    }
    c->party_count = take_sides(t, 5, ROLE_PARTY, c);
    c->monitor_count = take_sides(t, 6, ROLE_MONITOR, c);
    (void)take_sides(t, 7, ROLE_CONSULTED, c); /* all that are left */
    take_procedure(in, c);
    take_space(t, c);
    cbor_expect_key(in, 13);
    cbor_map_n(in, 3);
    cbor_expect_key(in, 1);
    c->weight_minor = take_u32(in);
    cbor_expect_key(in, 2);
    c->weight_serious = take_u32(in);
    cbor_expect_key(in, 3);
    c->half_life_seconds = cbor_uint(in);
    if (keys == 14) {
        take_earlier(in, &c->earlier);
    }
}

bool charter_decode(struct bytes raw, struct arena *mem, struct charter *out, struct err *err)
{
    if (raw.n > CHARTER_CBOR_MAX) {
        return too_large(err);
    }
    struct take t = {.mem = mem};
    struct charter c = {.sides = ARENA_NEW(mem, struct charter_side, CHARTER_SIDES_MAX)};
    struct bytes own = arena_copy(mem, raw);
    if (c.sides == NULL || mem->failed) {
        return err_memory(err, "the charter");
    }
    cbor_init(&t.in, own);
    take_charter(&t, &c);
    if (mem->failed) {
        return err_memory(err, "the charter");
    }
    if (!cbor_done(&t.in, "the charter", err)) {
        return false;
    }
    if (!charter_check(&c, err)) {
        return false;
    }
    *out = c;
    return true;
}
