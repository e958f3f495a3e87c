/* returns: what a cell of each kind takes, and what is said of the others. Every case is tried as CSV and as
 * JSON; where both take it, the rows that would be stored must be the same byte for byte. */
#include <stdio.h>

#include "tests/support/judged.h"
#include "tests/support/suite.h"

struct row_case {
    const char *changes; /* to a good row; see judged_row() */
    const char *found;
};

enum forms { BOTH, ONLY_CSV, ONLY_JSON };

static void try_form(const char *part, enum body_format format, const struct row_case *c) {
    struct judged j;
    judged_row(&j, part, format, c->changes);
    CHECK(j.err == OK, "%s: cannot be read: %s", c->changes, j.fault.detail);
    CHECK(strcmp(judged_found(&j), c->found) == 0, "%s as %s: found '%s', expected '%s'", c->changes,
          format == FORMAT_CSV ? "CSV" : "JSON", judged_found(&j), c->found);
    judged_free(&j);
}

static void try_cases(const char *part, enum forms forms, const struct row_case *cases, size_t count) {
    for (size_t i = 0; i < count; i++) {
        if (forms != ONLY_JSON) try_form(part, FORMAT_CSV, &cases[i]);
        if (forms != ONLY_CSV) try_form(part, FORMAT_JSON, &cases[i]);
    }
}
#define TRY(part, forms, cases) try_cases((part), (forms), (cases), sizeof(cases) / sizeof *(cases))

static void dates(void) {
    static const struct row_case CASES[] = {
        {"quitDate=2025-07-01", ""},
        {"quitDate=2025-09-30", ""},
        {"quitDate= 2025-09-30 ", ""},
        {"quitDate=2025-06-30", "1:quitDate:OUTSIDE_PERIOD"},
        {"quitDate=2025-10-01", "1:quitDate:OUTSIDE_PERIOD"},
        {"quitDate=2025-09-31", "1:quitDate:BAD_DATE"},
        {"quitDate=2025-02-29", "1:quitDate:BAD_DATE"},
        {"quitDate=2024-02-29", "1:quitDate:OUTSIDE_PERIOD"},
        {"quitDate=2025-13-01", "1:quitDate:BAD_DATE"},
        {"quitDate=2025-00-10", "1:quitDate:BAD_DATE"},
        {"quitDate=2025-7-14", "1:quitDate:BAD_DATE"},
        {"quitDate=20250714", "1:quitDate:BAD_DATE"},
        {"quitDate=45852", "1:quitDate:BAD_DATE"},
        {"quitDate=2025-07-14T00:00:00", "1:quitDate:BAD_DATE"},
        {"quitDate=14.07.2025", "1:quitDate:BAD_DATE"},
        {"quitDate=#REF!", "1:quitDate:BAD_DATE"},
        {"quitDate=07/14/2025", "1:quitDate:BAD_DATE"},
        {"quitDate=14/07/25", "1:quitDate:BAD_DATE"},
        {"quitDate=1799-12-31", "1:quitDate:BAD_DATE"},
        {"quitDate=1850-01-01", "1:quitDate:OUTSIDE_PERIOD"},
        {"deliveryDate=2026-03-01", ""},
        {"followUp4wDate=2026-02-20|outcome4w=2|quitDate=2025-09-30",
         "~1:followUp4wDate:FOLLOW_UP_OUTSIDE_WINDOW"},
        {"followUp4wDate=2026-02-21|outcome4w=2", "1:followUp4wDate:OUT_OF_RANGE"},
        {"followUp52wDate=2026-07-14|outcome52w=2", "1:followUp52wDate:OUT_OF_RANGE"},
        {"co4wDate=2026-02-21|co4wPpm=3", "1:co4wDate:OUT_OF_RANGE"},
    };
    static const struct row_case BRITISH[] = {
        {"quitDate=14/07/2025", ""},
        {"quitDate=1/7/2025", ""},
        {"quitDate=30/09/2025", ""},
        {"quitDate=31/09/2025", "1:quitDate:BAD_DATE"},
        {"quitDate=1/10/2025", "1:quitDate:OUTSIDE_PERIOD"},
    };
    static const struct row_case BRITISH_IN_JSON[] = {{"quitDate=14/07/2025", "1:quitDate:BAD_DATE"}};
    TRY("episodes", BOTH, CASES);
    TRY("episodes", ONLY_CSV, BRITISH);
    TRY("episodes", ONLY_JSON, BRITISH_IN_JSON);
}

