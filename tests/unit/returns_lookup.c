/* returns: reference data: what is read of it, how it is packed and asked, what it does to episodes. */
#include <stdlib.h>

#include "base/embed.h"
#include "kpi/framework.h"
#include "returns/lookup.h"
#include "returns/parts/lookups.h"
#include "tests/support/judged.h"
#include "tests/support/suite.h"

static void judge_lookup(struct judged *j, const struct part *lookup, const char *body) {
    struct judge_input in = judged_defaults("episodes", FORMAT_CSV, str_of(body));
    in.part = lookup;
    in.known = NULL;
    in.service = STR_NONE;
    judged_input(j, &in);
}

static void files(void) {
    static const struct {
        const struct part *lookup;
        const char *body, *found;
    } CASES[] = {
        {&lookup_imd, "lsoa,quintile\nE01000001,5\n", ""},
        {&lookup_imd, "lsoa11cd,imd19_decile,imd19_quintile\nE01000001,9,5\n", ""},
        {&lookup_imd, "LSOA code (2011);Index of Multiple Deprivation (IMD) Decile\nE01000001;9\n", ""},
        {&lookup_imd, "lsoa21cd,imd25_quintile\nE01000001,5\nE01000001,5\n", "2:lsoa:DUPLICATE"},
        {&lookup_imd, "lsoa,quintile,decile\nE01000001,4,9\n", "1:decile:INCONSISTENT"},
        {&lookup_imd, "lsoa,quintile\nE01000001,\n", "1:quintile:MISSING_VALUE"},
        {&lookup_imd, "lsoa,quintile\nE01000001,6\n", "1:quintile:OUT_OF_RANGE"},
        {&lookup_imd, "lsoa,quintile\nHackney,1\n", "1:lsoa:UNKNOWN_CODE"},
        {&lookup_imd, "quintile\n1\n", "0:lsoa:MISSING_COLUMN"},
        {&lookup_imd, "lsoa,quintile\n", ""},
        {&lookup_postcodes, "pcds,lsoa21cd,lad24cd\nE8 1EA,E01001785,E09000012\ne81ea,,\n",
         "2:postcode:DUPLICATE"},
        {&lookup_postcodes, "postcode,lsoa\nE8 1EA,E01001785\nCF10 1AA,W01001939\n", ""},
        {&lookup_postcodes, "postcode,la\nCF10 1AA,W06000015\n", "~1:localAuthority:UNKNOWN_CODE"},
        {&lookup_postcodes, "postcode,la\nE8 1EA,London Borough of Hackney\n", ""},
        {&lookup_bank_holidays, "Date,Title\n25/12/2027,Christmas Day\n2027-12-25,again\n", ""},
        {&lookup_bank_holidays, "date\n2027-02-30\n", "1:date:BAD_DATE"},
    };
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        struct judged j;
        judge_lookup(&j, CASES[i].lookup, CASES[i].body);
        CHECK(j.err == OK && strcmp(judged_found(&j), CASES[i].found) == 0, "%s: '%s', not '%s'",
              CASES[i].body, judged_found(&j), CASES[i].found);
        judged_free(&j);
    }
}

/* There is no template of reference data to be sent to. */
static void foreign_header(void) {
    struct judged j;
    judge_lookup(&j, &lookup_imd, "nonsense,quintiles\n1,2\n");
    const struct finding *f = judged_first(&j, FINDING_MISSING_COLUMN);
    CHECK(
        f &&
            str_is(
                f->fix,
                "Let the first line name the columns, such as lsoa; none of those that it names now is known."),
        "%.*s", f ? (int)f->fix.n : 0, f ? f->fix.p : "");
    judged_free(&j);
}

static void pack_of(const struct part *lookup, const char *body, struct buf *out) {
    struct judged j;
    judge_lookup(&j, lookup, body);
    CHECK(j.err == OK && lookup_pack(lookup, &j.judgement, out), "%s is packed", lookup->name);
    judged_free(&j);
}

static void quintiles(void) {
    struct buf pack = BUF_EMPTY;
    struct lookup_imd imd;
    pack_of(
        &lookup_imd,
        "lsoa,decile\nE01000001,1\nE01000002,2\nE01000003,3\nE01000009,9\nE01000010,10\nW01000004,1\nE01999999,1\n",
        &pack);
    CHECK(lookup_open_imd(buf_str(&pack), &imd), "opens");
    static const int WANT[] = {0, 1, 1, 2, 0, 0, 0, 0, 0, 5, 5, 0};
    for (uint32_t i = 0; i < sizeof WANT / sizeof *WANT; i++)
        CHECK(lookup_quintile(&imd, i) == WANT[i], "LSOA %u is %d", i, lookup_quintile(&imd, i));
    CHECK(lookup_quintile(&imd, UINT32_MAX) == 0, "beyond the pack");
    CHECK(lookup_lsoa_number(STR("E01524287")) == LSOA_MOST && lookup_lsoa_number(STR("E01524288")) == 0,
          "the largest number that fits");
    CHECK(lookup_lsoa_number(STR("W01000001")) == 0 && lookup_lsoa_number(STR("E0100001")) == 0,
          "not England");
    buf_free(&pack);
}

