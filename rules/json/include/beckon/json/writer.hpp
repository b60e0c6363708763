// Writes JSON text, compact, straight into a string that the caller owns.
//
//   std::string out;
//   json::Writer w(out);
//   w.begin_object().key("t").number(std::int64_t{5}).key("visitor").string("v1").end_object();
//
// Separators are the writer's business; calls in an impossible order (a value without its key) are a programming error.
// Strings that are not valid UTF-8 have the bad bytes replaced by U+FFFD. U+2028, U+2029 and `<` are written
// escaped, so that the text may stand inside a script element.
//
// Thread safety: none.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace beckon::json {

class Writer {
 public:
  // Appends to `out`, which must outlive the writer.
  explicit Writer(std::string& out) : out_(out) {}

  Writer& begin_object();
  Writer& end_object();
  Writer& begin_array();
  Writer& end_array();
  Writer& key(std::string_view name);
  Writer& string(std::string_view value);
  Writer& number(std::int64_t value);
  Writer& number(double value);  // shortest digits that read back the same; NaN and infinities become null
  Writer& boolean(bool value);
  Writer& null();
  // `json` must be one well-formed value; it is copied as it is.
  Writer& raw(std::string_view json);

 private:
  void separate();
  std::string& out_;
  bool first_ = true;       // nothing yet in the object or array being written
  bool after_key_ = false;  // the next value belongs to a key
};

}  // namespace beckon::json
