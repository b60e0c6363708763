// A journal line's members as they were written, whatever their order: collected while the line is read, understood
// when its type is known.
#pragma once

#include <array>
#include <string_view>
#include <vector>

#include "beckon/json/reader.hpp"
#include "beckon/rules/event.hpp"
#include "journal_fields.hpp"

namespace beckon::rules {

// One member's value. `text` is a string's or a number's.
struct Member {
  json::Type type = json::Type::kNull;
  bool boolean = false;
  std::string_view text;
  std::size_t offset = 0;
};

// A member of a flat object, for which `data` and `skills` are read.
struct FlatMember {
  std::string_view name;
  Member value;
};

class JournalMembers final : public json::Handler {
 public:
  explicit JournalMembers(const json::Reader& reader) : reader_(reader) {}

  void clear();

  // The member of that key; nullptr when it is absent or null.
  [[nodiscard]] const Member* find(Key key) const {
    const Member* const member = find_or_null(key);
    return member != nullptr && member->type != json::Type::kNull ? member : nullptr;
  }
  // The same, but null is a value.
  [[nodiscard]] const Member* find_or_null(Key key) const {
    return (present_ >> static_cast<unsigned>(key) & 1) != 0 ? &members_[static_cast<std::size_t>(key)] : nullptr;
  }
  // What the object of key kData or kSkills holds.
  [[nodiscard]] const std::vector<FlatMember>& flat(Key key) const { return key == Key::kSkills ? skills_ : data_; }
  [[nodiscard]] bool is_object() const { return is_object_; }

  bool null() override { return add({json::Type::kNull, false, {}, reader_.offset()}); }
  bool boolean(bool value) override { return add({json::Type::kBool, value, {}, reader_.offset()}); }
  bool number(std::string_view digits) override { return add({json::Type::kNumber, false, digits, reader_.offset()}); }
  bool string(std::string_view value) override { return add({json::Type::kString, false, value, reader_.offset()}); }
  bool key(std::string_view name) override;
  bool begin_object() override { return begin(json::Type::kObject); }
  bool begin_array() override { return begin(json::Type::kArray); }
  bool end_object() override { return end(); }
  bool end_array() override { return end(); }

 private:
  static constexpr Key kUnknown = Key{kKeys};
  static constexpr int kLine = 1, kInside = 2;  // depth of the line's members, and of those of its objects

  bool add(const Member& member);
  bool begin(json::Type type);
  bool end() { return --depth_, true; }
  std::vector<FlatMember>* flat_of(Key key);

  const json::Reader& reader_;
  std::array<Member, kKeys> members_{};
  std::uint64_t present_ = 0;
  std::vector<FlatMember> data_, skills_;
  std::string_view inner_name_;
  Key key_ = kUnknown;
  int depth_ = 0;
  bool is_object_ = false;
};

}  // namespace beckon::rules
