# shellcheck shell=bash
# Source this file: it gives the JavaScript tests a Node that is new enough and their locked packages.
#
# Everything lands in build/node, shared by all of them, so that nothing is downloaded twice:
#   build/node/runtime      a Node binary, only where the machine's own is too old
#   build/node/<package>    the packages of one package-lock.json
# An installed folder is used again until its lock file changes. Only the lock files name what is
# installed, each with its checksum; install scripts never run.

node_lib=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
node_root=$(cd "$node_lib/../.." && pwd)
node_cache=${HYDRANT_NODE_CACHE:-$node_root/build/node}

# The conformance suite needs fs.globSync and the resolver below needs module.registerHooks.
readonly node_oldest='22.15.0'

# node_is_recent <binary>: is this Node at least node_oldest?
node_is_recent() {
  local version
  version=$("$1" --version 2>/dev/null) || return 1
  printf '%s\n%s\n' "$node_oldest" "${version#v}" | sort --check=quiet --version-sort
}

# node_install <folder with package-lock.json> <name>: prints where the packages are.
node_install() {
  local from=$1 into=$node_cache/$2
  mkdir -p "$into"
  (
    flock 9 # two test runs may start at once
    if ! cmp --silent "$from/package-lock.json" "$into/installed-lock.json"; then
      cp "$from/package.json" "$from/package-lock.json" "$into/"
      # errexit does not hold before an `||`, and what is not there must not pass for installed.
      npm ci --prefix "$into" --ignore-scripts --no-audit --no-fund --loglevel=error >&2 || exit 1
      cp "$from/package-lock.json" "$into/installed-lock.json"
    fi
  ) 9>"$into/.lock" || return 1
  echo "$into"
}

# node_binary: prints the path of a Node that is new enough, installing one if need be.
node_binary() {
  local runtime binary
  if node_is_recent node; then
    command -v node
    return
  fi
  runtime=$(node_install "$node_lib/node" runtime) || return 1
  for binary in "$runtime"/node_modules/node-linux-*/bin/node; do
    [[ -f $binary ]] || continue
    [[ -x $binary ]] || chmod +x "$binary"
    echo "$binary"
    return
  done
  # They are optional, so npm is silent about a download that failed. The next run has to try again.
  rm -f "$runtime/installed-lock.json"
  echo "node.sh: Node >= $node_oldest is needed: none on the PATH, none for this machine among the packages, or offline" >&2
  return 1
}

# node_free_port <node binary>: prints a loopback port that is free now.
node_free_port() {
  "$1" -e 'const probe = require("net").createServer();
    probe.listen(0, "127.0.0.1", () => { console.log(probe.address().port); probe.close(); });'
}
