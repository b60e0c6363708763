// The part of the Store that chat lives on: conversations and messages, tasks, files. What behind, durable and read
// mean, how answers come and who may call: store.hpp.
//
//   store.open_conversation(site, fresh, post, …);             // the visitor's one, old or new
//   store.append(site, id, {key, Author::kVisitor, …}, post, [](auto appended) { acknowledge(appended->seq); });
//   bus.publish(site, "chat", …);                              // the hint; whoever has a gap reads here
//
// A visitor has at most one conversation per site. A conversation that does not exist, is of another site or was
// erased is kNotFound, without a difference.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "store/chat_records.hpp"
#include "store/post.hpp"
#include "store/records.hpp"

namespace beckon::store {

class ChatStore {
 public:
  virtual ~ChatStore() = default;

  // --- Conversations -------------------------------------------------------------------------------------------------

  // durable. The visitor's conversation: the one there is, whatever its state (`fresh` is then dropped), else `fresh`,
  // with version 1 and no messages. Of `fresh` its id, visitor, state (kWaiting or kAssigned), operator, skill, group,
  // rule, offer, created, waiting_since, name, email, language and context are kept.
  // kInvalid: no id or visitor, a text over its bound. kConflict: another conversation has that id.
  virtual void open_conversation(const base::SiteId& site, Conversation fresh, const Poster& post,
                                 Callback<Conversation> done) = 0;

  // durable. Adds a line with the next seq. The same key of the same kind of author again: the seq and instant that are
  // kept, duplicate = true, and nothing changes, whatever else it says.
  // A visitor's line to a closed conversation opens it: first comes a system line {"event":"reopened"}; it is kWaiting,
  // without operator, waiting since `at`, version + 1.
  // Of kind kFile: `file` must be of this site, uploaded by who says it (a visitor of this conversation, or
  // operator_id), and not be said in another conversation.
  // kNotFound: no such conversation, or no such file. kConflict: an operator says something in a conversation that is
  // not assigned to them (any more). kInvalid: a key or text that cannot be, an empty text.
  virtual void append(const base::SiteId& site, const base::ConversationId& conversation, NewMessage message,
                      const Poster& post, Callback<Appended> done) = 0;

  // durable. Compare-and-set: of several changes that name the same version one is made. `line`, if any, is added in
  // the same transaction, after the change. Answered with the conversation afterwards, without its context.
  // kConflict: its version is another; read it again. kNotFound. kInvalid: kAssigned without operator, or a line that
  // append would refuse.
  virtual void change_conversation(const base::SiteId& site, const base::ConversationId& conversation,
                                   std::uint64_t expected_version, ConversationChange change,
                                   std::optional<NewMessage> line, const Poster& post,
                                   Callback<Conversation> done) = 0;

  // durable. Gives the conversation, with its files and tasks, to another visitor (who signed in). Version + 1.
  // kConflict: `to` has a conversation. kNotFound.
  virtual void rehome(const base::SiteId& site, const base::ConversationId& conversation, const base::VisitorId& to,
                      const Poster& post, Callback<Conversation> done) = 0;

  // behind. Marks beyond the last seq count as the last seq. Lost when too much waits (Health::dropped_marks).
  virtual void mark(const base::SiteId& site, const base::ConversationId& conversation, const Marks& marks) = 0;

  // behind. What operators see beside the conversation when the visitor is gone: JSON, at most kMaxContextBytes, a
  // larger one is not kept. Lost as marks are. Does not move the conversation's `change`.
  virtual void save_context(const base::SiteId& site, const base::ConversationId& conversation,
                            std::string context) = 0;

  // read.
  virtual void load_conversation(const base::SiteId& site, const base::ConversationId& conversation,
                                 const Poster& post, Callback<std::optional<Conversation>> done) = 0;
  virtual void find_conversation(const base::SiteId& site, const base::VisitorId& visitor, const Poster& post,
                                 Callback<std::optional<Conversation>> done) = 0;
  // read. Ascending by seq. None for a conversation that does not exist.
  virtual void read_messages(const base::SiteId& site, const base::ConversationId& conversation,
                             const MessageRange& range, const Poster& post, Callback<std::vector<Message>> done) = 0;
  // read.
  virtual void conversations(const base::SiteId& site, const ConversationQuery& query, const Poster& post,
                             Callback<ConversationPage> done) = 0;

  // --- Tasks ---------------------------------------------------------------------------------------------------------

  // durable. kInvalid: no id or visitor, a key or text that cannot be. kConflict: another task has that id.
  virtual void add_task(const base::SiteId& site, TaskRow task, const Poster& post, Callback<Added> done) = 0;
  // durable. Done by that operator at `t`, or open again (`by` and `t` are then not kept). The task afterwards; one
  // that is so already is left as it is. kNotFound.
  virtual void finish_task(const base::SiteId& site, const base::TaskId& task, const base::OperatorId& by, Instant t,
                           TaskState state, const Poster& post, Callback<TaskRow> done) = 0;
  // read.
  virtual void tasks(const base::SiteId& site, const TaskQuery& query, const Poster& post,
                     Callback<TaskPage> done) = 0;

  // --- Files ---------------------------------------------------------------------------------------------------------

  // durable, with its content, at most kMaxFileBytes. Calls made before it is answered need not see it. What is not
  // said in a conversation within kKeepUnsaidFiles goes with the next purge. Answered with the record as it is kept.
  // kInvalid: no id, neither visitor nor operator, too large. kOverloaded: too much of that kind waits already.
  // kConflict: another file has that id. kNotFound: its visitor was erased meanwhile.
  virtual void add_file(const base::SiteId& site, FileRecord file, std::string content, const Poster& post,
                        Callback<FileRecord> done) = 0;
  // read. By the id alone, which cannot be guessed: whoever has it was told it. The record says which site it is of.
  virtual void find_file(const base::FileId& file, const Poster& post,
                         Callback<std::optional<FileRecord>> done) = 0;
  virtual void load_file(const base::FileId& file, const Poster& post, Callback<std::optional<StoredFile>> done) = 0;
};

}  // namespace beckon::store
