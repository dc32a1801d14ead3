/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/log_out.h"

#include "base/json_out.h"
#include "os/file.h"
#include "record/roster.h"
#include "table/refusal.h"

#define LOG_BYTES_MAX ((size_t)64 << 20)

struct telling {
    const struct log_source *from;
    const struct table_state *state;
    struct json j;
    struct buf out;
};

static void put_u64(struct telling *t, const char *key, uint64_t v)
{
    json_put_key(&t->j, key);
    json_put_u64(&t->j, v);
}

/* An index, a number, or null for never. */
static void put_ix(struct telling *t, const char *key, uint64_t v)
{
    json_put_key(&t->j, key);
    if (v == INDEX_NEVER || v == CHARTER_NONE) {
        json_put_null(&t->j);
    } else {
        json_put_u64(&t->j, v);
    }
}

static void put_bool(struct telling *t, const char *key, bool v)
{
    json_put_key(&t->j, key);
    json_put_bool(&t->j, v);
}

static void put_text(struct telling *t, const char *key, struct text v)
{
    json_put_key(&t->j, key);
    json_put_text(&t->j, v);
}

static void put_hex(struct telling *t, const char *key, struct bytes v)
{
    json_put_key(&t->j, key);
    json_put_hex(&t->j, v);
}

static void open_list(struct telling *t, const char *key)
{
    json_put_key(&t->j, key);
    json_put_array(&t->j);
}

static void begin(struct telling *t)
{
    json_init(&t->j, &t->out);
    json_put_object(&t->j);
}

static void end(struct telling *t)
{
    json_put_end(&t->j);
    json_done(&t->j);
    buf_add_str(&t->out, "\n");
}

/* Where the act of this leaf stands; null where nowhere. */
static void put_act(struct telling *t, const char *key, const struct leaf_hash *leaf)
{
    uint64_t at = INDEX_NEVER;
    for (uint64_t i = 0; i < door_size(t->from->door) && at == INDEX_NEVER; i++) {
        struct leaf_hash l = door_leaf(t->from->door, i);
        at = ID_EQ(l, *leaf) ? i : at;
    }
    put_ix(t, key, at);
}

/* ---- the charter ---- */

static void put_charter(struct telling *t)
{
    const struct charter *c = &t->state->charter;
    begin(t);
    put_u64(t, "grace", c->grace_seconds);
    put_bool(t, "mediation", c->sides[0].present);
    put_u64(t, "parties", c->party_count);
    put_u64(t, "monitors", c->monitor_count);
    put_bool(t, "publishes", c->publication != PUBLICATION_NEVER);
    open_list(t, "phases");
    for (uint32_t i = 0; i < c->phase_count; i++) {
        const struct charter_phase *p = &c->phases[i];
        json_put_object(&t->j);
        put_text(t, "id", p->id);
        put_bool(t, "papers_only", p->papers_only);
        put_u64(t, "deadline", p->deadline_seconds);
        open_list(t, "gate");
        for (uint32_t k = 0; k < p->condition_count; k++) {
            json_put_object(&t->j);
            put_u64(t, "kind", p->conditions[k].kind);
            put_u64(t, "deed", p->conditions[k].deed);
            put_u64(t, "seconds", p->conditions[k].seconds);
            json_put_end(&t->j);
        }
        json_put_end(&t->j);
        json_put_end(&t->j);
    }
    json_put_end(&t->j);
    open_list(t, "issues");
    for (uint32_t i = 0; i < c->issue_count; i++) {
        json_put_object(&t->j);
        put_text(t, "id", c->issues[i].id);
        put_u64(t, "phase", c->issues[i].phase);
        put_u64(t, "options", c->issues[i].option_count);
        json_put_end(&t->j);
    }
    json_put_end(&t->j);
    open_list(t, "deeds");
    for (uint32_t i = 0; i < c->deed_count; i++) {
        json_put_object(&t->j);
        put_text(t, "id", c->deeds[i].id);
        put_u64(t, "by", c->deeds[i].by);
        put_ix(t, "verifier", c->deeds[i].verifier);
        json_put_end(&t->j);
    }
    json_put_end(&t->j);
    open_list(t, "sides");
    for (uint32_t i = 0; i < c->side_count; i++) {
        json_put_text(&t->j, c->sides[i].id);
    }
    json_put_end(&t->j);
    const struct keyring *ring = door_keyring(t->from->door);
    open_list(t, "seats");
    for (uint32_t i = 0; i < keyring_seats(ring, door_size(t->from->door)); i++) {
        json_put_object(&t->j);
        put_u64(t, "side", keyring_seat(ring, i)->side);
        put_u64(t, "admitted", keyring_seat(ring, i)->admitted_at);
        json_put_end(&t->j);
    }
    json_put_end(&t->j);
    end(t);
}

