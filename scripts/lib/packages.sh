# shellcheck shell=bash
# Source this file: the Debian packages that Hydrant needs, and why.
#
# One row a package: the group that needs it, the package, the reason. A name in brackets is a program: where it is on
# the PATH already, from wherever, the package is not asked for.
#   build   to compile and run the server
#   test    for scripts/test
#   dev     for .ci/run, bench/ and packaging

package_table() {
  sed 's/^ *//; /^$/d' <<'TABLE'
    build g++                                 [g++]     compiles C++20
    build cmake                               [cmake]   describes the build
    build ninja-build                         [ninja]   runs it
    build ccache                              [ccache]  compiles nothing twice
    build pkg-config                          [pkg-config] finds RE2, hiredis and cnats
    build libboost1.81-dev                    -         Asio and Beast: sockets, timers, HTTP
    build libcaf-dev                          -         actors, one for each session
    build nlohmann-json3-dev                  -         JSON of tools and settings
    build libsimdjson-dev                     -         JSON of requests
    build libre2-dev                          -         regular expressions that take linear time
    build libssl-dev                          -         random numbers, sealed request states, TLS
    build libhiredis-dev                      -         Redis' protocol
    build libnats-dev                         -         messages between nodes
    build libcurl4-openssl-dev                -         HTTP to other servers
    build libspdlog-dev                       -         logging
    build libcli11-dev                        -         the command line
    build prometheus-cpp-dev                  -         metrics
    build libhowardhinnant-date-dev           -         time zones of the demo tools
    build tzdata                              -         the rules of these time zones
    build libgtest-dev                        -         GoogleTest: the unit tests
    build libgmock-dev                        -         GoogleTest's matchers
    build ca-certificates                     -         so that downloads over HTTPS can be checked
    test  libtest-json-schema-acceptance-perl -         the official JSON Schema test suite
    test  redis-server                        [redis-server] what the Redis store is tested against
    test  nats-server                         [nats-server] what the NATS bus is tested against
    test  haproxy                             [haproxy] stands before the nodes of scripts/cluster
    test  openssl                             [openssl] certificates for tests of TLS
    test  nodejs                              [node]    conformance suite and the official clients
    test  npm                                 [npm]     installs these two
    test  openjdk-17-jre-headless             [java]    runs OpenSearch, which its tools are tested against
    test  maven                               [mvn]     fetches OpenSearch
    test  curl                                [curl]    asks a started server for its health
    test  python3                             [python3] style tests
    test  git                                 [git]     lists the files of this project
    dev   clang-14                            -         fuzzers
    dev   libclang-rt-14-dev                  -         libFuzzer and sanitizers for clang
    dev   clang-format-14                     -         formats the code
    dev   clang-tidy-14                       -         looks for mistakes
    dev   shellcheck                          [shellcheck] looks for mistakes in scripts
    dev   wrk                                 [wrk]     load for bench/
    dev   nginx                               [nginx]   what bench/ compares with
    dev   dpkg-dev                            -         finds what a Debian package depends on
    dev   file                                [file]    needed by CPack for Debian packages
TABLE
}

package_is_installed() {
  [[ $(dpkg-query --show --showformat='${db:Status-Status}' "$1" 2>/dev/null) == installed ]]
}

# missing_packages <group>...: prints the rows that are not satisfied, as `package<tab>reason`.
missing_packages() {
  local group package program reason
  while read -r group package program reason; do
    [[ " $* " == *" $group "* ]] || continue
    [[ $program == - ]] || ! command -v "${program:1:-1}" >/dev/null || continue
    package_is_installed "$package" || printf '%s\t%s\n' "$package" "$reason"
  done < <(package_table)
}
