/* SPDX-License-Identifier: Apache-2.0
 *
 * What one was told, and who may hear it: marks on lines, the sheet of a shuttle, and the desk's
 * warning before kept words are said elsewhere (docs/RULES.md 18.5).
 */
#include "app/desk_priv.h"
#include "app/view_priv.h"
#include "table/reuse.h"

#define SAID_MAX 512u /* texts of one act: articles, options, lines */

/* ---- marks on a line ---- */

static bool read_mark(struct text word, enum mark *out)
{
    static const char *const marks[] = {"keep", "hint", "carry"};
    for (unsigned i = 0; i < COUNT_OF(marks); i++) {
        if (text_is(word, marks[i])) {
            *out = (enum mark)(i + 1);
            return true;
        }
    }
    return false;
}

bool desk_read_marks(struct desk *d, struct debrief_line *line, struct err *err)
{
    struct text rest = line->text, tags, tag;
    if (rest.n == 0 || rest.p[0] != '[') {
        return true;
    }
    rest = (struct text){.p = rest.p + 1, .n = rest.n - 1};
    if (memchr(rest.p, ']', rest.n) == NULL || !desk_next_part(&rest, ']', &tags)) {
        return err_set(err, ERR_USE, "a line begins with [ and has no ]") ||
               err_mend(err, "as \"[velland, carry] We would accept monitors.\"");
    }
    while (desk_next_part(&tags, ',', &tag)) {
        if (!read_mark(tag, &line->mark)) {
            line->side = desk_side_id(d, tag);
        }
    }
    line->text = desk_trim(rest);
    const struct table_state *s = desk_state(d);
    bool known = line->side.n == 0 || !s->has_charter;
    for (uint32_t i = 0; !known && i < s->charter.side_count; i++) {
        known = text_eq(s->charter.sides[i].id, line->side);
    }
    if (!known || line->mark == 0 || line->text.n == 0) {
        return err_set(err, ERR_USE,
                       "the marks of a line are a side, if it is not plain whose words "
                       "they are, and one of keep, hint, carry") ||
               err_mend(err, "as \"[velland, carry] We would accept monitors.\"");
    }
    return true;
}

/* ---- the sheet ---- */

bool desk_carry(struct desk *d, struct text to, const struct desk_say *say, struct err *err)
{
    struct view v = desk_view(d);
    if (!desk_has_charter(d, err)) {
        return false;
    }
    const struct charter *c = &desk_state(d)->charter;
    struct text id = to.n > 0 ? desk_side_id(d, to) : to;
    uint32_t side = CHARTER_NONE;
    for (uint32_t i = 1; i <= c->party_count; i++) {
        side = text_eq(c->sides[i].id, id) ? i : side;
    }
    if (to.n > 0 && (side == CHARTER_NONE || side == d->replica.side)) {
        return err_set(err, ERR_USE, "\"%.*s\" is no other party of this table", TEXT_ARG(to)) ||
               err_mend(err, "name the party that you go to: entente carry --to %.*s",
                        TEXT_ARG(c->sides[d->replica.side == 1 ? 2 : 1].id));
    }
    if (say->json != NULL) {
        view_carry_json(&v, side, say->json);
    } else {
        view_carry(&v, side, say->words);
    }
    return true;
}

/* ---- the warning ---- */

struct said {
    struct text texts[SAID_MAX];
    uint32_t count;
};

static void add(struct said *s, struct text t)
{
    if (text_present(t) && t.n > 0 && s->count < SAID_MAX) {
        s->texts[s->count++] = t;
    }
}

/* All words of an act, those of the options that it chooses and of a file of words with them. */
static void gather(const struct charter *c, const struct payload *p, struct said *s)
{
    for (uint32_t i = 0; i < p->text_count; i++) {
        add(s, p->texts[i]);
    }
    for (uint32_t i = 0; i < p->choice_count; i++) {
        uint32_t k = issue_find(c->issues, c->issue_count, p->choices[i].issue);
        if (k != UINT32_MAX && p->choices[i].option < c->issues[k].option_count) {
            add(s, c->issues[k].options[p->choices[i].option]);
        }
    }
    for (uint32_t i = 0; i < p->reservation_count; i++) {
        add(s, p->reservations[i].text);
    }
    for (uint32_t i = 0; i < p->article_count; i++) {
        add(s, p->articles[i].title);
        add(s, p->articles[i].text);
    }
    for (uint32_t i = 0; i < p->line_count; i++) {
        add(s, p->lines[i].text);
    }
    struct text content;
    struct err untold = {0};
    if (p->content.n > 0 && text_from(p->content, &content, &untold)) {
        add(s, content);
    }
}

/* May words of that room, and of that side, be heard in this one anyhow? */
static bool at_home_there(struct room room, struct room from, uint32_t side)
{
    return room_eq(room, from) || (room.kind == ROOM_SHUTTLE && room.side == side);
}

static bool stop(struct desk *d, struct text run, uint64_t index, uint32_t side, struct err *err)
{
    const struct charter *c = &desk_state(d)->charter;
    struct refusal r = {0};
    bool own = side == CHARTER_NONE || side == d->replica.side;
    const char *quoted = text_quote(&d->mem.mem, text_bytes(run), 80);
    (void)refuse(&r, REFUSED_KEEP, "These words are to be kept: %s (act %llu%s%.*s).", quoted,
                 (unsigned long long)index, own ? "" : ", ", own ? 0 : (int)c->sides[side].name.n,
                 own ? "" : c->sides[side].name.p);
    (void)refuse_mend(&r, "Say it in other words, ask %s, or go on: --anyway.",
                      own ? "whoever told you" : "that side whether they may be carried");
    return desk_warn(d, &r, err);
}

bool desk_guard_words(struct desk *d, const struct payload *p, struct err *err)
{
    const struct private_state *m = fold_private(d->replica.fold);
    struct room room;
    struct reuse reuse;
    struct text run;
    if (!replica_has_charter(&d->replica) || !room_parse(&desk_state(d)->charter, p->room, &room) ||
        room.kind == ROOM_HOME) {
        return true;
    }
    struct said *said = ARENA_NEW(&d->mem.mem, struct said, 1);
    if (said == NULL) {
        return err_memory(err, "words");
    }
    gather(&desk_state(d)->charter, p, said);
    if (said->count == 0 || m->position_count + m->carry_count == 0) {
        return true;
    }
    if (!reuse_of(said->texts, said->count, &d->mem.mem, &reuse)) {
        return err_memory(err, "words");
    }
    for (uint32_t i = 0; i < m->position_count; i++) {
        const struct position_note *n = &m->positions[i];
        uint32_t side = n->room.kind == ROOM_SHUTTLE ? n->room.side : n->side;
        if (n->mark == MARK_KEEP && !at_home_there(room, n->room, side) &&
            reuse_find(&reuse, n->text, &run)) {
            return stop(d, run, n->index, side, err);
        }
    }
    for (uint32_t i = 0; i < m->carry_count; i++) {
        const struct carry_note *n = &m->carries[i];
        if (n->mark == MARK_KEEP && !at_home_there(room, n->room, n->side) &&
            reuse_find(&reuse, n->text, &run)) {
            return stop(d, run, n->index, n->side, err);
        }
    }
    return true;
}
