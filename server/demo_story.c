#include "server/demo_story.h"

#include <stdio.h>

#include "server/demo_decks.h"

enum { QUARTER_MOST = 400 };

/* One provider's quarter while it is being told. */
struct telling {
    struct dice dice;
    enum demo_provider provider;
    int16_t period;
    const struct demo_plan *plan;
    struct demo_provider_story *story;
    struct demo_episode *episodes; /* of this quarter */
    size_t n;
};

static struct demo_client *client_of(const struct telling *t, size_t i) {
    return &t->story->clients[t->episodes[i].client];
}

static int age_of(const struct telling *t, size_t i) {
    return age_in_years(client_of(t, i)->born, t->episodes[i].quit_day);
}

static bool is_gender(const struct telling *t, size_t i, char code) {
    return DEMO_GENDERS.cards[client_of(t, i)->gender].code[0] == code;
}

/* ---- dates ---- */

static bool is_closed(int32_t day) {
    int year, month, date;
    day_to_civil(day, &year, &month, &date);
    return day_weekday(day) == 6 || (month == 12 && (date == 25 || date == 26)) || (month == 1 && date == 1);
}

/* A day from `from` to `to` on which somebody works; any of them when nobody does. */
static int32_t working_day(struct dice *d, int32_t from, int32_t to) {
    int32_t day = from;
    for (int t = 0; t < 20; t++) {
        day = dice_between(d, from, to);
        bool weekend = day_weekday(day) >= 5;
        if (!is_closed(day) && (!weekend || dice_permille(d, 120))) break;
    }
    return day;
}

static int32_t pick_quit_day(struct dice *d, int16_t period) {
    int32_t first = period_first_day(period), last = period_last_day(period);
    for (;;) {
        int32_t day = dice_between(d, first, last);
        int year, month, date;
        day_to_civil(day, &year, &month, &date);
        unsigned likely = DEMO_MONTHS[month - 1] * DEMO_WEEKDAYS[day_weekday(day)] / 1000;
        if (month == 12 && date > 22) likely /= 4;
        if (month == 1 && date < 16) likely = likely * 5 / 3;
        if (dice_below(d, 1700) < likely) return day;
    }
}

static void pick_quit_days(struct telling *t) {
    struct score days[QUARTER_MOST];
    for (size_t i = 0; i < t->n; i++)
        days[i] = (struct score){-pick_quit_day(&t->dice, t->period), (uint32_t)i};
    scores_sort(days, t->n);
    for (size_t i = 0; i < t->n; i++)
        t->episodes[i].quit_day = -days[i].points;
}

/* ---- people ---- */

static struct demo_client *find_returner(struct telling *t, int32_t quit_day, size_t before) {
    if (before == 0) return NULL;
    for (int tries = 0; tries < 60; tries++) {
        struct demo_client *c = &t->story->clients[dice_below(&t->dice, (uint32_t)before)];
        int32_t gap = quit_day - c->last_quit_day;
        if (c->smokes_again && gap >= 100 && gap <= 560) return c;
    }
    return NULL;
}

static void name_client(struct telling *t, struct demo_client *c) {
    uint64_t roll = dice_roll(&t->dice);
    if (t->provider == DEMO_HOMERTON)
        snprintf(c->id, sizeof c->id, "h-%09llx", (unsigned long long)(roll & 0xfffffffff));
    else snprintf(c->id, sizeof c->id, "RX%07llX", (unsigned long long)(roll & 0xfffffff));
}

/* Each episode gets its person: most are new, some come back after an attempt that did not hold. */
static size_t meet_clients(struct telling *t, uint32_t newcomers[]) {
    bool returns[QUARTER_MOST];
    size_t before = t->story->client_count, count = 0;
    marks_deal(t->period == DEMO_FIRST_PERIOD ? 0 : 60, &t->dice, returns, t->n);
    for (size_t i = 0; i < t->n; i++) {
        struct demo_episode *e = &t->episodes[i];
        struct demo_client *c = returns[i] ? find_returner(t, e->quit_day, before) : NULL;
        if (!c) {
            newcomers[count++] = (uint32_t)i;
            c = &t->story->clients[t->story->client_count++];
            name_client(t, c);
        }
        c->smokes_again = false;
        c->last_quit_day = e->quit_day;
        e->client = (uint32_t)(c - t->story->clients);
    }
    return count;
}

