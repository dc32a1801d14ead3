/* SPDX-License-Identifier: Apache-2.0
 *
 * Acts in sentences, for those who can read them; rooms as they were spoken in.
 */
#include "app/act_words.h"
#include "app/join.h"
#include "app/view_priv.h"

struct text view_author(const struct view *v, const struct ring_author *author)
{
    if (view_state(v)->has_charter) {
        return view_seat(v, author->seat);
    }
    struct text id, name;
    struct err untold = {0};
    return join_who(v->r, author->side, v->mem, &id, &name, &untold) ? name : text_str("a side");
}

/* "the envoy of Kestria is Ilin": who has just said his name is not called by it yet. */
static void put_introduction(const struct view *v, const struct ring_author *author,
                             const struct payload *p, struct buf *out)
{
    const struct table_state *s = view_state(v);
    const struct ring_seat *seat = keyring_seat(door_keyring(v->r->door), author->seat);
    if (s->has_charter && author->side < s->charter.side_count &&
        seat->keys.post < s->charter.sides[author->side].seat_count) {
        const struct charter_side *side = &s->charter.sides[author->side];
        buf_printf(out, "the %.*s of %.*s is ", TEXT_ARG(side->seats[seat->keys.post]),
                   TEXT_ARG(side->name));
    } else {
        buf_printf(out, "%.*s sits down; the name is ", TEXT_ARG(view_author(v, author)));
    }
    buf_printf(out, "%.*s", TEXT_ARG(p->name));
}

void view_act_words(const struct view *v, const struct ring_author *author,
                    const struct opened_act *act, struct buf *out)
{
    struct payload p;
    struct err form = {0};
    bool readable = act->open && act->how.matches && payload_from(&act->content, v->mem, &p, &form);
    if (readable && p.kind == KIND_INTRODUCE) {
        put_introduction(v, author, &p, out);
        return;
    }
    buf_printf(out, "%.*s ", TEXT_ARG(view_author(v, author)));
    if (!readable) {
        buf_printf(out, "filed an act that nobody can read as what it says");
        return;
    }
    act_words(v, NULL, v->mem, &p, out);
}

/* ---- walking over what can be read ---- */

bool view_each_opened(const struct view *v, seen_act *seen, void *ctx, struct err *err)
{
    uint64_t size = door_size(v->r->door);
    for (uint64_t i = 0; i < size; i++) {
        struct act a;
        struct opened_act act;
        struct ring_author author;
        size_t mark = arena_mark(v->mem);
        if (!replica_act(v->r, i, v->mem, &a, &act, err)) {
            return false;
        }
        if (act.open) {
            if (!keyring_author(door_keyring(v->r->door), i, &a.kid, &author, err)) {
                return false;
            }
            if (!seen(ctx, v, i, &a, &author, &act)) {
                return true;
            }
        }
        arena_rewind(v->mem, mark);
    }
    return true;
}

struct room_walk {
    struct text room;
    uint64_t skip;
    uint64_t count;
    struct buf *out;
};

static bool count_room(void *ctx, const struct view *v, uint64_t index, const struct act *a,
                       const struct ring_author *author, const struct opened_act *act)
{
    struct room_walk *w = ctx;
    (void)v;
    (void)index;
    (void)a;
    (void)author;
    w->count += text_eq(act->content.header.room, w->room) ? 1 : 0;
    return true;
}

static bool put_room(void *ctx, const struct view *v, uint64_t index, const struct act *a,
                     const struct ring_author *author, const struct opened_act *act)
{
    struct room_walk *w = ctx;
    (void)a;
    if (!text_eq(act->content.header.room, w->room)) {
        return true;
    }
    if (w->skip > 0) {
        w->skip--;
        return true;
    }
    const struct void_note *no = fold_void(v->r->fold, index);
    buf_printf(w->out, "%6llu  %s  ", (unsigned long long)index,
               view_when(v, act->content.header.claimed_time));
    view_act_words(v, author, act, w->out);
    if (no != NULL) {
        buf_printf(w->out, " — VOID: %.*s", TEXT_ARG(no->what));
    }
    buf_add_str(w->out, view_minute_standing(v, index));
    buf_printf(w->out, "%s\n", index >= view_final(v) ? " (not yet countersigned)" : "");
    return true;
}

bool view_room(const struct view *v, struct text room, uint32_t last, struct buf *out,
               struct err *err)
{
    struct room_walk w = {.room = room, .out = out};
    if (!view_each_opened(v, count_room, &w, err)) {
        return false;
    }
    w.skip = w.count > last ? w.count - last : 0;
    return view_each_opened(v, put_room, &w, err);
}
