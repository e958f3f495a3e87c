/* explanation_sentence: "Red: 617 of 993 expected by now, 62.13 %; 327 more would be amber, 376 more green." The words of the answer
 * to a councillor; every number in them stands elsewhere in the answer too. */
#include "handlers/explanation.h"

static const char *colour(enum rag r) {
    static const char *const COLOURS[] = {"", "Red", "Amber", "Green", "Blue"};
    return COLOURS[rag_rank(r)];
}

/* 1234567 as 1,234,567. */
static void add_grouped(struct buf *out, int64_t n) {
    if (n >= 1000) {
        add_grouped(out, n / 1000);
        buf_printf(out, ",%03d", (int)(n % 1000));
    } else {
        buf_add_int(out, n);
    }
}

static void add_percent(struct buf *out, struct fraction f) {
    buf_add_decimal(out, (struct decimal){fraction_round(f, 2), 2});
    buf_add_cstr(out, " %");
}

/* People who are counted already are easier to reach than new ones, where they can be reached at all. */
static bool by_changing(const struct kpi *k, const struct smallest_change *c) {
    return !k->together && c->changing.reachable;
}

static void add_change(struct buf *out, const struct explained *x, enum rag goal, const char *name,
                       bool first) {
    const struct figure *f = &x->figures.year_to_date;
    struct smallest_change c =
        smallest_change_to(goal, x->kpi, x->figures.year, f->numerator, f->denominator, &f->goal);
    bool changing = by_changing(x->kpi, &c);
    struct change near = changing ? c.changing : c.adding;
    buf_add_cstr(out, first ? "; " : ", ");
    if (!near.reachable) {
        buf_printf(out, "%s is out of reach", name);
        return;
    }
    bool fewer = x->kpi->direction == KPI_LOWER && changing;
    add_grouped(out, near.count);
    buf_printf(out, first ? " %s would be %s" : " %s %s", fewer ? "fewer" : "more", name);
}

static void add_changes(struct buf *out, const struct explained *x) {
    int now = rag_rank(x->figures.rag);
    bool first = true;
    static const struct {
        enum rag goal;
        const char *name;
    } GOALS[] = {{RAG_AMBER, "amber"}, {RAG_GREEN, "green"}, {RAG_BLUE, "blue"}};
    for (size_t i = 0; i < sizeof GOALS / sizeof *GOALS; i++) {
        bool exists = GOALS[i].goal != RAG_BLUE || x->figures.year->scheme == SCHEME_FOUR_COLOURS;
        if (!exists || rag_rank(GOALS[i].goal) <= now) continue;
        add_change(out, x, GOALS[i].goal, GOALS[i].name, first);
        first = false;
    }
}

/* A count; the target of last year's shape may be a fraction, of which two decimals are said. */
static void add_people(struct buf *out, struct fraction f) {
    int64_t hundredths = fraction_round(f, 2);
    int rest = (int)(hundredths % 100);
    add_grouped(out, hundredths / 100);
    if (rest) buf_printf(out, rest % 10 ? ".%02d" : ".%d", rest % 10 ? rest : rest / 10);
}

static void add_amount(struct buf *out, const struct kpi *k, struct fraction f) {
    if (k->unit == KPI_COUNT) add_people(out, f);
    else add_percent(out, f);
}

/* Which of minimum and stretch is reached, where the framework sets them. */
static void add_reached(struct buf *out, const struct explained *x) {
    const struct figure *f = &x->figures.year_to_date;
    enum reached r = goal_reached(x->kpi, &f->goal, figure_value(x->kpi, f));
    bool to_stretch = f->goal.stretch.den && r >= REACHED_TARGET;
    bool to_minimum = f->goal.minimum.den && r < REACHED_TARGET;
    if (!to_stretch && !to_minimum) return;
    buf_add_cstr(out, to_stretch ? "; the stretch target of " : "; the minimum of ");
    add_amount(out, x->kpi, to_stretch ? f->goal.stretch : f->goal.minimum);
    buf_add_cstr(out, r == REACHED_STRETCH || r == REACHED_MINIMUM ? " is reached" : " is not reached");
}

