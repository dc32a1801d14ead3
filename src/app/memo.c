/* SPDX-License-Identifier: Apache-2.0 */
#include "app/memo.h"

#include "base/civil.h"
#include "base/markup.h"

#define BAR "  | "
#define BAR_DEEP "     | "

/* ---- words ---- */

/* How much of this line goes on one of `room` columns: up to a blank, or all that fits. */
static size_t fits(struct text t, size_t room)
{
    size_t last = 0, at = 0;
    while (at < t.n) {
        size_t next = at + 1;
        while (next < t.n && ((uint8_t)t.p[next] & 0xC0u) == 0x80u) {
            next++; /* not within a character */
        }
        if (text_width((struct text){.p = t.p, .n = next}) > room) {
            return last > 0 ? last : at > 0 ? at : next;
        }
        if (t.p[at] == ' ') {
            last = at;
        }
        at = next;
    }
    return t.n;
}

void memo_wrap(struct buf *out, const char *lead, struct text words)
{
    size_t room = MEMO_COLUMNS - text_width(text_str(lead));
    while (words.n > 0) {
        const char *end = memchr(words.p, '\n', words.n);
        struct text line = {.p = words.p, .n = end == NULL ? words.n : (size_t)(end - words.p)};
        size_t past = line.n + (end == NULL ? 0 : 1);
        do {
            size_t n = fits(line, room);
            buf_add_str(out, lead);
            buf_add(out, bytes_of(line.p, n));
            buf_add_u8(out, '\n');
            while (n < line.n && line.p[n] == ' ') {
                n++;
            }
            line = (struct text){.p = line.p + n, .n = line.n - n};
        } while (line.n > 0);
        words = (struct text){.p = words.p + past, .n = words.n - past};
    }
}

static struct text first_text(const struct payload *p)
{
    return p->text_count > 0 ? p->texts[0] : text_str("");
}

static void put_way(const struct payload *memo, uint32_t i, struct buf *out)
{
    const struct memo_way *w = &memo->ways[i];
    buf_printf(out, "  %u. %s%s%.*s", i + 1, way_word(w->way), w->subject.n > 0 ? " " : "",
               TEXT_ARG(w->subject));
    buf_printf(out, "%s\n", memo->has_recommend && memo->recommend == i ? "   <- recommended" : "");
    memo_wrap(out, BAR_DEEP, w->leads);
    buf_printf(out, "     how sure: %s\n", sure_word(w->sure));
}

void memo_page(const struct memo_head *head, const struct payload *memo, struct arena *mem,
               struct buf *out)
{
    (void)mem;
    if (head != NULL) {
        buf_printf(out, "MEMO for %.*s\n%.*s\nFrom %.*s, %s, %s. Read at home alone.\n",
                   TEXT_ARG(head->to), TEXT_ARG(head->table), TEXT_ARG(head->author), head->when,
                   head->number);
    }
    buf_add_str(out, "\nWhere we stand\n");
    memo_wrap(out, BAR, first_text(memo));
    buf_add_str(out, "\nOptions\n");
    for (uint32_t i = 0; i < memo->way_count; i++) {
        put_way(memo, i, out);
    }
    if (memo->has_recommend && memo->text_count > 1) {
        buf_printf(out, "\nWhy number %u is recommended\n", memo->recommend + 1);
        memo_wrap(out, BAR, memo->texts[1]);
    }
}

void memo_decision(const char *when, const struct payload *said, struct arena *mem, struct buf *out)
{
    char minute[CIVIL_TEXT_MAX];
    (void)mem;
    buf_printf(out, "  %.*s\n", TEXT_ARG(said->label));
    memo_wrap(out, BAR, first_text(said));
    for (uint32_t i = 0; i < said->order_count; i++) {
        const struct order *o = &said->orders[i];
        buf_printf(out, "  order: %s%s%.*s\n", order_word(o->kind), o->subject.n > 0 ? " " : "",
                   TEXT_ARG(o->subject));
    }
    if (said->has_when) {
        civil_format(said->when, minute);
        buf_printf(out, "  looked at again by %s\n", when != NULL ? when : minute);
    }
}

