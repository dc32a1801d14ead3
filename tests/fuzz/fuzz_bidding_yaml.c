/* SPDX-License-Identifier: Apache-2.0
 *
 * Whatever is read as sealed bids keeps what its header promises; whatever is refused is refused with
 * a place.
 */
#include "base/check.h"
#include "formats/bidding_yaml.h"
#include "lib/fuzz_arena.h"

#define MEM_BYTES (4u << 20)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct err err = {0};
    struct bidding_file f;
    struct arena *mem = fuzz_arena(MEM_BYTES);
    if (bidding_from_yaml(bytes_of(data, size), "f.yaml", mem, &f, &err)) {
        CHECK(f.count >= 1 && f.count <= BIDDING_YAML_ROUNDS_MAX && f.within_percent <= 100);
        CHECK(f.within_amount >= -1 && f.within_amount <= BIDDING_YAML_UNITS_MAX);
        CHECK(f.demander.n > 0 && f.offerer.n > 0);
        for (uint32_t i = 0; i < f.count; i++) {
            CHECK(f.demands[i] >= 0 && f.demands[i] <= BIDDING_YAML_UNITS_MAX);
            CHECK(f.offers[i] >= 0 && f.offers[i] <= BIDDING_YAML_UNITS_MAX);
        }
    } else {
        CHECK(err.code == ERR_FORMAT || err.code == ERR_LIMIT || err.code == ERR_MEMORY);
        CHECK(err.code == ERR_MEMORY || strncmp(err.where, "f.yaml", 6) == 0);
        CHECK(utf8_valid(bytes_str(err.what)) && utf8_valid(bytes_str(err.mend)));
    }
    return 0;
}
