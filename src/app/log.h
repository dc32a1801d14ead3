/* SPDX-License-Identifier: Apache-2.0
 *
 * The record as a list: one line an act, for the seat that looks.
 */
#ifndef ENTENTE_APP_LOG_H
#define ENTENTE_APP_LOG_H

#include "app/view.h"

struct log_line {
    uint64_t index;
    uint32_t side;
    struct text side_name; /* "side 2" for a seat that cannot read the charter */
    const char *kind;      /* of a control act or an opened one; "sealed" */
    const char *words;     /* what it says to this seat */
    bool readable;
    bool is_void;
    bool final;
    struct moment not_before;
    struct moment not_after;
};

/* Texts last until the visit returns. */
typedef bool log_visit(void *ctx, const struct log_line *line, struct err *err);

/* The acts of [from, to) in order, to cut to what there is. */
MUST_CHECK bool log_each(const struct view *v, uint64_t from, uint64_t to, log_visit *visit,
                         void *ctx, struct err *err);

/* "  12  between ... and ...  Kestria says: ..." */
void log_words(const struct log_line *line, struct buf *out);
void log_json(const struct log_line *line, struct json *j);

#endif
