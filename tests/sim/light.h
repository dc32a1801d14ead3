/* SPDX-License-Identifier: Apache-2.0
 *
 * The light tier of the simulator: the same tables without disks, network and each machine's own
 * cryptography.  Every machine, and the host for each of its branches, has a real door, keyring,
 * witness log and fold.  An act is made once: its envelope is real but for the signature, which no
 * door of this tier asks for, and its content is opened once and shared by whoever could open it.
 * Signed papers are signed and checked for real.
 *
 *     light_open(&l, shape)      founds the table: keys, slips, charter, keys of rooms, signatures
 *     light_play(l, plan)        one run, everything from its seed
 *     light_shrink(...)          the fewest steps that fail alike
 *     light_close(l)
 */
#ifndef ENTENTE_TESTS_SIM_LIGHT_H
#define ENTENTE_TESTS_SIM_LIGHT_H

#include "lib/record_sim.h"
#include "sim/clock.h"
#include "sim/story.h"
#include "sim/world.h"
#include "table/fold.h"

#define LIGHT_CARDS 3072u /* acts made in a run, noted or not */
#define LIGHT_LOG 1024u   /* acts of a record */
#define LIGHT_FORKS 3u    /* trees that a host shows */
#define LIGHT_MOVES 8u    /* moves to another host that are begun */
#define LIGHT_BRANCHES (LIGHT_FORKS + LIGHT_MOVES)
#define LIGHT_HELD 64u       /* posts that a host holds */
#define LIGHT_OUTBOX 6u      /* acts of a machine that wait to be noted */
#define LIGHT_READER_ALL 99u /* reads every room: who looks on from outside the play */
#define LIGHT_KINDS 128u     /* kinds are below it */
#define LIGHT_STEPS_MAX 2048u

/* One act, made once. */
struct card {
    struct bytes envelope, blob; /* blob: of control acts alone */
    struct act act;
    struct leaf_hash leaf;
    uint32_t by;                   /* machine */
    bool root;                     /* signed by its side's root */
    const struct content *content; /* NULL: a control act */
    bool by_identity;
    uint64_t sealed_to; /* by identity: bits of machines */
    uint32_t key_card;  /* else: the epoch act that brought its key */
    bool matches, epoch_key_holds;
    bool forged;             /* whoever made it knows that it may not count */
    enum answer_kind answer; /* of an answer */
    uint8_t key[32];         /* of an epoch act: the public key that it brings */
};

/* A record as somebody holds it. */
struct view {
    struct arena mem;
    struct door *door;
    struct fold *fold;
    uint32_t reader; /* machine, or LIGHT_READER_ALL */
    uint32_t count;
    uint16_t log[LIGHT_LOG];
    bool keys[LIGHT_CARDS]; /* of rooms, by epoch act */
};

/* The least t and the greatest b that any prefix has given an act. */
struct light_span {
    bool has_t, has_b;
    uint64_t t, b;
};

/* One tree of the host, and what its prefixes come to: looked at act by act. */
struct branch {
    bool used;
    struct view v;
    struct digest digest[LIGHT_LOG + 1]; /* after so many acts */
    uint64_t final[LIGHT_LOG + 1];
    struct light_span span[LIGHT_LOG];
    uint32_t bound_seen; /* bits of proposals that were found bound, of the first 64 */
    uint64_t bound_at[64];
    bool outs[SIDES_MAX];
    uint32_t times_from; /* since so many acts the same witnesses of the same groups count */
};

struct machine {
    const struct cast_seat *cast;
    uint32_t side;
    struct kid kid;
    struct kid16 kid16;
    struct kid16 root16;
    bool joined; /* its slip is posted */
    bool open;
    bool honest;
    bool dutiful; /* a cheat that countersigns this once as it should */
    bool cut;
    bool lied_to; /* its host has shown it a tree that contradicts its own: it trusts it no more */
    struct view v;
    struct sim_clock clock;
    uint32_t branch;
    uint64_t shown; /* the host shows it no more acts than these */
    uint32_t outbox_count;
    uint16_t outbox[LIGHT_OUTBOX];
    uint64_t final;          /* at the last look */
    uint64_t witnessed_time; /* its guard: what it countersigned last */
    uint64_t witnessed_size; /* and where */
    struct root_hash witnessed_root;
    uint64_t floor;       /* the largest final that it has ever known: nothing below it goes */
    uint32_t signed_term; /* its root has signed the move to the host of this term */
    bool gave_up;         /* something that it had countersigned, for the others' record */
    bool numb;            /* it gave up acts of its own: its guards let it sign none in this term */
    bool stays;           /* it cannot follow: what is final for it is not there */
    uint32_t lost_count;
    uint16_t lost[32]; /* what it wrote, and did not come along: to be filed again */
    uint64_t pretends; /* a cheat: it cites a tree that is so many acts shorter */
};

