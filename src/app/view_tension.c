/* SPDX-License-Identifier: Apache-2.0
 *
 * Hours of quiet first, then the tension: in words, as a small curve, as a table.
 */
#include "app/view_priv.h"
#include "table/tension.h"

#define POINTS 60u
#define LEVELS 8u

struct curve {
    uint64_t from, to;
    uint64_t at[POINTS]; /* thousandths */
    uint64_t peak;
};

static uint64_t hour_of(const struct curve *c, uint32_t i)
{
    return c->from + (c->to - c->from) * i / (POINTS - 1);
}

static struct curve curve_of(const struct view *v, uint32_t days)
{
    uint64_t back = (uint64_t)days * 86400;
    struct curve c = {.from = v->now > back ? v->now - back : 0, .to = v->now};
    for (uint32_t i = 0; i < POINTS; i++) {
        c.at[i] = tension_at(view_state(v), door_witness(v->r->door), door_size(v->r->door),
                             hour_of(&c, i));
        c.peak = c.at[i] > c.peak ? c.at[i] : c.peak;
    }
    return c;
}

/* The last verified incident's hour; 0: there was none. */
static uint64_t last_hour(const struct view *v)
{
    const struct table_state *s = view_state(v);
    uint64_t last = 0;
    for (uint32_t i = 0; i < s->incident_count; i++) {
        uint64_t hour = incident_hour(&s->incidents[i], door_witness(v->r->door),
                                      door_size(v->r->door));
        if (s->incidents[i].verdict == VERDICT_VERIFIED && hour > last) {
            last = hour;
        }
    }
    return last;
}

static void put_thousandths(struct buf *out, uint64_t n)
{
    buf_printf(out, "%llu.%02llu", (unsigned long long)(n / 1000),
               (unsigned long long)(n % 1000 / 10));
}

static void put_curve(const struct view *v, const struct curve *c, bool ascii, struct buf *out)
{
    static const char *const blocks[LEVELS + 1] = {" ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
    static const char *const plain[LEVELS + 1] = {" ", ".", ":", "-", "=", "+", "*", "#", "@"};
    buf_printf(out, "  ");
    for (uint32_t i = 0; i < POINTS; i++) {
        uint64_t k = c->peak == 0 ? 0 : (c->at[i] * LEVELS + c->peak - 1) / c->peak;
        buf_add_str(out, ascii ? plain[k] : blocks[k]);
    }
    buf_printf(out, "\n  from %s to %s; at its highest ", view_when(v, c->from),
               view_when(v, c->to));
    put_thousandths(out, c->peak);
    buf_printf(out, "\n");
}

void view_tension(const struct view *v, uint32_t days, bool ascii, struct buf *out)
{
    const struct table_state *s = view_state(v);
    struct curve c = curve_of(v, days);
    uint64_t last = last_hour(v);
    if (last == 0) {
        buf_printf(out, "Quiet: no incident has been verified at this table.\n");
    } else {
        buf_printf(out, "Quiet for %llu hours, since %s.\n",
                   (unsigned long long)(v->now > last ? (v->now - last) / 3600 : 0),
                   view_when(v, last));
    }
    buf_printf(out, "Tension now: ");
    put_thousandths(out, c.at[POINTS - 1]);
    buf_printf(out,
               " (a minor incident weighs %u, a serious one %u; half is gone after %llu hours)\n",
               s->charter.weight_minor, s->charter.weight_serious,
               (unsigned long long)(s->charter.half_life_seconds / 3600));
    if (c.peak > 0) {
        put_curve(v, &c, ascii, out);
    }
}

void view_tension_csv(const struct view *v, uint32_t days, struct buf *out)
{
    struct curve c = curve_of(v, days);
    buf_add_str(out, "time,tension_thousandths\n");
    for (uint32_t i = 0; i < POINTS; i++) {
        buf_printf(out, "%llu,%llu\n", (unsigned long long)hour_of(&c, i),
                   (unsigned long long)c.at[i]);
    }
}

void view_tension_json(const struct view *v, uint32_t days, struct json *j)
{
    const struct table_state *s = view_state(v);
    struct curve c = curve_of(v, days);
    json_put_key(j, "last_incident");
    json_put_u64(j, last_hour(v));
    json_put_key(j, "tension_thousandths");
    json_put_u64(j, c.at[POINTS - 1]);
    json_put_key(j, "weight_minor");
    json_put_u64(j, s->charter.weight_minor);
    json_put_key(j, "weight_serious");
    json_put_u64(j, s->charter.weight_serious);
    json_put_key(j, "half_life_seconds");
    json_put_u64(j, s->charter.half_life_seconds);
    json_put_key(j, "curve");
    json_put_array(j);
    for (uint32_t i = 0; i < POINTS; i++) {
        json_put_array(j);
        json_put_u64(j, hour_of(&c, i));
        json_put_u64(j, c.at[i]);
        json_put_end(j);
    }
    json_put_end(j);
}
