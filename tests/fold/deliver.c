/* SPDX-License-Identifier: Apache-2.0
 *
 * One record, delivered in other ways: the state is the same.
 */
#include "fold/play.h"

#include "lib/record_bundle.h"
#include "lib/test.h"
#include "record/bundle.h"

#define AGAIN_BYTES ((size_t)48 << 20)

enum reader { READS_ALL, READS_SHARED };

struct delivery {
    const struct door_item *items;
    size_t count;
    enum door_trust trust;
    size_t batch; /* acts that the door takes in before the fold reads them; 0: all */
    enum reader reader;
};

struct held {
    struct arena mem;
    struct door *door;
    struct fold *fold;
    struct verified_act *acts;
    size_t count;
};

static bool keep_act(void *ctx, const struct verified_act *va, struct err *err)
{
    struct held *h = ctx;
    (void)err;
    h->acts[h->count] = *va;
    h->acts[h->count].control = NULL;
    if (va->act.control != CONTROL_SEALED) {
        struct control *c = ARENA_NEW(&h->mem, struct control, 1);
        *c = *va->control; /* the door's own holds until the next act */
        h->acts[h->count].control = c;
    }
    h->count++;
    return true;
}

static bool hold(struct play *g, struct held *h)
{
    struct err err = {0};
    *h = (struct held){.mem = test_arena(AGAIN_BYTES)};
    h->acts = ARENA_NEW(&h->mem, struct verified_act, TSIM_ACTS);
    if (!door_new(&h->mem, &g->t.rec.table, &h->door, &err) ||
        !fold_new(&h->mem, door_keyring(h->door), door_witness(h->door), &h->fold, &err)) {
        play_fail(g, "%s", err.what);
        return false;
    }
    return true;
}

static void let_go(struct held *h)
{
    door_free(h->door);
    test_arena_free(&h->mem);
}

static const struct opened *opens(const struct play *g, uint64_t index, enum reader reader)
{
    return reader == READS_SHARED && g->private[index] ? NULL : g->t.opened[index];
}

static bool step(struct play *g, struct fold *f, const struct verified_act *va, enum reader reader)
{
    struct err err = {0};
    if (!fold_step(f, va, opens(g, va->index, reader), &err)) {
        play_fail(g, "folding again: act %llu: %s", (unsigned long long)va->index, err.what);
        return false;
    }
    return true;
}

static struct digest digest_of(const struct fold *f)
{
    struct digest d = {{0}};
    struct err untold = {0};
    return state_digest(fold_state(f), &d, &untold) ? d : (struct digest){{0}};
}

/* Through a door of its own, in batches; what stands at the end is compared. */
static bool deliver(struct play *g, const struct delivery *d, const struct digest *want,
                    const char *how)
{
    struct held h;
    struct err err = {0};
    struct arena scratch = test_arena((size_t)4 << 20);
    bool ok = hold(g, &h);
    size_t folded = 0;
    while (ok && h.count < d->count) {
        size_t n = d->batch == 0 || d->count - h.count < d->batch ? d->count - h.count : d->batch;
        ok = door_admit_all(h.door, d->trust, d->items + h.count, n, NULL, &scratch, keep_act, &h,
                            &err);
        if (!ok) {
            play_fail(g, "%s: %s (%s)", how, err.what, err.where);
        }
        for (; ok && folded < h.count; folded++) {
            ok = step(g, h.fold, &h.acts[folded], d->reader);
        }
    }
    struct digest got = ok ? digest_of(h.fold) : *want;
    if (ok && !ID_EQ(got, *want)) {
        play_fail(g, "%s: the state is another one", how);
    }
    let_go(&h);
    test_arena_free(&scratch);
    g->tally->deliveries++;
    return !g->failed;
}

