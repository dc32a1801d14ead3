/* SPDX-License-Identifier: Apache-2.0 */
#include "table/payload.h"

#include "base/cbor.h"
#include "table/snt.h"
#include "table/payload_priv.h"

/* ---- which items each kind has ---- */

#define KIND_ITEMS_MAX 6u

struct item_rule {
    uint32_t type; /* 0 ends the list */
    uint32_t least;
    uint32_t most;
};

struct kind_rule {
    enum act_kind kind;
    bool answers; /* header 8 names an act, or may (may_answer); the rest must not */
    struct item_rule items[KIND_ITEMS_MAX];
};

static const struct kind_rule rules[] = {
    {KIND_CHARTER, false, {{ITEM_CHARTER, 1, 1}, {ITEM_SALT, 1, 1}}},
    {KIND_SIGN_CHARTER, false, {{ITEM_OBJECT, 1, 1}}},
    {KIND_EPOCH, false, {{ITEM_EPOCH, 1, 1}}},
    {KIND_GRANT, false, {{ITEM_GRANT_EPOCH, 0, GRANTS_MAX}, {ITEM_GRANT_ACT, 0, GRANTS_MAX}}},
    {KIND_CANNOT_OPEN, true, {{ITEM_TEXT, 0, 1}}},
    {KIND_VOID, true, {{ITEM_FILE_KEY, 1, 1}}},
    {KIND_INTRODUCE, false, {{ITEM_NAME, 1, 1}, {ITEM_SEAT, 1, 1}}},
    {KIND_INSTRUCT, false, {{ITEM_TEXT, 0, 1}, {ITEM_SALT, 1, 1}, {ITEM_LIMITS, 1, 1}}},
    {KIND_MANDATE, false, {{ITEM_TEXT, 0, 1}, {ITEM_OBJECT, 1, 1}}},
    {KIND_REVOKE_MANDATE, false, {{ITEM_OBJECT, 1, 1}}},
    {KIND_MEET,
     false,
     {{ITEM_TEXT, 1, TEXTS_MAX},
      {ITEM_WHEN, 0, 1},
      {ITEM_PRESENT, 1, 1},
      {ITEM_LINE, 0, DEBRIEF_LINES_MAX}}},
    {KIND_CONFIRM, true, {{0, 0, 0}}},
    {KIND_SAY, false, {{ITEM_TEXT, 1, 1}}},
    {KIND_DOCUMENT, false, {{ITEM_NAME, 1, 1}, {ITEM_MEDIA, 1, 1}, {ITEM_CONTENT, 1, 1}}},
    {KIND_STATEMENT,
     false,
     {{ITEM_TEXT, 1, 1}, {ITEM_SIDE, 1, 1}, {ITEM_SOURCE, 1, 1}, {ITEM_WHEN, 0, 1}}},
    {KIND_POSITION,
     false,
     {{ITEM_TEXT, 1, 1}, {ITEM_ISSUE, 1, 1}, {ITEM_LEVEL, 1, 1}, {ITEM_MARK, 1, 1}}},
    {KIND_INTERESTS, false, {{ITEM_INTEREST, 0, INTERESTS_MAX}, {ITEM_PREFER, 0, INTERESTS_MAX}}},
    {KIND_PROPOSE,
     false,
     {{ITEM_TEXT, 0, 1},
      {ITEM_PACKAGE, 1, 1},
      {ITEM_REF, 0, 1},
      {ITEM_MEETS, 0, REFS_MAX},
      {ITEM_VERSION, 0, 1},
      {ITEM_FOLLOWS, 0, 1}}},
    {KIND_WITHDRAW, true, {{ITEM_FOLLOWS, 0, 1}}},
    {KIND_ANSWER,
     true,
     {{ITEM_TEXT, 0, 1},
      {ITEM_ANSWER, 1, 1},
      {ITEM_RESERVATION, 0, RESERVATIONS_MAX},
      {ITEM_FOLLOWS, 0, 1}}},
    {KIND_CLOSE, true, {{ITEM_REF, 0, 1}, {ITEM_LABEL, 1, 1}}},
    {KIND_RATIFY, true, {{ITEM_OBJECT, 1, 1}}},
    {KIND_PROMISE,
     false,
     {{ITEM_TEXT, 1, 2}, {ITEM_WHEN, 1, 1}, {ITEM_DEED, 1, 1}, {ITEM_AFTER, 0, 1}}},
    {KIND_REPORT,
     false,
     {{ITEM_TEXT, 0, 1},
      {ITEM_DEED, 1, 1},
      {ITEM_FINDING, 1, 1},
      {ITEM_EVIDENCE, 0, EVIDENCE_MAX}}},
    {KIND_VERIFY, true, {{ITEM_TEXT, 0, 1}, {ITEM_DEED, 1, 1}, {ITEM_FINDING, 1, 1}}},
    {KIND_DISPUTE, true, {{ITEM_TEXT, 1, 1}, {ITEM_DEED, 1, 1}}},
    {KIND_LAPSE, false, {{ITEM_DEED, 1, 1}}},
    {KIND_INCIDENT,
     false,
     {{ITEM_TEXT, 1, 1},
      {ITEM_REF, 0, REFS_MAX},
      {ITEM_SIDE, 0, 1},
      {ITEM_WHEN, 1, 1},
      {ITEM_EVIDENCE, 0, EVIDENCE_MAX}}},
    {KIND_ASSESS,
     true,
     {{ITEM_TEXT, 0, 1},
      {ITEM_SIDE, 0, 1},
      {ITEM_WHEN, 0, 1},
      {ITEM_VERDICT, 1, 1},
      {ITEM_SEVERITY, 0, 1}}},
    {KIND_GATE, false, {{ITEM_REF, 0, REFS_MAX}, {ITEM_PHASE, 1, 1}}},
    {KIND_SUSPEND, false, {{ITEM_TEXT, 0, 1}, {ITEM_REF, 0, 1}, {ITEM_WHEN, 0, 1}}},
    {KIND_RESUME, false, {{ITEM_TEXT, 0, 1}}},
    {KIND_LEAVE, false, {{ITEM_TEXT, 0, 1}}},
    {KIND_RETURN, false, {{ITEM_TEXT, 0, 1}}},
    {KIND_CONCLUDE, false, {{ITEM_TEXT, 0, 1}}},
    {KIND_DATE,
     false,
     {{ITEM_TEXT, 0, 1}, {ITEM_WHEN, 0, 1}, {ITEM_PHASE, 1, 1}, {ITEM_DATE, 1, 1}}},
    {KIND_PARK, false, {{ITEM_TEXT, 1, 1}, {ITEM_PHASE, 1, 1}}},
    {KIND_CONSENT, false, {{ITEM_REF, 1, REFS_MAX}}},
    {KIND_PUBLISHED, false, {{ITEM_REF, 1, REFS_MAX}}},
    {KIND_ASK,
     false,
     {{ITEM_TEXT, 1, 1},
      {ITEM_WHEN, 0, 1},
      {ITEM_DEED, 0, 1},
      {ITEM_PHASE, 0, 1},
      {ITEM_LEVER, 0, 1}}},
    {KIND_OPINION, true, {{ITEM_TEXT, 1, 1}, {ITEM_MARK, 0, 1}}},
    {KIND_UNDERTAKE,
     true,
     {{ITEM_TEXT, 1, 1},
      {ITEM_WHEN, 1, 1},
      {ITEM_DEED, 0, 1},
      {ITEM_PHASE, 0, 1},
      {ITEM_LEVER, 0, 1}}},
    {KIND_SETTLED, false, {{ITEM_PHASE, 1, 1}, {ITEM_FOLLOWS, 0, 1}}},
    {KIND_LEVER,
     false,
     {{ITEM_TEXT, 0, 1},
      {ITEM_WHEN, 0, 1},
      {ITEM_LEVER, 1, 1},
      {ITEM_MOVE, 1, 1},
      {ITEM_FOLLOWS, 0, 1}}},
    {KIND_NOTICE, false, {{ITEM_SHOWN, 1, 1}}},
    {KIND_DRAFT,
     false,
     {{ITEM_TEXT, 0, 1}, {ITEM_REF, 0, 1}, {ITEM_PHASE, 1, 1}, {ITEM_ARTICLE, 1, ARTICLES_MAX}}},
    {KIND_BRACKET,
     true,
     {{ITEM_TEXT, 0, 1}, {ITEM_AFTER, 0, 1}, {ITEM_ARTICLE, 1, 1}, {ITEM_RANGE, 0, 1}}},
    {KIND_SUPPORT, true, {{ITEM_TEXT, 0, 1}, {ITEM_ARTICLE_ID, 0, ARTICLES_MAX}}},
    {KIND_OBJECT, true, {{ITEM_TEXT, 0, 1}, {ITEM_ARTICLE_ID, 0, ARTICLES_MAX}}},
    {KIND_ADOPT, true, {{ITEM_TEXT, 0, 1}, {ITEM_DIGEST, 1, 1}}},
    {KIND_CLEAN, true, {{ITEM_OUTCOME, 1, 1}}},
    {KIND_SILENCE, true, {{ITEM_TEXT, 0, 1}}},
    {KIND_DEBRIEF, false, {{ITEM_REF, 0, REFS_MAX}, {ITEM_LINE, 1, DEBRIEF_LINES_MAX}}},
    {KIND_MEMO,
     false,
     {{ITEM_TEXT, 1, 2}, {ITEM_REF, 0, REFS_MAX}, {ITEM_WAY, 1, WAYS_MAX}, {ITEM_RECOMMEND, 0, 1}}},
    {KIND_DECIDE,
     true,
     {{ITEM_TEXT, 1, 1},
      {ITEM_OBJECT, 1, 1},
      {ITEM_WHEN, 0, 1},
      {ITEM_LABEL, 1, 1},
      {ITEM_ORDER, 0, ORDERS_MAX}}},
};

