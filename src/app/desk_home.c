/* SPDX-License-Identifier: Apache-2.0
 *
 * What a delegation writes at home: debriefs, memos, decisions; and what follows a decision.
 */
#include "app/desk_priv.h"
#include "app/memo.h"
#include "app/sign.h"
#include "app/view_priv.h"

#define MEMO_ROOM (1u << 20)

struct text desk_home(struct desk *d)
{
    char *name = ARENA_NEW(&d->mem.mem, char, ROOM_NAME_MAX);
    if (name == NULL || !desk_state(d)->has_charter) {
        return text_str("home");
    }
    room_name(&desk_state(d)->charter, (struct room){ROOM_HOME, d->replica.side}, name);
    return text_str(name);
}

bool desk_warn(struct desk *d, const struct refusal *r, struct err *err)
{
    struct buf shown;
    bool on = false;
    buf_init(&shown, 8192);
    buf_printf(&shown, "Your desk warns: %s\n%s\n", r->what, r->mend);
    on = d->who.warned != NULL && d->who.warned(d->who.ctx, buf_str(&shown));
    buf_free(&shown);
    return on || act_refused(r, err);
}

/* ---- minutes ---- */

bool desk_own_minute(struct desk *d, const struct leaf_hash *about_leaf, struct err *err)
{
    const struct minute_note *m = minute_of(fold_private(d->replica.fold), about_leaf);
    struct refusal r = {0};
    bool there = false;
    if (m == NULL || d->replica.seat == SEAT_NONE) {
        return true;
    }
    const struct kid *kid = &keyring_seat(door_keyring(d->replica.door), d->replica.seat)->kid;
    for (uint32_t i = 0; i < m->present_count; i++) {
        there = there || ID_EQ(m->present[i], *kid);
    }
    if (there && m->seat != d->replica.seat) {
        return true;
    }
    (void)refuse(&r, REFUSED_MINUTE,
                 there ? "The minute of act %llu is your own."
                       : "You were not at the meeting of act "
                         "%llu.",
                 (unsigned long long)m->index);
    (void)refuse_mend(&r,
                      "The others who were there confirm it; until then it is one side's note.");
    return act_refused(&r, err);
}

/* ---- debrief ---- */

static bool read_line(struct desk *d, struct text words, struct debrief_line *out, struct err *err)
{
    struct text how = {0}, rest = words;
    if (memchr(words.p, ':', words.n) == NULL || !desk_next_part(&rest, ':', &how) ||
        !heard_of(how, &out->heard)) {
        return err_set(err, ERR_USE, "a line begins with heard:, read: or guess:") ||
               err_mend(err, "as --heard \"They would take one bank.\"");
    }
    out->text = desk_trim(rest);
    return out->text.n > 0 ? desk_read_marks(d, out, err)
                           : err_set(err, ERR_USE, "a line has no words");
}

bool desk_debrief(struct desk *d, struct desk_list lines, struct desk_list cited,
                  const struct desk_say *say, struct err *err)
{
    struct payload p = {.kind = KIND_DEBRIEF};
    if (lines.count == 0 || lines.count > DEBRIEF_LINES_MAX) {
        return err_set(err, ERR_USE, "a debrief has 1 to %u lines", DEBRIEF_LINES_MAX) ||
               err_mend(err, "say how you know each: --heard, --read, --guess");
    }
    p.lines = ARENA_NEW(&d->mem.mem, struct debrief_line, lines.count);
    if (p.lines == NULL) {
        return err_memory(err, "a debrief");
    }
    if (!desk_take(d, err) || !desk_has_charter(d, err) || !desk_find_refs(d, cited, &p, err)) {
        return false;
    }
    for (uint32_t i = 0; i < lines.count; i++) {
        if (!read_line(d, lines.items[i], &p.lines[p.line_count++], err)) {
            return false;
        }
    }
    p.room = desk_home(d);
    return desk_file(d, &p, NULL, "entente memo new, when your principal is to decide", say, err);
}

/* ---- memo ---- */

