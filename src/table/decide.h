/* SPDX-License-Identifier: Apache-2.0
 *
 * Decision rules (docs/RULES.md section 6.6): which parties are enough for a package to be agreed at
 * the table, and to bind those of them who have bound themselves.
 */
#ifndef ENTENTE_TABLE_DECIDE_H
#define ENTENTE_TABLE_DECIDE_H

#include "table/state.h"

/* Bits of all parties. */
uint32_t decide_parties(const struct charter *c);

/* Are these parties (bits) enough for that proposal?  Those that are silent by consensus are in it
 * (proposal_state.silent). */
bool decide_reached(const struct charter *c, const struct proposal_state *p, uint32_t set);

/* Parties whose newest answer accepts it; parties that have bound themselves, as far as what is noted
 * says: a binding acceptance, or one ad referendum and its ratification. */
uint32_t decide_accepting(const struct charter *c, const struct proposal_state *p);
uint32_t decide_binding(const struct charter *c, const struct proposal_state *p);

/* Of a complete proposal: the index of the act by which enough had bound themselves. */
uint64_t decide_completed_at(const struct charter *c, const struct proposal_state *p);

/* Parties that, by consensus, have had their time to object and have not: no answer, at the table, not
 * out, and their own countersignatures show the span of silence since they had the proposal. */
uint32_t decide_silent(const struct table_state *s, const struct witness_log *log,
                       const struct proposal_state *p, uint64_t at);

/* May a party that is not bound by it join a proposal that binds others? */
bool decide_may_join(const struct charter *c, const struct proposal_state *p, uint32_t side);

#endif
