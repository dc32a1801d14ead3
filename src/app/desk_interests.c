/* SPDX-License-Identifier: Apache-2.0
 *
 * What matters to one's own side: said, asked for, shown, and taken out for the analysis.
 */
#include "app/interests.h"
#include "app/desk_priv.h"
#include "app/view_priv.h"

#define QUESTION_MAX 4096u
#define ANSWER_MAX 512u
#define ROUNDS_MAX 200u

static bool compute(struct desk *d, struct interests *out, struct err *err)
{
    return desk_has_charter(d, err) &&
           interests_of(&desk_state(d)->charter, fold_private(d->replica.fold), &d->mem.mem, out,
                        err);
}

static bool show(struct desk *d, const struct desk_say *say, struct err *err)
{
    struct interests n;
    struct view v = desk_view(d);
    if (!compute(d, &n, err)) {
        return false;
    }
    if (say->json != NULL) {
        view_interests_json(&n, say->json);
    } else {
        view_interests(&v, &n, say->words);
    }
    return true;
}

bool desk_interests(struct desk *d, const struct desk_say *say, struct err *err)
{
    return show(d, say, err);
}

bool desk_interests_export(struct desk *d, struct buf *out, struct err *err)
{
    struct interests n;
    return compute(d, &n, err) &&
           interests_scenario(&n, n.charter->sides[d->replica.side].name, &d->mem.mem, out, err);
}

/* ---- reading ---- */

static bool find_issue(struct desk *d, struct text id, const struct issue **out, struct err *err)
{
    const struct charter *c = &desk_state(d)->charter;
    uint32_t i = issue_find(c->issues, c->issue_count, id);
    if (i == UINT32_MAX) {
        return err_set(err, ERR_USE, "there is no issue \"%.*s\"", TEXT_ARG(id)) ||
               err_mend(err, "name one of the charter: entente issues");
    }
    *out = &c->issues[i];
    return true;
}

/* "line=present line:must" */
static bool read_set(struct desk *d, struct text words, struct interest_item *out, struct err *err)
{
    struct text rest = words, id = {0}, option;
    const struct issue *issue;
    size_t colon = words.n;
    while (colon > 0 && words.p[colon - 1] != ':') {
        colon--;
    }
    struct text level = desk_trim((struct text){words.p + colon, words.n - colon});
    rest.n = colon > 0 ? colon - 1 : 0;
    if (colon == 0 || memchr(rest.p, '=', rest.n) == NULL || !desk_next_part(&rest, '=', &id) ||
        !interest_of(level, &out->interest)) {
        return err_set(err, ERR_USE, "\"%.*s\" is not ISSUE=OPTION:LEVEL", TEXT_ARG(words)) ||
               err_mend(err,
                        "as \"line=present line:want\"; levels: must, want, nice, never, none");
    }
    option = desk_trim(rest);
    if (!find_issue(d, id, &issue, err) || !desk_find_option(issue, option, &out->option, err)) {
        return false;
    }
    out->issue = issue->id;
    return true;
}

/* "line>access", "line<access", "line=access", "line?access" */
static bool read_prefer(struct desk *d, struct text words, struct prefer_item *out, struct err *err)
{
    static const char signs[] = ">=<?";
    const struct issue *a, *b;
    size_t at = 0;
    while (at < words.n && strchr(signs, words.p[at]) == NULL) {
        at++;
    }
    if (at == words.n) {
        return err_set(err, ERR_USE, "\"%.*s\" does not compare two issues", TEXT_ARG(words)) ||
               err_mend(err,
                        "as \"line>access\": more; \"line=access\": the same; \"line?access\": "
                        "taken back");
    }
    char sign = words.p[at];
    struct text left = desk_trim((struct text){words.p, at});
    struct text right = desk_trim((struct text){words.p + at + 1, words.n - at - 1});
    if (!find_issue(d, left, &a, err) || !find_issue(d, right, &b, err)) {
        return false;
    }
    *out = (struct prefer_item){sign == '<' ? b->id : a->id, sign == '<' ? a->id : b->id,
                                sign == '='   ? PREFER_SAME
                                : sign == '?' ? PREFER_NOT
                                              : PREFER_MORE};
    return true;
}