static const struct kind_rule *rule_of(enum act_kind kind)
{
    for (size_t i = 0; i < COUNT_OF(rules); i++) {
        if (rules[i].kind == kind) {
            return &rules[i];
        }
    }
    return NULL;
}

/* Entries that a notice shows: no kind that may be shown has more. */
#define SHOWN_MAX 8u

/* ---- values in ---- */

struct intake {
    struct cbor c;
    struct arena *mem;
    struct payload *p;
};

static struct text take_text(struct intake *in, size_t most)
{
    return payload_take_text(&in->c, most);
}

static struct text take_name(struct intake *in)
{
    struct text t = take_text(in, NAME_MAX_BYTES);
    if (cbor_ok(&in->c) && (t.n == 0 || memchr(t.p, '\n', t.n) != NULL)) {
        cbor_refuse(&in->c, "a name is empty or has several lines");
    }
    return t;
}

static struct text take_id(struct intake *in)
{
    struct text t = take_text(in, ID_MAX_BYTES);
    if (cbor_ok(&in->c) && !text_is_id(t)) {
        cbor_refuse(&in->c, "an identifier is not of the form [a-z][a-z0-9-]*");
    }
    return t;
}

static uint32_t take_small(struct intake *in, uint32_t least, uint32_t most)
{
    uint64_t v = cbor_uint(&in->c);
    if (cbor_ok(&in->c) && (v < least || v > most)) {
        cbor_refuse(&in->c, "a number is outside its range");
    }
    return cbor_ok(&in->c) ? (uint32_t)v : 0;
}

