#include "store/chat_rules.hpp"

#include <algorithm>
#include <string>

#include "store/limits.hpp"

namespace beckon::store {
namespace {

base::Error not_found(const char* what) { return {base::ErrorCode::kNotFound, std::string("no such ") + what}; }
base::Error conflict(const char* why) { return {base::ErrorCode::kConflict, why}; }

// The beginning of a text, not cut within a character.
std::string preview_of(std::string_view text) {
  if (text.size() <= kMaxPreviewBytes) return std::string(text);
  std::size_t end = kMaxPreviewBytes;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0U) == 0x80U) --end;
  return std::string(text.substr(0, end));
}

// Makes the line the conversation's next one. Kept by the caller: conversation and counter.
Message next_line(Conversation& conversation, NewMessage&& from, std::string_view preview) {
  Message line;
  line.seq = ++conversation.last_seq;
  line.at = conversation.last_at = from.at;
  if (from.author == Author::kVisitor) conversation.last_visitor_at = from.at;
  if (from.author == Author::kOperator) conversation.last_operator_at = from.at;
  if (from.kind != MessageKind::kEvent) {
    if (from.author == Author::kVisitor) ++conversation.operator_unread;
    if (from.author == Author::kOperator) ++conversation.visitor_unread;
    conversation.preview = preview_of(preview);
    conversation.preview_author = from.author;
  }
  line.author = from.author;
  line.operator_id = std::move(from.operator_id);
  line.name = std::move(from.name);
  line.kind = from.kind;
  line.body = std::move(from.body);
  line.key = std::move(from.key);
  return line;
}

void reopen(ChatRows& rows, Conversation& conversation, Instant at) {
  NewMessage line;
  line.author = Author::kSystem;
  line.kind = MessageKind::kEvent;
  line.body = R"({"event":"reopened"})";
  line.at = at;
  conversation.state = ConversationState::kWaiting;
  conversation.operator_id = {};
  conversation.waiting_since = at;
  ++conversation.version;
  rows.insert(conversation, next_line(conversation, std::move(line), ""));
}

// The file that is said, when whoever says it may.
base::Result<FileRecord> file_for(ChatRows& rows, const Conversation& in, const NewMessage& message) {
  const auto file = rows.find(message.file);
  if (!file) return not_found("file");
  const bool own = message.author == Author::kOperator
                       ? file->operator_id == message.operator_id
                       : file->operator_id.empty() && file->visitor == in.visitor;
  if (!own || !(file->conversation.empty() || file->conversation == in.id)) return not_found("file");
  return *file;
}

bool may_say(const Conversation& in, const NewMessage& message) {
  return message.author != Author::kOperator ||
         (in.state == ConversationState::kAssigned && in.operator_id == message.operator_id);
}

// Asks whether the line may be added, and makes it ready: a file's body is the file. Gives the preview.
base::Result<std::string> prepare(ChatRows& rows, const Conversation& in, NewMessage& message) {
  if (!may_say(in, message)) return conflict("the conversation is not this operator's");
  if (message.kind != MessageKind::kFile) return message.body;
  auto file = file_for(rows, in, message);
  if (!file) return file.error();
  rows.attach(file->id, in.id);
  message.body = file_body(*file);
  return file->name;
}

void keep(ChatRows& rows, Conversation& conversation) {
  conversation.change = rows.next_change();
  rows.update(conversation);
}

}  // namespace

base::Result<Conversation> open_conversation(ChatRows& rows, Conversation fresh) {
  if (auto own = rows.find(fresh.visitor)) return std::move(*own);
  fresh.last_seq = fresh.visitor_read = fresh.visitor_delivered = fresh.operator_read = 0;
  fresh.visitor_unread = fresh.operator_unread = 0;
  fresh.last_at = fresh.last_visitor_at = fresh.last_operator_at = {};
  fresh.preview.clear();
  fresh.preview_author = Author::kVisitor;
  fresh.version = 1;
  if (rows.find(fresh.id)) return conflict("a conversation has that id already");
  fresh.change = rows.next_change();
  if (!rows.insert(fresh)) return conflict("a conversation has that id already");
  fresh.context.clear();
  return fresh;
}