static void check_postcode(const struct lookup_postcodes *p, const char *postcode, uint32_t lsoa,
                           uint32_t authority) {
    uint32_t l = 9, a = 9;
    CHECK(lookup_postcode(p, str_of(postcode), &l, &a) && l == lsoa && a == authority, "%s: %u %u", postcode,
          l, a);
}

static void postcodes(void) {
    struct buf pack = BUF_EMPTY;
    struct lookup_postcodes p;
    uint32_t l, a;
    pack_of(
        &lookup_postcodes,
        "postcode,lsoa,la\nZE1 0AA,S01010000,S12000027\nE8 1EA,E01001785,Hackney\nEC1A 1BB,E01000001,E09000001\n"
        "E8 1EB,,Hackney\nE8 1EC,E01001785,\nW1A 1AA,E01524287,Westminster\nSW1A 1AA,,\n",
        &pack);
    CHECK(lookup_open_postcodes(buf_str(&pack), &p) && p.count == 7 && p.authority_count == 3, "%zu, %zu",
          p.count, p.authority_count);
    check_postcode(&p, "E8 1EA", 1785, 9000012);
    check_postcode(&p, "EC1A 1BB", 1, 9000001);
    check_postcode(&p, "E8 1EB", 0, 9000012);
    check_postcode(&p, "E8 1EC", 1785, 0);
    check_postcode(&p, "W1A 1AA", LSOA_MOST, 9000033);
    check_postcode(&p, "SW1A 1AA", 0, 0);
    check_postcode(&p, "ZE1 0AA", 0, 0);
    static const char *const UNKNOWN[] = {"E8 1ED", "A1 1AA", "ZZ99 9ZZ", "E8 1E"};
    for (size_t i = 0; i < 4; i++)
        CHECK(!lookup_postcode(&p, str_of(UNKNOWN[i]), &l, &a), "%s is not there", UNKNOWN[i]);
    buf_free(&pack);
    pack_of(&lookup_postcodes, "postcode\n", &pack);
    CHECK(lookup_open_postcodes(buf_str(&pack), &p) && p.count == 0, "an empty one opens");
    CHECK(!lookup_postcode(&p, STR("E8 1EA"), &l, &a), "and has none");
    CHECK(!lookup_open_postcodes(STR("abc"), &p) && !lookup_open_postcodes(STR("\xff\0\0\0\0\0\0\0"), &p),
          "what is no pack does not open");
    buf_free(&pack);
}

/* ---- episodes beside lookups ---- */

struct loaded {
    struct buf imd_pack, postcodes_pack;
    struct lookup_imd imd;
    struct lookup_postcodes postcodes;
    struct lookups lookups;
};

static void load(struct loaded *l) {
    *l = (struct loaded){.imd_pack = BUF_EMPTY, .postcodes_pack = BUF_EMPTY};
    pack_of(&lookup_imd, "lsoa,quintile\nE01001785,2\nE01000001,5\n", &l->imd_pack);
    pack_of(&lookup_postcodes,
            "postcode,lsoa,la\nE8 1EA,E01001785,E09000012\nEC1A 1BB,E01000001,E09000001\nE8 1EB,E01001785,\n",
            &l->postcodes_pack);
    lookup_open_imd(buf_str(&l->imd_pack), &l->imd);
    lookup_open_postcodes(buf_str(&l->postcodes_pack), &l->postcodes);
    l->lookups = (struct lookups){.imd = &l->imd, .postcodes = &l->postcodes};
}

static void unload(struct loaded *l) {
    buf_free(&l->imd_pack);
    buf_free(&l->postcodes_pack);
}

static void judge_beside(struct judged *j, const struct lookups *lookups, enum body_format format,
                         const char *changes) {
    struct buf body = BUF_EMPTY;
    judged_body(&body, "episodes", format, changes);
    struct judge_input in = judged_defaults("episodes", format, buf_str(&body));
    in.lookups = lookups;
    judged_input(j, &in);
    buf_free(&body);
}

