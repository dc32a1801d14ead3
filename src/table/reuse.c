/* SPDX-License-Identifier: Apache-2.0 */
#include "table/reuse.h"

#include "base/sort.h"

static bool in_word(char c)
{
    unsigned char u = (unsigned char)c;
    return (u >= '0' && u <= '9') || (u >= 'a' && u <= 'z') || (u >= 'A' && u <= 'Z') || u >= 0x80;
}

/* The next word of a text; false at its end. */
static bool next_word(struct text *rest, struct text *out)
{
    size_t from = 0;
    while (from < rest->n && !in_word(rest->p[from])) {
        from++;
    }
    size_t to = from;
    while (to < rest->n && in_word(rest->p[to])) {
        to++;
    }
    *out = (struct text){.p = rest->p + from, .n = to - from};
    *rest = (struct text){.p = rest->p + to, .n = rest->n - to};
    return out->n > 0;
}

static int folded(char c)
{
    return c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : (unsigned char)c;
}

static int compare_words(struct text a, struct text b)
{
    for (size_t i = 0; i < a.n && i < b.n; i++) {
        int d = folded(a.p[i]) - folded(b.p[i]);
        if (d != 0) {
            return d;
        }
    }
    return a.n == b.n ? 0 : a.n < b.n ? -1 : 1;
}

/* Word i of what is said; an empty one behind the last. */
static struct text word_at(const struct reuse *r, uint64_t i)
{
    return i < r->count ? r->words[i] : (struct text){.p = "", .n = 0};
}

static int compare_places(const void *a, const void *b, void *ctx)
{
    const struct reuse *r = ctx;
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    int d = 0;
    for (uint32_t i = 0; i < REUSE_RUN && d == 0; i++) {
        d = compare_words(word_at(r, (uint64_t)x + i), word_at(r, (uint64_t)y + i));
    }
    return d;
}

bool reuse_of(const struct text *said, uint32_t count, struct arena *mem, struct reuse *out)
{
    size_t most = count;
    for (uint32_t i = 0; i < count; i++) {
        most += said[i].n / 2 + 1; /* a word and what parts it from the next */
    }
    struct reuse r = {0};
    if (most > UINT32_MAX) {
        return false;
    }
    r.words = ARENA_NEW(mem, struct text, most);
    r.order = ARENA_NEW(mem, uint32_t, most);
    if (mem->failed) {
        return false;
    }
    for (uint32_t i = 0; i < count; i++) {
        struct text rest = said[i];
        while (next_word(&rest, &r.words[r.count])) {
            r.count++;
        }
        r.words[r.count++] = (struct text){.p = "", .n = 0};
    }
    for (uint32_t i = 0; i < r.count; i++) {
        r.order[i] = i;
    }
    *out = r;
    return sort_stable(r.order, r.count, sizeof(r.order[0]), compare_places, out, mem);
}

/* Are these words more than small change? */
static bool telling(const struct text *run, uint32_t n)
{
    uint32_t words = 0;
    for (uint32_t i = 0; i < n; i++) {
        words += run[i].n >= 4 ? 1 : 0;
        for (size_t k = 0; k < run[i].n; k++) {
            if (run[i].p[k] >= '0' && run[i].p[k] <= '9') {
                return true;
            }
        }
    }
    return words >= (n < 2 ? n : 2);
}

/* The run against the words at a place: as many as the run has. */
static int compare_run(const struct reuse *r, uint32_t place, const struct text *run, uint32_t n)
{
    int d = 0;
    for (uint32_t i = 0; i < n && d == 0; i++) {
        d = compare_words(word_at(r, (uint64_t)place + i), run[i]);
    }
    return d;
}

static bool is_said(const struct reuse *r, const struct text *run, uint32_t n)
{
    uint32_t low = 0, high = r->count;
    while (low < high) {
        uint32_t mid = low + (high - low) / 2;
        if (compare_run(r, r->order[mid], run, n) < 0) {
            low = mid + 1;
        } else {
            high = mid;
        }
    }
    return low < r->count && compare_run(r, r->order[low], run, n) == 0;
}

static bool repeated(const struct reuse *r, const struct text *run, uint32_t n, struct text *out)
{
    if (n == 0 || !telling(run, n) || !is_said(r, run, n)) {
        return false;
    }
    const char *end = run[n - 1].p + run[n - 1].n;
    *out = (struct text){.p = run[0].p, .n = (size_t)(end - run[0].p)};
    return true;
}

bool reuse_find(const struct reuse *r, struct text kept, struct text *out)
{
    struct text run[REUSE_RUN];
    uint32_t n = 0;
    bool whole = true; /* no full run so far: the line is shorter than one */
    while (next_word(&kept, &run[n])) {
        n++;
        if (n == REUSE_RUN) {
            whole = false;
            if (repeated(r, run, n, out)) {
                return true;
            }
            memmove(run, run + 1, (REUSE_RUN - 1) * sizeof(run[0]));
            n--;
        }
    }
    return whole && repeated(r, run, n, out);
}
