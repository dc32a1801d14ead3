/* SPDX-License-Identifier: Apache-2.0 */
#include "table/fold_priv.h"

#include "base/switch_off.h"
#include "record/roster.h"

/* GROW(f, proposals, proposal_count) makes room in f->state. */
#define GROW(f, array, count)                                                                      \
    fold_grow((f)->mem, &(f)->state.array, (f)->state.count, sizeof((f)->state.array[0]))

/* One more of that side's share [3.5]. */
static void use(struct fold *f, enum ceiling k, uint32_t side)
{
    f->state.used[k][side]++;
}

void fold_use(struct fold *f, enum ceiling k, uint32_t side)
{
    use(f, k, side);
}

struct text fold_keep(struct fold *f, struct text t)
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

/* ---- the charter ---- */

bool fold_take_charter(struct fold *f, const struct verified_act *va, const struct payload *p)
{
    const struct found *found = keyring_found(f->ring);
    struct table_state *s = &f->state;
    struct err ignored = {0};
    struct digest d = charter_digest(p->salt, p->charter);
    struct charter c;
    if (found == NULL || va->author.side != found->convener_side || !ID_EQ(d, found->charter)) {
        return true; /* not the charter that was founded: passed over, nothing of it is kept */
    }
    struct bytes raw = arena_copy(f->mem, p->charter);
    if (f->mem->failed || !charter_decode(raw, f->mem, &c, &ignored) ||
        charter_groups(&c) != found->groups || c.grace_seconds != found->grace_seconds) {
        return !f->mem->failed; /* not the charter that was founded: passed over */
    }
    s->charter = c;
    s->charter_leaf = va->leaf;
    s->charter_index = va->index;
    s->signatures = ARENA_NEW(f->mem, struct charter_signature, charter_groups(&c));
    s->deeds = ARENA_NEW(f->mem, struct deed_state, c.deed_count);
    s->levers = ARENA_NEW(f->mem, struct lever_state, c.lever_count);
    s->phase_opened_at = ARENA_NEW(f->mem, uint64_t, c.phase_count);
    s->gate_opened_at = ARENA_NEW(f->mem, uint64_t, c.phase_count);
    if (!fold_standing_new(f, &c) || !fold_begin_texts(f) || f->mem->failed) {
        return false;
    }
    for (uint32_t i = 0; i < c.phase_count; i++) {
        s->phase_opened_at[i] = INDEX_NEVER;
        s->gate_opened_at[i] = INDEX_NEVER;
    }
    s->has_charter = true;
    f->mine.epoch_count =
        0; /* what was judged by the sides alone; before the charter nothing counts */
    return true;
}