static void numbers(void) {
    static const struct row_case CASES[] = {
        {"ageAtQuitDate=0", ""},
        {"ageAtQuitDate=120", ""},
        {"ageAtQuitDate=043", ""},
        {"ageAtQuitDate=0000000000000043", ""},
        {"ageAtQuitDate=121", "1:ageAtQuitDate:OUT_OF_RANGE"},
        {"ageAtQuitDate=-1", "1:ageAtQuitDate:OUT_OF_RANGE"},
        {"ageAtQuitDate=-0", ""},
        {"ageAtQuitDate=-", "1:ageAtQuitDate:BAD_NUMBER"},
        {"ageAtQuitDate=+7", "1:ageAtQuitDate:BAD_NUMBER"},
        {"ageAtQuitDate=7.0", "1:ageAtQuitDate:BAD_NUMBER"},
        {"ageAtQuitDate=1,5", "1:ageAtQuitDate:BAD_NUMBER"},
        {"ageAtQuitDate=4 3", "1:ageAtQuitDate:BAD_NUMBER"},
        {"ageAtQuitDate=1.2E+05", "1:ageAtQuitDate:BAD_NUMBER"},
        {"ageAtQuitDate=1e400", "1:ageAtQuitDate:BAD_NUMBER"},
        {"ageAtQuitDate=99999999999999999999999", "1:ageAtQuitDate:OUT_OF_RANGE"},
        {"ageAtQuitDate=-99999999999999999999999", "1:ageAtQuitDate:OUT_OF_RANGE"},
        {"ageAtQuitDate=4294967339", "1:ageAtQuitDate:OUT_OF_RANGE"},
        {"ageAtQuitDate=\xd9\xa4\xd9\xa3", "1:ageAtQuitDate:BAD_NUMBER"},
        {"co4wPpm=0", ""},
        {"co4wPpm=200", ""},
        {"co4wPpm=201", "1:co4wPpm:OUT_OF_RANGE"},
        {"co12wPpm=201", "1:co12wPpm:OUT_OF_RANGE"},
        {"imdQuintile=1", ""},
        {"imdQuintile=5", ""},
        {"imdQuintile=0", "1:imdQuintile:OUT_OF_RANGE"},
        {"imdQuintile=6", "1:imdQuintile:OUT_OF_RANGE"},
        {"satisfaction=5", ""},
        {"satisfaction=6", "1:satisfaction:OUT_OF_RANGE"},
    };
    TRY("episodes", BOTH, CASES);
}

static void flags(void) {
    static const struct row_case CASES[] = {
        {"pregnant=Y", ""},
        {"pregnant=n", ""},
        {"pregnant=Yes", ""},
        {"pregnant=NO", ""},
        {"pregnant=true", ""},
        {"pregnant=False", ""},
        {"pregnant=1", ""},
        {"pregnant=0", ""},
        {"pregnant=", ""},
        {"pregnant=2", "1:pregnant:BAD_FLAG"},
        {"pregnant=T", "1:pregnant:BAD_FLAG"},
        {"pregnant=unknown", "1:pregnant:BAD_FLAG"},
    };
    TRY("episodes", BOTH, CASES);
}

