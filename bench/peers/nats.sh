# NATS JetStream, file storage, one server; published by its own JavaScript client, without HTTP.
peer_title="NATS JetStream publish, its Node client"
peer_durability="in the page cache (nats-server 2.9 syncs every 2 minutes)"
peer_start() {
  need_debian nats-server nats-server
  need_npm node
  nats_port=$(free_port)
  background "$work/nats.log" nats-server -a 127.0.0.1 -p "$nats_port" -js -sd "$work/nats"
  nats_pid=$started peer_pids=("$started")
  cp "$peers_dir/nats.mjs" "$npm_dir/nats.mjs"
  sleep 1
}
peer_measure() { node "$npm_dir/nats.mjs" "$nats_port" "$1" "$2" "$work/payload.json"; }
peer_stop() { end "$nats_pid"; forget "$nats_pid"; }
