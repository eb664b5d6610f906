#include "protocol/request_state.hpp"

#include "protocol/base64.hpp"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/rand.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <stdexcept>

namespace hydrant::protocol {

namespace {

constexpr std::size_t nonce_bytes = 12;
constexpr std::size_t tag_bytes = 16;
constexpr std::size_t key_id_bytes_max = 32;
constexpr std::size_t fixed_bytes = 8 + 4 * 4;  // the expiry and four length prefixes
constexpr std::size_t sealed_bytes_max = nonce_bytes + fixed_bytes + state_bytes_max + tag_bytes;
constexpr std::size_t token_bytes_max = key_id_bytes_max + 1 + (sealed_bytes_max * 4 + 2) / 3;

// Bound into every token, so that nothing else that the key may come to seal passes for a request state.
constexpr std::string_view purpose = "hydrant request state 1:";

struct free_context {
  void operator()(EVP_CIPHER_CTX* context) const { EVP_CIPHER_CTX_free(context); }
};
using cipher_context = std::unique_ptr<EVP_CIPHER_CTX, free_context>;

const unsigned char* bytes_of(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}
unsigned char* bytes_of(std::string& text) {
  return reinterpret_cast<unsigned char*>(text.data());
}
int size_of(std::string_view text) {
  return static_cast<int>(text.size());
}

void must(int openssl_outcome) {
  if (openssl_outcome != 1) throw std::runtime_error("request state: the cryptography library failed");
}

std::string encrypt(const sealing_key& key, std::string_view plain) {
  const std::string associated = std::string(purpose) + key.id;
  std::string sealed(nonce_bytes + plain.size() + tag_bytes, '\0');
  unsigned char* const nonce = bytes_of(sealed);
  unsigned char* const text = nonce + nonce_bytes;
  const cipher_context context(EVP_CIPHER_CTX_new());
  int written = 0;
  must(RAND_bytes(nonce, nonce_bytes));
  must(EVP_EncryptInit_ex(context.get(), EVP_aes_256_gcm(), nullptr, key.bytes.data(), nonce));
  must(EVP_EncryptUpdate(context.get(), nullptr, &written, bytes_of(associated), size_of(associated)));
  must(EVP_EncryptUpdate(context.get(), text, &written, bytes_of(plain), size_of(plain)));
  must(EVP_EncryptFinal_ex(context.get(), text + written, &written));
  must(EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_GCM_GET_TAG, tag_bytes, text + plain.size()));
  return sealed;
}

/// Nothing unless every byte is what the holder of the key wrote.
std::optional<std::string> decrypt(const sealing_key& key, std::string sealed) {
  if (sealed.size() < nonce_bytes + tag_bytes) return std::nullopt;
  const std::string associated = std::string(purpose) + key.id;
  std::string plain(sealed.size() - nonce_bytes - tag_bytes, '\0');
  const unsigned char* const nonce = bytes_of(sealed);
  unsigned char* const tag = bytes_of(sealed) + nonce_bytes + plain.size();
  const cipher_context context(EVP_CIPHER_CTX_new());
  int written = 0;
  const bool genuine =
      EVP_DecryptInit_ex(context.get(), EVP_aes_256_gcm(), nullptr, key.bytes.data(), nonce) == 1 &&
      EVP_DecryptUpdate(context.get(), nullptr, &written, bytes_of(associated), size_of(associated)) == 1 &&
      EVP_DecryptUpdate(context.get(), bytes_of(plain), &written, nonce + nonce_bytes, size_of(plain)) == 1 &&
      EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_GCM_SET_TAG, tag_bytes, tag) == 1 &&
      EVP_DecryptFinal_ex(context.get(), bytes_of(plain) + written, &written) == 1;
  if (!genuine) return std::nullopt;
  return plain;
}

void append_number(std::string& out, std::uint64_t value, std::size_t bytes) {
  while (bytes-- > 0)
    out += static_cast<char>((value >> (8 * bytes)) & 0xFFU);
}

void append_field(std::string& out, std::string_view field) {
  append_number(out, field.size(), 4);
  out += field;
}

std::optional<std::uint64_t> take_number(std::string_view& rest, std::size_t bytes) {
  if (rest.size() < bytes) return std::nullopt;
  std::uint64_t value = 0;
  for (const char byte : rest.substr(0, bytes))
    value = (value << 8) | static_cast<unsigned char>(byte);
  rest.remove_prefix(bytes);
  return value;
}

bool take_field(std::string_view& rest, std::string& field) {
  const std::optional<std::uint64_t> size = take_number(rest, 4);
  if (!size || *size > rest.size()) return false;
  field = rest.substr(0, *size);
  rest.remove_prefix(*size);
  return true;
}

std::int64_t milliseconds_of(base::wall_time time) {
  return std::chrono::duration_cast<std::chrono::milliseconds>(time.time_since_epoch()).count();
}

