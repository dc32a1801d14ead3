/* SPDX-License-Identifier: Apache-2.0
 *
 * Folding a whole record, against checking as many acts at the door (from memory, one thread).  Goal:
 * a quarter.  Three mixes: a negotiation as it goes; one whose sides have filled their shares of
 * proposals, points, evidence and confirmations and go on; and acts of all kinds (tests/fold), every
 * one of them read by whoever folds.
 *
 *     bench_fold [acts]           default 100000
 *     bench_fold --curve [most]   acts of all kinds: 1,000, 10,000, ... most (1,000,000)
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>

#include "base/fixed.h"
#include "bench.h"
#include "crypto/init.h"
#include "fold/play.h"
#include "lib/test.h"

#define CHUNK 1024u
#define CHECKED 4000u
#define RECENT 64u

/* A table in force, whose log goes on without envelopes: what the fold reads of an act, and no more. */
struct bench_table {
    struct play play;
    struct arena memory;
    struct arena chunk;
    struct witness_log *log;
    struct fold *fold;
    struct prop rnd;
    uint64_t size;
    struct leaf_hash
        proposals[RECENT]; /* the last ones filed, and the leaves of the last answers */
    uint64_t proposal_count;
    struct leaf_hash answers[RECENT];
    uint64_t answer_count;
    struct leaf_hash evidence[RECENT];
    uint64_t evidence_count;
    uint32_t reserved;
    unsigned hurry; /* of 100 acts so many are new proposals */
    bool all_kinds;
};

static uint32_t below(struct bench_table *b, uint32_t n)
{
    return (uint32_t)prop_below(&b->rnd, n);
}

static void step_sim(struct bench_table *b, uint64_t i)
{
    const struct table_sim *t = &b->play.t;
    struct verified_act va = {.index = i, .leaf = door_leaf(t->rec.door, i)};
    struct err err = {0};
    bench_must(act_decode(t->rec.items[i].envelope, &va.act, &err), &err);
    if (i > 0) {
        bench_must(keyring_author(door_keyring(t->rec.door), i, &va.act.kid, &va.author, &err),
                   &err);
    }
    if (va.act.control == CONTROL_COUNTERSIGN) {
        struct control c;
        bench_must(control_decode(CONTROL_COUNTERSIGN, t->rec.items[i].blob, &c, &err), &err);
        const struct countersign *s = &c.as.countersign;
        uint32_t witness = keyring_seat(door_keyring(t->rec.door), va.author.seat)->witness;
        bench_must(witness_countersign(b->log, i, witness, s->size, s->time, &err), &err);
    }
    bench_must(fold_step(b->fold, &va, t->opened[i], &err), &err);
}

struct mix {
    unsigned hurry;
    bool all_kinds;
};

static void open_table(struct bench_table *b, const struct mix *m)
{
    struct err err = {0};
    *b = (struct bench_table){.hurry = m->hurry, .all_kinds = m->all_kinds};
    tsim_open(&b->play.t, 3);
    tsim_begin(&b->play.t, 3650);
    b->memory = test_arena((size_t)512 << 20);
    b->chunk = test_arena((size_t)64 << 20);
    prop_init_seed(&b->rnd, 9);
    b->play.charter = b->play.t.charter;
    play_newcomers(&b->play.t.rec);
    b->play.words = test_arena(16);
    const struct keyring *ring = door_keyring(b->play.t.rec.door);
    bench_must(witness_log_new(&b->memory, ring, &b->log, &err) &&
                   fold_new(&b->memory, ring, b->log, &b->fold, &err),
               &err);
    for (uint64_t i = 0; i < b->play.t.rec.count; i++) {
        step_sim(b, i);
    }
    b->size = b->play.t.rec.count;
}

static void close_table(struct bench_table *b)
{
    witness_log_free(b->log);
    test_arena_free(&b->play.words);
    test_arena_free(&b->chunk);
    test_arena_free(&b->memory);
    tsim_close(&b->play.t);
}

/* ---- the next act ---- */

struct next {
    struct verified_act va;
    struct opened *opened;
    bool countersign;
    uint32_t witness;
};

static struct leaf_hash leaf_of(uint64_t i)
{
    struct leaf_hash leaf;
    struct digest d = digest_plain(bytes_of(&i, sizeof(i)));
    memcpy(leaf.b, d.b, sizeof(leaf.b));
    return leaf;
}

static void keep(struct leaf_hash *ring, uint64_t *count, const struct leaf_hash *leaf)
{
    ring[*count % RECENT] = *leaf;
    (*count)++;
}

