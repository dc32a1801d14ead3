/* SPDX-License-Identifier: Apache-2.0
 *
 * What makes a charter a charter (docs/RULES.md section 2.3).  First every word and id by itself,
 * then what refers to something else: so that the second half may print ids as they are.
 */
#include "table/charter.h"

#include "base/civil.h"
#include "record/limits.h"

_Static_assert(CHARTER_SIDES_MAX == SIDES_MAX, "FORMAT section 3");
_Static_assert(CHARTER_SEATS_MAX == SIDE_SEATS_MAX, "FORMAT section 3");
_Static_assert(TERMS_ISSUES_MAX == ISSUES_MAX, "FORMAT section 3");

/* Foreign words of an error; the quote of 40 code points fits. */
struct quote {
    _Alignas(16) uint8_t room[256];
    struct arena mem;
};

static const char *quote(struct quote *q, struct text t)
{
    memset(q->room, 0, sizeof(q->room));
    arena_init(&q->mem, q->room, sizeof(q->room));
    return text_quote(&q->mem, text_bytes(t), 40);
}

static bool id_check(struct text id, const char *of, struct err *err)
{
    struct quote q;
    if (text_is_id(id)) {
        return true;
    }
    return err_set(err, ERR_FORMAT, "%s is no id for %s", quote(&q, id), of) ||
           err_mend(err, "an id is a small letter, then small letters, digits and hyphens, 32 at "
                         "most: kestria-guns");
}

/* Words of a charter: not empty, one line, no blank at either end, at most max bytes. */
static bool words_check(struct text t, size_t max, const char *of, struct err *err)
{
    struct quote q;
    struct text proven;
    if (t.n == 0) {
        return err_set(err, ERR_FORMAT, "%s is empty", of) || err_mend(err, "write a few words");
    }
    if (t.n > max) {
        return err_set(err, ERR_LIMIT, "%s has %zu bytes; %zu are allowed", of, t.n, max) ||
               err_mend(err, "say it in fewer words");
    }
    if (!text_from(text_bytes(t), &proven, err)) {
        return false;
    }
    if (memchr(t.p, '\n', t.n) != NULL || memchr(t.p, '\t', t.n) != NULL) {
        return err_set(err, ERR_FORMAT, "%s is more than one line, or has a tab: %s", of,
                       quote(&q, t)) ||
               err_mend(err, "write it on one line");
    }
    if (t.p[0] == ' ' || t.p[t.n - 1] == ' ') {
        return err_set(err, ERR_FORMAT, "%s begins or ends with a blank: %s", of, quote(&q, t)) ||
               err_mend(err, "take the blank away");
    }
    return true;
}

static bool count_check(uint32_t count, uint32_t low, uint32_t high, const char *of,
                        struct err *err)
{
    if (count >= low && count <= high) {
        return true;
    }
    return err_set(err, count < low ? ERR_FORMAT : ERR_LIMIT,
                   "there are %u %s; a charter has %u to %u", count, of, low, high);
}

static bool span_check(uint64_t seconds, uint64_t low, uint64_t high, const char *of,
                       struct err *err)
{
    char has[CIVIL_TEXT_MAX], bound[CIVIL_TEXT_MAX];
    if (seconds >= low && seconds <= high) {
        return true;
    }
    duration_format(seconds, has);
    duration_format(seconds < low ? low : high, bound);
    return seconds < low
               ? err_set(err, ERR_FORMAT, "%s is %s, and at least %s is needed", of, has, bound)
               : err_set(err, ERR_LIMIT, "%s is %s, and at most %s is allowed", of, has, bound);
}

/* A fault of a part that has a good id: says where. */
static bool in_part(struct err *err, const char *part, struct text id)
{
    return text_is_id(id) ? err_at(err, "%s %.*s", part, TEXT_ARG(id)) : false;
}

static bool twice(struct text id, const char *what, struct err *err)
{
    return err_set(err, ERR_FORMAT, "two %s have the id %.*s", what, TEXT_ARG(id)) ||
           err_mend(err, "give one of them another id");
}

/* Sides */

static enum side_role role_of(const struct charter *c, uint32_t side)
{
    return side == 0                                   ? ROLE_MEDIATION
           : side <= c->party_count                    ? ROLE_PARTY
           : side <= c->party_count + c->monitor_count ? ROLE_MONITOR
                                                       : ROLE_CONSULTED;
}

