/* SPDX-License-Identifier: Apache-2.0 */
#include "store/guard.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/scratch.h"
#include "lib/test.h"
#include "os/file_test.h"

struct place {
    struct scratch folder;
    char path[SCRATCH_PATH_MAX];
    struct guard g;
    struct kid kid;
    struct err err;
};

static int setup(void **state)
{
    static struct place p;
    p = (struct place){.folder = scratch_new(), .g = GUARD_CLOSED, .kid = {{1, 2, 3}}};
    scratch_path(&p.folder, "guard", p.path);
    assert_true(guard_create(p.path, GUARD_HOST, &p.kid, &p.g, &p.err));
    *state = &p;
    return 0;
}

static int teardown(void **state)
{
    struct place *p = *state;
    file_faults_set(NULL);
    guard_close(&p->g);
    scratch_free(&p->folder);
    return 0;
}

static struct guard_state at(uint32_t term, uint64_t number)
{
    struct guard_state s = {.term = term, .number = number};
    memset(s.root.b, (int)(number & 0x7f), sizeof(s.root.b));
    return s;
}

static void assert_at(struct place *p, uint32_t term, uint64_t number)
{
    struct guard_state now, want = at(term, number);
    assert_true(guard_read(&p->g, &now, &p->err));
    assert_int_equal(now.term, term);
    assert_int_equal(now.number, number);
    if (number > 0) {
        assert_memory_equal(now.root.b, want.root.b, 32);
    }
}

static void advance(struct place *p, struct guard_state *now, uint32_t term, uint64_t number)
{
    struct guard_state next = at(term, number);
    assert_true(guard_advance(&p->g, now, &next, &p->err));
}

static void test_goes_forward(void **state)
{
    struct place *p = *state;
    struct guard_state now;
    assert_at(p, 0, 0);
    assert_true(guard_read(&p->g, &now, &p->err));
    for (uint64_t i = 1; i < 20; i++) {
        advance(p, &now, 0, i * i);
        assert_at(p, 0, i * i);
    }
    advance(p, &now, 1, 3); /* a new term may begin lower */
    assert_at(p, 1, 3);
    guard_close(&p->g);
    assert_true(guard_open(p->path, GUARD_HOST, &p->kid, &p->g, &p->err));
    assert_at(p, 1, 3);
}

static void test_refuses_to_go_back(void **state)
{
    struct place *p = *state;
    struct guard_state now, next;
    assert_true(guard_read(&p->g, &now, &p->err));
    advance(p, &now, 1, 10);
    next = at(1, 9);
    assert_false(guard_advance(&p->g, &now, &next, &p->err));
    assert_int_equal(p->err.code, ERR_STATE);
    assert_non_null(strstr(p->err.mend, "restored copy"));
    next = at(0, 11);
    assert_false(guard_advance(&p->g, &now, &next, &p->err));
    next = at(1, 10);
    next.root.b[7] ^= 1; /* the same number, another root */
    assert_false(guard_advance(&p->g, &now, &next, &p->err));
    next = at(1, 10);
    uint64_t sequence = now.sequence;
    assert_true(guard_advance(&p->g, &now, &next, &p->err)); /* the same again: nothing written */
    assert_int_equal(now.sequence, sequence);
    assert_at(p, 1, 10);
}

static void test_time_never_falls(void **state)
{
    struct place *p = *state;
    struct guard_state now, next = at(0, 5);
    assert_true(guard_read(&p->g, &now, &p->err));
    next.time = 1000;
    assert_true(guard_advance(&p->g, &now, &next, &p->err));
    next = at(0, 6);
    next.time = 999;
    assert_false(guard_advance(&p->g, &now, &next, &p->err));
    next = at(0, 5);
    next.time = 1001; /* the same size again, later */
    assert_true(guard_advance(&p->g, &now, &next, &p->err));
    next = at(1, 1);
    next.time = 7; /* another term */
    assert_true(guard_advance(&p->g, &now, &next, &p->err));
}

static void test_compare_and_swap(void **state)
{
    struct place *p = *state;
    struct guard_state mine, theirs, next = at(0, 5);
    struct guard other;
    assert_true(guard_open(p->path, GUARD_HOST, &p->kid, &other, &p->err));
    assert_true(guard_read(&p->g, &mine, &p->err));
    assert_true(guard_read(&other, &theirs, &p->err));
    assert_true(guard_advance(&other, &theirs, &next, &p->err));
    next = at(0, 6);
    assert_false(guard_advance(&p->g, &mine, &next, &p->err));
    assert_int_equal(p->err.code, ERR_STATE);
    assert_at(p, 0, 5);
    guard_close(&other);
}

