/* SPDX-License-Identifier: Apache-2.0
 *
 * The form of an excerpt; what it proves is looked at in excerpt_check.c.
 */
#include "record/excerpt.h"

#include "base/hex.h"

#define FIRST_FILE "entente excerpt v1\n"
#define INDEX_DIGITS 10u
#define INDEX_END UINT64_C(10000000000) /* what ten digits can say */
#define KEY_TEXT 33u                    /* 32 digits and LF */

/* Files of one act, in the order of their names. */
enum part { PART_BLOB, PART_CONSISTENCY, PART_ENVELOPE, PART_KEY, PART_PROOF, PART_NONE };
static const char *const part_names[] = {"blob", "consistency", "envelope", "key", "proof"};

/* ---- writing ---- */

static bool put_part(uint64_t index, enum part part, struct bytes content, struct buf *out,
                     struct err *err)
{
    char room[TAR_NAME_MAX + 1];
    struct buf name;
    buf_over(&name, room, sizeof(room));
    buf_printf(&name, "act/%010llu/%s", (unsigned long long)index, part_names[part]);
    return tar_put(buf_bytes(&name), content, out, err);
}

static bool put_act(const struct excerpt_act *a, struct buf *out, struct err *err)
{
    if (!put_part(a->index, PART_BLOB, a->blob, out, err) ||
        (a->consistency.n > 0 && !put_part(a->index, PART_CONSISTENCY, a->consistency, out, err)) ||
        !put_part(a->index, PART_ENVELOPE, a->envelope, out, err)) {
        return false;
    }
    if (a->has_key) {
        char key[KEY_TEXT + 1];
        hex_encode(bytes_of(a->file_key, sizeof(a->file_key)), key);
        key[KEY_TEXT - 1] = '\n';
        if (!put_part(a->index, PART_KEY, bytes_of(key, KEY_TEXT), out, err)) {
            return false;
        }
    }
    return put_part(a->index, PART_PROOF, a->proof, out, err);
}

bool excerpt_encode(struct bytes policy, const struct excerpt_act *acts, size_t count,
                    struct buf *out, struct err *err)
{
    if (count > EXCERPT_ACTS_MAX) {
        return err_set(err, ERR_LIMIT, "an excerpt of %zu acts, limit %u", count, EXCERPT_ACTS_MAX);
    }
    if (count == 0 || acts[0].index != 0) {
        return err_set(err, ERR_FORMAT, "an excerpt begins with the founding act");
    }
    for (size_t i = 0; i < count; i++) {
        if (acts[i].index >= INDEX_END) {
            return err_set(err, ERR_LIMIT, "act %llu has an index of more than ten digits",
                           (unsigned long long)acts[i].index);
        }
        if (i > 0 && acts[i].index <= acts[i - 1].index) {
            return err_set(err, ERR_FORMAT, "acts of an excerpt stand in the order of the log");
        }
        if (!put_act(&acts[i], out, err)) {
            return err_at(err, "excerpt, act %llu", (unsigned long long)acts[i].index);
        }
    }
    if (!tar_put(bytes_str("excerpt"), bytes_str(FIRST_FILE), out, err) ||
        !tar_put(bytes_str("policy"), policy, out, err)) {
        return false;
    }
    tar_put_end(out);
    return buf_done(out, "an excerpt", err);
}

/* ---- reading ---- */

/* "act/<ten digits>/<part>", else PART_NONE. */
static enum part name_parse(const char *name, uint64_t *out_index)
{
    static const char prefix[] = "act/";
    size_t at = sizeof(prefix) - 1;
    if (strncmp(name, prefix, at) != 0) {
        return PART_NONE;
    }
    uint64_t index = 0;
    for (size_t i = 0; i < INDEX_DIGITS; i++, at++) {
        if (name[at] < '0' || name[at] > '9') {
            return PART_NONE;
        }
        index = index * 10 + (uint64_t)(name[at] - '0');
    }
    if (name[at] != '/') {
        return PART_NONE;
    }
    *out_index = index;
    for (size_t i = 0; i < COUNT_OF(part_names); i++) {
        if (strcmp(name + at + 1, part_names[i]) == 0) {
            return (enum part)i;
        }
    }
    return PART_NONE;
}

static bool key_parse(struct bytes text, struct excerpt_act *a)
{
    a->has_key = text.n == KEY_TEXT && text.p[KEY_TEXT - 1] == '\n' &&
                 hex_decode(bytes_slice(text, 0, KEY_TEXT - 1), a->file_key, sizeof(a->file_key));
    return a->has_key;
}

