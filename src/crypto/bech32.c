/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/bech32.h"

#include "base/check.h"

#define DATA_CHARS 52u /* 256 bits in fives */
#define SUM_CHARS 6u

static const char alphabet[33] = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";

static uint32_t step(uint32_t sum, uint32_t value)
{
    static const uint32_t gen[5] = {0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3};
    uint32_t top = sum >> 25;
    sum = (sum & 0x1ffffff) << 5 ^ value;
    for (unsigned i = 0; i < 5; i++) {
        sum ^= gen[i] & (0u - (top >> i & 1u));
    }
    return sum;
}

static uint32_t prefix_sum(const char *prefix)
{
    size_t n = strlen(prefix);
    CHECK(n > 0 && n <= BECH32_PREFIX_MAX);
    uint32_t sum = 1;
    for (size_t i = 0; i < n; i++) {
        sum = step(sum, (uint32_t)(uint8_t)prefix[i] >> 5);
    }
    sum = step(sum, 0);
    for (size_t i = 0; i < n; i++) {
        sum = step(sum, (uint8_t)prefix[i] & 31u);
    }
    return sum;
}

/* All 1 bits where a == b (both below 256), else 0. */
static uint32_t equal_mask(uint32_t a, uint32_t b)
{
    return 0u - (((a ^ b) - 1u) >> 31);
}

static char char_of(uint32_t value)
{
    uint32_t c = 0;
    for (uint32_t i = 0; i < 32; i++) {
        c |= equal_mask(i, value) & (uint8_t)alphabet[i];
    }
    return (char)c;
}

/* 0..31, or 32 where c is not of the alphabet. */
static uint32_t value_of(uint8_t c)
{
    uint32_t found = 32;
    for (uint32_t i = 0; i < 32; i++) {
        found ^= equal_mask(c, (uint8_t)alphabet[i]) & (32u ^ i);
    }
    return found;
}

void bech32_encode(const char *prefix, const uint8_t data[static BECH32_DATA], char *out)
{
    uint32_t sum = prefix_sum(prefix);
    size_t at = strlen(prefix);
    memcpy(out, prefix, at);
    out[at++] = '1';
    uint32_t bits = 0;
    unsigned have = 0;
    size_t next = 0;
    for (size_t i = 0; i < DATA_CHARS; i++) {
        if (have < 5) {
            bits = bits << 8 | (next < BECH32_DATA ? data[next] : 0u);
            next++;
            have += 8;
        }
        have -= 5;
        uint32_t value = bits >> have & 31u;
        sum = step(sum, value);
        out[at++] = char_of(value);
    }
    for (size_t i = 0; i < SUM_CHARS; i++) {
        sum = step(sum, 0);
    }
    sum ^= 1;
    for (unsigned i = 0; i < SUM_CHARS; i++) {
        out[at++] = char_of(sum >> (25 - 5 * i) & 31u);
    }
    out[at] = 0;
}

bool bech32_decode(const char *prefix, struct bytes text, uint8_t out[static BECH32_DATA])
{
    uint32_t sum = prefix_sum(prefix);
    size_t n = strlen(prefix);
    if (text.n != n + 1 + DATA_CHARS + SUM_CHARS || memcmp(text.p, prefix, n) != 0 ||
        text.p[n] != '1') {
        return false;
    }
    uint8_t data[BECH32_DATA + 1];
    uint32_t bits = 0, wrong = 0;
    unsigned have = 0;
    size_t at = 0;
    for (size_t i = 0; i < DATA_CHARS + SUM_CHARS; i++) {
        uint32_t value = value_of(text.p[n + 1 + i]);
        wrong |= value & 32u;
        sum = step(sum, value & 31u);
        if (i < DATA_CHARS) {
            bits = bits << 5 | (value & 31u);
            have += 5;
            if (have >= 8) {
                have -= 8;
                data[at++] = (uint8_t)(bits >> have & 255u);
            }
        } else if (i == DATA_CHARS) {
            wrong |= bits & 15u; /* 260 bits hold 256: four are left over */
        }
    }
    bool good = wrong == 0 && sum == 1;
    if (good) {
        memcpy(out, data, BECH32_DATA);
    }
    bytes_wipe(data, sizeof(data));
    return good;
}
