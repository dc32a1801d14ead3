/* SPDX-License-Identifier: Apache-2.0
 *
 * Calls of an agent.  It is our own program and user at the other end, and still its answers are
 * parsed like anybody's.
 */
#include "app/agent.h"
#include "app/agent_priv.h"
#include "base/cbor.h"

static bool known_code(uint64_t code)
{
#define IS_CODE(name, exit, word) || code == (uint64_t)(name)
    return code != (uint64_t)ERR_NONE && (false ERR_LIST(IS_CODE));
#undef IS_CODE
}

/* An answer that begins with false. */
static bool refused(struct cbor *in, struct err *err)
{
    uint64_t code = cbor_uint(in);
    struct bytes what = cbor_tstr(in), mend = cbor_tstr(in);
    struct text what_text = {0}, mend_text = text_str("");
    if (!cbor_done(in, "answer of the agent", err) || !text_from(what, &what_text, err) ||
        (mend.n > 0 && !text_from(mend, &mend_text, err))) {
        return false;
    }
    if (!known_code(code)) {
        return err_set(err, ERR_FORMAT, "the agent's answer cannot be understood");
    }
    (void)err_set(err, (enum err_code)code, "%.*s", TEXT_ARG(what_text)); /* false is what we say */
    return mend_text.n == 0 ? false : err_mend(err, "%.*s", TEXT_ARG(mend_text));
}

/* Sends the call; true with `in` behind the `true` of an answer that lives in `answer`. */
static bool call_agent(const char *path, const struct buf *call, size_t items, struct buf *answer,
                       struct cbor *in, struct err *err)
{
    struct socket conn = SOCKET_CLOSED;
    if (!buf_done(call, "a call of the agent", err) || !socket_connect(path, &conn, err)) {
        return false;
    }
    bool good = false;
    if (!socket_peer_is_me(&conn)) {
        (void)err_set(err, ERR_STATE, "the agent's socket is another user's"); /* good is false */
        goto done;
    }
    if (!socket_send(&conn, buf_bytes(call), AGENT_WAIT_MS, err) ||
        !socket_receive(&conn, AGENT_FRAME_MAX, AGENT_WAIT_MS, answer, err)) {
        goto done;
    }
    cbor_init(in, buf_bytes(answer));
    size_t got = cbor_array(in, 4);
    bool yes = cbor_bool(in);
    if (!cbor_ok(in) || got != (yes ? items : 4)) {
        (void)err_set(err, ERR_FORMAT, "the agent's answer cannot be understood");
        goto done;
    }
    good = yes || refused(in, err);
done:
    socket_close(&conn);
    return good;
}

static void begin(struct buf *call, struct buf *answer, size_t items, enum agent_call which)
{
    buf_init(call, AGENT_FRAME_MAX);
    buf_init(answer, AGENT_FRAME_MAX);
    cbor_put_array(call, items);
    cbor_put_uint(call, AGENT_VERSION);
    cbor_put_uint(call, (uint64_t)which);
}

static bool end(struct buf *call, struct buf *answer, bool good)
{
    buf_free(call);
    buf_free(answer);
    return good;
}

bool agent_hello(const char *path, struct keyset_public *out, uint64_t *out_ends, struct err *err)
{
    struct buf call, answer;
    struct cbor in;
    begin(&call, &answer, 2, AGENT_HELLO);
    if (!call_agent(path, &call, 3, &answer, &in, err)) {
        return end(&call, &answer, false);
    }
    struct bytes part = cbor_bstr(&in);
    uint64_t ends = cbor_uint(&in);
    struct keyset_public p;
    bool good = cbor_done(&in, "answer of the agent", err) && keyset_public_decode(part, &p, err);
    if (good) {
        *out = p;
        *out_ends = ends;
    }
    return end(&call, &answer, good);
}

bool agent_sign(const char *path, enum key_type type, const struct pubkey *pk, struct bytes message,
                struct signature *out, struct err *err)
{
    struct buf call, answer;
    struct cbor in;
    begin(&call, &answer, 5, AGENT_SIGN);
    cbor_put_uint(&call, (uint64_t)type);
    cbor_put_bstr(&call, ID_BYTES(*pk));
    cbor_put_bstr(&call, message);
    if (!call_agent(path, &call, 2, &answer, &in, err)) {
        return end(&call, &answer, false);
    }
    struct bytes sig = cbor_bstr_n(&in, sizeof(out->b));
    bool good = cbor_done(&in, "answer of the agent", err);
    if (good) {
        memcpy(out->b, sig.p, sizeof(out->b));
    }
    return end(&call, &answer, good);
}

bool agent_unwrap(const char *path, const struct age_header *h, struct agent_file_key *out,
                  size_t *out_count, struct err *err)
{
    struct buf call, answer;
    struct cbor in;
    uint32_t asked[AGE_STANZAS_MAX]; /* which stanza the i-th of the call is */
    size_t count = 0;
    for (uint32_t i = 0; i < h->count; i++) {
        if (h->stanza[i].x25519) {
            asked[count++] = i;
        }
    }
    begin(&call, &answer, 3, AGENT_UNWRAP);
    cbor_put_array(&call, count);
    for (size_t i = 0; i < count; i++) {
        const struct age_stanza *s = &h->stanza[asked[i]];
        cbor_put_array(&call, 2);
        cbor_put_bstr(&call, bytes_of(s->share, sizeof(s->share)));
        cbor_put_bstr(&call, bytes_of(s->body, sizeof(s->body)));
    }
    if (!call_agent(path, &call, 2, &answer, &in, err)) {
        return end(&call, &answer, false);
    }
    size_t found = cbor_array(&in, count);
    for (size_t i = 0; i < found && cbor_ok(&in); i++) {
        cbor_array_n(&in, 2);
        uint64_t which = cbor_uint(&in);
        cbor_bstr_into(&in, out[i].key, sizeof(out[i].key));
        if (cbor_ok(&in) && which >= count) {
            cbor_refuse(&in, "it speaks of a stanza that was not asked for");
        } else if (cbor_ok(&in)) {
            out[i].stanza = asked[which];
        }
    }
    bool good = cbor_done(&in, "answer of the agent", err);
    if (good) {
        *out_count = found;
    }
    return end(&call, &answer, good);
}

bool agent_lock(const char *path, struct err *err)
{
    struct buf call, answer;
    struct cbor in;
    begin(&call, &answer, 2, AGENT_LOCK);
    bool good = call_agent(path, &call, 1, &answer, &in, err) &&
                cbor_done(&in, "answer of the agent", err);
    return end(&call, &answer, good);
}
