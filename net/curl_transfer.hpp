#pragma once

// One exchange as libcurl sees it: its options, what arrives, and how it ended. Used on one io thread.

#include "net/http_message.hpp"

#include <array>
#include <curl/curl.h>
#include <functional>
#include <optional>

namespace hydrant::net {

class curl_transfer {
 public:
  explicit curl_transfer(http_request request);
  ~curl_transfer();
  curl_transfer(const curl_transfer&) = delete;
  curl_transfer& operator=(const curl_transfer&) = delete;

  CURL* easy() const { return easy_; }
  /// Called once, when it has ended by itself. Must not start or remove transfers.
  void on_end(std::function<void()> told) { told_ = std::move(told); }
  void end(CURLcode code);
  void end(http_failure failure);
  bool ended() const { return outcome_.has_value(); }
  /// Once, after the end.
  http_outcome take() { return std::move(*outcome_); }

 private:
  static std::size_t on_header(char* line, std::size_t unit, std::size_t count, void* self);
  static std::size_t on_body(char* bytes, std::size_t unit, std::size_t count, void* self);
  bool keep_header(std::string_view line);
  void set_method_and_body();
  void set_headers();
  void set_tls();
  http_failure failure_of(CURLcode code) const;

  http_request request_;
  CURL* easy_;
  curl_slist* headers_ = nullptr;
  std::array<char, CURL_ERROR_SIZE> trouble_{};
  http_reply reply_;
  std::size_t header_bytes_ = 0;
  bool too_large_ = false;
  std::optional<http_outcome> outcome_;
  std::function<void()> told_;
};

}  // namespace hydrant::net
