# express and BullMQ on a Redis that syncs before it answers: the usual durable webhook stack of Node.
peer_title="express + BullMQ + Redis"
peer_durability="on disk (appendfsync always)"
source "$peers_dir/with-redis.bash"
peer_start() {
  need_npm node
  start_redis
  local port
  port=$(free_port)
  cp "$peers_dir/bullmq.mjs" "$npm_dir/bullmq.mjs"
  background "$work/bullmq.log" node "$npm_dir/bullmq.mjs" "$port" "$redis_port"
  peer_pid=$started peer_pids=("$started" "$redis_pid") peer_url=http://127.0.0.1:$port/hook
  wait_http "$peer_url" "$peer_pid" || die "bullmq did not start: $(cat "$work/bullmq.log")"
}
peer_measure() { wrk_run "$peer_url" "$1" "$2"; }
peer_stop() {
  end "$peer_pid"; forget "$peer_pid"
  end "$redis_pid"; forget "$redis_pid"
}
