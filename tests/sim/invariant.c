/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/invariant.h"

#include <stdlib.h>

#include "app/opening.h"
#include "table/gate.h"

#define KNOWN_MAX 16384u
#define ACTS_MAX 4096u
#define TIMES_A_STEP 12u

/* What the first `size` acts with this root come to. */
struct known {
    uint64_t size;
    struct root_hash root;
    struct digest digest;
};

/* The least t and the greatest b that any prefix has given an act. */
struct span {
    bool has_t, has_b;
    uint64_t t, b;
};

struct seat_past {
    uint64_t size; /* at the last look */
    struct root_hash root;
    uint64_t final;
    uint64_t final_looked; /* its digest was compared */
    uint64_t gate_looked[CHARTER_PHASES_MAX];
    uint32_t bound_count;
    struct {
        struct leaf_hash leaf;
        uint64_t at;
    } bound[64];
    uint64_t removed_looked; /* acts below were tried with the keys of a removed seat */
};

struct invariants {
    struct figures figures;
    uint32_t known_count;
    struct known known[KNOWN_MAX];
    struct span spans[ACTS_MAX];
    struct seat_past past[WORLD_SEATS];
    uint64_t out_seen;
};

bool invariants_new(struct invariants **out, struct err *err)
{
    *out = calloc(1, sizeof(**out));
    return *out != NULL || err_memory(err, "what the simulator remembers");
}

void invariants_free(struct invariants *inv)
{
    free(inv);
}

void invariants_begin(struct invariants *inv)
{
    inv->known_count = 0;
    memset(inv->spans, 0, sizeof(inv->spans));
    memset(inv->past, 0, sizeof(inv->past));
    inv->out_seen = 0;
}

void invariants_forget(struct invariants *inv, uint32_t seat)
{
    inv->past[seat] = (struct seat_past){0};
}

const struct figures *invariants_figures(const struct invariants *inv)
{
    return &inv->figures;
}

struct figures *invariants_count(struct invariants *inv)
{
    return &inv->figures;
}

static const char *name_of(const struct world *w, uint32_t seat)
{
    return w->seats[seat].cast->name;
}

/* ---- state(s) and its digest depend on the first s leaves alone ---- */

static bool remember(struct world *w, uint32_t seat, uint64_t size, const struct root_hash *root,
                     const struct digest *digest, const char *how)
{
    struct invariants *inv = w->inv;
    for (uint32_t i = inv->known_count; i > 0; i--) {
        const struct known *k = &inv->known[i - 1];
        if (k->size == size && ID_EQ(k->root, *root)) {
            return ID_EQ(k->digest, *digest) ||
                   story_fail(&w->story, "prefix_decides",
                              "the first %llu acts are another state for %s (%s)",
                              (unsigned long long)size, name_of(w, seat), how);
        }
    }
    if (inv->known_count < KNOWN_MAX) {
        inv->known[inv->known_count++] = (struct known){
            .size = size, .root = *root, .digest = *digest};
        inv->figures.states++;
    }
    return true;
}

static bool prefix_decides(struct world *w, uint32_t seat)
{
    struct replica *r = &w->seats[seat].r;
    uint64_t size = door_size(r->door);
    struct digest now, again;
    struct root_hash root = door_root(r->door, size);
    if (!state_digest(fold_state(r->fold), &now, &w->err) ||
        !remember(w, seat, size, &root, &now, "as it came in")) {
        return false;
    }
    /* The same and a shorter prefix, folded anew from what is stored. */
    uint64_t shorter = fold_state(r->fold)->charter_index + 1;
    shorter += prop_below(&w->rnd, size - shorter + 1);
    const uint64_t sizes[] = {shorter, size};
    for (size_t i = prop_one_in(&w->rnd, 4) ? 0 : 1; i < COUNT_OF(sizes); i++) {
        root = door_root(r->door, sizes[i]);
        if (!replica_digest_without(r, sizes[i], INDEX_NEVER, &again, &w->err)) {
            return story_fail(&w->story, "prefix_decides", "%s cannot fold again: %s",
                              name_of(w, seat), w->err.what);
        }
        if (!remember(w, seat, sizes[i], &root, &again, "folded again")) {
            return false;
        }
    }
    return true;
}

