/* SPDX-License-Identifier: Apache-2.0 */
#include "app/key.h"

#include "app/agent.h"
#include "app/keys.h"
#include "crypto/init.h"
#include "crypto/secret.h"
#include "os/clock.h"
#include "os/file.h"
#include "os/folder.h"
#include "os/place.h"

_Static_assert((int)KEY_PART_ROOT == (int)KEYSET_ROOT && (int)KEY_PART_SEAT == (int)KEYSET_SEAT &&
                   (int)KEY_PART_SEAL == (int)KEYSET_SEAL &&
                   (int)KEY_PART_WITNESS == (int)KEYSET_WITNESS && KEY_PARTS == KEYSET_KEYS,
               "the parts of a key file");
_Static_assert(KEY_LABEL_MAX == KEYSET_LABEL_MAX, "a label");
_Static_assert(KEY_TEXT_MAX == AGE_TEXT_MAX, "texts of keys");
_Static_assert(KEY_FINGERPRINT_MAX == sizeof(struct id_spoken), "a fingerprint");
_Static_assert(KEY_PASSPHRASE_MAX == KEYFILE_PASSPHRASE_MAX, "a passphrase");
_Static_assert(KEY_UNLOCK_SECONDS_MAX * 1000 == AGENT_MS_MAX, "an agent's time");

const char *key_part_word(enum key_part part)
{
    return keyset_key_word((enum keyset_key)part);
}

static struct key_view view_of(const struct keyset_public *p, const struct keyfile_cost *cost)
{
    static const struct {
        enum keyset_key key;
        enum key_type type;
    } kids[] = {{KEYSET_ROOT, KEY_ROOT}, {KEYSET_SEAT, KEY_SEAT}, {KEYSET_WITNESS, KEY_WITNESS}};
    struct key_view v = {.has_table = p->has_table,
                         .t = cost->t,
                         .m_kib = cost->m_kib,
                         .cheap = keyfile_is_cheap(cost)};
    memcpy(v.label, p->label, sizeof(v.label));
    memcpy(v.table, p->table, sizeof(v.table));
    memcpy(v.has, p->has, sizeof(v.has));
    memcpy(v.pk, p->pk, sizeof(v.pk));
    for (size_t i = 0; i < COUNT_OF(kids); i++) {
        if (p->has[kids[i].key]) {
            struct pubkey pk;
            memcpy(pk.b, p->pk[kids[i].key], sizeof(pk.b));
            struct kid kid = kid_of(kids[i].type, &pk);
            memcpy(v.kid[kids[i].key], kid.b, sizeof(kid.b));
            struct id_spoken spoken = id_spoken(kid.b);
            memcpy(v.fingerprint[kids[i].key], spoken.s, sizeof(spoken.s));
        }
    }
    if (p->has[KEYSET_SEAL]) {
        age_recipient_text(p->pk[KEYSET_SEAL], v.recipient);
    }
    return v;
}

#define WEAK_CHARACTERS 16u /* fewer, and fewer than three words: can be guessed */
#define WEAK_WORDS 3u
#define WEAK_UNLIKE 5u /* different bytes */

bool key_passphrase_fit(struct bytes passphrase, bool *out_weak, struct err *err)
{
    struct bytes p = passphrase;
    while (p.n > 0 && p.p[0] == ' ') {
        p = bytes_slice(p, 1, p.n);
    }
    while (p.n > 0 && p.p[p.n - 1] == ' ') {
        p = bytes_slice(p, 0, p.n - 1);
    }
    uint32_t characters = 0, words = p.n > 0 ? 1 : 0, unlike = 0;
    for (size_t i = 0; i < p.n; i++) {
        characters += (p.p[i] & 0xc0u) != 0x80u ? 1 : 0; /* the first byte of each, in UTF-8 */
        words += p.p[i] == ' ' && p.p[i - 1] != ' ' ? 1 : 0;
        unlike += memchr(p.p, p.p[i], i) == NULL ? 1 : 0;
    }
    if (characters < KEY_PASSPHRASE_LEAST) {
        return err_set(err, ERR_USE, "a passphrase has at least %u characters",
                       KEY_PASSPHRASE_LEAST) ||
               err_mend(err, "take several words that do not belong together, with blanks between "
                             "them; nothing was written");
    }
    *out_weak = (characters < WEAK_CHARACTERS && words < WEAK_WORDS) || unlike < WEAK_UNLIKE;
    return true;
}

