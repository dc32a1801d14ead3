/* SPDX-License-Identifier: Apache-2.0 */
#include "app/demo_priv.h"

#include <stdarg.h>
#include <stdio.h>

#include "app/key.h"
#include "base/civil.h"
#include "os/file.h"
#include "os/folder.h"
#include "os/place.h"

/* Argon2id at its least: the demo says so.  Nobody's life hangs on these keys. */

struct part {
    const char *name;
    const char *side;
    uint32_t post;
};

static const struct part parts[CAST_COUNT] = {
    [RHEE] = {"Rhee", "meridia", 0},         [OKOYE] = {"Okoye", "meridia", 1},
    [BRANDT] = {"Brandt", "meridia", 2},     [FIRST_PRINCIPAL] = {"Voss", "kestria", 0},
    [FIRST_ENVOY] = {"Ilin", "kestria", 1},  [SECOND_PRINCIPAL] = {"Maro", "velland", 0},
    [SECOND_ENVOY] = {"Sand", "velland", 1}, [DIAZ] = {"Diaz", "group", 0},
    [WEISS] = {"Weiss", "union", 0},
};

static enum who mirrored(enum who who)
{
    switch (who) {
    case FIRST_PRINCIPAL:
        return SECOND_PRINCIPAL;
    case SECOND_PRINCIPAL:
        return FIRST_PRINCIPAL;
    case FIRST_ENVOY:
        return SECOND_ENVOY;
    case SECOND_ENVOY:
        return FIRST_ENVOY;
    case RHEE:
    case OKOYE:
    case BRANDT:
    case DIAZ:
    case WEISS:
    case CAST_COUNT:
        break;
    }
    return who;
}

bool stage_open(struct stage *st, const struct demo_plan *plan, struct demo_result *result,
                struct err *err)
{
    *st = (struct stage){.plan = plan, .result = result};
    st->day0 = civil_to_unix((struct civil){.year = 2031, .month = 3, .day = 3});
    st->clock = clock_simulated(st->day0);
    for (int i = 0; i < CAST_COUNT; i++) {
        const struct part *p = &parts[plan->mirror ? mirrored((enum who)i) : (enum who)i];
        struct person *c = &st->cast[i];
        c->name = p->name;
        c->side = p->side;
        c->post = p->post;
        c->replica = (struct replica){.lock = LOCK_NONE};
        char folder[64];
        (void)snprintf(folder, sizeof(folder), "%s-%s", p->side, p->name);
        for (char *s = folder; *s != '\0'; s++) {
            *s = *s >= 'A' && *s <= 'Z' ? (char)(*s - 'A' + 'a') : *s;
        }
        if (!replica_path(plan->dir, folder, c->dir, err) ||
            !region_init(&c->memory, REGION_SECRET, (size_t)16 << 20, err)) {
            return false;
        }
    }
    if (file_exists(plan->dir)) {
        struct folder_list list;
        struct region mem = {0};
        bool empty = region_init(&mem, REGION_PLAIN, (size_t)16 << 20, err) &&
                     folder_list(plan->dir, &mem.mem, &list, err) && list.count == 0;
        region_free(&mem);
        if (!empty) {
            return err_set(err, ERR_STATE, "the folder %s is not empty", plan->dir) ||
                   err_mend(err, "name a new folder: entente demo FOLDER");
        }
    }
    const char *top; /* seats find their host from wherever they are asked */
    return region_init(&st->words, REGION_SECRET, (size_t)256 << 20, err) &&
           place_absolute(&st->words.mem, plan->dir, &top, err) &&
           replica_path(top, "host", st->host, err) && folder_make(plan->dir, err);
}

bool stage_play_on(struct stage *st, struct err *err)
{
    struct clock world = clock_real();
    int64_t ahead = (int64_t)clock_now(&st->clock) -
                    (int64_t)clock_now(&world); /* both below 2^62 */
    for (int i = 0; i < CAST_COUNT; i++) {
        struct person *c = &st->cast[i];
        if (c->here && !replica_rehearse(&c->replica, ahead, st->day0, err)) {
            return err_at(err, "the clock of %s", c->name);
        }
    }
    return true;
}

