// A value, or why there is none. Errors are values everywhere but at start-up.
//
//   Result<int> port = parse_port(text);
//   if (!port) return port.error();
//   listen(*port);
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <variant>

namespace beckon::base {

enum class ErrorCode {
  kInvalid,      // what was asked for makes no sense
  kNotFound,     // it does not exist, or not for whoever asks
  kConflict,     // somebody else changed or holds it
  kOverloaded,   // a queue is at its named limit; later it may work
  kUnavailable,  // disk full, database locked or unwritable; later it may work
  kCorrupt,      // what is on disk is damaged
  kTooNew,       // written by a later version of Beckon
};

// `message`: one sentence for a person, lower case, without a full stop.
struct Error {
  ErrorCode code = ErrorCode::kInvalid;
  std::string message;
  friend bool operator==(const Error&, const Error&) = default;
};

// Stable and short, for logs: "unavailable".
[[nodiscard]] const char* name_of(ErrorCode code);

// Either a T or an Error. Reading the one that is not there is a programming error.
template <class T>
class [[nodiscard]] Result {
 public:
  Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}
  Result(Error error) : state_(std::in_place_index<1>, std::move(error)) {}

  [[nodiscard]] bool ok() const { return state_.index() == 0; }
  explicit operator bool() const { return ok(); }
  [[nodiscard]] T& operator*() & { return *std::get_if<0>(&state_); }
  [[nodiscard]] const T& operator*() const& { return *std::get_if<0>(&state_); }
  [[nodiscard]] T&& operator*() && { return std::move(*std::get_if<0>(&state_)); }
  [[nodiscard]] T* operator->() { return std::get_if<0>(&state_); }
  [[nodiscard]] const T* operator->() const { return std::get_if<0>(&state_); }
  [[nodiscard]] const Error& error() const { return *std::get_if<1>(&state_); }

 private:
  std::variant<T, Error> state_;
};

// Nothing, or why it failed.
template <>
class [[nodiscard]] Result<void> {
 public:
  Result() = default;
  Result(Error error) : error_(std::move(error)) {}

  [[nodiscard]] bool ok() const { return !error_; }
  explicit operator bool() const { return ok(); }
  [[nodiscard]] const Error& error() const { return *error_; }

 private:
  std::optional<Error> error_;
};
using Status = Result<void>;

}  // namespace beckon::base
