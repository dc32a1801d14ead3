/* SPDX-License-Identifier: Apache-2.0 */
#include "fold/play.h"

#include <stdarg.h>
#include <stdio.h>

#include "base/hex.h"
#include "lib/test.h"

#define WORDS_BYTES ((size_t)4 << 20)

void play_fail(struct play *g, const char *fmt, ...)
{
    va_list args;
    if (g->failed) {
        return; /* the first thing is the one to look at */
    }
    g->failed = true;
    va_start(args, fmt);
    (void)vsnprintf(g->why, sizeof(g->why), fmt, args); /* cut short where it is long */
    va_end(args);
}

/* ---- the tables ---- */

static void open_deadline(struct arena *mem, struct charter *c)
{
    (void)mem;
    c->phases[0].papers_only = false;
    c->phases[0].deadline_seconds = 3 * DAY;
    c->phases[1].deadline_seconds = 20 * DAY;
    c->silence_seconds = 3600;
}

/* A gate that is soon open, so that many sequences see the second phase. */
static void short_gate(struct arena *mem, struct charter *c)
{
    (void)mem;
    c->phases[0].papers_only = false;
    c->phases[0].condition_count = 2; /* agreed, ratified */
    c->silence_seconds = 3600;
}

/* Three parties: the monitor becomes one. */
static void three_parties(struct charter *c)
{
    c->sides[3].role = ROLE_PARTY;
    c->party_count = 3;
    c->monitor_count = 0;
    c->deeds[0].verifier = CHARTER_NONE;
    c->arbiter = CHARTER_NONE;
}

static void qualified(struct arena *mem, struct charter *c)
{
    (void)mem;
    three_parties(c);
    c->decision = DECISION_QUALIFIED;
    c->decision_needed = 2;
    c->veto = 1u << 1;
    c->issues[0].owner = 2;
    c->publication = PUBLICATION_NEVER;
}

static void consensus(struct arena *mem, struct charter *c)
{
    (void)mem;
    three_parties(c);
    c->decision = DECISION_CONSENSUS;
    c->phases[0].papers_only = false;
}

/* The second phase alone: its text, its consultations. */
static void text_at_once(struct arena *mem, struct charter *c)
{
    (void)mem;
    c->issues[0].phase = 1;
    c->phases[0].condition_count = 1;
    c->phases[0].conditions[0] = (struct condition){.kind = CONDITION_NO_REPORT_WAITING};
    c->phases[0].papers_only = false;
    c->silence_seconds = 3600;
}

static void (*const changes[FOLD_TABLES])(struct arena *, struct charter *) = {
    NULL, open_deadline, short_gate, qualified, consensus, text_at_once};

void play_newcomers(struct record_sim *rec)
{
    for (uint32_t i = 0; i < rec->side_count; i++) {
        struct sim_seat *s = &rec->sides[i].seats[PLAY_NEWCOMER];
        s->sign = sim_signer(rec, KEY_SEAT);
        s->witness = sim_signer(rec, KEY_WITNESS);
        s->keys = rec->sides[i].seats[1].keys; /* the key to seal to: nothing is sealed here */
        s->keys.sign = signer_pk(s->sign);
        s->keys.witness = signer_pk(s->witness);
        s->keys.post = PLAY_NEWCOMER;
        rec->sides[i].seat_count = PLAY_NEWCOMER + 1;
    }
}

bool fold_tables_open(struct play *tables)
{
    for (uint32_t i = 0; i < FOLD_TABLES; i++) {
        struct play *g = &tables[i];
        *g = (struct play){.words = test_arena(WORDS_BYTES)};
        g->t.change = changes[i];
        tsim_open(&g->t, 1000 + i);
        tsim_begin(&g->t, 20);
        play_newcomers(&g->t.rec);
        g->blob = sim_seal(&g->t.rec, bytes_str("whatever it is"));
        g->mark = arena_mark(&g->t.rec.mem);
        g->base = g->t.rec.count;
        if (g->base > PLAY_BASE) {
            return false;
        }
        for (uint64_t k = 0; k < g->base; k++) {
            const struct opened *o = g->t.opened[k];
            g->founding[k] = g->t.rec.items[k];
            g->founding_opened[k] = g->t.opened[k];
            if (g->unsigned_base == 0 && o != NULL &&
                o->content->header.kind == (uint32_t)KIND_SIGN_CHARTER) {
                g->unsigned_base = k;
            }
        }
        g->base_now = g->t.rec.now;
        g->charter = g->t.charter;
        if (!state_in_force(fold_state(g->t.fold))) {
            return false;
        }
    }
    return true;
}

