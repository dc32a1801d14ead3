/* SPDX-License-Identifier: Apache-2.0
 *
 * Sections in brackets are those of docs/RULES.md.
 */
#include "table/rules_v1_priv.h"

#include "base/civil.h"
#include "base/switch_off.h"
#include "record/roster.h"
#include "table/gate.h"

struct text v1_side_name(const struct judged_act *a, uint32_t side)
{
    return state_side_name(a->state, side);
}

struct text v1_author_name(const struct judged_act *a)
{
    return state_seat_name(a->state, a->ring, a->seat, a->mem);
}

struct text v1_principal_name(const struct judged_act *a, uint32_t side)
{
    return state_principal_name(a->state, a->ring, side, a->index, a->mem);
}

enum side_role v1_role_of(const struct judged_act *a)
{
    return a->state->charter.sides[a->side].role;
}

bool v1_is_party(const struct judged_act *a)
{
    return v1_role_of(a) == ROLE_PARTY;
}

/* ---- rooms and the charter [3.2, 3.4] ---- */

static const char *kind_place(uint32_t rooms)
{
    if (rooms == (uint32_t)ROOM_PLENARY) {
        return "in the plenary";
    }
    if (rooms == ROOMS_SHARED) {
        return "in the plenary or the monitors' room";
    }
    if (rooms == (uint32_t)ROOM_HOME) {
        return "at home";
    }
    if (rooms == (uint32_t)ROOM_CONSULT) {
        return "in a consultation";
    }
    if ((rooms & (uint32_t)ROOM_CONSULT) != 0) {
        return "in the plenary, in a consultation or at home";
    }
    return "in a shuttle room or at home";
}

static bool judge_room(const struct judged_act *a, struct refusal *out)
{
    const struct ring_seat *seat = keyring_seat(a->ring, a->seat);
    char name[ROOM_NAME_MAX];
    room_name(&a->state->charter, a->room, name);
    if (!room_has_seat(&a->state->charter, a->room, seat)) {
        return refuse(out, REFUSED_MEMBER, "%.*s does not sit in %s.", T(v1_author_name(a)),
                      name) ||
               refuse_mend(out, "Write in a room where you sit: entente rooms.");
    }
    uint32_t rooms = kind_rooms(a->p->kind);
    if (CHECK_ON(ROOM_KIND) && (rooms & (uint32_t)a->room.kind) == 0) {
        return refuse(out, REFUSED_ROOM, "An act of kind \"%s\" counts %s only, not in %s.",
                      kind_word(a->p->kind), kind_place(rooms), name) ||
               refuse_mend(out, "File it %s.", kind_place(rooms));
    }
    return true;
}

/* What counts before the charter is in force: what brings it into force, and whatever is said in
 * rooms that not all share. */
static bool judge_provisional(const struct judged_act *a, struct refusal *out)
{
    bool founding = a->p->kind == KIND_CHARTER || a->p->kind == KIND_SIGN_CHARTER ||
                    a->p->kind == KIND_EPOCH || a->p->kind == KIND_GRANT ||
                    a->p->kind == KIND_CANNOT_OPEN || a->p->kind == KIND_VOID ||
                    a->p->kind == KIND_INTRODUCE;
    if (founding || !room_shared(a->room)) {
        return true;
    }
    const struct table_state *s = a->state;
    if (!state_in_force(s)) {
        return refuse(out, REFUSED_PROVISIONAL,
                      "The table is provisional: not every side has signed the charter.") ||
               refuse_mend(out, "Wait until every principal has signed (entente sign charter); "
                                "homes and shuttles work already.");
    }
    if (keyring_side(a->ring, a->side)->admitted_at > s->roster_at) {
        return refuse(out, REFUSED_PROVISIONAL,
                      "%.*s joined after the charter was signed, and not every principal has "
                      "signed again.",
                      T(v1_side_name(a, a->side))) ||
               refuse_mend(out, "Every principal signs the charter once more.");
    }
    /* Successors have put another root in place [16.3]: it is bound by what it has signed itself. */
    const struct ring_root *root = keyring_root(a->ring, a->side, a->index);
    if (a->side < charter_groups(&s->charter) && root != NULL &&
        root->from > keyring_side(a->ring, a->side)->admitted_at &&
        (!s->signatures[a->side].given || s->signatures[a->side].index < root->from)) {
        return refuse(out, REFUSED_PROVISIONAL,
                      "%.*s has another principal, who has not signed the charter yet.",
                      T(v1_side_name(a, a->side))) ||
               refuse_mend(out, "He signs it first: entente sign charter.");
    }
    return true;
}

