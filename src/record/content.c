/* SPDX-License-Identifier: Apache-2.0
 *
 * See content.h.  The leaf data of an entry is its place (table, author, term, n, number) and its
 * bytes; entries can be megabytes, so leaves are hashed in parts, never copied together.
 */
#include "record/content.h"

#include "base/cbor.h"
#include "base/switch_off.h"
#include "crypto/hash.h"

#define HEADER_FIELDS 10u
#define ENTRIES_MAX (ITEMS_MAX + 1)

/* ---- the header ---- */

/* home/<id>, shuttle/<id>, consult/<id>, or one of the rooms that a table has once. */
static bool is_room(struct text t)
{
    static const char *const once[] = {"plenary", "principals", "monitors"};
    static const char *const of_a_side[] = {"home/", "shuttle/", "consult/"};
    for (size_t i = 0; i < COUNT_OF(once); i++) {
        if (text_is(t, once[i])) {
            return true;
        }
    }
    for (size_t i = 0; i < COUNT_OF(of_a_side); i++) {
        size_t n = strlen(of_a_side[i]);
        if (t.n > n && memcmp(t.p, of_a_side[i], n) == 0) {
            return text_is_id((struct text){.p = t.p + n, .n = t.n - n});
        }
    }
    return false;
}

static uint64_t take_up_to(struct cbor *in, uint64_t key, uint64_t most, const char *reason)
{
    cbor_expect_key(in, key);
    uint64_t v = cbor_uint(in);
    if (v > most) {
        cbor_refuse(in, reason);
        return 0;
    }
    return v;
}

static void take_room(struct cbor *in, struct text *out)
{
    struct bytes v = cbor_tstr(in);
    struct text t = {.p = (const char *)v.p, .n = v.n};
    if (cbor_ok(in) && !is_room(t)) {
        cbor_refuse(in, "its room is none that a table has");
        return;
    }
    *out = t; /* printable: only identifiers and our own words pass */
}

/* One header entry at the reading point: [salt, map]. */
static void take_header(struct cbor *in, struct content_header *h)
{
    cbor_array_n(in, 2);
    (void)cbor_bstr_n(in, SALT_BYTES);
    cbor_map_n(in, HEADER_FIELDS);
    cbor_expect_key(in, 1);
    cbor_bstr_into(in, h->table.b, sizeof(h->table.b));
    cbor_expect_key(in, 2);
    cbor_bstr_into(in, h->author.b, sizeof(h->author.b));
    h->n = take_up_to(in, 3, LEAVES_MAX - 1, "n is above what a log holds");
    h->claimed_time = take_up_to(in, 4, SECONDS_MAX, "its time is beyond the year 9999");
    h->kind = (uint32_t)take_up_to(in, 5, UINT32_MAX, "its kind is above what 32 bits hold");
    cbor_expect_key(in, 6);
    take_room(in, &h->room);
    h->epoch = (uint32_t)take_up_to(in, 7, EPOCHS_MAX, "its epoch is above what a room may have");
    cbor_expect_key(in, 8);
    h->has_answers = !cbor_take_null(in);
    if (h->has_answers) {
        cbor_bstr_into(in, h->answers.b, sizeof(h->answers.b));
    }
    h->term = (uint32_t)take_up_to(in, 9, UINT32_MAX, "its term is above what 32 bits hold");
    cbor_expect_key(in, 10);
    h->has_state = !cbor_take_null(in);
    if (h->has_state) {
        cbor_array_n(in, 2);
        h->state_size = cbor_uint(in);
        if (h->state_size > LEAVES_MAX) {
            cbor_refuse(in, "the size of its state is above what a log holds");
        }
        cbor_bstr_into(in, h->state_digest.b, sizeof(h->state_digest.b));
    }
}

bool content_header_decode(struct bytes entry, struct content_header *out, struct err *err)
{
    struct content_header h = {0};
    struct cbor in;
    cbor_init(&in, entry);
    take_header(&in, &h);
    if (!cbor_done(&in, "header of a content", err)) {
        return false;
    }
    *out = h;
    return true;
}

static void put_header(const struct content_header *h, struct buf *out)
{
    cbor_put_map(out, HEADER_FIELDS);
    cbor_put_uint(out, 1);
    cbor_put_bstr(out, ID_BYTES(h->table));
    cbor_put_uint(out, 2);
    cbor_put_bstr(out, ID_BYTES(h->author));
    cbor_put_uint(out, 3);
    cbor_put_uint(out, h->n);
    cbor_put_uint(out, 4);
    cbor_put_uint(out, h->claimed_time);
    cbor_put_uint(out, 5);
    cbor_put_uint(out, h->kind);
    cbor_put_uint(out, 6);
    cbor_put_tstr(out, h->room);
    cbor_put_uint(out, 7);
    cbor_put_uint(out, h->epoch);
    cbor_put_uint(out, 8);
    if (h->has_answers) {
        cbor_put_bstr(out, ID_BYTES(h->answers));
    } else {
        cbor_put_null(out);
    }
    cbor_put_uint(out, 9);
    cbor_put_uint(out, h->term);
    cbor_put_uint(out, 10);
    if (h->has_state) {
        cbor_put_array(out, 2);
        cbor_put_uint(out, h->state_size);
        cbor_put_bstr(out, ID_BYTES(h->state_digest));
    } else {
        cbor_put_null(out);
    }
}

