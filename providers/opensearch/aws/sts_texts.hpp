#pragma once

// What AWS STS (Security Token Service, API version 2011-06-15) is asked for a role's temporary keys, and what it
// answers. Pure functions; what they return in an error holds nothing of a reply but its error code.

#include "base/result.hpp"
#include "providers/opensearch/aws/access_key.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace hydrant::providers::opensearch {

inline constexpr std::size_t sts_reply_bytes_max = 64 * 1024;

/// The two calls that give the keys of a role.
enum class sts_action {
  assume_role,                    ///< signed with other keys
  assume_role_with_web_identity,  ///< not signed: a token of an identity provider says who asks
};

std::string_view name_of(sts_action action);

struct sts_role {
  std::string arn;
  std::string session_name;  ///< stands in AWS' records of who did what; empty: "hydrant"
  std::string external_id;   ///< what the role's owner may demand of those who assume it; empty: none
};

/// "arn:aws:iam::123456789012:role/reader", in whatever partition of AWS.
bool is_role_arn(std::string_view text);

/// None: STS can be asked for this role. Else what is wrong, to be read after the name of the place.
std::optional<std::string> wrong_with(const sts_role& role);

/// The name of a region as it may stand in a host's name.
bool is_aws_region(std::string_view text);

/// The body of the request, form-encoded. `token` is sent if it is not empty.
std::string sts_form(sts_action action, const sts_role& role, std::string_view token);

/// The credentials in a reply with status 200; they always have an expiry. Fails with kind unavailable if it is none.
base::result<aws_credentials> parse_sts_reply(sts_action action, std::string_view xml);

/// The code of an error reply, such as "AccessDenied". Empty: it has none that is a plain short word.
std::string sts_error_code(std::string_view xml);

/// What to do about an error of that code; empty: that is not known here.
std::string_view sts_advice(std::string_view code);

}  // namespace hydrant::providers::opensearch
