// No token opens but those that were sealed, and these open to what went in.

#include "protocol/request_state.hpp"
#include "tests/fuzz/require.hpp"

#include <cstdint>
#include <fuzzer/FuzzedDataProvider.h>

namespace {

using namespace hydrant;
using fuzz::require;

const base::wall_time now{std::chrono::hours(24 * 365 * 50)};

/// Fixed keys, so that a reproducer stays one; two names for the same bytes, so that the name matters.
const protocol::keyring& keys() {
  static const protocol::keyring made = [] {
    std::vector<protocol::sealing_key> list(2);
    list[0].id = "k1";
    list[1].id = "k2";
    for (auto& key : list)
      key.bytes.fill(7);
    return protocol::keyring::make(std::move(list)).value();
  }();
  return made;
}

void refuse_arbitrary_text(std::string_view token) {
  require(!protocol::open(keys(), token, {"p", "d", now}));
}

void refuse_mutated_token(FuzzedDataProvider& input) {
  protocol::state_claims claims;
  claims.principal = input.ConsumeRandomLengthString(20);
  claims.request_digest = input.ConsumeRandomLengthString(50);
  claims.expires = now + std::chrono::milliseconds(1);
  claims.nonce = input.ConsumeRandomLengthString(20);
  const auto at = input.ConsumeIntegral<std::size_t>();
  const auto removed = input.ConsumeIntegralInRange<std::size_t>(0, 8);
  const std::string inserted = input.ConsumeRandomLengthString(8);
  claims.payload = input.ConsumeRemainingBytesAsString();
  const auto token = protocol::seal(keys(), claims);
  if (!token) return;
  const protocol::expected_state expected{claims.principal, claims.request_digest, now};
  require(protocol::open(keys(), *token, expected).value() == claims);
  std::string mutated = *token;
  mutated.replace(at % (token->size() + 1), removed, inserted);
  if (mutated != *token) require(!protocol::open(keys(), mutated, expected));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  refuse_arbitrary_text({reinterpret_cast<const char*>(data), size});
  FuzzedDataProvider input(data, size);
  refuse_mutated_token(input);
  return 0;
}
