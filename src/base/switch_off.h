/* SPDX-License-Identifier: Apache-2.0
 *
 * Every check of docs/FORMAT.md that one of PROTOCOL 3.3 to 3.6, 4.2 and 6 asks for, by name.  At the
 * check stands CHECK_ON(NAME), which is true: in an ordinary build there is nothing to switch.
 * With -Dmutants=true a test can switch off one of them (or a few) and see who notices: a rule that
 * nobody misses is no rule, or there is an attack that nobody has tried (tests/sim/mutants.py,
 * docs/TESTING.md).
 *
 *     if (CHECK_ON(SEEN_FALLS) && act->seen_size < chain.seen_size) { refuse }
 */
#ifndef ENTENTE_BASE_SWITCH_OFF_H
#define ENTENTE_BASE_SWITCH_OFF_H

#include <stdbool.h>

/* X(name, section of the protocol, what must hold) */
#define SWITCH_LIST(X)                                                                             \
    /* an envelope and its blob */                                                                 \
    X(CANONICAL, "3.3", "heads of CBOR are shortest")                                              \
    X(COMMIT_CONTROL, "3.3", "a control act commits to its blob")                                  \
    X(TAG_CONTROL, "3.3", "a control act has no tag")                                              \
    X(FOUND_FIRST, "3.3", "only leaf 0 founds")                                                    \
    X(FOUND_TABLE, "3.3", "the founding makes the table that its envelope names")                  \
    X(FOUND_EXPECTED, "3.3", "it founds the table that is expected")                               \
    X(FOUND_ROOT, "3.3", "the founder is the root that the founding names")                        \
    X(TABLE, "3.3", "it is of this table")                                                         \
    X(BLOB_LENGTH, "3.3", "the blob has the length that is named")                                 \
    X(BLOB_LIMIT, "3.3", "a blob is below the table's limit")                                      \
    X(BLOB_DIGEST, "3.3", "the blob has the digest that is named")                                 \
    X(ROOT_OR_SEAT, "3.3", "roots sign what roots sign, seats the rest")                           \
    X(REVOKED, "3.3", "who is revoked writes nothing")                                             \
    X(TERM, "3.3", "it is of the term of the log")                                                 \
    X(N, "3.3", "n has no gap")                                                                    \
    X(PREV, "3.3", "prev is the author's last act")                                                \
    X(SEEN_FALLS, "3.3", "seen_size never falls along a chain")                                    \
    X(SEEN_ABOVE, "3.3", "nobody has seen more than there was")                                    \
    X(SEEN_ROOT, "3.3", "seen_root is the log's at that size")                                     \
    X(SIGNATURE, "3.3", "the envelope is signed by its author")                                    \
    X(SEAL_FORM, "3.3", "a sealed blob is an age file")                                            \
    X(SEAL_COUNT, "3.3", "stanzas are a multiple of R")                                            \
    X(SEAL_TYPE, "3.3", "stanzas are of X25519")                                                   \
    X(SEAL_SHARE, "3.3", "no share is of low order")                                               \
    X(SEAL_PADDING, "3.3", "the content is padded to a bucket")                                    \
    X(HOST_GUARD, "3.3", "a host whose record is behind its guard signs nothing")                  \
    X(SEAT_GUARD, "3.2", "a seat signs one act for one number")                                    \
    /* control acts */                                                                             \
    X(CONVENER_ADMITS, "3.3", "the convener admits sides")                                         \
    X(SLIP_TABLE, "3.3", "a slip is of this table")                                                \
    X(SLIP_SIGNED, "3.3", "a slip is signed by every key in it")                                   \
    X(SIDE_ONCE, "3.3", "a side has one root")                                                     \
    X(CONVENER_ROOT, "3.3", "the convener joins with the founding's root")                         \
    X(KID_NEW, "3.3", "no key is admitted twice")                                                  \
    X(KID_TWICE, "3.3", "no key is in a slip twice")                                               \
    X(POST_TWICE, "3.3", "no post is in a slip twice")                                             \
    X(SEAT_OWN, "3.3", "a root admits its own seats")                                              \
    X(SEAT_JOINED, "3.3", "a side joins before its later seats")                                   \
    X(SEAT_POST, "3.3", "a post is held once")                                                     \
    X(REVOKE_OWN, "3.3", "a root revokes its own seats")                                           \
    X(REVOKE_ONCE, "3.3", "a seat is revoked once")                                                \
    X(NAMING_GROUP, "3.3", "only groups name witnesses")                                           \
    X(NAMING_MOST, "3.3", "k is more than half of n, and at most n")                               \
    X(NAMING_TWICE, "3.3", "a witness is named once in a list")                                    \
    X(NAMING_OWN, "3.3", "witnesses are own seats in office")                                      \
    /* countersigning */                                                                           \
    X(CS_TERM, "3.5", "the checkpoint is of the table and term of its envelope")                   \
    X(CS_TREE, "3.5", "the checkpoint is the tree that the envelope cites")                        \
    X(CS_NAMED, "3.5", "the witness was named")                                                    \
    X(CS_NUMBER, "3.5", "the line has the seat's own number")                                      \
    X(CS_SIZE, "3.4", "a witness's sizes never fall")                                              \
    X(CS_TIME, "3.4", "a witness's times never fall")                                              \
    X(CS_HOST, "3.5", "the host's line holds")                                                     \
    X(CS_WITNESS, "3.5", "the witness's line holds")                                               \
    /* taking a record in */                                                                       \
    X(NOTE_TABLE, "3.5", "a checkpoint is of this table")                                          \
    X(NOTE_HOST, "3.5", "a checkpoint is signed by the host")                                      \
    X(NOTE_WITNESS, "3.5", "a witness's line under a checkpoint is his")                           \
    X(NOTE_ROOT, "3.5", "a checkpoint is of the acts delivered")                                   \
    X(HEAD_BACK, "3.5", "the record never goes back")                                              \
    X(WITNESS_GUARD, "3.5", "what is countersigned is persisted first, and never goes back")       \
    /* times */                                                                                    \
    X(T_MAJORITY, "3.4", "t is a majority's")                                                      \
    X(B_MAJORITY, "3.4", "b is a majority's")                                                      \
    X(T_OUT, "3.4", "groups that are out have no say in t")                                        \
    X(B_OUT, "3.4", "groups that are out have no say in b")                                        \
    X(T_K, "3.4", "t of a group is that of k witnesses")                                           \
    X(B_K, "3.4", "b of a group is that of k witnesses")                                           \
    X(B_SEEN, "3.4", "b is of what the author had seen")                                           \
    X(IN_TIME, "3.4", "in time is what t says")                                                    \
    X(LATE, "3.4", "late is what b says")                                                          \
    X(SURELY, "3.4", "an hour has surely passed when b says so")                                   \
    X(SETTLE_LATE, "3.4", "what is late binds nothing")                                            \
    X(SETTLE_PENDING, "3.4", "what is pending binds nothing yet")                                  \
    X(CONTESTED, "3.4", "what is contested binds nothing")                                         \
    X(CONFIRM_ALL, "3.4", "a contested act is confirmed by all parties")                           \
    X(DEADLINE, "3.4", "what is surely late does not count")                                       \
    X(SAW_GROUP, "3.4", "a side has seen what it countersigned")                                   \
    X(CROSS_ANSWER, "3.4", "an acceptance crosses a withdrawal unseen")                            \
    X(CROSS_RATIFY, "3.4", "a ratification crosses a withdrawal unseen")                           \
    X(CROSS_WITHDRAW, "3.4", "a withdrawal crosses what it had not seen")                          \
    X(CROSSED, "3.4", "nothing crossed is agreed")                                                 \
    X(UNCROSS_BOTH, "3.4", "both sides confirm what crossed")                                      \
    X(SEEN_WITHDRAWN, "3.4", "who had seen a withdrawal accepts nothing")                          \
    X(COMPLETE, "3.4", "what is complete is not taken back")                                       \
    /* cover, final, out */                                                                        \
    X(WAIT_FINAL, "3.5", "what is not countersigned by all binds nothing")                         \
    X(COVER_ALL, "3.5", "final is covered by every group")                                         \
    X(COVER_K, "3.5", "k witnesses of a group cover")                                              \
    X(COVER_NAMED, "3.5", "a size is covered by those named below it")                             \
    X(PROCEED_OTHER, "3.5", "a side does not go on without itself")                                \
    X(PROCEED_GROUP, "3.5", "groups alone go on without another")                                  \
    X(PROCEED_SINCE, "3.5", "the grace runs from the silent side's last word")                     \
    X(PROCEED_GRACE, "3.5", "a grace went by")                                                     \
    X(PROCEED_TWO, "3.5", "two other groups went on")                                              \
    X(OUT_ENDS, "3.5", "who countersigns again is in")                                             \
    /* fraud proofs */                                                                             \
    X(FRAUD_TABLE, "3.6", "statements are of the proof's table")                                   \
    X(FRAUD_SIZES, "3.6", "trees of two terms exclude nothing")                                    \
    X(FRAUD_TREES, "3.6", "one tree twice is no fork")                                             \
    X(FRAUD_LEAVES, "3.6", "leaves shown differ")                                                  \
    X(FRAUD_SHOWN, "3.6", "leaves shown are in the trees")                                         \
    X(FRAUD_SIGNED, "3.6", "an envelope is signed by the accused")                                 \
    X(FORK_HOST, "3.6", "the accused host signed both notes")                                      \
    X(TIMES_FALL, "3.6", "a witness's times fall")                                                 \
    X(WITNESS_TERM, "3.6", "his two times are of one term")                                        \
    X(DOUBLE_CHAIN, "3.6", "two envelopes are of one author")                                      \
    X(DOUBLE_PLACE, "3.6", "two envelopes are of one n")                                           \
    X(DOUBLE_DIFFER, "3.6", "two envelopes say two things")                                        \
    X(DOUBLE_NOTED, "3.6", "both were noted")                                                      \
    X(DOUBLE_TERM, "3.6", "both were noted in their term")                                         \
    X(DOUBLE_GUILTY, "3.6", "where the host forked, he is guilty")                                 \
    X(SEEN_HOST, "3.6", "the cited tree's note is the host's")                                     \
    X(SEEN_SIZE, "3.6", "note and envelope speak of one size")                                     \
    X(SEEN_OTHER, "3.6", "note and envelope have two roots")                                       \
    /* succession */                                                                               \
    X(SUCC_SIZE, "3.6", "a succession begins where it says")                                       \
    X(SUCC_ONE, "3.6", "all post one succession")                                                  \
    X(SUCC_TREE, "3.6", "its envelope cites its tree")                                             \
    X(SUCC_HOST, "3.6", "the new host is new")                                                     \
    X(SUCC_SIDE, "3.6", "groups that are in take part")                                            \
    X(SUCC_ONCE, "3.6", "each posts it once")                                                      \
    X(SUCC_ALONE, "3.6", "nothing is noted in between")                                            \
    /* seals and keys of rooms */                                                                  \
    X(CONTENT_TABLE, "4.2", "what is sealed is of this table")                                     \
    X(CONTENT_AUTHOR, "4.2", "what is sealed is its author's")                                     \
    X(CONTENT_PLACE, "4.2", "what is sealed is of this n and term")                                \
    X(CONTENT_COMMIT, "4.2", "what is sealed is what was committed to")                            \
    X(SEAL_PERSONS, "4.2", "in shared rooms acts are sealed to the room")                          \
    X(SEAL_ROOM, "4.2", "seal and header name one room and number")                                \
    X(SEAL_NEWEST, "4.2", "an act is sealed to the newest key")                                    \
    X(SEAL_LEFT, "4.2", "nobody seals to who has left")                                            \
    X(ROOM_KIND, "4.2", "what binds counts where all sit")                                         \
    X(EPOCH_IDENTITY, "4.2", "a key is sealed to identities, and says so")                         \
    X(EPOCH_HOLDS, "4.2", "the public key is that of the secret")                                  \
    X(EPOCH_ROOM, "4.2", "header and item name one room")                                          \
    X(EPOCH_MAY, "4.2", "its author may give the room a key")                                      \
    X(EPOCH_NUMBER, "4.2", "its number is that of the membership")                                 \
    X(EPOCH_FIRST, "4.2", "the first key of a number stands")                                      \
    X(EPOCH_MEMBERS, "4.2", "it names the members")                                                \
    X(EPOCH_SEALED, "4.2", "it is sealed to every member")                                         \
    X(GRANT_MAY, "4.2", "who grants may grant")                                                    \
    X(GRANT_SIDE, "4.2", "grants come of one's own side or the convener")                          \
    X(GRANT_PERSONS, "4.2", "a granted key opens what was sealed to identities")                   \
    /* mandates and other papers */                                                                \
    X(PAPER_PRINCIPAL, "6", "a paper is signed by the principal that it names")                    \
    X(PAPER_TABLE, "6", "a paper is of this table")                                                \
    X(PAPER_SIGNED, "6", "a paper's signature holds")                                              \
    X(PAPER_SIDE, "6", "a paper is of its bearer's side")                                          \
    X(CHARTER_SIGNED, "6", "this charter and this roster were signed")                             \
    X(MANDATE_SEAT, "6", "a mandate is for an own seat")                                           \
    X(MANDATE_REVOKED, "6", "a revoked mandate is not posted again")                               \
    X(MANDATE_ONCE, "6", "a mandate counts once")                                                  \
    X(DELEGATE, "6", "a mandate is for its delegate")                                              \
    X(POWERS, "6", "a mandate has the power")                                                      \
    X(COVERS, "6", "a mandate covers the issues")                                                  \
    X(REVOCATION, "6", "a revoked mandate gives nothing")                                          \
    X(EXPIRED, "6", "a mandate surely expired gives nothing")                                      \
    X(EXPIRY, "6", "an acceptance is of a mandate's time")                                         \
    X(NOT_BEFORE, "6", "an acceptance is of a mandate that has begun")                             \
    X(EXPIRY_PRINCIPAL, "6", "the principal confirms what his envoy's expiry contests")            \
    X(PRINCIPAL_SAID, "6", "what the principal said he alone changes")                             \
    X(RATIFY_THIS, "6", "a ratification is of this very version")                                  \
    X(RATIFY_SPENT, "6", "a ratification counts once")                                             \
    X(RATIFY_ONCE, "6", "a side ratifies once")                                                    \
    X(RATIFY_AGREED, "6", "what is ratified was accepted by all")                                  \
    X(RATIFIED, "6", "ad referendum binds once ratified")                                          \
    X(ALL_ISSUES, "6", "a package that binds leaves nothing out")                                  \
    X(BINDS_ONCE, "6", "one package binds a phase")                                                \
    X(WITHDRAWN, "6", "what is withdrawn does not bind")                                           \
    X(OWN_WITHDRAW, "6", "its own side withdraws a proposal")

#ifdef ENTENTE_MUTANTS

#define SWITCH_NAME(name, section, words) SWITCH_##name,
enum switch_id { SWITCH_LIST(SWITCH_NAME) SWITCH_COUNT };
#undef SWITCH_NAME

/* For tests: switches one off; NULL switches all on again.  False: there is no such check. */
bool switch_off(const char *name);
bool switch_is_on(enum switch_id id);

#define CHECK_ON(name) switch_is_on(SWITCH_##name)

#else

#define CHECK_ON(name) true

#endif

#endif