static void give_birthday(struct telling *t, struct demo_client *c, int32_t quit_day,
                          const struct card *band) {
    int least = (band->code[0] - '0') * 10 + band->code[1] - '0';
    int most = (band->label[0] - '0') * 10 + band->label[1] - '0';
    int year, month, date;
    day_to_civil(quit_day, &year, &month, &date);
    int32_t birthday =
        day_from_civil(year - dice_between(&t->dice, least, most), month, date > 28 ? 28 : date);
    c->born = birthday - dice_between(&t->dice, 0, 364);
}

struct newcomers {
    const struct telling *t;
    const uint32_t *episodes;
    const uint8_t *authorities;
};
static bool may_be_student(const void *context, size_t i) {
    const struct newcomers *x = context;
    return age_of(x->t, x->episodes[i]) <= 27;
}
static bool may_be_retired(const void *context, size_t i) {
    const struct newcomers *x = context;
    return age_of(x->t, x->episodes[i]) >= 61;
}
static bool is_not_of_the_city(const void *context, size_t i) {
    return ((const struct newcomers *)context)->authorities[i] != CITY;
}

/* Deals a deck, or marks, into one member of every newcomer. */
static void deal_to(struct telling *t, const uint32_t *who, size_t n, struct deck deck, size_t member) {
    uint8_t cards[QUARTER_MOST];
    deck_deal(deck, &t->dice, cards, n);
    for (size_t i = 0; i < n; i++)
        *((uint8_t *)client_of(t, who[i]) + member) = cards[i];
}
static void mark_some(struct telling *t, const uint32_t *who, size_t n, unsigned permille, size_t member) {
    bool marks[QUARTER_MOST];
    marks_deal(permille, &t->dice, marks, n);
    for (size_t i = 0; i < n; i++)
        *(bool *)((char *)client_of(t, who[i]) + member) = marks[i];
}

static void give_conditions(struct telling *t, struct demo_client *c, int age) {
    static const unsigned SHARE[] = {78, 62, 18, 71, 94, 55}; /* permille, in the order of the bits */
    for (unsigned b = 0; b < sizeof SHARE / sizeof *SHARE; b++) {
        unsigned share = SHARE[b] * (age < 35 ? 4 : age < 60 ? 9 : 20) / 10;
        if (dice_permille(&t->dice, share)) c->conditions |= 1u << b;
    }
}

static void describe_newcomers(struct telling *t) {
    uint32_t who[QUARTER_MOST];
    uint8_t cards[QUARTER_MOST], authorities[QUARTER_MOST];
    size_t n = meet_clients(t, who);
    struct newcomers context = {t, who, authorities};
#define MEMBER(name) offsetof(struct demo_client, name)
    deck_deal(DEMO_AGE_BANDS, &t->dice, cards, n);
    for (size_t i = 0; i < n; i++)
        give_birthday(t, client_of(t, who[i]), t->episodes[who[i]].quit_day, &DEMO_AGE_BANDS.cards[cards[i]]);
    deal_to(t, who, n, DEMO_GENDERS, MEMBER(gender));
    deal_to(t, who, n, DEMO_ORIENTATIONS, MEMBER(orientation));
    deal_to(t, who, n, DEMO_ETHNICITIES, MEMBER(ethnicity));
    deal_to(t, who, n, DEMO_TENURES, MEMBER(tenure));
    mark_some(t, who, n, t->provider == DEMO_HOMERTON ? 74 : 34, MEMBER(mental_illness));
    mark_some(t, who, n, 32, MEMBER(homeless));
    mark_some(t, who, n, 58, MEMBER(substance_misuse));

    deck_deal(DEMO_OCCUPATIONS, &t->dice, cards, n);
    cards_settle(&t->dice, cards, n, STUDENT, may_be_student, &context);
    cards_settle(&t->dice, cards, n, RETIRED, may_be_retired, &context);
    for (size_t i = 0; i < n; i++)
        client_of(t, who[i])->occupation = cards[i];

    deck_deal(DEMO_AUTHORITIES, &t->dice, authorities, n);
    deck_deal(DEMO_QUINTILES, &t->dice, cards, n);
    cards_settle(&t->dice, cards, n, MOST_DEPRIVED, is_not_of_the_city, &context);
    for (size_t i = 0; i < n; i++) {
        struct demo_client *c = client_of(t, who[i]);
        c->authority = authorities[i];
        c->quintile = cards[i];
        give_conditions(t, c, age_of(t, who[i]));
    }
#undef MEMBER
}