static bool counts_check(const struct charter *c, struct err *err)
{
    if (c->side_count == 0 || c->side_count > CHARTER_SIDES_MAX) {
        return err_set(err, ERR_LIMIT, "there are %u sides; a charter has at most %u",
                       c->side_count, CHARTER_SIDES_MAX) ||
               err_mend(err, "put together those who may speak with one voice");
    }
    if (c->party_count > c->side_count - 1 ||
        c->monitor_count > c->side_count - 1 - c->party_count) {
        return err_set(err, ERR_FORMAT, "parties and monitors are more than all sides");
    }
    uint32_t least = c->sides[0].present ? 1 : 2;
    if (c->party_count < least) {
        return err_set(err, ERR_FORMAT, "a table needs two sides that negotiate, and this has %u",
                       c->party_count + (c->sides[0].present ? 1 : 0)) ||
               err_mend(err, "name the parties, each with id and name");
    }
    if (c->party_count > GROUPS_MAX - 1) {
        return err_set(err, ERR_LIMIT, "there are %u parties; a charter has at most %u",
                       c->party_count, GROUPS_MAX - 1) ||
               err_mend(err, "let some of them form one delegation");
    }
    return true;
}

static bool side_words_check(const struct charter *c, uint32_t i, struct err *err)
{
    const struct charter_side *s = &c->sides[i];
    if (s->role != role_of(c, i)) {
        return err_set(err, ERR_FORMAT, "side %u has another role than its place says", i);
    }
    if (!s->present) {
        bool empty = i == 0 && s->id.n == 0 && s->name.n == 0 && s->seat_count == 0 &&
                     s->phase_count == 0 && s->successors_needed == 0 && s->successor_count == 0;
        return empty ||
               err_set(err, ERR_FORMAT, "side %u is missing, or the empty place is not empty", i);
    }
    if (!id_check(s->id, "a side", err)) {
        return false;
    }
    if (text_is(s->id, "all")) {
        return err_set(err, ERR_FORMAT,
                       "a side has the id \"all\", which gates use for everyone") ||
               err_mend(err, "give it another id");
    }
    if (!words_check(s->name, NAME_MAX_BYTES, "the name of a side", err) ||
        !count_check(s->seat_count, 1, CHARTER_SEATS_MAX, "seats of a side", err)) {
        return false;
    }
    for (uint32_t k = 0; k < s->seat_count; k++) {
        if (!words_check(s->seats[k], NAME_MAX_BYTES, "the title of a seat", err)) {
            return false;
        }
    }
    if (s->successor_count > SUCCESSORS_MAX) {
        return err_set(err, ERR_LIMIT, "%u successor keys are asked for; a side has at most %u",
                       s->successor_count, SUCCESSORS_MAX);
    }
    if ((s->successors_needed == 0) != (s->successor_count == 0) ||
        s->successors_needed > s->successor_count) {
        return err_set(err, ERR_FORMAT, "%u of %u successor keys cannot be asked for",
                       s->successors_needed, s->successor_count) ||
               err_mend(err, "name a number between 1 and all of them: 2 of 3");
    }
    return true;
}

static bool side_phases_check(const struct charter *c, uint32_t i, struct err *err)
{
    const struct charter_side *s = &c->sides[i];
    if (s->role != ROLE_CONSULTED) {
        return s->phase_count == 0 ||
               err_set(err, ERR_FORMAT, "only who is consulted is so in some phases");
    }
    if (s->phase_count == 0) {
        return err_set(err, ERR_FORMAT, "it is consulted in no phase") ||
               err_mend(err, "name the phases in which it has a stake: in: [security]");
    }
    for (uint32_t k = 0; k < s->phase_count; k++) {
        if (s->phases[k] >= c->phase_count || (k > 0 && s->phases[k] <= s->phases[k - 1])) {
            return err_set(err, ERR_FORMAT,
                           "the phases in which it is consulted are no ascending list");
        }
    }
    return true;
}

static bool sides_check(const struct charter *c, struct charter_place *place, struct err *err)
{
    uint32_t seats = 0;
    for (uint32_t i = 0; i < place->index && i < c->side_count; i++) {
        seats += c->sides[i].seat_count;
    }
    for (uint32_t i = place->index; i < c->side_count; i++) {
        const struct charter_side *s = &c->sides[i];
        place->index = i;
        if (!side_words_check(c, i, err) || !side_phases_check(c, i, err)) {
            return in_part(err, "side", s->id);
        }
        if (s->present && charter_find_side(c, s->id) != i) {
            return twice(s->id, "sides", err);
        }
        seats += s->seat_count;
        if (seats > SEATS_MAX) {
            return err_set(err, ERR_LIMIT, "there are more than %u seats in all", SEATS_MAX);
        }
    }
    return true;
}

