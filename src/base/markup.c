/* SPDX-License-Identifier: Apache-2.0 */
#include "base/markup.h"

/* NULL: the byte may stand as it is. */
static const char *reference(char c)
{
    switch (c) {
    case '&':
        return "&amp;";
    case '<':
        return "&lt;";
    case '>':
        return "&gt;";
    case '"':
        return "&quot;";
    case '\'':
        return "&#39;";
    default:
        return NULL;
    }
}

static void put(struct buf *out, struct text t, bool space)
{
    for (size_t i = 0; i < t.n; i++) {
        const char *r = space && t.p[i] == '\t'   ? "&#9;"
                        : space && t.p[i] == '\n' ? "&#10;"
                                                  : reference(t.p[i]);
        if (r != NULL) {
            buf_add_str(out, r);
        } else {
            buf_add_u8(out, (uint8_t)t.p[i]);
        }
    }
}

void markup_text(struct buf *out, struct text t)
{
    put(out, t, false);
}

void markup_attribute(struct buf *out, struct text t)
{
    put(out, t, true);
}

void markup_csv(struct buf *out, struct text t)
{
    buf_add_u8(out, '"');
    for (size_t i = 0; i < t.n; i++) {
        if (t.p[i] == '"') {
            buf_add_u8(out, '"');
        }
        buf_add_u8(out, (uint8_t)t.p[i]);
    }
    buf_add_u8(out, '"');
}
