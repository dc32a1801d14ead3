/* SPDX-License-Identifier: Apache-2.0
 *
 * All commands, each cmd_<name> of cli/cmd_<file>.c; within a group the help has this order.
 */
#ifndef ENTENTE_CLI_COMMAND_LIST_H
#define ENTENTE_CLI_COMMAND_LIST_H

#include "cli/command.h"

#define COMMAND_LIST(X)                                                                            \
    X(demo)                                                                                        \
    X(table_new)                                                                                   \
    X(table_check)                                                                                 \
    X(table_show)                                                                                  \
    X(sync)                                                                                        \
    X(journey)                                                                                     \
    X(since)                                                                                       \
    X(moves)                                                                                       \
    X(proposals)                                                                                   \
    X(ledger)                                                                                      \
    X(levers)                                                                                      \
    X(consultations)                                                                               \
    X(tension)                                                                                     \
    X(rooms)                                                                                       \
    X(room)                                                                                        \
    X(issues)                                                                                      \
    X(mandates)                                                                                    \
    X(dates)                                                                                       \
    X(text_show)                                                                                   \
    X(text_diff)                                                                                   \
    X(carry)                                                                                       \
    X(decisions)                                                                                   \
    X(seat_invite)                                                                                 \
    X(seat_join)                                                                                   \
    X(seat_admit)                                                                                  \
    X(seat_share)                                                                                  \
    X(seat_sheet)                                                                                  \
    X(seat_list)                                                                                   \
    X(seat_revoke)                                                                                 \
    X(key_new)                                                                                     \
    X(key_show)                                                                                    \
    X(key_export)                                                                                  \
    X(unlock)                                                                                      \
    X(lock)                                                                                        \
    X(seal)                                                                                        \
    X(open)                                                                                        \
    X(check)                                                                                       \
    X(compare)                                                                                     \
    X(log)                                                                                         \
    X(bundle_out)                                                                                  \
    X(bundle_in)                                                                                   \
    X(table_move)                                                                                  \
    X(publish)                                                                                     \
    X(policy)                                                                                      \
    X(proof)                                                                                       \
    X(sign_charter)                                                                                \
    X(sign)                                                                                        \
    X(mandate)                                                                                     \
    X(revoke)                                                                                      \
    X(request_ratify)                                                                              \
    X(request_charter)                                                                             \
    X(request_mandate)                                                                             \
    X(request_decide)                                                                              \
    X(meet)                                                                                        \
    X(say)                                                                                         \
    X(ask)                                                                                         \
    X(interests)                                                                                   \
    X(position)                                                                                    \
    X(propose)                                                                                     \
    X(answer)                                                                                      \
    X(decide)                                                                                      \
    X(promise)                                                                                     \
    X(report)                                                                                      \
    X(verify)                                                                                      \
    X(lever)                                                                                       \
    X(statement)                                                                                   \
    X(document)                                                                                    \
    X(confirm)                                                                                     \
    X(withdraw)                                                                                    \
    X(close)                                                                                       \
    X(ratify)                                                                                      \
    X(opinion)                                                                                     \
    X(undertake)                                                                                   \
    X(notice)                                                                                      \
    X(settled)                                                                                     \
    X(dispute)                                                                                     \
    X(lapse)                                                                                       \
    X(incident)                                                                                    \
    X(assess)                                                                                      \
    X(gate_open)                                                                                   \
    X(park)                                                                                        \
    X(draft)                                                                                       \
    X(bracket)                                                                                     \
    X(support)                                                                                     \
    X(object)                                                                                      \
    X(clean)                                                                                       \
    X(silence)                                                                                     \
    X(adopt)                                                                                       \
    X(text_import)                                                                                 \
    X(text_export)                                                                                 \
    X(consent)                                                                                     \
    X(leave)                                                                                       \
    X(return )                                                                                     \
    X(suspend)                                                                                     \
    X(resume)                                                                                      \
    X(conclude)                                                                                    \
    X(date)                                                                                        \
    X(debrief)                                                                                     \
    X(interests_ask)                                                                               \
    X(memo_new)                                                                                    \
    X(memo_show)                                                                                   \
    X(memo_print)                                                                                  \
    X(proceed_without)                                                                             \
    X(refile)                                                                                      \
    X(ui)                                                                                          \
    X(analyse)                                                                                     \
    X(divide)                                                                                      \
    X(bid)                                                                                         \
    X(convert)                                                                                     \
    X(help)                                                                                        \
    X(version)

#define COMMAND_DECLARE(name) extern const struct command cmd_##name;
COMMAND_LIST(COMMAND_DECLARE)
#undef COMMAND_DECLARE

#endif
