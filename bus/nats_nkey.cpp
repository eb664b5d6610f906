#include "bus/nats_nkey.hpp"

#include <openssl/crypto.h>
#include <openssl/evp.h>

#include <array>
#include <cstdint>
#include <fstream>
#include <memory>
#include <optional>
#include <span>

namespace hydrant::bus {
namespace {

constexpr std::string_view digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
constexpr std::size_t seed_letters = 58;  // 2 bytes prefix, 32 bytes key, 2 bytes CRC
constexpr std::uint8_t seed_prefix = 18U << 3U;
constexpr std::uint8_t user_prefix = 20U << 3U;

using seed_bytes = std::array<std::uint8_t, 36>;
using public_bytes = std::array<std::uint8_t, 35>;

// CRC-16/XMODEM, stored low byte first.
std::uint16_t crc_of(std::span<const std::uint8_t> bytes) {
  std::uint32_t crc = 0;
  for (const std::uint8_t byte : bytes) {
    crc ^= std::uint32_t{byte} << 8U;
    for (int bit = 0; bit < 8; ++bit)
      crc = (crc & 0x8000U) != 0 ? (crc << 1U) ^ 0x1021U : crc << 1U;
    crc &= 0xffffU;
  }
  return static_cast<std::uint16_t>(crc);
}

std::optional<seed_bytes> decode(std::string_view text) {
  seed_bytes bytes{};
  if (text.size() != seed_letters) return std::nullopt;
  std::uint32_t held = 0;
  unsigned bits = 0;
  std::size_t filled = 0;
  for (const char letter : text) {
    const auto value = digits.find(letter);
    if (value == std::string_view::npos) return std::nullopt;
    held = (held << 5U | static_cast<std::uint32_t>(value)) & 0xfffU;
    bits += 5;
    if (bits >= 8) bytes.at(filled++) = static_cast<std::uint8_t>(held >> (bits -= 8));
  }
  return bytes;
}

std::string encode(const public_bytes& bytes) {
  std::string text;
  std::uint32_t held = 0;
  unsigned bits = 0;
  for (const std::uint8_t byte : bytes) {
    held = (held << 8U | byte) & 0xfffU;
    for (bits += 8; bits >= 5; bits -= 5)
      text += digits[(held >> (bits - 5)) & 31U];
  }
  return text;
}

bool is_user_seed(const seed_bytes& seed) {
  const std::uint16_t crc = crc_of(std::span(seed).first(34));
  const std::uint8_t type = static_cast<std::uint8_t>((seed[0] & 7U) << 5U | seed[1] >> 3U);
  return (seed[0] & 0xf8U) == seed_prefix && type == user_prefix && seed[34] == (crc & 0xffU) && seed[35] == crc >> 8U;
}

bool derive(const seed_bytes& seed, std::uint8_t* key) {
  std::size_t size = 32;
  const std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> pair(
      EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nullptr, seed.data() + 2, 32), &EVP_PKEY_free);
  return pair && EVP_PKEY_get_raw_public_key(pair.get(), key, &size) == 1;
}

base::error bad(std::string why) {
  return base::fail(base::error_kind::invalid_params, std::move(why));
}

}  // namespace

base::result<std::string> nkey_of_seed(std::string_view seed) {
  auto bytes = decode(seed);
  if (!bytes || !is_user_seed(*bytes))
    return bad("NATS: this is no user seed; it must be SU and 56 more letters, as nk -gen user prints it");
  public_bytes key{user_prefix};
  const bool derived = derive(*bytes, key.data() + 1);
  OPENSSL_cleanse(bytes->data(), bytes->size());
  if (!derived) return bad("NATS: the crypto library refuses the seed");
  const std::uint16_t crc = crc_of(std::span(key).first(33));
  key[33] = static_cast<std::uint8_t>(crc & 0xffU);
  key[34] = static_cast<std::uint8_t>(crc >> 8U);
  return encode(key);
}

base::result<std::string> nkey_of_seed_file(const std::string& path) {
  std::ifstream file(path);
  for (std::string line; std::getline(file, line);) {
    while (!line.empty() && (line.back() == '\r' || line.back() == ' '))
      line.pop_back();
    if (line.rfind("SU", 0) != 0) continue;
    auto key = nkey_of_seed(line);
    OPENSSL_cleanse(line.data(), line.size());
    return key;
  }
  return bad("NATS: there is no line with a user seed (SU...) in the nkey seed file " + path);
}

}  // namespace hydrant::bus
