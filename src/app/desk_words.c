/* SPDX-License-Identifier: Apache-2.0
 *
 * Words and papers in rooms; deeds, incidents; phases and publication.
 */
#include "app/desk_priv.h"
#include "app/view_priv.h"

#include "os/file.h"

#define NEXT_SYNC "entente sync, later, to see who has countersigned"

/* ---- words ---- */

bool desk_say_words(struct desk *d, struct text room, struct text words, const struct desk_say *say,
                    struct err *err)
{
    const struct payload p = {.kind = KIND_SAY, .room = room, .text_count = 1, .texts = &words};
    return desk_take(d, err) && desk_file(d, &p, NULL, NEXT_SYNC, say, err);
}

bool desk_document(struct desk *d, struct text room, const char *file, const struct desk_say *say,
                   struct err *err)
{
    struct payload p = {.kind = KIND_DOCUMENT,
                        .room = room,
                        .name = text_str(desk_base_name(file)),
                        .media = text_str(desk_media(file))};
    return file_read(file, BLOB_LIMIT_MOST, &d->mem.mem, &p.content, err) && desk_take(d, err) &&
           desk_file(d, &p, NULL, NEXT_SYNC, say, err);
}

/* Into its place among those who were present, ascending; once. */
static void add_present(struct payload *p, struct kid kid)
{
    uint32_t at = 0;
    while (at < p->present_count && memcmp(p->present[at].b, kid.b, sizeof(kid.b)) < 0) {
        at++;
    }
    if (at < p->present_count && ID_EQ(p->present[at], kid)) {
        return;
    }
    memmove(&p->present[at + 1], &p->present[at], (p->present_count - at) * sizeof(kid));
    p->present[at] = kid;
    p->present_count++;
}

/* Lines of a minute: what was heard there, each with its marks. */
static bool read_lines(struct desk *d, struct desk_list lines, struct payload *p, struct err *err)
{
    if (lines.count > DEBRIEF_LINES_MAX) {
        return err_set(err, ERR_LIMIT, "a minute has at most %u lines", DEBRIEF_LINES_MAX);
    }
    p->lines = ARENA_NEW(&d->mem.mem, struct debrief_line, lines.count);
    if (p->lines == NULL) {
        return err_memory(err, "a minute");
    }
    for (uint32_t i = 0; i < lines.count; i++) {
        struct debrief_line *l = &p->lines[p->line_count++];
        *l = (struct debrief_line){.heard = HEARD_SAID, .text = desk_trim(lines.items[i])};
        if (l->text.n == 0) {
            return err_set(err, ERR_USE, "a line has no words");
        }
        if (!desk_read_marks(d, l, err)) {
            return false;
        }
    }
    return true;
}

bool desk_meet(struct desk *d, struct text room, struct desk_list with, struct desk_list lines,
               struct text words, const struct desk_say *say, struct err *err)
{
    struct payload p = {.kind = KIND_MEET, .room = room, .text_count = 1, .texts = &words};
    if (with.count == 0 || with.count >= PRESENT_MAX) {
        return err_set(err, ERR_USE, "a meeting has 1 to %u others", PRESENT_MAX - 1) ||
               err_mend(err, "name them: --with NAME");
    }
    p.present = ARENA_NEW(&d->mem.mem, struct kid, PRESENT_MAX);
    if (p.present == NULL) {
        return err_memory(err, "those who were present");
    }
    if (!desk_take(d, err) || !read_lines(d, lines, &p, err)) {
        return false;
    }
    const struct keyring *ring = door_keyring(d->replica.door);
    if (d->replica.seat != SEAT_NONE) {
        add_present(&p, keyring_seat(ring, d->replica.seat)->kid);
    }
    for (uint32_t i = 0; i < with.count; i++) {
        uint32_t seat;
        if (!desk_find_seat(d, with.items[i], &seat, err)) {
            return false;
        }
        add_present(&p, keyring_seat(ring, seat)->kid);
    }
    return desk_file(d, &p, NULL, "the others confirm it: entente confirm, with this act's number",
                     say, err);
}

/* The room, and the kind, of an act that this seat can read; in the desk's memory. */
static bool room_of(struct desk *d, uint64_t index, struct text *out, uint32_t *out_kind,
                    struct err *err)
{
    struct act a;
    struct opened_act act;
    if (!replica_act(&d->replica, index, &d->mem.mem, &a, &act, err)) {
        return false;
    }
    if (!act.open || !act.how.matches) {
        return err_set(err, ERR_STATE, "act %llu is not for this seat to read",
                       (unsigned long long)index) ||
               err_mend(err, "name an act of a room where you sit: entente room NAME");
    }
    *out = act.content.header.room;
    *out_kind = act.content.header.kind;
    return true;
}

