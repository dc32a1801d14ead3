/* SPDX-License-Identifier: Apache-2.0 */
#include "table/limits.h"

#include "base/cbor.h"

static bool allowed(const struct limit *l, uint32_t option)
{
    return (l->options[option / 8] & (1u << (option % 8))) != 0;
}

void limits_encode(const struct limits *l, struct buf *out)
{
    cbor_put_array(out, l->count);
    for (uint32_t i = 0; i < l->count; i++) {
        const struct limit *k = &l->limits[i];
        uint32_t n = 0;
        for (uint32_t o = 0; o < TERMS_OPTIONS_MAX; o++) {
            n += allowed(k, o) ? 1 : 0;
        }
        cbor_put_array(out, 2);
        cbor_put_tstr(out, k->issue);
        cbor_put_array(out, n);
        for (uint32_t o = 0; o < TERMS_OPTIONS_MAX; o++) {
            if (allowed(k, o)) {
                cbor_put_uint(out, o);
            }
        }
    }
}

bool limits_decode(struct bytes raw, struct arena *mem, struct limits *out, struct err *err)
{
    struct cbor c;
    cbor_init(&c, raw);
    size_t n = cbor_array(&c, TERMS_ISSUES_MAX);
    struct limit *limits = ARENA_NEW(mem, struct limit, n);
    if (limits == NULL) {
        return err_memory(err, "private limits");
    }
    for (size_t i = 0; i < n && cbor_ok(&c); i++) {
        cbor_array_n(&c, 2);
        struct bytes id = cbor_tstr(&c);
        limits[i].issue = (struct text){.p = (const char *)id.p, .n = id.n};
        if (cbor_ok(&c) && !text_is_id(limits[i].issue)) {
            cbor_refuse(&c, "an issue's name is no identifier");
        }
        size_t options = cbor_array(&c, TERMS_OPTIONS_MAX);
        uint64_t least = 0;
        for (size_t k = 0; k < options && cbor_ok(&c); k++) {
            uint64_t o = cbor_uint(&c);
            if (cbor_ok(&c) && (o >= TERMS_OPTIONS_MAX || o < least)) {
                cbor_refuse(&c, "options are not ascending");
                break;
            }
            limits[i].options[o / 8] |= (uint8_t)(1u << (o % 8));
            least = o + 1;
        }
    }
    if (!cbor_done(&c, "private limits", err)) {
        return false;
    }
    *out = (struct limits){(uint32_t)n, limits};
    return true;
}

bool limits_allow(const struct limits *l, const struct charter *c, const struct package *p,
                  struct text principal, struct refusal *out)
{
    for (uint32_t i = 0; i < p->count; i++) {
        const struct issue *issue = &c->issues[p->choices[i].issue];
        uint32_t option = p->choices[i].option;
        for (uint32_t k = 0; k < l->count; k++) {
            if (text_eq(l->limits[k].issue, issue->id) && !allowed(&l->limits[k], option)) {
                return refuse(out, REFUSED_LIMITS,
                              "Your instructions do not allow \"%.*s\" for %.*s.",
                              TEXT_ARG(issue->options[option]), TEXT_ARG(issue->id)) ||
                       refuse_mend(out, "Ask %.*s to widen them, or leave that out.",
                                   TEXT_ARG(principal));
            }
        }
    }
    return true;
}
