/* rules_known: what a row names must stand in the provider's other parts. The finding names both places: the row here, and the part,
 * period and version that were looked into. */
#include "returns/rules.h"

void rule_listed(struct judging *j, size_t column, enum part_id list, struct hash128 id,
                 enum finding_code code) {
    const struct known *known = j->in->known;
    struct looked_into at = {0};
    if (!known || !row_has(&j->row, column)) return;
    if (known->listed(known->context, list, j->in->period, id, &at) != LIST_LACKS) return;
    struct finding *f = find_in_row(j, column, code);
    if (!f) return;
    char period[PERIOD_TEXT];
    f->detail = say(j, "%.*s is not in the list of %s in force, version %d of %s.",
                    STR_ARG(shown(j, column, row_text(&j->row, column))), part_name(list), (int)at.version,
                    period_format(at.period, period));
    f->fix = say(j, "Check the id (upper and lower case differ), or add it to %s and send that too.",
                 part_name(list));
}

/* Episodes may well come after what names them: nothing is said before those of the period were sent. */
void rule_episode_exists(struct judging *j, size_t column) {
    const struct known *known = j->in->known;
    struct looked_into into = {0};
    struct episode_at at;
    if (!known || !known->episodes_of || !row_has(&j->row, column)) return;
    if (!known->episodes_of(known->context, j->in->period, &into)) return;
    enum episode_standing standing =
        known->episode(known->context, hash128_of(row_text(&j->row, column)), -1, &at);
    if (standing == EPISODE_IN_FORCE) return;
    struct finding *f = find_warning(j, column, FINDING_UNKNOWN_EPISODE);
    if (!f) return;
    char period[PERIOD_TEXT];
    f->detail = say(j, "%s: looked in the episodes of %s, version %d, and in those of all other periods.",
                    standing == EPISODE_REMOVED ? "A later version took the episode with this id out"
                                                : "No episode with this id has been returned",
                    period_format(into.period, period), (int)into.version);
    f->fix = say(
        j, "Check the id (upper and lower case differ), or send the episode. The row of %s is kept as it is.",
        j->part->name);
}
