/* SPDX-License-Identifier: Apache-2.0 */
#include "web/guard.h"

#include <stdio.h>

#define SECRET_BYTES (GUARD_SECRET_LETTERS / 2)

static bool new_secret(char out[static GUARD_SECRET_LETTERS + 1], const struct chance *chance,
                       struct err *err)
{
    uint8_t raw[SECRET_BYTES];
    if (!chance_fill(chance, raw, sizeof(raw), err)) {
        return false;
    }
    for (size_t i = 0; i < SECRET_BYTES; i++) { /* letters a to p: no table, no timing */
        out[2 * i] = (char)('a' + (raw[i] >> 4));
        out[2 * i + 1] = (char)('a' + (raw[i] & 15));
    }
    bytes_wipe(raw, sizeof(raw));
    return true;
}

bool guard_init(struct guard *g, uint16_t port, const struct chance *chance, struct err *err)
{
    *g = (struct guard){.port = port};
    return new_secret(g->link, chance, err) && new_secret(g->cookie, chance, err);
}

void guard_wipe(struct guard *g)
{
    bytes_wipe(g, sizeof(*g));
}

/* n characters of v, which may be shorter, against a secret. */
static bool same_secret(const char *secret, const char *v, size_t n)
{
    uint8_t other = (uint8_t)(n != GUARD_SECRET_LETTERS);
    for (size_t i = 0; i < GUARD_SECRET_LETTERS; i++) {
        uint8_t c = i < n ? (uint8_t)v[i] : 0;
        other = (uint8_t)(other | (c ^ (uint8_t)secret[i]));
    }
    return other == 0;
}

bool guard_host(const struct guard *g, const char *host)
{
    char by_number[32], by_name[32];
    (void)snprintf(by_number, sizeof(by_number), "127.0.0.1:%u", (unsigned)g->port); /* fits */
    (void)snprintf(by_name, sizeof(by_name), "localhost:%u", (unsigned)g->port);     /* fits */
    return host != NULL && (strcmp(host, by_number) == 0 || strcmp(host, by_name) == 0);
}

bool guard_origin(const struct guard *g, const char *origin, bool changes)
{
    static const char scheme[] = "http://";
    if (origin == NULL) {
        return !changes;
    }
    return strncmp(origin, scheme, sizeof(scheme) - 1) == 0 &&
           guard_host(g, origin + sizeof(scheme) - 1);
}

void guard_cookie_name(const struct guard *g, char out[static GUARD_NAME_MAX])
{
    (void)snprintf(out, GUARD_NAME_MAX, "entente-%u", (unsigned)g->port); /* fits */
}

bool guard_cookie(const struct guard *g, const char *cookies)
{
    char name[GUARD_NAME_MAX];
    guard_cookie_name(g, name);
    size_t n = strlen(name);
    for (const char *at = cookies; at != NULL && *at != 0;) {
        at += strspn(at, "; ");
        size_t length = strcspn(at, ";");
        if (length > n && strncmp(at, name, n) == 0 && at[n] == '=') {
            return same_secret(g->cookie, at + n + 1, length - n - 1);
        }
        at += length;
    }
    return false;
}

bool guard_enter(struct guard *g, const char *secret)
{
    if (g->spent || secret == NULL || !same_secret(g->link, secret, strlen(secret))) {
        return false;
    }
    g->spent = true;
    return true;
}
