/* SPDX-License-Identifier: Apache-2.0 */
#include "app/bid.h"

#include "analysis/bidding.h"
#include "app/prose.h"
#include "formats/bidding_yaml.h"
#include "os/file.h"

static bool settle(const struct bidding_file *f, struct arena *mem, struct bid_answer *out,
                   struct err *err)
{
    const struct bidding_rules rules = {.crossed = f->at_demand ? BIDDING_DEMAND : BIDDING_MIDPOINT,
                                        .within_percent = f->within_percent,
                                        .within_amount = f->within_amount};
    struct bidding_round *rounds = ARENA_NEW(mem, struct bidding_round, f->count);
    uint32_t at;
    int64_t twice;
    if (rounds == NULL) {
        return err_memory(err, "the bids");
    }
    for (uint32_t i = 0; i < f->count; i++) {
        rounds[i] = (struct bidding_round){.demand = f->demands[i], .offer = f->offers[i]};
    }
    if (bidding_settle(&rules, rounds, f->count, &at, &twice)) {
        bool crossed = rounds[at].offer >= rounds[at].demand;
        out->end = !crossed ? BID_MEAN : f->at_demand ? BID_DEMAND : BID_MIDPOINT;
        out->round = at + 1;
        out->amount = twice;
    }
    return true;
}

bool bid(const char *path, struct arena *mem, struct bid_answer *out, struct err *err)
{
    struct bytes yaml;
    struct bidding_file f;
    if (!file_read(path, BIDDING_YAML_MAX, mem, &yaml, err) ||
        !bidding_from_yaml(yaml, path, mem, &f, err)) {
        return false;
    }
    struct bid_answer a = {.name = f.name,
                           .unit = f.unit,
                           .demander = f.demander,
                           .offerer = f.offerer,
                           .rounds = f.count,
                           .within_percent = f.within_percent,
                           .within_amount = f.within_amount,
                           .at_demand = f.at_demand,
                           .end = BID_NONE};
    if (!settle(&f, mem, &a, err)) {
        return false;
    }
    *out = a;
    return true;
}

/* ---- words ---- */

static void add_text(struct buf *b, struct text t)
{
    buf_add(b, text_bytes(t));
}

static void add_amount(struct buf *b, const struct bid_answer *a, int64_t units, unsigned decimals)
{
    char text[FIXED_TEXT_MAX];
    fixed_format(units, decimals, text);
    buf_add_str(b, text);
    if (a->unit.n > 0) {
        buf_add_u8(b, ' ');
        add_text(b, a->unit);
    }
}

/* In units of 0.00005: five times as many of 0.00001, which fits, being at most 2 * 10^17. */
static int64_t fine(const struct bid_answer *a)
{
    return a->amount * 5;
}

static void say_rules(const struct bid_answer *a, struct buf *w)
{
    buf_add_str(w, "Rules: ");
    if (a->within_percent > 0 || a->within_amount > 0) {
        buf_add_str(w, "an offer that falls short of the demand by at most ");
        if (a->within_percent > 0) {
            buf_printf(w, "%u%% of it", a->within_percent);
        }
        if (a->within_amount > 0) {
            buf_add_str(w, a->within_percent > 0 ? ", or by at most " : "");
            add_amount(w, a, a->within_amount, 4);
            buf_add_str(w, a->within_percent > 0 ? "," : "");
        }
        buf_add_str(w, " settles at the mean of the two; ");
    }
    buf_add_str(w, a->at_demand ? "an offer that reaches the demand settles at the demand. "
                                : "an offer that reaches the demand settles at the mean of the "
                                  "two. ");
    buf_add_str(w, "The rounds are compared in order; the first that settles, settles.");
}

static void say_end(const struct bid_answer *a, struct buf *w)
{
    if (a->end == BID_NONE) {
        buf_printf(w, "No settlement in %u %s. Neither side's numbers are shown.", a->rounds,
                   a->rounds == 1 ? "round" : "rounds");
        return;
    }
    buf_printf(w, "Settled in round %u: ", a->round);
    add_text(w, a->offerer);
    buf_add_str(w, " pays ");
    add_text(w, a->demander);
    buf_add_u8(w, ' ');
    add_amount(w, a, fine(a), 5);
    buf_add_str(w, ".");
}

