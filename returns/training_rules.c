/* training_rules: a specialty session says what it was about; of the attendees some rated it, and of these
 * some well; organisations are a list of names with numbers. */
#include "returns/parts/training_sessions.h"
#include "returns/rules.h"

static void check_topic(struct judging *j) {
    const struct row *r = &j->row;
    bool needed = row_number(r, TRAINING_TYPE, TRAINING_WORD_NONE) == TRAINING_WORD_SPECIALTY;
    if (!needed || r->values[TRAINING_TOPIC].state != VALUE_BLANK) return;
    struct finding *f = find_in_row(j, TRAINING_TOPIC, FINDING_MISSING_VALUE);
    if (!f) return;
    f->detail = STR("A SPECIALTY session needs its topic.");
    f->fix = STR("Write what it was about, for example VAPING.");
}

/* Good ratings without the number of ratings: none were received. */
static void check_ratings(struct judging *j) {
    const struct row *r = &j->row;
    rule_at_most(j, TRAINING_RATINGS, TRAINING_ATTENDEES);
    rule_at_most(j, TRAINING_GOOD, TRAINING_RATINGS);
    if (r->values[TRAINING_RATINGS].state != VALUE_BLANK || row_number(r, TRAINING_GOOD, 0) == 0) return;
    struct finding *f = find_in_row(j, TRAINING_GOOD, FINDING_INCONSISTENT);
    if (!f) return;
    f->detail = STR("There are good ratings, but ratingsReceived is blank.");
    f->fix = STR("Write in ratingsReceived how many attendees rated the session.");
}

/* "Name:attendees": the last colon divides, so that a name may have one. False when something is wrong. */
static bool organisation_is_good(struct judging *j, str one) {
    size_t colon = one.n;
    while (colon && one.p[colon - 1] != ':')
        colon--;
    str name = str_trim(str_sub(one, 0, colon ? colon - 1 : one.n));
    str number = colon ? str_trim(str_sub(one, colon, one.n)) : STR_NONE;
    uint64_t attendees;
    bool counted = str_to_uint(number, ATTENDEES_MOST, &attendees);
    if (name.n && counted) return true;
    struct finding *f =
        find_in_row(j, TRAINING_ORGANISATIONS, name.n ? FINDING_BAD_NUMBER : FINDING_MISSING_VALUE);
    if (!f) return false;
    str word = shown(j, TRAINING_ORGANISATIONS, one);
    if (!name.n) f->detail = say(j, "%.*s has no name before the colon.", STR_ARG(word));
    else
        f->detail = say(j, "%.*s does not end with a colon and a number of attendees up to %d.",
                        STR_ARG(word), ATTENDEES_MOST);
    f->fix =
        STR("Write each organisation as name:attendees, joined by semicolons: Homerton:8;Hackney Council:4.");
    return false;
}

/* One finding a cell, as for every other column. */
static void check_organisations(struct judging *j) {
    struct value *v = &j->row.values[TRAINING_ORGANISATIONS];
    str rest = row_text(&j->row, TRAINING_ORGANISATIONS);
    while (rest.n && v->state == VALUE_GOOD) {
        str one = str_trim(str_cut(&rest, ';'));
        if (one.n && !organisation_is_good(j, one)) v->state = VALUE_BAD;
    }
}

static void check(struct judging *j) {
    check_topic(j);
    check_ratings(j);
    check_organisations(j);
}

static void fact(const struct judging *j, void *out) {
    const struct row *r = &j->row;
    struct fact_training_session *f = out;
    f->day = rule_fact_day(r, TRAINING_DATE);
    f->flags = rule_fact_flag(r, TRAINING_OUT_OF_HOURS, TRAINING_FLAG_OUT_OF_HOURS) |
               rule_fact_flag(r, TRAINING_CERTIFIED, TRAINING_FLAG_CERTIFIED);
    f->attendees = rule_fact_count(r, TRAINING_ATTENDEES);
    f->ratings = rule_fact_count(r, TRAINING_RATINGS);
    f->good = rule_fact_count(r, TRAINING_GOOD);
    f->type = (uint8_t)row_number(r, TRAINING_TYPE, TRAINING_WORD_NONE);
    f->topic = (uint8_t)row_number(r, TRAINING_TOPIC, 0);
}

const struct part_rules training_rules = {.check = check, .fact = fact};
