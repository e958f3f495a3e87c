/* fuzz_small: the readers of one small thing each. The first byte chooses which; where what was read can be written again, it must be read
 * as the same. */
#include <arpa/inet.h>

#include "base/address.h"
#include "base/date.h"
#include "base/inside.h"
#include "base/key_format.h"
#include "base/num.h"
#include "client/text.h"
#include "client/url.h"
#include "handlers/webhook_url.h"
#include "returns/authority.h"
#include "returns/nhs_number.h"
#include "returns/personal.h"
#include "server/basic.h"
#include "tests/fuzz/target.h"

static void an_address(str s) {
    struct address a, again;
    struct address_range r;
    char text[INET6_ADDRSTRLEN];
    if (!address_parse(s, &a)) return;
    must(inet_ntop(AF_INET6, a.bytes, text, sizeof text) != NULL);
    must(address_parse(str_of(text), &again) && memcmp(&a, &again, sizeof a) == 0);
    /* whatever is an address is a range of that one address */
    if (s.n && s.p[0] != '[') {
        must(address_range_parse(s, &r) && r.bits == 128);
        struct address_ranges one = {1, {r}};
        must(address_ranges_have(&one, &a) == address_is_known(&a));
    }
}

static void a_range(str s) {
    struct address_range r, again;
    char text[ADDRESS_RANGE_TEXT], twice[ADDRESS_RANGE_TEXT];
    if (!address_range_parse(s, &r)) return;
    must(r.bits <= 128);
    address_range_format(&r, text);
    must(address_range_parse(str_of(text), &again) && again.bits == r.bits);
    must(memcmp(&again.from, &r.from, sizeof r.from) == 0);
    must(strcmp(text, address_range_format(&again, twice)) == 0);
}

static void ranges(str s) {
    struct address_ranges r, again;
    struct fault fault = {.err = OK};
    struct buf text = BUF_EMPTY;
    enum err e = address_ranges_parse(s, &r, &fault);
    must(fault.err == e);
    if (e == OK) {
        address_ranges_write(&text, &r);
        must(address_ranges_parse(buf_str(&text), &again, &fault) == OK && again.count == r.count);
        for (size_t i = 0; i < r.count; i++)
            must(again.list[i].bits == r.list[i].bits &&
                 memcmp(&again.list[i].from, &r.list[i].from, sizeof r.list[i].from) == 0);
    }
    buf_free(&text);
}

/* What stands inside stays inside, however it is written. */
static void inside(str s) {
    const char *why = NULL, *mapped_why = NULL;
    if (!address_text_is_inside(s, &why)) return;
    struct in_addr v4;
    char plain[64], mapped[80];
    if (s.n >= sizeof plain) return;
    memcpy(plain, s.p, s.n);
    plain[s.n] = '\0';
    if (strlen(plain) != s.n || inet_pton(AF_INET, plain, &v4) != 1) return;
    snprintf(mapped, sizeof mapped, "::ffff:%s", plain);
    must(address_text_is_inside(str_of(mapped), &mapped_why));
    must((why == NULL) == (mapped_why == NULL));
}

static void a_day(str s) {
    int32_t day, again;
    char text[DAY_TEXT];
    int year, month, of_month;
    bool iso = day_parse_iso(s, &day);
    if (!iso && !day_parse_british(s, &day)) return;
    day_format(day, text);
    must(day_parse_iso(str_of(text), &again) && again == day);
    if (iso) must(str_is(s, text));
    day_to_civil(day, &year, &month, &of_month);
    must(civil_is_valid(year, month, of_month) && day_from_civil(year, month, of_month) == day);
    int16_t period = period_of_day(day);
    must(period_first_day(period) <= day && day <= period_last_day(period));
    must(period_first_day((int16_t)(period + 1)) == period_last_day(period) + 1);
}

static void a_period(str s) {
    int16_t period;
    char text[PERIOD_TEXT], year_text[YEAR_TEXT];
    int year;
    if (period_parse(s, &period)) {
        must(str_is(s, period_format(period, text)));
        must(period_of_day(period_first_day(period)) == period &&
             period_of_day(period_last_day(period)) == period);
    }
    if (year_parse(s, &year)) must(str_is(s, year_format(year, year_text)));
}

static void an_instant(str s) {
    int64_t t, again;
    char text[INSTANT_TEXT];
    if (!instant_parse(s, &t)) return;
    instant_format(t, text);
    must(instant_parse(str_of(text), &again) && again == t);
    int32_t day = london_day(t);
    must(london_midnight(day) <= t && t < london_midnight(day + 1));
}

