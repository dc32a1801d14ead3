/* SPDX-License-Identifier: Apache-2.0 */
#include "app/prose.h"

void prose_add(struct buf *b, unsigned width, unsigned indent, struct text t)
{
    size_t at = 0;
    for (size_t i = 0; i < t.n;) {
        size_t end = i;
        while (end < t.n && t.p[end] != ' ') {
            end++;
        }
        struct text word = {.p = t.p + i, .n = end - i};
        size_t need = text_width(word);
        if (at == 0 || at + 1 + need > width) {
            buf_add_str(b, at == 0 ? "" : "\n");
            buf_add_fill(b, ' ', indent);
            at = indent;
        } else {
            buf_add_u8(b, ' ');
            at++;
        }
        buf_add(b, text_bytes(word));
        at += need;
        i = end + 1;
    }
    buf_add_u8(b, '\n');
}

void prose_flush(struct buf *b, unsigned width, unsigned indent, struct buf *words)
{
    prose_add(b, width, indent, (struct text){.p = buf_str(words), .n = words->n});
    b->failed = b->failed || words->failed;
    buf_clear(words);
}
