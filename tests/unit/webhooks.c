/* What webhooks are made of, without network or database: signatures, which addresses are inside, addresses as text, the back-off. */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/un.h>

#include "base/hash.h"
#include "base/inside.h"
#include "handlers/webhook_url.h"
#include "server/webhook_backoff.h"
#include "server/webhook_post.h"
#include "tests/support/suite.h"

/* RFC 4231, test cases 1, 2 and 6. */
static void hmac_vectors(void) {
    static const struct {
        char key[132];
        size_t key_bytes;
        const char *data, *mac;
    } ROWS[] = {
        {"\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b", 20, "Hi There",
         "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"},
        {"Jefe", 4, "what do ya want for nothing?",
         "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"},
        {"", 131, "Test Using Larger Than Block-Size Key - Hash Key First",
         "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"},
    };
    for (size_t i = 0; i < sizeof ROWS / sizeof *ROWS; i++) {
        char key[132], hex[SHA256_HEX];
        uint8_t mac[SHA256_BYTES];
        memcpy(key, ROWS[i].key, sizeof key);
        if (ROWS[i].key_bytes == 131) memset(key, 0xaa, 131);
        str data = str_of(ROWS[i].data);
        const str pieces[] = {str_sub(data, 0, 3), STR(""), str_sub(data, 3, data.n)};
        hmac_sha256_of((str){key, ROWS[i].key_bytes}, pieces, 3, mac);
        CHECK(strcmp(hex_format(mac, sizeof mac, hex), ROWS[i].mac) == 0, "%s: %s", ROWS[i].data, hex);
    }
}

/* The example of docs/events.md, which tests/shell/webhook_signature.sh checks with the receiver's own means. */
static void signature(void) {
    char out[WEBHOOK_SIGNATURE_ROOM];
    webhook_sign(STR("qdwh_example_secret_of_the_docs"), 1771578764,
                 STR("{\"id\":\"1042\",\"type\":\"TEST\"}"), out);
    CHECK(strcmp(out, "v1=e656219f2f1e2de26cc4aaf4508eaccecc73390f9b0f98e6737b0db24e09dc60") == 0, "%s", out);
}

