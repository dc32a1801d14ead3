/* SPDX-License-Identifier: Apache-2.0 */
#include "base/text.h"

/* Ranges of code points, ascending. */
struct range {
    uint32_t first, last;
};

/* Marks that sit on the letter before them: the combining blocks of living scripts, variation
 * selectors, joiners.  Near enough for columns; no table of all Unicode. */
static const struct range zero_width[] = {
    {0x0300, 0x036f},   {0x0483, 0x0489}, {0x0591, 0x05bd}, {0x05bf, 0x05bf}, {0x05c1, 0x05c2},
    {0x05c4, 0x05c5},   {0x0610, 0x061a}, {0x064b, 0x065f}, {0x0670, 0x0670}, {0x06d6, 0x06dc},
    {0x06df, 0x06e4},   {0x0711, 0x0711}, {0x0730, 0x074a}, {0x0900, 0x0902}, {0x093a, 0x093a},
    {0x093c, 0x093c},   {0x0941, 0x0948}, {0x094d, 0x094d}, {0x0e31, 0x0e31}, {0x0e34, 0x0e3a},
    {0x0e47, 0x0e4e},   {0x1ab0, 0x1aff}, {0x1dc0, 0x1dff}, {0x200b, 0x200f}, {0x2060, 0x2064},
    {0x20d0, 0x20ff},   {0x3099, 0x309a}, {0xfe00, 0xfe0f}, {0xfe20, 0xfe2f}, {0xfeff, 0xfeff},
    {0xe0100, 0xe01ef},
};

/* East Asian wide and fullwidth, and pictographs. */
static const struct range double_width[] = {
    {0x1100, 0x115f},   {0x231a, 0x231b},   {0x2329, 0x232a},   {0x23e9, 0x23ec},
    {0x25fd, 0x25fe},   {0x2614, 0x2615},   {0x2648, 0x2653},   {0x26a1, 0x26a1},
    {0x26bd, 0x26be},   {0x26c4, 0x26c5},   {0x2705, 0x2705},   {0x270a, 0x270b},
    {0x2728, 0x2728},   {0x274c, 0x274c},   {0x2753, 0x2755},   {0x2757, 0x2757},
    {0x2795, 0x2797},   {0x27b0, 0x27b0},   {0x2b1b, 0x2b1c},   {0x2b50, 0x2b50},
    {0x2b55, 0x2b55},   {0x2e80, 0x303e},   {0x3041, 0x33ff},   {0x3400, 0x4dbf},
    {0x4e00, 0x9fff},   {0xa000, 0xa4cf},   {0xa960, 0xa97f},   {0xac00, 0xd7a3},
    {0xf900, 0xfaff},   {0xfe30, 0xfe6f},   {0xff00, 0xff60},   {0xffe0, 0xffe6},
    {0x1f300, 0x1f64f}, {0x1f680, 0x1f6ff}, {0x1f900, 0x1f9ff}, {0x1fa70, 0x1faff},
    {0x20000, 0x3fffd},
};

/* Code points that change how the words around them are read, or break the line. */
static const struct range deceiving[] = {
    {0x2028, 0x2029}, {0x202a, 0x202e}, {0x2066, 0x2069}, {0xfeff, 0xfeff}, {0xe0000, 0xe007f},
};

static bool in_ranges(const struct range *r, size_t n, uint32_t c)
{
    size_t low = 0;
    while (low < n) {
        size_t mid = low + (n - low) / 2;
        if (c < r[mid].first) {
            n = mid;
        } else if (c > r[mid].last) {
            low = mid + 1;
        } else {
            return true;
        }
    }
    return false;
}

/* The code point at v[at] and its length; 0 where the bytes are no UTF-8 (Unicode table 3-7). */
static size_t decode_at(struct bytes v, size_t at, uint32_t *out)
{
    uint8_t lead = v.p[at];
    if (lead < 0x80) {
        *out = lead;
        return 1;
    }
    size_t n = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
    if (lead < 0xc2 || lead > 0xf4 || v.n - at < n) {
        return 0;
    }
    uint32_t c = lead & (0x7fu >> n);
    for (size_t i = 1; i < n; i++) {
        uint8_t next = v.p[at + i];
        if ((next & 0xc0) != 0x80) {
            return 0;
        }
        c = c << 6 | (next & 0x3fu);
    }
    static const uint32_t least[5] = {0, 0, 0x80, 0x800, 0x10000};
    if (c < least[n] || c > 0x10ffff || (c >= 0xd800 && c <= 0xdfff)) {
        return 0;
    }
    *out = c;
    return n;
}

