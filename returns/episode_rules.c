/* episode_rules: what holds between the columns of an episode, between episodes, and the record that is
 * counted. */
#include <stddef.h>

#include "returns/lookup.h"
#include "returns/parts/episodes.h"
#include "returns/rules.h"

/* ---- age ---- */

static void find_born(struct judging *j, enum finding_code code, str detail, const char *fix) {
    struct finding *f = find_in_row(j, EPISODE_BORN, code);
    if (!f) return;
    f->detail = detail;
    f->fix = str_of(fix);
}

/* dateOfBirth stands in for a blank age and must agree with a given one. */
static void check_age(struct judging *j) {
    struct row *r = &j->row;
    struct value *age = &r->values[EPISODE_AGE];
    int32_t born = row_number(r, EPISODE_BORN, DAY_NONE), quit = row_number(r, EPISODE_QUIT_DATE, DAY_NONE);
    if (born == DAY_NONE || quit == DAY_NONE) return;
    int derived = age_in_years(born, quit);
    const struct column *limits = &j->part->columns[EPISODE_AGE];
    if (born > quit) {
        find_born(j, FINDING_OUT_OF_RANGE, STR("The person was born after the quit date."),
                  "Correct the date of birth or the quit date.");
    } else if (derived > limits->most) {
        find_born(
            j, FINDING_OUT_OF_RANGE,
            say(j, "The person was %d on the quit date; at most %d is possible.", derived, limits->most),
            "Correct the date of birth.");
    } else if (age->state == VALUE_BLANK) {
        *age = (struct value){.number = derived, .state = VALUE_GOOD};
    } else if (age->state == VALUE_GOOD && age->number != derived) {
        find_born(j, FINDING_INCONSISTENT,
                  say(j,
                      "By the date of birth the person was %d on the quit date, but ageAtQuitDate says %d.",
                      derived, age->number),
                  "Correct one of the two, or leave one out.");
    }
}

static int stand_in(const struct judging *j, size_t column) {
    const struct lookups *l = j ? j->in->lookups : NULL;
    bool resolves = !j || (l && (l->postcodes || l->elsewhere));
    if (column == EPISODE_AUTHORITY && resolves) return EPISODE_POSTCODE;
    return column == EPISODE_AGE ? EPISODE_BORN : -1;
}

/* ---- follow-ups ---- */

static const struct {
    enum episode_column outcome, date;
} STAGES[STAGE_COUNT] = {
    [STAGE_4W] = {EPISODE_OUTCOME_4W, EPISODE_DATE_4W},
    [STAGE_12W] = {EPISODE_OUTCOME_12W, EPISODE_DATE_12W},
    [STAGE_26W] = {EPISODE_OUTCOME_26W, EPISODE_DATE_26W},
    [STAGE_52W] = {EPISODE_OUTCOME_52W, EPISODE_DATE_52W},
};

static void check_stage(struct judging *j, enum stage stage) {
    const struct row *r = &j->row;
    size_t outcome = STAGES[stage].outcome, date = STAGES[stage].date;
    if (r->values[date].state != VALUE_GOOD) return;
    if (r->values[outcome].state == VALUE_BLANK) {
        struct finding *f = find_warning(j, outcome, FINDING_MISSING_VALUE);
        if (!f) return;
        f->detail = say(j, "The %s follow-up has a date but no outcome.", STAGE_WORDS[stage]);
        f->fix = STR("Write 1 (quit), 2 (not quit) or 3 (lost to follow-up), or take the date out.");
        return;
    }
    bool both = r->values[outcome].state == VALUE_GOOD && row_has(r, EPISODE_QUIT_DATE);
    if (both) rule_window(j, date, stage, r->values[EPISODE_QUIT_DATE].number, r->values[date].number);
}

static void check_co(struct judging *j) {
    const struct row *r = &j->row;
    if (!row_has(r, EPISODE_CO_4W) || !str_is(row_text(r, EPISODE_OUTCOME_4W), "1")) return;
    if (r->values[EPISODE_CO_DATE_4W].state == VALUE_BLANK)
        rule_co_method(j, EPISODE_METHOD_4W, EPISODE_CO_4W);
}

