#pragma once

// Stands in for the gateway: keeps what was answered or streamed, and plays the client's side of it (has read, goes
// away) when a test says so.

#include "protocol/json.hpp"
#include "protocol/sse.hpp"
#include "runtime/exchange.hpp"

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace hydrant::support {

/// A response that is written to a client. Thread-safe.
class recorded_stream {
 public:
  recorded_stream(runtime::stream_head head, std::shared_ptr<runtime::stream_watcher> watcher)
      : bytes_(head.first_bytes), headers_(std::move(head.headers)), watcher_(std::move(watcher)) {}

  void write(const std::string& bytes) {
    const std::lock_guard lock(mutex_);
    if (closed_) return;
    bytes_ += bytes;
    ++unread_;
    ++writes_;
    changed_.notify_all();
  }
  void close() {
    const std::lock_guard lock(mutex_);
    closed_ = true;
    changed_.notify_all();
  }

  /// The client has read so many writes, or all of them.
  void read(std::size_t writes) {
    std::shared_ptr<runtime::stream_watcher> told;
    {
      const std::lock_guard lock(mutex_);
      writes = std::min(writes, unread_);
      unread_ -= writes;
      told = watcher_;
    }
    if (told && writes > 0) told->on_written(writes);
  }
  void read_all() { read(unread()); }
  /// The response is over: the client went away, or all is written after `close`.
  void finish() {
    std::shared_ptr<runtime::stream_watcher> told;
    {
      const std::lock_guard lock(mutex_);
      closed_ = true;
      told = std::exchange(watcher_, nullptr);
    }
    if (told) told->on_closed();
  }

  bool closed() const { return locked(closed_); }
  std::size_t unread() const { return locked(unread_); }
  std::size_t writes() const { return locked(writes_); }
  std::string bytes() const { return locked(bytes_); }
  const std::vector<std::pair<std::string, std::string>>& headers() const { return headers_; }

  /// Everything that a client has received, as its parser reports it.
  std::vector<protocol::sse_event> events() const {
    std::vector<protocol::sse_event> out;
    protocol::sse_parser parser(1 << 24);
    if (!parser.feed(bytes(), out)) throw std::logic_error("the stream cannot be parsed");
    return out;
  }
  /// The JSON-RPC messages among them.
  std::vector<protocol::json> messages() const {
    std::vector<protocol::json> out;
    for (const auto& event : events())
      if (event.event == "message" && !event.data.empty()) out.push_back(protocol::json::parse(event.data));
    return out;
  }
  /// What the client would send as Last-Event-ID.
  std::string last_event_id() const {
    std::vector<protocol::sse_event> ignored;
    protocol::sse_parser parser(1 << 24);
    if (!parser.feed(bytes(), ignored)) throw std::logic_error("the stream cannot be parsed");
    return parser.last_event_id();
  }

  /// Waits for another thread to bring about `what`; false: it did not in time.
  bool wait_until(const std::function<bool()>& what) const {
    const auto limit = std::chrono::steady_clock::now() + std::chrono::seconds(30);
    while (!what()) {
      std::unique_lock lock(mutex_);
      if (changed_.wait_for(lock, std::chrono::milliseconds(20)) == std::cv_status::timeout &&
          std::chrono::steady_clock::now() > limit)
        return what();
    }
    return true;
  }
  bool wait_for_messages(std::size_t count) const {
    return wait_until([&] { return messages().size() >= count; });
  }

 private:
  template <class T>
  T locked(const T& member) const {
    const std::lock_guard lock(mutex_);
    return member;
  }

  mutable std::mutex mutex_;  // guards all below but the headers
  mutable std::condition_variable changed_;
  std::string bytes_;
  const std::vector<std::pair<std::string, std::string>> headers_;
  std::shared_ptr<runtime::stream_watcher> watcher_;
  std::size_t unread_ = 0;
  std::size_t writes_ = 0;
  bool closed_ = false;
};

/// The server's end of a recorded stream. The stream belongs to the test: its watcher usually owns this end, and a
/// stream that the test lets go unfinished must not live on in that circle.
class stream_handle final : public runtime::event_stream {
 public:
  explicit stream_handle(std::weak_ptr<recorded_stream> to) : to_(std::move(to)) {}
  void write(std::string bytes) override {
    if (const auto stream = to_.lock()) stream->write(bytes);
  }
  void close() override {
    if (const auto stream = to_.lock()) stream->close();
  }

 private:
  const std::weak_ptr<recorded_stream> to_;
};

/// A request that waits for its answer. Thread-safe.
class recorded_exchange final : public runtime::exchange {
 public:
  void answer(runtime::http_answer answer) override {
    const std::lock_guard lock(mutex_);
    ++answers_;
    answer_ = std::move(answer);
    changed_.notify_all();
  }
  std::shared_ptr<runtime::event_stream> open_stream(runtime::stream_head head,
                                                     std::shared_ptr<runtime::stream_watcher> watcher) override {
    const std::lock_guard lock(mutex_);
    ++answers_;
    stream_ = std::make_shared<recorded_stream>(std::move(head), std::move(watcher));
    changed_.notify_all();
    return std::make_shared<stream_handle>(stream_);
  }
  void on_disconnect(std::function<void()> told) override {
    {
      const std::lock_guard lock(mutex_);
      if (!gone_) return void(on_disconnect_ = std::move(told));
    }
    told();  // at once, as a connection does
  }

  /// The client goes away before there is an answer.
  void disconnect() {
    std::function<void()> told;
    {
      const std::lock_guard lock(mutex_);
      gone_ = true;
      if (answers_ == 0) told = std::exchange(on_disconnect_, nullptr);
    }
    if (told) told();
  }

  /// How often this was answered, by either way; never more than once if all is well.
  int answers() const {
    const std::lock_guard lock(mutex_);
    return answers_;
  }
  /// The plain answer. Throws if there is none.
  runtime::http_answer answered() const {
    const std::lock_guard lock(mutex_);
    if (!answer_ || answers_ != 1) throw std::logic_error("not answered once: " + std::to_string(answers_));
    return *answer_;
  }
  int status() const { return answered().status; }
  protocol::json body() const { return protocol::json::parse(answered().body); }
  /// The open stream. Throws if there is none.
  std::shared_ptr<recorded_stream> stream() const {
    const std::lock_guard lock(mutex_);
    if (!stream_ || answers_ != 1)
      throw std::logic_error("not one stream, answered: " + std::to_string(answers_) +
                             (answer_ ? " " + answer_->body : ""));
    return stream_;
  }
  bool streaming() const {
    const std::lock_guard lock(mutex_);
    return stream_ != nullptr;
  }

  /// Waits for another thread to answer; false: it did not in time.
  bool wait() const {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, std::chrono::seconds(30), [this] { return answers_ > 0; });
  }

 private:
  mutable std::mutex mutex_;  // guards all below
  mutable std::condition_variable changed_;
  int answers_ = 0;
  std::optional<runtime::http_answer> answer_;
  std::shared_ptr<recorded_stream> stream_;
  std::function<void()> on_disconnect_;
  bool gone_ = false;
};

}  // namespace hydrant::support
