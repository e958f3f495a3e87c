# shellcheck shell=bash disable=SC2034,SC2153,SC2154 # the files that run.sh sources share their variables
# What stands beside the service: nginx, Fastify with pg, pgbench. All are processes of the bench's own, in its folder, and end with it.

# start_nginx: one process that serves $WORK/nginx/html with the service's certificate, over TLS, with a log and the same headers as the service's;
# $NGINX_PORT. The package's own service is never used.
start_nginx() {
    local dir=$WORK/nginx user=''
    # Root's nginx would give up its rights and then cannot read the folder.
    ! is_root || user='user root;'
    NGINX_PORT=$(free_port)
    mkdir -p "$dir/html" "$dir/tmp"
    cat >"$dir/nginx.conf" <<END
$user
daemon off;
master_process off;
pid $dir/nginx.pid;
error_log $dir/error.log;
events { worker_connections 2048; }
http {
    # Gathered as the service gathers what it says of answers from memory.
    access_log $dir/access.log combined buffer=4k flush=100ms;
    client_body_temp_path $dir/tmp; proxy_temp_path $dir/tmp; fastcgi_temp_path $dir/tmp; uwsgi_temp_path $dir/tmp; scgi_temp_path $dir/tmp;
    default_type application/json;
    server_tokens off;
    sendfile on;
    tcp_nodelay on;
    open_file_cache max=100 inactive=10m;
    open_file_cache_valid 10m;
    keepalive_requests 1000000000;
    keepalive_timeout 600s;
    add_header Strict-Transport-Security "max-age=63072000; includeSubDomains";
    add_header X-Content-Type-Options nosniff;
    add_header Referrer-Policy no-referrer;
    add_header Content-Security-Policy "default-src 'none'; frame-ancestors 'none'";
    add_header Cross-Origin-Opener-Policy same-origin;
    add_header Cross-Origin-Resource-Policy same-origin;
    add_header Permissions-Policy "camera=(), geolocation=(), microphone=()";
    add_header Cache-Control "private, no-cache";
    server {
        listen 127.0.0.1:$NGINX_PORT ssl;
        ssl_certificate $CA;
        ssl_certificate_key ${CA%/*}/key.pem;
        ssl_protocols TLSv1.3;
        ssl_ciphers HIGH;
        root $dir/html;
    }
}
END
    "$(command -v nginx || echo /usr/sbin/nginx)" -e "$dir/error.log" -p "$dir" -c "$dir/nginx.conf" >"$dir/out.log" 2>&1 </dev/null &
    STARTED+=("$!")
    SERVING+=("$!")
    wait_for $! "$dir/nginx.pid" "$dir/error.log"
}

# A port that nobody listens on at the moment.
free_port() {
    local port
    for port in $(shuf -i 20000-32000 -n 50); do
        (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null || break
    done
    say "$port"
}

# start_fastify: bench/peer on the database's tables; $FASTIFY_PORT. What it reads was made from the dashboard in $WORK/dashboard.json.
start_fastify() {
    local said=$WORK/fastify.port
    ask "\\set body \`cat $WORK/dashboard.json\`" '\set reader quarterday_app' "\\i $ROOT/bench/peer/table.sql"
    PGHOST=$(of_conninfo host) PGPORT=$(of_conninfo port) PGUSER=quarterday_app PGDATABASE=quarterday \
        PGOPTIONS='-c search_path=bench' PEER_CERT=$CA PEER_KEY=${CA%/*}/key.pem PEER_TOKEN=$COMMISSIONER NODE_ENV=production \
        node "$ROOT/bench/peer/server.mjs" >"$said" 2>"$WORK/fastify.log" </dev/null &
    STARTED+=("$!")
    SERVING+=("$!")
    wait_for $! "$said" "$WORK/fastify.log"
    FASTIFY_PORT=$(<"$said")
    URL=https://127.0.0.1:$FASTIFY_PORT fetch "$DASHBOARD" "$COMMISSIONER" "$WORK/fastify.json"
    cmp -s "$WORK/fastify.json" "$WORK/dashboard.json" || die "the peer's dashboard has other bytes than ours." "$WORK/fastify.json"
}

of_conninfo() { grep -o "\b$1=[^ ]*" <<<"$APP" | cut -d= -f2; }

# transact FILE CLIENTS [PROTOCOL]: pgbench with the script for as long as a reader reads: $COST, $UNITS, $P50, $P99. Every tenth transaction is
# written down for the percentiles.
transact() {
    local said
    rm -f "$WORK"/pgbench.*
    said=$(cd "$WORK" && pgbench --no-vacuum --protocol="${3:-prepared}" --client="$2" --jobs=1 --time="$READ_SECONDS" --file="$1" --log --log-prefix=pgbench \
        --sampling-rate=0.1 "$APP" 2>&1) || die "pgbench failed:" "$said"
    UNITS=$(sed -n 's/^number of transactions actually processed: \([0-9]*\).*/\1/p' <<<"$said")
    COST=$(awk '/^tps = / { print 1 / $3 }' <<<"$said")
    read -r P50 P99 < <(cat "$WORK"/pgbench.* | awk '{ print $3 / 1e6 }' | sort -g | awk '{ v[NR] = $1 } END { print v[int(NR * 0.5) + 1], v[int(NR * 0.99) + 1] }')
}