/* ---- other episodes ---- */

static const struct hash128 NOBODY = {0, 0}; /* what a record holds of an id that is blank or bad */

static void check_other_period(struct judging *j, const struct fact_episode *e) {
    const struct known *known = j->in->known;
    struct episode_at at;
    if (!known || j->is_twin || hash128_eq(e->id, NOBODY)) return;
    if (known->episode(known->context, e->id, j->in->period, &at) != EPISODE_IN_FORCE) return;
    struct finding *f = find_in_row(j, EPISODE_ID, FINDING_DUPLICATE);
    if (!f) return;
    char period[PERIOD_TEXT], here[PERIOD_TEXT];
    f->detail = say(j, "This episode has already been returned for %s.", period_format(at.period, period));
    f->fix = say(
        j,
        "An episode belongs to the period of its quit date. Take it out here, or first send %s without it; give a new attempt in %s an id of its own.",
        period, period_format(j->in->period, here));
}

/* The id, the client and the quit date. */
enum { AMONG_BYTES = 40 };
_Static_assert(offsetof(struct fact_episode, id) == 0 && offsetof(struct fact_episode, quit) < AMONG_BYTES &&
                   offsetof(struct fact_episode, client) < offsetof(struct fact_episode, quit),
               "they stand in front");

static const struct fact_episode *earlier_fact(struct judging *j, uint32_t row) {
    return spill_at(&j->out->facts_kept, (uint64_t)(row - 1) * j->fact_kept, AMONG_BYTES);
}

static const void *earlier_client(void *context, uint32_t row) {
    return &earlier_fact(context, row)->client;
}

static int earlier_quit_day(void *context, uint32_t row) {
    struct judging *j = context;
    return fact_day_value(earlier_fact(j, row)->quit) - j->first_day;
}

/* A row that repeats another's id has been told so already. */
static void check_repeat(struct judging *j, const struct fact_episode *e) {
    if (j->is_twin || hash128_eq(e->client, NOBODY) || e->quit == FACT_NO_DAY) return;
    struct repeat_rows rows = {{earlier_client, j}, earlier_quit_day, j};
    int near =
        repeats_note(&j->repeats, rows, e->client, j->row.number, fact_day_value(e->quit) - j->first_day);
    struct finding *f = near >= 0 ? find_in_row(j, EPISODE_CLIENT_ID, FINDING_REPEAT_ATTEMPT) : NULL;
    if (!f) return;
    char day[DAY_TEXT];
    f->detail =
        say(j, "This client has another episode in this file, with quit date %s, less than %d days away.",
            day_format(j->first_day + near, day), REPEAT_WITHIN_DAYS);
    f->fix = STR(
        "Check that these are two attempts and not one sent twice. If they are two, nothing has to be done.");
}

static void among_soon(const struct judging *j, const void *fact) {
    const struct fact_episode *e = fact;
    id_set_prefetch(&j->repeats.clients, id_set_tag(&j->repeats.clients, e->client));
}

static void among(struct judging *j, const void *fact) {
    check_other_period(j, fact);
    check_repeat(j, fact);
}

static void hash_client(struct judging *j) {
    if (!row_has(&j->row, EPISODE_CLIENT_ID)) return;
    j->client_hash = hash128_of(j->row.values[EPISODE_CLIENT_ID].text);
    id_set_prefetch(&j->repeats.clients, id_set_tag(&j->repeats.clients, j->client_hash));
}

static void check(struct judging *j) {
    hash_client(j);
    j->site_hash = rule_fact_hash_again(j, EPISODE_SITE);
    j->adviser_hash = rule_fact_hash_again(j, EPISODE_ADVISER);
    check_age(j);
    rule_place(j);
    for (enum stage stage = 0; stage < STAGE_COUNT; stage++)
        check_stage(j, stage);
    check_co(j);
    rule_listed(j, EPISODE_SITE, PART_SITES, j->site_hash, FINDING_UNKNOWN_SITE);
    rule_listed(j, EPISODE_ADVISER, PART_ADVISERS, j->adviser_hash, FINDING_UNKNOWN_ADVISER);
}

