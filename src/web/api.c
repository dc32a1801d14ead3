/* SPDX-License-Identifier: Apache-2.0 */
#include "web/api.h"

#include "formats/json_tree.h"
#include "web/api_priv.h"
#include "web/verbs.h"

#define BODY_MEMORY ((size_t)16 << 20)
#define BODY_NODES 65536u
#define LAST_MOST 100000u
#define DAYS_MOST 3650u

/* ---- failures ---- */

static unsigned status_of(enum err_code code)
{
    switch (code) {
    case ERR_NONE:
        return 200;
    case ERR_USE:
    case ERR_FORMAT:
        return 400;
    case ERR_LIMIT:
        return 413;
    case ERR_KEY:
        return 401;
    case ERR_RULE:
        return 422;
    case ERR_STATE:
        return 409;
    case ERR_HOST:
        return 503;
    case ERR_VERIFY:
    case ERR_MEMORY:
    case ERR_IO:
        return 500;
    }
    return 500;
}

static void open_answer(struct json *j, struct buf *out)
{
    json_init(j, out);
    json_put_object(j);
    json_put_key(j, "v");
    json_put_u64(j, 1);
}

unsigned api_failure(const struct err *err, struct buf *out)
{
    struct json j;
    buf_clear(out);
    open_answer(&j, out);
    json_put_err(&j, err);
    json_put_end(&j);
    json_done(&j);
    return status_of(err->code);
}

/* ---- a call ---- */

static bool ask_nobody(void *ctx, const char *prompt, struct buf *out, struct err *err)
{
    (void)ctx;
    (void)prompt;
    (void)out;
    return err_set(err, ERR_KEY, "the keys of this seat are locked") ||
           err_mend(err, "unlock them with your passphrase");
}

static bool confirmed(void *ctx, const char *shown, struct err *err)
{
    struct call *c = ctx;
    if (text_is(verbs_word(c->body, "confirmed"), shown)) {
        return true;
    }
    c->asked = arena_str(&c->mem.mem, bytes_str(shown));
    return c->asked == NULL ? err_memory(err, "what is shown")
                            : err_set(err, ERR_USE, "this was not confirmed");
}

static bool warned(void *ctx, const char *shown)
{
    struct call *c = ctx;
    if (text_is(verbs_word(c->body, "anyway"), shown)) {
        return true;
    }
    c->warns = arena_str(&c->mem.mem, bytes_str(shown)); /* NULL: then it is refused */
    return false;
}

struct desk_person call_person(struct call *c)
{
    return (struct desk_person){.ask = {.passphrase = ask_nobody},
                                .keys = c->api->keys,
                                .confirm = confirmed,
                                .warned = warned,
                                .ctx = c,
                                .clock = &c->api->clock,
                                .chance = c->api->chance};
}

bool call_sit(struct call *c, const char *verb, struct desk **out, struct err *err)
{
    const struct desk_person who = call_person(c);
    return desk_open(c->api->dir, &who, verb, out, err);
}

void call_looked(struct api *a, const struct desk *d)
{
    uint64_t acts = desk_acts(d), final = desk_final(d);
    if (!desk_host_folder(d, a->news)) {
        a->news[0] = 0; /* then it is looked at from time to time alone */
    }
    if (acts != a->acts || final != a->final) {
        a->acts = acts;
        a->final = final;
        a->version++;
    }
}

/* ---- looking ---- */

static bool number_of(const struct call *c, const char *name, uint64_t otherwise, uint64_t most,
                      uint64_t *out, struct err *err)
{
    const char *s = c->q->query(c->q->ctx, name);
    *out = otherwise;
    if (s == NULL) {
        return true;
    }
    return (u64_parse(text_str(s), out) && *out <= most) ||
           err_set(err, ERR_USE, "%s is a whole number up to %llu", name, (unsigned long long)most);
}

static bool view_since_days(struct call *c, struct desk *d, struct err *err)
{
    uint64_t days;
    return number_of(c, "days", 7, DAYS_MOST, &days, err) &&
           desk_since(d, days == 0 ? 1 : (uint32_t)days, &c->say, err);
}