/* ---- final ---- */

static bool final_never_falls(struct world *w, uint32_t seat)
{
    struct replica *r = &w->seats[seat].r;
    struct seat_past *past = &w->inv->past[seat];
    const struct witness_log *log = door_witness(r->door);
    uint64_t size = door_size(r->door);
    uint64_t before = past->final;
    for (uint64_t n = past->size; n <= size; n++) {
        uint64_t final = witness_final(log, n);
        if (final < before) {
            return story_fail(&w->story, "final_never_falls",
                              "%s: final(%llu) is %llu, and was %llu before", name_of(w, seat),
                              (unsigned long long)n, (unsigned long long) final,
                              (unsigned long long)before);
        }
        before = final;
    }
    past->final = before;
    return true;
}

static bool same_final(struct world *w, uint32_t a, uint32_t b)
{
    struct replica *ra = &w->seats[a].r, *rb = &w->seats[b].r;
    uint64_t fa = witness_final(door_witness(ra->door), door_size(ra->door));
    uint64_t fb = witness_final(door_witness(rb->door), door_size(rb->door));
    uint64_t least = fa < fb ? fa : fb;
    struct root_hash x = door_root(ra->door, least), y = door_root(rb->door, least);
    return ID_EQ(x, y);
}

/* Is there a group with no hostile seat?  Then no two forks are ever both final. */
static bool some_side_is_honest(const struct world *w)
{
    bool hostile[SIDES_MAX] = {false};
    bool there[SIDES_MAX] = {false};
    for (uint32_t i = 0; i < w->count; i++) {
        const struct seat_sim *s = &w->seats[i];
        if (s->open && s->r.side < SIDES_MAX) {
            there[s->r.side] = true;
            hostile[s->r.side] = hostile[s->r.side] || !s->honest;
        }
    }
    for (uint32_t i = 0; i < SIDES_MAX; i++) {
        if (there[i] && !hostile[i] &&
            i < keyring_found(door_keyring(world_newest((struct world *)(uintptr_t)w)->door))
                    ->groups) {
            return true;
        }
    }
    return false;
}

static bool final_is_one(struct world *w, uint32_t seat)
{
    for (uint32_t i = 0; i < w->count; i++) {
        const struct seat_sim *s = &w->seats[i];
        if (i != seat && s->open && s->honest && door_size(s->r.door) > 0 &&
            some_side_is_honest(w) && !same_final(w, seat, i)) {
            return story_fail(&w->story, "final_is_one",
                              "%s and %s hold two records as final, and no witness of an honest "
                              "side signed both",
                              name_of(w, seat), name_of(w, i));
        }
    }
    return true;
}

static bool final_never_changes(struct world *w, uint32_t seat)
{
    struct replica *r = &w->seats[seat].r;
    struct seat_past *past = &w->inv->past[seat];
    const struct table_state *s = fold_state(r->fold);
    struct digest d;
    if (past->final > past->final_looked && past->final > s->charter_index) {
        struct root_hash root = door_root(r->door, past->final);
        if (!replica_digest_without(r, past->final, INDEX_NEVER, &d, &w->err)) {
            return story_fail(&w->story, "final_never_changes", "%s", w->err.what);
        }
        if (!remember(w, seat, past->final, &root, &d, "final")) {
            return false;
        }
        past->final_looked = past->final;
    }
    if (past->size > 0 && door_size(r->door) >= past->size) {
        struct root_hash then = door_root(r->door, past->size);
        if (!ID_EQ(then, past->root)) {
            return story_fail(&w->story, "final_never_changes", "%s holds another past",
                              name_of(w, seat));
        }
    }
    for (uint32_t i = 0; i < past->bound_count; i++) {
        const struct proposal_state *p = state_proposal(s, &past->bound[i].leaf);
        if (p == NULL || p->bound_at != past->bound[i].at) {
            return story_fail(&w->story, "final_never_changes",
                              "for %s a package that was bound is so no more", name_of(w, seat));
        }
    }
    return true;
}

