/* SPDX-License-Identifier: Apache-2.0 */
#include "formats/scenario_write_priv.h"

#include <stdarg.h>
#include <stdio.h>

__extension__ typedef unsigned __int128 uwide;

#define OUT_MAX SCENARIO_FILE_MAX

bool(writing_cannot)(const struct writing *w, const char *fmt, ...)
{
    char what[256];
    va_list args;
    va_start(args, fmt);
    vsnprintf(what, sizeof(what), fmt, args);
    va_end(args);
    return err_set(w->err, ERR_RULE, "%s cannot say that %s", scenario_format_words(w->format),
                   what) ||
           err_mend(w->err, "write entente's own YAML: --to yaml");
}

struct buf *writing_file(struct writing *w, struct text stem, const char *end)
{
    struct buf name;
    if (*w->count == SCENARIO_FILES_MAX) {
        (void)err_set(w->err, ERR_LIMIT, "there are more than %u files to write",
                      SCENARIO_FILES_MAX);
        return NULL;
    }
    buf_init(&name, 1024);
    for (size_t i = 0; i < stem.n; i++) {
        char c = stem.p[i];
        bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                     c == '_' || c == '-' || (c == '.' && i > 0) || (uint8_t)c >= 0x80;
        buf_add_u8(&name, plain ? (uint8_t)c : '-');
    }
    if (stem.n == 0) {
        buf_add_str(&name, "scenario");
    }
    /* Parties whose names differ in those letters alone. */
    bool again = true;
    while (again && buf_ok(&name)) {
        again = false;
        for (size_t i = 0; i < *w->count; i++) {
            struct text other = w->out[i].name;
            again = again ||
                    (other.n == name.n + strlen(end) && memcmp(other.p, name.p, name.n) == 0);
        }
        if (again) {
            buf_add_u8(&name, '_');
        }
    }
    buf_add_str(&name, end);
    struct bytes copy = arena_copy(w->mem, buf_bytes(&name));
    bool ok = buf_ok(&name) && !w->mem->failed;
    buf_free(&name);
    if (!ok) {
        (void)err_memory(w->err, "a scenario");
        return NULL;
    }
    struct scenario_out *out = &w->out[(*w->count)++];
    out->name = (struct text){.p = (const char *)copy.p, .n = copy.n};
    buf_init(&out->bytes, OUT_MAX);
    return &out->bytes;
}

struct buf *writing_domain(struct writing *w, const char *end)
{
    struct text name = w->s->name;
    for (uint32_t i = 0; i < w->s->party_count; i++) {
        if (text_eq(w->s->parties[i].name, name)) {
            const char *other = arena_printf(w->mem, "%.*s-domain", TEXT_ARG(name));
            if (other == NULL) {
                (void)err_memory(w->err, "a scenario");
                return NULL;
            }
            return writing_file(w, text_str(other), end);
        }
    }
    return writing_file(w, name, end);
}

/* The fewest places that units of 1 / one need; 19 where it is no decimal of 18. */
static unsigned places_of(int64_t one, uint64_t *power)
{
    uint64_t p = 1;
    for (unsigned k = 0; k <= 18; k++, p *= 10) {
        if (p % (uint64_t)one == 0) {
            *power = p;
            return k;
        }
    }
    return 19;
}

static uint64_t larger(uint64_t most, int64_t v)
{
    uint64_t m = v < 0 ? 0 - (uint64_t)v : (uint64_t)v;
    return m > most ? m : most;
}

static uint64_t largest(const struct utility *u, const struct domain *d)
{
    uint64_t most = u->has_reservation ? larger(0, u->reservation) : 0;
    most = u->cap != INT64_MAX ? larger(most, u->cap) : most;
    for (uint32_t i = 0; i < u->table_count; i++) {
        most = larger(most, u->table[i]);
    }
    for (uint32_t i = 0; i < u->term_count; i++) {
        most = larger(most, u->terms[i].units);
    }
    for (uint32_t i = 0; u->table == NULL && i < d->issue_count; i++) {
        int64_t low, high;
        utility_part_range(&u->parts[i], &d->issues[i], &low, &high);
        most = larger(larger(most, low), high);
    }
    return most;
}