void memo_blank(struct buf *out)
{
    buf_add_str(out, "\nDecision: ____________________________________________________________\n"
                     "\nLook again on: ________________   Signed: ____________________________\n");
}

/* ---- HTML ---- */

/* A line break is one. */
static void put_escaped(struct buf *out, struct text t)
{
    size_t start = 0;
    for (size_t i = 0; i <= t.n; i++) {
        if (i == t.n || t.p[i] == '\n') {
            markup_text(out, (struct text){.p = t.p + start, .n = i - start});
            buf_add_str(out, i < t.n ? "<br>\n" : "");
            start = i + 1;
        }
    }
}

static void put_element(struct buf *out, const char *name, struct text t)
{
    buf_printf(out, "<%s>", name);
    put_escaped(out, t);
    buf_printf(out, "</%s>\n", name);
}

static const char html_begin
    [] = "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
         "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
         "style-src 'unsafe-inline'\">\n"
         "<meta name=\"viewport\" content=\"width=device-width\">\n<title>Memo</title>\n<style>\n"
         "body{font:11pt/1.4 serif;max-width:42em;margin:2em auto;padding:0 1em}\n"
         "h1{font-size:1.4em;margin:0}h2{font-size:1.1em;margin:1em 0 .2em}\n"
         "table{border-collapse:collapse;width:100%}\n"
         "th,td{text-align:left;vertical-align:top;padding:.3em;border-bottom:1px solid}\n"
         ".recommended{font-weight:bold}.sign{margin-top:2em}\n"
         "@media print{body{margin:0}@page{size:A4;margin:18mm}}\n</style>\n</head>\n<body>\n";

static void html_way(const struct payload *memo, uint32_t i, struct buf *out)
{
    const struct memo_way *w = &memo->ways[i];
    bool best = memo->has_recommend && memo->recommend == i;
    buf_printf(out, "<tr%s><th scope=\"row\">%u. %s", best ? " class=\"recommended\"" : "", i + 1,
               way_word(w->way));
    if (w->subject.n > 0) {
        buf_add_u8(out, ' ');
        put_escaped(out, w->subject);
    }
    buf_printf(out, "%s</th><td>", best ? "<br>(recommended)" : "");
    put_escaped(out, w->leads);
    buf_printf(out, "</td><td>%s</td></tr>\n", sure_word(w->sure));
}

void memo_html(const struct memo_head *head, const struct payload *memo, const char *const *decided,
               uint32_t decided_count, struct buf *out)
{
    buf_add_str(out, html_begin);
    buf_add_str(out, "<h1>Memo for ");
    put_escaped(out, head->to);
    buf_add_str(out, "</h1>\n<p>");
    put_escaped(out, head->table);
    buf_add_str(out, "<br>From ");
    put_escaped(out, head->author);
    buf_printf(out, ", %s, %s. Read at home alone.</p>\n<h2>Where we stand</h2>\n", head->when,
               head->number);
    put_element(out, "p", first_text(memo));
    buf_add_str(out, "<h2>Options</h2>\n<table>\n<tr><th scope=\"col\">Option</th>"
                     "<th scope=\"col\">What it likely leads to</th>"
                     "<th scope=\"col\">How sure</th></tr>\n");
    for (uint32_t i = 0; i < memo->way_count; i++) {
        html_way(memo, i, out);
    }
    buf_add_str(out, "</table>\n");
    if (memo->has_recommend && memo->text_count > 1) {
        buf_printf(out, "<h2>Why number %u is recommended</h2>\n", memo->recommend + 1);
        put_element(out, "p", memo->texts[1]);
    }
    if (decided_count > 0) {
        buf_add_str(out, "<h2>Decided</h2>\n");
    }
    for (uint32_t i = 0; i < decided_count; i++) {
        put_element(out, "p", text_str(decided[i]));
    }
    if (decided_count == 0) {
        buf_add_str(out, "<p class=\"sign\">Decision: ______________________________________</p>\n"
                         "<p>Look again on: ____________ Signed: ______________________</p>\n");
    }
    buf_add_str(out, "</body>\n</html>\n");
}
