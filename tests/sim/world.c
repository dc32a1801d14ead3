/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/world.h"

#include <stdio.h>

#include "app/join.h"
#include "lib/app_sim.h"
#include "os/file.h"
#include "os/folder.h"
#include "sim/forge.h"
#include "sim/invariant.h"

#define PASSPHRASE "for the simulator"
#define FIRST_DAY UINT64_C(1930000000)

static bool passphrase(void *ctx, const char *prompt, struct buf *out, struct err *err)
{
    (void)ctx;
    (void)prompt;
    buf_add_str(out, PASSPHRASE);
    return buf_done(out, "a passphrase", err);
}

static bool open_keys(struct world *w, struct seat_sim *s)
{
    char path[FILE_PATH_MAX];
    const struct keys_ask ask = {passphrase, NULL};
    return region_init(&s->memory, REGION_SECRET, (size_t)1 << 20, &w->err) &&
           replica_path(s->dir, "seat.key", path, &w->err) &&
           keys_open(path, &ask, &s->memory.mem, &s->keys, &w->err);
}

static void drop_keys(struct seat_sim *s)
{
    keys_free(s->keys);
    region_free(&s->memory);
    s->keys = NULL;
}

static struct seat_keys_plan plan_of(const struct seat_sim *s)
{
    return (struct seat_keys_plan){.passphrase = bytes_str(PASSPHRASE),
                                   .cost = KEYFILE_COST_CHEAP,
                                   .name = text_str(s->cast->name)};
}

/* ---- machines ---- */

bool world_start(struct world *w, uint32_t seat)
{
    struct seat_sim *s = &w->seats[seat];
    if (!replica_open(s->dir, s->keys, &s->clock.clock, &w->chance, "sim", &s->r, &w->err)) {
        return false;
    }
    if (!s->elsewhere) {
        s->r.link = port_link(&s->port);
    }
    s->open = true;
    return true;
}

void world_stop(struct world *w, uint32_t seat)
{
    struct seat_sim *s = &w->seats[seat];
    if (s->open) {
        replica_close(&s->r);
        s->open = false;
    }
}

static void beside(struct world *w, const char *what, uint32_t seat,
                   char out[static SCRATCH_PATH_MAX])
{
    char name[32];
    (void)snprintf(name, sizeof(name), "live/%s%u", what, seat);
    scratch_path(&w->folder, name, out);
}

bool world_keep_backup(struct world *w, uint32_t seat)
{
    char copy[SCRATCH_PATH_MAX];
    beside(w, "backup", seat, copy);
    world_stop(w, seat);
    app_sim_copy(w->seats[seat].dir, copy);
    w->seats[seat].backup = true;
    return world_start(w, seat);
}

bool world_put_back(struct world *w, uint32_t seat)
{
    static const char *const guards[] = {"guard.seat", "guard.root", "guard.witness"};
    char copy[SCRATCH_PATH_MAX], now[SCRATCH_PATH_MAX], path[FILE_PATH_MAX];
    struct seat_sim *s = &w->seats[seat];
    bool ok = true;
    beside(w, "backup", seat, copy);
    beside(w, "now", seat, now);
    world_stop(w, seat);
    app_sim_copy(s->dir, now);
    app_sim_copy(copy, s->dir);
    for (size_t i = 0; ok && i < COUNT_OF(guards); i++) {
        struct buf b;
        buf_init(&b, (size_t)1 << 16);
        ok = replica_path(now, guards[i], path, &w->err);
        if (ok && file_exists(path)) {
            ok = file_read_into(path, &b, &w->err) &&
                 replica_path(s->dir, guards[i], path, &w->err) &&
                 file_replace(path, FILE_SECRET, buf_bytes(&b), &w->err);
        }
        buf_free(&b);
    }
    return ok && world_start(w, seat);
}

void world_clocks(struct world *w)
{
    w->story.now = w->now;
    for (uint32_t i = 0; i < w->count; i++) {
        sim_clock_set(&w->seats[i].clock, w->now);
    }
}

void world_wait(struct world *w, uint64_t seconds)
{
    w->now += seconds;
    world_clocks(w);
}

uint32_t world_find(const struct world *w, const struct kid *kid)
{
    for (uint32_t i = 0; i < w->count; i++) {
        if (w->seats[i].keys != NULL) {
            struct kid own = signer_kid(keys_signer(w->seats[i].keys, KEY_SEAT));
            if (ID_EQ(own, *kid)) {
                return i;
            }
        }
    }
    return WORLD_SEAT_NONE;
}

void world_did(struct world *w, enum deed_done what, uint32_t side,
               const struct leaf_hash *proposal)
{
    if (w->done_count < WORLD_DONE_MAX) {
        w->done[w->done_count++] = (struct done){.what = what, .side = side, .proposal = *proposal};
    }
}

struct replica *world_newest(struct world *w)
{
    struct replica *best = NULL;
    for (uint32_t i = 0; i < w->count; i++) {
        struct seat_sim *s = &w->seats[i];
        if (s->open && s->honest && replica_has_charter(&s->r) &&
            (best == NULL || door_size(s->r.door) > door_size(best->door))) {
            best = &s->r;
        }
    }
    return best;
}

