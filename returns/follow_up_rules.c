/* follow_up_rules: a follow-up belongs to an episode that the provider has returned, and counts within the
 * window of its stage. */
#include "returns/parts/follow_ups.h"
#include "returns/rules.h"

static enum stage stage_of(const struct row *r) {
    return (enum stage)(r->values[FOLLOW_UP_STAGE].number - 1);
}

static void find_unknown(struct judging *j) {
    struct finding *f = find_in_row(j, FOLLOW_UP_EPISODE_ID, FINDING_UNKNOWN_EPISODE);
    if (!f) return;
    f->detail = STR("No episode with this id has been returned for this or an earlier period.");
    f->fix = STR(
        "Check the id (upper and lower case differ), and send the episodes of the period before their follow-ups.");
}

static void find_later(struct judging *j, int16_t period) {
    struct finding *f = find_in_row(j, FOLLOW_UP_EPISODE_ID, FINDING_UNKNOWN_EPISODE);
    if (!f) return;
    char at[PERIOD_TEXT], here[PERIOD_TEXT];
    f->detail = say(j, "This episode belongs to %s, which is later than %s.", period_format(period, at),
                    period_format(j->in->period, here));
    f->fix = say(j, "Send the follow-up in the return of %s or of a later period.", at);
}

static void find_orphan(struct judging *j) {
    struct finding *f = find_in_row(j, FOLLOW_UP_EPISODE_ID, FINDING_ORPHAN_FOLLOW_UP);
    if (!f) return;
    f->detail = STR("A later version took this episode out: the follow-up is kept but counts nowhere.");
    f->fix = STR("Take the follow-up out too, or send the episode again.");
}

static void look_up(struct judging *j) {
    const struct known *known = j->in->known;
    struct row *r = &j->row;
    struct episode_at at = {.quit_day = DAY_NONE};
    if (!known || !row_has(r, FOLLOW_UP_EPISODE_ID)) return;
    enum episode_standing standing = known->episode(known->context, j->id_hash, -1, &at);
    if (standing == EPISODE_UNKNOWN) find_unknown(j);
    if (standing == EPISODE_REMOVED) find_orphan(j);
    if (standing != EPISODE_IN_FORCE) return;
    if (at.period > j->in->period) {
        find_later(j, at.period);
        return;
    }
    bool dated = row_has(r, FOLLOW_UP_STAGE) && row_has(r, FOLLOW_UP_DATE) && row_has(r, FOLLOW_UP_OUTCOME);
    if (dated && at.quit_day != DAY_NONE)
        rule_window(j, FOLLOW_UP_DATE, stage_of(r), at.quit_day, r->values[FOLLOW_UP_DATE].number);
}

/* Only the 4-week reading asks for the method (contract section 5). */
static void check(struct judging *j) {
    const struct row *r = &j->row;
    if (!row_has(r, FOLLOW_UP_CO) || !row_has(r, FOLLOW_UP_STAGE) || stage_of(r) != STAGE_4W) return;
    if (!str_is(row_text(r, FOLLOW_UP_OUTCOME), "1")) return;
    if (r->values[FOLLOW_UP_CO_DATE].state == VALUE_BLANK) rule_co_method(j, FOLLOW_UP_METHOD, FOLLOW_UP_CO);
}

static void fact(const struct judging *j, void *out) {
    const struct row *r = &j->row;
    struct fact_follow_up *f = out;
    f->id = j->id_hash;
    f->day = fact_day(row_number(r, FOLLOW_UP_DATE, DAY_NONE));
    f->co_day = fact_day(row_number(r, FOLLOW_UP_CO_DATE, DAY_NONE));
    f->stage = row_has(r, FOLLOW_UP_STAGE) ? (uint8_t)stage_of(r) : 0;
    f->outcome = row_has(r, FOLLOW_UP_OUTCOME) ? (uint8_t)(r->values[FOLLOW_UP_OUTCOME].text.p[0] - '0') : 0;
    f->method = (uint8_t)row_number(r, FOLLOW_UP_METHOD, METHOD_WORD_NONE);
    f->co = (uint8_t)row_number(r, FOLLOW_UP_CO, FACT_NO_CO);
}

const struct part_rules follow_up_rules = {.check = check, .look_up = look_up, .fact = fact};
