/* See feed_tables.h. */
#include "handlers/feed_tables.h"

#define TABLE(name, meaning, columns)                                                                        \
    { name, meaning, columns, sizeof(columns) / sizeof *(columns) }

/* clang-format off */
#define SERVICE_COLUMN {"service", FEED_TEXT, true, "The service's id.", NULL}
/* feed_period() writes these. */
#define PERIOD_COLUMNS \
    {"financialYear", FEED_TEXT, true, "Like 2025-26.", NULL}, \
    {"quarter", FEED_INTEGER, true, "1 to 4.", NULL}, \
    {"period", FEED_TEXT, true, "Like 2025-26-Q2.", NULL}, \
    {"periodStart", FEED_DAY, true, "The first day of the quarter.", NULL}, \
    {"periodEnd", FEED_DAY, true, "The last day of the quarter.", NULL}, \
    {"periodSort", FEED_INTEGER, true, "The year and the quarter as one number, to sort by: 20252.", NULL}

#define RAGS "GREEN AMBER RED BASELINE NO_DATA NOT_DUE BLUE"

#define MEASURES "setQuitDate quit4 coVerified4 lost4 quit12 lost12 harmReduction harmReductionNotQuit extendedSupport extendedSupportQuit referrals healthCondition quitMaintainedInPregnancy"

static const struct feed_column KPI_RESULTS[] = {
    SERVICE_COLUMN,
    {"provider", FEED_TEXT, false, "The provider's id; null in the rows of the whole service.", NULL},
    {"providerOdsCode", FEED_TEXT, false, "Null: frameworks do not hold the codes of the Organisation Data Service yet.", NULL},
    {"providerName", FEED_TEXT, false, "The provider's name; null in the rows of the whole service.", NULL},
    {"localAuthorityCode", FEED_TEXT, false, "The authority of ?localAuthority=; null where all are counted.", NULL},
    PERIOD_COLUMNS,
    {"kpiRef", FEED_TEXT, true, "The KPI's reference, like 4.3a. It is text: 1.1 and 1.10 are two KPIs.", NULL},
    {"kpiTitle", FEED_TEXT, true, "What it counts.", NULL},
    {"unit", FEED_WORD, true, "Of value, target and variance.", "COUNT PERCENT"},
    {"direction", FEED_WORD, true, "Which way is better.", "HIGHER LOWER"},
    {"view", FEED_WORD, true, "The quarter alone, or the year up to its end. Each KPI has one row of each; choose one before summing.", "QUARTER YEAR_TO_DATE"},
    {"numerator", FEED_INTEGER, false, "Null where nothing was sent.", NULL},
    {"denominator", FEED_INTEGER, false, "Null of counts, and where nothing was sent.", NULL},
    {"value", FEED_NUMBER, false, "The count, or the rate in percent with two decimals; null where there is none: valueNote says why.", NULL},
    {"target", FEED_NUMBER, false, "Of this view; null where there is none.", NULL},
    {"annualTarget", FEED_NUMBER, false, "Of the financial year.", NULL},
    {"profiledTarget", FEED_NUMBER, false, "The annual target as expected by the end of the quarter.", NULL},
    {"variance", FEED_NUMBER, false, "Value minus target, two decimals.", NULL},
    {"rag", FEED_WORD, false, "The status of this view; null of a provider's counts.", RAGS},
    {"ragReason", FEED_WORD, true, "Why it has that status.", "BEYOND_STRETCH ON_TARGET WITHIN_TOLERANCE NO_WORSE_THAN_LAST_YEAR ABOVE_MINIMUM BEYOND_TOLERANCE BELOW_MINIMUM BASELINE_YEAR NOT_SENT NOT_DUE NOTHING_TO_DIVIDE_BY NO_PROVIDER_TARGET"},
    {"ragRank", FEED_INTEGER, false, "To sort by: 1 RED, 2 AMBER, 3 GREEN, 4 BASELINE, 5 NOT_DUE, 6 NO_DATA, 7 BLUE.", NULL},
    {"trend", FEED_WORD, false, "Of the five quarters that end with this one; null of the year to date.", "INCREASING DECREASING NO_CHANGE CANNOT_BE_CALCULATED"},
    {"provisional", FEED_FLAG, true, "The quarter is not final, or something of it is not due yet.", NULL},
    {"actionPlanRequired", FEED_FLAG, false, "The service's year to date is RED and the KPI raises plans; null in a provider's rows.", NULL},
    {"actionPlanId", FEED_TEXT, false, "The plan that answers for it; null where there is none, and in a provider's rows.", NULL},
    {"returnVersion", FEED_INTEGER, false, "The version in force of the part of that quarter that the KPI counts; null in the service's rows.", NULL},
    {"partial", FEED_FLAG, true, "Fewer providers have sent the part than are expected to.", NULL},
    {"smallNumber", FEED_FLAG, true, "The rate stands on fewer than 8 people, or the count is 1 to 7.", NULL},
    {"lower95", FEED_NUMBER, false, "Wilson's interval of a rate, in percent.", NULL},
    {"upper95", FEED_NUMBER, false, "Wilson's interval of a rate, in percent.", NULL},
    {"valueNote", FEED_WORD, false, "Why there is no value.", "NOT_SENT NOT_DUE NOTHING_TO_DIVIDE_BY"},
    {"frameworkVersion", FEED_INTEGER, true, "The version of the framework that it was judged by.", NULL},
    {"asAt", FEED_DAY, true, "The day by which it was judged what is due.", NULL},
    {"knownAt", FEED_INSTANT, false, "Versions received later are left out; null: none is.", NULL},
};

