/* SPDX-License-Identifier: Apache-2.0
 *
 * The first hour: a table is founded, people are invited, join and are admitted.  Papers travel as
 * base64, so that a browser can keep them as files or as words to paste.
 */
#include "web/api_priv.h"

#include "app/charter_template.h"
#include "app/key.h"
#include "base/hex.h"
#include "os/file.h"
#include "os/place.h"
#include "web/verbs.h"

#define PAPER_MAX ((size_t)1 << 20)
#define SLIP "slip" /* in the seat's folder, until it is admitted */

static struct text word(const struct call *c, const char *name)
{
    return verbs_word(c->body, name);
}

static void put(struct call *c, const char *key, const char *value)
{
    json_put_key(&c->json, key);
    json_put_str(&c->json, value);
}

/* Members are words without a NUL inside (JSON words are checked text). */
static const char *word_str(struct call *c, const char *name)
{
    struct text t = word(c, name);
    return t.n == 0 ? NULL : arena_str(&c->mem.mem, text_bytes(t));
}

bool start_empty(struct call *c, struct err *err)
{
    const char *dir;
    if (!place_absolute(&c->mem.mem, c->api->dir, &dir, err)) {
        return false;
    }
    const char *host = arena_printf(&c->mem.mem, "%s-host", dir);
    if (host == NULL) {
        return err_memory(err, "a path");
    }
    json_put_key(&c->json, "empty");
    json_put_bool(&c->json, true);
    put(c, "dir", dir);
    put(c, "host", host);
    put(c, "templates", CHARTER_TEMPLATES);
    return true;
}

/* ---- papers ---- */

static bool take_paper(struct call *c, struct buf *out, struct err *err)
{
    struct text t = word(c, "paper");
    if (t.n == 0) {
        return err_set(err, ERR_USE, "the paper is missing") ||
               err_mend(err, "choose its file, or paste its words");
    }
    return (base64_decode(text_bytes(t), BASE64_PADDED, out) && buf_ok(out)) ||
           err_set(err, ERR_FORMAT, "that is not the whole of a paper") ||
           err_mend(err, "paste all of it, from its first letter to its last, or choose the file");
}

static bool put_paper(struct call *c, struct bytes paper, struct err *err)
{
    struct buf words;
    buf_init(&words, 2 * PAPER_MAX);
    base64_encode(paper, BASE64_PADDED, &words);
    bool ok = buf_done(&words, "the paper", err);
    if (ok) {
        put(c, "paper", buf_str(&words));
    }
    buf_free(&words);
    return ok;
}

bool start_paper(struct call *c, struct err *err)
{
    struct buf paper;
    buf_init(&paper, PAPER_MAX);
    bool ok = take_paper(c, &paper, err) && desk_paper(buf_bytes(&paper), "this", &c->say, err);
    buf_free(&paper);
    return ok;
}

/* ---- founding ---- */

static void untold(void *ctx, const struct err *fault)
{
    (void)ctx;
    (void)fault; /* it stands in the answer */
}

/* A charter with faults is an answer, too: all of them, each with its line. */
bool start_check(struct call *c, struct err *err)
{
    size_t before = c->json.out->n;
    bool sound = desk_check_charter(text_bytes(word(c, "charter")), "the charter", untold, NULL,
                                    &c->say, err);
    if (!sound && c->json.out->n == before) {
        return false;
    }
    err_clear(err);
    json_put_key(&c->json, "sound");
    json_put_bool(&c->json, sound);
    return true;
}

bool start_template(struct call *c, struct err *err)
{
    const char *name = c->q->query(c->q->ctx, "name");
    struct bytes yaml;
    struct text t;
    if (!charter_template(name == NULL ? "" : name, &yaml, err) || !text_from(yaml, &t, err)) {
        return false;
    }
    json_put_key(&c->json, "charter");
    json_put_text(&c->json, t);
    return true;
}

