/* SPDX-License-Identifier: Apache-2.0
 *
 * What an opened act says: the items of its content (docs/FORMAT.md section 10) as typed fields.
 * Form only: whether it may be said is for the rules (table/rules_v1.h).
 *
 * Which items a kind must and may have stands in one table in payload.c.  An item that its kind
 * does not know, one too many or one too few makes the act void.
 */
#ifndef ENTENTE_TABLE_PAYLOAD_H
#define ENTENTE_TABLE_PAYLOAD_H

#include "record/content.h"
#include "table/home.h"
#include "table/kind.h"
#include "table/standing.h"
#include "terms/issue.h"

#define ITEM_LIST(X)                                                                               \
    X(ITEM_TEXT, 1)                                                                                \
    X(ITEM_NAME, 2)                                                                                \
    X(ITEM_PACKAGE, 3)                                                                             \
    X(ITEM_ANSWER, 4)                                                                              \
    X(ITEM_RESERVATION, 5)                                                                         \
    X(ITEM_OBJECT, 6)                                                                              \
    X(ITEM_REF, 7)                                                                                 \
    X(ITEM_MEETS, 8)                                                                               \
    X(ITEM_SIDE, 9)                                                                                \
    X(ITEM_SOURCE, 10)                                                                             \
    X(ITEM_WHEN, 11)                                                                               \
    X(ITEM_LABEL, 13)                                                                              \
    X(ITEM_DEED, 14)                                                                               \
    X(ITEM_ISSUE, 15)                                                                              \
    X(ITEM_LEVEL, 16)                                                                              \
    X(ITEM_MARK, 17)                                                                               \
    X(ITEM_MEDIA, 18)                                                                              \
    X(ITEM_CONTENT, 19)                                                                            \
    X(ITEM_PHASE, 21)                                                                              \
    X(ITEM_EPOCH, 22)                                                                              \
    X(ITEM_GRANT_EPOCH, 23)                                                                        \
    X(ITEM_GRANT_ACT, 24)                                                                          \
    X(ITEM_CHARTER, 25)                                                                            \
    X(ITEM_SALT, 26)                                                                               \
    X(ITEM_FILE_KEY, 27)                                                                           \
    X(ITEM_SEAT, 28)                                                                               \
    X(ITEM_PRESENT, 29)                                                                            \
    X(ITEM_AFTER, 30)                                                                              \
    X(ITEM_FINDING, 31)                                                                            \
    X(ITEM_EVIDENCE, 32)                                                                           \
    X(ITEM_VERDICT, 33)                                                                            \
    X(ITEM_LIMITS, 34)                                                                             \
    X(ITEM_ARTICLE, 40)                                                                            \
    X(ITEM_RANGE, 41)                                                                              \
    X(ITEM_DIGEST, 42)                                                                             \
    X(ITEM_VERSION, 43)                                                                            \
    X(ITEM_ARTICLE_ID, 44)                                                                         \
    X(ITEM_OUTCOME, 45)                                                                            \
    X(ITEM_LEVER, 50)                                                                              \
    X(ITEM_MOVE, 51)                                                                               \
    X(ITEM_SHOWN, 53)                                                                              \
    X(ITEM_SEVERITY, 54)                                                                           \
    X(ITEM_DATE, 60)                                                                               \
    X(ITEM_LINE, 70)                                                                               \
    X(ITEM_WAY, 71)                                                                                \
    X(ITEM_RECOMMEND, 72)                                                                          \
    X(ITEM_ORDER, 73)                                                                              \
    X(ITEM_FOLLOWS, 74)                                                                            \
    X(ITEM_INTEREST, 76)                                                                           \
    X(ITEM_PREFER, 77)

#define ITEM_ENUM(name, number) name = number,
enum item_type { ITEM_LIST(ITEM_ENUM) };
#undef ITEM_ENUM

#define TEXTS_MAX 64u
#define RESERVATIONS_MAX 32u
#define REFS_MAX 64u
#define EVIDENCE_MAX 16u
#define GRANTS_MAX 200u
#define PRESENT_MAX 64u
#define ARTICLES_MAX 128u
#define DEBRIEF_LINES_MAX 64u
#define WAYS_MAX 16u
#define ORDERS_MAX 16u
#define INTERESTS_MAX 128u /* of one act; choices too */

enum answer_kind {
    ANSWER_ACCEPT = 1,        /* binding */
    ANSWER_AD_REFERENDUM = 2, /* binds when the principal ratifies */
    ANSWER_CONCEPT = 3,       /* with reservations; never agreement by itself */
    ANSWER_REJECT = 4,
    ANSWER_COUNTER = 5,
};
enum finding { FINDING_DONE = 1, FINDING_PARTLY = 2, FINDING_NOT_DONE = 3 };
enum verdict { VERDICT_VERIFIED = 1, VERDICT_NOT_VERIFIED = 2 };
enum level { LEVEL_MUST = 1, LEVEL_WANT = 2, LEVEL_NICE = 3 };
enum lever_move { LEVER_HOLD = 1, LEVER_READY = 2, LEVER_APPLY = 3, LEVER_RELEASE = 4 };
enum severity { SEVERITY_MINOR = 1, SEVERITY_SERIOUS = 2 };

