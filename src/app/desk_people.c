/* SPDX-License-Identifier: Apache-2.0
 *
 * Founding a table, and coming to one.
 */
#include "app/desk_priv.h"
#include "app/check.h"
#include "app/join.h"
#include "app/view_meaning.h"
#include "crypto/init.h"
#include "formats/charter_yaml.h"

#define WARNINGS_MAX 32u
#define CHARTER_MEMORY ((size_t)64 << 20)

/* ---- charters ---- */

static void put_warnings(const struct charter *c, struct arena *mem, const struct desk_say *say)
{
    struct text warnings[WARNINGS_MAX];
    size_t n = charter_warnings(c, mem, warnings, WARNINGS_MAX);
    if (say->json != NULL) {
        json_put_key(say->json, "warnings");
        json_put_array(say->json);
    }
    for (size_t i = 0; i < n; i++) {
        if (say->json != NULL) {
            json_put_text(say->json, warnings[i]);
        } else {
            buf_printf(say->words, "Probably not meant: %.*s\n", TEXT_ARG(warnings[i]));
        }
    }
    if (say->json != NULL) {
        json_put_end(say->json);
    }
}

/* Faults, each as what, where and mend: members of an object. */
static void put_faults(const struct charter_faults *faults, struct json *j)
{
    json_put_key(j, "faults");
    json_put_array(j);
    for (uint32_t i = 0; i < faults->count; i++) {
        const struct err *e = &faults->items[i];
        json_put_object(j);
        json_put_key(j, "what");
        json_put_str(j, e->what);
        json_put_key(j, "where");
        json_put_str(j, e->where);
        json_put_key(j, "mend");
        json_put_str(j, e->mend);
        json_put_end(j);
    }
    json_put_end(j);
}

bool desk_check_charter(struct bytes yaml, const char *name, desk_fault *fault, void *ctx,
                        const struct desk_say *say, struct err *err)
{
    struct region mem = {0};
    struct charter c;
    if (!region_init(&mem, REGION_PLAIN, CHARTER_MEMORY, err)) {
        return false;
    }
    struct charter_faults *faults = ARENA_NEW(&mem.mem, struct charter_faults, 1);
    bool ok = faults != NULL ? charter_from_yaml_all(yaml, name, &mem.mem, &c, faults, err)
                             : err_memory(err, "the faults of a charter");
    if (ok && say->json != NULL) {
        view_charter_json(&c, &mem.mem, say->json);
        view_meaning_json(&c, &mem.mem, say->json);
        put_warnings(&c, &mem.mem, say);
    } else if (ok) {
        view_charter(&c, &mem.mem, say->words);
        view_meaning(&c, &mem.mem, say->words);
        put_warnings(&c, &mem.mem, say);
        buf_printf(say->words,
                   "The charter is sound. Next: entente table new %s --host DIR --dir DIR --name "
                   "NAME\n",
                   name);
    } else if (faults != NULL && faults->count > 0) {
        if (say->json != NULL) {
            put_faults(faults, say->json);
        }
        for (uint32_t i = 0; faults->count > 1 && i < faults->count; i++) {
            fault(ctx, &faults->items[i]);
        }
        if (faults->count > 1) {
            (void)err_set(err, ERR_FORMAT, "%s has %u faults", name, faults->count);
            (void)err_mend(err, "mend them, then look again: entente table check %s", name);
        }
    }
    region_free(&mem);
    return ok;
}

/* ---- founding ---- */

static struct seat_keys_plan plan_of(const struct desk_seat *s)
{
    return (struct seat_keys_plan){.passphrase = s->passphrase,
                                   .cost = s->cheap ? KEYFILE_COST_CHEAP : KEYFILE_COST,
                                   .name = s->name};
}

/* Whoever can put another principal in this one's place: their keys are opened, for they sign the
 * slip, too. */
struct successors {
    struct keys *keys[SUCCESSORS_MAX];
    const struct signer *signers[SUCCESSORS_MAX];
    uint32_t count;
};

static void free_successors(struct successors *s)
{
    for (uint32_t i = 0; i < s->count; i++) {
        keys_free(s->keys[i]);
    }
}

