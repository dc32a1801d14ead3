/* SPDX-License-Identifier: Apache-2.0
 *
 * Text in HTML, XML, SVG and CSV, so that a reader of these takes none of it for markup.
 */
#ifndef ENTENTE_BASE_MARKUP_H
#define ENTENTE_BASE_MARKUP_H

#include "base/buf.h"
#include "base/text.h"

/* Between elements, and in quoted attributes where white space may count as one space. */
void markup_text(struct buf *out, struct text t);

/* In a quoted attribute that must come back as it was: TAB and LF stay what they are. */
void markup_attribute(struct buf *out, struct text t);

/* A field of a table, in its quotes (RFC 4180). */
void markup_csv(struct buf *out, struct text t);

#endif
