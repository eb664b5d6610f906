#include "store/redis/script.hpp"

#include <openssl/evp.h>

#include <array>
#include <stdexcept>

namespace hydrant::store::redis {
namespace {

std::string sha1_hex(std::string_view bytes) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> hash{};
  unsigned size = 0;
  if (EVP_Digest(bytes.data(), bytes.size(), hash.data(), &size, EVP_sha1(), nullptr) != 1)
    throw std::runtime_error("this machine's OpenSSL has no SHA-1");
  constexpr std::string_view digits = "0123456789abcdef";
  std::string text;
  for (unsigned i = 0; i < size; ++i) {
    text += digits[hash[i] >> 4];
    text += digits[hash[i] & 15];
  }
  return text;
}

}  // namespace

script::script(std::string_view source, script_order order)
    : source_(source), digest_(sha1_hex(source)), order_(order) {}

}  // namespace hydrant::store::redis