/* ---- items ---- */

/* Takes one item whole, as cbor_skip does, and holds its texts to their ceiling. */
static struct bytes take_value(struct cbor *in)
{
    size_t start = in->at;
    unsigned depth = in->depth;
    uint64_t left = in->level[depth].left;
    do {
        switch (cbor_peek(in)) {
        case CBOR_TSTR:
            if (cbor_tstr(in).n > ITEM_TEXT_MAX) {
                cbor_refuse(in, "a text is longer than 64 KiB");
            }
            break;
        case CBOR_ARRAY:
            (void)cbor_array(in, SIZE_MAX);
            break;
        case CBOR_MAP:
            (void)cbor_map(in, SIZE_MAX);
            break;
        case CBOR_UINT:
        case CBOR_NINT:
        case CBOR_BSTR:
        case CBOR_TAG:
        case CBOR_FALSE:
        case CBOR_TRUE:
        case CBOR_NULL:
        case CBOR_NOTHING:
            (void)cbor_skip(in);
            break;
        }
    } while (cbor_ok(in) &&
             (in->depth > depth || (in->depth == depth && in->level[depth].left == left)));
    return cbor_ok(in) ? bytes_slice(in->in, start, in->at - start) : (struct bytes){0};
}

static void take_item(struct cbor *in, struct content_item *out)
{
    cbor_array_n(in, 3);
    (void)cbor_bstr_n(in, SALT_BYTES);
    uint64_t type = cbor_uint(in);
    if (type > UINT32_MAX) {
        cbor_refuse(in, "an item is of a type above what 32 bits hold");
        return;
    }
    out->type = (uint32_t)type;
    out->value = take_value(in);
}

/* Opens the outer array and reads the header, whose bytes come through out; the number of items. */
static size_t take_beginning(struct cbor *in, struct bytes raw, struct content_header *h,
                             struct bytes *out)
{
    cbor_init(in, raw);
    size_t entries = cbor_array(in, ENTRIES_MAX);
    size_t from = in->at;
    if (entries == 0) {
        cbor_refuse(in, "it has no header");
    }
    take_header(in, h);
    *out = bytes_slice(raw, from, in->at - from);
    return cbor_ok(in) ? entries - 1 : 0;
}

bool content_decode(struct bytes raw, struct arena *mem, struct content *out, struct err *err)
{
    struct cbor in;
    struct content c = {0};
    if (raw.n > BLOB_LIMIT_MOST) {
        return err_set(err, ERR_LIMIT, "the content has %zu bytes, limit %u", raw.n,
                       BLOB_LIMIT_MOST);
    }
    struct bytes first;
    size_t count = take_beginning(&in, raw, &c.header, &first);
    c.count = (uint32_t)count; /* at most ITEMS_MAX */
    c.items = ARENA_NEW(mem, struct content_item, count);
    c.entries = ARENA_NEW(mem, struct bytes, count + 1);
    if (c.items == NULL || c.entries == NULL) {
        return err_memory(err, "a content");
    }
    c.entries[0] = first;
    for (size_t i = 0; i < count && cbor_ok(&in); i++) {
        size_t from = in.at;
        take_item(&in, &c.items[i]);
        c.entries[i + 1] = bytes_slice(raw, from, in.at - from);
    }
    if (!cbor_done(&in, "content", err)) {
        return false;
    }
    *out = c;
    return true;
}

/* Form alone, without memory. */
static bool content_form(struct bytes raw, struct err *err)
{
    struct cbor in;
    struct content_header h;
    struct content_item item;
    struct bytes first;
    size_t count = take_beginning(&in, raw, &h, &first);
    for (size_t i = 0; i < count && cbor_ok(&in); i++) {
        take_item(&in, &item);
    }
    return cbor_done(&in, "content", err);
}

bool content_encode(const struct content_header *header, const struct content_item *items,
                    size_t count, struct bytes salts, struct buf *out, struct err *err)
{
    if (count > ITEMS_MAX) {
        return err_set(err, ERR_LIMIT, "an act has %zu items, limit %u", count, ITEMS_MAX);
    }
    if (salts.n != (count + 1) * SALT_BYTES) {
        return err_set(err, ERR_FORMAT, "an act of %zu items takes %zu bytes of salt, not %zu",
                       count, (count + 1) * SALT_BYTES, salts.n);
    }
    size_t from = out->n;
    cbor_put_array(out, count + 1);
    cbor_put_array(out, 2);
    cbor_put_bstr(out, bytes_slice(salts, 0, SALT_BYTES));
    put_header(header, out);
    for (size_t i = 0; i < count; i++) {
        cbor_put_array(out, 3);
        cbor_put_bstr(out, bytes_slice(salts, (i + 1) * SALT_BYTES, SALT_BYTES));
        cbor_put_uint(out, items[i].type);
        buf_add(out, items[i].value);
    }
    /* What a reader would refuse is not sealed: values come from the caller as they are. */
    return buf_done(out, "content", err) &&
           content_form(bytes_slice(buf_bytes(out), from, out->n - from), err);
}

