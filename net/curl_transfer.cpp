#include "net/curl_transfer.hpp"

#include <algorithm>
#include <cctype>

namespace hydrant::net {
namespace {

using base::error_kind;

constexpr std::size_t header_bytes_max = std::size_t{64} * 1024;
constexpr long ca_file_kept_s = 60;

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

error_kind kind_of(CURLcode code, reached server) {
  switch (code) {
    case CURLE_UNSUPPORTED_PROTOCOL:  // also of a server that does not speak HTTP
    case CURLE_URL_MALFORMAT: return server == reached::no ? error_kind::invalid_params : error_kind::unavailable;
    case CURLE_OPERATION_TIMEDOUT: return error_kind::timeout;
    case CURLE_OUT_OF_MEMORY:
    case CURLE_FAILED_INIT:
    case CURLE_WRITE_ERROR:  // no memory for what arrived
    case CURLE_UNKNOWN_OPTION:
    case CURLE_NOT_BUILT_IN:
    case CURLE_BAD_FUNCTION_ARGUMENT: return error_kind::internal;
    default: return error_kind::unavailable;
  }
}

const char* words_for(CURLcode code, reached server) {
  switch (code) {
    case CURLE_PEER_FAILED_VERIFICATION:
      return "the server's certificate is not accepted; is its authority among those that are trusted?";
    case CURLE_SSL_CONNECT_ERROR: return "no TLS connection to the server; does it speak https?";
    case CURLE_SSL_CACERT_BADFILE: return "the file of trusted authorities cannot be read";
    case CURLE_SSL_CERTPROBLEM: return "the client certificate, or its key, cannot be read";
    case CURLE_COULDNT_RESOLVE_HOST: return "the server's name is not known";
    default: break;
  }
  switch (kind_of(code, server)) {
    case error_kind::invalid_params: return "not a URL that can be asked";
    case error_kind::internal: return "the request could not be made";
    case error_kind::timeout: return "no connection to the server in time";
    default: return server == reached::no ? "no connection to the server" : "the connection to the server broke";
  }
}

// libcurl takes 0 for its own default and counts in an int of 32 bits.
long milliseconds_for_curl(std::chrono::milliseconds time) {
  using namespace std::chrono;
  return static_cast<long>(std::clamp<milliseconds>(time, milliseconds(1), hours(24)).count());
}

}  // namespace

template <class Value>
void curl_transfer::set(CURLoption option, Value value) {
  const auto code = curl_easy_setopt(easy_.get(), option, value);
  if (refused_ == CURLE_OK) refused_ = code;
}

CURLcode curl_transfer::set_up() {
  easy_.reset(curl_easy_init());
  if (!easy_) return CURLE_OUT_OF_MEMORY;
  set_target();
  set_callbacks();
  set_method_and_body();
  set_headers();
  set_tls(request_.tls ? *request_.tls : tls_settings{});
  return refused_;
}

curl_transfer* curl_transfer::of(CURL* easy) {
  curl_transfer* whose = nullptr;
  curl_easy_getinfo(easy, CURLINFO_PRIVATE, &whose);
  return whose;
}

void curl_transfer::set_target() {
  set(CURLOPT_URL, request_.url.c_str());
  set(CURLOPT_PATH_AS_IS, 1L);
  set(CURLOPT_PROTOCOLS_STR, "http,https");
  set(CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
  set(CURLOPT_CONNECTTIMEOUT_MS, milliseconds_for_curl(request_.connect_timeout));
  set(CURLOPT_NOSIGNAL, 1L);  // signals are no way to end a look-up in a program with threads
  // Else an io thread would stand still until the look-up of a name ends, when nobody waits for it any more.
  set(CURLOPT_QUICK_EXIT, 1L);
  if (request_.direct) set(CURLOPT_PROXY, "");
  // libcurl repeats by itself what was sent on a kept connection that turned out to be dead.
  if (request_.repeat == repeatable::no) set(CURLOPT_FRESH_CONNECT, 1L);
}

void curl_transfer::set_callbacks() {
  set(CURLOPT_PRIVATE, this);
  set(CURLOPT_NOPROGRESS, 1L);
  set(CURLOPT_ERRORBUFFER, trouble_.data());
  set(CURLOPT_HEADERFUNCTION, on_header);
  set(CURLOPT_HEADERDATA, this);
  set(CURLOPT_WRITEFUNCTION, on_body);
  set(CURLOPT_WRITEDATA, this);
  set(CURLOPT_PREREQFUNCTION, on_asking);
  set(CURLOPT_PREREQDATA, this);
}

void curl_transfer::set_method_and_body() {
  if (request_.method == "HEAD") return set(CURLOPT_NOBODY, 1L);
  const bool may_carry = request_.method != "GET" && request_.method != "DELETE";
  if (!request_.body.empty() || may_carry) {
    set(CURLOPT_POSTFIELDS, request_.body.data());
    set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request_.body.size()));
  }
  set(CURLOPT_CUSTOMREQUEST, request_.method.c_str());
}

void curl_transfer::append_header(const std::string& line) {
  auto* longer = curl_slist_append(headers_.get(), line.c_str());
  if (longer == nullptr) {
    refused_ = CURLE_OUT_OF_MEMORY;
    return;
  }
  headers_.release();
  headers_.reset(longer);
}

