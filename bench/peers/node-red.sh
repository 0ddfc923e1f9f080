# Node-RED: an "http in" node wired to an "http response".
peer_title="Node-RED, http in → http response"
peer_durability="nothing is kept"
peer_start() {
  local port
  need_npm node-red
  port=$(free_port)
  mkdir -p "$work/node-red"
  cat > "$work/node-red/flows.json" << 'END'
[{ "id": "t", "type": "tab", "label": "bench" },
 { "id": "a", "type": "http in", "z": "t", "url": "/hook", "method": "post", "wires": [["b"]] },
 { "id": "b", "type": "http response", "z": "t", "statusCode": "202", "wires": [] }]
END
  printf 'module.exports = { uiPort: %s, uiHost: "127.0.0.1", flowFile: "flows.json", logging: { console: { level: "error" } }, telemetry: { enabled: false, updateNotification: false } };\n' \
    "$port" > "$work/node-red/settings.js"
  background "$work/node-red.log" node "$npm_dir/node_modules/node-red/red.js" -u "$work/node-red" -s "$work/node-red/settings.js"
  peer_pid=$started peer_pids=("$started") peer_url=http://127.0.0.1:$port/hook
  wait_http "$peer_url" "$started" || die "node-red did not start: $(cat "$work/node-red.log")"
  sleep 3
}
peer_measure() { wrk_run "$peer_url" "$1" "$2"; }
peer_stop() { end "$peer_pid"; forget "$peer_pid"; }