static void addresses(void) {
    static const struct {
        const char *text;
        bool inside;
    } ROWS[] = {
        {"0.0.0.0", true},
        {"0.255.255.255", true},
        {"1.0.0.0", false},
        {"9.255.255.255", false},
        {"10.0.0.0", true},
        {"10.255.255.255", true},
        {"11.0.0.0", false},
        {"100.63.255.255", false},
        {"100.64.0.0", true},
        {"100.127.255.255", true},
        {"100.128.0.0", false},
        {"126.255.255.255", false},
        {"127.0.0.1", true},
        {"127.255.255.255", true},
        {"128.0.0.0", false},
        {"168.63.129.15", false},
        {"168.63.129.16", true},
        {"168.63.129.17", false},
        {"169.253.255.255", false},
        {"169.254.0.0", true},
        {"169.254.169.254", true},
        {"169.255.0.0", false},
        {"172.15.255.255", false},
        {"172.16.0.0", true},
        {"172.31.255.255", true},
        {"172.32.0.0", false},
        {"192.0.0.192", true},
        {"192.0.1.0", false},
        {"192.0.2.1", true},
        {"192.88.99.1", true},
        {"192.167.255.255", false},
        {"192.168.0.0", true},
        {"192.168.255.255", true},
        {"192.169.0.0", false},
        {"198.17.255.255", false},
        {"198.18.0.0", true},
        {"198.19.255.255", true},
        {"198.20.0.0", false},
        {"198.51.100.7", true},
        {"203.0.113.7", true},
        {"223.255.255.255", false},
        {"224.0.0.1", true},
        {"239.255.255.255", true},
        {"240.0.0.0", true},
        {"255.255.255.255", true},
        {"8.8.8.8", false},
        {"::", true},
        {"::1", true},
        {"::2", true},
        {"::127.0.0.1", true},
        {"::ffff:127.0.0.1", true},
        {"::ffff:10.1.2.3", true},
        {"::ffff:8.8.8.8", false},
        {"64:ff9b::127.0.0.1", true},
        {"64:ff9b::169.254.169.254", true},
        {"64:ff9b::8.8.8.8", false},
        {"64:ff9b:1::8.8.8.8", true},
        {"100::1", true},
        {"1fff:ffff::1", true},
        {"2001::1", true},
        {"2001:1ff:ffff::1", true},
        {"2001:200::1", false},
        {"2001:db7:ffff::1", false},
        {"2001:db8::1", true},
        {"2001:db9::1", false},
        {"2002:7f00:1::1", true},
        {"2003::1", false},
        {"2606:2800:220:1::1", false},
        {"3ffe:ffff::1", false},
        {"3fff::1", true},
        {"3fff:fff::1", true},
        {"3fff:1000::1", false},
        {"4000::1", true},
        {"5f00::1", true},
        {"fbff::1", true},
        {"fc00::1", true},
        {"fd00:ec2::254", true},
        {"fe00::1", true},
        {"fe80::1", true},
        {"febf::1", true},
        {"fec0::1", true},
        {"ff02::1", true},
    };
    for (size_t i = 0; i < sizeof ROWS / sizeof *ROWS; i++) {
        const char *why = "unset";
        struct sockaddr_in v4 = {.sin_family = AF_INET};
        struct sockaddr_in6 v6 = {.sin6_family = AF_INET6};
        bool is_v6 = strchr(ROWS[i].text, ':') != NULL;
        inet_pton(is_v6 ? AF_INET6 : AF_INET, ROWS[i].text,
                  is_v6 ? (void *)&v6.sin6_addr : (void *)&v4.sin_addr);
        const char *of_socket = address_is_inside(is_v6 ? (void *)&v6 : (void *)&v4);
        CHECK(address_text_is_inside(str_of(ROWS[i].text), &why) && (why != NULL) == ROWS[i].inside, "%s: %s",
              ROWS[i].text, why ? why : "outside");
        CHECK(of_socket == why, "%s as the socket has it: %s", ROWS[i].text,
              of_socket ? of_socket : "outside");
    }
    const char *why = "unset";
    CHECK(!address_text_is_inside(STR("example.org"), &why) && !address_text_is_inside(STR(""), &why) &&
              !address_text_is_inside(STR("127.1"), &why) && strcmp(why, "unset") == 0,
          "a name is no address");
    struct sockaddr_un un = {.sun_family = AF_UNIX};
    CHECK(address_is_inside((void *)&un), "nor is a file");
}

