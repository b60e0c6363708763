#include "attributes.hpp"

#include "beckon/rules/limits.hpp"

namespace beckon::rules::detail {
namespace {

// Whole numbers from 0 to 255 take one byte: most attributes that are numbers are small.
enum ValueType : char { kFalse, kTrue, kSmall, kNumber, kText };

constexpr std::size_t kMaxBytes = 255;         // of a name
constexpr std::size_t kMaxTextBytes = 0xffff;  // of a value

}  // namespace

bool next_attribute(const Compact<char>& block, std::uint32_t& at, std::string_view& name, EventScalar& value) {
  if (at >= block.size()) return false;
  const char* bytes = block.data();
  const std::uint32_t length = static_cast<unsigned char>(bytes[at++]);
  name = std::string_view(bytes + at, length);
  at += length;
  switch (bytes[at++]) {
    case kFalse: value = false; break;
    case kTrue: value = true; break;
    case kSmall: value = static_cast<double>(static_cast<unsigned char>(bytes[at++])); break;
    case kNumber: {
      double number;
      std::memcpy(&number, bytes + at, sizeof number);
      at += sizeof number;
      value = number;
      break;
    }
    default: {
      const std::uint32_t size = static_cast<unsigned char>(bytes[at]) | static_cast<unsigned char>(bytes[at + 1]) << 8;
      value = std::string_view(bytes + at + 2, size);
      at += 2 + size;
    }
  }
  return true;
}

std::optional<EventScalar> find_attribute(const Compact<char>& block, std::string_view name) {
  std::string_view found;
  EventScalar value;
  for (std::uint32_t at = 0; next_attribute(block, at, found, value);) {
    if (found == name) return value;
  }
  return std::nullopt;
}

void set_attribute(Compact<char>& block, std::string_view name, const EventScalar& value) {
  if (name.size() > kMaxBytes) return;
  const auto* number = std::get_if<double>(&value);
  const bool small = number && *number >= 0 && *number <= 255 && *number == static_cast<int>(*number);
  std::string_view found;
  EventScalar old;
  std::uint32_t count = 0;
  for (std::uint32_t at = 0, begin = 0; next_attribute(block, at, found, old); begin = at) {
    ++count;
    if (found != name) continue;
    if (small && at == begin + name.size() + 3 && block[at - 2] == kSmall) {
      block[at - 1] = static_cast<char>(static_cast<unsigned char>(*number));
      return;
    }
    block.erase(begin, at - begin);
    --count;
    at = begin;
    break;
  }
  if (std::holds_alternative<std::monostate>(value) || count >= kMaxAttributes) return;
  block.push_back(static_cast<char>(static_cast<unsigned char>(name.size())));
  block.append(name.data(), static_cast<std::uint32_t>(name.size()));
  if (const auto* flag = std::get_if<bool>(&value)) {
    block.push_back(*flag ? kTrue : kFalse);
  } else if (small) {
    block.push_back(kSmall);
    block.push_back(static_cast<char>(static_cast<unsigned char>(*number)));
  } else if (number) {
    block.push_back(kNumber);
    block.append(reinterpret_cast<const char*>(number), sizeof *number);
  } else {
    const std::string_view text = std::get<std::string_view>(value).substr(0, kMaxTextBytes);
    block.push_back(kText);
    block.push_back(static_cast<char>(text.size() & 0xff));
    block.push_back(static_cast<char>(text.size() >> 8));
    block.append(text.data(), static_cast<std::uint32_t>(text.size()));
  }
}

bool next_tag(const Compact<char>& block, std::uint32_t& at, std::string_view& name) {
  if (at >= block.size()) return false;
  const std::uint32_t length = static_cast<unsigned char>(block[at]);
  name = std::string_view(block.data() + at + 1, length);
  at += 1 + length;
  return true;
}

bool has_tag(const Compact<char>& block, std::string_view name) {
  std::string_view found;
  for (std::uint32_t at = 0; next_tag(block, at, found);) {
    if (found == name) return true;
  }
  return false;
}

void change_tag(Compact<char>& block, std::string_view name, TagChange change) {
  if (name.empty() || name.size() > kMaxBytes) return;
  std::string_view found;
  std::uint32_t count = 0;
  for (std::uint32_t at = 0, begin = 0; next_tag(block, at, found); begin = at) {
    ++count;
    if (found != name) continue;
    if (change == TagChange::kRemove) block.erase(begin, at - begin);
    return;
  }
  if (change == TagChange::kRemove || count >= kMaxTags) return;
  block.push_back(static_cast<char>(static_cast<unsigned char>(name.size())));
  block.append(name.data(), static_cast<std::uint32_t>(name.size()));
}

}  // namespace beckon::rules::detail
