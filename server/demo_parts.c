#include "server/demo_parts.h"

#include "server/demo_decks.h"

/* One file while it is written. */
struct sheet {
    const struct demo_story *story;
    enum demo_provider provider;
    int16_t period;
    int32_t first_day, last_day; /* of the period */
    struct dice dice;
    struct buf *out;
    bool in_line;
};

/* ---- how a value is spelled ---- */

static void begin_cell(struct sheet *s) {
    if (s->in_line) buf_add_char(s->out, ',');
    s->in_line = true;
}

static void end_line(struct sheet *s) {
    buf_add_cstr(s->out, s->provider == DEMO_PHARMACIES ? "\r\n" : "\n");
    s->in_line = false;
}

static void put(struct sheet *s, const char *text) {
    begin_cell(s);
    bool quoted = strpbrk(text, ",\"") != NULL;
    if (quoted) buf_add_char(s->out, '"');
    buf_add_cstr(s->out, text);
    if (quoted) buf_add_char(s->out, '"');
}

static void put_number(struct sheet *s, unsigned n) {
    begin_cell(s);
    buf_add_int(s->out, n);
}

/* Another one in each quarter: ref-253.001. */
static void put_id(struct sheet *s, const char *prefix, unsigned n) {
    begin_cell(s);
    buf_printf(s->out, "%s%02d%d.%03u", prefix, period_year(s->period) % 100, period_quarter(s->period), n);
}

static void put_flag(struct sheet *s, bool yes) {
    if (s->provider == DEMO_PHARMACIES) put(s, yes ? "Yes" : "No");
    else put(s, yes ? "Y" : "N");
}

static void put_day(struct sheet *s, int32_t day) {
    begin_cell(s);
    if (day == DAY_NONE) return;
    int year, month, date;
    day_to_civil(day, &year, &month, &date);
    if (s->provider == DEMO_PHARMACIES) buf_printf(s->out, "%02d/%02d/%04d", date, month, year);
    else buf_printf(s->out, "%04d-%02d-%02d", year, month, date);
}

/* receivedDate, or Received date in the pharmacies' spreadsheet. */
static void put_heading(struct sheet *s, str name) {
    begin_cell(s);
    if (s->provider == DEMO_HOMERTON) {
        buf_add_str(s->out, name);
        return;
    }
    for (size_t i = 0; i < name.n; i++) {
        bool capital = name.p[i] >= 'A' && name.p[i] <= 'Z';
        if (capital) buf_add_char(s->out, ' ');
        buf_add_char(s->out, i == 0 ? ascii_upper(name.p[i]) : ascii_lower(name.p[i]));
    }
}

/* names: joined by commas. stream: each part has dice of its own. */
static struct sheet sheet_begin(const struct demo_story *story, enum demo_provider p, int16_t period,
                                unsigned stream, const char *names, struct buf *out) {
    struct sheet s = {.story = story, .provider = p, .period = period, .out = out};
    s.first_day = period_first_day(period);
    s.last_day = period_last_day(period);
    s.dice = dice_of(story->seed, 1000 * stream + (unsigned)p, (unsigned)period);
    if (p == DEMO_PHARMACIES) buf_add_cstr(out, "\xef\xbb\xbf"); /* as spreadsheets do */
    for (str rest = str_of(names), one = str_cut(&rest, ','); one.p; one = str_cut(&rest, ','))
        put_heading(&s, one);
    end_line(&s);
    return s;
}

/* ---- days and people ---- */

static bool is_open(int32_t day) {
    int year, month, date;
    day_to_civil(day, &year, &month, &date);
    bool feast = (month == 12 && (date == 25 || date == 26)) || (month == 1 && date == 1);
    return day_weekday(day) < 5 && !feast;
}

static int32_t open_day(int32_t day, int days) {
    while (days > 0 || !is_open(day))
        days -= is_open(++day);
    return day;
}

static int32_t some_open_day(struct sheet *s) {
    for (;;) {
        int32_t day = dice_between(&s->dice, s->first_day, s->last_day);
        if (is_open(day)) return day;
    }
}

