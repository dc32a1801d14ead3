/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/scene.h"

#include "lib/app_sim.h"
#include "os/file.h"
#include "sim/behave.h"
#include "sim/forge.h"
#include "sim/hostile_host.h"
#include "sim/invariant.h"
#include "sim/prosecute.h"

#define VOSS 0u /* at the table of two */
#define MARO 1u

enum wide { W_RHEE, W_VOSS, W_MARO, W_ORAM, W_DIAZ, W_ILIN, W_SATO, W_TARN };

/* ---- lines of a play ---- */

/* What the play needs: where it does not come about, nothing is shown. */
static bool needs(struct world *w, const char *what, bool ok)
{
    story_tell(&w->story, "%s", what);
    return ok || story_fail(&w->story, "plays", "%s: %s (%s)", what, w->err.what, w->err.where);
}

static bool round_of_sync(struct world *w)
{
    for (int pass = 0; pass < 2; pass++) {
        for (uint32_t i = 0; i < w->count; i++) {
            if (w->seats[i].open && !w->seats[i].gone && w->seats[i].honest) {
                enum outcome o = behave_sync(w, i);
                (void)o; /* what came of it is in the story; the invariants judge */
            }
        }
        world_wait(w, 60);
    }
    return invariants_check(w);
}

static bool say(struct world *w, uint32_t seat, const char *words)
{
    struct text text = text_str(words);
    const struct payload p = {
        .kind = KIND_SAY, .room = text_str("plenary"), .texts = &text, .text_count = 1};
    return act_file(&w->seats[seat].r, ACT_CHECKED, &p, NULL, &w->err);
}

static bool propose(struct world *w, uint32_t seat)
{
    struct named_choice line = {text_str("line"), 0};
    const struct payload p = {
        .kind = KIND_PROPOSE, .room = text_str("plenary"), .choice_count = 1, .choices = &line};
    return act_file(&w->seats[seat].r, ACT_CHECKED, &p, NULL, &w->err);
}

/* The host's folder as it was, but for its guard, or all of it. */
static bool host_put_back(struct world *w, const char *from, bool guard)
{
    char now[SCRATCH_PATH_MAX], kept[SCRATCH_PATH_MAX], path[FILE_PATH_MAX], inner[80];
    struct buf name, raw;
    buf_over(&name, inner, sizeof(inner));
    buf_printf(&name, "%s/guard", id_hex(w->table.b).s);
    scratch_path(&w->folder, from, kept);
    host_close(w->host);
    w->host = NULL;
    memcpy(now, w->host_dir, sizeof(now));
    buf_init(&raw, (size_t)1 << 16);
    bool ok = replica_path(now, buf_str(&name), path, &w->err) &&
              file_read_into(path, &raw, &w->err);
    app_sim_copy(kept, w->host_dir);
    ok = ok && (guard || file_replace(path, FILE_SECRET, buf_bytes(&raw), &w->err));
    buf_free(&raw);
    return ok && host_open(w->host_dir, &w->table, &w->host, &w->err);
}

static void host_keep(struct world *w, const char *to)
{
    char kept[SCRATCH_PATH_MAX];
    scratch_path(&w->folder, to, kept);
    app_sim_copy(w->host_dir, kept);
}

/* ---- copies that come back ---- */

/* An honest host's folder is put back from a backup, and its guard is not: it signs nothing, until it
 * has its newest folder again. */
static bool host_restored(struct world *w)
{
    if (!needs(w, "Maro proposes", propose(w, MARO)) || !round_of_sync(w)) {
        return false;
    }
    host_keep(w, "live/old");
    if (!needs(w, "Voss speaks", say(w, VOSS, "here I am")) || !round_of_sync(w)) {
        return false;
    }
    host_keep(w, "live/new");
    story_tell(&w->story, "the host's folder is put back from a backup");
    if (host_put_back(w, "live/old", false)) {
        /* It opened: then it has to answer as an honest host does. */
        if (behave_sync(w, MARO) == OUTCOME_FAILED && !invariant_failure_is_honest(w, MARO)) {
            return false;
        }
    } else if (strstr(w->err.what, "restored copy") == NULL) {
        return story_fail(&w->story, "honest_host_is_believed", "the host: %s", w->err.what);
    }
    return invariants_check(w) &&
           needs(w, "the host has its newest folder again", host_put_back(w, "live/new", false)) &&
           round_of_sync(w) && needs(w, "Maro speaks", say(w, MARO, "and on")) &&
           round_of_sync(w) && invariant_ends_well(w);
}

