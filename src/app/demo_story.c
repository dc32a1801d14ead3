/* SPDX-License-Identifier: Apache-2.0
 *
 * The story, step by step.  Countries and people are invented.
 */
#include "app/demo_priv.h"
#include "app/check.h"
#include "app/publish.h"

#include "base/hex.h"
#include "table/gate.h"
#include "table/limits.h"

static struct text text_of(const char *s)
{
    return text_str(s);
}

static struct text shuttle_of(struct stage *st, enum who who)
{
    const char *s = arena_printf(&st->words.mem, "shuttle/%s", stage_side_id(st, who));
    return text_str(s == NULL ? "" : s);
}

/* Deeds of the charter, by the part that their side has in the story. */
static const char *deed_of(struct stage *st, enum who who)
{
    return strcmp(stage_side_id(st, who), "kestria") == 0 ? "kestria-guns" : "velland-prisoners";
}

static void show(struct stage *st, enum who who, void (*view)(const struct view *, struct buf *),
                 const char *title)
{
    struct view v = stage_view(st, who);
    struct buf b;
    buf_init(&b, 65536);
    buf_printf(&b, "%s\n", title);
    view(&v, &b);
    st->plan->say(st->plan->ctx, DEMO_SCREEN, st->step, buf_str(&b));
    buf_free(&b);
}

static void show_journey(struct stage *st, enum who who, const char *when)
{
    const char *title = arena_printf(&st->words.mem, "Journey, %s, as %s sees it", when,
                                     stage_name(st, who));
    show(st, who, view_journey, title == NULL ? "Journey" : title);
}

/* ---- 1, 2: the table, the people ---- */

static bool show_since(struct stage *st, enum who who, struct err *err)
{
    struct view v = stage_view(st, who);
    struct buf b;
    buf_init(&b, 65536);
    bool ok = view_since(&v, 7, &b, err);
    st->plan->say(st->plan->ctx, DEMO_SCREEN, st->step, buf_str(&b));
    buf_free(&b);
    return ok;
}

static bool step_1(struct stage *st, struct err *err)
{
    stage_step(st, 1, 0, 9, 0, "home/meridia", "President Rhee founds the table");
    if (!stage_found(st, bytes_str(levers_charter(st)), err)) {
        return false;
    }
    stage_say(
        st, DEMO_TELL,
        "Nobody is invited yet. The host sees two keys and how large each act is; not one word.");
    show_journey(st, RHEE, "day 0");
    return true;
}

static bool mandate(struct stage *st, enum who principal, enum who envoy, uint32_t powers,
                    const struct limits *limits, struct err *err)
{
    struct replica *r = stage_replica(st, principal);
    struct text issues[3] = {text_of("line"), text_of("prisoners"), text_of("access")};
    const struct mandate_request m = {.seat = stage_seat(st, envoy),
                                      .powers = powers,
                                      .issue_count = 3,
                                      .issues = issues,
                                      .seconds = UINT64_C(21) * 86400,
                                      .limits = limits};
    if (!sync_take(r, err) || !act_mandate(r, &m, NULL, err)) {
        return err_at(err, "the mandate of %s", stage_name(st, envoy));
    }
    stage_say(st, DEMO_TELL, "%s signs a mandate for %s: phase-one issues, 21 days%s.",
              stage_name(st, principal), stage_name(st, envoy),
              limits != NULL ? "; private limits inside, sealed" : "");
    clock_advance(&st->clock, 120);
    return true;
}

static bool sign_charter(struct stage *st, enum who who, struct err *err)
{
    if (!act_sign_charter(stage_replica(st, who), NULL, err)) {
        return err_at(err, "%s signs the charter", stage_name(st, who));
    }
    stage_say(st, DEMO_TELL, "%s signs the charter.", stage_name(st, who));
    clock_advance(&st->clock, 120);
    return true;
}

/* An envoy's private limits: which options of one issue he may take. */
static struct limits only(struct stage *st, const char *issue, uint8_t options)
{
    struct limit *l = ARENA_NEW(&st->words.mem, struct limit, 1);
    if (l != NULL) {
        l->issue = text_of(issue);
        l->options[0] = options;
    }
    return (struct limits){l == NULL ? 0 : 1, l};
}