/* ---- acts ---- */

static void put_object(struct telling *t, const struct payload *p, uint64_t index, uint64_t seen)
{
    static const struct {
        enum act_kind act;
        enum object_kind object;
    } kinds[] = {{KIND_SIGN_CHARTER, OBJECT_SIGN_CHARTER},
                 {KIND_MANDATE, OBJECT_MANDATE},
                 {KIND_REVOKE_MANDATE, OBJECT_REVOKE},
                 {KIND_RATIFY, OBJECT_RATIFY}};
    const struct keyring *ring = door_keyring(t->from->door);
    struct verified_object vo;
    struct err untold = {0};
    for (size_t i = 0; i < COUNT_OF(kinds); i++) {
        if (kinds[i].act != p->kind ||
            !object_check(kinds[i].object, p->object, ring, index, t->from->mem, &vo, &untold)) {
            continue;
        }
        const struct object *o = &vo.object;
        struct digest roster;
        struct leaf_hash about;
        json_put_key(&t->j, "paper");
        json_put_object(&t->j);
        put_hex(t, "id", ID_BYTES(vo.id));
        put_u64(t, "side", vo.side);
        if (kinds[i].object == OBJECT_MANDATE) {
            uint32_t seat = keyring_find_seat(ring, &o->delegate);
            put_ix(t, "seat", seat == SEAT_NONE ? INDEX_NEVER : seat);
            put_u64(t, "powers", o->powers);
            put_u64(t, "not_before", o->not_before);
            put_u64(t, "expires", o->expires);
            put_bool(t, "all", o->all_issues);
            open_list(t, "issues");
            for (uint32_t k = 0; k < o->issue_count; k++) {
                json_put_text(&t->j, o->issues[k]);
            }
            json_put_end(&t->j);
        } else {
            put_hex(t, "digest", ID_BYTES(o->digest));
            memcpy(about.b, o->digest.b, sizeof(about.b));
            put_act(t, "about", &about);
        }
        if (kinds[i].object == OBJECT_SIGN_CHARTER &&
            roster_digest_at(ring, seen, &roster, &untold)) {
            struct digest d = charter_signature_digest(&t->state->charter_leaf, &roster);
            put_bool(t, "fits", ID_EQ(d, o->digest));
        }
        json_put_end(&t->j);
        return;
    }
}

static void put_payload(struct telling *t, const struct payload *p)
{
    if (p->has_seat) {
        uint32_t seat = keyring_find_seat(door_keyring(t->from->door), &p->seat);
        put_ix(t, "named", seat == SEAT_NONE ? INDEX_NEVER : seat);
    }
    put_u64(t, "kind", p->kind);
    put_text(t, "room", p->room);
    if (p->has_answers) {
        put_act(t, "answers", &p->answers);
    }
    put_u64(t, "answer", p->answer);
    put_u64(t, "texts", p->text_count);
    put_text(t, "deed", p->deed);
    put_text(t, "phase", p->phase);
    put_text(t, "label", p->label);
    put_text(t, "side", p->side);
    put_text(t, "after", p->after);
    put_u64(t, "finding", p->finding);
    put_u64(t, "verdict", p->verdict);
    put_ix(t, "when", p->has_when ? p->when : INDEX_NEVER);
    open_list(t, "package");
    for (uint32_t i = 0; i < p->choice_count; i++) {
        json_put_array(&t->j);
        json_put_text(&t->j, p->choices[i].issue);
        json_put_u64(&t->j, p->choices[i].option);
        json_put_end(&t->j);
    }
    json_put_end(&t->j);
    open_list(t, "reserves");
    for (uint32_t i = 0; i < p->reservation_count; i++) {
        json_put_text(&t->j, p->reservations[i].label);
    }
    json_put_end(&t->j);
    open_list(t, "reserved_issues");
    for (uint32_t i = 0; i < p->reservation_count; i++) {
        if (p->reservations[i].has_issue) {
            json_put_text(&t->j, p->reservations[i].issue);
        }
    }
    json_put_end(&t->j);
    open_list(t, "refs");
    for (uint32_t i = 0; i < p->ref_count; i++) {
        json_put_object(&t->j);
        put_act(t, "act", &p->refs[i]);
        json_put_end(&t->j);
    }
    json_put_end(&t->j);
}

