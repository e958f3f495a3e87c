/* See part.h. Which parts can be sent yet is decided here and nowhere else: one line in PARTS. */
#include "returns/part.h"

#include "returns/parts/parts.h"

static const char *const NAMES[PART_COUNT] = {
    [PART_EPISODES] = "episodes",
    [PART_FOLLOW_UPS] = "follow-ups",
    [PART_HARM_REDUCTION] = "harm-reduction",
    [PART_REFERRALS] = "referrals",
    [PART_CONTACTS] = "contacts",
    [PART_TRAINING_SESSIONS] = "training-sessions",
    [PART_ADVISERS] = "advisers",
    [PART_SITES] = "sites",
    [PART_WEB_ANALYTICS] = "web-analytics",
    [PART_MEDIA_ACTIVITY] = "media-activity",
    [PART_NATIONAL] = "national",
};

/* The tables of the others stand in returns/parts/ already; a line here offers them, once their rules are
 * written. */
static const struct part *const PARTS[PART_COUNT] = {
    [PART_EPISODES] = &part_episodes,
    [PART_FOLLOW_UPS] = &part_follow_ups,
    [PART_HARM_REDUCTION] = &part_harm_reduction,
    [PART_REFERRALS] = &part_referrals,
    [PART_CONTACTS] = &part_contacts,
    [PART_TRAINING_SESSIONS] = &part_training_sessions,
    [PART_ADVISERS] = &part_advisers,
    [PART_SITES] = &part_sites,
    [PART_WEB_ANALYTICS] = &part_web_analytics,
    [PART_MEDIA_ACTIVITY] = &part_media_activity,
    [PART_NATIONAL] = &part_national,
};

const struct part *part_get(enum part_id id) {
    return (unsigned)id < PART_COUNT ? PARTS[id] : NULL;
}

const char *part_name(enum part_id id) {
    return (unsigned)id < PART_COUNT ? NAMES[id] : "";
}

bool part_id_parse(str name, enum part_id *out) {
    for (unsigned i = 0; i < PART_COUNT; i++) {
        if (!str_is(name, NAMES[i])) continue;
        *out = (enum part_id)i;
        return true;
    }
    return false;
}

const struct part *part_find(str name) {
    enum part_id id;
    return part_id_parse(name, &id) ? part_get(id) : NULL;
}

bool part_has_key(const struct part *part) {
    for (size_t i = 0; i < part->column_count; i++)
        if (part->columns[i].flags & COLUMN_KEY) return true;
    return false;
}

size_t part_stored_columns(const struct part *part) {
    size_t count = 0;
    for (size_t i = 0; i < part->column_count; i++)
        count += !(part->columns[i].flags & COLUMN_NOT_STORED);
    return count;
}

/* An underscore before each capital and before the first digit of a number: co12wPpm -> co_12w_ppm. */
char *column_sql_name(const struct column *c, char out[64]) {
    size_t n = 0;
    for (const char *p = c->name; *p && n < 61; p++) {
        bool capital = *p >= 'A' && *p <= 'Z';
        bool number = ascii_is_digit(*p) && p > c->name && !ascii_is_digit(p[-1]);
        if (capital || number) out[n++] = '_';
        out[n++] = ascii_lower(*p);
    }
    out[n] = '\0';
    return out;
}
