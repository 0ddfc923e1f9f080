# A Redis that syncs before it answers, for the peers that need one. Sourced; sets redis_port and redis_pid.
start_redis() {
  need_debian redis-server redis-server
  need_debian redis-benchmark redis-tools
  redis_port=$(free_port)
  mkdir -p "$work/redis"
  background "$work/redis.log" redis-server --port "$redis_port" --bind 127.0.0.1 --dir "$work/redis" --appendonly yes \
    --appendfsync always --save "" --auto-aof-rewrite-percentage 0
  redis_pid=$started
  local i
  for ((i = 0; i < 100; i++)); do redis-cli -p "$redis_port" ping > /dev/null 2>&1 && return; sleep 0.1; done
  die "redis did not start: $(cat "$work/redis.log")"
}
