/* SPDX-License-Identifier: Apache-2.0 */
#include "table/notice.h"

#include "base/cbor.h"

/* An empty text, where one is kept back: the rest of the form is checked as it stands. */
static const uint8_t empty_text[] = {0x60};

static bool no_proof(struct refusal *out, const char *why)
{
    return refuse(out, REFUSED_PROOF, "What this notice shows is not proven: %s.", why) ||
           refuse_mend(out, "Whoever sits in that room makes the notice anew: entente notice ACT.");
}

/* The envelope stands at that index of this record, below what the notice's author had seen. */
static bool take_envelope(const struct notice_view *v, const struct shown_item *s, struct act *act,
                          struct ring_author *author, struct shown_act *out, struct refusal *no)
{
    struct err ignored = {0};
    if (!act_decode(s->envelope, act, &ignored) || act->control != CONTROL_SEALED) {
        return no_proof(no, "it shows no sealed act");
    }
    out->leaf = leaf_hash_of(s->envelope);
    out->index = s->index;
    if (s->index >= v->seen_size ||
        (v->seen_root != NULL && !merkle_inclusion_check(&out->leaf, s->index, v->seen_size,
                                                         s->path, s->path_count, v->seen_root))) {
        return no_proof(no, "the act is no part of the record that its author had seen");
    }
    if (!keyring_author(v->ring, s->index, &act->kid, author, &ignored) ||
        author->seat == SEAT_NONE) {
        return no_proof(no, "its author has no seat at this table");
    }
    out->side = author->side;
    return true;
}

/* [salt, type, value] */
static bool take_item(struct bytes raw, struct content_item *out)
{
    struct cbor in;
    struct err ignored = {0};
    cbor_init(&in, raw);
    cbor_array_n(&in, 3);
    (void)cbor_bstr_n(&in, SALT_BYTES);
    uint64_t type = cbor_uint(&in);
    out->value = cbor_skip(&in);
    out->type = type > UINT32_MAX ? UINT32_MAX : (uint32_t)type;
    return cbor_done(&in, "an item", &ignored);
}

static bool entry_holds(const struct shown_item *s, uint32_t i, const struct content_header *h,
                        const struct digest *commit)
{
    const struct shown_entry *e = &s->shown[i];
    struct merkle_path path = {.count = e->path_count};
    for (uint32_t k = 0; k < e->path_count; k++) {
        path.hash[k] = e->path[k]; /* at most MERKLE_PATH_MAX: the form was checked */
    }
    return content_path_check(h, e->place, s->entries, e->raw, &path, commit);
}

/* All entries but perhaps the first item, which may be kept back where it is a text. */
static bool take_entries(const struct shown_item *s, struct arena *mem, struct content *c,
                         struct shown_act *out, struct refusal *no)
{
    out->has_text = s->shown_count == s->entries;
    if (s->shown_count + 1 < s->entries) {
        return no_proof(no, "more than one text is kept back");
    }
    c->count = s->entries - 1;
    c->items = ARENA_NEW(mem, struct content_item, c->count);
    if (c->items == NULL) {
        return no_proof(no, "it is too large");
    }
    uint32_t at = 0;
    if (!out->has_text) {
        if (s->shown_count > 1 && s->shown[1].place == 1) {
            return no_proof(no, "something else than a text is kept back");
        }
        c->items[at++] = (struct content_item){ITEM_TEXT, bytes_of(empty_text, sizeof(empty_text))};
    }
    for (uint32_t i = 1; i < s->shown_count; i++) {
        if (!take_item(s->shown[i].raw, &c->items[at++])) {
            return no_proof(no, "an entry of it is no item");
        }
    }
    return true;
}

static bool may_be_shown(uint32_t kind)
{
    return kind == (uint32_t)KIND_ASK || kind == (uint32_t)KIND_OPINION ||
           kind == (uint32_t)KIND_UNDERTAKE || kind == (uint32_t)KIND_LEVER;
}

bool notice_open(const struct notice_view *v, const struct shown_item *s, struct arena *mem,
                 struct shown_act *out, struct refusal *no)
{
    struct act act;
    struct ring_author author;
    struct content c = {0};
    struct err form = {0};
    *out = (struct shown_act){0};
    if (!take_envelope(v, s, &act, &author, out, no)) {
        return false;
    }
    if (!content_header_decode(s->shown[0].raw, &c.header, &form) ||
        !ID_EQ(c.header.table, act.table) || !ID_EQ(c.header.author, *author.kid) ||
        c.header.n != act.n || c.header.term != act.term) {
        return no_proof(no, "its header is not that of its envelope");
    }
    for (uint32_t i = 0; i < s->shown_count; i++) {
        if (!entry_holds(s, i, &c.header, &act.commit)) {
            return no_proof(no, "an entry is not the one that its author has signed");
        }
    }
    if (!room_parse(v->charter, c.header.room, &out->room) || out->room.kind != ROOM_CONSULT ||
        !may_be_shown(c.header.kind)) {
        return no_proof(no, "notices show questions, opinions, undertakings and levers of a "
                            "consultation, and nothing else");
    }
    if (!take_entries(s, mem, &c, out, no)) {
        return false;
    }
    return payload_from(&c, mem, &out->p, &form) ||
           no_proof(no, "what it shows is not of the form of its kind");
}

/* ---- making one ---- */

static struct root_hash *path_copy(const struct merkle_path *path, struct arena *mem)
{
    struct root_hash *out = ARENA_NEW(mem, struct root_hash, path->count);
    for (uint32_t i = 0; out != NULL && i < path->count; i++) {
        out[i] = path->hash[i];
    }
    return out;
}

bool notice_make(const struct content *c, uint64_t index, struct bytes envelope,
                 const struct merkle_path *path, enum notice_text text, struct arena *mem,
                 struct shown_item *out, struct err *err)
{
    bool keep = text == NOTICE_KEEP_TEXT && c->count > 0 && c->items[0].type == ITEM_TEXT;
    struct shown_item s = {.index = index,
                           .envelope = envelope,
                           .path_count = path->count,
                           .path = path_copy(path, mem),
                           .entries = c->count + 1};
    s.shown = ARENA_NEW(mem, struct shown_entry, s.entries);
    if (mem->failed) {
        return err_memory(err, "a notice");
    }
    for (uint32_t p = 0; p < s.entries; p++) {
        struct merkle_path own;
        if (p == 1 && keep) {
            continue;
        }
        if (!content_path(c, p, &own, err)) {
            return false;
        }
        s.shown[s.shown_count++] = (struct shown_entry){.place = p,
                                                        .raw = c->entries[p],
                                                        .path_count = own.count,
                                                        .path = path_copy(&own, mem)};
    }
    *out = s;
    return !mem->failed || err_memory(err, "a notice");
}
