/* SPDX-License-Identifier: Apache-2.0 */
#include "os/entropy.h"

#include <errno.h>
#include <sys/random.h>

#include "os/system_priv.h"

bool entropy_fill(void *out, size_t n, struct err *err)
{
    uint8_t *to = out;
    for (size_t at = 0; at < n;) {
        ssize_t got = getrandom(to + at, n - at, 0);
        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got <= 0) {
            return system_error(err, errno, "the kernel gives no random bytes");
        }
        at += (size_t)got;
    }
    return true;
}

static bool fill_real(void *ctx, void *out, size_t n, struct err *err)
{
    (void)ctx; /* the kernel's state is its own */
    return entropy_fill(out, n, err);
}

struct chance chance_real(void)
{
    return (struct chance){.fill = fill_real};
}