static bool step_2(struct stage *st, struct err *err)
{
    static const enum who joins[][2] = {
        {OKOYE, RHEE},
        {BRANDT, RHEE},
        {FIRST_PRINCIPAL, RHEE},
        {SECOND_PRINCIPAL, RHEE},
        {DIAZ, RHEE},
        {WEISS, RHEE},
        {FIRST_ENVOY, FIRST_PRINCIPAL},
        {SECOND_ENVOY, SECOND_PRINCIPAL},
    };
    stage_step(st, 2, 0, 10, 0, "shuttles, then plenary",
               "each side joins by itself, signs, and mandates its envoy");
    for (size_t i = 0; i < COUNT_OF(joins); i++) {
        if (!stage_join(st, joins[i][0], joins[i][1], err)) {
            return err_at(err, "%s joins", stage_name(st, joins[i][0]));
        }
    }
    struct limits first = only(st, "access", 2u | 4u);
    struct limits second = only(st, "prisoners", 1u | 2u);
    uint32_t envoy = POWER_SPEAK | POWER_PROPOSE | POWER_ACCEPT_AD_REFERENDUM;
    uint32_t team = POWER_SPEAK | POWER_PROPOSE | POWER_DISCLOSE;
    return stage_round(st, err) && sign_charter(st, RHEE, err) &&
           sign_charter(st, FIRST_PRINCIPAL, err) && sign_charter(st, SECOND_PRINCIPAL, err) &&
           mandate(st, RHEE, OKOYE, team, NULL, err) &&
           mandate(st, RHEE, BRANDT, team, NULL, err) &&
           mandate(st, FIRST_PRINCIPAL, FIRST_ENVOY, envoy, &first, err) &&
           mandate(st, SECOND_PRINCIPAL, SECOND_ENVOY, envoy, &second, err) && stage_round(st, err);
}

/* ---- 3, 4: the shuttle ---- */

static bool position(struct stage *st, const char *issue, enum level level, enum mark mark,
                     const char *words, struct err *err)
{
    struct text t = text_of(words);
    const struct payload p = {.kind = KIND_POSITION,
                              .room = shuttle_of(st, SECOND_ENVOY),
                              .text_count = 1,
                              .texts = &t,
                              .issue = text_of(issue),
                              .level = level,
                              .mark = mark};
    return stage_act(st, SECOND_ENVOY, &p, NULL, NULL, err);
}

static struct kid kid_at(struct stage *st, enum who who)
{
    return keyring_seat(door_keyring(stage_replica(st, BRANDT)->door), stage_seat(st, who))->kid;
}

static bool step_3(struct stage *st, struct err *err)
{
    struct text minute = text_of("One hour, in the border hotel. What each side needs for the "
                                 "shooting to stop.");
    struct kid present[2];
    struct leaf_hash leaf;
    uint64_t index;
    stage_step(st, 3, 1, 10, 0, st->plan->mirror ? "shuttle/kestria" : "shuttle/velland",
               "the envoy meets one side alone");
    present[0] = kid_at(st, BRANDT);
    present[1] = kid_at(st, SECOND_ENVOY);
    if (memcmp(present[0].b, present[1].b, 32) > 0) {
        struct kid k = present[0];
        present[0] = present[1];
        present[1] = k;
    }
    const struct payload meet = {.kind = KIND_MEET,
                                 .room = shuttle_of(st, SECOND_ENVOY),
                                 .text_count = 1,
                                 .texts = &minute,
                                 .present_count = 2,
                                 .present = present};
    if (!stage_act(st, BRANDT, &meet, &leaf, &index, err)) {
        return false;
    }
    const struct payload confirm = {.kind = KIND_CONFIRM,
                                    .room = shuttle_of(st, SECOND_ENVOY),
                                    .has_answers = true,
                                    .answers = leaf};
    return stage_act(st, SECOND_ENVOY, &confirm, NULL, NULL, err) &&
           position(st, "prisoners", LEVEL_MUST, MARK_HINT, "all prisoners back", err) &&
           position(st, "line", LEVEL_WANT, MARK_KEEP, "we could go 5 km back", err) &&
           position(st, "access", LEVEL_NICE, MARK_CARRY, "we would accept monitors", err) &&
           stage_readers(st, index, err);
}

static bool step_4(struct stage *st, struct err *err)
{
    struct text words = text_of("We would like to speak to you directly.");
    const struct payload p = {
        .kind = KIND_SAY, .room = text_of("plenary"), .text_count = 1, .texts = &words};
    stage_step(st, 4, 1, 15, 0, "plenary", "a party wants to address the other directly");
    stage_say(st, DEMO_TELL, "%s wants to say in the plenary: %.*s", stage_name(st, SECOND_ENVOY),
              TEXT_ARG(words));
    return stage_stopped(st, SECOND_ENVOY, &p, err);
}

