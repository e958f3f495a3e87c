#include "server/demo_steps.h"

#include "server/demo_story.h"

#define SERVICE "city-and-hackney"
#define SIGNS "/v1/returns/" SERVICE "/"
#define PLAN(kpi, period) "/v1/action-plans/{" kpi " " period "}"
#define WORDS(reason, what, how, who, when)                                                                  \
    "\"nonComplianceReason\":\"" reason "\",\"what\":\"" what "\",\"how\":\"" how "\",\"who\":\"" who        \
    "\",\"when\":\"" when "\""

/* One line of the manifest. {1.9 2024-25-Q1} in a path stands for the id of the plan of that KPI, opened for that period. */
struct step {
    const char *method, *path, *key, *body;
};

#define SIGN(provider, period)                                                                               \
    { "POST", SIGNS provider "/" period "/submission", "provider-" provider, NULL }
#define FILL(provider, kpi, period, words)                                                                   \
    { "PATCH", PLAN(kpi, period), "provider-" provider, "{" words "}" }
#define SUBMIT(provider, kpi, period, words)                                                                 \
    { "PATCH", PLAN(kpi, period), "provider-" provider, "{" words ",\"status\":\"SUBMITTED\"}" }
#define DECIDE(kpi, period, status, comment)                                                                 \
    { "PATCH", PLAN(kpi, period), "commissioner", "{\"status\":\"" status "\",\"comment\":\"" comment "\"}" }
#define UPDATE(provider, kpi, period, month, text)                                                           \
    {                                                                                                        \
        "POST", PLAN(kpi, period) "/updates", "provider-" provider,                                          \
            "{\"month\":\"" month "\",\"text\":\"" text "\"}"                                                \
    }
#define END                                                                                                  \
    { NULL, NULL, NULL, NULL }