/* Someone who came in the quarter. */
static const struct demo_episode *someone(struct sheet *s) {
    const struct demo_provider_story *of = &s->story->of[s->provider];
    for (;;) {
        const struct demo_episode *e = &of->episodes[dice_below(&s->dice, (uint32_t)of->episode_count)];
        if (e->period == s->period) return e;
    }
}

#define PEOPLE "localAuthority,age,gender,ethnicCategory"

static void put_person(struct sheet *s, const struct demo_episode *e) {
    const struct demo_client *c = &s->story->of[s->provider].clients[e->client];
    const struct card *authority = &DEMO_AUTHORITIES.cards[c->authority];
    put(s, s->provider == DEMO_PHARMACIES ? authority->label : authority->code);
    put_number(s, (unsigned)age_in_years(c->born, e->quit_day));
    put(s, DEMO_GENDERS.cards[c->gender].code);
    put(s, DEMO_ETHNICITIES.cards[c->ethnicity].code);
}

/* ---- harm reduction ---- */

static const struct card PATHWAYS[] = {
    {"", "", 6},
    {"CUT_DOWN_HALF_OR_MORE", "", 27},
    {"CUT_DOWN_LESS", "", 16},
    {"PARTIAL_SWITCH", "", 21},
    {"TEMPORARY_ABSTINENCE", "", 11},
    {"NO_CHANGE", "", 13},
    {"NOT_KNOWN", "", 6},
};

/* One in five set a quit date after all; the row names that episode. */
static void put_pathway(struct sheet *s, unsigned number) {
    const struct demo_episode *e = someone(s);
    bool came = dice_permille(&s->dice, 200) && e->quit_day > s->first_day + 14;
    int32_t start = came ? open_day(e->quit_day - 14, 0) : some_open_day(s);
    uint8_t outcome = deck_draw(DECK(PATHWAYS), &s->dice);
    put_id(s, s->provider == DEMO_HOMERTON ? "hr-" : "HR", number);
    put_day(s, start > s->last_day ? s->last_day : start);
    put(s, came ? e->id : "");
    put(s, PATHWAYS[outcome].code);
    put_day(s, outcome ? open_day(start, dice_between(&s->dice, 15, 25)) : DAY_NONE);
    put_person(s, e);
    end_line(s);
}

void demo_write_harm_reduction(const struct demo_story *story, enum demo_provider p, int16_t period,
                               struct buf *out) {
    struct sheet s =
        sheet_begin(story, p, period, 1, "pathwayId,startDate,episodeId,outcome,outcomeDate," PEOPLE, out);
    unsigned count = (p == DEMO_HOMERTON ? 24u : 9u) + dice_below(&s.dice, 8);
    for (unsigned i = 1; i <= count; i++)
        put_pathway(&s, i);
}

/* ---- referrals ---- */

static const struct card HOMERTON_SOURCES[] = {
    {"", "", 1},          {"SELF", "", 14},         {"GP", "", 30},      {"HOSPITAL_INPATIENT", "", 24},
    {"MATERNITY", "", 9}, {"MENTAL_HEALTH", "", 6}, {"HELPLINE", "", 8}, {"SOCIAL_CARE", "", 4},
    {"OTHER", "", 4},
};
static const struct card PHARMACY_SOURCES[] = {
    {"", "", 2}, {"SELF", "", 55}, {"PHARMACY", "", 28}, {"GP", "", 10}, {"HELPLINE", "", 5},
};
static const struct card PRACTICES[] = {
    {"Lower Clapton Group Practice", "", 5}, {"The Lea Surgery", "", 4},     {"Well Street Surgery", "", 4},
    {"London Fields Medical Centre", "", 3}, {"The Neaman Practice", "", 2},
};

/* Permille in time of all: contacted in 2 working days, an appointment offered in 5 (2.2 GREEN, 2.3 AMBER). */
static const struct { unsigned contacted, offered; } PROMPT[DEMO_PROVIDERS] = {{968, 868}, {971, 880}};

