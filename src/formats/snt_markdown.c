/* SPDX-License-Identifier: Apache-2.0 */
#include "formats/snt_text.h"

#define LEVELS 6u

struct line {
    const char *p;
    size_t n;
    unsigned level; /* of a heading, else 0 */
};

/* ---- lines ---- */

/* The next line without its end; false behind the last. */
static bool next_line(struct bytes *rest, struct line *out)
{
    if (rest->n == 0) {
        return false;
    }
    const uint8_t *end = memchr(rest->p, '\n', rest->n);
    size_t n = end == NULL ? rest->n : (size_t)(end - rest->p);
    *out = (struct line){.p = (const char *)rest->p, .n = n};
    *rest = bytes_slice(*rest, n + (end == NULL ? 0 : 1), rest->n);
    return true;
}

/* "## Title": one to six marks and a blank [CommonMark 4.2]. */
static unsigned heading_level(const struct line *l)
{
    unsigned n = 0;
    while (n < l->n && l->p[n] == '#') {
        n++;
    }
    return n >= 1 && n <= LEVELS && (n == l->n || l->p[n] == ' ' || l->p[n] == '\t') ? n : 0;
}

/* A fence of ``` or ~~~, within which no line is a heading. */
static bool is_fence(const struct line *l)
{
    return l->n >= 3 && (memcmp(l->p, "```", 3) == 0 || memcmp(l->p, "~~~", 3) == 0);
}

static bool is_blank(struct text t)
{
    for (size_t i = 0; i < t.n; i++) {
        if (t.p[i] != ' ' && t.p[i] != '\t' && t.p[i] != '\n') {
            return false;
        }
    }
    return true;
}

static struct text trim(struct text t)
{
    while (t.n > 0 && (t.p[0] == ' ' || t.p[0] == '\t' || t.p[0] == '\n')) {
        t.p++;
        t.n--;
    }
    while (t.n > 0 && (t.p[t.n - 1] == ' ' || t.p[t.n - 1] == '\t' || t.p[t.n - 1] == '\n')) {
        t.n--;
    }
    return t;
}

/* ---- the file ---- */

/* UTF-8 without a mark of the byte order, lines ended by LF alone. */
static bool clean_file(struct bytes file, const char *name, struct arena *mem, struct text *out,
                       struct err *err)
{
    if (file.n > SNT_FILE_MAX) {
        return err_set(err, ERR_LIMIT, "%s has %zu bytes, at most %zu", name, file.n, SNT_FILE_MAX);
    }
    if (file.n >= 3 && memcmp(file.p, "\xef\xbb\xbf", 3) == 0) {
        file = bytes_slice(file, 3, file.n);
    }
    uint8_t *p = ARENA_NEW(mem, uint8_t, file.n + 1);
    if (p == NULL) {
        return err_memory(err, "a text");
    }
    size_t n = 0;
    for (size_t i = 0; i < file.n; i++) {
        if (file.p[i] != '\r') {
            p[n++] = file.p[i];
        } else if (i + 1 == file.n || file.p[i + 1] != '\n') {
            p[n++] = '\n';
        }
    }
    if (n == 0) {
        *out = text_str("");
        return true;
    }
    return text_from(bytes_of(p, n), out, err) || err_at(err, "%s", name) ||
           err_mend(err, "save it as UTF-8");
}

/* The level of the articles; title: whether one heading above them names the text. */
static unsigned article_level(struct bytes file, bool *title)
{
    unsigned count[LEVELS + 1] = {0};
    unsigned first = 0;
    bool fenced = false;
    for (struct line l; next_line(&file, &l);) {
        unsigned level = fenced ? 0 : heading_level(&l);
        fenced = fenced != is_fence(&l);
        count[level]++;
        first = first == 0 ? level : first;
    }
    unsigned top = 1;
    while (top <= LEVELS && count[top] == 0) {
        top++;
    }
    unsigned next = top + 1;
    while (next <= LEVELS && count[next] == 0) {
        next++;
    }
    *title = top <= LEVELS && next <= LEVELS && count[top] == 1 && first == top;
    return *title ? next : top <= LEVELS ? top : 0;
}