/* A hostile host goes back to an old copy, guard and all: whoever has seen more says so. */
static bool host_rolled_back(struct world *w)
{
    if (!liar_new(w)) {
        return false;
    }
    liar_rests(w);
    if (!needs(w, "Maro proposes", propose(w, MARO)) || !round_of_sync(w)) {
        return false;
    }
    host_keep(w, "live/old");
    if (!needs(w, "Voss speaks", say(w, VOSS, "here I am")) || !round_of_sync(w) ||
        !needs(w, "the host goes back", host_put_back(w, "live/old", true))) {
        return false;
    }
    for (uint32_t i = VOSS; i <= MARO; i++) {
        uint64_t held = door_size(w->seats[i].r.door);
        if (behave_sync(w, i) == OUTCOME_DONE) {
            return story_fail(&w->story, "an_old_record_is_told",
                              "%s holds %llu acts, is shown fewer, and says nothing",
                              w->seats[i].cast->name, (unsigned long long)held);
        }
    }
    return invariants_check(w) && prosecute(w);
}

/* A witness whose machine comes back from a backup, without its guards, at a host that has forked: it
 * does not sign the other tree. */
static bool witness_restored(struct world *w)
{
    if (!liar_new(w)) {
        return false;
    }
    liar_rests(w);
    if (!round_of_sync(w) || !needs(w, "Voss makes a backup", world_keep_backup(w, W_VOSS)) ||
        !liar_forks(w)) {
        return false;
    }
    liar_places(w, W_ORAM, true);
    enum outcome o = OUTCOME_DONE;
    if (!needs(w, "Maro speaks on one branch", say(w, W_MARO, "here")) ||
        !needs(w, "Oram speaks on the other", say(w, W_ORAM, "there"))) {
        return false;
    }
    o = behave_sync(w, W_VOSS);
    if (!needs(w, "Voss puts back the backup", o == OUTCOME_DONE && world_put_back(w, W_VOSS))) {
        return false;
    }
    invariants_forget(w->inv, W_VOSS);
    liar_places(w, W_VOSS, true);
    world_wait(w, 600);
    o = behave_sync(w, W_VOSS);
    (void)o; /* it may refuse; it may not sign */
    o = behave_sync(w, W_ORAM);
    (void)o;
    o = behave_sync(w, W_MARO);
    (void)o;
    return invariants_check(w) && prosecute(w);
}

/* What a seat signed last is lost with its outbox, and the host has it: no other act gets its number. */
static bool number_twice(struct world *w)
{
    if (!liar_new(w)) {
        return false;
    }
    liar_rests(w);
    if (!round_of_sync(w) || !needs(w, "Voss makes a backup", world_keep_backup(w, VOSS))) {
        return false;
    }
    liar_plans(w, 2); /* held */
    story_tell(&w->story, "Voss speaks");
    bool ok = say(w, VOSS, "one");
    if (ok || !needs(w, "Voss puts back the backup", world_put_back(w, VOSS))) {
        return false;
    }
    invariants_forget(w->inv, VOSS);
    story_tell(&w->story, "Voss speaks");
    ok = say(w, VOSS, "two");
    story_add(&w->story, ok ? "" : " -> ");
    story_add(&w->story, "%s", ok ? "" : w->err.what);
    return invariants_check(w) && prosecute(w);
}

/* ---- keys of rooms ---- */

/* Its machine stops before it has given the rooms new keys. */
static bool removes(struct world *w, uint32_t by, uint32_t seat)
{
    struct kid kid = signer_kid(keys_signer(w->seats[seat].keys, KEY_SEAT));
    struct buf blob;
    buf_init(&blob, CONTROL_BLOB_MAX);
    keys_encode_revoke(&kid, &blob);
    bool ok = sync_take(&w->seats[by].r, &w->err) &&
              forge_control(w, by, KEY_ROOT, CONTROL_KEYS, buf_bytes(&blob),
                            door_size(w->seats[by].r.door), &w->err);
    buf_free(&blob);
    return ok;
}

