/* SPDX-License-Identifier: Apache-2.0
 *
 * Seats and mandates: who sits at the table, and who may do what.
 */
#include "app/join.h"
#include "app/view_priv.h"

static const struct {
    enum power power;
    const char *word;
} powers[] = {
    {POWER_SPEAK, "speak"},
    {POWER_PROPOSE, "propose"},
    {POWER_ACCEPT_AD_REFERENDUM, "accept ad referendum"},
    {POWER_ACCEPT_BINDING, "accept, binding"},
    {POWER_SOUND, "sound"},
    {POWER_DISCLOSE, "disclose"},
};

const char *view_powers(uint32_t have, struct arena *mem)
{
    char list[160];
    struct buf b;
    buf_over(&b, list, sizeof(list));
    for (size_t i = 0; i < COUNT_OF(powers); i++) {
        if ((have & (uint32_t)powers[i].power) != 0) {
            buf_printf(&b, "%s%s", b.n > 0 ? ", " : "", powers[i].word);
        }
    }
    const char *s = arena_printf(mem, "%s", b.n == 0 ? "nothing" : buf_str(&b));
    return s == NULL ? "?" : s;
}

/* ---- seats ---- */

static const struct keyring *ring_of(const struct view *v)
{
    return door_keyring(v->r->door);
}

static struct text side_words(const struct view *v, uint32_t side)
{
    if (view_state(v)->has_charter) {
        return state_side_name(view_state(v), side);
    }
    struct text id, name;
    struct err untold = {0};
    return join_who(v->r, side, v->mem, &id, &name, &untold) ? name : text_str("a side");
}

static struct text title_of(const struct view *v, const struct ring_seat *s)
{
    const struct table_state *t = view_state(v);
    bool known = t->has_charter && s->side < t->charter.side_count &&
                 s->keys.post < t->charter.sides[s->side].seat_count;
    return known ? t->charter.sides[s->side].seats[s->keys.post] : text_str("");
}

static struct text name_of(const struct view *v, uint32_t seat)
{
    struct text n = view_state(v)->names[seat];
    return text_present(n) ? n : text_str("");
}

/* What was read aloud: of a side's first seat the root's that it came with, of the others their own. */
static const struct kid *fingerprint(const struct view *v, const struct ring_seat *s)
{
    const struct ring_root *root = keyring_root(ring_of(v), s->side, s->admitted_at + 1);
    return s->keys.post == 0 && root != NULL ? &root->kid : &s->kid;
}

void view_seats(const struct view *v, struct buf *out)
{
    uint64_t size = door_size(v->r->door);
    uint32_t n = keyring_seats(ring_of(v), size);
    const struct table_state *t = view_state(v);
    for (uint32_t i = 0; i < n; i++) {
        const struct ring_seat *s = keyring_seat(ring_of(v), i);
        struct text title = title_of(v, s), name = name_of(v, i);
        bool left = state_in_force(t) && s->side < charter_groups(&t->charter) &&
                    standing_left(&t->standing, s->side);
        buf_printf(out, "%.*s · %.*s%s%.*s · %s%s%s%s\n", TEXT_ARG(side_words(v, s->side)),
                   TEXT_ARG(title), title.n > 0 && name.n > 0 ? " " : "", TEXT_ARG(name),
                   id_spoken(fingerprint(v, s)->b).s, ring_seat_active(s, size) ? "" : " · revoked",
                   left ? " · has left the table" : "", i == v->r->seat ? " · this seat" : "");
    }
    for (uint32_t i = 0; t->has_charter && i < t->charter.side_count; i++) {
        if (t->charter.sides[i].present &&
            keyring_side(ring_of(v), i)->admitted_at == INDEX_NEVER) {
            buf_printf(out, "%.*s · has not joined\n", TEXT_ARG(side_words(v, i)));
        }
    }
    if (v->r->seat == SEAT_NONE) {
        buf_printf(out, "This seat is not admitted yet.\n");
    }
}

