#pragma once

#include "base/clock.hpp"

#include <optional>
#include <string>

namespace hydrant::providers::opensearch {

/// What a request to AWS is signed with. The last two are secret: they reach no log and no error message.
struct aws_credentials {
  std::string access_key_id;
  std::string secret_access_key;
  std::string session_token;               ///< empty: a key that lasts
  std::optional<base::wall_time> expires;  ///< none: nobody said when
  bool operator==(const aws_credentials&) const = default;
};

}  // namespace hydrant::providers::opensearch
