/* SPDX-License-Identifier: Apache-2.0
 *
 * The command line from its words to its exit status: 0 done, 1 failed, 2 misused, 3 refused by the
 * table's rules, 4 the record does not verify, 5 host unreachable.
 */
#ifndef ENTENTE_CLI_CLI_H
#define ENTENTE_CLI_CLI_H

/* argv as main gets it. */
int cli_main(int argc, char **argv);

#endif
