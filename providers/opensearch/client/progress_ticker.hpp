#pragma once

#include "providers/call.hpp"

#include <boost/asio/any_io_executor.hpp>

#include <memory>
#include <string>

namespace hydrant::providers::opensearch {

/// Tells the client every second that a call still waits, until it goes out of scope. On the call's io thread.
/// `seconds` outlives it and is counted up: a call that waits several times must never report less than before
/// (basic/utilities/progress, "Behavior Requirements").
class progress_ticker {
 public:
  progress_ticker(const boost::asio::any_io_executor& here, call& of, int& seconds, std::string waiting_for);
  ~progress_ticker();
  progress_ticker(const progress_ticker&) = delete;
  progress_ticker& operator=(const progress_ticker&) = delete;

 private:
  struct state;
  static void wait(const std::shared_ptr<state>& on);
  std::shared_ptr<state> state_;
};

}  // namespace hydrant::providers::opensearch
