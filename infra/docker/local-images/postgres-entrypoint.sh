#!/usr/bin/env bash
# Starts like the official postgres image: first makes a cluster in an empty PGDATA; root switches to the account `postgres`.
set -euo pipefail

[ "${1:0:1}" != - ] || set -- postgres "$@"
[ "$1" = postgres ] || exec "$@"
if [ "$(id -u)" = 0 ]; then
  install -d -o postgres -g postgres -m 700 "$PGDATA"
  exec setpriv --reuid=postgres --regid=postgres --clear-groups "$0" "$@"
fi

user=${POSTGRES_USER:-postgres}
if [ -n "${POSTGRES_PASSWORD_FILE:-}" ]; then POSTGRES_PASSWORD=$(<"$POSTGRES_PASSWORD_FILE"); fi
if [ ! -s "$PGDATA/PG_VERSION" ]; then
  : "${POSTGRES_PASSWORD:?Database is uninitialized and superuser password is not specified.}"
  eval "initdb --username=$user --pwfile=<(printf '%s\n' \"\$POSTGRES_PASSWORD\") ${POSTGRES_INITDB_ARGS:-}"
  printf '\nhost all all all scram-sha-256\n' >>"$PGDATA/pg_hba.conf"
  # As in the official image the server starts once during setup and then again: clients that wait for it must expect this.
  quiet=(-c "listen_addresses=" -c unix_socket_directories=/var/run/postgresql)
  pg_ctl -w -D "$PGDATA" -o "${quiet[*]@Q}" start
  pg_ctl -w -D "$PGDATA" -m fast stop
fi
unset POSTGRES_PASSWORD
exec "$@" -c listen_addresses='*' -c unix_socket_directories=/var/run/postgresql
