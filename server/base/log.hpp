// Structured logs: one line an entry, `key=value` or JSON, on standard error.
//
//   log.warn("store slow", {{"pending", depth}, {"from", base::CutAddress(peer)}});
//   → 2026-11-21T21:40:00.123Z warn  store slow pending=812 from=203.0.113.0
//   → {"t":"2026-11-21T21:40:00.123Z","level":"warn","message":"store slow","pending":812,"from":"203.0.113.0"}
//
// What must never stand in a log: tokens, secrets, whole addresses, query strings, what visitors wrote. Texts are
// escaped, so that nothing a visitor sends can forge a line.
#pragma once

#include <atomic>
#include <cstdint>
#include <initializer_list>
#include <iosfwd>
#include <memory>
#include <string>
#include <string_view>
#include <type_traits>
#include <variant>

#include "base/address.hpp"
#include "base/clock.hpp"

namespace beckon::base {

enum class LogLevel : std::uint8_t { kDebug, kInfo, kWarn, kError, kOff };
enum class LogFormat : std::uint8_t { kText, kJson };

// One key and its value. Views live until the log call returns.
struct LogField {
  std::string_view key;
  std::variant<std::int64_t, double, bool, std::string_view> value;

  template <class T>
  LogField(std::string_view k, const T& v) : key(k), value(of(v)) {}

 private:
  template <class T>
  static decltype(value) of(const T& v) {
    if constexpr (std::is_same_v<T, bool>) return v;
    else if constexpr (std::is_integral_v<T>) return static_cast<std::int64_t>(v);
    else if constexpr (std::is_floating_point_v<T>) return static_cast<double>(v);
    else if constexpr (std::is_same_v<T, CutAddress>) return std::string_view(v.text());
    else return std::string_view(v);
  }
};

// Thread safety: every function may be called from any thread; lines do not mix.
class Log {
 public:
  // To standard error.
  Log(LogLevel level, LogFormat format);
  // To `out`, which must outlive the log: for tests.
  Log(LogLevel level, LogFormat format, std::ostream& out);
  ~Log();
  Log(const Log&) = delete;
  Log& operator=(const Log&) = delete;

  void debug(std::string_view message, std::initializer_list<LogField> fields = {});
  void info(std::string_view message, std::initializer_list<LogField> fields = {});
  void warn(std::string_view message, std::initializer_list<LogField> fields = {});
  void error(std::string_view message, std::initializer_list<LogField> fields = {});

  void set_level(LogLevel level) { level_ = level; }
  [[nodiscard]] LogLevel level() const { return level_; }

 private:
  void write(LogLevel level, std::string_view message, std::initializer_list<LogField> fields);
  struct Sink;
  std::atomic<LogLevel> level_;
  const LogFormat format_;
  std::unique_ptr<Sink> sink_;
};

[[nodiscard]] std::string_view name_of(LogLevel level);

}  // namespace beckon::base
