/* SPDX-License-Identifier: Apache-2.0
 *
 * Proposals and answers.
 */
#include "app/desk_priv.h"

/* ---- proposing ---- */

/* "line=present line": what the charter does not know is left for the rules to refuse, which say
 * why (a phase may be closed). */
static bool read_choice(struct desk *d, struct text words, struct named_choice *out,
                        uint32_t *out_place, struct err *err)
{
    const struct charter *c = &desk_state(d)->charter;
    struct text issue, option = desk_trim(words);
    uint64_t n = 0;
    if (memchr(words.p, '=', words.n) == NULL || !desk_next_part(&option, '=', &issue)) {
        return err_set(err, ERR_USE, "\"%.*s\" is not ISSUE=OPTION", TEXT_ARG(words)) ||
               err_mend(err, "as \"line=present line\", or line=1: entente issues");
    }
    option = desk_trim(option);
    uint32_t place = issue_find(c->issues, c->issue_count, issue);
    *out = (struct named_choice){.issue = issue};
    *out_place = place;
    if (place != UINT32_MAX) {
        return desk_find_option(&c->issues[place], option, &out->option, err);
    }
    if (u64_parse(option, &n) && n >= 1 && n <= TERMS_OPTIONS_MAX) {
        out->option = (uint32_t)(n - 1);
    }
    return text_is_id(issue) ||
           err_set(err, ERR_USE, "the charter has no issue \"%.*s\"", TEXT_ARG(issue)) ||
           err_mend(err, "name issues of the charter: entente issues");
}

/* In the charter's order. */
static bool read_choices(struct desk *d, struct desk_list list, struct payload *p, struct err *err)
{
    uint32_t places[TERMS_ISSUES_MAX];
    if (list.count == 0 || list.count > TERMS_ISSUES_MAX) {
        return err_set(err, ERR_USE, "a proposal names an option of 1 to %u issues",
                       TERMS_ISSUES_MAX);
    }
    p->choices = ARENA_NEW(&d->mem.mem, struct named_choice, list.count);
    if (p->choices == NULL) {
        return err_memory(err, "a package");
    }
    for (uint32_t i = 0; i < list.count; i++) {
        struct named_choice c;
        uint32_t place, at = i;
        if (!read_choice(d, list.items[i], &c, &place, err)) {
            return false;
        }
        for (; at > 0 && places[at - 1] > place; at--) {
            places[at] = places[at - 1];
            p->choices[at] = p->choices[at - 1];
        }
        if (at > 0 && text_eq(p->choices[at - 1].issue, c.issue)) {
            return err_set(err, ERR_USE, "the issue %.*s is named twice", TEXT_ARG(c.issue));
        }
        places[at] = place;
        p->choices[at] = c;
        p->choice_count++;
    }
    return true;
}

static bool read_meets(struct desk *d, struct text labels, struct payload *p, struct err *err)
{
    struct text one;
    p->meets = ARENA_NEW(&d->mem.mem, struct meets, REFS_MAX);
    if (p->meets == NULL) {
        return err_memory(err, "open points");
    }
    while (desk_next_part(&labels, ',', &one)) {
        const struct open_point *o;
        if (p->meets_count == REFS_MAX) {
            return err_set(err, ERR_LIMIT, "a proposal meets at most %u open points", REFS_MAX);
        }
        if (!desk_find_point(d, one, &o, err)) {
            return false;
        }
        p->meets[p->meets_count++] = (struct meets){.answer = o->answer, .label = one};
    }
    return true;
}

/* The newest version of the text of the phase that the package is about. */
static bool take_text(struct desk *d, struct payload *p, struct err *err)
{
    const struct charter *c = &desk_state(d)->charter;
    uint32_t issue = issue_find(c->issues, c->issue_count, p->choices[0].issue);
    const struct text_version *v = issue == UINT32_MAX
                                       ? NULL
                                       : snt_newest(&desk_state(d)->texts, c->issues[issue].phase);
    if (v == NULL) {
        return err_set(err, ERR_USE, "there is no text to go with it") ||
               err_mend(err, "leave out --with-text, or draft one: entente draft FILE");
    }
    p->has_version = true;
    p->version = v->leaf;
    return true;
}

