// The JSON reader: whatever the bytes, an error inside the text or a document whose parts are where it says.
#include <algorithm>

#include "beckon/json/reader.hpp"
#include "beckon/json/utf8.hpp"
#include "beckon/json/writer.hpp"
#include "property.hpp"

namespace beckon::fuzz {
namespace {

using json::Value;

class Counter final : public json::Handler {
 public:
  std::size_t values = 0;
  bool null() override { return ++values; }
  bool boolean(bool) override { return ++values; }
  bool number(std::string_view digits) override {
    (void)json::to_int64(digits);
    (void)json::to_double(digits);
    return ++values;
  }
  bool string(std::string_view value) override {
    require(valid(value), "strings are UTF-8");
    return ++values;
  }
  bool key(std::string_view name) override {
    require(valid(name), "names are UTF-8");
    return true;
  }
  bool begin_object() override { return ++values; }
  bool end_object() override { return true; }
  bool begin_array() override { return ++values; }
  bool end_array() override { return true; }

 private:
  static bool valid(std::string_view text) {
    for (std::size_t i = 0; i < text.size(); i += json::utf8_length(text, i)) {
      if (json::utf8_length(text, i) == 0) return false;
    }
    return true;
  }
};

void write(json::Writer& out, const Value& value) {
  switch (value.type()) {
    case json::Type::kNull: out.null(); return;
    case json::Type::kBool: out.boolean(value.boolean()); return;
    case json::Type::kNumber: out.raw(value.digits()); return;
    case json::Type::kString: out.string(value.string()); return;
    case json::Type::kArray: out.begin_array(); break;
    case json::Type::kObject: out.begin_object(); break;
  }
  for (const Value* inner = value.first(); inner != nullptr; inner = inner->next()) {
    if (value.is(json::Type::kObject)) out.key(inner->name());
    write(out, *inner);
  }
  value.is(json::Type::kObject) ? out.end_object() : out.end_array();
}

bool same(const Value& a, const Value& b) {
  if (a.type() != b.type() || a.name() != b.name() || a.size() != b.size()) return false;
  if (a.is(json::Type::kBool) && a.boolean() != b.boolean()) return false;
  if ((a.is(json::Type::kString) || a.is(json::Type::kNumber)) && a.string() != b.string()) return false;
  const Value* y = b.first();
  for (const Value* x = a.first(); x != nullptr; x = x->next(), y = y->next()) {
    if (!same(*x, *y)) return false;
  }
  return true;
}

// Each value's bytes are that value, read alone; its name's bytes are that name.
void check_places(std::string_view text, const Value& value, const json::ReadOptions& options) {
  constexpr std::size_t kReadAlone = 64;  // values: reading every part of a large text again takes long
  std::size_t seen = 0;
  for (const Value* inner = value.first(); inner != nullptr && seen < kReadAlone; inner = inner->next(), ++seen) {
    require(inner->begin_offset() < inner->end_offset() && inner->begin_offset() > value.begin_offset() &&
                inner->end_offset() < value.end_offset(),
            "a value is inside its parent");
    const json::ParseResult alone =
        json::parse(text.substr(inner->begin_offset(), inner->end_offset() - inner->begin_offset()), options);
    require(alone.document && alone.document->root().type() == inner->type() &&
                alone.document->root().size() == inner->size(),
            "a value's bytes are that value");
    if (value.is(json::Type::kObject)) require(text[inner->name_offset()] == '"', "a name begins with its quote");
    check_places(text, *inner, options);
  }
}

void check(std::string_view text, json::Dialect dialect) {
  const json::ReadOptions options{.dialect = dialect};
  const json::ParseResult parsed = json::parse(text, options);
  Counter counter;
  const bool read = !json::Reader().read(text, counter, options);
  require(parsed.document.has_value() == read && parsed.document.has_value() != parsed.error.has_value(),
          "tree and events accept the same texts");
  if (parsed.error) {
    require(parsed.error->offset <= text.size() && !parsed.error->message.empty(), "an error is inside the text");
    (void)json::locate(text, parsed.error->offset);
    (void)json::line_at(text, parsed.error->offset);
    return;
  }
  const Value& root = parsed.document->root();
  check_places(text, root, options);
  std::string written;
  json::Writer writer(written);
  write(writer, root);
  const json::ParseResult again = json::parse(written);
  require(again.document && same(root, again.document->root()), "what is written reads back the same");
}

}  // namespace
}  // namespace beckon::fuzz

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = beckon::fuzz::text_of(data, size);
  beckon::fuzz::check(text, beckon::json::Dialect::kStrict);
  beckon::fuzz::check(text, beckon::json::Dialect::kCommented);
  return 0;
}
