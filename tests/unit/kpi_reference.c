/* kpi_reference: the contract a second time, slow and plain, row by row from its sentences, and without
 * anything of kpi/ but the structs: 200 random books with values on every boundary must give the same
 * figures, statuses, unknowns and clients. */
#include <stdio.h>
#include <stdlib.h>

#include "kpi/figures.h"
#include "tests/support/random_shelf.h"
#include "tests/support/suite.h"

/* ---- the second implementation ---- */

struct row {
    const struct fact_episode *e;
    const struct shelf *shelf;
    int64_t seq;
    int16_t period;
    int32_t quit, as_at;
};

struct what_is_known {
    int outcome; /* 0: nothing */
    bool has_day;
    int32_t day;
    int co, method; /* co -1: blank */
    bool has_co_day;
    int32_t co_day;
};

/* "What is known of a stage is the outcome with the later date …" */
static bool replaces(const struct what_is_known *news, int64_t news_seq, const struct what_is_known *old,
                     int64_t old_seq) {
    if (news->outcome == 0) return false; /* a blank outcome never erases */
    if (old->outcome == 0) return true;
    if (news->has_day != old->has_day)
        return news->has_day; /* an outcome without a date comes before any with one */
    if (news->has_day && news->day != old->day) return news->day > old->day;
    return news_seq > old_seq; /* on equal dates the version received later wins */
}

static struct what_is_known known_of(const struct row *r, enum stage stage) {
    const struct fact_episode *e = r->e;
    struct what_is_known best = {0};
    best.outcome = e->outcome[stage];
    best.has_day = e->followed_up[stage] != FACT_NO_DAY;
    best.day = e->followed_up[stage] + FACT_EPOCH;
    int co = stage == STAGE_4W ? e->co4 : stage == STAGE_12W ? e->co12 : 255;
    best.co = co == 255 ? -1 : co;
    best.method = stage == STAGE_4W ? e->method4 : 0;
    best.has_co_day = stage == STAGE_4W && e->co4_day != FACT_NO_DAY;
    best.co_day = e->co4_day + FACT_EPOCH;
    int64_t best_seq = r->seq;
    for (size_t i = 0; i < r->shelf->count; i++) {
        const struct held *h = &r->shelf->held[i];
        const struct fact_follow_up *f = h->facts;
        for (uint32_t n = 0; h->part == PART_FOLLOW_UPS && n < h->rows; n++) {
            if (memcmp(&f[n].id, &e->id, sizeof e->id) != 0 || f[n].stage != stage) continue;
            struct what_is_known news = {f[n].outcome,
                                         f[n].day != FACT_NO_DAY,
                                         f[n].day + FACT_EPOCH,
                                         f[n].co == 255 ? -1 : f[n].co,
                                         f[n].method,
                                         f[n].co_day != FACT_NO_DAY,
                                         f[n].co_day + FACT_EPOCH};
            if (!replaces(&news, h->seq, &best, best_seq)) continue;
            best = news;
            best_seq = h->seq;
        }
    }
    return best;
}

static int counts_as(const struct row *r, enum stage stage, int from, int to) {
    struct what_is_known k = known_of(r, stage);
    if (!k.has_day || k.day < r->quit + from || k.day > r->quit + to) return 0;
    return k.outcome;
}

static bool due(const struct row *r, int days) {
    return r->quit + days < r->as_at;
}
static bool quit4(const struct row *r) {
    return due(r, 42) && counts_as(r, STAGE_4W, 25, 42) == 1;
}
static bool not_quit4(const struct row *r) {
    return due(r, 42) && counts_as(r, STAGE_4W, 25, 42) == 2;
}
static bool co_verified4(const struct row *r) {
    struct what_is_known k = known_of(r, STAGE_4W);
    if (!quit4(r) || k.co < 0 || k.co >= 10) return false;
    int32_t read = k.has_co_day ? k.co_day : k.day;
    if (read < r->quit + 25 || read > r->quit + 42) return false;
    return k.has_co_day || k.method == METHOD_WORD_FACE_TO_FACE || k.method == METHOD_WORD_NONE;
}
static bool quit12(const struct row *r) {
    return due(r, 98) && quit4(r) && counts_as(r, STAGE_12W, 81, 98) == 1;
}
static bool co_verified12(const struct row *r) {
    struct what_is_known k = known_of(r, STAGE_12W);
    return quit12(r) && k.co >= 0 && k.co < 10;
}
static bool known_at(const struct row *r, enum stage stage, int from, int to) {
    int outcome = counts_as(r, stage, from, to);
    return outcome == 1 || outcome == 2;
}