static void places(void) {
    static const struct {
        const char *changes, *found;
        uint32_t authority;
        int quintile;
    } CASES[] = {
        {"", "", 9000012, 0},
        {"postcode=E8 1EA", "", 9000012, 2},
        {"-localAuthority|postcode=E8 1EA", "", 9000012, 2},
        {"localAuthority=|postcode=ec1a1bb", "", 9000001, 5},
        {"localAuthority=|postcode=E8 1EA|imdQuintile=2", "", 9000012, 2},
        {"postcode=E8 1EA|imdQuintile=5", "~1:imdQuintile:LOOKUP_DIFFERS", 9000012, 2},
        {"postcode=EC1A 1BB", "~1:localAuthority:LOOKUP_DIFFERS", 9000012, 5},
        {"postcode=E8 1EA|lsoa=E01001785", "", 9000012, 2},
        {"postcode=E8 1EA|lsoa=E01000001", "~1:lsoa:LOOKUP_DIFFERS", 9000012, 2},
        {"lsoa=e01000001", "", 9000012, 5},
        {"lsoa=E01000001|imdQuintile=1", "~1:imdQuintile:LOOKUP_DIFFERS", 9000012, 5},
        {"lsoa=E01000002|imdQuintile=1", "~1:lsoa:LOOKUP_DIFFERS", 9000012, 1},
        {"lsoa=E01000002", "~1:lsoa:LOOKUP_DIFFERS", 9000012, 0},
        {"postcode=E8 9ZZ|imdQuintile=3", "~1:postcode:LOOKUP_DIFFERS", 9000012, 3},
        {"localAuthority=|postcode=E8 9ZZ", "1:localAuthority:MISSING_VALUE", 0, 0},
        {"localAuthority=|postcode=E8 1EB", "1:localAuthority:MISSING_VALUE", 0, 0},
        {"localAuthority=|postcode=nowhere", "1:postcode:UNKNOWN_CODE", 0, 0},
        {"localAuthority=|postcode=", "1:localAuthority:MISSING_VALUE", 0, 0},
        {"localAuthority=Atlantis|postcode=E8 1EA", "1:localAuthority:UNKNOWN_CODE", 0, 0},
        {"postcode=E8 1EA|imdQuintile=9", "1:imdQuintile:OUT_OF_RANGE", 0, 0},
    };
    struct loaded l;
    load(&l);
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        for (enum body_format format = FORMAT_CSV; format <= FORMAT_JSON; format++) {
            struct judged j;
            judge_beside(&j, &l.lookups, format, CASES[i].changes);
            CHECK(strcmp(judged_found(&j), CASES[i].found) == 0, "%s: '%s', not '%s'", CASES[i].changes,
                  judged_found(&j), CASES[i].found);
            if (j.judgement.findings.errors == 0) {
                const struct fact_episode *f = (const void *)j.judgement.facts.p;
                CHECK(f->authority == CASES[i].authority && f->imd_quintile == CASES[i].quintile,
                      "%s: %u, %d", CASES[i].changes, f->authority, f->imd_quintile);
            }
            judged_free(&j);
        }
    }
    unload(&l);
}

/* Without a lookup the postcode gives nothing, and one missing column is one error. */
static void places_without_lookups(void) {
    static const struct {
        const char *changes, *found;
    } CASES[] = {
        {"postcode=E8 1EA|imdQuintile=5|lsoa=E01000001", ""},
        {"-localAuthority|postcode=E8 1EA", "0:localAuthority:MISSING_COLUMN"},
        {"localAuthority=|postcode=E8 1EA", "1:localAuthority:MISSING_VALUE"},
    };
    struct loaded l;
    load(&l);
    const struct lookups imd_alone = {.imd = &l.imd};
    for (size_t i = 0; i < 3; i++) {
        struct judged j;
        judge_beside(&j, NULL, FORMAT_CSV, CASES[i].changes);
        CHECK(strcmp(judged_found(&j), CASES[i].found) == 0, "%s: %s", CASES[i].changes, judged_found(&j));
        judged_free(&j);
    }
    struct judged j;
    judge_beside(&j, &imd_alone, FORMAT_CSV, "-localAuthority|postcode=E8 1EA");
    CHECK(strcmp(judged_found(&j), "0:localAuthority:MISSING_COLUMN") == 0, "no postcodes: %s",
          judged_found(&j));
    judged_free(&j);
    unload(&l);
}

