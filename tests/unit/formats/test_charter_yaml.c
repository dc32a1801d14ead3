/* SPDX-License-Identifier: Apache-2.0 */
#include "formats/charter_yaml.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/hex.h"
#include "base/sort.h"
#include "lib/shared.h"
#include "lib/test.h"

#define MEM_BYTES (4u << 20)
#define FILES_MAX 256u
#define GOLDEN "tests/golden/charter"

static struct bytes project_read(const char *rel)
{
    char path[SHARED_PATH_MAX];
    project_path(rel, path);
    return read_whole(path);
}

static void drop(struct bytes v)
{
    free((void *)(uintptr_t)v.p); /* read_whole gave it to us; the view is const */
}

/* What was expected stands in a file beside the inputs; ENTENTE_BLESS=1 writes it anew. */
static void golden(const char *rel, struct bytes got)
{
    char path[SHARED_PATH_MAX];
    project_path(rel, path);
    if (getenv("ENTENTE_BLESS") != NULL) {
        FILE *f = fopen(path, "wb");
        assert_non_null(f);
        assert_int_equal(fwrite(got.p, 1, got.n, f), got.n);
        assert_int_equal(fclose(f), 0);
    }
    struct bytes want = read_whole(path);
    if (!bytes_eq(want, got)) {
        print_message("%.*s\n", (int)got.n, (const char *)got.p);
        fail_msg("other words than in %s", rel);
    }
    drop(want);
}

