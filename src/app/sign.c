/* SPDX-License-Identifier: Apache-2.0 */
#include "app/sign.h"

#include "app/memo.h"
#include "app/view.h"
#include "base/cbor.h"
#include "base/civil.h"
#include "record/padding.h"
#include "record/roster.h"

void sign_hour(uint64_t seconds, char out[static SIGN_HOUR_MAX])
{
    char minute[CIVIL_TEXT_MAX];
    struct buf b;
    civil_format(seconds, minute);
    buf_over(&b, out, SIGN_HOUR_MAX);
    buf_printf(&b, "%s:%02u", minute, (unsigned)(seconds % 60));
}

/* ---- writing ---- */

static void put_act(const struct sign_request *q, struct buf *out)
{
    if (!q->has_act) {
        cbor_put_null(out);
        return;
    }
    cbor_put_array(out, 3);
    cbor_put_bstr(out, q->envelope);
    cbor_put_bstr(out, q->blob);
    cbor_put_bstr(out, bytes_of(q->file_key, sizeof(q->file_key)));
}

static void put_mandate(const struct sign_request *q, struct buf *out)
{
    const struct object *o = &q->object;
    if (o->kind != OBJECT_MANDATE) {
        cbor_put_null(out);
        return;
    }
    cbor_put_array(out, 6);
    cbor_put_bstr(out, ID_BYTES(o->delegate));
    cbor_put_uint(out, o->powers);
    if (o->all_issues) {
        cbor_put_null(out);
    } else {
        cbor_put_array(out, o->issue_count);
        for (uint32_t i = 0; i < o->issue_count; i++) {
            cbor_put_tstr(out, o->issues[i]);
        }
    }
    cbor_put_uint(out, o->not_before);
    cbor_put_uint(out, o->expires);
    cbor_put_tstr(out, q->name);
}

void sign_request_put(const struct sign_request *q, struct buf *out)
{
    cbor_put_map(out, 12);
    cbor_put_uint(out, 1);
    cbor_put_uint(out, 1);
    cbor_put_uint(out, 2);
    cbor_put_uint(out, (uint64_t)q->object.kind);
    cbor_put_uint(out, 3);
    cbor_put_bstr(out, q->founding);
    cbor_put_uint(out, 4);
    cbor_put_bstr(out, bytes_of(q->salt, sizeof(q->salt)));
    cbor_put_uint(out, 5);
    cbor_put_bstr(out, q->charter);
    cbor_put_uint(out, 6);
    cbor_put_bstr(out, ID_BYTES(q->object.principal));
    cbor_put_uint(out, 7);
    put_act(q, out);
    cbor_put_uint(out, 8);
    if (q->roster.n > 0) {
        cbor_put_bstr(out, q->roster);
    } else {
        cbor_put_null(out);
    }
    cbor_put_uint(out, 9);
    put_mandate(q, out);
    cbor_put_uint(out, 10);
    cbor_put_uint(out, q->asked);
    cbor_put_uint(out, 11);
    cbor_put_array(out, q->seat_count);
    for (uint32_t i = 0; i < q->seat_count; i++) {
        cbor_put_array(out, 4);
        cbor_put_uint(out, q->seats[i].side);
        cbor_put_uint(out, q->seats[i].post);
        cbor_put_bstr(out, ID_BYTES(q->seats[i].kid));
        cbor_put_tstr(out, q->seats[i].name);
    }
    cbor_put_uint(out, 12);
    if (q->decision.n > 0) {
        cbor_put_bstr(out, q->decision);
    } else {
        cbor_put_null(out);
    }
}

void signed_put(const struct object *o, struct bytes object, struct bytes decision, struct buf *out)
{
    bool decide = o->kind == OBJECT_DECIDE;
    cbor_put_array(out, decide ? 5 : 4);
    cbor_put_uint(out, 1);
    cbor_put_bstr(out, ID_BYTES(o->table));
    cbor_put_uint(out, (uint64_t)o->kind);
    cbor_put_bstr(out, object);
    if (decide) {
        cbor_put_bstr(out, decision);
    }
}

/* ---- reading ---- */

