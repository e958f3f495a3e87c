/* returns: the parts beside episodes and follow-ups: what their rules refuse, what they let pass, what they
 * keep as facts. */
#include <stdio.h>
#include <stdlib.h>

#include "tests/support/judged.h"
#include "tests/support/suite.h"

struct part_case {
    const char *changes, *found;
};

static void try_cases(const char *part, const struct part_case *cases, size_t count) {
    for (size_t i = 0; i < count; i++) {
        for (enum body_format format = FORMAT_CSV; format <= FORMAT_JSON; format++) {
            struct judged j;
            judged_row(&j, part, format, cases[i].changes);
            CHECK(j.err == OK && strcmp(judged_found(&j), cases[i].found) == 0,
                  "%s, %s as %s: found '%s', expected '%s'", part, cases[i].changes,
                  format == FORMAT_CSV ? "CSV" : "JSON", judged_found(&j), cases[i].found);
            judged_free(&j);
        }
    }
}
#define TRY(part, cases) try_cases((part), (cases), sizeof(cases) / sizeof *(cases))

/* Today is 2026-02-20; the period 2025-07-01 to 2025-09-30. */
static void harm_reduction(void) {
    static const struct part_case CASES[] = {
        {"", ""},
        {"pathwayId=", "1:pathwayId:MISSING_VALUE"},
        {"startDate=", "1:startDate:MISSING_VALUE"},
        {"startDate=2025-06-30", "1:startDate:OUTSIDE_PERIOD"},
        {"startDate=2025-07-01", ""},
        {"startDate=2025-09-30", ""},
        {"startDate=2025-10-01", "1:startDate:OUTSIDE_PERIOD"},
        {"outcome=cut_down_half_or_more", ""},
        {"outcome=PARTIAL_SWITCH|outcomeDate=2026-02-20", ""},
        {"outcomeDate=2026-02-21", ""},
        {"outcome=QUIT", "1:outcome:UNKNOWN_CODE"},
        {"episodeId=NOBODY", "~1:episodeId:UNKNOWN_EPISODE"},
        {"episodeId=REMOVED", "~1:episodeId:UNKNOWN_EPISODE"},
        {"episodeId=HERE", ""},
        {"episodeId=LATER", ""},
        {"episodeId=a b", "1:episodeId:BAD_ID"},
        {"age=121", "1:age:OUT_OF_RANGE"},
        {"gender=9", "1:gender:UNKNOWN_CODE"},
        {"ethnicCategory=99", "1:ethnicCategory:UNKNOWN_CODE"},
        {"localAuthority=Hackney|age=40|gender=2|ethnicCategory=CT|nssec=08|imdQuintile=1|pregnant=N|"
         "seriousMentalIllness=Y",
         ""},
        {"pregnant=maybe", "1:pregnant:BAD_FLAG"},
    };
    TRY("harm-reduction", CASES);
}

static void referrals(void) {
    static const struct part_case CASES[] = {
        {"", ""},
        {"referralId=|receivedDate=|source=GP", "1:referralId:MISSING_VALUE 1:receivedDate:MISSING_VALUE"},
        {"receivedDate=2025-10-01", "1:receivedDate:OUTSIDE_PERIOD"},
        {"contactedDate=2025-07-14|firstAppointmentOfferedDate=2025-07-14", ""},
        {"contactedDate=2025-07-13", "1:contactedDate:INCONSISTENT"},
        {"firstAppointmentOfferedDate=2025-07-13", "1:firstAppointmentOfferedDate:INCONSISTENT"},
        {"contactedDate=2025-07-13|firstAppointmentOfferedDate=2025-07-13",
         "1:contactedDate:INCONSISTENT 1:firstAppointmentOfferedDate:INCONSISTENT"},
        {"contactedDate=2025-07-15|firstAppointmentOfferedDate=2025-07-14", ""},
        {"contactedDate=2026-02-20", ""},
        {"contactedDate=2026-02-21", ""}, /* only follow-ups are held against today */
        {"firstAppointmentOfferedDate=2026-02-21", ""},
        {"receivedDate=x|contactedDate=2025-07-13", "1:receivedDate:BAD_DATE"},
        {"receivedDate=2025-06-30|contactedDate=2025-06-29", "1:receivedDate:OUTSIDE_PERIOD"},
        {"source=gp|referrerOrganisation=Lower Clapton; Group, Practice", ""},
        {"source=POLICE", "1:source:UNKNOWN_CODE"},
        {"destinationSite=MAIN|destinationType=13|episodeId=EARLIER", ""},
        {"destinationSite=UNLISTED|destinationType=13", "~1:destinationSite:UNKNOWN_SITE"},
        {"episodeId=NOBODY", "~1:episodeId:UNKNOWN_EPISODE"},
        {"destinationType=ZZ", "1:destinationType:UNKNOWN_CODE"},
    };
    TRY("referrals", CASES);
}

