// How an answer gets back to whoever asked: as a task on the asker's own thread.
#pragma once

#include <functional>
#include <utility>

#include "base/result.hpp"

namespace beckon::store {

using Task = std::function<void()>;

// Takes a task from any thread and sees to it that it runs on the thread that it stands for: a shard's posts to its
// io_context, and never runs a task before it returns. It never blocks; the store keeps a copy until the answer is
// posted, so what it captures must live as long. A task that it drops, at a stop, is an answer that nobody gets.
using Poster = std::function<void(Task)>;

// Called once, through the caller's Poster, with the answer.
template <class T>
using Callback = std::function<void(base::Result<T>)>;

// Posts the answer to a call.
template <class T>
void answer(const Poster& post, Callback<T> done, base::Result<T> result) {
  post([done = std::move(done), result = std::move(result)] { done(result); });
}

}  // namespace beckon::store
