/* SPDX-License-Identifier: Apache-2.0
 *
 * What only a principal can do: with his key here, or by a paper that he signs elsewhere.
 */
#include "app/desk_priv.h"
#include "base/civil.h"
#include "app/paper.h"
#include "app/sign.h"
#include "crypto/init.h"
#include "record/roster.h"

/* ---- a paper that was signed elsewhere ---- */

static bool post_signed(struct desk *d, enum act_kind kind, enum object_kind object,
                        struct bytes paper, const struct leaf_hash *answers, const char *next,
                        const struct desk_say *say, struct err *err)
{
    enum paper_kind is;
    struct bytes content;
    struct payload p = {.kind = kind, .room = text_str("plenary"), .has_answers = answers != NULL};
    if (answers != NULL) {
        p.answers = *answers;
    }
    if (!paper_parse(paper, "the signed paper", &is, &content, err)) {
        return false;
    }
    if (is != PAPER_SIGNED) {
        return err_set(err, ERR_USE, "this file is %s, not a signed paper", paper_words(is)) ||
               err_mend(err, "name the file that entente sign has written");
    }
    return signed_parse(content, &d->replica.table, object, &p.object, err) &&
           desk_file(d, &p, NULL, next, say, err);
}

static bool no_root(const struct err *err)
{
    return err->code == ERR_KEY;
}

/* ---- ratifying ---- */

#define NEXT_RATIFIED "entente proposals; entente sync, until every side has countersigned"

bool desk_ratify(struct desk *d, struct text name, struct bytes signed_paper,
                 const struct desk_say *say, struct err *err)
{
    const struct proposal_state *p;
    if (!desk_take(d, err) || !desk_find_proposal(d, name, &p, err)) {
        return false;
    }
    struct leaf_hash leaf = p->leaf;
    if (signed_paper.n > 0) {
        return post_signed(d, KIND_RATIFY, OBJECT_RATIFY, signed_paper, &leaf, NEXT_RATIFIED, say,
                           err);
    }
    struct view v = desk_view(d);
    char when[SIGN_HOUR_MAX];
    sign_hour(clock_now(d->replica.clock), when);
    struct object o = {
        .kind = OBJECT_RATIFY, .table = d->replica.table, .has_text = true, .text = text_str(when)};
    struct payload act = {
        .kind = KIND_RATIFY, .room = text_str("plenary"), .has_answers = true, .answers = leaf};
    memcpy(o.digest.b, leaf.b, sizeof(leaf.b));
    struct buf shown;
    buf_init(&shown, 8u << 20);
    buf_printf(&shown,
               "You ratify this very version. It binds your side once every party has ratified "
               "it.\n  P%u: %.*s\n",
               p->number, TEXT_ARG(view_package(&v, p)));
    if (p->is_text && !view_text(&v, p->phase, snt_version(&desk_state(d)->texts, &p->leaf)->number,
                                 &shown, err)) {
        buf_free(&shown);
        return false;
    }
    if (text_present(p->text)) {
        view_put_words(&shown, "  in its author's words | ", p->text);
    }
    buf_printf(&shown, "  ");
    view_answers(&v, p, &shown);
    buf_printf(&shown, "\n");
    /* Signed for the desk to look at, which judges the whole act; without a yes it goes nowhere. */
    bool ok = act_sign_object(&d->replica, &o, &d->mem.mem, &act.object, err) &&
              desk_file(d, &act, buf_str(&shown), NEXT_RATIFIED, say, err);
    buf_free(&shown);
    return ok ||
           (no_root(err) && err_mend(err,
                                     "the principal signs elsewhere: entente request ratify %.*s "
                                     "--out FILE",
                                     TEXT_ARG(name)));
}

/* ---- the charter ---- */

#define NEXT_CHARTER "entente journey; entente mandate, where your side has an envoy"

