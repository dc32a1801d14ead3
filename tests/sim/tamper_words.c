/* SPDX-License-Identifier: Apache-2.0
 *
 * See tamper.h.  What is inside a seal, and a principal's papers.
 */
#include "lib/test.h"
#include "record/content.h"
#include "record/object.h"
#include "sim/tamper.h"

#define SIDE 1u

/* ---- what is inside a seal ---- */

enum lie { LIE_TABLE, LIE_AUTHOR, LIE_N, LIE_COMMIT };

/* The envelope is honest; what is in it says one thing too many. */
static bool content_taken(struct tamper *t, enum lie lie)
{
    struct record_sim *sim = &t->sim;
    struct kid author = signer_kid(sim->sides[SIDE].seats[0].sign);
    struct act a = sim_fields(sim, SIDE, 0, CONTROL_SEALED, bytes_str("x"));
    struct content_header h = {.table = sim->table,
                               .author = author,
                               .n = a.n,
                               .claimed_time = sim->now,
                               .kind = 14,
                               .room = text_str("plenary"),
                               .epoch = 1};
    struct content_item item = {.type = 1, .value = bytes_str("\x62hi")};
    uint8_t salts[2 * SALT_BYTES] = {0};
    struct content c;
    struct buf b;
    struct err err = {0};
    h.table.b[0] ^= lie == LIE_TABLE;
    h.author.b[0] ^= lie == LIE_AUTHOR; /* somebody else's words */
    h.n += lie == LIE_N;
    buf_init(&b, CONTROL_BLOB_MAX);
    if (!content_encode(&h, &item, 1, bytes_of(salts, sizeof(salts)), &b, &err) ||
        !content_decode(sim_keep(sim, &b), &sim->mem, &c, &err)) {
        fail_msg("%s", err.what);
    }
    a.commit = content_commit(&c);
    a.commit.b[0] ^= lie == LIE_COMMIT;
    return content_match(&c, &a, &author, &err);
}

bool words_other_table(struct tamper *t)
{
    return content_taken(t, LIE_TABLE);
}

bool words_other_author(struct tamper *t)
{
    return content_taken(t, LIE_AUTHOR);
}

bool words_other_place(struct tamper *t)
{
    return content_taken(t, LIE_N);
}

bool words_other_commit(struct tamper *t)
{
    return content_taken(t, LIE_COMMIT);
}

/* ---- papers ---- */

static struct bytes paper(struct tamper *t, bool another_table)
{
    struct object o = {.kind = OBJECT_RATIFY, .table = t->sim.table, .digest = {{5}}};
    struct buf b;
    struct err err = {0};
    o.table.b[0] ^= another_table;
    buf_init(&b, ENVELOPE_MAX);
    if (!object_sign(&o, t->sim.sides[SIDE].root, &b, &err)) {
        fail_msg("%s", err.what);
    }
    return sim_keep(&t->sim, &b);
}

static bool paper_taken(struct tamper *t, struct bytes raw)
{
    struct verified_object vo;
    struct err err = {0};
    return object_check(OBJECT_RATIFY, raw, door_keyring(t->sim.door), t->sim.count, &t->sim.mem,
                        &vo, &err);
}

bool paper_other_table(struct tamper *t)
{
    return paper_taken(t, paper(t, true));
}

bool paper_not_signed(struct tamper *t)
{
    struct bytes raw = paper(t, false);
    ((uint8_t *)(uintptr_t)raw.p)[raw.n - 1] ^= 1;
    return paper_taken(t, raw);
}

/* Its frame names another key than the principal that it names; as the key is looked up by the
 * latter, the signature stands against it, too. */
bool paper_other_principal(struct tamper *t)
{
    struct bytes raw = paper(t, false);
    struct kid own = signer_kid(t->sim.sides[SIDE].root);
    for (size_t i = 0; i + sizeof(struct kid16) <= raw.n; i++) {
        if (memcmp(raw.p + i, own.b, sizeof(struct kid16)) == 0) {
            ((uint8_t *)(uintptr_t)raw.p)[i] ^= 1;
            break;
        }
    }
    return paper_taken(t, raw);
}