/* Who was removed holds the monitors' key, and the monitor, who can give no other, has seen the
 * removal: it writes nothing under that key. */
static bool removed_seat_holds_the_key(struct world *w)
{
    struct text words = text_str("shots were heard");
    const struct payload seen = {.kind = KIND_INCIDENT,
                                 .room = text_str("monitors"),
                                 .texts = &words,
                                 .text_count = 1,
                                 .has_when = true,
                                 .when = w->now - 60};
    if (!needs(w, "Rhee admits Sato", world_join(w, W_SATO, W_RHEE)) ||
        !needs(w, "Sato settles in", act_settle_in(&w->seats[W_SATO].r, &w->err)) ||
        !round_of_sync(w) ||
        !needs(w, "Voss reports an incident, under a key that Sato has",
               act_file(&w->seats[W_VOSS].r, ACT_CHECKED, &seen, NULL, &w->err)) ||
        !round_of_sync(w) || !needs(w, "Rhee removes Sato", removes(w, W_RHEE, W_SATO)) ||
        !needs(w, "Diaz looks", sync_take(&w->seats[W_DIAZ].r, &w->err))) {
        return false;
    }
    const struct payload found = {
        .kind = KIND_SAY, .room = text_str("monitors"), .texts = &words, .text_count = 1};
    story_tell(&w->story, "Diaz writes to the monitors' room");
    bool ok = act_file(&w->seats[W_DIAZ].r, ACT_CHECKED, &found, NULL, &w->err);
    story_add(&w->story, ok ? "" : " -> ");
    story_add(&w->story, "%s", ok ? "" : w->err.what);
    return round_of_sync(w);
}

/* ---- grants ---- */

/* The file key of the act at this place, to one seat. */
static bool forged_grant(struct world *w, uint32_t from, uint32_t to, uint64_t index)
{
    struct replica *r = &w->seats[from].r;
    const struct keyring *ring = door_keyring(r->door);
    struct kid kid = signer_kid(keys_signer(w->seats[to].keys, KEY_SEAT));
    uint32_t seat = keyring_find_seat(ring, &kid);
    struct grant_act g = {.leaf = door_leaf(r->door, index)};
    struct act a;
    struct opened_act o;
    uint8_t identity[2][32];
    if (seat == SEAT_NONE || !replica_act(r, index, &r->memory.mem, &a, &o, &w->err) || !o.open) {
        return false;
    }
    memcpy(g.file_key, o.file_key, sizeof(g.file_key));
    memcpy(identity[0], keyring_seat(ring, seat)->keys.seal.b, 32);
    memcpy(identity[1], keyring_seat(ring, r->seat)->keys.seal.b, 32);
    const struct payload p = {
        .kind = KIND_GRANT, .room = text_str("plenary"), .grant_acts = &g, .grant_act_count = 1};
    const struct forgery f = {.p = &p,
                              .identity_count = 2,
                              .identities = identity[0],
                              .shown = true,
                              .seen_size = door_size(r->door),
                              .claimed_time = w->now};
    return forge_sealed(w, from, &f, &w->err);
}

/* Tarn is admitted, and his principal's grant is still to come. */
static bool newcomer(struct world *w)
{
    return needs(w, "Maro proposes", propose(w, W_MARO)) && round_of_sync(w) &&
           needs(w, "Maro admits Tarn and gives him nothing yet",
                 world_join_bare(w, W_TARN, W_MARO, SEAT_MAY_GRANT)) &&
           round_of_sync(w);
}

static bool tarn_looks(struct world *w)
{
    return needs(w, "Maro looks", sync_take(&w->seats[W_MARO].r, &w->err)) &&
           needs(w, "Tarn looks", sync_take(&w->seats[W_TARN].r, &w->err)) && invariants_check(w);
}

