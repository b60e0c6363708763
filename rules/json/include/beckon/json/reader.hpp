// The one JSON reader of Beckon. Everything that is JSON comes through here: frames from the network, rule files,
// settings, the journal. It refuses what a careless reader accepts: duplicate keys, text behind the document, bad UTF-8,
// deep nesting; and it never converts a number with the parser's own arithmetic (CVE-2024-38517).
//
//   json::ParseResult parsed = json::parse(text, {.dialect = json::Dialect::kCommented});
//   if (!parsed.document) report(parsed.error->offset, parsed.error->message);
//   const json::Value* rules = parsed.document->root().find("rules");
//
// Thread safety: free functions may be called from any thread; a Document may be read from many threads once built.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace beckon::json {

// Named bounds of what is read. Beyond one of them the text is refused with an error that names the bound.
inline constexpr std::size_t kMaxDepth = 32;                       // objects and arrays inside one another
inline constexpr std::size_t kMaxDocumentBytes = 4 * 1024 * 1024;  // a rule file, a settings file
inline constexpr std::size_t kMaxValues = 1'000'000;               // of a Document: each takes 72 bytes

enum class Dialect {
  kStrict,     // RFC 8259, nothing more
  kCommented,  // also `//` and `/* */` comments and trailing commas: files that people write
};

struct ReadOptions {
  Dialect dialect = Dialect::kStrict;
  std::size_t max_depth = kMaxDepth;
  std::size_t max_bytes = kMaxDocumentBytes;
};

// Why a text was refused, and the byte offset into it where that was seen.
struct Error {
  std::size_t offset = 0;
  std::string message;  // a sentence without a full stop: "expected ',' or '}' after the value"
};

// A place in a text, counted as an editor shows it: both from 1, columns in Unicode code points.
struct LineColumn {
  std::uint32_t line = 1;
  std::uint32_t column = 1;
};

// The line and column of byte `offset` of `text`; an offset behind the end gives the end. O(offset).
[[nodiscard]] LineColumn locate(std::string_view text, std::size_t offset);

// The whole line (without its line break) that holds byte `offset`. The view points into `text`.
[[nodiscard]] std::string_view line_at(std::string_view text, std::size_t offset);

// ---------------------------------------------------------------------------------------------------------------------
// Events, for what is hot: frames and journal lines.

// Receives the document's events in order. Strings are unescaped, may hold NUL bytes, and live until the reader reads its
// next text. Events come while the text is read: a text that is refused in the end has passed on those before the error.
// Returning false stops the reading; the result then is an Error with the handler's place and an empty message.
class Handler {
 public:
  virtual ~Handler() = default;
  virtual bool null() = 0;
  virtual bool boolean(bool value) = 0;
  virtual bool number(std::string_view digits) = 0;  // as written; see to_double and to_int64
  virtual bool string(std::string_view value) = 0;
  virtual bool key(std::string_view name) = 0;
  virtual bool begin_object() = 0;
  virtual bool end_object() = 0;
  virtual bool begin_array() = 0;
  virtual bool end_array() = 0;
};

// Reads one document and passes its events to `handler`. No allocation for documents whose strings hold no escapes,
// apart from what a reader keeps between calls: reuse one Reader per thread or session.
//
// Thread safety: none; one Reader serves one thread.
class Reader {
 public:
  struct State;  // the parser's own

  Reader();
  ~Reader();
  Reader(Reader&&) noexcept;
  Reader& operator=(Reader&&) noexcept;

  // Empty when the text was one well-formed document within `options`; else why not.
  [[nodiscard]] std::optional<Error> read(std::string_view text, Handler& handler, const ReadOptions& options = {});

  // While a handler is called: the byte offset at which its value or name begins in the text.
  [[nodiscard]] std::size_t offset() const;

 private:
  std::unique_ptr<State> state_;
};

// The number that JSON digits write, rounded to nearest; nullopt when it is beyond a double's range ("1e400").
[[nodiscard]] std::optional<double> to_double(std::string_view digits);

// The integer that the digits write exactly ("3", "3.0" and "3e0" are 3); nullopt for fractions and beyond int64.
[[nodiscard]] std::optional<std::int64_t> to_int64(std::string_view digits);

// ---------------------------------------------------------------------------------------------------------------------
// A tree with positions, for files that people write.

enum class Type : std::uint8_t { kNull, kBool, kNumber, kString, kArray, kObject };

// "a string", "an object"…: for messages.
[[nodiscard]] std::string_view name_of(Type type);

// One value of a document. Lives, like every view it returns, as long as its Document.
class Value {
 public:
  [[nodiscard]] Type type() const { return type_; }
  [[nodiscard]] bool is(Type type) const { return type_ == type; }

  // Byte offsets into the text: of the value's first byte, and one behind its last.
  [[nodiscard]] std::size_t begin_offset() const { return begin_; }
  [[nodiscard]] std::size_t end_offset() const { return end_; }
  // For a member of an object: its name, and the offset of the name's opening quote. Empty and 0 elsewhere.
  [[nodiscard]] std::string_view name() const { return {name_, name_size_}; }
  [[nodiscard]] std::size_t name_offset() const { return name_offset_; }

  [[nodiscard]] bool boolean() const { return boolean_; }                           // of a kBool
  [[nodiscard]] std::string_view digits() const { return {text_, text_size_}; }     // of a kNumber, as written
  [[nodiscard]] std::string_view string() const { return {text_, text_size_}; }     // of a kString
  [[nodiscard]] std::optional<double> number() const { return to_double(digits()); }  // of a kNumber

  // Members or elements in the order written: `for (const Value* v = x.first(); v; v = v->next())`.
  [[nodiscard]] const Value* first() const { return first_; }
  [[nodiscard]] const Value* next() const { return next_; }
  [[nodiscard]] std::size_t size() const { return size_; }
  // The member of that name, or nullptr.
  [[nodiscard]] const Value* find(std::string_view name) const;

 private:
  friend class TreeBuilder;
  Type type_ = Type::kNull;
  bool boolean_ = false;
  std::uint32_t name_size_ = 0;
  std::uint32_t text_size_ = 0;
  std::uint32_t size_ = 0;
  std::size_t begin_ = 0, end_ = 0, name_offset_ = 0;
  const char* name_ = nullptr;
  const char* text_ = nullptr;
  const Value* first_ = nullptr;
  const Value* next_ = nullptr;
};

// A parsed text. Owns all its values and strings; the text itself need not outlive it.
class Document {
 public:
  Document(Document&&) noexcept;
  Document& operator=(Document&&) noexcept;
  ~Document();
  [[nodiscard]] const Value& root() const;

 private:
  friend struct ParseResult parse(std::string_view, const ReadOptions&);
  Document();
  struct Arena;
  std::unique_ptr<Arena> arena_;
};

struct ParseResult {
  std::optional<Document> document;
  std::optional<Error> error;  // exactly one of the two is there
};

[[nodiscard]] ParseResult parse(std::string_view text, const ReadOptions& options = {});

}  // namespace beckon::json
