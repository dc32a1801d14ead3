/* SPDX-License-Identifier: Apache-2.0
 *
 * The sheet that a mediator takes along: what one side may be told of the others, what may only be
 * hinted at, and what is kept (docs/RULES.md 18.5).  One page to print.
 */
#include "app/memo.h"
#include "app/view_priv.h"

/* A marked line, wherever it was said. */
struct marked {
    uint64_t index;
    uint32_t side; /* whose words; CHARTER_NONE where nobody said so */
    enum mark mark;
    struct text text;
    struct text issue; /* of a position; else empty */
    enum level level;  /* likewise */
    enum heard heard;  /* of a line; 0: a position */
};

static struct marked of_position(const struct position_note *n)
{
    return (struct marked){.index = n->index,
                           .side = n->room.kind == ROOM_SHUTTLE ? n->room.side : n->side,
                           .mark = n->mark,
                           .text = n->text,
                           .issue = n->issue,
                           .level = n->level};
}

static struct marked of_line(const struct carry_note *n)
{
    return (struct marked){.index = n->index,
                           .side = n->side,
                           .mark = n->mark,
                           .text = n->text,
                           .issue = text_str(""),
                           .heard = n->heard};
}

/* The i-th of both lists, in the order of the record; false at the end.  Both are ascending. */
struct sheet {
    const struct private_state *m;
    uint32_t position, line;
};

static bool next_marked(struct sheet *s, struct marked *out)
{
    bool p = s->position < s->m->position_count, l = s->line < s->m->carry_count;
    if (!p && !l) {
        return false;
    }
    if (p && (!l || s->m->positions[s->position].index <= s->m->carries[s->line].index)) {
        *out = of_position(&s->m->positions[s->position++]);
    } else {
        *out = of_line(&s->m->carries[s->line++]);
    }
    return true;
}

/* The next one with this mark that is for a sheet to that party; to CHARTER_NONE: all. */
static bool next_for(struct sheet *s, enum mark mark, uint32_t to, struct marked *out)
{
    while (next_marked(s, out)) {
        if (out->mark == mark && (to == CHARTER_NONE || out->side != to)) {
            return true;
        }
    }
    return false;
}

static const char *const level_words[] = {"", "must have", "would like", "would not mind"};

static struct text whose(const struct view *v, const struct marked *n)
{
    return n->side == CHARTER_NONE ? text_str("not said by whom")
                                   : view_state(v)->charter.sides[n->side].name;
}

static void put_line(const struct view *v, const struct marked *n, struct buf *out)
{
    buf_printf(out, "  %.*s", TEXT_ARG(whose(v, n)));
    if (n->issue.n > 0) {
        buf_printf(out, ", on %.*s, %s", TEXT_ARG(n->issue), level_words[n->level]);
    } else if (n->heard == HEARD_GUESS || n->heard == HEARD_READ) {
        buf_printf(out, ", %s", heard_word(n->heard));
    }
    buf_printf(out, " (act %llu):\n", (unsigned long long)n->index);
    memo_wrap(out, "  | ", n->text);
}

static void put_part(const struct view *v, enum mark mark, uint32_t to, const char *title,
                     struct buf *out)
{
    struct sheet s = {.m = fold_private(v->r->fold)};
    struct marked n;
    uint32_t count = 0;
    while (next_for(&s, mark, to, &n)) {
        buf_add_str(out, count++ == 0 ? title : "");
        put_line(v, &n, out);
    }
    if (count == 0) {
        buf_printf(out, "%s  nothing\n", title);
    }
}

void view_carry(const struct view *v, uint32_t to, struct buf *out)
{
    const struct charter *c = &view_state(v)->charter;
    bool mediates = v->r->side == 0;
    buf_printf(out, "%.*s, %s\n", TEXT_ARG(c->table), view_when(v, v->now));
    if (to != CHARTER_NONE) {
        buf_printf(out, "What %.*s may hear of the others\n", TEXT_ARG(c->sides[to].name));
    } else {
        buf_add_str(out, mediates ? "What you were told, and who may hear it\n"
                                  : "What your side has told, and who may hear it\n");
    }
    put_part(v, MARK_CARRY, to, "\nMay be told\n", out);
    put_part(v, MARK_HINT, to, "\nMay be hinted at, never quoted\n", out);
    put_part(v, MARK_KEEP, to, "\nKeep: not a word, and nothing from which it could be guessed\n",
             out);
    buf_add_str(out, "\nWhat bears no mark is kept, too.\n");
}

static void json_part(const struct view *v, enum mark mark, uint32_t to, const char *key,
                      struct json *j)
{
    struct sheet s = {.m = fold_private(v->r->fold)};
    struct marked n;
    json_put_key(j, key);
    json_put_array(j);
    while (next_for(&s, mark, to, &n)) {
        json_put_object(j);
        json_put_key(j, "act");
        json_put_u64(j, n.index);
        json_put_key(j, "side");
        json_put_text(j, n.side == CHARTER_NONE ? text_str("")
                                                : view_state(v)->charter.sides[n.side].id);
        if (n.issue.n > 0) {
            json_put_key(j, "issue");
            json_put_text(j, n.issue);
            json_put_key(j, "level");
            json_put_str(j, level_words[n.level]);
        } else {
            json_put_key(j, "how");
            json_put_str(j, heard_word(n.heard));
        }
        json_put_key(j, "text");
        json_put_text(j, n.text);
        json_put_end(j);
    }
    json_put_end(j);
}

void view_carry_json(const struct view *v, uint32_t to, struct json *j)
{
    json_put_key(j, "to");
    json_put_text(j, to == CHARTER_NONE ? text_str("") : view_state(v)->charter.sides[to].id);
    json_part(v, MARK_CARRY, to, "tell", j);
    json_part(v, MARK_HINT, to, "hint", j);
    json_part(v, MARK_KEEP, to, "keep", j);
}
