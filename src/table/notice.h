/* SPDX-License-Identifier: Apache-2.0
 *
 * What a notice proves (docs/RULES.md 14.3): that an act of a consultation is part of this record,
 * whose it is, and that the entries shown are its own, exactly as its author signed them.  Nobody
 * needs the key of that room to check it: the envelope's path leads to the tree that the notice's own
 * author had seen, each entry's path to the commit that the envelope bears.
 */
#ifndef ENTENTE_TABLE_NOTICE_H
#define ENTENTE_TABLE_NOTICE_H

#include "table/payload.h"
#include "table/refusal.h"
#include "table/room.h"

struct shown_act {
    struct leaf_hash leaf;
    uint64_t index;
    uint32_t side; /* of its author */
    struct room room;
    bool has_text;    /* else its first text is kept back, and "" in p */
    struct payload p; /* typed; borrows the notice */
};

struct notice_view {
    const struct charter *charter;
    const struct keyring *ring;
    uint64_t seen_size;                /* of the notice */
    const struct root_hash *seen_root; /* NULL at the desk, whose own program has made the path */
};

/* Makes one: of the act at that index, with this envelope, whose path to the tree that the notice's
 * author will have seen is given.  Everything is shown, but the first text where it is kept back.  In
 * mem; borrows the rest. */
enum notice_text { NOTICE_SHOW_TEXT, NOTICE_KEEP_TEXT };
MUST_CHECK bool notice_make(const struct content *c, uint64_t index, struct bytes envelope,
                            const struct merkle_path *path, enum notice_text text,
                            struct arena *mem, struct shown_item *out, struct err *err);

/* True: out is what it shows.  False: out_refusal says why it shows nothing. */
MUST_CHECK bool notice_open(const struct notice_view *v, const struct shown_item *s,
                            struct arena *mem, struct shown_act *out, struct refusal *out_refusal);

#endif
