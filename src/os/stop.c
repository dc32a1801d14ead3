/* SPDX-License-Identifier: Apache-2.0 */
#include "os/stop.h"

#include <errno.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>

#include "os/system_priv.h"

/* The stop flag that STYLE allows. */
static volatile sig_atomic_t asked;

static void on_signal(int number)
{
    (void)number; /* both mean the same */
    asked = 1;
}

bool stop_on_signals(struct err *err)
{
    struct sigaction action = {.sa_handler = on_signal};
    (void)sigemptyset(&action.sa_mask);  /* cannot fail */
    action.sa_flags = (int)SA_RESETHAND; /* the second signal has its usual effect; waits end */
    if (sigaction(SIGINT, &action, NULL) != 0 || sigaction(SIGTERM, &action, NULL) != 0) {
        return system_error(err, errno, "signals cannot be handled");
    }
    return true;
}

bool stop_asked(void)
{
    return asked != 0;
}

bool stop_check(struct err *err)
{
    return !stop_asked() || err_set(err, ERR_STATE, "stopped");
}

bool stop_core_dumps(struct err *err)
{
    struct rlimit none = {.rlim_cur = 0, .rlim_max = 0};
    if (setrlimit(RLIMIT_CORE, &none) != 0) {
        return system_error(err, errno, "core dumps cannot be turned off");
    }
#ifndef __SANITIZE_ADDRESS__ /* the leak checker of test builds must look into its own process */
    if (prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0) {
        return system_error(err, errno, "this process cannot be hidden from others");
    }
#endif
    return true;
}