/* ---- 5 to 9: a first proposal ---- */

static bool propose(struct stage *st, enum who who, const uint32_t options[3],
                    const struct meets *meets, uint32_t meets_count, struct leaf_hash *leaf,
                    uint64_t *index, struct err *err)
{
    struct named_choice choices[3] = {{text_of("line"), options[0]},
                                      {text_of("prisoners"), options[1]},
                                      {text_of("access"), options[2]}};
    struct meets copy[2];
    for (uint32_t i = 0; i < meets_count && i < 2; i++) {
        copy[i] = meets[i];
    }
    const struct payload p = {.kind = KIND_PROPOSE,
                              .room = text_of("plenary"),
                              .choice_count = 3,
                              .choices = choices,
                              .meets_count = meets_count,
                              .meets = copy,
                              .has_follows = meets_count > 0, /* P2 follows D1 */
                              .follows = st->d1};
    return stage_act(st, who, &p, leaf, index, err);
}

static struct payload answer_to(const struct leaf_hash *proposal, enum answer_kind kind)
{
    return (struct payload){.kind = KIND_ANSWER,
                            .room = text_of("plenary"),
                            .has_answers = true,
                            .answers = *proposal,
                            .answer = kind};
}

static void tell_answers(struct stage *st, enum who who, const struct leaf_hash *leaf)
{
    struct view v = stage_view(st, who);
    const struct proposal_state *p = state_proposal(fold_state(v.r->fold), leaf);
    struct buf b;
    buf_init(&b, 4096);
    if (p != NULL) {
        view_answers(&v, p, &b);
        stage_say(st, DEMO_TELL, "%s", buf_str(&b));
    }
    buf_free(&b);
}

static bool step_5(struct stage *st, struct err *err)
{
    static const uint32_t p1[3] = {0, 0, 0};
    uint64_t index;
    stage_step(st, 5, 2, 9, 0, "plenary, papers", "the mediation proposes, one side answers");
    if (!propose(st, BRANDT, p1, NULL, 0, &st->p1, &index, err)) {
        return false;
    }
    const struct payload yes = answer_to(&st->p1, ANSWER_AD_REFERENDUM);
    if (!stage_act(st, SECOND_ENVOY, &yes, NULL, NULL, err) || !stage_readers(st, index, err)) {
        return false;
    }
    tell_answers(st, SECOND_ENVOY, &st->p1);
    stage_say(st, DEMO_TELL,
              "There is no deadline for the answer. The mediation wishes for it by 2031-03-07 (day "
              "4); a wish "
              "binds nobody.");
    return true;
}

static bool step_6(struct stage *st, struct err *err)
{
    struct reservation reserve[2] = {
        {text_of("R1"), true, text_of("access"), text_of("one bank only")},
        {text_of("R2"), true, text_of("prisoners"), text_of("sick and wounded first")}};
    stage_step(st, 6, 2, 16, 0, "plenary, papers", "the other side agrees in concept");
    struct payload p = answer_to(&st->p1, ANSWER_CONCEPT);
    p.reservation_count = 2;
    p.reservations = reserve;
    if (!stage_act(st, FIRST_ENVOY, &p, &st->concept, NULL, err)) {
        return false;
    }
    tell_answers(st, FIRST_ENVOY, &st->p1);
    stage_say(st, DEMO_TELL, "Only %s can close the two open points. P1 is not agreed.",
              stage_side(st, FIRST_ENVOY));
    return stage_round(st, err);
}

static bool ratify(struct stage *st, enum who who, const struct leaf_hash *leaf, uint64_t *index,
                   struct err *err)
{
    struct replica *r = stage_replica(st, who);
    if (!sync_take(r, err)) {
        return false;
    }
    const struct proposal_state *p = state_proposal(fold_state(r->fold), leaf);
    return p == NULL ? err_set(err, ERR_STATE, "the proposal is not there")
                     : act_ratify(r, p, index, err);
}

static bool step_7(struct stage *st, struct err *err)
{
    struct err said = {0};
    stage_step(st, 7, 2, 18, 0, "plenary, papers", "a principal ratifies too soon");
    stage_say(st, DEMO_TELL, "%s wants to ratify P1 at once.", stage_name(st, SECOND_PRINCIPAL));
    bool through = ratify(st, SECOND_PRINCIPAL, &st->p1, NULL, &said);
    return stage_was_stopped(st, SECOND_PRINCIPAL, through, &said, err);
}

