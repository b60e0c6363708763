// A journal line, read as far as needed: rules.md, section 8.
// Thread safety: a value; may be read from many threads.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "beckon/json/reader.hpp"

namespace beckon::oracle {

class Line {
 public:
  // Throws std::runtime_error when the text is no JSON object with `t` and `type`.
  explicit Line(std::string_view text);

  std::int64_t t = 0;
  std::string type;
  std::string visitor;  // empty of a line for the site
  std::string tab = "0";

  const json::Value* find(std::string_view key) const { return document_->root().find(key); }
  // The member of that name when it has that type; "" and the fallback stand for none.
  std::string text(std::string_view key) const;
  std::optional<double> number(std::string_view key) const;
  bool flag(std::string_view key, bool fallback) const;

 private:
  std::shared_ptr<const json::Document> document_;
};

}  // namespace beckon::oracle
