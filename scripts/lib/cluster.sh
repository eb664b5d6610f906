# shellcheck shell=bash
# Source this file after processes.sh: the parts of a cluster on this machine, for scripts/cluster.
#
# Everything listens on 127.0.0.1, at ports counted from cluster_port: HAProxy at +0, its statistics at +80, the nodes at
# +1 to +16, Redis at +79, NATS at +22. State is in build/cluster.

cluster_port=${HYDRANT_CLUSTER_PORT:-3000}
cluster_binary=${HYDRANT_BINARY:-build/release/hydrant}
readonly cluster_nodes_max=16
readonly cluster_drain_seconds=5
process_folder=$PWD/build/cluster

cluster_url() { echo "http://127.0.0.1:$cluster_port/mcp"; }
node_port() { echo $((cluster_port + $1)); }

# node_numbers: of all nodes that were started and not removed, running or not.
node_numbers() {
  local n
  for ((n = 1; n <= cluster_nodes_max; ++n)); do
    if [[ -e $process_folder/node-$n.pid ]]; then echo "$n"; fi
  done
}

cluster_runs() { process_runs supervisor; }

# The nodes may lose what NATS carries, but nothing that Redis has acknowledged. Hence fsync before each answer: with
# `everysec` Redis may answer up to two seconds before it even writes. Redis has to refuse rather than evict, too.
start_redis() {
  mkdir -p "$process_folder/redis"
  process_start redis redis-server --bind 127.0.0.1 --port $((cluster_port + 79)) --dir "$process_folder/redis" \
    --appendonly yes --appendfsync always --save '' --maxmemory-policy noeviction
}

start_nats() {
  process_start nats nats-server --addr 127.0.0.1 --port $((cluster_port + 22))
}

# The places of nodes that are not there yet are down until they are: adding one changes nothing here.
start_haproxy() {
  local n
  {
    echo 'backend hydrant'
    for ((n = 1; n <= cluster_nodes_max; ++n)); do echo "    server node-$n 127.0.0.1:$(node_port "$n")"; done
  } >"$process_folder/nodes.cfg"
  HYDRANT_BIND=127.0.0.1:$cluster_port HYDRANT_STATS_BIND=127.0.0.1:$((cluster_port + 80)) \
    process_start haproxy haproxy -db -q -f deploy/haproxy.cfg -f "$process_folder/nodes.cfg"
}

# start_node <n>: with the flags that `up` was given.
start_node() {
  local n=$1 flags=()
  if [[ -r $process_folder/flags ]]; then mapfile -d '' -t flags <"$process_folder/flags"; fi
  REDIS_URL=redis://127.0.0.1:$((cluster_port + 79)) NATS_URL=nats://127.0.0.1:$((cluster_port + 22)) \
    process_start "node-$n" "$cluster_binary" serve --node-id "node-$n" --port "$(node_port "$n")" \
    --store redis --bus nats --drain-timeout "${cluster_drain_seconds}s" "${flags[@]}"
}

# stop_part <name>: nodes drain, so they take longer.
stop_part() {
  case $1 in
    node-*) process_stop "$1" $((cluster_drain_seconds + 5)) ;;
    *) process_stop "$1" 5 ;;
  esac
}

# Nodes first, so that they can hand over what they have while all else is there.
stop_cluster() {
  local n stopping=()
  for n in $(node_numbers); do
    stop_part "node-$n" &
    stopping+=($!)
  done
  # Not all children: processes that were started here would count, too.
  if ((${#stopping[@]})); then wait "${stopping[@]}"; fi
  stop_part haproxy
  stop_part nats
  stop_part redis
}

# node_ready <n>: whether the node says so itself.
node_ready() { curl --silent --fail --max-time 1 --output /dev/null "http://127.0.0.1:$(node_port "$1")/ready"; }

# balancer_knows <n>: whether HAProxy sends requests to the node. True without HAProxy, which has no say then.
balancer_knows() {
  process_runs haproxy || return 0
  balancer_table | awk -F, -v node="node-$1" '$1 == "hydrant" && $2 == node && $18 == "UP" {found = 1} END {exit !found}'
}

# balancer_table: HAProxy's statistics as CSV, a row for each front, node and back.
balancer_table() { curl --silent --max-time 1 "http://127.0.0.1:$((cluster_port + 80))/;csv"; }

# node_serves <n>: for restarts one after the other: the next may begin.
node_serves() { node_ready "$1" && balancer_knows "$1"; }

port_answers() { (: <"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

# wait_for <what> <seconds> <process> <command>...: until the command succeeds, unless the process ends before.
wait_for() {
  local what=$1 limit=$((SECONDS + $2)) process=$3
  shift 3
  until "$@"; do
    if ! process_runs "$process"; then
      echo "cluster: $what has ended; the end of $process_folder/$process.log:" >&2
      tail -n 5 "$process_folder/$process.log" >&2
      return 1
    fi
    ((SECONDS < limit)) || { echo "cluster: $what is not ready; see $process_folder/$process.log" >&2 && return 1; }
    sleep 0.05
  done
}

# part_state <name>: up, or what else there is to say.
part_state() {
  local n=${1#node-}
  if ! process_runs "$1"; then
    echo down
  elif [[ $1 == node-* ]] && ! node_ready "$n"; then
    echo 'not ready'
  else
    echo up
  fi
}

# balancer_numbers: prints `<requests a second> <open connections>` of HAProxy's front.
balancer_numbers() {
  balancer_table |
    awk -F, 'NR == 1 {for (i = 1; i <= NF; ++i) column[$i] = i} $1 == "mcp" {print $column["req_rate"], $column["scur"]}'
}

# node_metric <n> <name>: a number of its /metrics; nothing if it does not tell.
node_metric() {
  curl --silent --max-time 1 "http://127.0.0.1:$(node_port "$1")/metrics" | awk -v name="$2" '$1 == name {print $2}'
}
