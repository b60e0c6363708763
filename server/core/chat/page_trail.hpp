// The latest pages that a visitor saw, for the operator who answers. Kept as text, since nearly nobody ever asks for it:
// one JSON object a page, a line each.
//
// Thread safety: none.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "base/clock.hpp"

namespace beckon::core {

inline constexpr std::size_t kMaxTrailPages = 20;        // then the oldest goes
inline constexpr std::size_t kMaxTrailBytes = 4 * 1024;  // likewise
inline constexpr std::size_t kMaxTrailUrlBytes = 512, kMaxTrailTitleBytes = 128;  // cut

class PageTrail {
 public:
  // `url` is filtered already (rules.md, section 8).
  void add(base::Instant at, std::string_view url, std::string_view title);
  // From the "pages" of a conversation's context; what is none of ours is left out.
  void restore(std::string_view context);
  [[nodiscard]] bool empty() const { return lines_.empty(); }
  // As one JSON array, the oldest first.
  [[nodiscard]] std::string json() const;

 private:
  // Until it is within its bounds.
  void drop_oldest();
  std::string lines_;
  std::size_t pages_ = 0;  // in lines_
};

}  // namespace beckon::core
