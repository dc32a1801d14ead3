/* SPDX-License-Identifier: Apache-2.0
 *
 * Consultations, notices, what is settled within; levers; disputes about deeds.
 */
#include "app/desk_priv.h"
#include "app/view_priv.h"
#include "table/notice.h"

/* ---- the room of a consultation, and what was asked there ---- */

static struct text room_words(struct desk *d, struct room room)
{
    char name[ROOM_NAME_MAX];
    room_name(fold_sides(d->replica.fold), room, name);
    struct bytes v = arena_copy(&d->mem.mem, bytes_str(name));
    return (struct text){.p = v.p == NULL ? "" : (const char *)v.p, .n = v.n};
}

/* Of who is consulted: its own room. */
static bool own_consultation(struct desk *d, struct text *out, struct err *err)
{
    const struct charter *c = fold_sides(d->replica.fold);
    if (c == NULL || d->replica.side >= c->side_count ||
        c->sides[d->replica.side].role != ROLE_CONSULTED) {
        return err_set(err, ERR_USE, "this seat is not of a side that is consulted") ||
               err_mend(err, "the mediation asks: entente ask");
    }
    *out = room_words(d, (struct room){ROOM_CONSULT, d->replica.side});
    return true;
}

struct asked {
    uint64_t want; /* this one; INDEX_NEVER: the newest */
    bool found;
    uint64_t index;
    struct text phase, deed, lever; /* in the handle's memory */
};

static struct text keep(const struct view *v, struct text t)
{
    struct bytes c = arena_copy(&v->r->memory.mem, text_bytes(t));
    return text_present(t) ? (struct text){.p = (const char *)c.p, .n = c.n} : t;
}

static bool see_question(void *ctx, const struct view *v, uint64_t index, const struct act *a,
                         const struct ring_author *author, const struct opened_act *act)
{
    struct asked *w = ctx;
    struct payload p;
    struct err form = {0};
    (void)a;
    (void)author;
    if (act->how.matches && act->content.header.kind == (uint32_t)KIND_ASK &&
        (w->want == INDEX_NEVER || w->want == index) &&
        payload_from(&act->content, v->mem, &p, &form)) {
        *w = (struct asked){.want = w->want,
                            .found = true,
                            .index = index,
                            .phase = keep(v, p.phase),
                            .deed = keep(v, p.deed),
                            .lever = keep(v, p.lever)};
    }
    return true;
}

/* The question that is meant: the one named, else the newest. */
static bool find_question(struct desk *d, struct text on, struct asked *out, struct err *err)
{
    struct view v = desk_view(d);
    *out = (struct asked){.want = INDEX_NEVER};
    if (text_present(on) && !desk_find_act(d, on, &out->want, err)) {
        return false;
    }
    return view_each_opened(&v, see_question, out, err) &&
           (out->found || err_set(err, ERR_USE, "there is no such question to this seat") ||
            err_mend(err, "see what you are asked: entente moves"));
}

/* ---- asking and answering ---- */

bool desk_ask(struct desk *d, const struct desk_question *q, const struct desk_say *say,
              struct err *err)
{
    struct text words = q->words;
    struct payload p = {.kind = KIND_ASK,
                        .text_count = 1,
                        .texts = &words,
                        .phase = q->phase,
                        .deed = q->deed,
                        .lever = q->lever,
                        .has_when = q->by.n > 0};
    if ((p.has_when && !desk_when(d, q->by, true, &p.when, err)) || !desk_take(d, err) ||
        !desk_has_charter(d, err)) {
        return false;
    }
    const struct charter *c = &desk_state(d)->charter;
    uint32_t side = charter_find_side(c, desk_side_id(d, q->side));
    if (side == CHARTER_NONE || c->sides[side].role != ROLE_CONSULTED) {
        return err_set(err, ERR_USE, "%.*s is not consulted at this table", TEXT_ARG(q->side)) ||
               err_mend(err, "name a side that the charter says is consulted: entente table show");
    }
    p.room = room_words(d, (struct room){ROOM_CONSULT, side});
    return desk_file(d, &p, NULL,
                     "entente notice, with this act's number: only then the table knows of it", say,
                     err);
}

bool desk_opinion(struct desk *d, struct text on, struct text mark, struct text words,
                  const struct desk_say *say, struct err *err)
{
    struct asked asked;
    struct payload p = {.kind = KIND_OPINION,
                        .has_answers = true,
                        .text_count = 1,
                        .texts = &words,
                        .mark = text_is(mark, "carry") ? MARK_CARRY : MARK_KEEP};
    if (!desk_take(d, err) || !own_consultation(d, &p.room, err) ||
        !find_question(d, on, &asked, err)) {
        return false;
    }
    p.answers = door_leaf(d->replica.door, asked.index);
    return desk_file(d, &p, NULL,
                     p.mark == MARK_CARRY
                         ? "the mediation may show these words to the table"
                         : "the mediation may show the table that you answered, and not what",
                     say, err);
}

