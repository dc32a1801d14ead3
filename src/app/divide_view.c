/* SPDX-License-Identifier: Apache-2.0
 *
 * A division in words, as JSON and as CSV.
 */
#include "app/divide_priv.h"
#include "app/prose.h"
#include "base/markup.h"

#define FRACTION_SHOWN_MAX 9999

struct rule_words {
    const char *key;
    const char *title;
    const char *why;
};

static const struct rule_words words_of[] = {
    [DIVIDED_NASH] = {"nash", "Largest product of shares, goods whole (maximum Nash welfare)",
                      "of all ways to give the goods whole, this one has the largest product of "
                      "the parties' shares, and so gives something to as many as it can."},
    [DIVIDED_LEXIMIN] = {"leximin", "Best for the worst off, goods whole (leximin)",
                         "of all ways to give the goods whole, this one has the largest smallest "
                         "share; then the largest second smallest, and so on."},
    [DIVIDED_WINNER] = {"adjusted_winner", "Adjusted Winner (at most one good is split)", NULL},
};

/* n / d to the nearest of 10^-decimals, the zeros behind cut.  n * d stays below 2^124. */
static void add_ratio(struct buf *b, wide n, wide d, unsigned decimals)
{
    char text[FIXED_TEXT_MAX];
    wide scale = 1;
    for (unsigned i = 0; i < decimals; i++) {
        scale *= 10;
    }
    wide v = n / d * scale + (n % d * scale * 2 + d) / (d * 2);
    fixed_format((int64_t)v, decimals, text);
    buf_add_str(b, text);
}

static void add_percent(struct buf *b, struct part p)
{
    add_ratio(b, (wide)p.n * 100, (wide)p.d, 1);
    buf_add_str(b, "%");
}

/* Exactly, where that is short. */
static void add_fraction(struct buf *b, struct part p)
{
    if (p.d <= FRACTION_SHOWN_MAX) {
        buf_printf(b, "%lld/%lld", (long long)p.n, (long long)p.d);
    } else {
        add_percent(b, p);
    }
}

static void add_text(struct buf *b, struct text t)
{
    buf_add(b, text_bytes(t));
}

static wide power_of_ten(unsigned n)
{
    wide v = 1;
    for (; n > 0; n--) {
        v *= 10;
    }
    return v;
}

/* Points of a party as it gave them. */
static void add_points(struct buf *b, const struct divided *d, uint32_t party, wide units)
{
    add_ratio(b, units, power_of_ten(d->file.decimals[party]), d->file.decimals[party]);
}

static struct text party_name(const struct divided *d, uint32_t k)
{
    return d->file.parties[k];
}

static struct text good_name(const struct divided *d, uint32_t g)
{
    return d->file.goods[g];
}

/* ---- words ---- */

static void say_parts(const struct divided *d, enum divided_by by, unsigned width, struct buf *b)
{
    struct buf words;
    buf_init(&words, 1u << 20);
    for (uint32_t k = 0; k < d->division.parties; k++) {
        bool any = false;
        buf_clear(&words);
        add_text(&words, party_name(d, k));
        buf_add_str(&words, " gets ");
        for (uint32_t g = 0; g < d->division.goods; g++) {
            struct part p = divided_part(d, by, g, k);
            if (p.n == 0) {
                continue;
            }
            buf_add_str(&words, any ? ", " : "");
            if (p.n < p.d) {
                add_percent(&words, p);
                buf_add_str(&words, " of ");
            }
            add_text(&words, good_name(d, g));
            any = true;
        }
        buf_add_str(&words, any ? ": " : "nothing: ");
        add_percent(&words, divided_sees(d, by, k, k));
        buf_add_str(&words, " of its own points");
        prose_flush(b, width, 2, &words);
    }
    buf_free(&words);
}

/* Who would rather have whose part. */
static void say_envy(const struct divided *d, enum divided_by by, unsigned width, struct buf *b)
{
    bool any = false;
    struct buf words;
    buf_init(&words, 1u << 16);
    for (uint32_t i = 0; by != DIVIDED_WINNER && i < d->division.parties; i++) {
        for (uint32_t k = 0; k < d->division.parties; k++) {
            enum division_envy e = division_envies(&d->division, d->whole[by].owner, i, k);
            if (i == k || e == DIVISION_CONTENT) {
                continue;
            }
            add_text(&words, party_name(d, i));
            buf_add_str(&words, " would rather have the part of ");
            add_text(&words, party_name(d, k));
            buf_add_str(&words, " (");
            add_percent(&words, divided_sees(d, by, i, k));
            buf_add_str(&words, " in its eyes)");
            buf_add_str(&words, e == DIVISION_ENVY_BUT_ONE
                                    ? ", but not without the good in it that it likes best."
                                    : ", even without the good in it that it likes best.");
            prose_flush(b, width, 2, &words);
            any = true;
        }
    }
    if (!any) {
        buf_add_str(b, "  Nobody would rather have another's part.\n");
    }
    buf_free(&words);
}