static void codes(void) {
    static const struct row_case CASES[] = {
        {"gender=1", ""},
        {"gender=z", ""},
        {"gender=Male", ""},
        {"gender=female", ""},
        {"gender=Male (including trans man)", ""},
        {"gender=Not stated", ""},
        {"gender=non binary", ""},
        {"gender=9", "1:gender:UNKNOWN_CODE"},
        {"gender=M", "1:gender:UNKNOWN_CODE"},
        {"gender=01", "1:gender:UNKNOWN_CODE"},
        {"nssec=08", ""},
        {"nssec=8", "~1:nssec:CODE_PADDED"},
        {"nssec=008", "1:nssec:UNKNOWN_CODE"},
        {"nssec=96", ""},
        {"nssec=routine AND manual", ""},
        {"nssec=10", "1:nssec:UNKNOWN_CODE"},
        {"nssec=0", "1:nssec:UNKNOWN_CODE"},
        {"sexualOrientation=u", ""},
        {"sexualOrientation=Gay or Lesbian", ""},
        {"interventionType=08", ""},
        {"interventionType=7", "~1:interventionType:CODE_PADDED"},
        {"interventionType=04", "1:interventionType:CODE_NOT_VALID_IN_PERIOD"},
        {"interventionType=4", "1:interventionType:CODE_NOT_VALID_IN_PERIOD"},
        {"interventionType=Closed group", "1:interventionType:CODE_NOT_VALID_IN_PERIOD"},
        {"interventionType=Other (not listed)", ""},
        {"interventionType=96", "1:interventionType:CODE_NOT_VALID_IN_PERIOD"},
        {"setting=13", ""},
        {"setting=Pharmacy", ""},
        {"setting=02", "1:setting:CODE_NOT_VALID_IN_PERIOD"},
        {"setting=1", "1:setting:CODE_NOT_VALID_IN_PERIOD"},
        {"setting=general dental practice", ""},
        {"aid=10", ""},
        {"aid=99", ""},
        {"aid=S1", ""},
        {"aid=la", ""},
        {"aid=LK", ""},
        {"aid=LL", "1:aid:UNKNOWN_CODE"},
        {"aid=Bupropion only", ""},
        {"aid=01", "1:aid:CODE_NOT_VALID_IN_PERIOD"},
        {"aid=1", "1:aid:CODE_NOT_VALID_IN_PERIOD"},
        {"outcome4w=3", ""},
        {"outcome4w=4", "1:outcome4w:UNKNOWN_CODE"},
        {"outcome4w=Lost to follow-up", ""},
        {"outcome12w=0", "1:outcome12w:UNKNOWN_CODE"},
        {"ethnicCategory=A", ""},
        {"ethnicCategory=ct", ""},
        {"ethnicCategory=A1", ""},
        {"ethnicCategory=White - British", ""},
        {"ethnicCategory=z", ""},
        {"ethnicCategory=99", "1:ethnicCategory:UNKNOWN_CODE"},
        {"ethnicCategory=I", "1:ethnicCategory:UNKNOWN_CODE"},
        {"ethnicCategory=A-", "1:ethnicCategory:UNKNOWN_CODE"},
        {"ethnicCategory=ABC", "1:ethnicCategory:UNKNOWN_CODE"},
        {"ethnicCategory=1A", "1:ethnicCategory:UNKNOWN_CODE"},
    };
    TRY("episodes", BOTH, CASES);
}

/* The same codes under an earlier period. */
static void codes_by_period(void) {
    static const struct {
        const char *column, *value;
        int16_t period;
        const char *found;
    } CASES[] = {
        {"gender", "3", 2023 * 4 + 3, "1:gender:CODE_NOT_VALID_IN_PERIOD"},
        {"gender", "3", 2024 * 4, ""},
        {"gender", "1", 2023 * 4 + 3, ""},
        {"gender", "1", 2017 * 4 + 2, ""},
        {"gender", "Male (including trans man)", 2023 * 4, ""},
        {"sexualOrientation", "1", 2023 * 4 + 3, "1:sexualOrientation:CODE_NOT_VALID_IN_PERIOD"},
        {"interventionType", "04", 2023 * 4 + 3, ""},
        {"interventionType", "4", 2023 * 4 + 3, "~1:interventionType:CODE_PADDED"},
        {"interventionType", "08", 2023 * 4 + 3, "1:interventionType:CODE_NOT_VALID_IN_PERIOD"},
        {"aid", "LA", 2023 * 4 + 3, "1:aid:CODE_NOT_VALID_IN_PERIOD"},
        {"aid", "99", 2017 * 4 + 2, ""},
        {"aid", "10", 2026 * 4, ""},
    };
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        struct buf body = BUF_EMPTY;
        char day[DAY_TEXT], changes[120];
        snprintf(changes, sizeof changes, "quitDate=%s|%s=%s",
                 day_format(period_first_day(CASES[i].period), day), CASES[i].column, CASES[i].value);
        judged_body(&body, "episodes", FORMAT_CSV, changes);
        struct judge_input in = judged_defaults("episodes", FORMAT_CSV, buf_str(&body));
        in.period = CASES[i].period;
        struct judged j;
        judged_input(&j, &in);
        CHECK(strcmp(judged_found(&j), CASES[i].found) == 0, "%s: found '%s', expected '%s'", changes,
              judged_found(&j), CASES[i].found);
        judged_free(&j);
        buf_free(&body);
    }
}

