/* SPDX-License-Identifier: Apache-2.0
 *
 * Coming to a table: the same invitation twice, one that was altered on its way, another table's
 * host, slips that are none or another table's.
 */
#include "app/join.h"

#include "app/lake_charter.h"
#include "lib/app_sim.h"
#include "lib/test.h"

struct place {
    struct app_sim sim;
    struct replica founder;
    struct buf paper; /* an invitation for the second seat of velland */
    struct arena mem;
    struct err err;
};

static void must(bool ok, struct place *p)
{
    if (!ok) {
        fail_msg("%s (%s; %s)", p->err.what, p->err.where, p->err.mend);
    }
}

static void refused(struct place *p, bool ok, enum err_code code, const char *words)
{
    assert_false(ok);
    if (p->err.code != code || strstr(p->err.what, words) == NULL || p->err.mend[0] == 0) {
        fail_msg("%s: \"%s\" (%s; mend: \"%s\") where \"%s\" was wanted", err_word(p->err.code),
                 p->err.what, p->err.where, p->err.mend, words);
    }
    p->err = (struct err){0};
}

static struct invitation parsed(struct place *p, struct bytes paper)
{
    enum paper_kind kind;
    struct bytes content;
    struct invitation inv = {0};
    must(paper_parse(paper, "the invitation", &kind, &content, &p->err) &&
             invitation_parse(content, &inv, &p->err),
         p);
    assert_int_equal(kind, PAPER_INVITATION);
    return inv;
}

/* Joins into a folder of this name; the slip's content, in p->mem. */
static struct bytes join(struct place *p, const struct invitation *inv, const char *name,
                         enum paper_kind *out_kind)
{
    char dir[SCRATCH_PATH_MAX];
    struct buf slip;
    struct kid shown, compared;
    struct bytes content;
    uint32_t side = 0;
    const struct seat_keys_plan plan = app_sim_plan("Newcomer");
    buf_init(&slip, PAPER_BYTES_MAX);
    app_sim_path(&p->sim, name, dir);
    must(join_with(dir, inv, &plan, &p->sim.chance, &slip, &shown, &p->err), p);
    must(paper_parse(arena_copy(&p->mem, buf_bytes(&slip)), "the slip", out_kind, &content,
                     &p->err) &&
             slip_fingerprint(*out_kind, content, &compared, &side, &p->err),
         p);
    assert_true(ID_EQ(shown, compared)); /* what both read aloud */
    assert_int_equal(side, inv->side);
    buf_free(&slip);
    return content;
}

/* What a seat that joined so gets when it synchronises. */
static bool syncs(struct place *p, const char *name)
{
    struct app_guest g;
    app_sim_sit(&p->sim, name, &g);
    bool ok = sync_take(&g.r, &p->err);
    app_sim_rise(&g);
    return ok;
}

static void test_same_invitation_twice(void **state)
{
    struct place *p = *state;
    struct invitation inv = parsed(p, buf_bytes(&p->paper));
    enum paper_kind kind;
    struct bytes one = join(p, &inv, "one", &kind), two = join(p, &inv, "two", &kind);
    assert_int_equal(kind, PAPER_SEAT_SLIP);
    assert_false(bytes_eq(one, two)); /* keys of its own each time */
    refused(p, syncs(p, "one"), ERR_STATE, "not been admitted");
    must(join_admit(&p->founder, kind, one, &p->err), p);
    uint64_t size = door_size(p->founder.door);
    refused(p, join_admit(&p->founder, kind, two, &p->err), ERR_STATE, "sits at this post");
    refused(p, join_admit(&p->founder, kind, one, &p->err), ERR_STATE, "sits at this post");
    assert_int_equal(door_size(p->founder.door), size); /* neither left the machine */
    must(sync_settle(&p->founder, &p->err), p);         /* and nothing waits */
    must(syncs(p, "one"), p);
    refused(p, syncs(p, "two"), ERR_STATE, "not been admitted");
    /* Nor does the folder of a seat become another's. */
    struct buf slip;
    struct kid shown;
    char dir[SCRATCH_PATH_MAX];
    const struct seat_keys_plan plan = app_sim_plan("Newcomer");
    buf_init(&slip, PAPER_BYTES_MAX);
    app_sim_path(&p->sim, "one", dir);
    p->err = (struct err){0};
    refused(p, join_with(dir, &inv, &plan, &p->sim.chance, &slip, &shown, &p->err), ERR_STATE, "");
    assert_int_equal(slip.n, 0);
    buf_free(&slip);
}

