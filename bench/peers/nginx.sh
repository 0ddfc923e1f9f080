# nginx that answers 202 at once: the ceiling for any HTTP server on this machine.
peer_title="nginx, 1 worker, \`return 202\`"
peer_durability="nothing is kept"
peer_start() {
  need_debian nginx nginx-light
  start_nginx
  peer_pids=("$nginx_pid")
}
peer_measure() { wrk_run "$nginx_url" "$1" "$2"; }
peer_stop() { end "$nginx_master"; forget "$nginx_master"; }