void stage_close(struct stage *st)
{
    for (int i = 0; i < CAST_COUNT; i++) {
        struct person *c = &st->cast[i];
        replica_close(&c->replica);
        keys_free(c->keys);
        region_free(&c->memory);
    }
    region_free(&st->words);
}

/* ---- telling ---- */

void stage_say(struct stage *st, enum demo_line kind, const char *fmt, ...)
{
    char text[2048];
    va_list args;
    va_start(args, fmt);
    (void)vsnprintf(text, sizeof(text), fmt, args);
    va_end(args);
    st->plan->say(st->plan->ctx, kind, st->step, text);
}

void demo_left_out(unsigned first, unsigned last, struct buf *out)
{
    static const struct {
        unsigned step;
        const char *about;
    } steps[] = {{11, "soundings"}};
    const char *before = "";
    for (size_t i = 0; i < COUNT_OF(steps); i++) {
        if (steps[i].step >= first && steps[i].step <= last) {
            buf_printf(out, "%s%u (%s)", before, steps[i].step, steps[i].about);
            before = ", ";
        }
    }
}

/* Numbers are those of the whole story: a gap is told where it is. */
static void tell_gap(struct stage *st, unsigned step)
{
    char steps[256];
    struct buf b;
    buf_over(&b, steps, sizeof(steps));
    demo_left_out(st->step + 1, step - 1, &b);
    if (b.n > 0) {
        stage_say(st, DEMO_NOTE, "Left out here, for a later version to play: %s.", buf_str(&b));
    }
}

void stage_step(struct stage *st, unsigned step, unsigned day, unsigned hour, unsigned minute,
                const char *where, const char *title)
{
    uint64_t t = st->day0 + day * UINT64_C(86400) + hour * UINT64_C(3600) + minute * UINT64_C(60);
    if (t > clock_now(&st->clock)) {
        clock_set(&st->clock, t);
    }
    tell_gap(st, step);
    st->step = step;
    arena_wipe(&st->words.mem);
    char date[CIVIL_TEXT_MAX];
    civil_format(t, date);
    stage_say(st, DEMO_STEP, "%u · %s (day %u) · %s · %s", step, date, day, where, title);
}

struct replica *stage_replica(struct stage *st, enum who who)
{
    return &st->cast[who].replica;
}

const char *stage_name(const struct stage *st, enum who who)
{
    return st->cast[who].name;
}

const char *stage_side_id(const struct stage *st, enum who who)
{
    return st->cast[who].side;
}

const char *stage_side(const struct stage *st, enum who who)
{
    static const char *const names[][2] = {{"meridia", "Meridia"},
                                           {"kestria", "Kestria"},
                                           {"velland", "Velland"},
                                           {"group", "Joint Monitoring Group"},
                                           {"union", "Littoral Union"}};
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        if (strcmp(names[i][0], st->cast[who].side) == 0) {
            return names[i][1];
        }
    }
    return "?";
}

uint32_t stage_seat(struct stage *st, enum who who)
{
    return st->cast[who].replica.seat;
}

struct view stage_view(struct stage *st, enum who who)
{
    return (struct view){.r = stage_replica(st, who),
                         .mem = &st->words.mem,
                         .now = clock_now(&st->clock),
                         .days = true,
                         .day0 = st->day0};
}

/* ---- coming to the table ---- */

static struct seat_keys_plan keys_plan(const struct person *c)
{
    return (struct seat_keys_plan){.passphrase = bytes_str(DEMO_PASSPHRASE),
                                   .cost = KEYFILE_COST_CHEAP,
                                   .name = text_str(c->name)};
}

static bool ask_passphrase(void *ctx, const char *prompt, struct buf *out, struct err *err)
{
    (void)ctx;
    (void)prompt;
    buf_add_str(out, DEMO_PASSPHRASE);
    return buf_done(out, "a passphrase", err);
}

/* Opens the keys from their file, and the replica from its folder, as any command would. */
static bool come_in(struct stage *st, struct person *c, struct err *err)
{
    char path[FILE_PATH_MAX];
    const struct keys_ask ask = {ask_passphrase, NULL};
    bool ok = replica_path(c->dir, "seat.key", path, err) &&
              keys_open(path, &ask, &c->memory.mem, &c->keys, err) &&
              replica_open(c->dir, c->keys, &st->clock, st->plan->chance, "demo", &c->replica, err);
    c->here = ok;
    return ok;
}

