#include "tests/support/judged.h"

#include <stdlib.h>

#include "tests/support/suite.h"

static enum episode_standing episode(void *context, struct hash128 id, int16_t not_in,
                                     struct episode_at *out) {
    (void)context;
    static const struct {
        const char *id;
        int16_t period;
        int month;
    } KNOWN[] = {{"EARLIER", 2025 * 4, 5}, {"HERE", 2025 * 4 + 1, 7}, {"LATER", 2025 * 4 + 2, 10}};
    for (size_t i = 0; i < 3; i++) {
        if (!hash128_eq(id, hash128_of(str_of(KNOWN[i].id))) || KNOWN[i].period == not_in) continue;
        *out = (struct episode_at){KNOWN[i].period,
                                   day_from_civil(2025, KNOWN[i].month, KNOWN[i].month == 7 ? 14 : 1)};
        return EPISODE_IN_FORCE;
    }
    return hash128_eq(id, hash128_of(STR("REMOVED"))) ? EPISODE_REMOVED : EPISODE_UNKNOWN;
}

/* Every site and adviser is known but UNLISTED; before 2025-26 no list had been sent. */
static enum listing listed(void *context, enum part_id list, int16_t period, struct hash128 id,
                           struct looked_into *out) {
    (void)context, (void)list;
    if (period < period_of(2025, 1)) return LIST_NEVER_SENT;
    *out = (struct looked_into){period_of(2025, 1), 3};
    return hash128_eq(id, hash128_of(STR("UNLISTED"))) ? LIST_LACKS : LIST_HAS;
}

static bool episodes_of(void *context, int16_t period, struct looked_into *out) {
    (void)context;
    *out = (struct looked_into){period, 5};
    return period == period_of(2025, 2);
}

static const struct known KNOWN = {NULL, episode, listed, episodes_of};

struct judge_input judged_defaults(const char *part, enum body_format format, str body) {
    return (struct judge_input){
        .part = part_find(str_of(part)),
        .period = period_of(2025, 2),
        .today = day_from_civil(2026, 2, 20),
        .windows = DEFAULT_WINDOWS,
        .format = format,
        .body = body,
        .known = &KNOWN,
        .service = STR("s"),
        .provider = STR("p"),
        .version = 7,
        .spill_dir = "/tmp",
    };
}

/* ---- several hands find the same ---- */

static enum err add_bytes(void *context, const void *bytes, size_t n) {
    buf_add(context, bytes, n);
    return OK;
}

static bool same_finding(const struct finding *a, const struct finding *b) {
    bool same_column = a->column && b->column ? strcmp(a->column, b->column) == 0 : a->column == b->column;
    return a->row == b->row && a->line == b->line && same_column && a->order == b->order &&
           a->code == b->code && a->severity == b->severity && str_eq(a->detail, b->detail) &&
           str_eq(a->fix, b->fix);
}

static bool same_groups(const struct findings *a, const struct findings *b) {
    for (size_t code = 0; code < FINDING_CODE_COUNT; code++)
        for (size_t place = 0; place < FINDING_PLACES; place++)
            for (size_t severity = 0; severity < 2; severity++) {
                const struct finding_group none = {.count = 0};
                const struct finding_group *x = a->groups ? &a->groups[code][place][severity] : &none;
                const struct finding_group *y = b->groups ? &b->groups[code][place][severity] : &none;
                if (x->count != y->count || (x->count && x->first_row != y->first_row)) return false;
            }
    return true;
}

static bool same_findings(const struct findings *a, const struct findings *b) {
    bool same = a->kept_count == b->kept_count && a->errors == b->errors && a->warnings == b->warnings &&
                a->suppressed == b->suppressed && memcmp(a->by_code, b->by_code, sizeof a->by_code) == 0;
    for (size_t i = 0; same && i < a->kept_count; i++)
        same = same_finding(&a->kept[i], &b->kept[i]);
    return same && same_groups(a, b);
}

