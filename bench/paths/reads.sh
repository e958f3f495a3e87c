# shellcheck shell=bash disable=SC2034,SC2153,SC2154 # the files that run.sh sources share their variables
# Dashboards that are kept, and 304s, beside nginx with the same bytes; and beside Fastify with pg. The service has no mode without TLS, so all of it
# is over TLS. An instance with one thread for connections stands beside nginx, which has one too.

read_kept() { drive "$BESIDE_PORT" "$CLIENTS" "$READ_SECONDS" 200 "$WORK/dashboard.request"; }
read_nginx() { drive "$NGINX_PORT" "$CLIENTS" "$READ_SECONDS" 200 "$WORK/dashboard.request"; }
read_fastify() { drive "$FASTIFY_PORT" "$CLIENTS" "$READ_SECONDS" 200 "$WORK/dashboard.request"; }
read_unchanged() { drive "$BESIDE_PORT" "$CLIENTS" "$READ_SECONDS" 304 "$WORK/unchanged.request"; }
nginx_unchanged() { drive "$NGINX_PORT" "$CLIENTS" "$READ_SECONDS" 304 "$WORK/unchanged.nginx"; }

etag_in() { sed -n 's/^etag: *\(.*\)\r$/\1/Ip' "$1"; }

# The dashboard's bytes for nginx, and the requests for both.
make_dashboard() {
    DASHBOARD=/v1/dashboards/$SERVICE/$PERIOD
    fetch "$DASHBOARD" "$COMMISSIONER" "$WORK/dashboard.json" "$WORK/dashboard.head"
    BODY_BYTES=$(stat -c %s "$WORK/dashboard.json")
    mkdir -p "$WORK/nginx/html${DASHBOARD%/*}"
    cp "$WORK/dashboard.json" "$WORK/nginx/html$DASHBOARD"
    request GET "$DASHBOARD" "$COMMISSIONER" >"$WORK/dashboard.request"
}

make_unchanged() {
    request GET "$DASHBOARD" "$COMMISSIONER" "If-None-Match: $(etag_in "$WORK/dashboard.head")" >"$WORK/unchanged.request"
    URL=https://127.0.0.1:$NGINX_PORT fetch "$DASHBOARD" "$COMMISSIONER" "$WORK/nginx.json" "$WORK/nginx.head"
    cmp -s "$WORK/nginx.json" "$WORK/dashboard.json" || die "nginx serves other bytes."
    request GET "$DASHBOARD" "$COMMISSIONER" "If-None-Match: $(etag_in "$WORK/nginx.head")" >"$WORK/unchanged.nginx"
}

reads() {
    make_dashboard
    start_nginx
    make_unchanged
    serve_beside --io-threads 1
    paired "dashboard, kept, over TLS, $CLIENTS clients" "nginx over TLS, the same bytes, 1 worker" 0.9 1 /s read_kept read_nginx
    paired "304 over TLS, $CLIENTS clients" "nginx's 304 over TLS, 1 worker" 0.9 1 /s read_unchanged nginx_unchanged
    QUICK=no with_fastify || return 0
    QUICK=no paired "dashboard, kept, over TLS, $CLIENTS clients" "Fastify + pg over TLS, the same bytes by one query" 10 15 /s read_kept read_fastify
}

# Node 20 is what Fastify 5 asks for; Debian 12 has 18. Without it the rows are left out, and it is said.
with_fastify() {
    [ -z "$IS_QUICK" ] || return 1
    [ -z "${FASTIFY_PORT:-}" ] || return 0
    if ! command -v node >/dev/null || [ "$(node --version | tr -dc '0-9.' | cut -d. -f1)" -lt 20 ]; then
        warn "Node 20 is not here: no row beside Fastify."
        return 1
    fi
    start_fastify
}
