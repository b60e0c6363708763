// As much of JSON Schema 2020-12 as the schema of rule files uses. A keyword that it does not know is an error: a test
// must not pass because something was skipped.
#pragma once

#include <string>
#include <string_view>

#include "beckon/json/reader.hpp"

namespace beckon::rules {

class SchemaValidator {
 public:
  // `schema` is the text of a schema and must be well-formed.
  explicit SchemaValidator(std::string_view schema);
  // Empty when the value is valid; else the first reason, with the path to it.
  [[nodiscard]] std::string why_not(const json::Value& value) const;

 private:
  json::ParseResult schema_;
};

}  // namespace beckon::rules
