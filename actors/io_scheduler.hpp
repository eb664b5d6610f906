#pragma once

// CAF's scheduler on the io threads: an actor that gets a message from an io thread runs on that same thread, so a
// request costs no hop between threads (docs/adr/0002).

#include "net/io_pool.hpp"

#include <caf/actor_system_config.hpp>

namespace hydrant::actors {

/// Makes actor systems built from `config` run their actors on the threads of `io`, which outlives them.
void run_on_io_threads(caf::actor_system_config& config, net::io_pool& io);

}  // namespace hydrant::actors