/* free_successors is due in either case. */
static bool open_successors(const struct desk_seat *seat, const struct desk_person *who,
                            struct arena *mem, struct successors *out, struct seat_keys_plan *plan,
                            struct err *err)
{
    uint32_t n = seat->successors.count;
    out->count = 0;
    if (n > SUCCESSORS_MAX) {
        return err_set(err, ERR_LIMIT, "a side has at most %u successors", SUCCESSORS_MAX);
    }
    if (seat->successors_needed > n || (seat->successors_needed > 0 && n == 0)) {
        return err_set(err, ERR_USE, "%u successors are to be needed, and %u are named",
                       seat->successors_needed, n) ||
               err_mend(err, "name each one's key file with --successor");
    }
    for (uint32_t i = 0; i < n; i++) {
        const char *file = arena_printf(mem, "%.*s", TEXT_ARG(seat->successors.items[i]));
        if (file == NULL) {
            return err_memory(err, "the successors");
        }
        if (!keys_open(file, &who->ask, mem, &out->keys[i], err)) {
            return false;
        }
        out->count = i + 1;
        out->signers[i] = keys_signer(out->keys[i], KEY_ROOT);
        if (out->signers[i] == NULL) {
            return err_set(err, ERR_KEY, "%s has no principal's key", file) ||
                   err_mend(err, "a successor makes one: entente key new FILE --keys root");
        }
    }
    plan->successor_count = n;
    plan->successors_needed = seat->successors_needed > 0 ? seat->successors_needed
                              : n > 0                     ? n / 2 + 1
                                                          : 0;
    plan->successors = out->signers;
    return true;
}

static bool must_be_free(const char *dir, struct err *err)
{
    return !desk_is_one(dir) || err_set(err, ERR_STATE, "the folder %s has a table already", dir) ||
           err_mend(err, "each seat of each table has a folder of its own: --dir DIR");
}

bool desk_found(const struct desk_seat *seat, const char *host, struct bytes yaml, const char *name,
                const struct desk_person *who, const struct desk_say *say, struct err *err)
{
    struct region mem = {0};
    struct charter c;
    struct table_id table;
    struct successors successors = {.count = 0};
    struct found_plan plan = {.dir = seat->dir,
                              .host = host,
                              .yaml = yaml,
                              .yaml_name = name,
                              .earlier = seat->earlier,
                              .seat = plan_of(seat)};
    bool ok = must_be_free(seat->dir, err) &&
              region_init(&mem, REGION_SECRET, CHARTER_MEMORY, err) && crypto_init(err) &&
              open_successors(seat, who, &mem.mem, &successors, &plan.seat, err) &&
              charter_from_yaml(yaml, name, &mem.mem, &c, err) &&
              join_earlier(seat->earlier, &c, err) &&
              join_found(&plan, who->clock, who->chance, &table, err);
    if (ok && say->json != NULL) {
        json_put_key(say->json, "id");
        json_put_hex(say->json, ID_BYTES(table));
        json_put_key(say->json, "table");
        json_put_text(say->json, c.table);
        json_put_key(say->json, "dir");
        json_put_str(say->json, seat->dir);
        put_warnings(&c, &mem.mem, say);
        view_earlier_json(&c, say->json);
        json_put_key(say->json, "next");
        json_put_str(say->json, "entente seat invite SIDE --out FILE");
    } else if (ok) {
        buf_printf(say->words, "Founded: %.*s\nTable %s\nYour seat is in %s\n", TEXT_ARG(c.table),
                   id_hex(table.b).s, seat->dir);
        view_earlier(&c, say->words);
        put_warnings(&c, &mem.mem, say);
        buf_printf(say->words,
                   "Next: entente seat invite SIDE --out FILE --dir %s, for each other side\n",
                   seat->dir);
    }
    free_successors(&successors);
    region_free(&mem);
    return ok;
}

#define ASK_THE_FOUNDER "ask whoever founded this table which one is meant, before you sign"

