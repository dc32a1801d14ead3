/* SPDX-License-Identifier: Apache-2.0
 *
 * What people call things, and what that is at this table.
 */
#include "app/desk_priv.h"
#include "app/join.h"
#include "base/civil.h"
#include "os/file.h"

#define EVIDENCE_FILE_MAX ((size_t)256 << 20)

/* ---- lists of words ---- */

struct text desk_trim(struct text t)
{
    while (t.n > 0 && t.p[0] == ' ') {
        t.p++;
        t.n--;
    }
    while (t.n > 0 && t.p[t.n - 1] == ' ') {
        t.n--;
    }
    return t;
}

bool desk_next_part(struct text *rest, char by, struct text *out)
{
    if (rest->n == 0) {
        return false;
    }
    const char *end = memchr(rest->p, by, rest->n);
    size_t n = end == NULL ? rest->n : (size_t)(end - rest->p);
    *out = desk_trim((struct text){.p = rest->p, .n = n});
    size_t past = end == NULL ? n : n + 1;
    *rest = (struct text){.p = rest->p + past, .n = rest->n - past};
    return true;
}

static bool begins(struct text t, struct text with)
{
    return t.n >= with.n && memcmp(t.p, with.p, with.n) == 0;
}

/* "P2" or "2" with letter 'P'. */
static bool numbered(struct text name, char letter, uint64_t *out)
{
    if (name.n > 1 && (name.p[0] == letter || name.p[0] == letter - 'A' + 'a')) {
        name = (struct text){.p = name.p + 1, .n = name.n - 1};
    }
    return u64_parse(name, out);
}

/* ---- what stands at the table ---- */

bool desk_find_proposal(struct desk *d, struct text name, const struct proposal_state **out,
                        struct err *err)
{
    const struct table_state *s = desk_state(d);
    uint64_t n = 0;
    if (!desk_has_charter(d, err)) {
        return false;
    }
    if (numbered(name, 'P', &n)) {
        for (uint32_t i = 0; i < s->proposal_count; i++) {
            if (s->proposals[i].number == n) {
                *out = &s->proposals[i];
                return true;
            }
        }
    }
    return err_set(err, ERR_USE, "there is no proposal %.*s", TEXT_ARG(name)) ||
           err_mend(err, "name one as P1, P2, ...: entente proposals");
}

bool desk_find_act(struct desk *d, struct text name, uint64_t *out, struct err *err)
{
    uint64_t n = 0, size = door_size(d->replica.door);
    if (!u64_parse(name, &n) || n >= size) {
        return err_set(err, ERR_USE, "there is no act %.*s", TEXT_ARG(name)) ||
               err_mend(err, "name an act by its number, below %llu: entente room NAME",
                        (unsigned long long)size);
    }
    *out = n;
    return true;
}

bool desk_find_refs(struct desk *d, struct desk_list acts, struct payload *p, struct err *err)
{
    if (acts.count > REFS_MAX) {
        return err_set(err, ERR_LIMIT, "an act names at most %u others", REFS_MAX);
    }
    p->refs = ARENA_NEW(&d->mem.mem, struct leaf_hash, acts.count);
    if (p->refs == NULL) {
        return err_memory(err, "acts");
    }
    for (uint32_t i = 0; i < acts.count; i++) {
        uint64_t index;
        if (!desk_find_act(d, acts.items[i], &index, err)) {
            return false;
        }
        p->refs[p->ref_count++] = door_leaf(d->replica.door, index);
    }
    return true;
}

bool desk_find_point(struct desk *d, struct text label, const struct open_point **out,
                     struct err *err)
{
    const struct table_state *s = desk_state(d);
    const struct open_point *best = NULL;
    unsigned rank = 0;
    for (uint32_t i = 0; i < s->point_count; i++) {
        const struct open_point *o = &s->points[i];
        unsigned r = 1u + (o->side == d->replica.side ? 1u : 0u) +
                     (o->closed_at == INDEX_NEVER ? 2u : 0u);
        if (text_eq(o->label, label) && r >= rank) {
            best = o;
            rank = r;
        }
    }
    *out = best;
    return best != NULL || err_set(err, ERR_USE, "there is no open point %.*s", TEXT_ARG(label)) ||
           err_mend(err, "name one by its label: entente proposals");
}