static void contacts(void) {
    static const struct part_case CASES[] = {
        {"", ""},
        {"month=", "1:month:MISSING_VALUE"},
        {"month=2025-06", "1:month:OUTSIDE_PERIOD"},
        {"month=2025-09", ""},
        {"month=2025-10", "1:month:OUTSIDE_PERIOD"},
        {"month=2025-13", "1:month:BAD_DATE"},
        {"month=2025-07-01", "1:month:BAD_DATE"},
        {"month=July", "1:month:BAD_DATE"},
        {"callsReceived=|callsAnsweredFirstTime=",
         "1:callsReceived:MISSING_VALUE 1:callsAnsweredFirstTime:MISSING_VALUE"},
        {"callsReceived=95", ""},
        {"callsReceived=94", "1:callsAnsweredFirstTime:INCONSISTENT"},
        {"callsReceived=0|callsAnsweredFirstTime=0", ""},
        {"callsReceived=0|callsAnsweredFirstTime=1", "1:callsAnsweredFirstTime:INCONSISTENT"},
        {"callsReceived=x", "1:callsReceived:BAD_NUMBER"},
        {"callsReceived=-1", "1:callsReceived:OUT_OF_RANGE"},
        {"callsReceived=10000001", "1:callsReceived:OUT_OF_RANGE"},
        {"emailsReceived=57", ""},
        {"emailsReceived=5.5", "1:emailsReceived:BAD_NUMBER"},
    };
    TRY("contacts", CASES);
    struct judged j;
    judged_csv(
        &j, "contacts",
        "month,callsReceived,callsAnsweredFirstTime\n2025-07,1,1\n2025-08,1,1\n2025-07,2,2\n2025-09,0,0\n");
    CHECK(strcmp(judged_found(&j), "3:month:DUPLICATE") == 0, "once each: %s", judged_found(&j));
    judged_free(&j);
}

static void training_sessions(void) {
    static const struct part_case CASES[] = {
        {"", ""},
        {"date=2025-10-01", "1:date:OUTSIDE_PERIOD"},
        {"type=", "1:type:MISSING_VALUE"},
        {"type=OTHER", "1:type:UNKNOWN_CODE"},
        {"attendees=", "1:attendees:MISSING_VALUE"},
        {"attendees=0", ""},
        {"type=SPECIALTY", "1:topic:MISSING_VALUE"},
        {"type=specialty|topic=", "1:topic:MISSING_VALUE"},
        {"type=SPECIALTY|topic=VAPING", ""},
        {"type=SPECIALTY|topic=x", "1:topic:UNKNOWN_CODE"},
        {"type=PRACTITIONER|topic=VAPING", ""},
        {"ratingsReceived=12|ratedGoodOrVeryGood=12", ""},
        {"ratingsReceived=13", "1:ratingsReceived:INCONSISTENT"},
        {"ratingsReceived=10|ratedGoodOrVeryGood=11", "1:ratedGoodOrVeryGood:INCONSISTENT"},
        {"ratingsReceived=13|ratedGoodOrVeryGood=14",
         "1:ratingsReceived:INCONSISTENT 1:ratedGoodOrVeryGood:INCONSISTENT"},
        {"ratedGoodOrVeryGood=1", "1:ratedGoodOrVeryGood:INCONSISTENT"},
        {"ratedGoodOrVeryGood=0", ""},
        {"ratingsReceived=x|ratedGoodOrVeryGood=1", "1:ratingsReceived:BAD_NUMBER"},
        {"outOfHours=Yes|ncsctCertified=0", ""},
        {"organisations=Homerton:8;Hackney Council:4", ""},
        {"organisations= Homerton : 8 ; ;Hackney: Education:0;", ""},
        {"organisations=;", ""},
        {"organisations=Homerton", "1:organisations:BAD_NUMBER"},
        {"organisations=Homerton:", "1:organisations:BAD_NUMBER"},
        {"organisations=Homerton:eight", "1:organisations:BAD_NUMBER"},
        {"organisations=Homerton:-8", "1:organisations:BAD_NUMBER"},
        {"organisations=Homerton:100001", "1:organisations:BAD_NUMBER"},
        {"organisations=Homerton:8;:4", "1:organisations:MISSING_VALUE"},
        {"organisations=:", "1:organisations:MISSING_VALUE"},
        {"organisations=Homerton;Hackney", "1:organisations:BAD_NUMBER"},
    };
    TRY("training-sessions", CASES);
}