/* Where postcodes are looked up by somebody else, a row may leave its authority to that; how many do is counted. */
static void places_looked_up_elsewhere(void) {
    static const struct {
        const char *changes, *found;
        uint64_t left;
    } CASES[] = {
        {"-localAuthority|postcode=E8 1EA", "", 1},
        {"localAuthority=|postcode=e81ea", "", 1},
        {"postcode=E8 1EA", "", 0},
        {"localAuthority=|postcode=", "1:localAuthority:MISSING_VALUE", 0},
        {"localAuthority=|postcode=nowhere", "1:postcode:UNKNOWN_CODE", 0},
        {"localAuthority=Atlantis|postcode=E8 1EA", "1:localAuthority:UNKNOWN_CODE", 0},
    };
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++)
        for (enum body_format format = FORMAT_CSV; format <= FORMAT_JSON; format++) {
            _Atomic uint64_t left = 0, ignored = 0;
            struct lookups counting = {.elsewhere = &left};
            struct judged j;
            judge_beside(&j, &(struct lookups){.elsewhere = &ignored}, format, CASES[i].changes);
            CHECK(strcmp(judged_found(&j), CASES[i].found) == 0, "%s: %s", CASES[i].changes,
                  judged_found(&j));
            judged_free(&j);
            struct buf body = BUF_EMPTY;
            struct fault fault;
            struct judgement once;
            judged_body(&body, "episodes", format, CASES[i].changes);
            struct judge_input in = judged_defaults("episodes", format, buf_str(&body));
            in.lookups = &counting;
            CHECK(judge(&in, &fault, &once) == OK && left == CASES[i].left, "%s: %llu left", CASES[i].changes,
                  (unsigned long long)left);
            judgement_free(&once);
            buf_free(&body);
        }
}

/* What a row was given by its postcode does not stay for the next, which has none. */
static void rows_do_not_lend(void) {
    struct loaded l;
    load(&l);
    struct judge_input in = judged_defaults(
        "episodes", FORMAT_CSV,
        STR("episodeId,clientId,localAuthority,postcode,quitDate,ageAtQuitDate\nE1,C1,,E8 1EA,2025-07-14,40\n"
            "E2,C2,Hackney,,2025-07-14,40\n"));
    in.lookups = &l.lookups;
    struct judged j;
    judged_input(&j, &in);
    const struct fact_episode *f = (const void *)j.judgement.facts.p;
    CHECK(strcmp(judged_found(&j), "") == 0 && f[0].imd_quintile == 2 && f[1].imd_quintile == 0, "%s, %d, %d",
          judged_found(&j), f[0].imd_quintile, f[1].imd_quintile);
    struct buf copy = BUF_EMPTY;
    judged_copy(&j, &copy);
    CHECK(memmem(copy.p, copy.n, "E01001785", 9) && !memmem(copy.p, copy.n, "1EA", 3),
          "the LSOA is stored, the postcode is not");
    buf_free(&copy);
    judged_free(&j);
    unload(&l);
}

/* ---- bank holidays ---- */

static void holidays(void) {
    struct buf pack = BUF_EMPTY;
    const int32_t *days;
    size_t count;
    pack_of(&lookup_bank_holidays, "date\n2028-01-03\n2026-12-25\n2026-06-01\n2026-12-25\n", &pack);
    CHECK(lookup_open_holidays(buf_str(&pack), &days, &count) && count == 3, "three days: %zu", count);
    CHECK(days[0] == day_from_civil(2026, 6, 1) && days[2] == day_from_civil(2028, 1, 3), "in order");
    struct framework *f;
    struct fault fault = {.err = OK};
    const struct embed_file *file = embed_find("frameworks/city-and-hackney.json");
    str text = {(const char *)file->bytes, file->size};
    CHECK(framework_parse(text, 1, &fault, &f) == OK, "%s", fault.detail);
    framework_set_holidays(f, 4, days, count);
    static const struct {
        int year, month, day;
        bool works;
    } CASES[] = {
        {2025, 12, 25, false}, /* the framework's own year */
        {2026, 1, 1, true},    /* the lookup has 2026, and not this day */
        {2026, 6, 1, false},   {2026, 12, 25, false},
        {2026, 12, 28, true},  {2027, 1, 1, false}, /* the framework's own again */
        {2028, 1, 3, false},   {2028, 1, 4, true},
    };
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++)
        CHECK(workday_is(&f->holidays, day_from_civil(CASES[i].year, CASES[i].month, CASES[i].day)) ==
                  CASES[i].works,
              "%d-%02d-%02d", CASES[i].year, CASES[i].month, CASES[i].day);
    for (size_t i = 1; i < f->holidays.count; i++)
        CHECK(f->holidays.days[i - 1] < f->holidays.days[i], "ascending at %zu", i);
    CHECK(f->holidays_version == 4, "which version");
    framework_free(f);
    buf_free(&pack);
}

void suite_returns_lookup(void);
void suite_returns_lookup(void) {
    suite_add("unit returns lookup", NULL, NULL);
    case_add("files of reference data", files);
    case_add("a header of which nothing is known", foreign_header);
    case_add("quintiles by LSOA", quintiles);
    case_add("postcodes", postcodes);
    case_add("what postcode and LSOA give an episode", places);
    case_add("nothing where no lookup is loaded", places_without_lookups);
    case_add("postcodes that somebody else looks up", places_looked_up_elsewhere);
    case_add("a row lends nothing to the next", rows_do_not_lend);
    case_add("loaded bank holidays win for their years", holidays);
}
