/* SPDX-License-Identifier: Apache-2.0
 *
 * A call in the making, for the files that answer it.
 */
#ifndef ENTENTE_WEB_API_PRIV_H
#define ENTENTE_WEB_API_PRIV_H

#include "formats/yaml_tree.h"
#include "os/region.h"
#include "web/api.h"

struct call {
    struct api *api;
    const struct api_request *q;
    struct region mem;
    struct yaml_node *body; /* NULL: none was sent */
    struct json json;
    struct desk_say say;
    const char *asked; /* what it will mean, where that was not confirmed yet */
    const char *warns; /* what the desk warns of, where nobody went on all the same */
};

/* Whoever calls: no passphrase is asked for, the keys are the page's. */
struct desk_person call_person(struct call *c);

/* Opens the desk; *out is closed by the caller, also where this fails. */
MUST_CHECK bool call_sit(struct call *c, const char *verb, struct desk **out, struct err *err);

/* Another number of acts, or of those countersigned: whoever looks is told. */
void call_looked(struct api *a, const struct desk *d);

MUST_CHECK bool call_may_write(const struct call *c, struct err *err);

typedef bool call_run(struct call *c, struct err *err);

/* ---- a first hour: web/api_start.c ---- */

/* No table is here: what the page needs to found one, as members. */
MUST_CHECK bool start_empty(struct call *c, struct err *err);

call_run start_check, start_template, start_found, start_paper, start_join, start_slip,
    start_invite, start_admit;

/* ---- a scenario, which stays here: web/api_outlook.c ---- */
call_run outlook_analyse;

#endif