static bool view_noted(struct call *c, struct desk *d, struct err *err)
{
    uint64_t from;
    return number_of(c, "from", 0, UINT64_MAX, &from, err) && desk_noted(d, from, &c->say, err);
}

static bool view_record(struct call *c, struct desk *d, struct err *err)
{
    uint64_t from, count;
    return number_of(c, "from", 0, UINT64_MAX, &from, err) &&
           number_of(c, "count", 200, LAST_MOST, &count, err) &&
           desk_record(d, from, count, &c->say, err);
}

static bool view_room(struct call *c, struct desk *d, struct err *err)
{
    uint64_t last;
    struct text room;
    const char *name = c->q->query(c->q->ctx, "name");
    if (name == NULL) {
        return err_set(err, ERR_USE, "which room?");
    }
    return number_of(c, "last", 200, LAST_MOST, &last, err) &&
           text_from(bytes_str(name), &room, err) &&
           desk_room(d, room, (uint32_t)last, &c->say, err);
}

static bool text_of(const struct call *c, const char *name, struct text *out, struct err *err)
{
    const char *s = c->q->query(c->q->ctx, name);
    *out = (struct text){0};
    return s == NULL || *s == 0 || text_from(bytes_str(s), out, err);
}

static bool view_text(struct call *c, struct desk *d, struct err *err)
{
    struct text phase, version;
    return text_of(c, "phase", &phase, err) && text_of(c, "version", &version, err) &&
           desk_text_show(d, phase, version, &c->say, err);
}

static bool view_redline(struct call *c, struct desk *d, struct err *err)
{
    struct text phase, from, to;
    return text_of(c, "phase", &phase, err) && text_of(c, "from", &from, err) &&
           text_of(c, "to", &to, err) && desk_text_diff(d, phase, from, to, false, &c->say, err);
}

static bool view_memo(struct call *c, struct desk *d, struct err *err)
{
    struct text act;
    return text_of(c, "act", &act, err) &&
           desk_memo_show(d, act.n == 0 ? (struct text){0} : act, NULL, &c->say, err);
}

static bool view_carry(struct call *c, struct desk *d, struct err *err)
{
    struct text to;
    return text_of(c, "to", &to, err) &&
           desk_carry(d, to.p == NULL ? text_str("") : to, &c->say, err);
}

static bool view_tension(struct call *c, struct desk *d, struct err *err)
{
    uint64_t days;
    return number_of(c, "days", 30, DAYS_MOST, &days, err) &&
           desk_tension(d, days == 0 ? 1 : (uint32_t)days, DESK_CURVE, &c->say, err);
}

static const struct {
    const char *name;
    desk_look *plain; /* or, with parameters: */
    bool (*with)(struct call *c, struct desk *d, struct err *err);
} views[] = {
    {"journey", desk_journey, NULL},     {"moves", desk_moves, NULL},
    {"proposals", desk_proposals, NULL}, {"ledger", desk_ledger, NULL},
    {"rooms", desk_rooms, NULL},         {"issues", desk_issues, NULL},
    {"seats", desk_seats, NULL},         {"mandates", desk_mandates, NULL},
    {"levers", desk_levers, NULL},       {"consultations", desk_consultations, NULL},
    {"dates", desk_dates, NULL},         {"sheet", desk_sheet, NULL},
    {"text", NULL, view_text},           {"redline", NULL, view_redline},
    {"charter", desk_charter, NULL},     {"since", NULL, view_since_days},
    {"noted", NULL, view_noted},         {"record", NULL, view_record},
    {"room", NULL, view_room},           {"memo", NULL, view_memo},
    {"decisions", desk_decisions, NULL}, {"carry", NULL, view_carry},
    {"tension", NULL, view_tension},
};

static bool answer_view(struct call *c, const char *name, struct err *err)
{
    for (size_t i = 0; i < COUNT_OF(views); i++) {
        if (strcmp(views[i].name, name) == 0) {
            struct desk *d = NULL;
            bool ok = call_sit(c, "look", &d, err);
            if (ok) {
                call_looked(c->api, d);
                ok = views[i].plain != NULL ? views[i].plain(d, &c->say, err)
                                            : views[i].with(c, d, err);
            }
            desk_close(d);
            return ok;
        }
    }
    return err_set(err, ERR_USE, "there is no such view");
}

