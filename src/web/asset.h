/* SPDX-License-Identifier: Apache-2.0
 *
 * The files of the page, compressed, as they are built from page/ (tools/embed-assets.py).
 */
#ifndef ENTENTE_WEB_ASSET_H
#define ENTENTE_WEB_ASSET_H

#include "base/bytes.h"

struct asset {
    const char *path; /* "/app.js" */
    const char *type;
    const uint8_t *gzip;
    size_t n;
};

extern const struct asset assets[];
extern const size_t asset_count; /* 0: built without the page */

#endif
