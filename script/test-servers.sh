# Sourced by script/test: a throw-away PostgreSQL and Redis on loopback, in $scratch, each ended by id.

free_port() { python - <<'PY'
import socket
with socket.socket() as s:
    s.bind(("127.0.0.1", 0))
    print(s.getsockname()[1])
PY
}

start_servers() {
  local binaries postgres_port redis_port
  binaries="$(ls -d /usr/lib/postgresql/*/bin | sort -V | tail -n 1)"
  postgres_port="$(free_port)"
  redis_port="$(free_port)"
  mkdir -p "$scratch/postgres"
  run_as_postgres=()
  # PostgreSQL refuses to run as root: use the user its package made.
  if [ "$(id -u)" -eq 0 ]; then
    chmod 755 "$scratch"
    chown postgres "$scratch/postgres"
    run_as_postgres=(runuser -u postgres --)
  fi
  (cd / && "${run_as_postgres[@]}" "$binaries/initdb" --pgdata "$scratch/postgres/data" --username portal --auth trust --encoding UTF8 --locale C.UTF-8 >/dev/null)
  postgres_stop=("${run_as_postgres[@]}" "$binaries/pg_ctl" --pgdata "$scratch/postgres/data" --mode immediate --silent stop)
  (cd / && "${run_as_postgres[@]}" "$binaries/pg_ctl" --pgdata "$scratch/postgres/data" --silent --wait \
    --log "$scratch/postgres/log" --options "-p $postgres_port -c listen_addresses=127.0.0.1 -c unix_socket_directories=$scratch/postgres -c fsync=${POSTGRES_FSYNC:-off}" start)
  redis-server --port "$redis_port" --bind 127.0.0.1 --save '' --appendonly no --dir "$scratch" --daemonize no >/dev/null &
  redis_id=$!
  export TEST_DATABASE_URL="postgres://portal@127.0.0.1:$postgres_port/postgres" TEST_REDIS_URL="redis://127.0.0.1:$redis_port/0"
}

stop_servers() {
  [ -n "${redis_id:-}" ] && kill "$redis_id" 2>/dev/null || true
  [ -n "${postgres_stop:-}" ] && (cd / && "${postgres_stop[@]}" 2>/dev/null) || true
}
