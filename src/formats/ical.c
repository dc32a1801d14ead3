/* SPDX-License-Identifier: Apache-2.0
 *
 * libical escapes, folds and ends the lines.  Its texts are NUL-terminated: ours have no NUL, for a
 * text is proven to be without control characters.
 */
#include "formats/ical.h"

#include <libical/ical.h>

#define PRODUCT "-//entente//dates//EN"
#define WORDS_MAX 4096u

static struct icaltimetype utc(uint64_t seconds)
{
    return icaltime_from_timet_with_zone((time_t)seconds, 0, icaltimezone_get_utc_timezone());
}

/* Cut, if need be, where a character begins. */
static void terminated(struct text t, char out[static WORDS_MAX])
{
    size_t n = t.n < WORDS_MAX - 1 ? t.n : WORDS_MAX - 1;
    while (n < t.n && n > 0 && ((uint8_t)t.p[n] & 0xC0u) == 0x80u) {
        n--;
    }
    memcpy(out, t.p == NULL ? "" : t.p, n);
    out[n] = '\0';
}

static void add(icalcomponent *to, icalproperty *property)
{
    if (property != NULL) {
        icalcomponent_add_property(to, property);
    }
}

static bool put_event(icalcomponent *calendar, uint64_t made, const struct ical_event *e,
                      struct err *err)
{
    char words[WORDS_MAX];
    if (e->when > ICAL_SECONDS_MAX || made > ICAL_SECONDS_MAX) {
        return err_set(err, ERR_LIMIT, "an hour is after the year 9999");
    }
    icalcomponent *event = icalcomponent_new_vevent();
    if (event == NULL) {
        return err_memory(err, "the calendar");
    }
    add(event, icalproperty_new_uid(e->uid));
    add(event, icalproperty_new_dtstamp(utc(made)));
    add(event, icalproperty_new_dtstart(utc(e->when)));
    terminated(e->summary, words);
    add(event, icalproperty_new_summary(words));
    if (e->about.n > 0) {
        terminated(e->about, words);
        add(event, icalproperty_new_description(words));
    }
    add(event, icalproperty_new_categories(e->category));
    add(event, icalproperty_new_transp(ICAL_TRANSP_TRANSPARENT));
    icalcomponent_add_component(calendar, event);
    return true;
}

bool ical_write(struct text name, uint64_t made, const struct ical_event *events, uint32_t count,
                struct buf *out, struct err *err)
{
    char words[WORDS_MAX];
    icalcomponent *calendar = icalcomponent_new_vcalendar();
    if (calendar == NULL) {
        return err_memory(err, "the calendar");
    }
    add(calendar, icalproperty_new_version("2.0"));
    add(calendar, icalproperty_new_prodid(PRODUCT));
    terminated(name, words);
    icalproperty *title = icalproperty_new_x(words);
    if (title != NULL) {
        icalproperty_set_x_name(title, "X-WR-CALNAME");
        icalcomponent_add_property(calendar, title);
    }
    bool ok = true;
    for (uint32_t i = 0; ok && i < count; i++) {
        ok = put_event(calendar, made, &events[i], err);
    }
    char *raw = ok ? icalcomponent_as_ical_string_r(calendar) : NULL;
    if (raw != NULL) {
        buf_add_str(out, raw);
        icalmemory_free_buffer(raw);
        ok = buf_done(out, "the calendar", err);
    } else if (ok) {
        ok = err_memory(err, "the calendar");
    }
    icalcomponent_free(calendar);
    return ok;
}
