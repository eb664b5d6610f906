#pragma once

#include <string>
#include <string_view>

namespace hydrant::store::redis {

/// A Lua script and its SHA-1 in hexadecimal digits, by which the server knows it.
class script {
 public:
  explicit script(std::string_view source);
  const std::string& source() const { return source_; }
  const std::string& digest() const { return digest_; }

 private:
  std::string source_;
  std::string digest_;
};

}  // namespace hydrant::store::redis
