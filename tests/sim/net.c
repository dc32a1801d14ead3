/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/net.h"

#include "record/token.h"
#include "sim/hostile_host.h"
#include "sim/world.h"

#define SCRAP_MAX ((size_t)1 << 20)

/* Of calls on a rough net, one in: */
#define READ_FAILS 30u
#define POST_FAILS 12u
#define POST_DOUBLES 16u

void net_init(struct net *n)
{
    *n = (struct net){0};
    buf_init(&n->scrap, SCRAP_MAX);
}

static void forget(struct late_post *p)
{
    buf_free(&p->envelope);
    buf_free(&p->blob);
}

void net_begin(struct net *n, bool rough)
{
    while (n->late_count > 0) {
        forget(&n->late[--n->late_count]);
    }
    n->rough = rough;
    n->sent_count = 0;
}

void net_free(struct net *n)
{
    net_begin(n, false);
    buf_free(&n->scrap);
}

void net_keep(struct world *w, uint32_t from, const struct door_item *item)
{
    struct net *n = &w->net;
    if (n->late_count == NET_LATE_MAX) {
        return;
    }
    struct late_post *p = &n->late[n->late_count++];
    *p = (struct late_post){.from = from};
    buf_init(&p->envelope, ENVELOPE_MAX);
    buf_init(&p->blob, BLOB_LIMIT_MOST);
    buf_add(&p->envelope, item->envelope);
    buf_add(&p->blob, item->blob);
}

void net_deliver_one(struct world *w)
{
    struct net *n = &w->net;
    if (n->late_count == 0) {
        return;
    }
    uint32_t at = (uint32_t)prop_below(&w->rnd, n->late_count);
    struct late_post p = n->late[at];
    n->late[at] = n->late[--n->late_count];
    const struct door_item item = {buf_bytes(&p.envelope), buf_bytes(&p.blob)};
    uint64_t index = 0;
    size_t noted = 0;
    struct err untold = {0}; /* who sent it does not hear of it */
    buf_clear(&n->scrap);
    bool ok = host_post_all(w->host, &item, 1, NULL, &index, &noted, &n->scrap, &untold);
    story_tell(&w->story, "a post of %s arrives late: %s", w->seats[p.from].cast->name,
               ok ? "noted" : untold.what);
    forget(&p);
}

/* ---- one machine's end ---- */

static bool lost(struct port *p, const char *how, struct err *err)
{
    struct world *w = p->w;
    story_add(&w->story, " [%s]", how);
    return err_set(err, ERR_HOST, "the host cannot be reached (%s)", how);
}

/* Does a call get through at all? */
static bool through(struct port *p, struct err *err)
{
    if (p->stop_in > 0 && --p->stop_in == 0) {
        p->stopped = true;
        return lost(p, "the machine stops here", err);
    }
    if (p->cut) {
        return lost(p, "cut off", err);
    }
    if (p->stopped) {
        return lost(p, "stopped", err);
    }
    return true;
}

static bool read_through(struct port *p, struct err *err)
{
    if (!through(p, err)) {
        return false;
    }
    return !(p->w->net.rough && prop_one_in(&p->w->rnd, READ_FAILS)) || lost(p, "answer lost", err);
}

static bool pass_now(struct port *p, struct host_pass *out, struct err *err)
{
    struct world *w = p->w;
    struct seat_sim *s = &w->seats[p->seat];
    uint64_t now = clock_now(&s->clock.clock);
    bool old = p->token.n == 0 || now < p->made_at || now - p->made_at >= TOKEN_SECONDS_MAX / 4;
    if (old) {
        buf_clear(&p->token);
        if (!token_sign(&w->table, &w->host_pk, now + TOKEN_SECONDS_MAX / 2,
                        keys_signer(s->keys, KEY_SEAT), &p->token, err)) {
            return false;
        }
        p->made_at = now;
    }
    *out = (struct host_pass){.token = buf_bytes(&p->token), .now = w->now};
    return true;
}

static bool net_checkpoint(void *ctx, struct buf *out, struct err *err)
{
    struct port *p = ctx;
    struct host_pass pass;
    if (!read_through(p, err) || !pass_now(p, &pass, err)) {
        return false;
    }
    return p->w->liar != NULL ? liar_checkpoint(p->w, p->seat, &pass, out, err)
                              : host_checkpoint(p->w->host, &pass, out, err);
}