void fold_tables_close(struct play *tables)
{
    for (uint32_t i = 0; i < FOLD_TABLES; i++) {
        test_arena_free(&tables[i].words);
        tsim_close(&tables[i].t);
    }
}

/* ---- an act ---- */

static bool admit(struct play *g, struct door_item item, struct opened *o, bool private_room)
{
    struct record_sim *rec = &g->t.rec;
    struct verified_act va;
    struct err err = {0};
    if (!door_admit(rec->door, DOOR_STORED, item.envelope, item.blob, &va, &err)) {
        return false;
    }
    rec->items[rec->count++] = item;
    g->t.opened[va.index] = o;
    g->private[va.index] = private_room;
    if (!fold_step(g->t.fold, &va, o, &err)) {
        play_fail(g, "act %llu: %s", (unsigned long long)va.index, err.what);
        return false;
    }
    const struct void_note *v = fold_void(g->t.fold, va.index);
    uint8_t said[9] = {0};
    said[0] = v == NULL ? 0 : (uint8_t)v->code;
    for (int i = 0; i < 8; i++) {
        said[1 + i] = (uint8_t)(va.index >> (8 * i));
    }
    const struct bytes parts[] = {ID_BYTES(g->verdicts), bytes_of(said, sizeof(said))};
    g->verdicts = digest_tagged("test/verdicts", parts, COUNT_OF(parts));
    if (g->story) {
        (void)printf(
            "%llu %02x%02x%02x%02x side %u seat %u control %u kind %u at %llu seen %llu: %s\n",
            (unsigned long long)va.index, va.leaf.b[0], va.leaf.b[1], va.leaf.b[2], va.leaf.b[3],
            va.author.side, va.author.seat, (unsigned)va.act.control,
            o == NULL || o->content == NULL ? 0 : o->content->header.kind,
            (unsigned long long)rec->now, (unsigned long long)va.act.seen_size,
            v == NULL ? "counts" : v->what.p);
    }
    g->tally->acts++;
    if (o != NULL && v != NULL) {
        g->tally->voids++;
        g->tally->refused[(uint32_t)v->code % PLAY_REFUSALS]++;
    } else if (o != NULL && o->content != NULL) {
        g->tally->counted[o->content->header.kind % PLAY_KINDS]++;
    }
    return !g->failed;
}

/* May this signer write here at all? */
static bool may_sign(const struct play *g, uint32_t side, uint32_t seat)
{
    const struct record_sim *rec = &g->t.rec;
    if (seat == SIM_ROOT) {
        return true;
    }
    struct kid kid = signer_kid(rec->sides[side].seats[seat].sign);
    struct kid16 kid16 = kid_short(&kid);
    struct ring_author author;
    struct err untold = {0};
    return keyring_author(door_keyring(rec->door), door_size(rec->door), &kid16, &author, &untold);
}

bool play_control(struct play *g, uint32_t side, uint32_t seat, enum control_kind kind,
                  struct bytes blob)
{
    return may_sign(g, side, seat) && door_size(g->t.rec.door) + 1 < TSIM_ACTS &&
           admit(g, sim_make(&g->t.rec, side, seat, kind, blob), NULL, false);
}

bool play_countersign(struct play *g, uint32_t side, uint32_t seat)
{
    struct record_sim *rec = &g->t.rec;
    return may_sign(g, side, seat) &&
           play_control(g, side, seat, CONTROL_COUNTERSIGN,
                        sim_countersign_blob(rec, side, seat, door_size(rec->door), rec->now));
}

static bool room_of_all(struct text name)
{
    return text_is(name, "plenary") || text_is(name, "monitors");
}

/* The key that the room has for whoever writes now. */
static const struct epoch_state *key_of(const struct play *g, const struct writing *w)
{
    struct room room;
    if (!room_parse(w->c, w->p.room, &room) || !room_shared(room)) {
        return NULL;
    }
    return fold_epoch(g->t.fold, room, w->old_key ? g->base / 2 : door_size(g->t.rec.door));
}