struct parser {
    struct excerpt_act *acts;
    size_t count;
    size_t cap;
    enum part next; /* the least part that may come now; PART_BLOB: a new act */
    bool has_first;
    bool has_policy;
    struct bytes policy;
};

static bool out_of_place(const struct tar_file *f, struct err *err)
{
    return err_set(err, ERR_FORMAT, "the file %s of an excerpt is not where it belongs",
                   f->entry.name);
}

static bool take_part(struct parser *p, const struct tar_file *f, enum part part, uint64_t index,
                      struct err *err)
{
    if (part == PART_BLOB) {
        if (p->next != PART_BLOB || p->count == p->cap) {
            return out_of_place(f, err);
        }
        p->acts[p->count] = (struct excerpt_act){.index = index, .blob = f->content};
        p->next = PART_CONSISTENCY;
        return true;
    }
    struct excerpt_act *a = &p->acts[p->count];
    if (p->next == PART_BLOB || a->index != index) {
        return out_of_place(f, err);
    }
    if (part == PART_CONSISTENCY && p->next == PART_CONSISTENCY) {
        a->consistency = f->content;
        p->next = PART_ENVELOPE;
        return a->consistency.n > 0 ||
               err_set(err, ERR_FORMAT, "the consistency proof of act %llu is empty",
                       (unsigned long long)index);
    }
    if (part == PART_ENVELOPE && p->next <= PART_ENVELOPE) {
        a->envelope = f->content;
        p->next = PART_KEY;
        return true;
    }
    if (part == PART_KEY && p->next == PART_KEY) {
        p->next = PART_PROOF;
        return key_parse(f->content, a) ||
               err_set(err, ERR_FORMAT, "the file key of act %llu is not 32 digits and LF",
                       (unsigned long long)index);
    }
    if (part == PART_PROOF && p->next >= PART_KEY) {
        a->proof = f->content;
        p->next = PART_BLOB;
        p->count++;
        return true;
    }
    return out_of_place(f, err);
}

static bool take_file(struct parser *p, const struct tar_file *f, struct err *err)
{
    uint64_t index;
    enum part part = name_parse(f->entry.name, &index);
    if (part != PART_NONE) {
        return take_part(p, f, part, index, err);
    }
    if (strcmp(f->entry.name, "excerpt") == 0) {
        p->has_first = bytes_eq(f->content, bytes_str(FIRST_FILE));
        return p->has_first || err_set(err, ERR_FORMAT, "this is no excerpt of version 1");
    }
    if (strcmp(f->entry.name, "policy") == 0) {
        p->policy = f->content;
        p->has_policy = true;
        return true;
    }
    return out_of_place(f, err);
}

/* Acts in the archive, by their proofs: every act has one. */
static bool count_acts(struct bytes raw, size_t *out, struct err *err)
{
    struct tar_reader r;
    struct tar_file f;
    size_t at = 0, n = 0;
    bool end = false;
    tar_reader_init(&r);
    for (;;) {
        if (!tar_next(&r, raw, &at, &f, &end, err)) {
            return err_at(err, "excerpt");
        }
        if (end) {
            break;
        }
        uint64_t index;
        n += name_parse(f.entry.name, &index) == PART_PROOF;
    }
    if (n > EXCERPT_ACTS_MAX) {
        return err_set(err, ERR_LIMIT, "an excerpt of %zu acts, limit %u", n, EXCERPT_ACTS_MAX);
    }
    *out = n;
    return true;
}

bool excerpt_decode(struct bytes raw, struct arena *mem, struct bytes *out_policy,
                    struct excerpt_act **out_acts, size_t *out_count, struct err *err)
{
    struct parser p = {.count = 0};
    struct tar_reader r;
    struct tar_file f;
    size_t at = 0;
    bool end = false;
    if (!count_acts(raw, &p.cap, err)) {
        return false;
    }
    p.acts = ARENA_NEW(mem, struct excerpt_act, p.cap);
    if (p.acts == NULL) {
        return err_memory(err, "an excerpt");
    }
    tar_reader_init(&r);
    for (;;) {
        if (!tar_next(&r, raw, &at, &f, &end, err)) {
            return err_at(err, "excerpt");
        }
        if (end) {
            break;
        }
        if (!take_file(&p, &f, err)) {
            return false;
        }
    }
    if (!p.has_first || !p.has_policy || p.next != PART_BLOB) {
        return err_set(err, ERR_FORMAT, "the excerpt lacks a file");
    }
    if (p.count == 0 || p.acts[0].index != 0) {
        return err_set(err, ERR_FORMAT, "an excerpt begins with the founding act");
    }
    *out_policy = p.policy;
    *out_acts = p.acts;
    *out_count = p.count;
    return true;
}
