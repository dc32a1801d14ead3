/* SPDX-License-Identifier: Apache-2.0 */
#include "app/paper.h"

#include "base/cbor.h"

static const struct {
    enum paper_kind kind;
    const char *word;
    const char *words;
} kinds[] = {
    {PAPER_INVITATION, "invitation", "an invitation"},
    {PAPER_SLIP, "slip", "a slip of a side"},
    {PAPER_SEAT_SLIP, "seat-slip", "a slip of a seat"},
    {PAPER_REQUEST, "request", "a request for a signature"},
    {PAPER_SIGNED, "signed", "a signed paper"},
    {PAPER_NEW_ROOT, "new-root", "a slip of another principal"},
};

const char *paper_words(enum paper_kind kind)
{
    for (size_t i = 0; i < COUNT_OF(kinds); i++) {
        if (kinds[i].kind == kind) {
            return kinds[i].words;
        }
    }
    return "a paper";
}

void paper_put(enum paper_kind kind, struct bytes content, struct buf *out)
{
    const char *word = "";
    for (size_t i = 0; i < COUNT_OF(kinds); i++) {
        word = kinds[i].kind == kind ? kinds[i].word : word;
    }
    cbor_put_array(out, 3);
    cbor_put_tstr(out, text_str("entente"));
    cbor_put_tstr(out, text_str(word));
    cbor_put_bstr(out, content);
}

bool paper_parse(struct bytes raw, const char *name, enum paper_kind *out_kind, struct bytes *out,
                 struct err *err)
{
    struct cbor c;
    struct err form = {0};
    cbor_init(&c, raw);
    cbor_array_n(&c, 3);
    struct bytes magic = cbor_tstr(&c);
    struct bytes word = cbor_tstr(&c);
    struct bytes content = cbor_bstr(&c);
    if (cbor_done(&c, "a paper", &form) && bytes_eq(magic, bytes_str("entente"))) {
        for (size_t i = 0; i < COUNT_OF(kinds); i++) {
            if (bytes_eq(word, bytes_str(kinds[i].word))) {
                *out_kind = kinds[i].kind;
                *out = content;
                return true;
            }
        }
    }
    return err_set(err, ERR_FORMAT, "%s is no invitation, slip or request of entente", name) ||
           err_mend(err, "ask for the file again; it must arrive unchanged");
}