static void lists(void) {
    static const struct part_case ADVISERS[] = {
        {"", ""},
        {"adviserId=", "1:adviserId:MISSING_VALUE"},
        {"organisation=", "1:organisation:MISSING_VALUE"},
        {"adviserId=Jane Smith", "1:adviserId:BAD_ID"},
        {"qualification=NCSCT practitioner|certifiedDate=2024-11-05", ""},
        {"certifiedDate=x", "1:certifiedDate:BAD_DATE"},
    };
    static const struct part_case SITES[] = {
        {"", ""},
        {"siteId=|name=|setting=13", "1:siteId:MISSING_VALUE 1:name:MISSING_VALUE"},
        {"setting=13", ""},
        {"setting=77", "1:setting:UNKNOWN_CODE"},
        {"postcode=E5 0LP", ""},
        {"postcode=e50lp", ""},
        {"postcode=Hackney", "1:postcode:UNKNOWN_CODE"},
        {"clinicTimes=Mon 9-12", ""},
    };
    TRY("advisers", ADVISERS);
    TRY("sites", SITES);
}

static void web_analytics(void) {
    static const struct part_case CASES[] = {
        {"", ""},
        {"month=|visitors=1", "1:month:MISSING_VALUE"},
        {"month=2025-10", "1:month:OUTSIDE_PERIOD"},
        {"visitors=100|newVisitors=100|pageViews=0", ""},
        {"visitors=100|newVisitors=101", "1:newVisitors:INCONSISTENT"},
        {"newVisitors=101", ""},
        {"visitors=1.5", "1:visitors:BAD_NUMBER"},
        {"visitors=1000000001", "1:visitors:OUT_OF_RANGE"},
        {"bounceRatePercent=0", ""},
        {"bounceRatePercent=100.00", ""},
        {"bounceRatePercent=41.5000", ""},
        {"bounceRatePercent=100.01", "1:bounceRatePercent:OUT_OF_RANGE"},
        {"bounceRatePercent=-0.01", "1:bounceRatePercent:OUT_OF_RANGE"},
        {"bounceRatePercent=99999999999999999999", "1:bounceRatePercent:OUT_OF_RANGE"},
        {"bounceRatePercent=41.555", "1:bounceRatePercent:BAD_NUMBER"},
        {"bounceRatePercent=41,5", "1:bounceRatePercent:BAD_NUMBER"},
        {"bounceRatePercent=41.", "1:bounceRatePercent:BAD_NUMBER"},
        {"bounceRatePercent=.5", "1:bounceRatePercent:BAD_NUMBER"},
        {"bounceRatePercent=-", "1:bounceRatePercent:BAD_NUMBER"},
        {"bounceRatePercent=4.1.5", "1:bounceRatePercent:BAD_NUMBER"},
        {"bounceRatePercent=4x.5", "1:bounceRatePercent:BAD_NUMBER"},
        {"bounceRatePercent=41.5%", "1:bounceRatePercent:BAD_NUMBER"},
        {"bounceRatePercent=4.1E+01", "1:bounceRatePercent:BAD_NUMBER"},
        {"downtimeMinutes=44640", ""},
        {"downtimeMinutes=44641", "1:downtimeMinutes:OUT_OF_RANGE"},
        {"supportIssues=3|averageResolveHours=0002.25|topPages=/quit;/vaping", ""},
        {"averageResolveHours=10000", ""},
        {"averageResolveHours=10000.01", "1:averageResolveHours:OUT_OF_RANGE"},
    };
    TRY("web-analytics", CASES);
}