static bool answer_self(struct call *c, struct err *err)
{
    struct desk *d = NULL;
    struct json *j = &c->json;
    bool here = desk_is_one(c->api->dir);
    bool locked = c->api->keys == NULL && here && !desk_unlocked(c->api->dir);
    json_put_key(j, "locked");
    json_put_bool(j, locked);
    json_put_key(j, "read_only");
    json_put_bool(j, c->api->read_only);
    json_put_key(j, "version");
    json_put_u64(j, c->api->version);
    json_put_key(j, "host_error");
    json_put_str(j, c->api->host.what);
    json_put_key(j, "host_mend");
    json_put_str(j, c->api->host.mend);
    if (!here) {
        return start_empty(c, err);
    }
    if (locked) {
        return true;
    }
    bool ok = call_sit(c, "look", &d, err) && desk_self(d, &c->say, err);
    if (ok) {
        call_looked(c->api, d);
    }
    desk_close(d);
    return ok;
}

/* ---- keys ---- */

static bool give_passphrase(void *ctx, const char *prompt, struct buf *out, struct err *err)
{
    const struct bytes *passphrase = ctx;
    (void)prompt; /* the page asks in its own words */
    buf_add(out, *passphrase);
    return buf_done(out, "the passphrase", err);
}

bool api_unlock(struct api *a, struct bytes passphrase, struct err *err)
{
    const struct keys_ask ask = {.passphrase = give_passphrase, .ctx = &passphrase};
    struct desk_keys *keys = NULL;
    if (!desk_keys_open(a->dir, &ask, &keys, err)) {
        return false;
    }
    desk_keys_free(a->keys);
    a->keys = keys;
    a->version++;
    return true;
}

static bool answer_unlock(struct call *c, struct err *err)
{
    struct text word = verbs_word(c->body, "passphrase");
    return word.p != NULL ? api_unlock(c->api, text_bytes(word), err)
                          : err_set(err, ERR_KEY, "the passphrase is missing") ||
                                err_mend(err, "type the passphrase of this seat");
}

static bool answer_lock(struct call *c, struct err *err)
{
    (void)err;
    desk_keys_free(c->api->keys);
    c->api->keys = NULL;
    c->api->version++;
    return true;
}

/* ---- acting ---- */

bool call_may_write(const struct call *c, struct err *err)
{
    return !c->api->read_only || err_set(err, ERR_STATE, "this page was opened to read only") ||
           err_mend(err, "open it without --read-only to file something");
}

static bool answer_sync(struct call *c, struct err *err)
{
    struct desk *d = NULL;
    bool ok = call_may_write(c, err) && call_sit(c, "sync", &d, err) && desk_sync(d, &c->say, err);
    if (ok) {
        err_clear(&c->api->host);
        call_looked(c->api, d);
    } else if (err->code == ERR_HOST) {
        c->api->host = *err;
    }
    desk_close(d);
    return ok;
}

static bool answer_act(struct call *c, struct err *err)
{
    struct desk *d = NULL;
    if (!call_may_write(c, err) || !verbs_known(c->body, err)) {
        return false;
    }
    bool ok = call_sit(c, "act", &d, err) && verbs_do(d, c->body, &c->mem.mem, &c->say, err);
    if (d != NULL) {
        call_looked(c->api, d);
    }
    desk_close(d);
    return ok;
}

/* ---- routes ---- */

static const struct {
    const char *method;
    const char *path;
    call_run *run;
} routes[] = {
    {"GET", "/api/self", answer_self},        {"POST", "/api/unlock", answer_unlock},
    {"POST", "/api/lock", answer_lock},       {"POST", "/api/sync", answer_sync},
    {"POST", "/api/act", answer_act},         {"POST", "/api/check", start_check},
    {"POST", "/api/found", start_found},      {"POST", "/api/paper", start_paper},
    {"POST", "/api/join", start_join},        {"GET", "/api/slip", start_slip},
    {"POST", "/api/invite", start_invite},    {"POST", "/api/admit", start_admit},
    {"GET", "/api/template", start_template}, {"POST", "/api/analyse", outlook_analyse},
};