enum light_vice {
    VICE_ROUGH = 1,   /* the network loses and cuts */
    VICE_HOLD = 2,    /* the host holds posts, loses them, says that it refused them */
    VICE_FORK = 4,    /* shows two trees */
    VICE_FREEZE = 8,  /* shows somebody an old one */
    VICE_MEMBER = 16, /* some seat cheats */
    VICE_LEAVE = 32,  /* the table leaves its host */
    VICE_GONE = 64,   /* which is gone by then */
};

struct light_figures {
    uint64_t runs, steps, acts, notes, bound, agreed, gates, crossed, contested, lapsed, outs,
        voids, forks, refused, late, revoked, moves, followed, refiled, proofs, two_finals;
    uint32_t
        pairs[LIGHT_KINDS]; /* by kind: bits of refusals that were reached; bit 0: it counted */
};

struct light_held {
    uint16_t card;
    uint8_t branch;
    bool refused; /* its author was told that it was */
};

/* To a host of its own: a tree of its own. */
struct light_move {
    bool used, complete;
    uint32_t branch;
    uint64_t size; /* so many acts come along */
    uint32_t term;
    struct pubkey host;
    uint32_t sides; /* bits: whose roots have signed it */
};

struct light {
    const struct shape *shape;
    struct record_sim rec;           /* whose keys these are */
    struct bytes slips[WORLD_SEATS]; /* of seats that come later */
    struct arena charter_mem;
    struct charter charter;
    struct table_id table;
    struct arena cards_mem;
    size_t cards_mark;                             /* the founding lies below */
    uint32_t base_joined, base_signed, base_count; /* cards of the founding */
    uint32_t base_size;                            /* so many of them does this run begin with */
    uint32_t card_count;
    struct card cards[LIGHT_CARDS];
    struct branch branches[LIGHT_BRANCHES];
    uint32_t machine_count;
    struct machine machines[WORLD_SEATS];
    struct view again; /* for folding once more */
    struct arena scratch;
    struct verified_act batch[LIGHT_LOG];
    uint64_t began, now;
    uint64_t seed;
    uint32_t vices; /* enum light_vice */
    struct signer *next_hosts[LIGHT_MOVES];
    struct light_move moves[LIGHT_MOVES];
    uint32_t other_witness; /* bits: sides that named a witness without their principal's machine */
    bool resting;           /* nobody is hostile any more: the end of the run */
    uint32_t held_count;
    struct light_held held[LIGHT_HELD];
    struct prop rnd;
    struct story story;
    uint32_t done_count;
    struct done done[WORLD_DONE_MAX];
    uint32_t papers_made; /* makes each paper another one */
    uint32_t object_count;
    struct bytes objects[64]; /* papers that were signed in this run: to be shown again */
    struct light_figures figures;
    struct err err;
};

/* False: the table cannot be founded; l->err says why. */
bool light_open(struct light **out, const struct shape *shape);
void light_close(struct light *l);

/* A set piece: what chance brings about too seldom (light_scene.c). */
struct light_scene {
    const char *name;
    const char *shape;
    bool (*play)(struct light *l); /* false: an invariant */
};
extern const struct light_scene light_scenes[];
extern const uint32_t light_scene_count;

struct light_plan {
    const struct light_scene *scene; /* in place of steps that chance draws; NULL: none */
    uint64_t seed;
    uint32_t steps;
    bool silent;
    const bool *left_out; /* steps that are left out, or NULL */
    const char *logs;     /* a folder for the record in JSON lines (log_out.h), or NULL */
};
/* False: an invariant does not hold; l->story says which.  out: digest of the state at the end. */
bool light_play(struct light *l, const struct light_plan *plan, struct digest *out);

/* Time goes by, on every clock. */
void light_wait(struct light *l, uint64_t seconds);

/* Plays a failing plan with ever fewer steps; left_out has plan->steps places; how many are left. */
uint32_t light_shrink(struct light *l, const struct light_plan *plan, bool *left_out,
                      uint32_t tries);

