/* SPDX-License-Identifier: Apache-2.0 */
#include "base/markup.h"

#include "lib/test.h"

static void expect(void (*put)(struct buf *, struct text), const char *in, const char *wanted)
{
    struct buf out;
    buf_init(&out, 200);
    put(&out, text_str(in));
    assert_true(buf_ok(&out));
    assert_string_equal(buf_str(&out), wanted);
    buf_free(&out);
}

static void test_markup(void **state)
{
    (void)state;
    expect(markup_text, "", "");
    expect(markup_text, "Sèvre & Meuse", "Sèvre &amp; Meuse");
    expect(markup_text, "<b a='1' c=\"2\">", "&lt;b a=&#39;1&#39; c=&quot;2&quot;&gt;");
    expect(markup_text, "]]>\tone\ntwo", "]]&gt;\tone\ntwo");
    expect(markup_attribute, "&amp;\tone\ntwo", "&amp;amp;&#9;one&#10;two");
    expect(markup_csv, "a \"b\",\nc", "\"a \"\"b\"\",\nc\"");
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_markup)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
