/* SPDX-License-Identifier: Apache-2.0
 *
 * See guard.h; the bytes of a slot are in docs/FORMAT.md section 16.
 */
#include "store/guard.h"

#include "base/buf.h"
#include "base/check.h"
#include "base/reader.h"

#define SLOT_BYTES 136u
#define SLOT_STRIDE 4096u /* a torn write stays within its slot's own page */
#define SLOTS 2u
#define GUARD_VERSION 1u

static const char guard_magic[] = "entguard";

static struct digest slot_check(struct bytes head)
{
    return digest_tagged("entente/v1/guard", &head, 1);
}

static void slot_put(const struct guard *g, const struct guard_state *state, struct buf *out)
{
    buf_add_str(out, guard_magic);
    buf_add_u8(out, GUARD_VERSION);
    buf_add_u8(out, (uint8_t)g->purpose);
    buf_add_fill(out, 0, 2);
    buf_add_be32(out, state->term);
    buf_add_be64(out, state->sequence);
    buf_add_be64(out, state->number);
    buf_add_be64(out, state->time);
    buf_add(out, ID_BYTES(state->root));
    buf_add(out, ID_BYTES(g->owner));
    struct digest check = slot_check(buf_bytes(out));
    buf_add(out, ID_BYTES(check));
}

enum slot { SLOT_EMPTY, SLOT_BROKEN, SLOT_OF_ANOTHER, SLOT_GOOD };

static enum slot slot_get(const struct guard *g, struct bytes raw, struct guard_state *out)
{
    if (id_all_zero(raw.p, raw.n)) {
        return SLOT_EMPTY;
    }
    struct digest check = slot_check(bytes_slice(raw, 0, SLOT_BYTES - sizeof(check.b)));
    struct reader r;
    reader_init(&r, raw);
    bool ours = bytes_eq(read_bytes(&r, 8), bytes_str(guard_magic));
    uint8_t version = read_u8(&r);
    uint8_t purpose = read_u8(&r);
    uint16_t zero = read_be16(&r);
    struct guard_state s = {.term = read_be32(&r)};
    s.sequence = read_be64(&r);
    s.number = read_be64(&r);
    s.time = read_be64(&r);
    struct bytes root = read_bytes(&r, sizeof(s.root.b));
    struct bytes owner = read_bytes(&r, sizeof(g->owner.b));
    struct bytes sum = read_bytes(&r, sizeof(check.b));
    if (!reader_done(&r) || !ours || version != GUARD_VERSION || zero != 0 ||
        !bytes_eq(sum, ID_BYTES(check))) {
        return SLOT_BROKEN;
    }
    if (purpose != (uint8_t)g->purpose || !bytes_eq(owner, ID_BYTES(g->owner))) {
        return SLOT_OF_ANOTHER;
    }
    memcpy(s.root.b, root.p, root.n);
    *out = s;
    return SLOT_GOOD;
}

/* The newer of the good slots; out_slot is where it is. */
static bool slots_read(const struct guard *g, struct guard_state *out, unsigned *out_slot,
                       bool *out_empty, struct err *err)
{
    struct guard_state state[SLOTS];
    enum slot kind[SLOTS];
    for (unsigned i = 0; i < SLOTS; i++) {
        uint8_t raw[SLOT_BYTES];
        if (!file_fixed_read(&g->file, i * SLOT_STRIDE, raw, sizeof(raw), err)) {
            return false;
        }
        kind[i] = slot_get(g, bytes_of(raw, sizeof(raw)), &state[i]);
    }
    if (kind[0] == SLOT_OF_ANOTHER || kind[1] == SLOT_OF_ANOTHER) {
        return err_set(err, ERR_STATE, "the guard belongs to another key or purpose") ||
               err_mend(err, "put back the file that belongs to this record");
    }
    bool good0 = kind[0] == SLOT_GOOD, good1 = kind[1] == SLOT_GOOD;
    /* The first state goes to slot 0, the next one to slot 1: where that is untouched and the first
     * does not hold, a crash tore the creation, and nothing was ever signed. */
    *out_empty = !good0 && kind[1] == SLOT_EMPTY;
    if (*out_empty) {
        return true;
    }
    if (!good0 && !good1) {
        return err_set(err, ERR_STATE, "the guard is damaged: what was signed last is not known") ||
               err_mend(err, "signing again could contradict what others hold: go on with a new "
                             "key (a new seat; for a host, a succession)");
    }
    unsigned slot = good0 && (!good1 || state[0].sequence > state[1].sequence) ? 0 : 1;
    *out = state[slot];
    *out_slot = slot;
    return true;
}

static bool slot_write(const struct guard *g, unsigned slot, const struct guard_state *state,
                       struct err *err)
{
    uint8_t room[SLOT_BYTES + 1]; /* buf_over keeps one byte */
    struct buf b;
    buf_over(&b, room, sizeof(room));
    slot_put(g, state, &b);
    CHECK(buf_ok(&b) && b.n == SLOT_BYTES);
    return file_fixed_write(&g->file, slot * SLOT_STRIDE, buf_bytes(&b), err);
}

