#include "handlers/either.h"

#include "returns/findings.h"

void either_check(struct judgement *j, const struct book *book, enum part_id part, int16_t period) {
    if (part != PART_EPISODES && part != PART_NATIONAL) return;
    enum part_id other = part == PART_EPISODES ? PART_NATIONAL : PART_EPISODES;
    const struct held *h = book_find(book, other, period);
    if (!h || h->rows == 0) return;
    char text[PERIOD_TEXT];
    struct finding what = {
        .row = 0, .line = 1, .code = FINDING_EPISODES_AND_NATIONAL, .severity = SEVERITY_ERROR};
    struct finding *f = findings_add(&j->findings, &what);
    if (!f) return;
    f->detail = arena_printf(
        &j->findings.arena,
        "Version %d of %s, with %u row%s, is in force for %s; a period holds client records (episodes) or the cells of "
        "the national return (national), not both.",
        (int)h->version, part_name(other), (unsigned)h->rows, h->rows == 1 ? "" : "s",
        period_format(period, text));
    f->fix = arena_printf(
        &j->findings.arena,
        "Leave %s as it is and do not send %s. To change over, take %s back first: send it with its "
        "header row alone (a nil return), then send this file again.",
        part_name(other), part_name(part), part_name(other));
}
