/* SPDX-License-Identifier: Apache-2.0
 *
 * The process that holds the keys; the other end is agent_call.c.
 */
#include "app/agent.h"

#include "app/agent_priv.h"
#include "base/cbor.h"
#include "base/hex.h"
#include "crypto/hash.h"
#include "crypto/sign.h"
#include "os/clock.h"
#include "os/file.h"
#include "os/stop.h"

#define NAME_DIGITS 20u
#define NAME_FRONT "keys-"
#define NAME_BACK ".sock"

_Static_assert(sizeof(NAME_FRONT) + NAME_DIGITS + sizeof(NAME_BACK) <= AGENT_NAME_MAX, "the name");

void agent_name(const struct keyset_public *keys, char out[static AGENT_NAME_MAX])
{
    uint8_t sum[HASH_BYTES];
    hash_sha256(bytes_of(keys->pk, sizeof(keys->pk)), sum);
    memcpy(out, NAME_FRONT, sizeof(NAME_FRONT) - 1);
    hex_encode(bytes_of(sum, NAME_DIGITS / 2), out + sizeof(NAME_FRONT) - 1);
    memcpy(out + sizeof(NAME_FRONT) - 1 + NAME_DIGITS, NAME_BACK, sizeof(NAME_BACK));
}

bool agent_name_ok(const char *name)
{
    struct bytes v = bytes_str(name);
    uint8_t sum[NAME_DIGITS / 2];
    size_t front = sizeof(NAME_FRONT) - 1, back = sizeof(NAME_BACK) - 1;
    return v.n == front + NAME_DIGITS + back &&
           bytes_eq(bytes_slice(v, 0, front), bytes_str(NAME_FRONT)) &&
           bytes_eq(bytes_slice(v, front + NAME_DIGITS, back), bytes_str(NAME_BACK)) &&
           hex_decode(bytes_slice(v, front, NAME_DIGITS), sum, sizeof(sum));
}

struct agent {
    struct keyset *keys;
    uint64_t end_monotonic_us;
    uint64_t end_clock; /* seconds since 1970 */
    bool locked;
};

static bool time_is_up(const struct agent *a)
{
    struct clock clock = clock_real();
    return clock_monotonic_us() >= a->end_monotonic_us || clock_now(&clock) >= a->end_clock;
}

/* ---- calls; each reads the rest of its request and writes a whole answer ---- */

static bool answer_hello(struct agent *a, struct cbor *in, struct buf *out, struct err *err)
{
    if (!cbor_done(in, "call", err)) {
        return false;
    }
    struct buf part;
    buf_init(&part, KEYFILE_PART_MAX);
    keyset_public_encode(keyset_public(a->keys), &part);
    cbor_put_array(out, 3);
    cbor_put_bool(out, true);
    cbor_put_bstr(out, buf_bytes(&part));
    cbor_put_uint(out, a->end_clock);
    bool good = buf_done(&part, "an answer", err);
    buf_free(&part);
    return good;
}

static bool key_of_type(uint64_t type, enum keyset_key *out)
{
    switch (type) {
    case KEY_ROOT:
        *out = KEYSET_ROOT;
        return true;
    case KEY_SEAT:
        *out = KEYSET_SEAT;
        return true;
    case KEY_WITNESS:
        *out = KEYSET_WITNESS;
        return true;
    }
    return false;
}

static bool answer_sign(struct agent *a, struct cbor *in, struct buf *out, struct err *err)
{
    uint64_t type = cbor_uint(in);
    struct bytes pk = cbor_bstr_n(in, SIGN_PK_BYTES);
    struct bytes message = cbor_bstr(in);
    if (!cbor_done(in, "call", err)) {
        return false;
    }
    enum keyset_key which;
    const struct keyset_public *p = keyset_public(a->keys);
    if (!key_of_type(type, &which) || !p->has[which] ||
        memcmp(p->pk[which], pk.p, SIGN_PK_BYTES) != 0) {
        return err_set(err, ERR_KEY, "the agent does not have this key");
    }
    if (message.n > AGENT_MESSAGE_MAX) {
        return err_set(err, ERR_LIMIT, "the agent signs nothing above %u bytes", AGENT_MESSAGE_MAX);
    }
    if (!signer_message_ok((enum key_type)type, message, err)) {
        return err_at(err, "the agent, asked to sign with the %s key", keyset_key_word(which));
    }
    uint8_t seed[KEYSET_SECRET_BYTES], made_pk[SIGN_PK_BYTES], sk[SIGN_SK_BYTES], sig[SIGN_BYTES];
    if (!keyset_secret(a->keys, which, seed, err)) {
        return false;
    }
    sign_keypair(seed, made_pk, sk);
    sign_make(sk, message, sig);
    bytes_wipe(seed, sizeof(seed));
    bytes_wipe(sk, sizeof(sk));
    cbor_put_array(out, 2);
    cbor_put_bool(out, true);
    cbor_put_bstr(out, bytes_of(sig, sizeof(sig)));
    return true;
}

static bool answer_unwrap(struct agent *a, struct cbor *in, struct buf *out, struct err *err)
{
    struct agent_file_key found[AGE_STANZAS_MAX];
    size_t count = cbor_array(in, AGE_STANZAS_MAX), good = 0;
    for (size_t i = 0; i < count && cbor_ok(in); i++) {
        cbor_array_n(in, 2);
        struct bytes share = cbor_bstr_n(in, AGE_KEY_BYTES), body = cbor_bstr_n(in, 32);
        if (cbor_ok(in) && keyset_stanza_open(a->keys, share.p, body.p, found[good].key)) {
            found[good].stanza = (uint32_t)i;
            good++;
        }
    }
    bool done = cbor_done(in, "call", err);
    if (done) {
        cbor_put_array(out, 2);
        cbor_put_bool(out, true);
        cbor_put_array(out, good);
        for (size_t i = 0; i < good; i++) {
            cbor_put_array(out, 2);
            cbor_put_uint(out, found[i].stanza);
            cbor_put_bstr(out, bytes_of(found[i].key, sizeof(found[i].key)));
        }
    }
    bytes_wipe(found, sizeof(found));
    return done;
}