static bool code_is(uint16_t code, const char *text) {
    return (code >> 8) == (unsigned char)text[0] && (code & 255) == (unsigned char)(text[0] ? text[1] : 0);
}
static bool flag_is(const struct row *r, enum fact_flag flag, unsigned value) {
    return ((r->e->flags >> (2 * flag)) & 3) == value;
}

/* "a blank setting takes that of the site", from the newest list at or before the episode's period. */
static uint16_t setting_of(const struct row *r) {
    const struct held *list = NULL;
    for (size_t i = 0; i < r->shelf->count; i++) {
        const struct held *h = &r->shelf->held[i];
        bool holds = h->part == PART_SITES && h->period <= r->period;
        if (holds && (!list || h->period > list->period)) list = h;
    }
    if (r->e->setting || !r->e->site || !list) return r->e->setting;
    const struct fact_site *site = list->facts;
    for (uint32_t n = 0; n < list->rows; n++)
        if (site[n].id.a == r->e->site) return site[n].setting;
    return 0;
}

static int items(const struct row *r, bool complete) {
    const struct fact_episode *e = r->e;
    int n = 0;
    n += !complete || e->ethnic_category;
    n += !complete || (e->gender && !code_is(e->gender, "X"));
    if (r->period >= 2024 * 4) n += !complete || e->sexual_orientation;
    n += !complete || (e->nssec && !code_is(e->nssec, "96"));
    n += !complete || !flag_is(r, FLAG_FREE_PRESCRIPTION, 0);
    if (!code_is(e->gender, "1")) n += !complete || !flag_is(r, FLAG_PREGNANT, 0);
    n += !complete || e->intervention_type;
    n += !complete || setting_of(r);
    n += !complete || (e->aid && !code_is(e->aid, "99") && !code_is(e->aid, "LK"));
    if (due(r, 42)) n += !complete || known_of(r, STAGE_4W).outcome;
    return n;
}

struct totals {
    int64_t numerator, denominator, due, unknown, clients;
};

static void add(struct totals *t, bool numerator, bool denominator, bool is_due) {
    t->numerator += numerator && denominator;
    t->denominator += denominator;
    t->due += is_due;
}

/* One row of the table of contract section 6. */
static void kpi_add(const char *ref, const struct row *r, struct totals *t) {
    uint16_t ethnic = r->e->ethnic_category;
    int first = ethnic >> 8;
    bool ethnic_unknown = ethnic == 0 || first == 'Z';
#define KPI(text) if (strcmp(ref, text) == 0)
    KPI("1.1") t->numerator++;
    KPI("1.2") t->numerator += r->e->authority == 9000012;
    KPI("1.3") t->numerator += r->e->authority == 9000001;
    KPI("1.4") add(t, quit4(r), due(r, 42), due(r, 42));
    KPI("1.5") add(t, quit4(r), due(r, 42), due(r, 42));
    KPI("1.6") add(t, co_verified4(r), quit4(r), due(r, 42));
    KPI("1.7") add(t, quit12(r), due(r, 98), due(r, 98));
    KPI("1.8") add(t, co_verified12(r), quit12(r), due(r, 98));
    KPI("1.9") add(t, due(r, 42) && !quit4(r) && !not_quit4(r), due(r, 42), due(r, 42));
    KPI("1.10") add(t, known_at(r, STAGE_26W, 168, 210), due(r, 210) && quit4(r), due(r, 210));
    KPI("1.11") add(t, known_at(r, STAGE_52W, 351, 393), due(r, 393) && quit4(r), due(r, 393));
    KPI("1.13") add(t, r->e->satisfaction >= 4, quit4(r), due(r, 42));
    KPI("1.14") {
        t->numerator += items(r, true);
        t->denominator += items(r, false);
        t->due++;
    }
    KPI("4.1") add(t, r->e->imd_quintile == 1, true, true), t->unknown += r->e->imd_quintile == 0;
    KPI("4.2")
    add(t, code_is(r->e->nssec, "08"), true, true), t->unknown += !r->e->nssec || code_is(r->e->nssec, "96");
    KPI("4.3a")
    add(t, code_is(ethnic, "CT") || code_is(ethnic, "CK") || code_is(ethnic, "CY"), true, true),
        t->unknown += ethnic_unknown;
    KPI("4.3b")
    add(t, first == 'M' || first == 'N' || first == 'P', true, true), t->unknown += ethnic_unknown;
    KPI("4.3c") add(t, first == 'K', true, true), t->unknown += ethnic_unknown;
    KPI("4.3d") add(t, code_is(ethnic, "CE"), true, true), t->unknown += ethnic_unknown;
    KPI("4.4")
    add(t, flag_is(r, FLAG_SERIOUS_MENTAL_ILLNESS, 2), true, true),
        t->unknown += flag_is(r, FLAG_SERIOUS_MENTAL_ILLNESS, 0);
    KPI("4.5")
    add(t, flag_is(r, FLAG_PREGNANT, 2), true, true),
        t->unknown += flag_is(r, FLAG_PREGNANT, 0) && !code_is(r->e->gender, "1");
#undef KPI
}