static const struct leaf_hash *one_of(struct bench_table *b, const struct leaf_hash *ring,
                                      uint64_t count)
{
    return &ring[below(b, count < RECENT ? (uint32_t)count : RECENT)];
}

static struct opened *sealed(struct bench_table *b, const struct payload *p)
{
    struct arena *mem = &b->chunk;
    struct room room = {text_is(p->room, "monitors") ? ROOM_MONITORS : ROOM_PLENARY, 0};
    const struct epoch_state *e = fold_epoch(b->fold, room, b->size);
    bool own = !text_is(p->room, "monitors") && !text_is(p->room, "plenary");
    assert_non_null(e);
    struct content_item *items;
    struct content_header h = {.table = b->play.t.rec.table,
                               .claimed_time = b->play.t.rec.now,
                               .kind = (uint32_t)p->kind,
                               .room = p->room,
                               .epoch = own ? 0 : e->number,
                               .has_answers = p->has_answers,
                               .answers = p->answers};
    struct err err = {0};
    size_t count;
    struct buf raw;
    struct content *c = ARENA_NEW(mem, struct content, 1);
    struct opened *o = ARENA_NEW(mem, struct opened, 1);
    uint8_t *salts = ARENA_NEW(mem, uint8_t, (ITEMS_MAX + 1) * SALT_BYTES);
    assert_false(mem->failed);
    buf_init(&raw, BLOB_LIMIT_MOST);
    bench_must(payload_items(p, mem, &items, &count, &err) &&
                   content_encode(&h, items, count, bytes_of(salts, (count + 1) * SALT_BYTES), &raw,
                                  &err) &&
                   content_decode(arena_copy(mem, buf_bytes(&raw)), mem, c, &err),
               &err);
    buf_free(&raw);
    *o = (struct opened){.content = c, .by_identity = own, .has_key = !own, .matches = true};
    memcpy(o->key, e->public_key, sizeof(o->key));
    return o;
}

static struct payload about(enum act_kind kind, const struct leaf_hash *leaf)
{
    return (struct payload){
        .kind = kind, .room = text_str("plenary"), .has_answers = true, .answers = *leaf};
}

static struct text words = {.p = "what was said, in a line or two of the usual length", .n = 51};

static struct payload answer(struct bench_table *b, const struct leaf_hash *leaf)
{
    static struct reservation r;
    static char label[16];
    struct payload p = about(KIND_ANSWER, one_of(b, b->proposals, b->proposal_count));
    p.text_count = 1;
    p.texts = &words;
    switch (below(b, 4)) {
    case 0:
        p.answer = ANSWER_REJECT;
        break;
    case 1:
        (void)snprintf(label, sizeof(label), "R%u", ++b->reserved);
        r = (struct reservation){text_str(label), false, {NULL, 0}, words};
        p.answer = ANSWER_CONCEPT;
        p.reservation_count = 1;
        p.reservations = &r;
        break;
    default:
        p.answer = ANSWER_AD_REFERENDUM;
    }
    keep(b->answers, &b->answer_count, leaf);
    return p;
}

static struct payload deed(struct bench_table *b, const struct leaf_hash *leaf)
{
    static struct leaf_hash cited;
    struct payload p = {.kind = KIND_DOCUMENT,
                        .room = text_str("monitors"),
                        .name = text_str("map.pdf"),
                        .media = text_str("application/pdf"),
                        .content = bytes_str("a map")};
    if (below(b, 3) == 0 && b->evidence_count > 0) {
        cited = *one_of(b, b->evidence, b->evidence_count);
        p = (struct payload){.kind = KIND_INCIDENT,
                             .room = text_str("monitors"),
                             .text_count = 1,
                             .texts = &words,
                             .has_when = true,
                             .when = b->play.t.rec.now,
                             .ref_count = 1,
                             .refs = &cited};
    }
    keep(b->evidence, &b->evidence_count, leaf);
    return p;
}

static struct payload content(struct bench_table *b, const struct leaf_hash *leaf)
{
    static struct named_choice line;
    uint32_t what = below(b, 100);
    if (b->proposal_count == 0 || what < b->hurry) {
        line = (struct named_choice){text_str("line"), below(b, 2)};
        keep(b->proposals, &b->proposal_count, leaf);
        return (struct payload){.kind = KIND_PROPOSE,
                                .room = text_str("plenary"),
                                .text_count = 1,
                                .texts = &words,
                                .choice_count = 1,
                                .choices = &line};
    }
    if (what < 50) {
        return answer(b, leaf);
    }
    if (what < 80) {
        return deed(b, leaf);
    }
    if (what < 90 && b->answer_count > 0) {
        return about(KIND_CONFIRM, one_of(b, b->answers, b->answer_count));
    }
    return (struct payload){
        .kind = KIND_SAY, .room = text_str("plenary"), .text_count = 1, .texts = &words}; /* void */
}

