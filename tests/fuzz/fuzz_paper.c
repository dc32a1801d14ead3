/* SPDX-License-Identifier: Apache-2.0
 *
 * Papers that people hand to each other: whatever is read as a request for a signature is written
 * again byte for byte and can be told in words that can be shown; whatever is refused says why.
 */
#include "app/join.h"
#include "app/sign.h"
#include "base/check.h"
#include "crypto/init.h"
#include "lib/fuzz_arena.h"

#define MEM_BYTES (8u << 20)
#define WORDS_MAX (1u << 20)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void read_request(struct bytes content, struct arena *mem, struct err *err)
{
    struct sign_request q;
    struct buf again, words;
    if (!sign_request_parse(content, mem, &q, err)) {
        CHECK(err->code != ERR_NONE);
        return;
    }
    buf_init(&again, PAPER_BYTES_MAX);
    buf_init(&words, WORDS_MAX);
    sign_request_put(&q, &again);
    CHECK(bytes_eq(buf_bytes(&again), content));
    if (sign_request_words(&q, mem, &words, err)) {
        struct text shown;
        CHECK(text_from(buf_bytes(&words), &shown, err));
    }
    buf_free(&again);
    buf_free(&words);
}

static void read_signed(struct bytes content, struct err *err)
{
    const struct table_id table = {{0}};
    struct bytes object;
    CHECK(!signed_parse(content, &table, OBJECT_RATIFY, &object, err));
    CHECK(err->code == ERR_FORMAT || err->code == ERR_VERIFY);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct err err = {0};
    enum paper_kind kind;
    struct bytes content;
    struct invitation inv;
    struct kid kid;
    uint32_t side;
    struct arena *mem = fuzz_arena(MEM_BYTES);
    CHECK(crypto_init(&err));
    if (paper_parse(bytes_of(data, size), "paper", &kind, &content, &err)) {
        switch (kind) {
        case PAPER_INVITATION:
            CHECK(invitation_parse(content, &inv, &err) || err.code != ERR_NONE);
            break;
        case PAPER_NEW_ROOT:
        case PAPER_SLIP:
        case PAPER_SEAT_SLIP:
            CHECK(slip_fingerprint(kind, content, &kid, &side, &err) || err.code != ERR_NONE);
            break;
        case PAPER_REQUEST:
            read_request(content, mem, &err);
            break;
        case PAPER_SIGNED:
            read_signed(content, &err);
            break;
        }
    } else {
        CHECK(err.code == ERR_FORMAT);
    }
    return 0;
}
