/* SPDX-License-Identifier: Apache-2.0 */
#include "table/refusal.h"

#include "lib/test.h"

static void test_words(void **state)
{
    (void)state;
    struct refusal r = {0};
    assert_false(refuse(&r, REFUSED_SELF, "No side verifies %s.", "itself"));
    assert_int_equal(r.code, REFUSED_SELF);
    assert_string_equal(r.what, "No side verifies itself.");
    assert_string_equal(r.mend, "");
    assert_false(refuse_mend(&r, "Ask %s.", "another"));
    assert_string_equal(r.mend, "Ask another.");
    /* The next one forgets the mending of the last. */
    assert_false(refuse(&r, REFUSED_DONE, "It is done."));
    assert_int_equal(r.code, REFUSED_DONE);
    assert_string_equal(r.mend, "");
}

static void test_too_long_is_cut(void **state)
{
    (void)state;
    struct refusal r = {0};
    char words[1000];
    memset(words, 'w', sizeof(words) - 1);
    words[sizeof(words) - 1] = '\0';
    assert_false(refuse(&r, REFUSED_FORM, "%s", words) || refuse_mend(&r, "%s", words));
    assert_int_equal(strlen(r.what), sizeof(r.what) - 1);
    assert_int_equal(strlen(r.mend), sizeof(r.mend) - 1);
}

/* The numbers enter the state digest. */
static void test_numbers(void **state)
{
    (void)state;
    static const struct {
        enum refusal_code code;
        int number;
        const char *rule;
    } rows[] = {
        {REFUSED_NOT, 0, ""},          {REFUSED_FORM, 1, "3.1"},
        {REFUSED_ROOM, 2, "3.2"},      {REFUSED_MEMBER, 3, "3.2"},
        {REFUSED_EPOCH, 4, "3.3"},     {REFUSED_PROVISIONAL, 5, "3.4"},
        {REFUSED_CHARTER, 6, "4.1"},   {REFUSED_OBJECT, 7, "4.2"},
        {REFUSED_AUTHORITY, 8, "4.3"}, {REFUSED_PAPERS_ONLY, 9, "5.1"},
        {REFUSED_PHASE, 10, "5.2"},    {REFUSED_DEADLINE, 11, "5.3"},
        {REFUSED_UNKNOWN, 12, "6.1"},  {REFUSED_WITHDRAWN, 13, "6.2"},
        {REFUSED_DONE, 14, "6.3"},     {REFUSED_NOT_AGREED, 15, "6.4"},
        {REFUSED_OWNER, 16, "6.5"},    {REFUSED_LABEL, 17, "6.5"},
        {REFUSED_SELF, 18, "7.2"},     {REFUSED_VERIFIER, 19, "7.2"},
        {REFUSED_EVIDENCE, 20, "7.3"}, {REFUSED_NOT_DUE, 21, "7.4"},
        {REFUSED_GATE, 22, "8.1"},     {REFUSED_LIMIT, 23, "3.5"},
        {REFUSED_LIMITS, 24, "4.4"},   {REFUSED_PUBLICATION, 25, "9.1"},
        {REFUSED_PEN, 30, "13.1"},     {REFUSED_VERSION, 31, "13.2"},
        {REFUSED_REASON, 32, "13.4"},  {REFUSED_BRACKETS, 33, "13.5"},
        {REFUSED_SILENCE, 34, "13.7"}, {REFUSED_FOLLOWS, 45, "18.3"},
        {REFUSED_MINUTE, 47, "18.4"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        assert_int_equal(rows[i].code, rows[i].number);
        assert_string_equal(refusal_rule(rows[i].code), rows[i].rule);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_words),
                                       cmocka_unit_test(test_too_long_is_cut),
                                       cmocka_unit_test(test_numbers)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
