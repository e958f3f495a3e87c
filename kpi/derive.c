/* derive: contract section 5, line by line. Each stage is judged the same way (result_of), then the
 * conditions follow: from tables and without a branch, since what follows for the next row nobody can guess. */
#include "kpi/derive.h"

static const struct derived_info INFO[DERIVED_COUNT] = {
#define X(name, text, meaning, includes) {text, meaning, includes},
    DERIVED_LIST(X)
#undef X
};

const struct derived_info *derived_info(enum derived d) {
    return &INFO[d];
}

bool derived_parse(str name, enum derived *out) {
    for (unsigned d = 0; d < DERIVED_COUNT; d++) {
        if (!str_is(name, INFO[d].name)) continue;
        *out = (enum derived)d;
        return true;
    }
    return false;
}

/* What one stage comes to, its window taken into account. The last four are the reasons for having no
 * result. */
enum result { QUIT, NOT_QUIT, RECORDED_LOST, NOT_REPORTED, OUT_OF_WINDOW, DATE_MISSING, RESULT_COUNT };

/* How a day lies to the window of its stage. */
enum when { UNDATED, INSIDE, OUTSIDE, WHEN_COUNT };

/* Without a quit date no day is inside. */
static inline enum when when_of(const struct follow_up_windows *w, enum stage s, int32_t quit_day,
                                int16_t fact) {
    uint32_t opens = (uint32_t)quit_day + (uint32_t)w->from[s];
    bool inside = (uint32_t)fact + FACT_EPOCH - opens <= (uint32_t)(w->to[s] - w->from[s]);
    return (enum when)((fact != FACT_NO_DAY) * (OUTSIDE - inside));
}

static inline enum result result_of(const struct outcomes *known, enum stage stage, enum when when) {
    static const uint8_t OF[4][WHEN_COUNT] = {
        {NOT_REPORTED, NOT_REPORTED, NOT_REPORTED},
        {DATE_MISSING, QUIT, OUT_OF_WINDOW},
        {DATE_MISSING, NOT_QUIT, OUT_OF_WINDOW},
        {RECORDED_LOST, RECORDED_LOST, RECORDED_LOST},
    };
    unsigned outcome = known->outcome[stage];
    return (enum result)OF[outcome < 3 ? outcome : 3][when];
}

static inline bool is_due(const struct derive_settings *s, enum stage stage, int32_t quit_day) {
    return follow_up_is_due(&s->windows, stage, quit_day, s->as_at);
}

/* All bits where the condition holds. */
static inline uint64_t all_if(uint64_t condition) {
    return -(uint64_t)(condition != 0);
}

enum co { CO_BLANK, CO_HIGH, CO_LOW };

static inline enum co co_of(const struct derive_settings *s, uint8_t co) {
    return (enum co)((co != FACT_NO_CO) * (CO_HIGH + (co < s->co_below)));
}

enum method { METHOD_BLANK, METHOD_FACE_TO_FACE, METHOD_OTHER, METHOD_COUNT };

/* Of a reading below the limit: whether its day lies inside the window, whether it is dated by itself, and the method. */
#define LOW_ALIKE(what)                                                                                      \
    { BIT(what), BIT(what), BIT(what) }
static const uint64_t LOW[2][2][METHOD_COUNT] = {
    {LOW_ALIKE(CO_OUT_OF_WINDOW4), LOW_ALIKE(CO_OUT_OF_WINDOW4)},
    {{BIT(CO_VERIFIED4) | BIT(METHOD_ASSUMED), BIT(CO_VERIFIED4), BIT(CO_NOT_FACE_TO_FACE)},
     LOW_ALIKE(CO_VERIFIED4)},
};

/* coVerified4: below the limit, read in the window, and either dated by itself, or face to face (blank is
 * taken as that). */