static enum object_kind take_kind(struct cbor *c)
{
    uint64_t k = cbor_uint(c);
    if (cbor_ok(c) && k != OBJECT_MANDATE && k != OBJECT_SIGN_CHARTER && k != OBJECT_RATIFY &&
        k != OBJECT_DECIDE) {
        cbor_refuse(c, "it asks for a signature of an unknown kind");
    }
    return cbor_ok(c) ? (enum object_kind)k : OBJECT_RATIFY;
}

static void take_act(struct cbor *c, struct sign_request *q)
{
    cbor_expect_key(c, 7);
    q->has_act = !cbor_take_null(c);
    if (q->has_act) {
        cbor_array_n(c, 3);
        q->envelope = cbor_bstr(c);
        q->blob = cbor_bstr(c);
        cbor_bstr_into(c, q->file_key, sizeof(q->file_key));
    }
}

static struct text take_shown(struct cbor *c, size_t most)
{
    struct bytes v = cbor_tstr(c);
    struct text t = {.p = "", .n = 0};
    struct err ignored = {0};
    /* One line: a name with several could write the lines that a principal is to believe. */
    if (cbor_ok(c) && (v.n > most || (v.n > 0 && !text_from(v, &t, &ignored)) ||
                       memchr(t.p, '\n', t.n) != NULL || memchr(t.p, '\t', t.n) != NULL)) {
        cbor_refuse(c, "a text is too long, has several lines or cannot be shown");
    }
    return t;
}

/* False where memory is short. */
static bool take_mandate(struct cbor *c, struct arena *mem, struct sign_request *q)
{
    struct object *o = &q->object;
    cbor_expect_key(c, 9);
    if (cbor_take_null(c)) {
        return true;
    }
    cbor_array_n(c, 6);
    cbor_bstr_into(c, o->delegate.b, sizeof(o->delegate.b));
    uint64_t powers = cbor_uint(c);
    if (cbor_ok(c) && powers > POWERS_ALL) {
        cbor_refuse(c, "it gives powers that are not known");
    }
    o->powers = cbor_ok(c) ? (uint32_t)powers : 0;
    o->all_issues = cbor_take_null(c);
    if (!o->all_issues) {
        o->issue_count = (uint32_t)cbor_array(c, ISSUES_MAX); /* within the limit */
        o->issues = ARENA_NEW(mem, struct text, o->issue_count);
        if (o->issues == NULL) {
            return false;
        }
        for (uint32_t i = 0; i < o->issue_count && cbor_ok(c); i++) {
            o->issues[i] = take_shown(c, ID_MAX_BYTES);
        }
    }
    o->not_before = cbor_uint(c);
    o->expires = cbor_uint(c);
    if (cbor_ok(c) && (o->not_before > SECONDS_MAX || o->expires > SECONDS_MAX)) {
        cbor_refuse(c, "a time is beyond the year 9999");
    }
    q->name = take_shown(c, NAME_MAX_BYTES);
    return true;
}

/* False where memory is short. */
static bool take_seats(struct cbor *c, struct arena *mem, struct sign_request *q)
{
    cbor_expect_key(c, 11);
    q->seat_count = (uint32_t)cbor_array(c, SEATS_MAX); /* within the limit */
    q->seats = ARENA_NEW(mem, struct sign_seat, q->seat_count);
    for (uint32_t i = 0; q->seats != NULL && i < q->seat_count && cbor_ok(c); i++) {
        struct sign_seat *s = &q->seats[i];
        cbor_array_n(c, 4);
        uint64_t side = cbor_uint(c), post = cbor_uint(c);
        if (cbor_ok(c) && (side >= SIDES_MAX || post >= SIDE_SEATS_MAX)) {
            cbor_refuse(c, "a seat is of no side");
        }
        s->side = cbor_ok(c) ? (uint32_t)side : 0;
        s->post = cbor_ok(c) ? (uint32_t)post : 0;
        cbor_bstr_into(c, s->kid.b, sizeof(s->kid.b));
        s->name = take_shown(c, NAME_MAX_BYTES);
    }
    return q->seats != NULL;
}

