/* SPDX-License-Identifier: Apache-2.0 */
#include "record/succession_priv.h"

#include "base/switch_off.h"

/* The sides whose roots a succession at w needs: those of the groups of [0, w) that are not out at
 * w.  Where there is no group yet, those that could have one.  Monitors and the consulted have
 * none: they never hold a succession up. */
uint32_t succession_sides(const struct keyring *ring, const struct witness_log *log, uint64_t w)
{
    uint32_t joined = 0, groups = 0;
    bool any = false;
    for (uint32_t i = 0; i < keyring_found(ring)->groups; i++) {
        const struct ring_side *side = keyring_side(ring, i);
        uint32_t bit = UINT32_C(1) << i;
        if (side->admitted_at < w) {
            joined |= bit;
        }
        if (side->named_at < w) {
            any = true;
            groups |= witness_out(log, i, w) ? 0 : bit;
        }
    }
    return any ? groups : joined;
}

bool succession_allows(const struct successions *s, const struct keyring *ring,
                       const struct witness_log *log, uint64_t index,
                       const struct ring_author *author, const struct act *act,
                       const struct succession *c, struct err *err)
{
    if (CHECK_ON(SUCC_SIZE) && !s->under_way && c->size != index) {
        return err_set(err, ERR_VERIFY,
                       "it begins a succession at size %llu, but stands at index %llu",
                       (unsigned long long)c->size, (unsigned long long)index);
    }
    if (CHECK_ON(SUCC_ONE) && s->under_way &&
        (c->size != s->what.size || !ID_EQ(c->root, s->what.root) ||
         !ID_EQ(c->host, s->what.host))) {
        return err_set(err, ERR_VERIFY,
                       "it names another size, root or host than the succession that has begun");
    }
    if (CHECK_ON(SUCC_TREE) && (act->seen_size != c->size || !ID_EQ(act->seen_root, c->root))) {
        return err_set(err, ERR_VERIFY, "it cites another tree than the succession that it posts");
    }
    for (uint32_t t = 0; t < keyring_terms(ring); t++) {
        if (CHECK_ON(SUCC_HOST) && ID_EQ(keyring_term(ring, t)->host, c->host)) {
            return err_set(err, ERR_VERIFY, "the new host was the host of term %u already", t);
        }
    }
    uint32_t bit = UINT32_C(1) << author->side;
    if (CHECK_ON(SUCC_SIDE) && (succession_sides(ring, log, c->size) & bit) == 0) {
        return err_set(err, ERR_VERIFY,
                       "side %u takes no part in this succession: it has no group, or is out",
                       author->side);
    }
    if (CHECK_ON(SUCC_ONCE) && (s->posted & bit) != 0) {
        return err_set(err, ERR_VERIFY, "side %u has posted this succession already", author->side);
    }
    return true;
}

bool succession_take(struct successions *s, struct keyring *ring, const struct witness_log *log,
                     uint32_t side, const struct succession *c, struct err *err)
{
    uint32_t posted = s->posted | UINT32_C(1) << side;
    if ((succession_sides(ring, log, c->size) & ~posted) == 0) {
        if (!keyring_new_term(ring, c->size, &c->host, err)) {
            return false;
        }
        *s = (struct successions){.under_way = false};
        return true;
    }
    *s = (struct successions){.under_way = true, .what = *c, .posted = posted};
    return true;
}

uint32_t succession_missing(const struct successions *s, const struct keyring *ring,
                            const struct witness_log *log)
{
    if (!s->under_way) {
        return 0;
    }
    return (uint32_t)__builtin_popcount(succession_sides(ring, log, s->what.size) & ~s->posted);
}

uint32_t succession_term(const struct successions *s, const struct keyring *ring,
                         enum control_kind kind)
{
    uint32_t terms = keyring_terms(ring);
    return s->under_way || kind == CONTROL_SUCCESSION ? terms : terms == 0 ? 0 : terms - 1;
}