/* Each bit: refused, or it says what is not so, which those who compare notice, or which leads to a
 * table that is none. */
static void test_altered_invitation(void **state)
{
    struct place *p = *state;
    struct invitation good = parsed(p, buf_bytes(&p->paper));
    struct bytes raw = arena_copy(&p->mem, buf_bytes(&p->paper));
    uint8_t *copy = ARENA_NEW(&p->mem, uint8_t, raw.n);
    memcpy(copy, raw.p, raw.n);
    size_t refusals = 0, elsewhere = 0;
    struct invitation strayed = {0};
    for (size_t i = 0; i < raw.n * 8; i++) {
        enum paper_kind kind;
        struct bytes content;
        struct invitation inv;
        copy[i / 8] ^= (uint8_t)(1u << (i % 8));
        p->err = (struct err){0};
        if (!paper_parse(bytes_of(copy, raw.n), "it", &kind, &content, &p->err) ||
            !invitation_parse(content, &inv, &p->err)) {
            assert_true(p->err.mend[0] != 0);
            refusals++;
        } else {
            bool same_table = ID_EQ(inv.table, good.table);
            assert_true(ID_EQ(inv.convener, good.convener)); /* bound to the founding */
            assert_true(!same_table || bytes_eq(inv.founding, good.founding));
            elsewhere += !same_table;
            if (!same_table) {
                strayed = inv;
                strayed.founding = arena_copy(&p->mem, inv.founding);
            }
        }
        copy[i / 8] ^= (uint8_t)(1u << (i % 8));
    }
    p->err = (struct err){0};
    print_message("# %zu bits: %zu refused, %zu of another table\n", raw.n * 8, refusals,
                  elsewhere);
    assert_true(refusals > raw.n * 8 / 4 && elsewhere > 100);
    /* Another table than anybody has founded: the host has none such, the slip is for none. */
    strayed.host = good.host;
    strayed.who = good.who;
    strayed.role = good.role;
    enum paper_kind kind;
    struct bytes slip = join(p, &strayed, "strayed", &kind);
    refused(p, join_admit(&p->founder, kind, slip, &p->err), ERR_VERIFY, "table");
    refused(p, syncs(p, "strayed"), ERR_HOST, "has no table");
}

static void found_other(struct place *p, char host[static SCRATCH_PATH_MAX])
{
    char dir[SCRATCH_PATH_MAX];
    struct table_id table;
    app_sim_path(&p->sim, "other", dir);
    app_sim_path(&p->sim, "other-host", host);
    const struct found_plan other = {.dir = dir,
                                     .host = host,
                                     .yaml = bytes_str(lake_charter),
                                     .yaml_name = "lake.yaml",
                                     .seat = app_sim_plan("Other")};
    must(join_found(&other, &p->sim.clock, &p->sim.chance, &table, &p->err), p);
    assert_false(ID_EQ(table, p->sim.table));
}

/* An invitation that was led to another table's host, and a slip that was handed to another table's
 * convener. */
/* A name is one line: with several it could write lines that a person takes for ours. */
static void test_names_of_several_lines(void **state)
{
    struct place *p = *state;
    enum paper_kind kind;
    struct bytes content = {0};
    struct invitation inv;
    must(paper_parse(buf_bytes(&p->paper), "the invitation", &kind, &content, &p->err) &&
             invitation_parse(content, &inv, &p->err),
         p);
    const struct text names[] = {inv.side_id, inv.side_name,  inv.role,
                                 inv.title,   inv.table_name, inv.host};
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        for (int tab = 0; tab < 2; tab++) {
            struct bytes changed = arena_copy(&p->mem, content);
            size_t at = (size_t)((const uint8_t *)names[i].p - content.p) + names[i].n / 2;
            uint8_t *raw = ARENA_NEW(&p->mem, uint8_t, changed.n);
            memcpy(raw, changed.p, changed.n);
            raw[at] = tab ? '\t' : '\n';
            refused(p, invitation_parse(bytes_of(raw, changed.n), &inv, &p->err), ERR_FORMAT,
                    "several lines");
        }
    }
}

