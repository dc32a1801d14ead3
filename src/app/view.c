/* SPDX-License-Identifier: Apache-2.0
 *
 * Journey, issues, rooms: where the table stands.
 */
#include "app/view.h"

#include "app/view_priv.h"
#include "base/civil.h"

struct view view_of(struct replica *r)
{
    return (struct view){.r = r,
                         .mem = &r->scratch.mem,
                         .now = clock_now(r->clock),
                         .days = r->rehearsal,
                         .day0 = r->day0};
}

const char *view_when(const struct view *v, uint64_t seconds)
{
    char date[CIVIL_TEXT_MAX];
    civil_format(seconds, date);
    const char *s;
    if (v->days && seconds >= v->day0) {
        s = arena_printf(v->mem, "%s (day %llu)", date,
                         (unsigned long long)((seconds - v->day0) / 86400));
    } else {
        s = arena_printf(v->mem, "%s", date);
    }
    return s == NULL ? "?" : s;
}

void view_put_words(struct buf *out, const char *lead, struct text t)
{
    struct bytes rest = text_bytes(t);
    while (rest.n > 0) {
        const uint8_t *end = memchr(rest.p, '\n', rest.n);
        size_t n = end == NULL ? rest.n : (size_t)(end - rest.p);
        buf_printf(out, "%s", lead);
        buf_add(out, bytes_slice(rest, 0, n));
        buf_add_u8(out, '\n');
        rest = bytes_slice(rest, n + (end == NULL ? 0 : 1), rest.n);
    }
}

const struct table_state *view_state(const struct view *v)
{
    return fold_state(v->r->fold);
}

struct text view_seat(const struct view *v, uint32_t seat)
{
    const struct charter *told = &v->r->sides;
    const struct ring_seat *of = seat == SEAT_NONE ? NULL
                                                   : keyring_seat(door_keyring(v->r->door), seat);
    if (!view_state(v)->has_charter && of != NULL && of->side < told->side_count &&
        told->sides[of->side].name.n > 0) {
        const char *s = arena_printf(v->mem, "a seat of %.*s",
                                     TEXT_ARG(told->sides[of->side].name));
        return text_str(s == NULL ? "?" : s);
    }
    return state_seat_name(view_state(v), door_keyring(v->r->door), seat, v->mem);
}

uint64_t view_final(const struct view *v)
{
    return witness_final(door_witness(v->r->door), door_size(v->r->door));
}

static struct gate_answer gate_now(const struct view *v, uint32_t phase)
{
    struct gate_answer g;
    const struct gate_view asked = {view_state(v), door_witness(v->r->door), door_size(v->r->door),
                                    door_size(v->r->door)};
    gate_evaluate(&asked, phase, v->mem, &g);
    return g;
}

/* ---- journey ---- */

/* Sides that have not signed the charter yet: "Kestria, Velland". */
static const char *unsigned_sides(const struct view *v)
{
    const struct table_state *s = view_state(v);
    char list[512];
    struct buf b;
    buf_over(&b, list, sizeof(list));
    for (uint32_t g = 0; g < charter_groups(&s->charter); g++) {
        if (s->charter.sides[g].present && !s->signatures[g].given) {
            buf_printf(&b, "%s%.*s", b.n > 0 ? ", " : "", TEXT_ARG(s->charter.sides[g].name));
        }
    }
    const char *p = arena_printf(v->mem, "%s", buf_str(&b));
    return p == NULL ? "?" : p;
}

const struct proposal_state *view_bound(const struct table_state *s, uint32_t phase)
{
    for (uint32_t i = 0; i < s->proposal_count; i++) {
        if (s->proposals[i].phase == phase && s->proposals[i].bound_at != INDEX_NEVER) {
            return &s->proposals[i];
        }
    }
    return NULL;
}

static const char *phase_standing(const struct view *v, uint32_t i)
{
    const struct table_state *s = view_state(v);
    const char *p = NULL;
    if (!state_in_force(s)) {
        const char *who = unsigned_sides(v);
        p = i > 0            ? "locked"
            : who[0] == '\0' ? "waits until the signatures agree on who sits at the table"
                             : arena_printf(v->mem, "waits for the signature of %s", who);
    } else if (!phase_open(s, i)) {
        p = "locked: a title only";
    } else if (s->gate_opened_at[i] != INDEX_NEVER) {
        p = "done: its gate is open";
    } else if (s->charter.phases[i].condition_count == 0) {
        const struct proposal_state *bound = view_bound(s, i);
        p = bound == NULL ? "open"
                          : arena_printf(v->mem, "settled: P%u is agreed and binds", bound->number);
    } else {
        struct gate_answer g = gate_now(v, i);
        p = arena_printf(v->mem, "open: %u of %u conditions of its gate hold", g.met, g.count);
    }
    return p == NULL ? "?" : p;
}