/* ---- time ---- */

static bool seen_size_of(struct world *w, uint32_t seat, uint64_t index, uint64_t *out)
{
    struct replica *r = &w->seats[seat].r;
    struct bytes raw;
    struct act a;
    bool ok = store_read_leaf(r->store, index, &r->scratch.mem, &raw, &w->err) &&
              act_decode(raw, &a, &w->err);
    if (ok) {
        *out = a.seen_size;
    }
    arena_wipe(&r->scratch.mem);
    return ok;
}

/* No act is in time for a deadline and late for it: not in one prefix, nor in two. */
static bool never_both_in_time_and_late(struct world *w, uint32_t seat)
{
    struct replica *r = &w->seats[seat].r;
    const struct witness_log *log = door_witness(r->door);
    uint64_t size = door_size(r->door);
    uint64_t most = size < ACTS_MAX ? size : ACTS_MAX;
    /* Indexes mean one thing only where there is one record. */
    for (uint32_t k = 0; w->liar == NULL && k < TIMES_A_STEP; k++) {
        uint64_t i = prop_below(&w->rnd, most);
        uint64_t at = i + 1 + prop_below(&w->rnd, size - i);
        struct span *span = &w->inv->spans[i];
        uint64_t seen = 0;
        if (!seen_size_of(w, seat, i, &seen)) {
            return story_fail(&w->story, "never_both_in_time_and_late", "%s", w->err.what);
        }
        struct moment t = witness_t(log, i, at), b = witness_b(log, seen, at);
        if (t.known && (!span->has_t || t.seconds < span->t)) {
            span->has_t = true;
            span->t = t.seconds;
        }
        if (b.known && (!span->has_b || b.seconds > span->b)) {
            span->has_b = true;
            span->b = b.seconds;
        }
        if (span->has_t && span->has_b && span->b > span->t) {
            return story_fail(&w->story, "never_both_in_time_and_late",
                              "act %llu is in time for %llu, and its author had surely seen %llu",
                              (unsigned long long)i, (unsigned long long)span->t,
                              (unsigned long long)span->b);
        }
    }
    return true;
}

/* ---- gates ---- */

struct looking {
    struct world *w;
    struct replica *r;
    uint32_t phase;
    uint64_t index, seen;
    bool holds;
};

static bool phase_is_bound(const struct table_state *s, uint32_t phase, uint64_t below)
{
    for (uint32_t i = 0; i < s->proposal_count; i++) {
        if (s->proposals[i].phase == phase && s->proposals[i].bound_at <= below) {
            return true;
        }
    }
    return false;
}

/* Each condition read off the state of the prefix once more, without the code of gates. */
static bool look_at_evidence(void *ctx, const struct table_state *s, struct err *err)
{
    struct looking *l = ctx;
    const struct charter_phase *p = &s->charter.phases[l->phase];
    (void)err;
    l->holds = phase_open(s, l->phase);
    for (uint32_t i = 0; i < p->condition_count && l->holds; i++) {
        const struct condition *c = &p->conditions[i];
        switch (c->kind) {
        case CONDITION_RATIFIED:
            l->holds = phase_is_bound(s, l->phase, l->index);
            break;
        case CONDITION_VERIFIED:
            l->holds = s->deeds[c->deed].verified == FINDING_DONE &&
                       s->deeds[c->deed].verified_index < l->index;
            break;
        case CONDITION_QUIET: {
            uint64_t bound = INDEX_NEVER;
            for (uint32_t k = 0; k < s->proposal_count; k++) {
                if (s->proposals[k].phase == l->phase && s->proposals[k].bound_at != INDEX_NEVER) {
                    bound = s->proposals[k].bound_time;
                }
            }
            struct moment b = witness_b(door_witness(l->r->door), l->seen, l->index);
            l->holds = bound != INDEX_NEVER && b.known && b.seconds >= bound + c->seconds;
            break;
        }
        case CONDITION_AGREED:
        case CONDITION_NO_REPORT_WAITING:
        case CONDITION_SETTLED_WITHIN:
        case CONDITION_CONSULTED:
        case CONDITION_UNDERTAKEN:
        case CONDITION_ADOPTED:
            break;
        }
    }
    return true;
}

