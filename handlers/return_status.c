#include "handlers/return_status.h"

void return_status_find(struct return_status *s, const struct store_version *versions, size_t count) {
    for (size_t i = 0; i < count; i++) {
        const struct store_version *v = &versions[i];
        if (v->period != s->period) continue;
        if (!s->newest[v->part] || v->version > s->newest[v->part]->version) s->newest[v->part] = v;
        if (v->seq > s->newest_seq) s->newest_seq = v->seq;
        s->sent |= 1u << v->part;
    }
    for (int part = 0; part < PART_COUNT; part++)
        if (s->expected && framework_expects(s->expected, (enum part_id)part, s->period) &&
            !(s->sent >> part & 1))
            s->missing |= 1u << part;
}

static void write_parts(struct json *j, const char *key, uint32_t parts) {
    json_key(j, key);
    json_array_begin(j);
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

/* Signed off: whether the first time was by the deadline. Not signed: false once the deadline has passed, null until then. */
static void write_on_time(struct json *j, const struct return_status *s, int32_t today) {
    json_key(j, "onTime");
    if (s->state.signed_once) json_bool(j, s->state.sign_off.on_time);
    else if (today > framework_provider_deadline(s->framework, s->period)) json_bool(j, false);
    else json_put_null(j);
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
    json_field_bool(j, "onTime", s->state.sign_off.on_time);
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
        const struct store_version *v = s->newest[part];
        if (!v) continue;
        json_object_begin(j);
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
    int32_t deadline = framework_provider_deadline(s->framework, s->period);
    json_field_cstr(j, "deadline", day_format(deadline, text));
    json_field_int(j, "daysLeft", deadline - today);
    write_on_time(j, s, today);
    json_end(j);
}
