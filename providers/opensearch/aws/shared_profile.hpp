#pragma once

// A profile in the files that AWS' tools share, .aws/credentials and .aws/config: it has keys, or a role and where the
// keys to assume it with come from.

#include "base/result.hpp"
#include "providers/opensearch/aws/access_key.hpp"
#include "providers/opensearch/aws/credential_chain.hpp"
#include "providers/opensearch/aws/sts_texts.hpp"

#include <string>
#include <variant>

namespace hydrant::providers::opensearch {

/// With what a profile's role is asked for.
enum class role_keys { source_profile, web_identity, environment, container, instance };

struct profile_role {
  sts_role role;
  role_keys with = role_keys::source_profile;
  aws_credentials keys{};    ///< of the source profile
  std::string token_file{};  ///< of the web identity
};

struct shared_profile {
  /// Nothing: there is no such profile and none was asked for by name, or it has neither keys nor a role.
  std::variant<std::monostate, aws_credentials, profile_role> has;
  std::string note;  ///< of nothing: why, for the log
};

/// The profile of the settings, else of AWS_PROFILE, else "default". A role stands before keys, as with AWS' tools.
/// Fails with kind unavailable if it was named and is not there, is half, or asks for what is not supported.
base::result<shared_profile> read_shared_profile(const aws_credentials_settings& settings);

}  // namespace hydrant::providers::opensearch