static bool is_side(const struct charter *c, uint32_t side)
{
    return side < c->side_count && c->sides[side].present;
}

/* Phases and gates */

static bool same_condition(const struct condition *a, const struct condition *b)
{
    if (a->kind != b->kind) {
        return false;
    }
    switch (a->kind) {
    case CONDITION_VERIFIED:
        return a->deed == b->deed;
    case CONDITION_SETTLED_WITHIN:
    case CONDITION_CONSULTED:
    case CONDITION_UNDERTAKEN:
        return a->side == b->side;
    case CONDITION_AGREED:
    case CONDITION_RATIFIED:
    case CONDITION_QUIET: /* two periods of quiet would be the longer one */
    case CONDITION_NO_REPORT_WAITING:
    case CONDITION_ADOPTED:
        return true;
    }
    return true;
}

static bool condition_side_check(const struct charter *c, const struct condition *k,
                                 const char *word, bool fits, const char *who, struct err *err)
{
    if (!is_side(c, k->side)) {
        return err_set(err, ERR_FORMAT, "the condition %s names side %u, which the charter has not",
                       word, k->side);
    }
    return fits ||
           err_set(err, ERR_FORMAT, "the condition %s names %.*s, which is not %s", word,
                   TEXT_ARG(c->sides[k->side].id), who) ||
           err_mend(err, "name %s there", who);
}

static bool condition_check(const struct charter *c, const struct condition *k, struct err *err)
{
    enum side_role role = is_side(c, k->side) ? c->sides[k->side].role : ROLE_MEDIATION;
    switch (k->kind) {
    case CONDITION_VERIFIED:
        return k->deed < c->deed_count ||
               err_set(err, ERR_FORMAT, "a gate names deed %u, which the charter has not", k->deed);
    case CONDITION_QUIET:
        return span_check(k->seconds, 1, CHARTER_SPAN_MAX, "the quiet that a gate asks for", err);
    case CONDITION_SETTLED_WITHIN:
        return condition_side_check(c, k, "settled-within", role == ROLE_PARTY, "a party", err);
    case CONDITION_CONSULTED:
        return condition_side_check(c, k, "consulted", role == ROLE_CONSULTED,
                                    "one of those consulted", err);
    case CONDITION_UNDERTAKEN:
        return condition_side_check(c, k, "undertaken", role != ROLE_PARTY,
                                    "a third party (a party promises deeds instead)", err);
    case CONDITION_AGREED:
    case CONDITION_RATIFIED:
    case CONDITION_NO_REPORT_WAITING:
    case CONDITION_ADOPTED:
        return true;
    }
    return err_set(err, ERR_FORMAT, "a gate has a condition of the unknown kind %u",
                   (unsigned)k->kind);
}

static bool gate_check(const struct charter *c, uint32_t i, struct charter_place *place,
                       struct err *err)
{
    const struct charter_phase *p = &c->phases[i];
    if (p->condition_count > CHARTER_CONDITIONS_MAX) {
        return err_set(err, ERR_LIMIT, "the gate has %u conditions; at most %u are allowed",
                       p->condition_count, CHARTER_CONDITIONS_MAX);
    }
    if (p->condition_count == 0 && i + 1 < c->phase_count) {
        return err_set(err, ERR_FORMAT, "the phase has no gate, so the next could never begin") ||
               err_mend(err, "say when it ends: gate: [agreed: package, ratified: all]");
    }
    for (uint32_t k = 0; k < p->condition_count; k++) {
        place->condition = k;
        if (!condition_check(c, &p->conditions[k], err)) {
            return false;
        }
        for (uint32_t before = 0; before < k; before++) {
            if (same_condition(&p->conditions[before], &p->conditions[k])) {
                return err_set(err, ERR_FORMAT, "the gate names one condition twice") ||
                       err_mend(err, "take one of the two away");
            }
        }
    }
    place->condition = CHARTER_NONE;
    return true;
}

