/* SPDX-License-Identifier: Apache-2.0 */
#include "fold/write_priv.h"

/* ---- offers ---- */

static bool write_propose(struct writing *w)
{
    const struct proposal_state *p = a_proposal(w);
    if (rightly(w) && !w->aims) {
        w->side = below(w, charter_groups(w->c));
    }
    w->p.choices = ARENA_NEW(w->mem, struct named_choice, 1);
    w->p.choice_count = 1;
    w->p.choices[0] = (struct named_choice){w->c->issues[0].id,
                                            below(w, w->c->issues[0].option_count)};
    maybe_words(w);
    if (p != NULL && one_in(w, 3)) {
        w->p.refs = ARENA_NEW(w->mem, struct leaf_hash, 1);
        w->p.refs[0] = p->leaf;
        w->p.ref_count = 1;
    }
    if (w->s->point_count > 0 && one_in(w, 3)) {
        const struct open_point *o = &w->s->points[below(w, w->s->point_count)];
        w->p.meets = ARENA_NEW(w->mem, struct meets, 1);
        w->p.meets[0] = (struct meets){o->answer, o->label};
        w->p.meets_count = 1;
    }
    if (w->s->texts.version_count > 0 && one_in(w, w->aims ? 2 : 5)) {
        w->p.has_version = true;
        w->p.version = w->s->texts.versions[below(w, w->s->texts.version_count)].leaf;
    }
    if (one_in(w, 6)) {
        w->p.has_follows = true;
        prop_fill(w->rnd, w->p.follows.b, sizeof(w->p.follows.b));
    }
    return true;
}

static bool write_withdraw(struct writing *w)
{
    const struct proposal_state *p = a_proposal(w);
    if (p == NULL) {
        return false;
    }
    about(w, &p->leaf);
    w->side = rightly(w) ? p->side : w->side;
    return true;
}

static bool write_answer(struct writing *w)
{
    const struct proposal_state *p = a_proposal(w);
    if (p == NULL) {
        return false;
    }
    by_party(w);
    about(w, &p->leaf);
    w->p.answer = one_in(w, 3) ? ANSWER_CONCEPT : (enum answer_kind)(1 + below(w, 5));
    if (w->aims) {
        w->p.answer = w->seat == 0 ? ANSWER_ACCEPT : ANSWER_AD_REFERENDUM;
    }
    if (w->p.answer == ANSWER_CONCEPT) {
        w->p.reservation_count = 1 + below(w, 2);
        w->p.reservations = ARENA_NEW(w->mem, struct reservation, 2);
        for (uint32_t i = 0; i < w->p.reservation_count; i++) {
            char *label = arena_printf(w->mem, "R%u", 1 + below(w, 5));
            struct reservation *r = &w->p.reservations[i];
            r->label = text_str(label == NULL ? "R" : label);
            r->has_issue = one_in(w, 2);
            r->issue = w->c->issues[0].id;
            r->text = words(w, "not yet");
        }
    }
    if (w->p.answer == ANSWER_REJECT && rightly(w)) {
        put_words(w, 1);
    }
    return true;
}

static bool write_close(struct writing *w)
{
    if (w->s->point_count == 0) {
        return false;
    }
    const struct open_point *o = &w->s->points[below(w, w->s->point_count)];
    for (uint32_t i = 0; rightly(w) && i < w->s->point_count; i++) {
        o = w->s->points[i].closed_at == INDEX_NEVER ? &w->s->points[i] : o;
    }
    about(w, &o->answer);
    w->p.label = o->label;
    w->side = rightly(w) ? o->side : w->side;
    return true;
}

/* ---- deeds ---- */

static uint32_t a_deed(struct writing *w)
{
    uint32_t deed = below(w, w->c->deed_count);
    w->p.deed = w->c->deeds[deed].id;
    w->p.room = shared_room(w);
    if (w->c->monitor_count == 0) {
        w->p.room = text_str("plenary");
    }
    return deed;
}

