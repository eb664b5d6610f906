#pragma once

// What the source files of `session` share; no one else includes this.

#include "actors/outbox.hpp"
#include "actors/session.hpp"

#include <set>

namespace hydrant::actors {

/// Events of one producer on their way into one stream's log.
struct session::writer {
  writer(std::string to, store::producer_ref last) : stream(std::move(to)), out(std::move(last)) {}
  const std::string stream;
  outbox out;
  std::vector<std::function<void()>> after;  // when all is in the log
  std::shared_ptr<boost::asio::steady_timer> pause;
};

/// A request that runs here and whose response goes into a stream's log.
struct session::call_state {
  std::string request_id;  // JSON text
  runtime::prepared_call prepared;
  std::string stream;
  call_record record;
  std::uint64_t version = 1;            // of the ledger's entry
  writer_ref out;                       // once it has a stream
  std::shared_ptr<runtime::run> run;    // while the handler runs
  bool adopted = false;                 // it began on another node
  bool asking = false;                  // the ledger has its questions, and they are not all answered
  bool own_stream = false;              // no other response goes into its stream
  bool entered = false;                 // the ledger has confirmed its mark
  std::uint64_t store_life = 0;         // event_log::restarts() before that
  std::optional<std::string> response;  // once it is known
  store::stream_end then = store::stream_end::keep_open;
  int tries = 0;                                     // to send the response
  std::shared_ptr<boost::asio::steady_timer> timer;  // for the client's answer; before the response is sent again
};

/// A stream that somebody reads here, or that a call here writes to.
struct session::open_stream_state {
  stream_state feed;
  std::shared_ptr<runtime::event_stream> out;  // null while nobody reads
  std::size_t awaited = 0;                     // responses until it ends; 0: it has no end of its own
  bool ended = false;                          // nothing more will be appended
  bool deserted = false;                       // no call wrote to it when it was last looked at
  writer_ref own;                              // for what belongs to no call
  struct credit {
    store::position id;
    std::shared_ptr<providers::flow_window> window;
  };
  std::deque<credit> credits;     // places of calls' windows, given back when the client has the event
  std::set<std::string> writers;  // nodes whose calls write to it, and want to hear when the client has their events
  std::size_t untold = 0;         // writes to the client that these have not heard of
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
