#pragma once

// One look at all the places where a process may find its AWS credentials, in the order of AWS' own clients:
//   1. the keys in the settings;
//   2. AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN in the environment;
//   3. AWS_WEB_IDENTITY_TOKEN_FILE with AWS_ROLE_ARN in the environment (roles of service accounts in EKS);
//   4. a profile in the shared files: the one of the settings, else of AWS_PROFILE, else "default";
//   5. the container's endpoint (ECS, EKS Pod Identity);
//   6. the instance's metadata service (IMDSv2), unless AWS_EC2_METADATA_DISABLED is "true".
// If the settings name a role, what was found signs one more request: for the keys of that role, to AWS STS.
// A place that is not set up is passed over. One that is set up and has no usable keys ends the search with a failure:
// requests signed with keys that nobody meant are worse than none. A profile that the settings name stands before the
// environment, and one that is named anywhere must exist. Single sign-on, credential processes and a source_profile
// that needs a role itself are not supported; where a file asks for one, the failure says so.

#include "base/clock.hpp"
#include "base/result.hpp"
#include "net/http_message.hpp"
#include "providers/opensearch/aws/access_key.hpp"

#include <boost/asio/awaitable.hpp>

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace hydrant::providers::opensearch {

/// The text of a small file, read while the caller waits; none if it cannot be read.
using file_reader = std::function<std::optional<std::string>(const std::string& path)>;

using environment_map = std::map<std::string, std::string, std::less<>>;

struct aws_credentials_settings {
  std::optional<aws_credentials> keys;
  std::string profile;          ///< empty: the environment decides
  environment_map environment;  ///< of the process, or the part of it whose names begin with AWS_
  file_reader read_file;        ///< not empty
  std::string home;        ///< where .aws/credentials and .aws/config are looked for; empty: there is no such place
  std::string region;      ///< in which AWS STS is asked
  std::string role_arn{};  ///< of the role to assume with what is found; empty: none
};

/// The value of a variable; empty if it is not set.
std::string_view variable(const environment_map& environment, std::string_view name);

/// Where keys were found; of the role of the settings, where those were that it was asked for with.
enum class key_source { settings, environment, web_identity, profile, container, instance };

struct found_credentials {
  aws_credentials keys;
  key_source source = key_source::settings;
};

/// Looks everywhere once. Fails with kind unavailable: the message says what to do, the detail what was tried; neither
/// holds a secret. What is passed outlives the coroutine.
boost::asio::awaitable<base::result<found_credentials>> find_aws_credentials(const aws_credentials_settings& settings,
                                                                             const net::http_sender& send,
                                                                             const base::clock& clock);

}  // namespace hydrant::providers::opensearch
