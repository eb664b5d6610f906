#include "providers/opensearch/policy/ppl_effect.hpp"

#include "providers/opensearch/policy/glob.hpp"

#include <algorithm>
#include <string>

namespace hydrant::providers::opensearch {
namespace {

bool in_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
}

bool has_word(std::string_view text, std::string_view word) {
  for (auto at = text.find(word); at != std::string_view::npos; at = text.find(word, at + 1)) {
    const auto end = at + word.size();
    if ((at == 0 || !in_word(text[at - 1])) && (end == text.size() || !in_word(text[end]))) return true;
  }
  return false;
}

}  // namespace

bool ppl_may_write(std::string_view query) {
  auto text = lower_case(query);
  // Within quotes a backslash may stand for nothing: 'tr\ain' trains.
  std::erase(text, '\\');
  return has_word(text, "ml") && text.find("train") != std::string::npos;
}

}  // namespace hydrant::providers::opensearch
