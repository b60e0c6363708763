// How another process on this machine has a running server do something: by files in a folder of the data directory,
// since one process alone may write to the database. Who may write there may ask; the folder is the server's user's
// alone.
//
// NAME.request holds what is asked. The server answers with NAME.done and takes the request away: a line "ok" and then
// whatever the answer is, or a line "error" and why it could not be done.
#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <thread>

#include "base/result.hpp"

namespace beckon::store {

// Asks, and waits for the answer at most so long. kUnavailable: none came, or the server could not do it and says why.
[[nodiscard]] base::Result<std::string> send_request(const std::filesystem::path& folder, std::string_view text,
                                                     std::chrono::milliseconds wait);

// The server's side: a thread that sleeps until a request comes.
//
// Thread safety: `handle` is called on the watch's thread, and may be answered on any.
class RequestWatch {
 public:
  using Answer = std::function<void(base::Result<std::string>)>;
  using Handle = std::function<void(std::string text, Answer)>;

  // Takes the requests that are there already, and all that come. Where the folder cannot be watched there is no watch:
  // requests then are not answered.
  RequestWatch(std::filesystem::path folder, Handle handle);
  // No request is taken after that; those under way may still be answered.
  ~RequestWatch();
  RequestWatch(const RequestWatch&) = delete;
  RequestWatch& operator=(const RequestWatch&) = delete;

 private:
  void run();
  void take_all();
  void take(const std::filesystem::path& request);

  const std::filesystem::path folder_;
  const Handle handle_;
  int changes_ = -1, stop_ = -1;  // inotify and eventfd
  std::thread thread_;
};

}  // namespace beckon::store
