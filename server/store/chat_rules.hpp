// What the calls of ChatStore do to a site's chat rows, the same whichever store keeps them; and what they refuse
// before it comes to that. An error means that nothing was written.
//
// Thread safety: functions without state; see ChatRows.
#pragma once

#include <optional>

#include "base/result.hpp"
#include "store/chat_rows.hpp"

namespace beckon::store {

// --- Bounds: what can be said without looking at a row ---------------------------------------------------------------

[[nodiscard]] base::Status check(const Conversation& fresh);
[[nodiscard]] base::Status check(const NewMessage& message);
[[nodiscard]] base::Status check(const ConversationChange& change, const std::optional<NewMessage>& line);
[[nodiscard]] base::Status check(const TaskRow& task);
[[nodiscard]] base::Status check(const FileRecord& file, std::size_t content_bytes);

// --- Within a transaction; the values were checked -------------------------------------------------------------------

[[nodiscard]] base::Result<Conversation> open_conversation(ChatRows& rows, Conversation fresh);
[[nodiscard]] base::Result<Appended> append(ChatRows& rows, const base::ConversationId& id, NewMessage message);
[[nodiscard]] base::Result<Conversation> change_conversation(ChatRows& rows, const base::ConversationId& id,
                                                             std::uint64_t expected_version,
                                                             const ConversationChange& change,
                                                             std::optional<NewMessage> line);
[[nodiscard]] base::Result<Conversation> rehome(ChatRows& rows, const base::ConversationId& id,
                                                const base::VisitorId& to);
void mark(ChatRows& rows, const base::ConversationId& id, const Marks& marks);
[[nodiscard]] base::Result<Added> add_task(ChatRows& rows, TaskRow task);
[[nodiscard]] base::Result<TaskRow> finish_task(ChatRows& rows, const base::TaskId& id, const base::OperatorId& by,
                                                Instant t, TaskState state);
[[nodiscard]] base::Result<FileRecord> add_file(ChatRows& rows, FileRecord file);

}  // namespace beckon::store