/* ---- authority [4.3] ---- */

static bool mandate_covers(const struct mandate_state *m, const struct package *package)
{
    if (m->all_issues || package == NULL) {
        return true;
    }
    for (uint32_t i = 0; i < package->count; i++) {
        uint32_t issue = package->choices[i].issue;
        if ((m->issues[issue / 8] & (1u << (issue % 8))) == 0) {
            return false;
        }
    }
    return true;
}

static bool mandate_in_time(const struct judged_act *a, const struct mandate_state *m)
{
    /* Surely expired by what stands below the act, whatever its author says to have seen: times never
     * fall, so t of the act will be later still. */
    return !witness_surely_passed(a->log, a->index, m->expires + 1, a->index);
}

bool rules_v1_authority(const struct judged_act *a, uint32_t need, const struct package *package,
                        struct findings *found)
{
    found->not_before = 0;
    found->expires = TIME_UNKNOWN;
    enum side_role role = v1_role_of(a);
    if (keyring_seat(a->ring, a->seat)->keys.post == 0 || role == ROLE_MONITOR ||
        role == ROLE_CONSULTED) {
        return true;
    }
    bool any = false;
    for (uint32_t i = 0; i < a->state->mandate_count; i++) {
        const struct mandate_state *m = &a->state->mandates[i];
        if ((CHECK_ON(DELEGATE) && m->seat != a->seat) ||
            (CHECK_ON(POWERS) && (m->powers & need) != need) ||
            (CHECK_ON(REVOCATION) && m->revoked_at != INDEX_NEVER) ||
            (CHECK_ON(COVERS) && !mandate_covers(m, package)) ||
            (CHECK_ON(EXPIRED) && !mandate_in_time(a, m))) {
            continue;
        }
        if (!any || m->expires > found->expires) {
            found->not_before = m->not_before;
            found->expires = m->expires; /* the longest of several */
        }
        any = true;
    }
    return any;
}

/* The mandate of the author that is nearest to what was asked, for the words of the refusal. */
const struct mandate_state *v1_mandate_of(const struct judged_act *a)
{
    const struct mandate_state *found = NULL;
    for (uint32_t i = 0; i < a->state->mandate_count; i++) {
        const struct mandate_state *m = &a->state->mandates[i];
        if (m->seat == a->seat && m->revoked_at == INDEX_NEVER) {
            found = m;
        }
    }
    return found;
}

bool v1_refuse_authority(const struct judged_act *a, const char *deed, struct refusal *out)
{
    const struct mandate_state *m = v1_mandate_of(a);
    struct text name = v1_author_name(a);
    struct text principal = v1_principal_name(a, a->side);
    if (m == NULL) {
        return refuse(out, REFUSED_AUTHORITY, "%.*s has no mandate at this table.", T(name)) ||
               refuse_mend(out, "%.*s signs one: entente mandate.", T(principal));
    }
    char day[CIVIL_TEXT_MAX];
    civil_format(m->not_before, day);
    day[10] = '\0'; /* the date alone */
    if (!mandate_in_time(a, m)) {
        return refuse(out, REFUSED_AUTHORITY, "%.*s's mandate of %s has expired.", T(name), day) ||
               refuse_mend(out, "%.*s signs a new one: entente mandate.", T(principal));
    }
    return refuse(out, REFUSED_AUTHORITY, "%.*s may not %s (mandate of %s).", T(name), deed, day) ||
           refuse_mend(out, "%.*s does it, or signs a wider mandate.", T(principal));
}

/* Within the author's side's share of a ceiling [3.5].  The last quarter of a share is for the
 * principal's own seat: an envoy's lost machine does not silence its side. */