/* Then his principal shares all, and he folds what everybody folds. */
static bool tarn_is_given_all(struct world *w)
{
    struct kid kid = signer_kid(keys_signer(w->seats[W_TARN].keys, KEY_SEAT));
    uint32_t seat = keyring_find_seat(door_keyring(w->seats[W_MARO].r.door), &kid);
    return needs(w, "Maro shares with Tarn", act_share(&w->seats[W_MARO].r, &seat, 1, &w->err)) &&
           tarn_looks(w) && round_of_sync(w) &&
           (replica_has_charter(&w->seats[W_TARN].r) ||
            story_fail(&w->story, "plays", "Tarn was given the charter and has none"));
}

static uint64_t charter_index(const struct world *w, uint32_t seat)
{
    return fold_state(w->seats[seat].r.fold)->charter_index;
}

/* Somebody of another side gives a newcomer the charter and none of the keys: he would fold a state
 * that nobody else has. */
static bool grant_of_another_side(struct world *w)
{
    w->seats[W_VOSS].honest = false;
    return newcomer(w) && needs(w, "Voss looks", sync_take(&w->seats[W_VOSS].r, &w->err)) &&
           needs(w, "Voss gives Tarn the charter alone",
                 forged_grant(w, W_VOSS, W_TARN, charter_index(w, W_VOSS))) &&
           tarn_looks(w) && tarn_is_given_all(w);
}

/* Likewise somebody of the mediation who may grant nothing. */
static bool grant_without_leave(struct world *w)
{
    struct kid kid;
    if (!newcomer(w) || !needs(w, "Rhee admits Sato, who may grant nothing",
                               world_join_bare(w, W_SATO, W_RHEE, 0))) {
        return false;
    }
    kid = signer_kid(keys_signer(w->seats[W_SATO].keys, KEY_SEAT));
    uint32_t seat = SEAT_NONE;
    bool ok = sync_take(&w->seats[W_RHEE].r, &w->err);
    seat = keyring_find_seat(door_keyring(w->seats[W_RHEE].r.door), &kid);
    w->seats[W_SATO].honest = false;
    return needs(w, "Rhee shares with Sato",
                 ok && act_share(&w->seats[W_RHEE].r, &seat, 1, &w->err)) &&
           round_of_sync(w) && needs(w, "Sato looks", sync_take(&w->seats[W_SATO].r, &w->err)) &&
           needs(w, "Sato gives Tarn the charter alone",
                 forged_grant(w, W_SATO, W_TARN, charter_index(w, W_SATO))) &&
           tarn_looks(w) && tarn_is_given_all(w);
}

/* The mediation gives him the file key of a proposal, which was sealed to the room: for him alone it
 * would be one that was sealed to persons, and void. */
static bool grant_of_what_the_room_reads(struct world *w)
{
    w->seats[W_RHEE].honest = false;
    return newcomer(w) && needs(w, "Rhee looks", sync_take(&w->seats[W_RHEE].r, &w->err)) &&
           needs(w, "Rhee gives Tarn a proposal",
                 forged_grant(w, W_RHEE, W_TARN,
                              fold_state(w->seats[W_RHEE].r.fold)->proposals[0].index)) &&
           tarn_looks(w) && tarn_is_given_all(w);
}

const struct set_piece set_pieces[] = {
    {"host-restored", "pair", host_restored},
    {"host-rolled-back", "pair", host_rolled_back},
    {"witness-restored", "wide", witness_restored},
    {"number-twice", "pair", number_twice},
    {"removed-seat-holds-the-key", "wide", removed_seat_holds_the_key},
    {"grant-of-another-side", "wide", grant_of_another_side},
    {"grant-without-leave", "wide", grant_without_leave},
    {"grant-of-what-the-room-reads", "wide", grant_of_what_the_room_reads},
};
const uint32_t set_piece_count = COUNT_OF(set_pieces);

bool set_piece_play(struct world *w, const struct set_piece *p)
{
    story_begin(&w->story, false);
    bool ok = world_begin(w, 1);
    w->net.rough = false;
    for (uint32_t i = 0; i < w->count; i++) {
        w->seats[i].clock.off = 0;
    }
    world_clocks(w);
    ok = ok ? p->play(w) : story_fail(&w->story, "begins", "%s", w->err.what);
    liar_free(w);
    world_end(w);
    return ok;
}
