/* SPDX-License-Identifier: Apache-2.0
 *
 * One page without scripts, links or anything that is fetched.  Every word of others is escaped, in
 * text and in attributes alike.
 */
#include "base/markup.h"
#include "formats/snt_text.h"

static void put_head(struct buf *out, const struct snt_cover *c, const char *what)
{
    buf_add_str(out, "<!DOCTYPE html>\n<html lang=\"und\">\n<head>\n<meta charset=\"utf-8\">\n"
                     "<meta name=\"viewport\" content=\"width=device-width\">\n"
                     "<meta http-equiv=\"Content-Security-Policy\" "
                     "content=\"default-src 'none'; style-src 'unsafe-inline'\">\n<title>");
    markup_text(out, c->table);
    buf_printf(out, ": %s</title>\n", what);
    buf_add_str(out, "<style>body{max-width:42em;margin:2em auto;padding:0 1em;"
                     "font:1em/1.5 serif}.words{white-space:pre-wrap}del{color:#a00}"
                     "ins{color:#060}</style>\n</head>\n<body>\n<h1>");
    markup_text(out, c->table);
    buf_add_str(out, "</h1>\n<p>Text of phase ");
    markup_text(out, c->phase);
}

static void put_open(struct buf *out, struct text id)
{
    buf_add_str(out, "<section id=\"article-");
    markup_text(out, id);
    buf_add_str(out, "\">\n<h2>");
}

void snt_to_html(const struct snt_words *w, const struct snt_cover *c, struct buf *out)
{
    put_head(out, c, "the text");
    buf_printf(out, ", version %u of %s, by ", c->version, c->date);
    markup_text(out, c->author_name);
    buf_printf(out, "%s.<br>Digest <code>%s</code></p>\n", c->adopted ? ", adopted" : "",
               c->digest);
    for (uint32_t i = 0; i < w->count; i++) {
        const struct snt_article *a = &w->articles[i];
        put_open(out, a->id);
        markup_text(out, a->title);
        buf_add_str(out, "</h2>\n<p class=\"words\">");
        markup_text(out, a->text);
        buf_add_str(out, "</p>\n</section>\n");
    }
    buf_add_str(out, "</body>\n</html>\n");
}

static void put_diff(struct buf *out, const struct diff *d)
{
    static const char *const open[] = {"", "<del>", "<ins>"};
    static const char *const close[] = {"", "</del>", "</ins>"};
    for (uint32_t i = 0; i < d->count; i++) {
        buf_add_str(out, open[d->parts[i].kind]);
        markup_text(out, d->parts[i].words);
        buf_add_str(out, close[d->parts[i].kind]);
    }
}

void snt_changes_html(const struct snt_change *changes, uint32_t count, const struct snt_cover *old,
                      const struct snt_cover *new, struct buf *out)
{
    put_head(out, new, "what changed");
    buf_printf(out, ": from version %u of %s to version %u of %s.</p>\n", old->version, old->date,
               new->version, new->date);
    for (uint32_t i = 0; i < count; i++) {
        const struct snt_change *c = &changes[i];
        put_open(out, c->new != NULL ? c->new->id : c->old->id);
        put_diff(out, &c->title);
        buf_add_str(out, "</h2>\n<p class=\"words\">");
        put_diff(out, &c->text);
        buf_add_str(out, "</p>\n</section>\n");
    }
    buf_add_str(out, "</body>\n</html>\n");
}
