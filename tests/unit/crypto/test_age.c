/* SPDX-License-Identifier: Apache-2.0
 *
 * The public vectors of age (C2SP/CCTV); sealing and opening; both ways with the age command.
 */
#include "crypto/age.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include <zlib.h>

#include "base/hex.h"
#include "crypto/dh.h"
#include "crypto/hash.h"
#include "crypto/init.h"
#include "lib/prop.h"
#include "lib/shared.h"
#include "lib/test.h"

#define PLAIN_MAX (32u << 20)

static int start(void **state)
{
    (void)state;
    struct err err = {0};
    return crypto_init(&err) ? 0 : -1;
}

static void release(struct bytes v)
{
    free((void *)(uintptr_t)v.p); /* read_whole gave it to us; the view is const */
}

/* ---- vectors ---- */

enum outcome { SUCCESS, NO_MATCH, HMAC_FAILURE, HEADER_FAILURE, PAYLOAD_FAILURE, OUTCOMES };
static const char *const outcome_words[OUTCOMES] = {
    "success", "no match", "HMAC failure", "header failure", "payload failure",
};

struct vector {
    enum outcome expect;
    uint8_t payload[32];
    bool has_payload, packed;
    uint8_t identity[4][32];
    size_t identities;
    struct bytes age;
};

/* False where the vector is of a part of age that a table does not use (scrypt, armor). */
static bool read_vector(struct bytes file, struct vector *out)
{
    *out = (struct vector){.expect = OUTCOMES};
    for (;;) {
        const uint8_t *end = memchr(file.p, '\n', file.n);
        assert_non_null(end);
        struct bytes line = bytes_of(file.p, (size_t)(end - file.p));
        file = bytes_slice(file, line.n + 1, file.n);
        if (line.n == 0) {
            break;
        }
        const uint8_t *colon = memchr(line.p, ':', line.n);
        assert_non_null(colon);
        struct bytes key = bytes_of(line.p, (size_t)(colon - line.p));
        struct bytes value = bytes_slice(line, key.n + 2, line.n);
        if (bytes_eq(key, bytes_str("expect"))) {
            for (size_t i = 0; i < OUTCOMES; i++) {
                if (bytes_eq(value, bytes_str(outcome_words[i]))) {
                    out->expect = (enum outcome)i;
                }
            }
        } else if (bytes_eq(key, bytes_str("payload"))) {
            out->has_payload = hex_decode(value, out->payload, sizeof(out->payload));
            assert_true(out->has_payload);
        } else if (bytes_eq(key, bytes_str("identity"))) {
            assert_true(out->identities < COUNT_OF(out->identity));
            assert_true(age_identity_parse(value, out->identity[out->identities++]));
        } else if (bytes_eq(key, bytes_str("compressed"))) {
            assert_true(bytes_eq(value, bytes_str("zlib")));
            out->packed = true;
        } else if (!bytes_eq(key, bytes_str("file key")) && !bytes_eq(key, bytes_str("comment"))) {
            return false;
        }
    }
    assert_int_not_equal(out->expect, OUTCOMES);
    out->age = file;
    return true;
}

/* What opening comes to; nothing may be left in out but after success. */
static enum outcome open_vector(const struct vector *v, struct bytes age, struct buf *out)
{
    static struct age_header h;
    struct err err = {0};
    if (!age_header_parse(age, &h, &err)) {
        assert_true(err.code == ERR_FORMAT || err.code == ERR_LIMIT);
        return HEADER_FAILURE;
    }
    uint8_t file_key[AGE_FILE_KEY_BYTES];
    enum outcome worst = NO_MATCH;
    for (size_t i = 0; i < v->identities; i++) {
        if (age_unwrap(&h, v->identity[i], file_key, &err)) {
            assert_true(age_mac_holds(&h, file_key));
            bool good = age_open_payload(&h, file_key, out, &err);
            assert_true(good || out->n == 0);
            return good ? SUCCESS : PAYLOAD_FAILURE;
        }
        assert_true(err.code == ERR_KEY || err.code == ERR_VERIFY);
        worst = err.code == ERR_VERIFY ? HMAC_FAILURE : worst;
    }
    return worst;
}

static struct bytes unpack(struct bytes packed, uint8_t *room, size_t cap)
{
    uLongf n = cap;
    assert_int_equal(uncompress(room, &n, packed.p, packed.n), Z_OK);
    return bytes_of(room, n);
}

