/* SPDX-License-Identifier: Apache-2.0 */
#include "app/join.h"

#include "app/check.h"
#include "app/key.h"
#include "base/cbor.h"
#include "crypto/init.h"
#include "formats/charter_yaml.h"
#include "os/file.h"
#include "os/folder.h"

/* ---- keys of a new seat ---- */

static bool make_keys(const struct seat_keys_plan *plan, bool with_root,
                      const struct chance *chance, struct keyset **out, struct err *err)
{
    uint8_t random[KEYSET_KEYS * KEYSET_SECRET_BYTES];
    unsigned which = KEYSET_BIT(KEYSET_SEAT) | KEYSET_BIT(KEYSET_SEAL) |
                     KEYSET_BIT(KEYSET_WITNESS) | (with_root ? KEYSET_BIT(KEYSET_ROOT) : 0u);
    bool ok = crypto_init(err) && chance_fill(chance, random, sizeof(random), err) &&
              keyset_new(random, which, plan->name, out, err);
    bytes_wipe(random, sizeof(random));
    return ok;
}

/* The key file of a seat of this table.  Takes the set over, on failure too. */
static bool keep_keys(struct keyset *set, const char *dir, const struct seat_keys_plan *plan,
                      const struct table_id *table, const struct chance *chance, struct arena *mem,
                      struct keys **out, struct err *err)
{
    char path[FILE_PATH_MAX];
    struct keyfile_chance k;
    struct buf file;
    buf_init(&file, 65536);
    bool ok = keyset_set_table(set, table->b, err) && folder_make(dir, err) &&
              replica_path(dir, "seat.key", path, err) && chance_fill(chance, &k, sizeof(k), err) &&
              keyset_seal(set, plan->passphrase, &plan->cost, &k, &file, err) &&
              file_create(path, FILE_SECRET, buf_bytes(&file), err);
    buf_free(&file);
    if (!ok) {
        keyset_free(set);
        return false;
    }
    return keys_from_set(set, mem, out, err);
}

static struct pubkey public_in(const struct keyset_public *p, enum keyset_key which)
{
    struct pubkey pk;
    memcpy(pk.b, p->pk[which], 32);
    return pk;
}

static struct pubkey public_of(const struct keys *k, enum keyset_key which)
{
    return public_in(keys_public(k), which);
}

static struct seat_keys seat_of(const struct keys *k, uint32_t post, uint32_t flags)
{
    return (struct seat_keys){.sign = public_of(k, KEYSET_SEAT),
                              .seal = public_of(k, KEYSET_SEAL),
                              .witness = public_of(k, KEYSET_WITNESS),
                              .post = post,
                              .flags = flags};
}

/* A side's slip, or where a root is named, a paper that puts another in its place. */
static bool make_slip(const struct keys *k, const struct table_id *table, uint32_t side,
                      const struct seat_keys_plan *plan, const struct pubkey *replaced,
                      struct buf *out, struct err *err)
{
    struct slip s = {.table = *table,
                     .side = side,
                     .seat_count = 1,
                     .successor_count = plan->successor_count,
                     .successors_needed = plan->successors_needed};
    s.seats[0] = seat_of(k, 0, SEAT_MAY_GRANT);
    const struct signer *root = keys_signer(k, KEY_ROOT);
    const struct signer *seat = keys_signer(k, KEY_SEAT);
    const struct signer *witness = keys_signer(k, KEY_WITNESS);
    return replaced == NULL
               ? slip_sign(&s, root, &seat, &witness, plan->successors, out, err)
               : new_root_sign(&s, replaced, root, &seat, &witness, plan->successors, out, err);
}

/* ---- founding ---- */

/* What a founding is made of; views in the region's memory. */
struct founding {
    struct charter charter;
    struct bytes cbor;
    uint8_t salt[32];
    struct bytes f;
    struct table_id table;
    uint32_t side;
};

