/* SPDX-License-Identifier: Apache-2.0
 *
 * Time, cover and what is final (docs/FORMAT.md section 9): questions about the log of countersign
 * and proceed-without acts.  Every question is asked as of a prefix: `at` = N means that only
 * control acts with indexes below N are read.  Facts of a prefix never change as the log grows.
 *
 * Memory: 24 bytes a countersign act, and the slack of a doubling buffer.  A question costs a
 * binary search a witness.
 */
#ifndef ENTENTE_RECORD_WITNESS_H
#define ENTENTE_RECORD_WITNESS_H

#include "record/keyring.h"

struct witness_log;

/* Reads ring, which must outlive it. */
MUST_CHECK bool witness_log_new(struct arena *mem, const struct keyring *ring,
                                struct witness_log **out, struct err *err);
void witness_log_free(struct witness_log *log);

/* Rules of kind 4 that concern the log itself: the key has been named, and neither its size nor
 * its time goes back.  Then it is taken in.  ERR_VERIFY otherwise. */
MUST_CHECK bool witness_countersign(struct witness_log *log, uint64_t index, uint32_t witness,
                                    uint64_t size, uint64_t time, struct err *err);

/* Takes in a proceed-without act; tells whether it is valid. */
MUST_CHECK bool witness_proceed(struct witness_log *log, uint64_t index, uint32_t author_side,
                                uint32_t side, bool *out_valid, struct err *err);

/* The same questions, nothing taken in. */
MUST_CHECK bool witness_may_countersign(const struct witness_log *log, uint64_t index,
                                        uint32_t witness, uint64_t size, uint64_t time,
                                        struct err *err);
bool witness_would_proceed(const struct witness_log *log, uint64_t index, uint32_t author_side,
                           uint32_t side);

/* The proceed-without acts taken in, in log order. */
struct proceed {
    uint64_t index;
    uint32_t side;
    bool valid;
};
size_t witness_proceeds(const struct witness_log *log);
struct proceed witness_proceed_at(const struct witness_log *log, size_t i);

/* An unknown time. */
#define TIME_UNKNOWN UINT64_MAX

struct moment {
    bool known;
    uint64_t seconds;
};

/* t(i): by when the table had act `index`, and b(i): when its author, who had seen seen_size,
 * knew it to be. */
struct moment witness_t(const struct witness_log *log, uint64_t index, uint64_t at);
struct moment witness_b(const struct witness_log *log, uint64_t seen_size, uint64_t at);

enum timing { TIMING_IN_TIME, TIMING_LATE, TIMING_PENDING, TIMING_CONTESTED };

/* Act `index`, whose author had seen seen_size, against the deadline. */
enum timing witness_timing(const struct witness_log *log, uint64_t index, uint64_t seen_size,
                           uint64_t deadline, uint64_t at);

/* b(i) >= deadline. */
bool witness_surely_passed(const struct witness_log *log, uint64_t seen_size, uint64_t deadline,
                           uint64_t at);

/* final(N). */
uint64_t witness_final(const struct witness_log *log, uint64_t at);

/* Does group `side` cover size s in [0, at)? */
bool witness_covers(const struct witness_log *log, uint32_t side, uint64_t s, uint64_t at);

/* Is it out at size s? */
bool witness_out(const struct witness_log *log, uint32_t side, uint64_t s);

/* The size of a group: the k-th largest of its witnesses', as of at; 0 where it has none. */
uint64_t witness_group_size(const struct witness_log *log, uint32_t side, uint64_t at);

/* By its own countersign acts below at (k of its witnesses): when a side first had leaf `index`; its
 * newest time. */
struct moment witness_side_first(const struct witness_log *log, uint32_t side, uint64_t index,
                                 uint64_t at);
struct moment witness_side_last(const struct witness_log *log, uint32_t side, uint64_t at);

/* saw(X) for the act at index of a seat of `side`. */
uint64_t witness_saw(const struct witness_log *log, uint32_t side, uint64_t seen_size,
                     uint64_t index);

/* The last countersign act of one witness below at. */
struct countersigned {
    uint64_t index;
    uint64_t size;
    uint64_t time;
};
bool witness_last(const struct witness_log *log, uint32_t witness, uint64_t at,
                  struct countersigned *out);

/* The first countersign act of that witness below at whose size is above `size`. */
bool witness_first_above(const struct witness_log *log, uint32_t witness, uint64_t size,
                         uint64_t at, struct countersigned *out);

/* Countersign acts of one witness, in log order. */
size_t witness_count(const struct witness_log *log, uint32_t witness, uint64_t at);
struct countersigned witness_get(const struct witness_log *log, uint32_t witness, size_t i);

/* The countersign acts below at from which somebody who has no others finds the same t and b of
 * act `index`, and the same groups out at `at`: their indexes, ascending, without doubles, into out
 * (at most max). */
size_t witness_bounds(const struct witness_log *log, uint64_t index, uint64_t seen_size,
                      uint64_t at, uint64_t *out, size_t max);

size_t witness_memory(const struct witness_log *log);

#endif
