// Waits for an answer of the store: for start-up, commands and tests, never on a shard's thread.
//
//   auto salt = store::await<std::string>([&](const Poster& post, Callback<std::string> done) {
//     store.ensure_setting(server, "salt", fresh, post, std::move(done));
//   });
#pragma once

#include <future>
#include <memory>
#include <utility>

#include "store/post.hpp"

namespace beckon::store {

// Blocks until `call` is answered. The answer is handed over on the store's thread.
template <class T, class Call>
[[nodiscard]] base::Result<T> await(Call&& call) {
  auto promise = std::make_shared<std::promise<base::Result<T>>>();
  std::future<base::Result<T>> future = promise->get_future();
  const Poster post = [](Task task) { task(); };
  std::forward<Call>(call)(post, Callback<T>([promise](base::Result<T> r) { promise->set_value(std::move(r)); }));
  return future.get();
}

}  // namespace beckon::store
