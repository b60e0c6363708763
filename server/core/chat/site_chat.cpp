#include "core/chat/site_chat.hpp"

#include "core/shard_core.hpp"

namespace beckon::core {

SiteChat::SiteChat(ShardCore& shard, Site& site) : shard_(shard), site_(site) {
  subscribe();
  desk_shown_ = chat_frame(nullptr);
}

SiteChat::~SiteChat() = default;

void SiteChat::settings_changed() { desk_changed(); }

VisitorChat& SiteChat::ensure(Visitor& visitor) {
  if (!visitor.chat) {
    visitor.chat = std::make_unique<VisitorChat>(*this, visitor, shard_.now);
    visitor.chat->brief = brief(nullptr);
  }
  return *visitor.chat;
}

void SiteChat::route(Visitor& visitor, std::string_view to) { ensure(visitor).route = to; }

bool SiteChat::must_erase(const Visitor& visitor) {
  return visitor.chat && (visitor.chat->row || visitor.chat->opening);
}

// What waits for a conversation that is not to be any more.
void SiteChat::abandon(Visitor& visitor) {
  if (!visitor.chat) return;
  for (const Saying& each : std::exchange(visitor.chat->waiting, {})) {
    shard_.answer_frame(each.load, each.frame, {"no_conversation", "the conversation is gone"});
  }
}

std::uint64_t SiteChat::enter_book(VisitorChat& chat) {
  book_[++serials_] = &chat;
  return serials_;
}

void SiteChat::leave_book(VisitorChat& chat) {
  book_.erase(chat.serial);
  if (chat.row) conversations_.erase(chat.row->id.text());
}

VisitorChat* SiteChat::find(std::uint64_t serial) const {
  const auto found = book_.find(serial);
  return found == book_.end() ? nullptr : found->second;
}

VisitorChat* SiteChat::find(const base::ConversationId& id) const {
  const auto found = conversations_.find(id.text());
  return found == conversations_.end() ? nullptr : found->second;
}

}  // namespace beckon::core