static void test_vectors(void **state)
{
    (void)state;
    release(shared_read_or_skip("vectors/age/README.md"));
    char folder[SHARED_PATH_MAX];
    assert_true(shared_path("vectors/age/README.md", folder));
    folder[strlen(folder) - strlen("README.md")] = 0;
    char path[2 * SHARED_PATH_MAX];
    (void)snprintf(path, sizeof(path), "%stestdata", folder);
    DIR *dir = opendir(path);
    assert_non_null(dir);
    uint8_t *room = malloc(PLAIN_MAX);
    assert_non_null(room);
    struct buf plain;
    buf_init(&plain, PLAIN_MAX);
    unsigned done = 0, per[OUTCOMES] = {0};
    for (const struct dirent *e = readdir(dir); e != NULL; e = readdir(dir)) {
        if (e->d_name[0] == '.') {
            continue;
        }
        (void)snprintf(path, sizeof(path), "%stestdata/%s", folder, e->d_name);
        struct bytes file = read_whole(path);
        struct vector v;
        if (!read_vector(file, &v)) {
            (void)printf("# skipped: %s is of a part of age that we do not read\n", e->d_name);
            release(file);
            continue;
        }
        buf_clear(&plain);
        enum outcome got = open_vector(&v, v.packed ? unpack(v.age, room, PLAIN_MAX) : v.age,
                                       &plain);
        if (got != v.expect) {
            fail_msg("%s: %s, not %s", e->d_name, outcome_words[got], outcome_words[v.expect]);
        }
        if (got == SUCCESS) {
            uint8_t sum[32];
            assert_true(v.has_payload);
            hash_sha256(buf_bytes(&plain), sum);
            assert_memory_equal(sum, v.payload, sizeof(sum));
        }
        done++;
        per[got]++;
        release(file);
    }
    (void)closedir(dir);
    (void)printf("# %u vectors of age\n", done);
    assert_true(done >= 67); /* as many as we were given; none may silently go missing */
    for (size_t i = 0; i < OUTCOMES; i++) {
        assert_true(per[i] > 0);
    }
    free(room);
    buf_free(&plain);
}

/* ---- sealing ---- */

struct party {
    uint8_t secret[32];
    uint8_t pk[32];
};

static struct party party(struct prop *rnd)
{
    struct party p;
    prop_fill(rnd, p.secret, sizeof(p.secret));
    dh_public(p.secret, p.pk);
    return p;
}

static void test_round_trip(void **state)
{
    (void)state;
    static const size_t sizes[] = {0, 1, 1024, 65535, 65536, 65537, 131072, 131073, 300000};
    struct prop rnd;
    prop_init(&rnd, "age");
    static struct age_chance chance;
    static uint8_t plain[300000];
    struct buf sealed, opened;
    buf_init(&sealed, 1u << 20);
    buf_init(&opened, 1u << 20);
    for (size_t i = 0; i < COUNT_OF(sizes); i++) {
        struct err err = {0};
        struct party a = party(&rnd), b = party(&rnd), c = party(&rnd);
        uint8_t to[2][32];
        memcpy(to[0], a.pk, 32);
        memcpy(to[1], b.pk, 32);
        prop_fill(&rnd, &chance, sizeof(chance));
        chance.shown = false;
        prop_fill(&rnd, plain, sizes[i]);
        struct bytes in = bytes_of(plain, sizes[i]);
        buf_clear(&sealed);
        assert_true(age_seal(in, to[0], 2, 4, &chance, &sealed, &err));
        struct age_header h;
        assert_true(age_header_parse(buf_bytes(&sealed), &h, &err));
        assert_int_equal(h.count, 4);
        uint64_t size = 0;
        assert_true(age_plain_size(h.payload.n, &size));
        assert_int_equal(size, sizes[i]);
        assert_true(age_mac_holds(&h, chance.file_key));
        const struct party *readers[2] = {&a, &b};
        for (size_t k = 0; k < 2; k++) {
            buf_clear(&opened);
            buf_add_str(&opened, "before");
            assert_true(age_open(buf_bytes(&sealed), readers[k]->secret, &opened, &err));
            assert_true(bytes_eq(bytes_slice(buf_bytes(&opened), 0, 6), bytes_str("before")));
            assert_true(bytes_eq(bytes_slice(buf_bytes(&opened), 6, opened.n), in));
        }
        buf_clear(&opened);
        assert_false(age_open(buf_bytes(&sealed), c.secret, &opened, &err));
        assert_int_equal(err.code, ERR_KEY);
        assert_int_equal(opened.n, 0);
    }
    buf_free(&sealed);
    buf_free(&opened);
}

