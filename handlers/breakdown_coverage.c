/* What the numbers of a breakdown cover: see breakdown.h. No number of people is in here, so it is the same for every audience. */
#include "handlers/breakdown.h"

/* ---- why a national return is left out ---- */

static void add_name(struct buf *out, const char *between, const char *name) {
    buf_printf(out, "%s%s", out->n ? between : "", name);
}

/* The dimensions by which the form tells the measure: single ones, then crossed ones but for those with the provider. */
static void tell_tables(struct buf *out, enum measure m) {
    struct buf single = BUF_EMPTY, crossed = BUF_EMPTY;
    for (unsigned d = 0; d < DIMENSION_COUNT; d++) {
        if (!national_tells(m, (enum dimension[]){(enum dimension)d}, 1)) continue;
        add_name(&single, ", ", dimension_info((enum dimension)d)->name);
        for (unsigned k = d + 1; k < DIMENSION_COUNT; k++) {
            enum dimension both[] = {(enum dimension)d, (enum dimension)k};
            if (d == DIMENSION_PROVIDER || k == DIMENSION_PROVIDER || !national_tells(m, both, 2)) continue;
            add_name(&crossed, " and ", dimension_info(both[0])->name);
            buf_printf(&crossed, ",%s", dimension_info(both[1])->name);
        }
    }
    buf_printf(out, "by %.*s, by each of these crossed with provider, and by %.*s", STR_ARG(buf_str(&single)),
               STR_ARG(buf_str(&crossed)));
    buf_free(&single);
    buf_free(&crossed);
}

static void tell_measures(struct buf *out) {
    struct buf names = BUF_EMPTY;
    for (unsigned m = 0; m < MEASURE_COUNT; m++)
        if (national_tells((enum measure)m, NULL, 0))
            add_name(&names, ", ", measure_info((enum measure)m)->name);
    buf_add_str(out, buf_str(&names));
    buf_free(&names);
}

static void tell_dimensions(struct buf *out, const struct breakdown *t) {
    for (size_t i = 0; i < t->by_count; i++)
        buf_printf(out, "%s%s", i ? "," : "", dimension_info(t->by[i].which)->name);
}

static void tell_why(struct buf *out, const struct breakdown *t, enum national_told told) {
    const char *measure = measure_info(t->measure)->name;
    switch (told) {
    case NATIONAL_NO_AUTHORITY:
        buf_add_cstr(
            out,
            "The cells of a national return belong to no authority; leave localAuthority out to count them.");
        break;
    case NATIONAL_NO_MEASURE:
        buf_printf(out, "A national return does not tell %s. It tells ", measure);
        tell_measures(out);
        buf_add_cstr(out, ".");
        break;
    case NATIONAL_NO_TABLE:
        buf_printf(out, "A national return does not tell %s by ", measure);
        tell_dimensions(out, t);
        buf_add_cstr(out, ". It tells it ");
        tell_tables(out, t->measure);
        buf_add_cstr(out, ".");
        break;
    case NATIONAL_SERVICE_USERS:
        buf_add_cstr(
            out,
            "The rows of harm-reduction are counted. The people of the national return are not: it does not tell which of "
            "them are on the pathway.");
        break;
    case NATIONAL_DISAGREES:
        buf_add_cstr(
            out,
            "Parts 1B and 1C of the national return disagree: without the pregnant people of 1C, more of 1B would count above "
            "the line than below it. Correct the return.");
        break;
    default: break;
    }
}

/* ---- the members ---- */

static void provider_and_periods(struct json *j, const struct breakdown_answer *a,
                                 const struct national_note *n) {
    json_field_str(j, "provider", n->provider);
    json_key(j, "periods");
    json_array_begin(j);
    for (int16_t p = a->table.from; p <= a->table.to; p++) {
        char text[PERIOD_TEXT];
        if (n->quarters >> (period_quarter(p) - 1) & 1) json_cstr(j, period_format(p, text));
    }
    json_end(j);
}

static void returns_write(struct json *j, const struct breakdown_answer *a) {
    json_key(j, "nationalReturns");
    json_array_begin(j);
    for (size_t i = 0; i < a->note_count; i++) {
        if (a->notes[i].told != NATIONAL_TOLD) continue;
        json_object_begin(j);
        provider_and_periods(j, a, &a->notes[i]);
        json_end(j);
    }
    json_end(j);
}

static bool is_not_counted(const struct breakdown_answer *a, size_t note) {
    return national_is_left_out(a->notes[note].told);
}

/* A provider has one note at most of what is left out. Returns how many have one. */
static size_t not_counted_write(struct json *j, const struct breakdown_answer *a) {
    size_t count = 0;
    json_key(j, "notCounted");
    json_array_begin(j);
    for (size_t i = 0; i < a->note_count; i++) {
        if (!is_not_counted(a, i)) continue;
        json_str(j, a->notes[i].provider);
        count++;
    }
    json_end(j);
    return count;
}

static void because_write(struct json *j, const struct breakdown_answer *a) {
    json_key(j, "notCountedBecause");
    json_array_begin(j);
    for (size_t i = 0; i < a->note_count; i++) {
        struct buf why = BUF_EMPTY;
        if (!is_not_counted(a, i)) continue;
        tell_why(&why, &a->table, a->notes[i].told);
        json_object_begin(j);
        provider_and_periods(j, a, &a->notes[i]);
        json_field_cstr(j, "code", national_told_name(a->notes[i].told));
        json_field_str(j, "detail", buf_str(&why));
        json_end(j);
        buf_free(&why);
    }
    json_end(j);
}

static void add_providers(struct buf *out, const struct breakdown_answer *a, bool left_out,
                          const char *lead) {
    struct buf names = BUF_EMPTY;
    for (size_t i = 0; i < a->note_count; i++) {
        if (is_not_counted(a, i) != left_out) continue;
        buf_printf(&names, "%s%.*s", names.n ? ", " : "", STR_ARG(a->notes[i].provider));
    }
    if (names.n) buf_printf(out, "%s%.*s", lead, STR_ARG(buf_str(&names)));
    buf_free(&names);
}

/* In a sentence, beside the total. */
static void covers_write(struct json *j, const struct breakdown_answer *a) {
    struct buf text = BUF_EMPTY;
    enum measure m = a->table.measure;
    buf_printf(&text, "The rows of %s%s", part_name(measure_info(m)->part),
               measure_counts_service_users(m) ? " and episodes" : "");
    add_providers(&text, a, false, ", and the national returns of ");
    add_providers(&text, a, true, "; not the national returns of ");
    buf_add_cstr(&text, ".");
    json_field_str(j, "covers", buf_str(&text));
    buf_free(&text);
}

void breakdown_coverage_write(struct json *j, const struct breakdown_answer *a) {
    covers_write(j, a);
    json_key(j, "coverage");
    json_object_begin(j);
    json_field_int(j, "expected", (int64_t)a->expected);
    json_field_int(j, "reported", (int64_t)a->reported);
    json_end(j);
    returns_write(j, a);
    size_t left_out = not_counted_write(j, a);
    because_write(j, a);
    json_field_bool(j, "partial", a->reported < a->expected || left_out > 0);
}
