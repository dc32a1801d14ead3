/* SPDX-License-Identifier: Apache-2.0
 *
 * Set pieces at light tables.  Each is an attack that one check stops, or words of a mandate that few
 * runs come to; what must hold is asked as in any run.
 */
#include "sim/light_draft.h"

#define HOUR UINT64_C(3600)

/* The table of two. */
enum { VOSS, MARO, ILIN };

static bool round_of_sync(struct light *l)
{
    for (int pass = 0; pass < 2; pass++) {
        for (uint32_t i = 0; i < l->machine_count; i++) {
            story_tell(&l->story, "%s synchronises", l->machines[i].cast->name);
            if (l->machines[i].open && !light_sync(l, i)) {
                return false;
            }
        }
        light_wait(l, 60);
    }
    return true;
}

/* A draft of somebody who has looked. */
static bool look(struct light *l, uint32_t machine, struct draft *d)
{
    story_tell(&l->story, "%s ", l->machines[machine].cast->name);
    bool ok = light_sync(l, machine);
    draft_begin(l, machine, d);
    return ok;
}

static void package(struct draft *d)
{
    d->choices[0] = (struct named_choice){keep(d, d->l->charter.issues[0].id), 0};
    d->p.kind = KIND_PROPOSE;
    d->p.choices = d->choices;
    d->p.choice_count = 1;
}

static bool propose(struct light *l, uint32_t machine)
{
    struct draft d;
    bool ok = look(l, machine, &d);
    package(&d);
    return ok && draft_file(&d, "proposes P1");
}

static bool answer(struct light *l, uint32_t machine, enum answer_kind kind)
{
    struct draft d;
    bool ok = look(l, machine, &d);
    if (d.s->proposal_count == 0) {
        return ok;
    }
    d.p.kind = KIND_ANSWER;
    d.p.answer = kind;
    d.p.has_answers = true;
    d.p.answers = d.s->proposals[0].leaf;
    d.texts[0] = text_str("a reason");
    d.p.texts = d.texts;
    d.p.text_count = kind == ANSWER_REJECT ? 1 : 0;
    d.accepts = kind == ANSWER_ACCEPT || kind == ANSWER_AD_REFERENDUM;
    return ok && draft_file(&d, kind == ANSWER_REJECT   ? "rejects P1"
                                : kind == ANSWER_ACCEPT ? "accepts P1"
                                                        : "accepts P1 ad referendum");
}

/* Of this paper; an empty one is signed now. */
static bool ratify(struct light *l, uint32_t machine, struct bytes *paper)
{
    struct draft d;
    bool ok = look(l, machine, &d);
    if (d.s->proposal_count == 0) {
        return ok;
    }
    d.refs[0] = d.s->proposals[0].leaf;
    d.p.kind = KIND_RATIFY;
    d.p.has_answers = true;
    d.p.answers = d.refs[0];
    if (paper->n == 0) {
        *paper = draft_ratification(&d, d.m->side, &d.refs[0]);
    }
    d.p.object = *paper;
    return ok && draft_file(&d, "ratifies P1");
}

/* Ilin comes, and may bind from one hour to another. */
static bool envoy(struct light *l, uint64_t from, uint64_t until)
{
    struct draft d;
    story_tell(&l->story, "Voss admits Ilin");
    if (!light_admit(l, ILIN, VOSS)) {
        return false;
    }
    l->machines[ILIN].clock.off = 0;
    light_wait(l, 60);
    if (!round_of_sync(l) || !propose(l, VOSS)) { /* the first word of his side gives the new key */
        return false;
    }
    if (!round_of_sync(l) || !look(l, VOSS, &d)) {
        return false;
    }
    struct object o = {.kind = OBJECT_MANDATE,
                       .delegate = l->machines[ILIN].kid,
                       .powers = POWERS_ALL,
                       .all_issues = true,
                       .not_before = from,
                       .expires = until};
    d.p.kind = KIND_MANDATE;
    d.p.object = light_paper(l, d.m->side, o);
    return draft_file(&d, "mandates Ilin") && round_of_sync(l);
}

/* ---- mandates ---- */

/* The envoy accepts before the hour from which he may. */
static bool mandate_begins_later(struct light *l)
{
    return envoy(l, l->now + 3 * HOUR, l->now + 200 * HOUR) && propose(l, MARO) &&
           answer(l, MARO, ANSWER_ACCEPT) && answer(l, ILIN, ANSWER_ACCEPT) && round_of_sync(l);
}

/* The envoy accepts in his last minute, and nobody countersigns before it is over: his principal alone
 * could say that it counts; another's word is none. */
static bool another_confirms_an_expiry(struct light *l)
{
    struct draft d;
    if (!envoy(l, l->now - HOUR, l->now + HOUR) || !propose(l, MARO) ||
        !answer(l, MARO, ANSWER_ACCEPT) || !round_of_sync(l) || !answer(l, ILIN, ANSWER_ACCEPT)) {
        return false;
    }
    light_wait(l, 3 * HOUR);
    if (!round_of_sync(l) || !look(l, MARO, &d) || d.s->proposal_count == 0) {
        return !story_failed(&l->story);
    }
    d.p.kind = KIND_CONFIRM;
    d.p.has_answers = true;
    d.p.answers = d.s->proposals[0].answers[l->machines[ILIN].side].leaf;
    return draft_file(&d, "confirms Ilin's answer") && round_of_sync(l);
}

/* The principal has ratified, and taken his side's answer back; when it accepts again, his envoy shows
 * the old paper. */