static int window_end(const char *ref) {
    if (strcmp(ref, "1.7") == 0 || strcmp(ref, "1.8") == 0) return 98;
    if (strcmp(ref, "1.10") == 0) return 210;
    return strcmp(ref, "1.11") == 0 ? 393 : 0;
}

static bool is_client_of(const char *ref, const struct fact_episode *e) {
    if (strcmp(ref, "1.1") == 0) return true;
    if (strcmp(ref, "1.2") == 0) return e->authority == 9000012;
    return strcmp(ref, "1.3") == 0 && e->authority == 9000001;
}

/* Clients of a provider from one period to another that the rows before did not have. */
static int64_t clients_between(const char *ref, const struct shelf *s, int16_t from, int16_t to,
                               uint32_t authority) {
    enum { MOST = 4000 };
    static struct hash128 seen[MOST];
    int64_t n = 0;
    for (size_t i = 0; i < s->count; i++) {
        const struct held *h = &s->held[i];
        const struct fact_episode *e = h->facts;
        for (uint32_t k = 0; h->part == PART_EPISODES && h->period >= from && h->period <= to && k < h->rows;
             k++) {
            if (!is_client_of(ref, &e[k]) || (authority && e[k].authority != authority)) continue;
            bool is_new = true;
            for (int64_t before = 0; before < n && is_new; before++)
                is_new = memcmp(&seen[before], &e[k].client, 16) != 0;
            if (is_new && n < MOST) seen[n++] = e[k].client;
        }
    }
    return n;
}

/* ---- the other parts ---- */

static enum part_id part_of(const char *ref) {
    if (strcmp(ref, "1.12") == 0) return PART_HARM_REDUCTION;
    if (strcmp(ref, "2.1") == 0) return PART_CONTACTS;
    if (ref[0] == '2') return PART_REFERRALS;
    return ref[0] == '3' ? PART_TRAINING_SESSIONS : PART_EPISODES;
}

/* England's bank holidays by their rules, not from the framework's list; 2023 to 2027. */
static bool is_bank_holiday(int32_t day) {
    int year, month, date;
    day_to_civil(day, &year, &month, &date);
    int weekday = day_weekday(day), a = year % 19, b = year / 100, c = year % 100; /* Monday 0 */
    int h = (19 * a + b - b / 4 - (b - (b + 8) / 25 + 1) / 3 + 15) % 30;
    int l = (32 + 2 * (b % 4) + 2 * (c / 4) - h - c % 4) % 7, m = (a + 11 * h + 22 * l) / 451;
    int32_t easter = day_from_civil(year, (h + l - 7 * m + 114) / 31, (h + l - 7 * m + 114) % 31 + 1);
    if (day == easter - 2 || day == easter + 1) return true;
    if (year == 2023 && month == 5 && date == 8) return true; /* the coronation */
    if (weekday == 0 && month == 5 && (date <= 7 || date >= 25)) return true;
    if (weekday == 0 && month == 8 && date >= 25) return true;
    if (month == 1 && (date == 1 ? weekday < 5 : date <= 3 && weekday == 0)) return true;
    if (month != 12 || date < 25 || date > 28) return false;
    int32_t christmas = day_from_civil(year, 12, 25);
    int holidays = 0; /* the first two weekdays from Christmas on, whichever they stand for */
    for (int32_t d = christmas; d <= day; d++)
        holidays += day_weekday(d) < 5;
    return weekday < 5 && holidays <= 2;
}

