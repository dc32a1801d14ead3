/* SPDX-License-Identifier: Apache-2.0
 *
 * The agent as a process: started, asked, told to end, run out.
 */
#include "app/agent.h"

#include <signal.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "app/agent_priv.h"
#include "app/keys.h"
#include "base/cbor.h"
#include "crypto/init.h"
#include "crypto/sign.h"
#include "lib/prop.h"
#include "lib/scratch.h"
#include "lib/test.h"
#include "os/clock.h"
#include "os/file.h"
#include "record/act.h"
#include "record/checkpoint.h"

struct place {
    struct scratch folder;
    char path[SCRATCH_PATH_MAX];
    struct keyset *set;
    struct err err;
    pid_t child;
    struct arena mem;
};

static struct keyset *new_set(void)
{
    struct prop rnd;
    prop_init_seed(&rnd, 11);
    uint8_t random[128];
    prop_fill(&rnd, random, sizeof(random));
    struct keyset *set = NULL;
    struct err err = {0};
    assert_true(keyset_new(random, KEYSET_ALL, text_str("Anna"), &set, &err));
    return set;
}

static int setup(void **state)
{
    static struct place p;
    p = (struct place){.folder = scratch_new()};
    assert_true(crypto_init(&p.err));
    scratch_path(&p.folder, "a.sock", p.path);
    p.set = new_set();
    p.mem = test_arena(1u << 20);
    *state = &p;
    return 0;
}

/* The serving side in a child of the test's own, so that its end can be waited for. */
static void serve(struct place *p, uint64_t duration_ms)
{
    struct socket listener = SOCKET_CLOSED;
    assert_true(socket_listen(p->path, &listener, &p->err));
    (void)fflush(NULL);
    p->child = fork();
    assert_true(p->child >= 0);
    if (p->child == 0) {
        bool good = keyset_relock(p->set, &p->err) &&
                    agent_serve(p->set, &listener, p->path, duration_ms, &p->err);
        _exit(good ? 0 : 1);
    }
    socket_close(&listener);
}

