/* SPDX-License-Identifier: Apache-2.0
 *
 * How people come to a table: it is founded, sides are invited, each joins by itself with keys that
 * it made, and is admitted after fingerprints were compared aloud.
 *
 *     founder:  table_found -> invite_make(side, post 0)  --file-->  join_with
 *     joiner:   join_with -> slip                         --file-->  admit_slip
 *     a side's principal invites and admits his own seats in the same way.
 */
#ifndef ENTENTE_APP_JOIN_H
#define ENTENTE_APP_JOIN_H

#include "app/act.h"
#include "app/paper.h"

/* How a new seat's key file is made. */
struct seat_keys_plan {
    struct bytes passphrase;
    struct keyfile_cost cost;
    struct text name; /* of the person, shown at the table; may be empty */
    /* Of a principal: roots to be, so many of which can put another root in a lost one's place. */
    uint32_t successor_count;
    uint32_t successors_needed;
    const struct signer *const *successors; /* borrowed */
};

struct found_plan {
    const char *dir;
    const char *host;
    struct bytes yaml;
    const char *yaml_name;
    const char *earlier;      /* folder or bundle of a table that this one follows; NULL: none */
    uint32_t stanza_multiple; /* 0: the default */
    struct seat_keys_plan seat;
};

/* Puts the record at path, a seat's folder or a bundle, into the charter as the table that it follows:
 * checked whole, as far as every side has countersigned it.  NULL: nothing. */
MUST_CHECK bool join_earlier(const char *path, struct charter *c, struct err *err);

/* Founds the table at the host; the new seat is the principal of the convening side (the
 * mediation, or the first party where there is none). */
MUST_CHECK bool join_found(const struct found_plan *plan, struct clock *clock,
                           const struct chance *chance, struct table_id *out, struct err *err);

/* An invitation for a post of a side: the paper, appended to out.  post 0 is a side's first seat,
 * which only the convener invites; the others are invited by their own principal.  For post 0 of a
 * side that has joined it invites another principal, whom the side's successors put in place. */
MUST_CHECK bool join_invite(struct replica *r, struct text side, uint32_t post, struct buf *out,
                            struct err *err);

/* What an invitation says. */
struct invitation {
    struct table_id table;
    struct bytes founding;
    struct text host;
    uint32_t side;
    struct text side_id;
    struct text side_name;
    struct text role; /* "mediation", "party", "monitor", "consulted" */
    uint32_t post;
    struct text title;
    struct text table_name;
    struct kid convener; /* of the convener's root: to compare aloud */
    struct bytes who;    /* CBOR: array of [side, id, name, role] */
    bool replaces;       /* the side has a root, in whose place this one is to come */
    struct pubkey replaced;
};
MUST_CHECK bool invitation_parse(struct bytes content, struct invitation *out, struct err *err);

/* Makes keys and replica in a new folder; the slip to hand back is appended to out. */
MUST_CHECK bool join_with(const char *dir, const struct invitation *inv,
                          const struct seat_keys_plan *seat, const struct chance *chance,
                          struct buf *out_slip, struct kid *out_fingerprint, struct err *err);

/* What is to be compared aloud before a slip is admitted: the root's kid of a side, the seat's of
 * a seat. */
MUST_CHECK bool slip_fingerprint(enum paper_kind kind, struct bytes content, struct kid *out,
                                 uint32_t *out_side, struct err *err);

/* Admits it and shares the charter with it. */
MUST_CHECK bool join_admit(struct replica *r, enum paper_kind kind, struct bytes content,
                           struct err *err);

/* Who is who, for a seat that has no charter: name of a side by number; "?" where
 * unknown. */
MUST_CHECK bool join_who(struct replica *r, uint32_t side, struct arena *mem, struct text *out_id,
                         struct text *out_name, struct err *err);

/* All of them as a charter that has nothing but sides and their counts: what a seat without a charter
 * knows its rooms by.  Texts in mem. */
MUST_CHECK bool join_sides(struct replica *r, struct arena *mem, struct charter *out,
                           struct err *err);

#endif