/* Desk and record say the same, in the same words, of an act that was written on the newest view. */
static void compare_desk(struct play *g, struct writing *w, uint64_t index,
                         const struct refusal *desk, bool accepted)
{
    static const char form[] = "Its content is not of the form of its kind";
    const struct void_note *v = fold_void(g->t.fold, index);
    if (v != NULL && strncmp(v->what.p, form, sizeof(form) - 1) == 0) {
        return; /* at the desk it is a payload already, and has one */
    }
    if (accepted) {
        if (v != NULL) {
            play_fail(g, "act %llu: the desk lets it pass, the record says %s",
                      (unsigned long long)index, v->what.p);
        }
        return;
    }
    g->tally->stopped[(uint32_t)desk->code % PLAY_REFUSALS]++;
    if (v == NULL) {
        play_fail(g, "act %llu (kind %u): it counts, and the desk says %s",
                  (unsigned long long)index, (unsigned)w->p.kind, desk->what);
    } else if (v->code != desk->code || strcmp(v->what.p, desk->what) != 0) {
        play_fail(g, "act %llu: the desk says %s, the record %s", (unsigned long long)index,
                  desk->what, v->what.p);
    }
}

/* One act in eight is asked about at the desk first, unless it is spoilt on the way. */
static bool ask_desk(struct play *g, struct writing *w, struct refusal *r, bool *accepted)
{
    struct record_sim *rec = &g->t.rec;
    if (w->spoil != 0 || w->old_key || w->to_persons || w->wrong_header || w->seen != UINT64_MAX ||
        w->p.kind == KIND_EPOCH || w->p.kind == KIND_CHARTER ||
        w->p.kind == KIND_NOTICE || /* whose proof the desk has made itself */
        !prop_one_in(&g->rnd, 8)) {
        return false;
    }
    struct kid kid = signer_kid(rec->sides[w->side].seats[w->seat].sign);
    uint32_t seat = keyring_find_seat(door_keyring(rec->door), &kid);
    *r = (struct refusal){0};
    *accepted = fold_would_accept(g->t.fold, seat, &w->p, &g->words, r);
    return true;
}

/* What a notice may show. */
static void note_consult(struct play *g, enum act_kind kind, uint64_t index)
{
    if (kind == KIND_ASK) {
        g->consult_last[0] = index;
    } else if (kind == KIND_OPINION) {
        g->consult_last[1] = index;
    } else if (kind == KIND_UNDERTAKE) {
        g->consult_last[2] = index;
    }
}

bool play_file(struct play *g, struct writing *w)
{
    struct record_sim *rec = &g->t.rec;
    struct content_item *items = NULL, *more;
    struct err err = {0};
    size_t count = 0;
    uint64_t size = door_size(rec->door);
    struct refusal desk;
    bool accepted = false, asked = false;
    if (w->p.room.p == NULL) {
        w->p.room = text_str("plenary");
    }
    if (!may_sign(g, w->side, w->seat) || size + 1 >= TSIM_ACTS ||
        !payload_items(&w->p, &g->words, &items, &count, &err)) {
        return false;
    }
    more = ARENA_NEW(&g->words, struct content_item, ITEMS_MAX);
    if (more == NULL || count > ITEMS_MAX) {
        return false;
    }
    memcpy(more, items, count * sizeof(*items));
    const struct epoch_state *key = key_of(g, w);
    bool keys = w->p.kind == KIND_EPOCH || w->p.kind == KIND_CHARTER;
    bool by_identity = keys || w->to_persons || !room_of_all(w->p.room);
    if (!by_identity && key == NULL) {
        return false;
    }
    asked = ask_desk(g, w, &desk, &accepted);
    struct act a = sim_fields(rec, w->side, w->seat, CONTROL_SEALED, g->blob);
    if (w->seen != UINT64_MAX) {
        a.seen_size = w->seen;
        a.seen_root = door_root(rec->door, w->seen);
    }
    struct content_header h = {.table = rec->table,
                               .author = signer_kid(rec->sides[w->side].seats[w->seat].sign),
                               .n = a.n,
                               .term = a.term,
                               .claimed_time = w->p.claimed_time == 0 ? rec->now
                                                                      : w->p.claimed_time,
                               .kind = (uint32_t)w->p.kind,
                               .room = w->p.room,
                               .epoch = by_identity ? 0 : key->number,
                               .has_answers = w->p.has_answers,
                               .answers = w->p.answers};
    struct opened *o = ARENA_NEW(&rec->mem, struct opened, 1);
    struct content *c = ARENA_NEW(&rec->mem, struct content, 1);
    uint8_t *salts = ARENA_NEW(&g->words, uint8_t, (ITEMS_MAX + 1) * SALT_BYTES);
    struct buf raw;
    if (w->wrong_header) {
        h.epoch += 1;
    }
    if (w->spoil != 0) {
        spoil_items(w, more, &count, ITEMS_MAX);
        if (w->spoil == SPOIL_WAYS) {
            h.kind = (uint32_t)prop_below(&g->rnd, PLAY_KINDS);
        }
    }
    prop_fill(&g->rnd, salts, (count + 1) * SALT_BYTES);
    buf_init(&raw, BLOB_LIMIT_MOST);
    bool ok = content_encode(&h, more, count, bytes_of(salts, (count + 1) * SALT_BYTES), &raw,
                             &err);
    *o = (struct opened){.by_identity = by_identity,
                         .has_key = !by_identity,
                         .epoch_key_holds = true,
                         .matches = true};
    memset(o->sealed_to, 0xff, sizeof(o->sealed_to));
    if (key != NULL) {
        memcpy(o->key, key->public_key, sizeof(o->key));
    }
    if (ok && content_decode(arena_copy(&rec->mem, buf_bytes(&raw)), &rec->mem, c, &err)) {
        o->content = c;
        a.commit = content_commit(c);
    } else {
        o->matches = false; /* a reader finds no content in it */
    }
    buf_free(&raw);
    a.tag.b[0] = by_identity ? 0 : 1;
    if (rec->mem.failed ||
        !admit(g, sim_sign(rec, w->side, w->seat, &a, g->blob), o, !room_of_all(w->p.room))) {
        return false;
    }
    if (asked) {
        compare_desk(g, w, size, &desk, accepted);
    }
    if (fold_void(g->t.fold, size) == NULL) {
        note_consult(g, w->p.kind, size);
    }
    return !g->failed;
}

