/* SPDX-License-Identifier: Apache-2.0 */
#include "web/web.h"

#include <microhttpd.h>
#include <stdio.h>

#include "base/check.h"
#include "base/fixed.h"
#include "base/json_out.h"
#include "os/clock.h"
#include "os/file.h"
#include "os/place.h"
#include "os/region.h"
#include "os/socket.h"
#include "os/stop.h"
#include "os/watch.h"
#include "web/api.h"
#include "web/asset.h"
#include "web/guard.h"

#define CONNECTIONS_MAX 64u
#define LISTENERS_MAX 16u
#define CONNECTION_SECONDS 60u
#define WAIT_MS 500
#define TICK_US (UINT64_C(2) * 1000000)
#define REST_US (UINT64_C(10) * 1000)  /* an act is written in several steps */
#define OWED_US (UINT64_C(150) * 1000) /* whoever was told of it asks meanwhile */
#define USED_US (UINT64_C(60) * 1000000)
#define WEB_MEMORY ((size_t)1 << 20)

struct web;

/* A browser that waits to be told of changes (server-sent events). */
struct listener {
    struct web *web;
    struct MHD_Connection *connection; /* NULL: free */
    uint64_t told;                     /* the version that it knows */
    bool asleep;
};

/* One request while its body comes in. */
struct exchange {
    bool used;
    struct buf body;
};

/* The folder that tells of a seat's news. */
struct source {
    int number; /* of the watch; 0: none */
    char folder[DESK_PATH_MAX];
    bool owed; /* what was taken in is to be countersigned */
    bool news; /* something was written there since it was looked at */
};

struct web {
    struct guard guard;
    struct api seats[WEB_SEATS_MAX];
    struct watch watch;
    struct source sources[WEB_SEATS_MAX];
    size_t seat_count;
    size_t turn; /* the seat that is looked at next, beside those in use */
    struct MHD_Daemon *daemon;
    struct listener listeners[LISTENERS_MAX];
    struct exchange exchanges[CONNECTIONS_MAX]; /* a connection has one at a time */
    bool ending;
    bool woken; /* somebody who listens is to be told before there is any waiting */
};

/* ---- answers ---- */

static const struct {
    const char *name;
    const char *value;
} always[] = {
    {"Content-Security-Policy",
     "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
     "img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
     "require-trusted-types-for 'script'; trusted-types 'none'"},
    {"X-Content-Type-Options", "nosniff"},
    {"X-Frame-Options", "DENY"},
    {"Referrer-Policy", "no-referrer"},
    {"Cross-Origin-Opener-Policy", "same-origin"},
    {"Cross-Origin-Resource-Policy", "same-origin"},
    {"Permissions-Policy", "camera=(), microphone=(), geolocation=()"},
    {"Cache-Control", "no-store"},
};

static enum MHD_Result reply(struct MHD_Connection *to, unsigned status, const char *type,
                             struct MHD_Response *r)
{
    if (r == NULL) {
        return MHD_NO;
    }
    bool ok = MHD_add_response_header(r, MHD_HTTP_HEADER_CONTENT_TYPE, type) == MHD_YES;
    for (size_t i = 0; i < COUNT_OF(always); i++) {
        ok = ok && MHD_add_response_header(r, always[i].name, always[i].value) == MHD_YES;
    }
    enum MHD_Result result = ok ? MHD_queue_response(to, status, r) : MHD_NO;
    MHD_destroy_response(r);
    return result;
}

static struct MHD_Response *copied(struct bytes body)
{
    union {
        const void *in;
        void *out;
    } p = {.in = body.n == 0 ? "" : (const void *)body.p}; /* it is copied, not written to */
    return MHD_create_response_from_buffer(body.n, p.out, MHD_RESPMEM_MUST_COPY);
}

static enum MHD_Result send_page(struct MHD_Connection *to, unsigned status, const char *title,
                                 const char *text)
{
    char html[1024];
    struct buf b;
    buf_over(&b, html, sizeof(html));
    buf_printf(&b,
               "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>%s</title>"
               "<h1>%s</h1><p>%s</p>",
               title, title, text);
    return reply(to, status, "text/html; charset=utf-8", copied(buf_bytes(&b)));
}

