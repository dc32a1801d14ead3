/* SPDX-License-Identifier: Apache-2.0
 *
 * Seats that go, and sides that come and go.
 */
#include "app/desk_priv.h"
#include "app/office.h"
#include "app/view_dates.h"
#include "formats/ical.h"

/* ---- a lost device, a replaced envoy ---- */

static bool may_revoke(struct desk *d, uint32_t seat, struct err *err)
{
    const struct ring_seat *s = keyring_seat(door_keyring(d->replica.door), seat);
    struct text side = state_side_name(desk_state(d), s->side);
    if (s->side != d->replica.side) {
        return err_set(err, ERR_USE, "only %.*s revokes a seat of %.*s", TEXT_ARG(side),
                       TEXT_ARG(side)) ||
               err_mend(err, "ask its principal to do it");
    }
    if (keys_signer(d->keys, KEY_ROOT) == NULL) {
        return err_set(err, ERR_KEY,
                       "only the principal of %.*s can revoke a seat, and his key is not here",
                       TEXT_ARG(side)) ||
               err_mend(err, "he does it at his own seat: entente seat revoke SEAT");
    }
    return true;
}

/* What goes with the seat, and what stands. */
static void put_revocation(struct desk *d, uint32_t seat, struct buf *out)
{
    struct view v = desk_view(d);
    const struct table_state *s = desk_state(d);
    const struct keyring *ring = door_keyring(d->replica.door);
    const struct ring_seat *r = keyring_seat(ring, seat);
    uint32_t mandates = 0;
    buf_printf(out, "You end the seat of %.*s, whose own key begins with %s.\n",
               TEXT_ARG(state_seat_name(s, ring, seat, v.mem)), id_spoken(r->kid.b).s);
    buf_add_str(out,
                "  What it has filed stands: proposals, answers and promises are your side's.\n"
                "  From now on nothing that it signs is taken, and the host shows it nothing "
                "new.\n");
    for (uint32_t i = 0; i < s->mandate_count; i++) {
        const struct mandate_state *m = &s->mandates[i];
        if (m->seat == seat && m->revoked_at == INDEX_NEVER && m->expires > v.now) {
            buf_printf(out, "%s M%u", mandates++ == 0 ? "  With it ends mandate" : ",", i + 1);
        }
    }
    buf_add_str(out, mandates > 0 ? ".\n" : "");
    if (office_is_witness(&d->replica, seat)) {
        buf_add_str(out, seat == d->replica.seat
                             ? "  It countersigns for your side: until another seat of yours is "
                               "named, your side countersigns nothing.\n"
                             : "  It countersigns for your side: from now on others of yours do, "
                               "or this seat.\n");
    }
    buf_add_str(out,
                "  The rooms where it sat get fresh keys. What it has read it may have kept.\n");
}

#define NEXT_REVOKED "entente seat invite SIDE --post TITLE, for whoever comes in its place"

bool desk_revoke_seat(struct desk *d, struct text name, const struct desk_say *say, struct err *err)
{
    uint32_t seat;
    struct buf shown;
    if (!desk_take(d, err) || !desk_find_seat(d, name, &seat, err) || !may_revoke(d, seat, err)) {
        return false;
    }
    struct text who = state_seat_name(desk_state(d), door_keyring(d->replica.door), seat,
                                      &d->mem.mem);
    /* Of the state, which the acts that follow may have made anew. */
    const char *kept = arena_printf(&d->mem.mem, "%.*s", TEXT_ARG(who));
    struct id_hex kid = id_hex(keyring_seat(door_keyring(d->replica.door), seat)->kid.b);
    buf_init(&shown, 1u << 20);
    put_revocation(d, seat, &shown);
    bool ok = d->who.confirm(d->who.ctx, buf_str(&shown), err) &&
              office_revoke(&d->replica, seat, err);
    buf_free(&shown);
    if (!ok) {
        return false;
    }
    if (say->json != NULL) {
        json_put_key(say->json, "seat");
        json_put_str(say->json, kept == NULL ? "?" : kept);
        json_put_key(say->json, "key");
        json_put_str(say->json, kid.s);
        json_put_key(say->json, "next");
        json_put_str(say->json, NEXT_REVOKED);
    } else {
        buf_printf(say->words, "Revoked: %s. What it has filed stands.\nNext: %s\n",
                   kept == NULL ? "?" : kept, NEXT_REVOKED);
    }
    return true;
}

/* ---- going on without a side ---- */

