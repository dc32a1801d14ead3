/* SPDX-License-Identifier: Apache-2.0
 *
 * Numbers and words of FORMAT 10, a second time: they never change.
 */
#include "table/kind.h"

#include "lib/test.h"
#include "record/object.h"

static const struct {
    uint32_t number;
    const char *word;
} kinds[] = {
    {1, "charter"},     {2, "sign-charter"},
    {3, "epoch"},       {4, "grant"},
    {5, "cannot-open"}, {6, "void"},
    {7, "introduce"},   {8, "instruct"},
    {10, "mandate"},    {11, "revoke-mandate"},
    {12, "meet"},       {13, "confirm"},
    {14, "say"},        {15, "document"},
    {16, "statement"},  {17, "position"},
    {20, "propose"},    {21, "withdraw"},
    {22, "answer"},     {23, "close"},
    {24, "ratify"},     {30, "promise"},
    {31, "report"},     {32, "verify"},
    {34, "lapse"},      {35, "incident"},
    {36, "assess"},     {40, "gate"},
    {41, "park"},       {50, "consent"},
    {51, "published"},  {60, "debrief"},
    {61, "memo"},       {62, "decide"},
    {33, "dispute"},    {63, "ask"},
    {64, "opinion"},    {65, "undertake"},
    {66, "settled"},    {67, "lever"},
    {68, "notice"},     {42, "suspend"},
    {43, "resume"},     {44, "leave"},
    {45, "return"},     {46, "conclude"},
    {48, "date"},       {70, "draft"},
    {71, "bracket"},    {72, "support"},
    {73, "object"},     {74, "adopt"},
    {75, "clean"},      {76, "silence"},
    {18, "interests"},
};

static void test_numbers(void **state)
{
    (void)state;
    uint32_t known = 0;
    for (uint32_t n = 0; n < 1000; n++) {
        known += kind_known(n) ? 1 : 0;
    }
    assert_int_equal(known, COUNT_OF(kinds));
    assert_false(kind_known(UINT32_MAX));
    for (size_t i = 0; i < COUNT_OF(kinds); i++) {
        enum act_kind kind;
        assert_true(kind_known(kinds[i].number));
        assert_true(kind_of_word(bytes_str(kinds[i].word), &kind));
        assert_int_equal(kind, kinds[i].number);
        assert_string_equal(kind_word(kind), kinds[i].word);
        assert_true(kind_rooms(kind) != 0 && (kind_rooms(kind) & ~ROOMS_ALL) == 0);
        assert_true((kind_power(kind) & ~POWERS_ALL) == 0);
    }
    enum act_kind kind;
    assert_false(kind_of_word(bytes_str(""), &kind));
    assert_false(kind_of_word(bytes_str("says"), &kind));
    assert_false(kind_of_word(bytes_str("Say"), &kind));
}

static void test_rooms_and_powers(void **state)
{
    (void)state;
    assert_int_equal(kind_rooms(KIND_PROPOSE), ROOM_PLENARY);
    assert_int_equal(kind_rooms(KIND_REPORT), ROOM_PLENARY | ROOM_MONITORS);
    assert_int_equal(kind_rooms(KIND_INSTRUCT), ROOM_HOME);
    assert_int_equal(kind_rooms(KIND_POSITION), ROOM_HOME | ROOM_SHUTTLE);
    assert_int_equal(kind_rooms(KIND_SAY), ROOMS_ALL);
    assert_int_equal(kind_power(KIND_SAY), POWER_SPEAK);
    assert_int_equal(kind_power(KIND_PROPOSE), POWER_PROPOSE);
    assert_int_equal(kind_power(KIND_CONSENT), POWER_DISCLOSE);
    assert_int_equal(kind_power(KIND_RATIFY), 0); /* the paper is the principal's */
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_numbers),
                                       cmocka_unit_test(test_rooms_and_powers)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
