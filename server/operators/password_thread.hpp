// The thread that hashes and verifies passwords, one after the other: what they cost is never paid by a thread that
// serves connections, and never by more than 64 MiB at a time. Strangers, however many, wait behind those whose device or
// session is known.
//
// Thread safety: every function may be called from any thread and does not block. The destructor waits for the password
// at work; what waits behind it is dropped without an answer.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <mutex>
#include <string>
#include <thread>

#include "operators/limits.hpp"
#include "store/post.hpp"

namespace beckon::operators {

// Who asks. Each has a queue of its own; kKnown goes first.
enum class Asker : std::uint8_t { kStranger, kKnown };

class PasswordThread {
 public:
  // `most`: how many of each may wait.
  explicit PasswordThread(std::size_t most = kMaxWaitingPasswords);
  ~PasswordThread();
  PasswordThread(const PasswordThread&) = delete;
  PasswordThread& operator=(const PasswordThread&) = delete;

  // For somebody known. kOverloaded: too many wait already. kUnavailable: there is no memory for it.
  void hash(std::string password, const store::Poster& post, store::Callback<std::string> done);
  // `hash` empty: there is no such operator, which takes as long and is false.
  void verify(Asker asker, std::string hash, std::string password, const store::Poster& post,
              store::Callback<bool> done);

 private:
  using Job = std::function<void()>;
  [[nodiscard]] bool add(Asker asker, Job job);
  void run();

  const std::size_t most_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Job> known_, strangers_;  // guarded by mutex_
  bool stopping_ = false;  // likewise
  std::thread thread_;
};

}  // namespace beckon::operators
