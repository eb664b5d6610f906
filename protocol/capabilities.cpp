#include "protocol/capabilities.hpp"

namespace hydrant::protocol {
namespace {

bool declares(const json& object, const char* member) {
  const auto found = object.find(member);
  return found != object.end() && found->is_object();
}

}  // namespace

client_capabilities client_capabilities::from(const json& declared, revision r) {
  client_capabilities out;
  if (!declared.is_object()) return out;
  out.sampling = declares(declared, "sampling");
  out.roots = declares(declared, "roots");
  if (!declares(declared, "elicitation") || !has_elicitation(r)) return out;
  const auto& modes = declared["elicitation"];
  out.elicitation_url = declares(modes, "url") && has_url_elicitation(r);
  out.elicitation_form = declares(modes, "form") || !declares(modes, "url");
  return out;
}

}  // namespace hydrant::protocol
