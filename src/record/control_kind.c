/* SPDX-License-Identifier: Apache-2.0 */
#include "record/control_kind.h"

#include "base/check.h"
#include "record/act_priv.h"

const char *control_word(enum control_kind kind)
{
    switch (kind) {
#define CONTROL_CASE(name, number, word, author)                                                   \
    case name:                                                                                     \
        return word;
        CONTROL_LIST(CONTROL_CASE)
#undef CONTROL_CASE
    }
    return "unknown";
}

#define AUTHOR_R KEY_ROOT
#define AUTHOR_S KEY_SEAT

enum key_type control_author(enum control_kind kind)
{
    switch (kind) {
#define CONTROL_CASE(name, number, word, author)                                                   \
    case name:                                                                                     \
        return AUTHOR_##author;
        CONTROL_LIST(CONTROL_CASE)
#undef CONTROL_CASE
    }
    CHECK(false);
    return KEY_SEAT;
}

bool control_may_author(enum control_kind kind, enum key_type type)
{
    return type == control_author(kind) || (kind == CONTROL_KEYS && type == KEY_SEAT);
}
