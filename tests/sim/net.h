/* SPDX-License-Identifier: Apache-2.0
 *
 * The way between a machine and its host, in one process: the real host code behind a link that
 * loses, delays, doubles and reorders, or is cut.
 */
#ifndef ENTENTE_TESTS_SIM_NET_H
#define ENTENTE_TESTS_SIM_NET_H

#include "host/link.h"
#include "lib/prop.h"

struct world;

#define NET_LATE_MAX 48u

/* A post on its way that arrives later, or never. */
struct late_post {
    uint32_t from; /* seat */
    struct buf envelope;
    struct buf blob;
};

/* What an honest seat, or its root, has sent for one place of its chain. */
struct sent_act {
    struct kid16 kid;
    uint64_t term, n;
    struct leaf_hash leaf;
    bool refused; /* its author was told so: the number is free again */
};
#define NET_SENT_MAX 4096u

struct net {
    bool rough; /* calls fail now and then */
    uint32_t sent_count;
    struct sent_act sent[NET_SENT_MAX];
    uint32_t late_count;
    struct late_post late[NET_LATE_MAX];
    struct buf scrap; /* answers that nobody reads */
};

/* One machine's end. */
struct port {
    struct world *w;
    uint32_t seat;
    bool cut;         /* nothing goes through */
    uint32_t stop_in; /* at this many calls from now the machine stops; 0: it does not */
    bool stopped;
    struct buf token;
    uint64_t made_at;
};

void net_init(struct net *n);
void net_free(struct net *n);
void net_begin(struct net *n, bool rough);

void port_begin(struct port *p, struct world *w, uint32_t seat);
void port_end(struct port *p);
struct host_link port_link(struct port *p);

/* A post arrives that was on its way, any of them: so they overtake each other. */
void net_deliver_one(struct world *w);

/* What is on its way is kept for later; what has no room is lost. */
void net_keep(struct world *w, uint32_t from, const struct door_item *item);

#endif
