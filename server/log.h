/* log: one JSON object per line on standard error. No bodies, no keys, no client ids: ids of keys and routes only. */
#ifndef QD_SERVER_LOG_H
#define QD_SERVER_LOG_H

#include "base/str.h"

enum log_level { LOG_ERROR, LOG_WARN, LOG_INFO, LOG_DEBUG };
void log_set_level(enum log_level least);
/* event is a short kebab-case word ("request", "started"); pairs are alternating name and value C strings, ended by NULL.
 * Values are escaped (control characters, bidi marks); a value that is a plain number is written as a number. */
void log_event(enum log_level level, const char *event, const char *first_name, ...)
    __attribute__((sentinel));
/* The same, but the line may wait for others, until one that may not wait, or log_flush(): of what is worth nothing when the process is killed meanwhile. */
void log_event_soon(enum log_level level, const char *event, const char *first_name, ...)
    __attribute__((sentinel));
void log_flush(void);

#endif