static uint64_t take_seconds(struct intake *in)
{
    uint64_t v = cbor_uint(&in->c);
    if (cbor_ok(&in->c) && v > SECONDS_MAX) {
        cbor_refuse(&in->c, "a time is after the year 9999");
    }
    return v;
}

static void take_package(struct intake *in)
{
    size_t n = cbor_array(&in->c, TERMS_ISSUES_MAX);
    in->p->choices = ARENA_NEW(in->mem, struct named_choice, n);
    if (in->p->choices == NULL) {
        return;
    }
    for (size_t i = 0; i < n; i++) {
        cbor_array_n(&in->c, 2);
        in->p->choices[i].issue = take_id(in);
        in->p->choices[i].option = take_small(in, 0, TERMS_OPTIONS_MAX - 1);
    }
    if (cbor_ok(&in->c) && n == 0) {
        cbor_refuse(&in->c, "a package is empty");
    }
    in->p->choice_count = (uint32_t)n;
}

static void take_reservation(struct intake *in)
{
    struct reservation *r = &in->p->reservations[in->p->reservation_count++];
    cbor_array_n(&in->c, 3);
    r->label = take_name(in);
    r->has_issue = !cbor_take_null(&in->c);
    if (r->has_issue) {
        r->issue = take_id(in);
    }
    r->text = take_text(in, ITEM_TEXT_MAX);
}

static void take_meets(struct intake *in)
{
    struct meets *m = &in->p->meets[in->p->meets_count++];
    cbor_array_n(&in->c, 2);
    cbor_bstr_into(&in->c, m->answer.b, sizeof(m->answer.b));
    m->label = take_name(in);
}

static void take_evidence(struct intake *in)
{
    struct evidence *e = &in->p->evidence[in->p->evidence_count++];
    cbor_array_n(&in->c, 4);
    e->name = take_name(in);
    e->media = take_name(in);
    e->length = cbor_uint(&in->c);
    cbor_bstr_into(&in->c, e->sha256.b, sizeof(e->sha256.b));
}

/* Kids, ascending, none twice. */
static struct kid *take_kids(struct intake *in, size_t most, uint32_t *count)
{
    size_t n = cbor_array(&in->c, most);
    struct kid *kids = ARENA_NEW(in->mem, struct kid, n);
    if (kids == NULL) {
        return NULL;
    }
    for (size_t i = 0; i < n; i++) {
        cbor_bstr_into(&in->c, kids[i].b, sizeof(kids[i].b));
        if (cbor_ok(&in->c) && i > 0 && memcmp(kids[i - 1].b, kids[i].b, 32) >= 0) {
            cbor_refuse(&in->c, "keys are not in ascending order");
        }
    }
    *count = (uint32_t)n;
    return kids;
}

static void take_epoch(struct intake *in)
{
    struct epoch_item *e = &in->p->epoch_item;
    cbor_map_n(&in->c, 7);
    cbor_expect_key(&in->c, 1);
    e->room = take_name(in);
    cbor_expect_key(&in->c, 2);
    e->number = take_small(in, 1, EPOCHS_MAX);
    cbor_expect_key(&in->c, 3);
    e->previous = take_small(in, 0, EPOCHS_MAX);
    cbor_expect_key(&in->c, 4);
    e->members = take_kids(in, SEATS_MAX, &e->member_count);
    cbor_expect_key(&in->c, 5);
    e->reason = take_text(in, NAME_MAX_BYTES);
    cbor_expect_key(&in->c, 6);
    cbor_bstr_into(&in->c, e->public_key, sizeof(e->public_key));
    cbor_expect_key(&in->c, 7);
    cbor_bstr_into(&in->c, e->secret, sizeof(e->secret));
}

static void take_grant_epoch(struct intake *in)
{
    struct grant_epoch *g = &in->p->grant_epochs[in->p->grant_epoch_count++];
    cbor_array_n(&in->c, 3);
    g->room = take_name(in);
    g->number = take_small(in, 1, EPOCHS_MAX);
    cbor_bstr_into(&in->c, g->secret, sizeof(g->secret));
}

static void take_grant_act(struct intake *in)
{
    struct grant_act *g = &in->p->grant_acts[in->p->grant_act_count++];
    cbor_array_n(&in->c, 2);
    cbor_bstr_into(&in->c, g->leaf.b, sizeof(g->leaf.b));
    cbor_bstr_into(&in->c, g->file_key, sizeof(g->file_key));
}

/* An array of hashes: a path in a tree. */
static struct root_hash *take_path(struct intake *in, uint32_t *count)
{
    size_t n = cbor_array(&in->c, MERKLE_PATH_MAX);
    struct root_hash *path = ARENA_NEW(in->mem, struct root_hash, n);
    for (size_t i = 0; path != NULL && i < n; i++) {
        cbor_bstr_into(&in->c, path[i].b, sizeof(path[i].b));
    }
    *count = (uint32_t)n;
    return path;
}

