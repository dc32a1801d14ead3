/* SPDX-License-Identifier: Apache-2.0
 *
 * See tamper.h.  Foundings at a new door, and checkpoints that a host shows.
 */
#include "lib/test.h"
#include "record/cosign.h"
#include "sim/tamper.h"

/* Leaf 0 alone, at a door that waits for this table (NULL: for any). */
static bool founding_taken(struct tamper *t, struct door_item item, const struct table_id *expected)
{
    struct door *door = NULL;
    struct verified_act va;
    struct err err = {0};
    if (!door_new(&t->sim.mem, expected, &door, &err)) {
        fail_msg("%s", err.what);
    }
    bool taken = door_admit(door, DOOR_CHECK, item.envelope, item.blob, &va, &err);
    door_free(door);
    return taken;
}

static struct door_item founding(struct tamper *t, uint32_t side, bool another_table)
{
    struct bytes blob = t->sim.items[0].blob;
    struct act a = {.table = t->sim.table,
                    .seen_root = empty_root(),
                    .blob = digest_plain(blob),
                    .commit = digest_plain(blob),
                    .blob_length = blob.n,
                    .control = CONTROL_FOUND};
    a.table.b[0] ^= another_table;
    return tamper_sign(&t->sim, t->sim.sides[side].root, &a, blob);
}

bool found_other_table(struct tamper *t)
{
    return founding_taken(t, founding(t, 0, true), NULL);
}

bool found_not_expected(struct tamper *t)
{
    struct table_id expected = t->sim.table;
    expected.b[0] ^= 1;
    return founding_taken(t, t->sim.items[0], &expected);
}

bool found_other_root(struct tamper *t)
{
    return founding_taken(t, founding(t, 1, false), NULL);
}

/* ---- checkpoints ---- */

static struct checkpoint head(struct tamper *t)
{
    uint64_t size = t->sim.count;
    return (struct checkpoint){
        .table = t->sim.table, .size = size, .root = door_root(t->sim.door, size)};
}

static bool note_taken(struct tamper *t, struct bytes note)
{
    struct checkpoint out;
    struct err err = {0};
    return door_checkpoint(t->sim.door, note, &out, &err);
}

static bool checkpoint_taken(struct tamper *t, const struct checkpoint *cp,
                             const struct signer *host)
{
    struct buf b;
    struct err err = {0};
    buf_init(&b, NOTE_BYTES_MAX);
    if (!checkpoint_sign(cp, host, &b, &err)) {
        fail_msg("%s", err.what);
    }
    return note_taken(t, sim_keep(&t->sim, &b));
}

bool note_other_table(struct tamper *t)
{
    struct checkpoint cp = head(t);
    cp.table.b[0] ^= 1;
    return checkpoint_taken(t, &cp, t->sim.host);
}

bool note_other_host(struct tamper *t)
{
    struct checkpoint cp = head(t);
    return checkpoint_taken(t, &cp, t->rival);
}

bool note_other_root(struct tamper *t)
{
    struct checkpoint cp = head(t);
    cp.root.b[0] ^= 1;
    return checkpoint_taken(t, &cp, t->sim.host);
}

/* A line with the name and the key id of a witness, over another tree. */
bool note_other_witness(struct tamper *t)
{
    struct checkpoint cp = head(t), other = head(t);
    char name[ORIGIN_MAX];
    struct buf b, body;
    struct err err = {0};
    other.root.b[0] ^= 1;
    witness_name(&t->sim.table, 1, name);
    buf_init(&b, NOTE_BYTES_MAX);
    buf_init(&body, NOTE_BYTES_MAX);
    struct note parts;
    if (!checkpoint_sign(&other, t->sim.host, &body, &err) ||
        !note_decode(buf_bytes(&body), &parts, &err) ||
        !checkpoint_sign(&cp, t->sim.host, &b, &err) ||
        !cosign_put(parts.body, bytes_str(name), t->sim.now, t->sim.sides[1].seats[0].witness, &b,
                    &err)) {
        fail_msg("%s", err.what);
    }
    buf_free(&body);
    return note_taken(t, sim_keep(&t->sim, &b));
}
