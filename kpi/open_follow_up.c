#include "kpi/open_follow_up.h"

bool follow_up_is_open(const struct follow_up_windows *w, const struct outcomes *known, int32_t quit_day,
                       enum stage stage, int32_t today, int32_t *out_days_left) {
    if (quit_day == DAY_NONE || known->outcome[stage] || today < quit_day + w->from[stage]) return false;
    uint8_t at_4 = known->outcome[STAGE_4W];
    if (stage != STAGE_4W && at_4 && at_4 != 1) return false;
    *out_days_left = quit_day + w->to[stage] - today;
    return true;
}

int follow_up_urgency(int32_t days_left, int32_t other) {
    if ((days_left < 0) != (other < 0)) return days_left < 0 ? 1 : -1;
    int32_t a = days_left < 0 ? -days_left : days_left, b = other < 0 ? -other : other;
    return a < b ? -1 : a > b;
}
