/* SPDX-License-Identifier: Apache-2.0
 *
 * A charter in full, as it is signed.
 */
#include "app/view_priv.h"
#include "base/civil.h"

static const char *const role_words[] = {"mediates", "party", "monitors", "consulted"};
static const char *const role_ids[] = {"mediation", "party", "monitor", "consulted"};

static const char *span(uint64_t seconds, struct arena *mem)
{
    char text[CIVIL_TEXT_MAX];
    duration_format(seconds, text);
    const char *s = arena_printf(mem, "%s", text);
    return s == NULL ? "?" : s;
}

static void put_sides(const struct charter *c, struct buf *out)
{
    buf_printf(out, "Sides\n");
    for (uint32_t i = 0; i < c->side_count; i++) {
        const struct charter_side *s = &c->sides[i];
        if (!s->present) {
            continue;
        }
        buf_printf(out, "  %.*s (%.*s), %s:", TEXT_ARG(s->name), TEXT_ARG(s->id),
                   role_words[s->role]);
        for (uint32_t k = 0; k < s->seat_count; k++) {
            buf_printf(out, "%s %.*s", k > 0 ? "," : "", TEXT_ARG(s->seats[k]));
        }
        if (s->successors_needed > 0) {
            buf_printf(out, "; %u of %u successor keys replace a lost one", s->successors_needed,
                       s->successor_count);
        }
        buf_printf(out, "\n");
    }
}

static void put_phases(const struct charter *c, struct arena *mem, struct buf *out)
{
    buf_printf(out, "Phases\n");
    for (uint32_t i = 0; i < c->phase_count; i++) {
        const struct charter_phase *p = &c->phases[i];
        buf_printf(out, "  %u. %.*s%s", i + 1, TEXT_ARG(p->id),
                   p->papers_only ? "; the plenary takes papers only until its gate opens" : "");
        if (p->wish_seconds > 0) {
            buf_printf(out, "; wish %s", span(p->wish_seconds, mem));
        }
        if (p->deadline_seconds > 0) {
            buf_printf(out, "; deadline %s", span(p->deadline_seconds, mem));
        }
        buf_printf(out, "\n");
        for (uint32_t k = 0; k < p->condition_count; k++) {
            buf_printf(out, "     gate: %.*s\n",
                       TEXT_ARG(condition_words(c, &p->conditions[k], mem)));
        }
    }
}

static void put_subjects(const struct charter *c, struct buf *out)
{
    buf_printf(out, "Issues\n");
    for (uint32_t i = 0; i < c->issue_count; i++) {
        const struct issue *n = &c->issues[i];
        buf_printf(out, "  %.*s (%.*s):", TEXT_ARG(n->id), TEXT_ARG(c->phases[n->phase].id));
        for (uint32_t k = 0; k < n->option_count; k++) {
            buf_printf(out, "%s %.*s", k > 0 ? " |" : "", TEXT_ARG(n->options[k]));
        }
        buf_printf(out, "\n");
    }
    buf_printf(out, "%s", c->deed_count > 0 ? "Deeds\n" : "");
    for (uint32_t i = 0; i < c->deed_count; i++) {
        const struct charter_deed *d = &c->deeds[i];
        buf_printf(out, "  %.*s, by %.*s, verified by %.*s\n", TEXT_ARG(d->id),
                   TEXT_ARG(c->sides[d->by].name),
                   TEXT_ARG(d->verifier == CHARTER_NONE ? text_str("the other parties")
                                                        : c->sides[d->verifier].name));
    }
    buf_printf(out, "%s", c->lever_count > 0 ? "Levers\n" : "");
    for (uint32_t i = 0; i < c->lever_count; i++) {
        const struct charter_lever *l = &c->levers[i];
        buf_printf(out, "  %.*s, held by %.*s", TEXT_ARG(l->id),
                   TEXT_ARG(c->sides[l->holder].name));
        if (l->touches != CHARTER_NONE) {
            buf_printf(out, ", touches %.*s", TEXT_ARG(c->sides[l->touches].name));
        }
        if (l->permitted_when_failed != CHARTER_NONE) {
            buf_printf(out, ", permitted when %.*s failed",
                       TEXT_ARG(c->deeds[l->permitted_when_failed].id));
        }
        for (uint32_t k = 0; k < l->ask_count; k++) {
            buf_printf(out, "%s %.*s", k == 0 ? ", after asking" : ",",
                       TEXT_ARG(c->sides[l->ask[k]].name));
        }
        buf_printf(out, "\n");
    }
}

static const char *decision_words(const struct charter *c, struct arena *mem)
{
    char veto[512];
    struct buf b;
    buf_over(&b, veto, sizeof(veto));
    if (c->decision == DECISION_UNANIMITY) {
        return "every party accepts";
    }
    if (c->decision == DECISION_CONSENSUS) {
        return "two parties at least accept, and no other objects within the silence";
    }
    for (uint32_t g = 1; g <= c->party_count; g++) {
        if ((c->veto & (1u << g)) != 0 && b.n + c->sides[g].name.n + 16 < sizeof(veto)) {
            buf_printf(&b, "%s%.*s", b.n > 0 ? ", " : ", among them ", TEXT_ARG(c->sides[g].name));
        }
    }
    const char *words = arena_printf(mem, "%u of %u parties accept%s", c->decision_needed,
                                     c->party_count, b.n == 0 ? "" : buf_str(&b));
    return words == NULL ? "?" : words;
}

void view_earlier(const struct charter *c, struct buf *out)
{
    if (c->earlier.size > 0) {
        buf_printf(out, "Follows table %s, its first %llu acts (root %s)\n",
                   id_hex(c->earlier.table.b).s, (unsigned long long)c->earlier.size,
                   id_hex(c->earlier.root.b).s);
    }
}