static void media_activity(void) {
    static const struct part_case CASES[] = {
        {"", ""},
        {"date=|channel=|language=Turkish", "1:date:MISSING_VALUE 1:channel:MISSING_VALUE"},
        {"date=2025-10-01", "1:date:OUTSIDE_PERIOD"},
        {"language=Turkish|description=Short video", ""},
    };
    TRY("media-activity", CASES);
}

/* Two equal posts are two rows; a row's key is what it says. */
static void rows_without_a_key(void) {
    struct judged j;
    judged_csv(&j, "media-activity", "date,channel\n2025-07-14,X\n14/07/2025,X\n2025-07-15,X\n");
    CHECK(strcmp(judged_found(&j), "") == 0 && j.judgement.rows == 3, "%s", judged_found(&j));
    const struct row_digest *d = (const void *)j.judgement.digests.p;
    CHECK(hash128_eq(d[0].key, d[1].key) && !hash128_eq(d[0].key, d[2].key), "equal rows have equal keys");
    CHECK(hash128_eq(d[0].key, d[0].content) && d[0].key.a, "the content is the key");
    judged_free(&j);
    CHECK(!part_has_key(part_get(PART_MEDIA_ACTIVITY)) && part_has_key(part_get(PART_WEB_ANALYTICS)), "keys");
}

/* With the decimals that it takes and no more. */
static void decimals_as_stored(void) {
    static const struct {
        const char *sent, *cell;
    } CASES[] = {
        {"41.5", "\t41.5\t"}, {"41.50", "\t41.5\t"}, {"7", "\t7\t"},
        {"0.05", "\t0.05\t"}, {"100.00", "\t100\t"}, {"12.34", "\t12.34\t"},
    };
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        struct judged j;
        struct buf copy = BUF_EMPTY;
        char changes[64];
        snprintf(changes, sizeof changes, "bounceRatePercent=%s", CASES[i].sent);
        judged_row(&j, "web-analytics", FORMAT_CSV, changes);
        judged_copy(&j, &copy);
        CHECK(memmem(copy.p, copy.n, CASES[i].cell, strlen(CASES[i].cell)) != NULL, "%s", CASES[i].sent);
        buf_free(&copy);
        judged_free(&j);
    }
}

/* JSON may send decimals as numbers. */
static void decimals_in_json(void) {
    static const struct {
        const char *json, *found;
    } CASES[] = {
        {"41.5", ""},
        {"41", ""},
        {"\"41.5\"", ""},
        {"null", ""},
        {"1e1", "1:bounceRatePercent:BAD_NUMBER"},
        {"101", "1:bounceRatePercent:OUT_OF_RANGE"},
        {"true", "1:bounceRatePercent:WRONG_TYPE"},
    };
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        struct judged j;
        char body[120];
        snprintf(body, sizeof body, "{\"rows\":[{\"month\":\"2025-07\",\"bounceRatePercent\":%s}]}",
                 CASES[i].json);
        judged_json(&j, "web-analytics", body);
        CHECK(strcmp(judged_found(&j), CASES[i].found) == 0, "%s: %s", CASES[i].json, judged_found(&j));
        judged_free(&j);
    }
}

