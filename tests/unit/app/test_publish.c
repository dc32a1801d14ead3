/* SPDX-License-Identifier: Apache-2.0
 *
 * Bundles and excerpts of the sample negotiation, and what is said of them.  What happens when a
 * byte is altered is asked from outside, by tests/cli/check.py.
 */
#include "app/publish.h"

#include "app/bundle.h"
#include "app/sync.h"
#include "app/check.h"
#include "app/join.h"
#include "app/lake_charter.h"
#include "lib/chance.h"
#include "lib/lake.h"
#include "lib/scratch.h"
#include "lib/test.h"
#include "record/excerpt.h"

struct place {
    struct scratch folder;
    char lake[SCRATCH_PATH_MAX];
    char file[SCRATCH_PATH_MAX];
    struct prop rnd;
    struct chance chance;
    struct clock clock;
    struct arena mem;
    struct err err;
};

static int setup(void **state)
{
    static struct place p;
    p = (struct place){.folder = scratch_new()};
    scratch_path(&p.folder, "lake", p.lake);
    prop_init_seed(&p.rnd, 5);
    p.chance = chance_seeded(&p.rnd);
    p.mem = test_arena(16u << 20);
    lake_play(p.lake, &p.chance, &p.clock);
    *state = &p;
    return 0;
}

static int teardown(void **state)
{
    struct place *p = *state;
    test_arena_free(&p->mem);
    scratch_free(&p->folder);
    return 0;
}

static void open_seat(struct place *p, const char *who, struct lake_seat *s)
{
    lake_open(p->lake, who, &p->clock, &p->chance, s);
}

static void consent(struct place *p, const char *who, const char *room, const uint64_t *acts,
                    uint32_t count)
{
    struct lake_seat s;
    open_seat(p, who, &s);
    lake_consent(&s, room, acts, count);
    lake_close(&s);
}

static void refused(struct place *p, struct lake_seat *s, uint64_t act, enum err_code code,
                    const char *why)
{
    struct published done;
    p->err = (struct err){0};
    assert_false(publish_excerpt(&s->replica, &act, 1, p->file, &done, &p->err));
    assert_int_equal(p->err.code, code);
    if (strstr(p->err.what, why) == NULL) {
        fail_msg("it says \"%s\", not \"%s\"", p->err.what, why);
    }
    assert_false(file_exists(p->file));
}

static void good(struct place *p, bool ok)
{
    if (!ok) {
        fail_msg("%s (%s)", p->err.what, p->err.where);
    }
}

static void test_bundle(void **state)
{
    struct place *p = *state;
    char other[SCRATCH_PATH_MAX];
    struct lake_seat s;
    struct bundle_facts one, two;
    struct check_result found;
    scratch_path(&p->folder, "one.bundle", p->file);
    scratch_path(&p->folder, "two.bundle", other);
    open_seat(p, "meridia-rhee", &s);
    good(p, bundle_out(&s.replica, p->file, &one, &p->err));
    assert_false(bundle_out(&s.replica, p->file, &two, &p->err));
    assert_int_equal(p->err.code, ERR_STATE);
    lake_close(&s);
    /* Who cannot read what is sealed writes the same bytes. */
    open_seat(p, "union-weiss", &s);
    good(p, bundle_out(&s.replica, other, &two, &p->err));
    lake_close(&s);
    struct bytes a = {0}, b = {0};
    good(p, file_read(p->file, 4u << 20, &p->mem, &a, &p->err) &&
                file_read(other, 4u << 20, &p->mem, &b, &p->err));
    assert_true(bytes_eq(a, b));
    good(p, check_path(p->file, &p->mem, &found, &p->err));
    assert_int_equal(found.kind, CHECK_BUNDLE);
    assert_int_equal(found.size, one.size);
    assert_int_equal(found.final, one.final);
    assert_memory_equal(found.root.b, one.root.b, sizeof(one.root.b));
    assert_true(found.final > 100 && found.final <= found.size);
    char folder[FILE_PATH_MAX];
    good(p, replica_path(p->lake, "kestria-ilin", folder, &p->err) &&
                check_path(folder, &p->mem, &found, &p->err));
    assert_int_equal(found.kind, CHECK_REPLICA);
    assert_int_equal(found.size, one.size);
    assert_true(found.has_note);
}

