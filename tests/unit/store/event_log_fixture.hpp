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
  event_log_contract() { given_session("s1"); }

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

  base::result<> save(std::string_view request_id, const node_ref& owner, std::string record) {
    return await<void>([&](auto done) { events().save("s1", request_id, owner, std::move(record), done); });
  }
  bool abandon(std::string_view request_id) {
    return await<bool>([&](auto done) { events().abandon("s1", request_id, done); }).value();
  }
  std::optional<pending_call> take_over(std::string_view request_id, const node_ref& from, const node_ref& to) {
    return await<std::optional<pending_call>>([&](auto done) { events().take_over("s1", request_id, from, to, done); })
        .value();
  }
  base::result<> forget(std::string_view session) {
    return await<void>([&](auto done) { events().remove(session, done); });
  }

  const stream_key stream_{"s1", "get"};
};

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
