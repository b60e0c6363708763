// How another process on this machine has a running server erase a visitor: by a file in DIR/erase, since one process
// alone may write to the database. Who may write there may ask; the directory is the server's user's alone.
//
// NAME.request holds the site's id and the visitor's, a line each. The server answers with NAME.done, which is empty,
// or why it could not be done, and takes the request away.
#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>
#include <thread>

#include "base/ids.hpp"
#include "base/result.hpp"

namespace beckon::store {

// Asks, and waits for the answer at most so long. kUnavailable: none came.
[[nodiscard]] base::Status request_erase(const std::filesystem::path& dir, const base::SiteId& site,
                                         const base::VisitorId& visitor, std::chrono::milliseconds wait);

// The server's side: a thread that sleeps until a request comes.
//
// Thread safety: `erase` is called on the watch's thread, and may be answered on any.
class EraseWatch {
 public:
  using Answer = std::function<void(base::Status)>;
  using Erase = std::function<void(const base::SiteId&, const base::VisitorId&, Answer)>;

  // Takes the requests that are there already, and all that come. Where the directory cannot be watched there is no
  // watch:
  // requests then are not answered.
  EraseWatch(const std::filesystem::path& dir, Erase erase);
  // No request is taken after that; those under way may still be answered.
  ~EraseWatch();
  EraseWatch(const EraseWatch&) = delete;
  EraseWatch& operator=(const EraseWatch&) = delete;

 private:
  void run();
  void take_all();
  void take(const std::filesystem::path& request);

  const std::filesystem::path folder_;
  const Erase erase_;
  int changes_ = -1, stop_ = -1;  // inotify and eventfd
  std::thread thread_;
};

}  // namespace beckon::store
