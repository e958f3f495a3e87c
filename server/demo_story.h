/* demo_story: who came, when, and how it ended: 2,900 invented quit attempts at two providers from April 2024 to December 2025,
 * calibrated so that the dashboard of 2025-26-Q3 on DEMO_TODAY shows every kind of status. No real person is in it. Knows nothing of
 * files: demo_files.c spells it; the shares are in demo_decks.c. */
#ifndef QD_SERVER_DEMO_STORY_H
#define QD_SERVER_DEMO_STORY_H

#include "base/arena.h"
#include "base/date.h"
#include "server/demo_cards.h"

/* "Today" in the demo. Nothing in the files is later. */
#define DEMO_TODAY day_from_civil(2026, 2, 20)

enum { DEMO_FIRST_PERIOD = 2024 * 4, DEMO_LAST_PERIOD = 2025 * 4 + 2 };
enum { DEMO_PERIODS = DEMO_LAST_PERIOD - DEMO_FIRST_PERIOD + 1 };
enum demo_provider { DEMO_HOMERTON, DEMO_PHARMACIES, DEMO_PROVIDERS };

enum demo_stage { DEMO_4W, DEMO_12W, DEMO_26W, DEMO_52W, DEMO_STAGES };
enum demo_method { DEMO_METHOD_BLANK, DEMO_FACE_TO_FACE, DEMO_TELEPHONE, DEMO_VIDEO, DEMO_TEXT };
enum demo_condition {
    DEMO_COPD = 1,
    DEMO_CVD = 2,
    DEMO_CANCER = 4,
    DEMO_DIABETES = 8,
    DEMO_ASTHMA = 16,
    DEMO_OTHER = 32
};
enum demo_flag { DEMO_BLANK, DEMO_NO, DEMO_YES };

/* Card 0 of every deck is the blank cell. */
extern const struct deck DEMO_GENDERS, DEMO_ORIENTATIONS, DEMO_ETHNICITIES, DEMO_OCCUPATIONS, DEMO_QUINTILES,
    DEMO_AUTHORITIES, DEMO_TENURES, DEMO_INTERVENTIONS, DEMO_SETTINGS, DEMO_AIDS;
extern const struct deck DEMO_SITES[DEMO_PROVIDERS];

struct demo_client {
    char id[16];
    int32_t born;
    uint8_t gender, orientation, ethnicity, occupation, quintile, authority, tenure; /* cards */
    bool mental_illness, homeless, substance_misuse;
    unsigned conditions; /* bits of enum demo_condition */
    int32_t last_quit_day;
    bool smokes_again; /* the last attempt did not hold: may come back */
};

struct demo_follow_up {
    char outcome; /* '1', '2', '3', or 0: blank */
    int32_t day;  /* DAY_NONE: blank */
    enum demo_method method;
    int co; /* ppm; -1: blank */
    int32_t co_day;
    bool apart; /* sent in the part follow-ups, not with the episode */
};

struct demo_episode {
    char id[16];
    uint32_t client;
    int16_t period;
    int32_t quit_day;
    uint8_t site, setting, intervention, aid; /* cards */
    unsigned adviser;
    enum demo_flag free_prescription, pregnant, swap_to_stop, extended_support, smoking_at_delivery;
    int32_t delivery_day;
    int satisfaction; /* 0: blank */
    bool quit;        /* at four weeks, and it counts */
    bool lost;
    struct demo_follow_up at[DEMO_STAGES];
};

struct demo_provider_story {
    struct demo_client *clients;
    size_t client_count;
    struct demo_episode *episodes; /* in order of quit date */
    size_t episode_count;
};

struct demo_story {
    uint64_t seed; /* the other parts are made up from it too */
    struct demo_provider_story of[DEMO_PROVIDERS];
};

void demo_story_tell(uint64_t seed, struct arena *arena, struct demo_story *out);

#endif
