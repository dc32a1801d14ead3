/* SPDX-License-Identifier: Apache-2.0
 *
 * Consultations and levers: who was asked what and what came back, what is held in reserve and what
 * stands in its way.  The same words for every side.
 */
#include "app/view_priv.h"
#include "table/rules_v1.h"

static struct text side_name(const struct view *v, uint32_t side)
{
    return state_side_name(view_state(v), side);
}

static void json_kv(struct json *j, const char *key, struct text t)
{
    json_put_key(j, key);
    json_put_text(j, t);
}

static void json_n(struct json *j, const char *key, uint64_t n)
{
    json_put_key(j, key);
    json_put_u64(j, n);
}

/* ---- levers ---- */

static struct lever_standing standing(const struct view *v, uint32_t lever)
{
    uint64_t size = door_size(v->r->door);
    return lever_standing(view_state(v), door_witness(v->r->door), lever, size, size);
}

static const char *lever_word(const struct lever_standing *st)
{
    if (!st->occurred) {
        return "not permitted";
    }
    return st->unheard > 0 ? "permitted" : "due";
}

/* "due" is said of what waits for a condition only: the rest is its holder's to move at any time. */
static void put_standing(const struct view *v, uint32_t i, struct buf *out)
{
    const struct table_state *s = view_state(v);
    const struct charter_lever *c = &s->charter.levers[i];
    struct lever_standing st = standing(v, i);
    if (c->permitted_when_failed == CHARTER_NONE && c->ask_count == 0) {
        return;
    }
    buf_printf(out, "    %s", lever_word(&st));
    if (c->permitted_when_failed != CHARTER_NONE) {
        buf_printf(out, ": %.*s has %sfailed",
                   TEXT_ARG(s->charter.deeds[c->permitted_when_failed].id),
                   st.occurred ? "" : "not ");
    }
    if (st.unheard > 0) {
        buf_printf(out, "; %.*s %s", TEXT_ARG(side_name(v, st.first_waited)),
                   st.asked ? "has not answered yet" : "has not been asked");
    }
    if (st.occurred && st.unheard == 0) {
        buf_printf(out, "; only its holder's own act applies it");
    }
    buf_printf(out, "\n");
}

void view_levers(const struct view *v, struct buf *out)
{
    const struct table_state *s = view_state(v);
    if (s->charter.lever_count == 0) {
        buf_printf(out, "The charter declares no lever.\n");
    }
    for (uint32_t i = 0; i < s->charter.lever_count; i++) {
        const struct charter_lever *c = &s->charter.levers[i];
        const struct lever_state *l = &s->levers[i];
        buf_printf(out, "%.*s · %.*s", TEXT_ARG(c->id), TEXT_ARG(side_name(v, c->holder)));
        if (c->touches != CHARTER_NONE) {
            buf_printf(out, ", touches %.*s", TEXT_ARG(side_name(v, c->touches)));
        }
        buf_printf(out, " · %s", lever_move_word(l->move));
        if (l->move == LEVER_HOLD) {
            buf_printf(out, ", to be looked at again by %s", view_when(v, l->review));
        }
        buf_printf(out, "%s\n",
                   l->move != 0 && l->shown_at >= view_final(v) ? " (not yet countersigned)" : "");
        if (text_present(l->why)) {
            view_put_words(out, "    ", l->why);
        }
        put_standing(v, i, out);
    }
}

void view_levers_json(const struct view *v, struct json *j)
{
    const struct table_state *s = view_state(v);
    json_put_key(j, "levers");
    json_put_array(j);
    for (uint32_t i = 0; i < s->charter.lever_count; i++) {
        const struct charter_lever *c = &s->charter.levers[i];
        const struct lever_state *l = &s->levers[i];
        struct lever_standing st = standing(v, i);
        json_put_object(j);
        json_kv(j, "id", c->id);
        json_kv(j, "holder", side_name(v, c->holder));
        json_kv(j, "touches", c->touches == CHARTER_NONE ? text_str("") : side_name(v, c->touches));
        json_put_key(j, "move");
        json_put_str(j, lever_move_word(l->move));
        json_n(j, "review", l->review);
        json_kv(j, "why", text_present(l->why) ? l->why : text_str(""));
        json_put_key(j, "standing");
        json_put_str(j, lever_word(&st));
        json_n(j, "unheard", st.unheard);
        json_put_end(j);
    }
    json_put_end(j);
}

