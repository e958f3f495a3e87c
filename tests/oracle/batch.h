/* batch: some services of the independent check, what is asked of them, what the oracle answers, and where the service's answers differ.
 * tests/http/oracle.c founds the services and sends their returns; questions.c chooses what is asked, compare.c holds the answers together. */
#ifndef QD_TESTS_BATCH_H
#define QD_TESTS_BATCH_H

#include <libpq-fe.h>
#include <pthread.h>

#include "tests/oracle/generator.h"
#include "tests/support/service.h"

enum { BATCH = 10, ASKS_MOST = 4096 };
enum { FIRST_RATED = 2023 * 4, LAST_RATED = 2026 * 4 + 3 };

struct trial {
    struct batch *batch;
    struct story *story;
    char name[24]; /* of the service */
    char keys[STORY_PROVIDERS][128], commissioner[128];
    size_t differences;
};

/* What the oracle answers in; see VIEWS. */
enum view_of_oracle {
    OF_HEAD,
    OF_KPIS,
    OF_COMPLETENESS,
    OF_ITEMS,
    OF_PROVIDERS,
    OF_PAYMENT,
    OF_INCOMPLETE,
    OF_BREAKDOWN,
    VIEW_COUNT
};

enum resource { DASHBOARD, COMPLETENESS, PAYMENT, BREAKDOWN, RESOURCES };

struct view {
    enum resource of;
    const char *sql; /* ordered by its first column, ask */
    const char *list,
        *by; /* the answer's list that has an element for each row, and by which field; NULL: the answer itself */
};
extern const struct view VIEWS[VIEW_COUNT];

struct broken_down {
    const char *measure, *by[2]; /* by[1] NULL: one dimension */
    bool year_to_date;
};

struct question {
    struct trial *trial;
    int provider;          /* -1: the service */
    const char *authority; /* NULL: all */
    int16_t period;
    int32_t as_at;
    char known_at[40]; /* "": now */
    struct broken_down breakdown;
};

/* Some seeds, their questions, and what the oracle answers to all of them at once, in a thread of its own. */
struct batch {
    struct trial trials[BATCH];
    struct question asks[ASKS_MOST];
    size_t trial_count, ask_count;
    pthread_t thread;
    PGconn *oracle;
    PGresult *answers[VIEW_COUNT];
    int next[VIEW_COUNT]; /* row */
    char failed[400];
};

struct totals {
    size_t seeds, uploads, dates, asks, answers, fields, differences;
    size_t cells, returns,
        left_out; /* of breakdowns: cells with somebody in them, national returns in them and not */
};

/* Adds the questions of a service to its batch; db tells at which instants something happened. Returns how many days are asked about. */
size_t questions_choose(struct trial *t, PGconn *db);
/* The path of a question to a resource; false: it cannot be asked of it. */
bool question_path(const struct question *q, enum resource of, char *out, size_t room);
/* Has the oracle answer all questions: batch_work_out() is for pthread_create(), the batch its argument. */
void *batch_work_out(void *batch);
/* Asks the service, compares all answers, and frees those of the oracle. The first TOLD_MOST differences are told. */
void batch_compare(struct batch *b, struct service *s, struct totals *total);

#endif
