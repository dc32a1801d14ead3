/* SPDX-License-Identifier: Apache-2.0 */
#include "table/kind.h"

#include "base/check.h"
#include "record/object.h"

struct kind_row {
    enum act_kind kind;
    const char *word;
    uint32_t rooms;
    uint32_t power;
};

#define KIND_ROW(name, number, word, rooms, power)                                                 \
    {name, word, (uint32_t)(rooms), (uint32_t)(power)},
static const struct kind_row rows[] = {KIND_LIST(KIND_ROW)};
#undef KIND_ROW

static const struct kind_row *find(uint32_t number)
{
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        if ((uint32_t)rows[i].kind == number) {
            return &rows[i];
        }
    }
    return NULL;
}

bool kind_known(uint32_t number)
{
    return find(number) != NULL;
}

static const struct kind_row *row(enum act_kind kind)
{
    const struct kind_row *r = find((uint32_t)kind);
    CHECK(r != NULL);
    return r;
}

const char *kind_word(enum act_kind kind)
{
    return row(kind)->word;
}

uint32_t kind_rooms(enum act_kind kind)
{
    return row(kind)->rooms;
}

uint32_t kind_power(enum act_kind kind)
{
    return row(kind)->power;
}

bool kind_of_word(struct bytes word, enum act_kind *out)
{
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        if (bytes_eq(bytes_str(rows[i].word), word)) {
            *out = rows[i].kind;
            return true;
        }
    }
    return false;
}
