#include "store/chat_writer.hpp"

#include "store/chat_columns.hpp"

namespace beckon::store {
namespace {

std::int64_t in_row(std::uint64_t value) { return static_cast<std::int64_t>(value); }
std::int64_t in_row(Instant t) { return rules::to_ms(t); }
template <class Enum>
  requires std::is_enum_v<Enum>
std::int64_t in_row(Enum value) {
  return static_cast<std::int64_t>(value);
}

}  // namespace

ChatWriter::ChatWriter(Database& db)
    : db_(db),
      change_(db,
              "INSERT INTO site_change (site, change) VALUES (?, 1)"
              " ON CONFLICT (site) DO UPDATE SET change = change + 1 RETURNING change"),
      by_id_(db, select(kConversationColumns, "conversation WHERE id = ? AND site = ?").c_str()),
      by_visitor_(db, select(kConversationColumns, "conversation WHERE visitor = ? AND site = ?").c_str()),
      number_(db, "SELECT number FROM conversation WHERE id = ? AND site = ?"),
      add_(db,
           "INSERT OR IGNORE INTO conversation (site, id, visitor, state, operator, skill, team, rule, offer, last_seq,"
           " version, change, created, waiting_since, last_at, last_visitor_at, last_operator_at, visitor_read,"
           " visitor_delivered, operator_read, visitor_unread, operator_unread, name, email, language, preview,"
           " preview_author) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 0, ?, ?, ?, ?, 0, 0, 0, 0, 0, 0, 0, 0, ?, ?, ?, '', 0)"),
      update_(db,
              "UPDATE conversation SET state = ?, operator = ?, skill = ?, team = ?, rule = ?, offer = ?, last_seq = ?,"
              " version = ?, change = ?, waiting_since = ?, last_at = ?, last_visitor_at = ?, last_operator_at = ?,"
              " visitor_read = ?, visitor_delivered = ?, operator_read = ?, visitor_unread = ?, operator_unread = ?,"
              " name = ?, email = ?, language = ?, preview = ?, preview_author = ? WHERE number = ?"),
      give_(db, "UPDATE conversation SET visitor = ? WHERE number = ?"),
      give_files_(db, "UPDATE file SET visitor = ? WHERE conversation = ? AND operator = ''"),
      give_tasks_(db, "UPDATE OR IGNORE task SET visitor = ? WHERE conversation = ? AND conversation <> ''"),
      context_(db,
               "INSERT INTO context (conversation, json) VALUES (?, ?)"
               " ON CONFLICT (conversation) DO UPDATE SET json = excluded.json"),
      said_(db, "SELECT seq, at FROM message WHERE conversation = ? AND author = ? AND key = ? AND key <> ''"),
      say_(db,
           "INSERT INTO message (conversation, seq, at, author, operator, name, kind, body, key)"
           " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"),
      count_(db, "SELECT count(*) FROM message WHERE conversation = ? AND seq > ? AND author = ? AND kind <> 2"),
      task_(db, select(kTaskColumns, "task WHERE id = ? AND site = ?").c_str()),
      has_task_(db, "SELECT 1 FROM task WHERE site = ? AND visitor = ? AND key = ?"),
      add_task_(db,
                "INSERT OR IGNORE INTO task (site, id, key, kind, visitor, conversation, offer, rule, name, phone,"
                " email, text, page, t, state, done_by, done_at, change)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"),
      update_task_(db, "UPDATE task SET state = ?, done_by = ?, done_at = ?, change = ? WHERE id = ?"),
      file_(db, select(kFileColumns, "file WHERE id = ? AND site = ?").c_str()),
      add_file_(db,
                "INSERT OR IGNORE INTO file (site, id, conversation, visitor, operator, name, type, bytes, width,"
                " height, at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"),
      attach_(db, "UPDATE file SET conversation = ? WHERE id = ?") {}

ChatWriter& ChatWriter::of(std::int64_t site) {
  site_ = site;
  last_ = {};
  return *this;
}

std::uint64_t ChatWriter::next_change() {
  std::uint64_t change = 0;
  change_.with(site_);
  if (change_.next()) change = static_cast<std::uint64_t>(change_.integer(0));
  change_.run();
  return change;
}

std::optional<Conversation> ChatWriter::found(Statement& query) {
  std::optional<Conversation> found;
  if (query.next()) {
    found = read_conversation(query);
    last_ = found->id;
    last_number_ = query.integer(0);
  }
  query.reset();
  return found;
}

std::optional<Conversation> ChatWriter::find(const base::ConversationId& id) {
  return found(by_id_.with(id.text(), site_));
}

std::optional<Conversation> ChatWriter::find(const base::VisitorId& visitor) {
  return found(by_visitor_.with(visitor.text(), site_));
}

std::int64_t ChatWriter::number_of(const base::ConversationId& id) {
  if (last_ == id && !id.empty()) return last_number_;
  std::int64_t number = 0;
  number_.with(id.text(), site_);
  if (number_.next()) number = number_.integer(0);
  number_.reset();
  return number;
}

bool ChatWriter::insert(const Conversation& c) {
  add_.with(site_, c.id.text(), c.visitor.text(), in_row(c.state), c.operator_id.text(), c.skill, c.group,
            c.rule.text(), c.offer.text(), in_row(c.version), in_row(c.change), in_row(c.created),
            in_row(c.waiting_since), c.name, c.email, c.language).run();
  if (db_.changes() != 1) return false;
  last_ = c.id;
  last_number_ = db_.last_insert_id();
  ++rows_;
  if (!c.context.empty()) context_.with(last_number_, c.context).run();
  return true;
}

void ChatWriter::update(const Conversation& c) {
  update_.with(in_row(c.state), c.operator_id.text(), c.skill, c.group, c.rule.text(), c.offer.text(),
               in_row(c.last_seq), in_row(c.version),
               in_row(c.change), in_row(c.waiting_since), in_row(c.last_at), in_row(c.last_visitor_at),
               in_row(c.last_operator_at), in_row(c.visitor_read), in_row(c.visitor_delivered),
               in_row(c.operator_read), std::int64_t{c.visitor_unread}, std::int64_t{c.operator_unread}, c.name,
               c.email, c.language, c.preview, in_row(c.preview_author), number_of(c.id)).run();
  ++rows_;
}

void ChatWriter::give(const Conversation& conversation, const base::VisitorId& to) {
  give_.with(to.text(), number_of(conversation.id)).run();
  give_files_.with(to.text(), conversation.id.text()).run();
  give_tasks_.with(to.text(), conversation.id.text()).run();
}

void ChatWriter::save_context(const base::ConversationId& id, std::string_view context) {
  const std::int64_t number = number_of(id);
  if (number == 0) return;
  context_.with(number, context).run();
  ++rows_;
}

std::optional<ChatRows::Said> ChatWriter::said(const Conversation& in, Author author, std::string_view key) {
  std::optional<Said> found;
  said_.with(number_of(in.id), in_row(author), key);
  if (said_.next()) found = Said{static_cast<std::uint64_t>(said_.integer(0)), rules::at_ms(said_.integer(1))};
  said_.reset();
  return found;
}

void ChatWriter::insert(const Conversation& in, const Message& m) {
  say_.with(number_of(in.id), in_row(m.seq), in_row(m.at), in_row(m.author), m.operator_id.text(), m.name,
            in_row(m.kind), m.body, m.key).run();
  ++rows_;
}

std::uint32_t ChatWriter::count(const Conversation& in, Author author, std::uint64_t after) {
  std::uint32_t count = 0;
  count_.with(number_of(in.id), in_row(after), in_row(author));
  if (count_.next()) count = static_cast<std::uint32_t>(count_.integer(0));
  count_.reset();
  return count;
}

std::optional<TaskRow> ChatWriter::find(const base::TaskId& id) {
  std::optional<TaskRow> found;
  task_.with(id.text(), site_);
  if (task_.next()) found = read_task(task_);
  task_.reset();
  return found;
}

bool ChatWriter::has_task(const base::VisitorId& visitor, std::string_view key) {
  has_task_.with(site_, visitor.text(), key);
  const bool has = has_task_.next();
  has_task_.reset();
  return has;
}

bool ChatWriter::insert(const TaskRow& t) {
  add_task_.with(site_, t.id.text(), t.key, in_row(t.kind), t.visitor.text(), t.conversation.text(), t.offer.text(),
                 t.rule.text(), t.name, t.phone, t.email, t.text, t.page_path, in_row(t.t), in_row(t.state),
                 t.done_by.text(), in_row(t.done_at), in_row(t.change)).run();
  ++rows_;
  return db_.changes() == 1;
}

void ChatWriter::update(const TaskRow& t) {
  update_task_.with(in_row(t.state), t.done_by.text(), in_row(t.done_at), in_row(t.change), t.id.text()).run();
  ++rows_;
}

std::optional<FileRecord> ChatWriter::find(const base::FileId& id) {
  std::optional<FileRecord> found;
  file_.with(id.text(), site_);
  if (file_.next()) found = read_file(file_);
  file_.reset();
  return found;
}

bool ChatWriter::insert(const FileRecord& f) {
  add_file_.with(site_, f.id.text(), f.conversation.text(), f.visitor.text(), f.operator_id.text(), f.name, f.type,
                 in_row(f.bytes), std::int64_t{f.width}, std::int64_t{f.height}, in_row(f.at)).run();
  ++rows_;
  return db_.changes() == 1;
}

void ChatWriter::attach(const base::FileId& file, const base::ConversationId& conversation) {
  attach_.with(conversation.text(), file.text()).run();
}

}  // namespace beckon::store
