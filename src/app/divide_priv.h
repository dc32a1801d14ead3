/* SPDX-License-Identifier: Apache-2.0
 *
 * What a division found, shared by what computes it and what shows it.
 */
#ifndef ENTENTE_APP_DIVIDE_PRIV_H
#define ENTENTE_APP_DIVIDE_PRIV_H

#include "analysis/division.h"
#include "app/divide.h"
#include "formats/division_yaml.h"
#include "os/region.h"

/* The rules for whole goods have the places of enum division_rule. */
enum divided_by { DIVIDED_NASH, DIVIDED_LEXIMIN, DIVIDED_WINNER };
#define DIVIDED_RULES 2u

struct divided {
    struct region region;
    struct division_file file;
    struct division division; /* points in each party's own units */
    bool has_winner;
    struct adjusted_winner winner;
    struct allocation whole[DIVIDED_RULES];
    uint64_t took_us;
};

struct part {
    int64_t n;
    int64_t d; /* above 0 */
};

/* In units of the party's decimals, at most 10^12. */
wide divided_total(const struct divided *d, uint32_t party);

/* What a party gets of a good. */
struct part divided_part(const struct divided *d, enum divided_by by, uint32_t good,
                         uint32_t party);

/* The share that somebody's part has in the eyes of `who`. */
struct part divided_sees(const struct divided *d, enum divided_by by, uint32_t who, uint32_t whose);

#endif