static bool step_8(struct stage *st, struct err *err)
{
    struct text words = text_of("We dictate the terms.");
    struct digest before, after;
    struct replica *r = stage_replica(st, SECOND_ENVOY);
    stage_step(st, 8, 3, 11, 0, "plenary, papers", "a press conference");
    const struct payload p = {.kind = KIND_STATEMENT,
                              .room = text_of("plenary"),
                              .text_count = 1,
                              .texts = &words,
                              .side = text_of(stage_side_id(st, FIRST_PRINCIPAL)),
                              .source = text_of("press conference, 2031-03-06")};
    if (!sync_take(r, err) || !state_digest(fold_state(r->fold), &before, err) ||
        !stage_act(st, SECOND_ENVOY, &p, &st->statement, &st->statement_index, err) ||
        !state_digest(fold_state(r->fold), &after, err)) {
        return false;
    }
    stage_say(st, DEMO_TELL,
              "Fingerprint of where the table stands, before: %.*s; after: %.*s. Words outside "
              "change nothing.",
              ID_SHOWN, id_hex(before.b).s, ID_SHOWN, id_hex(after.b).s);
    st->result->statement_inert = ID_EQ(before, after);
    struct text claim = text_of("They say that they dictate the terms.");
    const struct payload incident = {.kind = KIND_INCIDENT,
                                     .room = text_of("plenary"),
                                     .text_count = 1,
                                     .texts = &claim,
                                     .side = text_of(stage_side_id(st, FIRST_PRINCIPAL)),
                                     .has_when = true,
                                     .when = clock_now(&st->clock),
                                     .ref_count = 1,
                                     .refs = &st->statement};
    stage_say(st, DEMO_TELL, "%s wants to file those words as an incident.",
              stage_name(st, SECOND_ENVOY));
    return stage_stopped(st, SECOND_ENVOY, &incident, err);
}

static bool step_9(struct stage *st, struct err *err)
{
    struct named_choice choice = {text_of("guarantees"), 0};
    struct text title = text_of("guarantees");
    stage_step(st, 9, 3, 15, 0, "plenary, papers", "a party opens phase two");
    const struct payload p = {
        .kind = KIND_PROPOSE, .room = text_of("plenary"), .choice_count = 1, .choices = &choice};
    const struct payload park = {.kind = KIND_PARK,
                                 .room = text_of("plenary"),
                                 .text_count = 1,
                                 .texts = &title,
                                 .phase = text_of("security")};
    stage_say(st, DEMO_TELL, "%s wants to propose guarantees, a subject of phase two.",
              stage_name(st, SECOND_ENVOY));
    if (!stage_stopped(st, SECOND_ENVOY, &p, err) ||
        !stage_act(st, SECOND_ENVOY, &park, NULL, NULL, err) || !stage_round(st, err)) {
        return false;
    }
    return true;
}

/* ---- 15 to 17: agreement ---- */

static bool close_point(struct stage *st, const char *label, struct err *err)
{
    const struct payload p = {.kind = KIND_CLOSE,
                              .room = text_of("plenary"),
                              .has_answers = true,
                              .answers = st->concept,
                              .label = text_of(label),
                              .ref_count = 1,
                              .refs = &st->p2};
    return stage_act(st, FIRST_ENVOY, &p, NULL, NULL, err);
}

static bool step_15(struct stage *st, struct err *err)
{
    static const uint32_t p2[3] = {0, 1, 1};
    const struct meets meets[2] = {{st->concept, text_of("R1")}, {st->concept, text_of("R2")}};
    stage_step(st, 15, 6, 9, 0, "plenary, papers", "a version that meets the reservations");
    if (!propose(st, BRANDT, p2, meets, 2, &st->p2, &st->agreement[0], err) ||
        !close_point(st, "R1", err) || !close_point(st, "R2", err)) {
        return false;
    }
    stage_say(st, DEMO_TELL, "No open points. Answers to P1 do not carry over:");
    tell_answers(st, FIRST_ENVOY, &st->p2);
    return stage_round(st, err);
}

