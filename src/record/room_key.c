/* SPDX-License-Identifier: Apache-2.0 */
#include "record/room_key.h"

#include "base/check.h"
#include "crypto/kdf.h"
#include "record/limits.h"

void room_key_of(const uint8_t secret[static ROOM_KEY_BYTES], const struct table_id *table,
                 struct text room, uint32_t number, uint8_t out[static ROOM_KEY_BYTES])
{
    static const char purpose[] = "entente/v1/room";
    uint8_t info[sizeof(purpose) - 1 + sizeof(table->b) + 4 + NAME_MAX_BYTES];
    size_t n = sizeof(purpose) - 1;
    CHECK(room.n <= NAME_MAX_BYTES);
    memcpy(info, purpose, n);
    memcpy(info + n, table->b, sizeof(table->b));
    n += sizeof(table->b);
    for (unsigned i = 0; i < 4; i++) {
        info[n++] = (uint8_t)(number >> (24 - 8 * i));
    }
    if (room.n > 0) {
        memcpy(info + n, room.p, room.n);
    }
    kdf_hkdf(bytes_of(secret, ROOM_KEY_BYTES), (struct bytes){0}, bytes_of(info, n + room.n), out,
             ROOM_KEY_BYTES);
}
