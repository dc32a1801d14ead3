/* SPDX-License-Identifier: Apache-2.0
 *
 * The one thing that a monitor or a consulted side is asked, with all that it needs to answer; what
 * else waits, in a line each.
 */
#include "app/act_words.h"
#include "app/view_priv.h"

#define TASKS_MAX 128u

enum task_kind { TASK_DEED, TASK_INCIDENT, TASK_QUESTION };

struct task {
    enum task_kind kind;
    struct text deed; /* of a question: the deed that it is about, perhaps */
    struct text phase, lever;
    struct text what;
    struct text how;
    struct text dispute; /* reason; {NULL, 0}: not disputed */
    bool has_due;
    uint64_t due;
    uint64_t index;
    enum finding says;
    enum finding found; /* by us; of the others: it is answered */
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
        if (t->task[i].kind == TASK_DEED && text_eq(t->task[i].deed, deed)) {
            return &t->task[i];
        }
    }
    return NULL;
}

static void answered(struct tasks *t, enum task_kind kind, const struct leaf_hash *leaf)
{
    for (uint32_t i = 0; i < t->count; i++) {
        if (t->task[i].kind == kind && ID_EQ(t->task[i].leaf, *leaf)) {
            t->task[i].found = FINDING_DONE;
        }
    }
}

/* Of a deed that is a task already. */
static void take_deed(struct task *k, const struct view *v, const struct payload *p)
{
    if (p->kind == KIND_REPORT) {
        k->says = p->finding;
    } else if (p->kind == KIND_VERIFY) {
        k->found = p->finding;
        k->dispute = (struct text){0};
    } else if (p->kind == KIND_DISPUTE) {
        k->dispute = keep(v, p->texts[0]);
    }
}