/* "prisoners, line, access": each before the next */
static bool read_swing(struct desk *d, struct text swing, struct payload *p, struct err *err)
{
    struct text part;
    const struct issue *before = NULL, *issue;
    while (desk_next_part(&swing, ',', &part)) {
        if (!find_issue(d, part, &issue, err)) {
            return false;
        }
        if (before != NULL && p->prefer_count == INTERESTS_MAX) {
            return err_set(err, ERR_LIMIT, "an act compares at most %u pairs", INTERESTS_MAX);
        }
        if (before != NULL) {
            p->prefers[p->prefer_count++] = (struct prefer_item){before->id, issue->id,
                                                                 PREFER_MORE};
        }
        before = issue;
    }
    return true;
}

static bool begin(struct desk *d, struct payload *p, struct err *err)
{
    *p = (struct payload){.kind = KIND_INTERESTS};
    if (!desk_take(d, err) || !desk_has_charter(d, err)) {
        return false;
    }
    p->room = desk_home(d);
    p->interests = ARENA_NEW(&d->mem.mem, struct interest_item, INTERESTS_MAX);
    p->prefers = ARENA_NEW(&d->mem.mem, struct prefer_item, INTERESTS_MAX);
    return !d->mem.mem.failed || err_memory(err, "interests");
}

bool desk_interests_say(struct desk *d, const struct desk_interests_said *n,
                        const struct desk_say *say, struct err *err)
{
    struct payload p;
    if (!begin(d, &p, err)) {
        return false;
    }
    if (n->set.count > INTERESTS_MAX || n->prefer.count > INTERESTS_MAX) {
        return err_set(err, ERR_LIMIT, "an act says at most %u of each", INTERESTS_MAX);
    }
    for (uint32_t i = 0; i < n->set.count; i++) {
        if (!read_set(d, n->set.items[i], &p.interests[p.interest_count++], err)) {
            return false;
        }
    }
    for (uint32_t i = 0; i < n->prefer.count; i++) {
        if (!read_prefer(d, n->prefer.items[i], &p.prefers[p.prefer_count++], err)) {
            return false;
        }
    }
    return read_swing(d, n->swing, &p, err) &&
           desk_file(d, &p, NULL, "entente interests, for what follows from it", say, err);
}

/* ---- asking ---- */

struct asking {
    struct desk *d;
    const struct desk_asker *who;
    struct payload p;
    struct private_state so_far; /* what is on the record, and what was answered here */
    struct buf question, answer;
};

static bool put(struct asking *a, struct err *err)
{
    buf_clear(&a->answer);
    return buf_done(&a->question, "a question", err) &&
           a->who->ask(a->who->ctx, buf_str(&a->question), &a->answer, err);
}

/* "1 want, 2 nice": into the act and what is known so far. */
static bool take_levels(struct asking *a, const struct issue *issue, uint32_t i, bool *good)
{
    struct text rest = {(const char *)a->answer.p, a->answer.n}, part;
    *good = true;
    while (*good && desk_next_part(&rest, ',', &part)) {
        struct text number;
        struct err untold = {0};
        uint32_t option = 0;
        enum interest level = INTEREST_NONE;
        *good = desk_next_part(&part, ' ', &number) &&
                desk_find_option(issue, number, &option, &untold) &&
                interest_of(desk_trim(part), &level) && a->p.interest_count < INTERESTS_MAX;
        if (*good) {
            a->p.interests[a->p.interest_count++] = (struct interest_item){issue->id, option,
                                                                           level};
            a->so_far.interests[a->so_far.interest_count++] = (struct interest_note){
                .issue = i, .option = option, .interest = level};
        }
    }
    return *good;
}