static enum MHD_Result send_failure(struct MHD_Connection *to, unsigned status, const char *what,
                                    const char *mend)
{
    struct err err = {0};
    struct buf b;
    buf_init(&b, 8192);
    (void)err_set(&err, ERR_USE, "%s", what);
    (void)err_mend(&err, "%s", mend);
    (void)api_failure(&err, &b); /* the status is the caller's */
    enum MHD_Result result = reply(to, status, "application/json",
                                   buf_ok(&b) ? copied(buf_bytes(&b)) : NULL);
    buf_free(&b);
    return result;
}

/* ---- the door ---- */

static const char *header(struct MHD_Connection *c, const char *name)
{
    return MHD_lookup_connection_value(c, MHD_HEADER_KIND, name);
}

/* A page of its own leads on: a cookie of SameSite=Strict is not sent along a redirection that
 * began elsewhere. */
static enum MHD_Result enter(struct web *w, struct MHD_Connection *c)
{
    static const char html[] = "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\">"
                               "<title>entente</title><link rel=\"icon\" href=\"data:,\">"
                               "<meta http-equiv=\"refresh\" "
                               "content=\"0; url=/\"><p><a href=\"/\">Go on</a></p>";
    char name[GUARD_NAME_MAX], cookie[192];
    if (!guard_enter(&w->guard, MHD_lookup_connection_value(c, MHD_GET_ARGUMENT_KIND, "key"))) {
        return send_page(c, MHD_HTTP_FORBIDDEN, "This link was used",
                         "Each link opens the page once. Go back to the browser that used it, or "
                         "run <code>entente ui</code> again.");
    }
    guard_cookie_name(&w->guard, name);
    (void)snprintf(cookie, sizeof(cookie), "%s=%s; HttpOnly; SameSite=Strict; Path=/", name,
                   w->guard.cookie); /* fits */
    struct MHD_Response *r = copied(bytes_str(html));
    bool ok = r != NULL && MHD_add_response_header(r, "Set-Cookie", cookie) == MHD_YES;
    bytes_wipe(cookie, sizeof(cookie));
    if (!ok && r != NULL) {
        MHD_destroy_response(r);
        r = NULL;
    }
    return reply(c, MHD_HTTP_OK, "text/html; charset=utf-8", r);
}

static const struct asset *find_asset(const char *path)
{
    for (size_t i = 0; i < asset_count; i++) {
        if (strcmp(assets[i].path, strcmp(path, "/") == 0 ? "/index.html" : path) == 0) {
            return &assets[i];
        }
    }
    return NULL;
}

static enum MHD_Result send_asset(struct MHD_Connection *c, const struct asset *a)
{
    struct MHD_Response *r = copied(bytes_of(a->gzip, a->n));
    const char *takes = header(c, MHD_HTTP_HEADER_ACCEPT_ENCODING);
    if (takes == NULL || strstr(takes, "gzip") == NULL) {
        if (r != NULL) {
            MHD_destroy_response(r);
        }
        return send_page(c, MHD_HTTP_NOT_ACCEPTABLE, "entente",
                         "This browser does not take compressed pages.");
    }
    if (r != NULL &&
        MHD_add_response_header(r, MHD_HTTP_HEADER_CONTENT_ENCODING, "gzip") != MHD_YES) {
        MHD_destroy_response(r);
        r = NULL;
    }
    return reply(c, MHD_HTTP_OK, a->type, r);
}

/* ---- events ---- */

/* Grows whenever one of the seats' does. */
static uint64_t version_of(const struct web *w)
{
    uint64_t sum = 0;
    for (size_t i = 0; i < w->seat_count; i++) {
        sum += w->seats[i].version;
    }
    return sum;
}

static ssize_t tell(void *cls, uint64_t at, char *out, size_t most)
{
    struct listener *l = cls;
    (void)at;
    if (l->web->ending) {
        return MHD_CONTENT_READER_END_OF_STREAM;
    }
    uint64_t version = version_of(l->web);
    if (l->told == version) {
        l->asleep = true;
        MHD_suspend_connection(l->connection);
        return 0;
    }
    l->told = version;
    int n = snprintf(out, most, "event: changed\ndata: %llu\n\n", (unsigned long long)l->told);
    return n > 0 && (size_t)n < most ? n : MHD_CONTENT_READER_END_WITH_ERROR;
}

static void forget(void *cls)
{
    struct listener *l = cls;
    *l = (struct listener){.web = l->web};
}