static void test_publish(void **state)
{
    struct place *p = *state;
    struct lake_seat s;
    struct published done;
    struct check_result found;
    scratch_path(&p->folder, "lake.entente", p->file);
    open_seat(p, "meridia-rhee", &s);
    uint64_t acts[4] = {lake_find(&s, KIND_SAY, "plenary", 0),
                        lake_find(&s, KIND_PROPOSE, "plenary", 0),
                        lake_find(&s, KIND_VERIFY, "monitors", 0), 0};
    acts[3] = lake_find(&s, KIND_SAY, "plenary", acts[0] + 1);
    uint64_t epoch = lake_find(&s, KIND_EPOCH, "plenary", 0);
    refused(p, &s, acts[0], ERR_RULE, "Meridia has not agreed to publish act");
    refused(p, &s, epoch, ERR_RULE, "carries keys");
    refused(p, &s, 0, ERR_USE, "is readable to all as it is");
    refused(p, &s, door_size(s.replica.door), ERR_USE, "there is no act");
    refused(p, &s, 7, ERR_KEY, "is sealed, and not for this seat");
    lake_close(&s);

    consent(p, "meridia-rhee", "plenary", acts, 4);
    consent(p, "kestria-voss", "plenary", acts, 4);
    open_seat(p, "meridia-rhee", &s);
    struct sync_report report;
    good(p, sync_replica(&s.replica, &report, &p->err));
    refused(p, &s, acts[1], ERR_RULE, "Velland has not agreed to publish act");
    lake_close(&s);
    consent(p, "velland-maro", "plenary", acts, 4);
    open_seat(p, "meridia-rhee", &s);
    good(p, sync_replica(&s.replica, &report, &p->err));
    /* The monitors sit in their own room too. */
    refused(p, &s, acts[2], ERR_RULE, "Joint Monitoring Group has not agreed to publish act");
    lake_close(&s);
    consent(p, "group-diaz", "monitors", acts, 4);

    open_seat(p, "meridia-rhee", &s);
    good(p, sync_replica(&s.replica, &report, &p->err));
    uint64_t twice[5] = {acts[0], acts[1], acts[2], acts[3], acts[1]};
    good(p, publish_excerpt(&s.replica, twice, 5, p->file, &done, &p->err));
    assert_int_equal(done.shown, 4);
    lake_close(&s);
    good(p, check_path(p->file, &p->mem, &found, &p->err));
    assert_int_equal(found.kind, CHECK_EXCERPT);
    assert_int_equal(found.shown, 4);
    assert_int_equal(found.act_count, done.acts);
    assert_int_equal(found.size, done.size);
    assert_true(found.earliest.known && found.latest.known);
    assert_true(found.earliest.seconds < found.latest.seconds);
    uint64_t last = 0;
    for (size_t i = 0; i < found.act_count; i++) {
        const struct check_act *a = &found.acts[i];
        if (a->sealed) {
            assert_true(a->index == acts[0] || a->index == acts[1] || a->index == acts[2] ||
                        a->index == acts[3]);
            assert_true(a->index > last && a->final && a->not_after.known);
            last = a->index;
        }
        if (a->index == acts[1]) {
            assert_string_equal(a->kind, "propose");
            assert_string_equal(a->room, "\"plenary\"");
            assert_non_null(strstr(a->says, "proposes line: option "));
        }
    }
    struct buf words;
    buf_init(&words, 1u << 20);
    check_words(&found, &words);
    assert_non_null(strstr(buf_str(&words), "Authentic. 4 acts, in this order, by side "));
    assert_non_null(strstr(buf_str(&words), "What was left out cannot be known from this file."));
    buf_free(&words);
}

