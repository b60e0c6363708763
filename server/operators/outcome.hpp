// What comes of something that a person at the console asked for: it, or why not, in the terms of an answer to them.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <utility>
#include <variant>

#include "base/result.hpp"

namespace beckon::operators {

enum class Why : std::uint8_t {
  kBadLogin,     // the login or the password is wrong; which of them is not said
  kThrottled,    // too many wrong guesses: `retry_after`
  kSignedOut,    // no session, or one that is over
  kForbidden,    // not with this link, or not in this role
  kInvalid,      // a value that cannot be; `message` says which
  kNotFound,
  kConflict,     // a login that is taken, a record that somebody changed meanwhile, the last admin
  kUnavailable,  // overloaded, or the store cannot write; later it may work
};

struct Refusal {
  Why why = Why::kInvalid;
  std::string message;                  // a sentence without a full stop
  std::chrono::seconds retry_after{0};  // 0: not said
  std::string detail = {};              // for who runs the server alone: paths may be in it. Empty: no more than message
};

// The store's errors as refusals.
[[nodiscard]] Refusal refusal_of(const base::Error& error);

// Either a T or why not. Reading the one that is not there is a programming error.
template <class T>
class [[nodiscard]] Outcome {
 public:
  Outcome(T value) : state_(std::in_place_index<0>, std::move(value)) {}
  Outcome(Refusal refusal) : state_(std::in_place_index<1>, std::move(refusal)) {}
  explicit operator bool() const { return state_.index() == 0; }
  [[nodiscard]] T& operator*() { return *std::get_if<0>(&state_); }
  [[nodiscard]] const T& operator*() const { return *std::get_if<0>(&state_); }
  [[nodiscard]] const T* operator->() const { return std::get_if<0>(&state_); }
  [[nodiscard]] const Refusal& refusal() const { return *std::get_if<1>(&state_); }

 private:
  std::variant<T, Refusal> state_;
};

struct Done {};

// Called once, on the accounts' thread.
template <class T>
using Reply = std::function<void(Outcome<T>)>;

}  // namespace beckon::operators
