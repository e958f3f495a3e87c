/* negotiate: chooses a representation by the Accept header (RFC 9110, 12.5.1). Tolerant: ranges that cannot be read are
 * passed over, parameters other than q do not matter, several Accept lines are one list. */
#include "server/http.h"

struct range {
    str type, subtype;
    unsigned q; /* thousandths */
};

/* "0.5" is 500; what cannot be read counts as 1, since the client did name the type. */
static unsigned parse_q(str s) {
    if (!s.n || (s.p[0] != '0' && s.p[0] != '1')) return 1000;
    unsigned q = s.p[0] == '1' ? 1000 : 0, unit = 100;
    if (s.n == 1) return q;
    if (s.p[1] != '.' || s.n > 5) return 1000;
    for (size_t i = 2; i < s.n; i++, unit /= 10) {
        if (!ascii_is_digit(s.p[i])) return 1000;
        q += (unsigned)(s.p[i] - '0') * unit;
    }
    return q > 1000 ? 1000 : q;
}

static bool parse_range(str text, struct range *out) {
    str rest = text, media = str_trim(str_cut(&rest, ';'));
    size_t slash = str_find(media, '/');
    if (!slash || slash + 1 >= media.n) return false;
    *out = (struct range){str_sub(media, 0, slash), str_sub(media, slash + 1, media.n), 1000};
    while (rest.p) {
        str value = str_trim(str_cut(&rest, ';')), name = str_trim(str_cut(&value, '='));
        if (str_eq_nocase(name, STR("q"))) out->q = parse_q(str_trim(value));
    }
    return true;
}

/* How closely a range fits an offer: 0 not at all, 1 "*" "/" "*", 2 "text/" "*", 3 "text/csv". */
static unsigned closeness(const struct range *r, str offer) {
    str rest = offer, type = str_cut(&rest, '/');
    if (str_is(r->type, "*") && str_is(r->subtype, "*")) return 1;
    if (!str_eq_nocase(r->type, type)) return 0;
    if (str_is(r->subtype, "*")) return 2;
    return str_eq_nocase(r->subtype, rest) ? 3 : 0;
}

struct wish {
    unsigned closest, q;
};

static void weigh(str header, str offer, struct wish *best) {
    while (header.p) {
        struct range r;
        if (!parse_range(str_cut(&header, ','), &r)) continue;
        unsigned close = closeness(&r, offer);
        if (close > best->closest) *best = (struct wish){close, r.q};
    }
}

enum err request_negotiate(struct request *r, const char *const offers[], size_t count, size_t *out_choice) {
    unsigned best_q = 0;
    size_t best = 0;
    bool asked = false;
    for (size_t i = 0; i < count; i++) {
        struct wish wish = {0, 0};
        for (size_t h = 0; h < r->header_count; h++) {
            if (!str_eq_nocase(r->headers[h].name, STR("Accept")) || !str_trim(r->headers[h].value).n)
                continue;
            asked = true;
            weigh(r->headers[h].value, str_of(offers[i]), &wish);
        }
        if (wish.q > best_q) {
            best_q = wish.q;
            best = i;
        }
    }
    if (asked && !best_q) {
        str list = STR("");
        for (size_t i = 0; i < count; i++)
            list = arena_printf(r->arena, "%.*s%s%s", STR_ARG(list), i ? ", " : "", offers[i]);
        return fail(&r->fault, ERR_NOT_ACCEPTABLE, "This address answers as %.*s; name one of them in Accept",
                    STR_ARG(list));
    }
    *out_choice = best;
    return OK;
}

/* One range of an Accept header. */
static bool range_sets(str range, const char *media, const char *parameter) {
    bool set = false;
    struct range r;
    if (!parse_range(range, &r) || !r.q) return false;
    str rest = range;
    if (!str_eq_nocase(str_trim(str_cut(&rest, ';')), str_of(media))) return false;
    while (rest.p) {
        str value = str_trim(str_cut(&rest, ';')), name = str_trim(str_cut(&value, '='));
        value = str_trim(value);
        if (str_eq_nocase(name, str_of(parameter)))
            set = str_is(value, "1") || str_eq_nocase(value, STR("true"));
    }
    return set;
}

bool request_accepts_with(const struct request *r, const char *media, const char *parameter) {
    for (size_t h = 0; h < r->header_count; h++) {
        str rest = r->headers[h].value;
        if (!str_eq_nocase(r->headers[h].name, STR("Accept"))) continue;
        while (rest.p)
            if (range_sets(str_cut(&rest, ','), media, parameter)) return true;
    }
    return false;
}

/* gzip by name beats "*"; 1000 is the weight of what has no q. */
bool request_accepts_gzip(const struct request *r) {
    unsigned named = 0, any = 0;
    bool is_named = false;
    for (size_t h = 0; h < r->header_count; h++) {
        str rest = r->headers[h].value;
        if (!str_eq_nocase(r->headers[h].name, STR("Accept-Encoding"))) continue;
        while (rest.p) {
            str value = str_cut(&rest, ','), coding = str_trim(str_cut(&value, ';'));
            str name = str_trim(str_cut(&value, '='));
            unsigned q = str_eq_nocase(name, STR("q")) ? parse_q(str_trim(value)) : 1000;
            bool gzip = str_eq_nocase(coding, STR("gzip")) || str_eq_nocase(coding, STR("x-gzip"));
            is_named |= gzip;
            if (gzip && q > named) named = q;
            if (str_is(coding, "*") && q > any) any = q;
        }
    }
    return is_named ? named > 0 : any > 0;
}
