/* figures: from tallies to what a dashboard says of each KPI: value, target to date, status. Pure;
 * contract section 6 word by word. Everything is exact: a status is decided on fractions (kpi/status.h),
 * never on what is printed.
 *
 * What would surprise: a figure that was never sent has no numbers (null), one that is not due has zeros;
 * a provider's own counts have no status at all, even when the part is missing. */
#ifndef QD_KPI_FIGURES_H
#define QD_KPI_FIGURES_H

#include "base/num.h"
#include "kpi/framework.h"
#include "kpi/status.h"
#include "kpi/tally.h"

/* One view of one KPI: the quarter, or the year to date. */
struct figure {
    int64_t numerator;
    int64_t denominator; /* KPI_PERCENT only */
    bool has_numbers;    /* false: NO_DATA because nothing was sent; numerator and denominator are null */
    bool has_value;      /* numerator / denominator can be formed (denominator > 0), or it is a count */
    enum rag rag;
    bool has_target;
    struct goal goal; /* of this view: in KPI_COUNT the profiled one */
    /* Beside it. */
    bool has_distinct; /* 1.1-1.3 */
    int64_t distinct_clients;
    bool has_unknown; /* 4.x */
    int64_t unknown;
    bool has_share; /* counts in a provider's own view: numerator of service_numerator */
    int64_t service_numerator;
};

/* What is known of last year, where a count is asked for in its shape. */
enum last_year {
    LAST_YEAR_NOT_ASKED,
    LAST_YEAR_KNOWN,
    LAST_YEAR_NOT_WHOLE, /* not every quarter was sent by everyone expected: nobody knows its shape yet */
    LAST_YEAR_EMPTY,     /* it adds up to 0 */
    LAST_YEAR_NOT_SHOWN  /* a wider audience could work out last year's numbers from it */
};
const char *last_year_name(enum last_year l); /* "KNOWN"; NULL for LAST_YEAR_NOT_ASKED */

/* The profile as it is applied. LAST_YEAR_KNOWN: shares of `quarters`; else the framework's own. */
struct profile_now {
    struct shares shares;
    enum last_year last_year;
    int64_t quarters[4]; /* last year's numerators, where they were asked for */
};

struct kpi_figures {
    const struct kpi *kpi;
    const struct kpi_year
        *year;        /* targets of that financial year: of whoever is asked for, or the service's */
    bool own_targets; /* the first */
    bool same_goals;  /* they were taken from `like`: see figures_compute_bare() */
    struct profile_now profile;
    struct figure quarter, year_to_date;
    enum rag rag; /* the headline: that of the year to date */
    int coverage_expected, coverage_reported;
    bool partial;     /* below coverage, or a national return is in force that does not tell of the KPI */
    bool quarter_due; /* nothing of the quarter's cohort is still to become due at as_at */
    /* Beside them. */
    int32_t cohort_from, cohort_to; /* quit dates (other parts: dates) of the quarter's cohort */
    bool has_previous;              /* false where the period before has no headline */
    int16_t previous_period;
    enum rag previous_rag;
    bool has_forecast;
    struct fraction forecast; /* counts: year to date / profile share */
    enum earned earned;       /* KPI that earns (1.5) */
    bool all_due;             /* as quarter_due, of the year's to date */
};

/* One provider of the service, as the question sees it. */
struct provider_tally {
    const struct framework_provider
        *provider;             /* NULL: the framework does not know it, so nothing is expected of it */
    const struct tally *tally; /* counted at the same as_at with the same filter; NULL: sent nothing ever */
};

/* One version of the framework with the counts that it makes, and the first quarter that it rates (until the next rating). */
struct rating {
    int16_t from;
    const struct framework *framework;
    const struct provider_tally *providers; /* all of the service, in the same order in each */
};

struct figures_question {
    const struct framework *framework; /* the version that rates the period */
    int16_t period;
    int32_t as_at;
    const struct provider_tally *providers; /* all of the service */
    size_t provider_count;
    const struct framework_provider *view; /* NULL: the service; else that provider's own view */
    bool by_authority;  /* filtered by localAuthority: KPIs whose part has no authority are NO_DATA */
    uint32_t authority; /* which, as in facts; 0: all */
    bool for_public;    /* the figures are for a wider audience: nothing exact of last year in the goals */
    /* How other quarters were rated, oldest first: what stands beside the period (the one before, last year) is what
     * they show themselves. None: `framework` and `providers` hold for all. */
    const struct rating *ratings;
    size_t rating_count;
    size_t offset; /* of the question's first provider among those of each rating */
};

/* Narrows the question to some of its providers, as if the service had no others. */
void figures_question_narrow(struct figures_question *q, size_t from, size_t count);
/* The same question of another quarter, by the version that counts that one. False, where that has no such provider, or is not among
 * the ratings: then there is nothing to stand beside. */
bool figures_question_of(const struct figures_question *q, int16_t period, struct figures_question *out);
/* The KPI in the version of that question; NULL where it has none of that ref and unit. */
const struct kpi *figures_same_kpi(const struct figures_question *q, const struct kpi *k);

/* Fills out[0 .. framework->kpi_count - 1], in the framework's order. ERR_NOT_FOUND when the framework has
 * no such year. */
enum err figures_compute(const struct figures_question *q, struct kpi_figures *out);
/* The same of one KPI of that framework. */
enum err figures_compute_one(const struct figures_question *q, const struct kpi *k, struct kpi_figures *out);
/* Of all, without what stands beside the figures, for tables of many rows. A question for one provider may be
 * narrowed to it. `like`: what the same question came to for somebody else, from whom goals are taken where they are the
 * same; NULL: nobody. */
enum err figures_compute_bare(const struct figures_question *q, const struct kpi_figures *like,
                              struct kpi_figures *out);

/* The value: percent for rates, the count itself for counts; den 0 where there is none. */
struct fraction figure_value(const struct kpi *kpi, const struct figure *f);
/* Can any of them be blue? Where none can, nothing is said of that colour. */
bool figures_have_blue(const struct kpi_figures *list, size_t count);
/* How many KPIs have which status, by enum rag. */
void figures_summarise(const struct kpi_figures *list, size_t count, int out[RAG_COUNT]);

#endif
