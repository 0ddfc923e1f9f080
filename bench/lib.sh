# Shared by bench/bars and bench/peers/run: starting and ending programs, medians, tables. Sourced.
#
# Everything runs on 127.0.0.1, in a folder of its own that is removed at the end, and only what was
# started here is ended, by its process id.

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
bin=${BENCH_BIN:-$root/build/release/bin}
export LC_ALL=C.UTF-8

say() { printf '%s\n' "$*" >&2; }
die() { say "$(basename "$0"): $*"; exit 1; }
have() { command -v "$1" > /dev/null; }

# Data lies on a real disk: an fsync in memory says nothing.
work=$(mktemp -d "${BENCH_DIR:-$root/build}/bench.XXXXXX")
pids=()

# end PID: asks, waits, then insists.
end() {
  local pid=$1 i
  kill -TERM "$pid" 2> /dev/null || return 0
  for ((i = 0; i < 100; i++)); do
    kill -0 "$pid" 2> /dev/null || return 0
    sleep 0.1
  done
  kill -KILL "$pid" 2> /dev/null || true
}

clean_up() {
  local pid
  for pid in "${pids[@]}"; do end "$pid"; done
  rm -rf "$work"
}
trap clean_up EXIT
trap 'exit 130' INT TERM

# background LOG COMMAND…: starts it; $started is its process id.
background() {
  local log=$1
  shift
  "$@" < /dev/null > "$log" 2>&1 &
  started=$!
  pids+=("$started")
}

# forget PID: it is ended already.
forget() {
  local kept=() pid
  for pid in "${pids[@]}"; do [[ $pid == "$1" ]] || kept+=("$pid"); done
  pids=("${kept[@]}")
}

free_port() { node -e 'const s=require("net").createServer().listen(0,"127.0.0.1",()=>{console.log(s.address().port);s.close()})'; }

# wait_http URL PID: until it answers.
wait_http() {
  local i
  for ((i = 0; i < 300; i++)); do
    curl -s -o /dev/null --max-time 2 "$1" && return 0
    kill -0 "$2" 2> /dev/null || return 1
    sleep 0.1
  done
  return 1
}

median() { sort -g | awk '{ v[NR] = $1 } END { if (NR) print NR % 2 ? v[(NR + 1) / 2] : (v[NR / 2] + v[NR / 2 + 1]) / 2 }'; }
ratio() { awk -v a="$1" -v b="$2" 'BEGIN { if (b > 0) printf "%.2f", a / b; else printf "–" }'; }
round() { awk -v n="$1" -v d="${2:-0}" 'BEGIN { printf "%.*f", d, n }'; }
verdict() { awk "BEGIN { print ($1) ? \"yes\" : \"**no**\" }"; }
rss_mb() { awk '/^VmRSS/ { printf "%.1f", $2 * 1024 / 1e6 }' "/proc/$1/status"; }

# 1 KB of JSON, the same for everybody.
make_payload() {
  node -e '
    const event = { id: "evt_1", type: "order.created", data: { object: { amount: 4200, currency: "eur", text: "" } } };
    event.data.object.text = "lorem ipsum 0123456789 ".repeat(60).slice(0, 1024 - JSON.stringify(event).length);
    process.stdout.write(JSON.stringify(event));' > "$work/payload.json"
  printf 'wrk.method = "POST"\nwrk.headers["Content-Type"] = "application/json"\nlocal f = io.open("%s")\nwrk.body = f:read("*a")\nf:close()\n' \
    "$work/payload.json" > "$work/post.lua"
}

# start_penstock FOLDER FLAGS…: sets penstock_pid, senders, admin and token_file.
start_penstock() {
  local folder=$1 port admin_port
  shift
  port=$(free_port) admin_port=$(free_port)
  senders=http://127.0.0.1:$port admin=http://127.0.0.1:$admin_port token_file=$folder/admin-token
  background "$work/penstock.log" "$bin/penstock" serve --data "$folder" --listen "127.0.0.1:$port" \
    --admin-listen "127.0.0.1:$admin_port" "$@"
  penstock_pid=$started
  wait_http "$senders/livez" "$penstock_pid" || { tail -n 20 "$work/penstock.log" >&2; die "penstock did not start"; }
}

penstock() { "$bin/penstock" "$@" --url "$admin" --token "$(cat "$token_file")"; }

# new_trigger NAME FLAGS…: prints its URL.
new_trigger() { penstock trigger create "$@" --json | jq -r .url; }

# One task that changes what came in: the smallest workflow that is one.
apply_set_workflow() {
  printf 'document:\n  dsl: "1.0.3"\n  namespace: bench\n  name: one-set\n  version: "1.0.0"\ndo:\n  - answer:\n      set:\n        ok: true\n        id: ${ .id }\n' > "$work/one-set.yaml"
  penstock workflow apply "$work/one-set.yaml" > /dev/null
}

# start_nginx: one worker that answers 202; sets nginx_url and nginx_pid (the worker's).
start_nginx() {
  local port
  port=$(free_port)
  mkdir -p "$work/nginx"
  cat > "$work/nginx/conf" << END
worker_processes 1; daemon off; pid $work/nginx/pid; error_log $work/nginx/error.log;
events { worker_connections 16384; }
http {
  access_log off; keepalive_requests 1000000000; keepalive_timeout 300s;
  client_body_temp_path $work/nginx/1; proxy_temp_path $work/nginx/2; fastcgi_temp_path $work/nginx/3;
  uwsgi_temp_path $work/nginx/4; scgi_temp_path $work/nginx/5;
  server { listen 127.0.0.1:$port; location / { return 202; } }
}
END
  background "$work/nginx.log" nginx -e "$work/nginx/error.log" -c "$work/nginx/conf"
  nginx_master=$started
  nginx_url=http://127.0.0.1:$port/
  wait_http "$nginx_url" "$started" || die "nginx did not start: $(cat "$work/nginx.log")"
  nginx_pid=$(pgrep -P "$nginx_master" | head -n 1)
}

# wrk_run URL CONNECTIONS SECONDS: prints "requests/s p50-ms p99-ms p99.9-ms bad-answers".
wrk_run() {
  cat "$work/post.lua" - > "$work/wrk.lua" << 'END'
done = function(summary, latency)
  local bad = summary.errors.status + summary.errors.connect + summary.errors.read + summary.errors.write + summary.errors.timeout
  io.write(string.format("FIGURES %f %f %f %f %d\n", summary.requests / summary.duration * 1e6, latency:percentile(50) / 1000,
    latency:percentile(99) / 1000, latency:percentile(99.9) / 1000, bad))
end
END
  wrk -t1 -c"$2" -d"$3s" -s "$work/wrk.lua" "$1" | awk '/^FIGURES/ { print $2, $3, $4, $5, $6 }'
}

environment_line() {
  printf '%s × %s, Linux %s, %s; fdatasync of 4 KB: p50 %s µs; load before: %s\n' "$(nproc)" \
    "$(awk -F': ' '/^model name/ { print $2; exit }' /proc/cpuinfo)" "$(uname -r)" \
    "$(findmnt -no FSTYPE,SOURCE -T "$work" | tr -s ' ')" \
    "$("$bin/penstock-bench" probe "$work" --duration 500ms --json | jq .p50Us)" "$(cut -d' ' -f1 /proc/loadavg)"
}