static void test_replace(void **state)
{
    struct place *p = *state;
    char path[SCRATCH_PATH_MAX];
    struct guard g;
    struct guard_state now, next = at(0, 4);
    scratch_path(&p->folder, "author", path);
    assert_true(guard_create(path, GUARD_AUTHOR, &p->kid, &g, &p->err));
    assert_true(guard_read(&g, &now, &p->err));
    assert_true(guard_advance(&g, &now, &next, &p->err));
    next.root.b[0] = 0xee;
    assert_false(guard_advance(&g, &now, &next, &p->err));
    assert_true(guard_replace(&g, &now, &next, &p->err));
    next = at(0, 3);
    assert_false(guard_replace(&g, &now, &next, &p->err));
    assert_true(guard_read(&g, &now, &p->err));
    assert_int_equal(now.root.b[0], 0xee);
    guard_close(&g);
}

static void test_whose_it_is(void **state)
{
    struct place *p = *state;
    struct guard g;
    struct kid other = {{9}};
    assert_false(guard_open(p->path, GUARD_HOST, &other, &g, &p->err));
    assert_false(guard_open(p->path, GUARD_WITNESS, &p->kid, &g, &p->err));
    assert_int_equal(p->err.code, ERR_STATE);
    assert_false(guard_create(p->path, GUARD_HOST, &p->kid, &g, &p->err));
    assert_int_equal(p->err.code, ERR_STATE);
    char path[SCRATCH_PATH_MAX];
    scratch_path(&p->folder, "none", path);
    assert_false(guard_open(path, GUARD_HOST, &p->kid, &g, &p->err));
    assert_non_null(strstr(p->err.what, "missing"));
    assert_true(p->err.mend[0] != 0);
}

static void flip(const char *path, off_t offset)
{
    int fd = open(path, O_RDWR | O_CLOEXEC);
    uint8_t b;
    assert_true(fd >= 0);
    assert_int_equal(pread(fd, &b, 1, offset), 1);
    b ^= 0x10;
    assert_int_equal(pwrite(fd, &b, 1, offset), 1);
    assert_int_equal(close(fd), 0);
}

/* A spoilt slot leaves the one before; two spoilt ones are said to be so. */
static void test_spoilt_slots(void **state)
{
    struct place *p = *state;
    struct guard_state now;
    struct guard g;
    assert_true(guard_read(&p->g, &now, &p->err));
    advance(p, &now, 0, 7); /* second slot */
    advance(p, &now, 0, 8); /* first slot */
    for (off_t i = 0; i < 136; i++) {
        flip(p->path, i);
        assert_at(p, 0, 7);
        flip(p->path, i);
        assert_at(p, 0, 8);
        flip(p->path, 4096 + i);
        assert_at(p, 0, 8);
        flip(p->path, 4096 + i);
    }
    flip(p->path, 30);
    flip(p->path, 4096 + 30);
    assert_false(guard_read(&p->g, &now, &p->err));
    assert_int_equal(p->err.code, ERR_STATE);
    assert_false(guard_open(p->path, GUARD_HOST, &p->kid, &g, &p->err));
    assert_non_null(strstr(p->err.where, "guard"));
    assert_non_null(strstr(p->err.mend, "new key"));
}

/* Killed or failing at every step of a write: the state before or the one after, never another. */
static void test_torn_writes(void **state)
{
    struct place *p = *state;
    struct guard_state now;
    assert_true(guard_read(&p->g, &now, &p->err));
    advance(p, &now, 0, 7);
    for (int with_errno = 0; with_errno <= ENOSPC; with_errno += ENOSPC) {
        for (uint64_t nth = 1;; nth++) {
            assert_true(guard_read(&p->g, &now, &p->err));
            uint64_t before = now.number;
            pid_t child = fork();
            assert_true(child >= 0);
            if (child == 0) {
                struct file_faults faults = {
                    .steps = FILE_STEP_ANY, .fault_in = nth, .with_errno = with_errno};
                struct guard_state next = at(0, before + 1);
                file_faults_set(&faults);
                bool ok = guard_advance(&p->g, &now, &next, &p->err);
                bool told = ok || (p->err.code == ERR_IO && p->err.mend[0] != 0);
                _exit(!told ? 9 : ok && faults.seen < nth ? 1 : 0);
            }
            int status;
            assert_int_equal(waitpid(child, &status, 0), child);
            assert_true(guard_read(&p->g, &now, &p->err));
            assert_in_range(now.number, before, before + 1);
            assert_at(p, 0, now.number);
            if (WIFEXITED(status) && WEXITSTATUS(status) == 1) {
                assert_true(nth > 2); /* a write and a flush */
                assert_int_equal(now.number, before + 1);
                break;
            }
            assert_true(WIFSIGNALED(status) || WEXITSTATUS(status) == 0);
        }
    }
}