static int by_name(const void *a, const void *b, void *ctx)
{
    (void)ctx;
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* The names of all .yaml files there, sorted. */
static uint32_t inputs(struct arena *mem, const char **out)
{
    char path[SHARED_PATH_MAX];
    project_path(GOLDEN, path);
    DIR *dir = opendir(path);
    assert_non_null(dir);
    uint32_t n = 0;
    for (const struct dirent *e = readdir(dir); e != NULL; e = readdir(dir)) {
        size_t len = strlen(e->d_name);
        if (len > 5 && strcmp(e->d_name + len - 5, ".yaml") == 0) {
            assert_true(n < FILES_MAX);
            out[n++] = arena_str(mem, bytes_str(e->d_name));
        }
    }
    (void)closedir(dir);
    assert_true(sort_stable(out, n, sizeof(*out), by_name, NULL, mem));
    return n;
}

static void tell(struct buf *out, const char *name)
{
    struct arena mem = test_arena(MEM_BYTES);
    struct charter c;
    struct err err = {0};
    char rel[256];
    (void)snprintf(rel, sizeof(rel), GOLDEN "/%s", name);
    struct bytes yaml = project_read(rel);
    assert_non_null(yaml.p);
    if (charter_from_yaml(yaml, name, &mem, &c, &err)) {
        buf_printf(out, "%s: taken\n\n", name);
    } else {
        buf_printf(out, "%s: %s\n  where: %s\n  mend:  %s\n\n", err_word(err.code), err.what,
                   err.where, err.mend);
        assert_true(strncmp(err.where, name, strlen(name)) == 0);
    }
    drop(yaml);
    test_arena_free(&mem);
}

static void test_golden_errors(void **state)
{
    (void)state;
    struct arena mem = test_arena(1u << 16);
    const char *names[FILES_MAX];
    uint32_t n = inputs(&mem, names);
    assert_true(n >= 25);
    struct buf out;
    buf_init(&out, 1u << 20);
    for (uint32_t i = 0; i < n; i++) {
        tell(&out, names[i]);
    }
    assert_true(buf_ok(&out));
    golden(GOLDEN "/errors.txt", buf_bytes(&out));
    buf_free(&out);
    test_arena_free(&mem);
}

/* The example, read exactly. */

static struct charter lake(struct arena *mem)
{
    struct charter c = {0};
    struct err err = {0};
    struct bytes yaml = project_read("examples/lake/charter.yaml");
    assert_non_null(yaml.p);
    if (!charter_from_yaml(yaml, "charter.yaml", mem, &c, &err)) {
        fail_msg("%s (%s)", err.what, err.where);
    }
    drop(yaml);
    return c;
}

static void assert_texts(const struct text *t, uint32_t count, const char *joined)
{
    char got[256] = "";
    struct buf b;
    buf_over(&b, got, sizeof(got));
    for (uint32_t i = 0; i < count; i++) {
        buf_printf(&b, "%s%.*s", i == 0 ? "" : "|", TEXT_ARG(t[i]));
    }
    assert_string_equal(buf_str(&b), joined);
}

static void test_lake_sides(void **state)
{
    (void)state;
    static const struct {
        const char *id, *name, *seats;
        enum side_role role;
    } sides[] = {
        {"meridia", "Meridia", "President|minister|envoy", ROLE_MEDIATION},
        {"kestria", "Kestria", "President|envoy", ROLE_PARTY},
        {"velland", "Velland", "President|envoy", ROLE_PARTY},
        {"group", "Joint Monitoring Group", "seat", ROLE_MONITOR},
        {"union", "Littoral Union", "seat", ROLE_CONSULTED},
    };
    struct arena mem = test_arena(MEM_BYTES);
    struct charter c = lake(&mem);
    assert_true(text_is(c.table, "Lake and border talks"));
    assert_true(
        text_is(c.goal, "Stop the fighting on the lake border, then settle how both are safe."));
    assert_int_equal(c.side_count, COUNT_OF(sides));
    assert_int_equal(c.party_count, 2);
    assert_int_equal(c.monitor_count, 1);
    for (uint32_t i = 0; i < c.side_count; i++) {
        assert_true(c.sides[i].present);
        assert_int_equal(c.sides[i].role, sides[i].role);
        assert_true(text_is(c.sides[i].id, sides[i].id));
        assert_true(text_is(c.sides[i].name, sides[i].name));
        assert_texts(c.sides[i].seats, c.sides[i].seat_count, sides[i].seats);
        assert_int_equal(c.sides[i].successor_count, i == 1 ? 3 : 0);
        assert_int_equal(c.sides[i].successors_needed, i == 1 ? 2 : 0);
    }
    assert_int_equal(c.sides[4].phase_count, 1);
    assert_int_equal(c.sides[4].phases[0], 1);
    assert_int_equal(c.decision, DECISION_UNANIMITY);
    assert_int_equal(c.publication, PUBLICATION_ON_AGREEMENT);
    assert_int_equal(c.silence_seconds, 48 * 3600);
    assert_int_equal(c.grace_seconds, 24 * 3600);
    test_arena_free(&mem);
}

static void assert_gate(const struct charter *c, uint32_t phase, const char *joined)
{
    struct arena mem = test_arena(4096);
    struct text words[CHARTER_CONDITIONS_MAX];
    const struct charter_phase *p = &c->phases[phase];
    for (uint32_t i = 0; i < p->condition_count; i++) {
        words[i] = condition_words(c, &p->conditions[i], &mem);
    }
    assert_texts(words, p->condition_count, joined);
    test_arena_free(&mem);
}

static void test_lake_phases(void **state)
{
    (void)state;
    struct arena mem = test_arena(MEM_BYTES);
    struct charter c = lake(&mem);
    assert_int_equal(c.phase_count, 2);
    assert_true(text_is(c.phases[0].id, "ceasefire") && text_is(c.phases[1].id, "security"));
    assert_true(c.phases[0].papers_only && !c.phases[1].papers_only);
    assert_int_equal(c.phases[0].wish_seconds, 4 * 86400);
    assert_int_equal(c.phases[0].deadline_seconds, 30 * 86400);
    assert_int_equal(c.phases[1].wish_seconds, 0);
    assert_int_equal(c.phases[0].condition_count, 6);
    assert_gate(
        &c, 0,
        "a package is agreed at the table|all parties have ratified|kestria-guns is verified "
        "done|velland-prisoners is verified done|no incident for 72 hours|no report waits to "
        "be assessed");
    assert_gate(&c, 1,
                "settled within Kestria|settled within Velland|Littoral Union has been "
                "consulted|Littoral Union has undertaken its part|the text is adopted|all parties "
                "have ratified");
    test_arena_free(&mem);
}

static void test_lake_terms(void **state)
{
    (void)state;
    struct arena mem = test_arena(MEM_BYTES);
    struct charter c = lake(&mem);
    static const char *const ids[] = {"line", "prisoners", "access"};
    static const char *const options[] = {"present line|5 km back|10 km back",
                                          "all for all|sick and wounded first",
                                          "both banks|one bank + joint patrols|one bank"};
    assert_int_equal(c.issue_count, 3);
    for (uint32_t i = 0; i < 3; i++) {
        assert_true(text_is(c.issues[i].id, ids[i]));
        assert_int_equal(c.issues[i].phase, 0);
        assert_int_equal(c.issues[i].owner, CHARTER_NONE);
        assert_texts(c.issues[i].options, c.issues[i].option_count, options[i]);
    }
    assert_int_equal(c.deed_count, 2);
    assert_true(text_is(c.deeds[1].id, "velland-prisoners"));
    assert_true(c.deeds[0].by == 1 && c.deeds[0].verifier == 3);
    assert_true(c.deeds[1].by == 2 && c.deeds[1].verifier == 3);
    assert_int_equal(c.lever_count, 2);
    assert_true(c.levers[0].holder == 4 && c.levers[0].touches == 1);
    assert_int_equal(c.levers[0].permitted_when_failed, CHARTER_NONE);
    assert_int_equal(c.levers[0].ask_count, 0);
    assert_true(c.levers[1].holder == 0 && c.levers[1].touches == 1);
    assert_int_equal(c.levers[1].permitted_when_failed, 0);
    assert_int_equal(c.levers[1].ask_count, 1);
    assert_int_equal(c.levers[1].ask[0], 4);
    assert_true(c.weight_minor == 1 && c.weight_serious == 5);
    assert_int_equal(c.half_life_seconds, 48 * 3600);
    test_arena_free(&mem);
}

/* The bytes that would be signed: a change here is a change of RULES.md 2.2. */
static void test_lake_bytes(void **state)
{
    (void)state;
    struct arena mem = test_arena(MEM_BYTES);
    struct charter c = lake(&mem);
    struct err err = {0};
    struct buf out, text;
    buf_init(&out, CHARTER_CBOR_MAX);
    buf_init(&text, 2 * CHARTER_CBOR_MAX + 64);
    assert_true(charter_encode(&c, &out, &err));
    char *hex = ARENA_NEW(&mem, char, 2 * out.n + 1);
    assert_non_null(hex);
    hex_encode(buf_bytes(&out), hex);
    for (size_t at = 0; at < 2 * out.n; at += 96) {
        buf_add(&text, bytes_slice(bytes_str(hex), at, 96));
        buf_add_u8(&text, '\n');
    }
    golden(GOLDEN "/lake.hex", buf_bytes(&text));
    buf_free(&out);
    buf_free(&text);
    test_arena_free(&mem);
}

/* Every condition of its gates is judged, and everything else is as it is meant. */
static void test_lake_warnings(void **state)
{
    (void)state;
    struct arena mem = test_arena(MEM_BYTES);
    struct charter c = lake(&mem);
    struct text out[8];
    assert_int_equal(charter_warnings(&c, &mem, out, COUNT_OF(out)), 0);
    test_arena_free(&mem);
}

/* Another way to write it is the same charter. */
static bool same_charter(const char *a, const char *b)
{
    struct arena mem = test_arena(MEM_BYTES);
    const char *const yaml[2] = {a, b};
    struct buf out[2];
    for (size_t i = 0; i < 2; i++) {
        struct charter c;
        struct err err = {0};
        buf_init(&out[i], CHARTER_CBOR_MAX);
        if (!charter_from_yaml(bytes_str(yaml[i]), "x.yaml", &mem, &c, &err) ||
            !charter_encode(&c, &out[i], &err)) {
            fail_msg("%s (%s)", err.what, err.where);
        }
    }
    bool same = bytes_eq(buf_bytes(&out[0]), buf_bytes(&out[1]));
    buf_free(&out[0]);
    buf_free(&out[1]);
    test_arena_free(&mem);
    return same;
}

#define PARTIES "parties: [{id: a, name: A}, {id: b, name: B}]\n"

static void test_defaults(void **state)
{
    (void)state;
    static const char brief[] = "table: T\ngoal: G\n" PARTIES "consulted: [{id: u, name: U}]\n"
                                "phases: [{id: p, gate: [settled-within: all]}, {id: q}]\n";
    assert_true(same_charter(
        brief, "phases:\n"
               "- id: p\n  plenary: open\n  gate:\n  - settled-within: [a, b]\n"
               "- 'id': \"q\"\r\n"
               "table: \"T\"\ngoal: >-\n  G\n"
               "parties:\n"
               "- {id: a, name: A, principal: principal, seats: []}\n"
               "- {id: b, name: B, principal: principal}\n"
               "monitors: []\n"
               "consulted: [{id: u, name: U, seats: [seat], in: [q, p]}]\n"
               "procedure: {decision: unanimity, nothing-agreed-until-all: phase, silence: 2d, "
               "grace: 1440m, publication: on-agreement}\n"
               "quiet: {weights: {minor: 1, serious: 5}, half-life: 2d}\n"
               "issues: []\ndeeds: []\nlevers: []\nsuccessors: {}\n"));
    assert_false(same_charter(brief, "table: T\ngoal: G\n" PARTIES
                                     "consulted: [{id: u, name: U, in: [q]}]\n"
                                     "phases: [{id: p, gate: [settled-within: all]}, {id: q}]\n"));
}

static void test_decisions(void **state)
{
    (void)state;
    static const char *const rules[] = {"consensus", "{qualified: 2}", "{qualified: 2, veto: b}",
                                        "{qualified: 2, veto: [a, b]}"};
    static const uint32_t vetoes[] = {0, 0, 4, 6};
    for (size_t i = 0; i < COUNT_OF(rules); i++) {
        struct arena mem = test_arena(1u << 20);
        struct charter c;
        struct err err = {0};
        char yaml[512];
        (void)snprintf(yaml, sizeof(yaml),
                       "table: T\ngoal: G\n" PARTIES
                       "phases: [{id: p}]\nprocedure: {decision: %s}\n",
                       rules[i]);
        if (!charter_from_yaml(bytes_str(yaml), "c.yaml", &mem, &c, &err)) {
            fail_msg("%s: %s", rules[i], err.what);
        }
        assert_int_equal(c.decision, i == 0 ? DECISION_CONSENSUS : DECISION_QUALIFIED);
        assert_int_equal(c.decision_needed, i == 0 ? 0 : 2);
        assert_int_equal(c.veto, vetoes[i]);
        test_arena_free(&mem);
    }
}

static void test_too_long(void **state)
{
    (void)state;
    struct arena mem = test_arena(4096);
    struct charter c;
    struct err err = {0};
    char *p = calloc(1, CHARTER_YAML_MAX + 1);
    assert_non_null(p);
    memset(p, '\n', CHARTER_YAML_MAX + 1);
    assert_false(charter_from_yaml(bytes_of(p, CHARTER_YAML_MAX + 1), "x", &mem, &c, &err));
    assert_int_equal(err.code, ERR_LIMIT);
    assert_false(charter_from_yaml(bytes_of(p, CHARTER_YAML_MAX), "x", &mem, &c, &err));
    assert_string_equal(err.what, "the file is empty");
    free(p);
    test_arena_free(&mem);
}

static bool read_in(struct arena *mem, void *ctx)
{
    const struct bytes *yaml = ctx;
    struct charter c;
    struct err err = {0};
    return charter_from_yaml(*yaml, "charter.yaml", mem, &c, &err) || err.code != ERR_MEMORY;
}

static void test_memory_faults(void **state)
{
    (void)state;
    struct bytes yaml = project_read("examples/lake/charter.yaml");
    assert_true(test_faults(read_in, &yaml, 1u << 18) > 100);
    drop(yaml);
}

/* All faults of a file at once, and each once: what names a faulty item is not faulted for it. */
static void all_faults(const char *yaml, const char *const *places, uint32_t count)
{
    struct arena mem = test_arena(MEM_BYTES);
    struct charter c;
    struct charter_faults *faults = ARENA_NEW(&mem, struct charter_faults, 1);
    struct err err = {0}, first = {0};
    assert_non_null(faults);
    assert_false(charter_from_yaml_all(bytes_str(yaml), "c.yaml", &mem, &c, faults, &err));
    assert_false(charter_from_yaml(bytes_str(yaml), "c.yaml", &mem, &c, &first));
    assert_string_equal(err.what, first.what);
    assert_string_equal(err.where, first.where);
    for (uint32_t i = 0; i < faults->count && i < count; i++) {
        assert_non_null(strstr(faults->items[i].where, places[i]));
    }
    assert_int_equal(faults->count, count);
    test_arena_free(&mem);
}

static void test_all_faults(void **state)
{
    (void)state;
    /* What cannot be read. */
    static const char *const read[] = {"line 3,", "line 5,", "line 9,", "line 11,",
                                       "line 8,", "line 8,", "line 10,"};
    all_faults("table: A weir\n"
               "goal: Rebuild it.\n"
               "mediation: {id: house, name: The House, pricipal: Warden}\n"
               "parties:\n"
               "  - {id: upper, nam: Upper Mill}\n"
               "  - {id: lower, name: Lower Mill}\n"
               "phases:\n"
               "  - {id: build, gate: [agreed: packet, verified: bnk, no-report-waiting]}\n"
               "  - {id: share, wish: soon}\n"
               "issues: [{id: cost, phase: bild, options: [half each]}]\n"
               "deeds: [{id: sluice, by: uper}, {id: bank, by: upper, verifier: house}]\n",
               read, COUNT_OF(read));
    /* What can be read, and is no charter. */
    static const char *const meant[] = {"line 4", "line 6", "line 11", "line 8", "line 10"};
    all_faults("table: A weir\n"
               "goal: Rebuild it.\n"
               "parties:\n"
               "  - {id: all, name: Upper Mill}\n"
               "  - {id: lower, name: Lower Mill}\n"
               "procedure: {silence: 10s}\n"
               "phases:\n"
               "  - {id: build}\n"
               "  - {id: share}\n"
               "issues: [{id: cost, phase: build, options: [half each, half each]}]\n"
               "deeds: [{id: sluice, by: lower, verifier: lower}]\n",
               meant, COUNT_OF(meant));
    static const char *const one[] = {"line 1"};
    all_faults("tabel: A weir\n", one, 1);
}

/* The templates and the lake have no fault, and nothing that is probably not meant. */
static void test_templates(void **state)
{
    static const char *const files[] = {"examples/charters/ceasefire.yaml",
                                        "examples/charters/bargaining.yaml",
                                        "examples/charters/settlement.yaml"};
    (void)state;
    for (size_t i = 0; i < COUNT_OF(files); i++) {
        struct arena mem = test_arena(MEM_BYTES);
        struct charter c;
        struct text warnings[4];
        struct charter_faults *faults = ARENA_NEW(&mem, struct charter_faults, 1);
        struct err err = {0};
        struct bytes yaml = project_read(files[i]);
        assert_non_null(faults);
        if (!charter_from_yaml_all(yaml, files[i], &mem, &c, faults, &err)) {
            fail_msg("%s (%s)", err.what, err.where);
        }
        assert_int_equal(faults->count, 0);
        assert_int_equal(charter_warnings(&c, &mem, warnings, COUNT_OF(warnings)), 0);
        drop(yaml);
        test_arena_free(&mem);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_golden_errors), cmocka_unit_test(test_lake_sides),
        cmocka_unit_test(test_lake_phases),   cmocka_unit_test(test_lake_terms),
        cmocka_unit_test(test_lake_bytes),    cmocka_unit_test(test_lake_warnings),
        cmocka_unit_test(test_defaults),      cmocka_unit_test(test_decisions),
        cmocka_unit_test(test_too_long),      cmocka_unit_test(test_memory_faults),
        cmocka_unit_test(test_all_faults),    cmocka_unit_test(test_templates),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
