/* framework: the KPIs of a service as data: read from JSON once, immutable afterwards, shared between
 * threads. Its file format is described in docs/framework.md; frameworks/city-and-hackney.json is the
 * first. Nothing of it is compiled in: elements are named counts (kpi/element.h), KPIs put two of them
 * over each other. */
#ifndef QD_KPI_FRAMEWORK_H
#define QD_KPI_FRAMEWORK_H

#include "base/arena.h"
#include "base/date.h"
#include "base/err.h"
#include "base/num.h"
#include "kpi/item_settings.h"
#include "kpi/plan.h"
#include "kpi/reminder.h"
#include "kpi/workdays.h"
#include "returns/judge.h"
#include "returns/part.h"

enum kpi_unit { KPI_COUNT, KPI_PERCENT };
enum kpi_direction { KPI_HIGHER, KPI_LOWER };
enum tolerance_kind { TOLERANCE_RELATIVE, TOLERANCE_POINTS, TOLERANCE_LIMITS, TOLERANCE_WHOLE };
const char *tolerance_kind_name(enum tolerance_kind k); /* "RELATIVE", "POINTS", "LIMITS", "WHOLE" */

/* How a value becomes a colour: kpi/status.h, struct status_limits. */
enum scheme { SCHEME_TOLERANCE, SCHEME_DIRECTION, SCHEME_FOUR_COLOURS };
const char *scheme_name(enum scheme s); /* "TOLERANCE", "DIRECTION", "FOUR_COLOURS" */

/* What of one KPI depends on the financial year. */
struct kpi_year {
    int year;
    bool has_target; /* false: baseline year */
    bool has_minimum, has_stretch;
    struct decimal annual, minimum, stretch; /* of the whole year */
    struct decimal profile[4];               /* cumulative percent, counts only; 25 50 75 100 */
    bool shape_of_last_year; /* shares of last year's numerators; `profile` where there are none */
    enum scheme scheme;
    enum tolerance_kind tolerance;
    struct decimal
        tolerance_value; /* RELATIVE percent, POINTS points, WHOLE units short that are still amber */
    struct decimal green_limit, red_limit; /* TOLERANCE_LIMITS: 1.5 is green from 60, red up to 50 */
    bool tolerance_by_commissioner;        /* "source": COMMISSIONER instead of DEFAULT */
};

/* Targets of one provider, of one authority, of one provider's people of one authority, or of the service's people of one
 * member of a breakdown. */
struct kpi_scope {
    const char *by, *key;         /* the breakdown's dimension and its member; NULL: none */
    const char *provider;         /* NULL: the whole service */
    uint32_t authority;           /* as in facts; 0: all */
    const struct kpi_year *years; /* as those of the KPI */
};

struct kpi {
    const char *ref;     /* "4.3a" */
    const char *section; /* "4" */
    const char *title;
    enum kpi_unit unit;
    enum kpi_direction direction;
    bool strict;      /* the target itself is not green: 1.9 "<15 %" */
    bool whole_units; /* training sessions: targets rounded down to whole ones */
    bool raises_plan;
    bool
        together; /* numerator and denominator move together: who is counted already cannot be changed, only joined by others */
    bool earns;         /* 1.5: shows `earned` */
    enum part_id part;  /* whose absence is NO_DATA: that of its elements */
    bool late;          /* 12, 26, 52 weeks: NO_DATA only when the part was never sent for any period */
    bool has_authority; /* can be filtered by local authority */
    int numerator, denominator; /* elements; denominator -1 for counts */
    int due;                    /* element: how many of the cohort are due (0: NOT_DUE); -1 for counts */
    int waiting;  /* element: how many of the cohort are not yet due; -1 where nothing has to become due */
    int unknown;  /* element, -1 */
    int distinct; /* index of the distinct count, -1 */
    /* Of a KPI over episodes: the elements of the part `national` that say the same of a provider that sends the
     * national return instead. They are final, so none waits. numerator -1: the return does not tell, and such a
     * provider counts neither above nor below the line. */
    struct {
        int numerator, denominator, due, unknown;
    } national;
    /* For cohort{from,to}: quit dates of the KPI's cohort are the period shifted back by this many days
     * (0, 98, 210, 393). */
    int cohort_days;
    const char *strategic_lead, *departmental_lead; /* may be NULL */
    const struct kpi_year *years;                   /* one per year of the framework, ascending */
    size_t year_count;
    const struct kpi_scope *scopes;
    size_t scope_count;
};

struct framework_provider {
    const char *id, *name, *group; /* group may be NULL */
    uint32_t expected_parts;       /* bit per enum part_id */
    int16_t from, to;              /* periods between which it is expected, both included */
};

/* A local code beside the national ones: ethnicCategory "CT", Turkish. */
struct local_code {
    const char *column, *code, *label;
};

/* The days that a framework names for one quarter in the place of the rule. */
enum deadline_kind { DEADLINE_FOLLOW_UP_END, DEADLINE_PROVIDER, DEADLINE_NATIONAL, DEADLINE_KINDS };
struct deadline_override {
    int16_t period;
    int32_t days[DEADLINE_KINDS]; /* DAY_NONE: by the rule */
};

struct element; /* kpi/element.h */
struct element_test;
struct config_warning; /* kpi/config.h */
struct column_plan;    /* kpi/column.h */
struct priority_group; /* kpi/priority.h */

