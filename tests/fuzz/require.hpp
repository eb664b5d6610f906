#pragma once

#include <boost/assert/source_location.hpp>

#include <cstdio>
#include <cstdlib>

namespace hydrant::fuzz {

/// States a property; libFuzzer keeps the input that breaks it.
inline void require(bool holds, boost::source_location where = BOOST_CURRENT_LOCATION) {
  if (holds) return;
  std::fprintf(stderr, "property broken at %s:%u\n", where.file_name(), static_cast<unsigned>(where.line()));
  std::abort();
}

}  // namespace hydrant::fuzz