static bool is_decimal(const struct utility *u, const struct domain *d)
{
    uint64_t power;
    return places_of(u->one, &power) <= 18 &&
           largest(u, d) <= (uint64_t)DECIMAL_UNITS_MAX / (power / (uint64_t)u->one);
}

/* whole.fraction of so many places, without the zeros at its end. */
static void put_parts(struct buf *out, bool negative, uint64_t whole, uint64_t fraction,
                      unsigned places)
{
    char digits[24];
    int n = snprintf(digits, sizeof(digits), "%0*llu", (int)places, (unsigned long long)fraction);
    while (n > 0 && digits[n - 1] == '0') {
        n--;
    }
    buf_printf(out, "%s%llu", negative ? "-" : "", (unsigned long long)whole);
    if (places > 0 && n > 0) {
        buf_printf(out, ".%.*s", n, digits);
    }
}

void put_utility(struct buf *out, const struct utility *u, int64_t units)
{
    uint64_t power, one = (uint64_t)u->one;
    uint64_t m = units < 0 ? 0 - (uint64_t)units : (uint64_t)units;
    unsigned places = places_of(u->one, &power);
    if (places <= 18) {
        put_parts(out, units < 0, m / one, m % one * (power / one), places);
        return;
    }
    /* 15 places, to the nearest: the rest is below one. */
    uwide rest = (uwide)(m % one) * UINT64_C(1000000000000000);
    uint64_t fraction = (uint64_t)((rest + one / 2) / one), whole = m / one;
    if (fraction == UINT64_C(1000000000000000)) {
        fraction = 0;
        whole++;
    }
    put_parts(out, units < 0 && (whole | fraction) != 0, whole, fraction, 15);
}

void put_share(struct buf *out, struct decimal a, struct decimal b)
{
    char text[DECIMAL_TEXT_MAX];
    bool exact;
    int64_t v = 0;
    unsigned places = 17;
    while ((!decimal_over(a, b, places, &v, &exact) || v > DECIMAL_UNITS_MAX ||
            v < -DECIMAL_UNITS_MAX) &&
           places > 0) {
        v = 0;
        places--;
    }
    decimal_format(decimal_of(v, -(int)places), text);
    buf_add_str(out, text);
}

/* Characters that YAML does not take as they are, though UTF-8 has them: C1 controls, line and
 * paragraph separators, the byte order mark, U+FFFE and U+FFFF.  How many bytes; 0: none begins
 * here. */
static size_t odd_character(struct text t, size_t i, unsigned *out)
{
    static const struct {
        char bytes[4];
        unsigned point;
    } odd[] = {{"\xe2\x80\xa8", 0x2028},
               {"\xe2\x80\xa9", 0x2029},
               {"\xef\xbb\xbf", 0xfeff},
               {"\xef\xbf\xbe", 0xfffe},
               {"\xef\xbf\xbf", 0xffff}};
    uint8_t next = i + 1 < t.n ? (uint8_t)t.p[i + 1] : 0;
    if ((uint8_t)t.p[i] == 0xc2 && next >= 0x80 && next < 0xa0) {
        *out = next;
        return 2;
    }
    for (size_t k = 0; k < COUNT_OF(odd); k++) {
        if (t.n - i >= 3 && memcmp(t.p + i, odd[k].bytes, 3) == 0) {
            *out = odd[k].point;
            return 3;
        }
    }
    return 0;
}

void put_words_json(struct buf *out, struct text t)
{
    buf_add_u8(out, '"');
    for (size_t i = 0; i < t.n; i++) {
        char c = t.p[i];
        unsigned point = 0;
        size_t odd = odd_character(t, i, &point);
        if (odd > 0) {
            buf_printf(out, "\\u%04x", point);
            i += odd - 1;
        } else if (c == '"' || c == '\\') {
            buf_add_u8(out, '\\');
            buf_add_u8(out, (uint8_t)c);
        } else if (c == '\t' || c == '\n') {
            /* in two letters: a key of YAML is no longer than 1024 of them */
            buf_add_str(out, c == '\t' ? "\\t" : "\\n");
        } else if ((uint8_t)c < 0x20 || c == 0x7f) {
            buf_printf(out, "\\u%04x", (unsigned)c);
        } else {
            buf_add_u8(out, (uint8_t)c);
        }
    }
    buf_add_u8(out, '"');
}

