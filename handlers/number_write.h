/* number_write: exact numbers as JSON, each in one way on every route. */
#ifndef QD_HANDLERS_NUMBER_WRITE_H
#define QD_HANDLERS_NUMBER_WRITE_H

#include "base/json.h"
#include "base/num.h"

/* numerator of denominator in percent, two decimals; null where denominator is 0. */
void percent_write(struct json *j, int64_t numerator, int64_t denominator);
void decimal_write(struct json *j, struct decimal d);
/* "interval95": Wilson's interval of numerator of denominator in percent, {"lower","upper"}; null where not given. */
void interval_field(struct json *j, bool given, int64_t numerator, int64_t denominator);
/* Exactly where it terminates within six decimals, otherwise rounded to six. */
void fraction_write(struct json *j, struct fraction f);
/* The same as a field; null where it is not given. */
void fraction_field(struct json *j, const char *key, bool given, struct fraction f);
/* A field "3781/4" or "15": exact; null where there is none (den 0). */
void exact_field(struct json *j, const char *key, struct fraction f);
/* A statistic, four decimals: limits, chi-squared; nothing that decides. Finite. */
void statistic_write(struct json *j, double value);
void statistic_field(struct json *j, const char *key, double value);

#endif
