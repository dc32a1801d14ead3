/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/disk.h"

#include <errno.h>
#include <sqlite3.h>

#include "lib/vfs_shim.h"
#include "os/file_test.h"
#include "sim/behave.h"
#include "sim/invariant.h"

#define STEPS_AHEAD 60u /* the fault comes within so many steps on the disk */

void disk_begin(void)
{
    vfs_shim_install();
}

static bool start_again(struct world *w, uint32_t seat)
{
    world_stop(w, seat);
    w->seats[seat].port.stopped = false;
    w->seats[seat].port.stop_in = 0;
    host_close(w->host);
    w->host = NULL;
    return (host_open(w->host_dir, &w->table, &w->host, &w->err) && world_start(w, seat)) ||
           story_fail(&w->story, "starts_again", "after the disk of %s failed: %s (%s)",
                      w->seats[seat].cast->name, w->err.what, w->err.where);
}

bool disk_step(struct world *w, uint32_t seat)
{
    static const int codes[] = {SQLITE_FULL, SQLITE_IOERR_WRITE, SQLITE_IOERR_FSYNC};
    static const int errnos[] = {ENOSPC, EIO};
    bool stays = prop_one_in(&w->rnd, 2);
    struct vfs_faults base = {.steps = VFS_ANY,
                              .fault_in = 1 + prop_below(&w->rnd, STEPS_AHEAD),
                              .how = VFS_FAIL,
                              .code = codes[prop_below(&w->rnd, COUNT_OF(codes))],
                              .stays = stays};
    struct file_faults files = {
        .steps = FILE_STEP_ANY,
        .fault_in = prop_one_in(&w->rnd, 2) ? 1 + prop_below(&w->rnd, STEPS_AHEAD / 8) : 0,
        .with_errno = errnos[prop_below(&w->rnd, COUNT_OF(errnos))],
        .stays = stays};
    vfs_faults_set(&base);
    file_faults_set(&files);
    enum outcome o = prop_one_in(&w->rnd, 2) ? behave_sync(w, seat) : behave(w, seat);
    vfs_faults_set(NULL);
    file_faults_set(NULL);
    bool hit = base.seen >= base.fault_in || (files.fault_in > 0 && files.seen >= files.fault_in);
    story_add(&w->story, hit ? " [a disk fails%s]" : "%s", hit && stays ? " for good" : "");
    if (o == OUTCOME_FAILED && w->err.code == ERR_VERIFY && w->seats[seat].r.seat != SEAT_NONE &&
        !invariant_is_removed(w, seat)) {
        return story_fail(&w->story, "disk_is_no_liar", "%s: %s (%s)", w->seats[seat].cast->name,
                          w->err.what, w->err.where);
    }
    return !hit || start_again(w, seat);
}
