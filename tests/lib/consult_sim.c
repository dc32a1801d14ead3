/* SPDX-License-Identifier: Apache-2.0 */
#include "lib/consult_sim.h"

#include "lib/test.h"
#include "table/notice.h"

uint64_t csim_file(struct table_sim *t, uint32_t side, uint32_t seat, struct payload p)
{
    struct record_sim *rec = &t->rec;
    struct arena *mem = &rec->mem;
    struct content_item *items;
    struct err err = {0};
    size_t count;
    struct buf raw;
    struct bytes blob = sim_seal(rec, bytes_str("a consultation"));
    struct act a = sim_fields(rec, side, seat, CONTROL_SEALED, blob);
    struct content_header h = {.table = rec->table,
                               .author = signer_kid(rec->sides[side].seats[seat].sign),
                               .n = a.n,
                               .term = a.term,
                               .claimed_time = rec->now,
                               .kind = (uint32_t)p.kind,
                               .room = p.room.p == NULL ? text_str("consult/club") : p.room,
                               .epoch = 1,
                               .has_answers = p.has_answers,
                               .answers = p.answers};
    uint8_t *salts = ARENA_NEW(mem, uint8_t, (ITEMS_MAX + 1) * SALT_BYTES);
    struct content *c = ARENA_NEW(mem, struct content, 1);
    prop_fill(&rec->rnd, salts, (ITEMS_MAX + 1) * SALT_BYTES);
    assert_true(payload_items(&p, mem, &items, &count, &err));
    buf_init(&raw, BLOB_LIMIT_MOST);
    assert_true(
        content_encode(&h, items, count, bytes_of(salts, (count + 1) * SALT_BYTES), &raw, &err));
    assert_true(content_decode(sim_keep(rec, &raw), mem, c, &err));
    a.commit = content_commit(c);
    uint64_t index = sim_post(rec, sim_sign(rec, side, seat, &a, blob));
    assert_true(index < TSIM_ACTS);
    t->consult[index] = c;
    tsim_take(t);
    return index;
}

const struct content *csim_content(const struct table_sim *t, uint64_t index)
{
    return t->consult[index];
}

struct payload csim_notice(struct table_sim *t, uint64_t index, bool keep_text)
{
    struct payload p = {.kind = KIND_NOTICE};
    struct merkle_path path;
    struct err err = {0};
    struct node_source nodes = door_nodes(t->rec.door);
    assert_true(merkle_inclusion(&nodes, index, door_size(t->rec.door), &path, &err));
    assert_true(notice_make(t->consult[index], index, t->rec.items[index].envelope, &path,
                            keep_text ? NOTICE_KEEP_TEXT : NOTICE_SHOW_TEXT, &t->rec.mem, &p.shown,
                            &err));
    return p;
}

/* ---- payloads ---- */

static struct text words = {.p = "in so many words", .n = 16};

static struct text name(const char *id)
{
    return id == NULL ? (struct text){0} : text_str(id);
}

struct payload csim_ask(const struct table_sim *t, const char *phase, const char *deed,
                        const char *lever, uint64_t hours)
{
    return (struct payload){.kind = KIND_ASK,
                            .text_count = 1,
                            .texts = &words,
                            .phase = name(phase),
                            .deed = name(deed),
                            .lever = name(lever),
                            .has_when = hours > 0,
                            .when = t->rec.now + hours * 3600};
}

struct payload csim_opinion(struct table_sim *t, uint64_t question, bool carry)
{
    return (struct payload){.kind = KIND_OPINION,
                            TSIM_ABOUT(t, question),
                            .text_count = 1,
                            .texts = &words,
                            .mark = carry ? MARK_CARRY : MARK_KEEP};
}

struct payload csim_undertake(const struct table_sim *t, const char *phase)
{
    return (struct payload){.kind = KIND_UNDERTAKE,
                            .text_count = 1,
                            .texts = &words,
                            .phase = name(phase),
                            .has_when = true,
                            .when = t->rec.now + 86400};
}
