/* SPDX-License-Identifier: Apache-2.0 */
#include "lib/test.h"

#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/scratch.h"
#include "os/clock.h"
#include "os/file.h"
#include "os/socket.h"

struct place {
    struct scratch folder;
    char path[SCRATCH_PATH_MAX];
    struct socket listener, here, there;
    struct err err;
};

/* A pair of connected sockets. */
static int setup(void **state)
{
    static struct place p;
    p = (struct place){.folder = scratch_new()};
    scratch_path(&p.folder, "s", p.path);
    assert_true(socket_listen(p.path, &p.listener, &p.err));
    assert_true(socket_connect(p.path, &p.here, &p.err));
    assert_true(socket_accept(&p.listener, 1000, &p.there, &p.err));
    assert_true(socket_is_open(&p.there));
    *state = &p;
    return 0;
}

static int teardown(void **state)
{
    struct place *p = *state;
    socket_close(&p->here);
    socket_close(&p->there);
    socket_close(&p->listener);
    scratch_free(&p->folder);
    return 0;
}

static void test_frames(void **state)
{
    struct place *p = *state;
    struct buf b;
    buf_init(&b, 1000);
    assert_true(socket_send(&p->here, bytes_str("hello"), 1000, &p->err));
    assert_true(socket_send(&p->here, bytes_str(""), 1000, &p->err));
    assert_true(socket_send(&p->here, bytes_str("again"), 1000, &p->err));
    assert_true(socket_receive(&p->there, 5, 1000, &b, &p->err));
    assert_string_equal(buf_str(&b), "hello");
    assert_true(socket_receive(&p->there, 5, 1000, &b, &p->err));
    assert_true(socket_receive(&p->there, 5, 1000, &b, &p->err));
    assert_string_equal(buf_str(&b), "helloagain");
    assert_true(socket_send(&p->there, bytes_str("back"), 1000, &p->err));
    buf_clear(&b);
    assert_true(socket_receive(&p->here, 5, 1000, &b, &p->err));
    assert_string_equal(buf_str(&b), "back");
    buf_free(&b);
}

static void test_ceiling_and_time(void **state)
{
    struct place *p = *state;
    struct buf b;
    buf_init(&b, 1000);
    assert_true(socket_send(&p->here, bytes_str("123456"), 1000, &p->err));
    assert_false(socket_receive(&p->there, 5, 1000, &b, &p->err));
    assert_int_equal(p->err.code, ERR_LIMIT);
    uint64_t start = clock_monotonic_us();
    assert_false(socket_receive(&p->here, 5, 50, &b, &p->err));
    assert_int_equal(p->err.code, ERR_IO);
    uint64_t took = clock_monotonic_us() - start;
    assert_true(took >= 50000 && took < 5000000);
    assert_true(write(p->there.fd, "\0\0\0\5ab", 6) == 6); /* cut short */
    socket_close(&p->there);
    assert_false(socket_receive(&p->here, 5, 1000, &b, &p->err));
    assert_non_null(strstr(p->err.what, "hung up"));
    assert_int_equal(b.n, 0);
    assert_false(socket_send(&p->here, bytes_str("x"), 1000, &p->err)); /* and no SIGPIPE */
    buf_free(&b);
}

/* Larger than the kernel's buffers: both sides have to take turns; nobody reads: time is up. */
static void test_large(void **state)
{
    struct place *p = *state;
    size_t n = 3u << 20;
    struct arena mem = test_arena(n);
    uint8_t *big = ARENA_NEW(&mem, uint8_t, n);
    for (size_t i = 0; i < n; i++) {
        big[i] = (uint8_t)(i * 7 + (i >> 11));
    }
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        struct err err;
        _exit(socket_send(&p->here, bytes_of(big, n), 10000, &err) ? 7 : 8);
    }
    struct buf b;
    buf_init(&b, n);
    assert_true(socket_receive(&p->there, n, 10000, &b, &p->err));
    assert_true(bytes_eq(buf_bytes(&b), bytes_of(big, n)));
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 7);
    assert_false(socket_send(&p->here, bytes_of(big, n), 50, &p->err));
    assert_int_equal(p->err.code, ERR_IO);
    buf_free(&b);
    test_arena_free(&mem);
}

static void test_who_and_where(void **state)
{
    struct place *p = *state;
    struct stat st;
    assert_int_equal(stat(p->path, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
    uint32_t uid = 12345678;
    assert_true(socket_peer_uid(&p->there, &uid, &p->err));
    assert_int_equal(uid, geteuid());
    assert_true(socket_peer_is_me(&p->there));
    assert_false(socket_peer_is_me(&SOCKET_CLOSED));
    struct socket none;
    assert_true(socket_accept(&p->listener, 20, &none, &p->err));
    assert_false(socket_is_open(&none));
}

static void test_listen_twice_and_stale(void **state)
{
    struct place *p = *state;
    struct socket second = SOCKET_CLOSED;
    assert_false(socket_listen(p->path, &second, &p->err));
    assert_int_equal(p->err.code, ERR_STATE);
    socket_close(&p->listener); /* as a killed program leaves it: the file stays */
    assert_true(file_exists(p->path));
    assert_false(socket_connect(p->path, &second, &p->err));
    assert_int_equal(p->err.code, ERR_STATE);
    assert_true(socket_listen(p->path, &p->listener, &p->err));
    assert_true(socket_connect(p->path, &second, &p->err));
    socket_close(&second);
    char other[SCRATCH_PATH_MAX];
    scratch_path(&p->folder, "file", other);
    assert_true(file_replace(other, FILE_PLAIN, bytes_str("mine"), &p->err));
    assert_false(socket_listen(other, &second, &p->err));
    assert_int_equal(p->err.code, ERR_STATE);
    assert_true(file_exists(other));
    scratch_path(&p->folder, "nobody", other);
    assert_false(socket_connect(other, &second, &p->err));
    assert_int_equal(p->err.code, ERR_STATE);
    memset(other, 'x', 200);
    other[200] = 0;
    assert_false(socket_listen(other, &second, &p->err));
    assert_int_equal(p->err.code, ERR_LIMIT);
}

#define CASE(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

static void a_port_of_this_machine_is_one_callers(void **state)
{
    (void)state;
    struct socket first = SOCKET_CLOSED, second = SOCKET_CLOSED;
    struct err err = {0};
    uint16_t port = 0, other = 0;
    assert_true(socket_listen_here(0, &first, &port, &err));
    assert_true(port > 0);
    assert_false(socket_listen_here(port, &second, &other, &err));
    assert_int_equal(err.code, ERR_STATE);
    socket_close(&first);
    assert_true(socket_listen_here(port, &second, &other, &err));
    assert_int_equal(other, port);
    socket_close(&second);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_port_of_this_machine_is_one_callers),
        CASE(test_frames),
        CASE(test_ceiling_and_time),
        CASE(test_large),
        CASE(test_who_and_where),
        CASE(test_listen_twice_and_stale),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
