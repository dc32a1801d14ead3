/* SPDX-License-Identifier: Apache-2.0
 *
 * Acts in sentences, for those who can read them; rooms as they were spoken in.
 */
#include "app/join.h"
#include "app/view_priv.h"
#include "base/civil.h"

static void put_package(const struct view *v, const struct payload *p, struct buf *out)
{
    const struct charter *c = &view_state(v)->charter;
    for (uint32_t i = 0; i < p->choice_count; i++) {
        uint32_t issue = view_state(v)->has_charter
                             ? issue_find(c->issues, c->issue_count, p->choices[i].issue)
                             : UINT32_MAX;
        buf_printf(out, "%s%.*s: ", i > 0 ? "; " : "", TEXT_ARG(p->choices[i].issue));
        if (issue != UINT32_MAX && p->choices[i].option < c->issues[issue].option_count) {
            buf_printf(out, "%.*s", TEXT_ARG(c->issues[issue].options[p->choices[i].option]));
        } else {
            buf_printf(out, "option %u", p->choices[i].option + 1);
        }
    }
}

/* "P2", or "a proposal" where it is not (or no longer) one that we know. */
static const char *proposal_label(const struct view *v, const struct leaf_hash *leaf)
{
    const struct proposal_state *p = view_state(v)->has_charter
                                         ? state_proposal(view_state(v), leaf)
                                         : NULL;
    const char *s = p == NULL ? "a proposal" : arena_printf(v->mem, "P%u", p->number);
    return s == NULL ? "?" : s;
}

static void put_answer(const struct view *v, const struct payload *p, struct buf *out)
{
    const char *label = proposal_label(v, &p->answers);
    switch (p->answer) {
    case ANSWER_ACCEPT:
        buf_printf(out, "accepts %s, and means it to bind", label);
        break;
    case ANSWER_AD_REFERENDUM:
        buf_printf(out, "accepts %s ad referendum", label);
        break;
    case ANSWER_CONCEPT:
        buf_printf(out, "agrees with %s in concept, and reserves", label);
        for (uint32_t i = 0; i < p->reservation_count; i++) {
            const struct reservation *r = &p->reservations[i];
            buf_printf(out, "%s %.*s", i > 0 ? ";" : "", TEXT_ARG(r->label));
            if (r->has_issue) {
                buf_printf(out, " (%.*s)", TEXT_ARG(r->issue));
            }
            buf_printf(out, ": %.*s", TEXT_ARG(r->text));
        }
        break;
    case ANSWER_REJECT:
        buf_printf(out, "rejects %s", label);
        break;
    case ANSWER_COUNTER:
        buf_printf(out, "counters %s", label);
        break;
    }
    if (p->text_count > 0) {
        buf_printf(out, ": %.*s", TEXT_ARG(p->texts[0]));
    }
}

static const char *finding_word(enum finding f)
{
    switch (f) {
    case FINDING_DONE:
        return "done";
    case FINDING_PARTLY:
        return "partly done";
    case FINDING_NOT_DONE:
        return "not done";
    }
    return "?";
}

static const char *mark_word(enum mark m)
{
    switch (m) {
    case MARK_KEEP:
        return "keep to yourselves";
    case MARK_HINT:
        return "may be hinted at";
    case MARK_CARRY:
        return "carry it over";
    }
    return "?";
}

static const char *level_word(enum level l)
{
    switch (l) {
    case LEVEL_MUST:
        return "must have";
    case LEVEL_WANT:
        return "would like";
    case LEVEL_NICE:
        return "would not mind";
    }
    return "?";
}

/* A side as the charter names it; its id where that is not readable or has no such side. */
static struct text named_side(const struct view *v, struct text id)
{
    const struct table_state *s = view_state(v);
    uint32_t side = s->has_charter ? charter_find_side(&s->charter, id) : CHARTER_NONE;
    return side == CHARTER_NONE ? id : state_side_name(s, side);
}

