/* SPDX-License-Identifier: Apache-2.0
 *
 * Opening a GENIUS file, and what every part of its reading needs.  No DTD is taken, so that no
 * entity can be defined; nothing is fetched; libxml2's own ceilings on depth and size stay on.
 */
#include <libxml/parser.h>

#include "formats/genius_priv.h"

#include <stdarg.h>
#include <stdio.h>

#define XML_OPTIONS                                                                                \
    (XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING | XML_PARSE_NOCDATA |               \
     XML_PARSE_BIG_LINES)

static bool contains(struct bytes v, const char *what)
{
    size_t n = strlen(what);
    for (size_t i = 0; i + n <= v.n; i++) {
        if (v.p[i] == (uint8_t)what[0] && memcmp(v.p + i, what, n) == 0) {
            return true;
        }
    }
    return false;
}

static struct bytes skip_blanks(struct bytes v, long *lines)
{
    size_t i = v.n >= 3 && memcmp(v.p, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;
    for (; i < v.n && (v.p[i] == ' ' || (v.p[i] >= '\t' && v.p[i] <= '\r')); i++) {
        *lines += v.p[i] == '\n';
    }
    return bytes_slice(v, i, v.n);
}

static bool is_utf16(struct bytes v)
{
    return v.n >= 2 && ((v.p[0] == 0xff && v.p[1] == 0xfe) || (v.p[0] == 0xfe && v.p[1] == 0xff));
}

/* libxml2 goes on after an error and finds more; the first is the one to mend. */
struct first_error {
    char what[200];
    int line;
    bool seen;
};

static void note_error(void *parser, xmlErrorPtr e)
{
    const xmlParserCtxt *ctxt = parser;
    struct first_error *first = ctxt->_private;
    if (first->seen || e->level == XML_ERR_WARNING) {
        return;
    }
    first->seen = true;
    first->line = e->line;
    snprintf(first->what, sizeof(first->what), "%s", e->message == NULL ? "" : e->message);
    size_t n = strlen(first->what);
    while (n > 0 && (first->what[n - 1] == '\n' || first->what[n - 1] == ' ')) {
        first->what[--n] = 0;
    }
}

/* encoding NULL: as the file says, or UTF-8. */
static xmlDocPtr parse(struct bytes v, const char *encoding, const struct scenario_file *file,
                       long skipped, struct arena *mem, struct err *err)
{
    struct first_error first = {0};
    xmlParserCtxtPtr ctxt = xmlNewParserCtxt();
    if (ctxt == NULL) {
        (void)err_memory(err, file->name);
        return NULL;
    }
    ctxt->_private = &first;
    ctxt->sax->serror = note_error;
    xmlDocPtr doc = xmlCtxtReadMemory(ctxt, (const char *)v.p, (int)v.n, NULL, encoding,
                                      XML_OPTIONS); /* below SCENARIO_FILE_MAX */
    if (doc == NULL || ctxt->wellFormed == 0) {
        (void)err_set(
            err, ERR_FORMAT, "the XML is broken: %s",
            text_quote(mem, bytes_str(first.seen ? first.what : "it ends too soon"), 160));
        (void)err_mend(err, "mend the tag or the quotes at that line, or above it");
        (void)err_at(err, "%s, line %ld", file->name, first.line + skipped);
        xmlFreeDoc(doc);
        doc = NULL;
    }
    xmlFreeParserCtxt(ctxt);
    return doc;
}

bool genius_open(const struct scenario_file *file, struct arena *mem, struct genius_doc **out,
                 enum source_kind *out_kind, struct err *err)
{
    long skipped = 0;
    struct bytes v = is_utf16(file->bytes) ? file->bytes : skip_blanks(file->bytes, &skipped);
    *out_kind = SOURCE_NONE;
    if (v.n == 0 || (v.p[0] != '<' && !is_utf16(v))) {
        return true;
    }
    if (contains(v, "<!DOCTYPE") || contains(v, "<!ENTITY")) {
        return err_set(err, ERR_FORMAT, "the file defines a document type or entities") ||
               err_mend(err, "take the <!DOCTYPE ...> away") || err_at(err, "%s", file->name);
    }
    struct genius_doc *made = ARENA_NEW(mem, struct genius_doc, 1);
    if (made == NULL) {
        return err_memory(err, file->name);
    }
    /* What claims to be UTF-8, or claims nothing, and is not: older tools wrote Latin-1. */
    bool latin = !is_utf16(v) && !utf8_valid(v) &&
                 (!contains(bytes_slice(v, 0, 128), "encoding=") ||
                  contains(bytes_slice(v, 0, 128), "utf-8") ||
                  contains(bytes_slice(v, 0, 128), "UTF-8"));
    made->skipped_lines = skipped;
    made->doc = parse(v, latin ? "ISO-8859-1" : NULL, file, skipped, mem, err);
    if (made->doc == NULL) {
        return false;
    }
    const xmlNode *root = xmlDocGetRootElement(made->doc);
    if (made->doc->intSubset == NULL && genius_is(root, "negotiation_template")) {
        *out_kind = SOURCE_GENIUS_DOMAIN;
    } else if (made->doc->intSubset == NULL && genius_is(root, "utility_space")) {
        *out_kind = SOURCE_GENIUS_PROFILE;
    } else {
        genius_close(made);
        return true;
    }
    *out = made;
    return true;
}

void genius_close(struct genius_doc *doc)
{
    if (doc != NULL) {
        xmlFreeDoc(doc->doc);
        doc->doc = NULL;
    }
}

bool genius_at(const struct genius *g, const xmlNode *node)
{
    return err_at(g->r->err, "%s, line %ld", g->src->file->name,
                  xmlGetLineNo(node) + g->src->xml->skipped_lines);
}

bool(genius_refuse)(const struct genius *g, const xmlNode *node, const char *fmt, ...)
{
    char what[sizeof(g->r->err->what)];
    va_list args;
    va_start(args, fmt);
    vsnprintf(what, sizeof(what), fmt, args);
    va_end(args);
    (void)err_set(g->r->err, ERR_FORMAT, "%s", what);
    return genius_at(g, node);
}

bool genius_is(const xmlNode *node, const char *element)
{
    return node != NULL && node->type == XML_ELEMENT_NODE &&
           strcmp((const char *)node->name, element) == 0;
}

static const xmlNode *from(const xmlNode *node, const char *element)
{
    while (node != NULL && !genius_is(node, element)) {
        node = node->next;
    }
    return node;
}

const xmlNode *genius_child(const xmlNode *node, const char *element)
{
    return node == NULL ? NULL : from(node->children, element);
}

const xmlNode *genius_next(const xmlNode *node, const char *element)
{
    return from(node->next, element);
}

bool genius_text(const struct genius *g, const xmlNode *node, const char *attribute,
                 struct text *out)
{
    xmlChar *v = xmlGetNoNsProp(node, (const xmlChar *)attribute);
    struct text t;
    *out = (struct text){0};
    if (v == NULL) {
        return true;
    }
    struct bytes copy = arena_copy(g->r->mem, bytes_str((const char *)v));
    xmlFree(v);
    if (g->r->mem->failed) {
        return reading_no_memory(g->r);
    }
    if (!text_from(copy, &t, g->r->err)) {
        return genius_at(g, node);
    }
    *out = (struct text){.p = t.p == NULL ? "" : t.p, .n = t.n};
    return true;
}

bool genius_number(const struct genius *g, const xmlNode *node, const char *attribute,
                   struct decimal *out, bool *found)
{
    struct text t;
    if (!genius_text(g, node, attribute, &t)) {
        return false;
    }
    *found = t.p != NULL;
    if (!*found) {
        return true;
    }
    struct text trimmed = t;
    while (trimmed.n > 0 && (trimmed.p[0] == ' ' || trimmed.p[0] == '\t' || trimmed.p[0] == '\n')) {
        trimmed.p++;
        trimmed.n--;
    }
    while (trimmed.n > 0 && (trimmed.p[trimmed.n - 1] == ' ' || trimmed.p[trimmed.n - 1] == '\t' ||
                             trimmed.p[trimmed.n - 1] == '\n')) {
        trimmed.n--;
    }
    if (!decimal_parse(trimmed, out)) {
        return genius_refuse(g, node, "%s is no number for %s of <%s>", reading_quote(g->r, t),
                             attribute, (const char *)node->name) ||
               err_mend(g->r->err, "write digits with a point, if any: 12.5");
    }
    return true;
}

bool genius_whole(const struct genius *g, const xmlNode *node, const char *attribute, int64_t *out)
{
    struct decimal d;
    bool found, exact;
    if (!genius_number(g, node, attribute, &d, &found)) {
        return false;
    }
    if (!found) {
        return genius_refuse(g, node, "<%s> has no %s", (const char *)node->name, attribute) ||
               err_mend(g->r->err, "add %s=\"...\"", attribute);
    }
    if (!decimal_fixed(d, 0, out, &exact) || !exact) {
        return genius_refuse(g, node, "%s of <%s> is no whole number", attribute,
                             (const char *)node->name) ||
               err_mend(g->r->err, "write digits only");
    }
    return true;
}

bool genius_issue_at(const struct genius *g, const xmlNode *node, uint32_t *out)
{
    int64_t index;
    if (!genius_whole(g, node, "index", &index)) {
        return false;
    }
    for (uint32_t i = 0; i < g->d->issue_count; i++) {
        if (g->index[i] == index) {
            *out = i;
            return true;
        }
    }
    return genius_refuse(g, node, "there is no issue with the index %lld", (long long)index) ||
           err_mend(g->r->err, "use an index that an issue of the domain has");
}