bool v1_judge_ceiling(const struct judged_act *a, enum ceiling k, uint32_t more,
                      struct refusal *out)
{
    uint32_t share = ceiling_share(&a->state->charter, k);
    uint32_t used = a->state->used[k][a->side];
    bool principal = keyring_seat(a->ring, a->seat)->keys.post == 0;
    if (used + more <= (principal ? share : share - share / 4)) {
        return true;
    }
    struct text side = v1_side_name(a, a->side);
    if (!principal && used + more <= share) {
        return refuse(
                   out, REFUSED_LIMIT,
                   "%.*s has %u %s; the rest of its share of %u is for its principal's own seat.",
                   T(side), used, ceiling_words(k), share) ||
               refuse_mend(out, "%.*s files it.", T(v1_principal_name(a, a->side)));
    }
    return refuse(out, REFUSED_LIMIT,
                  "%.*s has %u %s, and its share of what the table holds is %u.", T(side), used,
                  ceiling_words(k), share) ||
           refuse_mend(out,
                       "What stands still counts, and every other side has a share of its own.");
}

/* Acts that may be cited as evidence have a ceiling of their own. */
static bool judge_citable(const struct judged_act *a, struct refusal *out)
{
    return !room_shared(a->room) || v1_judge_ceiling(a, CEILING_EVIDENCE, 1, out);
}

bool v1_judge_authority(const struct judged_act *a, const struct package *package,
                        struct findings *f, struct refusal *out)
{
    uint32_t need = kind_power(a->p->kind);
    if (need == 0 || !room_shared(a->room)) {
        return true; /* homes and shuttles are free */
    }
    if (!rules_v1_authority(a, need, package, f)) {
        char what[64];
        struct buf b;
        buf_over(&b, what, sizeof(what));
        buf_printf(&b, "%s%s", kind_word(a->p->kind),
                   package != NULL ? " on these issues" : " here");
        return v1_refuse_authority(a, buf_str(&b), out);
    }
    return true;
}

/* ---- charter, signatures, mandates [4] ---- */

bool v1_judge_object(const struct judged_act *a, struct refusal *out)
{
    if (a->object == NULL) {
        return refuse(out, REFUSED_OBJECT, "The signed paper in this act does not verify.") ||
               refuse_mend(out, "The principal signs it again: entente sign.");
    }
    if (CHECK_ON(PAPER_SIDE) && a->object->side != a->side) {
        return refuse(out, REFUSED_OBJECT, "The signed paper is %.*s's, not %.*s's.",
                      T(v1_side_name(a, a->object->side)), T(v1_side_name(a, a->side))) ||
               refuse_mend(out, "A seat of the side that signed it posts it.");
    }
    return true;
}

static bool judge_sign_charter(const struct judged_act *a, struct refusal *out)
{
    if (!v1_judge_object(a, out)) {
        return false;
    }
    struct digest roster;
    struct err err = {0};
    if (!roster_digest_at(a->ring, a->seen_size, &roster, &err)) {
        return refuse(out, REFUSED_LIMIT, "%s", err.what);
    }
    struct digest want = charter_signature_digest(&a->state->charter_leaf, &roster);
    if (CHECK_ON(CHARTER_SIGNED) && !ID_EQ(want, a->object->object.digest)) {
        return refuse(
                   out, REFUSED_OBJECT,
                   "What was signed is not this charter with the sides that had joined by then.") ||
               refuse_mend(out, "Synchronise, look at who has joined, and sign again.");
    }
    return true;
}