static inline uint64_t co4_of(const struct derive_settings *s, int32_t quit_day, const struct outcomes *known,
                              enum when followed_up) {
    unsigned method = known->method4 < METHOD_OTHER ? known->method4 : METHOD_OTHER;
    enum when read = when_of(&s->windows, STAGE_4W, quit_day, known->co4_day);
    bool dated = read != UNDATED, inside = dated ? read == INSIDE : followed_up == INSIDE;
    const uint64_t OF[] = {
        [CO_BLANK] = BIT(CO_BLANK4), [CO_HIGH] = BIT(CO_HIGH4), [CO_LOW] = LOW[inside][dated][method]};
    return OF[co_of(s, known->co4)];
}

/* KPI 1.13; the setting satisfactionBase leaves out those who did not answer. */
static inline uint64_t satisfaction_of(const struct derive_settings *s, uint8_t satisfaction) {
    static const uint64_t OF[2][3] = {
        {BIT(SATISFACTION_BLANK) | BIT(SATISFACTION_BASE), BIT(SATISFACTION_BASE) | BIT(NOT_SATISFIED),
         BIT(SATISFACTION_BASE) | BIT(SATISFIED)},
        {BIT(SATISFACTION_BLANK), BIT(SATISFACTION_BASE) | BIT(NOT_SATISFIED),
         BIT(SATISFACTION_BASE) | BIT(SATISFIED)},
    };
    return OF[s->satisfaction_respondents][(satisfaction > 0) + (satisfaction >= 4)];
}

static inline uint64_t weeks4(const struct derive_settings *s, int32_t quit_day, const struct outcomes *known,
                              uint8_t satisfaction) {
    static const uint64_t OF[RESULT_COUNT] = {
        [QUIT] = BIT(DUE4) | BIT(QUIT4),
        [NOT_QUIT] = BIT(DUE4) | BIT(NOT_QUIT4),
        [RECORDED_LOST] = BIT(DUE4) | BIT(LOST4) | BIT(RECORDED_LOST4),
        [NOT_REPORTED] = BIT(DUE4) | BIT(LOST4) | BIT(NOT_REPORTED4),
        [OUT_OF_WINDOW] = BIT(DUE4) | BIT(LOST4) | BIT(OUT_OF_WINDOW4),
        [DATE_MISSING] = BIT(DUE4) | BIT(LOST4) | BIT(DATE_MISSING4),
    };
    enum when when = when_of(&s->windows, STAGE_4W, quit_day, known->day[STAGE_4W]);
    enum result result = result_of(known, STAGE_4W, when);
    uint64_t of_quitters = co4_of(s, quit_day, known, when) | satisfaction_of(s, satisfaction);
    uint64_t due = all_if(is_due(s, STAGE_4W, quit_day));
    return ((OF[result] | (of_quitters & all_if(result == QUIT))) & due) | (BIT(NOT_DUE4) & ~due);
}

static inline uint64_t weeks12(const struct derive_settings *s, int32_t quit_day,
                               const struct outcomes *known, bool quit4) {
    static const uint64_t OF[RESULT_COUNT] = {
        [QUIT] = BIT(DUE12) | BIT(QUIT12),
        [NOT_QUIT] = BIT(DUE12) | BIT(NOT_QUIT12),
        [RECORDED_LOST] = BIT(DUE12) | BIT(RECORDED_LOST12),
        [NOT_REPORTED] = BIT(DUE12) | BIT(NOT_REPORTED12),
        [OUT_OF_WINDOW] = BIT(DUE12) | BIT(OUT_OF_WINDOW12),
        [DATE_MISSING] = BIT(DUE12) | BIT(DATE_MISSING12),
    };
    static const uint64_t OF_CO[] = {
        [CO_BLANK] = BIT(CO_BLANK12), [CO_HIGH] = BIT(CO_HIGH12), [CO_LOW] = BIT(CO_VERIFIED12)};
    enum when when = when_of(&s->windows, STAGE_12W, quit_day, known->day[STAGE_12W]);
    enum result result = result_of(known, STAGE_12W, when);
    uint64_t bits = OF[result] | (OF_CO[co_of(s, known->co12)] & all_if(result == QUIT)) |
                    (BIT(LOST12) & all_if(quit4 & (result > NOT_QUIT)));
    uint64_t before = all_if(s->still_quit & !quit4), due = all_if(is_due(s, STAGE_12W, quit_day));
    bits = (bits & ~before) | ((BIT(DUE12) | BIT(NOT_QUIT_BEFORE12)) & before);
    return (bits & due) | (BIT(NOT_DUE12) & ~due);
}

