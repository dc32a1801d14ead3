/* SPDX-License-Identifier: Apache-2.0 */
#include "record/policy.h"

#include "record/checkpoint.h"

static void put_log(const struct keyring *ring, uint64_t at, struct buf *out)
{
    char name[ORIGIN_MAX];
    uint32_t term = keyring_term_of_size(ring, at);
    origin_name(keyring_table(ring), term, name);
    buf_add_str(out, "log ");
    vkey_put(bytes_str(name), NOTE_ED25519, &keyring_term(ring, term)->host, out);
    buf_add_u8(out, '\n');
}

static bool lists(const struct ring_naming *g, uint32_t witness)
{
    for (uint32_t i = 0; g != NULL && i < g->count; i++) {
        if (g->witnesses[i] == witness) {
            return true;
        }
    }
    return false;
}

/* A witness that its side no longer lists has no line. */
static void put_witnesses(const struct keyring *ring, uint64_t at, struct buf *out)
{
    for (uint32_t w = 0, n = keyring_witnesses(ring, at); w < n; w++) {
        const struct ring_seat *seat = keyring_seat(ring, keyring_witness(ring, w)->seat);
        if (!lists(keyring_naming(ring, seat->side, at), w)) {
            continue;
        }
        char name[ORIGIN_MAX];
        witness_name(keyring_table(ring), w, name);
        buf_printf(out, "witness w%u ", w);
        vkey_put(bytes_str(name), NOTE_COSIGNATURE, &seat->keys.witness, out);
        buf_add_u8(out, '\n');
    }
}

static void put_groups(const struct keyring *ring, uint64_t at, struct buf *out)
{
    for (uint32_t side = 0; side < SIDES_MAX; side++) {
        const struct ring_naming *g = keyring_naming(ring, side, at);
        if (g == NULL) {
            continue;
        }
        buf_printf(out, "group s%u ", side);
        if (g->needed == g->count) {
            buf_add_str(out, "all");
        } else {
            buf_printf(out, "%u", g->needed);
        }
        for (uint32_t i = 0; i < g->count; i++) {
            buf_printf(out, " w%u", g->witnesses[i]);
        }
        buf_add_u8(out, '\n');
    }
}

static bool counts(const struct witness_log *log, uint32_t side, uint64_t at, enum policy_of what)
{
    return what == POLICY_OF_EXCERPT || !witness_out(log, side, at);
}

static void put_quorum(const struct keyring *ring, const struct witness_log *log, uint64_t at,
                       enum policy_of what, struct buf *out)
{
    uint32_t left = 0;
    for (uint32_t side = 0; side < SIDES_MAX; side++) {
        if (keyring_naming(ring, side, at) == NULL) {
            continue;
        }
        if (witness_out(log, side, at)) {
            buf_printf(out, "# s%u is out\n", side);
        }
        left += counts(log, side, at, what);
    }
    if (left == 0) {
        buf_add_str(out, "quorum none\n");
        return;
    }
    buf_add_str(out, "group table all");
    for (uint32_t side = 0; side < SIDES_MAX; side++) {
        if (keyring_naming(ring, side, at) != NULL && counts(log, side, at, what)) {
            buf_printf(out, " s%u", side);
        }
    }
    buf_add_str(out, "\nquorum table\n");
}

bool policy_put(const struct keyring *ring, const struct witness_log *log, uint64_t at,
                enum policy_of what, struct buf *out, struct err *err)
{
    if (keyring_found(ring) == NULL) {
        return err_set(err, ERR_STATE, "no table has been founded: there is no policy yet");
    }
    put_log(ring, at, out);
    put_witnesses(ring, at, out);
    put_groups(ring, at, out);
    put_quorum(ring, log, at, what, out);
    return buf_done(out, "a policy", err);
}