static bool answer_lock(struct agent *a, struct cbor *in, struct buf *out, struct err *err)
{
    if (!cbor_done(in, "call", err)) {
        return false;
    }
    a->locked = true;
    cbor_put_array(out, 1);
    cbor_put_bool(out, true);
    return true;
}

static bool answer_call(struct agent *a, struct bytes frame, struct buf *out, struct err *err)
{
    static const struct {
        enum agent_call call;
        size_t items;
        bool (*answer)(struct agent *a, struct cbor *in, struct buf *out, struct err *err);
    } calls[] = {
        {AGENT_HELLO, 2, answer_hello},
        {AGENT_SIGN, 5, answer_sign},
        {AGENT_UNWRAP, 3, answer_unwrap},
        {AGENT_LOCK, 2, answer_lock},
    };
    struct cbor in;
    cbor_init(&in, frame);
    size_t items = cbor_array(&in, 5);
    if (cbor_uint(&in) != AGENT_VERSION && cbor_ok(&in)) {
        return err_set(err, ERR_STATE, "the agent is of another version of this program") ||
               err_mend(err, "end it and start it anew: entente lock, entente unlock");
    }
    uint64_t call = cbor_uint(&in);
    for (size_t i = 0; i < COUNT_OF(calls); i++) {
        if (cbor_ok(&in) && calls[i].call == call && calls[i].items == items) {
            return calls[i].answer(a, &in, out, err);
        }
    }
    return err_set(err, ERR_FORMAT, "the agent does not know this call");
}

/* One call, one answer.  Whatever goes wrong concerns that caller alone. */
static void serve_one(struct agent *a, const struct socket *conn)
{
    struct err err = {0};
    struct buf frame, answer;
    buf_init(&frame, AGENT_FRAME_MAX);
    buf_init(&answer, AGENT_FRAME_MAX);
    if (!socket_peer_is_me(conn) ||
        !socket_receive(conn, AGENT_FRAME_MAX, AGENT_WAIT_MS, &frame, &err)) {
        goto done;
    }
    /* Its time may have run out while the caller was slow. */
    bool good = time_is_up(a) ? err_set(&err, ERR_STATE, "the agent's time is up")
                              : answer_call(a, buf_bytes(&frame), &answer, &err);
    if (!good || !buf_ok(&answer)) {
        buf_wipe(&answer);
        cbor_put_array(&answer, 4);
        cbor_put_bool(&answer, false);
        cbor_put_uint(&answer, (uint64_t)(good ? ERR_LIMIT : err.code));
        cbor_put_tstr(&answer, text_str(good ? "the answer is too long" : err.what));
        cbor_put_tstr(&answer, text_str(err.mend));
    }
    if (!socket_send(conn, buf_bytes(&answer), AGENT_WAIT_MS, &err)) {
        goto done; /* the caller went away: nothing to tell, and nobody to tell it to */
    }
done:
    buf_free(&frame);
    buf_free(&answer);
}

bool agent_serve(struct keyset *keys, struct socket *listener, const char *path,
                 uint64_t duration_ms, struct err *err)
{
    if (duration_ms > AGENT_MS_MAX) {
        duration_ms = AGENT_MS_MAX;
    }
    struct clock clock = clock_real();
    struct agent a = {.keys = keys,
                      .end_monotonic_us = clock_monotonic_us() + duration_ms * 1000,
                      .end_clock = clock_now(&clock) + (duration_ms + 999) / 1000 + 1};
    bool good = true;
    while (good && !a.locked && !stop_asked() && !time_is_up(&a)) {
        uint64_t now = clock_monotonic_us();
        uint64_t left_ms = now < a.end_monotonic_us ? (a.end_monotonic_us - now) / 1000 + 1 : 0;
        struct socket conn = SOCKET_CLOSED;
        /* At least every 10 s: the other clock may have come to its end, in the machine's sleep. */
        good = socket_accept(listener, left_ms > 10000 ? 10000 : (int)left_ms, &conn, err);
        if (good && socket_is_open(&conn)) {
            serve_one(&a, &conn);
            socket_close(&conn);
        }
    }
    socket_close(listener);
    struct err removal = {0};
    if (!file_remove(path, &removal) && good) {
        *err = removal;
        return false;
    }
    return good;
}

bool agent_start(struct keyset *keys, const char *path, uint64_t duration_ms, enum daemon_side *out,
                 struct err *err)
{
    if (duration_ms == 0 || duration_ms > AGENT_MS_MAX) {
        return err_set(err, ERR_USE, "keys can be kept open for at most a week");
    }
    struct socket listener = SOCKET_CLOSED;
    if (!socket_listen(path, &listener, err)) {
        return err->code == ERR_STATE
                   ? err_set(err, ERR_STATE, "an agent has these keys already") ||
                         err_mend(err, "end it first if you want another time: entente lock")
                   : false;
    }
    enum daemon_side side;
    if (!daemon_split(&listener, &side, err)) {
        socket_close(&listener);
        return false;
    }
    if (side == DAEMON_PARENT) {
        socket_close(&listener);
        *out = side;
        return true;
    }
    *out = side;
    return stop_core_dumps(err) && stop_on_signals(err) && keyset_relock(keys, err) &&
           agent_serve(keys, &listener, path, duration_ms, err);
}
