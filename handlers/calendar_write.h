/* calendar_write: the dates of a period as JSON, CSV and iCalendar (RFC 5545). */
#ifndef QD_HANDLERS_CALENDAR_WRITE_H
#define QD_HANDLERS_CALENDAR_WRITE_H

#include "base/json.h"
#include "db/store_periods.h"
#include "kpi/framework.h"

struct calendar_row {
    str service, service_name;
    const struct framework *framework; /* that rates the period */
    int32_t lock_day;                  /* of its year */
    struct store_period state;
    bool locked;
};

void calendar_write_json(struct json *j, const struct calendar_row *row);
void calendar_write_csv_header(struct buf *out);
void calendar_write_csv(struct buf *out, const struct calendar_row *row);
/* An event for each date; the lock once a year, with Q4. */
void calendar_begin_ical(struct buf *out);
void calendar_write_ical(struct buf *out, const struct calendar_row *row);
void calendar_end_ical(struct buf *out);

#endif