static bool judge_mandate(const struct judged_act *a, struct refusal *out)
{
    if (!v1_judge_object(a, out)) {
        return false;
    }
    const struct object *o = &a->object->object;
    uint32_t seat = keyring_find_seat(a->ring, &o->delegate);
    if (seat == SEAT_NONE ||
        (CHECK_ON(MANDATE_SEAT) && (keyring_seat(a->ring, seat)->side != a->side ||
                                    keyring_seat(a->ring, seat)->admitted_at >= a->index))) {
        return refuse(out, REFUSED_OBJECT, "The mandate is for somebody who is no seat of %.*s.",
                      T(v1_side_name(a, a->side))) ||
               refuse_mend(out, "Admit the seat first: entente seat admit.");
    }
    for (uint32_t i = 0; i < o->issue_count; i++) {
        if (issue_find(a->state->charter.issues, a->state->charter.issue_count, o->issues[i]) ==
            UINT32_MAX) {
            return refuse(out, REFUSED_UNKNOWN,
                          "The mandate names the issue %.*s, which the charter has not.",
                          T(o->issues[i])) ||
                   refuse_mend(out, "The principal signs one that names issues of the charter.");
        }
    }
    const struct mandate_state *m = state_mandate(a->state, a->side, &a->object->id);
    if (CHECK_ON(MANDATE_REVOKED) && (state_revoked(a->state, a->side, &a->object->id) ||
                                      (m != NULL && m->revoked_at != INDEX_NEVER))) {
        return refuse(out, REFUSED_OBJECT, "This mandate has been revoked.") ||
               refuse_mend(out, "The principal signs a new one.");
    }
    if (CHECK_ON(MANDATE_ONCE) && m != NULL) {
        return refuse(out, REFUSED_DONE, "This mandate has been posted already.") ||
               refuse_mend(out, "It holds as it is: entente mandates.");
    }
    return v1_judge_ceiling(a, CEILING_MANDATES, 1, out);
}

/* The revocation of a mandate that was posted always counts: there are no more of those than of
 * mandates.  Papers that nobody has posted have a ceiling [3.5]. */
static bool judge_revoke(const struct judged_act *a, struct refusal *out)
{
    if (!v1_judge_object(a, out)) {
        return false;
    }
    const struct digest *id = &a->object->object.digest;
    return state_mandate(a->state, a->side, id) != NULL || state_revoked(a->state, a->side, id) ||
           v1_judge_ceiling(a, CEILING_REVOCATIONS, 1, out);
}

static bool judge_introduce(const struct judged_act *a, struct refusal *out)
{
    uint32_t seat = keyring_find_seat(a->ring, &a->p->seat);
    if (seat == SEAT_NONE || keyring_seat(a->ring, seat)->side != a->side ||
        keyring_seat(a->ring, seat)->admitted_at >= a->index) {
        return refuse(out, REFUSED_UNKNOWN, "Only seats of one's own side can be introduced.");
    }
    /* Whoever could name others could swap two names, and with them whom a mandate seems to be for. */
    if (seat != a->seat && keyring_seat(a->ring, a->seat)->keys.post != 0) {
        return refuse(out, REFUSED_OWNER, "A seat introduces itself, or its principal does.") ||
               refuse_mend(out, "Ask whoever sits there.");
    }
    return true;
}

/* ---- phases [5] ---- */

/* The phase whose papers-only rule holds now, or CHARTER_NONE. */
static uint32_t papers_only(const struct table_state *s)
{
    for (uint32_t i = 0; i < s->charter.phase_count; i++) {
        if (phase_open(s, i) && s->gate_opened_at[i] == INDEX_NEVER) {
            return s->charter.phases[i].papers_only ? i : CHARTER_NONE;
        }
    }
    return CHARTER_NONE;
}

static bool judge_say(const struct judged_act *a, struct refusal *out)
{
    if (a->room.kind != ROOM_PLENARY) {
        return true;
    }
    uint32_t phase = papers_only(a->state);
    if (phase == CHARTER_NONE) {
        return true;
    }
    struct text gate = a->state->charter.phases[phase].id;
    (void)refuse(out, REFUSED_PAPERS_ONLY,
                 "The table is not sitting yet: until gate %.*s opens, the plenary takes papers "
                 "only (proposals, answers, deeds).",
                 T(gate));
    if (v1_is_party(a)) {
        return refuse_mend(out, "Tell the mediation in shuttle/%.*s. Opens when gate %.*s opens.",
                           T(a->state->charter.sides[a->side].id), T(gate));
    }
    return refuse_mend(out, "Use the shuttle rooms. Opens when gate %.*s opens.", T(gate));
}