static bool phases_check(const struct charter *c, struct charter_place *place, struct err *err)
{
    for (uint32_t i = place->index; i < c->phase_count; i++) {
        const struct charter_phase *p = &c->phases[i];
        place->index = i;
        if (!id_check(p->id, "a phase", err)) {
            return false;
        }
        if (charter_find_phase(c, p->id) != i) {
            return twice(p->id, "phases", err);
        }
        if (!span_check(p->wish_seconds, 0, CHARTER_SPAN_MAX, "the wish of a phase", err) ||
            !span_check(p->deadline_seconds, 0, CHARTER_SPAN_MAX, "the deadline of a phase", err) ||
            !gate_check(c, i, place, err)) {
            return in_part(err, "phase", p->id);
        }
    }
    return true;
}

/* Issues, deeds, levers */

static bool issue_check(const struct charter *c, uint32_t i, struct err *err)
{
    const struct issue *issue = &c->issues[i];
    if (issue->phase >= c->phase_count) {
        return err_set(err, ERR_FORMAT, "it belongs to phase %u, which the charter has not",
                       issue->phase);
    }
    if (issue->owner != CHARTER_NONE &&
        (!is_side(c, issue->owner) || issue->owner == 0 || issue->owner >= charter_groups(c))) {
        return err_set(err, ERR_FORMAT, "its owner is no party") ||
               err_mend(err, "an owner is one who must always accept: name a party");
    }
    if (issue->option_count == 0) {
        return err_set(err, ERR_FORMAT, "it has no options") ||
               err_mend(err, "name what could be agreed: options: [present line, 5 km back]; or "
                             "leave the issue out until its phase opens");
    }
    if (issue->option_count > TERMS_OPTIONS_MAX) {
        return err_set(err, ERR_LIMIT, "it has %u options; at most %u are allowed",
                       issue->option_count, TERMS_OPTIONS_MAX);
    }
    for (uint32_t k = 0; k < issue->option_count; k++) {
        struct quote q;
        if (!words_check(issue->options[k], TERMS_OPTION_BYTES_MAX, "an option", err)) {
            return false;
        }
        if (issue_option(issue, issue->options[k]) != k) {
            return err_set(err, ERR_FORMAT, "it has the option %s twice",
                           quote(&q, issue->options[k])) ||
                   err_mend(err, "take one of the two away");
        }
    }
    return true;
}

static bool issues_check(const struct charter *c, struct charter_place *place, struct err *err)
{
    for (uint32_t i = place->index; i < c->issue_count; i++) {
        place->index = i;
        if (!id_check(c->issues[i].id, "an issue", err)) {
            return false;
        }
        if (issue_find(c->issues, c->issue_count, c->issues[i].id) != i) {
            return twice(c->issues[i].id, "issues", err);
        }
        if (!issue_check(c, i, err)) {
            return in_part(err, "issue", c->issues[i].id);
        }
    }
    return true;
}

/* Who is consulted sits in no room where deeds are promised and verified, so it can do neither. */
static bool deed_check(const struct charter *c, const struct charter_deed *d, struct err *err)
{
    if (!is_side(c, d->by)) {
        return err_set(err, ERR_FORMAT, "it is by side %u, which the charter has not", d->by);
    }
    if (c->sides[d->by].role == ROLE_CONSULTED) {
        return err_set(err, ERR_FORMAT,
                       "%.*s is consulted, and does not sit where deeds are "
                       "promised",
                       TEXT_ARG(c->sides[d->by].id)) ||
               err_mend(err, "ask for its undertaking instead: undertaken: [%.*s]",
                        TEXT_ARG(c->sides[d->by].id));
    }
    if (d->verifier == CHARTER_NONE) {
        return true;
    }
    if (!is_side(c, d->verifier)) {
        return err_set(err, ERR_FORMAT, "its verifier is side %u, which the charter has not",
                       d->verifier);
    }
    if (d->verifier == d->by) {
        return err_set(err, ERR_FORMAT, "%.*s would verify its own deed",
                       TEXT_ARG(c->sides[d->by].id)) ||
               err_mend(err, "no side verifies itself: name a monitor, or leave the verifier out; "
                             "then the other side confirms");
    }
    if (c->sides[d->verifier].role == ROLE_CONSULTED) {
        return err_set(err, ERR_FORMAT,
                       "%.*s is consulted, and does not sit where deeds are "
                       "verified",
                       TEXT_ARG(c->sides[d->verifier].id)) ||
               err_mend(err, "name a monitor");
    }
    return true;
}