static void words(void) {
    static const struct row_case CASES[] = {
        {"followUp4wMethod=FACE_TO_FACE", ""},
        {"followUp4wMethod=face to face", ""},
        {"followUp4wMethod=Face-to-face", ""},
        {"followUp4wMethod=telephone", ""},
        {"followUp4wMethod=PHONE", "1:followUp4wMethod:UNKNOWN_CODE"},
        {"housingTenure=Social rent", ""},
        {"housingTenure=CASTLE", "1:housingTenure:UNKNOWN_CODE"},
        {"longTermConditions=COPD", ""},
        {"longTermConditions=asthma; copd ;", ""},
        {"longTermConditions=;", ""},
        {"longTermConditions=COPD;GOUT;CVD;FLU", "1:longTermConditions:UNKNOWN_CODE"},
        {"longTermConditions=COPD ASTHMA", "1:longTermConditions:UNKNOWN_CODE"},
    };
    static const struct row_case STAGES[] = {
        {"stage=4w", ""},
        {"stage=4", "1:stage:UNKNOWN_CODE"},
        {"stage=8W", "1:stage:UNKNOWN_CODE"},
        {"method=video", ""},
    };
    TRY("episodes", BOTH, CASES);
    TRY("follow-ups", BOTH, STAGES);
}

static void places(void) {
    static const struct row_case CASES[] = {
        {"localAuthority=e09000001", ""},
        {"localAuthority=Hackney", ""},
        {"localAuthority=CITY OF LONDON", ""},
        {"localAuthority=London Borough of Hackney", ""},
        {"localAuthority=Hackney Council", ""},
        {"localAuthority=Kensington & Chelsea", ""},
        {"localAuthority=Bristol, City of", ""},
        {"localAuthority=Bournemouth Christchurch and Poole", ""},
        {"localAuthority=City of London Corporation", ""},
        {"localAuthority=E09000099", "1:localAuthority:UNKNOWN_CODE"},
        {"localAuthority=E07000008", "1:localAuthority:UNKNOWN_CODE"},
        {"localAuthority=Hackny", "1:localAuthority:UNKNOWN_CODE"},
        {"localAuthority=W06000015", "1:localAuthority:UNKNOWN_CODE"},
        {"localAuthority=London", "1:localAuthority:UNKNOWN_CODE"},
        {"lsoa=E01001785", ""},
        {"lsoa=e01001785", ""},
        {"lsoa=E0100178", "1:lsoa:UNKNOWN_CODE"},
        {"lsoa=Hackney 001A", "1:lsoa:UNKNOWN_CODE"},
        {"postcode=E8 1EA", ""},
        {"postcode=sw1a1aa", ""},
        {"postcode=E8", "1:postcode:UNKNOWN_CODE"},
        {"postcode=12345", "1:postcode:UNKNOWN_CODE"},
    };
    TRY("episodes", BOTH, CASES);
}