/* ---- people ---- */

static bool seat_is(struct desk *d, uint32_t i, struct text name)
{
    const struct table_state *s = desk_state(d);
    const struct keyring *ring = door_keyring(d->replica.door);
    const struct ring_seat *seat = keyring_seat(ring, i);
    /* The one that was read aloud, as view_seats shows it. */
    const struct kid *kid = seat->keys.post == 0 ? &keyring_side(ring, seat->side)->root_kid
                                                 : &seat->kid;
    if ((text_present(s->names[i]) && text_eq(s->names[i], name)) ||
        id_spoken_begins(kid->b, name.p, name.n)) {
        return true;
    }
    if (!s->has_charter || seat->side >= s->charter.side_count) {
        return false;
    }
    const struct charter_side *c = &s->charter.sides[seat->side];
    if (seat->keys.post >= c->seat_count) {
        return false;
    }
    struct text title = c->seats[seat->keys.post];
    if (seat->side == d->replica.side && text_eq(title, name)) {
        return true;
    }
    return name.n == c->id.n + 1 + title.n && begins(name, c->id) && name.p[c->id.n] == '/' &&
           memcmp(name.p + c->id.n + 1, title.p, title.n) == 0;
}

bool desk_find_seat(struct desk *d, struct text name, uint32_t *out, struct err *err)
{
    const struct keyring *ring = door_keyring(d->replica.door);
    uint64_t size = door_size(d->replica.door);
    uint32_t found = SEAT_NONE;
    for (uint32_t i = 0; i < keyring_seats(ring, size); i++) {
        if (!ring_seat_active(keyring_seat(ring, i), size) || !seat_is(d, i, name)) {
            continue;
        }
        if (found != SEAT_NONE) {
            return err_set(err, ERR_USE, "%.*s may be several seats", TEXT_ARG(name)) ||
                   err_mend(err, "name it by the first digits of its fingerprint: entente seat "
                                 "list");
        }
        found = i;
    }
    *out = found;
    return found != SEAT_NONE || err_set(err, ERR_USE, "there is no seat %.*s", TEXT_ARG(name)) ||
           err_mend(err, "name it by the person, side/title or fingerprint: entente seat list");
}

struct text desk_side_id(struct desk *d, struct text name)
{
    const struct table_state *s = desk_state(d);
    for (uint32_t i = 0; s->has_charter && i < s->charter.side_count; i++) {
        const struct charter_side *c = &s->charter.sides[i];
        if (c->present && (text_eq(c->id, name) || text_eq(c->name, name))) {
            return c->id;
        }
    }
    for (uint32_t i = 0; !s->has_charter && i < SIDES_MAX; i++) {
        struct text id, shown;
        struct err untold = {0};
        if (join_who(&d->replica, i, &d->mem.mem, &id, &shown, &untold) && text_eq(shown, name)) {
            return id;
        }
    }
    return name;
}

/* ---- options ---- */

bool desk_find_option(const struct issue *issue, struct text option, uint32_t *out, struct err *err)
{
    uint64_t n = 0;
    uint32_t found = issue_option(issue, option);
    if (found == UINT32_MAX && u64_parse(option, &n) && n >= 1 && n <= issue->option_count) {
        found = (uint32_t)(n - 1);
    }
    uint32_t like = 0;
    for (uint32_t i = 0; found == UINT32_MAX && option.n > 0 && i < issue->option_count; i++) {
        if (begins(issue->options[i], option)) {
            *out = i;
            like++;
        }
    }
    if (found != UINT32_MAX) {
        *out = found;
        return true;
    }
    if (like == 1) {
        return true;
    }
    char list[256];
    struct buf b;
    buf_over(&b, list, sizeof(list));
    for (uint32_t i = 0; i < issue->option_count && b.n + issue->options[i].n + 9 < sizeof(list);
         i++) {
        buf_printf(&b, "%s%u: %.*s", i > 0 ? "; " : "", i + 1, TEXT_ARG(issue->options[i]));
    }
    return err_set(err, ERR_USE, "%s \"%.*s\" of %.*s",
                   like > 1 ? "several options begin with" : "there is no option", TEXT_ARG(option),
                   TEXT_ARG(issue->id)) ||
           err_mend(err, "choose of: %s", buf_str(&b));
}

