/* SPDX-License-Identifier: Apache-2.0
 *
 * Papers that are looked at before anything is done with them, and the sheet that a seat prints.
 */
#include "app/desk_priv.h"

#include "app/join.h"
#include "app/key.h"
#include "base/hex.h"
#include "os/file.h"
#include "os/place.h"

#include <stdio.h>

#define SHEET_MEMORY ((size_t)1 << 20)
#define KEY_FILE_BYTES_MAX ((size_t)65536)
#define LINE_LETTERS 64u

/* ---- papers ---- */

static void json_str(struct json *j, const char *key, const char *s)
{
    json_put_key(j, key);
    json_put_str(j, s);
}

static void json_text(struct json *j, const char *key, struct text t)
{
    json_put_key(j, key);
    json_put_text(j, t);
}

static bool tell_invitation(struct bytes content, const struct desk_say *say, struct err *err)
{
    struct invitation inv;
    if (!invitation_parse(content, &inv, err)) {
        return false;
    }
    struct id_spoken convener = id_spoken(inv.convener.b);
    if (say->json != NULL) {
        json_text(say->json, "table", inv.table_name);
        json_text(say->json, "side", inv.side_name);
        json_text(say->json, "title", inv.title);
        json_text(say->json, "host", inv.host);
        json_str(say->json, "convener", convener.s);
        json_put_key(say->json, "replaces");
        json_put_bool(say->json, inv.replaces);
    } else {
        buf_printf(say->words,
                   "%.*s: a seat for %.*s, as %.*s\nThe convener's fingerprint: %s\n"
                   "The host: %.*s\n",
                   TEXT_ARG(inv.table_name), TEXT_ARG(inv.side_name), TEXT_ARG(inv.title),
                   convener.s, TEXT_ARG(inv.host));
    }
    return true;
}

static bool tell_slip(enum paper_kind kind, struct bytes content, const struct desk_say *say,
                      struct err *err)
{
    struct kid kid;
    uint32_t side;
    if (!slip_fingerprint(kind, content, &kid, &side, err)) {
        return false;
    }
    struct id_spoken own = id_spoken(kid.b);
    if (say->json != NULL) {
        json_str(say->json, "fingerprint", own.s);
    } else {
        buf_printf(say->words, "A slip to admit; its fingerprint: %s\n", own.s);
    }
    return true;
}

bool desk_paper(struct bytes raw, const char *name, const struct desk_say *say, struct err *err)
{
    enum paper_kind kind;
    struct bytes content;
    if (!paper_parse(raw, name, &kind, &content, err)) {
        return false;
    }
    if (say->json != NULL) {
        json_str(say->json, "kind", paper_words(kind));
    }
    switch (kind) {
    case PAPER_INVITATION:
        return tell_invitation(content, say, err);
    case PAPER_SLIP:
    case PAPER_SEAT_SLIP:
    case PAPER_NEW_ROOT:
        return tell_slip(kind, content, say, err);
    case PAPER_REQUEST:
    case PAPER_SIGNED:
        break;
    }
    return err_set(err, ERR_USE, "%s is %s; no seat is made from it", name, paper_words(kind)) ||
           err_mend(err, "name an invitation, or a slip");
}

/* ---- the sheet ---- */

struct sheet {
    struct key_view keys;
    struct buf file; /* the key file in base64 */
    const char *path;
    struct text table, side, title, name;
};

static bool read_sheet(struct desk *d, struct arena *mem, struct sheet *out, struct err *err)
{
    struct replica *r = &d->replica;
    const struct table_state *s = desk_state(d);
    char path[FILE_PATH_MAX];
    struct bytes raw;
    struct text id;
    *out = (struct sheet){.table = text_str(""), .title = text_str(""), .name = text_str("")};
    buf_init(&out->file, 2 * KEY_FILE_BYTES_MAX);
    if (!replica_path(r->dir, "seat.key", path, err) || !key_show(path, mem, &out->keys, err) ||
        !file_read(path, KEY_FILE_BYTES_MAX, mem, &raw, err) ||
        !join_who(r, r->side, mem, &id, &out->side, err)) {
        return false;
    }
    base64_encode(raw, BASE64_PADDED, &out->file);
    if (replica_has_charter(r)) {
        out->table = s->charter.table;
        if (r->post < s->charter.sides[r->side].seat_count) {
            out->title = s->charter.sides[r->side].seats[r->post];
        }
    }
    if (r->seat != SEAT_NONE && text_present(s->names[r->seat])) {
        out->name = s->names[r->seat];
    }
    return buf_done(&out->file, "the key file", err) && place_absolute(mem, path, &out->path, err);
}

