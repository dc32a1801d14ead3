/* SPDX-License-Identifier: Apache-2.0
 *
 * For tests alone: makes the n-th step of os/file that changes the disk fail, or ends the process
 * there as a power cut would.
 */
#ifndef ENTENTE_OS_FILE_TEST_H
#define ENTENTE_OS_FILE_TEST_H

#include "base/bytes.h"

enum file_step {
    FILE_STEP_CREATE = 1 << 0, /* a new file, or its blocks */
    FILE_STEP_WRITE = 1 << 1,  /* a failing one has written half of what it was given */
    FILE_STEP_SYNC = 1 << 2,   /* of a file or of its folder */
    FILE_STEP_NAME = 1 << 3,   /* rename, link, unlink */
    FILE_STEP_ANY = FILE_STEP_CREATE | FILE_STEP_WRITE | FILE_STEP_SYNC | FILE_STEP_NAME
};

struct file_faults {
    unsigned steps;    /* which are counted: FILE_STEP_... together */
    uint64_t fault_in; /* 1 = the next one counted; 0 = never */
    int with_errno;    /* the failure's errno; 0 = kill -9 to this process instead */
    bool stays;        /* all counted steps after it fail too: the disk is full */
    uint64_t seen;     /* counted so far */
};

/* Borrowed until replaced; NULL (the default) turns it off. */
void file_faults_set(struct file_faults *faults);

#endif
