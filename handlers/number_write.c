#include "handlers/number_write.h"

#include "kpi/wilson.h"

#include <math.h>
#include <stdio.h>

void decimal_write(struct json *j, struct decimal d) {
    buf_add_decimal(json_value(j), d);
}

void percent_write(struct json *j, int64_t numerator, int64_t denominator) {
    if (denominator <= 0) json_put_null(j);
    else decimal_write(j, (struct decimal){percent_hundredths(numerator, denominator), 2});
}

void interval_field(struct json *j, bool given, int64_t numerator, int64_t denominator) {
    json_key(j, "interval95");
    if (!given) {
        json_put_null(j);
        return;
    }
    struct interval i = wilson(numerator, denominator, WILSON_95);
    json_object_begin(j);
    json_key(j, "lower");
    decimal_write(j, (struct decimal){proportion_hundredths(i.lower), 2});
    json_key(j, "upper");
    decimal_write(j, (struct decimal){proportion_hundredths(i.upper), 2});
    json_end(j);
}

void fraction_write(struct json *j, struct fraction f) {
    buf_add_fraction(json_value(j), f);
}

void fraction_field(struct json *j, const char *key, bool given, struct fraction f) {
    json_key(j, key);
    if (given) fraction_write(j, f);
    else json_put_null(j);
}

void exact_field(struct json *j, const char *key, struct fraction f) {
    char text[96];
    if (f.den == 1) snprintf(text, sizeof text, "%lld", (long long)f.num);
    else snprintf(text, sizeof text, "%lld/%lld", (long long)f.num, (long long)f.den);
    json_field_cstr(j, key, f.den ? text : NULL);
}

void statistic_write(struct json *j, double value) {
    decimal_write(j, (struct decimal){llround(value * 10000), 4});
}

void statistic_field(struct json *j, const char *key, double value) {
    json_key(j, key);
    statistic_write(j, value);
}