static const struct feed_column RETURNS[] = {
    SERVICE_COLUMN,
    {"provider", FEED_TEXT, true, "The provider's id.", NULL},
    {"providerName", FEED_TEXT, true, "The provider's name.", NULL},
    PERIOD_COLUMNS,
    {"status", FEED_WORD, true, "Of the return.", "OPEN SUBMITTED LOCKED"},
    {"resignNeeded", FEED_FLAG, true, "Something was sent since it was signed off.", NULL},
    {"periodFinal", FEED_FLAG, true, "The quarter is final for the whole service.", NULL},
    {"deadline", FEED_DAY, true, "The provider's deadline.", NULL},
    {"signedOffAt", FEED_INSTANT, false, "The newest sign-off; null: never.", NULL},
    {"firstSignedOffAt", FEED_INSTANT, false, "The first one.", NULL},
    {"onTime", FEED_FLAG, false, "Signed off by the deadline; null while that is open.", NULL},
    {"daysLate", FEED_INTEGER, false, "Days from the deadline to the first sign-off; null before it.", NULL},
    {"daysOverdue", FEED_INTEGER, true, "Days since the deadline, of a return that is still awaited.", NULL},
    {"late", FEED_FLAG, true, "Signed off after the deadline, or overdue.", NULL},
    {"neverSent", FEED_FLAG, true, "No part was ever sent.", NULL},
    {"partsExpected", FEED_INTEGER, true, "How many parts are expected.", NULL},
    {"partsSent", FEED_INTEGER, true, "How many parts were sent.", NULL},
    {"missingParts", FEED_TEXT, true, "The parts still expected, joined by semicolons; empty when none is.", NULL},
    {"rows", FEED_INTEGER, true, "Rows in force, of all parts.", NULL},
    {"warningCount", FEED_INTEGER, true, "Warnings of the versions in force.", NULL},
    {"newestReceivedAt", FEED_INSTANT, false, "When the newest version came; null: none has.", NULL},
};

static const struct feed_column ACTION_PLANS[] = {
    SERVICE_COLUMN,
    {"id", FEED_TEXT, true, "The plan's id.", NULL},
    {"kpiRef", FEED_TEXT, true, "The KPI that it is for.", NULL},
    PERIOD_COLUMNS,
    {"origin", FEED_WORD, true, "Raised by a RED, or opened by hand.", "RED HAND"},
    {"status", FEED_WORD, true, "Where it stands.", "REQUIRED DRAFT SUBMITTED AGREED CLOSED WITHDRAWN"},
    {"version", FEED_INTEGER, true, "Goes up with every change.", NULL},
    {"openedAt", FEED_INSTANT, true, "When it was opened.", NULL},
    {"dueDate", FEED_DAY, true, "When it must be submitted.", NULL},
    {"overdue", FEED_FLAG, true, "Past that and not submitted.", NULL},
    {"escalated", FEED_FLAG, true, "Overdue, or the quarter of the promised results is over.", NULL},
    {"attributedTo", FEED_TEXT, true, "The providers, joined by semicolons.", NULL},
    {"indicatorTitle", FEED_TEXT, true, "As the form calls it.", NULL},
    {"strategicDirectorLead", FEED_TEXT, false, "As in the form.", NULL},
    {"departmentalLead", FEED_TEXT, false, "As in the form.", NULL},
    {"target", FEED_TEXT, false, "As in the form: words.", NULL},
    {"performanceThisPeriod", FEED_TEXT, true, "As in the form: words.", NULL},
    {"nonComplianceReason", FEED_TEXT, false, "As in the form.", NULL},
    {"what", FEED_TEXT, false, "As in the form.", NULL},
    {"how", FEED_TEXT, false, "As in the form.", NULL},
    {"who", FEED_TEXT, false, "As in the form.", NULL},
    {"when", FEED_TEXT, false, "The quarter by which results are promised.", NULL},
    {"level", FEED_INTEGER, true, "The highest level of escalation that was told in this life of the plan; 0: none.", NULL},
    {"latestPeriod", FEED_TEXT, false, "The newest final quarter that the plan was judged by; null until one after its birth is.", NULL},
    {"latestRag", FEED_WORD, false, "The KPI's colour in that quarter; null with it.", RAGS},
};