/* ---- the attempt ---- */

static void settle_pregnancies(struct telling *t) {
    size_t wanted = (t->n * (t->provider == DEMO_HOMERTON ? 35u : 8u) + dice_below(&t->dice, 1000)) / 1000;
    for (size_t i = 0; i < t->n; i++) {
        bool man = is_gender(t, i, '1');
        bool blank = man ? dice_permille(&t->dice, 900) : dice_permille(&t->dice, 45);
        t->episodes[i].pregnant = blank ? DEMO_BLANK : DEMO_NO;
    }
    for (int tries = 0; wanted && tries < 4000; tries++) {
        size_t i = dice_below(&t->dice, (uint32_t)t->n);
        struct demo_episode *e = &t->episodes[i];
        if (!is_gender(t, i, '2') || age_of(t, i) < 18 || age_of(t, i) > 42 || e->pregnant == DEMO_YES)
            continue;
        e->pregnant = DEMO_YES;
        wanted--;
    }
}

static int entitlement(const struct telling *t, size_t i) {
    int points = age_of(t, i) >= 60 || age_of(t, i) < 18 || t->episodes[i].pregnant == DEMO_YES ? 3000 : 0;
    const char *job = DEMO_OCCUPATIONS.cards[client_of(t, i)->occupation].code;
    if (job[0] && job[1] >= '2' && job[1] <= '5') points += 500;
    return points;
}

/* The 53.1 % most likely are entitled; of the others, one in eight was not asked. */
static void settle_prescriptions(struct telling *t) {
    struct score scores[QUARTER_MOST];
    for (size_t i = 0; i < t->n; i++)
        scores[i] = (struct score){entitlement(t, i) + dice_between(&t->dice, 0, 999), (uint32_t)i};
    scores_sort(scores, t->n);
    size_t entitled = (t->n * 531 + dice_below(&t->dice, 1000)) / 1000;
    for (size_t k = 0; k < t->n; k++) {
        enum demo_flag flag = k < entitled ? DEMO_YES : dice_permille(&t->dice, 135) ? DEMO_BLANK : DEMO_NO;
        t->episodes[scores[k].person].free_prescription = flag;
    }
}

static uint8_t setting_of_site(const struct card *site) {
    for (size_t s = 1; s < DEMO_SETTINGS.count; s++) {
        if (strcmp(DEMO_SETTINGS.cards[s].code, site->label) == 0) return (uint8_t)s;
    }
    return 0;
}

static void settle_treatment(struct telling *t) {
    uint8_t sites[QUARTER_MOST], interventions[QUARTER_MOST], aids[QUARTER_MOST];
    bool no_setting[QUARTER_MOST], extended[QUARTER_MOST];
    deck_deal(DEMO_SITES[t->provider], &t->dice, sites, t->n);
    deck_deal(DEMO_INTERVENTIONS, &t->dice, interventions, t->n);
    deck_deal(DEMO_AIDS, &t->dice, aids, t->n);
    marks_deal(24, &t->dice, no_setting, t->n);
    marks_deal(68, &t->dice, extended, t->n);
    for (size_t i = 0; i < t->n; i++) {
        struct demo_episode *e = &t->episodes[i];
        if (t->provider == DEMO_HOMERTON && e->pregnant == DEMO_YES) sites[i] = SITE_MATERNITY;
        else if (t->provider == DEMO_HOMERTON && client_of(t, i)->mental_illness &&
                 dice_permille(&t->dice, 400))
            sites[i] = SITE_MENTAL_HEALTH;
        e->site = sites[i];
        e->setting = no_setting[i] ? 0 : setting_of_site(&DEMO_SITES[t->provider].cards[sites[i]]);
        e->intervention = interventions[i];
        e->aid = aids[i];
        e->adviser = sites[i] * 2u - (unsigned)dice_permille(&t->dice, 600);
        bool vape = aids[i] >= AID_WITH_VAPE && aids[i] <= AID_VAPE;
        e->swap_to_stop = vape && dice_permille(&t->dice, 640) ? DEMO_YES : DEMO_NO;
        e->extended_support = extended[i] ? DEMO_YES : DEMO_NO;
    }
}

