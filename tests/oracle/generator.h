/* generator: makes the returns of one small service out of a seed: two providers, a few quarters over two to three years, values
 * on every boundary of the contract, competing follow-ups, corrections, nil returns and missing parts. In some services the second provider
 * holds client records in some quarters only, and sends the national return in others. The same seed always makes the same story. */
#ifndef QD_TESTS_GENERATOR_H
#define QD_TESTS_GENERATOR_H

#include <jansson.h>

#include "base/buf.h"
#include "base/date.h"

struct dice {
    uint64_t state;
};

uint64_t dice_roll(struct dice *d);
int dice_below(struct dice *d, int n);          /* 0 to n - 1 */
bool dice_percent(struct dice *d, int percent); /* true in so many of 100 */

enum { STORY_PROVIDERS = 2, STORY_QUARTERS = 12, STORY_DELIVERIES = 4 };
extern const char *const story_providers[STORY_PROVIDERS];

struct patient {
    char id[24], client[16];
    int32_t quit;
    int16_t period;
    int provider;
    bool removed;
};

struct delivery {
    int32_t day;
    int16_t period; /* of the quit date */
};

struct story {
    struct dice dice;
    unsigned seed;
    int16_t quarters[STORY_QUARTERS]; /* in which returns were sent, ascending */
    size_t quarter_count;
    int blank_percent, quit_percent;  /* how careless the service is, and how successful */
    bool is_small;                    /* a handful of people: every day of change can be asked about */
    bool fills_in_forms;              /* the second provider sends national returns */
    bool form_stands[STORY_QUARTERS]; /* it has done so, by the place of the quarter */
    struct patient *patients;
    size_t patient_count;
    int32_t *changes; /* days on which something changes, unsorted, with repetitions */
    size_t change_count;
    struct delivery deliveries[STORY_DELIVERIES]; /* told last, in a ring */
    size_t delivery_count;
};

/* False stops the story. */
typedef bool story_sends(void *context, int provider, int16_t period, const char *part, str csv);

#define NATIONAL_COLUMNS_SENT "part,key1,key2,measure,value\n"
/* A national return of a period: all cells of 1A to 1H. */
void story_add_national(struct story *s, int16_t period, struct buf *out);

struct story *story_begin(unsigned seed);
bool story_tell(struct story *s, story_sends *send, void *context);
void story_free(struct story *s);

/* City and Hackney's framework with the service's id, other targets and settings. The caller frees it. */
json_t *story_framework(struct story *s, const char *service);

#endif