/* All kinds but those after which nothing counts any more, and keys of rooms; papers, whose signature
 * takes ten times as long as all else, once in a while. */
static struct opened *any_kind(struct bench_table *b, uint32_t *out_side, uint32_t *out_seat)
{
    static const enum act_kind kinds[] = {
        KIND_PROPOSE,   KIND_ANSWER,   KIND_ANSWER,  KIND_ANSWER,   KIND_CONFIRM, KIND_WITHDRAW,
        KIND_CLOSE,     KIND_PROMISE,  KIND_REPORT,  KIND_VERIFY,   KIND_DISPUTE, KIND_LAPSE,
        KIND_INCIDENT,  KIND_INCIDENT, KIND_ASSESS,  KIND_DOCUMENT, KIND_SAY,     KIND_STATEMENT,
        KIND_PARK,      KIND_DATE,     KIND_CONSENT, KIND_DRAFT,    KIND_BRACKET, KIND_SUPPORT,
        KIND_OBJECT,    KIND_CLEAN,    KIND_SILENCE, KIND_LEVER,    KIND_SETTLED, KIND_DEBRIEF,
        KIND_MEMO,      KIND_MEET,     KIND_ASK,     KIND_OPINION,  KIND_GATE,    KIND_POSITION,
        KIND_PUBLISHED, KIND_INTRODUCE};
    static const enum act_kind papers[] = {KIND_MANDATE, KIND_REVOKE_MANDATE, KIND_RATIFY};
    for (;;) {
        struct writing w = {.g = &b->play,
                            .s = fold_state(b->fold),
                            .c = &b->play.charter,
                            .rnd = &b->rnd,
                            .mem = &b->chunk,
                            .seen = UINT64_MAX};
        w.side = below(b, 4);
        w.seat = below(b, 2);
        enum act_kind kind = below(b, 500) == 0 ? papers[below(b, COUNT_OF(papers))]
                                                : kinds[below(b, COUNT_OF(kinds))];
        if (write_kind(&w, kind)) {
            *out_side = w.side;
            *out_seat = w.seat == 0 ? 0 : 1;
            w.p.room = w.p.room.p == NULL ? text_str("plenary") : w.p.room;
            return sealed(b, &w.p);
        }
    }
}

/* One of six countersigns. */
static void make_any(struct bench_table *b, struct next *n)
{
    const struct keyring *ring = door_keyring(b->play.t.rec.door);
    uint32_t side = below(b, 3), seat = 0;
    *n = (struct next){.va = {.index = b->size, .leaf = leaf_of(b->size)}};
    n->va.act.seen_size = b->size;
    n->countersign = below(b, 6) == 0;
    n->witness = side;
    n->va.act.control = n->countersign ? CONTROL_COUNTERSIGN : CONTROL_SEALED;
    n->opened = n->countersign ? NULL : any_kind(b, &side, &seat);
    struct kid kid = signer_kid(b->play.t.rec.sides[side].seats[seat].sign);
    n->va.author = (struct ring_author){
        .type = KEY_SEAT, .side = side, .seat = keyring_find_seat(ring, &kid)};
    b->size++;
}

/* Of ten acts three countersign, two are sealed to others, five are read. */
static void make(struct bench_table *b, struct next *n)
{
    const struct keyring *ring = door_keyring(b->play.t.rec.door);
    uint32_t what = below(b, 10);
    *n = (struct next){.va = {.index = b->size, .leaf = leaf_of(b->size)}};
    n->va.act.seen_size = b->size;
    n->va.act.control = what < 3 ? CONTROL_COUNTERSIGN : CONTROL_SEALED;
    uint32_t side = below(b, 3);
    struct kid kid = signer_kid(b->play.t.rec.sides[side].seats[what < 3 ? 0 : 1].sign);
    n->va.author = (struct ring_author){
        .type = KEY_SEAT, .side = side, .seat = keyring_find_seat(ring, &kid)};
    n->countersign = what < 3;
    n->witness = side;
    if (what >= 5) {
        struct payload p = content(b, &n->va.leaf);
        if (p.kind == KIND_ANSWER && side == 0) {
            side = 1;
            kid = signer_kid(b->play.t.rec.sides[side].seats[1].sign);
            n->va.author.side = side;
            n->va.author.seat = keyring_find_seat(ring, &kid);
        }
        n->opened = sealed(b, &p);
    }
    b->size++;
}

