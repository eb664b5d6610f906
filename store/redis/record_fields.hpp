#pragma once

#include "store/redis/reply.hpp"
#include "store/session_store.hpp"

#include <optional>
#include <string>
#include <vector>

namespace hydrant::store::redis {

/// A session's record as the fields and values of session:<id>, in turn. A text of more than 64 bytes goes in pieces,
/// `clientInfo`, `clientInfo.2`, ...: one longer value would make Redis keep the whole hash as a table, which takes
/// more than twice the memory (hash-max-listpack-value).
std::vector<std::string> to_fields(const session_record& record);

/// The reply to HGETALL; nothing if there is no session. `id` is left empty, unknown fields are ignored.
std::optional<session_record> from_fields(const reply& fields);

}  // namespace hydrant::store::redis