/* ---- coming to the table ---- */

static bool admit(struct world *w, uint32_t seat, struct replica *by, struct buf *paper,
                  struct buf *slip)
{
    struct seat_sim *s = &w->seats[seat];
    struct kid shown;
    enum paper_kind kind = PAPER_INVITATION;
    struct bytes content = {0};
    struct invitation inv;
    const struct seat_keys_plan plan = plan_of(s);
    bool made = join_invite(by, text_str(s->cast->side), s->cast->post, paper, &w->err) &&
                paper_parse(buf_bytes(paper), "the invitation", &kind, &content, &w->err) &&
                invitation_parse(content, &inv, &w->err) &&
                join_with(s->dir, &inv, &plan, &w->chance, slip, &shown, &w->err) &&
                open_keys(w, s);
    s->joined = made;
    return made && paper_parse(buf_bytes(slip), "the slip", &kind, &content, &w->err) &&
           join_admit(by, kind, content, &w->err);
}

bool world_join(struct world *w, uint32_t seat, uint32_t by)
{
    struct seat_sim *s = &w->seats[seat];
    struct buf paper, slip;
    buf_init(&paper, PAPER_BYTES_MAX);
    buf_init(&slip, PAPER_BYTES_MAX);
    s->of_run = true;
    bool ok = sync_take(&w->seats[by].r, &w->err) && admit(w, seat, &w->seats[by].r, &paper, &slip);
    buf_free(&paper);
    buf_free(&slip);
    if (s->joined) {
        struct err told = w->err; /* of the admission */
        ok = world_start(w, seat) && ok;
        w->err = told;
    }
    return ok;
}

/* Its slip with other flags, signed again. */
static bool slip_again(struct seat_sim *s, struct bytes content, uint32_t flags, struct buf *out,
                       struct err *err)
{
    struct seat_slip slip;
    struct buf raw;
    if (!seat_slip_decode(content, &slip, err)) {
        return false;
    }
    slip.seat.flags = flags;
    buf_init(&raw, CONTROL_BLOB_MAX);
    bool ok = seat_slip_sign(&slip, keys_signer(s->keys, KEY_SEAT),
                             keys_signer(s->keys, KEY_WITNESS), &raw, err);
    keys_encode_seat(buf_bytes(&raw), out);
    buf_free(&raw);
    return ok && buf_done(out, "a slip", err);
}

bool world_join_bare(struct world *w, uint32_t seat, uint32_t by, uint32_t flags)
{
    struct seat_sim *s = &w->seats[seat];
    struct replica *r = &w->seats[by].r;
    const struct seat_keys_plan plan = plan_of(s);
    struct buf paper, slip, blob;
    struct kid shown;
    enum paper_kind kind = PAPER_INVITATION;
    struct bytes content = {0};
    struct invitation inv;
    buf_init(&paper, PAPER_BYTES_MAX);
    buf_init(&slip, PAPER_BYTES_MAX);
    buf_init(&blob, CONTROL_BLOB_MAX);
    s->of_run = true;
    bool ok = sync_take(r, &w->err) &&
              join_invite(r, text_str(s->cast->side), s->cast->post, &paper, &w->err) &&
              paper_parse(buf_bytes(&paper), "the invitation", &kind, &content, &w->err) &&
              invitation_parse(content, &inv, &w->err) &&
              join_with(s->dir, &inv, &plan, &w->chance, &slip, &shown, &w->err) && open_keys(w, s);
    s->joined = ok;
    ok = ok && paper_parse(buf_bytes(&slip), "the slip", &kind, &content, &w->err) &&
         slip_again(s, content, flags, &blob, &w->err) &&
         forge_control(w, by, KEY_ROOT, CONTROL_KEYS, buf_bytes(&blob), door_size(r->door),
                       &w->err) &&
         world_start(w, seat);
    buf_free(&paper);
    buf_free(&slip);
    buf_free(&blob);
    return ok;
}

/* ---- the founding, once ---- */

static bool found(struct world *w)
{
    struct seat_sim *s = &w->seats[0];
    const struct found_plan plan = {.dir = s->dir,
                                    .host = w->host_dir,
                                    .yaml = bytes_str(w->shape->yaml),
                                    .yaml_name = w->shape->name,
                                    .seat = plan_of(s)};
    s->joined = join_found(&plan, &s->clock.clock, &w->chance, &w->table, &w->err) &&
                open_keys(w, s);
    return s->joined && host_key(w->host_dir, &w->chance, &w->host_pk, &w->err) &&
           host_open(w->host_dir, &w->table, &w->host, &w->err) && world_start(w, 0);
}

static uint32_t principal_of(const struct world *w, uint32_t seat)
{
    const struct cast_seat *c = w->seats[seat].cast;
    for (uint32_t i = 0; i < w->count && c->post > 0; i++) {
        const struct cast_seat *o = w->seats[i].cast;
        if (o->post == 0 && strcmp(o->side, c->side) == 0) {
            return i;
        }
    }
    return 0;
}