bool key_new(const char *file, unsigned which, struct text label, struct bytes passphrase,
             enum key_cost cost, const struct chance *chance, struct key_view *out, struct err *err)
{
    const struct keyfile_cost work = cost == KEY_COST_TEST ? KEYFILE_COST_CHEAP : KEYFILE_COST;
    uint8_t random[KEYSET_KEYS * KEYSET_SECRET_BYTES];
    struct keyfile_chance sealing;
    struct keyset *set = NULL;
    struct buf content;
    buf_init(&content, KEYFILE_BYTES_MAX);
    bool good = crypto_init(err) && chance_fill(chance, random, sizeof(random), err) &&
                chance_fill(chance, &sealing, sizeof(sealing), err) &&
                keyset_new(random, which, label, &set, err) &&
                keyset_seal(set, passphrase, &work, &sealing, &content, err) &&
                file_create(file, FILE_SECRET, buf_bytes(&content), err);
    if (good) {
        *out = view_of(keyset_public(set), &work);
    }
    bytes_wipe(random, sizeof(random));
    buf_free(&content);
    keyset_free(set);
    return good;
}

/* The path of the socket of these keys' agent. */
static bool agent_path(const struct keyset_public *keys, struct arena *mem, const char **out,
                       struct err *err)
{
    const char *folder;
    char name[AGENT_NAME_MAX];
    if (!place_runtime(mem, &folder, err)) {
        return false;
    }
    agent_name(keys, name);
    const char *path = place_join(mem, folder, name);
    if (path == NULL) {
        return err_memory(err, "a path");
    }
    *out = path;
    return true;
}

static bool read_public(const char *file, struct arena *mem, struct bytes *out_content,
                        struct keyset_public *out, struct keyfile_cost *out_cost, struct err *err)
{
    if (file_kind(file) == FILE_FOLDER) {
        return err_set(err, ERR_USE, "%.200s is a folder, not a key file", file) ||
               err_mend(err, "name the key file in it; a seat's is %.200s/seat.key", file);
    }
    return crypto_init(err) && file_read(file, KEYFILE_BYTES_MAX, mem, out_content, err) &&
           (keyset_file_public(*out_content, out, out_cost, err) || keys_not_a_key(file, err));
}

bool key_show(const char *file, struct arena *mem, struct key_view *out, struct err *err)
{
    struct bytes content;
    struct keyset_public shown, of_agent;
    struct keyfile_cost cost;
    if (!read_public(file, mem, &content, &shown, &cost, err)) {
        return false;
    }
    *out = view_of(&shown, &cost);
    const char *path;
    struct err none = {0}; /* no agent is no failure of showing */
    out->unlocked = agent_path(&shown, mem, &path, &none) &&
                    agent_hello(path, &of_agent, &out->until, &none);
    return true;
}

bool key_bind(const char *file, const uint8_t table[static 32], const struct keys_ask *ask,
              const struct chance *chance, struct arena *mem, struct err *err)
{
    struct bytes content;
    struct keyset_public shown;
    struct keyfile_cost cost;
    struct keyset *set = NULL;
    struct keyfile_chance sealing;
    if (!read_public(file, mem, &content, &shown, &cost, err)) {
        return false;
    }
    if (shown.has_table && memcmp(shown.table, table, sizeof(shown.table)) == 0) {
        return true;
    }
    if (shown.has_table) {
        return err_set(err, ERR_STATE, "%.200s belongs to another table", file) ||
               err_mend(err, "each table has keys of its own: entente key new");
    }
    struct buf passphrase, fresh;
    buf_init(&passphrase, KEYFILE_PASSPHRASE_MAX);
    buf_init(&fresh, KEYFILE_BYTES_MAX);
    bool good = keys_passphrase(&shown, ask, &passphrase, err) &&
                (keyset_open(content, buf_bytes(&passphrase), &set, err) ||
                 err_at(err, "%.200s", file)) &&
                keyset_set_table(set, table, err) &&
                chance_fill(chance, &sealing, sizeof(sealing), err) &&
                keyset_seal(set, buf_bytes(&passphrase), &cost, &sealing, &fresh, err) &&
                file_replace(file, FILE_SECRET, buf_bytes(&fresh), err);
    buf_free(&passphrase);
    buf_free(&fresh);
    keyset_free(set);
    return good;
}

bool key_memory_locks(void)
{
    struct err ignored; /* where libsodium does not start, every use of a key tells it */
    return crypto_init(&ignored) && secret_can_lock();
}

