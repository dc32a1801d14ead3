/* SPDX-License-Identifier: Apache-2.0
 *
 * The directory: key, founding, what is kept, copies that were restored.
 */
#include "host/host.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/chance.h"
#include "lib/host_sim.h"
#include "lib/test.h"
#include "os/file.h"
#include "os/folder.h"

static int setup(void **state)
{
    static struct host_sim hs;
    host_sim_open(&hs);
    *state = &hs;
    return 0;
}

static int teardown(void **state)
{
    host_sim_close(*state);
    return 0;
}

static void table_path(struct host_sim *hs, const char *name, char out[static SCRATCH_PATH_MAX])
{
    char part[200];
    struct buf b;
    buf_over(&b, part, sizeof(part));
    buf_printf(&b, "host/%s/%s", id_hex(hs->sim.table.b).s, name);
    scratch_path(&hs->folder, buf_str(&b), out);
}

static void test_key(void **state)
{
    struct host_sim *hs = *state;
    struct prop rnd;
    struct pubkey one, again;
    struct stat st;
    char dir[SCRATCH_PATH_MAX], path[SCRATCH_PATH_MAX];
    prop_init_seed(&rnd, 5);
    struct chance chance = chance_seeded(&rnd);
    scratch_path(&hs->folder, "other/deep", dir);
    scratch_path(&hs->folder, "other/deep/host.key", path);
    assert_true(host_key(dir, &chance, &one, &hs->err));
    assert_true(host_key(dir, &chance, &again, &hs->err));
    assert_true(ID_EQ(one, again));
    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
    assert_int_equal(st.st_size, 32);
    assert_true(host_key(hs->dir, &chance, &again, &hs->err));
    assert_true(ID_EQ(hs->sim.found.host, again));
    assert_true(file_replace(path, FILE_SECRET, bytes_str("short"), &hs->err));
    assert_false(host_key(dir, &chance, &again, &hs->err));
    assert_int_equal(hs->err.code, ERR_KEY);
    /* A pipe in its place keeps nobody waiting. */
    assert_int_equal(unlink(path), 0);
    assert_int_equal(mkfifo(path, 0600), 0);
    assert_false(host_key(dir, &chance, &again, &hs->err));
    assert_int_equal(hs->err.code, ERR_KEY);
}

static void test_found(void **state)
{
    struct host_sim *hs = *state;
    const struct door_item *items = hs->sim.items;
    struct table_id table;
    struct host *h;
    assert_false(host_open(hs->dir, &hs->sim.table, &h, &hs->err));
    assert_int_equal(hs->err.code, ERR_HOST);
    host_sim_found(hs);
    uint64_t size;
    assert_true(host_size(hs->host, &size, &hs->err));
    assert_int_equal(size, 1);
    /* The same again is fine, also later. */
    host_sim_post(hs);
    assert_true(host_found(hs->dir, HOST_OWN, items[0].envelope, items[0].blob, &table, &hs->err));
    assert_true(host_size(hs->host, &size, &hs->err));
    assert_int_equal(size, hs->sim.count);
    /* Another act is no founding; an own table is not adopted. */
    assert_false(host_found(hs->dir, HOST_OWN, items[1].envelope, items[1].blob, &table, &hs->err));
    assert_false(
        host_found(hs->dir, HOST_ADOPT, items[0].envelope, items[0].blob, &table, &hs->err));
    assert_int_equal(hs->err.code, ERR_RULE);
}

static void test_found_names_host(void **state)
{
    struct host_sim *hs = *state;
    struct prop rnd;
    struct pubkey pk;
    struct table_id table;
    char dir[SCRATCH_PATH_MAX];
    prop_init_seed(&rnd, 5);
    struct chance chance = chance_seeded(&rnd);
    scratch_path(&hs->folder, "other", dir);
    assert_true(host_key(dir, &chance, &pk, &hs->err));
    const struct door_item *item = &hs->sim.items[0];
    assert_false(host_found(dir, HOST_OWN, item->envelope, item->blob, &table, &hs->err));
    assert_int_equal(hs->err.code, ERR_RULE);
    assert_true(hs->err.mend[0] != 0);
}

static void test_tables(void **state)
{
    struct host_sim *hs = *state;
    struct arena mem = test_arena(1 << 16);
    struct table_id *ids;
    size_t count;
    assert_true(host_tables(hs->dir, &mem, &ids, &count, &hs->err));
    assert_int_equal(count, 0);
    host_sim_found(hs);
    assert_true(host_tables(hs->dir, &mem, &ids, &count, &hs->err));
    assert_int_equal(count, 1);
    assert_true(ID_EQ(ids[0], hs->sim.table));
    test_arena_free(&mem);
}

/* ---- what it keeps ---- */

static bool holds(struct bytes file, const char *word)
{
    size_t n = strlen(word);
    for (size_t i = 0; i + n <= file.n; i++) {
        if (memcmp(file.p + i, word, n) == 0) {
            return true;
        }
    }
    return false;
}

