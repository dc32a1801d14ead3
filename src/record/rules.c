/* SPDX-License-Identifier: Apache-2.0 */
#include "record/rules_priv.h"

#include "base/fixed.h"
#include "base/switch_off.h"
#include "record/cosign.h"

bool rules_author(const struct act *act, const struct ring_author *author, struct err *err)
{
    bool root = false;
    switch (act->control) {
    case CONTROL_KEYS:
        return true; /* by its verb: the keyring looks */
    case CONTROL_FOUND:
    case CONTROL_WITNESSES:
    case CONTROL_SUCCESSION:
        root = true;
        break;
    case CONTROL_SEALED:
    case CONTROL_COUNTERSIGN:
    case CONTROL_PROCEED:
        break;
    }
    if (CHECK_ON(ROOT_OR_SEAT) && root != (author->type == KEY_ROOT)) {
        return err_set(err, ERR_VERIFY, "a %s act is signed by a %s, this one by a %s",
                       control_word(act->control), root ? "root" : "seat", root ? "seat" : "root");
    }
    return true;
}

bool rules_countersign(const struct keyring *ring, const struct witness_log *log, uint64_t index,
                       const struct ring_author *author, const struct act *act,
                       const struct countersign *c, struct err *err)
{
    const struct ring_seat *seat = keyring_seat(ring, author->seat);
    if (CHECK_ON(CS_TERM) && (!ID_EQ(c->table, act->table) || c->term != act->term)) {
        return err_set(err, ERR_VERIFY, "its checkpoint is of another table or term");
    }
    if (CHECK_ON(CS_TREE) && (c->size != act->seen_size || !ID_EQ(c->root, act->seen_root))) {
        return err_set(err, ERR_VERIFY, "its checkpoint is not the tree that the envelope cites");
    }
    if (!witness_may_countersign(log, index, seat->witness, c->size, c->time, err)) {
        return false;
    }
    if (CHECK_ON(CS_NUMBER) && c->witness_number != seat->witness) {
        return err_set(err, ERR_VERIFY, "its line is of witness %llu; this seat's is %u",
                       (unsigned long long)c->witness_number, seat->witness);
    }
    return true;
}

/* The number in the name of one of this table's witnesses. */
static bool number_of(struct bytes name, const struct table_id *table, uint32_t known,
                      uint32_t *out)
{
    char first[ORIGIN_MAX];
    witness_name(table, 0, first);
    struct bytes prefix = bytes_slice(bytes_str(first), 0, strlen(first) - 1);
    struct bytes digits = bytes_slice(name, prefix.n, name.n);
    struct text t = {.p = (const char *)digits.p, .n = digits.n}; /* only digits pass */
    uint64_t number;
    if (!bytes_eq(bytes_slice(name, 0, prefix.n), prefix) || !u64_parse(t, &number) ||
        number >= known) {
        return false;
    }
    *out = (uint32_t)number; /* below known */
    return true;
}

bool rules_note_lines(const struct keyring *ring, const struct note *note,
                      bool out_signed[static SEATS_MAX], struct err *err)
{
    const struct table_id *table = keyring_table(ring);
    memset(out_signed, 0, SEATS_MAX * sizeof(out_signed[0]));
    for (uint32_t i = 1; i < note->count; i++) {
        const struct note_line *line = &note->line[i];
        uint32_t w;
        uint64_t time;
        uint8_t key_id[4];
        if (!number_of(line->name, table, keyring_witnesses(ring, INDEX_NEVER), &w)) {
            continue;
        }
        const struct pubkey *pk = &keyring_seat(ring, keyring_witness(ring, w)->seat)->keys.witness;
        note_key_id(line->name, NOTE_COSIGNATURE, pk, key_id);
        if (memcmp(line->key_id, key_id, sizeof(key_id)) != 0) {
            continue;
        }
        if (CHECK_ON(NOTE_WITNESS) && !cosign_line_check(line, note->body, line->name, pk, &time)) {
            return err_set(err, ERR_VERIFY, "the line of witness %u under the checkpoint is wrong",
                           w);
        }
        out_signed[w] = true;
    }
    return true;
}
