/* SPDX-License-Identifier: Apache-2.0
 *
 * A replica fed through a link, as synchronising does it.
 */
#include "host/link.h"

#include "lib/host_sim.h"
#include "lib/test.h"
#include "record/token.h"

struct place {
    struct host_sim hs;
    struct clock clock;
    unsigned tokens;
    bool refuses;
};

static int setup(void **state)
{
    static struct place p;
    p = (struct place){.clock = clock_simulated(SIM_NOW)};
    host_sim_open(&p.hs);
    host_sim_found(&p.hs);
    *state = &p;
    return 0;
}

static int teardown(void **state)
{
    struct place *p = *state;
    host_sim_close(&p->hs);
    return 0;
}

static bool make_token(void *ctx, uint64_t now, struct buf *out, struct err *err)
{
    struct place *p = ctx;
    p->tokens++;
    if (p->refuses) {
        return err_set(err, ERR_KEY, "the key is locked");
    }
    struct pubkey pk = signer_pk(p->hs.sim.host);
    return token_sign(&p->hs.sim.table, &pk, now + TOKEN_SECONDS_MAX - 1,
                      p->hs.sim.sides[1].seats[0].sign, out, err);
}

static void test_feeds_a_door(void **state)
{
    struct place *p = *state;
    struct record_sim *sim = &p->hs.sim;
    struct err err = {0};
    struct host_link link;
    uint64_t index[64], given = 0;
    size_t noted = 0;
    struct buf note, entries, blob;
    buf_init(&note, NOTE_BYTES_MAX);
    buf_init(&entries, 1u << 20);
    buf_init(&blob, BLOB_LIMIT_MOST);
    assert_true(host_link_dir(p->hs.dir, &sim->table, &p->clock, make_token, p, &link, &err));
    for (int i = 0; i < 10; i++) {
        (void)sim_say(sim, (uint32_t)i % 3, 0, bytes_str("words")); /* read back below */
    }
    assert_true(link.post(link.ctx, sim->items, sim->count, index, &noted, &note, &err));
    assert_int_equal(noted, sim->count);

    struct arena mem = test_arena(4u << 20);
    struct door *door;
    struct checkpoint cp;
    assert_true(door_new(&mem, &sim->table, &door, &err));
    buf_clear(&note);
    assert_true(link.checkpoint(link.ctx, &note, &err));
    while (door_size(door) < sim->count) {
        buf_clear(&entries);
        assert_true(link.entries(link.ctx, door_size(door), 5, &entries, &given, &err));
        struct bytes rest = buf_bytes(&entries), envelope;
        assert_in_range(given, 1, 5);
        while (rest.n > 0) {
            struct act act;
            struct verified_act va;
            assert_true(tile_entry_next(&rest, &envelope));
            assert_true(act_decode(envelope, &act, &err));
            buf_clear(&blob);
            assert_true(link.blob(link.ctx, &act.blob, &blob, &err));
            assert_true(door_admit(door, DOOR_CHECK, envelope, buf_bytes(&blob), &va, &err));
        }
    }
    assert_true(door_checkpoint(door, buf_bytes(&note), &cp, &err));
    assert_int_equal(cp.size, sim->count);
    assert_int_equal(p->tokens, 1); /* one served for all of it */
    clock_advance(&p->clock, TOKEN_SECONDS_MAX / 2);
    buf_clear(&note);
    assert_true(link.checkpoint(link.ctx, &note, &err));
    assert_int_equal(p->tokens, 2);
    door_free(door);
    test_arena_free(&mem);
    host_link_close(&link);
    host_link_close(&link);
    buf_free(&note);
    buf_free(&entries);
    buf_free(&blob);
}

static void test_refusals(void **state)
{
    struct place *p = *state;
    struct err err = {0};
    struct host_link link;
    struct buf b;
    struct table_id none = {{5}};
    buf_init(&b, NOTE_BYTES_MAX);
    assert_false(host_link_dir(p->hs.dir, &none, &p->clock, make_token, p, &link, &err));
    assert_int_equal(err.code, ERR_HOST);
    assert_true(err.mend[0] != 0);
    host_sim_post(&p->hs);
    assert_true(host_link_dir(p->hs.dir, &p->hs.sim.table, &p->clock, make_token, p, &link, &err));
    p->refuses = true;
    assert_false(link.checkpoint(link.ctx, &b, &err));
    assert_int_equal(err.code, ERR_KEY);
    p->refuses = false;
    assert_true(link.checkpoint(link.ctx, &b, &err));
    host_link_close(&link);
    assert_true(host_link_dir(p->hs.dir, &p->hs.sim.table, &p->clock, NULL, NULL, &link, &err));
    assert_false(link.checkpoint(link.ctx, &b, &err));
    assert_int_equal(err.code, ERR_STATE);
    host_link_close(&link);
    buf_free(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_feeds_a_door, setup, teardown),
        cmocka_unit_test_setup_teardown(test_refusals, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