static void say_winner(const struct divided *d, unsigned width, struct buf *b)
{
    const struct adjusted_winner *w = &d->winner;
    struct buf words;
    buf_init(&words, 1u << 20);
    buf_add_str(&words,
                "Why: each good first goes to who gives it the larger share of its points. ");
    for (uint32_t k = 0; k < 2; k++) {
        add_text(&words, party_name(d, k));
        buf_add_str(&words, k == 0 ? " then has " : " ");
        add_points(&words, d, k, (wide)w->first[k]);
        buf_add_str(&words, " of ");
        add_points(&words, d, k, divided_total(d, k));
        buf_add_str(&words, " points (");
        add_percent(&words, (struct part){w->first[k], (int64_t)divided_total(d, k)});
        buf_add_str(&words, k == 0 ? "), " : "). ");
    }
    if (w->move_count == 0) {
        buf_add_str(&words, "Both have the same share at once, so nothing passes.");
    } else {
        buf_add_str(&words, "From ");
        add_text(&words, party_name(d, w->rich));
        buf_add_str(&words, " to ");
        add_text(&words, party_name(d, 1 - w->rich));
        buf_add_str(&words, " pass, until both have the same, those first for which the two differ "
                            "least: ");
        for (uint32_t i = 0; i < w->move_count; i++) {
            buf_add_str(&words, i == 0 ? "" : ", ");
            if (w->moves[i] == w->split) {
                add_fraction(&words, divided_part(d, DIVIDED_WINNER, w->split, 1 - w->rich));
                buf_add_str(&words, " of ");
            }
            add_text(&words, good_name(d, w->moves[i]));
        }
        buf_add_str(&words, ".");
    }
    prose_flush(b, width, 2, &words);
    if (w->split == DIVISION_NONE) {
        buf_add_str(b, "  Nothing is split.\n");
    } else {
        buf_add_str(&words, "Split: ");
        add_text(&words, good_name(d, w->split));
        for (uint32_t i = 0; i < 2; i++) {
            uint32_t k = i == 0 ? w->owner[w->split] : 1 - w->owner[w->split];
            buf_add_str(&words, ", ");
            add_fraction(&words, divided_part(d, DIVIDED_WINNER, w->split, k));
            buf_add_str(&words, " to ");
            add_text(&words, party_name(d, k));
        }
        buf_add_str(&words, ": by sharing its use, selling it, or paying for the other's part.");
        prose_flush(b, width, 2, &words);
    }
    buf_free(&words);
}

static void say_trust(const struct divided *d, enum divided_by by, struct buf *b)
{
    if (by == DIVIDED_WINNER) {
        buf_add_str(b, "  Exact, in fractions.\n");
        return;
    }
    const struct allocation *a = &d->whole[by];
    if (a->exact) {
        buf_add_str(b, "  Exact: no other way does better by this rule.\n");
    } else {
        buf_printf(b,
                   "  Not exact: the best found before the time was up; its %s is %.6g, and it is "
                   "proven that none is above %.6g.\n",
                   by == DIVIDED_NASH ? "product" : "smallest share", a->value, a->at_most);
    }
}

void divided_words(const struct divided *d, unsigned width, struct buf *out)
{
    static const enum divided_by order[] = {DIVIDED_WINNER, DIVIDED_NASH, DIVIDED_LEXIMIN};
    add_text(out, d->file.name.n == 0 ? text_str("Division") : d->file.name);
    buf_printf(out, ": %u parties, %u %s.\n", d->division.parties, d->division.goods,
               d->division.goods == 1 ? "good" : "goods");
    for (size_t i = 0; i < COUNT_OF(order); i++) {
        enum divided_by by = order[i];
        if (by == DIVIDED_WINNER && !d->has_winner) {
            continue;
        }
        buf_printf(out, "\n%s\n", words_of[by].title);
        say_parts(d, by, width, out);
        say_envy(d, by, width, out);
        if (by == DIVIDED_WINNER) {
            say_winner(d, width, out);
        } else {
            struct buf words;
            buf_init(&words, 1024);
            buf_printf(&words, "Why: %s", words_of[by].why);
            prose_flush(out, width, 2, &words);
            buf_free(&words);
        }
        say_trust(d, by, out);
    }
    if (d->file.note_count > 0) {
        buf_add_u8(out, '\n');
    }
    for (uint32_t i = 0; i < d->file.note_count; i++) {
        buf_add_str(out, "Note: ");
        add_text(out, d->file.notes[i]);
        buf_add_u8(out, '\n');
    }
}

