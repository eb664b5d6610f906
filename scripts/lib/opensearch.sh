# shellcheck shell=bash
# Source this file after processes.sh: an OpenSearch of one node or several on this machine, for scripts/opensearch.
#
# Everything listens on 127.0.0.1: node n at opensearch_port + n - 1, and 100 above for the other nodes. What is fetched
# and unpacked is in build/opensearch and serves all; what one server has is in its folder, process_folder.

opensearch_cache=$PWD/build/opensearch
process_folder=$opensearch_cache/server
opensearch_pom=$PWD/tests/opensearch/pom.xml
# shellcheck disable=SC2034  # for scripts/opensearch
readonly opensearch_nodes_max=5
readonly opensearch_start_seconds=120
: "${opensearch_port:=9200}" "${opensearch_nodes:=1}" "${opensearch_security:=no}"

opensearch_version() { sed -n 's|.*<opensearch.version>\(.*\)</.*|\1|p' "$opensearch_pom"; }
opensearch_home() { echo "$opensearch_cache/home-$([[ $opensearch_security == yes ]] && echo secure || echo plain)"; }

# The server refuses to run as root.
as_opensearch_user=()
if ((EUID == 0)); then as_opensearch_user=(setpriv --reuid nobody --regid nogroup --clear-groups); fi

# java_home: prints where the Java on the PATH, or in JAVA_HOME, really is; fails if it is none that OpenSearch takes.
java_home() {
  local java=${JAVA_HOME:+$JAVA_HOME/bin/}java properties version
  properties=$("$java" -XshowSettings:properties -version 2>&1) || return 1
  version=$(sed -n 's/^ *java\.specification\.version = //p' <<<"$properties")
  # From 24 on Java has no security manager, without which OpenSearch 2 does not start.
  [[ $version =~ ^[0-9]+$ ]] && ((version >= 17 && version < 24)) || return 1
  sed -n 's/^ *java\.home = //p' <<<"$properties"
}

opensearch_fetched() { [[ $(cat "$opensearch_cache/downloads/complete" 2>/dev/null) == "$(opensearch_version)" ]]; }

# Once for each version: later calls need no network.
opensearch_fetch() {
  local downloads=$opensearch_cache/downloads
  if opensearch_fetched; then return; fi
  rm -rf "$downloads"
  mkdir -p "$downloads"
  mvn -B -q -f "$opensearch_pom" dependency:copy-dependencies -DoutputDirectory="$downloads" \
    >"$opensearch_cache/fetch.log" 2>&1 || return 1
  opensearch_version >"$downloads/complete"
}

# module <name> <class> <jar>...: what the distribution for tests leaves out.
opensearch_module() {
  local name=$1 class=$2 folder
  folder=$(opensearch_home).new/modules/$name
  shift 2
  mkdir "$folder"
  cp "$@" "$folder"
  printf '%s\n' "name=$name" "description=$name" "version=$(opensearch_version)" "classname=$class" java.version=11 \
    "opensearch.version=$(opensearch_version)" has.native.controller=false >"$folder/plugin-descriptor.properties"
}

# Compiling a script makes classes at run time.
painless_policy() {
  cat <<'POLICY'
grant {
  permission java.lang.RuntimePermission "createClassLoader";
  permission java.lang.RuntimePermission "getClassLoader";
};
POLICY
}

