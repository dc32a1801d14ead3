/* SPDX-License-Identifier: Apache-2.0
 *
 * Acts as a list: of a room, or all since one.
 */
#include "app/view_priv.h"

struct list {
    uint64_t from;
    struct text room; /* {NULL, 0}: all */
    uint64_t skip;
    uint64_t count;
    struct buf *out;
    struct json *json;
};

static bool listed(const struct list *l, uint64_t index, const struct opened_act *act)
{
    return index >= l->from &&
           (!text_present(l->room) || text_eq(act->content.header.room, l->room));
}

static bool count_act(void *ctx, const struct view *v, uint64_t index, const struct act *a,
                      const struct ring_author *author, const struct opened_act *act)
{
    struct list *l = ctx;
    (void)v;
    (void)a;
    (void)author;
    l->count += listed(l, index, act) ? 1 : 0;
    return true;
}

static void put_json(struct list *l, const struct view *v, uint64_t index,
                     const struct ring_author *author, const struct opened_act *act,
                     const char *words)
{
    struct json *j = l->json;
    const struct void_note *no = fold_void(v->r->fold, index);
    uint32_t kind = act->content.header.kind;
    json_put_object(j);
    json_put_key(j, "act");
    json_put_u64(j, index);
    json_put_key(j, "when");
    json_put_u64(j, act->content.header.claimed_time);
    json_put_key(j, "room");
    json_put_text(j, act->content.header.room);
    json_put_key(j, "author");
    json_put_text(j, view_author(v, author));
    json_put_key(j, "kind");
    json_put_str(j, kind_known(kind) ? kind_word((enum act_kind)kind) : "unknown");
    json_put_key(j, "words");
    json_put_str(j, words);
    json_put_key(j, "void");
    json_put_text(j, no == NULL ? text_str("") : no->what);
    json_put_key(j, "countersigned");
    json_put_bool(j, index < view_final(v));
    json_put_end(j);
}

static bool put_act(void *ctx, const struct view *v, uint64_t index, const struct act *a,
                    const struct ring_author *author, const struct opened_act *act)
{
    struct list *l = ctx;
    struct buf words;
    (void)a;
    if (!listed(l, index, act)) {
        return true;
    }
    if (l->skip > 0) {
        l->skip--;
        return true;
    }
    buf_init(&words, 1u << 20);
    view_act_words(v, author, act, &words);
    if (l->json != NULL) {
        put_json(l, v, index, author, act, buf_str(&words));
    } else {
        const struct void_note *no = fold_void(v->r->fold, index);
        buf_printf(l->out, "%6llu  %s  %.*s: %s%s%.*s%s\n", (unsigned long long)index,
                   view_when(v, act->content.header.claimed_time),
                   TEXT_ARG(act->content.header.room), buf_str(&words),
                   no != NULL ? " — VOID: " : "", TEXT_ARG(no != NULL ? no->what : text_str("")),
                   index >= view_final(v) ? " (not yet countersigned)" : "");
    }
    buf_free(&words);
    return true;
}

static bool put_list(const struct view *v, struct list *l, struct err *err)
{
    if (l->json == NULL) {
        return view_each_opened(v, put_act, l, err);
    }
    json_put_key(l->json, "acts");
    json_put_array(l->json);
    bool ok = view_each_opened(v, put_act, l, err);
    json_put_end(l->json);
    return ok;
}

bool view_room_json(const struct view *v, struct text room, uint32_t last, struct json *j,
                    struct err *err)
{
    struct list l = {.room = room, .json = j};
    json_put_key(j, "room");
    json_put_text(j, room);
    if (!view_each_opened(v, count_act, &l, err)) {
        return false;
    }
    l.skip = l.count > last ? l.count - last : 0;
    return put_list(v, &l, err);
}

bool view_noted(const struct view *v, uint64_t from, struct buf *out, struct err *err)
{
    struct list l = {.from = from, .out = out};
    size_t before = out->n;
    bool ok = put_list(v, &l, err);
    if (ok && out->n == before) {
        buf_printf(out, "Nothing that you can read has been noted since.\n");
    }
    return ok;
}

bool view_noted_json(const struct view *v, uint64_t from, struct json *j, struct err *err)
{
    struct list l = {.from = from, .json = j};
    return put_list(v, &l, err);
}
