/* SPDX-License-Identifier: Apache-2.0 */
#include "lib/app_sim.h"

#include <dirent.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "app/lake_charter.h"
#include "lib/test.h"
#include "os/file.h"
#include "os/folder.h"

#define PASSPHRASE "for tests"
#define FIRST_DAY UINT64_C(1930000000)

static const struct {
    const char *name;
    const char *side;
} cast[APP_WHO_COUNT] = {
    [APP_MEDIATOR] = {"Rhee", "meridia"},
    [APP_FIRST] = {"Voss", "kestria"},
    [APP_SECOND] = {"Maro", "velland"},
    [APP_MONITOR] = {"Diaz", "group"},
};

static void must(bool ok, const struct app_sim *sim)
{
    if (!ok) {
        fail_msg("%s (%s; %s)", sim->err.what, sim->err.where, sim->err.mend);
    }
}

void app_sim_path(const struct app_sim *sim, const char *name, char out[static SCRATCH_PATH_MAX])
{
    scratch_path(&sim->folder, name, out);
}

void app_sim_stir(struct app_sim *sim, uint64_t seed)
{
    prop_init_seed(&sim->rnd, seed);
}

/* ---- copies of folders ---- */

static void inner(const char *dir, const char *name, char out[static SCRATCH_PATH_MAX])
{
    int n = snprintf(out, SCRATCH_PATH_MAX, "%s/%s", dir, name);
    assert_in_range(n, 1, SCRATCH_PATH_MAX - 1);
}

static void empty(const char *path)
{
    DIR *dir = opendir(path);
    if (dir == NULL) {
        return;
    }
    for (const struct dirent *e = readdir(dir); e != NULL; e = readdir(dir)) {
        char there[SCRATCH_PATH_MAX];
        if (e->d_name[0] == '.') {
            continue;
        }
        inner(path, e->d_name, there);
        if (file_kind(there) == FILE_FOLDER) {
            empty(there);
            assert_int_equal(rmdir(there), 0);
        } else {
            assert_int_equal(unlink(there), 0);
        }
    }
    assert_int_equal(closedir(dir), 0);
}

static void copy_file(const char *from, const char *to)
{
    uint8_t bytes[65536];
    FILE *in = fopen(from, "rb");
    FILE *out = fopen(to, "wb");
    assert_non_null(in);
    assert_non_null(out);
    for (size_t n = fread(bytes, 1, sizeof(bytes), in); n > 0;
         n = fread(bytes, 1, sizeof(bytes), in)) {
        assert_int_equal(fwrite(bytes, 1, n, out), n);
    }
    assert_int_equal(fclose(in), 0);
    assert_int_equal(fclose(out), 0);
    assert_int_equal(chmod(to, 0600), 0);
}

static void copy_into(const char *from, const char *to)
{
    struct err err = {0};
    assert_true(folder_make(to, &err));
    DIR *dir = opendir(from);
    assert_non_null(dir);
    for (const struct dirent *e = readdir(dir); e != NULL; e = readdir(dir)) {
        char a[SCRATCH_PATH_MAX], b[SCRATCH_PATH_MAX];
        if (e->d_name[0] == '.') {
            continue;
        }
        inner(from, e->d_name, a);
        inner(to, e->d_name, b);
        if (file_kind(a) == FILE_FOLDER) {
            copy_into(a, b);
        } else {
            copy_file(a, b);
        }
    }
    assert_int_equal(closedir(dir), 0);
}

void app_sim_copy(const char *from, const char *to)
{
    empty(to);
    copy_into(from, to);
}

void app_sim_keep(struct app_sim *sim)
{
    char live[SCRATCH_PATH_MAX], kept[SCRATCH_PATH_MAX];
    app_sim_path(sim, "live", live);
    app_sim_path(sim, "kept", kept);
    app_sim_copy(live, kept);
}

void app_sim_back(struct app_sim *sim)
{
    char live[SCRATCH_PATH_MAX], kept[SCRATCH_PATH_MAX];
    app_sim_path(sim, "live", live);
    app_sim_path(sim, "kept", kept);
    app_sim_copy(kept, live);
}

/* ---- coming to the table ---- */

static bool passphrase(void *ctx, const char *prompt, struct buf *out, struct err *err)
{
    (void)ctx;
    (void)prompt;
    buf_add_str(out, PASSPHRASE);
    return buf_done(out, "a passphrase", err);
}

static void open_keys(struct app_sim *sim, struct app_person *p)
{
    char path[FILE_PATH_MAX];
    const struct keys_ask ask = {passphrase, NULL};
    must(region_init(&p->memory, REGION_SECRET, (size_t)1 << 20, &sim->err) &&
             replica_path(p->dir, "seat.key", path, &sim->err) &&
             keys_open(path, &ask, &p->memory.mem, &p->keys, &sim->err),
         sim);
}

