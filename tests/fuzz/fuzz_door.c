/* SPDX-License-Identifier: Apache-2.0
 *
 * A stream of acts, each with 2 bytes of envelope length, 4 of blob length, and the two.  What the
 * door is asked about and what it admits are the same; a refusal changes nothing; a batch ends
 * where single acts do; and what was admitted is admitted again as stored.
 */
#include <stdlib.h>

#include "base/check.h"
#include "base/reader.h"
#include "crypto/init.h"
#include "record/door.h"

#define ITEMS_MOST 256u
#define ROOM (1u << 20)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static size_t items_of(struct bytes in, struct door_item *items)
{
    struct reader r;
    size_t n = 0;
    reader_init(&r, in);
    while (reader_left(&r) > 0 && n < ITEMS_MOST) {
        size_t envelope = read_be16(&r), blob = read_be32(&r);
        items[n].envelope = read_bytes(&r, envelope);
        items[n].blob = read_bytes(&r, blob);
        if (r.short_read) {
            break;
        }
        n++;
    }
    return n;
}

/* Admits until one is refused. */
static void one_by_one(struct door *d, const struct door_item *items, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        struct verified_act asked, va;
        struct err err = {0};
        uint64_t before = door_size(d);
        struct root_hash root = door_root(d, before), after;
        bool would = door_would_admit(d, items[i].envelope, items[i].blob, &asked, &err);
        bool did = door_admit(d, DOOR_CHECK, items[i].envelope, items[i].blob, &va, &err);
        CHECK(would == did);
        CHECK(door_size(d) == before + did);
        after = door_root(d, before);
        CHECK(ID_EQ(root, after));
        if (!did) {
            return;
        }
        CHECK(va.index == before && ID_EQ(va.leaf, asked.leaf));
        CHECK(witness_final(door_witness(d), before + 1) <= before + 1);
    }
}

static struct door *new_door(struct arena *mem)
{
    struct door *d;
    struct err err;
    void *p = calloc(ROOM, 1);
    CHECK(p != NULL);
    arena_init(mem, p, ROOM);
    CHECK(door_new(mem, NULL, &d, &err));
    return d;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct door_item items[ITEMS_MOST];
    struct arena mem[4];
    struct err err;
    CHECK(crypto_init(&err));
    size_t n = items_of(bytes_of(data, size), items);
    struct door *single = new_door(&mem[0]), *batch = new_door(&mem[1]),
                *stored = new_door(&mem[2]);
    void *scratch = calloc(ROOM, 1);
    CHECK(scratch != NULL);
    arena_init(&mem[3], scratch, ROOM);
    one_by_one(single, items, n);
    bool all = door_admit_all(batch, DOOR_CHECK, items, n, NULL, &mem[3], NULL, NULL, &err);
    uint64_t got = door_size(single);
    CHECK(all == (got == n) && door_size(batch) == got);
    CHECK(door_admit_all(stored, DOOR_STORED, items, (size_t)got, NULL, &mem[3], NULL, NULL, &err));
    struct root_hash a = door_root(single, got), b = door_root(batch, got),
                     c = door_root(stored, got);
    CHECK(ID_EQ(a, b) && ID_EQ(a, c));
    CHECK(witness_final(door_witness(single), got) == witness_final(door_witness(stored), got));
    door_free(single);
    door_free(batch);
    door_free(stored);
    for (size_t i = 0; i < COUNT_OF(mem); i++) {
        free(mem[i].p);
    }
    return 0;
}