static void take_shown(struct intake *in)
{
    struct shown_item *s = &in->p->shown;
    cbor_array_n(&in->c, 5);
    s->index = cbor_uint(&in->c);
    s->envelope = cbor_bstr(&in->c);
    s->path = take_path(in, &s->path_count);
    s->entries = take_small(in, 1, ITEMS_MAX + 1);
    size_t n = cbor_array(&in->c, SHOWN_MAX);
    s->shown = ARENA_NEW(in->mem, struct shown_entry, n);
    if (in->mem->failed) {
        return;
    }
    for (size_t i = 0; i < n; i++) {
        struct shown_entry *e = &s->shown[i];
        cbor_array_n(&in->c, 3);
        e->place = take_small(in, 0, ITEMS_MAX);
        e->raw = cbor_bstr(&in->c);
        e->path = take_path(in, &e->path_count);
        bool first = i == 0 && e->place != 0;
        if (cbor_ok(&in->c) && (first || (i > 0 && e->place <= s->shown[i - 1].place))) {
            cbor_refuse(&in->c, "what is shown does not begin with the header, or is not in order");
        }
    }
    if (cbor_ok(&in->c) && n == 0) {
        cbor_refuse(&in->c, "a notice shows nothing");
    }
    s->shown_count = (uint32_t)n;
}

/* Words without a title are a bracket's; a title without words is nobody's. */
static void take_article(struct intake *in)
{
    struct article_item *a = &in->p->articles[in->p->article_count++];
    cbor_array_n(&in->c, 3);
    a->id = take_id(in);
    bool titled = !cbor_take_null(&in->c);
    if (titled) {
        a->title = take_name(in);
    }
    if (!cbor_take_null(&in->c)) {
        a->text = take_text(in, ITEM_TEXT_MAX);
    } else if (titled) {
        cbor_refuse(&in->c, "an article has a title and no words");
    }
}

static void take_range(struct intake *in)
{
    struct payload *p = in->p;
    cbor_array_n(&in->c, 2);
    p->from = take_small(in, 0, SNT_BYTES_MAX);
    p->to = take_small(in, 0, SNT_BYTES_MAX);
    p->has_range = true;
    if (cbor_ok(&in->c) && p->from > p->to) {
        cbor_refuse(&in->c, "a passage ends before it begins");
    }
}

static void take_value(struct intake *in, enum item_type type)
{
    struct payload *p = in->p;
    switch (type) {
    case ITEM_TEXT:
        p->texts[p->text_count++] = take_text(in, ITEM_TEXT_MAX);
        break;
    case ITEM_NAME:
        p->name = take_name(in);
        break;
    case ITEM_PACKAGE:
        take_package(in);
        break;
    case ITEM_ANSWER:
        p->answer = (enum answer_kind)take_small(in, ANSWER_ACCEPT, ANSWER_COUNTER);
        break;
    case ITEM_RESERVATION:
        take_reservation(in);
        break;
    case ITEM_OBJECT:
        p->object = cbor_bstr(&in->c);
        break;
    case ITEM_REF:
        cbor_bstr_into(&in->c, p->refs[p->ref_count++].b, 32);
        break;
    case ITEM_MEETS:
        take_meets(in);
        break;
    case ITEM_SIDE:
        p->side = take_id(in);
        break;
    case ITEM_SOURCE:
        p->source = take_text(in, ITEM_TEXT_MAX);
        break;
    case ITEM_WHEN:
        p->when = take_seconds(in);
        p->has_when = true;
        break;
    case ITEM_LABEL:
        p->label = take_name(in);
        break;
    case ITEM_DEED:
        p->deed = take_id(in);
        break;
    case ITEM_ISSUE:
        p->issue = take_id(in);
        break;
    case ITEM_LEVEL:
        p->level = (enum level)take_small(in, LEVEL_MUST, LEVEL_NICE);
        break;
    case ITEM_MARK:
        p->mark = (enum mark)take_small(in, MARK_KEEP, MARK_CARRY);
        break;
    case ITEM_MEDIA:
        p->media = take_name(in);
        break;
    case ITEM_CONTENT:
        p->content = cbor_bstr(&in->c);
        break;
    case ITEM_PHASE:
        p->phase = take_id(in);
        break;
    case ITEM_EPOCH:
        take_epoch(in);
        break;
    case ITEM_GRANT_EPOCH:
        take_grant_epoch(in);
        break;
    case ITEM_GRANT_ACT:
        take_grant_act(in);
        break;
    case ITEM_CHARTER:
        p->charter = cbor_bstr(&in->c);
        break;
    case ITEM_SALT:
        cbor_bstr_into(&in->c, p->salt, sizeof(p->salt));
        p->has_salt = true;
        break;
    case ITEM_FILE_KEY:
        cbor_bstr_into(&in->c, p->file_key, sizeof(p->file_key));
        p->has_file_key = true;
        break;
    case ITEM_SEAT:
        cbor_bstr_into(&in->c, p->seat.b, sizeof(p->seat.b));
        p->has_seat = true;
        break;
    case ITEM_PRESENT:
        p->present = take_kids(in, PRESENT_MAX, &p->present_count);
        break;
    case ITEM_AFTER:
        p->after = take_id(in);
        break;
    case ITEM_FINDING:
        p->finding = (enum finding)take_small(in, FINDING_DONE, FINDING_NOT_DONE);
        break;
    case ITEM_EVIDENCE:
        take_evidence(in);
        break;
    case ITEM_VERDICT:
        p->verdict = (enum verdict)take_small(in, VERDICT_VERIFIED, VERDICT_NOT_VERIFIED);
        break;
    case ITEM_LIMITS:
        p->limits = cbor_bstr(&in->c);
        break;
    case ITEM_DATE:
        p->date = (enum date_kind)take_small(in, DATE_WISH, DATE_DEADLINE);
        break;
    case ITEM_LEVER:
        p->lever = take_id(in);
        break;
    case ITEM_MOVE:
        p->move = (enum lever_move)take_small(in, LEVER_HOLD, LEVER_RELEASE);
        break;
    case ITEM_SHOWN:
        take_shown(in);
        break;
    case ITEM_SEVERITY:
        p->severity = (enum severity)take_small(in, SEVERITY_MINOR, SEVERITY_SERIOUS);
        break;
    case ITEM_ARTICLE:
        take_article(in);
        break;
    case ITEM_RANGE:
        take_range(in);
        break;
    case ITEM_DIGEST:
        cbor_bstr_into(&in->c, p->digest.b, sizeof(p->digest.b));
        p->has_digest = true;
        break;
    case ITEM_VERSION:
        cbor_bstr_into(&in->c, p->version.b, sizeof(p->version.b));
        p->has_version = true;
        break;
    case ITEM_ARTICLE_ID:
        p->article_ids[p->article_id_count++] = take_id(in);
        break;
    case ITEM_OUTCOME:
        p->outcome = (enum cleaning)take_small(in, CLEAN_TAKE, CLEAN_DROP);
        break;
    case ITEM_LINE:
        payload_take_line(&in->c, p);
        break;
    case ITEM_WAY:
        payload_take_way(&in->c, p);
        break;
    case ITEM_RECOMMEND:
        p->recommend = take_small(in, 0, WAYS_MAX - 1);
        p->has_recommend = true;
        break;
    case ITEM_ORDER:
        payload_take_order(&in->c, p);
        break;
    case ITEM_FOLLOWS:
        cbor_bstr_into(&in->c, p->follows.b, sizeof(p->follows.b));
        p->has_follows = true;
        break;
    case ITEM_INTEREST:
        payload_take_interest(&in->c, p);
        break;
    case ITEM_PREFER:
        payload_take_prefer(&in->c, p);
        break;
    }
}