/* Late, or in one of four such cases never. */
static int32_t day_done(struct sheet *s, int32_t received, bool in_time, int limit) {
    if (in_time) return open_day(received, dice_between(&s->dice, 0, limit));
    return dice_permille(&s->dice, 250) ? DAY_NONE : open_day(received, limit + dice_between(&s->dice, 3, 8));
}

static void put_referral(struct sheet *s, unsigned number, bool contacted, bool offered) {
    const struct demo_episode *e = someone(s);
    int32_t received = e->quit_day - dice_between(&s->dice, 6, 20);
    bool came = received >= s->first_day && dice_permille(&s->dice, 600);
    if (received < s->first_day) received = some_open_day(s);
    struct deck sources = s->provider == DEMO_HOMERTON ? DECK(HOMERTON_SOURCES) : DECK(PHARMACY_SOURCES);
    const char *source = sources.cards[deck_draw(sources, &s->dice)].code;
    int32_t contact = day_done(s, received, contacted, 2);
    int32_t offer = contact == DAY_NONE ? DAY_NONE : day_done(s, received, offered, 5);
    put_id(s, s->provider == DEMO_HOMERTON ? "ref-" : "R", number);
    put_day(s, received);
    put(s, source);
    put(s, strcmp(source, "GP") == 0 ? PRACTICES[deck_draw(DECK(PRACTICES), &s->dice)].code : "");
    put_day(s, contact);
    put_day(s, offer != DAY_NONE && offer < contact ? contact : offer);
    put(s, came ? e->id : "");
    put_person(s, e);
    end_line(s);
}

void demo_write_referrals(const struct demo_story *story, enum demo_provider p, int16_t period,
                          struct buf *out) {
    enum { MOST = 300 };
    bool contacted[MOST], offered[MOST];
    struct sheet s = sheet_begin(story, p, period, 2,
                                 "referralId,receivedDate,source,referrerOrganisation,contactedDate,"
                                 "firstAppointmentOfferedDate,episodeId," PEOPLE,
                                 out);
    unsigned count = (p == DEMO_HOMERTON ? 180u : 70u) + dice_below(&s.dice, 30);
    marks_deal(PROMPT[p].contacted, &s.dice, contacted, count);
    marks_deal(PROMPT[p].offered, &s.dice, offered, count);
    for (unsigned i = 0; i < count; i++)
        put_referral(&s, i + 1, contacted[i], contacted[i] && offered[i]);
}

/* ---- contacts ---- */

/* Permille of the calls answered the first time: 2.1 falls from GREEN to AMBER. */
static const unsigned ANSWERED[DEMO_PERIODS][DEMO_PROVIDERS] = {
    {961, 970}, {957, 968}, {953, 961}, {955, 963}, {946, 958}, {938, 955}, {931, 0}};

void demo_write_contacts(const struct demo_story *story, enum demo_provider p, int16_t period,
                         struct buf *out) {
    struct sheet s =
        sheet_begin(story, p, period, 3, "month,callsReceived,callsAnsweredFirstTime,emailsReceived", out);
    for (int32_t day = s.first_day; day <= s.last_day; day += 31) {
        int year, month, date;
        day_to_civil(day, &year, &month, &date);
        unsigned busy = DEMO_MONTHS[month - 1] * (p == DEMO_HOMERTON ? 520u : 190u) / 1000;
        unsigned calls = busy + dice_below(&s.dice, 40);
        begin_cell(&s);
        buf_printf(out, "%04d-%02d", year, month);
        put_number(&s, calls);
        put_number(&s, calls * ANSWERED[period - DEMO_FIRST_PERIOD][p] / 1000);
        put_number(&s, calls / 6 + dice_below(&s.dice, 20));
        end_line(&s);
    }
}

/* ---- training ---- */

/* VBA, practitioner and refresher sessions with six attendees or more, by quarter. 2024-25 meets its targets;
 * of 2025-26 3.1 is GREEN, 3.2 two sessions short and RED, 3.3 one short and AMBER. The pharmacies hold
 * nothing in 2025-26-Q2: a nil return. */