static const struct feed_column COMPLETENESS[] = {
    SERVICE_COLUMN,
    {"provider", FEED_TEXT, false, "The provider's id; null in the rows of the whole service.", NULL},
    {"providerName", FEED_TEXT, false, "The provider's name; null in the rows of the whole service.", NULL},
    PERIOD_COLUMNS,
    {"item", FEED_TEXT, true, "An item of the national collection, or ALL: everything together, KPI 1.14 of the quarter.", NULL},
    {"complete", FEED_INTEGER, true, "How many are present and known.", NULL},
    {"required", FEED_INTEGER, true, "How many there should be.", NULL},
    {"value", FEED_NUMBER, false, "Complete of required, in percent with two decimals; null where none is required.", NULL},
    {"sufficient", FEED_FLAG, true, "At least as many as the framework asks for (95 % unless it says otherwise), and something is required.", NULL},
    {"waiting", FEED_INTEGER, true, "Episodes of the quarter whose 4-week follow-up may still come.", NULL},
    {"submitted", FEED_FLAG, false, "The provider has signed off, and sent nothing since; null in the service's rows.", NULL},
    {"deadline", FEED_DAY, true, "Of the national return.", NULL},
    {"asAt", FEED_DAY, true, "The day by which it was judged what is due.", NULL},
    {"knownAt", FEED_INSTANT, false, "Versions received later are left out; null: none is.", NULL},
};

static const struct feed_column BREAKDOWNS[] = {
    SERVICE_COLUMN,
    {"provider", FEED_TEXT, false, "The provider's id; null in the rows of the whole service.", NULL},
    {"providerName", FEED_TEXT, false, "The provider's name; null in the rows of the whole service.", NULL},
    {"localAuthorityCode", FEED_TEXT, false, "The authority of ?localAuthority=; null where all are counted.", NULL},
    PERIOD_COLUMNS,
    {"measure", FEED_WORD, true, "What is counted.", MEASURES},
    {"unit", FEED_WORD, true, "Of value.", "COUNT PERCENT"},
    {"numeratorMeaning", FEED_TEXT, true, "Who counts above the line.", NULL},
    {"denominatorMeaning", FEED_TEXT, false, "Who counts below it; null of counts.", NULL},
    {"dimension", FEED_TEXT, true, "What it is broken down by; ALL: the undivided figure.", NULL},
    {"member", FEED_TEXT, true, "The code, word or band; UNKNOWN: blank; ALL in the undivided row.", NULL},
    {"memberLabel", FEED_TEXT, false, "What the member is called; null where the key says it.", NULL},
    {"overlaps", FEED_FLAG, true, "One person may count in several members, so the members do not add up to ALL.", NULL},
    {"numerator", FEED_INTEGER, true, "How many count above the line.", NULL},
    {"denominator", FEED_INTEGER, false, "How many count below it; null of counts.", NULL},
    {"value", FEED_NUMBER, true, "The count, or the rate in percent with two decimals.", NULL},
    {"lower95", FEED_NUMBER, false, "Wilson's interval of a rate, in percent.", NULL},
    {"upper95", FEED_NUMBER, false, "Wilson's interval of a rate, in percent.", NULL},
    {"smallNumber", FEED_FLAG, true, "The numerator or the denominator is 1 to 7.", NULL},
    {"partial", FEED_FLAG, false, "A provider is not counted: it has not sent the part, or sends the national return, which does not tell the measure by this dimension; null in a provider's rows.", NULL},
    {"asAt", FEED_DAY, true, "The day by which it was judged what is due.", NULL},
    {"knownAt", FEED_INSTANT, false, "Versions received later are left out; null: none is.", NULL},
};