std::string serialise(const state_claims& claims) {
  std::string plain;
  append_number(plain, static_cast<std::uint64_t>(milliseconds_of(claims.expires)), 8);
  for (const std::string* field : {&claims.principal, &claims.request_digest, &claims.nonce, &claims.payload})
    append_field(plain, *field);
  return plain;
}

std::optional<state_claims> deserialise(std::string_view plain) {
  state_claims claims;
  const std::optional<std::uint64_t> expires = take_number(plain, 8);
  if (!expires) return std::nullopt;
  claims.expires = base::wall_time(std::chrono::milliseconds(static_cast<std::int64_t>(*expires)));
  for (std::string* field : {&claims.principal, &claims.request_digest, &claims.nonce, &claims.payload})
    if (!take_field(plain, *field)) return std::nullopt;
  return plain.empty() ? std::optional(std::move(claims)) : std::nullopt;
}

base::error refuse(std::string detail) {
  return base::fail(base::error_kind::invalid_params, "requestState is not valid for this request",
                    "requestState: " + std::move(detail));
}

bool valid_key_id(std::string_view id) {
  const auto allowed = [](char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
  };
  return !id.empty() && id.size() <= key_id_bytes_max && std::all_of(id.begin(), id.end(), allowed);
}

/// Authentic claims, whomever and whatever they are for.
base::result<state_claims> open_any(const keyring& keys, std::string_view token) {
  if (token.size() > token_bytes_max) return refuse("token is too long");
  const std::size_t dot = token.find('.');
  if (dot == std::string_view::npos) return refuse("token is malformed");
  const sealing_key* const key = keys.find(token.substr(0, dot));
  if (key == nullptr) return refuse("no key has that id");
  std::optional<std::string> sealed = base64_decode(token.substr(dot + 1), base64_alphabet::url);
  if (!sealed) return refuse("token is not base64url");
  const std::optional<std::string> plain = decrypt(*key, *std::move(sealed));
  if (!plain) return refuse("token is forged or damaged");
  std::optional<state_claims> claims = deserialise(*plain);
  if (!claims) return refuse("claims are malformed");
  return *std::move(claims);
}

}  // namespace

sealing_key::~sealing_key() {
  OPENSSL_cleanse(bytes.data(), bytes.size());
}

base::result<keyring> keyring::make(std::vector<sealing_key> keys) {
  const auto refuse_keys = [](std::string why) {
    return base::fail(base::error_kind::invalid_params, "Request state keys: " + std::move(why));
  };
  if (keys.empty() || keys.size() > keys_max) return refuse_keys("there must be 1 to 16");
  for (auto key = keys.begin(); key != keys.end(); ++key) {
    if (!valid_key_id(key->id)) return refuse_keys("an id must be 1 to 32 characters of A-Z, a-z, 0-9, - and _");
    const auto same = [key](const sealing_key& other) { return other.id == key->id; };
    if (std::any_of(std::next(key), keys.end(), same)) return refuse_keys("an id is used twice");
  }
  return keyring(std::move(keys));
}

keyring keyring::random(std::string id) {
  std::vector<sealing_key> keys(1);
  keys.front().id = std::move(id);
  must(RAND_priv_bytes(keys.front().bytes.data(), static_cast<int>(keys.front().bytes.size())));
  return make(std::move(keys)).value();
}

const sealing_key* keyring::find(std::string_view id) const {
  const auto found = std::find_if(keys_.begin(), keys_.end(), [id](const sealing_key& key) { return key.id == id; });
  return found == keys_.end() ? nullptr : &*found;
}

base::result<std::string> seal(const keyring& keys, const state_claims& claims) {
  const std::string plain = serialise(claims);
  if (plain.size() > fixed_bytes + state_bytes_max)
    return base::fail(base::error_kind::too_large, "The state of the request is too large");
  return keys.current().id + '.' + base64_encode(encrypt(keys.current(), plain), base64_alphabet::url);
}

base::result<state_claims> open(const keyring& keys, std::string_view token, const expected_state& expected) {
  base::result<state_claims> claims = open_any(keys, token);
  if (!claims) return claims;
  if (expected.now >= claims->expires) return refuse("state has expired");
  if (claims->principal != expected.principal) return refuse("state belongs to another principal");
  if (claims->request_digest != expected.request_digest) return refuse("state belongs to another request");
  return claims;
}

std::string request_digest(std::string_view method, std::string_view name_or_uri, std::string_view arguments_json) {
  // With length prefixes no two requests run together to the same text.
  std::string text;
  for (const std::string_view field : {method, name_or_uri, arguments_json})
    append_field(text, field);
  std::string digest(32, '\0');
  must(EVP_Digest(text.data(), text.size(), bytes_of(digest), nullptr, EVP_sha256(), nullptr));
  return base64_encode(digest, base64_alphabet::url);
}

}  // namespace hydrant::protocol