/* ---- the record ---- */

static uint16_t flags_of(const struct row *r) {
    static const uint8_t FLAGS[] = {
        [FLAG_FREE_PRESCRIPTION] = EPISODE_FREE_PRESCRIPTION,
        [FLAG_PREGNANT] = EPISODE_PREGNANT,
        [FLAG_SERIOUS_MENTAL_ILLNESS] = EPISODE_SMI,
        [FLAG_HOMELESS] = EPISODE_HOMELESS,
        [FLAG_SUBSTANCE_MISUSE] = EPISODE_SUBSTANCE,
        [FLAG_SWAP_TO_STOP] = EPISODE_SWAP,
        [FLAG_EXTENDED_SUPPORT] = EPISODE_EXTENDED,
        [FLAG_SMOKING_AT_DELIVERY] = EPISODE_SMOKING_AT_DELIVERY,
    };
    unsigned flags = 0;
    for (size_t i = 0; i < sizeof FLAGS; i++)
        if (row_has(r, FLAGS[i]))
            flags |= (r->values[FLAGS[i]].number ? 2u : 1u) << (2 * i); /* FLAG_YES, FLAG_NO */
    return (uint16_t)flags;
}

static uint8_t outcome_of(const struct row *r, size_t column) {
    return row_has(r, column) ? (uint8_t)(r->values[column].text.p[0] - '0') : 0;
}

static void among_fact(const struct judging *j, void *out) {
    struct fact_episode *f = out;
    f->id = j->id_hash;
    if (row_has(&j->row, EPISODE_CLIENT_ID)) f->client = j->client_hash;
    f->quit = rule_fact_day(&j->row, EPISODE_QUIT_DATE);
}

static void fact(const struct judging *j, void *out) {
    const struct row *r = &j->row;
    struct fact_episode *f = out;
    among_fact(j, out);
    for (size_t s = 0; s < STAGE_COUNT; s++) {
        f->followed_up[s] = rule_fact_day(r, STAGES[s].date);
        f->outcome[s] = outcome_of(r, STAGES[s].outcome);
    }
    f->co4_day = rule_fact_day(r, EPISODE_CO_DATE_4W);
    f->delivery = rule_fact_day(r, EPISODE_DELIVERY_DATE);
    f->gender = rule_fact_code(r, EPISODE_GENDER);
    f->sexual_orientation = rule_fact_code(r, EPISODE_ORIENTATION);
    f->ethnic_category = rule_fact_code(r, EPISODE_ETHNIC);
    f->nssec = rule_fact_code(r, EPISODE_NSSEC);
    f->intervention_type = rule_fact_code(r, EPISODE_INTERVENTION);
    f->setting = rule_fact_code(r, EPISODE_SETTING);
    f->aid = rule_fact_code(r, EPISODE_AID);
    f->authority = (uint32_t)row_number(r, EPISODE_AUTHORITY, 0);
    f->age = (uint8_t)row_number(r, EPISODE_AGE, FACT_NO_AGE);
    f->imd_quintile = (uint8_t)row_number(r, EPISODE_IMD, 0);
    f->co4 = (uint8_t)row_number(r, EPISODE_CO_4W, FACT_NO_CO);
    f->co12 = (uint8_t)row_number(r, EPISODE_CO_12W, FACT_NO_CO);
    f->method4 = (uint8_t)row_number(r, EPISODE_METHOD_4W, METHOD_WORD_NONE);
    f->flags = flags_of(r);
    f->satisfaction = (uint8_t)row_number(r, EPISODE_SATISFACTION, 0);
    f->conditions = (uint8_t)row_number(r, EPISODE_CONDITIONS, 0);
    f->tenure = (uint8_t)row_number(r, EPISODE_TENURE, 0);
    f->site = j->site_hash.a;
    f->adviser = j->adviser_hash.a;
}

const struct part_rules episode_rules = {
    .check = check,
    .among = among,
    .among_fact = among_fact,
    .among_bytes = AMONG_BYTES,
    .among_soon = among_soon,
    .fact = fact,
    .stand_in = stand_in,
};