static void a_decimal(str s) {
    struct decimal d, again;
    struct buf text = BUF_EMPTY;
    uint64_t n;
    if (decimal_parse(s, &d)) {
        must(d.scale <= 6);
        buf_add_decimal(&text, d);
        must(decimal_parse(buf_str(&text), &again));
        must(fraction_cmp(fraction_of_decimal(d), fraction_of_decimal(again)) == 0);
    }
    buf_clear(&text);
    if (str_to_uint(s, UINT64_MAX, &n)) {
        buf_add_uint(&text, n);
        str digits = s; /* leading zeros are allowed */
        while (digits.n > 1 && digits.p[0] == '0')
            digits = str_sub(digits, 1, digits.n);
        must(str_eq(digits, buf_str(&text)));
    }
    buf_free(&text);
}

/* One letter put differently is no key. */
static void a_key(str s) {
    struct key_parts k, again;
    if (!key_parse(s, &k)) return;
    must(k.id.n == KEY_ID_LENGTH && s.n < KEY_TEXT && k.id.p > s.p && k.id.p + k.id.n < s.p + s.n);
    char other[KEY_TEXT];
    for (size_t i = 0; i < s.n; i++) {
        memcpy(other, s.p, s.n);
        other[i] = other[i] == 'a' ? 'b' : 'a';
        must(!key_parse((str){other, s.n}, &again));
    }
}

/* What is found in a text is found wherever the text stands by itself. */
static void personal(str s) {
    const char *found = personal_find(s);
    struct buf b = BUF_EMPTY;
    buf_add_cstr(&b, "Note: ");
    buf_add_str(&b, s);
    buf_add_cstr(&b, " .");
    if (found) must(personal_find(buf_str(&b)) != NULL);
    if (nhs_number_is_valid(s)) must(nhs_number_has_form(s) && nhs_number_is_within(s) && personal_find(s));
    buf_free(&b);
}

/* Shown in a terminal it moves no cursor. */
static void plain(str s) {
    struct buf b = BUF_EMPTY;
    text_add_plain(&b, s);
    must(str_is_utf8(buf_str(&b), NULL));
    for (size_t i = 0; i < b.n; i++) {
        unsigned char c = (unsigned char)b.p[i];
        must(c >= 0x20 && c != 0x7f);
        must(!(c == 0xc2 && i + 1 < b.n && (unsigned char)b.p[i + 1] < 0xa0));
    }
    text_width(s);
    buf_free(&b);
}

static void addresses_of_others(str s) {
    struct fault fault = {.err = OK};
    struct arena arena = ARENA_EMPTY;
    str url, again;
    if (url_check(s, &fault, &url) == OK) {
        must(url.p == s.p && url.n <= s.n && str_starts_with(url, STR("https://")));
        url_is_loopback(url);
    }
    for (int allow = 0; allow < 2; allow++)
        if (webhook_url_read(s, allow, &arena, &fault, &url) == OK) {
            must(url.n <= WEBHOOK_URL_MOST);
            must(webhook_url_read(url, allow, &arena, &fault, &again) == OK && str_eq(url, again));
            if (!allow) must(webhook_url_read(s, true, &arena, &fault, &again) == OK);
        }
    arena_free(&arena);
}

static void a_password(str s) {
    struct arena arena = ARENA_EMPTY;
    str password = basic_password(&arena, s);
    must(!password.p || password.n <= s.n);
    arena_free(&arena);
}

static void an_authority(str s) {
    const struct authority *a = authority_by_code(s), *b = authority_by_name(s);
    if (a) must(authority_by_number(a->number) == a);
    if (b) must(authority_by_name(str_of(b->name)) == b);
    if (!a && !b && s.n < 8) authority_nearest(s);
}

/* By the table of Unicode 3.9, D92, written another way. */
static bool is_utf8_by_table(const unsigned char *p, size_t n) {
    for (size_t i = 0; i < n;) {
        unsigned c = p[i], more = c < 0x80   ? 0
                                  : c < 0xc2 ? 9
                                  : c < 0xe0 ? 1
                                  : c < 0xf0 ? 2
                                  : c < 0xf5 ? 3
                                             : 9;
        if (more == 9 || n - i - 1 < more) return false;
        unsigned least = c == 0xe0   ? 0xa0
                         : c == 0xf0 ? 0x90
                                     : 0x80,
                 most = c == 0xed   ? 0x9f
                        : c == 0xf4 ? 0x8f
                                    : 0xbf;
        for (unsigned k = 1; k <= more; k++, least = 0x80, most = 0xbf)
            if (p[i + k] < least || p[i + k] > most) return false;
        i += more + 1;
    }
    return true;
}
static void utf8(str s) {
    size_t bad = 0;
    bool good = str_is_utf8(s, &bad);
    must(good == is_utf8_by_table((const unsigned char *)s.p, s.n));
    if (!good) must(bad < s.n && is_utf8_by_table((const unsigned char *)s.p, bad));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static void (*const READERS[])(str) = {an_address, a_range,      ranges,     inside,
                                           a_day,      a_period,     an_instant, a_decimal,
                                           a_key,      personal,     plain,      addresses_of_others,
                                           a_password, an_authority, utf8};
    unsigned choice;
    str s = chosen(data, size, &choice);
    READERS[choice % (sizeof READERS / sizeof *READERS)](s);
    return 0;
}