bool desk_sign_charter(struct desk *d, struct bytes signed_paper, const struct desk_say *say,
                       struct err *err)
{
    uint64_t index;
    if (!desk_take(d, err) || !desk_has_charter(d, err)) {
        return false;
    }
    if (signed_paper.n > 0) {
        return post_signed(d, KIND_SIGN_CHARTER, OBJECT_SIGN_CHARTER, signed_paper, NULL,
                           NEXT_CHARTER, say, err);
    }
    if (keys_signer(d->keys, KEY_ROOT) == NULL) {
        return err_set(err, ERR_KEY,
                       "only the principal can sign the charter, and his key is not here") ||
               err_mend(err, "he signs elsewhere: entente request charter --out FILE");
    }
    struct view v = desk_view(d);
    struct buf shown;
    buf_init(&shown, 1u << 20);
    buf_add_str(&shown, "You sign this charter for your side, with these seats at the table:\n");
    view_seats(&v, &shown);
    buf_add_str(&shown, "\n");
    view_charter(&desk_state(d)->charter, v.mem, &shown);
    bool ok = d->who.confirm(d->who.ctx, buf_str(&shown), err) &&
              act_sign_charter(&d->replica, &index, err) &&
              desk_tell(d, index, NEXT_CHARTER, say, err);
    buf_free(&shown);
    return ok;
}

/* ---- mandates ---- */

#define NEXT_MANDATE "entente mandates"

static void put_limits(struct desk *d, const struct limits *l, struct buf *out)
{
    const struct charter *c = &desk_state(d)->charter;
    for (uint32_t i = 0; l != NULL && i < l->count; i++) {
        uint32_t n = issue_find(c->issues, c->issue_count, l->limits[i].issue);
        uint32_t shown = 0;
        buf_printf(out, "  privately, of %.*s only: ", TEXT_ARG(l->limits[i].issue));
        for (uint32_t k = 0; n != UINT32_MAX && k < c->issues[n].option_count; k++) {
            if ((l->limits[i].options[k / 8] & (1u << (k % 8))) != 0) {
                buf_printf(out, "%s%.*s", shown++ > 0 ? ", " : "",
                           TEXT_ARG(c->issues[n].options[k]));
            }
        }
        buf_printf(out, "\n");
    }
}

static void put_mandate(struct desk *d, const struct mandate_request *m, struct buf *out)
{
    struct view v = desk_view(d);
    const struct keyring *ring = door_keyring(d->replica.door);
    buf_printf(out, "You mandate %.*s, whose seat has the fingerprint %s\n  may: %s\n  issues: ",
               TEXT_ARG(state_seat_name(desk_state(d), ring, m->seat, v.mem)),
               id_spoken(keyring_seat(ring, m->seat)->kid.b).s, view_powers(m->powers, v.mem));
    for (uint32_t i = 0; i < m->issue_count; i++) {
        buf_printf(out, "%s%.*s", i > 0 ? ", " : "", TEXT_ARG(m->issues[i]));
    }
    buf_printf(out, "%s\n  until %s\n", m->issue_count == 0 ? "all" : "",
               view_when(&v, v.now + m->seconds));
    put_limits(d, m->limits, out);
}

bool desk_mandate(struct desk *d, const struct desk_mandate *n, const struct desk_say *say,
                  struct err *err)
{
    struct mandate_request m;
    struct limits limits;
    uint64_t index;
    struct buf shown;
    if (!desk_take(d, err) || !desk_has_charter(d, err) ||
        !desk_mandate_of(d, n, &m, &limits, err)) {
        return false;
    }
    const struct ring_seat *seat = keyring_seat(door_keyring(d->replica.door), m.seat);
    if (seat->side != d->replica.side) { /* before anybody is asked to confirm it */
        return err_set(err, ERR_USE, "%.*s sits for another side than yours", TEXT_ARG(n->seat)) ||
               err_mend(err, "a principal mandates the seats of his own side: entente seat list");
    }
    if (keys_signer(d->keys, KEY_ROOT) == NULL) {
        return err_set(err, ERR_KEY,
                       "only the principal can sign a mandate, and his key is not here") ||
               err_mend(err, "he signs elsewhere: entente request mandate ... --out FILE");
    }
    buf_init(&shown, 1u << 20);
    put_mandate(d, &m, &shown);
    bool ok = d->who.confirm(d->who.ctx, buf_str(&shown), err) &&
              act_mandate(&d->replica, &m, &index, err) &&
              desk_tell(d, index, NEXT_MANDATE, say, err);
    buf_free(&shown);
    return ok;
}

