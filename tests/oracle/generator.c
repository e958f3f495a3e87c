#include "tests/oracle/generator.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/arena.h"

const char *const story_providers[STORY_PROVIDERS] = {"homerton", "pharmacies"};
enum { FORM_PROVIDER = 1 };

/* ---- dice: splitmix64 ---- */

uint64_t dice_roll(struct dice *d) {
    uint64_t z = d->state += 0x9e3779b97f4a7c15u;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

int dice_below(struct dice *d, int n) {
    return (int)(dice_roll(d) % (uint64_t)n);
}

bool dice_percent(struct dice *d, int percent) {
    return dice_below(d, 100) < percent;
}

/* One of a list of words, which ends with NULL. */
static const char *pick(struct dice *d, const char *const *words) {
    int n = 0;
    while (words[n])
        n++;
    return words[dice_below(d, n)];
}
#define PICK(d, ...) pick(d, (const char *const[]){__VA_ARGS__, NULL})

static int pick_int(struct dice *d, const int *numbers, int n) {
    return numbers[dice_below(d, n)];
}
#define PICK_INT(d, ...)                                                                                     \
    pick_int(d, (const int[]){__VA_ARGS__}, (int)(sizeof((const int[]){__VA_ARGS__}) / sizeof(int)))

/* ---- cells ---- */

static void add_cell(struct buf *b, const char *text) {
    buf_add_cstr(b, text);
    buf_add_char(b, ',');
}

static void add_day(struct buf *b, int32_t day) {
    char text[DAY_TEXT];
    add_cell(b, day == DAY_NONE ? "" : day_format(day, text));
}

/* In a careless service more is blank. */
static void add_known(struct story *s, struct buf *b, const char *text) {
    add_cell(b, dice_percent(&s->dice, s->blank_percent) ? "" : text);
}

static void end_row(struct buf *b) {
    b->n--; /* the last comma */
    buf_add_char(b, '\n');
}

/* ---- days ---- */

/* The first and last days of a quarter more often than others. */
static int32_t day_in(struct story *s, int16_t period) {
    int32_t first = period_first_day(period), last = period_last_day(period);
    switch (dice_below(&s->dice, 6)) {
    case 0: return first + dice_below(&s->dice, 2);
    case 1: return last - dice_below(&s->dice, 2);
    default: return first + dice_below(&s->dice, last - first + 1);
    }
}

static void note_change(struct story *s, int32_t day) {
    if ((s->change_count & (s->change_count + 1)) == 0)
        s->changes = must_realloc(s->changes, (2 * s->change_count + 2) * sizeof *s->changes);
    s->changes[s->change_count++] = day;
}

static int32_t follow_up_day(struct story *s, const char *stage, int32_t quit) {
    struct dice *d = &s->dice;
    switch (stage[0]) {
    case '4': return quit + PICK_INT(d, 24, 25, 25, 26, 30, 33, 41, 42, 42, 43, 0, 77);
    case '1': return quit + PICK_INT(d, 80, 81, 81, 90, 98, 98, 99, 120);
    case '2': return quit + PICK_INT(d, 167, 168, 168, 190, 210, 210, 211);
    default: return quit + PICK_INT(d, 350, 351, 351, 370, 393, 393, 394);
    }
}

static const char *outcome(struct story *s) {
    if (dice_percent(&s->dice, s->quit_percent)) return "1";
    return PICK(&s->dice, "2", "2", "3", "1");
}

static void add_co(struct buf *b, struct dice *d) {
    add_cell(b, PICK(d, "0", "3", "9", "9", "10", "10", "11", "200", "", ""));
}

/* The day of the reading, mostly left out. */
static void add_co_day(struct buf *b, struct dice *d, int32_t quit) {
    add_day(b, dice_percent(d, 70) ? DAY_NONE : quit + PICK_INT(d, 24, 25, 30, 42, 43));
}

/* ---- episodes ---- */

#define EPISODE_COLUMNS_SENT                                                                                                        \
    "episodeId,clientId,localAuthority,quitDate,ageAtQuitDate,site,gender,sexualOrientation,ethnicCategory,nssec,freePrescription," \
    "pregnant,interventionType,setting,aid,imdQuintile,seriousMentalIllness,satisfaction,homeless,substanceMisuse,extendedSupport," \
    "longTermConditions,housingTenure,deliveryDate,smokingAtDelivery,outcome4w,followUp4wDate,followUp4wMethod,"                    \
    "co4wPpm,co4wDate,outcome12w,followUp12wDate,co12wPpm,outcome26w,followUp26wDate,outcome52w,followUp52wDate\n"

static void add_who(struct story *s, struct buf *b, const struct patient *p) {
    struct dice *d = &s->dice;
    bool is_new = p->period >= period_of(2024, 1);
    add_cell(b, p->id);
    add_cell(b, p->client);
    add_cell(b, PICK(d, "E09000012", "E09000012", "E09000012", "E09000001", "E09000001", "E09000030"));
    add_day(b, p->quit);
    add_cell(b, PICK(d, "0", "17", "18", "34", "35", "44", "45", "59", "60", "120"));
    add_cell(b, PICK(d, "", "", "S1", "S2", "S3"));
    add_known(s, b, is_new ? PICK(d, "1", "1", "2", "2", "3", "4", "Z", "X") : PICK(d, "1", "2"));
    add_known(s, b, is_new ? PICK(d, "1", "1", "2", "3", "4", "U", "Z") : "");
    add_known(s, b,
              PICK(d, "A", "A", "AB", "B", "C", "CT", "CK", "CY", "CE", "CX", "K", "KA", "M", "MB", "N", "P",
                   "PX", "S", "Z", "ZA"));
    add_known(s, b, PICK(d, "01", "03", "07", "08", "08", "08", "09", "96"));
    add_known(s, b, PICK(d, "Y", "N"));
    add_known(s, b, PICK(d, "N", "N", "N", "Y"));
    add_known(s, b, is_new ? PICK(d, "07", "08", "15", "97") : PICK(d, "01", "04", "06", "96"));
    add_cell(b, dice_percent(d, s->blank_percent * 2) ? "" : PICK(d, "10", "13", "22", "98"));
    add_known(s, b, is_new ? PICK(d, "10", "17", "99", "LA", "LJ", "LK") : PICK(d, "10", "17", "99"));
    add_known(s, b, PICK(d, "1", "1", "2", "5"));
    add_known(s, b, PICK(d, "Y", "N", "N"));
    add_known(s, b, PICK(d, "1", "3", "4", "5", "5", "5"));
}

/* What the breakdowns ask beside the KPIs. A delivery on both sides of the days that are asked about. */
static void add_needs(struct story *s, struct buf *b, const struct patient *p) {
    struct dice *d = &s->dice;
    int32_t delivery = dice_percent(d, 60) ? p->quit + PICK_INT(d, 30, 60, 100, 200, 280) : DAY_NONE;
    add_cell(b, PICK(d, "Y", "Y", "N", ""));
    add_cell(b, PICK(d, "Y", "N", ""));
    add_cell(b, PICK(d, "Y", "N", "N", ""));
    add_cell(b, PICK(d, "", "", "COPD", "ASTHMA;CVD", "COPD;OTHER;DIABETES", "CANCER"));
    add_cell(b, PICK(d, "OWNED", "PRIVATE_RENT", "SOCIAL_RENT", "NOT_STATED", ""));
    add_day(b, delivery);
    add_cell(b, PICK(d, "Y", "N", "N", "", "", ""));
    if (delivery == DAY_NONE) return;
    s->deliveries[s->delivery_count++ % STORY_DELIVERIES] = (struct delivery){delivery, p->period};
}

/* Outcome and date of a stage as the episode's own columns tell it: together, alone, or neither. */
static void add_stage(struct story *s, struct buf *b, const struct patient *p, const char *stage,
                      int told_percent) {
    struct dice *d = &s->dice;
    bool told = dice_percent(d, told_percent), dated = told ? !dice_percent(d, 8) : dice_percent(d, 3);
    add_cell(b, told ? outcome(s) : "");
    add_day(b, dated ? follow_up_day(s, stage, p->quit) : DAY_NONE);
}

static void add_episode(struct story *s, struct buf *b, const struct patient *p) {
    struct dice *d = &s->dice;
    add_who(s, b, p);
    add_needs(s, b, p);
    add_stage(s, b, p, "4W", 75);
    add_cell(b, PICK(d, "FACE_TO_FACE", "FACE_TO_FACE", "TELEPHONE", "VIDEO", "TEXT", "POST", "", ""));
    add_co(b, d);
    add_co_day(b, d, p->quit);
    add_stage(s, b, p, "12W", 40);
    add_co(b, d);
    add_stage(s, b, p, "26W", 30);
    add_stage(s, b, p, "52W", 30);
    end_row(b);
}

static void change_days(struct story *s, int32_t quit) {
    static const int AFTER[] = {42, 43, 98, 99, 210, 211, 393, 394};
    for (size_t i = 0; i < sizeof AFTER / sizeof *AFTER; i++)
        note_change(s, quit + AFTER[i]);
}

static void add_patient(struct story *s, int provider, int16_t period) {
    if ((s->patient_count & (s->patient_count + 1)) == 0)
        s->patients = must_realloc(s->patients, (2 * s->patient_count + 2) * sizeof *s->patients);
    struct patient *p = &s->patients[s->patient_count++];
    *p = (struct patient){.quit = day_in(s, period), .period = period, .provider = provider};
    snprintf(p->id, sizeof p->id, "E-%zu", s->patient_count);
    snprintf(p->client, sizeof p->client, "C-%d", dice_below(&s->dice, 60));
    change_days(s, p->quit);
}

static bool tell_episodes(struct story *s, int provider, int16_t period, story_sends *send, void *context) {
    struct buf b = BUF_EMPTY;
    buf_add_cstr(&b, EPISODE_COLUMNS_SENT);
    for (size_t i = 0; i < s->patient_count; i++) {
        const struct patient *p = &s->patients[i];
        if (p->provider == provider && p->period == period && !p->removed) add_episode(s, &b, p);
    }
    bool good = send(context, provider, period, "episodes", buf_str(&b));
    buf_free(&b);
    return good;
}

/* ---- follow-ups ---- */

static bool tell_follow_ups(struct story *s, int provider, int16_t period, story_sends *send, void *context) {
    static const char *const STAGES[] = {"4W", "12W", "26W", "52W"};
    static const int SENT_PERCENT[] = {35, 30, 25, 25};
    struct dice *d = &s->dice;
    struct buf b = BUF_EMPTY;
    buf_add_cstr(&b, "episodeId,stage,date,outcome,method,coPpm,coDate\n");
    for (size_t i = 0; i < s->patient_count; i++) {
        const struct patient *p = &s->patients[i];
        if (p->provider != provider || p->period > period) continue;
        for (size_t stage = 0; stage < 4; stage++) {
            if (!dice_percent(d, SENT_PERCENT[stage])) continue;
            add_cell(&b, p->id);
            add_cell(&b, STAGES[stage]);
            add_day(&b, follow_up_day(s, STAGES[stage], p->quit));
            add_cell(&b, outcome(s));
            add_cell(&b, PICK(d, "FACE_TO_FACE", "FACE_TO_FACE", "TELEPHONE", "POST", "", ""));
            add_co(&b, d);
            add_co_day(&b, d, p->quit);
            end_row(&b);
        }
    }
    bool good = send(context, provider, period, "follow-ups", buf_str(&b));
    buf_free(&b);
    return good;
}

/* ---- the other parts ---- */

static const struct patient *someone(struct story *s, int provider) {
    for (int tries = 0; s->patient_count && tries < 8; tries++) {
        const struct patient *p = &s->patients[dice_below(&s->dice, (int)s->patient_count)];
        if (p->provider == provider) return p;
    }
    return NULL;
}

static const char PERSON_COLUMNS[] =
    "gender,ethnicCategory,nssec,imdQuintile,pregnant,seriousMentalIllness,age,localAuthority";

/* The columns that people of referrals and of the pathway share. */
static void add_person(struct buf *b, struct dice *d) {
    add_cell(b, PICK(d, "1", "2", "2", ""));
    add_cell(b, PICK(d, "A", "CT", "CE", "K", "M", "Z", ""));
    add_cell(b, PICK(d, "01", "08", "96", ""));
    add_cell(b, PICK(d, "1", "2", "5", ""));
    add_cell(b, PICK(d, "Y", "N", "", ""));
    add_cell(b, PICK(d, "Y", "N", ""));
    add_cell(b, PICK(d, "17", "18", "44", "45", "60", ""));
    add_cell(b, PICK(d, "E09000012", "E09000001", "E09000030", ""));
}

static void add_harm_reduction(struct story *s, struct buf *b, int provider, int16_t period) {
    struct dice *d = &s->dice;
    int n = dice_below(d, 9);
    buf_printf(b, "pathwayId,startDate,episodeId,outcome,%s\n", PERSON_COLUMNS);
    for (int i = 0; i < n; i++) {
        const struct patient *p = dice_percent(d, 60) ? someone(s, provider) : NULL;
        buf_printf(b, "P-%d,", i);
        add_day(b, day_in(s, period));
        add_cell(b, p ? p->id : PICK(d, "", "", "E-unknown"));
        add_cell(b, PICK(d, "CUT_DOWN_HALF_OR_MORE", "CUT_DOWN_LESS", "PARTIAL_SWITCH",
                         "TEMPORARY_ABSTINENCE", "NO_CHANGE", "NOT_KNOWN", ""));
        add_person(b, d);
        end_row(b);
    }
}

static void add_referrals(struct story *s, struct buf *b, int provider, int16_t period) {
    struct dice *d = &s->dice;
    int n = dice_below(d, 12);
    (void)provider;
    buf_printf(
        b,
        "referralId,receivedDate,contactedDate,firstAppointmentOfferedDate,source,referrerOrganisation,destinationSite,destinationType,%s\n",
        PERSON_COLUMNS);
    for (int i = 0; i < n; i++) {
        int32_t received = day_in(s, period);
        buf_printf(b, "R-%d,", i);
        add_day(b, received);
        add_day(b, dice_percent(d, 15) ? DAY_NONE : received + dice_below(d, 7));
        add_day(b, dice_percent(d, 15) ? DAY_NONE : received + 3 + dice_below(d, 10));
        add_cell(b, PICK(d, "GP", "MATERNITY", "SELF", "OTHER", ""));
        add_cell(b, PICK(d, "Homerton maternity", "ELFT", "Lower Clapton", ""));
        add_cell(b, PICK(d, "S1", "S2", "S9", ""));
        add_cell(b, PICK(d, "10", "13", "98", ""));
        add_person(b, d);
        end_row(b);
        for (int after = 2; after < 13; after++)
            note_change(s, received + after);
    }
}

static void add_contacts(struct story *s, struct buf *b, int provider, int16_t period) {
    struct dice *d = &s->dice;
    int months = dice_below(d, 4);
    (void)provider;
    buf_add_cstr(b, "month,callsReceived,callsAnsweredFirstTime\n");
    for (int i = 0; i < months; i++) {
        char day[DAY_TEXT];
        int received = dice_percent(d, 20) ? 0 : dice_below(d, 50),
            missed = received ? dice_below(d, received < 4 ? received : 4) : 0;
        day_format(period_first_day(period) + 31 * i, day);
        buf_printf(b, "%.7s,%d,%d\n", day, received, received - missed);
    }
}

static void add_training(struct story *s, struct buf *b, int provider, int16_t period) {
    struct dice *d = &s->dice;
    int n = dice_below(d, 6);
    (void)provider;
    buf_add_cstr(b, "sessionId,date,type,topic,attendees,ratingsReceived,ratedGoodOrVeryGood\n");
    for (int i = 0; i < n; i++) {
        const char *type = PICK(d, "VBA", "VBA", "PRACTITIONER", "REFRESHER", "SPECIALTY");
        int attendees = PICK_INT(d, 0, 5, 6, 6, 7, 20), rated = dice_below(d, attendees + 1),
            bad = dice_below(d, rated / 4 + 1);
        buf_printf(b, "T-%d,", i);
        add_day(b, day_in(s, period));
        buf_printf(b, "%s,%s,%d,", type, type[0] == 'S' ? "VAPING" : "", attendees);
        if (dice_percent(d, 25)) buf_add_cstr(b, ",\n");
        else buf_printf(b, "%d,%d\n", rated, rated - bad);
    }
}

static void add_sites(struct story *s, struct buf *b, int provider, int16_t period) {
    static const char *const IDS[] = {"S1", "S2", "S3"};
    (void)provider;
    (void)period;
    buf_add_cstr(b, "siteId,name,setting\n");
    for (size_t i = 0; i < 3; i++)
        if (dice_percent(&s->dice, 70))
            buf_printf(b, "%s,Site %zu,%s\n", IDS[i], i, PICK(&s->dice, "10", "13", "98", ""));
}

static const struct {
    const char *part;
    int sent_percent;
    void (*add)(struct story *s, struct buf *b, int provider, int16_t period);
} OTHER_PARTS[] = {
    {"sites", 20, add_sites},
    {"harm-reduction", 25, add_harm_reduction},
    {"referrals", 30, add_referrals},
    {"contacts", 25, add_contacts},
    {"training-sessions", 25, add_training},
};

static bool tell_others(struct story *s, int provider, int16_t period, story_sends *send, void *context) {
    bool good = true;
    for (size_t i = 0; good && i < sizeof OTHER_PARTS / sizeof *OTHER_PARTS; i++) {
        if (!dice_percent(&s->dice, OTHER_PARTS[i].sent_percent)) continue;
        struct buf b = BUF_EMPTY;
        OTHER_PARTS[i].add(s, &b, provider, period);
        good = send(context, provider, period, OTHER_PARTS[i].part, buf_str(&b));
        buf_free(&b);
    }
    return good;
}

/* ---- the story ---- */

/* Few as a rule, none at times, many now and then. */
static int how_many(struct dice *d) {
    int luck = dice_below(d, 100);
    if (luck < 8) return 0;
    return luck < 88 ? 1 + dice_below(d, 8) : 9 + dice_below(d, 32);
}

static bool tell_national(struct story *s, int provider, int16_t period, story_sends *send, void *context) {
    struct buf b = BUF_EMPTY;
    story_add_national(s, period, &b);
    bool good = send(context, provider, period, "national", buf_str(&b));
    buf_free(&b);
    return good;
}

static size_t place_of(const struct story *s, int16_t period) {
    size_t q = 0;
    while (s->quarters[q] != period)
        q++;
    return q;
}

static bool has_form(const struct story *s, int provider, int16_t period) {
    return provider == FORM_PROVIDER && s->form_stands[place_of(s, period)];
}

static bool tell_quarter(struct story *s, int provider, int16_t period, story_sends *send, void *context) {
    struct dice *d = &s->dice;
    bool good = true;
    if (s->fills_in_forms && provider == FORM_PROVIDER && dice_percent(d, 60)) {
        s->form_stands[place_of(s, period)] = true;
        good = tell_national(s, provider, period, send, context);
    } else if (dice_percent(d, 88)) {
        int n = s->is_small ? dice_below(d, 3) : how_many(d);
        for (int i = 0; i < n; i++)
            add_patient(s, provider, period);
        good = tell_episodes(s, provider, period, send, context);
    }
    if (good && dice_percent(d, 70)) good = tell_follow_ups(s, provider, period, send, context);
    return good && tell_others(s, provider, period, send, context);
}

/* Someone of the quarter is taken out; the others are told again, otherwise. */
static void remove_someone(struct story *s, int provider, int16_t period) {
    struct patient *p = s->patient_count ? &s->patients[dice_below(&s->dice, (int)s->patient_count)] : NULL;
    if (p && p->provider == provider && p->period == period) p->removed = true;
}

static void remove_all(struct story *s, int provider, int16_t period) {
    for (size_t i = 0; i < s->patient_count; i++)
        if (s->patients[i].provider == provider && s->patients[i].period == period)
            s->patients[i].removed = true;
}

/* From one to the other: the first is taken back by a nil return, and at times nothing follows. */
static bool change_over(struct story *s, int16_t period, story_sends *send, void *context) {
    struct dice *d = &s->dice;
    bool *stands = &s->form_stands[place_of(s, period)], was = *stands, follows = dice_percent(d, 75);
    remove_all(s, FORM_PROVIDER, period);
    bool good = send(context, FORM_PROVIDER, period, was ? "national" : "episodes",
                     was ? STR(NATIONAL_COLUMNS_SENT) : STR(EPISODE_COLUMNS_SENT));
    *stands = follows && !was;
    for (int i = 1 + dice_below(d, 6); was && i > 0; i--)
        add_patient(s, FORM_PROVIDER, period);
    if (!good || !follows) return good;
    return was ? tell_episodes(s, FORM_PROVIDER, period, send, context)
               : tell_national(s, FORM_PROVIDER, period, send, context);
}

static bool tell_corrections(struct story *s, story_sends *send, void *context) {
    struct dice *d = &s->dice;
    bool good = true;
    for (int i = dice_below(d, 4); good && i > 0; i--) {
        int provider = dice_below(d, STORY_PROVIDERS);
        int16_t period = s->quarters[dice_below(d, (int)s->quarter_count)];
        if (s->fills_in_forms && provider == FORM_PROVIDER && dice_percent(d, 50)) {
            good = change_over(s, period, send, context);
        } else if (has_form(s, provider, period)) {
            good = tell_national(s, provider, period, send, context);
        } else if (dice_percent(d, 60)) {
            remove_someone(s, provider, period);
            good = tell_episodes(s, provider, period, send, context);
        } else {
            good = tell_follow_ups(s, provider, period, send, context);
        }
    }
    return good;
}

struct story *story_begin(unsigned seed) {
    struct story *s = must_calloc(1, sizeof *s);
    s->seed = seed;
    s->is_small = seed % 20 == 0;
    s->fills_in_forms = seed % 5 < 2;
    s->dice.state = seed * 0x51ed2701u;
    s->blank_percent = PICK_INT(&s->dice, 1, 3, 8, 25);
    s->quit_percent = PICK_INT(&s->dice, 20, 40, 55, 75);
    int16_t first = (int16_t)(period_of(2022, 1) + dice_below(&s->dice, 8));
    for (int16_t q = first; q < first + 11 && s->quarter_count < 6; q++)
        if (q == first || dice_percent(&s->dice, 60)) s->quarters[s->quarter_count++] = q;
    return s;
}

bool story_tell(struct story *s, story_sends *send, void *context) {
    for (size_t q = 0; q < s->quarter_count; q++) {
        for (int provider = 0; provider < STORY_PROVIDERS; provider++)
            if (!tell_quarter(s, provider, s->quarters[q], send, context)) return false;
        note_change(s, period_last_day(s->quarters[q]));
        note_change(s, period_last_day(s->quarters[q]) + 1);
    }
    return tell_corrections(s, send, context);
}

void story_free(struct story *s) {
    free(s->patients);
    free(s->changes);
    free(s);
}

/* ---- the framework ---- */

static json_t *kpi_of(json_t *framework, const char *ref) {
    size_t i;
    json_t *kpi;
    json_array_foreach(json_object_get(framework, "kpis"), i,
                       kpi) if (strcmp(json_string_value(json_object_get(kpi, "ref")), ref) == 0) return kpi;
    return NULL;
}

static void set_settings(struct story *s, json_t *settings) {
    struct dice *d = &s->dice;
    if (dice_percent(d, 25)) json_object_set_new(settings, "stillQuit", json_false());
    if (dice_percent(d, 25)) json_object_set_new(settings, "satisfactionBase", json_string("RESPONDENTS"));
    if (dice_percent(d, 25)) json_object_set_new(settings, "declinedCountsAs", json_string("UNKNOWN"));
}

/* Targets near what such a small service reaches, so that every status occurs, and on the edge too. */
static void set_targets(struct story *s, json_t *framework) {
    struct dice *d = &s->dice;
    json_object_set_new(kpi_of(framework, "1.1"), "target", json_integer(20 + dice_below(d, 60)));
    json_object_set_new(kpi_of(framework, "1.2"), "target", json_integer(PICK_INT(d, 10, 20, 40)));
    json_object_set_new(kpi_of(framework, "1.3"), "target", json_string(PICK(d, "7.5", "10", "33.3")));
    if (dice_percent(d, 50))
        json_object_set_new(kpi_of(framework, "1.1"), "profile", json_pack("[i,i,i,i]", 20, 45, 75, 100));
    if (dice_percent(d, 50))
        json_object_set_new(kpi_of(framework, "1.4"), "target", json_string(PICK(d, "33.3", "52.5", "40")));
    if (dice_percent(d, 50))
        json_object_set_new(kpi_of(framework, "1.9"), "target", json_integer(PICK_INT(d, 20, 25, 40, 50)));
    if (dice_percent(d, 40))
        json_object_set_new(kpi_of(framework, "4.1"), "tolerance",
                            json_pack("{s:s, s:s}", "kind", "POINTS", "value", "2.5"));
    if (dice_percent(d, 40))
        json_object_set_new(kpi_of(framework, "1.6"), "tolerance",
                            json_pack("{s:s, s:i}", "kind", "RELATIVE", "value", 50));
}

/* Where little is expected, returns are complete and can be signed; one of the providers may have left. */
static void set_providers(struct story *s, json_t *framework) {
    struct dice *d = &s->dice;
    bool expects_little = dice_percent(d, 60), left = dice_percent(d, 20);
    size_t i;
    json_t *provider, *providers = json_object_get(framework, "providers");
    json_array_foreach(providers, i, provider) {
        bool form = s->fills_in_forms && i == FORM_PROVIDER && dice_percent(d, 50);
        if (expects_little)
            json_object_set_new(provider, "expectedParts", json_pack("[s]", form ? "national" : "episodes"));
        if (left && i == 1)
            json_object_set_new(provider, "to",
                                json_string(PICK(d, "2023-24-Q4", "2024-25-Q2", "2025-26-Q1")));
    }
}

json_t *story_framework(struct story *s, const char *service) {
    json_t *framework = json_load_file("frameworks/city-and-hackney.json", 0, NULL);
    json_object_set_new(framework, "id", json_string(service));
    json_object_set_new(framework, "service", json_string(service));
    set_providers(s, framework);
    set_settings(s, json_object_get(framework, "settings"));
    set_targets(s, framework);
    const char *year;
    json_t *pence, *contracts = json_object_get(framework, "contractValuePence");
    json_object_foreach(contracts, year, pence)
        json_object_set_new(contracts, year, json_integer(72000000 + dice_below(&s->dice, 100000)));
    return framework;
}