static bool apply_sign_charter(struct fold *f, const struct verified_act *va)
{
    struct table_state *s = &f->state;
    struct err ignored = {0};
    struct digest made, now;
    if (!roster_digest_at(f->ring, va->act.seen_size, &made, &ignored) ||
        !roster_digest_at(f->ring, va->index, &now, &ignored)) {
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
    use(f, CEILING_MANDATES, vo->side);
    return true;
}

static bool apply_revoke(struct fold *f, const struct verified_act *va,
                         const struct verified_object *vo)
{
    struct table_state *s = &f->state;
    const struct digest *id = &vo->object.digest;
    struct mandate_state *m = state_mandate(s, vo->side, id);
    if (m != NULL) {
        m->revoked_at = m->revoked_at == INDEX_NEVER ? va->index : m->revoked_at;
        return true; /* what was posted is not posted again */
    }
    if (state_revoked(s, vo->side, id)) {
        return true;
    }
    if (!GROW(f, revoked, revoked_count)) {
        return false;
    }
    s->revoked[s->revoked_count++] = (struct revoked_mandate){.side = vo->side, .id = *id};
    use(f, CEILING_REVOCATIONS, vo->side);
    return true;
}

/* Of a principal's own seat alone: nobody instructs himself. */
static bool apply_instruct(struct fold *f, const struct judged_act *a)
{
    struct private_state *m = &f->mine;
    if (keyring_seat(f->ring, a->seat)->keys.post != 0) {
        return true;
    }
    if (!fold_grow(f->mem, &m->instructions, m->instruction_count, sizeof(m->instructions[0]))) {
        return false;
    }
    m->instructions[m->instruction_count++] = (struct instruction){
        .index = a->index,
        .side = a->side,
        .digest = limits_digest(a->p->salt, a->p->limits),
        .limits = arena_copy(f->mem, a->p->limits),
        .text = a->p->text_count > 0 ? fold_keep(f, a->p->texts[0]) : (struct text){0},
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
                               .text = p->text_count > 0 ? fold_keep(f, p->texts[0])
                                                         : (struct text){0},
                               .has_follows = p->ref_count > 0,
                               .has_version = p->has_version,
                               .version = p->version,
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
        n.meets[i] = (struct meets){p->meets[i].answer, fold_keep(f, p->meets[i].label)};
    }
    s->proposals[s->proposal_count++] = n;
    use(f, CEILING_PROPOSALS, a->side);
    return leaf_index_add(&s->by_proposal, state_proposals(s), f->mem) && !f->mem->failed;
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
            .label = fold_keep(f, r->label),
            .proposal = proposal,
            .answer = *leaf,
            .side = a->side,
            .issue = r->has_issue ? issue_find(s->charter.issues, s->charter.issue_count, r->issue)
                                  : CHARTER_NONE,
            .text = fold_keep(f, r->text),
            .closed_at = INDEX_NEVER,
        };
        use(f, CEILING_POINTS, a->side);
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
                             .text = a->p->text_count > 0 ? fold_keep(f, a->p->texts[0])
                                                          : (struct text){0}};
    p->answers[a->side] = n;
    p->newest = a->index;
    /* Noted after a withdrawal that it had not seen, which had not seen it either [6.2]. */
    if (CHECK_ON(CROSS_ANSWER) && answer_accepts(&n) && p->withdrawn_at != INDEX_NEVER) {
        p->crossed |= 1u << a->side;
    }
    /* A new answer takes the place of one's ratification of the old, too. */
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
        bool answered = answer_accepts(&p->answers[g]) && saw <= p->answers[g].index &&
                        CHECK_ON(CROSS_WITHDRAW);
        bool ratified = p->ratified[g].given && saw <= p->ratified[g].index &&
                        CHECK_ON(CROSS_WITHDRAW);
        if (answered || ratified) {
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
    found->proposal->newest = a->index;
    use(f, CEILING_RATIFICATIONS, a->side);
    found->proposal->ratified[a->side] = (struct ratification){
        .given = true, .leaf = *leaf, .index = a->index, .seen_size = a->seen_size};
    if (CHECK_ON(CROSS_RATIFY) && found->proposal->withdrawn_at != INDEX_NEVER) {
        found->proposal->crossed |= 1u << a->side; /* it had not seen the withdrawal [6.2] */
    }
    return true;
}

/* ---- deeds, incidents, the rest ---- */

static bool cite(struct fold *f, uint32_t side, const struct leaf_hash *leaf)
{
    struct table_state *s = &f->state;
    if (!GROW(f, evidence, evidence_count)) {
        return false;
    }
    s->evidence[s->evidence_count++] = *leaf;
    use(f, CEILING_EVIDENCE, side);
    return leaf_index_add(&s->by_evidence, state_evidence(s), f->mem);
}

static bool apply_promise(struct fold *f, const struct judged_act *a, const struct findings *found,
                          const struct leaf_hash *leaf)
{
    f->state.deeds[found->deed] = (struct deed_state){
        .promised = true,
        .promise = *leaf,
        .promise_index = a->index,
        .promise_seat = a->seat,
        .what = fold_keep(f, a->p->texts[0]),
        .how = a->p->text_count > 1 ? fold_keep(f, a->p->texts[1]) : (struct text){0},
        .due = a->p->when,
        .waits_from = INDEX_NEVER,
        .done_since = INDEX_NEVER,
        .after = text_present(a->p->after) ? charter_find_deed(&f->state.charter, a->p->after)
                                           : CHARTER_NONE,
    };
    return !f->mem->failed;
}