/* ---- a sequence ---- */

/* A fresh record, with the founding; or with so much of it that nobody has signed the charter yet. */
static bool again(struct play *g, bool provisional)
{
    uint64_t begins = provisional ? g->unsigned_base : g->base;
    struct record_sim *rec = &g->t.rec;
    struct err err = {0};
    door_free(rec->door);
    rec->door = NULL;
    arena_rewind(&rec->mem, g->mark);
    rec->count = 0;
    rec->now = g->base_now;
    arena_wipe(&g->t.folding);
    g->paper_count = 0;
    g->papers_made = 0;
    memset(g->consult_last, 0, sizeof(g->consult_last));
    g->verdicts = (struct digest){{0}};
    if (!door_new(&rec->mem, &rec->table, &rec->door, &err) ||
        !fold_new(&g->t.folding, door_keyring(rec->door), door_witness(rec->door), &g->t.fold,
                  &err)) {
        play_fail(g, "%s", err.what);
        return false;
    }
    for (uint64_t i = 0; i < begins; i++) {
        if (!admit(g, g->founding[i], g->founding_opened[i], false)) {
            play_fail(g, "the founding: act %llu", (unsigned long long)i);
            return false;
        }
    }
    return true;
}

/* People and machines do something other than writing. */
static void around(struct play *g)
{
    struct record_sim *rec = &g->t.rec;
    struct prop *rnd = &g->rnd;
    uint32_t side = (uint32_t)prop_below(rnd, rec->side_count);
    uint32_t group = (uint32_t)prop_below(rnd, charter_groups(&g->charter));
    struct buf b;
    switch (prop_below(rnd, 14)) {
    case 0: /* a seat is revoked, but rarely a witness */
        if (prop_one_in(rnd, 6)) {
            struct kid kid = signer_kid(rec->sides[side].seats[prop_one_in(rnd, 8) ? 0 : 1].sign);
            buf_init(&b, CONTROL_BLOB_MAX);
            keys_encode_revoke(&kid, &b);
            (void)play_control(g, side, SIM_ROOT, CONTROL_KEYS, sim_keep(rec, &b));
        }
        return;
    case 1:
        if (prop_one_in(rnd, 3)) {
            (void)play_control(g, side, SIM_ROOT, CONTROL_KEYS,
                               sim_seat_slip_blob(rec, side, PLAY_NEWCOMER, PLAY_NEWCOMER));
        }
        return;
    case 2: {
        buf_init(&b, CONTROL_BLOB_MAX);
        proceed_encode(group, &b);
        (void)play_control(g, (uint32_t)prop_below(rnd, charter_groups(&g->charter)), 0,
                           CONTROL_PROCEED, sim_keep(rec, &b));
        return;
    }
    case 3:
        if (prop_one_in(rnd, 4)) {
            rec->now += DAY * prop_between(rnd, 1, 9);
        }
        return;
    case 4:
        rec->now += 3600 * prop_between(rnd, 1, 60);
        return;
    case 5:
    case 6:
    case 7:
        (void)play_countersign(g, group, 0);
        return;
    default:
        for (uint32_t i = 0; i < charter_groups(&g->charter); i++) {
            (void)play_countersign(g, i, 0);
        }
        rec->now += 60;
    }
}