/* Sand has not synchronised since: what he lacks he takes from a file. */
static void test_bundle_in(void **state)
{
    struct place *p = *state;
    struct lake_seat s;
    struct bundle_facts out, in;
    scratch_path(&p->folder, "news.bundle", p->file);
    open_seat(p, "meridia-rhee", &s);
    good(p, bundle_out(&s.replica, p->file, &out, &p->err));
    struct digest want, have;
    good(p, state_digest(fold_state(s.replica.fold), &want, &p->err));
    lake_close(&s);

    /* One bit of it is wrong: nothing of it is kept. */
    struct bytes raw;
    char bad[SCRATCH_PATH_MAX];
    scratch_path(&p->folder, "bad.bundle", bad);
    good(p, file_read(p->file, 4u << 20, &p->mem, &raw, &p->err));
    uint8_t *copy = ARENA_NEW(&p->mem, uint8_t, raw.n);
    memcpy(copy, raw.p, raw.n);
    copy[raw.n - 2 * TAR_BLOCK - TAR_BLOCK / 2 - 600] ^= 1; /* in the last entries */
    good(p, file_create(bad, FILE_PLAIN, bytes_of(copy, raw.n), &p->err));
    open_seat(p, "velland-sand", &s);
    uint64_t before = door_size(s.replica.door);
    assert_true(before < out.size);
    assert_false(bundle_in(&s.replica, bad, BUNDLE_MORE, &in, &p->err));
    lake_close(&s);

    open_seat(p, "velland-sand", &s);
    assert_int_equal(door_size(s.replica.door), before);
    p->err = (struct err){0};
    good(p, bundle_in(&s.replica, p->file, BUNDLE_MORE, &in, &p->err));
    assert_int_equal(in.taken, out.size - before);
    assert_int_equal(in.size, out.size);
    good(p, state_digest(fold_state(s.replica.fold), &have, &p->err));
    assert_memory_equal(have.b, want.b, sizeof(want.b));
    /* Again: it is the beginning of what he has. */
    good(p, bundle_in(&s.replica, p->file, BUNDLE_MORE, &in, &p->err));
    assert_int_equal(in.taken, 0);
    lake_close(&s);
}

/* At a table just founded there is nothing that may be published: keys, what all may read anyway,
 * and acts to which the other sides, which are not there yet, have not agreed. */
static void test_too_early(void **state)
{
    struct place *p = *state;
    char dir[SCRATCH_PATH_MAX], host[SCRATCH_PATH_MAX];
    struct lake_seat s = {.keys = NULL};
    struct table_id table;
    struct published done;
    uint64_t act = 1;
    scratch_path(&p->folder, "early", dir);
    scratch_path(&p->folder, "early-host", host);
    scratch_path(&p->folder, "early.entente", p->file);
    const struct found_plan plan = {.dir = dir,
                                    .host = host,
                                    .yaml = bytes_str(lake_charter),
                                    .yaml_name = "lake.yaml",
                                    .seat = {.passphrase = bytes_str("lake and border"),
                                             .cost = KEYFILE_COST_CHEAP,
                                             .name = text_str("Early")}};
    good(p, join_found(&plan, &p->clock, &p->chance, &table, &p->err));
    lake_open(p->folder.path, "early", &p->clock, &p->chance, &s);
    uint64_t size = door_size(s.replica.door);
    for (act = 0; act <= size; act++) {
        p->err = (struct err){0};
        assert_false(publish_excerpt(&s.replica, &act, 1, p->file, &done, &p->err));
        assert_true(p->err.code == ERR_USE || p->err.code == ERR_RULE || p->err.code == ERR_STATE);
        assert_false(file_exists(p->file));
    }
    lake_close(&s);
}

static void test_for_other_tools(void **state)
{
    struct place *p = *state;
    struct lake_seat s;
    struct buf b;
    struct proof proof;
    struct checkpoint cp;
    buf_init(&b, PROOF_BYTES_MAX);
    open_seat(p, "kestria-ilin", &s);
    good(p, publish_proof(&s.replica, 12, &b, &p->err) &&
                proof_decode(buf_bytes(&b), &proof, &p->err));
    struct leaf_hash leaf = door_leaf(s.replica.door, 12);
    good(p, proof_check(&proof, &leaf, &keyring_term(door_keyring(s.replica.door), 0)->host, &cp,
                        &p->err));
    assert_int_equal(proof.index, 12);
    buf_clear(&b);
    good(p, publish_policy(&s.replica, &b, &p->err));
    assert_non_null(strstr(buf_str(&b), "\ngroup table all s0 s1 s2\nquorum table\n"));
    assert_false(publish_proof(&s.replica, door_size(s.replica.door), &b, &p->err));
    lake_close(&s);
    buf_free(&b);
}

