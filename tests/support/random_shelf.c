#include "tests/support/random_shelf.h"

#include <stdio.h>

static uint64_t random_state;

void random_begin(uint64_t seed) {
    random_state = seed;
}

unsigned random_below(unsigned n) {
    random_state ^= random_state << 13;
    random_state ^= random_state >> 7;
    random_state ^= random_state << 17;
    return (unsigned)(random_state >> 11) % n;
}

static uint16_t pick_code(const char *const *codes, unsigned count) {
    return fact_code(str_of(codes[random_below(count)]));
}
#define PICK(...)                                                                                            \
    pick_code((const char *const[]){__VA_ARGS__}, sizeof((const char *const[]){__VA_ARGS__}) / sizeof(char *))

static const int WINDOWS[STAGE_COUNT][2] = {{25, 42}, {81, 98}, {168, 210}, {351, 393}};

/* A day on or beside an edge of the window, or inside, or none. */
static int16_t random_day(int32_t quit, unsigned stage) {
    const int *w = WINDOWS[stage];
    const int days[] = {w[0] - 1, w[0],     w[0] + 1,          w[1] - 1,
                        w[1],     w[1] + 1, (w[0] + w[1]) / 2, (w[0] + w[1]) / 2};
    unsigned n = random_below(9);
    return n == 8 ? FACT_NO_DAY : fact_day(quit + days[n]);
}

static uint8_t random_co(void) {
    static const uint8_t CO[] = {0, 3, 8, 9, 10, 11, FACT_NO_CO, 200};
    return CO[random_below(8)];
}

static void random_episode(struct shelf *s, const char *id, int16_t period) {
    char client[16];
    snprintf(client, sizeof client, "c%u", random_below(40));
    int32_t first = period_first_day(period), days = period_last_day(period) - first + 1;
    int32_t quit = random_below(4)   ? first + (int32_t)random_below((unsigned)days)
                   : random_below(2) ? first
                                     : period_last_day(period);
    struct fact_episode *e = shelf_episode(s, id, client, quit);
    for (unsigned stage = 0; stage < STAGE_COUNT; stage++) {
        e->outcome[stage] = (uint8_t)(random_below(3) ? 1 : random_below(4));
        e->followed_up[stage] = random_day(quit, stage);
    }
    e->co4 = random_co();
    e->co12 = random_co();
    e->co4_day = random_below(2) ? FACT_NO_DAY : random_day(quit, STAGE_4W);
    e->method4 = (uint8_t)(random_below(2) ? random_below(2) : random_below(6));
    e->satisfaction = (uint8_t)random_below(6);
    e->authority = (uint32_t[]){9000012, 9000012, 9000001, 9000033, 0}[random_below(5)];
    e->imd_quintile = (uint8_t)random_below(6);
    e->age = (uint8_t)random_below(121);
    e->gender = PICK("1", "2", "2", "X", "Z", "");
    e->sexual_orientation = PICK("1", "2", "U", "Z", "");
    e->ethnic_category =
        PICK("A", "CT", "CK", "CY", "CE", "C", "M", "MX", "N", "P", "K", "KA", "Z", "ZZ", "");
    e->nssec = PICK("08", "08", "01", "96", "");
    e->intervention_type = PICK("08", "97", "");
    e->setting = PICK("13", "98", "", "");
    snprintf(client, sizeof client, "site%u", random_below(5));
    e->site = random_below(3) ? hash128_of(str_of(client)).a : 0;
    e->aid = PICK("10", "99", "LK", "LA", "");
    e->flags =
        (uint16_t)(random_below(3) << (2 * FLAG_FREE_PRESCRIPTION) | random_below(3) << (2 * FLAG_PREGNANT) |
                   random_below(3) << (2 * FLAG_SERIOUS_MENTAL_ILLNESS));
}

static void random_follow_up(struct shelf *s, char tag, unsigned episodes, int16_t period) {
    char id[32];
    snprintf(id, sizeof id, "%c%u", tag,
             random_below(episodes + 2)); /* also of episodes that are not there */
    unsigned stage = random_below(STAGE_COUNT);
    int32_t quit = period_first_day(period) - WINDOWS[stage][0] + (int32_t)random_below(60);
    for (size_t i = 0; i < s->count; i++) {
        const struct fact_episode *e = s->held[i].facts;
        for (uint32_t n = 0; s->held[i].part == PART_EPISODES && n < s->held[i].rows; n++) {
            if (hash128_eq(e[n].id, hash128_of(str_of(id)))) quit = e[n].quit + FACT_EPOCH;
        }
    }
    struct fact_follow_up *f =
        shelf_follow_up(s, period, id, (enum stage)stage, (int)random_below(4), DAY_NONE);
    f->day = random_day(quit, stage);
    f->co = random_co();
    f->co_day = random_below(2) ? FACT_NO_DAY : random_day(quit, STAGE_4W);
    f->method = (uint8_t)random_below(6);
}

static const char *random_text_day(int16_t period, char out[DAY_TEXT]) {
    int32_t first = period_first_day(period);
    return day_format(first + (int32_t)random_below((unsigned)(period_last_day(period) - first + 1)), out);
}

