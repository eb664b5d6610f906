#include "base/ids.hpp"

#include <openssl/rand.h>

#include <array>
#include <stdexcept>

namespace hydrant::base {

std::string random_token(std::size_t bytes) {
  static constexpr char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  std::array<unsigned char, 64> raw{};
  if (bytes > raw.size()) throw std::invalid_argument("random_token: too long");
  if (RAND_bytes(raw.data(), static_cast<int>(bytes)) != 1) throw std::runtime_error("the random generator failed");
  std::string text;
  text.reserve((bytes * 8 + 5) / 6);
  unsigned bits = 0;
  unsigned held = 0;
  for (std::size_t i = 0; i < bytes; ++i) {
    bits = (bits << 8) | raw[i];
    for (held += 8; held >= 6; held -= 6)
      text += digits[(bits >> (held - 6)) & 63U];
  }
  if (held > 0) text += digits[(bits << (6 - held)) & 63U];
  return text;
}

}  // namespace hydrant::base