enum { TRAINED = 3 };
static const unsigned SESSIONS[DEMO_PERIODS][DEMO_PROVIDERS][TRAINED] = {
    {{1, 1, 0}, {1, 0, 0}}, {{1, 1, 1}, {0, 0, 0}}, {{1, 1, 0}, {1, 0, 0}}, {{1, 1, 1}, {0, 0, 0}},
    {{1, 1, 0}, {1, 0, 0}}, {{1, 0, 0}, {0, 0, 0}}, {{1, 0, 0}, {1, 0, 0}},
};

static void put_session(struct sheet *s, unsigned *number, const char *type, const char *topic,
                        unsigned attendees) {
    unsigned ratings = attendees - dice_below(&s->dice, attendees / 4 + 1);
    unsigned good = ratings - (dice_permille(&s->dice, 600) ? ratings / 9 : 0);
    put_id(s, s->provider == DEMO_HOMERTON ? "tr-" : "T", ++*number);
    put_day(s, some_open_day(s));
    put(s, type);
    put(s, topic);
    put_number(s, attendees);
    put_flag(s, dice_permille(&s->dice, 300));
    put_flag(s, strcmp(type, "PRACTITIONER") == 0);
    put_number(s, ratings);
    put_number(s, good);
    begin_cell(s);
    if (s->provider == DEMO_HOMERTON)
        buf_printf(s->out, "Homerton Healthcare:%u;Hackney Council:%u", attendees - attendees / 3,
                   attendees / 3);
    end_line(s);
}

static bool is_nil(enum demo_provider p, int16_t period) {
    return p == DEMO_PHARMACIES && period == DEMO_LAST_PERIOD - 1;
}

void demo_write_training_sessions(const struct demo_story *story, enum demo_provider p, int16_t period,
                                  struct buf *out) {
    static const char *const TYPES[TRAINED] = {"VBA", "PRACTITIONER", "REFRESHER"};
    static const char *const TOPICS[] = {"VAPING", "PREGNANCY_POSTPARTUM", "MENTAL_HEALTH", "MEDICATIONS"};
    struct sheet s =
        sheet_begin(story, p, period, 4,
                    "sessionId,date,type,topic,attendees,outOfHours,ncsctCertified,ratingsReceived,"
                    "ratedGoodOrVeryGood,organisations",
                    out);
    unsigned number = 0;
    for (int type = 0; type < TRAINED; type++)
        for (unsigned i = 0; i < SESSIONS[period - DEMO_FIRST_PERIOD][p][type]; i++)
            put_session(&s, &number, TYPES[type], "", 6 + dice_below(&s.dice, 14));
    if (is_nil(p, period)) return;
    /* One about something special, and one for which too few came. */
    put_session(&s, &number, "SPECIALTY", TOPICS[period % 4], 4 + dice_below(&s.dice, 9));
    if (period % 2) put_session(&s, &number, "VBA", "", 5);
}

/* ---- lists ---- */

static bool is_list(const char *part) {
    return strcmp(part, "sites") == 0 || strcmp(part, "advisers") == 0;
}

static bool is_of_the_website(const char *part) {
    return strcmp(part, "web-analytics") == 0 || strcmp(part, "media-activity") == 0;
}

bool demo_part_is_sent(enum demo_provider p, int16_t period, const char *part) {
    if (is_of_the_website(part)) return p == DEMO_HOMERTON; /* the service has one website */
    if (is_list(part)) return period == DEMO_FIRST_PERIOD || period == DEMO_FIRST_PERIOD + 4;
    return p != DEMO_PHARMACIES || period != DEMO_LAST_PERIOD || strcmp(part, "contacts") != 0;
}

