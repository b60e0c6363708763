#include "beckon/json/reader.hpp"

#include <catch2/catch.hpp>
#include <string>

#include "json/recorder.hpp"

namespace beckon::json::test {
namespace {

using namespace std::string_literals;

TEST_CASE("a document's events come in order") {
  CHECK(read(R"({"a":1,"b":[true,false,null,"x"],"c":{}})") == "{ a: 1 b: [ true false null 'x' ] c: { } }");
  CHECK(read(" \t\r\n 7 \n") == "7");
  CHECK(read(R"("alone")") == "'alone'");
  CHECK(read("[]") == "[ ]");
}

TEST_CASE("strings are unescaped and keep every byte") {
  CHECK(read(R"("\"\\\/\b\f\n\r\t")") == "'\"\\/\b\f\n\r\t'");
  CHECK(read(R"("\u00e9\u20AC\ud83d\ude00")") == "'é€😀'");
  CHECK(read(R"(["a\u0000b"])") == "[ 'a\0b' ]"s);
  CHECK(read(R"({"k\u0000":1})") == "{ k\0: 1 }"s);
  CHECK(read("\"é€😀\x7F\"") == "'é€😀\x7F'");
  const std::string longer(1000, 'x');
  CHECK(read('"' + longer + "\\n" + longer + '"') == "'" + longer + "\n" + longer + "'");
}

TEST_CASE("numbers come as their digits, however strange") {
  const auto* number = GENERATE("0", "-0", "12", "-1.5", "1e5", "1E+05", "1.25e-10", "0.0000000001e-2147483639", "1e-400",
                                "18446744073709551616", "123456789012345678901234567890", "0.1000000000000000055511151231257827");
  CHECK(read(number) == number);
}

TEST_CASE("strings live until the reader's next text") {
  struct Keeper : Handler {
    std::vector<std::string_view> kept;
    bool keep(std::string_view text) { return kept.push_back(text), true; }
    bool null() override { return true; }
    bool boolean(bool) override { return true; }
    bool number(std::string_view digits) override { return keep(digits); }
    bool string(std::string_view value) override { return keep(value); }
    bool key(std::string_view name) override { return keep(name); }
    bool begin_object() override { return true; }
    bool end_object() override { return true; }
    bool begin_array() override { return true; }
    bool end_array() override { return true; }
  } keeper;
  Reader reader;
  REQUIRE_FALSE(reader.read(R"({"k\u0065y":"v\nw","n":12})", keeper));
  CHECK(keeper.kept == std::vector<std::string_view>{"key", "v\nw", "n", "12"});
}

TEST_CASE("a handler that has seen enough stops the reading at its place") {
  struct Stopper : Handler {
    std::string at;
    bool go(const char* event) const { return at != event; }
    bool null() override { return go("null"); }
    bool boolean(bool) override { return go("boolean"); }
    bool number(std::string_view) override { return go("number"); }
    bool string(std::string_view) override { return go("string"); }
    bool key(std::string_view) override { return go("key"); }
    bool begin_object() override { return go("{"); }
    bool end_object() override { return go("}"); }
    bool begin_array() override { return go("["); }
    bool end_array() override { return go("]"); }
  } stopper;
  const std::string_view text = R"( {"k":["\u0020",1,false,null]})";
  const auto [event, written] = GENERATE(table<const char*, const char*>({
      {"{", "{"}, {"key", "\"k\""}, {"[", "["}, {"string", "\"\\u0020\""}, {"number", "1"}, {"boolean", "false"},
      {"null", "null"}, {"]", "]"}, {"}", "}"},
  }));
  stopper.at = event;
  const std::optional<Error> error = Reader().read(text, stopper);
  INFO(event);
  REQUIRE(error);
  CHECK(error->message.empty());
  CHECK(error->offset == text.find(written));
}

TEST_CASE("the commented dialect allows comments and trailing commas, the strict one does not") {
  const char* text = "// one\n{ /* two * / ** **/ \"a\": [1, 2,], // three\n \"b\": \"/* no // comment */\", } // end";
  CHECK(read_commented(text) == "{ a: [ 1 2 ] b: '/* no // comment */' }");
  CHECK(read(text) == "0: comments are not allowed here");
  CHECK(read("[1 /* x */]") == "3: comments are not allowed here");
  CHECK(read("[1,]") == "3: no comma may stand before ']'");
  CHECK(read("{\"a\":1,}") == "7: no comma may stand before '}'");
  CHECK(read_commented("[,]") == "1: expected a value, found ','");
  CHECK(read_commented("[1,,]") == "3: expected a value, found ','");
  CHECK(read_commented("{,}") == "1: expected a member's name in double quotes, or '}', found ','");
}

TEST_CASE("a byte order mark in front is skipped, elsewhere refused") {
  CHECK(read("\xEF\xBB\xBF[1]") == "[ 1 ]");
  CHECK(read("\xEF\xBB\xBF[x]") == "4: expected a value, found \"x\"; strings stand in double quotes");
  CHECK(read("[\xEF\xBB\xBF]").starts_with("1: "));
  CHECK(read("\xEF\xBB\xBF") == "3: expected a value, found nothing");
  CHECK(read("\xFF\xFE{\0}\0"s) == "0: the text is UTF-16; JSON is UTF-8");
}

TEST_CASE("depth is bounded, and the parser does not use the stack for it") {
  const auto nested = [](std::size_t depth) { return std::string(depth, '[') + std::string(depth, ']'); };
  CHECK(read(nested(kMaxDepth)).starts_with("[ [ ["));
  CHECK(read(nested(kMaxDepth + 1)) == "32: objects and arrays inside one another more than 32 deep");
  CHECK(read(std::string(60'000, '[')) == "32: objects and arrays inside one another more than 32 deep");
  CHECK(read(nested(100'000), {.max_depth = 100'000}).size() == 399'999);
}

TEST_CASE("length is bounded") {
  CHECK(read("[1,2]", {.max_bytes = 5}) == "[ 1 2 ]");
  CHECK(read("[1,2]", {.max_bytes = 4}) == "4: the text is longer than 4 bytes");
}

TEST_CASE("a name may be in an object once") {
  CHECK(read(R"({"a":1,"b":{"a":2},"c":[{"a":3},{"a":4}]})").starts_with("{ a: 1"));
  CHECK(read(R"({"a":1,"b":2,"a":3})") == R"(13: the key "a" is there twice)");
  CHECK(read(R"({"a":1,"\u0061":3})") == R"(7: the key "a" is there twice)");
  CHECK(read(R"({"":1,"":3})") == R"(6: the key "" is there twice)");
  CHECK(read("{\"a\":1,\n\n\"a\":3}") == R"(9: the key "a" is there twice, first on line 1)");
  CHECK(read(R"({"o":{"a":1,"b":2,"b":3}})") == R"(18: the key "b" is there twice)");
}

TEST_CASE("a name that is there twice is found in objects of any size") {
  const std::size_t size = GENERATE(2, 15, 16, 17, 18, 1000);
  std::string text = "{";
  for (std::size_t i = 0; i < size; ++i) text += "\"k" + std::to_string(i) + "\":0,";
  CHECK(read(text + "\"x\":0}").starts_with("{ k0: 0"));
  const std::string offset = std::to_string(text.size());
  CHECK(read(text + "\"k1\":0}") == offset + ": the key \"k1\" is there twice");
  CHECK(read(text + "\"k1\":0,\"k0\":0,\"k1\":0}") == offset + ": the key \"k1\" is there twice");
}

TEST_CASE("one reader reads many texts, good and bad") {
  Reader reader;
  for (int i = 0; i < 3; ++i) {
    Recorder good, bad;
    CHECK_FALSE(reader.read(R"({"a":{"b":[1,"\n"]}})", good));
    CHECK(good.events == "{ a: { b: [ 1 '\n' ] } }");
    CHECK(reader.read(R"({"a":{"b":[1,"\n")", bad));
  }
}

}  // namespace
}  // namespace beckon::json::test