static enum MHD_Result listen_to(struct web *w, struct MHD_Connection *c)
{
    struct listener *l = NULL;
    for (size_t i = 0; i < LISTENERS_MAX && l == NULL; i++) {
        l = w->listeners[i].connection == NULL ? &w->listeners[i] : NULL;
    }
    if (l == NULL) {
        return send_failure(c, MHD_HTTP_SERVICE_UNAVAILABLE, "too many pages are open",
                            "close some of them");
    }
    /* The first thing it hears is the version there is. */
    *l = (struct listener){.web = w, .connection = c, .told = UINT64_MAX};
    struct MHD_Response *r = MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, 256, tell, l,
                                                               forget);
    if (r == NULL) {
        forget(l);
    }
    return reply(c, MHD_HTTP_OK, "text/event-stream", r);
}

static void wake(struct web *w)
{
    uint64_t version = version_of(w);
    bool any = false;
    for (size_t i = 0; i < LISTENERS_MAX; i++) {
        struct listener *l = &w->listeners[i];
        if (l->connection != NULL && l->asleep && (w->ending || l->told != version)) {
            l->asleep = false;
            MHD_resume_connection(l->connection);
            any = true;
        }
    }
    w->woken = w->woken || any;
}

/* ---- requests ---- */

static const char *query(void *ctx, const char *name)
{
    return MHD_lookup_connection_value(ctx, MHD_GET_ARGUMENT_KIND, name);
}

/* The seat that is asked: by number in a header, the first without it; NULL for none. */
static struct api *seat_asked(struct web *w, struct MHD_Connection *c)
{
    const char *number = header(c, "Entente-Seat");
    uint64_t n = 0;
    if (number != NULL && (!u64_parse(text_str(number), &n) || n >= w->seat_count)) {
        return NULL;
    }
    return &w->seats[n];
}

/* The seats that are here, by the names of their folders: what they are called at their tables is
 * known only when they are unlocked. */
static enum MHD_Result answer_here(struct web *w, struct MHD_Connection *c)
{
    struct buf out;
    struct json j;
    buf_init(&out, 1u << 16);
    json_init(&j, &out);
    json_put_object(&j);
    json_put_key(&j, "v");
    json_put_u64(&j, 1);
    json_put_key(&j, "seats");
    json_put_array(&j);
    for (size_t i = 0; i < w->seat_count; i++) {
        const char *slash = strrchr(w->seats[i].dir, '/');
        struct text name = {0};
        struct err untold = {0};
        if (!text_from(bytes_str(slash == NULL ? w->seats[i].dir : slash + 1), &name, &untold)) {
            name = text_str("?"); /* a folder's name may be any bytes */
        }
        json_put_text(&j, name);
    }
    json_put_end(&j);
    json_put_end(&j);
    json_done(&j);
    enum MHD_Result result = reply(c, MHD_HTTP_OK, "application/json",
                                   buf_ok(&out) ? copied(buf_bytes(&out)) : NULL);
    buf_free(&out);
    return result;
}

static enum MHD_Result answer_api(struct web *w, struct MHD_Connection *c, const char *method,
                                  const char *path, struct bytes body)
{
    struct api *asked = seat_asked(w, c);
    if (asked == NULL) {
        return send_failure(c, MHD_HTTP_BAD_REQUEST, "there is no such seat here", "");
    }
    const struct api_request q = {
        .method = method, .path = path, .query = query, .ctx = c, .body = body};
    struct buf out;
    buf_init(&out, API_ANSWER_MAX);
    unsigned status = api_answer(asked, &q, &out);
    enum MHD_Result result = reply(c, status, "application/json",
                                   buf_ok(&out) ? copied(buf_bytes(&out)) : NULL);
    buf_free(&out);
    return result;
}

static bool is_json(struct MHD_Connection *c)
{
    const char *type = header(c, MHD_HTTP_HEADER_CONTENT_TYPE);
    return type != NULL && strncmp(type, "application/json", 16) == 0;
}

