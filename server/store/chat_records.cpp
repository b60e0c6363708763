#include "store/chat_records.hpp"

#include "beckon/json/writer.hpp"
#include "store/operator_records.hpp"

namespace beckon::store {

std::string_view name_of(ConversationState state) {
  switch (state) {
    case ConversationState::kWaiting: return "waiting";
    case ConversationState::kAssigned: return "assigned";
    case ConversationState::kClosed: return "closed";
  }
  return "";
}

std::string_view name_of(Author author) {
  switch (author) {
    case Author::kVisitor: return "visitor";
    case Author::kOperator: return "operator";
    case Author::kSystem: return "system";
    case Author::kInvitation: return "invite";
  }
  return "";
}

std::string_view name_of(MessageKind kind) {
  switch (kind) {
    case MessageKind::kText: return "text";
    case MessageKind::kFile: return "file";
    case MessageKind::kEvent: return "event";
  }
  return "";
}

std::string_view name_of(TaskKind kind) { return kind == TaskKind::kCallback ? "callback" : "message"; }

std::string_view name_of(Role role) { return role == Role::kAdmin ? "admin" : "operator"; }

std::string file_body(const FileRecord& file) {
  std::string body;
  json::Writer out(body);
  out.begin_object().key("id").string(file.id.text()).key("name").string(file.name).key("type").string(file.type);
  out.key("bytes").number(static_cast<std::int64_t>(file.bytes));
  if (file.width != 0) out.key("width").number(std::int64_t{file.width});
  if (file.height != 0) out.key("height").number(std::int64_t{file.height});
  out.end_object();
  return body;
}

}  // namespace beckon::store