bool v1_refuse_closed(const struct judged_act *a, uint32_t phase, struct refusal *out)
{
    const struct charter *c = &a->state->charter;
    const struct gate_view v = {a->state, a->log, a->seen_size, a->index};
    struct gate_answer g;
    uint32_t before = phase == 0 ? 0 : phase - 1;
    gate_evaluate(&v, before, a->mem, &g);
    uint32_t missing = g.count - g.met;
    return refuse(out, REFUSED_PHASE,
                  "Phase %.*s is closed: %u condition%s of gate %.*s %s not met.",
                  T(c->phases[phase].id), missing, missing == 1 ? "" : "s", T(c->phases[before].id),
                  missing == 1 ? "is" : "are") ||
           refuse_mend(out, "Prepare it in home/%.*s; the title alone may be parked: entente park.",
                       T(c->sides[a->side].id));
}

/* b(i) > D: surely late. */
bool v1_judge_deadline(const struct judged_act *a, uint32_t phase, struct refusal *out)
{
    const struct charter_phase *p = &a->state->charter.phases[phase];
    struct deadline d = standing_deadline(a->state, a->log, phase, a->index);
    if (!CHECK_ON(DEADLINE) || d.none || !d.known ||
        !witness_surely_passed(a->log, a->seen_size, d.seconds + 1, a->index)) {
        return true;
    }
    char when[CIVIL_TEXT_MAX];
    civil_format(d.seconds, when);
    return refuse(out, REFUSED_DEADLINE, "The deadline of phase %.*s was %s, and it has passed.",
                  T(p->id), when) ||
           refuse_mend(out, "All parties together can set a later one: entente date.");
}

/* An answer or a ratification that stands: what a confirmation can be about. */
static bool is_answer(const struct table_state *s, const struct leaf_hash *leaf)
{
    for (uint32_t i = 0; i < s->proposal_count; i++) {
        for (uint32_t g = 0; g < charter_groups(&s->charter); g++) {
            const struct proposal_state *p = &s->proposals[i];
            if ((p->answers[g].kind != 0 && ID_EQ(p->answers[g].leaf, *leaf)) ||
                (p->ratified[g].given && ID_EQ(p->ratified[g].leaf, *leaf))) {
                return true;
            }
        }
    }
    return false;
}

static bool judge_confirm(const struct judged_act *a, struct findings *f, struct refusal *out)
{
    if (!room_shared(a->room)) {
        return true; /* of a minute */
    }
    if (!is_answer(a->state, &a->p->answers)) {
        return refuse(out, REFUSED_UNKNOWN, "There is nothing of that name to confirm.") ||
               refuse_mend(out, "Name an answer or a ratification that waits: entente proposals.");
    }
    return v1_judge_authority(a, NULL, f, out) &&
           (state_confirm(a->state, &a->p->answers) != NULL ||
            v1_judge_ceiling(a, CEILING_CONFIRMS, 1, out));
}

static bool judge_statement(const struct judged_act *a, struct findings *f, struct refusal *out)
{
    return v1_find_named_side(a, f, out) && v1_judge_authority(a, NULL, f, out);
}

static bool judge_position(const struct judged_act *a, struct refusal *out)
{
    const struct charter *c = &a->state->charter;
    if (issue_find(c->issues, c->issue_count, a->p->issue) == UINT32_MAX &&
        a->room.kind != ROOM_HOME) {
        return refuse(out, REFUSED_UNKNOWN, "The charter has no issue %.*s.", T(a->p->issue)) ||
               refuse_mend(out, "Name an issue of the charter: entente issues.");
    }
    return true;
}

