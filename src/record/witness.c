/* SPDX-License-Identifier: Apache-2.0
 *
 * DESIGN.  Each witness key has its countersign acts in log order; along them index, size and time
 * never fall (kind 4's rule), so that every question is a binary search in one of the three.  When
 * a group is out is kept as intervals of sizes, found as the acts are taken in.
 */
#include "record/witness.h"

#include "base/check.h"
#include "base/switch_off.h"
#include "record/rows_priv.h"

/* A group is out at the sizes from..to. */
struct out_span {
    uint64_t from;
    uint64_t to; /* INDEX_NEVER while it lasts */
};

struct witness_log {
    const struct keyring *ring;
    struct buf acts[SEATS_MAX]; /* by witness: struct countersigned */
    struct buf outs[SIDES_MAX]; /* by side: struct out_span, ascending, apart */
    struct buf proceeds;        /* struct proceed, in log order */
};

bool witness_log_new(struct arena *mem, const struct keyring *ring, struct witness_log **out,
                     struct err *err)
{
    struct witness_log *log = ARENA_NEW(mem, struct witness_log, 1);
    if (log == NULL) {
        return err_memory(err, "the countersignatures");
    }
    log->ring = ring;
    for (uint32_t i = 0; i < SEATS_MAX; i++) {
        buf_init(&log->acts[i], ROWS_BYTES_MAX);
    }
    for (uint32_t i = 0; i < SIDES_MAX; i++) {
        buf_init(&log->outs[i], ROWS_BYTES_MAX);
    }
    buf_init(&log->proceeds, ROWS_BYTES_MAX);
    *out = log;
    return true;
}

void witness_log_free(struct witness_log *log)
{
    if (log == NULL) {
        return;
    }
    for (uint32_t i = 0; i < SEATS_MAX; i++) {
        buf_free(&log->acts[i]);
    }
    for (uint32_t i = 0; i < SIDES_MAX; i++) {
        buf_free(&log->outs[i]);
    }
    buf_free(&log->proceeds);
}

size_t witness_memory(const struct witness_log *log)
{
    size_t n = log->proceeds.cap;
    for (uint32_t i = 0; i < SEATS_MAX; i++) {
        n += log->acts[i].cap;
    }
    for (uint32_t i = 0; i < SIDES_MAX; i++) {
        n += log->outs[i].cap;
    }
    return n;
}

/* ---- the acts of one witness ---- */

static const struct countersigned *acts_of(const struct witness_log *log, uint32_t witness)
{
    return rows_of(&log->acts[witness]);
}

size_t witness_count(const struct witness_log *log, uint32_t witness, uint64_t at)
{
    CHECK(witness < SEATS_MAX);
    const struct countersigned *a = acts_of(log, witness);
    size_t low = 0, high = rows_count(&log->acts[witness], sizeof(*a));
    if (high > 0 && a[high - 1].index < at) {
        return high; /* most questions are asked at the end */
    }
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        if (a[mid].index < at) {
            low = mid + 1;
        } else {
            high = mid;
        }
    }
    return low;
}

struct countersigned witness_get(const struct witness_log *log, uint32_t witness, size_t i)
{
    CHECK(witness < SEATS_MAX && i < rows_count(&log->acts[witness], sizeof(struct countersigned)));
    return acts_of(log, witness)[i];
}

bool witness_last(const struct witness_log *log, uint32_t witness, uint64_t at,
                  struct countersigned *out)
{
    size_t n = witness_count(log, witness, at);
    if (n == 0) {
        return false;
    }
    *out = acts_of(log, witness)[n - 1];
    return true;
}

bool witness_first_above(const struct witness_log *log, uint32_t witness, uint64_t size,
                         uint64_t at, struct countersigned *out)
{
    size_t end = witness_count(log, witness, at);
    const struct countersigned *a = acts_of(log, witness);
    size_t low = 0, high = end;
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        if (a[mid].size <= size) {
            low = mid + 1;
        } else {
            high = mid;
        }
    }
    if (low == end) {
        return false;
    }
    *out = a[low];
    return true;
}

/* ---- groups ---- */

/* Puts v where it belongs among n ascending values. */
static void put_ascending(uint64_t *values, size_t n, uint64_t v)
{
    size_t i = n;
    while (i > 0 && values[i - 1] > v) {
        values[i] = values[i - 1];
        i--;
    }
    values[i] = v;
}

