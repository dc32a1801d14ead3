/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/secret.h"

#include <sodium.h>
#include <stdlib.h>

#include "base/check.h"

struct secret {
    uint8_t *p; /* of sodium_malloc; no access while closed */
    size_t n;
    bool open;
};

bool secret_new(struct bytes v, struct secret **out, struct err *err)
{
    struct secret *s = malloc(sizeof(*s));
    if (s == NULL) {
        return err_memory(err, "a secret");
    }
    /* One byte at least: the pages around it are wanted for an empty secret too. */
    *s = (struct secret){.p = sodium_malloc(v.n > 0 ? v.n : 1), .n = v.n};
    if (s->p == NULL) {
        free(s);
        return err_memory(err, "a secret");
    }
    if (v.n > 0) {
        memcpy(s->p, v.p, v.n);
    }
    CHECK(sodium_mprotect_noaccess(s->p) == 0);
    *out = s;
    return true;
}

void secret_free(struct secret *s)
{
    if (s != NULL) {
        sodium_free(s->p); /* zeroes it; it may be closed */
        free(s);
    }
}

struct bytes secret_open(struct secret *s)
{
    CHECK(!s->open);
    CHECK(sodium_mprotect_readonly(s->p) == 0);
    s->open = true;
    return bytes_of(s->p, s->n);
}

void secret_close(struct secret *s)
{
    CHECK(s->open);
    CHECK(sodium_mprotect_noaccess(s->p) == 0);
    s->open = false;
}

bool secret_can_lock(void)
{
    /* sodium_malloc goes on without the lock where it cannot have it, and does not tell. */
    uint8_t probe[64];
    if (sodium_mlock(probe, sizeof(probe)) != 0) {
        return false;
    }
    (void)sodium_munlock(probe, sizeof(probe)); /* it holds nothing */
    return true;
}