static bool prepare(const struct found_plan *plan, const struct keyset_public *keys,
                    const struct chance *chance, struct arena *mem, struct founding *out,
                    struct err *err)
{
    struct found f = {.rules_version = 1,
                      .root = public_in(keys, KEYSET_ROOT),
                      .stanza_multiple = plan->stanza_multiple == 0 ? STANZA_MULTIPLE_DEFAULT
                                                                    : plan->stanza_multiple,
                      .blob_limit_bytes = BLOB_LIMIT_DEFAULT};
    struct buf b;
    buf_init(&b, CHARTER_CBOR_MAX);
    bool ok = charter_encode(&out->charter, &b, err) && chance_fill(chance, out->salt, 32, err) &&
              chance_fill(chance, f.nonce, sizeof(f.nonce), err) &&
              host_key(plan->host, chance, &f.host, err);
    out->cbor = arena_copy(mem, buf_bytes(&b));
    if (ok) {
        out->side = out->charter.sides[0].present ? 0 : 1;
        f.grace_seconds = out->charter.grace_seconds;
        f.charter = charter_digest(out->salt, out->cbor);
        f.groups = charter_groups(&out->charter);
        f.convener_side = out->side;
        buf_clear(&b);
        found_encode(&f, &b);
        ok = buf_done(&b, "the founding", err);
        out->f = arena_copy(mem, buf_bytes(&b));
        out->table = table_id_of(out->f);
    }
    buf_free(&b);
    return ok && (!mem->failed || err_memory(err, "the founding"));
}

/* By enum side_role. */
static const char *const roles[] = {"mediation", "party", "monitor", "consulted"};

static bool put_who(const struct charter *c, struct buf *out)
{
    uint32_t n = 0;
    for (uint32_t i = 0; i < c->side_count; i++) {
        n += c->sides[i].present ? 1 : 0;
    }
    cbor_put_array(out, n);
    for (uint32_t i = 0; i < c->side_count; i++) {
        if (c->sides[i].present) {
            cbor_put_array(out, 4);
            cbor_put_uint(out, i);
            cbor_put_tstr(out, c->sides[i].id);
            cbor_put_tstr(out, c->sides[i].name);
            cbor_put_tstr(out, text_str(roles[c->sides[i].role]));
        }
    }
    return buf_ok(out);
}

/* The charter, sealed to the founder's own seat: nobody else is here yet. */
static bool post_charter(struct replica *r, const struct founding *f, struct err *err)
{
    struct payload p = {.kind = KIND_CHARTER, .charter = f->cbor, .has_salt = true};
    struct content_item *items;
    size_t count;
    uint64_t index;
    memcpy(p.salt, f->salt, sizeof(p.salt));
    struct content_header h = {.claimed_time = clock_now(r->clock),
                               .kind = (uint32_t)KIND_CHARTER,
                               .room = text_str("plenary")};
    struct envelope_seal to = {.identity_count = 1,
                               .identities = keys_public(r->keys)->pk[KEYSET_SEAL]};
    bool ok = payload_items(&p, &r->scratch.mem, &items, &count, err) &&
              envelope_post_sealed(r, &h, items, count, &to, &index, err);
    arena_wipe(&r->scratch.mem);
    return ok && (replica_has_charter(r) ||
                  err_set(err, ERR_VERIFY, "the charter that was posted is not the one founded"));
}

/* The first seat admits itself: a slip like anybody's. */
static bool admit_self(struct replica *r, const struct founding *f,
                       const struct seat_keys_plan *plan, struct err *err)
{
    struct buf slip, blob;
    buf_init(&slip, CONTROL_BLOB_MAX);
    buf_init(&blob, CONTROL_BLOB_MAX);
    bool ok = make_slip(r->keys, &f->table, f->side, plan, NULL, &slip, err);
    keys_encode_side(buf_bytes(&slip), &blob);
    ok = ok && buf_done(&blob, "the slip", err) &&
         envelope_post_control(r, KEY_ROOT, CONTROL_KEYS, buf_bytes(&blob), err);
    buf_free(&slip);
    buf_free(&blob);
    return ok;
}

static bool take_seat(const struct found_plan *plan, const struct founding *f, struct keys *keys,
                      struct clock *clock, const struct chance *chance, struct err *err)
{
    struct buf envelope, who;
    struct replica r = {.lock = LOCK_NONE};
    buf_init(&envelope, ENVELOPE_MAX);
    buf_init(&who, CONTROL_BLOB_MAX);
    struct table_id founded;
    bool ok = put_who(&f->charter, &who);
    struct replica_setup setup = {.dir = plan->dir,
                                  .table = f->table,
                                  .side = f->side,
                                  .host = plan->host,
                                  .role = text_str(f->side == 0 ? "mediation" : "party"),
                                  .who = buf_bytes(&who),
                                  .name = plan->seat.name,
                                  .founding = f->f};
    ok = ok && envelope_found(f->f, &f->table, keys_signer(keys, KEY_ROOT), &envelope, err) &&
         replica_create(&setup, keys, chance, err) &&
         host_found(plan->host, HOST_OWN, buf_bytes(&envelope), f->f, &founded, err) &&
         replica_open(plan->dir, keys, clock, chance, "found", &r, err);
    ok = ok && sync_founding(&r, buf_bytes(&envelope), f->f, err) &&
         admit_self(&r, f, &plan->seat, err) && post_charter(&r, f, err) && act_settle_in(&r, err);
    replica_close(&r);
    buf_free(&envelope);
    buf_free(&who);
    return ok;
}