static void urls(void) {
    static const struct {
        const char *url, *plain; /* NULL: refused */
        bool allow_inside;
    } ROWS[] = {
        {"https://example.org/hook", "https://example.org/hook", false},
        {"HTTPS://Example.org/hook", "https://Example.org/hook", false},
        {"https://example.org", "https://example.org/", false},
        {"https://example.org:443/", "https://example.org:443/", false},
        {"https://example.org:444/", NULL, false},
        {"https://example.org:1023/", NULL, true},
        {"https://example.org:1024/", "https://example.org:1024/", false},
        {"https://example.org:0/", NULL, false},
        {"https://example.org:65535/", "https://example.org:65535/", false},
        {"https://example.org:65536/", NULL, false},
        {"https://example.org/?a=b&c=d", "https://example.org/?a=b&c=d", false},
        {"https://8.8.8.8/", "https://8.8.8.8/", false},
        {"https://[2606:2800:220:1::1]/", "https://[2606:2800:220:1::1]/", false},
        {"https://127.0.0.1/", NULL, false},
        {"https://127.0.0.1/", "https://127.0.0.1/", true},
        {"https://127.1/", NULL, false},
        {"https://017700000001/", NULL, false},
        {"https://[::1]/", NULL, false},
        {"https://[::ffff:7f00:1]/", NULL, false},
        {"https://localhost/", NULL, false},
        {"https://localhost./", NULL, false},
        {"https://a.localhost./", NULL, false},
        {"https://10.0.0.1./", NULL, false},
        {"https://example.org./", "https://example.org./", false},
        {"https://.example.org/", NULL, true},
        {"https://example..org/", NULL, true},
        {"https://.../", NULL, true},
        {"https://localhost:8443/", "https://localhost:8443/", true},
        {"https://me@example.org/", NULL, true},
        {"https://:x@example.org/", NULL, true},
        {"https://example.org/#part", NULL, true},
        {"http://example.org/", NULL, true},
        {"gopher://example.org/", NULL, true},
        {"//example.org/", NULL, true},
        {"https:///hook", "https://hook/", false},
        {"https://exa mple.org/", NULL, true},
        {"https://example.org/\x7f", NULL, true},
        {"https://example.org/\xc3\xa9", NULL, true},
        {"https://[fe80::1%25eth0]/", NULL, true},
        {"https://[::1", NULL, true},
        {"", NULL, true},
    };
    for (size_t i = 0; i < sizeof ROWS / sizeof *ROWS; i++) {
        struct arena a = ARENA_EMPTY;
        struct fault fault = {.err = OK};
        str out = STR_NONE;
        enum err e = webhook_url_read(str_of(ROWS[i].url), ROWS[i].allow_inside, &a, &fault, &out);
        if (ROWS[i].plain)
            CHECK(e == OK && str_is(out, ROWS[i].plain), "%s: %.*s %s", ROWS[i].url, STR_ARG(out),
                  fault.detail);
        else
            CHECK(e != OK && fault.detail[0] && out.p == NULL, "%s is refused: %.*s", ROWS[i].url,
                  STR_ARG(out));
        arena_free(&a);
    }
    char longest[WEBHOOK_URL_MOST + 2];
    memset(longest, 'a', sizeof longest);
    memcpy(longest, "https://example.org/", 20);
    for (size_t n = WEBHOOK_URL_MOST; n <= WEBHOOK_URL_MOST + 1; n++) {
        struct arena a = ARENA_EMPTY;
        str out;
        enum err e = webhook_url_read((str){longest, n}, false, &a, NULL, &out);
        CHECK((e == OK) == (n == WEBHOOK_URL_MOST), "%zu bytes", n);
        arena_free(&a);
    }
}

static void backoff(void) {
    static const int64_t SECONDS[] = {10, 30, 120, 600, 1800, 3600, 7200, 14400};
    int64_t life = 0;
    for (int attempt = 1; attempt < WEBHOOK_ATTEMPTS; attempt++) {
        int64_t least = webhook_backoff_ms(attempt, 0), most = webhook_backoff_ms(attempt, UINT32_MAX);
        CHECK(least == SECONDS[attempt - 1] * 1000 && most == least + least / 10, "%d: %lld to %lld", attempt,
              (long long)least, (long long)most);
        life += least;
    }
    CHECK(webhook_backoff_ms(WEBHOOK_ATTEMPTS, 0) == -1 &&
              webhook_backoff_ms(WEBHOOK_ATTEMPTS + 1, 0) == -1 && webhook_backoff_ms(0, 0) == -1,
          "then it is dead");
    CHECK(life == 27760000 && life >= 2 * 3600 * 1000, "an event lives %lld ms at least", (long long)life);
}

void suite_unit_webhooks(void) {
    suite_add("unit webhooks", NULL, NULL);
    case_add("HMAC-SHA256 of RFC 4231", hmac_vectors);
    case_add("the signature of the documentation's example", signature);
    case_add("which addresses are inside", addresses);
    case_add("which addresses a webhook may have", urls);
    case_add("the back-off, and how long an event lives", backoff);
}
