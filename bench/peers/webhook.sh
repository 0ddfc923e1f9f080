# adnanh/webhook: starts a command for each request.
peer_title="adnanh/webhook running \`true\`"
peer_durability="nothing is kept"
peer_start() {
  local port
  need_debian webhook webhook
  port=$(free_port)
  printf '[{ "id": "hook", "execute-command": "/bin/true", "success-http-response-code": 202 }]' > "$work/hooks.json"
  background "$work/webhook.log" webhook -hooks "$work/hooks.json" -ip 127.0.0.1 -port "$port"
  peer_pid=$started peer_pids=("$started") peer_url=http://127.0.0.1:$port/hooks/hook
  wait_http "http://127.0.0.1:$port/" "$started" || die "webhook did not start: $(cat "$work/webhook.log")"
}
peer_measure() { wrk_run "$peer_url" "$1" "$2"; }
peer_stop() { end "$peer_pid"; forget "$peer_pid"; }
