#include "handlers/return_status.h"

void return_status_find(struct return_status *s, const struct store_version *versions, size_t count) {
    for (size_t i = 0; i < count; i++) {
        const struct store_version *v = &versions[i];
        if (v->period != s->period) continue;
        if (!s->newest[v->part] || v->version > s->newest[v->part]->version) s->newest[v->part] = v;
        if (v->version == 1 && !v->on_time) s->any_late = true;
        s->sent |= 1u << v->part;
    }
    for (int part = 0; part < PART_COUNT; part++)
        if (s->expected && framework_expects(s->expected, (enum part_id)part, s->period) && !(s->sent >> part & 1)) s->missing |= 1u << part;
}

const char *return_status_name(const struct return_status *s) {
    (void)s;
    return "OPEN";
}

static void write_parts(struct json *j, const char *key, uint32_t parts) {
    json_key(j, key);
    json_array(j);
    for (int part = 0; part < PART_COUNT; part++)
        if (parts >> part & 1) json_cstr(j, part_name((enum part_id)part));
    json_end(j);
}

static uint32_t expected_parts(const struct return_status *s) {
    uint32_t parts = 0;
    for (int part = 0; part < PART_COUNT && s->expected; part++)
        if (framework_expects(s->expected, (enum part_id)part, s->period)) parts |= 1u << part;
    return parts;
}

/* true: all expected parts first came by the deadline; false: one came late, or is missing and the deadline has passed; null: still
 * open and in time. */
static void write_on_time(struct json *j, const struct return_status *s, int32_t today) {
    json_key(j, "onTime");
    bool over = today > period_provider_deadline(s->period);
    if (s->any_late || (s->missing && over)) json_bool(j, false);
    else if (s->missing || !s->sent) json_null(j);
    else json_bool(j, true);
}

void return_status_write(struct json *j, const struct return_status *s, int32_t today) {
    char text[INSTANT_TEXT];
    json_object(j);
    json_field_str(j, "service", s->service);
    json_field_str(j, "provider", s->provider->id);
    json_field_str(j, "providerName", s->provider->name);
    json_field_cstr(j, "period", period_format(s->period, text));
    json_field_cstr(j, "status", return_status_name(s));
    json_field_bool(j, "resignNeeded", false);
    json_key(j, "parts");
    json_array(j);
    for (int part = 0; part < PART_COUNT; part++) {
        const struct store_version *v = s->newest[part];
        if (!v) continue;
        json_object(j);
        json_field_cstr(j, "part", part_name((enum part_id)part));
        json_field_int(j, "version", v->version);
        json_field_cstr(j, "receivedAt", instant_format(v->received_at, text));
        json_field_int(j, "rows", v->rows);
        json_field_int(j, "warningCount", (int64_t)v->warnings);
        json_field_bool(j, "onTime", v->on_time);
        json_end(j);
    }
    json_end(j);
    write_parts(j, "expectedParts", expected_parts(s));
    write_parts(j, "missingParts", s->missing);
    int32_t deadline = period_provider_deadline(s->period);
    json_field_cstr(j, "deadline", day_format(deadline, text));
    json_field_int(j, "daysLeft", deadline - today);
    write_on_time(j, s, today);
    json_end(j);
}
