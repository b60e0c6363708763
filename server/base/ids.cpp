#include "base/ids.hpp"

#include <algorithm>

#include "base/secret.hpp"

namespace beckon::base {
namespace {

constexpr std::size_t kIdBytes = 16;
constexpr std::size_t kIdCharacters = 22;  // 128 bits in base64url

bool is_name_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
}

bool has_shape(std::string_view text, std::string_view prefix) {
  return text.size() == prefix.size() + kIdCharacters && text.starts_with(prefix) && is_plain_name(text);
}

}  // namespace

VisitorId new_visitor_id() { return VisitorId("v_" + random_text(kIdBytes)); }
OfferId new_offer_id() { return OfferId("o_" + random_text(kIdBytes)); }
ConversationId new_conversation_id() { return ConversationId("c_" + random_text(kIdBytes)); }
OperatorId new_operator_id() { return OperatorId("p_" + random_text(kIdBytes)); }
FileId new_file_id() { return FileId("f_" + random_text(kIdBytes)); }
TaskId new_task_id() { return TaskId("t_" + random_text(kIdBytes)); }

bool is_visitor_id(std::string_view text) { return has_shape(text, "v_"); }
bool is_offer_id(std::string_view text) { return has_shape(text, "o_"); }
bool is_conversation_id(std::string_view text) { return has_shape(text, "c_"); }
bool is_operator_id(std::string_view text) { return has_shape(text, "p_"); }
bool is_file_id(std::string_view text) { return has_shape(text, "f_"); }
bool is_task_id(std::string_view text) { return has_shape(text, "t_"); }

bool is_plain_name(std::string_view text) {
  return !text.empty() && text.size() <= 64 && std::all_of(text.begin(), text.end(), is_name_character);
}

}  // namespace beckon::base