static enum MHD_Result answer(struct web *w, struct MHD_Connection *c, const char *path,
                              const char *method, struct exchange *x)
{
    bool post = strcmp(method, MHD_HTTP_METHOD_POST) == 0;
    if (!guard_host(&w->guard, header(c, MHD_HTTP_HEADER_HOST))) {
        return send_page(c, MHD_HTTP_MISDIRECTED_REQUEST, "Not here",
                         "This is not the server that was asked for.");
    }
    if (!guard_origin(&w->guard, header(c, MHD_HTTP_HEADER_ORIGIN), post)) {
        return send_page(c, MHD_HTTP_FORBIDDEN, "Not from there",
                         "Another page may not talk to this one.");
    }
    if (!post && strcmp(method, MHD_HTTP_METHOD_GET) != 0) {
        return send_page(c, MHD_HTTP_METHOD_NOT_ALLOWED, "Not so", "GET and POST are answered.");
    }
    if (!post && strcmp(path, "/enter") == 0) {
        return enter(w, c);
    }
    bool api = strncmp(path, "/api/", 5) == 0;
    if (!guard_cookie(&w->guard, header(c, MHD_HTTP_HEADER_COOKIE))) {
        return api ? send_failure(c, MHD_HTTP_FORBIDDEN, "this browser has not opened the page",
                                  "open the link that entente ui printed")
                   : send_page(c, MHD_HTTP_FORBIDDEN, "Open the link",
                               "This page opens with the link that <code>entente ui</code> "
                               "printed.");
    }
    if (post && (!api || !is_json(c))) {
        return send_failure(c, MHD_HTTP_UNSUPPORTED_MEDIA_TYPE, "the request is no JSON",
                            "send application/json");
    }
    if (post && !buf_ok(&x->body)) {
        return send_failure(c, MHD_HTTP_CONTENT_TOO_LARGE, "that is more than can be taken at once",
                            "send less than 2 MiB");
    }
    if (api && !post && strcmp(path, "/api/events") == 0) {
        return listen_to(w, c);
    }
    if (api && !post && strcmp(path, "/api/here") == 0) {
        return answer_here(w, c);
    }
    if (api) {
        enum MHD_Result result = answer_api(w, c, method, path, buf_bytes(&x->body));
        wake(w);
        return result;
    }
    const struct asset *a = find_asset(path);
    return a != NULL ? send_asset(c, a)
                     : send_page(c, MHD_HTTP_NOT_FOUND, "Not found", "There is no such page.");
}

static enum MHD_Result on_request(void *cls, struct MHD_Connection *c, const char *path,
                                  const char *method, const char *version, const char *data,
                                  size_t *n, void **state)
{
    struct exchange *x = *state;
    (void)version;
    if (x == NULL) {
        struct web *w = cls;
        size_t i = 0;
        while (i < CONNECTIONS_MAX && w->exchanges[i].used) {
            i++;
        }
        if (i == CONNECTIONS_MAX) {
            return MHD_NO;
        }
        x = &w->exchanges[i];
        x->used = true;
        buf_init(&x->body, API_BODY_MAX);
        *state = x;
        return MHD_YES; /* answered at the second call: else the connection is closed */
    }
    if (*n > 0) {
        buf_add(&x->body, bytes_of(data, *n)); /* above its ceiling it fails, and is told below */
        *n = 0;
        return MHD_YES;
    }
    return answer(cls, c, path, method, x);
}

static void on_end(void *cls, struct MHD_Connection *c, void **state,
                   enum MHD_RequestTerminationCode why)
{
    struct exchange *x = *state;
    (void)cls;
    (void)c;
    (void)why;
    if (x != NULL) {
        buf_free(&x->body); /* which wipes: it may have been a passphrase */
        x->used = false;
        *state = NULL;
    }
}

static void be_quiet(void *cls, const char *format, va_list words)
{
    (void)cls;
    (void)format;
    (void)words; /* what a browser does wrong is not for the terminal */
}

/* ---- the server ---- */

static bool start(struct web *w, struct socket *at, struct err *err)
{
    w->daemon = MHD_start_daemon(
        MHD_ALLOW_SUSPEND_RESUME | MHD_USE_ERROR_LOG | MHD_USE_EPOLL, 0, NULL, NULL, on_request, w,
        MHD_OPTION_EXTERNAL_LOGGER, be_quiet, NULL, MHD_OPTION_LISTEN_SOCKET, at->fd,
        MHD_OPTION_NOTIFY_COMPLETED, on_end, NULL, MHD_OPTION_CONNECTION_LIMIT, CONNECTIONS_MAX,
        MHD_OPTION_CONNECTION_TIMEOUT, CONNECTION_SECONDS, MHD_OPTION_END);
    if (w->daemon == NULL) {
        return err_set(err, ERR_IO, "the page's server cannot be started");
    }
    *at = SOCKET_CLOSED; /* it is the server's now */
    return true;
}

