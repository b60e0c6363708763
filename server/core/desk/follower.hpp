// Follows a site's conversations and tasks in the store: hints of the bus say when to read, and what a lost hint would
// have said is read within kHealEvery. The listener is told of every change, each at least once, in the order of the
// site's counter.
//
// Thread safety: none; it belongs to its shard's thread.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>

#include "core/timers.hpp"
#include "store/chat_records.hpp"

namespace beckon::core {

struct ShardCore;

class FollowerListener {
 public:
  virtual ~FollowerListener() = default;
  virtual void conversation_read(const store::Conversation& row) = 0;
  virtual void conversation_gone(const base::ConversationId& id) = 0;
  virtual void task_read(const store::TaskRow& row) = 0;
  virtual void task_gone(const base::TaskId& id) = 0;
  // Everything that there was when the reading began has been told. Whether to go on without hints.
  enum class Heal : std::uint8_t { kNo, kYes };
  [[nodiscard]] virtual Heal caught_up() = 0;
};

class Follower final : public Alarm {
 public:
  Follower(ShardCore& shard, base::SiteId site, FollowerListener& listener);

  // The first read is due then: what is open.
  void start(base::Instant at);
  // From now on tasks too.
  void want_tasks();
  // Something changed: up to `change` of the site's counter; empty: not known.
  void hint(std::optional<std::uint64_t> change);
  // Reads at the latest in kHealEvery, though nothing is being followed without hints.
  void heal();
  // All conversations that were open at the start have been told; and all tasks, too.
  [[nodiscard]] bool knows_conversations() const { return conversations_.opened; }
  [[nodiscard]] bool knows_everything() const { return conversations_.opened && tasks_.opened; }

  void ring(base::Instant due) override;

 private:
  // How far one kind of rows has been read.
  struct Cursor {
    std::uint64_t after = 0;
    std::optional<std::uint64_t> began;  // the site's counter when the open ones began to be read
    bool opened = false;                 // all open ones have been read: changes from here on
  };

  void begin();
  void read_conversations();
  void read_tasks();
  void failed();
  void finish();
  void wake(base::Instant at);
  // Moves on behind a page. True: there is more.
  [[nodiscard]] static bool advance(Cursor& cursor, std::uint64_t page_change, std::size_t rows, std::size_t limit,
                                    std::uint64_t last);
  template <class Page, class Then>
  [[nodiscard]] auto answered(Then then);

  ShardCore& shard_;
  const base::SiteId site_;
  FollowerListener& listener_;
  Cursor conversations_, tasks_;
  bool wants_tasks_ = false;
  bool reading_ = false, again_ = false;
  base::Instant began_ = base::Instant::min();            // the latest round
  std::shared_ptr<int> alive_ = std::make_shared<int>();  // answers that come later find nobody
};

}  // namespace beckon::core