static void say_reveals(const struct bid_answer *a, struct buf *w)
{
    buf_add_str(w, "What this tells each side: ");
    if (a->end == BID_DEMAND) {
        add_text(w, a->offerer);
        buf_add_str(w, " learns the demand of that round; ");
        add_text(w, a->demander);
        buf_add_str(w, " learns only that the offer reached it");
    } else if (a->end != BID_NONE) {
        buf_add_str(w, "the other's number of that round, which is twice the settlement less one's "
                       "own");
    }
    if (a->end == BID_NONE || a->round > 1) {
        buf_add_str(w, a->end == BID_NONE ? "only that in each round the two"
                                          : "; of the rounds before, only that the two");
        buf_add_str(w, " were further apart than the rules ask");
    }
    buf_add_str(w, ".");
}

void bid_words(const struct bid_answer *a, unsigned width, struct buf *out)
{
    struct buf w;
    buf_init(&w, 1u << 18); /* names are at most a file of 64 KiB */
    add_text(&w, a->name.n == 0 ? text_str("Sealed bids") : a->name);
    buf_add_str(&w, ": ");
    add_text(&w, a->demander);
    buf_add_str(&w, " demands, ");
    add_text(&w, a->offerer);
    buf_printf(&w, " offers; %u %s.", a->rounds, a->rounds == 1 ? "round" : "rounds");
    prose_flush(out, width, 0, &w);
    say_rules(a, &w);
    prose_flush(out, width, 0, &w);
    buf_add_u8(out, '\n');
    say_end(a, &w);
    prose_flush(out, width, 0, &w);
    say_reveals(a, &w);
    prose_flush(out, width, 0, &w);
    buf_free(&w);
}

/* ---- JSON ---- */

static const char *end_key(enum bid_end end)
{
    switch (end) {
    case BID_NONE:
        return "none";
    case BID_MEAN:
        return "mean";
    case BID_DEMAND:
        return "demand";
    case BID_MIDPOINT:
        return "midpoint";
    }
    return "";
}

void bid_json(const struct bid_answer *a, struct json *j)
{
    bool exact = a->end == BID_MEAN || a->end == BID_MIDPOINT;
    json_put_key(j, "name");
    json_put_text(j, a->name);
    json_put_key(j, "unit");
    json_put_text(j, a->unit);
    json_put_key(j, "demander");
    json_put_text(j, a->demander);
    json_put_key(j, "offerer");
    json_put_text(j, a->offerer);
    json_put_key(j, "rounds");
    json_put_u64(j, a->rounds);
    json_put_key(j, "rules");
    json_put_object(j);
    json_put_key(j, "within_percent");
    json_put_u64(j, a->within_percent);
    json_put_key(j, "within_amount");
    if (a->within_amount < 0) {
        json_put_null(j);
    } else {
        json_put_fixed(j, a->within_amount, 4);
    }
    json_put_key(j, "crossed");
    json_put_str(j, a->at_demand ? "demand" : "midpoint");
    json_put_end(j);
    json_put_key(j, "settled_by");
    json_put_str(j, end_key(a->end));
    json_put_key(j, "round");
    if (a->end == BID_NONE) {
        json_put_null(j);
    } else {
        json_put_u64(j, a->round);
    }
    json_put_key(j, "amount");
    if (a->end == BID_NONE) {
        json_put_null(j);
    } else {
        json_put_fixed(j, fine(a), 5);
    }
    json_put_key(j, "reveals");
    json_put_object(j);
    json_put_key(j, "demander_learns");
    json_put_str(j, exact                  ? "the offer"
                    : a->end == BID_DEMAND ? "offer reached demand"
                                           : "nothing");
    json_put_key(j, "offerer_learns");
    json_put_str(j, exact || a->end == BID_DEMAND ? "the demand" : "nothing");
    json_put_key(j, "rounds_only_known_apart");
    json_put_u64(j, a->end == BID_NONE ? a->rounds : a->round - 1);
    json_put_end(j);
}
