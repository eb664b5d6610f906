#pragma once

#include "store/event_log.hpp"

namespace hydrant::store {

/// Whether there are events above a cursor.
enum class events_above { none, some };

/// How what is kept of a stream follows a cursor. `dropped`: the newest event that the bound dropped, {0, 0} if none
/// was; `seen`: the newest event up to the cursor that is kept, or else `dropped`.
inline continuity follows(position cursor, position dropped, position seen, events_above rest) {
  if (cursor < dropped) return continuity::gap;
  if (seen == cursor) return continuity::complete;
  const bool ahead_of_its_generation = rest == events_above::none || seen.generation == cursor.generation;
  // Otherwise the cursor is from before this stream was forgotten and begun anew: what followed it is unknown.
  return ahead_of_its_generation ? continuity::rewound : continuity::gap;
}

}  // namespace hydrant::store
