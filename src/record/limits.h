/* SPDX-License-Identifier: Apache-2.0
 *
 * The ceilings of docs/FORMAT.md section 3 that the record layer guards.
 */
#ifndef ENTENTE_RECORD_LIMITS_H
#define ENTENTE_RECORD_LIMITS_H

#define ENVELOPE_MAX 4096u
#define CONTROL_BLOB_MAX 16384u
#define COUNTERSIGN_BLOB_MAX 2048u
#define BLOB_LIMIT_LEAST 65536u
#define BLOB_LIMIT_DEFAULT 16777216u
#define BLOB_LIMIT_MOST 67108864u
#define SIDES_MAX 32u
#define GROUPS_MAX 20u
#define SIDE_SEATS_MAX 32u
#define SEATS_MAX 256u
#define GROUP_WITNESSES_MAX 8u
#define SUCCESSORS_MAX 8u
#define STANZAS_MAX 256u
#define STANZA_MULTIPLE_MAX 16u
#define STANZA_MULTIPLE_DEFAULT 4u
#define GRACE_LEAST 60u
#define GRACE_MOST 31536000u
#define ITEMS_MAX 256u
#define ITEM_TEXT_MAX 65536u
#define ISSUES_MAX 256u
#define NAME_MAX_BYTES 128u
#define ID_MAX_BYTES 32u
#define EPOCHS_MAX 65535u
#define LEAVES_MAX (UINT64_C(1) << 40)
#define SECONDS_MAX UINT64_C(253402300799) /* the last second of the year 9999 */
#define NOTE_BYTES_MAX 65536u
#define NOTE_LINES_MAX 200u
#define PROOF_BYTES_MAX 131072u
#define BUNDLE_BYTES_MAX (UINT64_C(4) << 30)

/* "Never": an index that no act has. */
#define INDEX_NEVER UINT64_MAX

#endif
