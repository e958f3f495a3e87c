/* framework: the KPIs of a service as data: read from JSON once, immutable afterwards, shared between threads.
 * Its file format is described in docs/framework.md; frameworks/city-and-hackney.json is the first. Nothing of it is compiled in:
 * elements are named counts (a part, a cohort, derived conditions, column conditions), KPIs put two of them over each other. */
#ifndef QD_KPI_FRAMEWORK_H
#define QD_KPI_FRAMEWORK_H

#include "base/arena.h"
#include "base/date.h"
#include "base/err.h"
#include "base/num.h"
#include "returns/judge.h"
#include "returns/part.h"

enum kpi_unit { KPI_COUNT, KPI_PERCENT };
enum kpi_direction { KPI_HIGHER, KPI_LOWER };
enum tolerance_kind { TOLERANCE_RELATIVE, TOLERANCE_POINTS, TOLERANCE_LIMITS, TOLERANCE_WHOLE };

/* What of one KPI depends on the financial year. */
struct kpi_year {
    int year;
    bool has_target; /* false: baseline year */
    struct decimal annual;
    struct decimal profile[4]; /* cumulative percent, counts only; 25 50 75 100 */
    enum tolerance_kind tolerance;
    struct decimal tolerance_value;            /* RELATIVE percent, POINTS points, WHOLE units short that are still amber */
    struct decimal green_limit, red_limit;     /* TOLERANCE_LIMITS: 1.5 is green from 60, red up to 50 */
    bool tolerance_by_commissioner;            /* "source": COMMISSIONER instead of DEFAULT */
};

struct kpi {
    const char *ref;     /* "4.3a" */
    const char *section; /* "4" */
    const char *title;
    enum kpi_unit unit;
    enum kpi_direction direction;
    bool strict;         /* lower is better, and the target itself is not green: 1.9 "<15 %" */
    bool whole_units;    /* training sessions: targets rounded down to whole ones */
    bool raises_plan;
    bool earns;          /* 1.5: shows `earned` */
    enum part_id part;   /* whose absence is NO_DATA */
    bool late;           /* 12, 26, 52 weeks: NO_DATA only when the part was never sent for any period */
    bool has_authority;  /* can be filtered by local authority */
    int numerator, denominator; /* elements; denominator -1 for counts */
    int due;             /* element: how many of the cohort are due; -1 where nothing has to become due */
    int waiting;         /* element: how many of the cohort are not yet due; -1 */
    int unknown;         /* element, -1 */
    int distinct;        /* index of the distinct count, -1 */
    /* For cohort{from,to}: quit dates of the KPI's cohort are the period shifted back by this many days (0, 98, 210, 393). */
    int cohort_days;
    const char *strategic_lead, *departmental_lead; /* may be NULL */
    const struct kpi_year *years;
    size_t year_count;
};

struct framework_provider {
    const char *id, *name, *group; /* group may be NULL */
    uint32_t expected_parts;       /* bit per enum part_id */
    int16_t from, to;              /* periods between which it is expected, both included */
};

struct element; /* kpi/element.h */

struct framework {
    struct arena arena; /* owns everything below */
    const char *id, *service, *title;
    int version;
    int first_year, last_year;
    struct follow_up_windows windows;
    int co_below;                 /* 10: CO verified is below this */
    bool still_quit;              /* 12 weeks count only who had quit at 4 */
    bool satisfaction_respondents; /* satisfactionBase RESPONDENTS instead of ALL_QUITTERS */
    bool declined_is_unknown;     /* declinedCountsAs UNKNOWN */
    const struct element *elements;
    size_t element_count;
    size_t distinct_count;
    const struct kpi *kpis;
    size_t kpi_count;
    const struct framework_provider *providers;
    size_t provider_count;
    struct { int year; int64_t contract_pence; } contract[16];
    size_t contract_count;
};

/* Reads and checks the whole file; the fault names the JSON pointer and the fix. Free with framework_free(). */
enum err framework_parse(str json, int version, struct fault *fault, struct framework **out);
void framework_free(struct framework *f);
const struct kpi *framework_kpi(const struct framework *f, str ref);
const struct kpi_year *kpi_year_find(const struct kpi *k, int year);
const struct framework_provider *framework_provider_find(const struct framework *f, str id);
/* Is this part of this provider expected for this period? */
bool framework_expects(const struct framework_provider *p, enum part_id part, int16_t period);

#endif