bool desk_confirm(struct desk *d, struct text name, const struct desk_say *say, struct err *err)
{
    struct payload p = {.kind = KIND_CONFIRM, .has_answers = true};
    uint64_t index;
    uint32_t kind;
    if (!desk_take(d, err) || !desk_find_act(d, name, &index, err) ||
        !room_of(d, index, &p.room, &kind, err)) {
        return false;
    }
    p.answers = door_leaf(d->replica.door, index);
    return desk_own_minute(d, &p.answers, err) && desk_file(d, &p, NULL, NEXT_SYNC, say, err);
}

bool desk_position(struct desk *d, const struct desk_position *n, const struct desk_say *say,
                   struct err *err)
{
    static const char *const levels[] = {"must", "want", "nice"};
    static const char *const marks[] = {"keep", "hint", "carry"};
    struct text words = n->words;
    struct payload p = {.kind = KIND_POSITION,
                        .text_count = 1,
                        .texts = &words,
                        .issue = n->issue,
                        .room = n->room};
    for (unsigned i = 0; i < 3; i++) {
        p.level = text_is(n->level, levels[i]) ? (enum level)(i + 1) : p.level;
        p.mark = text_is(n->mark, marks[i]) ? (enum mark)(i + 1) : p.mark;
    }
    if (p.level == 0 || p.mark == 0) {
        return err_set(err, ERR_USE, "a position says how much it matters and who may hear it") ||
               err_mend(err, "add --must, --want or --nice, and --keep, --hint or --carry");
    }
    if (!desk_take(d, err)) {
        return false;
    }
    if (!text_present(p.room) && desk_state(d)->has_charter) {
        const struct charter *c = &desk_state(d)->charter;
        bool party = d->replica.side >= 1 && d->replica.side <= c->party_count;
        char *name = ARENA_NEW(&d->mem.mem, char, ROOM_NAME_MAX);
        if (name == NULL) {
            return err_memory(err, "a room's name");
        }
        room_name(
            c,
            (struct room){party && c->sides[0].present ? ROOM_SHUTTLE : ROOM_HOME, d->replica.side},
            name);
        p.room = text_str(name);
    }
    return desk_file(d, &p, NULL, NEXT_SYNC, say, err);
}

bool desk_statement(struct desk *d, struct text room, struct text by, struct text source,
                    struct text words, const struct desk_say *say, struct err *err)
{
    struct payload p = {
        .kind = KIND_STATEMENT, .room = room, .text_count = 1, .texts = &words, .source = source};
    if (!desk_take(d, err)) {
        return false;
    }
    p.side = desk_side_id(d, by);
    return desk_file(d, &p, NULL, "nothing: a statement has no effect at the table", say, err);
}

/* ---- deeds ---- */

bool desk_promise(struct desk *d, const struct desk_promise *n, const struct desk_say *say,
                  struct err *err)
{
    struct text texts[2] = {n->what, n->how};
    struct payload p = {.kind = KIND_PROMISE,
                        .text_count = n->how.n > 0 ? 2 : 1,
                        .texts = texts,
                        .deed = n->deed,
                        .has_when = true};
    if (n->after.n > 0) {
        p.after = n->after;
    }
    if (!desk_when(d, n->by, true, &p.when, err) || !desk_take(d, err)) {
        return false;
    }
    p.room = desk_deed_room(d);
    const char *shown = arena_printf(
        &d->mem.mem,
        "A promise of your side, to be verified by others:\n  %.*s: %.*s\n  by %s\n%s%.*s%s",
        TEXT_ARG(n->deed), TEXT_ARG(n->what), view_when(&(struct view){.mem = &d->mem.mem}, p.when),
        n->how.n > 0 ? "  seen to be done: " : "", TEXT_ARG(n->how), n->how.n > 0 ? "\n" : "");
    return desk_file(d, &p, shown == NULL ? "?" : shown,
                     "entente report, when it is done: entente report DEED done", say, err);
}

static bool read_finding(struct text word, enum finding *out, struct err *err)
{
    static const char *const words[] = {"done", "partly", "not-done"};
    for (unsigned i = 0; i < COUNT_OF(words); i++) {
        if (text_is(word, words[i])) {
            *out = (enum finding)(i + 1);
            return true;
        }
    }
    return err_set(err, ERR_USE, "\"%.*s\" is not done, partly or not-done", TEXT_ARG(word));
}

