/* rules: which part has which rules beyond those of its columns. */
#include "returns/rules.h"

const struct part_rules *part_rules_of(enum part_id id) {
    static const struct part_rules NONE = {.check = NULL};
    switch (id) {
    case PART_EPISODES: return &episode_rules;
    case PART_FOLLOW_UPS: return &follow_up_rules;
    case PART_HARM_REDUCTION: return &harm_reduction_rules;
    case PART_REFERRALS: return &referral_rules;
    case PART_CONTACTS: return &contact_rules;
    case PART_TRAINING_SESSIONS: return &training_rules;
    case PART_ADVISERS: return &adviser_rules;
    case PART_SITES: return &site_rules;
    case LOOKUP_IMD: return &imd_rules;
    case LOOKUP_POSTCODES: return &postcode_rules;
    case LOOKUP_BANK_HOLIDAYS: return &holiday_rules;
    case PART_WEB_ANALYTICS: return &web_rules;
    case PART_NATIONAL: return &national_rules;
    default: return &NONE; /* media-activity: its columns say it all */
    }
}

const char *const STAGE_WORDS[STAGE_COUNT] = {"4-week", "12-week", "26-week", "52-week"};

void rule_window(struct judging *j, size_t date_column, enum stage stage, int32_t quit, int32_t day) {
    int from = j->in->windows.from[stage], to = j->in->windows.to[stage], after = day - quit;
    if (after >= from && after <= to) return;
    struct finding *f = find_in_row(j, date_column, FINDING_FOLLOW_UP_OUTSIDE_WINDOW);
    if (!f) return;
    char first[DAY_TEXT], last[DAY_TEXT];
    f->detail = say(
        j,
        "The %s follow-up is dated %d day%s %s the quit date and does not count; those from day %d to day %d do.",
        STAGE_WORDS[stage], after < 0 ? -after : after, after == 1 || after == -1 ? "" : "s",
        after < 0 ? "before" : "after", from, to);
    f->fix = say(j, "Check both dates. A follow-up counts from %s to %s.", day_format(quit + from, first),
                 day_format(quit + to, last));
}

void rule_co_method(struct judging *j, size_t method_column, size_t co_column) {
    const struct row *r = &j->row;
    const struct value *method = &r->values[method_column];
    const char *co_date = j->part->columns[co_column + 1].name;
    struct finding *f = NULL;
    if (method->state == VALUE_BLANK) {
        if (!(f = find_in_row(j, method_column, FINDING_METHOD_ASSUMED))) return;
        f->detail =
            STR("A CO reading stands without a method: the follow-up is taken to have been face to face.");
        f->fix = say(j, "Write FACE_TO_FACE, or the date of the reading in %s.", co_date);
    } else if (method->state == VALUE_GOOD && method->number != METHOD_WORD_FACE_TO_FACE) {
        if (!(f = find_in_row(j, co_column, FINDING_CO_NOT_FACE_TO_FACE))) return;
        f->detail = say(
            j,
            "The follow-up was by %.*s, where no CO can be measured: the reading does not confirm the quit.",
            STR_ARG(method->text));
        f->fix =
            say(j, "If the reading was taken face to face on another day, write that day in %s.", co_date);
    }
}

void rule_at_most(struct judging *j, size_t column, size_t whole) {
    const struct row *r = &j->row;
    if (!row_has(r, column) || !row_has(r, whole)) return;
    int32_t part = r->values[column].number, all = r->values[whole].number;
    struct finding *f = part > all ? find_in_row(j, column, FINDING_INCONSISTENT) : NULL;
    if (!f) return;
    f->detail = say(j, "%d is more than %s, %d.", (int)part, j->part->columns[whole].name, (int)all);
    f->fix = STR("Correct one of the two numbers.");
}

struct hash128 rule_fact_hash_again(struct judging *j, size_t column) {
    str text = row_text(&j->row, column);
    if (text.n < 3 || text.n > sizeof j->hashes->text) return rule_fact_hash(&j->row, column);
    const unsigned char *end = (const unsigned char *)text.p + text.n;
    unsigned place = end[-1] % 16u + end[-2] % 16u * 10 + end[-3] % 16u * 100;
    struct hash_memory *m = &j->hashes[place % HASHES_KEPT];
    if (m->text_n == text.n && bytes_same(m->text, text.p, text.n)) return m->hash;
    memcpy(m->text, text.p, text.n);
    m->text_n = (uint32_t)text.n;
    m->hash = hash128_of(text);
    return m->hash;
}
