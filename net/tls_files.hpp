#pragma once

#include "base/result.hpp"
#include "net/http_message.hpp"

namespace hydrant::net {

/// Reads the files that are named, as a request will: a slip shows at the start and not at the first request. Of kind
/// invalid_params, with a message that names the file. Reads while the caller waits.
base::result<> check_files(const tls_settings& of);

}  // namespace hydrant::net
