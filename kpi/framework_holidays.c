/* The bank holidays of a framework's own file and those that were loaded for all services, as one list. */
#include "kpi/framework.h"

static int year_of(int32_t day) {
    int year, month, date;
    day_to_civil(day, &year, &month, &date);
    return year;
}

static bool has_year(const int32_t *days, size_t count, int year) {
    for (size_t i = 0; i < count; i++)
        if (year_of(days[i]) == year) return true;
    return false;
}

/* Both lists ascend and share no year, so they can be merged. */
void framework_set_holidays(struct framework *f, int version, const int32_t *days, size_t count) {
    const struct holidays own = f->holidays;
    int32_t *all = ARENA_ARRAY(&f->arena, int32_t, own.count + count + 1);
    size_t n = 0, k = 0;
    for (size_t i = 0; i < own.count; i++) {
        if (has_year(days, count, year_of(own.days[i]))) continue;
        while (k < count && days[k] < own.days[i])
            all[n++] = days[k++];
        all[n++] = own.days[i];
    }
    while (k < count)
        all[n++] = days[k++];
    f->holidays = (struct holidays){all, n};
    f->holidays_version = version;
}
