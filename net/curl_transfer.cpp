#include "net/curl_transfer.hpp"

#include <algorithm>
#include <cctype>
#include <new>

namespace hydrant::net {
namespace {

using base::error_kind;

constexpr std::size_t header_bytes_max = std::size_t{64} * 1024;

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

std::string lowered(std::string_view text) {
  std::string out(text);
  std::ranges::transform(out, out.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return out;
}

// What fails before a connection stands cannot have been seen by the server.
bool before_connection(CURLcode code) {
  switch (code) {
    case CURLE_UNSUPPORTED_PROTOCOL:
    case CURLE_URL_MALFORMAT:
    case CURLE_COULDNT_RESOLVE_PROXY:
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_CONNECT:
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CERTPROBLEM:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_CIPHER: return true;
    default: return false;
  }
}

error_kind kind_of(CURLcode code) {
  switch (code) {
    case CURLE_UNSUPPORTED_PROTOCOL:
    case CURLE_URL_MALFORMAT: return error_kind::invalid_params;
    case CURLE_OPERATION_TIMEDOUT: return error_kind::timeout;
    case CURLE_OUT_OF_MEMORY:
    case CURLE_FAILED_INIT:
    case CURLE_BAD_FUNCTION_ARGUMENT: return error_kind::internal;
    default: return error_kind::unavailable;
  }
}

}  // namespace

curl_transfer::curl_transfer(http_request request) : request_(std::move(request)), easy_(curl_easy_init()) {
  if (easy_ == nullptr) throw std::bad_alloc();
  curl_easy_setopt(easy_, CURLOPT_PRIVATE, this);
  curl_easy_setopt(easy_, CURLOPT_URL, request_.url.c_str());
  curl_easy_setopt(easy_, CURLOPT_PATH_AS_IS, 1L);
  curl_easy_setopt(easy_, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(easy_, CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_1_1);
  curl_easy_setopt(easy_, CURLOPT_NOSIGNAL, 1L);  // signals are no way to end a look-up in a program with threads
  curl_easy_setopt(easy_, CURLOPT_NOPROGRESS, 1L);
  curl_easy_setopt(easy_, CURLOPT_TIMEOUT_MS, static_cast<long>(request_.timeout.count()));
  curl_easy_setopt(easy_, CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(request_.connect_timeout.count()));
  curl_easy_setopt(easy_, CURLOPT_ERRORBUFFER, trouble_.data());
  curl_easy_setopt(easy_, CURLOPT_HEADERFUNCTION, on_header);
  curl_easy_setopt(easy_, CURLOPT_HEADERDATA, this);
  curl_easy_setopt(easy_, CURLOPT_WRITEFUNCTION, on_body);
  curl_easy_setopt(easy_, CURLOPT_WRITEDATA, this);
  if (request_.direct) curl_easy_setopt(easy_, CURLOPT_PROXY, "");
  // libcurl repeats by itself what was sent on a kept connection that turned out to be dead.
  if (request_.repeat == repeatable::no) curl_easy_setopt(easy_, CURLOPT_FRESH_CONNECT, 1L);
  set_method_and_body();
  set_headers();
  if (request_.tls) set_tls();
}

curl_transfer::~curl_transfer() {
  curl_easy_cleanup(easy_);
  curl_slist_free_all(headers_);
}

void curl_transfer::set_method_and_body() {
  if (request_.method == "HEAD") {
    curl_easy_setopt(easy_, CURLOPT_NOBODY, 1L);
    return;
  }
  const bool may_carry = request_.method != "GET" && request_.method != "DELETE";
  if (!request_.body.empty() || may_carry) {
    curl_easy_setopt(easy_, CURLOPT_POSTFIELDS, request_.body.data());
    curl_easy_setopt(easy_, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request_.body.size()));
  }
  curl_easy_setopt(easy_, CURLOPT_CUSTOMREQUEST, request_.method.c_str());
}

void curl_transfer::set_headers() {
  const auto append = [this](const std::string& line) {
    auto* longer = curl_slist_append(headers_, line.c_str());
    if (longer == nullptr) throw std::bad_alloc();
    headers_ = longer;
  };
  append("Expect:");  // it would wait a second for a server that does not answer it
  for (const auto& [name, value] : request_.headers)
    // A header without a value has a form of its own in libcurl.
    append(value.empty() ? name + ";" : name + ": " + value);
  curl_easy_setopt(easy_, CURLOPT_HTTPHEADER, headers_);
}

void curl_transfer::set_tls() {
  const auto& tls = *request_.tls;
  curl_easy_setopt(easy_, CURLOPT_SSL_VERIFYPEER, tls.verify_peer ? 1L : 0L);
  curl_easy_setopt(easy_, CURLOPT_SSL_VERIFYHOST, tls.verify_peer ? 2L : 0L);
  if (!tls.ca_file.empty()) curl_easy_setopt(easy_, CURLOPT_CAINFO, tls.ca_file.c_str());
  if (!tls.certificate_file.empty()) curl_easy_setopt(easy_, CURLOPT_SSLCERT, tls.certificate_file.c_str());
  if (!tls.key_file.empty()) curl_easy_setopt(easy_, CURLOPT_SSLKEY, tls.key_file.c_str());
}

std::size_t curl_transfer::on_header(char* line, std::size_t unit, std::size_t count, void* self) {
  const auto bytes = unit * count;
  return static_cast<curl_transfer*>(self)->keep_header({line, bytes}) ? bytes : 0;
}

bool curl_transfer::keep_header(std::string_view line) {
  header_bytes_ += line.size();
  too_large_ = header_bytes_ > header_bytes_max;
  if (too_large_) return false;
  // After an interim answer (100) the headers begin anew.
  if (line.starts_with("HTTP/")) reply_.headers.clear();
  const auto colon = line.find(':');
  if (colon == std::string_view::npos) return true;
  reply_.headers.emplace_back(lowered(line.substr(0, colon)), trimmed(line.substr(colon + 1)));
  return true;
}

std::size_t curl_transfer::on_body(char* bytes, std::size_t unit, std::size_t count, void* self) {
  auto& on = *static_cast<curl_transfer*>(self);
  const auto size = unit * count;
  on.too_large_ = on.reply_.body.size() + size > on.request_.body_bytes_max;
  if (on.too_large_) return 0;
  on.reply_.body.append(bytes, size);
  return size;
}

void curl_transfer::end(CURLcode code) {
  if (code != CURLE_OK) return end(failure_of(code));
  long status = 0;
  curl_easy_getinfo(easy_, CURLINFO_RESPONSE_CODE, &status);
  reply_.status = static_cast<int>(status);
  outcome_.emplace(std::move(reply_));
  if (told_) told_();
}

void curl_transfer::end(http_failure failure) {
  outcome_.emplace(std::move(failure));
  if (told_) told_();
}

http_failure curl_transfer::failure_of(CURLcode code) const {
  if (too_large_)
    return {base::fail(error_kind::too_large,
                       "the reply is larger than " + std::to_string(request_.body_bytes_max) + " bytes"),
            reached::perhaps};
  curl_off_t connected_us = 0;
  curl_easy_getinfo(easy_, CURLINFO_PRETRANSFER_TIME_T, &connected_us);
  const bool not_seen = before_connection(code) || (code == CURLE_OPERATION_TIMEDOUT && connected_us == 0);
  std::string what = trouble_[0] != '\0' ? trouble_.data() : curl_easy_strerror(code);
  return {base::fail(kind_of(code), std::move(what)), not_seen ? reached::no : reached::perhaps};
}

}  // namespace hydrant::net
