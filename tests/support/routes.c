/* See routes.h. The first route of a part is the one that the others are compared with. */
#include "tests/support/routes.h"

/* clang-format off */
#define SITE_HEAD "siteId,name,setting,postcode,clinicTimes\n"
#define SITE_ROWS "S1,Caf\xc3\xa9 Clapton \xe2\x80\x93 north,13,E5 0LP,Mon 9-12\nS2,\"Jo's, Sons\",10,,\n"

const struct data_route data_routes[] = {
    {"CSV", "sites", SITE_HEAD SITE_ROWS, ROUTE_UTF8, false},
    {"UTF-8 with BOM", "sites", SITE_HEAD SITE_ROWS, ROUTE_UTF8_BOM, false},
    {"UTF-16 little endian", "sites", SITE_HEAD SITE_ROWS, ROUTE_UTF16_LE, false},
    {"UTF-16 big endian", "sites", SITE_HEAD SITE_ROWS, ROUTE_UTF16_BE, false},
    {"Windows-1252", "sites", SITE_HEAD SITE_ROWS, ROUTE_1252, false},
    {"semicolons and CRLF", "sites", "siteId;name;setting;postcode;clinicTimes\r\nS1;Caf\xc3\xa9 Clapton \xe2\x80\x93 north;13;E5 0LP;Mon 9-12\r\nS2;Jo's, Sons;10;;\r\n", ROUTE_UTF8, false},
    {"tabs and CR, in UTF-16", "sites", "siteId\tname\tsetting\tpostcode\tclinicTimes\rS1\tCaf\xc3\xa9 Clapton \xe2\x80\x93 north\t13\tE5 0LP\tMon 9-12\rS2\tJo's, Sons\t10\t\t\r", ROUTE_UTF16_LE, false},
    {"sep=, a title and blank rows", "sites", "sep=;\r\nOur sites\r\n\r\nsiteId;name;setting;postcode;clinicTimes;;\r\nS1;Caf\xc3\xa9 Clapton \xe2\x80\x93 north;13;E5 0LP;Mon 9-12;;\r\n;;;;\r\n\r\nS2;Jo's, Sons;10;;;;\r\n;;;;;;\r\n", ROUTE_UTF8, false},
    {"another order, aliases, labels, quotes", "sites", "\"Opening times\",Setting type,\"Site name\",Post code,SITE\nMon 9-12,pharmacy,\"Caf\xc3\xa9 Clapton \xe2\x80\x93 north\",e50lp,S1\n,Community, \"Jo's, Sons\" ,,=\"S2\"\n", ROUTE_UTF8, false},
    {"hard spaces and zero widths around values", "sites", "site\xc2\xa0id,name,setting,postcode,clinicTimes\n\xe2\x80\x8bS1,\xc2\xa0" "Caf\xc3\xa9 Clapton \xe2\x80\x93 north\xc2\xa0,13\xef\xbb\xbf,E5\xc2\xa0" "0LP,Mon 9-12\nS2,\"Jo's, Sons\",10,,\n", ROUTE_UTF8, false},
    {"unknown columns beside them", "sites", "colour,siteId,name,setting,postcode,clinicTimes,phone\nred,S1,Caf\xc3\xa9 Clapton \xe2\x80\x93 north,13,E5 0LP,Mon 9-12,0\nx,S2,\"Jo's, Sons\",10,,,\n", ROUTE_UTF8, false},
    {"JSON", "sites", "{\"rows\":[{\"siteId\":\"S1\",\"name\":\"Caf\xc3\xa9 Clapton \xe2\x80\x93 north\",\"setting\":\"13\",\"postcode\":\"E5 0LP\",\"clinicTimes\":\"Mon 9-12\"},{\"siteId\":\"S2\",\"name\":\"Jo's, Sons\",\"setting\":\"10\"}]}", ROUTE_UTF8, true},
    {"JSON with escapes, nulls and another order", "sites", "{\"rows\":[{\"clinicTimes\":\"Mon 9-12\",\"name\":\"Caf\\u00e9 Clapton \\u2013 north\",\"siteId\":\"\\u0053\\u0031\",\"postcode\":\"e5 0lp\",\"setting\":\"Pharmacy\"},\n{\"siteId\":\"S2\",\"postcode\":null,\"name\":\"Jo\\u0027s, Sons\",\"setting\":\"10\",\"clinicTimes\":\"\"}]}", ROUTE_UTF8_BOM, true},

    {"CSV", "episodes", "episodeId,clientId,localAuthority,quitDate,ageAtQuitDate,gender,ethnicCategory,nssec,freePrescription,longTermConditions,outcome4w,followUp4wDate,followUp4wMethod,co4wPpm\n"
     "E1,C1,E09000012,2025-07-14,43,1,CT,08,Y,COPD;ASTHMA,1,2025-08-11,FACE_TO_FACE,3\nE2,C2,E09000001,2025-09-30,0,2,,,N,,,,,\n", ROUTE_UTF8, false},
    {"semicolons, British dates, labels, lost zeros", "episodes", "Episode ID;Client ref;LA;Date of quit;Age;Sex;Ethnicity;Occupation;Free prescriptions;long-term conditions;OUTCOME 4W;follow_up_4w_date;Follow Up 4w Method;CO 4w ppm\r\n"
     "E1;C1;Hackney;14/07/2025;43;Male;ct;8;yes;\"asthma;copd\";1;11/8/2025;face to face;03\r\nE2;C2;city of london;30/9/2025;00;female;;;0;;;;;\r\n", ROUTE_UTF8, false},
    {"tabs, UTF-16, formulas' texts", "episodes", "followUp4wMethod\tco4wPpm\tepisodeId\tclientId\tlocalAuthority\tquitDate\tageAtQuitDate\tgender\tethnicCategory\tnssec\tfreePrescription\tlongTermConditions\toutcome4w\tfollowUp4wDate\r"
     "Face-to-face\t3\tE1\tC1\tE09000012\t2025-07-14\t43\t1\tCT\t=\"08\"\tTRUE\tCOPD; ASTHMA\t1\t2025-08-11\r\t\tE2\tC2\te09000001\t2025-09-30\t0\t2\t\t\tfalse\t\t\t\r", ROUTE_UTF16_BE, false},
    {"JSON", "episodes", "{\"rows\":[{\"episodeId\":\"E1\",\"clientId\":\"C1\",\"localAuthority\":\"Hackney\",\"quitDate\":\"2025-07-14\",\"ageAtQuitDate\":43,\"gender\":\"1\",\"ethnicCategory\":\"CT\",\"nssec\":\"08\",\"freePrescription\":true,"
     "\"longTermConditions\":\"COPD;ASTHMA\",\"outcome4w\":1,\"followUp4wDate\":\"2025-08-11\",\"followUp4wMethod\":\"FACE_TO_FACE\",\"co4wPpm\":3},"
     "{\"episodeId\":\"E2\",\"clientId\":\"C2\",\"localAuthority\":\"E09000001\",\"quitDate\":\"2025-09-30\",\"ageAtQuitDate\":\"0\",\"gender\":\"2\",\"freePrescription\":\"N\"}]}", ROUTE_UTF8, true},
};
const size_t data_route_count = sizeof data_routes / sizeof *data_routes;
/* clang-format on */

