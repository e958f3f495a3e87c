/* demo_files: spells the demo's story as the CSV files of its providers. homerton exports canonical headers, ISO dates and codes;
 * the pharmacies' file comes out of a spreadsheet: other headers in another order, British dates, authorities by name, Yes and No,
 * one shop that writes labels and one that loses leading zeros. */
#ifndef QD_SERVER_DEMO_FILES_H
#define QD_SERVER_DEMO_FILES_H

#include "base/buf.h"
#include "server/demo_story.h"

const char *demo_provider_id(enum demo_provider p);

/* Each appends one whole file. */
void demo_write_episodes(const struct demo_story *s, enum demo_provider p, int16_t period, struct buf *out);
void demo_write_follow_ups(const struct demo_story *s, enum demo_provider p, int16_t period, struct buf *out);

#endif