static void sheet_json(const struct desk *d, struct sheet *s, struct json *j)
{
    json_put_key(j, "id");
    json_put_hex(j, ID_BYTES(d->replica.table));
    json_text(j, "table", s->table);
    json_text(j, "side", s->side);
    json_text(j, "title", s->title);
    json_text(j, "name", s->name);
    json_str(j, "host", d->replica.host);
    json_str(j, "key_file", s->path);
    json_put_key(j, "fingerprints");
    json_put_array(j);
    for (unsigned k = 0; k < KEY_PARTS; k++) {
        if (s->keys.has[k] && k != KEY_PART_SEAL) {
            json_put_object(j);
            json_str(j, "key", key_part_word((enum key_part)k));
            json_str(j, "fingerprint", s->keys.fingerprint[k]);
            json_put_end(j);
        }
    }
    json_put_end(j);
    json_str(j, "key_text", buf_str(&s->file));
}

static void sheet_words(const struct desk *d, struct sheet *s, struct buf *out)
{
    struct bytes text = buf_bytes(&s->file);
    buf_printf(out,
               "Recovery sheet. Keep it where you keep your passport; no passphrase on it.\n\n");
    buf_printf(out, "Table: %.*s\n  %s\n", TEXT_ARG(s->table), id_hex(d->replica.table.b).s);
    buf_printf(out, "Seat: %.*s, %.*s %.*s\n", TEXT_ARG(s->side), TEXT_ARG(s->title),
               TEXT_ARG(s->name));
    buf_printf(out, "Host: %s\nKey file: %s\n", d->replica.host, s->path);
    for (unsigned k = 0; k < KEY_PARTS; k++) {
        if (s->keys.has[k] && k != KEY_PART_SEAL) {
            buf_printf(out, "Fingerprint (%s): %s\n", key_part_word((enum key_part)k),
                       s->keys.fingerprint[k]);
        }
    }
    buf_printf(out, "\nThe key file, in base64; your passphrase opens it, nobody else can:\n");
    for (size_t at = 0; at < text.n; at += LINE_LETTERS) {
        size_t n = text.n - at < LINE_LETTERS ? text.n - at : LINE_LETTERS;
        buf_add_str(out, "  ");
        buf_add(out, bytes_slice(text, at, at + n));
        buf_add_u8(out, '\n');
    }
    buf_printf(out, "\nIf the machine is lost, tell your principal to end this seat and to invite "
                    "you anew. If a principal's machine is lost: typed in again "
                    "(base64 -d > seat.key), the key file signs for your side as before.\n");
}

bool desk_sheet(struct desk *d, const struct desk_say *say, struct err *err)
{
    struct region mem = {0};
    struct sheet s = {.path = NULL};
    if (!region_init(&mem, REGION_SECRET, SHEET_MEMORY, err)) {
        return false;
    }
    bool ok = read_sheet(d, &mem.mem, &s, err);
    if (ok && say->json != NULL) {
        sheet_json(d, &s, say->json);
    } else if (ok) {
        sheet_words(d, &s, say->words);
    }
    buf_free(&s.file);
    region_free(&mem);
    return ok;
}

bool desk_host_folder(const struct desk *d, char out[static DESK_PATH_MAX])
{
    int n = snprintf(out, DESK_PATH_MAX, "%s/%s", d->replica.host, id_hex(d->replica.table.b).s);
    return n > 0 && (unsigned)n < DESK_PATH_MAX;
}