static void ids_are_unique_within_the_version(void) {
    static const struct {
        const char *part, *body, *found;
    } CASES[] = {
        {"harm-reduction", "pathwayId,startDate\nP1,2025-07-14\np1,2025-07-14\nP1,2025-08-14\n",
         "3:pathwayId:DUPLICATE"},
        {"referrals", "referralId,receivedDate\nR1,2025-07-14\nR1,2025-07-14\n", "2:referralId:DUPLICATE"},
        {"training-sessions", "sessionId,date,type,attendees\nT,2025-07-14,VBA,6\nT,2025-07-15,VBA,6\n",
         "2:sessionId:DUPLICATE"},
        {"advisers", "adviserId,organisation\nA,x\nA,y\n", "2:adviserId:DUPLICATE"},
        {"sites", "siteId,name\nS,x\nS,y\n", "2:siteId:DUPLICATE"},
        {"web-analytics", "month\n2025-07\n2025-08\n2025-07\n", "3:month:DUPLICATE"},
        {"sites", "siteId,name\n", ""},
        {"sites", "siteId\nS\n", "0:name:MISSING_COLUMN"},
    };
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        struct judged j;
        judged_csv(&j, CASES[i].part, CASES[i].body);
        CHECK(strcmp(judged_found(&j), CASES[i].found) == 0, "%s: %s, not %s", CASES[i].part,
              judged_found(&j), CASES[i].found);
        judged_free(&j);
    }
}

/* Pseudonyms of the other parts, too, must not be NHS numbers; referralId is none. */
static void nhs_numbers(void) {
    struct judged j;
    judged_row(&j, "harm-reduction", FORMAT_CSV, "clientId=9434765919");
    CHECK(strcmp(judged_found(&j), "1:clientId:NHS_NUMBER_NOT_ALLOWED") == 0, "%s", judged_found(&j));
    judged_free(&j);
    judged_row(&j, "referrals", FORMAT_CSV, "referralId=9434765919");
    CHECK(strcmp(judged_found(&j), "") == 0, "%s", judged_found(&j));
    judged_free(&j);
}

static void sites_of_episodes(void) {
    static const struct part_case CASES[] = {
        {"site=S1|adviser=A1", ""},
        {"site=UNLISTED", "~1:site:UNKNOWN_SITE"},
        {"adviser=UNLISTED", "~1:adviser:UNKNOWN_ADVISER"},
        {"site=UNLISTED|adviser=UNLISTED", "~1:site:UNKNOWN_SITE ~1:adviser:UNKNOWN_ADVISER"},
        {"site=|adviser=", ""},
        {"site=a b", "1:site:BAD_ID"},
    };
    TRY("episodes", CASES);
    struct buf body = BUF_EMPTY;
    judged_body(&body, "episodes", FORMAT_CSV, "site=UNLISTED|adviser=UNLISTED|quitDate=2025-02-14");
    struct judge_input in = judged_defaults("episodes", FORMAT_CSV, buf_str(&body));
    in.period = period_of(2024, 4);
    struct judged j;
    judged_input(&j, &in);
    CHECK(strcmp(judged_found(&j), "") == 0, "no list was ever sent: %s", judged_found(&j));
    judged_free(&j);
    in.known = NULL;
    judged_input(&j, &in);
    CHECK(strcmp(judged_found(&j), "") == 0, "nothing is known: %s", judged_found(&j));
    judged_free(&j);
    buf_free(&body);
}

/* ---- facts ---- */

/* The record of one good row, copied; both formats must give the same. */
static void fact_of(const char *part, const char *changes, void *out, size_t size) {
    char other[128] = {0};
    for (enum body_format format = FORMAT_CSV; format <= FORMAT_JSON; format++) {
        struct judged j;
        judged_row(&j, part, format, changes);
        bool good = j.judgement.findings.errors == 0 && j.judgement.facts.n == size && size <= sizeof other;
        CHECK(good, "%s: %s, %zu bytes", part, judged_found(&j), j.judgement.facts.n);
        if (good) memcpy(format == FORMAT_CSV ? out : other, j.judgement.facts.p, size);
        judged_free(&j);
    }
    CHECK(memcmp(out, other, size) == 0, "%s: CSV and JSON give the same facts", part);
}

static bool is_hash(struct hash128 h, const char *text) {
    return hash128_eq(h, *text ? hash128_of(str_of(text)) : (struct hash128){0, 0});
}

