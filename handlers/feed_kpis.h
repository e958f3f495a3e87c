/* feed_kpis: what the two tables of the feed kpi-results, its own and that of Fingertips, know while they write a row: a quarter, the service
 * or a provider, and its figures. Internal to handlers/feed_kpis*.c. */
#ifndef QD_HANDLERS_FEED_KPIS_H
#define QD_HANDLERS_FEED_KPIS_H

#include "db/store.h"
#include "db/store_plans.h"
#include "handlers/feed.h"
#include "kpi/trend.h"

/* What the trend needs of the quarters before. */
struct past {
    struct trend_proportion point[TREND_POINTS];
    bool usable[TREND_POINTS];
};

/* The service, or one provider. */
struct entity {
    bool is_provider;
    size_t index; /* of the provider, among the service's */
    str id, name;
    struct book versions; /* without facts */
    struct past *past;    /* by kpi_table.refs */
};

/* Columns of a KPI that are the same in the rows of everybody. Of both views: the year to date, the quarter. */
struct kpi_columns {
    struct feed_run
        names[2]; /* from the reference to the view; while quarters are rated by the same version */
    struct feed_run targets[2]; /* of the quarter at hand */
    size_t ref;                 /* in kpi_table.refs */
};

struct kpi_table {
    struct feed_ask *ask;
    struct entity *entities;
    size_t entity_count;
    struct store_period *periods;
    size_t period_count;
    struct store_plan_mark *plans;
    size_t plan_count;
    const char **refs; /* of all KPIs of all versions that rate a quarter, each once */
    size_t ref_count;
    size_t column_count;
    /* of the quarter at hand */
    int16_t period;
    const struct framework *framework; /* the version that rates it */
    struct kpi_columns *columns;       /* by the version's KPIs; these have room for those of any version */
    struct kpi_figures *service;       /* the whole service's figures */
    struct feed_run version;           /* the row's last columns */
    /* of the entity at hand */
    const struct entity *entity;
    const struct kpi_figures *figures;
    struct kpi_figures *own;      /* a provider's */
    int32_t returned[PART_COUNT]; /* the version in force of the quarter, 0: none */
    bool provisional;
    struct feed_run who; /* the row's first columns: who and when */
};

/* A row, or two, of one KPI. */
typedef void kpi_row_writer(struct kpi_table *t, size_t kpi);
kpi_row_writer kpi_rows_write, fingertips_row_write;

/* Of the quarters up to the one at hand. */
enum trend kpi_trend(const struct kpi_table *t, size_t kpi);
/* The rate stands on few people, or the count is small. */
bool kpi_is_small(const struct kpi *k, const struct figure *f);
/* Why there is no value; NULL: there is one. */
const char *kpi_no_value(const struct figure *f);
void kpi_put_value(struct feed_out *o, const char *column, const struct kpi *k, const struct figure *f);
void kpi_put_limits(struct feed_out *o, const char *lower, const char *upper, const struct kpi *k,
                    const struct figure *f, double z);

#endif