static bool step_16(struct stage *st, struct err *err)
{
    stage_step(st, 16, 6, 14, 0, "plenary, papers", "an envoy oversteps, then does it properly");
    stage_say(st, DEMO_TELL, "%s uses a tampered program, which lets everything through.",
              stage_name(st, FIRST_ENVOY));
    const struct payload binding = answer_to(&st->p2, ANSWER_ACCEPT);
    const struct payload yes = answer_to(&st->p2, ANSWER_AD_REFERENDUM);
    return stage_void(st, FIRST_ENVOY, &binding, err) &&
           stage_act(st, FIRST_ENVOY, &yes, NULL, &st->agreement[1], err) &&
           stage_act(st, SECOND_ENVOY, &yes, NULL, &st->agreement[2], err) &&
           stage_digests(st, err);
}

static bool step_17(struct stage *st, struct err *err)
{
    struct replica *r = stage_replica(st, RHEE);
    stage_step(st, 17, 7, 10, 0, "plenary, papers", "two ratifications");
    if (!ratify(st, FIRST_PRINCIPAL, &st->p2, &st->agreement[3], err)) {
        return false;
    }
    stage_say(st, DEMO_TELL, "%s ratifies P2. Half ratified: nothing is agreed.",
              stage_name(st, FIRST_PRINCIPAL));
    clock_advance(&st->clock, 3600);
    if (!ratify(st, SECOND_PRINCIPAL, &st->p2, &st->agreement[4], err)) {
        return false;
    }
    stage_say(st, DEMO_TELL, "%s ratifies P2.", stage_name(st, SECOND_PRINCIPAL));
    if (!stage_round(st, err)) {
        return false;
    }
    const struct proposal_state *p = state_proposal(fold_state(r->fold), &st->p2);
    if (p == NULL || p->bound_at == INDEX_NEVER) {
        return err_set(err, ERR_STATE, "step 17: P2 does not bind after both have ratified");
    }
    stage_say(st, DEMO_TELL,
              "Countersigned by all: the package of phase one is agreed. The quiet hours count "
              "from now.");
    show(st, RHEE, view_proposals, "Proposals, as Rhee sees them");
    return true;
}

/* ---- 18 to 23: deeds ---- */

static bool promise(struct stage *st, enum who who, const char *what, const char *how,
                    struct err *err)
{
    struct text texts[2] = {text_of(what), text_of(how)};
    const struct payload p = {.kind = KIND_PROMISE,
                              .room = text_of("monitors"),
                              .text_count = 2,
                              .texts = texts,
                              .deed = text_of(deed_of(st, who)),
                              .has_when = true,
                              .when = st->day0 + UINT64_C(9) * 86400 + 18 * 3600};
    return stage_act(st, who, &p, NULL, NULL, err);
}

static bool step_18(struct stage *st, struct err *err)
{
    static const char *const what[2][2] = {
        {"six batteries 10 km back", "seen on site by the Group"},
        {"the first 40 prisoners home", "counted at the crossing by the Group"}};
    bool guns = strcmp(deed_of(st, FIRST_ENVOY), "kestria-guns") == 0;
    stage_step(st, 18, 7, 15, 0, "monitors", "promises become tasks");
    if (!promise(st, FIRST_ENVOY, what[guns ? 0 : 1][0], what[guns ? 0 : 1][1], err) ||
        !promise(st, SECOND_ENVOY, what[guns ? 1 : 0][0], what[guns ? 1 : 0][1], err) ||
        !stage_round(st, err)) {
        return false;
    }
    struct view v = stage_view(st, DIAZ);
    struct buf b;
    buf_init(&b, 65536);
    buf_printf(&b, "What Captain Diaz sees: the tasks, not P2 and not why\n");
    bool ok = view_tasks(&v, &b, err);
    st->plan->say(st->plan->ctx, DEMO_SCREEN, st->step, buf_str(&b));
    buf_free(&b);
    return ok;
}

static struct payload finding(const char *deed, enum act_kind kind, enum finding f)
{
    return (struct payload){
        .kind = kind, .room = text_of("monitors"), .deed = text_of(deed), .finding = f};
}