void app_person_free(struct app_person *p)
{
    keys_free(p->keys);
    region_free(&p->memory);
}

void app_sim_enter_as(struct app_sim *sim, const struct app_person *p, struct replica *out)
{
    must(replica_open(p->dir, p->keys, &sim->clock, &sim->chance, "test", out, &sim->err), sim);
}

void app_sim_enter(struct app_sim *sim, enum app_who who, struct replica *out)
{
    app_sim_enter_as(sim, &sim->people[who], out);
}

struct seat_keys_plan app_sim_plan(const char *name)
{
    return (struct seat_keys_plan){
        .passphrase = bytes_str(PASSPHRASE), .cost = KEYFILE_COST_CHEAP, .name = text_str(name)};
}

void app_sim_sit(struct app_sim *sim, const char *name, struct app_guest *out)
{
    app_sim_path(sim, name, out->who.dir);
    open_keys(sim, &out->who);
    must(replica_open(out->who.dir, out->who.keys, &sim->clock, &sim->chance, "test", &out->r,
                      &sim->err),
         sim);
}

void app_sim_rise(struct app_guest *g)
{
    replica_close(&g->r);
    keys_free(g->who.keys);
    region_free(&g->who.memory);
}

void app_sim_drop(struct app_sim *sim, const char *name)
{
    char path[SCRATCH_PATH_MAX];
    app_sim_path(sim, name, path);
    empty(path);
    (void)rmdir(path); /* there may be none */
}

static void found(struct app_sim *sim)
{
    const struct found_plan plan = {.dir = sim->people[APP_MEDIATOR].dir,
                                    .host = sim->host,
                                    .yaml = bytes_str(lake_charter),
                                    .yaml_name = "lake.yaml",
                                    .seat = app_sim_plan(cast[APP_MEDIATOR].name)};
    must(join_found(&plan, &sim->clock, &sim->chance, &sim->table, &sim->err), sim);
    open_keys(sim, &sim->people[APP_MEDIATOR]);
}

/* Admits by hand, without sharing anything. */
static void admit_bare(struct app_sim *sim, struct replica *host, enum paper_kind kind,
                       struct bytes content)
{
    struct buf blob;
    buf_init(&blob, CONTROL_BLOB_MAX);
    assert_int_equal(kind, PAPER_SEAT_SLIP);
    keys_encode_seat(content, &blob);
    must(envelope_post_control(host, KEY_ROOT, CONTROL_KEYS, buf_bytes(&blob), &sim->err), sim);
    buf_free(&blob);
}

static void join(struct app_sim *sim, enum app_who inviter, const char *side, uint32_t post,
                 const struct seat_keys_plan *plan, enum app_share share, struct app_person *p)
{
    struct replica host, own;
    struct buf paper, slip;
    struct kid shown, compared;
    uint32_t number;
    enum paper_kind kind = PAPER_INVITATION;
    struct bytes content = {0};
    struct invitation inv;
    buf_init(&paper, PAPER_BYTES_MAX);
    buf_init(&slip, PAPER_BYTES_MAX);
    app_sim_enter(sim, inviter, &host);
    must(sync_take(&host, &sim->err) &&
             join_invite(&host, text_str(side), post, &paper, &sim->err) &&
             paper_parse(buf_bytes(&paper), "the invitation", &kind, &content, &sim->err) &&
             invitation_parse(content, &inv, &sim->err) &&
             join_with(p->dir, &inv, plan, &sim->chance, &slip, &shown, &sim->err) &&
             paper_parse(buf_bytes(&slip), "the slip", &kind, &content, &sim->err) &&
             slip_fingerprint(kind, content, &compared, &number, &sim->err),
         sim);
    assert_true(ID_EQ(shown, compared));
    if (share == APP_SHARED) {
        must(join_admit(&host, kind, content, &sim->err), sim);
    } else {
        admit_bare(sim, &host, kind, content);
    }
    replica_close(&host);
    open_keys(sim, p);
    app_sim_enter_as(sim, p, &own);
    must(sync_take(&own, &sim->err) && act_settle_in(&own, &sim->err), sim);
    replica_close(&own);
    buf_free(&paper);
    buf_free(&slip);
    clock_advance(&sim->clock, 60);
}

static void come(struct app_sim *sim, enum app_who who)
{
    const struct seat_keys_plan plan = app_sim_plan(cast[who].name);
    join(sim, APP_MEDIATOR, cast[who].side, 0, &plan, APP_SHARED, &sim->people[who]);
}

