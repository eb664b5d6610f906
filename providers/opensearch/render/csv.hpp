#pragma once

#include "protocol/json.hpp"

#include <cstddef>
#include <map>
#include <string>
#include <vector>

namespace hydrant::providers::opensearch {

/// Documents of differing fields as one CSV table (RFC 4180): a column for each dotted path that any of them has, in
/// the order of their coming. Lists of plain values are joined with "; ", lists of objects stay JSON.
class csv_table {
 public:
  /// Paths beyond `columns_max` are left out.
  csv_table(std::vector<std::string> first_columns, std::size_t columns_max);

  void begin_row() { rows_.emplace_back(); }
  void put(const std::string& path, const protocol::json& value);
  /// Each field of a document.
  void put_all(const protocol::json& document);

  std::string text() const;
  /// Whether paths were left out.
  bool is_cut() const { return is_cut_; }

 private:
  using row = std::map<std::size_t, std::string>;  // by column

  void put_below(const std::string& prefix, const protocol::json& object, int depth);

  const std::size_t columns_max_;
  std::vector<std::string> columns_;
  std::map<std::string, std::size_t, std::less<>> places_;
  std::vector<row> rows_;
  bool is_cut_ = false;
};

}  // namespace hydrant::providers::opensearch
