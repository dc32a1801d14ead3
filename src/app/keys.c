/* SPDX-License-Identifier: Apache-2.0 */
#include "app/keys.h"

#include "app/agent.h"
#include "os/file.h"
#include "os/place.h"

#define SIGNERS 3u

struct keys {
    struct keyset_public public_part;
    struct keyset *set; /* NULL: the agent has them */
    const char *agent;  /* the path of its socket */
    struct signer *signer[SIGNERS];
};

static const struct {
    enum key_type type;
    enum keyset_key key;
} signer_keys[SIGNERS] = {
    {KEY_ROOT, KEYSET_ROOT},
    {KEY_SEAT, KEYSET_SEAT},
    {KEY_WITNESS, KEYSET_WITNESS},
};

void keys_free(struct keys *k)
{
    if (k != NULL) {
        for (size_t i = 0; i < SIGNERS; i++) {
            signer_free(k->signer[i]);
            k->signer[i] = NULL;
        }
        keyset_free(k->set);
        k->set = NULL;
    }
}

bool keys_from_set(struct keyset *set, struct arena *mem, struct keys **out, struct err *err)
{
    struct keys *k = ARENA_NEW(mem, struct keys, 1);
    if (k == NULL) {
        keyset_free(set);
        return err_memory(err, "keys");
    }
    k->set = set;
    k->public_part = *keyset_public(set);
    for (size_t i = 0; i < SIGNERS; i++) {
        uint8_t seed[KEYSET_SECRET_BYTES];
        if (!k->public_part.has[signer_keys[i].key]) {
            continue;
        }
        bool good = keyset_secret(set, signer_keys[i].key, seed, err) &&
                    signer_new(signer_keys[i].type, seed, &k->signer[i], err);
        bytes_wipe(seed, sizeof(seed));
        if (!good) {
            keys_free(k);
            return false;
        }
    }
    *out = k;
    return true;
}

static bool ask_agent(void *ctx, enum key_type type, const struct pubkey *pk, struct bytes message,
                      struct signature *out, struct err *err)
{
    const struct keys *k = ctx;
    return agent_sign(k->agent, type, pk, message, out, err) ||
           (err->code == ERR_STATE && err->mend[0] == 0
                ? err_mend(err, "unlock the keys again: entente unlock")
                : false);
}

bool keys_from_agent(const char *path, struct arena *mem, struct keys **out, struct err *err)
{
    struct keys *k = ARENA_NEW(mem, struct keys, 1);
    const char *agent = arena_str(mem, bytes_str(path));
    if (k == NULL || agent == NULL) {
        return err_memory(err, "keys");
    }
    k->agent = agent;
    uint64_t ends;
    bool good = agent_hello(path, &k->public_part, &ends, err);
    for (size_t i = 0; good && i < SIGNERS; i++) {
        if (k->public_part.has[signer_keys[i].key]) {
            struct pubkey pk;
            memcpy(pk.b, k->public_part.pk[signer_keys[i].key], sizeof(pk.b));
            good = signer_new_remote(signer_keys[i].type, &pk, ask_agent, k, &k->signer[i], err);
        }
    }
    if (!good) {
        keys_free(k);
        return false;
    }
    *out = k;
    return true;
}

/* True with out NULL where no agent has them. */
static bool find_agent(const struct keyset_public *shown, struct arena *mem, struct keys **out,
                       struct err *err)
{
    const char *folder;
    char name[AGENT_NAME_MAX];
    struct err quiet = {0};
    *out = NULL;
    if (!place_runtime(mem, &folder, &quiet)) {
        return true; /* no place for sockets: no agent */
    }
    agent_name(shown, name);
    const char *path = place_join(mem, folder, name);
    if (path == NULL) {
        return err_memory(err, "a path");
    }
    struct keys *k = NULL;
    if (!keys_from_agent(path, mem, &k, &quiet)) {
        if (quiet.code == ERR_STATE && quiet.mend[0] == 0) {
            return true;
        }
        *err = quiet;
        return false;
    }
    if (memcmp(k->public_part.pk, shown->pk, sizeof(shown->pk)) != 0) {
        keys_free(k);
        return err_set(err, ERR_STATE, "the agent has other keys than this key file");
    }
    *out = k;
    return true;
}

bool keys_not_a_key(const char *file, struct err *err)
{
    struct err why = *err;
    if (why.code == ERR_FORMAT) {
        (void)err_set(err, ERR_FORMAT, "%.200s is not a key file, or is damaged", file);
        (void)err_at(err, "%.200s", why.what);
    } else {
        (void)err_at(err, "%.200s", file);
    }
    return err_mend(err, "name a file that entente key new has made, or the seat.key in a seat's "
                         "folder");
}