static bool ask_levels(struct asking *a, struct err *err)
{
    const struct charter *c = &desk_state(a->d)->charter;
    for (uint32_t i = 0; i < c->issue_count; i++) {
        bool good = false;
        const char *wrong = "";
        while (!good) {
            buf_clear(&a->question);
            buf_printf(&a->question, "%s\n%.*s\n", wrong, TEXT_ARG(c->issues[i].id));
            for (uint32_t o = 0; o < c->issues[i].option_count; o++) {
                buf_printf(&a->question, "  %u  %.*s\n", o + 1, TEXT_ARG(c->issues[i].options[o]));
            }
            buf_add_str(&a->question,
                        "Which must you have, would you want, would be nice, never? As \"1 want, 2 "
                        "nice\"; empty: as it is: ");
            uint32_t was = a->p.interest_count, noted = a->so_far.interest_count;
            if (!put(a, err)) {
                return false;
            }
            if (!take_levels(a, &c->issues[i], i, &good)) {
                a->p.interest_count = was;
                a->so_far.interest_count = noted;
            }
            wrong = "An option by its number, and must, want, nice, never or none behind it.";
        }
    }
    return true;
}

static bool ask_pairs(struct asking *a, struct err *err)
{
    const struct charter *c = &desk_state(a->d)->charter;
    struct arena *mem = &a->d->mem.mem;
    for (uint32_t round = 0; round < ROUNDS_MAX && a->p.prefer_count < INTERESTS_MAX; round++) {
        struct interests n;
        if (!interests_of(c, &a->so_far, mem, &n, err)) {
            return false;
        }
        if (n.weights.question_count == 0) {
            return true;
        }
        const struct choices_question *q = &n.weights.questions[0];
        uint32_t x = n.weighed[q->a], y = n.weighed[q->b];
        buf_clear(&a->question);
        buf_printf(&a->question,
                   "\nWere both at their worst for you, which would you rather improve?\n  1  %s\n"
                   "  2  %s\n1, 2, = where they are worth the same; empty: enough: ",
                   view_swing(&n, q->a, mem), view_swing(&n, q->b, mem));
        if (!put(a, err)) {
            return false;
        }
        struct text said = desk_trim((struct text){(const char *)a->answer.p, a->answer.n});
        bool first = text_is(said, "1"), second = text_is(said, "2"), same = text_is(said, "=");
        if (said.n == 0) {
            return true;
        }
        if (!first && !second && !same) {
            continue;
        }
        struct prefer_note note = {.more = second ? y : x,
                                   .less = second ? x : y,
                                   .preference = same ? PREFER_SAME : PREFER_MORE};
        a->so_far.prefers[a->so_far.prefer_count++] = note;
        a->p.prefers[a->p.prefer_count++] = (struct prefer_item){
            c->issues[note.more].id, c->issues[note.less].id, note.preference};
    }
    return true;
}

/* What is on the record, with room for what is answered here. */
static bool copy_so_far(struct asking *a, struct err *err)
{
    const struct private_state *m = fold_private(a->d->replica.fold);
    struct arena *mem = &a->d->mem.mem;
    a->so_far = *m;
    a->so_far.interests = ARENA_NEW(mem, struct interest_note, m->interest_count + INTERESTS_MAX);
    a->so_far.prefers = ARENA_NEW(mem, struct prefer_note, m->prefer_count + INTERESTS_MAX);
    if (mem->failed) {
        return err_memory(err, "interests");
    }
    for (uint32_t i = 0; i < m->interest_count; i++) {
        a->so_far.interests[i] = m->interests[i];
    }
    for (uint32_t i = 0; i < m->prefer_count; i++) {
        a->so_far.prefers[i] = m->prefers[i];
    }
    return true;
}

bool desk_interests_ask(struct desk *d, const struct desk_asker *who, const struct desk_say *say,
                        struct err *err)
{
    struct asking a = {.d = d, .who = who};
    buf_init(&a.question, QUESTION_MAX * 64);
    buf_init(&a.answer, ANSWER_MAX);
    bool ok = begin(d, &a.p, err) && copy_so_far(&a, err) && ask_levels(&a, err) &&
              ask_pairs(&a, err);
    if (ok && a.p.interest_count + a.p.prefer_count > 0) {
        ok = desk_file(d, &a.p, NULL, "entente interests, for what follows from it", say, err);
    } else if (ok) {
        ok = show(d, say, err);
    }
    buf_free(&a.question);
    buf_free(&a.answer);
    return ok;
}