bool desk_mandate_signed(struct desk *d, struct bytes signed_paper, const struct desk_say *say,
                         struct err *err)
{
    return desk_take(d, err) &&
           post_signed(d, KIND_MANDATE, OBJECT_MANDATE, signed_paper, NULL, NEXT_MANDATE, say, err);
}

static bool find_mandate(struct desk *d, struct text name, const struct mandate_state **out,
                         struct err *err)
{
    const struct table_state *s = desk_state(d);
    uint64_t n = 0;
    bool lettered = name.n > 1 && (name.p[0] == 'M' || name.p[0] == 'm') &&
                    u64_parse((struct text){.p = name.p + 1, .n = name.n - 1}, &n);
    for (uint32_t i = 0; i < s->mandate_count; i++) {
        bool named = id_spoken_begins(s->mandates[i].id.b, name.p, name.n);
        if ((lettered && n == i + 1u) || named) {
            *out = &s->mandates[i];
            return true;
        }
    }
    return err_set(err, ERR_USE, "there is no mandate %.*s", TEXT_ARG(name)) ||
           err_mend(err, "name one as M1, M2, ...: entente mandates");
}

bool desk_revoke(struct desk *d, struct text name, const struct desk_say *say, struct err *err)
{
    const struct mandate_state *m;
    uint64_t index;
    struct buf shown;
    if (!desk_take(d, err) || !desk_has_charter(d, err) || !find_mandate(d, name, &m, err)) {
        return false;
    }
    struct digest id = m->id;
    struct view v = desk_view(d);
    if (m->side != d->replica.side || keys_signer(d->keys, KEY_ROOT) == NULL) {
        return err_set(err, ERR_KEY, "only the principal of %.*s can revoke this mandate",
                       TEXT_ARG(state_side_name(desk_state(d), m->side)));
    }
    buf_init(&shown, 1u << 20);
    buf_printf(
        &shown, "You revoke the mandate of %.*s (%s, until %s).\nWhat it carried so far stands.\n",
        TEXT_ARG(state_seat_name(desk_state(d), door_keyring(d->replica.door), m->seat, v.mem)),
        view_powers(m->powers, v.mem), view_when(&v, m->expires));
    bool ok = d->who.confirm(d->who.ctx, buf_str(&shown), err) &&
              act_revoke(&d->replica, &id, &index, err) &&
              desk_tell(d, index, NEXT_MANDATE, say, err);
    buf_free(&shown);
    return ok;
}

/* ---- requests ---- */

/* What every request carries; and, where one is signed about an act, that act. */
static bool begin(struct desk *d, struct sign_request *q, uint64_t about, struct err *err)
{
    struct replica *r = &d->replica;
    struct arena *mem = &d->mem.mem;
    struct act a;
    struct opened_act act;
    struct payload p;
    if (!desk_has_charter(d, err)) {
        return false;
    }
    q->asked = clock_now(d->who.clock);
    q->object.table = r->table;
    q->object.principal = keyring_side(door_keyring(r->door), r->side)->root_kid;
    if (!replica_value(r, "founding", mem, &q->founding, err) ||
        !replica_act(r, desk_state(d)->charter_index, mem, &a, &act, err) ||
        !payload_from(&act.content, mem, &p, err)) {
        return false;
    }
    q->charter = p.charter;
    memcpy(q->salt, p.salt, sizeof(q->salt));
    if (about == INDEX_NEVER) {
        return true;
    }
    if (!replica_act(r, about, mem, &a, &act, err) ||
        !store_read_leaf(r->store, about, mem, &q->envelope, err) ||
        !store_read_blob(r->store, &a.blob, mem, &q->blob, err)) {
        return false;
    }
    q->has_act = true;
    memcpy(q->file_key, act.file_key, sizeof(q->file_key));
    return act.open || err_set(err, ERR_STATE, "this seat does not read what is to be signed");
}