static uint32_t count_of(const struct content *c, uint32_t type)
{
    uint32_t n = 0;
    for (uint32_t i = 0; i < c->count; i++) {
        n += c->items[i].type == type ? 1 : 0;
    }
    return n;
}

/* Room for the repeated items: counts were bounded by the kind's rule. */
static bool make_room(const struct content *c, struct arena *mem, struct payload *p)
{
    p->texts = ARENA_NEW(mem, struct text, count_of(c, ITEM_TEXT));
    p->reservations = ARENA_NEW(mem, struct reservation, count_of(c, ITEM_RESERVATION));
    p->refs = ARENA_NEW(mem, struct leaf_hash, count_of(c, ITEM_REF));
    p->meets = ARENA_NEW(mem, struct meets, count_of(c, ITEM_MEETS));
    p->evidence = ARENA_NEW(mem, struct evidence, count_of(c, ITEM_EVIDENCE));
    p->grant_epochs = ARENA_NEW(mem, struct grant_epoch, count_of(c, ITEM_GRANT_EPOCH));
    p->grant_acts = ARENA_NEW(mem, struct grant_act, count_of(c, ITEM_GRANT_ACT));
    p->articles = ARENA_NEW(mem, struct article_item, count_of(c, ITEM_ARTICLE));
    p->article_ids = ARENA_NEW(mem, struct text, count_of(c, ITEM_ARTICLE_ID));
    p->lines = ARENA_NEW(mem, struct debrief_line, count_of(c, ITEM_LINE));
    p->ways = ARENA_NEW(mem, struct memo_way, count_of(c, ITEM_WAY));
    p->orders = ARENA_NEW(mem, struct order, count_of(c, ITEM_ORDER));
    p->interests = ARENA_NEW(mem, struct interest_item, count_of(c, ITEM_INTEREST));
    p->prefers = ARENA_NEW(mem, struct prefer_item, count_of(c, ITEM_PREFER));
    return !mem->failed;
}

static bool check_counts(const struct content *c, const struct kind_rule *rule, struct err *err)
{
    uint32_t known = 0;
    for (size_t i = 0; i < KIND_ITEMS_MAX && rule->items[i].type != 0; i++) {
        uint32_t n = count_of(c, rule->items[i].type);
        if (n < rule->items[i].least || n > rule->items[i].most) {
            return err_set(err, ERR_FORMAT,
                           "an act of kind \"%s\" has %u items of type %u, not %u to %u",
                           kind_word(rule->kind), n, rule->items[i].type, rule->items[i].least,
                           rule->items[i].most);
        }
        known += n;
    }
    if (known != c->count) {
        return err_set(err, ERR_FORMAT, "an act of kind \"%s\" has an item that it may not have",
                       kind_word(rule->kind));
    }
    return true;
}

/* Header 8 of these names an act or none. */
static bool may_answer(enum act_kind kind)
{
    return kind == KIND_VERIFY || kind == KIND_DECIDE || kind == KIND_UNDERTAKE;
}

