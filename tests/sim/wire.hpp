#pragma once

#include "runtime/exchange.hpp"
#include "tests/sim/ground.hpp"
#include "tests/sim/process.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

namespace hydrant::sim {

/// What a client hears of one of its requests.
struct wire_listener {
  std::function<void(int status, const std::string& body)> answered;
  std::function<void()> opened;  ///< a stream
  std::function<void(const std::string& bytes)> arrived;
  std::function<void()> ended;  ///< by the server, in order
  std::function<void()> broken;
};

/// One HTTP request of a client to a node, and its response. Bytes take time, and either end may go away: then what is
/// on its way may be lost from some byte on.
class wire : public std::enable_shared_from_this<wire> {
 public:
  wire(ground& at, std::shared_ptr<process> server, std::string name)
      : at_(at), server_(std::move(server)), name_(std::move(name)) {}

  /// Brings the request to the node, after a while; `handle` runs there.
  void send(wire_listener listener, std::function<void(std::shared_ptr<runtime::exchange>)> handle);
  /// The client goes away and hears nothing more.
  void cut();
  /// The node died.
  void server_died();

  bool open() const { return listens_ && !over_; }
  const std::shared_ptr<process>& server() const { return server_; }
  const std::string& name() const { return name_; }

 private:
  friend class server_end;
  friend class server_stream;

  // The server's side.
  void answer(int status, std::string body);
  void open_stream(std::string first_bytes, std::shared_ptr<runtime::stream_watcher> watcher);
  void write(std::string bytes);
  void close();
  void let_go();

  // On the way.
  steady_time arrival();
  void bring(std::function<void()> what);
  void tell_server_closed();
  void break_off();
  void hear(const std::function<void()>& what);

  ground& at_;
  const std::shared_ptr<process> server_;
  const std::string name_;
  wire_listener listener_;
  std::shared_ptr<runtime::stream_watcher> watcher_;
  bool listens_ = true;  // the client
  bool over_ = false;    // the client has heard of the end
  bool answered_ = false;
  bool closed_ = false;
  steady_time last_arrival_{};
  std::uint64_t sent_ = 0;
  std::uint64_t brought_ = 0;
  std::uint64_t lost_from_ = ~std::uint64_t{0};
};

}  // namespace hydrant::sim
