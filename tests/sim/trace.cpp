#include "tests/sim/trace.hpp"

#include <functional>

namespace hydrant::sim {

void trace::line(std::initializer_list<std::string_view> words) {
  std::string text = std::to_string(time_.since_start().count());
  for (const auto word : words)
    text.append(" ").append(word);
  hash_ = hash_ * 0x100000001b3U ^ std::hash<std::string_view>{}(text);
  ++lines_;
  kept_.push_back(std::move(text));
  if (kept_.size() > kept_max_) kept_.pop_front();
}

std::string trace::text() const {
  std::string out;
  for (const auto& one : kept_)
    out.append(one).append("\n");
  return out;
}

}  // namespace hydrant::sim