bool keys_passphrase(const struct keyset_public *shown, const struct keys_ask *ask, struct buf *out,
                     struct err *err)
{
    char room[KEYSET_LABEL_MAX + 64];
    struct buf prompt;
    buf_over(&prompt, room, sizeof(room));
    buf_printf(&prompt, "Passphrase of %s: ", shown->label[0] != 0 ? shown->label : "the key file");
    return ask->passphrase(ask->ctx, buf_str(&prompt), out, err);
}

bool keys_open_set(const char *file, struct bytes content, const struct keyset_public *shown,
                   const struct keys_ask *ask, struct keyset **out, struct err *err)
{
    struct buf passphrase;
    buf_init(&passphrase, KEYFILE_PASSPHRASE_MAX);
    bool good = keys_passphrase(shown, ask, &passphrase, err) &&
                (keyset_open(content, buf_bytes(&passphrase), out, err) ||
                 err_at(err, "%.200s", file));
    buf_free(&passphrase);
    return good;
}

bool keys_open(const char *file, const struct keys_ask *ask, struct arena *mem, struct keys **out,
               struct err *err)
{
    struct bytes content;
    struct keyset_public shown;
    struct keyfile_cost cost;
    if (!file_read(file, KEYFILE_BYTES_MAX, mem, &content, err)) {
        return false;
    }
    if (!keyset_file_public(content, &shown, &cost, err)) {
        return keys_not_a_key(file, err);
    }
    struct keys *k = NULL;
    if (!find_agent(&shown, mem, &k, err)) {
        return false;
    }
    if (k != NULL) {
        /* The file may know its table by now; the agent was started before. */
        k->public_part = shown;
        *out = k;
        return true;
    }
    struct keyset *set = NULL;
    return keys_open_set(file, content, &shown, ask, &set, err) &&
           keys_from_set(set, mem, out, err);
}

const struct keyset_public *keys_public(const struct keys *k)
{
    return &k->public_part;
}

bool keys_are_agents(const struct keys *k)
{
    return k->set == NULL;
}

const struct signer *keys_signer(const struct keys *k, enum key_type type)
{
    for (size_t i = 0; i < SIGNERS; i++) {
        if (signer_keys[i].type == type) {
            return k->signer[i];
        }
    }
    return NULL;
}

static bool unwrap_by_agent(const struct keys *k, const struct age_header *h,
                            uint8_t out_file_key[static AGE_FILE_KEY_BYTES], struct err *err)
{
    struct agent_file_key found[AGE_STANZAS_MAX];
    size_t count = 0;
    if (!agent_unwrap(k->agent, h, found, &count, err)) {
        return false;
    }
    bool good = false;
    for (size_t i = 0; i < count && !good; i++) {
        good = age_mac_holds(h, found[i].key);
        if (good) {
            memcpy(out_file_key, found[i].key, AGE_FILE_KEY_BYTES);
        }
    }
    bytes_wipe(found, sizeof(found));
    if (good) {
        return true;
    }
    return count > 0 ? err_set(err, ERR_VERIFY, "the header of a sealed file has been altered")
                     : err_set(err, ERR_KEY, "this was not sealed to the key at hand");
}

bool keys_unwrap(struct keys *k, const struct age_header *h,
                 uint8_t out_file_key[static AGE_FILE_KEY_BYTES], struct err *err)
{
    if (!k->public_part.has[KEYSET_SEAL]) {
        return err_set(err, ERR_KEY, "this key file has no seal key");
    }
    if (k->set == NULL) {
        return unwrap_by_agent(k, h, out_file_key, err);
    }
    uint8_t secret[KEYSET_SECRET_BYTES];
    bool good = keyset_secret(k->set, KEYSET_SEAL, secret, err) &&
                age_unwrap(h, secret, out_file_key, err);
    bytes_wipe(secret, sizeof(secret));
    return good;
}

bool keys_open_blob(struct keys *k, struct bytes blob, struct buf *out, struct err *err)
{
    struct age_header h;
    uint8_t file_key[AGE_FILE_KEY_BYTES];
    if (!age_header_parse(blob, &h, err) || !keys_unwrap(k, &h, file_key, err)) {
        return false;
    }
    bool good = age_open_payload(&h, file_key, out, err);
    bytes_wipe(file_key, sizeof(file_key));
    return good;
}
