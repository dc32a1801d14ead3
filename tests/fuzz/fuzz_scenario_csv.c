/* SPDX-License-Identifier: Apache-2.0
 *
 * Scenarios whose files end in .csv.
 */
#include "lib/scenario_fuzz.h"

SCENARIO_FUZZ_HARNESS(".csv")
