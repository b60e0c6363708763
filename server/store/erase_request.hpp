// How another process on this machine has a running server erase a visitor: see request_files.hpp. A request in
// DIR/erase holds the site's id and the visitor's, a line each.
#pragma once

#include <chrono>
#include <filesystem>
#include <functional>

#include "base/ids.hpp"
#include "base/result.hpp"
#include "store/request_files.hpp"

namespace beckon::store {

// Asks, and waits for the answer at most so long. kUnavailable: none came.
[[nodiscard]] base::Status request_erase(const std::filesystem::path& dir, const base::SiteId& site,
                                         const base::VisitorId& visitor, std::chrono::milliseconds wait);

// The server's side.
//
// Thread safety: `erase` is called on the watch's thread, and may be answered on any.
class EraseWatch {
 public:
  using Answer = std::function<void(base::Status)>;
  using Erase = std::function<void(const base::SiteId&, const base::VisitorId&, Answer)>;

  // As RequestWatch.
  EraseWatch(const std::filesystem::path& dir, Erase erase);

 private:
  RequestWatch watch_;
};

}  // namespace beckon::store
