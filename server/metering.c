/* metering: which bucket a request takes from. A key has one for its uploads and one for everything else; who has no key is known by
 * its address, or the network that address_network() takes for it.
 *
 * A key that is good is never refused for the failures of others at its address: the failures are counted after the key was judged,
 * and only turn the 401 into a 429. */
#include <time.h>

#include "server/exchange.h"

static int64_t now_us(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

static enum err meter(struct exchange *x, struct rates *rates, str name, unsigned per_minute,
                      const char *what) {
    x->rate = (struct rate_left){.limit = 0};
    if (!per_minute) return OK;
    if (rates_take(rates, name, per_minute, now_us(), &x->rate)) return OK;
    return fail(&x->request.fault, ERR_TOO_MANY_REQUESTS, "More than %u %s in a minute; wait %u second%s",
                per_minute, what, x->rate.wait, x->rate.wait == 1 ? "" : "s");
}

enum err exchange_meter_key(struct exchange *x) {
    const struct server_settings *s = &x->server->settings;
    bool uploads = x->request.route->body == BODY_ROWS;
    char name[1 + sizeof x->who.key_id] = {uploads ? 'u' : 'r'};
    size_t n = strlen(x->who.key_id);
    memcpy(name + 1, x->who.key_id, n);
    return meter(x, x->server->key_rates, (str){name, 1 + n},
                 uploads ? s->key_uploads_per_minute : s->key_per_minute,
                 uploads ? "uploads by this key" : "requests by this key");
}

static enum err meter_address(struct exchange *x, char kind, unsigned per_minute, const char *what) {
    struct address network = address_network(address_is_known(&x->from) ? &x->from : &x->peer);
    char name[1 + sizeof network.bytes] = {kind};
    memcpy(name + 1, network.bytes, sizeof network.bytes);
    return meter(x, x->server->address_rates, (str){name, sizeof name}, per_minute, what);
}

/* A balancer asks for /health from the address that all strangers behind it have: they cannot use up what it may ask. */
static bool is_probe(const struct exchange *x) {
    const struct route *route = x->request.route;
    return route && str_starts_with(str_of(route->name), STR("health."));
}

enum err exchange_meter_stranger(struct exchange *x) {
    return meter_address(x, is_probe(x) ? 'h' : 's', x->server->settings.address_per_minute,
                         "requests without a key from your address");
}

enum err exchange_meter_failure(struct exchange *x) {
    return meter_address(x, 'f', x->server->settings.failures_per_minute,
                         "requests without a valid key from your address");
}
