#pragma once

// The texts in which AWS credentials are handed out. Pure functions; what they return in an error holds nothing of the
// text.

#include "base/result.hpp"
#include "providers/opensearch/aws/access_key.hpp"

#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace hydrant::providers::opensearch {

inline constexpr std::size_t profile_file_bytes_max = 1024 * 1024;

/// Which of the two shared files a text is from: they name their sections differently.
enum class profile_file { credentials, config };

/// The entries of one profile, with names in lower case. Of two entries of a name the later one counts.
using profile_entries = std::map<std::string, std::string, std::less<>>;

/// The section "[name]", in the config file "[profile name]" except for "default". Sections of the same name are one.
/// Indented lines belong to nested settings and are passed over, as is whatever else has no '='. None: there is no such
/// section.
std::optional<profile_entries> find_profile(std::string_view text, std::string_view name, profile_file file);

/// A key of which both halves are there, or a failure that names `place` and the half that is not.
base::result<aws_credentials> whole_key(aws_credentials keys, const std::string& place);

/// The credentials in the reply of a container's endpoint or of the instance's metadata service. Fails with kind
/// unavailable if it is not such a reply.
base::result<aws_credentials> parse_credentials_reply(std::string_view json_text);

/// "2015-08-30T12:36:00Z", perhaps with a fraction of a second, which is cut off. None: something else.
std::optional<base::wall_time> parse_utc_time(std::string_view text);

}  // namespace hydrant::providers::opensearch
