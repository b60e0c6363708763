#include "beckon/json/reader.hpp"

#include <algorithm>
#include <cstring>

#include "beckon/json/utf8.hpp"
#include "parser.hpp"

namespace beckon::json {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
constexpr std::size_t kPadding = 32;            // behind the text: a NUL, and room for an aligned load that starts at it
constexpr std::size_t kKeptBytes = 256 * 1024;  // a larger buffer is given back at the next text
constexpr std::size_t kComparedNames = 16;      // more names in one object are sorted instead

// A surrogate as UTF-8 would write it, which only an escape without its other half can have left in a string.
bool has_surrogate(std::string_view value) {
  for (std::size_t i = value.find('\xED'); i != std::string_view::npos; i = value.find('\xED', i + 1)) {
    if (i + 1 < value.size() && static_cast<unsigned char>(value[i + 1]) >= 0xA0) return true;
  }
  return false;
}

Expected expected_by(rapidjson::ParseErrorCode code) {
  switch (code) {
    case rapidjson::kParseErrorDocumentEmpty: return Expected::kDocument;
    case rapidjson::kParseErrorDocumentRootNotSingular: return Expected::kEnd;
    case rapidjson::kParseErrorObjectMissName: return Expected::kName;
    case rapidjson::kParseErrorObjectMissColon: return Expected::kColon;
    case rapidjson::kParseErrorObjectMissCommaOrCurlyBracket: return Expected::kCommaOrBrace;
    case rapidjson::kParseErrorArrayMissCommaOrSquareBracket: return Expected::kCommaOrBracket;
    case rapidjson::kParseErrorStringUnicodeEscapeInvalidHex: return Expected::kHexDigits;
    case rapidjson::kParseErrorStringUnicodeSurrogateInvalid: return Expected::kSecondSurrogate;
    case rapidjson::kParseErrorStringEscapeInvalid: return Expected::kEscape;
    case rapidjson::kParseErrorStringMissQuotationMark: return Expected::kClosingQuote;
    case rapidjson::kParseErrorNumberTooBig: return Expected::kSmallerNumber;
    case rapidjson::kParseErrorNumberMissFraction: return Expected::kFraction;
    case rapidjson::kParseErrorNumberMissExponent: return Expected::kExponent;
    case rapidjson::kParseErrorUnspecificSyntaxError: return Expected::kComment;
    default: return Expected::kValue;
  }
}

// RapidJSON's handler: checks what RapidJSON does not, notes where each event is, and passes it on.
class Events {
 public:
  Events(Reader::State& state, rapidjson::InsituStringStream& stream, std::string_view text, Handler& handler,
         const ReadOptions& options)
      : state_(state), stream_(stream), text_(text), handler_(handler), max_depth_(options.max_depth),
        escapes_(text.find('\\') != std::string_view::npos) {}

  // Why an event stopped the parser.
  [[nodiscard]] Error take_error() {
    return error_ ? *std::move(error_) : Error{state_.event_offset, {}};
  }

  bool Null() { return at(stream_.Tell() - 4) && handler_.null(); }
  bool Bool(bool value) { return at(stream_.Tell() - (value ? 4 : 5)) && handler_.boolean(value); }
  bool RawNumber(const char* digits, rapidjson::SizeType size, bool) {
    return at(offset_of(digits)) && handler_.number({digits, size});
  }
  bool String(const char* value, rapidjson::SizeType size, bool) {
    return at(offset_of(value) - 1) && whole({value, size}) && handler_.string({value, size});
  }
  bool Key(const char* name, rapidjson::SizeType size, bool) {
    return at(offset_of(name) - 1) && whole({name, size}) && fresh({name, size}) && handler_.key({name, size});
  }
  bool StartObject() { return at(stream_.Tell()) && enter() && handler_.begin_object(); }
  bool EndObject(rapidjson::SizeType) { return at(stream_.Tell()) && leave() && handler_.end_object(); }
  bool StartArray() { return at(stream_.Tell()) && enter() && handler_.begin_array(); }
  bool EndArray(rapidjson::SizeType) { return at(stream_.Tell()) && leave() && handler_.end_array(); }
  // Never called: numbers come as their digits.
  bool Int(int) { return false; }
  bool Uint(unsigned) { return false; }
  bool Int64(int64_t) { return false; }
  bool Uint64(uint64_t) { return false; }
  bool Double(double) { return false; }

 private:
  bool at(std::size_t offset) {
    state_.event_offset = offset;
    return true;
  }

  [[nodiscard]] std::size_t offset_of(const char* part) const { return static_cast<std::size_t>(part - stream_.head_); }

  bool fail(Error error) {
    error_ = std::move(error);
    return false;
  }

  bool whole(std::string_view value) {
    if (!escapes_ || !has_surrogate(value)) return true;
    std::size_t offset = state_.event_offset;
    while (text_.substr(offset, 2) != "\\u" || !lone_surrogate(offset)) offset += text_[offset] == '\\' ? 2 : 1;
    return fail(syntax_error(text_, offset, Expected::kSecondSurrogate, Dialect::kStrict));
  }