bool desk_earlier(struct desk *d, const char *path, const struct desk_say *say, struct err *err)
{
    struct check_tree tree;
    if (!desk_has_charter(d, err)) {
        return false;
    }
    const struct charter_earlier *e = &desk_state(d)->charter.earlier;
    if (e->size == 0) {
        return err_set(err, ERR_STATE, "the charter names no earlier table");
    }
    if (!check_tree(path, &e->table, e->size, &tree, err)) {
        return err->code == ERR_VERIFY && err->mend[0] == '\0' ? err_mend(err, ASK_THE_FOUNDER)
                                                               : false;
    }
    if (!ID_EQ(tree.root, e->root)) {
        return err_set(err, ERR_VERIFY, "its first %llu acts are not those that the charter names",
                       (unsigned long long)e->size) ||
               err_mend(err, ASK_THE_FOUNDER);
    }
    if (say->json != NULL) {
        view_earlier_json(&desk_state(d)->charter, say->json);
        json_put_key(say->json, "same");
        json_put_bool(say->json, true);
    } else {
        buf_printf(say->words,
                   "It is: the first %llu acts of %s are those that the charter names.\n",
                   (unsigned long long)e->size, path);
    }
    return true;
}

/* ---- inviting ---- */

static bool find_post(struct desk *d, struct text side, struct text post, uint32_t *out,
                      struct err *err)
{
    const struct charter *c = &desk_state(d)->charter;
    uint32_t n = charter_find_side(c, side);
    uint64_t number = 0;
    *out = 0;
    if (n == CHARTER_NONE || !text_present(post)) {
        return true; /* an unknown side is told by join_invite */
    }
    if (u64_parse(post, &number) && number >= 1 && number <= c->sides[n].seat_count) {
        *out = (uint32_t)(number - 1);
        return true;
    }
    for (uint32_t i = 0; i < c->sides[n].seat_count; i++) {
        if (text_eq(c->sides[n].seats[i], post)) {
            *out = i;
            return true;
        }
    }
    return err_set(err, ERR_USE, "%.*s has no post %.*s", TEXT_ARG(c->sides[n].name),
                   TEXT_ARG(post)) ||
           err_mend(err, "name one by its title or number: entente table show");
}

bool desk_invite(struct desk *d, struct text name, struct text post, struct buf *out,
                 const struct desk_say *say, struct err *err)
{
    uint32_t n;
    struct text side = desk_side_id(d, name);
    struct invitation inv;
    enum paper_kind kind;
    struct bytes content;
    if (!desk_take(d, err) || !desk_has_charter(d, err) || !find_post(d, side, post, &n, err) ||
        !join_invite(&d->replica, side, n, out, err) ||
        !paper_parse(buf_bytes(out), "the invitation", &kind, &content, err) ||
        !invitation_parse(content, &inv, err)) {
        return false;
    }
    struct id_hex convener = id_hex(inv.convener.b);
    if (say->json != NULL) {
        json_put_key(say->json, "side");
        json_put_text(say->json, inv.side_id);
        json_put_key(say->json, "post");
        json_put_u64(say->json, n + 1);
        json_put_key(say->json, "title");
        json_put_text(say->json, inv.title);
        json_put_key(say->json, "convener");
        json_put_str(say->json, convener.s);
        json_put_key(say->json, "next");
        json_put_str(say->json, "entente seat join FILE");
    } else {
        buf_printf(say->words,
                   "An invitation to %.*s for %.*s, as %.*s.\n"
                   "Read aloud to them, over a line that you trust, the convener's fingerprint:\n"
                   "  %s\n"
                   "Next, they: entente seat join FILE --dir DIR --name NAME --out SLIP\n",
                   TEXT_ARG(inv.table_name), TEXT_ARG(inv.side_name), TEXT_ARG(inv.title),
                   id_spoken(inv.convener.b).s);
    }
    return true;
}

/* ---- joining ---- */

#define NEXT_SPONSORS                                                                              \
    "the side's successors sign the slip, one after the other: entente sign SLIP --key KEYFILE "   \
    "--out SIGNED; then a seat at the table admits it"