bool stage_found(struct stage *st, struct bytes yaml, struct err *err)
{
    struct person *c = &st->cast[RHEE];
    struct table_id table;
    const struct found_plan plan = {.dir = c->dir,
                                    .host = st->host,
                                    .yaml = yaml,
                                    .yaml_name = "lake.yaml",
                                    .seat = keys_plan(c)};
    return join_found(&plan, &st->clock, st->plan->chance, &table, err) && come_in(st, c, err);
}

bool stage_join(struct stage *st, enum who who, enum who inviter, struct err *err)
{
    struct person *c = &st->cast[who];
    struct replica *host = stage_replica(st, inviter);
    struct buf paper, slip;
    struct kid shown, compared;
    uint32_t side;
    enum paper_kind kind;
    struct bytes content = {0};
    struct invitation inv;
    const struct seat_keys_plan plan = keys_plan(c);
    buf_init(&paper, PAPER_BYTES_MAX);
    buf_init(&slip, PAPER_BYTES_MAX);
    bool ok = sync_take(host, err) && join_invite(host, text_str(c->side), c->post, &paper, err) &&
              paper_parse(buf_bytes(&paper), "the invitation", &kind, &content, err) &&
              invitation_parse(content, &inv, err) &&
              join_with(c->dir, &inv, &plan, st->plan->chance, &slip, &shown, err) &&
              paper_parse(buf_bytes(&slip), "the slip", &kind, &content, err) &&
              slip_fingerprint(kind, content, &compared, &side, err);
    if (ok && !ID_EQ(shown, compared)) {
        ok = err_set(err, ERR_VERIFY, "the fingerprints differ");
    }
    ok = ok && join_admit(host, kind, content, err) && come_in(st, c, err) &&
         sync_take(&c->replica, err) && act_settle_in(&c->replica, err);
    if (ok) {
        stage_say(st, DEMO_TELL, "%s joins for %s; fingerprint read aloud: %s.", c->name,
                  stage_side(st, who), id_spoken(shown.b).s);
    }
    buf_free(&paper);
    buf_free(&slip);
    clock_advance(&st->clock, 60);
    return ok;
}

/* ---- acts ---- */

bool stage_round(struct stage *st, struct err *err)
{
    struct sync_report report;
    for (int pass = 0; pass < 6; pass++) {
        bool any = false;
        for (int i = 0; i < CAST_COUNT; i++) {
            if (st->cast[i].here) {
                if (!sync_replica(&st->cast[i].replica, &report, err)) {
                    return err_at(err, "%s synchronises", st->cast[i].name);
                }
                any = any || report.countersigned || report.after > report.before;
            }
        }
        clock_advance(&st->clock, 5);
        if (!any) {
            break;
        }
    }
    return true;
}

static bool tell(struct stage *st, enum who who, uint64_t index, struct err *err)
{
    struct view v = stage_view(st, who);
    struct act a;
    struct opened_act act;
    struct ring_author author;
    struct buf b;
    if (!replica_act(v.r, index, v.mem, &a, &act, err) ||
        !keyring_author(door_keyring(v.r->door), index, &a.kid, &author, err)) {
        return false;
    }
    buf_init(&b, 4096);
    view_act_words(&v, &author, &act, &b);
    bool ended = b.n > 0 && strchr(".)]?!", b.p[b.n - 1]) != NULL;
    stage_say(st, DEMO_TELL, "%s%s", buf_str(&b), ended ? "" : ".");
    buf_free(&b);
    return true;
}

bool stage_act(struct stage *st, enum who who, const struct payload *p, struct leaf_hash *out_leaf,
               uint64_t *out_index, struct err *err)
{
    struct replica *r = stage_replica(st, who);
    uint64_t index = 0;
    if (!act_file(r, ACT_CHECKED, p, &index, err)) {
        return err_at(err, "step %u, %s", st->step, stage_name(st, who));
    }
    if (out_leaf != NULL) {
        *out_leaf = door_leaf(r->door, index);
    }
    if (out_index != NULL) {
        *out_index = index;
    }
    clock_advance(&st->clock, 120);
    return tell(st, who, index, err);
}