  // Whether the escape at `offset` is the second half of a pair without the first: the first without the second is
  // RapidJSON's to find, so a pair is skipped as two escapes.
  bool lone_surrogate(std::size_t& offset) const {
    const auto is = [&](std::size_t i, std::string_view lead) {
      return (text_[i + 2] == 'd' || text_[i + 2] == 'D') && lead.find(text_[i + 3]) != std::string_view::npos;
    };
    if (is(offset, "cdefCDEF")) return true;
    if (is(offset, "89abAB")) offset += 6;
    return false;
  }

  bool enter() {
    if (state_.levels.size() >= max_depth_) {
      return fail({state_.event_offset, "objects and arrays inside one another more than " +
                                            std::to_string(max_depth_) + " deep"});
    }
    state_.levels.push_back({state_.names.size()});
    return true;
  }

  bool leave() {
    const std::size_t first = state_.levels.back().first_name;
    state_.levels.pop_back();
    const bool ok = state_.names.size() - first <= kComparedNames || all_different(first);
    state_.names.resize(first);
    return ok;
  }

  bool fresh(std::string_view name) {
    const std::size_t first = state_.levels.back().first_name;
    if (state_.names.size() - first < kComparedNames) {
      for (std::size_t i = first; i < state_.names.size(); ++i) {
        if (state_.names[i] == name) return twice(state_.names[i], name);
      }
    }
    state_.names.push_back(name);
    return true;
  }

  // Compares the names of a large object when it is complete: sorting bounds the work that a hostile text can cause.
  bool all_different(std::size_t first) {
    const auto begin = state_.names.begin() + static_cast<std::ptrdiff_t>(first);
    std::sort(begin, state_.names.end(), [](std::string_view a, std::string_view b) {
      const int order = a.compare(b);
      return order < 0 || (order == 0 && a.data() < b.data());
    });
    std::string_view* earliest = nullptr;  // the second of a pair, the first such in the text
    for (auto name = begin + 1; name != state_.names.end(); ++name) {
      if (*name == name[-1] && (earliest == nullptr || name->data() < earliest->data())) earliest = &*name;
    }
    return earliest == nullptr || twice(earliest[-1], *earliest);
  }

  bool twice(std::string_view first, std::string_view second) {
    return fail(duplicate_error(text_, second, offset_of(first.data()) - 1, offset_of(second.data()) - 1));
  }

  Reader::State& state_;
  rapidjson::InsituStringStream& stream_;
  std::string_view text_;
  Handler& handler_;
  std::size_t max_depth_;
  bool escapes_;
  std::optional<Error> error_;
};

}  // namespace

void Buffer::assign(std::string_view text) {
  const std::size_t needed = text.size() + kPadding;
  if (capacity_ < needed || (capacity_ > kKeptBytes && needed <= kKeptBytes)) {
    capacity_ = std::max<std::size_t>(needed + needed / 2, 1024);
    bytes_ = std::make_unique_for_overwrite<char[]>(capacity_);
  }
  std::memcpy(bytes_.get(), text.data(), text.size());
  std::memset(bytes_.get() + text.size(), 0, kPadding);
}

std::optional<Error> Reader::State::read(std::string_view text, Handler& handler, const ReadOptions& options) {
  if (text.size() > options.max_bytes) {
    return Error{options.max_bytes, "the text is longer than " + std::to_string(options.max_bytes) + " bytes"};
  }
  if (const std::optional<std::size_t> bad = find_bad_byte(text)) return bad_byte_error(text, *bad);
  buffer.assign(text);
  levels.clear();
  names.clear();
  const std::size_t begin = text.starts_with(kByteOrderMark) ? kByteOrderMark.size() : 0;
  // No kParseValidateEncodingFlag: find_bad_byte has looked at comments too, and without it plain runs of strings go 16
  // bytes at a time.
  constexpr unsigned kStrict = rapidjson::kParseIterativeFlag | rapidjson::kParseInsituFlag |
                               rapidjson::kParseNumbersAsStringsFlag;
  constexpr unsigned kCommented = kStrict | rapidjson::kParseCommentsFlag | rapidjson::kParseTrailingCommasFlag;
  return options.dialect == Dialect::kStrict ? run<kStrict>(text, begin, handler, options)
                                             : run<kCommented>(text, begin, handler, options);
}

template <unsigned kFlags>
std::optional<Error> Reader::State::run(std::string_view text, std::size_t begin, Handler& handler,
                                        const ReadOptions& options) {
  rapidjson::InsituStringStream stream(buffer.data() + begin);
  stream.head_ = buffer.data();  // offsets count from the text's first byte, mark included
  Events events(*this, stream, text, handler, options);
  const rapidjson::ParseResult result = parser.Parse<kFlags>(stream, events);
  if (!result.IsError()) return std::nullopt;
  if (result.Code() == rapidjson::kParseErrorTermination) return events.take_error();
  return syntax_error(text, result.Offset(), expected_by(result.Code()), options.dialect);
}

Reader::Reader() : state_(std::make_unique<State>()) {}
Reader::~Reader() = default;
Reader::Reader(Reader&&) noexcept = default;
Reader& Reader::operator=(Reader&&) noexcept = default;

std::optional<Error> Reader::read(std::string_view text, Handler& handler, const ReadOptions& options) {
  return state_->read(text, handler, options);
}

std::size_t Reader::offset() const { return state_->event_offset; }

}  // namespace beckon::json