bool key_export_age(const char *file, const struct keys_ask *ask, struct arena *mem,
                    char out[static KEY_TEXT_MAX], struct err *err)
{
    struct bytes content;
    struct keyset_public shown;
    struct keyfile_cost cost;
    struct keyset *set = NULL;
    if (!read_public(file, mem, &content, &shown, &cost, err)) {
        return false;
    }
    if (!shown.has[KEYSET_SEAL]) {
        return err_set(err, ERR_KEY, "%.200s has no seal key to export", file);
    }
    uint8_t secret[KEYSET_SECRET_BYTES];
    bool good = keys_open_set(file, content, &shown, ask, &set, err) &&
                keyset_secret(set, KEYSET_SEAL, secret, err);
    if (good) {
        age_identity_text(secret, out);
        bytes_wipe(secret, sizeof(secret));
    }
    keyset_free(set);
    return good;
}

/* Waits until the agent answers: the process was started a moment ago. */
static bool wait_for_agent(const char *path, uint64_t *out_until, struct err *err)
{
    struct keyset_public ignored;
    for (unsigned tries = 0; tries < 100; tries++) {
        if (agent_hello(path, &ignored, out_until, err)) {
            return true;
        }
        clock_pause_ms(20);
    }
    return false;
}

bool key_unlock(const char *file, const struct keys_ask *ask, uint64_t seconds, struct arena *mem,
                enum daemon_side *out, uint64_t *out_until, struct err *err)
{
    struct bytes content;
    struct keyset_public shown;
    struct keyfile_cost cost;
    struct keyset *set = NULL;
    const char *path;
    if (seconds == 0 || seconds > KEY_UNLOCK_SECONDS_MAX) {
        return err_set(err, ERR_USE, "keys can be kept open for at most a week");
    }
    if (!read_public(file, mem, &content, &shown, &cost, err) ||
        !agent_path(&shown, mem, &path, err) ||
        !keys_open_set(file, content, &shown, ask, &set, err)) {
        return false;
    }
    bool good = agent_start(set, path, seconds * 1000, out, err);
    keyset_free(set);
    if (good && *out == DAEMON_PARENT) {
        struct err failed = {0};
        if (!wait_for_agent(path, out_until, &failed)) {
            *err = failed;
            return err_at(err, "the agent did not start");
        }
    }
    return good;
}

bool key_lock(struct arena *mem, size_t *out, struct err *err)
{
    const char *folder;
    struct folder_list list;
    if (!place_runtime(mem, &folder, err) || !folder_list(folder, mem, &list, err)) {
        return false;
    }
    size_t ended = 0;
    for (size_t i = 0; i < list.count; i++) {
        if (!agent_name_ok(list.names[i])) {
            continue;
        }
        const char *path = place_join(mem, folder, list.names[i]);
        struct err one = {0};
        if (path == NULL) {
            return err_memory(err, "a path");
        }
        if (agent_lock(path, &one)) {
            ended++;
        } else if (one.code != ERR_STATE) { /* ERR_STATE: one that died left its socket behind */
            *err = one;
            return err_at(err, "an agent could not be ended");
        } else if (!file_remove(path, err)) {
            return false;
        }
    }
    *out = ended;
    return true;
}

bool key_seal(struct bytes plain, const struct text *to, size_t count, const struct chance *chance,
              struct arena *mem, struct buf *out, struct err *err)
{
    if (count == 0 || count > AGE_STANZAS_MAX) {
        return err_set(err, ERR_USE, "name 1 to %u recipients", AGE_STANZAS_MAX);
    }
    if (plain.n > KEY_PLAIN_MAX) {
        return err_set(err, ERR_LIMIT, "a file to seal has at most %zu MiB", KEY_PLAIN_MAX >> 20);
    }
    struct age_chance *drawn = ARENA_NEW(mem, struct age_chance, 1);
    if (drawn == NULL) {
        return err_memory(err, "sealing");
    }
    uint8_t recipients[AGE_STANZAS_MAX][AGE_KEY_BYTES];
    bool good = true;
    for (size_t i = 0; good && i < count; i++) {
        if (!age_recipient_parse(text_bytes(to[i]), recipients[i])) {
            good = err_set(err, ERR_USE, "recipient %zu is not an age1... key", i + 1) ||
                   err_mend(err, "copy it whole: entente key show prints it");
        }
    }
    good = good && crypto_init(err) && chance_fill(chance, drawn, sizeof(*drawn), err);
    drawn->shown = false; /* the fill above reached it too */
    good = good && age_seal(plain, recipients[0], count, 1, drawn, out, err);
    bytes_wipe(drawn, sizeof(*drawn));
    return good;
}

bool key_open(const char *file, const struct keys_ask *ask, struct bytes sealed, struct arena *mem,
              struct buf *out, struct err *err)
{
    struct keys *k = NULL;
    if (!crypto_init(err) || !keys_open(file, ask, mem, &k, err)) {
        return false;
    }
    bool good = keys_open_blob(k, sealed, out, err);
    keys_free(k);
    return good;
}
