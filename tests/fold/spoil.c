/* SPDX-License-Identifier: Apache-2.0
 *
 * What only a tampered program makes: items that no kind has, values that are no values, as many as the
 * blob holds.
 */
#include "fold/play.h"

#include "base/cbor.h"

static uint32_t below(struct writing *w, uint64_t n)
{
    return (uint32_t)prop_below(w->rnd, n == 0 ? 1 : n);
}

/* One well-formed CBOR value, drawn wildly. */
static void wild_value(struct writing *w, struct buf *b, uint32_t deep)
{
    switch (below(w, deep > 6 ? 5 : 7)) {
    case 0:
        cbor_put_uint(b, prop_edgy(w->rnd));
        return;
    case 1: {
        uint8_t some[64];
        uint32_t n = below(w, 3) == 0 ? 32 : below(w, sizeof(some));
        prop_fill(w->rnd, some, n);
        cbor_put_bstr(b, bytes_of(some, n));
        return;
    }
    case 2:
        cbor_put_tstr(b, text_str(below(w, 2) == 0 ? "" : "line"));
        return;
    case 3:
        cbor_put_null(b);
        return;
    case 4:
        cbor_put_bool(b, below(w, 2) == 0);
        return;
    default: {
        uint32_t n = below(w, 4);
        cbor_put_array(b, n);
        for (uint32_t i = 0; i < n; i++) {
            wild_value(w, b, deep + 1);
        }
    }
    }
}

static struct bytes wild(struct writing *w)
{
    struct buf b;
    buf_init(&b, 1u << 16);
    wild_value(w, &b, 1);
    struct bytes v = arena_copy(w->mem, buf_bytes(&b));
    buf_free(&b);
    return v;
}

void spoil_items(struct writing *w, struct content_item *items, size_t *count, size_t room)
{
    size_t at = *count == 0 ? 0 : below(w, *count);
    switch (w->spoil) {
    case 1: /* one too few */
        for (size_t i = at; i + 1 < *count; i++) {
            items[i] = items[i + 1];
        }
        *count -= *count > 0;
        return;
    case 2: /* one twice */
        if (*count > 0 && *count < room) {
            items[(*count)++] = items[at];
        }
        return;
    case 3: /* of another type */
        if (*count > 0) {
            items[at].type = below(w, 90);
        }
        return;
    case 4: /* another value */
        if (*count > 0) {
            items[at].value = wild(w);
        }
        return;
    case 5: /* a byte of the value is another: it may be no CBOR any more */
        if (*count > 0 && items[at].value.n > 0) {
            struct bytes v = arena_copy(w->mem, items[at].value);
            size_t byte = below(w, v.n);
            w->mem->p[(size_t)(v.p - w->mem->p) + byte] ^= (uint8_t)(1u << below(w, 8));
            items[at].value = v;
        }
        return;
    case 6: /* cut short */
        if (*count > 0 && items[at].value.n > 1) {
            items[at].value.n -= 1 + below(w, items[at].value.n - 1);
        }
        return;
    case 7: /* as many as there may be, and of one kind */
        while (*count > 0 && *count < room) {
            items[(*count)++] = items[at];
        }
        return;
    case 8: /* in another order */
        if (*count > 1) {
            struct content_item first = items[0];
            items[0] = items[*count - 1];
            items[*count - 1] = first;
        }
        return;
    default: /* the header's kind is another: play.c */
        return;
    }
}
