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

/* ---- tasks of a monitor or a consulted side ---- */

#define TASKS_MAX 128u

struct task {
    struct text deed;
    struct text what;
    struct text how;
    uint64_t due;
    uint64_t index;
    enum finding says;
    enum finding found; /* by us */
    bool incident;
    struct leaf_hash leaf;
};

struct tasks {
    struct task task[TASKS_MAX];
    uint32_t count;
};

static struct text keep(const struct view *v, struct text t)
{
    /* The walk gives memory back after each act: what stays goes to the handle's own. */
    struct bytes c = arena_copy(&v->r->memory.mem, text_bytes(t));
    return (struct text){.p = c.p == NULL ? "" : (const char *)c.p, .n = c.n};
}

static struct task *find_deed_task(struct tasks *t, struct text deed)
{
    for (uint32_t i = 0; i < t->count; i++) {
        if (!t->task[i].incident && text_eq(t->task[i].deed, deed)) {
            return &t->task[i];
        }
    }
    return NULL;
}

static void take_task(struct tasks *t, const struct view *v, uint64_t index,
                      const struct payload *p)
{
    struct task *old = find_deed_task(t, p->deed);
    if (p->kind == KIND_PROMISE && old == NULL && t->count < TASKS_MAX) {
        t->task[t->count++] = (struct task){.deed = keep(v, p->deed),
                                            .what = keep(v, p->texts[0]),
                                            .how = p->text_count > 1 ? keep(v, p->texts[1])
                                                                     : text_str(""),
                                            .due = p->when,
                                            .index = index};
    } else if (p->kind == KIND_REPORT && old != NULL) {
        old->says = p->finding;
    } else if (p->kind == KIND_VERIFY && old != NULL) {
        old->found = p->finding;
    } else if (p->kind == KIND_INCIDENT && t->count < TASKS_MAX) {
        t->task[t->count++] = (struct task){.incident = true,
                                            .what = keep(v, p->texts[0]),
                                            .due = p->when,
                                            .index = index,
                                            .leaf = door_leaf(v->r->door, index)};
    } else if (p->kind == KIND_ASSESS) {
        for (uint32_t i = 0; i < t->count; i++) {
            if (t->task[i].incident && ID_EQ(t->task[i].leaf, p->answers)) {
                t->task[i].found = FINDING_DONE;
            }
        }
    }
}

static bool see_task(void *ctx, const struct view *v, uint64_t index, const struct act *a,
                     const struct ring_author *author, const struct opened_act *act)
{
    struct payload p;
    struct err form = {0};
    (void)a;
    (void)author;
    if (act->how.matches && fold_void(v->r->fold, index) == NULL &&
        payload_from(&act->content, v->mem, &p, &form)) {
        take_task(ctx, v, index, &p);
    }
    return true;
}

static bool find_tasks(const struct view *v, struct tasks **out, struct err *err)
{
    *out = ARENA_NEW(&v->r->memory.mem, struct tasks, 1);
    return *out == NULL ? err_memory(err, "the list of tasks")
                        : view_each_opened(v, see_task, *out, err);
}

bool view_tasks(const struct view *v, struct buf *out, struct err *err)
{
    struct tasks *t;
    if (!find_tasks(v, &t, err)) {
        return false;
    }
    for (uint32_t i = 0; i < t->count; i++) {
        const struct task *k = &t->task[i];
        if (k->incident) {
            buf_printf(out, "Incident of %s (act %llu): %.*s\n  %s\n", view_when(v, k->due),
                       (unsigned long long)k->index, TEXT_ARG(k->what),
                       k->found != 0 ? "assessed"
                                     : "asked of you: verified, or not? entente assess");
            continue;
        }
        buf_printf(out, "%.*s: %.*s, by %s\n", TEXT_ARG(k->deed), TEXT_ARG(k->what),
                   view_when(v, k->due));
        if (k->how.n > 0) {
            buf_printf(out, "  how: %.*s\n", TEXT_ARG(k->how));
        }
        buf_printf(out, "  its side says: %s; you found: %s\n",
                   k->says == 0 ? "nothing yet" : act_finding_word(k->says),
                   k->found == 0 ? "nothing yet (entente verify)" : act_finding_word(k->found));
    }
    if (t->count == 0) {
        buf_printf(out, "Nothing is asked of you.\n");
    }
    return true;
}

bool view_tasks_json(const struct view *v, struct json *j, struct err *err)
{
    struct tasks *t;
    if (!find_tasks(v, &t, err)) {
        return false;
    }
    json_put_key(j, "tasks");
    json_put_array(j);
    for (uint32_t i = 0; i < t->count; i++) {
        const struct task *k = &t->task[i];
        json_put_object(j);
        json_put_key(j, "act");
        json_put_u64(j, k->index);
        json_put_key(j, "kind");
        json_put_str(j, k->incident ? "incident" : "deed");
        json_put_key(j, "deed");
        json_put_text(j, k->incident ? text_str("") : k->deed);
        json_put_key(j, "what");
        json_put_text(j, k->what);
        json_put_key(j, "how");
        json_put_text(j, k->incident ? text_str("") : k->how);
        json_put_key(j, "when");
        json_put_u64(j, k->due);
        json_put_key(j, "says");
        json_put_str(j, k->says == 0 ? "" : act_finding_word(k->says));
        json_put_key(j, "answered");
        json_put_bool(j, k->found != 0);
        json_put_end(j);
    }
    json_put_end(j);
    return true;
}
