/* SPDX-License-Identifier: Apache-2.0
 *
 * The charter of examples/lake, which the demo carries with it.  The build writes the definition
 * (tools/embed-text.py).
 */
#ifndef ENTENTE_APP_LAKE_CHARTER_H
#define ENTENTE_APP_LAKE_CHARTER_H

extern const char lake_charter[]; /* YAML, NUL-terminated */

#endif