/* A program that was stopped at each size and begins anew: with a door that knows the whole record. */
static bool restarts(struct play *g)
{
    struct record_sim *rec = &g->t.rec;
    struct held h;
    struct err err = {0};
    struct digest *at = ARENA_NEW(&rec->mem, struct digest, TSIM_ACTS);
    struct arena scratch = test_arena((size_t)4 << 20), again = test_arena((size_t)16 << 20);
    bool ok = hold(g, &h) && door_admit_all(h.door, DOOR_STORED, rec->items, rec->count, NULL,
                                            &scratch, keep_act, &h, &err);
    for (size_t i = 0; ok && i < h.count; i++) {
        ok = step(g, h.fold, &h.acts[i], READS_ALL);
        at[i] = digest_of(h.fold);
    }
    for (size_t size = g->base; ok && size <= h.count; size++) {
        struct fold *f = NULL;
        arena_wipe(&again);
        ok = fold_new(&again, door_keyring(h.door), door_witness(h.door), &f, &err);
        for (size_t i = 0; ok && i < size; i++) {
            ok = step(g, f, &h.acts[i], READS_ALL);
        }
        struct digest got = ok ? digest_of(f) : at[size - 1];
        if (!ID_EQ(got, at[size - 1])) {
            play_fail(g, "begun anew at %zu: the state is another one", size);
        }
    }
    let_go(&h);
    test_arena_free(&scratch);
    test_arena_free(&again);
    g->tally->deliveries++;
    return ok && !g->failed;
}

/* ---- by a bundle ---- */

struct parcel {
    struct door_item *items;
    size_t count;
    struct digest *digests; /* of blobs, and the blobs */
    struct bytes *blobs;
    size_t blob_count;
};

static bool take_entries(struct parcel *p, struct bytes tile)
{
    for (size_t at = 0; at + 2 <= tile.n;) {
        size_t n = (size_t)tile.p[at] << 8 | tile.p[at + 1];
        struct act a;
        struct err untold = {0};
        struct bytes envelope = bytes_of(tile.p + at + 2, n);
        if (n > tile.n - at - 2 || p->count >= TSIM_ACTS || !act_decode(envelope, &a, &untold)) {
            return false;
        }
        struct bytes blob = {0};
        for (size_t i = 0; i < p->blob_count; i++) {
            blob = ID_EQ(p->digests[i], a.blob) ? p->blobs[i] : blob;
        }
        p->items[p->count++] = (struct door_item){envelope, blob};
        at += 2 + n;
    }
    return true;
}

static bool unpack(struct play *g, struct bytes archive, struct parcel *p)
{
    struct tar_reader r;
    struct tar_file f;
    struct err err = {0};
    size_t at = 0;
    bool end = false;
    tar_reader_init(&r);
    p->items = ARENA_NEW(&g->t.rec.mem, struct door_item, TSIM_ACTS);
    p->digests = ARENA_NEW(&g->t.rec.mem, struct digest, TSIM_ACTS);
    p->blobs = ARENA_NEW(&g->t.rec.mem, struct bytes, TSIM_ACTS);
    while (tar_next(&r, archive, &at, &f, &end, &err) && !end) {
        struct bundle_name n;
        if (!bundle_name_parse(bytes_str(f.entry.name), &n, &err)) {
            break;
        }
        if (n.part == BUNDLE_BLOB && p->blob_count < TSIM_ACTS) {
            p->digests[p->blob_count] = n.blob;
            p->blobs[p->blob_count++] = f.content;
        } else if (n.part == BUNDLE_ENTRIES && !take_entries(p, f.content)) {
            break;
        }
    }
    if (!end) {
        play_fail(g, "the bundle cannot be read: %s", err.what);
    }
    return end;
}

static bool by_bundle(struct play *g, const struct digest *want)
{
    struct buf b;
    struct parcel p = {0};
    buf_init(&b, 8u << 20);
    record_bundle(&g->t.rec, &b);
    bool ok = unpack(g, buf_bytes(&b), &p);
    struct delivery d = {p.items, p.count, DOOR_CHECK, 1 + (size_t)prop_below(&g->rnd, 40),
                         READS_ALL};
    ok = ok && deliver(g, &d, want, "by a bundle");
    buf_free(&b);
    return ok;
}

bool play_deliver(struct play *g)
{
    const struct record_sim *rec = &g->t.rec;
    struct digest want = tsim_digest(&g->t);
    struct delivery d = {rec->items, rec->count, DOOR_STORED, 0, READS_ALL};
    bool ok = deliver(g, &d, &want, "all at once");
    d.batch = 1 + (size_t)prop_below(&g->rnd, 30);
    ok = ok && deliver(g, &d, &want, "in batches");
    d.batch = 1;
    d.reader = READS_SHARED;
    ok = ok && deliver(g, &d, &want, "to somebody who opens what all parties open");
    ok = ok && (rec->count > RECORD_BUNDLE_MAX || by_bundle(g, &want));
    return ok && restarts(g);
}
