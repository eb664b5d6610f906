#pragma once

// What the three source files of `session` share; no one else includes this.

#include "actors/session.hpp"

namespace hydrant::actors {

/// A request that runs here and whose response goes into a stream's log.
struct session::call_state {
  std::string request_id;  // JSON text
  runtime::prepared_call prepared;
  std::string stream;
  store::producer_ref producer;       // for the log's deduplication
  std::shared_ptr<runtime::run> run;  // while the handler runs
  std::size_t questions_open = 0;
  int rounds = 0;
  std::shared_ptr<boost::asio::steady_timer> ask_timer;
};

/// A stream that somebody reads here, or that a call here writes to.
struct session::open_stream_state {
  stream_state feed;
  std::shared_ptr<runtime::event_stream> out;  // null while nobody reads
  std::size_t awaited = 0;                     // responses until it ends; 0: it has no end of its own
  bool ended = false;                          // nothing more will be appended
  struct credit {
    store::position id;
    std::shared_ptr<providers::flow_window> window;
  };
  std::deque<credit> credits;  // places of calls' windows, given back when the client has the event
};

namespace detail {
/// The session whose turn runs on this thread; a completion that comes within the turn may then go on at once.
inline thread_local const session* current = nullptr;
}  // namespace detail

/// Wraps the continuation of a store operation: within the turn that started it, it goes on at once; later, it takes a
/// turn of its own.
template <class F>
auto session::resume(F then) {
  ++waiting_;
  return [this, post = post_, then = std::move(then)](auto outcome) {
    if (detail::current == this) {
      --waiting_;
      return then(std::move(outcome));
    }
    post({turn_kind::store, [then, outcome = std::move(outcome)](session& self) mutable {
            --self.waiting_;
            then(std::move(outcome));
          }});
  };
}

}  // namespace hydrant::actors
