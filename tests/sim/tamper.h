/* SPDX-License-Identifier: Apache-2.0
 *
 * One forged act, or one forged fraud proof, for each check at the door: all of it is right but what
 * that check asks.  Who does without the check takes it in, and the independent checker
 * (tools/verify.py) says what is wrong with the record, or with the proof.
 *
 * The table: five sides' keys; sides 0 to 3 have joined, 3 without a group; of side 1 two of three
 * seats are its witnesses; everybody has spoken and countersigned.
 */
#ifndef ENTENTE_TESTS_SIM_TAMPER_H
#define ENTENTE_TESTS_SIM_TAMPER_H

#include "lib/record_sim.h"

struct tamper {
    struct record_sim sim;
    struct signer *rival, *third; /* other hosts */
};

/* The check that alone stands against it, and what plays up to it and forges it. */
#define TAMPER_ACTS(X)                                                                             \
    X(CANONICAL, tamper_canonical)                                                                 \
    X(COMMIT_CONTROL, tamper_commit)                                                               \
    X(TAG_CONTROL, tamper_tag)                                                                     \
    X(FOUND_FIRST, tamper_found_first)                                                             \
    X(TABLE, tamper_table)                                                                         \
    X(BLOB_LENGTH, tamper_blob_length)                                                             \
    X(BLOB_LIMIT, tamper_blob_limit)                                                               \
    X(BLOB_DIGEST, tamper_blob_digest)                                                             \
    X(ROOT_OR_SEAT, tamper_root_or_seat)                                                           \
    X(REVOKED, tamper_revoked)                                                                     \
    X(TERM, tamper_term)                                                                           \
    X(N, tamper_n)                                                                                 \
    X(PREV, tamper_prev)                                                                           \
    X(SEEN_FALLS, tamper_seen_falls)                                                               \
    X(SEEN_ABOVE, tamper_seen_above)                                                               \
    X(SEEN_ROOT, tamper_seen_root)                                                                 \
    X(SIGNATURE, tamper_signature)                                                                 \
    X(SEAL_FORM, tamper_seal_form)                                                                 \
    X(SEAL_COUNT, tamper_seal_count)                                                               \
    X(SEAL_TYPE, tamper_seal_type)                                                                 \
    X(SEAL_SHARE, tamper_seal_share)                                                               \
    X(SEAL_PADDING, tamper_seal_padding)                                                           \
    X(CONVENER_ADMITS, tamper_convener_admits)                                                     \
    X(SLIP_TABLE, tamper_slip_table)                                                               \
    X(SLIP_SIGNED, tamper_slip_signed)                                                             \
    X(SIDE_ONCE, tamper_side_once)                                                                 \
    X(KID_NEW, tamper_kid_new)                                                                     \
    X(KID_TWICE, tamper_kid_twice)                                                                 \
    X(POST_TWICE, tamper_post_twice)                                                               \
    X(SEAT_OWN, tamper_seat_own)                                                                   \
    X(SEAT_POST, tamper_seat_post)                                                                 \
    X(REVOKE_OWN, tamper_revoke_own)                                                               \
    X(REVOKE_ONCE, tamper_revoke_once)                                                             \
    X(NAMING_GROUP, tamper_naming_group)                                                           \
    X(NAMING_MOST, tamper_naming_most)                                                             \
    X(NAMING_TWICE, tamper_naming_twice)                                                           \
    X(NAMING_OWN, tamper_naming_own)                                                               \
    X(CS_TERM, tamper_cs_term)                                                                     \
    X(CS_TREE, tamper_cs_tree)                                                                     \
    X(CS_NAMED, tamper_cs_named)                                                                   \
    X(CS_NUMBER, tamper_cs_number)                                                                 \
    X(CS_SIZE, tamper_cs_size)                                                                     \
    X(CS_TIME, tamper_cs_time)                                                                     \
    X(CS_HOST, tamper_cs_host)                                                                     \
    X(CS_WITNESS, tamper_cs_witness)                                                               \
    X(SUCC_SIZE, tamper_succ_size)                                                                 \
    X(SUCC_ONE, tamper_succ_one)                                                                   \
    X(SUCC_TREE, tamper_succ_tree)                                                                 \
    X(SUCC_HOST, tamper_succ_host)                                                                 \
    X(SUCC_SIDE, tamper_succ_side)                                                                 \
    X(SUCC_ONCE, tamper_succ_once)                                                                 \
    X(SUCC_ALONE, tamper_succ_alone)