bool rules_v1_judge(const struct judged_act *a, struct findings *found, struct refusal *out)
{
    *found = (struct findings){
        .expires = TIME_UNKNOWN, .deed = CHARTER_NONE, .side = CHARTER_NONE, .phase = CHARTER_NONE};
    found->lever = CHARTER_NONE;
    if (!judge_room(a, out) || !judge_provisional(a, out) || !v1_judge_standing(a, out)) {
        return false;
    }
    switch (a->p->kind) {
    case KIND_CHARTER:
        return refuse(out, REFUSED_CHARTER, "The table has its charter already.");
    case KIND_EPOCH:
    case KIND_GRANT:
    case KIND_CANNOT_OPEN:
    case KIND_VOID:
        return true; /* of keys, not of the table: the fold judges them */
    case KIND_SIGN_CHARTER:
        return judge_sign_charter(a, out);
    case KIND_INTRODUCE:
        return judge_introduce(a, out);
    case KIND_INSTRUCT:
    case KIND_MEET:
    case KIND_DEBRIEF:
        return true;
    case KIND_INTERESTS:
        return v1_judge_interests(a, out);
    case KIND_MEMO:
        return v1_judge_memo(a, out);
    case KIND_DECIDE:
        return v1_judge_decide(a, out);
    case KIND_MANDATE:
        return judge_mandate(a, out);
    case KIND_REVOKE_MANDATE:
        return judge_revoke(a, out);
    case KIND_CONFIRM:
        return judge_confirm(a, found, out);
    case KIND_SAY:
        return judge_say(a, out) && v1_judge_authority(a, NULL, found, out);
    case KIND_DOCUMENT:
        return judge_citable(a, out) && v1_judge_authority(a, NULL, found, out);
    case KIND_STATEMENT:
        return judge_statement(a, found, out);
    case KIND_POSITION:
        return judge_position(a, out);
    case KIND_PROPOSE:
        return v1_judge_propose(a, found, out);
    case KIND_WITHDRAW:
        return v1_judge_withdraw(a, found, out);
    case KIND_ANSWER:
        return v1_judge_answer(a, found, out);
    case KIND_CLOSE:
        return v1_judge_close(a, found, out);
    case KIND_RATIFY:
        return v1_judge_ratify(a, found, out);
    case KIND_PROMISE:
        return v1_judge_promise(a, found, out);
    case KIND_REPORT:
        return judge_citable(a, out) && v1_judge_report(a, found, out);
    case KIND_VERIFY:
        return judge_citable(a, out) && v1_judge_verify(a, found, out);
    case KIND_LAPSE:
        return v1_judge_lapse(a, found, out);
    case KIND_INCIDENT:
        return judge_citable(a, out) && v1_judge_incident(a, found, out);
    case KIND_ASSESS:
        return judge_citable(a, out) && v1_judge_assess(a, found, out);
    case KIND_GATE:
        return v1_judge_gate(a, found, out);
    case KIND_SUSPEND:
        return v1_judge_suspend(a, found, out);
    case KIND_RESUME:
        return v1_judge_resume(a, found, out);
    case KIND_LEAVE:
        return v1_judge_leave(a, out);
    case KIND_RETURN:
        return v1_judge_return(a, out);
    case KIND_CONCLUDE:
        return v1_judge_conclude(a, out);
    case KIND_DATE:
        return v1_judge_date(a, found, out);
    case KIND_PARK:
        return v1_judge_park(a, found, out);
    case KIND_CONSENT:
        return v1_judge_consent(a, found, out);
    case KIND_PUBLISHED:
        return v1_judge_published(a, found, out);
    case KIND_DISPUTE:
        return v1_judge_dispute(a, found, out);
    case KIND_ASK:
        return v1_judge_ask(a, found, out);
    case KIND_OPINION:
        return v1_judge_opinion(a, found, out);
    case KIND_UNDERTAKE:
        return v1_judge_undertake(a, found, out);
    case KIND_SETTLED:
        return v1_judge_settled(a, found, out);
    case KIND_LEVER:
        return v1_judge_lever(a, found, out);
    case KIND_NOTICE:
        return v1_judge_notice(a, found, out);
    case KIND_DRAFT:
        return v1_judge_draft(a, found, out);
    case KIND_BRACKET:
        return v1_judge_bracket(a, found, out);
    case KIND_SUPPORT:
    case KIND_OBJECT:
        return v1_judge_support(a, found, out);
    case KIND_ADOPT:
        return v1_judge_adopt(a, found, out);
    case KIND_CLEAN:
        return v1_judge_clean(a, found, out);
    case KIND_SILENCE:
        return v1_judge_silence(a, found, out);
    }
    return refuse(out, REFUSED_FORM, "The act is of no known kind.");
}