static const struct feed_column FINGERTIPS[] = {
    {"Indicator ID", FEED_TEXT, true, "The KPI's reference.", NULL},
    {"Indicator Name", FEED_TEXT, true, "Its title.", NULL},
    {"Parent Code", FEED_TEXT, false, "The service of a provider.", NULL},
    {"Parent Name", FEED_TEXT, false, "Its name.", NULL},
    {"Area Code", FEED_TEXT, true, "The id of the service or provider.", NULL},
    {"Area Name", FEED_TEXT, true, "Its name.", NULL},
    {"Area Type", FEED_WORD, true, "Which of the two.", "Service Provider"},
    {"Sex", FEED_WORD, true, "Always Persons.", "Persons"},
    {"Age", FEED_TEXT, true, "Always All ages.", NULL},
    {"Category Type", FEED_TEXT, false, "Always empty: the whole, no breakdown.", NULL},
    {"Category", FEED_TEXT, false, "Always empty.", NULL},
    {"Time period", FEED_TEXT, true, "Like 2025/26 Q2.", NULL},
    {"Value", FEED_NUMBER, false, "Of the quarter.", NULL},
    {"Lower CI 95.0 limit", FEED_NUMBER, false, "Wilson's interval, of rates.", NULL},
    {"Upper CI 95.0 limit", FEED_NUMBER, false, "Wilson's interval, of rates.", NULL},
    {"Lower CI 99.8 limit", FEED_NUMBER, false, "Wilson's interval, of rates.", NULL},
    {"Upper CI 99.8 limit", FEED_NUMBER, false, "Wilson's interval, of rates.", NULL},
    {"Count", FEED_INTEGER, false, "The numerator.", NULL},
    {"Denominator", FEED_INTEGER, false, "Of rates.", NULL},
    {"Value note", FEED_TEXT, false, "Why there is no value, or that it is provisional, partial or small.", NULL},
    {"Recent Trend", FEED_TEXT, true, "In the words of Fingertips.", NULL},
    {"Compared to England value or percentiles", FEED_TEXT, true, "Always Not compared.", NULL},
    {"Compared to Service value or percentiles", FEED_TEXT, true, "Always Not compared.", NULL},
    {"Time period Sortable", FEED_INTEGER, true, "The year, then the quarter in two digits, then 00: 20250200.", NULL},
    {"New data", FEED_TEXT, false, "Always empty.", NULL},
    {"Compared to goal", FEED_TEXT, true, "Red, Amber, Green or Not compared.", NULL},
};

const struct feed_table FEED_TABLES[FEED_COUNT] = {
    [FEED_KPI_RESULTS] = TABLE("kpi-results", "Every KPI of every quarter, of the service and of each provider.", KPI_RESULTS),
    [FEED_RETURNS] = TABLE("returns", "Every return that was sent or is expected: one row a provider and quarter.", RETURNS),
    [FEED_ACTION_PLANS] = TABLE("action-plans", "Every action plan; its quarter is the one that it was opened for.", ACTION_PLANS),
    [FEED_COMPLETENESS] = TABLE("completeness", "How complete the national collection is, item by item.", COMPLETENESS),
    [FEED_BREAKDOWNS] = TABLE("breakdowns", "The measures of /v1/breakdowns by one dimension, quarter by quarter, of each provider and of the service.", BREAKDOWNS),
};
const struct feed_table FEED_FINGERTIPS = TABLE("fingertips", "kpi-results with ?format=fingertips: the quarters, in the columns of Fingertips' CSV files.", FINGERTIPS);
/* clang-format on */

/* ---- as JSON Schema ---- */

static void type_write(struct json *j, const struct feed_column *c) {
    const char *type = c->kind == FEED_INTEGER  ? "integer"
                       : c->kind == FEED_NUMBER ? "number"
                       : c->kind == FEED_FLAG   ? "boolean"
                                                : "string";
    json_key(j, "type");
    if (c->required) {
        json_cstr(j, type);
        return;
    }
    json_array_begin(j);
    json_cstr(j, type);
    json_cstr(j, "null");
    json_end(j);
}

static void words_write(struct json *j, const struct feed_column *c) {
    json_key(j, "enum");
    json_array_begin(j);
    for (str rest = str_of(c->words); rest.p;)
        json_str(j, str_cut(&rest, ' '));
    if (!c->required) json_put_null(j);
    json_end(j);
}

static void column_write(struct json *j, const struct feed_column *c) {
    static const char *const FORMATS[] = {[FEED_INTEGER] = "int64",
                                          [FEED_NUMBER] = "double",
                                          [FEED_DAY] = "date",
                                          [FEED_INSTANT] = "date-time"};
    json_object_begin(j);
    type_write(j, c);
    if (FORMATS[c->kind]) json_field_cstr(j, "format", FORMATS[c->kind]);
    if (c->words) words_write(j, c);
    json_field_cstr(j, "description", c->meaning);
    json_end(j);
}

void feed_schema_write(struct json *j, const struct feed_table *t) {
    json_object_begin(j);
    json_field_cstr(j, "type", "object");
    json_field_cstr(j, "description", t->meaning);
    json_key(j, "required");
    json_array_begin(j);
    for (size_t i = 0; i < t->count; i++)
        json_cstr(j, t->columns[i].name);
    json_end(j);
    json_key(j, "properties");
    json_object_begin(j);
    for (size_t i = 0; i < t->count; i++) {
        json_key(j, t->columns[i].name);
        column_write(j, &t->columns[i]);
    }
    json_end(j);
    json_end(j);
}