static void put_times(const struct view *v, uint32_t i, struct buf *out)
{
    const struct table_state *s = view_state(v);
    const struct charter_phase *p = &s->charter.phases[i];
    struct moment opened = {0};
    if (phase_open(s, i)) {
        opened = witness_t(door_witness(v->r->door), s->phase_opened_at[i], door_size(v->r->door));
    }
    if (!opened.known || s->gate_opened_at[i] != INDEX_NEVER) {
        return;
    }
    if (p->wish_seconds > 0) {
        buf_printf(out, "     wish: an answer by %s; a wish binds nobody\n",
                   view_when(v, opened.seconds + p->wish_seconds));
    }
    struct deadline d = standing_deadline(s, door_witness(v->r->door), i, door_size(v->r->door));
    if (!d.none && d.known) {
        buf_printf(out, "     deadline: %s%s\n", view_when(v, d.seconds),
                   s->dates[i].moved ? " (moved by all parties)" : "");
    }
}

static void put_gate(const struct view *v, uint32_t i, struct buf *out)
{
    const struct table_state *s = view_state(v);
    const struct charter_phase *p = &s->charter.phases[i];
    if (s->gate_opened_at[i] != INDEX_NEVER) {
        return;
    }
    if (state_in_force(s) && phase_open(s, i)) {
        struct gate_answer g = gate_now(v, i);
        for (uint32_t k = 0; k < g.count; k++) {
            buf_printf(out, "     [%c] %.*s\n", g.holds[k] ? 'x' : ' ', TEXT_ARG(g.words[k]));
        }
        return;
    }
    for (uint32_t k = 0; k < p->condition_count; k++) {
        buf_printf(out, "     [ ] %.*s\n",
                   TEXT_ARG(condition_words(&s->charter, &p->conditions[k], v->mem)));
    }
}

static void put_phase(const struct view *v, uint32_t i, struct buf *out)
{
    const struct table_state *s = view_state(v);
    const struct charter_phase *p = &s->charter.phases[i];
    buf_printf(out, "\n  %u. %.*s: %s\n", i + 1, TEXT_ARG(p->id), phase_standing(v, i));
    put_gate(v, i, out);
    if (p->papers_only && state_in_force(s) && phase_open(s, i) &&
        s->gate_opened_at[i] == INDEX_NEVER) {
        buf_printf(out, "     plenary: papers only until the gate opens\n");
    }
    put_times(v, i, out);
    for (uint32_t k = 0; k < s->parked_count; k++) {
        if (s->parked[k].phase == i) {
            buf_printf(out, "     parked by %.*s: %.*s\n",
                       TEXT_ARG(state_side_name(s, s->parked[k].side)),
                       TEXT_ARG(s->parked[k].text));
        }
    }
}

uint64_t view_waiting(const struct view *v)
{
    uint64_t size = door_size(v->r->door), waiting = 0;
    for (uint64_t i = view_final(v); i < size; i++) {
        struct act a;
        struct opened_act o;
        struct err untold = {0};
        size_t mark = arena_mark(v->mem);
        if (replica_act(v->r, i, v->mem, &a, &o, &untold) && a.control != CONTROL_COUNTERSIGN) {
            waiting++;
        }
        arena_rewind(v->mem, mark);
    }
    return waiting;
}

/* Acts that not every side has yet, and whose countersignature is missing. */
static void put_countersigned(const struct view *v, struct buf *out)
{
    const struct keyring *ring = door_keyring(v->r->door);
    const struct witness_log *log = door_witness(v->r->door);
    uint64_t size = door_size(v->r->door);
    uint64_t final = view_final(v);
    uint64_t waiting = view_waiting(v);
    buf_printf(out, "\n  Record: %llu acts", (unsigned long long)size);
    if (waiting == 0) {
        buf_printf(out, ", all countersigned.\n");
        return;
    }
    buf_printf(out, "; %llu not yet countersigned by ", (unsigned long long)waiting);
    uint32_t named = 0;
    for (uint32_t side = 0; side < SIDES_MAX; side++) {
        if (keyring_naming(ring, side, size) != NULL && !witness_covers(log, side, size, size) &&
            witness_group_size(log, side, size) <= final) {
            buf_printf(out, "%s%.*s", named++ > 0 ? ", " : "",
                       TEXT_ARG(state_side_name(view_state(v), side)));
        }
    }
    buf_printf(out, "%s.\n", named == 0 ? "every side" : "");
}

/* Somebody's program comes to another state than this one from the same acts. */
static void put_alarm(const struct view *v, struct buf *out)
{
    if (v->r->alarm_first != INDEX_NEVER) {
        buf_printf(out,
                   "\n  ALARM: act %llu was made by a program that takes another state for final "
                   "than this one.\n  The record stands; compare versions of entente with its "
                   "author before you agree to anything.\n",
                   (unsigned long long)v->r->alarm_first);
    }
}