static bool same_copy(struct judgement *a, struct judgement *b) {
    struct buf x = BUF_EMPTY, y = BUF_EMPTY;
    spill_read(&a->copy, add_bytes, &x);
    spill_read(&b->copy, add_bytes, &y);
    bool same = str_eq(buf_str(&x), buf_str(&y));
    buf_free(&x);
    buf_free(&y);
    return same;
}

static bool same_judgement(struct judgement *a, struct judgement *b) {
    return a->rows == b->rows && a->nhs_majority == b->nhs_majority && str_eq(a->facts, b->facts) &&
           str_eq(a->digests, b->digests) && same_findings(&a->findings, &b->findings) && same_copy(a, b);
}

static void check_hands(struct judged *one, const struct judge_input *in, unsigned hands, unsigned rows) {
    struct judge_input again = *in;
    struct fault fault = {.err = OK};
    struct judgement several;
    again.hands = hands;
    again.hand_rows = rows;
    enum err e = judge(&again, &fault, &several);
    CHECK(e == one->err && (e == OK || strcmp(fault.detail, one->fault.detail) == 0),
          "%u hands end likewise: %s", hands, fault.detail);
    if (e != OK) return;
    CHECK(same_judgement(&one->judgement, &several), "%u hands with %u rows at a time find the same", hands,
          rows);
    judgement_free(&several);
}

/* Who wants nothing but the findings gets the same. */
static void check_findings_only(struct judged *one, const struct judge_input *in, unsigned hands) {
    struct judge_input again = *in;
    struct fault fault = {.err = OK};
    struct judgement only;
    again.hands = hands;
    again.hand_rows = 2;
    again.findings_only = true;
    enum err e = judge(&again, &fault, &only);
    CHECK(e == one->err, "%u hands end likewise without rows: %s", hands, fault.detail);
    if (e != OK) return;
    CHECK(same_findings(&one->judgement.findings, &only.findings) && one->judgement.rows == only.rows,
          "%u hands find the same where nothing is kept", hands);
    CHECK(only.facts.n == 0 && only.digests.n == 0, "and nothing is");
    judgement_free(&only);
}

void judged_input(struct judged *out, const struct judge_input *in) {
    *out = (struct judged){.err = OK};
    out->err = judge(in, &out->fault, &out->judgement);
    check_hands(out, in, 1, 0);
    check_hands(out, in, 2, 1);
    check_hands(out, in, 3, 2);
    for (unsigned hands = 1; hands <= 2 && out->err != ERR_UNAVAILABLE; hands++)
        check_findings_only(out, in, hands); /* which takes less room */
    if (out->err != OK) return;
    const struct findings *f = &out->judgement.findings;
    for (size_t i = 0; i < f->kept_count; i++) {
        const struct finding *k = &f->kept[i];
        buf_printf(&out->found, "%s%s%u:%s:%s", i ? " " : "", k->severity == SEVERITY_WARNING ? "~" : "",
                   (unsigned)k->row, k->column ? k->column : "-", finding_code_name(k->code));
    }
}

void judged_text(struct judged *out, const char *part, enum body_format format, str body) {
    struct judge_input in = judged_defaults(part, format, body);
    judged_input(out, &in);
}

void judged_csv(struct judged *out, const char *part, const char *body) {
    judged_text(out, part, FORMAT_CSV, str_of(body));
}

void judged_json(struct judged *out, const char *part, const char *body) {
    judged_text(out, part, FORMAT_JSON, str_of(body));
}

const char *judged_found(struct judged *j) {
    buf_add(&j->found, "", 1);
    j->found.n--;
    return j->found.p;
}

const struct finding *judged_first(const struct judged *j, enum finding_code code) {
    for (size_t i = 0; i < j->judgement.findings.kept_count; i++)
        if (j->judgement.findings.kept[i].code == code) return &j->judgement.findings.kept[i];
    return NULL;
}

void judged_free(struct judged *j) {
    if (j->err == OK) judgement_free(&j->judgement);
    buf_free(&j->found);
}