/* ---- commit ---- */

static void put_be(uint8_t *out, uint64_t v, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        out[i] = (uint8_t)(v >> (8 * (n - 1 - i)));
    }
}

/* SHA-256(0x00 || table || author || I4(term) || I8(n) || I4(p) || entry). */
static struct leaf_hash entry_hash(const struct content_header *h, uint32_t p, struct bytes entry)
{
    static const uint8_t leaf_prefix = 0;
    uint8_t term[4], n[8], place[4];
    struct leaf_hash out;
    put_be(term, h->term, sizeof(term));
    put_be(n, h->n, sizeof(n));
    put_be(place, p, sizeof(place));
    const struct bytes parts[] = {
        bytes_of(&leaf_prefix, 1),
        ID_BYTES(h->table),
        ID_BYTES(h->author),
        bytes_of(term, sizeof(term)),
        bytes_of(n, sizeof(n)),
        bytes_of(place, sizeof(place)),
        entry,
    };
    hash_sha256_parts(parts, COUNT_OF(parts), out.b);
    return out;
}

/* The root of entries [from, from + width), all present. */
static struct root_hash range_root(const struct content *c, uint32_t from, uint32_t width)
{
    struct merkle_range r = {0};
    for (uint32_t p = from; p < from + width; p++) {
        struct leaf_hash leaf = entry_hash(&c->header, p, c->entries[p]);
        merkle_range_append(&r, &leaf);
    }
    return merkle_range_root(&r);
}

struct digest content_commit(const struct content *c)
{
    struct root_hash root = range_root(c, 0, c->count + 1);
    struct digest out;
    memcpy(out.b, root.b, sizeof(out.b));
    return out;
}

bool content_match(const struct content *c, const struct act *act, const struct kid *author,
                   struct err *err)
{
    const struct content_header *h = &c->header;
    if (CHECK_ON(CONTENT_TABLE) && !ID_EQ(h->table, act->table)) {
        return err_set(err, ERR_VERIFY, "what is inside the seal was written for another table");
    }
    if (CHECK_ON(CONTENT_AUTHOR) && !ID_EQ(h->author, *author)) {
        return err_set(err, ERR_VERIFY, "what is inside the seal was written by another author");
    }
    if (CHECK_ON(CONTENT_PLACE) && (h->n != act->n || h->term != act->term)) {
        return err_set(err, ERR_VERIFY,
                       "what is inside the seal is act %llu of term %lu, the envelope is act %llu "
                       "of term %lu",
                       (unsigned long long)h->n, (unsigned long)h->term, (unsigned long long)act->n,
                       (unsigned long)act->term);
    }
    struct digest commit = content_commit(c);
    if (CHECK_ON(CONTENT_COMMIT) && !ID_EQ(commit, act->commit)) {
        return err_set(err, ERR_VERIFY,
                       "what is inside the seal is not what the envelope commits to");
    }
    return true;
}

/* ---- disclosure ---- */

/* Nodes are hashed when they are asked for: a path asks for each entry at most once. */
static bool entry_node(void *ctx, unsigned level, uint64_t index, struct root_hash *out,
                       struct err *err)
{
    const struct content *c = ctx;
    uint64_t entries = (uint64_t)c->count + 1;
    if (level >= MERKLE_LEVELS || index > entries || (index + 1) << level > entries) {
        return err_set(err, ERR_FORMAT, "a content has no such node");
    }
    *out = range_root(c, (uint32_t)(index << level), UINT32_C(1) << level);
    return true;
}

bool content_path(const struct content *c, uint32_t p, struct merkle_path *out, struct err *err)
{
    struct content view = *c;
    struct node_source src = {.get = entry_node, .ctx = &view};
    if (p > c->count) {
        return err_set(err, ERR_FORMAT, "the content has no entry %lu", (unsigned long)p);
    }
    return merkle_inclusion(&src, p, (uint64_t)c->count + 1, out, err);
}

bool content_path_check(const struct content_header *header, uint32_t p, uint32_t entries,
                        struct bytes entry, const struct merkle_path *path,
                        const struct digest *commit)
{
    struct root_hash root;
    if (entries > ENTRIES_MAX || p >= entries || path->count > MERKLE_PATH_MAX) {
        return false;
    }
    memcpy(root.b, commit->b, sizeof(root.b));
    struct leaf_hash leaf = entry_hash(header, p, entry);
    return merkle_inclusion_check(&leaf, p, entries, path->hash, path->count, &root);
}
