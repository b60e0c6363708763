// The chat of one visitor as its shard has it. Made when there is something to keep: most visitors have none.
//
// Thread safety: none; it belongs to its shard's thread.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/bucket.hpp"
#include "core/timers.hpp"
#include "store/chat_records.hpp"

namespace beckon::core {

class SiteChat;
struct PageLoad;
struct Visitor;

// An invitation that was accepted: it becomes the first line of what is said next.
struct AcceptedOffer {
  base::OfferId offer;
  base::RuleId rule;
  std::string text;  // in the visitor's language; empty: no invitation, or its rule is gone
  std::string name;  // of who speaks in it; empty: nobody does
};

// A message on its way to the store.
struct Saying {
  std::weak_ptr<PageLoad> load;
  std::int64_t frame = 0;
  store::NewMessage message;
  bool again = false;  // its conversation was gone and it was given another one
};

struct VisitorChat {
  VisitorChat(SiteChat& chat, Visitor& visitor, base::Instant now);
  ~VisitorChat();
  VisitorChat(const VisitorChat&) = delete;
  VisitorChat& operator=(const VisitorChat&) = delete;

  // A conversation in which somebody has said something and that is not closed.
  [[nodiscard]] bool is_open() const {
    return row && row->last_seq > 0 && row->state != store::ConversationState::kClosed;
  }

  SiteChat& of;
  Visitor* visitor;                        // whose it is; another one's after a change of identity
  const std::uint64_t serial;              // names it to answers of the store under way

  std::optional<store::Conversation> row;  // as it was last heard of; empty: none yet
  std::uint64_t tail = 0;                  // up to which seq the connections that follow have been given messages
  bool opening = false;                    // the store is asked for the conversation
  bool reading_row = false, read_row_again = false;
  bool reading_tail = false;
  bool publish_when_read = false;          // others are to be told of marks once the store has them
  bool rehoming = false;                   // the store still knows it as another visitor's
  bool has_token = false;                  // of visitors without consent: the chat gave them one
  std::uint64_t hinted = 0;                // the latest change that a hint spoke of
  std::vector<Saying> waiting;             // for the conversation to be opened
  std::vector<std::function<void()>> when_opened;  // or when that failed
  std::optional<AcceptedOffer> accepted;
  std::string route;                       // skill or group that a rule wants for the chat that follows
  std::string name, email;                 // of the form
  Bucket says, typings;

  std::string shown;                       // the chat frame as it was last sent to those who follow
  std::string brief;                       // what of it everybody was told

  // When the conversation is read again although no hint asked for it.
  struct HealAlarm final : Alarm {
    explicit HealAlarm(VisitorChat& c) : chat(c) {}
    void ring(base::Instant due) override;
    VisitorChat& chat;
  } heal{*this};
  // When operators are told what the visitor does.
  struct DigestAlarm final : Alarm {
    explicit DigestAlarm(VisitorChat& c) : chat(c) {}
    void ring(base::Instant due) override;
    VisitorChat& chat;
    base::Instant sent = base::Instant::min();
    std::string kept;                      // the context as it was last saved, without what grows by itself
  } digest{*this};
};

}  // namespace beckon::core
