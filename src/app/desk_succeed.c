/* SPDX-License-Identifier: Apache-2.0
 *
 * A table goes on at a new host: the principal's part of it, and what of the old host's record was
 * this seat's own.
 */
#include "app/desk_priv.h"
#include "app/succeed.h"

#define FOLLOW "entente sync --host "

/* "Meridia, Velland"; sides have numbers where this seat knows no names. */
static const char *names_of(struct desk *d, uint32_t sides)
{
    struct arena *mem = &d->mem.mem;
    const char *all = "";
    for (uint32_t i = 0; i < SIDES_MAX && all != NULL; i++) {
        if ((sides >> i & 1) == 0) {
            continue;
        }
        struct text name = state_side_name(desk_state(d), i);
        const char *before = all[0] == '\0' ? "" : ", ";
        all = text_present(name) ? arena_printf(mem, "%s%s%.*s", all, before, TEXT_ARG(name))
                                 : arena_printf(mem, "%s%sside %u", all, before, i);
    }
    return all;
}

static void put_move(const struct succession_plan *p, enum succeed_how how, const char *dir,
                     struct buf *out)
{
    buf_printf(out,
               "You sign, for your side, that this table goes on at another host: %s\n"
               "  The first %llu acts go along: all that any side has countersigned.\n"
               "  From now on, until it is done, your side countersigns nothing at the old host.\n",
               dir, (unsigned long long)p->size);
    if (p->behind > 0) {
        buf_printf(out,
                   "  %llu act%s that the old host noted behind them %s not: whoever wrote one can "
                   "file it again there. If another side has countersigned more, take that in "
                   "first (entente bundle in).\n",
                   (unsigned long long)p->behind, p->behind == 1 ? "" : "s",
                   p->behind == 1 ? "does" : "do");
    }
    buf_add_str(out, "  It counts once the principal of every side has signed the same.\n");
    if (how == SUCCEED_INSTEAD) {
        buf_add_str(out, "  You have signed a move to another host before. Go on only if all sides "
                         "agree that it is off: else the table may go on at two.\n");
    }
}

static void tell_move(struct desk *d, const struct succeed_report *m, const char *dir,
                      const struct desk_say *say)
{
    const char *missing = names_of(d, m->missing);
    if (say->json != NULL) {
        struct json *j = say->json;
        json_put_key(j, "host");
        json_put_str(j, dir);
        json_put_key(j, "acts");
        json_put_u64(j, m->plan.size);
        json_put_key(j, "complete");
        json_put_bool(j, m->complete);
        json_put_key(j, "missing");
        json_put_array(j);
        for (uint32_t i = 0; i < SIDES_MAX; i++) {
            if ((m->missing >> i & 1) != 0) {
                json_put_u64(j, i);
            }
        }
        json_put_end(j);
    } else if (m->complete) {
        buf_printf(say->words,
                   "The table goes on at %s, from act %llu.\nNext, everybody: " FOLLOW "%s\n", dir,
                   (unsigned long long)m->plan.size, dir);
    } else {
        buf_printf(say->words,
                   "Signed for your side. Still to sign: %s.\nNext, for each of them: entente "
                   "table move %s\n",
                   missing == NULL ? "others" : missing, dir);
    }
}

bool desk_move(struct desk *d, const char *dir, bool instead, const struct desk_say *say,
               struct err *err)
{
    enum succeed_how how = instead ? SUCCEED_INSTEAD : SUCCEED_FIRST;
    struct succession_plan plan;
    struct succeed_report report;
    struct buf shown;
    if (keys_signer(d->keys, KEY_ROOT) == NULL) {
        return err_set(err, ERR_KEY,
                       "only a principal can move the table, and his key is not here") ||
               err_mend(err, "he does it at his own seat: entente table move DIR");
    }
    if (!succeed_plan(&d->replica, dir, &plan, err)) {
        return false;
    }
    buf_init(&shown, 1u << 16);
    put_move(&plan, how, dir, &shown);
    bool ok = d->who.confirm(d->who.ctx, buf_str(&shown), err) &&
              succeed_move(&d->replica, dir, how, &report, err);
    buf_free(&shown);
    if (ok) {
        tell_move(d, &report, dir, say);
    }
    return ok;
}

