// Conversations, what is said in them, the tasks and files that come out of them, as plain values. Every instant is
// engine time; every text is UTF-8.
#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "base/ids.hpp"

namespace beckon::store {

using base::Instant;

enum class ConversationState : std::uint8_t { kWaiting, kAssigned, kClosed };
enum class Author : std::uint8_t { kVisitor, kOperator, kSystem, kInvitation };
enum class MessageKind : std::uint8_t { kText, kFile, kEvent };

// As the wire and exports write them: "waiting"; "visitor", "operator", "system", "invite"; "text", "file", "event".
[[nodiscard]] std::string_view name_of(ConversationState state);
[[nodiscard]] std::string_view name_of(Author author);
[[nodiscard]] std::string_view name_of(MessageKind kind);

// --- What is said ----------------------------------------------------------------------------------------------------

// One line of a conversation, as it is kept. It never changes.
struct Message {
  std::uint64_t seq = 0;        // 1, 2, 3… within its conversation, without a gap
  Instant at{};                 // says when; the order is by seq
  Author author = Author::kVisitor;
  base::OperatorId operator_id; // of kOperator, and of system lines that an operator brought about
  std::string name;             // the operator's, or of who speaks in an invitation, as shown at that time
  MessageKind kind = MessageKind::kText;
  std::string body;             // kText: the text; kFile: file_body(); kEvent: {"event":"joined","name":"Ada"}
  std::string key;              // of whoever said it; empty: a line without one
  friend bool operator==(const Message&, const Message&) = default;
};

// A line to be added.
struct NewMessage {
  // Chosen by whoever says it, 16 to 64 characters of [A-Za-z0-9_-]: the same key of the same kind of author is kept
  // once. Visitors and operators must have one; system and invitation lines may go without.
  std::string key;
  Author author = Author::kVisitor;
  base::OperatorId operator_id;
  std::string name;
  MessageKind kind = MessageKind::kText;
  std::string body;             // at most kMaxMessageBytes; of kFile it is made by the store from the file's record
  Instant at{};
  base::FileId file;            // of kFile alone
};

// Which of a conversation's messages: after < seq < before, at most `limit` (kMaxMessagesPage) of them.
struct MessageRange {
  std::uint64_t after = 0;
  std::uint64_t before = std::numeric_limits<std::uint64_t>::max();
  std::size_t limit = 50;
  enum class From : std::uint8_t { kNewest, kOldest };
  From order = From::kNewest;   // which of them when there are more than `limit`; they come ascending either way
};

// --- Conversations ---------------------------------------------------------------------------------------------------

struct Conversation {
  base::ConversationId id;
  base::VisitorId visitor;
  ConversationState state = ConversationState::kWaiting;
  base::OperatorId operator_id;          // of kAssigned; empty otherwise
  std::string skill, group;              // who is wanted; empty: anybody
  base::RuleId rule;                     // that brought the visitor; may be empty
  base::OfferId offer;
  std::uint64_t last_seq = 0;
  // +1 with each change_conversation and rehome, and when it is opened again: for compare-and-set.
  std::uint64_t version = 0;
  // The site's counter of chat changes when this conversation last changed in any way but its context.
  std::uint64_t change = 0;
  Instant created{};
  Instant waiting_since{};               // when it last became kWaiting
  Instant last_at{}, last_visitor_at{}, last_operator_at{};   // of messages; the beginning of time: none yet
  std::uint64_t visitor_read = 0, visitor_delivered = 0;      // up to which seq
  std::uint64_t operator_read = 0;       // by any operator
  // Lines behind those marks that the other side wrote: operators' texts and files, and visitors'.
  std::uint32_t visitor_unread = 0, operator_unread = 0;
  std::string name, email;               // as the visitor gave them
  std::string language;
  std::string preview;                   // of the last text or file, at most kMaxPreviewBytes, cut between characters
  Author preview_author = Author::kVisitor;
  std::string context;                   // JSON or empty; only from load_conversation and find_conversation
  friend bool operator==(const Conversation&, const Conversation&) = default;
};

// What became of a message.
struct Appended {
  std::uint64_t seq = 0;
  Instant at{};
  bool duplicate = false;       // the key was known: seq and at are of the message that is kept, nothing changed
  bool reopened = false;        // it was closed and now waits again
  Conversation conversation;    // as it is now, without its context
};

// The state that a conversation is to have.
struct ConversationChange {
  ConversationState state = ConversationState::kWaiting;
  base::OperatorId operator_id;          // required for kAssigned, empty otherwise
  std::string skill, group;
  Instant at{};                          // waiting_since, when it becomes kWaiting
  std::optional<std::string> name, email;
  std::optional<base::RuleId> rule;      // that brought the visitor this time
  std::optional<base::OfferId> offer;
};

// How far somebody has come. Marks only grow: what is lower than what is kept changes nothing.
struct Marks {
  std::uint64_t visitor_read = 0, visitor_delivered = 0, operator_read = 0;
};

struct ConversationQuery {
  enum class Which : std::uint8_t {
    kChanged,   // all with change > after, ascending by change: for following a site
    kOpen,      // as kChanged, waiting and assigned ones alone
    kLatest,    // all with change < before, descending: for paging through the past
  };
  Which which = Which::kChanged;
  std::uint64_t after = 0;
  std::uint64_t before = std::numeric_limits<std::uint64_t>::max();
  std::size_t limit = 500;      // at most kMaxConversationsPage
};

struct ConversationPage {
  std::vector<Conversation> rows;
  // Erased or purged after `after`, of the latest kMaxGone of the site; with kChanged and kOpen alone.
  std::vector<base::ConversationId> gone;
  // The site's counter. Whoever follows goes on from here, or from rows.back().change when `limit` rows came.
  std::uint64_t change = 0;
};

// --- Tasks -----------------------------------------------------------------------------------------------------------

enum class TaskKind : std::uint8_t { kCallback, kMessage };   // wants to be called; left a message
enum class TaskState : std::uint8_t { kOpen, kDone };
[[nodiscard]] std::string_view name_of(TaskKind kind);         // "callback", "message"

struct TaskRow {
  base::TaskId id;
  std::string key;              // of the client, 1 to kMaxKeyBytes, unique for this visitor: the same key is kept once
  TaskKind kind = TaskKind::kCallback;
  base::VisitorId visitor;
  base::ConversationId conversation;    // may be empty, as the two that follow
  base::OfferId offer;
  base::RuleId rule;
  std::string name, phone, email;
  std::string text;             // at most kMaxMessageBytes
  std::string page_path;
  Instant t{};
  // The store's:
  TaskState state = TaskState::kOpen;
  base::OperatorId done_by;
  Instant done_at{};
  std::uint64_t change = 0;     // of the site's counter, which conversations and tasks share
  friend bool operator==(const TaskRow&, const TaskRow&) = default;
};

// Ascending by change, change > after.
struct TaskQuery {
  enum class Which : std::uint8_t { kOpen, kChanged };
  Which which = Which::kOpen;
  std::uint64_t after = 0;
  std::size_t limit = 500;      // at most kMaxTasksPage
};

// As a ConversationPage.
struct TaskPage {
  std::vector<TaskRow> rows;
  std::vector<base::TaskId> gone;
  std::uint64_t change = 0;
};

// --- Files -----------------------------------------------------------------------------------------------------------

// A picture or file that was uploaded. Who uploaded it: `operator_id`, or when that is empty `visitor`.
struct FileRecord {
  base::FileId id;
  base::SiteId site;                    // the store's
  base::ConversationId conversation;    // the store's: set when it is said
  base::VisitorId visitor;
  base::OperatorId operator_id;
  std::string name;                     // as its owner called it
  std::string type;                     // MIME
  std::uint64_t bytes = 0;              // the store's: of the content
  std::uint32_t width = 0, height = 0;  // of pictures; 0: none
  Instant at{};
  friend bool operator==(const FileRecord&, const FileRecord&) = default;
};

struct StoredFile {
  FileRecord record;
  std::string content;
};

// {"id":"f_…","name":…,"type":…,"bytes":…,"width":…,"height":…}; without width and height when there are none.
[[nodiscard]] std::string file_body(const FileRecord& file);

}  // namespace beckon::store
