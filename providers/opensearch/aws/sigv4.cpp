#include "providers/opensearch/aws/sigv4.hpp"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <cstdio>
#include <initializer_list>
#include <map>
#include <stdexcept>
#include <utility>
#include <vector>

namespace hydrant::providers::opensearch {
namespace {

constexpr std::string_view algorithm = "AWS4-HMAC-SHA256";
constexpr std::size_t hash_bytes = 32;

const unsigned char* bytes_of(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

std::string sha256(std::string_view bytes) {
  std::array<char, hash_bytes> hash{};
  if (EVP_Digest(bytes.data(), bytes.size(), reinterpret_cast<unsigned char*>(hash.data()), nullptr, EVP_sha256(),
                 nullptr) != 1)
    throw std::runtime_error("OpenSSL cannot compute SHA-256");
  return {hash.data(), hash.size()};
}

std::string hmac_sha256(std::string_view key, std::string_view text) {
  std::array<char, hash_bytes> hash{};
  if (HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), bytes_of(text), text.size(),
           reinterpret_cast<unsigned char*>(hash.data()), nullptr) == nullptr)
    throw std::runtime_error("OpenSSL cannot compute HMAC-SHA-256");
  return {hash.data(), hash.size()};
}

std::string hexadecimal(std::string_view bytes) {
  static constexpr char digits[] = "0123456789abcdef";
  std::string text;
  text.reserve(bytes.size() * 2);
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    text += digits[byte >> 4];
    text += digits[byte & 15U];
  }
  return text;
}

// Not the functions of <cctype>, which know about locales.
bool is_unreserved(char c) {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.' ||
         c == '_' || c == '~';
}

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool is_blank(char c) {
  return c == ' ' || (c >= '\t' && c <= '\r');
}

// A '%' that begins no escape stands for itself.
std::string unescaped(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    unsigned value = 0;
    const char* first = text.data() + i + 1;
    if (text[i] == '%' && text.size() - i >= 3 && std::from_chars(first, first + 2, value, 16).ptr == first + 2) {
      out += static_cast<char>(value);
      i += 2;
    } else {
      out += text[i];
    }
  }
  return out;
}

/// What is before the first `separator`, which is taken off `rest` together with it.
std::string_view take_until(std::string_view& rest, char separator) {
  const std::size_t end = std::min(rest.find(separator), rest.size());
  const std::string_view part = rest.substr(0, end);
  rest.remove_prefix(std::min(end + 1, rest.size()));
  return part;
}

std::string joined(std::initializer_list<std::string_view> parts, char separator) {
  std::string out;
  for (const std::string_view part : parts)
    out.append(out.empty() ? "" : std::string_view(&separator, 1)).append(part);
  return out;
}

// Without blanks around it, and one space where there were several blanks.
std::string trimmed(std::string_view value) {
  std::string out;
  bool gap = false;
  for (const char c : value) {
    if (is_blank(c)) {
      gap = true;
      continue;
    }
    if (gap && !out.empty()) out += ' ';
    gap = false;
    out += c;
  }
  return out;
}

std::map<std::string, std::string> canonical_headers(const sigv4_request& request) {
  std::map<std::string, std::string> headers{{"host", trimmed(request.host)}};
  for (const auto& [name, value] : request.headers) {
    std::string key(name);
    std::ranges::transform(key, key.begin(), lower);
    const auto [place, is_new] = headers.try_emplace(std::move(key), trimmed(value));
    if (!is_new) place->second.append(",").append(trimmed(value));
  }
  return headers;
}

struct stamp {
  std::string day;   ///< 20150830
  std::string time;  ///< 20150830T123600Z
};

stamp stamp_of(base::wall_time now) {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(now);
  const auto midnight = std::chrono::floor<std::chrono::days>(seconds);
  const std::chrono::year_month_day date(midnight);
  const std::chrono::hh_mm_ss clock(seconds - midnight);
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%04d%02u%02uT%02d%02d%02dZ", static_cast<int>(date.year()),
                static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                static_cast<int>(clock.hours().count()), static_cast<int>(clock.minutes().count()),
                static_cast<int>(clock.seconds().count()));
  std::string time = text.data();
  return {time.substr(0, 8), std::move(time)};
}

