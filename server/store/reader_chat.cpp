// What a Reader reads of chat and of operators.
#include <algorithm>
#include <limits>
#include <system_error>

#include "store/limits.hpp"
#include "store/reader_state.hpp"
#include "store/row_text.hpp"

namespace beckon::store {
namespace {

std::int64_t in_row(std::uint64_t value) {
  return static_cast<std::int64_t>(
      std::min<std::uint64_t>(value, std::numeric_limits<std::int64_t>::max()));
}

std::int64_t rows_of(std::size_t limit, std::size_t most) { return static_cast<std::int64_t>(std::min(limit, most)); }

std::optional<Conversation> with_context(Statement& query, Statement& context) {
  if (!query.next()) return std::nullopt;
  Conversation found = read_conversation(query);
  const std::int64_t number = query.integer(0);
  query.reset();
  if (context.with(number).next()) found.context = context.text(0);
  context.reset();
  return found;
}

std::uint64_t change_of(Statement& change, std::int64_t site) {
  std::uint64_t found = 0;
  if (change.with(site).next()) found = static_cast<std::uint64_t>(change.integer(0));
  change.reset();
  return found;
}

template <class Id>
std::vector<Id> gone_after(Statement& gone, std::int64_t site, std::uint64_t after, std::int64_t what) {
  std::vector<Id> found;
  for (gone.with(site, in_row(after), what); gone.next();) found.emplace_back(gone.text(0));
  return found;
}

constexpr std::int64_t kGoneConversation = 0, kGoneTask = 1;

}  // namespace

base::Result<std::optional<Conversation>> Reader::load_conversation(const base::SiteId& site,
                                                                    const base::ConversationId& conversation) {
  Statement& query = state_->conversation.with(state_->number_of(site), conversation.text());
  return state_->result(with_context(query, state_->context));
}

base::Result<std::optional<Conversation>> Reader::find_conversation(const base::SiteId& site,
                                                                    const base::VisitorId& visitor) {
  Statement& query = state_->conversation_of.with(state_->number_of(site), visitor.text());
  return state_->result(with_context(query, state_->context));
}

base::Result<std::vector<Message>> Reader::read_messages(const base::SiteId& site,
                                                         const base::ConversationId& conversation,
                                                         const MessageRange& range) {
  std::vector<Message> found;
  Statement& number = state_->conversation_number.with(state_->number_of(site), conversation.text());
  if (number.next()) {
    const bool newest = range.order == MessageRange::From::kNewest;
    Statement& query = newest ? state_->newest : state_->oldest;
    query.with(number.integer(0), in_row(range.after), in_row(range.before), rows_of(range.limit, kMaxMessagesPage));
    while (query.next()) found.push_back(read_message(query));
    if (newest) std::reverse(found.begin(), found.end());
  }
  number.reset();
  return state_->result(std::move(found));
}

// The counter first: rows that change between the statements come again with the next page, and none is missed.
base::Result<ConversationPage> Reader::conversations(const base::SiteId& site, const ConversationQuery& query) {
  using Which = ConversationQuery::Which;
  const std::int64_t number = state_->number_of(site);
  ConversationPage page;
  page.change = change_of(state_->change, number);
  if (query.which != Which::kLatest) {
    page.gone = gone_after<base::ConversationId>(state_->gone, number, query.after, kGoneConversation);
  }
  Statement& rows = query.which == Which::kChanged ? state_->changed
                    : query.which == Which::kOpen  ? state_->open_ones
                                                   : state_->latest;
  rows.with(number, in_row(query.which == Which::kLatest ? query.before : query.after),
            rows_of(query.limit, kMaxConversationsPage));
  while (rows.next()) page.rows.push_back(read_conversation(rows));
  return state_->result(std::move(page));
}

base::Result<TaskPage> Reader::tasks(const base::SiteId& site, const TaskQuery& query) {
  const std::int64_t number = state_->number_of(site);
  TaskPage page;
  page.change = change_of(state_->change, number);
  page.gone = gone_after<base::TaskId>(state_->gone, number, query.after, kGoneTask);
  Statement& rows = query.which == TaskQuery::Which::kOpen ? state_->open_tasks : state_->changed_tasks;
  for (rows.with(number, in_row(query.after), rows_of(query.limit, kMaxTasksPage)); rows.next();) {
    page.rows.push_back(read_task(rows));
  }
  return state_->result(std::move(page));
}

base::Result<std::optional<FileRecord>> Reader::find_file(const base::FileId& file) {
  std::optional<FileRecord> found;
  if (state_->file.with(file.text()).next()) found = read_file(state_->file);
  state_->file.reset();
  return state_->result(std::move(found));
}

base::Result<std::optional<StoredFile>> Reader::load_file(const base::FileId& file) {
  auto record = find_file(file);
  if (!record) return record.error();
  if (!*record) return std::optional<StoredFile>();
  auto content = state_->shelf.get(file);
  if (!content) return std::optional<StoredFile>();
  return std::optional(StoredFile{std::move(**record), std::move(*content)});
}

base::Status Reader::copy_files_to(const std::filesystem::path& folder) {
  std::vector<std::string> ids;
  Statement query(*state_->db, "SELECT id FROM file ORDER BY number");
  while (query.next()) ids.emplace_back(query.text(0));
  if (state_->db->failed()) return state_->db->take_error();
  std::error_code code;
  if (!ids.empty()) std::filesystem::create_directory(folder, code);
  for (const std::string& id : ids) {
    if (!code) std::filesystem::copy_file(state_->shelf.folder() / id, folder / id, code);
    if (code == std::errc::no_such_file_or_directory) code.clear();
  }
  if (!code) return {};
  return base::Error{base::ErrorCode::kUnavailable, "cannot write " + folder.string() + ": " + code.message()};
}

base::Result<std::vector<OperatorRecord>> Reader::operators() {
  std::vector<OperatorRecord> found;
  Statement query(*state_->db, select(kOperatorColumns, "operator ORDER BY login").c_str());
  Statement tags(*state_->db, kTagsOfOperator);
  while (query.next()) {
    found.push_back(read_operator(query));
    read_tags(tags, query.integer(0), found.back());
  }
  return state_->result(std::move(found));
}

base::Result<std::optional<SessionRecord>> Reader::find_session(const base::TokenHash& hash) {
  std::optional<SessionRecord> found;
  const std::span<const std::uint8_t> bytes(hash.bytes());
  if (state_->session.with(bytes).next()) found = read_session(state_->session);
  state_->session.reset();
  return state_->result(std::move(found));
}

void Reader::write_chat(ExportWriter& out, std::int64_t site, const base::VisitorId& visitor) {
  const auto own = with_context(state_->conversation_of.with(site, visitor.text()), state_->context);
  const base::ConversationId id = own ? own->id : base::ConversationId();
  out.begin_list("conversations");
  if (own) {
    out.begin_conversation(*own);
    Statement& number = state_->conversation_number.with(site, id.text());
    const std::int64_t conversation = number.next() ? number.integer(0) : 0;
    number.reset();
    std::uint64_t after = 0;
    for (bool more = true; more;) {
      more = false;
      Statement& query = state_->oldest.with(conversation, in_row(after), std::numeric_limits<std::int64_t>::max(),
                                             static_cast<std::int64_t>(kReadStretch));
      for (; query.next(); more = true) {
        const Message message = read_message(query);
        after = message.seq;
        out.row(message);
      }
    }
    out.end_conversation();
  }
  out.end_list();
  out.begin_list("tasks");
  Statement tasks(*state_->db, select(kTaskColumns, "task WHERE site = ? AND visitor = ? ORDER BY t, id").c_str());
  for (tasks.with(site, visitor.text()); tasks.next();) out.row(read_task(tasks));
  out.end_list();
  out.begin_list("files");
  std::vector<FileRecord> files;
  Statement query(*state_->db, select(kFileColumns, "file WHERE site = ?1 AND (visitor = ?2 OR (conversation = ?3 AND"
                                                    " ?3 <> '')) ORDER BY at, id").c_str());
  for (query.with(site, visitor.text(), id.text()); query.next();) files.push_back(read_file(query));
  for (const FileRecord& file : files) out.row(file, state_->shelf.get(file.id));
  out.end_list();
}

}  // namespace beckon::store