bool stage_was_stopped(struct stage *st, enum who who, bool went_through, const struct err *said,
                       struct err *err)
{
    if (went_through) {
        return err_set(err, ERR_STATE, "step %u: what %s did should have been stopped", st->step,
                       stage_name(st, who));
    }
    if (said->code != ERR_RULE) {
        *err = *said;
        return err_at(err, "step %u, %s", st->step, stage_name(st, who));
    }
    st->result->desk_refusals++;
    stage_say(st, DEMO_STOPPED, "%s\nMend: %s", said->what, said->mend);
    return true;
}

/* A refused act must leave no trace: the host has as many acts as before. */
bool stage_stopped(struct stage *st, enum who who, const struct payload *p, struct err *err)
{
    struct replica *r = stage_replica(st, who);
    struct err said = {0};
    if (!sync_take(r, err)) {
        return false;
    }
    uint64_t before = door_size(r->door);
    bool through = act_file(r, ACT_CHECKED, p, NULL, &said);
    if (!stage_was_stopped(st, who, through, &said, err) || !sync_take(r, err)) {
        return false;
    }
    return door_size(r->door) == before ||
           err_set(err, ERR_STATE, "step %u: a refusal left a trace on the record", st->step);
}

bool stage_void(struct stage *st, enum who who, const struct payload *p, struct err *err)
{
    struct replica *r = stage_replica(st, who);
    uint64_t index = 0;
    const char *first = NULL;
    if (!act_file(r, ACT_UNCHECKED, p, &index, err) || !stage_round(st, err)) {
        return false;
    }
    if (!tell(st, who, index, err)) {
        return false;
    }
    for (int i = 0; i <= SECOND_ENVOY; i++) {
        const struct void_note *v = fold_void(stage_replica(st, (enum who)i)->fold, index);
        const char *words = v == NULL ? NULL
                                      : arena_printf(&st->words.mem, "%.*s\nMend: %.*s",
                                                     TEXT_ARG(v->what), TEXT_ARG(v->mend));
        if (words == NULL || (first != NULL && strcmp(first, words) != 0)) {
            return err_set(err, ERR_VERIFY,
                           "step %u: %s does not find act %llu void in the same "
                           "words",
                           st->step, st->cast[i].name, (unsigned long long)index);
        }
        first = words;
    }
    st->result->void_acts++;
    stage_say(st, DEMO_VOID, "%s", first);
    return true;
}

bool stage_readers(struct stage *st, uint64_t index, struct err *err)
{
    char yes[512], no[512];
    struct buf y, n;
    buf_over(&y, yes, sizeof(yes));
    buf_over(&n, no, sizeof(no));
    for (int i = 0; i < CAST_COUNT; i++) {
        struct person *c = &st->cast[i];
        struct act a;
        struct opened_act act;
        if (!c->here) {
            continue;
        }
        if (!sync_take(&c->replica, err) ||
            !replica_act(&c->replica, index, &st->words.mem, &a, &act, err)) {
            return false;
        }
        struct buf *b = act.open ? &y : &n;
        buf_printf(b, "%s%s", b->n > 0 ? ", " : "", c->name);
    }
    stage_say(st, DEMO_TELL, "Can read it: %s. Cannot: %s, the host.", buf_str(&y),
              n.n > 0 ? buf_str(&n) : "nobody else");
    return true;
}

bool stage_digests(struct stage *st, struct err *err)
{
    struct digest first = {0};
    bool equal = true;
    uint64_t size = 0;
    if (!stage_round(st, err)) {
        return false;
    }
    for (int i = 0; i <= SECOND_ENVOY; i++) {
        struct digest d;
        struct replica *r = stage_replica(st, (enum who)i);
        if (!state_digest(fold_state(r->fold), &d, err)) {
            return false;
        }
        if (i == 0) {
            first = d;
            size = door_size(r->door);
        }
        equal = equal && ID_EQ(first, d) && door_size(r->door) == size;
    }
    st->result->digests_equal = st->result->digests_equal && equal;
    stage_say(st, DEMO_TELL,
              "Seven people follow the table, each with a copy of their own. Where it stands: %s "
              "in all seven (%.*s).",
              equal ? "the same" : "NOT the same", ID_SHOWN, id_hex(first.b).s);
    return true;
}