bool desk_proceed(struct desk *d, struct text name, const struct desk_say *say, struct err *err)
{
    if (!desk_take(d, err) || !desk_has_charter(d, err)) {
        return false;
    }
    const struct charter *c = &desk_state(d)->charter;
    uint32_t side = charter_find_side(c, desk_side_id(d, name));
    if (side >= charter_groups(c) || side == d->replica.side) {
        return err_set(err, ERR_USE, "%.*s is no other side that countersigns", TEXT_ARG(name)) ||
               err_mend(err, "name a party or the mediation: entente table show");
    }
    struct arena *mem = &d->mem.mem;
    const char *who = arena_printf(mem, "%.*s", TEXT_ARG(c->sides[side].name));
    const char *shown = arena_printf(
        mem,
        "You put on the record that it goes on without %s.\n"
        "  Until it countersigns again, nothing waits for its countersignature.\n"
        "  Its silence is no consent: no step that only it can take is presumed.\n",
        who);
    if (mem->failed) {
        return err_memory(err, "the answer");
    }
    if (!d->who.confirm(d->who.ctx, shown, err) || !office_proceed(&d->replica, side, err)) {
        return false;
    }
    const char *next = "entente journey";
    if (say->json != NULL) {
        json_put_key(say->json, "without");
        json_put_str(say->json, who);
        json_put_key(say->json, "next");
        json_put_str(say->json, next);
    } else {
        buf_printf(say->words,
                   "The record goes on without %s until it countersigns again.\nNext: %s\n", who,
                   next);
    }
    return true;
}

/* ---- at the table, or not ---- */

static struct payload bare(enum act_kind kind, struct text *reason)
{
    struct payload p = {.kind = kind, .room = text_str("plenary")};
    if (reason->n > 0) {
        p.text_count = 1;
        p.texts = reason;
    }
    return p;
}

static bool file_bare(struct desk *d, enum act_kind kind, struct text reason, const char *shown,
                      const char *next, const struct desk_say *say, struct err *err)
{
    struct payload p = bare(kind, &reason);
    return desk_take(d, err) && desk_has_charter(d, err) && desk_file(d, &p, shown, next, say, err);
}

bool desk_leave(struct desk *d, struct text reason, const struct desk_say *say, struct err *err)
{
    return file_bare(d, KIND_LEAVE, reason,
                     "Your side leaves the table.\n"
                     "  What it has promised and agreed for good stays owed.\n"
                     "  What it has accepted, and is not complete yet, is taken back.\n"
                     "  No condition stops asking for your side; with fewer than two parties the "
                     "table rests.\n"
                     "  You may return as long as the others have not concluded it.\n",
                     "entente return, when you do", say, err);
}

bool desk_return(struct desk *d, struct text reason, const struct desk_say *say, struct err *err)
{
    return file_bare(d, KIND_RETURN, reason,
                     "Your side returns to the table. What it had accepted and taken back it "
                     "answers anew.\n",
                     "entente journey", say, err);
}

bool desk_conclude(struct desk *d, struct text reason, const struct desk_say *say, struct err *err)
{
    return file_bare(d, KIND_CONCLUDE, reason,
                     "You are for concluding the table. Once every party at the table is, nothing "
                     "new is agreed here; what is agreed and promised stands.\n",
                     "entente journey; to take it back: entente resume", say, err);
}

bool desk_resume(struct desk *d, struct text reason, const struct desk_say *say, struct err *err)
{
    return file_bare(d, KIND_RESUME, reason, NULL, "entente journey", say, err);
}

/* The act that shows a violation: of an incident itself, of a deed its promise that lapsed or what
 * was found. */
static bool find_cause(struct desk *d, struct text name, struct leaf_hash *out, struct err *err)
{
    const struct table_state *s = desk_state(d);
    uint64_t n = 0;
    bool lettered = name.n > 1 && (name.p[0] == 'I' || name.p[0] == 'i') &&
                    u64_parse((struct text){.p = name.p + 1, .n = name.n - 1}, &n);
    for (uint32_t i = 0; lettered && i < s->incident_count; i++) {
        if (s->incidents[i].number == n) {
            *out = s->incidents[i].leaf;
            return true;
        }
    }
    uint32_t deed = charter_find_deed(&s->charter, name);
    if (deed != CHARTER_NONE && s->deeds[deed].promised) {
        const struct deed_state *t = &s->deeds[deed];
        *out = t->verified != 0 && t->verified != FINDING_DONE ? t->verification : t->promise;
        return true;
    }
    return err_set(err, ERR_USE, "there is no incident or promised deed %.*s", TEXT_ARG(name)) ||
           err_mend(err, "name one as I1 or by the deed's id: entente ledger");
}

