/* derive: contract section 5, line by line. Each stage is judged the same way (result_of), then the
 * conditions follow. */
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

static bool in_window(const struct follow_up_windows *w, enum stage s, int32_t quit_day, int16_t fact) {
    if (fact == FACT_NO_DAY) return false;
    int32_t age = fact_day_value(fact) - quit_day;
    return age >= w->from[s] && age <= w->to[s];
}

static enum result result_of(const struct derive_settings *s, enum stage stage, int32_t quit_day,
                             const struct outcomes *known) {
    uint8_t outcome = known->outcome[stage];
    if (outcome == 0) return NOT_REPORTED;
    if (outcome != 1 && outcome != 2) return RECORDED_LOST;
    if (known->day[stage] == FACT_NO_DAY) return DATE_MISSING;
    if (!in_window(&s->windows, stage, quit_day, known->day[stage])) return OUT_OF_WINDOW;
    return outcome == 1 ? QUIT : NOT_QUIT;
}

static bool is_due(const struct derive_settings *s, enum stage stage, int32_t quit_day) {
    return follow_up_is_due(&s->windows, stage, quit_day, s->as_at);
}

/* coVerified4: below the limit, read in the window, and either dated by itself, or face to face (blank is
 * taken as that). */
static uint64_t co4_of(const struct derive_settings *s, int32_t quit_day, const struct outcomes *known) {
    if (known->co4 == FACT_NO_CO) return BIT(CO_BLANK4);
    if (known->co4 >= s->co_below) return BIT(CO_HIGH4);
    bool dated = known->co4_day != FACT_NO_DAY;
    int16_t read = dated ? known->co4_day : known->day[STAGE_4W];
    if (!in_window(&s->windows, STAGE_4W, quit_day, read)) return BIT(CO_OUT_OF_WINDOW4);
    if (dated || known->method4 == METHOD_WORD_FACE_TO_FACE) return BIT(CO_VERIFIED4);
    if (known->method4 == METHOD_WORD_NONE) return BIT(CO_VERIFIED4) | BIT(METHOD_ASSUMED);
    return BIT(CO_NOT_FACE_TO_FACE);
}

/* KPI 1.13; the setting satisfactionBase leaves out those who did not answer. */
static uint64_t satisfaction_of(const struct derive_settings *s, uint8_t satisfaction) {
    if (satisfaction == 0)
        return BIT(SATISFACTION_BLANK) | (s->satisfaction_respondents ? 0 : BIT(SATISFACTION_BASE));
    return BIT(SATISFACTION_BASE) | (satisfaction >= 4 ? BIT(SATISFIED) : BIT(NOT_SATISFIED));
}

static uint64_t weeks4(const struct derive_settings *s, int32_t quit_day, const struct outcomes *known,
                       uint8_t satisfaction) {
    static const uint64_t OF[RESULT_COUNT] = {
        [QUIT] = BIT(QUIT4),
        [NOT_QUIT] = BIT(NOT_QUIT4),
        [RECORDED_LOST] = BIT(LOST4) | BIT(RECORDED_LOST4),
        [NOT_REPORTED] = BIT(LOST4) | BIT(NOT_REPORTED4),
        [OUT_OF_WINDOW] = BIT(LOST4) | BIT(OUT_OF_WINDOW4),
        [DATE_MISSING] = BIT(LOST4) | BIT(DATE_MISSING4),
    };
    if (!is_due(s, STAGE_4W, quit_day)) return BIT(NOT_DUE4);
    enum result result = result_of(s, STAGE_4W, quit_day, known);
    uint64_t bits = BIT(DUE4) | OF[result];
    if (result == QUIT) bits |= co4_of(s, quit_day, known) | satisfaction_of(s, satisfaction);
    return bits;
}

static uint64_t co12_of(const struct derive_settings *s, uint8_t co) {
    if (co == FACT_NO_CO) return BIT(CO_BLANK12);
    return co < s->co_below ? BIT(CO_VERIFIED12) : BIT(CO_HIGH12);
}

static uint64_t weeks12(const struct derive_settings *s, int32_t quit_day, const struct outcomes *known,
                        bool quit4) {
    static const uint64_t OF[RESULT_COUNT] = {
        [QUIT] = BIT(QUIT12),
        [NOT_QUIT] = BIT(NOT_QUIT12),
        [RECORDED_LOST] = BIT(RECORDED_LOST12),
        [NOT_REPORTED] = BIT(NOT_REPORTED12),
        [OUT_OF_WINDOW] = BIT(OUT_OF_WINDOW12),
        [DATE_MISSING] = BIT(DATE_MISSING12),
    };
    if (!is_due(s, STAGE_12W, quit_day)) return BIT(NOT_DUE12);
    if (s->still_quit && !quit4) return BIT(DUE12) | BIT(NOT_QUIT_BEFORE12);
    enum result result = result_of(s, STAGE_12W, quit_day, known);
    uint64_t bits = BIT(DUE12) | OF[result];
    if (result == QUIT) bits |= co12_of(s, known->co12);
    if (quit4 && result != QUIT && result != NOT_QUIT) bits |= BIT(LOST12);
    return bits;
}

static uint64_t weeks26(const struct derive_settings *s, int32_t quit_day, const struct outcomes *known) {
    static const uint64_t WHY_NOT[RESULT_COUNT] = {
        [RECORDED_LOST] = BIT(RECORDED_LOST26),
        [NOT_REPORTED] = BIT(NOT_REPORTED26),
        [OUT_OF_WINDOW] = BIT(OUT_OF_WINDOW26),
        [DATE_MISSING] = BIT(DATE_MISSING26),
    };
    enum result result = result_of(s, STAGE_26W, quit_day, known);
    uint64_t bits = result == QUIT || result == NOT_QUIT ? BIT(KNOWN26) : 0;
    if (!is_due(s, STAGE_26W, quit_day)) return bits | BIT(NOT_DUE26);
    return bits | BIT(DUE26) | WHY_NOT[result];
}

static uint64_t weeks52(const struct derive_settings *s, int32_t quit_day, const struct outcomes *known) {
    static const uint64_t WHY_NOT[RESULT_COUNT] = {
        [RECORDED_LOST] = BIT(RECORDED_LOST52),
        [NOT_REPORTED] = BIT(NOT_REPORTED52),
        [OUT_OF_WINDOW] = BIT(OUT_OF_WINDOW52),
        [DATE_MISSING] = BIT(DATE_MISSING52),
    };
    enum result result = result_of(s, STAGE_52W, quit_day, known);
    uint64_t bits = result == QUIT || result == NOT_QUIT ? BIT(KNOWN52) : 0;
    if (!is_due(s, STAGE_52W, quit_day)) return bits | BIT(NOT_DUE52);
    return bits | BIT(DUE52) | WHY_NOT[result];
}

uint64_t derive(const struct derive_settings *s, int32_t quit_day, const struct outcomes *known,
                uint8_t satisfaction) {
    uint64_t bits = weeks4(s, quit_day, known, satisfaction);
    bits |= weeks12(s, quit_day, known, bits & BIT(QUIT4));
    bits |= weeks26(s, quit_day, known);
    bits |= weeks52(s, quit_day, known);
    return bits;
}