static bool decode(struct bytes content, struct arena *mem, struct sign_request *q, bool *mandate,
                   struct err *err)
{
    struct cbor c;
    cbor_init(&c, content);
    cbor_map_n(&c, 12);
    cbor_expect_key(&c, 1);
    if (cbor_uint(&c) != 1) {
        cbor_refuse(&c, "it is of a later version of entente");
    }
    cbor_expect_key(&c, 2);
    q->object.kind = take_kind(&c);
    cbor_expect_key(&c, 3);
    q->founding = cbor_bstr(&c);
    cbor_expect_key(&c, 4);
    cbor_bstr_into(&c, q->salt, sizeof(q->salt));
    cbor_expect_key(&c, 5);
    q->charter = cbor_bstr(&c);
    cbor_expect_key(&c, 6);
    cbor_bstr_into(&c, q->object.principal.b, sizeof(q->object.principal.b));
    take_act(&c, q);
    cbor_expect_key(&c, 8);
    if (!cbor_take_null(&c)) {
        q->roster = cbor_bstr(&c);
        if (cbor_ok(&c) && (q->roster.n == 0 || q->roster.n > ROSTER_BYTES_MAX)) {
            cbor_refuse(&c, "its roster is none");
        }
    }
    if (!take_mandate(&c, mem, q)) {
        return err_memory(err, "the request");
    }
    cbor_expect_key(&c, 10);
    q->asked = cbor_uint(&c);
    if (cbor_ok(&c) && q->asked > SECONDS_MAX) {
        cbor_refuse(&c, "a time is beyond the year 9999");
    }
    if (!take_seats(&c, mem, q)) {
        return err_memory(err, "the request");
    }
    cbor_expect_key(&c, 12);
    if (!cbor_take_null(&c)) {
        q->decision = cbor_bstr(&c);
        if (cbor_ok(&c) && (q->decision.n == 0 || q->decision.n > DECISION_BYTES_MAX)) {
            cbor_refuse(&c, "its decision is none");
        }
    }
    *mandate = !ID_IS_ZERO(q->object.delegate);
    return cbor_done(&c, "the request", err);
}

/* ---- does it fit together ---- */

static bool differs(struct err *err, const char *what)
{
    return err_set(err, ERR_VERIFY, "the request does not fit together: %s", what) ||
           err_mend(err, "sign nothing; ask whoever sent it, over a line that you trust");
}

/* Opens the act and proves that this is what it says. */
static bool open_act(const struct sign_request *q, struct arena *mem, struct payload *out,
                     struct err *err)
{
    struct act a;
    struct content *c = ARENA_NEW(mem, struct content, 1);
    struct age_header *h = ARENA_NEW(mem, struct age_header, 1);
    struct bytes raw;
    struct buf plain;
    if (mem->failed) {
        return err_memory(err, "the request");
    }
    if (!act_decode(q->envelope, &a, err)) {
        return false;
    }
    struct digest d = digest_plain(q->blob);
    if (!ID_EQ(a.table, q->object.table) || !ID_EQ(d, a.blob)) {
        return differs(err, "the act in it is another, or of another table");
    }
    buf_init(&plain, q->blob.n);
    bool ok = age_header_parse(q->blob, h, err) &&
              (age_mac_holds(h, q->file_key) || differs(err, "the key does not open the act")) &&
              age_open_payload(h, q->file_key, &plain, err);
    struct bytes v = ok ? arena_copy(mem, buf_bytes(&plain)) : (struct bytes){0};
    buf_free(&plain);
    return ok && (!mem->failed || err_memory(err, "the request")) && padding_strip(v, &raw, err) &&
           content_decode(raw, mem, c, err) && content_match(c, &a, &c->header.author, err) &&
           payload_from(c, mem, out, err);
}

/* Every side that has joined, and every seat that is named, is one of the charter. */
static bool sides_fit(const struct sign_request *q, struct arena *mem, struct err *err)
{
    struct roster *r = ARENA_NEW(mem, struct roster, 1);
    struct charter c;
    if (r == NULL) {
        return err_memory(err, "the request");
    }
    if (!roster_decode(q->roster, r, err) || !charter_decode(q->charter, mem, &c, err)) {
        return false;
    }
    for (uint32_t i = 0; i < r->count; i++) {
        if (r->sides[i].side >= c.side_count || !c.sides[r->sides[i].side].present) {
            return differs(err, "a side has joined that the charter has not");
        }
    }
    for (uint32_t i = 0; i < q->seat_count; i++) {
        const struct roster_side *side = NULL;
        for (uint32_t k = 0; k < r->count; k++) {
            side = r->sides[k].side == q->seats[i].side ? &r->sides[k] : side;
        }
        if (side == NULL) {
            return differs(err, "a seat is of a side that has not joined");
        }
        if (q->seats[i].post == 0 && !ID_EQ(q->seats[i].kid, side->root)) {
            return differs(err, "a principal's seat has another fingerprint than its side");
        }
    }
    return true;
}