void view_seats_json(const struct view *v, struct json *j)
{
    uint64_t size = door_size(v->r->door);
    uint32_t n = keyring_seats(ring_of(v), size);
    json_put_key(j, "seats");
    json_put_array(j);
    for (uint32_t i = 0; i < n; i++) {
        const struct ring_seat *s = keyring_seat(ring_of(v), i);
        json_put_object(j);
        json_put_key(j, "side");
        json_put_text(j, side_words(v, s->side));
        json_put_key(j, "post");
        json_put_u64(j, s->keys.post);
        json_put_key(j, "title");
        json_put_text(j, title_of(v, s));
        json_put_key(j, "name");
        json_put_text(j, name_of(v, i));
        json_put_key(j, "fingerprint");
        json_put_hex(j, ID_BYTES(*fingerprint(v, s)));
        json_put_key(j, "active");
        json_put_bool(j, ring_seat_active(s, size));
        json_put_key(j, "this");
        json_put_bool(j, i == v->r->seat);
        json_put_end(j);
    }
    json_put_end(j);
}

/* ---- mandates ---- */

static const char *standing(const struct view *v, const struct mandate_state *m)
{
    if (m->revoked_at != INDEX_NEVER) {
        return "revoked";
    }
    if (!ring_seat_active(keyring_seat(ring_of(v), m->seat), door_size(v->r->door))) {
        return "its seat was revoked";
    }
    return v->now > m->expires ? "expired" : "in force";
}

static void put_issues(const struct view *v, const struct mandate_state *m, struct buf *out)
{
    const struct charter *c = &view_state(v)->charter;
    uint32_t n = 0;
    if (m->all_issues) {
        buf_printf(out, "all issues");
        return;
    }
    for (uint32_t i = 0; i < c->issue_count; i++) {
        if ((m->issues[i / 8] & (1u << (i % 8))) != 0) {
            buf_printf(out, "%s%.*s", n++ > 0 ? ", " : "", TEXT_ARG(c->issues[i].id));
        }
    }
    buf_printf(out, "%s", n == 0 ? "no issue" : "");
}

void view_mandates(const struct view *v, struct buf *out)
{
    const struct table_state *s = view_state(v);
    if (s->mandate_count == 0) {
        buf_printf(out, "No mandate has been filed yet.\n");
    }
    for (uint32_t i = 0; i < s->mandate_count; i++) {
        const struct mandate_state *m = &s->mandates[i];
        buf_printf(out, "M%u · %.*s · %.*s: %s\n    %s; ", i + 1,
                   TEXT_ARG(state_side_name(s, m->side)), TEXT_ARG(view_seat(v, m->seat)),
                   standing(v, m), view_powers(m->powers, v->mem));
        put_issues(v, m, out);
        buf_printf(out, "; until %s%s\n", view_when(v, m->expires),
                   m->has_commit ? "; private limits inside, sealed" : "");
    }
}

void view_mandates_json(const struct view *v, struct json *j)
{
    const struct table_state *s = view_state(v);
    json_put_key(j, "mandates");
    json_put_array(j);
    for (uint32_t i = 0; i < s->mandate_count; i++) {
        const struct mandate_state *m = &s->mandates[i];
        json_put_object(j);
        json_put_key(j, "number");
        json_put_u64(j, i + 1);
        json_put_key(j, "id");
        json_put_hex(j, ID_BYTES(m->id));
        json_put_key(j, "side");
        json_put_text(j, state_side_name(s, m->side));
        json_put_key(j, "seat");
        json_put_text(j, view_seat(v, m->seat));
        json_put_key(j, "standing");
        json_put_str(j, standing(v, m));
        json_put_key(j, "powers");
        json_put_array(j);
        for (size_t k = 0; k < COUNT_OF(powers); k++) {
            if ((m->powers & (uint32_t)powers[k].power) != 0) {
                json_put_str(j, powers[k].word);
            }
        }
        json_put_end(j);
        json_put_key(j, "issues");
        json_put_array(j);
        for (uint32_t k = 0; k < s->charter.issue_count; k++) {
            if (m->all_issues || (m->issues[k / 8] & (1u << (k % 8))) != 0) {
                json_put_text(j, s->charter.issues[k].id);
            }
        }
        json_put_end(j);
        json_put_key(j, "until");
        json_put_u64(j, m->expires);
        json_put_key(j, "limits");
        json_put_bool(j, m->has_commit);
        json_put_end(j);
    }
    json_put_end(j);
}