bool join_earlier(const char *path, struct charter *c, struct err *err)
{
    struct check_tree tree;
    if (path == NULL) {
        return true;
    }
    if (!check_tree(path, NULL, 0, &tree, err)) {
        return err_at(err, "the earlier table");
    }
    c->earlier = (struct charter_earlier){tree.table, tree.size, tree.root};
    return true;
}

bool join_found(const struct found_plan *plan, struct clock *clock, const struct chance *chance,
                struct table_id *out, struct err *err)
{
    struct region mem = {0};
    struct keyset *set = NULL;
    struct keys *keys = NULL;
    struct founding f = {0};
    bool ok = region_init(&mem, REGION_SECRET, (size_t)64 << 20, err) &&
              charter_from_yaml(plan->yaml, plan->yaml_name, &mem.mem, &f.charter, err) &&
              join_earlier(plan->earlier, &f.charter, err) &&
              make_keys(&plan->seat, true, chance, &set, err);
    if (ok && !prepare(plan, keyset_public(set), chance, &mem.mem, &f, err)) {
        keyset_free(set);
        ok = false;
    }
    ok = ok && keep_keys(set, plan->dir, &plan->seat, &f.table, chance, &mem.mem, &keys, err) &&
         take_seat(plan, &f, keys, clock, chance, err);
    if (ok) {
        *out = f.table;
    }
    keys_free(keys);
    region_free(&mem);
    return ok;
}

/* ---- invitations ---- */

static const char *const role_words[] = {"mediation", "party", "monitor", "consulted"};

bool join_invite(struct replica *r, struct text side, uint32_t post, struct buf *out,
                 struct err *err)
{
    const struct table_state *s = fold_state(r->fold);
    const struct keyring *ring = door_keyring(r->door);
    struct arena *mem = &r->scratch.mem;
    struct bytes founding = {0}, who = {0};
    if (!s->has_charter) {
        return err_set(err, ERR_STATE, "this seat cannot invite: it does not have the charter") ||
               err_mend(err, "the convener or a principal invites");
    }
    uint32_t n = charter_find_side(&s->charter, side);
    if (n == CHARTER_NONE) {
        return err_set(err, ERR_USE, "the charter has no side %.*s", TEXT_ARG(side)) ||
               err_mend(err, "name a side by its id or name: entente table show");
    }
    const struct charter_side *c = &s->charter.sides[n];
    if (post >= c->seat_count) {
        return err_set(err, ERR_USE, "%.*s has no post of that name", TEXT_ARG(c->name)) ||
               err_mend(err, "the charter lists the posts of each side");
    }
    if (!replica_value(r, "founding", mem, &founding, err) ||
        !replica_private(r, "who", mem, &who, err)) {
        return false;
    }
    struct buf b;
    buf_init(&b, PAPER_BYTES_MAX);
    /* As the founding has it, whoever has come in that root's place. */
    struct kid convener = kid_of(KEY_ROOT, &keyring_found(ring)->root);
    cbor_put_map(&b, 13);
    cbor_put_uint(&b, 1);
    cbor_put_uint(&b, 1);
    cbor_put_uint(&b, 2);
    cbor_put_bstr(&b, founding);
    cbor_put_uint(&b, 3);
    cbor_put_tstr(&b, (struct text){.p = r->host, .n = strlen(r->host)});
    cbor_put_uint(&b, 4);
    cbor_put_uint(&b, n);
    cbor_put_uint(&b, 5);
    cbor_put_tstr(&b, c->id);
    cbor_put_uint(&b, 6);
    cbor_put_tstr(&b, c->name);
    cbor_put_uint(&b, 7);
    cbor_put_tstr(&b, text_str(role_words[c->role]));
    cbor_put_uint(&b, 8);
    cbor_put_uint(&b, post);
    cbor_put_uint(&b, 9);
    cbor_put_tstr(&b, c->seats[post]);
    cbor_put_uint(&b, 10);
    cbor_put_tstr(&b, s->charter.table);
    cbor_put_uint(&b, 11);
    cbor_put_bstr(&b, ID_BYTES(convener));
    cbor_put_uint(&b, 12);
    cbor_put_bstr(&b, who);
    cbor_put_uint(&b, 13);
    if (post == 0 && keyring_side(ring, n)->admitted_at != INDEX_NEVER) {
        cbor_put_bstr(&b, ID_BYTES(keyring_side(ring, n)->root));
    } else {
        cbor_put_null(&b);
    }
    paper_put(PAPER_INVITATION, buf_bytes(&b), out);
    bool ok = buf_done(&b, "the invitation", err) && buf_done(out, "the invitation", err);
    buf_free(&b);
    arena_wipe(mem);
    return ok;
}