/* The hour of asking as the text of what is signed; a mandate has hours of its own. */
static bool put_hour(struct sign_request *q, struct arena *mem)
{
    char hour[SIGN_HOUR_MAX];
    sign_hour(q->asked, hour);
    const char *kept = arena_str(mem, bytes_str(hour));
    q->object.has_text = q->object.kind != OBJECT_MANDATE;
    q->object.text = text_str(kept == NULL ? "" : kept);
    return kept != NULL;
}

/* A draft that has the words of all its articles: nothing else is needed to read what is signed. */
static bool is_whole_text(const struct payload *p)
{
    for (uint32_t i = 0; i < p->article_count; i++) {
        if (!text_present(p->articles[i].text)) {
            return false;
        }
    }
    return p->kind == KIND_DRAFT;
}

static bool check(struct sign_request *q, bool mandate, struct arena *mem, struct err *err)
{
    struct control f;
    struct payload p;
    enum object_kind kind = q->object.kind;
    if (!control_decode(CONTROL_FOUND, q->founding, &f, err)) {
        return false;
    }
    q->object.table = table_id_of(q->founding);
    if (!put_hour(q, mem)) {
        return err_memory(err, "the request");
    }
    struct digest charter = charter_digest(q->salt, q->charter);
    if (!ID_EQ(charter, f.as.found.charter)) {
        return differs(err, "the charter is not the one that the table was founded with");
    }
    if (mandate != (kind == OBJECT_MANDATE) || q->has_act == mandate ||
        (q->roster.n > 0) != (kind == OBJECT_SIGN_CHARTER) ||
        (q->seat_count > 0 && kind != OBJECT_SIGN_CHARTER) ||
        (q->decision.n > 0) != (kind == OBJECT_DECIDE)) {
        return differs(err, "it has too much or too little for what it asks");
    }
    if (mandate) {
        return true;
    }
    struct leaf_hash leaf = leaf_hash_of(q->envelope);
    if (!open_act(q, mem, &p, err)) {
        return false;
    }
    if (kind == OBJECT_RATIFY) {
        memcpy(q->object.digest.b, leaf.b, sizeof(leaf.b));
        return p.kind == KIND_PROPOSE || is_whole_text(&p) ||
               differs(err, "the act in it is no proposal and no whole text");
    }
    if (kind == OBJECT_DECIDE) {
        struct payload said = {.kind = KIND_DECIDE};
        if (!decision_take(q->decision, mem, &said, err)) {
            return false;
        }
        q->object.digest = decision_digest(q->decision);
        return (p.kind == KIND_MEMO && said.has_answers && ID_EQ(said.answers, leaf)) ||
               differs(err, "the act in it is not the memo of that decision");
    }
    if (!sides_fit(q, mem, err)) {
        return false;
    }
    struct digest roster = roster_digest(q->roster);
    q->object.digest = charter_signature_digest(&leaf, &roster);
    return (p.kind == KIND_CHARTER && bytes_eq(p.charter, q->charter)) ||
           differs(err, "the act in it is not the charter");
}

bool sign_request_parse(struct bytes content, struct arena *mem, struct sign_request *out,
                        struct err *err)
{
    struct sign_request q = {0};
    bool mandate = false;
    if (!decode(content, mem, &q, &mandate, err)) {
        return err_mend(err, "ask for the request again; it must arrive unchanged");
    }
    if (!check(&q, mandate, mem, err)) {
        return false;
    }
    *out = q;
    return true;
}