static void put_payload(const struct view *v, const struct payload *p, struct buf *out)
{
    struct text first = p->text_count > 0 ? p->texts[0] : text_str("");
    switch (p->kind) {
    case KIND_CHARTER:
        buf_printf(out, "files the charter");
        break;
    case KIND_SIGN_CHARTER:
        buf_printf(out, "signs the charter");
        break;
    case KIND_EPOCH:
        buf_printf(out, "gives %.*s a fresh key (%.*s)", TEXT_ARG(p->epoch_item.room),
                   TEXT_ARG(p->epoch_item.reason));
        break;
    case KIND_GRANT:
        buf_printf(out, "shares the charter with a new seat");
        break;
    case KIND_CANNOT_OPEN:
        buf_printf(out, "could not open the room's newest key");
        break;
    case KIND_VOID:
        buf_printf(out, "shows an act that is not what it says");
        break;
    case KIND_INTRODUCE:
        buf_printf(out, "is introduced as %.*s", TEXT_ARG(p->name));
        break;
    case KIND_INSTRUCT:
        buf_printf(out, "files private instructions%s%.*s", first.n > 0 ? ": " : "",
                   TEXT_ARG(first));
        break;
    case KIND_MANDATE:
        buf_printf(out, "files a mandate");
        break;
    case KIND_REVOKE_MANDATE:
        buf_printf(out, "revokes a mandate");
        break;
    case KIND_MEET:
        buf_printf(out, "notes a meeting: %.*s", TEXT_ARG(first));
        break;
    case KIND_CONFIRM:
        buf_printf(out, "confirms");
        break;
    case KIND_SAY:
        buf_printf(out, "says: %.*s", TEXT_ARG(first));
        break;
    case KIND_DOCUMENT:
        buf_printf(out, "files a document: %.*s (%zu bytes)", TEXT_ARG(p->name), p->content.n);
        break;
    case KIND_STATEMENT:
        buf_printf(out, "notes, without effect, what %.*s said in public: \"%.*s\" (%.*s)",
                   TEXT_ARG(named_side(v, p->side)), TEXT_ARG(first), TEXT_ARG(p->source));
        break;
    case KIND_POSITION:
        buf_printf(out, "on %.*s, %s: %.*s [%s]", TEXT_ARG(p->issue), level_word(p->level),
                   TEXT_ARG(first), mark_word(p->mark));
        break;
    case KIND_PROPOSE:
        buf_printf(out, "proposes ");
        put_package(v, p, out);
        break;
    case KIND_WITHDRAW:
        buf_printf(out, "withdraws %s", proposal_label(v, &p->answers));
        break;
    case KIND_ANSWER:
        put_answer(v, p, out);
        break;
    case KIND_CLOSE:
        buf_printf(out, "closes reservation %.*s", TEXT_ARG(p->label));
        break;
    case KIND_RATIFY:
        buf_printf(out, "ratifies %s", proposal_label(v, &p->answers));
        break;
    case KIND_PROMISE:
        buf_printf(out, "promises %.*s by %s: %.*s", TEXT_ARG(p->deed), view_when(v, p->when),
                   TEXT_ARG(first));
        break;
    case KIND_REPORT:
        buf_printf(out, "reports %.*s %s", TEXT_ARG(p->deed), finding_word(p->finding));
        for (uint32_t i = 0; i < p->evidence_count; i++) {
            buf_printf(out, "%s%.*s", i == 0 ? ", with " : ", ", TEXT_ARG(p->evidence[i].name));
        }
        break;
    case KIND_VERIFY:
        buf_printf(out, "finds %.*s %s", TEXT_ARG(p->deed), finding_word(p->finding));
        break;
    case KIND_LAPSE:
        buf_printf(out, "notes that the hour of %.*s has passed", TEXT_ARG(p->deed));
        break;
    case KIND_INCIDENT:
        buf_printf(out, "reports an incident of %s: %.*s", view_when(v, p->when), TEXT_ARG(first));
        break;
    case KIND_ASSESS:
        buf_printf(out, "assesses an incident: %s",
                   p->verdict == VERDICT_VERIFIED ? "verified" : "not verified");
        if (text_present(p->side)) {
            buf_printf(out, ", by %.*s", TEXT_ARG(named_side(v, p->side)));
        }
        break;
    case KIND_GATE:
        buf_printf(out, "opens gate %.*s", TEXT_ARG(p->phase));
        break;
    case KIND_PARK:
        buf_printf(out, "parks for phase %.*s: %.*s", TEXT_ARG(p->phase), TEXT_ARG(first));
        break;
    case KIND_CONSENT:
        buf_printf(out, "consents to publish %u act%s", p->ref_count, p->ref_count == 1 ? "" : "s");
        break;
    case KIND_PUBLISHED:
        buf_printf(out, "published %u act%s", p->ref_count, p->ref_count == 1 ? "" : "s");
        break;
    }
}

struct text view_author(const struct view *v, const struct ring_author *author)
{
    if (view_state(v)->has_charter) {
        return view_seat(v, author->seat);
    }
    struct text id, name;
    struct err untold = {0};
    return join_who(v->r, author->side, v->mem, &id, &name, &untold) ? name : text_str("a side");
}

void view_act_words(const struct view *v, const struct ring_author *author,
                    const struct opened_act *act, struct buf *out)
{
    struct payload p;
    struct err form = {0};
    buf_printf(out, "%.*s ", TEXT_ARG(view_author(v, author)));
    if (!act->open || !act->how.matches || !payload_from(&act->content, v->mem, &p, &form)) {
        buf_printf(out, "filed an act that nobody can read as what it says");
        return;
    }
    put_payload(v, &p, out);
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
    if (act->how.matches && payload_from(&act->content, v->mem, &p, &form)) {
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
                   k->says == 0 ? "nothing yet" : finding_word(k->says),
                   k->found == 0 ? "nothing yet (entente verify)" : finding_word(k->found));
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
        json_put_str(j, k->says == 0 ? "" : finding_word(k->says));
        json_put_key(j, "answered");
        json_put_bool(j, k->found != 0);
        json_put_end(j);
    }
    json_put_end(j);
    return true;
}