/* Who is to sit here: name, passphrase, what a guess at it costs. */
static bool new_seat(struct call *c, struct desk_seat *out, struct err *err)
{
    bool weak = false;
    struct text passphrase = word(c, "passphrase"), name = word(c, "name");
    *out = (struct desk_seat){.dir = c->api->dir,
                              .passphrase = text_bytes(passphrase),
                              .name = name.p == NULL ? text_str("") : name,
                              .cheap = text_is(word(c, "cost"), "test")};
    if (!call_may_write(c, err)) {
        return false;
    }
    if (passphrase.p == NULL) {
        return err_set(err, ERR_USE, "the new passphrase is missing") ||
               err_mend(err, "choose several words that do not belong together");
    }
    if (!key_passphrase_fit(out->passphrase, &weak, err)) {
        return false;
    }
    json_put_key(&c->json, "weak");
    json_put_bool(&c->json, weak);
    return true;
}

bool start_found(struct call *c, struct err *err)
{
    struct desk_seat seat;
    const struct desk_person who = call_person(c);
    const char *host = word_str(c, "host");
    if (host == NULL) {
        return err_set(err, ERR_USE, "where is the host's folder?") ||
               err_mend(err, "name a folder that every seat can reach");
    }
    return new_seat(c, &seat, err) && place_absolute(&c->mem.mem, host, &host, err) &&
           desk_found(&seat, host, text_bytes(word(c, "charter")), "the charter", &who, &c->say,
                      err) &&
           api_unlock(c->api, seat.passphrase, err);
}

/* ---- joining ---- */

bool start_join(struct call *c, struct err *err)
{
    struct desk_seat seat;
    struct buf invitation, slip;
    const struct desk_person who = call_person(c);
    const char *host = word_str(c, "host");
    const char *file = place_join(&c->mem.mem, c->api->dir, SLIP);
    if (file == NULL) {
        return err_memory(err, "a path");
    }
    buf_init(&invitation, PAPER_MAX);
    buf_init(&slip, PAPER_MAX);
    bool ok = new_seat(c, &seat, err) && take_paper(c, &invitation, err) &&
              (host == NULL || place_absolute(&c->mem.mem, host, &seat.host, err)) &&
              desk_join(&seat, buf_bytes(&invitation), "this", &who, &slip, &c->say, err) &&
              file_replace(file, FILE_SECRET, buf_bytes(&slip), err) &&
              put_paper(c, buf_bytes(&slip), err) && api_unlock(c->api, seat.passphrase, err);
    buf_free(&invitation);
    buf_free(&slip);
    return ok;
}

/* Once more, as long as it was not admitted. */
bool start_slip(struct call *c, struct err *err)
{
    struct bytes slip;
    const char *file = place_join(&c->mem.mem, c->api->dir, SLIP);
    if (file == NULL) {
        return err_memory(err, "a path");
    }
    if (!file_exists(file)) {
        return err_set(err, ERR_STATE, "the slip was not made on this page") ||
               err_mend(err, "hand over the file that entente seat join has written");
    }
    return file_read(file, PAPER_MAX, &c->mem.mem, &slip, err) &&
           desk_paper(slip, "the slip", &c->say, err) && put_paper(c, slip, err);
}

/* ---- whoever invites ---- */

bool start_invite(struct call *c, struct err *err)
{
    struct desk *d = NULL;
    struct buf paper;
    struct text post = word(c, "post");
    buf_init(&paper, PAPER_MAX);
    bool ok = call_may_write(c, err) && call_sit(c, "invite", &d, err) &&
              desk_invite(d, word(c, "side"), post.n == 0 ? (struct text){0} : post, &paper,
                          &c->say, err) &&
              put_paper(c, buf_bytes(&paper), err);
    desk_close(d);
    buf_free(&paper);
    return ok;
}

bool start_admit(struct call *c, struct err *err)
{
    struct desk *d = NULL;
    struct buf slip;
    buf_init(&slip, PAPER_MAX);
    bool ok = call_may_write(c, err) && take_paper(c, &slip, err) &&
              call_sit(c, "admit", &d, err) &&
              desk_admit(d, buf_bytes(&slip), "this", &c->say, err);
    if (d != NULL) {
        call_looked(c->api, d);
    }
    desk_close(d);
    buf_free(&slip);
    return ok;
}
