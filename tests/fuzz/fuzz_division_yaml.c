/* SPDX-License-Identifier: Apache-2.0
 *
 * Whatever is read as goods to be divided keeps what its header promises;
 * whatever is refused is refused with a place.
 */
#include "base/check.h"
#include "formats/division_yaml.h"
#include "lib/fuzz_arena.h"

#define MEM_BYTES (6u << 20)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_file(const struct division_file *f)
{
    CHECK(f->party_count >= 2 && f->party_count <= DIVISION_YAML_PARTIES_MAX);
    CHECK(f->good_count >= 1 && f->good_count <= DIVISION_YAML_GOODS_MAX);
    for (uint32_t k = 0; k < f->party_count; k++) {
        int64_t sum = 0;
        CHECK(f->parties[k].n > 0 && f->decimals[k] <= DIVISION_YAML_DECIMALS_MAX);
        for (uint32_t g = 0; g < f->good_count; g++) {
            int64_t v = f->units[(size_t)g * f->party_count + k];
            CHECK(v >= 0 && v <= DIVISION_YAML_UNITS_MAX);
            sum += v;
        }
        CHECK(sum > 0);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct err err = {0};
    struct division_file f;
    struct arena *mem = fuzz_arena(MEM_BYTES);
    if (division_from_yaml(bytes_of(data, size), "f.yaml", mem, &f, &err)) {
        check_file(&f);
    } else {
        CHECK(err.code == ERR_FORMAT || err.code == ERR_LIMIT || err.code == ERR_MEMORY);
        CHECK(err.code == ERR_MEMORY || strncmp(err.where, "f.yaml", 6) == 0);
        CHECK(utf8_valid(bytes_str(err.what)) && utf8_valid(bytes_str(err.mend)));
    }
    return 0;
}