static bool parse_signed(struct bytes content, const struct table_id *table, enum object_kind kind,
                         struct bytes *out, struct bytes *out_decision, struct err *err)
{
    struct cbor c;
    struct table_id t = {0};
    cbor_init(&c, content);
    size_t parts = cbor_array(&c, 5);
    if (cbor_ok(&c) && parts < 4) {
        cbor_refuse(&c, "it is cut short");
    }
    if (cbor_uint(&c) != 1) {
        cbor_refuse(&c, "it is of a later version of entente");
    }
    cbor_bstr_into(&c, t.b, sizeof(t.b));
    enum object_kind is = take_kind(&c);
    struct bytes object = cbor_bstr(&c);
    if (cbor_ok(&c) && (parts == 5) != (is == OBJECT_DECIDE)) {
        cbor_refuse(&c, "it has too much or too little for what it is");
    }
    struct bytes decision = parts == 5 ? cbor_bstr(&c) : (struct bytes){0};
    if (!cbor_done(&c, "the signed paper", err)) {
        return err_mend(err, "ask for it again; it must arrive unchanged");
    }
    if (!ID_EQ(t, *table)) {
        return err_set(err, ERR_VERIFY, "the signed paper is for another table") ||
               err_mend(err, "give the paper that came of this table's request");
    }
    if (is != kind) {
        return err_set(err, ERR_USE, "the signed paper is a %s, not a %s", object_word(is),
                       object_word(kind)) ||
               err_mend(err, "give the paper that came of the request for it");
    }
    *out = object;
    *out_decision = decision;
    return true;
}

bool signed_parse(struct bytes content, const struct table_id *table, enum object_kind kind,
                  struct bytes *out, struct err *err)
{
    struct bytes decision;
    return parse_signed(content, table, kind, out, &decision, err);
}

bool signed_parse_decision(struct bytes content, const struct table_id *table, struct bytes *out,
                           struct bytes *out_decision, struct err *err)
{
    return parse_signed(content, table, OBJECT_DECIDE, out, out_decision, err);
}

/* ---- what it means ---- */

static bool proposal_words(const struct sign_request *q, const struct charter *c, struct arena *mem,
                           struct buf *out, struct err *err)
{
    struct payload p;
    if (!open_act(q, mem, &p, err)) {
        return false;
    }
    buf_printf(out,
               "You ratify this very %s. It binds your side once every party has "
               "ratified it.\n",
               p.kind == KIND_DRAFT ? "text" : "proposal");
    if (p.has_version) {
        buf_add_str(out, "  with a text, which its parties have adopted before: read it first "
                         "(entente text show, at a seat)\n");
    }
    for (uint32_t i = 0; i < p.article_count; i++) {
        buf_printf(out, "  %u. %.*s\n", i + 1, TEXT_ARG(p.articles[i].title));
        view_put_words(out, "    | ", p.articles[i].text);
    }
    for (uint32_t i = 0; i < p.choice_count; i++) {
        uint32_t issue = issue_find(c->issues, c->issue_count, p.choices[i].issue);
        if (issue == UINT32_MAX || p.choices[i].option >= c->issues[issue].option_count) {
            return differs(err, "the proposal has an option that the charter has not");
        }
        buf_printf(out, "  %.*s: %.*s\n", TEXT_ARG(p.choices[i].issue),
                   TEXT_ARG(c->issues[issue].options[p.choices[i].option]));
    }
    if (p.text_count > 0) {
        view_put_words(out, "  in its author's words | ", p.texts[0]);
    }
    return true;
}

static bool decide_words(const struct sign_request *q, struct arena *mem, struct buf *out,
                         struct err *err)
{
    struct payload memo, said = {.kind = KIND_DECIDE};
    if (!open_act(q, mem, &memo, err) || !decision_take(q->decision, mem, &said, err)) {
        return false;
    }
    buf_printf(out, "You decide this, for your side alone; no other side reads it. What your side "
                    "does by it later names it by its seal.\n");
    memo_decision(NULL, &said, mem, out);
    buf_printf(out, "\nThe memo that it rests on:\n");
    memo_page(NULL, &memo, mem, out);
    return true;
}

static void mandate_words(const struct sign_request *q, struct arena *mem, struct buf *out)
{
    const struct object *o = &q->object;
    char from[CIVIL_TEXT_MAX], until[CIVIL_TEXT_MAX];
    civil_format(o->not_before, from);
    civil_format(o->expires, until);
    buf_printf(out, "You mandate the seat %s\n  may: %s\n  issues: ", id_spoken(o->delegate.b).s,
               view_powers(o->powers, mem));
    for (uint32_t i = 0; i < o->issue_count; i++) {
        buf_printf(out, "%s%.*s", i > 0 ? ", " : "", TEXT_ARG(o->issues[i]));
    }
    buf_printf(out,
               "%s\n  from %s until %s UTC\n  The request calls that seat \"%.*s\": compare the "
               "fingerprint.\n",
               o->all_issues         ? "all"
               : o->issue_count == 0 ? "none"
                                     : "",
               from, until, TEXT_ARG(q->name));
}

