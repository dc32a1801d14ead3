/* SPDX-License-Identifier: Apache-2.0 */
#include "table/snt.h"

#include "base/cbor.h"
#include "table/state.h"

/* ---- names ---- */

struct article_id article_id_of(struct text id)
{
    struct article_id out = {0};
    size_t n = id.n < sizeof(out.p) ? id.n : sizeof(out.p); /* an id is never longer */
    if (n > 0) {
        memcpy(out.p, id.p, n);
    }
    out.n = (uint8_t)n;
    return out;
}

struct text article_id_text(const struct article_id *id)
{
    return (struct text){.p = id->p, .n = id->n};
}

bool article_id_eq(const struct article_id *a, const struct article_id *b)
{
    return a->n == b->n && memcmp(a->p, b->p, a->n) == 0;
}

uint32_t snt_article(const struct snt_state *t, const struct article_id *id)
{
    for (uint32_t i = 0; i < t->article_count; i++) {
        if (article_id_eq(&t->articles[i].id, id)) {
            return i;
        }
    }
    return UINT32_MAX;
}

struct text_version *snt_version(const struct texts_state *t, const struct leaf_hash *leaf)
{
    for (uint32_t i = t->version_count; i > 0; i--) {
        if (ID_EQ(t->versions[i - 1].leaf, *leaf)) {
            return &t->versions[i - 1];
        }
    }
    return NULL;
}

struct bracket_state *snt_bracket(const struct texts_state *t, const struct leaf_hash *leaf)
{
    for (uint32_t i = t->bracket_count; i > 0; i--) {
        if (ID_EQ(t->brackets[i - 1].leaf, *leaf)) {
            return &t->brackets[i - 1];
        }
    }
    return NULL;
}

const struct text_version *snt_newest(const struct texts_state *t, uint32_t phase)
{
    uint32_t place = t->of_phase[phase].version;
    return place == CHARTER_NONE ? NULL : &t->versions[place];
}

/* ---- digests ---- */

struct digest words_digest(struct text words)
{
    struct bytes part = bytes_of(words.p, words.n);
    return digest_tagged("entente/v1/words", &part, 1);
}

struct digest wording_digest(struct text title, struct text text)
{
    struct digest parts[2] = {words_digest(title), words_digest(text)};
    struct bytes v[2] = {ID_BYTES(parts[0]), ID_BYTES(parts[1])};
    return digest_tagged("entente/v1/wording", v, 2);
}

static void put_u32(uint8_t out[static 4], uint32_t v)
{
    for (unsigned i = 0; i < 4; i++) {
        out[i] = (uint8_t)(v >> (24 - 8 * i));
    }
}

struct digest wording_edited(const struct digest *was, uint32_t from, uint32_t to,
                             const struct digest *words)
{
    uint8_t range[8];
    put_u32(range, from);
    put_u32(range + 4, to);
    struct bytes v[3] = {ID_BYTES(*was), bytes_of(range, sizeof(range)), ID_BYTES(*words)};
    return digest_tagged("entente/v1/wording-edit", v, 3);
}

/* Hashed link by link: no list of all of them is made. */
struct digest version_digest(struct text phase, const struct article_state *articles,
                             uint32_t count)
{
    struct digest d = words_digest(phase);
    for (uint32_t i = 0; i < count; i++) {
        struct digest id = words_digest(article_id_text(&articles[i].id));
        struct bytes v[3] = {ID_BYTES(d), ID_BYTES(id), ID_BYTES(articles[i].wording)};
        d = digest_tagged("entente/v1/text", v, 3);
    }
    return d;
}

/* ---- standing ---- */

struct text snt_open_brackets(const struct texts_state *t, uint32_t phase, struct arena *mem,
                              uint32_t *out_count)
{
    char list[256];
    struct buf b;
    buf_over(&b, list, sizeof(list));
    uint32_t n = 0;
    for (uint32_t i = 0; i < t->bracket_count; i++) {
        const struct bracket_state *k = &t->brackets[i];
        if (k->phase != phase || k->end != BRACKET_OPEN) {
            continue;
        }
        if (buf_bytes(&b).n + 16 < sizeof(list)) {
            buf_printf(&b, "%sB%u", n > 0 ? ", " : "", k->number);
        }
        n++;
    }
    *out_count = n;
    struct bytes v = arena_copy(mem, buf_bytes(&b));
    return (struct text){.p = v.p == NULL ? "" : (const char *)v.p, .n = v.n};
}

