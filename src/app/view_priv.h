/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ENTENTE_APP_VIEW_PRIV_H
#define ENTENTE_APP_VIEW_PRIV_H

#include "app/view.h"
#include "table/gate.h"

const struct table_state *view_state(const struct view *v);
struct text view_seat(const struct view *v, uint32_t seat);
uint64_t view_final(const struct view *v);

#endif