static int working_days(int32_t from, int32_t to) {
    int n = 0;
    for (int32_t day = from + 1; day <= to; day++)
        n += day_weekday(day) < 5 && !is_bank_holiday(day);
    return n;
}

static void referral_add(int limit, int16_t done, const struct fact_referral *r, int32_t as_at,
                         struct totals *t) {
    int32_t received = r->received + FACT_EPOCH, last = received;
    while (working_days(received, last) < limit)
        last++;
    bool in_time = done != FACT_NO_DAY && working_days(received, done + FACT_EPOCH) <= limit;
    add(t, in_time, last < as_at, last < as_at);
}

static bool became_quit(const struct shelf *s, const struct fact_harm_reduction *p, int32_t as_at) {
    bool quit = false;
    for (size_t i = 0; i < s->count; i++) {
        const struct fact_episode *e = s->held[i].facts;
        for (uint32_t n = 0; s->held[i].part == PART_EPISODES && n < s->held[i].rows; n++) {
            struct row r = {&e[n], s, s->held[i].seq, s->held[i].period, e[n].quit + FACT_EPOCH, as_at};
            quit |= memcmp(&e[n].id, &p->episode, 16) == 0 && quit4(&r);
        }
    }
    return quit;
}

static void other_add(const char *ref, const struct shelf *s, const struct held *h, uint32_t n, int32_t as_at,
                      uint32_t authority, struct totals *t) {
    if (h->part == PART_HARM_REDUCTION) {
        const struct fact_harm_reduction *p = (const struct fact_harm_reduction *)h->facts + n;
        if (authority && p->authority != authority) return;
        bool reduced = p->outcome == 1 || p->outcome == 3 || p->outcome == 4;
        add(t, reduced, !became_quit(s, p, as_at), true);
    } else if (h->part == PART_REFERRALS) {
        const struct fact_referral *r = (const struct fact_referral *)h->facts + n;
        if (authority && r->authority != authority) return;
        if (strcmp(ref, "2.2") == 0) referral_add(2, r->contacted, r, as_at, t);
        else referral_add(5, r->offered, r, as_at, t);
    } else if (h->part == PART_CONTACTS) {
        const struct fact_contact *c = (const struct fact_contact *)h->facts + n;
        t->numerator += c->answered;
        t->denominator += c->calls;
        t->due++;
    } else {
        const struct fact_training_session *x = (const struct fact_training_session *)h->facts + n;
        if (strcmp(ref, "3.4") != 0) t->numerator += x->type == ref[2] - '0' && x->attendees >= 6;
        else {
            t->numerator += x->good == UINT32_MAX ? 0 : x->good;
            t->denominator += x->ratings == UINT32_MAX ? 0 : x->ratings;
            t->due++;
        }
    }
}

static struct totals totals_of(const char *ref, const struct shelf *s, int16_t from, int16_t to,
                               int32_t as_at, uint32_t authority) {
    struct totals t = {0};
    for (size_t i = 0; i < s->count; i++) {
        const struct held *h = &s->held[i];
        const struct fact_episode *e = h->facts;
        bool other =
            h->part == part_of(ref) && h->part != PART_EPISODES && h->period >= from && h->period <= to;
        for (uint32_t n = 0; other && n < h->rows; n++)
            other_add(ref, s, h, n, as_at, authority, &t);
        for (uint32_t n = 0; part_of(ref) == PART_EPISODES && h->part == PART_EPISODES && n < h->rows; n++) {
            struct row r = {&e[n], s, h->seq, h->period, e[n].quit + FACT_EPOCH, as_at};
            int16_t closes = period_of_day(r.quit + window_end(ref));
            if (closes < from || closes > to || (authority && e[n].authority != authority)) continue;
            kpi_add(ref, &r, &t);
        }
    }
    t.clients = clients_between(ref, s, from, to, authority);
    return t;
}

static bool sent_between(const char *ref, const struct shelf *s, int16_t from, int16_t to,
                         uint32_t authority) {
    if (authority && (part_of(ref) == PART_CONTACTS || part_of(ref) == PART_TRAINING_SESSIONS)) return false;
    for (size_t i = 0; i < s->count; i++) {
        bool inside = window_end(ref) || (s->held[i].period >= from && s->held[i].period <= to);
        if (s->held[i].part == part_of(ref) && inside) return true;
    }
    return false;
}

