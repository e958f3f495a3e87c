/* check_file: judges a file by the decoder and the rules that the service uses, so that what is said here is what the
 * service would say, to the letter. It knows nothing of other files: those checks are left out, and named. */
#include "base/date.h"
#include "client/checks.h"
#include "client/findings_view.h"
#include "client/lookup_files.h"
#include "client/text.h"
#include "client/value.h"
#include "returns/findings_write.h"
#include "returns/judge.h"

struct check {
    const struct options *options;
    struct file file;
    struct lookup_files lookups;
    struct judge_input input;
    struct fault fault;
    struct judgement judgement;
};

/* What needs the service, for a part. */
static const struct {
    unsigned parts; /* bits by part_id */
    const char *what;
} UNASKED[] = {
    {1U << PART_EPISODES, "whether an episode was returned for another quarter (DUPLICATE)"},
    {1U << PART_EPISODES, "whether site and adviser are in their lists (UNKNOWN_SITE, UNKNOWN_ADVISER)"},
    {1U << PART_EPISODES,
     "whether follow-ups, referrals and harm reduction lose their episode (ORPHAN_FOLLOW_UP, UNKNOWN_EPISODE)"},
    {1U << PART_FOLLOW_UPS,
     "whether the episode of each follow-up was returned (UNKNOWN_EPISODE, ORPHAN_FOLLOW_UP)"},
    {1U << PART_FOLLOW_UPS, "whether each date lies in its window (FOLLOW_UP_OUTSIDE_WINDOW)"},
    {1U << PART_REFERRALS, "whether the destination is in the list of sites (UNKNOWN_SITE)"},
    {1U << PART_REFERRALS | 1U << PART_HARM_REDUCTION,
     "whether the episodes that rows name were returned (UNKNOWN_EPISODE)"},
    {1U << PART_EPISODES | 1U << PART_NATIONAL,
     "whether the quarter holds the other of episodes and national already (EPISODES_AND_NATIONAL)"},
    {~0U, "what the framework of your service sets otherwise, and whether the return is open"},
};

/* What the lists of the service would tell, as far as they were not given. */
static void add_lookups(struct json *j, const struct check *c) {
    uint64_t left = c->lookups.left_to_service;
    if (left) {
        struct buf words = BUF_EMPTY;
        buf_printf(
            &words,
            "whether the service finds the authority of %llu row%s that leave%s localAuthority to the postcode "
            "(MISSING_VALUE); --postcodes FILE looks it up here",
            (unsigned long long)left, plural((long long)left), left == 1 ? "s" : "");
        json_str(j, buf_str(&words));
        buf_free(&words);
    }
    if (!c->lookups.lookups.postcodes)
        json_cstr(j, "which authority and LSOA a postcode gives where lookups are loaded (LOOKUP_DIFFERS); "
                     "--postcodes FILE looks it up here");
    if (!c->lookups.lookups.imd)
        json_cstr(
            j, "which quintile an LSOA gives where lookups are loaded (LOOKUP_DIFFERS); --imd FILE looks it "
               "up here");
    if (c->lookups.lookups.postcodes || c->lookups.lookups.imd)
        json_cstr(j, "whether the service has the same lists loaded");
}

static void add_unasked(struct json *j, const struct check *c) {
    const struct part *part = c->file.part;
    json_array_begin(j);
    if (part->id == PART_EPISODES) add_lookups(j, c);
    for (size_t i = 0; i < sizeof UNASKED / sizeof *UNASKED; i++)
        if (UNASKED[i].parts >> part->id & 1) json_cstr(j, UNASKED[i].what);
    json_end(j);
}

/* ---- as JSON: the fields of the service's refusal ---- */

static void write_json(const struct check *c, bool readable, struct buf *out) {
    const struct findings *f = &c->judgement.findings;
    char period[PERIOD_TEXT], day[DAY_TEXT];
    struct json j = json_to(out);
    json_object_begin(&j);
    json_field_cstr(&j, "part", c->file.part->name);
    json_field_cstr(&j, "period", period_format(c->input.period, period));
    json_field_cstr(&j, "today", day_format(c->input.today, day));
    if (!readable) {
        json_field_cstr(&j, "code", err_info(c->fault.err)->code);
        json_field_cstr(&j, "detail", c->fault.detail);
    } else {
        findings_write_members(&j, f, c->judgement.rows);
    }
    json_key(&j, "notChecked");
    add_unasked(&j, c);
    json_end(&j);
    buf_add_char(out, '\n');
}

/* ---- as words ---- */

