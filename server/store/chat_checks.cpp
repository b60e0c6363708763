#include <string>

#include "store/chat_rules.hpp"
#include "store/limits.hpp"

namespace beckon::store {
namespace {

base::Error invalid(std::string message) { return {base::ErrorCode::kInvalid, std::move(message)}; }

template <class... Texts>
bool all_fit(const Texts&... texts) {
  return ((texts.size() <= kMaxChatTextBytes) && ...);
}

template <class... Ids>
bool all_ids_fit(const Ids&... ids) {
  return all_fit(ids.text()...);
}

base::Error too_long() { return invalid("a text is over " + std::to_string(kMaxChatTextBytes) + " bytes"); }

base::Status check_key(const NewMessage& message) {
  const bool may_go_without = message.author == Author::kSystem || message.author == Author::kInvitation;
  if (message.key.empty() && may_go_without) return {};
  const std::size_t size = message.key.size();
  if (size >= kMinMessageKey && size <= kMaxMessageKey && base::is_plain_name(message.key)) return {};
  return invalid("a message's key has 16 to 64 characters of A-Z, a-z, 0-9, _ and -");
}

}  // namespace

base::Status check(const Conversation& fresh) {
  if (fresh.id.empty() || fresh.visitor.empty()) return invalid("a conversation needs an id and a visitor");
  if (fresh.state == ConversationState::kClosed) return invalid("a conversation cannot begin closed");
  if ((fresh.state == ConversationState::kAssigned) == fresh.operator_id.empty()) {
    return invalid("an assigned conversation has an operator, and no other has");
  }
  if (fresh.context.size() > kMaxContextBytes) return invalid("a conversation's context is over 8 KiB");
  if (!all_fit(fresh.skill, fresh.group, fresh.name, fresh.email, fresh.language)) return too_long();
  if (!all_ids_fit(fresh.id, fresh.visitor, fresh.operator_id, fresh.rule, fresh.offer)) return too_long();
  return {};
}

base::Status check(const NewMessage& message) {
  if (base::Status key = check_key(message); !key) return key;
  if (message.author == Author::kOperator && message.operator_id.empty()) return invalid("an operator has an id");
  if (message.kind == MessageKind::kFile && message.file.empty()) return invalid("a file has an id");
  if (message.kind != MessageKind::kFile && message.body.empty()) return invalid("a message must not be empty");
  if (message.body.size() > kMaxMessageBytes) return invalid("a message is over 8,192 bytes");
  if (!all_fit(message.name) || !all_ids_fit(message.operator_id)) return too_long();
  return {};
}

base::Status check(const ConversationChange& change, const std::optional<NewMessage>& line) {
  if ((change.state == ConversationState::kAssigned) == change.operator_id.empty()) {
    return invalid("an assigned conversation has an operator, and no other has");
  }
  if (!all_fit(change.skill, change.group, change.operator_id.text())) return too_long();
  if (change.name && !all_fit(*change.name)) return too_long();
  if (change.email && !all_fit(*change.email)) return too_long();
  if (change.rule && !all_ids_fit(*change.rule)) return too_long();
  if (change.offer && !all_ids_fit(*change.offer)) return too_long();
  return line ? check(*line) : base::Status();
}

base::Status check(const TaskRow& task) {
  if (task.id.empty() || task.visitor.empty()) return invalid("a task needs an id and a visitor");
  if (task.key.empty() || task.key.size() > kMaxKeyBytes) return invalid("a key has 1 to 256 bytes");
  if (task.text.size() > kMaxMessageBytes) return invalid("a task's text is over 8,192 bytes");
  if (!all_fit(task.name, task.phone, task.email)) return too_long();
  if (!all_ids_fit(task.id, task.visitor, task.conversation, task.offer, task.rule)) return too_long();
  return {};
}

base::Status check(const FileRecord& file, std::size_t content_bytes) {
  if (!base::is_file_id(file.id.text())) return invalid("a file needs an id");
  if (file.visitor.empty() && file.operator_id.empty()) return invalid("a file needs somebody who uploaded it");
  if (content_bytes > kMaxFileBytes) return invalid("a file is over 5 MiB");
  if (!all_fit(file.name, file.type) || !all_ids_fit(file.visitor, file.operator_id)) return too_long();
  return {};
}

}  // namespace beckon::store
