# A Node server that gathers what arrives, writes it, syncs once, then answers all: what a careful
# team writes by hand.
peer_title="Node, append and one fdatasync for all waiting"
peer_durability="on disk"
peer_start() {
  local port
  port=$(free_port)
  background "$work/node-fsync.log" node "$peers_dir/node-fsync.mjs" "$port" "$work/node-fsync.data"
  peer_pid=$started peer_pids=("$started") peer_url=http://127.0.0.1:$port/
  wait_http "$peer_url" "$started" || die "node-fsync did not start: $(cat "$work/node-fsync.log")"
}
peer_measure() { wrk_run "$peer_url" "$1" "$2"; }
peer_stop() { end "$peer_pid"; forget "$peer_pid"; }
