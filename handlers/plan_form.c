#include "handlers/plan_form.h"

#include "handlers/html.h"

/* ---- one page ---- */

/* A4 within 12 mm of margin is 273 mm high; the column of the answers is 142 mm wide. Of Arial at 1 pt a character takes 0.185 mm on
 * average and a line 0.43 mm. What stands on every form (titles, questions, labels, the short fields) takes FIXED_LINES lines. */
enum {
    HEIGHT = 265000,
    WIDTH = 142000,
    CHAR_WIDTH = 185,
    LINE_HEIGHT = 430,
    FIXED_LINES = 30
}; /* micrometres */
enum { TYPE_LARGEST = 100, TYPE_SMALLEST = 40, TYPE_STEP = 5 };

int plan_form_type(size_t chars, size_t lines) {
    for (int type = TYPE_LARGEST; type > TYPE_SMALLEST; type -= TYPE_STEP) {
        size_t per_line = (size_t)WIDTH * 10 / (size_t)(CHAR_WIDTH * type);
        size_t all =
            FIXED_LINES + lines +
            chars / per_line; /* each begun line of typing: what is left of its last, and its space */
        if (all * (size_t)(LINE_HEIGHT * type) / 10 <= HEIGHT) return type;
    }
    return TYPE_SMALLEST;
}

/* Letters (one of UTF-8 is one; two capitals take the room of three others) and lines that are not empty. */
static void measure(str text, size_t *chars, size_t *lines) {
    for (str rest = text, line = str_cut(&rest, '\n'); line.p; line = str_cut(&rest, '\n')) {
        size_t capitals = 0;
        for (size_t i = 0; i < line.n; i++) {
            if (((unsigned char)line.p[i] & 0xc0) != 0x80) ++*chars;
            capitals += line.p[i] >= 'A' && line.p[i] <= 'Z';
        }
        *chars += capitals / 2;
        *lines += str_trim(line).n > 0;
    }
}

static int type_of(const struct plan_words *w) {
    const struct store_plan *p = w->plan;
    const str fields[] = {p->title,
                          p->strategic_lead,
                          p->departmental_lead,
                          p->target,
                          p->performance,
                          p->reason,
                          p->what,
                          p->how,
                          p->who};
    size_t chars = 0, lines = 0;
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
        measure(fields[i], &chars, &lines);
    for (size_t i = 0; i < w->action_count; i++) {
        enum { DATES = 40 }; /* "by 2026-03-31; done 2026-03-02" */
        measure(w->actions[i].what, &chars, &lines);
        measure(w->actions[i].who, &chars, &lines);
        chars += DATES;
    }
    return plan_form_type(chars, lines);
}

/* ---- the form ---- */

static const char STYLE[] =
    "@page{size:A4;margin:12mm}body{font-family:Arial,sans-serif;line-height:1.2;margin:0 auto;max-width:186mm;color:#000}"
    "h1{font-size:1.3em;margin:0 0 .4em;text-align:center}p{margin:0 0 .35em}p:last-child{margin-bottom:0}"
    "table{border-collapse:collapse;width:100%;margin:0 0 .6em;table-layout:fixed}"
    "th,td{border:1px solid #000;padding:.25em .5em;text-align:left;vertical-align:top;overflow-wrap:anywhere}"
    "th{width:22%;font-weight:bold}caption{border:1px solid #000;border-bottom:0;background:#d9d9d9;padding:.25em .5em;text-align:left}"
    "ol{margin:.35em 0 0;padding-left:1.4em}.red{color:#c00;font-weight:bold}footer{font-size:.8em}"
    "@media print{table,tr{break-inside:avoid}body{max-width:none}}"
    ".t100{font-size:10pt}.t95{font-size:9.5pt}.t90{font-size:9pt}.t85{font-size:8.5pt}.t80{font-size:8pt}.t75{font-size:7.5pt}"
    ".t70{font-size:7pt}.t65{font-size:6.5pt}.t60{font-size:6pt}.t55{font-size:5.5pt}.t50{font-size:5pt}.t45{font-size:4.5pt}.t40{font-size:4pt}";

static void section_begin(struct buf *out, const char *title, const char *question) {
    buf_printf(out, "<table><caption><strong>%s</strong>%s%s</caption>\n", title, question[0] ? ": " : "",
               question);
}