/* First time above i: the k-th smallest of its witnesses'. */
static struct moment group_first(const struct witness_log *log, const struct ring_naming *g,
                                 uint64_t index, uint64_t at)
{
    uint64_t times[GROUP_WITNESSES_MAX];
    size_t n = 0;
    for (uint32_t i = 0; i < g->count; i++) {
        struct countersigned c;
        if (witness_first_above(log, g->witnesses[i], index, at, &c)) {
            put_ascending(times, n++, c.time);
        }
    }
    uint32_t k = CHECK_ON(T_K) ? g->needed : 1;
    return n < k ? (struct moment){0} : (struct moment){true, times[k - 1]};
}

/* Last time below `below`: the k-th largest. */
static struct moment group_last(const struct witness_log *log, const struct ring_naming *g,
                                uint64_t below)
{
    uint64_t times[GROUP_WITNESSES_MAX];
    size_t n = 0;
    for (uint32_t i = 0; i < g->count; i++) {
        struct countersigned c;
        if (witness_last(log, g->witnesses[i], below, &c)) {
            put_ascending(times, n++, c.time);
        }
    }
    uint32_t k = CHECK_ON(B_K) ? g->needed : 1;
    return n < k ? (struct moment){0} : (struct moment){true, times[n - k]};
}

/* The k-th largest of its witnesses' sizes as of at; 0 where fewer have one. */
static uint64_t naming_size(const struct witness_log *log, const struct ring_naming *g, uint64_t at)
{
    uint64_t sizes[GROUP_WITNESSES_MAX];
    size_t n = 0;
    for (uint32_t i = 0; i < g->count; i++) {
        struct countersigned c;
        if (witness_last(log, g->witnesses[i], at, &c)) {
            put_ascending(sizes, n++, c.size);
        }
    }
    uint32_t k = CHECK_ON(COVER_K) ? g->needed : 1;
    return n < k ? 0 : sizes[n - k];
}

struct moment witness_side_first(const struct witness_log *log, uint32_t side, uint64_t index,
                                 uint64_t at)
{
    const struct ring_naming *g = keyring_naming(log->ring, side, at);
    return g == NULL ? (struct moment){0} : group_first(log, g, index, at);
}

struct moment witness_side_last(const struct witness_log *log, uint32_t side, uint64_t at)
{
    const struct ring_naming *g = keyring_naming(log->ring, side, at);
    return g == NULL ? (struct moment){0} : group_last(log, g, at);
}

uint64_t witness_group_size(const struct witness_log *log, uint32_t side, uint64_t at)
{
    const struct ring_naming *g = keyring_naming(log->ring, side, at);
    return g == NULL ? 0 : naming_size(log, g, at);
}

static bool is_group(const struct witness_log *log, uint32_t side, uint64_t at)
{
    return keyring_side(log->ring, side)->named_at < at;
}

/* The largest s' <= s at which the side is out; 0 where there is none (it is in at size 0). */
static uint64_t out_floor(const struct witness_log *log, uint32_t side, uint64_t s)
{
    const struct out_span *span = rows_of(&log->outs[side]);
    size_t low = 0, high = rows_count(&log->outs[side], sizeof(*span));
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        if (span[mid].from <= s) {
            low = mid + 1;
        } else {
            high = mid;
        }
    }
    if (low == 0) {
        return 0;
    }
    return span[low - 1].to < s ? span[low - 1].to : s;
}

bool witness_out(const struct witness_log *log, uint32_t side, uint64_t s)
{
    CHECK(side < SIDES_MAX);
    return s > 0 && out_floor(log, side, s) == s;
}

/* ---- time ---- */

struct majority {
    uint64_t times[SIDES_MAX]; /* known ones, ascending */
    size_t known;
    size_t groups; /* that are not out */
};

static void majority_put(struct majority *m, struct moment t)
{
    if (t.known) {
        put_ascending(m->times, m->known++, t.seconds);
    }
    m->groups++;
}

struct moment witness_t(const struct witness_log *log, uint64_t index, uint64_t at)
{
    struct majority m = {.known = 0};
    for (uint32_t side = 0; side < SIDES_MAX; side++) {
        const struct ring_naming *g = keyring_naming(log->ring, side, at);
        if (g != NULL && !(CHECK_ON(T_OUT) && witness_out(log, side, at))) {
            majority_put(&m, group_first(log, g, index, at));
        }
    }
    size_t more = CHECK_ON(T_MAJORITY) ? m.groups / 2 + 1 : 1;
    return m.known < more ? (struct moment){0} : (struct moment){true, m.times[more - 1]};
}