static bool net_entries(void *ctx, uint64_t from, uint64_t count, struct buf *out,
                        uint64_t *out_count, struct err *err)
{
    struct port *p = ctx;
    struct host_pass pass;
    if (!read_through(p, err) || !pass_now(p, &pass, err)) {
        return false;
    }
    return p->w->liar != NULL ? liar_entries(p->w, p->seat, &pass, from, count, out, out_count, err)
                              : host_entries(p->w->host, &pass, from, count, out, out_count, err);
}

static bool net_blob(void *ctx, const struct digest *sha, struct buf *out, struct err *err)
{
    struct port *p = ctx;
    struct host_pass pass;
    if (!read_through(p, err) || !pass_now(p, &pass, err)) {
        return false;
    }
    return p->w->liar != NULL ? liar_blob(p->w, p->seat, &pass, sha, out, err)
                              : host_blob(p->w->host, &pass, sha, out, err);
}

/* A seat signs one act for one number: another one is sent only after it was told that the first was
 * refused.  The invariants ask whether it held (story_failed). */
static void one_act_a_number(struct world *w, const struct door_item *item)
{
    struct net *n = &w->net;
    struct act a;
    struct err untold;
    if (!act_decode(item->envelope, &a, &untold)) {
        return;
    }
    const struct sent_act s = {a.kid, a.term, a.n, leaf_hash_of(item->envelope), false};
    for (uint32_t i = n->sent_count; i > 0; i--) {
        struct sent_act *o = &n->sent[i - 1];
        if (!ID_EQ(o->kid, s.kid) || o->term != s.term || o->n != s.n) {
            continue;
        }
        if (!ID_EQ(o->leaf, s.leaf) && !o->refused) {
            bool held = story_fail(&w->story, "one_act_a_number",
                                   "two acts are signed for number %llu of one key",
                                   (unsigned long long)s.n);
            (void)held;
        }
        *o = s;
        return;
    }
    if (n->sent_count < NET_SENT_MAX) {
        n->sent[n->sent_count++] = s;
    }
}

static void was_refused(struct net *n, const struct door_item *item)
{
    struct leaf_hash leaf = leaf_hash_of(item->envelope);
    for (uint32_t i = n->sent_count; i > 0; i--) {
        if (ID_EQ(n->sent[i - 1].leaf, leaf)) {
            n->sent[i - 1].refused = true;
            return;
        }
    }
}

static bool post_through(struct port *p, const struct door_item *items, size_t count,
                         uint64_t *out_index, size_t *out_noted, struct buf *out_note,
                         struct err *err)
{
    struct world *w = p->w;
    if (!through(p, err)) {
        return false;
    }
    if (w->liar != NULL) {
        return liar_post(w, p->seat, items, count, out_index, out_noted, out_note, err);
    }
    uint64_t fault = w->net.rough ? prop_below(&w->rnd, POST_FAILS) : POST_FAILS;
    if (fault == 0) {
        return lost(p, "post lost", err);
    }
    if (fault == 1 && count == 1) {
        net_keep(w, p->seat, &items[0]);
        return lost(p, "post late", err);
    }
    if (w->net.rough && count == 1 && prop_one_in(&w->rnd, POST_DOUBLES)) {
        net_keep(w, p->seat, &items[0]);
        story_add(&w->story, " [post doubled]");
    }
    bool ok = host_post_all(w->host, items, count, NULL, out_index, out_noted, out_note, err);
    if (fault == 2) {
        err_clear(err);
        return lost(p, "answer to post lost", err);
    }
    return ok;
}

static bool net_post(void *ctx, const struct door_item *items, size_t count, uint64_t *out_index,
                     size_t *out_noted, struct buf *out_note, struct err *err)
{
    struct port *p = ctx;
    struct world *w = p->w;
    bool honest = w->seats[p->seat].honest;
    for (size_t i = 0; honest && i < count; i++) {
        one_act_a_number(w, &items[i]);
    }
    bool ok = post_through(p, items, count, out_index, out_noted, out_note, err);
    bool refused = !ok && (err->code == ERR_RULE || err->code == ERR_VERIFY ||
                           err->code == ERR_FORMAT || err->code == ERR_LIMIT);
    if (honest && refused && count == 1) {
        was_refused(&w->net, &items[0]);
    }
    return ok;
}

void port_begin(struct port *p, struct world *w, uint32_t seat)
{
    *p = (struct port){.w = w, .seat = seat};
    buf_init(&p->token, TOKEN_BYTES_MAX);
}

void port_end(struct port *p)
{
    buf_free(&p->token);
}

struct host_link port_link(struct port *p)
{
    return (struct host_link){.checkpoint = net_checkpoint,
                              .entries = net_entries,
                              .blob = net_blob,
                              .post = net_post,
                              .ctx = p};
}
