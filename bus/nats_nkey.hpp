#pragma once

// NATS nkeys: Ed25519 keys in base32 with a prefix and a CRC. cnats signs with a seed file, but wants to be told the
// public key that belongs to it.

#include "base/result.hpp"

#include <string>
#include <string_view>

namespace hydrant::bus {

/// The public key (U...) of a user seed (SU..., 58 characters).
/// Errors: invalid_params; never shows the seed.
base::result<std::string> nkey_of_seed(std::string_view seed);

/// The public key of the first line in a file that begins with SU, so that decorated seed files work too.
/// Errors: invalid_params (no such file, no seed in it, or a damaged one).
base::result<std::string> nkey_of_seed_file(const std::string& path);

}  // namespace hydrant::bus