static int16_t fact_day_iso(const char *text) {
    int32_t day = DAY_NONE;
    day_parse_iso(str_of(text), &day);
    return fact_day(day);
}

static void facts_of_people(void) {
    struct fact_harm_reduction h;
    fact_of(
        "harm-reduction",
        "clientId=C|episodeId=E|outcome=TEMPORARY_ABSTINENCE|outcomeDate=2025-09-01|localAuthority=Hackney|age=40|"
        "gender=2|ethnicCategory=CT|nssec=08|imdQuintile=3|pregnant=N|seriousMentalIllness=Y",
        &h, sizeof h);
    CHECK(is_hash(h.client, "C") && is_hash(h.episode, "E") && h.start == fact_day_iso("2025-07-14") &&
              h.outcome_day == fact_day_iso("2025-09-01") && h.outcome == 4 && h.authority == 9000012,
          "harm reduction");
    CHECK(h.age == 40 && h.gender == fact_code(STR("2")) && h.ethnic_category == fact_code(STR("CT")) &&
              h.nssec == fact_code(STR("08")) && h.imd_quintile == 3 &&
              fact_flag_get(h.flags, FLAG_PREGNANT) == FLAG_NO &&
              fact_flag_get(h.flags, FLAG_SERIOUS_MENTAL_ILLNESS) == FLAG_YES,
          "and who it is");
    fact_of("harm-reduction", "", &h, sizeof h);
    CHECK(is_hash(h.client, "") && is_hash(h.episode, "") && h.outcome == 0 && h.outcome_day == FACT_NO_DAY &&
              h.age == FACT_NO_AGE && h.flags == 0 && h.authority == 0,
          "blanks");
    struct fact_referral r;
    fact_of(
        "referrals",
        "contactedDate=2025-07-15|firstAppointmentOfferedDate=2025-07-18|source=HELPLINE|referrerOrganisation=GP|"
        "episodeId=E|destinationSite=S|destinationType=13|age=30|pregnant=Y",
        &r, sizeof r);
    CHECK(r.received == fact_day_iso("2025-07-14") && r.contacted == fact_day_iso("2025-07-15") &&
              r.offered == fact_day_iso("2025-07-18") && r.source == 7 && is_hash(r.organisation, "GP") &&
              is_hash(r.episode, "E") && r.site == hash128_of(STR("S")).a &&
              r.destination_type == fact_code(STR("13")) && r.age == 30 &&
              fact_flag_get(r.flags, FLAG_PREGNANT) == FLAG_YES,
          "a referral");
    fact_of("referrals", "", &r, sizeof r);
    CHECK(r.contacted == FACT_NO_DAY && r.offered == FACT_NO_DAY && r.site == 0 && r.source == 0, "blanks");
    struct fact_episode e;
    fact_of("episodes", "site=S|adviser=A", &e, sizeof e);
    CHECK(e.site == hash128_of(STR("S")).a && e.adviser == hash128_of(STR("A")).a, "site and adviser");
    fact_of("episodes", "", &e, sizeof e);
    CHECK(e.site == 0 && e.adviser == 0, "none");
}

static void facts_of_numbers(void) {
    struct fact_contact c;
    fact_of("contacts", "callsReceived=70000|callsAnsweredFirstTime=66000", &c, sizeof c);
    CHECK(c.month == fact_day_iso("2025-07-01") && c.calls == 70000 && c.answered == 66000 &&
              c.emails == FACT_NO_COUNT,
          "contacts");
    struct fact_training_session t;
    fact_of("training-sessions",
            "type=REFRESHER|topic=VAPING|ratingsReceived=10|ratedGoodOrVeryGood=9|outOfHours=Y", &t,
            sizeof t);
    CHECK(t.day == fact_day_iso("2025-07-14") && t.type == TRAINING_WORD_REFRESHER && t.topic == 4 &&
              t.attendees == 12 && t.ratings == 10 && t.good == 9 && t.flags == FLAG_YES,
          "a session");
    fact_of("training-sessions", "ncsctCertified=N", &t, sizeof t);
    CHECK(t.ratings == FACT_NO_COUNT && t.good == FACT_NO_COUNT && t.topic == 0 && t.flags == FLAG_NO << 2,
          "blanks");
    struct fact_site s;
    fact_of("sites", "setting=13", &s, sizeof s);
    CHECK(is_hash(s.id, "S1") && s.setting == fact_code(STR("13")), "a site");
    struct fact_adviser a;
    fact_of("advisers", "certifiedDate=2024-11-05", &a, sizeof a);
    CHECK(is_hash(a.id, "A1") && a.certified == fact_day_iso("2024-11-05"), "an adviser");
}