/* ---- JSON ---- */

/* The nearest of 12 decimals, or of 6 where it would not fit. */
static void json_ratio(struct json *j, wide n, wide d)
{
    wide whole = n / d;
    unsigned decimals = whole < 9000000 ? 12 : 6; /* n is below 10^31, d below 10^25 */
    wide scale = power_of_ten(decimals);
    json_put_fixed(j, (int64_t)(whole * scale + (n % d * scale * 2 + d) / (d * 2)), decimals);
}

static void json_key(struct json *j, struct text name)
{
    struct buf key;
    buf_init(&key, 1u << 16);
    add_text(&key, name);
    json_put_key(j, buf_str(&key));
    buf_free(&key);
}

static void json_fraction(struct json *j, struct part p)
{
    char text[48];
    struct buf b;
    buf_over(&b, text, sizeof(text));
    buf_printf(&b, "%lld/%lld", (long long)p.n, (long long)p.d);
    json_put_str(j, buf_str(&b));
}

static void json_given_points(struct json *j, const struct divided *d)
{
    json_put_object(j);
    for (uint32_t k = 0; k < d->division.parties; k++) {
        json_key(j, party_name(d, k));
        json_put_object(j);
        for (uint32_t g = 0; g < d->division.goods; g++) {
            json_key(j, good_name(d, g));
            json_put_fixed(j, d->division.points[(size_t)g * d->division.parties + k],
                           d->file.decimals[k]);
        }
        json_put_end(j);
    }
    json_put_end(j);
}

/* Shares, points and who envies whom: the same for all rules. */
static void json_result(struct json *j, const struct divided *d, enum divided_by by)
{
    json_put_key(j, "share");
    json_put_array(j);
    for (uint32_t k = 0; k < d->division.parties; k++) {
        struct part p = divided_sees(d, by, k, k);
        json_ratio(j, (wide)p.n, (wide)p.d);
    }
    json_put_end(j);
    json_put_key(j, "points");
    json_put_array(j);
    for (uint32_t k = 0; k < d->division.parties; k++) {
        struct part p = divided_sees(d, by, k, k);
        json_ratio(j, (wide)p.n * divided_total(d, k),
                   (wide)p.d * power_of_ten(d->file.decimals[k]));
    }
    json_put_end(j);
    json_put_key(j, "sees");
    json_put_array(j);
    for (uint32_t i = 0; i < d->division.parties; i++) {
        json_put_array(j);
        for (uint32_t k = 0; k < d->division.parties; k++) {
            struct part p = divided_sees(d, by, i, k);
            json_ratio(j, (wide)p.n, (wide)p.d);
        }
        json_put_end(j);
    }
    json_put_end(j);
    json_put_key(j, "envy");
    json_put_array(j);
    for (uint32_t i = 0; by != DIVIDED_WINNER && i < d->division.parties; i++) {
        for (uint32_t k = 0; k < d->division.parties; k++) {
            enum division_envy e = division_envies(&d->division, d->whole[by].owner, i, k);
            if (i != k && e != DIVISION_CONTENT) {
                json_put_object(j);
                json_put_key(j, "who");
                json_put_text(j, party_name(d, i));
                json_put_key(j, "of");
                json_put_text(j, party_name(d, k));
                json_put_key(j, "beyond_one_good");
                json_put_bool(j, e == DIVISION_ENVY);
                json_put_end(j);
            }
        }
    }
    json_put_end(j);
}

static void json_owner(struct json *j, const struct divided *d, const uint32_t *owner)
{
    json_put_key(j, "owner");
    json_put_object(j);
    for (uint32_t g = 0; g < d->division.goods; g++) {
        json_key(j, good_name(d, g));
        json_put_text(j, party_name(d, owner[g]));
    }
    json_put_end(j);
}