/* The founding charter with another name in it, posted as if it were one: by a tampered client. */
static uint64_t file_other_charter(struct place *p, uint64_t real)
{
    struct lake_seat s;
    struct act a;
    struct opened_act o;
    struct payload told;
    struct sync_report report;
    uint64_t index = 0;
    open_seat(p, "kestria-voss", &s);
    good(p, sync_replica(&s.replica, &report, &p->err) &&
                replica_act(&s.replica, real, &p->mem, &a, &o, &p->err) &&
                payload_from(&o.content, &p->mem, &told, &p->err));
    struct bytes copy = arena_copy(&p->mem, told.charter);
    uint8_t *raw = ARENA_NEW(&p->mem, uint8_t, copy.n);
    assert_non_null(raw);
    memcpy(raw, copy.p, copy.n);
    unsigned changed = 0;
    for (size_t i = 0; i + 7 <= copy.n; i++) {
        if (memcmp(raw + i, "Kestria", 7) == 0) {
            raw[i] = 'B';
            changed++;
        }
    }
    assert_true(changed > 0);
    struct payload other = {.kind = KIND_CHARTER,
                            .room = text_str("plenary"),
                            .charter = bytes_of(raw, copy.n),
                            .has_salt = true};
    memcpy(other.salt, told.salt, sizeof(other.salt));
    good(p, act_file(&s.replica, ACT_UNCHECKED, &other, &index, &p->err));
    lake_close(&s);
    return index;
}

static struct check_result publish_and_check(struct place *p, const char *name,
                                             const uint64_t *acts, size_t count)
{
    struct lake_seat s;
    struct published done;
    struct check_result found = {0};
    struct sync_report report;
    scratch_path(&p->folder, name, p->file);
    open_seat(p, "meridia-rhee", &s);
    good(p, sync_replica(&s.replica, &report, &p->err) &&
                publish_excerpt(&s.replica, acts, count, p->file, &done, &p->err));
    lake_close(&s);
    good(p, check_path(p->file, &p->mem, &found, &p->err));
    return found;
}

/* Names are those of the charter on which the table was founded, or there are none. */
static void test_names(void **state)
{
    struct place *p = *state;
    struct lake_seat s;
    static const char *const who[] = {"meridia-rhee", "kestria-voss", "velland-maro"};
    open_seat(p, "meridia-rhee", &s);
    uint64_t real = fold_state(s.replica.fold)->charter_index;
    uint64_t ratified = lake_find(&s, KIND_RATIFY, "plenary", 0);
    lake_close(&s);
    uint64_t acts[3] = {ratified, file_other_charter(p, real), real};
    for (size_t i = 0; i < COUNT_OF(who); i++) {
        consent(p, who[i], "plenary", acts, 3);
    }
    struct check_result found = publish_and_check(p, "forged.entente", acts, 2);
    assert_false(found.named);
    for (size_t i = 0; i < SIDES_MAX; i++) {
        assert_false(text_present(found.names[i]));
    }
    found = publish_and_check(p, "named.entente", acts, 3);
    assert_true(found.named);
    assert_true(text_is(found.names[0], "Meridia") && text_is(found.names[1], "Kestria"));
    struct buf words;
    buf_init(&words, 1u << 20);
    check_words(&found, &words);
    assert_non_null(strstr(buf_str(&words), ", Kestria, in "));
    assert_null(strstr(buf_str(&words), "Bestria"));
    buf_free(&words);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_bundle),    cmocka_unit_test(test_publish),
        cmocka_unit_test(test_bundle_in), cmocka_unit_test(test_for_other_tools),
        cmocka_unit_test(test_too_early), cmocka_unit_test(test_names),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
