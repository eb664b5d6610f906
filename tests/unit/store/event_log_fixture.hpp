#pragma once

#include "tests/unit/store/store_harness.hpp"

#include <gmock/gmock.h>

#include <string>
#include <utility>

namespace hydrant::store {

using base::error_kind;
using testing::ElementsAre;
using testing::IsEmpty;

inline const node_ref node_a{"node-a", "boot-a1"};
inline const node_ref node_b{"node-b", "boot-b1"};
/// The same node after a restart.
inline const node_ref node_a_again{"node-a", "boot-a2"};
inline const node_ref nobody{};

class event_log_contract : public store_contract {
 protected:
  void SetUp() override {
    store_contract::SetUp();
    if (harness_) given_session("s1");
  }

  /// An append that the test depends on.
  appended appended_to(const stream_key& stream, std::string payload, producer_ref producer = {}) {
    return append(stream, std::move(payload), std::move(producer)).value();
  }
  replay read_all(const stream_key& stream, position after = {}) { return read(stream, after).value(); }

  /// Numbers as payloads.
  std::vector<appended> append_many(const stream_key& stream, std::size_t number) {
    std::vector<appended> results;
    for (std::size_t i = 0; i < number; ++i)
      results.push_back(appended_to(stream, std::to_string(i)));
    return results;
  }

  /// Changes a pending call as `change` says, having seen its present version.
  base::result<std::uint64_t> revise(std::string_view request_id, const std::function<void(pending_call&)>& change) {
    for (pending_call call : pending("s1")) {
      if (call.request_id != request_id) continue;
      change(call);
      return revise(call);
    }
    throw std::runtime_error("no such call is pending");
  }
  base::result<std::uint64_t> revise(const pending_call& call) {
    return await<std::uint64_t>([&](auto done) { events().revise(call, done); });
  }
  base::result<std::uint64_t> move(std::string_view request_id, const node_ref& to) {
    return revise(request_id, [&](pending_call& call) { call.owner = to; });
  }
  bool abandon(std::string_view request_id) { return abandoned(request_id).has_value(); }
  std::optional<pending_call> abandoned(std::string_view request_id) {
    return await<std::optional<pending_call>>([&](auto done) { events().abandon("s1", request_id, done); }).value();
  }
  base::result<held> holder(const stream_key& stream) {
    return await<held>([&](auto done) { events(1).holder(stream, done); });
  }
  base::result<> forget(std::string_view session) {
    return await<void>([&](auto done) { events().remove(session, done); });
  }

  const stream_key stream_{"s1", "get"};
};

/// For stores that can lose writes; instantiate it with a harness that has `rewind`.
class event_log_rewind_contract : public event_log_contract {};
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(event_log_rewind_contract);

inline pending_call call_of(std::string request_id, const node_ref& owner, std::string stream = "get") {
  pending_call call;
  call.session = "s1";
  call.request_id = std::move(request_id);
  call.stream = std::move(stream);
  call.owner = owner;
  call.deadline = base::wall_time(std::chrono::milliseconds(1'760'000'000'456));
  call.record = R"({"tool":"slow"})";
  return call;
}

}  // namespace hydrant::store