bool desk_undertake(struct desk *d, const struct desk_question *u, struct text on,
                    const struct desk_say *say, struct err *err)
{
    struct asked asked = {0};
    struct text words = u->words;
    struct payload p = {.kind = KIND_UNDERTAKE,
                        .text_count = 1,
                        .texts = &words,
                        .phase = u->phase,
                        .deed = u->deed,
                        .lever = u->lever,
                        .has_when = true};
    bool about = text_present(u->phase) || text_present(u->deed) || text_present(u->lever);
    if (!desk_when(d, u->by, true, &p.when, err) || !desk_take(d, err) ||
        !own_consultation(d, &p.room, err)) {
        return false;
    }
    if (text_present(on) || !about) {
        if (!find_question(d, on, &asked, err)) {
            return false;
        }
        p.has_answers = true;
        p.answers = door_leaf(d->replica.door, asked.index);
    }
    if (!about) {
        p.phase = asked.phase;
        p.deed = asked.deed;
        p.lever = asked.lever;
    }
    struct view v = desk_view(d);
    const char *shown = arena_printf(
        &d->mem.mem, "Your side binds itself, by %s, and the table may be shown it:\n  %.*s\n",
        view_when(&v, p.when), TEXT_ARG(words));
    return desk_file(d, &p, shown == NULL ? "?" : shown,
                     "the mediation shows it to the table: entente notice", say, err);
}

bool desk_settled(struct desk *d, struct text phase, struct text follows,
                  const struct desk_say *say, struct err *err)
{
    struct payload p = {.kind = KIND_SETTLED, .room = text_str("plenary"), .phase = phase};
    if (!desk_take(d, err) || !desk_follow(d, follows, &p, err)) {
        return false;
    }
    const char *shown = arena_printf(&d->mem.mem,
                                     "Your side has settled %.*s within itself, and says so to the "
                                     "table; not how.\n",
                                     TEXT_ARG(phase));
    return desk_file(d, &p, shown == NULL ? "?" : shown, "entente journey", say, err);
}

/* ---- notices ---- */

bool desk_notice(struct desk *d, struct text name, bool with_words, const struct desk_say *say,
                 struct err *err)
{
    struct payload p = {.kind = KIND_NOTICE, .room = text_str("plenary")};
    struct arena *mem = &d->mem.mem;
    struct merkle_path none = {0}; /* made anew for the tree that the notice will cite */
    struct view v = desk_view(d);
    struct act a;
    struct opened_act act;
    struct ring_author author;
    uint64_t index;
    if (!desk_take(d, err) || !desk_has_charter(d, err) || !desk_find_act(d, name, &index, err) ||
        !replica_act(&d->replica, index, mem, &a, &act, err) ||
        !keyring_author(door_keyring(d->replica.door), index, &a.kid, &author, err)) {
        return false;
    }
    if (!act.open || !act.how.matches) {
        return err_set(err, ERR_STATE, "act %llu is not for this seat to read",
                       (unsigned long long)index) ||
               err_mend(err, "name an act of a consultation: entente room consult/NAME");
    }
    bool may_keep = act.content.header.kind == (uint32_t)KIND_ASK ||
                    act.content.header.kind == (uint32_t)KIND_OPINION;
    struct buf shown;
    buf_init(&shown, 1u << 20);
    buf_printf(&shown, "You show the parties, with its proof%s:\n  act %llu: ",
               may_keep && !with_words ? " and without its words" : "", (unsigned long long)index);
    view_act_words(&v, &author, &act, &shown);
    buf_add_str(&shown, "\n");
    bool ok = notice_make(&act.content, index, a.raw, &none,
                          may_keep && !with_words ? NOTICE_KEEP_TEXT : NOTICE_SHOW_TEXT, mem,
                          &p.shown, err) &&
              desk_file(d, &p, buf_str(&shown), "entente consultations", say, err);
    buf_free(&shown);
    return ok;
}

/* ---- levers ---- */

static const struct {
    const char *word;
    enum lever_move move;
    const char *shown;
} moves[] = {
    {"hold", LEVER_HOLD, NULL},
    {"ready", LEVER_READY, NULL},
    {"apply", LEVER_APPLY, "You apply the lever"},
    {"release", LEVER_RELEASE, "You release the lever"},
};

/* Where the lever is moved: who is consulted has no seat at the plenary. */
static bool lever_room(struct desk *d, bool home, struct text *out, struct err *err)
{
    const struct charter *c = fold_sides(d->replica.fold);
    bool consulted = c != NULL && d->replica.side < c->side_count &&
                     c->sides[d->replica.side].role == ROLE_CONSULTED;
    if (home && c != NULL) {
        *out = room_words(d, (struct room){ROOM_HOME, d->replica.side});
        return true;
    }
    *out = text_str("plenary");
    return !consulted || own_consultation(d, out, err);
}