unsigned fault_line(const struct fault *f) {
    str rest = str_of(f->detail);
    uint64_t line = 0;
    if (!str_starts_with(rest, STR("Line "))) return 0;
    rest = str_sub(rest, 5, rest.n);
    size_t digits = 0;
    while (digits < rest.n && ascii_is_digit(rest.p[digits]))
        digits++;
    return str_to_uint(str_sub(rest, 0, digits), UINT32_MAX, &line) ? (unsigned)line : 0;
}

/* ---- bodies ---- */

struct field {
    str name, value;
};
struct fields {
    struct field list[COLUMNS_MAX];
    size_t count;
};

static void set_field(struct fields *f, str name, str value) {
    size_t i = 0;
    while (i < f->count && !str_eq(f->list[i].name, name))
        i++;
    if (i == f->count) f->count++;
    f->list[i] = (struct field){name, value};
}

static void take_out(struct fields *f, str name) {
    size_t kept = 0;
    for (size_t i = 0; i < f->count; i++)
        if (!str_eq(f->list[i].name, name)) f->list[kept++] = f->list[i];
    f->count = kept;
}

static void change(struct fields *f, const char *changes) {
    for (str rest = str_of(changes); rest.n;) {
        str one = str_cut(&rest, '|');
        if (one.n && one.p[0] == '-') {
            take_out(f, str_sub(one, 1, one.n));
            continue;
        }
        str name = str_cut(&one, '=');
        set_field(f, name, one.p ? one : STR(""));
    }
}

/* A good row of 2025-26-Q2. */
static const char *good_row(const char *part) {
    static const char *const ROWS[PART_COUNT] = {
        [PART_EPISODES] =
            "episodeId=E1|clientId=C1|localAuthority=E09000012|quitDate=2025-07-14|ageAtQuitDate=43",
        [PART_FOLLOW_UPS] = "episodeId=HERE|stage=4W|date=2025-08-11|outcome=1",
        [PART_HARM_REDUCTION] = "pathwayId=P1|startDate=2025-07-14",
        [PART_REFERRALS] = "referralId=R1|receivedDate=2025-07-14",
        [PART_CONTACTS] = "month=2025-07|callsReceived=100|callsAnsweredFirstTime=95",
        [PART_TRAINING_SESSIONS] = "sessionId=T1|date=2025-07-14|type=VBA|attendees=12",
        [PART_ADVISERS] = "adviserId=A1|organisation=Homerton",
        [PART_SITES] = "siteId=S1|name=Clapton Pharmacy",
        [PART_NATIONAL] = "part=1D|measure=SET|value=40",
        [PART_WEB_ANALYTICS] = "month=2025-07",
        [PART_MEDIA_ACTIVITY] = "date=2025-07-14|channel=Instagram",
    };
    enum part_id id = PART_EPISODES;
    part_id_parse(str_of(part), &id);
    return ROWS[id];
}

void judged_body(struct buf *out, const char *part, enum body_format format, const char *changes) {
    struct fields f = {.count = 0};
    bool json = format == FORMAT_JSON;
    change(&f, good_row(part));
    change(&f, changes);
    buf_add_cstr(out, json ? "{\"rows\":[{" : "");
    for (size_t i = 0; i < f.count && !json; i++)
        buf_printf(out, "%s%.*s", i ? "," : "", STR_ARG(f.list[i].name));
    buf_add_cstr(out, json ? "" : "\n");
    for (size_t i = 0; i < f.count; i++) {
        if (json)
            buf_printf(out, "%s\"%.*s\":\"%.*s\"", i ? "," : "", STR_ARG(f.list[i].name),
                       STR_ARG(f.list[i].value));
        else buf_printf(out, "%s\"%.*s\"", i ? "," : "", STR_ARG(f.list[i].value));
    }
    buf_add_cstr(out, json ? "}]}" : "\n");
}

void judged_row(struct judged *out, const char *part, enum body_format format, const char *changes) {
    struct buf body = BUF_EMPTY;
    judged_body(&body, part, format, changes);
    judged_text(out, part, format, buf_str(&body));
    buf_free(&body);
}

void judged_copy(struct judged *j, struct buf *out) {
    spill_read(&j->judgement.copy, add_bytes, out);
}