static bool finish(struct desk *d, const struct sign_request *q, struct buf *out,
                   const struct desk_say *say, struct err *err)
{
    struct buf content, words;
    struct sign_request again;
    buf_init(&content, PAPER_BYTES_MAX - 64);
    buf_init(&words, 1u << 20);
    sign_request_put(q, &content);
    /* What the principal's machine would refuse is not handed to him. */
    bool ok = buf_done(&content, "the request", err) &&
              sign_request_parse(buf_bytes(&content), &d->mem.mem, &again, err) &&
              sign_request_words(&again, &d->mem.mem, &words, err);
    if (ok) {
        paper_put(PAPER_REQUEST, buf_bytes(&content), out);
        ok = buf_done(out, "the request", err);
    }
    if (ok && say->json != NULL) {
        json_put_key(say->json, "words");
        json_put_str(say->json, buf_str(&words));
        json_put_key(say->json, "next");
        json_put_str(say->json, "entente sign FILE --key KEYFILE --out SIGNED");
    } else if (ok) {
        buf_printf(say->words,
                   "%s\nNext: the principal, on the machine with his key: entente sign "
                   "FILE --key KEYFILE --out SIGNED\n",
                   buf_str(&words));
    }
    buf_free(&content);
    buf_free(&words);
    return ok;
}

bool desk_request_ratify(struct desk *d, struct text proposal, struct buf *out,
                         const struct desk_say *say, struct err *err)
{
    struct sign_request q = {.object = {.kind = OBJECT_RATIFY}};
    const struct proposal_state *p;
    if (!desk_find_proposal(d, proposal, &p, err)) {
        return false;
    }
    if (p->is_text && desk_made_by_clean(d, p)) {
        return err_set(err, ERR_USE,
                       "P%u came of a bracket that was taken in: its words stand in several acts",
                       p->number) ||
               err_mend(err, "the principal ratifies at his own seat, or whoever has the pen "
                             "drafts the clean text whole: entente text export, entente draft");
    }
    return begin(d, &q, p->index, err) && finish(d, &q, out, say, err);
}

/* The roster, and who sits for each side now. */
static bool put_roster(struct desk *d, struct sign_request *q, struct err *err)
{
    const struct keyring *ring = door_keyring(d->replica.door);
    uint64_t size = door_size(d->replica.door);
    struct arena *mem = &d->mem.mem;
    uint32_t seats = keyring_seats(ring, size);
    struct roster *roster = ARENA_NEW(mem, struct roster, 1);
    q->seats = ARENA_NEW(mem, struct sign_seat, seats);
    if (mem->failed) {
        return err_memory(err, "the request");
    }
    for (uint32_t i = 0; i < seats; i++) {
        const struct ring_seat *s = keyring_seat(ring, i);
        struct text name = desk_state(d)->names[i];
        if (ring_seat_active(s, size)) {
            q->seats[q->seat_count++] = (struct sign_seat){
                .side = s->side,
                .post = s->keys.post,
                /* As people have read it aloud: of a side's first seat its root's. */ .kid =
                    s->keys.post == 0 ? keyring_side(ring, s->side)->root_kid : s->kid,
                .name = text_present(name) ? name : text_str("")};
        }
    }
    struct buf b;
    buf_init(&b, ROSTER_BYTES_MAX);
    roster_at(ring, size, roster);
    roster_encode(roster, &b);
    bool ok = buf_done(&b, "the roster", err);
    q->roster = ok ? arena_copy(mem, buf_bytes(&b)) : (struct bytes){0};
    buf_free(&b);
    return ok && (!mem->failed || err_memory(err, "the request"));
}

bool desk_request_charter(struct desk *d, struct buf *out, const struct desk_say *say,
                          struct err *err)
{
    struct sign_request q = {.object = {.kind = OBJECT_SIGN_CHARTER}};
    return desk_take(d, err) && desk_has_charter(d, err) && put_roster(d, &q, err) &&
           begin(d, &q, desk_state(d)->charter_index, err) && finish(d, &q, out, say, err);
}