static bool apply_verify(struct fold *f, const struct judged_act *a, const struct findings *found,
                         const struct leaf_hash *leaf)
{
    struct deed_state *d = &f->state.deeds[found->deed];
    if (found->decides) {
        /* As of the verification in dispute: what is decided later was so, or not, by then. */
        d->verified = a->p->finding;
        d->decided = true;
        d->decided_index = a->index;
        d->done_since = d->verified == FINDING_DONE ? d->verified_index : INDEX_NEVER;
        d->verified_late = d->verified == FINDING_DONE && d->hour_passed;
        return cite(f, a->side, leaf);
    }
    d->verified = a->p->finding;
    d->verification = *leaf;
    d->verified_index = a->index;
    d->verified_by = a->side;
    d->disputed = d->decided = false;
    d->waits_from = INDEX_NEVER;
    if (d->verified != FINDING_DONE) {
        d->done_since = INDEX_NEVER;
    } else if (d->done_since == INDEX_NEVER) {
        d->done_since = a->index;
    }
    d->hour_passed = witness_surely_passed(f->log, a->seen_size, d->due + 1, a->index) &&
                     state_hour_counts(&f->state, f->log, found->deed, a->index);
    d->verified_late = d->verified == FINDING_DONE && d->hour_passed;
    return cite(f, a->side, leaf);
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
        .text = fold_keep(f, a->p->texts[0]),
        .found_by = CHARTER_NONE,
    };
    s->incident_count++;
    use(f, CEILING_INCIDENTS, a->side);
    return !f->mem->failed && leaf_index_add(&s->by_incident, state_incidents(s), f->mem) &&
           cite(f, a->side, leaf);
}

static void apply_assess(const struct judged_act *a, const struct findings *found)
{
    struct incident_state *n = found->incident;
    n->verdict = a->p->verdict;
    n->severity = a->p->severity;
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
    uint32_t at = leaf_index_find(&s->by_confirm, state_confirms(s), &a->p->answers);
    if (at == LEAF_NONE) {
        at = s->confirm_count;
        if (!GROW(f, confirms, confirm_count)) {
            return false;
        }
        s->confirms[s->confirm_count++] = (struct confirm_state){.about = a->p->answers};
        use(f, CEILING_CONFIRMS, a->side);
        if (!leaf_index_add(&s->by_confirm, state_confirms(s), f->mem)) {
            return false;
        }
    }
    struct confirm_state *c = &s->confirms[at];
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
        uint32_t at = leaf_index_find(&s->by_consent, state_consents(s), &a->p->refs[i]);
        if (at == LEAF_NONE) {
            at = s->consent_count;
            if (!GROW(f, consents, consent_count)) {
                return false;
            }
            s->consents[s->consent_count++] = (struct consent_state){.act = a->p->refs[i]};
            use(f, CEILING_CONSENTS, a->side);
            if (!leaf_index_add(&s->by_consent, state_consents(s), f->mem)) {
                return false;
            }
        }
        s->consents[at].sides |= 1u << a->side;
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
                                                         fold_keep(f, a->p->texts[0])};
    use(f, CEILING_PARKED, a->side);
    return !f->mem->failed;
}

static bool apply_statement(struct fold *f, const struct judged_act *a,
                            const struct findings *found, const struct leaf_hash *leaf)
{
    struct beside *b = &f->beside;
    if (!room_shared(a->room) ||
        b->statements_of[a->side] >= ceiling_share(&f->state.charter, CEILING_STATEMENTS)) {
        return true;
    }
    if (!fold_grow(f->mem, &b->statements, b->statement_count, sizeof(b->statements[0]))) {
        return false;
    }
    b->statements[b->statement_count] = (struct statement_note){
        .leaf = *leaf,
        .index = a->index,
        .number = b->statement_count + 1,
        .logged_by = a->side,
        .side = found->side,
        .text = fold_keep(f, a->p->texts[0]),
        .source = fold_keep(f, a->p->source),
    };
    b->statement_count++;
    b->statements_of[a->side]++;
    return !f->mem->failed;
}