/* The proposal that is countered, and the answer that a party gives it; looked at before anything is
 * filed, so that the two stand together or not at all. */
static bool read_counter(struct desk *d, struct text name, struct leaf_hash *out,
                         struct payload *answer, bool *out_answers, struct err *err)
{
    const struct proposal_state *p;
    struct refusal refusal = {0};
    const struct charter *c = &desk_state(d)->charter;
    if (!desk_find_proposal(d, name, &p, err)) {
        return false;
    }
    *out = p->leaf;
    *out_answers = d->replica.side < c->side_count &&
                   c->sides[d->replica.side].role == ROLE_PARTY && p->side != d->replica.side;
    if (!*out_answers) {
        return true; /* the mediation answers nothing, and nobody counters himself */
    }
    answer->has_answers = true;
    answer->answers = p->leaf;
    bool fine = act_look(&d->replica, answer, &refusal);
    arena_wipe(&d->replica.scratch.mem);
    return fine || act_refused(&refusal, err);
}

bool desk_propose(struct desk *d, const struct desk_proposal *n, const struct desk_say *say,
                  struct err *err)
{
    struct text words = n->words;
    struct payload p = {.kind = KIND_PROPOSE,
                        .room = text_str("plenary"),
                        .text_count = words.n > 0 ? 1 : 0,
                        .texts = &words};
    struct payload answer = {
        .kind = KIND_ANSWER, .room = text_str("plenary"), .answer = ANSWER_COUNTER};
    bool answers = false;
    struct leaf_hash countered;
    if (!desk_take(d, err) || !desk_has_charter(d, err) || !read_choices(d, n->choices, &p, err) ||
        !read_meets(d, n->meets, &p, err) || !desk_follow(d, n->follows, &p, err) ||
        (n->with_text && !take_text(d, &p, err)) ||
        (n->counter_to.n > 0 &&
         !read_counter(d, n->counter_to, &countered, &answer, &answers, err))) {
        return false;
    }
    if (n->counter_to.n > 0) {
        p.ref_count = 1;
        p.refs = &countered;
    }
    return desk_file(d, &p, NULL, "entente proposals, to see the answers", say, err) &&
           (!answers || act_file(&d->replica, ACT_CHECKED, &answer, NULL, err));
}

/* ---- answering ---- */

static void put_proposal(struct desk *d, const struct proposal_state *p, struct buf *out)
{
    struct view v = desk_view(d);
    buf_printf(out, "  P%u: %.*s\n", p->number, TEXT_ARG(view_package(&v, p)));
    if (text_present(p->text)) {
        buf_printf(out, "  %.*s\n", TEXT_ARG(p->text));
    }
    buf_printf(out, "  ");
    view_answers(&v, p, out);
    buf_printf(out, "\n");
}

/* "R1 access one bank only": label, issue (or -), words. */
static bool read_reservation(struct text words, struct reservation *out, struct err *err)
{
    struct text rest = desk_trim(words), label, issue;
    bool good = desk_next_part(&rest, ' ', &label) && desk_next_part(&rest, ' ', &issue);
    rest = desk_trim(rest);
    if (!good || rest.n == 0) {
        return err_set(err, ERR_USE, "a reservation is LABEL ISSUE WORDS, not \"%.*s\"",
                       TEXT_ARG(words)) ||
               err_mend(err, "as --reserve \"R1 access one bank only\"; - where it is about no "
                             "issue");
    }
    *out = (struct reservation){.label = label, .text = rest};
    out->has_issue = !text_is(issue, "-");
    if (out->has_issue) {
        out->issue = issue;
    }
    return true;
}

static bool read_reservations(struct desk *d, struct desk_list list, struct payload *p,
                              struct err *err)
{
    if (list.count > RESERVATIONS_MAX) {
        return err_set(err, ERR_LIMIT, "an answer has at most %u reservations", RESERVATIONS_MAX);
    }
    p->reservations = ARENA_NEW(&d->mem.mem, struct reservation, list.count);
    if (p->reservations == NULL) {
        return err_memory(err, "reservations");
    }
    for (uint32_t i = 0; i < list.count; i++) {
        if (!read_reservation(list.items[i], &p->reservations[i], err)) {
            return false;
        }
        p->reservation_count++;
    }
    return true;
}