/* An hour that others are to ask for, too: as it is shown, to the minute. */
static bool whole_minute(struct desk *d, struct text t, uint64_t *out, struct err *err)
{
    if (!desk_when(d, t, true, out, err)) {
        return false;
    }
    *out -= *out % 60;
    return true;
}

bool desk_suspend(struct desk *d, struct text cause, struct text until, struct text reason,
                  const struct desk_say *say, struct err *err)
{
    struct leaf_hash leaf;
    struct payload p = bare(KIND_SUSPEND, &reason);
    if (!desk_take(d, err) || !desk_has_charter(d, err)) {
        return false;
    }
    if (cause.n > 0) {
        if (!find_cause(d, cause, &leaf, err)) {
            return false;
        }
        p.ref_count = 1;
        p.refs = &leaf;
    }
    p.has_when = until.n > 0;
    if (p.has_when && !whole_minute(d, until, &p.when, err)) {
        return false;
    }
    const char *shown =
        cause.n > 0
            ? "You suspend agreeing, alone, for a week at most: nothing is accepted, ratified or "
              "opened. All else goes on. This violation cannot be named for it again.\n"
            : "You are for suspending agreeing. Once every party at the table is, nothing is "
              "accepted, ratified or opened until one of them resumes.\n";
    return desk_file(d, &p, shown, "entente journey; to end it: entente resume", say, err);
}

/* ---- dates ---- */

bool desk_date(struct desk *d, struct text kind, struct text phase, struct text when,
               struct text reason, const struct desk_say *say, struct err *err)
{
    static const char *const words[] = {"wish", "review", "deadline"};
    struct payload p = bare(KIND_DATE, &reason);
    for (uint32_t i = 0; i < COUNT_OF(words); i++) {
        if (text_is(kind, words[i])) {
            p.date = (enum date_kind)(i + 1);
        }
    }
    if (p.date == 0) {
        return err_set(err, ERR_USE, "there is no date of the kind %.*s", TEXT_ARG(kind)) ||
               err_mend(err, "say wish, review or deadline");
    }
    p.phase = phase;
    p.has_when = !text_is(when, "none");
    if (!desk_take(d, err) || !desk_has_charter(d, err) ||
        (p.has_when && !whole_minute(d, when, &p.when, err))) {
        return false;
    }
    struct view v = desk_view(d);
    const char *shown = NULL;
    if (p.date == DATE_DEADLINE) {
        shown = arena_printf(&d->mem.mem,
                             "You are for this deadline of phase %.*s: %s.\n"
                             "It binds once every party at the table is for the same, and all of "
                             "it is countersigned; until then the present one holds.\n",
                             TEXT_ARG(phase), p.has_when ? view_when(&v, p.when) : "none");
        if (shown == NULL) {
            return err_memory(err, "the answer");
        }
    }
    return desk_file(d, &p, shown, "entente dates", say, err);
}

bool desk_dates(struct desk *d, const struct desk_say *say, struct err *err)
{
    struct view v = desk_view(d);
    if (!desk_has_charter(d, err)) {
        return false;
    }
    if (say->json != NULL) {
        view_dates_json(&v, say->json);
    } else {
        view_dates(&v, say->words);
    }
    return true;
}

bool desk_calendar(struct desk *d, struct buf *out, const struct desk_say *say, struct err *err)
{
    static const char *const categories[] = {"WISH", "REVIEW", "DEADLINE"};
    struct view v = desk_view(d);
    uint32_t n, count = 0;
    if (!desk_has_charter(d, err)) {
        return false;
    }
    const struct dated *dates = view_dated(&v, &n);
    struct ical_event *events = ARENA_NEW(&d->mem.mem, struct ical_event, n);
    struct text table = desk_state(d)->charter.table;
    for (uint32_t i = 0; events != NULL && i < n; i++) {
        if (dates[i].ours) {
            const char *uid = arena_printf(&d->mem.mem, "%s@%s.entente", dates[i].uid,
                                           id_hex(d->replica.table.b).s);
            events[count++] = (struct ical_event){.uid = uid,
                                                  .when = dates[i].when,
                                                  .category = categories[dates[i].kind],
                                                  .summary = text_str(dates[i].words),
                                                  .about = table};
        }
    }
    if (d->mem.mem.failed) {
        return err_memory(err, "the calendar");
    }
    if (!ical_write(table, v.now, events, count, out, err)) {
        return false;
    }
    if (say->json != NULL) {
        json_put_key(say->json, "events");
        json_put_u64(say->json, count);
    } else {
        buf_printf(say->words, "%u date%s of this table that concern%s this seat.\n", count,
                   count == 1 ? "" : "s", count == 1 ? "s" : "");
    }
    return true;
}
