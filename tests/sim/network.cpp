#include "tests/sim/network.hpp"

namespace hydrant::sim {

bool network::reaches(const std::string& node) const {
  const auto away = at_.sky.bus_unreachable_until.find(node);
  return at_.sky.calm || away == at_.sky.bus_unreachable_until.end() || away->second <= at_.time.now();
}

void network::send(const std::string& from, const std::string& to, const std::string& text) {
  const bool lost = at_.spoilt == spoil::nobody_looks || at_.unlucky(at_.sky.message_lost);
  at_.lines.line({from, lost ? "tells (lost)" : "tells", to, std::string_view(text).substr(0, text.find('\n'))});
  if (lost || !reaches(from) || !reaches(to)) return lose(to);
  bring(to, text);
  if (at_.unlucky(at_.sky.message_doubled)) bring(to, text);
}

void network::send_to_all(const std::string& from, const std::string& text) {
  for (const auto& [name, who] : members_)
    send(from, name, text);
}

void network::bring(const std::string& to, const std::string& text) {
  at_.after(at_.dice.between(duration(100), at_.sky.message_delay_max),
            [this, to, text] { at_member(to, [text](const member& who) { who.receive(text); }); });
}

// The sequence numbers of its sender, and word of its own connection, tell a node sooner or later.
void network::lose(const std::string& to) {
  if (at_.spoilt == spoil::nobody_looks || !at_.dice.happens(at_.sky.gap_noticed)) return;
  at_.after(at_.dice.between(100ms, 2s), [this, to] { at_member(to, [](const member& who) { who.gap(); }); });
}

void network::at_member(const std::string& to, const std::function<void(const member&)>& what) {
  const auto found = members_.find(to);
  if (found == members_.end()) return;
  found->second.is->take([who = found->second, what] { what(who); });
}

}  // namespace hydrant::sim