static bool tell_ready(const struct web *w, const struct web_plan *plan, struct arena *mem,
                       const char **out_file, struct err *err)
{
    const char *folder;
    char name[32], link[128], html[512];
    struct buf b;
    (void)snprintf(name, sizeof(name), "page-%u.html", (unsigned)w->guard.port); /* fits */
    (void)snprintf(link, sizeof(link), "http://127.0.0.1:%u/enter?key=%s", (unsigned)w->guard.port,
                   w->guard.link); /* fits */
    buf_over(&b, html, sizeof(html));
    buf_printf(&b,
               "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>entente</title>"
               "<meta http-equiv=\"refresh\" content=\"0; url=%s\">"
               "<p><a href=\"%s\">Open entente</a></p>\n",
               link, link);
    const char *file = place_runtime(mem, &folder, err) ? place_join(mem, folder, name) : NULL;
    bool ok = file != NULL && file_replace(file, FILE_SECRET, buf_bytes(&b), err);
    if (ok) {
        *out_file = file;
        plan->ready(plan->ctx, link, file);
    }
    bytes_wipe(link, sizeof(link));
    bytes_wipe(html, sizeof(html));
    return ok || err->code != ERR_NONE || err_memory(err, "a path");
}

/* Does somebody look at it? */
static bool in_use(const struct api *a)
{
    return clock_monotonic_us() - a->used_us < USED_US;
}

/* Those that somebody looks at, and one of the others. */
static void tick(struct web *w)
{
    w->turn = (w->turn + 1) % w->seat_count;
    for (size_t i = 0; i < w->seat_count; i++) {
        if (i == w->turn || in_use(&w->seats[i])) {
            w->sources[i].news = w->sources[i].owed = false;
            api_tick(&w->seats[i]);
        }
    }
}

/* ---- news ---- */

/* Each seat's folder is watched as soon as it is known; where it cannot be, ticks are enough. */
static void watch_sources(struct web *w)
{
    for (size_t i = 0; i < w->seat_count; i++) {
        struct source *s = &w->sources[i];
        struct err untold = {0};
        if (w->watch.fd < 0 || strcmp(s->folder, w->seats[i].news) == 0) {
            continue;
        }
        (void)snprintf(s->folder, sizeof(s->folder), "%s", w->seats[i].news); /* as large */
        bool watched = s->folder[0] != 0 && watch_folder(&w->watch, s->folder, &s->number, &untold);
        s->number = watched ? s->number : 0;
    }
}

static void note_news(void *ctx, int number)
{
    struct web *w = ctx;
    for (size_t i = 0; i < w->seat_count; i++) {
        if (number == WATCH_ALL || (number == w->sources[i].number && number != 0)) {
            w->sources[i].news = true;
        }
    }
}

/* Looks at the seats that somebody uses and that have news.  What is countersigned for it is news
 * once more, and then no longer: looking alone writes nothing. */
static bool take_news(struct web *w)
{
    bool any = false;
    for (size_t i = 0; i < w->seat_count; i++) {
        if (w->sources[i].news && in_use(&w->seats[i])) {
            w->sources[i].news = false;
            w->sources[i].owed = api_news(&w->seats[i]);
            any = true;
        }
    }
    return any;
}

/* Countersigns what was shown, once whoever looks has been answered. */
static bool pay_owed(struct web *w)
{
    for (size_t i = 0; i < w->seat_count; i++) {
        if (w->sources[i].owed) {
            w->sources[i].owed = false;
            api_tick(&w->seats[i]);
            return true;
        }
    }
    return false;
}

/* How long may it wait: the library's timers and ours. */
static int wait_ms(const struct web *w, uint64_t until)
{
    MHD_UNSIGNED_LONG_LONG theirs;
    uint64_t now = clock_monotonic_us();
    uint64_t ms = until > now ? (until - now) / 1000 + 1 : 0;
    if (MHD_get_timeout(w->daemon, &theirs) == MHD_YES && theirs < ms) {
        ms = theirs;
    }
    return ms < WAIT_MS ? (int)ms : WAIT_MS;
}

/* When there is something to be done again. */
static uint64_t soonest(const struct web *w, uint64_t next, uint64_t rest, uint64_t owed)
{
    for (size_t i = 0; i < w->seat_count; i++) {
        if (w->sources[i].news && in_use(&w->seats[i])) {
            next = rest < next ? rest : next;
        }
        if (w->sources[i].owed) {
            next = owed < next ? owed : next;
        }
    }
    return next;
}

