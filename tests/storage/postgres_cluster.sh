#!/usr/bin/env bash
# postgres_cluster.sh start|stop FOLDER: a throw-away PostgreSQL cluster for the
# tests, reached by a socket in the folder alone. Its role `assistly` may make
# databases and is no superuser. As root it runs as the user `postgres`, for
# PostgreSQL refuses root. FSYNC=on makes it keep what it commits.
set -euo pipefail

case "${1:-}" in start | stop) ;; *) echo "usage: $0 start|stop FOLDER" >&2; exit 2 ;; esac
folder=${2:?a folder is needed}
bin=$(find /usr/lib/postgresql -maxdepth 2 -name bin 2>/dev/null | sort -V | tail -n 1)
[ -n "$bin" ] || { echo "PostgreSQL is not installed (Debian: postgresql)" >&2; exit 1; }
# The other user may not be allowed where we are.
cd /

as_server() {
  if [ "$(id -u)" -eq 0 ]; then
    runuser -u postgres -- "$@"
  else
    "$@"
  fi
}

stop() {
  [ -d "$folder" ] || return 0
  if [ -f "$folder/cluster/postmaster.pid" ]; then
    as_server "$bin/pg_ctl" -D "$folder/cluster" -m immediate -w stop >/dev/null || true
  fi
  rm -rf "$folder"
}

# What a run that was killed left behind goes first.
stop
[ "$1" = start ] || exit 0

mkdir -m 0700 "$folder"
[ "$(id -u)" -ne 0 ] || chown postgres: "$folder"
as_server "$bin/initdb" -D "$folder/cluster" -U postgres -A trust -E UTF8 --locale=C \
  --no-sync --no-instructions >/dev/null
as_server "$bin/pg_ctl" -D "$folder/cluster" -l "$folder/log" -w -o "-k $folder \
  -c listen_addresses='' -c fsync=${FSYNC:-off} -c max_connections=200 \
  -c max_prepared_transactions=0 -c shared_buffers=64MB -c max_wal_size=2GB" start >/dev/null
as_server "$bin/psql" -q -h "$folder" -U postgres -d postgres \
  -c 'CREATE ROLE assistly LOGIN CREATEDB'
