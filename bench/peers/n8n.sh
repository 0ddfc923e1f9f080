# n8n: a production webhook that answers at once and runs an empty workflow; SQLite, its default.
peer_title="n8n, webhook that answers at once"
peer_durability="in memory until the run is saved (SQLite)"
peer_start() {
  local port
  need_npm n8n
  port=$(free_port)
  mkdir -p "$work/n8n"
  cat > "$work/n8n/workflow.json" << 'END'
[{ "id": "bench1", "name": "bench", "active": true, "settings": {}, "connections": {},
   "nodes": [{ "id": "n1", "name": "Webhook", "type": "n8n-nodes-base.webhook", "typeVersion": 1, "position": [0, 0],
     "webhookId": "bench", "parameters": { "path": "hook", "httpMethod": "POST", "responseMode": "onReceived" } }] }]
END
  n8n_env=(env N8N_USER_FOLDER="$work/n8n" N8N_PORT="$port" N8N_LISTEN_ADDRESS=127.0.0.1 N8N_DIAGNOSTICS_ENABLED=false
    N8N_VERSION_NOTIFICATIONS_ENABLED=false N8N_TEMPLATES_ENABLED=false N8N_RUNNERS_ENABLED=false N8N_ENFORCE_SETTINGS_FILE_PERMISSIONS=false)
  "${n8n_env[@]}" "$npm_dir/node_modules/.bin/n8n" import:workflow --input="$work/n8n/workflow.json" > "$work/n8n.log" 2>&1
  "${n8n_env[@]}" "$npm_dir/node_modules/.bin/n8n" update:workflow --id=bench1 --active=true >> "$work/n8n.log" 2>&1 || true
  background "$work/n8n.log" "${n8n_env[@]}" "$npm_dir/node_modules/.bin/n8n" start
  peer_pid=$started peer_url=http://127.0.0.1:$port/webhook/hook
  wait_http "http://127.0.0.1:$port/healthz" "$started" || die "n8n did not start: $(tail -n 5 "$work/n8n.log")"
  sleep 10
  peer_pids=($(tree "$peer_pid"))
}
peer_measure() { wrk_run "$peer_url" "$1" "$2"; }
peer_stop() { end "$peer_pid"; forget "$peer_pid"; }
