/* SPDX-License-Identifier: Apache-2.0
 *
 * What brings the table on: the next thing that is missing on the way from a first proposal through the
 * gate to an adopted text.  Chance alone would hardly ever get there.
 */
#include "fold/play.h"

static bool everybody_countersigns(struct writing *w, uint64_t later, bool *out_control)
{
    struct play *g = w->g;
    *out_control = true;
    g->t.rec.now += later;
    for (uint32_t i = 0; i < charter_groups(w->c); i++) {
        (void)play_countersign(g, i, 0);
    }
    g->t.rec.now += 60;
    return true;
}

static bool by(struct writing *w, uint32_t side, uint32_t seat, enum act_kind kind)
{
    w->side = side;
    w->seat = seat;
    return write_kind(w, kind);
}

/* The newest proposal of the phase that stands; is_text: of its text. */
static const struct proposal_state *standing(const struct writing *w, uint32_t phase, bool is_text)
{
    for (uint32_t i = w->s->proposal_count; i > 0; i--) {
        const struct proposal_state *p = &w->s->proposals[i - 1];
        if (p->phase == phase && p->is_text == is_text && p->withdrawn_at == INDEX_NEVER) {
            return p;
        }
    }
    return NULL;
}

/* Accepting and ratifying; false: nothing is left to do but to countersign. */
static bool agree(struct writing *w, const struct proposal_state *p, bool *out_done)
{
    *out_done = true;
    for (uint32_t i = 1; i <= w->c->party_count; i++) {
        if (!answer_accepts(&p->answers[i])) {
            return by(w, i, (uint32_t)prop_below(w->rnd, 2), p->is_text ? KIND_ADOPT : KIND_ANSWER);
        }
    }
    for (uint32_t i = 1; i <= w->c->party_count; i++) {
        if (p->answers[i].kind == ANSWER_AD_REFERENDUM && !p->ratified[i].given) {
            return by(w, i, 0, KIND_RATIFY);
        }
    }
    *out_done = false;
    return false;
}

static bool deeds(struct writing *w, bool *out_done)
{
    *out_done = true;
    for (uint32_t i = 0; i < w->c->deed_count; i++) {
        if (!w->s->deeds[i].promised) {
            return by(w, w->c->deeds[i].by, 0, KIND_PROMISE);
        }
        if (w->s->deeds[i].verified == 0 && prop_one_in(w->rnd, 6)) {
            w->g->t.rec.now += 3 * DAY;
            return by(w, 0, 0, KIND_LAPSE);
        }
        if (w->s->deeds[i].verified != FINDING_DONE) {
            return by(w, 0, 0, KIND_VERIFY);
        }
    }
    *out_done = false;
    return false;
}

/* Towards the publication of the act that somebody has consented to last. */
static bool publication(struct writing *w)
{
    const struct table_state *s = w->s;
    if (s->consent_count == 0) {
        return by(w, 1, 0, KIND_CONSENT);
    }
    uint32_t sit = charter_groups(w->c) + w->c->monitor_count;
    for (uint32_t i = 0; i < sit; i++) {
        if ((s->consents[s->consent_count - 1].sides >> i & 1u) == 0) {
            return by(w, i, 0, KIND_CONSENT);
        }
    }
    return by(w, 0, 0, KIND_PUBLISHED);
}

/* One of what a phase of texts wants, drawn: some of it may be there already. */
static bool second(struct writing *w, uint32_t phase, bool *out_control)
{
    bool done;
    const struct proposal_state *p = standing(w, phase, true);
    uint32_t some_party = 1 + (uint32_t)prop_below(w->rnd, w->c->party_count);
    switch (prop_below(w->rnd, 12)) {
    case 0:
        return by(w, some_party, 0, KIND_SETTLED);
    case 1:
        return by(w, 0, 0, KIND_ASK);
    case 2:
        return by(w, 4, 0, KIND_OPINION);
    case 3:
        return by(w, 4, 0, KIND_UNDERTAKE);
    case 4:
    case 5:
        return by(w, 0, 0, KIND_NOTICE);
    case 6:
        return by(w, 1, 0, KIND_BRACKET);
    case 7:
        return by(w, some_party, 0, prop_one_in(w->rnd, 2) ? KIND_SUPPORT : KIND_CLEAN);
    case 8:
        return by(w, 0, 0, KIND_GATE);
    case 9:
        w->g->t.rec.now += prop_one_in(w->rnd, 2) ? 7200 : 0; /* silence may be over by then */
        return by(w, 0, 0, prop_one_in(w->rnd, 2) ? KIND_SILENCE : KIND_CLEAN);
    default:
        break;
    }
    if (w->s->texts.of_phase[phase].version == CHARTER_NONE) {
        return by(w, 0, 0, KIND_DRAFT);
    }
    if (p == NULL) {
        return by(w, 1, 0, KIND_ADOPT);
    }
    bool wrote = agree(w, p, &done);
    return done ? wrote : everybody_countersigns(w, 3600, out_control);
}

bool write_aim(struct writing *w, bool *out_control)
{
    uint32_t phase = 0;
    bool done;
    *out_control = false;
    while (phase + 1 < w->c->phase_count && w->s->gate_opened_at[phase] != INDEX_NEVER) {
        phase++;
    }
    if (w->c->issues[0].phase != phase) {
        return w->c->issues[0].phase > phase && prop_one_in(w->rnd, 2)
                   ? by(w, 0, 0, KIND_GATE)
                   : second(w, phase, out_control);
    }
    const struct proposal_state *p = standing(w, phase, false);
    for (uint32_t i = 0; i < w->s->point_count; i++) {
        const struct open_point *o = &w->s->points[i];
        if (o->closed_at == INDEX_NEVER && prop_one_in(w->rnd, 3)) {
            return by(w, o->side, 0, KIND_CLOSE);
        }
    }
    if (p != NULL && prop_one_in(w->rnd, 10)) {
        w->aims = false; /* some answer or other */
        return by(w, 1 + (uint32_t)prop_below(w->rnd, w->c->party_count), 0, KIND_ANSWER);
    }
    if (p == NULL) {
        return by(w, (uint32_t)prop_below(w->rnd, charter_groups(w->c)), 1, KIND_PROPOSE);
    }
    bool wrote = agree(w, p, &done);
    if (done) {
        return wrote;
    }
    if (p->bound_at == INDEX_NEVER && !prop_one_in(w->rnd, 4)) {
        return everybody_countersigns(w, 600, out_control);
    }
    if (p->bound_at != INDEX_NEVER && prop_one_in(w->rnd, 3)) {
        return publication(w);
    }
    wrote = deeds(w, &done);
    if (done) {
        return wrote;
    }
    return prop_one_in(w->rnd, 2) ? everybody_countersigns(w, 2 * DAY, out_control)
                                  : by(w, 0, 0, KIND_GATE);
}