/* Well-formed UTF-8 of at most three bytes a character. */
static unsigned next_character(const char **p) {
    unsigned c = (unsigned char)*(*p)++;
    unsigned more = c < 0x80 ? 0 : c < 0xe0 ? 1 : 2;
    if (more) c &= 0x3fu >> more;
    for (; more; more--)
        c = c << 6 | ((unsigned char)*(*p)++ & 63u);
    return c;
}

static void add_unit(struct buf *out, unsigned c, bool big_endian) {
    buf_add_char(out, (char)(big_endian ? c >> 8 : c & 255));
    buf_add_char(out, (char)(big_endian ? c & 255 : c >> 8));
}

void data_route_bytes(const struct data_route *r, struct buf *out) {
    bool big_endian = r->encoding == ROUTE_UTF16_BE;
    if (r->encoding == ROUTE_UTF8_BOM) buf_add_cstr(out, "\xef\xbb\xbf");
    if (r->encoding <= ROUTE_UTF8_BOM) {
        buf_add_cstr(out, r->body);
        return;
    }
    if (r->encoding != ROUTE_1252) add_unit(out, 0xfeff, big_endian);
    for (const char *p = r->body; *p;) {
        unsigned c = next_character(&p);
        if (r->encoding != ROUTE_1252) add_unit(out, c, big_endian);
        else buf_add_char(out, (char)(c == 0x2013 ? 0x96 : c));
    }
}
