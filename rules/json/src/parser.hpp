// The parser behind Reader and parse(): RapidJSON's iterative one, in place over a copy of the text, with everything
// that it lets through checked around it.
#pragma once

// White space and plain runs of strings go 16 bytes at a time where the machine can.
#ifdef __SSE2__
#define RAPIDJSON_SSE2
#endif

#include <rapidjson/reader.h>

#include <memory>
#include <vector>

#include "beckon/json/reader.hpp"
#include "syntax_error.hpp"

namespace beckon::json {

// The text, which the parser unescapes in place. Strings, names and numbers of events point in here.
class Buffer {
 public:
  // Makes the buffer hold `text`, ended as RapidJSON's aligned loads of 16 bytes need it.
  void assign(std::string_view text);
  [[nodiscard]] char* data() { return bytes_.get(); }

 private:
  std::unique_ptr<char[]> bytes_;
  std::size_t capacity_ = 0;
};

struct Reader::State {
  // An object or array that is being read; the names of its members so far are those in `names` from `first_name`.
  struct Level {
    std::size_t first_name;
  };

  Buffer buffer;
  rapidjson::Reader parser;
  std::vector<Level> levels;
  std::vector<std::string_view> names;
  // Where the value or name of the event that is being passed on begins.
  std::size_t event_offset = 0;

  [[nodiscard]] std::optional<Error> read(std::string_view text, Handler& handler, const ReadOptions& options);

 private:
  template <unsigned kFlags>
  std::optional<Error> run(std::string_view text, std::size_t begin, Handler& handler, const ReadOptions& options);
};

}  // namespace beckon::json