/* Words that every reader of YAML takes for words. */
static bool is_plain_yaml(struct text t)
{
    static const char *const meant[] = {"yes",  "no", "true", "false", "on", "off",
                                        "null", "y",  "n",    "nan",   "inf"};
    if (t.n == 0 || t.n > 60) {
        return false;
    }
    for (size_t i = 0; i < t.n; i++) {
        char c = t.p[i];
        bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (uint8_t)c >= 0xc3;
        bool inner = letter || (c >= '0' && c <= '9') || c == '-' || c == '_' ||
                     (uint8_t)c >= 0x80 || (c == ' ' && i > 0 && i + 1 < t.n && t.p[i - 1] != ' ');
        unsigned point;
        if (!(i == 0 ? letter && (uint8_t)c < 0x80 : inner) || odd_character(t, i, &point) > 0) {
            return false;
        }
    }
    for (size_t i = 0; i < COUNT_OF(meant); i++) {
        bool same = strlen(meant[i]) == t.n;
        for (size_t k = 0; same && k < t.n; k++) {
            same = (t.p[k] | 0x20) == meant[i][k];
        }
        if (same) {
            return false;
        }
    }
    return true;
}

void put_words_yaml(struct buf *out, struct text t)
{
    if (is_plain_yaml(t)) {
        buf_add(out, text_bytes(t));
    } else {
        put_words_json(out, t); /* YAML's double quotes know JSON's escapes */
    }
}

void put_words_csv(struct buf *out, struct text t)
{
    bool quote = t.n > 0 && (t.p[0] == ' ' || t.p[t.n - 1] == ' ');
    for (size_t i = 0; i < t.n; i++) {
        char c = t.p[i];
        quote = quote || c == ',' || c == '"' || c == '\n' || c == '\t' || c == ';';
    }
    if (!quote) {
        buf_add(out, text_bytes(t));
        return;
    }
    buf_add_u8(out, '"');
    for (size_t i = 0; i < t.n; i++) {
        if (t.p[i] == '"') {
            buf_add_u8(out, '"');
        }
        buf_add_u8(out, (uint8_t)t.p[i]);
    }
    buf_add_u8(out, '"');
}

struct text writing_value(const struct writing *w, const struct domain_issue *issue, int64_t value)
{
    return domain_value_words(issue, value, w->mem);
}

bool writing_plain(const struct writing *w)
{
    if (w->s->domain.forbidden_count > 0) {
        return writing_cannot(w, "combinations are forbidden");
    }
    for (uint32_t i = 0; i < w->s->party_count; i++) {
        const struct scenario_party *p = &w->s->parties[i];
        if (p->utility.red_line_count > 0) {
            return writing_cannot(w, "%.*s has red lines", TEXT_ARG(p->name));
        }
        if (!utility_is_additive(&p->utility)) {
            return writing_cannot(w, "issues of %.*s hang together", TEXT_ARG(p->name));
        }
    }
    return true;
}

bool scenario_write(const struct scenario *s, enum scenario_format format, struct arena *mem,
                    struct scenario_out *out, size_t *out_count, struct err *err)
{
    static bool (*const writers[SCENARIO_FORMATS])(struct writing * w) = {
        [SCENARIO_YAML] = scenario_yaml_write,      [SCENARIO_GENIUS] = genius_write,
        [SCENARIO_GENIUSWEB] = geniusweb_write,     [SCENARIO_NEGMAS_YAML] = negmas_yaml_write,
        [SCENARIO_NEGMAS_JSON] = negmas_json_write, [SCENARIO_NEGOLOG] = negolog_write,
        [SCENARIO_CSV] = score_csv_write,
    };
    size_t count = 0;
    struct writing w = {
        .s = s, .format = format, .mem = mem, .out = out, .count = &count, .err = err};
    for (uint32_t i = 0; i < s->party_count; i++) {
        w.decimal[i] = is_decimal(&s->parties[i].utility, &s->domain);
    }
    if (!writers[format](&w)) {
        return false;
    }
    if (mem->failed) {
        return err_memory(err, "a scenario");
    }
    for (size_t i = 0; i < count; i++) {
        if (!buf_done(&out[i].bytes, "a scenario's file", err)) {
            return false;
        }
    }
    *out_count = count;
    return true;
}