/* A crash while it is made leaves a file that can be made again, or a good one. */
static void test_torn_creation(void **state)
{
    struct place *p = *state;
    char path[SCRATCH_PATH_MAX];
    scratch_path(&p->folder, "young", path);
    for (uint64_t nth = 1;; nth++) {
        pid_t child = fork();
        assert_true(child >= 0);
        if (child == 0) {
            struct file_faults faults = {.steps = FILE_STEP_ANY, .fault_in = nth};
            struct guard g;
            file_faults_set(&faults);
            bool ok = guard_create(path, GUARD_HOST, &p->kid, &g, &p->err);
            _exit(ok ? 0 : 1);
        }
        int status;
        struct guard g;
        struct guard_state now;
        assert_int_equal(waitpid(child, &status, 0), child);
        assert_true(WIFSIGNALED(status) || WEXITSTATUS(status) == 0);
        struct err err = {0};
        bool made = guard_create(path, GUARD_HOST, &p->kid, &g, &p->err) ||
                    guard_open(path, GUARD_HOST, &p->kid, &g, &err);
        assert_true(made);
        assert_true(guard_read(&g, &now, &p->err));
        assert_int_equal(now.number, 0);
        guard_close(&g);
        assert_int_equal(unlink(path), 0);
        if (WIFEXITED(status)) {
            assert_true(nth > 3);
            break;
        }
    }
}

static void test_restored_copy(void **state)
{
    struct place *p = *state;
    struct guard_state s = at(1, 50);
    struct root_hash there = s.root;
    const char *mend = "fetch the newest";
    assert_true(guard_behind_record(&s, 1, 50, &there, "it", mend, &p->err));
    assert_true(guard_behind_record(&s, 1, 60, &there, "it", mend, &p->err));
    assert_true(guard_behind_record(&s, 2, 10, NULL, "it", mend, &p->err));
    assert_false(guard_behind_record(&s, 1, 49, NULL, "it", mend, &p->err));
    assert_non_null(strstr(p->err.what, "restored copy"));
    assert_string_equal(p->err.mend, mend);
    assert_false(guard_behind_record(&s, 0, 99, &there, "it", mend, &p->err));
    there.b[31] ^= 1;
    assert_false(guard_behind_record(&s, 1, 60, &there, "it", mend, &p->err));
    assert_non_null(strstr(p->err.what, "altered"));
    s = (struct guard_state){.sequence = 1};
    assert_true(guard_behind_record(&s, 0, 0, NULL, "it", mend, &p->err));
}

/* docs/FORMAT.md section 16, byte for byte. */
static void test_bytes(void **state)
{
    struct place *p = *state;
    struct guard_state now, next = at(2, 0x0102);
    uint8_t raw[GUARD_FILE_BYTES];
    next.time = 5;
    assert_true(guard_read(&p->g, &now, &p->err));
    assert_true(guard_advance(&p->g, &now, &next, &p->err));
    assert_true(file_fixed_read(&p->g.file, 0, raw, sizeof(raw), &p->err));
    const uint8_t *slot = raw + 4096;
    static const uint8_t head[] = {'e', 'n', 't', 'g', 'u', 'a', 'r', 'd', 1, 1, 0, 0, 0, 0,
                                   0,   2,   0,   0,   0,   0,   0,   0,   0, 2, 0, 0, 0, 0,
                                   0,   0,   1,   2,   0,   0,   0,   0,   0, 0, 0, 5};
    assert_memory_equal(slot, head, sizeof(head));
    assert_memory_equal(slot + 40, next.root.b, 32);
    assert_memory_equal(slot + 72, p->kid.b, 32);
    struct bytes checked = bytes_of(slot, 104);
    struct digest check = digest_tagged("entente/v1/guard", &checked, 1);
    assert_memory_equal(slot + 104, check.b, 32);
    assert_true(id_all_zero(slot + 136, 4096 - 136));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_goes_forward, setup, teardown),
        cmocka_unit_test_setup_teardown(test_refuses_to_go_back, setup, teardown),
        cmocka_unit_test_setup_teardown(test_time_never_falls, setup, teardown),
        cmocka_unit_test_setup_teardown(test_compare_and_swap, setup, teardown),
        cmocka_unit_test_setup_teardown(test_replace, setup, teardown),
        cmocka_unit_test_setup_teardown(test_whose_it_is, setup, teardown),
        cmocka_unit_test_setup_teardown(test_spoilt_slots, setup, teardown),
        cmocka_unit_test_setup_teardown(test_torn_writes, setup, teardown),
        cmocka_unit_test_setup_teardown(test_torn_creation, setup, teardown),
        cmocka_unit_test_setup_teardown(test_restored_copy, setup, teardown),
        cmocka_unit_test_setup_teardown(test_bytes, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