bool utf8_valid(struct bytes v)
{
    for (size_t at = 0; at < v.n;) {
        uint32_t c;
        size_t n = decode_at(v, at, &c);
        if (n == 0) {
            return false;
        }
        at += n;
    }
    return true;
}

static bool is_control(uint32_t c)
{
    return c < 0x20 || (c >= 0x7f && c <= 0x9f);
}

static bool is_override(uint32_t c)
{
    return (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069);
}

bool text_from(struct bytes v, struct text *out, struct err *err)
{
    for (size_t at = 0; at < v.n;) {
        uint32_t c;
        size_t n = decode_at(v, at, &c);
        if (n == 0) {
            return err_set(err, ERR_FORMAT, "a text is not valid UTF-8 (byte %zu)", at) ||
                   err_mend(err, "save the text as UTF-8");
        }
        if (is_control(c) && c != '\n' && c != '\t') {
            return err_set(err, ERR_FORMAT, "a text has the control character U+%04X (byte %zu)",
                           (unsigned)c, at);
        }
        if (is_override(c)) {
            return err_set(err, ERR_FORMAT,
                           "a text has the character U+%04X, which turns the order of reading "
                           "(byte %zu)",
                           (unsigned)c, at);
        }
        at += n;
    }
    *out = (struct text){.p = (const char *)v.p, .n = v.n};
    return true;
}

size_t text_width(struct text t)
{
    size_t width = 0;
    struct bytes v = text_bytes(t);
    for (size_t at = 0; at < v.n;) {
        uint32_t c;
        size_t n = decode_at(v, at, &c);
        if (n == 0) {
            at++;
            width++;
            continue;
        }
        at += n;
        if (is_control(c) || in_ranges(zero_width, COUNT_OF(zero_width), c)) {
            continue;
        }
        width += in_ranges(double_width, COUNT_OF(double_width), c) ? 2 : 1;
    }
    return width;
}

bool text_is_id(struct text t)
{
    if (t.n == 0 || t.n > 32 || t.p[0] < 'a' || t.p[0] > 'z') {
        return false;
    }
    for (size_t i = 1; i < t.n; i++) {
        char c = t.p[i];
        if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-')) {
            return false;
        }
    }
    return true;
}

#define REPLACEMENT "\xef\xbf\xbd"
#define ELLIPSIS "\xe2\x80\xa6"

/* What the code point (or bad byte, n = 0) at `at` is shown as. */
static struct bytes shown_as(struct bytes v, size_t at, size_t n, uint32_t c)
{
    if (n == 0) {
        return bytes_str(REPLACEMENT);
    }
    if (c == '\n' || c == '\t') {
        return bytes_str(" ");
    }
    if (c == '"') {
        return bytes_str("'"); /* so that only ours open and close the quote */
    }
    bool noncharacter = (c & 0xfffe) == 0xfffe || (c >= 0xfdd0 && c <= 0xfdef);
    if (is_control(c) || noncharacter || in_ranges(deceiving, COUNT_OF(deceiving), c)) {
        return bytes_str(REPLACEMENT);
    }
    return bytes_slice(v, at, n);
}

/* Writes the quote at out (or only measures, NULL); the bytes it takes, without a NUL. */
static size_t quote_into(char *out, struct bytes v, size_t max)
{
    size_t n = 0, points = 0;
    for (size_t at = 0; at < v.n; points++) {
        uint32_t c = 0;
        size_t step = decode_at(v, at, &c);
        struct bytes piece = points == max ? bytes_str(ELLIPSIS) : shown_as(v, at, step, c);
        if (out != NULL) {
            memcpy(out + 1 + n, piece.p, piece.n);
        }
        n += piece.n;
        at = points == max ? v.n : at + (step == 0 ? 1 : step);
    }
    if (out != NULL) {
        out[0] = '"';
        out[1 + n] = '"';
    }
    return n + 2;
}

const char *text_quote(struct arena *mem, struct bytes v, size_t max)
{
    char *out = arena_take(mem, 1, 1, quote_into(NULL, v, max) + 1);
    if (out == NULL) {
        return "?";
    }
    (void)quote_into(out, v, max);
    return out;
}