static void row_begin(struct buf *out, const char *label) {
    buf_printf(out, "<tr><th scope=\"row\">%s</th><td>", label);
}

static void row_end(struct buf *out) {
    buf_add_cstr(out, "</td></tr>\n");
}

static void row(struct buf *out, const char *label, str text) {
    row_begin(out, label);
    html_paragraphs(out, text);
    row_end(out);
}

static void write_overview(struct buf *out, const struct store_plan *p) {
    section_begin(out, "INDICATOR OVERVIEW", "");
    row(out, "Indicator Title", p->title);
    row(out, "Strategic Director Lead", p->strategic_lead);
    row(out, "Departmental Lead", p->departmental_lead);
    row(out, "Target", p->target);
    buf_add_cstr(out, "</table>\n");
}

static void write_situation(struct buf *out, const struct store_plan *p) {
    section_begin(out, "CURRENT SITUATION",
                  "Detail what the performance is for this measure and reason/s for non-compliance");
    row(out, "Performance this Period", p->performance);
    row(out, "Non-compliance reason", p->reason);
    buf_add_cstr(out, "</table>\n");
}

static void write_actions(struct buf *out, const struct plan_words *w) {
    char day[DAY_TEXT];
    if (!w->action_count) return;
    buf_add_cstr(out, "<ol>");
    for (size_t i = 0; i < w->action_count; i++) {
        const struct store_plan_action *a = &w->actions[i];
        buf_add_cstr(out, "<li>");
        html_text(out, a->what);
        buf_add_cstr(out, " (");
        html_text(out, a->who);
        buf_printf(out, ", by %s", day_format(a->by, day));
        if (a->done != DAY_NONE) buf_printf(out, "; done %s", day_format(a->done, day));
        buf_add_cstr(out, ")</li>");
    }
    buf_add_cstr(out, "</ol>");
}

static void write_when(struct buf *out, int16_t when) {
    char year[YEAR_TEXT];
    row_begin(out, "When (will results be realised)");
    if (when >= 0)
        buf_printf(out, "<p>Quarter %d, %s</p>", period_quarter(when), year_format(period_year(when), year));
    row_end(out);
}

static void write_answers(struct buf *out, const struct plan_words *w) {
    const struct store_plan *p = w->plan;
    section_begin(
        out, "ACTIONS",
        "This describes what's necessary or how to achieve a 'green' score. This way everyone is clear on what is "
        "required and when; knows the expected outcome and how to achieve it.");
    row(out, "What (is required)", p->what);
    row_begin(out, "How (will it be achieved)");
    html_paragraphs(out, p->how);
    write_actions(out, w);
    row_end(out);
    row(out, "Who (will be responsible)", p->who);
    write_when(out, p->when);
    buf_add_cstr(out, "</table>\n");
}

/* Which plan this is and where it stands: what a printed copy is asked first. */
static void write_foot(struct buf *out, const struct store_plan *p) {
    char text[PERIOD_TEXT];
    buf_add_cstr(out, "<footer>");
    html_text(out, p->id);
    buf_printf(out, ", version %d: %s. Opened for %s", p->version, plan_status_name(p->status),
               period_format(p->opened_for, text));
    buf_printf(out, ", due %s.</footer>", day_format(p->due_day, text));
}

void plan_form_write(struct buf *out, const struct plan_words *w) {
    buf_add_cstr(out, "<!DOCTYPE html><html lang=\"en-GB\"><head><meta charset=\"utf-8\"><title>");
    html_text(out, w->plan->title);
    buf_printf(out, "</title><style>%s</style></head><body class=\"t%d\">\n", STYLE, type_of(w));
    buf_add_cstr(
        out,
        "<h1>PERFORMANCE ACTION PLAN TEMPLATE</h1>\n"
        "<p>This template is to be completed for ALL measures showing <span class=\"red\">RED</span> status of non-compliance "
        "against the specified target reported.</p>\n");
    write_overview(out, w->plan);
    write_situation(out, w->plan);
    write_answers(out, w);
    write_foot(out, w->plan);
    buf_add_cstr(out, "</body></html>\n");
}