static bool read_way(struct text words, struct memo_way *out, struct err *err)
{
    struct text head = {0}, way = {0}, sure = {0}, rest = words;
    bool parts = desk_next_part(&rest, '|', &head) && desk_next_part(&rest, '|', &out->leads) &&
                 desk_next_part(&rest, '|', &sure) && rest.n == 0;
    out->subject = head;
    if (!parts || out->leads.n == 0 || !sure_of(sure, &out->sure)) {
        return err_set(err, ERR_USE, "\"%.*s\" is not OPTION | WHAT IT LEADS TO | HOW SURE",
                       TEXT_ARG(words)) ||
               err_mend(err, "as \"counter P2 | Kestria closes both points | likely\"; how sure: "
                             "sure, likely or open");
    }
    if (!desk_next_part(&out->subject, ' ', &way) || !way_of(way, &out->way)) {
        return err_set(err, ERR_USE, "\"%.*s\" is no option of a memo", TEXT_ARG(head)) ||
               err_mend(err, "begin it with accept, counter, wait, consult, lever or leave");
    }
    out->subject = desk_trim(out->subject);
    return out->subject.n <= NAME_MAX_BYTES ||
           err_set(err, ERR_LIMIT, "what an option is about has at most %u bytes", NAME_MAX_BYTES);
}

bool desk_memo(struct desk *d, const struct desk_memo *m, const struct desk_say *say,
               struct err *err)
{
    struct text texts[2] = {m->situation, m->because};
    struct payload p = {.kind = KIND_MEMO,
                        .text_count = m->because.n > 0 ? 2 : 1,
                        .texts = texts,
                        .has_recommend = m->recommend > 0,
                        .recommend = m->recommend > 0 ? m->recommend - 1 : 0};
    if (m->options.count == 0 || m->options.count > WAYS_MAX) {
        return err_set(err, ERR_USE, "a memo has 1 to %u options", WAYS_MAX) ||
               err_mend(err, "as --option \"wait | they come back by themselves | open\"");
    }
    if (m->because.n > 0 && !p.has_recommend) {
        return err_set(err, ERR_USE, "there is a reason for a recommendation, and none is made") ||
               err_mend(err, "add --recommend N, or leave --because out");
    }
    p.ways = ARENA_NEW(&d->mem.mem, struct memo_way, m->options.count);
    if (p.ways == NULL) {
        return err_memory(err, "a memo");
    }
    for (uint32_t i = 0; i < m->options.count; i++) {
        if (!read_way(m->options.items[i], &p.ways[p.way_count++], err)) {
            return false;
        }
    }
    if (!desk_take(d, err) || !desk_has_charter(d, err) || !desk_find_refs(d, m->about, &p, err)) {
        return false;
    }
    p.room = desk_home(d);
    return desk_file(d, &p, NULL, "your principal: entente memo show, then entente decide", say,
                     err);
}

/* The newest memo, or the one of that act. */
static bool find_memo(struct desk *d, struct text act, const struct memo_note **out,
                      struct err *err)
{
    const struct private_state *m = fold_private(d->replica.fold);
    uint64_t index = 0;
    *out = NULL;
    if (text_present(act) && !desk_find_act(d, act, &index, err)) {
        return false;
    }
    for (uint32_t i = 0; i < m->memo_count; i++) {
        bool right = !text_present(act) || m->memos[i].index == index;
        *out = right ? &m->memos[i] : *out;
    }
    if (*out != NULL) {
        return true;
    }
    return (text_present(act)
                ? err_set(err, ERR_USE, "act %.*s is no memo of your side", TEXT_ARG(act))
                : err_set(err, ERR_USE, "there is no memo at home")) ||
           err_mend(err, "file one: entente memo new; or see: entente room %.*s",
                    TEXT_ARG(desk_home(d)));
}

bool desk_memo_show(struct desk *d, struct text act, struct buf *html, const struct desk_say *say,
                    struct err *err)
{
    const struct memo_note *note;
    struct view v = desk_view(d);
    return desk_has_charter(d, err) && find_memo(d, act, &note, err) &&
           (html != NULL        ? view_memo_html(&v, note, html, err)
            : say->json != NULL ? view_memo_json(&v, note, say->json, err)
                                : view_memo(&v, note, say->words, err));
}

/* ---- decide ---- */

static bool read_order(struct text words, struct order *out, struct err *err)
{
    struct text word = {0}, rest = desk_trim(words);
    if (!desk_next_part(&rest, ' ', &word) || !order_of(word, &out->kind)) {
        return err_set(err, ERR_USE, "\"%.*s\" is no order", TEXT_ARG(words)) ||
               err_mend(err, "begin it with accept, counter, wait, consult, hold, ready, apply, "
                             "release or leave: --order \"hold freight-cap\"");
    }
    out->subject = desk_trim(rest);
    return out->subject.n <= NAME_MAX_BYTES ||
           err_set(err, ERR_LIMIT, "what an order is about has at most %u bytes", NAME_MAX_BYTES);
}