bool desk_moved(struct desk *d, const struct desk_say *say, struct err *err)
{
    struct replica *r = &d->replica;
    struct refiled again;
    uint32_t waiting = 0;
    if (!succeed_refile(r, REFILE_RECORD, &again, err) || !succeed_waiting(r, &waiting, err)) {
        return false;
    }
    if (say->json != NULL) {
        struct json *j = say->json;
        json_put_key(j, "moved");
        json_put_bool(j, r->moved);
        json_put_key(j, "given_up");
        json_put_u64(j, r->given_up);
        json_put_key(j, "to_file_again");
        json_put_u64(j, waiting);
        return true;
    }
    if (r->moved) {
        buf_printf(say->words, "The table goes on at a new host.");
        if (r->given_up > 0) {
            buf_printf(say->words,
                       " %llu act%s of the old one did not come along: no side had "
                       "countersigned %s.",
                       (unsigned long long)r->given_up, r->given_up == 1 ? "" : "s",
                       r->given_up == 1 ? "it" : "them");
        }
        buf_add_u8(say->words, '\n');
    }
    if (again.again > 0) {
        buf_printf(say->words, "%u of yours, about seats and witnesses, %s on the record again.\n",
                   again.again, again.again == 1 ? "is" : "are");
    }
    if (waiting > 0) {
        buf_printf(say->words,
                   "%u act%s of yours %s not on the record any more. Next: entente "
                   "refile\n",
                   waiting, waiting == 1 ? "" : "s", waiting == 1 ? "is" : "are");
    }
    return true;
}

static void tell_refiled(const struct refiled *again, const struct desk_say *say)
{
    if (say->json != NULL) {
        struct json *j = say->json;
        json_put_key(j, "again");
        json_put_u64(j, again->again);
        json_put_key(j, "left");
        json_put_u64(j, again->left);
        json_put_key(j, "why");
        json_put_str(j, again->left > 0 ? again->why.what : "");
        return;
    }
    buf_printf(say->words, "Filed again: %u.\n", again->again);
    if (again->left > 0) {
        buf_printf(say->words,
                   "Not filed: %u. The first of them: %s\nThey are kept. What answers an act that "
                   "was lost too can only be said anew, once that is there again; then: entente "
                   "refile --drop\n",
                   again->left, again->why.what);
    }
}

bool desk_refile(struct desk *d, bool drop, const struct desk_say *say, struct err *err)
{
    struct replica *r = &d->replica;
    struct refiled again = {.again = 0};
    struct buf shown;
    uint32_t waiting = 0;
    if (!desk_take(d, err) || !succeed_waiting(r, &waiting, err)) {
        return false;
    }
    if (waiting == 0) {
        if (say->json == NULL) {
            buf_add_str(say->words, "Nothing of yours waits to be filed again.\n");
        } else {
            tell_refiled(&again, say);
        }
        return true;
    }
    buf_init(&shown, 4u << 20);
    buf_add_str(&shown, drop ? "You give up for good what the old host took with it:\n"
                             : "You file again, as it stood, what the old host took with it:\n");
    bool ok = succeed_tell(r, &d->mem.mem, &shown, err) &&
              buf_done(&shown, "acts to be filed again", err) &&
              d->who.confirm(d->who.ctx, buf_str(&shown), err) &&
              (drop ? succeed_drop(r, err) : succeed_refile(r, REFILE_ALL, &again, err));
    buf_free(&shown);
    if (ok && drop && say->json == NULL) {
        buf_printf(say->words, "Given up: %u.\n", waiting);
    } else if (ok) {
        tell_refiled(&again, say);
    }
    return ok;
}