struct moment witness_b(const struct witness_log *log, uint64_t seen_size, uint64_t at)
{
    struct majority m = {.known = 0};
    for (uint32_t side = 0; side < SIDES_MAX; side++) {
        const struct ring_naming *g = keyring_naming(log->ring, side, at);
        if (g != NULL && !(CHECK_ON(B_OUT) && witness_out(log, side, at))) {
            majority_put(&m,
                         group_last(log, g, seen_size < at && CHECK_ON(B_SEEN) ? seen_size : at));
        }
    }
    size_t more = CHECK_ON(B_MAJORITY) ? m.groups / 2 + 1 : 1;
    return m.known < more ? (struct moment){0} : (struct moment){true, m.times[m.known - more]};
}

enum timing witness_timing(const struct witness_log *log, uint64_t index, uint64_t seen_size,
                           uint64_t deadline, uint64_t at)
{
    struct moment t = witness_t(log, index, at);
    if (CHECK_ON(IN_TIME) && t.known && t.seconds <= deadline) {
        return TIMING_IN_TIME;
    }
    struct moment b = witness_b(log, seen_size, at);
    if (CHECK_ON(LATE) && b.known && b.seconds > deadline) {
        return TIMING_LATE;
    }
    return t.known ? TIMING_CONTESTED : TIMING_PENDING;
}

bool witness_surely_passed(const struct witness_log *log, uint64_t seen_size, uint64_t deadline,
                           uint64_t at)
{
    struct moment b = witness_b(log, seen_size, at);
    return b.known && (!CHECK_ON(SURELY) || b.seconds >= deadline);
}

/* ---- cover ---- */

bool witness_covers(const struct witness_log *log, uint32_t side, uint64_t s, uint64_t at)
{
    const struct ring_naming *g = keyring_naming(log->ring, side, s);
    if (g == NULL) {
        return false;
    }
    return witness_out(log, side, s) || naming_size(log, g, at) >= s;
}

/* The largest s' <= s that the side covers in [0, at) or at which it is no group yet. */
static uint64_t cover_floor(const struct witness_log *log, uint32_t side, uint64_t s, uint64_t at)
{
    for (;;) {
        const struct ring_naming *g = keyring_naming(log->ring, side, s);
        if (g == NULL) {
            return s;
        }
        /* Within the reign of one naming the covered sizes are those up to one size, and those
         * at which the group is out. */
        uint64_t size = naming_size(log, g, at);
        if (size >= s) {
            return s;
        }
        uint64_t out = out_floor(log, side, s);
        uint64_t best = out > size ? out : size;
        if (!CHECK_ON(COVER_NAMED) || best > g->index) {
            return best;
        }
        s = g->index;
    }
}

uint64_t witness_final(const struct witness_log *log, uint64_t at)
{
    bool any = false;
    for (uint32_t side = 0; side < SIDES_MAX; side++) {
        any = any || is_group(log, side, at);
    }
    if (!any) {
        return 0;
    }
    /* Each step passes over sizes that some group does not cover; none is ever passed over that
     * all cover.  In the usual case it is two rounds over the groups. */
    uint64_t s = at, before;
    do {
        before = s;
        for (uint32_t side = 0; side < SIDES_MAX; side++) {
            s = CHECK_ON(COVER_ALL) || side == 0 ? cover_floor(log, side, s, at) : s;
        }
    } while (s != before);
    return s;
}

uint64_t witness_saw(const struct witness_log *log, uint32_t side, uint64_t seen_size,
                     uint64_t index)
{
    uint64_t size = witness_group_size(log, side, index);
    return CHECK_ON(SAW_GROUP) && size > seen_size ? size : seen_size;
}

/* ---- taking in ---- */