/* Targets in tenths; all tolerances are 5 % but that of 1.5. */
static const struct target {
    const char *ref;
    int tenths; /* -1: baseline */
    bool is_count;
} TARGETS[] = {
    {"1.1", 16000, true}, {"1.2", 15000, true}, {"1.3", 1000, true},  {"1.4", 500, false},
    {"1.5", 600, false},  {"1.6", 850, false},  {"1.7", 400, false},  {"1.8", -1, false},
    {"1.9", 150, false},  {"1.10", 600, false}, {"1.11", 400, false}, {"1.13", 900, false},
    {"1.14", 950, false}, {"4.1", 500, false},  {"4.2", 450, false},  {"4.3a", 100, false},
    {"4.3b", 150, false}, {"4.3c", 20, false},  {"4.3d", 15, false},  {"4.4", 50, false},
    {"4.5", 20, false},   {"1.12", -1, false},  {"2.1", 950, false},  {"2.2", 950, false},
    {"2.3", 850, false},  {"3.1", 60, true},    {"3.2", 40, true},    {"3.3", 20, true},
    {"3.4", 850, false},
};
enum { TARGET_COUNT = sizeof TARGETS / sizeof *TARGETS };

/* Quarters from .. to of the year: 1..3 is the year to date of the third, 3..3 that quarter alone. */
struct quarters {
    int from, to;
};

/* 3.1-3.3: whole sessions, rounded down from the start of the year. */
static enum rag colour_of_sessions(const struct target *t, const struct totals *n, struct quarters q) {
    int64_t target = t->tenths * q.to / 40 - t->tenths * (q.from - 1) / 40, shortage = target - n->numerator;
    return shortage <= 0 ? RAG_GREEN : shortage == 1 ? RAG_AMBER : RAG_RED;
}

static enum rag colour(const struct target *t, const struct totals *n, struct quarters q) {
    if (t->is_count && t->ref[0] == '3') return colour_of_sessions(t, n, q);
    if (t->is_count) { /* numerator against annual x quarters / 4 */
        int64_t value = n->numerator * 40, target = (int64_t)t->tenths * (q.to - q.from + 1);
        if (value >= target) return RAG_GREEN;
        return value * 100 >= target * 95 ? RAG_AMBER : RAG_RED;
    }
    int64_t value = n->numerator * 1000,
            target = n->denominator * t->tenths; /* numerator / denominator against tenths / 1000 */
    if (strcmp(t->ref, "1.5") == 0)
        return value >= target ? RAG_GREEN : value <= n->denominator * 500 ? RAG_RED : RAG_AMBER;
    if (strcmp(t->ref, "1.9") == 0)
        return value < target ? RAG_GREEN : value * 100 <= target * 105 ? RAG_AMBER : RAG_RED;
    if (value >= target) return RAG_GREEN;
    return value * 100 >= target * 95 ? RAG_AMBER : RAG_RED;
}

static enum rag rag_of(const struct target *t, const struct totals *n, bool sent, struct quarters q) {
    if (!sent) return RAG_NO_DATA;
    if (!t->is_count && n->due == 0) return RAG_NOT_DUE;
    if (!t->is_count && n->denominator == 0) return RAG_NO_DATA;
    return t->tenths < 0 ? RAG_BASELINE : colour(t, n, q);
}

/* ---- comparing ---- */

static int differences;

static void differ(const char *what, unsigned book, const struct kpi_figures *f, bool to_date, long long got,
                   long long expected) {
    differences++;
    if (differences < 10)
        CHECK(false, "book %u, KPI %s, %s: %s %lld, not %lld", book, f->kpi->ref,
              to_date ? "year to date" : "quarter", what, got, expected);
}

static void compare_view(unsigned book, const struct kpi_figures *f, const struct target *t,
                         const struct figure *got, bool to_date, const struct totals *n, bool sent,
                         struct quarters q) {
    enum rag rag = rag_of(t, n, sent, q);
    if (got->rag != rag) differ("status", book, f, to_date, got->rag, rag);
    if (got->has_numbers != sent) differ("has numbers", book, f, to_date, got->has_numbers, sent);
    if (!sent) return;
    if (got->numerator != n->numerator) differ("numerator", book, f, to_date, got->numerator, n->numerator);
    if (!t->is_count && got->denominator != n->denominator)
        differ("denominator", book, f, to_date, got->denominator, n->denominator);
    if (got->has_unknown && got->unknown != n->unknown)
        differ("unknown", book, f, to_date, got->unknown, n->unknown);
    if (got->has_distinct && got->distinct_clients != n->clients)
        differ("clients", book, f, to_date, got->distinct_clients, n->clients);
}