static bool of_keys(enum act_kind kind)
{
    return kind == KIND_EPOCH || kind == KIND_GRANT || kind == KIND_CANNOT_OPEN ||
           kind == KIND_VOID;
}

static bool apply(struct fold *f, const struct verified_act *va, const struct opened *o,
                  const struct judged_act *a, const struct findings *found)
{
    struct table_state *s = &f->state;
    bool shared = room_shared(a->room);
    if (a->room.kind == ROOM_MONITORS && a->p->kind != KIND_STATEMENT) {
        if (!GROW(f, monitors_acts, monitors_act_count)) {
            return false;
        }
        s->monitors_acts[s->monitors_act_count++] = va->leaf;
        if (!leaf_index_add(&s->by_monitors_act, state_monitors_acts(s), f->mem)) {
            return false;
        }
    }
    switch (a->p->kind) {
    case KIND_CHARTER:
    case KIND_GRANT:
    case KIND_CANNOT_OPEN: /* says what its author found; whoever opens an epoch act sees it alike */
    case KIND_VOID:
    case KIND_SAY:
    case KIND_PUBLISHED:
        return true;
    case KIND_DEBRIEF:
    case KIND_INTERESTS:
    case KIND_MEET:
    case KIND_POSITION:
    case KIND_MEMO:
    case KIND_DECIDE:
        return fold_take_home(f, va, a);
    case KIND_EPOCH:
        return fold_take_epoch(f, va, o, a->p);
    case KIND_INSTRUCT:
        return apply_instruct(f, a);
    case KIND_SIGN_CHARTER:
        return apply_sign_charter(f, va);
    case KIND_INTRODUCE:
        s->names[keyring_find_seat(f->ring, &a->p->seat)] = fold_keep(f, a->p->name);
        return !f->mem->failed;
    case KIND_MANDATE:
        return apply_mandate(f, va, a->object);
    case KIND_REVOKE_MANDATE:
        return apply_revoke(f, va, a->object);
    case KIND_CONFIRM:
        return shared ? apply_confirm(f, a) : fold_take_home(f, va, a);
    case KIND_DOCUMENT:
        return !shared || cite(f, a->side, &va->leaf);
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
        if (s->deeds[found->deed].waits_from == INDEX_NEVER) {
            s->deeds[found->deed].waits_from = a->index;
        }
        return cite(f, a->side, &va->leaf);
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
        return cite(f, a->side, &va->leaf);
    case KIND_GATE:
        apply_gate(f, a, found);
        return true;
    case KIND_SUSPEND:
    case KIND_RESUME:
    case KIND_LEAVE:
    case KIND_RETURN:
    case KIND_CONCLUDE:
    case KIND_DATE:
        return fold_apply_parties(f, a, found);
    case KIND_PARK:
        return apply_park(f, a, found);
    case KIND_CONSENT:
        return apply_consent(f, a);
    case KIND_DISPUTE:
    case KIND_ASK:
    case KIND_OPINION:
    case KIND_UNDERTAKE:
    case KIND_SETTLED:
    case KIND_LEVER:
    case KIND_NOTICE:
        return fold_apply_consult(f, a, found, &va->leaf);
    case KIND_DRAFT:
    case KIND_BRACKET:
    case KIND_SUPPORT:
    case KIND_OBJECT:
    case KIND_ADOPT:
    case KIND_CLEAN:
    case KIND_SILENCE:
        return fold_apply_text(f, a, found, &va->leaf);
    }
    return true;
}

/* False only where memory is short. */
bool fold_apply(struct fold *f, const struct verified_act *va, const struct opened *o,
                const struct judged_act *a, const struct findings *found)
{
    if (!apply(f, va, o, a, found)) {
        return false;
    }
    if (!of_keys(a->p->kind) && a->p->kind != KIND_STATEMENT) {
        fold_texts_seen(f, a);
    }
    return true;
}