base::Result<Appended> append(ChatRows& rows, const base::ConversationId& id, NewMessage message) {
  auto found = rows.find(id);
  if (!found) return not_found("conversation");
  Conversation& conversation = *found;
  if (!message.key.empty()) {
    if (const auto said = rows.said(conversation, message.author, message.key)) {
      return Appended{said->seq, said->at, true, false, std::move(conversation)};
    }
  }
  const auto preview = prepare(rows, conversation, message);
  if (!preview) return preview.error();
  const bool reopened = message.author == Author::kVisitor && conversation.state == ConversationState::kClosed;
  if (reopened) reopen(rows, conversation, message.at);
  const Instant at = message.at;
  rows.insert(conversation, next_line(conversation, std::move(message), *preview));
  keep(rows, conversation);
  return Appended{conversation.last_seq, at, false, reopened, std::move(conversation)};
}

base::Result<Conversation> change_conversation(ChatRows& rows, const base::ConversationId& id,
                                               std::uint64_t expected_version, const ConversationChange& change,
                                               std::optional<NewMessage> line) {
  auto found = rows.find(id);
  if (!found) return not_found("conversation");
  if (found->version != expected_version) return conflict("somebody else changed the conversation");
  Conversation after = *found;
  if (change.state == ConversationState::kWaiting && after.state != ConversationState::kWaiting) {
    after.waiting_since = change.at;
  }
  after.state = change.state;
  after.operator_id = change.operator_id;
  after.skill = change.skill;
  after.group = change.group;
  if (change.name) after.name = *change.name;
  if (change.email) after.email = *change.email;
  if (change.rule) after.rule = *change.rule;
  if (change.offer) after.offer = *change.offer;
  ++after.version;
  const bool known = line && !line->key.empty() && rows.said(after, line->author, line->key);
  if (line && !known) {
    const auto preview = prepare(rows, after, *line);
    if (!preview) return preview.error();
    rows.insert(after, next_line(after, std::move(*line), *preview));
  }
  keep(rows, after);
  return after;
}

base::Result<Conversation> rehome(ChatRows& rows, const base::ConversationId& id, const base::VisitorId& to) {
  auto found = rows.find(id);
  if (!found) return not_found("conversation");
  if (rows.find(to)) return conflict("that visitor has a conversation");
  rows.give(*found, to);
  found->visitor = to;
  ++found->version;
  keep(rows, *found);
  return std::move(*found);
}

void mark(ChatRows& rows, const base::ConversationId& id, const Marks& marks) {
  auto found = rows.find(id);
  if (!found) return;
  Conversation after = *found;
  const auto raise = [&](std::uint64_t& kept, std::uint64_t to) { kept = std::max(kept, std::min(to, after.last_seq)); };
  raise(after.visitor_read, marks.visitor_read);
  raise(after.visitor_delivered, std::max(marks.visitor_delivered, marks.visitor_read));
  raise(after.operator_read, marks.operator_read);
  if (after == *found) return;
  if (after.visitor_read != found->visitor_read) {
    after.visitor_unread = rows.count(after, Author::kOperator, after.visitor_read);
  }
  if (after.operator_read != found->operator_read) {
    after.operator_unread = rows.count(after, Author::kVisitor, after.operator_read);
  }
  keep(rows, after);
}

base::Result<Added> add_task(ChatRows& rows, TaskRow task) {
  if (rows.has_task(task.visitor, task.key)) return Added::kDuplicate;
  if (rows.find(task.id)) return conflict("a task has that id already");
  task.state = TaskState::kOpen;
  task.done_by = {};
  task.done_at = {};
  task.change = rows.next_change();
  if (!rows.insert(task)) return conflict("a task has that id already");
  return Added::kNew;
}

base::Result<TaskRow> finish_task(ChatRows& rows, const base::TaskId& id, const base::OperatorId& by, Instant t,
                                  TaskState state) {
  auto task = rows.find(id);
  if (!task) return not_found("task");
  if (task->state == state) return std::move(*task);
  task->state = state;
  task->done_by = state == TaskState::kDone ? by : base::OperatorId();
  task->done_at = state == TaskState::kDone ? t : Instant();
  task->change = rows.next_change();
  rows.update(*task);
  return std::move(*task);
}

base::Result<FileRecord> add_file(ChatRows& rows, FileRecord file) {
  file.conversation = {};
  if (!rows.insert(file)) return base::Error{base::ErrorCode::kConflict, "a file has that id already"};
  return file;
}

}  // namespace beckon::store