static bool route(struct call *c, struct err *err)
{
    static const char view[] = "/api/view/";
    if (strcmp(c->q->method, "GET") == 0 && strncmp(c->q->path, view, sizeof(view) - 1) == 0) {
        return answer_view(c, c->q->path + sizeof(view) - 1, err);
    }
    for (size_t i = 0; i < COUNT_OF(routes); i++) {
        if (strcmp(routes[i].method, c->q->method) == 0 &&
            strcmp(routes[i].path, c->q->path) == 0) {
            return routes[i].run(c, err);
        }
    }
    return err_set(err, ERR_USE, "there is nothing of that name here");
}

static bool read_body(struct call *c, struct err *err)
{
    if (c->q->body.n == 0) {
        return true;
    }
    return json_tree_read(c->q->body, "the request", BODY_NODES, &c->mem.mem, &c->body, err) &&
           (c->body->kind == YAML_MAP || err_set(err, ERR_FORMAT, "the request is no JSON object"));
}

static unsigned ask_first(const struct call *c, struct buf *out)
{
    struct json j;
    buf_clear(out);
    open_answer(&j, out);
    json_put_key(&j, c->asked != NULL ? "confirm" : "warning");
    json_put_str(&j, c->asked != NULL ? c->asked : c->warns);
    json_put_end(&j);
    json_done(&j);
    return 409;
}

unsigned api_answer(struct api *a, const struct api_request *q, struct buf *out)
{
    struct err err = {0};
    struct call c = {.api = a, .q = q};
    unsigned status = 200;
    a->used_us = clock_monotonic_us();
    bool ok = region_init(&c.mem, REGION_SECRET, BODY_MEMORY, &err) && read_body(&c, &err);
    open_answer(&c.json, out);
    c.say = (struct desk_say){.json = &c.json};
    ok = ok && route(&c, &err);
    if (ok) {
        json_put_end(&c.json);
        json_done(&c.json);
        ok = buf_done(out, "the answer", &err);
    }
    if (!ok) {
        status = c.asked != NULL || c.warns != NULL ? ask_first(&c, out) : api_failure(&err, out);
    }
    region_free(&c.mem);
    return status;
}

/* ---- by itself ---- */

bool api_news(struct api *a)
{
    struct err untold = {0}; /* the tick that follows tells it */
    struct desk *d = NULL;
    if (a->keys == NULL) {
        return false;
    }
    const struct desk_person who = {.keys = a->keys, .clock = &a->clock, .chance = a->chance};
    if (desk_open(a->dir, &who, "page", &d, &untold) &&
        (a->read_only || desk_take_in(d, &untold))) {
        call_looked(a, d);
    }
    desk_close(d);
    return !a->read_only;
}

void api_tick(struct api *a)
{
    struct err err = {0};
    struct desk *d = NULL;
    if (a->keys != NULL && clock_monotonic_us() - a->used_us > API_IDLE_US) {
        desk_keys_free(a->keys);
        a->keys = NULL;
        a->version++;
    }
    if (a->keys == NULL) {
        return;
    }
    const struct desk_person who = {.keys = a->keys, .clock = &a->clock, .chance = a->chance};
    struct buf words;
    buf_init(&words, 1u << 20);
    const struct desk_say say = {.words = &words};
    enum err_code before = a->host.code;
    if (desk_open(a->dir, &who, "page", &d, &err)) {
        bool reached = a->read_only || desk_sync(d, &say, &err);
        call_looked(a, d);
        if (reached) {
            err_clear(&a->host);
        } else {
            a->host = err;
        }
        if (a->host.code != before) {
            a->version++;
        }
    }
    desk_close(d);
    buf_free(&words);
}

void api_close(struct api *a)
{
    desk_keys_free(a->keys);
    a->keys = NULL;
}
