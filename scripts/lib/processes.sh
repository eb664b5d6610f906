# shellcheck shell=bash
# Source this file: it starts processes that outlive the shell that started them, and ends them by their own ids.
#
# In process_folder, which the user of this file sets, <name>.pid holds the id of a process and the moment of its start
# in clock ticks, so that an id that the system has given to somebody else is never signalled; <name>.log holds its
# output.

: "${process_folder:=$PWD/build/processes}"

# process_moment <pid>: when it was started; fails if there is no such process.
process_moment() {
  local stat
  { stat=$(<"/proc/$1/stat"); } 2>/dev/null || return 1
  stat=${stat##*) } # the name before it may hold anything
  # shellcheck disable=SC2086
  set -- $stat
  # A zombie has ended.
  [[ $1 != Z ]] && echo "${20}"
}

# process_id <name>: prints the id of a process that runs.
process_id() {
  local pid moment
  if [[ ! -r $process_folder/$1.pid ]]; then return 1; fi
  read -r pid moment <"$process_folder/$1.pid" || return 1
  [[ -n $moment && $(process_moment "$pid") == "$moment" ]] && echo "$pid"
}

process_runs() { process_id "$1" >/dev/null; }

# process_adopt <name> <pid>: keeps its id.
process_adopt() { echo "$2 $(process_moment "$2")" >"$process_folder/$1.pid"; }

# process_start <name> <command>...: in a session of its own, so that Ctrl-C in this terminal does not reach it.
process_start() {
  local name=$1
  shift
  setsid "$@" >>"$process_folder/$name.log" 2>&1 </dev/null &
  process_adopt "$name" $!
  disown $!
}

# process_signal <name> <signal>: fails if it does not run.
process_signal() {
  local pid
  pid=$(process_id "$1") && kill -s "$2" "$pid" 2>/dev/null
}

# process_stop <name> <seconds>: asks it to end, and ends it if it takes longer.
process_stop() {
  local name=$1 limit=$((SECONDS + $2))
  process_signal "$name" TERM || true
  while process_runs "$name" && ((SECONDS < limit)); do sleep 0.05; done
  process_kill "$name"
}

# process_kill <name>: returns when it is gone.
process_kill() {
  process_signal "$1" KILL || true
  while process_runs "$1"; do sleep 0.02; done
  rm -f "$process_folder/$1.pid"
}
