#pragma once

// For nats_link.cpp only: the one other file that knows cnats.

#include "base/result.hpp"
#include "bus/nats_link.hpp"

#include <memory>
#include <nats/nats.h>
#include <string>

namespace hydrant::bus {

struct nats_options_deleter {
  void operator()(natsOptions* options) const { natsOptions_Destroy(options); }
};
using nats_options_ptr = std::unique_ptr<natsOptions, nats_options_deleter>;

/// All options but the callbacks. Errors: unavailable (a file that cannot be loaded; it may be there the next time).
base::result<nats_options_ptr> make_nats_options(const nats_link_target& target, const nats_tuning& tuning);

/// What cnats said last on this thread, for people, with advice where there is any. Holds no secret: cnats is given
/// URLs without a login.
std::string describe_nats_failure(natsStatus status);

}  // namespace hydrant::bus