bool witness_may_countersign(const struct witness_log *log, uint64_t index, uint32_t witness,
                             uint64_t size, uint64_t time, struct err *err)
{
    if (CHECK_ON(CS_NAMED) && !keyring_named(log->ring, witness, index)) {
        return err_set(err, ERR_VERIFY, "its witness key has not been named by its side");
    }
    struct countersigned last;
    if (!witness_last(log, witness, INDEX_NEVER, &last)) {
        return true;
    }
    if (CHECK_ON(CS_SIZE) && size < last.size) {
        return err_set(err, ERR_VERIFY,
                       "witness %u countersigns size %llu after size %llu: sizes never fall",
                       witness, (unsigned long long)size, (unsigned long long)last.size);
    }
    if (CHECK_ON(CS_TIME) && time < last.time) {
        return err_set(err, ERR_VERIFY,
                       "witness %u countersigns at time %llu after %llu: times never fall", witness,
                       (unsigned long long)time, (unsigned long long)last.time);
    }
    return true;
}

/* The side answers again: it is in at every size above index. */
static void end_out(struct witness_log *log, uint32_t side, uint64_t index)
{
    size_t n = rows_count(&log->outs[side], sizeof(struct out_span));
    struct out_span *span = rows_to_write(&log->outs[side]);
    if (CHECK_ON(OUT_ENDS) && n > 0 && span[n - 1].to == INDEX_NEVER) {
        span[n - 1].to = index;
    }
}

bool witness_countersign(struct witness_log *log, uint64_t index, uint32_t witness, uint64_t size,
                         uint64_t time, struct err *err)
{
    if (!witness_may_countersign(log, index, witness, size, time, err)) {
        return false;
    }
    struct countersigned last, row = {.index = index, .size = size, .time = time};
    CHECK(!witness_last(log, witness, INDEX_NEVER, &last) || last.index < index);
    if (!rows_add(&log->acts[witness], &row, sizeof(row), "the countersignatures", err)) {
        return false;
    }
    uint32_t seat = keyring_witness(log->ring, witness)->seat;
    end_out(log, keyring_seat(log->ring, seat)->side, index);
    return true;
}

static bool of_side(const struct witness_log *log, uint32_t witness, uint32_t side)
{
    return keyring_seat(log->ring, keyring_witness(log->ring, witness)->seat)->side == side;
}

/* The index of the last countersign act of a side's seats; false where it has none. */
static bool side_last(const struct witness_log *log, uint32_t side, uint64_t at, uint64_t *out)
{
    bool any = false;
    for (uint32_t w = 0, n = keyring_witnesses(log->ring, at); w < n; w++) {
        struct countersigned c;
        if (of_side(log, w, side) && witness_last(log, w, at, &c) && (!any || c.index > *out)) {
            *out = c.index;
            any = true;
        }
    }
    return any;
}

/* Of its acts with indexes from..at-1 the first and the last of that witness key whose times lie
 * furthest apart.  Never of two keys: two clocks that differ are no time that went by. */
static bool side_span(const struct witness_log *log, uint32_t side, uint64_t from, uint64_t at,
                      struct countersigned *out_first, struct countersigned *out_last)
{
    bool any = false;
    for (uint32_t w = 0, n = keyring_witnesses(log->ring, at); w < n; w++) {
        if (!of_side(log, w, side)) {
            continue;
        }
        size_t first = witness_count(log, w, from), end = witness_count(log, w, at);
        if (first == end) {
            continue;
        }
        const struct countersigned *a = acts_of(log, w);
        if (!any || a[end - 1].time - a[first].time > out_last->time - out_first->time) {
            *out_first = a[first];
            *out_last = a[end - 1];
        }
        any = true;
    }
    return any;
}

/* FORMAT 9: two other groups, or the only other one, each went on for a grace without it. */
static bool proceed_valid(const struct witness_log *log, uint64_t index, uint32_t author_side,
                          uint32_t side)
{
    if ((CHECK_ON(PROCEED_OTHER) && author_side == side) || side >= SIDES_MAX ||
        author_side >= SIDES_MAX || !is_group(log, side, index) ||
        (CHECK_ON(PROCEED_GROUP) && !is_group(log, author_side, index))) {
        return false;
    }
    uint64_t grace = keyring_found(log->ring)->grace_seconds;
    uint64_t last = 0;
    uint64_t from = CHECK_ON(PROCEED_SINCE) && side_last(log, side, index, &last) ? last + 1 : 0;
    uint32_t groups = 0, went_on = 0;
    for (uint32_t g = 0; g < SIDES_MAX; g++) {
        if (!is_group(log, g, index)) {
            continue;
        }
        groups++;
        struct countersigned a, b;
        if (g != side && side_span(log, g, from, index, &a, &b) &&
            (!CHECK_ON(PROCEED_GRACE) || b.time - a.time >= grace)) {
            went_on++;
        }
    }
    return went_on >= (groups == 2 || !CHECK_ON(PROCEED_TWO) ? 1u : 2u);
}