/* Microseconds an act. */
static double fold_all(uint64_t count, const struct mix *m)
{
    static struct bench_table b;
    static struct next chunk[CHUNK];
    double us = 0;
    struct err err = {0};
    open_table(&b, m);
    uint64_t begun = b.size;
    while (b.size < count) {
        uint64_t from = b.size;
        size_t n = count - from < CHUNK ? (size_t)(count - from) : CHUNK;
        for (size_t i = 0; i < n; i++) {
            if (m->all_kinds) {
                make_any(&b, &chunk[i]);
            } else {
                make(&b, &chunk[i]);
            }
        }
        double start = bench_cpu_us();
        for (size_t i = 0; i < n; i++) {
            if (chunk[i].countersign) {
                b.play.t.rec.now++;
                bench_must(witness_countersign(b.log, from + i, chunk[i].witness, from + i,
                                               b.play.t.rec.now, &err),
                           &err);
            }
            bench_must(fold_step(b.fold, &chunk[i].va, chunk[i].opened, &err), &err);
        }
        us += bench_cpu_us() - start;
        arena_rewind(&b.chunk, 0);
    }
    const struct table_state *s = fold_state(b.fold);
    (void)printf("  %u proposals, %u points, %u incidents, %u citable, %u confirmed, %u void; "
                 "memory of the fold %zu KiB\n",
                 s->proposal_count, s->point_count, s->incident_count, s->evidence_count,
                 s->confirm_count, s->void_count, b.memory.used / 1024);
    close_table(&b);
    return us / (double)(count - begun);
}

static double check_some(void)
{
    static struct bench_acts acts;
    static struct door_item items[CHECKED];
    struct arena mem = test_arena((size_t)32 << 20), first = test_arena(4u << 20);
    struct err err = {0};
    struct verified_act va;
    struct door *door;
    bench_acts_open(&acts);
    bench_must(door_new(&first, NULL, &door, &err), &err);
    for (size_t i = 0; i < acts.sim.count; i++) {
        bench_must(door_admit(door, DOOR_CHECK, acts.sim.items[i].envelope, acts.sim.items[i].blob,
                              &va, &err),
                   &err);
    }
    for (size_t i = 0; i < CHECKED; i++) {
        va = bench_act_next(&acts, &mem);
        items[i] = (struct door_item){va.act.raw, va.blob};
    }
    double start = bench_cpu_us();
    for (size_t i = 0; i < CHECKED; i++) {
        bench_must(door_admit(door, DOOR_CHECK, items[i].envelope, items[i].blob, &va, &err), &err);
    }
    double us = bench_cpu_us() - start;
    door_free(door);
    bench_acts_close(&acts);
    test_arena_free(&first);
    test_arena_free(&mem);
    return us / CHECKED;
}

static const struct mix as_it_goes = {.hurry = 1}, full = {.hurry = 20},
                        of_all_kinds = {.all_kinds = true};

static int curve(uint64_t most)
{
    bench_head("fold, acts of all kinds");
    for (uint64_t n = 1000; n <= most; n *= 10) {
        double us = fold_all(n, &of_all_kinds);
        (void)printf("%10llu acts: %.2f us an act, %.0f acts a second\n", (unsigned long long)n, us,
                     1e6 / us);
    }
    return 0;
}

int main(int argc, char **argv)
{
    bool is_curve = argc > 1 && strcmp(argv[1], "--curve") == 0;
    uint64_t count = is_curve ? 1000000 : 100000;
    int at = is_curve ? 2 : 1;
    struct err err = {0};
    if (argc > at && (!u64_parse(text_str(argv[at]), &count) || count < 1000)) {
        (void)fprintf(stderr, "use: bench_fold [--curve] [acts], 1000 or more\n");
        return 2;
    }
    bench_must(crypto_init(&err), &err);
    if (is_curve) {
        return curve(count);
    }
    bench_head("fold (ratio: of folding to checking)");
    double checked = check_some();
    bench_line("checked at the door", checked, 0);
    double us = fold_all(count, &as_it_goes);
    bench_line("folded, a negotiation as it goes", us, us / checked);
    us = fold_all(count, &full);
    bench_line("folded, all shares full", us, us / checked);
    us = fold_all(count, &of_all_kinds);
    bench_line("folded, acts of all kinds", us, us / checked);
    return 0;
}