static bool open_raw(const char *path, enum guard_purpose purpose, const struct kid *owner,
                     struct guard *out, bool *out_empty, struct err *err)
{
    struct guard g = {.file = FILE_FIXED_CLOSED, .purpose = purpose, .owner = *owner};
    struct guard_state state;
    unsigned slot;
    if (!file_fixed_open(path, GUARD_FILE_BYTES, &g.file, err)) {
        return false;
    }
    if (!slots_read(&g, &state, &slot, out_empty, err)) {
        guard_close(&g);
        return err_at(err, "%s", path);
    }
    *out = g;
    return true;
}

bool guard_create(const char *path, enum guard_purpose purpose, const struct kid *owner,
                  struct guard *out, struct err *err)
{
    struct guard g;
    bool empty = false;
    if (!file_exists(path) && !file_fixed_create(path, GUARD_FILE_BYTES, err)) {
        return false;
    }
    if (!open_raw(path, purpose, owner, &g, &empty, err)) {
        return false;
    }
    if (!empty) {
        guard_close(&g);
        return err_set(err, ERR_STATE, "%s is there already", path);
    }
    const struct guard_state first = {.sequence = 1};
    if (!slot_write(&g, 0, &first, err)) {
        guard_close(&g);
        return false;
    }
    *out = g;
    return true;
}

bool guard_open(const char *path, enum guard_purpose purpose, const struct kid *owner,
                struct guard *out, struct err *err)
{
    struct guard g;
    bool empty = false;
    if (!file_exists(path)) {
        return err_set(err, ERR_STATE, "%s is missing: what was signed last is not known", path) ||
               err_mend(err, "put the file back; without it, go on with a new key (a new seat; for "
                             "a host, a succession)");
    }
    if (!open_raw(path, purpose, owner, &g, &empty, err)) {
        return false;
    }
    if (empty) {
        guard_close(&g);
        return err_set(err, ERR_STATE, "%s holds nothing: what was signed last is not known",
                       path) ||
               err_mend(err, "put the right file back; without it, go on with a new key");
    }
    *out = g;
    return true;
}

void guard_close(struct guard *g)
{
    file_fixed_close(&g->file);
}

bool guard_read(const struct guard *g, struct guard_state *out, struct err *err)
{
    unsigned slot;
    bool empty = false;
    struct guard_state state;
    if (!slots_read(g, &state, &slot, &empty, err)) {
        return false;
    }
    if (empty) {
        return err_set(err, ERR_STATE, "the guard was emptied");
    }
    *out = state;
    return true;
}

static int state_cmp(const struct guard_state *a, const struct guard_state *b)
{
    if (a->term != b->term) {
        return a->term < b->term ? -1 : 1;
    }
    return (a->number > b->number) - (a->number < b->number);
}

static bool swap(const struct guard *g, struct guard_state *expected,
                 const struct guard_state *next, bool replace, struct err *err)
{
    struct guard_state now;
    unsigned slot;
    bool empty = false;
    if (!slots_read(g, &now, &slot, &empty, err)) {
        return false;
    }
    if (empty || now.sequence != expected->sequence || state_cmp(&now, expected) != 0 ||
        !ID_EQ(now.root, expected->root)) {
        return err_set(err, ERR_STATE,
                       "the guard has moved: another program has signed meanwhile") ||
               err_mend(err, "synchronise and try again");
    }
    int order = state_cmp(&now, next);
    bool same = order == 0 && ID_EQ(now.root, next->root);
    bool time_falls = now.term == next->term && next->time < now.time;
    if (order > 0 || time_falls || (order == 0 && !same && !replace)) {
        return err_set(err, ERR_STATE, "the guard does not go back: %llu was signed, %llu is asked",
                       (unsigned long long)now.number, (unsigned long long)next->number) ||
               err_mend(err, "this may be a restored copy, or a clock that was set back: "
                             "synchronise first");
    }
    if (same && next->time == now.time) {
        *expected = now;
        return true;
    }
    struct guard_state write = *next;
    write.sequence = now.sequence + 1;
    if (!slot_write(g, 1 - slot, &write, err)) {
        return false;
    }
    *expected = write;
    return true;
}

bool guard_advance(const struct guard *g, struct guard_state *expected,
                   const struct guard_state *next, struct err *err)
{
    return swap(g, expected, next, false, err);
}

bool guard_replace(const struct guard *g, struct guard_state *expected,
                   const struct guard_state *next, struct err *err)
{
    CHECK(g->purpose == GUARD_AUTHOR);
    return swap(g, expected, next, true, err);
}

bool guard_behind_record(const struct guard_state *state, uint32_t have_term, uint64_t have_number,
                         const struct root_hash *root_there, const char *what, const char *mend,
                         struct err *err)
{
    if (state->number == 0 && state->term == 0) {
        return true;
    }
    bool far_enough = have_term > state->term ||
                      (have_term == state->term && have_number >= state->number);
    if (!far_enough) {
        return err_set(err, ERR_STATE, "%s is a restored copy: it holds %llu, but %llu was signed",
                       what, (unsigned long long)have_number, (unsigned long long)state->number) ||
               err_mend(err, "%s", mend);
    }
    if (have_term == state->term && root_there != NULL && !ID_EQ(*root_there, state->root)) {
        return err_set(err, ERR_STATE, "%s was altered: at %llu it is not what was signed", what,
                       (unsigned long long)state->number) ||
               err_mend(err, "%s", mend);
    }
    return true;
}