static int wait_child(struct place *p)
{
    int status = -1;
    assert_int_equal(waitpid(p->child, &status, 0), p->child);
    p->child = 0;
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static int teardown(void **state)
{
    struct place *p = *state;
    if (p->child > 0) {
        (void)kill(p->child, SIGKILL);
        (void)waitpid(p->child, NULL, 0);
    }
    keyset_free(p->set);
    test_arena_free(&p->mem);
    scratch_free(&p->folder);
    return 0;
}

static struct act an_act(void)
{
    struct act a = {.n = 3, .seen_size = 5, .blob_length = 600};
    memset(a.table.b, 1, 32);
    memset(a.prev.b, 2, 32);
    memset(a.seen_root.b, 3, 32);
    memset(a.blob.b, 4, 32);
    memset(a.commit.b, 5, 32);
    memset(a.tag.b, 6, 16);
    return a;
}

static void test_signs_an_act(void **state)
{
    struct place *p = *state;
    serve(p, 60000);
    struct keys *k = NULL;
    assert_true(keys_from_agent(p->path, &p->mem, &k, &p->err));
    assert_true(keys_are_agents(k));
    assert_string_equal(keys_public(k)->label, "Anna");
    const struct signer *seat = keys_signer(k, KEY_SEAT);
    assert_non_null(seat);
    assert_null(keys_signer(k, KEY_HOST));
    struct buf raw;
    buf_init(&raw, 4096);
    struct act a = an_act(), read_back;
    assert_true(act_sign(&a, seat, &raw, &p->err));
    assert_true(act_decode(buf_bytes(&raw), &read_back, &p->err));
    struct pubkey pk = signer_pk(seat);
    assert_true(act_signed_by(&read_back, &pk));
    assert_memory_equal(pk.b, keyset_public(p->set)->pk[KEYSET_SEAT], 32);
    /* The same bytes as when the key is at hand: Ed25519 has one signature for each. */
    struct keys *here = NULL;
    struct buf again;
    buf_init(&again, 4096);
    assert_true(keys_from_set(new_set(), &p->mem, &here, &p->err));
    assert_false(keys_are_agents(here));
    assert_true(act_sign(&a, keys_signer(here, KEY_SEAT), &again, &p->err));
    assert_true(bytes_eq(buf_bytes(&raw), buf_bytes(&again)));
    keys_free(here);
    keys_free(k);
    buf_free(&raw);
    buf_free(&again);
}

static void test_refuses_what_is_no_message(void **state)
{
    struct place *p = *state;
    serve(p, 60000);
    struct prop rnd;
    prop_init(&rnd, "agent");
    struct pubkey pk;
    struct signature sig;
    memcpy(pk.b, keyset_public(p->set)->pk[KEYSET_SEAT], 32);
    uint8_t message[200];
    for (size_t i = prop_rounds(50); i > 0; i--) {
        size_t n = prop_below(&rnd, sizeof(message) + 1);
        prop_fill(&rnd, message, n);
        assert_false(agent_sign(p->path, KEY_SEAT, &pk, bytes_of(message, n), &sig, &p->err));
        assert_true(p->err.code != ERR_STATE && p->err.code != ERR_IO);
    }
    /* Nor with a key that it does not have, or under another type. */
    assert_false(agent_sign(p->path, KEY_ROOT, &pk, bytes_str("x"), &sig, &p->err));
    assert_int_equal(p->err.code, ERR_KEY);
    assert_false(agent_sign(p->path, KEY_HOST, &pk, bytes_str("x"), &sig, &p->err));
    assert_int_equal(p->err.code, ERR_KEY);
}

/* Whole messages of the protocol, each for another type of key than the one that is asked. */
static void test_refuses_the_wrong_type(void **state)
{
    struct place *p = *state;
    serve(p, 60000);
    struct keys *k = NULL;
    struct buf raw;
    buf_init(&raw, 4096);
    assert_true(keys_from_agent(p->path, &p->mem, &k, &p->err));
    static const struct {
        enum control_kind control;
        enum key_type author;
    } acts[] = {
        {CONTROL_SEALED, KEY_SEAT},
        {CONTROL_KEYS, KEY_ROOT},
        {CONTROL_COUNTERSIGN, KEY_SEAT},
    };
    static const enum key_type types[] = {KEY_ROOT, KEY_SEAT, KEY_WITNESS};
    for (size_t i = 0; i < COUNT_OF(acts); i++) {
        for (size_t t = 0; t < COUNT_OF(types); t++) {
            struct act a = an_act();
            a.control = acts[i].control;
            if (a.control != CONTROL_SEALED) { /* FORMAT 5: what a control act has there */
                a.commit = a.blob;
                memset(a.tag.b, 0, sizeof(a.tag.b));
            }
            buf_clear(&raw);
            bool good = act_sign(&a, keys_signer(k, types[t]), &raw, &p->err);
            /* A seat posts a new root's paper, which no door takes for another act of keys. */
            bool seat_may = acts[i].control == CONTROL_KEYS && types[t] == KEY_SEAT;
            assert_int_equal(good, types[t] == acts[i].author || seat_may);
        }
    }
    /* The host's words are for no key that an agent has. */
    char origin[ORIGIN_MAX];
    struct table_id table = {{1}};
    struct pubkey pk;
    struct signature sig;
    origin_name(&table, 0, origin);
    struct checkpoint cp = {.table = table, .size = 4};
    buf_clear(&raw);
    checkpoint_body(&cp, &raw);
    assert_memory_equal(raw.p, origin, strlen(origin));
    for (size_t t = 0; t < COUNT_OF(types); t++) {
        pk = signer_pk(keys_signer(k, types[t]));
        assert_false(agent_sign(p->path, types[t], &pk, buf_bytes(&raw), &sig, &p->err));
        assert_true(p->err.code != ERR_STATE && p->err.code != ERR_IO);
    }
    buf_free(&raw);
    keys_free(k);
}

static void test_opens_blobs(void **state)
{
    struct place *p = *state;
    serve(p, 60000);
    static struct age_chance chance;
    struct prop rnd;
    prop_init(&rnd, "agent-blobs");
    struct keys *k = NULL, *here = NULL;
    assert_true(keys_from_agent(p->path, &p->mem, &k, &p->err));
    assert_true(keys_from_set(new_set(), &p->mem, &here, &p->err));
    struct buf blob, one, two;
    buf_init(&blob, 65536);
    buf_init(&one, 65536);
    buf_init(&two, 65536);
    uint8_t to[3][32];
    prop_fill(&rnd, to, sizeof(to));
    memcpy(to[1], keyset_public(p->set)->pk[KEYSET_SEAL], 32);
    prop_fill(&rnd, &chance, sizeof(chance));
    chance.shown = false;
    assert_true(age_seal(bytes_str("what we want"), to[0], 3, 4, &chance, &blob, &p->err));
    assert_true(keys_open_blob(k, buf_bytes(&blob), &one, &p->err));
    assert_string_equal(buf_str(&one), "what we want");
    assert_true(keys_open_blob(here, buf_bytes(&blob), &two, &p->err));
    assert_string_equal(buf_str(&two), "what we want");
    /* Sealed to others; and a header that was altered. */
    buf_clear(&blob);
    buf_clear(&one);
    assert_true(age_seal(bytes_str("theirs"), to[0], 1, 4, &chance, &blob, &p->err));
    assert_false(keys_open_blob(k, buf_bytes(&blob), &one, &p->err));
    assert_int_equal(p->err.code, ERR_KEY);
    buf_clear(&blob);
    assert_true(age_seal(bytes_str("ours"), to[1], 1, 1, &chance, &blob, &p->err));
    const char *mac = strstr(buf_str(&blob), "\n--- ");
    assert_non_null(mac);
    size_t at = (size_t)(mac - buf_str(&blob)) + 8;
    blob.p[at] = blob.p[at] == 'A' ? 'B' : 'A';
    assert_false(keys_open_blob(k, buf_bytes(&blob), &one, &p->err));
    assert_int_equal(p->err.code, ERR_VERIFY);
    assert_false(keys_open_blob(here, buf_bytes(&blob), &one, &p->err));
    assert_int_equal(p->err.code, ERR_VERIFY);
    assert_int_equal(one.n, 0);
    buf_free(&blob);
    buf_free(&one);
    buf_free(&two);
    keys_free(k);
    keys_free(here);
}

static void test_lock(void **state)
{
    struct place *p = *state;
    serve(p, 60000);
    struct keys *k = NULL;
    assert_true(keys_from_agent(p->path, &p->mem, &k, &p->err));
    assert_true(agent_lock(p->path, &p->err));
    assert_int_equal(wait_child(p), 0);
    assert_false(file_exists(p->path));
    struct buf raw;
    buf_init(&raw, 4096);
    struct act a = an_act();
    assert_false(act_sign(&a, keys_signer(k, KEY_SEAT), &raw, &p->err));
    assert_int_equal(p->err.code, ERR_STATE);
    assert_true(p->err.mend[0] != 0);
    keys_free(k);
    buf_free(&raw);
}

static void test_runs_out(void **state)
{
    struct place *p = *state;
    serve(p, 150);
    struct keyset_public shown;
    uint64_t ends = 0;
    assert_true(agent_hello(p->path, &shown, &ends, &p->err));
    struct clock clock = clock_real();
    assert_in_range(ends, clock_now(&clock), clock_now(&clock) + 3);
    assert_int_equal(wait_child(p), 0);
    assert_false(file_exists(p->path));
    assert_false(agent_hello(p->path, &shown, &ends, &p->err));
    assert_int_equal(p->err.code, ERR_STATE);
}

/* Calls that are none: refused, and the next caller is served. */
static void test_survives_nonsense(void **state)
{
    struct place *p = *state;
    serve(p, 60000);
    struct prop rnd;
    prop_init(&rnd, "agent-nonsense");
    struct buf b;
    buf_init(&b, AGENT_FRAME_MAX);
    for (size_t i = prop_rounds(40); i > 0; i--) {
        uint8_t junk[64];
        struct socket conn = SOCKET_CLOSED;
        size_t n = prop_below(&rnd, sizeof(junk));
        prop_fill(&rnd, junk, n);
        if (n > 2 && prop_one_in(&rnd, 2)) {
            junk[0] = (uint8_t)(0x80 + prop_below(&rnd, 7));
            junk[1] = 1;
            junk[2] = (uint8_t)prop_below(&rnd, 4); /* any call but lock */
        }
        assert_true(socket_connect(p->path, &conn, &p->err));
        if (prop_one_in(&rnd, 4)) { /* hangs up in the middle */
            socket_close(&conn);
            continue;
        }
        assert_true(socket_send(&conn, bytes_of(junk, n), 1000, &p->err));
        buf_clear(&b);
        assert_true(socket_receive(&conn, AGENT_FRAME_MAX, 1000, &b, &p->err));
        assert_true(cbor_valid(buf_bytes(&b)));
        socket_close(&conn);
    }
    buf_free(&b);
    struct keyset_public shown;
    uint64_t ends;
    assert_true(agent_hello(p->path, &shown, &ends, &p->err));
}

static void test_another_user_is_refused(void **state)
{
    struct place *p = *state;
    if (geteuid() != 0) {
        (void)printf("# skipped: only root can become another user\n");
        (void)fprintf(stderr, "skipped: only root can become another user\n");
        skip();
    }
    serve(p, 60000);
    /* As if both the folder and the socket had been opened to all by mistake. */
    assert_int_equal(chmod(p->folder.path, 0755), 0);
    assert_int_equal(chmod(p->path, 0666), 0);
    (void)fflush(NULL);
    pid_t other = fork();
    assert_true(other >= 0);
    if (other == 0) {
        struct err err = {0};
        struct socket conn = SOCKET_CLOSED;
        struct buf answer;
        static const uint8_t hello[3] = {0x82, 1, 1};
        buf_init(&answer, 4096);
        if (setgid(65534) != 0 || setuid(65534) != 0 || !socket_connect(p->path, &conn, &err)) {
            _exit(2);
        }
        bool sent = socket_send(&conn, bytes_of(hello, sizeof(hello)), 1000, &err);
        bool got = sent && socket_receive(&conn, 4096, 1000, &answer, &err);
        _exit(got ? 1 : 0);
    }
    int status = -1;
    assert_int_equal(waitpid(other, &status, 0), other);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
    struct keyset_public shown;
    uint64_t ends;
    assert_true(agent_hello(p->path, &shown, &ends, &p->err)); /* we are served all the same */
}

/* The whole of agent_start: a process nobody waits for, one a key file. */
static void test_start(void **state)
{
    struct place *p = *state;
    (void)fflush(NULL);
    enum daemon_side side = DAEMON_PARENT;
    bool good = agent_start(p->set, p->path, 30000, &side, &p->err);
    if (side == DAEMON_CHILD) {
        _exit(good ? 0 : 1);
    }
    assert_true(good);
    struct keyset_public shown;
    uint64_t ends;
    assert_true(agent_hello(p->path, &shown, &ends, &p->err));
    assert_memory_equal(shown.pk, keyset_public(p->set)->pk, sizeof(shown.pk));
    assert_false(agent_start(p->set, p->path, 30000, &side, &p->err));
    assert_int_equal(p->err.code, ERR_STATE);
    assert_true(agent_lock(p->path, &p->err));
    for (unsigned i = 0; i < 100 && file_exists(p->path); i++) {
        clock_pause_ms(10);
    }
    assert_false(file_exists(p->path));
}

/* Killed, it leaves its socket behind: who asks is told that there is none, and one can be started
 * again in its place. */
static void test_killed(void **state)
{
    struct place *p = *state;
    struct keyset_public shown;
    uint64_t ends;
    serve(p, 60000);
    assert_true(agent_hello(p->path, &shown, &ends, &p->err));
    assert_int_equal(kill(p->child, SIGKILL), 0);
    assert_int_equal(wait_child(p), -1);
    assert_true(file_exists(p->path));
    assert_false(agent_hello(p->path, &shown, &ends, &p->err));
    assert_int_equal(p->err.code, ERR_STATE);
    serve(p, 60000);
    p->err = (struct err){0};
    assert_true(agent_hello(p->path, &shown, &ends, &p->err));
    assert_memory_equal(shown.pk, keyset_public(p->set)->pk, sizeof(shown.pk));
}

/* Only its own user may even knock. */
static void test_socket_is_private(void **state)
{
    struct place *p = *state;
    struct stat st;
    serve(p, 60000);
    assert_int_equal(lstat(p->path, &st), 0);
    assert_true(S_ISSOCK(st.st_mode));
    assert_int_equal(st.st_mode & 07777, 0600);
    assert_int_equal(st.st_uid, geteuid());
}

/* Two seats of one person: an agent each; the one does not sign for the other, and ends alone. */
static void test_two_seats(void **state)
{
    struct place *p = *state;
    char one[AGENT_NAME_MAX], two[AGENT_NAME_MAX];
    struct keyset_public shown;
    uint64_t ends;
    struct prop rnd;
    uint8_t random[128];
    struct keyset *other = NULL, *mine = p->set;
    prop_init_seed(&rnd, 12);
    prop_fill(&rnd, random, sizeof(random));
    assert_true(keyset_new(random, KEYSET_ALL, text_str("Anna elsewhere"), &other, &p->err));
    agent_name(keyset_public(mine), one);
    agent_name(keyset_public(other), two);
    assert_string_not_equal(one, two);

    serve(p, 60000);
    struct place second = {.folder = p->folder, .set = other};
    scratch_path(&p->folder, "b.sock", second.path);
    serve(&second, 60000);
    assert_true(agent_hello(second.path, &shown, &ends, &p->err));
    assert_memory_equal(shown.pk, keyset_public(other)->pk, sizeof(shown.pk));
    struct keys *k = NULL;
    struct buf raw;
    buf_init(&raw, 4096);
    assert_true(keys_from_agent(p->path, &p->mem, &k, &p->err));
    struct pubkey pk = signer_pk(keys_signer(k, KEY_SEAT));
    struct signature sig;
    assert_false(agent_sign(second.path, KEY_SEAT, &pk, bytes_str("x"), &sig, &p->err));
    assert_int_equal(p->err.code, ERR_KEY);
    assert_true(agent_lock(second.path, &p->err));
    assert_int_equal(wait_child(&second), 0);
    struct act a = an_act();
    assert_true(act_sign(&a, keys_signer(k, KEY_SEAT), &raw, &p->err)); /* the first goes on */
    keys_free(k);
    buf_free(&raw);
    keyset_free(other);
}

static void test_names(void **state)
{
    struct place *p = *state;
    char one[AGENT_NAME_MAX], two[AGENT_NAME_MAX];
    agent_name(keyset_public(p->set), one);
    static const uint8_t table[32] = {1};
    assert_true(keyset_set_table(p->set, table, &p->err));
    agent_name(keyset_public(p->set), two);
    assert_string_equal(one, two);
    assert_true(agent_name_ok(one));
    assert_false(agent_name_ok("keys-.sock"));
    assert_false(agent_name_ok("keys-0123456789abcdef012g.sock"));
    assert_false(agent_name_ok("../keys-0123456789abcdef0123.sock"));
}

int main(void)
{
#define AGENT_TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        AGENT_TEST(test_signs_an_act),
        AGENT_TEST(test_refuses_what_is_no_message),
        AGENT_TEST(test_refuses_the_wrong_type),
        AGENT_TEST(test_opens_blobs),
        AGENT_TEST(test_lock),
        AGENT_TEST(test_runs_out),
        AGENT_TEST(test_survives_nonsense),
        AGENT_TEST(test_another_user_is_refused),
        AGENT_TEST(test_start),
        AGENT_TEST(test_killed),
        AGENT_TEST(test_socket_is_private),
        AGENT_TEST(test_two_seats),
        AGENT_TEST(test_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
