/* SPDX-License-Identifier: Apache-2.0
 *
 * Over libyaml's events.  libyaml knows all of YAML; what is not wanted is refused event by event,
 * with its place.
 */
#include "formats/yaml_tree.h"

#include <yaml.h>

struct building {
    const char *name;
    struct arena *mem;
    struct err *err;
    struct yaml_node *root;
    uint32_t nodes, nodes_max;
    uint32_t depth; /* containers that are open */
    struct yaml_node *open[YAML_DEPTH_MAX];
    bool started, ended;
};

bool yaml_at(const struct yaml_node *node, const char *name, struct err *err)
{
    return err_at(err, "%s, line %u, column %u", name, node->line, node->column);
}

/* Marks count from 0; a file of 2^32 lines is beyond every ceiling. */
static bool at_mark(const struct building *b, yaml_mark_t mark)
{
    return err_at(b->err, "%s, line %u, column %u", b->name, (unsigned)mark.line + 1,
                  (unsigned)mark.column + 1);
}

static bool refuse(const struct building *b, yaml_mark_t mark, const char *what, const char *mend)
{
    (void)err_set(b->err, ERR_FORMAT, "%s", what);
    (void)err_mend(b->err, "%s", mend);
    return at_mark(b, mark);
}

static bool refuse_anchor(const struct building *b, yaml_mark_t mark)
{
    return refuse(b, mark, "anchors and aliases (& and *) are not used here",
                  "write the value out where it is meant; put words with & or * in quotes");
}

static bool refuse_tag(const struct building *b, yaml_mark_t mark)
{
    return refuse(b, mark, "tags (!) are not used here",
                  "leave the tag away; put words that begin with ! in quotes");
}

/* Hangs a new node where the next one belongs; NULL: err is set. */
static struct yaml_node *hang(struct building *b, enum yaml_kind kind, yaml_mark_t mark)
{
    if (b->nodes == b->nodes_max) {
        (void)err_set(b->err, ERR_LIMIT, "the file has more than %u values", b->nodes_max);
        (void)at_mark(b, mark);
        return NULL;
    }
    struct yaml_node *n = ARENA_NEW(b->mem, struct yaml_node, 1);
    if (n == NULL) {
        (void)err_memory(b->err, b->name);
        return NULL;
    }
    b->nodes++;
    n->kind = kind;
    n->line = (uint32_t)mark.line + 1;
    n->column = (uint32_t)mark.column + 1;
    if (b->depth == 0) {
        b->root = n;
        return n;
    }
    struct yaml_node *parent = b->open[b->depth - 1];
    if (parent->first == NULL) {
        parent->first = n;
    } else {
        parent->last->next = n;
    }
    parent->last = n;
    parent->count++; /* of a map: keys and values, halved when it closes */
    if (parent->kind == YAML_MAP && parent->count % 2 == 1 && kind != YAML_WORDS) {
        (void)refuse(b, mark, "a key is a list or a map", "a key is one word before a colon");
        return NULL;
    }
    return n;
}

static bool add_words(struct building *b, const yaml_event_t *e)
{
    if (e->data.scalar.anchor != NULL) {
        return refuse_anchor(b, e->start_mark);
    }
    if (e->data.scalar.tag != NULL) {
        return refuse_tag(b, e->start_mark);
    }
    struct yaml_node *n = hang(b, YAML_WORDS, e->start_mark);
    if (n == NULL) {
        return false;
    }
    struct bytes v = arena_copy(b->mem, bytes_of(e->data.scalar.value, e->data.scalar.length));
    if (b->mem->failed) {
        return err_memory(b->err, b->name);
    }
    return text_from(v, &n->text, b->err) || at_mark(b, e->start_mark);
}

static bool open_container(struct building *b, enum yaml_kind kind, const yaml_char_t *anchor,
                           const yaml_char_t *tag, yaml_mark_t mark)
{
    if (anchor != NULL) {
        return refuse_anchor(b, mark);
    }
    if (tag != NULL) {
        return refuse_tag(b, mark);
    }
    if (b->depth == YAML_DEPTH_MAX) {
        (void)err_set(b->err, ERR_LIMIT, "lists and maps are nested more than %u deep",
                      YAML_DEPTH_MAX);
        return at_mark(b, mark);
    }
    struct yaml_node *n = hang(b, kind, mark);
    if (n == NULL) {
        return false;
    }
    b->open[b->depth++] = n;
    return true;
}

static void close_container(struct building *b)
{
    struct yaml_node *n = b->open[--b->depth];
    if (n->kind == YAML_MAP) {
        n->count /= 2;
    }
}