void view_missing(const struct view *v, struct buf *out)
{
    struct missing_epoch m;
    char room[ROOM_NAME_MAX];
    if (!replica_missing(v->r, &m)) {
        return;
    }
    const struct keyring *ring = door_keyring(v->r->door);
    struct text convener = state_side_name(view_state(v), keyring_found(ring)->convener_side);
    room_name(&view_state(v)->charter, m.room, room);
    buf_printf(
        out,
        "\n  MISSING: this seat was not given key %u of the room %s, which act %llu names. "
        "It does not\n  read all that was written there before it came, and may take "
        "another state for true.\n  Ask %.*s, or another seat of your own side, to share it "
        "again:\n    entente seat share %.*s\n  Then: entente sync. Where they know of no such "
        "key, that act says what is not so.\n",
        m.number, room, (unsigned long long)m.named_at, TEXT_ARG(convener), ID_SHOWN,
        id_hex(keyring_seat(ring, v->r->seat)->kid.b).s);
}

void view_journey(const struct view *v, struct buf *out)
{
    const struct table_state *s = view_state(v);
    if (!s->has_charter && v->r->seat == SEAT_NONE) {
        buf_printf(out,
                   "This seat has not been admitted yet: give your slip to whoever invited you. "
                   "Once it is admitted: entente sync\n");
        return;
    }
    if (!s->has_charter) {
        buf_printf(out, "This seat does not read the charter; \"entente moves\" shows what it is "
                        "asked.\n");
        return;
    }
    buf_printf(out, "%.*s\nGoal: %.*s\n", TEXT_ARG(s->charter.table), TEXT_ARG(s->charter.goal));
    for (uint32_t i = 0; i < s->charter.phase_count; i++) {
        put_phase(v, i, out);
    }
    view_standing(v, out);
    put_countersigned(v, out);
    put_alarm(v, out);
    view_missing(v, out);
    buf_printf(out, "\n");
    view_moves(v, out);
}

static void json_text(struct json *j, const char *key, struct text t)
{
    json_put_key(j, key);
    json_put_text(j, t);
}

static void json_u64(struct json *j, const char *key, uint64_t n)
{
    json_put_key(j, key);
    json_put_u64(j, n);
}

static void json_phase(const struct view *v, uint32_t i, struct json *j)
{
    const struct table_state *s = view_state(v);
    const struct charter_phase *p = &s->charter.phases[i];
    json_put_object(j);
    json_text(j, "id", p->id);
    json_put_key(j, "standing");
    json_put_str(j, phase_standing(v, i));
    json_put_key(j, "open");
    json_put_bool(j, phase_open(s, i));
    json_put_key(j, "gate_open");
    json_put_bool(j, s->gate_opened_at[i] != INDEX_NEVER);
    json_put_key(j, "conditions");
    json_put_array(j);
    bool live = state_in_force(s) && phase_open(s, i) && s->gate_opened_at[i] == INDEX_NEVER;
    struct gate_answer g = {0};
    if (live) {
        g = gate_now(v, i);
    }
    for (uint32_t k = 0; k < p->condition_count; k++) {
        json_put_object(j);
        json_put_key(j, "holds");
        json_put_bool(j, live ? g.holds[k] : s->gate_opened_at[i] != INDEX_NEVER);
        json_text(j, "words",
                  live ? g.words[k] : condition_words(&s->charter, &p->conditions[k], v->mem));
        json_put_end(j);
    }
    json_put_end(j);
    json_put_key(j, "parked");
    json_put_array(j);
    for (uint32_t k = 0; k < s->parked_count; k++) {
        if (s->parked[k].phase == i) {
            json_put_text(j, s->parked[k].text);
        }
    }
    json_put_end(j);
    json_put_end(j);
}

void view_missing_json(const struct view *v, struct json *j)
{
    struct missing_epoch m;
    char room[ROOM_NAME_MAX];
    if (!replica_missing(v->r, &m)) {
        return;
    }
    room_name(&view_state(v)->charter, m.room, room);
    json_put_key(j, "missing");
    json_put_object(j);
    json_put_key(j, "room");
    json_put_str(j, room);
    json_u64(j, "key", m.number);
    json_u64(j, "named_by", m.named_at);
    json_put_end(j);
}