static bool ratified_by_an_old_paper(struct light *l)
{
    struct bytes old = {0}, new = {0};
    if (!envoy(l, l->now - HOUR, l->now + 200 * HOUR) || !propose(l, MARO) ||
        !answer(l, MARO, ANSWER_AD_REFERENDUM) || !answer(l, VOSS, ANSWER_AD_REFERENDUM) ||
        !ratify(l, VOSS, &old) || !round_of_sync(l) || !answer(l, VOSS, ANSWER_REJECT) ||
        !round_of_sync(l) || !answer(l, VOSS, ANSWER_AD_REFERENDUM) || !round_of_sync(l)) {
        return false;
    }
    struct draft d;
    bool ok = false;
    l->machines[ILIN].honest = false;
    if (!look(l, ILIN, &d) || d.s->proposal_count == 0) {
        return !story_failed(&l->story);
    }
    d.p.kind = KIND_RATIFY;
    d.p.has_answers = true;
    d.p.answers = d.s->proposals[0].leaf;
    d.p.object = old;
    ok = draft_forged(&d, "shows the old ratification");
    return ok && ratify(l, MARO, &new) && round_of_sync(l);
}

/* ---- seals and keys ---- */

/* Right in all but its seal. */
static bool sealed_amiss(struct draft *d, struct light_seal seal, const char *what)
{
    bool ok = false;
    package(d);
    d->p.claimed_time = d->l->now;
    story_add(&d->l->story, "%s", what);
    uint32_t card = light_sealed(d->l, d->machine, &d->p, seal, false, &ok);
    if (!ok) {
        return story_fail(&d->l->story, "plays", "%s: %s", what, d->l->err.what);
    }
    d->l->cards[card].forged = true;
    return light_post(d->l, d->machine, card);
}

static const struct epoch_state *newest(struct draft *d)
{
    const struct room plenary = {ROOM_PLENARY, 0};
    return fold_epoch(d->m->v.fold, plenary, d->m->v.count);
}

/* To persons, in a room of all: one of them could be left out. */
static bool sealed_to_persons(struct light *l)
{
    struct draft d;
    l->machines[VOSS].honest = false;
    bool ok = look(l, VOSS, &d);
    const struct light_seal seal = {.by_identity = true,
                                    .sealed_to = UINT64_C(1) << VOSS | UINT64_C(1) << MARO};
    return ok && sealed_amiss(&d, seal, "proposes, sealed to persons") && round_of_sync(l);
}

/* Under the room's key, with another number in the header. */
static bool sealed_with_another_number(struct light *l)
{
    struct draft d;
    l->machines[VOSS].honest = false;
    bool ok = look(l, VOSS, &d);
    const struct epoch_state *e = newest(&d);
    if (!ok || e == NULL) {
        return ok;
    }
    d.p.epoch = e->number + 1;
    const struct light_seal seal = {.key_card = d.m->v.log[e->index]};
    return sealed_amiss(&d, seal, "proposes, and names a key that there is none of") &&
           round_of_sync(l);
}

/* Under a key that who comes later has not, when he is there already. */
static bool sealed_with_an_old_key(struct light *l)
{
    struct draft d;
    bool ok = look(l, VOSS, &d);
    const struct epoch_state *e = newest(&d);
    if (!ok || e == NULL) {
        return ok;
    }
    struct epoch_state old = *e;
    if (!envoy(l, l->now - HOUR, l->now + HOUR)) {
        return false;
    }
    l->machines[VOSS].honest = false;
    ok = look(l, VOSS, &d);
    d.p.epoch = old.number;
    const struct light_seal seal = {.key_card = d.m->v.log[old.index]};
    return ok && sealed_amiss(&d, seal, "proposes under the old key") && round_of_sync(l);
}

/* A key of a room whose header says that it is sealed to another. */
static bool key_that_names_a_key(struct light *l)
{
    story_tell(&l->story, "Voss admits Ilin");
    if (!light_admit(l, ILIN, VOSS) || !round_of_sync(l)) {
        return false;
    }
    l->machines[VOSS].honest = false;
    story_tell(&l->story, "Voss ");
    return light_forge_key(l, VOSS, false) && round_of_sync(l);
}

/* A monitor gives the monitors' room a key, which only those who negotiate may. */
static bool key_of_a_monitor(struct light *l)
{
    enum { RHEE, S_VOSS, S_MARO, DIAZ, S_ILIN };
    story_tell(&l->story, "Voss admits Ilin");
    if (!light_admit(l, S_ILIN, S_VOSS) || !round_of_sync(l)) {
        return false;
    }
    l->machines[DIAZ].honest = false;
    story_tell(&l->story, "Diaz ");
    return light_forge_key(l, DIAZ, true) && round_of_sync(l);
}

/* ---- leaving the host ---- */

/* Two hosts of one term, both countersigned by every side: whoever lays the two records side by side
 * convicts a witness of each. */
static bool two_moves(struct light *l)
{
    enum { DIAZ = 4, W_ILIN };
    return propose(l, MARO) && round_of_sync(l) && light_two_moves(l, DIAZ, W_ILIN);
}

const struct light_scene light_scenes[] = {
    {"mandate-begins-later", "pair", mandate_begins_later},
    {"another-confirms-an-expiry", "pair", another_confirms_an_expiry},
    {"ratified-by-an-old-paper", "pair", ratified_by_an_old_paper},
    {"sealed-to-persons", "pair", sealed_to_persons},
    {"sealed-with-another-number", "pair", sealed_with_another_number},
    {"sealed-with-an-old-key", "pair", sealed_with_an_old_key},
    {"key-that-names-a-key", "pair", key_that_names_a_key},
    {"key-of-a-monitor", "small", key_of_a_monitor},
    {"two-moves", "wide", two_moves},
};
const uint32_t light_scene_count = COUNT_OF(light_scenes);
