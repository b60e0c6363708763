#include "base/log.hpp"

#include <spdlog/logger.h>
#include <spdlog/sinks/ostream_sink.h>
#include <spdlog/sinks/stdout_sinks.h>

#include <algorithm>

#include "beckon/json/writer.hpp"

namespace beckon::base {
namespace {

Instant wall_now() { return std::chrono::time_point_cast<Duration>(std::chrono::system_clock::now()); }

bool is_bare(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte > ' ' && byte < 0x7f && c != '"' && c != '=' && c != '\\' && c != '<';
  });
}

// Appends a text so that it is one word of the line: as it is, or as a JSON string.
void write_word(std::string& line, std::string_view text) {
  if (is_bare(text)) line += text;
  else json::Writer(line).string(text);
}

// The message is ours and may hold spaces, but never what would end the line.
void write_sentence(std::string& line, std::string_view text) {
  const bool plain = std::all_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) >= ' '; });
  if (plain) line += text;
  else json::Writer(line).string(text);
}

void write_value(json::Writer& out, const LogField& field) {
  std::visit([&out](const auto& value) {
    using T = std::decay_t<decltype(value)>;
    if constexpr (std::is_same_v<T, bool>) out.boolean(value);
    else if constexpr (std::is_same_v<T, std::string_view>) out.string(value);
    else out.number(value);
  }, field.value);
}

std::string as_json(LogLevel level, std::string_view message, std::initializer_list<LogField> fields) {
  std::string line;
  json::Writer out(line);
  out.begin_object().key("t").string(format_utc(wall_now())).key("level").string(name_of(level));
  out.key("message").string(message);
  for (const LogField& field : fields) {
    out.key(field.key);
    write_value(out, field);
  }
  out.end_object();
  return line;
}

std::string as_text(LogLevel level, std::string_view message, std::initializer_list<LogField> fields) {
  std::string line = format_utc(wall_now());
  line += ' ';
  line += name_of(level);
  line.append(6 - name_of(level).size(), ' ');
  write_sentence(line, message);
  for (const LogField& field : fields) {
    line += ' ';
    line += field.key;
    line += '=';
    if (const auto* text = std::get_if<std::string_view>(&field.value)) {
      write_word(line, *text);
    } else {
      json::Writer out(line);
      write_value(out, field);
    }
  }
  return line;
}

}  // namespace

struct Log::Sink {
  explicit Sink(spdlog::sink_ptr sink) : logger("beckon", std::move(sink)) {
    logger.set_pattern("%v");
    logger.set_level(spdlog::level::trace);
    logger.flush_on(spdlog::level::trace);
  }
  spdlog::logger logger;
};

Log::Log(LogLevel level, LogFormat format)
    : level_(level),
      format_(format),
      sink_(std::make_unique<Sink>(std::make_shared<spdlog::sinks::stderr_sink_mt>())) {}

Log::Log(LogLevel level, LogFormat format, std::ostream& out)
    : level_(level),
      format_(format),
      sink_(std::make_unique<Sink>(std::make_shared<spdlog::sinks::ostream_sink_mt>(out))) {}

Log::~Log() = default;

void Log::debug(std::string_view message, std::initializer_list<LogField> fields) {
  write(LogLevel::kDebug, message, fields);
}
void Log::info(std::string_view message, std::initializer_list<LogField> fields) {
  write(LogLevel::kInfo, message, fields);
}
void Log::warn(std::string_view message, std::initializer_list<LogField> fields) {
  write(LogLevel::kWarn, message, fields);
}
void Log::error(std::string_view message, std::initializer_list<LogField> fields) {
  write(LogLevel::kError, message, fields);
}

void Log::write(LogLevel level, std::string_view message, std::initializer_list<LogField> fields) {
  if (level < level_.load(std::memory_order_relaxed)) return;
  const std::string line =
      format_ == LogFormat::kJson ? as_json(level, message, fields) : as_text(level, message, fields);
  // As an argument, so that braces in the line are not taken for a format.
  sink_->logger.log(spdlog::level::info, "{}", line);
}

std::string_view name_of(LogLevel level) {
  switch (level) {
    case LogLevel::kDebug: return "debug";
    case LogLevel::kInfo: return "info";
    case LogLevel::kWarn: return "warn";
    case LogLevel::kError: return "error";
    case LogLevel::kOff: return "off";
  }
  return "off";
}

}  // namespace beckon::base