static bool start_document(struct building *b, const yaml_event_t *e)
{
    if (b->started) {
        return refuse(b, e->start_mark, "a second document begins (---)",
                      "keep one document in the file");
    }
    b->started = true;
    if (e->data.document_start.version_directive != NULL ||
        e->data.document_start.tag_directives.start != e->data.document_start.tag_directives.end) {
        return refuse(b, e->start_mark, "directives (%) are not used here",
                      "leave the line with % away");
    }
    return true;
}

static bool take_event(struct building *b, const yaml_event_t *e)
{
    switch (e->type) {
    case YAML_STREAM_END_EVENT:
        b->ended = true;
        return true;
    case YAML_DOCUMENT_START_EVENT:
        return start_document(b, e);
    case YAML_ALIAS_EVENT:
        return refuse_anchor(b, e->start_mark);
    case YAML_SCALAR_EVENT:
        return add_words(b, e);
    case YAML_SEQUENCE_START_EVENT:
        return open_container(b, YAML_LIST, e->data.sequence_start.anchor,
                              e->data.sequence_start.tag, e->start_mark);
    case YAML_MAPPING_START_EVENT:
        return open_container(b, YAML_MAP, e->data.mapping_start.anchor, e->data.mapping_start.tag,
                              e->start_mark);
    case YAML_SEQUENCE_END_EVENT:
    case YAML_MAPPING_END_EVENT:
        close_container(b);
        return true;
    case YAML_NO_EVENT:
    case YAML_STREAM_START_EVENT:
    case YAML_DOCUMENT_END_EVENT:
        return true;
    }
    return true;
}

/* What libyaml could not read, in its words and ours. */
static bool refuse_syntax(const struct building *b, const yaml_parser_t *parser, struct bytes yaml)
{
    if (parser->error == YAML_MEMORY_ERROR) {
        return err_memory(b->err, b->name);
    }
    yaml_mark_t mark = parser->problem_mark;
    if (parser->error == YAML_READER_ERROR) {
        /* The reader knows the byte only. */
        mark = (yaml_mark_t){0};
        for (size_t i = 0; i < parser->problem_offset && i < yaml.n; i++) {
            mark.line += yaml.p[i] == '\n' ? 1 : 0;
            mark.column = yaml.p[i] == '\n' ? 0 : mark.column + 1;
        }
    }
    (void)err_set(b->err, ERR_FORMAT, "this is not YAML: %s",
                  parser->problem != NULL ? parser->problem : "it cannot be read");
    (void)err_mend(b->err, "look at the blanks at the start of this line and the one above (no "
                           "tabs), at colons, quotes and brackets");
    return at_mark(b, mark);
}

static bool parse(struct building *b, yaml_parser_t *parser, struct bytes yaml)
{
    while (!b->ended) {
        yaml_event_t e;
        if (!yaml_parser_parse(parser, &e)) {
            return refuse_syntax(b, parser, yaml);
        }
        bool ok = take_event(b, &e);
        yaml_event_delete(&e);
        if (!ok) {
            return false;
        }
    }
    if (b->root == NULL) {
        return err_set(b->err, ERR_FORMAT, "the file is empty") || err_at(b->err, "%s", b->name);
    }
    return true;
}

const struct yaml_node *yaml_get(const struct yaml_node *map, const char *key)
{
    if (map == NULL || map->kind != YAML_MAP) {
        return NULL;
    }
    for (const struct yaml_node *n = map->first; n != NULL; n = n->next->next) {
        if (text_is(n->text, key)) {
            return n->next;
        }
    }
    return NULL;
}

bool yaml_tree_read(struct bytes yaml, const char *name, struct arena *mem, struct yaml_node **out,
                    struct err *err)
{
    return yaml_tree_read_within(yaml, name, YAML_NODES_MAX, mem, out, err);
}

bool yaml_tree_read_within(struct bytes yaml, const char *name, uint32_t nodes_max,
                           struct arena *mem, struct yaml_node **out, struct err *err)
{
    struct building b = {.name = name, .mem = mem, .err = err, .nodes_max = nodes_max};
    if (!utf8_valid(yaml)) {
        return err_set(err, ERR_FORMAT, "the file is not valid UTF-8") ||
               err_mend(err, "save it as UTF-8") || err_at(err, "%s", name);
    }
    yaml_parser_t parser;
    if (!yaml_parser_initialize(&parser)) {
        return err_memory(err, name);
    }
    /* Said, not guessed: a file that begins like UTF-16 is not UTF-8. */
    yaml_parser_set_encoding(&parser, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&parser, yaml.p == NULL ? (const yaml_char_t *)"" : yaml.p,
                                 yaml.n);
    bool ok = parse(&b, &parser, yaml);
    yaml_parser_delete(&parser);
    if (ok) {
        *out = b.root;
    }
    return ok;
}