static bool step_19(struct stage *st, struct err *err)
{
    struct evidence photos = {
        .name = text_of("photos.zip"), .media = text_of("application/zip"), .length = 48213007};
    photos.sha256 = digest_plain(bytes_str("photos of the empty positions"));
    const char *deed = deed_of(st, FIRST_ENVOY);
    stage_step(st, 19, 9, 12, 0, "monitors", "a side reports, and grades itself");
    struct payload report = finding(deed, KIND_REPORT, FINDING_DONE);
    report.evidence_count = 1;
    report.evidence = &photos;
    const struct payload verify = finding(deed, KIND_VERIFY, FINDING_DONE);
    if (!stage_act(st, FIRST_ENVOY, &report, NULL, NULL, err)) {
        return false;
    }
    stage_say(st, DEMO_TELL, "%s wants to verify %s too.", stage_name(st, FIRST_ENVOY), deed);
    if (!stage_stopped(st, FIRST_ENVOY, &verify, err) || !stage_round(st, err)) {
        return false;
    }
    show(st, RHEE, view_ledger, "Ledger, as Rhee sees it");
    return true;
}

static bool step_20(struct stage *st, struct err *err)
{
    stage_step(st, 20, 9, 18, 30, "monitors", "one verified, one late");
    const struct payload done = finding(deed_of(st, SECOND_ENVOY), KIND_VERIFY, FINDING_DONE);
    const struct payload partly = finding(deed_of(st, FIRST_ENVOY), KIND_VERIFY, FINDING_PARTLY);
    const struct payload lapse = {
        .kind = KIND_LAPSE, .room = text_of("monitors"), .deed = text_of(deed_of(st, FIRST_ENVOY))};
    if (!stage_act(st, DIAZ, &done, NULL, NULL, err) ||
        !stage_act(st, DIAZ, &partly, NULL, NULL, err) || !stage_round(st, err) ||
        !stage_act(st, BRANDT, &lapse, NULL, NULL, err) || !stage_round(st, err)) {
        return false;
    }
    show(st, FIRST_PRINCIPAL, view_ledger, "Ledger: the same words for both sides");
    return home_20(st, err) && levers_ready(st, err);
}

static bool step_21(struct stage *st, struct err *err)
{
    struct text fire = text_of("Fire from the other bank, two rounds.");
    struct text second = text_of(stage_side_id(st, SECOND_ENVOY));
    stage_step(st, 21, 10, 7, 0, "monitors", "an incident, by the other side");
    const struct payload incident = {.kind = KIND_INCIDENT,
                                     .room = text_of("monitors"),
                                     .text_count = 1,
                                     .texts = &fire,
                                     .side = second,
                                     .has_when = true,
                                     .when = st->day0 + UINT64_C(10) * 86400 + 6 * 3600};
    if (!stage_act(st, FIRST_ENVOY, &incident, &st->incident, NULL, err) || !stage_round(st, err)) {
        return false;
    }
    show(st, RHEE, view_ledger, "Ledger before it is assessed: one report waiting, no more");
    const struct payload assess = {.kind = KIND_ASSESS,
                                   .room = text_of("monitors"),
                                   .has_answers = true,
                                   .answers = st->incident,
                                   .verdict = VERDICT_VERIFIED,
                                   .side = second};
    if (!stage_act(st, DIAZ, &assess, NULL, NULL, err) || !stage_round(st, err)) {
        return false;
    }
    show(st, RHEE, view_ledger, "Ledger after");
    return true;
}

static struct payload open_gate(void)
{
    return (struct payload){
        .kind = KIND_GATE, .room = text_of("plenary"), .phase = text_of("ceasefire")};
}

static bool step_22(struct stage *st, struct err *err)
{
    stage_step(st, 22, 11, 9, 0, "monitors, then plenary", "almost");
    const struct payload done = finding(deed_of(st, FIRST_ENVOY), KIND_VERIFY, FINDING_DONE);
    if (!stage_act(st, DIAZ, &done, NULL, NULL, err) || !stage_round(st, err) ||
        !levers_hold_again(st, err)) {
        return false;
    }
    clock_set(&st->clock, st->day0 + UINT64_C(13) * 86400 + 4 * 3600);
    const struct payload gate = open_gate();
    stage_say(st, DEMO_TELL, "2031-03-16 04:00 (day 13): %s wants to open the gate.",
              stage_name(st, BRANDT));
    if (!stage_round(st, err) || !stage_stopped(st, BRANDT, &gate, err)) {
        return false;
    }
    st->size_22 = door_size(stage_replica(st, RHEE)->door);
    return true;
}

/* Would the gate have opened for somebody who held only the first `size` acts? */
static bool opens_at(struct stage *st, uint64_t size, bool *out, struct err *err)
{
    struct replica *r = stage_replica(st, RHEE);
    struct gate_answer g = {0};
    if (!replica_gate_at(r, size, 0, &g, err)) {
        return false;
    }
    *out = g.count > 0 && g.met == g.count;
    return true;
}