static bool gate_has_its_evidence(struct world *w, uint32_t seat)
{
    struct replica *r = &w->seats[seat].r;
    struct seat_past *past = &w->inv->past[seat];
    const struct table_state *s = fold_state(r->fold);
    uint32_t phases = s->charter.phase_count;
    for (uint32_t i = 0; i < phases; i++) {
        uint64_t at = fold_state(r->fold)->gate_opened_at[i];
        if (at == INDEX_NEVER || past->gate_looked[i] == at + 1) {
            continue;
        }
        struct looking l = {.w = w, .r = r, .phase = i, .index = at};
        if (!seen_size_of(w, seat, at, &l.seen) ||
            !replica_at(r, at, look_at_evidence, &l, &w->err)) {
            return story_fail(&w->story, "gate_has_its_evidence", "%s", w->err.what);
        }
        if (!l.holds) {
            return story_fail(&w->story, "gate_has_its_evidence",
                              "the gate of phase %u opened at act %llu without what it waits for",
                              i, (unsigned long long)at);
        }
        past->gate_looked[i] = at + 1;
        w->inv->figures.gates += seat == 0;
    }
    return true;
}

/* ---- who is bound ---- */

static bool did(const struct world *w, enum deed_done what, uint32_t side,
                const struct leaf_hash *leaf)
{
    for (uint32_t i = 0; i < w->done_count; i++) {
        if (w->done[i].what == what && w->done[i].side == side &&
            ID_EQ(w->done[i].proposal, *leaf)) {
            return true;
        }
    }
    return false;
}

static bool side_is_honest(const struct world *w, uint32_t side)
{
    for (uint32_t i = 0; i < w->count; i++) {
        if (w->seats[i].open && w->seats[i].r.side == side && !w->seats[i].honest) {
            return false;
        }
    }
    return true;
}

static bool bound_once(const struct table_state *s, uint32_t at)
{
    for (uint32_t i = 0; i < s->proposal_count; i++) {
        if (i != at && s->proposals[i].bound_at != INDEX_NEVER &&
            s->proposals[i].phase == s->proposals[at].phase) {
            return false;
        }
    }
    return true;
}

static uint32_t issues_of(const struct charter *c, uint32_t phase)
{
    uint32_t n = 0;
    for (uint32_t i = 0; i < c->issue_count; i++) {
        n += c->issues[i].phase == phase;
    }
    return n;
}

/* Bound is who has accepted this very version himself, binding or with his principal's
 * ratification; once a phase; a package of all its issues. */
static bool bound_by_own_word(struct world *w, uint32_t seat)
{
    const struct replica *r = &w->seats[seat].r;
    const struct table_state *s = fold_state(r->fold);
    struct seat_past *past = &w->inv->past[seat];
    for (uint32_t i = 0; i < s->proposal_count; i++) {
        const struct proposal_state *p = &s->proposals[i];
        bool known = false;
        for (uint32_t k = 0; k < past->bound_count; k++) {
            known = known || ID_EQ(past->bound[k].leaf, p->leaf);
        }
        if (p->bound_at == INDEX_NEVER || known) {
            continue;
        }
        for (uint32_t side = 1; side <= s->charter.party_count; side++) {
            const struct answer_state *a = &p->answers[side];
            bool ratified = p->ratified[side].given;
            if (!side_is_honest(w, side)) {
                continue;
            }
            if (!answer_accepts(a) || !did(w, DONE_ACCEPT, side, &p->leaf) ||
                (a->kind == ANSWER_AD_REFERENDUM &&
                 (!ratified || !did(w, DONE_RATIFY, side, &p->leaf)))) {
                return story_fail(&w->story, "bound_by_own_word",
                                  "P%u binds side %u, which has not said so", p->number, side);
            }
            if (a->index >= p->bound_at || (ratified && p->ratified[side].index >= p->bound_at)) {
                return story_fail(&w->story, "bound_by_own_word",
                                  "P%u is bound before side %u said so", p->number, side);
            }
        }
        if (!bound_once(s, i)) {
            return story_fail(&w->story, "bound_by_own_word", "phase %u is bound twice", p->phase);
        }
        if (p->package.count != issues_of(&s->charter, p->phase)) {
            return story_fail(&w->story, "bound_by_own_word", "P%u binds and leaves out an issue",
                              p->number);
        }
        if (p->withdrawn_at != INDEX_NEVER && p->withdrawn_at < p->bound_at) {
            return story_fail(&w->story, "bound_by_own_word", "P%u binds and is withdrawn",
                              p->number);
        }
        if (past->bound_count < COUNT_OF(past->bound)) {
            past->bound[past->bound_count].leaf = p->leaf;
            past->bound[past->bound_count++].at = p->bound_at;
        }
        w->inv->figures.bound += seat == 0;
    }
    return true;
}

