/* SPDX-License-Identifier: Apache-2.0 */
#include "lib/prop.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/fixed.h"

static bool is_long(void)
{
    const char *v = getenv("ENTENTE_LONG");
    return v != NULL && v[0] == '1';
}

void prop_init_seed(struct prop *p, uint64_t seed)
{
    p->seed = seed;
    for (int i = 0; i < 4; i++) {
        seed += UINT64_C(0x9e3779b97f4a7c15);
        uint64_t z = seed;
        z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
        z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
        p->s[i] = z ^ (z >> 31);
    }
}

void prop_init(struct prop *p, const char *name)
{
    uint64_t seed = 20260309;
    const char *given = getenv("ENTENTE_SEED");
    if (given != NULL) {
        if (!u64_parse(text_str(given), &seed)) {
            (void)fprintf(stderr, "ENTENTE_SEED is not a number\n");
            exit(2);
        }
    } else if (is_long()) {
        struct timespec now;
        (void)clock_gettime(CLOCK_REALTIME, &now); /* any value will do */
        seed = (uint64_t)now.tv_sec * 1000000007u ^ (uint64_t)now.tv_nsec;
    }
    prop_init_seed(p, seed);
    (void)printf("# %s: seed %llu\n", name, (unsigned long long)seed);
}

size_t prop_rounds(size_t ordinary)
{
    return is_long() ? ordinary * 20 : ordinary;
}

static uint64_t rotl(uint64_t x, unsigned k)
{
    return x << k | x >> (64 - k);
}

uint64_t prop_u64(struct prop *p)
{
    uint64_t *s = p->s;
    uint64_t out = rotl(s[1] * 5, 7) * 9;
    uint64_t t = s[1] << 17;
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= t;
    s[3] = rotl(s[3], 45);
    return out;
}

uint64_t prop_below(struct prop *p, uint64_t n)
{
    return prop_u64(p) % n;
}

uint64_t prop_between(struct prop *p, uint64_t low, uint64_t high)
{
    uint64_t span = high - low;
    return span == UINT64_MAX ? prop_u64(p) : low + prop_below(p, span + 1);
}

bool prop_one_in(struct prop *p, uint64_t n)
{
    return prop_below(p, n) == 0;
}

uint64_t prop_edgy(struct prop *p)
{
    switch (prop_below(p, 4)) {
    case 0:
        return prop_u64(p);
    case 1:
        return prop_below(p, 300);
    default:
        return (UINT64_C(1) << prop_below(p, 64)) + prop_below(p, 5) - 2;
    }
}

void prop_fill(struct prop *p, void *out, size_t n)
{
    uint8_t *b = out;
    for (size_t i = 0; i < n; i++) {
        b[i] = (uint8_t)(prop_u64(p) >> 32);
    }
}
