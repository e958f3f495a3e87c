#include "handlers/return_status.h"

#include "kpi/book.h"

static int64_t rows_of(const struct return_status *s, enum part_id part) {
    return s->newest[part] ? (int64_t)s->newest[part]->rows : -1;
}

/* The parts that need not be sent: national stands in for episodes and follow-ups; and where episodes are in force
 * national cannot be. */
static uint32_t parts_stood_in_for(const struct return_status *s) {
    if (national_stands(rows_of(s, PART_NATIONAL), rows_of(s, PART_EPISODES)))
        return 1u << PART_EPISODES | 1u << PART_FOLLOW_UPS;
    return s->newest[PART_EPISODES] ? 1u << PART_NATIONAL : 0;
}

void return_status_find(struct return_status *s, const struct store_version *versions, size_t count) {
    for (size_t i = 0; i < count; i++) {
        const struct store_version *v = &versions[i];
        if (v->period != s->period) continue;
        if (!s->newest[v->part] || v->version > s->newest[v->part]->version) s->newest[v->part] = v;
        if (!s->first[v->part] || v->version < s->first[v->part]->version) s->first[v->part] = v;
        if (v->seq > s->newest_seq) s->newest_seq = v->seq;
        s->sent |= 1u << v->part;
    }
    uint32_t there = s->sent | parts_stood_in_for(s);
    for (int part = 0; part < PART_COUNT; part++)
        if (s->expected && framework_expects(s->expected, (enum part_id)part, s->period) &&
            !(there >> part & 1))
            s->missing |= 1u << part;
}

static void write_parts(struct json *j, uint32_t parts) {
    json_array_begin(j);
    for (int part = 0; part < PART_COUNT; part++)
        if (parts >> part & 1) json_cstr(j, part_name((enum part_id)part));
    json_end(j);
}

void return_status_write_missing(struct json *j, const struct return_status *s) {
    write_parts(j, s->missing);
}

static uint32_t expected_parts(const struct return_status *s) {
    uint32_t parts = 0;
    for (int part = 0; part < PART_COUNT && s->expected; part++)
        if (framework_expects(s->expected, (enum part_id)part, s->period)) parts |= 1u << part;
    return parts;
}

static int32_t days_after(int32_t day, int32_t deadline) {
    return day > deadline ? day - deadline : 0;
}

struct timing return_timing(const struct return_status *s, int32_t today) {
    struct timing t = {.deadline = framework_provider_deadline(s->framework, s->period),
                       .settled = s->state.signed_once};
    bool expected = s->expected && framework_expects_any(s->expected, s->period);
    if (t.settled) t.late = days_after(s->state.sign_off.first_day, t.deadline);
    else if (expected) t.late = days_after(today, t.deadline);
    t.outstanding = !t.settled && t.late > 0;
    return t;
}

bool return_is_late(const struct return_status *s, int32_t today) {
    return return_timing(s, today).late > 0;
}

/* Signed off: whether the first time was by the deadline. Not signed: false once the deadline has passed, null until then. */
static void write_timing(struct json *j, const struct return_status *s, int32_t today) {
    struct timing t = return_timing(s, today);
    json_key(j, "onTime");
    if (t.settled || t.outstanding) json_bool(j, t.late == 0);
    else json_put_null(j);
    json_key(j, "daysLate");
    if (t.settled) json_int(j, t.late);
    else json_put_null(j);
    json_field_int(j, "daysOverdue", t.outstanding ? t.late : 0);
    json_field_bool(j, "late", t.late > 0);
}

/* A nil return: everything expected was sent, and none of it has a row. Missing parts are not nil. */
static bool is_nil(const struct return_status *s) {
    bool nil = s->sent && !s->missing;
    for (int part = 0; part < PART_COUNT; part++)
        if (s->newest[part] && s->newest[part]->rows) nil = false;
    return nil;
}

static void write_part(struct json *j, const struct return_status *s, enum part_id part) {
    char text[INSTANT_TEXT];
    const struct store_version *v = s->newest[part], *first = s->first[part];
    int32_t late = days_after(first->day, framework_provider_deadline(s->framework, s->period));
    json_object_begin(j);
    json_field_cstr(j, "part", part_name(part));
    json_field_int(j, "version", v->version);
    json_field_cstr(j, "receivedAt", instant_format(v->received_at, text));
    json_field_int(j, "rows", v->rows);
    json_field_bool(j, "nil", v->rows == 0);
    json_field_int(j, "warningCount", (int64_t)v->warnings);
    json_field_cstr(j, "firstReceivedAt", instant_format(first->received_at, text));
    json_field_bool(j, "onTime", late == 0);
    json_field_int(j, "daysLate", late);
    json_end(j);
}

static void write_sign_off(struct json *j, const struct return_status *s) {
    char text[INSTANT_TEXT];
    json_key(j, "signOff");
    if (!s->state.signed_once) {
        json_put_null(j);
        return;
    }
    json_object_begin(j);
    json_field_cstr(j, "at", instant_format(s->state.sign_off.at, text));
    json_field_str(j, "key", s->state.sign_off.key_id);
    json_field_cstr(j, "firstAt", instant_format(s->state.sign_off.first_at, text));
    json_field_bool(j, "onTime",
                    s->state.sign_off.first_day <= framework_provider_deadline(s->framework, s->period));
    json_field_int(j, "times", s->state.sign_off.times);
    json_end(j);
}

void return_status_write(struct json *j, const struct return_status *s, int32_t today) {
    char text[INSTANT_TEXT];
    json_object_begin(j);
    json_field_str(j, "service", s->service);
    json_field_str(j, "provider", s->provider->id);
    json_field_str(j, "providerName", s->provider->name);
    json_field_cstr(j, "period", period_format(s->period, text));
    json_field_cstr(j, "status", return_state_name(&s->state));
    json_field_bool(j, "resignNeeded", s->state.resign_needed);
    json_field_bool(j, "periodFinal", s->state.period.final);
    write_sign_off(j, s);
    json_key(j, "parts");
    json_array_begin(j);
    for (int part = 0; part < PART_COUNT; part++) {
        if (s->newest[part]) write_part(j, s, (enum part_id)part);
    }
    json_end(j);
    json_key(j, "expectedParts");
    write_parts(j, expected_parts(s));
    json_key(j, "missingParts");
    return_status_write_missing(j, s);
    int32_t deadline = framework_provider_deadline(s->framework, s->period);
    json_field_cstr(j, "deadline", day_format(deadline, text));
    json_field_int(j, "daysLeft", deadline - today);
    write_timing(j, s, today);
    json_field_bool(j, "neverSent", !s->sent);
    json_field_bool(j, "nil", is_nil(s));
    json_end(j);
}
