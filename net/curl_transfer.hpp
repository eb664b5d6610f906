#pragma once

// One exchange as libcurl sees it: its options, what arrives, and how it ended. Used on one io thread.

#include "net/http_message.hpp"

#include <array>
#include <curl/curl.h>
#include <functional>
#include <memory>
#include <optional>

namespace hydrant::net {

class curl_transfer {
 public:
  explicit curl_transfer(http_request request) : request_(std::move(request)) {}
  curl_transfer(const curl_transfer&) = delete;
  curl_transfer& operator=(const curl_transfer&) = delete;

  /// Once, before it is handed to libcurl. Anything but CURLE_OK: it cannot be, and is to be ended with that.
  CURLcode set_up();
  /// Null before it is set up.
  CURL* easy() const { return easy_.get(); }
  /// Whose `easy` it is. Null: libcurl's own.
  static curl_transfer* of(CURL* easy);
  /// Has libcurl look at it soon, though neither a socket nor a timer of its own calls for it. While libcurl has it.
  void wake();
  /// Called once, when it has ended. Must not start or remove transfers.
  void on_end(std::function<void()> told) { told_ = std::move(told); }
  /// libcurl has ended it.
  void end(CURLcode code);
  /// It is ended for a reason of ours.
  void fail(base::error why);
  bool ended() const { return outcome_.has_value(); }
  /// Once, after the end.
  http_outcome take() { return std::move(*outcome_); }

 private:
  struct freed_by_curl {
    void operator()(CURL* easy) const { curl_easy_cleanup(easy); }
    void operator()(curl_slist* list) const { curl_slist_free_all(list); }
  };

  static std::size_t on_header(char* line, std::size_t unit, std::size_t count, void* self);
  static std::size_t on_body(char* bytes, std::size_t unit, std::size_t count, void* self);
  static int on_asking(void* self, char* to, char* from, int to_port, int from_port);
  bool keep_header(std::string_view line);
  bool continue_header(std::string_view line);
  bool keep_body(std::string_view bytes);
  template <class Value>
  void set(CURLoption option, Value value);
  void set_target();
  void set_callbacks();
  void set_method_and_body();
  void set_headers();
  void append_header(const std::string& line);
  void set_tls(const tls_settings& tls);
  base::error failure_of(CURLcode code) const;

  http_request request_;
  std::unique_ptr<curl_slist, freed_by_curl> headers_;
  std::array<char, CURL_ERROR_SIZE> trouble_{};
  std::unique_ptr<CURL, freed_by_curl> easy_;  // goes before what its options point to
  CURLcode refused_ = CURLE_OK;                // the first option that could not be set
  http_reply reply_;
  std::size_t header_bytes_ = 0;
  bool in_head_ = false;  // between a status line and an empty line
  bool too_large_ = false;
  reached server_ = reached::no;
  std::optional<http_outcome> outcome_;
  std::function<void()> told_;
};

}  // namespace hydrant::net