static void take_task(struct tasks *t, const struct view *v, uint64_t index,
                      const struct payload *p)
{
    struct task *old = text_present(p->deed) ? find_deed_task(t, p->deed) : NULL;
    bool fresh = (p->kind == KIND_PROMISE && old == NULL) || p->kind == KIND_INCIDENT ||
                 p->kind == KIND_ASK;
    if (fresh && t->count < TASKS_MAX) {
        struct task *k = &t->task[t->count++];
        *k = (struct task){.kind = p->kind == KIND_PROMISE    ? TASK_DEED
                                   : p->kind == KIND_INCIDENT ? TASK_INCIDENT
                                                              : TASK_QUESTION,
                           .deed = keep(v, p->deed),
                           .phase = keep(v, p->phase),
                           .lever = keep(v, p->lever),
                           .what = keep(v, p->texts[0]),
                           .how = p->text_count > 1 ? keep(v, p->texts[1]) : text_str(""),
                           .has_due = p->has_when,
                           .due = p->when,
                           .index = index,
                           .leaf = door_leaf(v->r->door, index)};
    } else if (old != NULL && p->kind != KIND_PROMISE) {
        take_deed(old, v, p);
    } else if (p->kind == KIND_ASSESS) {
        answered(t, TASK_INCIDENT, &p->answers);
    } else if (p->kind == KIND_OPINION || (p->kind == KIND_UNDERTAKE && p->has_answers)) {
        answered(t, TASK_QUESTION, &p->answers);
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

/* ---- in words ---- */

static void put_about(const struct task *k, struct buf *out)
{
    const struct text about[] = {k->phase, k->deed, k->lever};
    static const char *const what[] = {"phase", "deed", "lever"};
    for (size_t i = 0; i < COUNT_OF(about); i++) {
        if (about[i].n > 0) {
            buf_printf(out, "  about the %s %.*s\n", what[i], TEXT_ARG(about[i]));
        }
    }
}

static void put_question(const struct view *v, const struct task *k, struct buf *out)
{
    buf_printf(out, "A question to you (act %llu):\n", (unsigned long long)k->index);
    view_put_words(out, "  | ", k->what);
    put_about(k, out);
    if (k->has_due) {
        buf_printf(out, "  an answer is wanted by %s\n", view_when(v, k->due));
    }
    if (k->found != 0) {
        buf_printf(out, "  answered\n");
        return;
    }
    buf_printf(out, "  Your opinion, which binds nobody: entente opinion \"...\"\n"
                    "  To bind your side: entente undertake \"...\" --by WHEN\n");
}

static void put_deed(const struct view *v, const struct task *k, struct buf *out)
{
    buf_printf(out, "%.*s: %.*s, by %s\n", TEXT_ARG(k->deed), TEXT_ARG(k->what),
               view_when(v, k->due));
    if (k->how.n > 0) {
        buf_printf(out, "  how: %.*s\n", TEXT_ARG(k->how));
    }
    buf_printf(out, "  its side says: %s; you found: %s\n",
               k->says == 0 ? "nothing yet" : act_finding_word(k->says),
               k->found == 0 ? "nothing yet" : act_finding_word(k->found));
    if (text_present(k->dispute)) {
        buf_printf(out, "  disputed: %.*s\n", TEXT_ARG(k->dispute));
    }
    if (k->found == 0) {
        buf_printf(out, "  What you found: entente verify %.*s done|partly|not-done\n",
                   TEXT_ARG(k->deed));
    }
}

static void put_task(const struct view *v, const struct task *k, struct buf *out)
{
    switch (k->kind) {
    case TASK_QUESTION:
        put_question(v, k, out);
        return;
    case TASK_DEED:
        put_deed(v, k, out);
        return;
    case TASK_INCIDENT:
        break;
    }
    buf_printf(out, "Incident of %s (act %llu): %.*s\n", view_when(v, k->due),
               (unsigned long long)k->index, TEXT_ARG(k->what));
    if (k->found != 0) {
        buf_printf(out, "  assessed\n");
        return;
    }
    buf_printf(out, "  What you found: entente assess %llu verified|not-verified\n",
               (unsigned long long)k->index);
}

bool view_tasks(const struct view *v, struct buf *out, struct err *err)
{
    struct tasks *t;
    if (!find_tasks(v, &t, err)) {
        return false;
    }
    const struct task *first = NULL;
    uint32_t more = 0;
    for (uint32_t i = 0; i < t->count; i++) {
        if (t->task[i].found == 0) {
            more += first != NULL ? 1 : 0;
            first = first == NULL ? &t->task[i] : first;
        }
    }
    if (first == NULL) {
        buf_printf(out, "Nothing is asked of you.\n");
    } else {
        buf_printf(out, "Asked of you:\n");
        put_task(v, first, out);
    }
    if (more > 0) {
        buf_printf(out, "\nAfter it, %u more:\n", more);
    }
    for (uint32_t i = 0; more > 0 && i < t->count; i++) {
        if (t->task[i].found == 0 && &t->task[i] != first) {
            put_task(v, &t->task[i], out);
        }
    }
    if (t->count > more + (first != NULL ? 1u : 0u)) {
        buf_printf(out, "\nDone already:\n");
    }
    for (uint32_t i = 0; i < t->count; i++) {
        if (t->task[i].found != 0) {
            put_task(v, &t->task[i], out);
        }
    }
    return true;
}

static const char *kind_word_of(const struct task *k)
{
    return k->kind == TASK_DEED ? "deed" : k->kind == TASK_INCIDENT ? "incident" : "question";
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
        json_put_str(j, kind_word_of(k));
        json_put_key(j, "deed");
        json_put_text(j, k->deed);
        json_put_key(j, "phase");
        json_put_text(j, k->phase);
        json_put_key(j, "lever");
        json_put_text(j, k->lever);
        json_put_key(j, "what");
        json_put_text(j, k->what);
        json_put_key(j, "how");
        json_put_text(j, k->how);
        json_put_key(j, "dispute");
        json_put_text(j, text_present(k->dispute) ? k->dispute : text_str(""));
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