bool desk_join(const struct desk_seat *seat, struct bytes invitation, const char *name,
               const struct desk_person *who, struct buf *out, const struct desk_say *say,
               struct err *err)
{
    enum paper_kind kind;
    struct bytes content;
    struct invitation inv;
    struct kid kid;
    struct region mem = {0};
    struct successors successors;
    struct seat_keys_plan plan = plan_of(seat);
    if (!must_be_free(seat->dir, err) || !paper_parse(invitation, name, &kind, &content, err)) {
        return false;
    }
    if (kind != PAPER_INVITATION) {
        return err_set(err, ERR_USE, "%s is %s, not an invitation", name, paper_words(kind)) ||
               err_mend(err, "name the file that entente seat invite has written");
    }
    if (!invitation_parse(content, &inv, err)) {
        return false;
    }
    if (seat->host != NULL) {
        inv.host = text_str(seat->host);
    }
    if (seat->successors.count > 0 && inv.post != 0) {
        return err_set(err, ERR_USE,
                       "only a principal has successors, and this seat is no principal's");
    }
    bool ok = crypto_init(err) && region_init(&mem, REGION_SECRET, (size_t)1 << 20, err);
    if (ok) {
        ok = open_successors(seat, who, &mem.mem, &successors, &plan, err) &&
             join_with(seat->dir, &inv, &plan, who->chance, out, &kid, err);
        free_successors(&successors);
    }
    region_free(&mem);
    if (!ok) {
        return false;
    }
    struct id_hex own = id_hex(kid.b), convener = id_hex(inv.convener.b);
    if (say->json != NULL) {
        json_put_key(say->json, "table");
        json_put_text(say->json, inv.table_name);
        json_put_key(say->json, "id");
        json_put_hex(say->json, ID_BYTES(inv.table));
        json_put_key(say->json, "side");
        json_put_text(say->json, inv.side_id);
        json_put_key(say->json, "title");
        json_put_text(say->json, inv.title);
        json_put_key(say->json, "fingerprint");
        json_put_str(say->json, own.s);
        json_put_key(say->json, "convener");
        json_put_str(say->json, convener.s);
        json_put_key(say->json, "dir");
        json_put_str(say->json, seat->dir);
        json_put_key(say->json, "next");
        json_put_str(say->json, inv.replaces ? NEXT_SPONSORS : "entente sync");
    } else if (inv.replaces) {
        buf_printf(say->words,
                   "%.*s: you are to be the principal of %.*s, in %s\n"
                   "Your fingerprint, which the successors compare:\n  %s\nNext: %s\n",
                   TEXT_ARG(inv.table_name), TEXT_ARG(inv.side_name), seat->dir, id_spoken(kid.b).s,
                   NEXT_SPONSORS);
    } else {
        buf_printf(say->words,
                   "%.*s: you sit for %.*s, as %.*s, in %s\n"
                   "Read aloud to whoever invited you, over a line that you trust, your "
                   "fingerprint:\n  %s\n"
                   "Ask what the convener's is; if it is another than this, stop:\n  %s\n"
                   "Next: hand them the slip; when they have admitted it: entente sync --dir %s\n",
                   TEXT_ARG(inv.table_name), TEXT_ARG(inv.side_name), TEXT_ARG(inv.title),
                   seat->dir, id_spoken(kid.b).s, id_spoken(inv.convener.b).s, seat->dir);
    }
    return true;
}

/* ---- admitting ---- */

/* What the slip says of successors, held to what the charter asks for. */
static const char *successors_words(struct desk *d, enum paper_kind kind, struct bytes content)
{
    struct slip slip;
    struct new_root n;
    struct err untold = {0}; /* it was decoded before */
    const struct charter *c = &desk_state(d)->charter;
    if (kind == PAPER_NEW_ROOT && new_root_decode(content, &n, &untold)) {
        slip = n.slip;
    } else if (kind != PAPER_SLIP || !slip_decode(content, &slip, &untold)) {
        return "";
    }
    if (slip.side >= c->side_count ||
        (slip.successor_count == c->sides[slip.side].successor_count &&
         slip.successors_needed == c->sides[slip.side].successors_needed)) {
        return "";
    }
    const char *words = arena_printf(
        &d->mem.mem,
        "The charter asks for %u of %u successor keys, its slip brings %u of %u: by these alone a "
        "lost principal's key can be replaced.\n",
        c->sides[slip.side].successors_needed, c->sides[slip.side].successor_count,
        slip.successors_needed, slip.successor_count);
    return words == NULL ? "" : words;
}

