#include "store/operator_rules.hpp"

#include <algorithm>
#include <string>

#include "store/limits.hpp"

namespace beckon::store {
namespace {

base::Error invalid(const char* why) { return {base::ErrorCode::kInvalid, why}; }

bool is_login(std::string_view login) {
  return !login.empty() && login.size() <= kMaxLoginBytes &&
         std::none_of(login.begin(), login.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
}

template <class List, class Text>
bool tags_fit(const List& tags, Text text) {
  return tags.size() <= kMaxOperatorTags && std::all_of(tags.begin(), tags.end(), [&](const auto& tag) {
           return !text(tag).empty() && text(tag).size() <= kMaxChatTextBytes;
         });
}

}  // namespace

bool is_active_admin(const OperatorRecord& record) { return record.role == Role::kAdmin && !record.disabled; }

base::Status check(const OperatorRecord& record) {
  const auto itself = [](const std::string& text) -> const std::string& { return text; };
  const auto of_id = [](const base::SiteId& id) -> const std::string& { return id.text(); };
  if (!base::is_operator_id(record.id.text())) return invalid("an operator needs an id");
  if (!is_login(record.login)) return invalid("a login has 1 to 64 bytes and no upper case");
  if (record.capacity < 1 || record.capacity > kMaxCapacity) return invalid("a capacity is 1 to 50 chats");
  for (const std::string* text : {&record.name, &record.picture, &record.password_hash}) {
    if (text->size() > kMaxChatTextBytes) return invalid("a text of an operator is over 512 bytes");
  }
  if (!tags_fit(record.skills, itself) || !tags_fit(record.groups, itself) || !tags_fit(record.sites, of_id)) {
    return invalid("an operator has at most 50 skills, groups and sites each, of 1 to 512 bytes");
  }
  return {};
}

base::Result<OperatorRecord> save_operator(OperatorRows& rows, OperatorRecord record, std::uint64_t expected_version,
                                           LastAdmin last_admin) {
  const auto kept = rows.find(record.id);
  if (!kept && expected_version != 0) return base::Error{base::ErrorCode::kNotFound, "no such operator"};
  if (kept && kept->version != expected_version) {
    return base::Error{base::ErrorCode::kConflict, "somebody else changed the operator"};
  }
  if (const auto holder = rows.find_login(record.login); holder && *holder != record.id) {
    return base::Error{base::ErrorCode::kConflict, "another operator has that login"};
  }
  // Counted here and not by who asks: two admins may take the role from each other at the same time.
  const bool ends_admin = kept && is_active_admin(*kept) && !is_active_admin(record);
  if (ends_admin && last_admin == LastAdmin::kStays && rows.count_admins() == 1) {
    return base::Error{base::ErrorCode::kConflict, "this is the last admin who can sign in"};
  }
  if (!kept && rows.count() >= kMaxOperators) return invalid("there are 1,000 operators already");
  record.version = expected_version + 1;
  if (kept) record.created = kept->created;
  rows.put(record);
  return record;
}

}  // namespace beckon::store
