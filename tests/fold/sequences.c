/* SPDX-License-Identifier: Apache-2.0
 *
 * Sequences of acts for the fold (fold/play.h), a range of seeds, and what they come to.
 *
 *     sequences [--seeds A..B] [--deliver N] [--each] [--counts] [--story]
 *
 * The last line is a digest over all of them: the same for every compiler.  --deliver: every N-th
 * sequence is delivered in the other ways too; --each: a digest a seed; --counts: kinds that counted
 * and refusals that were reached, by number; --story: a line an act.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/fixed.h"
#include "base/hex.h"
#include "fold/play.h"
#include "lib/test.h"

struct wish {
    uint64_t first, last, deliver;
    bool each, counts, story;
};

static bool read_range(const char *s, struct wish *w)
{
    const char *dots = strstr(s, "..");
    struct text from = {.p = s, .n = dots == NULL ? 0 : (size_t)(dots - s)};
    return dots != NULL && u64_parse(from, &w->first) && u64_parse(text_str(dots + 2), &w->last) &&
           w->first <= w->last;
}

static bool read_wish(int argc, char **argv, struct wish *w)
{
    *w = (struct wish){.first = 1, .last = 1000, .deliver = 50};
    for (int i = 1; i < argc; i++) {
        bool more = i + 1 < argc;
        if (strcmp(argv[i], "--seeds") == 0 && more && read_range(argv[i + 1], w)) {
            i++;
        } else if (strcmp(argv[i], "--deliver") == 0 && more &&
                   u64_parse(text_str(argv[i + 1]), &w->deliver)) {
            i++;
        } else if (strcmp(argv[i], "--each") == 0) {
            w->each = true;
        } else if (strcmp(argv[i], "--story") == 0) {
            w->story = true;
        } else if (strcmp(argv[i], "--counts") == 0) {
            w->counts = true;
        } else {
            return false;
        }
    }
    return true;
}

static void print_hex(const struct digest *d, const char *before, const char *after)
{
    char hex[65];
    hex_encode(ID_BYTES(*d), hex);
    (void)printf("%s%s%s\n", before, hex, after);
}

static void print_counts(const struct tally *t)
{
    for (uint32_t i = 0; i < PLAY_KINDS; i++) {
        if (kind_known(i)) {
            (void)printf("kind %u %s %llu\n", i, kind_word((enum act_kind)i),
                         (unsigned long long)t->counted[i]);
        }
    }
    for (uint32_t i = 1; i < PLAY_REFUSALS; i++) {
        if (t->refused[i] > 0 || t->stopped[i] > 0) {
            (void)printf("refused %u %llu at the desk %llu\n", i, (unsigned long long)t->refused[i],
                         (unsigned long long)t->stopped[i]);
        }
    }
}

int main(int argc, char **argv)
{
    static struct play tables[FOLD_TABLES];
    struct tally t = {0};
    struct digest all = {{0}};
    struct wish w;
    if (!read_wish(argc, argv, &w)) {
        (void)fprintf(stderr,
                      "sequences [--seeds A..B] [--deliver N] [--each] [--counts] [--story]\n");
        return 2;
    }
    if (!fold_tables_open(tables)) {
        (void)fprintf(stderr, "the tables cannot be founded\n");
        return 1;
    }
    for (uint32_t i = 0; i < FOLD_TABLES; i++) {
        tables[i].story = w.story;
    }
    for (uint64_t seed = w.first; seed <= w.last; seed++) {
        struct digest d;
        struct play *g = NULL;
        if (!play_sequence(tables, seed, &t, &g, &d) ||
            (w.deliver > 0 && seed % w.deliver == 0 && !play_deliver(g))) {
            (void)printf("seed %llu (table %d): %s\n", (unsigned long long)seed, (int)(g - tables),
                         g->why);
            return 1;
        }
        const struct bytes parts[] = {ID_BYTES(all), ID_BYTES(d)};
        all = digest_tagged("test/sequences", parts, COUNT_OF(parts));
        if (w.each) {
            char before[32];
            (void)snprintf(before, sizeof(before), "%llu ", (unsigned long long)seed);
            print_hex(&d, before, "");
        }
    }
    if (w.counts) {
        print_counts(&t);
    }
    (void)printf("%llu sequences, %llu acts, %llu void, %llu deliveries\n",
                 (unsigned long long)t.sequences, (unsigned long long)t.acts,
                 (unsigned long long)t.voids, (unsigned long long)t.deliveries);
    print_hex(&all, "digest ", "");
    fold_tables_close(tables);
    return 0;
}