static struct text shown(struct cbor *c, size_t most)
{
    struct bytes v = cbor_tstr(c);
    struct text t = {.p = "", .n = 0};
    struct err ignored = {0};
    if (cbor_ok(c) && (v.n > most || (v.n > 0 && !text_from(v, &t, &ignored)) ||
                       memchr(t.p, '\n', t.n) != NULL || memchr(t.p, '\t', t.n) != NULL)) {
        cbor_refuse(c, "a text is too long, has several lines or cannot be shown");
    }
    return t;
}

static uint32_t number(struct cbor *c, uint32_t below)
{
    uint64_t v = cbor_uint(c);
    if (cbor_ok(c) && v >= below) {
        cbor_refuse(c, "a number is outside its range");
    }
    return cbor_ok(c) ? (uint32_t)v : 0;
}

bool invitation_parse(struct bytes content, struct invitation *out, struct err *err)
{
    struct cbor c;
    struct invitation i = {0};
    cbor_init(&c, content);
    cbor_map_n(&c, 13);
    cbor_expect_key(&c, 1);
    if (cbor_uint(&c) != 1) {
        cbor_refuse(&c, "it is of a later version of entente");
    }
    cbor_expect_key(&c, 2);
    i.founding = cbor_bstr(&c);
    cbor_expect_key(&c, 3);
    i.host = shown(&c, FILE_PATH_MAX - 1);
    cbor_expect_key(&c, 4);
    i.side = number(&c, SIDES_MAX);
    cbor_expect_key(&c, 5);
    i.side_id = shown(&c, ID_MAX_BYTES);
    cbor_expect_key(&c, 6);
    i.side_name = shown(&c, NAME_MAX_BYTES);
    cbor_expect_key(&c, 7);
    i.role = shown(&c, ID_MAX_BYTES);
    cbor_expect_key(&c, 8);
    i.post = number(&c, SIDE_SEATS_MAX);
    cbor_expect_key(&c, 9);
    i.title = shown(&c, NAME_MAX_BYTES);
    cbor_expect_key(&c, 10);
    i.table_name = shown(&c, NAME_MAX_BYTES);
    cbor_expect_key(&c, 11);
    cbor_bstr_into(&c, i.convener.b, sizeof(i.convener.b));
    cbor_expect_key(&c, 12);
    i.who = cbor_bstr(&c);
    cbor_expect_key(&c, 13);
    i.replaces = !cbor_take_null(&c);
    if (i.replaces) {
        cbor_bstr_into(&c, i.replaced.b, sizeof(i.replaced.b));
    }
    struct control f;
    if (!cbor_done(&c, "the invitation", err) ||
        !control_decode(CONTROL_FOUND, i.founding, &f, err)) {
        return err_mend(err, "ask for the invitation again; it must arrive unchanged");
    }
    struct kid convener = kid_of(KEY_ROOT, &f.as.found.root);
    if (!ID_EQ(convener, i.convener)) {
        return err_set(err, ERR_VERIFY,
                       "the invitation names another convener than its founding") ||
               err_mend(err, "ask for the invitation again; it must arrive unchanged");
    }
    i.table = table_id_of(i.founding);
    *out = i;
    return true;
}