static void newcomer(struct app_sim *sim, enum app_who inviter, const char *side, uint32_t post,
                     const char *name, enum app_share share, struct app_person *out)
{
    char inside[64];
    const struct seat_keys_plan plan = app_sim_plan(name);
    *out = (struct app_person){.keys = NULL};
    assert_in_range(snprintf(inside, sizeof(inside), "live/%s", name), 1, 63);
    app_sim_path(sim, inside, out->dir);
    join(sim, inviter, side, post, &plan, share, out);
}

void app_sim_seat(struct app_sim *sim, enum app_who principal, uint32_t post, const char *name,
                  enum app_share share, struct app_person *out)
{
    newcomer(sim, principal, cast[principal].side, post, name, share, out);
}

void app_sim_side(struct app_sim *sim, const char *side, const char *name, struct app_person *out)
{
    newcomer(sim, APP_MEDIATOR, side, 0, name, APP_SHARED, out);
}

void app_sim_remove(struct app_sim *sim, enum app_who principal, const struct kid *seat)
{
    struct replica r;
    struct buf blob;
    app_sim_enter(sim, principal, &r);
    buf_init(&blob, CONTROL_BLOB_MAX);
    keys_encode_revoke(seat, &blob);
    must(sync_take(&r, &sim->err) &&
             envelope_post_control(&r, KEY_ROOT, CONTROL_KEYS, buf_bytes(&blob), &sim->err),
         sim);
    buf_free(&blob);
    replica_close(&r);
}

static void sign(struct app_sim *sim, enum app_who who)
{
    struct replica r;
    app_sim_enter(sim, who, &r);
    must(act_sign_charter(&r, NULL, &sim->err), sim);
    replica_close(&r);
}

void app_sim_round(struct app_sim *sim)
{
    for (int pass = 0; pass < 6; pass++) {
        bool any = false;
        for (int i = 0; i < APP_WHO_COUNT; i++) {
            struct sync_report report = {0};
            struct replica r;
            app_sim_enter(sim, (enum app_who)i, &r);
            must(sync_replica(&r, &report, &sim->err), sim);
            any = any || report.countersigned || report.after > report.before;
            replica_close(&r);
        }
        clock_advance(&sim->clock, 5);
        if (!any) {
            return;
        }
    }
}

void app_sim_open(struct app_sim *sim)
{
    static const char *const dirs[] = {"live", "live/rhee", "live/voss", "live/maro", "live/diaz"};
    *sim = (struct app_sim){.folder = scratch_new(), .clock = clock_simulated(FIRST_DAY)};
    app_sim_stir(sim, 1);
    sim->chance = chance_seeded(&sim->rnd);
    app_sim_path(sim, "live/host", sim->host);
    for (int i = 0; i < APP_WHO_COUNT; i++) {
        app_sim_path(sim, dirs[i + 1], sim->people[i].dir);
    }
    char live[SCRATCH_PATH_MAX];
    app_sim_path(sim, dirs[0], live);
    must(folder_make(live, &sim->err), sim);
    found(sim);
    come(sim, APP_FIRST);
    come(sim, APP_SECOND);
    come(sim, APP_MONITOR);
    app_sim_round(sim);
    sign(sim, APP_MEDIATOR);
    sign(sim, APP_FIRST);
    sign(sim, APP_SECOND);
    app_sim_round(sim);
}

void app_sim_close(struct app_sim *sim)
{
    for (int i = 0; i < APP_WHO_COUNT; i++) {
        app_person_free(&sim->people[i]);
    }
    scratch_free(&sim->folder);
}

/* ---- acts ---- */

struct payload app_sim_proposal(struct named_choice *choices, uint32_t line)
{
    choices[0] = (struct named_choice){text_str("line"), line};
    choices[1] = (struct named_choice){text_str("prisoners"), 0};
    choices[2] = (struct named_choice){text_str("access"), 1};
    return (struct payload){
        .kind = KIND_PROPOSE, .room = text_str("plenary"), .choice_count = 3, .choices = choices};
}

struct payload app_sim_words(const char *room, struct text *words)
{
    return (struct payload){
        .kind = KIND_SAY, .room = text_str(room), .text_count = 1, .texts = words};
}

struct digest app_sim_digest(const struct replica *r)
{
    struct digest d;
    struct err err = {0};
    assert_true(state_digest(fold_state(r->fold), &d, &err));
    return d;
}

static bool count_one(void *ctx, uint64_t index, struct bytes envelope, struct bytes blob,
                      struct err *err)
{
    (void)index;
    (void)envelope;
    (void)blob;
    (void)err;
    ++*(uint64_t *)ctx;
    return true;
}

uint64_t app_sim_waiting(struct replica *r)
{
    uint64_t n = 0;
    struct err err = {0};
    if (!store_outbox_each(r->store, count_one, &n, &err)) {
        fail_msg("%s (%s)", err.what, err.where);
    }
    return n;
}
