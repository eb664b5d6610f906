#pragma once

// An event log between which and its callers faults may come: it is away, it does what it is asked but the answer gets
// lost, or its answers come late.

#include "store/event_log.hpp"

#include <deque>
#include <functional>
#include <string>
#include <utility>
#include <vector>

namespace hydrant::actors {

enum class log_fault { none, away, answers_lost, answers_late };

class meddled_events final : public store::event_log {
 public:
  explicit meddled_events(store::event_log& real) : real_(real) {}

  log_fault fault = log_fault::none;
  int operations = 0;
  std::uint64_t life = 0;

  /// Lets the late answers come, in order.
  void release() {
    for (auto& answer : std::exchange(late_, {}))
      answer();
  }

  void append(const store::stream_key& stream, const store::producer_ref& producer, std::string payload,
              store::completion<store::appended> done) override {
    meddle<store::appended>([&](auto then) { real_.append(stream, producer, std::move(payload), std::move(then)); },
                            std::move(done));
  }
  void attach(const store::stream_key& stream, const store::node_ref& holder,
              store::completion<store::attached> done) override {
    meddle<store::attached>([&](auto then) { real_.attach(stream, holder, std::move(then)); }, std::move(done));
  }
  void detach(const store::stream_key& stream, std::uint64_t epoch, store::completion<> done) override {
    meddle<void>([&](auto then) { real_.detach(stream, epoch, std::move(then)); }, std::move(done));
  }
  void holder(const store::stream_key& stream, store::completion<store::held> done) override {
    meddle<store::held>([&](auto then) { real_.holder(stream, std::move(then)); }, std::move(done));
  }
  void read(const store::stream_key& stream, store::position after, store::read_limits limits,
            store::completion<store::replay> done) override {
    meddle<store::replay>([&](auto then) { real_.read(stream, after, limits, std::move(then)); }, std::move(done));
  }
  void end(const store::stream_key& stream, store::completion<> done) override {
    meddle<void>([&](auto then) { real_.end(stream, std::move(then)); }, std::move(done));
  }
  void begin(store::pending_call call, store::completion<> done) override {
    meddle<void>([&](auto then) { real_.begin(std::move(call), std::move(then)); }, std::move(done));
  }
  void revise(store::pending_call call, store::completion<std::uint64_t> done) override {
    meddle<std::uint64_t>([&](auto then) { real_.revise(std::move(call), std::move(then)); }, std::move(done));
  }
  void finish(std::string_view session, std::string_view request_id, const store::node_ref& owner, std::string response,
              store::stream_end end, store::completion<std::optional<store::appended>> done) override {
    meddle<std::optional<store::appended>>(
        [&](auto then) { real_.finish(session, request_id, owner, std::move(response), end, std::move(then)); },
        std::move(done));
  }
  void abandon(std::string_view session, std::string_view request_id,
               store::completion<std::optional<store::pending_call>> done) override {
    meddle<std::optional<store::pending_call>>([&](auto then) { real_.abandon(session, request_id, std::move(then)); },
                                               std::move(done));
  }
  void pending(std::string_view session, store::completion<std::vector<store::pending_call>> done) override {
    meddle<std::vector<store::pending_call>>([&](auto then) { real_.pending(session, std::move(then)); },
                                             std::move(done));
  }
  void remove(std::string_view session, store::completion<> done) override { real_.remove(session, std::move(done)); }
  std::uint64_t restarts() const override { return life; }

 private:
  template <class T, class Operation>
  void meddle(Operation&& operation, store::completion<T> done) {
    ++operations;
    const auto lost = base::fail(base::error_kind::unavailable, "the store is away");
    switch (fault) {
      case log_fault::none: return operation(std::move(done));
      case log_fault::away: return done(lost);
      case log_fault::answers_lost: operation(store::completion<T>([](const auto&) {})); return done(lost);
      case log_fault::answers_late:
        return operation(store::completion<T>([this, done = std::move(done)](base::result<T> outcome) {
          late_.push_back([done, outcome = std::move(outcome)]() mutable { done(std::move(outcome)); });
        }));
    }
  }

  store::event_log& real_;
  std::deque<std::function<void()>> late_;
};

}  // namespace hydrant::actors