/* Any byte of a sealed file changed: it does not open, and nothing comes out. */
static void test_altered(void **state)
{
    (void)state;
    struct prop rnd;
    prop_init(&rnd, "age-altered");
    static struct age_chance chance;
    prop_fill(&rnd, &chance, sizeof(chance));
    chance.shown = false;
    struct party a = party(&rnd);
    struct buf sealed, opened;
    buf_init(&sealed, 4096);
    buf_init(&opened, 4096);
    struct err err = {0};
    assert_true(age_seal(bytes_str("what we would give"), a.pk, 1, 2, &chance, &sealed, &err));
    for (size_t i = 0; i < sealed.n; i++) {
        uint8_t was = sealed.p[i];
        sealed.p[i] ^= (uint8_t)(1u << prop_below(&rnd, 8));
        buf_clear(&opened);
        assert_false(age_open(buf_bytes(&sealed), a.secret, &opened, &err));
        assert_int_equal(opened.n, 0);
        sealed.p[i] = was;
    }
    /* A dummy's stanza swapped for another file's: only the header's MAC tells. */
    struct age_header h;
    assert_true(age_header_parse(buf_bytes(&sealed), &h, &err));
    uint8_t file_key[16];
    const struct age_stanza *first = &h.stanza[0];
    uint32_t ours = age_stanza_open(first->share, first->body, a.secret, file_key) ? 0 : 1;
    size_t line = strlen("age-encryption.org/v1\n");
    size_t stanza = strlen("-> X25519 \n\n") + 2 * 43;
    sealed.p[line + (1 - ours) * stanza + stanza - 3] ^= 1; /* still a character of base64 */
    assert_false(age_open(buf_bytes(&sealed), a.secret, &opened, &err));
    assert_int_equal(err.code, ERR_VERIFY);
    buf_free(&sealed);
    buf_free(&opened);
}

static void test_shuffle(void **state)
{
    (void)state;
    struct prop rnd;
    prop_init(&rnd, "age-shuffle");
    static struct age_chance chance;
    struct party a = party(&rnd);
    struct party b = party(&rnd);
    uint8_t both[2][32];
    memcpy(both[0], a.pk, 32);
    memcpy(both[1], b.pk, 32);
    struct buf sealed;
    buf_init(&sealed, 8192);
    unsigned at[4] = {0};
    for (unsigned round = 0; round < 400; round++) {
        struct err err = {0};
        prop_fill(&rnd, &chance, sizeof(chance));
        chance.shown = false;
        buf_clear(&sealed);
        assert_true(age_seal(bytes_str("x"), both[0], 2, 4, &chance, &sealed, &err));
        struct age_header h;
        assert_true(age_header_parse(buf_bytes(&sealed), &h, &err));
        assert_int_equal(h.count, 4);
        unsigned ours = 0;
        for (uint32_t i = 0; i < h.count; i++) {
            uint8_t key[16];
            if (age_stanza_open(h.stanza[i].share, h.stanza[i].body, a.secret, key)) {
                assert_memory_equal(key, chance.file_key, sizeof(key));
                at[i]++;
                ours++;
            }
        }
        assert_int_equal(ours, 1);
    }
    for (size_t i = 0; i < 4; i++) {
        assert_in_range(at[i], 60, 140); /* 100 expected; 4.6 standard deviations */
    }
    /* To one key: its stanza is the first. */
    struct err err = {0};
    struct age_header h;
    uint8_t key[16];
    buf_clear(&sealed);
    assert_true(age_seal(bytes_str("x"), a.pk, 1, 4, &chance, &sealed, &err));
    assert_true(age_header_parse(buf_bytes(&sealed), &h, &err));
    assert_int_equal(h.count, 4);
    assert_true(age_stanza_open(h.stanza[0].share, h.stanza[0].body, a.secret, key));
    buf_free(&sealed);
}