/* ---- how it ended ---- */

static int chance_of_quitting(const struct telling *t, size_t i) {
    const struct demo_client *c = client_of(t, i);
    const struct demo_episode *e = &t->episodes[i];
    int age = age_of(t, i), points = 0;
    points += age >= 60 ? 90 : age >= 45 ? 30 : age < 18 ? -200 : age < 25 ? -60 : 0;
    if (e->aid == AID_VARENICLINE || e->aid == AID_CYTISINE) points += 130;
    if (e->aid == AID_WITH_VAPE) points += 90;
    if (DEMO_AIDS.cards[e->aid].code[0] == 0 || strcmp(DEMO_AIDS.cards[e->aid].code, "99") == 0)
        points -= 260;
    if (c->mental_illness) points -= 120;
    if (c->homeless || c->substance_misuse) points -= 140;
    if (e->pregnant == DEMO_YES) points -= 80;
    if (strcmp(DEMO_OCCUPATIONS.cards[c->occupation].code, "08") == 0) points -= 30;
    if (c->quintile == MOST_DEPRIVED) points -= 40;
    return points;
}

/* The likeliest quit; of the others the least likely are lost, the rest still smoke. */
static void settle_outcomes(struct telling *t) {
    struct score scores[QUARTER_MOST];
    for (size_t i = 0; i < t->n; i++)
        scores[i] = (struct score){chance_of_quitting(t, i) + dice_between(&t->dice, 0, 999), (uint32_t)i};
    scores_sort(scores, t->n);
    size_t quit = (t->n * t->plan->quit + dice_below(&t->dice, 1000)) / 1000;
    size_t lost = (t->n * t->plan->lost + dice_below(&t->dice, 1000)) / 1000;
    for (size_t k = quit; k < t->n; k++) /* whom nobody reaches is mostly chance */
        scores[k].points = scores[k].points / 3 + dice_between(&t->dice, 0, 999);
    scores_sort(scores + quit, t->n - quit);
    for (size_t k = 0; k < t->n; k++) {
        struct demo_episode *e = &t->episodes[scores[k].person];
        e->quit = k < quit;
        e->lost = k >= t->n - lost;
        client_of(t, scores[k].person)->smokes_again = !e->quit;
    }
}

static enum demo_method usual_method(struct dice *d) {
    static const struct card METHODS[] = {
        {"", "", 22}, {"", "", 160}, {"", "", 660}, {"", "", 50}, {"", "", 108}};
    return (enum demo_method)deck_draw(DECK(METHODS), d);
}

static int32_t day_in_window(struct dice *d, int32_t quit_day, int from, int likely, int to) {
    if (dice_permille(d, 550)) return working_day(d, quit_day + likely, quit_day + likely + 5);
    return working_day(d, quit_day + from, quit_day + to);
}