/* ---- titles and ids ---- */

/* "Guns {#guns}" into both parts; marks at the end of a heading are no words. */
static void split_heading(struct text t, struct text *title, struct text *id)
{
    t = trim(t);
    while (t.n > 0 && t.p[t.n - 1] == '#') {
        t.n--;
    }
    t = trim(t);
    *id = (struct text){0};
    *title = t;
    if (t.n < 4 || t.p[t.n - 1] != '}') {
        return;
    }
    size_t at = t.n - 1;
    while (at > 0 && t.p[at] != '{') {
        at--;
    }
    if (t.p[at] == '{' && t.p[at + 1] == '#') {
        *id = (struct text){.p = t.p + at + 2, .n = t.n - at - 3};
        *title = trim((struct text){.p = t.p, .n = at});
    }
}

/* "Return of the prisoners" -> "return-of-the-prisoners"; "article" where nothing is left. */
static struct text slug(struct text title, struct arena *mem)
{
    char *p = ARENA_NEW(mem, char, ID_MAX_BYTES);
    size_t n = 0;
    if (p == NULL) {
        return text_str("article");
    }
    for (size_t i = 0; i < title.n && n + 5 < ID_MAX_BYTES; i++) { /* with room for "-128" */
        char c = title.p[i];
        c = c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
        bool letter = c >= 'a' && c <= 'z', digit = c >= '0' && c <= '9';
        if (letter || (digit && n > 0)) {
            p[n++] = c;
        } else if (n > 0 && p[n - 1] != '-') {
            p[n++] = '-';
        }
    }
    while (n > 0 && p[n - 1] == '-') {
        n--;
    }
    return n == 0 ? text_str("article") : (struct text){.p = p, .n = n};
}

static struct text unique(const struct snt_words *w, struct text id, struct arena *mem)
{
    struct text out = id;
    for (unsigned i = 2; snt_words_find(w, out) != NULL && i <= ARTICLES_MAX + 1; i++) {
        const char *s = arena_printf(mem, "%.*s-%u", TEXT_ARG(id), i);
        out = s == NULL ? out : text_str(s);
    }
    return out;
}

/* "\## so" in an article's words is a line that begins with marks and is no heading. */
static struct text unescape(struct text t, struct arena *mem)
{
    char *p = ARENA_NEW(mem, char, t.n + 1);
    size_t n = 0;
    if (p == NULL) {
        return t;
    }
    for (size_t i = 0; i < t.n; i++) {
        bool start = i == 0 || t.p[i - 1] == '\n';
        if (start && t.p[i] == '\\' && i + 1 < t.n && (t.p[i + 1] == '#' || t.p[i + 1] == '\\')) {
            continue;
        }
        p[n++] = t.p[i];
    }
    return (struct text){.p = p, .n = n};
}

struct intake {
    struct snt_words *w;
    struct arena *mem;
    const char *name;
    size_t bytes;
};