struct service {
    struct shelf shelves[2];
    int32_t as_at;
    uint32_t authority;
};

static struct totals totals_of_both(const struct service *s, const char *ref, int16_t from, int16_t to,
                                    bool *out_sent) {
    struct totals sum = {0};
    *out_sent = false;
    for (int i = 0; i < 2; i++) {
        struct totals t = totals_of(ref, &s->shelves[i], from, to, s->as_at, s->authority);
        sum.numerator += t.numerator;
        sum.denominator += t.denominator;
        sum.due += t.due;
        sum.unknown += t.unknown;
        sum.clients += t.clients;
        *out_sent = *out_sent || sent_between(ref, &s->shelves[i], from, to, s->authority);
    }
    return sum;
}

static void compare_period(unsigned book, const struct service *s, const struct kpi_figures *figures,
                           size_t count, int16_t period) {
    int16_t first = (int16_t)(period - period % 4);
    for (size_t i = 0; i < count; i++) {
        const struct kpi_figures *f = &figures[i];
        const struct target *t = NULL;
        for (size_t k = 0; k < TARGET_COUNT; k++)
            t = strcmp(TARGETS[k].ref, f->kpi->ref) == 0 ? &TARGETS[k] : t;
        CHECK(t, "%s has no target", f->kpi->ref);
        if (!t) continue;
        bool sent;
        struct quarters alone = {period % 4 + 1, period % 4 + 1}, year = {1, period % 4 + 1};
        struct totals quarter = totals_of_both(s, t->ref, period, period, &sent);
        compare_view(book, f, t, &f->quarter, false, &quarter, sent, alone);
        struct totals to_date = totals_of_both(s, t->ref, first, period, &sent);
        compare_view(book, f, t, &f->year_to_date, true, &to_date, sent, year);
        enum rag headline = rag_of(t, &to_date, sent, year);
        if (f->rag != headline) differ("headline", book, f, true, f->rag, headline);
    }
}

static void compare_book(unsigned book, const struct framework *f) {
    random_begin(0x9E3779B97F4A7C15u * (book + 1));
    struct service s = {.authority = random_below(4) ? 0 : 9000012};
    struct tally tallies[2];
    random_shelf(&s.shelves[0], 'h', 2 + random_below(24));
    random_shelf(&s.shelves[1], 'p', 2 + random_below(6));
    s.as_at = random_as_at(&s.shelves[0]);
    struct tally_filter filter = {s.authority};
    struct provider_tally providers[2];
    for (int i = 0; i < 2; i++) {
        struct book of = shelf_book(&s.shelves[i]);
        tally_count(f, &of, s.as_at, &filter, &tallies[i]);
        providers[i] = (struct provider_tally){&f->providers[i], &tallies[i]};
    }
    struct kpi_figures *figures = calloc(f->kpi_count, sizeof *figures);
    struct figures_question q = {
        .framework = f, .as_at = s.as_at, .providers = providers, .provider_count = 2};
    q.by_authority = s.authority != 0;
    for (q.period = period_of(2023, 3); q.period <= period_of(2026, 4); q.period++) {
        CHECK(figures_compute(&q, figures) == OK, "book %u", book);
        compare_period(book, &s, figures, f->kpi_count, q.period);
    }
    free(figures);
    for (int i = 0; i < 2; i++) {
        tally_free(&tallies[i]);
        shelf_free(&s.shelves[i]);
    }
}

static void two_hundred_books(void) {
    struct framework *f = framework_sample();
    differences = 0;
    for (unsigned book = 0; book < 200; book++)
        compare_book(book, f);
    CHECK(differences == 0, "%d differences", differences);
    framework_free(f);
}

void suite_kpi_reference(void);
void suite_kpi_reference(void) {
    suite_add("unit kpi reference", NULL, NULL);
    case_add("200 random books, every quarter of four years", two_hundred_books);
}
