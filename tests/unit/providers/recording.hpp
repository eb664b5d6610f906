#pragma once

// Runs handlers by hand: what they send is kept, what they announce is counted, and time never passes.

#include "providers/catalog.hpp"
#include "providers/flow_window.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>

#include <exception>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace hydrant::providers {

class recording_sink final : public call_sink {
 public:
  void notify(std::string notification) override { sent_.push_back(json::parse(notification)); }
  void release_stream() override { ++releases_; }

  const std::vector<json>& sent() const { return sent_; }
  int releases() const { return releases_; }
  /// One member of the params of every notification.
  json each(const char* member) const {
    json out = json::array();
    for (const auto& notification : sent_)
      out.push_back(notification["params"].value(member, json()));
    return out;
  }

 private:
  std::vector<json> sent_;
  int releases_ = 0;
};

class recording_announcer final : public announcer {
 public:
  void tools_changed() override { seen.emplace_back("tools"); }
  void prompts_changed() override { seen.emplace_back("prompts"); }
  void resources_changed() override { seen.emplace_back("resources"); }
  void resource_updated(std::string uri) override { seen.push_back(std::move(uri)); }

  std::vector<std::string> seen;
};

/// A call with what it writes to, in one place.
struct open_call {
  explicit open_call(call_setup setup = {}, std::size_t window_size = 256)
      : window(std::make_shared<flow_window>(when_full::refuse, window_size)), c(std::move(setup), sink, window) {}

  std::shared_ptr<recording_sink> sink = std::make_shared<recording_sink>();
  std::shared_ptr<flow_window> window;
  call c;
};

/// An async handler that has been started; `poll` takes it as far as it gets without waiting for time.
template <class T>
class started_handler {
 public:
  started_handler(const handler<T>& h, call& c) {
    boost::asio::co_spawn(io_, body(std::get<async_handler<T>>(h), c),
                          boost::asio::bind_cancellation_slot(
                              stop_.slot(), [this](std::exception_ptr thrown, std::optional<outcome<T>> value) {
                                thrown_ = thrown;
                                value_ = std::move(value);
                                ended_ = true;
                              }));
  }

  void poll() {
    io_.restart();
    io_.poll();
  }
  void run() {
    io_.restart();
    io_.run();
  }
  void cancel() { stop_.emit(boost::asio::cancellation_type::terminal); }
  bool ended() const { return ended_; }
  /// The error code that a cancelled wait threw; none if the handler came to its own end.
  std::optional<boost::system::error_code> cut_off() const {
    if (!thrown_) return std::nullopt;
    try {
      std::rethrow_exception(thrown_);
    } catch (const boost::system::system_error& e) {
      return e.code();
    }
  }
  outcome<T>& value() {
    if (thrown_) std::rethrow_exception(thrown_);
    return value_.value();
  }

 private:
  static boost::asio::awaitable<std::optional<outcome<T>>> body(async_handler<T> h, call& c) {
    co_return co_await h(c);
  }

  boost::asio::io_context io_;
  boost::asio::cancellation_signal stop_;
  std::exception_ptr thrown_;
  std::optional<outcome<T>> value_;
  bool ended_ = false;
};

/// Runs any handler to its end.
template <class T>
outcome<T> run_to_end(const handler<T>& h, call& c) {
  if (const auto* immediate = std::get_if<immediate_handler<T>>(&h)) return (*immediate)(c);
  if (const auto* blocking = std::get_if<blocking_handler<T>>(&h)) return blocking->run(c);
  started_handler<T> started(h, c);
  started.run();
  return std::move(started.value());
}

/// A provider's entries, found by name; an unknown name is the test's mistake and throws.
class provider_fixture {
 public:
  explicit provider_fixture(provider& contributor) { contributor.contribute(offered, changes); }

  const handler<tool_result>& tool_handler(const std::string& name) const {
    const auto* found = offered.find_tool(name);
    if (found == nullptr) throw std::out_of_range("no tool " + name);
    return found->definition.run();
  }
  outcome<tool_result> run_tool(const std::string& name, open_call& on) const {
    return run_to_end(tool_handler(name), on.c);
  }
  outcome<tool_result> run_tool(const std::string& name, call_setup setup = {}) const {
    open_call on(std::move(setup));
    return run_tool(name, on);
  }
  outcome<prompt_result> run_prompt(const std::string& name, call_setup setup = {}) const {
    const auto* found = offered.find_prompt(name);
    if (found == nullptr) throw std::out_of_range("no prompt " + name);
    open_call on(std::move(setup));
    return run_to_end(found->run(), on.c);
  }
  outcome<resource_result> read(const std::string& uri) const {
    const auto found = offered.find_resource(uri);
    if (!found) throw std::out_of_range("no resource " + uri);
    call_setup setup;
    setup.name = uri;
    setup.arguments = found->variables;
    open_call on(std::move(setup));
    return run_to_end(*found->run, on.c);
  }

  catalog offered;
  recording_announcer changes;
};

using answer_map = std::map<std::string, json, std::less<>>;

inline call_setup with_arguments(json arguments) {
  call_setup setup;
  setup.arguments = std::move(arguments);
  return setup;
}

/// A setup whose client can be asked anything, and has answered this much.
inline call_setup with_answers(answer_map answers, json arguments = json::object()) {
  auto setup = with_arguments(std::move(arguments));
  setup.client = {.elicitation_form = true, .elicitation_url = true, .sampling = true, .roots = true};
  setup.answers = std::move(answers);
  return setup;
}

/// Results as they go out, which is what clients see of them.
template <class T>
json written(outcome<T> ended) {
  if (ended.value() == nullptr) throw std::logic_error("the handler gave no value");
  if constexpr (std::same_as<T, resource_result>)
    return json::parse(protocol::write(*ended.value(), protocol::revision::r2026_07_28, {}));
  else
    return json::parse(protocol::write(*ended.value(), protocol::revision::r2026_07_28));
}

/// The text of a tool's only block.
inline std::string only_text(outcome<tool_result> ended) {
  const auto result = written(std::move(ended));
  if (result["content"].size() != 1) throw std::logic_error("not one block: " + result.dump());
  return result["content"][0]["text"].get<std::string>();
}

/// The keys that a call still needs answers to, in order.
inline std::vector<std::string> open_keys(const call& c) {
  std::vector<std::string> keys;
  for (const auto& [key, question] : c.open_questions())
    keys.push_back(key);
  return keys;
}

/// The descriptors of one page of a list.
inline json listed(const listing& list, std::string_view member,
                   protocol::revision r = protocol::revision::r2026_07_28) {
  return json::parse("{" + list.page("list", member, "", r).value() + "}")[std::string(member)];
}

}  // namespace hydrant::providers