/* ---- what is stored ---- */

static struct row_digest digest_of(const char *part, enum body_format format, const char *changes) {
    struct judged j;
    judged_row(&j, part, format, changes);
    struct row_digest d = {{0, 0}, {0, 0}};
    if (j.judgement.digests.n == sizeof d) memcpy(&d, j.judgement.digests.p, sizeof d);
    judged_free(&j);
    return d;
}

/* However a postcode is written, with however many spaces, one form is stored. */
static void postcodes_have_one_form(void) {
    struct row_digest first = digest_of("sites", FORMAT_CSV, "postcode=SW1A 1AA");
    char spaced[2000];
    snprintf(spaced, sizeof spaced, "postcode=S%1500sW1A1A A", "");
    const char *const OTHERS[] = {"postcode=sw1a1aa", "postcode=SW1A  1AA", spaced};
    for (size_t i = 0; i < 3; i++) {
        struct row_digest other = digest_of("sites", FORMAT_JSON, OTHERS[i]);
        CHECK(hash128_eq(first.content, other.content), "%.30s", OTHERS[i]);
    }
    struct judged j;
    struct buf copy = BUF_EMPTY;
    judged_row(&j, "sites", FORMAT_CSV, "postcode=e5 0lp");
    judged_copy(&j, &copy);
    CHECK(memmem(copy.p, copy.n, "\tE5 0LP\t", 8) != NULL, "upper case, one space");
    buf_free(&copy);
    judged_free(&j);
}

/* Texts as long as they may be, in characters of four bytes. */
static void long_texts(void) {
    struct buf changes = BUF_EMPTY;
    buf_add_cstr(&changes, "clinicTimes=");
    for (int i = 0; i < 500; i++)
        buf_add_cstr(&changes, "\xf0\x9f\x9a\xad");
    buf_add_cstr(&changes, "|name=");
    for (int i = 0; i < 200; i++)
        buf_add_cstr(&changes, "\xf0\x9f\x9a\xad");
    buf_add_char(&changes, '\0');
    try_cases("sites", &(struct part_case){changes.p, ""}, 1);
    changes.n--;
    buf_add_cstr(&changes, "x");
    buf_add_char(&changes, '\0');
    try_cases("sites", &(struct part_case){changes.p, "1:name:OUT_OF_RANGE"}, 1);
    buf_free(&changes);
}

void suite_returns_parts(void);
void suite_returns_parts(void) {
    suite_add("unit returns parts", NULL, NULL);
    case_add("harm-reduction", harm_reduction);
    case_add("referrals: dates in their order", referrals);
    case_add("contacts: months and calls", contacts);
    case_add("training-sessions: topics, ratings, organisations", training_sessions);
    case_add("advisers and sites", lists);
    case_add("web-analytics: months and decimals", web_analytics);
    case_add("media-activity", media_activity);
    case_add("rows without a key", rows_without_a_key);
    case_add("decimals as they are stored", decimals_as_stored);
    case_add("decimals in JSON", decimals_in_json);
    case_add("ids are unique within the version", ids_are_unique_within_the_version);
    case_add("pseudonyms are no NHS numbers", nhs_numbers);
    case_add("sites and advisers of episodes", sites_of_episodes);
    case_add("facts of people", facts_of_people);
    case_add("facts of numbers and lists", facts_of_numbers);
    case_add("postcodes have one form", postcodes_have_one_form);
    case_add("texts as long as they may be", long_texts);
}