bool join_with(const char *dir, const struct invitation *inv, const struct seat_keys_plan *seat,
               const struct chance *chance, struct buf *out_slip, struct kid *out_fingerprint,
               struct err *err)
{
    struct keyset *set = NULL;
    struct keys *keys = NULL;
    struct buf slip;
    char host[FILE_PATH_MAX];
    buf_init(&slip, CONTROL_BLOB_MAX);
    if (inv->host.n >= sizeof(host)) {
        return err_set(err, ERR_LIMIT, "the host's place in the invitation is too long");
    }
    memcpy(host, inv->host.p, inv->host.n);
    host[inv->host.n] = '\0';
    struct replica_setup setup = {.dir = dir,
                                  .table = inv->table,
                                  .side = inv->side,
                                  .post = inv->post,
                                  .host = host,
                                  .role = inv->role,
                                  .who = inv->who,
                                  .name = seat->name,
                                  .founding = inv->founding};
    bool first = inv->post == 0;
    struct region mem = {0};
    bool ok = region_init(&mem, REGION_SECRET, (size_t)1 << 20, err) &&
              make_keys(seat, first, chance, &set, err) &&
              keep_keys(set, dir, seat, &inv->table, chance, &mem.mem, &keys, err) &&
              replica_create(&setup, keys, chance, err);
    if (ok && first) {
        ok = make_slip(keys, &inv->table, inv->side, seat, inv->replaces ? &inv->replaced : NULL,
                       &slip, err);
    } else if (ok) {
        struct seat_slip s = {.table = inv->table,
                              .side = inv->side,
                              .seat = seat_of(keys, inv->post, SEAT_MAY_GRANT)};
        ok = seat_slip_sign(&s, keys_signer(keys, KEY_SEAT), keys_signer(keys, KEY_WITNESS), &slip,
                            err);
    }
    if (ok) {
        *out_fingerprint = signer_kid(keys_signer(keys, first ? KEY_ROOT : KEY_SEAT));
        paper_put(!first          ? PAPER_SEAT_SLIP
                  : inv->replaces ? PAPER_NEW_ROOT
                                  : PAPER_SLIP,
                  buf_bytes(&slip), out_slip);
        ok = buf_done(out_slip, "the slip", err);
    }
    buf_free(&slip);
    keys_free(keys);
    region_free(&mem);
    return ok;
}

/* ---- admitting ---- */

bool slip_fingerprint(enum paper_kind kind, struct bytes content, struct kid *out,
                      uint32_t *out_side, struct err *err)
{
    if (kind == PAPER_SLIP) {
        struct slip s;
        if (!slip_decode(content, &s, err) || !slip_verify(&s, err)) {
            return false;
        }
        *out = kid_of(KEY_ROOT, &s.root);
        *out_side = s.side;
        return true;
    }
    if (kind == PAPER_NEW_ROOT) {
        struct new_root n;
        if (!new_root_decode(content, &n, err) || !new_root_verify(&n, err)) {
            return false;
        }
        *out = kid_of(KEY_ROOT, &n.slip.root);
        *out_side = n.slip.side;
        return true;
    }
    struct seat_slip s;
    if (kind != PAPER_SEAT_SLIP) {
        return err_set(err, ERR_USE, "this file is %s, not a slip", paper_words(kind)) ||
               err_mend(err, "name the file that the joining side sent back");
    }
    if (!seat_slip_decode(content, &s, err) || !seat_slip_verify(&s, err)) {
        return false;
    }
    *out = kid_of(KEY_SEAT, &s.seat.sign);
    *out_side = s.side;
    return true;
}

/* What people get wrong with slips, in their words; the door would refuse it too. */
static bool slip_is_ours(const struct replica *r, const struct table_id *table, struct err *err)
{
    return ID_EQ(*table, r->table) ||
           err_set(err, ERR_VERIFY, "this slip was made for another table") ||
           err_mend(err, "send an invitation to this one, and take the slip that comes of it");
}

static bool place_is_free(const struct replica *r, enum paper_kind kind, struct bytes content,
                          struct err *err)
{
    const struct keyring *ring = door_keyring(r->door);
    uint64_t size = door_size(r->door);
    if (kind == PAPER_SLIP) {
        struct slip s;
        return slip_decode(content, &s, err) && slip_is_ours(r, &s.table, err) &&
               (keyring_side(ring, s.side)->admitted_at >= size ||
                err_set(err, ERR_STATE, "side %u has joined already", s.side) ||
                err_mend(err, "further seats of it are invited by its own principal"));
    }
    if (kind == PAPER_NEW_ROOT) {
        struct new_root n;
        return new_root_decode(content, &n, err) && slip_is_ours(r, &n.slip.table, err);
    }
    struct seat_slip s;
    if (!seat_slip_decode(content, &s, err) || !slip_is_ours(r, &s.table, err)) {
        return false;
    }
    for (uint32_t i = 0; i < keyring_seats(ring, size); i++) {
        const struct ring_seat *seat = keyring_seat(ring, i);
        if (seat->side == s.side && seat->keys.post == s.seat.post &&
            ring_seat_active(seat, size)) {
            return err_set(err, ERR_STATE, "somebody sits at this post already (key %.*s)",
                           ID_SHOWN, id_hex(seat->kid.b).s) ||
                   err_mend(err, "invite this person to another post, or leave this slip");
        }
    }
    return true;
}

