/* SPDX-License-Identifier: Apache-2.0 */
#include "lib/lake.h"

#include "app/act.h"
#include "app/demo.h"
#include "lib/test.h"

#define AFTER UINT64_C(1933000000) /* days after the story */

static void silent(void *ctx, enum demo_line kind, unsigned step, const char *text)
{
    (void)ctx;
    (void)kind;
    (void)step;
    (void)text;
}

static void must(bool ok, const struct err *err)
{
    if (!ok) {
        fail_msg("%s (%s)", err->what, err->where);
    }
}

void lake_play(const char *dir, const struct chance *chance, struct clock *clock)
{
    struct demo_plan plan = {.dir = dir, .chance = chance, .say = silent};
    struct demo_result result;
    struct err err = {0};
    must(demo_play(&plan, &result, &err), &err);
    *clock = clock_simulated(AFTER);
}

static bool passphrase(void *ctx, const char *prompt, struct buf *out, struct err *err)
{
    (void)ctx;
    (void)prompt;
    (void)err;
    buf_add_str(out, "lake and border");
    return true;
}

void lake_open(const char *dir, const char *who, struct clock *clock, const struct chance *chance,
               struct lake_seat *out)
{
    char seat[FILE_PATH_MAX], file[FILE_PATH_MAX];
    struct keys_ask ask = {.passphrase = passphrase};
    struct err err = {0};
    *out = (struct lake_seat){.keys = NULL};
    must(replica_path(dir, who, seat, &err) && replica_path(seat, "seat.key", file, &err) &&
             region_init(&out->memory, REGION_SECRET, (size_t)8 << 20, &err) &&
             keys_open(file, &ask, &out->memory.mem, &out->keys, &err) &&
             replica_open(seat, out->keys, clock, chance, "test", &out->replica, &err),
         &err);
}

void lake_close(struct lake_seat *s)
{
    replica_close(&s->replica);
    keys_free(s->keys);
    region_free(&s->memory);
}

uint64_t lake_find(struct lake_seat *s, uint32_t kind, const char *room, uint64_t from)
{
    struct arena *mem = &s->replica.scratch.mem;
    struct err err = {0};
    for (uint64_t i = from; i < door_size(s->replica.door); i++) {
        struct act a;
        struct opened_act o;
        must(replica_act(&s->replica, i, mem, &a, &o, &err), &err);
        bool found = o.open && o.content.header.kind == kind &&
                     text_is(o.content.header.room, room);
        arena_wipe(mem);
        if (found) {
            return i;
        }
    }
    fail_msg("no act of kind %u in %s", kind, room);
    return 0;
}

void lake_consent(struct lake_seat *s, const char *room, const uint64_t *acts, uint32_t count)
{
    struct leaf_hash refs[REFS_MAX];
    struct payload p = {.kind = KIND_CONSENT, .room = text_str(room)};
    struct sync_report report;
    struct err err = {0};
    must(sync_replica(&s->replica, &report, &err), &err);
    for (uint32_t i = 0; i < count; i++) {
        refs[i] = door_leaf(s->replica.door, acts[i]);
    }
    p.ref_count = count;
    p.refs = refs;
    must(act_file(&s->replica, ACT_CHECKED, &p, NULL, &err), &err);
}
