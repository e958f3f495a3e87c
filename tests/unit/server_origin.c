/* server_origin: addresses, ranges of them, and which word of a proxy counts. */
#include "server/origin.h"

#include "tests/support/suite.h"

static void ranges_are_read(void) {
    static const struct {
        const char *text, *shown; /* NULL: refused */
    } CASES[] = {
        {"192.0.2.7", "192.0.2.7"},
        {"192.0.2.0/24", "192.0.2.0/24"},
        {"0.0.0.0/0", "0.0.0.0/0"},
        {"192.0.2.7/32", "192.0.2.7"},
        {" 10.0.0.0/8 ", "10.0.0.0/8"},
        {"2001:DB8::/32", "2001:db8::/32"},
        {"::/0", "::/0"},
        {"::1", "::1"},
        {"192.0.2.1/24", NULL},
        {"192.0.2.0/33", NULL},
        {"2001:db8::1/32", NULL},
        {"2001:db8::/129", NULL},
        {"10.1/16", NULL},
        {"10.0.0.0/", NULL},
        {"10.0.0.0/08x", NULL},
        {"/8", NULL},
        {"", NULL},
        {"localhost", NULL},
        {"fe80::1%eth0", NULL},
        {"256.0.0.0", NULL},
    };
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        struct address_range r;
        char text[ADDRESS_RANGE_TEXT];
        bool good = address_range_parse(str_of(CASES[i].text), &r);
        CHECK(good == (CASES[i].shown != NULL), "'%s'", CASES[i].text);
        if (good && CASES[i].shown)
            CHECK(str_is(str_of(CASES[i].shown), address_range_format(&r, text)), "'%s' is %s", CASES[i].text,
                  text);
    }
}

static void ranges_have_addresses(void) {
    static const struct {
        const char *ranges, *address;
        bool in;
    } CASES[] = {
        {"192.0.2.0/24", "192.0.2.0", true},
        {"192.0.2.0/24", "192.0.2.255", true},
        {"192.0.2.0/24", "192.0.3.0", false},
        {"192.0.2.0/24", "192.0.1.255", false},
        {"192.0.2.128/25", "192.0.2.127", false},
        {"192.0.2.128/25", "192.0.2.128", true},
        {"192.0.2.0/24", "::ffff:192.0.2.9", true}, /* a socket of both families */
        {"192.0.2.0/24", "2001:db8::1", false},
        {"2001:db8::/33", "2001:db8:7fff::1", true},
        {"2001:db8::/33", "2001:db8:8000::1", false},
        {"10.0.0.0/8,2001:db8::1", "2001:db8::1", true},
        {"0.0.0.0/0", "2001:db8::1", false},
        {"0.0.0.0/0", "255.255.255.255", true},
        {"::/0", "192.0.2.1", true},
        {"", "192.0.2.1", false},
        {"::/0", "::", false}, /* an address that is not known is in no range */
    };
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        struct address_ranges ranges;
        struct address a;
        CHECK(address_ranges_parse(str_of(CASES[i].ranges), &ranges, NULL) == OK &&
                  address_parse(str_of(CASES[i].address), &a),
              "%s %s", CASES[i].ranges, CASES[i].address);
        CHECK(address_ranges_have(&ranges, &a) == CASES[i].in, "%s in '%s'", CASES[i].address,
              CASES[i].ranges);
    }
    struct address_ranges many;
    CHECK(address_ranges_parse(
              STR("1.1.1.1,1.1.1.1,1.1.1.1,1.1.1.1,1.1.1.1,1.1.1.1,1.1.1.1,1.1.1.1,1.1.1.1,1.1.1.1,"
                  "1.1.1.1,1.1.1.1,1.1.1.1,1.1.1.1,1.1.1.1,1.1.1.1"),
              &many, NULL) == OK,
          "sixteen");
    CHECK(address_ranges_parse(
              STR("1.1.1.1,1.1.1.1,1.1.1.1,1.1.1.1,1.1.1.1,1.1.1.1,1.1.1.1,1.1.1.1,1.1.1.1,1.1.1.1,"
                  "1.1.1.1,1.1.1.1,1.1.1.1,1.1.1.1,1.1.1.1,1.1.1.1,1.1.1.1"),
              &many, NULL) == ERR_INVALID,
          "seventeen");
    CHECK(address_ranges_parse(STR("1.1.1.1,"), &many, NULL) == ERR_INVALID, "a comma too many");
}