bool payload_from(const struct content *c, struct arena *mem, struct payload *out, struct err *err)
{
    if (!kind_known(c->header.kind)) {
        return err_set(err, ERR_FORMAT, "this version of entente knows no act of kind %u",
                       c->header.kind);
    }
    const struct kind_rule *rule = rule_of((enum act_kind)c->header.kind);
    if (!check_counts(c, rule, err)) {
        return false;
    }
    bool must = rule->answers && !may_answer(rule->kind);
    if ((must && !c->header.has_answers) || (!rule->answers && c->header.has_answers)) {
        return err_set(err, ERR_FORMAT, "an act of kind \"%s\" %s", kind_word(rule->kind),
                       must ? "must name the act that it is about" : "may not name another act");
    }
    struct payload p = {.kind = rule->kind,
                        .room = c->header.room,
                        .epoch = c->header.epoch,
                        .claimed_time = c->header.claimed_time,
                        .has_answers = c->header.has_answers,
                        .answers = c->header.answers};
    if (!make_room(c, mem, &p)) {
        return err_memory(err, "the items of an act");
    }
    uint32_t last = 0;
    for (uint32_t i = 0; i < c->count; i++) {
        if (c->items[i].type < last) {
            return err_set(err, ERR_FORMAT, "the items of an act are not in ascending order");
        }
        last = c->items[i].type;
        struct intake in = {.mem = mem, .p = &p};
        cbor_init(&in.c, c->items[i].value);
        take_value(&in, (enum item_type)c->items[i].type);
        if (mem->failed) {
            return err_memory(err, "the items of an act");
        }
        if (!cbor_done(&in.c, "an item", err)) {
            return err_at(err, "item %u of type %u", i, c->items[i].type);
        }
    }
    *out = p;
    return true;
}

/* ---- values out ---- */

static void put_small(struct buf *b, uint64_t v)
{
    cbor_put_uint(b, v);
}

static void put_kids(struct buf *b, const struct kid *kids, uint32_t n)
{
    cbor_put_array(b, n);
    for (uint32_t i = 0; i < n; i++) {
        cbor_put_bstr(b, ID_BYTES(kids[i]));
    }
}

static void put_package(struct buf *b, const struct payload *p)
{
    cbor_put_array(b, p->choice_count);
    for (uint32_t i = 0; i < p->choice_count; i++) {
        cbor_put_array(b, 2);
        cbor_put_tstr(b, p->choices[i].issue);
        cbor_put_uint(b, p->choices[i].option);
    }
}

static void put_reservation(struct buf *b, const struct reservation *r)
{
    cbor_put_array(b, 3);
    cbor_put_tstr(b, r->label);
    if (r->has_issue) {
        cbor_put_tstr(b, r->issue);
    } else {
        cbor_put_null(b);
    }
    cbor_put_tstr(b, r->text);
}

static void put_evidence(struct buf *b, const struct evidence *e)
{
    cbor_put_array(b, 4);
    cbor_put_tstr(b, e->name);
    cbor_put_tstr(b, e->media);
    cbor_put_uint(b, e->length);
    cbor_put_bstr(b, ID_BYTES(e->sha256));
}

static void put_present(struct buf *b, struct text t)
{
    if (text_present(t)) {
        cbor_put_tstr(b, t);
    } else {
        cbor_put_null(b);
    }
}

static void put_article(struct buf *b, const struct article_item *a)
{
    cbor_put_array(b, 3);
    cbor_put_tstr(b, a->id);
    put_present(b, a->title);
    put_present(b, a->text);
}

static void put_epoch(struct buf *b, const struct epoch_item *e)
{
    cbor_put_map(b, 7);
    cbor_put_uint(b, 1);
    cbor_put_tstr(b, e->room);
    cbor_put_uint(b, 2);
    cbor_put_uint(b, e->number);
    cbor_put_uint(b, 3);
    cbor_put_uint(b, e->previous);
    cbor_put_uint(b, 4);
    put_kids(b, e->members, e->member_count);
    cbor_put_uint(b, 5);
    cbor_put_tstr(b, e->reason);
    cbor_put_uint(b, 6);
    cbor_put_bstr(b, bytes_of(e->public_key, 32));
    cbor_put_uint(b, 7);
    cbor_put_bstr(b, bytes_of(e->secret, 32));
}

static void put_path(struct buf *b, const struct root_hash *path, uint32_t n)
{
    cbor_put_array(b, n);
    for (uint32_t i = 0; i < n; i++) {
        cbor_put_bstr(b, ID_BYTES(path[i]));
    }
}

static void put_shown(struct buf *b, const struct shown_item *s)
{
    cbor_put_array(b, 5);
    cbor_put_uint(b, s->index);
    cbor_put_bstr(b, s->envelope);
    put_path(b, s->path, s->path_count);
    cbor_put_uint(b, s->entries);
    cbor_put_array(b, s->shown_count);
    for (uint32_t i = 0; i < s->shown_count; i++) {
        cbor_put_array(b, 3);
        cbor_put_uint(b, s->shown[i].place);
        cbor_put_bstr(b, s->shown[i].raw);
        put_path(b, s->shown[i].path, s->shown[i].path_count);
    }
}

