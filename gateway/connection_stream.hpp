#pragma once

#include "gateway/connection.hpp"

#include <mutex>

namespace hydrant::gateway {

/// The writing end of an open text/event-stream response. Thread-safe; outlives its connection without harm.
class connection::stream final : public runtime::event_stream {
 public:
  stream(std::weak_ptr<connection> owner, asio::io_context& io, runtime::stream_head head,
         std::shared_ptr<runtime::stream_watcher> watcher)
      : owner_(std::move(owner)), io_(io), head_(std::move(head)), watcher_(std::move(watcher)) {}

  void write(std::string bytes) override;
  void close() override;

  // For the connection, on its io thread.
  struct portion {
    std::string bytes;
    std::size_t writes = 0;
    bool last = false;
  };
  /// Everything that waits; `last` once the stream is closed and nothing follows.
  portion take();
  const runtime::stream_head& head() const { return head_; }
  runtime::stream_watcher* watcher() const { return watcher_.get(); }
  /// The connection is done with this stream.
  void finish();

 private:
  void wake_owner();

  const std::weak_ptr<connection> owner_;
  asio::io_context& io_;
  const runtime::stream_head head_;
  std::shared_ptr<runtime::stream_watcher> watcher_;  // used on the io thread only

  std::mutex mutex_;  // guards all below
  std::string queued_;
  std::size_t queued_writes_ = 0;
  bool closed_ = false;
  bool finished_ = false;
};

/// One request's claim to its connection. Thread-safe.
class connection::http_exchange final : public runtime::exchange {
 public:
  http_exchange(std::shared_ptr<connection> owner, std::uint64_t serial) : owner_(std::move(owner)), serial_(serial) {}
  ~http_exchange() override;

  void answer(runtime::http_answer answer) override;
  std::shared_ptr<runtime::event_stream> open_stream(runtime::stream_head head,
                                                     std::shared_ptr<runtime::stream_watcher> watcher) override;
  void on_disconnect(std::function<void()> told) override;

 private:
  // False: the request is over already, and nothing is done.
  template <class F>
  bool on_connection(F action);

  std::shared_ptr<connection> owner_;  // null once answered
  const std::uint64_t serial_;
};

}  // namespace hydrant::gateway
