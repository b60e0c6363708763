#include "store/memory_chat.hpp"

#include <algorithm>

#include "store/limits.hpp"

namespace beckon::store {
namespace {

// The rows that a page holds, in its order: `rows` are sorted by change, ascending.
template <class Row>
void cut(std::vector<Row>& rows, std::size_t limit) {
  if (rows.size() > limit) rows.erase(rows.begin() + static_cast<std::ptrdiff_t>(limit), rows.end());
}

template <class Row>
void sort_by_change(std::vector<Row>& rows) {
  std::sort(rows.begin(), rows.end(), [](const Row& a, const Row& b) { return a.change < b.change; });
}

// By that instant, then by id.
template <class Id, class Row>
std::vector<Row> sorted(const std::map<Id, Row>& rows, Instant Row::*when) {
  std::vector<Row> all;
  for (const auto& [id, row] : rows) all.push_back(row);
  std::stable_sort(all.begin(), all.end(), [&](const Row& a, const Row& b) { return a.*when < b.*when; });
  return all;
}

Conversation without_context(Conversation row) {
  row.context.clear();
  return row;
}

}  // namespace

std::optional<Conversation> MemoryChat::find(const base::ConversationId& id) {
  const auto at = conversations_.find(id);
  if (at == conversations_.end()) return std::nullopt;
  return without_context(at->second.row);
}

std::optional<Conversation> MemoryChat::find(const base::VisitorId& visitor) {
  const auto at = of_visitor_.find(visitor);
  return at == of_visitor_.end() ? std::nullopt : find(at->second);
}

bool MemoryChat::insert(const Conversation& conversation) {
  if (!conversations_.try_emplace(conversation.id, Kept{conversation, {}}).second) return false;
  of_visitor_[conversation.visitor] = conversation.id;
  return true;
}

void MemoryChat::update(const Conversation& conversation) {
  Conversation& kept = conversations_.at(conversation.id).row;
  std::string context = std::move(kept.context);
  kept = conversation;
  kept.context = std::move(context);
}

void MemoryChat::give(const Conversation& conversation, const base::VisitorId& to) {
  of_visitor_.erase(conversation.visitor);
  of_visitor_[to] = conversation.id;
  for (auto& [id, file] : files_) {
    if (file.conversation == conversation.id && file.operator_id.empty()) file.visitor = to;
  }
  for (auto& [id, task] : tasks_) {
    if (task.conversation == conversation.id) task.visitor = to;
  }
}

void MemoryChat::save_context(const base::ConversationId& id, std::string_view context) {
  if (const auto at = conversations_.find(id); at != conversations_.end()) at->second.row.context = context;
}

std::optional<ChatRows::Said> MemoryChat::said(const Conversation& in, Author author, std::string_view key) {
  for (const Message& message : conversations_.at(in.id).messages) {
    if (message.author == author && message.key == key) return Said{message.seq, message.at};
  }
  return std::nullopt;
}

void MemoryChat::insert(const Conversation& in, const Message& message) {
  conversations_.at(in.id).messages.push_back(message);
}

std::uint32_t MemoryChat::count(const Conversation& in, Author author, std::uint64_t after) {
  const auto& messages = conversations_.at(in.id).messages;
  return static_cast<std::uint32_t>(std::count_if(messages.begin(), messages.end(), [&](const Message& m) {
    return m.seq > after && m.author == author && m.kind != MessageKind::kEvent;
  }));
}

std::optional<TaskRow> MemoryChat::find(const base::TaskId& id) {
  const auto at = tasks_.find(id);
  return at == tasks_.end() ? std::nullopt : std::optional(at->second);
}

bool MemoryChat::has_task(const base::VisitorId& visitor, std::string_view key) {
  return std::any_of(tasks_.begin(), tasks_.end(),
                     [&](const auto& at) { return at.second.visitor == visitor && at.second.key == key; });
}

bool MemoryChat::insert(const TaskRow& task) { return tasks_.try_emplace(task.id, task).second; }

void MemoryChat::update(const TaskRow& task) { tasks_.at(task.id) = task; }

std::optional<FileRecord> MemoryChat::find(const base::FileId& id) {
  const auto at = files_.find(id);
  return at == files_.end() ? std::nullopt : std::optional(at->second);
}

bool MemoryChat::insert(const FileRecord& file) { return files_.try_emplace(file.id, file).second; }

void MemoryChat::attach(const base::FileId& file, const base::ConversationId& conversation) {
  files_.at(file).conversation = conversation;
}

std::optional<Conversation> MemoryChat::load(const base::ConversationId& id) const {
  const auto at = conversations_.find(id);
  return at == conversations_.end() ? std::nullopt : std::optional(at->second.row);
}

std::vector<Message> MemoryChat::messages(const base::ConversationId& id, const MessageRange& range) const {
  std::vector<Message> found;
  const auto at = conversations_.find(id);
  if (at == conversations_.end()) return found;
  for (const Message& message : at->second.messages) {
    if (message.seq > range.after && message.seq < range.before) found.push_back(message);
  }
  const std::size_t limit = std::min(range.limit, kMaxMessagesPage);
  if (found.size() <= limit) return found;
  const auto excess = static_cast<std::ptrdiff_t>(found.size() - limit);
  if (range.order == MessageRange::From::kNewest) found.erase(found.begin(), found.begin() + excess);
  else found.erase(found.end() - excess, found.end());
  return found;
}

ConversationPage MemoryChat::conversations(const ConversationQuery& query) const {
  using Which = ConversationQuery::Which;
  ConversationPage page;
  page.change = change_;
  for (const auto& [id, kept] : conversations_) {
    const bool in_span = query.which == Which::kLatest ? kept.row.change < query.before : kept.row.change > query.after;
    const bool wanted = query.which != Which::kOpen || kept.row.state != ConversationState::kClosed;
    if (in_span && wanted) page.rows.push_back(without_context(kept.row));
  }
  sort_by_change(page.rows);
  if (query.which == Which::kLatest) std::reverse(page.rows.begin(), page.rows.end());
  else
    for (const auto& gone : gone_conversations_) {
      if (gone.change > query.after) page.gone.push_back(gone.id);
    }
  cut(page.rows, std::min(query.limit, kMaxConversationsPage));
  return page;
}

TaskPage MemoryChat::tasks(const TaskQuery& query) const {
  TaskPage page;
  page.change = change_;
  for (const auto& gone : gone_tasks_) {
    if (gone.change > query.after) page.gone.push_back(gone.id);
  }
  for (const auto& [id, task] : tasks_) {
    const bool wanted = query.which == TaskQuery::Which::kChanged || task.state == TaskState::kOpen;
    if (task.change > query.after && wanted) page.rows.push_back(task);
  }
  sort_by_change(page.rows);
  cut(page.rows, std::min(query.limit, kMaxTasksPage));
  return page;
}

std::string MemoryChat::content(const base::FileId& file) const {
  const auto at = contents_.find(file);
  return at == contents_.end() ? std::string() : at->second;
}

void MemoryChat::write(ExportWriter& out, const base::VisitorId& visitor) const {
  const auto own = of_visitor_.find(visitor);
  const base::ConversationId conversation = own == of_visitor_.end() ? base::ConversationId() : own->second;
  out.begin_list("conversations");
  if (const auto at = conversations_.find(conversation); at != conversations_.end()) {
    out.begin_conversation(at->second.row);
    for (const Message& message : at->second.messages) out.row(message);
    out.end_conversation();
  }
  out.end_list();
  out.begin_list("tasks");
  for (const TaskRow& task : sorted(tasks_, &TaskRow::t)) {
    if (task.visitor == visitor) out.row(task);
  }
  out.end_list();
  out.begin_list("files");
  for (const FileRecord& file : sorted(files_, &FileRecord::at)) {
    if (file.visitor == visitor || (!conversation.empty() && file.conversation == conversation)) {
      out.row(file, content(file.id));
    }
  }
  out.end_list();
}

std::uint64_t MemoryChat::erase(const base::VisitorId& visitor) {
  std::uint64_t gone = 0;
  if (const auto own = of_visitor_.find(visitor); own != of_visitor_.end()) {
    const base::ConversationId id = own->second;
    gone += remove_tasks([&](const TaskRow& task) { return task.conversation == id; });
    gone += remove(id);
  }
  gone += remove_tasks([&](const TaskRow& task) { return task.visitor == visitor; });
  gone += remove_files([&](const FileRecord& file) { return file.visitor == visitor; });
  return gone;
}

std::uint64_t MemoryChat::purge(Instant before, Instant unsaid_before) {
  std::vector<base::ConversationId> old;
  for (const auto& [id, kept] : conversations_) {
    if (std::max(kept.row.last_at, kept.row.created) < before) old.push_back(id);
  }
  std::uint64_t gone = 0;
  for (const auto& id : old) gone += remove(id);
  gone += remove_tasks([&](const TaskRow& task) { return task.t < before; });
  gone += remove_files([&](const FileRecord& file) { return file.conversation.empty() && file.at < unsaid_before; });
  return gone;
}

std::uint64_t MemoryChat::remove(const base::ConversationId& id) {
  const auto at = conversations_.find(id);
  const std::uint64_t rows = 1 + at->second.messages.size();
  of_visitor_.erase(at->second.row.visitor);
  conversations_.erase(at);
  tell_gone(gone_conversations_, id);
  return rows + remove_files([&](const FileRecord& file) { return file.conversation == id; });
}

template <class Goes>
std::uint64_t MemoryChat::remove_files(Goes goes) {
  return std::erase_if(files_, [&](const auto& at) {
    if (!goes(at.second)) return false;
    contents_.erase(at.first);
    return true;
  });
}

template <class Goes>
std::uint64_t MemoryChat::remove_tasks(Goes goes) {
  return std::erase_if(tasks_, [&](const auto& at) {
    if (!goes(at.second)) return false;
    tell_gone(gone_tasks_, at.first);
    return true;
  });
}

template <class Id>
void MemoryChat::tell_gone(std::deque<Gone<Id>>& gone, const Id& id) {
  gone.push_back({next_change(), id});
  if (gone.size() > kMaxGone) gone.pop_front();
}

}  // namespace beckon::store
