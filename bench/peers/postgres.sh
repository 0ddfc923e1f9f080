# PostgreSQL, one INSERT of jsonb a transaction; measured by its own pgbench, prepared, without HTTP.
peer_title="PostgreSQL INSERT, pgbench"
peer_durability="on disk (synchronous_commit)"
as_postgres() {
  if ((EUID == 0)); then runuser -u postgres -- "$@"; else "$@"; fi
}
peer_start() {
  pg_bin=$(ls -d /usr/lib/postgresql/*/bin 2> /dev/null | tail -n 1 || true)
  if [[ ! -x $pg_bin/pgbench ]]; then
    need_debian /usr/lib/postgresql/pgbench postgresql
    pg_bin=$(ls -d /usr/lib/postgresql/*/bin | tail -n 1)
  fi
  # The server refuses to be root, and its user may not look into our folder.
  pg_dir=$(mktemp -d /var/tmp/penstock-postgres.XXXXXX)
  ((EUID == 0)) && chown postgres "$pg_dir"
  pg_port=$(free_port)
  as_postgres "$pg_bin/initdb" -D "$pg_dir/data" -A trust -U bench > "$work/postgres.log" 2>&1
  background "$work/postgres.log" as_postgres "$pg_bin/postgres" -D "$pg_dir/data" -p "$pg_port" -h 127.0.0.1 -k "$pg_dir" \
    -c shared_buffers=256MB -c max_wal_size=4GB -c max_connections=300
  pg_outer=$started
  local i
  for ((i = 0; i < 100; i++)); do "$pg_bin/pg_isready" -q -h 127.0.0.1 -p "$pg_port" && break; sleep 0.1; done
  pg_pid=$(head -n 1 "$pg_dir/data/postmaster.pid")
  "$pg_bin/psql" -q -h 127.0.0.1 -p "$pg_port" -U bench postgres -c 'create table events (id bigserial primary key, body jsonb)'
  printf "insert into events (body) values ('%s');\n" "$(sed "s/'/''/g; s/:/: /g" "$work/payload.json")" > "$work/insert.sql"
  peer_pids=("$pg_pid")
}
# Two seconds more than asked for: pgbench counts its connecting, though not in the rate.
peer_measure() {
  rm -f "$work"/pg.*
  (cd "$work" && "$pg_bin/pgbench" -n -h 127.0.0.1 -p "$pg_port" -U bench -M prepared -c "$1" -j 1 -T $(($2 + 2)) -f insert.sql \
    -l --log-prefix=pg postgres) > "$work/pgbench.out" 2>&1
  local rate
  rate=$(awk '/^tps/ { print $3 }' "$work/pgbench.out")
  cat "$work"/pg.* | awk '{ print $3 / 1000 }' | sort -g | awk -v rate="$rate" '{ v[NR] = $1 }
    END { print rate, v[int(NR * 0.5) + 1], v[int(NR * 0.99) + 1], v[int(NR * 0.999) + 1], 0 }'
  rm -f "$work"/pg.*
}
peer_stop() {
  kill -INT "$pg_pid" 2> /dev/null || true
  local i
  for ((i = 0; i < 100; i++)); do [[ -d /proc/$pg_pid ]] || break; sleep 0.1; done
  end "$pg_outer"; forget "$pg_outer"
  rm -rf "$pg_dir"
}