bool desk_admit(struct desk *d, struct bytes slip, const char *name, const struct desk_say *say,
                struct err *err)
{
    enum paper_kind kind;
    struct bytes content;
    struct kid kid;
    uint32_t side;
    if (!paper_parse(slip, name, &kind, &content, err) ||
        !slip_fingerprint(kind, content, &kid, &side, err) || !desk_take(d, err) ||
        !desk_has_charter(d, err)) {
        return false;
    }
    const struct charter *c = &desk_state(d)->charter;
    struct text who = side < c->side_count ? c->sides[side].name : text_str("an unknown side");
    if (kind == PAPER_SLIP && side < SIDES_MAX &&
        keyring_side(door_keyring(d->replica.door), side)->admitted_at != INDEX_NEVER) {
        return err_set(err, ERR_STATE, "%.*s has joined already", TEXT_ARG(who)) ||
               err_mend(err,
                        "further seats of it are invited by its own principal; who sits at the "
                        "table: entente seat list");
    }
    struct id_hex hex = id_hex(kid.b);
    /* Of the state, which the acts that follow may have made anew. */
    const char *named = arena_printf(&d->mem.mem, "%.*s", TEXT_ARG(who));
    who = text_str(named == NULL ? "?" : named);
    const char *shown = arena_printf(
        &d->mem.mem,
        "You admit %s %.*s with the fingerprint\n  %s\n"
        "%s%s"
        "Has it been read aloud to you, over a line that you trust, and is it the same?\n",
        kind == PAPER_SLIP       ? "the side"
        : kind == PAPER_NEW_ROOT ? "another principal of"
                                 : "a seat of",
        TEXT_ARG(who), id_spoken(kid.b).s, successors_words(d, kind, content),
        kind == PAPER_NEW_ROOT
            ? "The former principal's key and seat do nothing more at this table; what they did "
              "stands. The new one signs the charter before his side acts again.\n"
            : "");
    if (!d->who.confirm(d->who.ctx, shown == NULL ? "?" : shown, err) ||
        !join_admit(&d->replica, kind, content, err)) {
        return false;
    }
    if (say->json != NULL) {
        json_put_key(say->json, "side");
        json_put_text(say->json, who);
        json_put_key(say->json, "fingerprint");
        json_put_str(say->json, hex.s);
        json_put_key(say->json, "next");
        json_put_str(say->json, "entente sync");
    } else {
        buf_printf(say->words, "Admitted: %.*s, fingerprint %s\nNext, they: entente sync\n",
                   TEXT_ARG(who), id_spoken(kid.b).s);
    }
    return true;
}

/* ---- sharing ---- */

static bool may_share(struct desk *d, uint32_t seat, struct err *err)
{
    const struct keyring *ring = door_keyring(d->replica.door);
    const struct ring_seat *to = keyring_seat(ring, seat);
    const struct ring_seat *own = keyring_seat(ring, d->replica.seat);
    struct text side = state_side_name(desk_state(d), to->side);
    if (to->side >= keyring_found(ring)->groups) {
        return err_set(err, ERR_USE, "%.*s reads its own rooms, not the charter", TEXT_ARG(side)) ||
               err_mend(err, "nothing is to be shared with it");
    }
    bool believed = own->side == to->side || own->side == keyring_found(ring)->convener_side;
    if (!believed || (own->keys.flags & (uint32_t)SEAT_MAY_GRANT) == 0) {
        return err_set(err, ERR_USE, "a seat of %.*s would not believe what this seat shares",
                       TEXT_ARG(side)) ||
               err_mend(err, "ask the convener, or another seat of %.*s, to do it", TEXT_ARG(side));
    }
    return true;
}

bool desk_share(struct desk *d, struct text name, const struct desk_say *say, struct err *err)
{
    uint32_t seat;
    if (!desk_take(d, err) || !desk_has_charter(d, err) || !desk_find_seat(d, name, &seat, err) ||
        !may_share(d, seat, err) || !act_share(&d->replica, &seat, 1, err)) {
        return false;
    }
    const struct keyring *ring = door_keyring(d->replica.door);
    struct text who = state_seat_name(desk_state(d), ring, seat, &d->mem.mem);
    if (say->json != NULL) {
        json_put_key(say->json, "seat");
        json_put_text(say->json, who);
        json_put_key(say->json, "fingerprint");
        json_put_str(say->json, id_hex(keyring_seat(ring, seat)->kid.b).s);
        json_put_key(say->json, "next");
        json_put_str(say->json, "entente sync");
    } else {
        buf_printf(say->words,
                   "Shared with %.*s: the charter and the past keys of the rooms of all.\n"
                   "Next, they: entente sync\n",
                   TEXT_ARG(who));
    }
    return true;
}