static void say_unasked(const struct check *c) {
    struct buf text = BUF_EMPTY;
    struct json j = json_to(&text);
    add_unasked(&j, c);
    json_t *list = json_loadb(text.p, text.n, 0, NULL), *one;
    size_t i;
    fprintf(stderr, "Only the service can tell (quarterday submit --dry-run):\n");
    json_array_foreach(list, i, one) fprintf(stderr, "  - %s\n", json_string_value(one));
    json_decref(list);
    buf_free(&text);
}

static void write_words(const struct check *c, struct buf *out) {
    const struct findings *f = &c->judgement.findings;
    struct buf text = BUF_EMPTY;
    struct json j = json_to(&text);
    findings_write_json(&j, f, false);
    json_t *list = json_loadb(text.p, text.n, 0, NULL);
    findings_view(out, &c->file, list);
    text_add_plain(out, str_of(c->file.path));
    buf_printf(out, ": %s: %s, %llu error%s, %llu warning%s in %u row%s", f->errors ? "has errors" : "good",
               c->file.part->name, (unsigned long long)f->errors, plural((long long)f->errors),
               (unsigned long long)f->warnings, plural((long long)f->warnings), c->judgement.rows,
               plural(c->judgement.rows));
    if (findings_truncated(f)) buf_printf(out, "; the first %zu stand above", f->kept_count);
    buf_add_char(out, '\n');
    json_decref(list);
    buf_free(&text);
}

static void write_fault(const struct check *c, struct buf *out) {
    text_add_plain(out, str_of(c->file.path));
    buf_printf(out, ": refused: error %s: ", err_info(c->fault.err)->code);
    text_add_plain(out, str_of(c->fault.detail));
    buf_add_char(out, '\n');
}

static int answer(const struct check *c, enum err e) {
    struct buf out = BUF_EMPTY;
    bool as_json = options_has(c->options, OPTION_JSON);
    if (e != OK && e != ERR_MALFORMED) return options_wrong(c->options, "%s", c->fault.detail);
    if (as_json) write_json(c, e == OK, &out);
    else if (e == OK) write_words(c, &out);
    else write_fault(c, &out);
    text_put(&out);
    fflush(stdout);
    if (!as_json && e == OK && !options_has(c->options, OPTION_QUIET)) say_unasked(c);
    return e != OK || c->judgement.findings.errors ? EXIT_REFUSED : EXIT_FINE;
}

/* ---- the whole ---- */

static int read_day(const struct options *o, int32_t *out) {
    const char *text = o->value[OPTION_TODAY];
    *out = london_day(instant_now());
    if (!text || day_parse_iso(str_of(text), out)) return 0;
    return options_wrong(o, "--today is '%s'; days are written 2026-02-20", text);
}

static int read_period(const struct options *o, int16_t *out) {
    char named[16];
    const char *text = o->value[OPTION_PERIOD];
    if (!text && file_name_period(o->words[0], named)) text = named;
    if (!text)
        return options_wrong(o, "which quarter is %s of? Give --period, such as 2025-26-Q3", o->words[0]);
    if (!period_parse(str_of(text), out))
        return options_wrong(o, "--period is '%s'; quarters are written 2025-26-Q3", text);
    if (*out >= PERIOD_FIRST_ACCEPTED && *out <= PERIOD_LAST_ACCEPTED) return 0;
    return options_wrong(o, "%s is not collected; the first quarter is 2017-18-Q3", text);
}

static int judge_file(struct check *c, struct buf *body) {
    int status = file_read(&c->file, c->options, body);
    if (status) return status;
    c->input.body = body->n ? buf_str(body) : STR("");
    c->input.part = c->file.part;
    body_format_find(str_of(c->file.type), c->input.body, &c->input.format);
    c->input.hands = judge_hands(c->input.body.n);
    enum err e = judge(&c->input, &c->fault, &c->judgement);
    status = answer(c, e);
    if (e == OK) judgement_free(&c->judgement);
    return status;
}

int check_file(const struct options *o) {
    struct check c = {.options = o,
                      .input = {.windows = DEFAULT_WINDOWS, .spill_dir = "/tmp", .findings_only = true}};
    struct buf body = BUF_EMPTY;
    int status = read_day(o, &c.input.today);
    if (status == 0) status = read_period(o, &c.input.period);
    if (status) return status;
    status = lookup_files_open(&c.lookups, o, c.input.today);
    c.input.lookups = &c.lookups.lookups;
    if (status == 0) {
        status = file_open(&c.file, o, o->words[0]);
        if (status == 0) status = judge_file(&c, &body);
        file_close(&c.file);
    }
    lookup_files_close(&c.lookups);
    buf_free(&body);
    return status;
}