/* What is known at 26 and 52 weeks does not wait for the window to pass. */
static inline uint64_t weeks26(const struct derive_settings *s, int32_t quit_day,
                               const struct outcomes *known) {
    static const uint64_t OF[2][RESULT_COUNT] = {
        {BIT(NOT_DUE26) | BIT(KNOWN26), BIT(NOT_DUE26) | BIT(KNOWN26), BIT(NOT_DUE26), BIT(NOT_DUE26),
         BIT(NOT_DUE26), BIT(NOT_DUE26)},
        {[QUIT] = BIT(DUE26) | BIT(KNOWN26),
         [NOT_QUIT] = BIT(DUE26) | BIT(KNOWN26),
         [RECORDED_LOST] = BIT(DUE26) | BIT(RECORDED_LOST26),
         [NOT_REPORTED] = BIT(DUE26) | BIT(NOT_REPORTED26),
         [OUT_OF_WINDOW] = BIT(DUE26) | BIT(OUT_OF_WINDOW26),
         [DATE_MISSING] = BIT(DUE26) | BIT(DATE_MISSING26)},
    };
    enum when when = when_of(&s->windows, STAGE_26W, quit_day, known->day[STAGE_26W]);
    return OF[is_due(s, STAGE_26W, quit_day)][result_of(known, STAGE_26W, when)];
}

static inline uint64_t weeks52(const struct derive_settings *s, int32_t quit_day,
                               const struct outcomes *known) {
    static const uint64_t OF[2][RESULT_COUNT] = {
        {BIT(NOT_DUE52) | BIT(KNOWN52), BIT(NOT_DUE52) | BIT(KNOWN52), BIT(NOT_DUE52), BIT(NOT_DUE52),
         BIT(NOT_DUE52), BIT(NOT_DUE52)},
        {[QUIT] = BIT(DUE52) | BIT(KNOWN52),
         [NOT_QUIT] = BIT(DUE52) | BIT(KNOWN52),
         [RECORDED_LOST] = BIT(DUE52) | BIT(RECORDED_LOST52),
         [NOT_REPORTED] = BIT(DUE52) | BIT(NOT_REPORTED52),
         [OUT_OF_WINDOW] = BIT(DUE52) | BIT(OUT_OF_WINDOW52),
         [DATE_MISSING] = BIT(DUE52) | BIT(DATE_MISSING52)},
    };
    enum when when = when_of(&s->windows, STAGE_52W, quit_day, known->day[STAGE_52W]);
    return OF[is_due(s, STAGE_52W, quit_day)][result_of(known, STAGE_52W, when)];
}

static inline uint64_t derive_one(const struct derive_settings *s, int32_t quit_day,
                                  const struct outcomes *known, uint8_t satisfaction) {
    uint64_t bits = weeks4(s, quit_day, known, satisfaction);
    return bits | weeks12(s, quit_day, known, bits & BIT(QUIT4)) | weeks26(s, quit_day, known) |
           weeks52(s, quit_day, known);
}

uint64_t derive(const struct derive_settings *s, int32_t quit_day, const struct outcomes *known,
                uint8_t satisfaction) {
    return derive_one(s, quit_day, known, satisfaction);
}

void derive_many(const struct derive_settings *s, const struct fact_episode *rows,
                 const struct outcomes *known, size_t count, uint64_t *out) {
    for (size_t i = 0; i < count; i++)
        out[i] = derive_one(s, fact_day_value(rows[i].quit), &known[i], rows[i].satisfaction);
}