/* ---- moments ---- */

bool desk_when(struct desk *d, struct text t, bool future, uint64_t *out, struct err *err)
{
    uint64_t now = clock_now(d->who.clock), span = 0;
    struct err untold = {0};
    if (text_is(t, "now")) {
        *out = now;
        return true;
    }
    if (duration_parse(t, &span, &untold) && span <= CIVIL_MAX - now && span <= now) {
        *out = future ? now + span : now - span;
        return true;
    }
    if (civil_parse(t, out, err)) {
        return true;
    }
    err->code = ERR_USE;
    return err_mend(err,
                    "write a date and hour in UTC, as \"2026-03-09 18:00\", or a span, as 48h");
}

struct text desk_deed_room(const struct desk *d)
{
    const struct table_state *s = desk_state(d);
    return text_str(s->has_charter && s->charter.monitor_count == 0 ? "plenary" : "monitors");
}

/* ---- mandates ---- */

static const struct {
    const char *word;
    enum power power;
} powers[] = {
    {"speak", POWER_SPEAK},
    {"propose", POWER_PROPOSE},
    {"accept-ad-referendum", POWER_ACCEPT_AD_REFERENDUM},
    {"accept-binding", POWER_ACCEPT_BINDING},
    {"sound", POWER_SOUND},
    {"disclose", POWER_DISCLOSE},
};

static bool read_powers(struct text words, uint32_t *out, struct err *err)
{
    struct text one;
    *out = 0;
    while (desk_next_part(&words, ',', &one)) {
        uint32_t bit = 0;
        for (size_t i = 0; i < COUNT_OF(powers); i++) {
            bit = text_is(one, powers[i].word) ? (uint32_t)powers[i].power : bit;
        }
        if (bit == 0) {
            return err_set(err, ERR_USE, "there is no power \"%.*s\"", TEXT_ARG(one)) ||
                   err_mend(err, "choose of: speak, propose, accept-ad-referendum, "
                                 "accept-binding, sound, disclose");
        }
        *out |= bit;
    }
    return *out != 0 || err_set(err, ERR_USE, "a mandate gives at least one power") ||
           err_mend(err, "as --powers speak,propose,accept-ad-referendum");
}

static bool read_issues(struct desk *d, struct text words, struct mandate_request *m,
                        struct err *err)
{
    struct text one;
    const struct charter *c = &desk_state(d)->charter;
    m->issues = ARENA_NEW(&d->mem.mem, struct text, TERMS_ISSUES_MAX);
    if (m->issues == NULL) {
        return err_memory(err, "the issues of a mandate");
    }
    while (desk_next_part(&words, ',', &one)) {
        if (m->issue_count == TERMS_ISSUES_MAX) {
            return err_set(err, ERR_LIMIT, "a mandate names at most %u issues", TERMS_ISSUES_MAX);
        }
        if (issue_find(c->issues, c->issue_count, one) == UINT32_MAX) {
            return err_set(err, ERR_USE, "the charter has no issue \"%.*s\"", TEXT_ARG(one)) ||
                   err_mend(err, "name issues of the charter: entente issues");
        }
        m->issues[m->issue_count++] = one;
    }
    return true;
}

/* "access=one bank|both banks" */
static bool read_limit(struct desk *d, struct text words, struct limit *out, struct err *err)
{
    struct text issue, option;
    const struct charter *c = &desk_state(d)->charter;
    if (memchr(words.p, '=', words.n) == NULL || !desk_next_part(&words, '=', &issue)) {
        return err_set(err, ERR_USE, "a limit is ISSUE=OPTION|OPTION, not \"%.*s\"",
                       TEXT_ARG(words));
    }
    uint32_t i = issue_find(c->issues, c->issue_count, issue);
    if (i == UINT32_MAX) {
        return err_set(err, ERR_USE, "the charter has no issue \"%.*s\"", TEXT_ARG(issue)) ||
               err_mend(err, "name issues of the charter: entente issues");
    }
    *out = (struct limit){.issue = c->issues[i].id};
    while (desk_next_part(&words, '|', &option)) {
        uint32_t k = 0;
        if (!desk_find_option(&c->issues[i], option, &k, err)) {
            return false;
        }
        out->options[k / 8] |= (uint8_t)(1u << (k % 8));
    }
    return true;
}