#define XFF STR("x-forwarded-for")
#define FWD STR("Forwarded")

static void proxies_are_believed(void) {
    static const char PROXY[] = "10.1.2.3", STRANGER[] = "192.0.2.99";
    const struct {
        const char *peer;
        bool forwarded;
        struct pair headers[2];
        const char *from; /* NULL: not known */
    } CASES[] = {
        {PROXY, false, {{XFF, STR("198.51.100.7")}}, "198.51.100.7"},
        {PROXY, false, {{XFF, STR("1.1.1.1, 198.51.100.7")}}, "198.51.100.7"},
        {PROXY, false, {{XFF, STR("198.51.100.7")}, {XFF, STR("198.51.100.8")}}, "198.51.100.8"},
        {PROXY, false, {{XFF, STR("198.51.100.7:4711")}}, "198.51.100.7"},
        {PROXY, false, {{XFF, STR("[2001:db8::7]:4711")}}, "2001:db8::7"},
        {PROXY, false, {{XFF, STR("2001:db8::7")}}, "2001:db8::7"},
        {PROXY, false, {{XFF, STR("198.51.100.7,")}}, NULL},
        {PROXY, false, {{XFF, STR("")}}, NULL},
        {PROXY, false, {{XFF, STR("unknown")}}, NULL},
        {PROXY, false, {{XFF, STR("198.51.100.7:x")}}, NULL},
        {PROXY, false, {{FWD, STR("for=198.51.100.7")}}, NULL},
        {PROXY, true, {{XFF, STR("198.51.100.7")}}, NULL},
        {PROXY, true, {{FWD, STR("for=198.51.100.7")}}, "198.51.100.7"},
        {PROXY,
         true,
         {{FWD, STR("for=1.1.1.1, proto=https; For=\"[2001:db8::7]:4711\";by=10.0.0.1")}},
         "2001:db8::7"},
        {PROXY,
         true,
         {{FWD, STR("for=\"1.1.1.1, for=198.51.100.7\"")}},
         NULL}, /* a comma in quotes parts nothing */
        {PROXY, true, {{FWD, STR("for=_hidden")}}, NULL},
        {PROXY, true, {{FWD, STR("by=198.51.100.7")}}, NULL},
        {PROXY, true, {{FWD, STR("for=\"")}}, NULL},
        {STRANGER, false, {{XFF, STR("198.51.100.7")}}, STRANGER},
        {STRANGER, true, {{FWD, STR("for=198.51.100.7")}}, STRANGER},
        {STRANGER, false, {{STR("Host"), STR("x")}}, STRANGER},
    };
    struct server_settings s = {.port = 0};
    CHECK(address_ranges_parse(STR("10.0.0.0/8"), &s.trusted_proxies, NULL) == OK, "ranges");
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        struct address peer, want = {{0}};
        s.reads_forwarded = CASES[i].forwarded;
        address_parse(str_of(CASES[i].peer), &peer);
        if (CASES[i].from) address_parse(str_of(CASES[i].from), &want);
        struct address from = origin_of(&peer, &s, CASES[i].headers, CASES[i].headers[1].name.p ? 2 : 1);
        CHECK(memcmp(&from, &want, sizeof from) == 0, "case %zu", i);
    }
}

void suite_server_origin(void) {
    suite_add("server_origin", NULL, NULL);
    case_add("ranges of addresses as they are written", ranges_are_read);
    case_add("and what is in them, to the edges", ranges_have_addresses);
    case_add("only a proxy of ours is believed, and only its last hop", proxies_are_believed);
}