static bool write_promise(struct writing *w)
{
    uint32_t deed = a_deed(w);
    put_words(w, 1 + below(w, 2));
    w->p.has_when = true;
    w->p.when = now(w) + below(w, w->aims ? DAY : 6 * DAY);
    w->side = rightly(w) ? w->c->deeds[deed].by : w->side;
    if (one_in(w, 5)) {
        w->p.after = w->c->deeds[below(w, w->c->deed_count)].id;
    }
    return true;
}

static bool write_report(struct writing *w)
{
    uint32_t deed = a_deed(w);
    w->p.finding = (enum finding)(1 + below(w, 3));
    w->side = rightly(w) ? w->c->deeds[deed].by : w->side;
    maybe_words(w);
    return true;
}

static bool write_verify(struct writing *w)
{
    uint32_t deed = a_deed(w);
    const struct charter_deed *d = &w->c->deeds[deed];
    const struct deed_state *s = &w->s->deeds[deed];
    w->p.finding = one_in(w, 2) || w->aims ? FINDING_DONE : (enum finding)(1 + below(w, 3));
    if (rightly(w)) {
        w->side = d->verifier != CHARTER_NONE ? d->verifier : d->by == 1 ? 2 : 1;
    }
    if (s->disputed && one_in(w, 2)) {
        about(w, &s->dispute);
        w->side = rightly(w) && w->c->arbiter != CHARTER_NONE ? w->c->arbiter : w->side;
    } else if (s->says != 0 && one_in(w, 2)) {
        about(w, &s->report);
    }
    maybe_words(w);
    return true;
}

static bool write_dispute(struct writing *w)
{
    uint32_t deed = a_deed(w);
    if (w->s->deeds[deed].verified == 0 && rightly(w)) {
        return false;
    }
    about(w, &w->s->deeds[deed].verification);
    put_words(w, 1);
    w->side = rightly(w) ? below(w, charter_groups(w->c)) : w->side;
    return true;
}

static bool write_lapse(struct writing *w)
{
    (void)a_deed(w);
    return true;
}

static bool write_incident(struct writing *w)
{
    (void)a_deed(w);
    w->p.deed = (struct text){0};
    put_words(w, 1);
    w->p.has_when = true;
    w->p.when = now(w) - below(w, DAY);
    if (one_in(w, 2)) {
        w->p.side = w->c->sides[1 + below(w, w->c->side_count - 1)].id;
    }
    if (w->s->evidence_count > 0 && one_in(w, 2)) {
        w->p.refs = ARENA_NEW(w->mem, struct leaf_hash, 1);
        w->p.refs[0] = rightly(w) ? w->s->evidence[below(w, w->s->evidence_count)] : any_leaf(w);
        w->p.ref_count = 1;
    }
    return true;
}

static bool write_assess(struct writing *w)
{
    if (w->s->incident_count == 0) {
        return false;
    }
    const struct incident_state *i = &w->s->incidents[below(w, w->s->incident_count)];
    about(w, &i->leaf);
    w->p.room = text_str(w->c->monitor_count > 0 ? "monitors" : "plenary");
    w->p.verdict = (enum verdict)(1 + below(w, 2));
    w->p.severity = (enum severity)below(w, 3);
    w->side = rightly(w) ? (w->c->monitor_count > 0 ? 3
                            : i->by == CHARTER_NONE ? 1
                                                    : i->by)
                         : w->side;
    if (one_in(w, 2)) {
        w->p.has_when = true;
        w->p.when = now(w) - below(w, 2 * DAY);
    }
    return true;
}

/* ---- phases, who is at the table, dates ---- */

static bool write_gate(struct writing *w)
{
    w->p.phase = phase_id(w);
    return true;
}

static bool write_park(struct writing *w)
{
    w->p.phase = w->c->phases[rightly(w) ? w->c->phase_count - 1 : below(w, w->c->phase_count)].id;
    put_words(w, 1);
    return true;
}