void view_earlier_json(const struct charter *c, struct json *j)
{
    if (c->earlier.size == 0) {
        return;
    }
    json_put_key(j, "earlier");
    json_put_object(j);
    json_put_key(j, "table");
    json_put_hex(j, ID_BYTES(c->earlier.table));
    json_put_key(j, "acts");
    json_put_u64(j, c->earlier.size);
    json_put_key(j, "root");
    json_put_hex(j, ID_BYTES(c->earlier.root));
    json_put_end(j);
}

void view_charter(const struct charter *c, struct arena *mem, struct buf *out)
{
    buf_printf(out, "%.*s\nGoal: %.*s\n", TEXT_ARG(c->table), TEXT_ARG(c->goal));
    view_earlier(c, out);
    put_sides(c, out);
    buf_printf(out, "Procedure\n  agreed at the table is what %s; bound is who has ratified\n",
               decision_words(c, mem));
    buf_printf(out, "  silence %s; grace %s; ", span(c->silence_seconds, mem),
               span(c->grace_seconds, mem));
    buf_printf(out, "publication %s\n",
               c->publication == PUBLICATION_NEVER ? "never" : "on agreement");
    if (c->arbiter != CHARTER_NONE) {
        buf_printf(out, "  disputes about deeds are decided by %.*s\n",
                   TEXT_ARG(c->sides[c->arbiter].name));
    }
    put_phases(c, mem, out);
    put_subjects(c, out);
    if (c->monitor_count > 0) { /* who would assess incidents */
        buf_printf(out, "Tension: minor %u, serious %u, half of it gone after %s\n",
                   c->weight_minor, c->weight_serious, span(c->half_life_seconds, mem));
    }
}

/* ---- JSON ---- */

static void json_kv(struct json *j, const char *key, struct text t)
{
    json_put_key(j, key);
    json_put_text(j, t);
}

static void json_n(struct json *j, const char *key, uint64_t n)
{
    json_put_key(j, key);
    json_put_u64(j, n);
}

static void json_list(struct json *j, const char *key)
{
    json_put_key(j, key);
    json_put_array(j);
}

static void json_sides(const struct charter *c, struct json *j)
{
    json_list(j, "sides");
    for (uint32_t i = 0; i < c->side_count; i++) {
        const struct charter_side *s = &c->sides[i];
        if (!s->present) {
            continue;
        }
        json_put_object(j);
        json_kv(j, "id", s->id);
        json_kv(j, "name", s->name);
        json_kv(j, "role", text_str(role_ids[s->role]));
        json_list(j, "seats");
        for (uint32_t k = 0; k < s->seat_count; k++) {
            json_put_text(j, s->seats[k]);
        }
        json_put_end(j);
        json_put_end(j);
    }
    json_put_end(j);
}

static void json_phases(const struct charter *c, struct arena *mem, struct json *j)
{
    json_list(j, "phases");
    for (uint32_t i = 0; i < c->phase_count; i++) {
        const struct charter_phase *p = &c->phases[i];
        json_put_object(j);
        json_kv(j, "id", p->id);
        json_put_key(j, "papers_only");
        json_put_bool(j, p->papers_only);
        json_n(j, "wish_seconds", p->wish_seconds);
        json_n(j, "deadline_seconds", p->deadline_seconds);
        json_list(j, "gate");
        for (uint32_t k = 0; k < p->condition_count; k++) {
            json_put_text(j, condition_words(c, &p->conditions[k], mem));
        }
        json_put_end(j);
        json_put_end(j);
    }
    json_put_end(j);
}

void view_charter_json(const struct charter *c, struct arena *mem, struct json *j)
{
    json_kv(j, "table", c->table);
    json_kv(j, "goal", c->goal);
    view_earlier_json(c, j);
    json_sides(c, j);
    json_put_key(j, "decision");
    json_put_str(j, decision_words(c, mem));
    json_n(j, "silence_seconds", c->silence_seconds);
    json_n(j, "grace_seconds", c->grace_seconds);
    json_put_key(j, "publication");
    json_put_str(j, c->publication == PUBLICATION_NEVER ? "never" : "on-agreement");
    json_kv(j, "arbiter", c->arbiter == CHARTER_NONE ? text_str("") : c->sides[c->arbiter].id);
    json_phases(c, mem, j);
    json_list(j, "issues");
    for (uint32_t i = 0; i < c->issue_count; i++) {
        json_put_object(j);
        json_kv(j, "id", c->issues[i].id);
        json_kv(j, "phase", c->phases[c->issues[i].phase].id);
        json_list(j, "options");
        for (uint32_t k = 0; k < c->issues[i].option_count; k++) {
            json_put_text(j, c->issues[i].options[k]);
        }
        json_put_end(j);
        json_put_end(j);
    }
    json_put_end(j);
    json_list(j, "deeds");
    for (uint32_t i = 0; i < c->deed_count; i++) {
        const struct charter_deed *d = &c->deeds[i];
        json_put_object(j);
        json_kv(j, "id", d->id);
        json_kv(j, "by", c->sides[d->by].id);
        json_kv(j, "verifier",
                d->verifier == CHARTER_NONE ? text_str("") : c->sides[d->verifier].id);
        json_put_end(j);
    }
    json_put_end(j);
    json_list(j, "levers");
    for (uint32_t i = 0; i < c->lever_count; i++) {
        json_put_object(j);
        json_kv(j, "id", c->levers[i].id);
        json_kv(j, "holder", c->sides[c->levers[i].holder].id);
        json_put_end(j);
    }
    json_put_end(j);
}
