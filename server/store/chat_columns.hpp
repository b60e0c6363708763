// The columns of the chat tables in the order in which rows are read, and rows made of them. Writing and reading
// connections share it.
//
//   Statement query(db, (std::string("SELECT ") + kMessageColumns + " FROM message WHERE …").c_str());
//   for (query.with(…); query.next();) found.push_back(read_message(query));
#pragma once

#include "store/chat_records.hpp"
#include "store/operator_records.hpp"
#include "store/sqlite.hpp"

namespace beckon::store {

// The first is its number, which is not part of the record.
inline constexpr char kConversationColumns[] =
    "number, id, visitor, state, operator, skill, team, rule, offer, last_seq, version, change, created,"
    " waiting_since, last_at, last_visitor_at, last_operator_at, visitor_read, visitor_delivered, operator_read,"
    " visitor_unread, operator_unread, name, email, language, preview, preview_author";
inline constexpr char kMessageColumns[] = "seq, at, author, operator, name, kind, body, key";
inline constexpr char kTaskColumns[] =
    "id, key, kind, visitor, conversation, offer, rule, name, phone, email, text, page, t, state, done_by, done_at,"
    " change";
inline constexpr char kFileColumns[] =
    "id, (SELECT site.id FROM site WHERE site.number = file.site), conversation, visitor, operator, name, type, bytes,"
    " width, height, at";
// The first is its number.
inline constexpr char kOperatorColumns[] =
    "number, id, login, name, picture, role, password_hash, capacity, disabled, created, version";
inline constexpr char kSessionColumns[] = "hash, operator, created, expires";

[[nodiscard]] Conversation read_conversation(const Statement& row);
[[nodiscard]] Message read_message(const Statement& row);
[[nodiscard]] TaskRow read_task(const Statement& row);
[[nodiscard]] FileRecord read_file(const Statement& row);
[[nodiscard]] OperatorRecord read_operator(const Statement& row);   // without skills, groups, sites
[[nodiscard]] SessionRecord read_session(const Statement& row);

// What a row of operator_tag says: its `what`.
enum class OperatorTag : std::uint8_t { kSkill, kGroup, kSite };
// Adds a tag to the record.
void add_tag(OperatorRecord& record, OperatorTag what, std::string_view tag);
// "SELECT what, tag FROM operator_tag WHERE operator = ? …", in order.
void read_tags(Statement& query, std::int64_t number, OperatorRecord& record);
inline constexpr char kTagsOfOperator[] = "SELECT what, tag FROM operator_tag WHERE operator = ? ORDER BY what, place";

// "SELECT columns FROM rest"
[[nodiscard]] std::string select(const char* columns, const char* rest);

}  // namespace beckon::store
