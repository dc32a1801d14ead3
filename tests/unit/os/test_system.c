/* SPDX-License-Identifier: Apache-2.0 */
#include "lib/test.h"

#include <errno.h>

#include "os/system_priv.h"

static void test_words(void **state)
{
    (void)state;
    struct err err;
    assert_false(system_error(&err, ENOSPC, "%s cannot be written", "x"));
    assert_int_equal(err.code, ERR_IO);
    assert_string_equal(err.what, "x cannot be written: the disk is full");
    assert_string_equal(err.mend, "free some space on that disk, then do it again");
    assert_false(system_error(&err, EDOM, "odd"));
    assert_non_null(strstr(err.what, "odd: Numerical argument"));
    assert_int_equal(err.mend[0], 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_words),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
