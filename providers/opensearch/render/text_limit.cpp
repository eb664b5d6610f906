#include "providers/opensearch/render/text_limit.hpp"

namespace hydrant::providers::opensearch {
namespace {

bool continues_character(char c) {
  return (static_cast<unsigned char>(c) & 0xC0) == 0x80;
}

std::string note_for(std::size_t bytes_kept, std::size_t bytes, std::string_view advice) {
  auto note = "\n\n(Cut here: the first " + std::to_string(bytes_kept) + " of " + std::to_string(bytes) + " bytes.";
  if (!advice.empty()) note.append(" ").append(advice);
  return note + ")";
}

}  // namespace

std::string_view cut_utf8(std::string_view text, std::size_t bytes_max) {
  if (text.size() <= bytes_max) return text;
  auto end = bytes_max;
  while (end > 0 && continues_character(text[end]))
    --end;
  return text.substr(0, end);
}

std::string limit_text(std::string text, std::size_t bytes_max, std::string_view advice) {
  if (text.size() <= bytes_max) return text;
  // As long as it can get: fewer bytes kept have no more digits.
  const auto note_bytes = note_for(text.size(), text.size(), advice).size();
  const auto kept = cut_utf8(text, bytes_max > note_bytes ? bytes_max - note_bytes : 0).size();
  const auto note = note_for(kept, text.size(), advice);
  text.resize(kept);
  return text + note;
}

}  // namespace hydrant::providers::opensearch
