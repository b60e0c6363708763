#include "operators/password_thread.hpp"

#include <pthread.h>

#include <new>

#include "operators/password.hpp"

namespace beckon::operators {
namespace {

base::Error overloaded() { return {base::ErrorCode::kOverloaded, "too many passwords are being checked; try again"}; }

}  // namespace

PasswordThread::PasswordThread(std::size_t most) : most_(most), thread_([this] { run(); }) {}

PasswordThread::~PasswordThread() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_one();
  thread_.join();
}

void PasswordThread::hash(std::string password, const store::Poster& post, store::Callback<std::string> done) {
  const bool added = add(Asker::kKnown, [password = std::move(password), post, done] {
    base::Result<std::string> result = base::Error{base::ErrorCode::kUnavailable, "there is no memory for a password"};
    try {
      result = hash_password(password);
    } catch (const std::bad_alloc&) {  // the answer says so
    }
    store::answer<std::string>(post, done, std::move(result));
  });
  if (!added) store::answer<std::string>(post, std::move(done), overloaded());
}

void PasswordThread::verify(Asker asker, std::string hash, std::string password, const store::Poster& post,
                            store::Callback<bool> done) {
  const bool added = add(asker, [hash = std::move(hash), password = std::move(password), post, done] {
    const bool right = verify_password(hash.empty() ? dummy_hash() : hash, password);
    store::answer<bool>(post, done, right && !hash.empty());
  });
  if (!added) store::answer<bool>(post, std::move(done), overloaded());
}

bool PasswordThread::add(Asker asker, Job job) {
  {
    const std::lock_guard lock(mutex_);
    std::deque<Job>& jobs = asker == Asker::kKnown ? known_ : strangers_;
    if (jobs.size() >= most_) return false;
    jobs.push_back(std::move(job));
  }
  changed_.notify_one();
  return true;
}

void PasswordThread::run() {
  ::pthread_setname_np(::pthread_self(), "passwords");
  // Here, so that the first login of somebody unknown does not take twice as long.
  static_cast<void>(dummy_hash());
  for (;;) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return stopping_ || !known_.empty() || !strangers_.empty(); });
    if (stopping_) return;
    std::deque<Job>& jobs = known_.empty() ? strangers_ : known_;
    const Job job = std::move(jobs.front());
    jobs.pop_front();
    lock.unlock();
    job();
  }
}

}  // namespace beckon::operators