bool desk_lever(struct desk *d, const struct desk_lever_move *m, const struct desk_say *say,
                struct err *err)
{
    struct text why = m->why;
    struct payload p = {.kind = KIND_LEVER,
                        .lever = m->lever,
                        .has_when = m->review.n > 0,
                        .text_count = why.n > 0 ? 1 : 0,
                        .texts = &why};
    const char *verb = NULL;
    for (size_t i = 0; i < COUNT_OF(moves); i++) {
        if (text_is(m->move, moves[i].word)) {
            p.move = moves[i].move;
            verb = moves[i].shown;
        }
    }
    if (p.move == 0) {
        return err_set(err, ERR_USE, "\"%.*s\" is not hold, ready, apply or release",
                       TEXT_ARG(m->move)) ||
               err_mend(err, "as: entente lever hold freight-cap --review 5d");
    }
    if ((p.has_when && !desk_when(d, m->review, true, &p.when, err)) || !desk_take(d, err) ||
        !lever_room(d, m->home, &p.room, err) || !desk_follow(d, m->follows, &p, err)) {
        return false;
    }
    struct refusal order = {0};
    if (!p.has_follows && !desk_lever_order(fold_private(d->replica.fold), &p, &order) &&
        !desk_warn(d, &order, err)) {
        return false;
    }
    const char *shown = verb == NULL || m->home
                            ? NULL
                            : arena_printf(&d->mem.mem,
                                           "%s %.*s; everybody at the table sees it.\n", verb,
                                           TEXT_ARG(m->lever));
    return desk_file(d, &p, shown, "entente levers", say, err);
}

/* ---- disputes ---- */

bool desk_dispute(struct desk *d, struct text deed, struct text why, const struct desk_say *say,
                  struct err *err)
{
    struct payload p = {
        .kind = KIND_DISPUTE, .deed = deed, .has_answers = true, .text_count = 1, .texts = &why};
    if (!desk_take(d, err) || !desk_has_charter(d, err)) {
        return false;
    }
    const struct table_state *s = desk_state(d);
    uint32_t i = charter_find_deed(&s->charter, deed);
    if (i != CHARTER_NONE) {
        p.answers = s->deeds[i].verification;
    }
    p.room = desk_deed_room(d);
    return desk_file(d, &p, NULL, "wait for the arbiter, or for 48 hours: entente ledger", say,
                     err);
}

struct disputed {
    struct text deed;
    bool found;
    struct leaf_hash leaf;
};

static bool see_dispute(void *ctx, const struct view *v, uint64_t index, const struct act *a,
                        const struct ring_author *author, const struct opened_act *act)
{
    struct disputed *w = ctx;
    struct payload p;
    struct err form = {0};
    (void)a;
    (void)author;
    if (act->how.matches && act->content.header.kind == (uint32_t)KIND_DISPUTE &&
        payload_from(&act->content, v->mem, &p, &form) && text_eq(p.deed, w->deed)) {
        w->found = true;
        w->leaf = door_leaf(v->r->door, index);
    }
    return true;
}

bool desk_find_dispute(struct desk *d, struct text deed, struct leaf_hash *out, struct err *err)
{
    struct disputed w = {.deed = deed};
    struct view v = desk_view(d);
    if (!view_each_opened(&v, see_dispute, &w, err)) {
        return false;
    }
    *out = w.leaf;
    return w.found ||
           err_set(err, ERR_USE, "nobody disputes what was found of %.*s", TEXT_ARG(deed)) ||
           err_mend(err, "leave --dispute out");
}

/* ---- looking ---- */

bool desk_levers(struct desk *d, const struct desk_say *say, struct err *err)
{
    struct view v = desk_view(d);
    if (!desk_has_charter(d, err)) {
        return false;
    }
    if (say->json != NULL) {
        view_levers_json(&v, say->json);
    } else {
        view_levers(&v, say->words);
    }
    return true;
}

bool desk_consultations(struct desk *d, const struct desk_say *say, struct err *err)
{
    struct view v = desk_view(d);
    if (!desk_has_charter(d, err)) {
        return false;
    }
    if (say->json != NULL) {
        view_consultations_json(&v, say->json);
        return true;
    }
    return view_consultations(&v, say->words, err);
}

bool desk_tension(struct desk *d, uint32_t days, enum desk_curve how, const struct desk_say *say,
                  struct err *err)
{
    struct view v = desk_view(d);
    if (!desk_has_charter(d, err)) {
        return false;
    }
    if (say->json != NULL) {
        view_tension_json(&v, days, say->json);
    } else if (how == DESK_CURVE_CSV) {
        view_tension_csv(&v, days, say->words);
    } else {
        view_tension(&v, days, how == DESK_CURVE_ASCII, say->words);
    }
    return true;
}