static enum answer_kind kind_of(enum desk_answer a)
{
    switch (a) {
    case DESK_ACCEPT:
        return ANSWER_ACCEPT;
    case DESK_AD_REFERENDUM:
        return ANSWER_AD_REFERENDUM;
    case DESK_CONCEPT:
        return ANSWER_CONCEPT;
    case DESK_REJECT:
        return ANSWER_REJECT;
    case DESK_COUNTER:
        break;
    }
    return ANSWER_COUNTER;
}

bool desk_answer(struct desk *d, const struct desk_reply *n, const struct desk_say *say,
                 struct err *err)
{
    const struct proposal_state *proposal;
    struct text words = n->words;
    struct payload p = {.kind = KIND_ANSWER,
                        .room = text_str("plenary"),
                        .has_answers = true,
                        .answer = kind_of(n->kind),
                        .text_count = words.n > 0 ? 1 : 0,
                        .texts = &words};
    if (!desk_take(d, err) || !desk_find_proposal(d, n->proposal, &proposal, err) ||
        !read_reservations(d, n->reserve, &p, err) || !desk_follow(d, n->follows, &p, err)) {
        return false;
    }
    p.answers = proposal->leaf;
    struct buf shown;
    buf_init(&shown, 1u << 20);
    buf_printf(&shown, "%s\n",
               n->kind == DESK_ACCEPT
                   ? "You accept this, and it binds your side:"
                   : "You accept this, subject to your principal's ratification:");
    put_proposal(d, proposal, &shown);
    bool accepts = n->kind == DESK_ACCEPT || n->kind == DESK_AD_REFERENDUM;
    const char *next = n->kind == DESK_AD_REFERENDUM
                           ? "your principal ratifies: entente ratify, or entente request ratify"
                       : n->kind == DESK_CONCEPT
                           ? "entente close LABEL, once a version meets your reservation"
                       : n->kind == DESK_COUNTER ? "entente propose, with your own version"
                                                 : "entente proposals";
    bool ok = desk_file(d, &p, accepts ? buf_str(&shown) : NULL, next, say, err);
    buf_free(&shown);
    return ok;
}

bool desk_withdraw(struct desk *d, struct text name, struct text follows,
                   const struct desk_say *say, struct err *err)
{
    const struct proposal_state *proposal;
    struct payload p = {.kind = KIND_WITHDRAW, .room = text_str("plenary"), .has_answers = true};
    if (!desk_take(d, err) || !desk_find_proposal(d, name, &proposal, err) ||
        !desk_follow(d, follows, &p, err)) {
        return false;
    }
    p.answers = proposal->leaf;
    struct buf shown;
    buf_init(&shown, 1u << 20);
    buf_add_str(&shown, "You withdraw this proposal; nobody can accept it any more:\n");
    put_proposal(d, proposal, &shown);
    bool ok = desk_file(d, &p, buf_str(&shown), "entente proposals", say, err);
    buf_free(&shown);
    return ok;
}

bool desk_close_point(struct desk *d, struct text label, struct text met_by,
                      const struct desk_say *say, struct err *err)
{
    const struct open_point *o;
    struct leaf_hash met;
    struct payload p = {
        .kind = KIND_CLOSE, .room = text_str("plenary"), .has_answers = true, .label = label};
    if (!desk_take(d, err) || !desk_has_charter(d, err) || !desk_find_point(d, label, &o, err)) {
        return false;
    }
    p.answers = o->answer;
    if (text_present(met_by)) {
        const struct proposal_state *by;
        if (!desk_find_proposal(d, met_by, &by, err)) {
            return false;
        }
        met = by->leaf;
        p.refs = &met;
        p.ref_count = 1;
    }
    return desk_file(d, &p, NULL, "entente proposals; accepting stays a separate act", say, err);
}
