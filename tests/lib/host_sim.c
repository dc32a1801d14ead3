/* SPDX-License-Identifier: Apache-2.0 */
#include "lib/host_sim.h"

#include "lib/test.h"
#include "os/file.h"
#include "os/folder.h"
#include "record/token.h"

static void must(bool ok, struct host_sim *hs)
{
    if (!ok) {
        fail_msg("%s (%s)", hs->err.what, hs->err.where);
    }
}

void host_sim_open(struct host_sim *hs)
{
    static const uint8_t seed[32] = {'h', 'o', 's', 't'};
    char path[SCRATCH_PATH_MAX];
    *hs = (struct host_sim){.folder = scratch_new()};
    sim_open(&hs->sim, 11, 3, 2);
    signer_free(hs->sim.host);
    hs->sim.host = NULL;
    must(signer_new(KEY_HOST, seed, &hs->sim.host, &hs->err), hs);
    hs->sim.found.host = signer_pk(hs->sim.host);
    scratch_path(&hs->folder, "host", hs->dir);
    scratch_path(&hs->folder, "host/host.key", path);
    must(folder_make(hs->dir, &hs->err), hs);
    must(file_create(path, FILE_SECRET, bytes_of(seed, sizeof(seed)), &hs->err), hs);
    sim_start(&hs->sim);
}

void host_sim_close(struct host_sim *hs)
{
    host_close(hs->host);
    sim_close(&hs->sim);
    scratch_free(&hs->folder);
}

void host_sim_found(struct host_sim *hs)
{
    struct table_id table;
    const struct door_item *item = &hs->sim.items[0];
    must(host_found(hs->dir, HOST_OWN, item->envelope, item->blob, &table, &hs->err), hs);
    assert_true(ID_EQ(table, hs->sim.table));
    host_sim_reopen(hs);
}

void host_sim_reopen(struct host_sim *hs)
{
    host_close(hs->host);
    hs->host = NULL;
    must(host_open(hs->dir, &hs->sim.table, &hs->host, &hs->err), hs);
}

void host_sim_post(struct host_sim *hs)
{
    static uint64_t index[DOOR_BATCH_MAX];
    uint64_t size = 0;
    size_t noted = 0;
    struct buf note;
    must(host_size(hs->host, &size, &hs->err), hs);
    buf_init(&note, NOTE_BYTES_MAX);
    size_t count = hs->sim.count - size;
    must(host_post_all(hs->host, hs->sim.items + size, count, NULL, index, &noted, &note, &hs->err),
         hs);
    buf_free(&note);
    assert_int_equal(noted, count);
    for (size_t i = 0; i < count; i++) {
        assert_int_equal(index[i], size + i);
    }
}

struct host_pass host_sim_pass(struct host_sim *hs, uint32_t side, uint32_t seat)
{
    struct buf b;
    struct pubkey pk = signer_pk(hs->sim.host);
    buf_init(&b, sizeof(hs->token));
    must(token_sign(&hs->sim.table, &pk, hs->sim.now + 3600, hs->sim.sides[side].seats[seat].sign,
                    &b, &hs->err),
         hs);
    memcpy(hs->token, b.p, b.n);
    struct host_pass pass = {.token = bytes_of(hs->token, b.n), .now = hs->sim.now};
    buf_free(&b);
    return pass;
}
