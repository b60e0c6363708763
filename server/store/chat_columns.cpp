#include "store/chat_columns.hpp"

#include <algorithm>

namespace beckon::store {
namespace {

// Takes the columns one by one.
class Row {
 public:
  explicit Row(const Statement& row, int first = 0) : row_(row), column_(first) {}
  void into(std::string& value) { value = row_.text(column_++); }
  template <class Tag>
  void into(base::Id<Tag>& value) {
    value = base::Id<Tag>(row_.text(column_++));
  }
  void into(std::uint64_t& value) { value = static_cast<std::uint64_t>(row_.integer(column_++)); }
  void into(std::uint32_t& value) { value = static_cast<std::uint32_t>(row_.integer(column_++)); }
  void into(int& value) { value = static_cast<int>(row_.integer(column_++)); }
  void into(bool& value) { value = row_.integer(column_++) != 0; }
  void into(Instant& value) { value = rules::at_ms(row_.integer(column_++)); }
  void into(base::TokenHash& value) {
    std::array<std::uint8_t, base::kSecretBytes> bytes{};
    const auto blob = row_.blob(column_++);
    std::copy_n(blob.begin(), std::min(blob.size(), bytes.size()), bytes.begin());
    value = base::TokenHash(bytes);
  }
  template <class Enum>
    requires std::is_enum_v<Enum>
  void into(Enum& value) {
    value = static_cast<Enum>(row_.integer(column_++));
  }
  template <class... Values>
  void all(Values&... values) {
    (into(values), ...);
  }

 private:
  const Statement& row_;
  int column_;
};

}  // namespace

Conversation read_conversation(const Statement& row) {
  Conversation c;
  Row(row, 1).all(c.id, c.visitor, c.state, c.operator_id, c.skill, c.group, c.rule, c.offer, c.last_seq, c.version,
                  c.change, c.created, c.waiting_since, c.last_at, c.last_visitor_at, c.last_operator_at,
                  c.visitor_read, c.visitor_delivered, c.operator_read, c.visitor_unread, c.operator_unread, c.name,
                  c.email, c.language, c.preview, c.preview_author);
  return c;
}

Message read_message(const Statement& row) {
  Message m;
  Row(row).all(m.seq, m.at, m.author, m.operator_id, m.name, m.kind, m.body, m.key);
  return m;
}

TaskRow read_task(const Statement& row) {
  TaskRow t;
  Row(row).all(t.id, t.key, t.kind, t.visitor, t.conversation, t.offer, t.rule, t.name, t.phone, t.email, t.text,
               t.page_path, t.t, t.state, t.done_by, t.done_at, t.change);
  return t;
}

FileRecord read_file(const Statement& row) {
  FileRecord f;
  Row(row).all(f.id, f.site, f.conversation, f.visitor, f.operator_id, f.name, f.type, f.bytes, f.width, f.height,
               f.at);
  return f;
}

OperatorRecord read_operator(const Statement& row) {
  OperatorRecord o;
  Row(row, 1).all(o.id, o.login, o.name, o.picture, o.role, o.password_hash, o.capacity, o.disabled, o.created,
                  o.version);
  return o;
}

SessionRecord read_session(const Statement& row) {
  SessionRecord s;
  Row(row).all(s.hash, s.operator_id, s.created, s.expires);
  return s;
}

void add_tag(OperatorRecord& record, OperatorTag what, std::string_view tag) {
  switch (what) {
    case OperatorTag::kSkill: record.skills.emplace_back(tag); return;
    case OperatorTag::kGroup: record.groups.emplace_back(tag); return;
    case OperatorTag::kSite: record.sites.emplace_back(tag); return;
  }
}

void read_tags(Statement& query, std::int64_t number, OperatorRecord& record) {
  for (query.with(number); query.next();) {
    add_tag(record, static_cast<OperatorTag>(query.integer(0)), query.text(1));
  }
}

std::string select(const char* columns, const char* rest) { return std::string("SELECT ") + columns + " FROM " + rest; }

}  // namespace beckon::store
