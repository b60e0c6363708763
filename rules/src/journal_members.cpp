#include "journal_members.hpp"

namespace beckon::rules {

void JournalMembers::clear() {
  present_ = 0;
  data_.clear();
  skills_.clear();
  depth_ = 0;
  is_object_ = false;
}

bool JournalMembers::key(std::string_view name) {
  if (depth_ == kLine) {
    const std::optional<std::size_t> known = kKeyNames.find(name);
    key_ = known ? static_cast<Key>(*known) : kUnknown;
  } else if (depth_ == kInside) {
    inner_name_ = name;
  }
  return true;
}

bool JournalMembers::add(const Member& member) {
  if (depth_ == 0) return false;  // a line that is no object
  if (key_ == kUnknown) return true;
  if (depth_ == kLine) {
    present_ |= std::uint64_t{1} << static_cast<unsigned>(key_);
    members_[static_cast<std::size_t>(key_)] = member;
  } else if (depth_ == kInside) {
    if (std::vector<FlatMember>* const flat = flat_of(key_)) flat->push_back({inner_name_, member});
  }
  return true;
}

bool JournalMembers::begin(json::Type type) {
  if (depth_ == 0) {
    is_object_ = type == json::Type::kObject;
    ++depth_;
    return is_object_;
  }
  add({type, false, {}, reader_.offset()});
  ++depth_;
  return true;
}

std::vector<FlatMember>* JournalMembers::flat_of(Key key) {
  if (members_[static_cast<std::size_t>(key)].type != json::Type::kObject) return nullptr;
  if (key == Key::kData) return &data_;
  return key == Key::kSkills ? &skills_ : nullptr;
}

}  // namespace beckon::rules
