/* SPDX-License-Identifier: Apache-2.0
 *
 * A host's directory for the acts of a record_sim: the host's key is the simulation's.
 */
#ifndef ENTENTE_TESTS_HOST_SIM_H
#define ENTENTE_TESTS_HOST_SIM_H

#include "host/host.h"
#include "lib/record_sim.h"
#include "lib/scratch.h"

struct host_sim {
    struct scratch folder;
    char dir[SCRATCH_PATH_MAX];
    struct record_sim sim;
    struct host *host; /* NULL until host_sim_found */
    uint8_t token[512];
    struct err err;
};

/* 3 sides of 2 seats, started (7 acts); nothing is posted yet. */
void host_sim_open(struct host_sim *hs);
void host_sim_close(struct host_sim *hs);

/* Founds and opens the table. */
void host_sim_found(struct host_sim *hs);
void host_sim_reopen(struct host_sim *hs);

/* Posts what the simulation has and the host lacks, in one go. */
void host_sim_post(struct host_sim *hs);

/* A pass of this seat, good now; the token stays until the next one is made. */
struct host_pass host_sim_pass(struct host_sim *hs, uint32_t side, uint32_t seat);

#endif
