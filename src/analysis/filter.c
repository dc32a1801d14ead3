/* SPDX-License-Identifier: Apache-2.0 */
#include "analysis/filter.h"

enum { BLOCK_ROWS = 32, STAIR_FIELDS = 2 };

struct filter_block {
    int64_t best[PROBLEM_PARTIES_MAX];
};

size_t filter_row_bytes(uint32_t parties)
{
    size_t bytes = sizeof(int64_t) * parties + 2 * sizeof(uint64_t);
    if (parties == 3) {
        bytes += STAIR_FIELDS * sizeof(int64_t);
    } else if (parties > 3) {
        bytes += sizeof(struct filter_block) / BLOCK_ROWS + 1;
    }
    return bytes;
}

bool filter_init(struct filter *f, uint32_t parties, size_t cap, struct arena *mem, struct err *err)
{
    struct filter made = {.parties = parties, .cap = cap};
    made.u = ARENA_NEW(mem, int64_t, cap * parties);
    made.ties = ARENA_NEW(mem, uint64_t, cap);
    made.tag = ARENA_NEW(mem, uint64_t, cap);
    if (parties == 3) {
        made.stair = ARENA_NEW(mem, int64_t, cap * STAIR_FIELDS);
    } else if (parties > 3) {
        made.blocks = ARENA_NEW(mem, struct filter_block, cap / BLOCK_ROWS + 1);
    }
    if (mem->failed) {
        return err_memory(err, "the frontier");
    }
    *f = made;
    return true;
}

void filter_reset(struct filter *f, const int64_t *slack)
{
    f->count = 0;
    f->slack = slack;
    f->stair_count = 0;
    f->block_count = 0;
    f->looks = 0;
    f->hint = 0;
}

static enum filter_verdict tie(struct filter *f, size_t row, uint64_t ties)
{
    f->ties[row] = ties_add(f->ties[row], ties);
    f->at = row;
    return FILTER_TIE;
}

static enum filter_verdict keep(struct filter *f, const int64_t *row, uint64_t ties, uint64_t tag)
{
    if (f->count == f->cap) {
        return FILTER_FULL;
    }
    f->at = f->count++;
    memcpy(f->u + f->at * f->parties, row, f->parties * sizeof(*row));
    f->ties[f->at] = ties;
    f->tag[f->at] = tag;
    return FILTER_KEPT;
}

static bool same(const struct filter *f, size_t row, const int64_t *v)
{
    return row_cmp(f->u + row * f->parties, v, f->parties) == 0;
}

static int64_t eased(const struct filter *f, const int64_t *row, uint32_t party)
{
    return f->slack == NULL ? row[party] : row[party] - f->slack[party];
}

/* One or two parties: the last kept row has the best second worth. */
static enum filter_verdict add_sweep(struct filter *f, const int64_t *row, uint64_t ties,
                                     uint64_t tag)
{
    if (f->count > 0) {
        const int64_t *last = f->u + (f->count - 1) * f->parties;
        if (f->parties == 1 || last[1] >= eased(f, row, 1)) {
            return same(f, f->count - 1, row) ? tie(f, f->count - 1, ties) : FILTER_BEATEN;
        }
    }
    return keep(f, row, ties, tag);
}

/* The first step whose second worth is at least v.  The halving has no branch to guess wrong. */
static size_t stair_find(const struct filter *f, int64_t v)
{
    size_t low = 0;
    for (size_t left = f->stair_count; left > 0;) {
        size_t half = (left + 1) / 2;
        low += f->stair[(low + half - 1) * STAIR_FIELDS] < v ? half : 0;
        left -= half;
    }
    return low;
}

static bool step_covers(const struct filter *f, size_t at, int64_t b, int64_t c)
{
    return at < f->stair_count && f->stair[at * STAIR_FIELDS] >= b &&
           f->stair[at * STAIR_FIELDS + 1] >= c;
}