/* Who has joined, which is signed; and who sits for them, which is not. */
static bool roster_words(const struct sign_request *q, const struct charter *c, struct arena *mem,
                         struct buf *out, struct err *err)
{
    struct roster *r = ARENA_NEW(mem, struct roster, 1);
    bool joined[SIDES_MAX] = {false};
    if (r == NULL) {
        return err_memory(err, "the request");
    }
    if (!roster_decode(q->roster, r, err)) {
        return false;
    }
    buf_printf(out, "These sides have joined; you sign for a table of just these, with these "
                    "keys:\n");
    for (uint32_t i = 0; i < r->count; i++) {
        const struct roster_side *s = &r->sides[i];
        joined[s->side] = true;
        buf_printf(out, "  %.*s · principal's fingerprint %s\n", TEXT_ARG(c->sides[s->side].name),
                   id_spoken(s->root.b).s);
        for (uint32_t w = 0; w < s->count; w++) {
            struct kid kid = kid_of(KEY_WITNESS, &s->witnesses[w]);
            buf_printf(out, "    %s%s\n",
                       s->needed == s->count ? "countersigned by " : "countersigned, perhaps, by ",
                       id_spoken(kid.b).s);
        }
        if (s->needed < s->count) {
            buf_printf(out, "    %u of these %u are needed\n", s->needed, s->count);
        }
    }
    for (uint32_t i = 0; i < c->side_count; i++) {
        if (c->sides[i].present && !joined[i]) {
            buf_printf(out, "  %.*s · has not joined%s\n", TEXT_ARG(c->sides[i].name),
                       i < charter_groups(c) ? ": until it has, this charter is not in force" : "");
        }
    }
    buf_printf(out, "%s",
               q->seat_count == 0 ? ""
                                  : "Who sits for them, as the request says; compare "
                                    "the fingerprints with each side:\n");
    for (uint32_t i = 0; i < q->seat_count; i++) {
        const struct sign_seat *s = &q->seats[i];
        const struct charter_side *side = &c->sides[s->side];
        struct text title = s->post < side->seat_count ? side->seats[s->post] : text_str("seat");
        buf_printf(out, "  %.*s · %.*s%s%.*s · %s\n", TEXT_ARG(side->name), TEXT_ARG(title),
                   s->name.n > 0 ? " " : "", TEXT_ARG(s->name), id_spoken(s->kid.b).s);
    }
    return true;
}

bool sign_request_words(const struct sign_request *q, struct arena *mem, struct buf *out,
                        struct err *err)
{
    struct charter c;
    if (!charter_decode(q->charter, mem, &c, err)) {
        return false;
    }
    char hour[SIGN_HOUR_MAX];
    sign_hour(q->asked, hour);
    buf_printf(out, "Table: %.*s (%s)\nAsked of the principal with the fingerprint %s\n",
               TEXT_ARG(c.table), id_spoken(q->object.table.b).s,
               id_spoken(q->object.principal.b).s);
    buf_printf(out, "Asked on %s UTC.\n", hour);
    switch (q->object.kind) {
    case OBJECT_RATIFY:
        return proposal_words(q, &c, mem, out, err);
    case OBJECT_MANDATE:
        mandate_words(q, mem, out);
        return true;
    case OBJECT_SIGN_CHARTER:
        buf_printf(
            out, "You sign this charter for your side. Once every principal has signed, its rules "
                 "hold for all:\nwho sits where, the phases and their gates, how something is "
                 "agreed. You agree to nothing that is\nnegotiated by it. Whoever joins later, or "
                 "names other witnesses, needs every principal to sign again.\n\n");
        if (!roster_words(q, &c, mem, out, err)) {
            return false;
        }
        buf_printf(out, "\n");
        view_charter(&c, mem, out);
        return true;
    case OBJECT_DECIDE:
        return decide_words(q, mem, out, err);
    case OBJECT_REVOKE:
        break;
    }
    return err_set(err, ERR_FORMAT, "the request asks for what cannot be signed by request");
}
