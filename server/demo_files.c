#include "server/demo_files.h"

struct row {
    enum demo_provider provider;
    const struct demo_episode *episode;
    const struct demo_client *client;
    enum demo_stage stage; /* follow-ups only */
};

typedef void cell_fn(const struct row *r, struct buf *out);
struct cell {
    const char *header;
    cell_fn *write;
};

const char *demo_provider_id(enum demo_provider p) {
    return p == DEMO_HOMERTON ? "homerton" : "pharmacies";
}

/* ---- how a value is spelled ---- */

static void put_quoted(struct buf *out, const char *text) {
    if (!strpbrk(text, ",\"\r\n")) {
        buf_add_cstr(out, text);
        return;
    }
    buf_add_char(out, '"');
    for (; *text; text++) {
        if (*text == '"') buf_add_char(out, '"');
        buf_add_char(out, *text);
    }
    buf_add_char(out, '"');
}

static void put_day(const struct row *r, int32_t day, struct buf *out) {
    if (day == DAY_NONE) return;
    int year, month, date;
    day_to_civil(day, &year, &month, &date);
    if (r->provider == DEMO_PHARMACIES) buf_printf(out, "%02d/%02d/%04d", date, month, year);
    else buf_printf(out, "%04d-%02d-%02d", year, month, date);
}

static void put_flag(const struct row *r, enum demo_flag flag, struct buf *out) {
    if (flag == DEMO_BLANK) return;
    if (r->provider == DEMO_PHARMACIES) buf_add_cstr(out, flag == DEMO_YES ? "Yes" : "No");
    else buf_add_char(out, flag == DEMO_YES ? 'Y' : 'N');
}

static void put_mark(const struct row *r, bool mark, struct buf *out) {
    put_flag(r, mark ? DEMO_YES : DEMO_NO, out);
}

static bool is_shop(const struct row *r, const char *id) {
    return r->provider == DEMO_PHARMACIES &&
           strcmp(DEMO_SITES[r->provider].cards[r->episode->site].code, id) == 0;
}

static void put_code(const struct row *r, struct deck deck, uint8_t card, struct buf *out) {
    const struct card *c = &deck.cards[card];
    bool unpadded = is_shop(r, "shop-08") && c->code[0] == '0';
    if (is_shop(r, "shop-03")) put_quoted(out, c->label);
    else buf_add_cstr(out, c->code + unpadded);
}

static void put_outcome(const struct demo_follow_up *f, struct buf *out) {
    if (f->outcome) buf_add_char(out, f->outcome);
}

static void put_method(const struct demo_follow_up *f, struct buf *out) {
    static const char *const METHODS[] = {"", "FACE_TO_FACE", "TELEPHONE", "VIDEO", "TEXT"};
    buf_add_cstr(out, METHODS[f->method]);
}

static void put_co(const struct demo_follow_up *f, struct buf *out) {
    if (f->co >= 0) buf_add_int(out, f->co);
}

/* ---- cells of an episode ---- */