static void reach_at_four_weeks(struct telling *t, struct demo_episode *e, bool verified) {
    struct demo_follow_up *f = &e->at[DEMO_4W];
    f->outcome = e->quit ? '1' : '2';
    f->day = day_in_window(&t->dice, e->quit_day, 25, 28, 42);
    f->method = usual_method(&t->dice);
    if (verified) {
        f->method = DEMO_FACE_TO_FACE;
        f->co = dice_between(&t->dice, 0, 3) + dice_between(&t->dice, 0, 3);
        if (dice_permille(&t->dice, 60)) f->co = 9;
        if (dice_permille(&t->dice, 40)) f->method = DEMO_METHOD_BLANK;
        return;
    }
    /* Face to face without a reading, a reading that does not confirm, or one given by telephone: none of them verifies. */
    if (e->quit && f->method == DEMO_FACE_TO_FACE && dice_permille(&t->dice, 90))
        f->co = dice_between(&t->dice, 10, 14);
    if (e->quit && f->method == DEMO_TELEPHONE && dice_permille(&t->dice, 6))
        f->co = dice_between(&t->dice, 2, 6);
    if (!e->quit && f->method == DEMO_FACE_TO_FACE && dice_permille(&t->dice, 500))
        f->co = dice_between(&t->dice, 10, 31);
    if (t->provider == DEMO_HOMERTON) f->apart = dice_permille(&t->dice, 30);
}

static void lose_at_four_weeks(struct telling *t, struct demo_episode *e, char how) {
    struct demo_follow_up *f = &e->at[DEMO_4W];
    f->outcome = how == 'o' || how == 'd' ? (dice_permille(&t->dice, 500) ? '1' : '2') : how;
    if (how == 'o') {
        bool early = dice_permille(&t->dice, 400);
        f->day = e->quit_day + (early ? dice_between(&t->dice, 19, 24) : dice_between(&t->dice, 43, 49));
        f->method = DEMO_TELEPHONE;
    }
    if (how == '3') { /* the day of the last attempt to reach them */
        f->day = day_in_window(&t->dice, e->quit_day, 28, 32, 42);
        f->method = DEMO_TELEPHONE;
    }
}

static void settle_four_weeks(struct telling *t) {
    bool verified[QUARTER_MOST];
    uint8_t lost[QUARTER_MOST], quitters_say[QUARTER_MOST], others_say[QUARTER_MOST];
    size_t quitters = 0, losses = 0, q = 0, l = 0;
    for (size_t i = 0; i < t->n; i++) {
        quitters += t->episodes[i].quit;
        losses += t->episodes[i].lost;
    }
    marks_deal(t->plan->co, &t->dice, verified, quitters);
    deck_deal(DEMO_LOST, &t->dice, lost, losses);
    deck_deal(DEMO_QUITTERS_SAY, &t->dice, quitters_say, quitters);
    deck_deal(DEMO_OTHERS_SAY, &t->dice, others_say, t->n);
    for (size_t i = 0; i < t->n; i++) {
        struct demo_episode *e = &t->episodes[i];
        e->satisfaction = e->quit   ? quitters_say[q]
                          : e->lost ? 0
                                    : others_say[i]; /* the card is the answer */
        if (e->lost) lose_at_four_weeks(t, e, DEMO_LOST.cards[lost[l++]].code[0]);
        else reach_at_four_weeks(t, e, e->quit && verified[q]);
        q += e->quit;
    }
}

/* Later stages: quitters only. Each outcome travels in the follow-ups part of the quarter in which it was known. */
static void settle_later(struct telling *t, enum demo_stage stage, struct deck deck) {
    static const int FROM[] = {25, 81, 168, 351}, LIKELY[] = {28, 84, 182, 365}, TO[] = {42, 98, 210, 393};
    uint8_t cards[QUARTER_MOST];
    size_t quitters = 0, q = 0;
    for (size_t i = 0; i < t->n; i++)
        quitters += t->episodes[i].quit;
    deck_deal(deck, &t->dice, cards, quitters);
    for (size_t i = 0; i < t->n; i++) {
        struct demo_episode *e = &t->episodes[i];
        if (!e->quit) continue;
        char how = deck.cards[cards[q++]].code[0];
        if (!how) continue;
        struct demo_follow_up *f = &e->at[stage];
        f->apart = true;
        f->outcome = how == 'o' ? '1' : how;
        if (f->outcome == '1' && e->at[stage - 1].outcome == '2') f->outcome = '2';
        f->day = how == 'o' ? e->quit_day + TO[stage] + dice_between(&t->dice, 2, 15)
                            : day_in_window(&t->dice, e->quit_day, FROM[stage], LIKELY[stage], TO[stage]);
        f->method = usual_method(&t->dice);
        if (f->method == DEMO_METHOD_BLANK) f->method = DEMO_TELEPHONE;
        if (f->outcome == '1' && stage == DEMO_12W && f->method == DEMO_FACE_TO_FACE &&
            dice_permille(&t->dice, 620))
            f->co = dice_between(&t->dice, 0, 3) + dice_between(&t->dice, 0, 4);
        if (f->outcome == '2') client_of(t, i)->smokes_again = true;
    }
}