/* ---- consultations ---- */

static void put_subject(const struct view *v, const struct subject *a, struct buf *out)
{
    const struct charter *c = &view_state(v)->charter;
    const char *by = " about ";
    if (a->phase != CHARTER_NONE) {
        buf_printf(out, "%sphase %.*s", by, TEXT_ARG(c->phases[a->phase].id));
        by = ", ";
    }
    if (a->deed != CHARTER_NONE) {
        buf_printf(out, "%sdeed %.*s", by, TEXT_ARG(c->deeds[a->deed].id));
        by = ", ";
    }
    if (a->lever != CHARTER_NONE) {
        buf_printf(out, "%slever %.*s", by, TEXT_ARG(c->levers[a->lever].id));
    }
}

static enum consulted standing_of(const struct view *v, const struct question_state *q)
{
    uint64_t size = door_size(v->r->door);
    return question_standing(view_state(v), door_witness(v->r->door), q, size, size);
}

static const char *consulted_word(enum consulted k)
{
    switch (k) {
    case CONSULTED_NOT:
        break;
    case CONSULTED_WAITS:
        return "not answered";
    case CONSULTED_LAPSED:
        return "lapsed";
    case CONSULTED_HEARD:
        return "answered";
    }
    return "not asked";
}

static void put_question(const struct view *v, const struct question_state *q, struct buf *out)
{
    enum consulted k = standing_of(v, q);
    struct moment end = question_lapses(view_state(v), door_witness(v->r->door), q,
                                        door_size(v->r->door));
    buf_printf(out, "%.*s was asked", TEXT_ARG(side_name(v, q->side)));
    put_subject(v, &q->about, out);
    buf_printf(out, " (act %llu): %s", (unsigned long long)q->index, consulted_word(k));
    if (k == CONSULTED_HEARD) {
        buf_printf(out, " (act %llu)", (unsigned long long)q->opinion_index);
    } else if (end.known) {
        buf_printf(out, "; %s %s", k == CONSULTED_LAPSED ? "on" : "it lapses after",
                   view_when(v, end.seconds));
    }
    buf_printf(out, "%s\n", text_present(q->text) ? "" : ". The words are kept back.");
    if (text_present(q->text)) {
        view_put_words(out, "    asked: ", q->text);
    }
    if (text_present(q->opinion_text)) {
        view_put_words(out, "    opinion, which binds nobody: ", q->opinion_text);
    }
}

/* What a member of the room knows and the table does not: to be shown, or not. */
struct unshown {
    struct buf *out;
    uint32_t count;
};

static bool see_unshown(void *ctx, const struct view *v, uint64_t index, const struct act *a,
                        const struct ring_author *author, const struct opened_act *act)
{
    struct unshown *u = ctx;
    const struct table_state *s = view_state(v);
    struct leaf_hash leaf = door_leaf(v->r->door, index);
    uint32_t kind = act->content.header.kind;
    bool known = true;
    (void)a;
    if (!act->how.matches || fold_void(v->r->fold, index) != NULL) {
        return true;
    }
    if (kind == (uint32_t)KIND_ASK) {
        known = state_question(s, &leaf) != NULL;
    } else if (kind == (uint32_t)KIND_UNDERTAKE) {
        known = state_undertaking(s, &leaf) != NULL;
    } else if (kind == (uint32_t)KIND_OPINION) {
        const struct question_state *q = state_question(s, &act->content.header.answers);
        known = q != NULL && q->answered;
    }
    if (!known) {
        buf_printf(u->out, "%sact %llu: ",
                   u->count++ == 0 ? "Not shown to the table yet (entente notice ACT):\n  " : "  ",
                   (unsigned long long)index);
        view_act_words(v, author, act, u->out);
        buf_printf(u->out, "\n");
    }
    return true;
}

