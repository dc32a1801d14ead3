/* SPDX-License-Identifier: Apache-2.0 */
#include "record/rules_priv.h"

bool rules_author(const struct act *act, const struct ring_author *author, struct err *err)
{
    bool root = false;
    switch (act->control) {
    case CONTROL_FOUND:
    case CONTROL_KEYS:
    case CONTROL_WITNESSES:
    case CONTROL_SUCCESSION:
        root = true;
        break;
    case CONTROL_SEALED:
    case CONTROL_COUNTERSIGN:
    case CONTROL_PROCEED:
        break;
    }
    if (root != (author->type == KEY_ROOT)) {
        return err_set(err, ERR_VERIFY, "a %s act is signed by a %s, this one by a %s",
                       control_word(act->control), root ? "root" : "seat",
                       root ? "seat" : "root");
    }
    return true;
}

bool rules_countersign(const struct keyring *ring, const struct witness_log *log, uint64_t index,
                       const struct ring_author *author, const struct act *act,
                       const struct countersign *c, struct err *err)
{
    const struct ring_seat *seat = keyring_seat(ring, author->seat);
    if (!ID_EQ(c->table, act->table) || c->term != act->term) {
        return err_set(err, ERR_VERIFY, "its checkpoint is of another table or term");
    }
    if (c->size != act->seen_size || !ID_EQ(c->root, act->seen_root)) {
        return err_set(err, ERR_VERIFY, "its checkpoint is not the tree that the envelope cites");
    }
    if (keyring_term_of_size(ring, c->size) != c->term) {
        return err_set(err, ERR_VERIFY, "size %llu is not of term %u",
                       (unsigned long long)c->size, c->term);
    }
    if (!witness_may_countersign(log, index, seat->witness, c->size, c->time, err)) {
        return false;
    }
    if (c->witness_number != seat->witness) {
        return err_set(err, ERR_VERIFY, "its line is of witness %llu; this seat's is %u",
                       (unsigned long long)c->witness_number, seat->witness);
    }
    return true;
}
