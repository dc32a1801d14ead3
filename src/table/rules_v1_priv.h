/* SPDX-License-Identifier: Apache-2.0
 *
 * Rules version 1 among themselves: rules_v1.c has rooms, authority and the charter and asks the
 * others; rules_v1_parties.c who is at the table, and dates; rules_v1_offers.c proposals and answers; rules_v1_deeds.c deeds, incidents, gates and
 * publication; rules_v1_text.c the text; rules_v1_home.c
 * what a side writes at home.  A judge returns true where the act may be, else false with out set.
 */
#ifndef ENTENTE_TABLE_RULES_V1_PRIV_H
#define ENTENTE_TABLE_RULES_V1_PRIV_H

#include "table/rules_v1.h"

/* Texts of others in a refusal are names from the charter and labels: short, one line. */
#define T(t) TEXT_ARG(t)

bool v1_judge_authority(const struct judged_act *a, const struct package *package,
                        struct findings *f, struct refusal *out);
bool v1_refuse_authority(const struct judged_act *a, const char *deed, struct refusal *out);
bool v1_judge_object(const struct judged_act *a, struct refusal *out);
bool v1_refuse_closed(const struct judged_act *a, uint32_t phase, struct refusal *out);
bool v1_judge_deadline(const struct judged_act *a, uint32_t phase, struct refusal *out);
bool v1_judge_ceiling(const struct judged_act *a, enum ceiling k, uint32_t more,
                      struct refusal *out);
struct text v1_side_name(const struct judged_act *a, uint32_t side);
struct text v1_author_name(const struct judged_act *a);
struct text v1_principal_name(const struct judged_act *a, uint32_t side);
bool v1_is_party(const struct judged_act *a);
enum side_role v1_role_of(const struct judged_act *a);
const struct mandate_state *v1_mandate_of(const struct judged_act *a);
bool v1_judge_propose(const struct judged_act *a, struct findings *f, struct refusal *out);
bool v1_judge_withdraw(const struct judged_act *a, struct findings *f, struct refusal *out);
bool v1_judge_answer(const struct judged_act *a, struct findings *f, struct refusal *out);
bool v1_judge_close(const struct judged_act *a, struct findings *f, struct refusal *out);
bool v1_judge_ratify(const struct judged_act *a, struct findings *f, struct refusal *out);
const struct proposal_state *v1_bound_in(const struct table_state *s, uint32_t phase);
bool v1_judge_promise(const struct judged_act *a, struct findings *f, struct refusal *out);
bool v1_judge_report(const struct judged_act *a, struct findings *f, struct refusal *out);
bool v1_judge_verify(const struct judged_act *a, struct findings *f, struct refusal *out);
bool v1_judge_lapse(const struct judged_act *a, struct findings *f, struct refusal *out);
bool v1_judge_incident(const struct judged_act *a, struct findings *f, struct refusal *out);
bool v1_judge_assess(const struct judged_act *a, struct findings *f, struct refusal *out);
bool v1_judge_gate(const struct judged_act *a, struct findings *f, struct refusal *out);
bool v1_judge_park(const struct judged_act *a, struct findings *f, struct refusal *out);
bool v1_judge_consent(const struct judged_act *a, struct findings *f, struct refusal *out);
bool v1_judge_published(const struct judged_act *a, struct findings *f, struct refusal *out);
uint32_t v1_arbiter_of(const struct judged_act *a, uint32_t deed);
bool v1_judge_dispute(const struct judged_act *a, struct findings *f, struct refusal *out);
bool v1_judge_decision(const struct judged_act *a, struct findings *f, struct refusal *out);
bool v1_judge_ask(const struct judged_act *a, struct findings *f, struct refusal *out);
bool v1_judge_opinion(const struct judged_act *a, struct findings *f, struct refusal *out);
bool v1_judge_undertake(const struct judged_act *a, struct findings *f, struct refusal *out);
bool v1_judge_settled(const struct judged_act *a, struct findings *f, struct refusal *out);
bool v1_judge_notice(const struct judged_act *a, struct findings *f, struct refusal *out);
bool v1_judge_lever(const struct judged_act *a, struct findings *f, struct refusal *out);
bool v1_judge_shown_lever(const struct judged_act *a, const struct shown_act *n, struct findings *f,
                          struct refusal *out);
bool v1_judge_draft(const struct judged_act *a, struct findings *f, struct refusal *out);
bool v1_judge_bracket(const struct judged_act *a, struct findings *f, struct refusal *out);
bool v1_judge_support(const struct judged_act *a, struct findings *f, struct refusal *out);
bool v1_judge_adopt(const struct judged_act *a, struct findings *f, struct refusal *out);
bool v1_judge_clean(const struct judged_act *a, struct findings *f, struct refusal *out);
bool v1_judge_silence(const struct judged_act *a, struct findings *f, struct refusal *out);
bool v1_judge_stands(const struct judged_act *a, const struct findings *f, struct refusal *out);
bool v1_judge_replacing(const struct judged_act *a, const struct findings *f, struct refusal *out);
bool v1_refuse_bound(const struct judged_act *a, const struct proposal_state *p,
                     struct refusal *out);
bool v1_judge_interests(const struct judged_act *a, struct refusal *out);
bool v1_judge_memo(const struct judged_act *a, struct refusal *out);
bool v1_judge_decide(const struct judged_act *a, struct refusal *out);
bool v1_find_named_side(const struct judged_act *a, struct findings *f, struct refusal *out);
bool v1_judge_standing(const struct judged_act *a, struct refusal *out);
bool v1_judge_leave(const struct judged_act *a, struct refusal *out);
bool v1_judge_return(const struct judged_act *a, struct refusal *out);
bool v1_judge_conclude(const struct judged_act *a, struct refusal *out);
bool v1_judge_suspend(const struct judged_act *a, struct findings *f, struct refusal *out);
bool v1_judge_resume(const struct judged_act *a, struct findings *f, struct refusal *out);
bool v1_judge_date(const struct judged_act *a, struct findings *f, struct refusal *out);

#endif