static void json_winner(struct json *j, const struct divided *d)
{
    const struct adjusted_winner *w = &d->winner;
    json_put_key(j, "adjusted_winner");
    if (!d->has_winner) {
        json_put_null(j);
        return;
    }
    json_put_object(j);
    json_owner(j, d, w->owner);
    json_put_key(j, "split");
    if (w->split == DIVISION_NONE) {
        json_put_null(j);
    } else {
        uint32_t owner = w->owner[w->split];
        json_put_object(j);
        json_put_key(j, "good");
        json_put_text(j, good_name(d, w->split));
        for (uint32_t i = 0; i < 2; i++) {
            uint32_t k = i == 0 ? owner : 1 - owner;
            struct part p = divided_part(d, DIVIDED_WINNER, w->split, k);
            json_put_key(j, i == 0 ? "keeps" : "receives");
            json_put_object(j);
            json_put_key(j, "party");
            json_put_text(j, party_name(d, k));
            json_put_key(j, "fraction");
            json_fraction(j, p);
            json_put_key(j, "share");
            json_ratio(j, (wide)p.n, (wide)p.d);
            json_put_end(j);
        }
        json_put_end(j);
    }
    json_put_key(j, "each");
    json_fraction(j, (struct part){w->each.n, w->each.d});
    json_put_key(j, "first");
    json_put_array(j);
    for (uint32_t k = 0; k < 2; k++) {
        json_put_fixed(j, w->first[k], d->file.decimals[k]);
    }
    json_put_end(j);
    json_put_key(j, "moves");
    json_put_array(j);
    for (uint32_t i = 0; i < w->move_count; i++) {
        json_put_text(j, good_name(d, w->moves[i]));
    }
    json_put_end(j);
    json_result(j, d, DIVIDED_WINNER);
    json_put_end(j);
}

static void json_double(struct json *j, double v)
{
    json_put_fixed(j, (int64_t)(v * 1e15 + 0.5), 15); /* 0 .. 1 */
}

static void json_whole(struct json *j, const struct divided *d, enum divided_by by)
{
    const struct allocation *a = &d->whole[by];
    json_put_key(j, words_of[by].key);
    json_put_object(j);
    json_owner(j, d, a->owner);
    json_result(j, d, by);
    json_put_key(j, "exact");
    json_put_bool(j, a->exact);
    json_put_key(j, "value");
    json_double(j, a->value);
    json_put_key(j, "at_most");
    json_double(j, a->at_most);
    json_put_end(j);
}

void divided_json(const struct divided *d, struct json *j)
{
    json_put_key(j, "name");
    json_put_text(j, d->file.name);
    json_put_key(j, "parties");
    json_put_array(j);
    for (uint32_t k = 0; k < d->division.parties; k++) {
        json_put_text(j, party_name(d, k));
    }
    json_put_end(j);
    json_put_key(j, "goods");
    json_put_array(j);
    for (uint32_t g = 0; g < d->division.goods; g++) {
        json_put_text(j, good_name(d, g));
    }
    json_put_end(j);
    json_put_key(j, "given");
    json_given_points(j, d);
    json_winner(j, d);
    json_whole(j, d, DIVIDED_NASH);
    json_whole(j, d, DIVIDED_LEXIMIN);
    json_put_key(j, "notes");
    json_put_array(j);
    for (uint32_t i = 0; i < d->file.note_count; i++) {
        json_put_text(j, d->file.notes[i]);
    }
    json_put_end(j);
    json_put_key(j, "seconds");
    json_put_fixed(j, (int64_t)d->took_us, 6); /* far below 2^63 */
}

/* ---- CSV ---- */

void divided_csv(const struct divided *d, struct buf *out)
{
    static const enum divided_by order[] = {DIVIDED_WINNER, DIVIDED_NASH, DIVIDED_LEXIMIN};
    buf_add_str(out, "good");
    for (uint32_t k = 0; k < d->division.parties; k++) {
        buf_add_u8(out, ',');
        markup_csv(out, party_name(d, k));
    }
    for (size_t i = 0; i < COUNT_OF(order); i++) {
        for (uint32_t k = 0; k < d->division.parties; k++) {
            if (order[i] != DIVIDED_WINNER || d->has_winner) {
                struct buf head;
                buf_init(&head, 1u << 16);
                buf_printf(&head, "%s ", words_of[order[i]].key);
                add_text(&head, party_name(d, k));
                buf_add_u8(out, ',');
                markup_csv(out, (struct text){.p = buf_str(&head), .n = head.n});
                buf_free(&head);
            }
        }
    }
    buf_add_u8(out, '\n');
    for (uint32_t g = 0; g < d->division.goods; g++) {
        markup_csv(out, good_name(d, g));
        for (uint32_t k = 0; k < d->division.parties; k++) {
            buf_add_u8(out, ',');
            add_points(out, d, k, (wide)d->division.points[(size_t)g * d->division.parties + k]);
        }
        for (size_t i = 0; i < COUNT_OF(order); i++) {
            for (uint32_t k = 0; k < d->division.parties; k++) {
                if (order[i] != DIVIDED_WINNER || d->has_winner) {
                    struct part p = divided_part(d, order[i], g, k);
                    buf_add_u8(out, ',');
                    add_ratio(out, (wide)p.n, (wide)p.d, 12);
                }
            }
        }
        buf_add_u8(out, '\n');
    }
}
