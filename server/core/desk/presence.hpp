// Who is at the desk of a site: what every shard's console connections amount to, put together from the bus topic
// `presence`.
//
//   {"shard":1,"at":1800000000000,"part":0,"parts":1,"operators":[{"id":"p_…","state":"online","name":"Ada","picture":"","skills":[],
//     "groups":[],"sites":[],"capacity":4,"elsewhere":1}]}
//   {"shard":1,"ask":true}    please say it now
//
// `at`: when it was said, so that what comes late is left aside. `elsewhere`: chats that the operator has on other
// sites.
//
// Thread safety: none; it belongs to its shard's thread.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/clock.hpp"
#include "base/ids.hpp"

namespace beckon::core {

enum class PresenceState : std::uint8_t { kOnline, kAway };
[[nodiscard]] std::string_view name_of(PresenceState state);

struct PresentOperator {
  base::OperatorId id;
  PresenceState state = PresenceState::kOnline;
  std::string name, picture;
  std::vector<std::string> skills, groups;
  std::vector<std::string> sites;  // empty: all
  std::uint32_t capacity = 0;
  std::uint32_t elsewhere = 0;
  friend bool operator==(const PresentOperator&, const PresentOperator&) = default;
};

// The bodies that say who is at `shard`: one at least, each at most kMaxPresencePartBytes and the last operator's own
// size.
[[nodiscard]] std::vector<std::string> presence_bodies(std::uint32_t shard, base::Instant at,
                                                       const std::vector<PresentOperator>& operators);
[[nodiscard]] std::string presence_question(std::uint32_t shard);

class PresenceBoard {
 public:
  enum class Heard : std::uint8_t {
    kNothing,  // nobody came, went or changed
    kChange,
    kQuestion,  // somebody wants to know
  };

  explicit PresenceBoard(std::uint32_t own_shard) : own_(own_shard) {}

  // A message of another shard; one's own and what is none of ours is left aside.
  [[nodiscard]] Heard hear(std::string_view body, base::Instant now);
  // What this shard's own connections amount to. False: as before.
  bool set_own(std::vector<PresentOperator> operators);
  // Forgets shards that are silent for too long. True: somebody went.
  bool forget(base::Instant now);
  // When forget() is next due; kNever when nobody else is here.
  [[nodiscard]] base::Instant next_forget() const;

  // Everybody, by id.
  [[nodiscard]] const std::map<std::string, PresentOperator>& all() const { return all_; }
  [[nodiscard]] const PresentOperator* find(const base::OperatorId& id) const;

 private:
  struct Part {
    std::vector<PresentOperator> operators;
    base::Instant heard = base::kNever;  // kNever: one's own, never forgotten
  };
  // Puts `all_` together again. True: it differs.
  bool gather();

  const std::uint32_t own_;
  std::map<std::pair<std::uint32_t, std::uint32_t>, Part> parts_;  // by shard and part
  std::map<std::uint32_t, std::int64_t> said_;                     // the latest `at` of each shard
  std::map<std::string, PresentOperator> all_;
};

}  // namespace beckon::core