bool desk_mandate_of(struct desk *d, const struct desk_mandate *m, struct mandate_request *out,
                     struct limits *limits, struct err *err)
{
    *out = (struct mandate_request){0};
    *limits = (struct limits){0};
    if (!desk_find_seat(d, m->seat, &out->seat, err) ||
        !read_powers(m->powers, &out->powers, err) || !read_issues(d, m->issues, out, err) ||
        !duration_parse(m->span, &out->seconds, err)) {
        err->code = err->code == ERR_FORMAT ? ERR_USE : err->code;
        return false;
    }
    if (m->limits.count > TERMS_ISSUES_MAX) {
        return err_set(err, ERR_LIMIT, "a mandate limits at most %u issues", TERMS_ISSUES_MAX);
    }
    limits->limits = ARENA_NEW(&d->mem.mem, struct limit, m->limits.count);
    if (limits->limits == NULL) {
        return err_memory(err, "private limits");
    }
    for (uint32_t i = 0; i < m->limits.count; i++) {
        if (!read_limit(d, m->limits.items[i], &limits->limits[i], err)) {
            return false;
        }
        limits->count++;
    }
    out->limits = limits->count > 0 ? limits : NULL;
    return true;
}

/* ---- files ---- */

const char *desk_base_name(const char *file)
{
    const char *base = file;
    for (const char *s = file; *s != '\0'; s++) {
        base = *s == '/' ? s + 1 : base;
    }
    return base;
}

const char *desk_media(const char *file)
{
    static const char *const media[][2] = {
        {".txt", "text/plain"},
        {".md", "text/markdown"},
        {".csv", "text/csv"},
        {".html", "text/html"},
        {".json", "application/json"},
        {".pdf", "application/pdf"},
        {".zip", "application/zip"},
        {".png", "image/png"},
        {".jpg", "image/jpeg"},
        {".jpeg", "image/jpeg"},
        {".tif", "image/tiff"},
        {".mp4", "video/mp4"},
        {".mp3", "audio/mpeg"},
        {".xml", "application/xml"},
        {".yaml", "application/yaml"},
        {".docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"},
        {".xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"},
    };
    size_t n = strlen(file);
    for (size_t i = 0; i < COUNT_OF(media); i++) {
        size_t k = strlen(media[i][0]);
        if (n > k && strcmp(file + n - k, media[i][0]) == 0) {
            return media[i][1];
        }
    }
    return "application/octet-stream";
}

bool desk_evidence(struct desk *d, struct desk_list files, struct payload *p, struct err *err)
{
    if (files.count > EVIDENCE_MAX) {
        return err_set(err, ERR_LIMIT, "an act names at most %u files", EVIDENCE_MAX);
    }
    p->evidence = ARENA_NEW(&d->mem.mem, struct evidence, files.count);
    if (p->evidence == NULL) {
        return err_memory(err, "evidence");
    }
    for (uint32_t i = 0; i < files.count; i++) {
        const char *file = arena_str(&d->mem.mem, text_bytes(files.items[i]));
        if (file == NULL) {
            return err_memory(err, "evidence");
        }
        size_t mark = arena_mark(&d->mem.mem);
        struct bytes content;
        if (!file_read(file, EVIDENCE_FILE_MAX, &d->mem.mem, &content, err)) {
            return false;
        }
        p->evidence[i] = (struct evidence){.name = text_str(desk_base_name(file)),
                                           .media = text_str(desk_media(file)),
                                           .length = content.n,
                                           .sha256 = digest_plain(content)};
        arena_rewind(&d->mem.mem, mark);
        p->evidence_count++;
    }
    return true;
}