/* clang-format off */
static const struct step STEPS[DEMO_PERIODS][16] = {
    { /* 2024-25-Q1: everything in time; the first plans */
        SIGN("homerton", "2024-25-Q1"), SIGN("pharmacies", "2024-25-Q1"),
        SUBMIT("homerton", "1.9", "2024-25-Q1", WORDS("Clients were called once at four weeks, in office hours.", "Three calls, one of them in the evening.",
               "A list of follow-ups due, every Monday.", "Team lead, community clinics", "2024-25-Q3")),
        DECIDE("1.9", "2024-25-Q1", "AGREED", "Thank you. Please report each month."),
        SUBMIT("pharmacies", "1.6", "2024-25-Q1", WORDS("Most four-week follow-ups are held by telephone.", "Readings in the shop.",
               "Monitors for all shops.", "Pharmacy lead", "2024-25-Q2")),
        DECIDE("1.6", "2024-25-Q1", "DRAFT", "Which shops, and who pays for the monitors?"),
        END,
    },
    { /* 2024-25-Q2 */
        SIGN("homerton", "2024-25-Q2"), SIGN("pharmacies", "2024-25-Q2"),
        UPDATE("homerton", "1.9", "2024-25-Q1", "2024-10", "Evening calls since 14 October, Tuesdays and Thursdays."),
        SUBMIT("pharmacies", "1.6", "2024-25-Q1", WORDS("Most four-week follow-ups are held by telephone.", "Readings in the shop.",
               "Eight monitors, lent by the hospital: one for each shop.", "Pharmacy lead", "2024-25-Q4")),
        DECIDE("1.6", "2024-25-Q1", "AGREED", ""),
        SUBMIT("homerton", "1.2", "2024-25-Q2", WORDS("Fewer referrals from general practice over the summer.", "Visits to the ten largest practices.",
               "Two advisers, one practice a week.", "Outreach lead", "2024-25-Q4")),
        DECIDE("1.2", "2024-25-Q2", "AGREED", ""),
        END,
    },
    { /* 2024-25-Q3 */
        SIGN("pharmacies", "2024-25-Q3"), SIGN("homerton", "2024-25-Q3"),
        UPDATE("homerton", "1.2", "2024-25-Q2", "2025-01", "Seven of ten practices visited; referrals rise."),
        UPDATE("pharmacies", "1.6", "2024-25-Q1", "2025-01", "Monitors are in five of eight shops."),
        END,
    },
    { /* 2024-25-Q4: the year is over, its plans are closed */
        SIGN("homerton", "2024-25-Q4"), SIGN("pharmacies", "2024-25-Q4"),
        DECIDE("1.3", "2024-25-Q1", "CLOSED", "The year is over; the new year's plan takes this on."),
        DECIDE("1.6", "2024-25-Q1", "CLOSED", "The year is over; the new year's plan takes this on."),
        DECIDE("1.9", "2024-25-Q1", "CLOSED", "The year is over; the new year's plan takes this on."),
        DECIDE("4.3c", "2024-25-Q1", "CLOSED", "The year is over; the new year's plan takes this on."),
        END,
    },
    { /* 2025-26-Q1: signed with outcomes missing; corrected three weeks later (demo_write_correction) */
        SIGN("homerton", "2025-26-Q1"), SIGN("pharmacies", "2025-26-Q1"),
        SUBMIT("homerton", "1.9", "2025-26-Q1", WORDS("Two advisers left in May; follow-ups were missed.", "Call every client at four weeks, by two people in turn.",
               "A list of follow-ups due, each Monday.", "Team lead, community clinics", "2025-26-Q4")),
        DECIDE("1.9", "2025-26-Q1", "AGREED", "Please report each month."),
        SUBMIT("pharmacies", "1.6", "2025-26-Q1", WORDS("Three shops still have no monitor.", "Monitors for the last three shops.",
               "Bought from the contract's reserve.", "Pharmacy lead", "2025-26-Q4")),
        FILL("homerton", "1.11", "2025-26-Q1", WORDS("Nobody had the time to call after a year.", "A text message with a link, then one call.",
               "", "", "2026-27-Q1")),
        END,
    },
    { /* 2025-26-Q2: the pharmacies have sent everything and not signed it */
        SIGN("homerton", "2025-26-Q2"),
        UPDATE("homerton", "1.9", "2025-26-Q1", "2025-10", "Both posts are filled; 118 of 140 follow-ups were reached."),
        SUBMIT("homerton", "1.3", "2025-26-Q1", WORDS("The City clinic was closed for building work.", "A clinic at the City's library, each Wednesday.",
               "Room agreed with the library.", "Team lead, community clinics", "2025-26-Q4")),
        DECIDE("1.3", "2025-26-Q1", "DRAFT", "How many people do you expect there?"),
        SUBMIT("homerton", "1.3", "2025-26-Q1", "\"how\":\"Room agreed with the library; six people a week.\""),
        DECIDE("4.3c", "2025-26-Q1", "CLOSED", "Eight people make the difference; to be watched."),
        END,
    },
    { /* 2025-26-Q3, today: homerton has signed, the pharmacies' calls are missing */
        SIGN("homerton", "2025-26-Q3"),
        UPDATE("homerton", "1.9", "2025-26-Q1", "2026-01", "Follow-ups on Saturdays since the new year."),
        {"POST", "/v1/action-plans", "commissioner", "{\"kpi\":\"4.1\",\"openedFor\":\"2025-26-Q3\",\"comment\":\"Amber for the third quarter running.\"}"},
        END,
    },
};
/* clang-format on */

static const char *const DAYS[DEMO_PERIODS] = {"2024-08-23", "2024-11-22", "2025-02-21", "2025-05-23",
                                               "2025-08-22", "2025-11-21", "2026-02-20"};

const char *demo_upload_day(int16_t period) {
    return DAYS[period - DEMO_FIRST_PERIOD];
}

void demo_write_day(const char *day, struct buf *manifest) {
    buf_printf(manifest, "TODAY\t%s\t-\t-\n", day);
}

void demo_write_steps(int16_t period, struct buf *manifest) {
    for (const struct step *s = STEPS[period - DEMO_FIRST_PERIOD]; s->method; s++)
        buf_printf(manifest, "%s\t%s\t%s\t%s\n", s->method, s->path, s->key, s->body ? s->body : "-");
}
