#include <catch2/catch.hpp>
#include <string>

#include "beckon/json/reader.hpp"

namespace beckon::json {
namespace {

std::string_view written(std::string_view text, const Value& value) {
  return text.substr(value.begin_offset(), value.end_offset() - value.begin_offset());
}

constexpr std::string_view kText = R"(// A file.
{
  "a": 12.50, /* between */ "b" /* x */ : /* "y" */ "v\n\u00e9\"",
  "é\t": [ true, false, null, -1e5, "", {} ], // end
  "o": { "in": [[]], },
})";

TEST_CASE("every value knows where it stands, comments and escapes or not") {
  const ParseResult parsed = parse(kText, {.dialect = Dialect::kCommented});
  REQUIRE(parsed.document);
  const Value& root = parsed.document->root();
  CHECK(written(kText, root) == kText.substr(kText.find('{')));
  CHECK(written(kText, *root.find("a")) == "12.50");
  CHECK(written(kText, *root.find("b")) == R"("v\n\u00e9\"")");
  CHECK(written(kText, *root.find("é\t")) == R"([ true, false, null, -1e5, "", {} ])");
  CHECK(written(kText, *root.find("o")) == R"({ "in": [[]], })");
  std::string elements;
  for (const Value* v = root.find("é\t")->first(); v; v = v->next()) elements += written(kText, *v), elements += ' ';
  CHECK(elements == R"(true false null -1e5 "" {} )");
}

TEST_CASE("every member knows its name and where that stands") {
  const ParseResult parsed = parse(kText, {.dialect = Dialect::kCommented});
  REQUIRE(parsed.document);
  const Value* const b = parsed.document->root().find("b");
  CHECK(b->name() == "b");
  CHECK(kText.substr(b->name_offset(), 3) == "\"b\"");
  const Value* const escaped = b->next();
  CHECK(escaped->name() == "é\t");
  CHECK(kText.substr(escaped->name_offset()).starts_with("\"é\\t\""));
  CHECK(escaped->first()->name().empty());
  CHECK(escaped->first()->name_offset() == 0);
}

TEST_CASE("values say what they are") {
  const ParseResult parsed = parse(R"({"n":1.50,"s":"a\u0000b","t":true,"f":false,"z":null,"l":[1,2],"o":{"x":0}})");
  REQUIRE(parsed.document);
  const Value& root = parsed.document->root();
  CHECK(root.is(Type::kObject));
  CHECK(root.size() == 7);
  CHECK(root.find("n")->digits() == "1.50");
  CHECK(root.find("n")->number() == 1.5);
  CHECK(root.find("s")->string() == std::string_view("a\0b", 3));
  CHECK(root.find("t")->boolean());
  CHECK_FALSE(root.find("f")->boolean());
  CHECK(root.find("z")->is(Type::kNull));
  CHECK(root.find("l")->size() == 2);
  CHECK(root.find("o")->find("x")->digits() == "0");
  CHECK(root.find("nothing") == nullptr);
  CHECK(root.find("l")->find("") == nullptr);
  CHECK(name_of(Type::kArray) == "an array");
}

TEST_CASE("a document outlives its text and moves") {
  std::optional<Document> kept;
  {
    std::string text = R"({"long enough to be on the heap, as a name":"and as a value, with \"escapes\" in it"})";
    kept = std::move(*parse(text).document);
    text.assign(text.size(), 'x');
  }
  const Document moved = std::move(*kept);
  CHECK(moved.root().first()->string() == "and as a value, with \"escapes\" in it");
}

TEST_CASE("a text that is refused gives its error and no document") {
  const ParseResult parsed = parse(R"({"a":[1,2,{"b":}]})");
  CHECK_FALSE(parsed.document);
  REQUIRE(parsed.error);
  CHECK(parsed.error->offset == 15);
}

TEST_CASE("the number of values is bounded") {
  std::string text = "[0";
  for (std::size_t i = 0; i < kMaxValues - 2; ++i) text += ",0";
  CHECK(parse(text + "]").document);
  const ParseResult parsed = parse(text + ",0]");
  REQUIRE(parsed.error);
  CHECK(parsed.error->message == "more than 1000000 values");
}

TEST_CASE("line and column are those of an editor") {
  const std::string text = "{\n  \"é\": 1,\r\n\t\"b\"\n";
  const auto at = [&](std::size_t offset) {
    const LineColumn place = locate(text, offset);
    return std::to_string(place.line) + ':' + std::to_string(place.column);
  };
  CHECK(at(0) == "1:1");
  CHECK(at(1) == "1:2");
  CHECK(at(2) == "2:1");
  CHECK(at(text.find(':')) == "2:6");
  CHECK(at(text.find("\"b\"")) == "3:2");
  CHECK(at(text.size()) == "4:1");
  CHECK(at(9999) == "4:1");
  CHECK(locate("\xEF\xBB\xBF{", 3).column == 1);
}

TEST_CASE("a line comes without its break") {
  const std::string_view text = "\xEF\xBB\xBFone\r\ntwo\n\nfour";
  CHECK(line_at(text, 0) == "\xEF\xBB\xBFone");
  CHECK(line_at(text, 4) == "one");
  CHECK(line_at(text, text.find("two")) == "two");
  CHECK(line_at(text, text.find("two") + 3) == "two");
  CHECK(line_at(text, text.find("\n\n") + 1).empty());
  CHECK(line_at(text, 9999) == "four");
  CHECK(line_at("", 0).empty());
}

}  // namespace
}  // namespace beckon::json