static bool put_control(struct telling *t, const struct act *a, uint64_t index, struct err *err)
{
    struct control c;
    struct bytes blob;
    const struct keyring *ring = door_keyring(t->from->door);
    if (!t->from->blob(t->from->ctx, index, a, &blob, err) ||
        !control_decode(a->control, blob, &c, err)) {
        return false;
    }
    json_put_key(&t->j, "control");
    json_put_str(&t->j, control_word(a->control));
    if (a->control == CONTROL_COUNTERSIGN) {
        put_u64(t, "size", c.as.countersign.size);
        put_u64(t, "time", c.as.countersign.time);
    } else if (a->control == CONTROL_PROCEED) {
        put_u64(t, "without", c.as.without);
    } else if (a->control == CONTROL_KEYS) {
        put_u64(t, "verb", c.verb);
        put_ix(t, "joins", c.verb == KEYS_ADMIT_SIDE ? c.as.slip.side : INDEX_NEVER);
    } else if (a->control == CONTROL_WITNESSES) {
        const struct ring_naming *n = NULL;
        for (size_t i = 0; i < keyring_namings(ring); i++) {
            n = keyring_naming_at(ring, i)->index == index ? keyring_naming_at(ring, i) : n;
        }
        put_u64(t, "needed", c.as.naming.needed);
        open_list(t, "seats");
        for (uint32_t i = 0; n != NULL && i < n->count; i++) {
            json_put_u64(&t->j, keyring_witness(ring, n->witnesses[i])->seat);
        }
        json_put_end(&t->j);
    }
    return true;
}

/* Verdicts that the model takes as given. */
static bool is_given(uint32_t code)
{
    return code == REFUSED_FORM || code == REFUSED_ROOM || code == REFUSED_MEMBER ||
           code == REFUSED_EPOCH || code == REFUSED_LIMIT;
}

static bool put_one(struct telling *t, uint64_t index, struct err *err)
{
    struct arena *mem = t->from->mem;
    const struct keyring *ring = door_keyring(t->from->door);
    struct act a;
    const struct content *content = NULL;
    struct payload p;
    struct ring_author author;
    struct err untold = {0};
    if (!t->from->act(t->from->ctx, index, &a, &content, err)) {
        return false;
    }
    begin(t);
    put_u64(t, "i", index);
    put_u64(t, "seen", a.seen_size);
    if (index > 0 && keyring_author(ring, index, &a.kid, &author, &untold)) {
        put_u64(t, "by", author.side);
        put_ix(t, "seat", author.seat == SEAT_NONE ? INDEX_NEVER : author.seat);
        if (author.seat != SEAT_NONE) {
            put_u64(t, "post", keyring_seat(ring, author.seat)->keys.post);
        }
    }
    const struct void_note *v = fold_void(t->from->fold, index);
    put_u64(t, "void", v == NULL ? 0 : v->code);
    put_bool(t, "given", v != NULL && is_given(v->code));
    bool ok = true;
    if (a.control != CONTROL_SEALED) {
        ok = put_control(t, &a, index, err);
    } else if (content != NULL && index >= t->state->charter_index &&
               payload_from(content, mem, &p, &untold)) {
        put_payload(t, &p);
        put_object(t, &p, index, a.seen_size);
    }
    end(t);
    arena_wipe(mem);
    return ok;
}

/* ---- the state ---- */

static void put_proposals(struct telling *t)
{
    const struct table_state *s = t->state;
    uint32_t groups = charter_groups(&s->charter);
    open_list(t, "proposals");
    for (uint32_t i = 0; i < s->proposal_count; i++) {
        const struct proposal_state *p = &s->proposals[i];
        json_put_object(&t->j);
        put_u64(t, "act", p->index);
        put_ix(t, "withdrawn", p->withdrawn_at);
        put_u64(t, "crossed", p->crossed);
        put_ix(t, "agreed", p->agreed_at);
        put_ix(t, "bound", p->bound_at);
        put_bool(t, "contested", p->contested);
        open_list(t, "answers");
        for (uint32_t g = 0; g < groups; g++) {
            json_put_u64(&t->j, p->answers[g].kind == 0 ? 0 : p->answers[g].index);
        }
        json_put_end(&t->j);
        open_list(t, "ratified");
        for (uint32_t g = 0; g < groups; g++) {
            json_put_u64(&t->j, p->ratified[g].given ? p->ratified[g].index : 0);
        }
        json_put_end(&t->j);
        json_put_end(&t->j);
    }
    json_put_end(&t->j);
}

