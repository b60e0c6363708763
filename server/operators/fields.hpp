// Reads one JSON object whose members are known, and nothing else: the body of a request.
//
//   std::string login, password;
//   if (std::string wrong = read_object(body, {{"login", text_into(login, 64)}, {"password", text_into(password, 256)}});
//       !wrong.empty()) refuse(wrong);                    // "password is missing", "there is no field \"role\""
//
// Thread safety: free functions; any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "beckon/json/reader.hpp"

namespace beckon::operators {

enum class Presence : std::uint8_t { kRequired, kOptional };

struct Field {
  std::string_view name;
  // Takes the value; what is wrong with it, to stand behind the field's name: "must be a text". Empty: nothing.
  std::function<std::string(const json::Value&)> read;
  Presence presence = Presence::kRequired;
};

// What is wrong with the text, a sentence without a full stop; empty when every required field was there and none
// unknown.
[[nodiscard]] std::string read_object(std::string_view text, std::initializer_list<Field> fields);

using FieldReader = std::function<std::string(const json::Value&)>;
// A text of at most `most` bytes without control characters. `out` must outlive the reading.
[[nodiscard]] FieldReader text_into(std::string& out, std::size_t most);
[[nodiscard]] FieldReader texts_into(std::vector<std::string>& out, std::size_t most, std::size_t most_bytes);
[[nodiscard]] FieldReader number_into(int& out, int least, int most);
[[nodiscard]] FieldReader switch_into(bool& out);

}  // namespace beckon::operators