/* How many of a type p has. */
static uint32_t have(const struct payload *p, enum item_type type)
{
    switch (type) {
    case ITEM_TEXT:
        return p->text_count;
    case ITEM_NAME:
        return text_present(p->name) ? 1 : 0;
    case ITEM_PACKAGE:
        return p->choice_count > 0 ? 1 : 0;
    case ITEM_ANSWER:
        return p->answer != 0 ? 1 : 0;
    case ITEM_RESERVATION:
        return p->reservation_count;
    case ITEM_OBJECT:
        return p->object.p != NULL ? 1 : 0;
    case ITEM_REF:
        return p->ref_count;
    case ITEM_MEETS:
        return p->meets_count;
    case ITEM_SIDE:
        return text_present(p->side) ? 1 : 0;
    case ITEM_SOURCE:
        return text_present(p->source) ? 1 : 0;
    case ITEM_WHEN:
        return p->has_when ? 1 : 0;
    case ITEM_LABEL:
        return text_present(p->label) ? 1 : 0;
    case ITEM_DEED:
        return text_present(p->deed) ? 1 : 0;
    case ITEM_ISSUE:
        return text_present(p->issue) ? 1 : 0;
    case ITEM_LEVEL:
        return p->level != 0 ? 1 : 0;
    case ITEM_MARK:
        return p->mark != 0 ? 1 : 0;
    case ITEM_MEDIA:
        return text_present(p->media) ? 1 : 0;
    case ITEM_CONTENT:
        return p->content.p != NULL ? 1 : 0;
    case ITEM_PHASE:
        return text_present(p->phase) ? 1 : 0;
    case ITEM_EPOCH:
        return p->epoch_item.number != 0 ? 1 : 0;
    case ITEM_GRANT_EPOCH:
        return p->grant_epoch_count;
    case ITEM_GRANT_ACT:
        return p->grant_act_count;
    case ITEM_CHARTER:
        return p->charter.p != NULL ? 1 : 0;
    case ITEM_SALT:
        return p->has_salt ? 1 : 0;
    case ITEM_FILE_KEY:
        return p->has_file_key ? 1 : 0;
    case ITEM_SEAT:
        return p->has_seat ? 1 : 0;
    case ITEM_PRESENT:
        return p->present != NULL ? 1 : 0; /* nobody is a list too */
    case ITEM_AFTER:
        return text_present(p->after) ? 1 : 0;
    case ITEM_FINDING:
        return p->finding != 0 ? 1 : 0;
    case ITEM_EVIDENCE:
        return p->evidence_count;
    case ITEM_VERDICT:
        return p->verdict != 0 ? 1 : 0;
    case ITEM_LIMITS:
        return p->limits.p != NULL ? 1 : 0;
    case ITEM_DATE:
        return p->date != 0 ? 1 : 0;
    case ITEM_LEVER:
        return text_present(p->lever) ? 1 : 0;
    case ITEM_MOVE:
        return p->move != 0 ? 1 : 0;
    case ITEM_SHOWN:
        return p->shown.entries != 0 ? 1 : 0;
    case ITEM_SEVERITY:
        return p->severity != 0 ? 1 : 0;
    case ITEM_ARTICLE:
        return p->article_count;
    case ITEM_RANGE:
        return p->has_range ? 1 : 0;
    case ITEM_DIGEST:
        return p->has_digest ? 1 : 0;
    case ITEM_VERSION:
        return p->has_version ? 1 : 0;
    case ITEM_ARTICLE_ID:
        return p->article_id_count;
    case ITEM_OUTCOME:
        return p->outcome != 0 ? 1 : 0;
    case ITEM_LINE:
        return p->line_count;
    case ITEM_WAY:
        return p->way_count;
    case ITEM_RECOMMEND:
        return p->has_recommend ? 1 : 0;
    case ITEM_ORDER:
        return p->order_count;
    case ITEM_FOLLOWS:
        return p->has_follows ? 1 : 0;
    case ITEM_INTEREST:
        return p->interest_count;
    case ITEM_PREFER:
        return p->prefer_count;
    }
    return 0;
}