static void serve(struct web *w, const char *file)
{
    const union MHD_DaemonInfo *info = MHD_get_daemon_info(w->daemon, MHD_DAEMON_INFO_EPOLL_FD);
    uint64_t next = 0, rest = 0, owed = 0;
    bool told = true;
    while (!stop_asked()) {
        if (!w->woken) {
            watch_wait(&w->watch, info == NULL ? -1 : info->epoll_fd,
                       wait_ms(w, soonest(w, next, rest, owed)));
        }
        w->woken = false;
        (void)MHD_run(w->daemon); /* what a browser does wrong is answered to it */
        uint64_t now = clock_monotonic_us();
        watch_sources(w);
        if (w->watch.fd >= 0) {
            watch_take(&w->watch, "record", note_news, w);
        }
        if (now >= rest && take_news(w)) {
            /* A long record takes its time: never more than half of it. */
            uint64_t took = clock_monotonic_us() - now;
            rest = now + took + (took > REST_US ? took : REST_US);
            owed = now + took + (took > OWED_US ? took : OWED_US);
            wake(w);
        } else if (now >= owed && pay_owed(w)) {
            wake(w);
        }
        if (now >= next) {
            tick(w);
            /* Without news never more than a tenth. */
            uint64_t took = clock_monotonic_us() - now;
            next = now + took + (took * 9 > TICK_US ? took * 9 : TICK_US);
            wake(w);
        }
        if (w->guard.spent && told) {
            struct err untold = {0};
            told = !file_remove(file, &untold); /* its link leads nowhere any more */
        }
    }
}

/* A rehearsal's seats are open from the start, but for those that have another passphrase. */
static void seat_them(struct web *w, const struct web_plan *plan)
{
    CHECK(plan->dir_count > 0 && plan->dir_count <= WEB_SEATS_MAX);
    w->seat_count = plan->dir_count;
    for (size_t i = 0; i < plan->dir_count; i++) {
        struct err untold = {0};
        w->seats[i] = (struct api){.dir = plan->dirs[i],
                                   .chance = plan->chance,
                                   .clock = clock_real(),
                                   .read_only = plan->read_only,
                                   .used_us = clock_monotonic_us(),
                                   .version = 1};
        bool opened = plan->passphrase.n > 0 && api_unlock(&w->seats[i], plan->passphrase, &untold);
        (void)opened; /* else the page asks */
    }
}

bool web_serve(const struct web_plan *plan, struct err *err)
{
    struct socket at = SOCKET_CLOSED;
    struct region mem = {0};
    const char *file = NULL;
    uint16_t port = 0;
    if (!region_init(&mem, REGION_SECRET, WEB_MEMORY, err)) {
        return false;
    }
    struct web *w = ARENA_NEW(&mem.mem, struct web, 1);
    if (w == NULL) {
        region_free(&mem);
        return err_memory(err, "the page");
    }
    for (size_t i = 0; i < LISTENERS_MAX; i++) {
        w->listeners[i].web = w;
    }
    struct err unwatched = {0};
    if (!watch_open(&w->watch, &unwatched)) {
        w->watch = WATCH_CLOSED; /* then it is looked at from time to time alone */
    }
    bool ok = asset_count > 0 ||
              err_set(err, ERR_STATE, "this program was built without the page") ||
              err_mend(err, "build it with ./dev, which has all that the page needs");
    ok = ok && socket_listen_here(plan->port, &at, &port, err) &&
         guard_init(&w->guard, port, plan->chance, err) && start(w, &at, err);
    if (ok) {
        seat_them(w, plan);
    }
    ok = ok && tell_ready(w, plan, &mem.mem, &file, err);
    if (ok) {
        serve(w, file);
    }
    w->ending = true;
    if (w->daemon != NULL) {
        wake(w);
        (void)MHD_run(w->daemon); /* lets those who listen go */
        MHD_stop_daemon(w->daemon);
    }
    if (file != NULL) {
        struct err untold = {0};
        bool gone = file_remove(file, &untold); /* a used link leads nowhere */
        (void)gone;
    }
    socket_close(&at);
    watch_close(&w->watch);
    for (size_t i = 0; i < w->seat_count; i++) {
        api_close(&w->seats[i]);
    }
    guard_wipe(&w->guard);
    region_free(&mem);
    return ok;
}
