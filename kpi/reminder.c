#include "kpi/reminder.h"

int reminder_on(const struct reminder_days *r, int32_t deadline, int32_t today) {
    int found = REMINDER_NONE;
    int32_t left = deadline - today;
    if (left < 0) return REMINDER_NONE;
    for (size_t i = 0; i < r->count && r->days[i] >= left; i++)
        found = r->days[i];
    return found;
}