void demo_write_advisers(const struct demo_story *story, enum demo_provider p, int16_t period,
                         struct buf *out) {
    struct sheet s =
        sheet_begin(story, p, period, 5, "adviserId,organisation,qualification,certifiedDate", out);
    for (unsigned i = 1; i <= 2 * (DEMO_SITES[p].count - 1); i++) {
        begin_cell(&s);
        buf_printf(out, p == DEMO_HOMERTON ? "adv-%02u" : "P%02u", i);
        put(&s, p == DEMO_HOMERTON ? "Homerton Healthcare" : DEMO_SITES[p].cards[(i + 1) / 2].code);
        put(&s, i % 5 ? "NCSCT practitioner" : "NCSCT very brief advice");
        put_day(&s, day_from_civil(2021, 1, 4) + (int32_t)dice_below(&s.dice, 1000));
        end_line(&s);
    }
}

void demo_write_sites(const struct demo_story *story, enum demo_provider p, int16_t period, struct buf *out) {
    struct sheet s = sheet_begin(story, p, period, 6, "siteId,name,setting,clinicTimes", out);
    for (size_t i = 1; i < DEMO_SITES[p].count; i++) {
        const struct card *site = &DEMO_SITES[p].cards[i];
        put(&s, site->code);
        begin_cell(&s);
        buf_printf(out, "%s %s", p == DEMO_HOMERTON ? "Homerton" : "Pharmacy", site->code);
        put(&s, site->label);
        put(&s, i % 3 ? "Mon 9-12, Thu 14-18" : "by appointment");
        end_line(&s);
    }
}

/* ---- the website and what is published ---- */

void demo_write_web_analytics(const struct demo_story *story, enum demo_provider p, int16_t period,
                              struct buf *out) {
    struct sheet s = sheet_begin(story, p, period, 7,
                                 "month,visitors,newVisitors,pageViews,bounceRatePercent,webChats,videoCalls,"
                                 "downtimeMinutes,supportIssues,averageResolveHours,topPages",
                                 out);
    int year, month, date;
    day_to_civil(s.first_day, &year, &month, &date);
    for (int m = month; m < month + 3; m++) {
        unsigned visitors = 3800 + dice_below(&s.dice, 1600), issues = dice_below(&s.dice, 4);
        begin_cell(&s);
        buf_printf(out, "%04d-%02d", year, m);
        put_number(&s, visitors);
        put_number(&s, visitors * (55 + dice_below(&s.dice, 20)) / 100);
        put_number(&s, visitors * 2 + dice_below(&s.dice, 4000));
        begin_cell(&s);
        buf_printf(out, "%u.%u", 36 + dice_below(&s.dice, 14), 1 + dice_below(&s.dice, 9));
        put_number(&s, 30 + dice_below(&s.dice, 60));
        put_number(&s, 5 + dice_below(&s.dice, 20));
        put_number(&s, issues * dice_below(&s.dice, 30));
        put_number(&s, issues);
        put(&s, issues ? "2.5" : "");
        put(&s, "/quit;/vaping;/find-us");
        end_line(&s);
    }
}

void demo_write_media_activity(const struct demo_story *story, enum demo_provider p, int16_t period,
                               struct buf *out) {
    static const struct {
        const char *channel, *language, *what;
    } POSTS[] = {
        {"Instagram", "English", "Short video: four weeks in"},
        {"Facebook", "Turkish", "Ücretsiz bırakma desteği"},
        {"X", "English", "New clinic times"},
        {"TikTok", "English", "Swap to stop in 30 seconds"},
        {"Facebook", "Bengali", "Quit support at the pharmacy"},
        {"Instagram", "Polish", "Rzuć palenie z nami"},
    };
    struct sheet s = sheet_begin(story, p, period, 8, "date,channel,language,description", out);
    unsigned count = 8 + dice_below(&s.dice, 8);
    for (unsigned i = 0; i < count; i++) {
        size_t post = i % (sizeof POSTS / sizeof *POSTS);
        put_day(&s, s.first_day + (int32_t)(i * 5 + dice_below(&s.dice, 5)));
        put(&s, POSTS[post].channel);
        put(&s, POSTS[post].language);
        put(&s, POSTS[post].what);
        end_line(&s);
    }
}