static bool deeds_check(const struct charter *c, struct charter_place *place, struct err *err)
{
    for (uint32_t i = place->index; i < c->deed_count; i++) {
        place->index = i;
        if (!id_check(c->deeds[i].id, "a deed", err)) {
            return false;
        }
        if (charter_find_deed(c, c->deeds[i].id) != i) {
            return twice(c->deeds[i].id, "deeds", err);
        }
        if (!deed_check(c, &c->deeds[i], err)) {
            return in_part(err, "deed", c->deeds[i].id);
        }
    }
    return true;
}

static bool lever_check(const struct charter *c, const struct charter_lever *l, struct err *err)
{
    if (!is_side(c, l->holder)) {
        return err_set(err, ERR_FORMAT, "its holder is side %u, which the charter has not",
                       l->holder);
    }
    if (l->touches != CHARTER_NONE && !is_side(c, l->touches)) {
        return err_set(err, ERR_FORMAT, "it touches side %u, which the charter has not",
                       l->touches);
    }
    if (l->touches == l->holder) {
        return err_set(err, ERR_FORMAT, "it touches its own holder") ||
               err_mend(err, "name the side on which it would be used");
    }
    if (l->permitted_when_failed != CHARTER_NONE && l->permitted_when_failed >= c->deed_count) {
        return err_set(err, ERR_FORMAT, "it waits for deed %u, which the charter has not",
                       l->permitted_when_failed);
    }
    if (l->ask_count > CHARTER_SIDES_MAX) {
        return err_set(err, ERR_LIMIT, "it asks %u sides; there are at most %u", l->ask_count,
                       CHARTER_SIDES_MAX);
    }
    for (uint32_t k = 0; k < l->ask_count; k++) {
        if (!is_side(c, l->ask[k]) || (k > 0 && l->ask[k] <= l->ask[k - 1])) {
            return err_set(err, ERR_FORMAT, "those to be asked first are no ascending list");
        }
        if (c->sides[l->ask[k]].role != ROLE_CONSULTED || l->ask[k] == l->holder) {
            return err_set(err, ERR_FORMAT, "%.*s is to be asked first, and is %s",
                           TEXT_ARG(c->sides[l->ask[k]].id),
                           l->ask[k] == l->holder ? "its holder" : "not one of those consulted") ||
                   err_mend(err, "questions go to those consulted: name one of them");
        }
    }
    return true;
}

static bool levers_check(const struct charter *c, struct charter_place *place, struct err *err)
{
    for (uint32_t i = place->index; i < c->lever_count; i++) {
        place->index = i;
        if (!id_check(c->levers[i].id, "a lever", err)) {
            return false;
        }
        if (charter_find_lever(c, c->levers[i].id) != i) {
            return twice(c->levers[i].id, "levers", err);
        }
        if (!lever_check(c, &c->levers[i], err)) {
            return in_part(err, "lever", c->levers[i].id);
        }
    }
    return true;
}

static bool decision_check(const struct charter *c, struct err *err)
{
    bool qualified = c->decision == DECISION_QUALIFIED;
    if (c->decision != DECISION_UNANIMITY && c->decision != DECISION_CONSENSUS && !qualified) {
        return err_set(err, ERR_FORMAT, "the decision rule %u is unknown", (unsigned)c->decision);
    }
    if (!qualified) {
        return (c->decision_needed == 0 && c->veto == 0) ||
               err_set(err, ERR_FORMAT, "a number or a veto stands where no qualified rule is");
    }
    if (c->decision_needed > c->party_count || 2 * c->decision_needed <= c->party_count) {
        return err_set(err, ERR_FORMAT, "%u of %u parties is not more than half of them",
                       c->decision_needed, c->party_count) ||
               err_mend(err, "ask for more than half: two packages could else be agreed at once");
    }
    uint32_t parties = ((1u << c->party_count) - 1u) << 1; /* at most 19 of them */
    return (c->veto & ~parties) == 0 ||
           err_set(err, ERR_FORMAT, "a veto is given to who is no party") ||
           err_mend(err, "only parties accept, so only they have a veto");
}