static enum filter_verdict add_stair(struct filter *f, const int64_t *row, uint64_t ties,
                                     uint64_t tag)
{
    int64_t b = eased(f, row, 1);
    int64_t c = eased(f, row, 2);
    /* Equal rows come one after another. */
    if (f->count > 0 && same(f, f->count - 1, row)) {
        return tie(f, f->count - 1, ties);
    }
    if (step_covers(f, f->hint, b, c)) {
        return FILTER_BEATEN;
    }
    size_t at = stair_find(f, b);
    if (step_covers(f, at, b, c)) {
        f->hint = at;
        return FILTER_BEATEN;
    }
    if (keep(f, row, ties, tag) == FILTER_FULL) {
        return FILTER_FULL;
    }
    /* The steps that the new one makes needless lie together. */
    f->looks += f->stair_count / 16; /* what is moved below */
    size_t end = stair_find(f, row[1]);
    if (end < f->stair_count && f->stair[end * STAIR_FIELDS] == row[1]) {
        end++;
    }
    size_t from = end;
    while (from > 0 && f->stair[(from - 1) * STAIR_FIELDS + 1] <= row[2]) {
        from--;
    }
    int64_t *step = f->stair + from * STAIR_FIELDS;
    memmove(step + STAIR_FIELDS, f->stair + end * STAIR_FIELDS,
            (f->stair_count - end) * STAIR_FIELDS * sizeof(*step));
    f->stair_count = f->stair_count - (end - from) + 1;
    step[0] = row[1];
    step[1] = row[2];
    return FILTER_KEPT;
}

/* Does a row of this block cover v?  *out_row says which. */
static bool block_covers(struct filter *f, size_t block, const int64_t *v, size_t *out_row)
{
    f->looks++;
    if (!row_covers(f->blocks[block].best, v, f->parties)) {
        return false;
    }
    size_t end = (block + 1) * BLOCK_ROWS;
    end = end < f->count ? end : f->count;
    f->looks += BLOCK_ROWS;
    for (size_t r = block * BLOCK_ROWS; r < end; r++) {
        if (row_covers(f->u + r * f->parties, v, f->parties)) {
            *out_row = r;
            return true;
        }
    }
    return false;
}

/* The last row kept is in its block's best. */
static void block_note(struct filter *f, const int64_t *row)
{
    size_t block = f->at / BLOCK_ROWS;
    if (block == f->block_count) {
        memcpy(f->blocks[f->block_count++].best, row, f->parties * sizeof(*row));
        return;
    }
    for (uint32_t k = 0; k < f->parties; k++) {
        int64_t *best = &f->blocks[block].best[k];
        *best = row[k] > *best ? row[k] : *best;
    }
}

static bool blocks_cover(struct filter *f, const int64_t *v, size_t *out_row)
{
    if (f->hint < f->block_count && block_covers(f, f->hint, v, out_row)) {
        return true;
    }
    for (size_t b = 0; b < f->block_count; b++) {
        if (block_covers(f, b, v, out_row)) {
            f->hint = b;
            return true;
        }
    }
    return false;
}

static enum filter_verdict add_blocks(struct filter *f, const int64_t *row, uint64_t ties,
                                      uint64_t tag)
{
    int64_t v[PROBLEM_PARTIES_MAX];
    size_t holder = 0;
    for (uint32_t k = 0; k < f->parties; k++) {
        v[k] = eased(f, row, k);
    }
    if (blocks_cover(f, v, &holder)) {
        return same(f, holder, row) ? tie(f, holder, ties) : FILTER_BEATEN;
    }
    if (keep(f, row, ties, tag) == FILTER_FULL) {
        return FILTER_FULL;
    }
    block_note(f, row);
    return FILTER_KEPT;
}

enum filter_verdict filter_add(struct filter *f, const int64_t *row, uint64_t ties, uint64_t tag)
{
    if (f->parties <= 2) {
        return add_sweep(f, row, ties, tag);
    }
    if (f->parties == 3) {
        return add_stair(f, row, ties, tag);
    }
    return add_blocks(f, row, ties, tag);
}

bool filter_append(struct filter *f, const int64_t *row, uint64_t ties, uint64_t tag)
{
    if (f->parties <= 3) {
        return filter_add(f, row, ties, tag) != FILTER_FULL; /* a look costs little there */
    }
    if (keep(f, row, ties, tag) == FILTER_FULL) {
        return false;
    }
    block_note(f, row);
    return true;
}

bool filter_covers(struct filter *f, const int64_t *row)
{
    size_t holder;
    return blocks_cover(f, row, &holder);
}