static bool write_suspend(struct writing *w)
{
    by_party(w);
    maybe_words(w);
    if (one_in(w, 2)) {
        w->p.refs = ARENA_NEW(w->mem, struct leaf_hash, 1);
        w->p.refs[0] = w->s->incident_count > 0 && rightly(w)
                           ? w->s->incidents[below(w, w->s->incident_count)].leaf
                       : w->s->deeds[0].promised && one_in(w, 2) ? w->s->deeds[0].promise
                                                                 : any_leaf(w);
        w->p.ref_count = 1;
    } else if (one_in(w, 3)) {
        w->p.has_when = true;
        w->p.when = now(w) + DAY * (1 + below(w, 3));
    }
    return true;
}

static bool write_standing(struct writing *w)
{
    by_party(w);
    w->seat = rightly(w) ? 0 : w->seat;
    maybe_words(w);
    return true;
}

static bool write_date(struct writing *w)
{
    by_party(w);
    w->p.phase = phase_id(w);
    w->p.date = (enum date_kind)(1 + below(w, 3));
    w->p.has_when = !one_in(w, 5);
    w->p.when = (now(w) / DAY + 3 + below(w, 3)) * DAY;
    return true;
}

/* ---- publication ---- */

static bool write_refs(struct writing *w)
{
    w->p.room = w->p.kind == KIND_CONSENT ? shared_room(w) : text_str("plenary");
    w->p.refs = ARENA_NEW(w->mem, struct leaf_hash, 2);
    w->p.ref_count = 1 + below(w, 2);
    if (w->aims && w->s->consent_count > 0) {
        w->p.room = text_str("plenary");
        w->p.ref_count = 1;
        w->p.refs[0] = w->s->consents[w->s->consent_count - 1].act;
        return true;
    }
    for (uint32_t i = 0; i < w->p.ref_count; i++) {
        w->p.refs[i] = w->s->consent_count > 0 && one_in(w, 2)
                           ? w->s->consents[below(w, w->s->consent_count)].act
                           : any_leaf(w);
    }
    return true;
}

/* ---- all of them ---- */

bool write_offer(struct writing *w)
{
    if (w->p.kind == KIND_PROPOSE) {
        return write_propose(w);
    }
    if (w->p.kind == KIND_WITHDRAW) {
        return write_withdraw(w);
    }
    if (w->p.kind == KIND_ANSWER) {
        return write_answer(w);
    }
    if (w->p.kind == KIND_CLOSE) {
        return write_close(w);
    }
    if (w->p.kind == KIND_PROMISE) {
        return write_promise(w);
    }
    if (w->p.kind == KIND_REPORT) {
        return write_report(w);
    }
    if (w->p.kind == KIND_VERIFY) {
        return write_verify(w);
    }
    if (w->p.kind == KIND_DISPUTE) {
        return write_dispute(w);
    }
    if (w->p.kind == KIND_LAPSE) {
        return write_lapse(w);
    }
    if (w->p.kind == KIND_INCIDENT) {
        return write_incident(w);
    }
    if (w->p.kind == KIND_ASSESS) {
        return write_assess(w);
    }
    if (w->p.kind == KIND_GATE) {
        return write_gate(w);
    }
    if (w->p.kind == KIND_PARK) {
        return write_park(w);
    }
    if (w->p.kind == KIND_SUSPEND) {
        return write_suspend(w);
    }
    if (w->p.kind == KIND_RESUME || w->p.kind == KIND_LEAVE || w->p.kind == KIND_RETURN ||
        w->p.kind == KIND_CONCLUDE) {
        return write_standing(w);
    }
    if (w->p.kind == KIND_DATE) {
        return write_date(w);
    }
    if (w->p.kind == KIND_CONSENT || w->p.kind == KIND_PUBLISHED) {
        return write_refs(w);
    }
    return false;
}