/* Havering's rule asks for the value of a year before. */
static void add_direction(struct buf *out, const struct explained *x) {
    struct fraction then = x->figures.year_to_date.goal.last_year;
    if (x->figures.year->scheme != SCHEME_DIRECTION || x->figures.rag == RAG_GREEN) return;
    if (then.den == 0) {
        buf_add_cstr(out, "; there is no value of a year before to be no worse than");
        return;
    }
    buf_add_cstr(out, x->figures.rag == RAG_AMBER ? "; no worse than " : "; worse than ");
    add_amount(out, x->kpi, then);
    buf_add_cstr(out, " a year before");
}

static void add_target(struct buf *out, const struct explained *x) {
    const struct kpi *k = x->kpi;
    const char *words = k->direction == KPI_HIGHER ? "at least" : k->strict ? "less than" : "at most";
    buf_printf(out, "; %s ", words);
    add_percent(out, x->figures.year_to_date.goal.target);
    buf_add_cstr(out, " is asked for");
}

static void add_count(struct buf *out, const struct explained *x) {
    const struct figure *f = &x->figures.year_to_date;
    buf_printf(out, "%s: ", colour(x->figures.rag));
    add_grouped(out, f->numerator);
    buf_add_cstr(out, " of ");
    add_amount(out, x->kpi, f->goal.target);
    buf_add_cstr(out, " expected by now");
    if (f->goal.target.num <= 0) return;
    buf_add_cstr(out, ", ");
    struct fraction percent = fraction_mul(fraction_of(f->numerator, 1), fraction_of(100, 1));
    add_percent(out, fraction_div(percent, f->goal.target));
}

static void add_rate(struct buf *out, const struct explained *x) {
    const struct figure *f = &x->figures.year_to_date;
    buf_printf(out, "%s: ", colour(x->figures.rag));
    add_grouped(out, f->numerator);
    buf_add_cstr(out, " of ");
    add_grouped(out, f->denominator);
    buf_add_cstr(out, ", ");
    add_percent(out, figure_value(x->kpi, f));
    add_target(out, x);
}

/* "in 2025-26-Q1", "from 2025-26-Q1 to 2025-26-Q3". */
static void add_span(struct buf *out, int16_t period) {
    char from[PERIOD_TEXT], to[PERIOD_TEXT];
    int16_t first = period_of(period_year(period), 1);
    period_format(period, to);
    if (first == period) buf_printf(out, "in %s", to);
    else buf_printf(out, "from %s to %s", period_format(first, from), to);
}

static void add_without_colour(struct buf *out, const struct explained *x) {
    const char *part = part_name(x->kpi->part);
    switch (x->figures.rag) {
    case RAG_NOT_DUE:
        buf_add_cstr(out, "Not due: nothing of the cohort ");
        add_span(out, x->period);
        buf_add_cstr(out, " can be judged yet");
        break;
    case RAG_BASELINE:
        buf_add_cstr(out, "Baseline: there is no target this year; what is reached sets the baseline");
        break;
    case RAG_NO_DATA:
        if (x->ask->authority && !x->kpi->has_authority) {
            buf_printf(out, "No data: the rows of %s belong to no local authority", part);
            break;
        }
        if (x->figures.year_to_date.has_numbers) buf_printf(out, "No data: %s was sent ", part);
        else buf_printf(out, "No data: nobody has sent %s ", part);
        add_span(out, x->period);
        if (x->figures.year_to_date.has_numbers)
            buf_add_cstr(out, ", but nothing in it makes up the denominator");
        break;
    default: buf_add_cstr(out, "No colour: the targets of counts are the service's, not one provider's");
    }
}

void explanation_sentence(struct buf *out, const struct explained *x) {
    enum rag rag = x->figures.rag;
    if (rag_rank(rag) == 0) add_without_colour(out, x);
    else if (x->kpi->unit == KPI_COUNT) add_count(out, x);
    else add_rate(out, x);
    if (rag_rank(rag)) {
        add_direction(out, x);
        add_reached(out, x);
        add_changes(out, x);
    }
    buf_add_char(out, '.');
}