static bool round_of_sync(struct world *w)
{
    for (int pass = 0; pass < 3; pass++) {
        for (uint32_t i = 0; i < w->count; i++) {
            struct sync_report report = {0};
            if (w->seats[i].open && !sync_replica(&w->seats[i].r, &report, &w->err)) {
                return false;
            }
        }
        world_wait(w, 5);
    }
    return true;
}

static bool gather(struct world *w)
{
    for (uint32_t i = 1; i < w->count; i++) {
        if (w->seats[i].cast->late) {
            continue;
        }
        if (!world_join(w, i, principal_of(w, i)) || !act_settle_in(&w->seats[i].r, &w->err)) {
            return false;
        }
        world_wait(w, 60);
    }
    if (!round_of_sync(w)) {
        return false;
    }
    for (uint32_t i = 0; i < w->count; i++) {
        struct seat_sim *s = &w->seats[i];
        if (s->open && s->cast->post == 0 && replica_has_charter(&s->r) &&
            !act_sign_charter(&s->r, NULL, &w->err)) {
            return false;
        }
    }
    return round_of_sync(w);
}

static void stop_all(struct world *w)
{
    for (uint32_t i = 0; i < w->count; i++) {
        world_stop(w, i);
        port_end(&w->seats[i].port);
    }
    host_close(w->host);
    w->host = NULL;
}

/* Everybody's folder and end of the link, in this folder. */
static void place(struct world *w, const char *folder)
{
    char name[SCRATCH_PATH_MAX];
    (void)snprintf(name, sizeof(name), "%s/host", folder);
    memcpy(w->host_dir, name, sizeof(name));
    for (uint32_t i = 0; i < w->count; i++) {
        struct seat_sim *s = &w->seats[i];
        s->cast = &w->shape->cast[i];
        s->honest = true;
        s->gone = false;
        s->backup = false;
        s->elsewhere = false;
        (void)snprintf(s->dir, sizeof(s->dir), "%s/seat%u", folder, i);
        port_begin(&s->port, w, i);
    }
}

bool world_open(struct world *w, const struct shape *shape)
{
    *w = (struct world){.shape = shape, .folder = scratch_new(), .count = shape->count};
    story_init(&w->story);
    w->story.silent = true;
    net_init(&w->net);
    prop_init_seed(&w->rnd, 1);
    w->chance = chance_seeded(&w->rnd);
    w->now = FIRST_DAY;
    scratch_path(&w->folder, "base", w->base);
    scratch_path(&w->folder, "live", w->live);
    place(w, w->base);
    for (uint32_t i = 0; i < w->count; i++) {
        w->seats[i].clock.clock = clock_simulated(0);
    }
    world_clocks(w);
    bool ok = folder_make(w->base, &w->err) && found(w) && gather(w) &&
              invariants_new(&w->inv, &w->err);
    w->began = w->now;
    stop_all(w);
    for (uint32_t i = 0; i < w->count; i++) {
        w->seats[i].of_run = false;
    }
    return ok;
}

void world_close(struct world *w)
{
    w->count = w->shape->count; /* a clone's keys are another's */
    for (uint32_t i = 0; i < w->count; i++) {
        drop_keys(&w->seats[i]);
    }
    invariants_free(w->inv);
    net_free(&w->net);
    story_free(&w->story);
    scratch_free(&w->folder);
}

/* ---- a run ---- */

void world_stir(struct world *w, uint32_t step)
{
    prop_init_seed(&w->rnd, w->seed * UINT64_C(0x9e3779b97f4a7c15) + step);
}

bool world_begin(struct world *w, uint64_t seed)
{
    w->seed = seed;
    w->count = w->shape->count; /* clones are of one run */
    w->now = w->began;
    w->done_count = 0;
    w->liar = NULL;
    w->leaving = NULL;
    w->cheats = false;
    w->colludes = false;
    w->disks = false;
    err_clear(&w->err);
    world_stir(w, 0);
    app_sim_copy(w->base, w->live);
    place(w, w->live);
    net_begin(&w->net, prop_one_in(&w->rnd, 2));
    invariants_begin(w->inv);
    for (uint32_t i = 0; i < w->count; i++) {
        sim_clock_begin(&w->seats[i].clock, &w->rnd);
    }
    world_clocks(w);
    if (!host_open(w->host_dir, &w->table, &w->host, &w->err)) {
        return false;
    }
    for (uint32_t i = 0; i < w->count; i++) {
        w->seats[i].joined = !w->seats[i].cast->late;
        if (w->seats[i].joined && !world_start(w, i)) {
            return false;
        }
    }
    return true;
}

void world_end(struct world *w)
{
    stop_all(w);
    net_begin(&w->net, false);
    for (uint32_t i = 0; i < w->count; i++) {
        if (w->seats[i].of_run) {
            drop_keys(&w->seats[i]);
            w->seats[i].of_run = false;
        }
    }
}