enum cleaning { CLEAN_TAKE = 1, CLEAN_DROP = 2 }; /* of a bracket */

/* An article of a draft: with a title and words, or kept as it stands (neither).  Of a bracket: words,
 * and a title where the article is new.  {NULL, 0}: absent. */
struct article_item {
    struct text id;
    struct text title;
    struct text text;
};

struct reservation {
    struct text label;
    bool has_issue;
    struct text issue;
    struct text text;
};

struct meets {
    struct leaf_hash answer;
    struct text label;
};

/* One choice of a package, named as in the record: by the issue's id. */
struct named_choice {
    struct text issue;
    uint32_t option;
};

struct evidence {
    struct text name;
    struct text media;
    uint64_t length;
    struct digest sha256;
};

struct epoch_item {
    struct text room;
    uint32_t number;
    uint32_t previous;
    uint32_t member_count;
    struct kid *members; /* ascending */
    struct text reason;
    uint8_t public_key[32];
    uint8_t secret[32];
};

struct grant_epoch {
    struct text room;
    uint32_t number;
    uint8_t secret[32];
};

struct grant_act {
    struct leaf_hash leaf;
    uint8_t file_key[16];
};

/* What a notice shows of an act of a room that not all read, with the proof that it is part of the
 * record: the path of its envelope, of the entries shown their paths to the envelope's commit.  Form
 * only; what it proves is for table/notice.h. */
struct shown_entry {
    uint32_t place; /* 0: the header */
    struct bytes raw;
    uint32_t path_count;
    struct root_hash *path;
};
struct shown_item {
    uint64_t index;
    struct bytes envelope;
    uint32_t path_count;
    struct root_hash *path;
    uint32_t entries; /* that the act has */
    uint32_t shown_count;
    struct shown_entry *shown; /* by place, ascending */
};

struct payload {
    enum act_kind kind;
    struct text room; /* header 6 */
    uint32_t epoch;   /* header 7 */
    uint64_t claimed_time;
    bool has_answers;
    struct leaf_hash answers;

    uint32_t text_count;
    struct text *texts;
    struct text name, side, source, label, deed, issue, media, phase, after; /* {NULL, 0}: absent */
    uint32_t choice_count; /* the package; 0: absent */
    struct named_choice *choices;
    enum answer_kind answer;
    uint32_t reservation_count;
    struct reservation *reservations;
    struct bytes object;  /* a signed object, unchecked */
    struct bytes content; /* document */
    struct bytes charter; /* canonical CBOR, unchecked */
    struct bytes limits;  /* CBOR of private limits */
    uint32_t ref_count;
    struct leaf_hash *refs;
    uint32_t meets_count;
    struct meets *meets;
    bool has_when;
    uint64_t when;
    enum level level;
    enum mark mark;
    enum finding finding;
    enum verdict verdict;
    enum date_kind date;
    bool has_salt;
    uint8_t salt[32];
    bool has_file_key;
    uint8_t file_key[16];
    bool has_seat;
    struct kid seat;
    uint32_t present_count;
    struct kid *present;
    uint32_t evidence_count;
    struct evidence *evidence;
    struct epoch_item epoch_item;
    uint32_t grant_epoch_count;
    struct grant_epoch *grant_epochs;
    uint32_t grant_act_count;
    struct grant_act *grant_acts;
    struct text lever;
    enum lever_move move;
    enum severity severity;
    struct shown_item shown; /* entries 0: absent */
    uint32_t article_count;
    struct article_item *articles;
    bool has_range;
    uint32_t from, to; /* bytes of an article's text */
    bool has_digest;
    struct digest digest;
    bool has_version;
    struct leaf_hash version; /* of the text that a package takes with it */
    uint32_t article_id_count;
    struct text *article_ids;
    enum cleaning outcome;

    /* at home (table/home.h) */
    uint32_t line_count;
    struct debrief_line *lines;
    uint32_t way_count;
    struct memo_way *ways;
    bool has_recommend;
    uint32_t recommend; /* place of one of the ways */
    uint32_t order_count;
    struct order *orders;
    uint32_t interest_count;
    struct interest_item *interests;
    uint32_t prefer_count;
    struct prefer_item *prefers;
    bool has_follows;
    struct digest follows; /* the seal of a decision of the author's side */
};

/* ERR_FORMAT: the act is void (unknown kind or item, wrong count, wrong value).  Borrows the
 * content's bytes; arrays are in mem. */
MUST_CHECK bool payload_from(const struct content *c, struct arena *mem, struct payload *out,
                             struct err *err);

/* The items of p in ascending order of type, each value encoded into mem.  Header fields are the
 * caller's to put into a content_header.  Fails where p does not have what its kind needs. */
MUST_CHECK bool payload_items(const struct payload *p, struct arena *mem, struct content_item **out,
                              size_t *out_count, struct err *err);

/* A copy that borrows nothing of p: words of the state, say, that a payload names, do not outlive the
 * fold that they are in.  False: memory. */
MUST_CHECK bool payload_copy(const struct payload *p, struct arena *mem, struct payload *out);

static inline bool text_present(struct text t)
{
    return t.p != NULL;
}

#endif
