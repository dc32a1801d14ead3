/* SPDX-License-Identifier: Apache-2.0
 *
 * Recursion as deep as JSON_TREE_DEPTH_MAX and no deeper.
 */
#include "formats/json_tree.h"

struct scan {
    const char *name;
    struct arena *mem;
    struct err *err;
    const uint8_t *p;
    size_t n, at;
    size_t line_start;
    uint32_t line;
    uint32_t nodes, nodes_max;
    uint32_t depth;
};

static bool refuse(const struct scan *s, const char *what, const char *mend)
{
    (void)err_set(s->err, ERR_FORMAT, "%s", what);
    (void)err_mend(s->err, "%s", mend);
    return err_at(s->err, "%s, line %u, column %u", s->name, s->line,
                  (unsigned)(s->at - s->line_start) + 1);
}

static void skip_blanks(struct scan *s)
{
    for (; s->at < s->n; s->at++) {
        uint8_t c = s->p[s->at];
        if (c == '\n') {
            s->line++;
            s->line_start = s->at + 1;
        } else if (c != ' ' && c != '\t' && c != '\r') {
            return;
        }
    }
}

static bool at_char(const struct scan *s, char c)
{
    return s->at < s->n && s->p[s->at] == (uint8_t)c;
}

static struct yaml_node *new_node(struct scan *s, enum yaml_kind kind)
{
    if (s->nodes == s->nodes_max) {
        (void)err_set(s->err, ERR_LIMIT, "the file has more than %u values", s->nodes_max);
        (void)err_at(s->err, "%s, line %u", s->name, s->line);
        return NULL;
    }
    struct yaml_node *n = ARENA_NEW(s->mem, struct yaml_node, 1);
    if (n == NULL) {
        (void)err_memory(s->err, s->name);
        return NULL;
    }
    s->nodes++;
    n->kind = kind;
    n->line = s->line;
    n->column = (uint32_t)(s->at - s->line_start) + 1; /* a file is below 2^32 bytes */
    return n;
}

static int hex_digit(uint8_t c)
{
    return c >= '0' && c <= '9'   ? c - '0'
           : c >= 'a' && c <= 'f' ? c - 'a' + 10
           : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                  : -1;
}

/* The four digits behind \u, at s->at. */
static bool read_unit(struct scan *s, uint32_t *out)
{
    uint32_t v = 0;
    for (int i = 0; i < 4; i++) {
        int d = s->at < s->n ? hex_digit(s->p[s->at]) : -1;
        if (d < 0) {
            return refuse(s, "\\u is not followed by four hexadecimal digits",
                          "write \\u00e9, or the letter itself");
        }
        v = v * 16 + (uint32_t)d;
        s->at++;
    }
    *out = v;
    return true;
}

static size_t put_utf8(char *to, uint32_t c)
{
    if (c < 0x80) {
        to[0] = (char)c;
        return 1;
    }
    if (c < 0x800) {
        to[0] = (char)(0xc0 | c >> 6);
        to[1] = (char)(0x80 | (c & 0x3f));
        return 2;
    }
    if (c < 0x10000) {
        to[0] = (char)(0xe0 | c >> 12);
        to[1] = (char)(0x80 | (c >> 6 & 0x3f));
        to[2] = (char)(0x80 | (c & 0x3f));
        return 3;
    }
    to[0] = (char)(0xf0 | c >> 18);
    to[1] = (char)(0x80 | (c >> 12 & 0x3f));
    to[2] = (char)(0x80 | (c >> 6 & 0x3f));
    to[3] = (char)(0x80 | (c & 0x3f));
    return 4;
}

static bool read_escape(struct scan *s, char *to, size_t *n)
{
    static const char from[] = "\"\\/bfnrt", into[] = "\"\\/\b\f\n\r\t";
    uint32_t c, low;
    s->at++;
    for (size_t i = 0; i < sizeof(from) - 1; i++) {
        if (at_char(s, from[i])) {
            to[(*n)++] = into[i];
            s->at++;
            return true;
        }
    }
    if (!at_char(s, 'u')) {
        return refuse(s, "there is no such escape",
                      "after a backslash come \" \\ / b f n r t or u");
    }
    s->at++;
    if (!read_unit(s, &c)) {
        return false;
    }
    if (c >= 0xd800 && c < 0xdc00 && at_char(s, '\\') && s->at + 1 < s->n &&
        s->p[s->at + 1] == 'u') {
        s->at += 2;
        if (!read_unit(s, &low)) {
            return false;
        }
        c = low >= 0xdc00 && low < 0xe000 ? 0x10000 + ((c - 0xd800) << 10) + (low - 0xdc00)
                                          : 0xd800;
    }
    if (c >= 0xd800 && c < 0xe000) {
        return refuse(s, "half of a surrogate pair stands alone", "write the letter itself");
    }
    *n += put_utf8(to + *n, c);
    return true;
}

static bool read_string(struct scan *s, struct text *out)
{
    size_t end = s->at + 1;
    while (end < s->n && s->p[end] != '"' && s->p[end] != '\n') {
        end += s->p[end] == '\\' ? 2 : 1;
    }
    if (end >= s->n || s->p[end] != '"') {
        return refuse(s, "a string has no end on its line", "close it with \"");
    }
    /* No escape is shorter than what it stands for. */
    char *to = ARENA_NEW(s->mem, char, end - s->at);
    size_t n = 0;
    if (to == NULL) {
        return err_memory(s->err, s->name);
    }
    s->at++;
    while (!at_char(s, '"')) {
        if (at_char(s, '\\')) {
            if (!read_escape(s, to, &n)) {
                return false;
            }
        } else {
            to[n++] = (char)s->p[s->at++];
        }
    }
    struct err inner = {0};
    if (!text_from(bytes_of(to, n), out, &inner)) {
        return refuse(s, "a string has control characters in it, or is not UTF-8",
                      "save the file as UTF-8, without control characters");
    }
    s->at++;
    return true;
}