static uint32_t next_number(const struct private_state *m)
{
    uint32_t most = 0, n;
    for (uint32_t i = 0; i < m->decision_count; i++) {
        if (decision_label(m->decisions[i].label, &n) && n > most) {
            most = n;
        }
    }
    return most + 1;
}

bool desk_decision_of(struct desk *d, const struct desk_decision *n, struct payload *out,
                      struct bytes *out_bytes, uint64_t *out_memo, struct err *err)
{
    struct arena *mem = &d->mem.mem;
    const struct private_state *m = fold_private(d->replica.fold);
    const struct memo_note *memo = NULL;
    struct payload p = {.kind = KIND_DECIDE};
    const char *label = arena_printf(mem, "D%u", next_number(m));
    p.texts = ARENA_NEW(mem, struct text, 1);
    p.orders = ARENA_NEW(mem, struct order, ORDERS_MAX);
    if (mem->failed || label == NULL) {
        return err_memory(err, "a decision");
    }
    p.label = text_str(label);
    p.texts[0] = n->words;
    p.text_count = 1;
    if (n->orders.count > ORDERS_MAX) {
        return err_set(err, ERR_LIMIT, "a decision has at most %u orders", ORDERS_MAX);
    }
    for (uint32_t i = 0; i < n->orders.count; i++) {
        if (!read_order(n->orders.items[i], &p.orders[p.order_count++], err)) {
            return false;
        }
    }
    p.has_when = n->review.n > 0;
    if (p.has_when && !desk_when(d, n->review, true, &p.when, err)) {
        return false;
    }
    bool newest = !text_present(n->memo);
    if ((newest ? m->memo_count > 0 : !text_is(n->memo, "none")) &&
        !find_memo(d, n->memo, &memo, err)) {
        return false;
    }
    *out_memo = INDEX_NEVER;
    if (memo != NULL) {
        p.has_answers = true;
        p.answers = memo->leaf;
        *out_memo = memo->index;
    }
    struct buf b;
    buf_init(&b, DECISION_BYTES_MAX);
    decision_put(&p, &b);
    bool ok = buf_done(&b, "the decision", err);
    *out_bytes = ok ? arena_copy(mem, buf_bytes(&b)) : (struct bytes){0};
    buf_free(&b);
    *out = p;
    return ok && (!mem->failed || err_memory(err, "a decision"));
}

bool desk_file_decision(struct desk *d, struct payload *p, struct bytes object, const char *shown,
                        const struct desk_say *say, struct err *err)
{
    p->object = object;
    p->room = desk_home(d);
    const char *next = arena_printf(&d->mem.mem,
                                    "what follows from it cites it: entente propose ... --follows "
                                    "%.*s",
                                    TEXT_ARG(p->label));
    if (decision_of_label(fold_private(d->replica.fold), p->label) != NULL) {
        return err_set(err, ERR_RULE, "%.*s has been decided already", TEXT_ARG(p->label)) ||
               err_mend(err, "the principal signs it anew under the next number");
    }
    return desk_file(d, p, shown, next == NULL ? "entente decisions" : next, say, err);
}

bool desk_decide(struct desk *d, const struct desk_decision *n, const struct desk_say *say,
                 struct err *err)
{
    struct payload p;
    struct bytes raw, object;
    uint64_t memo;
    char hour[SIGN_HOUR_MAX];
    if (!desk_take(d, err) || !desk_has_charter(d, err) ||
        !desk_decision_of(d, n, &p, &raw, &memo, err)) {
        return false;
    }
    if (keys_signer(d->keys, KEY_ROOT) == NULL) {
        return err_set(err, ERR_KEY, "only the principal decides, and his key is not here") ||
               err_mend(err, "he signs elsewhere: entente request decide ... --out FILE");
    }
    sign_hour(clock_now(d->replica.clock), hour);
    const struct object o = {.kind = OBJECT_DECIDE,
                             .table = d->replica.table,
                             .digest = decision_digest(raw),
                             .has_text = true,
                             .text = text_str(hour)};
    struct view v = desk_view(d);
    struct buf shown;
    buf_init(&shown, MEMO_ROOM);
    buf_add_str(&shown, "You decide, for your side alone; no other side reads it:\n");
    memo_decision(p.has_when ? view_when(&v, p.when) : NULL, &p, v.mem, &shown);
    if (memo != INDEX_NEVER) {
        buf_printf(&shown, "  on the memo of act %llu\n", (unsigned long long)memo);
    }
    bool ok = act_sign_object(&d->replica, &o, &d->mem.mem, &object, err) &&
              desk_file_decision(d, &p, object, buf_str(&shown), say, err);
    buf_free(&shown);
    return ok;
}