static void put_value(struct buf *b, const struct payload *p, enum item_type type, uint32_t i)
{
    switch (type) {
    case ITEM_TEXT:
        cbor_put_tstr(b, p->texts[i]);
        break;
    case ITEM_NAME:
        cbor_put_tstr(b, p->name);
        break;
    case ITEM_PACKAGE:
        put_package(b, p);
        break;
    case ITEM_ANSWER:
        put_small(b, p->answer);
        break;
    case ITEM_RESERVATION:
        put_reservation(b, &p->reservations[i]);
        break;
    case ITEM_OBJECT:
        cbor_put_bstr(b, p->object);
        break;
    case ITEM_REF:
        cbor_put_bstr(b, ID_BYTES(p->refs[i]));
        break;
    case ITEM_MEETS:
        cbor_put_array(b, 2);
        cbor_put_bstr(b, ID_BYTES(p->meets[i].answer));
        cbor_put_tstr(b, p->meets[i].label);
        break;
    case ITEM_SIDE:
        cbor_put_tstr(b, p->side);
        break;
    case ITEM_SOURCE:
        cbor_put_tstr(b, p->source);
        break;
    case ITEM_WHEN:
        put_small(b, p->when);
        break;
    case ITEM_LABEL:
        cbor_put_tstr(b, p->label);
        break;
    case ITEM_DEED:
        cbor_put_tstr(b, p->deed);
        break;
    case ITEM_ISSUE:
        cbor_put_tstr(b, p->issue);
        break;
    case ITEM_LEVEL:
        put_small(b, p->level);
        break;
    case ITEM_MARK:
        put_small(b, p->mark);
        break;
    case ITEM_MEDIA:
        cbor_put_tstr(b, p->media);
        break;
    case ITEM_CONTENT:
        cbor_put_bstr(b, p->content);
        break;
    case ITEM_PHASE:
        cbor_put_tstr(b, p->phase);
        break;
    case ITEM_EPOCH:
        put_epoch(b, &p->epoch_item);
        break;
    case ITEM_GRANT_EPOCH:
        cbor_put_array(b, 3);
        cbor_put_tstr(b, p->grant_epochs[i].room);
        cbor_put_uint(b, p->grant_epochs[i].number);
        cbor_put_bstr(b, bytes_of(p->grant_epochs[i].secret, 32));
        break;
    case ITEM_GRANT_ACT:
        cbor_put_array(b, 2);
        cbor_put_bstr(b, ID_BYTES(p->grant_acts[i].leaf));
        cbor_put_bstr(b, bytes_of(p->grant_acts[i].file_key, 16));
        break;
    case ITEM_CHARTER:
        cbor_put_bstr(b, p->charter);
        break;
    case ITEM_SALT:
        cbor_put_bstr(b, bytes_of(p->salt, 32));
        break;
    case ITEM_FILE_KEY:
        cbor_put_bstr(b, bytes_of(p->file_key, 16));
        break;
    case ITEM_SEAT:
        cbor_put_bstr(b, ID_BYTES(p->seat));
        break;
    case ITEM_PRESENT:
        put_kids(b, p->present, p->present_count);
        break;
    case ITEM_AFTER:
        cbor_put_tstr(b, p->after);
        break;
    case ITEM_FINDING:
        put_small(b, p->finding);
        break;
    case ITEM_EVIDENCE:
        put_evidence(b, &p->evidence[i]);
        break;
    case ITEM_VERDICT:
        put_small(b, p->verdict);
        break;
    case ITEM_LIMITS:
        cbor_put_bstr(b, p->limits);
        break;
    case ITEM_DATE:
        put_small(b, p->date);
        break;
    case ITEM_LEVER:
        cbor_put_tstr(b, p->lever);
        break;
    case ITEM_MOVE:
        put_small(b, p->move);
        break;
    case ITEM_SHOWN:
        put_shown(b, &p->shown);
        break;
    case ITEM_SEVERITY:
        put_small(b, p->severity);
        break;
    case ITEM_ARTICLE:
        put_article(b, &p->articles[i]);
        break;
    case ITEM_RANGE:
        cbor_put_array(b, 2);
        cbor_put_uint(b, p->from);
        cbor_put_uint(b, p->to);
        break;
    case ITEM_DIGEST:
        cbor_put_bstr(b, ID_BYTES(p->digest));
        break;
    case ITEM_VERSION:
        cbor_put_bstr(b, ID_BYTES(p->version));
        break;
    case ITEM_ARTICLE_ID:
        cbor_put_tstr(b, p->article_ids[i]);
        break;
    case ITEM_OUTCOME:
        put_small(b, p->outcome);
        break;
    case ITEM_LINE:
        payload_put_line(b, &p->lines[i]);
        break;
    case ITEM_WAY:
        payload_put_way(b, &p->ways[i]);
        break;
    case ITEM_RECOMMEND:
        put_small(b, p->recommend);
        break;
    case ITEM_ORDER:
        payload_put_order(b, &p->orders[i]);
        break;
    case ITEM_FOLLOWS:
        cbor_put_bstr(b, ID_BYTES(p->follows));
        break;
    case ITEM_INTEREST:
        payload_put_interest(b, &p->interests[i]);
        break;
    case ITEM_PREFER:
        payload_put_prefer(b, &p->prefers[i]);
        break;
    }
}

bool payload_items(const struct payload *p, struct arena *mem, struct content_item **out,
                   size_t *out_count, struct err *err)
{
    const struct kind_rule *rule = rule_of(p->kind);
    size_t total = 0;
    for (size_t i = 0; i < KIND_ITEMS_MAX && rule->items[i].type != 0; i++) {
        uint32_t n = have(p, (enum item_type)rule->items[i].type);
        if (n < rule->items[i].least || n > rule->items[i].most) {
            return err_set(err, ERR_USE, "an act of kind \"%s\" needs %u to %u items of type %u",
                           kind_word(p->kind), rule->items[i].least, rule->items[i].most,
                           rule->items[i].type);
        }
        total += n;
    }
    if (total > ITEMS_MAX) {
        return err_set(err, ERR_LIMIT, "an act has %zu items, at most %u", total, ITEMS_MAX);
    }
    struct content_item *items = ARENA_NEW(mem, struct content_item, total);
    if (items == NULL) {
        return err_memory(err, "the items of an act");
    }
    struct buf b;
    buf_init(&b, (size_t)BLOB_LIMIT_MOST);
    bool ok = true;
    size_t at = 0;
    for (size_t i = 0; ok && i < KIND_ITEMS_MAX && rule->items[i].type != 0; i++) {
        uint32_t n = have(p, (enum item_type)rule->items[i].type);
        for (uint32_t k = 0; ok && k < n; k++) {
            buf_wipe(&b);
            put_value(&b, p, (enum item_type)rule->items[i].type, k);
            struct bytes v = arena_copy(mem, buf_bytes(&b));
            ok = buf_ok(&b) && !mem->failed;
            items[at++] = (struct content_item){rule->items[i].type, v};
        }
    }
    buf_free(&b);
    if (!ok) {
        return err_memory(err, "the items of an act");
    }
    *out = items;
    *out_count = total;
    return true;
}