/* Elements [begin, end). */
struct element_range {
    size_t begin, end;
};

enum { FRAMEWORK_COHORTS = 5, FRAMEWORK_DISTINCT_MAX = 8 };

struct framework {
    struct arena arena; /* owns everything below */
    const char *id, *service, *title;
    int version;
    int first_year, last_year;
    int16_t effective_from; /* the first quarter that the file asks to rate; 0: it leaves that open */
    struct follow_up_windows windows;
    int co_below;                  /* 10: CO verified is below this */
    bool still_quit;               /* 12 weeks count only who had quit at 4 */
    bool satisfaction_respondents; /* satisfactionBase RESPONDENTS instead of ALL_QUITTERS */
    struct item_settings items;    /* of the national collection */
    struct decimal
        completeness_percent; /* of the national collection, from which a quarter may be sent: 95 */
    int plan_due_days;        /* working days from the opening of an action plan: 10 */
    const char
        *plan_levels[PLAN_CAUSE_COUNT]; /* what the levels of escalation are called, by cause; [0] is NULL */
    struct reminder_days return_reminders, plan_reminders; /* [14, 3] and [3] */
    const char *erasure_refused;                           /* why no one is erased on request; "": they are */
    const char *imd_edition; /* of the lookup that gives the IMD quintile; "" where none is named */
    int follow_up_days, provider_days, national_days;   /* deadlines: 42, 14, 28 */
    const struct deadline_override *deadline_overrides; /* by period */
    size_t deadline_override_count;
    struct holidays holidays;
    int holidays_version;             /* of the loaded bank holidays among them; 0: the file's alone */
    const struct element *elements;   /* by part, then cohort */
    const struct element_test *tests; /* of each element, close together for the counting loop */
    size_t element_count;
    struct element_range episode_elements[FRAMEWORK_COHORTS]; /* by enum cohort */
    struct element_range part_elements[PART_COUNT];           /* of each part, all cohorts */
    const struct column_plan *plans;                          /* by enum part_id */
    const struct priority_group *priority_groups;             /* kpi/priority.h */
    size_t priority_group_count;
    int distinct[FRAMEWORK_DISTINCT_MAX]; /* element whose clients are counted once each */
    size_t distinct_count;
    const struct kpi *kpis;
    size_t kpi_count;
    const struct framework_provider *providers;
    size_t provider_count;
    const struct local_code *local_codes;
    size_t local_code_count;
    const struct config_warning *warnings; /* what the file's own checks find doubtful */
    const struct kpi *payment_kpi;         /* the one that earns; NULL: no payment by results */
    struct decimal payment_percent;        /* of the contract value: 5 */
    struct {
        int year;
        int64_t contract_pence;
    } contract[16];
    size_t contract_count;
};

/* Reads and checks the whole file; the fault names the JSON pointer and the fix. ERR_MALFORMED: no JSON;
 * ERR_INVALID: not a framework. Free with framework_free(). */
enum err framework_parse(str json, int version, struct fault *fault, struct framework **out);
/* The same of one that was taken in before: it stays readable though the schema has become stricter since. */
enum err framework_parse_stored(str json, int version, struct fault *fault, struct framework **out);
/* Bank holidays that were loaded beside the framework (ascending, each once): they win for every calendar year of
 * which they name a day; for other years the file's stay. Before the framework is shared. */
void framework_set_holidays(struct framework *f, int version, const int32_t *days, size_t count);
void framework_free(struct framework *f);
const struct kpi *framework_kpi(const struct framework *f, str ref);
const struct kpi_year *kpi_year_find(const struct kpi *k, int year);
/* Of the scope that is exactly this provider (NULL: the service) and authority (0: all); NULL where it has no
 * targets of its own. */
const struct kpi_year *kpi_year_of_scope(const struct kpi *k, int year, const char *provider,
                                         uint32_t authority);
const struct framework_provider *framework_provider_find(const struct framework *f, str id);
int framework_element_find(const struct framework *f, str name); /* -1 */
/* Is this part of this provider expected for this period? Is any part of it? */
bool framework_expects(const struct framework_provider *p, enum part_id part, int16_t period);
/* The same of what the KPI is counted from: `national` stands in for episodes. */
bool framework_expects_for(const struct framework_provider *p, const struct kpi *k, int16_t period);
bool framework_expects_any(const struct framework_provider *p, int16_t period);
bool framework_has_period(const struct framework *f, int16_t period);
/* The contract value of a year in pence; 0 where none is agreed. */
int64_t framework_contract_pence(const struct framework *f, int year);

/* Deadlines of contract section 8 (kpi/deadline.c): the day that the framework names for the quarter, else
 * by its days: follow-ups end that many days after the quarter, rolled to Monday from a weekend; provider
 * and national follow from there. */
int32_t framework_follow_up_end(const struct framework *f, int16_t period);
int32_t framework_provider_deadline(const struct framework *f, int16_t period);
int32_t framework_national_deadline(const struct framework *f, int16_t period);
/* The first day on which a final period is locked by itself: the day after the national deadline of its
 * year's Q4. */
int32_t framework_lock_day(const struct framework *f, int16_t period);
/* Does the framework name a day for this quarter? */
bool framework_deadline_is_named(const struct framework *f, int16_t period);

#endif