static void ids(void) {
    static const struct row_case CASES[] = {
        {"episodeId=a", ""},
        {"episodeId=A-z.0_9", ""},
        {"episodeId=0123456789012345678901234567890123456789012345678901234567890123", ""},
        {"episodeId=01234567890123456789012345678901234567890123456789012345678901234", "1:episodeId:BAD_ID"},
        {"episodeId=a b", "1:episodeId:BAD_ID"},
        {"episodeId=a/b", "1:episodeId:BAD_ID"},
        {"episodeId=caf\xc3\xa9", "1:episodeId:BAD_ID"},
        {"clientId=John Smith", "1:clientId:BAD_ID"},
        {"site=MAIN SITE", "1:site:BAD_ID"},
        {"adviser=A.12", ""},
        {"episodeId=", "1:episodeId:MISSING_VALUE"},
        {"episodeId=|clientId= |localAuthority=|quitDate=|ageAtQuitDate=",
         "1:episodeId:MISSING_VALUE 1:clientId:MISSING_VALUE 1:localAuthority:MISSING_VALUE 1:quitDate:MISSING_VALUE 1:ageAtQuitDate:MISSING_VALUE"},
    };
    static const struct row_case BLANK_ROW_IN_JSON[] = {
        {"episodeId=|clientId=|localAuthority=|quitDate=|ageAtQuitDate=|site=X",
         "1:episodeId:MISSING_VALUE 1:clientId:MISSING_VALUE 1:localAuthority:MISSING_VALUE 1:quitDate:MISSING_VALUE 1:ageAtQuitDate:MISSING_VALUE"}};
    for (size_t i = 0; i + 1 < sizeof CASES / sizeof *CASES; i++)
        try_cases("episodes", BOTH, &CASES[i], 1);
    TRY("episodes", BOTH, BLANK_ROW_IN_JSON);
}

/* Every spelling of the same values ends in the same stored bytes. */
static void same_bytes(void) {
    static const struct {
        const char *one, *other;
    } CASES[] = {
        {"quitDate=2025-07-14", "quitDate= 2025-07-14"},
        {"ageAtQuitDate=43", "ageAtQuitDate=043"},
        {"ageAtQuitDate=43", "ageAtQuitDate=|dateOfBirth=1982-07-14"},
        {"ageAtQuitDate=43", "-ageAtQuitDate|dateOfBirth=1981-07-15"},
        {"pregnant=Y", "pregnant=true"},
        {"pregnant=N", "pregnant=0"},
        {"gender=1", "gender=Male"},
        {"nssec=08", "nssec=8"},
        {"aid=LA", "aid=single nrt product only"},
        {"ethnicCategory=CT", "ethnicCategory=ct"},
        {"ethnicCategory=A", "ethnicCategory=White - British"},
        {"localAuthority=E09000012", "localAuthority=hackney"},
        {"longTermConditions=COPD;ASTHMA", "longTermConditions=asthma;;copd;asthma"},
        {"longTermConditions=", "longTermConditions=;"},
        {"housingTenure=NOT_STATED", "housingTenure=not stated"},
        {"followUp4wMethod=FACE_TO_FACE", "followUp4wMethod=face-to-face"},
        {"lsoa=E01001785", "lsoa=e01001785"},
        {"postcode=E8 1EA", ""},
        {"outcome4w=3", "outcome4w=Lost to follow-up"},
    };
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        struct judged form[4];
        struct buf bytes[4] = {BUF_EMPTY, BUF_EMPTY, BUF_EMPTY, BUF_EMPTY};
        judged_row(&form[0], "episodes", FORMAT_CSV, CASES[i].one);
        judged_row(&form[1], "episodes", FORMAT_JSON, CASES[i].one);
        judged_row(&form[2], "episodes", FORMAT_CSV, CASES[i].other);
        judged_row(&form[3], "episodes", FORMAT_JSON, CASES[i].other);
        for (int k = 0; k < 4; k++)
            judged_copy(&form[k], &bytes[k]);
        for (int k = 1; k < 4; k++) {
            CHECK(bytes[0].n && str_eq(buf_str(&bytes[0]), buf_str(&bytes[k])),
                  "%s and %s: rows of form %d differ", CASES[i].one, CASES[i].other, k);
            CHECK(str_eq(form[0].judgement.facts, form[k].judgement.facts), "%s: facts of form %d differ",
                  CASES[i].other, k);
            CHECK(str_eq(form[0].judgement.digests, form[k].judgement.digests),
                  "%s: digests of form %d differ", CASES[i].other, k);
        }
        for (int k = 0; k < 4; k++) {
            judged_free(&form[k]);
            buf_free(&bytes[k]);
        }
    }
}