static bool procedure_check(const struct charter *c, struct charter_place *place, struct err *err)
{
    (void)place;
    if (!decision_check(c, err)) {
        return false;
    }
    if (c->publication != PUBLICATION_ON_AGREEMENT && c->publication != PUBLICATION_NEVER) {
        return err_set(err, ERR_FORMAT, "the publication rule %u is unknown",
                       (unsigned)c->publication);
    }
    if (c->arbiter != CHARTER_NONE &&
        (c->arbiter >= c->side_count || !c->sides[c->arbiter].present ||
         (c->sides[c->arbiter].role != ROLE_MEDIATION &&
          c->sides[c->arbiter].role != ROLE_MONITOR))) {
        return err_set(err, ERR_FORMAT, "the arbiter is neither the mediation nor a monitor") ||
               err_mend(err, "name the mediation or a monitor, or leave the arbiter out");
    }
    return span_check(c->silence_seconds, 60, CHARTER_SPAN_MAX, "the silence procedure", err) &&
           span_check(c->grace_seconds, GRACE_LEAST, GRACE_MOST, "the grace", err);
}

static bool quiet_check(const struct charter *c, struct charter_place *place, struct err *err)
{
    (void)place;
    if (c->weight_minor > CHARTER_WEIGHT_MAX || c->weight_serious > CHARTER_WEIGHT_MAX) {
        return err_set(err, ERR_LIMIT, "a weight of an incident is above %u", CHARTER_WEIGHT_MAX);
    }
    if (c->weight_minor > c->weight_serious) {
        return err_set(err, ERR_FORMAT, "a minor incident would weigh more than a serious one") ||
               err_mend(err, "exchange the two weights");
    }
    return span_check(c->half_life_seconds, 60, CHARTER_SPAN_MAX, "the half-life", err);
}

/* A size that no record reaches is a mistake, or a joke. */
static bool earlier_check(const struct charter *c, struct err *err)
{
    return c->earlier.size <= CHARTER_EARLIER_MAX ||
           err_set(err, ERR_LIMIT, "the earlier table has %llu acts, at most %llu",
                   (unsigned long long)c->earlier.size, (unsigned long long)CHARTER_EARLIER_MAX);
}

static bool whole_check(const struct charter *c, struct charter_place *place, struct err *err)
{
    (void)place;
    return counts_check(c, err) &&
           count_check(c->phase_count, 1, CHARTER_PHASES_MAX, "phases", err) &&
           count_check(c->issue_count, 0, TERMS_ISSUES_MAX, "issues", err) &&
           count_check(c->deed_count, 0, CHARTER_DEEDS_MAX, "deeds", err) &&
           count_check(c->lever_count, 0, CHARTER_LEVERS_MAX, "levers", err) &&
           earlier_check(c, err);
}

static bool table_check(const struct charter *c, struct charter_place *place, struct err *err)
{
    (void)place;
    return words_check(c->table, NAME_MAX_BYTES, "the name of the table", err);
}

static bool goal_check(const struct charter *c, struct charter_place *place, struct err *err)
{
    (void)place;
    return words_check(c->goal, CHARTER_GOAL_MAX, "the goal", err);
}

/* In this order: what is named is looked at before what names it.  A list begins at place->index; a
 * part that is no list is left out when one goes on behind it. */
static const struct {
    enum charter_part part;
    bool list;
    bool (*check)(const struct charter *c, struct charter_place *place, struct err *err);
} parts[] = {
    {PART_WHOLE, false, whole_check},         {PART_TABLE, false, table_check},
    {PART_GOAL, false, goal_check},           {PART_SIDE, true, sides_check},
    {PART_PROCEDURE, false, procedure_check}, {PART_DEED, true, deeds_check},
    {PART_PHASE, true, phases_check},         {PART_ISSUE, true, issues_check},
    {PART_LEVER, true, levers_check},         {PART_QUIET, false, quiet_check},
};

bool charter_check_next(const struct charter *c, const struct charter_place *after,
                        struct charter_place *place, struct err *err)
{
    uint32_t index = 0;
    size_t at = 0;
    if (after != NULL) {
        while (parts[at].part != after->part) {
            at++;
        }
        index = after->index + 1;
        if (!parts[at].list) {
            at++;
            index = 0;
        }
    }
    for (; at < COUNT_OF(parts); at++, index = 0) {
        /* Every fault from here on is one of this part. */
        *place = (struct charter_place){
            .part = parts[at].part, .index = index, .condition = CHARTER_NONE};
        if (!parts[at].check(c, place, err)) {
            return false;
        }
    }
    return true;
}

bool charter_check(const struct charter *c, struct err *err)
{
    struct charter_place place;
    return charter_check_next(c, NULL, &place, err);
}