static bool add(struct intake *in, struct text heading, struct text words, const char *plain,
                struct err *err)
{
    struct text title = text_str(plain == NULL ? "" : plain), id = {0};
    if (plain == NULL) {
        split_heading(heading, &title, &id);
    }
    words = unescape(trim(words), in->mem);
    in->bytes += words.n;
    if (in->w->count == ARTICLES_MAX) {
        return err_set(err, ERR_LIMIT, "%s has more than %u articles", in->name, ARTICLES_MAX) ||
               err_mend(err, "make the deeper parts headings of a lower level");
    }
    if (title.n == 0 || title.n > NAME_MAX_BYTES) {
        return err_set(err, ERR_FORMAT, "article %u of %s has %s", in->w->count + 1, in->name,
                       title.n == 0 ? "no title" : "a title of more than 128 bytes") ||
               err_mend(err, "write its title behind the marks, as \"## Guns\"");
    }
    if (words.n > ITEM_TEXT_MAX || in->bytes > SNT_BYTES_MAX) {
        return err_set(err, ERR_LIMIT, "%.*s: an article has at most %u bytes, a text %u",
                       TEXT_ARG(title), ITEM_TEXT_MAX, SNT_BYTES_MAX) ||
               err_mend(err, "make it several articles, or file annexes as documents");
    }
    if (text_present(id) && !text_is_id(id)) {
        return err_set(err, ERR_FORMAT, "\"%.*s\" is no id of an article", TEXT_ARG(id)) ||
               err_mend(err, "small letters, digits and -, a letter first, at most 32");
    }
    if (text_present(id) && snt_words_find(in->w, id) != NULL) {
        return err_set(err, ERR_FORMAT, "two articles are both called %.*s", TEXT_ARG(id));
    }
    if (!text_present(id)) {
        id = unique(in->w, plain != NULL ? slug(text_str(plain), in->mem) : slug(title, in->mem),
                    in->mem);
    }
    in->w->articles[in->w->count++] = (struct snt_article){id, title, words};
    return !in->mem->failed || err_memory(err, "a text");
}

bool snt_from_markdown(struct bytes file, const char *name, struct arena *mem,
                       struct snt_words *out, struct err *err)
{
    struct text clean;
    struct snt_words w = {.articles = ARENA_NEW(mem, struct snt_article, ARTICLES_MAX)};
    struct intake in = {.w = &w, .mem = mem, .name = name};
    if (w.articles == NULL) {
        return err_memory(err, "a text");
    }
    if (!clean_file(file, name, mem, &clean, err)) {
        return false;
    }
    bool title, fenced = false, begun = false;
    unsigned level = article_level(text_bytes(clean), &title);
    struct bytes rest = text_bytes(clean);
    struct text heading = {0};
    const char *from = clean.p;
    const char *plain = level == 0 ? "Text" : "Preamble";
    for (struct line l; next_line(&rest, &l);) {
        unsigned here = fenced ? 0 : heading_level(&l);
        fenced = fenced != is_fence(&l);
        if (here == 0 || here > level) {
            continue;
        }
        struct text words = {.p = from, .n = (size_t)(l.p - from)};
        if ((begun || !is_blank(words)) && !add(&in, heading, words, begun ? NULL : plain, err)) {
            return false;
        }
        from = (const char *)rest.p;
        if (here == level) {
            begun = true;
            heading = (struct text){.p = l.p + here, .n = l.n - here};
        }
    }
    struct text words = {.p = from, .n = (size_t)(clean.p + clean.n - from)};
    if ((begun || !is_blank(words)) && !add(&in, heading, words, begun ? NULL : plain, err)) {
        return false;
    }
    if (w.count == 0) {
        return err_set(err, ERR_FORMAT, "%s is empty", name) ||
               err_mend(err, "each article is a heading and its words: \"## Guns\"");
    }
    *out = w;
    return true;
}

/* ---- out ---- */

static void put_text(struct buf *out, struct text t)
{
    for (size_t i = 0; i < t.n; i++) {
        bool start = i == 0 || t.p[i - 1] == '\n';
        if (start && (t.p[i] == '#' || t.p[i] == '\\')) {
            buf_add_u8(out, '\\');
        }
        buf_add_u8(out, (uint8_t)t.p[i]);
    }
}

void snt_to_markdown(const struct snt_words *w, const struct snt_cover *c, struct buf *out)
{
    buf_printf(out, "# %.*s: text of phase %.*s, version %u\n", TEXT_ARG(c->table),
               TEXT_ARG(c->phase), c->version);
    for (uint32_t i = 0; i < w->count; i++) {
        const struct snt_article *a = &w->articles[i];
        buf_printf(out, "\n## %.*s {#%.*s}\n\n", TEXT_ARG(a->title), TEXT_ARG(a->id));
        put_text(out, a->text);
        buf_add_u8(out, '\n');
    }
}
