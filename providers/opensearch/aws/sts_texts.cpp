#include "providers/opensearch/aws/sts_texts.hpp"

#include "providers/opensearch/aws/credential_texts.hpp"
#include "providers/opensearch/aws/sigv4.hpp"

#include <boost/property_tree/ptree.hpp>
#include <boost/property_tree/xml_parser.hpp>

#include <algorithm>
#include <exception>
#include <map>
#include <sstream>

namespace hydrant::providers::opensearch {
namespace {

using boost::property_tree::ptree;

constexpr std::size_t arn_bytes_max = 2048;
constexpr std::size_t external_id_bytes_max = 1224;
constexpr std::size_t session_name_bytes_max = 64;
constexpr std::size_t code_bytes_max = 64;
// A reply has some twenty. No document is nested deeper than it has these, whatever comments and sections it holds.
constexpr std::ptrdiff_t angle_brackets_max = 200;
constexpr std::string_view default_session_name = "hydrant";

base::error unusable(const char* what) {
  return base::fail(base::error_kind::unavailable, what);
}

bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

bool consists_of(std::string_view text, std::string_view others) {
  return std::ranges::all_of(
      text, [others](char c) { return is_letter(c) || is_digit(c) || others.find(c) != std::string_view::npos; });
}

/// What is before the first colon, which is taken off `rest` together with it.
std::string_view take_part(std::string_view& rest) {
  const std::size_t end = std::min(rest.find(':'), rest.size());
  const std::string_view part = rest.substr(0, end);
  rest.remove_prefix(std::min(end + 1, rest.size()));
  return part;
}

// The parser recurses, so it sees only what cannot be nested deeply. It knows no entities but those of XML itself.
std::optional<ptree> tree_of(std::string_view xml) {
  if (xml.size() > sts_reply_bytes_max || std::ranges::count(xml, '<') > angle_brackets_max) return std::nullopt;
  if (xml.find("<!") != std::string_view::npos || xml.find('\0') != std::string_view::npos) return std::nullopt;
  try {
    std::istringstream in{std::string(xml)};
    ptree tree;
    boost::property_tree::read_xml(in, tree, boost::property_tree::xml_parser::trim_whitespace);
    return tree;
  } catch (const std::exception&) {
    return std::nullopt;  // its text would quote the reply
  }
}

}  // namespace

std::string_view name_of(sts_action action) {
  return action == sts_action::assume_role ? "AssumeRole" : "AssumeRoleWithWebIdentity";
}

bool is_role_arn(std::string_view text) {
  if (text.size() > arn_bytes_max || take_part(text) != "arn") return false;
  const std::string_view partition = take_part(text);
  if (!partition.starts_with("aws") || !consists_of(partition, "-")) return false;
  if (take_part(text) != "iam" || !take_part(text).empty()) return false;
  const std::string_view account = take_part(text);
  if (account.size() != 12 || !std::ranges::all_of(account, is_digit)) return false;
  constexpr std::string_view kind = "role/";
  return text.starts_with(kind) && text.size() > kind.size() && !text.ends_with('/') &&
         std::ranges::all_of(text, [](char c) { return c > ' ' && c < '\x7f'; });
}

std::optional<std::string> wrong_with(const sts_role& role) {
  if (!is_role_arn(role.arn)) return "the role's ARN is not of the form arn:aws:iam::123456789012:role/name";
  const std::string_view session = role.session_name;
  if (!session.empty() &&
      (session.size() < 2 || session.size() > session_name_bytes_max || !consists_of(session, "_+=,.@-")))
    return "the role's session name is not of 2 to 64 letters, digits and _+=,.@-";
  const std::string_view external = role.external_id;
  if (!external.empty() &&
      (external.size() < 2 || external.size() > external_id_bytes_max || !consists_of(external, "_+=,.@:/-")))
    return "the external id is not of 2 to 1224 letters, digits and _+=,.@:/-";
  return std::nullopt;
}

bool is_aws_region(std::string_view text) {
  return !text.empty() && text.size() <= 63 && text.front() != '-' && text.back() != '-' && consists_of(text, "-");
}

std::string sts_form(sts_action action, const sts_role& role, std::string_view token) {
  std::string form = "Action=" + std::string(name_of(action)) + "&Version=2011-06-15";
  const auto add = [&form](const char* name, std::string_view value) {
    if (!value.empty()) form.append("&").append(name).append("=").append(percent_encoded(value));
  };
  add("RoleArn", role.arn);
  add("RoleSessionName", role.session_name.empty() ? default_session_name : role.session_name);
  add("ExternalId", role.external_id);
  add("WebIdentityToken", token);
  return form;
}

base::result<aws_credentials> parse_sts_reply(sts_action action, std::string_view xml) {
  const auto tree = tree_of(xml);
  if (!tree) return unusable("the reply is no XML that can be read");
  const std::string name(name_of(action));
  const auto keys = tree->get_child_optional(name + "Response." + name + "Result.Credentials");
  if (!keys) return unusable("the reply has no credentials");
  aws_credentials found{keys->get("AccessKeyId", ""), keys->get("SecretAccessKey", ""), keys->get("SessionToken", ""),
                        parse_utc_time(keys->get("Expiration", ""))};
  if (found.access_key_id.empty() || found.secret_access_key.empty() || found.session_token.empty())
    return unusable("the reply lacks a part of the credentials");
  if (!found.expires) return unusable("the reply's Expiration is no time in UTC");
  return found;
}

std::string sts_error_code(std::string_view xml) {
  const auto tree = tree_of(xml);
  if (!tree) return {};
  std::string code = tree->get("ErrorResponse.Error.Code", "");
  // Letters alone: no key and no token looks like that, in case that somebody's stand-in repeats what it was sent.
  return code.size() <= code_bytes_max && std::ranges::all_of(code, is_letter) ? code : std::string();
}

std::string_view sts_advice(std::string_view code) {
  static const std::map<std::string_view, std::string_view> advice{
      {"AccessDenied",
       "the role's trust policy does not let this identity assume it, or the identity has no permission to"},
      {"ExpiredTokenException", "the web identity token, or the session that signs, has expired"},
      {"ExpiredToken", "the session of the keys that sign has expired"},
      {"InvalidIdentityToken", "the web identity token is not accepted; is its issuer a provider of the account?"},
      {"IDPRejectedClaim", "the identity provider rejects the web identity token"},
      {"IDPCommunicationError", "AWS does not reach the identity provider just now"},
      {"InvalidClientTokenId", "the access key that signs does not exist"},
      {"SignatureDoesNotMatch", "the secret access key is not that of the access key id, or the clock is wrong"},
      {"RegionDisabledException", "STS is not activated for the account in this region"},
      {"ValidationError", "the role's ARN, session name or external id is not accepted"}};
  const auto found = advice.find(code);
  return found == advice.end() ? std::string_view() : found->second;
}

}  // namespace hydrant::providers::opensearch