bool desk_report(struct desk *d, struct text deed, struct text finding, struct desk_list evidence,
                 struct text words, const struct desk_say *say, struct err *err)
{
    struct payload p = {
        .kind = KIND_REPORT, .deed = deed, .text_count = words.n > 0 ? 1 : 0, .texts = &words};
    if (!read_finding(finding, &p.finding, err) || !desk_evidence(d, evidence, &p, err) ||
        !desk_take(d, err)) {
        return false;
    }
    p.room = desk_deed_room(d);
    return desk_file(d, &p, NULL, "wait for the verifier; keep the files that you have named", say,
                     err);
}

/* For a seat that has no charter to judge by: was this deed promised in what it could open? */
struct promises {
    struct text deed;
    bool found;
};

static bool see_promise(void *ctx, const struct view *v, uint64_t index, const struct act *a,
                        const struct ring_author *author, const struct opened_act *act)
{
    struct promises *w = ctx;
    struct payload p;
    struct err form = {0};
    (void)index;
    (void)a;
    (void)author;
    w->found = act->how.matches && act->content.header.kind == (uint32_t)KIND_PROMISE &&
               payload_from(&act->content, v->mem, &p, &form) && text_eq(p.deed, w->deed);
    return !w->found;
}

static bool must_be_promised(struct desk *d, struct text deed, struct err *err)
{
    struct promises w = {.deed = deed};
    struct view v = desk_view(d);
    if (replica_has_charter(&d->replica)) {
        return true; /* the rules say it better */
    }
    return view_each_opened(&v, see_promise, &w, err) &&
           (w.found ||
            err_set(err, ERR_USE, "nobody has promised %.*s that this seat could see",
                    TEXT_ARG(deed)) ||
            err_mend(err, "name a deed of your tasks: entente moves"));
}

bool desk_verify(struct desk *d, struct text deed, struct text finding, bool decides,
                 struct text words, const struct desk_say *say, struct err *err)
{
    struct payload p = {.kind = KIND_VERIFY,
                        .has_answers = decides,
                        .deed = deed,
                        .text_count = words.n > 0 ? 1 : 0,
                        .texts = &words};
    if (!read_finding(finding, &p.finding, err) || !desk_take(d, err) ||
        !must_be_promised(d, deed, err) ||
        (decides && !desk_find_dispute(d, deed, &p.answers, err))) {
        return false;
    }
    p.room = desk_deed_room(d);
    return desk_file(d, &p, NULL, "entente moves, for what else is asked of you", say, err);
}

bool desk_lapse(struct desk *d, struct text deed, const struct desk_say *say, struct err *err)
{
    struct payload p = {.kind = KIND_LAPSE, .deed = deed};
    if (!desk_take(d, err)) {
        return false;
    }
    p.room = desk_deed_room(d);
    return desk_file(d, &p, NULL, "entente ledger", say, err);
}

/* ---- incidents ---- */

bool desk_incident(struct desk *d, const struct desk_incident *n, const struct desk_say *say,
                   struct err *err)
{
    struct text words = n->words;
    struct payload p = {.kind = KIND_INCIDENT, .text_count = 1, .texts = &words, .has_when = true};
    if (!desk_when(d, n->when, false, &p.when, err) || !desk_evidence(d, n->evidence, &p, err) ||
        !desk_take(d, err) || !desk_find_refs(d, n->cited, &p, err)) {
        return false;
    }
    if (n->by.n > 0) {
        p.side = desk_side_id(d, n->by);
    }
    p.room = desk_deed_room(d);
    return desk_file(d, &p, NULL, "wait until it is assessed: entente ledger", say, err);
}