bool join_admit(struct replica *r, enum paper_kind kind, struct bytes content, struct err *err)
{
    struct kid fingerprint;
    uint32_t side;
    struct buf blob;
    if (!slip_fingerprint(kind, content, &fingerprint, &side, err) || !sync_settle(r, err) ||
        !place_is_free(r, kind, content, err)) {
        return false;
    }
    const struct keyring *ring = door_keyring(r->door);
    uint32_t before = keyring_seats(ring, door_size(r->door));
    buf_init(&blob, CONTROL_BLOB_MAX);
    if (kind == PAPER_SLIP) {
        keys_encode_side(content, &blob);
    } else if (kind == PAPER_NEW_ROOT) {
        keys_encode_new_root(content, &blob);
    } else {
        keys_encode_seat(content, &blob);
    }
    bool ok = buf_done(&blob, "the slip", err) &&
              envelope_post_control(r, kind == PAPER_NEW_ROOT ? KEY_SEAT : KEY_ROOT, CONTROL_KEYS,
                                    buf_bytes(&blob), err);
    buf_free(&blob);
    if (!ok) {
        return false;
    }
    if (!ring_seat_active(keyring_seat(ring, r->seat), door_size(r->door))) {
        return true; /* our own post was filled: what the other needs, others give */
    }
    uint32_t seats[SIDE_SEATS_MAX];
    uint32_t count = 0;
    uint32_t after = keyring_seats(ring, door_size(r->door));
    for (uint32_t i = before; i < after && count < SIDE_SEATS_MAX; i++) {
        if (keyring_seat(ring, i)->side < keyring_found(ring)->groups) {
            seats[count++] = i;
        }
    }
    /* Monitors and consulted sides read their rooms, not the charter. */
    return act_share(r, seats, count, err);
}

/* One [side, id, name, role]; present is false where the role is none that we know. */
static uint32_t take_who(struct cbor *c, struct charter_side *out)
{
    *out = (struct charter_side){.present = false};
    cbor_array_n(c, 4);
    uint32_t side = number(c, SIDES_MAX);
    out->id = shown(c, ID_MAX_BYTES);
    out->name = shown(c, NAME_MAX_BYTES);
    struct text role = shown(c, ID_MAX_BYTES);
    for (uint32_t i = 0; i < COUNT_OF(roles); i++) {
        if (text_is(role, roles[i])) {
            out->role = (enum side_role)i;
            out->present = cbor_ok(c);
        }
    }
    return side;
}

bool join_who(struct replica *r, uint32_t side, struct arena *mem, struct text *out_id,
              struct text *out_name, struct err *err)
{
    struct charter sides;
    if (!join_sides(r, mem, &sides, err)) {
        return false;
    }
    bool known = side < sides.side_count && text_present(sides.sides[side].id);
    *out_id = known ? sides.sides[side].id : text_str("?");
    *out_name = known ? sides.sides[side].name : text_str("?");
    return true;
}

bool join_sides(struct replica *r, struct arena *mem, struct charter *out, struct err *err)
{
    struct bytes who = {0};
    struct cbor c;
    struct charter made = {.sides = ARENA_NEW(mem, struct charter_side, SIDES_MAX)};
    if (made.sides == NULL) {
        return err_memory(err, "who is who");
    }
    if (!replica_private(r, "who", mem, &who, err)) {
        return false;
    }
    if (who.n == 0) { /* without keys nobody is known */
        *out = made;
        return true;
    }
    cbor_init(&c, who);
    size_t n = cbor_array(&c, SIDES_MAX);
    for (size_t i = 0; i < n; i++) {
        struct charter_side s;
        uint32_t at = take_who(&c, &s);
        if (!cbor_ok(&c) || made.sides[at].present || (s.role == ROLE_MEDIATION) != (at == 0)) {
            continue; /* the first of two of one number stands; the mediation's is 0 in every charter */
        }
        made.sides[at] = s;
        made.side_count = at >= made.side_count ? at + 1 : made.side_count;
        made.party_count += s.present && s.role == ROLE_PARTY ? 1 : 0;
        made.monitor_count += s.present && s.role == ROLE_MONITOR ? 1 : 0;
    }
    if (!cbor_done(&c, "who is who", err)) {
        return false;
    }
    *out = made;
    return true;
}