/* ---- records ---- */

void light_view_open(struct light *l, struct view *v, uint32_t reader);
void light_view_close(struct view *v);
/* Takes these cards in, keys and times of all of them first.  False: l->err. */
bool light_view_take(struct light *l, struct view *v, const uint16_t *cards, uint32_t count);
const struct table_state *light_state(const struct view *v);

/* ---- making acts ---- */

/* Who signs: a machine, or its side's root. */
struct light_author {
    uint32_t machine;
    bool root;
};
/* The fields that the author's next act has, upon what its machine holds and has under way. */
struct act light_fields(struct light *l, struct light_author who, enum control_kind kind,
                        struct bytes blob);
/* The number of the new card. */
uint32_t light_card(struct light *l, struct light_author who, const struct act *fields,
                    struct bytes blob);
/* A sealed act: its content, and what it is sealed to. */
struct light_seal {
    bool by_identity;
    uint64_t sealed_to;
    uint32_t key_card;
};
/* spoil: an item is left out, doubled or of another type. */
uint32_t light_sealed(struct light *l, uint32_t machine, const struct payload *p,
                      struct light_seal seal, bool spoil, bool *out_ok);
struct bytes light_countersign_blob(struct light *l, uint32_t machine, uint64_t size,
                                    uint64_t time);
struct bytes light_keep(struct light *l, struct buf *b);
struct bytes light_paper(struct light *l, uint32_t side, struct object o);
/* Members of a room as bits of machines. */
uint64_t light_members(const struct light *l, const struct view *v, struct room room);
/* The key of the room's present membership; 0: made or already there; the new card through out. */
bool light_epoch(struct light *l, uint32_t machine, struct room room, uint32_t *out);
uint32_t light_find(const struct light *l, const struct kid *kid);

/* ---- people ---- */

/* An honest person does something, or synchronises. */
bool light_behave(struct light *l, uint32_t machine);
/* A tampered program. */
bool light_misbehave(struct light *l, uint32_t machine);
/* A paper that is right but for one thing. */
bool light_bend_paper(struct light *l, uint32_t machine);
/* A key of a room likewise. */
bool light_bend_key(struct light *l, uint32_t machine);
/* The plenary's or the monitors', whose header says that it is sealed to a room's key; or of somebody
 * who may give none. */
bool light_forge_key(struct light *l, uint32_t machine, bool monitors);
void light_pair(struct light *l, uint32_t kind, uint32_t refusal);
void light_did(struct light *l, enum deed_done what, uint32_t side, const struct leaf_hash *p);
/* A second seat comes in. */
bool light_admit(struct light *l, uint32_t newcomer, uint32_t by);

/* ---- the host, and the way to it ---- */

bool light_sync(struct light *l, uint32_t machine);
/* From a machine's outbox to the host, oldest first. */
bool light_post(struct light *l, uint32_t machine, uint32_t card);
bool light_host_step(struct light *l);
bool light_host_rests(struct light *l);
/* The host notes it in that tree, if it may be noted there. */
bool light_note(struct light *l, uint32_t branch, uint32_t card, bool *out_noted);

/* Branch `to` begins with the first `size` acts of branch `from`. */
bool light_branch_from(struct light *l, uint32_t to, uint32_t from, uint32_t size);

/* ---- leaving the host ---- */

bool light_leave_step(struct light *l);
bool light_leave_finish(struct light *l);
/* The principals of all sides are hostile, and move it to two hosts; two others are shown one each. */
bool light_two_moves(struct light *l, uint32_t one_witness, uint32_t other_witness);
/* The tree that the table has come to. */
uint32_t light_home(const struct light *l);

/* ---- fraud proofs ---- */

/* Records that contradict each other, laid side by side at the end. */
bool light_prosecute(struct light *l);

/* ---- what must hold ---- */

/* After each act of a branch, before which the state was looked at. */
struct light_before {
    bool gate_holds;
    uint32_t phase;
    uint64_t gates; /* bits of phases whose gate was open */
};
void light_look(struct light *l, uint32_t branch, uint32_t card, struct light_before *out);
bool light_check_act(struct light *l, uint32_t branch, uint32_t card,
                     const struct light_before *before);
/* After a machine has taken something in. */
bool light_check_machine(struct light *l, uint32_t machine);
bool light_check_finals(struct light *l);
bool light_check_end(struct light *l);
bool light_side_honest(const struct light *l, uint32_t side);

#endif
