#pragma once

#include "base/result.hpp"
#include "protocol/json.hpp"
#include "protocol/version.hpp"
#include "store/session_store.hpp"

#include <string>

namespace hydrant::actors {

/// The client info of a session that has not been introduced yet (HTTP+SSE before `initialize`).
inline constexpr const char* no_client_info = "{}";

/// What a client says of itself in `initialize`, checked and bounded, and the revision agreed on.
struct handshake {
  protocol::revision agreed = protocol::revision::r2025_11_25;
  std::string client_info;
  std::string capabilities;

  void enter(store::session_record& record) const;
};

/// Errors: invalid_params.
base::result<handshake> read_handshake(const protocol::json& params);

}  // namespace hydrant::actors
