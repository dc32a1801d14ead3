/* SPDX-License-Identifier: Apache-2.0
 *
 * Key files as a person uses them.  The agent of key_unlock is tests/cli's.
 */
#include "app/key.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "app/keys.h"
#include "crypto/init.h"
#include "lib/chance.h"
#include "lib/scratch.h"
#include "lib/test.h"
#include "os/socket.h"

struct place {
    struct scratch folder;
    char file[SCRATCH_PATH_MAX];
    struct prop rnd;
    struct chance chance;
    struct arena mem;
    struct err err;
    unsigned asked;
    const char *passphrase;
};

static int setup(void **state)
{
    static struct place p;
    p = (struct place){.folder = scratch_new(), .passphrase = "right"};
    assert_true(crypto_init(&p.err));
    assert_int_equal(setenv("XDG_RUNTIME_DIR", p.folder.path, 1), 0);
    scratch_path(&p.folder, "k", p.file);
    prop_init_seed(&p.rnd, 3);
    p.chance = chance_seeded(&p.rnd);
    p.mem = test_arena(1u << 20);
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

static bool answer(void *ctx, const char *prompt, struct buf *out, struct err *err)
{
    (void)err;
    struct place *p = ctx;
    assert_string_equal(prompt, "Passphrase of Anna: ");
    p->asked++;
    buf_add_str(out, p->passphrase);
    return true;
}

static struct key_view make(struct place *p, unsigned which)
{
    struct key_view v;
    assert_true(key_new(p->file, which, text_str("Anna"), bytes_str("right"), KEY_COST_TEST,
                        &p->chance, &v, &p->err));
    return v;
}

static void test_new_and_show(void **state)
{
    struct place *p = *state;
    struct key_view made = make(p, KEY_PARTS_ALL), shown;
    struct stat st;
    assert_int_equal(stat(p->file, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
    assert_true(key_show(p->file, &p->mem, &shown, &p->err));
    assert_memory_equal(made.pk, shown.pk, sizeof(shown.pk));
    assert_memory_equal(made.kid, shown.kid, sizeof(shown.kid));
    assert_string_equal(shown.label, "Anna");
    assert_string_equal(made.recipient, shown.recipient);
    assert_true(shown.cheap);
    assert_false(shown.unlocked);
    struct pubkey pk;
    memcpy(pk.b, shown.pk[KEY_PART_ROOT], 32);
    struct kid want = kid_of(KEY_ROOT, &pk);
    assert_memory_equal(want.b, shown.kid[KEY_PART_ROOT], 32);
    assert_true(id_all_zero(shown.kid[KEY_PART_SEAL], 32));
    assert_string_equal(shown.fingerprint[KEY_PART_ROOT], id_spoken(want.b).s);
    assert_string_equal(shown.fingerprint[KEY_PART_SEAL], "");
    /* Never over a file that is there. */
    assert_false(key_new(p->file, KEY_PARTS_ALL, text_str("Anna"), bytes_str("right"),
                         KEY_COST_TEST, &p->chance, &made, &p->err));
    assert_int_equal(p->err.code, ERR_STATE);
}

static void test_passphrases(void **state)
{
    (void)state;
    static const struct {
        const char *p;
        bool fit, weak;
    } cases[] = {
        {"", false, false},
        {"hello", false, false},
        {"1234567", false, false},
        {"   hello   ", false, false},                      /* blanks at the ends are none */
        {"\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9", false, false}, /* four letters */
        {"password", true, true},
        {"two words", true, true},
        {"aaaaaaaaaaaaaaaaaaaaaaaa", true, true},
        {"lake and border", true, false}, /* the demo's own */
        {"one two three", true, false},
        {"gK4x-9Qw2-mB7p-Lz1", true, false},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct err err = {0};
        bool weak = false;
        assert_int_equal(key_passphrase_fit(bytes_str(cases[i].p), &weak, &err), cases[i].fit);
        assert_int_equal(weak, cases[i].weak);
        assert_int_equal(err.code, cases[i].fit ? ERR_NONE : ERR_USE);
        assert_true(cases[i].fit || (strstr(err.mend, "several words") != NULL &&
                                     strstr(err.what, "hello") == NULL));
    }
}

static void test_open(void **state)
{
    struct place *p = *state;
    struct key_view v = make(p, KEY_PARTS_ALL);
    struct keys_ask ask = {answer, p};
    struct keys *k = NULL;
    p->passphrase = "wrong";
    assert_false(keys_open(p->file, &ask, &p->mem, &k, &p->err));
    assert_int_equal(p->err.code, ERR_KEY);
    assert_true(p->err.mend[0] != 0);
    p->passphrase = "right";
    assert_true(keys_open(p->file, &ask, &p->mem, &k, &p->err));
    assert_int_equal(p->asked, 2);
    struct buf sealed, out;
    struct text to = text_str(v.recipient);
    buf_init(&sealed, 65536);
    buf_init(&out, 65536);
    assert_true(key_seal(bytes_str("hello"), &to, 1, &p->chance, &p->mem, &sealed, &p->err));
    assert_true(keys_open_blob(k, buf_bytes(&sealed), &out, &p->err));
    assert_string_equal(buf_str(&out), "hello");
    buf_clear(&out);
    assert_true(key_open(p->file, &ask, buf_bytes(&sealed), &p->mem, &out, &p->err));
    assert_string_equal(buf_str(&out), "hello");
    assert_int_equal(p->asked, 3);
    buf_free(&sealed);
    buf_free(&out);
    keys_free(k);
}

static void test_bind(void **state)
{
    struct place *p = *state;
    struct key_view before = make(p, KEY_PARTS_ALL), after;
    struct keys_ask ask = {answer, p};
    static const uint8_t table[32] = {1}, other[32] = {2};
    p->passphrase = "wrong";
    assert_false(key_bind(p->file, table, &ask, &p->chance, &p->mem, &p->err));
    assert_int_equal(p->err.code, ERR_KEY);
    p->passphrase = "right";
    assert_true(key_bind(p->file, table, &ask, &p->chance, &p->mem, &p->err));
    assert_int_equal(p->asked, 2);
    assert_true(key_show(p->file, &p->mem, &after, &p->err));
    assert_true(after.has_table);
    assert_memory_equal(after.table, table, sizeof(table));
    assert_memory_equal(after.pk, before.pk, sizeof(after.pk));
    struct keys *k = NULL;
    assert_true(keys_open(p->file, &ask, &p->mem, &k, &p->err));
    assert_int_equal(p->asked, 3);
    keys_free(k);
    /* The same again asks for nothing; another table is refused. */
    assert_true(key_bind(p->file, table, &ask, &p->chance, &p->mem, &p->err));
    assert_false(key_bind(p->file, other, &ask, &p->chance, &p->mem, &p->err));
    assert_int_equal(p->err.code, ERR_STATE);
    assert_int_equal(p->asked, 3);
}

static void test_export(void **state)
{
    struct place *p = *state;
    struct key_view v = make(p, KEY_PARTS_ALL);
    struct keys_ask ask = {answer, p};
    char text[AGE_TEXT_MAX], again[AGE_TEXT_MAX];
    assert_true(key_export_age(p->file, &ask, &p->mem, text, &p->err));
    assert_int_equal(p->asked, 1);
    uint8_t secret[32], pk[32];
    assert_true(age_identity_parse(bytes_str(text), secret));
    age_identity_text(secret, again);
    assert_string_equal(text, again);
    assert_true(age_recipient_parse(bytes_str(v.recipient), pk));
    assert_memory_equal(pk, v.pk[KEY_PART_SEAL], 32);
}

static void test_root_alone(void **state)
{
    struct place *p = *state;
    struct key_view v = make(p, KEY_PART_BIT(KEY_PART_ROOT));
    struct keys_ask ask = {answer, p};
    char text[AGE_TEXT_MAX];
    assert_string_equal(v.recipient, "");
    assert_false(key_export_age(p->file, &ask, &p->mem, text, &p->err));
    assert_int_equal(p->err.code, ERR_KEY);
    assert_int_equal(p->asked, 0);
    struct keys *k = NULL;
    assert_true(keys_open(p->file, &ask, &p->mem, &k, &p->err));
    assert_non_null(keys_signer(k, KEY_ROOT));
    assert_null(keys_signer(k, KEY_SEAT));
    assert_null(keys_signer(k, KEY_WITNESS));
    static struct age_header h;
    uint8_t key[16];
    assert_false(keys_unwrap(k, &h, key, &p->err));
    assert_int_equal(p->err.code, ERR_KEY);
    keys_free(k);
}

static void test_seal_refusals(void **state)
{
    struct place *p = *state;
    struct text bad[2] = {text_str("age1"), text_str("ssh-ed25519")};
    struct buf out;
    buf_init(&out, 65536);
    assert_false(key_seal(bytes_str("x"), bad, 2, &p->chance, &p->mem, &out, &p->err));
    assert_int_equal(p->err.code, ERR_USE);
    assert_false(key_seal(bytes_str("x"), bad, 0, &p->chance, &p->mem, &out, &p->err));
    assert_int_equal(p->err.code, ERR_USE);
    assert_int_equal(out.n, 0);
    buf_free(&out);
}

/* A socket that an agent left when it was killed is swept away, and counts for none. */
static void test_lock_without_agents(void **state)
{
    struct place *p = *state;
    size_t ended = 99;
    assert_true(key_lock(&p->mem, &ended, &p->err));
    assert_int_equal(ended, 0);
    char path[SCRATCH_PATH_MAX];
    scratch_path(&p->folder, "entente/keys-0123456789abcdef0123.sock", path);
    struct socket s;
    assert_true(socket_listen(path, &s, &p->err));
    socket_close(&s);
    assert_true(key_lock(&p->mem, &ended, &p->err));
    assert_int_equal(ended, 0);
    struct stat st;
    assert_int_not_equal(stat(path, &st), 0);
}

int main(void)
{
#define KEY_TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        KEY_TEST(test_new_and_show),
        KEY_TEST(test_open),
        cmocka_unit_test(test_passphrases),
        KEY_TEST(test_export),
        KEY_TEST(test_bind),
        KEY_TEST(test_root_alone),
        KEY_TEST(test_seal_refusals),
        KEY_TEST(test_lock_without_agents),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
