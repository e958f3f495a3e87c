/* demo_parts: the demo's parts beside episodes and follow-ups: harm reduction, referrals, calls, training,
 * advisers, sites, the website and media activity. Calibrated so that KPIs 1.12, 2.x and 3.x of 2025-26-Q3 show every colour; spelled as
 * demo_files.h says. */
#ifndef QD_SERVER_DEMO_PARTS_H
#define QD_SERVER_DEMO_PARTS_H

#include "base/buf.h"
#include "server/demo_story.h"

/* Is the part sent at all? Lists are sent when they change; the calls of the newest quarter are what the
 * pharmacies have still to send. (Their training of 2025-26-Q2 is sent: a nil return.) */
bool demo_part_is_sent(enum demo_provider p, int16_t period, const char *part);

/* Each appends one whole file. */
void demo_write_harm_reduction(const struct demo_story *s, enum demo_provider p, int16_t period,
                               struct buf *out);
void demo_write_referrals(const struct demo_story *s, enum demo_provider p, int16_t period, struct buf *out);
void demo_write_contacts(const struct demo_story *s, enum demo_provider p, int16_t period, struct buf *out);
void demo_write_training_sessions(const struct demo_story *s, enum demo_provider p, int16_t period,
                                  struct buf *out);
void demo_write_advisers(const struct demo_story *s, enum demo_provider p, int16_t period, struct buf *out);
void demo_write_sites(const struct demo_story *s, enum demo_provider p, int16_t period, struct buf *out);
void demo_write_web_analytics(const struct demo_story *s, enum demo_provider p, int16_t period,
                              struct buf *out);
void demo_write_media_activity(const struct demo_story *s, enum demo_provider p, int16_t period,
                               struct buf *out);

#endif