static void cell_episode_id(const struct row *r, struct buf *out) {
    buf_add_cstr(out, r->episode->id);
}
static void cell_client_id(const struct row *r, struct buf *out) {
    buf_add_cstr(out, r->client->id);
}
static void cell_authority(const struct row *r, struct buf *out) {
    const struct card *c = &DEMO_AUTHORITIES.cards[r->client->authority];
    buf_add_cstr(out, r->provider == DEMO_PHARMACIES ? c->label : c->code);
}
static void cell_quit_date(const struct row *r, struct buf *out) {
    put_day(r, r->episode->quit_day, out);
}
static void cell_age(const struct row *r, struct buf *out) {
    buf_add_int(out, age_in_years(r->client->born, r->episode->quit_day));
}
static void cell_site(const struct row *r, struct buf *out) {
    buf_add_cstr(out, DEMO_SITES[r->provider].cards[r->episode->site].code);
}
static void cell_adviser(const struct row *r, struct buf *out) {
    buf_printf(out, r->provider == DEMO_HOMERTON ? "adv-%02u" : "P%02u", r->episode->adviser);
}
static void cell_quintile(const struct row *r, struct buf *out) {
    buf_add_cstr(out, DEMO_QUINTILES.cards[r->client->quintile].code);
}
static void cell_gender(const struct row *r, struct buf *out) {
    put_code(r, DEMO_GENDERS, r->client->gender, out);
}
static void cell_orientation(const struct row *r, struct buf *out) {
    put_code(r, DEMO_ORIENTATIONS, r->client->orientation, out);
}
static void cell_ethnicity(const struct row *r, struct buf *out) {
    buf_add_cstr(out, DEMO_ETHNICITIES.cards[r->client->ethnicity].code);
}
static void cell_occupation(const struct row *r, struct buf *out) {
    put_code(r, DEMO_OCCUPATIONS, r->client->occupation, out);
}
static void cell_free_prescription(const struct row *r, struct buf *out) {
    put_flag(r, r->episode->free_prescription, out);
}
static void cell_pregnant(const struct row *r, struct buf *out) {
    put_flag(r, r->episode->pregnant, out);
}
static void cell_intervention(const struct row *r, struct buf *out) {
    put_code(r, DEMO_INTERVENTIONS, r->episode->intervention, out);
}
static void cell_setting(const struct row *r, struct buf *out) {
    put_code(r, DEMO_SETTINGS, r->episode->setting, out);
}
static void cell_aid(const struct row *r, struct buf *out) {
    put_code(r, DEMO_AIDS, r->episode->aid, out);
}
static void cell_mental_illness(const struct row *r, struct buf *out) {
    put_mark(r, r->client->mental_illness, out);
}
static void cell_homeless(const struct row *r, struct buf *out) {
    put_mark(r, r->client->homeless, out);
}
static void cell_substance_misuse(const struct row *r, struct buf *out) {
    put_mark(r, r->client->substance_misuse, out);
}
static void cell_swap_to_stop(const struct row *r, struct buf *out) {
    put_flag(r, r->episode->swap_to_stop, out);
}
static void cell_extended_support(const struct row *r, struct buf *out) {
    put_flag(r, r->episode->extended_support, out);
}
static void cell_conditions(const struct row *r, struct buf *out) {
    static const char *const NAMES[] = {"COPD", "CVD", "CANCER", "DIABETES", "ASTHMA", "OTHER"};
    bool first = true;
    for (unsigned b = 0; b < sizeof NAMES / sizeof *NAMES; b++) {
        if (!(r->client->conditions >> b & 1)) continue;
        if (!first) buf_add_char(out, ';');
        buf_add_cstr(out, NAMES[b]);
        first = false;
    }
}
static void cell_tenure(const struct row *r, struct buf *out) {
    buf_add_cstr(out, DEMO_TENURES.cards[r->client->tenure].code);
}
static void cell_satisfaction(const struct row *r, struct buf *out) {
    if (r->episode->satisfaction) buf_add_int(out, r->episode->satisfaction);
}
static void cell_delivery_date(const struct row *r, struct buf *out) {
    put_day(r, r->episode->delivery_day, out);
}
static void cell_smoking_at_delivery(const struct row *r, struct buf *out) {
    put_flag(r, r->episode->smoking_at_delivery, out);
}

/* The four-week outcome, unless it was known too late and travels with the follow-ups. */
static const struct demo_follow_up *four_weeks(const struct row *r) {
    static const struct demo_follow_up NOTHING = {.day = DAY_NONE, .co = -1, .co_day = DAY_NONE};
    const struct demo_follow_up *f = &r->episode->at[DEMO_4W];
    return f->apart ? &NOTHING : f;
}
static void cell_outcome_4w(const struct row *r, struct buf *out) {
    put_outcome(four_weeks(r), out);
}
static void cell_day_4w(const struct row *r, struct buf *out) {
    put_day(r, four_weeks(r)->day, out);
}
static void cell_method_4w(const struct row *r, struct buf *out) {
    put_method(four_weeks(r), out);
}
static void cell_co_4w(const struct row *r, struct buf *out) {
    put_co(four_weeks(r), out);
}

/* ---- cells of a follow-up ---- */

static const struct demo_follow_up *follow_up(const struct row *r) {
    return &r->episode->at[r->stage];
}
static void cell_stage(const struct row *r, struct buf *out) {
    static const char *const STAGES[] = {"4W", "12W", "26W", "52W"};
    buf_add_cstr(out, STAGES[r->stage]);
}
static void cell_day(const struct row *r, struct buf *out) {
    put_day(r, follow_up(r)->day, out);
}
static void cell_outcome(const struct row *r, struct buf *out) {
    put_outcome(follow_up(r), out);
}
static void cell_method(const struct row *r, struct buf *out) {
    put_method(follow_up(r), out);
}
static void cell_co(const struct row *r, struct buf *out) {
    put_co(follow_up(r), out);
}