bool desk_request_mandate(struct desk *d, const struct desk_mandate *n, struct buf *out,
                          const struct desk_say *say, struct err *err)
{
    struct sign_request q = {.object = {.kind = OBJECT_MANDATE}};
    struct mandate_request m;
    struct limits limits;
    if (n->limits.count > 0) {
        return err_set(err, ERR_USE,
                       "private limits cannot be asked for: only the principal's own "
                       "seat files them at home") ||
               err_mend(err, "the principal mandates from his own seat, or leaves the limits out");
    }
    if (!desk_take(d, err) || !desk_has_charter(d, err) ||
        !desk_mandate_of(d, n, &m, &limits, err) || !begin(d, &q, INDEX_NEVER, err)) {
        return false;
    }
    struct object *o = &q.object;
    const struct keyring *ring = door_keyring(d->replica.door);
    o->delegate = keyring_seat(ring, m.seat)->kid;
    o->powers = m.powers;
    o->all_issues = m.issue_count == 0;
    o->issue_count = m.issue_count;
    o->issues = m.issues;
    o->not_before = clock_now(d->who.clock);
    o->expires = o->not_before + m.seconds;
    q.name = state_seat_name(desk_state(d), ring, m.seat, &d->mem.mem);
    return finish(d, &q, out, say, err);
}

bool desk_request_decide(struct desk *d, const struct desk_decision *n, struct buf *out,
                         const struct desk_say *say, struct err *err)
{
    struct sign_request q = {.object = {.kind = OBJECT_DECIDE}};
    struct payload said;
    uint64_t memo = INDEX_NEVER;
    return desk_take(d, err) && desk_has_charter(d, err) &&
           desk_decision_of(d, n, &said, &q.decision, &memo, err) &&
           (memo != INDEX_NEVER ||
            err_set(err, ERR_USE, "a decision that is signed elsewhere rests on a memo") ||
            err_mend(err, "file one first: entente memo new")) &&
           begin(d, &q, memo, err) && finish(d, &q, out, say, err);
}

bool desk_decide_signed(struct desk *d, struct bytes paper, const struct desk_say *say,
                        struct err *err)
{
    enum paper_kind is;
    struct bytes content, object, decision;
    struct payload p = {.kind = KIND_DECIDE};
    if (!desk_take(d, err) || !desk_has_charter(d, err) ||
        !paper_parse(paper, "the signed paper", &is, &content, err)) {
        return false;
    }
    if (is != PAPER_SIGNED) {
        return err_set(err, ERR_USE, "this file is %s, not a signed paper", paper_words(is)) ||
               err_mend(err, "name the file that entente sign has written");
    }
    return signed_parse_decision(content, &d->replica.table, &object, &decision, err) &&
           decision_take(decision, &d->mem.mem, &p, err) &&
           desk_file_decision(d, &p, object, NULL, say, err);
}

/* ---- the principal's side of it ---- */

#define SIGNING_MEMORY ((size_t)64 << 20)

static bool is_asked(const struct keys *k, const struct sign_request *q, struct err *err)
{
    const struct signer *root = keys_signer(k, KEY_ROOT);
    if (root == NULL) {
        return err_set(err, ERR_KEY, "this key file has no principal's key") ||
               err_mend(err, "name the key file of the principal's seat");
    }
    struct kid kid = signer_kid(root);
    const struct keyset_public *shown = keys_public(k);
    if (!ID_EQ(kid, q->object.principal) ||
        (shown->has_table && memcmp(shown->table, q->object.table.b, 32) != 0)) {
        return err_set(err, ERR_KEY, "the request is for another principal, or another table") ||
               err_mend(err, "compare the fingerprints; sign only what is meant for you");
    }
    return true;
}

static bool sign(const struct sign_request *q, const struct keys *k, struct buf *out,
                 struct err *err)
{
    struct buf object, content;
    buf_init(&object, 65536);
    buf_init(&content, 65536 + 256 + DECISION_BYTES_MAX);
    bool ok = object_sign(&q->object, keys_signer(k, KEY_ROOT), &object, err);
    if (ok) {
        signed_put(&q->object, buf_bytes(&object), q->decision, &content);
        paper_put(PAPER_SIGNED, buf_bytes(&content), out);
        ok = buf_done(&content, "the signed paper", err) && buf_done(out, "the signed paper", err);
    }
    buf_free(&object);
    buf_free(&content);
    return ok;
}

