/* SPDX-License-Identifier: Apache-2.0
 *
 * bid: sealed bids, opened only where they settle.
 */
#include "app/bid.h"
#include "cli/command_list.h"

static bool run_bid(struct cli *cli, struct err *err)
{
    struct bid_answer a;
    if (!bid(opt_word(cli->opts, 0), cli->mem, &a, err)) {
        return false;
    }
    if (out_is_json(cli->out)) {
        bid_json(&a, &cli->out->json);
    } else {
        bid_words(&a, cli->out->width, &cli->out->answer);
    }
    return true;
}

const struct command cmd_bid = {
    .name = "bid",
    .group = COMMAND_ANALYSE,
    .help = "whether sealed bids settle a sum, and at what",
    .more = "One side demands, the other offers, in rounds; neither sees the other's numbers. FILE "
            "has the rules and the numbers of both, so it belongs to somebody whom both trust:\n\n"
            "bidding: The flooded cellar\n"
            "unit: EUR\n"
            "within: 30 %\n"
            "or-within: 5000\n"
            "crossed: demand\n"
            "demand: {by: Harbour Inn, rounds: [20000, 16000, 14900]}\n"
            "offer: {by: Northern Mutual, rounds: [8000, 9000, 10000]}\n\n"
            "An offer that falls short by no more than `within` of the demand, or `or-within`, "
            "settles "
            "at the mean. One that reaches the demand settles at the demand or, with crossed: "
            "midpoint, at the mean. The numbers of rounds that do not settle are never shown. "
            "docs/SCENARIOS.md has all of it.",
    .example = "entente bid examples/bidding/cellar.yaml",
    .spec = {.words = "FILE", .words_min = 1, .words_max = 1},
    .run = run_bid,
};
