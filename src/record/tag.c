/* SPDX-License-Identifier: Apache-2.0 */
#include "record/tag.h"

#include "crypto/hash.h"
#include "crypto/kdf.h"

void tag_key_of(const uint8_t room_key[static 32], struct tag_key *out)
{
    kdf_hkdf(bytes_of(room_key, 32), (struct bytes){0}, bytes_str("entente/v1/tag"), out->k,
             sizeof(out->k));
}

void tag_key_wipe(struct tag_key *k)
{
    bytes_wipe(k, sizeof(*k));
}

struct act_tag tag_make(const struct tag_key *k, const struct kid *author, uint32_t term,
                        uint64_t n)
{
    uint8_t numbers[12];
    for (unsigned i = 0; i < 4; i++) {
        numbers[i] = (uint8_t)(term >> (24 - 8 * i));
    }
    for (unsigned i = 0; i < 8; i++) {
        numbers[4 + i] = (uint8_t)(n >> (56 - 8 * i));
    }
    const struct bytes parts[] = {ID_BYTES(*author), bytes_of(numbers, sizeof(numbers))};
    uint8_t mac[HASH_BYTES];
    hash_hmac(bytes_of(k->k, sizeof(k->k)), parts, COUNT_OF(parts), mac);
    struct act_tag tag;
    memcpy(tag.b, mac, sizeof(tag.b));
    return tag;
}