static void put_state(struct telling *t)
{
    const struct table_state *s = t->state;
    begin(t);
    put_u64(t, "size", fold_size(t->from->fold));
    put_ix(t, "in_force", s->in_force_at);
    put_proposals(t);
    open_list(t, "mandates");
    for (uint32_t i = 0; i < s->mandate_count; i++) {
        json_put_object(&t->j);
        put_u64(t, "act", s->mandates[i].index);
        put_ix(t, "revoked", s->mandates[i].revoked_at);
        json_put_end(&t->j);
    }
    json_put_end(&t->j);
    open_list(t, "points");
    for (uint32_t i = 0; i < s->point_count; i++) {
        json_put_object(&t->j);
        put_text(t, "label", s->points[i].label);
        put_ix(t, "closed", s->points[i].closed_at);
        json_put_end(&t->j);
    }
    json_put_end(&t->j);
    open_list(t, "deeds");
    for (uint32_t i = 0; i < s->charter.deed_count; i++) {
        const struct deed_state *d = &s->deeds[i];
        json_put_object(&t->j);
        put_bool(t, "promised", d->promised);
        put_u64(t, "says", d->says);
        put_u64(t, "verified", d->verified);
        put_bool(t, "late", d->verified_late);
        put_bool(t, "lapsed", d->lapsed);
        json_put_end(&t->j);
    }
    json_put_end(&t->j);
    open_list(t, "incidents");
    for (uint32_t i = 0; i < s->incident_count; i++) {
        json_put_object(&t->j);
        put_u64(t, "act", s->incidents[i].index);
        put_u64(t, "verdict", s->incidents[i].verdict);
        json_put_end(&t->j);
    }
    json_put_end(&t->j);
    open_list(t, "confirms");
    for (uint32_t i = 0; i < s->confirm_count; i++) {
        json_put_object(&t->j);
        put_act(t, "act", &s->confirms[i].about);
        put_u64(t, "sides", s->confirms[i].sides);
        put_u64(t, "principals", s->confirms[i].principals);
        json_put_end(&t->j);
    }
    json_put_end(&t->j);
    open_list(t, "phases");
    for (uint32_t i = 0; i < s->charter.phase_count; i++) {
        json_put_object(&t->j);
        put_ix(t, "opened", s->phase_opened_at[i]);
        put_ix(t, "gate", s->gate_opened_at[i]);
        json_put_end(&t->j);
    }
    json_put_end(&t->j);
    put_u64(t, "parked", s->parked_count);
    put_u64(t, "void", s->void_count);
    end(t);
}

bool log_write_from(const struct log_source *from, const char *path, struct err *err)
{
    struct telling t = {.from = from, .state = fold_state(from->fold)};
    bool ok = true;
    buf_init(&t.out, LOG_BYTES_MAX);
    put_charter(&t);
    for (uint64_t i = 0; ok && i < door_size(from->door); i++) {
        ok = put_one(&t, i, err);
    }
    put_state(&t);
    ok = ok && buf_done(&t.out, "a log", err) &&
         file_replace(path, FILE_PLAIN, buf_bytes(&t.out), err);
    buf_free(&t.out);
    return ok;
}

/* ---- of a replica ---- */

struct held {
    struct replica *r;
    struct opened_act opened; /* of the act asked for last */
};

static bool held_act(void *ctx, uint64_t index, struct act *out, const struct content **out_content,
                     struct err *err)
{
    struct held *h = ctx;
    if (!replica_act(h->r, index, &h->r->scratch.mem, out, &h->opened, err)) {
        return false;
    }
    *out_content = h->opened.open ? &h->opened.content : NULL;
    return true;
}

static bool held_blob(void *ctx, uint64_t index, const struct act *a, struct bytes *out,
                      struct err *err)
{
    struct held *h = ctx;
    (void)index;
    return store_read_blob(h->r->store, &a->blob, &h->r->scratch.mem, out, err);
}

bool log_write(struct world *w, struct replica *r, const char *path)
{
    struct held h = {.r = r};
    const struct log_source from = {.door = r->door,
                                    .fold = r->fold,
                                    .mem = &r->scratch.mem,
                                    .act = held_act,
                                    .blob = held_blob,
                                    .ctx = &h};
    return log_write_from(&from, path, &w->err);
}