static bool first_words(struct stage *st, enum who who, const char *words, struct err *err)
{
    struct text t = text_of(words);
    const struct payload p = {
        .kind = KIND_SAY, .room = text_of("plenary"), .text_count = 1, .texts = &t};
    return stage_act(st, who, &p, NULL, NULL, err);
}

static bool step_23(struct stage *st, struct err *err)
{
    stage_step(st, 23, 13, 8, 0, "plenary", "the gate opens");
    const struct payload gate = open_gate();
    if (!stage_round(st, err) || !stage_act(st, SECOND_ENVOY, &gate, NULL, &st->gate_index, err) ||
        !first_words(st, FIRST_PRINCIPAL, "We have not sat in one room for three years.", err) ||
        !first_words(st, SECOND_PRINCIPAL, "Then let us not leave it too soon.", err) ||
        !stage_digests(st, err)) {
        return false;
    }
    show_journey(st, RHEE, "day 13");
    return show_since(st, RHEE, err);
}

/* ---- 25: published ---- */

#define EXCERPT_NAME "lake-agreement.entente"

static bool consent(struct stage *st, enum who who, struct err *err)
{
    struct leaf_hash refs[COUNT_OF(st->agreement)];
    for (size_t i = 0; i < COUNT_OF(refs); i++) {
        refs[i] = door_leaf(stage_replica(st, RHEE)->door, st->agreement[i]);
    }
    const struct payload p = {.kind = KIND_CONSENT,
                              .room = text_of("plenary"),
                              .ref_count = COUNT_OF(refs),
                              .refs = refs};
    return stage_act(st, who, &p, NULL, NULL, err);
}

/* A reader with nothing but the file. */
static bool read_outside(struct stage *st, const char *path, struct err *err)
{
    struct check_result found;
    struct buf b;
    if (!check_path(path, &st->words.mem, &found, err)) {
        return false;
    }
    buf_init(&b, 1u << 20);
    buf_printf(&b, "entente check %s, by a newspaper's reader who has nothing but the file\n",
               EXCERPT_NAME);
    check_words(&found, &b);
    st->plan->say(st->plan->ctx, DEMO_SCREEN, st->step, buf_str(&b));
    buf_free(&b);
    return true;
}

/* One byte of it changed: the check must say so, and where. */
static bool read_forged(struct stage *st, const char *path, struct err *err)
{
    struct bytes file;
    struct check_result found;
    struct err said = {0};
    if (!file_read(path, (size_t)64 << 20, &st->words.mem, &file, err)) {
        return false;
    }
    struct bytes copy = arena_copy(&st->words.mem, file);
    uint8_t *forged = ARENA_NEW(&st->words.mem, uint8_t, file.n);
    if (copy.p == NULL || forged == NULL) {
        return err_memory(err, "the forged excerpt");
    }
    memcpy(forged, copy.p, copy.n);
    forged[copy.n / 2] ^= 1;
    if (check_excerpt(bytes_of(forged, copy.n), &st->words.mem, &found, &said)) {
        return err_set(err, ERR_VERIFY, "step 25: a forged excerpt passes for authentic");
    }
    stage_say(st, DEMO_TELL, "One byte of the file changed: %s (%s).", said.what, said.where);
    return true;
}

static bool step_25(struct stage *st, struct err *err)
{
    struct published facts;
    struct replica *r = stage_replica(st, BRANDT);
    char path[FILE_PATH_MAX];
    stage_step(st, 25, 20, 9, 0, "plenary, then outside", "published, and checked by anybody");
    st->agreement[5] = st->gate_index;
    st->agreement[6] = fold_state(stage_replica(st, RHEE)->fold)->charter_index;
    if (!stage_round(st, err) || !consent(st, RHEE, err) || !consent(st, FIRST_PRINCIPAL, err) ||
        !consent(st, SECOND_PRINCIPAL, err) || !stage_round(st, err) ||
        !replica_path(st->plan->dir, EXCERPT_NAME, path, err) ||
        !publish_excerpt(r, st->agreement, COUNT_OF(st->agreement), path, &facts, err)) {
        return false;
    }
    uint64_t size = door_size(r->door);
    stage_say(st, DEMO_TELL, "Brandt publishes %s: %u acts of %llu.", EXCERPT_NAME, facts.shown,
              (unsigned long long)size);
    memcpy(st->result->excerpt, path, sizeof(path));
    if (!read_outside(st, path, err) || !read_forged(st, path, err)) {
        return false;
    }
    stage_say(st, DEMO_TELL,
              "What the host knew: %llu envelopes, which key wrote when, how large. Not one word.",
              (unsigned long long)size);
    return true;
}

