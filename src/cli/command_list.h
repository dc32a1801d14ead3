/* SPDX-License-Identifier: Apache-2.0
 *
 * All commands, each cmd_<name> of cli/cmd_<file>.c; within a group the help has this order.
 */
#ifndef ENTENTE_CLI_COMMAND_LIST_H
#define ENTENTE_CLI_COMMAND_LIST_H

#include "cli/command.h"

#define COMMAND_LIST(X)                                                                            \
    X(demo)                                                                                        \
    X(key_new)                                                                                     \
    X(key_show)                                                                                    \
    X(key_export)                                                                                  \
    X(unlock)                                                                                      \
    X(lock)                                                                                        \
    X(seal)                                                                                        \
    X(open)                                                                                        \
    X(check)                                                                                       \
    X(log)                                                                                         \
    X(bundle_out)                                                                                  \
    X(bundle_in)                                                                                   \
    X(publish)                                                                                     \
    X(policy)                                                                                      \
    X(proof)                                                                                       \
    X(help)                                                                                        \
    X(version)

#define COMMAND_DECLARE(name) extern const struct command cmd_##name;
COMMAND_LIST(COMMAND_DECLARE)
#undef COMMAND_DECLARE

#endif