static void random_pathway(struct shelf *s, char tag, unsigned episodes, int16_t period) {
    static const char *const OUTCOMES[] = {"CUT_DOWN_HALF_OR_MORE", "CUT_DOWN_LESS", "PARTIAL_SWITCH",
                                           "TEMPORARY_ABSTINENCE",  "NO_CHANGE",     ""};
    char day[DAY_TEXT], id[32] = "";
    if (random_below(3)) snprintf(id, sizeof id, "%c%u", tag, random_below(episodes + 2));
    shelf_pathway(s, random_text_day(period, day), OUTCOMES[random_below(6)], id)->authority =
        random_below(3) ? 9000012 : 0;
}

/* Received on any day, more often around Easter and Christmas; done within a few days, or not at all. */
static void random_referral(struct shelf *s, int16_t period) {
    char day[DAY_TEXT];
    struct fact_referral *r = shelf_referral(s, random_text_day(period, day), "", "");
    int quarter = period_quarter(period);
    int32_t feast = day_from_civil(period_year(period), quarter == 1 ? 4 : 12, 12 + (int)random_below(19));
    if (random_below(2) && quarter % 2 == 1) r->received = fact_day(feast);
    if (random_below(5)) r->contacted = (int16_t)(r->received + (int)random_below(8));
    if (random_below(5)) r->offered = (int16_t)(r->received + (int)random_below(14));
    r->authority = random_below(3) ? 9000012 : 0;
}

static void random_session(struct shelf *s, int16_t period) {
    char day[DAY_TEXT];
    unsigned attendees = 4 + random_below(5), ratings = random_below(attendees + 1);
    shelf_session(s, random_text_day(period, day), (enum training_word)(1 + random_below(4)), attendees,
                  random_below(5) ? ratings : FACT_NO_COUNT, random_below(ratings + 1));
    struct held *h = shelf_part(s, PART_TRAINING_SESSIONS, period);
    struct fact_training_session *last = (struct fact_training_session *)(uintptr_t)h->facts + h->rows - 1;
    if (last->ratings == FACT_NO_COUNT) last->good = FACT_NO_COUNT;
}

static void random_contact(struct shelf *s, int16_t period) {
    char day[DAY_TEXT];
    unsigned calls = random_below(4) ? random_below(100) : 0;
    shelf_contact(s, day_format(period_first_day(period), day), calls, calls - random_below(calls / 8 + 1));
}

static void random_others(struct shelf *s, char tag, unsigned episodes, int16_t p) {
    static const enum part_id PARTS[] = {PART_HARM_REDUCTION, PART_REFERRALS, PART_CONTACTS,
                                         PART_TRAINING_SESSIONS, PART_SITES};
    for (unsigned i = 0; i < 5; i++) {
        if (random_below(3) == 0) continue; /* not sent */
        shelf_part(s, PARTS[i], p);
        for (unsigned n = random_below(7); n > 0; n--) {
            char id[16];
            snprintf(id, sizeof id, "site%u", n);
            if (PARTS[i] == PART_HARM_REDUCTION) random_pathway(s, tag, episodes, p);
            else if (PARTS[i] == PART_REFERRALS) random_referral(s, p);
            else if (PARTS[i] == PART_CONTACTS) random_contact(s, p);
            else if (PARTS[i] == PART_TRAINING_SESSIONS) random_session(s, p);
            else shelf_site(s, p, id, n % 2 ? "13" : "");
        }
    }
}

void random_shelf(struct shelf *s, char tag, unsigned size) {
    unsigned episodes = 0;
    char id[32];
    for (int16_t p = period_of(2023, 3); p <= period_of(2026, 2); p++) {
        if (random_below(4) == 0) continue; /* not sent */
        shelf_part(s, PART_EPISODES, p);
        for (unsigned n = random_below(size); n > 0; n--) {
            snprintf(id, sizeof id, "%c%u", tag, episodes++);
            random_episode(s, id, p);
        }
    }
    for (int16_t p = period_of(2024, 1); p <= period_of(2026, 2); p++) {
        for (unsigned n = random_below(size); n > 0; n--)
            random_follow_up(s, tag, episodes, p);
        random_others(s, tag, episodes, p);
    }
    for (size_t i = 0; i < s->count; i++)
        s->held[i].seq = (int64_t)(random_below(1000) * 100 + i); /* received in any order */
}

int32_t random_as_at(const struct shelf *s) {
    for (size_t i = 0; i < s->count; i++) {
        const struct held *h = &s->held[i];
        const struct fact_referral *r = h->facts;
        if (h->part == PART_REFERRALS && h->rows && !random_below(12))
            return r->received + FACT_EPOCH + (int32_t)random_below(12);
        if (h->part != PART_EPISODES || !h->rows || random_below(4)) continue;
        const struct fact_episode *e = h->facts;
        return e[random_below(h->rows)].quit + FACT_EPOCH + WINDOWS[random_below(4)][1] +
               (int32_t)random_below(2);
    }
    return day_iso("2023-10-01") + (int32_t)random_below(1400);
}