/* A successor's signature on a slip of another principal. */
static void new_root_words(const struct new_root *n, struct buf *out)
{
    struct kid old = kid_of(KEY_ROOT, &n->replaced), fresh = kid_of(KEY_ROOT, &n->slip.root);
    buf_printf(out,
               "You sign, as a successor, that side %u of table %s gets another principal.\n"
               "  The former one's fingerprint: %s\n"
               "  The new one's:                %s\n"
               "Compare both aloud, over a line that you trust. Once enough successors have signed "
               "and it is admitted, the former key and its seat do nothing more at that table.\n",
               n->slip.side, id_hex(n->slip.table.b).s, id_spoken(old.b).s, id_spoken(fresh.b).s);
    buf_printf(out, "%u successor%s signed before you.\n", n->sponsor_count,
               n->sponsor_count == 1 ? " has" : "s have");
}

static bool sponsor(struct bytes content, const char *key_file, const struct desk_person *who,
                    struct arena *mem, struct buf *out, const struct desk_say *say, struct err *err)
{
    struct new_root n;
    struct keys *keys = NULL;
    struct buf words, paper;
    buf_init(&words, 1u << 16);
    buf_init(&paper, CONTROL_BLOB_MAX);
    bool ok = new_root_decode(content, &n, err) && new_root_verify(&n, err);
    if (ok) {
        new_root_words(&n, &words);
        ok = keys_open(key_file, &who->ask, mem, &keys, err);
    }
    if (ok && keys_signer(keys, KEY_ROOT) == NULL) {
        ok = err_set(err, ERR_KEY, "this key file has no principal's key") ||
             err_mend(err, "name the key file that you named to the side as its successor");
    }
    ok = ok && who->confirm(who->ctx, buf_str(&words), err) &&
         new_root_sponsor(content, keys_signer(keys, KEY_ROOT), &paper, err);
    if (ok) {
        paper_put(PAPER_NEW_ROOT, buf_bytes(&paper), out);
        ok = buf_done(out, "the slip", err);
    }
    if (ok && say->json != NULL) {
        json_put_key(say->json, "kind");
        json_put_str(say->json, "new-root");
        json_put_key(say->json, "words");
        json_put_str(say->json, buf_str(&words));
    } else if (ok) {
        buf_printf(say->words, "Signed. Next: hand it to the next successor, or, when enough have "
                               "signed, to a seat at the table: entente seat admit FILE\n");
    }
    keys_free(keys);
    buf_free(&words);
    buf_free(&paper);
    return ok;
}

bool desk_sign(struct bytes request, const char *name, const char *key_file,
               const struct desk_person *who, struct buf *out, const struct desk_say *say,
               struct err *err)
{
    struct region mem = {0};
    enum paper_kind kind;
    struct bytes content;
    struct sign_request q;
    struct keys *keys = NULL;
    struct buf words;
    buf_init(&words, 1u << 20);
    bool ok = crypto_init(err) && region_init(&mem, REGION_SECRET, SIGNING_MEMORY, err) &&
              paper_parse(request, name, &kind, &content, err);
    if (ok && kind == PAPER_NEW_ROOT) {
        ok = sponsor(content, key_file, who, &mem.mem, out, say, err);
        buf_free(&words);
        region_free(&mem);
        return ok;
    }
    if (ok && kind != PAPER_REQUEST) {
        ok = err_set(err, ERR_USE, "%s is %s, not a request for a signature", name,
                     paper_words(kind));
    }
    ok = ok && sign_request_parse(content, &mem.mem, &q, err) &&
         sign_request_words(&q, &mem.mem, &words, err) &&
         keys_open(key_file, &who->ask, &mem.mem, &keys, err) && is_asked(keys, &q, err) &&
         who->confirm(who->ctx, buf_str(&words), err) && sign(&q, keys, out, err);
    if (ok && say->json != NULL) {
        json_put_key(say->json, "kind");
        json_put_str(say->json, object_word(q.object.kind));
        json_put_key(say->json, "words");
        json_put_str(say->json, buf_str(&words));
    } else if (ok) {
        buf_printf(say->words, "Signed. Next: hand it back; a seat of your side posts it with "
                               "--signed.\n");
    }
    keys_free(keys);
    buf_free(&words);
    region_free(&mem);
    return ok;
}