void view_journey_json(const struct view *v, struct json *j)
{
    const struct table_state *s = view_state(v);
    json_put_key(j, "charter");
    json_put_bool(j, s->has_charter);
    json_u64(j, "acts", door_size(v->r->door));
    json_u64(j, "countersigned", view_final(v));
    if (v->r->alarm_first != INDEX_NEVER) {
        json_u64(j, "alarm", v->r->alarm_first);
    }
    view_missing_json(v, j);
    if (!s->has_charter) {
        return;
    }
    json_text(j, "table", s->charter.table);
    json_text(j, "goal", s->charter.goal);
    json_put_key(j, "in_force");
    json_put_bool(j, state_in_force(s));
    json_put_key(j, "phases");
    json_put_array(j);
    for (uint32_t i = 0; i < s->charter.phase_count; i++) {
        json_phase(v, i, j);
    }
    json_put_end(j);
    view_standing_json(v, j);
    json_put_key(j, "statements");
    json_put_array(j);
    const struct beside *b = fold_beside(v->r->fold);
    for (uint32_t i = 0; i < b->statement_count; i++) {
        json_put_object(j);
        json_text(j, "side", state_side_name(s, b->statements[i].side));
        json_text(j, "text", b->statements[i].text);
        json_put_end(j);
    }
    json_put_end(j);
    view_moves_json(v, j);
}

/* ---- rooms and issues ---- */

/* Its sides: as the invitation told them, for a seat that does not read it. */
static const struct charter *charter_of(const struct view *v)
{
    return view_state(v)->has_charter ? &view_state(v)->charter : &v->r->sides;
}

void view_rooms(const struct view *v, struct buf *out)
{
    const struct charter *c = charter_of(v);
    struct room rooms[ROOMS_MAX];
    uint32_t n = room_list(c, rooms);
    const struct keyring *ring = door_keyring(v->r->door);
    for (uint32_t i = 0; i < n; i++) {
        char name[ROOM_NAME_MAX];
        uint32_t seats[SEATS_MAX];
        if (!room_has_side(c, rooms[i], v->r->side) || v->r->seat == SEAT_NONE ||
            !room_has_seat(c, rooms[i], keyring_seat(ring, v->r->seat))) {
            continue;
        }
        room_name(c, rooms[i], name);
        buf_printf(out, "%s: read by ", name);
        uint32_t count = room_members(c, ring, rooms[i], door_size(v->r->door), seats);
        for (uint32_t k = 0; k < count; k++) {
            buf_printf(out, "%s%.*s", k > 0 ? ", " : "", TEXT_ARG(view_seat(v, seats[k])));
        }
        buf_printf(out, "\n");
    }
    if (v->r->seat == SEAT_NONE) {
        buf_printf(out, "This seat is not admitted yet.\n");
    }
}

void view_rooms_json(const struct view *v, struct json *j)
{
    const struct charter *c = charter_of(v);
    struct room rooms[ROOMS_MAX];
    uint32_t n = room_list(c, rooms);
    const struct keyring *ring = door_keyring(v->r->door);
    json_put_key(j, "rooms");
    json_put_array(j);
    for (uint32_t i = 0; i < n; i++) {
        char name[ROOM_NAME_MAX];
        uint32_t seats[SEATS_MAX];
        if (v->r->seat == SEAT_NONE ||
            !room_has_seat(c, rooms[i], keyring_seat(ring, v->r->seat))) {
            continue;
        }
        room_name(c, rooms[i], name);
        json_put_object(j);
        json_put_key(j, "name");
        json_put_str(j, name);
        json_put_key(j, "readers");
        json_put_array(j);
        uint32_t count = room_members(c, ring, rooms[i], door_size(v->r->door), seats);
        for (uint32_t k = 0; k < count; k++) {
            json_put_text(j, view_seat(v, seats[k]));
        }
        json_put_end(j);
        json_put_end(j);
    }
    json_put_end(j);
}

void view_issues(const struct view *v, struct buf *out)
{
    const struct table_state *s = view_state(v);
    for (uint32_t i = 0; s->has_charter && i < s->charter.issue_count; i++) {
        const struct issue *n = &s->charter.issues[i];
        buf_printf(out, "%.*s (phase %.*s)\n", TEXT_ARG(n->id),
                   TEXT_ARG(s->charter.phases[n->phase].id));
        for (uint32_t k = 0; k < n->option_count; k++) {
            buf_printf(out, "  %u  %.*s\n", k + 1, TEXT_ARG(n->options[k]));
        }
    }
}

void view_issues_json(const struct view *v, struct json *j)
{
    const struct table_state *s = view_state(v);
    json_put_key(j, "issues");
    json_put_array(j);
    for (uint32_t i = 0; s->has_charter && i < s->charter.issue_count; i++) {
        const struct issue *n = &s->charter.issues[i];
        json_put_object(j);
        json_text(j, "id", n->id);
        json_text(j, "phase", s->charter.phases[n->phase].id);
        json_put_key(j, "options");
        json_put_array(j);
        for (uint32_t k = 0; k < n->option_count; k++) {
            json_put_text(j, n->options[k]);
        }
        json_put_end(j);
        json_put_end(j);
    }
    json_put_end(j);
}