/* No clock of an honest machine is off by more than this, and no hour passes before it does. */
static bool nothing_lapses_early(struct world *w, uint32_t seat)
{
    const struct table_state *s = fold_state(w->seats[seat].r.fold);
    uint32_t groups = keyring_found(door_keyring(w->seats[seat].r.door))->groups;
    uint32_t liars = 0;
    for (uint32_t side = 0; side < groups; side++) {
        liars += !side_is_honest(w, side);
    }
    if (groups < 3 || liars > 1) {
        return true; /* a majority that lies together can let things lapse; one of two is that */
    }
    for (uint32_t i = 0; i < s->charter.deed_count; i++) {
        const struct deed_state *d = &s->deeds[i];
        if (d->lapsed && d->due > w->now + CLOCK_JUMP_SECONDS + 60) {
            return story_fail(&w->story, "nothing_lapses_early", "deed %u, due at %llu, has lapsed",
                              i, (unsigned long long)d->due);
        }
    }
    return true;
}

/* ---- who was removed ---- */

static bool can_open(struct world *w, struct replica *removed, struct replica *from, uint64_t index,
                     bool *out)
{
    struct arena *mem = &removed->scratch.mem;
    struct verified_act va = {.index = index, .leaf = door_leaf(from->door, index)};
    struct opened_act act = {0};
    struct bytes raw, blob;
    bool ok = store_read_leaf(from->store, index, mem, &raw, &w->err) &&
              act_decode(raw, &va.act, &w->err);
    *out = false;
    if (ok && va.act.control == CONTROL_SEALED) {
        ok = keyring_author(door_keyring(from->door), index, &va.act.kid, &va.author, &w->err) &&
             store_read_blob(from->store, &va.act.blob, mem, &blob, &w->err);
        ok = ok && opening_try(&removed->openings, door_keyring(from->door), &va, blob, mem, &act,
                               &w->err);
        *out = ok && act.open;
    }
    arena_wipe(mem);
    return ok;
}

/* The host gives a removed seat every act all the same; it opens none that an honest seat sealed
 * after it had seen the removal. */