/* ---- what must hold, looked at on what was really recorded ---- */

static bool look_back(struct stage *st, struct err *err)
{
    struct digest with, without;
    struct replica *r = stage_replica(st, RHEE);
    uint64_t size = door_size(r->door);
    if (!replica_digest_without(r, size, INDEX_NEVER, &with, err) ||
        !replica_digest_without(r, size, st->statement_index, &without, err)) {
        return false;
    }
    st->result->statement_inert = st->result->statement_inert && ID_EQ(with, without);
    stage_say(st, DEMO_NOTE, "Computed again without the statement of step 8, the table stands %s.",
              ID_EQ(with, without) ? "exactly where it does" : "ELSEWHERE");
    /* Up to the end of step 22; what follows are the countersignatures that tell the hour. */
    for (uint64_t s = 1; s <= st->size_22; s++) {
        bool opens = false;
        if (!opens_at(st, s, &opens, err)) {
            return false;
        }
        st->result->gate_early = st->result->gate_early || opens;
    }
    stage_say(st, DEMO_NOTE, "%s",
              st->result->gate_early ? "The gate could have opened EARLIER."
                                     : "After no act up to 2031-03-16 04:00 could the gate have "
                                       "opened.");
    st->result->acts = size;
    st->result->final = witness_final(door_witness(r->door), size);
    return true;
}

/* Diaz opens the monitors' room only, Weiss her own only; no party opens home or shuttle of the
 * other: from what each has really opened. */
static bool look_at_keys(struct stage *st, struct err *err)
{
    for (int i = 0; i < CAST_COUNT; i++) {
        struct person *c = &st->cast[i];
        uint64_t size = door_size(c->replica.door);
        for (uint64_t k = 0; k < size; k++) {
            struct act a;
            struct opened_act act;
            if (!replica_act(&c->replica, k, &st->words.mem, &a, &act, err)) {
                return false;
            }
            if (!act.open) {
                continue;
            }
            struct room room;
            struct replica *judge = stage_replica(st, RHEE);
            const struct charter *charter = &fold_state(judge->fold)->charter;
            bool fits = room_parse(charter, act.content.header.room, &room) &&
                        (act.how.by_identity || act.how.granted ||
                         room_has_seat(charter, room,
                                       keyring_seat(door_keyring(judge->door), c->replica.seat)));
            st->result->leaks = st->result->leaks || !fits;
        }
        arena_wipe(&st->words.mem);
    }
    stage_say(st, DEMO_NOTE, "%s",
              st->result->leaks ? "Somebody could open what was NOT for them."
                                : "Nobody could open an act of a room where they do not sit.");
    return true;
}

typedef bool step_fn(struct stage *st, struct err *err);

bool story_play(struct stage *st, struct err *err)
{
    static step_fn *const steps[] = {step_1,    step_2,  step_3,  step_4,  step_5,    step_6,
                                     step_7,    step_8,  step_9,  home_10, home_12,   levers_13,
                                     levers_14, step_15, step_16, step_17, step_18,   step_19,
                                     step_20,   step_21, step_22, step_23, second_24, step_25};
    for (size_t i = 0; i < COUNT_OF(steps); i++) {
        if (!steps[i](st, err)) {
            return err_at(err, "step %u", st->step);
        }
    }
    st->step = 0;
    return look_back(st, err) && look_at_keys(st, err);
}

bool demo_play(const struct demo_plan *plan, struct demo_result *out, struct err *err)
{
    struct stage *st;
    struct region mem = {0};
    *out = (struct demo_result){.digests_equal = true};
    if (!region_init(&mem, REGION_SECRET, (size_t)4 << 20, err)) {
        return false;
    }
    st = ARENA_NEW(&mem.mem, struct stage, 1);
    bool ok = (st != NULL || err_memory(err, "the stage")) && stage_open(st, plan, out, err) &&
              ((story_play(st, err) && stage_play_on(st, err)) ||
               err_at(err, "the demo is half made: remove the folder %.120s", plan->dir));
    if (st != NULL) {
        stage_close(st);
    }
    region_free(&mem);
    return ok;
}