/* What a person may not be shown again. */
static void nothing_private_is_echoed(void) {
    static const struct {
        const char *changes, *secret;
    } CASES[] = {
        {"clientId=John Smith", "Smith"},
        {"dateOfBirth=31/02/1980x", "1980"},
        {"postcode=E8 1E", "E8"},
        {"episodeId=943 476 5919", "943"},
        {"site=943 476 5919", "5919"},
        {"localAuthority=jo.smith@example.org", "smith"},
        {"ethnicCategory=07700 900123", "900123"},
        {"followUp4wMethod=+44 7700 900123", "900123"},
        {"ageAtQuitDate=020 7946 0958", "0958"},
    };
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        struct judged j;
        judged_row(&j, "episodes", FORMAT_CSV, CASES[i].changes);
        CHECK(j.judgement.findings.kept_count == 1, "%s: %s", CASES[i].changes, judged_found(&j));
        for (size_t k = 0; k < j.judgement.findings.kept_count; k++) {
            str detail = j.judgement.findings.kept[k].detail;
            CHECK(!memmem(detail.p, detail.n, CASES[i].secret, strlen(CASES[i].secret)), "%s: '%.*s'",
                  CASES[i].changes, STR_ARG(detail));
        }
        judged_free(&j);
    }
}

static void values_are_shown_safely(void) {
    struct judged j;
    judged_csv(&j, "episodes",
               "episodeId,clientId,localAuthority,quitDate,ageAtQuitDate\n"
               "E1,C1,E09000012,\"2025\n\x1b[31m\x01\",\"0123456789012345678901234567890123456789\xc3\xa9"
               "01234567890123456789\xe2\x82\xac tail\"\n");
    const struct finding *date = judged_first(&j, FINDING_BAD_DATE),
                         *number = judged_first(&j, FINDING_BAD_NUMBER);
    CHECK(date && memmem(date->detail.p, date->detail.n, "\"2025\\n\\x1b[31m\\x01\"", 18),
          "control characters are escaped");
    CHECK(number && memmem(number->detail.p, number->detail.n, "9\xc3\xa9", 3), "other characters are kept");
    CHECK(number && memmem(number->detail.p, number->detail.n, "\xe2\x80\xa6\"", 4) &&
              !memmem(number->detail.p, number->detail.n, "tail", 4),
          "cut after 60");
    CHECK(number && str_is_utf8(number->detail, NULL), "never cut within a character");
    judged_free(&j);
}

static void every_finding_says_what_and_what_to_do(void) {
    struct judged j;
    judged_row(
        &j, "episodes", FORMAT_CSV,
        "episodeId=a b|clientId=|localAuthority=Hackny|quitDate=x|ageAtQuitDate=x|imdQuintile=9|gender=Q|nssec=8|interventionType=04|pregnant=x|"
        "longTermConditions=x|housingTenure=x|lsoa=x|postcode=x|followUp4wDate=2026-03-01|outcome4w=1|Colour=red|Surname=Smith");
    CHECK(j.judgement.findings.kept_count == 17, "found %s", judged_found(&j));
    for (size_t i = 0; i < j.judgement.findings.kept_count; i++) {
        const struct finding *f = &j.judgement.findings.kept[i];
        CHECK(f->detail.n > 10 && f->fix.n > 5, "%s has words", finding_code_name(f->code));
        CHECK(f->detail.p[f->detail.n - 1] == '.' || f->detail.p[f->detail.n - 1] == '?',
              "'%.*s' is a sentence", STR_ARG(f->detail));
        CHECK(strchr(".?", f->fix.p[f->fix.n - 1]), "'%.*s' is a sentence", STR_ARG(f->fix));
    }
    const struct finding *near = judged_first(&j, FINDING_UNKNOWN_CODE);
    CHECK(near && memmem(near->fix.p, near->fix.n, "E09000012 (Hackney)", 19),
          "the nearest authority is named");
    judged_free(&j);
}

