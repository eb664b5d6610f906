#include "store/redis/keys.hpp"

namespace hydrant::store::redis {
namespace {

std::string join(std::string_view left, std::string_view right) {
  std::string text;
  text.reserve(left.size() + right.size());
  return text.append(left).append(right);
}

}  // namespace

std::string session_key(std::string_view id) {
  return join("session:", id);
}

std::string subscribers_key(std::string_view uri) {
  return join("hydrant:subscribers:", uri);
}

std::string process_name(const node_ref& process) {
  return process.node + '/' + process.boot;
}

std::string owned_calls_key(const node_ref& process) {
  return "{hydrant:process:" + process_name(process) + "}:calls";
}

std::string fence_key(const node_ref& process) {
  return "{hydrant:process:" + process_name(process) + "}:fenced";
}

std::string value_key(std::string_view name) {
  return join("hydrant:value:", name);
}

std::string claim_key(std::string_view token) {
  return join("hydrant:claim:", token);
}

std::string number_key(std::string_view name) {
  return "{hydrant:number:" + std::string(name) + "}";
}

}  // namespace hydrant::store::redis