/* Mothers whose child was born by the time the return went out. */
static void settle_deliveries(struct telling *t) {
    for (size_t i = 0; i < t->n; i++) {
        struct demo_episode *e = &t->episodes[i];
        if (e->pregnant != DEMO_YES) continue;
        int32_t day = e->quit_day + dice_between(&t->dice, 30, 190);
        if (day > period_follow_up_end(t->period) || day > DEMO_TODAY) continue;
        e->delivery_day = day;
        e->smoking_at_delivery = e->quit && dice_permille(&t->dice, 850) ? DEMO_NO : DEMO_YES;
    }
}

static void number_episodes(struct telling *t, unsigned *next_in_year) {
    if (period_quarter(t->period) == 1) *next_in_year = 1;
    for (size_t i = 0; i < t->n; i++) {
        unsigned year = (unsigned)period_year(t->period) % 100, number = (*next_in_year)++ % 10000;
        if (t->provider == DEMO_HOMERTON)
            snprintf(t->episodes[i].id, sizeof t->episodes[i].id, "hom-%02u-%04u", year, number);
        else snprintf(t->episodes[i].id, sizeof t->episodes[i].id, "PH%02u.%04u", year, number);
    }
}

static void tell_quarter(struct telling *t, unsigned *next_in_year) {
    for (size_t i = 0; i < t->n; i++) {
        t->episodes[i].period = t->period;
        t->episodes[i].delivery_day = DAY_NONE;
        for (int s = 0; s < DEMO_STAGES; s++)
            t->episodes[i].at[s] = (struct demo_follow_up){.day = DAY_NONE, .co = -1, .co_day = DAY_NONE};
    }
    pick_quit_days(t);
    describe_newcomers(t);
    settle_pregnancies(t);
    settle_prescriptions(t);
    settle_treatment(t);
    settle_outcomes(t);
    settle_four_weeks(t);
    settle_later(t, DEMO_12W, DEMO_AT_12_WEEKS);
    settle_later(t, DEMO_26W, DEMO_AT_26_WEEKS);
    settle_later(t, DEMO_52W, DEMO_AT_52_WEEKS);
    settle_deliveries(t);
    number_episodes(t, next_in_year);
}

void demo_story_tell(uint64_t seed, struct arena *arena, struct demo_story *out) {
    out->seed = seed;
    for (int p = 0; p < DEMO_PROVIDERS; p++) {
        struct demo_provider_story *story = &out->of[p];
        story->clients = ARENA_ARRAY(arena, struct demo_client, DEMO_PERIODS * QUARTER_MOST);
        story->episodes = ARENA_ARRAY(arena, struct demo_episode, DEMO_PERIODS * QUARTER_MOST);
        story->client_count = story->episode_count = 0;
        unsigned next_in_year = 1;
        for (int q = 0; q < DEMO_PERIODS; q++) {
            struct telling t = {
                .provider = (enum demo_provider)p,
                .period = (int16_t)(DEMO_FIRST_PERIOD + q),
                .plan = &DEMO_PLAN[q][p],
                .story = story,
                .episodes = story->episodes + story->episode_count,
            };
            t.dice = dice_of(seed, (unsigned)p, (unsigned)t.period);
            t.n = t.plan->people - 2 + dice_below(&t.dice, 5);
            tell_quarter(&t, &next_in_year);
            story->episode_count += t.n;
        }
    }
}
