/* The lines of the supplement that count training sessions: how many are out of hours, how many specialty sessions are certified. From the
 * facts, for the quarter and for the year up to it. */
#include "base/num.h"
#include "handlers/supplement.h"
#include "returns/parts/parts.h"

enum { TOPICS = 7, LEAST_ATTENDEES = 6 };

/* By training_word. */
struct hours {
    int64_t sessions, out_of_hours, not_given;
};

static bool counts_for_hours(const struct fact_training_session *f) {
    return f->type == TRAINING_WORD_PRACTITIONER || f->type == TRAINING_WORD_REFRESHER ||
           f->type == TRAINING_WORD_SPECIALTY;
}

static void add_hours(struct hours *h, const struct fact_training_session *f) {
    unsigned flag = fact_flag_get(f->flags, (enum fact_flag)TRAINING_FLAG_OUT_OF_HOURS);
    h->sessions++;
    h->out_of_hours += flag == FLAG_YES;
    h->not_given += flag == FLAG_BLANK;
}

static bool is_in_year(const struct supplement *s, const struct held *h) {
    return h->part == PART_TRAINING_SESSIONS && h->facts &&
           period_year(h->period) == period_year(s->period) && h->period <= s->period;
}

static void put_hours_total(struct supplement_writer *w, const char *key, const char *view,
                            const struct hours *h) {
    struct buf share = BUF_EMPTY;
    supplement_total_begin(w, key, view);
    supplement_int(w, "sessions", h->sessions);
    supplement_int(w, "outOfHours", h->out_of_hours);
    supplement_int(w, "outOfHoursNotGiven", h->not_given);
    if (h->sessions) {
        buf_add_decimal(&share, (struct decimal){percent_hundredths(h->out_of_hours, h->sessions), 2});
        supplement_raw(w, "sharePercent", buf_str(&share));
        supplement_raw(w, "atLeastTenPercent",
                       10 * h->out_of_hours >= h->sessions ? STR("true") : STR("false"));
    } else {
        supplement_text(w, "sharePercent", STR_NONE);
        supplement_text(w, "atLeastTenPercent", STR_NONE);
    }
    supplement_total_end(w);
    buf_free(&share);
}

/* The three kinds of the seed, as a provider sent them for the quarter. */
static void put_hours(struct supplement *s, const struct supplement_provider *p, const struct held *h,
                      struct hours *total) {
    static const enum training_word KINDS[] = {TRAINING_WORD_PRACTITIONER, TRAINING_WORD_SPECIALTY,
                                               TRAINING_WORD_REFRESHER};
    struct hours by_kind[TRAINING_WORD_SPECIALTY + 1] = {{0}};
    const struct fact_training_session *rows = h->facts;
    for (uint32_t i = 0; i < h->rows && rows; i++) {
        if (!counts_for_hours(&rows[i])) continue;
        add_hours(&by_kind[rows[i].type], &rows[i]);
        add_hours(total, &rows[i]);
    }
    for (size_t i = 0; i < sizeof KINDS / sizeof *KINDS; i++) {
        const struct hours *k = &by_kind[KINDS[i]];
        supplement_row_begin(&s->w, p->id, h);
        supplement_text(&s->w, "type", str_of(WORDS_TRAINING[KINDS[i] - 1]));
        supplement_int(&s->w, "sessions", k->sessions);
        supplement_int(&s->w, "outOfHours", k->out_of_hours);
        supplement_int(&s->w, "outOfHoursNotGiven", k->not_given);
        supplement_row_end(&s->w);
    }
}

void supplement_out_of_hours(struct supplement *s) {
    struct hours quarter = {0}, year = {0};
    for (size_t i = 0; i < s->provider_count; i++) {
        const struct supplement_provider *p = &s->providers[i];
        const struct held *h = supplement_held(s, p, PART_TRAINING_SESSIONS);
        if (h) put_hours(s, p, h, &quarter);
        for (size_t k = 0; k < p->book.count; k++) {
            const struct held *one = &p->book.held[k];
            const struct fact_training_session *rows = one->facts;
            for (uint32_t r = 0; is_in_year(s, one) && r < one->rows; r++)
                if (counts_for_hours(&rows[r])) add_hours(&year, &rows[r]);
        }
    }
    put_hours_total(&s->w, "quarter", "QUARTER", &quarter);
    put_hours_total(&s->w, "yearToDate", "YEAR_TO_DATE", &year);
}

/* ---- certified specialty sessions ---- */

static bool is_certified(const struct fact_training_session *f) {
    return f->type == TRAINING_WORD_SPECIALTY && f->attendees >= LEAST_ATTENDEES &&
           f->attendees != FACT_NO_COUNT && f->topic >= 1 && f->topic <= TOPICS &&
           fact_flag_get(f->flags, (enum fact_flag)TRAINING_FLAG_CERTIFIED) == FLAG_YES;
}

static void count_topics(const struct held *h, int64_t topics[TOPICS]) {
    const struct fact_training_session *rows = h->facts;
    for (uint32_t i = 0; i < h->rows && rows; i++)
        if (is_certified(&rows[i])) topics[rows[i].topic - 1]++;
}

static void put_topics_total(struct supplement_writer *w, const char *key, const char *view,
                             const int64_t topics[TOPICS]) {
    int64_t all = 0;
    for (size_t t = 0; t < TOPICS; t++)
        all += topics[t];
    supplement_total_begin(w, key, view);
    supplement_int(w, "sessions", all);
    for (size_t t = 0; t < TOPICS; t++)
        supplement_int(w, WORDS_TOPIC[t], topics[t]);
    supplement_total_end(w);
}

void supplement_certified(struct supplement *s) {
    /* In the order of WORDS_TOPIC and of the seed. */
    static const char *const LABELS[TOPICS] = {
        "Smoking Cessation in mental health", "Smoking Cessation in pregnancy and the post-partum period",
        "Stop Smoking Medications",           "Vaping: a guide for healthcare professionals",
        "VBA on smoking in pregnant women",   "VBA on secondhand smoke: promoting smokefree homes and cars",
        "VBA for homelessness services",
    };
    int64_t quarter[TOPICS] = {0}, year[TOPICS] = {0};
    for (size_t i = 0; i < s->provider_count; i++) {
        const struct supplement_provider *p = &s->providers[i];
        const struct held *h = supplement_held(s, p, PART_TRAINING_SESSIONS);
        int64_t own[TOPICS] = {0};
        if (h) count_topics(h, own);
        for (size_t t = 0; h && t < TOPICS; t++) {
            supplement_row_begin(&s->w, p->id, h);
            supplement_text(&s->w, "topic", str_of(WORDS_TOPIC[t]));
            supplement_text(&s->w, "course", str_of(LABELS[t]));
            supplement_int(&s->w, "sessions", own[t]);
            supplement_row_end(&s->w);
            quarter[t] += own[t];
        }
        for (size_t k = 0; k < p->book.count; k++)
            if (is_in_year(s, &p->book.held[k])) count_topics(&p->book.held[k], year);
    }
    put_topics_total(&s->w, "quarter", "QUARTER", quarter);
    put_topics_total(&s->w, "yearToDate", "YEAR_TO_DATE", year);
}