static const struct cell HOMERTON_EPISODES[] = {
    {"episodeId", cell_episode_id},
    {"clientId", cell_client_id},
    {"localAuthority", cell_authority},
    {"quitDate", cell_quit_date},
    {"ageAtQuitDate", cell_age},
    {"site", cell_site},
    {"adviser", cell_adviser},
    {"imdQuintile", cell_quintile},
    {"gender", cell_gender},
    {"sexualOrientation", cell_orientation},
    {"ethnicCategory", cell_ethnicity},
    {"nssec", cell_occupation},
    {"freePrescription", cell_free_prescription},
    {"pregnant", cell_pregnant},
    {"interventionType", cell_intervention},
    {"setting", cell_setting},
    {"aid", cell_aid},
    {"seriousMentalIllness", cell_mental_illness},
    {"homeless", cell_homeless},
    {"substanceMisuse", cell_substance_misuse},
    {"swapToStop", cell_swap_to_stop},
    {"extendedSupport", cell_extended_support},
    {"longTermConditions", cell_conditions},
    {"housingTenure", cell_tenure},
    {"outcome4w", cell_outcome_4w},
    {"followUp4wDate", cell_day_4w},
    {"followUp4wMethod", cell_method_4w},
    {"co4wPpm", cell_co_4w},
    {"satisfaction", cell_satisfaction},
    {"deliveryDate", cell_delivery_date},
    {"smokingAtDelivery", cell_smoking_at_delivery},
    {NULL, NULL},
};
static const struct cell PHARMACY_EPISODES[] = {
    {"Site", cell_site},
    {"Adviser", cell_adviser},
    {"Episode ID", cell_episode_id},
    {"Client ID", cell_client_id},
    {"Quit date", cell_quit_date},
    {"Age at quit date", cell_age},
    {"Gender", cell_gender},
    {"Sexual orientation", cell_orientation},
    {"Ethnic category", cell_ethnicity},
    {"NSSEC", cell_occupation},
    {"Local authority", cell_authority},
    {"IMD quintile", cell_quintile},
    {"Housing tenure", cell_tenure},
    {"Free prescription", cell_free_prescription},
    {"Pregnant", cell_pregnant},
    {"Serious mental illness", cell_mental_illness},
    {"Homeless", cell_homeless},
    {"Substance misuse", cell_substance_misuse},
    {"Long-term conditions", cell_conditions},
    {"Intervention type", cell_intervention},
    {"Setting", cell_setting},
    {"Aid", cell_aid},
    {"Swap to Stop", cell_swap_to_stop},
    {"Extended support", cell_extended_support},
    {"Outcome 4W", cell_outcome_4w},
    {"Follow-up 4W date", cell_day_4w},
    {"Follow-up 4W method", cell_method_4w},
    {"CO 4W ppm", cell_co_4w},
    {"Satisfaction", cell_satisfaction},
    {NULL, NULL},
};
static const struct cell HOMERTON_FOLLOW_UPS[] = {
    {"episodeId", cell_episode_id}, {"stage", cell_stage}, {"date", cell_day}, {"outcome", cell_outcome},
    {"method", cell_method},        {"coPpm", cell_co},    {NULL, NULL},
};
static const struct cell PHARMACY_FOLLOW_UPS[] = {
    {"Episode ID", cell_episode_id},
    {"Stage", cell_stage},
    {"Outcome", cell_outcome},
    {"Date", cell_day},
    {"Method", cell_method},
    {"CO ppm", cell_co},
    {NULL, NULL},
};

/* ---- files ---- */

static void end_line(enum demo_provider p, struct buf *out) {
    buf_add_cstr(out, p == DEMO_PHARMACIES ? "\r\n" : "\n");
}

static void put_header(const struct cell *cells, enum demo_provider p, struct buf *out) {
    if (p == DEMO_PHARMACIES) buf_add_cstr(out, "\xef\xbb\xbf"); /* as spreadsheets do */
    for (const struct cell *c = cells; c->header; c++) {
        if (c != cells) buf_add_char(out, ',');
        buf_add_cstr(out, c->header);
    }
    end_line(p, out);
}

static void put_row(const struct cell *cells, const struct row *r, struct buf *out) {
    for (const struct cell *c = cells; c->header; c++) {
        if (c != cells) buf_add_char(out, ',');
        c->write(r, out);
    }
    end_line(r->provider, out);
}

void demo_write_episodes(const struct demo_story *s, enum demo_provider p, int16_t period, struct buf *out) {
    const struct cell *cells = p == DEMO_HOMERTON ? HOMERTON_EPISODES : PHARMACY_EPISODES;
    const struct demo_provider_story *of = &s->of[p];
    put_header(cells, p, out);
    for (size_t i = 0; i < of->episode_count; i++) {
        const struct demo_episode *e = &of->episodes[i];
        struct row r = {p, e, &of->clients[e->client], DEMO_4W};
        if (e->period == period) put_row(cells, &r, out);
    }
}

/* Late four-week outcomes come in the return of their own quarter, later stages in that of the quarter in which they were known. */
static bool is_sent_in(const struct demo_episode *e, enum demo_stage stage, int16_t period) {
    const struct demo_follow_up *f = &e->at[stage];
    if (!f->apart || f->day == DAY_NONE || f->day > DEMO_TODAY) return false;
    return (stage == DEMO_4W ? e->period : period_of_day(f->day)) == period;
}

void demo_write_follow_ups(const struct demo_story *s, enum demo_provider p, int16_t period,
                           struct buf *out) {
    const struct cell *cells = p == DEMO_HOMERTON ? HOMERTON_FOLLOW_UPS : PHARMACY_FOLLOW_UPS;
    const struct demo_provider_story *of = &s->of[p];
    put_header(cells, p, out);
    for (size_t i = 0; i < of->episode_count; i++) {
        const struct demo_episode *e = &of->episodes[i];
        for (int stage = 0; stage < DEMO_STAGES; stage++) {
            struct row r = {p, e, &of->clients[e->client], (enum demo_stage)stage};
            if (is_sent_in(e, r.stage, period)) put_row(cells, &r, out);
        }
    }
}
