// One thing to be written: what waits for the writing thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <utility>

#include "store/post.hpp"
#include "store/sweep.hpp"
#include "store/writer.hpp"

namespace beckon::store {

// Thread safety: none; made by a caller, then the writing thread's alone.
class WriteOp {
 public:
  virtual ~WriteOp() = default;
  // Writes, within a transaction. Called again when that was rolled back and retry_after() said so.
  virtual void apply(Writer& writer) = 0;
  virtual void committed() {}
  // Its transaction was rolled back. True: it waits and is applied again. False: whoever asked has been told, it is
  // over.
  [[nodiscard]] virtual bool retry_after(const base::Error& why) = 0;
  // What is left to do, in transactions of its own, once this is committed.
  [[nodiscard]] virtual std::unique_ptr<Sweep> follow_up() { return nullptr; }

  // Somebody waits for its answer: it is committed at once, and counts against the bound of durable calls.
  [[nodiscard]] virtual bool durable() const { return false; }

  std::uint64_t number = 0;  // counts up in the order of the calls
  std::size_t bytes = 0;     // that it takes while it waits
};

// A call behind: tried until it is kept.
class BehindOp final : public WriteOp {
 public:
  using Work = std::function<void(Writer&)>;
  BehindOp(Work work, std::size_t size) : work_(std::move(work)) { bytes = size; }
  void apply(Writer& writer) override { work_(writer); }
  bool retry_after(const base::Error&) override { return true; }

 private:
  const Work work_;
};

// A durable call: answered when it is committed, or with why it is not.
template <class T>
class DurableOp final : public WriteOp {
 public:
  using Work = std::function<base::Result<T>(Writer&)>;
  DurableOp(Work work, Poster post, Callback<T> done)
      : work_(std::move(work)), post_(std::move(post)), done_(std::move(done)) {}

  void apply(Writer& writer) override { result_.emplace(work_(writer)); }
  bool durable() const override { return true; }
  void committed() override { answer<T>(post_, std::move(done_), std::move(*result_)); }
  bool retry_after(const base::Error& why) override {
    answer<T>(post_, std::move(done_), why);
    return false;
  }

 private:
  const Work work_;
  const Poster post_;
  Callback<T> done_;
  std::optional<base::Result<T>> result_;
};

}  // namespace beckon::store