struct proposal_state *snt_proposal(const struct table_state *s, uint32_t phase)
{
    const struct text_version *v = snt_newest(&s->texts, phase);
    return v == NULL ? NULL : state_proposal(s, &v->leaf);
}

bool snt_all_adopted(const struct table_state *s, uint32_t phase)
{
    const struct proposal_state *p = snt_proposal(s, phase);
    if (p == NULL || p->withdrawn_at != INDEX_NEVER) {
        return false;
    }
    for (uint32_t g = 1; g <= s->charter.party_count; g++) {
        if (!answer_accepts(&p->answers[g])) {
            return false;
        }
    }
    return true;
}

bool snt_adopted(const struct table_state *s, uint32_t phase)
{
    const struct proposal_state *p = snt_proposal(s, phase);
    return p != NULL && p->withdrawn_at == INDEX_NEVER && p->agreed_at != INDEX_NEVER;
}

enum silence_stage snt_silence(const struct table_state *s, const struct witness_log *log,
                               const struct silence_state *silence, uint64_t seen_size,
                               uint64_t index, uint64_t *due)
{
    *due = 0;
    if (silence->asked_at == INDEX_NEVER) {
        return SILENCE_NONE;
    }
    if (silence->from == INDEX_NEVER) {
        return SILENCE_UNSEEN;
    }
    struct moment from = witness_t(log, silence->from, index);
    if (!from.known) {
        return SILENCE_RUNS;
    }
    *due = from.seconds + s->charter.silence_seconds;
    return witness_surely_passed(log, seen_size, *due, index) ? SILENCE_OVER : SILENCE_RUNS;
}

uint32_t snt_parties(const struct table_state *s)
{
    uint32_t mask = 0;
    for (uint32_t g = 1; g <= s->charter.party_count; g++) {
        mask |= 1u << g;
    }
    return mask;
}

/* ---- its part of the digest ---- */

static void put_index(struct buf *b, uint64_t index)
{
    if (index == INDEX_NEVER) {
        cbor_put_null(b);
    } else {
        cbor_put_uint(b, index);
    }
}

static void put_silence(struct buf *b, const struct silence_state *s)
{
    cbor_put_array(b, 3);
    put_index(b, s->asked_at);
    cbor_put_uint(b, s->seen);
    put_index(b, s->from);
}

static void put_text_of(struct buf *b, const struct snt_state *t)
{
    cbor_put_array(b, 3);
    if (t->version == CHARTER_NONE) {
        cbor_put_null(b);
    } else {
        cbor_put_uint(b, t->version);
    }
    cbor_put_array(b, t->article_count);
    for (uint32_t i = 0; i < t->article_count; i++) {
        const struct article_state *a = &t->articles[i];
        cbor_put_array(b, 5);
        cbor_put_tstr(b, article_id_text(&a->id));
        cbor_put_bstr(b, ID_BYTES(a->wording));
        cbor_put_uint(b, a->since);
        cbor_put_uint(b, a->supports);
        cbor_put_uint(b, a->objects);
    }
    put_silence(b, &t->silence);
}

void snt_put(struct buf *b, const struct table_state *s)
{
    const struct texts_state *t = &s->texts;
    cbor_put_array(b, 3);
    cbor_put_array(b, s->charter.phase_count);
    for (uint32_t i = 0; i < s->charter.phase_count; i++) {
        put_text_of(b, &t->of_phase[i]);
    }
    cbor_put_array(b, t->version_count);
    for (uint32_t i = 0; i < t->version_count; i++) {
        cbor_put_array(b, 3);
        cbor_put_bstr(b, ID_BYTES(t->versions[i].leaf));
        cbor_put_uint(b, t->versions[i].phase);
        cbor_put_bstr(b, ID_BYTES(t->versions[i].digest));
    }
    cbor_put_array(b, t->bracket_count);
    for (uint32_t i = 0; i < t->bracket_count; i++) {
        const struct bracket_state *k = &t->brackets[i];
        cbor_put_array(b, 8);
        cbor_put_bstr(b, ID_BYTES(k->leaf));
        cbor_put_uint(b, (uint64_t)k->end);
        put_index(b, k->ended_at);
        cbor_put_uint(b, k->from);
        cbor_put_uint(b, k->to);
        cbor_put_uint(b, k->supports);
        cbor_put_uint(b, k->objects);
        put_silence(b, &k->silence);
    }
}