/* true, null, 12.5e-3, NaN: letters, digits, signs and points. */
static struct bytes bare_word(struct scan *s)
{
    size_t start = s->at;
    while (s->at < s->n) {
        uint8_t c = s->p[s->at];
        bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        if (!letter && c != '+' && c != '-' && c != '.') {
            break;
        }
        s->at++;
    }
    return bytes_of(s->p + start, s->at - start);
}

static bool known_word(struct bytes w)
{
    static const char *const words[] = {"true", "false", "NaN", "Infinity", "-Infinity"};
    for (size_t i = 0; i < COUNT_OF(words); i++) {
        if (bytes_eq(w, bytes_str(words[i]))) {
            return true;
        }
    }
    return w.n > 0 && ((w.p[0] >= '0' && w.p[0] <= '9') ||
                       (w.p[0] == '-' && w.n > 1 && w.p[1] >= '0' && w.p[1] <= '9'));
}

static bool read_value(struct scan *s, struct yaml_node **out);

static void hang(struct yaml_node *parent, struct yaml_node *child)
{
    if (parent->first == NULL) {
        parent->first = child;
    } else {
        parent->last->next = child;
    }
    parent->last = child;
}

static bool read_key(struct scan *s, struct yaml_node **out)
{
    if (!at_char(s, '"')) {
        return refuse(s, "a key in double quotes is missing", "write \"key\": value");
    }
    struct yaml_node *key = new_node(s, YAML_WORDS);
    if (key == NULL || !read_string(s, &key->text)) {
        return false;
    }
    skip_blanks(s);
    if (!at_char(s, ':')) {
        return refuse(s, "there is no colon behind a key", "write \"key\": value");
    }
    s->at++;
    *out = key;
    return true;
}

/* One item of an array, or one pair of an object; what is null is left out. */
static bool read_item(struct scan *s, struct yaml_node *n)
{
    struct yaml_node *key = NULL, *value = NULL;
    if (n->kind == YAML_MAP && !read_key(s, &key)) {
        return false;
    }
    if (!read_value(s, &value)) {
        return false;
    }
    if (value == NULL) {
        return true;
    }
    if (key != NULL) {
        hang(n, key);
    }
    hang(n, value);
    n->count++;
    return true;
}

static bool read_container(struct scan *s, enum yaml_kind kind, struct yaml_node **out)
{
    char close = kind == YAML_MAP ? '}' : ']';
    struct yaml_node *n = new_node(s, kind);
    if (n == NULL) {
        return false;
    }
    if (s->depth == JSON_TREE_DEPTH_MAX) {
        (void)err_set(s->err, ERR_LIMIT, "arrays and objects are nested more than %u deep",
                      JSON_TREE_DEPTH_MAX);
        return err_at(s->err, "%s, line %u", s->name, s->line);
    }
    s->depth++;
    s->at++;
    skip_blanks(s);
    while (!at_char(s, close)) {
        if (!read_item(s, n)) {
            return false;
        }
        skip_blanks(s);
        if (at_char(s, ',')) {
            s->at++;
            skip_blanks(s);
            if (at_char(s, close)) {
                return refuse(s, "a comma stands before the end", "take the comma away");
            }
        } else if (!at_char(s, close)) {
            return refuse(s, "a comma or the closing bracket is missing",
                          kind == YAML_MAP ? "separate pairs by commas and end with }"
                                           : "separate items by commas and end with ]");
        }
    }
    s->at++;
    s->depth--;
    *out = n;
    return true;
}

static bool read_value(struct scan *s, struct yaml_node **out)
{
    skip_blanks(s);
    if (at_char(s, '{')) {
        return read_container(s, YAML_MAP, out);
    }
    if (at_char(s, '[')) {
        return read_container(s, YAML_LIST, out);
    }
    struct scan before = *s;
    if (!at_char(s, '"')) {
        struct bytes w = bare_word(s);
        if (bytes_eq(w, bytes_str("null"))) {
            *out = NULL;
            return true;
        }
        if (!known_word(w)) {
            return refuse(&before, "a value is missing here",
                          "write a number, true, false, null, \"words\", [...] or {...}");
        }
        *s = before;
    }
    struct yaml_node *n = new_node(s, YAML_WORDS);
    if (n == NULL) {
        return false;
    }
    if (at_char(s, '"')) {
        if (!read_string(s, &n->text)) {
            return false;
        }
    } else {
        struct bytes w = arena_copy(s->mem, bare_word(s));
        if (s->mem->failed) {
            return err_memory(s->err, s->name);
        }
        n->text = (struct text){.p = (const char *)w.p, .n = w.n};
    }
    *out = n;
    return true;
}

bool json_tree_read(struct bytes json, const char *name, uint32_t nodes_max, struct arena *mem,
                    struct yaml_node **out, struct err *err)
{
    struct scan s = {.name = name,
                     .mem = mem,
                     .err = err,
                     .p = json.p,
                     .n = json.n,
                     .line = 1,
                     .nodes_max = nodes_max};
    struct yaml_node *root = NULL;
    if (json.n >= 3 && memcmp(json.p, "\xef\xbb\xbf", 3) == 0) {
        s.at = s.line_start = 3;
    }
    if (!read_value(&s, &root)) {
        return false;
    }
    skip_blanks(&s);
    if (root == NULL || s.at < s.n) {
        return refuse(&s, root == NULL ? "the file says nothing" : "something follows the end",
                      "keep one object in the file");
    }
    *out = root;
    return true;
}