/* Every file of the directory by name, and none holds a word of what was sealed. */
static void test_keeps_no_content(void **state)
{
    struct host_sim *hs = *state;
    struct arena mem = test_arena(8u << 20);
    struct folder_list list;
    static const char marker[] = "MARKER-walk-away-at-118000";
    host_sim_found(hs);
    for (uint32_t i = 0; i < 3; i++) {
        (void)sim_say(&hs->sim, i, 0, bytes_str(marker)); /* the index is not needed */
    }
    host_sim_post(hs);

    assert_true(folder_list(hs->dir, &mem, &list, &hs->err));
    assert_int_equal(list.count, 2);
    assert_string_equal(list.names[0], id_hex(hs->sim.table.b).s);
    assert_string_equal(list.names[1], "host.key");
    char path[SCRATCH_PATH_MAX];
    table_path(hs, "", path);
    assert_true(folder_list(path, &mem, &list, &hs->err));
    static const char *const names[] = {"guard", "lock", "record", "record-shm", "record-wal"};
    assert_int_equal(list.count, COUNT_OF(names));
    bool acts_seen = false;
    for (size_t i = 0; i < list.count; i++) {
        struct bytes file;
        assert_string_equal(list.names[i], names[i]);
        table_path(hs, list.names[i], path);
        assert_true(file_read(path, 4u << 20, &mem, &file, &hs->err));
        assert_false(holds(file, marker));
        assert_false(holds(file, "MARKER"));
        acts_seen = acts_seen || holds(file, "age-encryption.org/v1");
    }
    assert_true(acts_seen); /* the search finds what is there */
    test_arena_free(&mem);
}

/* ---- copies ---- */

static void test_restored_record(void **state)
{
    struct host_sim *hs = *state;
    char path[SCRATCH_PATH_MAX];
    struct arena mem = test_arena(8u << 20);
    struct bytes old;
    struct host *h;
    host_sim_found(hs);
    host_sim_post(hs);
    host_close(hs->host);
    hs->host = NULL;
    table_path(hs, "record", path);
    assert_true(file_read(path, 4u << 20, &mem, &old, &hs->err));
    host_sim_reopen(hs);
    (void)sim_say(&hs->sim, 1, 0, bytes_str("later")); /* the index is not needed */
    host_sim_post(hs);
    host_close(hs->host);
    hs->host = NULL;
    assert_true(file_replace(path, FILE_SECRET, old, &hs->err));
    assert_false(host_open(hs->dir, &hs->sim.table, &h, &hs->err));
    assert_int_equal(hs->err.code, ERR_STATE);
    assert_non_null(strstr(hs->err.what, "restored copy"));
    assert_non_null(strstr(hs->err.mend, "succession"));
    test_arena_free(&mem);
}

static void test_guard_is_needed(void **state)
{
    struct host_sim *hs = *state;
    char path[SCRATCH_PATH_MAX];
    struct host *h;
    host_sim_found(hs);
    host_sim_post(hs);
    host_close(hs->host);
    hs->host = NULL;
    table_path(hs, "guard", path);
    assert_true(file_remove(path, &hs->err));
    assert_false(host_open(hs->dir, &hs->sim.table, &h, &hs->err));
    assert_int_equal(hs->err.code, ERR_STATE);
    assert_non_null(strstr(hs->err.what, "guard"));
    assert_true(hs->err.mend[0] != 0);
}

/* A record whose envelopes were altered no longer has the root that was signed. */
static void test_altered_record(void **state)
{
    struct host_sim *hs = *state;
    char path[SCRATCH_PATH_MAX];
    struct host *h;
    host_sim_found(hs);
    uint64_t index = sim_say(&hs->sim, 1, 0, bytes_str("words"));
    host_sim_post(hs);
    host_close(hs->host);
    hs->host = NULL;
    table_path(hs, "record", path);
    int fd = open(path, O_RDWR | O_CLOEXEC);
    assert_true(fd >= 0);
    static uint8_t raw[1 << 20];
    ssize_t n = read(fd, raw, sizeof(raw));
    assert_true(n > 0);
    struct bytes envelope = hs->sim.items[index].envelope;
    size_t at = 0;
    while (at + envelope.n <= (size_t)n && memcmp(raw + at, envelope.p, envelope.n) != 0) {
        at++;
    }
    assert_true(at + envelope.n <= (size_t)n);
    /* A bit of its signature, which nobody looks at again before the root is compared. */
    uint8_t b = (uint8_t)(envelope.p[envelope.n - 9] ^ 4);
    assert_int_equal(pwrite(fd, &b, 1, (off_t)(at + envelope.n - 9)), 1);
    assert_int_equal(close(fd), 0);
    assert_false(host_open(hs->dir, &hs->sim.table, &h, &hs->err));
    assert_int_equal(hs->err.code, ERR_STATE);
    assert_non_null(strstr(hs->err.what, "altered"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_key, setup, teardown),
        cmocka_unit_test_setup_teardown(test_found, setup, teardown),
        cmocka_unit_test_setup_teardown(test_found_names_host, setup, teardown),
        cmocka_unit_test_setup_teardown(test_tables, setup, teardown),
        cmocka_unit_test_setup_teardown(test_keeps_no_content, setup, teardown),
        cmocka_unit_test_setup_teardown(test_restored_record, setup, teardown),
        cmocka_unit_test_setup_teardown(test_guard_is_needed, setup, teardown),
        cmocka_unit_test_setup_teardown(test_altered_record, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
