/* demo_steps: what happens to the demo's returns beside their uploads, day by day: sign-offs, finalisations, action plans and their
 * monthly updates. Written into the manifest that tools/run.sh plays through the API. */
#ifndef QD_SERVER_DEMO_STEPS_H
#define QD_SERVER_DEMO_STEPS_H

#include "base/buf.h"
#include "base/date.h"

/* Appends the line `TODAY day`: from here on the service believes that it is this day. */
void demo_write_day(const char *day, struct buf *manifest);
/* The day on which the returns of a period come in, five days or so before their deadline. */
const char *demo_upload_day(int16_t period);
/* Appends the steps that follow the uploads of a period, up to those of the next. */
void demo_write_steps(int16_t period, struct buf *manifest);

#endif
