/* SPDX-License-Identifier: Apache-2.0
 *
 * The light tier from the command line:
 *
 *     sim --light [--seeds A..B] [--steps M] [--jobs J] [--state FILE] [--world NAME|all] [--story]
 *
 * Plays seeds A to B.  With a state file it goes on where the file stands, also after it was killed.
 */
#ifndef ENTENTE_TESTS_SIM_LIGHT_MAIN_H
#define ENTENTE_TESTS_SIM_LIGHT_MAIN_H

/* argv[0] is "--light".  The exit status: 0 all held, 1 something did not, 2 it was told wrongly. */
int light_main(int argc, char **argv);

#endif