static bool removed_reads_nothing(struct world *w, uint32_t seat)
{
    struct seat_sim *gone = &w->seats[seat];
    struct replica *from = world_newest(w);
    struct seat_past *past = &w->inv->past[seat];
    if (from == NULL || gone->keys == NULL) {
        return true;
    }
    const struct keyring *ring = door_keyring(from->door);
    struct kid kid = signer_kid(keys_signer(gone->keys, KEY_SEAT));
    uint32_t number = keyring_find_seat(ring, &kid);
    uint64_t size = door_size(from->door);
    if (number == SEAT_NONE || keyring_seat(ring, number)->revoked_at == INDEX_NEVER) {
        return true;
    }
    uint64_t revoked = keyring_seat(ring, number)->revoked_at;
    uint64_t i = past->removed_looked > revoked ? past->removed_looked : revoked + 1;
    w->inv->figures.removed += past->removed_looked == 0;
    for (; i < size; i++) {
        struct arena *mem = &from->scratch.mem;
        struct bytes raw;
        struct act a;
        struct ring_author author;
        bool opens = false;
        if (!store_read_leaf(from->store, i, mem, &raw, &w->err) || !act_decode(raw, &a, &w->err) ||
            !keyring_author(ring, i, &a.kid, &author, &w->err)) {
            return story_fail(&w->story, "removed_reads_nothing", "%s", w->err.what);
        }
        uint32_t who = author.seat == SEAT_NONE ? WORLD_SEAT_NONE : world_find(w, author.kid);
        bool fair = who != WORLD_SEAT_NONE && w->seats[who].honest && a.seen_size > revoked;
        arena_wipe(mem);
        if (!fair) {
            continue;
        }
        if (!can_open(w, &gone->r, from, i, &opens)) {
            return story_fail(&w->story, "removed_reads_nothing", "%s", w->err.what);
        }
        if (opens) {
            return story_fail(&w->story, "removed_reads_nothing",
                              "%s, removed by act %llu, reads act %llu of %s", name_of(w, seat),
                              (unsigned long long)revoked, (unsigned long long)i, name_of(w, who));
        }
    }
    past->removed_looked = size;
    return true;
}

/* ---- all of them ---- */

static void count_words(struct world *w, const struct table_state *s)
{
    struct figures *f = &w->inv->figures;
    for (uint32_t i = 0; i < s->proposal_count; i++) {
        f->agreed += s->proposals[i].agreed_at != INDEX_NEVER;
        f->crossed += s->proposals[i].crossed != 0;
        f->contested += s->proposals[i].contested;
    }
    for (uint32_t i = 0; i < s->charter.deed_count; i++) {
        f->lapsed += s->deeds[i].lapsed;
    }
    f->voids += s->void_count;
}

bool invariants_check(struct world *w)
{
    if (story_failed(&w->story)) {
        return false; /* it was found on the wire (one_act_a_number) */
    }
    for (uint32_t i = 0; i < w->count; i++) {
        struct seat_sim *s = &w->seats[i];
        struct seat_past *past = &w->inv->past[i];
        if (!s->open || !s->honest || s->r.spoiled || door_size(s->r.door) == 0) {
            continue;
        }
        uint64_t size = door_size(s->r.door);
        struct root_hash root = door_root(s->r.door, size);
        if (!removed_reads_nothing(w, i)) {
            return false;
        }
        if (past->size == size && ID_EQ(past->root, root)) {
            continue;
        }
        if (!final_never_falls(w, i) || !never_both_in_time_and_late(w, i) || !final_is_one(w, i)) {
            return false;
        }
        if (replica_has_charter(&s->r) &&
            (!prefix_decides(w, i) || !final_never_changes(w, i) || !bound_by_own_word(w, i) ||
             !gate_has_its_evidence(w, i) || !nothing_lapses_early(w, i))) {
            return false;
        }
        past->size = size;
        past->root = root;
    }
    return true;
}

static bool starts(const char *what, const char *with)
{
    return strncmp(what, with, strlen(with)) == 0;
}

/* Somebody's record, if nobody else's than a cheat's, has it that this seat was removed. */
bool invariant_is_removed(struct world *w, uint32_t seat)
{
    if (w->seats[seat].keys == NULL) {
        return false;
    }
    struct kid kid = signer_kid(keys_signer(w->seats[seat].keys, KEY_SEAT));
    for (uint32_t i = 0; i < w->count; i++) {
        if (!w->seats[i].open) {
            continue;
        }
        const struct keyring *ring = door_keyring(w->seats[i].r.door);
        uint32_t number = keyring_find_seat(ring, &kid);
        if (number != SEAT_NONE && keyring_seat(ring, number)->revoked_at != INDEX_NEVER) {
            return true;
        }
    }
    return false;
}