bool witness_proceed(struct witness_log *log, uint64_t index, uint32_t author_side, uint32_t side,
                     bool *out_valid, struct err *err)
{
    struct proceed row = {.index = index, .side = side};
    row.valid = proceed_valid(log, index, author_side, side);
    if (!rows_add(&log->proceeds, &row, sizeof(row), "the proceed-without acts", err)) {
        return false;
    }
    if (row.valid && !witness_out(log, side, index + 1)) {
        struct out_span span = {.from = index + 1, .to = INDEX_NEVER};
        if (!rows_add(&log->outs[side], &span, sizeof(span), "the proceed-without acts", err)) {
            rows_drop(&log->proceeds, sizeof(row));
            return false;
        }
    }
    *out_valid = row.valid;
    return true;
}

bool witness_would_proceed(const struct witness_log *log, uint64_t index, uint32_t author_side,
                           uint32_t side)
{
    return proceed_valid(log, index, author_side, side);
}

size_t witness_proceeds(const struct witness_log *log)
{
    return rows_count(&log->proceeds, sizeof(struct proceed));
}

struct proceed witness_proceed_at(const struct witness_log *log, size_t i)
{
    CHECK(i < witness_proceeds(log));
    return ((const struct proceed *)rows_of(&log->proceeds))[i];
}

/* ---- what a stranger needs ---- */

struct bounds {
    uint64_t *out;
    size_t max;
    size_t n;
};

/* Adds an index where it belongs, once. */
static void bounds_put(struct bounds *b, uint64_t index)
{
    size_t i = b->n;
    while (i > 0 && b->out[i - 1] > index) {
        i--;
    }
    if ((i > 0 && b->out[i - 1] == index) || b->n == b->max) {
        return;
    }
    memmove(b->out + i + 1, b->out + i, (b->n - i) * sizeof(b->out[0]));
    b->out[i] = index;
    b->n++;
}

/* What decided a proceed-without act and how long it held. */
static void bounds_of_proceed(const struct witness_log *log, const struct proceed *p, uint64_t at,
                              struct bounds *b)
{
    uint64_t last = 0, from = 0;
    if (p->side >= SIDES_MAX) {
        return;
    }
    if (side_last(log, p->side, p->index, &last)) {
        bounds_put(b, last);
        from = last + 1;
    }
    for (uint32_t g = 0; g < SIDES_MAX; g++) {
        struct countersigned first, end;
        if (g != p->side && is_group(log, g, p->index) &&
            side_span(log, g, from, p->index, &first, &end)) {
            bounds_put(b, first.index);
            bounds_put(b, end.index);
        }
    }
    uint64_t next = INDEX_NEVER;
    for (uint32_t w = 0, n = keyring_witnesses(log->ring, at); w < n; w++) {
        size_t i = witness_count(log, w, p->index);
        if (of_side(log, w, p->side) && i < witness_count(log, w, at) &&
            acts_of(log, w)[i].index < next) {
            next = acts_of(log, w)[i].index;
        }
    }
    if (next != INDEX_NEVER) {
        bounds_put(b, next);
    }
}

size_t witness_bounds(const struct witness_log *log, uint64_t index, uint64_t seen_size,
                      uint64_t at, uint64_t *out, size_t max)
{
    struct bounds b = {.out = out, .max = max};
    for (uint32_t side = 0; side < SIDES_MAX; side++) {
        const struct ring_naming *g = keyring_naming(log->ring, side, at);
        for (uint32_t i = 0; g != NULL && i < g->count; i++) {
            struct countersigned c;
            if (witness_first_above(log, g->witnesses[i], index, at, &c)) {
                bounds_put(&b, c.index);
            }
            if (witness_last(log, g->witnesses[i], seen_size < at ? seen_size : at, &c)) {
                bounds_put(&b, c.index);
            }
        }
    }
    for (size_t i = 0; i < witness_proceeds(log); i++) {
        struct proceed p = witness_proceed_at(log, i);
        if (p.index < at) {
            bounds_of_proceed(log, &p, at, &b);
        }
    }
    return b.n;
}