/* The same at a table where nobody has joined. */
#define TAMPER_FRESH(X)                                                                            \
    X(CONVENER_ROOT, tamper_convener_root)                                                         \
    X(SEAT_JOINED, tamper_seat_joined)

/* Proofs that convict nobody, or another. */
#define TAMPER_PROOFS(X)                                                                           \
    X(FRAUD_TABLE, proof_table)                                                                    \
    X(FRAUD_SIZES, proof_terms)                                                                    \
    X(FRAUD_TREES, proof_one_tree)                                                                 \
    X(FRAUD_LEAVES, proof_one_leaf)                                                                \
    X(FRAUD_SHOWN, proof_not_shown)                                                                \
    X(FRAUD_SIGNED, proof_not_signed)                                                              \
    X(FORK_HOST, proof_other_host)                                                                 \
    X(TIMES_FALL, proof_times_rise)                                                                \
    X(WITNESS_TERM, proof_two_terms)                                                               \
    X(DOUBLE_CHAIN, proof_two_chains)                                                              \
    X(DOUBLE_PLACE, proof_two_places)                                                              \
    X(DOUBLE_DIFFER, proof_same_twice)                                                             \
    X(DOUBLE_NOTED, proof_not_noted)                                                               \
    X(DOUBLE_TERM, proof_other_term)                                                               \
    X(DOUBLE_GUILTY, proof_host_forked)                                                            \
    X(SEEN_HOST, proof_seen_other_host)                                                            \
    X(SEEN_SIZE, proof_seen_other_size)                                                            \
    X(SEEN_OTHER, proof_seen_same)

/* What is inside a seal, and papers; true: it is taken for what it says. */
#define TAMPER_WORDS(X)                                                                            \
    X(CONTENT_TABLE, words_other_table)                                                            \
    X(CONTENT_AUTHOR, words_other_author)                                                          \
    X(CONTENT_PLACE, words_other_place)                                                            \
    X(CONTENT_COMMIT, words_other_commit)                                                          \
    X(PAPER_TABLE, paper_other_table)                                                              \
    X(PAPER_SIGNED, paper_not_signed)                                                              \
    X(PAPER_PRINCIPAL, paper_other_principal)                                                      \
    X(FOUND_TABLE, found_other_table)                                                              \
    X(FOUND_EXPECTED, found_not_expected)                                                          \
    X(FOUND_ROOT, found_other_root)                                                                \
    X(NOTE_TABLE, note_other_table)                                                                \
    X(NOTE_HOST, note_other_host)                                                                  \
    X(NOTE_ROOT, note_other_root)                                                                  \
    X(NOTE_WITNESS, note_other_witness)

#define TAMPER_WORD(check, name) bool name(struct tamper *t);
TAMPER_WORDS(TAMPER_WORD)
#undef TAMPER_WORD

#define TAMPER_ACT(check, name) struct door_item name(struct tamper *t);
TAMPER_ACTS(TAMPER_ACT)
TAMPER_FRESH(TAMPER_ACT)
#undef TAMPER_ACT

/* The file; what the C code says of it through out: who is guilty, zeros where nobody. */
#define TAMPER_PROOF(check, name) struct bytes name(struct tamper *t);
TAMPER_PROOFS(TAMPER_PROOF)
#undef TAMPER_PROOF

/* Signs fields as they are, whatever a reader will say of them. */
struct door_item tamper_sign(struct record_sim *sim, const struct signer *signer,
                             const struct act *fields, struct bytes blob);

#endif