bool invariant_failure_is_honest(struct world *w, uint32_t seat)
{
    /* What an honest machine meets on a bad day. */
    static const char *const expected[] = {
        "this machine's clock is behind what it countersigned last",
        "this seat is not admitted yet",
        "this seat has not been admitted", /* removed before it ever came */
        "this seat has no key of the room",
        "this seat does not sit in",
        "the room ",
        "somebody who has left the room ",
    };
    if (w->err.code == ERR_HOST || w->err.code == ERR_RULE || invariant_is_removed(w, seat)) {
        return true;
    }
    /* What was signed last is in no record and in no copy: nobody may sign that number again. */
    if (w->seats[seat].backup && strstr(w->err.what, "is a restored copy") != NULL) {
        w->seats[seat].gone = true;
        return true;
    }
    for (size_t i = 0; i < COUNT_OF(expected); i++) {
        if (starts(w->err.what, expected[i])) {
            return true;
        }
    }
    return story_fail(&w->story, "honest_host_is_believed", "%s: %s (%s; %s)", name_of(w, seat),
                      w->err.what, w->err.where, w->err.mend);
}

/* Is somebody needed to countersign for this side who cannot? */
static bool witnesses_are_missing(struct world *w, const struct replica *r, uint32_t side)
{
    const struct keyring *ring = door_keyring(r->door);
    const struct ring_naming *n = keyring_naming(ring, side, door_size(r->door));
    uint32_t able = 0;
    for (uint32_t i = 0; n != NULL && i < n->count; i++) {
        const struct ring_seat *s = keyring_seat(ring,
                                                 keyring_witness(ring, n->witnesses[i])->seat);
        uint32_t who = world_find(w, &s->kid);
        able += who != WORLD_SEAT_NONE && w->seats[who].open && !w->seats[who].gone &&
                w->seats[who].honest && ring_seat_active(s, door_size(r->door));
    }
    return n != NULL && able < n->needed;
}

bool invariant_ends_well(struct world *w)
{
    struct replica *r = world_newest(w);
    if (r == NULL) {
        return story_fail(&w->story, "ends_well", "nobody holds a state");
    }
    const struct keyring *ring = door_keyring(r->door);
    uint64_t size = door_size(r->door);
    count_words(w, fold_state(r->fold));
    w->inv->figures.acts += size;
    for (uint32_t i = 0; i < w->count; i++) {
        struct seat_sim *s = &w->seats[i];
        if (!s->open || !s->honest || s->gone || s->r.seat == SEAT_NONE ||
            !ring_seat_active(keyring_seat(ring, s->r.seat), size)) {
            continue;
        }
        if (door_size(s->r.door) != size) {
            return story_fail(&w->story, "ends_well", "%s holds %llu acts of %llu (%s)",
                              name_of(w, i), (unsigned long long)door_size(s->r.door),
                              (unsigned long long)size, w->err.what);
        }
    }
    /* Everything that is no countersign act is final, or the side that is missing has a reason. */
    uint64_t final = witness_final(door_witness(r->door), size);
    uint64_t last = size;
    struct bytes raw;
    struct act a = {.control = CONTROL_COUNTERSIGN};
    while (last > final && a.control == CONTROL_COUNTERSIGN) {
        if (!store_read_leaf(r->store, --last, &r->scratch.mem, &raw, &w->err) ||
            !act_decode(raw, &a, &w->err)) {
            return story_fail(&w->story, "ends_well", "%s", w->err.what);
        }
        arena_wipe(&r->scratch.mem);
    }
    if (a.control == CONTROL_COUNTERSIGN || last < final) {
        return true;
    }
    for (uint32_t side = 0; side < keyring_found(ring)->groups; side++) {
        if (!witness_covers(door_witness(r->door), side, last + 1, size) &&
            keyring_naming(ring, side, size) != NULL && !witnesses_are_missing(w, r, side)) {
            return story_fail(&w->story, "ends_well",
                              "act %llu of %llu is not final (final: %llu), and nobody of side %u "
                              "is missing",
                              (unsigned long long)last, (unsigned long long)size,
                              (unsigned long long) final, side);
        }
    }
    return true;
}
