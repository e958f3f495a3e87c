#!/bin/sh
# entrypoint.sh COMMAND...: the first process of the container. Prepares what a container lacks, then becomes quarterday.
#
#   serve              makes a self-signed certificate where QUARTERDAY_CERT and _KEY name none
#   setup              migrate, then load the frameworks of the image where there is none yet (compose runs it before serve)
#   anything else      goes to quarterday as it is: key issue, migrate, --version
#
# Passwords come from files (Docker secrets), never from the environment or arguments: QUARTERDAY_PASSWORD_FILE holds that of
# the role in QUARTERDAY_DATABASE. libpq reads it from a private file on the container's own tmpfs.
set -eu
umask 077

fail() {
    echo "entrypoint: $1" >&2
    exit 1
}

pass_password() {
    file=${QUARTERDAY_PASSWORD_FILE:-}
    # quarterday refuses settings that it does not know.
    unset QUARTERDAY_PASSWORD_FILE
    [ -n "$file" ] || return 0
    [ -r "$file" ] || fail "cannot read $file: is the secret mounted, and readable by uid $(id -u)?"
    # In a password file : and \ are special.
    printf '*:*:*:*:%s\n' "$(sed 's/[\\:]/\\&/g' "$file")" >/tmp/pgpass
    export PGPASSFILE=/tmp/pgpass
}

make_certificate() {
    [ -z "${QUARTERDAY_CERT:-}" ] || return 0
    tls=$QUARTERDAY_HOME/tls
    export QUARTERDAY_CERT="$tls/cert.pem" QUARTERDAY_KEY="$tls/key.pem"
    [ ! -s "$QUARTERDAY_KEY" ] || return 0
    mkdir -p "$tls"
    cat >"$tls/template" <<EOF
cn = "Quarterday"
serial = $(date +%s)
expiration_days = 365
ca
path_len = 0
signing_key
cert_signing_key
tls_www_server
dns_name = "localhost"
dns_name = "$(hostname)"
dns_name = "quarterday"
ip_address = "127.0.0.1"
EOF
    certtool --generate-privkey --key-type=ecdsa --curve=secp256r1 --outfile "$tls/new-key.pem" >/dev/null 2>&1 ||
        fail "cannot make a key in $tls"
    certtool --generate-self-signed --load-privkey "$tls/new-key.pem" --template "$tls/template" \
        --outfile "$QUARTERDAY_CERT" >/dev/null 2>&1 || fail "cannot make a certificate in $tls"
    # Last: a key file is the sign that the pair is complete.
    mv "$tls/new-key.pem" "$QUARTERDAY_KEY"
    echo "entrypoint: made a self-signed certificate, $QUARTERDAY_CERT" >&2
}

# Once: afterwards the framework is the commissioner's, changed through the API.
setup() {
    quarterday migrate
    loaded=$QUARTERDAY_HOME/frameworks.loaded
    [ ! -e "$loaded" ] || return 0
    for file in /usr/local/share/quarterday/frameworks/*.json; do
        quarterday framework load "$file"
    done
    : >"$loaded"
}

pass_password
case ${1:-serve} in
serve)
    make_certificate
    exec quarterday "$@"
    ;;
setup) setup ;;
*) exec quarterday "$@" ;;
esac