std::string signing_key(const aws_credentials& credentials, const sigv4_scope& scope, std::string_view day) {
  std::string key = "AWS4" + credentials.secret_access_key;
  for (const std::string_view step : {day, scope.region, scope.service, std::string_view("aws4_request")})
    key = hmac_sha256(key, step);
  return key;
}

}  // namespace

std::string percent_encoded(std::string_view text) {
  static constexpr char digits[] = "0123456789ABCDEF";
  std::string out;
  out.reserve(text.size());
  for (const char c : text) {
    if (is_unreserved(c)) {
      out += c;
      continue;
    }
    const auto byte = static_cast<unsigned char>(c);
    out += '%';
    out += digits[byte >> 4];
    out += digits[byte & 15U];
  }
  return out;
}

std::string sha256_hex(std::string_view bytes) {
  return hexadecimal(sha256(bytes));
}

std::string sigv4_path(std::string_view sent) {
  const bool ends_in_slash = sent.ends_with('/');
  std::vector<std::string_view> segments;
  while (!sent.empty()) {
    const std::string_view segment = take_until(sent, '/');
    if (segment == ".." && !segments.empty()) segments.pop_back();
    if (!segment.empty() && segment != "." && segment != "..") segments.push_back(segment);
  }
  std::string out;
  for (const std::string_view segment : segments)
    out.append("/").append(percent_encoded(segment));
  if (ends_in_slash || out.empty()) out += '/';
  return out;
}

std::string sigv4_query(std::string_view sent) {
  std::vector<std::pair<std::string, std::string>> parameters;
  while (!sent.empty()) {
    std::string_view value = take_until(sent, '&');
    if (value.empty()) continue;
    std::string name = percent_encoded(unescaped(take_until(value, '=')));
    parameters.emplace_back(std::move(name), percent_encoded(unescaped(value)));
  }
  std::ranges::sort(parameters);
  std::string out;
  for (const auto& [name, value] : parameters)
    out.append(out.empty() ? "" : "&").append(name).append("=").append(value);
  return out;
}

sigv4_canonical sigv4_canonical_request(const sigv4_request& request, std::string_view body_hash) {
  sigv4_canonical canonical;
  std::string lines;
  for (const auto& [name, value] : canonical_headers(request)) {
    lines.append(name).append(":").append(value).append("\n");
    canonical.signed_headers.append(canonical.signed_headers.empty() ? "" : ";").append(name);
  }
  canonical.text = joined({request.method, sigv4_path(request.path), sigv4_query(request.query), lines,
                           canonical.signed_headers, body_hash},
                          '\n');
  return canonical;
}

std::string sigv4_authorization(const sigv4_canonical& canonical, const aws_credentials& credentials,
                                const sigv4_scope& scope, base::wall_time now) {
  const stamp when = stamp_of(now);
  const std::string range = joined({when.day, scope.region, scope.service, "aws4_request"}, '/');
  const std::string text = joined({algorithm, when.time, range, sha256_hex(canonical.text)}, '\n');
  const std::string signature = hexadecimal(hmac_sha256(signing_key(credentials, scope, when.day), text));
  return std::string(algorithm) + " Credential=" + credentials.access_key_id + "/" + range +
         ", SignedHeaders=" + canonical.signed_headers + ", Signature=" + signature;
}

net::header_list sign_sigv4(const sigv4_request& request, const aws_credentials& credentials, const sigv4_scope& scope,
                            base::wall_time now) {
  net::header_list added = {{"X-Amz-Date", stamp_of(now).time}, {"X-Amz-Content-SHA256", sha256_hex(request.body)}};
  if (!credentials.session_token.empty()) added.emplace_back("X-Amz-Security-Token", credentials.session_token);
  sigv4_request whole = request;
  whole.headers.insert(whole.headers.end(), added.begin(), added.end());
  const sigv4_canonical canonical = sigv4_canonical_request(whole, added[1].second);
  added.emplace_back("Authorization", sigv4_authorization(canonical, credentials, scope, now));
  return added;
}

}  // namespace hydrant::providers::opensearch
