/* SPDX-License-Identifier: Apache-2.0
 *
 * Items of acts at home, taken in and put out (payload_home.c) for payload.c.
 */
#ifndef ENTENTE_TABLE_PAYLOAD_PRIV_H
#define ENTENTE_TABLE_PAYLOAD_PRIV_H

#include "base/cbor.h"
#include "table/payload.h"

/* A text of another party: at most so long, and fit to be shown; sticks in c where it is not. */
struct text payload_take_text(struct cbor *c, size_t most);

/* The next line, way or order into its place of p. */
void payload_take_line(struct cbor *c, struct payload *p);
void payload_take_way(struct cbor *c, struct payload *p);
void payload_take_order(struct cbor *c, struct payload *p);
void payload_take_interest(struct cbor *c, struct payload *p);
void payload_take_prefer(struct cbor *c, struct payload *p);

void payload_put_line(struct buf *b, const struct debrief_line *l);
void payload_put_way(struct buf *b, const struct memo_way *w);
void payload_put_order(struct buf *b, const struct order *o);
void payload_put_interest(struct buf *b, const struct interest_item *i);
void payload_put_prefer(struct buf *b, const struct prefer_item *f);

#endif
