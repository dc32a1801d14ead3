/* SPDX-License-Identifier: Apache-2.0
 *
 * A negotiating text as a file: Markdown in and out, HTML and Akoma Ntoso (OASIS, version 1.0 of
 * 2018, XML namespace 3.0) out, and what changed between two versions as HTML.
 *
 * In Markdown the articles are the headings of one level: of the highest that is there; where that
 * has one heading, the first, and there are deeper ones, it is the name of the whole text and the
 * articles are the next level.  Deeper headings are words of their article.  An id may stand behind
 * the title, as {#guns}; else it is made of the title.  Words before the first article are an article
 * "preamble"; a file without headings is one article, "text".
 */
#ifndef ENTENTE_FORMATS_SNT_TEXT_H
#define ENTENTE_FORMATS_SNT_TEXT_H

#include "base/diff.h"
#include "table/snt_words.h"

#define SNT_FILE_MAX ((size_t)4 << 20)

/* name is shown in errors.  Articles are in mem, or borrow the file's bytes. */
MUST_CHECK bool snt_from_markdown(struct bytes file, const char *name, struct arena *mem,
                                  struct snt_words *out, struct err *err);

/* What stands on top of an export. */
struct snt_cover {
    struct text table;
    struct text phase; /* its id */
    uint32_t version;
    const char *digest; /* hexadecimal */
    const char *date;   /* "2031-03-06 18:00": when it was made */
    struct text author; /* the side that made it: its id */
    struct text author_name;
    bool adopted;
};

void snt_to_markdown(const struct snt_words *w, const struct snt_cover *c, struct buf *out);
void snt_to_html(const struct snt_words *w, const struct snt_cover *c, struct buf *out);
void snt_to_akn(const struct snt_words *w, const struct snt_cover *c, struct buf *out);

/* An article in two versions; NULL where it is not in one of them. */
struct snt_change {
    const struct snt_article *old, *new;
    struct diff title;
    struct diff text;
};

/* The articles of the new version in order, and those that went where they stood.  Words of `old` and
 * `new` are borrowed. */
MUST_CHECK bool snt_changes(const struct snt_words *old, const struct snt_words *new,
                            uint64_t steps, struct arena *mem, struct snt_change **out,
                            uint32_t *out_count);

void snt_changes_html(const struct snt_change *changes, uint32_t count, const struct snt_cover *old,
                      const struct snt_cover *new, struct buf *out);

#endif
