/* SPDX-License-Identifier: Apache-2.0 */
#include "app/accuse.h"

#define FRAUD_FILE_WORDS                                                                           \
    "Show it to the other sides: each can check it with entente check, and needs nobody's word.\n"

void accused_put(const struct accused *a, struct buf *out)
{
    switch (a->as) {
    case ACCUSED_UNKNOWN:
        buf_add_str(out, "somebody");
        break;
    case ACCUSED_HOST:
        buf_add_str(out, a->term == 0 ? "the host" : "the host that the table moved to");
        break;
    case ACCUSED_ROOT:
        buf_printf(out, "the principal's own key of side %u", a->side);
        break;
    case ACCUSED_SEAT:
        buf_printf(out, "the seat of post %u of side %u", a->post, a->side);
        break;
    case ACCUSED_WITNESS:
        buf_printf(out, "the witness of side %u (post %u)", a->side, a->post);
        break;
    }
}

/* A double that shows two trees convicts the host. */
static bool convicts_host(const struct fraud *f)
{
    return f->kind == FRAUD_FORK || (f->kind == FRAUD_DOUBLE && ID_EQ(*fraud_guilty(f), f->host));
}

static const char *deed(const struct fraud *f)
{
    if (convicts_host(f)) {
        return "signed two records of this table that cannot both be true";
    }
    switch (f->kind) {
    case FRAUD_WITNESS:
        return "countersigned two records that cannot both be true, or a longer one with an "
               "earlier hour";
    case FRAUD_SEEN:
        return "says in an act to have seen a record that the host did not sign";
    case FRAUD_DOUBLE:
        return "signed two acts for one place of its chain";
    case FRAUD_FORK:
        break;
    }
    return "lied";
}

void accuse_says(const struct fraud *f, const struct accused *whom, struct buf *out)
{
    static const char *const as[] = {"as a host", "as a seat", "as a seat", "as a witness"};
    if (whom->as == ACCUSED_UNKNOWN) {
        buf_printf(out, "whoever holds the key %s, %s, ", id_hex(fraud_guilty(f)->b).s,
                   convicts_host(f) ? as[0] : as[f->kind - 1]);
    } else {
        accused_put(whom, out);
        buf_add_u8(out, ' ');
    }
    buf_add_str(out, deed(f));
}

void accuse_mends(const struct fraud *f, struct buf *out)
{
    if (convicts_host(f)) {
        buf_add_str(out, "What to do now: trust nothing that this host notes from here on. Compare "
                         "your records with all sides (entente bundle out, entente compare): what "
                         "every side has countersigned stands, and the table can go on with it at "
                         "a new host.\n");
    } else if (f->kind == FRAUD_WITNESS) {
        buf_add_str(out, "What to do now: that side's countersignature is worth nothing until its "
                         "principal has removed this seat and named another. Ask him; the key may "
                         "have been stolen.\n");
    } else {
        buf_add_str(out, "What to do now: ask that side's principal whether the key was stolen, "
                         "and to remove the seat.\n");
    }
}

static void put_comparison(const struct accuse_result *f, struct buf *out)
{
    unsigned long long ours = f->ours, theirs = f->theirs, split = f->split;
    if (f->split != INDEX_NEVER) {
        buf_printf(out,
                   "They hold another record than you: the first %llu acts are the same, act %llu "
                   "is not.\n",
                   split, split);
        if (f->moved) {
            buf_add_str(out, "One of you has moved to a new host, the other has not, and holds "
                             "acts of the old one that did not come along.\n");
        }
    } else if (ours == theirs) {
        buf_printf(out, "Both of you hold the same record, of %llu acts.\n", ours);
    } else if (ours > theirs) {
        buf_printf(out, "Theirs is the beginning of yours: %llu acts, where you hold %llu.\n",
                   theirs, ours);
    } else {
        buf_printf(out,
                   "Yours is the beginning of theirs: %llu acts, where they hold %llu. entente "
                   "bundle in takes the rest in.\n",
                   ours, theirs);
    }
}

void accuse_words(const struct accuse_result *f, const char *path, struct buf *out)
{
    if (f->compared) {
        put_comparison(f, out);
    }
    if (f->count == 0) {
        if (f->split != INDEX_NEVER && !f->moved) {
            buf_add_str(out, "That proves nobody's guilt: no host has signed both.\n");
        } else if (!f->compared) {
            buf_add_str(out, "No proof against anybody is kept here. To compare with another side, "
                             "ask it for its record: entente bundle out.\n");
        }
        return;
    }
    for (uint32_t i = 0; i < f->count; i++) {
        const struct accuse_proof *p = &f->proofs[i];
        buf_add_str(out, "Proven: ");
        accuse_says(&p->fraud, &p->whom, out);
        buf_add_str(out, ".\n");
        accuse_mends(&p->fraud, out);
    }
    if (path == NULL) {
        buf_add_str(out,
                    "With --out FILE the proof is written to a file that anybody can check.\n");
        return;
    }
    buf_printf(out, "The proof is in %s", path);
    for (uint32_t i = 1; i < f->count; i++) {
        buf_printf(out, ", %s-%u", path, i + 1);
    }
    buf_add_str(out, ".\n" FRAUD_FILE_WORDS);
}

static void put_u64(struct json *j, const char *key, uint64_t v)
{
    json_put_key(j, key);
    json_put_u64(j, v);
}

void accuse_json(const struct accuse_result *f, const char *path, struct json *j)
{
    static const char *const as[] = {"unknown", "host", "root", "seat", "witness"};
    put_u64(j, "ours", f->ours);
    if (f->compared) {
        put_u64(j, "theirs", f->theirs);
        json_put_key(j, "differs_at");
        if (f->split == INDEX_NEVER) {
            json_put_null(j);
        } else {
            json_put_u64(j, f->split);
        }
        json_put_key(j, "moved");
        json_put_bool(j, f->moved);
    }
    if (path != NULL && f->count > 0) {
        json_put_key(j, "file");
        json_put_str(j, path);
    }
    json_put_key(j, "proofs");
    json_put_array(j);
    for (uint32_t i = 0; i < f->count; i++) {
        const struct accuse_proof *p = &f->proofs[i];
        json_put_object(j);
        json_put_key(j, "proves");
        json_put_str(j, fraud_word(p->fraud.kind));
        json_put_key(j, "who");
        json_put_str(j, as[p->whom.as]);
        json_put_key(j, "key");
        json_put_hex(j, ID_BYTES(*fraud_guilty(&p->fraud)));
        if (p->whom.as != ACCUSED_HOST && p->whom.as != ACCUSED_UNKNOWN) {
            put_u64(j, "side", p->whom.side);
        }
        json_put_end(j);
    }
    json_put_end(j);
}
