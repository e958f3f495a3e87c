/* figures_ask: what every reading of figures is asked with (?provider= ?localAuthority= ?asAt= ?knownAt= ?snapshot=) and the counts that answer
 * it. A provider's key sees its own figures only; a key of the public audience sees rounded figures of the whole service, as they
 * are today. Others may ask for those figures with ?disclosure=public, where the route knows it. */
#ifndef QD_HANDLERS_FIGURES_ASK_H
#define QD_HANDLERS_FIGURES_ASK_H

#include "handlers/service_state.h"
#include "handlers/tallies.h"
#include "kpi/disclose.h"
#include "kpi/figures.h"

struct figures_ask {
    struct request *r;
    struct reply *p;
    str service, provider; /* provider.p NULL: the service's own figures */
    int32_t as_at;
    int64_t known_at;           /* INSTANT_NONE: everything received */
    uint32_t authority;         /* as in facts; 0: all */
    enum disclosure disclosure; /* for whom the numbers are */
    /* figures_ask_load() */
    struct service_view view;
    struct service_tallies tallies;
    const struct framework_provider *own; /* of `provider`, in the view's version */
};

/* Reads {service} of the path and the query. ERR_BAD_PARAMETER, ERR_NOT_FOUND. */
enum err figures_ask_read(struct request *r, struct reply *p, struct figures_ask *out);
/* TX. The service and its framework, as the quarter is rated, without counts; nothing to give back. */
enum err figures_ask_view(struct figures_ask *ask, int16_t period, struct fault *fault);
/* The same from how the service stands; TX where known_at is not INSTANT_NONE. */
enum err figures_ask_stand(struct figures_ask *ask, const struct service_state *state, int16_t period,
                           struct fault *fault);
/* TX. The counts of all its providers. Give back with figures_ask_release(). */
enum err figures_ask_count(struct figures_ask *ask, int16_t period);
/* The same where all of them are in memory; false where not, and then there is nothing to give back. */
bool figures_ask_recall(struct figures_ask *ask, int16_t period);
/* TX. View and counts. Give back with figures_ask_release(). */
enum err figures_ask_load(struct figures_ask *ask, int16_t period, struct fault *fault);
/* TX. The same for figures of all quarters; the view is that of the as-at day. */
enum err figures_ask_load_all(struct figures_ask *ask, struct fault *fault);
void figures_ask_release(struct figures_ask *ask);
/* The question for one period, by the version that rates it; its providers live as long as the request. */
struct figures_question figures_ask_question(const struct figures_ask *ask, int16_t period);
/* The figures of all KPIs of a period, in its version's order, in the request's arena. ERR_NOT_FOUND names the years that are rated. */
enum err figures_ask_compute(const struct figures_ask *ask, int16_t period, struct fault *fault,
                             struct kpi_figures **out);

/* The quarters that are rated, from the first in which anything was sent to the newest: that of the as-at day, or a later
 * one that has been sent already; from and to, where not -1, in their place. first > last where there is none. */
void figures_ask_quarters(const struct figures_ask *ask, int16_t from, int16_t to, int16_t *out_first,
                          int16_t *out_last);

/* The KPI of that ref; ERR_NOT_FOUND says which there are. */
enum err figures_ask_kpi(const struct figures_ask *ask, str ref, struct fault *fault, const struct kpi **out);
/* ERR_NOT_FOUND: which quarters are rated. */
enum err no_rated_period(const struct service_view *v, struct fault *fault);

/* "asAt", "knownAt", and "provider" and "localAuthority" where they were asked for. */
void figures_ask_write_as_at(struct json *j, const struct figures_ask *ask);
/* The framework: {"id","version"}. */
void figures_ask_write_framework(struct json *j, const struct figures_ask *ask);

#endif
