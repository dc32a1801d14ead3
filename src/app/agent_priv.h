/* SPDX-License-Identifier: Apache-2.0
 *
 * What both ends of an agent's socket know.
 */
#ifndef ENTENTE_APP_AGENT_PRIV_H
#define ENTENTE_APP_AGENT_PRIV_H

#define AGENT_VERSION 1u
#define AGENT_MESSAGE_MAX (128u << 10)
#define AGENT_FRAME_MAX (AGENT_MESSAGE_MAX + 4096u)
#define AGENT_WAIT_MS 2000u

enum agent_call { AGENT_HELLO = 1, AGENT_SIGN = 2, AGENT_UNWRAP = 3, AGENT_LOCK = 4 };

#endif
