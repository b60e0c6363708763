#include "operators/fields.hpp"

#include <algorithm>

namespace beckon::operators {
namespace {

std::string quoted(std::string_view text) { return '"' + std::string(text) + '"'; }

bool has_controls(std::string_view text) {
  return std::any_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < ' ' || c == 0x7f; });
}

std::string take_text(const json::Value& value, std::size_t most, std::string& out) {
  if (!value.is(json::Type::kString)) return "must be a text";
  if (value.string().size() > most) return "may have " + std::to_string(most) + " bytes";
  if (has_controls(value.string())) return "may have no control characters";
  out = value.string();
  return {};
}

}  // namespace

std::string read_object(std::string_view text, std::initializer_list<Field> fields) {
  const json::ParseResult parsed = json::parse(text, {.max_depth = 4});
  if (!parsed.document) return "this is no JSON: " + parsed.error->message;
  const json::Value& root = parsed.document->root();
  if (!root.is(json::Type::kObject)) return "a JSON object is expected";
  for (const json::Value* member = root.first(); member; member = member->next()) {
    const auto field = std::find_if(fields.begin(), fields.end(),
                                    [&](const Field& f) { return f.name == member->name(); });
    if (field == fields.end()) return "there is no field " + quoted(member->name().substr(0, 64));
    if (std::string wrong = field->read(*member); !wrong.empty()) return std::string(field->name) + ' ' + wrong;
  }
  for (const Field& field : fields) {
    if (field.presence == Presence::kRequired && !root.find(field.name))
      return std::string(field.name) + " is missing";
  }
  return {};
}

FieldReader text_into(std::string& out, std::size_t most) {
  return [&out, most](const json::Value& value) { return take_text(value, most, out); };
}

FieldReader texts_into(std::vector<std::string>& out, std::size_t most, std::size_t most_bytes) {
  return [&out, most, most_bytes](const json::Value& value) -> std::string {
    if (!value.is(json::Type::kArray)) return "must be a list of texts";
    if (value.size() > most) return "may have " + std::to_string(most) + " entries";
    out.clear();
    for (const json::Value* each = value.first(); each; each = each->next()) {
      if (std::string wrong = take_text(*each, most_bytes, out.emplace_back()); !wrong.empty())
        return "has an entry that " + wrong;
    }
    return {};
  };
}

FieldReader number_into(int& out, int least, int most) {
  return [&out, least, most](const json::Value& value) -> std::string {
    const auto number = value.is(json::Type::kNumber) ? json::to_int64(value.digits()) : std::nullopt;
    if (!number || *number < least || *number > most)
      return "must be a whole number from " + std::to_string(least) + " to " + std::to_string(most);
    out = static_cast<int>(*number);
    return {};
  };
}

FieldReader switch_into(bool& out) {
  return [&out](const json::Value& value) -> std::string {
    if (!value.is(json::Type::kBool)) return "must be true or false";
    out = value.boolean();
    return {};
  };
}

}  // namespace beckon::operators
