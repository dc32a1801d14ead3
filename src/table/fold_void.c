/* SPDX-License-Identifier: Apache-2.0
 *
 * Acts void on the record.  Each is remembered for as long as the record is: that it is void, and by
 * which rule.  The words, which are much longer, are kept for the newest of each side alone: who floods
 * the table with void acts makes its own words short, and nobody else's.
 */
#include "table/fold_priv.h"

const struct void_note *fold_void(const struct fold *f, uint64_t index)
{
    uint32_t low = 0, high = f->beside.void_count;
    while (low < high) {
        uint32_t mid = low + (high - low) / 2;
        if (f->beside.voids[mid].index < index) {
            low = mid + 1;
        } else {
            high = mid;
        }
    }
    return low < f->beside.void_count && f->beside.voids[low].index == index ? &f->beside.voids[low]
                                                                             : NULL;
}

/* A place for the words of note number `note`; the note that had it keeps its rule. */
static struct void_words *words_of(struct fold *f, uint32_t side, uint32_t note)
{
    struct void_ring *ring = &f->void_words[side];
    struct void_words **slot = &ring->slot[ring->used % VOID_WORDS_MAX];
    if (*slot == NULL) {
        *slot = ARENA_NEW(f->mem, struct void_words, 1);
        if (*slot == NULL) {
            return NULL;
        }
    } else {
        struct void_note *old = &f->beside.voids[(*slot)->note];
        old->what = text_str(refusal_words((enum refusal_code)old->code));
        old->mend = text_str(VOID_MEND);
    }
    ring->used++;
    (*slot)->note = note;
    return *slot;
}

bool fold_note_void(struct fold *f, uint64_t index, uint32_t side, bool shared,
                    const struct refusal *r)
{
    struct beside *b = &f->beside;
    if (!fold_grow(f->mem, &b->voids, b->void_count, sizeof(b->voids[0]))) {
        return false;
    }
    struct void_words *w = words_of(f, side, b->void_count);
    if (w == NULL) {
        return false;
    }
    memcpy(w->what, r->what, sizeof(w->what));
    memcpy(w->mend, r->mend, sizeof(w->mend));
    b->voids[b->void_count++] = (struct void_note){.index = index,
                                                   .code = (uint32_t)r->code,
                                                   .what = text_str(w->what),
                                                   .mend = text_str(w->mend)};
    if (!shared) {
        return true;
    }
    uint8_t at[12];
    for (unsigned i = 0; i < 8; i++) {
        at[i] = (uint8_t)(index >> (56 - 8 * i));
    }
    for (unsigned i = 0; i < 4; i++) {
        at[8 + i] = (uint8_t)((uint32_t)r->code >> (24 - 8 * i));
    }
    uint8_t joined[32 + sizeof(at)];
    memcpy(joined, f->state.voids.b, 32);
    memcpy(joined + 32, at, sizeof(at));
    f->state.voids = digest_plain(bytes_of(joined, sizeof(joined)));
    f->state.void_count++;
    return true;
}