static void test_another_table(void **state)
{
    struct place *p = *state;
    char host[SCRATCH_PATH_MAX];
    struct invitation inv = parsed(p, buf_bytes(&p->paper));
    enum paper_kind kind;
    found_other(p, host);
    inv.host = text_str(host);
    (void)join(p, &inv, "misled", &kind);
    refused(p, syncs(p, "misled"), ERR_HOST, "has no table");

    struct app_guest other;
    app_sim_sit(&p->sim, "other", &other);
    struct bytes slip = join(p, &inv, "theirs", &kind);
    must(sync_take(&other.r, &p->err), p);
    uint64_t size = door_size(other.r.door);
    refused(p, join_admit(&other.r, kind, slip, &p->err), ERR_VERIFY, "table");
    assert_int_equal(door_size(other.r.door), size);
    app_sim_rise(&other);
}

static void test_what_is_no_slip(void **state)
{
    struct place *p = *state;
    struct invitation inv = parsed(p, buf_bytes(&p->paper));
    enum paper_kind kind;
    struct kid kid;
    uint32_t side;
    struct bytes slip = join(p, &inv, "one", &kind);
    uint64_t size = door_size(p->founder.door);
    refused(p, slip_fingerprint(PAPER_INVITATION, slip, &kid, &side, &p->err), ERR_USE,
            "not a slip");
    /* Signed by its own keys: no bit of it can be changed. */
    uint8_t *copy = ARENA_NEW(&p->mem, uint8_t, slip.n);
    memcpy(copy, slip.p, slip.n);
    for (size_t i = 0; i < slip.n; i++) {
        copy[i] ^= (uint8_t)(1u << (i % 8));
        assert_false(slip_fingerprint(kind, bytes_of(copy, slip.n), &kid, &side, &p->err));
        copy[i] ^= (uint8_t)(1u << (i % 8));
    }
    assert_int_equal(door_size(p->founder.door), size);
    p->err = (struct err){0};
    /* Who may invite whom. */
    struct buf b;
    buf_init(&b, PAPER_BYTES_MAX);
    refused(p, join_invite(&p->founder, text_str("atlantis"), 0, &b, &p->err), ERR_USE,
            "has no side");
    refused(p, join_invite(&p->founder, text_str("meridia"), 60, &b, &p->err), ERR_USE, "no post");
    struct replica monitor;
    app_sim_enter(&p->sim, APP_MONITOR, &monitor);
    refused(p, join_invite(&monitor, text_str("group"), 1, &b, &p->err), ERR_STATE,
            "does not have the charter");
    replica_close(&monitor);
    assert_int_equal(b.n, 0);
    buf_free(&b);
}

static void test_who_is_who(void **state)
{
    struct place *p = *state;
    struct replica monitor;
    struct text id, name;
    app_sim_enter(&p->sim, APP_MONITOR, &monitor);
    must(join_who(&monitor, 1, &p->mem, &id, &name, &p->err), p);
    assert_true(text_is(id, "kestria"));
    assert_true(text_is(name, "Kestria"));
    must(join_who(&monitor, 9, &p->mem, &id, &name, &p->err), p);
    assert_true(text_is(name, "?"));
    replica_close(&monitor);
}

/* ---- */

static int group_setup(void **state)
{
    static struct place p;
    app_sim_open(&p.sim);
    app_sim_keep(&p.sim);
    p.mem = test_arena(16u << 20);
    *state = &p;
    return 0;
}

static int group_teardown(void **state)
{
    struct place *p = *state;
    test_arena_free(&p->mem);
    app_sim_close(&p->sim);
    return 0;
}

static int setup(void **state)
{
    struct place *p = *state;
    p->err = (struct err){0};
    app_sim_back(&p->sim);
    arena_rewind(&p->mem, 0);
    app_sim_enter(&p->sim, APP_SECOND, &p->founder); /* of his side */
    buf_init(&p->paper, PAPER_BYTES_MAX);
    must(sync_take(&p->founder, &p->err) &&
             join_invite(&p->founder, text_str("velland"), 1, &p->paper, &p->err),
         p);
    return 0;
}

static int teardown(void **state)
{
    static const char *const names[] = {"one",    "two",   "strayed",   "misled",
                                        "theirs", "other", "other-host"};
    struct place *p = *state;
    replica_close(&p->founder);
    buf_free(&p->paper);
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        app_sim_drop(&p->sim, names[i]);
    }
    return 0;
}

int main(void)
{
#define JOIN_TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        JOIN_TEST(test_same_invitation_twice),  JOIN_TEST(test_altered_invitation),
        JOIN_TEST(test_names_of_several_lines), JOIN_TEST(test_another_table),
        JOIN_TEST(test_what_is_no_slip),        JOIN_TEST(test_who_is_who),
    };
    return cmocka_run_group_tests(tests, group_setup, group_teardown);
}