# Unpacks beside its place and moves it there, so that what is there is whole.
opensearch_unpack() {
  local home downloads=$opensearch_cache/downloads version
  home=$(opensearch_home) version=$(opensearch_version)
  if [[ -e $home/lib/opensearch-$version.jar ]]; then return; fi
  rm -rf "$home" "$home.new" "$home.zip"
  python3 -m zipfile -e "$downloads/opensearch-$version.zip" "$home.zip"
  mv "$home.zip/opensearch-$version" "$home.new"
  rmdir "$home.zip"
  chmod +x "$home.new"/bin/*
  opensearch_module lang-painless org.opensearch.painless.PainlessPlugin "$downloads"/{lang-painless,antlr4,asm}-*.jar \
    "$downloads"/opensearch-scripting-painless-spi-*.jar
  painless_policy >"$home.new/modules/lang-painless/plugin-security.policy"
  opensearch_module reindex org.opensearch.index.reindex.ReindexPlugin "$downloads"/{reindex-client,http}*.jar \
    "$downloads"/{commons-codec,commons-logging,opensearch-rest-client,opensearch-ssl-config}-*.jar
  if [[ $opensearch_security == yes ]]; then
    JAVA_HOME=$(java_home) "$home.new/bin/opensearch-plugin" install --silent --batch \
      "file://$downloads/opensearch-security-$version.0.zip" >"$opensearch_cache/install.log" 2>&1 ||
      { cat "$opensearch_cache/install.log" >&2 && return 1; }
  fi
  mv "$home.new" "$home"
}

node_names() {
  local n
  for ((n = 1; n <= opensearch_nodes; ++n)); do echo "node-$n"; done
}

discovery_settings() {
  local n seeds=''
  if ((opensearch_nodes == 1)); then
    echo 'discovery.type: single-node'
    return
  fi
  for ((n = 1; n <= opensearch_nodes; ++n)); do seeds+="127.0.0.1:$((opensearch_port + 99 + n)), "; done
  echo "discovery.seed_hosts: [${seeds%, }]"
  echo "cluster.initial_cluster_manager_nodes: [$(node_names | paste -sd, )]"
}

# node_settings <n>: its opensearch.yml.
node_settings() {
  cat <<YAML
cluster.name: hydrant-tests
node.name: node-$1
network.host: 127.0.0.1
http.port: $((opensearch_port + $1 - 1))
transport.port: $((opensearch_port + 99 + $1))
path.data: $process_folder/node-$1/data
path.logs: $process_folder/node-$1/logs
# A full disk of the machine is no reason for a test to fail.
cluster.routing.allocation.disk.threshold_enabled: false
YAML
  discovery_settings
  if [[ $opensearch_security == yes ]]; then security_settings; fi
}

# Started often and used shortly: what makes Java slow to start is left out.
node_java_options() {
  printf '%s\n' -Xms512m -Xmx512m -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -XX:-UsePerfData \
    "-Djava.io.tmpdir=$process_folder/node-$1/tmp" "-XX:ErrorFile=$process_folder/node-$1/logs/java_error.log"
}

node_logging() {
  printf '%s\n' status=error appender.console.type=Console appender.console.name=console \
    appender.console.layout.type=PatternLayout 'appender.console.layout.pattern=[%d{ISO8601}][%-5p][%c{1.}] %m%n' \
    rootLogger.level=info rootLogger.appenderRef.console.ref=console
}

# prepare_node <n>: its folder, with empty data.
prepare_node() {
  local folder=$process_folder/node-$1
  mkdir -p "$folder"/{config,data,logs,tmp}
  node_settings "$1" >"$folder/config/opensearch.yml"
  node_java_options "$1" >"$folder/config/jvm.options"
  node_logging >"$folder/config/log4j2.properties"
  if [[ $opensearch_security == yes ]]; then security_files "$folder/config"; fi
  if ((EUID == 0)); then chown -R nobody:nogroup "$folder"; fi
}

# start_node <n>
start_node() {
  OPENSEARCH_PATH_CONF=$process_folder/node-$1/config OPENSEARCH_TMPDIR=$process_folder/node-$1/tmp \
    OPENSEARCH_JAVA_HOME=$(java_home) HOME=$process_folder/node-$1/tmp \
    process_start "node-$1" "${as_opensearch_user[@]}" "$(opensearch_home)/bin/opensearch"
}

opensearch_url() {
  echo "$([[ $opensearch_security == yes ]] && echo https || echo http)://127.0.0.1:$((opensearch_port + ${1:-1} - 1))"
}

# opensearch_get <node> <path>: prints what it answers; fails if that is an error.
opensearch_get() {
  local options=()
  if [[ $opensearch_security == yes ]]; then
    options=(--cacert "$process_folder/security/ca.pem" --config "$process_folder/security/admin.curl")
  fi
  curl --silent --fail --max-time 5 "${options[@]}" "$(opensearch_url "$1")$2"
}

nodes_running() {
  local name count=0
  for name in $(node_names); do
    if process_runs "$name"; then count=$((count + 1)); fi
  done
  echo "$count"
}

# node_serves <n>: together with all others that run.
node_serves() {
  opensearch_get "$1" "/_cluster/health?wait_for_nodes=ge($(nodes_running))&timeout=1s" |
    grep -q '"timed_out":false'
}

# wait_for_node <n> <command>...: until the command succeeds, unless the process ends before.
wait_for_node() {
  local name=node-$1 limit=$((SECONDS + opensearch_start_seconds))
  shift
  until "$@"; do
    if ! process_runs "$name"; then
      echo "opensearch: $name has ended; the end of $process_folder/$name.log:" >&2
      tail -n 5 "$process_folder/$name.log" >&2
      return 1
    fi
    ((SECONDS < limit)) || { echo "opensearch: $name is not ready; see $process_folder/$name.log" >&2 && return 1; }
    sleep 0.1
  done
}
