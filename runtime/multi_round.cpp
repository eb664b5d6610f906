#include "runtime/multi_round.hpp"

#include "base/ids.hpp"

namespace hydrant::runtime {
namespace {

using base::error_kind;
using protocol::json;

// The members that a retry adds; the rest must be what it was.
json original_params(json params) {
  params.erase("inputResponses");
  params.erase("requestState");
  return params;
}

}  // namespace

std::string round_binding::digest() const {
  return protocol::request_digest(method, "", protocol::to_text(original_params(params)));
}

base::result<std::string> restore_round(const protocol::keyring& keys, base::wall_time now,
                                        const round_binding& binding, providers::call_setup& setup) {
  const auto& params = binding.params;
  std::string nonce;
  if (const auto state = params.find("requestState"); state != params.end()) {
    if (!state->is_string()) return base::fail(error_kind::invalid_params, "requestState must be a string");
    const auto digest = binding.digest();
    auto claims = protocol::open(keys, state->get_ref<const std::string&>(), {binding.principal, digest, now});
    if (!claims) return claims.error();
    nonce = claims->nonce;
    const auto held = json::parse(claims->payload);
    setup.memory = held["memory"];
    for (const auto& [key, answer] : held["answers"].items())
      setup.answers.insert_or_assign(key, answer);
  }
  if (const auto responses = params.find("inputResponses"); responses != params.end()) {
    if (!responses->is_object()) return base::fail(error_kind::invalid_params, "inputResponses must be an object");
    for (const auto& [key, answer] : responses->items())
      setup.answers.insert_or_assign(key, answer);
  }
  return nonce;
}

base::result<std::string> input_required(const protocol::keyring& keys, base::wall_time expires,
                                         const round_binding& binding, const run_questions& open,
                                         const answer_map& answers) {
  json requests = json::object();
  for (const auto& [key, question] : open.questions)
    requests[key] = protocol::to_input_request(question);
  auto state = protocol::seal(keys, {binding.principal, binding.digest(), expires, base::random_token(9),
                                     protocol::to_text({{"memory", open.memory}, {"answers", answers}})});
  if (!state) return state.error();
  return protocol::to_text(
      {{"resultType", "input_required"}, {"inputRequests", std::move(requests)}, {"requestState", std::move(*state)}});
}

}  // namespace hydrant::runtime