bool desk_decisions(struct desk *d, const struct desk_say *say, struct err *err)
{
    struct view v = desk_view(d);
    if (!desk_has_charter(d, err)) {
        return false;
    }
    if (say->json != NULL) {
        view_decisions_json(&v, say->json);
    } else {
        view_decisions(&v, say->words);
    }
    return true;
}

/* ---- following ---- */

static enum order_kind order_of_move(enum lever_move move)
{
    switch (move) {
    case LEVER_HOLD:
        return ORDER_HOLD;
    case LEVER_READY:
        return ORDER_READY;
    case LEVER_APPLY:
        return ORDER_APPLY;
    case LEVER_RELEASE:
        break;
    }
    return ORDER_RELEASE;
}

bool desk_lever_order(const struct private_state *m, const struct payload *p, struct refusal *r)
{
    static const enum order_kind moves[] = {ORDER_HOLD, ORDER_READY, ORDER_APPLY, ORDER_RELEASE};
    const struct decision_note *in = NULL;
    const struct order *o = decision_order(m, moves, COUNT_OF(moves), p->lever, &in);
    if (o == NULL || o->kind == order_of_move(p->move)) {
        return true;
    }
    return refuse(r, REFUSED_FOLLOWS, "%.*s says %s %.*s.", TEXT_ARG(in->label),
                  order_word(o->kind), TEXT_ARG(p->lever)) ||
           refuse_mend(r,
                       "Ask your principal to decide anew (entente decide), or go on: --anyway.");
}

/* The orders that an act of this kind can carry out; 0: any. */
static uint32_t orders_for(const struct payload *p)
{
    if (p->kind == KIND_PROPOSE) {
        return 1u << ORDER_COUNTER;
    }
    if (p->kind == KIND_ANSWER) {
        return p->answer == ANSWER_ACCEPT || p->answer == ANSWER_AD_REFERENDUM ? 1u << ORDER_ACCEPT
               : p->answer == ANSWER_COUNTER                                   ? 1u << ORDER_COUNTER
                                                                               : 0;
    }
    if (p->kind == KIND_LEVER) {
        return 1u << order_of_move(p->move);
    }
    return 0;
}

static bool fits(const struct decision_note *n, const struct payload *p)
{
    uint32_t want = orders_for(p);
    for (uint32_t i = 0; i < n->order_count; i++) {
        struct text of = n->orders[i].subject;
        bool other = p->kind == KIND_LEVER && of.n > 0 && !text_eq(of, p->lever);
        if ((want & 1u << n->orders[i].kind) != 0 && !other) {
            return true;
        }
    }
    return want == 0 || n->order_count == 0;
}

bool desk_follow(struct desk *d, struct text label, struct payload *p, struct err *err)
{
    struct refusal r = {0};
    if (label.n == 0) {
        return true;
    }
    const struct decision_note *n = decision_of_label(fold_private(d->replica.fold), label);
    if (n == NULL || n->side != d->replica.side) {
        (void)refuse(&r, REFUSED_FOLLOWS, "There is no decision %.*s of your principal.",
                     TEXT_ARG(label));
        (void)refuse_mend(&r, "Name one that he has made: entente decisions.");
        return act_refused(&r, err);
    }
    p->has_follows = true;
    p->follows = n->seal;
    if (fits(n, p)) {
        return true;
    }
    char list[256];
    struct buf b;
    buf_over(&b, list, sizeof(list));
    for (uint32_t i = 0; i < n->order_count && b.n + n->orders[i].subject.n + 16 < sizeof(list);
         i++) {
        buf_printf(&b, "%s%s%s%.*s", i > 0 ? ", " : "", order_word(n->orders[i].kind),
                   n->orders[i].subject.n > 0 ? " " : "", TEXT_ARG(n->orders[i].subject));
    }
    (void)refuse(&r, REFUSED_FOLLOWS, "%.*s does not say so. Its orders: %s.", TEXT_ARG(n->label),
                 buf_str(&b));
    (void)refuse_mend(&r, "Ask your principal to decide anew (entente decide), leave --follows "
                          "out, or go on: --anyway.");
    return desk_warn(d, &r, err);
}