static bool find_incident(struct desk *d, struct text name, struct leaf_hash *out, struct err *err)
{
    const struct table_state *s = desk_state(d);
    uint64_t n = 0;
    bool lettered = name.n > 1 && (name.p[0] == 'I' || name.p[0] == 'i') &&
                    u64_parse((struct text){.p = name.p + 1, .n = name.n - 1}, &n);
    for (uint32_t i = 0; lettered && s->has_charter && i < s->incident_count; i++) {
        if (s->incidents[i].number == n) {
            *out = s->incidents[i].leaf;
            return true;
        }
    }
    if (lettered) {
        return err_set(err, ERR_USE, "there is no incident %.*s that this seat could name",
                       TEXT_ARG(name)) ||
               err_mend(err, "name it by its act's number: entente moves, or entente ledger");
    }
    uint64_t index;
    struct text room;
    uint32_t kind = 0;
    if (!desk_find_act(d, name, &index, err) || !room_of(d, index, &room, &kind, err)) {
        return false;
    }
    if (kind != (uint32_t)KIND_INCIDENT) {
        return err_set(err, ERR_USE, "act %.*s is no incident", TEXT_ARG(name)) ||
               err_mend(err, "name it by its act's number: entente moves, or entente ledger");
    }
    *out = door_leaf(d->replica.door, index);
    return true;
}

bool desk_assess(struct desk *d, struct text incident, struct text verdict, struct text by,
                 struct text when, bool serious, struct text words, const struct desk_say *say,
                 struct err *err)
{
    struct payload p = {.kind = KIND_ASSESS,
                        .severity = serious ? SEVERITY_SERIOUS : (enum severity)0,
                        .has_answers = true,
                        .text_count = words.n > 0 ? 1 : 0,
                        .texts = &words,
                        .verdict = text_is(verdict, "verified")       ? VERDICT_VERIFIED
                                   : text_is(verdict, "not-verified") ? VERDICT_NOT_VERIFIED
                                                                      : (enum verdict)0};
    if (p.verdict == 0) {
        return err_set(err, ERR_USE, "\"%.*s\" is not verified or not-verified", TEXT_ARG(verdict));
    }
    p.has_when = when.n > 0;
    if ((p.has_when && !desk_when(d, when, false, &p.when, err)) || !desk_take(d, err) ||
        !find_incident(d, incident, &p.answers, err)) {
        return false;
    }
    if (by.n > 0) {
        p.side = desk_side_id(d, by);
    }
    p.room = desk_deed_room(d);
    return desk_file(d, &p, NULL, "entente moves, for what else is asked of you", say, err);
}

/* ---- phases, publication ---- */

bool desk_open_gate(struct desk *d, struct text phase, const struct desk_say *say, struct err *err)
{
    const struct payload p = {.kind = KIND_GATE, .room = text_str("plenary"), .phase = phase};
    const char *shown = arena_printf(&d->mem.mem,
                                     "Gate %.*s opens, for every side alike.\nWhat is open stays "
                                     "open: nothing that happens later closes it.\n",
                                     TEXT_ARG(phase));
    return desk_take(d, err) &&
           desk_file(d, &p, shown == NULL ? "?" : shown, "entente journey", say, err);
}

bool desk_park(struct desk *d, struct text phase, struct text title, const struct desk_say *say,
               struct err *err)
{
    const struct payload p = {.kind = KIND_PARK,
                              .room = text_str("plenary"),
                              .text_count = 1,
                              .texts = &title,
                              .phase = phase};
    return desk_take(d, err) && desk_file(d, &p, NULL, "entente journey", say, err);
}

/* The acts in words, as far as this seat reads them. */
static bool show_acts(struct desk *d, struct desk_list acts, struct buf *out, struct err *err)
{
    struct view v = desk_view(d);
    for (uint32_t i = 0; i < acts.count; i++) {
        uint64_t index;
        struct act a;
        struct opened_act act;
        struct ring_author author;
        if (!desk_find_act(d, acts.items[i], &index, err) ||
            !replica_act(&d->replica, index, v.mem, &a, &act, err) ||
            !keyring_author(door_keyring(d->replica.door), index, &a.kid, &author, err)) {
            return false;
        }
        buf_printf(out, "  act %llu: ", (unsigned long long)index);
        view_act_words(&v, &author, &act, out);
        buf_printf(out, "\n");
    }
    return true;
}

bool desk_consent(struct desk *d, struct desk_list acts, const struct desk_say *say,
                  struct err *err)
{
    struct payload p = {.kind = KIND_CONSENT, .room = text_str("plenary")};
    struct buf shown;
    buf_init(&shown, 1u << 20);
    buf_add_str(&shown, "Your side consents that these acts may be published, for anybody to "
                        "read:\n");
    bool ok = desk_take(d, err) && desk_has_charter(d, err) && desk_find_refs(d, acts, &p, err) &&
              show_acts(d, acts, &shown, err) &&
              desk_file(d, &p, buf_str(&shown), "entente publish, once every side has consented",
                        say, err);
    buf_free(&shown);
    return ok;
}
