/* SPDX-License-Identifier: Apache-2.0
 *
 * Acts of consultations for tests of rules and fold, as parties meet them: in the record, with the
 * commit that their content has, and not to be opened; and notices of them.
 */
#ifndef ENTENTE_TESTS_CONSULT_SIM_H
#define ENTENTE_TESTS_CONSULT_SIM_H

#include "lib/table_sim.h"

/* Filed in the room of the consultation with side 4 (p.room says otherwise), opened by nobody. */
uint64_t csim_file(struct table_sim *t, uint32_t side, uint32_t seat, struct payload p);

/* The content of that act. */
const struct content *csim_content(const struct table_sim *t, uint64_t index);

/* What a notice filed next would show of it. */
struct payload csim_notice(struct table_sim *t, uint64_t index, bool keep_text);

/* Common payloads; phase, deed and lever may be NULL.  hours from now, 0: none. */
struct payload csim_ask(const struct table_sim *t, const char *phase, const char *deed,
                        const char *lever, uint64_t hours);
struct payload csim_opinion(struct table_sim *t, uint64_t question, bool carry);
struct payload csim_undertake(const struct table_sim *t, const char *phase);

#endif