static void begin_writing(struct play *g, struct writing *w)
{
    arena_wipe(&g->words);
    *w = (struct writing){.g = g,
                          .s = fold_state(g->t.fold),
                          .c = &g->charter,
                          .rnd = &g->rnd,
                          .mem = &g->words,
                          .seen = UINT64_MAX};
    w->side = (uint32_t)prop_below(&g->rnd, g->charter.side_count);
    w->seat = prop_one_in(&g->rnd, 12) ? PLAY_NEWCOMER : (uint32_t)prop_below(&g->rnd, 2);
}

static const enum act_kind kinds[] = {
#define KIND_NUMBER(name, number, word, rooms, power) name,
    KIND_LIST(KIND_NUMBER)
#undef KIND_NUMBER
};

struct temper {
    uint32_t aims, bends, spoils; /* of 16 acts so many */
    bool hoards;                  /* files the same again and again */
};

static void one_act(struct play *g, const struct temper *t, struct writing *hoarded)
{
    struct writing w;
    bool control = false;
    if (prop_one_in(&g->rnd, 5)) {
        around(g);
        return;
    }
    begin_writing(g, &w);
    if (t->hoards && hoarded->g == NULL && prop_one_in(&g->rnd, 2)) {
        w.p.kind = KIND_PARK; /* the smallest of all ceilings: a sequence can reach it */
        w.side = 1;
        *hoarded = w;
    }
    if (t->hoards && hoarded->g != NULL) {
        w.side = hoarded->side;
        w.seat = hoarded->seat;
        if (write_kind(&w, hoarded->p.kind)) {
            w.side = hoarded->side;
            w.seat = hoarded->seat;
            (void)play_file(g, &w);
        }
        return;
    }
    if (prop_below(&g->rnd, 16) < t->aims) {
        w.aims = true;
        if (!write_aim(&w, &control) || control) {
            return;
        }
    } else if (!write_kind(&w, kinds[prop_below(&g->rnd, COUNT_OF(kinds))])) {
        return;
    }
    if (t->hoards) {
        *hoarded = w;
    }
    if (!w.aims && prop_below(&g->rnd, 16) < t->bends) {
        bend(&w);
    }
    if (!w.aims && prop_below(&g->rnd, 16) < t->spoils) {
        w.spoil = 1 + (uint32_t)prop_below(&g->rnd, SPOIL_WAYS);
    }
    if (play_file(g, &w) && prop_one_in(&g->rnd, 3)) {
        g->t.rec.now += prop_between(&g->rnd, 1, 1800);
    }
}

bool play_sequence(struct play *tables, uint64_t seed, struct tally *tally, struct play **out,
                   struct digest *out_digest)
{
    struct prop rnd;
    struct writing hoarded = {0};
    prop_init_seed(&rnd, seed * 2 + 1);
    struct play *g = &tables[prop_below(&rnd, FOLD_TABLES)];
    *out = g;
    g->rnd = rnd;
    g->seed = seed;
    g->tally = tally;
    g->failed = false;
    tally->sequences++;
    static const uint32_t aims[] = {0, 4, 10, 15};
    /* One draw a statement: the order within an initializer is each compiler's own. */
    struct temper t = {0};
    t.aims = aims[prop_below(&g->rnd, COUNT_OF(aims))];
    t.bends = (uint32_t)prop_below(&g->rnd, 13);
    t.spoils = prop_one_in(&g->rnd, 3) ? (uint32_t)prop_below(&g->rnd, 8) : 0;
    t.hoards = prop_one_in(&g->rnd, 100);
    uint64_t most = prop_one_in(&g->rnd, 4) ? 120 : 50;
    uint64_t length = t.hoards ? PLAY_ACTS : 8 + prop_below(&g->rnd, most);
    if (t.hoards) {
        t.aims = 0;
    }
    if (!again(g, prop_one_in(&g->rnd, 12))) {
        return false;
    }
    for (uint64_t i = 0; i < length && !g->failed; i++) {
        one_act(g, &t, &hoarded);
    }
    if (g->failed) {
        return false;
    }
    struct digest state = tsim_digest(&g->t);
    const struct bytes parts[] = {ID_BYTES(state), ID_BYTES(g->verdicts)};
    *out_digest = digest_tagged("test/sequence", parts, COUNT_OF(parts));
    return true;
}
