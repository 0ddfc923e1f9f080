# Redis that syncs before it answers; measured by its own native client, without any HTTP.
peer_title="Redis XADD, its native client"
peer_durability="on disk (appendfsync always)"
source "$peers_dir/with-redis.bash"
peer_start() {
  start_redis
  peer_pids=("$redis_pid")
  redis_count=20000
}
# The native client counts requests, not seconds: a first look says how many those are.
peer_measure() {
  local out
  redis_once() { redis-benchmark -p "$redis_port" -c "$1" -n "$2" --csv -x XADD events MAXLEN '~' 1000000 '*' body < "$work/payload.json" | tail -n 1 | tr -d '"'; }
  if ((redis_count == 20000)); then
    out=$(redis_once "$1" 20000)
    redis_count=$(awk -F, -v s="$2" '{ printf "%d", $2 * s }' <<< "$out")
  fi
  out=$(redis_once "$1" "$redis_count")
  awk -F, '{ print $2, $5, $7, $8, 0 }' <<< "$out"
}
peer_stop() { end "$redis_pid"; forget "$redis_pid"; }