static void put_settled(const struct view *v, struct buf *out)
{
    const struct table_state *s = view_state(v);
    for (uint32_t i = 0; i < s->settled_count; i++) {
        buf_printf(out, "%.*s has settled %.*s within itself.\n",
                   TEXT_ARG(side_name(v, s->settled[i].side)),
                   TEXT_ARG(s->charter.phases[s->settled[i].phase].id));
    }
}

bool view_consultations(const struct view *v, struct buf *out, struct err *err)
{
    const struct table_state *s = view_state(v);
    struct unshown u = {.out = out};
    for (uint32_t i = 0; i < s->question_count; i++) {
        put_question(v, &s->questions[i], out);
    }
    for (uint32_t i = 0; i < s->undertaking_count; i++) {
        const struct undertaking_state *n = &s->undertakings[i];
        buf_printf(out, "%.*s has undertaken", TEXT_ARG(side_name(v, n->side)));
        put_subject(v, &n->about, out);
        buf_printf(out, ", by %s (act %llu):\n", view_when(v, n->when),
                   (unsigned long long)n->index);
        view_put_words(out, "    ", n->text);
    }
    put_settled(v, out);
    if (!view_each_opened(v, see_unshown, &u, err)) {
        return false;
    }
    if (s->question_count + s->undertaking_count + s->settled_count + u.count == 0) {
        buf_printf(out, "Nobody has been consulted yet.\n");
    }
    return true;
}

static void json_subject(const struct view *v, const struct subject *a, struct json *j)
{
    const struct charter *c = &view_state(v)->charter;
    struct text none = text_str("");
    json_kv(j, "phase", a->phase == CHARTER_NONE ? none : c->phases[a->phase].id);
    json_kv(j, "deed", a->deed == CHARTER_NONE ? none : c->deeds[a->deed].id);
    json_kv(j, "lever", a->lever == CHARTER_NONE ? none : c->levers[a->lever].id);
}

void view_consultations_json(const struct view *v, struct json *j)
{
    const struct table_state *s = view_state(v);
    json_put_key(j, "questions");
    json_put_array(j);
    for (uint32_t i = 0; i < s->question_count; i++) {
        const struct question_state *q = &s->questions[i];
        struct moment end = question_lapses(s, door_witness(v->r->door), q, door_size(v->r->door));
        json_put_object(j);
        json_kv(j, "side", side_name(v, q->side));
        json_n(j, "act", q->index);
        json_subject(v, &q->about, j);
        json_put_key(j, "standing");
        json_put_str(j, consulted_word(standing_of(v, q)));
        json_n(j, "lapses", end.known ? end.seconds : 0);
        json_kv(j, "text", text_present(q->text) ? q->text : text_str(""));
        json_kv(j, "opinion", text_present(q->opinion_text) ? q->opinion_text : text_str(""));
        json_put_end(j);
    }
    json_put_end(j);
    json_put_key(j, "undertakings");
    json_put_array(j);
    for (uint32_t i = 0; i < s->undertaking_count; i++) {
        const struct undertaking_state *n = &s->undertakings[i];
        json_put_object(j);
        json_kv(j, "side", side_name(v, n->side));
        json_n(j, "act", n->index);
        json_subject(v, &n->about, j);
        json_n(j, "when", n->when);
        json_kv(j, "text", n->text);
        json_put_end(j);
    }
    json_put_end(j);
    json_put_key(j, "settled");
    json_put_array(j);
    for (uint32_t i = 0; i < s->settled_count; i++) {
        json_put_object(j);
        json_kv(j, "side", side_name(v, s->settled[i].side));
        json_kv(j, "phase", s->charter.phases[s->settled[i].phase].id);
        json_put_end(j);
    }
    json_put_end(j);
}

