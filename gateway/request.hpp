#pragma once

// One HTTP request, read by Beast's parser straight into the few places that we look at; other fields are dropped.

#include <boost/beast/http/basic_parser.hpp>
#include <boost/beast/http/verb.hpp>

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace hydrant::gateway {

namespace http = boost::beast::http;

/// The header fields that the server looks at.
enum class field {
  host,
  origin,
  accept,
  content_type,
  authorization,
  last_event_id,
  mcp_method,
  mcp_name,
  mcp_protocol_version,
  mcp_session_id,
  access_control_request_headers,
  count
};

/// Reused for every request of a connection, so that its strings keep their memory.
class request {
 public:
  http::verb method = http::verb::unknown;
  std::string path;   ///< without the query, not decoded
  std::string query;  ///< behind the `?`, not decoded
  std::string body;
  std::vector<std::pair<std::string, std::string>> mirrored;  ///< Mcp-Param-* fields, names in lower case
  bool chunked_answers = true;                                ///< HTTP/1.1
  bool expects_continue = false;

  /// The field's value; empty if absent (for what we look at, an empty value means nothing either).
  std::string_view operator[](field f) const { return values_[static_cast<std::size_t>(f)]; }
  bool has(field f) const { return present_[static_cast<std::size_t>(f)]; }
  /// The value of a query parameter, percent-decoded; empty if absent.
  std::string query_parameter(std::string_view name) const;

  void clear();
  /// Gives back what an idle stream does not need.
  void release_memory();
  /// Takes one field. False: one that may come only once came again.
  bool add(std::string_view name, std::string_view value);

 private:
  std::array<std::string, static_cast<std::size_t>(field::count)> values_;
  std::array<bool, static_cast<std::size_t>(field::count)> present_{};
};

/// Reads one request into a `request`. The grammar is Beast's (RFC 9112); what two parties could frame in two ways is
/// refused. The limit of a header counts its fields together, however they arrive, and those behind a chunked body.
class request_reader final : public http::basic_parser<true> {
 public:
  request_reader(request& into, std::size_t header_bytes_max, std::size_t body_bytes_max);

 private:
  using string_view = boost::beast::string_view;
  using error_code = boost::beast::error_code;

  void on_request_impl(http::verb method, string_view method_text, string_view target, int version,
                       error_code& ec) override;
  void on_response_impl(int, string_view, int, error_code&) override {}
  void on_field_impl(http::field name, string_view name_text, string_view value, error_code& ec) override;
  void on_header_impl(error_code&) override {}
  void on_body_init_impl(const boost::optional<std::uint64_t>& length, error_code& ec) override;
  std::size_t on_body_impl(string_view bytes, error_code& ec) override;
  void on_chunk_header_impl(std::uint64_t, string_view, error_code&) override {}
  std::size_t on_chunk_body_impl(std::uint64_t, string_view bytes, error_code& ec) override;
  void on_finish_impl(error_code&) override {}

  error_code check_framing(http::field name, string_view value);

  request& into_;
  const std::size_t header_bytes_max_;
  std::size_t header_bytes_ = 0;
  bool sized_ = false;
};

}  // namespace hydrant::gateway
