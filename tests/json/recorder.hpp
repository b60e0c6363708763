// Writes the events of a document down, so that a test can compare them with a line of text.
#pragma once

#include <string>

#include "beckon/json/reader.hpp"

namespace beckon::json::test {

class Recorder final : public Handler {
 public:
  std::string events;

  bool null() override { return add("null"); }
  bool boolean(bool value) override { return add(value ? "true" : "false"); }
  bool number(std::string_view digits) override { return add(digits); }
  bool string(std::string_view value) override { return add(std::string("'").append(value).append("'")); }
  bool key(std::string_view name) override { return add(std::string(name) + ":"); }
  bool begin_object() override { return add("{"); }
  bool end_object() override { return add("}"); }
  bool begin_array() override { return add("["); }
  bool end_array() override { return add("]"); }

 private:
  bool add(std::string_view event) {
    if (!events.empty()) events += ' ';
    events += event;
    return true;
  }
};

// The events of `text`, or its error as "offset: message".
inline std::string read(std::string_view text, const ReadOptions& options = {}) {
  Reader reader;
  Recorder recorder;
  if (const std::optional<Error> error = reader.read(text, recorder, options)) {
    return std::to_string(error->offset) + ": " + error->message;
  }
  return recorder.events;
}

inline std::string read_commented(std::string_view text) { return read(text, {.dialect = Dialect::kCommented}); }

}  // namespace beckon::json::test