static void findings_that_explain(void) {
    static const struct {
        const char *changes, *says;
    } CASES[] = {
        {"ethnicCategory=99", "asked and declined"},
        {"quitDate=45852", "spreadsheet"},
        {"quitDate=2025-07-14 00:00", "more than a date"},
        {"quitDate=2025-10-01", "2025-26-Q3"},
        {"interventionType=04", "until 2024-03-31"},
        {"nssec=Routine & manual", "08 (Routine and manual)"},
        {"gender=9", "1, 2, 3, 4, Z, X"},
        {"localAuthority=Hackny", "E09000012 (Hackney)"},
        {"housingTenure=x", "OWNED, PRIVATE_RENT"},
        {"ageAtQuitDate=121", "from 0 to 120"},
        {"nssec=8", "keep leading zeros"},
        {"colour=red", "template"},
        {"quiteDate=x", "Did you mean quitDate"},
    };
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        struct judged j;
        judged_row(&j, "episodes", FORMAT_JSON, CASES[i].changes);
        bool said = false;
        for (size_t k = 0; k < j.judgement.findings.kept_count; k++) {
            const struct finding *f = &j.judgement.findings.kept[k];
            said |= memmem(f->detail.p, f->detail.n, CASES[i].says, strlen(CASES[i].says)) != NULL;
            said |= memmem(f->fix.p, f->fix.n, CASES[i].says, strlen(CASES[i].says)) != NULL;
        }
        CHECK(said, "%s: '%s' is said (%s)", CASES[i].changes, CASES[i].says, judged_found(&j));
        judged_free(&j);
    }
}

/* What may be blank is left blank; what may not, its row is left out. */
static void days_ahead(void) {
    static const struct {
        const char *part, *changes, *fix;
    } CASES[] = {
        {"episodes", "outcome12w=1|followUp12wDate=2026-02-21", "leave it blank"},
        {"follow-ups", "date=2026-02-21", "leave the row out"},
    };
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        struct judged j;
        judged_row(&j, CASES[i].part, FORMAT_JSON, CASES[i].changes);
        const struct finding *f = NULL;
        for (size_t k = 0; k < j.judgement.findings.kept_count && !f; k++)
            if (j.judgement.findings.kept[k].code == FINDING_OUT_OF_RANGE) f = &j.judgement.findings.kept[k];
        CHECK(f && memmem(f->fix.p, f->fix.n, CASES[i].fix, strlen(CASES[i].fix)), "%s: %s", CASES[i].part,
              f ? f->fix.p : judged_found(&j));
        judged_free(&j);
    }
}

void suite_returns_columns(void) {
    suite_add("unit returns columns", NULL, NULL);
    case_add("dates: ISO, British in CSV alone, in the period, not after today", dates);
    case_add("whole numbers and their limits", numbers);
    case_add("flags in all spellings", flags);
    case_add("codes by code, without leading zero, by label, by validity", codes);
    case_add("codes are judged by the period of the return", codes_by_period);
    case_add("words and lists of words", words);
    case_add("authorities, LSOAs, postcodes", places);
    case_add("ids", ids);
    case_add("all spellings of a value are stored alike, from CSV and JSON", same_bytes);
    case_add("private values, NHS and telephone numbers and e-mail addresses are never echoed",
             nothing_private_is_echoed);
    case_add("echoed values are short, escaped and well-formed", values_are_shown_safely);
    case_add("findings explain what people get wrong", findings_that_explain);
    case_add("every finding has a detail and a fix", every_finding_says_what_and_what_to_do);
    case_add("a day ahead: what to do depends on whether a blank will do", days_ahead);
}