/* ---- what needs this seat ---- */

static void add(const char **list, uint32_t *count, const char *words)
{
    if (words != NULL && *count < MORE_MOVES_MAX) {
        list[(*count)++] = words;
    }
}

static void moves_on_levers(const struct view *v, struct more_moves *m)
{
    const struct table_state *s = view_state(v);
    for (uint32_t i = 0; i < s->charter.lever_count; i++) {
        struct text id = s->charter.levers[i].id;
        if (s->charter.levers[i].holder == v->r->side && s->levers[i].move == LEVER_HOLD &&
            s->levers[i].review <= v->now) {
            add(m->owed, &m->owed_count,
                arena_printf(v->mem,
                             "look at the lever %.*s again, as you said: entente lever hold %.*s "
                             "--review WHEN, or ready",
                             TEXT_ARG(id), TEXT_ARG(id)));
        }
    }
}

static void moves_on_disputes(const struct view *v, struct more_moves *m)
{
    const struct table_state *s = view_state(v);
    uint64_t size = door_size(v->r->door);
    for (uint32_t i = 0; i < s->charter.deed_count; i++) {
        const struct charter_deed *c = &s->charter.deeds[i];
        if (s->charter.arbiter == v->r->side && c->by != v->r->side && c->verifier != v->r->side &&
            deed_dispute_waits(s, door_witness(v->r->door), i, size, size)) {
            add(m->owed, &m->owed_count,
                arena_printf(v->mem,
                             "decide the dispute about %.*s: entente verify %.*s "
                             "done|partly|not-done --dispute",
                             TEXT_ARG(c->id), TEXT_ARG(c->id)));
        }
    }
}

/* What the gate of this phase waits for, and this seat could bring about. */
static void moves_on_gate(const struct view *v, uint32_t phase, bool principal,
                          struct more_moves *m)
{
    const struct table_state *s = view_state(v);
    const struct charter_phase *p = &s->charter.phases[phase];
    uint64_t size = door_size(v->r->door);
    const struct subject about = {phase, CHARTER_NONE, CHARTER_NONE};
    for (uint32_t i = 0; i < p->condition_count; i++) {
        const struct condition *k = &p->conditions[i];
        if (k->kind == CONDITION_SETTLED_WITHIN && k->side == v->r->side && principal &&
            state_settled(s, phase, k->side) == NULL) {
            add(m->may, &m->may_count,
                arena_printf(v->mem,
                             "say that you have settled %.*s within your side: entente settled "
                             "%.*s",
                             TEXT_ARG(p->id), TEXT_ARG(p->id)));
        }
        if (k->kind == CONDITION_CONSULTED && v->r->side == 0 &&
            consulted_on(s, door_witness(v->r->door), k->side, about, size, size) ==
                CONSULTED_NOT) {
            add(m->may, &m->may_count,
                arena_printf(v->mem, "ask %.*s about %.*s: entente ask %.*s \"...\" --phase %.*s",
                             TEXT_ARG(side_name(v, k->side)), TEXT_ARG(p->id),
                             TEXT_ARG(s->charter.sides[k->side].id), TEXT_ARG(p->id)));
        }
    }
}

void view_more_moves(const struct view *v, struct more_moves *out)
{
    const struct table_state *s = view_state(v);
    bool principal = keyring_seat(door_keyring(v->r->door), v->r->seat)->keys.post == 0;
    *out = (struct more_moves){0};
    moves_on_levers(v, out);
    moves_on_disputes(v, out);
    for (uint32_t i = 0; i < s->charter.phase_count; i++) {
        if (phase_open(s, i) && s->gate_opened_at[i] == INDEX_NEVER) {
            moves_on_gate(v, i, principal, out);
        }
    }
}
