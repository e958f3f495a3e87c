/* demo_decks: the calibration of the demo. Published national figures (2024-25: 53.6 % quit, CO confirmed in 11.8 % of quitters,
 * 53.1 % entitled to free prescriptions), what a service in Hackney looks like, and the targets of the City and Hackney KPIs. */
#ifndef QD_SERVER_DEMO_DECKS_H
#define QD_SERVER_DEMO_DECKS_H

#include "server/demo_story.h"

/* Cards that the story knows by name. */
enum { STUDENT = 1, RETIRED = 3 };
enum { MOST_DEPRIVED = 1 };
enum { CITY = 2 };
enum { AID_VARENICLINE = 3, AID_CYTISINE = 4, AID_WITH_VAPE = 7, AID_VAPE = 9 };
enum { SITE_MATERNITY = 2, SITE_MENTAL_HEALTH = 3 };

extern const struct deck DEMO_AGE_BANDS, DEMO_AT_12_WEEKS, DEMO_AT_26_WEEKS, DEMO_AT_52_WEEKS, DEMO_LOST,
    DEMO_QUITTERS_SAY, DEMO_OTHERS_SAY;
extern const unsigned DEMO_MONTHS[12], DEMO_WEEKDAYS[7];

struct demo_plan {
    unsigned people, quit, lost, co; /* a number, then permille: of all, of all, of the quitters */
};
extern const struct demo_plan DEMO_PLAN[DEMO_PERIODS][DEMO_PROVIDERS];

#endif
