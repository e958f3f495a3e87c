#include "handlers/calendar_write.h"

#include <stdio.h>

#include "returns/csv_write.h"

/* ---- the dates, once for all forms ---- */

enum { DATE_START, DATE_END, DATE_FOLLOW_UP_END, DATE_PROVIDER, DATE_NATIONAL, DATE_LOCK, DATES };
static const struct {
    const char *name;
    const char *uid, *title; /* of the event; NULL: none */
} DATE_KINDS[DATES] = {
    [DATE_START] = {"quarterStart", NULL, NULL},
    [DATE_END] = {"quarterEnd", NULL, NULL},
    [DATE_FOLLOW_UP_END] = {"followUpEnd", "follow-up-end", "4-week follow-ups end"},
    [DATE_PROVIDER] = {"providerDeadline", "provider", "Providers' returns are due"},
    [DATE_NATIONAL] = {"nationalDeadline", "national", "National return is due"},
    [DATE_LOCK] = {"lockDay", "lock", "Final periods of the year are locked from this day"},
};

static int32_t date_of(const struct calendar_row *row, int kind) {
    const struct framework *f = row->framework;
    int16_t period = row->state.period;
    if (kind == DATE_START) return period_first_day(period);
    if (kind == DATE_END) return period_last_day(period);
    if (kind == DATE_FOLLOW_UP_END) return framework_follow_up_end(f, period);
    if (kind == DATE_PROVIDER) return framework_provider_deadline(f, period);
    return kind == DATE_NATIONAL ? framework_national_deadline(f, period) : row->lock_day;
}

/* Who has the say over the lock: nobody yet, or the newest of /lock and /unlock. */
static const char *lock_name(enum lock_state lock) {
    if (lock == LOCK_LOCKED) return "LOCKED";
    return lock == LOCK_UNLOCKED ? "UNLOCKED" : "BY_CALENDAR";
}

/* ---- JSON and CSV ---- */

void calendar_write_json(struct json *j, const struct calendar_row *row) {
    char text[INSTANT_TEXT];
    const struct store_period *s = &row->state;
    json_object_begin(j);
    json_field_str(j, "service", row->service);
    json_field_cstr(j, "period", period_format(s->period, text));
    for (int kind = 0; kind < DATES; kind++)
        json_field_cstr(j, DATE_KINDS[kind].name, day_format(date_of(row, kind), text));
    json_field_bool(j, "named", framework_deadline_is_named(row->framework, s->period));
    json_field_bool(j, "final", s->final);
    json_field_str(j, "finalAt", s->final ? str_of(instant_format(s->final_at, text)) : STR_NONE);
    json_field_bool(j, "locked", row->locked);
    json_field_cstr(j, "lock", lock_name(s->lock));
    json_field_str(j, "lockReason", s->lock_reason.n ? s->lock_reason : STR_NONE);
    json_end(j);
}

void calendar_write_csv_header(struct buf *out) {
    buf_add_cstr(out, "service,period");
    for (int kind = 0; kind < DATES; kind++)
        buf_printf(out, ",%s", DATE_KINDS[kind].name);
    buf_add_cstr(out, ",named,final,finalAt,locked,lock,lockReason");
    csv_write_end_row(out);
}

static const char *yes(bool b) {
    return b ? "true" : "false";
}

void calendar_write_csv(struct buf *out, const struct calendar_row *row) {
    char text[INSTANT_TEXT];
    const struct store_period *s = &row->state;
    csv_write_field(out, row->service, true);
    buf_printf(out, ",%s", period_format(s->period, text));
    for (int kind = 0; kind < DATES; kind++)
        buf_printf(out, ",%s", day_format(date_of(row, kind), text));
    buf_printf(out, ",%s,%s,", yes(framework_deadline_is_named(row->framework, s->period)), yes(s->final));
    if (s->final) buf_add_cstr(out, instant_format(s->final_at, text));
    buf_printf(out, ",%s,%s,", yes(row->locked), lock_name(s->lock));
    csv_write_field(out, s->lock_reason, true);
    csv_write_end_row(out);
}

/* ---- iCalendar ---- */

/* Lines of at most 75 bytes, never cut within a character; what goes on begins with a space. */
static void fold(struct buf *out, str line) {
    enum { MOST = 75 };
    size_t room = MOST;
    while (line.n > room) {
        size_t cut = room;
        while (cut > 1 && ((unsigned char)line.p[cut] & 0xc0) == 0x80)
            cut--;
        buf_add(out, line.p, cut);
        buf_add_cstr(out, "\r\n ");
        line = str_sub(line, cut, line.n);
        room = MOST - 1;
    }
    buf_add_str(out, line);
    buf_add_cstr(out, "\r\n");
}

static void add_text(struct buf *line, str s) {
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] == '\n') {
            buf_add_cstr(line, "\\n");
            continue;
        }
        if (s.p[i] == '\\' || s.p[i] == ';' || s.p[i] == ',') buf_add_char(line, '\\');
        if ((unsigned char)s.p[i] >= 0x20) buf_add_char(line, s.p[i]);
    }
}

static void add_day(struct buf *out, const char *name, int32_t day) {
    int y, m, d;
    day_to_civil(day, &y, &m, &d);
    buf_printf(out, "%s:%04d%02d%02d", name, y, m, d);
}

static void write_event(struct buf *out, const struct calendar_row *row, int kind) {
    char period[PERIOD_TEXT];
    struct buf line = BUF_EMPTY;
    int32_t day = date_of(row, kind);
    period_format(row->state.period, period);
    buf_add_cstr(out, "BEGIN:VEVENT\r\n");
    buf_printf(&line, "UID:%.*s-%s-%s@quarterday", STR_ARG(row->service), period, DATE_KINDS[kind].uid);
    fold(out, buf_str(&line));
    buf_clear(&line);
    add_day(&line, "DTSTAMP",
            period_first_day(row->state.period)); /* not now: the same answer keeps its ETag */
    buf_add_cstr(&line, "T000000Z");
    fold(out, buf_str(&line));
    buf_printf(out, "SEQUENCE:%d\r\n", row->framework->version);
    buf_clear(&line);
    add_day(&line, "DTSTART;VALUE=DATE", day);
    fold(out, buf_str(&line));
    buf_clear(&line);
    add_day(&line, "DTEND;VALUE=DATE", day + 1);
    fold(out, buf_str(&line));
    buf_clear(&line);
    buf_printf(&line, "SUMMARY:%s: %s\\, ", period, DATE_KINDS[kind].title);
    add_text(&line, row->service_name);
    fold(out, buf_str(&line));
    buf_add_cstr(out, "TRANSP:TRANSPARENT\r\nEND:VEVENT\r\n");
    buf_free(&line);
}

void calendar_begin_ical(struct buf *out) {
    buf_add_cstr(
        out,
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Quarterday//Calendar//EN\r\nCALSCALE:GREGORIAN\r\n");
}

void calendar_write_ical(struct buf *out, const struct calendar_row *row) {
    for (int kind = 0; kind < DATES; kind++)
        if (DATE_KINDS[kind].uid && (kind != DATE_LOCK || period_quarter(row->state.period) == 4))
            write_event(out, row, kind);
}

void calendar_end_ical(struct buf *out) {
    buf_add_cstr(out, "END:VCALENDAR\r\n");
}