void curl_transfer::set_headers() {
  append_header("Expect:");  // it would wait a second for a server that does not answer it
  bool has_type = false;
  for (const auto& [name, value] : request_.headers) {
    has_type = has_type || lowered(name) == "content-type";
    // A header without a value has a form of its own in libcurl.
    append_header(trimmed(value).empty() ? name + ";" : name + ": " + value);
  }
  if (!has_type) append_header("Content-Type:");  // it would take any body for a form's
  set(CURLOPT_HTTPHEADER, headers_.get());
}

void curl_transfer::set_tls(const tls_settings& tls) {
  set(CURLOPT_SSL_VERIFYPEER, tls.verify_peer ? 1L : 0L);
  set(CURLOPT_SSL_VERIFYHOST, tls.verify_peer ? 2L : 0L);
  // A file of ours is all that we trust, without the system's folder besides. With one file alone libcurl keeps what it
  // read, else it reads the system's again for each connection; a file that was replaced counts soon all the same.
  char* systems_file = nullptr;
  curl_easy_getinfo(easy_.get(), CURLINFO_CAINFO, &systems_file);
  if (!tls.ca_file.empty() || systems_file != nullptr) set(CURLOPT_CAPATH, static_cast<char*>(nullptr));
  set(CURLOPT_CA_CACHE_TIMEOUT, ca_file_kept_s);
  if (!tls.ca_file.empty()) set(CURLOPT_CAINFO, tls.ca_file.c_str());
  set(CURLOPT_KEYPASSWD, "");  // else OpenSSL would ask the terminal for a key's password, and wait
  if (!tls.certificate_file.empty()) set(CURLOPT_SSLCERT, tls.certificate_file.c_str());
  if (!tls.key_file.empty()) set(CURLOPT_SSLKEY, tls.key_file.c_str());
}

// A connection stands, and the request is about to be written. Also before each repetition: whatever fails then, an
// earlier attempt may have been seen.
int curl_transfer::on_asking(void* self, char*, char*, int, int) {
  static_cast<curl_transfer*>(self)->server_ = reached::perhaps;
  return CURL_PREREQFUNC_OK;
}

std::size_t curl_transfer::on_header(char* line, std::size_t unit, std::size_t count, void* self) try {
  const auto bytes = unit * count;
  return static_cast<curl_transfer*>(self)->keep_header({line, bytes}) ? bytes : 0;
} catch (const std::exception&) {
  return 0;  // no memory: the transfer fails with CURLE_WRITE_ERROR
}

bool curl_transfer::keep_header(std::string_view line) {
  header_bytes_ += line.size();
  too_large_ = header_bytes_ > header_bytes_max;
  if (too_large_) return false;
  if (line.starts_with("HTTP/")) {  // after an interim answer (100) the headers begin anew
    reply_.headers.clear();
    in_head_ = true;
    return true;
  }
  if (line.starts_with(' ') || line.starts_with('\t')) return continue_header(line);
  const auto colon = line.find(':');
  in_head_ = in_head_ && !trimmed(line).empty();
  // Trailers are none of the headers (RFC 9110 section 6.5.1).
  if (!in_head_ || colon == std::string_view::npos) return true;
  reply_.headers.emplace_back(lowered(line.substr(0, colon)), trimmed(line.substr(colon + 1)));
  return true;
}

// A value in several lines, as old servers write it (RFC 9112 section 5.2).
bool curl_transfer::continue_header(std::string_view line) {
  if (in_head_ && !reply_.headers.empty()) reply_.headers.back().second.append(" ").append(trimmed(line));
  return true;
}

std::size_t curl_transfer::on_body(char* bytes, std::size_t unit, std::size_t count, void* self) try {
  const auto size = unit * count;
  return static_cast<curl_transfer*>(self)->keep_body({bytes, size}) ? size : 0;
} catch (const std::exception&) {
  return 0;
}

bool curl_transfer::keep_body(std::string_view bytes) {
  too_large_ = bytes.size() > request_.body_bytes_max - reply_.body.size();
  if (!too_large_) reply_.body.append(bytes);
  return !too_large_;
}

// The end of a pause sets a timer of no time. Of libcurl's functions that do so for one transfer alone it is the only
// one; curl_multi_socket_all, which looks at all of them, is deprecated. Refused (and not needed) where there is no
// connection yet.
void curl_transfer::wake() {
  curl_easy_pause(easy_.get(), CURLPAUSE_RECV);
  curl_easy_pause(easy_.get(), CURLPAUSE_CONT);
}

void curl_transfer::end(CURLcode code) {
  if (code != CURLE_OK) return fail(failure_of(code));
  long status = 0;
  curl_easy_getinfo(easy_.get(), CURLINFO_RESPONSE_CODE, &status);
  reply_.status = static_cast<int>(status);
  outcome_.emplace(std::move(reply_));
  if (told_) told_();
}

void curl_transfer::fail(base::error why) {
  outcome_.emplace(http_failure{std::move(why), server_});
  if (told_) told_();
}

base::error curl_transfer::failure_of(CURLcode code) const {
  if (too_large_) return base::fail(error_kind::too_large, "the reply is too large");
  std::string what = trouble_[0] != '\0' ? trouble_.data() : curl_easy_strerror(code);
  return base::fail(kind_of(code, server_), words_for(code, server_), std::move(what));
}

}  // namespace hydrant::net
