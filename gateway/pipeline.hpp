#pragma once

// The way of every request, as one ordered list (pipeline.cpp). A step lets the request pass or answers it.

#include "gateway/request.hpp"
#include "gateway/services.hpp"

#include <memory>

namespace hydrant::gateway {

/// One per process; thread-safe, since it holds nothing that changes.
class pipeline {
 public:
  explicit pipeline(services& given) : services_(given) {}

  /// Answers `http`, now or later. `lines` takes the header fields that each answer to this request carries.
  void handle(request& asked, std::shared_ptr<runtime::exchange> http, std::string& lines) const;

 private:
  services& services_;
};

}  // namespace hydrant::gateway
