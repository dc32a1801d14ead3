/* SPDX-License-Identifier: Apache-2.0
 *
 * Akoma Ntoso 1.0 (OASIS standard, 29 August 2018), part 2: a <doc> of articles, of which only what
 * the schema demands is written.  Work, expression and manifestation are named as the naming
 * convention has it, with "un" for a text of no one country and "und" for a language not told.
 */
#include "base/markup.h"
#include "formats/snt_text.h"

/* "/akn/un/doc/2031-03-06/security": of the work; the rest by level. */
static void put_name(struct buf *out, const struct snt_cover *c, unsigned level, bool this)
{
    static const char *const ends[] = {"", "", ".xml"};
    buf_printf(out, "/akn/un/doc/%.10s/%.*s", c->date, TEXT_ARG(c->phase));
    if (level > 0) {
        buf_printf(out, "/und@%.10s;%u", c->date, c->version);
    }
    buf_add_str(out, this ? "/!main" : "");
    buf_add_str(out, ends[level]);
}

static void put_level(struct buf *out, const struct snt_cover *c, unsigned level)
{
    static const char *const names[] = {"FRBRWork", "FRBRExpression", "FRBRManifestation"};
    buf_printf(out, "        <%s>\n          <FRBRthis value=\"", names[level]);
    put_name(out, c, level, true);
    buf_add_str(out, "\"/>\n          <FRBRuri value=\"");
    put_name(out, c, level, false);
    buf_printf(out, "\"/>\n          <FRBRdate date=\"%.10s\" name=\"%s\"/>\n", c->date,
               c->adopted ? "adopted" : "draft");
    buf_printf(out, "          <FRBRauthor href=\"#%.*s\"/>\n", TEXT_ARG(c->author));
    if (level == 0) {
        buf_add_str(out, "          <FRBRcountry value=\"un\"/>\n");
    } else if (level == 1) {
        buf_printf(out, "          <FRBRversionNumber value=\"%u\"/>\n", c->version);
        buf_add_str(out, "          <FRBRlanguage language=\"und\"/>\n");
    } else {
        buf_add_str(out, "          <FRBRformat value=\"application/akn+xml\"/>\n");
    }
    buf_printf(out, "        </%s>\n", names[level]);
}

static void put_meta(struct buf *out, const struct snt_cover *c)
{
    buf_add_str(out, "    <meta>\n      <identification source=\"#entente\">\n");
    for (unsigned level = 0; level < 3; level++) {
        put_level(out, c, level);
    }
    buf_add_str(out, "      </identification>\n      <references source=\"#entente\">\n");
    buf_printf(out,
               "        <TLCOrganization eId=\"%.*s\" href=\"/akn/ontology/organization/%.*s\" "
               "showAs=\"",
               TEXT_ARG(c->author), TEXT_ARG(c->author));
    markup_text(out, c->author_name);
    buf_add_str(out,
                "\"/>\n        <TLCObject eId=\"entente\" href=\"/akn/ontology/object/entente\" "
                "showAs=\"entente\"/>\n      </references>\n    </meta>\n");
}

/* A paragraph for each that a blank line ends. */
static void put_paragraphs(struct buf *out, struct text t)
{
    size_t from = 0;
    bool any = false;
    for (size_t i = 0; i <= t.n; i++) {
        bool end = i == t.n || (t.p[i] == '\n' && i + 1 < t.n && t.p[i + 1] == '\n');
        if (!end) {
            continue;
        }
        while (from < i && t.p[from] == '\n') {
            from++;
        }
        if (i > from || (i == t.n && !any)) {
            buf_add_str(out, "          <p>");
            markup_text(out, (struct text){.p = t.p + from, .n = i - from});
            buf_add_str(out, "</p>\n");
            any = true;
        }
        from = i;
    }
}

void snt_to_akn(const struct snt_words *w, const struct snt_cover *c, struct buf *out)
{
    buf_add_str(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                     "<akomaNtoso xmlns=\"http://docs.oasis-open.org/legaldocml/ns/akn/3.0\">\n"
                     "  <doc name=\"text\">\n");
    put_meta(out, c);
    buf_add_str(out, "    <preface>\n      <p><docTitle>");
    markup_text(out, c->table);
    buf_add_str(out, "</docTitle></p>\n    </preface>\n    <mainBody>\n");
    for (uint32_t i = 0; i < w->count; i++) {
        const struct snt_article *a = &w->articles[i];
        buf_printf(out,
                   "      <article eId=\"art_%.*s\">\n        <num>%u</num>\n        <heading>",
                   TEXT_ARG(a->id), i + 1);
        markup_text(out, a->title);
        buf_printf(out, "</heading>\n        <content eId=\"art_%.*s__content\">\n",
                   TEXT_ARG(a->id));
        put_paragraphs(out, a->text);
        buf_add_str(out, "        </content>\n      </article>\n");
    }
    buf_add_str(out, "    </mainBody>\n  </doc>\n</akomaNtoso>\n");
}