static void test_limits(void **state)
{
    (void)state;
    struct prop rnd;
    prop_init(&rnd, "age-limits");
    static struct age_chance chance;
    static uint8_t to[AGE_STANZAS_MAX][32];
    prop_fill(&rnd, &chance, sizeof(chance));
    chance.shown = false;
    struct party a = party(&rnd);
    for (size_t i = 0; i < AGE_STANZAS_MAX; i++) {
        memcpy(to[i], a.pk, 32);
    }
    struct buf out;
    struct err err = {0};
    buf_init(&out, 65536);
    assert_true(age_seal(bytes_str("x"), to[0], 256, 4, &chance, &out, &err));
    assert_false(age_seal(bytes_str("x"), to[0], 255, 10, &chance, &out, &err));
    assert_int_equal(err.code, ERR_LIMIT);
    assert_false(age_seal(bytes_str("x"), to[0], 0, 4, &chance, &out, &err));
    buf_free(&out);
    buf_init(&out, 300);
    assert_false(age_seal(bytes_of(to, 1000), to[0], 1, 1, &chance, &out, &err));
    assert_int_equal(err.code, ERR_LIMIT);
    assert_int_equal(out.n, 0);
    buf_free(&out);
    /* Nobody's secret is shared with a key of low order. */
    memset(to[0], 0, 32);
    buf_init(&out, 65536);
    buf_add_str(&out, "kept");
    assert_false(age_seal(bytes_str("x"), to[0], 2, 4, &chance, &out, &err));
    assert_int_equal(err.code, ERR_FORMAT);
    assert_string_equal(buf_str(&out), "kept");
    buf_free(&out);
}

/* ---- the age command ---- */

static void write_file(const char *path, struct bytes v)
{
    FILE *f = fopen(path, "wb");
    assert_non_null(f);
    assert_int_equal(fwrite(v.p, 1, v.n, f), v.n);
    assert_int_equal(fclose(f), 0);
}

static void test_age_command(void **state)
{
    (void)state;
    if (system("age --version >/dev/null 2>&1") != 0) {
        (void)printf("# skipped: no age command\n");
        (void)fprintf(stderr, "skipped: no age command\n");
        skip();
    }
    char folder[] = "/tmp/entente-age-XXXXXX";
    assert_non_null(mkdtemp(folder));
    char key[64], ours[64], plain[64], theirs[64], cmd[512], text[AGE_TEXT_MAX];
    (void)snprintf(key, sizeof(key), "%s/key", folder);
    (void)snprintf(ours, sizeof(ours), "%s/ours", folder);
    (void)snprintf(plain, sizeof(plain), "%s/plain", folder);
    (void)snprintf(theirs, sizeof(theirs), "%s/theirs", folder);
    struct prop rnd;
    prop_init(&rnd, "age-command");
    struct party a = party(&rnd);
    static struct age_chance chance;
    prop_fill(&rnd, &chance, sizeof(chance));
    chance.shown = false;
    static uint8_t v[140000];
    prop_fill(&rnd, v, sizeof(v));
    struct buf b;
    struct err err = {0};
    buf_init(&b, 1u << 20);

    age_identity_text(a.secret, text);
    write_file(key, bytes_str(text));
    assert_true(age_seal(bytes_of(v, sizeof(v)), a.pk, 1, 4, &chance, &b, &err));
    write_file(ours, buf_bytes(&b));
    (void)snprintf(cmd, sizeof(cmd), "age -d -i %s -o %s %s", key, plain, ours);
    assert_int_equal(system(cmd), 0);
    struct bytes got = read_whole(plain);
    assert_true(bytes_eq(got, bytes_of(v, sizeof(v))));
    release(got);

    age_recipient_text(a.pk, text);
    (void)snprintf(cmd, sizeof(cmd), "age -r %s -o %s %s", text, theirs, plain);
    assert_int_equal(system(cmd), 0);
    struct bytes sealed = read_whole(theirs);
    buf_clear(&b);
    assert_true(age_open(sealed, a.secret, &b, &err));
    assert_true(bytes_eq(buf_bytes(&b), bytes_of(v, sizeof(v))));
    release(sealed);

    buf_free(&b);
    const char *const files[] = {key, ours, plain, theirs};
    for (size_t i = 0; i < COUNT_OF(files); i++) {
        assert_int_equal(unlink(files[i]), 0);
    }
    assert_int_equal(rmdir(folder), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_vectors), cmocka_unit_test(test_round_trip),
        cmocka_unit_test(test_altered), cmocka_unit_test(test_shuffle),
        cmocka_unit_test(test_limits),  cmocka_unit_test(test_age_command),
    };
    return cmocka_run_group_tests(tests, start, NULL);
}
