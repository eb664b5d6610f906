#include "gateway/response.hpp"

#include <boost/beast/http/status.hpp>

#include <charconv>

namespace hydrant::gateway {
namespace {

void append_number(std::string& out, std::size_t value, int base = 10) {
  char digits[24];
  const auto end = std::to_chars(digits, digits + sizeof digits, value, base).ptr;
  out.append(digits, end);
}

void append_status_line(std::string& out, int status) {
  if (status == 200) {
    out += "HTTP/1.1 200 OK\r\n";
    return;
  }
  const auto reason = boost::beast::http::obsolete_reason(static_cast<boost::beast::http::status>(status));
  out += "HTTP/1.1 ";
  append_number(out, static_cast<std::size_t>(status));
  out.append(" ").append(reason.data(), reason.size()).append("\r\n");
}

template <class Headers>
void append_common(std::string& out, const Headers& headers, const response_context& context) {
  for (const auto& [name, value] : headers)
    out.append(name).append(": ").append(value).append("\r\n");
  out += context.extra_lines;
  if (context.then == connection_use::close) out += "Connection: close\r\n";
}

}  // namespace

void append_answer(std::string& out, const runtime::http_answer& answer, const response_context& context) {
  append_status_line(out, answer.status);
  if (!answer.body.empty()) out.append("Content-Type: ").append(answer.content_type).append("\r\n");
  append_common(out, answer.headers, context);
  // 204 has no length (RFC 9110 section 8.6).
  if (answer.status != 204) {
    out += "Content-Length: ";
    append_number(out, answer.body.size());
    out += "\r\n";
  }
  out += "\r\n";
  if (context.body == body_use::send) out += answer.body;
}

void append_stream_head(std::string& out, const runtime::stream_head& head, const response_context& context) {
  out +=
      "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nCache-Control: no-cache, "
      "no-transform\r\nX-Accel-Buffering: no\r\n";
  append_common(out, head.headers, context);
  if (context.chunked) out += "Transfer-Encoding: chunked\r\n";
  out += "\r\n";
}

void append_piece(std::string& out, std::string_view bytes, const response_context& context) {
  if (bytes.empty()) return;  // an empty chunk would end the body
  if (!context.chunked) {
    out += bytes;
    return;
  }
  append_number(out, bytes.size(), 16);
  out.append("\r\n").append(bytes).append("\r\n");
}

void append_last_piece(std::string& out, const response_context& context) {
  if (context.chunked) out += "0\r\n\r\n";
}

}  // namespace hydrant::gateway
