#!/bin/bash
# Run once by the postgres image, as its superuser, in a fresh data directory: the two roles and the database of Quarterday.
set -euo pipefail

# literal TEXT: as an SQL literal; a password may hold anything.
literal() { printf "'%s'" "${1//\'/\'\'}"; }

psql --no-psqlrc --quiet --set ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname postgres <<EOF
SET password_encryption = 'scram-sha-256';
SET standard_conforming_strings = on;
CREATE ROLE quarterday_owner LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE PASSWORD $(literal "$(cat /run/secrets/owner_password)");
CREATE ROLE quarterday_app LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE PASSWORD $(literal "$(cat /run/secrets/app_password)");
ALTER ROLE quarterday_app SET statement_timeout = '30s';
ALTER ROLE quarterday_app SET lock_timeout = '10s';
ALTER ROLE quarterday_app SET idle_in_transaction_session_timeout = '60s';
CREATE DATABASE quarterday OWNER quarterday_owner TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C.UTF-8';
EOF
